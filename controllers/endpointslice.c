#include "controllers/rows.h"
#include "controllers/triggertime.h"
#include "controllers/zonememo.h"

#include "api/nodeoverlay.h"

/*
 * Two controllers that keep EndpointSlices: one for Services with a selector (keys are Services),
 * one that mirrors Endpoints which somebody else keeps (keys are Endpoints, which have the
 * Service's name).
 */

static const char *const storage = "discovery/endpointslices";
static const char *const managed_by = "endpointslice.kubernetes.io/managed-by",
                         *const service_label = "kubernetes.io/service-name";

enum { LATE_MS = 200 };

typedef struct Run {
    Ctl *ctl;
    const Value *owner; /* Service or Endpoints */
    Value *labels, *annotations;
    bool tells_change; /* by an annotation that is not one of those */
    int64_t changed_us;
    const char *manager;
    WorkKey key;
} Run;

static bool is_slice_of(const Obj *o, const void *data)
{
    const Run *run = data;

    return str_eq(obj_label(o, service_label), run->ctl->name) &&
           str_eq(obj_label(o, managed_by), run->manager);
}

/* Lists or objects; none is the same as an empty one. */
static bool is_same(const Value *x, const Value *y)
{
    return value_len(x) == value_len(y) && (value_len(x) == 0 || value_equal(x, y));
}

static int create_slice(Run *run, const SlicePlan *plan, Err *err)
{
    Arena *a = run->ctl->arena;
    ObjRef at = ctl_ref(run->ctl, storage, run->ctl->ns, NULL);
    Value *v = value_literal(a, "{'kind':'EndpointSlice','apiVersion':'discovery.k8s.io/v1',"
                                "'metadata':{}}");
    Value *meta = value_get(v, "metadata"), *refs = value_array(a);
    int r;

    value_set(a, meta, "generateName", value_printf(a, "%s-", run->ctl->name));
    value_set_str(a, meta, "namespace", run->ctl->ns);
    value_set(a, meta, "labels", run->labels);
    if (value_len(run->annotations) > 0)
        value_set(a, meta, "annotations", run->annotations);
    if (run->tells_change)
        triggertimes_put(a, v, run->changed_us);
    value_append(a, refs, meta_owner_ref(a, run->owner));
    value_set(a, meta, "ownerReferences", refs);
    value_set(a, v, "addressType", plan->type);
    value_set(a, v, "endpoints", plan->endpoints);
    value_set(a, v, "ports", plan->ports);
    expect_creations(ctl_expectations(run->ctl->all), &run->key, 1, run->ctl->now_us);
    r = client_create(run->ctl->client, a, &at, v, NULL, err);
    if (r < 0)
        expect_saw_creation(ctl_expectations(run->ctl->all), &run->key);
    return ctl_tolerate_terminating(r, err);
}

static int update_slice(Run *run, const SlicePlan *plan, Err *err)
{
    Arena *a = run->ctl->arena;
    ObjRef at = ctl_ref(run->ctl, storage, run->ctl->ns, meta_name(plan->slice));
    Value *v = plan->slice;

    if (is_same(value_get(v, "endpoints"), plan->endpoints) &&
        is_same(value_get(v, "ports"), plan->ports) &&
        value_equal(value_at(v, "metadata.labels"), run->labels) &&
        (!run->annotations || is_same(value_at(v, "metadata.annotations"), run->annotations)))
        return 0;
    value_set(a, v, "endpoints", plan->endpoints);
    value_set(a, v, "ports", plan->ports);
    value_set_at(a, v, "metadata.labels", run->labels);
    if (run->annotations)
        value_set_at(a, v, "metadata.annotations", run->annotations);
    if (run->tells_change)
        triggertimes_put(a, v, run->changed_us);
    return ctl_tolerate_terminating(client_update(run->ctl->client, a, &at, v, NULL, err), err);
}

static int carry_out(Run *run, const SlicePlan *plans, uint32_t n, const Values *have, Err *err)
{
    int r = 0;

    for (uint32_t i = 0; i < n && r == 0; i++)
        r = plans[i].slice ? update_slice(run, &plans[i], err) : create_slice(run, &plans[i], err);
    for (uint32_t i = 0; i < have->n && r == 0; i++) {
        bool is_kept = false;

        for (uint32_t k = 0; k < n && !is_kept; k++)
            is_kept = plans[k].slice == have->items[i];
        if (!is_kept)
            r = ctl_delete(run->ctl, storage, have->items[i], NULL, err);
    }
    return r;
}

/* ---- of Services ---- */

static bool is_selected(const Obj *o, const void *data)
{
    return selector_match_obj(data, o);
}

/* The nodes that the pods are on, as the tenant sees them. */
static int read_nodes(Ctl *ctl, const Values *pods, Map *nodes, Err *err)
{
    int r = 0;

    for (uint32_t i = 0; i < pods->n && r == 0; i++) {
        const char *name = value_at_str(pods->items[i], "spec.nodeName");
        CLEANUP(obj_unref) Obj *o = NULL;

        if (!name || map_get(nodes, name))
            continue;
        r = ctl->lister->get(ctl->lister, ctl->cluster, "nodes", "", name, &o, err);
        if (r == 0 && o)
            map_set(nodes, name, obj_to_value(ctl->arena, o, NULL, NULL));
    }
    return r;
}

/* ---- hints by zone ---- */

/* A node that has changed matters to Services with hints by zone. */
void endpointslice_map(Controllers *c, uint32_t index, const Change *ch)
{
    bool is_overlay = str_eq(ch->storage, NODE_OVERLAYS);
    ZoneMemo *memo = ctl_zone_memo(c);
    const char *cluster = is_overlay ? ch->cluster : NULL;
    const ServiceKey *services;
    uint32_t n;

    if (!is_overlay && !str_eq(ch->storage, "nodes")) {
        endpoints_map(c, index, ch);
        return;
    }
    if (zonememo_is_empty(memo) ||
        (ch->type == CHANGE_MODIFIED && ch->prev && !is_overlay &&
         !zone_shares_differ(obj_to_value(ch->arena, ch->obj, NULL, NULL),
                             obj_to_value(ch->arena, ch->prev, NULL, NULL))))
        return;
    zonememo_forget(memo, cluster);
    services = zonememo_services(memo, ch->arena, cluster, &n);
    for (uint32_t i = 0; i < n; i++)
        ctl_enqueue(c, index, services[i].cluster, services[i].ns, services[i].name);
}

typedef struct Census {
    Arena *a;
    ZoneShares shares;
} Census;

static void on_node(Obj *o, void *data)
{
    Census *census = data;
    CLEANUP(arena_free) Arena *a = arena_new();

    zone_shares_add(census->a, &census->shares, obj_to_value(a, o, NULL, NULL));
}

static int read_shares(Ctl *ctl, ZoneShares *ret, Err *err)
{
    ZoneMemo *memo = ctl_zone_memo(ctl->all);
    Census census = {.a = ctl->arena};
    uint64_t version;
    int r;

    if (zonememo_shares(memo, ctl->arena, ctl->cluster, ret, &version))
        return 0;
    r = ctl->lister->list(ctl->lister, ctl->cluster, "nodes", NULL, NULL, on_node, &census, err);
    if (r < 0)
        return r;
    zone_shares_settle(&census.shares);
    zonememo_learn(memo, ctl->cluster, &census.shares, version);
    *ret = census.shares;
    return 0;
}

static uint32_t count_of_family(const SlicePlan *plans, uint32_t n)
{
    uint32_t same = 1;

    while (same < n && value_equal(plans[same].type, plans[0].type))
        same++;
    return same;
}

static void tell_of_hints(Run *run, const char *type, const char *wrong, bool wants, bool had)
{
    Ctl *ctl = run->ctl;

    if (wrong)
        ctl_event(ctl, run->owner, "Warning", "TopologyAwareHintsDisabled", "%s, addressType: %s",
                  wrong, type);
    else if (wants && !had)
        ctl_event(ctl, run->owner, "Normal", "TopologyAwareHintsEnabled",
                  "Topology Aware Hints has been enabled, addressType: %s", type);
    else if (!wants && had)
        ctl_event(ctl, run->owner, "Warning", "TopologyAwareHintsDisabled",
                  "Topology Aware Hints has been disabled, addressType: %s", type);
}

/* Hints as the annotation says, for each family by itself, and an event when that changes. */
static int set_hints(Run *run, SlicePlan *plans, uint32_t n, Err *err)
{
    Ctl *ctl = run->ctl;
    ZoneMemo *memo = ctl_zone_memo(ctl->all);
    const ServiceKey key = {ctl->cluster, ctl->ns, ctl->name};
    const char **wrong = arena_array(ctl->arena, const char *, n);
    bool wants = endpointhints_are_wanted(run->owner), had, has = wants;
    ZoneShares shares;
    uint32_t same;
    int r;

    memset(wrong, 0, n * sizeof(*wrong));
    if (wants) {
        zonememo_want(memo, &key);
        r = read_shares(ctl, &shares, err);
        if (r < 0)
            return r;
        for (uint32_t i = 0; i < n; i += same) {
            same = count_of_family(plans + i, n - i);
            wrong[i] = endpointhints_set(ctl->arena, &shares, plans + i, same);
            has = has && !wrong[i];
        }
    }
    had = zonememo_note(memo, &key, wants, has);
    for (uint32_t i = 0; i < n; i += same) {
        same = count_of_family(plans + i, n - i);
        tell_of_hints(run, value_to_cstr(plans[i].type), wrong[i], wants, had);
    }
    return 0;
}

/* ---- a Service ---- */

/* Those of an earlier Service of this name are not ours to keep. */
static int drop_strangers(Run *run, Values *have, Err *err)
{
    uint32_t kept = 0;
    Value *ref;
    int r = 0;

    for (uint32_t i = 0; i < have->n && r == 0; i++) {
        bool is_ours = false;

        value_each_item(value_at(have->items[i], "metadata.ownerReferences"), k, ref)
        {
            is_ours = is_ours || str_eq(value_get_str(ref, "uid"), meta_uid(run->owner));
        }
        if (is_ours)
            have->items[kept++] = have->items[i];
        else
            r = ctl_delete(run->ctl, storage, have->items[i], NULL, err);
    }
    have->n = kept;
    return r;
}

static int sync_service(Run *run, const Values *pods, Err *err)
{
    Ctl *ctl = run->ctl;
    SliceKind kind = endpointhints_are_wanted(run->owner) ? SLICES_BY_ZONE : SLICES_OF_SERVICE;
    Map nodes = {0};
    SlicePlan *plans;
    Values have;
    uint32_t n;
    int r = ctl_list(ctl, storage, ctl->ns, is_slice_of, run, &have, err);

    if (r == 0)
        r = drop_strangers(run, &have, err);
    if (r == 0)
        r = read_nodes(ctl, pods, &nodes, err);
    if (r == 0) {
        run->labels = endpointslice_labels(ctl->arena, run->owner);
        plans = endpointslice_pack(ctl->arena,
                                   endpointslice_groups(ctl->arena, run->owner, pods, &nodes),
                                   &have, kind, &n);
        r = set_hints(run, plans, n, err);
        if (r == 0)
            r = carry_out(run, plans, n, &have, err);
    }
    map_done(&nodes);
    return r;
}

int endpointslice_sync(Ctl *ctl, Err *err)
{
    Run run = {.ctl = ctl,
               .manager = "endpointslice-controller.k8s.io",
               .key = {ctl->index, ctl->cluster, ctl->ns, ctl->name}};
    const Value *labels;
    Value *service;
    Values pods;
    int r;

    /* A creation that the cache does not show yet would be repeated. */
    if (!expect_is_met(ctl_expectations(ctl->all), &run.key, ctl->now_us))
        return LATE_MS;
    r = ctl_get(ctl, "services", ctl->ns, ctl->name, &service, err);
    labels = value_at(service, "spec.selector");
    if (r == 0 && (!service || meta_is_deleted(service))) {
        zonememo_note(ctl_zone_memo(ctl->all), &(ServiceKey){ctl->cluster, ctl->ns, ctl->name},
                      false, false);
        triggertimes_forget(ctl_trigger_times(ctl->all), &run.key);
    }
    if (r < 0 || value_len(labels) == 0 || meta_is_deleted(service) ||
        str_eq(value_at_str(service, "spec.type"), "ExternalName"))
        return r; /* the garbage collector takes the slices of one that is gone */
    run.owner = service;
    r = ctl_list(ctl, "pods", ctl->ns, is_selected, selector_from_map(ctl->arena, labels), &pods,
                 err);
    if (r < 0)
        return r;
    run.tells_change = true;
    run.changed_us = triggertimes_look(ctl_trigger_times(ctl->all), &run.key, service, &pods);
    return sync_service(&run, &pods, err);
}

/* ---- mirrors ---- */

void endpointslice_mirror_map(Controllers *c, uint32_t index, const Change *ch)
{
    const char *service = obj_label(ch->obj, service_label);

    if (!str_eq(ch->storage, storage))
        ctl_map_self(c, index, ch);
    else if (service &&
             str_eq(obj_label(ch->obj, managed_by), "endpointslicemirroring-controller.k8s.io")) {
        if (ch->type == CHANGE_ADDED)
            expect_saw_creation(ctl_expectations(c),
                                &(WorkKey){index, ch->cluster, ch->ns, service});
        else
            ctl_enqueue(c, index, ch->cluster, ch->ns, service);
    }
}

static Value *mirror_annotations(Arena *a, const Value *endpoints)
{
    static const char *const skipped[] = {"kubectl.kubernetes.io/last-applied-configuration",
                                          "endpoints.kubernetes.io/last-change-trigger-time"};
    const Value *own = value_at(endpoints, "metadata.annotations");
    Value *kept = value_is(own, VALUE_OBJECT) ? value_copy(a, own) : value_object(a);

    for (size_t i = 0; i < ARRAY_LEN(skipped); i++)
        value_del(kept, skipped[i]);
    return kept;
}

int endpointslice_mirror_sync(Ctl *ctl, Err *err)
{
    Run run = {.ctl = ctl,
               .manager = "endpointslicemirroring-controller.k8s.io",
               .key = {ctl->index, ctl->cluster, ctl->ns, ctl->name}};
    Value *service, *endpoints, *groups = value_array(ctl->arena);
    SlicePlan *plans;
    Values have;
    uint32_t n;
    int r;

    if (!expect_is_met(ctl_expectations(ctl->all), &run.key, ctl->now_us))
        return LATE_MS;
    r = ctl_get(ctl, "endpoints", ctl->ns, ctl->name, &endpoints, err);
    if (r == 0)
        r = ctl_get(ctl, "services", ctl->ns, ctl->name, &service, err);
    if (r == 0)
        r = ctl_list(ctl, storage, ctl->ns, is_slice_of, &run, &have, err);
    if (r < 0)
        return r;
    if (endpointslice_is_mirrored(endpoints, service)) {
        groups = endpointslice_mirror_groups(ctl->arena, endpoints, &n);
        if (n > 0)
            ctl_event(
                ctl, endpoints, "Warning", "TooManyAddressesToMirror",
                "A max of %d addresses can be mirrored to EndpointSlices per Endpoints subset. "
                "%u addresses were skipped",
                ENDPOINTS_MAX, n);
        run.owner = endpoints;
        run.labels = endpointslice_mirror_labels(ctl->arena, endpoints);
        run.annotations = mirror_annotations(ctl->arena, endpoints);
    }
    plans = endpointslice_pack(ctl->arena, groups, &have, SLICES_MIRRORED, &n);
    return carry_out(&run, plans, n, &have, err);
}
