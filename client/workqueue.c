#include "client/workqueue.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"

#include <pthread.h>

enum { BACKOFF_BASE_MS = 5, BACKOFF_MAX_MS = 1000000 };

/*
 * An item exists while something is to be remembered of it: it is ready, with a worker, waiting for
 * its time, or has failures.
 */
typedef struct Item {
    WorkKey key; /* first: workqueue_get() gives it out */
    char *id;    /* its name in queue->items */
    List ready;  /* in turn->ready; alone when not ready */
    struct Turn *turn;
    bool is_running;   /* a worker has it */
    bool is_wanted;    /* added while running */
    int64_t due_us;    /* 0: not waiting */
    size_t heap_index; /* position in the heap while due_us is not 0 */
    int n_failures;
} Item;

/* One cluster's ready items. */
typedef struct Turn {
    List link; /* in queue->turns while it has ready items */
    List ready;
    size_t n_items; /* items that point here */
    unsigned n_running;
    char *cluster;
} Turn;

struct WorkQueue {
    WorkQueueOptions o;
    pthread_mutex_t lock; /* guards all below; a leaf */
    pthread_cond_t changed;
    Map items; /* id -> Item */
    Map clusters;
    List turns; /* clusters with ready items, the next one first */
    Item **heap;
    size_t n_heap, cap_heap;
    size_t n_ready;
    bool is_down;
};

/* ---- the heap of waiting items, earliest first ---- */

static void heap_put(WorkQueue *q, size_t i, Item *item)
{
    q->heap[i] = item;
    item->heap_index = i;
}

static void heap_up(WorkQueue *q, size_t i)
{
    Item *item = q->heap[i];

    while (i > 0 && q->heap[(i - 1) / 2]->due_us > item->due_us) {
        heap_put(q, i, q->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    heap_put(q, i, item);
}

static void heap_down(WorkQueue *q, size_t i)
{
    Item *item = q->heap[i];

    for (;;) {
        size_t child = 2 * i + 1;

        if (child + 1 < q->n_heap && q->heap[child + 1]->due_us < q->heap[child]->due_us)
            child++;
        if (child >= q->n_heap || q->heap[child]->due_us >= item->due_us)
            break;
        heap_put(q, i, q->heap[child]);
        i = child;
    }
    heap_put(q, i, item);
}

static void heap_remove(WorkQueue *q, Item *item)
{
    size_t i = item->heap_index;

    if (item->due_us == 0)
        return;
    item->due_us = 0;
    q->n_heap--;
    if (i == q->n_heap)
        return;
    heap_put(q, i, q->heap[q->n_heap]);
    heap_up(q, i);
    heap_down(q, q->heap[i]->heap_index);
}

static void heap_add(WorkQueue *q, Item *item, int64_t due_us)
{
    if (item->due_us != 0) {
        if (item->due_us <= due_us)
            return;
        heap_remove(q, item);
    }
    GROW(q->heap, q->cap_heap, q->n_heap + 1);
    item->due_us = due_us;
    heap_put(q, q->n_heap++, item);
    heap_up(q, item->heap_index);
}

/* ---- items ---- */

static void write_id(const WorkKey *k, Buf *out)
{
    buf_addf(out, "%u|%s|%s|%s", k->kind, k->cluster, k->ns, k->name);
}

static Item *item_find(WorkQueue *q, const WorkKey *key)
{
    AUTO_BUF id = BUF_INIT;

    write_id(key, &id);
    return map_getn(&q->items, buf_slice(&id));
}

static Turn *turn_of(WorkQueue *q, const char *cluster)
{
    Turn *t = map_get(&q->clusters, cluster);

    if (t)
        return t;
    t = xcalloc(1, sizeof(*t));
    list_init(&t->link);
    list_init(&t->ready);
    t->cluster = xstrdup(cluster);
    map_set(&q->clusters, cluster, t);
    return t;
}

static Item *item_need(WorkQueue *q, const WorkKey *key)
{
    Item *item = item_find(q, key);
    AUTO_BUF id = BUF_INIT;

    if (item)
        return item;
    write_id(key, &id);
    item = xcalloc(1, sizeof(*item));
    item->id = buf_take(&id);
    item->key = (WorkKey){key->kind, xstrdup(key->cluster), xstrdup(key->ns), xstrdup(key->name)};
    list_init(&item->ready);
    item->turn = turn_of(q, key->cluster);
    item->turn->n_items++;
    map_set(&q->items, item->id, item);
    return item;
}

static void turn_free(Turn *t)
{
    free(t->cluster);
    free(t);
}

static void item_free(Item *item)
{
    free((char *)item->key.cluster);
    free((char *)item->key.ns);
    free((char *)item->key.name);
    free(item->id);
    free(item);
}

static bool item_is_ready(const Item *item)
{
    return !list_is_empty(&item->ready);
}

/* Forget an item of which there is nothing to remember. */
static void item_settle(WorkQueue *q, Item *item)
{
    Turn *t = item->turn;

    if (item_is_ready(item) || item->is_running || item->due_us != 0 || item->n_failures > 0)
        return;
    map_del(&q->items, item->id);
    item_free(item);
    if (--t->n_items == 0) {
        map_del(&q->clusters, t->cluster);
        turn_free(t);
    }
}

static void item_make_ready(WorkQueue *q, Item *item)
{
    Turn *t = item->turn;

    heap_remove(q, item);
    if (item->is_running) {
        item->is_wanted = true;
        return;
    }
    if (item_is_ready(item))
        return;
    if (list_is_empty(&t->ready))
        list_add_tail(&q->turns, &t->link);
    list_add_tail(&t->ready, &item->ready);
    q->n_ready++;
    pthread_cond_signal(&q->changed);
}

/* ---- the interface ---- */

WorkQueue *workqueue_new(const WorkQueueOptions *o)
{
    WorkQueue *q = xcalloc(1, sizeof(*q));
    pthread_condattr_t attr;

    if (o)
        q->o = *o;
    if (q->o.backoff_base_ms == 0)
        q->o.backoff_base_ms = BACKOFF_BASE_MS;
    if (q->o.backoff_max_ms == 0)
        q->o.backoff_max_ms = BACKOFF_MAX_MS;
    if (!q->o.now_us)
        q->o.now_us = clock_mono_us;
    pthread_mutex_init(&q->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&q->changed, &attr);
    pthread_condattr_destroy(&attr);
    list_init(&q->turns);
    return q;
}

void workqueue_free(WorkQueue *q)
{
    Item *item;
    Turn *t;

    if (!q)
        return;
    for (size_t at = 0; map_next(&q->items, &at, NULL, (void **)&item);)
        item_free(item);
    for (size_t at = 0; map_next(&q->clusters, &at, NULL, (void **)&t);)
        turn_free(t);
    map_done(&q->items);
    map_done(&q->clusters);
    free(q->heap);
    pthread_cond_destroy(&q->changed);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

void workqueue_add(WorkQueue *q, const WorkKey *key)
{
    pthread_mutex_lock(&q->lock);
    if (!q->is_down)
        item_make_ready(q, item_need(q, key));
    pthread_mutex_unlock(&q->lock);
}

void workqueue_add_after(WorkQueue *q, const WorkKey *key, int64_t delay_ms)
{
    Item *item;

    if (delay_ms <= 0) {
        workqueue_add(q, key);
        return;
    }
    pthread_mutex_lock(&q->lock);
    if (!q->is_down) {
        item = item_need(q, key);
        if (!item_is_ready(item)) {
            heap_add(q, item, q->o.now_us() + delay_ms * 1000);
            pthread_cond_signal(&q->changed);
        }
    }
    pthread_mutex_unlock(&q->lock);
}

void workqueue_add_rate_limited(WorkQueue *q, const WorkKey *key)
{
    int64_t delay_ms = q->o.backoff_base_ms;
    Item *item;

    pthread_mutex_lock(&q->lock);
    if (!q->is_down) {
        item = item_need(q, key);
        for (int i = 0; i < item->n_failures && delay_ms < q->o.backoff_max_ms; i++)
            delay_ms *= 2;
        item->n_failures++;
        if (!item_is_ready(item)) {
            heap_add(q, item, q->o.now_us() + MIN(delay_ms, q->o.backoff_max_ms) * 1000);
            pthread_cond_signal(&q->changed);
        }
    }
    pthread_mutex_unlock(&q->lock);
}

void workqueue_forget(WorkQueue *q, const WorkKey *key)
{
    Item *item;

    pthread_mutex_lock(&q->lock);
    item = item_find(q, key);
    if (item) {
        item->n_failures = 0;
        item_settle(q, item);
    }
    pthread_mutex_unlock(&q->lock);
}

int workqueue_failures(WorkQueue *q, const WorkKey *key)
{
    const Item *item;
    int n;

    pthread_mutex_lock(&q->lock);
    item = item_find(q, key);
    n = item ? item->n_failures : 0;
    pthread_mutex_unlock(&q->lock);
    return n;
}

static void move_due(WorkQueue *q)
{
    int64_t now = q->n_heap > 0 ? q->o.now_us() : 0;

    while (q->n_heap > 0 && q->heap[0]->due_us <= now)
        item_make_ready(q, q->heap[0]);
}

static Item *next_ready(WorkQueue *q)
{
    Turn *t = NULL;
    Item *item;

    list_for_each (l, &q->turns) {
        t = list_entry(l, Turn, link);
        if (q->o.max_running == 0 || t->n_running < q->o.max_running)
            break;
        t = NULL;
    }
    if (!t)
        return NULL;
    list_del(&t->link);
    item = list_entry(list_pop(&t->ready), Item, ready);
    t->n_running++;
    if (!list_is_empty(&t->ready))
        list_add_tail(&q->turns, &t->link);
    q->n_ready--;
    item->is_running = true;
    return item;
}

static void wait_until(WorkQueue *q, int64_t deadline_us)
{
    struct timespec ts = clock_timespec(deadline_us);

    if (deadline_us == INT64_MAX)
        pthread_cond_wait(&q->changed, &q->lock);
    else
        pthread_cond_timedwait(&q->changed, &q->lock, &ts);
}

const WorkKey *workqueue_get(WorkQueue *q, int64_t timeout_ms)
{
    int64_t limit = timeout_ms < 0 ? INT64_MAX : clock_mono_us() + timeout_ms * 1000;
    Item *item = NULL;

    pthread_mutex_lock(&q->lock);
    for (;;) {
        int64_t wake = limit;

        if (q->is_down)
            break;
        move_due(q);
        item = next_ready(q);
        if (item || clock_mono_us() >= limit)
            break;
        if (q->n_heap > 0)
            wake = MIN(wake, q->heap[0]->due_us);
        wait_until(q, wake);
    }
    pthread_mutex_unlock(&q->lock);
    return item ? &item->key : NULL;
}

void workqueue_done(WorkQueue *q, const WorkKey *key)
{
    Item *item = container_of(key, Item, key);

    pthread_mutex_lock(&q->lock);
    BUG_ON(!item->is_running);
    item->is_running = false;
    item->turn->n_running--;
    if (!list_is_empty(&item->turn->ready))
        pthread_cond_signal(&q->changed); /* its turn may have waited for this */
    if (item->is_wanted) {
        item->is_wanted = false;
        item_make_ready(q, item);
    }
    item_settle(q, item);
    pthread_mutex_unlock(&q->lock);
}

void workqueue_shutdown(WorkQueue *q)
{
    pthread_mutex_lock(&q->lock);
    q->is_down = true;
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->lock);
}

size_t workqueue_len(WorkQueue *q)
{
    size_t n;

    pthread_mutex_lock(&q->lock);
    n = q->n_ready;
    pthread_mutex_unlock(&q->lock);
    return n;
}
