/*
 * store_int.h - what the files of the folder share: the structures behind Store, Cluster, Cache.
 *
 * Files, in reading order: store.c (opening, the thread), batch.c (decisions), writer.c (group
 * commit), cache.c (applying events, reading), watch.c, load.c (cold loads, history reads), feed.c
 * (other servers), keep.c (partitions, reclaiming), clusters.c (the registry).
 *
 * Threads: fields marked "loop" belong to the store thread; the others have their lock named.
 */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#include "base/aead.h"
#include "base/err.h"
#include "base/list.h"
#include "base/map.h"
#include "base/secret.h"
#include "keys/ring.h"
#include "store/batch.h"
#include "store/conn.h"
#include "store/datakey.h"
#include "store/objindex.h"
#include "store/owners.h"
#include "store/ring.h"
#include "store/seal.h"
#include "store/statements.h"
#include "store/store.h"
#include "store/termset.h"

#include <pthread.h>

enum {
    N_READ_CONNS = 3,
    DOWN_WAIT_US = 2 * 1000 * 1000,     /* how long work waits for a connection that is down */
    RUN_MAX_US = 25 * 1000 * 1000,      /* beyond it a job's connection is broken */
    OUTCOME_WAIT_US = 10 * 1000 * 1000, /* how long the outcome of a COMMIT may stay unknown */
};

typedef struct Packer Packer;
typedef struct Writer Writer;
typedef struct Feed Feed;
typedef struct Keeper Keeper;
typedef struct KeyKeeper KeyKeeper;
typedef struct Rekey Rekey;
typedef struct Retention Retention;
typedef struct Reseal Reseal;

/* A Cluster and what is private to the store. */
typedef struct ClusterRec {
    Cluster pub; /* first */
    Store *store;
    pthread_rwlock_t lock; /* guards caches, usage */
    Map caches;            /* storage name -> Cache, a reference each */
    Map usage;             /* counter -> (void *)(intptr_t) used */
    _Atomic size_t pinned; /* bytes that only snapshots of its caches keep */
    /* of its data key; `lock` guards the first three */
    char *identity; /* sealed with a key of this process, malloc'ed; NULL without the key */
    size_t identity_len;
    char *public_text;               /* cluster_public(), malloc'ed; NULL: not known */
    DataKey *keys;                   /* loop; NULL while they are not there */
    _Atomic(const char *) encrypted; /* of Store.lists: what is encrypted beside the server's own */
    char provider[KEY_PROVIDER_NAME_MAX]; /* loop; who wrapped the newest */
    List key_link;                        /* loop; in a list of KeyKeeper, or alone */
    int64_t key_good_us;                  /* loop; when it was unwrapped last */
    int64_t key_next_us;                  /* loop; when to ask again */
    bool is_key_asked;                    /* loop; a job is under way */
    /* loop; how often its row was found to have other keys, and which of these is known. They
     * differ: to be read again. */
    uint32_t keys_changed, keys_known;
    _Atomic bool is_key_refused; /* WITHHELD: the provider answers, and says no */
    /* loop */
    int64_t audit_read_us; /* when pub.audit_bytes was read last; 0: never */
    int64_t noted;         /* revision at the last compaction; 0: none yet */
    int64_t target;        /* newest revision known to be committed by another server */
    int64_t floor;         /* there is no history up to here (ClusterChange.floor) */
    List behind;           /* in Feed.behind while target > revision */
    uint64_t seen;         /* number of the poll that saw it */
    /* retention.c */
    _Atomic int64_t window_s; /* 0: the platform's */
    _Atomic bool is_window_known;
    int64_t trim_at_s; /* loop; not before it */
    List trim_link;    /* loop; in Retention.due */
} ClusterRec;

static inline ClusterRec *cluster_rec(Cluster *c)
{
    return container_of(c, ClusterRec, pub);
}

typedef enum CacheState { CACHE_LOADING, CACHE_READY, CACHE_DEAD } CacheState;

typedef struct LateEvent {
    Event *event;
    int flags;
} LateEvent;

struct Cache {
    _Atomic uint32_t refs;
    ClusterRec *cluster; /* a reference */
    char *storage;
    _Atomic int state;       /* CacheState */
    _Atomic int64_t used_us; /* clock_mono_us() of the last look-up */
    pthread_rwlock_t lock;   /* guards what follows, down to `pinned` */
    ObjIndex index;
    TermSet terms; /* the same objects by what lists ask for */
    Owners owners; /* the same objects, once somebody has asked by owner: */
    bool has_owners;
    Map tombstones; /* "ns\0name" -> itself */
    Ring ring;
    int64_t loaded;  /* the revision of the snapshot it began with */
    int64_t changed; /* of the last event */
    List snapshots;  /* Snapshot, oldest first */
    size_t n_packed; /* objects of the index that are shells (pack.c) */
    char *dict;      /* set once, before the first of them */
    size_t dict_len;
    size_t pinned; /* bytes that only snapshots keep */
    /* Store.watch_lock */
    List groups; /* WatchGroup */
    size_t n_watches;
    List pieces; /* Piece (watch.c): of history */
    /* loop */
    List link;    /* in Store.caches */
    List waiters; /* LoadWaiter, while loading */
    LateEvent *late;
    size_t n_late, cap_late;
    ObjPos sweep_at; /* of the sweep under way, about */
    uint32_t swept;  /* the last sweep that is through with it */
};

/* Who hears of data keys that come and go; fn NULL: nobody. */
typedef struct KeyWatcher {
    StoreKeyStateFn fn;
    void *data;
} KeyWatcher;

typedef struct Subscriber {
    int id;
    StoreEventFn fn;
    void *data;
} Subscriber;

struct Store {
    StoreOptions o; /* strings are copies */
    char **encrypted;
    char *conninfo, *server_id;
    Loop *loop;
    Writer *writer;
    Feed *feed;
    Keeper *keeper;
    Packer *packer;
    Retention *retention;
    KeyKeeper *keys;
    Rekey *rekey;
    Reseal *reseal;
    Map lists; /* loop; lists of encrypted kinds, each once, until the store closes */
    pthread_mutex_t new_keys_lock; /* guards new_keys */
    List new_keys;                 /* NewKey: under way to their rows */
    KeyWatcher key_watchers[4];    /* sub_lock */
    StoreIdleFn on_idle;           /* sub_lock */
    void *on_idle_data;
    StoreWindowFn on_window; /* sub_lock */
    void *on_window_data;
    Conn *readers[N_READ_CONNS];
    LoopTimer *tick, *closer;
    bool is_closing;
    int64_t close_by_us;

    pthread_rwlock_t clusters_lock; /* guards by_name, by_id */
    Map by_name, by_id;             /* ClusterRec; by_id holds the reference */

    pthread_mutex_t watch_lock; /* guards wakers, groups and watch lists; a leaf */
    List wakers;                /* LoopWaker */
    List idle_pieces;           /* Piece; oldest first */
    size_t n_idle_pieces;
    bool has_dirty_wakers; /* loop */

    pthread_mutex_t sub_lock; /* guards subscribers; held while they are called */
    Subscriber *subs;
    size_t n_subs, cap_subs;
    int last_sub;

    List caches;              /* loop */
    size_t pinned_max;        /* of a cluster: what snapshots may keep (snapshot.c) */
    _Atomic int64_t sweep_us; /* between two sweeps (pack.c) */

    AuditFn audit_fn; /* may be NULL */
    void *audit_data;

    _Atomic int64_t commits, writes, conflicts, events, n_caches, n_objects, n_watches, commit_us;
    _Atomic int64_t n_clusters, n_connects, n_reclaimed, n_packed, n_history_reads;
    _Atomic bool is_healthy;
};

/* ---- audit.c: of a batch. The first three answer whether there is something to send ---- */
bool audit__add_ids(const Batch *b, Params *p);
void audit__take_heads(Batch *b, const PGresult *res);
bool audit__add_rows(Batch *b, Params *p); /* gives the records their places */
void audit__add_heads(const Batch *b, Params *p);
void audit__tell(Store *s, const Batch *b); /* after the commit */
void audit__keep_partitions(Store *s);
/* The bodies of a record as they stand in their column, sealed with `key`. */
int audit__reseal(const ClusterRec *c, const DataKey *key, int64_t seq, Slice column, Buf *out,
                  Err *err) MUST_CHECK;
/* As keeper__plan(), for the partitions of the audit log; *ret_before: rows of before it go. */
void audit__plan(const char *const *names, size_t n, int64_t now_s, int64_t days, Buf *out,
                 int64_t *ret_before);

/* ---- partitions.c ---- */
/* TABLE_FROM_TO */
bool partition__name(const char *name, const char *table, int64_t *from, int64_t *to);
/* Of the answer to ST_PARTITIONS and the like; free() the array, the names are the result's. */
const char **partition__names(const PGresult *res, size_t *ret_n);
/* A transaction of DDL: it needs the table for itself for a moment, and gives up at once when it
 * does not get it. `commands`: each ended by ';'. */
void partition__begin(Conn *c);
void partition__commit(Conn *c, Slice commands);

/* ---- meter.c ---- */
bool meter__is_billed(const char *counter);
void meter__close_hours(Store *s, int64_t now_us); /* those that are over */

/* ---- clusters.c ---- */
typedef struct ClusterInit {
    ClusterId id;
    const char *name, *uid;
    ClusterState state;
    int64_t revision, created_us, floor;
    DataKey *keys;  /* taken over; NULL: not there yet */
    Slice identity; /* plain, with the keys */
    const char *provider, *encrypted;
} ClusterInit;
ClusterRec *cluster__add(Store *s, const ClusterInit *init); /* borrowed */
ClusterRec *cluster__by_id(Store *s, ClusterId id);          /* borrowed; loop */
void cluster__set_state(Store *s, ClusterRec *c, ClusterState state);
/* A row of the cluster's has it. */
void cluster__learn_floor(ClusterRec *c, int64_t floor);
/* Revisions go on behind `floor`. Before its caches are dropped with its state. */
void cluster__raise(ClusterRec *c, int64_t floor);
void cluster__remove(Store *s, ClusterRec *c); /* deleted: invisible, caches die */
/* The events up to `revision` cannot be had: caches die, watches end as expired. */
void cluster__reset(Store *s, ClusterRec *c, int64_t revision);
void cluster__drop_caches(Store *s, ClusterRec *c);
void cluster__set_used(ClusterRec *c, const char *counter, int64_t used);
void cluster__free_all(Store *s);
/* The data keys (taken over) and what the newest opened, for everybody to use; copied. */
void cluster__set_keys(ClusterRec *c, DataKey *keys, Slice identity);
/* What is encrypted: the server's own kinds and these (encrypts_has()). */
void cluster__set_encrypted(Store *s, ClusterRec *c, const char *list);
void cluster__tell_key(Store *s, Cluster *c, bool is_there);
void cluster__forget_key(ClusterRec *c); /* key and identity are wiped */
/* Its provider withholds it: key, identity and caches go. */
void cluster__wipe_key(Store *s, ClusterRec *c);
/* A row of ST_CLUSTERS: add, or take over its state. `revision`: where a new one begins. */
int cluster__from_row(Store *s, const PGresult *res, int row, int64_t revision, Err *err);

/* ---- clusterkeys.c ---- */
/* The data key of a cluster that is to be made, wrapped, and the identity encrypted with it. */
typedef struct NewKey {
    KeyJob job;
    List link; /* Store.new_keys */
    Store *store;
    Txn *txn;
    DataKey *key;
    const char *provider;
    _Atomic bool is_wrapped;
    char kek[KEY_ID_MAX];
    Buf wrapped, identity;
    Err err;
} NewKey;
/* Has the provider wrap it, then submits `t`, or ends it. Any thread. */
void clusterkeys__create(Store *s, Txn *t);
void newkey__free(NewKey *k);
/* wrapped, identity, provider, kek, version, older from column `col` on, unwrapped now; only with a
 * provider that is local, or before the loop runs. */
int clusterkeys__open_row(Store *s, const char *uid, const PGresult *res, int row, int col,
                          DataKey **ret_keys, Buf *ret_identity, Err *err) MUST_CHECK;
/* As it stands in a row: sealed with the newest key. */
void clusterkeys__seal_identity(const Store *s, const DataKey *key, const char *uid, Slice identity,
                                Buf *out);
/* Keeps what is public of a row's identity, when there is no key for the rest. */
void clusterkeys__keep_public(ClusterRec *c, Slice column);
/* By a provider, within what a row may hold. */
int clusterkeys__wrap(KeyProvider *p, const uint8_t *key, Buf *ret, char ret_kek[KEY_ID_MAX],
                      Err *err) MUST_CHECK;
/* A row's provider, with the name that rows of before have left out. */
const char *clusterkeys__provider(const char *column);
/* Can clusterkeys__open_row() be called on the loop? */
bool clusterkeys__is_local(const Store *s, const char *provider);
void clusterkeys__added(Store *s, ClusterRec *c); /* loop; from now on its key is looked after */
void clusterkeys__removed(const ClusterRec *c);   /* loop; before its key is forgotten */
/* loop; its row has other keys than we have: they are read again. Until then everything goes on. */
void clusterkeys__changed(Store *s, ClusterRec *c);
/* loop; a newer one (taken over) stands in the row, and the older ones no longer do */
void clusterkeys__added_key(Store *s, ClusterRec *c, DataKey *key);
void clusterkeys__older_gone(Store *s, ClusterRec *c);
/* loop; one of them is needed now: requests are answered 503 until they are there. */
void clusterkeys__missing(Store *s, ClusterRec *c);
/* loop; the key is with another provider now */
void clusterkeys__moved(Store *s, ClusterRec *c, const char *provider);
/* Is a cluster being made whose key may be wrapped with this one? Any thread. */
bool clusterkeys__is_new_with(Store *s, const char *provider, const char *kek);
KeyKeeper *clusterkeys__open(Store *s);
void clusterkeys__close(KeyKeeper *k);
void clusterkeys__free(KeyKeeper *k);
void clusterkeys__tick(KeyKeeper *k);

/* ---- rekey.c ---- */
Rekey *rekey__open(Store *s);
void rekey__close(Rekey *k);
void rekey__free(Rekey *k);
void rekey__tick(Rekey *k);
void rekey__kick(Rekey *k); /* loop; something may have to be wrapped anew */
/* As clusterkeys__wrap(), and unwraps it again to see that it holds. */
int rekey__wrap(KeyProvider *p, const uint8_t *key, Buf *ret, char ret_kek[KEY_ID_MAX],
                Err *err) MUST_CHECK;

/* ---- reseal.c ---- */
Reseal *reseal__open(Store *s);
void reseal__close(Reseal *k);
void reseal__free(Reseal *k);
void reseal__tick(Reseal *k);
void reseal__kick(Reseal *k); /* loop; there may be something to do */

/* ---- cache.c ---- */
bool store__is_encrypted(const Store *s, const char *list, const char *storage);
/* The object of a row. */
typedef struct RowBody {
    const char *storage, *ns, *name;
    int64_t revision;
    int flags;
    Slice body;
} RowBody;
int store__decode(ClusterRec *c, const RowBody *row, Obj **ret, Err *err) MUST_CHECK;
/* What was sealed; a row that does not decrypt, or whose key (NULL) is gone, is counted and logged.
 */
int store__open(const ClusterRec *c, const DataKey *key, const SealPlace *at, int64_t revision,
                Slice sealed, Buf *out, Err *err) MUST_CHECK;
/* The stored form of an object; appended to `out`. Returns the ROW_ flags. `key`: that which writes
 * now; `list`: what is encrypted now. */
int store__encode(ClusterRec *c, const DataKey *key, const char *list, const char *storage,
                  const Obj *o, Buf *out);

/* A committed event, in order of revision; takes over `obj`. Updates cache, cluster and
 * subscribers; watches are woken by watch__flush(). */
void store__apply(Store *s, ClusterRec *c, const char *storage, const BatchEvent *e, Obj *obj);
/* A row of ST_GAPS. */
void store__apply_row(Store *s, ClusterRec *c, const PGresult *res, int row);
Event *event__new(EventType type, int64_t revision, Obj *obj, Obj *prev); /* takes both over */
Cache *cache__new(Store *s, ClusterRec *c, const char *storage);
void cache__apply(Cache *k, Event *e, int flags);
void cache__put_row(Cache *k, Obj *o); /* while loading */
void cache__put_tombstone(Cache *k, const char *ns, const char *name);
void cache__set_ready(Cache *k, int64_t revision);
/* With the lock held: of the last change that is in it, and as of which revision it is right. */
static inline int64_t cache__state(const Cache *k)
{
    return MAX(k->changed, k->loaded);
}
static inline int64_t cache__revision(const Cache *k)
{
    /* All events up to the cluster's revision have been applied; this cache may be one ahead. */
    return MAX(k->cluster->pub.revision, cache__state(k));
}
/* loop: what a ready cache has under a key; false when there is no such cache. The revision of a
 * tombstone is not kept: it counts as 1. */
bool cache__peek(ClusterRec *c, const char *storage, const char *ns, const char *name,
                 int64_t *ret_revision, bool *ret_is_tombstone);
/* Unusable from now on; the caller has taken it out of its cluster and unrefs it. */
void cache__kill(Cache *k);
void cache__evict_idle(Store *s);

/* ---- pack.c: objects that nobody reads; in a cache they may be shells ---- */
/* Of what is about to be read; with the lock held. A reference. */
static inline Obj *pack__ref(Obj *o)
{
    if (atomic_load_explicit(&o->use, memory_order_relaxed) != OBJ_READ)
        atomic_store_explicit(&o->use, OBJ_READ, memory_order_relaxed);
    return obj_ref(o);
}
/* The whole object for a reference on what was in the cache, which has it from now on, too. Without
 * the lock. */
Obj *pack__whole(Cache *k, Obj *o);
void pack__whole_all(Cache *k, ObjVec *v, size_t from);
Obj *pack__copy(const Cache *k, const Obj *shell); /* the whole object, once; a reference */
/* All of the cache (of a namespace) that is there now; what is packed while it runs may be missed.
 */
void pack__whole_cache(Cache *k, const char *ns);
/* With the lock held: `old` (may be NULL) is not in the cache any more. */
void pack__left(Cache *k, const Obj *old);
Packer *pack__open(Store *s);
void pack__close(Packer *p);
void pack__free(Packer *p);
void pack__tick(Packer *p);

/* ---- snapshot.c ---- */
/* An object of the cache was replaced or deleted (`old`, or NULL), and so many bytes of its index
 * copied, with the lock held. Returns what is to be freed without it. */
ObjIndex snapshot__changed(Cache *k, const Obj *old, size_t copied);

/* ---- watch.c ---- */
void watch__mark(Cache *k);  /* loop: its watches have something to read */
void watch__flush(Store *s); /* loop: mail to the loops marked */
void watch__tick(Store *s);
void watch__free_all(Store *s);

/* ---- load.c ---- */
Conn *load__conn(Store *s); /* the read connection with the least to do */
typedef struct HistoryFetch HistoryFetch;
/* Events of a resource above `from`, at most `limit`. done() on the loop, once. Any thread. */
struct HistoryFetch {
    ConnJob job;
    Cache *cache; /* a reference */
    int64_t from;
    int64_t limit;
    void (*done)(HistoryFetch *f, int r, const Err *err); /* frees it */
    void *data;
    /* result */
    int64_t revision; /* everything up to it is in `events` */
    Event **events;   /* references */
    size_t n, cap;
    /* private */
    bool is_expired;
    int64_t current;
    Map last; /* key -> the newest object of it, borrowed from `events` */
    Err decode_err;
    int decode_r;
};
void load__history(HistoryFetch *f);

/* ---- writer.c, feed.c, keep.c ---- */
Writer *writer__open(Store *s);
void writer__close(Writer *w); /* everything that waits fails */
void writer__free(Writer *w);  /* when the loop is closed */
bool writer__is_busy(const Writer *w);
void writer__submit(Writer *w, Txn *t);
void writer__tick(Writer *w);
void writer__kick(Writer *w);
bool writer__is_ready(const Writer *w);
int64_t writer__n_connects(const Writer *w);

Feed *feed__open(Store *s);
void feed__close(Feed *f);
void feed__free(Feed *f);
void feed__tick(Feed *f);
void feed__behind(Feed *f, ClusterRec *c, int64_t target);
void feed__forget(Feed *f, ClusterRec *c);

Keeper *keeper__open(Store *s);
void keeper__close(Keeper *k);
void keeper__free(Keeper *k);
void keeper__tick(Keeper *k);
void keeper__reclaim(Keeper *k); /* there is a deleted cluster */
/* What a cluster was the last time may be listed from now on, older states no more: the way of
 * etcd's clients (apiserver/pkg/storage/etcd3/compact.go). */
void keeper__compact(Store *s);
/* From the names of history's partitions: SQL commands, each ended by ';', that make those to come
 * and drop those that are past. */
void keeper__plan(const char *const *names, size_t n, int64_t now_s, int64_t keep_s, bool drops,
                  Buf *out);

/* ---- retention.c ---- */
Retention *retention__open(Store *s);
void retention__free(Retention *t);
void retention__tick(Retention *t);
/* How long partitions are kept; not sure: some may be needed for longer. */
int64_t retention__keep_s(const Retention *t, bool *ret_is_sure);

/* ---- store.c ---- */
extern const char *const store__setup[]; /* SQL of a new connection */
extern const char *const store__listen_setup[];

#endif
