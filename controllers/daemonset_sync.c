#include "controllers/daemonset_sync.h"

#include "api/nodeaffinity.h"

/* ---- where ---- */

/* What every daemon tolerates beside its own tolerations. */
static const struct {
    const char *key, *effect;
    bool is_host_only; /* for pods on the host's network */
} tolerated[] = {
    {"node.kubernetes.io/not-ready", "NoExecute", false},
    {"node.kubernetes.io/unreachable", "NoExecute", false},
    {"node.kubernetes.io/disk-pressure", "NoSchedule", false},
    {"node.kubernetes.io/memory-pressure", "NoSchedule", false},
    {"node.kubernetes.io/pid-pressure", "NoSchedule", false},
    {"node.kubernetes.io/unschedulable", "NoSchedule", false},
    {"node.kubernetes.io/network-unavailable", "NoSchedule", true},
};

static bool has_toleration(const Value *list, const Value *wanted)
{
    Value *t;

    value_each_item(list, i, t)
    {
        if (value_equal(t, wanted))
            return true;
    }
    return false;
}

void daemonset_tolerate(Arena *a, Value *pod_spec)
{
    Value *list = value_get(pod_spec, "tolerations");
    bool is_host = value_is_true(value_get(pod_spec, "hostNetwork"));

    if (!value_is(list, VALUE_ARRAY)) {
        list = value_array(a);
        value_set(a, pod_spec, "tolerations", list);
    }
    for (size_t i = 0; i < ARRAY_LEN(tolerated); i++) {
        Value *t = value_object(a);

        if (tolerated[i].is_host_only && !is_host)
            continue;
        value_set_str(a, t, "key", tolerated[i].key);
        value_set_str(a, t, "operator", "Exists");
        value_set_str(a, t, "effect", tolerated[i].effect);
        if (!has_toleration(list, t))
            value_append(a, list, t);
    }
}

void daemonset_bind(Arena *a, Value *pod_spec, const char *node)
{
    Value *required = value_need(
        a, pod_spec, "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution");
    Value *terms = value_literal(a, "[{'matchFields':[{'key':'metadata.name','operator':'In',"
                                    "'values':[]}]}]");

    value_append(a, value_at(terms, "0.matchFields.0.values"), value_str(a, node));
    value_set(a, required, "nodeSelectorTerms", terms);
}

void daemonset_place(const Value *pod_spec, const Value *node, bool *ret_should_run,
                     bool *ret_should_continue)
{
    const char *fixed = value_get_str(pod_spec, "nodeName");
    const Value *tolerations = value_get(pod_spec, "tolerations");
    bool fits = (!fixed || !fixed[0] || str_eq(fixed, meta_name(node))) &&
                node_matches_pod_spec(pod_spec, node);

    *ret_should_continue = fits && !node_has_untolerated(node, tolerations, "NoExecute");
    *ret_should_run =
        *ret_should_continue && !node_has_untolerated(node, tolerations, "NoSchedule");
}

/* ---- how many at a time ---- */

static int64_t scaled(const Value *v, int64_t total)
{
    const char *text = value_to_cstr(v);
    int64_t n = 0;

    if (text && str_ends(text, "%") && slice_to_int64((Slice){text, strlen(text) - 1}, &n))
        return (n * total + 99) / 100;
    return value_to_int(v, &n) ? n : 0;
}

void daemonset_limits(const Value *set, int64_t desired, int64_t *ret_surge,
                      int64_t *ret_unavailable)
{
    const Value *rolling = value_at(set, "spec.updateStrategy.rollingUpdate");

    *ret_surge = scaled(value_get(rolling, "maxSurge"), desired);
    *ret_unavailable = scaled(value_get(rolling, "maxUnavailable"), desired);
    if (*ret_surge == 0 && *ret_unavailable == 0)
        *ret_unavailable = 1;
}

/* ---- one pod a node ---- */

/* Of the pods that run, those beyond what the node is to have. */
static void trim(DsNode *node, bool may_surge)
{
    DsPod *oldest = NULL, *new = NULL, *old = NULL;

    for (uint32_t i = 0; i < node->n; i++) {
        DsPod *p = &node->pods[i];

        if (p->is_deleted || p->must_go || p->is_failed || p->is_succeeded)
            continue;
        if (!may_surge) {
            p->must_go = oldest != NULL;
            oldest = oldest ? oldest : p;
        } else if (p->is_updated) {
            p->must_go = new != NULL;
            new = new ? new : p;
        } else {
            p->must_go = old != NULL;
            old = old ? old : p;
        }
    }
    if (new &&old && (!old->is_ready || new->is_available))
        old->must_go = true;
}

static void manage_node(DsNode *node, bool may_surge)
{
    bool runs = false;

    if (!node->should_continue) {
        for (uint32_t i = 0; i < node->n; i++)
            node->pods[i].must_go = !node->pods[i].is_deleted;
        return;
    }
    node->needs_pod = node->should_run && node->n == 0;
    for (uint32_t i = 0; i < node->n; i++) {
        DsPod *p = &node->pods[i];

        p->must_go = !p->is_deleted && ((p->is_failed && p->rest_us == 0) || p->is_succeeded);
        runs = runs || (!p->is_deleted && !p->is_failed && !p->is_succeeded);
    }
    /* With surge, what is on its way out is not waited for. */
    node->needs_pod = node->needs_pod || (may_surge && node->should_run && !runs);
    trim(node, may_surge);
}

void daemonset_manage(DsNode *nodes, uint32_t n, bool may_surge)
{
    for (uint32_t i = 0; i < n; i++)
        manage_node(&nodes[i], may_surge);
}

/* ---- the update ---- */

/* The pods that are not under deletion: at most one of each; false when there are more. */
static bool find_pods(const DsNode *node, DsPod **ret_new, DsPod **ret_old)
{
    *ret_new = *ret_old = NULL;
    for (uint32_t i = 0; i < node->n; i++) {
        DsPod **at = node->pods[i].is_updated ? ret_new : ret_old;

        if (node->pods[i].is_deleted)
            continue;
        if (*at)
            return false;
        *at = &node->pods[i];
    }
    return true;
}

static void roll_in_place(DsNode *nodes, uint32_t n, int64_t unavailable)
{
    int64_t down = 0;
    DsPod *new, *old;

    for (uint32_t i = 0; i < n; i++) {
        if (nodes[i].n == 0)
            continue; /* the node's pod is about to be made */
        if (!find_pods(&nodes[i], &new, &old) || !new == !old)
            down++;
        else if (new)
            down += !new->is_available;
        else if (!old->is_available) { /* it counts, so that no other goes in its place */
            old->must_go = true;
            down++;
        }
    }
    for (uint32_t i = 0; i < n && down < unavailable; i++) {
        if (!find_pods(&nodes[i], &new, &old) || new || !old || old->must_go)
            continue;
        old->must_go = true;
        down++;
    }
}

/* An old pod of a node where none is to be placed any more has no successor there: it goes when it
 * is of no use, or when more pods are available than nodes want one. */
static void retire(DsNode *nodes, uint32_t n)
{
    int64_t spare = 0;
    DsPod *new, *old;

    for (uint32_t i = 0; i < n; i++) {
        spare -= nodes[i].should_run;
        if (find_pods(&nodes[i], &new, &old))
            spare += old ? old->is_available : new ? new->is_available : 0;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (nodes[i].should_run || !find_pods(&nodes[i], &new, &old) || new || !old)
            continue;
        if (!old->is_available)
            old->must_go = true;
        else if (spare > 0) {
            old->must_go = true;
            spare--;
        }
    }
}

static void roll_with_surge(DsNode *nodes, uint32_t n, int64_t surge)
{
    int64_t used = 0;
    DsPod *new, *old;

    for (uint32_t i = 0; i < n; i++) {
        if (!find_pods(&nodes[i], &new, &old)) {
            used++;
        } else if (old && !new) {
            if (!old->is_available && nodes[i].should_run)
                nodes[i].needs_pod = true;
        } else if (old && !new->is_available) {
            used++;
        } else if (old) {
            old->must_go = true;
        }
    }
    retire(nodes, n);
    for (uint32_t i = 0; i < n && used < surge; i++) {
        if (!find_pods(&nodes[i], &new, &old) || new || !old || nodes[i].needs_pod ||
            !nodes[i].should_run)
            continue;
        nodes[i].needs_pod = true;
        used++;
    }
}

void daemonset_roll(DsNode *nodes, uint32_t n, int64_t surge, int64_t unavailable)
{
    if (surge > 0)
        roll_with_surge(nodes, n, surge);
    else
        roll_in_place(nodes, n, unavailable);
}

DsCounts daemonset_count(const DsNode *nodes, uint32_t n)
{
    DsCounts c = {0};

    for (uint32_t i = 0; i < n; i++) {
        const DsNode *node = &nodes[i];

        if (!node->should_run) {
            c.misscheduled += node->n > 0;
            continue;
        }
        c.desired++;
        if (node->n == 0)
            continue;
        c.current++;
        c.ready += node->pods[0].is_ready;
        c.available += node->pods[0].is_available;
        c.updated += node->pods[0].is_updated;
    }
    return c;
}
