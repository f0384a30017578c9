#include "agent/link.h"
#include "agent/probe_try.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

void link_init(Link *l, int fd)
{
    *l = (Link){.fd = fd};
}

void link_done(Link *l)
{
    SSL_free(l->ssl);
    SSL_CTX_free(l->ctx);
    if (l->fd >= 0)
        close(l->fd);
    *l = (Link){.fd = -1};
}

/* After an operation on TLS that came back with r: 0 when it is to be tried again, else -1. */
static int tls_again(Link *l, int r)
{
    int e = SSL_get_error(l->ssl, r);

    l->events = e == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
    return e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

int link_start_tls(Link *l, int64_t deadline_us)
{
    int r;

    l->ctx = SSL_CTX_new(TLS_client_method());
    l->ssl = l->ctx ? SSL_new(l->ctx) : NULL;
    if (!l->ssl)
        return -1;
    SSL_CTX_set_verify(l->ctx, SSL_VERIFY_NONE, NULL);
    SSL_set_verify(l->ssl, SSL_VERIFY_NONE, NULL);
    SSL_set_mode(l->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (SSL_set_fd(l->ssl, l->fd) != 1)
        return -1;
    while ((r = SSL_connect(l->ssl)) != 1) {
        if (tls_again(l, r) < 0 || probe__wait(l->fd, l->events, deadline_us) <= 0)
            return -1;
    }
    return 0;
}

static int64_t plain_again(Link *l, short events)
{
    l->events = events;
    return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

int64_t link_try_send(Link *l, Slice s)
{
    int64_t n;

    if (l->ssl) {
        n = SSL_write(l->ssl, s.ptr, (int)MIN(s.len, 1 << 20));
        return n > 0 ? n : tls_again(l, (int)n);
    }
    n = send(l->fd, s.ptr, s.len, MSG_NOSIGNAL);
    return n >= 0 ? n : plain_again(l, POLLOUT);
}

int64_t link_try_recv(Link *l, void *out, size_t cap)
{
    int64_t n;

    if (l->ssl) {
        n = SSL_read(l->ssl, out, (int)MIN(cap, 1 << 20));
        return n > 0 ? n : tls_again(l, (int)n);
    }
    n = recv(l->fd, out, cap, 0);
    return n > 0 ? n : n < 0 ? plain_again(l, POLLIN) : -1;
}
