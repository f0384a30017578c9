#include "controllers/podbatch.h"
#include "controllers/replicaset_sync.h"
#include "controllers/rows.h"

/*
 * ReplicaSets, and ReplicationControllers, which differ in their selector's form only: the resource
 * is the first that the row watches.
 */

static const char *storage_of(uint32_t index)
{
    return controllers__table[index].watches[0];
}

static bool is_rc(uint32_t index)
{
    return str_eq(storage_of(index), "replicationcontrollers");
}

/* NULL in *ret and 0: selects nothing. */
static int selector_of(Arena *a, uint32_t index, const Value *rs, Selector **ret, Err *err)
{
    const Value *v = value_at(rs, "spec.selector");
    bool is_none = false;
    int r = 0;

    *ret = NULL;
    if (is_rc(index))
        *ret = value_len(v) > 0 ? selector_from_map(a, v) : NULL;
    else
        r = selector_from_value(a, v, ret, &is_none, err);
    if (r < 0 || is_none || selector_is_empty(*ret))
        *ret = NULL;
    return r;
}

void replicaset_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, storage_of(index))) {
        ctl_map_self(c, index, ch);
        return;
    }
    pod_map_expected(c, index, ch, is_rc(index) ? "ReplicationController" : "ReplicaSet");
    ctl_map_orphan(c, index, ch, storage_of(index));
}

/* ---- scaling ---- */

typedef struct Run {
    Ctl *ctl;
    Value *rs;
    Values active;       /* claimed pods that count */
    int64_t terminating; /* ours, on their way out */
    WorkKey key;
} Run;

static int make_pod(void *data, uint32_t i UNUSED, Value **ret, Err *err UNUSED)
{
    const Run *run = data;

    *ret = pod_from_template(run->ctl->arena, value_at(run->rs, "spec.template"), run->rs);
    return 0;
}

static PodBatch batch_of(Run *run)
{
    return (PodBatch){.ctl = run->ctl,
                      .owner = run->rs,
                      .expectations = ctl_expectations(run->ctl->all),
                      .key = run->key,
                      .make = make_pod,
                      .data = run};
}

/* Count, on each pod's node, the active pods of all ReplicaSets of the same Deployment. One that is
 * nobody's has none that are related, not even its own (replica_set.go,
 * getReplicaSetsWithSameController). */
static int count_related(Run *run, PodRank *ranks, uint32_t n, Err *err)
{
    const char *deployment = value_get_str(meta_controller(run->rs), "uid");
    Values siblings = {0}, related = {0};
    int r;

    if (!deployment)
        return 0;
    r = ctl_add_owned(run->ctl, storage_of(run->ctl->index), deployment, &siblings, err);
    for (uint32_t i = 0; i < siblings.n && r == 0; i++)
        r = ctl_add_owned(run->ctl, "pods", meta_uid(siblings.items[i]), &related, err);
    for (uint32_t i = 0; r == 0 && i < n; i++)
        for (uint32_t k = 0; k < related.n; k++)
            ranks[i].n_related +=
                ranks[i].node[0] && pod_is_active(related.items[k]) &&
                str_eq(value_at_str(related.items[k], "spec.nodeName"), ranks[i].node);
    return r;
}

static int delete_pods(Run *run, uint32_t n, Err *err)
{
    Arena *a = run->ctl->arena;
    PodRank *ranks = arena_array(a, PodRank, run->active.n);
    const Value **first = arena_array(a, const Value *, n);
    PodBatch batch = batch_of(run);

    for (uint32_t i = 0; i < run->active.n; i++)
        ranks[i] = pod_rank(run->active.items[i]);
    if (n < run->active.n) {
        int r = count_related(run, ranks, run->active.n, err);

        if (r < 0)
            return r;
        pod_ranks_sort(ranks, run->active.n, run->ctl->now_us);
    }
    for (uint32_t i = 0; i < n; i++)
        first[i] = ranks[i].pod;
    return podbatch_delete(&batch, first, n, err);
}

/* ---- the whole ---- */

static bool status_differs(const Value *old, const Value *new)
{
    static const char *const numbers[] = {"replicas",           "fullyLabeledReplicas",
                                          "readyReplicas",      "availableReplicas",
                                          "observedGeneration", "terminatingReplicas"};

    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        if (value_at_int(old, numbers[i], -1) != value_at_int(new, numbers[i], -1))
            return true;
    return !value_equal(value_get(old, "conditions"), value_get(new, "conditions")) &&
           (value_len(value_get(old, "conditions")) > 0 ||
            value_len(value_get(new, "conditions")) > 0);
}

static int collect(Run *run, Err *err)
{
    Ctl *ctl = run->ctl;
    Values found, active = {0};
    Selector *sel;
    int r = selector_of(ctl->arena, ctl->index, run->rs, &sel, err);

    if (r < 0 || !sel)
        return r < 0 ? r : err_set(err, ERR_INVALID, "the selector selects nothing");
    r = ctl_list_claimable(ctl, "pods", sel, meta_uid(run->rs), &found, err);
    if (r < 0)
        return r;
    for (uint32_t i = 0; i < found.n; i++) {
        if (pod_is_active(found.items[i]))
            values_add(ctl->arena, &active, found.items[i]);
        run->terminating += meta_is_deleted(found.items[i]) && !pod_is_finished(found.items[i]) &&
                            meta_is_controlled_by(found.items[i], meta_uid(run->rs)) &&
                            selector_match_labels(sel, value_at(found.items[i], "metadata.labels"));
    }
    return ctl_claim(ctl, "pods", run->rs, sel, NULL, &active, &run->active, err);
}

int replicaset_sync(Ctl *ctl, Err *err)
{
    Run run = {.ctl = ctl, .key = {ctl->index, ctl->cluster, ctl->ns, ctl->name}};
    ReplicasetResult result = {0};
    Err failure = {0};
    Value *status;
    bool may_act;
    int r = ctl_get(ctl, storage_of(ctl->index), ctl->ns, ctl->name, &run.rs, err), managed = 0;

    if (r < 0)
        return r;
    if (!run.rs) {
        expect_forget(ctl_expectations(ctl->all), &run.key);
        return 0;
    }
    may_act = expect_is_met(ctl_expectations(ctl->all), &run.key, ctl->now_us);
    r = collect(&run, err);
    if (r < 0)
        return r;
    if (may_act && !meta_is_deleted(run.rs)) {
        PodBatch batch = batch_of(&run);

        result.diff = replicaset_diff(value_at_int(run.rs, "spec.replicas", 1), run.active.n);
        if (result.diff > 0)
            managed = podbatch_create(&batch, (uint32_t)result.diff, &failure);
        else if (result.diff < 0)
            managed = delete_pods(&run, (uint32_t)-result.diff, &failure);
        if (managed < 0)
            result.manage_error = failure.msg;
    }
    result.terminating = is_rc(ctl->index) ? -1 : run.terminating;
    status = replicaset_status(ctl->arena, run.rs, &run.active, &result, ctl->now_us);
    if (status_differs(value_get(run.rs, "status"), status)) {
        Value *copy = value_copy(ctl->arena, run.rs);

        value_set(ctl->arena, copy, "status", status);
        r = ctl_update_status(ctl, storage_of(ctl->index), copy, err);
        if (r < 0 && r != -ERR_NOT_FOUND)
            return r;
    }
    if (managed < 0) {
        if (err)
            *err = failure;
        return managed;
    }
    return (int)MIN(pods_available_in_ms(
                        &run.active, value_at_int(run.rs, "spec.minReadySeconds", 0), ctl->now_us),
                    INT32_MAX);
}
