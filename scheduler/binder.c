#include "scheduler/binder.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/events.h"
#include "client/meta.h"

#include <pthread.h>

enum { BINDER_THREADS_MAX = 32 };

struct Binder {
    BinderOptions o;
    Events *events;
    pthread_mutex_t lock; /* guards the lists and is_down; a leaf */
    pthread_cond_t changed;
    List tasks, results;
    bool is_down;
    pthread_t threads[BINDER_THREADS_MAX];
    unsigned n_threads; /* started */
};

BindTask *bind_task_new(void)
{
    Arena *a = arena_new();
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

static void record(Binder *b, const BindTask *t, const char *type, const char *reason,
                   const char *message)
{
    events_record(b->events, &(Event){.cluster = t->cluster,
                                      .object = t->pod,
                                      .type = type,
                                      .reason = reason,
                                      .message = message});
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

static int bind_one(Binder *b, BindTask *t, Err *err)
{
    int r = prepare(b, t, err);

    if (r != 0)
        return r;
    if (extenders_bind(b->o.extenders, t->pod))
        return extenders_ask_bind(b->o.extenders, t->pod, t->decision.node, err);
    return t->profile->at[POINT_BIND].rows[0].plugin->bind(b->o.client, t->cluster, t->pod,
                                                           t->decision.node, err);
}

/* ---- preemption ---- */

static void evict(Binder *b, BindTask *t, const Victim *v)
{
    Arena *a = t->arena;
    ObjRef at = {.cluster = t->cluster,
                 .ns = v->ns,
                 .name = v->name,
                 .subresource = "status",
                 .resource = resource_find_storage("pods")};
    Value *patch = value_object(a), *list = value_array(a), *c = value_object(a), *options;
    Err err;

    value_set_str(a, c, "type", "DisruptionTarget");
    value_set_str(a, c, "status", "True");
    value_set_int(a, c, "observedGeneration", v->generation);
    value_set_str(a, c, "reason", "PreemptionByScheduler");
    value_set_str(a, c, "message",
                  "default-scheduler: preempting to accommodate a higher priority pod");
    value_set(a, c, "lastProbeTime", value_null(a));
    value_set(a, c, "lastTransitionTime", value_time(a, clock_now_us()));
    value_append(a, list, c);
    value_set_at(a, patch, "metadata.uid", value_str(a, v->uid));
    value_set(a, value_need(a, patch, "status"), "conditions", list);
    if (client_patch(b->o.client, a, &at, "application/strategic-merge-patch+json", patch, NULL,
                     &err) < 0)
        log_debug(NULL, "a victim's condition was not written", LOG_STR("pod", v->name),
                  LOG_STR("error", err.msg));
    at.subresource = NULL;
    options = value_object(a);
    value_set_at(a, options, "preconditions.uid", value_str(a, v->uid));
    if (client_delete(b->o.client, a, &at, options, NULL, &err) < 0) {
        log_debug(NULL, "a victim was not deleted", LOG_STR("pod", v->name),
                  LOG_STR("error", err.msg));
        return;
    }
    c = value_object(a);
    value_set_str(a, c, "kind", "Pod");
    value_set_str(a, c, "apiVersion", "v1");
    value_set_at(a, c, "metadata.namespace", value_str(a, v->ns));
    value_set_at(a, c, "metadata.name", value_str(a, v->name));
    value_set_at(a, c, "metadata.uid", value_str(a, v->uid));
    events_record(b->events,
                  &(Event){.cluster = t->cluster,
                           .object = c,
                           .type = "Normal",
                           .reason = "Preempted",
                           .message = arena_printf(a, "Preempted by pod %s on node %s",
                                                   meta_uid(t->pod), t->decision.nominated)});
}

/* The condition that tells why the pod waits. */
static void mark_waiting(Binder *b, BindTask *t)
{
    Arena *a = t->arena;
    Value *old = condition_get(t->pod, "PodScheduled"), *patch, *list, *c;
    ObjRef at = {.cluster = t->cluster,
                 .ns = meta_ns(t->pod),
                 .name = meta_name(t->pod),
                 .subresource = "status",
                 .resource = resource_find_storage("pods")};
    bool is_known = str_eq(value_get_str(old, "reason"), t->decision.reason) &&
                    str_eq(value_get_str(old, "status"), "False");
    const char *nominated = t->decision.nominated;
    Err err;

    if (is_known && str_eq(value_get_str(old, "message"), t->decision.message) &&
        value_at_int(old, "observedGeneration", 0) == meta_generation(t->pod) &&
        (!nominated || str_eq(value_at_str(t->pod, "status.nominatedNodeName"), nominated)))
        return;
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
    if (client_patch(b->o.client, a, &at, "application/strategic-merge-patch+json", patch, NULL,
                     &err) < 0)
        log_debug(NULL, "a pod's condition was not written", LOG_STR("pod", t->id),
                  LOG_STR("error", err.msg));
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

/* True: the result matters to the scheduler. */
static bool run_task(Binder *b, BindTask *t)
{
    Err err = {0};

    if (t->decision.question != ASK_NOTHING) {
        ask(b, t);
        return true;
    }
    if (!t->decision.node) {
        for (uint32_t i = 0; i < t->decision.n_victims; i++)
            evict(b, t, &t->decision.victims[i]);
        mark_waiting(b, t);
        if (!str_eq(t->decision.reason, "SchedulingGated"))
            record(b, t, "Warning", "FailedScheduling", t->decision.message);
        return false;
    }
    t->result = bind_one(b, t, &err);
    if (t->result == 0) {
        record(b, t, "Normal", "Scheduled",
               arena_printf(t->arena, "Successfully assigned %s/%s to %s", meta_ns(t->pod),
                            meta_name(t->pod), t->decision.node));
    } else if (t->result < 0 && t->result != -ERR_NOT_FOUND && t->result != -ERR_CONFLICT) {
        log_debug(NULL, "a binding failed", LOG_STR("pod", t->id), LOG_STR("error", err.msg));
        record(b, t, "Warning", "FailedScheduling",
               arena_printf(t->arena, "binding rejected: %s", err.msg));
    }
    return true;
}

static void *run_binder(void *data)
{
    Binder *b = data;

    for (;;) {
        List *l;
        BindTask *t;

        pthread_mutex_lock(&b->lock);
        while (list_is_empty(&b->tasks) && !b->is_down)
            pthread_cond_wait(&b->changed, &b->lock);
        l = b->is_down ? NULL : list_pop(&b->tasks);
        pthread_mutex_unlock(&b->lock);
        if (!l)
            return NULL;
        t = list_entry(l, BindTask, link);
        if (!run_task(b, t)) {
            bind_task_free(t);
            continue;
        }
        pthread_mutex_lock(&b->lock);
        list_add_tail(&b->results, &t->link);
        pthread_mutex_unlock(&b->lock);
        b->o.on_result(b->o.data);
    }
}

int binder_start(const BinderOptions *o, Binder **ret, Err *err)
{
    CLEANUP(binder_stop) Binder *b = xcalloc(1, sizeof(*b));

    b->o = *o;
    b->events = events_new(o->client, "default-scheduler", NULL);
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->changed, NULL);
    list_init(&b->tasks);
    list_init(&b->results);
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
    pthread_mutex_unlock(&b->lock);
    for (unsigned i = 0; i < b->n_threads; i++)
        pthread_join(b->threads[i], NULL);
    free_tasks(&b->tasks);
    free_tasks(&b->results);
    events_free(b->events);
    pthread_cond_destroy(&b->changed);
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
