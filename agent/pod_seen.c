#include "agent/pods_int.h"
#include "base/clock.h"
#include "base/err.h"

/*
 * What a pod's thread knows of the runtime without asking it. To read a pod takes four calls and
 * more, which wait behind others when much is going on; but events tell at once of every end, and
 * whatever else changes there, this thread has done, or the poller finds it. So the last reading
 * stays good until the thread does something, or the poller wakes it; ends that events told of are
 * put into it. As with kubelet, whose workers go by a cache that is fed in this way.
 */

enum { END_RETRY_MS = 5 }; /* until the runtime has written an end down */

void pod__unsee(Pod *p)
{
    p->is_seen = false;
}

static void remember(Pod *p, const RtPod *rt)
{
    Arena *a = arena_new();
    RtPod copy = runtime_copy(a, rt);

    arena_free(p->seen_arena);
    p->seen_arena = a;
    p->seen = copy;
    p->is_seen = true;
    pthread_mutex_lock(&p->lock);
    snprintf(p->sandbox_id, sizeof(p->sandbox_id), "%s",
             rt->n_sandboxes > 0 ? rt->sandboxes[0].id : "");
    pthread_mutex_unlock(&p->lock);
}

/* The newest end that an event told of, or an empty one; the container that wanted memory. */
static CriEvent take_final(Pod *p, char no_memory[CRI_ID_MAX])
{
    CriEvent e;

    pthread_mutex_lock(&p->lock);
    e = p->final;
    memcpy(no_memory, p->no_memory, CRI_ID_MAX);
    pthread_mutex_unlock(&p->lock);
    return e;
}

static void settle_final(Pod *p, const CriEvent *e)
{
    pthread_mutex_lock(&p->lock);
    if (strcmp(p->final.ended, e->ended) == 0)
        p->final_us = 0;
    pthread_mutex_unlock(&p->lock);
}

/* The end of which an event told: the event has all that there is to know, but for whether it was
 * for want of memory. Then the runtime's own word counts, for which it is asked. */
static void put_end(Pod *p, RtPod *rt, bool was_read)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    char no_memory[CRI_ID_MAX];
    CriEvent e = take_final(p, no_memory);
    bool is_open = false;

    for (size_t i = 0; e.ended[0] && i < rt->n_containers; i++) {
        RtContainer *c = &rt->containers[i], asked;

        if (strcmp(c->id, e.ended) != 0)
            continue;
        runtime_end(c, &e, no_memory);
        asked = *c;
        if (c->state == CRI_RUNNING && !was_read &&
            runtime_container(p->agent->cri, a, &asked, NULL) == 0 && asked.state == CRI_EXITED) {
            c->state = CRI_EXITED;
            c->exit_code = asked.exit_code;
            c->finished_us = asked.finished_us;
            c->reason = arena_strdup(p->seen_arena, asked.reason);
            c->message = arena_strdup(p->seen_arena, asked.message);
        }
        is_open = c->state == CRI_RUNNING;
    }
    if (!is_open)
        settle_final(p, &e);
}

int pod__see(Pod *p, Arena *a, unsigned news, bool with_info, RtPod *ret, Err *err)
{
    bool is_known = news != 0 && !(news & ~(unsigned)NEWS_KNOWN_RUNTIME) && p->is_seen;
    RtPod rt;
    int r;

    if (!is_known) {
        r = runtime_pod(p->agent->cri, a, p->uid, with_info, &rt, err);
        if (r < 0)
            return r;
        runtime_keep_ends(a, &rt, &p->seen);
        put_end(p, &rt, true);
        remember(p, &rt);
        *ret = rt;
        return 0;
    }
    put_end(p, &p->seen, false);
    *ret = runtime_copy(a, &p->seen);
    return 0;
}

int64_t pod__end_wanted_us(Pod *p, const RtPod *rt)
{
    int64_t due_us = 0;

    pthread_mutex_lock(&p->lock);
    for (size_t i = 0; p->final_us != 0 && i < rt->n_containers; i++) {
        if (rt->containers[i].state == CRI_RUNNING &&
            strcmp(rt->containers[i].id, p->final.ended) == 0)
            due_us = clock_now_us() + END_RETRY_MS * 1000LL;
    }
    pthread_mutex_unlock(&p->lock);
    return due_us;
}
