#include "hostplane/tlsout.h"

#include "base/mem.h"

#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum { PARTS_MAX = 16 }; /* of one call; GnuTLS sends one or two at a time */

static ssize_t send_parts(int fd, struct iovec *parts, size_t n)
{
    struct msghdr m = {.msg_iov = parts, .msg_iovlen = n};

    return sendmsg(fd, &m, MSG_NOSIGNAL);
}

/* gnutls_vec_push_func: the number of bytes taken, or -1 with errno. */
static ssize_t push(gnutls_transport_ptr_t data, const giovec_t *iov, int n)
{
    TlsOut *o = data;
    struct iovec parts[PARTS_MAX + 1];
    size_t n_parts = 0, held = o->held.len, total = 0;
    ssize_t sent;

    if (o->waits) {
        o->waits = false;
        for (int i = 0; i < n; i++) {
            buf_add(&o->held, iov[i].iov_base, iov[i].iov_len);
            total += iov[i].iov_len;
        }
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

void tlsout_hold_next(TlsOut *o)
{
    o->waits = true;
}
