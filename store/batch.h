/*
 * batch.h - what a group commit decides: which transactions pass, and what the rows become.
 *
 * Pure: batch_add() collects the rows that the transactions touch; the writer fills in what the
 * database holds (locked); batch_decide() judges the transactions in order of arrival, each all or
 * nothing, each seeing the effects of those before it.
 *
 * Owns:    its tables. Transactions, writes and names in them are borrowed.
 * Threads: one at a time (the store thread).
 * Frees:   batch_done().
 * Fails:   never; every transaction gets its own outcome.
 * Tests:   tests/unit/store/test_batch.c
 */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include "base/err.h"
#include "base/map.h"
#include "store/store.h"

enum {
    BATCH_MAX_WRITES = 100, /* statements get slower a row beyond it */
    BATCH_MAX_AUDITS = 400,

    /* flags of rows in `object` and `history` */
    ROW_TOMBSTONE = 1, /* a base object was deleted */
    ROW_ENCRYPTED = 2,
    ROW_FIRST = 4, /* history only: there was no live row before */
};

typedef struct BatchCluster {
    Cluster *cluster; /* borrowed from a transaction; NULL when it is known by name only */
    ClusterId id;
    /* from the database */
    bool exists;
    ClusterState state;
    int64_t locked;            /* its revision */
    int64_t key_version;       /* of the data key that writes */
    const char *encrypted;     /* what is; the store's */
    const struct DataKey *key; /* that of key_version, for as long as the batch is written */
    int64_t looked;            /* our revision when its keys were read from memory */
    /* decided */
    int64_t revision; /* after the batch */
    bool has_audits;
    AuditPlace audited;               /* from the database, then after the batch */
    bool is_audit_read;               /* audit_bytes is what the database has */
    int64_t audit_bytes, audit_added; /* before the batch, and by it */
} BatchCluster;

typedef struct BatchKey {
    uint32_t cluster; /* index */
    const char *storage, *ns, *name;
    /* from the database, then as decided */
    int64_t revision; /* 0: no row */
    bool is_tombstone;
    /* decided */
    bool is_changed, had_row;
    const Write *last;
} BatchKey;

typedef struct BatchCounter {
    uint32_t cluster;
    const char *counter;
    int64_t used;
    bool is_changed;
} BatchCounter;

/* A cluster's name that is created, deleted or changed. */
typedef struct BatchName {
    const char *name;
    ClusterId id; /* 0: free */
    ClusterState state;
    int64_t revision;            /* when it was locked */
    const ClusterChange *change; /* decided: the one that passed */
    ClusterId new_id;
} BatchName;

typedef struct BatchEvent {
    Write *write;
    uint32_t cluster; /* index */
    EventType type;
    int64_t revision, before; /* of the state before; 0: there was no row */
    int flags;                /* ROW_... */
} BatchEvent;

typedef struct BatchTxn {
    Txn *txn;
    size_t places; /* in Batch.places, from there on */
    int r;
    Err err;
    size_t first_event, n_events; /* when r is 0 */
} BatchTxn;

typedef struct Batch {
    /* read-only */
    BatchTxn *txns;
    size_t n_txns, cap_txns, n_writes, n_audits;
    BatchCluster *clusters;
    size_t n_clusters, cap_clusters;
    BatchKey *keys;
    size_t n_keys, cap_keys;
    BatchCounter *counters;
    size_t n_counters, cap_counters;
    BatchName *names;
    size_t n_names, cap_names;
    BatchEvent *events;
    size_t n_events, cap_events;
    bool is_relaxed; /* all of them are */
    bool has_create;
    /* private */
    Map index;      /* of clusters, keys, counters by a composed key; value: position + 1 */
    size_t recent;  /* the position of the cluster that was looked for last */
    size_t *places; /* of a transaction's writes, checks, and charges (two each): among keys and
                       counters */
    size_t n_places, cap_places;
} Batch;

void batch_init(Batch *b);
void batch_done(Batch *b);
/* False, and nothing done, when it has to wait for the next batch: full, or a second change of the
 * same cluster. */
bool batch_add(Batch *b, Txn *t);
BatchCluster *batch_cluster(Batch *b, ClusterId id); /* NULL: not in it */
void batch_decide(Batch *b);

#endif
