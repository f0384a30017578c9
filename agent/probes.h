/*
 * probes.h - startup, liveness and readiness probes: when, how often, and what follows from it.
 *
 * A try that takes long holds up no other probe, and the tries of one tenant leave room for those
 * of others.
 *
 * Owns:    its threads and the list of probes. A probe runs until the container is replaced or
 *          forgotten.
 * Threads: any. The verdict callback runs on a prober thread without locks held.
 * Frees:   probes_stop(), which waits for the tries that are under way.
 * Fails:   never; the first prober thread that cannot be started fails probes_start().
 * Tests:   tests/unit/agent/test_probes.c, tests/e2e/test_agent.py
 */
#ifndef AGENT_PROBES_H
#define AGENT_PROBES_H

#include "agent/probe_try.h"

typedef struct Probes Probes;
typedef enum ProbeKind {
    PROBE_STARTUP,
    PROBE_LIVENESS,
    PROBE_READINESS,
    PROBE_KIND_MAX_
} ProbeKind;

typedef struct ProbeVerdict {
    const Item *pod; /* borrowed for the call */
    const char *container, *container_id;
    ProbeKind kind;
    bool is_success;     /* the state, after thresholds */
    bool is_change;      /* the state differs from before; false: only a try to tell of */
    bool is_warning;     /* the message is of a try that went well */
    const char *message; /* of a failed try; "" otherwise */
} ProbeVerdict;
typedef void (*ProbeFn)(const ProbeVerdict *v, void *data);

int probes_start(Agent *agent, ProbeFn fn, void *data, Probes **ret, Err *err) MUST_CHECK;
void probes_stop(Probes *p);
DEFINE_CLEANUP(Probes, probes_stop);

/* Begin to probe a running container by its spec; what was probed of the name before is dropped.
 * age_us: since it was started, from when the first delay counts. was_started: known from before
 * (a restarted agent). */
void probes_add(Probes *p, Item *pod, const Value *container, const char *container_id,
                const char *pod_ip, int64_t age_us, bool was_started);
void probes_forget(Probes *p, const char *pod_uid, const char *container); /* NULL: all */
/* The pod is on its way out: only its readiness is still asked for. */
void probes_end(Probes *p, const char *pod_uid);

#endif
