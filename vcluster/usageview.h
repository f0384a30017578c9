/*
 * usageview.h - what a tenant has in use and may have, as a read-only object that it sees itself:
 *
 *     kubectl get --raw /apis/usage.hostplane.io/v1/tenantusages/current
 *     kubectl get tenantusages -o yaml
 *
 * Served in tenants only; computed at each reading, stored nowhere.
 *
 * Threads: any; constant.
 * Tests:   tests/e2e/test_plans.py
 */
#ifndef VCLUSTER_USAGEVIEW_H
#define VCLUSTER_USAGEVIEW_H

#include "vcluster/vcluster_int.h"

Resource usageview_resource(void);
/* The resource, for a tenant; NULL for the host, and when group, version or plural is another. NULL
 * for version or plural: any. */
const Resource *usageview_find(const Request *req, const char *group, const char *version,
                               const char *plural);
bool usageview_serves(const Resource *r);
int verb_usage(Request *req, const Resource *r); /* GET of the item or the list of one */

#endif
