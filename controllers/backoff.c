#include "controllers/backoff.h"

#include "base/lru.h"
#include "base/mem.h"

#include <pthread.h>

typedef struct Entry {
    int64_t delay_us, tried_us;
} Entry;

struct Backoffs {
    int64_t first_us, max_us;
    pthread_mutex_t lock; /* guards entries; a leaf */
    Lru entries;
};

Backoffs *backoffs_new(int64_t first_us, int64_t max_us)
{
    Backoffs *b = xcalloc(1, sizeof(*b));

    b->first_us = first_us;
    b->max_us = max_us;
    pthread_mutex_init(&b->lock, NULL);
    lru_init(&b->entries, BACKOFFS_MAX, free);
    return b;
}

void backoffs_free(Backoffs *b)
{
    if (!b)
        return;
    lru_done(&b->entries);
    pthread_mutex_destroy(&b->lock);
    free(b);
}

static bool has_lapsed(const Backoffs *b, const Entry *e, int64_t now_us)
{
    return now_us - e->tried_us > 2 * b->max_us;
}

int64_t backoff_left_us(Backoffs *b, const char *name, int64_t now_us)
{
    const Entry *e;
    int64_t left_us = 0;

    pthread_mutex_lock(&b->lock);
    e = lru_get(&b->entries, name);
    if (e && !has_lapsed(b, e, now_us))
        left_us = MAX(e->tried_us + e->delay_us - now_us, 0);
    pthread_mutex_unlock(&b->lock);
    return left_us;
}

void backoff_tried(Backoffs *b, const char *name, int64_t now_us)
{
    Entry *e;

    pthread_mutex_lock(&b->lock);
    e = lru_get(&b->entries, name);
    if (!e) {
        e = xcalloc(1, sizeof(*e));
        lru_set(&b->entries, name, e);
        e->delay_us = b->first_us;
    } else {
        e->delay_us = has_lapsed(b, e, now_us) ? b->first_us : MIN(e->delay_us * 2, b->max_us);
    }
    e->tried_us = now_us;
    pthread_mutex_unlock(&b->lock);
}
