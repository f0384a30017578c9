#include "api/crd.h"
#include "tests/unit/test.h"
#include "vcluster/typed.h"

static Typed pods(Arena *a)
{
    return (Typed){.a = a, .type = type_find("io.k8s.api.core.v1.Pod")};
}

static const char *text_of(Arena *a, const FieldSet *s)
{
    return value_to_str(a, fieldset_print(a, s));
}

TEST(comparison_names_what_differs)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Typed t = pods(a);
    static const struct {
        const char *from, *to, *changed, *removed;
    } cases[] = {
        {"{'metadata':{}}", "{'metadata':{'labels':{'a':'b'}}}",
         "{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:a\":{}}}}", "{}"},
        {"{'metadata':{'labels':{'a':'b'}}}", "{'metadata':{'labels':{'a':'c'}}}",
         "{\"f:metadata\":{\"f:labels\":{\"f:a\":{}}}}", "{}"},
        {"{'metadata':{'labels':{'a':'b'}}}", "{'metadata':{}}", "{}",
         "{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:a\":{}}}}"},
        {"{'spec':{'containers':null}}", "{'spec':{'containers':[{'name':'c','image':'i'}]}}",
         "{\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"c\\\"}\":{\".\":{},\"f:image\":{},"
         "\"f:name\":{}}}}}",
         "{}"},
        /* empty and none differ where both are written */
        {"{'spec':{'containers':null}}", "{'spec':{'containers':[]}}",
         "{\"f:spec\":{\"f:containers\":{}}}", "{}"},
        /* tolerations are owned whole */
        {"{'spec':{'tolerations':[{'key':'a'}]}}", "{'spec':{'tolerations':[{'key':'b'}]}}",
         "{\"f:spec\":{\"f:tolerations\":{}}}", "{}"},
        /* an item that comes twice counts as one */
        {"{'metadata':{'finalizers':['x','x']}}", "{'metadata':{'finalizers':['x']}}",
         "{\"f:metadata\":{\"f:finalizers\":{\"v:\\\"x\\\"\":{}}}}",
         "{\"f:metadata\":{\"f:finalizers\":{\"v:\\\"x\\\"\":{}}}}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        FieldDiff d =
            typed_compare(&t, value_literal(a, cases[i].from), value_literal(a, cases[i].to));

        assert_string_equal(text_of(a, d.changed), cases[i].changed);
        assert_string_equal(text_of(a, d.removed), cases[i].removed);
    }
}

TEST(paths_of_a_configuration)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Typed t = pods(a);
    Value *v = value_literal(
        a, "{'metadata':{'labels':{'b':'1','a':'2'},'annotations':null},'spec':{'securityContext':"
           "{},'containers':[{'name':'c','ports':[{'containerPort':80}]}]}}");

    assert_string_equal(
        text_of(a, typed_paths(&t, v)),
        "{\"f:metadata\":{\"f:annotations\":{},\"f:labels\":{\"f:a\":{},\"f:b\":{}}},\"f:spec\":{"
        "\"f:containers\":{\"k:{\\\"name\\\":\\\"c\\\"}\":{\".\":{},\"f:name\":{},\"f:ports\":{"
        "\"k:{\\\"containerPort\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},"
        "\"f:containerPort\":{}}}}},\"f:securityContext\":{}}}");
}

TEST(members_that_an_open_schema_does_not_name_are_owned_one_by_one)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Typed t = pods(a);
    Value *v = value_literal(a, "{'rest':{'foo':'a','ports':[{'x':1}]}}");

    t.is_custom = t.is_open = true;
    assert_null(typed_check(&t, v));
    assert_string_equal(text_of(a, typed_paths(&t, v)),
                        "{\"f:rest\":{\".\":{},\"f:foo\":{},\"f:ports\":{}}}");
    t.is_open = false;
    assert_string_equal(typed_check(&t, v), ".rest: field not declared in schema");
}

/* What a schema preserves, those inside of it do, too, for who applies: not metadata, which is a
 * type of its own. */
TEST(open_schemas_open_what_is_in_them)
{
    static const char definition[] =
        "{'metadata':{'name':'ends.example.com'},'spec':{'group':'example.com','scope':'Cluster',"
        "'names':{'plural':'ends','kind':'End'},'versions':[{'name':'v1','served':true,'storage':"
        "true,'schema':{'openAPIV3Schema':{'type':'object','properties':{'shut':{'type':'object',"
        "'properties':{'a':{'type':'object','properties':{'b':{'type':'string'}}}}},"
        "'spec':{'type':'object','x-kubernetes-preserve-unknown-fields':true,'properties':{"
        "'a':{'type':'object','properties':{'b':{'type':'string'}}},'l':{'type':'array','items':{"
        "'type':'object','properties':{'b':{'type':'string'}}}},'t':{'type':'object',"
        "'x-kubernetes-embedded-resource':true}}}}}}}]}}";
    static const struct {
        const char *v, *why;
    } cases[] = {
        {"{'shut':{'a':{'x':1}}}", ".shut.a.x: field not declared in schema"},
        {"{'spec':{'x':1,'a':{'x':1},'l':[{'x':{'y':1}}],'t':{'x':1,'metadata':{'name':'n'}}}}",
         NULL},
        {"{'spec':{'a':{'b':1}}}",
         ".spec.a.b: expected string, got &value.valueUnstructured{Value:1}"},
        {"{'spec':{'t':{'x':1,'metadata':{'x':1}}}}",
         ".spec.t.metadata.x: field not declared in schema"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    const Resource **r;
    Typed t;

    assert_int_equal(crd_compile(a, value_literal(a, definition), &r), 1);
    t = typed_of(a, r[0]);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *why = typed_check(&t, value_literal(a, cases[i].v));

        if (cases[i].why)
            assert_string_equal(why, cases[i].why);
        else
            assert_null(why);
    }
}

TEST(merged_lists_follow_the_configuration)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Typed t = pods(a);
    static const struct {
        const char *live, *config, *want;
    } cases[] = {
        {"['a']", "['b','a']", "[\"b\",\"a\"]"},
        {"['a','b','c']", "['c','a']", "[\"b\",\"c\",\"a\"]"},
        {"['a','b','c']", "['a','x']", "[\"a\",\"b\",\"c\",\"x\"]"},
        {"['x','a','y','b','z']", "['b','n','a']", "[\"x\",\"y\",\"b\",\"z\",\"n\",\"a\"]"},
        {"null", "['a']", "[\"a\"]"},
        {"['a']", "null", "[\"a\"]"},
        {"['a']", "[]", "[\"a\"]"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Value *live = value_object(a), *config = value_object(a);

        value_set_at(a, live, "metadata.finalizers", value_literal(a, cases[i].live));
        value_set_at(a, config, "metadata.finalizers", value_literal(a, cases[i].config));
        if (strcmp(value_to_str(a, value_at(typed_merge(&t, live, config), "metadata.finalizers")),
                   cases[i].want) != 0)
            fail_msg(
                "%s with %s is %s", cases[i].live, cases[i].config,
                value_to_str(a, value_at(typed_merge(&t, live, config), "metadata.finalizers")));
    }
}

TEST(members_are_removed_by_path)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Typed t = pods(a);
    Value *v = value_literal(a, "{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':"
                                "'c','image':'i'},{'name':'d'}]}}");
    FieldSet *gone = NULL;

    assert_true(fieldset_parse(
        a,
        value_literal(a, "{'f:metadata':{'f:labels':{'f:a':{}}},'f:spec':{'f:containers':{'k:{"
                         "\\\"name\\\":\\\"c\\\"}':{'f:image':{}},'k:{\\\"name\\\":\\\"d\\\"}':{'."
                         "':{},'f:name':{}}}}}"),
        &gone));
    assert_string_equal(
        value_to_str(a, typed_remove(&t, v, gone)),
        "{\"metadata\":{\"labels\":null},\"spec\":{\"containers\":[{\"name\":\"c\"}]}}");
}

TEST(what_does_not_fit_is_said_in_go_words)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Typed t = pods(a);
    static const struct {
        const char *v, *why;
    } cases[] = {
        {"{'metadata':{'finalizers':['a','a']}}",
         ".metadata.finalizers: duplicate entries for key [=\"a\"]"},
        {"{'spec':{'containers':[{'name':'c'},{'name':'c'}]}}",
         ".spec.containers: duplicate entries for key [name=\"c\"]"},
        {"{'spec':{'containers':[{'image':'i'}]}}",
         ".spec.containers: element 0: associative list with keys has an element that omits key "
         "field \"name\" (and doesn't have default value)"},
        {"{'spec':{'containers':[5]}}",
         ".spec.containers: element 0: associative list with keys may not have non-map elements"},
        {"{'spec':{'nope':1}}", ".spec.nope: field not declared in schema"},
        {"{'spec':{'containers':{}}}", ".spec.containers: expected list, got &{map[]}"},
        {"{'spec':{'hostNetwork':'yes'}}", ".spec.hostNetwork: expected boolean, got &{yes}"},
        {"{'spec':{'activeDeadlineSeconds':'5'}}",
         ".spec.activeDeadlineSeconds: expected numeric (int or float), got string"},
        {"{'metadata':{'labels':{'a':5}}}",
         ".metadata.labels.a: expected string, got &value.valueUnstructured{Value:5}"},
        {"{'spec':{'containers':[{'name':'c','image':[1]}]}}",
         ".spec.containers[name=\"c\"].image: expected string, got "
         "&value.valueUnstructured{Value:[]interface {}{1}}"},
        {"{'spec':{'tolerations':[{'key':1}]}}",
         ".spec.tolerations[0].key: expected string, got &value.valueUnstructured{Value:1}"},
        {"{'spec':{'containers':null}}", NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *why = typed_check(&t, value_literal(a, cases[i].v));

        if (!cases[i].why)
            assert_null(why);
        else
            assert_string_equal(why ? why : "fits", cases[i].why);
    }
}

TEST(what_is_owned_whole_is_found)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const struct {
        const char *v, *where; /* NULL: nowhere */
        bool is_custom;
    } rows[] = {
        {"{'metadata':{'labels':{'a':'b'},'finalizers':['x']},'spec':{'hostname':'h'}}", NULL,
         false},
        {"{'spec':{'nodeSelector':{'a':'b'}}}", ".spec.nodeSelector", false},
        {"{'spec':{'containers':[{'name':'c'},{'name':'d','args':['x'],'command':[]}]}}",
         ".spec.containers[1].args, .spec.containers[1].command", false},
        {"{'spec':{'tolerations':[{'key':'a'}]}}", ".spec.tolerations", false},
        {"{'spec':{'nodeSelector':{'a':'b'}}}", ".spec.nodeSelector", true},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Typed t = pods(a);
        const char *where;

        t.is_custom = rows[i].is_custom;
        where = typed_atomics(&t, value_literal(a, rows[i].v));
        if (!str_eq(where ? where : "", rows[i].where ? rows[i].where : ""))
            fail_msg("%s: %s", rows[i].v, where ? where : "nowhere");
    }
}

TEST(the_null_of_expressions_fits_no_type)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Typed t = pods(a);
    const Value *v = value_literal(a, "{'spec':{'hostname':null,'priority':null,'volumes':null}}");

    assert_null(typed_check(&t, v));
    t.is_computed = true;
    assert_string_equal(
        typed_check(&t, v),
        "errors:\n  .spec.hostname: expected string, got &value.valueUnstructured{Value:0}\n"
        "  .spec.priority: expected numeric (int or float), got structpb.NullValue\n"
        "  .spec.volumes: expected list, got &{NULL_VALUE}");
}
