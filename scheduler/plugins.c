#include "base/err.h"
#include "scheduler/group.h"
#include "scheduler/preempt.h"

static int by_priority(const QueuedPod *a, const QueuedPod *b)
{
    if (a->priority != b->priority)
        return a->priority > b->priority ? -1 : 1;
    return a->queued_us < b->queued_us ? -1 : a->queued_us > b->queued_us;
}

static const char *gates(const Value *pod)
{
    return value_len(value_at(pod, "spec.schedulingGates")) > 0
               ? "Scheduling is blocked due to non-empty scheduling gates"
               : NULL;
}

static ClientRequest bind_pod(Arena *a, const char *cluster, const Value *pod, const char *node)
{
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
    return client_request(a, "POST", &at, NULL, v);
}

const Plugin scheduler__plugins[] = {
    {.name = "PrioritySort", .queue_sort = by_priority},
    {.name = "SchedulingGates", .wakes = WAKE_POD_UPDATED, .pre_enqueue = gates},
    {.name = "NodeUnschedulable",
     .is_fixed = true,
     .wakes = WAKE_NODE_ADDED | WAKE_NODE_TAINT | WAKE_POD_UPDATED,
     .filter = filter_unschedulable},
    {.name = "NodeName", .is_fixed = true, .wakes = WAKE_NODE_ADDED, .filter = filter_node_name},
    {.name = "TaintToleration",
     .is_fixed = true,
     .weight = 3,
     .wakes = WAKE_NODE_ADDED | WAKE_NODE_TAINT | WAKE_POD_UPDATED,
     .filter = filter_taints,
     .score = score_taints,
     .normalize = normalize_down},
    {.name = "NodeAffinity",
     .is_fixed = true,
     .weight = 2,
     .wakes = WAKE_NODE_ADDED | WAKE_NODE_LABEL | WAKE_POD_UPDATED,
     .pre_filter = pre_filter_node_affinity,
     .filter = filter_node_affinity,
     .score = score_node_affinity,
     .normalize = normalize_up},
    {.name = "NodePorts",
     .wakes = WAKE_NODE_ADDED | WAKE_POD_REMOVED,
     .filter = filter_ports,
     .is_idle = ports_are_idle},
    {.name = "NodeResourcesFit",
     .weight = 1,
     .wakes = WAKE_NODE_ADDED | WAKE_NODE_ALLOCATABLE | WAKE_POD_REMOVED | WAKE_POD_UPDATED,
     .wakes_by_room = WAKE_NODE_ADDED | WAKE_NODE_ALLOCATABLE | WAKE_POD_REMOVED,
     .filter = filter_fit,
     .pre_score = pre_score_fit,
     .score = score_fit},
    {.name = "VolumeRestrictions",
     .wakes = WAKE_NODE_ADDED | WAKE_VOLUME | WAKE_POD_REMOVED,
     .pre_filter = pre_filter_exclusive,
     .filter = filter_exclusive,
     .moved = moved_exclusive},
    {.name = "NodeVolumeLimits",
     .wakes = WAKE_NODE_ADDED | WAKE_VOLUME | WAKE_POD_REMOVED,
     .pre_filter = pre_filter_limits,
     .filter = filter_limits,
     .moved = moved_limits},
    {.name = "VolumeBinding",
     .wakes = WAKE_NODE_ADDED | WAKE_NODE_LABEL | WAKE_VOLUME,
     .pre_filter = pre_filter_volumes,
     .filter = filter_volumes,
     .reserve = reserve_volumes,
     .pre_bind = pre_bind_volumes},
    {.name = "VolumeZone",
     .wakes = WAKE_NODE_ADDED | WAKE_NODE_LABEL | WAKE_VOLUME,
     .filter = filter_zones,
     .is_idle = zones_are_idle},
    {.name = "PodTopologySpread",
     .weight = 2,
     .wakes = WAKE_NODE_ADDED | WAKE_NODE_REMOVED | WAKE_NODE_LABEL | WAKE_NODE_TAINT |
              WAKE_POD_ADDED | WAKE_POD_REMOVED | WAKE_POD_UPDATED,
     .pre_filter = pre_filter_spread,
     .filter = filter_spread,
     .moved = moved_spread,
     .pre_score = pre_score_spread,
     .score = score_spread,
     .normalize = normalize_spread},
    {.name = "InterPodAffinity",
     .weight = 2,
     .wakes =
         WAKE_NODE_ADDED | WAKE_NODE_LABEL | WAKE_POD_ADDED | WAKE_POD_REMOVED | WAKE_POD_UPDATED,
     .pre_filter = pre_filter_affinity,
     .filter = filter_affinity,
     .moved = moved_affinity,
     .pre_score = pre_score_affinity,
     .score = score_affinity,
     .normalize = normalize_affinity},
    {.name = "DefaultPreemption", .post_filter = preempt},
    {.name = "NodeResourcesBalancedAllocation",
     .weight = 1,
     .pre_score = pre_score_balanced,
     .score = score_balanced},
    {.name = "ImageLocality", .weight = 1, .score = score_images},
    {.name = "GangScheduling",
     .wakes = WAKE_GROUP | WAKE_POD_ADDED | WAKE_POD_UPDATED,
     .permit = group_name},
    {.name = "DefaultBinder", .bind = bind_pod},
};
const uint32_t scheduler__n_plugins = ARRAY_LEN(scheduler__plugins);
