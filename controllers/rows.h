/*
 * rows.h - the map and sync functions of all controllers, for the rows of table.c. Each is in the
 * file of its name. Private to controllers/.
 *
 * Threads: map functions on the dispatcher, sync functions on workers.
 */
#ifndef CONTROLLERS_ROWS_H
#define CONTROLLERS_ROWS_H

#include "controllers/ctl.h"

bool baseobjects_is_key(const char *ns, const char *name);
void baseobjects_map(Controllers *c, uint32_t index, const Change *ch);
int baseobjects_sync(Ctl *ctl, Err *err);
int baseflow_sync(Ctl *ctl, Err *err);
int baseroles_sync(Ctl *ctl, Err *err);
void flowschema_map(Controllers *c, uint32_t index, const Change *ch);
int flowschema_sync(Ctl *ctl, Err *err);
void eventttl_map(Controllers *c, uint32_t index, const Change *ch);
int eventttl_sync(Ctl *ctl, Err *err);
void cronjob_map(Controllers *c, uint32_t index, const Change *ch);
int cronjob_sync(Ctl *ctl, Err *err);
void disruption_map(Controllers *c, uint32_t index, const Change *ch);
int disruption_sync(Ctl *ctl, Err *err);
void aggregation_map(Controllers *c, uint32_t index, const Change *ch);
int aggregation_sync(Ctl *ctl, Err *err);
void gc_map(Controllers *c, uint32_t index, const Change *ch);
int gc_sync(Ctl *ctl, Err *err);
int namespace_sync(Ctl *ctl, Err *err);
void apiservice_map(Controllers *c, uint32_t index, const Change *ch);
int apiservice_sync(Ctl *ctl, Err *err);
void availability_map(Controllers *c, uint32_t index, const Change *ch);
int availability_sync(Ctl *ctl, Err *err);
void crd_map(Controllers *c, uint32_t index, const Change *ch);
int crd_sync(Ctl *ctl, Err *err);
void serviceaccount_map(Controllers *c, uint32_t index, const Change *ch);
int serviceaccount_sync(Ctl *ctl, Err *err);
void satoken_map(Controllers *c, uint32_t index, const Change *ch);
int satoken_sync(Ctl *ctl, Err *err);
void tokentracking_map(Controllers *c, uint32_t index, const Change *ch);
int tokentracking_sync(Ctl *ctl, Err *err);
void legacytoken_map(Controllers *c, uint32_t index, const Change *ch);
int legacytoken_sync(Ctl *ctl, Err *err);
void bootstrapsigner_map(Controllers *c, uint32_t index, const Change *ch);
int bootstrapsigner_sync(Ctl *ctl, Err *err);
void tokencleaner_map(Controllers *c, uint32_t index, const Change *ch);
int tokencleaner_sync(Ctl *ctl, Err *err);
void rootca_map(Controllers *c, uint32_t index, const Change *ch);
int rootca_sync(Ctl *ctl, Err *err);
void replicaset_map(Controllers *c, uint32_t index, const Change *ch);
int replicaset_sync(Ctl *ctl, Err *err);
void deployment_map(Controllers *c, uint32_t index, const Change *ch);
int deployment_sync(Ctl *ctl, Err *err);
void endpoints_map(Controllers *c, uint32_t index, const Change *ch);
int endpoints_sync(Ctl *ctl, Err *err);
void podgroup_map(Controllers *c, uint32_t index, const Change *ch);
int podgroup_sync(Ctl *ctl, Err *err);
void endpointslice_map(Controllers *c, uint32_t index, const Change *ch);
int endpointslice_sync(Ctl *ctl, Err *err);
void endpointslice_mirror_map(Controllers *c, uint32_t index, const Change *ch);
int endpointslice_mirror_sync(Ctl *ctl, Err *err);
void nodelife_map(Controllers *c, uint32_t index, const Change *ch);
int nodelife_sync(Ctl *ctl, Err *err);
void eviction_map(Controllers *c, uint32_t index, const Change *ch);
int eviction_sync(Ctl *ctl, Err *err);
void podgc_map(Controllers *c, uint32_t index, const Change *ch);
int podgc_sync(Ctl *ctl, Err *err);
void job_map(Controllers *c, uint32_t index, const Change *ch);
int job_sync(Ctl *ctl, Err *err);
int jobttl_sync(Ctl *ctl, Err *err);
void statefulset_map(Controllers *c, uint32_t index, const Change *ch);
int statefulset_sync(Ctl *ctl, Err *err);
void daemonset_map(Controllers *c, uint32_t index, const Change *ch);
int daemonset_sync(Ctl *ctl, Err *err);
void clone_map(Controllers *c, uint32_t index, const Change *ch);
int clone_sync(Ctl *ctl, Err *err);
void poolmove_map(Controllers *c, uint32_t index, const Change *ch);
int poolmove_sync(Ctl *ctl, Err *err);
void tenantmove_map(Controllers *c, uint32_t index, const Change *ch);
int tenantmove_sync(Ctl *ctl, Err *err);
void keystatus_map(Controllers *c, uint32_t index, const Change *ch);
int keystatus_sync(Ctl *ctl, Err *err);
void resourcequota_map(Controllers *c, uint32_t index, const Change *ch);
int resourcequota_sync(Ctl *ctl, Err *err);
int csr_sync(Ctl *ctl, Err *err);
int policystatus_sync(Ctl *ctl, Err *err);
void auditstatus_map(Controllers *c, uint32_t index, const Change *ch);
int auditstatus_sync(Ctl *ctl, Err *err);
void claim_protection_map(Controllers *c, uint32_t index, const Change *ch);
int claim_protection_sync(Ctl *ctl, Err *err);
int volume_protection_sync(Ctl *ctl, Err *err);
void class_protection_map(Controllers *c, uint32_t index, const Change *ch);
int class_protection_sync(Ctl *ctl, Err *err);
void volume_map(Controllers *c, uint32_t index, const Change *ch);
int volume_sync(Ctl *ctl, Err *err);
void extsecrets_map(Controllers *c, uint32_t index, const Change *ch);
int extsecrets_sync(Ctl *ctl, Err *err);
void secretstore_map(Controllers *c, uint32_t index, const Change *ch);
int secretstore_sync(Ctl *ctl, Err *err);
void externalsecret_map(Controllers *c, uint32_t index, const Change *ch);
int externalsecret_sync(Ctl *ctl, Err *err);
void ephemeral_map(Controllers *c, uint32_t index, const Change *ch);
int ephemeral_sync(Ctl *ctl, Err *err);

#endif
