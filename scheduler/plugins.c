#include "base/err.h"
#include "scheduler/plugin.h"

static int by_priority(const QueuedPod *a, const QueuedPod *b)
{
    if (a->priority != b->priority)
        return a->priority > b->priority ? -1 : 1;
    return a->queued_us < b->queued_us ? -1 : a->queued_us > b->queued_us;
}

const char *pre_filter_gates(Cycle *c)
{
    Value *gate;
    AUTO_BUF names = BUF_INIT;

    if (value_len(value_at(c->pod, "spec.schedulingGates")) == 0)
        return NULL;
    value_each_item(value_at(c->pod, "spec.schedulingGates"), i, gate)
        buf_addf(&names, "%s%s", i > 0 ? " " : "", value_get_str(gate, "name"));
    return arena_printf(c->arena, "waiting for scheduling gates: [%s]", buf_str(&names));
}

/* Says what preemption could do; victims are never chosen among other tenants' pods. */
const char *post_filter_preemption(Cycle *c, uint32_t n_nodes, uint32_t n_unresolvable)
{
    uint32_t n_other = n_nodes - n_unresolvable;
    AUTO_BUF b = BUF_INIT;

    buf_addf(&b, "preemption: 0/%u nodes are available: ", n_nodes);
    if (n_other > 0)
        buf_addf(&b, "%u No preemption victims found for incoming pod%s", n_other,
                 n_unresolvable > 0 ? ", " : ".");
    if (n_unresolvable > 0)
        buf_addf(&b, "%u Preemption is not helpful for scheduling.", n_unresolvable);
    return arena_strndup(c->arena, buf_str(&b), b.len);
}

static int bind_pod(Client *client, const char *cluster, const Value *pod, const char *node,
                    Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *meta = value_get(pod, "metadata");
    ObjRef at = {.cluster = cluster,
                 .ns = value_get_str(meta, "namespace"),
                 .name = value_get_str(meta, "name"),
                 .subresource = "binding",
                 .resource = resource_find_storage("pods")};
    Value *v = value_literal(a, "{'kind':'Binding','apiVersion':'v1','metadata':{},"
                                "'target':{'kind':'Node'}}");

    value_set_str(a, value_get(v, "metadata"), "name", at.name);
    value_set_str(a, value_get(v, "metadata"), "namespace", at.ns);
    value_set_str(a, value_get(v, "metadata"), "uid", value_get_str(meta, "uid"));
    value_set_str(a, value_get(v, "target"), "name", node);
    return client_create(client, a, &at, v, NULL, err);
}

const Plugin scheduler__plugins[] = {
    {.name = "PrioritySort", .queue_sort = by_priority},
    {.name = "SchedulingGates", .wakes = WAKE_POD_UPDATED, .pre_filter = pre_filter_gates},
    {.name = "NodeUnschedulable",
     .wakes = WAKE_NODE_ADDED | WAKE_NODE_TAINT,
     .filter = filter_unschedulable},
    {.name = "NodeName", .wakes = WAKE_NODE_ADDED, .filter = filter_node_name},
    {.name = "TaintToleration",
     .weight = 3,
     .wakes = WAKE_NODE_ADDED | WAKE_NODE_TAINT | WAKE_POD_UPDATED,
     .filter = filter_taints,
     .score = score_taints,
     .normalize = normalize_down},
    {.name = "NodeAffinity",
     .weight = 2,
     .wakes = WAKE_NODE_ADDED | WAKE_NODE_LABEL | WAKE_POD_UPDATED,
     .filter = filter_affinity,
     .score = score_affinity,
     .normalize = normalize_up},
    {.name = "NodePorts", .wakes = WAKE_NODE_ADDED | WAKE_POD_REMOVED, .filter = filter_ports},
    {.name = "NodeResourcesFit",
     .weight = 1,
     .wakes = WAKE_NODE_ADDED | WAKE_NODE_ALLOCATABLE | WAKE_POD_REMOVED | WAKE_POD_UPDATED,
     .filter = filter_fit,
     .score = score_least_allocated},
    {.name = "NodeResourcesBalancedAllocation", .weight = 1, .score = score_balanced},
    {.name = "DefaultPreemption", .post_filter = post_filter_preemption},
    {.name = "DefaultBinder", .bind = bind_pod},
};
const uint32_t scheduler__n_plugins = ARRAY_LEN(scheduler__plugins);
