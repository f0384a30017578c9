#include "api/kind.h"

#include "api/gen/gen.h"

#include <string.h>

/* Slice against C string, in the order of strcmp(). Names differ early. */
static int cmp(Slice a, const char *b)
{
    for (size_t i = 0; i < a.len; i++)
        if (a.ptr[i] != b[i])
            return (unsigned char)a.ptr[i] - (unsigned char)b[i];
    return b[a.len] == '\0' ? 0 : -1;
}

const Field *type_field(const Type *t, Slice name)
{
    uint32_t lo = 0, hi;

    if (!t || memchr(name.ptr ? name.ptr : "", '\0', name.len))
        return NULL;
    if (!t->by_name) {
        for (uint32_t i = 0; i < t->n_fields; i++)
            if (slice_is(name, t->fields[i].name))
                return &t->fields[i];
        return NULL;
    }
    for (hi = t->n_fields; lo < hi;) {
        uint32_t mid = (lo + hi) / 2;
        const Field *f = &t->fields[t->by_name[mid]];
        int r = cmp(name, f->name);

        if (r == 0)
            return f;
        if (r < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

const Type *type_find(const char *name)
{
    size_t lo = 0, hi = gen_n_types;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int r = strcmp(name, gen_types[mid].name);

        if (r == 0)
            return &gen_types[mid];
        if (r < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

const char *verb_name(Verb v)
{
    static const char *const names[VERB_MAX_] = {
        [VERB_GET] = "get",       [VERB_LIST] = "list",
        [VERB_WATCH] = "watch",   [VERB_CREATE] = "create",
        [VERB_UPDATE] = "update", [VERB_PATCH] = "patch",
        [VERB_DELETE] = "delete", [VERB_DELETE_COLLECTION] = "deletecollection",
    };

    return (unsigned)v < VERB_MAX_ ? names[v] : "";
}

const Resource *resources_builtin(size_t *ret_n)
{
    *ret_n = gen_n_resources;
    return gen_resources;
}

/* First by the name (plural or kind), then by group and version, as the indexes are sorted. */
static const Resource *find(const uint16_t *index, bool by_kind, Slice name, Slice group,
                            Slice version)
{
    size_t lo = 0, hi = gen_n_resources;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        const Resource *r = &gen_resources[index[mid]];
        int c = cmp(name, by_kind ? r->kind : r->plural);

        if (c == 0)
            c = cmp(group, r->group);
        if (c == 0)
            c = cmp(version, r->version);
        if (c == 0)
            return r;
        if (c < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

const Resource *resource_find(Slice group, Slice version, Slice plural)
{
    return find(gen_resources_by_plural, false, plural, group, version);
}

const Resource *resource_find_kind(const char *group, const char *version, const char *kind)
{
    return find(gen_resources_by_kind, true, slice_of(kind), slice_of(group), slice_of(version));
}

const Resource *resource_find_storage(const char *storage)
{
    const char *slash = strchr(storage, '/');
    const char *plural = slash ? slash + 1 : storage;
    size_t lo = 0, hi = gen_n_resources;
    const Resource *best = NULL;

    while (lo < hi) { /* the first row of this plural */
        size_t mid = (lo + hi) / 2;

        if (strcmp(gen_resources[gen_resources_by_plural[mid]].plural, plural) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < gen_n_resources; lo++) {
        const Resource *r = &gen_resources[gen_resources_by_plural[lo]];

        if (strcmp(r->plural, plural) != 0)
            break;
        /* discovery order puts the preferred version first */
        if (strcmp(r->storage, storage) == 0 && (!best || r < best))
            best = r;
    }
    return best;
}

bool resource_answers_deleted(const Resource *r)
{
    static const char *const storages[] = {
        "persistentvolumeclaims",
        "persistentvolumes",
        "pods",
        "podtemplates",
        "resource/deviceclasses",
        "resource/resourceclaims",
        "resource/resourceclaimtemplates",
        "resource/resourceslices",
        "resourcequotas",
        "serviceaccounts",
        "services",
        "storage/csidrivers",
        "storage/csinodes",
        "storage/storageclasses",
        "storage/volumeattachments",
        "storage/volumeattributesclasses",
    };

    for (size_t i = 0; !r->crd && i < ARRAY_LEN(storages); i++)
        if (strcmp(r->storage, storages[i]) == 0)
            return true;
    return false;
}

bool resource_is_host_only(const Resource *r)
{
    return strcmp(r->group, "tenancy.hostplane.io") == 0;
}

const Subresource *resource_subresource(const Resource *r, Slice name)
{
    for (uint32_t i = 0; i < r->n_subresources; i++)
        if (slice_is(name, r->subresources[i].name))
            return &r->subresources[i];
    return NULL;
}

GroupVersion api_version_split(Arena *a, const char *api_version)
{
    const char *slash = api_version ? strchr(api_version, '/') : NULL;

    if (!slash)
        return (GroupVersion){"", api_version ? api_version : ""};
    return (GroupVersion){arena_strndup(a, api_version, (size_t)(slash - api_version)), slash + 1};
}

const Type *type_of_kind(Arena *a, GroupVersion gv, const char *kind)
{
    const char *group = gv.group[0] ? gv.group : "core";

    return type_find(arena_printf(a, "io.k8s.api.%.*s.%s.%s", (int)strcspn(group, "."), group,
                                  gv.version, kind));
}

char *resource_api_version(const Resource *r, char *out)
{
    snprintf(out, 256, "%s%s%s", r->group, r->group[0] ? "/" : "", r->version);
    return out;
}
