#include "controllers/daemonset_sync.h"
#include "controllers/podbatch.h"
#include "controllers/revisions.h"
#include "controllers/rows.h"

#include "api/nodeoverlay.h"
#include "base/map.h"

/*
 * One pod on every node that the template may run on. Pods are bound through node affinity on
 * metadata.name, as upstream does, so that the scheduler still checks that they fit.
 */

static const char *const storage = "apps/daemonsets";
static const char *const hash_label = "controller-revision-hash",
                         *const generation_key = "deprecated.daemonset.template.generation",
                         *const pod_generation_label = "pod-template-generation";

typedef struct AllSets {
    Controllers *c;
    uint32_t index;
    const char *cluster;
} AllSets;

static void on_set(const char *cluster, const char *ns, const char *name, void *data)
{
    const AllSets *all = data;

    ctl_enqueue(all->c, all->index, cluster, ns, name);
}

static void on_set_of_tenant(Obj *o, void *data)
{
    const AllSets *all = data;

    ctl_enqueue(all->c, all->index, all->cluster, o->ns, o->name);
}

/* What says which daemons run on a node. */
static const char *const placement[] = {"metadata.labels", "spec.taints", "spec.unschedulable",
                                        NULL};

void daemonset_map(Controllers *c, uint32_t index, const Change *ch)
{
    Lister *l = ctl_lister(c);
    AllSets all = {c, index, ch->cluster};

    if (str_eq(ch->storage, storage)) {
        ctl_map_self(c, index, ch);
    } else if (str_eq(ch->storage, "pods")) {
        pod_map_expected(c, index, ch, "DaemonSet");
        ctl_map_orphan(c, index, ch, storage);
    } else if (str_eq(ch->storage, NODE_OVERLAYS)) {
        /* The nodes of one tenant have changed. */
        (void)l->list(l, ch->cluster, storage, NULL, NULL, on_set_of_tenant, &all, NULL);
    } else if (str_eq(ch->cluster, "host") && !ctl_is_same_at(ch, placement)) {
        /* A failure to list is met again at the next one. */
        (void)l->keys(l, storage, on_set, &all, NULL);
    }
}

/* ---- what exists ---- */

typedef struct Run {
    Ctl *ctl;
    Value *ds;
    Values pods; /* ours */
    DsNode *nodes;
    uint32_t n, cap;
    Map by_name;   /* node's name -> its number and one */
    Values strays; /* pods that are to be bound to nodes that are gone */
    Revisions revisions;
    Value *template; /* with what daemons tolerate */
    const char *hash;
    WorkKey key;
} Run;

/* Where the pod runs or is meant to run; NULL when it cannot say. */
static const char *pod_node(const Value *pod)
{
    const char *node = pod_bound_node(pod);
    Value *terms, *term, *field;

    if (node)
        return node;
    terms = value_at(pod, "spec.affinity.nodeAffinity."
                          "requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms");
    value_each_item(terms, i, term) value_each_item(value_get(term, "matchFields"), k, field)
    {
        if (str_eq(value_get_str(field, "key"), "metadata.name") &&
            value_len(value_get(field, "values")) == 1)
            return value_at_str(field, "values.0");
    }
    return NULL;
}

static void on_node(Obj *o, void *data)
{
    Run *run = data;
    Arena *a = run->ctl->arena;

    if (run->n == run->cap) {
        DsNode *more = arena_array(a, DsNode, run->cap * 2 + 16);

        if (run->n > 0)
            memcpy(more, run->nodes, run->n * sizeof(*more));
        run->nodes = more;
        run->cap = run->cap * 2 + 16;
    }
    run->nodes[run->n] = (DsNode){.v = obj_to_value(a, o, "Node", "v1")};
    daemonset_place(value_get(run->template, "spec"), run->nodes[run->n].v,
                    &run->nodes[run->n].should_run, &run->nodes[run->n].should_continue);
    run->n++;
    map_set(&run->by_name, o->name, (void *)(uintptr_t)run->n);
}

/* Failed pods of one node and template go after longer and longer times. */
static const char *backoff_name(const Run *run, const char *node)
{
    return arena_printf(run->ctl->arena, "%s/%lld/%s", meta_uid(run->ds),
                        (long long)meta_generation(run->ds), node);
}

static DsPod look(const Run *run, const Value *pod, const char *node)
{
    int64_t min_ready_s = value_at_int(run->ds, "spec.minReadySeconds", 0);
    const char *phase = pod_phase(pod), *generation = meta_annotation(run->ds, generation_key);
    bool is_failed = str_eq(phase, "Failed");
    /* Pods of an earlier DaemonSet of this name count by its generation, too. */
    bool is_updated = str_eq(meta_label(pod, hash_label), run->hash) ||
                      (generation && str_eq(meta_label(pod, pod_generation_label), generation));

    return (DsPod){
        .v = pod,
        .is_deleted = meta_is_deleted(pod),
        .is_failed = is_failed,
        .is_succeeded = str_eq(phase, "Succeeded"),
        .is_ready = pod_is_ready(pod),
        .is_available = pod_is_available(pod, min_ready_s, run->ctl->now_us),
        .is_updated = is_updated,
        .rest_us = is_failed ? backoff_left_us(ctl_daemon_backoffs(run->ctl->all),
                                               backoff_name(run, node), run->ctl->now_us)
                             : 0,
    };
}

/* Bound ones first, then by age. */
static int by_age(const void *x, const void *y)
{
    const Value *a = *(Value *const *)x, *b = *(Value *const *)y;
    const char *na = value_at_str(a, "spec.nodeName"), *nb = value_at_str(b, "spec.nodeName");
    int64_t ta = meta_created_us(a), tb = meta_created_us(b);

    if ((na && na[0]) != (nb && nb[0]))
        return na && na[0] ? -1 : 1;
    if (ta != tb)
        return ta < tb ? -1 : 1;
    return strcmp(meta_name(a), meta_name(b));
}

static void put_on_nodes(Run *run)
{
    if (run->pods.n > 1)
        qsort(run->pods.items, run->pods.n, sizeof(*run->pods.items), by_age);
    for (uint32_t i = 0; i < run->n; i++)
        run->nodes[i].n = 0;
    for (int pass = 0; pass < 2; pass++) { /* count, then fill */
        for (uint32_t i = 0; i < run->n && pass == 1; i++) {
            run->nodes[i].pods = arena_array(run->ctl->arena, DsPod, run->nodes[i].n + 1);
            run->nodes[i].n = 0;
        }
        for (uint32_t i = 0; i < run->pods.n; i++) {
            Value *pod = run->pods.items[i];
            const char *name = pod_node(pod);
            uintptr_t at = name ? (uintptr_t)map_get(&run->by_name, name) : 0;

            if (pod_is_finished(pod) && meta_is_deleted(pod))
                continue; /* as good as gone */
            /* One that is bound is left to whoever collects lost pods: its node may come back. */
            if (at == 0 && pass == 1 && !pod_bound_node(pod))
                values_add(run->ctl->arena, &run->strays, pod);
            else if (at > 0 && pass == 0)
                run->nodes[at - 1].n++;
            else if (at > 0)
                run->nodes[at - 1].pods[run->nodes[at - 1].n++] = look(run, pod, name);
        }
    }
}

static int collect(Run *run, Err *err)
{
    Ctl *ctl = run->ctl;
    Selector *sel = NULL;
    bool is_none = false;
    Values found;
    int r =
        selector_from_value(ctl->arena, value_at(run->ds, "spec.selector"), &sel, &is_none, err);

    if (r == 0)
        r = revisions_sync(ctl, run->ds, sel, hash_label, &run->revisions, err);
    if (r == 0)
        r = ctl_list_claimable(ctl, "pods", sel, meta_uid(run->ds), &found, err);
    if (r == 0)
        r = ctl_claim(ctl, "pods", run->ds, sel, NULL, &found, &run->pods, err);
    if (r < 0)
        return r;
    run->hash = meta_label(run->revisions.update, hash_label);
    run->template = value_copy(ctl->arena, value_at(run->ds, "spec.template"));
    daemonset_tolerate(ctl->arena, value_need(ctl->arena, run->template, "spec"));
    r = ctl->lister->list(ctl->lister, ctl->cluster, "nodes", NULL, NULL, on_node, run, err);
    if (r == 0)
        put_on_nodes(run);
    return r;
}

/* ---- pods ---- */

/* A pod that has ended makes room for another. */
static void tell_of_end(Run *run, const DsPod *p, const char *node)
{
    if (p->is_failed) {
        backoff_tried(ctl_daemon_backoffs(run->ctl->all), backoff_name(run, node),
                      run->ctl->now_us);
        ctl_event(run->ctl, run->ds, "Warning", "FailedDaemonPod",
                  "Found failed daemon pod %s/%s on node %s, will try to kill it", run->ctl->ns,
                  meta_name(p->v), node);
    } else if (p->is_succeeded) {
        ctl_event(run->ctl, run->ds, "Normal", "SucceededDaemonPod",
                  "Found succeeded daemon pod %s/%s on node %s, will try to delete it",
                  run->ctl->ns, meta_name(p->v), node);
    }
}

static Value *pod_for(Run *run, const char *node)
{
    Arena *a = run->ctl->arena;
    Value *pod = pod_from_template(a, run->template, run->ds);
    Value *labels = value_need(a, pod, "metadata.labels");
    const char *generation = meta_annotation(run->ds, generation_key);

    daemonset_bind(a, value_get(pod, "spec"), node);
    value_set_str(a, labels, hash_label, run->hash);
    if (generation)
        value_set_str(a, labels, pod_generation_label, generation);
    return pod;
}

typedef struct Wanted {
    Run *run;
    const char **nodes;
} Wanted;

static int make_pod(void *data, uint32_t i, Value **ret, Err *err UNUSED)
{
    const Wanted *w = data;

    *ret = pod_for(w->run, w->nodes[i]);
    return 0;
}

/* What goes, up to the burst. */
static Values leaving(Run *run)
{
    Arena *a = run->ctl->arena;
    Values out = {0};

    for (uint32_t i = 0; i < run->n; i++)
        for (uint32_t k = 0; k < run->nodes[i].n && out.n < DAEMONSET_BURST; k++)
            if (run->nodes[i].pods[k].must_go) {
                tell_of_end(run, &run->nodes[i].pods[k], meta_name(run->nodes[i].v));
                values_add(a, &out, (Value *)(uintptr_t)run->nodes[i].pods[k].v);
            }
    for (uint32_t i = 0; i < run->strays.n && out.n < DAEMONSET_BURST; i++)
        if (!meta_is_deleted(run->strays.items[i]))
            values_add(a, &out, run->strays.items[i]);
    return out;
}

/* Deletions first: what comes in the place of a pod comes when that is gone. As many of each as a
 * sync may do; what is seen of them brings the next. */
static int carry_out(Run *run, Err *err)
{
    Ctl *ctl = run->ctl;
    Wanted wanted = {run, arena_array(ctl->arena, const char *, DAEMONSET_BURST)};
    const PodBatch batch = {.ctl = ctl,
                            .owner = run->ds,
                            .expectations = ctl_expectations(ctl->all),
                            .key = run->key,
                            .make = make_pod,
                            .data = &wanted};
    Values gone = leaving(run);
    uint32_t n = 0;
    int removed = podbatch_delete(&batch, (const Value *const *)gone.items, gone.n, err), added;

    for (uint32_t i = 0; i < run->n && n < DAEMONSET_BURST; i++)
        if (run->nodes[i].needs_pod)
            wanted.nodes[n++] = meta_name(run->nodes[i].v);
    added = podbatch_create(&batch, n, removed < 0 ? NULL : err);
    return removed < 0 ? removed : added;
}

static int act(Run *run, const DsCounts *counts, Err *err)
{
    bool is_rolling = !str_eq(value_at_str(run->ds, "spec.updateStrategy.type"), "OnDelete");
    int64_t surge = 0, unavailable = 0;
    bool is_settled = true;

    if (is_rolling)
        daemonset_limits(run->ds, counts->desired, &surge, &unavailable);
    daemonset_manage(run->nodes, run->n, surge > 0);
    for (uint32_t i = 0; i < run->n; i++) {
        is_settled = is_settled && !run->nodes[i].needs_pod;
        for (uint32_t k = 0; k < run->nodes[i].n; k++)
            is_settled = is_settled && !run->nodes[i].pods[k].must_go;
    }
    if (is_rolling && is_settled)
        daemonset_roll(run->nodes, run->n, surge, unavailable);
    return carry_out(run, err);
}

/* ---- status ---- */

static int write_status(Run *run, const DsCounts *c, Err *err)
{
    Arena *a = run->ctl->arena;
    const Value *old = value_get(run->ds, "status");
    Value *copy = value_copy(a, run->ds), *status = value_need(a, copy, "status");
    const struct {
        const char *name;
        int64_t n;
        bool is_optional;
    } counts[] = {
        {"currentNumberScheduled", c->current, false},
        {"numberMisscheduled", c->misscheduled, false},
        {"desiredNumberScheduled", c->desired, false},
        {"numberReady", c->ready, false},
        {"observedGeneration", meta_generation(run->ds), true},
        {"updatedNumberScheduled", c->updated, true},
        {"numberAvailable", c->available, true},
        {"numberUnavailable", c->desired - c->available, true},
        {"collisionCount", run->revisions.collisions, true},
    };
    bool differs = false;

    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        differs = differs || value_at_int(old, counts[i].name, -1) !=
                                 (counts[i].n || !counts[i].is_optional ? counts[i].n : -1);
        if (counts[i].n != 0 || !counts[i].is_optional)
            value_set_int(a, status, counts[i].name, counts[i].n);
        else
            value_del(status, counts[i].name);
    }
    return differs ? ctl_update_status(run->ctl, storage, copy, err) : 0;
}

static bool is_live(const Value *revision, const void *data)
{
    const Run *run = data;
    const char *hash = meta_label(revision, hash_label);

    for (uint32_t i = 0; i < run->pods.n; i++)
        if (str_eq(meta_label(run->pods.items[i], hash_label), hash))
            return true;
    return false;
}

/* When is there something to look at that no change tells of; 0: never. */
static int again_ms(const Run *run)
{
    int64_t min_ready_s = value_at_int(run->ds, "spec.minReadySeconds", 0);
    int64_t ms = INT32_MAX;

    for (uint32_t i = 0; i < run->n; i++)
        for (uint32_t k = 0; k < run->nodes[i].n; k++) {
            const DsPod *p = &run->nodes[i].pods[k];

            if (p->rest_us > 0 && !p->is_deleted)
                ms = MIN(ms, p->rest_us / 1000 + 1);
            if (p->is_ready && !p->is_available)
                ms = MIN(ms, MAX(pod_available_in_ms(p->v, min_ready_s, run->ctl->now_us), 1));
        }
    return ms == INT32_MAX ? 0 : (int)ms;
}

static int sync_run(Run *run, Err *err)
{
    Ctl *ctl = run->ctl;
    DsCounts counts;
    int r = collect(run, err), acted = 0;
    Err failure = {0};

    if (r < 0)
        return r;
    counts = daemonset_count(run->nodes, run->n);
    if (expect_is_met(ctl_expectations(ctl->all), &run->key, ctl->now_us)) {
        acted = act(run, &counts, &failure);
        if (acted == 0)
            r = revisions_trim(ctl, &run->revisions,
                               value_at_int(run->ds, "spec.revisionHistoryLimit", 10), is_live, run,
                               err);
    }
    if (r == 0)
        r = write_status(run, &counts, err);
    if (r == 0 && acted < 0) {
        if (err)
            *err = failure;
        r = acted;
    }
    return r < 0 ? r : again_ms(run);
}

int daemonset_sync(Ctl *ctl, Err *err)
{
    Run run = {.ctl = ctl, .key = {ctl->index, ctl->cluster, ctl->ns, ctl->name}};
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name, &run.ds, err);

    if (r < 0)
        return r;
    if (!run.ds) {
        expect_forget(ctl_expectations(ctl->all), &run.key);
        return 0;
    }
    if (meta_is_deleted(run.ds))
        return 0;
    r = sync_run(&run, err);
    map_done(&run.by_name);
    return r;
}
