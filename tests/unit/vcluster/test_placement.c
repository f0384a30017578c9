#include "vcluster/placement.h"

#include "base/err.h"
#include "tests/unit/test.h"

static Obj *pod(const char *name, const char *node)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'metadata':{'namespace':'d'},'spec':{}}");
    Obj *o = NULL;

    value_set_at(a, v, "metadata.name", value_str(a, name));
    if (node)
        value_set_at(a, v, "spec.nodeName", value_str(a, node));
    assert_ok(obj_from_value(v, 1, &o, NULL));
    return o;
}

static void assert_on(const Placement *p, const char *node, const char *names)
{
    AUTO_BUF b = BUF_INIT;
    size_t n;
    const PlacedPod *pods = placement_on(p, node, &n);

    for (size_t i = 0; i < n; i++) {
        assert_string_equal(pods[i].node, node);
        buf_adds(&b, pods[i].pod->name);
    }
    assert_string_equal(buf_str(&b), names);
}

TEST(pods_stand_with_their_node)
{
    AUTO_OBJVEC pods = {0};
    Placement p = {.n = 0};

    objvec_add(&pods, pod("a", "x"));
    objvec_add(&pods, pod("b", "y"));
    objvec_add(&pods, pod("c", NULL));
    objvec_add(&pods, pod("d", "x"));
    placement_update(&p, &pods);
    assert_int_equal(p.n, 3);
    assert_on(&p, "x", "ad");
    assert_on(&p, "y", "b");
    assert_on(&p, "z", "");

    obj_unref(pods.items[2]); /* it is bound */
    pods.items[2] = pod("c", "z");
    obj_unref(pods.items[3]); /* the last is gone */
    pods.n = 3;
    placement_update(&p, &pods);
    assert_on(&p, "x", "a");
    assert_on(&p, "z", "c");
    assert_int_equal(p.n, 3);
    placement_done(&p);
}

TEST(what_is_gone_is_forgotten)
{
    Placement p = {.n = 0};
    ObjVec none = {0};

    for (int i = 0; i < 1000; i++) {
        AUTO_OBJVEC pods = {0};
        char name[16];

        snprintf(name, sizeof(name), "p%d", i);
        objvec_add(&pods, pod(name, "x"));
        placement_update(&p, &pods);
    }
    assert_true(p.known.n < 100);
    placement_update(&p, &none);
    assert_int_equal(p.n, 0);
    assert_on(&p, "x", "");
    placement_done(&p);
}
