/*
 * sweep.h - what a node that went down the hard way left behind: addresses of sandboxes that the
 * runtime does not know any more, files and cgroups of pods that nobody knows.
 *
 * Threads: one; sweep_addresses() before any pod is started.
 * Fails:   never loudly; what stays is looked at again at the next start.
 * Tests:   tests/unit/agent/test_fs.c
 */
#ifndef AGENT_SWEEP_H
#define AGENT_SWEEP_H

#include "agent/agent.h"

/* The address book of CNI's host-local: a file named after the address holds the sandbox's id. */
void sweep_addresses(Agent *agent);
/* Directories of pods for which is_known(uid) is false. */
void sweep_pods(Agent *agent, bool (*is_known)(const char *uid, void *data), void *data);

/* The directory alone, for the test: keeps addresses whose id is a key of `ids`. */
int sweep_address_dir(const char *dir, const Value *ids);

#endif
