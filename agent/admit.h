/*
 * admit.h - may a pod that was bound to this node run on it: does it have room, does it want a node
 * like this, does it tolerate the node's taints? Upstream's kubelet asks the same
 * (pkg/kubelet/lifecycle/predicate.go), for pods whose user wrote the node's name and for those
 * that raced with others.
 *
 * Host ports are asked for in the same way: one pod has one, whatever its tenant.
 *
 * Pure. Resources count over all tenants, the words do not: a tenant is told what its own pods use,
 * out of that and what is left.
 *
 * Owns:    nothing; words live in the arena given.
 * Threads: any.
 * Fails:   never.
 * Tests:   tests/unit/agent/test_admit.c
 */
#ifndef AGENT_ADMIT_H
#define AGENT_ADMIT_H

#include "agent/container.h"

typedef struct AdmitOther {
    const char *cluster;
    const Value *pod;
    bool is_leaving; /* deleted, or ended: what it has will be free */
} AdmitOther;

typedef struct AdmitInput {
    const char *cluster;
    const Value *pod;
    const Value *node;        /* as the pod's tenant sees it: labels and taints; NULL: not known */
    const AdmitOther *others; /* admitted before */
    size_t n_others;
    int64_t cpu_milli, memory; /* allocatable */
    int max_pods;
} AdmitInput;

typedef enum AdmitVerdict { ADMIT_YES, ADMIT_WAIT, ADMIT_NO } AdmitVerdict;

/* ADMIT_WAIT: it has room once those that leave are gone. ADMIT_NO: *ret says why. */
AdmitVerdict admit_pod(Arena *a, const AdmitInput *in, ContainerRefusal *ret);

#endif
