#include "agent/envfile.h"
#include "base/err.h"
#include "tests/unit/test.h"

TEST(values_stand_in_single_quotes)
{
    static const struct {
        const char *text, *value; /* of A */
        const char *error;        /* NULL: none */
    } rows[] = {
        {"A='1'", "1", NULL},
        {"A='1'\n", "1", NULL},
        {"A='1'\r\n", "1", NULL},
        {"B='2'\nA='1'\n", "1", NULL},
        {"A='1'\nA='2'\n", "1", NULL},
        {" \tA='1'", "1", NULL},
        {"# A='0'\n\n  # x\nA='1' # A='2'", "1", NULL},
        {"A='a b = $c \\n \"'", "a b = $c \\n \"", NULL},
        {"A='one\n\n#two\nthree' # end", "one\n\n#two\nthree", NULL},
        {"B='x\nA=\ny'\nA='1'", "1", NULL},
        {"A= 'x'", "", NULL},
        {"B= 'x'\nA='1'", "1", NULL},
        {"A=''", "", NULL},
        {"", "", NULL},
        {"B='1'", "", NULL},
        {"AA='1'\nA='2'", "2", NULL},
        {"A='1'\nrubbish", "1", NULL}, /* what follows is not looked at */
        {"A", "", "line 1: missing '='"},
        {"\n='1'", "", "line 2: empty variable name"},
        {"A ='1'", "", "line 1: whitespace before '=' is not allowed"},
        {"A=1", "", "line 1: value must be enclosed in single quotes"},
        {"A=\"1\"", "", "line 1: value must be enclosed in single quotes"},
        {"A=", "", "line 1: value must be enclosed in single quotes"},
        {"B=1\nA='1'", "", "line 1: value must be enclosed in single quotes"},
        {"A='1'2", "", "line 1: unexpected content after closing quote"},
        {"A='1'''", "", "line 1: unexpected content after closing quote"},
        {"\nA='1\n2", "", "line 2: unclosed single quote"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO_BUF out = BUF_INIT;
        Err err = {0};
        int r = envfile_find(slice_of(rows[i].text), "A", &out, &err);

        if (strcmp(buf_str(&out), rows[i].value) != 0 || (r < 0) != (rows[i].error != NULL) ||
            (r < 0 && strcmp(err.msg, rows[i].error) != 0))
            fail_msg("%s: %d %s %s", rows[i].text, r, buf_str(&out), err.msg);
    }
}

TEST(lines_have_a_limit)
{
    AUTO_BUF text = BUF_INIT;
    AUTO_BUF out = BUF_INIT;

    buf_adds(&text, "A='");
    while (text.len < ENVFILE_LINE_MAX)
        buf_addc(&text, 'x');
    buf_addc(&text, '\'');
    assert_fails(envfile_find(buf_slice(&text), "A", &out, NULL), ERR_INVALID);
    assert_int_equal(out.len, 0);
}
