#include "hostplane/tlsout.h"

#include "base/mem.h"

#include <errno.h>
#include <limits.h>
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

/* gnutls_vec_push_func: the number of bytes taken, or -1 with errno. */
static ssize_t push(gnutls_transport_ptr_t data, const giovec_t *iov, int n)
{
    TlsOut *o = data;
    struct iovec parts[PARTS_MAX + 1];
    size_t n_parts = 0, held = o->held.len, total = 0;
    ssize_t sent;

    for (int i = 0; i < n; i++)
        total += iov[i].iov_len;
    if (has_successor(o, total)) {
        for (int i = 0; i < n; i++)
            buf_add(&o->held, iov[i].iov_base, iov[i].iov_len);
        return (ssize_t)total;
    }
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

void tlsout_init(TlsOut *o, gnutls_session_t session, int fd)
{
    *o = (TlsOut){.fd = fd};
    gnutls_transport_set_ptr2(session, (gnutls_transport_ptr_t)(intptr_t)fd, o);
    gnutls_transport_set_vec_push_function(session, push);
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
