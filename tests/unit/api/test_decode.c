#include "tests/unit/test.h"

#include "api/decode.h"
#include "base/err.h"

typedef struct Row {
    const char *kind, *text, *want; /* want: the object, or the end of the message */
} Row;

static const Resource *resource(const char *kind)
{
    static const char *const groups[][2] = {{"", "v1"},
                                            {"apps", "v1"},
                                            {"coordination.k8s.io", "v1"},
                                            {"rbac.authorization.k8s.io", "v1"},
                                            {"resource.k8s.io", "v1"}};
    const Resource *r = NULL;

    for (size_t i = 0; i < ARRAY_LEN(groups) && !r; i++)
        r = resource_find_kind(groups[i][0], groups[i][1], kind);
    assert_non_null(r);
    return r;
}

static Warnings dups;
static Arena *dup_arena;

static void on_dup(const char *path, void *data UNUSED)
{
    warnings_add(dup_arena, &dups, "%s", path);
}

static int decode(Arena *a, const Row *row, FieldValidation fv, Value **ret, Warnings *w, Err *err)
{
    dups = (Warnings){0};
    dup_arena = a;
    assert_ok(value_parse_strict(a, slice_of(row->text), on_dup, NULL, ret, err));
    return decode_object(a, resource(row->kind), *ret, fv, &dups, w, err);
}

TEST(bodies_become_what_go_would_write)
{
    static const Row rows[] = {
        {"ConfigMap",
         "{\"data\":{\"b\":\"1\",\"a\":\"\"},\"immutable\":false,\"kind\":\"ConfigMap\"}",
         "{\"kind\":\"ConfigMap\",\"metadata\":{},\"immutable\":false,\"data\":{\"a\":\"\",\"b\":"
         "\"1\"}}"},
        {"ConfigMap", "{\"data\":{},\"binaryData\":null,\"odd\":1}",
         "{\"metadata\":{},\"data\":{}}"},
        {"Role", "{\"rules\":[]}", "{\"metadata\":{},\"rules\":[]}"},
        {"Secret", "{\"data\":{\"k\":\"YR==\",\"l\":\"Y\\nQ==\",\"m\":[97]}}",
         "{\"metadata\":{},\"data\":{\"k\":\"YQ==\",\"l\":\"YQ==\",\"m\":\"YQ==\"}}"},
        {"Lease",
         "{\"spec\":{\"renewTime\":\"2001-02-03T04:05:06.000000+01:00\",\"leaseTransitions\":0}}",
         "{\"metadata\":{},\"spec\":{\"renewTime\":\"2001-02-03T03:05:06.000000Z\","
         "\"leaseTransitions\":0}}"},
        {"LimitRange",
         "{\"spec\":{\"limits\":[{\"type\":\"Pod\",\"max\":{\"memory\":1024,\"cpu\":\"0.0001\"}}]}"
         "}",
         "{\"metadata\":{},\"spec\":{\"limits\":[{\"type\":\"Pod\",\"max\":{\"cpu\":\"1m\","
         "\"memory\":\"1024\"}}]}}"},
        {"Deployment", "{\"spec\":{\"replicas\":0,\"paused\":false}}",
         "{\"metadata\":{},\"spec\":{\"replicas\":0,\"selector\":null,\"template\":{\"metadata\":{}"
         ","
         "\"spec\":{\"containers\":null}},\"strategy\":{}},\"status\":{}}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Warnings w = {0};
        Value *v;
        Err err;

        assert_ok(decode(a, &rows[i], FIELDS_IGNORE, &v, &w, &err));
        assert_string_equal(value_to_str(a, v), rows[i].want);
    }
}

TEST(mistakes_are_told_in_gos_words)
{
    static const Row rows[] = {
        {"Pod", "{\"spec\":{\"containers\":\"x\"}}",
         "cannot unmarshal string into Go struct field PodSpec.spec.containers of type "
         "[]v1.Container"},
        {"Pod", "{\"spec\":{\"containers\":[{\"image\":5}]}}",
         "cannot unmarshal number into Go struct field Container.spec.containers.image of type "
         "string"},
        {"Pod", "{\"spec\":{\"terminationGracePeriodSeconds\":1.5}}",
         "cannot unmarshal number 1.5 into Go struct field "
         "PodSpec.spec.terminationGracePeriodSeconds "
         "of type int64"},
        {"Pod", "{\"spec\":[]}",
         "cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec"},
        {"DeviceClass", "{\"spec\":{\"selectors\":{}}}",
         "cannot unmarshal object into Go struct field DeviceClassSpec.spec.selectors of type "
         "[]v1.DeviceSelector"},
        {"Deployment", "{\"spec\":{\"replicas\":3000000000}}",
         "cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of "
         "type "
         "int32"},
        {"ConfigMap", "{\"odd\":1,\"data\":{\"k\":5}}",
         "cannot unmarshal number into Go struct field ConfigMap.data of type string"},
        {"Secret", "{\"data\":{\"k\":\"not base64!\"}}", "illegal base64 data at input byte 3"},
        {"Secret", "{\"data\":{\"k\":\"YQ\"}}", "illegal base64 data at input byte 0"},
        {"Lease", "{\"spec\":{\"renewTime\":\"2001-02-03T04:05:06Z\"}}",
         "cannot parse \"Z\" as \".000000\""},
        {"Event", "{\"firstTimestamp\":\"2001-02-30T04:05:06Z\"}", "day out of range"},
        {"Event", "{\"firstTimestamp\":\"2001-02-03 04:05:06\"}",
         "cannot parse \" 04:05:06\" as \"T\""},
        {"Pod", "{\"spec\":{\"bogus\":1,\"containers\":[{\"name\":\"c\",\"imagee\":1}]}}",
         "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field "
         "\"spec.bogus\", unknown field \"spec.containers[0].imagee\""},
        {"ConfigMap",
         "{\"metadata\":{\"nmae\":\"x\"},\"data\":{\"a\":\"1\",\"a\":\"2\"},\"extra\":1}",
         "strict decoding error: unknown field \"metadata.nmae\", duplicate field \"data.a\", "
         "unknown "
         "field \"extra\""},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Warnings w = {0};
        Value *v;
        Err err;

        assert_fails(decode(a, &rows[i], FIELDS_STRICT, &v, &w, &err), ERR_BAD_REQUEST);
        if (!str_ends(err.msg, rows[i].want))
            assert_string_equal(err.msg, rows[i].want);
    }
}

TEST(warnings_instead_of_strict_errors)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const Row row = {"ConfigMap", "{\"odd\":1,\"data\":{\"a\":\"1\",\"a\":\"2\"}}", NULL};
    Warnings w = {0};
    Value *v;
    Err err;

    assert_ok(decode(a, &row, FIELDS_WARN, &v, &w, &err));
    assert_int_equal(w.n, 2);
    assert_string_equal(w.items[0], "unknown field \"odd\"");
    assert_string_equal(w.items[1], "duplicate field \"data.a\"");
    assert_string_equal(value_to_str(a, v), "{\"metadata\":{},\"data\":{\"a\":\"2\"}}");
}

TEST(other_types_have_no_prefix)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Type *t = type_find("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions");
    Value *v = value_literal(a, "{'gracePeriodSeconds':'x'}");
    Warnings w = {0};
    Err err;

    assert_fails(decode_type(a, t, NULL, NULL, v, FIELDS_IGNORE, NULL, &w, &err), ERR_BAD_REQUEST);
    assert_string_equal(err.msg, "json: cannot unmarshal string into Go struct field "
                                 "DeleteOptions.gracePeriodSeconds of type int64");
}
