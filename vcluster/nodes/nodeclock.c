#include "vcluster/nodeclock.h"

#include "base/clock.h"
#include "base/err.h"
#include "vcluster/nodeview.h"

/* Someone who changes a node has said when before the change is committed. What is older than this
 * is not on its way any more. */
enum { YOUNG_MS = 60 * 1000 };
static const int64_t epoch_ms = 1577836800000; /* so that a version has room for 69 years */

int64_t nodeclock_of(const Obj *host)
{
    CLEANUP(arena_free) Arena *a = arena_new_sized(64);
    const char *text;

    if (!obj_scan_str(host, "metadata.annotations." NODE_STAMP, a, &text))
        return 1;
    return MAX(1, strtoll(text, NULL, 10) - epoch_ms);
}

int64_t nodeclock_now(void)
{
    return MAX(1, clock_now_us() / 1000 - epoch_ms);
}

/* The row, and the stamp in it. */
static Obj *gone_row(Cache *gone, int64_t *ret_stamp)
{
    CLEANUP(arena_free) Arena *a = arena_new_sized(512);
    Obj *o = gone ? cache_get(gone, "", "last") : NULL;

    *ret_stamp = o ? value_at_int(obj_to_value(a, o, NULL, NULL), "stamp", 1) : 1;
    return o;
}

int64_t nodeclock_gone(Cache *gone)
{
    int64_t stamp;

    obj_unref(gone_row(gone, &stamp));
    return stamp;
}

/* ---- writes ---- */

/* Later than any that this server has given, and than the node's last. */
static int64_t next_stamp(Vcluster *vc, const Obj *was)
{
    int64_t last = atomic_load(&vc->node_stamp), next, now = nodeclock_now();
    int64_t before = was ? nodeclock_of(was) : 0;

    do
        next = MAX(now, MAX(last, before) + 1);
    while (!atomic_compare_exchange_weak(&vc->node_stamp, &last, next));
    return next;
}

static bool have_same_labels(const Obj *x, const Obj *y)
{
    if (x->n_labels != y->n_labels)
        return false;
    for (uint32_t i = 0; i < x->n_labels; i++) {
        const char *value = obj_label(y, x->labels[i].key);

        if (!value || strcmp(value, x->labels[i].value) != 0)
            return false;
    }
    return true;
}

static int note_gone(Request *req, Cluster *host, int64_t stamp)
{
    Value *v = value_object(req->arena);
    Write *w = engine_write_in(req, host);

    value_set_at(req->arena, v, "metadata.name", value_str(req->arena, "last"));
    value_set_int(req->arena, v, "stamp", stamp);
    w->op = WRITE_PUT;
    w->storage = NODES_GONE;
    w->ns = "";
    w->name = "last";
    w->expect = EXPECT_ANY;
    w->obj = engine_obj(req, v);
    return w->obj ? STEP_OK : fail_internal(req, "the end of a node cannot be noted");
}

static int note(Request *req, Write *w, const Obj *was)
{
    Arena *a = req->arena;
    int64_t stamp = next_stamp(req->state->vc, was);
    Value *v = obj_to_value(a, w->obj, NULL, NULL);

    value_set_str(a, value_need(a, v, "metadata.annotations"), NODE_STAMP,
                  arena_printf(a, "%lld", (long long)(stamp + epoch_ms)));
    w->obj = engine_obj(req, v);
    if (!w->obj)
        return fail_internal(req, "the node cannot be stored");
    return w->op == WRITE_DELETE || (was && !have_same_labels(was, w->obj))
               ? note_gone(req, w->cluster, stamp)
               : STEP_OK;
}

int nodeclock_writes(Request *req)
{
    WriteSet *set = &req->state->set;
    uint32_t n = set->n; /* it grows */

    for (uint32_t i = 0; i < n; i++) {
        Write *w = &set->writes[i];
        Cache *k = NULL;
        int s;

        if (!is_host(w->cluster) || !str_eq(w->storage, "nodes"))
            continue;
        s = engine_cache(req, w->cluster, "nodes", &k);
        if (!s)
            s = note(req, w, engine_keep(req, cache_get(k, "", w->name)));
        if (s)
            return s;
    }
    return STEP_OK;
}

/* ---- the place of a stamp ---- */

typedef struct Place {
    int64_t stamp;
    int64_t newest;
    int64_t revision; /* of the first that has it; 0: none has */
} Place;

static void look_at(Place *p, int64_t stamp, int64_t revision)
{
    p->newest = MAX(p->newest, stamp);
    if (stamp == p->stamp)
        p->revision = p->revision ? MIN(p->revision, revision) : revision;
}

static bool has_stamp(const Event *e, void *data)
{
    return nodeclock_of(e->obj) == *(int64_t *)data;
}

int nodeclock_place(Cache *hosts, Cache *gone, const TenantTerms *t, int64_t stamp, int64_t *ret)
{
    Place p = {.stamp = stamp};
    const CacheScan all = {0};
    AUTO_OBJVEC nodes = {0};
    int64_t now, floor, last;
    CLEANUP(obj_unref) Obj *row = gone_row(gone, &last);

    (void)cache_list(hosts, &all, &nodes, &now);
    for (size_t i = 0; i < nodes.n; i++)
        if (nodeview_shows(t, nodes.items[i]))
            look_at(&p, nodeclock_of(nodes.items[i]), nodes.items[i]->revision);
    if (row)
        look_at(&p, last, row->revision);
    (void)cache_find_event(hosts, NULL, NULL, &floor);
    if (p.stamp >= p.newest && p.revision <= floor && nodeclock_now() - p.stamp > YOUNG_MS)
        p.revision = now; /* nothing was changed since, and history need not reach back to it */
    if (p.revision == 0)
        p.revision = cache_find_event(hosts, has_stamp, &stamp, &floor);
    *ret = p.revision;
    return p.revision > 0 ? 0 : -ERR_EXPIRED;
}
