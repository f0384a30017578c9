/*
 * decide.h - what is to be done about an ExternalSecret: when it is to be read anew, what
 * its Secret is to be, what its status says. Pure; as the External Secrets Operator decides
 * (pkg/controllers/externalsecret).
 *
 * Owns:    nothing; results live in the arena.
 * Threads: any.
 * Fails:   ERR_INVALID for a target that cannot be made.
 * Tests:   tests/unit/controllers/test_extsecret_decide.c
 */
#ifndef CONTROLLERS_EXTSECRETS_DECIDE_H
#define CONTROLLERS_EXTSECRETS_DECIDE_H

#include "base/value.h"

typedef struct Err Err;

enum {
    EXTSECRET_FIRST_RETRY_MS = 2000,
    EXTSECRET_LAST_RETRY_MS = 300000,
    EXTSECRET_SHORTEST_MS = 5000, /* a shorter refreshInterval counts as this */
};

/* "GENERATION-HASH" of labels and annotations: any change of them or of the spec is another one. */
const char *extsecret_version(Arena *a, const Value *es);
const char *extsecret_target_name(const Value *es);
/* Milliseconds until it is to be read from the provider; 0: now, -1: not before it changes.
 * `secret` is its target or NULL. */
int64_t extsecret_due_ms(Arena *a, const Value *es, const Value *secret, int64_t now_us);
/* The wait after the n-th failure in a row, n from 1; `random` spreads it by a quarter each way. */
int64_t extsecret_retry_ms(unsigned n, uint64_t random);

typedef enum ExtAction {
    EXT_CREATE,
    EXT_UPDATE,
    EXT_MERGE,  /* apply: what it has of others stays */
    EXT_DELETE, /* the provider has nothing any more */
    EXT_KEEP,   /* nothing is to be done */
    EXT_RETAIN, /* nothing came, and what is there stays */
    EXT_ABSENT, /* there is nothing to merge into */
} ExtAction;

typedef struct ExtPlan {
    ExtAction action;
    Value *secret; /* as it is to be; EXT_MERGE: what is applied */
} ExtPlan;

/* `data`: strings of bytes, as extsecret_collect() gives them. */
int extsecret_plan(Arena *a, const Value *es, const Value *existing, const Value *data,
                   ExtPlan *ret, Err *err) MUST_CHECK;

/* The condition Ready and what goes with it; true when the status changed. */
void extsecret_note_done(Arena *a, Value *es, ExtAction action, int64_t now_us);
bool extsecret_note_failed(Arena *a, Value *es, const char *message, int64_t now_us);
bool secretstore_note(Arena *a, Value *store, bool is_valid, const char *reason,
                      const char *message, int64_t now_us);

#endif
