#include "api/patch.h"

#include "base/err.h"
#include "tests/unit/test.h"

#define REFUSED "the server rejected our request due to an error in our request"

typedef struct Case {
    const char *object, *patch;
    const char *want; /* the result, or the error after '!' */
    int code;         /* ErrCode with '!' */
} Case;

typedef int (*PatchFn)(Arena *a, const Value *object, const Value *patch, Value **ret, Err *err);

static void run_cases(const Case *cases, size_t n, PatchFn fn)
{
    for (size_t i = 0; i < n; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *object = value_literal(a, cases[i].object), *result;
        char *before = value_to_str(a, object);
        Err err;
        int r = fn(a, object, value_literal(a, cases[i].patch), &result, &err);

        if (cases[i].want[0] == '!') {
            assert_int_equal(r, -cases[i].code);
            assert_string_equal(err.msg, cases[i].want + 1);
        } else {
            if (r < 0)
                print_message("%s\n", err.msg);
            assert_ok(r);
            assert_string_equal(value_to_str(a, result),
                                value_to_str(a, value_literal(a, cases[i].want)));
        }
        assert_string_equal(value_to_str(a, object), before);
    }
}

static const Case json_cases[] = {
    {"{'r':[1,2]}", "[{'op':'add','path':'/r/-','value':3}]", "{'r':[1,2,3]}", 0},
    {"{'r':[1,2]}", "[{'op':'add','path':'/r/0','value':3}]", "{'r':[3,1,2]}", 0},
    {"{'r':[1,2]}", "[{'op':'add','path':'/r/2','value':3}]", "{'r':[1,2,3]}", 0},
    {"{'r':[1,2]}", "[{'op':'add','path':'/r/5','value':3}]", "!" REFUSED, ERR_INVALID},
    {"{'r':[1,2]}", "[{'op':'remove','path':'/r/1'}]", "{'r':[1]}", 0},
    {"{'r':[1,2]}", "[{'op':'remove','path':'/r/x'}]", "!" REFUSED, ERR_INVALID},
    {"{'r':[1,2]}", "[{'op':'replace','path':'/r/-1','value':3}]", "{'r':[1,3]}", 0},
    {"{'d':{'k':1}}", "[{'op':'replace','path':'/d/none','value':2}]", "{'d':{'k':1,'none':2}}", 0},
    {"{'d':{'k':1}}", "[{'op':'remove','path':'/d/none'}]", "!" REFUSED, ERR_INVALID},
    {"{'d':{}}", "[{'op':'add','path':'/m/l/x','value':2}]", "!" REFUSED, ERR_INVALID},
    {"{'d':{'k':1}}", "[{'op':'move','from':'/d/k','path':'/d/m'}]", "{'d':{'m':1}}", 0},
    {"{'d':{}}", "[{'op':'move','from':'/d/k','path':'/d/m'}]", "!" REFUSED, ERR_INVALID},
    {"{'d':{}}", "[{'op':'copy','from':'/d/k','path':'/d/m'}]", "{'d':{'m':null}}", 0},
    {"{'d':{'k':1}}", "[{'op':'test','path':'/d/k','value':1},{'op':'remove','path':'/d/k'}]",
     "{'d':{}}", 0},
    {"{'d':{'k':1}}", "[{'op':'test','path':'/d/k','value':2}]", "!" REFUSED, ERR_INVALID},
    {"{'d':{}}", "[{'op':'test','path':'/d/k','value':null}]", "{'d':{}}", 0},
    {"{'d':{}}", "[{'op':'upsert','path':'/d/k','value':2}]", "!" REFUSED, ERR_INVALID},
    {"{'d':{}}", "[{'op':'add','value':2}]", "!" REFUSED, ERR_INVALID},
    {"{'d':{}}", "[{'op':'add','path':'d','value':2}]", "!" REFUSED, ERR_INVALID},
    {"{'d':{}}", "[{'op':'add','path':'/d/z'}]", "{'d':{'z':null}}", 0},
    {"{'d':{}}", "[{'op':'add','path':'/d/a~1b~0c','value':1}]", "{'d':{'a/b~c':1}}", 0},
    {"{'d':{}}", "[]", "{'d':{}}", 0},
    {"{}", "{'op':'add'}",
     "!error decoding patch: json: cannot unmarshal object into Go value of type "
     "[]handlers.jsonPatchOp",
     ERR_BAD_REQUEST},
};

TEST(json_patch)
{
    run_cases(json_cases, ARRAY_LEN(json_cases), patch_json);
}

static const Case merge_cases[] = {
    {"{'l':{'a':1,'b':2}}", "{'l':{'a':null,'c':3}}", "{'l':{'b':2,'c':3}}", 0},
    {"{'l':1}", "{'x':{'a':null,'b':1}}", "{'l':1,'x':{'b':1}}", 0},
    {"{'l':[1,2]}", "{'l':[3]}", "{'l':[3]}", 0},
    {"{}", "null", "!Invalid JSON Patch", ERR_BAD_REQUEST},
    {"{}", "[1]",
     "!error decoding patch: json: cannot unmarshal array into Go value of type "
     "map[string]interface {}",
     ERR_BAD_REQUEST},
};

TEST(merge_patch)
{
    run_cases(merge_cases, ARRAY_LEN(merge_cases), patch_merge);
}

static int strategic(Arena *a, const Value *object, const Value *patch, Value **ret, Err *err)
{
    return patch_strategic(a, type_find("io.k8s.api.core.v1.PodSpec"), object, value_copy(a, patch),
                           ret, err);
}

static const Case strategic_cases[] = {
    {"{'containers':[{'name':'c','image':'i'},{'name':'d','image':'j'}]}",
     "{'containers':[{'name':'d','image':'x'},{'name':'e','image':'n'}]}",
     "{'containers':[{'name':'c','image':'i'},{'name':'d','image':'x'},{'name':'e','image':'n'}]}",
     0},
    {"{'containers':[{'name':'c'},{'name':'d'}]}",
     "{'containers':[{'name':'c','$patch':'delete'}]}", "{'containers':[{'name':'d'}]}", 0},
    {"{'containers':[{'name':'c'}]}", "{'containers':[{'name':'e'},{'$patch':'replace'}]}",
     "{'containers':[{'name':'e'}]}", 0},
    {"{'nodeSelector':{'a':'1','b':'2'}}", "{'nodeSelector':{'$patch':'replace','c':'3'}}",
     "{'nodeSelector':{'c':'3'}}", 0},
    {"{'nodeSelector':{'a':'1'}}", "{'nodeSelector':{'$patch':'delete'}}", "{'nodeSelector':{}}",
     0},
    {"{'nodeSelector':{'a':'1'},'hostNetwork':true}",
     "{'nodeSelector':{'a':null},'hostNetwork':null}", "{'nodeSelector':{}}", 0},
    /* the order of merged lists, as recorded */
    {"{'containers':[{'name':'c','ports':[{'containerPort':80},{'containerPort':90}]}]}",
     "{'containers':[{'name':'c','ports':[{'containerPort':80,'name':'w'},{'containerPort':100}]}]"
     "}",
     "{'containers':[{'name':'c','ports':[{'containerPort':80,'name':'w'},{'containerPort':100},"
     "{'containerPort':90}]}]}",
     0},
    {"{'containers':[{'name':'c'},{'name':'d'}]}",
     "{'$setElementOrder/containers':[{'name':'d'},{'name':'e'},{'name':'c'}],"
     "'containers':[{'name':'e'}]}",
     "{'containers':[{'name':'d'},{'name':'e'},{'name':'c'}]}", 0},
    {"{'containers':[{'name':'d'},{'name':'c'}]}",
     "{'$setElementOrder/containers':[{'name':'c'},{'name':'d'}]}",
     "{'containers':[{'name':'c'},{'name':'d'}]}", 0},
    {"{'containers':[{'name':'c','image':'i'}]}",
     "{'$setElementOrder/containers':[{'name':'e'}],'containers':[{'name':'c','image':'x'}]}",
     "!The order in patch list:\n[map[image:x name:c]]\n doesn't match $setElementOrder "
     "list:\n[map[name:e]]\n",
     ERR_INTERNAL},
    {"{'tolerations':[{'key':'a'}]}", "{'tolerations':[{'key':'b'}]}",
     "{'tolerations':[{'key':'b'}]}", 0},
    {"{'volumes':[{'name':'v','emptyDir':{}}]}",
     "{'volumes':[{'name':'v','$retainKeys':['name','hostPath'],'hostPath':{'path':'/x'}}]}",
     "{'volumes':[{'name':'v','hostPath':{'path':'/x'}}]}", 0},
    {"{'volumes':[{'name':'v','emptyDir':{}}]}",
     "{'volumes':[{'name':'v','$retainKeys':['name'],'hostPath':{'path':'/x'}}]}",
     "!invalid patch format of retainKeys", ERR_BAD_REQUEST},
    {"{'containers':[{'name':'c'}]}", "{'containers':[{'image':'x'}]}",
     "!map: map[image:x] does not contain declared merge key: name", ERR_INTERNAL},
    {"{'containers':[{'name':'c'}]}", "{'containers':[{'name':'c','$patch':'eat'}]}",
     "!unknown patch type: eat in map: map[$patch:eat name:c]", ERR_INTERNAL},
    {"{'containers':[{'name':'c'}]}", "{'containers':['c']}",
     "!list element types are not identical: [[map[name:c]] [c]]", ERR_INTERNAL},
    {"{}", "{'nodeSelector':{'a':null,'b':'1'}}", "{'nodeSelector':{'b':'1'}}", 0},
    {"{'containers':[{'name':'c','$patch':1}]}", "{'containers':[{'name':'c','$patch':7}]}",
     "!unknown patch type: %!s(int64=7) in map: map[$patch:7 name:c]", ERR_INTERNAL},
    {"{'containers':[{'name':'c'}]}", "{'containers':[['c']]}",
     "!list element types are not identical: [[map[name:c]] [[c]]]", ERR_INTERNAL},
    {"{'containers':[]}", "{'containers':[['c']]}", "!lists of lists are not supported",
     ERR_INVALID},
    /* orders that are none */
    {"{'containers':[{'name':'c'}]}", "{'$setElementOrder/containers':'c'}",
     "!expected a []interface {}, but received a string", ERR_INTERNAL},
    {"{'containers':[{'name':'c'}]}", "{'$setElementOrder':[{'name':'c'}]}",
     "!invalid patch format of setElementOrder list", ERR_BAD_REQUEST},
    {"{}", "{'$setElementOrder/nope':['c']}",
     "!unable to find api field in struct PodSpec for the json field \"nope\"", ERR_INTERNAL},
    {"{'dnsPolicy':'x'}", "{'nodeSelector':{'a':'1'},'$setElementOrder/dnsPolicy':['c']}",
     "!expected a []interface {}, but received a string", ERR_INTERNAL},
    {"{}", "{'$setElementOrder/dnsPolicy':['c']}", "!expected slice or array type, but got: struct",
     ERR_INTERNAL},
    {"{'nodeSelector':{'a':'1'}}", "{'nodeSelector':{'$setElementOrder/a':['c']}}",
     "!expected a []interface {}, but received a string", ERR_INTERNAL},
    {"{'nodeSelector':{'a':'1'}}", "{'nodeSelector':{'$setElementOrder/b':['c']}}",
     "!merging an object in json but data type is not struct, instead is: map", ERR_INTERNAL},
    {"{'containers':[{'name':'c'}]}",
     "{'$setElementOrder/containers':[{'name':'d'}],'containers':[{'image':'x'}]}",
     "!map: map[image:x] does not contain declared merge key: name", ERR_INTERNAL},
    {"{'containers':[{'name':'c'}]}",
     "{'$setElementOrder/containers':['d'],'containers':[{'name':'c'}]}",
     "!expected a map[string]interface {}, but received a string", ERR_INTERNAL},
    {"{'containers':[{'name':'c'}]}", "{'$setElementOrder/containers':['d']}",
     "!value for key 0 is not a map", ERR_INTERNAL},
    {"{'containers':[{'name':'c'}]}", "{'$setElementOrder/containers':[{'name':'c'},'d']}",
     "!expected a map[string]interface {}, but received a string", ERR_INTERNAL},
    {"{'tolerations':[{'key':'a'}]}", "{'$setElementOrder/tolerations':[]}",
     "!map: map[key:a] does not contain declared merge key: ", ERR_INTERNAL},
    {"{'containers':[]}", "{'$setElementOrder/containers':[{'name':'d'}],'containers':[]}",
     "!no elements in any of the given slices", ERR_INTERNAL},
    {"{}",
     "{'$setElementOrder/containers':[{'name':'d'}],'containers':[{'name':'d'},"
     "{'name':'e','$patch':'delete'}]}",
     "{'containers':[{'name':'d'}]}", 0},
    /* what is new loses nulls and $patch, no other directive */
    {"{}", "{'securityContext':{'$retainKeys':['runAsUser'],'runAsUser':1,'fsGroup':null}}",
     "{'securityContext':{'$retainKeys':['runAsUser'],'runAsUser':1}}", 0},
    {"{}", "{'nodeSelector':{'$patch':'replace','a':'1'}}", "{}", 0},
    {"{'volumes':[]}", "{'tolerations':[{'key':'a'},{'$patch':'delete'}]}",
     "{'volumes':[],'tolerations':[{'key':'a'}]}", 0},
};

static int definition(Arena *a, const Value *object, const Value *patch, Value **ret, Err *err)
{
    return patch_strategic(
        a, type_find("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps"),
        object, value_copy(a, patch), ret, err);
}

/* Only structs say how their members are merged. */
static const Case schema_cases[] = {
    {"{'properties':{'a':{'type':'string'}}}", "{'properties':{'b':{'type':'string'}}}",
     "{'properties':{'a':{'type':'string'},'b':{'type':'string'}}}", 0},
    {"{'properties':{'a':{'type':'string'}}}", "{'properties':{'a':{'type':'string'}}}",
     "!merging an object in json but data type is not struct, instead is: map", ERR_INTERNAL},
    {"{'default':{'a':{'b':1},'c':1}}", "{'default':{'a':2,'c':2}}", "{'default':{'a':2,'c':2}}",
     0},
    {"{'default':{'a':{'b':1}}}", "{'default':{'a':{'b':2}}}",
     "!unable to find api field in struct JSON for the json field \"a\"", ERR_INTERNAL},
    {"{'default':{'a':[1]}}", "{'default':{'a':[2]}}",
     "!unable to find api field in struct JSON for the json field \"a\"", ERR_INTERNAL},
};

TEST(strategic_merge_of_what_is_no_struct)
{
    run_cases(schema_cases, ARRAY_LEN(schema_cases), definition);
}

TEST(strategic_merge_patch)
{
    run_cases(strategic_cases, ARRAY_LEN(strategic_cases), strategic);
}

static int meta(Arena *a, const Value *object, const Value *patch, Value **ret, Err *err)
{
    return patch_strategic(a, type_find("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"), object,
                           value_copy(a, patch), ret, err);
}

static const Case scalar_cases[] = {
    {"{'finalizers':['a','b']}", "{'finalizers':['c','b']}", "{'finalizers':['c','a','b']}", 0},
    {"{'finalizers':['a','b']}", "{'$setElementOrder/finalizers':['c','b','a'],'finalizers':['c']}",
     "{'finalizers':['c','b','a']}", 0},
    {"{'finalizers':['a','b']}", "{'$deleteFromPrimitiveList/finalizers':['a']}",
     "{'finalizers':['b']}", 0},
    {"{}", "{'$deleteFromPrimitiveList/finalizers':['a']}", "{}", 0},
    {"{'finalizers':['a']}", "{'finalizers':['a','b','c'],'$setElementOrder/finalizers':[]}",
     "{'finalizers':['c','b','a']}", 0},
    {"{'finalizers':['a']}", "{'$deleteFromPrimitiveList':['a']}",
     "!invalid patch format of primitive list", ERR_BAD_REQUEST},
    {"{'finalizers':['a']}", "{'$deleteFromPrimitiveListX/finalizers':['a']}",
     "!invalid patch format of primitive list", ERR_BAD_REQUEST},
};

TEST(strategic_merge_of_scalars)
{
    run_cases(scalar_cases, ARRAY_LEN(scalar_cases), meta);
}

static const struct {
    const char *type, *last, *live, *wanted, *patch, *result;
} three_way_cases[] = {
    {"io.k8s.api.core.v1.PodSpec",
     "{'containers':[{'name':'a','image':'1'},{'name':'b','image':'1'}],'nodeName':'n'}",
     "{'containers':[{'name':'a','image':'1','imagePullPolicy':'Always'},{'name':'b','image':'1'},"
     "{'name':'s','image':'x'}],'nodeName':'n','dnsPolicy':'D'}",
     "{'containers':[{'name':'a','image':'2'}]}",
     "{'containers':[{'image':'2','name':'a'},{'name':'b','$patch':'delete'}],"
     "'$setElementOrder/containers':[{'name':'a'}],'nodeName':null}",
     "{'containers':[{'name':'a','image':'2','imagePullPolicy':'Always'},"
     "{'name':'s','image':'x'}],'dnsPolicy':'D'}"},
    {"io.k8s.api.core.v1.PodSpec", "{'volumes':[{'name':'v','emptyDir':{}}]}",
     "{'volumes':[{'name':'v','emptyDir':{}}]}",
     "{'volumes':[{'name':'v','hostPath':{'path':'/x'}}]}",
     "{'volumes':[{'emptyDir':null,'name':'v','$retainKeys':['hostPath','name'],"
     "'hostPath':{'path':'/x'}}],'$setElementOrder/volumes':[{'name':'v'}]}",
     "{'volumes':[{'name':'v','hostPath':{'path':'/x'}}]}"},
    {"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", "{'finalizers':['a','b']}",
     "{'finalizers':['a','b','s']}", "{'finalizers':['b','c']}",
     "{'finalizers':['c'],'$deleteFromPrimitiveList/finalizers':['a'],"
     "'$setElementOrder/finalizers':['b','c']}",
     NULL},
    {NULL, "{'a':1,'b':{'c':1,'d':1}}", "{'a':1,'b':{'c':1,'d':1,'e':5},'s':0}",
     "{'b':{'c':2},'n':[1]}", "{'b':{'d':null,'c':2},'a':null,'n':[1]}",
     "{'b':{'c':2,'e':5},'s':0,'n':[1]}"},
    {"io.k8s.api.core.v1.PodSpec", "{'nodeName':'n'}", "{'nodeName':'n','dnsPolicy':'x'}",
     "{'nodeName':'n'}", "{}", "{'nodeName':'n','dnsPolicy':'x'}"},
};

TEST(three_way_patch)
{
    for (size_t i = 0; i < ARRAY_LEN(three_way_cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Type *t = three_way_cases[i].type ? type_find(three_way_cases[i].type) : NULL;
        Value *live = value_literal(a, three_way_cases[i].live);
        Value *want = value_literal(a, three_way_cases[i].patch);
        Value *patch, *result;
        Err err;

        assert_ok(patch_three_way(a, t, value_literal(a, three_way_cases[i].last), live,
                                  value_literal(a, three_way_cases[i].wanted), &patch, &err));
        if (!value_equal(patch, want))
            print_message("case %zu: %s\n", i, value_to_str(a, patch));
        assert_true(value_equal(patch, want));
        if (!three_way_cases[i].result)
            continue;
        if (t)
            assert_ok(patch_strategic(a, t, live, patch, &result, &err));
        else
            assert_ok(patch_merge(a, live, patch, &result, &err));
        if (!value_equal(result, value_literal(a, three_way_cases[i].result)))
            print_message("case %zu: %s\n", i, value_to_str(a, result));
        assert_true(value_equal(result, value_literal(a, three_way_cases[i].result)));
    }
}

TEST(copies_cannot_nest_a_document_without_end)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF object = BUF_INIT;
    AUTO_BUF patch = BUF_INIT;
    Value *parsed, *result;
    Err err;

    buf_adds(&patch, "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"");
    for (int i = 0; i < 600; i++) {
        buf_adds(&object, "{\"a\":");
        buf_adds(&patch, "/a");
    }
    buf_adds(&object, "{}");
    for (int i = 0; i < 600; i++)
        buf_addc(&object, '}');
    buf_adds(&patch, "/b\"}]");
    assert_ok(value_parse(a, buf_slice(&object), &result, &err));
    assert_ok(value_parse(a, buf_slice(&patch), &parsed, &err));
    assert_fails(patch_json(a, result, parsed, &result, &err), ERR_INVALID);
}

/* The words of the library that the real server uses. */
TEST(a_patch_of_a_policy_says_why_it_cannot_be)
{
    static const struct {
        const char *patch, *why;
    } rows[] = {
        {"[{'op':'add','path':'/x/y/z','value':1}]",
         "add operation does not apply: doc is missing path: \"/x/y/z\": missing value"},
        {"[{'op':'add','path':'/list/7','value':1}]",
         "error in add for path: '/list/7': Unable to access invalid index: 7: invalid index "
         "referenced"},
        {"[{'op':'add','path':'/list/x','value':1}]",
         "error in add for path: '/list/x': value was not a proper array index: 'x': "
         "strconv.Atoi: parsing \"x\": invalid syntax"},
        {"[{'op':'remove','path':'/no'}]",
         "error in remove for path: '/no': Unable to remove nonexistent key: no: missing value"},
        {"[{'op':'replace','path':'/list/4','value':1}]",
         "replace operation does not apply: doc is missing key: /list/4: missing value"},
        {"[{'op':'replace','path':'/no/no','value':1}]",
         "replace operation does not apply: doc is missing path: /no/no: missing value"},
        {"[{'op':'test','path':'/a','value':2}]", "testing value /a failed: test failed"},
        {"[{'op':'test','path':'/no/no','value':2}]",
         "test operation does not apply: is missing path: /no/no: missing value"},
        {"[{'op':'move','path':'/b','from':'/no/no'}]",
         "move operation does not apply: doc is missing from path: /no/no: missing value"},
        {"[{'op':'copy','path':'/no/no','from':'/a'}]",
         "copy operation does not apply: doc is missing destination path: /no/no: missing value"},
        {"[{'op':'jump','path':'/a'}]", "Unexpected kind: jump"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *v = value_literal(a, "{'a':1,'list':[1,2]}");

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *why = NULL;
        Value *out = NULL;
        Err err;

        assert_fails(patch_json_why(a, v, value_literal(a, rows[i].patch), &out, &why, &err),
                     ERR_INVALID);
        assert_string_equal(why, rows[i].why);
        assert_int_equal(patch_is_failed_test(why), strstr(rows[i].patch, "test") != NULL &&
                                                        strstr(rows[i].patch, "/a") != NULL);
    }
}

/* What upstream's messages show of a patch: what the merge has left of it, as Go prints a map. */
TEST(a_patch_is_used_up)
{
    static const struct {
        const char *object, *patch, *left;
    } rows[] = {
        {"{}", "{'nodeName':'n','priority':1.50,'hostNetwork':true,'hostname':null}",
         "map[hostNetwork:true hostname:<nil> nodeName:n priority:1.5]"},
        {"{}", "{'nodeSelector':{'a':null,'b':1e6}}", "map[nodeSelector:map[b:1e+06]]"},
        {"{'containers':[{'name':'c'}]}",
         "{'$setElementOrder/containers':[{'name':'c'}],'containers':[{'name':'c','image':1}],"
         "'priority':9223372036854775808}",
         "map[priority:9.223372036854776e+18]"},
        {"{'volumes':[{'name':'v'}]}",
         "{'volumes':[{'name':'v','$retainKeys':['name','x'],'x':1}]}",
         "map[volumes:[map[name:v x:1]]]"},
    };
    const Type *t = type_find("io.k8s.api.core.v1.PodSpec");

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *patch = value_literal(a, rows[i].patch), *result;
        Err err;

        assert_ok(patch_strategic(a, t, value_literal(a, rows[i].object), patch, &result, &err));
        assert_string_equal(patch_go_text(a, patch), rows[i].left);
    }
}
