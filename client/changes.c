#include "client/changes.h"

#include "base/clock.h"
#include "base/mem.h"

#include <pthread.h>

struct Changes {
    pthread_mutex_t lock; /* guards the rest; a leaf */
    pthread_cond_t changed;
    ChangeItem *items;
    size_t n, cap;
    bool is_woken, is_closed;
    bool is_awaited; /* the taker sleeps until something comes */
};

Changes *changes_new(void)
{
    Changes *c = xcalloc(1, sizeof(*c));
    pthread_condattr_t attr;

    pthread_mutex_init(&c->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&c->changed, &attr);
    pthread_condattr_destroy(&attr);
    return c;
}

static void item_done(ChangeItem *item)
{
    free(item->cluster);
    free(item->storage);
    obj_unref(item->obj);
    obj_unref(item->prev);
}

void change_items_free(ChangeItem *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        item_done(&items[i]);
    free(items);
}

void changes_free(Changes *c)
{
    if (!c)
        return;
    change_items_free(c->items, c->n);
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

void changes_push(Changes *c, const char *cluster, const char *storage, int type, Obj *obj,
                  Obj *prev)
{
    ChangeItem item = {xstrdup(cluster), xstrdup(storage), type, obj_ref(obj),
                       prev ? obj_ref(prev) : NULL};
    bool wakes = false;

    pthread_mutex_lock(&c->lock);
    if (!c->is_closed) {
        GROW(c->items, c->cap, c->n + 1);
        c->items[c->n++] = item;
        item = (ChangeItem){0};
        wakes = c->is_awaited;
        c->is_awaited = false;
    }
    pthread_mutex_unlock(&c->lock);
    if (wakes) /* with the lock free, which the taker needs first */
        pthread_cond_signal(&c->changed);
    item_done(&item);
}

size_t changes_take(Changes *c, int64_t timeout_ms, ChangeItem **ret)
{
    int64_t deadline_us = clock_mono_us() + timeout_ms * 1000;
    struct timespec ts = clock_timespec(deadline_us);
    size_t n;

    pthread_mutex_lock(&c->lock);
    while (c->n == 0 && !c->is_closed && !c->is_woken) {
        c->is_awaited = true;
        if (timeout_ms < 0)
            pthread_cond_wait(&c->changed, &c->lock);
        else if (timeout_ms == 0 || pthread_cond_timedwait(&c->changed, &c->lock, &ts) != 0)
            break;
    }
    c->is_woken = c->is_awaited = false;
    *ret = TAKE(c->items);
    n = c->n;
    c->n = c->cap = 0;
    pthread_mutex_unlock(&c->lock);
    return n;
}

void changes_wake(Changes *c)
{
    pthread_mutex_lock(&c->lock);
    c->is_woken = true;
    pthread_cond_signal(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

void changes_close(Changes *c)
{
    pthread_mutex_lock(&c->lock);
    c->is_closed = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

bool changes_is_closed(Changes *c)
{
    bool is_closed;

    pthread_mutex_lock(&c->lock);
    is_closed = c->is_closed;
    pthread_mutex_unlock(&c->lock);
    return is_closed;
}
