/*
 * cri.h - calls to the container runtime: gRPC over a unix socket, blocking, with a deadline.
 *
 * Owns:    a pool of idle connections. A call takes one out or opens one, and puts it back when
 *          the answer was complete; so a runtime that was restarted costs one failed connection
 *          and no call is sent twice unless nothing of it was answered.
 * Threads: any; as many calls at once as there are callers.
 * Frees:   cri_close(). Answers live in the caller's arena.
 * Fails:   ERR_NOT_FOUND, ERR_ALREADY_EXISTS, ERR_TIMEOUT, ... as the gRPC status says;
 *          ERR_UNAVAILABLE when the runtime cannot be reached.
 * Tests:   tests/unit/agent/test_pb.c for events; else it needs a runtime: the demo
 */
#ifndef AGENT_CRI_H
#define AGENT_CRI_H

#include "agent/cri_schema.h"

typedef struct Cri Cri;

/* endpoint: "unix:///run/containerd/containerd.sock" or a path. Nothing is connected yet. */
Cri *cri_new(const char *endpoint);
void cri_free(Cri *c);
DEFINE_CLEANUP(Cri, cri_free);

/* `ret` may be NULL when the answer does not matter. timeout_ms 0: two minutes. */
int cri_call(Cri *c, Arena *a, CriMethod m, const Value *request, int64_t timeout_ms, Value **ret,
             Err *err) MUST_CHECK;

enum { CRI_ID_MAX = 128 };

/* What the runtime says: a container or sandbox started, ended, or ran out of memory. */
typedef struct CriEvent {
    char ended[CRI_ID_MAX];     /* the container that ended, else "" */
    char no_memory[CRI_ID_MAX]; /* one in which a process was killed for want of memory, else "" */
    bool is_final; /* it is cleared away, and its log complete: what follows is known */
    int exit_code;
    int64_t finished_us;
} CriEvent;

/* Calls on_event whenever the runtime says something of that kind (containerd's own events, which
 * the interface does not have), until stop_fd is readable or the connection ends. */
typedef void (*CriEventFn)(const CriEvent *e, void *data);
int cri_events(Cri *c, CriEventFn on_event, void *data, int stop_fd, Err *err) MUST_CHECK;

/* Is an event (containerd's Envelope) about a container, and not about a command run in one? */
bool cri_event_matters(Slice envelope, CriEvent *ret);

#endif
