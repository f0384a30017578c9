/*
 * probe_try.h - one try of a handler: what probes do again and again, and hooks once.
 *
 * {"exec": ...}, {"httpGet": ...}, {"tcpSocket": ...}, {"grpc": ...}, {"sleep": ...}. The rules and
 * the words are those of kubelet (pkg/probe).
 *
 * A connection leaves from the node itself, past the packet rules. So it goes to the pod, or to
 * another pod of the same tenant, and nowhere else, unless tenants may use the node's network.
 *
 * Threads: any; a try blocks for at most its timeout.
 * Fails:   with words.
 * Tests:   tests/unit/agent/test_probe_try.c
 */
#ifndef AGENT_PROBE_TRY_H
#define AGENT_PROBE_TRY_H

#include "agent/agent.h"

typedef struct ProbeTarget {
    Agent *agent;
    const char *cluster;
    const Value *container; /* spec, for named ports */
    const char *container_id, *pod_ip;
    int64_t timeout_ms;
} ProbeTarget;

typedef enum ProbeOutcome {
    PROBE_FAILED,
    PROBE_PASSED,
    PROBE_UNKNOWN, /* it could not be tried: a probe is as it was before, a hook has failed */
} ProbeOutcome;
/* When it did not go well `why` says what was wrong. Of an HTTP answer that went well it may say
 * what is to be told of, otherwise nothing. */
ProbeOutcome probe_once(const ProbeTarget *t, const Value *handler, char *why, size_t cap);

/* The status in an HTTP answer's first line; -1 when it is no HTTP. */
int probe_http_status(Slice head);
/* Where an answer's head sends the asker, when it is another path of the same host and port: the
 * path, in the arena; NULL: nowhere, or to somebody else. `here` is "http://10.0.0.1:80". */
const char *probe_http_redirect(Arena *a, Slice head, const char *here, const char *path);
/* A port by number or by the name that the container gives it; 0 when there is no such. */
int probe_port(const Value *container, const Value *port);
/* Is it one that can be connected to? Else `why` has kubelet's words. */
bool probe_port_ok(const Value *container, const Value *port, char *why, size_t cap);

/* The parts (probe_http.c, probe_grpc.c). */
bool probe__http(const ProbeTarget *t, const Value *get, char *why, size_t cap);
bool probe__grpc(const ProbeTarget *t, const Value *grpc, char *why, size_t cap);
bool probe__host_allowed(const ProbeTarget *t, const char *host, char *why, size_t cap);
/* A socket that does not block, or -1 with words. */
int probe__connect(const char *host, int port, int64_t deadline_us, char *why, size_t cap);
/* 1: ready for `events`, 0: not before the deadline, -1: failure. */
int probe__wait(int fd, short events, int64_t deadline_us);

#endif
