#include "api/crd.h"
#include "api/discovery_int.h"

#include <pthread.h>

/* Whole OpenAPI documents and their index. */

static const char *const always[] = {
    "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Status",
    "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta",
    "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
};

/* Of what upstream answers of the groups that it has itself. */
static const char *const always_builtin[] = {
    "io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList",
    "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent",
};

static const char *const bodies[] = {
    /* of subresources */
    "io.k8s.api.autoscaling.v1.Scale",
    "io.k8s.api.policy.v1.Eviction",
    "io.k8s.api.authentication.v1.TokenRequest",
};

static bool has_subresource_kind(const Resource *r, const char *kind)
{
    for (uint32_t i = 0; i < r->n_subresources; i++) {
        if (str_eq(r->subresources[i].kind, kind))
            return true;
    }
    return false;
}

static void add_named(SchemaSet *types, const char *name)
{
    const Type *t = type_find(name);

    if (t)
        schema_set_add(types, t);
}

static void collect(const ResourceSet *set, Slice group, Slice version, bool is_all,
                    SchemaSet *types)
{
    for (size_t i = 0; i < ARRAY_LEN(always); i++)
        add_named(types, always[i]);
    for (size_t i = 0; i < set->n; i++) {
        const Resource *r = set->items[i];

        if (!is_all && !discovery__is_in(r, group, version))
            continue;
        schema_set_add(types, r->type);
        for (size_t k = 0; !r->crd && k < ARRAY_LEN(always_builtin); k++)
            add_named(types, always_builtin[k]);
        for (size_t k = 0; k < ARRAY_LEN(bodies); k++) {
            if (has_subresource_kind(r, strrchr(bodies[k], '.') + 1))
                add_named(types, bodies[k]);
        }
    }
}

static uint64_t hash_version(const ResourceSet *set, Slice group, Slice version)
{
    SchemaSet types = {0};
    uint64_t hash = UINT64_C(14695981039346656039);

    collect(set, group, version, false, &types);
    for (size_t i = 0; i < set->n; i++) {
        const Resource *r = set->items[i];

        if (discovery__is_in(r, group, version))
            hash = (hash ^ (r->crd ? r->crd->schema->hash : 0) ^ r->verbs ^
                    (uint64_t)r->n_subresources << 32) *
                   UINT64_C(1099511628211);
    }
    hash = openapi__hash_types(&types, hash);
    schema_set_done(&types);
    return hash;
}

/* Hashes of the built-in versions, by the index of their first resource; computed once. */
enum { BUILTIN_MAX = 256 };
static uint64_t builtin_hashes[BUILTIN_MAX];
static pthread_once_t builtin_once = PTHREAD_ONCE_INIT;

static void hash_builtins(void)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    ResourceSet set = resource_set_builtin(a, true);

    BUG_ON(set.n > BUILTIN_MAX);
    for (size_t i = 0; i < set.n; i++) {
        if (discovery__is_first_of_version(&set, i))
            builtin_hashes[i] =
                hash_version(&set, slice_of(set.items[i]->group), slice_of(set.items[i]->version));
    }
}

/* Of the version whose first resource is items[first]. */
static uint64_t hash_of(const ResourceSet *set, size_t first)
{
    const Resource *r = set->items[first];
    size_t n_builtin;
    const Resource *builtin = resources_builtin(&n_builtin);
    bool is_custom = r < builtin || r >= builtin + n_builtin;

    for (size_t i = first; i < set->n && !is_custom; i++)
        is_custom = set->items[i]->crd && str_eq(set->items[i]->group, r->group) &&
                    str_eq(set->items[i]->version, r->version);
    if (is_custom)
        return hash_version(set, slice_of(r->group), slice_of(r->version));
    pthread_once(&builtin_once, hash_builtins);
    if (builtin_hashes[r - builtin] == 0) /* the set lacks the first resource */
        return hash_version(set, slice_of(r->group), slice_of(r->version));
    return builtin_hashes[r - builtin];
}

bool openapi_hash(const ResourceSet *set, Slice group, Slice version, char ret_hash[17])
{
    for (size_t i = 0; i < set->n; i++) {
        const Resource *r = set->items[i];

        if (!slice_is(group, r->group) || !slice_is(version, r->version))
            continue;
        (void)snprintf(ret_hash, 17, "%016llX", (unsigned long long)hash_of(set, i));
        return true;
    }
    return false;
}

void openapi_write_index(const ResourceSet *set, Buf *out)
{
    bool is_first = true;
    char gv[256];

    buf_adds(out, "{\"paths\":{");
    for (size_t i = 0; i < set->n; i++) {
        const Resource *r = set->items[i];
        const char *prefix = r->group[0] ? "apis" : "api";

        if (!discovery__is_first_of_version(set, i))
            continue;
        resource_api_version(r, gv);
        buf_addf(out, "%s\"%s/%s\":{\"serverRelativeURL\":\"/openapi/v3/%s/%s?hash=%016llX\"}",
                 is_first ? "" : ",", prefix, gv, prefix, gv, (unsigned long long)hash_of(set, i));
        is_first = false;
    }
    buf_adds(out, "}}\n");
}

bool openapi_write_v3(const ResourceSet *set, Slice group, Slice version, Buf *out)
{
    SchemaSet types = {0};
    size_t i = 0;

    while (i < set->n && !discovery__is_in(set->items[i], group, version))
        i++;
    if (i == set->n)
        return false;
    collect(set, group, version, false, &types);
    buf_adds(out, "{\"openapi\":\"3.0.0\",\"info\":{\"title\":\"Kubernetes\",\"version\":"
                  "\"unversioned\"},\"paths\":{");
    openapi__write_paths(set, group, version, false, out);
    buf_adds(out, "},\"components\":{\"schemas\":{");
    openapi__write_schemas(&types, set, group, version, false, out);
    buf_adds(out, "},\"securitySchemes\":{\"BearerToken\":{\"type\":\"apiKey\",\"description\":"
                  "\"Bearer Token authentication\",\"name\":\"authorization\",\"in\":\"header\"}}}}"
                  "\n");
    schema_set_done(&types);
    return true;
}

void openapi_write_v2(const ResourceSet *set, Buf *out)
{
    SchemaSet types = {0};

    collect(set, SLICE(""), SLICE(""), true, &types);
    buf_adds(out, "{\"swagger\":\"2.0\",\"info\":{\"title\":\"Kubernetes\",\"version\":"
                  "\"unversioned\"},\"paths\":{");
    openapi__write_paths(set, SLICE(""), SLICE(""), true, out);
    buf_adds(out, "},\"definitions\":{");
    openapi__write_schemas(&types, set, SLICE(""), SLICE(""), true, out);
    buf_adds(out, "},\"securityDefinitions\":{\"BearerToken\":{\"type\":\"apiKey\",\"name\":"
                  "\"authorization\",\"in\":\"header\"}}}\n");
    schema_set_done(&types);
}
