#include "bench/conn.h"

#include "base/mem.h"
#include "bench/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_BUFFER = 32 * 1024 };

struct Conn {
    const Target *target;
    int fd;
    SSL *ssl;
    const char *patch_type;
    Buf out; /* a request; kept for the next */
    Buf in;  /* what was read of the answer */
};

/* Each certificate has its own, and those without one have one together. */
static struct {
    const char *cert;
    SSL_CTX *ctx;
} contexts[4];

NORETURN static void die(const char *fmt, ...) PRINTF(1, 2);
static void die(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(1);
}

void bench_fail(const char *what, int status, Slice body)
{
    die("%s: status %d: %.*s", what, status, (int)MIN(body.len, 300), body.ptr);
}

void target_parse(Target *t, const char *url)
{
    const char *rest = strstr(url, "://"), *slash, *colon;

    if (!rest)
        die("%s is not a URL", url);
    t->is_tls = str_starts(url, "https");
    rest += 3;
    slash = strchr(rest, '/');
    if (!slash)
        slash = rest + strlen(rest);
    colon = memchr(rest, ':', (size_t)(slash - rest));
    t->host = xstrndup(rest, (size_t)((colon ? colon : slash) - rest));
    t->port = colon ? xstrndup(colon + 1, (size_t)(slash - colon - 1)) : t->is_tls ? "443" : "80";
    t->prefix = xstrdup(slash);
    if (str_ends(t->prefix, "/"))
        ((char *)t->prefix)[strlen(t->prefix) - 1] = '\0';
}

static bool flag_set(const BenchFlag *flags, const char *name, const char *value)
{
    while (flags->name && strcmp(flags->name, name) != 0)
        flags++;
    if (flags->str)
        *flags->str = value;
    return flags->name &&
           (flags->str || (slice_to_int64(slice_of(value), flags->num) && *flags->num > 0));
}

bool target_flags(Target *t, const BenchFlag *flags, int argc, char **argv, int first)
{
    const BenchFlag own[] = {{"--token", &t->token, NULL},
                             {"--cert", &t->cert, NULL},
                             {"--key", &t->key, NULL},
                             {NULL, NULL, NULL}};

    for (int i = first; i < argc; i += 2) {
        if (i + 1 >= argc)
            return false;
        if (strcmp(argv[i], "--server") == 0)
            target_parse(t, argv[i + 1]);
        else if (!flag_set(own, argv[i], argv[i + 1]) && !flag_set(flags, argv[i], argv[i + 1]))
            return false;
    }
    return t->host != NULL;
}

static SSL_CTX *make_context(const Target *t)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_mode(ctx, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_read_ahead(ctx, 1); /* a record in one call, not its head and then its text */
    SSL_CTX_set_default_read_buffer_len(ctx, (size_t)READ_BUFFER); /* or several */
    if (t->cert &&
        (SSL_CTX_use_certificate_chain_file(ctx, t->cert) != 1 ||
         SSL_CTX_use_PrivateKey_file(ctx, t->key ? t->key : t->cert, SSL_FILETYPE_PEM) != 1))
        die("cannot read certificate %s and its key", t->cert);
    return ctx;
}

static SSL_CTX *context_of(const Target *t)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards contexts */
    size_t i = 0;

    pthread_mutex_lock(&lock);
    while (i < ARRAY_LEN(contexts) && contexts[i].ctx && contexts[i].cert != t->cert)
        i++;
    BUG_ON(i == ARRAY_LEN(contexts));
    if (!contexts[i].ctx) {
        contexts[i].cert = t->cert;
        contexts[i].ctx = make_context(t);
    }
    pthread_mutex_unlock(&lock);
    return contexts[i].ctx;
}

static int connect_to(const Target *t)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list;
    int fd = -1, one = 1;

    if (getaddrinfo(t->host, t->port, &hints, &list) != 0)
        die("no address of %s:%s", t->host, t->port);
    for (struct addrinfo *ai = list; ai && fd < 0; ai = ai->ai_next) {
        fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, ai->ai_addr, ai->ai_addrlen) < 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(list);
    if (fd < 0)
        die("cannot connect to %s:%s", t->host, t->port);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return fd;
}

static void use_pem(SSL *ssl, const char *cert_pem, const char *key_pem)
{
    BIO *cert_in = BIO_new_mem_buf(cert_pem, -1), *key_in = BIO_new_mem_buf(key_pem, -1);
    X509 *cert = PEM_read_bio_X509(cert_in, NULL, NULL, NULL);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(key_in, NULL, NULL, NULL);

    if (!cert || !key || SSL_use_certificate(ssl, cert) != 1 || SSL_use_PrivateKey(ssl, key) != 1)
        die("cannot use a client certificate");
    X509_free(cert);
    EVP_PKEY_free(key);
    BIO_free(cert_in);
    BIO_free(key_in);
}

Conn *conn_open_as(const Target *t, const char *cert_pem, const char *key_pem)
{
    Conn *c = xcalloc(1, sizeof(*c));

    c->target = t;
    c->patch_type = "application/strategic-merge-patch+json";
    c->fd = connect_to(t);
    if (!t->is_tls)
        return c;
    c->ssl = SSL_new(context_of(t));
    if (cert_pem)
        use_pem(c->ssl, cert_pem, key_pem);
    SSL_set_fd(c->ssl, c->fd);
    SSL_set_tlsext_host_name(c->ssl, "localhost");
    if (SSL_connect(c->ssl) != 1)
        die("TLS with %s:%s failed: %s", t->host, t->port, ERR_error_string(ERR_get_error(), NULL));
    return c;
}

Conn *conn_open(const Target *t)
{
    return conn_open_as(t, NULL, NULL);
}

void conn_use(Conn *c, const Target *t)
{
    c->target = t;
}

void conn_close(Conn *c)
{
    if (!c)
        return;
    SSL_free(c->ssl);
    close(c->fd);
    buf_done(&c->in);
    buf_done(&c->out);
    free(c);
}

static void write_all(Conn *c, const char *p, size_t n)
{
    while (n > 0) {
        int k = c->ssl ? SSL_write(c->ssl, p, (int)MIN(n, 1u << 20)) : (int)write(c->fd, p, n);

        if (k <= 0 && (c->ssl ? SSL_get_error(c->ssl, k) == SSL_ERROR_WANT_WRITE
                              : errno == EAGAIN)) { /* one that does not block */
            struct pollfd full = {c->fd, POLLOUT, 0};

            poll(&full, 1, -1);
            continue;
        }
        if (k <= 0)
            die("the connection broke while sending");
        p += k;
        n -= (size_t)k;
    }
}

int conn_read(Conn *c, char *buf, size_t n)
{
    int k = c->ssl ? SSL_read(c->ssl, buf, (int)n) : (int)read(c->fd, buf, n);

    if (k > 0)
        return k;
    if (c->ssl)
        return SSL_get_error(c->ssl, k) == SSL_ERROR_WANT_READ ? 0 : -1;
    return k < 0 ? 0 : -1;
}

bool conn_has_more(const Conn *c)
{
    return c->ssl && SSL_has_pending(c->ssl);
}

int conn_fd(const Conn *c)
{
    return c->fd;
}

void conn_set_nonblocking(Conn *c)
{
    fcntl(c->fd, F_SETFL, fcntl(c->fd, F_GETFL) | O_NONBLOCK);
}

void conn_send(Conn *c, const char *method, const char *path, Slice body)
{
    const Target *t = c->target;
    Buf *b = &c->out;

    buf_reset(b);
    buf_addf(b, "%s %s%s HTTP/1.1\r\nHost: %s:%s\r\nAccept: application/json\r\n", method,
             t->prefix, path, t->host, t->port);
    if (t->token) {
        buf_adds(b, "Authorization: Bearer ");
        buf_adds(b, t->token);
        buf_adds(b, "\r\n");
    }
    if (body.len > 0)
        buf_addf(b, "Content-Type: %s\r\nContent-Length: %zu\r\n",
                 strcmp(method, "PATCH") == 0 ? c->patch_type : "application/json", body.len);
    buf_adds(b, "\r\n");
    buf_add_slice(b, body);
    buf_reset(&c->in);
    write_all(c, b->ptr, b->len);
}

void conn_set_patch_type(Conn *c, const char *type)
{
    c->patch_type = type;
}

/* False: nothing is there now, of a connection that does not block. */
static bool read_more(Conn *c)
{
    int k;

    buf_reserve(&c->in, 65536);
    k = conn_read(c, c->in.ptr + c->in.len, 65536);
    if (k < 0)
        die("the connection broke while an answer was due");
    c->in.len += (size_t)k;
    c->in.ptr[c->in.len] = '\0';
    return k > 0;
}

/* The value of a header in the head of `n` bytes, NULL when it is not there. */
static const char *header(const char *head, size_t n, const char *name)
{
    size_t len = strlen(name);

    for (const char *p = head; p < head + n; p++) {
        if (strncasecmp(p, name, len) == 0 && p[len] == ':')
            return p + len + 1 + (p[len + 1] == ' ');
        p = memchr(p, '\n', (size_t)(head + n - p));
        if (!p)
            break;
    }
    return NULL;
}

/* Do the chunks from `at` on reach to the last? Then its end. */
static bool find_end(const Conn *c, size_t at, size_t *ret_end)
{
    for (;;) {
        const char *nl = memmem(c->in.ptr + at, c->in.len - at, "\r\n", 2);
        size_t n;

        if (!nl)
            return false;
        n = strtoul(c->in.ptr + at, NULL, 16);
        at = (size_t)(nl - c->in.ptr) + 2 + n + 2;
        if (at > c->in.len)
            return false;
        if (n == 0) {
            *ret_end = at;
            return true;
        }
    }
}

/* Chunks to one body, in place. Returns where it ends. */
static size_t join_chunks(Conn *c, size_t at, size_t end)
{
    size_t to = at;

    while (at < end) {
        char *line;
        size_t n = strtoul(c->in.ptr + at, &line, 16);

        line = strchr(line, '\n') + 1;
        memmove(c->in.ptr + to, line, n);
        to += n;
        at = (size_t)(line - c->in.ptr) + n + 2;
    }
    return to;
}

/* Is the whole answer there? */
static bool take_answer(Conn *c, int *ret_status, Slice *ret_body)
{
    const char *end = memmem(c->in.ptr, c->in.len, "\r\n\r\n", 4), *value;
    size_t head, n;

    if (!end)
        return false;
    head = (size_t)(end - c->in.ptr) + 4;
    if ((value = header(c->in.ptr, head, "Content-Length"))) {
        n = head + strtoul(value, NULL, 10);
        if (c->in.len < n)
            return false;
    } else {
        if (!find_end(c, head, &n))
            return false;
        n = join_chunks(c, head, n); /* nothing follows on this connection */
    }
    *ret_status = (int)strtol(c->in.ptr + 9, NULL, 10);
    if (ret_body)
        *ret_body = (Slice){c->in.ptr + head, n - head};
    return true;
}

bool conn_answer(Conn *c, int *ret_status, Slice *ret_body)
{
    while (c->in.len == 0 || !take_answer(c, ret_status, ret_body))
        if (!read_more(c))
            return false;
    return true;
}

int conn_request(Conn *c, const char *method, const char *path, Slice body, Slice *ret_body)
{
    int status = 0;

    conn_send(c, method, path, body);
    if (!conn_answer(c, &status, ret_body))
        die("no answer on a connection that blocks");
    return status;
}

void conn_must(Conn *c, const char *method, const char *path, const char *body)
{
    Slice answer;
    int status = conn_request(c, method, path, slice_of(body), &answer);

    if (status >= 300 && status != 409)
        bench_fail(path, status, answer);
}

/* ---- watches ---- */

void conn_watch(Conn *c, const char *path, void (*on_line)(Slice line, void *data), void *data,
                const volatile bool *is_over)
{
    StreamReader reader = {.has_head = false};
    int r = 0;

    conn_send(c, "GET", path, SLICE(""));
    conn_set_nonblocking(c);
    while (!*is_over && (r = stream_read(&reader, c, on_line, data)) >= 0) {
        struct pollfd p = {conn_fd(c), POLLIN, 0};

        if (r == 0)
            poll(&p, 1, 100);
    }
    if (r < 0)
        die("the watch has ended");
    stream_done(&reader);
}
