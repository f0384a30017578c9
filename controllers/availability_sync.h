/*
 * availability_sync.h - is what an APIService names there? Pure. Upstream: kube-aggregator's
 * pkg/controllers/status/remote/remote_available_controller.go and its neighbour in local/.
 *
 * Tests:   tests/unit/controllers/test_availability_sync.c
 */
#ifndef CONTROLLERS_AVAILABILITY_SYNC_H
#define CONTROLLERS_AVAILABILITY_SYNC_H

#include "base/value.h"

enum {
    AVAILABILITY_PERIOD_MS = 30000, /* after which it is asked again */
    AVAILABILITY_RETRY_MS = 1000,   /* the first time after a failure */
};

/* The condition Available. */
typedef struct Availability {
    const char *status, *reason, *message; /* status NULL: the server itself must be asked */
} Availability;

/* `service` is the one that it names, or NULL; `slices` are the EndpointSlices of that. */
Availability availability_of(Arena *a, const Value *api_service, const Value *service,
                             Value *const *slices, uint32_t n_slices);
/* What the server's own answer makes of it; why NULL: it answered well. */
Availability availability_of_answer(const char *why);
/* In so many ms it is looked at again: as long as it has been away, within bounds. */
int availability_again_ms(const Value *api_service, int64_t now_us);

#endif
