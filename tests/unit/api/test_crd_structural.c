#include "api/crd.h"
#include "api/decode.h"
#include "base/err.h"
#include "tests/unit/test.h"

static Value *definition(Arena *a, const char *schema)
{
    Value *v = value_literal(
        a,
        "{'metadata':{'name':'ws.example.com'},'spec':{'group':'example.com','scope':'Namespaced',"
        "'names':{'plural':'ws','singular':'w','kind':'W','listKind':'WList'},'versions':[{'name':"
        "'v1','served':true,'storage':true,'schema':{}}]},'status':{'storedVersions':['v1']}}");

    value_set_at(a, value_at(v, "spec.versions.0"), "schema.openAPIV3Schema",
                 value_literal(a, schema));
    return v;
}

static void judge(Arena *a, const char *schema, FieldErrs *e)
{
    const Resource *r = resource_find(SLICE("apiextensions.k8s.io"), SLICE("v1"),
                                      SLICE("customresourcedefinitions"));
    Value *v = definition(a, schema);

    *e = (FieldErrs){.arena = a};
    assert_ok(decode_object(a, r, v, FIELDS_IGNORE, NULL, NULL, NULL));
    default_object(a, r, v);
    validate_create(r, v, e);
}

#define AT(path) "spec.validation.openAPIV3Schema" path

/* A schema, and its first mistake. */
static const struct {
    const char *schema, *field, *message;
} cases[] = {
    {"{'type':'object'}", NULL, NULL},
    {"{}", AT(".type"), "Required value: must not be empty at the root"},
    {"{'type':'array','items':{'type':'string'}}", AT(".type"),
     "Invalid value: \"array\": must be object at the root"},
    {"{'type':'object','nullable':true}", AT(".nullable"),
     "Forbidden: nullable cannot be true at the root"},
    {"{'type':'object','properties':{'a':{}}}", AT(".properties[a].type"),
     "Required value: must not be empty for specified object fields"},
    {"{'type':'object','properties':{'a':{'x-kubernetes-preserve-unknown-fields':true}}}", NULL,
     NULL},
    {"{'type':'object','properties':{'a':{'x-kubernetes-int-or-string':true,'anyOf':[{'type':"
     "'integer'},{'type':'string'}]}}}",
     NULL, NULL},
    {"{'type':'object','properties':{'a':{'x-kubernetes-int-or-string':true,'allOf':[{'anyOf':[{"
     "'type':'integer'},{'type':'string'}]},{'pattern':'x'}]}}}",
     NULL, NULL},
    {"{'type':'object','properties':{'a':{'x-kubernetes-int-or-string':true,'anyOf':[{'type':"
     "'string'},{'type':'integer'}]}}}",
     AT(".properties[a].anyOf[0].type"), "Forbidden: must be empty to be structural"},
    {"{'type':'object','properties':{'a':{'type':'string','pattern':'(?=x)'}}}",
     AT(".properties[a].pattern"),
     "Invalid value: \"(?=x)\": must be a valid regular expression, but isn't: error parsing "
     "regexp: "
     "invalid or unsupported Perl syntax: `(?=`"},
    {"{'type':'object','not':{'properties':{'metadata':{}}}}", AT(".not.properties[metadata]"),
     "Forbidden: must not be specified in a nested context"},
    {"{'type':'object','oneOf':[{'properties':{'b':{'minLength':1}}}]}", AT(".properties[b]"),
     "Required value: because it is defined in spec.validation.openAPIV3Schema.oneOf[0]."
     "properties[b]"},
    {"{'type':'object','properties':{'metadata':{'type':'object','properties':{'name':{'type':"
     "'string'},'labels':{'type':'object'}}}}}",
     AT(".properties[metadata]"),
     "Forbidden: must not specify anything other than name and generateName, but metadata is "
     "implicitly specified"},
    {"{'type':'object','properties':{'metadata':{'type':'object','properties':{'name':{'type':"
     "'string','maxLength':5}}}}}",
     NULL, NULL},
    {"{'type':'object','properties':{'a':{'type':'array','items':{'type':'object','properties':{'k'"
     ":{"
     "'type':'string'}}},'x-kubernetes-list-type':'map'}}}",
     AT(".properties[a].x-kubernetes-list-map-keys"),
     "Required value: must not be empty if x-kubernetes-list-type is map"},
    {"{'type':'object','properties':{'a':{'type':'string','x-kubernetes-list-type':'set'}}}",
     AT(".properties[a].type"),
     "Invalid value: \"string\": must be array if x-kubernetes-list-type is specified"},
    {"{'type':'object','properties':{'a':{'type':'array','items':{'type':'object'},"
     "'x-kubernetes-list-type':'set'}}}",
     AT(".properties[a].items.x-kubernetes-map-type"),
     "Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set"},
    {"{'type':'object','properties':{'definitions':{'type':'object'},'id':{'type':'string'}}}",
     NULL, NULL},
    {"{'type':'object','properties':{'a':{'type':'string','id':'x'}}}", AT(".properties[a].id"),
     "Forbidden: id is not supported"},
    {"{'type':'object','properties':{'a':{'type':'string','$schema':'x'}}}", AT(""),
     "Invalid value: \"\": OpenAPIV3Schema 'schema' is not supported"},
    /* defaults */
    {"{'type':'object','properties':{'a':{'type':'integer','default':'x'}}}",
     AT(".properties[a].default"),
     "Invalid value: \"string\":  in body must be of type integer: \"string\""},
    {"{'type':'object','properties':{'a':{'type':'object','properties':{'b':{'type':'string'}},"
     "'default':{'c':1}}}}",
     AT(".properties[a].default"), "Invalid value: {\"c\":1}: must not have unknown fields"},
    {"{'type':'object','properties':{'a':{'type':'object','additionalProperties':{'type':'integer'}"
     ","
     "'default':{'c':'x'}}}}",
     AT(".properties[a].default.c"),
     "Invalid value: \"string\": .c in body must be of type integer: \"string\""},
    {"{'type':'object','properties':{'kind':{'type':'string','default':'W'}}}",
     AT(".properties[kind].default"), "Forbidden: must not be set in top-level kind"},
    {"{'type':'object','properties':{'e':{'type':'object','x-kubernetes-embedded-resource':true,"
     "'properties':{'metadata':{'type':'object','properties':{'name':{'type':'string','default':"
     "'a/b'}}}}}}}",
     AT(".properties[e].properties[metadata].properties[name].default"),
     "Invalid value: \"a/b\": must result in valid metadata: metadata.name: Invalid value: "
     "\"a/b\": may "
     "not contain '/'"},
    {"{'type':'object','properties':{'a':{'type':'string','maxLength':5,'default':'abc',"
     "'x-kubernetes-validations':[{'rule':'self.size() > 3'}]}}}",
     AT(".properties[a].default"), "Invalid value: \"abc\": failed rule: self.size() > 3"},
    {"{'type':'object','properties':{'a':{'type':'object','default':{'b':1},'properties':{'b':"
     "{'type':'integer','x-kubernetes-validations':[{'rule':'self > 1','message':'too "
     "small'}]}}}}}",
     AT(".properties[a].default.b"), "Invalid value: 1: too small"},
    {"{'type':'object','properties':{'a':{'type':'integer','default':1,"
     "'x-kubernetes-validations':[{'rule':'self != oldSelf','message':'must change'}]}}}",
     AT(".properties[a].default"), "Invalid value: 1: must change"},
    {"{'type':'object','properties':{'a':{'type':'integer','default':1,'x-kubernetes-validations':"
     "[{'rule':'oldSelf.hasValue()','optionalOldSelf':true,'message':'not new'}]}}}",
     AT(".properties[a].default"), "Invalid value: 1: not new"},
    {"{'type':'object','properties':{'a':{'type':'integer','default':3,"
     "'x-kubernetes-validations':[{'rule':'self > 1'}]}}}",
     NULL, NULL},
    /* rules */
    {"{'type':'object','x-kubernetes-validations':[{'rule':' '}]}",
     AT(".x-kubernetes-validations[0].rule"), "Required value: rule is not specified"},
    {"{'type':'object','x-kubernetes-validations':[{'rule':'self.a ==\\n 1'}]}",
     AT(".x-kubernetes-validations[0].message"),
     "Required value: message must be specified if rule contains line breaks"},
    {"{'type':'object','properties':{'a':{'type':'string','x-kubernetes-validations':[{'rule':'"
     "self'"
     "}]}}}",
     AT(".properties[a].x-kubernetes-validations[0].rule"),
     "Invalid value: "
     "{\"Rule\":\"self\",\"Message\":\"\",\"MessageExpression\":\"\",\"Reason\":null,"
     "\"FieldPath\":\"\",\"OptionalOldSelf\":null}: cel expression must evaluate to a bool"},
    {"{'type':'object','properties':{'a':{'type':'array','items':{'type':'string',"
     "'x-kubernetes-validations':[{'rule':'self == oldSelf'}]}}}}",
     AT(".properties[a].items.x-kubernetes-validations[0].rule"),
     "Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying "
     "the "
     "rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are "
     "declared)"},
    {"{'type':'object','properties':{'a':{'type':'array','items':{'type':'string','maxLength':9,"
     "'x-kubernetes-validations':[{'rule':'self == oldSelf'}]},'maxItems':3}}}",
     AT(".properties[a].items.x-kubernetes-validations[0].rule"),
     "Invalid value: \"self == oldSelf\": oldSelf cannot be used on the uncorrelatable portion of "
     "the "
     "schema within spec.validation.openAPIV3Schema.properties[a]"},
};

TEST(schemas_are_judged_as_upstream_does)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        FieldErrs e;

        judge(a, cases[i].schema, &e);
        if (!cases[i].field) {
            if (e.n > 0)
                fail_msg("%s: %s: %s", cases[i].schema, e.items[0].field, e.items[0].message);
            continue;
        }
        if (e.n == 0)
            fail_msg("%s was taken", cases[i].schema);
        assert_string_equal(e.items[0].field, cases[i].field);
        assert_string_equal(e.items[0].message, cases[i].message);
    }
}

/* ---- limits ---- */

static char *repeated(Arena *a, const char *head, const char *fmt, int n, const char *tail)
{
    AUTO_BUF out = BUF_INIT;

    buf_adds(&out, head);
    for (int i = 0; i < n; i++)
        buf_addf(&out, "%s'p%d':%s", i > 0 ? "," : "", i, fmt);
    buf_adds(&out, tail);
    return arena_strdup(a, buf_str(&out));
}

TEST(hostile_schemas_are_refused_or_cheap)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF deep = BUF_INIT;
    clock_t from = clock();
    FieldErrs e;

    judge(a, repeated(a, "{'type':'object','properties':{", "{'type':'string'}", 70000, "}}"), &e);
    assert_int_equal(e.n, 1);
    assert_string_equal(e.items[0].message, "Forbidden: the schema is too large");
    judge(a, repeated(a, "{'type':'object','properties':{", "{'type':'string'}", 20000, "}}"), &e);
    assert_int_equal(e.n, 0);
    judge(a,
          repeated(a, "{'type':'object','properties':{",
                   "{'type':'string','pattern':'([a-z]{1,99}[0-9]{1,99}){1,9}x{1000}'}", 9000,
                   "}}"),
          &e);
    assert_string_equal(e.items[0].message, "Forbidden: the schema is too large");
    for (int i = 0; i < 400; i++)
        buf_adds(&deep, "{'type':'object','properties':{'a':");
    buf_adds(&deep, "{'type':'string'}");
    for (int i = 0; i < 400; i++)
        buf_adds(&deep, "}}");
    judge(a, buf_str(&deep), &e);
    assert_int_equal(e.n, 0);
    assert_true(clock() - from < 20 * CLOCKS_PER_SEC);
}

TEST(hostile_objects_are_cheap)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *def = definition(
        a, "{'type':'object','properties':{'l':{'type':'array','items':{'type':'string','anyOf':[{"
           "'pattern':'^(a|b)+$'},{'pattern':'c{900}d{900}'},{'minLength':9999999}]}}}}");
    Value *v = value_literal(a, "{'metadata':{'name':'w'}}"), *list = value_array(a);
    clock_t from = clock();
    FieldErrs e = {.arena = a};
    char text[201];
    const Resource **r;

    memset(text, 'c', 200);
    text[200] = '\0';
    for (int i = 0; i < 10000; i++)
        value_append(a, list, value_str(a, text));
    value_set(a, v, "l", list);
    assert_int_equal(crd_compile(a, def, &r), 1);
    crd_validate(r[0], "", v, NULL, &e);
    assert_true(e.n > 0);
    assert_true(arena_used(a) < 64u << 20);
    assert_true(clock() - from < 20 * CLOCKS_PER_SEC);
}
