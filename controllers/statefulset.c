#include "controllers/deployment_sync.h"
#include "controllers/podbatch.h"
#include "controllers/revisions.h"
#include "controllers/rows.h"
#include "controllers/statefulset_sync.h"

/*
 * Pods with names NAME-0, NAME-1, ... that come and go in order. The template of each revision is
 * kept in a ControllerRevision NAME-HASH, so that pods below the partition are made again from the
 * revision they had.
 */

static const char *const storage = "apps/statefulsets", *const claims = "persistentvolumeclaims";
static const char *const revision_label = "controller-revision-hash",
                         *const hash_label = "controller.kubernetes.io/hash",
                         *const name_label = "statefulset.kubernetes.io/pod-name",
                         *const index_label = "apps.kubernetes.io/pod-index";

enum { REPLICAS_MAX = 10000, REST_US = 1000000, STALE_MS = 500 };

void statefulset_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, storage)) {
        ctl_map_self(c, index, ch);
    } else {
        pod_map_expected(c, index, ch, "StatefulSet");
        ctl_map_orphan(c, index, ch, storage);
    }
}

typedef struct Run {
    Ctl *ctl;
    Value *sts;
    Selector *sel;
    Value **pods; /* by ordinal less start; NULL where there is none */
    StsPod *views;
    Values condemned; /* highest ordinal first */
    StsPod *condemned_views;
    Revisions revisions;
    uint32_t replicas;
    int64_t start;
    const char *current, *update; /* names of revisions */
    WorkKey key;
    bool is_resting; /* an ended pod is not made anew yet */
} Run;

/* ---- what exists ---- */

static StsPod view_of(const Run *run, const Value *pod)
{
    int64_t min_ready_s = value_at_int(run->sts, "spec.minReadySeconds", 0);
    bool runs = str_eq(pod_phase(pod), "Running");

    return (StsPod){
        .exists = true,
        .is_finished = pod_is_finished(pod),
        .is_deleted = meta_is_deleted(pod),
        .is_ready = runs && pod_is_ready(pod),
        .is_available = runs && pod_is_available(pod, min_ready_s, run->ctl->now_us),
        .is_updated = str_eq(meta_label(pod, revision_label), run->update),
    };
}

static int by_ordinal(const void *x, const void *y, void *data)
{
    const Run *run = data;
    int64_t a = statefulset_ordinal(run->ctl->name, meta_name(*(Value *const *)x));
    int64_t b = statefulset_ordinal(run->ctl->name, meta_name(*(Value *const *)y));

    return (a < b) - (a > b);
}

static void sort_out(Run *run, const Values *owned)
{
    Arena *a = run->ctl->arena;

    run->start = value_at_int(run->sts, "spec.ordinals.start", 0);
    run->replicas = (uint32_t)MAX(MIN(value_at_int(run->sts, "spec.replicas", 1), REPLICAS_MAX), 0);
    run->pods = arena_array(a, Value *, run->replicas + 1);
    run->views = arena_array(a, StsPod, run->replicas + 1);
    for (uint32_t i = 0; i < owned->n; i++) {
        Value *pod = owned->items[i];
        int64_t at = statefulset_ordinal(run->ctl->name, meta_name(pod)) - run->start;

        if (at < 0 || at >= run->replicas) {
            values_add(a, &run->condemned, pod);
            continue;
        }
        run->pods[at] = pod;
        run->views[at] = view_of(run, pod);
    }
    if (run->condemned.n > 1)
        qsort_r(run->condemned.items, run->condemned.n, sizeof(Value *), by_ordinal, run);
    run->condemned_views = arena_array(a, StsPod, run->condemned.n + 1);
    for (uint32_t i = 0; i < run->condemned.n; i++)
        run->condemned_views[i] = view_of(run, run->condemned.items[i]);
}

static int collect(Run *run, Err *err)
{
    Ctl *ctl = run->ctl;
    Values found, named = {0}, owned;
    int r = ctl_list_claimable(ctl, "pods", run->sel, meta_uid(run->sts), &found, err);

    if (r < 0)
        return r;
    for (uint32_t i = 0; i < found.n; i++)
        if (statefulset_ordinal(ctl->name, meta_name(found.items[i])) >= 0)
            values_add(ctl->arena, &named, found.items[i]);
    r = ctl_claim(ctl, "pods", run->sts, run->sel, NULL, &named, &owned, err);
    if (r == 0)
        sort_out(run, &owned);
    return r;
}

/* ---- claims ---- */

static const char *claim_name(Arena *a, const Value *template, const char *pod_name)
{
    return arena_printf(a, "%s-%s", meta_name(template), pod_name);
}

static Value *claim_from_template(Run *run, const Value *template, const char *pod_name)
{
    Arena *a = run->ctl->arena;
    Value *claim = value_copy(a, template), *labels, *refs;

    value_set_str(a, claim, "kind", "PersistentVolumeClaim");
    value_set_str(a, claim, "apiVersion", "v1");
    value_set_str(a, value_need(a, claim, "metadata"), "name", claim_name(a, template, pod_name));
    value_set_at(a, claim, "metadata.namespace", value_str(a, run->ctl->ns));
    value_each_member(value_at(run->sts, "spec.selector.matchLabels"), m)
    {
        labels = value_need(a, claim, "metadata.labels");
        value_set(a, labels, m->name, m->value);
    }
    value_del(claim, "status");
    refs = statefulset_claim_owners(a, run->sts, NULL, claim, false);
    if (refs)
        value_set_at(a, claim, "metadata.ownerReferences", refs);
    return claim;
}

static int create_claim(Run *run, const Value *template, const char *pod_name, Err *err)
{
    ObjRef at = ctl_ref(run->ctl, claims, run->ctl->ns, NULL);
    Value *claim = claim_from_template(run, template, pod_name);
    Err failure = {0};
    int r = client_create(run->ctl->client, run->ctl->arena, &at, claim, NULL, &failure);

    if (r == -ERR_ALREADY_EXISTS)
        return 0;
    if (r < 0) {
        ctl_event(run->ctl, run->sts, "Warning", "FailedCreate",
                  "create Claim %s for Pod %s in StatefulSet %s failed error: %s", meta_name(claim),
                  pod_name, run->ctl->name, failure.msg);
        if (err)
            *err = failure;
        return r;
    }
    ctl_event(run->ctl, run->sts, "Normal", "SuccessfulCreate",
              "create Claim %s Pod %s in StatefulSet %s success", meta_name(claim), pod_name,
              run->ctl->name);
    return 0;
}

/* Claims come before their pod and outlive it. */
static int make_claims(Run *run, const char *pod_name, Err *err)
{
    Value *t, *have;

    value_each_item(value_at(run->sts, "spec.volumeClaimTemplates"), i, t)
    {
        const char *name = claim_name(run->ctl->arena, t, pod_name);
        int r = ctl_get(run->ctl, claims, run->ctl->ns, name, &have, err);

        if (r == 0 && have && meta_is_deleted(have))
            return err_set(err, ERR_CONFLICT, "pvc %s is being deleted", name);
        if (r == 0 && !have)
            r = create_claim(run, t, pod_name, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* Bring the owners of a pod's claims in line with the retention policy. */
static int own_claims(Run *run, const Value *pod, bool is_condemned, Err *err)
{
    Arena *a = run->ctl->arena;
    Value *t, *claim, *refs;

    value_each_item(value_at(run->sts, "spec.volumeClaimTemplates"), i, t)
    {
        const char *name = claim_name(a, t, meta_name(pod));
        ObjRef at = ctl_ref(run->ctl, claims, run->ctl->ns, name);
        int r = ctl_get(run->ctl, claims, run->ctl->ns, name, &claim, err);

        refs = r == 0 && claim ? statefulset_claim_owners(a, run->sts, pod, claim, is_condemned)
                               : NULL;
        if (refs) {
            value_set_at(a, claim, "metadata.ownerReferences", refs);
            r = client_update(run->ctl->client, a, &at, claim, NULL, err);
        }
        if (r < 0 && r != -ERR_NOT_FOUND)
            return r;
    }
    return 0;
}

/* A claim that the last pod of this name owns goes with it: the new pod waits for that. */
static int find_stale(Run *run, uint32_t i, Err *err)
{
    const char *pod_name =
        arena_printf(run->ctl->arena, "%s-%lld", run->ctl->name, (long long)(run->start + i));
    Value *t, *claim, *ref;

    value_each_item(value_at(run->sts, "spec.volumeClaimTemplates"), k, t)
    {
        int r = ctl_get(run->ctl, claims, run->ctl->ns, claim_name(run->ctl->arena, t, pod_name),
                        &claim, err);

        if (r < 0)
            return r;
        value_each_item(value_at(claim, "metadata.ownerReferences"), m, ref)
        {
            run->views[i].is_stale =
                run->views[i].is_stale || (str_eq(value_get_str(ref, "kind"), "Pod") &&
                                           str_eq(value_get_str(ref, "name"), pod_name));
        }
    }
    return 0;
}

static int tend_claims(Run *run, Err *err)
{
    int r = 0;

    if (value_len(value_at(run->sts, "spec.volumeClaimTemplates")) == 0)
        return 0;
    for (uint32_t i = 0; i < run->replicas && r == 0; i++) {
        if (!run->pods[i])
            r = find_stale(run, i, err);
        else if (str_eq(pod_phase(run->pods[i]), "Pending"))
            r = make_claims(run, meta_name(run->pods[i]), err);
        if (r == 0 && run->pods[i])
            r = own_claims(run, run->pods[i], false, err);
    }
    for (uint32_t i = 0; i < run->condemned.n && r == 0; i++)
        r = own_claims(run, run->condemned.items[i], true, err);
    return r;
}

/* ---- pods ---- */

/* The claims' volumes take the place of the template's of the same name. */
static void set_volumes(Run *run, Value *pod, const char *pod_name)
{
    Arena *a = run->ctl->arena;
    Value *templates = value_at(run->sts, "spec.volumeClaimTemplates"), *list = value_array(a);
    Value *t, *v;

    if (value_len(templates) == 0)
        return;
    value_each_item(templates, i, t)
    {
        Value *volume = value_object(a);

        value_set_str(a, volume, "name", meta_name(t));
        value_set_at(a, volume, "persistentVolumeClaim.claimName",
                     value_str(a, claim_name(a, t, pod_name)));
        value_append(a, list, volume);
    }
    value_each_item(value_at(pod, "spec.volumes"), i, v)
    {
        bool is_claimed = false;

        value_each_item(templates, k, t)
        {
            is_claimed = is_claimed || str_eq(meta_name(t), value_get_str(v, "name"));
        }
        if (!is_claimed)
            value_append(a, list, v);
    }
    value_set_at(a, pod, "spec.volumes", list);
}

static Value *pod_of(Run *run, int64_t ordinal)
{
    Arena *a = run->ctl->arena;
    const Value *held = statefulset_is_held_back(run->sts, ordinal)
                            ? revisions_find(&run->revisions, run->current)
                            : NULL;
    const char *name = arena_printf(a, "%s-%lld", run->ctl->name, (long long)ordinal);
    Value *template = revision_template(a, held ? held : run->revisions.update), *labels;
    Value *pod = pod_from_template(a, template, run->sts);

    value_del_at(pod, "metadata.generateName");
    value_set_at(a, pod, "metadata.name", value_str(a, name));
    labels = value_need(a, pod, "metadata.labels");
    value_set_str(a, labels, revision_label, held ? run->current : run->update);
    value_set_str(a, labels, name_label, name);
    value_set(a, labels, index_label, value_printf(a, "%lld", (long long)ordinal));
    value_set_at(a, pod, "spec.hostname", value_str(a, name));
    if (value_at_str(run->sts, "spec.serviceName"))
        value_set_at(a, pod, "spec.subdomain",
                     value_str(a, value_at_str(run->sts, "spec.serviceName")));
    set_volumes(run, pod, name);
    return pod;
}

static const char *say(Arena *a, PodVerb verb, const Value *owner, const char *pod,
                       const Err *failure)
{
    const char *name = verb == POD_CREATE ? "create" : "delete";

    if (failure && verb == POD_CREATE && failure->code == ERR_ALREADY_EXISTS)
        return NULL;
    return failure ? arena_printf(a, "%s Pod %s in StatefulSet %s failed error: %s", name, pod,
                                  meta_name(owner), failure->msg)
                   : arena_printf(a, "%s Pod %s in StatefulSet %s successful", name, pod,
                                  meta_name(owner));
}

typedef struct Work {
    Run *run;
    const uint32_t *missing; /* numbers of the pods to make */
} Work;

static int make_pod(void *data, uint32_t i, Value **ret, Err *err)
{
    const Work *work = data;

    *ret = pod_of(work->run, work->run->start + work->missing[i]);
    return make_claims(work->run, meta_name(*ret), err);
}

/* A pod whose own labels somebody took off gets them back. */
static int mend_identity(Run *run, Value *pod, Err *err)
{
    Arena *a = run->ctl->arena;
    ObjRef at = ctl_ref(run->ctl, "pods", run->ctl->ns, meta_name(pod));
    Err failure = {0};
    Value *labels;
    int r;

    if (str_eq(meta_label(pod, name_label), meta_name(pod)) || meta_is_deleted(pod))
        return 0;
    labels = value_need(a, pod, "metadata.labels");
    value_set_str(a, labels, name_label, meta_name(pod));
    value_set(
        a, labels, index_label,
        value_printf(a, "%lld", (long long)statefulset_ordinal(run->ctl->name, meta_name(pod))));
    r = client_update(run->ctl->client, a, &at, pod, NULL, &failure);
    if (r == 0)
        ctl_event(run->ctl, run->sts, "Normal", "SuccessfulUpdate",
                  "update Pod %s in StatefulSet %s successful", meta_name(pod), run->ctl->name);
    else if (r != -ERR_CONFLICT)
        ctl_event(run->ctl, run->sts, "Warning", "FailedUpdate",
                  "update Pod %s in StatefulSet %s failed error: %s", meta_name(pod),
                  run->ctl->name, failure.msg);
    if (r < 0 && err)
        *err = failure;
    return r;
}

/* A pod that ended as soon as it was made, as one that its node refuses, is left alone for a
 * second: nobody is to make and unmake pods as fast as one can. */
static bool rests(const Run *run, const Value *pod)
{
    return pod_is_finished(pod) &&
           run->ctl->now_us - value_time_us(pod, "metadata.creationTimestamp") < REST_US;
}

/* Pods that wait for each other come one a sync; the others come and go together. */
static int carry_out(Run *run, const StsVerb *verbs, const StsVerb *surplus, Err *err)
{
    Arena *a = run->ctl->arena;
    uint32_t *missing = arena_array(a, uint32_t, run->replicas + 1), n = 0;
    Work work = {run, missing};
    const PodBatch batch = {.ctl = run->ctl,
                            .owner = run->sts,
                            .expectations = ctl_expectations(run->ctl->all),
                            .key = run->key,
                            .make = make_pod,
                            .data = &work,
                            .say = say};
    Values gone = {0};
    int r = 0;

    for (uint32_t i = 0; i < run->replicas && r == 0; i++) {
        if (verbs[i] == STS_CREATE) {
            missing[n++] = i;
        } else if (verbs[i] == STS_DELETE && rests(run, run->pods[i])) {
            run->is_resting = true;
        } else if (verbs[i] == STS_DELETE) {
            values_add(a, &gone, run->pods[i]);
        } else if (run->pods[i]) {
            r = mend_identity(run, run->pods[i], err);
        }
    }
    for (uint32_t i = 0; i < run->condemned.n; i++)
        if (surplus[i] == STS_DELETE)
            values_add(a, &gone, run->condemned.items[i]);
    if (r == 0)
        r = podbatch_create(&batch, n, err);
    if (r == 0)
        r = podbatch_delete(&batch, (const Value *const *)gone.items, gone.n, err);
    return r;
}

static int act(Run *run, Err *err)
{
    Arena *a = run->ctl->arena;
    StsVerb *verbs = arena_array(a, StsVerb, run->replicas + 1);
    StsVerb *surplus = arena_array(a, StsVerb, run->condemned.n + 1);
    StsFacts facts = {
        .pods = run->views,
        .replicas = run->replicas,
        .condemned = run->condemned_views,
        .n_condemned = run->condemned.n,
        .is_parallel = str_eq(value_at_str(run->sts, "spec.podManagementPolicy"), "Parallel"),
        .is_on_delete = str_eq(value_at_str(run->sts, "spec.updateStrategy.type"), "OnDelete"),
        .partition = (uint32_t)MAX(
            MIN(value_at_int(run->sts, "spec.updateStrategy.rollingUpdate.partition", 0),
                INT32_MAX),
            0),
        .max_unavailable = statefulset_max_unavailable(run->sts),
    };
    int r = tend_claims(run, err);

    if (r < 0)
        return r;
    statefulset_plan(&facts, verbs, surplus);
    return carry_out(run, verbs, surplus, err);
}

/* ---- status ---- */

static void count(const Run *run, StsCounts *c, const StsPod *view, const Value *pod)
{
    const char *revision = meta_label(pod, revision_label);

    if (!view->exists)
        return;
    c->replicas++;
    c->ready += view->is_ready;
    c->available += view->is_available;
    if (view->is_deleted)
        return;
    c->current += str_eq(revision, run->current);
    c->updated += str_eq(revision, run->update);
}

static int write_status(Run *run, Err *err)
{
    StsCounts c = {.current_revision = run->current,
                   .update_revision = run->update,
                   .collisions = run->revisions.collisions};
    Value *status, *copy;

    for (uint32_t i = 0; i < run->replicas; i++)
        count(run, &c, &run->views[i], run->pods[i]);
    for (uint32_t i = 0; i < run->condemned.n; i++)
        count(run, &c, &run->condemned_views[i], run->condemned.items[i]);
    status = statefulset_status(run->ctl->arena, run->sts, c);
    if (value_equal(value_get(run->sts, "status"), status))
        return 0;
    copy = value_copy(run->ctl->arena, run->sts);
    value_set(run->ctl->arena, copy, "status", status);
    return ctl_update_status(run->ctl, storage, copy, err);
}

static bool is_live(const Value *revision, const void *data)
{
    const Run *run = data;
    const char *name = meta_name(revision);

    if (str_eq(name, run->current) || str_eq(name, run->update))
        return true;
    for (uint32_t i = 0; i < run->replicas; i++)
        if (str_eq(meta_label(run->pods[i], revision_label), name))
            return true;
    for (uint32_t i = 0; i < run->condemned.n; i++)
        if (str_eq(meta_label(run->condemned.items[i], revision_label), name))
            return true;
    return false;
}

/* When is there something to look at that no change tells of; 0: never. */
static int again_ms(const Run *run)
{
    int64_t min_ready_s = value_at_int(run->sts, "spec.minReadySeconds", 0);
    Values pods = {0};

    for (uint32_t i = 0; i < run->replicas; i++) {
        if (run->views[i].is_stale)
            return STALE_MS;
        if (run->pods[i])
            values_add(run->ctl->arena, &pods, run->pods[i]);
    }
    if (run->is_resting)
        return REST_US / 1000;
    return (int)MIN(pods_available_in_ms(&pods, min_ready_s, run->ctl->now_us), INT32_MAX);
}

static int find_revisions(Run *run, Err *err)
{
    const char *current = value_at_str(run->sts, "status.currentRevision");
    bool is_none = false;
    int r = selector_from_value(run->ctl->arena, value_at(run->sts, "spec.selector"), &run->sel,
                                &is_none, err);

    if (r == 0)
        r = revisions_sync(run->ctl, run->sts, run->sel, hash_label, &run->revisions, err);
    if (r < 0)
        return r;
    run->update = meta_name(run->revisions.update);
    run->current = current && revisions_find(&run->revisions, current) ? current : run->update;
    return 0;
}

int statefulset_sync(Ctl *ctl, Err *err)
{
    Run run = {.ctl = ctl, .key = {ctl->index, ctl->cluster, ctl->ns, ctl->name}};
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name, &run.sts, err), acted = 0;
    Err failure = {0};

    if (r < 0)
        return r;
    if (!run.sts) {
        expect_forget(ctl_expectations(ctl->all), &run.key);
        return 0;
    }
    r = find_revisions(&run, err);
    if (r == 0)
        r = collect(&run, err);
    if (r < 0)
        return r;
    if (!meta_is_deleted(run.sts) &&
        expect_is_met(ctl_expectations(ctl->all), &run.key, ctl->now_us))
        acted = act(&run, &failure);
    r = write_status(&run, err);
    if (r == 0 && acted == 0)
        r = revisions_trim(ctl, &run.revisions,
                           value_at_int(run.sts, "spec.revisionHistoryLimit", 10), is_live, &run,
                           err);
    if (r == 0 && acted < 0) {
        if (err)
            *err = failure;
        r = acted;
    }
    return r < 0 ? r : again_ms(&run);
}
