#include "agent/probes.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/share.h"

#include <errno.h>
#include <pthread.h>

/*
 * One thread, the watcher, sleeps until a probe is due. Before it tries it, it sees to it that
 * another one watches: so a try that hangs, for as long as its tenant has allowed it, holds up
 * nobody. Threads that have nothing to do leave after a while.
 */
enum {
    PROBE_THREADS_KEPT = 4,
    PROBE_THREADS_MAX = 256,
    PROBE_IDLE_S = 10,
    PROBE_STACK = 256 << 10,
};

static const unsigned ALL_KINDS = (1u << PROBE_KIND_MAX_) - 1;

typedef struct Probe {
    List link;
    Item *pod;
    const Value *container, *spec; /* in the pod's item */
    char *container_id, *ip;
    ProbeKind kind;
    int64_t due_us, period_us, timeout_ms;
    int ok_needed, fail_needed, ok, failed;
    bool state, is_decided; /* is_decided: thresholds reached at least once */
    bool is_running, is_dead;
    bool is_waiting; /* for the startup probe to pass */
} Probe;

struct Probes {
    Agent *agent; /* borrowed */
    ProbeFn fn;
    void *data;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t wake;
    pthread_cond_t idle; /* of threads that neither try nor watch, and of probes_stop() */
    List list;
    Share trying; /* of the tenants, tries under way */
    int n_threads, n_idle;
    bool is_stopping, is_watched;
};

static void *run(void *data);

/* ---- the list ---- */

static void probe_free(Probe *p)
{
    item_unref(p->pod);
    free(p->container_id);
    free(p->ip);
    free(p);
}

/* Of those that are due, one of the tenant with the fewest tries under way; *ret_due: when the next
 * one is due, when none is. */
static Probe *next_due(const Probes *s, int64_t now, int64_t *ret_due)
{
    Probe *best = NULL;
    int fewest = 0;

    *ret_due = now + 3600 * 1000000LL;
    list_for_each (l, &s->list) {
        Probe *p = list_entry(l, Probe, link);
        int n;

        if (p->is_running || p->is_dead || p->is_waiting)
            continue;
        if (p->due_us > now) {
            *ret_due = MIN(*ret_due, p->due_us);
            continue;
        }
        n = share_of(&s->trying, p->pod->cluster);
        if (!share_has_room(&s->trying, p->pod->cluster) ||
            (best && (n > fewest || (n == fewest && p->due_us >= best->due_us))))
            continue;
        best = p;
        fewest = n;
    }
    return best;
}

/* Counts a try; true when the state changed. Under the lock. */
static bool count(Probe *p, bool ok)
{
    bool before = p->state, was_decided = p->is_decided;

    if (ok) {
        p->ok++;
        p->failed = 0;
    } else {
        p->failed++;
        p->ok = 0;
    }
    if (ok && p->ok >= p->ok_needed) {
        p->state = true;
        p->is_decided = true;
    } else if (!ok && p->failed >= p->fail_needed) {
        p->state = false;
        p->is_decided = true;
    }
    return p->state != before || (p->is_decided && !was_decided);
}

static void startup_passed(Probes *s, const Probe *startup)
{
    list_for_each (l, &s->list) {
        Probe *p = list_entry(l, Probe, link);

        if (p->is_waiting && strcmp(p->container_id, startup->container_id) == 0) {
            p->is_waiting = false;
            p->due_us = MAX(p->due_us, clock_mono_us()); /* its own first delay holds, too */
        }
    }
    pthread_cond_signal(&s->wake);
}

static void run_one(Probes *s, Probe *p)
{
    static const char *const words[] = {"Startup", "Liveness", "Readiness"};
    ProbeTarget t = {.agent = s->agent,
                     .cluster = p->pod->cluster,
                     .container = p->container,
                     .container_id = p->container_id,
                     .pod_ip = p->ip,
                     .timeout_ms = p->timeout_ms};
    char why[900], message[1000] = "";
    ProbeVerdict v = {.pod = p->pod,
                      .container = value_get_str(p->container, "name"),
                      .container_id = p->container_id,
                      .kind = p->kind,
                      .message = message};
    ProbeOutcome outcome;
    bool ok;

    p->is_running = true;
    (void)share_begin(&s->trying, p->pod->cluster); /* next_due() has seen that there is room */
    pthread_mutex_unlock(&s->lock);
    outcome = probe_once(&t, p->spec, why, sizeof(why));
    ok = outcome == PROBE_PASSED;
    v.is_warning = ok && why[0] && value_get(p->spec, "httpGet");
    if (!ok || v.is_warning)
        snprintf(message, sizeof(message), "%s probe %s: %s", words[p->kind],
                 ok                         ? "warning"
                 : outcome == PROBE_UNKNOWN ? "errored and resulted in unknown state"
                                            : "failed",
                 why);
    pthread_mutex_lock(&s->lock);
    share_end(&s->trying, p->pod->cluster);
    p->is_running = false;
    p->due_us = clock_mono_us() + p->period_us;
    v.is_change = outcome != PROBE_UNKNOWN && count(p, ok);
    v.is_success = p->state;
    if (p->kind == PROBE_STARTUP && p->state && p->is_decided)
        startup_passed(s, p);
    if (!p->is_dead && (v.is_change || message[0])) {
        p->is_running = true; /* keeps it alive during the call */
        pthread_mutex_unlock(&s->lock);
        s->fn(&v, s->data);
        pthread_mutex_lock(&s->lock);
        p->is_running = false;
    }
    /* A startup probe is over once it passed; a liveness or startup probe once it gave up. */
    if (p->is_decided && (p->kind == PROBE_STARTUP || (p->kind == PROBE_LIVENESS && !p->state)))
        p->is_dead = true;
    if (p->is_dead) {
        list_del(&p->link);
        probe_free(p);
    }
    pthread_cond_signal(&s->wake); /* it is due before the watcher has thought */
}

/* ---- threads ---- */

/* Under the lock. */
static bool start_thread(Probes *s)
{
    pthread_attr_t attr;
    pthread_t thread;
    bool ok;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, PROBE_STACK);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    ok = pthread_create(&thread, &attr, run, s) == 0;
    pthread_attr_destroy(&attr);
    s->n_threads += ok;
    return ok;
}

/* The watcher turns to a probe: another one is to watch. With none to be had, the next that has
 * done its try looks. */
static void hand_over(Probes *s)
{
    if (s->n_idle > 0)
        pthread_cond_signal(&s->idle);
    else if (s->n_threads < PROBE_THREADS_MAX)
        (void)start_thread(s);
}

/* Until it is needed; false: it was not. */
static bool wait_idle(Probes *s)
{
    int64_t until_us = clock_mono_us() + PROBE_IDLE_S * 1000000LL;
    struct timespec until = clock_timespec(until_us);
    int r;

    s->n_idle++;
    r = pthread_cond_timedwait(&s->idle, &s->lock, &until);
    s->n_idle--;
    return r != ETIMEDOUT || !s->is_watched || s->n_threads <= PROBE_THREADS_KEPT;
}

static void watch(Probes *s, int64_t due_us)
{
    struct timespec until = clock_timespec(due_us);

    s->is_watched = true;
    pthread_cond_timedwait(&s->wake, &s->lock, &until);
    s->is_watched = false;
}

static void *run(void *data)
{
    Probes *s = data;
    bool stay = true;

    pthread_mutex_lock(&s->lock);
    while (stay && !s->is_stopping) {
        int64_t now = clock_mono_us(), due;
        Probe *p = next_due(s, now, &due);

        if (p) {
            if (!s->is_watched)
                hand_over(s);
            run_one(s, p);
        } else if (s->is_watched) {
            stay = wait_idle(s);
        } else {
            watch(s, due);
        }
    }
    s->n_threads--;
    if (s->n_threads == 0)
        pthread_cond_broadcast(&s->idle);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

int probes_start(Agent *agent, ProbeFn fn, void *data, Probes **ret, Err *err)
{
    CLEANUP(probes_stop) Probes *s = xcalloc(1, sizeof(*s));
    pthread_condattr_t attr;
    bool ok;

    s->agent = agent;
    s->fn = fn;
    s->data = data;
    s->trying.max = PROBE_THREADS_MAX;
    list_init(&s->list);
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&s->wake, &attr);
    pthread_cond_init(&s->idle, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_lock(&s->lock);
    ok = start_thread(s);
    pthread_mutex_unlock(&s->lock);
    if (!ok)
        return err_set(err, ERR_INTERNAL, "cannot start a prober thread");
    *ret = TAKE(s);
    return 0;
}

void probes_stop(Probes *s)
{
    List *l;

    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->is_stopping = true;
    pthread_cond_broadcast(&s->wake);
    pthread_cond_broadcast(&s->idle);
    while (s->n_threads > 0)
        pthread_cond_wait(&s->idle, &s->lock);
    pthread_mutex_unlock(&s->lock);
    while ((l = list_pop(&s->list)))
        probe_free(list_entry(l, Probe, link));
    share_done(&s->trying);
    pthread_cond_destroy(&s->wake);
    pthread_cond_destroy(&s->idle);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* When it is tried first: its delay counts from the container's start. Those of containers that run
 * for long (of an agent before this one) come in turns, not all at once. */
static int64_t first_try_us(const Probe *p, int64_t age_us)
{
    int64_t now = clock_mono_us();
    int64_t delay_us = value_at_int(p->spec, "initialDelaySeconds", 0) * 1000000 - MAX(0, age_us);

    if (delay_us > -p->period_us)
        return now + MAX(0, delay_us);
    return now +
           (int64_t)(hash_bytes(p->container_id, strlen(p->container_id)) % (uint64_t)p->period_us);
}

static Probe *make(Item *pod, const Value *container, const char *id, const char *ip,
                   const Value *spec, int64_t age_us)
{
    Probe *p = xcalloc(1, sizeof(*p));

    list_init(&p->link);
    p->pod = item_ref(pod);
    p->container = container;
    p->spec = spec;
    p->container_id = xstrdup(id);
    p->ip = xstrdup(ip);
    p->period_us = MAX(1, value_at_int(spec, "periodSeconds", 10)) * 1000000;
    p->timeout_ms = MAX(1, value_at_int(spec, "timeoutSeconds", 1)) * 1000;
    p->ok_needed = (int)MAX(1, value_at_int(spec, "successThreshold", 1));
    p->fail_needed = (int)MAX(1, value_at_int(spec, "failureThreshold", 3));
    p->due_us = first_try_us(p, age_us);
    return p;
}

static bool probe_is_of(const Probe *p, const char *pod_uid, const char *container)
{
    return strcmp(p->pod->uid, pod_uid) == 0 &&
           (!container || str_eq(value_get_str(p->container, "name"), container));
}

/* `kinds`: a bit each. */
static void forget(Probes *s, const char *pod_uid, const char *container, unsigned kinds)
{
    list_for_each_safe (l, &s->list) {
        Probe *p = list_entry(l, Probe, link);

        if (!probe_is_of(p, pod_uid, container) || !(kinds & 1u << p->kind))
            continue;
        p->is_dead = true;
        if (!p->is_running) {
            list_del(&p->link);
            probe_free(p);
        }
    }
}

void probes_forget(Probes *s, const char *pod_uid, const char *container)
{
    pthread_mutex_lock(&s->lock);
    forget(s, pod_uid, container, ALL_KINDS);
    pthread_mutex_unlock(&s->lock);
}

void probes_end(Probes *s, const char *pod_uid)
{
    pthread_mutex_lock(&s->lock);
    forget(s, pod_uid, NULL, ALL_KINDS & ~(1u << PROBE_READINESS));
    pthread_mutex_unlock(&s->lock);
}

void probes_add(Probes *s, Item *pod, const Value *container, const char *container_id,
                const char *pod_ip, int64_t age_us, bool was_started)
{
    static const char *const fields[] = {"startupProbe", "livenessProbe", "readinessProbe"};
    bool waits = value_get(container, fields[PROBE_STARTUP]) && !was_started;

    pthread_mutex_lock(&s->lock);
    forget(s, pod->uid, value_get_str(container, "name"), ALL_KINDS);
    for (int kind = 0; kind < PROBE_KIND_MAX_; kind++) {
        const Value *spec = value_get(container, fields[kind]);
        Probe *p;

        if (!spec || (kind == PROBE_STARTUP && was_started))
            continue;
        p = make(pod, container, container_id, pod_ip, spec, age_us);
        p->kind = (ProbeKind)kind;
        p->state = kind == PROBE_LIVENESS; /* alive until shown otherwise */
        p->is_waiting = waits && kind != PROBE_STARTUP;
        list_add_tail(&s->list, &p->link);
    }
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
}
