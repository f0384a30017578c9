/*
 * move.h - a tenant between isolation `namespace` and the others: where its objects are, where they
 * shall be, and the stages between. Pure; the objects are moved by vcluster/tenants/move.c.
 *
 *   ""         spec.isolation may say something else than status.isolation: then a move is due
 *   Copying    [move_begin] objects are copied; nobody else writes (CLUSTER_MOVING), or it is found
 *              out that they cannot be [move_abandon]
 *   Returning  [move_recall] it shall stay, or there is no room for all of it: the copies are
 *              removed again; nobody else writes
 *   Clearing   [move_switch] the copies are the tenant's objects now; pods that run at the old
 *              place are replaced, then what is left there goes
 *   ""         [move_end] of Clearing, [move_return] of Returning
 *
 * Threads: any.
 * Fails:   never.
 * Tests:   tests/unit/tenancy/test_move.c, tests/e2e/test_tenant_move.py
 */
#ifndef TENANCY_MOVE_H
#define TENANCY_MOVE_H

#include "base/value.h"
#include "store/store.h"

/* In a shared cluster: rows that say with which tenant a namespace went along to its own cluster:
 * tokens that the shared one gave are still good there. */
#define MOVED_SPACES "internal/movedspaces"

typedef enum MoveStage { MOVE_NONE, MOVE_COPYING, MOVE_RETURNING, MOVE_CLEARING } MoveStage;

MoveStage move_stage(const Value *tenant);
/* What holds now, whatever spec says: status.isolation. */
const char *move_isolation(const Value *tenant);
/* The shared cluster that its namespaces are in; NULL: they are in a cluster of its own. */
const char *move_space(const Value *tenant);
/* The shared cluster from which or to which it is being moved; NULL: none. */
const char *move_beside(const Value *tenant);
/* Has it been told to be elsewhere, and nobody has begun? */
bool move_is_due(const Value *tenant);
/* One that was given up is not begun again at once. */
bool move_waits(const Value *tenant, int64_t now_us);
/* While it is copied: has it been told to be where it is, after all? */
bool move_is_recalled(const Value *tenant);
/* From or to namespaces of a shared cluster: these cannot be changed by saying so. */
bool move_is_far(const Value *from, const Value *to);

ClusterState move_state(const Value *tenant, bool is_suspended);
/* What spec leads to where nothing needs to be moved. */
void move_settle(Arena *a, Value *tenant, const Value *before);

/* The next stage, told in the condition Moved, with the change of the tenant's cluster that belongs
 * to it. */
void move_begin(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret);
void move_switch(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret);
void move_end(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret);
void move_recall(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret);
void move_return(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret);
/* Back from Copying to where it is: somebody else has what the copies need. */
void move_abandon(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret);

#endif
