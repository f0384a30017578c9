#include "scheduler/queue.h"

#include "base/mem.h"
#include "scheduler/lanes.h"

enum {
    BACKOFF_LEVELS = 32,
    UNSCHEDULABLE_MAX_US = 300 * 1000000,
    GROUPS_MAX = 1000, /* beyond it pods with different wants wait together */
    TREES_MAX = 256,   /* some ten kilobytes each; the others are read again */
};

/* UNSCHEDULABLE pods that the same plug-ins rejected and that want the same, longest waiting first.
 * An event looks at each group, not at each pod. */
typedef struct Rejected {
    uint32_t rejected_by;
    Want want;
    List pods;
} Rejected;

struct Queue {
    Map all;     /* id -> Waiting */
    Lanes lanes; /* ACTIVE pods */
    int n_levels;
    int64_t backoff_us[BACKOFF_LEVELS];
    List backoff[BACKOFF_LEVELS]; /* by how long they wait, each in order of since_us */
    List failed[BACKOFF_LEVELS];  /* the same, of those that failed */
    List in_flight;
    Rejected **groups;
    uint32_t n_groups, cap_groups;
    size_t counts[WAIT_STATE_MAX_];
    size_t n_trees;
    uint64_t serial, now; /* counts pods, and events */
    uint64_t last_event[WAKE_BITS];
};

static const uint32_t waiting_next[WAIT_STATE_MAX_] = {
    [WAIT_ACTIVE] = BIT(WAIT_IN_FLIGHT),
    [WAIT_BACKOFF] = BIT(WAIT_ACTIVE),
    [WAIT_UNSCHEDULABLE] = BIT(WAIT_ACTIVE) | BIT(WAIT_BACKOFF),
    [WAIT_IN_FLIGHT] = BIT(WAIT_BACKOFF) | BIT(WAIT_UNSCHEDULABLE),
};

Queue *queue_new(int64_t first_s, int64_t max_s)
{
    Queue *q = xcalloc(1, sizeof(*q));
    int64_t max_us = max_s * 1000000, us = first_s * 1000000;

    lanes_init(&q->lanes);
    for (; q->n_levels < BACKOFF_LEVELS; us *= 2) {
        list_init(&q->backoff[q->n_levels]);
        list_init(&q->failed[q->n_levels]);
        q->backoff_us[q->n_levels++] = MIN(us, max_us);
        if (us >= max_us)
            break;
    }
    list_init(&q->in_flight);
    return q;
}

static void drop_tree(Queue *q, Waiting *w)
{
    if (!w->arena)
        return;
    arena_free(TAKE(w->arena));
    w->tree = NULL;
    q->n_trees--;
}

static void waiting_free(Queue *q, Waiting *w)
{
    drop_tree(q, w);
    free((char *)w->id);
    free((char *)w->cluster);
    free((char *)w->ns);
    free((char *)w->name);
    obj_unref(w->obj);
    free(w);
}

void queue_free(Queue *q)
{
    Waiting *w;

    if (!q)
        return;
    for (size_t at = 0; map_next(&q->all, &at, NULL, (void **)&w);)
        waiting_free(q, w);
    lanes_done(&q->lanes);
    for (uint32_t i = 0; i < q->n_groups; i++)
        free(q->groups[i]);
    free(q->groups);
    map_done(&q->all);
    free(q);
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

    lane_enter(&q->lanes, w->lane);
    while (at != &w->lane->pods && goes_before(w, list_entry(at, Waiting, link)))
        at = at->prev;
    list_add(at, &w->link);
}

static int backoff_level(const Queue *q, const Waiting *w)
{
    return MIN(MAX(w->attempts - 1, 0), q->n_levels - 1);
}

/* Most come in order, so the place is looked for from the end. */
static void insert_by_since(List *list, Waiting *w)
{
    List *at = list->prev;

    while (at != list && list_entry(at, Waiting, link)->since_us > w->since_us)
        at = at->prev;
    list_add(at, &w->link);
}

static bool want_equal(const Want *a, const Want *b)
{
    return a->is_known == b->is_known && a->priority == b->priority &&
           a->cpu_milli == b->cpu_milli && a->memory == b->memory && a->ephemeral == b->ephemeral;
}

static Rejected *group_find(const Queue *q, uint32_t rejected_by, const Want *want)
{
    for (uint32_t i = 0; i < q->n_groups; i++)
        if (q->groups[i]->rejected_by == rejected_by && want_equal(&q->groups[i]->want, want))
            return q->groups[i];
    return NULL;
}

static Rejected *group_need(Queue *q, uint32_t rejected_by, const Want *want)
{
    static const Want anything = {0};
    Rejected *g = group_find(q, rejected_by, want);

    if (!g && q->n_groups >= GROUPS_MAX && want->is_known)
        return group_need(q, rejected_by, &anything);
    if (g)
        return g;
    g = xcalloc(1, sizeof(*g));
    g->rejected_by = rejected_by;
    g->want = *want;
    list_init(&g->pods);
    GROW(q->groups, q->cap_groups, q->n_groups + 1);
    q->groups[q->n_groups++] = g;
    return g;
}

/* Groups are few while the pods are many: masks are made of what plug-ins say together. */
static void drop_empty_groups(Queue *q)
{
    for (uint32_t i = 0; i < q->n_groups;) {
        if (!list_is_empty(&q->groups[i]->pods)) {
            i++;
            continue;
        }
        free(q->groups[i]);
        q->groups[i] = q->groups[--q->n_groups];
    }
}

static void take_out(Queue *q, Waiting *w)
{
    list_del(&w->link);
    q->counts[w->state]--;
    if (w->state == WAIT_ACTIVE && list_is_empty(&w->lane->pods))
        lane_leave(&q->lanes, w->lane);
}

/* The only writer of w->state, but for its birth. */
static void put_in(Queue *q, Waiting *w, WaitState to, int64_t since_us)
{
    w->state = to;
    w->since_us = since_us;
    q->counts[to]++;
    if (to == WAIT_ACTIVE)
        lane_insert(q, w);
    else if (to == WAIT_BACKOFF)
        insert_by_since(&(w->has_failed ? q->failed : q->backoff)[backoff_level(q, w)], w);
    else if (to == WAIT_UNSCHEDULABLE)
        list_add_tail(&group_need(q, w->rejected_by, &w->want)->pods, &w->link);
    else
        list_add_tail(&q->in_flight, &w->link);
}

static void waiting_set_state(Queue *q, Waiting *w, WaitState to, int64_t since_us)
{
    BUG_ON(!(waiting_next[w->state] & BIT(to)));
    take_out(q, w);
    put_in(q, w, to, since_us);
}

void queue_add(Queue *q, const char *cluster, const char *ns, const char *name, QueuedPod sort,
               bool is_updated, int64_t now_us)
{
    AUTO_FREE char *id = xasprintf("%s/%s/%s", cluster, ns, name);
    Waiting *w = map_get(&q->all, id);

    if (w) {
        if (is_updated && w->state == WAIT_UNSCHEDULABLE)
            waiting_set_state(q, w, WAIT_ACTIVE, now_us);
        w->was_updated = w->was_updated || is_updated;
        return;
    }
    w = xcalloc(1, sizeof(*w));
    w->id = TAKE(id);
    w->cluster = xstrdup(cluster);
    w->ns = xstrdup(ns);
    w->name = xstrdup(name);
    w->sort = sort;
    w->serial = ++q->serial;
    w->lane = lane_need(&q->lanes, cluster);
    w->lane->n++;
    list_init(&w->link);
    map_set(&q->all, w->id, w);
    put_in(q, w, WAIT_ACTIVE, now_us);
}

Waiting *queue_find(Queue *q, const char *id)
{
    return map_get(&q->all, id);
}

void queue_keep(Queue *q, const char *id, Obj *pod, Arena *a, const Value *tree)
{
    Waiting *w = queue_find(q, id);

    if (w) {
        obj_unref(w->obj);
        w->obj = obj_ref(pod);
        drop_tree(q, w);
    }
    if (!w || q->n_trees >= TREES_MAX) {
        arena_free(a);
        return;
    }
    w->arena = a;
    w->tree = tree;
    q->n_trees++;
}

const Value *queue_take_tree(Queue *q, Waiting *w, Arena **ret_arena)
{
    if (!w->arena)
        return NULL;
    *ret_arena = TAKE(w->arena);
    q->n_trees--;
    return TAKE(w->tree);
}

void queue_remove(Queue *q, const char *id)
{
    Waiting *w = map_del(&q->all, id);
    Lane *lane;

    if (!w)
        return;
    lane = w->lane;
    take_out(q, w);
    waiting_free(q, w);
    if (--lane->n == 0)
        lane_drop(&q->lanes, lane);
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

static int64_t backoff_of(const Queue *q, const Waiting *w)
{
    return q->backoff_us[backoff_level(q, w)];
}

static void move_due_of(Queue *q, List *list, int64_t wait_us, int64_t now_us)
{
    while (!list_is_empty(list)) {
        Waiting *w = list_entry(list->next, Waiting, link);

        if (w->since_us + wait_us > now_us)
            break;
        waiting_set_state(q, w, WAIT_ACTIVE, now_us);
    }
}

static void move_due(Queue *q, int64_t now_us)
{
    for (int i = 0; i < q->n_levels; i++) {
        move_due_of(q, &q->backoff[i], q->backoff_us[i], now_us);
        move_due_of(q, &q->failed[i], q->backoff_us[i], now_us);
    }
    for (uint32_t i = 0; i < q->n_groups; i++)
        move_due_of(q, &q->groups[i]->pods, UNSCHEDULABLE_MAX_US, now_us);
}

/* Nobody else has something to do: the one that is due next. */
static void move_earliest(Queue *q, int64_t now_us)
{
    Waiting *first = NULL;
    int64_t due_us = INT64_MAX;

    for (int i = 0; i < q->n_levels; i++) {
        Waiting *w =
            list_is_empty(&q->backoff[i]) ? NULL : list_entry(q->backoff[i].next, Waiting, link);

        if (!w || w->since_us + q->backoff_us[i] >= due_us)
            continue;
        due_us = w->since_us + q->backoff_us[i];
        first = w;
    }
    if (first)
        waiting_set_state(q, first, WAIT_ACTIVE, now_us);
}

Waiting *queue_pop(Queue *q, int64_t now_us)
{
    Lane *lane;
    Waiting *w;

    move_due(q, now_us);
    if (q->lanes.n == 0)
        move_earliest(q, now_us);
    lane = lanes_next(&q->lanes);
    if (!lane)
        return NULL;
    w = list_entry(lane->pods.next, Waiting, link);
    waiting_set_state(q, w, WAIT_IN_FLIGHT, now_us);
    w->attempts++;
    w->popped_at = q->now;
    w->was_updated = false;
    w->has_failed = false;
    w->want = (Want){0};
    return w;
}

void queue_saw_events(Queue *q, Waiting *w)
{
    w->popped_at = q->now;
    w->was_updated = false;
}

void queue_set_share(Queue *q, const char *cluster, double share)
{
    lanes_set_share(&q->lanes, cluster, share);
}

void queue_retry(Queue *q, Waiting *w, int64_t now_us)
{
    lane_failed(&q->lanes, w->lane);
    w->has_failed = true;
    waiting_set_state(q, w, WAIT_BACKOFF, now_us);
}

static bool is_woken_by(uint32_t rejected_by, uint32_t event)
{
    if (rejected_by == 0) /* there was no node at all */
        return true;
    for (uint32_t i = 0; i < scheduler__n_plugins; i++)
        if ((rejected_by & BIT(i)) && (scheduler__plugins[i].wakes & event))
            return true;
    return false;
}

/* What happened since the pod was popped. */
static uint32_t missed_events(const Queue *q, const Waiting *w)
{
    uint32_t events = w->was_updated ? WAKE_POD_UPDATED : 0;

    for (uint32_t i = 0; i < WAKE_BITS; i++)
        if (q->last_event[i] > w->popped_at)
            events |= BIT(i);
    return events;
}

void queue_unschedulable(Queue *q, Waiting *w, uint32_t rejected_by, int64_t now_us)
{
    uint32_t missed = missed_events(q, w);

    lane_failed(&q->lanes, w->lane);
    w->rejected_by = rejected_by;
    if (missed != 0 && is_woken_by(rejected_by, missed))
        waiting_set_state(q, w, WAIT_BACKOFF, now_us);
    else
        waiting_set_state(q, w, WAIT_UNSCHEDULABLE, now_us);
}

static void note_event(Queue *q, uint32_t event)
{
    q->now++;
    for (uint32_t i = 0; i < WAKE_BITS; i++)
        if (event & BIT(i))
            q->last_event[i] = q->now;
}

static void wake(Queue *q, Waiting *w, int64_t now_us)
{
    if (w->since_us + backoff_of(q, w) <= now_us)
        waiting_set_state(q, w, WAIT_ACTIVE, now_us);
    else /* the time it has waited counts */
        waiting_set_state(q, w, WAIT_BACKOFF, w->since_us);
}

static void wake_group(Queue *q, Rejected *g, const char *cluster, int64_t now_us)
{
    list_for_each_safe (l, &g->pods) {
        Waiting *w = list_entry(l, Waiting, link);

        if (!cluster || str_eq(w->cluster, cluster))
            wake(q, w, now_us);
    }
}

void queue_wake(Queue *q, uint32_t event, const char *cluster, int64_t now_us)
{
    note_event(q, event);
    for (uint32_t i = 0; i < q->n_groups; i++)
        if (is_woken_by(q->groups[i]->rejected_by, event))
            wake_group(q, q->groups[i], cluster, now_us);
    drop_empty_groups(q);
}

/* Those whose plug-ins ask for the event only for the room that it may make. */
static bool is_about_room(uint32_t rejected_by, uint32_t event)
{
    for (uint32_t i = 0; i < scheduler__n_plugins; i++)
        if ((rejected_by & BIT(i)) &&
            (scheduler__plugins[i].wakes & event & ~scheduler__plugins[i].wakes_by_room))
            return false;
    return rejected_by != 0;
}

void queue_wake_for_room(Queue *q, uint32_t event, WakeHelpsFn helps, void *data, int64_t now_us)
{
    note_event(q, event);
    for (uint32_t i = 0; i < q->n_groups; i++) {
        Rejected *g = q->groups[i];

        if (is_woken_by(g->rejected_by, event) &&
            (!g->want.is_known || !is_about_room(g->rejected_by, event) || helps(&g->want, data)))
            wake_group(q, g, NULL, now_us);
    }
    drop_empty_groups(q);
}

void queue_wake_one(Queue *q, const char *id, int64_t now_us)
{
    Waiting *w = queue_find(q, id);

    if (w && w->state == WAIT_UNSCHEDULABLE)
        wake(q, w, now_us);
}

static int64_t first_due(const List *list, int64_t wait_us)
{
    return list_is_empty(list) ? INT64_MAX
                               : list_entry(list->next, Waiting, link)->since_us + wait_us;
}

int64_t queue_delay_ms(const Queue *q, int64_t now_us)
{
    int64_t due_us = INT64_MAX;

    if (q->lanes.n > 0)
        return 0;
    for (int i = 0; i < q->n_levels; i++) {
        if (!list_is_empty(&q->backoff[i]))
            return 0;
        due_us = MIN(due_us, first_due(&q->failed[i], q->backoff_us[i]));
    }
    for (uint32_t i = 0; i < q->n_groups; i++)
        due_us = MIN(due_us, first_due(&q->groups[i]->pods, UNSCHEDULABLE_MAX_US));
    if (due_us == INT64_MAX)
        return -1;
    return MAX((due_us - now_us) / 1000 + 1, 1);
}

size_t queue_count(const Queue *q, WaitState state)
{
    return q->counts[state];
}
