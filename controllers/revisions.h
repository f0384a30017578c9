/*
 * revisions.h - the ControllerRevisions of a StatefulSet or DaemonSet: one for each template it has
 * had, numbered in the order in which they were wanted last.
 *
 * Follows upstream pkg/controller/history and daemon/update.go.
 *
 * Frees:   everything lives in the Ctl's arena.
 * Fails:   with ERR_CONFLICT when the name is taken by another template; the caller counts that in
 *          status.collisionCount, which changes the name.
 * Tests:   tests/unit/controllers/test_revisions.c, tests/e2e/test_workloads.py
 */
#ifndef CONTROLLERS_REVISIONS_H
#define CONTROLLERS_REVISIONS_H

#include "controllers/ctl.h"

typedef struct Revisions {
    Values all;         /* ours, by number, oldest first */
    Value *update;      /* of the present template; never NULL after revisions_sync() */
    int64_t collisions; /* of status, raised when the name was taken */
    bool has_collided;
} Revisions;

/* `hash_label`: the label that holds the hash in a revision. */
int revisions_sync(Ctl *ctl, const Value *owner, const Selector *sel, const char *hash_label,
                   Revisions *ret, Err *err) MUST_CHECK;
Value *revisions_find(const Revisions *x, const char *name); /* NULL: none */
/* The template that a revision keeps, a copy. */
Value *revision_template(Arena *a, const Value *revision);
/* Delete the oldest ones beyond `limit` that `is_live` says no to. */
int revisions_trim(Ctl *ctl, const Revisions *x, int64_t limit,
                   bool (*is_live)(const Value *revision, const void *data), const void *data,
                   Err *err) MUST_CHECK;

/* The revision of a template, as it is created. Pure. */
Value *revision_of_template(Arena *a, const Value *owner, const char *hash_label,
                            int64_t collisions, int64_t number);
bool revision_has_template(Arena *a, const Value *revision, const Value *template);

#endif
