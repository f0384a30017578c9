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
 *
 * Clients that lost their connections together read the same history together. So a piece of it is
 * fetched once, and its events and their encodings are shared by all watches that come by: those
 * that wait for it and those that come within KEEP_US after the last has left.
 *
 *     Cache.pieces -> Piece (from, to] -> events          Store.idle_pieces -> those without
 * watches
 */
#include "base/clock.h"
#include "base/fault.h"
#include "base/mem.h"
#include "store/store_int.h"

enum {
    HISTORY_PIECE = 500,
    KEEP_US = 1000 * 1000,
    KEEP_PIECES = 4,              /* without watches, of all caches, */
    KEEP_BYTES = 4 * 1024 * 1024, /* each of no more */
};

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

/* Guarded by watch_lock; once is_done nothing changes but the count and the links. */
typedef struct Piece {
    List link;      /* in Cache.pieces; alone: failed */
    List idle_link; /* in Store.idle_pieces while no watch has it */
    Cache *cache;   /* a reference */
    List waiting;   /* Watch.piece_link, until is_done */
    size_t refs;    /* of watches and of the fetch */
    bool is_done;
    int64_t from, to; /* its events are all those of the resource in between */
    Event **events;
    size_t n, bytes;
    int64_t idle_us;
    int r;
    Err err;
} Piece;

struct Watch {
    Cache *cache;
    WatchGroup *group;
    LoopFn wake;
    void *data;
    List link; /* in group->watches or ->turn */
    int64_t pos;
    uint64_t hint;
    bool in_history; /* reads a piece, not the ring */
    bool is_ahead;   /* began above what this server knows: the database tells if it can be */
    Piece *piece;    /* watch_lock: what it reads or waits for */
    size_t next;     /* in its events */
    List piece_link; /* in piece->waiting, or alone */
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
    list_init(&w->piece_link);
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

/* ---- pieces of history ---- */

static void piece_free(Piece *p)
{
    for (size_t i = 0; i < p->n; i++)
        event_unref(p->events[i]);
    free(p->events);
    cache_unref(p->cache);
    free(p);
}

/* With watch_lock held. Returns what the caller frees without it, or NULL. */
static Piece *piece_unref(Store *s, Piece *p)
{
    Piece *oldest;

    if (--p->refs > 0)
        return NULL;
    if (list_is_empty(&p->link) || p->bytes > KEEP_BYTES || s->is_closing) {
        list_del(&p->link);
        return p;
    }
    p->idle_us = clock_mono_us();
    list_add_tail(&s->idle_pieces, &p->idle_link);
    if (++s->n_idle_pieces <= KEEP_PIECES)
        return NULL;
    oldest = list_entry(list_pop(&s->idle_pieces), Piece, idle_link);
    s->n_idle_pieces--;
    list_del(&oldest->link);
    return oldest;
}

void watch__tick(Store *s)
{
    int64_t before = s->is_closing ? INT64_MAX : clock_mono_us() - KEEP_US;
    List old = LIST_INIT(old), *l;

    pthread_mutex_lock(&s->watch_lock);
    list_for_each_safe (at, &s->idle_pieces) {
        Piece *p = list_entry(at, Piece, idle_link);

        if (p->idle_us > before)
            break;
        list_del(&p->link);
        list_del(at);
        list_add_tail(&old, at);
        s->n_idle_pieces--;
    }
    pthread_mutex_unlock(&s->watch_lock);
    while ((l = list_pop(&old)) != NULL)
        piece_free(list_entry(l, Piece, idle_link));
}

static void on_fetched(HistoryFetch *f, int r, const Err *err)
{
    Store *s = f->cache->cluster->store;
    Piece *p = f->data, *left;
    List *l;

    if (f->n > 1 && FAULT("store.plant.reorder")) {
        Event *first = f->events[0];

        f->events[0] = f->events[1];
        f->events[1] = first;
    }
    pthread_mutex_lock(&s->watch_lock);
    p->is_done = true;
    p->r = r;
    if (r < 0) {
        p->err = *err;
        list_del(&p->link);
    } else {
        p->events = TAKE(f->events);
        p->n = f->n;
        f->n = 0;
        p->to = f->revision;
        for (size_t i = 0; i < p->n; i++)
            p->bytes += p->events[i]->obj->text_len;
    }
    while ((l = list_pop(&p->waiting)) != NULL)
        mark_group(s, list_entry(l, Watch, piece_link)->group);
    left = piece_unref(s, p);
    pthread_mutex_unlock(&s->watch_lock);
    watch__flush(s);
    for (size_t i = 0; i < f->n; i++)
        event_unref(f->events[i]);
    free(f->events);
    cache_unref(f->cache);
    free(f);
    if (left)
        piece_free(left);
}

static Piece *piece_fetch(Cache *k, int64_t from)
{
    HistoryFetch *f = xcalloc(1, sizeof(*f));
    Piece *p = xcalloc(1, sizeof(*p));

    p->cache = cache_ref(k);
    p->from = from;
    p->refs = 1; /* of the fetch */
    list_init(&p->idle_link);
    list_init(&p->waiting);
    list_add_tail(&k->pieces, &p->link);
    f->cache = cache_ref(k);
    f->from = from;
    f->limit = HISTORY_PIECE;
    f->done = on_fetched;
    f->data = p;
    load__history(f);
    k->cluster->store->n_history_reads++;
    return p;
}

static Piece *piece_find(const Cache *k, int64_t pos)
{
    list_for_each (l, &k->pieces) {
        Piece *p = list_entry(l, Piece, link);

        if (p->is_done ? p->from <= pos && pos < p->to : p->from == pos)
            return p;
    }
    return NULL;
}

/* With watch_lock held: the one that has what follows, there or on its way. */
static void piece_take(Store *s, Watch *w)
{
    Piece *p = piece_find(w->cache, w->pos);

    if (!p)
        p = piece_fetch(w->cache, w->pos);
    p->refs++;
    if (!list_is_empty(&p->idle_link)) {
        list_del(&p->idle_link);
        s->n_idle_pieces--;
    }
    w->piece = p;
    w->next = 0;
    if (!p->is_done)
        list_add_tail(&p->waiting, &w->piece_link);
    while (w->next < p->n && p->events[w->next]->revision <= w->pos)
        w->next++;
}

/* With watch_lock held; as piece_unref(). */
static Piece *piece_leave(Store *s, Watch *w)
{
    list_del(&w->piece_link);
    return w->piece ? piece_unref(s, TAKE(w->piece)) : NULL;
}

void watch_close(Watch *w)
{
    Store *s;
    WatchGroup *g;
    Piece *left;

    if (!w)
        return;
    s = w->cache->cluster->store;
    pthread_mutex_lock(&s->watch_lock);
    left = piece_leave(s, w);
    g = w->group;
    list_del(&w->link);
    w->cache->n_watches--;
    if (--g->n == 0 && !g->is_running)
        group_free(g);
    pthread_mutex_unlock(&s->watch_lock);
    s->n_watches--;
    if (left)
        piece_free(left);
    w->cache->used_us = clock_mono_us();
    cache_unref(w->cache);
    free(w);
}

/* ---- reading ---- */

/* From history: 1 and an event, 0 wait, negative failed, 2: the ring may go on. */
static int next_from_history(Watch *w, Event **ret, Err *err)
{
    Store *s = w->cache->cluster->store;
    Piece *left = NULL, *p;
    int r = 0;

    pthread_mutex_lock(&s->watch_lock);
    w->in_history = true;
    if (w->piece && w->piece->r == -ERR_UNAVAILABLE)
        left = piece_leave(s, w); /* that is tried again */
    if (!w->piece)
        piece_take(s, w);
    p = w->piece;
    if (!p->is_done) {
        r = 0;
    } else if (p->r < 0) {
        r = p->r;
        if (err)
            *err = p->err;
    } else if (w->next < p->n) {
        *ret = event_ref(p->events[w->next++]);
        w->pos = (*ret)->revision;
        r = 1;
    } else {
        w->pos = MAX(w->pos, p->to);
        left = piece_leave(s, w);
        w->in_history = w->is_ahead = false;
        r = 2;
    }
    pthread_mutex_unlock(&s->watch_lock);
    if (left)
        piece_free(left);
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
