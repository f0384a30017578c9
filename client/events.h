/*
 * events.h - records Events about objects; the same event again raises the count of the first one.
 * Those of controllers and nodes have the older form, with timestamps and a count. One that names
 * an action has the form of events.k8s.io (client-go/tools/events, makeEvent), as the scheduler
 * writes it: a time, and a series once it comes again.
 *
 * Owns:    what it remembers of recorded events (a bounded number).
 * Threads: any. events_record() blocks for one call; it does not fail: an event that cannot be
 *          written is dropped.
 * Frees:   events_free(). The client is borrowed.
 * Tests:   tests/unit/client/test_events.c
 */
#ifndef CLIENT_EVENTS_H
#define CLIENT_EVENTS_H

#include "client/client.h"

typedef struct Events Events;

typedef struct Event {
    const char *cluster;
    const Value *object;    /* with kind, apiVersion and metadata */
    const char *field_path; /* "spec.containers{web}", or NULL */
    const char *type;       /* "Normal" or "Warning" */
    const char *reason;     /* "FailedScheduling" */
    const char *message;
    const char *action;    /* "Binding"; NULL: the older form */
    const char *component; /* who reports, with an action; NULL: the recorder */
    const Value *related;  /* as `object`, or NULL */
} Event;

/* component: "deployment-controller"; host: the node's name, or NULL. */
Events *events_new(Client *c, const char *component, const char *host);
void events_free(Events *e);
DEFINE_CLEANUP(Events, events_free);
void events_record(Events *e, const Event *ev);
/* The same of many, with calls that do not wait for each other. */
void events_record_all(Events *e, const Event *evs, size_t n);

/* The Event as it is created, pure. */
Value *event_to_value(Arena *a, const Event *ev, const char *component, const char *host,
                      int64_t now_us);

#endif
