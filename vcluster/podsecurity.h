/*
 * podsecurity.h - the pod security standards, as labels of a namespace ask for them
 * (pod-security.kubernetes.io/enforce, warn, audit and their -version).
 *
 * podsecurity_check() is pure: a pod's metadata and spec, a level, the text of what it violates.
 *
 * Threads: any.
 * Tests:   tests/unit/vcluster/test_podsecurity.c
 */
#ifndef VCLUSTER_PODSECURITY_H
#define VCLUSTER_PODSECURITY_H

#include "base/buf.h"
#include "base/value.h"

typedef struct Op Op;
typedef struct Request Request;

typedef enum PodSecurityLevel {
    LEVEL_PRIVILEGED,
    LEVEL_BASELINE,
    LEVEL_RESTRICTED
} PodSecurityLevel;

/* Appends "reason (detail), reason (detail)" to `out`; without details when `brief`. */
void podsecurity_check(Arena *a, PodSecurityLevel level, const Value *meta, const Value *spec,
                       bool brief, Buf *out);
int podsecurity_validate(Request *req, Op *op);

#endif
