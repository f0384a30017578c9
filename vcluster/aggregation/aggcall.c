/*
 * aggcall.c - requests of this process's own controllers to an extension API server. Nobody streams
 * to them: the answer is had whole, in bounded time, and then the request runs again.
 */
#include "base/err.h"
#include "vcluster/aggregation.h"
#include "vcluster/webhooks.h"

enum {
    CALL_MS = 5000, /* what a controller waits at most */
    MAX_ANSWER = 8 << 20,
};

struct AggCall { /* of the request's arena */
    RequestState *st;
    HookCall call;
    _Atomic bool is_done;
};

static void on_done(HookCall *c)
{
    AggCall *k = c->data;

    atomic_store(&k->is_done, true);
    engine_release(k->st);
}

static void free_reply(void *data)
{
    buf_done(data);
}

static int start(Request *req, const AggService *s, const ServiceTarget *at)
{
    RequestState *st = req->state;
    Arena *a = req->arena;
    AggCall *k = arena_new0(a, AggCall);
    int step = agg_front(req, &k->call.cert_pem, &k->call.key_pem);

    if (step)
        return step;
    k->st = st;
    k->call.cluster = req->cluster->name;
    k->call.url = arena_printf(a, "https://%s.%s.svc:%lld%s%s%s", s->service, s->ns,
                               (long long)s->port, req->path, req->query[0] ? "?" : "", req->query);
    k->call.ca_pem = s->ca_pem;
    k->call.is_unverified = s->is_unverified;
    k->call.node = at->node;
    k->call.node_path = at->from_node;
    k->call.method = req->method;
    k->call.headers = agg_user_lines(a, &req->user);
    k->call.body = req->body;
    k->call.max_bytes = MAX_ANSWER;
    k->call.timeout_ms = CALL_MS;
    k->call.done = on_done;
    k->call.data = k;
    arena_on_free(a, free_reply, &k->call.reply);
    st->agg_call = k;
    engine_hold(req);
    st->vc->hook_fn(&k->call, st->vc->hook_data);
    return STEP_NEED;
}

static int answer(Request *req, const AggCall *k)
{
    if (k->call.status > 0)
        return reply_text(req, k->call.status, "application/json", buf_slice(&k->call.reply));
    hooks_mind(req, &k->call);
    return fail_unavailable(
        req, arena_printf(req->arena, "error trying to reach service: %s", k->call.error));
}

int agg_call(Request *req, const AggService *s)
{
    const AggCall *k = req->state->agg_call;
    const char *why = NULL;
    ServiceTarget at;
    int step;

    if (k)
        return atomic_load(&k->is_done) ? answer(req, k) : STEP_NEED;
    if (!req->state->vc->hook_fn)
        return fail_unavailable(req, "the server makes no calls");
    if (hooks_are_paused(req))
        return fail_unavailable(req, "the cluster's own servers answer too slowly");
    step = service_target(req, s->ns, s->service, s->port, &at, &why);
    if (step)
        return step;
    return why ? fail_unavailable(req, why) : start(req, s, &at);
}
