#include "agent/tunnel.h"
#include "base/err.h"
#include "tests/unit/test.h"

TEST(a_target_is_taken_apart_and_decoded)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    TunnelTarget t;

    assert_ok(tunnel_target_parse(
        a, slice_of("/acme/exec/shop/web-1/uid/c?command=sh&command=-c&command=a%20b+c&tty=1"), &t,
        NULL));
    assert_string_equal(t.cluster, "acme");
    assert_string_equal(t.what, "exec");
    assert_string_equal(t.rest[1], "c");
    assert_null(t.rest[2]);
    assert_int_equal(value_len(value_get(t.query, "command")), 3);
    assert_string_equal(value_at_str(t.query, "command.2"), "a b c");
    assert_true(tunnel_query_bool(&t, "tty"));
    assert_false(tunnel_query_bool(&t, "stdin"));
}

TEST(odd_targets_are_refused)
{
    static const char *const rows[] = {"",
                                       "/",
                                       "/acme",
                                       "/acme/exec/ns",
                                       "acme/exec/ns/p",
                                       "/acme/containerLogs/ns/p/..",
                                       "/a/b/c/d%2fe",
                                       "/a/b/c/d%0",
                                       "/a/b/c/d%00",
                                       "/a/b/c/d/e/f/g/h/i",
                                       "/a//c/d"};
    CLEANUP(arena_free) Arena *a = arena_new();
    TunnelTarget t;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_fails(tunnel_target_parse(a, slice_of(rows[i]), &t, NULL), ERR_BAD_REQUEST);
}
