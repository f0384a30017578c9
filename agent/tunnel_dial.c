/*
 * A connection to a port of a pod, passed on byte for byte: what the server speaks HTTP on for
 * pods/proxy and services/proxy.
 *
 * It leaves from the node itself, as a probe does, and goes to the pod's own address, which the
 * runtime names; so it reaches the tenant's pod and nothing else.
 */
#include "agent/link.h"
#include "agent/probe_try.h"
#include "agent/tunnel.h"
#include "base/clock.h"
#include "base/err.h"

#include <poll.h>
#include <unistd.h>

enum {
    CONNECT_US = 30 * 1000000,
    UP_FULL = 256 << 10,
    POLL_MS = 1000, /* a client that left while the connection is still shows within it */
};

static int dial(const StreamContext *c, int port, Link *ret, Err *err)
{
    const TunnelTarget *t = c->target;
    PodWhere where = {.cluster = t->cluster, .ns = t->ns, .name = t->pod, .uid = t->rest[0]};
    int64_t deadline = clock_mono_us() + CONNECT_US;
    PodContainerRef ref;
    char why[300];
    int r, fd;

    r = pods_find(c->pods, c->arena, &where, &ref, err);
    if (r < 0)
        return r;
    if (!ref.pod_ip || !ref.pod_ip[0])
        return err_set(err, ERR_UNAVAILABLE, "pod \"%s\" has no address", t->pod);
    fd = probe__connect(ref.pod_ip, port, deadline, why, sizeof(why));
    if (fd < 0)
        return err_set(err, ERR_UNAVAILABLE, "%s", why);
    link_init(ret, fd);
    if (tunnel_query_bool(t, "tls") && link_start_tls(ret, deadline) < 0) {
        link_done(ret);
        return err_set(err, ERR_UNAVAILABLE, "remote error: tls: handshake failure");
    }
    return 0;
}

static void drop_front(Buf *b, size_t n)
{
    memmove(b->ptr, b->ptr + n, b->len - n);
    buf_truncate(b, b->len - n);
}

/* What waits for the pod, as far as it goes. False: the connection is over. */
static bool send_up(Link *l, Buf *up, bool *is_full)
{
    *is_full = false;
    while (up->len > 0) {
        int64_t n = link_try_send(l, buf_slice(up));

        if (n < 0)
            return false;
        *is_full = n == 0;
        if (n == 0)
            return true;
        drop_front(up, (size_t)n);
    }
    return true;
}

/* What the pod has sent. False: the connection is over, or nobody listens any more. */
static bool pass_down(const StreamContext *c, Link *l)
{
    char chunk[32768];

    for (;;) {
        int64_t n = link_try_recv(l, chunk, sizeof(chunk));

        if (n <= 0)
            return n == 0;
        if (!stream_write(c->stream, (Slice){chunk, (size_t)n}))
            return false;
    }
}

static void splice_both(const StreamContext *c, Link *l)
{
    struct pollfd p[] = {{.fd = l->fd}, {.fd = -1, .events = POLLIN}};
    AUTO_BUF up = BUF_INIT;
    bool more = true, is_full = false;

    while (!stream_is_closed(c->stream)) {
        if (!send_up(l, &up, &is_full) || !pass_down(c, l))
            return;
        p[0].events = is_full ? POLLIN | POLLOUT : POLLIN;
        p[1].fd = more && up.len < UP_FULL ? stream_fd(c->stream) : -1;
        if (poll(p, ARRAY_LEN(p), POLL_MS) <= 0 || !p[1].revents)
            continue;
        more = stream_read(c->stream, &up);
    }
}

int tunnel_dial(const StreamContext *c, Err *err)
{
    const char *port = tunnel_query(c->target, "port");
    int64_t n;
    Link l;
    int r;

    if (!port || !slice_to_int64(slice_of(port), &n) || n < 1 || n > 65535)
        return err_set(err, ERR_BAD_REQUEST, "a port must be named");
    r = dial(c, (int)n, &l, err);
    if (r < 0)
        return r;
    stream_reply(c->stream, 200, "application/octet-stream");
    splice_both(c, &l);
    link_done(&l);
    return 0;
}
