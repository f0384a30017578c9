/*
 * memo.h - what plug-ins have worked out for pods that are alike, kept for the next of them.
 *
 * A memo is found by everything that its contents depend on but the snapshot: its kind, the cluster
 * and a key made of the pod. What depends on the pods that have a node is kept up to date by the
 * kind's `moved`; when nodes or namespaces change in a way that matters, memos begin anew.
 *
 * Owns:    its memos; a bounded number of bytes, the least recently used go first, but never one
 *          that was asked for since memos_tick().
 * Threads: the scheduler's only.
 * Frees:   memos_done().
 * Fails:   never.
 * Tests:   tests/unit/scheduler/test_memo.c
 */
#ifndef SCHEDULER_MEMO_H
#define SCHEDULER_MEMO_H

#include "base/buf.h"
#include "base/list.h"
#include "base/map.h"

typedef struct Arena Arena;
typedef struct SchedPod SchedPod;
typedef struct SchedNode SchedNode;

typedef struct MemoKind {
    const char *name;
    /* A pod of the cluster has come to the node (+1) or leaves it (-1). NULL: it does not matter.
     */
    void (*moved)(void *state, const SchedPod *p, const SchedNode *n, int sign);
    size_t (*bytes)(const void *state); /* beside the arena; NULL: none */
    bool outlives_nodes;                /* a change of nodes does not make it wrong */
} MemoKind;

typedef struct Memo {
    const MemoKind *kind;
    Arena *arena; /* of the state and all that it points to */
    void *state;  /* NULL: to be made by who asked */
    /* private */
    char *key;
    size_t key_len, bytes;
    List in_use;     /* most recently used last */
    List in_cluster; /* MemoList.memos */
    struct MemoList *home;
    uint64_t tick;
    uint32_t version;
} Memo;

typedef struct MemoList { /* the memos of one cluster */
    List memos;           /* least recently used first */
    uint32_t n;
} MemoList;

typedef struct Memos {
    Map by_key;
    List in_use;
    size_t bytes;
    uint64_t tick;
    /* read-only: changes when nodes do; what was found out before is wrong */
    uint32_t version;
} Memos;

void memos_init(Memos *m);
void memos_done(Memos *m);
void memo_list_init(MemoList *l);

/* The memo, possibly a new one without state. `key` tells pods apart, within the kind and cluster
 * name that are put in front of it. `home` is where it is told of moves. */
Memo *memo_need(Memos *m, MemoList *home, const char *cluster, const MemoKind *kind, Slice key);
void memo_reset(Memos *m, Memo *memo); /* without state again */
/* The state was made, or has grown. */
void memo_filled(Memos *m, Memo *memo);
void memos_moved(Memos *m, MemoList *l, const SchedPod *p, const SchedNode *n, int sign);
void memos_forget(Memos *m, MemoList *l);
void memos_outdate(Memos *m); /* nodes have changed */
/* A new decision begins: what is too much goes. */
void memos_tick(Memos *m);

#endif
