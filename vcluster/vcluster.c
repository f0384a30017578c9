/*
 * vcluster.c - opening and closing, and what hangs on each cluster.
 */
#include "vcluster/vcluster.h"

#include "base/mem.h"
#include "tenancy/tenancy.h"
#include "vcluster/aggregation.h"
#include "vcluster/audit.h"
#include "vcluster/baselayer/baselayer.h"
#include "vcluster/crds.h"
#include "vcluster/nodestats.h"
#include "vcluster/policies.h"
#include "vcluster/texts.h"
#include "vcluster/usageview.h"
#include "vcluster/vcluster_int.h"
#include "vcluster/webhooks.h"

static void ext_release(ClusterExt *e)
{
    rbac_index_unref(e->rbac);
    crds_unref(e->crds);
    for (size_t i = 0; i < POLICY_FAMILY_MAX_; i++)
        policies_unref(e->policies[i]);
    for (int i = 0; i < HOOK_FAMILY_MAX_; i++)
        hookset_unref(e->hooks[i]);
    audit_set_unref(e->audit);
    aggset_unref(e->aggs);
    base_set_free(e->base);
}

static void ext_free(void *p)
{
    ClusterExt *e = p;

    if (!e)
        return;
    ext_release(e);
    agg_front_done(&e->front);
    pthread_mutex_destroy(&e->lock);
    free(e);
}

/* What is made of a cluster's objects goes when these do. Whoever still uses some of it has a
 * reference. */
static void on_idle(Cluster *c, void *data UNUSED)
{
    ClusterExt *e = atomic_load_explicit(&c->ext.data, memory_order_acquire);
    ClusterExt old;

    if (is_host(c))
        return;
    tenancy_forget(c);
    if (!e)
        return;
    pthread_mutex_lock(&e->lock);
    old = *e;
    e->rbac = NULL;
    e->crds = NULL;
    memset(e->policies, 0, sizeof(e->policies));
    memset(e->hooks, 0, sizeof(e->hooks));
    e->audit = NULL;
    e->aggs = NULL;
    e->base = NULL;
    pthread_mutex_unlock(&e->lock);
    ext_release(&old);
}

static void *ext_new(void)
{
    ClusterExt *e = xcalloc(1, sizeof(*e));

    pthread_mutex_init(&e->lock, NULL);
    return e;
}

ClusterExt *cluster_ext(Cluster *c)
{
    return attached_get(&c->ext, ext_new, ext_free);
}

Cluster *vc_host(Vcluster *vc)
{
    Cluster *c;

    pthread_mutex_lock(&vc->lock);
    if (!vc->host)
        vc->host = store_cluster(vc->store, SLICE("host"));
    c = vc->host;
    pthread_mutex_unlock(&vc->lock);
    return c;
}

static int read_for_tenancy(void *data, Cluster *c, const char *storage, const char *ns,
                            const char *name, Obj **ret)
{
    return vc_get(data, c, storage, ns, name, ret);
}

enum { SERVICE_PREFIX_MAX = 120 }; /* fewer addresses are of no use to anybody */

static bool are_for_services(const AddressRanges *ranges)
{
    for (unsigned i = 0; i < ranges->n; i++) {
        const AddressRange *r = &ranges->items[i];

        if (r->ip.n_bits == 32 ? strcmp(r->text, VC_SERVICE_CIDR) != 0
                               : r->prefix > SERVICE_PREFIX_MAX)
            return false;
    }
    return true;
}

int vcluster_open(const VclusterOptions *o, Vcluster **ret, Err *err)
{
    AddressRanges service_ranges;
    const char *ranges = o->service_cidr ? o->service_cidr : VC_SERVICE_CIDR;
    Vcluster *vc;
    int r;

    if (!address_ranges_parse(ranges, &service_ranges) || !are_for_services(&service_ranges))
        return err_set(err, ERR_BAD_REQUEST,
                       "service addresses are \"" VC_SERVICE_CIDR
                       "\", a range of IPv6 of at most /%d, or both with a comma, not \"%s\"",
                       SERVICE_PREFIX_MAX, ranges);
    vc = xcalloc(1, sizeof(*vc));
    vc->service_ranges = service_ranges;
    vc->store = o->store;
    vc->tenancy = o->tenancy;
    vc->version = xstrdup(o->version ? o->version : "v1.36.0");
    vc->external_url = xstrdup(o->external_url ? o->external_url : "");
    pthread_mutex_init(&vc->lock, NULL);
    vc->texts = texts_new();
    vc->stats = nodestats_new();
    vc->usages = usageview_resource();
    audit_view_resources(vc->audits);
    (void)vc_host(vc); /* base objects carry the platform's CA */
    if (vc->tenancy)
        tenancy_set_reader(vc->tenancy, read_for_tenancy, vc);
    store_on_idle(vc->store, on_idle, vc);
    r = feeds_open(vc, &vc->feeds, err);
    if (r < 0) {
        vcluster_close(vc);
        return r;
    }
    *ret = vc;
    return 0;
}

void vcluster_set_hooks(Vcluster *vc, HookFn fn, void *data)
{
    vc->hook_fn = fn;
    vc->hook_data = data;
}

void vcluster_set_audit(Vcluster *vc, const VcAudit *a)
{
    vc->audit = *a;
}

void vcluster_close(Vcluster *vc)
{
    if (!vc)
        return;
    store_on_idle(vc->store, NULL, NULL);
    feeds_close(vc->feeds);
    texts_free(vc->texts);
    nodestats_free(vc->stats);
    rbac_index_unref(vc->base_index);
    for (size_t i = 0; i < ARRAY_LEN(vc->base_objs); i++)
        base_release(vc->base_objs[i]);
    cluster_unref(vc->host);
    pthread_mutex_destroy(&vc->lock);
    free((char *)vc->version);
    free((char *)vc->external_url);
    free(vc);
}
