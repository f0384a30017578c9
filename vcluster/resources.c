/*
 * resources.c - the one way to the resources that a cluster serves.
 */
#include "vcluster/vcluster_int.h"

ResourceSet vc_resources(Request *req)
{
    return resource_set_builtin(req->arena, is_host(req->cluster));
}

const Resource *vc_resource(Request *req, const char *group, const char *version,
                            const char *plural)
{
    const Resource *r = resource_find(slice_of(group), slice_of(version), slice_of(plural));

    if (r && resource_is_host_only(r) && !is_host(req->cluster))
        return NULL;
    return r;
}

bool vc_has_version(Request *req, const char *group, const char *version)
{
    size_t n;
    const Resource *all = resources_builtin(&n);

    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].group, group) && str_eq(all[i].version, version))
            return is_host(req->cluster) || !resource_is_host_only(&all[i]);
    return false;
}

bool vc_has_group(Request *req, const char *group)
{
    size_t n;
    const Resource *all = resources_builtin(&n);

    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].group, group))
            return is_host(req->cluster) || !resource_is_host_only(&all[i]);
    return false;
}
