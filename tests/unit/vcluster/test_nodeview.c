/* Versions of a tenant's nodes: what they tell, and where a watch goes on from them. */
#include "tests/unit/vcluster/loopback.h"

#define NODES "/api/v1/nodes"
#define CMS   "/api/v1/namespaces/default/configmaps"

static int64_t version_of(const Value *v)
{
    return strtoll(value_at_str(v, "metadata.resourceVersion"), NULL, 10);
}

static int64_t listed(Arena *a)
{
    Answer r = call(a, "viewer", "GET", NODES, NULL);

    assert_int_equal(r.status, 200);
    return version_of(r.v);
}

static int64_t node_version(Arena *a, const char *name)
{
    Answer r = call(a, "viewer", "GET", arena_printf(a, NODES "/%s", name), NULL);

    assert_int_equal(r.status, 200);
    return version_of(r.v);
}

static void make_node(Arena *a, const char *name)
{
    Answer r =
        call(a, "host", "POST", NODES, arena_printf(a, "{\"metadata\":{\"name\":\"%s\"}}", name));

    assert_int_equal(r.status, 201);
}

/* Somebody of the platform (`cluster` host) or of the tenant says something of a node. */
static int64_t note(Arena *a, const char *cluster, const char *name, const char *key, int value)
{
    Answer r = call(a, cluster, "PATCH", arena_printf(a, NODES "/%s", name),
                    arena_printf(a, "{\"metadata\":{\"labels\":{\"%s\":\"v%d\"}}}", key, value));

    assert_int_equal(r.status, 200);
    return version_of(r.v);
}

static void remove_node(Arena *a, const char *name)
{
    assert_int_equal(call(a, "host", "DELETE", arena_printf(a, NODES "/%s", name), NULL).status,
                     200);
}

static void write_elsewhere(Arena *a, const char *cluster, int n)
{
    for (int i = 0; i < n; i++) {
        Answer r = call(a, cluster, "POST", CMS,
                        arena_printf(a, "{\"metadata\":{\"generateName\":\"c-\"}}"));

        assert_int_equal(r.status, 201);
    }
}

static void watch_from(Arena *a, Watcher *w, int64_t version)
{
    Answer r =
        call_as(a, &admin, "viewer", "GET", NODES,
                arena_printf(a, "watch=1&resourceVersion=%lld", (long long)version), NULL, NULL);

    assert_int_equal(r.status, 200);
    watcher_start(w, r.stream);
}

static int count_of(const Watcher *w, const char *text)
{
    int n = 0;

    for (const char *p = buf_str(&w->out); (p = strstr(p, text)); p++)
        n++;
    return n;
}

TEST(what_else_is_written_does_not_show_in_versions)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    int64_t list, node, now;
    Answer r;

    need_server();
    need_tenant(a, "viewer");
    make_node(a, "still");
    list = listed(a);
    node = node_version(a, "still");
    write_elsewhere(a, "host", 30);
    assert_int_equal(listed(a), list);
    assert_int_equal(node_version(a, "still"), node);
    /* the tenant's own writes move what its lists reflect, by as many as they are */
    write_elsewhere(a, "viewer", 2);
    assert_true(listed(a) >= list);
    /* of a change it tells when it was, which the tenant sees anyway */
    (void)note(a, "host", "still", "host", 1);
    now = node_version(a, "still");
    assert_true(now > node && listed(a) >= now);
    /* the stamp itself is not shown to a tenant that sees all of a node */
    r = call(a, "viewer", "GET", NODES "/still", NULL);
    assert_null(strstr(r.text, "hostplane-changed"));
    remove_node(a, "still");
}

TEST(versions_grow_with_each_change_and_are_held_against_writes)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    int64_t last = 0, stale;
    Answer r;

    need_server();
    need_tenant(a, "viewer");
    make_node(a, "busy");
    stale = node_version(a, "busy");
    for (int i = 0; i < 20; i++) {
        int64_t host, own;

        (void)note(a, "host", "busy", "host", i);
        host = node_version(a, "busy");
        own = note(a, "viewer", "busy", "own", i);
        assert_true(host > last);
        assert_true(own > host);
        assert_int_equal(node_version(a, "busy"), own);
        assert_true(listed(a) >= own);
        last = own;
    }
    r = call(a, "viewer", "PATCH", NODES "/busy",
             arena_printf(a,
                          "{\"metadata\":{\"resourceVersion\":\"%lld\",\"labels\":{\"x\":\"y\"}}}",
                          (long long)stale));
    assert_int_equal(r.status, 409);
    remove_node(a, "busy");
    assert_true(listed(a) > last);
}

TEST(a_watch_goes_on_behind_what_it_has_told)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    int64_t start, one, two;
    Watcher w;

    need_server();
    need_tenant(a, "viewer");
    make_node(a, "a1");
    make_node(a, "a2");
    start = listed(a);
    (void)note(a, "host", "a1", "step", 1);
    one = node_version(a, "a1");
    (void)note(a, "host", "a1", "step", 2);
    two = node_version(a, "a1");
    watch_from(a, &w, start); /* everything since, in order */
    assert_true(watcher_reads(&w, "\"step\":\"v2\""));
    assert_int_equal(count_of(&w, "\"type\""), 2);
    watcher_stop(&w);
    watch_from(a, &w, one); /* a state that is no more: its event is remembered */
    assert_true(watcher_reads(&w, "\"step\":\"v2\""));
    assert_int_equal(count_of(&w, "\"type\""), 1);
    watcher_stop(&w);
    watch_from(a, &w, two); /* and nothing is told twice */
    (void)note(a, "viewer", "a2", "own", 1);
    assert_true(watcher_reads(&w, "\"own\":\"v1\""));
    remove_node(a, "a1");
    assert_true(watcher_reads(&w, "DELETED"));
    assert_int_equal(count_of(&w, "\"type\""), 2);
    watcher_stop(&w);
    watch_from(a, &w, two);
    assert_true(watcher_reads(&w, "DELETED"));
    watcher_stop(&w);
    start = listed(a);
    watch_from(a, &w, start); /* the end of a1 is behind it */
    remove_node(a, "a2");
    assert_true(watcher_reads(&w, "DELETED"));
    assert_int_equal(count_of(&w, "\"name\":\"a1\""), 0);
    watcher_stop(&w);
}

TEST(a_version_that_nobody_knows_is_too_old)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Watcher w;
    Answer r;

    need_server();
    need_tenant(a, "viewer");
    make_node(a, "known");
    watch_from(a, &w, listed(a) - ((int64_t)3600000 << 22)); /* an hour ago there was nothing */
    assert_true(watcher_reads(&w, "\"code\":410"));
    watcher_stop(&w);
    r = call_as(a, &admin, "viewer", "GET", NODES,
                arena_printf(a, "watch=1&resourceVersion=%lld", (long long)INT64_MAX), NULL, NULL);
    assert_int_equal(r.status, 504);
    remove_node(a, "known");
}
