#include "base/b64.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"
#include "vcluster/webhooks.h"

enum {
    MAX_QUESTIONS = 64 << 20, /* bytes that the questions of one request may have */
    MAX_WAITING = 32,         /* of one request at a time */
    INTERNAL_S = 5,           /* what a controller of this process waits at most */
    PAUSE_US = 30 * 1000000,  /* then it does not ask at all */
    MAX_SHOWN = 512,          /* bytes of an answer in a message */
};

struct HookMemo { /* a question and its answer; of the request's arena */
    HookMemo *next;
    RequestState *st;
    const char *id;
    Slice question; /* without its uid */
    HookCall call;
    char uid[UUID_TEXT_MAX];
    _Atomic bool is_done;
    bool is_read;
    const Value *review;
    const char *wrong;
};

static void on_done(HookCall *c)
{
    HookMemo *m = c->data;

    atomic_store(&m->is_done, true);
    engine_release(m->st);
}

static void free_reply(void *data)
{
    buf_done(data);
}

/* ---- where it goes ---- */

static const char *timeout_query(Arena *a, const char *url, int64_t timeout_s)
{
    return arena_printf(a, "%s%ctimeout=%llds", url, strchr(url, '?') ? '&' : '?',
                        (long long)timeout_s);
}

static int to_service(Request *req, const Value *service, HookCall *c, const char **ret_wrong)
{
    const char *ns = value_get_str(service, "namespace"), *name = value_get_str(service, "name");
    const char *path = value_get_str(service, "path");
    int64_t port = value_at_int(service, "port", 443);
    ServiceTarget at = {0};
    int s;

    ns = ns ? ns : "";
    name = name ? name : "";
    c->url = arena_printf(req->arena, "https://%s.%s.svc:%lld%s%s", name, ns, (long long)port,
                          path && path[0] == '/' ? "" : "/", path ? path : "");
    s = service_target(req, ns, name, port, &at, ret_wrong);
    c->node = at.node;
    c->node_path = at.from_node;
    return s;
}

static int to_target(Request *req, const Value *client, int64_t timeout_s, HookCall *c,
                     const char **ret_wrong)
{
    const Value *service = value_get(client, "service");
    const char *url = value_get_str(client, "url"), *ca = value_get_str(client, "caBundle");
    AUTO_BUF pem = BUF_INIT;
    int s = STEP_OK;

    if (value_is(service, VALUE_OBJECT))
        s = to_service(req, service, c, ret_wrong);
    else
        c->url = url ? url : "";
    c->url = timeout_query(req->arena, c->url, timeout_s);
    if (ca && ca[0]) {
        if (!b64_decode(slice_of(ca), &pem))
            *ret_wrong = "unable to load root certificates: illegal base64 data";
        c->ca_pem = arena_strdup(req->arena, buf_str(&pem));
    }
    return s;
}

/* ---- the question ---- */

static HookMemo *find_memo(const RequestState *st, const char *id, Slice question)
{
    for (HookMemo *m = st->hook_memos; m; m = m->next)
        if (str_eq(m->id, id) && slice_eq(m->question, question))
            return m;
    return NULL;
}

/* A tenant whose webhooks do not answer may not keep the controllers of all waiting. */
static int64_t patience_ms(const Request *req, int64_t timeout_s)
{
    return (req->user.is_internal ? MIN(timeout_s, INTERNAL_S) : timeout_s) * 1000;
}

bool hooks_are_paused(const Request *req)
{
    return req->user.is_internal &&
           clock_mono_us() < atomic_load(&cluster_ext(req->cluster)->hooks_pause_until_us);
}

void hooks_mind(Request *req, const HookCall *failed)
{
    if (req->user.is_internal && strstr(failed->error, "deadline"))
        atomic_store(&cluster_ext(req->cluster)->hooks_pause_until_us, clock_mono_us() + PAUSE_US);
}

static int start(Request *req, const char *id, Slice question, const Value *client,
                 int64_t timeout_s, const Value *tree, HookMemo **ret, const char **ret_wrong)
{
    RequestState *st = req->state;
    Vcluster *vc = st->vc;
    Arena *a = req->arena;
    HookMemo *m = arena_new0(a, HookMemo);
    Value *review = value_copy(a, tree);
    AUTO_BUF body = BUF_INIT;
    int s = to_target(req, client, timeout_s, &m->call, ret_wrong);

    *ret = m;
    if (s || *ret_wrong)
        return s;
    if (hooks_are_paused(req)) {
        *ret_wrong = "context deadline exceeded";
        return STEP_OK;
    }
    if (!vc->hook_fn) {
        *ret_wrong = "the server calls no webhooks";
        return STEP_OK;
    }
    value_set_str(a, value_need(a, review, "request"), "uid", random_uuid(m->uid));
    value_print(review, &body);
    m->st = st;
    m->id = id;
    m->question = question;
    m->call.cluster = req->cluster->name;
    m->call.body = (Slice){arena_strndup(a, body.ptr, body.len), body.len};
    m->call.timeout_ms = patience_ms(req, timeout_s);
    m->call.done = on_done;
    m->call.data = m;
    arena_on_free(a, free_reply, &m->call.reply);
    m->next = st->hook_memos;
    st->hook_memos = m;
    st->hook_bytes += 2 * body.len;
    engine_hold(req);
    vc->hook_fn(&m->call, vc->hook_data);
    return STEP_NEED;
}

/* ---- the answer ---- */

static const char *shown(Arena *a, const Buf *b)
{
    return arena_strndup(a, b->ptr ? b->ptr : "", MIN(b->len, (size_t)MAX_SHOWN));
}

static void read_answer(Request *req, HookMemo *m)
{
    Arena *a = req->arena;
    Value *v = NULL;
    Err err;

    m->is_read = true;
    if (m->call.status == 0) {
        hooks_mind(req, &m->call);
        m->wrong = arena_printf(a, "Post \"%s\": %s", m->call.url, m->call.error);
    } else if (m->call.status == 404)
        m->wrong = "the server could not find the requested resource";
    else if (m->call.status < 200 || m->call.status > 299)
        m->wrong = arena_printf(a,
                                "an error on the server (\"%s\") has prevented the request from "
                                "succeeding",
                                shown(a, &m->call.reply));
    else if (value_parse(a, buf_slice(&m->call.reply), &v, &err) < 0 || !value_is(v, VALUE_OBJECT))
        m->wrong = arena_printf(a, "couldn't get version/kind; json parse error: %s",
                                v ? "not an object" : err.msg);
    else
        m->review = v;
}

static uint32_t n_waiting(const RequestState *st)
{
    uint32_t n = 0;

    for (const HookMemo *m = st->hook_memos; m; m = m->next)
        n += !atomic_load(&m->is_done);
    return n;
}

int hookcall_ask(Request *req, const char *id, const Value *client, int64_t timeout_s,
                 const Value *question, HookReview *ret)
{
    RequestState *st = req->state;
    AUTO_BUF text = BUF_INIT;
    const char *wrong = NULL;
    HookMemo *m;
    int s;

    *ret = (HookReview){0};
    value_print(question, &text);
    m = find_memo(st, id, buf_slice(&text));
    if (!m) {
        if (n_waiting(st) >= MAX_WAITING)
            return STEP_NEED;
        if (st->hook_bytes + text.len > MAX_QUESTIONS) {
            ret->wrong = "too much is asked of webhooks for one request";
            return STEP_OK;
        }
        s = start(req, id, (Slice){arena_strndup(req->arena, text.ptr, text.len), text.len}, client,
                  timeout_s, question, &m, &wrong);
        if (wrong)
            ret->wrong = arena_printf(req->arena, "Post \"%s\": %s", m->call.url, wrong);
        return s;
    }
    if (!atomic_load(&m->is_done))
        return STEP_NEED;
    if (!m->is_read)
        read_answer(req, m);
    *ret = (HookReview){.review = m->review, .wrong = m->wrong, .uid = m->uid};
    return STEP_OK;
}

/* ---- admission ---- */

static Value *question_of(Request *req, const Hook *h, const Op *op, const Resource *as)
{
    Arena *a = req->arena;
    Value *v = value_object(a), *q = policyview_request(a, req, op, as), *null = value_null(a);
    Value *obj = op->seen ? op->seen : op->obj, *old = op->seen_old ? op->seen_old : op->old;

    obj = str_eq(op->verb, "DELETE") ? NULL : policyview(req, op, as, obj);
    old = policyview(req, op, as, old);
    value_set_str(a, v, "kind", "AdmissionReview");
    value_set_str(a, v, "apiVersion", arena_printf(a, "admission.k8s.io/%s", h->version));
    value_set(a, q, "object", obj ? obj : null);
    value_set(a, q, "oldObject", old ? old : null);
    value_set(a, v, "request", q);
    return v;
}

/* NULL, or what is wrong with the answer: upstream's VerifyAdmissionResponse(). */
static const char *check_review(Arena *a, const Hook *h, const HookReview *r, HookFamily family)
{
    const Value *response = value_get(r->review, "response");
    const char *kind = value_get_str(r->review, "kind");
    const char *api = value_get_str(r->review, "apiVersion");
    const char *uid = value_get_str(response, "uid"), *patch = value_get_str(response, "patch");
    const char *type = value_get_str(response, "patchType");
    const char *want = arena_printf(a, "admission.k8s.io/%s", h->version);
    bool is_v1 = str_eq(h->version, "v1");

    if (!value_is(response, VALUE_OBJECT))
        return "webhook response was absent";
    if (is_v1 && !str_eq(uid ? uid : "", r->uid))
        return arena_printf(a, "expected response.uid=\"%s\", got \"%s\"", r->uid, uid ? uid : "");
    if (!str_eq(kind, "AdmissionReview") || !str_eq(api, want))
        return arena_printf(a,
                            "expected webhook response of %s, Kind=AdmissionReview, got %s, "
                            "Kind=%s",
                            want, api ? api : "/", kind ? kind : "");
    if (!is_v1)
        return NULL;
    if (family == HOOKS_VALIDATING)
        return patch && patch[0] ? "validating webhook may not return response.patch"
               : type            ? "validating webhook may not return response.patchType"
                                 : NULL;
    if (patch && patch[0] && !type)
        return "webhook returned response.patch but not response.patchType";
    if ((!patch || !patch[0]) && type)
        return "webhook returned response.patchType but not response.patch";
    return patch && patch[0] && !type[0] ? "webhook returned invalid response.patchType of \"\""
                                         : NULL;
}

int hookcall(Request *req, const Hook *h, const Op *op, const Resource *as, HookFamily family,
             HookAnswer *ret)
{
    Arena *a = req->arena;
    HookReview r;
    const char *why;
    int s = hookcall_ask(req, h->id, h->client, h->timeout_s, question_of(req, h, op, as), &r);

    *ret = (HookAnswer){0};
    if (s)
        return s;
    why = r.wrong ? NULL : check_review(a, h, &r, family);
    if (r.wrong)
        ret->wrong = arena_printf(a, "failed to call webhook: %s", r.wrong);
    else if (why)
        ret->wrong = arena_printf(a, "received invalid webhook response: %s", why);
    else
        ret->response = value_get(r.review, "response");
    return STEP_OK;
}
