#include "store/termset.h"

#include "base/mem.h"
#include "tests/unit/test.h"

static Obj *object(const char *name, const char *app, const char *node)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'metadata':{'namespace':'d'}}");
    Obj *o = NULL;

    value_set_at(a, v, "metadata.name", value_str(a, name));
    if (app)
        value_set_at(a, v, "metadata.labels.app", value_str(a, app));
    if (node)
        value_set_at(a, v, "spec.nodeName", value_str(a, node));
    assert_ok(obj_from_value(v, 1, &o, NULL));
    return o;
}

static const char *const web[] = {"web"}, *const both[] = {"db", "none", "web"},
                         *const n1[] = {"n1"};
static const SelectorTerm by_web = {true, "app", web, 1}, by_both = {true, "app", both, 3},
                          by_node = {false, "spec.nodeName", n1, 1};

static void assert_finds(const TermSet *t, const SelectorTerm *term, const char *after,
                         const char *names)
{
    TermIndex *ti = termset_find(t, term, 0);
    AUTO_BUF b = BUF_INIT;
    TermScan scan;

    assert_non_null(ti);
    term_scan_start(&scan, ti, term, "d", after, true);
    for (const Obj *o; (o = term_scan_next(&scan));)
        buf_adds(&b, o->name);
    assert_string_equal(buf_str(&b), names);
}

/* As the cache does it. */
static void put(ObjIndex *all, TermSet *t, Obj *fresh)
{
    CLEANUP(obj_unref) Obj *old = objindex_put(all, fresh);

    termset_change(t, old, fresh);
}

static void del(ObjIndex *all, TermSet *t, const char *name)
{
    CLEANUP(obj_unref) Obj *old = objindex_del(all, "d", name);

    termset_change(t, old, NULL);
}

TEST(objects_are_found_in_order_by_a_label_and_by_a_field_as_they_change)
{
    ObjIndex all = {0};
    TermSet t = {.n = 0};

    put(&all, &t, object("c", "web", "n1"));
    put(&all, &t, object("a", "web", NULL));
    put(&all, &t, object("b", "db", "n2"));
    put(&all, &t, object("x", NULL, "n1"));
    assert_null(termset_find(&t, &by_web, 0));
    assert_false(termset_fill(termset_add(&t, &by_web, 0), &all));
    assert_false(termset_fill(termset_add(&t, &by_node, 0), &all));
    assert_finds(&t, &by_web, "", "ac");
    assert_finds(&t, &by_web, "a", "c");
    assert_finds(&t, &by_both, "", "abc");
    assert_finds(&t, &by_both, "b", "c");
    assert_finds(&t, &by_node, "", "cx");

    put(&all, &t, object("a", "db", "n1"));
    put(&all, &t, object("b", "web", NULL));
    put(&all, &t, object("c", "web", "n1"));
    del(&all, &t, "x");
    assert_finds(&t, &by_web, "", "bc");
    assert_finds(&t, &by_node, "", "ac");
    put(&all, &t, object("c", NULL, "n2"));
    assert_finds(&t, &by_both, "", "ab");
    assert_finds(&t, &by_node, "", "a");
    termset_done(&t);
    objindex_done(&all);
}

/* Writes before, at and behind the place that filling has reached. */
TEST(an_index_that_is_being_filled_misses_nothing_and_has_nothing_twice)
{
    ObjIndex all = {0};
    TermSet t = {.n = 0};
    size_t n = 0;
    char name[16];
    TermIndex *ti;
    TermScan scan;

    for (int i = 0; i < 2 * TERMS_STEP; i++) {
        snprintf(name, sizeof(name), "%06d", i * 2);
        put(&all, &t, object(name, i % 2 ? "web" : "db", NULL));
    }
    ti = termset_add(&t, &by_web, 0);
    assert_true(termset_fill(ti, &all));
    assert_null(termset_find(&t, &by_web, 0)); /* not yet */
    put(&all, &t, object("000001", "web", NULL));
    put(&all, &t, object("000000", "web", NULL));
    put(&all, &t, object("000002", "db", NULL));
    snprintf(name, sizeof(name), "%06d", 2 * (TERMS_STEP - 1)); /* the last one that is in */
    put(&all, &t, object(name, "web", NULL));
    del(&all, &t, name);
    put(&all, &t, object("003999", "web", NULL));
    put(&all, &t, object("003998", "db", NULL));
    while (termset_fill(ti, &all))
        ;
    put(&all, &t, object("009999", "web", NULL));
    term_scan_start(&scan, termset_find(&t, &by_web, 0), &by_web, "", "", false);
    for (const Obj *o, *last = NULL; (o = term_scan_next(&scan)); last = o) {
        n++;
        assert_string_equal(obj_label(o, "app"), "web");
        assert_true(!last || strcmp(last->name, o->name) < 0);
        assert_ptr_equal(objindex_get(&all, o->ns, o->name), o);
    }
    /* half of all, less 2, the last one in, and 3998; more 0, 1, 3999, 9999 */
    assert_int_equal(n, TERMS_STEP - 3 + 4);
    termset_done(&t);
    objindex_done(&all);
}

TEST(what_was_asked_for_least_recently_makes_room_after_a_while)
{
    enum { S = 1000 * 1000 };
    ObjIndex all = {0};
    TermSet t = {.n = 0};
    char key[TERMS_MAX + 1][8];
    SelectorTerm terms[TERMS_MAX + 1];

    for (int i = 0; i <= TERMS_MAX; i++) {
        snprintf(key[i], sizeof(key[i]), "k%d", i);
        terms[i] = (SelectorTerm){true, key[i], web, 1};
    }
    for (int i = 0; i < TERMS_MAX; i++)
        assert_false(termset_fill(termset_add(&t, &terms[i], i * S), &all));
    assert_null(termset_add(&t, &terms[0], 0)); /* there already */
    assert_null(termset_add(&t, &terms[TERMS_MAX], 9 * S));
    assert_non_null(termset_find(&t, &terms[0], 30 * S));
    assert_non_null(termset_add(&t, &terms[TERMS_MAX], 30 * S));
    assert_non_null(termset_find(&t, &terms[0], 30 * S));
    assert_null(termset_find(&t, &terms[1], 30 * S));
    assert_false(termset_fill(t.items[1], &all));
    termset_expire(&t, 7 * S); /* not those of before, and of 30 */
    assert_int_equal(t.n, 3);
    assert_non_null(termset_find(&t, &terms[0], 40 * S));
    assert_non_null(termset_find(&t, &terms[7], 40 * S));
    assert_null(termset_find(&t, &terms[6], 40 * S));
    termset_done(&t);
}

TEST(another_form_of_an_object_takes_its_place)
{
    const SelectorTerm by_field = {false, "data", web, 1};
    ObjIndex all = {0};
    TermSet t = {.n = 0};
    Obj *old = object("a", "web", NULL), *fresh = object("a", "web", NULL);
    TermScan scan;

    put(&all, &t, obj_ref(old));
    assert_false(termset_fill(termset_add(&t, &by_web, 0), &all));
    assert_false(termset_needs_texts(&t));
    assert_int_equal(termset_count(&t, old), 1);
    termset_swap(&t, old, fresh);
    assert_int_equal(old->refs, 2); /* ours, and the index of all */
    term_scan_start(&scan, termset_find(&t, &by_web, 0), &by_web, "", "", false);
    assert_ptr_equal(term_scan_next(&scan), fresh);
    assert_null(term_scan_next(&scan));
    assert_false(termset_fill(termset_add(&t, &by_field, 0), &all));
    assert_true(termset_needs_texts(&t));
    obj_unref(old);
    obj_unref(fresh);
    termset_done(&t);
    objindex_done(&all);
}
