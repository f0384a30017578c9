#include "controllers/controllers.h"

#include "base/clock.h"
#include "base/crash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/wipe.h"
#include "client/changes.h"
#include "client/events.h"
#include "controllers/backoff.h"
#include "controllers/ctl.h"
#include "controllers/extsecrets/vault.h"
#include "controllers/gc_graph.h"
#include "controllers/node_index.h"
#include "controllers/node_pace.h"
#include "controllers/triggertime.h"
#include "controllers/zonememo.h"

#include <pthread.h>

enum { BACKOFF_MAX_MS = 60000, N_WORKERS = 16, N_WORKERS_MAX = 64, SLOW_SYNC_US = 5 * 1000000 };

/* Upstream's of failed daemon pods. */
static const int64_t daemon_first_us = 1000000, daemon_max_us = 15 * 60 * 1000000LL;

struct Controllers {
    ControllersOptions o;
    AddressRanges pod_ranges;
    Arena *arena; /* option strings */
    WorkQueue *queue;
    Expectations *expectations;
    Backoffs *daemon_backoffs;
    GcGraph *graph;
    NodeIndex *node_index;
    NodePace *node_pace;
    ZoneMemo *zone_memo;
    TriggerTimes *trigger_times;
    Vault *vault;
    int64_t started_us;
    Client **clients; /* one a controller */
    Events **events;
    Changes *inbox;
    pthread_t dispatcher, workers[N_WORKERS_MAX];
    unsigned n_workers; /* started */
    bool has_dispatcher;
};

/* ---- what map functions use ---- */

void ctl_enqueue(Controllers *c, uint32_t index, const char *cluster, const char *ns,
                 const char *name)
{
    workqueue_add(c->queue, &(WorkKey){index, cluster, ns, name});
}

void ctl_enqueue_after(Controllers *c, uint32_t index, const char *cluster, const char *ns,
                       const char *name, int64_t delay_ms)
{
    workqueue_add_after(c->queue, &(WorkKey){index, cluster, ns, name}, delay_ms);
}

void ctl_map_self(Controllers *c, uint32_t index, const Change *ch)
{
    ctl_enqueue(c, index, ch->cluster, ch->ns, ch->name);
}

/* The name of the object's controller of `kind`; NULL when it has none. */
static const char *owner_name(const Change *ch, const Obj *o, const char *kind)
{
    const Value *ref;

    if (!o || !obj_controller_uid(o))
        return NULL;
    ref = meta_controller_in(ctl_owner_refs(ch->arena, o));
    return str_eq(value_get_str(ref, "kind"), kind) ? value_get_str(ref, "name") : NULL;
}

static bool same_owners(const Obj *a, const Obj *b)
{
    if (a->n_owners != b->n_owners)
        return false;
    for (uint32_t i = 0; i < a->n_owners; i++)
        if (!str_eq(a->owners[i].uid, b->owners[i].uid) ||
            a->owners[i].is_controller != b->owners[i].is_controller)
            return false;
    return true;
}

const char *ctl_map_owner(Controllers *c, uint32_t index, const Change *ch, const char *kind)
{
    const char *name = owner_name(ch, ch->obj, kind);

    if (name)
        ctl_enqueue(c, index, ch->cluster, ch->ns, name);
    if (ch->prev && !same_owners(ch->obj, ch->prev)) {
        const char *before = owner_name(ch, ch->prev, kind);

        if (before && !str_eq(before, name))
            ctl_enqueue(c, index, ch->cluster, ch->ns, before);
    }
    return name;
}

typedef struct Orphan {
    Controllers *c;
    uint32_t index;
    const Change *ch;
    bool has_map; /* the selector is a map of labels */
} Orphan;

static void on_selecting(Obj *o, void *data)
{
    const Orphan *orphan = data;
    Arena *a = orphan->ch->arena;
    const Value *v = ctl_selector_value(a, o);
    Selector *sel = NULL;
    bool is_none = false;

    if (!v)
        return;
    if (orphan->has_map)
        sel = value_len(v) > 0 ? selector_from_map(a, v) : NULL;
    else if (selector_from_value(a, v, &sel, &is_none, NULL) < 0 || is_none)
        sel = NULL;
    if (sel && !selector_is_empty(sel) && selector_match_obj(sel, orphan->ch->obj))
        ctl_enqueue(orphan->c, orphan->index, orphan->ch->cluster, o->ns, o->name);
}

static bool same_labels(const Obj *a, const Obj *b)
{
    if (a->n_labels != b->n_labels)
        return false;
    for (uint32_t i = 0; i < a->n_labels; i++)
        if (!str_eq(obj_label(b, a->labels[i].key), a->labels[i].value))
            return false;
    return true;
}

void ctl_map_orphan(Controllers *c, uint32_t index, const Change *ch, const char *storage)
{
    Lister *l = c->o.lister;
    Orphan orphan = {c, index, ch, str_eq(storage, "replicationcontrollers")};

    if (ch->type == CHANGE_DELETED || ch->obj->n_labels == 0 || ch->obj->deleted_us != 0 ||
        obj_controller_uid(ch->obj))
        return;
    if (ch->prev && same_owners(ch->obj, ch->prev) && same_labels(ch->obj, ch->prev))
        return;
    /* A failure is met again at the next change of either object. */
    (void)l->list(l, ch->cluster, storage, ch->ns, NULL, on_selecting, &orphan, NULL);
}

bool ctl_is_same_at(const Change *ch, const char *const *paths)
{
    const Value *now, *before;

    if (ch->type != CHANGE_MODIFIED || !ch->prev)
        return false;
    now = obj_to_value(ch->arena, ch->obj, NULL, NULL);
    before = obj_to_value(ch->arena, ch->prev, NULL, NULL);
    for (; *paths; paths++)
        if (!value_equal(value_at(now, *paths), value_at(before, *paths)))
            return false;
    return true;
}

typedef struct OfPlan {
    Controllers *c;
    uint32_t index;
    const char *plan; /* NULL: all */
} OfPlan;

static void on_tenant(Obj *o, void *data)
{
    const OfPlan *of = data;
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *plan;

    if (!of->plan || !obj_scan_str(o, "spec.plan", a, &plan) || str_eq(plan, of->plan))
        ctl_enqueue(of->c, of->index, "host", "", o->name);
}

void ctl_enqueue_tenants(Controllers *c, uint32_t index, const char *plan)
{
    Lister *l = ctl_lister(c);

    /* A failure to list is met again at the next change. */
    (void)l->list(l, "host", "tenancy/tenants", NULL, NULL, on_tenant, &(OfPlan){c, index, plan},
                  NULL);
}

Expectations *ctl_expectations(Controllers *c)
{
    return c->expectations;
}

Backoffs *ctl_daemon_backoffs(Controllers *c)
{
    return c->daemon_backoffs;
}

GcGraph *ctl_graph(Controllers *c)
{
    return c->graph;
}

const ControllersOptions *ctl_options(const Controllers *c)
{
    return &c->o;
}

NodeIndex *ctl_node_index(Controllers *c)
{
    return c->node_index;
}

const AddressRanges *ctl_pod_ranges(const Controllers *c)
{
    return &c->pod_ranges;
}

NodePace *ctl_node_pace(Controllers *c)
{
    return c->node_pace;
}

TriggerTimes *ctl_trigger_times(Controllers *c)
{
    return c->trigger_times;
}

ZoneMemo *ctl_zone_memo(Controllers *c)
{
    return c->zone_memo;
}

Vault *ctl_vault(Controllers *c)
{
    return c->vault;
}

int64_t ctl_started_us(const Controllers *c)
{
    return c->started_us;
}

Lister *ctl_lister(Controllers *c)
{
    return c->o.lister;
}

/* ---- the dispatcher ---- */

static bool is_watched(const Controller *row, const char *storage)
{
    for (size_t i = 0; row->watches[i]; i++)
        if (str_eq(row->watches[i], storage) || str_eq(row->watches[i], "*"))
            return true;
    return false;
}

/* On the store's thread: only note it. */
static void on_change(const char *cluster, const char *storage, int type, Obj *obj, Obj *prev,
                      void *data)
{
    Controllers *c = data;

    changes_push(c->inbox, cluster, storage, type, obj, prev);
}

/* The same of a tenant's data key. */
static void on_data_key(const char *cluster, void *data)
{
    Controllers *c = data;

    for (uint32_t i = 0; i < controllers__n; i++)
        if (controllers__table[i].hears_keys)
            ctl_enqueue(c, i, "host", "", cluster);
}

/* The token of a Secret was used. */
static void on_token_use(const char *cluster, const char *ns, const char *secret, void *data)
{
    Controllers *c = data;
    AUTO_FREE char *key = xasprintf("=%s", secret);

    for (uint32_t i = 0; i < controllers__n; i++)
        if (controllers__table[i].hears_token_uses)
            ctl_enqueue(c, i, cluster, ns, key);
}

static void dispatch(Controllers *c, const ChangeItem *p)
{
    CLEANUP(arena_free) Arena *a = NULL;

    if (p->type == CHANGE_DELETED && str_eq(p->cluster, "host") &&
        str_eq(p->storage, "tenancy/tenants")) {
        /* A tenant goes as a whole, without a word about each of its objects. */
        gc_graph_drop_cluster(c->graph, p->obj->name);
        node_index_drop_cluster(c->node_index, p->obj->name);
        vault_drop_cluster(c->vault, p->obj->name);
        triggertimes_drop_cluster(c->trigger_times, p->obj->name);
        expect_drop_cluster(c->expectations, p->obj->name);
        zonememo_drop_cluster(c->zone_memo, p->obj->name);
    }
    for (uint32_t i = 0; i < controllers__n; i++) {
        const Controller *row = &controllers__table[i];

        if (!is_watched(row, p->storage))
            continue;
        if (!a)
            a = arena_new();
        row->map(c, i,
                 &(Change){.cluster = p->cluster,
                           .storage = p->storage,
                           .type = p->type,
                           .obj = p->obj,
                           .prev = p->prev,
                           .ns = p->obj->ns,
                           .name = p->obj->name,
                           .arena = a});
    }
}

typedef struct Seed {
    Controllers *c;
    uint32_t index;
} Seed;

static void on_seed(const char *cluster, const char *ns, const char *name, void *data)
{
    Seed *seed = data;
    const Controller *row = &controllers__table[seed->index];

    if (!row->is_seed || row->is_seed(ns, name))
        ctl_enqueue(seed->c, seed->index, cluster, ns, name);
}

/* Everything that exists, once: what happened while nobody watched. */
static void seed_all(Controllers *c)
{
    Err err;

    for (uint32_t i = 0; i < controllers__n; i++) {
        const Controller *row = &controllers__table[i];

        for (size_t s = 0; s < ARRAY_LEN(row->seeds) && row->seeds[s]; s++) {
            while (c->o.lister->keys(c->o.lister, row->seeds[s], on_seed, &(Seed){c, i}, &err) <
                       0 &&
                   !changes_is_closed(c->inbox)) {
                log_warning(NULL, "a controller cannot take its first look and tries again",
                            LOG_STR("controller", row->name), LOG_STR("error", err.msg));
                nanosleep(&(struct timespec){1, 0}, NULL);
            }
        }
    }
}

/* Changes of a commit come one right after the other: waking up for each costs more than they do.
 */
static void let_gather(size_t n_taken)
{
    enum { MANY = 64, NAP_NS = 300000 };

    if (n_taken > 0 && n_taken < MANY)
        nanosleep(&(struct timespec){0, NAP_NS}, NULL);
}

static void *run_dispatcher(void *data)
{
    Controllers *c = data;

    seed_all(c);
    while (!changes_is_closed(c->inbox)) {
        ChangeItem *items;
        size_t n = changes_take(c->inbox, -1, &items);

        for (size_t i = 0; i < n; i++)
            dispatch(c, &items[i]);
        change_items_free(items, n);
        let_gather(n);
    }
    return NULL;
}

/* ---- workers ---- */

static void run_one(Controllers *c, const WorkKey *key)
{
    const Controller *row = &controllers__table[key->kind];
    CLEANUP(arena_free) Arena *a = arena_new();
    int64_t began_us = clock_mono_us(), took_us;
    LogCtx ctx = {.component = row->name, .cluster = key->cluster};
    Err err = {0};
    Ctl ctl = {
        .all = c,
        .controller = row,
        .index = key->kind,
        .client = c->clients[key->kind],
        .lister = c->o.lister,
        .events = c->events[key->kind],
        .arena = a,
        .cluster = key->cluster,
        .ns = key->ns,
        .name = key->name,
        .now_us = clock_now_us(),
    };
    int r = row->sync(&ctl, &err);

    took_us = clock_mono_us() - began_us;
    if (r < 0) {
        int n = workqueue_failures(c->queue, key);

        if (n == 8) /* it has been tried for a second or more: say so once */
            log_warning(&ctx, "an object keeps failing and is tried again",
                        LOG_STR("namespace", key->ns), LOG_STR("name", key->name),
                        LOG_STR("error", err.msg));
        else
            log_debug(&ctx, "sync failed", LOG_STR("namespace", key->ns),
                      LOG_STR("name", key->name), LOG_STR("error", err.msg));
        workqueue_add_rate_limited(c->queue, key);
        return;
    }
    workqueue_forget(c->queue, key);
    if (r > 0)
        workqueue_add_after(c->queue, key, r);
    if (took_us > SLOW_SYNC_US)
        log_warning(&ctx, "a sync was slow", LOG_STR("namespace", key->ns),
                    LOG_STR("name", key->name), LOG_INT("took_ms", took_us / 1000));
}

static void *run_worker(void *data)
{
    Controllers *c = data;
    const WorkKey *key;

    crash_thread();
    (void)wipe_set(true); /* objects of all kinds pass through it */
    while ((key = workqueue_get(c->queue, -1))) {
        run_one(c, key);
        workqueue_done(c->queue, key);
    }
    return NULL;
}

/* ---- start and stop ---- */

static void on_answers(const WorkKey *key, void *data)
{
    workqueue_add(((Controllers *)data)->queue, key);
}

static int open_clients(Controllers *c, Err *err)
{
    c->clients = xcalloc(controllers__n, sizeof(*c->clients));
    c->events = xcalloc(controllers__n, sizeof(*c->events));
    for (uint32_t i = 0; i < controllers__n; i++) {
        const char *name = controllers__table[i].name, *own = controllers__table[i].user;
        AUTO_FREE char *account = xasprintf("system:serviceaccount:kube-system:%s", name);
        int r = c->o.open_client(own ? own : account, c->o.data, &c->clients[i], err);

        if (r < 0)
            return err_wrap(err, r, "controller %s", name);
        c->events[i] = events_new(c->clients[i], name, NULL);
    }
    return 0;
}

static int start_threads(Controllers *c, Err *err)
{
    unsigned want = c->o.n_workers ? c->o.n_workers : N_WORKERS;

    if (pthread_create(&c->dispatcher, NULL, run_dispatcher, c) != 0)
        return err_set(err, ERR_INTERNAL, "cannot start a thread");
    c->has_dispatcher = true;
    for (; c->n_workers < MIN(want, N_WORKERS_MAX); c->n_workers++)
        if (pthread_create(&c->workers[c->n_workers], NULL, run_worker, c) != 0)
            return err_set(err, ERR_INTERNAL, "cannot start a thread");
    return 0;
}

int controllers_start(const ControllersOptions *o, Controllers **ret, Err *err)
{
    const char *pod_cidr = o->pod_cidr ? o->pod_cidr : "10.88.0.0/16";
    AddressRanges pod_ranges;
    CLEANUP(controllers_stop) Controllers *c = NULL;
    unsigned n_workers;
    int r;

    if (!address_ranges_parse(pod_cidr, &pod_ranges))
        return err_set(err, ERR_BAD_REQUEST,
                       "pod addresses are a range, or one of each family with a comma, not \"%s\"",
                       pod_cidr);
    c = xcalloc(1, sizeof(*c));
    c->o = *o;
    c->pod_ranges = pod_ranges;
    c->arena = arena_new();
    c->o.ca_pem = o->ca_pem ? arena_strdup(c->arena, o->ca_pem) : NULL;
    c->o.node_grace_ms = o->node_grace_ms ? o->node_grace_ms : 40000;
    n_workers = o->n_workers ? o->n_workers : N_WORKERS;
    c->queue = workqueue_new(&(WorkQueueOptions){.max_running = MAX(n_workers / 2, 1),
                                                 .backoff_max_ms = BACKOFF_MAX_MS});
    c->expectations = expect_new();
    c->daemon_backoffs = backoffs_new(daemon_first_us, daemon_max_us);
    c->graph = gc_graph_new();
    c->node_index = node_index_new();
    c->node_pace = node_pace_new();
    c->zone_memo = zonememo_new();
    c->trigger_times = triggertimes_new();
    c->vault = vault_new(o->out_call, o->out_data, on_answers, c);
    c->started_us = clock_now_us();
    c->inbox = changes_new();
    r = open_clients(c, err);
    if (r < 0)
        return r;
    o->lister->subscribe(o->lister, on_change, c);
    if (o->lister->subscribe_keys)
        o->lister->subscribe_keys(o->lister, on_data_key, c);
    if (o->lister->subscribe_token_uses)
        o->lister->subscribe_token_uses(o->lister, on_token_use, c);
    r = start_threads(c, err);
    if (r < 0)
        return r;
    *ret = TAKE(c);
    return 0;
}

void controllers_stop(Controllers *c)
{
    if (!c)
        return;
    if (c->o.lister && c->o.lister->unsubscribe)
        c->o.lister->unsubscribe(c->o.lister, c);
    if (c->inbox)
        changes_close(c->inbox);
    if (c->queue)
        workqueue_shutdown(c->queue);
    if (c->has_dispatcher)
        pthread_join(c->dispatcher, NULL);
    for (unsigned i = 0; i < c->n_workers; i++)
        pthread_join(c->workers[i], NULL);
    for (uint32_t i = 0; i < controllers__n; i++) {
        if (c->events)
            events_free(c->events[i]);
        if (c->clients)
            client_close(c->clients[i]);
    }
    vault_close(c->vault);
    free(c->events);
    free(c->clients);
    changes_free(c->inbox);
    workqueue_free(c->queue);
    expect_free(c->expectations);
    backoffs_free(c->daemon_backoffs);
    gc_graph_free(c->graph);
    node_index_free(c->node_index);
    node_pace_free(c->node_pace);
    zonememo_free(c->zone_memo);
    triggertimes_free(c->trigger_times);
    arena_free(c->arena);
    free(c);
}
