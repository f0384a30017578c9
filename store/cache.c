#include "api/encrypts.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "base/wipe.h"
#include "store/store_int.h"

/* ---- events ---- */

Event *event__new(EventType type, int64_t revision, Obj *obj, Obj *prev)
{
    Event *e = xcalloc(1, sizeof(*e));

    e->refs = 1;
    e->type = type;
    e->revision = revision;
    e->obj = obj;
    e->prev = prev;
    return e;
}

Event *event_ref(Event *e)
{
    e->refs++;
    return e;
}

void event_unref(Event *e)
{
    WIPING_IF(e && e->obj && e->obj->is_secret);

    if (!e || --e->refs > 0)
        return;
    for (size_t i = 0; i < EVENT_FRAMES; i++)
        free(e->frames[i]);
    obj_unref(e->obj);
    obj_unref(e->prev);
    free(e);
}

/* ---- rows to objects and back ---- */

static Metric damaged = {
    .name = "hostplane_rows_not_decrypted_total",
    .help = "Encrypted rows that do not decrypt: changed, moved elsewhere or damaged.",
    .type = METRIC_COUNTER,
    .labels = {"resource"}};

static bool is_always_encrypted(const Store *s, const char *storage)
{
    for (char **e = s->encrypted; e && *e; e++)
        if (str_eq(*e, storage))
            return true;
    return false;
}

/* Counts and logs a row that does not decrypt. */
static void tell_damaged(const ClusterRec *c, const SealPlace *at, int64_t revision)
{
    metric_add(&damaged, 1, at->storage);
    log_error(NULL, "a row does not decrypt: it was changed, moved or is damaged",
              LOG_STR("cluster", c->pub.name), LOG_STR("resource", at->storage),
              LOG_STR("namespace", at->ns), LOG_STR("name", at->name),
              LOG_INT("revision", revision));
}

int store__open(const ClusterRec *c, const DataKey *key, const SealPlace *at, int64_t revision,
                Slice sealed, Buf *out, Err *err)
{
    int r = key ? seal_open(key, at, sealed, out, err)
                : err_set(err, ERR_INTERNAL, "'%s' of %s: its data key is not there", at->name,
                          at->storage);

    if (r < 0)
        tell_damaged(c, at, revision);
    return r;
}

bool store__is_encrypted(const Store *s, const char *list, const char *storage)
{
    return is_always_encrypted(s, storage) || encrypts_has(list, storage);
}

int store__decode(ClusterRec *c, const RowBody *row, Obj **ret, Err *err)
{
    WIPING_IF(row->flags & ROW_ENCRYPTED);
    SealPlace place = {c->pub.uid, row->storage, row->ns, row->name};
    AUTO_BUF plain = BUF_INIT;
    const DataKey *key;
    int r;

    if (!(row->flags & ROW_ENCRYPTED)) {
        /* What was never written in plain was not put there by us. */
        if (is_always_encrypted(c->store, row->storage)) {
            tell_damaged(c, &place, row->revision);
            return err_set(err, ERR_INTERNAL, "'%s' of %s is not encrypted", row->name,
                           row->storage);
        }
        return obj_new(row->body, row->revision, ret, err);
    }
    if (!c->keys) {
        r = cluster_check_key(&c->pub, err);
        return r < 0 ? r : err_set(err, ERR_NOT_FOUND, "the cluster is gone");
    }
    key = datakey_find(c->keys, seal_version(row->body));
    if (!key && seal_version(row->body) > c->keys->version) {
        clusterkeys__missing(c->store, c); /* another server has made it */
        return cluster_check_key(&c->pub, err);
    }
    r = store__open(c, key, &place, row->revision, row->body, &plain, err);
    if (r < 0)
        return r;
    return obj_new(buf_slice(&plain), row->revision, ret, err);
}

int store__encode(ClusterRec *c, const DataKey *key, const char *list, const char *storage,
                  const Obj *o, Buf *out)
{
    SealPlace place = {c->pub.uid, storage, o->ns, o->name};

    if (!store__is_encrypted(c->store, list, storage)) {
        buf_add(out, o->text, o->text_len);
        return 0;
    }
    seal_body(key, &place, o->uid, (Slice){o->text, o->text_len}, out);
    return ROW_ENCRYPTED;
}

/* ---- the life of a cache ---- */

Cache *cache__new(Store *s, ClusterRec *c, const char *storage)
{
    Cache *k = xcalloc(1, sizeof(*k));

    k->refs = 1;
    k->state = CACHE_LOADING;
    k->cluster = c;
    cluster_ref(&c->pub);
    k->storage = xstrdup(storage);
    k->used_us = clock_mono_us();
    pthread_rwlock_init(&k->lock, NULL);
    list_init(&k->groups);
    list_init(&k->pieces);
    list_init(&k->waiters);
    list_init(&k->snapshots);
    list_add_tail(&s->caches, &k->link);
    s->n_caches++;
    return k;
}

Cache *cache_ref(Cache *k)
{
    k->refs++;
    return k;
}

static void drop_late(Cache *k)
{
    for (size_t i = 0; i < k->n_late; i++)
        event_unref(k->late[i].event);
    free(k->late);
    k->late = NULL;
    k->n_late = k->cap_late = 0;
}

void cache_unref(Cache *k)
{
    if (!k || --k->refs > 0)
        return;
    BUG_ON(!list_is_empty(&k->groups) || !list_is_empty(&k->snapshots) ||
           !list_is_empty(&k->pieces));
    k->cluster->store->n_objects -= (int64_t)k->index.n;
    k->cluster->store->n_packed -= (int64_t)k->n_packed;
    k->cluster->store->n_caches--;
    objindex_done(&k->index);
    owners_done(&k->owners);
    termset_done(&k->terms);
    map_done(&k->tombstones);
    ring_done(&k->ring);
    drop_late(k);
    pthread_rwlock_destroy(&k->lock);
    free(k->dict);
    free(k->storage);
    cluster_unref(&k->cluster->pub);
    free(k);
}

void cache__kill(Cache *k)
{
    k->state = CACHE_DEAD;
    list_del(&k->link);
    watch__mark(k);
}

void store_on_idle(Store *s, StoreIdleFn fn, void *data)
{
    pthread_mutex_lock(&s->sub_lock);
    s->on_idle = fn;
    s->on_idle_data = data;
    pthread_mutex_unlock(&s->sub_lock);
}

static void tell_idle(Store *s, Cluster *c)
{
    pthread_mutex_lock(&s->sub_lock);
    if (s->on_idle)
        s->on_idle(c, s->on_idle_data);
    pthread_mutex_unlock(&s->sub_lock);
}

void cache__evict_idle(Store *s)
{
    int64_t before = clock_mono_us() - s->o.cache_idle_s * 1000000;

    list_for_each_safe (l, &s->caches) {
        Cache *k = list_entry(l, Cache, link);
        bool is_idle, is_last;

        if (k->state != CACHE_READY || k->used_us > before || k->refs > 1)
            continue;
        /* New references are made under this lock, from the map. */
        pthread_rwlock_wrlock(&k->cluster->lock);
        is_idle = k->refs == 1 && k->used_us <= before;
        if (is_idle)
            (void)map_del(&k->cluster->caches, k->storage);
        is_last = k->cluster->caches.n == 0;
        pthread_rwlock_unlock(&k->cluster->lock);
        if (is_idle && is_last)
            tell_idle(s, &k->cluster->pub);
        if (is_idle) {
            cache__kill(k);
            cache_unref(k);
        }
    }
}

Cache *store_cache(Store *s UNUSED, Cluster *c, const char *storage)
{
    ClusterRec *rec = cluster_rec(c);
    Cache *k;

    pthread_rwlock_rdlock(&rec->lock);
    k = map_get(&rec->caches, storage);
    if (k && k->state == CACHE_READY)
        cache_ref(k);
    else
        k = NULL;
    pthread_rwlock_unlock(&rec->lock);
    if (k)
        k->used_us = clock_mono_us();
    return k;
}

/* ---- filling and applying ---- */

void cache__put_row(Cache *k, Obj *o)
{
    pthread_rwlock_wrlock(&k->lock);
    obj_unref(objindex_put(&k->index, o));
    pthread_rwlock_unlock(&k->lock);
    k->cluster->store->n_objects++;
}

static void tombstone_key(const char *ns, const char *name, Buf *out)
{
    buf_add(out, ns, strlen(ns) + 1);
    buf_adds(out, name);
}

void cache__put_tombstone(Cache *k, const char *ns, const char *name)
{
    AUTO_BUF key = BUF_INIT;

    tombstone_key(ns, name, &key);
    pthread_rwlock_wrlock(&k->lock);
    (void)map_setn(&k->tombstones, buf_slice(&key), k);
    pthread_rwlock_unlock(&k->lock);
}

/* What is replaced by what in the other indexes; either may be NULL. */
static void change_others(Cache *k, const Obj *old, Obj *fresh)
{
    if (k->terms.n > 0 && (old || fresh))
        termset_change(&k->terms, old, fresh);
    if (!k->has_owners)
        return;
    if (old)
        owners_del(&k->owners, old);
    if (fresh)
        owners_put(&k->owners, fresh);
}

/* With the lock held. The event learns what was there before it. What it returns is to be freed
 * without the lock. */
static ObjIndex change_index(Cache *k, Event *e, int flags)
{
    AUTO_BUF key = BUF_INIT;
    CLEANUP(obj_unref) Obj *old = NULL;
    size_t before = k->index.n, copied = k->index.copied;

    if (k->tombstones.n > 0 || (flags & ROW_TOMBSTONE))
        tombstone_key(e->obj->ns, e->obj->name, &key);
    if (e->type == EVENT_DELETED) {
        old = objindex_del(&k->index, e->obj->ns, e->obj->name);
        change_others(k, old, NULL);
        if (flags & ROW_TOMBSTONE)
            (void)map_setn(&k->tombstones, buf_slice(&key), k);
    } else {
        old = objindex_put(&k->index, obj_ref(e->obj));
        change_others(k, old, e->obj);
        if (k->tombstones.n > 0)
            (void)map_deln(&k->tombstones, buf_slice(&key));
    }
    if (old && e->type != EVENT_ADDED)
        e->prev = old->packed_len > 0 ? pack__copy(k, old) : obj_ref(old);
    pack__left(k, old);
    k->cluster->store->n_objects += (int64_t)k->index.n - (int64_t)before;
    return snapshot__changed(k, old, k->index.copied - copied);
}

void cache__apply(Cache *k, Event *e, int flags)
{
    ObjIndex dropped = {0};

    if (k->state == CACHE_LOADING) {
        GROW(k->late, k->cap_late, k->n_late + 1);
        k->late[k->n_late++] = (LateEvent){event_ref(e), flags};
        return;
    }
    pthread_rwlock_wrlock(&k->lock);
    if (e->revision > cache__state(k)) {
        dropped = change_index(k, e, flags);
        ring_add(&k->ring, e);
        k->changed = e->revision;
    }
    pthread_rwlock_unlock(&k->lock);
    objindex_done(&dropped);
    watch__mark(k);
}

/* An event that came while the cache was loading, as a new one: what was before it is known now.
 * With the lock held. */
static void apply_late(Cache *k, const LateEvent *late)
{
    Event *e = late->event;
    CLEANUP(event_unref)
    Event *known = event__new(e->type, e->revision, obj_ref(e->obj), NULL);

    (void)change_index(k, known, late->flags); /* nobody walks over it yet */
    ring_add(&k->ring, known);
    k->changed = e->revision;
}

void cache__set_ready(Cache *k, int64_t revision)
{
    pthread_rwlock_wrlock(&k->lock);
    k->loaded = revision;
    ring_init(&k->ring, revision);
    for (size_t i = 0; i < k->n_late; i++)
        if (k->late[i].event->revision > revision)
            apply_late(k, &k->late[i]);
    pthread_rwlock_unlock(&k->lock);
    drop_late(k);
    k->used_us = clock_mono_us();
    k->state = CACHE_READY;
}

void store__apply(Store *s, ClusterRec *c, const char *storage, const BatchEvent *e, Obj *obj)
{
    CLEANUP(event_unref) Event *ev = event__new(e->type, e->revision, obj, NULL);
    Cache *k = map_get(&c->caches, storage);

    BUG_ON(e->revision != c->pub.revision + 1);
    if (k)
        cache__apply(k, ev, e->flags);
    c->pub.revision = e->revision;
    s->events++;
    pthread_mutex_lock(&s->sub_lock);
    for (size_t i = 0; i < s->n_subs; i++)
        s->subs[i].fn(&c->pub, storage, ev, s->subs[i].data);
    pthread_mutex_unlock(&s->sub_lock);
}

void store__apply_row(Store *s, ClusterRec *c, const PGresult *res, int row)
{
    BatchEvent e = {
        .revision = result_int8(res, row, 1),
        .type = (EventType)result_int2(res, row, 2),
        .flags = result_int2(res, row, 3),
    };
    RowBody body = {
        .storage = result_text(res, row, 4),
        .ns = result_text(res, row, 5),
        .name = result_text(res, row, 6),
        .revision = e.revision,
        .flags = e.flags,
        .body = result_bytes(res, row, 7),
    };
    Obj *obj;
    Err err;

    if (e.revision <= c->pub.revision)
        return;
    if (e.revision > c->pub.revision + 1)
        cluster__reset(s, c, e.revision - 1);
    if (store__decode(c, &body, &obj, &err) < 0) {
        if (c->keys)
            log_error(NULL, "a change of another server cannot be read",
                      LOG_STR("cluster", c->pub.name), LOG_STR("error", err.msg));
        cluster__reset(s, c, e.revision);
        return;
    }
    store__apply(s, c, body.storage, &e, obj);
}

bool cache__peek(ClusterRec *c, const char *storage, const char *ns, const char *name,
                 int64_t *ret_revision, bool *ret_is_tombstone)
{
    Cache *k = map_get(&c->caches, storage);
    AUTO_BUF key = BUF_INIT;
    const Obj *o;

    if (!k || k->state != CACHE_READY)
        return false;
    o = objindex_get(&k->index, ns, name);
    *ret_revision = o ? o->revision : 0;
    *ret_is_tombstone = false;
    if (!o && k->tombstones.n > 0) {
        tombstone_key(ns, name, &key);
        *ret_is_tombstone = map_getn(&k->tombstones, buf_slice(&key)) != NULL;
        *ret_revision = *ret_is_tombstone ? 1 : 0;
    }
    return true;
}

/* ---- reading ---- */

Obj *cache_get(Cache *k, const char *ns, const char *name)
{
    Obj *o;

    pthread_rwlock_rdlock(&k->lock);
    o = objindex_get(&k->index, ns, name);
    if (o)
        pack__ref(o);
    pthread_rwlock_unlock(&k->lock);
    return o ? pack__whole(k, o) : NULL;
}

bool cache_has_tombstone(Cache *k, const char *ns, const char *name)
{
    AUTO_BUF key = BUF_INIT;
    bool has = false;

    pthread_rwlock_rdlock(&k->lock);
    if (k->tombstones.n > 0) {
        tombstone_key(ns, name, &key);
        has = map_getn(&k->tombstones, buf_slice(&key)) != NULL;
    }
    pthread_rwlock_unlock(&k->lock);
    return has;
}

bool cache_has_tombstones(Cache *k)
{
    bool has;

    pthread_rwlock_rdlock(&k->lock);
    has = k->tombstones.n > 0;
    pthread_rwlock_unlock(&k->lock);
    return has;
}

int64_t cache_changed(const Cache *k)
{
    Cache *m = (Cache *)k; /* the lock is not part of what is const */
    int64_t changed;

    pthread_rwlock_rdlock(&m->lock);
    changed = cache__state(k);
    pthread_rwlock_unlock(&m->lock);
    return changed;
}

int64_t cache_find_event(Cache *k, bool (*is)(const Event *e, void *data), void *data,
                         int64_t *ret_floor)
{
    const Event *e;
    int64_t found = 0;

    pthread_rwlock_rdlock(&k->lock);
    for (uint32_t i = 0; is && found == 0 && i < k->ring.n; i++) {
        e = ring_at(&k->ring, i);
        found = is(e, data) ? e->revision : 0;
    }
    *ret_floor = k->ring.floor;
    pthread_rwlock_unlock(&k->lock);
    return found;
}

size_t cache_size(const Cache *k)
{
    Cache *m = (Cache *)k;
    size_t n;

    pthread_rwlock_rdlock(&m->lock);
    n = k->index.n;
    pthread_rwlock_unlock(&m->lock);
    return n;
}

void objvec_add(ObjVec *v, Obj *o)
{
    GROW(v->items, v->cap, v->n + 1);
    v->items[v->n++] = o;
}

void objvec_done(ObjVec *v)
{
    for (size_t i = 0; i < v->n; i++)
        obj_unref(v->items[i]);
    free(v->items);
    *v = (ObjVec){0};
}

/* ---- lists ---- */

enum { INDEX_FROM = 256 /* objects; fewer are looked at faster than an index is made */ };

/* Where a scan starts: at (is_after: behind) a key. */
static const char *first_key(const CacheScan *scan, const char **ret_name, bool *ret_is_after)
{
    const char *ns = scan->ns ? scan->ns : "";

    /* A namespace's first object is behind (ns, ""): no object has an empty name. */
    *ret_is_after = scan->after_ns && !(scan->ns && strcmp(scan->after_ns, ns) < 0);
    *ret_name = *ret_is_after && scan->after_name ? scan->after_name : "";
    return *ret_is_after ? scan->after_ns : ns;
}

/* Goes over the objects that can match: all from the first key on, or those of a term. */
typedef struct Walk {
    const ObjIndex *all;
    ObjPos pos;
    TermScan terms;
    Obj *only; /* a term named the one object that there can be */
    bool is_only, is_by_term;
} Walk;

static bool names_one(const CacheScan *scan)
{
    const SelectorTerm *t = scan->term;

    return t && scan->ns && !t->is_label && t->n_values == 1 && str_eq(t->path, "metadata.name");
}

static void walk_start(Walk *w, const Cache *k, const CacheScan *scan)
{
    const char *name;
    bool is_after;
    const char *ns = first_key(scan, &name, &is_after);
    TermIndex *ti;

    w->all = &k->index;
    w->is_by_term = false;
    w->is_only = names_one(scan);
    if (w->is_only) {
        const char *wanted = scan->term->values[0];
        int d = is_after ? strcmp(ns, scan->ns) : -1;

        w->only = d < 0 || (d == 0 && strcmp(name, wanted) < 0)
                      ? objindex_get(&k->index, scan->ns, wanted)
                      : NULL;
        return;
    }
    ti = scan->term ? termset_find(&k->terms, scan->term, clock_mono_us()) : NULL;
    w->is_by_term = ti != NULL;
    if (ti)
        term_scan_start(&w->terms, ti, scan->term, ns, name, is_after);
    else
        w->pos = objindex_seek(&k->index, ns, name, is_after);
}

static Obj *walk_next(Walk *w)
{
    if (w->is_only)
        return TAKE(w->only);
    return w->is_by_term ? term_scan_next(&w->terms) : objindex_next(w->all, &w->pos);
}

/* Make the index that the scan asks for, unless the cache is small. The lock is given away again
 * and again: writes go on meanwhile. */
static void index_term(Cache *k, const CacheScan *scan)
{
    TermIndex *ti;
    bool is_wanted;

    pthread_rwlock_rdlock(&k->lock);
    is_wanted = k->index.n >= INDEX_FROM && !termset_find(&k->terms, scan->term, clock_mono_us());
    pthread_rwlock_unlock(&k->lock);
    if (!is_wanted)
        return;
    pthread_rwlock_wrlock(&k->lock);
    ti = termset_add(&k->terms, scan->term, clock_mono_us());
    pthread_rwlock_unlock(&k->lock);
    if (ti && !scan->term->is_label)
        pack__whole_cache(k, NULL); /* nothing is packed any more while it is there */
    pthread_rwlock_wrlock(&k->lock);
    while (ti && termset_fill(ti, &k->index)) {
        pthread_rwlock_unlock(&k->lock);
        pthread_rwlock_wrlock(&k->lock);
    }
    pthread_rwlock_unlock(&k->lock);
}

/* One that match() is asked about, which may look at its text. */
static bool is_match(Cache *k, const CacheScan *scan, Obj *o)
{
    Obj *whole;
    bool is;

    if (o->packed_len == 0)
        return scan->match(o, scan->data);
    whole = pack__copy(k, o);
    is = scan->match(whole, scan->data);
    obj_unref(whole);
    return is;
}

bool cache_list(Cache *k, const CacheScan *scan, ObjVec *ret, int64_t *ret_revision)
{
    bool has_more = false, asks = scan->match && !scan->by_head;
    size_t n = 0, before = ret->n;
    Walk walk;
    Obj *o;

    if (scan->term && !names_one(scan))
        index_term(k, scan);
    if (asks && !names_one(scan))
        pack__whole_cache(k, scan->ns);
    pthread_rwlock_rdlock(&k->lock);
    *ret_revision = cache__revision(k);
    walk_start(&walk, k, scan);
    while ((o = walk_next(&walk)) != NULL) {
        if (scan->ns && strcmp(o->ns, scan->ns) != 0)
            break;
        if (asks ? !is_match(k, scan, o) : scan->match && !scan->match(o, scan->data))
            continue;
        if (scan->limit > 0 && n == scan->limit) {
            has_more = true;
            break;
        }
        objvec_add(ret, pack__ref(o));
        n++;
    }
    pthread_rwlock_unlock(&k->lock);
    pack__whole_all(k, ret, before);
    return has_more;
}

size_t cache_count(Cache *k, const char *ns)
{
    size_t n;

    pthread_rwlock_rdlock(&k->lock);
    n = ns ? objindex_count(&k->index, ns) : k->index.n;
    pthread_rwlock_unlock(&k->lock);
    return n;
}

/* ---- by owner ---- */

static void index_owners(Cache *k)
{
    ObjPos pos;
    Obj *o;

    pthread_rwlock_wrlock(&k->lock);
    if (!k->has_owners) {
        pos = objindex_seek(&k->index, "", "", false);
        while ((o = objindex_next(&k->index, &pos)))
            owners_put(&k->owners, o);
        k->has_owners = true;
    }
    pthread_rwlock_unlock(&k->lock);
}

static void add_all(const ObjIndex *ix, const char *ns, ObjVec *ret)
{
    ObjPos pos;
    Obj *o;

    if (!ix || ix->n == 0)
        return;
    pos = objindex_seek(ix, ns, "", false);
    while ((o = objindex_next(ix, &pos)) && strcmp(o->ns, ns) == 0)
        objvec_add(ret, pack__ref(o));
}

void cache_list_claimable(Cache *k, const char *ns, const char *uid, ObjVec *ret)
{
    size_t before = ret->n;
    bool is_indexed;

    pthread_rwlock_rdlock(&k->lock);
    is_indexed = k->has_owners;
    pthread_rwlock_unlock(&k->lock);
    if (!is_indexed)
        index_owners(k);
    pthread_rwlock_rdlock(&k->lock);
    add_all(owners_get(&k->owners, uid), ns, ret);
    add_all(owners_get(&k->owners, NULL), ns, ret);
    pthread_rwlock_unlock(&k->lock);
    pack__whole_all(k, ret, before);
}

/* ---- subscribers ---- */

int store_subscribe(Store *s, StoreEventFn fn, void *data)
{
    int id;

    pthread_mutex_lock(&s->sub_lock);
    GROW(s->subs, s->cap_subs, s->n_subs + 1);
    id = ++s->last_sub;
    s->subs[s->n_subs++] = (Subscriber){id, fn, data};
    pthread_mutex_unlock(&s->sub_lock);
    return id;
}

void store_unsubscribe(Store *s, int id)
{
    pthread_mutex_lock(&s->sub_lock);
    for (size_t i = 0; i < s->n_subs; i++) {
        if (s->subs[i].id != id)
            continue;
        memmove(s->subs + i, s->subs + i + 1, (s->n_subs - i - 1) * sizeof(*s->subs));
        s->n_subs--;
        break;
    }
    pthread_mutex_unlock(&s->sub_lock);
}
