/*
 * probes.h - startup, liveness and readiness probes, and the hooks, which do the same things once.
 *
 * Owns:    its threads and the list of probes. A probe runs until the container is replaced or
 *          forgotten.
 * Threads: any. The verdict callback runs on a prober thread without locks held.
 * Frees:   probes_stop().
 * Fails:   probe_once() answers in words what was wrong.
 * Tests:   tests/unit/agent/test_container.c
 */
#ifndef AGENT_PROBES_H
#define AGENT_PROBES_H

#include "agent/agent.h"

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
    bool is_change;      /* the state differs from before; false: only a failed try to tell of */
    const char *message; /* of a failed try; "" otherwise */
} ProbeVerdict;
typedef void (*ProbeFn)(const ProbeVerdict *v, void *data);

int probes_start(Agent *agent, ProbeFn fn, void *data, Probes **ret, Err *err) MUST_CHECK;
void probes_stop(Probes *p);
DEFINE_CLEANUP(Probes, probes_stop);

/* Begin to probe a running container by its spec; what was probed of the name before is dropped.
 * was_started, was_ready: known from before (a restarted agent). */
void probes_add(Probes *p, Item *pod, const Value *container, const char *container_id,
                const char *pod_ip, bool was_started);
void probes_forget(Probes *p, const char *pod_uid, const char *container); /* NULL: all */

/*
 * One try of a handler {"exec": ...}, {"httpGet": ...}, {"tcpSocket": ...}, {"sleep": ...}: true
 * when it went well; else `why` says what was wrong.
 */
typedef struct ProbeTarget {
    Agent *agent;
    const Value *container; /* spec, for named ports */
    const char *container_id, *pod_ip;
    int64_t timeout_ms;
} ProbeTarget;
bool probe_once(const ProbeTarget *t, const Value *handler, char *why, size_t cap);

/* Does an HTTP answer's first line say success (200 to 399)? -1 when it is no HTTP. */
int probe_http_status(Slice head);

#endif
