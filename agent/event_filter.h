/*
 * event_filter.h - which of the events of a pod are told, and how: a new one, or one more of one.
 *
 * The rules are those of client-go (tools/record, events_cache.go): what is told again counts up;
 * more than ten of one kind within ten minutes that differ in their words only are told as one; and
 * a pod has 25 at once and one more every five minutes. Unlike there, the same within ten seconds
 * is told once.
 *
 * Owns:    what it remembers of each pod, which is bounded; forgotten by event_filter_forget().
 * Threads: one at a time. Time is given, no clock is read.
 * Frees:   event_filter_free().
 * Fails:   never.
 * Tests:   tests/unit/agent/test_event_filter.c
 */
#ifndef AGENT_EVENT_FILTER_H
#define AGENT_EVENT_FILTER_H

#include "base/arena.h"

enum {
    EVENT_REPEAT_S = 10,  /* the same within that is told once */
    EVENT_BURST = 25,     /* of a pod at once, */
    EVENT_REFILL_S = 300, /* and then one in that time */
    EVENT_SIMILAR_MAX = 10,
    EVENT_SIMILAR_S = 600,
};

typedef struct EventFilter EventFilter;

typedef struct EventFacts {
    const char *uid, *container, *reason, *message; /* container: NULL, the pod itself */
    bool is_warning;
} EventFacts;

typedef struct EventVerdict {
    const char *name; /* of the event told before, in the arena; NULL: a new one */
    const char *message;
    int64_t first_us;
    int count;
} EventVerdict;

EventFilter *event_filter_new(void);
void event_filter_free(EventFilter *f);
DEFINE_CLEANUP(EventFilter, event_filter_free);

/* False: it is not told. new_name: what the event is to be called if it is a new one. */
bool event_filter_pass(EventFilter *f, Arena *a, const EventFacts *e, const char *new_name,
                       int64_t now_us, EventVerdict *ret);
void event_filter_forget(EventFilter *f, const char *uid);

#endif
