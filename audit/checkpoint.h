/*
 * checkpoint.h - the head of a chain as its cluster's token key has signed it: who holds the
 * database and not that key can cut the chain off, but cannot make a checkpoint that agrees.
 *
 * The key is the one by which the cluster signs service account tokens; its public half is served
 * as a JSON Web Key Set at /openid/v1/jwks. Its id begins with the cluster's name and '/'.
 *
 * Owns:    nothing.
 * Threads: any.
 * Fails:   ERR_INVALID in words for what is no checkpoint, or not signed as it should be.
 * Tests:   tests/unit/audit/test_checkpoint.c, tests/e2e/test_audit.py
 */
#ifndef AUDIT_CHECKPOINT_H
#define AUDIT_CHECKPOINT_H

#include "audit/chain.h"
#include "base/jws.h"

typedef struct AuditKeys {
    JwkSet **sets;
    size_t n, cap; /* 0: signatures are not checked */
} AuditKeys;

typedef struct AuditSigned {
    AuditPlace place;
    int64_t at_s; /* when it was signed, seconds since 1970 */
} AuditSigned;

/* `cluster` "": whatever cluster has a key among those that are known. */
int audit_checkpoint_read(Arena *a, const char *token, const char *cluster, const AuditKeys *keys,
                          AuditSigned *ret, Err *err) MUST_CHECK;

#endif
