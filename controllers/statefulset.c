#include "controllers/deployment_sync.h"
#include "controllers/podutil.h"
#include "controllers/rows.h"
#include "controllers/statefulset_sync.h"

/*
 * Pods with names NAME-0, NAME-1, ... that come and go in order. The template of each revision is
 * kept in a ControllerRevision NAME-HASH, so that pods below the partition are made again from the
 * revision they had.
 */

static const char *const storage = "apps/statefulsets";
static const char *const revision_label = "controller-revision-hash";

enum { REPLICAS_MAX = 10000 };

void statefulset_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, storage))
        ctl_map_self(c, index, ch);
    else
        pod_map_expected(c, index, ch, "StatefulSet");
}

typedef struct Run {
    Ctl *ctl;
    Value *sts;
    Value *template; /* of the update revision */
    Value **pods;    /* by ordinal less start; NULL where there is none */
    StsPod *views;
    Values revisions;
    uint32_t n, replicas;
    int64_t start;
    const char *current, *update; /* names of revisions */
    WorkKey key;
} Run;

/* ---- revisions ---- */

static Value *revision_of(const Run *run, const char *name)
{
    for (uint32_t i = 0; i < run->revisions.n; i++)
        if (str_eq(meta_name(run->revisions.items[i]), name))
            return run->revisions.items[i];
    return NULL;
}

static bool is_owned(const Obj *o, const void *uid)
{
    for (uint32_t i = 0; i < o->n_owners; i++)
        if (str_eq(o->owners[i].uid, uid))
            return true;
    return false;
}

static int make_revision(Run *run, int64_t number, Err *err)
{
    Arena *a = run->ctl->arena;
    ObjRef at = ctl_ref(run->ctl, "apps/controllerrevisions", run->ctl->ns, NULL);
    Value *v = value_literal(a, "{'kind':'ControllerRevision','apiVersion':'apps/v1','metadata':{"
                                "},'data':{'spec':{}}}");
    Value *meta = value_get(v, "metadata"), *refs = value_array(a);
    Value *template = value_copy(a, run->template);
    const Value *labels = value_at(run->template, "metadata.labels");
    int r;

    value_set_str(a, meta, "name", run->update);
    value_set_str(a, meta, "namespace", run->ctl->ns);
    value_set(a, meta, "labels", labels ? value_copy(a, labels) : value_object(a));
    value_set_str(a, value_get(meta, "labels"), revision_label, run->update);
    value_append(a, refs, meta_owner_ref(a, run->sts));
    value_set(a, meta, "ownerReferences", refs);
    value_set_str(a, template, "$patch", "replace");
    value_set_at(a, v, "data.spec.template", template);
    value_set_int(a, v, "revision", number);
    r = client_create(run->ctl->client, a, &at, v, NULL, err);
    values_add(a, &run->revisions, v);
    return r == -ERR_ALREADY_EXISTS ? 0 : r;
}

static int sync_revisions(Run *run, Err *err)
{
    Arena *a = run->ctl->arena;
    int64_t most = 0;
    char hash[16];
    Value *known;
    ObjRef at;
    int r = ctl_list(run->ctl, "apps/controllerrevisions", run->ctl->ns, is_owned,
                     meta_uid(run->sts), &run->revisions, err);

    if (r < 0)
        return r;
    run->template = value_at(run->sts, "spec.template");
    deployment_template_hash(run->template, 0, hash);
    run->update = arena_printf(a, "%s-%s", run->ctl->name, hash);
    run->current = value_at_str(run->sts, "status.currentRevision");
    if (!run->current || !run->current[0])
        run->current = run->update;
    for (uint32_t i = 0; i < run->revisions.n; i++)
        most = MAX(most, value_at_int(run->revisions.items[i], "revision", 0));
    known = revision_of(run, run->update);
    if (!known)
        return make_revision(run, most + 1, err);
    if (value_at_int(known, "revision", 0) == most)
        return 0;
    /* Rolled back: the old template is the newest again. */
    at = ctl_ref(run->ctl, "apps/controllerrevisions", run->ctl->ns, run->update);
    value_set_int(a, known, "revision", most + 1);
    return client_update(run->ctl->client, a, &at, known, NULL, err);
}

/* Old revisions beyond the limit that no pod has. */
static int trim_revisions(Run *run, Err *err)
{
    int64_t limit = value_at_int(run->sts, "spec.revisionHistoryLimit", 10), n = 0;

    for (uint32_t i = run->revisions.n; i > 0; i--) {
        const Value *rev = run->revisions.items[i - 1];
        bool is_used = str_eq(meta_name(rev), run->current) || str_eq(meta_name(rev), run->update);
        int r;

        for (uint32_t k = 0; k < run->n && !is_used; k++)
            is_used = str_eq(meta_label(run->pods[k], revision_label), meta_name(rev));
        if (is_used || ++n <= limit)
            continue;
        r = ctl_delete(run->ctl, "apps/controllerrevisions", rev, NULL, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- pods ---- */

/* The ordinal in a pod's name, -1 when it is not one of ours. */
static int64_t ordinal_of(const Run *run, const Value *pod)
{
    const char *name = meta_name(pod);
    size_t n = strlen(run->ctl->name);
    int64_t ordinal;

    if (strncmp(name, run->ctl->name, n) != 0 || name[n] != '-' ||
        !slice_to_int64(slice_of(name + n + 1), &ordinal) || ordinal < run->start ||
        ordinal - run->start >= REPLICAS_MAX)
        return -1;
    return ordinal - run->start;
}

static int collect(Run *run, Err *err)
{
    Ctl *ctl = run->ctl;
    int64_t min_ready_s = value_at_int(run->sts, "spec.minReadySeconds", 0);
    Selector *sel = NULL;
    bool is_none = false;
    Values found, owned;
    int r =
        selector_from_value(ctl->arena, value_at(run->sts, "spec.selector"), &sel, &is_none, err);

    if (r == 0)
        r = ctl_list_claimable(ctl, "pods", sel, meta_uid(run->sts), &found, err);
    if (r == 0)
        r = ctl_claim(ctl, "pods", run->sts, sel, &found, &owned, err);
    if (r < 0)
        return r;
    run->start = value_at_int(run->sts, "spec.ordinals.start", 0);
    run->replicas = (uint32_t)MAX(MIN(value_at_int(run->sts, "spec.replicas", 1), REPLICAS_MAX), 0);
    run->n = run->replicas;
    for (uint32_t i = 0; i < owned.n; i++)
        run->n = (uint32_t)MAX((int64_t)run->n, ordinal_of(run, owned.items[i]) + 1);
    run->pods = arena_array(ctl->arena, Value *, run->n + 1);
    run->views = arena_array(ctl->arena, StsPod, run->n + 1);
    for (uint32_t i = 0; i < owned.n; i++) {
        int64_t at = ordinal_of(run, owned.items[i]);
        Value *pod = owned.items[i];

        if (at < 0)
            continue;
        run->pods[at] = pod;
        run->views[at] = (StsPod){
            .exists = true,
            .is_finished = pod_is_finished(pod),
            .is_deleted = meta_is_deleted(pod),
            .is_available = pod_is_available(pod, min_ready_s, ctl->now_us),
            .is_updated = str_eq(meta_label(pod, revision_label), run->update),
        };
    }
    return 0;
}

static Value *claim_template(Run *run, const Value *template, const char *pod_name)
{
    Arena *a = run->ctl->arena;
    Value *claim = value_copy(a, template);

    value_set_str(a, claim, "kind", "PersistentVolumeClaim");
    value_set_str(a, claim, "apiVersion", "v1");
    value_set(a, value_need(a, claim, "metadata"), "name",
              value_printf(a, "%s-%s", meta_name(template), pod_name));
    value_set_at(a, claim, "metadata.namespace", value_str(a, run->ctl->ns));
    if (value_at(run->sts, "spec.selector.matchLabels"))
        value_set_at(a, claim, "metadata.labels",
                     value_copy(a, value_at(run->sts, "spec.selector.matchLabels")));
    value_del(claim, "status");
    return claim;
}

/* Claims come before their pod and outlive it. */
static int make_claims(Run *run, Value *pod, const char *pod_name, Err *err)
{
    Arena *a = run->ctl->arena;
    Value *templates = value_at(run->sts, "spec.volumeClaimTemplates"), *t;
    ObjRef at = ctl_ref(run->ctl, "persistentvolumeclaims", run->ctl->ns, NULL);

    value_each_item(templates, i, t)
    {
        Value *claim = claim_template(run, t, pod_name), *volume, *v;
        Value *volumes = value_at(pod, "spec.volumes");
        int r = client_create(run->ctl->client, a, &at, claim, NULL, err);

        if (r < 0 && r != -ERR_ALREADY_EXISTS)
            return r;
        if (!value_is(volumes, VALUE_ARRAY)) {
            volumes = value_array(a);
            value_set_at(a, pod, "spec.volumes", volumes);
        }
        value_each_item(volumes, k, v) if (str_eq(value_get_str(v, "name"), meta_name(t)))
        {
            value_remove(volumes, k);
            break;
        }
        volume = value_object(a);
        value_set_str(a, volume, "name", meta_name(t));
        value_set_at(a, volume, "persistentVolumeClaim.claimName", value_str(a, meta_name(claim)));
        value_append(a, volumes, volume);
    }
    return 0;
}

/* Below the partition a pod comes back as it was: from the current revision. */
static const char *revision_for(const Run *run, uint32_t ordinal)
{
    int64_t partition = value_at_int(run->sts, "spec.updateStrategy.rollingUpdate.partition", 0);
    bool is_on_delete = str_eq(value_at_str(run->sts, "spec.updateStrategy.type"), "OnDelete");

    if (!is_on_delete && (int64_t)ordinal < partition && revision_of(run, run->current))
        return run->current;
    return run->update;
}

static int create_pod(Run *run, uint32_t ordinal, Err *err)
{
    Arena *a = run->ctl->arena;
    Expectations *e = ctl_expectations(run->ctl->all);
    const char *revision = revision_for(run, ordinal);
    const char *name =
        arena_printf(a, "%s-%lld", run->ctl->name, (long long)(run->start + ordinal));
    Value *template =
        value_copy(a, str_eq(revision, run->update)
                          ? run->template
                          : value_at(revision_of(run, revision), "data.spec.template"));
    Value *pod, *labels;
    bool is_hopeless;
    int r;

    value_del(template, "$patch");
    pod = pod_from_template(a, template, run->sts);
    value_del_at(pod, "metadata.generateName");
    value_set_at(a, pod, "metadata.name", value_str(a, name));
    labels = value_need(a, pod, "metadata.labels");
    value_set_str(a, labels, revision_label, revision);
    value_set_str(a, labels, "statefulset.kubernetes.io/pod-name", name);
    value_set(a, labels, "apps.kubernetes.io/pod-index",
              value_printf(a, "%lld", (long long)(run->start + ordinal)));
    value_set_at(a, pod, "spec.hostname", value_str(a, name));
    if (value_at_str(run->sts, "spec.serviceName"))
        value_set_at(a, pod, "spec.subdomain",
                     value_str(a, value_at_str(run->sts, "spec.serviceName")));
    r = make_claims(run, pod, name, err);
    if (r < 0)
        return r;
    expect_creations(e, &run->key, 1, run->ctl->now_us);
    r = pod_create(run->ctl, run->sts, pod, &is_hopeless, err);
    if (r < 0)
        expect_saw_creation(e, &run->key);
    return is_hopeless ? 0 : r;
}

static int delete_pod(Run *run, uint32_t ordinal, Err *err)
{
    Expectations *e = ctl_expectations(run->ctl->all);
    const Value *pod = run->pods[ordinal];
    int r;

    expect_deletion(e, &run->key, meta_uid(pod), run->ctl->now_us);
    r = pod_delete(run->ctl, run->sts, pod, err);
    if (r < 0)
        expect_saw_deletion(e, &run->key, meta_uid(pod));
    return r;
}

static int act(Run *run, Err *err)
{
    StsVerb *verbs = arena_array(run->ctl->arena, StsVerb, run->n + 1);
    StsFacts facts = {
        .pods = run->views,
        .n = run->n,
        .replicas = run->replicas,
        .is_parallel = str_eq(value_at_str(run->sts, "spec.podManagementPolicy"), "Parallel"),
        .is_on_delete = str_eq(value_at_str(run->sts, "spec.updateStrategy.type"), "OnDelete"),
        .partition = (uint32_t)MAX(
            value_at_int(run->sts, "spec.updateStrategy.rollingUpdate.partition", 0), 0),
    };
    int r = 0;

    statefulset_plan(&facts, verbs);
    for (uint32_t i = 0; i < run->n && r == 0; i++) {
        if (verbs[i] == STS_CREATE)
            r = create_pod(run, i, err);
        else if (verbs[i] == STS_DELETE)
            r = delete_pod(run, i, err);
    }
    return r;
}

/* ---- status ---- */

static int write_status(Run *run, Err *err)
{
    Arena *a = run->ctl->arena;
    const Value *old = value_get(run->sts, "status");
    Value *copy = value_copy(a, run->sts), *status = value_need(a, copy, "status");
    int64_t replicas = 0, ready = 0, available = 0, current = 0, updated = 0;

    for (uint32_t i = 0; i < run->n; i++) {
        const char *revision = meta_label(run->pods[i], revision_label);

        if (!run->views[i].exists)
            continue;
        replicas++;
        ready += pod_is_ready(run->pods[i]) && !run->views[i].is_deleted;
        available += run->views[i].is_available && !run->views[i].is_deleted;
        if (run->views[i].is_deleted)
            continue;
        current += str_eq(revision, run->current);
        updated += str_eq(revision, run->update);
    }
    if (!str_eq(run->current, run->update) && updated == replicas && replicas == run->replicas &&
        ready == replicas) {
        run->current = run->update; /* the update is through */
        current = updated;
    }
    value_set_int(a, status, "replicas", replicas);
    value_set_int(a, status, "availableReplicas", available);
    value_set_str(a, status, "currentRevision", run->current);
    value_set_str(a, status, "updateRevision", run->update);
    if (!value_get(status, "collisionCount"))
        value_set_int(a, status, "collisionCount", 0);
    const struct {
        const char *name;
        int64_t n;
    } optional[] = {{"readyReplicas", ready},
                    {"currentReplicas", current},
                    {"updatedReplicas", updated},
                    {"observedGeneration", meta_generation(run->sts)}};
    for (size_t i = 0; i < ARRAY_LEN(optional); i++) {
        if (optional[i].n != 0)
            value_set_int(a, status, optional[i].name, optional[i].n);
        else
            value_del(status, optional[i].name);
    }
    return value_equal(old, status) ? 0 : ctl_update_status(run->ctl, storage, copy, err);
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
    r = sync_revisions(&run, err);
    if (r == 0)
        r = collect(&run, err);
    if (r < 0)
        return r;
    if (!meta_is_deleted(run.sts) &&
        expect_is_met(ctl_expectations(ctl->all), &run.key, ctl->now_us))
        acted = act(&run, &failure);
    r = write_status(&run, err);
    if (r == 0 && acted == 0)
        r = trim_revisions(&run, err);
    if (r == 0 && acted < 0) {
        *err = failure;
        r = acted;
    }
    if (r == 0 && value_at_int(run.sts, "spec.minReadySeconds", 0) > 0)
        return (int)MIN(value_at_int(run.sts, "spec.minReadySeconds", 0) * 1000, INT32_MAX);
    return r;
}
