#include "agent/probe_try.h"
#include "base/clock.h"
#include "base/err.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD_MAX = 10 << 10, REDIRECTS_MAX = 10 };

/* ---- a connection, with or without TLS ---- */

typedef struct Link {
    int fd;
    SSL_CTX *ctx; /* NULL: no TLS */
    SSL *ssl;
    int64_t deadline_us;
} Link;

static void link_close(Link *l)
{
    if (l->ssl)
        SSL_free(l->ssl);
    if (l->ctx)
        SSL_CTX_free(l->ctx);
    if (l->fd >= 0)
        close(l->fd);
}

/* After an operation on TLS that came back with r: true when it is to be tried again. */
static bool tls_again(Link *l, int r)
{
    int e = SSL_get_error(l->ssl, r);

    if (e == SSL_ERROR_WANT_READ)
        return probe__wait(l->fd, POLLIN, l->deadline_us) > 0;
    return e == SSL_ERROR_WANT_WRITE && probe__wait(l->fd, POLLOUT, l->deadline_us) > 0;
}

/* The certificate is not looked at, as kubelet does not. */
static bool tls_open(Link *l)
{
    int r;

    l->ctx = SSL_CTX_new(TLS_client_method());
    l->ssl = l->ctx ? SSL_new(l->ctx) : NULL;
    if (!l->ssl)
        return false;
    SSL_CTX_set_verify(l->ctx, SSL_VERIFY_NONE, NULL);
    SSL_set_verify(l->ssl, SSL_VERIFY_NONE, NULL);
    if (SSL_set_fd(l->ssl, l->fd) != 1)
        return false;
    while ((r = SSL_connect(l->ssl)) != 1) {
        if (!tls_again(l, r))
            return false;
    }
    return true;
}

static bool link_send(Link *l, Slice s)
{
    while (s.len > 0) {
        ssize_t n;

        if (l->ssl) {
            n = SSL_write(l->ssl, s.ptr, (int)MIN(s.len, 1 << 20));
            if (n <= 0 && tls_again(l, (int)n))
                continue;
        } else {
            n = send(l->fd, s.ptr, s.len, MSG_NOSIGNAL);
            if (n < 0 && errno == EAGAIN && probe__wait(l->fd, POLLOUT, l->deadline_us) > 0)
                continue;
        }
        if (n <= 0)
            return false;
        s = (Slice){s.ptr + n, s.len - (size_t)n};
    }
    return true;
}

/* The head of the answer, up to and with its empty line, or what came of it. */
static void link_read_head(Link *l, Buf *head)
{
    char chunk[1024];

    while (head->len < HEAD_MAX && !(head->ptr && strstr(head->ptr, "\r\n\r\n"))) {
        ssize_t n;

        if (l->ssl) {
            n = SSL_read(l->ssl, chunk, sizeof(chunk));
            if (n <= 0 && tls_again(l, (int)n))
                continue;
        } else {
            if (probe__wait(l->fd, POLLIN, l->deadline_us) <= 0)
                return;
            n = recv(l->fd, chunk, sizeof(chunk), 0);
            if (n < 0 && (errno == EAGAIN || errno == EINTR))
                continue;
        }
        if (n <= 0)
            return;
        buf_add(head, chunk, (size_t)n);
    }
}

/* ---- what is said ---- */

int probe_http_status(Slice head)
{
    int64_t n;

    if (!slice_starts(head, "HTTP/1.") || head.len < 12 || head.ptr[8] != ' ')
        return -1;
    if (!slice_to_int64((Slice){head.ptr + 9, 3}, &n))
        return -1;
    return (int)n;
}

const char *probe_http_redirect(Arena *a, Slice head, const char *here, const char *path)
{
    Slice line;

    while (slice_cut(&head, '\n', &line) && line.len > 1) {
        const char *to;

        if (line.len < 10 || strncasecmp(line.ptr, "location:", 9) != 0)
            continue;
        to = arena_strndup(a, line.ptr + 9, line.len - 9);
        to += strspn(to, " \t");
        to = arena_strndup(a, to, strcspn(to, " \t\r"));
        if (str_starts(to, here) && (to[strlen(here)] == '/' || to[strlen(here)] == '\0'))
            return to[strlen(here)] ? to + strlen(here) : "/";
        if (to[0] == '/' && to[1] != '/')
            return to;
        if (to[0] == '\0' || strstr(to, "//"))
            return NULL;
        /* beside the path that was asked for */
        return arena_printf(a, "%.*s%s", (int)(strrchr(path, '/') - path + 1), path, to);
    }
    return NULL;
}

static void put_headers(const Value *get, const char *host, int port, Buf *out)
{
    bool has_host = false, has_agent = false, has_accept = false;
    const Value *h;

    value_each_item(value_get(get, "httpHeaders"), i, h)
    {
        const char *name = value_get_str(h, "name"), *value = value_get_str(h, "value");

        if (!name || !name[0] || !value || strpbrk(name, "\r\n: ") || strpbrk(value, "\r\n"))
            continue;
        has_host |= strcasecmp(name, "Host") == 0;
        /* An empty one of these two means: none at all. */
        if (strcasecmp(name, "User-Agent") == 0)
            has_agent = true;
        else if (strcasecmp(name, "Accept") == 0)
            has_accept = true;
        if (value[0] || (strcasecmp(name, "User-Agent") != 0 && strcasecmp(name, "Accept") != 0))
            buf_addf(out, "%s: %s\r\n", name, value);
    }
    if (!has_host)
        buf_addf(out, "Host: %s:%d\r\n", host, port);
    if (!has_agent)
        buf_adds(out, "User-Agent: kube-probe/1.36\r\n");
    if (!has_accept)
        buf_adds(out, "Accept: */*\r\n");
    buf_adds(out, "Connection: close\r\n\r\n");
}

/* One request; the status of the answer, its head in *head. -1 with the detail of the failure. */
static int ask(const Value *get, const char *host, int port, const char *path, int64_t deadline,
               Buf *head, char *detail, size_t cap)
{
    Link l = {.deadline_us = deadline};
    bool is_tls = str_eq(value_get_str(get, "scheme"), "HTTPS");
    AUTO_BUF request = BUF_INIT;
    int status;

    detail[0] = '\0';
    buf_addf(&request, "GET %s HTTP/1.1\r\n", path);
    put_headers(get, host, port, &request);
    l.fd = probe__connect(host, port, deadline, detail, cap);
    if (l.fd < 0)
        return -1;
    if ((!is_tls || tls_open(&l)) && link_send(&l, buf_slice(&request)))
        link_read_head(&l, head);
    link_close(&l);
    status = probe_http_status(buf_slice(head));
    if (status < 0 && clock_mono_us() >= deadline)
        snprintf(detail, cap,
                 "context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
    else if (status < 0)
        snprintf(detail, cap, "%s",
                 head->len > 0 ? "net/http: HTTP/1.x transport connection broken: malformed HTTP "
                                 "response"
                 : is_tls      ? "remote error: tls: handshake failure"
                               : "EOF");
    return status;
}

bool probe__http(const ProbeTarget *t, const Value *get, char *why, size_t cap)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *host = value_get_str(get, "host"), *path = value_get_str(get, "path"), *here;
    int port = probe_port(t->container, value_get(get, "port")), status = -1;
    int64_t deadline = clock_mono_us() + t->timeout_ms * 1000;
    char detail[300];

    host = host && host[0] ? host : t->pod_ip;
    path = path && path[0] ? path : "/";
    if (path[0] != '/')
        path = arena_printf(a, "/%s", path);
    if (!probe__host_allowed(t, host, why, cap))
        return false;
    here =
        arena_printf(a, "%s://%s:%d",
                     str_eq(value_get_str(get, "scheme"), "HTTPS") ? "https" : "http", host, port);
    for (int i = 0; path && i <= REDIRECTS_MAX; i++) {
        AUTO_BUF head = BUF_INIT;

        if (strpbrk(path, " \r\n")) {
            snprintf(why, cap, "parse \"%s\": invalid path", path);
            return false;
        }
        status = ask(get, host, port, path, deadline, &head, detail, sizeof(detail));
        if (status < 0) {
            snprintf(why, cap, "Get \"%s%s\": %s", here, path, detail);
            return false;
        }
        /* one that leads elsewhere is not followed and counts as a success */
        path = status >= 300 && status < 400 ? probe_http_redirect(a, buf_slice(&head), here, path)
                                             : NULL;
    }
    if (status >= 200 && status < 400)
        return true;
    snprintf(why, cap, "HTTP probe failed with statuscode: %d", status);
    return false;
}
