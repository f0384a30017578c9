#include "scheduler/binder.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "client/events.h"
#include "client/meta.h"

#include <pthread.h>

/*
 * DESIGN. The tasks of one pod are carried out one after the other: a condition that is written
 * late must not replace a newer one. A thread takes what waits, up to a batch, and makes all its
 * calls at once: first what preempted pods are told, then their deletion, then bindings and
 * conditions. So the store commits many in one go, with few threads. Events are written by a thread
 * of their own, after bindings: a burst of bindings does not wait for them, and they are dropped
 * when too many wait, as upstream.
 */

enum { BINDER_THREADS_MAX = 32, BATCH_MAX = 64, NOTICES_MAX = 20000 };

/* An event that waits to be written. */
typedef struct Notice {
    List link;
    Arena *arena; /* of everything in it */
    Event event;
} Notice;

struct Binder {
    BinderOptions o;
    Events *events;
    pthread_mutex_t lock; /* guards the lists, busy, n_notices and is_down; a leaf */
    pthread_cond_t changed, noticed;
    List tasks, results, notices;
    Map busy; /* ids of the pods whose tasks are being carried out */
    size_t n_notices;
    bool is_down;
    pthread_t threads[BINDER_THREADS_MAX], noticer;
    unsigned n_threads; /* started */
    bool has_noticer;
};

/* Tasks that are carried out together, and their calls. */
typedef struct Batch {
    Binder *binder;
    Arena *arena;
    BindTask *tasks[BATCH_MAX];
    size_t n;
    ClientRequest *reqs; /* room for all tasks and victims */
    ClientReply *replies;
    size_t n_reqs;
    List notices; /* of the batch */
    size_t n_notices;
} Batch;

BindTask *bind_task_new(Arena *a)
{
    BindTask *t = arena_new0(a, BindTask);

    t->arena = a;
    list_init(&t->link);
    return t;
}

void bind_task_free(BindTask *t)
{
    if (!t)
        return;
    sched_pod_free(t->self);
    arena_free(t->arena);
}

/* ---- events ---- */

/* What an event needs to know of an object. */
static Value *identity_of(Arena *a, const Value *object)
{
    static const char *const meta[] = {"namespace", "name", "uid", "resourceVersion"};
    Value *about = value_object(a), *m = value_need(a, about, "metadata");

    value_set_str(a, about, "kind", value_get_str(object, "kind"));
    value_set_str(a, about, "apiVersion", value_get_str(object, "apiVersion"));
    for (size_t i = 0; i < ARRAY_LEN(meta); i++) {
        const char *text = value_get_str(value_get(object, "metadata"), meta[i]);

        if (text)
            value_set_str(a, m, meta[i], text);
    }
    return about;
}

/* As long as an event's message may be (schedule_one.go, truncateMessage). */
static const char *bounded(Arena *a, const char *message)
{
    enum { NOTE_MAX = 1024 };
    static const char end[] = " ...";

    if (strlen(message) <= NOTE_MAX)
        return arena_strdup(a, message);
    return arena_printf(a, "%.*s%s", (int)(NOTE_MAX - strlen(end)), message, end);
}

/* `ev` is copied; its cluster and who reports it are the task's. */
static void note(Batch *b, const BindTask *t, const Event *ev)
{
    Arena *a = arena_new_sized(1024);
    Notice *n = arena_new0(a, Notice);

    n->arena = a;
    n->event = *ev;
    n->event.cluster = arena_strdup(a, t->cluster);
    n->event.object = identity_of(a, ev->object);
    n->event.related = ev->related ? identity_of(a, ev->related) : NULL;
    n->event.message = bounded(a, ev->message);
    n->event.component = t->profile->name ? arena_strdup(a, t->profile->name) : NULL;
    list_add_tail(&b->notices, &n->link);
    b->n_notices++;
}

static void note_failure(Batch *b, const BindTask *t, const char *message)
{
    note(b, t,
         &(Event){.object = t->pod,
                  .type = "Warning",
                  .reason = "FailedScheduling",
                  .message = message,
                  .action = "Scheduling"});
}

static void free_notices(List *notices)
{
    List *l;

    while ((l = list_pop(notices)))
        arena_free(list_entry(l, Notice, link)->arena);
}

static void write_notices(Binder *b, List *notices)
{
    Event events[BATCH_MAX];
    size_t n = 0;

    list_for_each (l, notices)
        events[n++] = list_entry(l, Notice, link)->event;
    events_record_all(b->events, events, n);
    free_notices(notices);
}

static void *run_noticer(void *data)
{
    Binder *b = data;

    pthread_setname_np(pthread_self(), "sched-events");

    for (;;) {
        List notices = LIST_INIT(notices), *l;
        bool is_down;

        pthread_mutex_lock(&b->lock);
        while (list_is_empty(&b->notices) && !b->is_down)
            pthread_cond_wait(&b->noticed, &b->lock);
        is_down = b->is_down;
        for (int i = 0; i < BATCH_MAX && (l = list_pop(&b->notices)); i++) {
            list_add_tail(&notices, l);
            b->n_notices--;
        }
        pthread_mutex_unlock(&b->lock);
        if (is_down) {
            free_notices(&notices);
            return NULL;
        }
        write_notices(b, &notices);
    }
}

/* ---- binding ---- */

static void will_call(Batch *b, ClientRequest req)
{
    b->reqs[b->n_reqs++] = req;
}

static void call_all(Batch *b)
{
    client_call_all(b->binder->o.client, b->arena, b->reqs, b->n_reqs, b->replies);
}

/* What must be there before the binding: 1 when it is not yet. */
static int prepare(Binder *b, BindTask *t, Err *err)
{
    const Decision *d = &t->decision;
    int r = 0;

    profile_each(t->profile, POINT_PRE_BIND, row) if (r == 0) r =
        row->plugin->pre_bind(b->o.client, t->cluster, d->picks, d->n_picks, d->node, err);
    return r;
}

/* ---- preemption ---- */

static ObjRef victim_ref(const BindTask *t, const Victim *v, const char *subresource)
{
    return (ObjRef){.cluster = t->cluster,
                    .ns = v->ns,
                    .name = v->name,
                    .subresource = subresource,
                    .resource = resource_find_storage("pods")};
}

static ClientRequest tell_victim(Arena *a, const BindTask *t, const Victim *v)
{
    ObjRef at = victim_ref(t, v, "status");
    Value *patch = value_object(a), *list = value_array(a), *c = value_object(a);

    value_set_str(a, c, "type", "DisruptionTarget");
    value_set_str(a, c, "status", "True");
    value_set_int(a, c, "observedGeneration", v->generation);
    value_set_str(a, c, "reason", "PreemptionByScheduler");
    value_set(a, c, "message",
              value_printf(a, "%s: preempting to accommodate a higher priority pod",
                           t->profile->name ? t->profile->name : "default-scheduler"));
    value_set(a, c, "lastProbeTime", value_null(a));
    value_set(a, c, "lastTransitionTime", value_time(a, clock_now_us()));
    value_append(a, list, c);
    value_set_at(a, patch, "metadata.uid", value_str(a, v->uid));
    value_set(a, value_need(a, patch, "status"), "conditions", list);
    return client_request(a, "PATCH", &at, "application/strategic-merge-patch+json", patch);
}

static ClientRequest delete_victim(Arena *a, const BindTask *t, const Victim *v)
{
    ObjRef at = victim_ref(t, v, NULL);
    Value *options = value_object(a);

    value_set_at(a, options, "preconditions.uid", value_str(a, v->uid));
    return client_request(a, "DELETE", &at, NULL, options);
}

static void victim_is_gone(Batch *b, const BindTask *t, const Victim *v, const ClientReply *reply)
{
    Arena *a = b->arena;
    Value *pod;
    Err err;

    if (client_reply_check(a, reply, &err) < 0) {
        log_debug(NULL, "a victim was not deleted", LOG_STR("pod", v->name),
                  LOG_STR("error", err.msg));
        return;
    }
    pod = value_literal(a, "{'kind':'Pod','apiVersion':'v1','metadata':{}}");
    value_set_at(a, pod, "metadata.namespace", value_str(a, v->ns));
    value_set_at(a, pod, "metadata.name", value_str(a, v->name));
    value_set_at(a, pod, "metadata.uid", value_str(a, v->uid));
    note(b, t,
         &(Event){.object = pod,
                  .type = "Normal",
                  .reason = "Preempted",
                  .message = arena_printf(a, "Preempted by pod %s on node %s", meta_uid(t->pod),
                                          t->decision.nominated),
                  .action = "Preempting",
                  .related = t->pod});
}

/* for all victims of tasks that did not find a node */
#define each_victim(b, t, v)                                                                       \
    for (size_t t##_i = 0; t##_i < (b)->n; t##_i++)                                                \
        for (BindTask *t = (b)->tasks[t##_i]; t; t = NULL)                                         \
            for (const Victim *v = t->decision.victims,                                            \
                              *v##_end = v ? v + t->decision.n_victims : NULL;                     \
                 v < v##_end; v++)

static void evict_all(Batch *b)
{
    size_t i = 0;
    Err err;

    b->n_reqs = 0;
    each_victim(b, t, v) will_call(b, tell_victim(b->arena, t, v));
    if (b->n_reqs == 0)
        return;
    call_all(b);
    each_victim(b, t, v) if (client_reply_check(b->arena, &b->replies[i++], &err) < 0)
        log_debug(NULL, "a victim's condition was not written", LOG_STR("pod", v->name),
                  LOG_STR("error", err.msg));
    b->n_reqs = 0;
    each_victim(b, t, v) will_call(b, delete_victim(b->arena, t, v));
    call_all(b);
    i = 0;
    each_victim(b, t, v) victim_is_gone(b, t, v, &b->replies[i++]);
}

/* ---- conditions ---- */

/* The condition that tells why the pod waits; false when it has it already. */
static bool mark_waiting(Arena *a, const BindTask *t, ClientRequest *ret)
{
    Value *old = condition_get(t->pod, "PodScheduled"), *patch, *list, *c;
    ObjRef at = {.cluster = t->cluster,
                 .ns = meta_ns(t->pod),
                 .name = meta_name(t->pod),
                 .subresource = "status",
                 .resource = resource_find_storage("pods")};
    bool is_known = str_eq(value_get_str(old, "reason"), t->decision.reason) &&
                    str_eq(value_get_str(old, "status"), "False");
    const char *nominated = t->decision.nominated;

    if (is_known && str_eq(value_get_str(old, "message"), t->decision.message) &&
        value_at_int(old, "observedGeneration", 0) == meta_generation(t->pod) &&
        (!nominated || str_eq(value_at_str(t->pod, "status.nominatedNodeName"), nominated)))
        return false;
    c = value_object(a);
    value_set_str(a, c, "type", "PodScheduled");
    value_set_str(a, c, "status", "False");
    value_set_str(a, c, "reason", t->decision.reason);
    value_set_str(a, c, "message", t->decision.message);
    value_set_int(a, c, "observedGeneration", meta_generation(t->pod));
    value_set(a, c, "lastProbeTime", value_null(a));
    if (!is_known)
        value_set(a, c, "lastTransitionTime", value_time(a, clock_now_us()));
    patch = value_object(a);
    list = value_array(a);
    value_append(a, list, c);
    value_set(a, value_need(a, patch, "status"), "conditions", list);
    if (nominated)
        value_set_at(a, patch, "status.nominatedNodeName", value_str(a, nominated));
    value_set_at(a, patch, "metadata.uid", value_str(a, meta_uid(t->pod)));
    *ret = client_request(a, "PATCH", &at, "application/strategic-merge-patch+json", patch);
    return true;
}

static void ask(Binder *b, BindTask *t)
{
    Decision *d = &t->decision;
    Err err;

    if (d->question == ASK_NODES) {
        t->answer = asked_nodes_new(t->arena, d->nodes, d->n_nodes);
        t->result = extenders_ask_nodes(b->o.extenders, t->arena, t->pod, t->answer, &err);
    } else {
        t->result = extenders_ask_victims(b->o.extenders, t->arena, t->cluster, t->pod,
                                          &d->candidates, &d->n_candidates, &err);
    }
    t->error = t->result < 0 ? arena_strdup(t->arena, err.msg) : NULL;
}

/* ---- a batch ---- */

/* What takes its own time: questions, volumes, extenders that bind. False: the rest of the task
 * goes with the others'. */
static bool is_done_alone(Binder *b, BindTask *t, Err *err)
{
    if (t->decision.question != ASK_NOTHING) {
        ask(b, t);
        return true;
    }
    if (!t->decision.node)
        return false;
    t->result = prepare(b, t, err);
    if (t->result == 0 && extenders_bind(b->o.extenders, t->pod))
        t->result = extenders_ask_bind(b->o.extenders, t->pod, t->decision.node, err);
    else if (t->result == 0)
        return false;
    return true;
}

static void note_binding(Batch *b, BindTask *t, const Err *err)
{
    const Decision *d = &t->decision;

    if (d->question != ASK_NOTHING)
        return;
    if (t->result == 0) {
        note(b, t,
             &(Event){.object = t->pod,
                      .type = "Normal",
                      .reason = "Scheduled",
                      .message = arena_printf(b->arena, "Successfully assigned %s/%s to %s",
                                              meta_ns(t->pod), meta_name(t->pod), d->node),
                      .action = "Binding"});
    } else if (t->result < 0 && t->result != -ERR_NOT_FOUND && t->result != -ERR_CONFLICT) {
        log_debug(NULL, "a binding failed", LOG_STR("pod", t->id), LOG_STR("error", err->msg));
        note_failure(b, t, arena_printf(b->arena, "binding rejected: %s", err->msg));
    }
}

static void note_waiting(Batch *b, const BindTask *t, const ClientReply *reply)
{
    Err err;

    if (reply && client_reply_check(b->arena, reply, &err) < 0)
        log_debug(NULL, "a pod's condition was not written", LOG_STR("pod", t->id),
                  LOG_STR("error", err.msg));
    if (!str_eq(t->decision.reason, "SchedulingGated"))
        note_failure(b, t, t->decision.message);
}

static void run_batch(Batch *b)
{
    ClientReply *of[BATCH_MAX] = {0};
    bool is_alone[BATCH_MAX];
    ClientRequest req;
    Err err = {0};

    evict_all(b);
    b->n_reqs = 0;
    for (size_t i = 0; i < b->n; i++) {
        BindTask *t = b->tasks[i];
        const Plugin *binder = t->profile->at[POINT_BIND].rows[0].plugin;

        is_alone[i] = is_done_alone(b->binder, t, &err);
        if (is_alone[i]) {
            note_binding(b, t, &err);
            continue;
        }
        if (t->decision.node)
            req = binder->bind(b->arena, t->cluster, t->pod, t->decision.node);
        else if (!mark_waiting(b->arena, t, &req))
            continue;
        of[i] = &b->replies[b->n_reqs];
        will_call(b, req);
    }
    call_all(b);
    for (size_t i = 0; i < b->n; i++) {
        BindTask *t = b->tasks[i];

        if (is_alone[i])
            continue;
        if (!t->decision.node) {
            note_waiting(b, t, of[i]);
            continue;
        }
        t->result = client_reply_check(b->arena, of[i], &err);
        note_binding(b, t, &err);
    }
}

/* Takes as many tasks as go well together: one with volumes or a question holds up those after it.
 * Those of busy pods stay. */
static void take_tasks(Binder *b, Batch *batch)
{
    size_t n_victims = 0;

    list_for_each_safe (l, &b->tasks) {
        BindTask *t = list_entry(l, BindTask, link);

        if (batch->n == BATCH_MAX)
            break;
        if (map_get(&b->busy, t->id))
            continue;
        list_del(&t->link);
        (void)map_set(&b->busy, t->id, b);
        batch->tasks[batch->n++] = t;
        n_victims += t->decision.n_victims;
        if (t->decision.n_picks > 0 || t->decision.question != ASK_NOTHING || b->o.is_slow)
            break;
    }
    if (batch->n == 0)
        return;
    batch->reqs = arena_array(batch->arena, ClientRequest, MAX(batch->n, n_victims) + 1);
    batch->replies = arena_array(batch->arena, ClientReply, MAX(batch->n, n_victims) + 1);
}

/* Results that matter to the scheduler go back to it, events to their thread. */
static void give_back(Binder *b, Batch *batch)
{
    bool has_results = false;

    pthread_mutex_lock(&b->lock);
    for (size_t i = 0; i < batch->n; i++) {
        BindTask *t = batch->tasks[i];

        (void)map_del(&b->busy, t->id);
        if (!t->decision.node && t->decision.question == ASK_NOTHING)
            continue;
        list_add_tail(&b->results, &t->link);
        batch->tasks[i] = NULL;
        has_results = true;
    }
    if (!list_is_empty(&b->tasks)) /* some may have waited for these pods */
        pthread_cond_signal(&b->changed);
    if (b->n_notices < NOTICES_MAX) {
        b->n_notices += batch->n_notices;
        list_splice_tail(&b->notices, &batch->notices);
        pthread_cond_signal(&b->noticed);
    }
    pthread_mutex_unlock(&b->lock);
    free_notices(&batch->notices);
    if (has_results)
        b->o.on_result(b->o.data);
    for (size_t i = 0; i < batch->n; i++)
        bind_task_free(batch->tasks[i]);
}

static void *run_binder(void *data)
{
    Binder *b = data;

    pthread_setname_np(pthread_self(), "sched-bind");

    for (;;) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Batch batch = {.binder = b, .arena = a};

        list_init(&batch.notices);
        pthread_mutex_lock(&b->lock);
        while (!b->is_down && (take_tasks(b, &batch), batch.n == 0))
            pthread_cond_wait(&b->changed, &b->lock);
        pthread_mutex_unlock(&b->lock);
        if (batch.n == 0)
            return NULL;
        run_batch(&batch);
        give_back(b, &batch);
    }
}

int binder_start(const BinderOptions *o, Binder **ret, Err *err)
{
    CLEANUP(binder_stop) Binder *b = xcalloc(1, sizeof(*b));

    b->o = *o;
    b->events = events_new(o->client, "default-scheduler", NULL);
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->changed, NULL);
    pthread_cond_init(&b->noticed, NULL);
    list_init(&b->tasks);
    list_init(&b->results);
    list_init(&b->notices);
    if (pthread_create(&b->noticer, NULL, run_noticer, b) != 0)
        return err_set(err, ERR_INTERNAL, "cannot start a thread");
    b->has_noticer = true;
    for (; b->n_threads < MIN(o->n_threads, BINDER_THREADS_MAX); b->n_threads++)
        if (pthread_create(&b->threads[b->n_threads], NULL, run_binder, b) != 0)
            return err_set(err, ERR_INTERNAL, "cannot start a thread");
    *ret = TAKE(b);
    return 0;
}

static void free_tasks(List *tasks)
{
    List *l;

    while ((l = list_pop(tasks)))
        bind_task_free(list_entry(l, BindTask, link));
}

void binder_stop(Binder *b)
{
    if (!b)
        return;
    pthread_mutex_lock(&b->lock);
    b->is_down = true;
    pthread_cond_broadcast(&b->changed);
    pthread_cond_broadcast(&b->noticed);
    pthread_mutex_unlock(&b->lock);
    for (unsigned i = 0; i < b->n_threads; i++)
        pthread_join(b->threads[i], NULL);
    if (b->has_noticer)
        pthread_join(b->noticer, NULL);
    free_tasks(&b->tasks);
    free_tasks(&b->results);
    free_notices(&b->notices);
    map_done(&b->busy);
    events_free(b->events);
    pthread_cond_destroy(&b->changed);
    pthread_cond_destroy(&b->noticed);
    pthread_mutex_destroy(&b->lock);
    free(b);
}

void binder_add(Binder *b, BindTask *t)
{
    pthread_mutex_lock(&b->lock);
    list_add_tail(&b->tasks, &t->link);
    pthread_cond_signal(&b->changed);
    pthread_mutex_unlock(&b->lock);
}

void binder_take_results(Binder *b, List *ret)
{
    pthread_mutex_lock(&b->lock);
    list_splice_tail(ret, &b->results);
    pthread_mutex_unlock(&b->lock);
}
