#include "agent/probe_try.h"
#include "tests/unit/test.h"

TEST(the_first_line_of_an_http_answer)
{
    assert_int_equal(probe_http_status(SLICE("HTTP/1.1 200 OK\r\n")), 200);
    assert_int_equal(probe_http_status(SLICE("HTTP/1.0 503 no\r\n")), 503);
    assert_int_equal(probe_http_status(SLICE("HTTP/1.1 2")), -1);
    assert_int_equal(probe_http_status(SLICE("SSH-2.0-x 200 ")), -1);
}

TEST(a_redirect_is_followed_on_the_same_host_only)
{
    static const struct {
        const char *location, *expected;
    } rows[] = {
        {"/ready", "/ready"},
        {"http://10.0.0.1:80/ready?x=1", "/ready?x=1"},
        {"http://10.0.0.1:80", "/"},
        {"http://10.0.0.1:8080/", NULL},
        {"https://10.0.0.1:80/", NULL},
        {"http://10.0.0.1:80.evil.example/", NULL},
        {"//evil.example/", NULL},
        {"deeper", "/a/deeper"},
        {"", NULL},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *head =
            arena_printf(a, "HTTP/1.1 302 Found\r\nX: y\r\nlocation: %s\r\n\r\n", rows[i].location);
        const char *to = probe_http_redirect(a, slice_of(head), "http://10.0.0.1:80", "/a/b");

        if (!(rows[i].expected ? str_eq(to, rows[i].expected) : to == NULL))
            fail_msg("%s: %s", rows[i].location, to ? to : "(none)");
    }
    assert_null(probe_http_redirect(a, SLICE("HTTP/1.1 302 Found\r\n\r\nLocation: /x\r\n"),
                                    "http://10.0.0.1:80", "/"));
}

TEST(ports_by_number_and_name)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *c = value_literal(a, "{'ports':[{'name':'web','containerPort':8080}]}");

    assert_int_equal(probe_port(c, value_int(a, 80)), 80);
    assert_int_equal(probe_port(c, value_str(a, "web")), 8080);
    assert_int_equal(probe_port(c, value_str(a, "81")), 81);
    assert_int_equal(probe_port(c, value_str(a, "none")), 0);
}

TEST(what_cannot_be_tried_is_not_known)
{
    static const struct {
        const char *handler;
        ProbeOutcome outcome;
        const char *why;
    } rows[] = {
        {"{'httpGet':{'port':'none'}}", PROBE_UNKNOWN,
         "strconv.Atoi: parsing \"none\": invalid syntax"},
        {"{'tcpSocket':{'port':'none'}}", PROBE_UNKNOWN,
         "strconv.Atoi: parsing \"none\": invalid syntax"},
        {"{'tcpSocket':{'port':'70000'}}", PROBE_UNKNOWN, "invalid port number: 70000"},
        {"{'tcpSocket':{'port':'web'}}", PROBE_FAILED,
         "dial tcp 127.0.0.1:1: connect: connection refused"},
        {"{'sleep':{'seconds':0}}", PROBE_PASSED, ""},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    Agent agent = {0};
    ProbeTarget t = {.agent = &agent,
                     .cluster = "acme",
                     .container = value_literal(a, "{'ports':[{'name':'web','containerPort':1}]}"),
                     .pod_ip = "127.0.0.1",
                     .timeout_ms = 5000};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char why[300];

        assert_int_equal(probe_once(&t, value_literal(a, rows[i].handler), why, sizeof(why)),
                         rows[i].outcome);
        assert_string_equal(why, rows[i].why);
    }
}
