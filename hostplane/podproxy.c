#include "hostplane/podproxy.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/value.h"
#include "hostplane/front.h"
#include "hostplane/h1.h"
#include "hostplane/headers.h"
#include "hostplane/htmlrewrite.h"
#include "hostplane/nodeproxy.h"
#include "hostplane/podtls.h"
#include "hostplane/tunnel.h"
#include "hostplane/wsproxy.h"

#include <netdb.h>
#include <strings.h>
#include <sys/socket.h>
#include <zlib.h>

enum {
    READ_MAX = 64 * 1024,
    FAILURE_MAX = 64 * 1024,
    MAX_INTERIM = 5, /* heads before the answer, as Go has it */
};

typedef struct PodProxy {
    PodTls *tls; /* NULL: none of ours */
    Buf in;      /* of the connection, not looked at yet */
    H1Head head;
    H1Body body;
    LinkRule rule;
    HtmlRewrite *html; /* NULL: the body passes as it is */
    z_stream zip;
    bool is_zipped, is_zip_over;
    Buf zipped; /* content that is not inflated yet */
    size_t zipped_at;
    bool is_finished; /* the last of the body is in the caller's hands */
    unsigned n_interim;
} PodProxy;

static void proxy_free(void *data)
{
    PodProxy *p = data;

    if (p->is_zipped)
        inflateEnd(&p->zip);
    html_rewrite_free(p->html);
    podtls_free(p->tls);
    buf_done(&p->zipped);
    buf_done(&p->in);
    free(p);
}

/* As node_call_read() and node_call_write(). */
static int wire_read(HttpReq *q, PodProxy *p, Buf *out)
{
    return p->tls ? podtls_read(p->tls, out, READ_MAX) : node_call_read(q->call, out, READ_MAX);
}

static void wire_write(HttpReq *q, PodProxy *p, Slice bytes)
{
    if (p->tls)
        podtls_write(p->tls, bytes);
    else
        (void)node_call_write(q->call, bytes);
}

static const ProxyTls *tls_of(const HttpReq *q)
{
    return q->rq.reply.proxy->tls;
}

/* ---- the request ---- */

static bool wants_upgrade(const HttpReq *q)
{
    return q->rq.upgrade && header_has(q->connection, "upgrade");
}

typedef struct Writing {
    HttpReq *q;
    Buf *out;
    const char *forwarded_for;
} Writing;

/* What an extension API server believes, from this server only. */
static bool is_about_user(const char *name)
{
    return strncasecmp(name, "X-Remote-", 9) == 0;
}

static bool is_kept_back(const HttpReq *q, const char *name)
{
    static const char *const ours[] = {"Authorization",       "Host",
                                       "Content-Length",      "Expect",
                                       "X-Forwarded-For",     "Upgrade",
                                       "X-Forwarded-Uri",     "Connection",
                                       "Keep-Alive",          "Te",
                                       "Proxy-Connection",    "Trailer",
                                       "Proxy-Authenticate",  "Transfer-Encoding",
                                       "Proxy-Authorization", "Audit-Id"};

    for (size_t i = 0; i < ARRAY_LEN(ours); i++)
        if (strcasecmp(ours[i], name) == 0)
            return true;
    return strncasecmp(name, "Impersonate-", 12) == 0 || header_has(q->connection, name) ||
           (tls_of(q) && is_about_user(name));
}

/* The subprotocol that carries a token is for this server alone. */
static void add_protocols(Buf *out, const char *name, const char *value)
{
    Slice rest = slice_of(value), item;
    size_t n = 0;
    bool more = true;

    while (more) {
        more = slice_cut(&rest, ',', &item);
        item = slice_trim(item);
        if (item.len == 0 || slice_starts(item, "base64url.bearer.authorization.k8s.io."))
            continue;
        buf_addf(out, n++ > 0 ? ", " : "%s: ", name);
        buf_add_slice(out, item);
    }
    if (n > 0)
        buf_adds(out, "\r\n");
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind UNUSED, const char *name,
                                 const char *value)
{
    Writing *w = cls;

    value = value ? value : "";
    if (strcasecmp(name, "X-Forwarded-For") == 0)
        w->forwarded_for = value;
    if (strcasecmp(name, "Sec-WebSocket-Protocol") == 0)
        add_protocols(w->out, name, value);
    else if (!is_kept_back(w->q, name))
        buf_addf(w->out, "%s: %s\r\n", name, value);
    return MHD_YES;
}

static void add_forwarded_for(const Writing *w)
{
    struct sockaddr_storage peer;
    socklen_t n = sizeof(peer);
    char ip[64];

    if (!w->q->conn || getpeername(w->q->conn->fd, (struct sockaddr *)&peer, &n) < 0 ||
        getnameinfo((struct sockaddr *)&peer, n, ip, sizeof(ip), NULL, 0, NI_NUMERICHOST) != 0)
        return;
    buf_addf(w->out, "X-Forwarded-For: %s%s%s\r\n", w->forwarded_for ? w->forwarded_for : "",
             w->forwarded_for ? ", " : "", ip);
}

static bool may_have_body(const char *method)
{
    return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
           strcmp(method, "PATCH") == 0;
}

static void write_request(HttpReq *q, Buf *out)
{
    const ProxyTo *to = q->rq.reply.proxy;
    Writing w = {q, out, NULL};
    size_t n = strcspn(to->path, "?");

    buf_addf(out, "%s %s HTTP/1.1\r\nHost: %s\r\n", q->rq.method, to->path,
             q->host && !to->tls ? q->host : to->host);
    for (uint32_t i = 0; i < to->n_headers; i++)
        buf_addf(out, "%s: %s\r\n", to->headers[i].name, to->headers[i].value);
    MHD_get_connection_values(q->mhd, MHD_HEADER_KIND, on_header, &w);
    add_forwarded_for(&w);
    buf_addf(out, "X-Forwarded-Uri: %s%.*s\r\n", to->prepend, (int)n, to->path);
    if (wants_upgrade(q))
        buf_addf(out, "Connection: Upgrade\r\nUpgrade: %s\r\n", q->rq.upgrade);
    else
        buf_adds(out, "Connection: close\r\n");
    if (to->tls)
        buf_addf(out, "Audit-Id: %s\r\n", q->rq.audit_id);
    if (q->rq.body.len > 0 || may_have_body(q->rq.method))
        buf_addf(out, "Content-Length: %zu\r\n", q->rq.body.len);
    buf_adds(out, "\r\n");
    buf_add_slice(out, q->rq.body);
}

/* ---- the answer's head ---- */

/* In the plain text of upstream's aggregator. */
static void say_plainly(HttpReq *q, int status, const char *text)
{
    q->rq.reply = (Reply){.kind = REPLY_BODY,
                          .status = status,
                          .content_type = "text/plain; charset=utf-8",
                          .body = slice_of(text),
                          .is_final = true};
    reply_header(&q->rq, "X-Content-Type-Options", "nosniff");
}

void podproxy_give_up(HttpReq *q, const char *why)
{
    bool is_plain = tls_of(q) != NULL;

    nodeproxy_close(q);
    q->proxy = NULL;
    if (is_plain)
        say_plainly(q, 503, arena_printf(q->arena, "error trying to reach service: %s\n", why));
    else
        reply_status(&q->rq, ERR_UNAVAILABLE, "error trying to reach service: %s", why);
}

static void fail(HttpReq *q, const char *why)
{
    podproxy_give_up(q, why);
    req_reply_ready(q);
}

void podproxy_start(HttpReq *q)
{
    const ProxyTo *to = q->rq.reply.proxy;
    PodProxy *p = xcalloc(1, sizeof(*p));
    AUTO_BUF out = BUF_INIT;

    arena_on_free(q->arena, proxy_free, p);
    q->proxy = p;
    p->rule = (LinkRule){to->prepend, {q->host, to->host}};
    write_request(q, &out);
    if (to->tls) {
        PodWire wire = podtls_wire(q->call);
        const char *why;

        p->tls = podtls_open(&wire, to->tls, &why);
        if (!p->tls) {
            podproxy_give_up(q, why);
            q->is_ready = true;
            return;
        }
    }
    wire_write(q, p, buf_slice(&out));
    front_watch_gone(q->front, q);
}

bool podproxy_has_limit(const HttpReq *q)
{
    return tls_of(q) && !q->rq.reply.proxy->is_watch;
}

/* The agent could not connect; it says why in a Status. */
static void take_failure(HttpReq *q, PodProxy *p)
{
    const char *why = NULL;
    Value *v;
    Err err;
    int r;

    do {
        r = node_call_read(q->call, &p->in, READ_MAX);
    } while (r > 0 && p->in.len < FAILURE_MAX);
    if (r >= 0 && p->in.len < FAILURE_MAX)
        return; /* more is to come */
    if (value_parse(q->arena, buf_slice(&p->in), &v, &err) == 0)
        why = value_get_str(v, "message");
    fail(q, why ? why : "the connection broke");
}

static bool is_cors(const char *name)
{
    static const char *const names[] = {
        "Access-Control-Allow-Credentials", "Access-Control-Allow-Headers",
        "Access-Control-Allow-Methods", "Access-Control-Allow-Origin"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcasecmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_html(const H1Head *h)
{
    const char *type = h1_header(h, "Content-Type");
    Slice rest = slice_of(type), first;

    if (!type || h1_header(h, "Location"))
        return false;
    slice_cut(&rest, ';', &first);
    return slice_is(slice_trim(first), "text/html");
}

/* How an HTML page is read. False: its coding is not known, it passes as it is. */
static bool open_html(PodProxy *p)
{
    const char *coding = h1_header(&p->head, "Content-Encoding");
    bool is_gzip = coding && strcmp(coding, "gzip") == 0;

    if (coding && coding[0] && !is_gzip && strcmp(coding, "deflate") != 0)
        return false;
    if (coding && coding[0]) {
        if (inflateInit2(&p->zip, is_gzip ? 31 : -15) != Z_OK)
            return false;
        p->is_zipped = true;
    }
    p->html = html_rewrite_new(&p->rule);
    return true;
}

static void copy_headers(HttpReq *q, const PodProxy *p)
{
    if (!tls_of(q) || !h1_header(&p->head, "Cache-Control"))
        reply_header(&q->rq, "Cache-Control", "no-cache, private");
    for (uint32_t i = 0; i < p->head.n_headers; i++) {
        const char *name = p->head.headers[i].name, *value = p->head.headers[i].value;

        if (h1_is_hop_header(&p->head, name) || is_cors(name) ||
            strcasecmp(name, "Content-Length") == 0 ||
            (p->is_zipped && strcasecmp(name, "Content-Encoding") == 0))
            continue;
        if (strcasecmp(name, "Location") == 0) {
            AUTO_BUF to = BUF_INIT;

            link_rewrite(&p->rule, slice_of(value), &to);
            value = arena_strdup(q->arena, buf_str(&to));
        }
        reply_header(&q->rq, name, value);
    }
}

/* A server of the tenant's may not send clients, with their credentials, elsewhere. */
static void refuse_redirect(HttpReq *q)
{
    nodeproxy_close(q);
    q->proxy = NULL;
    say_plainly(q, 502, "the backend attempted to redirect this request, which is not permitted");
    req_reply_ready(q);
}

static void answer(HttpReq *q, PodProxy *p)
{
    Err err;

    if (tls_of(q) && p->head.status / 100 == 3 && h1_header(&p->head, "Location")) {
        refuse_redirect(q);
        return;
    }
    if (h1_body_init(&p->body, &p->head, q->rq.method, &err) < 0) {
        fail(q, err.msg);
        return;
    }
    if (!tls_of(q) && is_html(&p->head) && p->body.framing != H1_NONE)
        (void)open_html(p); /* else it passes as it is */
    q->rq.reply.status = p->head.status;
    copy_headers(q, p);
    req_reply_ready(q);
}

static void become_bytes(HttpReq *q, PodProxy *p)
{
    NodeCall *call = q->call;

    q->call = NULL;
    q->proxy = NULL;
    wsproxy_splice(q, call, buf_slice(&p->in));
}

/* Interim answers are for nobody. */
static bool is_interim(int status)
{
    return status / 100 == 1 && status != 101;
}

static void take_head(HttpReq *q, PodProxy *p)
{
    int64_t n;
    Err err;
    int r;

    do {
        r = wire_read(q, p, &p->in);
    } while (r > 0 && p->in.len < H1_HEAD_MAX);
    if (p->tls && podtls_why(p->tls)) {
        fail(q, podtls_why(p->tls));
        return;
    }
    do {
        n = h1_head_parse(q->arena, buf_slice(&p->in), &p->head, &err);
        if (n > 0 && !(p->head.status == 101 && wants_upgrade(q))) {
            memmove(p->in.ptr, p->in.ptr + n, p->in.len - (size_t)n);
            buf_truncate(&p->in, p->in.len - (size_t)n);
        }
    } while (n > 0 && is_interim(p->head.status) && ++p->n_interim <= MAX_INTERIM);
    if (p->n_interim > MAX_INTERIM)
        fail(q, "net/http: too many 1xx informational responses");
    else if (n < 0)
        fail(q, err.msg);
    else if (n == 0 && r < 0)
        fail(q, p->in.len > 0 ? "unexpected EOF" : "EOF");
    else if (n > 0 && p->head.status == 101)
        wants_upgrade(q) ? become_bytes(q, p) : fail(q, "an upgrade that nobody asked for");
    else if (n > 0)
        answer(q, p);
}

void podproxy_on_call(HttpReq *q)
{
    if (node_call_status(q->call) == 200)
        take_head(q, q->proxy);
    else
        take_failure(q, q->proxy);
}

/* ---- the answer's body ---- */

int64_t podproxy_length(const HttpReq *q)
{
    const PodProxy *p = q->proxy;

    if (p->body.framing == H1_NONE)
        return p->body.length >= 0 ? p->body.length : strcmp(q->rq.method, "HEAD") == 0 ? -1 : 0;
    return p->html ? -1 : p->body.length;
}

/* Some of what waits in p->zipped. 1: there may be more at once; 0: all of it is through. */
static int inflate_some(PodProxy *p, Buf *out)
{
    unsigned char page[READ_MAX / 4];
    int r;

    p->zip.next_in = (Bytef *)p->zipped.ptr + p->zipped_at;
    p->zip.avail_in = (uInt)(p->zipped.len - p->zipped_at);
    p->zip.next_out = page;
    p->zip.avail_out = sizeof(page);
    r = inflate(&p->zip, Z_NO_FLUSH);
    p->zipped_at = p->zipped.len - p->zip.avail_in;
    html_rewrite_feed(p->html, (Slice){(char *)page, sizeof(page) - p->zip.avail_out}, out);
    if (r == Z_STREAM_END)
        p->is_zip_over = true;
    if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
        return PODPROXY_BROKEN;
    if (p->is_zip_over || (p->zip.avail_in == 0 && p->zip.avail_out > 0)) {
        buf_reset(&p->zipped);
        p->zipped_at = 0;
        return 0;
    }
    return 1;
}

/* Content without its framing, to the reader. */
static int pass_content(PodProxy *p, Slice content, Buf *out)
{
    if (p->is_zipped) {
        if (!p->is_zip_over)
            buf_add_slice(&p->zipped, content);
        return p->zipped.len > 0 ? inflate_some(p, out) : 0;
    }
    if (p->html)
        html_rewrite_feed(p->html, content, out);
    else
        buf_add_slice(out, content);
    return 0;
}

static int finish(PodProxy *p, Buf *out)
{
    if (p->html && !p->is_finished)
        html_rewrite_end(p->html, out);
    p->is_finished = true;
    return -1;
}

int podproxy_read(HttpReq *q, Buf *out)
{
    PodProxy *p = q->proxy;
    AUTO_BUF content = BUF_INIT;
    Err err;
    int r = 1, more;

    if (p->zipped.len > 0) {
        more = inflate_some(p, out);
        return more == 0 ? 1 : more;
    }
    if (p->body.is_over)
        return finish(p, out);
    if (p->in.len == 0)
        r = wire_read(q, p, &p->in);
    if (h1_body_feed(&p->body, buf_slice(&p->in), &content, &err) < 0)
        return PODPROXY_BROKEN;
    buf_reset(&p->in);
    more = pass_content(p, buf_slice(&content), out);
    if (more != 0 || p->body.is_over)
        return more < 0 ? more : 1;
    if (r < 0)
        return h1_body_end(&p->body) ? finish(p, out) : PODPROXY_BROKEN;
    return r;
}
