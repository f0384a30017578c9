/*
 * apiservice_sync.h - which APIServices the definitions of one group want. Pure.
 *
 * Upstream: pkg/controlplane/controller/crdregistration names them, kube-aggregator's
 * pkg/controllers/autoregister keeps them. An APIService without the label belongs to its user.
 *
 * Tests:   tests/unit/controllers/test_apiservice_sync.c
 */
#ifndef CONTROLLERS_APISERVICE_SYNC_H
#define CONTROLLERS_APISERVICE_SYNC_H

#include "base/value.h"

typedef enum ApiServiceDo {
    APISERVICE_CREATE,
    APISERVICE_UPDATE,
    APISERVICE_DELETE,
} ApiServiceDo;

typedef struct ApiServiceAction {
    ApiServiceDo what;
    Value *object; /* as it is to be; to delete: as it is */
} ApiServiceAction;

/*
 * `crds` are the definitions of `group`, `have` the APIServices that are named after it. The
 * actions live in the arena; what is in `have` may be changed and become part of them.
 */
uint32_t apiservice_plan(Arena *a, const char *group, Value *const *crds, uint32_t n_crds,
                         Value *const *have, uint32_t n_have, ApiServiceAction **ret);

#endif
