/*
 * DESIGN. What a cache is at one moment is a share of its index (objindex_share()): a pointer a
 * chunk. All walks that begin while the cache does not change have one together; a walk of its own
 * is a place in it.
 *
 *     Cache.snapshots -> oldest, ..., newest
 *
 * The newest is given to the next walk, if it is still what the cache is.
 *
 * A snapshot keeps what it shows in memory: objects that have been replaced or deleted since, and
 * chunks that had to be copied. Each such byte is counted with the newest snapshot there was when
 * it ceased to be the cache's own (Snapshot.pinned), and goes over to the one before when that
 * snapshot ends, which may show it as well. When those of a cluster are more than pinned_max, the
 * oldest of the cache that changed ends, unless that one has little: walks in it are told
 * ERR_EXPIRED, as watches are that history does not reach back to. So who begins watches and does
 * not read them holds that much, and a place for each.
 *
 * The lock of the cache guards all of it; chunks are freed without it.
 */
#include "base/mem.h"
#include "store/store_int.h"

enum {
    FREE_PART = 16,          /* a cache with less of pinned_max does not pay for what others hold */
    OBJ_BYTES = 256,         /* what an object takes beside its text, about */
    WALK_BYTES = 256 * 1024, /* what a walk that nobody reads from holds of text, about */
};

typedef struct Snapshot {
    List link; /* in Cache.snapshots; alone: it has ended */
    size_t n_walks;
    ObjIndex index;
    int64_t state;        /* the cache's last change in it */
    size_t bytes, pinned; /* what it takes itself, and what it keeps from being freed */
} Snapshot;

struct CacheWalk {
    Cache *cache;
    Snapshot *snapshot;
    ObjPos pos;
    char *ns; /* NULL: all */
};

static Snapshot *newest(Cache *k)
{
    return list_is_empty(&k->snapshots) ? NULL : list_entry(k->snapshots.prev, Snapshot, link);
}

static void pin(Cache *k, size_t bytes)
{
    k->pinned += bytes;
    k->cluster->pinned += bytes;
}

static void unpin(Cache *k, size_t bytes)
{
    k->pinned -= bytes;
    k->cluster->pinned -= bytes;
}

/* With the cache's lock held for writing. */
static Snapshot *snapshot_now(Cache *k)
{
    Snapshot *s = newest(k);

    if (s && s->state == cache__state(k))
        return s;
    s = xcalloc(1, sizeof(*s));
    objindex_share(&k->index, &s->index);
    s->state = cache__state(k);
    s->bytes = sizeof(*s) + s->index.n_chunks * sizeof(ObjChunk *);
    pin(k, s->bytes);
    list_add_tail(&k->snapshots, &s->link);
    return s;
}

/* Takes it out of the cache: what it keeps is to be freed by the caller, without the lock. */
static ObjIndex snapshot_end(Cache *k, Snapshot *s)
{
    ObjIndex index = s->index;
    size_t freed = s->bytes;

    if (s->link.prev == &k->snapshots)
        freed += s->pinned;
    else
        list_entry(s->link.prev, Snapshot, link)->pinned += s->pinned;
    unpin(k, freed);
    list_del(&s->link);
    s->index = (ObjIndex){0};
    return index;
}

ObjIndex snapshot__changed(Cache *k, const Obj *old, size_t copied)
{
    Snapshot *s = newest(k);
    size_t more = copied, max = k->cluster->store->pinned_max;

    if (!s)
        return (ObjIndex){0};
    if (old && old->revision <= s->state)
        more += old->text_len + OBJ_BYTES;
    s->pinned += more;
    pin(k, more);
    if (k->cluster->pinned <= max || k->pinned <= max / FREE_PART)
        return (ObjIndex){0};
    return snapshot_end(k, list_entry(k->snapshots.next, Snapshot, link));
}

CacheWalk *cache_walk(Cache *k, const char *ns, int64_t *ret_revision)
{
    CacheWalk *w = xcalloc(1, sizeof(*w));

    w->cache = cache_ref(k);
    w->ns = ns ? xstrdup(ns) : NULL;
    pthread_rwlock_wrlock(&k->lock);
    *ret_revision = cache__revision(k);
    w->snapshot = snapshot_now(k);
    w->snapshot->n_walks++;
    w->pos = objindex_seek(&w->snapshot->index, ns ? ns : "", "", false);
    pthread_rwlock_unlock(&k->lock);
    return w;
}

int cache_walk_next(CacheWalk *w, size_t max, ObjVec *ret, Err *err)
{
    Cache *k = w->cache;
    Snapshot *s = w->snapshot;
    size_t bytes = 0;
    bool is_over;
    Obj *o = NULL;

    pthread_rwlock_rdlock(&k->lock);
    is_over = list_is_empty(&s->link) || k->state == CACHE_DEAD;
    for (size_t n = 0; n < max && bytes < WALK_BYTES && !is_over; n++) {
        o = objindex_next(&s->index, &w->pos);
        if (!o || (w->ns && strcmp(o->ns, w->ns) != 0))
            break;
        bytes += o->text_len;
        objvec_add(ret, pack__ref(o));
    }
    pthread_rwlock_unlock(&k->lock);
    pack__whole_all(k, ret, 0);
    if (is_over)
        return err_set(err, ERR_EXPIRED, "too old resource version: %lld (%lld)",
                       (long long)s->state, (long long)k->cluster->pub.revision);
    return ret->n > 0;
}

void cache_walk_free(CacheWalk *w)
{
    ObjIndex index = {0};
    Snapshot *s;
    bool is_last;

    if (!w)
        return;
    s = w->snapshot;
    pthread_rwlock_wrlock(&w->cache->lock);
    is_last = --s->n_walks == 0;
    if (is_last && !list_is_empty(&s->link))
        index = snapshot_end(w->cache, s);
    pthread_rwlock_unlock(&w->cache->lock);
    objindex_done(&index);
    if (is_last)
        free(s);
    cache_unref(w->cache);
    free(w->ns);
    free(w);
}
