/*
 * meta.h - metadata of objects as trees: names, owners, times.
 *
 * Threads: any. Results point into the tree, or live in the arena given.
 * Tests:   tests/unit/client/test_meta.c
 */
#ifndef CLIENT_META_H
#define CLIENT_META_H

#include "api/objstatus.h"

/* Never NULL: "" when absent. */
const char *meta_ns(const Value *v);
const char *meta_name(const Value *v);
const char *meta_uid(const Value *v);
int64_t meta_generation(const Value *v);
bool meta_is_deleted(const Value *v); /* has a deletion timestamp */
int64_t meta_created_us(const Value *v);
bool meta_has_finalizer(const Value *v, const char *finalizer);
const char *meta_label(const Value *v, const char *key); /* NULL when absent */
const char *meta_annotation(const Value *v, const char *key);

Value *meta_controller(const Value *v); /* the controlling owner reference, or NULL */
Value *meta_controller_in(const Value *owner_references);
bool meta_is_controlled_by(const Value *v, const char *uid);
/* A reference to `owner` with controller and blockOwnerDeletion set. */
Value *meta_owner_ref(Arena *a, const Value *owner);

int64_t value_time_us(const Value *v, const char *path); /* 0 when absent or no time */
Value *value_time(Arena *a, int64_t us);                 /* RFC 3339 */

/* Beside condition_get() (api/objstatus.h): */
bool condition_is(const Value *object, const char *type, const char *status);
/* Set it; lastTransitionTime moves when the status does. `has_update_time` for Deployments and
 * heartbeat-less kinds that have lastUpdateTime. True when anything changed. */
typedef struct Condition {
    const char *type, *status, *reason, *message;
    bool has_update_time;
} Condition;
bool condition_set(Arena *a, Value *object, const Condition *c, int64_t now_us);
bool condition_del(Value *object, const char *type);

#endif
