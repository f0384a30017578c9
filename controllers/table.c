#include "controllers/rows.h"

const Controller controllers__table[] = {
    {"namespace-controller", {"namespaces"}, {"namespaces"}, ctl_map_self, namespace_sync},
    {"service-account-controller",
     {"namespaces", "serviceaccounts"},
     {"namespaces"},
     serviceaccount_map,
     serviceaccount_sync},
    {"root-ca-cert-publisher",
     {"namespaces", "configmaps"},
     {"namespaces"},
     rootca_map,
     rootca_sync},
    {"deployment-controller",
     {"apps/deployments", "apps/replicasets", "pods"},
     {"apps/deployments"},
     deployment_map,
     deployment_sync},
    {"replicaset-controller",
     {"apps/replicasets", "pods"},
     {"apps/replicasets"},
     replicaset_map,
     replicaset_sync},
    {"generic-garbage-collector", {"*"}, {0}, gc_map, gc_sync},
};
const uint32_t controllers__n = ARRAY_LEN(controllers__table);
