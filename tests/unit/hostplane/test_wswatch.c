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

TEST(every_event_in_protobuf_is_a_binary_message)
{
    AUTO_BUF out = BUF_INIT;

    wswatch_events((Slice){"\0\0\0\2ab\0\0\0\0\0\0\0\1c", 4 + 2 + 4 + 4 + 1}, &out);
    assert_int_equal(out.len, 4 + 2 + 3);
    assert_memory_equal(out.ptr,
                        "\x82\x02"
                        "ab\x82\x00\x82\x01"
                        "c",
                        out.len);
    buf_reset(&out);
    wswatch_events(SLICE(""), &out);
    assert_int_equal(out.len, 0);
}

TEST(a_log_comes_in_the_form_that_its_client_names)
{
    static const struct {
        const char *given, *protocol;
        WsForm form;
        const char *frame; /* of "ab" */
        bool ok;
    } cases[] = {
        {NULL, NULL, WS_FORM_BINARY,
         "\x82\x02"
         "ab",
         true},
        {"base64url.bearer.authorization.k8s.io.abc", NULL, WS_FORM_BINARY,
         "\x82\x02"
         "ab",
         true},
        {"x, binary.k8s.io", "binary.k8s.io", WS_FORM_BINARY,
         "\x82\x02"
         "ab",
         true},
        {"base64.binary.k8s.io", "base64.binary.k8s.io", WS_FORM_BASE64,
         "\x81\x04"
         "YWI=",
         true},
        {"channel.k8s.io", NULL, WS_FORM_BINARY, NULL, false},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_BUF out = BUF_INIT;
        const char *protocol;
        WsForm form;

        assert_int_equal(wslog_form(cases[i].given, &form, &protocol), cases[i].ok);
        if (!cases[i].ok)
            continue;
        assert_int_equal(form, cases[i].form);
        assert_true(str_eq(protocol, cases[i].protocol));
        wslog_frame(form, SLICE("ab"), &out);
        assert_string_equal(buf_str(&out), cases[i].frame);
    }
}
