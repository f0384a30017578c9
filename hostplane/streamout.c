#include "hostplane/streamout.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/memguard.h"
#include "base/wipe.h"
#include "hostplane/authn.h"
#include "hostplane/front.h"
#include "hostplane/headers.h"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    SIZE_LINE = 10,          /* the longest: eight digits, CR, LF */
    KEEP_BUF = 256 * 1024,   /* the loop's buffer above it is given back */
    TURN_BYTES = 128 * 1024, /* of one stream at a time */
    GATHER_MAX = 64 * 1024,  /* in one chunk to a client that takes them: four records, one call */
    UNSENT_MAX = 128 * 1024, /* that wait in the kernel: a client that does not read costs memory */
    STUCK_US = 180 * 1000000, /* as libmicrohttpd gives connections up that do not move */
};

bool streamout_serves(const HttpReq *q, const char *version)
{
    /* libmicrohttpd sends chunks only to such clients, and not always when it will close. */
    return q->rq.reply.kind == REPLY_STREAM && q->conn && str_eq(version, "HTTP/1.1") &&
           str_eq(q->rq.method, "GET") && !q->wants_close && !header_has(q->connection, "close") &&
           !server_is_draining(q->front->server);
}

/* The room for a chunk is most of a connection's pool, and nothing is in it. */
static void give_back(char *room, size_t n)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *first = room + (page - (uintptr_t)room % page) % page;
    char *end = room + n - (uintptr_t)(room + n) % page;

    if (end > first)
        memguard_give_back(first, (size_t)(end - first)); /* else it stays */
}

bool streamout_take(HttpReq *q, char *room, size_t n)
{
    int most = UNSENT_MAX;

    front_watch_gone(q->front, q);
    if (!q->is_watching_gone)
        return false;
    (void)setsockopt(q->conn->fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof(most));
    give_back(room, n);
    q->is_direct = true;
    req_suspend(q);
    req_wait_for_turn(q);
    return true;
}

bool streamout_is_blocked(const HttpReq *q)
{
    return q->out.len > 0 || q->is_tls_pending;
}

bool streamout_is_stuck(const HttpReq *q, int64_t now_us)
{
    return q->is_direct && streamout_is_blocked(q) && now_us - q->blocked_us > STUCK_US;
}

static void give_up(HttpReq *q)
{
    q->wants_close = true;
    req_resume(q);
}

/* How much was taken; what is left waits for the socket. */
static size_t send_all(HttpReq *q, const char *p, size_t n)
{
    size_t at = 0;

    if (!q->is_tls_pending)
        tlsout_body(&q->conn->out, n);
    while (at < n || q->is_tls_pending) {
        ssize_t k = tlsout_send(q->conn->tls, q->conn->fd, &q->is_tls_pending, p + at, n - at);

        if (k < 0)
            give_up(q);
        if (k <= 0)
            break;
        at += (size_t)k;
    }
    if (at > 0 && at < n)
        q->blocked_us = clock_mono_us();
    return at;
}

/* The text behind the room for its size becomes a chunk. */
static void send_chunk(HttpReq *q, Buf *b)
{
    size_t text = b->len - SIZE_LINE, at;
    char line[SIZE_LINE + 1];
    int n = snprintf(line, sizeof(line), "%zx\r\n", text);

    BUG_ON(n > SIZE_LINE);
    buf_add(b, "\r\n", 2);
    at = (size_t)(SIZE_LINE - n);
    memcpy(b->ptr + at, line, (size_t)n);
    q->sent += text;
    at += send_all(q, b->ptr + at, b->len - at);
    if (q->wants_close || (at == b->len && !q->is_tls_pending))
        return;
    buf_add(&q->out, b->ptr + at, b->len - at);
    q->gather = 0;
    q->blocked_us = clock_mono_us();
    front_watch_writable(q->front, q, true);
}

/* A piece, or more the more was taken at once before. */
static int gather(HttpReq *q, Buf *b)
{
    Stream *s = q->rq.reply.stream;
    int r;

    buf_reset(b);
    buf_add(b, "          ", SIZE_LINE);
    do
        r = s->read(s, b);
    while (r > 0 && b->len < q->gather);
    q->gather = MIN(MAX(q->gather, 2 * b->len), (size_t)GATHER_MAX);
    return r;
}

void streamout_turn(HttpReq *q)
{
    WIPING_IF(q->rq.is_secret);
    AUTO_BUF own = BUF_INIT; /* of what is overwritten; the loop's has what others left */
    Buf *b = q->rq.is_secret ? &own : &q->front->stream_buf;
    size_t before = q->sent;

    if (!q->is_direct || streamout_is_blocked(q))
        return;
    while (!q->wants_close && !q->stream_ended) {
        int r;

        if (!authn_holds(q)) {
            q->stream_ended = true;
            break;
        }
        r = gather(q, b);
        q->stream_ended = r < 0;
        if (b->len > SIZE_LINE)
            send_chunk(q, b);
        if (b->cap > KEEP_BUF)
            buf_done(b);
        if (q->wants_close || streamout_is_blocked(q) || r == 0)
            return;
        if (r > 0 && q->sent - before >= TURN_BYTES) {
            req_wait_for_turn(q);
            return;
        }
    }
    req_resume(q);
}

void streamout_writable(HttpReq *q)
{
    WIPING_IF(q->rq.is_secret);

    if (!q->is_direct || q->wants_close || !streamout_is_blocked(q))
        return;
    q->out_at += send_all(q, q->out.ptr + q->out_at, q->out.len - q->out_at);
    if (q->wants_close || q->out_at < q->out.len || q->is_tls_pending)
        return;
    q->out_at = 0;
    buf_done(&q->out);
    front_watch_writable(q->front, q, false);
    req_wait_for_turn(q);
}
