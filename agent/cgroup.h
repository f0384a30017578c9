/*
 * cgroup.h - the cgroup of a pod, in which the runtime makes those of its containers (cgroup v1).
 *
 * It carries what belongs to the pod as a whole: its share of the processors and the number of its
 * processes. Memory is limited per container: on v1 a limit of the pod would have every container
 * reported as killed when one is.
 *
 * Threads: any.
 * Fails:   never loudly: a controller that is not mounted is skipped.
 */
#ifndef AGENT_CGROUP_H
#define AGENT_CGROUP_H

#include "base/value.h"

enum { CGROUP_POD_PIDS = 4096 };

void cgroup_make(const char *parent, int64_t cpu_request_milli);
void cgroup_remove(const char *parent); /* with everything below; it must hold no process */

#endif
