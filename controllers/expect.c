#include "controllers/expect.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"

#include <pthread.h>

enum { EXPECT_TIMEOUT_US = 300 * 1000000 };

typedef struct Entry {
    int creations;
    Map deletions; /* uid -> itself */
    int64_t set_us;
} Entry;

struct Expectations {
    pthread_mutex_t lock; /* guards entries; a leaf */
    Map entries;
};

static void entry_free(void *p)
{
    Entry *entry = p;

    map_done(&entry->deletions);
    free(entry);
}

Expectations *expect_new(void)
{
    Expectations *e = xcalloc(1, sizeof(*e));

    pthread_mutex_init(&e->lock, NULL);
    e->entries.free_value = entry_free;
    return e;
}

void expect_free(Expectations *e)
{
    if (!e)
        return;
    map_done(&e->entries);
    pthread_mutex_destroy(&e->lock);
    free(e);
}

static void write_id(const WorkKey *k, Buf *out)
{
    buf_addf(out, "%u|%s|%s|%s", k->kind, k->cluster, k->ns, k->name);
}

/* Called with the lock held. NULL when there is none and `make` is false. */
static Entry *entry_at(Expectations *e, const WorkKey *key, bool make)
{
    AUTO_BUF id = BUF_INIT;
    Entry *entry;

    write_id(key, &id);
    entry = map_getn(&e->entries, buf_slice(&id));
    if (!entry && make) {
        entry = xcalloc(1, sizeof(*entry));
        map_setn(&e->entries, buf_slice(&id), entry);
    }
    return entry;
}

static void drop(Expectations *e, const WorkKey *key)
{
    AUTO_BUF id = BUF_INIT;
    Entry *entry;

    write_id(key, &id);
    entry = map_del(&e->entries, buf_str(&id));
    if (entry)
        entry_free(entry);
}

static void drop_if_met(Expectations *e, const WorkKey *key, const Entry *entry)
{
    if (entry->creations <= 0 && entry->deletions.n == 0)
        drop(e, key);
}

bool expect_is_met(Expectations *e, const WorkKey *key, int64_t now_us)
{
    const Entry *entry;
    bool is_met = true;

    pthread_mutex_lock(&e->lock);
    entry = entry_at(e, key, false);
    if (entry && now_us - entry->set_us > EXPECT_TIMEOUT_US)
        drop(e, key);
    else if (entry)
        is_met = entry->creations <= 0 && entry->deletions.n == 0;
    pthread_mutex_unlock(&e->lock);
    return is_met;
}

void expect_creations(Expectations *e, const WorkKey *key, int n, int64_t now_us)
{
    Entry *entry;

    pthread_mutex_lock(&e->lock);
    entry = entry_at(e, key, true);
    entry->creations += n;
    entry->set_us = now_us;
    pthread_mutex_unlock(&e->lock);
}

void expect_deletion(Expectations *e, const WorkKey *key, const char *uid, int64_t now_us)
{
    Entry *entry;

    pthread_mutex_lock(&e->lock);
    entry = entry_at(e, key, true);
    map_set(&entry->deletions, uid, entry);
    entry->set_us = now_us;
    pthread_mutex_unlock(&e->lock);
}

void expect_saw_creation(Expectations *e, const WorkKey *key)
{
    Entry *entry;

    pthread_mutex_lock(&e->lock);
    entry = entry_at(e, key, false);
    if (entry) {
        entry->creations--;
        drop_if_met(e, key, entry);
    }
    pthread_mutex_unlock(&e->lock);
}

void expect_saw_deletion(Expectations *e, const WorkKey *key, const char *uid)
{
    Entry *entry;

    pthread_mutex_lock(&e->lock);
    entry = entry_at(e, key, false);
    if (entry) {
        map_del(&entry->deletions, uid);
        drop_if_met(e, key, entry);
    }
    pthread_mutex_unlock(&e->lock);
}

void expect_forget(Expectations *e, const WorkKey *key)
{
    pthread_mutex_lock(&e->lock);
    drop(e, key);
    pthread_mutex_unlock(&e->lock);
}

void expect_drop_cluster(Expectations *e, const char *cluster)
{
    AUTO_FREE char *part = xasprintf("|%s|", cluster);
    const char *id, *bar;

    pthread_mutex_lock(&e->lock);
    for (size_t at = 0; map_next(&e->entries, &at, &id, NULL);) {
        bar = strchr(id, '|'); /* the number of the controller comes before it */
        if (bar && str_starts(bar, part))
            entry_free(map_del(&e->entries, id));
    }
    pthread_mutex_unlock(&e->lock);
}
