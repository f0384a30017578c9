/*
 * resources.c - the one way to the resources that a cluster serves.
 */
#include "vcluster/audit.h"
#include "vcluster/crds.h"
#include "vcluster/nodestats.h"
#include "vcluster/usageview.h"

ResourceSet vc_resources(Request *req)
{
    ResourceSet set = resource_set_builtin(req->arena, is_host(req->cluster));
    ResourceSet metrics = nodestats_resources(req->state->vc->stats);
    const CrdSet *own = req->state->crds;
    size_t n_own = own ? own->n : 0;
    const Resource **items, *usages = usageview_find(req, "usage.hostplane.io", NULL, NULL);
    size_t n_audits = req->state->vc->audit.queue ? ARRAY_LEN(req->state->vc->audits) : 0;

    if (n_own + metrics.n + (usages != NULL) + n_audits == 0)
        return set;
    items = arena_array(req->arena, const Resource *, set.n + n_own + metrics.n + 1 + n_audits);
    memcpy(items, set.items, set.n * sizeof(*items));
    if (n_own > 0)
        memcpy(items + set.n, own->items, n_own * sizeof(*items));
    if (metrics.n > 0)
        memcpy(items + set.n + n_own, metrics.items, metrics.n * sizeof(*items));
    if (usages)
        items[set.n + n_own + metrics.n] = usages;
    set.n += n_own + metrics.n + (usages != NULL);
    for (size_t i = 0; i < n_audits; i++)
        items[set.n++] = &req->state->vc->audits[i];
    return (ResourceSet){items, set.n};
}

const Resource *vc_resource(Request *req, const char *group, const char *version,
                            const char *plural)
{
    const Resource *r = resource_find(slice_of(group), slice_of(version), slice_of(plural));

    if (r && resource_is_host_only(r) && !is_host(req->cluster))
        return NULL;
    if (!r)
        r = nodestats_find(req->state->vc->stats, group, version, plural);
    if (!r)
        r = usageview_find(req, group, version, plural);
    if (!r)
        r = audit_view_find(req, group, version, plural);
    return r ? r : crds_find(req, group, version, plural);
}

bool vc_builtin_group(const char *group)
{
    size_t n;
    const Resource *all = resources_builtin(&n);

    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].group, group))
            return true;
    return false;
}

bool vc_builtin_version(const char *group, const char *version)
{
    size_t n;
    const Resource *all = resources_builtin(&n);

    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].group, group) && str_eq(all[i].version, version))
            return true;
    return false;
}

bool vc_has_version(Request *req, const char *group, const char *version)
{
    size_t n;
    const Resource *all = resources_builtin(&n);

    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].group, group) && str_eq(all[i].version, version))
            return is_host(req->cluster) || !resource_is_host_only(&all[i]);
    return nodestats_find(req->state->vc->stats, group, version, NULL) ||
           usageview_find(req, group, version, NULL) || crds_have(req, group, version);
}

bool vc_has_group(Request *req, const char *group)
{
    size_t n;
    const Resource *all = resources_builtin(&n);

    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].group, group))
            return is_host(req->cluster) || !resource_is_host_only(&all[i]);
    return nodestats_find(req->state->vc->stats, group, NULL, NULL) ||
           usageview_find(req, group, NULL, NULL) || crds_have(req, group, NULL);
}
