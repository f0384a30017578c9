#include "base/map.h"
#include "controllers/node_index.h"
#include "controllers/podutil.h"
#include "controllers/poolmove_sync.h"
#include "controllers/rows.h"

/*
 * Tenants whose node pools change: a node whose labels change is looked at for the tenants that
 * have pods on it; a plan or a pool that changes is settled as if each of its tenants had been
 * written (who holds a dedicated pool is decided there), and pods on nodes that are not the
 * tenant's any more are replaced one after the other by way of eviction, so that disruption budgets
 * hold. The key is a tenant.
 */

static const char *const tenants = "tenancy/tenants";

enum { LOOK_AGAIN_MS = 1000, PATIENT_MS = 10000 };

static void map_node(Controllers *c, uint32_t index, const Change *ch)
{
    static const char *const labels[] = {"metadata.labels", NULL};
    const char *last = "";
    PodKey *pods;
    uint32_t n;

    if (ch->type != CHANGE_MODIFIED || ctl_is_same_at(ch, labels))
        return;
    pods = node_index_pods(ctl_node_index(c), ch->arena, ch->name, &n);
    for (uint32_t i = 0; i < n; i++) {
        if (!str_eq(pods[i].cluster, last)) /* twice is once */
            ctl_enqueue(c, index, "host", "", pods[i].cluster);
        last = pods[i].cluster;
    }
}

void poolmove_map(Controllers *c, uint32_t index, const Change *ch)
{
    /* Who holds a pool is in its status. */
    static const char *const spec[] = {"spec", NULL}, *const both[] = {"spec", "status", NULL};

    if (!str_eq(ch->cluster, "host"))
        return;
    if (str_eq(ch->storage, "nodes")) {
        map_node(c, index, ch);
        return;
    }
    if (str_eq(ch->storage, tenants)) { /* one that is made has its pools */
        if (ch->type == CHANGE_MODIFIED && !ctl_is_same_at(ch, spec))
            ctl_map_self(c, index, ch);
        return;
    }
    if (!ctl_is_same_at(ch, both))
        ctl_enqueue_tenants(c, index, str_eq(ch->storage, "tenancy/plans") ? ch->name : NULL);
}

/* ---- dedicated pools ---- */

/* Writing the tenant as it is settles who holds what. */
static int settle(Ctl *ctl, Value *tenant, const char **ret_taken, Err *err)
{
    const char *plan_name = value_at_str(tenant, "spec.plan");
    Values pools = {0};
    Value *plan = NULL;
    ObjRef at;
    int r = ctl_list(ctl, "tenancy/nodepools", "", NULL, NULL, &pools, err);

    *ret_taken = NULL;
    if (r < 0 || pools.n == 0)
        return r;
    r = ctl_get(ctl, "tenancy/plans", "", plan_name ? plan_name : "", &plan, err);
    if (r < 0 || !poolmove_is_unsettled(tenant, plan, pools.items, pools.n, ret_taken))
        return r;
    at = ctl_ref(ctl, tenants, "", ctl->name);
    return client_update(ctl->client, ctl->arena, &at, tenant, NULL, err);
}

/* ---- pods ---- */

typedef struct Nodes {
    Ctl *ctl;
    Map foreign; /* names of nodes that are not the tenant's */
} Nodes;

static void nodes_done(Nodes *n)
{
    map_done(&n->foreign);
}

static void on_node(Obj *o, void *data)
{
    Nodes *n = data;
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *labels = value_at(obj_to_value(a, o, NULL, NULL), "metadata.labels");

    if (!n->ctl->lister->may_use_node(n->ctl->lister, n->ctl->name, labels))
        (void)map_set(&n->foreign, o->name, n);
}

static bool is_on_foreign(const Obj *o, const void *data)
{
    const Nodes *n = data;
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *node;

    return obj_scan_str(o, "spec.nodeName", a, &node) && map_get(&n->foreign, node);
}

static bool has_pod(const MovePod *pods, uint32_t n, const Value *pod)
{
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(meta_uid(pods[i].pod), meta_uid(pod)))
            return true;
    return false;
}

static int collect(Ctl *in, const Nodes *nodes, MovePod **ret, uint32_t *ret_n, Err *err)
{
    Values strays = {0}, owned = {0};
    MovePod *pods;
    uint32_t n = 0;
    int r = ctl_list(in, "pods", NULL, is_on_foreign, nodes, &strays, err);

    for (uint32_t i = 0; r == 0 && i < strays.n; i++) {
        const char *uid = value_get_str(meta_controller(strays.items[i]), "uid");

        in->ns = meta_ns(strays.items[i]);
        if (uid)
            r = ctl_add_owned(in, "pods", uid, &owned, err);
    }
    pods = arena_array(in->arena, MovePod, strays.n + owned.n + 1);
    for (uint32_t i = 0; i < strays.n; i++)
        pods[n++] = (MovePod){strays.items[i], true};
    for (uint32_t i = 0; i < owned.n; i++)
        if (!has_pod(pods, n, owned.items[i]))
            pods[n++] = (MovePod){owned.items[i], false};
    *ret = pods;
    *ret_n = n;
    return r;
}

/* A budget that allows none now is asked again later. */
static int evict(Ctl *in, const Value *pod, Err *err)
{
    ObjRef at = ctl_ref(in, "pods", meta_ns(pod), meta_name(pod));
    Value *v = value_literal(in->arena, "{'apiVersion':'policy/v1','kind':'Eviction'}");
    int r;

    at.subresource = "eviction";
    value_set_at(in->arena, v, "metadata.name", value_str(in->arena, meta_name(pod)));
    value_set_at(in->arena, v, "metadata.namespace", value_str(in->arena, meta_ns(pod)));
    value_set_at(in->arena, v, "deleteOptions.preconditions.uid",
                 value_str(in->arena, meta_uid(pod)));
    r = client_create(in->client, in->arena, &at, v, NULL, err);
    return r == -ERR_TOO_MANY || r == -ERR_NOT_FOUND || r == -ERR_CONFLICT ? 0 : r;
}

/* `is_moving`: it has begun, so that pods are looked for also when none is known yet, as after a
 * start. */
static int move(Ctl *ctl, bool is_moving, MovePlan *ret, Err *err)
{
    __attribute__((cleanup(nodes_done))) Nodes nodes = {.ctl = ctl};
    Ctl in = *ctl;
    MovePod *pods = NULL;
    uint32_t n = 0;
    int r;

    *ret = (MovePlan){0};
    if ((!is_moving && !node_index_has_cluster(ctl_node_index(ctl->all), ctl->name)) ||
        !ctl->lister->has_pools(ctl->lister, ctl->name))
        return 0;
    r = ctl->lister->list(ctl->lister, "host", "nodes", NULL, NULL, on_node, &nodes, err);
    if (r < 0 || nodes.foreign.n == 0)
        return r;
    in.cluster = ctl->name;
    r = collect(&in, &nodes, &pods, &n, err);
    if (r < 0)
        return r;
    *ret = poolmove_plan(ctl->arena, pods, n);
    for (uint32_t i = 0; r == 0 && i < ret->n_evict; i++)
        r = evict(&in, ret->evict[i], err);
    return r;
}

int poolmove_sync(Ctl *ctl, Err *err)
{
    const char *taken = NULL;
    MovePlan plan;
    Value *tenant;
    int r = ctl_get(ctl, tenants, "", ctl->name, &tenant, err);

    if (r < 0 || !tenant)
        return r;
    r = settle(ctl, tenant, &taken, err);
    if (r == 0)
        r = move(ctl, condition_is(tenant, "PodsInPlace", "False"), &plan, err);
    if (r < 0)
        return r == -ERR_CONFLICT ? LOOK_AGAIN_MS : r;
    r = ctl_get(ctl, tenants, "", ctl->name, &tenant, err);
    if (r < 0 || !tenant)
        return r;
    if (poolmove_note(ctl->arena, tenant, &plan, taken, ctl->now_us))
        r = ctl_update_status(ctl, tenants, tenant, err);
    if (r < 0)
        return r == -ERR_CONFLICT ? LOOK_AGAIN_MS : r == -ERR_NOT_FOUND ? 0 : r;
    return plan.n_strays > 0 ? LOOK_AGAIN_MS : taken || plan.n_alone > 0 ? PATIENT_MS : 0;
}
