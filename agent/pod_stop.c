#include "agent/cgroup.h"
#include "agent/fs.h"
#include "agent/net/net.h"
#include "agent/pods_int.h"
#include "agent/volumes.h"
#include "base/clock.h"
#include "base/err.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* Who has ended; the sidecars wait for their turns. */
typedef struct Turns {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    struct Stopping *all;
    size_t n;
} Turns;

enum { RANK_MAIN = INT_MAX, MEANWHILE_MS = 20 };

/* One container on its way out; each has a thread, so that they stop side by side. */
typedef struct Stopping {
    Pod *pod;
    const Item *item;
    const RtContainer *c;
    const char *ip, *why;
    int64_t grace_s;
    bool without_hook;
    Turns *turns; /* NULL: it is the only one */
    int rank;     /* of a sidecar its place among the init containers; it stops after higher ones */
    bool has_ended; /* under turns->lock */
    pthread_t thread;
    bool has_thread;
    int r;
    Err err;
} Stopping;

static bool is_its_turn(const Stopping *s)
{
    for (size_t i = 0; i < s->turns->n; i++) {
        if (s->turns->all[i].rank > s->rank && !s->turns->all[i].has_ended)
            return false;
    }
    return true;
}

/* Sidecars end after the main containers, the last one first: each may need those that were there
 * before it. But not later than all of the grace period. */
static void wait_for_turn(const Stopping *s, int64_t until_mono_us)
{
    int64_t until_us = clock_now_us() + until_mono_us - clock_mono_us();
    struct timespec until = clock_timespec(until_us);

    pthread_mutex_lock(&s->turns->lock);
    while (!is_its_turn(s) &&
           pthread_cond_timedwait(&s->turns->ended, &s->turns->lock, &until) != ETIMEDOUT)
        ;
    pthread_mutex_unlock(&s->turns->lock);
}

static void tell_ended(Stopping *s)
{
    pthread_mutex_lock(&s->turns->lock);
    s->has_ended = true;
    pthread_cond_broadcast(&s->turns->ended);
    pthread_mutex_unlock(&s->turns->lock);
}

static void *stop_container(void *data)
{
    Stopping *s = data;
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *request = value_object(a);
    const Value *spec = pod_container_spec(s->item->v, s->c->name, NULL);
    const Value *hook = value_at(spec, "lifecycle.preStop");
    int64_t begin = clock_mono_us(), left_s;
    char why[600];

    agent_api_event(s->pod->api, s->item, s->c->name, false, "Killing", "%s",
                    s->why ? s->why : arena_printf(a, "Stopping container %s", s->c->name));
    if (hook && !s->without_hook && s->c->state == CRI_RUNNING) {
        ProbeTarget t = {.agent = s->pod->agent,
                         .cluster = s->item->cluster,
                         .container = spec,
                         .container_id = s->c->id,
                         .pod_ip = s->ip,
                         .timeout_ms = s->grace_s * 1000};

        if (probe_once(&t, hook, why, sizeof(why)) != PROBE_PASSED)
            agent_api_event(s->pod->api, s->item, s->c->name, true, "FailedPreStopHook",
                            "PreStopHook failed");
    }
    if (s->turns)
        wait_for_turn(s, begin + s->grace_s * 1000000);
    left_s = MAX(MIN_STOP_S, s->grace_s - (clock_mono_us() - begin) / 1000000);
    value_set_str(a, request, "container_id", s->c->id);
    value_set_int(a, request, "timeout", left_s);
    s->r = cri_call(s->pod->agent->cri, a, CRI_STOP_CONTAINER, request, left_s * 1000 + 30000, NULL,
                    &s->err);
    if (s->r == -ERR_NOT_FOUND)
        s->r = 0;
    if (s->turns)
        tell_ended(s);
    return NULL;
}

static int rank_of(const Item *item, const char *name)
{
    const Value *c;

    value_each_item(value_at(item->v, "spec.initContainers"), i, c)
    {
        if (container_is_sidecar(c) && str_eq(value_get_str(c, "name"), name))
            return (int)i;
    }
    return RANK_MAIN;
}

static int later_first(const void *x, const void *y)
{
    const Stopping *a = x, *b = y;

    return a->rank < b->rank ? 1 : a->rank > b->rank ? -1 : 0;
}

static bool have_all_ended(const Turns *t)
{
    for (size_t i = 0; i < t->n; i++) {
        if (!t->all[i].has_ended)
            return false;
    }
    return true;
}

/* Until all have ended; what happens before that is told, and left for the next round. */
static void wait_for_all(Pod *p, Turns *turns, PodMeanwhileFn meanwhile, void *data)
{
    unsigned news, taken = 0;

    pthread_mutex_lock(&turns->lock);
    while (!have_all_ended(turns)) {
        int64_t until_us = clock_now_us() + MEANWHILE_MS * 1000;
        struct timespec until = clock_timespec(until_us);

        pthread_cond_timedwait(&turns->ended, &turns->lock, &until);
        news = have_all_ended(turns) ? 0 : pod__take_news(p);
        taken |= news;
        if (!news)
            continue;
        pthread_mutex_unlock(&turns->lock);
        meanwhile(data, news);
        pthread_mutex_lock(&turns->lock);
    }
    pthread_mutex_unlock(&turns->lock);
    if (taken & NEWS_ITEM) /* it was told of, but nobody went by it */
        pod__wake(p, NEWS_ITEM);
}

/* All side by side, hooks too, as kubelet does; sidecars then wait for their turns. */
static int stop_all(Pod *p, Stopping *all, size_t n, PodMeanwhileFn meanwhile, void *data, Err *err)
{
    Turns turns = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, all, n};
    int r = 0;

    qsort(all, n, sizeof(Stopping), later_first);
    for (size_t i = 0; i < n; i++) {
        all[i].turns = &turns;
        all[i].has_thread = pthread_create(&all[i].thread, NULL, stop_container, &all[i]) == 0;
        if (!all[i].has_thread)
            (void)stop_container(&all[i]); /* then one after the other; it returns NULL */
    }
    wait_for_all(p, &turns, meanwhile, data);
    for (size_t i = 0; i < n; i++) {
        if (all[i].has_thread)
            pthread_join(all[i].thread, NULL);
        if (all[i].r < 0) {
            r = all[i].r;
            *err = all[i].err;
        }
    }
    return r;
}

int pod__stop(Pod *p, Arena *a, const Item *item, const RtPod *rt, int64_t grace_s,
              PodMeanwhileFn meanwhile, void *data, Err *err)
{
    Stopping *all = arena_array(a, Stopping, rt->n_containers + 1);
    size_t n = 0;
    int r;

    probes_end(p->probes, p->uid);
    for (size_t i = 0; i < rt->n_containers; i++) {
        if (rt->containers[i].state == CRI_RUNNING || rt->containers[i].state == CRI_CREATED)
            all[n++] = (Stopping){.pod = p,
                                  .item = item,
                                  .c = &rt->containers[i],
                                  .ip = rt->n_sandboxes ? rt->sandboxes[0].ip : "",
                                  .rank = rank_of(item, rt->containers[i].name),
                                  .grace_s = grace_s};
    }
    r = stop_all(p, all, n, meanwhile, data, err);
    probes_forget(p->probes, p->uid, NULL);
    pod__unsee(p);
    if (r < 0)
        return r;
    for (size_t i = 0; i < rt->n_sandboxes; i++) {
        Value *request = value_object(a);

        value_set_str(a, request, "pod_sandbox_id", rt->sandboxes[i].id);
        r = cri_call(p->agent->cri, a, CRI_STOP_POD_SANDBOX, request, 60000, NULL, err);
        if (r < 0 && r != -ERR_NOT_FOUND)
            return r;
    }
    return 0;
}

int pod__kill(Pod *p, Arena *a, const Item *item, const RtPod *rt, const Action *act, Err *err)
{
    const RtContainer *c = runtime_newest(rt, act->name);
    Stopping s = {.pod = p,
                  .item = item,
                  .c = c,
                  .why = act->message,
                  .without_hook = act->without_hook,
                  .ip = rt->n_sandboxes ? rt->sandboxes[0].ip : "",
                  .grace_s = pod__grace(item->v)};

    if (!c)
        return 0;
    if (act->grace_s >= 0)
        s.grace_s = act->grace_s;
    probes_forget(p->probes, p->uid, act->name);
    pod__unsee(p);
    (void)stop_container(&s); /* it returns NULL; the outcome is in s.r */
    (void)a;
    if (s.r < 0 && err)
        *err = s.err;
    return s.r;
}

int pod__remove(Pod *p, Arena *a, const Item *item, const RtPod *rt, Err *err)
{
    for (size_t i = 0; i < rt->n_sandboxes; i++) {
        Value *request = value_object(a);
        int r;

        value_set_str(a, request, "pod_sandbox_id", rt->sandboxes[i].id);
        r = cri_call(p->agent->cri, a, CRI_REMOVE_POD_SANDBOX, request, 60000, NULL, err);
        if (r < 0 && r != -ERR_NOT_FOUND)
            return r;
    }
    for (size_t i = 0; i < rt->n_containers; i++) { /* those whose sandbox went before */
        Value *request = value_object(a);

        value_set_str(a, request, "container_id", rt->containers[i].id);
        if (cri_call(p->agent->cri, a, CRI_REMOVE_CONTAINER, request, 60000, NULL, NULL) < 0) {
            /* it went with its sandbox */
        }
    }
    if (p->agent->net)
        net_pod_down(p->agent->net, p->uid);
    volumes_remove(pod_dir(a, p->agent, p->uid), p->agent->o.runtime);
    fs_remove_tree(pod_log_dir(a, p->agent, item));
    cgroup_remove(pod_cgroup(a, p->agent, p->uid));
    return 0;
}
