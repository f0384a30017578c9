/*
 * The HTTP front against an engine of a few lines: everything between a socket and vc_step().
 */
#include "hostplane/server.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "base/pki.h"
#include "hostplane/hijack.h"
#include "tenancy/authn.h"
#include "tenancy/tenancy.h"
#include "tests/unit/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

/* ---- the fake store and tenancy ---- */

static Cluster clusters[] = {{.id = 1, .name = "host", .uid = "u-host"},
                             {.id = 2, .name = "acme", .uid = "u-acme"},
                             {.id = 3, .name = "-", .uid = "u-standin"}};
static _Atomic int n_reads;

Cluster *store_cluster(Store *s UNUSED, Slice name)
{
    for (size_t i = 0; i < ARRAY_LEN(clusters); i++) {
        if (slice_is(name, clusters[i].name)) {
            clusters[i].refs++;
            return &clusters[i];
        }
    }
    return NULL;
}

Cluster *cluster_ref(Cluster *c)
{
    c->refs++;
    return c;
}

void cluster_unref(Cluster *c)
{
    if (c)
        c->refs--;
}

static _Atomic bool is_withheld; /* the key of acme */

int cluster_check_key(Cluster *c, Err *err)
{
    return is_withheld && c->id == 2 ? err_set(err, ERR_UNAVAILABLE, "the key of acme is withheld")
                                     : 0;
}

int cluster_identity(Cluster *c UNUSED, Buf *ret UNUSED, Err *err)
{
    return err_set(err, ERR_UNAVAILABLE, "no identity here");
}

bool store_is_healthy(const Store *s UNUSED)
{
    return true;
}

void store_stats(Store *s UNUSED, StoreStats *ret)
{
    *ret = (StoreStats){.n_clusters = 2};
}

void store_load(Store *s UNUSED, Cluster *c UNUSED, const char *storage UNUSED,
                StoreDoneFn done UNUSED, void *data UNUSED)
{
    abort();
}

void store_list_at(Store *s UNUSED, Cluster *c, const char *storage UNUSED, int64_t revision UNUSED,
                   ObjVec *ret UNUSED, StoreDoneFn done, void *data)
{
    assert_string_equal(c->name, "-");
    n_reads++;
    done(0, NULL, data);
}

void objvec_done(ObjVec *v UNUSED)
{
}

int tenancy_authenticate_token(Tenancy *t UNUSED, Cluster *c UNUSED, Slice token,
                               const char *const *audiences UNUSED, Arena *a, AuthUser *ret,
                               const char **ret_need UNUSED, Err *err)
{
    static const char *const masters[] = {"system:masters", NULL};

    if (!slice_is(token, "good"))
        return err_set(err, ERR_UNAUTHORIZED, "bad token");
    *ret = (AuthUser){.name = arena_strdup(a, "root"), .uid = "", .groups = masters};
    return 0;
}

void tenancy_count(Cluster *c UNUSED, int64_t received UNUSED, int64_t sent UNUSED)
{
}

void tenancy_meter_flush(Tenancy *t UNUSED, int64_t now_us UNUSED)
{
}

bool tenancy_still_holds(Tenancy *t UNUSED, Cluster *c UNUSED, const char *user UNUSED,
                         int64_t issued_s UNUSED, uint64_t *seen UNUSED)
{
    return true;
}

static bool is_shut; /* acme, for who has no credential */

int tenancy_check_anonymous(Tenancy *t UNUSED, Cluster *c, const char *path UNUSED,
                            const char **ret_need UNUSED, Err *err)
{
    return is_shut && c->id == 2 ? err_set(err, ERR_UNAUTHORIZED, "no credential") : 0;
}

int tenancy_recognize(Tenancy *t UNUSED, Cluster *c UNUSED, Slice token, const Slice *chain UNUSED,
                      size_t n UNUSED, Arena *a UNUSED, const char **ret_need UNUSED, Err *err)
{
    return slice_is(token, "good") ? 0 : err_set(err, ERR_UNAUTHORIZED, "not one of its own");
}

int tenancy_check_revoked(Tenancy *t UNUSED, Cluster *c UNUSED, const char *user UNUSED,
                          int64_t issued_s UNUSED, const char **ret_need UNUSED, Err *err UNUSED)
{
    return 0;
}

void tenancy_load(Tenancy *t UNUSED, Cluster *c UNUSED, const char *need UNUSED,
                  StoreDoneFn done UNUSED, void *data UNUSED)
{
    abort();
}

int tenancy_authenticate_cert(Tenancy *t UNUSED, Cluster *c UNUSED, const Slice *chain UNUSED,
                              size_t n UNUSED, Arena *a UNUSED, AuthUser *ret UNUSED, Err *err)
{
    return err_set(err, ERR_UNAUTHORIZED, "no certificates here");
}

Slice tenancy_token_cluster(Arena *a UNUSED, Slice token UNUSED)
{
    return (Slice){"", 0};
}

/* ---- the fake engine ---- */

typedef struct Ticker { /* a stream of n lines, one each 5 ms; n < 0: for ever */
    Stream stream;
    Loop *loop;
    LoopFn ready;
    void *data;
    LoopTimer *timer;
    int left, due;
} Ticker;

static _Atomic int n_tickers;

static void on_tick(void *data)
{
    Ticker *t = data;

    t->due++;
    t->ready(t->data);
}

static int ticker_read(Stream *s, Buf *out)
{
    Ticker *t = container_of(s, Ticker, stream);

    if (t->left == 0)
        return -1;
    if (t->due == 0)
        return 0;
    t->due--;
    t->left--;
    buf_adds(out, "tick\n");
    return t->due > 0;
}

static void ticker_start(Stream *s, Loop *loop, LoopFn ready, void *data)
{
    Ticker *t = container_of(s, Ticker, stream);

    t->loop = loop;
    t->ready = ready;
    t->data = data;
    t->timer = loop_timer(loop, 5, 5, on_tick, t);
}

static void ticker_close(Stream *s)
{
    Ticker *t = container_of(s, Ticker, stream);

    loop_timer_free(t->timer);
    free(t);
    n_tickers--;
}

/* So many numbered lines, as fast as they are taken. */
enum { FLOOD_LINES = 400000 };

static int flood_read(Stream *s, Buf *out)
{
    Ticker *t = container_of(s, Ticker, stream);

    if (t->left == 0)
        return -1;
    for (int i = 0; i < 3000 && t->left > 0; i++, t->left--)
        buf_addf(out, "%07d\n", FLOOD_LINES - t->left);
    return 1;
}

static void *wake_later(void *data)
{
    Request *req = data;

    usleep(20000);
    req->wake(req);
    return NULL;
}

static void reply(Request *req, int status, const char *type, char *body)
{
    req->reply.status = status;
    req->reply.content_type = type;
    req->reply.body = slice_of(body);
}

static _Atomic int n_refused;

const char *vcluster_audit_refused(Vcluster *vc UNUSED, Request *req UNUSED, Cluster *c UNUSED,
                                   const char *how, bool is_last UNUSED)
{
    if (!is_shut)
        assert_string_equal(how, "bearer");
    n_refused++;
    return NULL;
}

static sem_t held, is_held; /* the loop, until a test lets it go on */
static _Atomic uint32_t last_arrival;
static _Thread_local int n_quick; /* answered by this loop */
static _Atomic int n_slices;

VcStep vc_step(Vcluster *vc UNUSED, Request *req)
{
    if (strcmp(req->path, "/slow") == 0 && !req->state) {
        pthread_t t;

        req->state = (struct RequestState *)1;
        assert_int_equal(pthread_create(&t, NULL, wake_later, req), 0);
        pthread_detach(t);
        return VC_WAIT;
    }
    last_arrival = req->arrival;
    if (strcmp(req->path, "/hold") == 0) {
        sem_post(&is_held);
        while (sem_wait(&held) < 0)
            ;
    }
    if (strcmp(req->path, "/quick") == 0)
        n_quick++;
    if (strcmp(req->path, "/long") == 0 && n_quick == 0) {
        assert_true(req->takes_turns);
        n_slices++;
        return VC_AGAIN;
    }
    if (strcmp(req->path, "/never") == 0)
        return VC_WAIT; /* its wake is lost: only the deadline helps */
    if (strcmp(req->path, "/watch") == 0 || strcmp(req->path, "/ticks") == 0 ||
        strcmp(req->path, "/flood") == 0) {
        Ticker *t = xcalloc(1, sizeof(*t));

        n_tickers++;
        t->stream = (Stream){ticker_read, ticker_start, ticker_close};
        t->left = strcmp(req->path, "/watch") == 0 ? -1 : 3;
        if (strcmp(req->path, "/flood") == 0) {
            t->stream.read = flood_read;
            t->left = FLOOD_LINES;
        }
        req->reply.kind = REPLY_STREAM;
        req->reply.status = 200;
        req->reply.content_type = "application/json";
        req->reply.stream = &t->stream;
        return VC_DONE;
    }
    if (strcmp(req->path, "/big") == 0) {
        char *big = arena_alloc(req->arena, 300001);

        memset(big, 'x', 300000);
        reply(req, 200, "application/json", big);
        return VC_DONE;
    }
    reply(req, 200, "text/plain",
          arena_printf(req->arena, "%s %s %s q=%s user=%s body=%zu", req->cluster->name,
                       req->method, req->path, req->query, req->user.name, req->body.len));
    return VC_DONE;
}

void request_done(Request *req)
{
    cluster_unref(req->cluster);
}

Cluster *request_entry(const Request *req)
{
    return req->cluster;
}

void reply_header(Request *req UNUSED, const char *name UNUSED, const char *value UNUSED)
{
}

void reply_status(Request *req, ErrCode code, const char *fmt, ...)
{
    char text[500];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    req->reply = (Reply){0};
    reply(req, err_http_status(code), "application/json", arena_strdup(req->arena, text));
}

/* ---- a client of a few lines ---- */

static Server *server;

static void start_with(int n_loops, const char *cert_pem, const char *key_pem)
{
    static const char *const listen_on[] = {"127.0.0.1:0", NULL};
    ServerOptions o = {.listen = listen_on,
                       .n_loops = n_loops,
                       .domain = cert_pem ? "d" : NULL,
                       .n_shards = 3,
                       .request_ms = 500,
                       .ca_pem = "PEM",
                       .cert_pem = cert_pem,
                       .key_pem = key_pem};
    Err err = {0};

    if (server_open(&o, &server, &err) != 0)
        fail_msg("%s", err.msg);
}

static void start(void)
{
    start_with(2, NULL, NULL);
}

static void stop(void)
{
    server_drain(server, 2000);
    server_close(server);
    server = NULL;
    metrics_done();
    assert_int_equal(n_tickers, 0);
    assert_int_equal(clusters[0].refs, 0);
    assert_int_equal(clusters[1].refs, 0);
    assert_int_equal(clusters[2].refs, 0);
}

static int dial_from(const char *from)
{
    struct sockaddr_in me = {.sin_family = AF_INET};
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)server_port(server, 0)),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval wait = {.tv_sec = 5};

    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    assert_int_equal(inet_pton(AF_INET, from, &me.sin_addr), 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&me, sizeof(me)), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
    return fd;
}

static int dial(void)
{
    return dial_from("127.0.0.1");
}

static void say(int fd, const char *text, size_t n)
{
    while (n > 0) {
        ssize_t r = send(fd, text, n, MSG_NOSIGNAL);

        if (r <= 0)
            return;
        text += r;
        n -= (size_t)r;
    }
}

/* Everything until the server closes or has been quiet for long, or `until` has come. */
static void hear(int fd, const char *until, Buf *out)
{
    char buf[65536];
    ssize_t n;

    while ((!until || !strstr(buf_str(out), until)) && (n = recv(fd, buf, sizeof(buf), 0)) > 0)
        buf_add(out, buf, (size_t)n);
}

static void ask(const char *request, Buf *out)
{
    int fd = dial();

    say(fd, request, strlen(request));
    hear(fd, NULL, out);
    close(fd);
}

#define assert_has(buf, text)                                                                      \
    do {                                                                                           \
        if (!strstr(buf_str(buf), (text)))                                                         \
            fail_msg("no '%s' in: %s", (text), buf_str(buf));                                      \
    } while (0)

TEST(an_unknown_cluster_is_stood_in_for_and_read_once)
{
    const char *const requests[] = {
        "GET /clusters/new/api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /clusters/new/api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /clusters/other/api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    };
    const int reads[] = {5, 5, 10};

    start();
    n_reads = 0;
    for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
        AUTO_BUF out = BUF_INIT;

        ask(requests[i], &out);
        assert_has(&out, "- GET /api");
        assert_int_equal(n_reads, reads[i]);
    }
    stop();
}

TEST(who_comes_to_a_cluster_without_a_credential_and_may_not_sees_none)
{
    AUTO_BUF out = BUF_INIT, bad = BUF_INIT, good = BUF_INIT;

    start();
    is_shut = true;
    n_reads = 0;
    ask("GET /clusters/acme/api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &out);
    assert_has(&out, "- GET /api");
    assert_int_equal(n_reads, 5);
    ask("GET /clusters/acme/api HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bad\r\n"
        "Connection: close\r\n\r\n",
        &bad);
    assert_has(&bad, "HTTP/1.1 401");
    ask("GET /clusters/acme/api HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n"
        "Connection: close\r\n\r\n",
        &good);
    assert_has(&good, "HTTP/1.1 200");
    is_shut = false;
    stop();
}

TEST(a_cluster_without_its_key_answers_503_to_its_own_and_is_not_there_for_others)
{
    AUTO_BUF acme = BUF_INIT, host = BUF_INIT, again = BUF_INIT, none = BUF_INIT, bad = BUF_INIT;

    start();
    is_withheld = true;
    ask("GET /clusters/acme/api HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n"
        "Connection: close\r\n\r\n",
        &acme);
    assert_has(&acme, "HTTP/1.1 503");
    assert_has(&acme, "the key of acme is withheld");
    ask("GET /clusters/acme/api HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bad\r\n"
        "Connection: close\r\n\r\n",
        &bad);
    assert_has(&bad, "HTTP/1.1 401");
    ask("GET /clusters/acme/api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &none);
    assert_has(&none, "- GET /api");
    ask("GET /api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &host);
    assert_has(&host, "HTTP/1.1 200");
    is_withheld = false;
    ask("GET /clusters/acme/api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &again);
    assert_has(&again, "HTTP/1.1 200");
    stop();
}

TEST(answers_and_routes)
{
    static const struct {
        const char *request, *has, *has_too;
    } cases[] = {
        {"GET /api?a=b%20c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 200",
         "host GET /api q=a=b%20c user=system:anonymous body=0"},
        {"GET /clusters/acme/api/v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
         "acme GET /api/v1 q= user", "Audit-Id: "},
        {"GET /clusters/acme/../host/api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
         "HTTP/1.1 400", "dot segment"},
        {"GET /clusters/none/api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 200",
         "- GET /api q= user=system:anonymous"},
        {"GET /clusters/none/api HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bad\r\n"
         "Connection: close\r\n\r\n",
         "HTTP/1.1 401", "Unauthorized"},
        {"GET http://y/api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 400",
         "different servers"},
        {"GET http://X/api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 200",
         "host GET /api"},
        {"GET /a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nConnection: close\r\n\r\n",
         "user=root", "HTTP/1.1 200"},
        {"GET /a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bad\r\nConnection: close\r\n\r\n",
         "HTTP/1.1 401", "Unauthorized"},
        {"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
         "body=3", "HTTP/1.1 200"},
        {"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: "
         "close\r\n\r\n2\r\nab\r\n0\r\n\r\n",
         "body=2", "HTTP/1.1 200"},
        {"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\nExpect: "
         "100-continue\r\nConnection: close\r\n\r\n",
         "HTTP/1.1 413", "Request entity too large: limit is 3145728"},
        {"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "host GET /slow",
         "HTTP/1.1 200"},
        {"GET /ticks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "tick\n", "chunked"},
        {"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "\r\n\r\nok",
         "HTTP/1.1 200"},
        {"GET /livez?verbose HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "[+]ping ok",
         "livez check passed"},
        {"GET /livez/ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "\r\n\r\nok",
         "HTTP/1.1 200"},
        {"GET /livez/none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 404",
         "404 page not found"},
        {"GET /cacert HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "\r\n\r\nPEM",
         "HTTP/1.1 200"},
        {"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 403", "forbid"},
        {"GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nConnection: "
         "close\r\n\r\n",
         "hostplane_store_n_clusters 2", "hostplane_requests_total"},
        {"GET /a HTTP/1.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 400", "HTTP/1.1 400"},
        {"GET /a HTTP/7.1\r\nHost: x\r\n\r\n", "HTTP/1.1 505", "HTTP/1.1 505"},
    };

    n_refused = 0;
    start();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_BUF out = BUF_INIT;

        ask(cases[i].request, &out);
        assert_has(&out, cases[i].has);
        assert_has(&out, cases[i].has_too);
    }
    assert_int_equal(n_refused, 2);
    stop();
}

TEST(keeps_connections_alive_and_large_bodies_out)
{
    AUTO_BUF out = BUF_INIT;
    char *big = xcalloc(1, 5000000);
    int fd;

    start();
    fd = dial();
    for (int i = 0; i < 3; i++) {
        static const char get[] = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";

        buf_reset(&out);
        say(fd, get, sizeof(get) - 1);
        hear(fd, "body=0", &out);
        assert_has(&out, "host GET /slow");
    }
    close(fd);
    memset(big, ' ', 5000000);
    fd = dial();
    buf_reset(&out);
    buf_adds(&out, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n");
    say(fd, out.ptr, out.len);
    say(fd, big, 5000000);
    buf_reset(&out);
    hear(fd, "3145728", &out);
    assert_has(&out, "HTTP/1.1 413");
    close(fd);
    free(big);
    stop();
}

TEST(compresses_large_answers_on_request)
{
    AUTO_BUF out = BUF_INIT;

    start();
    ask("GET /big HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br, gzip\r\nConnection: close\r\n\r\n",
        &out);
    assert_has(&out, "Content-Encoding: gzip");
    assert_true(out.len < 10000);
    buf_reset(&out);
    ask("GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &out);
    assert_true(out.len > 300000);
    stop();
}

TEST(others_have_their_turn_while_much_is_done)
{
    static const char request[] = "GET /long HTTP/1.1\r\nHost: x\r\n\r\n";
    AUTO_BUF out = BUF_INIT;
    struct timeval wait = {.tv_usec = 1000};
    int fd, left;

    start();
    left = dial();
    say(left, request, sizeof(request) - 1);
    fd = dial();
    say(fd, request, sizeof(request) - 1);
    while (n_slices < 1000)
        usleep(1000);
    close(left); /* who leaves has no turn any more */
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    for (int i = 0; i < 100 && !strstr(buf_str(&out), "/long"); i++) {
        AUTO_BUF quick = BUF_INIT;

        ask("GET /quick HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &quick);
        assert_has(&quick, "host GET /quick");
        hear(fd, "/long", &out);
    }
    assert_has(&out, "HTTP/1.1 200");
    close(fd);
    stop();
}

/* The text of chunks that end with the last one; what follows stays in `in`. */
static void take_chunks(Buf *in, Buf *text)
{
    const char *p = strstr(buf_str(in), "\r\n\r\n");
    size_t n = 1;

    assert_non_null(p);
    for (p += 4; n > 0; p += n + 2) {
        char *line;

        n = strtoul(p, &line, 16);
        assert_true(line > p && strncmp(line, "\r\n", 2) == 0);
        p = line + 2;
        assert_true(p + n + 2 <= in->ptr + in->len);
        buf_add(text, p, n);
        assert_memory_equal(p + n, "\r\n", 2);
    }
    memmove(in->ptr, p, (size_t)(in->ptr + in->len - p));
    buf_truncate(in, (size_t)(in->ptr + in->len - p));
}

static void check_flood(const Buf *text)
{
    char line[16];

    assert_int_equal(text->len, FLOOD_LINES * 8);
    for (int i = 0; i < FLOOD_LINES; i += 997) {
        snprintf(line, sizeof(line), "%07d\n", i);
        assert_memory_equal(text->ptr + i * 8, line, 8);
    }
}

TEST(a_stream_waits_for_a_client_that_is_slow_and_leaves_the_connection_as_it_was)
{
    static const char get[] = "GET /flood HTTP/1.1\r\nHost: x\r\n\r\n",
                      ticks[] = "GET /ticks HTTP/1.1\r\nHost: x\r\n\r\n",
                      old[] = "GET /flood HTTP/1.0\r\nHost: x\r\n\r\n",
                      last[] = "GET /api HTTP/1.1\r\nHost: x\r\n\r\n";
    AUTO_BUF in = BUF_INIT, text = BUF_INIT;
    int fd, gone;

    start();
    gone = dial();
    say(gone, get, sizeof(get) - 1);
    fd = dial();
    say(fd, get, sizeof(get) - 1);
    usleep(100000); /* the sockets are full by now */
    close(gone);    /* with all that was not read */
    hear(fd, "0\r\n\r\n", &in);
    take_chunks(&in, &text);
    check_flood(&text);
    buf_reset(&text);
    say(fd, ticks, sizeof(ticks) - 1);
    hear(fd, "0\r\n\r\n", &in);
    take_chunks(&in, &text);
    assert_string_equal(buf_str(&text), "tick\ntick\ntick\n");
    say(fd, last, sizeof(last) - 1);
    hear(fd, "GET /api", &in);
    assert_has(&in, "HTTP/1.1 200");
    close(fd);
    buf_reset(&in);
    buf_reset(&text);
    ask(old, &in); /* no chunks for who does not know them */
    assert_non_null(strstr(buf_str(&in), "\r\n\r\n"));
    buf_adds(&text, strstr(buf_str(&in), "\r\n\r\n") + 4);
    check_flood(&text);
    stop();
}

/* ---- greetings of TLS ---- */

static void start_tls(int n_loops)
{
    int64_t now = clock_now_s();
    PkiUse use = {.from_s = now - 10, .until_s = now + 1000, .is_server = true};
    CLEANUP(pki_key_free) PkiKey *key = NULL;
    CLEANUP(pki_cert_free) PkiCert *cert = NULL;
    AUTO_BUF key_pem = BUF_INIT, cert_pem = BUF_INIT;

    assert_ok(pki_key_new(&key, NULL));
    assert_ok(pki_issue(&(PkiSubject){.cn = "localhost"}, &use, key, NULL, NULL, &cert, NULL));
    pki_key_write_pem(key, &key_pem);
    pki_cert_write_pem(cert, &cert_pem);
    start_with(n_loops, buf_str(&cert_pem), buf_str(&key_pem));
}

typedef struct TlsClient {
    int fd;
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    size_t pause_at; /* sends so many bytes of its greeting, rests, and goes on */
    size_t sent;
    bool is_hasty; /* waits for nothing */
    bool is_deaf;
} TlsClient;

static const char new_tls[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3";
static const char old_tls[] = "NORMAL:-VERS-ALL:+VERS-TLS1.2";

static int64_t spent_us(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * INT64_C(1000000) + u.ru_utime.tv_usec +
           u.ru_stime.tv_usec;
}

static ssize_t push_slowly(gnutls_transport_ptr_t data, const void *p, size_t n)
{
    TlsClient *c = data;

    if (c->sent <= c->pause_at && c->sent + n > c->pause_at) {
        size_t part = c->pause_at - c->sent;
        int64_t before;

        say(c->fd, p, part);
        usleep(50000); /* what it has is worked off */
        before = spent_us();
        usleep(300000);
        assert_true(spent_us() - before < 150000); /* nobody waits by trying again and again */
        say(c->fd, (const char *)p + part, n - part);
    } else {
        say(c->fd, p, n);
    }
    c->sent += n;
    return (ssize_t)n;
}

static ssize_t pull(gnutls_transport_ptr_t data, void *to, size_t n)
{
    TlsClient *c = data;

    if (c->is_deaf) {
        gnutls_transport_set_errno(c->session, EAGAIN);
        return -1;
    }
    return recv(c->fd, to, n, c->is_hasty ? MSG_DONTWAIT : 0);
}

static void tls_dial(TlsClient *c, const char *from, const char *priorities)
{
    c->fd = dial_from(from);
    assert_int_equal(gnutls_init(&c->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK), 0);
    assert_int_equal(gnutls_priority_set_direct(c->session, priorities, NULL), 0);
    assert_int_equal(gnutls_certificate_allocate_credentials(&c->credentials), 0);
    gnutls_credentials_set(c->session, GNUTLS_CRD_CERTIFICATE, c->credentials);
    gnutls_transport_set_ptr(c->session, c);
    gnutls_transport_set_push_function(c->session, push_slowly);
    gnutls_transport_set_pull_function(c->session, pull);
}

/* Says its first word, and no more. */
static void tls_begin(TlsClient *c, const char *from, const char *priorities, const char *name)
{
    c->is_hasty = true;
    tls_dial(c, from, priorities);
    if (name)
        gnutls_server_name_set(c->session, GNUTLS_NAME_DNS, name, strlen(name));
    c->is_deaf = true; /* the answer may be there at once */
    assert_int_equal(gnutls_handshake(c->session), GNUTLS_E_AGAIN);
    c->is_deaf = false;
}

static void tls_end(TlsClient *c)
{
    gnutls_deinit(c->session);
    gnutls_certificate_free_credentials(c->credentials);
    close(c->fd);
}

/* Head and body are a record each. */
static void tls_hear(TlsClient *c, const char *until, Buf *out)
{
    char part[4096];
    ssize_t n;

    while (!strstr(buf_str(out), until)) {
        n = gnutls_record_recv(c->session, part, sizeof(part));
        assert_true(n > 0 || n == GNUTLS_E_AGAIN);
        buf_add(out, part, (size_t)MAX(n, 0));
    }
}

TEST(a_greeting_may_come_in_pieces_and_costs_nothing_while_it_waits)
{
    /* the last: asked to begin again, with another group */
    static const char *const priorities[] = {
        new_tls, old_tls, "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-SECP521R1"};
    static const char get[] = "GET /api HTTP/1.1\r\nHost: x\r\n\r\n";
    static const size_t pauses[] = {3, 100, 400}; /* in the record's head, its text, the next */

    start_tls(2);
    for (size_t i = 0; i < ARRAY_LEN(priorities); i++)
        for (size_t k = 0; k < ARRAY_LEN(pauses); k++) {
            TlsClient c = {.pause_at = pauses[k]};

            tls_dial(&c, "127.0.0.1", priorities[i]);
            assert_int_equal(gnutls_handshake(c.session), 0);
            for (int again = 0; again < 2; again++) {
                AUTO_BUF answer = BUF_INIT;

                assert_int_equal(gnutls_record_send(c.session, get, sizeof(get) - 1),
                                 sizeof(get) - 1);
                tls_hear(&c, "GET /api", &answer);
                assert_has(&answer, "HTTP/1.1 200");
                assert_int_equal(last_arrival, again ? 0 : 2); /* the first pays for it */
            }
            tls_end(&c);
        }
    stop();
}

static void wait_to_read(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    assert_int_equal(poll(&p, 1, 5000), 1);
}

TEST(whoever_breaks_off_a_greeting_is_forgotten)
{
    static const char hello[] = "\x16\x03\x01\x02\x00\x01\x00", wrong[] = "GET / HTTP/1.1\r\n\r\n";
    static const char *const priorities[] = {new_tls, old_tls};
    TlsClient leaves[2] = {0}, stays[2] = {0};
    AUTO_BUF out = BUF_INIT;
    int gone, silent, confused;

    start_tls(2);
    for (int i = 0; i < 2; i++) { /* when they have been answered */
        tls_begin(&leaves[i], "127.0.0.1", priorities[i], NULL);
        tls_begin(&stays[i], "127.0.0.1", priorities[i], NULL);
        wait_to_read(leaves[i].fd);
        wait_to_read(stays[i].fd);
        tls_end(&leaves[i]);
    }
    gone = dial();
    say(gone, hello, sizeof(hello) - 1);
    silent = dial();
    confused = dial();
    say(confused, wrong, sizeof(wrong) - 1);
    hear(confused, NULL, &out); /* until it is closed */
    usleep(50000);
    close(gone);
    server_drain(server, 2000);
    buf_reset(&out);
    hear(silent, NULL, &out);
    assert_int_equal(out.len, 0);
    close(silent);
    close(confused);
    stop();
    for (int i = 0; i < 2; i++) {
        hear(stays[i].fd, NULL, &out); /* until it is closed */
        tls_end(&stays[i]);
    }
}

enum { MANY = 60 };

/* The place at which the last of the clients is answered, when all have said their first word
 * before the loop has looked at any. */
static int place_of_last(const char *other_address, const char *other_name)
{
    static const char hold[] = "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n";
    TlsClient holder = {0}, clients[MANY + 1] = {0};
    int epoll = epoll_create1(EPOLL_CLOEXEC), place = 0;
    struct epoll_event ev;

    sem_init(&held, 0, 0);
    sem_init(&is_held, 0, 0);
    start_tls(1);
    tls_dial(&holder, "127.0.0.9", new_tls);
    assert_int_equal(gnutls_handshake(holder.session), 0);
    assert_int_equal(gnutls_record_send(holder.session, hold, sizeof(hold) - 1), sizeof(hold) - 1);
    while (sem_wait(&is_held) < 0)
        ;
    for (int i = 0; i < MANY; i++)
        tls_begin(&clients[i], "127.0.0.1", new_tls, NULL);
    tls_begin(&clients[MANY], other_address, new_tls, other_name);
    for (int i = 0; i <= MANY; i++) {
        ev = (struct epoll_event){.events = EPOLLIN | EPOLLET, .data.u32 = (uint32_t)i};
        assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].fd, &ev), 0);
    }
    sem_post(&held);
    do { /* in the order in which they became readable */
        assert_int_equal(epoll_wait(epoll, &ev, 1, 5000), 1);
        place++;
    } while (ev.data.u32 != MANY);
    for (int i = 0; i <= MANY; i++)
        tls_end(&clients[i]);
    tls_end(&holder);
    stop();
    close(epoll);
    sem_destroy(&held);
    sem_destroy(&is_held);
    return place;
}

TEST(addresses_and_of_one_address_tenants_are_greeted_in_turns)
{
    assert_int_equal(place_of_last("127.0.0.1", NULL), MANY + 1);
    assert_true(place_of_last("127.0.0.2", NULL) < MANY / 2);
    assert_true(place_of_last("127.0.0.1", "acme.d") < MANY / 2);
    assert_int_equal(place_of_last("127.0.0.1", "nobody.d"), MANY + 1);
}

TEST(gives_up_what_never_ends)
{
    AUTO_BUF out = BUF_INIT;

    start();
    ask("GET /never HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &out);
    assert_has(&out, "HTTP/1.1 504");
    /* Its wake will never come, so the request may not go either: not stop(). */
    clusters[0].refs = 0;
    server_drain(server, 0);
    server = NULL;
}

TEST(notices_a_watcher_that_leaves_and_ends_the_others_when_draining)
{
    static const char get[] = "GET /watch HTTP/1.1\r\nHost: x\r\n\r\n";
    AUTO_BUF out = BUF_INIT;
    int a, b;

    start();
    a = dial();
    b = dial();
    say(a, get, sizeof(get) - 1);
    say(b, get, sizeof(get) - 1);
    hear(a, "tick\n", &out);
    buf_reset(&out);
    hear(b, "tick\n", &out);
    assert_int_equal(n_tickers, 2);
    close(a);
    for (int i = 0; i < 200 && n_tickers != 1; i++)
        usleep(5000);
    assert_int_equal(n_tickers, 1);
    server_drain(server, 2000);
    buf_reset(&out);
    hear(b, NULL, &out);
    assert_has(&out, "0\r\n\r\n"); /* the last chunk: a clean end */
    close(b);
    stop();
}
