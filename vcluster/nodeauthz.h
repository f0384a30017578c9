/*
 * nodeauthz.h - what a node of the cluster's own may do (user "system:node:x" of group
 * system:nodes): read what its pods refer to, write itself. Upstream:
 * plugin/pkg/auth/authorizer/node.
 *
 * Upstream keeps a graph of who refers to what; here the caches are asked.
 *
 * Threads: the request's. Frees: *ret_reason lives in the request's arena.
 * Tests:   tests/unit/vcluster/test_admission.c
 */
#ifndef VCLUSTER_NODEAUTHZ_H
#define VCLUSTER_NODEAUTHZ_H

#include "vcluster/vcluster_int.h"

/* When it is not allowed, *ret_reason says why, or is "". RBAC may still allow it. */
int nodeauthz_allows(Request *req, const User *u, const RbacAttrs *at, bool *ret,
                     const char **ret_reason);

#endif
