#include "hostplane/tlsout.h"

#include "base/mem.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum {
    PARTS_MAX = 16, /* of one call; GnuTLS sends one or two at a time */
    RECORD = 16384, /* the text of a full record; what is sent of it is longer */
    HELD_MAX = 3 * (RECORD + 64),
};

static ssize_t send_parts(int fd, struct iovec *parts, size_t n)
{
    struct msghdr m = {.msg_iov = parts, .msg_iovlen = n};

    return sendmsg(fd, &m, MSG_NOSIGNAL);
}

/* Is another record right behind this one? A client may have asked for shorter records; then it
 * does not count as full, and nothing waits. */
static bool has_successor(TlsOut *o, size_t n)
{
    if (o->is_head) {
        o->is_head = false;
        return true;
    }
    if (n <= RECORD || o->body_left <= RECORD) {
        o->body_left = 0;
        return false;
    }
    o->body_left -= RECORD;
    return o->held.len + n <= HELD_MAX;
}

static ssize_t hold(TlsOut *o, const giovec_t *iov, int n)
{
    size_t before = o->held.len;

    for (int i = 0; i < n; i++)
        buf_add(&o->held, iov[i].iov_base, iov[i].iov_len);
    return (ssize_t)(o->held.len - before);
}

/* gnutls_vec_push_func: the number of bytes taken, or -1 with errno. */
static ssize_t push(gnutls_transport_ptr_t data, const giovec_t *iov, int n)
{
    TlsOut *o = data;
    struct iovec parts[PARTS_MAX + 1];
    size_t n_parts = 0, held = o->held.len, total = 0;
    ssize_t sent;

    if (o->mode == TLSOUT_GATHERS)
        return hold(o, iov, n);
    if (o->mode == TLSOUT_REFUSES) {
        o->was_refused = true;
        errno = EAGAIN;
        return -1;
    }
    for (int i = 0; i < n; i++)
        total += iov[i].iov_len;
    if (has_successor(o, total))
        return hold(o, iov, n);
    if (held > 0)
        parts[n_parts++] = (struct iovec){o->held.ptr, held};
    for (int i = 0; i < n && i < PARTS_MAX; i++)
        parts[n_parts++] = (struct iovec){iov[i].iov_base, iov[i].iov_len};
    sent = send_parts(o->fd, parts, n_parts);
    if (sent < 0 || held == 0)
        return sent;
    if ((size_t)sent >= held) {
        buf_done(&o->held);
        if ((size_t)sent > held)
            return sent - (ssize_t)held;
    } else {
        memmove(o->held.ptr, o->held.ptr + sent, held - (size_t)sent);
        buf_truncate(&o->held, held - (size_t)sent);
    }
    errno = EAGAIN; /* nothing of what was given */
    return -1;
}

/* gnutls_pull_func */
static ssize_t pull(gnutls_transport_ptr_t data, void *to, size_t n)
{
    TlsOut *o = data;

    if (o->mode == TLSOUT_SHUT) {
        errno = EAGAIN;
        return -1;
    }
    return recv(o->fd, to, n, 0);
}

/* gnutls_pull_timeout_func */
static int poll_for(gnutls_transport_ptr_t data, unsigned ms)
{
    TlsOut *o = data;
    struct pollfd p = {.fd = o->fd, .events = POLLIN};

    return o->mode == TLSOUT_SHUT ? 0 : poll(&p, 1, (int)MIN(ms, (unsigned)INT_MAX));
}

void tlsout_init(TlsOut *o, gnutls_session_t session, int fd)
{
    *o = (TlsOut){.fd = fd};
    gnutls_transport_set_ptr(session, o);
    gnutls_transport_set_pull_function(session, pull);
    gnutls_transport_set_pull_timeout_function(session, poll_for);
    gnutls_transport_set_vec_push_function(session, push);
}

void tlsout_set(TlsOut *o, TlsOutMode mode)
{
    o->mode = mode;
    o->was_refused = false;
}

int tlsout_flush(TlsOut *o)
{
    struct iovec part = {o->held.ptr, o->held.len};
    ssize_t sent;

    if (o->held.len == 0)
        return 1;
    sent = send_parts(o->fd, &part, 1);
    if (sent < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    if ((size_t)sent == o->held.len) {
        buf_done(&o->held);
        return 1;
    }
    memmove(o->held.ptr, o->held.ptr + sent, o->held.len - (size_t)sent);
    buf_truncate(&o->held, o->held.len - (size_t)sent);
    return 0;
}

void tlsout_done(TlsOut *o)
{
    buf_done(&o->held);
}

void tlsout_expect(TlsOut *o, size_t n)
{
    o->is_head = true;
    o->body_left = n;
}

void tlsout_body(TlsOut *o, size_t n)
{
    o->is_head = false;
    o->body_left = n;
}

ssize_t tlsout_send(gnutls_session_t tls, int fd, bool *is_pending, const char *p, size_t n)
{
    ssize_t r;

    if (!tls) {
        r = send(fd, p, n, MSG_NOSIGNAL);
        if (r < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -1;
        return r;
    }
    r = *is_pending ? gnutls_record_send(tls, NULL, 0)
                    : gnutls_record_send(tls, p, MIN(n, (size_t)RECORD));
    *is_pending = r == GNUTLS_E_AGAIN || r == GNUTLS_E_INTERRUPTED;
    if (*is_pending)
        return 0;
    return r < 0 ? -1 : r;
}
