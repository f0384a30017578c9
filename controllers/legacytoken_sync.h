/*
 * legacytoken_sync.h - tokens that were made for a service account once and are not used any more:
 * marked as invalid, and deleted as long again after that. Pure.
 *
 * Follows upstream pkg/controller/serviceaccount/legacy_serviceaccount_token_cleaner.go: only what
 * the account itself names (what was made by hand stays), what no pod mounts, and what was not used
 * for the whole period, in which uses must have been noted.
 *
 * Tests:   tests/unit/controllers/test_legacytoken_sync.c
 */
#ifndef CONTROLLERS_LEGACYTOKEN_SYNC_H
#define CONTROLLERS_LEGACYTOKEN_SYNC_H

#include "client/meta.h"

#define LEGACY_LAST_USED     "kubernetes.io/legacy-token-last-used"
#define LEGACY_INVALID_SINCE "kubernetes.io/legacy-token-invalid-since"

enum { LEGACY_PERIOD_S = 365 * 24 * 3600 };

typedef enum LegacyVerb {
    LEGACY_KEEP,
    LEGACY_MARK, /* as invalid since today */
    LEGACY_DELETE,
} LegacyVerb;

typedef struct LegacyFacts {
    const Value *secret;
    const Value *tracking; /* the ConfigMap that says since when uses are noted; NULL: none */
    const Value *account;  /* of the Secret's name for it; NULL: none */
    int64_t now_us, period_s;
} LegacyFacts;

bool legacytoken_is_one(const Value *secret); /* of the type */
/* As if no pod mounted it. */
LegacyVerb legacytoken_decide(const LegacyFacts *f);
/* Must the ConfigMap be written? NULL: it is not there. */
bool legacytoken_tracking_is_bad(const Value *tracking);
/* Is that day told already, or the next one, where it may have begun? */
bool legacytoken_is_noted(const Value *secret, int64_t now_us);

#endif
