#include "agent/event_filter.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"

enum {
    PODS_MAX = 4096,
    KEYS_MAX = 256, /* of a pod */
};

/* An event that was told. */
typedef struct Sent {
    char *name;
    int count;
    int64_t first_us, last_us;
} Sent;

/* Events that differ in their words only. */
typedef struct Kind {
    int n_messages;
    int64_t last_us;
} Kind;

typedef struct PodEvents {
    Map sent;        /* "container type reason message" -> Sent */
    Map kinds;       /* "container type reason" -> Kind */
    int64_t room_us; /* so much time is saved up; EVENT_REFILL_S of it are one event */
    int64_t last_us;
} PodEvents;

struct EventFilter {
    Map pods; /* uid -> PodEvents */
};

static void free_sent(void *p)
{
    Sent *s = p;

    free(s->name);
    free(s);
}

static void free_pod(void *p)
{
    PodEvents *e = p;

    map_done(&e->sent);
    map_done(&e->kinds);
    free(e);
}

EventFilter *event_filter_new(void)
{
    EventFilter *f = xcalloc(1, sizeof(*f));

    f->pods.free_value = free_pod;
    return f;
}

void event_filter_free(EventFilter *f)
{
    if (!f)
        return;
    map_done(&f->pods);
    free(f);
}

void event_filter_forget(EventFilter *f, const char *uid)
{
    void *p = map_del(&f->pods, uid);

    if (p)
        free_pod(p);
}

static PodEvents *events_of(EventFilter *f, const char *uid, int64_t now_us)
{
    PodEvents *p = map_get(&f->pods, uid);

    if (p)
        return p;
    if (f->pods.n >= PODS_MAX)
        map_clear(&f->pods);
    p = xcalloc(1, sizeof(*p));
    p->sent.free_value = free_sent;
    p->kinds.free_value = free;
    p->room_us = EVENT_BURST * EVENT_REFILL_S * 1000000LL;
    p->last_us = now_us;
    (void)map_set(&f->pods, uid, p); /* it was not there */
    return p;
}

static bool take_room(PodEvents *p, int64_t now_us)
{
    const int64_t one_us = EVENT_REFILL_S * 1000000LL;

    p->room_us = MIN(EVENT_BURST * one_us, p->room_us + MAX(0, now_us - p->last_us));
    p->last_us = now_us;
    if (p->room_us < one_us)
        return false;
    p->room_us -= one_us;
    return true;
}

/* Are there so many of the kind with other words that this is told as one of many? */
static bool is_one_of_many(PodEvents *p, const char *kind_key, bool is_known, int64_t now_us)
{
    Kind *k = map_get(&p->kinds, kind_key);

    if (!k) {
        k = xcalloc(1, sizeof(*k));
        (void)map_set(&p->kinds, kind_key, k); /* it was not there */
    }
    if (now_us - k->last_us > EVENT_SIMILAR_S * 1000000LL)
        k->n_messages = 0;
    k->last_us = now_us;
    k->n_messages += !is_known;
    return !is_known && k->n_messages > EVENT_SIMILAR_MAX;
}

bool event_filter_pass(EventFilter *f, Arena *a, const EventFacts *e, const char *new_name,
                       int64_t now_us, EventVerdict *ret)
{
    PodEvents *p = events_of(f, e->uid, now_us);
    const char *kind = arena_printf(a, "%s %c %s", e->container ? e->container : "",
                                    e->is_warning ? 'W' : 'N', e->reason);
    const char *key = arena_printf(a, "%s %s", kind, e->message), *message = e->message;
    Sent *s = map_get(&p->sent, key);

    if (s && now_us - s->last_us < EVENT_REPEAT_S * 1000000LL)
        return false;
    if (is_one_of_many(p, kind, s != NULL, now_us)) {
        message = arena_printf(a, "(combined from similar events): %s", e->message);
        key = arena_printf(a, "%s\n", kind); /* one for all words */
        s = map_get(&p->sent, key);
    }
    if (!take_room(p, now_us))
        return false;
    *ret = (EventVerdict){.message = message};
    if (s) {
        ret->name = arena_strdup(a, s->name);
    } else {
        if (p->sent.n >= KEYS_MAX)
            map_clear(&p->sent);
        s = xcalloc(1, sizeof(*s));
        s->name = xstrdup(new_name);
        s->first_us = now_us;
        (void)map_set(&p->sent, key, s); /* it was not there */
    }
    s->last_us = now_us;
    ret->count = ++s->count;
    ret->first_us = s->first_us;
    return true;
}
