/*
 * Patches as they come and what is answered: bodies that are none, faults that a strict reader
 * finds in the patch or in what it makes of an object, names and namespaces that do not fit.
 */
#include "tests/unit/vcluster/loopback.h"

#define CM "/api/v1/namespaces/default/configmaps"

static const char json[] = "application/json-patch+json", merge[] = "application/merge-patch+json",
                  smp[] = "application/strategic-merge-patch+json",
                  apply_yaml[] = "application/apply-patch+yaml";

typedef struct Row {
    const char *type, *query, *body;
    int status;
    const char *message; /* the end of it */
} Row;

static void patch_rows(const char *path, const Row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Answer r =
            call_as(a, &admin, "host", "PATCH", path, rows[i].query, rows[i].type, rows[i].body);

        if (r.status != rows[i].status || !str_ends(message(&r), rows[i].message))
            fail_msg("row %zu: %d %s", i, r.status, message(&r));
    }
}

static void make(const char *name)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r =
        call(a, "host", "POST", CM,
             arena_printf(a, "{\"metadata\":{\"name\":\"%s\"},\"data\":{\"k\":\"v\"}}", name));

    assert_int_equal(r.status, 201);
}

#define REFUSED "the server rejected our request due to an error in our request"

TEST(bodies_that_are_no_patch)
{
    static const Row rows[] = {
        {json, "", "{}", 400,
         "error decoding patch: json: cannot unmarshal object into Go value of type "
         "[]handlers.jsonPatchOp"},
        {json, "", "[1]", 400,
         "error decoding patch: json: cannot unmarshal number into Go value of type "
         "handlers.jsonPatchOp"},
        {json, "", "[null]", 422, REFUSED},
        {json, "", "null", 200, ""},
        {json, "fieldValidation=Ignore", "{}", 400,
         "json: cannot unmarshal object into Go value of type jsonpatch.Patch"},
        {json, "fieldValidation=Ignore", "[\"a\"]", 400,
         "json: cannot unmarshal string into Go value of type jsonpatch.Operation"},
        {json, "fieldValidation=Ignore", "[", 400, "unexpected end of JSON input"},
        {merge, "", "[]", 400,
         "error decoding patch: json: cannot unmarshal array into Go value of type "
         "map[string]interface {}"},
        {merge, "fieldValidation=Ignore", "5", 400, "Invalid JSON Patch"},
        {merge, "fieldValidation=Ignore", "{", 400, "Invalid JSON Patch"},
        {smp, "", "[]", 400,
         "json: cannot unmarshal array into Go value of type map[string]interface {}"},
        {smp, "", "{", 400, "unexpected end of JSON input"},
        {smp, "", "null", 200, ""},
        {apply_yaml, "fieldManager=m", "[]", 400,
         "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot "
         "unmarshal "
         "array into Go value of type map[string]interface {}"},
        {apply_yaml, "fieldManager=m", "{apiVersion: a/b/c, kind: ConfigMap}", 400,
         "invalid object type: /, Kind="},
        {apply_yaml, "fieldManager=m", "{apiVersion: v2, kind: ConfigMap}", 400,
         "invalid object type: /v2, Kind=ConfigMap"},
    };

    make("no-patch");
    patch_rows(CM "/no-patch", rows, ARRAY_LEN(rows));
}

TEST(faults_of_the_patch_stand_before_those_of_the_result)
{
    static const char strict[] = "fieldValidation=Strict";
    static const Row rows[] = {
        {json, strict, "[{\"op\":\"add\",\"path\":\"/data/b\",\"value\":\"1\",\"why\":1}]", 422,
         ": strict decoding error: json patch unknown field \"[0].why\""},
        {json, strict,
         "[{\"op\":\"test\",\"path\":\"/"
         "kind\",\"value\":\"ConfigMap\"},{\"op\":\"add\",\"path\":\"/"
         "odd\",\"value\":\"1\",\"value\":\"2\"}]",
         422,
         ": strict decoding error: json patch duplicate field \"[1].value\", unknown field "
         "\"odd\""},
        {json, "", "[{\"op\":\"add\",\"path\":\"/odd\",\"value\":\"1\",\"why\":1}]", 200, ""},
        {merge, strict, "{\"data\":{\"k\":\"1\",\"k\":\"2\"},\"odd\":1}", 422,
         ": strict decoding error: duplicate field \"data.k\", unknown field \"odd\""},
        {smp, strict, "{\"data\":{\"k\":\"1\",\"k\":\"2\"}}", 422,
         "patch: Invalid value: \"map[data:map[k:2]]\": strict decoding error: duplicate field "
         "\"data.k\""},
        {merge, strict, "{\"data\":{\"k\":1,\"k\":2}}", 422,
         ": json: cannot unmarshal number into Go struct field ConfigMap.data of type string"},
    };

    make("faults");
    patch_rows(CM "/faults", rows, ARRAY_LEN(rows));
}

/* A merge makes JSON that is read as any is, a strategic one a map that becomes an object. */
TEST(results_that_are_no_object_of_the_kind)
{
    static const Row rows[] = {
        {merge, "fieldValidation=Ignore", "[1]", 422,
         "couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value "
         "of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string "
         "\"json:\\\"kind,omitempty\\\"\" }"},
        {merge, "", "{\"kind\":1}", 422,
         "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go "
         "struct field .kind of type string"},
        {merge, "", "{\"kind\":\"Secret\"}", 422,
         "converting (v1.Secret) to (core.ConfigMap): unknown conversion"},
        {json, "", "[{\"op\":\"replace\",\"path\":\"/kind\",\"value\":\"Odd\"}]", 422,
         "no kind \"Odd\" is registered for version \"v1\" in scheme "
         "\"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\""},
        {smp, "", "{\"kind\":1}", 422,
         " \"\" is invalid: patch: Invalid value: \"map[kind:1]\": cannot convert int64 to string"},
        {smp, "", "{\"kind\":\"Secret\"}", 200, ""},
        {smp, "", "{\"data\":{\"k\":[\"x\"]}}", 422,
         " \"\" is invalid: patch: Invalid value: \"map[data:map[k:[x]]]\": unrecognized type: "
         "string"},
        {smp, "", "{\"$setElementOrder/odd\":[]}", 500,
         "unable to find api field in struct ConfigMap for the json field \"odd\""},
        {smp, "fieldValidation=Strict", "{\"z\":1,\"b\":{\"$patch\":\"delete\"},\"c\":null}", 422,
         "strict decoding error: unknown field \"z\""},
    };

    make("results");
    patch_rows(CM "/results", rows, ARRAY_LEN(rows));
}

/* When neither fits, the namespace is told first. */
TEST(a_patch_moves_no_object)
{
    static const char space[] =
        "the namespace of the provided object does not match the namespace sent on the request";
    static const Row rows[] = {
        {merge, "", "{\"metadata\":{\"name\":\"b\"}}", 400,
         "the name of the object (b) does not match the name on the URL (moved)"},
        {merge, "", "{\"metadata\":{\"name\":\"b\",\"namespace\":\"kube-system\"}}", 400, space},
        {apply_yaml, "fieldManager=m",
         "{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: kube-system}}", 400,
         space},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    make("moved");
    patch_rows(CM "/moved", rows, ARRAY_LEN(rows));
    r = call(a, "host", "PUT", CM "/moved",
             "{\"metadata\":{\"name\":\"b\",\"namespace\":\"kube-system\"}}");
    assert_int_equal(r.status, 400);
    assert_string_equal(message(&r), space);
}
