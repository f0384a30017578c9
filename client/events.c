#include "client/events.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"

#include <pthread.h>

enum {
    EVENTS_REMEMBERED = 4096,
    EVENTS_WINDOW_US = 600 * 1000000, /* the same event after so long is a new one */
    EVENTS_BURST = 25,                /* about one object; then one every five minutes */
    EVENTS_REFILL_US = 300 * 1000000,
};

typedef struct Recorded {
    char *name;
    int64_t count, last_us;
} Recorded;

typedef struct Bucket {
    int64_t tokens, filled_us;
} Bucket;

struct Events {
    Client *client; /* borrowed */
    char *component, *host;
    pthread_mutex_t lock; /* guards the maps; a leaf */
    Map recorded;         /* what identifies an event -> Recorded */
    Map buckets;          /* object -> Bucket */
};

static void recorded_free(void *p)
{
    Recorded *r = p;

    free(r->name);
    free(r);
}

Events *events_new(Client *c, const char *component, const char *host)
{
    Events *e = xcalloc(1, sizeof(*e));

    e->client = c;
    e->component = xstrdup(component);
    e->host = host ? xstrdup(host) : NULL;
    e->recorded.free_value = recorded_free;
    e->buckets.free_value = free;
    pthread_mutex_init(&e->lock, NULL);
    return e;
}

void events_free(Events *e)
{
    if (!e)
        return;
    map_done(&e->recorded);
    map_done(&e->buckets);
    pthread_mutex_destroy(&e->lock);
    free(e->component);
    free(e->host);
    free(e);
}

static const char *event_ns(const Event *ev)
{
    const char *ns = value_at_str(ev->object, "metadata.namespace");

    return ns && ns[0] ? ns : "default";
}

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

static Value *reference_to(Arena *a, const Value *object)
{
    static const char *const from_meta[] = {"namespace", "name", "uid", "resourceVersion"};
    Value *ref = value_object(a);

    value_set_str(a, ref, "kind", value_get_str(object, "kind"));
    value_set_str(a, ref, "apiVersion", value_get_str(object, "apiVersion"));
    for (size_t i = 0; i < ARRAY_LEN(from_meta); i++) {
        const char *s = value_get_str(value_get(object, "metadata"), from_meta[i]);

        if (s && s[0])
            value_set_str(a, ref, from_meta[i], s);
    }
    return ref;
}

/* Who reports and when, in the older form. */
static void put_source(Arena *a, Value *v, const char *component, const char *host, int64_t now_us)
{
    Value *source = value_need(a, v, "source");
    char now[CLOCK_TEXT_MAX];

    clock_to_rfc3339(now_us, now);
    value_set_str(a, source, "component", component);
    if (host)
        value_set_str(a, source, "host", host);
    value_set_str(a, v, "firstTimestamp", now);
    value_set_str(a, v, "lastTimestamp", now);
    value_set_int(a, v, "count", 1);
    value_set_str(a, v, "reportingComponent", component);
    value_set_str(a, v, "reportingInstance", or_empty(host));
}

/* The same in the newer one. The instance says which process it was: nothing that a tenant could
 * tell machines of the provider's by. */
static void put_action(Arena *a, Value *v, const Event *ev, const char *component, const char *host,
                       int64_t now_us)
{
    char now[CLOCK_TEXT_MAX];

    component = ev->component ? ev->component : component;
    value_set_str(a, v, "eventTime", clock_to_rfc3339_micro(now_us, now));
    value_set_str(a, v, "action", ev->action);
    value_set_str(a, v, "reportingComponent", component);
    value_set(a, v, "reportingInstance",
              value_printf(a, "%s-%s", component, host ? host : "hostplane"));
    if (ev->related)
        value_set(a, v, "related", reference_to(a, ev->related));
}

Value *event_to_value(Arena *a, const Event *ev, const char *component, const char *host,
                      int64_t now_us)
{
    const char *name = or_empty(value_at_str(ev->object, "metadata.name"));
    Value *v = value_literal(a, "{'kind':'Event','apiVersion':'v1'}");
    Value *meta = value_need(a, v, "metadata"), *about = reference_to(a, ev->object);

    value_set(a, meta, "name", value_printf(a, "%s.%llx", name, (unsigned long long)now_us * 1000));
    value_set_str(a, meta, "namespace", event_ns(ev));
    if (ev->field_path)
        value_set_str(a, about, "fieldPath", ev->field_path);
    value_set(a, v, "involvedObject", about);
    value_set_str(a, v, "reason", ev->reason);
    value_set_str(a, v, "message", ev->message);
    value_set_str(a, v, "type", ev->type);
    if (ev->action)
        put_action(a, v, ev, component, host, now_us);
    else
        put_source(a, v, component, host, now_us);
    return v;
}

/* What it becomes when it has come `count` times. */
static Value *repetition(Arena *a, const Event *ev, int64_t count, int64_t now_us)
{
    Value *v = value_object(a), *to = ev->action ? value_need(a, v, "series") : v;
    char now[CLOCK_TEXT_MAX];

    value_set_int(a, to, "count", count);
    if (ev->action)
        value_set_str(a, to, "lastObservedTime", clock_to_rfc3339_micro(now_us, now));
    else
        value_set_str(a, to, "lastTimestamp", clock_to_rfc3339(now_us, now));
    return v;
}

static const char *object_id(Arena *a, const Event *ev)
{
    return arena_printf(a, "%s|%s|%s|%s|%s", ev->cluster,
                        or_empty(value_get_str(ev->object, "kind")), event_ns(ev),
                        or_empty(value_at_str(ev->object, "metadata.name")),
                        or_empty(value_at_str(ev->object, "metadata.uid")));
}

static bool take_token(Events *e, const char *object, int64_t now_us)
{
    Bucket *b = map_get(&e->buckets, object);
    int64_t fresh;

    if (!b) {
        if (e->buckets.n >= EVENTS_REMEMBERED)
            map_clear(&e->buckets);
        b = xcalloc(1, sizeof(*b));
        *b = (Bucket){EVENTS_BURST, now_us};
        map_set(&e->buckets, object, b);
    }
    fresh = (now_us - b->filled_us) / EVENTS_REFILL_US;
    b->tokens = MIN(b->tokens + fresh, EVENTS_BURST);
    b->filled_us += fresh * EVENTS_REFILL_US;
    if (b->tokens == 0)
        return false;
    b->tokens--;
    return true;
}

/* The name and the new count of an event that was recorded before; NULL when it is a new one. */
static const char *seen_before(Events *e, Arena *a, const char *id, int64_t now_us,
                               int64_t *ret_count)
{
    Recorded *r = map_get(&e->recorded, id);

    if (!r || now_us - r->last_us > EVENTS_WINDOW_US)
        return NULL;
    r->last_us = now_us;
    *ret_count = ++r->count;
    return arena_strdup(a, r->name);
}

static void remember(Events *e, const char *id, const char *name, int64_t now_us)
{
    Recorded *r = xcalloc(1, sizeof(*r)), *old;

    *r = (Recorded){xstrdup(name), 1, now_us};
    pthread_mutex_lock(&e->lock);
    if (e->recorded.n >= EVENTS_REMEMBERED)
        map_clear(&e->recorded);
    old = map_set(&e->recorded, id, r);
    pthread_mutex_unlock(&e->lock);
    if (old)
        recorded_free(old);
}

/* An event on its way to the server. */
typedef struct Recording {
    const char *id, *name; /* name: of the event that this one repeats; NULL: it is new */
    Value *v;
    ClientRequest req;
} Recording;

/* False when there were too many about the object. */
static bool prepare(Events *e, Arena *a, const Event *ev, int64_t now_us, Recording *ret)
{
    ObjRef at = {
        .cluster = ev->cluster, .ns = event_ns(ev), .resource = resource_find_storage("events")};
    const char *object = object_id(a, ev);
    int64_t count = 0;
    bool is_allowed;

    BUG_ON(!at.resource);
    ret->id = arena_printf(a, "%s|%s|%s|%s|%s", object, or_empty(ev->field_path), ev->type,
                           ev->reason, ev->message);
    pthread_mutex_lock(&e->lock);
    is_allowed = take_token(e, object, now_us);
    ret->name = is_allowed ? seen_before(e, a, ret->id, now_us, &count) : NULL;
    pthread_mutex_unlock(&e->lock);
    if (!is_allowed)
        return false;
    if (ret->name) {
        at.name = ret->name;
        ret->v = repetition(a, ev, count, now_us);
        ret->req = client_request(a, "PATCH", &at, "application/merge-patch+json", ret->v);
        return true;
    }
    ret->v = event_to_value(a, ev, e->component, e->host, now_us);
    ret->req = client_request(a, "POST", &at, NULL, ret->v);
    return true;
}

/* The event that it repeats is gone: it is a new one. */
static void begin_anew(Events *e, Arena *a, const Event *ev, Recording *rec, int64_t now_us)
{
    ObjRef at = {
        .cluster = ev->cluster, .ns = event_ns(ev), .resource = resource_find_storage("events")};

    rec->v = event_to_value(a, ev, e->component, e->host, now_us);
    if (client_create(e->client, a, &at, rec->v, NULL, NULL) == 0)
        remember(e, rec->id, value_at_str(rec->v, "metadata.name"), now_us);
}

static void conclude(Events *e, Arena *a, const Event *ev, Recording *rec, const ClientReply *reply,
                     int64_t now_us)
{
    Err err;
    int r = client_reply_check(a, reply, &err);

    if (r == 0 && !rec->name)
        remember(e, rec->id, value_at_str(rec->v, "metadata.name"), now_us);
    else if (r == -ERR_NOT_FOUND && rec->name)
        begin_anew(e, a, ev, rec, now_us);
    else if (r < 0)
        log_debug(NULL, "an event was dropped", LOG_STR("reason", ev->reason),
                  LOG_STR("error", err.msg));
}

void events_record_all(Events *e, const Event *evs, size_t n)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Recording *recs = arena_array(a, Recording, n + 1);
    ClientRequest *reqs = arena_array(a, ClientRequest, n + 1);
    ClientReply *replies = arena_array(a, ClientReply, n + 1);
    const Event **of = arena_array(a, const Event *, n + 1);
    int64_t now_us = clock_now_us();
    size_t n_reqs = 0;

    for (size_t i = 0; i < n; i++) {
        if (!prepare(e, a, &evs[i], now_us + (int64_t)i, &recs[n_reqs])) /* names differ */
            continue;
        reqs[n_reqs] = recs[n_reqs].req;
        of[n_reqs++] = &evs[i];
    }
    client_call_all(e->client, a, reqs, n_reqs, replies);
    for (size_t i = 0; i < n_reqs; i++)
        conclude(e, a, of[i], &recs[i], &replies[i], now_us);
}

void events_record(Events *e, const Event *ev)
{
    events_record_all(e, ev, 1);
}
