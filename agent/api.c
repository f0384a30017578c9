#include "agent/api.h"

#include "agent/event_filter.h"
#include "agent/pod_sync.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/list.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "client/status.h"

#include <pthread.h>
#include <stdarg.h>

enum {
    EVENTS_WAITING = 2000,
    EVENT_MS = 5000,
    TOKEN_AGE_S = 24 * 3600,
    STATUSES_AT_ONCE = 16, /* more would each open a connection, for what one commit takes */
    EVENT_NAME_MAX = 230,  /* of the pod's name in that of its events, which is 253 at most */
};

/* An event on its way. */
typedef struct Outgoing {
    List link;
    Arena *arena;
    const char *cluster, *path, *reason;
    const char *name; /* of the event that this is one more of; NULL: a new one */
    const Value *body;
} Outgoing;

typedef struct Token {
    char *text;
    int64_t renew_us;
} Token;

struct AgentApi {
    Agent *agent;         /* borrowed */
    pthread_mutex_t lock; /* guards what follows; a leaf */
    Map tokens;           /* "uid account audience lifetime" -> Token */
    EventFilter *filter;
    List events; /* Outgoing */
    size_t n_events;
    bool is_ending;
    int n_statuses; /* under way */
    pthread_cond_t status_done;
    pthread_cond_t wake;
    pthread_t sender;
    bool has_sender;
    _Atomic uint64_t name; /* for event names */
};

static const LogCtx ctx = {.component = "api"};

static void outgoing_free(Outgoing *o)
{
    list_del(&o->link);
    arena_free(o->arena);
}

static void free_token(void *p)
{
    Token *t = p;

    free(t->text);
    free(t);
}

static void *send_events(void *api);

AgentApi *agent_api_new(Agent *agent)
{
    AgentApi *api = xcalloc(1, sizeof(*api));

    api->agent = agent;
    api->tokens.free_value = free_token;
    api->filter = event_filter_new();
    list_init(&api->events);
    pthread_mutex_init(&api->lock, NULL);
    pthread_cond_init(&api->wake, NULL);
    pthread_cond_init(&api->status_done, NULL);
    api->has_sender = pthread_create(&api->sender, NULL, send_events, api) == 0;
    if (!api->has_sender)
        log_error(&ctx, "cannot start the events' thread: there will be none");
    return api;
}

void agent_api_free(AgentApi *api)
{
    if (!api)
        return;
    pthread_mutex_lock(&api->lock);
    api->is_ending = true;
    pthread_cond_signal(&api->wake);
    pthread_mutex_unlock(&api->lock);
    if (api->has_sender)
        pthread_join(api->sender, NULL);
    list_for_each_safe (l, &api->events)
        outgoing_free(list_entry(l, Outgoing, link));
    pthread_cond_destroy(&api->wake);
    pthread_cond_destroy(&api->status_done);
    map_done(&api->tokens);
    event_filter_free(api->filter);
    pthread_mutex_destroy(&api->lock);
    free(api);
}

static int call(AgentApi *api, Arena *a, ClientRequest *req, const Value *body, Value **ret,
                Err *err)
{
    ClientReply reply;
    int r;

    if (body)
        req->body = slice_of(value_to_str(a, body));
    r = client_call(api->agent->client, a, req, &reply, err);
    if (r < 0)
        return r;
    if (reply.status >= 300)
        return client_status_error(a, reply.status, reply.body, err);
    if (ret)
        return value_parse(a, reply.body, ret, err);
    return 0;
}

static const char *pod_path(Arena *a, const Item *pod, const char *rest)
{
    return arena_printf(a, "/api/v1/namespaces/%s/pods/%s%s", pod->ns, pod->name, rest);
}

int agent_api_pod_status(AgentApi *api, Arena *a, const Item *pod, const Value *status, Value **ret,
                         Err *err)
{
    Value *body = value_object(a);
    ClientRequest req = {.cluster = pod->cluster,
                         .method = "PATCH",
                         .path = pod_path(a, pod, "/status"),
                         .content_type = "application/merge-patch+json"};

    int r;

    value_set_str(a, value_need(a, body, "metadata"), "uid", pod->uid);
    value_set(a, body, "status", value_copy(a, status));
    pthread_mutex_lock(&api->lock);
    while (api->n_statuses >= STATUSES_AT_ONCE)
        pthread_cond_wait(&api->status_done, &api->lock);
    api->n_statuses++;
    pthread_mutex_unlock(&api->lock);
    r = call(api, a, &req, body, ret, err);
    pthread_mutex_lock(&api->lock);
    api->n_statuses--;
    pthread_cond_signal(&api->status_done);
    pthread_mutex_unlock(&api->lock);
    return r;
}

int agent_api_pod_gone(AgentApi *api, const Item *pod, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *body = value_literal(
        a, "{'kind':'DeleteOptions','apiVersion':'v1','gracePeriodSeconds':0,'preconditions':{}}");
    ClientRequest req = {.cluster = pod->cluster, .method = "DELETE", .path = pod_path(a, pod, "")};
    int r;

    value_set_str(a, value_get(body, "preconditions"), "uid", pod->uid);
    r = call(api, a, &req, body, NULL, err);
    /* A conflict is another pod of the same name: ours is gone. */
    return r == -ERR_NOT_FOUND || r == -ERR_CONFLICT ? 0 : r;
}

/* ---- tokens ---- */

int agent_api_token(AgentApi *api, Arena *a, const Item *pod, const char *account,
                    const char *audience, int64_t lifetime_s, const char **ret, Err *err)
{
    const char *key = arena_printf(a, "%s %s %s %lld", pod->uid, account, audience ? audience : "",
                                   (long long)lifetime_s);
    Value *body, *ref, *answer;
    ClientRequest req = {.cluster = pod->cluster, .method = "POST"};
    int64_t now = clock_now_us();
    const char *text = NULL;
    Token *t, *old;
    int r;

    pthread_mutex_lock(&api->lock);
    t = map_get(&api->tokens, key);
    if (t)
        text = arena_strdup(a, t->text);
    if (t && t->renew_us > now) {
        *ret = text;
        pthread_mutex_unlock(&api->lock);
        return 0;
    }
    pthread_mutex_unlock(&api->lock);

    body = value_literal(a, "{'kind':'TokenRequest','apiVersion':'authentication.k8s.io/v1',"
                            "'spec':{'boundObjectRef':{'kind':'Pod','apiVersion':'v1'}}}");
    ref = value_at(body, "spec.boundObjectRef");
    value_set_str(a, ref, "name", pod->name);
    value_set_str(a, ref, "uid", pod->uid);
    value_set_int(a, value_get(body, "spec"), "expirationSeconds", lifetime_s);
    value_set(a, value_get(body, "spec"), "audiences", value_array(a));
    if (audience && audience[0])
        value_append(a, value_at(body, "spec.audiences"), value_str(a, audience));
    req.path = arena_printf(a, "/api/v1/namespaces/%s/serviceaccounts/%s/token", pod->ns, account);
    r = call(api, a, &req, body, &answer, err);
    if (r < 0 && text && r != -ERR_NOT_FOUND && r != -ERR_FORBIDDEN) {
        *ret = text; /* the server is away: what the pod has is as good as it gets */
        return 0;
    }
    if (r < 0)
        return err_wrap(err, r, "token of service account \"%s\"", account);
    text = value_at_str(answer, "status.token");
    if (!text)
        return err_set(err, ERR_INTERNAL, "no token in the server's answer");
    t = xcalloc(1, sizeof(*t));
    t->text = xstrdup(text);
    /* At 80 % of its life, and after a day (pkg/kubelet/token, requiresRefresh()). */
    t->renew_us = now + MIN(lifetime_s * 800000, TOKEN_AGE_S * 1000000LL);
    pthread_mutex_lock(&api->lock);
    old = map_set(&api->tokens, key, t);
    pthread_mutex_unlock(&api->lock);
    if (old)
        free_token(old);
    *ret = text;
    return 0;
}

void agent_api_forget(AgentApi *api, const char *pod_uid)
{
    const char *key;
    Token *t;

    pthread_mutex_lock(&api->lock);
    event_filter_forget(api->filter, pod_uid);
    for (size_t at = 0; map_next(&api->tokens, &at, &key, (void **)&t);) {
        if (str_starts(key, pod_uid)) {
            (void)map_del(&api->tokens, key); /* it is t */
            free_token(t);
        }
    }
    pthread_mutex_unlock(&api->lock);
}

/* ---- events ---- */

/* The container in the pod's spec, as kubelet names it (pkg/kubelet/container/ref.go). */
static const char *field_path(Arena *a, const Value *pod, const char *container)
{
    ContainerKind kind = CONTAINER_MAIN;

    (void)pod_container_spec(pod, container, &kind); /* unknown: as one of the main ones */
    return arena_printf(a, "spec.%s{%s}", container_lists[kind], container);
}

static bool is_node(const Item *about)
{
    return strcmp(about->resource, "nodes") == 0;
}

static Value *event_body(const AgentApi *api, Arena *a, const Item *pod, const EventFacts *facts,
                         const EventVerdict *v, const char *name)
{
    Value *e =
        value_literal(a, "{'kind':'Event','apiVersion':'v1','reportingComponent':'kubelet'}");
    char first[CLOCK_TEXT_MAX], now[CLOCK_TEXT_MAX];
    Value *ref;

    clock_to_rfc3339(v->first_us, first);
    clock_to_rfc3339(clock_now_us(), now);
    value_set_str(a, value_need(a, e, "metadata"), "name", name);
    value_set_str(a, value_get(e, "metadata"), "namespace", pod->ns);
    ref = value_need(a, e, "involvedObject");
    value_set_str(a, ref, "kind", is_node(pod) ? "Node" : "Pod");
    value_set_str(a, ref, "name", pod->name);
    value_set_str(a, ref, "uid", pod->uid);
    if (!is_node(pod)) {
        value_set_str(a, ref, "apiVersion", "v1");
        value_set_str(a, ref, "namespace", pod->ns);
    }
    if (value_at_str(pod->v, "metadata.resourceVersion"))
        value_set_str(a, ref, "resourceVersion", value_at_str(pod->v, "metadata.resourceVersion"));
    if (facts->container)
        value_set_str(a, ref, "fieldPath", field_path(a, pod->v, facts->container));
    value_set_str(a, value_need(a, e, "source"), "component", "kubelet");
    value_set_str(a, value_get(e, "source"), "host", api->agent->o.node_name);
    value_set_str(a, e, "reportingInstance", api->agent->o.node_name);
    value_set_str(a, e, "firstTimestamp", first);
    value_set_str(a, e, "lastTimestamp", now);
    value_set_int(a, e, "count", v->count);
    value_set_str(a, e, "type", facts->is_warning ? "Warning" : "Normal");
    value_set_str(a, e, "reason", facts->reason);
    value_set_str(a, e, "message", v->message);
    return e;
}

/* One more of an event that the server has. */
static int count_up(AgentApi *api, Arena *a, const Outgoing *o, Err *err)
{
    static const char *const fields[] = {"count", "lastTimestamp", "message"};
    ClientRequest req = {.cluster = o->cluster,
                         .method = "PATCH",
                         .path = arena_printf(a, "%s/%s", o->path, o->name),
                         .content_type = "application/merge-patch+json",
                         .timeout_ms = EVENT_MS};
    Value *patch = value_object(a);

    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        value_set(a, patch, fields[i], value_copy(a, value_get(o->body, fields[i])));
    return call(api, a, &req, patch, NULL, err);
}

/* False: the server does not answer. */
static bool send_event(AgentApi *api, const Outgoing *o)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    ClientRequest req = {
        .cluster = o->cluster, .method = "POST", .path = o->path, .timeout_ms = EVENT_MS};
    Err err;
    int r = o->name ? count_up(api, a, o, &err) : -ERR_NOT_FOUND;

    if (r == -ERR_NOT_FOUND) /* a new one, or the server has it no more */
        r = call(api, a, &req, o->body, NULL, &err);
    if (r < 0)
        log_debug(&ctx, "event not recorded", LOG_STR("reason", o->reason),
                  LOG_STR("error", err.msg));
    return r != -ERR_UNAVAILABLE && r != -ERR_TIMEOUT;
}

static void *send_events(void *data)
{
    AgentApi *api = data;
    bool answers = true;

    pthread_mutex_lock(&api->lock);
    for (;;) {
        Outgoing *o;

        while (list_is_empty(&api->events) && !api->is_ending)
            pthread_cond_wait(&api->wake, &api->lock);
        if (list_is_empty(&api->events) || (api->is_ending && !answers))
            break;
        o = list_entry(list_pop(&api->events), Outgoing, link);
        api->n_events--;
        pthread_mutex_unlock(&api->lock);
        answers = send_event(api, o);
        arena_free(o->arena);
        pthread_mutex_lock(&api->lock);
    }
    pthread_mutex_unlock(&api->lock);
    return NULL;
}

static void send_later(AgentApi *api, Outgoing *o)
{
    bool fits;

    pthread_mutex_lock(&api->lock);
    fits = api->n_events < EVENTS_WAITING && api->has_sender;
    if (fits) {
        list_add_tail(&api->events, &o->link);
        api->n_events++;
        pthread_cond_signal(&api->wake);
    }
    pthread_mutex_unlock(&api->lock);
    if (!fits)
        arena_free(o->arena);
}

static void tell(AgentApi *api, const Item *pod, const EventFacts *facts)
{
    Arena *a = arena_new();
    Outgoing *o = arena_new0(a, Outgoing);
    EventVerdict verdict;
    const char *name;
    bool passes;

    name = arena_printf(a, "%.*s.%llx", EVENT_NAME_MAX, pod->name,
                        (unsigned long long)clock_now_us() * 1000 + api->name++ % 1000);
    pthread_mutex_lock(&api->lock);
    passes = event_filter_pass(api->filter, a, facts, name, clock_now_us(), &verdict);
    pthread_mutex_unlock(&api->lock);
    if (!passes) {
        arena_free(a);
        return;
    }
    *o = (Outgoing){
        .arena = a,
        .cluster = arena_strdup(a, pod->cluster),
        .path = arena_printf(a, "/api/v1/namespaces/%s/events", pod->ns),
        .reason = arena_strdup(a, facts->reason),
        .name = verdict.name,
        .body = event_body(api, a, pod, facts, &verdict, verdict.name ? verdict.name : name)};
    send_later(api, o);
}

void agent_api_event(AgentApi *api, const Item *pod, const char *container, bool is_warning,
                     const char *reason, const char *fmt, ...)
{
    char message[1024];
    va_list args;

    va_start(args, fmt);
    vsnprintf(message, sizeof(message), fmt, args);
    va_end(args);
    tell(api, pod,
         &(EventFacts){.uid = pod->uid,
                       .container = container,
                       .reason = reason,
                       .message = message,
                       .is_warning = is_warning});
}

/* As kubelet names it: its uid is its name, its events are in the namespace "default". */
static Item *node_item(const AgentApi *api)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_object(a), *meta = value_need(a, v, "metadata");

    value_set_str(a, meta, "name", api->agent->o.node_name);
    value_set_str(a, meta, "namespace", "default");
    value_set_str(a, meta, "uid", api->agent->o.node_name);
    return item_new("host", "nodes", v);
}

void agent_api_node_event(AgentApi *api, bool is_warning, const char *reason, const char *fmt, ...)
{
    CLEANUP(item_unref) Item *node = node_item(api);
    char message[1024];
    va_list args;

    va_start(args, fmt);
    vsnprintf(message, sizeof(message), fmt, args);
    va_end(args);
    tell(api, node,
         &(EventFacts){
             .uid = node->uid, .reason = reason, .message = message, .is_warning = is_warning});
}
