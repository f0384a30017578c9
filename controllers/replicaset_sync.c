#include "controllers/replicaset_sync.h"

int64_t replicaset_diff(int64_t wanted, int64_t active)
{
    int64_t diff = wanted - active;

    return MAX(MIN(diff, REPLICASET_BURST), -REPLICASET_BURST);
}

static int64_t max_restarts(const Value *pod)
{
    int64_t most = 0;
    Value *status;

    value_each_item(value_at(pod, "status.containerStatuses"), i, status) most =
        MAX(most, value_at_int(status, "restartCount", 0));
    return most;
}

static int64_t max_sidecar_restarts(const Value *pod)
{
    int64_t most = 0;
    Value *status;

    value_each_item(value_at(pod, "status.initContainerStatuses"), i, status)
    {
        if (pod_has_sidecar(pod, value_get_str(status, "name")))
            most = MAX(most, value_at_int(status, "restartCount", 0));
    }
    return most;
}

PodRank pod_rank(const Value *pod)
{
    const char *phase = pod_phase(pod), *node = value_at_str(pod, "spec.nodeName");
    const char *cost = meta_annotation(pod, "controller.kubernetes.io/pod-deletion-cost");
    PodRank r = {
        .pod = pod,
        .uid = meta_uid(pod),
        .node = node ? node : "",
        .phase = str_eq(phase, "Running")   ? 2
                 : str_eq(phase, "Pending") ? 0
                                            : 1,
        .is_ready = pod_is_ready(pod),
        .ready_us = value_time_us(condition_get(pod, "Ready"), "lastTransitionTime"),
        .created_us = meta_created_us(pod),
        .restarts = max_restarts(pod),
        .sidecar_restarts = max_sidecar_restarts(pod),
    };

    if (cost && !slice_to_int64(slice_of(cost), &r.cost))
        r.cost = 0;
    return r;
}

/* The power of two that an age in nanoseconds falls into, so that pods of about the same age count
 * as equal. */
static int age_class(int64_t since_us, int64_t now_us)
{
    uint64_t age_ns = since_us < now_us ? (uint64_t)(now_us - since_us) * 1000 : 0;

    return age_ns == 0 ? -1 : 63 - __builtin_clzll(age_ns);
}

static int by_age(int64_t a_us, int64_t b_us, const PodRank *a, const PodRank *b, int64_t now_us)
{
    int diff;

    if (a_us == 0 || b_us == 0)
        return a_us == 0 ? -1 : 1;
    if (now_us == 0) /* the newer one */
        return a_us > b_us ? -1 : 1;
    diff = age_class(a_us, now_us) - age_class(b_us, now_us);
    return diff != 0 ? diff : strcmp(a->uid, b->uid);
}

static int compare(const void *x, const void *y, void *data)
{
    const PodRank *a = x, *b = y;
    int64_t now_us = *(const int64_t *)data;

    if ((a->node[0] == 0) != (b->node[0] == 0))
        return a->node[0] == 0 ? -1 : 1;
    if (a->phase != b->phase)
        return a->phase - b->phase;
    if (a->is_ready != b->is_ready)
        return a->is_ready ? 1 : -1;
    if (a->cost != b->cost)
        return a->cost < b->cost ? -1 : 1;
    if (a->n_related != b->n_related)
        return a->n_related > b->n_related ? -1 : 1;
    if (a->is_ready && a->ready_us != b->ready_us)
        return by_age(a->ready_us, b->ready_us, a, b, now_us);
    if (a->restarts != b->restarts)
        return a->restarts > b->restarts ? -1 : 1;
    if (a->sidecar_restarts != b->sidecar_restarts)
        return a->sidecar_restarts > b->sidecar_restarts ? -1 : 1;
    if (a->created_us != b->created_us)
        return by_age(a->created_us, b->created_us, a, b, now_us);
    return 0;
}

void pod_ranks_sort(PodRank *ranks, uint32_t n, int64_t now_us)
{
    qsort_r(ranks, n, sizeof(*ranks), compare, &now_us);
}

static bool has_template_labels(const Value *pod, const Value *labels)
{
    value_each_member(
        labels, m) if (!str_eq(meta_label(pod, m->name), value_to_cstr(m->value))) return false;
    return true;
}

Value *replicaset_status(Arena *a, const Value *rs, const Values *pods,
                         const ReplicasetResult *result, int64_t now_us)
{
    const Value *labels = value_at(rs, "spec.template.metadata.labels");
    int64_t min_ready_s = value_at_int(rs, "spec.minReadySeconds", 0);
    Value *copy = value_copy(a, rs), *status = value_need(a, copy, "status");
    int64_t labelled = 0, ready = 0, available = 0;

    for (uint32_t i = 0; i < pods->n; i++) {
        const Value *pod = pods->items[i];

        labelled += has_template_labels(pod, labels);
        ready += pod_is_ready(pod);
        available += pod_is_available(pod, min_ready_s, now_us);
    }
    /* The first failure stays: each has another pod's name in it, and a status that changes at
     * every attempt would bring the next attempt at once. */
    if (result->manage_error && !condition_get(copy, "ReplicaFailure"))
        condition_set(a, copy,
                      &(Condition){"ReplicaFailure", "True",
                                   result->diff > 0 ? "FailedCreate" : "FailedDelete",
                                   result->manage_error, false},
                      now_us);
    else if (!result->manage_error)
        condition_del(copy, "ReplicaFailure");
    if (value_len(value_get(status, "conditions")) == 0)
        value_del(status, "conditions");
    value_set_int(a, status, "replicas", pods->n);
    value_set_int(a, status, "fullyLabeledReplicas", labelled);
    value_set_int(a, status, "readyReplicas", ready);
    value_set_int(a, status, "availableReplicas", available);
    if (result->terminating >= 0)
        value_set_int(a, status, "terminatingReplicas", result->terminating);
    value_set_int(a, status, "observedGeneration", meta_generation(rs));
    return status;
}
