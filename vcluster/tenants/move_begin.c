/* What stands in the way of a move is told before anything is done. */
#include "vcluster/tenants/move_int.h"

#include "api/crd.h"
#include "vcluster/crds.h"

#include <stdarg.h>
#include <stdio.h>

enum { MAX_TOLD = 10, MAX_TEXT = 1024 };

/* What all that comes would be charged. */
typedef struct Load {
    Arena *arena;
    PlanCharges sum;
    uint32_t cap;
} Load;

typedef struct Obstacles {
    Arena *arena;
    const char *told[MAX_TOLD];
    int64_t n;
} Obstacles;

static void obstacle(Obstacles *o, const char *fmt, ...) PRINTF(2, 3);

/* Only what is told takes room. */
static void obstacle(Obstacles *o, const char *fmt, ...)
{
    char text[MAX_TEXT];
    va_list ap;

    if (o->n++ >= MAX_TOLD)
        return;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    o->told[o->n - 1] = arena_strdup(o->arena, text);
}

static const char *obstacles_text(Arena *a, const Obstacles *o)
{
    const char *text = "";

    for (int64_t i = 0; i < o->n && i < MAX_TOLD; i++)
        text = arena_printf(a, "%s%s%s", text, i > 0 ? "; " : "", o->told[i]);
    return o->n > MAX_TOLD
               ? arena_printf(a, "%s; and %lld more", text, (long long)(o->n - MAX_TOLD))
               : text;
}

static bool is_to_be_moved(const Move *m, const char *ns)
{
    for (size_t i = 0; i < m->n_spaces; i++)
        if (str_eq(m->spaces[i]->name, ns))
            return true;
    return false;
}

/* What a binding names must be the same there: roles of the shared cluster and accounts in its
 * namespaces are others. */
static void look_at_binding(Move *m, const Obj *o, Obstacles *all)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *v = obj_to_value(a, o, NULL, NULL), *subject;
    const char *role = value_at_text(v, "roleRef.name");

    if (str_eq(value_at_text(v, "roleRef.kind"), "ClusterRole") &&
        !(base_has(m->from, "rbac/clusterroles", "", role) &&
          base_has(m->to, "rbac/clusterroles", "", role)))
        obstacle(all, "rolebinding %s/%s names clusterrole %s of the tenant's own", o->ns, o->name,
                 role);
    value_each_item(value_get(v, "subjects"), i, subject)
    {
        if (str_eq(value_get_str(subject, "kind"), "ServiceAccount") &&
            !is_to_be_moved(m, value_at_text(subject, "namespace")))
            obstacle(all, "rolebinding %s/%s names a serviceaccount in namespace %s", o->ns,
                     o->name, value_at_text(subject, "namespace"));
    }
}

static int look_at_object(Move *m, const Resource *r, Obj *o, void *data)
{
    CLEANUP(arena_free) Arena *a = arena_new_sized(256);
    Obstacles *all = data;
    const char *volume;

    if (str_eq(r->storage, "persistentvolumeclaims") &&
        obj_scan_str(o, "spec.volumeName", a, &volume) && volume[0])
        obstacle(all,
                 "persistentvolumeclaim %s/%s has a volume, which would stay "
                 "behind",
                 o->ns, o->name);
    if (str_eq(r->storage, "pods") && !move__is_over(m, o) && o->deleted_us == 0 &&
        !obj_controller_uid(o))
        obstacle(all, "pod %s/%s has no controller that would replace it", o->ns, o->name);
    if (m->to_spaces && str_eq(r->storage, "rbac/rolebindings"))
        look_at_binding(m, o, all);
    return STEP_OK;
}

static int look_at_spaces(Move *m, Obstacles *all)
{
    Cache *k = NULL;
    int s = engine_cache(m->req, m->to, "namespaces", &k);

    for (size_t i = 0; !s && i < m->n_spaces; i++) {
        if (m->spaces[i]->deleted_us)
            obstacle(all, "namespace %s is being deleted", m->spaces[i]->name);
        if (engine_keep(m->req, cache_get(k, "", m->spaces[i]->name)))
            obstacle(all, "namespace %s is there already", m->spaces[i]->name);
    }
    return s;
}

/* What every namespace has, and what a server says of itself. */
static bool is_everywhere(const Obj *o, const char *storage)
{
    static const char *const told[] = {"events", "coordination/leases", "endpoints",
                                       "discovery/endpointslices"};

    for (size_t i = 0; i < ARRAY_LEN(told); i++)
        if (str_eq(storage, told[i]))
            return true;
    return (str_eq(storage, "configmaps") &&
            (str_eq(o->name, "kube-root-ca.crt") ||
             (str_eq(o->ns, "kube-system") &&
              str_eq(o->name, "kube-apiserver-legacy-service-account-token-tracking")))) ||
           (str_eq(storage, "serviceaccounts") && str_eq(o->name, "default"));
}

/* What of the tenant's own cluster is in no namespace that can be moved. */
static int look_at_rest(Move *m, const Resource *r, Obstacles *all)
{
    AUTO_OBJVEC v = {0};
    Cache *there = NULL;
    int s = move__list(m, m->from, r->storage, NULL, &v);

    if (!s && !r->is_namespaced)
        s = engine_cache(m->req, m->to, r->storage, &there);
    for (size_t i = 0; !s && i < v.n; i++) {
        const Obj *o = v.items[i];

        if (base_has(m->from, r->storage, o->ns, o->name))
            continue;
        if (r->is_namespaced && !spaces_is_own_name(m->home->name, o->ns) &&
            !is_everywhere(o, r->storage))
            obstacle(all, "%s %s/%s is in a namespace that is not named \"%s\" or \"%s-...\"",
                     r->singular, o->ns, o->name, m->home->name, m->home->name);
        if (!r->is_namespaced && !engine_keep(m->req, cache_get(there, "", o->name)))
            obstacle(all, "%s %s has no place in namespaces", r->singular, o->name);
    }
    return s;
}

static int look_at_cluster(Move *m, Obstacles *all)
{
    ResourceSet set = vc_resources(m->req);
    int s = STEP_OK;

    for (uint32_t i = 0; !s && i < m->n_kinds; i++)
        s = look_at_rest(m, m->kinds[i], all);
    for (size_t i = 0; !s && i < set.n; i++)
        if (move__is_wide(set.items[i]))
            s = look_at_rest(m, set.items[i], all);
    return s;
}

static bool is_same_there(Move *m, const Resource *r)
{
    const Resource *there = crds_find(m->req, r->group, r->version, r->plural);

    return there && there->is_namespaced && str_eq(there->storage, r->storage) &&
           there->crd->schema == r->crd->schema && /* shared by all that say the same */
           str_eq(there->crd->storage->version, r->crd->storage->version);
}

/* Custom objects go along unchanged, so their kinds must be the same there. */
static int look_at_definitions(Move *m, Obstacles *all)
{
    int s = move__switch_definitions(m, m->to);

    for (uint32_t i = 0; !s && i < m->n_kinds; i++) {
        const Resource *r = m->kinds[i];
        bool is_used;

        if (!r->crd || is_same_there(m, r))
            continue;
        s = move__is_used(m, r, &is_used);
        if (!s && is_used)
            obstacle(all, "%s.%s is not defined in the same way in cluster %s", r->plural, r->group,
                     m->to->name);
    }
    return s ? s : move__switch_definitions(m, m->from);
}

/* ---- room ---- */

/* There are as many counters as kinds of things, however many objects there are. */
static void add_to_load(Load *l, const char *counter, int64_t delta)
{
    for (uint32_t i = 0; i < l->sum.n; i++)
        if (str_eq(l->sum.items[i].counter, counter)) {
            l->sum.items[i].delta += delta;
            return;
        }
    ARENA_GROW(l->arena, l->sum.items, l->sum.n, l->cap, 32);
    l->sum.items[l->sum.n++] = (PlanCharge){arena_strdup(l->arena, counter), delta};
}

static int weigh(Move *m UNUSED, const Resource *r, Obj *o, void *data)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    PlanCharges list = {0};

    if (!r->crd)
        list = quota_plan_charges(a, r, NULL, obj_to_value(a, o, NULL, NULL));
    for (uint32_t i = 0; i < list.n; i++)
        add_to_load(data, list.items[i].counter, list.items[i].delta);
    add_to_load(data, arena_printf(a, "#%s", r->storage), 1);
    add_to_load(data, "objects", 1);
    add_to_load(data, "bytes", quota_blocks(o->text_len));
    return STEP_OK;
}

/* A shared cluster's own limits hold for what comes to it; pods are made there anew. */
static int look_for_room(Move *m, Obstacles *all)
{
    const Resource *spaces = resource_find_storage("namespaces");
    const char *why = NULL;
    Load load = {.arena = m->req->arena};
    int s = STEP_OK;

    for (size_t i = 0; !s && i < m->n_spaces; i++)
        s = weigh(m, spaces, m->spaces[i], &load);
    if (!s)
        s = move__each(m, weigh, &load);
    if (!s)
        s = accounts_have_room(m->req, m->to, m->home, &load.sum, &why);
    if (why)
        obstacle(all, "cluster %s has no room: %s", m->to->name, why);
    return s;
}

static int find_obstacles(Move *m, Obstacles *all)
{
    int s = look_at_spaces(m, all);

    if (str_eq(value_at_text(m->op.old, "spec.state"), "Suspended"))
        obstacle(all, "the tenant is suspended");
    if (!s)
        s = move__each(m, look_at_object, all);
    if (!s && m->to_spaces)
        s = look_at_cluster(m, all);
    if (!s && m->to_spaces)
        s = look_at_definitions(m, all);
    return s || !m->to_spaces ? s : look_for_room(m, all);
}

int move__begin(Move *m)
{
    Obstacles all = {.arena = m->req->arena};
    int s = find_obstacles(m, &all);

    if (s)
        return s;
    return all.n > 0 ? move__report(m, "Blocked", obstacles_text(m->req->arena, &all), all.n)
                     : move__set_stage(m, move_begin);
}
