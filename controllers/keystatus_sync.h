/*
 * keystatus_sync.h - what a Tenant says about the key that its data is encrypted with; pure.
 *
 * Tests:   tests/unit/controllers/test_keystatus_sync.c
 */
#ifndef CONTROLLERS_KEYSTATUS_SYNC_H
#define CONTROLLERS_KEYSTATUS_SYNC_H

#include "client/client.h"

/* Its plan (NULL: there is none) encrypts other kinds than the tenant says that it does. */
bool keystatus_is_unsettled(const Value *tenant, const Value *plan);

typedef struct KeyNews {
    bool is_status_changed;
    const char *reason, *message; /* of an event; NULL: nothing that people should hear */
    bool is_warning;
} KeyNews;
/* Sets the conditions DataKeyAvailable and Ready. */
KeyNews keystatus_note(Arena *a, Value *tenant, ListerKey key, int64_t now_us);

#endif
