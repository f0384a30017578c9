#include "base/log.h"
#include "controllers/deployment_sync.h"
#include "controllers/podutil.h"
#include "controllers/rows.h"

#define PREFIX "deployment.kubernetes.io/"

static const char *const storage = "apps/deployments", *const rs_storage = "apps/replicasets";
static const char *const revision_key = PREFIX "revision",
                         *const history_key = PREFIX "revision-history",
                         *const desired_key = PREFIX "desired-replicas",
                         *const max_key = PREFIX "max-replicas",
                         *const rollback_key = "deprecated.deployment.rollback.to";

typedef struct Rollout {
    Ctl *ctl;
    Value *d;
    const Value *stored_status; /* as it was read; d's own may have got conditions since */
    ReplicaSetView *rs;         /* by age, oldest first */
    uint32_t n;
    int64_t *want;
} Rollout;

void deployment_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, storage)) {
        ctl_map_self(c, index, ch);
    } else if (str_eq(ch->storage, rs_storage)) {
        (void)ctl_map_owner(c, index, ch, "Deployment");
        ctl_map_orphan(c, index, ch, storage);
    } else if (ch->type == CHANGE_DELETED && obj_label(ch->obj, "pod-template-hash")) {
        /* Recreate waits for the last old pod: find the Deployment behind the ReplicaSet's name. */
        const Value *ref = value_item(ctl_owner_refs(ch->arena, ch->obj), 0);
        const char *rs = value_get_str(ref, "name"), *dash = rs ? strrchr(rs, '-') : NULL;

        if (dash)
            ctl_enqueue(c, index, ch->cluster, ch->ns,
                        arena_strndup(ch->arena, rs, (size_t)(dash - rs)));
    }
}

/* ---- what exists ---- */

static int64_t annotation_int(const Value *v, const char *key)
{
    const char *text = meta_annotation(v, key);
    int64_t n = 0;

    return text && slice_to_int64(slice_of(text), &n) ? n : 0;
}

static int by_creation(const void *x, const void *y)
{
    const ReplicaSetView *a = x, *b = y;

    if (a->created_us != b->created_us)
        return a->created_us < b->created_us ? -1 : 1;
    return strcmp(meta_name(a->v), meta_name(b->v));
}

static ReplicaSetView view_of(Value *v)
{
    return (ReplicaSetView){
        .v = v,
        .replicas = value_at_int(v, "spec.replicas", 1),
        .status_replicas = value_at_int(v, "status.replicas", 0),
        .ready = value_at_int(v, "status.readyReplicas", 0),
        .available = value_at_int(v, "status.availableReplicas", 0),
        .terminating = value_at_int(v, "status.terminatingReplicas",
                                    value_at(v, "status.observedGeneration") ? -1 : 0),
        .created_us = meta_created_us(v),
        .max_replicas = annotation_int(v, max_key),
        .desired = meta_annotation(v, desired_key) ? annotation_int(v, desired_key) : -1,
    };
}

static int load(Rollout *ro, Err *err)
{
    Arena *a = ro->ctl->arena;
    Values found, owned;
    Selector *sel = NULL;
    bool is_none = false;
    int r = selector_from_value(a, value_at(ro->d, "spec.selector"), &sel, &is_none, err);

    if (r < 0)
        return r;
    r = ctl_list_claimable(ro->ctl, rs_storage, sel, meta_uid(ro->d), &found, err);
    if (r == 0)
        r = ctl_claim(ro->ctl, rs_storage, ro->d, sel, NULL, &found, &owned, err);
    if (r < 0)
        return r;
    ro->rs = arena_array(a, ReplicaSetView, owned.n + 1); /* room for a new one */
    ro->want = arena_array(a, int64_t, owned.n + 1);
    for (uint32_t i = 0; i < owned.n; i++)
        ro->rs[ro->n++] = view_of(owned.items[i]);
    qsort(ro->rs, ro->n, sizeof(*ro->rs), by_creation);
    for (uint32_t i = 0; i < ro->n; i++) {
        if (deployment_same_template(a, value_at(ro->rs[i].v, "spec.template"),
                                     value_at(ro->d, "spec.template"))) {
            ro->rs[i].is_new = true;
            break;
        }
    }
    return 0;
}

static ReplicaSetView *new_of(const Rollout *ro)
{
    for (uint32_t i = 0; i < ro->n; i++)
        if (ro->rs[i].is_new)
            return &ro->rs[i];
    return NULL;
}

/* ---- annotations and revisions ---- */

static bool is_copied_annotation(const char *key)
{
    const char *const skipped[] = {"kubectl.kubernetes.io/last-applied-configuration",
                                   PREFIX "revision",
                                   PREFIX "revision-history",
                                   PREFIX "desired-replicas",
                                   PREFIX "max-replicas",
                                   rollback_key};

    for (size_t i = 0; i < ARRAY_LEN(skipped); i++)
        if (str_eq(key, skipped[i]))
            return false;
    return true;
}

static int64_t next_revision(const Rollout *ro)
{
    int64_t most = 0;

    for (uint32_t i = 0; i < ro->n; i++)
        if (!ro->rs[i].is_new)
            most = MAX(most, annotation_int(ro->rs[i].v, revision_key));
    return most + 1;
}

static bool put_annotation(Arena *a, Value *annotations, const char *key, const char *value)
{
    if (str_eq(value_get_str(annotations, key), value))
        return false;
    value_set_str(a, annotations, key, value);
    return true;
}

/* Bring the annotations of the new ReplicaSet up to date; true when any changed. */
static bool set_annotations(const Rollout *ro, Value *rs, int64_t revision)
{
    Arena *a = ro->ctl->arena;
    Value *annotations = value_need(a, rs, "metadata.annotations");
    const char *old_text = value_get_str(annotations, revision_key);
    int64_t old = annotation_int(rs, revision_key);
    bool changed = false;

    value_each_member(value_at(ro->d, "metadata.annotations"), m) if (is_copied_annotation(m->name))
        changed = put_annotation(a, annotations, m->name, value_to_cstr(m->value)) || changed;
    if (old < revision) {
        const char *was = old_text ? arena_strdup(a, old_text) : NULL;

        put_annotation(a, annotations, revision_key, arena_printf(a, "%lld", (long long)revision));
        if (was && was[0])
            put_annotation(a, annotations, history_key,
                           deployment_history(a, value_get_str(annotations, history_key), was));
        changed = true;
    }
    return changed;
}

static bool set_size_annotations(const Rollout *ro, Value *rs)
{
    DeploymentView d = deployment_view(ro->d);
    Arena *a = ro->ctl->arena;
    Value *annotations = value_need(a, rs, "metadata.annotations");
    bool changed =
        put_annotation(a, annotations, desired_key, arena_printf(a, "%lld", (long long)d.replicas));

    return put_annotation(a, annotations, max_key,
                          arena_printf(a, "%lld", (long long)(d.replicas + d.max_surge))) ||
           changed;
}

static int update_rs(Rollout *ro, ReplicaSetView *view, Value *v, Err *err)
{
    ObjRef at = ctl_ref(ro->ctl, rs_storage, ro->ctl->ns, meta_name(v));
    bool is_new = view->is_new;
    Value *updated = NULL;
    int r = client_update(ro->ctl->client, ro->ctl->arena, &at, v, &updated, err);

    if (r < 0)
        return r;
    *view = view_of(updated);
    view->is_new = is_new;
    return 0;
}

static int update_status(Rollout *ro, Value *status, Err *err)
{
    Value *copy;

    if (value_equal(ro->stored_status, status))
        return 0;
    copy = value_copy(ro->ctl->arena, ro->d);
    value_set(ro->ctl->arena, copy, "status", status);
    return ctl_update_status(ro->ctl, storage, copy, err);
}

/* The Deployment itself carries the revision of its new ReplicaSet. It is written with the status,
 * so that the generation stays (deployment_util.go, SetDeploymentRevision, and its callers). */
static int sync_own_revision(Rollout *ro, const Value *rs, Err *err)
{
    Arena *a = ro->ctl->arena;
    const char *revision = meta_annotation(rs, revision_key);
    ObjRef at = ctl_ref(ro->ctl, storage, ro->ctl->ns, ro->ctl->name);
    Value *patch, *fresh = NULL;
    int r;

    if (!revision || str_eq(meta_annotation(ro->d, revision_key), revision))
        return 0;
    at.subresource = "status";
    patch = value_object(a);
    value_set_str(a, value_need(a, patch, "metadata.annotations"), revision_key, revision);
    r = client_patch(ro->ctl->client, a, &at, "application/merge-patch+json", patch, &fresh, err);
    if (r == 0 && fresh)
        ro->d = fresh;
    return r;
}

/* ---- the new ReplicaSet ---- */

static Value *build_rs(Rollout *ro, const char *hash, int64_t size)
{
    Arena *a = ro->ctl->arena;
    Value *rs = value_literal(a, "{'kind':'ReplicaSet','apiVersion':'apps/v1','metadata':{},"
                                 "'spec':{}}");
    Value *meta = value_get(rs, "metadata"), *spec = value_get(rs, "spec"), *refs;
    Value *template = value_copy(a, value_at(ro->d, "spec.template"));
    int64_t min_ready_s = value_at_int(ro->d, "spec.minReadySeconds", 0);

    value_set_str(a, value_need(a, template, "metadata.labels"), "pod-template-hash", hash);
    value_set(a, meta, "name", value_printf(a, "%s-%s", meta_name(ro->d), hash));
    value_set_str(a, meta, "namespace", ro->ctl->ns);
    value_set(a, meta, "labels", value_copy(a, value_at(template, "metadata.labels")));
    refs = value_array(a);
    value_append(a, refs, meta_owner_ref(a, ro->d));
    value_set(a, meta, "ownerReferences", refs);
    value_set_int(a, spec, "replicas", size);
    if (min_ready_s > 0)
        value_set_int(a, spec, "minReadySeconds", min_ready_s);
    value_set(a, spec, "selector", value_copy(a, value_at(ro->d, "spec.selector")));
    value_set_str(a, value_need(a, spec, "selector.matchLabels"), "pod-template-hash", hash);
    value_set(a, spec, "template", template);
    set_annotations(ro, rs, next_revision(ro));
    set_size_annotations(ro, rs);
    return rs;
}

/* The name is taken: by our own ReplicaSet that the cache has not shown yet, or by another
 * template with the same hash. */
static int handle_collision(Rollout *ro, const ObjRef *taken, Err *err)
{
    Arena *a = ro->ctl->arena;
    Value *there = NULL, *copy;
    int r = client_get(ro->ctl->client, a, taken, &there, err);

    if (r < 0)
        return r;
    if (meta_is_controlled_by(there, meta_uid(ro->d)) &&
        deployment_same_template(a, value_at(there, "spec.template"),
                                 value_at(ro->d, "spec.template"))) {
        ro->rs[ro->n] = view_of(there);
        ro->rs[ro->n++].is_new = true;
        return 0;
    }
    copy = value_copy(a, ro->d);
    value_set_int(a, value_need(a, copy, "status"), "collisionCount",
                  value_at_int(ro->d, "status.collisionCount", 0) + 1);
    r = ctl_update_status(ro->ctl, storage, copy, err);
    if (r < 0)
        return r;
    return err_set(err, ERR_CONFLICT, "replica set name %s collides", taken->name);
}

/* Of a Deployment without a deadline nobody says whether it gets on. */
static bool has_deadline(const Rollout *ro)
{
    return value_at_int(ro->d, "spec.progressDeadlineSeconds", INT32_MAX) != INT32_MAX;
}

static void set_condition(Rollout *ro, const char *status, const char *reason, const char *message)
{
    if (has_deadline(ro))
        condition_set(ro->ctl->arena, ro->d,
                      &(Condition){"Progressing", status, reason, message, true}, ro->ctl->now_us);
}

/* The new ReplicaSet could not be made: told by event and, where progress is told of, condition.
 * The condition keeps its first message: a status that changes at every attempt would bring the
 * next one at once. */
static void tell_of_failure(Rollout *ro, const char *name, const Err *failure)
{
    static const char reason[] = "ReplicaSetCreateError";
    const Value *known = condition_get(ro->d, "Progressing");
    const char *message = arena_printf(
        ro->ctl->arena, "Failed to create new replica set \"%s\": %s", name, failure->msg);

    ctl_event(ro->ctl, ro->d, "Warning", reason, "%s", message);
    if (!has_deadline(ro) || str_eq(value_get_str(known, "reason"), reason))
        return;
    set_condition(ro, "False", reason, message);
    if (ctl_update_status(ro->ctl, storage, ro->d, NULL) < 0)
        log_debug(NULL, "a failure was not noted", LOG_STR("deployment", ro->ctl->name));
}

static int create_new(Rollout *ro, Err *err)
{
    Arena *a = ro->ctl->arena;
    DeploymentView d = deployment_view(ro->d);
    int64_t size = deployment_first_size(&d, ro->rs, ro->n);
    char hash[16];
    Value *rs, *made = NULL;
    ObjRef at;
    int r;

    deployment_template_hash(value_at(ro->d, "spec.template"),
                             value_at_int(ro->d, "status.collisionCount", 0), hash);
    rs = build_rs(ro, hash, size);
    at = ctl_ref(ro->ctl, rs_storage, ro->ctl->ns, meta_name(rs));
    r = client_create(ro->ctl->client, a, &at, rs, &made, err);
    if (r == -ERR_ALREADY_EXISTS)
        return handle_collision(ro, &at, err);
    if (r < 0) {
        if (err && !ctl_is_terminating(r, err))
            tell_of_failure(ro, meta_name(rs), err);
        return r;
    }
    if (size > 0)
        ctl_event(ro->ctl, ro->d, "Normal", "ScalingReplicaSet",
                  "Scaled up replica set %s from 0 to %lld", meta_name(rs), (long long)size);
    ro->rs[ro->n] = view_of(made);
    ro->rs[ro->n++].is_new = true;
    r = sync_own_revision(ro, made, err);
    if (r == 0)
        set_condition(ro, "True", "NewReplicaSetCreated",
                      arena_printf(a, "Created new replica set \"%s\"", meta_name(made)));
    return r;
}

static int sync_new(Rollout *ro, bool may_create, Err *err)
{
    ReplicaSetView *new = new_of(ro);
    int64_t min_ready_s = value_at_int(ro->d, "spec.minReadySeconds", 0);
    Value *copy;
    bool changed;
    int r = 0;

    if (!new)
        return may_create ? create_new(ro, err) : 0;
    copy = value_copy(ro->ctl->arena, new->v);
    changed = set_annotations(ro, copy, next_revision(ro));
    if (value_at_int(copy, "spec.minReadySeconds", 0) != min_ready_s) {
        value_set_int(ro->ctl->arena, value_get(copy, "spec"), "minReadySeconds", min_ready_s);
        changed = true;
    }
    if (changed)
        r = update_rs(ro, new, copy, err);
    if (r == 0)
        r = sync_own_revision(ro, new->v, err);
    if (r == 0 && !condition_get(ro->d, "Progressing"))
        set_condition(
            ro, "True", "FoundNewReplicaSet",
            arena_printf(ro->ctl->arena, "Found new replica set \"%s\"", meta_name(new->v)));
    return r;
}

/* ---- carrying out sizes ---- */

static int apply_sizes(Rollout *ro, bool with_annotations, Err *err)
{
    Arena *a = ro->ctl->arena;

    for (uint32_t i = 0; i < ro->n; i++) {
        ReplicaSetView *rs = &ro->rs[i];
        int64_t from = rs->replicas, to = ro->want[i];
        Value *copy = value_copy(a, rs->v);
        bool changed = from != to;
        int r;

        if (changed || (with_annotations && (to > 0 || rs->is_new)))
            changed = set_size_annotations(ro, copy) || changed;
        if (!changed)
            continue;
        value_set_int(a, value_get(copy, "spec"), "replicas", to);
        r = update_rs(ro, rs, copy, err);
        if (r < 0)
            return r;
        if (from != to)
            ctl_event(ro->ctl, ro->d, "Normal", "ScalingReplicaSet",
                      "Scaled %s replica set %s from %lld to %lld", to > from ? "up" : "down",
                      meta_name(copy), (long long)from, (long long)to);
    }
    return 0;
}

static int by_revision(const void *x, const void *y)
{
    int64_t a = annotation_int(*(Value *const *)x, revision_key);
    int64_t b = annotation_int(*(Value *const *)y, revision_key);

    return a < b ? -1 : a > b;
}

static int clean_up(Rollout *ro, Err *err)
{
    int64_t limit = value_at_int(ro->d, "spec.revisionHistoryLimit", INT32_MAX);
    Value **old = arena_array(ro->ctl->arena, Value *, ro->n + 1);
    int64_t n = 0;

    for (uint32_t i = 0; i < ro->n; i++)
        if (!ro->rs[i].is_new && !meta_is_deleted(ro->rs[i].v))
            old[n++] = ro->rs[i].v;
    qsort(old, (size_t)n, sizeof(*old), by_revision);
    for (int64_t i = 0; i < n - limit; i++) {
        int r;

        if (value_at_int(old[i], "status.replicas", 0) != 0 ||
            value_at_int(old[i], "spec.replicas", 1) != 0 ||
            meta_generation(old[i]) > value_at_int(old[i], "status.observedGeneration", 0))
            continue;
        r = ctl_delete(ro->ctl, rs_storage, old[i], NULL, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- the ways of a rollout ---- */

static int write_status(Rollout *ro, bool with_progress, Err *err)
{
    Arena *a = ro->ctl->arena;
    Value *status = deployment_status(a, ro->d, ro->rs, ro->n, ro->ctl->now_us);
    int64_t again_ms = 0;
    int r;

    if (with_progress)
        again_ms = deployment_progress(a, ro->d, status, ro->rs, ro->n, ro->ctl->now_us);
    r = update_status(ro, status, err);
    return r < 0 ? r : (int)MIN(again_ms, INT32_MAX);
}

static int scale_only(Rollout *ro, Err *err)
{
    DeploymentView d = deployment_view(ro->d);
    int r = sync_new(ro, false, err);

    if (r < 0)
        return r;
    deployment_scale(&d, ro->rs, ro->n, ro->want);
    r = apply_sizes(ro, true, err);
    if (r == 0 && value_is_true(value_at(ro->d, "spec.paused")))
        r = clean_up(ro, err);
    return r < 0 ? r : write_status(ro, false, err);
}

static bool has_unfinished_pod(const Obj *o, const void *data)
{
    const Rollout *ro = data;

    for (uint32_t i = 0; i < o->n_owners; i++)
        for (uint32_t k = 0; k < ro->n; k++)
            if (!ro->rs[k].is_new && str_eq(o->owners[i].uid, meta_uid(ro->rs[k].v)))
                return true;
    return false;
}

static int old_pods_run(Rollout *ro, bool *ret, Err *err)
{
    Values pods;
    int r;

    *ret = false;
    for (uint32_t i = 0; i < ro->n; i++)
        *ret = *ret || (!ro->rs[i].is_new && ro->rs[i].status_replicas > 0);
    r = ctl_list(ro->ctl, "pods", ro->ctl->ns, has_unfinished_pod, ro, &pods, err);
    for (uint32_t i = 0; r == 0 && i < pods.n; i++)
        *ret = *ret || !pod_is_finished(pods.items[i]);
    return r;
}

static int recreate(Rollout *ro, Err *err)
{
    DeploymentView d = deployment_view(ro->d);
    bool must_go = false, is_running;
    int r = sync_new(ro, false, err);

    if (r < 0)
        return r;
    for (uint32_t i = 0; i < ro->n; i++) {
        ro->want[i] = ro->rs[i].is_new ? ro->rs[i].replicas : 0;
        must_go = must_go || ro->want[i] != ro->rs[i].replicas;
    }
    if (must_go) {
        r = apply_sizes(ro, false, err);
        return r < 0 ? r : write_status(ro, true, err);
    }
    r = old_pods_run(ro, &is_running, err);
    if (r < 0)
        return r;
    if (is_running)
        return write_status(ro, true, err);
    r = sync_new(ro, true, err);
    if (r < 0)
        return r;
    if (deployment_roll_up(&d, ro->rs, ro->n, ro->want))
        r = apply_sizes(ro, false, err);
    if (r == 0 && deployment_is_complete(ro->d, value_get(ro->d, "status")))
        r = clean_up(ro, err);
    return r < 0 ? r : write_status(ro, true, err);
}

static int roll(Rollout *ro, Err *err)
{
    DeploymentView d = deployment_view(ro->d);
    int r = sync_new(ro, true, err);

    if (r < 0)
        return r;
    if (deployment_roll_up(&d, ro->rs, ro->n, ro->want) ||
        deployment_roll_down(&d, ro->rs, ro->n, ro->want))
        r = apply_sizes(ro, false, err);
    else if (deployment_is_complete(ro->d, value_get(ro->d, "status")))
        r = clean_up(ro, err);
    return r < 0 ? r : write_status(ro, true, err);
}

/* ---- back to an earlier revision, by annotation ---- */

static ReplicaSetView *of_revision(const Rollout *ro, int64_t revision)
{
    int64_t newest = 0, last = 0;

    for (uint32_t i = 0; revision == 0 && i < ro->n; i++) { /* 0: the one before the newest */
        int64_t n = annotation_int(ro->rs[i].v, revision_key);

        last = MAX(last, MIN(n, newest));
        if (n > newest) {
            last = newest;
            newest = n;
        }
    }
    revision = revision ? revision : last;
    for (uint32_t i = 0; revision > 0 && i < ro->n; i++)
        if (annotation_int(ro->rs[i].v, revision_key) == revision)
            return &ro->rs[i];
    return NULL;
}

static int roll_back(Rollout *ro, Err *err)
{
    Arena *a = ro->ctl->arena;
    int64_t revision = annotation_int(ro->d, rollback_key);
    ReplicaSetView *to = of_revision(ro, revision);
    ObjRef at = ctl_ref(ro->ctl, storage, ro->ctl->ns, ro->ctl->name);
    Value *copy = value_copy(a, ro->d), *template;

    value_del(value_at(copy, "metadata.annotations"), rollback_key);
    if (!to) {
        ctl_event(ro->ctl, ro->d, "Warning", "DeploymentRollbackRevisionNotFound",
                  revision ? "Unable to find the revision to rollback to."
                           : "Unable to find last revision.");
    } else if (deployment_same_template(a, value_at(to->v, "spec.template"),
                                        value_at(ro->d, "spec.template"))) {
        ctl_event(ro->ctl, ro->d, "Warning", "DeploymentRollbackTemplateUnchanged",
                  "The rollback revision contains the same template as current deployment \"%s\"",
                  ro->ctl->name);
    } else {
        template = value_copy(a, value_at(to->v, "spec.template"));
        value_del(value_at(template, "metadata.labels"), "pod-template-hash");
        value_set_at(a, copy, "spec.template", template);
        value_each_member(value_at(to->v, "metadata.annotations"), m)
        {
            if (is_copied_annotation(m->name))
                value_set(a, value_need(a, copy, "metadata.annotations"), m->name, m->value);
        }
        ctl_event(ro->ctl, ro->d, "Normal", "DeploymentRollback",
                  "Rolled back deployment \"%s\" to revision %lld", ro->ctl->name,
                  (long long)annotation_int(to->v, revision_key));
    }
    return client_update(ro->ctl->client, a, &at, copy, NULL, err);
}

static bool was_scaled(const Rollout *ro)
{
    int64_t wanted = value_at_int(ro->d, "spec.replicas", 1);

    for (uint32_t i = 0; i < ro->n; i++)
        if (ro->rs[i].replicas > 0 && meta_annotation(ro->rs[i].v, desired_key) &&
            annotation_int(ro->rs[i].v, desired_key) != wanted)
            return true;
    return false;
}

/* Progressing turns Unknown while paused, so that the deadline does not run. */
static int check_paused(Rollout *ro, bool is_paused, Err *err)
{
    const char *reason = value_get_str(condition_get(ro->d, "Progressing"), "reason");
    bool says_paused = str_eq(reason, "DeploymentPaused");
    Value *copy;
    int r;

    if (!has_deadline(ro) || str_eq(reason, "ProgressDeadlineExceeded") || says_paused == is_paused)
        return 0;
    copy = value_copy(ro->ctl->arena, ro->d);
    condition_set(ro->ctl->arena, copy,
                  is_paused ? &(Condition){"Progressing", "Unknown", "DeploymentPaused",
                                           "Deployment is paused", true}
                            : &(Condition){"Progressing", "Unknown", "DeploymentResumed",
                                           "Deployment is resumed", true},
                  ro->ctl->now_us);
    r = ctl_update_status(ro->ctl, storage, copy, err);
    return r < 0 ? r : 1;
}

int deployment_sync(Ctl *ctl, Err *err)
{
    Rollout ro = {.ctl = ctl};
    bool is_paused;
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name, &ro.d, err);

    if (r < 0 || !ro.d)
        return r;
    if (value_get(ro.d, "status"))
        ro.stored_status = value_copy(ctl->arena, value_get(ro.d, "status"));
    r = load(&ro, err);
    if (r < 0)
        return r;
    if (meta_is_deleted(ro.d))
        return write_status(&ro, false, err);
    is_paused = value_is_true(value_at(ro.d, "spec.paused"));
    r = check_paused(&ro, is_paused, err);
    if (r != 0)
        return r; /* the change of status brings us here again */
    if (is_paused)
        return scale_only(&ro, err);
    if (meta_annotation(ro.d, rollback_key))
        return roll_back(&ro, err);
    if (was_scaled(&ro))
        return scale_only(&ro, err);
    if (deployment_view(ro.d).is_recreate)
        return recreate(&ro, err);
    return roll(&ro, err);
}
