#include "agent/pods_int.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

/*
 * Pods whose time is up. A pod's thread may wait for long: for a hook, or for a container that has
 * a day to end. When the server does not count the pod any more (it is gone, or somebody wrote that
 * it has ended), or the grace period was cut short meanwhile, what still runs is killed from here.
 */

enum { LATE_LOOK_MS = 500, LATE_SLACK_S = 1, LATE_CALL_MS = 5000, LATE_RETRY_S = 5 };

static const LogCtx ctx = {.component = "pods"};

int64_t pod_due_us(const Value *pod, bool is_gone, int64_t now_us)
{
    const char *until = value_at_str(pod, "metadata.deletionTimestamp");
    int64_t us;

    if (is_gone || pod_is_done(pod))
        return now_us + POD_OVER_GRACE_S * 1000000LL;
    return until && clock_from_rfc3339(slice_of(until), &us) ? us + MIN_STOP_S * 1000000LL : 0;
}

/* The uid of one that is late, a copy; NULL: there is none. */
static char *next_late(Pods *pods)
{
    int64_t now = clock_now_us();
    char *uid = NULL;
    Pod *p;

    pthread_mutex_lock(&pods->lock);
    for (size_t at = 0; !uid && map_next(&pods->by_uid, &at, &(const char *){NULL}, (void **)&p);) {
        pthread_mutex_lock(&p->lock);
        if (p->due_us > 0 && now > p->due_us + LATE_SLACK_S * 1000000LL && !p->has_ended) {
            bool stays = pod_is_done(p->item->v) && !p->is_gone; /* nothing of it starts again */

            uid = xstrdup(p->uid);
            p->due_us = stays ? 0 : now + LATE_RETRY_S * 1000000LL;
        }
        pthread_mutex_unlock(&p->lock);
    }
    pthread_mutex_unlock(&pods->lock);
    return uid;
}

static void look_again(Pods *pods, const char *uid)
{
    Pod *p;

    pthread_mutex_lock(&pods->lock);
    p = map_get(&pods->by_uid, uid);
    if (p) {
        pthread_mutex_lock(&p->lock);
        p->due_us = clock_now_us() + LATE_RETRY_S * 1000000LL;
        pthread_mutex_unlock(&p->lock);
    }
    pthread_mutex_unlock(&pods->lock);
}

/* False: something may still run. */
static bool kill_all(Pods *pods, const char *uid)
{
    bool ok = true;
    CLEANUP(arena_free) Arena *a = arena_new();
    RtPod rt;
    Err err;

    if (runtime_pod(pods->agent->cri, a, uid, false, &rt, &err) < 0)
        return false;
    for (size_t i = 0; i < rt.n_containers; i++) {
        Value *request = value_object(a);

        if (rt.containers[i].state != CRI_RUNNING)
            continue;
        log_info(&ctx, "killing a container whose pod's time is up", LOG_STR("uid", uid),
                 LOG_STR("container", rt.containers[i].name));
        value_set_str(a, request, "container_id", rt.containers[i].id);
        value_set_int(a, request, "timeout", 0);
        if (cri_call(pods->agent->cri, a, CRI_STOP_CONTAINER, request, LATE_CALL_MS, NULL, &err) <
            0) {
            log_warning(&ctx, "cannot kill a container", LOG_STR("error", err.msg));
            ok = false;
        }
    }
    return ok;
}

bool pod__is_over(Pod *p)
{
    bool is_over;

    pthread_mutex_lock(&p->lock);
    is_over = p->is_gone || pod_is_done(p->item->v);
    pthread_mutex_unlock(&p->lock);
    return is_over;
}

void *pods__late_main(void *data)
{
    Pods *pods = data;

    do {
        char *uid;

        while ((uid = next_late(pods)) != NULL) {
            if (!kill_all(pods, uid))
                look_again(pods, uid);
            free(uid);
        }
    } while (!http_cancel_sleep(pods->cancel, LATE_LOOK_MS));
    return NULL;
}
