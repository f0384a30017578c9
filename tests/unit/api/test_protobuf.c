#include "api/protobuf.h"

#include "base/err.h"
#include "tests/unit/test.h"

static Slice join(Buf *out, const char *api_version, const char *kind, const char *raw, size_t n)
{
    AUTO_BUF meta = BUF_INIT;

    buf_addf(&meta, "%c%c%s%c%c%s", 0x0a, (int)strlen(api_version), api_version, 0x12,
             (int)strlen(kind), kind);
    buf_add(out, "k8s\0", 4);
    buf_addf(out, "%c%c", 0x0a, (int)meta.len);
    buf_add_slice(out, buf_slice(&meta));
    buf_addf(out, "%c%c", 0x12, (int)n);
    buf_add(out, raw, n);
    return buf_slice(out);
}

#define RAW(s) (s), sizeof(s) - 1

TEST(reads_what_json_would_have_said)
{
    static const struct {
        const char *api_version, *kind, *raw;
        size_t n;
        const char *json;
    } cases[] = {
        /* metadata {name "a", zero namespace, zero creationTimestamp}, data {"x": "y"} */
        {"v1", "ConfigMap",
         RAW("\x0a\x07\x0a\x01"
             "a\x1a\x00\x42\x00\x12\x06\x0a\x01x\x12\x01y"),
         "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"},"
         "\"data\":{\"x\":\"y\"}}"},
        /* Secret data is bytes */
        {"v1", "Secret", RAW("\x12\x06\x0a\x01x\x12\x01y"),
         "{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"data\":{\"x\":\"eQ==\"}}"},
        /* Deployment: spec.replicas is a pointer to 0 */
        {"apps/v1", "Deployment", RAW("\x12\x02\x08\x00"),
         "{\"kind\":\"Deployment\",\"apiVersion\":\"apps/v1\",\"spec\":{\"replicas\":0}}"},
        /* Service port: targetPort int 80, port 0 is left in as Go always writes it */
        {"v1", "Service", RAW("\x12\x08\x0a\x06\x22\x04\x08\x00\x10\x50"),
         "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"spec\":{\"ports\":[{\"targetPort\":80}]}}"},
        /* creationTimestamp 1 s after 1970 */
        {"v1", "ConfigMap", RAW("\x0a\x04\x42\x02\x08\x01"),
         "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"creationTimestamp\":"
         "\"1970-01-01T00:00:01Z\"}}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF body = BUF_INIT;
        Value *v;
        Err err;

        assert_ok(protobuf_decode(
            a, join(&body, cases[i].api_version, cases[i].kind, cases[i].raw, cases[i].n), &v,
            &err));
        assert_string_equal(value_to_str(a, v), cases[i].json);
    }
}

TEST(inlines_volume_sources)
{
    /* spec.volumes[0] {name "v", volumeSource {emptyDir {}}} */
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF body = BUF_INIT;
    Value *v;
    Err err;

    assert_ok(protobuf_decode(
        a, join(&body, "v1", "Pod", RAW("\x12\x09\x0a\x07\x0a\x01v\x12\x02\x12\x00")), &v, &err));
    assert_string_equal(value_to_str(a, value_get(v, "spec")),
                        "{\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}]}");
}

TEST(refuses_what_is_broken)
{
    static const struct {
        const char *api_version, *kind, *raw;
        size_t n;
    } cases[] = {
        {"v1", "Nothing", RAW("")},
        {"v1", "ConfigMap", RAW("\x0a\x7f\x0a")},         /* longer than there is */
        {"v1", "ConfigMap", RAW("\x08\x01")},             /* metadata as a number */
        {"v1", "ConfigMap", RAW("\x0f")},                 /* no such wire type */
        {"v1", "ConfigMap", RAW("\x0a\x02\x42\xff\xff")}, /* an endless length */
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF body = BUF_INIT;
        Value *v;
        Err err;

        assert_fails(protobuf_decode(
                         a,
                         join(&body, cases[i].api_version, cases[i].kind, cases[i].raw, cases[i].n),
                         &v, &err),
                     ERR_BAD_REQUEST);
    }
}

/* A message or string of number `n` below 32, shorter than 128 bytes. */
static void add_bytes(Buf *out, int n, Slice s)
{
    int key = n << 3 | 2;

    if (key > 0x7f)
        buf_addf(out, "%c%c", (key & 0x7f) | 0x80, key >> 7);
    else
        buf_addc(out, (char)key);
    buf_addc(out, (char)s.len);
    buf_add_slice(out, s);
}

static const char *decoded(Arena *a, const char *api_version, const char *kind, Slice raw,
                           const char *path)
{
    AUTO_BUF body = BUF_INIT;
    Value *v;
    Err err;

    assert_ok(protobuf_decode(a, join(&body, api_version, kind, raw.ptr, raw.len), &v, &err));
    return value_to_str(a, value_at(v, path));
}

TEST(inlines_what_is_nested_twice)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF rule = BUF_INIT, with_operations = BUF_INIT, named = BUF_INIT;
    AUTO_BUF match = BUF_INIT, spec = BUF_INIT, raw = BUF_INIT;

    add_bytes(&rule, 1, SLICE("apps"));
    add_bytes(&rule, 2, SLICE("v1"));
    add_bytes(&rule, 3, SLICE("deployments"));
    add_bytes(&rule, 4, SLICE("*"));
    add_bytes(&with_operations, 1, SLICE("CREATE"));
    add_bytes(&with_operations, 2, buf_slice(&rule));
    add_bytes(&named, 1, SLICE("web"));
    add_bytes(&named, 2, buf_slice(&with_operations));
    add_bytes(&match, 3, buf_slice(&named));
    add_bytes(&spec, 2, buf_slice(&match));
    add_bytes(&raw, 2, buf_slice(&spec));
    assert_string_equal(decoded(a, "admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy",
                                buf_slice(&raw), "spec.matchConstraints.resourceRules"),
                        "[{\"resourceNames\":[\"web\"],\"operations\":[\"CREATE\"],\"apiGroups\":"
                        "[\"apps\"],\"apiVersions\":[\"v1\"],\"resources\":[\"deployments\"],"
                        "\"scope\":\"*\"}]");
}

/* `schema` as that of the first version of a definition. */
static const char *decoded_schema(Arena *a, Slice schema)
{
    AUTO_BUF validation = BUF_INIT, version = BUF_INIT, spec = BUF_INIT, raw = BUF_INIT;

    add_bytes(&validation, 1, schema);
    add_bytes(&version, 4, buf_slice(&validation));
    add_bytes(&spec, 7, buf_slice(&version));
    add_bytes(&raw, 2, buf_slice(&spec));
    return decoded(a, "apiextensions.k8s.io/v1", "CustomResourceDefinition", buf_slice(&raw),
                   "spec.versions.0.schema.openAPIV3Schema");
}

TEST(reads_schemas_of_custom_resources)
{
    static const struct {
        const char *raw;
        size_t n;
        const char *json;
    } cases[] = {
        /* x-kubernetes-preserve-unknown-fields, a pointer; -embedded-resource, -int-or-string none
         */
        {RAW("\x2a\x06object\xb0\x02\x01\xb8\x02\x00\xc0\x02\x00"),
         "{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}"},
        {RAW("\xb0\x02\x00"), "{\"x-kubernetes-preserve-unknown-fields\":false}"},
        {RAW("\xca\x02\x01k\xd2\x02\x03map\xda\x02\x06"
             "atomic\xe2\x02\x04\x0a\x02ok"),
         "{\"x-kubernetes-list-map-keys\":[\"k\"],\"x-kubernetes-list-type\":\"map\","
         "\"x-kubernetes-map-type\":\"atomic\",\"x-kubernetes-validations\":[{\"rule\":\"ok\"}]}"},
        {RAW("\x12\x01s\x1a\x01r"), "{\"$schema\":\"s\",\"$ref\":\"r\"}"},
        /* items: one schema, several */
        {RAW("\xc2\x01\x05\x0a\x03\x2a\x01t"), "{\"items\":{\"type\":\"t\"}}"},
        {RAW("\xc2\x01\x0a\x12\x03\x2a\x01t\x12\x03\x2a\x01u"),
         "{\"items\":[{\"type\":\"t\"},{\"type\":\"u\"}]}"},
        /* additionalProperties: true, false, a schema */
        {RAW("\xf2\x01\x02\x08\x01"), "{\"additionalProperties\":true}"},
        {RAW("\xf2\x01\x02\x08\x00"), "{\"additionalProperties\":false}"},
        {RAW("\xf2\x01\x07\x08\x01\x12\x03\x2a\x01t"),
         "{\"additionalProperties\":{\"type\":\"t\"}}"},
        /* dependencies: a schema, names */
        {RAW("\x82\x02\x0a\x0a\x01k\x12\x05\x0a\x03\x2a\x01t"),
         "{\"dependencies\":{\"k\":{\"type\":\"t\"}}}"},
        {RAW("\x82\x02\x0b\x0a\x01k\x12\x06\x12\x01x\x12\x01y"),
         "{\"dependencies\":{\"k\":[\"x\",\"y\"]}}"},
        /* default and enum are JSON text */
        {RAW("\x42\x03\x0a\x01\x35\xa2\x01\x05\x0a\x03\"a\""), "{\"default\":5,\"enum\":[\"a\"]}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();

        assert_string_equal(decoded_schema(a, (Slice){cases[i].raw, cases[i].n}), cases[i].json);
    }
}

enum { MAX_TYPES = 2000 };

typedef struct Seen {
    const Type *types[MAX_TYPES];
    size_t n;
} Seen;

static void check_type(const Type *t, Seen *seen);

static void check_elem(const Field *f, Seen *seen)
{
    while (f->elem)
        f = f->elem;
    if (f->type)
        check_type(f->type, seen);
}

/* Every field but kind and apiVersion of an object has a number, and no two of a type have the
 * same: what has none is lost when a client writes protobuf. */
static void check_type(const Type *t, Seen *seen)
{
    for (size_t i = 0; i < seen->n; i++)
        if (seen->types[i] == t)
            return;
    assert_true(seen->n < MAX_TYPES);
    seen->types[seen->n++] = t;
    for (uint32_t i = 0; i < t->n_fields; i++) {
        const Field *f = &t->fields[i];
        bool is_in_envelope = strcmp(f->name, "kind") == 0 || strcmp(f->name, "apiVersion") == 0;

        if (f->protobuf == 0 && !is_in_envelope)
            fail_msg("%s.%s has no number", t->name, f->name);
        for (uint32_t k = 0; k < i; k++)
            if (f->protobuf != 0 && t->fields[k].protobuf == f->protobuf)
                fail_msg("%s: %s and %s have one number", t->name, t->fields[k].name, f->name);
        check_elem(f, seen);
    }
}

TEST(all_fields_have_numbers_of_their_own)
{
    static Seen seen;
    size_t n;
    const Resource *all = resources_builtin(&n);

    for (size_t i = 0; i < n; i++)
        if (all[i].type)
            check_type(all[i].type, &seen);
    assert_true(seen.n > 500);
}
