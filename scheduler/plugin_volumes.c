#include "scheduler/plugin.h"

#include "base/quantity.h"
#include "client/meta.h"

/*
 * Volumes: a pod goes only where its volumes can be. A claim that is bound pins the pod to the
 * nodes and zones of its volume; one whose class waits for its first consumer may go to any node
 * that a free volume fits or a provisioner serves, and is bound before the pod is. As upstream's
 * volumebinding, volumezone and volumerestrictions plug-ins.
 */

#define SELECTED_NODE  "volume.kubernetes.io/selected-node"
#define BIND_COMPLETED "pv.kubernetes.io/bind-completed"
#define BOUND_BY       "pv.kubernetes.io/bound-by-controller"
#define NO_PROVISIONER "kubernetes.io/no-provisioner"

typedef struct Claim {
    const char *name;
    const Value *claim;
    const Value *volume; /* of a bound claim */
    const Value *class;  /* of one that waits for its consumer */
    bool is_exclusive;   /* ReadWriteOncePod */
} Claim;

struct VolumeState {
    Claim *items;
    uint32_t n;
    const Value **free_volumes; /* PersistentVolumes nobody has */
    uint32_t n_free, cap_free;
    const Value **taken; /* by claims of the pod that have chosen, for the node at hand */
    const char *why;  /* a claim that cannot be gone on with; items may lack it and those after */
    int64_t n_rivals; /* pods that use an exclusive claim of this pod */
};

/* ---- look-ups ---- */

static const Value *fetch(Arena *a, Lister *l, const char *cluster, const char *storage,
                          const char *ns, const char *name)
{
    CLEANUP(obj_unref) Obj *o = NULL;

    if (!l || !name || !name[0] || l->get(l, cluster, storage, ns, name, &o, NULL) < 0 || !o)
        return NULL;
    return obj_to_value(a, o, NULL, NULL);
}

static bool claim_is_bound(const Value *claim)
{
    const char *volume = value_at_str(claim, "spec.volumeName");

    return volume && volume[0] && meta_annotation(claim, BIND_COMPLETED);
}

static const char *class_of(const Value *claim)
{
    const char *name = value_at_str(claim, "spec.storageClassName");

    return name ? name : meta_annotation(claim, "volume.beta.kubernetes.io/storage-class");
}

static bool waits_for_consumer(const Value *class)
{
    return str_eq(value_get_str(class, "volumeBindingMode"), "WaitForFirstConsumer");
}

/* ---- does a free volume fit the claim ---- */

static int64_t bytes_at(const Value *v, const char *path)
{
    const char *text = value_at_str(v, path);
    Quantity q;

    return text && quantity_parse(slice_of(text), &q, NULL) == 0 ? quantity_value(&q) : 0;
}

static bool has_all_modes(const Value *volume, const Value *claim)
{
    const Value *m;

    value_each_item(
        value_at(claim, "spec.accessModes"), i,
        m) if (!value_has_str(value_at(volume, "spec.accessModes"), value_to_cstr(m))) return false;
    return true;
}

static const char *mode_of(const Value *v)
{
    const char *mode = value_at_str(v, "spec.volumeMode");

    return mode ? mode : "Filesystem";
}

static const char *attributes_of(const Value *v)
{
    const char *class = value_at_str(v, "spec.volumeAttributesClassName");

    return class ? class : "";
}

static bool selector_allows(Arena *a, const Value *claim, const Value *volume)
{
    const Value *v = value_at(claim, "spec.selector");
    Selector *sel = NULL;
    bool none = false;

    if (!v)
        return true;
    return selector_from_value(a, v, &sel, &none, NULL) == 0 &&
           selector_match_labels(sel, value_at(volume, "metadata.labels"));
}

static bool volume_allows_node(const Value *volume, const char *name, const NodeView *view)
{
    const Value *terms = value_at(volume, "spec.nodeAffinity.required.nodeSelectorTerms"), *t;

    if (!terms)
        return true;
    value_each_item(terms, i, t) if (node_term_matches(t, name, view)) return true;
    return false;
}

static bool volume_fits(Arena *a, const Value *volume, const Value *claim)
{
    const char *has = value_at_str(volume, "spec.storageClassName"), *wants = class_of(claim);

    return str_eq(has ? has : "", wants ? wants : "") && has_all_modes(volume, claim) &&
           str_eq(mode_of(volume), mode_of(claim)) &&
           str_eq(attributes_of(volume), attributes_of(claim)) &&
           selector_allows(a, claim, volume) &&
           bytes_at(volume, "spec.capacity.storage") >=
               bytes_at(claim, "spec.resources.requests.storage");
}

static bool is_taken(const VolumeState *s, uint32_t n_taken, const Value *volume)
{
    for (uint32_t i = 0; i < n_taken; i++)
        if (s->taken[i] == volume)
            return true;
    return false;
}

/* The smallest free volume that does, of those that the node can reach and that no other claim of
 * the pod has taken. */
static const Value *find_volume(Arena *a, const VolumeState *s, const Value *claim,
                                const char *node, const NodeView *view, uint32_t n_taken)
{
    const Value *best = NULL;

    for (uint32_t i = 0; i < s->n_free; i++) {
        const Value *v = s->free_volumes[i];

        if (!is_taken(s, n_taken, v) && volume_fits(a, v, claim) &&
            volume_allows_node(v, node, view) &&
            (!best ||
             bytes_at(v, "spec.capacity.storage") < bytes_at(best, "spec.capacity.storage")))
            best = v;
    }
    return best;
}

static bool topology_allows(const Value *class, const NodeView *view)
{
    const Value *terms = value_get(class, "allowedTopologies"), *term, *e;

    if (value_len(terms) == 0)
        return true;
    value_each_item(terms, i, term)
    {
        bool all = true;

        value_each_item(value_get(term, "matchLabelExpressions"), k, e)
        {
            const char *has = view_label(view, value_get_str(e, "key"));

            all = all && has && value_has_str(value_get(e, "values"), has);
        }
        if (all)
            return true;
    }
    return false;
}

typedef struct FreeVolumes {
    Arena *arena;
    VolumeState *state;
} FreeVolumes;

static void on_volume(Obj *o, void *data)
{
    FreeVolumes *f = data;
    VolumeState *s = f->state;
    const Value *v = obj_to_value(f->arena, o, NULL, NULL);

    if (o->deleted_us != 0 || value_at(v, "spec.claimRef") ||
        !str_eq(value_at_str(v, "status.phase"), "Available"))
        return;
    if (s->n_free == s->cap_free) {
        uint32_t cap = s->cap_free ? s->cap_free * 2 : 16;
        const Value **more = arena_array(f->arena, const Value *, cap);

        if (s->n_free > 0)
            memcpy(more, s->free_volumes, s->n_free * sizeof(*more));
        s->free_volumes = more;
        s->cap_free = cap;
    }
    s->free_volumes[s->n_free++] = v;
}

static void load_free_volumes(Arena *a, Lister *l, const char *cluster, VolumeState *s)
{
    FreeVolumes f = {a, s};

    if (l)
        (void)l->list(l, cluster, "persistentvolumes", NULL, NULL, on_volume, &f, NULL);
}

/* ---- filter ---- */

static bool uses_claim(const SchedPod *p, const char *name)
{
    for (uint32_t i = 0; i < p->n_claims; i++)
        if (str_eq(p->claims[i], name))
            return true;
    return false;
}

static void count_rivals(Cycle *c, VolumeState *s)
{
    if (!c->home)
        return;
    list_for_each (l, &c->home->pods) {
        const SchedPod *p = list_entry(l, SchedPod, in_cluster);

        for (uint32_t i = 0; i < s->n && p->n_claims > 0; i++)
            s->n_rivals += s->items[i].is_exclusive && str_eq(p->ns, c->self->ns) &&
                           uses_claim(p, s->items[i].name);
    }
}

void moved_exclusive(Cycle *c, const SchedPod *p, const SchedNode *n UNUSED, int sign)
{
    VolumeState *s = c->volumes;

    for (uint32_t i = 0; s && i < s->n && p->n_claims > 0; i++)
        s->n_rivals += s->items[i].is_exclusive && str_eq(p->cluster, c->cluster) &&
                               str_eq(p->ns, c->self->ns) && uses_claim(p, s->items[i].name)
                           ? sign
                           : 0;
}

/* Is the claim one that is made for a volume of the pod? */
static bool is_ephemeral(const Cycle *c, const char *claim)
{
    size_t n = strlen(c->self->name);
    const Value *v;

    if (strncmp(claim, c->self->name, n) != 0 || claim[n] != '-')
        return false;
    value_each_item(value_at(c->pod, "spec.volumes"), i, v)
    {
        if (value_get(v, "ephemeral") && str_eq(value_get_str(v, "name"), claim + n + 1))
            return true;
    }
    return false;
}

/* Why the pod cannot have the claim at all (volumebinding/volume_binding.go, podHasPVCs); NULL when
 * it can. `claim` NULL: there is none. */
static const char *claim_is_unfit(const Cycle *c, const char *name, const Value *claim)
{
    bool is_own = is_ephemeral(c, name);
    Arena *a = c->arena;

    if (!claim && is_own)
        return arena_printf(a,
                            "waiting for ephemeral volume controller to create the "
                            "persistentvolumeclaim \"%s\"",
                            name);
    if (!claim)
        return arena_printf(a, "persistentvolumeclaim \"%s\" not found", name);
    if (str_eq(value_at_str(claim, "status.phase"), "Lost"))
        return arena_printf(a,
                            "persistentvolumeclaim \"%s\" bound to non-existent persistentvolume "
                            "\"%s\"",
                            name, value_at_str(claim, "spec.volumeName"));
    if (meta_is_deleted(claim))
        return arena_printf(a, "persistentvolumeclaim \"%s\" is being deleted", name);
    if (is_own && !meta_is_controlled_by(claim, c->self->uid))
        return arena_printf(a, "PVC %s/%s was not created for pod %s/%s (pod is not owner)",
                            c->self->ns, name, c->self->ns, c->self->name);
    return NULL;
}

/* NULL: the claim may be gone on with. */
static const char *read_claim(Cycle *c, const char *name, Claim *ret)
{
    const char *volume, *why;
    const Value *class;

    ret->name = name;
    ret->claim =
        fetch(c->arena, c->lister, c->cluster, "persistentvolumeclaims", c->self->ns, name);
    why = claim_is_unfit(c, name, ret->claim);
    if (why)
        return why;
    volume = value_at_str(ret->claim, "spec.volumeName");
    ret->is_exclusive = value_has_str(value_at(ret->claim, "spec.accessModes"), "ReadWriteOncePod");
    if (claim_is_bound(ret->claim)) {
        ret->volume = fetch(c->arena, c->lister, c->cluster, "persistentvolumes", "", volume);
        return ret->volume ? NULL
                           : arena_printf(c->arena, "persistentvolume \"%s\" not found", volume);
    }
    class =
        fetch(c->arena, c->lister, c->cluster, "storage/storageclasses", "", class_of(ret->claim));
    /* One that names its volume is for the binder to bind, whatever its class says. */
    if (!waits_for_consumer(class) || (volume && volume[0]))
        return "pod has unbound immediate PersistentVolumeClaims";
    ret->class = class;
    return NULL;
}

/* The claim that asks for least chooses first, so that large volumes are left to the others. */
static int by_size(const void *x, const void *y)
{
    static const char path[] = "spec.resources.requests.storage";
    int64_t a = bytes_at(((const Claim *)x)->claim, path);
    int64_t b = bytes_at(((const Claim *)y)->claim, path);

    return a != b ? (a < b ? -1 : 1) : strcmp(((const Claim *)x)->name, ((const Claim *)y)->name);
}

static VolumeState *state_of(Cycle *c)
{
    VolumeState *s = c->volumes;

    if (s || c->self->n_claims == 0)
        return s;
    s = c->volumes = arena_new0(c->arena, VolumeState);
    s->items = arena_array(c->arena, Claim, c->self->n_claims);
    for (uint32_t i = 0; i < c->self->n_claims && !s->why; i++)
        s->why = read_claim(c, c->self->claims[i], &s->items[s->n++]);
    s->taken = arena_array(c->arena, const Value *, s->n + 1);
    if (s->n > 1 && !s->why)
        qsort(s->items, s->n, sizeof(*s->items), by_size);
    return s;
}

void pre_filter_exclusive(Cycle *c, Verdict *v)
{
    VolumeState *s = state_of(c);
    bool has_exclusive = false;

    v->is_skipped = !s;
    for (uint32_t i = 0; s && i < s->n; i++)
        has_exclusive = has_exclusive || s->items[i].is_exclusive;
    if (has_exclusive)
        count_rivals(c, s);
}

void filter_exclusive(const Cycle *c, const SchedNode *n UNUSED, Verdict *v)
{
    if (c->volumes && c->volumes->n_rivals > 0)
        verdict_add(v, "node has pod using PersistentVolumeClaim with the same name and "
                       "ReadWriteOncePod access mode");
}

void pre_filter_volumes(Cycle *c, Verdict *v)
{
    VolumeState *s = state_of(c);
    bool needs_volumes = false;

    v->is_skipped = !s;
    if (!s)
        return;
    if (s->why) {
        verdict_refuse(v, s->why);
        return;
    }
    for (uint32_t i = 0; i < s->n; i++)
        needs_volumes = needs_volumes || s->items[i].class;
    if (needs_volumes)
        load_free_volumes(c->arena, c->lister, c->cluster, s);
}

/* Labels that say where a volume or a node is; beside each the one that has taken its place. */
static const char *const place_keys[][2] = {
    {"topology.kubernetes.io/zone", NULL},
    {"topology.kubernetes.io/region", NULL},
    {"failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"},
    {"failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"},
};

/* Is `zone` among those of a label that may name several: "a__b"? A label with an empty one says
 * nothing. */
static bool zones_have(const char *zones, const char *zone)
{
    bool found = false;

    for (const char *at = zones; at;) {
        const char *end = strstr(at, "__");
        Slice one = slice_trim((Slice){at, end ? (size_t)(end - at) : strlen(at)});

        if (one.len == 0)
            return true;
        found = found || (zone && slice_is(one, zone));
        at = end ? end + 2 : NULL;
    }
    return found;
}

/* A node that does not say where it is may have any volume (volumezone/volume_zone.go). */
static bool zones_allow(const Value *volume, const NodeView *view)
{
    bool is_placed = false;

    for (size_t i = 0; i < ARRAY_LEN(place_keys); i++)
        is_placed = is_placed || view_label(view, place_keys[i][0]);
    for (size_t i = 0; i < ARRAY_LEN(place_keys) && is_placed; i++) {
        const char *zones = meta_label(volume, place_keys[i][0]);
        const char *has = view_label(view, place_keys[i][0]);

        if (!has && place_keys[i][1])
            has = view_label(view, place_keys[i][1]);
        if (zones && !zones_have(zones, has))
            return false;
    }
    return true;
}

static const char node_conflict[] = "node(s) didn't match PersistentVolume's node affinity",
                  bind_conflict[] = "node(s) didn't find available persistent volumes to bind";

/* NULL, or why the claim cannot have a volume on the node. */
static const char *claim_refuses(const Cycle *c, const Claim *k, const SchedNode *n,
                                 uint32_t *n_taken)
{
    const NodeView *view = cycle_view(c, n);
    const char *selected;
    const Value *found;

    if (k->volume)
        return volume_allows_node(k->volume, n->name, view) ? NULL : node_conflict;
    selected = meta_annotation(k->claim, SELECTED_NODE);
    if (selected) /* even an empty one counts, as upstream: it names no node */
        return str_eq(selected, n->name) ? NULL : bind_conflict;
    found = find_volume(c->arena, c->volumes, k->claim, n->name, view, *n_taken);
    if (found) {
        c->volumes->taken[(*n_taken)++] = found;
        return NULL;
    }
    return !str_eq(value_get_str(k->class, "provisioner"), NO_PROVISIONER) &&
                   topology_allows(k->class, view)
               ? NULL
               : bind_conflict;
}

void filter_volumes(const Cycle *c, const SchedNode *n, Verdict *v)
{
    const VolumeState *s = c->volumes;
    bool cannot_bind = false, cannot_reach = false;
    uint32_t n_taken = 0;

    for (uint32_t i = 0; s && i < s->n; i++) {
        const char *why = claim_refuses(c, &s->items[i], n, &n_taken);

        cannot_bind = cannot_bind || why == bind_conflict;
        cannot_reach = cannot_reach || why == node_conflict;
    }
    if (cannot_bind)
        verdict_refuse(v, bind_conflict);
    if (cannot_reach)
        verdict_refuse(v, node_conflict);
}

bool zones_are_idle(const Cycle *c)
{
    return !c->volumes;
}

void filter_zones(const Cycle *c, const SchedNode *n, Verdict *v)
{
    const VolumeState *s = c->volumes;

    for (uint32_t i = 0; s && i < s->n; i++)
        if (s->items[i].volume && !zones_allow(s->items[i].volume, cycle_view(c, n))) {
            verdict_refuse(v, "node(s) had no available volume zone");
            return;
        }
}

/* ---- pre-bind, on a binder thread ---- */

static int select_node(Client *client, Arena *a, const char *cluster, const Value *claim,
                       const char *node, Err *err)
{
    ObjRef at = {.cluster = cluster,
                 .ns = meta_ns(claim),
                 .name = meta_name(claim),
                 .resource = resource_find_storage("persistentvolumeclaims")};
    Value *patch = value_object(a);

    value_set_at(a, patch, "metadata.resourceVersion",
                 value_str(a, value_at_str(claim, "metadata.resourceVersion")));
    value_set_str(a, value_need(a, patch, "metadata.annotations"), SELECTED_NODE, node);
    return client_patch(client, a, &at, "application/merge-patch+json", patch, NULL, err);
}

static int take_volume(Client *client, Arena *a, const char *cluster, const Value *volume,
                       const Value *claim, Err *err)
{
    ObjRef at = {.cluster = cluster,
                 .ns = "",
                 .name = meta_name(volume),
                 .resource = resource_find_storage("persistentvolumes")};
    Value *patch = value_object(a), *ref = value_need(a, patch, "spec.claimRef");

    value_set_at(a, patch, "metadata.resourceVersion",
                 value_str(a, value_at_str(volume, "metadata.resourceVersion")));
    value_set_str(a, ref, "apiVersion", "v1");
    value_set_str(a, ref, "kind", "PersistentVolumeClaim");
    value_set_str(a, ref, "namespace", meta_ns(claim));
    value_set_str(a, ref, "name", meta_name(claim));
    value_set_str(a, ref, "uid", meta_uid(claim));
    value_set_str(a, ref, "resourceVersion", value_at_str(claim, "metadata.resourceVersion"));
    value_set_str(a, value_need(a, patch, "metadata.annotations"), BOUND_BY, "yes");
    return client_patch(client, a, &at, "application/merge-patch+json", patch, NULL, err);
}

/* What is to be done for the claims that are not bound yet, once the node is chosen. */
const char *reserve_volumes(Cycle *c, const SchedNode *n)
{
    const VolumeState *s = c->volumes;
    uint32_t n_taken = 0;

    if (!s)
        return NULL;
    c->picks = arena_array(c->arena, VolumePick, s->n);
    for (uint32_t i = 0; i < s->n; i++) {
        const Claim *k = &s->items[i];
        const char *selected = meta_annotation(k->claim, SELECTED_NODE);

        if (k->volume)
            continue;
        c->picks[c->n_picks++] =
            (VolumePick){.claim = k->claim,
                         .is_begun = str_eq(selected, n->name),
                         .volume = selected ? NULL
                                            : find_volume(c->arena, s, k->claim, n->name,
                                                          cycle_view(c, n), n_taken)};
        if (c->picks[c->n_picks - 1].volume)
            s->taken[n_taken++] = c->picks[c->n_picks - 1].volume;
    }
    return NULL;
}

int pre_bind_volumes(Client *client, const char *cluster, const VolumePick *picks, uint32_t n,
                     const char *node, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    int r = 0;

    for (uint32_t i = 0; i < n && r == 0; i++) {
        const Value *claim = picks[i].claim;

        if (!picks[i].is_begun)
            r = picks[i].volume ? take_volume(client, a, cluster, picks[i].volume, claim, err)
                                : select_node(client, a, cluster, claim, node, err);
    }
    return r < 0 ? r : n > 0;
}
