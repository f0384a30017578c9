/*
 * chain.h - the records of a cluster as a chain: what is hashed, and the check that nothing of it
 * was changed, taken out, put elsewhere or cut off.
 *
 *     hash(n) = SHA-256(hash(n-1) | n, 8 bytes, big endian | event | SHA-256(bodies), if there are
 * any)
 *
 * `event` is an audit.k8s.io/v1 Event without requestObject and responseObject; these two and a
 * random `salt`, as one object, are the bodies. Both are compact JSON as value_print() writes it.
 * The hash before the first record is all zeros.
 *
 * Outside the database a record is one Event with its place in the chain as annotations; whoever
 * may not see its bodies gets their hash instead, so that the record can be verified all the same.
 * The salt, an annotation beside bodies that are shown, keeps what they were from being guessed.
 *
 * Owns:    nothing; an AuditCheck is a plain value.
 * Threads: one at a time.
 * Fails:   audit_check_*() with ERR_INVALID and what is wrong with which record, ERR_BAD_REQUEST
 * for a line that is no record. Tests:   tests/unit/audit/test_chain.c, tests/fuzz/fuzz_auditline.c
 */
#ifndef AUDIT_CHAIN_H
#define AUDIT_CHAIN_H

#include "base/buf.h"
#include "base/err.h"
#include "base/random.h"
#include "base/value.h"

#define AUDIT_DOMAIN   "audit.hostplane.io"
#define AUDIT_PREFIX   AUDIT_DOMAIN "/"
#define AUDIT_SEQUENCE AUDIT_PREFIX "sequence"
#define AUDIT_HASH     AUDIT_PREFIX "hash"
#define AUDIT_BODIES   AUDIT_PREFIX "bodies-hash"
#define AUDIT_SALT     AUDIT_PREFIX "bodies-salt"
#define AUDIT_LOST     AUDIT_PREFIX "bodies-lost" /* why there are none */
#define AUDIT_CLUSTER  AUDIT_PREFIX "cluster" /* where lines of several clusters stand together */

/* `iss` of signed heads; nothing else that the key signs has it. */
#define AUDIT_ISSUER "https://hostplane.io/audit"

typedef struct AuditPlace { /* in a chain */
    int64_t seq;            /* from 1 */
    unsigned char hash[SHA256_LEN];
} AuditPlace;

/* The place after `prev` of a record; `bodies` {NULL, 0} when it has none. */
void audit_chain_next(const AuditPlace *prev, Slice event, Slice bodies, AuditPlace *ret);

/* A fresh one, at the end of an object of bodies. */
void audit_add_salt(Arena *a, Value *bodies);

/* The event with a note that bodies which belong to it could not be kept, and why. As it was when
 * it is no event. */
void audit_mark_lost(Slice event, const char *why, Buf *out);

/* The record as it is shown, in the arena: with its bodies ({NULL, 0}: none), or else with their
 * hash (NULL: it has none). ERR_INTERNAL when it is no JSON. */
int audit_compose(Arena *a, const AuditPlace *at, Slice event, Slice bodies,
                  const unsigned char *bodies_hash, Value **ret, Err *err) MUST_CHECK;

typedef struct AuditCheck {
    AuditPlace last;   /* the newest record that was checked */
    bool has_last;     /* else any record may come first */
    int64_t n_records; /* that were checked */
    int64_t first;     /* their first */
} AuditCheck;

/* Zeroed, or with `last`, from which the first record has to follow. */
int audit_check_record(AuditCheck *c, Arena *a, Value *event, Err *err) MUST_CHECK;
/* The same for a line of an export. */
int audit_check_line(AuditCheck *c, Slice line, Err *err) MUST_CHECK;
/* After the last record: is this where the chain ends? */
int audit_check_head(const AuditCheck *c, const AuditPlace *head, Err *err) MUST_CHECK;

void audit_hash_to_hex(const unsigned char hash[SHA256_LEN], char out[2 * SHA256_LEN + 1]);
bool audit_hash_from_hex(const char *text, unsigned char ret[SHA256_LEN]);

#endif
