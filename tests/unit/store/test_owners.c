#include "store/owners.h"

#include "tests/unit/test.h"

static Obj *object(const char *name, const char *owners)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'metadata':{'namespace':'d'}}");
    Obj *o = NULL;

    value_set_at(a, v, "metadata.name", value_str(a, name));
    value_set_at(a, v, "metadata.ownerReferences", value_literal(a, owners));
    assert_ok(obj_from_value(v, 1, &o, NULL));
    return o;
}

static void assert_has(const Owners *w, const char *uid, const char *names)
{
    const ObjIndex *ix = owners_get(w, uid);
    AUTO_BUF b = BUF_INIT;

    if (ix) {
        ObjPos pos = objindex_seek(ix, "d", "", false);

        for (const Obj *o; (o = objindex_next(ix, &pos));)
            buf_adds(&b, o->name);
    }
    assert_string_equal(buf_str(&b), names);
}

TEST(objects_are_found_by_their_controller)
{
#define OF(uid) "[{'uid':'other'},{'uid':'" uid "','controller':true}]"
    CLEANUP(obj_unref)
    Obj *a = object("a", OF("1")), *b = object("b", OF("1")), *c = object("c", OF("2")),
        *d = object("d", "[]"), *e = object("e", "[{'uid':'1'}]"), *again = object("b", OF("1"));
    Owners w = {.nobody = {.n = 0}};

    owners_put(&w, b);
    owners_put(&w, a);
    owners_put(&w, c);
    owners_put(&w, d);
    owners_put(&w, e); /* an owner that is no controller does not count */
    assert_has(&w, "1", "ab");
    assert_has(&w, "2", "c");
    assert_has(&w, "3", "");
    assert_has(&w, NULL, "de");
    owners_swap(&w, b, again);
    assert_has(&w, "1", "ab");
    assert_int_equal(b->refs, 1);
    assert_int_equal(again->refs, 2);
    owners_del(&w, a);
    owners_del(&w, c);
    owners_del(&w, d);
    assert_has(&w, "1", "b");
    assert_has(&w, "2", "");
    assert_has(&w, NULL, "e");
    owners_done(&w);
}
