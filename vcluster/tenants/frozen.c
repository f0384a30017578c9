#include "vcluster/frozen.h"

#include "vcluster/spaces.h"

/* A label is no claim on other tenants: the owner's own terms say where its namespaces are. */
static int is_frozen(Vcluster *vc, const Cluster *shared, const Obj *ns, bool *ret,
                     const char **ret_need)
{
    CLEANUP(terms_unref) const TenantTerms *terms = NULL;
    const char *name = obj_label(ns, SPACE_TENANT_LABEL), *uid = obj_label(ns, SPACE_UID_LABEL);
    CLEANUP(cluster_unref) Cluster *owner = NULL;

    *ret = false;
    owner = name && uid ? store_cluster(vc->store, slice_of(name)) : NULL;
    if (!owner || atomic_load(&owner->state) != CLUSTER_SUSPENDED || strcmp(owner->uid, uid) != 0)
        return 0;
    *ret_need = NULL;
    if (tenancy_terms(vc->tenancy, owner, &terms, ret_need) < 0 && *ret_need)
        return -ERR_UNAVAILABLE;
    *ret = terms && str_eq(terms->cluster, shared->name);
    return 0;
}

int frozen_namespaces(Vcluster *vc, Cluster *c, const TenantTerms *terms, Buf *ret,
                      const char **ret_need)
{
    AUTO_OBJVEC all = {0};
    CacheScan scan = {0};
    const char *comma = "";
    int64_t revision;
    bool more;

    if (!terms || !terms->is_shared ||
        vc_list(vc, c, "namespaces", &scan, &all, &revision, &more) < 0)
        return 0;
    for (size_t i = 0; i < all.n; i++) {
        bool is;

        if (is_frozen(vc, c, all.items[i], &is, ret_need) < 0)
            return -ERR_UNAVAILABLE;
        if (!is)
            continue;
        buf_addf(ret, "%s\"%s\"", comma, all.items[i]->name);
        comma = ",";
    }
    return 0;
}
