/*
 * DESIGN: the life of a request on its loop.
 *
 *  1. libmicrohttpd gives the URI (req_on_uri), the headers and the body (req_on_request).
 *  2. begin() finds the cluster and the user; advance() runs vc_step(). When the engine waits, the
 *     connection is suspended; the wake comes by mail to the loop (on_wake) and advance() goes on.
 *  3. With the reply complete the connection is resumed, libmicrohttpd calls req_on_request again,
 *     and the response is queued from there (the only place where it may be).
 *  4. A stream is read by on_stream_read(); while there is nothing, the connection is suspended.
 *     Those of the engine are sent past libmicrohttpd, suspended all the while (streamout.h).
 *  5. What can take long is done in slices, each when the turn of its cluster comes (base/turns.h):
 *     lists (VC_AGAIN), compressing, waking the watches of a change (req_turn).
 *  6. req_on_completed() ends it all, in whatever way it ended.
 *
 *  A suspended connection is never touched by libmicrohttpd; so nothing ends a request while it is
 *  awaited but its deadline, and then its memory stays until the wake has come (REQ_GONE).
 */
#include "hostplane/authn.h"
#include "hostplane/front.h"
#include "hostplane/headers.h"
#include "hostplane/health.h"
#include "hostplane/hijack.h"
#include "hostplane/nodeproxy.h"
#include "hostplane/podproxy.h"
#include "hostplane/standin.h"
#include "hostplane/streamout.h"
#include "hostplane/target.h"
#include "hostplane/tunnel.h"
#include "hostplane/wswatch.h"
#include "tenancy/authn.h"
#include "tenancy/tenancy.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/wipe.h"

#include <arpa/inet.h>
#include <strings.h>
#include <sys/socket.h>
#include <zlib.h>

enum {
    GZIP_FROM = 128 * 1024,  /* bodies from this size on are compressed when that is asked */
    GZIP_SLICE = 64 * 1024,  /* of a body at a time */
    DISCARD_MAX = 256 << 20, /* of a body that is too large; then the connection is cut */
    KEEP_BUF = 64 * 1024,    /* a stream's buffer above it is given back when empty */
    SLOW_US = 1000000,       /* requests that take longer are logged */
    MAX_AUTH_LOADS = 16,     /* caches loaded to check one credential */
    REQUEST_BYTES = 4608,    /* what most requests need; a watch keeps it as long as it lasts */
    STREAM_BLOCK = 1024,     /* libmicrohttpd's block; chunks use the connection's pool */
    BODY_TIMEOUT_US = 60 * 1000000, /* headers and body must have come by then */
    REFUSAL_MS = 200,               /* who asks too much waits for the answer that says so, */
    REFUSAL_FRESH_MS = 1000,        /* longer when it opened a connection for it: that costs more */
    STRANGERS_PER_S = 100,          /* of one loop, whoever they ask for; more wait as long */
    STRANGERS_BURST = 200,
    ARRIVAL_REQUESTS = 2, /* what a handshake of TLS and the connection around it weigh */
    AUDIT_ID_MAX = 128,   /* a client may name its request; longer names are ours */
};

static Metric requests_total = {.name = "hostplane_requests_total",
                                .help = "Requests answered.",
                                .type = METRIC_COUNTER,
                                .labels = {"verb", "resource", "code"}};
static Metric request_seconds = {.name = "hostplane_request_duration_seconds",
                                 .help = "Time from the request line to the end of the answer.",
                                 .type = METRIC_HISTOGRAM,
                                 .labels = {"verb"},
                                 .buckets = metric_latency_buckets,
                                 .n_buckets = 16};
static Metric streams_open = {.name = "hostplane_streams",
                              .help = "Open watches, feeds and log streams.",
                              .type = METRIC_GAUGE};

static const ServerOptions *options(const HttpReq *q)
{
    return server_options(q->front->server);
}

/* ---- suspending ---- */

void req_suspend(HttpReq *q)
{
    if (q->is_suspended)
        return;
    q->is_suspended = true;
    MHD_suspend_connection(q->mhd);
}

void req_resume(HttpReq *q)
{
    if (!q->is_suspended)
        return;
    q->is_suspended = false;
    MHD_resume_connection(q->mhd);
    shard_wake(q->shard);
}

void req_reply_ready(HttpReq *q)
{
    q->is_ready = true;
    req_resume(q);
}

void req_reply_text(HttpReq *q, int status, const char *content_type, Slice body)
{
    q->rq.reply = (Reply){.kind = REPLY_BODY, .status = status, .content_type = content_type};
    q->rq.reply.body = (Slice){arena_strndup(q->arena, body.ptr, body.len), body.len};
    q->is_ready = true;
}

/* ---- running ---- */

static void req_free(HttpReq *q)
{
    WIPING_IF(q->rq.is_secret || !q->has_engine); /* or nobody knows what the body was */

    if (q->has_engine)
        request_done(&q->rq);
    else
        cluster_unref(q->rq.cluster);
    cluster_unref(q->cluster);
    cluster_unref(q->let_in);
    buf_done(&q->body);
    buf_done(&q->out);
    list_del(&q->link);
    turns_remove(&q->turn);
    arena_free(q->arena);
    free(q);
}

static void advance(HttpReq *q);

static void on_wake(void *data)
{
    HttpReq *q = data;

    q->is_awaited = false;
    if (q->state == REQ_GONE) {
        req_free(q);
        return;
    }
    if (q->is_late || q->state != REQ_STEPPING)
        return;
    advance(q);
    if (q->is_ready)
        req_resume(q);
}

static void wake(Request *rq)
{
    HttpReq *q = rq->owner;

    loop_post(q->front->loop, on_wake, q);
}

static void on_rehearsed(HttpReq *q)
{
    loop_post(q->front->loop, on_wake, q);
}

static void on_auth_loaded(int r UNUSED, const Err *err UNUSED, void *data)
{
    HttpReq *q = data; /* a failed load shows when authentication asks again */

    loop_post(q->front->loop, on_wake, q);
}

static bool fail(HttpReq *q, const Err *err)
{
    reply_status(&q->rq, err->code, "%s", err->msg);
    q->is_ready = true;
    return false;
}

/* A client that asked for one cluster's name in its TLS greeting gets no other on that connection.
 */
static bool tls_name_agrees(const HttpReq *q, Slice cluster)
{
    char text[256];
    size_t n = sizeof(text);
    unsigned type;
    Slice by_tls;

    if (!options(q)->domain || !q->conn || !q->conn->tls ||
        gnutls_server_name_get(q->conn->tls, text, &n, &type, 0) != GNUTLS_E_SUCCESS)
        return true;
    by_tls = target_cluster_of_host((Slice){text, strnlen(text, n)}, options(q)->domain);
    return by_tls.len == 0 || slice_eq(by_tls, cluster);
}

static bool is_same_host(Slice a, const char *host)
{
    return host && strlen(host) == a.len && strncasecmp(host, a.ptr, a.len) == 0;
}

static bool fail_unknown(HttpReq *q, Slice name)
{
    Err err;

    (void)err_set(&err, ERR_NOT_FOUND, "clusters.hostplane.io \"%.*s\" not found", (int)name.len,
                  name.ptr);
    return fail(q, &err);
}

static void on_refusal(void *data)
{
    HttpReq *q = data;

    loop_timer_free(q->pause);
    q->pause = NULL;
    q->is_awaited = false;
    if (q->state == REQ_GONE) {
        req_free(q);
        return;
    }
    if (q->is_late || q->state != REQ_STEPPING)
        return;
    q->is_ready = true;
    req_resume(q);
}

/* Requests without a good credential are nobody's, so no tenant's rate bounds them. Beyond what all
 * of them may have together they are answered late: who does not wait for an answer before the next
 * question needs a connection for each. */
static bool are_strangers_many(Front *f)
{
    int64_t step = 1000000 / STRANGERS_PER_S, now = clock_mono_us();

    f->strangers_us = MAX(f->strangers_us, now - STRANGERS_BURST * step) + step;
    if (f->strangers_us <= now)
        return false;
    f->strangers_us = now; /* the late ones do not make it later for others */
    return true;
}

static bool is_stranger(const HttpReq *q)
{
    return str_eq(q->rq.user.name, "system:anonymous");
}

/* Of its connection. */
static bool is_first(const HttpReq *q)
{
    return q->conn && q->conn->n_requests <= 1;
}

/* Refusing costs, too: a client that does not wait is made to. */
static void answer_late(HttpReq *q)
{
    int64_t ms = is_first(q) ? REFUSAL_FRESH_MS : REFUSAL_MS;

    ms = ms / 2 + clock_mono_us() % ms; /* who was refused together does not come back together */
    q->is_ready = false;
    q->is_awaited = true;
    q->pause = loop_timer(q->front->loop, ms, 0, on_refusal, q);
}

/* Which cluster? True when q->cluster is set and may be used; else the reply is ready or a wake
 * follows. */
static bool find_cluster(HttpReq *q)
{
    const ServerOptions *o = options(q);
    Slice name = SLICE("host"), by_host = target_cluster_of_host(slice_of(q->host), o->domain);
    Target t;
    Err err;

    if (target_parse(q->arena, q->uri, &t, &err) < 0)
        return fail(q, &err);
    if (t.authority.len > 0 && !is_same_host(t.authority, q->host)) {
        (void)err_set(&err, ERR_BAD_REQUEST, "request target and Host name different servers");
        return fail(q, &err);
    }
    q->rq.path = t.path;
    q->rq.query = t.query;
    if (t.cluster) {
        name = slice_of(t.cluster);
        q->prefix = arena_printf(q->arena, "/clusters/%s", t.cluster);
        if (by_host.len > 0 && !slice_eq(by_host, name)) {
            (void)err_set(&err, ERR_BAD_REQUEST, "host name and path name different clusters");
            return fail(q, &err);
        }
    } else if (by_host.len > 0) {
        name = by_host;
    } else {
        Slice by_credential = authn_named_cluster(q);

        if (by_credential.len > 0)
            name = by_credential;
        if (health_answer(q, t.path))
            return false;
    }
    if (!tls_name_agrees(q, name)) {
        (void)err_set(&err, ERR_BAD_REQUEST, "TLS server name and request name different clusters");
        return fail(q, &err);
    }
    q->asked = (Slice){arena_strndup(q->arena, name.ptr, name.len), name.len};
    q->log.cluster = q->asked.ptr;
    q->cluster = store_cluster(o->store, name);
    if (q->cluster)
        return true;
    if (!standin_take(q, name, on_rehearsed))
        return false;
    return q->cluster ? true : fail_unknown(q, name);
}

/* False: enough was loaded for this request. */
static bool load_for_auth(HttpReq *q, const char *need)
{
    if (q->n_auth_loads >= MAX_AUTH_LOADS)
        return false;
    q->n_auth_loads++;
    q->is_awaited = true;
    tenancy_load(options(q)->tenancy, q->cluster, need, on_auth_loaded, q);
    return true;
}

/* True: what says whether it is to be recorded is being loaded. */
static bool tell_refused(HttpReq *q)
{
    const char *how = headers_bearer(q).len > 0         ? "bearer"
                      : q->conn && q->conn->n_chain > 0 ? "x509"
                                                        : "none";
    bool is_last = q->n_auth_loads >= MAX_AUTH_LOADS;
    const char *need = vcluster_audit_refused(options(q)->vc, &q->rq, q->cluster, how, is_last);

    return need && load_for_auth(q, need);
}

static bool find_user(HttpReq *q);

static bool is_of_tenant(const HttpReq *q)
{
    return !q->is_stand_in && !str_eq(q->cluster->name, "host");
}

/* Whoever comes to a tenant without a credential, and may not, gets the answer that there is of a
 * tenant that does not exist; else it would tell that there is one. */
static bool hand_to_stand_in(HttpReq *q)
{
    cluster_unref(TAKE(q->cluster));
    q->n_auth_loads = 0;
    if (!standin_take(q, q->asked, on_rehearsed))
        return false;
    return q->cluster ? find_user(q) : fail_unknown(q, q->asked);
}

static bool refuse(HttpReq *q)
{
    if (is_of_tenant(q) && !authn_has_credential(q))
        return hand_to_stand_in(q);
    reply_status(&q->rq, ERR_UNAUTHORIZED, "Unauthorized");
    if (are_strangers_many(q->front))
        answer_late(q);
    else
        q->is_ready = true;
    return false;
}

/* With the key what could tell who it is has gone, too, but for what is public. */
static bool tell_withheld(HttpReq *q, const Err *why)
{
    const char *need = NULL;
    Err err = {0};
    int r = is_of_tenant(q) ? authn_recognize(q, &need, &err) : 0;

    if (r > 0 && load_for_auth(q, need))
        return false;
    if (r != 0) /* or it takes too many loads to tell */
        return refuse(q);
    reply_status(&q->rq, ERR_UNAVAILABLE, "%s", why->msg);
    q->is_ready = true;
    return false;
}

/* Who is it? True when the user is known; else the reply is ready or a cache is loading. */
static bool find_user(HttpReq *q)
{
    const char *need = NULL;
    Err err = {0};
    int r = cluster_check_key(q->cluster, &err);

    if (r < 0)
        return tell_withheld(q, &err);
    r = authn_request(q, &need, &err);
    if (r == 0 && q->is_stand_in && q->rq.user.node) /* the platform's nodes may know */
        return fail_unknown(q, q->asked);
    if (r == 0) {
        q->log.user = q->rq.user.name;
        q->rq.cluster = TAKE(q->cluster);
        return true;
    }
    if (r > 0 && load_for_auth(q, need))
        return false;
    if (r == -ERR_UNAUTHORIZED) {
        log_debug(&q->log, "credentials refused", LOG_STR("why", err.msg));
        if (tell_refused(q))
            return false;
        return refuse(q);
    }
    reply_status(&q->rq, ERR_UNAVAILABLE, "credentials cannot be checked now");
    q->is_ready = true;
    return false;
}

void req_wait_for_turn(HttpReq *q)
{
    const Cluster *c = request_entry(&q->rq);

    turns_add(&q->front->turns, c ? c->id : 0, &q->turn);
}

/* ---- compressing, in slices ---- */

typedef struct Gzip {
    z_stream z;
    Slice in; /* what is left */
    char *out;
} Gzip;

static bool has_header(const Reply *rep, const char *name)
{
    for (uint32_t i = 0; i < rep->n_headers; i++)
        if (strcasecmp(rep->headers[i].name, name) == 0)
            return true;
    return false;
}

static bool gzip_wanted(const HttpReq *q)
{
    const Reply *rep = &q->rq.reply;

    return !rep->is_refusal && !q->is_gzip && rep->body.len >= GZIP_FROM &&
           rep->body.len <= UINT32_MAX / 2 && header_has(q->accept_encoding, "gzip") &&
           !has_header(rep, "Content-Encoding");
}

static void gzip_free(void *data)
{
    Gzip *g = data;

    deflateEnd(&g->z);
    free(g->out);
}

static void gzip_start(HttpReq *q)
{
    Gzip *g = arena_new0(q->arena, Gzip);
    size_t cap;

    g->in = q->rq.reply.body;
    BUG_ON(deflateInit2(&g->z, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK);
    cap = deflateBound(&g->z, g->in.len);
    g->out = xmalloc(cap);
    arena_on_free(q->arena, gzip_free, g);
    g->z.next_out = (Bytef *)g->out;
    g->z.avail_out = (uInt)cap;
    q->gzip = g;
    req_wait_for_turn(q);
}

static void gzip_go_on(HttpReq *q)
{
    Gzip *g = q->gzip;
    size_t n = MIN(g->in.len, GZIP_SLICE);
    int r;

    g->z.next_in = (Bytef *)g->in.ptr;
    g->z.avail_in = (uInt)n;
    g->in = (Slice){g->in.ptr + n, g->in.len - n};
    r = deflate(&g->z, g->in.len == 0 ? Z_FINISH : Z_NO_FLUSH);
    BUG_ON(r != Z_OK && r != Z_STREAM_END); /* there is room for all of it */
    if (r == Z_OK) {
        req_wait_for_turn(q);
        return;
    }
    q->rq.reply.body = (Slice){g->out, g->z.total_out};
    q->gzip = NULL;
    q->is_gzip = true;
    q->is_ready = true;
}

static void advance(HttpReq *q)
{
    VcStep step;

    if (!q->rq.cluster) {
        if (!q->cluster && !find_cluster(q))
            return;
        if (!find_user(q) || health_answer_metrics(q))
            return;
    }
    q->has_engine = true;
    step = vc_step(options(q)->vc, &q->rq);
    if (step == VC_WAIT)
        q->is_awaited = true;
    if (step == VC_AGAIN)
        req_wait_for_turn(q);
    if (step != VC_DONE)
        return;
    switch (q->rq.reply.kind) {
    case REPLY_STREAM:
        if (wswatch_is_wanted(q)) {
            wswatch_start(q);
            break;
        }
        q->is_ready = true;
        break;
    case REPLY_BODY:
        if (gzip_wanted(q)) {
            gzip_start(q);
            break;
        }
        q->is_ready = true;
        if (q->rq.reply.is_refusal || (is_stranger(q) && are_strangers_many(q->front)))
            answer_late(q);
        break;
    case REPLY_NODE:
        nodeproxy_start(q);
        break;
    case REPLY_TUNNEL:
        tunnel_accept(q);
        break;
    }
}

/* An IPv4 address in the form of IPv6 is the former. */
static const char *peer_of(HttpReq *q)
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    struct sockaddr_storage a;
    const unsigned char *b = (const unsigned char *)&((struct sockaddr_in6 *)(void *)&a)->sin6_addr;
    socklen_t n = sizeof(a);

    if (!q->conn || q->conn->peer[0])
        return q->conn ? q->conn->peer : "";
    if (getpeername(q->conn->fd, (struct sockaddr *)&a, &n) < 0)
        return "";
    if (a.ss_family == AF_INET)
        (void)inet_ntop(AF_INET, &((struct sockaddr_in *)(void *)&a)->sin_addr, q->conn->peer,
                        sizeof(q->conn->peer));
    else if (a.ss_family == AF_INET6 && memcmp(b, mapped, sizeof(mapped)) == 0)
        (void)inet_ntop(AF_INET, b + sizeof(mapped), q->conn->peer, sizeof(q->conn->peer));
    else if (a.ss_family == AF_INET6)
        (void)inet_ntop(AF_INET6, b, q->conn->peer, sizeof(q->conn->peer));
    return q->conn->peer;
}

/* Headers and body are there. */
static void start(HttpReq *q)
{
    char uuid[UUID_TEXT_MAX];

    q->state = REQ_STEPPING;
    q->rq.arena = q->arena;
    q->rq.server = q->host ? q->host : "";
    if (!q->rq.audit_id || !q->rq.audit_id[0] || strlen(q->rq.audit_id) > AUDIT_ID_MAX)
        q->rq.audit_id = arena_strdup(q->arena, random_uuid(uuid));
    q->log.request_id = q->rq.audit_id;
    q->rq.remote_ip = arena_strdup(q->arena, peer_of(q)); /* the connection may go before */
    q->rq.body = buf_slice(&q->body);
    q->rq.wake = wake;
    q->rq.takes_turns = true;
    q->rq.arrival = is_first(q) && q->conn->tls ? ARRIVAL_REQUESTS : 0;
    q->rq.owner = q;
    q->rq.path = q->rq.query = "";
    q->rq.user = (User){.name = "system:anonymous", .groups = (const char *const[]){NULL}};
    if (q->is_too_large) {
        reply_status(&q->rq, ERR_TOO_LARGE, "Request entity too large: limit is %zu",
                     options(q)->max_body);
        q->is_ready = true;
        return;
    }
    advance(q);
}

/* ---- responses ---- */

/* The engine knows no prefix, so a place it sends clients to gets the one they came by. */
static void add_header(HttpReq *q, struct MHD_Response *resp, const Header *h)
{
    const char *value = h->value;

    if (strcasecmp(h->name, "Location") == 0 && value[0] == '/' && value[1] != '/')
        value = arena_printf(q->arena, "%s%s", q->prefix, value);
    MHD_add_response_header(resp, h->name, value);
}

static void add_headers(HttpReq *q, struct MHD_Response *resp)
{
    const Reply *rep = &q->rq.reply;

    if (rep->content_type)
        MHD_add_response_header(resp, "Content-Type", rep->content_type);
    if (!has_header(rep, "Audit-Id"))
        MHD_add_response_header(resp, "Audit-Id", q->rq.audit_id);
    if (!has_header(rep, "Cache-Control"))
        MHD_add_response_header(resp, "Cache-Control", "no-cache, private");
    for (uint32_t i = 0; i < rep->n_headers; i++)
        add_header(q, resp, &rep->headers[i]);
    if (rep->status == 503 && !q->proxy && !rep->is_final && !has_header(rep, "Retry-After"))
        MHD_add_response_header(resp, "Retry-After", "1");
    if (server_is_draining(q->front->server) || q->wants_close)
        MHD_add_response_header(resp, "Connection", "close");
}

static void on_stream_ready(void *data)
{
    req_wait_for_turn(data);
}

int64_t req_turn(HttpReq *q)
{
    enum { READ_US = 40 }; /* what a connection costs that is read from and sent on */

    if (q->is_late)
        return 0;
    if (q->state == REQ_REPLYING && q->is_direct) {
        streamout_turn(q);
        return 0;
    }
    if (q->state == REQ_REPLYING) {
        req_resume(q);
        return READ_US;
    }
    if (q->state != REQ_STEPPING)
        return 0;
    if (q->gzip)
        gzip_go_on(q);
    else
        advance(q);
    if (q->is_ready)
        req_resume(q);
    return 0;
}

static void stream_start(HttpReq *q)
{
    if (q->stream_started)
        return;
    q->stream_started = true;
    q->rq.reply.stream->start(q->rq.reply.stream, q->front->loop, on_stream_ready, q);
}

/* 1 there may be more at once, 0 nothing now, -1 the end, PODPROXY_BROKEN */
static int read_stream(HttpReq *q)
{
    WIPING_IF(q->rq.is_secret);

    if (!authn_holds(q))
        return -1;
    if (q->call)
        return nodeproxy_read(q, &q->out);
    stream_start(q);
    return q->rq.reply.stream->read(q->rq.reply.stream, &q->out);
}

static ssize_t on_stream_read(void *cls, uint64_t pos UNUSED, char *to, size_t max)
{
    HttpReq *q = cls;
    WIPING_IF(q->rq.is_secret);
    bool was_direct = q->is_direct;

    q->is_direct = false;
    /* What such a stream leaves is framed, or in a record of TLS: nothing can follow it. */
    if (was_direct && (q->wants_close || streamout_is_blocked(q)))
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (q->goes_direct && !q->wants_close && !q->stream_ended) {
        stream_start(q);
        if (streamout_take(q, to, max))
            return 0;
        q->goes_direct = false;
    }
    for (;;) {
        size_t n = MIN(max, q->out.len - q->out_at);
        int r;

        if (n > 0) {
            memcpy(to, q->out.ptr + q->out_at, n);
            q->out_at += n;
            q->sent += n;
            if (q->out_at == q->out.len) {
                q->out_at = 0;
                if (q->out.cap > KEEP_BUF)
                    buf_done(&q->out);
                else
                    buf_reset(&q->out);
            }
            return (ssize_t)n;
        }
        if (q->wants_close)
            return MHD_CONTENT_READER_END_WITH_ERROR;
        if (q->stream_ended)
            return MHD_CONTENT_READER_END_OF_STREAM;
        r = read_stream(q);
        if (r == PODPROXY_BROKEN && q->proxy) {
            q->wants_close = true;
        } else if (r < 0) {
            q->stream_ended = true;
        } else if (r == 0 && q->out.len == 0) {
            front_watch_gone(q->front, q);
            req_suspend(q);
            return 0;
        }
    }
}

static uint64_t stream_length(const HttpReq *q)
{
    int64_t n = q->proxy ? podproxy_length(q) : -1;

    return n < 0 ? MHD_SIZE_UNKNOWN : (uint64_t)n;
}

/* libmicrohttpd sends head and body one right after the other, unless there is no body to send. */
static void send_together(HttpReq *q)
{
    const Reply *rep = &q->rq.reply;

    if (q->conn && q->conn->tls && rep->body.len > 0 && rep->status >= 200 && rep->status != 204 &&
        rep->status != 304 && !str_eq(q->rq.method, "HEAD"))
        tlsout_expect(&q->conn->out, rep->body.len);
}

static enum MHD_Result queue(HttpReq *q, const char *version)
{
    Reply *rep = &q->rq.reply;
    struct MHD_Response *resp;
    enum MHD_Result r;

    q->state = REQ_REPLYING;
    if (q->is_late) {
        static const char text[] =
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
            "\"message\":\"Timeout: request did not complete within the allotted timeout\","
            "\"reason\":\"Timeout\",\"details\":{},\"code\":504}\n";

        resp =
            MHD_create_response_from_buffer(sizeof(text) - 1, (void *)text, MHD_RESPMEM_PERSISTENT);
        MHD_add_response_header(resp, "Content-Type", "application/json");
        r = MHD_queue_response(q->mhd, 504, resp);
        MHD_destroy_response(resp);
        return r;
    }
    if (rep->kind == REPLY_STREAM || q->call) {
        metric_add(&streams_open, 1);
        q->goes_direct = !q->call && streamout_serves(q, version);
        resp = MHD_create_response_from_callback(stream_length(q), STREAM_BLOCK, on_stream_read, q,
                                                 NULL);
    } else {
        q->sent = rep->body.len;
        resp = MHD_create_response_from_buffer(rep->body.len, (void *)rep->body.ptr,
                                               MHD_RESPMEM_PERSISTENT);
        if (resp)
            send_together(q);
    }
    if (!resp)
        return MHD_NO;
    add_headers(q, resp);
    if (q->is_gzip) {
        MHD_add_response_header(resp, "Content-Encoding", "gzip");
        MHD_add_response_header(resp, "Vary", "Accept-Encoding");
    }
    r = MHD_queue_response(q->mhd, (unsigned)rep->status, resp);
    MHD_destroy_response(resp);
    return r;
}

/* ---- callbacks of libmicrohttpd ---- */

static Conn *conn_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return i ? i->socket_context : NULL;
}

void *req_on_uri(void *cls, const char *uri, struct MHD_Connection *c)
{
    Shard *s = cls;
    HttpReq *q = xcalloc(1, sizeof(*q));

    q->front = s->front;
    q->shard = s;
    q->mhd = c;
    q->conn = conn_of(c);
    q->arena = arena_new_sized(REQUEST_BYTES);
    q->uri = arena_strdup(q->arena, uri);
    q->prefix = "";
    q->started_us = clock_mono_us();
    q->log.component = "http";
    list_init(&q->turn.link);
    list_add_tail(&q->front->requests, &q->link);
    if (q->conn) {
        q->conn->n_requests++;
        q->conn->req = q;
    }
    return q;
}

static void take_body(HttpReq *q, const char *data, size_t n)
{
    WIPING_IF(true); /* what is in it is not known yet; only one of unknown length grows */

    q->body_seen += n;
    if (q->body_seen > options(q)->max_body) {
        q->is_too_large = true;
        buf_done(&q->body);
    } else if (!q->is_too_large) {
        if (q->body.cap == 0 && q->content_length > 0)
            buf_reserve(&q->body, q->content_length);
        buf_add(&q->body, data, n);
    }
}

/* The first call: headers are there. False when the answer is clear without the body. */
static bool take_headers(HttpReq *q, struct MHD_Connection *c, const char *method)
{
    q->state = REQ_BODY;
    q->rq.method = arena_strdup(q->arena, method);
    headers_read(q, c);
    if (q->content_length <= options(q)->max_body)
        return true;
    q->is_too_large = true;
    /* Without 100-continue a client sends it all before it reads: swallow it, within reason. */
    return q->content_length < DISCARD_MAX &&
           !MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Expect");
}

enum MHD_Result req_on_request(void *cls UNUSED, struct MHD_Connection *c, const char *url UNUSED,
                               const char *method, const char *version, const char *data,
                               size_t *n_data, void **ctx)
{
    HttpReq *q = *ctx;

    if (!q || !q->conn)
        return MHD_NO;
    if (q->state == REQ_NEW) {
        if (take_headers(q, c, method))
            return MHD_YES;
        q->wants_close = true;
        start(q);
        return queue(q, version);
    }
    if (q->state == REQ_BODY && *n_data > 0) {
        take_body(q, data, *n_data);
        *n_data = 0;
        return q->body_seen > DISCARD_MAX ? MHD_NO : MHD_YES;
    }
    if (q->state == REQ_BODY)
        start(q);
    if (q->state == REQ_HIJACKED)
        return q->hijack ? MHD_YES : MHD_NO; /* it is over: close the connection */
    if (q->is_ready || q->is_late)
        return queue(q, version);
    req_suspend(q);
    return MHD_YES;
}

/* What strangers and the platform's nodes do is not the tenant's doing. */
static bool is_billed(const HttpReq *q)
{
    const char *const *g = q->rq.user.groups;

    if (!q->rq.cluster || q->rq.user.node)
        return false;
    while (g && *g && !str_eq(*g, "system:unauthenticated"))
        g++;
    return g && !*g;
}

static void log_request(HttpReq *q)
{
    int64_t us = clock_mono_us() - q->started_us;
    bool is_stream = q->stream_started || q->call || q->state == REQ_HIJACKED;
    int status = q->is_late ? 504 : q->rq.reply.status;
    const char *verb = q->rq.verb ? q->rq.verb : q->rq.method;
    char code[16];

    if (status == 0)
        status = q->state == REQ_HIJACKED ? 101 : 499;
    snprintf(code, sizeof(code), "%d", status);
    metric_add(&requests_total, 1, verb, q->rq.resource, code);
    if (is_billed(q))
        tenancy_count(request_entry(&q->rq), (int64_t)q->body_seen, (int64_t)q->sent);
    if (!is_stream)
        metric_observe(&request_seconds, (double)us / 1e6, verb);
    if (options(q)->logs_all_requests || status >= 500 || (!is_stream && us > SLOW_US))
        log_info(&q->log, "request", LOG_STR("method", q->rq.method), LOG_STR("uri", q->uri),
                 LOG_INT("code", status), LOG_INT("us", us), LOG_INT("bytes", (int64_t)q->sent),
                 LOG_STR("agent", q->rq.user_agent));
}

void req_on_completed(void *cls UNUSED, struct MHD_Connection *c UNUSED, void **ctx,
                      enum MHD_RequestTerminationCode why UNUSED)
{
    HttpReq *q = *ctx;
    WIPING_IF(q && q->rq.is_secret);

    if (!q)
        return;
    *ctx = NULL;
    front_unwatch_gone(q->front, q);
    if (q->state >= REQ_STEPPING)
        log_request(q);
    if (q->state == REQ_REPLYING && !q->is_late && (q->rq.reply.kind == REPLY_STREAM || q->call))
        metric_add(&streams_open, -1);
    if (!q->is_awaited && q->rq.reply.kind == REPLY_STREAM && q->rq.reply.stream)
        q->rq.reply.stream->close(q->rq.reply.stream);
    nodeproxy_close(q);
    q->mhd = NULL;
    if (q->conn) {
        q->conn->req = NULL;
        q->conn->used_us = clock_mono_us();
        q->conn = NULL;
    }
    if (wipe_is_on())
        wipe_stack();
    if (q->is_awaited)
        q->state = REQ_GONE;
    else
        req_free(q);
}

/* ---- ends that come from outside ---- */

void req_client_left(HttpReq *q)
{
    if (!q->mhd || q->state == REQ_HIJACKED)
        return;
    if (q->state == REQ_STEPPING && q->is_awaited) {
        q->is_late = true; /* answered to nobody */
    } else if (q->state == REQ_STEPPING) {
        nodeproxy_close(q);
        q->is_late = true;
    }
    q->wants_close = true;
    req_resume(q);
}

void req_check_deadline(HttpReq *q, int64_t now_us)
{
    int64_t waited = now_us - q->started_us;
    bool is_over = waited > options(q)->request_ms * 1000 && (!q->proxy || podproxy_has_limit(q));

    if (q->state == REQ_STEPPING && q->is_suspended && !q->is_ready && !q->is_late && is_over) {
        q->is_late = true;
        req_resume(q);
    } else if (q->state == REQ_REPLYING && q->proxy && is_over && !q->wants_close) {
        q->wants_close = true; /* an answer that does not end is cut off */
        req_resume(q);
    } else if (q->state == REQ_REPLYING && streamout_is_stuck(q, now_us)) {
        req_client_left(q);
    } else if ((q->state == REQ_NEW || q->state == REQ_BODY) && waited > BODY_TIMEOUT_US &&
               q->conn && now_us - q->conn->used_us > BODY_TIMEOUT_US) {
        (void)shutdown(q->conn->fd, SHUT_RDWR);
    }
}

void req_drain(HttpReq *q)
{
    if (q->state == REQ_HIJACKED && q->hijack) {
        hijack_close(q->hijack);
    } else if (q->state == REQ_REPLYING && (q->rq.reply.kind == REPLY_STREAM || q->call)) {
        q->stream_ended = true;
        if (!streamout_is_blocked(q)) /* else when what waits is sent */
            req_resume(q);
    }
}
