#include "cli/flags.h"

#include "base/buf.h"
#include "base/err.h"
#include "tests/unit/test.h"

static const Flag table[] = {{"output", 'o', FLAG_STRING, NULL, NULL, ""},
                             {"watch", 'w', FLAG_BOOL, NULL, NULL, ""},
                             {"stdin", 'i', FLAG_BOOL, NULL, NULL, ""},
                             {"tty", 't', FLAG_BOOL, NULL, NULL, ""},
                             {"filename", 'f', FLAG_LIST, NULL, NULL, ""},
                             {"dry-run", 0, FLAG_STRING, "none", "unchanged", ""},
                             {0}};

/* One row per command line: what it means, as "name=value ... | args | number before --", or the
 * error. */
static const struct {
    const char *line, *want;
} lines[] = {
    {"get pods -o yaml", "output=yaml | get pods | 2"},
    {"get -oyaml pods", "output=yaml | get pods | 2"},
    {"-o=yaml --watch", "output=yaml watch=true | | 0"},
    {"--output=yaml --watch=false", "output=yaml watch=false | | 0"},
    {"exec -it p -- sh -c x", "stdin=true tty=true | exec p sh -c x | 2"},
    {"-f a -f b -", "filename=a filename=b | - | 1"},
    {"--dry-run pods", "dry-run=unchanged | pods | 1"},
    {"--dry-run=server", "dry-run=server | | 0"},
    {"--output", "flag needs an argument: --output"},
    {"-o", "flag needs an argument: 'o' in -o"},
    {"--nope=1", "unknown flag: --nope"},
    {"-wz", "unknown shorthand flag: 'z' in -wz"},
};

static void print_flags(const Flags *f, Buf *out)
{
    for (size_t i = 0; i < f->n_values; i++)
        buf_addf(out, "%s=%s ", f->values[i].flag->name, f->values[i].value);
    buf_adds(out, "| ");
    for (size_t i = 0; i < f->n_args; i++)
        buf_addf(out, "%s ", f->args[i]);
    buf_addf(out, "| %zu", f->dash_at);
}

TEST(command_lines_in_kubectls_grammar)
{
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        Flags f = {.tables = {table}};
        char *argv[16], *text = strdup(lines[i].line), *save = NULL, *word;
        AUTO_BUF got = BUF_INIT;
        int argc = 0;
        Err err;

        for (word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save))
            argv[argc++] = word;
        if (flags_parse(&f, argc, argv, &err) < 0)
            buf_adds(&got, err.msg);
        else
            print_flags(&f, &got);
        assert_string_equal(buf_str(&got), lines[i].want);
        flags_done(&f);
        free(text);
    }
}

TEST(defaults_and_lists)
{
    char *argv[] = {(char *)"-fa", (char *)"--filename=b"};
    Flags f = {.tables = {table}};

    assert_ok(flags_parse(&f, 2, argv, NULL));
    assert_string_equal(flag_str(&f, "dry-run"), "none");
    assert_null(flag_str(&f, "output"));
    assert_false(flag_bool(&f, "watch"));
    assert_string_equal(flag_item(&f, "filename", 1), "b");
    assert_null(flag_item(&f, "filename", 2));
    flags_done(&f);
}
