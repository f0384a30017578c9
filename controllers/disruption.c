#include "controllers/disruption_sync.h"

#include "base/clock.h"
#include "base/map.h"
#include "controllers/podutil.h"
#include "controllers/rows.h"

/*
 * Keeps the status of PodDisruptionBudgets: how many of the selected pods may be evicted now. The
 * eviction subresource of the server takes from disruptionsAllowed. The key "!POD" is a pod that
 * was to be disrupted: if it is still there after a while, its condition is taken back.
 */

static const char *const storage = "policy/poddisruptionbudgets";

enum { STALE_US = 120 * 1000000 }; /* a disruption that does not come is not expected any more */

typedef struct PodChange {
    Controllers *c;
    uint32_t index;
    const Change *ch;
} PodChange;

static void on_budget(Obj *o, void *data)
{
    const PodChange *pc = data;
    const Value *v = ctl_selector_value(pc->ch->arena, o);
    Selector *sel = NULL;
    bool is_none = false;

    if (!v || selector_from_value(pc->ch->arena, v, &sel, &is_none, NULL) < 0 || is_none)
        return;
    if (selector_match_obj(sel, pc->ch->obj) ||
        (pc->ch->prev && selector_match_obj(sel, pc->ch->prev)))
        ctl_enqueue(pc->c, pc->index, pc->ch->cluster, o->ns, o->name);
}

static bool names_target(const Obj *o)
{
    return memmem(o->text, o->text_len, "\"DisruptionTarget\"", 18) != NULL;
}

void disruption_map(Controllers *c, uint32_t index, const Change *ch)
{
    Lister *l = ctl_lister(c);

    if (str_eq(ch->storage, storage)) {
        ctl_map_self(c, index, ch);
        return;
    }
    /* A failure to list is met again at the next change. */
    (void)l->list(l, ch->cluster, storage, ch->ns, NULL, on_budget, &(PodChange){c, index, ch},
                  NULL);
    if (ch->type != CHANGE_DELETED && ch->obj->deleted_us == 0 && names_target(ch->obj))
        ctl_enqueue(c, index, ch->cluster, ch->ns, arena_printf(ch->arena, "!%s", ch->name));
}

/* ---- how many pods there should be ---- */

typedef struct Scale {
    const char *uid;
    int64_t replicas;
} Scale;

static int no_controllers(const Value *pod, Err *err)
{
    return err_set(err, ERR_NOT_FOUND, "found no controllers for pod \"%s\"", meta_name(pod));
}

/* Do objects of a definition's kind have a scale in this version? */
static int has_scale(Ctl *ctl, const Resource *r, const char *api_version, bool *ret, Err *err)
{
    const char *version = api_version_split(ctl->arena, api_version).version;
    Value *crd;
    int rc = ctl_get(ctl, "apiextensions/customresourcedefinitions", "",
                     arena_printf(ctl->arena, "%s.%s", r->plural, r->group), &crd, err);

    *ret = value_is(value_at(ctl_crd_version(crd, version), "subresources.scale"), VALUE_OBJECT);
    return rc;
}

/* The size of a controller of some other kind, by its scale. */
static int by_scale(Ctl *ctl, const Value *pod, const Value *ref, const Resource *r, Scale *ret,
                    Err *err)
{
    ObjRef at = {.cluster = ctl->cluster,
                 .ns = r->is_namespaced ? ctl->ns : "",
                 .name = value_get_str(ref, "name"),
                 .subresource = "scale",
                 .resource = r};
    Value *scale = NULL;
    bool scales = false;
    int rc = client_get(ctl->client, ctl->arena, &at, &scale, err), asked;

    if (rc == -ERR_NOT_FOUND) {
        asked = has_scale(ctl, r, value_get_str(ref, "apiVersion"), &scales, err);
        if (asked < 0)
            return asked;
        return scales
                   ? no_controllers(pod, err)
                   : err_set(err, ERR_NOT_FOUND, "%s%s%s does not implement the scale subresource",
                             r->plural, r->group[0] ? "." : "", r->group);
    }
    if (rc < 0)
        return rc;
    if (!str_eq(meta_uid(scale), value_get_str(ref, "uid")))
        return no_controllers(pod, err);
    *ret = (Scale){value_get_str(ref, "uid"), value_at_int(scale, "spec.replicas", 0)};
    return 0;
}

/* The owner that a reference means; NULL in *ret when it is not there. */
static int get_owner(Ctl *ctl, const char *storage_name, const Value *ref, Value **ret, Err *err)
{
    int r = ctl_get(ctl, storage_name, ctl->ns, value_get_str(ref, "name"), ret, err);

    if (r == 0 && *ret && !str_eq(meta_uid(*ret), value_get_str(ref, "uid")))
        *ret = NULL;
    return r;
}

/* ReplicaSets, Deployments and StatefulSets are known in whatever version a reference names. */
static const char *api_of(const Value *ref)
{
    const char *api = value_get_str(ref, "apiVersion"), *kind = value_get_str(ref, "kind");
    bool is_set = str_eq(kind, "ReplicaSet") || str_eq(kind, "Deployment");

    if (api && str_starts(api, "apps/") && (is_set || str_eq(kind, "StatefulSet")))
        return "apps/v1";
    return api && str_starts(api, "extensions/") && is_set ? "apps/v1" : api;
}

/* The size of a pod's controller; of a ReplicaSet that a Deployment owns, the Deployment's. */
static int scale_of(Ctl *ctl, const Value *pod, const Value *ref, Scale *ret, Err *err)
{
    static const char *const counted[] = {"replicationcontrollers", "apps/replicasets",
                                          "apps/statefulsets", "apps/deployments"};
    const char *api = api_of(ref), *kind = value_get_str(ref, "kind");
    const Resource *r = ctl_resource_of_kind(ctl, api, kind);
    Value *owner = NULL, *deployment = NULL;
    const Value *above;
    bool is_counted = false;
    int rc;

    if (!r)
        return err_set(err, ERR_NOT_FOUND, "no matches for kind \"%s\" in version \"%s\"",
                       kind ? kind : "", api ? api : "");
    if (!value_get_str(ref, "name"))
        return no_controllers(pod, err);
    for (size_t i = 0; i < ARRAY_LEN(counted); i++)
        is_counted = is_counted || str_eq(r->storage, counted[i]);
    if (!is_counted)
        return by_scale(ctl, pod, ref, r, ret, err);
    rc = get_owner(ctl, r->storage, ref, &owner, err);
    if (rc < 0)
        return rc;
    if (!owner)
        return no_controllers(pod, err);
    *ret = (Scale){value_get_str(ref, "uid"), value_at_int(owner, "spec.replicas", 1)};
    above = str_eq(r->storage, "apps/replicasets") ? meta_controller(owner) : NULL;
    if (!str_eq(value_get_str(above, "kind"), "Deployment"))
        return 0;
    rc = get_owner(ctl, "apps/deployments", above, &deployment, err);
    if (rc == 0 && deployment)
        *ret = (Scale){value_get_str(above, "uid"), value_at_int(deployment, "spec.replicas", 1)};
    return rc;
}

/* The sum over the pods' controllers, each once; pods without one do not count. */
static int expected_scale(Ctl *ctl, const Values *pods, int64_t *ret, bool *ret_has_unmanaged,
                          Err *err)
{
    Map seen = {0}; /* uids of direct controllers and of what was counted */
    int r = 0;

    *ret = 0;
    *ret_has_unmanaged = false;
    for (uint32_t i = 0; i < pods->n && r == 0; i++) {
        const Value *ref = meta_controller(pods->items[i]);
        const char *uid = value_get_str(ref, "uid");
        Scale scale = {0};

        if (!uid) {
            *ret_has_unmanaged = true;
            continue;
        }
        if (map_get(&seen, uid))
            continue;
        r = scale_of(ctl, pods->items[i], ref, &scale, err);
        if (r == 0 && !map_get(&seen, scale.uid))
            *ret += scale.replicas;
        map_set(&seen, uid, &seen);
        if (scale.uid)
            map_set(&seen, scale.uid, &seen);
    }
    map_done(&seen);
    return r;
}

static int count_expected(Ctl *ctl, const Value *pdb, const Values *pods, DisruptionCounts *c,
                          Err *err)
{
    bool has_unmanaged = false;
    int r = 0;

    c->expected = disruption_has_limit(pdb) ? pods->n : 0;
    if (disruption_needs_scale(pdb))
        r = expected_scale(ctl, pods, &c->expected, &has_unmanaged, err);
    if (has_unmanaged)
        ctl_event(ctl, pdb, "Warning", "UnmanagedPods",
                  "Pods selected by this PodDisruptionBudget (selector: %s) were found to be "
                  "unmanaged. As a result, the status of the PDB cannot be calculated correctly, "
                  "which may result in undefined behavior. To account for these pods please set "
                  "\".spec.minAvailable\" field of the PDB to an integer value.",
                  value_to_str(ctl->arena, value_at(pdb, "spec.selector")));
    return r;
}

/* ---- the budget ---- */

static bool is_selected(const Obj *o, const void *sel)
{
    return selector_match_obj(sel, o);
}

/* Evictions that were granted and whose pods are not on their way out yet. */
static Value *pending(Ctl *ctl, const Value *pdb, const Values *pods, int64_t *ret_again_ms)
{
    Value *rest = value_object(ctl->arena);

    value_each_member(value_at(pdb, "status.disruptedPods"), m)
    {
        const char *text = value_to_cstr(m->value);
        int64_t since_us, left_us;

        if (!text || !clock_from_rfc3339(slice_of(text), &since_us))
            continue;
        left_us = MIN(since_us + STALE_US - ctl->now_us, STALE_US);
        for (uint32_t i = 0; i < pods->n; i++) {
            if (!str_eq(meta_name(pods->items[i]), m->name) || meta_is_deleted(pods->items[i]))
                continue;
            if (left_us <= 0) {
                ctl_event(ctl, pods->items[i], "Warning", "NotDeleted",
                          "Pod was expected by PDB %s/%s to be deleted but it wasn't", ctl->ns,
                          ctl->name);
                continue;
            }
            value_set(ctl->arena, rest, m->name, m->value);
            *ret_again_ms =
                *ret_again_ms > 0 ? MIN(*ret_again_ms, left_us / 1000 + 1) : left_us / 1000 + 1;
        }
    }
    return rest;
}

static int sync_budget(Ctl *ctl, Err *err)
{
    Arena *a = ctl->arena;
    DisruptionCounts c = {0};
    int64_t again_ms = 0;
    Selector *sel = NULL;
    bool is_none = false;
    Err failure = {0};
    Values pods;
    Value *pdb, *status, *disrupted, *copy;
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name, &pdb, err), counted;

    if (r < 0 || !pdb)
        return r;
    r = selector_from_value(a, value_at(pdb, "spec.selector"), &sel, &is_none, err);
    if (r == 0)
        r = ctl_list(ctl, "pods", ctl->ns, is_selected, sel, &pods, err);
    if (r < 0)
        return r;
    if (is_none)
        pods.n = 0;
    if (pods.n == 0)
        ctl_event(ctl, pdb, "Normal", "NoPods", "No matching pods found");
    counted = count_expected(ctl, pdb, &pods, &c, &failure);
    disrupted = pending(ctl, pdb, &pods, &again_ms);
    for (uint32_t i = 0; i < pods.n; i++)
        c.healthy += !meta_is_deleted(pods.items[i]) && pod_is_ready(pods.items[i]) &&
                     !value_get(disrupted, meta_name(pods.items[i]));
    if (counted < 0)
        ctl_event(ctl, pdb, "Warning", "CalculateExpectedPodCountFailed",
                  "Failed to calculate the number of expected pods: %s", failure.msg);
    status =
        disruption_status(a, pdb, &c, disrupted, counted < 0 ? failure.msg : NULL, ctl->now_us);
    if (!value_equal(value_get(pdb, "status"), status)) {
        copy = value_copy(a, pdb);
        value_set(a, copy, "status", status);
        r = ctl_update_status(ctl, storage, copy, err);
    }
    return r < 0 ? r : (int)again_ms;
}

/* ---- pods that were not disrupted after all ---- */

static int take_back(Ctl *ctl, Err *err)
{
    Value *pod, *c;
    int64_t end_us;
    int r = ctl_get(ctl, "pods", ctl->ns, ctl->name + 1, &pod, err);

    if (r < 0 || !pod || meta_is_deleted(pod) || pod_is_finished(pod) ||
        !condition_is(pod, "DisruptionTarget", "True"))
        return r;
    c = condition_get(pod, "DisruptionTarget");
    if (str_eq(value_get_str(c, "reason"), "TerminationByKubelet"))
        return 0; /* a node may take its time */
    end_us = value_time_us(c, "lastTransitionTime") + STALE_US;
    if (end_us > ctl->now_us)
        return ctl_wait_ms(end_us, ctl->now_us);
    value_set_str(ctl->arena, c, "status", "False");
    value_set(ctl->arena, c, "lastTransitionTime", value_time(ctl->arena, ctl->now_us));
    return ctl_update_status(ctl, "pods", pod, err);
}

int disruption_sync(Ctl *ctl, Err *err)
{
    return ctl->name[0] == '!' ? take_back(ctl, err) : sync_budget(ctl, err);
}
