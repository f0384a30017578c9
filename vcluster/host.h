/*
 * host.h - what the files about tenants as objects of the platform's own cluster share: host.c,
 * groups.c, access.c, meters.c, and keyproviders.c, datakeys.c.
 *
 * Threads: the request's. Fails: as the engine does.
 * Tests:   tests/unit/vcluster/test_spaces.c, tests/e2e/test_tenants.py
 */
#ifndef VCLUSTER_HOST_H
#define VCLUSTER_HOST_H

#include "vcluster/vcluster_int.h"

#define HOST_GROUP "tenancy.hostplane.io"

/* "FIELD: message" of the tenancy layer as a refusal of the API. */
int host_refuse(Request *req, const char *name, const Err *err);
/* Kept by the request; NULL: there is none. */
Cluster *host_cluster_named(Request *req, const char *name);
/* The first object that names `value` there; NULL: none. */
int host_who_names(Request *req, const char *storage, const char *path, const char *value,
                   const char **ret);
/* Of documents that are no resources: a list of these items, and the answer that there is no such
 * one. */
int host_reply_list(Request *req, const char *kind, Value *items);
int host_not_found(Request *req, const char *plural, const char *name);
/* From the groups that a tenant was in (`old` NULL: it is new) to those that it is in (`now` NULL:
 * it goes). */
int host_settle_groups(Request *req, const Op *op, const Value *old, const Value *now);

#endif
