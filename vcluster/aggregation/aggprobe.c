/*
 * aggprobe.c - asking an extension API server whether it is there, and what it serves: upstream's
 * remote_available_controller.go and the discovery manager, in two calls one after the other.
 *
 *    NONE --probe--> ASKING --answer--> TOLD --read by the controller--> NONE
 *                       |
 *                       \--passed--> the index of OpenAPI v3 is fetched, too (is_reading)
 */
#include "base/err.h"
#include "base/mem.h"
#include "vcluster/aggregation.h"

enum {
    PROBE_MS = 5000,
    MAX_ATTEMPTS = 3,          /* before it counts as away: other pods may answer */
    MAX_RESOURCES = 128 << 10, /* bytes of an APIResourceList */
    MAX_URL = 512,
    MAX_WHY = 512,
};

typedef enum ProbeState { PROBE_NONE, PROBE_ASKING, PROBE_TOLD, PROBE_STATE_MAX_ } ProbeState;

struct AggBackend {
    _Atomic uint32_t refs;
    pthread_mutex_t lock; /* guards all below */
    ProbeState state;
    bool is_reading; /* the second call is under way */
    bool has_passed;
    uint32_t n_failed; /* in a row, of this probe */
    char why[MAX_WHY];
    Buf resources; /* an APIResourceList; empty: none yet */
    bool is_stale;
    char *openapi; /* where its OpenAPI v3 is, below the cluster; NULL: it has none */
};

AggBackend *aggbackend_new(void)
{
    AggBackend *b = xcalloc(1, sizeof(*b));

    atomic_store(&b->refs, 1);
    pthread_mutex_init(&b->lock, NULL);
    return b;
}

AggBackend *aggbackend_ref(AggBackend *b)
{
    atomic_fetch_add(&b->refs, 1);
    return b;
}

void aggbackend_unref(AggBackend *b)
{
    if (!b || atomic_fetch_sub(&b->refs, 1) != 1)
        return;
    buf_done(&b->resources);
    free(b->openapi);
    pthread_mutex_destroy(&b->lock);
    free(b);
}

Value *aggbackend_resources(AggBackend *b, Arena *a, bool *ret_is_stale, const char **ret_url)
{
    Value *v = NULL;

    pthread_mutex_lock(&b->lock);
    if (b->resources.len > 0 && value_parse(a, buf_slice(&b->resources), &v, NULL) < 0)
        v = NULL;
    *ret_is_stale = b->is_stale || !v;
    *ret_url = b->openapi ? arena_strdup(a, b->openapi) : NULL;
    pthread_mutex_unlock(&b->lock);
    return v;
}

/* ---- a probe under way: outlives the request that began it ---- */

typedef struct Probe {
    Arena *arena;
    AggBackend *backend;
    Vcluster *vc;
    const char *base, *path; /* "https://10.0.0.1:443", "/apis/GROUP/VERSION" */
    HookCall call;
} Probe;

static void probe_free(Probe *p)
{
    buf_done(&p->call.reply);
    aggbackend_unref(p->backend);
    arena_wipe(p->arena);
    arena_free(p->arena);
}

static void ask(Probe *p, const char *path, void (*done)(HookCall *c))
{
    buf_reset(&p->call.reply);
    p->call.status = 0;
    p->call.url = arena_printf(p->arena, "%s%s", p->base, path);
    p->call.done = done;
    p->call.data = p;
    p->vc->hook_fn(&p->call, p->vc->hook_data);
}

bool agg_read_resources(Slice body, const char *path, Buf *out)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *want = path + strlen("/apis/");
    Value *v, *r;
    Err err;

    if (body.len > MAX_RESOURCES || value_parse(a, body, &v, &err) < 0 ||
        !str_eq(value_get_str(v, "kind"), "APIResourceList") ||
        !str_eq(value_get_str(v, "groupVersion"), want) ||
        !value_is(value_get(v, "resources"), VALUE_ARRAY))
        return false;
    value_each_item(value_get(v, "resources"), i, r)
    {
        if (!value_get_str(r, "name") || !value_get_str(r, "kind"))
            return false;
    }
    value_print(v, out);
    return true;
}

char *agg_read_openapi(Slice body, const char *path)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *below = arena_printf(a, "/openapi/v3%s", path), *url;
    size_t n = strlen(below);
    Value *v;
    Err err;

    if (value_parse(a, body, &v, &err) < 0)
        return NULL;
    url = value_get_str(value_get(value_get(v, "paths"), path + 1), "serverRelativeURL");
    if (!url || !str_starts(url, below) || (url[n] && url[n] != '?') || strlen(url) > MAX_URL)
        return NULL;
    for (const char *c = url; *c; c++)
        if (*c <= ' ' || *c > '~' || strchr("\"<>\\^`{|}#", *c))
            return NULL;
    return xstrdup(url);
}

static void on_openapi(HookCall *c)
{
    Probe *p = c->data;
    AggBackend *b = p->backend;
    char *url = c->status == 200 ? agg_read_openapi(buf_slice(&c->reply), p->path) : NULL;

    pthread_mutex_lock(&b->lock);
    b->is_reading = false;
    free(b->openapi);
    b->openapi = url;
    pthread_mutex_unlock(&b->lock);
    probe_free(p);
}

static void take_failure(AggBackend *b, const Probe *p)
{
    const HookCall *c = &p->call;
    bool is_late = strstr(c->error, "deadline") != NULL;

    b->has_passed = false;
    b->n_failed = c->status == 0 && is_late ? MAX_ATTEMPTS : b->n_failed + 1;
    if (c->status == 0)
        (void)snprintf(b->why, sizeof(b->why),
                       "failing or missing response from %s: Get \"%s\": %s", c->url, c->url,
                       c->error);
    else
        (void)snprintf(b->why, sizeof(b->why),
                       "failing or missing response from %s: bad status from %s: %d", c->url,
                       c->url, c->status);
    b->state = b->n_failed < MAX_ATTEMPTS ? PROBE_NONE : PROBE_TOLD;
    if (b->state == PROBE_TOLD)
        b->is_stale = true;
}

/* What is not understood stays as it was, and is stale. */
static void take_resources(AggBackend *b, const Probe *p)
{
    AUTO_BUF now = BUF_INIT;
    bool is_good = agg_read_resources(buf_slice(&p->call.reply), p->path, &now);

    if (is_good) {
        buf_reset(&b->resources);
        buf_add_slice(&b->resources, buf_slice(&now));
    }
    b->is_stale = !is_good;
    b->has_passed = true;
    b->n_failed = 0;
    b->state = PROBE_TOLD;
    b->is_reading = true;
}

static void on_probe(HookCall *c)
{
    Probe *p = c->data;
    AggBackend *b = p->backend;
    bool is_good = c->status / 100 == 2;

    pthread_mutex_lock(&b->lock);
    if (is_good)
        take_resources(b, p);
    else
        take_failure(b, p);
    pthread_mutex_unlock(&b->lock);
    if (is_good)
        ask(p, "/openapi/v3", on_openapi);
    else
        probe_free(p);
}

static int start(Request *req, const AggService *s, const ServiceTarget *at)
{
    static const char *const groups[] = {"system:masters", NULL};
    static const User asker = {.name = "system:kube-aggregator", .uid = "", .groups = groups};
    const char *cert, *key;
    Arena *a;
    Probe *p;
    int step = agg_front(req, &cert, &key);

    if (step)
        return step;
    a = arena_new();
    p = arena_new0(a, Probe);
    p->arena = a;
    p->backend = aggbackend_ref(s->backend);
    p->vc = req->state->vc;
    p->base = arena_strdup(a, at->url);
    p->path = arena_printf(a, "/apis/%s/%s", s->group, s->version);
    p->call = (HookCall){.cluster = arena_strdup(a, req->cluster->name),
                         .node = arena_strdup(a, at->node),
                         .node_path = arena_strdup(a, at->from_node),
                         .method = "GET",
                         .headers = agg_user_lines(a, &asker),
                         .is_unverified = true, /* as upstream: it tells nothing that matters */
                         .cert_pem = arena_strdup(a, cert),
                         .key_pem = arena_strdup(a, key),
                         .timeout_ms = PROBE_MS};
    ask(p, p->path, on_probe);
    return STEP_OK;
}

/* ---- the controller's question ---- */

static int tell(Request *req, const char *state, const char *message)
{
    Value *v = value_object(req->arena);

    value_set_str(req->arena, v, "kind", "Probe");
    value_set_str(req->arena, v, "apiVersion", "apiregistration.k8s.io/v1");
    value_set_str(req->arena, v, "state", state);
    value_set_str(req->arena, v, "message", message);
    return reply_json(req, 200, v);
}

/* STEP_OK: nothing is told, and a new probe may begin. */
static int tell_outcome(Request *req, AggBackend *b)
{
    const char *why = NULL;
    bool is_busy, is_over;

    pthread_mutex_lock(&b->lock);
    is_busy = b->state == PROBE_ASKING || b->is_reading;
    is_over = b->state == PROBE_TOLD;
    if (is_over) {
        why = b->has_passed ? "" : arena_strdup(req->arena, b->why);
        b->state = PROBE_NONE;
        b->n_failed = 0;
    } else if (!is_busy)
        b->state = PROBE_ASKING;
    pthread_mutex_unlock(&b->lock);
    if (is_over)
        return tell(req, why[0] ? "failed" : "passed", why);
    return is_busy ? tell(req, "pending", "") : STEP_OK;
}

static void forget(AggBackend *b)
{
    pthread_mutex_lock(&b->lock);
    b->state = PROBE_NONE;
    pthread_mutex_unlock(&b->lock);
}

int agg_probe(Request *req)
{
    const char *why = NULL;
    const AggService *s;
    const AggSet *set;
    ServiceTarget at;
    int step = aggset_need(req, &set);

    if (step)
        return step;
    s = aggset_named(set, req->state->route.name);
    if (!s)
        return tell(req, "failed", "the API service names no service");
    step = service_target(req, s->ns, s->service, s->port, &at, &why);
    if (step)
        return step;
    if (!why && !req->state->vc->hook_fn)
        why = "the server makes no calls";
    if (why)
        return tell(req, "failed", why);
    step = tell_outcome(req, s->backend);
    if (step)
        return step;
    step = start(req, s, &at);
    if (step) {
        forget(s->backend);
        return step;
    }
    return tell(req, "pending", "");
}
