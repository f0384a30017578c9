#include "hostplane/hooks.h"
#include "tests/unit/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>

TEST(private_networks_are_told_from_the_world)
{
    static const struct {
        const char *ip;
        bool is_private;
    } rows[] = {
        {"127.0.0.1", true},
        {"0.0.0.0", true},
        {"10.1.2.3", true},
        {"100.64.0.1", true},
        {"100.63.255.255", false},
        {"169.254.169.254", true},
        {"172.16.0.1", true},
        {"172.32.0.1", false},
        {"192.168.1.1", true},
        {"192.0.0.1", true},
        {"198.18.0.1", true},
        {"198.20.0.1", false},
        {"224.0.0.1", true},
        {"255.255.255.255", true},
        {"8.8.8.8", false},
        {"::1", true},
        {"::", true},
        {"fe80::1", true},
        {"fc00::1", true},
        {"::ffff:127.0.0.1", true},
        {"64:ff9b::7f00:1", true},
        {"ff02::1", true},
        {"2001:4860::1", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct sockaddr_in v4 = {.sin_family = AF_INET};
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
        bool is4 = inet_pton(AF_INET, rows[i].ip, &v4.sin_addr) == 1;
        const void *a = is4 ? (const void *)&v4 : (const void *)&v6;

        if (!is4)
            assert_int_equal(inet_pton(AF_INET6, rows[i].ip, &v6.sin6_addr), 1);
        if (hooks_is_private(a) != rows[i].is_private)
            fail_msg("%s", rows[i].ip);
    }
}

static void on_done(HookCall *c)
{
    *(int *)c->data += 1;
}

TEST(calls_fail_at_once_when_nothing_can_be_reached)
{
    CLEANUP(hooks_free) Hooks *h = NULL;
    int n = 0;
    HookCall c = {.cluster = "acme",
                  .url = "https://s.default.svc:443/",
                  .node = "n1",
                  .node_path = "/acme/dial/default/p/u?port=1",
                  .body = SLICE("{}"),
                  .timeout_ms = 1000,
                  .done = on_done,
                  .data = &n};

    assert_ok(hooks_open(false, &h, NULL));
    hooks_start(&c, h);
    hooks_stop(h); /* after what was posted */
    assert_int_equal(n, 1);
    assert_int_equal(c.status, 0);
    assert_string_equal(c.error, "the agent of the pod's node is not connected");
    hooks_start(&c, h);
    assert_int_equal(n, 2);
    assert_string_equal(c.error, "the server is stopping");
}
