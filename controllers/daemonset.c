#include "controllers/deployment_sync.h"
#include "controllers/nodelife_sync.h"
#include "controllers/podutil.h"
#include "controllers/rows.h"

/*
 * One pod on every node that the template may run on. Pods are bound through node affinity on
 * metadata.name, as upstream does, so that the scheduler still checks that they fit.
 */

static const char *const storage = "apps/daemonsets";

/* What every daemon tolerates beside its own tolerations. */
static const struct {
    const char *key, *effect;
} tolerated[] = {
    {"node.kubernetes.io/not-ready", "NoExecute"},
    {"node.kubernetes.io/unreachable", "NoExecute"},
    {"node.kubernetes.io/disk-pressure", "NoSchedule"},
    {"node.kubernetes.io/memory-pressure", "NoSchedule"},
    {"node.kubernetes.io/pid-pressure", "NoSchedule"},
    {"node.kubernetes.io/unschedulable", "NoSchedule"},
};

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

/* Did anything change that says which daemons run on the node? */
static bool placement_changed(const Change *ch)
{
    static const char *const paths[] = {"metadata.labels", "spec.taints", "spec.unschedulable"};
    const Value *v, *old;

    if (ch->type != CHANGE_MODIFIED || !ch->prev)
        return true;
    v = obj_to_value(ch->arena, ch->obj, NULL, NULL);
    old = obj_to_value(ch->arena, ch->prev, NULL, NULL);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (!value_equal(value_at(v, paths[i]), value_at(old, paths[i])))
            return true;
    return false;
}

void daemonset_map(Controllers *c, uint32_t index, const Change *ch)
{
    Lister *l = ctl_lister(c);
    AllSets all = {c, index, ch->cluster};

    if (str_eq(ch->storage, storage)) {
        ctl_map_self(c, index, ch);
    } else if (str_eq(ch->storage, "pods")) {
        pod_map_expected(c, index, ch, "DaemonSet");
    } else if (str_eq(ch->cluster, "host") && placement_changed(ch)) {
        /* A failure to list is met again at the next one. */
        (void)l->keys(l, storage, on_set, &all, NULL);
    }
}

/* ---- which nodes ---- */

static const char *pod_node(const Value *pod)
{
    const Value *terms =
        value_at(pod, "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution."
                      "nodeSelectorTerms");
    const char *node = value_at_str(pod, "spec.nodeName");

    if (node && node[0])
        return node;
    return value_at_str(terms, "0.matchFields.0.values.0");
}

static Value *tolerations_of(Arena *a, const Value *template)
{
    const Value *own = value_at(template, "spec.tolerations");
    Value *list = value_is(own, VALUE_ARRAY) ? value_copy(a, own) : value_array(a);

    for (size_t i = 0; i < ARRAY_LEN(tolerated); i++) {
        Value *t = value_object(a);

        value_set_str(a, t, "key", tolerated[i].key);
        value_set_str(a, t, "operator", "Exists");
        value_set_str(a, t, "effect", tolerated[i].effect);
        value_append(a, list, t);
    }
    return list;
}

static bool node_fits(const Value *node, const Value *template, const Value *tolerations)
{
    Value *taint, *t;

    value_each_member(
        value_at(template, "spec.nodeSelector"),
        m) if (!str_eq(meta_label(node, m->name), value_to_cstr(m->value))) return false;
    value_each_item(value_at(node, "spec.taints"), i, taint)
    {
        bool is_tolerated = str_eq(value_get_str(taint, "effect"), "PreferNoSchedule");

        value_each_item(tolerations, k, t) is_tolerated =
            is_tolerated || toleration_matches(t, taint);
        if (!is_tolerated)
            return false;
    }
    return true;
}

static Value *pod_for(Arena *a, const Value *ds, const char *node, const char *hash,
                      Value *tolerations)
{
    Value *pod = pod_from_template(a, value_at(ds, "spec.template"), ds);
    Value *affinity =
        value_literal(a, "{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{"
                         "'matchFields':[{'key':'metadata.name','operator':'In','values':[]}]}]}}");
    Value *values = value_at(affinity, "requiredDuringSchedulingIgnoredDuringExecution."
                                       "nodeSelectorTerms.0.matchFields.0.values");

    value_append(a, values, value_str(a, node));
    value_set_at(a, pod, "spec.affinity.nodeAffinity", affinity);
    value_set_at(a, pod, "spec.tolerations", tolerations);
    value_set_str(a, value_need(a, pod, "metadata.labels"), "controller-revision-hash", hash);
    return pod;
}

/* ---- sync ---- */

typedef struct Run {
    Ctl *ctl;
    Value *ds;
    Values pods, nodes;
    Value *tolerations;
    const char *hash; /* of the template */
    WorkKey key;
    int64_t wanted, current, ready, available, updated, misplaced;
} Run;

static void on_node(Obj *o, void *data)
{
    Run *run = data;

    values_add(run->ctl->arena, &run->nodes, obj_to_value(run->ctl->arena, o, "Node", "v1"));
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
        r = ctl_list_claimable(ctl, "pods", sel, meta_uid(run->ds), &found, err);
    if (r == 0)
        r = ctl_claim(ctl, "pods", run->ds, sel, &found, &run->pods, err);
    if (r == 0)
        r = ctl->lister->list(ctl->lister, "host", "nodes", NULL, NULL, on_node, run, err);
    return r;
}

static int remove_pod(Run *run, const Value *pod, Err *err)
{
    Expectations *e = ctl_expectations(run->ctl->all);
    int r;

    if (meta_is_deleted(pod))
        return 0;
    expect_deletion(e, &run->key, meta_uid(pod), run->ctl->now_us);
    r = pod_delete(run->ctl, run->ds, pod, err);
    if (r < 0)
        expect_saw_deletion(e, &run->key, meta_uid(pod));
    return r;
}

static int add_pod(Run *run, const Value *node, Err *err)
{
    Expectations *e = ctl_expectations(run->ctl->all);
    bool is_hopeless;
    int r;

    expect_creations(e, &run->key, 1, run->ctl->now_us);
    r = pod_create(run->ctl, run->ds,
                   pod_for(run->ctl->arena, run->ds, meta_name(node), run->hash, run->tolerations),
                   &is_hopeless, err);
    if (r < 0)
        expect_saw_creation(e, &run->key);
    return is_hopeless ? 0 : r;
}

/* The pods of one node: keep one, replace what has ended. `may_roll` counts how many more old pods
 * may be taken down. */
static int sync_node(Run *run, const Value *node, bool is_wanted, int64_t *may_roll, Err *err)
{
    int64_t min_ready_s = value_at_int(run->ds, "spec.minReadySeconds", 0);
    Value *kept = NULL;
    int r = 0;

    for (uint32_t i = 0; i < run->pods.n && r == 0; i++) {
        Value *pod = run->pods.items[i];
        bool is_current = str_eq(meta_label(pod, "controller-revision-hash"), run->hash);

        if (!str_eq(pod_node(pod), meta_name(node)))
            continue;
        if (!is_wanted || kept || pod_is_finished(pod)) {
            run->misplaced += !is_wanted;
            r = remove_pod(run, pod, err);
            continue;
        }
        kept = pod;
        run->current++;
        run->ready += pod_is_ready(pod);
        run->available += pod_is_available(pod, min_ready_s, run->ctl->now_us);
        run->updated += is_current;
        if (!is_current && *may_roll > 0 && !meta_is_deleted(pod)) {
            (*may_roll)--;
            r = remove_pod(run, pod, err);
        }
    }
    if (r == 0 && is_wanted && !kept)
        r = add_pod(run, node, err);
    run->wanted += is_wanted;
    return r;
}

/* Pods of nodes that are gone, and pods that cannot say where they belong. */
static int remove_strays(Run *run, Err *err)
{
    int r = 0;

    for (uint32_t i = 0; i < run->pods.n && r == 0; i++) {
        const char *node = pod_node(run->pods.items[i]);
        bool is_known = false;

        for (uint32_t k = 0; k < run->nodes.n && !is_known; k++)
            is_known = str_eq(meta_name(run->nodes.items[k]), node);
        if (!is_known)
            r = remove_pod(run, run->pods.items[i], err);
    }
    return r;
}

static int write_status(Run *run, Err *err)
{
    Arena *a = run->ctl->arena;
    const Value *old = value_get(run->ds, "status");
    Value *copy = value_copy(a, run->ds), *status = value_need(a, copy, "status");
    const struct {
        const char *name;
        int64_t n;
        bool is_optional;
    } counts[] = {
        {"currentNumberScheduled", run->current, false},
        {"numberMisscheduled", run->misplaced, false},
        {"desiredNumberScheduled", run->wanted, false},
        {"numberReady", run->ready, false},
        {"observedGeneration", meta_generation(run->ds), true},
        {"updatedNumberScheduled", run->updated, true},
        {"numberAvailable", run->available, true},
        {"numberUnavailable", run->wanted - run->available, true},
    };
    bool differs = false;

    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        differs = differs || value_at_int(old, counts[i].name, 0) != counts[i].n;
        if (counts[i].n != 0 || !counts[i].is_optional)
            value_set_int(a, status, counts[i].name, counts[i].n);
        else
            value_del(status, counts[i].name);
    }
    return differs ? ctl_update_status(run->ctl, storage, copy, err) : 0;
}

static int64_t max_unavailable(const Value *ds, int64_t nodes)
{
    const Value *v = value_at(ds, "spec.updateStrategy.rollingUpdate.maxUnavailable");
    const char *text = value_to_cstr(v);
    int64_t n = 1;

    if (str_eq(value_at_str(ds, "spec.updateStrategy.type"), "OnDelete"))
        return 0;
    if (text && str_ends(text, "%") && slice_to_int64((Slice){text, strlen(text) - 1}, &n))
        return MAX((n * nodes + 99) / 100, 1);
    return value_to_int(v, &n) ? n : 1;
}

/* How many more may go down: what the strategy allows less what is down already. */
static int64_t room_to_roll(const Run *run)
{
    int64_t min_ready_s = value_at_int(run->ds, "spec.minReadySeconds", 0), down = 0;

    for (uint32_t i = 0; i < run->pods.n; i++)
        down += !pod_is_available(run->pods.items[i], min_ready_s, run->ctl->now_us) ||
                meta_is_deleted(run->pods.items[i]);
    return max_unavailable(run->ds, run->nodes.n) - down;
}

int daemonset_sync(Ctl *ctl, Err *err)
{
    Run run = {.ctl = ctl, .key = {ctl->index, ctl->cluster, ctl->ns, ctl->name}};
    int64_t may_roll;
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name, &run.ds, err);

    if (r < 0)
        return r;
    if (!run.ds) {
        expect_forget(ctl_expectations(ctl->all), &run.key);
        return 0;
    }
    if (meta_is_deleted(run.ds) ||
        !expect_is_met(ctl_expectations(ctl->all), &run.key, ctl->now_us))
        return 0;
    r = collect(&run, err);
    if (r < 0)
        return r;
    run.tolerations = tolerations_of(ctl->arena, value_at(run.ds, "spec.template"));
    run.hash =
        deployment_template_hash(value_at(run.ds, "spec.template"), 0, arena_alloc(ctl->arena, 16));
    may_roll = room_to_roll(&run);
    for (uint32_t i = 0; i < run.nodes.n && r == 0; i++) {
        const Value *node = run.nodes.items[i];

        r = sync_node(&run, node,
                      node_fits(node, value_at(run.ds, "spec.template"), run.tolerations),
                      &may_roll, err);
    }
    if (r == 0)
        r = remove_strays(&run, err);
    if (r < 0)
        return r;
    return write_status(&run, err);
}
