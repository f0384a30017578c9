#include "api/crd.h"
#include "api/crd_rules.h"
#include "tests/unit/test.h"

static const Resource *compiled(Arena *a, const char *spec)
{
    Value *v = value_literal(
        a,
        "{'spec':{'group':'example.com','scope':'Namespaced','names':{'plural':'ws','kind':'W'},"
        "'versions':[{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':"
        "'object','properties':{}}}}]}}");
    const Resource **r;

    value_set(a, value_at(v, "spec.versions.0.schema.openAPIV3Schema.properties"), "spec",
              value_literal(a, spec));
    assert_int_equal(crd_compile(a, v, &r), 1);
    return r[0];
}

static Value *object(Arena *a, const char *spec)
{
    Value *v = value_literal(a, "{'metadata':{'name':'w'}}");

    value_set(a, v, "spec", value_literal(a, spec));
    return v;
}

/* A schema of spec, what it is, what it was (NULL: it is new), the mistake (NULL: none). */
static const struct {
    const char *schema, *now, *old, *field, *message;
    bool is_forgiven;
} cases[] = {
    {"{'type':'object','properties':{'a':{'type':'integer'}},'x-kubernetes-validations':[{'rule':"
     "'self.a > 1'}]}",
     "{'a':1}", NULL, "spec", "Invalid value: failed rule: self.a > 1", false},
    {"{'type':'object','properties':{'a':{'type':'integer'}},'x-kubernetes-validations':[{'rule':"
     "'self.a > 1'}]}",
     "{'a':2}", NULL, NULL, NULL, false},
    /* what did not change is forgiven, with a warning */
    {"{'type':'object','properties':{'a':{'type':'integer','x-kubernetes-validations':[{'rule':'"
     "self > "
     "1','message':'more'}]},'b':{'type':'string'}}}",
     "{'a':1,'b':'y'}", "{'a':1,'b':'x'}", "spec.a", "Invalid value: 1: more", true},
    {"{'type':'object','properties':{'a':{'type':'integer','x-kubernetes-validations':[{'rule':'"
     "self > "
     "1','message':'more'}]}}}",
     "{'a':1}", "{'a':0}", "spec.a", "Invalid value: 1: more", false},
    /* transitions */
    {"{'type':'object','properties':{'a':{'type':'integer','x-kubernetes-validations':[{'rule':'"
     "self == "
     "oldSelf'}]}}}",
     "{'a':1}", NULL, NULL, NULL, false},
    {"{'type':'object','properties':{'a':{'type':'integer','x-kubernetes-validations':[{'rule':'"
     "self == "
     "oldSelf'}]}}}",
     "{'a':1}", "{'a':2}", "spec.a", "Invalid value: 1: failed rule: self == oldSelf", false},
    {"{'type':'object','properties':{'a':{'type':'integer','x-kubernetes-validations':[{'rule':"
     "'oldSelf.hasValue() || self == 1','optionalOldSelf':true}]}}}",
     "{'a':2}", NULL, "spec.a", "Invalid value: 2: failed rule: oldSelf.hasValue() || self == 1",
     false},
    /* items are found by their keys */
    {"{'type':'object','properties':{'l':{'type':'array','x-kubernetes-list-type':'map',"
     "'x-kubernetes-list-map-keys':['k'],'items':{'type':'object','properties':{'k':{'type':'"
     "string'},"
     "'v':{'type':'integer','x-kubernetes-validations':[{'rule':'self >= oldSelf'}]}}}}}}",
     "{'l':[{'k':'new','v':0},{'k':'b','v':1},{'k':'a','v':9}]}",
     "{'l':[{'k':'a','v':5},{'k':'b','v':2}]}", "spec.l[1].v",
     "Invalid value: 1: failed rule: self >= oldSelf", false},
    /* reasons, paths, messages */
    {"{'type':'object','properties':{'m':{'type':'object','additionalProperties':{'type':'string'}}"
     "},'x-kubernetes-validations':[{'rule':'false','reason':'FieldValueRequired','fieldPath':"
     "'.m[\\u0027x y\\u0027]','messageExpression':'\\u0027has \\u0027 + string(size(self.m))'}]}",
     "{'m':{'q':'1'}}", NULL, "spec.m[x y]", "Required value: has 1", false},
    {"{'type':'object','properties':{'a':{'type':'integer'}},'x-kubernetes-validations':[{'rule':'"
     "self.a "
     "> 5','message':' plain ','messageExpression':'string(10 / self.a)'}]}",
     "{'a':0}", NULL, "spec", "Invalid value: plain", false},
    {"{'type':'object','properties':{'a':{'type':'integer'}},'x-kubernetes-validations':[{'rule':'"
     "10 / "
     "self.a > 1'}]}",
     "{'a':0}", NULL, "spec",
     "Invalid value: \"object\": division by zero evaluating rule: 10 / self.a > 1", false},
    /* null is no value */
    {"{'type':'object','properties':{'s':{'type':'string','nullable':true,"
     "'x-kubernetes-validations':[{'rule':'self == \\u0027x\\u0027'}]}}}",
     "{'s':null}", NULL, NULL, NULL, false},
};

TEST(rules_are_run)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        FieldErrs forgiven = {.arena = a};
        FieldErrs e = {.arena = a, .forgiven = &forgiven};
        const FieldErrs *has = cases[i].is_forgiven ? &forgiven : &e;

        crd_validate(compiled(a, cases[i].schema), "", object(a, cases[i].now),
                     cases[i].old ? object(a, cases[i].old) : NULL, &e);
        if (e.n + forgiven.n != (cases[i].field ? 1 : 0) || (cases[i].field && has->n != 1))
            fail_msg("case %zu: %u mistakes, %u forgiven%s%s", i, e.n, forgiven.n, e.n ? ": " : "",
                     e.n ? e.items[0].message : "");
        if (!cases[i].field)
            continue;
        assert_string_equal(has->items[0].field, cases[i].field);
        assert_string_equal(has->items[0].message, cases[i].message);
    }
}

TEST(rules_wait_for_a_valid_object)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Resource *r = compiled(a, "{'type':'object','properties':{'a':{'type':'integer'}},"
                                    "'x-kubernetes-validations':[{'rule':'self.a > 1'}]}");
    FieldErrs e = {.arena = a};

    crd_validate(r, "", object(a, "{'a':'x'}"), NULL, &e);
    assert_int_equal(e.n, 2);
    assert_string_equal(e.items[1].field, "<nil>");
    assert_non_null(strstr(e.items[1].message, "some validation rules were not checked"));
}

TEST(rules_have_a_budget)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Resource *r = compiled(
        a, "{'type':'object','properties':{'l':{'type':'array','items':{'type':'integer'}}},"
           "'x-kubernetes-validations':[{'rule':'self.l.all(x, self.l.all(y, x == y))'},{'rule':"
           "'false'}]}");
    Value *v = object(a, "{'l':[]}"), *list = value_at(v, "spec.l");
    FieldErrs e = {.arena = a};

    for (int i = 0; i < 20000; i++)
        value_append(a, list, value_int(a, 1));
    crd_validate(r, "", v, NULL, &e);
    assert_int_equal(e.n, 1);
    assert_non_null(
        strstr(e.items[0].message, "no further validation rules will be run due to call cost"));
}

TEST(paths_lead_to_fields)
{
    static const struct {
        const char *path, *wrong, *text;
    } rows[] = {
        {".a.b", NULL, "a.b"},
        {"['a']['b']", NULL, "a.b"},
        {".m['x.y']", NULL, "m[x.y]"},
        {"['it\\'s']", "does not refer to a valid field", NULL},
        {"a", "expected [ or . but got: a", NULL},
        {".", "unexpected end of JSON path", NULL},
        {".a[0]", "expected single quoted string but got 0", NULL},
        {".a['b'", "unexpected end of JSON path", NULL},
        {".a['\\q']", "invalid string literal: invalid escape char \\q", NULL},
        {".z", "does not refer to a valid field", NULL},
        {".a.b.c", "does not refer to a valid field", NULL},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *schema = value_literal(a, "{'properties':{'a':{'properties':{'b':{'type':'string'}"
                                           "}},'m':{'additionalProperties':{}}}}");

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *text = NULL,
                   *wrong = rules_field_path(a, rows[i].path, schema, true, NULL, &text);

        if (rows[i].wrong)
            assert_string_equal(wrong, rows[i].wrong);
        else
            assert_string_equal(text, rows[i].text);
    }
    assert_string_equal(rules_field_path(a, "['a']", schema, false, NULL, NULL),
                        "array notation is not allowed");
}
