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
