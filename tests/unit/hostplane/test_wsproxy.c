#include "hostplane/wsproxy.h"

#include "tests/unit/test.h"

TEST(answers_the_handshake_of_rfc_6455)
{
    AUTO_BUF out = BUF_INIT;

    wsproxy_accept_key("dGhlIHNhbXBsZSBub25jZQ==", &out);
    assert_string_equal(buf_str(&out), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(chooses_the_clients_first_known_protocol)
{
    assert_string_equal(wsproxy_choose("v9.x, v4.channel.k8s.io,v5.channel.k8s.io", false),
                        "v4.channel.k8s.io");
    assert_string_equal(wsproxy_choose("SPDY/3.1+portforward.k8s.io", true),
                        "SPDY/3.1+portforward.k8s.io");
    assert_null(wsproxy_choose("SPDY/3.1+portforward.k8s.io", false));
    assert_string_equal(wsproxy_choose("v5.channel.k8s.io,v4.channel.k8s.io", true),
                        "v4.channel.k8s.io");
    assert_string_equal(wsproxy_choose("v4.base64.channel.k8s.io", true),
                        "v4.base64.channel.k8s.io");
    assert_null(wsproxy_choose("channel.k8s.io", true));
    assert_null(wsproxy_choose("chat", false));
    assert_null(wsproxy_choose(NULL, false));
}

TEST(the_first_protocols_tell_failures_in_words)
{
    AUTO_BUF out = BUF_INIT;

    assert_false(wsproxy_plain_status(SLICE("{\"metadata\":{},\"status\":\"Success\"}"), &out));
    assert_false(wsproxy_plain_status(SLICE("{"), &out));
    assert_int_equal(out.len, 0);
    assert_true(wsproxy_plain_status(
        SLICE("{\"status\":\"Failure\",\"message\":\"command terminated with exit code 7\"}"),
        &out));
    assert_string_equal(buf_str(&out), "command terminated with exit code 7");
}

TEST(writes_frames_of_every_length)
{
    static const struct {
        size_t n;
        const char *head;
        size_t n_head;
    } cases[] = {
        {0, "\x82\x00", 2},
        {125, "\x82\x7d", 2},
        {126, "\x82\x7e\x00\x7e", 4},
        {65535, "\x82\x7e\xff\xff", 4},
        {65536, "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10},
    };
    static char payload[65536];

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_BUF out = BUF_INIT;

        wsproxy_frame(2, (Slice){payload, cases[i].n}, (Slice){"", 0}, &out);
        assert_int_equal(out.len, cases[i].n_head + cases[i].n);
        assert_memory_equal(out.ptr, cases[i].head, cases[i].n_head);
    }
}
