#include "controllers/gc_graph.h"

#include "tests/unit/test.h"

static Obj *obj(const char *name, const char *owners)
{
    char text[300];
    Obj *o = NULL;

    snprintf(text, sizeof(text),
             "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"n\",\"ownerReferences\":[%s]}}", name,
             owners);
    assert_ok(obj_new(slice_of(text), 1, &o, NULL));
    return o;
}

static uint32_t count(GcGraph *g, const char *cluster, const char *uid)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    uint32_t n;

    gc_graph_dependents(g, a, cluster, uid, &n);
    return n;
}

TEST(dependents_follow_their_owners)
{
    CLEANUP(gc_graph_free) GcGraph *g = gc_graph_new();
    CLEANUP(obj_unref) Obj *two = obj("a", "{\"uid\":\"u1\"},{\"uid\":\"u2\"}");
    CLEANUP(obj_unref) Obj *one = obj("a", "{\"uid\":\"u2\"}");
    CLEANUP(obj_unref) Obj *none = obj("a", "");

    gc_graph_put(g, "acme", "pods", two);
    gc_graph_put(g, "globex", "pods", two);
    assert_int_equal(count(g, "acme", "u1"), 1);
    assert_int_equal(count(g, "acme", "u2"), 1);
    gc_graph_put(g, "acme", "pods", one);
    assert_int_equal(count(g, "acme", "u1"), 0);
    assert_int_equal(count(g, "acme", "u2"), 1);
    gc_graph_put(g, "acme", "pods", none);
    assert_int_equal(count(g, "acme", "u2"), 0);
    assert_int_equal(count(g, "globex", "u1"), 1);
    gc_graph_set_loaded(g, "globex");
    gc_graph_drop_cluster(g, "globex");
    assert_int_equal(count(g, "globex", "u1"), 0);
    assert_false(gc_graph_is_loaded(g, "globex"));
    gc_graph_del(g, "acme", "pods", "n", "a");
}

static Obj *thing(const char *ns, const char *name, const char *uid)
{
    char text[300];
    Obj *o = NULL;

    snprintf(text, sizeof(text),
             "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\",\"uid\":\"%s\"}}", name, ns, uid);
    assert_ok(obj_new(slice_of(text), 1, &o, NULL));
    return o;
}

TEST(owners_that_are_gone_are_known_where_they_were)
{
    CLEANUP(gc_graph_free) GcGraph *g = gc_graph_new();
    CLEANUP(obj_unref) Obj *owner = thing("n", "w", "u1"), *other = thing("n", "x", "u9");
    CLEANUP(obj_unref) Obj *wide = thing("", "z", "u2");
    CLEANUP(obj_unref) Obj *child = obj("a", "{\"uid\":\"u1\"},{\"uid\":\"u2\"}");

    gc_graph_set_loaded(g, "acme");
    gc_graph_put(g, "acme", "pods", child);
    gc_graph_note_gone(g, "acme", "acme.io/widgets", owner);
    gc_graph_note_gone(g, "acme", "acme.io/widgets", other); /* nothing refers to it */
    gc_graph_note_gone(g, "acme", "nodes", wide);
    /* the definition may be gone, too: then the group has to do */
    assert_true(gc_graph_is_gone(g, "acme", "u1", "acme.io", NULL, "n", "w"));
    assert_true(gc_graph_is_gone(g, "acme", "u1", "acme.io", "acme.io/widgets", "n", "w"));
    assert_false(gc_graph_is_gone(g, "acme", "u1", "acme.io", "acme.io/gadgets", "n", "w"));
    assert_false(gc_graph_is_gone(g, "acme", "u1", "acme.i", NULL, "n", "w"));
    assert_false(gc_graph_is_gone(g, "acme", "u1", "acme.io", NULL, "m", "w"));
    assert_false(gc_graph_is_gone(g, "acme", "u1", "acme.io", NULL, "n", "v"));
    assert_false(gc_graph_is_gone(g, "globex", "u1", "acme.io", NULL, "n", "w"));
    assert_false(gc_graph_is_gone(g, "acme", "u9", "acme.io", NULL, "n", "x"));
    assert_true(gc_graph_is_gone(g, "acme", "u2", "", "nodes", "n", "z"));
    assert_true(gc_graph_is_gone(g, "acme", "u2", "", NULL, "", "z"));
}

TEST(only_the_last_that_are_gone_are_known)
{
    CLEANUP(gc_graph_free) GcGraph *g = gc_graph_new();

    for (int i = 0; i < 5000; i++) {
        char uid[16];
        CLEANUP(obj_unref) Obj *o = NULL;

        snprintf(uid, sizeof(uid), "u%d", i);
        o = thing("n", "w", uid);
        gc_graph_note_gone(g, "acme", "pods", o);
    }
    assert_true(gc_graph_is_gone(g, "acme", "u4999", "", "pods", "n", "w"));
    assert_false(gc_graph_is_gone(g, "acme", "u0", "", "pods", "n", "w"));
}

TEST(what_refers_to_unknown_kinds_is_found_again)
{
    CLEANUP(gc_graph_free) GcGraph *g = gc_graph_new();
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(obj_unref) Obj *child = obj("a", "{\"uid\":\"u1\"}"), *b = obj("b", "{\"uid\":\"u1\"}");
    uint32_t n;

    gc_graph_put(g, "acme", "pods", child);
    gc_graph_put(g, "acme", "pods", b);
    gc_graph_set_unresolved(g, "acme", &(GcNode){"pods", "n", "a"});
    gc_graph_set_unresolved(g, "globex", &(GcNode){"pods", "n", "a"});
    assert_string_equal(gc_graph_unresolved(g, a, "acme", &n)[0].name, "a");
    assert_int_equal(n, 1);
    gc_graph_unresolved(g, a, "globex", &n);
    assert_int_equal(n, 0);
    gc_graph_put(g, "acme", "pods", child); /* it has changed, and is to be judged anew */
    gc_graph_unresolved(g, a, "acme", &n);
    assert_int_equal(n, 0);
}
