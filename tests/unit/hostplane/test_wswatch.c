#include "hostplane/wswatch.h"

#include "tests/unit/test.h"

TEST(the_protocol_is_the_first_that_is_no_token)
{
    static const struct {
        const char *given, *want;
    } cases[] = {
        {NULL, ""},
        {"", ""},
        {"v1.foo, v2.foo", "v1.foo"},
        {"base64url.bearer.authorization.k8s.io.abc, v1.foo", "v1.foo"},
        {"base64url.bearer.authorization.k8s.io.abc", ""},
        {" , v1.foo", "v1.foo"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_true(slice_is(wswatch_protocol(cases[i].given), cases[i].want));
}

TEST(every_line_is_a_text_message)
{
    AUTO_BUF out = BUF_INIT;

    wswatch_frames(SLICE("{\"a\":1}\n{}\n"), &out);
    assert_int_equal(out.len, 2 + 8 + 2 + 3);
    assert_memory_equal(out.ptr, "\x81\x08{\"a\":1}\n\x81\x03{}\n", out.len);
    buf_reset(&out);
    wswatch_frames(SLICE(""), &out);
    assert_int_equal(out.len, 0);
}
