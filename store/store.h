/*
 * store.h - the clusters and their objects on PostgreSQL: write path, watch caches, change feed.
 *
 * The front door of the folder. One store thread owns every libpq connection, forms the group
 * commits and is the only writer of the caches; everybody else reads caches and posts transactions.
 *
 * Owns:    the store thread, its connections, all Clusters and Caches.
 * Threads: any, except where a function says otherwise. Completion callbacks run on the store
 * thread and must be short: they post to their owner's loop or signal its condition. Frees:
 * store_close() after everybody else has stopped; refs of Cluster, Cache, Obj, Event by their
 * _unref. Fails:   ERR_UNAVAILABLE while PostgreSQL is away (nothing acknowledged is ever lost).
 * Tests:   tests/unit/store/, tests/e2e/
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "api/selector.h"
#include "audit/chain.h"
#include "base/loop.h"

#include <stdatomic.h>

typedef struct Store Store;
typedef struct Cache Cache;
typedef struct KeyRing KeyRing;
typedef int64_t ClusterId;

/* ---- opening ---- */

typedef struct StoreOptions {
    const char *conninfo; /* libpq connection string or postgres:// URL */
    KeyRing *keys;        /* who wraps each cluster's data key; borrowed */
    int64_t key_check_s;  /* so often a tenant's own provider is asked whether it still unwraps */
    int64_t key_ttl_s;    /* a data key is wiped when that could not be asked for so long */
    /* Of an identity (cluster_identity()) what is no secret, which is kept in the clear beside it.
     * NULL: nothing is. */
    void (*public_of)(Slice identity, Buf *ret);
    const char *const
        *encrypted;        /* storage names whose bodies are encrypted, ends with NULL: "secrets" */
    int64_t history_hours; /* how long watches can be resumed, where nothing else is said */
    int64_t history_max_hours; /* and at most, whatever is said */
    int64_t compaction_s;  /* how often old states cease to be listed; they live one to two of it */
    int64_t audit_days;    /* so long records of the audit log are kept; 0: 30 */
    int64_t cache_idle_s;  /* an untouched cache without watchers is dropped after it */
    const char *server_id; /* tells this process' own notifications from those of others */
} StoreOptions;

/* Blocking: connects, applies migrations under an advisory lock, reads the cluster table, starts
 * the store thread. */
int store_open(const StoreOptions *o, Store **ret, Err *err) MUST_CHECK;
void store_close(Store *s); /* waits for what is in flight */
DEFINE_CLEANUP(Store, store_close);
/* Blocking: apply migrations only. *ret_version: the schema version after. */
int store_migrate(const char *conninfo, int *ret_version, Err *err) MUST_CHECK;
bool store_is_healthy(const Store *s); /* PostgreSQL answers */
/* Whether a server accepts connections there; blocking, without a Store. */
bool store_ping(const char *conninfo);
/* Does anything answer at all, even if only to refuse because it starts or stops? */
bool store_answers(const char *conninfo);

/* ---- clusters ---- */

typedef enum ClusterState {
    CLUSTER_ACTIVE,
    CLUSTER_SUSPENDED,
    CLUSTER_DELETING, /* invisible: store_cluster() does not find it */
    /* Objects are on their way into it or out of it: only transactions that say so (Txn.is_move)
     * write into it or charge it, all others fail with ERR_UNAVAILABLE. It is read as ever. */
    CLUSTER_MOVING,
} ClusterState;

/* Of a cluster's data key: whether its objects can be read. */
typedef enum ClusterKeyState {
    CLUSTER_KEY_PENDING,  /* not unwrapped yet */
    CLUSTER_KEY_READY,    /* in memory */
    CLUSTER_KEY_WITHHELD, /* its provider does not unwrap it: wiped, and nothing can be read */
} ClusterKeyState;

/* What a higher layer hangs on a cluster; freed with it. */
typedef struct Attached {
    _Atomic(void *) data;
    void (*release)(void *);
} Attached;
/* The one that is there, or what make() makes: whoever comes first wins, nobody waits. Any thread.
 */
static inline void *attached_get(Attached *at, void *(*make)(void), void (*release)(void *))
{
    void *there = atomic_load_explicit(&at->data, memory_order_acquire), *made;

    if (there)
        return there;
    made = make();
    at->release = release; /* everybody who races here writes the same */
    if (atomic_compare_exchange_strong(&at->data, &there, made))
        return made;
    release(made);
    return there;
}

/*
 * The revision of a cluster without writes, and of what it is born with. Not 1: in a real cluster
 * the objects that it is born with take the first revisions, and a watch from 1 is always too old.
 */
#define CLUSTER_FIRST_REVISION 2

typedef struct Cluster {
    /* read-only but for the atomics */
    _Atomic uint32_t refs;
    ClusterId id; /* `host` is 1 */
    char name[64];
    char uid[37];
    int64_t created_us;
    _Atomic int state;        /* ClusterState */
    _Atomic int64_t revision; /* the newest that is visible in caches */
    /* The oldest whose state may still be listed; watches reach back further, with history. */
    _Atomic int64_t compacted;
    /* Of its audit log: as read within the last seconds, and what was added here since; 0: no
     * record was committed here yet. */
    _Atomic int64_t audit_bytes;
    _Atomic int64_t oldest; /* what was before it is gone, from history and for watches too */
    _Atomic int key_state;  /* ClusterKeyState */
    /* Grows when it ceases to be CLUSTER_MOVING: what was watched may be elsewhere now. Watches of
     * the cluster itself end then. */
    _Atomic uint32_t n_moves;
    Attached ext;    /* vcluster/: RBAC index, CRDs, ... */
    Attached tenant; /* tenancy/: terms, rates */
} Cluster;

Cluster *store_cluster(Store *s, Slice name); /* a reference, NULL when there is none */
Cluster *cluster_ref(Cluster *c);
void cluster_unref(Cluster *c);
DEFINE_CLEANUP(Cluster, cluster_unref);
/* Certificates and keys as tenancy/ made them, decrypted; for a Buf that is wiped. ERR_UNAVAILABLE
 * while the data key is not there. */
int cluster_identity(Cluster *c, Buf *ret, Err *err) MUST_CHECK;
/* What StoreOptions.public_of said of it, for while the data key is not there. Whoever writes into
 * the database can change that: it tells whom to answer, and lets nobody in. False: not known. */
bool cluster_public(Cluster *c, Buf *ret) MUST_CHECK;
/* 0, or ERR_UNAVAILABLE with a text for the tenant: its data key is not there, nothing can be read
 * or written. */
int cluster_check_key(Cluster *c, Err *err) MUST_CHECK;
/* CLUSTER_KEY_WITHHELD: its provider answers, and says no. */
bool cluster_key_is_refused(const Cluster *c);
/* Called on the store thread when the data key of a cluster came or went, or is withheld for
 * another reason than before. A few may ask for it; fn is not called any more when store_off_key()
 * returns. */
typedef void (*StoreKeyStateFn)(Cluster *c, bool is_there, void *data);
void store_on_key(Store *s, StoreKeyStateFn fn, void *data);
void store_off_key(Store *s, void *data);
/* Called on the store thread when the last cache of a cluster was dropped as nobody used it: what
 * was made of its objects need not be kept either. NULL: nobody asks. */
typedef void (*StoreIdleFn)(Cluster *c, void *data);
void store_on_idle(Store *s, StoreIdleFn fn, void *data);
/* How long the history of a cluster is kept: asked again after store_window_changed() (NULL: of all
 * of them). On the store thread, may not call the store for long; seconds, 0: as long as the
 * platform's, -1: that cannot be told now. */
typedef int64_t (*StoreWindowFn)(Cluster *c, void *data);
void store_on_window(Store *s, StoreWindowFn fn, void *data);
void store_window_changed(Store *s, Cluster *c);
int64_t store_history_window(const Store *s, Cluster *c); /* in effect; seconds */
void store_each_cluster(Store *s, void (*fn)(Cluster *c, void *data), void *data);

/* ---- reading ---- */

typedef enum EventType { EVENT_ADDED, EVENT_MODIFIED, EVENT_DELETED } EventType;

enum { EVENT_FRAMES = 4 };
/* One committed change. Immutable and counted; `frames` are encodings that whoever needs them first
 * computes and publishes with compare-and-swap (malloc'ed Slice, freed with the event). */
typedef struct Event {
    _Atomic uint32_t refs;
    EventType type;
    int64_t revision;
    Obj *obj;  /* after the change; for EVENT_DELETED the last state, with the revision of the
                  deletion */
    Obj *prev; /* before it; NULL for EVENT_ADDED, and where nobody knows it any more */
    bool is_prev_lost; /* there was one, and history does not reach back to it */
    _Atomic(Slice *) frames[EVENT_FRAMES];
} Event;
Event *event_ref(Event *e);
void event_unref(Event *e);
DEFINE_CLEANUP(Event, event_unref);

/* The loaded cache of one resource of one cluster, as a reference; NULL when it is not in memory:
 * then ask for it with store_load(). */
Cache *store_cache(Store *s, Cluster *c, const char *storage);
Cache *cache_ref(Cache *k);
void cache_unref(Cache *k);
DEFINE_CLEANUP(Cache, cache_unref);
typedef void (*StoreDoneFn)(int r, const Err *err, void *data);
/* Load the cache; done() on the store thread, exactly once, never inside the call. */
void store_load(Store *s, Cluster *c, const char *storage, StoreDoneFn done, void *data);

/* Objects come with base-layer tombstones left out. ns "" for cluster scope. */
Obj *cache_get(Cache *k, const char *ns, const char *name); /* a reference, or NULL */
bool cache_has_tombstone(Cache *k, const char *ns,
                         const char *name); /* a base object was deleted */
bool cache_has_tombstones(Cache *k);        /* of any */
int64_t cache_changed(const Cache *k);      /* revision of the last change in this cache */
size_t cache_size(const Cache *k);

typedef struct ObjVec {
    Obj **items; /* references */
    size_t n, cap;
} ObjVec;
void objvec_add(ObjVec *v, Obj *o); /* takes over the reference */
void objvec_done(ObjVec *v);
#define AUTO_OBJVEC __attribute__((cleanup(objvec_done))) ObjVec

typedef struct CacheScan {
    const char *ns;                          /* NULL: all namespaces */
    const char *after_ns, *after_name;       /* start behind this key; NULL: from the start */
    size_t limit;                            /* 0: no limit */
    bool (*match)(const Obj *o, void *data); /* NULL: all */
    void *data;
    bool by_head; /* match() looks at everything but texts */
    /* Not NULL: match() is true only for objects that this is true for. Such a list costs what it
     * finds; the index is made when the first list asks for it. */
    const SelectorTerm *term;
} CacheScan;
/* In order of (namespace, name). *ret_revision is the cluster revision the result reflects. True
 * when there may be more behind the last one. */
bool cache_list(Cache *k, const CacheScan *scan, ObjVec *ret, int64_t *ret_revision);

/* A walk over the objects of a cache (`ns` not NULL: of a namespace) as they are now, in order,
 * however long it takes and whatever changes meanwhile. Walks that begin at the same state share
 * it; each holds but its place. *ret_revision: as of cache_list(). */
typedef struct CacheWalk CacheWalk;
CacheWalk *cache_walk(Cache *k, const char *ns, int64_t *ret_revision);
/* At most `max` more, and no more than one beyond 256 KiB of text, are added to *ret, which is
 * empty: 1, or 0 at the end; -ERR_EXPIRED when too much has changed since the walk began. */
int cache_walk_next(CacheWalk *w, size_t max, ObjVec *ret, Err *err) MUST_CHECK;
void cache_walk_free(CacheWalk *w);

/* How many objects a namespace has (NULL: all), without looking at each. */
size_t cache_count(Cache *k, const char *ns);

/* What the controller `uid` may claim: the objects of the namespace that it controls, and those
 * that nobody does. In order within each of the two. */
void cache_list_claimable(Cache *k, const char *ns, const char *uid, ObjVec *ret);

/* The revision of the first event in memory that `is` (may be NULL) says yes to, 0 when there is
 * none. All that happened behind *ret_floor is in memory. */
int64_t cache_find_event(Cache *k, bool (*is)(const Event *e, void *data), void *data,
                         int64_t *ret_floor);

/* The objects of a resource as they were at `revision`, from history: for pages of a list that
 * began earlier. ERR_EXPIRED when history does not reach back. done() on the store thread; the
 * result is in *ret, which the caller owns. */
void store_list_at(Store *s, Cluster *c, const char *storage, int64_t revision, ObjVec *ret,
                   StoreDoneFn done, void *data);

/* ---- watching ---- */

typedef struct Watch Watch;
/* Events of `k` with a revision above `from`, served from memory, or from history when the ring
 * does not reach back. wake(data) runs on `loop` when there is something to read; one mail a loop
 * and commit wakes all its watches. Fails with ERR_EXPIRED ("too old resource version: %d (%d)").
 */
int cache_watch(Cache *k, int64_t from, Loop *loop, LoopFn wake, void *data, Watch **ret,
                Err *err) MUST_CHECK;
/* 1 and a reference in *ret, 0 when there is nothing now (wake follows), -ERR_EXPIRED when the
 * watcher was too slow. On the watch's loop only, as are the other two. */
int watch_next(Watch *w, Event **ret, Err *err) MUST_CHECK;
/* Everything up to this revision has been returned by watch_next(): what a bookmark may say. */
int64_t watch_progress(Watch *w);
void watch_close(Watch *w);

/* Every committed event of every cluster, in commit order within a cluster, on the store thread:
 * controllers, scheduler, node feeds. Returns an id for store_unsubscribe(). */
typedef void (*StoreEventFn)(Cluster *c, const char *storage, Event *e, void *data);
int store_subscribe(Store *s, StoreEventFn fn, void *data);
void store_unsubscribe(Store *s, int id);
/* The keys of a resource in all clusters, tombstones too, for the first look of a controller.
 * Blocking; not on the store thread or a loop. */
typedef void (*StoreKeyFn)(Cluster *c, const char *ns, const char *name, void *data);
int store_scan_keys(Store *s, const char *storage, StoreKeyFn fn, void *data, Err *err) MUST_CHECK;

/* ---- writing ---- */

typedef enum WriteOp { WRITE_PUT, WRITE_DELETE } WriteOp;

enum {
    EXPECT_ABSENT = 0, /* a tombstone counts as absent */
    EXPECT_ANY = -1,
};

typedef struct Write {
    WriteOp op;
    Cluster *cluster;
    const char *storage, *ns, *name;
    int64_t expect;   /* revision the object must have, or EXPECT_... */
    size_t was_bytes; /* of the text it replaces, for who counts; the store does not look */
    Obj *obj; /* the new state (revision ignored); for WRITE_DELETE the last state; borrowed */
    bool is_over_base; /* a base object stands below: a first PUT is EVENT_MODIFIED, a DELETE leaves
                          a tombstone */
    /* result */
    Obj *result;   /* with its revision; a reference for the caller */
    int64_t found; /* on ERR_CONFLICT: the revision that was there, 0 for none */
} Write;

/* A counted limit of a cluster, changed in the same transaction: used += delta, refused beyond
 * limit. */
typedef struct Charge {
    Cluster *cluster;
    const char *counter; /* "pods", "cpu" (milli), "memory" (bytes), "objects", ... */
    int64_t delta;
    /* not NULL: `delta` is a sign, of all that this cluster has in use of that counter */
    Cluster *whole_of;
    const char *whole;
    int64_t limit; /* INT64_MAX: none; checked only when delta > 0 */
    int64_t used;  /* result when refused: what was in use */
} Charge;

/* An object that must be as it was when the transaction was decided on; else ERR_CONFLICT. */
typedef struct TxnCheck {
    Cluster *cluster;
    const char *storage, *ns, *name;
    int64_t revision;
} TxnCheck;

typedef enum ClusterOp {
    CLUSTER_NONE,
    CLUSTER_CREATE, /* ERR_ALREADY_EXISTS when the name is taken */
    CLUSTER_SET_STATE,
    CLUSTER_DELETE, /* invisible at once, data key destroyed, rows reclaimed in the background */
} ClusterOp;

typedef struct ClusterChange {
    ClusterOp op;
    const char *name, *uid;
    Slice identity; /* CLUSTER_CREATE: plaintext; the store encrypts it with the new data key */
    /* Who wraps the data key, "": the default. CLUSTER_CREATE; with CLUSTER_SET_STATE the key is
     * wrapped anew in the background, NULL: as it is. */
    const char *key_provider;
    /* What is encrypted beside StoreOptions.encrypted: storage names, "GROUP/" + "*", "*", parted
     * by blanks. CLUSTER_CREATE; with CLUSTER_SET_STATE rows are sealed and opened in the
     * background, NULL: as it is. */
    const char *encrypted;
    ClusterState state;
    /* CLUSTER_SET_STATE from CLUSTER_MOVING: revisions go on behind this one, 0: where they are;
     * what is asked for as of one before is too old. */
    int64_t floor;
    int64_t expect_revision; /* CLUSTER_DELETE: ERR_CONFLICT when it has another; 0: any */
} ClusterChange;

/* ---- the audit log (docs/audit.md) ---- */

/* A record of a cluster's chain. It gets its place in the commit: with a transaction that fails
 * there is none. A record of a cluster that is gone is left out, bodies are when its data key is
 * withheld: they stand in the database encrypted with it. */
typedef struct AuditRecord {
    Cluster *cluster;
    const char *user, *verb, *resource, *ns; /* what readers select by; "" for none */
    Slice event, bodies;                     /* as audit/chain.h has them */
    /* not SIZE_MAX: where the revision of this write of the transaction goes into `bodies` */
    size_t revision_at;
    size_t revision_of;
    /* results */
    AuditPlace place;
    bool lost_bodies; /* there was no key to seal them with */
} AuditRecord;

/* All or nothing. Everything in it must stay alive until done(). */
typedef struct Txn Txn;
struct Txn {
    Write *writes;
    size_t n_writes;
    Charge *charges;
    size_t n_charges;
    TxnCheck *checks; /* not alone */
    size_t n_checks;
    ClusterChange change;
    AuditRecord *audits; /* these may be all that there is */
    size_t n_audits;
    bool is_move;     /* goes on where a cluster is CLUSTER_MOVING */
    bool is_relaxed;  /* may be lost in a crash: Leases and Events only */
    StoreDoneFn done; /* store thread; r: 0, -ERR_CONFLICT, -ERR_ALREADY_EXISTS (EXPECT_ABSENT or a
                         cluster's name), -ERR_NOT_FOUND (nothing to delete or a cluster that is
                         gone), -ERR_FORBIDDEN (a charge), -ERR_UNAVAILABLE */
    void *data;
    size_t failed; /* result: index of the write or charge that failed */
    /* private */
    Txn *next_;
    int attempts_;
    struct NewKey *new_key_;
};
void store_submit(Store *s, Txn *t);

/* Told of every record that this server has committed, on the store thread; `bodies` as they are
 * hashed. Before the first transaction. */
typedef void (*AuditFn)(const AuditRecord *r, Slice bodies, void *data);
void store_set_audit_fn(Store *s, AuditFn fn, void *data);

typedef struct AuditQuery {
    int64_t after;                           /* records above this number */
    int64_t limit;                           /* and no more than this many, nor more than 8 MiB */
    int64_t since_s, until_s;                /* committed from, and before; INT64_MAX: now */
    const char *user, *verb, *resource, *ns; /* NULL: all */
    bool with_bodies;                        /* opened with the cluster's data key */
} AuditQuery;

typedef struct AuditRow {
    AuditPlace place;
    Slice event;
    Slice bodies; /* {NULL, 0}: it has none, they were not asked for, or do not open */
    bool has_bodies;
    /* Of bodies that do not open, of what stands in their place: the chain shows the change. */
    unsigned char bodies_hash[SHA256_LEN];
} AuditRow;

typedef struct AuditRows { /* in order of their numbers */
    Arena *arena;
    AuditRow *items;
    size_t n, cap;
    bool has_more;
} AuditRows;
void audit_rows_done(AuditRows *v);
void store_audit_read(Store *s, Cluster *c, const AuditQuery *q, AuditRows *ret, StoreDoneFn done,
                      void *data);

/* Where the chain begins (the record before the oldest) and ends, and the newest checkpoints. */
enum { AUDIT_CHECKPOINTS = 100 };
typedef struct AuditEnds {
    Arena *arena;
    AuditPlace start, head;
    int64_t bytes;                              /* of its records */
    const char *checkpoints[AUDIT_CHECKPOINTS]; /* tokens, the newest first */
    uint32_t n_checkpoints;
} AuditEnds;
void audit_ends_done(AuditEnds *e);
void store_audit_ends(Store *s, Cluster *c, AuditEnds *ret, StoreDoneFn done, void *data);
/* Keep a signed head. */
void store_audit_checkpoint(Store *s, Cluster *c, int64_t seq, const char *token, StoreDoneFn done,
                            void *data);

/* What of the cluster is encrypted beside StoreOptions.encrypted, as ClusterChange has it. */
const char *cluster_encrypted(const Cluster *c);
/* Bodies of this storage are encrypted in this cluster. */
bool store_encrypts(const Store *s, const Cluster *c, const char *storage);

/* What a cluster has in use of a counter, from memory. */
int64_t store_usage(Store *s, Cluster *c, const char *counter);
/* All of them; fn must not call the store. */
typedef void (*StoreUsageFn)(const char *counter, int64_t used, void *data);
void store_each_usage(Store *s, Cluster *c, StoreUsageFn fn, void *data);

/* ---- metering: what tenants are billed by, in hours since 1970 (docs/metering.md) ---- */
typedef struct MeterAdd {
    ClusterId cluster;
    const char *counter; /* "requests", "bytesSent", ... */
    int64_t amount;
} MeterAdd;
/* Add what leaves no history to this hour; strings are copied. */
void store_meter_add(Store *s, int64_t hour, const MeterAdd *items, size_t n, StoreDoneFn done,
                     void *data);

typedef struct MeterRow {
    int64_t hour; /* 0 in sums */
    const char *tenant, *uid, *counter, *amount;
} MeterRow;
typedef struct MeterRows { /* in order of hour, tenant, uid, counter */
    Arena *arena;
    MeterRow *items;
    size_t n, cap;
} MeterRows;
void meter_rows_done(MeterRows *m);
/* The hours first..last of one tenant (NULL: all, also those that are gone), each for itself or
 * summed up. cpu and pods in seconds, memory and storage in bytes times seconds. */
void store_meter_read(Store *s, int64_t first, int64_t last, const char *tenant, bool sums,
                      MeterRows *ret, StoreDoneFn done, void *data);

/* ---- key providers ---- */
typedef struct KeyUse {
    const char *id;
    int64_t n_clusters; /* whose data keys it wraps */
    bool is_current;
} KeyUse;

typedef struct KeyProviderReport {
    const char *name, *scheme, *current, *error; /* "" for what is not known, and when it is well */
    bool is_default, is_healthy, rotates;        /* rotates: on our word */
    int64_t checked_us;                          /* wall clock; 0: not yet */
    int64_t n_clusters;                          /* that shall be wrapped by its current key ... */
    int64_t n_waiting;                           /* ... and are not yet */
    KeyUse *keys;
    size_t n_keys;
} KeyProviderReport;

typedef struct KeysReport {
    Arena *arena;
    KeyProviderReport *items;
    size_t n;
} KeysReport;
void keys_report_done(KeysReport *r);

typedef enum KeysOp {
    KEYS_LIST,
    KEYS_ROTATE, /* a new key; data keys are wrapped with it in the background */
    KEYS_DROP,   /* ERR_FORBIDDEN while a data key is wrapped with it */
} KeysOp;
/* Do it and report; ERR_NOT_FOUND for a provider or key that is not there. Strings are copied. */
void store_keys(Store *s, KeysOp op, const char *provider, const char *key, KeysReport *ret,
                StoreDoneFn done, void *data);
/* ---- data keys ---- */
typedef struct DataKeyReport {
    const char *cluster, *provider, *encrypted; /* encrypted: beside StoreOptions.encrypted */
    int64_t version, newest;                    /* the one that writes, and the newest */
    bool has_older;                             /* rows may still need older ones */
    const char *stage; /* Waiting, Preparing, Objects, History; "": nothing is under way */
    int64_t begun_us, total, seen, resealed, failed;
    const char *error; /* why it does not get on; "" when it does */
} DataKeyReport;

typedef struct DataKeysReport {
    Arena *arena;
    DataKeyReport *items;
    size_t n;
} DataKeysReport;
void data_keys_report_done(DataKeysReport *r);

typedef enum DataKeysOp {
    DATA_KEYS_LIST,
    DATA_KEYS_PENDING, /* those that have something under way only */
    DATA_KEYS_ROTATE,  /* a new key; rows are sealed with it in the background */
} DataKeysOp;
/* Do it and report; c NULL: of all clusters, the platform's own too. */
void store_data_keys(Store *s, DataKeysOp op, const Cluster *c, DataKeysReport *ret,
                     StoreDoneFn done, void *data);

/* Is there a provider of that name? */
bool store_has_key_provider(const Store *s, const char *name);

/* ---- figures, for /metrics ---- */
typedef struct StoreStats {
    int64_t commits, writes, conflicts, events, caches, cached_objects, watches, reconnects;
    int64_t history_reads;  /* for watches that begin, or fell, behind what is in memory */
    int64_t packed_objects; /* of the cached ones: those whose texts are kept short */
    int64_t commit_us_sum;
    int64_t n_clusters; /* those that are being deleted not */
    int64_t reclaimed;  /* deleted clusters of which nothing is left */
} StoreStats;
void store_stats(Store *s, StoreStats *ret);

#endif
