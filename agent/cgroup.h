/*
 * cgroup.h - the cgroup of a pod, in which the runtime makes those of its containers (cgroup v1).
 *
 * It carries what belongs to the pod as a whole: its share of the processors, the number of its
 * processes, and the limits that the pod names for itself. Without such a one memory is limited per
 * container: on v1 a limit of the pod has every container reported as killed when one is.
 *
 * Threads: any.
 * Fails:   never loudly: a controller that is not mounted is skipped.
 */
#ifndef AGENT_CGROUP_H
#define AGENT_CGROUP_H

#include "base/value.h"

enum { CGROUP_POD_PIDS = 4096 };

typedef struct CgroupLimits {
    int64_t cpu_request_milli;
    int64_t cpu_limit_milli, memory_limit; /* 0: none */
} CgroupLimits;
void cgroup_make(const char *parent, const CgroupLimits *l);
/* What a container in it uses of memory; -1: not known. */
int64_t cgroup_memory_usage(const char *parent, const char *container_id);
void cgroup_remove(const char *parent); /* with everything below; it must hold no process */

#endif
