/*
 * DESIGN. A watch reads the ring of its cache by revision: everything above `pos`. While `pos` is
 * below the ring's floor it reads history instead, in pieces fetched by the store thread.
 *
 *     Cache.groups -> WatchGroup (one a loop) -> Watch, Watch, ...
 *     Store.wakers -> LoopWaker  (one a loop) -> groups that have something to read
 *
 * After a commit the store thread puts the groups of the changed caches on their loops' lists and
 * mails each loop once; the loop wakes the watches of those groups. Store.watch_lock guards all
 * lists; it is not held while wake() runs. A group under way keeps the watches still to be woken in
 * `turn`, so that wake() may close any watch.
 */
#include "base/clock.h"
#include "base/fault.h"
#include "base/mem.h"
#include "store/store_int.h"

enum { HISTORY_PIECE = 500 };

typedef struct LoopWaker {
    List link; /* in Store.wakers */
    Store *store;
    Loop *loop;
    List ready; /* WatchGroup.ready_link */
    bool is_dirty, is_posted;
} LoopWaker;

typedef struct WatchGroup {
    List link;       /* in Cache.groups */
    List ready_link; /* in LoopWaker.ready */
    LoopWaker *waker;
    List watches, turn;
    size_t n;
    bool is_running; /* its loop wakes its watches: it frees the group */
} WatchGroup;

struct Watch {
    Cache *cache;
    WatchGroup *group;
    LoopFn wake;
    void *data;
    List link; /* in group->watches or ->turn */
    int64_t pos;
    uint64_t hint;
    bool in_history;     /* reads what was fetched, not the ring */
    bool is_ahead;       /* began above what this server knows: the database tells if it can be */
    HistoryFetch *fetch; /* watch_lock: under way */
    Event **events;      /* watch_lock: fetched, from `next` on */
    size_t next, n;
    int64_t fetched_to; /* watch_lock: pos when the events are used up */
    bool is_fetched;    /* watch_lock */
    int fetch_r;        /* watch_lock */
    Err fetch_err;      /* watch_lock */
};

/* ---- waking ---- */

static void group_free(WatchGroup *g)
{
    list_del(&g->link);
    list_del(&g->ready_link);
    free(g);
}

static void wake_group(Store *s, WatchGroup *g)
{
    List *l;

    g->is_running = true;
    list_splice_tail(&g->turn, &g->watches);
    while ((l = list_pop(&g->turn)) != NULL) {
        Watch *w = list_entry(l, Watch, link);

        list_add_tail(&g->watches, l);
        pthread_mutex_unlock(&s->watch_lock);
        w->wake(w->data);
        pthread_mutex_lock(&s->watch_lock);
    }
    g->is_running = false;
    if (g->n == 0)
        group_free(g);
}

static void on_wake(void *data)
{
    LoopWaker *lw = data;
    Store *s = lw->store;
    List now = LIST_INIT(now), *l;

    pthread_mutex_lock(&s->watch_lock);
    lw->is_posted = false;
    list_splice_tail(&now, &lw->ready);
    while ((l = list_pop(&now)) != NULL)
        wake_group(s, list_entry(l, WatchGroup, ready_link));
    pthread_mutex_unlock(&s->watch_lock);
}

static void mark_group(Store *s, WatchGroup *g)
{
    if (list_is_empty(&g->ready_link))
        list_add_tail(&g->waker->ready, &g->ready_link);
    g->waker->is_dirty = true;
    s->has_dirty_wakers = true;
}

void watch__mark(Cache *k)
{
    Store *s = k->cluster->store;

    pthread_mutex_lock(&s->watch_lock);
    list_for_each (l, &k->groups)
        mark_group(s, list_entry(l, WatchGroup, link));
    pthread_mutex_unlock(&s->watch_lock);
}

void watch__flush(Store *s)
{
    if (!s->has_dirty_wakers)
        return;
    s->has_dirty_wakers = false;
    pthread_mutex_lock(&s->watch_lock);
    list_for_each (l, &s->wakers) {
        LoopWaker *lw = list_entry(l, LoopWaker, link);

        if (!lw->is_dirty)
            continue;
        lw->is_dirty = false;
        if (lw->is_posted)
            continue;
        lw->is_posted = true;
        loop_post(lw->loop, on_wake, lw);
    }
    pthread_mutex_unlock(&s->watch_lock);
}

void watch__free_all(Store *s)
{
    List *l;

    while ((l = list_pop(&s->wakers)) != NULL)
        free(list_entry(l, LoopWaker, link));
}

/* ---- opening and closing ---- */

static LoopWaker *find_waker(Store *s, Loop *loop)
{
    LoopWaker *lw;

    list_for_each (l, &s->wakers) {
        lw = list_entry(l, LoopWaker, link);
        if (lw->loop == loop)
            return lw;
    }
    lw = xcalloc(1, sizeof(*lw));
    lw->store = s;
    lw->loop = loop;
    list_init(&lw->ready);
    list_add_tail(&s->wakers, &lw->link);
    return lw;
}

static WatchGroup *find_group(Store *s, Cache *k, Loop *loop)
{
    WatchGroup *g;

    list_for_each (l, &k->groups) {
        g = list_entry(l, WatchGroup, link);
        if (g->waker->loop == loop)
            return g;
    }
    g = xcalloc(1, sizeof(*g));
    g->waker = find_waker(s, loop);
    list_init(&g->watches);
    list_init(&g->turn);
    list_init(&g->ready_link);
    list_add_tail(&k->groups, &g->link);
    return g;
}

int cache_watch(Cache *k, int64_t from, Loop *loop, LoopFn wake, void *data, Watch **ret, Err *err)
{
    Store *s = k->cluster->store;
    Watch *w;

    if (k->state == CACHE_DEAD || from < k->cluster->pub.oldest)
        return err_set(err, ERR_EXPIRED, "too old resource version: %lld (%lld)", (long long)from,
                       (long long)k->cluster->pub.revision);
    w = xcalloc(1, sizeof(*w));
    w->cache = cache_ref(k);
    w->wake = wake;
    w->data = data;
    w->pos = from;
    w->is_ahead = from > k->cluster->pub.revision && from > cache_changed(k);
    pthread_mutex_lock(&s->watch_lock);
    w->group = find_group(s, k, loop);
    list_add_tail(&w->group->watches, &w->link);
    w->group->n++;
    k->n_watches++;
    pthread_mutex_unlock(&s->watch_lock);
    s->n_watches++;
    *ret = w;
    return 0;
}

static void drop_events(Watch *w)
{
    for (size_t i = w->next; i < w->n; i++)
        event_unref(w->events[i]);
    free(w->events);
    w->events = NULL;
    w->next = w->n = 0;
}

void watch_close(Watch *w)
{
    Store *s;
    WatchGroup *g;

    if (!w)
        return;
    s = w->cache->cluster->store;
    pthread_mutex_lock(&s->watch_lock);
    if (w->fetch)
        w->fetch->data = NULL; /* it frees itself */
    g = w->group;
    list_del(&w->link);
    w->cache->n_watches--;
    if (--g->n == 0 && !g->is_running)
        group_free(g);
    pthread_mutex_unlock(&s->watch_lock);
    s->n_watches--;
    drop_events(w);
    w->cache->used_us = clock_mono_us();
    cache_unref(w->cache);
    free(w);
}

/* ---- reading ---- */

static void on_fetched(HistoryFetch *f, int r, const Err *err)
{
    Store *s = f->cache->cluster->store;
    Watch *w;

    pthread_mutex_lock(&s->watch_lock);
    w = f->data;
    if (w) {
        w->fetch = NULL;
        w->fetch_r = r == -ERR_UNAVAILABLE ? 0 : r; /* that is tried again */
        if (r < 0) {
            w->fetch_err = *err;
        } else {
            if (f->n > 1 && FAULT("store.plant.reorder")) {
                Event *first = f->events[0];

                f->events[0] = f->events[1];
                f->events[1] = first;
            }
            w->events = TAKE(f->events);
            w->next = 0;
            w->n = f->n;
            f->n = 0;
            w->fetched_to = f->revision;
            w->is_fetched = true;
        }
        mark_group(s, w->group);
    }
    pthread_mutex_unlock(&s->watch_lock);
    watch__flush(s);
    for (size_t i = 0; i < f->n; i++)
        event_unref(f->events[i]);
    free(f->events);
    cache_unref(f->cache);
    free(f);
}

/* With watch_lock held. */
static void fetch(Watch *w)
{
    HistoryFetch *f = xcalloc(1, sizeof(*f));

    f->cache = cache_ref(w->cache);
    f->from = w->pos;
    f->limit = HISTORY_PIECE;
    f->done = on_fetched;
    f->data = w;
    w->fetch = f;
    load__history(f);
}

/* From history: 1 and an event, 0 wait, negative failed, 2: the ring may go on. */
static int next_from_history(Watch *w, Event **ret, Err *err)
{
    Store *s = w->cache->cluster->store;
    int r = 0;

    pthread_mutex_lock(&s->watch_lock);
    if (w->fetch) {
        r = 0;
    } else if (w->fetch_r < 0) {
        r = w->fetch_r;
        if (err)
            *err = w->fetch_err;
    } else if (w->next < w->n) {
        *ret = w->events[w->next++];
        w->pos = (*ret)->revision;
        r = 1;
    } else if (w->is_fetched) {
        w->pos = MAX(w->pos, w->fetched_to);
        drop_events(w);
        w->in_history = w->is_ahead = w->is_fetched = false;
        r = 2;
    } else {
        w->in_history = true;
        fetch(w);
    }
    pthread_mutex_unlock(&s->watch_lock);
    return r;
}

int watch_next(Watch *w, Event **ret, Err *err)
{
    Cache *k = w->cache;
    int r;

    for (;;) {
        Event *e = NULL;
        bool is_in_ring;

        if (k->state == CACHE_DEAD)
            return err_set(err, ERR_EXPIRED, "too old resource version: %lld (%lld)",
                           (long long)w->pos, (long long)k->cluster->pub.revision);
        pthread_rwlock_rdlock(&k->lock);
        is_in_ring = !w->in_history && !w->is_ahead && w->pos >= k->ring.floor;
        if (is_in_ring) {
            e = ring_after(&k->ring, w->pos, &w->hint);
            if (e)
                event_ref(e);
        }
        pthread_rwlock_unlock(&k->lock);
        if (e) {
            w->pos = e->revision;
            *ret = e;
            return 1;
        }
        if (is_in_ring)
            return 0;
        r = next_from_history(w, ret, err);
        if (r != 2)
            return r;
    }
}

int64_t watch_progress(Watch *w)
{
    Cache *k = w->cache;
    int64_t progress = w->pos;

    pthread_rwlock_rdlock(&k->lock);
    if (k->state == CACHE_READY && !w->in_history && w->pos >= k->ring.floor &&
        w->pos >= k->changed)
        progress = MAX(progress, k->cluster->pub.revision);
    pthread_rwlock_unlock(&k->lock);
    return progress;
}
