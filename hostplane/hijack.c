#include "hostplane/hijack.h"

#include "base/mem.h"
#include "hostplane/authn.h"
#include "hostplane/front.h"

#include <errno.h>
#include <sys/socket.h>

enum {
    READ_BYTES = 64 * 1024,
    READS_AT_ONCE = 8,
    LINGER_MS = 2000, /* after the last byte: time for the peer to read it and close */
};

struct Hijack {
    HttpReq *q;
    const HijackOps *ops;
    void *data;
    int fd;
    gnutls_session_t tls;
    uv_poll_t poll;
    int events; /* that poll waits for */
    Buf out;
    size_t out_at;
    bool is_tls_pending; /* GnuTLS holds a record it could not send yet */
    bool is_paused, is_finishing, is_closed, was_full;
    bool is_lingering; /* all is sent, our side is shut; what comes is thrown away */
    LoopTimer *linger;
};

static void on_poll(uv_poll_t *poll, int status, int events);

static void update_poll(Hijack *h)
{
    int events = 0;

    if (h->is_closed)
        return;
    if (!h->is_paused)
        events |= UV_READABLE;
    if (h->out.len > h->out_at || h->is_tls_pending)
        events |= UV_WRITABLE;
    events |= UV_DISCONNECT;
    if (events != h->events) {
        h->events = events;
        uv_poll_start(&h->poll, events, on_poll);
    }
}

static void on_poll_closed(uv_handle_t *handle)
{
    Hijack *h = handle->data;

    buf_wipe(&h->out);
    free(h);
}

void hijack_close(Hijack *h)
{
    HttpReq *q = h->q;

    if (h->is_closed)
        return;
    h->is_closed = true;
    uv_poll_stop(&h->poll);
    loop_timer_free(h->linger);
    if (h->tls && !h->is_tls_pending && !h->is_lingering)
        (void)gnutls_bye(h->tls, GNUTLS_SHUT_WR); /* the peer may be gone */
    h->ops->on_end(h, h->data);
    q->hijack = NULL;
    req_resume(q); /* the handler answers MHD_NO: libmicrohttpd closes the socket */
    uv_close((uv_handle_t *)&h->poll, on_poll_closed);
}

static void on_linger_end(void *data)
{
    hijack_close(data);
}

/* Closing with unread bytes would reset the connection and lose what was sent last. */
static void linger(Hijack *h)
{
    if (h->is_lingering)
        return;
    h->is_lingering = true;
    h->is_paused = false;
    if (h->tls)
        (void)gnutls_bye(h->tls, GNUTLS_SHUT_WR); /* the peer may be gone */
    (void)shutdown(h->fd, SHUT_WR);
    h->linger = loop_timer(h->q->front->loop, LINGER_MS, 0, on_linger_end, h);
}

/* False when the connection was closed on the way. */
static bool flush(Hijack *h)
{
    if (!authn_holds(h->q)) {
        hijack_close(h);
        return false;
    }
    while (h->out_at < h->out.len) {
        ssize_t n = tlsout_send(h->tls, h->fd, &h->is_tls_pending, h->out.ptr + h->out_at,
                                h->out.len - h->out_at);

        if (n < 0) {
            hijack_close(h);
            return false;
        }
        if (n == 0)
            break;
        h->out_at += (size_t)n;
    }
    if (h->out_at == h->out.len) {
        h->out_at = 0;
        if (h->out.cap > HIJACK_FULL)
            buf_done(&h->out);
        else
            buf_reset(&h->out);
        if (h->is_finishing)
            linger(h);
    }
    return true;
}

static void read_some(Hijack *h)
{
    char *buf = xmalloc(READ_BYTES);

    for (int i = 0; i < READS_AT_ONCE && !h->is_closed && !h->is_paused; i++) {
        ssize_t n =
            h->tls ? gnutls_record_recv(h->tls, buf, READ_BYTES) : recv(h->fd, buf, READ_BYTES, 0);

        if (n > 0 && h->is_lingering)
            continue;
        if (n > 0 && !authn_holds(h->q)) {
            hijack_close(h);
            break;
        }
        if (n > 0) {
            h->ops->on_data(h, (Slice){buf, (size_t)n}, h->data);
            continue;
        }
        if (h->tls ? n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED
                   : n < 0 && (errno == EAGAIN || errno == EINTR))
            break;
        hijack_close(h);
    }
    free(buf);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    Hijack *h = poll->data;

    if (status < 0) {
        hijack_close(h);
        return;
    }
    if ((events & UV_WRITABLE) && !flush(h))
        return;
    if (h->was_full && !h->is_finishing && hijack_pending(h) < HIJACK_FULL / 2) {
        h->was_full = false;
        h->ops->on_drained(h, h->data);
    }
    if (!h->is_closed && !h->is_paused && (events & (UV_READABLE | UV_DISCONNECT)))
        read_some(h);
    else if (!h->is_closed && (events & UV_DISCONNECT))
        hijack_close(h);
    /* GnuTLS may hold decrypted bytes that no poll will tell of. */
    while (!h->is_closed && !h->is_paused && h->tls && gnutls_record_check_pending(h->tls) > 0)
        read_some(h);
    update_poll(h);
}

Hijack *hijack_start(HttpReq *q, const HijackOps *ops, void *data)
{
    Hijack *h = xcalloc(1, sizeof(*h));

    h->q = q;
    h->ops = ops;
    h->data = data;
    h->fd = q->conn->fd;
    h->tls = q->conn->tls;
    q->hijack = h;
    q->state = REQ_HIJACKED;
    req_suspend(q);
    BUG_ON(uv_poll_init(loop_uv(q->front->loop), &h->poll, h->fd) < 0);
    h->poll.data = h;
    update_poll(h);
    return h;
}

void hijack_send(Hijack *h, Slice bytes)
{
    if (h->is_closed || h->is_finishing)
        return;
    if (h->out_at > 0 && h->out_at == h->out.len) {
        buf_reset(&h->out);
        h->out_at = 0;
    } else if (h->out_at > HIJACK_FULL) {
        memmove(h->out.ptr, h->out.ptr + h->out_at, h->out.len - h->out_at);
        buf_truncate(&h->out, h->out.len - h->out_at);
        h->out_at = 0;
    }
    buf_add_slice(&h->out, bytes);
    if (hijack_pending(h) >= HIJACK_FULL)
        h->was_full = true;
    update_poll(h); /* sent when the loop finds the socket writable */
}

size_t hijack_pending(const Hijack *h)
{
    return h->out.len - h->out_at;
}

void hijack_pause(Hijack *h, bool is_paused)
{
    if (h->is_closed || h->is_lingering || h->is_paused == is_paused)
        return;
    h->is_paused = is_paused;
    update_poll(h);
}

void hijack_finish(Hijack *h)
{
    if (h->is_closed)
        return;
    h->is_finishing = true;
    if (hijack_pending(h) == 0 && !h->is_tls_pending)
        linger(h);
    update_poll(h);
}
