#include "scheduler/plugin.h"

#include "base/mem.h"
#include "client/meta.h"

/*
 * How many volumes of a driver a node can have, as its CSINode says. Volumes of all tenants' pods
 * count, each once a node; a claim that is not bound yet counts for the provisioner of its class.
 * As upstream's nodevolumelimits plug-in.
 */

enum { VOLUMES_MAX = 4096 /* looked at on one node */ };

typedef struct UsedVolume {
    const char *driver; /* NULL: no driver's volume */
    const char *handle; /* one volume has one */
} UsedVolume;

/* Pods that are tried elsewhere, or on the node, for a while. */
typedef struct Moved {
    const SchedPod **pods;
    uint32_t n, cap;
} Moved;

struct LimitState {
    UsedVolume *items; /* of the pod itself */
    uint32_t n;
    Map known; /* "cluster/ns/claim" -> UsedVolume */
    Moved lifted, laid;
};

static const Value *fetch(const Cycle *c, const char *cluster, const char *storage, const char *ns,
                          const char *name)
{
    CLEANUP(obj_unref) Obj *o = NULL;

    if (!c->lister || !name || !name[0] ||
        c->lister->get(c->lister, cluster, storage, ns, name, &o, NULL) < 0 || !o)
        return NULL;
    return obj_to_value(c->arena, o, NULL, NULL);
}

static UsedVolume read_volume(const Cycle *c, const char *cluster, const char *ns,
                              const char *claim_name)
{
    const Value *claim = fetch(c, cluster, "persistentvolumeclaims", ns, claim_name), *class;
    const char *name = value_at_str(claim, "spec.volumeName");
    UsedVolume v = {NULL, NULL};

    if (name && name[0]) {
        const Value *csi = value_at(fetch(c, cluster, "persistentvolumes", "", name), "spec.csi");

        v.driver = value_get_str(csi, "driver");
        v.handle = value_get_str(csi, "volumeHandle");
    } else {
        class = fetch(c, cluster, "storage/storageclasses", "",
                      value_at_str(claim, "spec.storageClassName"));
        v.driver = value_get_str(class, "provisioner");
        v.handle = arena_printf(c->arena, "%s/%s/%s", cluster, ns, claim_name);
    }
    v.driver = v.handle ? v.driver : NULL;
    return v;
}

static const UsedVolume *volume_of(const Cycle *c, const SchedPod *p, uint32_t i)
{
    const char *key = arena_printf(c->arena, "%s/%s/%s", p->cluster, p->ns, p->claims[i]);
    UsedVolume *v = map_get(&c->limits->known, key);

    if (v)
        return v;
    v = arena_new0(c->arena, UsedVolume);
    *v = read_volume(c, p->cluster, p->ns, p->claims[i]);
    map_set(&c->limits->known, key, v);
    return v;
}

static bool has_volume(const UsedVolume *list, uint32_t n, const UsedVolume *v)
{
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(list[i].driver, v->driver) && str_eq(list[i].handle, v->handle))
            return true;
    return false;
}

static void on_free_state(void *p)
{
    LimitState *s = p;

    map_done(&s->known);
    free(s->lifted.pods);
    free(s->laid.pods);
}

static int find_moved(const Moved *m, const SchedPod *p)
{
    for (uint32_t i = 0; i < m->n; i++)
        if (m->pods[i] == p)
            return (int)i;
    return -1;
}

/* Takes it out of one list or adds it to the other. */
static void move(Moved *from, Moved *to, const SchedPod *p)
{
    int at = find_moved(from, p);

    if (at >= 0) {
        from->pods[at] = from->pods[--from->n];
        return;
    }
    GROW(to->pods, to->cap, to->n + 1);
    to->pods[to->n++] = p;
}

void moved_limits(Cycle *c, const SchedPod *p, const SchedNode *n UNUSED, int sign)
{
    LimitState *s = c->limits;

    if (!s || p->n_claims == 0)
        return;
    if (sign > 0)
        move(&s->lifted, &s->laid, p);
    else
        move(&s->laid, &s->lifted, p);
}

void pre_filter_limits(Cycle *c, Verdict *v)
{
    LimitState *s;

    v->is_skipped = true;
    if (c->self->n_claims == 0)
        return;
    s = c->limits = arena_new0(c->arena, LimitState);
    arena_on_free(c->arena, on_free_state, s);
    s->items = arena_array(c->arena, UsedVolume, c->self->n_claims);
    for (uint32_t i = 0; i < c->self->n_claims; i++) {
        const UsedVolume *one = volume_of(c, c->self, i);

        if (one->driver && !has_volume(s->items, s->n, one))
            s->items[s->n++] = *one;
    }
    v->is_skipped = s->n == 0;
}

static uint32_t add_used(const Cycle *c, const SchedPod *p, UsedVolume *list, uint32_t n_used)
{
    for (uint32_t i = 0; i < p->n_claims && n_used < VOLUMES_MAX; i++) {
        const UsedVolume *v = volume_of(c, p, i);

        if (v->driver && !has_volume(list, n_used, v))
            list[n_used++] = *v;
    }
    return n_used;
}

/* What pods use on the node, each volume once; returns how many. */
static uint32_t used_on(const Cycle *c, const SchedNode *n, UsedVolume *list)
{
    const LimitState *s = c->limits;
    uint32_t n_used = 0;

    list_for_each (l, &n->pods) {
        const SchedPod *p = list_entry(l, SchedPod, in_node);

        if (s->lifted.n == 0 || find_moved(&s->lifted, p) < 0)
            n_used = add_used(c, p, list, n_used);
    }
    for (uint32_t i = 0; i < s->laid.n; i++)
        n_used = add_used(c, s->laid.pods[i], list, n_used);
    return n_used;
}

static int64_t count_driver(const UsedVolume *list, uint32_t n, const char *driver)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < n; i++)
        sum += str_eq(list[i].driver, driver);
    return sum;
}

void filter_limits(const Cycle *c, const SchedNode *n, Verdict *v)
{
    const LimitState *s = c->limits;
    const Value *drivers, *d;
    UsedVolume *used = NULL;
    uint32_t n_used = 0, n_all;

    if (!s || s->n == 0)
        return;
    drivers = value_at(fetch(c, "host", "storage/csinodes", "", n->name), "spec.drivers");
    value_each_item(drivers, i, d)
    {
        const char *driver = value_get_str(d, "name");
        int64_t limit = value_at_int(d, "allocatable.count", -1);

        if (limit < 0 || count_driver(s->items, s->n, driver) == 0)
            continue;
        if (!used) {
            used = arena_array(c->arena, UsedVolume, VOLUMES_MAX + s->n);
            n_used = used_on(c, n, used);
        }
        n_all = n_used;
        for (uint32_t k = 0; k < s->n; k++)
            if (!has_volume(used, n_all, &s->items[k]))
                used[n_all++] = s->items[k];
        if (n_all > n_used && count_driver(used, n_all, driver) > limit &&
            count_driver(used, n_all, driver) > count_driver(used, n_used, driver)) {
            verdict_add(v, "node(s) exceed max volume count");
            return;
        }
    }
}
