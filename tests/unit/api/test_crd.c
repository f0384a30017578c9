#include "api/crd.h"

#include "api/decode.h"
#include "api/discovery.h"
#include "base/err.h"
#include "tests/unit/test.h"

static const char definition[] =
    "{'metadata':{'name':'widgets.example.com'},'spec':{'group':'example.com','scope':'Namespaced',"
    "'names':{'plural':'widgets','singular':'widget','kind':'Widget','listKind':'WidgetList',"
    "'shortNames':['wd']},'versions':[{'name':'v1','served':true,'storage':true,'subresources':{"
    "'status':{},'scale':{'specReplicasPath':'.spec.n','statusReplicasPath':'.status.n'}},"
    "'schema':{'openAPIV3Schema':{'type':'object','properties':{'spec':{'type':'object',"
    "'required':['a'],'properties':{'a':{'type':'string','enum':['x','y']},"
    "'n':{'type':'integer','default':1,'maximum':3},'s':{'type':'string','pattern':'^[a-z]+\\\\d$',"
    "'maxLength':4,'nullable':true},'l':{'type':'array','x-kubernetes-list-type':'map',"
    "'x-kubernetes-list-map-keys':['k'],'items':{'type':'object','properties':{"
    "'k':{'type':'string'},'v':{'type':'string'}}}},'m':{'type':'object','additionalProperties':{"
    "'type':'integer'}},'p':{'type':'object','x-kubernetes-preserve-unknown-fields':true},"
    "'i':{'x-kubernetes-int-or-string':true}}}}}}},{'name':'v2','served':false,'storage':false}]}}";

static const Resource *compiled(Arena *a)
{
    const Resource **r;

    assert_int_equal(crd_compile(a, value_literal(a, definition), &r), 1);
    return r[0];
}

TEST(a_definition_becomes_a_resource)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Resource *r = compiled(a);
    const Field *spec = type_field(r->type, SLICE("spec"));

    assert_string_equal(r->storage, "example.com/widgets");
    assert_string_equal(r->short_names[0], "wd");
    assert_true(r->is_namespaced && r->has_status);
    assert_int_equal(r->n_subresources, 2);
    assert_string_equal(r->crd->scale_spec, "spec.n");
    assert_string_equal(r->columns[1].name, "Age");
    assert_non_null(spec);
    assert_int_equal(type_field(spec->type, SLICE("l"))->list_type, LIST_MAP);
    assert_int_equal(type_field(spec->type, SLICE("m"))->kind, FIELD_MAP);
    assert_int_equal(type_field(spec->type, SLICE("i"))->kind, FIELD_INT_OR_STRING);
    assert_true(type_field(spec->type, SLICE("a"))->flags & FIELD_REQUIRED);
}

static const char *discovered(Arena *a, const Value *crd)
{
    const Resource **r;
    ResourceSet set = {.n = crd_compile(a, crd, &r)};
    AUTO_BUF out = BUF_INIT;

    set.items = r;
    assert_true(discovery_write_resources(&set, SLICE("example.com"), SLICE("v1"), &out));
    return arena_strdup(a, buf_str(&out));
}

TEST(discovery_tells_of_a_stored_version_that_is_served)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, definition), *versions = value_at(v, "spec.versions");

    assert_non_null(strstr(discovered(a, v), "\"storageVersionHash\":\"gIwvi5rymmg=\""));
    value_set(a, value_item(versions, 0), "storage", value_bool(a, false));
    value_set(a, value_item(versions, 1), "storage", value_bool(a, true));
    assert_null(strstr(discovered(a, v), "storageVersionHash"));
}

TEST(equal_schemas_are_compiled_once)
{
    size_t before = crd_schemas();
    Arena *a = arena_new(), *b = arena_new();
    Value *other = value_literal(b, definition);
    const Resource **changed;
    const Resource *x, *y;

    x = compiled(a);
    y = compiled(b);
    assert_ptr_not_equal(x, y);
    assert_ptr_equal(x->crd->schema, y->crd->schema);
    assert_ptr_equal(x->type, y->type);
    assert_int_equal(crd_schemas(), before + 1);
    value_set_at(b, value_item(value_at(other, "spec.versions"), 0),
                 "schema.openAPIV3Schema.properties.spec.properties.n.maximum", value_int(b, 4));
    assert_int_equal(crd_compile(b, other, &changed), 1);
    assert_ptr_not_equal(changed[0]->crd->schema, x->crd->schema);
    assert_int_not_equal(changed[0]->crd->schema->hash, x->crd->schema->hash);
    assert_int_equal(crd_schemas(), before + 2);
    arena_free(b);
    assert_int_equal(crd_schemas(), before + 1);
    assert_int_equal(type_field(x->type, SLICE("spec"))->kind, FIELD_OBJECT); /* still there */
    arena_free(a);
    assert_int_equal(crd_schemas(), before);
}

TEST(what_is_compiled_needs_the_definition_no_more)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Arena *gone = arena_new();
    const Resource **r;
    const char *path;

    assert_int_equal(crd_compile(a, value_literal(gone, definition), &r), 1);
    arena_free(gone);
    assert_string_equal(r[0]->kind, "Widget");
    assert_string_equal(r[0]->crd->scale_status, "status.n");
    assert_true(crd_scale_path(r[0]->crd, "v2", &path));
    assert_null(path);
    assert_null(value_at(value_item(r[0]->crd->versions, 0), "schema"));
    assert_string_equal(value_at_str(r[0]->crd->schema->json, "type"), "object");
}

TEST(unknown_fields_go_and_defaults_come)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Resource *r = compiled(a);
    Value *v = value_literal(a, "{'metadata':{'name':'w'},'spec':{'z':1,'s':null,'a':'x',"
                                "'p':{'any':{'thing':1}},'m':null}}");
    Err err;

    assert_ok(decode_object(a, r, v, FIELDS_IGNORE, NULL, NULL, &err));
    default_object(a, r, v);
    normalize_object(a, r, v);
    assert_string_equal(value_to_str(a, value_get(v, "spec")),
                        "{\"a\":\"x\",\"n\":1,\"p\":{\"any\":{\"thing\":1}},\"s\":null}");
    v = value_literal(a, "{'metadata':{'name':'w'},'spec':{'z':1}}");
    assert_int_equal(decode_object(a, r, v, FIELDS_STRICT, NULL, NULL, &err), -ERR_BAD_REQUEST);
    assert_non_null(strstr(err.msg, "unknown field \"spec.z\""));
}

TEST(an_apostrophe_in_a_default_is_text)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *def = value_literal(a, definition), *v = value_literal(a, "{'spec':{}}");
    const Resource **r;

    value_set_str(a, value_need(a, def, "spec"), "group", "example.com");
    value_set_str(a,
                  value_at(def, "spec.versions.0.schema.openAPIV3Schema.properties.spec."
                                "properties.s"),
                  "default", "it's");
    assert_int_equal(crd_compile(a, def, &r), 1);
    default_object(a, r[0], v);
    assert_string_equal(value_at_str(v, "spec.s"), "it's");
}

TEST(objects_are_checked_against_the_schema)
{
    static const struct {
        const char *spec, *field, *message;
    } cases[] = {
        {"{'a':'x','n':3,'s':'ab1','i':'5%','m':{'q':1}}", NULL, NULL},
        {"{}", "spec.a", "Required value"},
        {"{'a':'z'}", "spec.a", "Unsupported value: \"z\": supported values: \"x\", \"y\""},
        {"{'a':'x','n':4}", "spec.n",
         "Invalid value: 4: spec.n in body should be less than or equal to 3"},
        {"{'a':'x','m':5}", "spec.m",
         "Invalid value: \"integer\": spec.m in body must be of type object: \"integer\""},
        {"{'a':'x','s':'abcd1'}", "spec.s", "Too long: may not be more than 4 bytes"},
        {"{'a':'x','s':'A1'}", "spec.s",
         "Invalid value: \"A1\": spec.s in body should match '^[a-z]+\\d$'"},
        {"{'a':'x','m':{'q':'1'}}", "spec.m.q",
         "Invalid value: \"string\": spec.m.q in body must be of type integer: \"string\""},
        {"{'a':'x','l':[{'k':'1'},{'k':'1','v':'2'}]}", "spec.l[1]",
         "Duplicate value: {\"k\":\"1\"}"},
        {"{'a':'x','i':true}", "spec.i",
         "Invalid value: \"boolean\": spec.i in body must be of type integer,string: \"boolean\""},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    const Resource *r = compiled(a);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Value *v = value_literal(a, "{'metadata':{'name':'w'}}");
        FieldErrs e = {.arena = a};

        value_set(a, v, "spec", value_literal(a, cases[i].spec));
        crd_validate(r, "", v, NULL, &e);
        if (!cases[i].field) {
            assert_int_equal(e.n, 0);
            continue;
        }
        assert_int_equal(e.n, 1);
        assert_string_equal(e.items[0].field, cases[i].field);
        assert_string_equal(e.items[0].message, cases[i].message);
        e.n = 0;
        crd_validate(r, "", v, v, &e); /* what was there before may stay */
        assert_int_equal(e.n, 0);
    }
}

TEST(costly_patterns_are_refused)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *def = value_literal(a, definition), *v;
    FieldErrs e = {.arena = a};
    const Resource **r;

    value_set_str(a,
                  value_at(def, "spec.versions.0.schema.openAPIV3Schema.properties.spec."
                                "properties.s"),
                  "pattern", "^((a{1,200}){1,200}){1,200}$");
    assert_int_equal(crd_compile(a, def, &r), 1);
    v = value_literal(a, "{'metadata':{'name':'w'},'spec':{'a':'x','s':'b'}}");
    crd_validate(r[0], "", v, NULL, &e);
    assert_int_equal(e.n, 0);
}

TEST(versions_are_in_order)
{
    static const char *const order[] = {"v10",     "v2",        "v1",        "v11beta2", "v10beta3",
                                        "v3beta1", "v12alpha1", "v11alpha2", "foo1",     "foo10"};

    for (size_t i = 0; i + 1 < ARRAY_LEN(order); i++) {
        assert_true(crd_compare_versions(order[i], order[i + 1]) < 0);
        assert_true(crd_compare_versions(order[i + 1], order[i]) > 0);
    }
}
