#include "scheduler/lanes.h"

#include "base/mem.h"

enum { LANE_OUT = UINT32_MAX, FAIR_EVERY = 8 };

void lanes_init(Lanes *l)
{
    *l = (Lanes){.n = 0};
    list_init(&l->ring);
}

static void lane_free(void *p)
{
    Lane *lane = p;

    free(lane->cluster);
    free(lane);
}

void lanes_done(Lanes *l)
{
    Lane *lane;

    for (size_t at = 0; map_next(&l->by_name, &at, NULL, (void **)&lane);)
        lane_free(lane);
    map_done(&l->by_name);
    free(l->heap);
}

Lane *lane_need(Lanes *l, const char *cluster)
{
    Lane *lane = map_get(&l->by_name, cluster);

    if (lane)
        return lane;
    lane = xcalloc(1, sizeof(*lane));
    lane->cluster = xstrdup(cluster);
    lane->at = LANE_OUT;
    list_init(&lane->pods);
    list_init(&lane->in_ring);
    map_set(&l->by_name, cluster, lane);
    return lane;
}

void lane_drop(Lanes *l, Lane *lane)
{
    lane_leave(l, lane);
    map_del(&l->by_name, lane->cluster);
    lane_free(lane);
}

/* ---- the heap ---- */

static bool goes_before(const Lane *a, const Lane *b)
{
    double x = MAX(a->share, a->floor), y = MAX(b->share, b->floor);

    return x < y || (x <= y && a->served < b->served);
}

static void put(Lanes *l, uint32_t at, Lane *lane)
{
    l->heap[at] = lane;
    lane->at = at;
}

/* Its key has changed. */
static void sift(Lanes *l, Lane *lane)
{
    uint32_t at = lane->at;

    for (; at > 0 && goes_before(lane, l->heap[(at - 1) / 2]); at = (at - 1) / 2)
        put(l, at, l->heap[(at - 1) / 2]);
    for (;;) {
        uint32_t child = 2 * at + 1;

        if (child + 1 < l->n && goes_before(l->heap[child + 1], l->heap[child]))
            child++;
        if (child >= l->n || !goes_before(l->heap[child], lane))
            break;
        put(l, at, l->heap[child]);
        at = child;
    }
    put(l, at, lane);
}

void lane_enter(Lanes *l, Lane *lane)
{
    if (lane->at != LANE_OUT)
        return;
    list_add_tail(&l->ring, &lane->in_ring);
    lane->served = l->turns;
    GROW(l->heap, l->cap, l->n + 1);
    put(l, l->n, lane);
    l->n++;
    sift(l, lane);
}

void lane_leave(Lanes *l, Lane *lane)
{
    Lane *last;
    uint32_t at = lane->at;

    if (at == LANE_OUT)
        return;
    list_del(&lane->in_ring);
    lane->at = LANE_OUT;
    last = l->heap[--l->n];
    if (last == lane)
        return;
    put(l, at, last);
    sift(l, last);
}

/* ---- turns ---- */

Lane *lanes_next(Lanes *l)
{
    Lane *lane;

    if (l->n == 0)
        return NULL;
    lane = ++l->turns % FAIR_EVERY == 0 ? list_entry(l->ring.next, Lane, in_ring) : l->heap[0];
    lane->served = l->turns;
    list_del(&lane->in_ring);
    list_add_tail(&l->ring, &lane->in_ring);
    sift(l, lane);
    return lane;
}

void lane_failed(Lanes *l, Lane *lane)
{
    const Lane *first = l->n > 0 ? l->heap[0] : NULL;

    /* The first two of the heap's children and itself hold the next smallest key. */
    if (first == lane) {
        first = l->n > 1 ? l->heap[1] : NULL;
        if (l->n > 2 && goes_before(l->heap[2], first))
            first = l->heap[2];
    }
    if (first)
        lane->floor = MAX(lane->floor, MAX(first->share, first->floor));
    if (lane->at != LANE_OUT)
        sift(l, lane);
}

void lanes_set_share(Lanes *l, const char *cluster, double share)
{
    Lane *lane = map_get(&l->by_name, cluster);

    if (!lane)
        return;
    lane->share = share;
    lane->floor = share;
    if (lane->at != LANE_OUT)
        sift(l, lane);
}
