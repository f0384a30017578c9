#include "api/selector.h"

#include "base/err.h"
#include "tests/unit/test.h"

#define NAME_RULE                                                                                  \
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "  \
    "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for " \
    "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
#define V64   "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv"
#define KNOWN " is not a known field selector: only \"metadata.name\", \"metadata.namespace\""

static const struct {
    const char *text, *want; /* canonical text, or the error after '#' */
} parses[] = {
    {"", ""},
    {"  ", ""},
    {"b=c,a=b", "a=b,b=c"},
    {"x in (foo,,baz),y,z notin ()", "x in (,baz,foo),y,z notin ()"},
    {"x in (in,notin)", "x in (in,notin)"},
    {"a == b", "a==b"},
    {"a!=b", "a!=b"},
    {"a=", "a="},
    {"a=,b", "a=,b"},
    {"!a", "!a"},
    {"a>5,b<6", "a>5,b<6"},
    {"x in (,)", "x in ()"},
    {"example.com/role=a.b_c-d", "example.com/role=a.b_c-d"},
    {"a=b,", "#found '', expected: identifier after ','"},
    {"a b", "#unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"},
    {"a=b c", "#found 'c', expected: ',' or 'end of string'"},
    {"=a", "#found '=', expected: !, identifier, or 'end of string'"},
    {"a==(", "#unable to parse requirement: found '(', expected: identifier"},
    {"a in b", "#unable to parse requirement: found 'b' expected: '('"},
    {"a in (b c)", "#unable to parse requirement: found 'c', expected: ',' or ')'"},
    {"a in (=", "#unable to parse requirement: found '=', expected: ',', ')' or identifier"},
    {"!=a", "#found '!=', expected: !, identifier, or 'end of string'"},
    {"!a=b", "#found '=', expected: ',' or 'end of string'"},
    {"n>x", "#unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' "
            "operators, the value must be an integer"},
    {"k=" V64, "#unable to parse requirement: values[0][k]: Invalid value: \"" V64
               "\": must be no more than 63 bytes"},
    {V64, "#unable to parse requirement: <nil>: Invalid value: \"" V64
          "\": name part must be no more than 63 bytes"},
    {"_k=v", "#unable to parse requirement: <nil>: Invalid value: \"_k\": " NAME_RULE},
};

TEST(label_selectors_parse_with_the_real_servers_words)
{
    for (size_t i = 0; i < ARRAY_LEN(parses); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF b = BUF_INIT;
        Selector *s = NULL;
        Err err = {0};
        int r = selector_parse_labels(a, parses[i].text, &s, &err);

        if (parses[i].want[0] == '#') {
            assert_string_equal(err.msg, parses[i].want + 1);
            assert_int_equal(r, -ERR_BAD_REQUEST);
            continue;
        }
        assert_ok(r);
        selector_print(s, &b);
        assert_string_equal(buf_str(&b), parses[i].want);
    }
}

static const struct {
    const char *selector, *labels;
    bool matches;
} matches[] = {
    {"", "{}", true},
    {"a=b", "{'a':'b'}", true},
    {"a=b", "{'a':'c'}", false},
    {"a=b", "null", false},
    {"a!=b", "{}", true},
    {"a!=b", "{'a':'b'}", false},
    {"a notin (b,c)", "{}", true},
    {"a notin (b,c)", "{'a':'c'}", false},
    {"a in (b,c)", "{'a':'c'}", true},
    {"a in ()", "{'a':''}", true},
    {"a", "{'a':''}", true},
    {"!a", "{'a':''}", false},
    {"!a,b", "{'b':'x'}", true},
    {"n>6", "{'n':'7'}", true},
    {"n>6", "{'n':'6'}", false},
    {"n<6", "{'n':'5'}", true},
    {"n<6", "{'n':'x'}", false},
    {"n<6", "{}", false},
};

TEST(label_selectors_match)
{
    for (size_t i = 0; i < ARRAY_LEN(matches); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Selector *s;

        assert_ok(selector_parse_labels(a, matches[i].selector, &s, NULL));
        assert_int_equal(selector_match_labels(s, value_literal(a, matches[i].labels)),
                         matches[i].matches);
    }
}

static const struct {
    const char *object, *want; /* canonical text, "none", or the error after '#' */
} objects[] = {
    {"null", "none"},
    {"{}", ""},
    {"{'matchLabels':{'b':'c','a':'b'}}", "a=b,b=c"},
    {"{'matchLabels':{'a':'b'},'matchExpressions':[{'key':'x','operator':'In','values':['2','1']},"
     "{'key':'y','operator':'Exists'},{'key':'z','operator':'DoesNotExist'}]}",
     "a=b,x in (1,2),y,!z"},
    {"{'matchExpressions':[{'key':'x','operator':'Near'}]}",
     "#\"Near\" is not a valid label selector operator"},
    {"{'matchExpressions':[{'key':'x','operator':'In'}]}",
     "#values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty"},
    {"{'matchLabels':{'_k':'" V64 "'}}",
     "#[key: Invalid value: \"_k\": " NAME_RULE ", values[0][_k]: Invalid value: \"" V64
     "\": must be no more than 63 bytes]"},
};

TEST(label_selector_objects)
{
    for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF b = BUF_INIT;
        Selector *s = NULL;
        bool is_none;
        Err err = {0};
        int r = selector_from_value(a, value_literal(a, objects[i].object), &s, &is_none, &err);

        if (objects[i].want[0] == '#') {
            assert_string_equal(err.msg, objects[i].want + 1);
            continue;
        }
        assert_ok(r);
        assert_int_equal(is_none, strcmp(objects[i].want, "none") == 0);
        selector_print(s, &b);
        if (!is_none)
            assert_string_equal(buf_str(&b), objects[i].want);
    }
}

#define POD                                                                                        \
    "{'metadata':{'name':'a','namespace':'n'},'spec':{'nodeName':'w','hostNetwork':true,"          \
    "'serviceAccountName':'s,='},'status':{'phase':'Pending'}}"

static const struct {
    const char *group, *plural, *selector, *object;
    const char *want; /* "yes", "no", or the error after '#' */
} fields[] = {
    {"", "pods", "", POD, "yes"},
    {"", "pods", "metadata.name=a,metadata.namespace=n", POD, "yes"},
    {"", "pods", "metadata.name!=a", POD, "no"},
    {"", "pods", "spec.nodeName=w,status.phase==Pending", POD, "yes"},
    {"", "pods", "spec.nodeName=", POD, "no"},
    {"", "pods", "spec.host=w", POD, "yes"},
    {"", "pods", "spec.hostNetwork=true", POD, "yes"},
    {"", "pods", "spec.hostNetwork=false", POD, "no"},
    {"", "pods", "spec.hostNetwork=false", "{'metadata':{'name':'a'}}", "yes"},
    {"", "pods", "status.podIP=,status.nominatedNodeName=", POD, "yes"},
    {"", "pods", "spec.serviceAccountName=s\\,\\=", POD, "yes"},
    {"", "pods", "spec.priority=1", POD, "#field label not supported: spec.priority"},
    {"", "nodes", "spec.unschedulable=true",
     "{'metadata':{'name':'a'},'spec':{'unschedulable':true}}", "yes"},
    {"", "namespaces", "name=a", POD, "#field label not supported: name"},
    {"", "secrets", "type=Opaque", "{'metadata':{'name':'a'},'type':'Opaque'}", "yes"},
    {"", "events", "involvedObject.kind=Pod,source=c",
     "{'metadata':{'name':'a'},'involvedObject':{'kind':'Pod'},'source':{'component':'c'}}", "yes"},
    {"", "events", "source=c", "{'metadata':{'name':'a'},'reportingComponent':'c'}", "yes"},
    {"", "events", "source=c",
     "{'metadata':{'name':'a'},'source':{'component':''},'reportingComponent':'c'}", "yes"},
    {"", "events", "source=c",
     "{'metadata':{'name':'a'},'source':{'component':'d'},'reportingComponent':'c'}", "no"},
    {"batch", "jobs", "status.successful=2", "{'metadata':{'name':'a'},'status':{'succeeded':2}}",
     "yes"},
    {"batch", "jobs", "x=2", POD, "#field label \"x\" not supported for Job"},
    {"resource.k8s.io", "resourceslices",
     "spec.driver=d,spec.nodeName=", "{'metadata':{'name':'a'},'spec':{'driver':'d'}}", "yes"},
    {"resource.k8s.io", "resourceslices", "spec.pool=x", POD,
     "#field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: spec.pool"},
    {"", "configmaps", "data.k=v", POD, "#\"data.k\"" KNOWN},
    {"", "configmaps", "=x", POD, "#\"\"" KNOWN},
    {"apps", "deployments", "spec.replicas=1", POD, "#\"spec.replicas\"" KNOWN},
    {"", "configmaps", "metadata.name", POD,
     "#invalid selector: 'metadata.name'; can't understand 'metadata.name'"},
    {"", "configmaps", "metadata.name in (a)", POD,
     "#invalid selector: 'metadata.name in (a)'; can't understand 'metadata.name in (a)'"},
    {"", "configmaps", "metadata.name=a\\b", POD,
     "#invalid field selector: invalid escape sequence: \\b"},
    {"", "configmaps", "metadata.name=a\\", POD,
     "#invalid field selector: invalid escape sequence: \\"},
};

TEST(field_selectors)
{
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CLEANUP(obj_unref) Obj *o = NULL;
        const Resource *r =
            resource_find(slice_of(fields[i].group), SLICE("v1"), slice_of(fields[i].plural));
        Selector *s = NULL;
        Err err = {0};

        assert_non_null(r);
        assert_ok(obj_from_value(value_literal(a, fields[i].object), 1, &o, &err));
        if (selector_parse_fields(a, r, fields[i].selector, &s, &err) < 0) {
            assert_string_equal(err.msg, fields[i].want + 1);
            assert_int_equal(err.code, ERR_BAD_REQUEST);
            continue;
        }
        assert_string_equal(selector_match_obj(s, o) ? "yes" : "no", fields[i].want);
    }
}

TEST(selectable_fields_of_custom_resources)
{
    static const char *const selectable[] = {"spec.color", "spec.size", NULL};
    static const Resource r = {.group = "example.com",
                               .version = "v1",
                               .plural = "widgets",
                               .storage = "example.com/widgets",
                               .crd = (const struct Crd *)&r,
                               .selectable_fields = selectable};
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(obj_unref) Obj *o = NULL;
    Selector *s;
    Err err;

    assert_ok(obj_from_value(
        value_literal(a, "{'metadata':{'name':'a'},'spec':{'color':'red','size':3}}"), 1, &o,
        &err));
    assert_ok(selector_parse_fields(a, &r, "spec.color=red,spec.size=3", &s, &err));
    assert_true(selector_match_obj(s, o));
    assert_fails(selector_parse_fields(a, &r, "spec.weight=3", &s, &err), ERR_BAD_REQUEST);
    assert_string_equal(err.msg, "field label not supported: spec.weight");
}

TEST(any_field_selects_for_ourselves_and_can_be_indexed)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const struct {
        const char *object;
        bool is_selected;
    } rows[] = {
        {"{'metadata':{'name':'a'},'spec':{'service':{'name':'web'}}}", true},
        {"{'metadata':{'name':'a'},'spec':{'service':{'name':'db'}}}", false},
        {"{'metadata':{'name':'web'},'spec':{}}", false},
    };
    const Selector *s = selector_of_field(a, "spec.service.name", "web");
    SelectorTerm term;

    assert_true(selector_term(s, &term));
    assert_false(term.is_label);
    assert_string_equal(term.path, "spec.service.name");
    assert_int_equal(term.n_values, 1);
    assert_string_equal(term.values[0], "web");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(obj_unref) Obj *o = NULL;

        assert_ok(obj_from_value(value_literal(a, rows[i].object), 1, &o, NULL));
        assert_int_equal(selector_match_obj(s, o), rows[i].is_selected);
        assert_int_equal(selector_term_value(&term, o, a) &&
                             str_eq(selector_term_value(&term, o, a), "web"),
                         rows[i].is_selected);
    }
}

TEST(exact_values_are_told)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("pods"));
    AUTO_BUF b = BUF_INIT;
    Selector *s;

    assert_ok(selector_parse_fields(a, r, "spec.host=w,metadata.name!=x", &s, NULL));
    assert_string_equal(selector_exact(s, "spec.nodeName"), "w");
    assert_null(selector_exact(s, "metadata.name"));
    assert_ok(selector_parse_fields(a, r, "metadata.name=a\\,b", &s, NULL));
    selector_print(s, &b);
    assert_string_equal(buf_str(&b), "metadata.name=a\\,b");
    assert_ok(selector_parse_labels(a, "k in (v)", &s, NULL));
    assert_string_equal(selector_exact(s, "k"), "v");
    assert_true(selector_is_empty(NULL));
}

TEST(a_term_that_an_index_can_answer_is_found)
{
    static const struct {
        const char *labels, *fields; /* of pods; one of them */
        const char *want;            /* path:values, "" for none */
    } cases[] = {
        {"app=web", NULL, "app:web"},
        {"app in (web,db),tier=x", NULL, "tier:x"},
        {"app in (web,db)", NULL, "app:db,web"},
        {"app==", NULL, "app:"},
        {"app,!x,app!=web,app notin (a),n>5", NULL, ""},
        {"a in (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17)", NULL, ""},
        {NULL, "spec.nodeName=n1", "spec.nodeName:n1"},
        {NULL, "spec.host=n1", "spec.nodeName:n1"},
        {NULL, "metadata.namespace=a,metadata.name=b", "metadata.name:b"},
        {NULL, "metadata.namespace=a", ""},
        {NULL, "spec.nodeName=", ""}, /* also pods without the field */
        {NULL, "spec.nodeName!=n1", ""},
        {NULL, "spec.hostNetwork=true", ""}, /* a boolean in the object */
        {NULL, "status.podIPs=x", ""},       /* no object has it */
    };
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("pods"));

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF b = BUF_INIT;
        Selector *s = NULL;
        SelectorTerm t;

        if (cases[i].labels)
            assert_ok(selector_parse_labels(a, cases[i].labels, &s, NULL));
        else
            assert_ok(selector_parse_fields(a, r, cases[i].fields, &s, NULL));
        if (selector_term(s, &t)) {
            buf_addf(&b, "%s:", t.path);
            for (uint32_t k = 0; k < t.n_values; k++)
                buf_addf(&b, "%s%s", k ? "," : "", t.values[k]);
            assert_int_equal(t.is_label, cases[i].labels != NULL);
        }
        assert_string_equal(buf_str(&b), cases[i].want);
    }
    assert_false(selector_term(NULL, &(SelectorTerm){0}));
}
