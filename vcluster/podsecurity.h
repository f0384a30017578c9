/*
 * podsecurity.h - PodSecurity: the labels of a namespace (pod-security.kubernetes.io/enforce, warn,
 * audit and their -version) ask for a level of the standards, which podstandards.h knows.
 * Upstream: staging/src/k8s.io/pod-security-admission/admission.
 *
 * Threads: the request's.
 * Tests:   tests/unit/vcluster/test_admission.c
 */
#ifndef VCLUSTER_PODSECURITY_H
#define VCLUSTER_PODSECURITY_H

#include "vcluster/vcluster_int.h"

int podsecurity_validate(Request *req, Op *op);

#endif
