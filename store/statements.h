/*
 * statements.h - every SQL statement of the running store, prepared once on each connection
 * that sends it.
 *
 * All are set-based: parameters are arrays, joined by unnest(). No SQL is built at run time.
 */
#ifndef STORE_STATEMENTS_H
#define STORE_STATEMENTS_H

typedef enum StatementId {
    ST_BEGIN,
    ST_BEGIN_SNAPSHOT,
    ST_COMMIT,
    ST_ROLLBACK,
    ST_RELAXED,
    ST_CREATE_LOCK,
    ST_LOCK,
    ST_LOCK_NAMES,
    ST_NEXT_IDS,
    ST_KEYS,
    ST_USED,
    ST_INSERT,
    ST_PUT,
    ST_DELETE,
    ST_HISTORY,
    ST_REVISIONS,
    ST_PUT_USED,
    ST_CLUSTER_NEW,
    ST_CLUSTER_KEYS,
    ST_KEY_ROWS,
    ST_KEY_WANTED,
    ST_KEY_COUNTS,
    ST_REWRAP_PICK,
    ST_REWRAP_PUT,
    ST_RESEAL_WANT,
    ST_RESEAL_KINDS,
    ST_RESEAL_TAKE,
    ST_RESEAL_COUNT,
    ST_RESEAL_LOCK,
    ST_RESEAL_ADD,
    ST_RESEAL_SWITCH,
    ST_RESEAL_TOTAL,
    ST_RESEAL_OBJECTS,
    ST_RESEAL_HISTORY,
    ST_RESEAL_AUDIT,
    ST_RESEAL_PUT_OBJECTS,
    ST_RESEAL_PUT_HISTORY,
    ST_RESEAL_PUT_AUDIT,
    ST_RESEAL_STEP,
    ST_RESEAL_FINISH,
    ST_RESEAL_LATER,
    ST_DATA_KEYS,
    ST_CLUSTER_STATES,
    ST_CLUSTER_WIPE,
    ST_NOTIFY,
    ST_MARK,
    ST_STILL_RUNS,
    ST_MARKED,
    ST_GAPS,
    ST_LOAD_FIRST,
    ST_LOAD_MORE,
    ST_EVENTS,
    ST_EVENTS_CHECK,
    ST_AT,
    ST_CLUSTERS,
    ST_USED_OF,
    ST_POLL,
    ST_PEERS,
    ST_FORWARD,
    ST_RECLAIM_PICK,
    ST_RECLAIM_OBJECTS,
    ST_RECLAIM_HISTORY,
    ST_RECLAIM_USAGE,
    ST_RECLAIM_CLUSTER,
    ST_PARTITIONS,
    ST_TRIM,
    ST_METER,
    ST_METER_STATES,
    ST_METER_NAMES,
    ST_METER_ADD,
    ST_METER_READ,
    ST_METER_CLOSE,
    ST_METER_PURGE,
    ST_AUDIT_HEADS,
    ST_AUDIT_PUT,
    ST_AUDIT_PUT_HEADS,
    ST_AUDIT_READ,
    ST_AUDIT_ENDS,
    ST_AUDIT_CHECKPOINTS,
    ST_AUDIT_CHECKPOINT,
    ST_AUDIT_PARTITIONS,
    ST_AUDIT_STARTS,
    ST_AUDIT_FORGET,
    ST_RECLAIM_AUDIT,
    ST_RECLAIM_AUDIT_ENDS,
    ST_MAX_
} StatementId;

/* Clusters as cluster__from_row() reads them; what follows is which of them. */
#define SELECT_CLUSTERS                                                                            \
    "SELECT c.id, c.uid, c.name, c.state, c.revision, c.created_us, k.wrapped, k.identity,"        \
    " coalesce(k.provider, ''), coalesce(k.kek, ''), coalesce(k.version, 0), k.older, "            \
    "c.encrypted,"                                                                                 \
    " c.floor"                                                                                     \
    " FROM cluster c LEFT JOIN cluster_key k ON k.cluster = c.id"

typedef struct Statement {
    const char *name, *sql;
} Statement;

extern const Statement statements[ST_MAX_];

#endif
