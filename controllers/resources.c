#include "controllers/ctl.h"

/* Resources that CRDs define, as far as controllers need to know them: how to reach them. */

static const Resource *of_crd(Ctl *ctl, const Value *crd)
{
    static const char *const none[] = {NULL};
    Arena *a = ctl->arena;
    Resource *r = arena_new0(a, Resource);
    Value *version, *best = NULL;

    value_each_item(value_at(crd, "spec.versions"), i,
                    version) if (value_is_true(value_get(version, "served")) &&
                                 (!best || value_is_true(value_get(version, "storage")))) best =
        version;
    r->group = value_at_str(crd, "spec.group");
    r->version = value_get_str(best, "name");
    r->kind = value_at_str(crd, "spec.names.kind");
    r->plural = value_at_str(crd, "spec.names.plural");
    if (!r->group || !r->version || !r->kind || !r->plural)
        return NULL;
    r->singular = value_at_str(crd, "spec.names.singular");
    r->short_names = r->categories = none;
    r->verbs = BIT(VERB_MAX_) - 1;
    r->is_namespaced = str_eq(value_at_str(crd, "spec.scope"), "Namespaced");
    r->storage = arena_printf(a, "%s/%s", r->group, r->plural);
    return r;
}

Value *ctl_crd_version(const Value *crd, const char *name)
{
    Value *version;

    value_each_item(value_at(crd, "spec.versions"), i, version)
    {
        if (str_eq(value_get_str(version, "name"), name))
            return version;
    }
    return NULL;
}

static int list_crds(Ctl *ctl, Values *ret, Err *err)
{
    return ctl_list(ctl, "apiextensions/customresourcedefinitions", NULL, NULL, NULL, ret, err);
}

const Resource *ctl_resource_of_kind(Ctl *ctl, const char *api_version, const char *kind)
{
    GroupVersion gv = api_version_split(ctl->arena, api_version);
    const Resource *r;
    Values crds;

    if (!api_version || !kind)
        return NULL;
    r = resource_find_kind(gv.group, gv.version, kind);
    if (r || list_crds(ctl, &crds, NULL) < 0)
        return r;
    for (uint32_t i = 0; i < crds.n; i++)
        if (str_eq(value_at_str(crds.items[i], "spec.group"), gv.group) &&
            str_eq(value_at_str(crds.items[i], "spec.names.kind"), kind))
            return value_at_bool(ctl_crd_version(crds.items[i], gv.version), "served")
                       ? of_crd(ctl, crds.items[i])
                       : NULL;
    return NULL;
}

const Resource *ctl_resource_of_storage(Ctl *ctl, const char *storage)
{
    const Resource *r = resource_find_storage(storage);
    Values crds;

    if (r || list_crds(ctl, &crds, NULL) < 0)
        return r;
    for (uint32_t i = 0; i < crds.n; i++) {
        r = of_crd(ctl, crds.items[i]);
        if (r && str_eq(r->storage, storage))
            return r;
    }
    return NULL;
}

int ctl_resources(Ctl *ctl, const Resource ***ret, uint32_t *ret_n, Err *err)
{
    const uint32_t needed = BIT(VERB_LIST) | BIT(VERB_DELETE);
    bool is_host = str_eq(ctl->cluster, "host");
    size_t n_builtin;
    const Resource *builtin = resources_builtin(&n_builtin);
    const Resource **list;
    uint32_t n = 0;
    Values crds;
    int r;

    r = list_crds(ctl, &crds, err);
    if (r < 0)
        return r;
    list = arena_array(ctl->arena, const Resource *, n_builtin + crds.n);
    for (size_t i = 0; i < n_builtin; i++)
        if ((builtin[i].verbs & needed) == needed && !builtin[i].is_review &&
            (is_host || !resource_is_host_only(&builtin[i])) &&
            resource_find_storage(builtin[i].storage) == &builtin[i])
            list[n++] = &builtin[i];
    for (uint32_t i = 0; i < crds.n; i++) {
        const Resource *one = of_crd(ctl, crds.items[i]);

        if (one)
            list[n++] = one;
    }
    *ret = list;
    *ret_n = n;
    return 0;
}
