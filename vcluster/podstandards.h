/*
 * podstandards.h - the Pod Security Standards: what a pod at a level must not have, by version of
 * the standards. Pure. Upstream: staging/src/k8s.io/pod-security-admission/policy.
 *
 * Threads: any. Frees: texts live in the arena.
 * Tests:   tests/unit/vcluster/test_podstandards.c
 */
#ifndef VCLUSTER_PODSTANDARDS_H
#define VCLUSTER_PODSTANDARDS_H

#include "base/buf.h"
#include "base/value.h"

typedef enum PodLevel { LEVEL_PRIVILEGED, LEVEL_BASELINE, LEVEL_RESTRICTED } PodLevel;

enum { POD_STANDARDS_LATEST = INT32_MAX }; /* the version "latest"; 25 is "v1.25" */

/* Append what the pod violates, "reason (detail), reason (detail)", to `out`; without details when
 * `brief`. Nothing when it is fine. */
void podstandards_check(Arena *a, PodLevel level, int version, const Value *meta, const Value *spec,
                        bool brief, Buf *out);

#endif
