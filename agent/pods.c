#include "agent/pods.h"

#include "agent/pods_int.h"
#include "agent/sweep.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <unistd.h>

enum {
    POLL_MS = 400,
    HURRY_POLL_MS = 20, /* for so long after an event: */
    HURRY_MS = 500,
    END_LOOK_MS = 500,
    CLEARING_MAX = 4,
    CLEARING_WAIT_MS = 3000,
    VOLUME_SWEEP_S = 30,
    LISTEN_RETRY_MS = 2000,
    POD_STACK = 512 << 10,
};

static const LogCtx ctx = {.component = "pods"};

/* ---- one pod ---- */

static void pod_free(Pod *p)
{
    item_unref(p->item);
    item_unref(p->known);
    arena_free(p->ahead);
    arena_free(p->seen_arena);
    for (size_t i = 0; i < p->n_containers; i++)
        free(p->containers[i].name);
    free(p->containers);
    pthread_cond_destroy(&p->wake);
    pthread_mutex_destroy(&p->lock);
    free(p->end_message);
    free(p->uid);
    free(p);
}

PodContainer *pod__container(Pod *p, const char *name)
{
    for (size_t i = 0; i < p->n_containers; i++) {
        if (strcmp(p->containers[i].name, name) == 0)
            return &p->containers[i];
    }
    return NULL;
}

int64_t pod__grace(const Value *pod)
{
    return MAX(MIN_GRACE_S, value_at_int(pod, "spec.terminationGracePeriodSeconds", 30));
}

int64_t pod__revision(const Item *i)
{
    const char *s = i ? value_at_str(i->v, "metadata.resourceVersion") : NULL;
    int64_t n = 0;

    return s && slice_to_int64(slice_of(s), &n) ? n : 0;
}

/* Room for every container of the spec; what is there stays. Under p->lock. */
static void learn_containers(Pod *p)
{
    const Value *c;

    for (size_t i = 0; i < ARRAY_LEN(container_lists); i++) {
        value_each_item(value_get(value_get(p->item->v, "spec"), container_lists[i]), k, c)
        {
            const char *name = value_get_str(c, "name");

            if (!name || pod__container(p, name))
                continue;
            p->containers = xrealloc(p->containers, (p->n_containers + 1) * sizeof(*p->containers));
            memset(&p->containers[p->n_containers], 0, sizeof(*p->containers));
            p->containers[p->n_containers++].name = xstrdup(name);
        }
    }
}

/* Under p->lock. */
static void add_news(Pod *p, unsigned news)
{
    p->news |= news;
    pthread_cond_signal(&p->wake);
}

void pod__wake(Pod *p, unsigned news)
{
    pthread_mutex_lock(&p->lock);
    add_news(p, news);
    pthread_mutex_unlock(&p->lock);
}

/* Under p->lock. An end that is not settled yet is news for a while. */
static unsigned take_news(Pod *p)
{
    unsigned news = p->news;

    p->news = 0;
    if (p->final_us != 0 && clock_mono_us() - p->final_us > END_LOOK_MS * 1000LL)
        p->final_us = 0; /* the poller will tell */
    return news ? news : p->final_us ? NEWS_END : 0;
}

unsigned pod__take_news(Pod *p)
{
    unsigned news;

    pthread_mutex_lock(&p->lock);
    news = take_news(p);
    pthread_mutex_unlock(&p->lock);
    return news;
}

/* Sleeps until something happened; false when the agent ends. */
static bool pod_wait(Pod *p, int64_t until_us, unsigned *ret_news)
{
    bool go_on;

    pthread_mutex_lock(&p->lock);
    p->is_looking = false;
    while (!p->news && !p->is_stopping) {
        struct timespec t = clock_timespec(until_us);

        if (pthread_cond_timedwait(&p->wake, &p->lock, &t) == ETIMEDOUT)
            break;
    }
    *ret_news = take_news(p);
    p->is_looking = true;
    go_on = !p->is_stopping;
    pthread_mutex_unlock(&p->lock);
    return go_on;
}

static void *pod_main(void *data)
{
    Pod *p = data;
    int64_t next_us = 0;
    bool is_over = false;
    unsigned news;

    while (!is_over && pod_wait(p, next_us, &news))
        next_us = pod__round(p, news, &is_over);
    probes_forget(p->probes, p->uid, NULL);
    agent_api_forget(p->api, p->uid);
    pods__poke(p->pods);
    p->has_ended = true; /* last: the poller joins the thread while it holds the pods' lock */
    return NULL;
}

/* Under pods->lock. */
static Pod *pod_new(Pods *pods, Item *item, bool is_gone)
{
    Pod *p = xcalloc(1, sizeof(*p));
    pthread_attr_t attr;

    p->pods = pods;
    p->agent = pods->agent;
    p->api = pods->api;
    p->probes = pods->probes;
    p->uid = xstrdup(item->uid);
    p->item = item_ref(item);
    p->is_gone = is_gone;
    p->news = NEWS_RUNTIME;
    p->due_us = pod_due_us(item->v, is_gone, clock_now_us());
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->wake, NULL);
    learn_containers(p);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, POD_STACK);
    if (pthread_create(&p->thread, &attr, pod_main, p) != 0) {
        log_error(&ctx, "cannot start a pod's thread", LOG_STR("pod", item->name));
        pod_free(p);
        p = NULL;
    }
    pthread_attr_destroy(&attr);
    if (p)
        (void)map_set(&pods->by_uid, p->uid, p); /* the uid was not there */
    return p;
}

/* ---- the registry ---- */

static void pod_item(Pods *pods, Item *item, bool is_gone)
{
    Pod *p;

    pthread_mutex_lock(&pods->lock);
    p = map_get(&pods->by_uid, item->uid);
    if (!p && !is_gone && !pods->is_stopping)
        (void)pod_new(pods, item, false); /* a failure is logged, the next change tries again */
    if (p) {
        pthread_mutex_lock(&p->lock);
        item_unref(p->item);
        p->item = item_ref(item);
        p->is_gone = is_gone;
        p->due_us = pod_due_us(item->v, is_gone, clock_now_us());
        learn_containers(p);
        if (is_gone || pod__revision(item) != p->told_revision) /* else it is our own write */
            add_news(p, NEWS_ITEM);
        pthread_mutex_unlock(&p->lock);
    }
    pthread_mutex_unlock(&pods->lock);
}

/* A tenant was suspended, or goes on. */
static void cluster_changed(Pods *pods, const Item *cluster)
{
    int64_t grace_end_us = clock_now_us() + POD_SUSPEND_GRACE_S * 1000000LL;
    Pod *p;

    pthread_mutex_lock(&pods->lock);
    for (size_t at = 0; map_next(&pods->by_uid, &at, &(const char *){NULL}, (void **)&p);) {
        pthread_mutex_lock(&p->lock);
        if (strcmp(p->item->cluster, cluster->cluster) == 0) {
            p->due_us = pod_due_us(p->item->v, p->is_gone, clock_now_us());
            if (item_suspends(cluster, p->item->ns) && (p->due_us == 0 || grace_end_us < p->due_us))
                p->due_us = grace_end_us;
            add_news(p, NEWS_ITEM);
        }
        pthread_mutex_unlock(&p->lock);
    }
    pthread_mutex_unlock(&pods->lock);
}

/* Something that pods of a namespace may refer to has changed. */
static void wake_where(Pods *pods, const char *cluster, const char *ns)
{
    Pod *p;

    pthread_mutex_lock(&pods->lock);
    for (size_t at = 0; map_next(&pods->by_uid, &at, &(const char *){NULL}, (void **)&p);) {
        pthread_mutex_lock(&p->lock);
        if (strcmp(p->item->cluster, cluster) == 0 && strcmp(p->item->ns, ns) == 0) {
            add_news(p, NEWS_ITEM);
        }
        pthread_mutex_unlock(&p->lock);
    }
    pthread_mutex_unlock(&pods->lock);
}

void pods_item_changed(Pods *pods, Item *now, Item *before)
{
    Item *i = now ? now : before;

    if (strcmp(i->resource, "pods") == 0) {
        if (now && before && strcmp(now->uid, before->uid) != 0)
            pod_item(pods, before, true); /* another pod of the same name */
        pod_item(pods, i, !now);
    } else if (strcmp(i->resource, "configmaps") == 0 || strcmp(i->resource, "secrets") == 0) {
        wake_where(pods, i->cluster, i->ns);
    } else if (strcmp(i->resource, "clusters") == 0) {
        cluster_changed(pods, i);
    }
}

void pods_feed_synced(Pods *pods)
{
    pthread_mutex_lock(&pods->lock);
    pods->is_synced = true;
    pods->is_poked = true;
    pthread_cond_signal(&pods->wake);
    pthread_mutex_unlock(&pods->lock);
}

static void on_verdict(const ProbeVerdict *v, void *data)
{
    Pods *pods = data;
    PodContainer *c;
    Pod *p;

    if (v->message[0])
        agent_api_event(pods->api, v->pod, v->container, true,
                        v->is_warning ? "ProbeWarning" : "Unhealthy", "%s", v->message);
    if (!v->is_change)
        return;
    pthread_mutex_lock(&pods->lock);
    p = map_get(&pods->by_uid, v->pod->uid);
    if (p) {
        pthread_mutex_lock(&p->lock);
        c = pod__container(p, v->container);
        if (c && strcmp(c->probed_id, v->container_id) == 0) {
            if (v->kind == PROBE_READINESS)
                c->is_ready = v->is_success;
            else if (v->kind == PROBE_STARTUP && v->is_success)
                c->is_started = true;
            else if (!v->is_success)
                c->must_restart = true;
            if (c->must_restart) {
                c->restart_by = v->kind == PROBE_STARTUP ? "startupProbe" : "livenessProbe";
                snprintf(c->why_restart, sizeof(c->why_restart), "failed %s probe",
                         v->kind == PROBE_STARTUP ? "startup" : "liveness");
            }
            add_news(p, NEWS_PROBE);
        }
        pthread_mutex_unlock(&p->lock);
    }
    pthread_mutex_unlock(&pods->lock);
}

/* ---- giving up pods ---- */

/* Under pods->lock. */
static void give_up(Pod *p, const char *reason, const char *message, int64_t grace_s)
{
    pthread_mutex_lock(&p->lock);
    if (!p->end_reason && !pod_is_done(p->item->v)) {
        p->end_reason = reason;
        p->end_message = xstrdup(message);
        p->end_grace_s = grace_s;
        add_news(p, NEWS_ITEM);
    }
    pthread_mutex_unlock(&p->lock);
}

void pods_look_at(Pods *pods, const char *uid)
{
    Pod *p;

    pthread_mutex_lock(&pods->lock);
    p = map_get(&pods->by_uid, uid);
    if (p)
        pod__wake(p, NEWS_RUNTIME);
    pthread_mutex_unlock(&pods->lock);
}

void pods_evict(Pods *pods, const char *uid, const char *message, int64_t grace_s)
{
    Pod *p;

    pthread_mutex_lock(&pods->lock);
    p = map_get(&pods->by_uid, uid);
    if (p)
        give_up(p, "Evicted", message, grace_s);
    pthread_mutex_unlock(&pods->lock);
}

/* Ends those of one class; how many have not ended yet. */
static size_t end_class(Pods *pods, bool critical, int64_t grace_s)
{
    size_t n = 0;
    Pod *p;

    pthread_mutex_lock(&pods->lock);
    for (size_t at = 0; map_next(&pods->by_uid, &at, &(const char *){NULL}, (void **)&p);) {
        const Value *pod = p->item->v;

        if ((value_at_int(pod, "spec.priority", 0) >= PRIORITY_CRITICAL) != critical)
            continue;
        give_up(p, "Terminated", "Pod was terminated in response to imminent node shutdown.",
                grace_s);
        n += !p->is_quiet;
    }
    pthread_mutex_unlock(&pods->lock);
    return n;
}

void pods_shut_down(Pods *pods, int64_t grace_s, int64_t critical_grace_s)
{
    pods->agent->is_ending = true;
    for (int critical = 0; critical < 2; critical++) {
        int64_t limit_s = critical ? critical_grace_s : grace_s;
        int64_t until = clock_mono_us() + (limit_s + 2) * 1000000;

        while (end_class(pods, critical, limit_s) > 0 && clock_mono_us() < until)
            usleep(100000);
    }
}

/* ---- the poller ---- */

/* A pod that only the runtime knows any more. */
static Item *item_of_seen(const RtSeen *s)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_object(a), *meta = value_need(a, v, "metadata");

    value_set_str(a, meta, "name", s->name);
    value_set_str(a, meta, "namespace", s->ns);
    value_set_str(a, meta, "uid", s->uid);
    return item_new(s->cluster, "pods", v);
}

static void look_at(Pods *pods, const RtSeen *s)
{
    uintptr_t print = (uintptr_t)s->fingerprint | 1;
    Pod *p;

    pthread_mutex_lock(&pods->lock);
    p = map_get(&pods->by_uid, s->uid);
    if (!p && pods->is_synced && !pods->is_stopping) {
        CLEANUP(item_unref) Item *i = item_of_seen(s);

        log_info(&ctx, "stopping a pod that is not wanted here", LOG_STR("cluster", s->cluster),
                 LOG_STR("namespace", s->ns), LOG_STR("pod", s->name));
        (void)pod_new(pods, i, true); /* a failure is logged, the next poll tries again */
    } else if (p && (uintptr_t)map_set(&pods->seen, s->uid, (void *)print) != print) {
        pod__wake(p, NEWS_RUNTIME);
    }
    pthread_mutex_unlock(&pods->lock);
}

/* Pods whose threads have returned. */
static void reap(Pods *pods)
{
    const char *uid;
    Pod *p;

    for (size_t at = 0; map_next(&pods->by_uid, &at, &uid, (void **)&p);) {
        if (!p->has_ended)
            continue;
        (void)map_del(&pods->seen, p->uid); /* a number */
        (void)map_del(&pods->by_uid, p->uid);
        pthread_join(p->thread, NULL);
        pod_free(p);
    }
}

/* A pod of the feed or of the runtime: both have entries by now. */
static bool is_known(const char *uid, void *data)
{
    Pods *pods = data;
    bool known;

    pthread_mutex_lock(&pods->lock);
    known = map_get(&pods->by_uid, uid) != NULL || pods->is_stopping;
    pthread_mutex_unlock(&pods->lock);
    return known;
}

/* Once, after a poll that came after the feed was complete. A pod that is new in between has its
 * entry before it has files. */
static void sweep_once(Pods *pods, bool was_synced)
{
    if (was_synced && !pods->is_swept) {
        pods->is_swept = true;
        sweep_pods(pods->agent, is_known, pods);
    }
}

/* Directories of volumes that the server does not know any more. */
static void sweep_volumes(Pods *pods, bool was_synced)
{
    AUTO_FREE char *dir = xasprintf("%s/local", pods->agent->o.data_dir);
    int64_t now = clock_mono_us();
    int n;

    if (!was_synced || now - pods->volumes_swept_us < VOLUME_SWEEP_S * 1000000LL)
        return;
    pods->volumes_swept_us = now;
    n = volumes_sweep_local(pods->agent->items, dir, &pods->missing_volumes);
    if (n > 0)
        log_info(&ctx, "directories of deleted volumes removed", LOG_INT("count", n));
}

static void *poll_main(void *data)
{
    Pods *pods = data;
    bool was_down = false;

    pthread_mutex_lock(&pods->lock);
    while (!pods->is_stopping) {
        CLEANUP(arena_free) Arena *a = arena_new();
        struct timespec until;
        RtSeen *seen;
        bool was_synced;
        size_t n = 0;
        Err err;
        int r;

        reap(pods);
        pods->is_poked = false;
        was_synced = pods->is_synced;
        pthread_mutex_unlock(&pods->lock);
        r = runtime_seen(pods->agent->cri, a, pods->agent->o.node_name, &seen, &n, &err);
        if (r < 0 && !was_down)
            log_warning(&ctx, "the container runtime does not answer", LOG_STR("error", err.msg));
        was_down = r < 0;
        for (size_t i = 0; r == 0 && i < n; i++)
            look_at(pods, &seen[i]);
        sweep_once(pods, was_synced && r == 0);
        sweep_volumes(pods, was_synced);
        pthread_mutex_lock(&pods->lock);
        until = clock_timespec(clock_now_us() +
                               (clock_mono_us() < pods->hurry_until_us ? HURRY_POLL_MS : POLL_MS) *
                                   INT64_C(1000));
        while (!pods->is_stopping && !pods->is_poked &&
               pthread_cond_timedwait(&pods->wake, &pods->lock, &until) != ETIMEDOUT)
            ;
    }
    pthread_mutex_unlock(&pods->lock);
    return NULL;
}

void pods__poke(Pods *pods)
{
    pthread_mutex_lock(&pods->lock);
    pods->is_poked = true;
    pthread_cond_signal(&pods->wake);
    pthread_mutex_unlock(&pods->lock);
}

bool pods__clear_begin(Pods *pods)
{
    int64_t until_us = clock_now_us() + CLEARING_WAIT_MS * 1000;
    struct timespec until = clock_timespec(until_us);
    bool has;

    pthread_mutex_lock(&pods->lock);
    while (pods->n_clearing >= CLEARING_MAX && !pods->is_stopping &&
           pthread_cond_timedwait(&pods->has_room, &pods->lock, &until) != ETIMEDOUT)
        ;
    has = pods->n_clearing < CLEARING_MAX;
    pods->n_clearing += has;
    pthread_mutex_unlock(&pods->lock);
    return has;
}

void pods__clear_end(Pods *pods)
{
    pthread_mutex_lock(&pods->lock);
    pods->n_clearing--;
    pthread_cond_signal(&pods->has_room);
    pthread_mutex_unlock(&pods->lock);
}

/* Under p->lock. The event that tells all comes last, when the container is cleared away; one that
 * comes before another was seen to has to be read from the runtime. */
static void note_end(Pod *p, const CriEvent *e)
{
    if (!e->is_final)
        return;
    if (p->final_us != 0 && strcmp(p->final.ended, e->ended) != 0)
        p->news |= NEWS_RUNTIME;
    p->final = *e;
    p->final_us = clock_mono_us();
    add_news(p, NEWS_END);
}

/* Under p->lock. Is the event about the pod, and need nobody look at the runtime for it? A thread
 * that is at work ends sandboxes itself, and looks again afterwards. */
static bool take_event(Pod *p, const CriEvent *e)
{
    bool is_known = p->is_looking && p->sandbox_id[0] && strcmp(p->sandbox_id, e->ended) == 0;

    for (size_t i = 0; i < p->n_containers; i++) {
        const char *id = p->containers[i].probed_id;

        if (id[0] && strcmp(id, e->ended) == 0) {
            note_end(p, e);
            is_known = true;
        }
        if (id[0] && strcmp(id, e->no_memory) == 0) {
            snprintf(p->no_memory, sizeof(p->no_memory), "%s", id);
            is_known = true;
        }
    }
    return is_known;
}

static bool tell_pod(Pods *pods, const CriEvent *e)
{
    bool is_known = false;
    Pod *p;

    pthread_mutex_lock(&pods->lock);
    for (size_t at = 0; map_next(&pods->by_uid, &at, &(const char *){NULL}, (void **)&p);) {
        pthread_mutex_lock(&p->lock);
        is_known |= take_event(p, e);
        pthread_mutex_unlock(&p->lock);
    }
    pthread_mutex_unlock(&pods->lock);
    return is_known;
}

/* The pod whose container it is knows what to do. Of others the event comes before the runtime's
 * own lists tell of it: look more often for a while. */
static void on_event(const CriEvent *e, void *data)
{
    Pods *pods = data;

    if ((e->ended[0] || e->no_memory[0]) && tell_pod(pods, e))
        return;
    pods->hurry_until_us = clock_mono_us() + HURRY_MS * 1000;
    pods__poke(pods);
}

/* Without events the poller's own pace holds. */
static void *listen_main(void *data)
{
    Pods *pods = data;
    Err err;

    do {
        int r = cri_events(pods->agent->cri, on_event, pods, http_cancel_fd(pods->cancel), &err);

        if (r < 0)
            log_debug(&ctx, "no events from the runtime", LOG_STR("error", err.msg));
    } while (!http_cancel_sleep(pods->cancel, LISTEN_RETRY_MS));
    return NULL;
}

/* ---- life ---- */

int pods_start(Agent *agent, Pods **ret, Err *err)
{
    Pods *pods = xcalloc(1, sizeof(*pods));
    int r;

    pods->agent = agent;
    pods->api = agent->api;
    pthread_mutex_init(&pods->lock, NULL);
    pthread_cond_init(&pods->wake, NULL);
    pthread_cond_init(&pods->has_room, NULL);
    r = probes_start(agent, on_verdict, pods, &pods->probes, err);
    pods->cancel = http_cancel_new();
    if (r == 0 && pthread_create(&pods->poller, NULL, poll_main, pods) != 0)
        r = err_set(err, ERR_INTERNAL, "cannot start the poller");
    if (r == 0 && (pthread_create(&pods->listener, NULL, listen_main, pods) != 0 ||
                   pthread_create(&pods->late, NULL, pods__late_main, pods) != 0)) {
        pods_stop(pods);
        return err_set(err, ERR_INTERNAL, "cannot start the listener");
    }
    if (r < 0) {
        http_cancel_free(pods->cancel);
        probes_stop(pods->probes);
        free(pods);
        return r;
    }
    *ret = pods;
    return 0;
}

void pods_stop(Pods *pods)
{
    Pod *p;

    if (!pods)
        return;
    pthread_mutex_lock(&pods->lock);
    pods->is_stopping = true;
    pthread_cond_signal(&pods->wake);
    pthread_cond_broadcast(&pods->has_room);
    pthread_mutex_unlock(&pods->lock);
    pthread_join(pods->poller, NULL);
    http_cancel(pods->cancel);
    if (pods->listener)
        pthread_join(pods->listener, NULL);
    if (pods->late)
        pthread_join(pods->late, NULL);
    http_cancel_free(pods->cancel);
    for (size_t at = 0; map_next(&pods->by_uid, &at, &(const char *){NULL}, (void **)&p);) {
        pthread_mutex_lock(&p->lock);
        p->is_stopping = true;
        pthread_cond_signal(&p->wake);
        pthread_mutex_unlock(&p->lock);
    }
    for (size_t at = 0; map_next(&pods->by_uid, &at, &(const char *){NULL}, (void **)&p);) {
        pthread_join(p->thread, NULL);
    }
    probes_stop(pods->probes);
    for (size_t at = 0; map_next(&pods->by_uid, &at, &(const char *){NULL}, (void **)&p);)
        pod_free(p);
    map_done(&pods->by_uid);
    map_done(&pods->seen);
    map_done(&pods->missing_volumes);
    pthread_cond_destroy(&pods->wake);
    pthread_cond_destroy(&pods->has_room);
    pthread_mutex_destroy(&pods->lock);
    free(pods);
}

/* ---- for logs and exec ---- */

static Item *find_item(Pods *pods, const PodWhere *w)
{
    Item *found = NULL;
    Pod *p;

    pthread_mutex_lock(&pods->lock);
    for (size_t at = 0; map_next(&pods->by_uid, &at, &(const char *){NULL}, (void **)&p);) {
        const Item *i = p->item;

        if (strcmp(i->cluster, w->cluster) != 0 || strcmp(i->ns, w->ns) != 0 ||
            strcmp(i->name, w->name) != 0 || (w->uid && strcmp(i->uid, w->uid) != 0))
            continue;
        if (!found || !p->is_gone) {
            item_unref(found);
            found = item_ref(p->item);
        }
    }
    pthread_mutex_unlock(&pods->lock);
    return found;
}

/* In words, what a container that has never run waits for. */
static const char *pod_waits_for(const Value *pod, const char *container)
{
    static const char *const lists[] = {"containerStatuses", "initContainerStatuses",
                                        "ephemeralContainerStatuses"};
    const Value *st;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        value_each_item(value_get(value_get(pod, "status"), lists[i]), k, st)
        {
            const char *reason = value_at_str(st, "state.waiting.reason");

            if (!reason || !str_eq(value_get_str(st, "name"), container))
                continue;
            if (strcmp(reason, "ErrImagePull") == 0)
                return "image can't be pulled";
            if (strcmp(reason, "ImagePullBackOff") == 0)
                return "trying and failing to pull image";
            return reason;
        }
    }
    return "ContainerCreating";
}

int pods_find(Pods *pods, Arena *a, const PodWhere *w, PodContainerRef *ret, Err *err)
{
    CLEANUP(item_unref) Item *item = find_item(pods, w);
    const char *name = w->container;
    const RtContainer *c = NULL;
    RtPod rt;
    int r;

    if (!item)
        return err_set(err, ERR_NOT_FOUND, "pod \"%s\" is not on this node", w->name);
    r = runtime_pod(pods->agent->cri, a, item->uid, false, &rt, err);
    if (r < 0)
        return r;
    runtime_order_ips(&rt, pods->agent->o.cluster.items[0].ip.n_bits == 128);
    *ret = (PodContainerRef){.sandbox_id = rt.n_sandboxes > 0 ? rt.sandboxes[0].id : NULL,
                             .pod_ip = rt.n_sandboxes > 0 ? rt.sandboxes[0].ip : ""};
    if (value_at_bool(item->v, "spec.hostNetwork"))
        ret->pod_ip = pods->agent->o.node_ip;
    if (!name)
        return 0;
    for (size_t i = 0, skip = w->previous; i < rt.n_containers && !c; i++) {
        if (strcmp(rt.containers[i].name, name) == 0 && skip-- == 0)
            c = &rt.containers[i];
    }
    if (!c && w->previous)
        return err_set(err, ERR_BAD_REQUEST,
                       "previous terminated container \"%s\" in pod \"%s\" not found", name,
                       w->name);
    if (!c)
        return err_set(err, ERR_BAD_REQUEST,
                       "container \"%s\" in pod \"%s\" is waiting to start: %s", name, w->name,
                       pod_waits_for(item->v, name));
    ret->id = c->id;
    ret->is_running = c->state == CRI_RUNNING;
    ret->log_path =
        arena_printf(a, "%s/%s/%u.log", pod_log_dir(a, pods->agent, item), name, c->attempt);
    return 0;
}
