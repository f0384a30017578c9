/*
 * frozen.h - which namespaces of a shared cluster belong to tenants that are suspended: what runs
 * in them stops on the nodes, as everything of a suspended tenant does that has a cluster of its
 * own.
 *
 * Threads: any; the caches that it reads are the store's.
 * Tests:   tests/e2e/test_spaces.py
 */
#ifndef VCLUSTER_FROZEN_H
#define VCLUSTER_FROZEN_H

#include "base/buf.h"
#include "vcluster/vcluster_int.h"

/*
 * Append the names to `ret` as JSON strings with commas between, in the order of names. Returns 0,
 * or -ERR_UNAVAILABLE with *ret_need: a cache of the host cluster to load first. `c` has its
 * caches; `terms` are its own, NULL when there are none.
 */
int frozen_namespaces(Vcluster *vc, Cluster *c, const TenantTerms *terms, Buf *ret,
                      const char **ret_need) MUST_CHECK;

#endif
