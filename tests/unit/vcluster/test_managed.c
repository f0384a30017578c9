#include "vcluster/managed.h"
/* cmocka has a fail() of its own */
#include "tests/unit/test.h"

static FieldWriter writer(Arena *a, const char *manager, int64_t second)
{
    return (FieldWriter){.a = a,
                         .r = resource_find(SLICE(""), SLICE("v1"), SLICE("configmaps")),
                         .sub = "",
                         .manager = manager,
                         .now_us = second * 1000000};
}

static Value *config_of(Arena *a, const char *data)
{
    Value *v = value_literal(a, "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a'}}");

    value_set(a, v, "data", value_literal(a, data));
    return v;
}

static Value *applied(Arena *a, Value *live, const char *manager, const char *data, bool force)
{
    FieldWriter w = writer(a, manager, 1);
    Applied out;

    managed_apply(&w, live ? live : managed_empty(a, w.r), config_of(a, data), force, &out);
    return out.n > 0 ? NULL : out.obj;
}

static const char *data_of(Arena *a, const Value *v)
{
    return v ? value_to_str(a, value_get(v, "data")) : "conflict";
}

static const char *held_by(Arena *a, const Value *v, const char *manager)
{
    const Value *e;

    value_each_item(value_at(v, "metadata.managedFields"), i,
                    e) if (str_eq(value_get_str(e, "manager"),
                                  manager)) return value_to_str(a, value_get(e, "fieldsV1"));
    return "";
}

TEST(an_apply_takes_back_what_only_it_named)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = applied(a, NULL, "one", "{'a':'1','b':'2'}", false);

    v = applied(a, v, "two", "{'b':'2','c':'3'}", false);
    v = applied(a, v, "one", "{'a':'1'}", false);
    assert_string_equal(data_of(a, v), "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}");
    v = applied(a, v, "two", "{'c':'3'}", false);
    assert_string_equal(data_of(a, v), "{\"a\":\"1\",\"c\":\"3\"}");
    assert_string_equal(held_by(a, v, "one"), "{\"f:data\":{\"f:a\":{}}}");
}

TEST(a_conflict_is_refused_and_forced)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = applied(a, NULL, "one", "{'a':'1','b':'2'}", false);

    assert_string_equal(data_of(a, applied(a, v, "two", "{'a':'x'}", false)), "conflict");
    v = applied(a, v, "two", "{'a':'x'}", true);
    assert_string_equal(data_of(a, v), "{\"a\":\"x\",\"b\":\"2\"}");
    assert_string_equal(held_by(a, v, "one"), "{\"f:data\":{\"f:b\":{}}}");
    assert_string_equal(held_by(a, v, "two"), "{\"f:data\":{\"f:a\":{}}}");
}

TEST(the_oldest_updaters_become_one)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *live = NULL;
    const Value *list;

    for (int i = 0; i < 14; i++) {
        FieldWriter w = writer(a, arena_printf(a, "m%02d", i), 100 + i);
        Value *obj = live ? value_copy(a, live) : config_of(a, "{}");

        value_set(a, value_get(obj, "data"), arena_printf(a, "k%02d", i), value_str(a, "v"));
        managed_update(&w, live, obj);
        live = obj;
    }
    list = value_at(live, "metadata.managedFields");
    assert_int_equal(value_len(list), 10);
    assert_string_equal(value_at_str(list, "0.manager"), "ancient-changes");
    assert_string_equal(held_by(a, live, "ancient-changes"),
                        "{\"f:data\":{\".\":{},\"f:k00\":{},\"f:k01\":{},\"f:k02\":{},\"f:k03\":{},"
                        "\"f:k04\":{}}}");
    assert_string_equal(value_at_str(list, "9.manager"), "m13");
}

TEST(entries_of_clients_are_checked)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const struct {
        const char *list;
        bool ok;
    } cases[] = {
        {"[{'manager':'m','operation':'Update','apiVersion':'v1','fieldsType':'FieldsV1',"
         "'fieldsV1':{'f:data':{}}}]",
         true},
        {"[{'manager':'m','operation':'Nope','apiVersion':'v1','fieldsType':'FieldsV1'}]", false},
        {"[{'manager':'m','operation':'Apply','fieldsType':'FieldsV1'}]", false},
        {"[{'manager':'m','operation':'Apply','apiVersion':'v1','fieldsType':'X'}]", false},
        {"[{'manager':'m','operation':'Apply','apiVersion':'v1'}]", false},
        {"[{'manager':'m','operation':'Apply','apiVersion':'v1','fieldsType':'FieldsV1','fieldsV1':"
         "{'nope':{}}}]",
         false},
    };
    Managers m;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(managers_decode(a, value_literal(a, cases[i].list), &m), cases[i].ok);
}

TEST(there_are_only_so_many_managers)
{
    for (int n = 1000; n <= 1001; n++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *list = value_array(a);
        Managers m;

        for (int i = 0; i < n; i++) {
            Value *e = value_literal(
                a, "{'operation':'Apply','apiVersion':'v1','fieldsType':'FieldsV1','fieldsV1':{}}");

            value_set_str(a, e, "manager", arena_printf(a, "m%d", i));
            value_append(a, list, e);
        }
        assert_int_equal(managers_decode(a, list, &m), n == 1000);
    }
}

TEST(an_untracked_object_stays_untracked_until_an_apply)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    FieldWriter w = writer(a, "m", 1);
    Value *live = config_of(a, "{'a':'1'}"), *obj = config_of(a, "{'a':'2'}");

    managed_update(&w, live, obj);
    assert_null(value_at(obj, "metadata.managedFields"));
    assert_string_equal(data_of(a, applied(a, live, "one", "{'a':'x'}", false)), "conflict");
    assert_string_equal(
        held_by(a, applied(a, live, "one", "{'a':'1'}", false), "before-first-apply"),
        "{\"f:data\":{\".\":{},\"f:a\":{}}}");
}

/* Who resizes a pod owns nothing else of it, whatever the body says. */
TEST(a_subresource_owns_what_it_can_change)
{
    static const struct {
        const char *sub, *fields;
    } rows[] = {
        {"resize",
         "{\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"c\\\"}\":{\"f:resources\":{"
         "\"f:limits\":{\".\":{},\"f:cpu\":{}}}}}}}"},
        {"ephemeralcontainers", "{\"f:spec\":{\"f:ephemeralContainers\":{\".\":{},\"k:{"
                                "\\\"name\\\":\\\"e\\\"}\":{\".\":{},"
                                "\"f:image\":{},\"f:name\":{}}}}}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Value *live = value_literal(
            a, "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'a'},'spec':{'containers':[{"
               "'name':'c','image':'x','resources':{}}]}}");
        Value *now = value_literal(
            a, "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'a','labels':{'l':'1'}},'spec':"
               "{'hostname':'h','containers':[{'name':'c','image':'y','resources':{'limits':{"
               "'cpu':'1'}}}],'ephemeralContainers':[{'name':'e','image':'z'}]}}");
        FieldWriter w = writer(a, "one", 1);

        w.r = resource_find(SLICE(""), SLICE("v1"), SLICE("pods"));
        w.sub = rows[i].sub;
        live = value_copy(a, live);
        value_set_at(a, (Value *)live, "metadata.managedFields",
                     value_literal(a, "[{'manager':'zero','operation':'Update','apiVersion':'v1',"
                                      "'time':'2026-01-01T00:00:00Z','fieldsType':'FieldsV1',"
                                      "'fieldsV1':{'f:spec':{'f:hostname':{}}}}]"));
        managed_update(&w, live, now);
        assert_string_equal(held_by(a, now, "one"), rows[i].fields);
        assert_string_equal(held_by(a, now, "zero"), "{\"f:spec\":{\"f:hostname\":{}}}");
    }
}
