#include "scheduler/queue.h"

#include "base/mem.h"

enum {
    BACKOFF_FIRST_US = 1000000,
    BACKOFF_MAX_US = 10000000,
    UNSCHEDULABLE_MAX_US = 300 * 1000000,
};

/* One cluster's ACTIVE pods. */
typedef struct Lane {
    List link; /* in queue->lanes while it has pods */
    List pods;
    char *cluster;
    size_t n; /* entries that point here */
} Lane;

struct Queue {
    Map all; /* id -> Waiting */
    Map lanes_by_name;
    List lanes; /* the next one first */
    List backoff, unschedulable, in_flight;
    size_t counts[WAIT_STATE_MAX_];
};

static const uint32_t waiting_next[WAIT_STATE_MAX_] = {
    [WAIT_ACTIVE] = BIT(WAIT_IN_FLIGHT),
    [WAIT_BACKOFF] = BIT(WAIT_ACTIVE),
    [WAIT_UNSCHEDULABLE] = BIT(WAIT_ACTIVE) | BIT(WAIT_BACKOFF),
    [WAIT_IN_FLIGHT] = BIT(WAIT_BACKOFF) | BIT(WAIT_UNSCHEDULABLE),
};

Queue *queue_new(void)
{
    Queue *q = xcalloc(1, sizeof(*q));

    list_init(&q->lanes);
    list_init(&q->backoff);
    list_init(&q->unschedulable);
    list_init(&q->in_flight);
    return q;
}

static void waiting_free(Waiting *w)
{
    free((char *)w->id);
    free((char *)w->cluster);
    free((char *)w->ns);
    free((char *)w->name);
    free(w);
}

static void lane_free(Lane *lane)
{
    free(lane->cluster);
    free(lane);
}

void queue_free(Queue *q)
{
    Waiting *w;
    Lane *lane;

    if (!q)
        return;
    for (size_t at = 0; map_next(&q->all, &at, NULL, (void **)&w);)
        waiting_free(w);
    for (size_t at = 0; map_next(&q->lanes_by_name, &at, NULL, (void **)&lane);)
        lane_free(lane);
    map_done(&q->all);
    map_done(&q->lanes_by_name);
    free(q);
}

static Lane *lane_of(Queue *q, const char *cluster)
{
    Lane *lane = map_get(&q->lanes_by_name, cluster);

    if (lane)
        return lane;
    lane = xcalloc(1, sizeof(*lane));
    lane->cluster = xstrdup(cluster);
    list_init(&lane->link);
    list_init(&lane->pods);
    map_set(&q->lanes_by_name, cluster, lane);
    return lane;
}

static bool goes_before(const Waiting *a, const Waiting *b)
{
    for (uint32_t i = 0; i < scheduler__n_plugins; i++)
        if (scheduler__plugins[i].queue_sort)
            return scheduler__plugins[i].queue_sort(&a->sort, &b->sort) < 0;
    return false;
}

/* Pods mostly come in order, so the place is looked for from the end. */
static void lane_insert(Queue *q, Waiting *w)
{
    List *at = w->lane->pods.prev;

    if (list_is_empty(&w->lane->pods))
        list_add_tail(&q->lanes, &w->lane->link);
    while (at != &w->lane->pods && goes_before(w, list_entry(at, Waiting, link)))
        at = at->prev;
    list_add(at, &w->link);
}

static void take_out(Queue *q, Waiting *w)
{
    list_del(&w->link);
    q->counts[w->state]--;
    if (w->state == WAIT_ACTIVE && list_is_empty(&w->lane->pods))
        list_del(&w->lane->link);
}

/* The only writer of w->state, but for its birth. */
static void put_in(Queue *q, Waiting *w, WaitState to, int64_t now_us)
{
    w->state = to;
    w->since_us = now_us;
    q->counts[to]++;
    if (to == WAIT_ACTIVE)
        lane_insert(q, w);
    else if (to == WAIT_BACKOFF)
        list_add_tail(&q->backoff, &w->link);
    else if (to == WAIT_UNSCHEDULABLE)
        list_add_tail(&q->unschedulable, &w->link);
    else
        list_add_tail(&q->in_flight, &w->link);
}

static void waiting_set_state(Queue *q, Waiting *w, WaitState to, int64_t now_us)
{
    BUG_ON(!(waiting_next[w->state] & BIT(to)));
    take_out(q, w);
    put_in(q, w, to, now_us);
}

void queue_add(Queue *q, const char *cluster, const char *ns, const char *name, int64_t priority,
               bool is_updated, int64_t now_us)
{
    AUTO_FREE char *id = xasprintf("%s/%s/%s", cluster, ns, name);
    Waiting *w = map_get(&q->all, id);

    if (w) {
        if (is_updated && w->state == WAIT_UNSCHEDULABLE)
            waiting_set_state(q, w, WAIT_ACTIVE, now_us);
        return;
    }
    w = xcalloc(1, sizeof(*w));
    w->id = TAKE(id);
    w->cluster = xstrdup(cluster);
    w->ns = xstrdup(ns);
    w->name = xstrdup(name);
    w->sort = (QueuedPod){priority, now_us};
    w->lane = lane_of(q, cluster);
    w->lane->n++;
    list_init(&w->link);
    map_set(&q->all, w->id, w);
    put_in(q, w, WAIT_ACTIVE, now_us);
}

Waiting *queue_find(Queue *q, const char *id)
{
    return map_get(&q->all, id);
}

void queue_remove(Queue *q, const char *id)
{
    Waiting *w = map_del(&q->all, id);
    Lane *lane;

    if (!w)
        return;
    lane = w->lane;
    take_out(q, w);
    waiting_free(w);
    if (--lane->n == 0) {
        map_del(&q->lanes_by_name, lane->cluster);
        lane_free(lane);
    }
}

void queue_remove_cluster(Queue *q, const char *cluster)
{
    const Waiting *w;

    for (size_t at = 0; map_next(&q->all, &at, NULL, (void **)&w);) {
        AUTO_FREE char *id = str_eq(w->cluster, cluster) ? xstrdup(w->id) : NULL;

        if (id)
            queue_remove(q, id);
    }
}

static int64_t backoff_of(const Waiting *w)
{
    int64_t us = BACKOFF_FIRST_US;

    for (int i = 1; i < w->attempts && us < BACKOFF_MAX_US; i++)
        us *= 2;
    return MIN(us, BACKOFF_MAX_US);
}

static void move_due(Queue *q, int64_t now_us)
{
    list_for_each_safe (l, &q->backoff) {
        Waiting *w = list_entry(l, Waiting, link);

        if (w->since_us + backoff_of(w) <= now_us)
            waiting_set_state(q, w, WAIT_ACTIVE, now_us);
    }
    while (!list_is_empty(&q->unschedulable)) {
        Waiting *w = list_entry(q->unschedulable.next, Waiting, link);

        if (w->since_us + UNSCHEDULABLE_MAX_US > now_us)
            break;
        waiting_set_state(q, w, WAIT_ACTIVE, now_us);
    }
}

Waiting *queue_pop(Queue *q, int64_t now_us)
{
    Lane *lane;
    Waiting *w;

    move_due(q, now_us);
    if (list_is_empty(&q->lanes))
        return NULL;
    lane = list_entry(list_pop(&q->lanes), Lane, link);
    w = list_entry(lane->pods.next, Waiting, link);
    waiting_set_state(q, w, WAIT_IN_FLIGHT, now_us);
    if (!list_is_empty(&lane->pods))
        list_add_tail(&q->lanes, &lane->link);
    w->attempts++;
    return w;
}

void queue_unschedulable(Queue *q, Waiting *w, uint32_t rejected_by, int64_t now_us)
{
    w->rejected_by = rejected_by;
    waiting_set_state(q, w, WAIT_UNSCHEDULABLE, now_us);
}

void queue_retry(Queue *q, Waiting *w, int64_t now_us)
{
    waiting_set_state(q, w, WAIT_BACKOFF, now_us);
}

static bool is_woken_by(const Waiting *w, uint32_t event)
{
    if (w->rejected_by == 0) /* there was no node at all */
        return true;
    for (uint32_t i = 0; i < scheduler__n_plugins; i++)
        if ((w->rejected_by & BIT(i)) && (scheduler__plugins[i].wakes & event))
            return true;
    return false;
}

void queue_wake(Queue *q, uint32_t event, int64_t now_us)
{
    list_for_each_safe (l, &q->unschedulable) {
        Waiting *w = list_entry(l, Waiting, link);
        int64_t since_us = w->since_us;

        if (!is_woken_by(w, event))
            continue;
        if (since_us + backoff_of(w) <= now_us) {
            waiting_set_state(q, w, WAIT_ACTIVE, now_us);
        } else {
            waiting_set_state(q, w, WAIT_BACKOFF, now_us);
            w->since_us = since_us; /* the time it has waited counts */
        }
    }
}

int64_t queue_delay_ms(const Queue *q, int64_t now_us)
{
    int64_t due_us = INT64_MAX;

    if (!list_is_empty(&q->lanes))
        return 0;
    list_for_each (l, &q->backoff) {
        const Waiting *w = list_entry(l, Waiting, link);

        due_us = MIN(due_us, w->since_us + backoff_of(w));
    }
    if (!list_is_empty(&q->unschedulable))
        due_us = MIN(due_us, list_entry(q->unschedulable.next, Waiting, link)->since_us +
                                 UNSCHEDULABLE_MAX_US);
    if (due_us == INT64_MAX)
        return -1;
    return MAX((due_us - now_us) / 1000 + 1, 1);
}

size_t queue_count(const Queue *q, WaitState state)
{
    return q->counts[state];
}
