/*
 * A definition's schema and objects of it: two lengths (big endian), the schema, the object, and
 * what the object was before.
 */
#include "api/crd.h"
#include "api/decode.h"
#include "base/err.h"
#include "tests/fuzz/fuzz.h"

static const char definition[] =
    "{'metadata':{'name':'widgets.example.com'},'spec':{'group':'example.com','scope':'Namespaced',"
    "'names':{'plural':'widgets','singular':'widget','kind':'Widget','listKind':'WidgetList'},"
    "'versions':[{'name':'v1','served':true,'storage':true,'schema':{},'subresources':{'scale':{"
    "'specReplicasPath':'.spec.n','statusReplicasPath':'.status.n'}}}]},"
    "'status':{'storedVersions':['v1'],'acceptedNames':{'plural':'widgets','kind':'Widget'}}}";

static size_t take_length(const uint8_t **data, size_t *size)
{
    size_t n = 0;

    if (*size < 2)
        return 0;
    n = MIN((size_t)(*data)[0] << 8 | (*data)[1], *size - 2);
    *data += 2, *size -= 2;
    return n;
}

static Value *take_json(Arena *a, const uint8_t **data, size_t *size, size_t n)
{
    Value *v = NULL;

    n = MIN(n, *size);
    if (value_parse(a, (Slice){(const char *)*data, n}, &v, NULL) < 0)
        v = NULL;
    *data += n, *size -= n;
    return v;
}

static void check_object(Arena *a, const Resource *r, Value *v, Value *old)
{
    FieldErrs forgiven = {.arena = a};
    FieldErrs e = {.arena = a, .forgiven = &forgiven};
    Value *again;

    if (!value_is(v, VALUE_OBJECT) || decode_object(a, r, v, FIELDS_WARN, NULL, NULL, NULL) < 0)
        return;
    default_object(a, r, v);
    normalize_object(a, r, v);
    again = value_copy(a, v);
    default_object(a, r, again);
    normalize_object(a, r, again);
    BUG_ON(!value_equal(v, again));
    validate_create(r, v, &e);
    e.n = 0;
    if (value_is(old, VALUE_OBJECT) &&
        decode_object(a, r, old, FIELDS_IGNORE, NULL, NULL, NULL) == 0) {
        validate_update(r, "", v, old, &e);
        validate_update(r, "status", v, old, &e);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Resource *kind = resource_find(SLICE("apiextensions.k8s.io"), SLICE("v1"),
                                         SLICE("customresourcedefinitions"));
    size_t n_schema = take_length(&data, &size), n_object = take_length(&data, &size);
    Value *schema = take_json(a, &data, &size, n_schema), *def = value_literal(a, definition);
    Value *v = take_json(a, &data, &size, n_object), *old = take_json(a, &data, &size, size);
    const Resource **made;
    FieldErrs e = {.arena = a};

    BUG_ON(!kind);
    if (!value_is(schema, VALUE_OBJECT))
        return 0;
    value_set(a, value_at(def, "spec.versions.0.schema"), "openAPIV3Schema", schema);
    if (decode_object(a, kind, def, FIELDS_WARN, NULL, NULL, NULL) < 0)
        return 0;
    default_object(a, kind, def);
    normalize_object(a, kind, def);
    validate_create(kind, def, &e);
    if (crd_compile(a, def, &made) == 1 && e.n == 0)
        check_object(a, made[0], v, old);
    return 0;
}
