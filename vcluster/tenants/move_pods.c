#include "vcluster/tenants/move_pods.h"

enum {
    REFUSED_AFTER_US = 5 * 1000 * 1000, /* no new pod came: something is in the way */
    FULL_AFTER_US = 10 * 1000 * 1000,   /* a new one has found no node */
};

typedef struct Sums {
    int64_t old, leaving, made, ready, unplaced, newest_us;
} Sums;

static Sums sums_of(const MovedPod *pods, size_t n, const char *owner, int64_t since_us)
{
    Sums s = {.newest_us = since_us};

    for (size_t i = 0; i < n; i++) {
        const MovedPod *p = &pods[i];

        if (strcmp(p->owner, owner) != 0)
            continue;
        if (p->is_old) {
            s.old += !p->is_leaving;
            s.leaving += p->is_leaving;
        } else if (!p->is_leaving) {
            s.made++;
            s.ready += p->is_ready;
            s.unplaced += !p->has_node;
            s.newest_us = MAX(s.newest_us, p->created_us);
        }
    }
    return s;
}

static bool may_end(const MovedPod *p, const Sums *s, int64_t now_us)
{
    int64_t waited_us = now_us - s->newest_us;

    if (!p->is_ready) /* nobody misses it */
        return true;
    if (p->want >= 0 && s->ready + s->old > p->want)
        return true;
    if (s->leaving > 0 || s->old + s->ready < p->want) /* one is missing already */
        return false;
    if (s->unplaced > 0)
        return waited_us >= FULL_AFTER_US;
    if (s->made > s->ready)
        return false;
    if (p->want < 0 && s->made > 0)
        return true;
    return waited_us >= REFUSED_AFTER_US;
}

int move_next_pod(const MovedPod *pods, size_t n, int64_t since_us, int64_t now_us)
{
    const char *owner = NULL;
    Sums s = {0};

    for (size_t i = 0; i < n; i++) {
        const MovedPod *p = &pods[i];

        if (!p->is_old || p->is_leaving)
            continue;
        if (!owner || strcmp(owner, p->owner) != 0) {
            owner = p->owner;
            s = sums_of(pods, n, owner, since_us);
        }
        if (may_end(p, &s, now_us))
            return (int)i;
    }
    return MOVE_WAITS;
}
