#include "client/grpc.h"

#include "base/clock.h"
#include "base/mem.h"

#include <errno.h>
#include <malloc.h>
#include <nghttp2/nghttp2.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct GrpcConn {
    int fd;
    nghttp2_session *h2;
    GrpcCall *call; /* the one in flight; borrowed */
};

static void percent_decode(const uint8_t *v, size_t n, char *out, size_t cap)
{
    size_t o = 0;

    for (size_t i = 0; i < n && o + 1 < cap; i++) {
        unsigned x;

        if (v[i] == '%' && i + 2 < n) {
            char hex[3] = {(char)v[i + 1], (char)v[i + 2], '\0'};

            if (sscanf(hex, "%2x", &x) == 1) {
                out[o++] = (char)x;
                i += 2;
                continue;
            }
        }
        out[o++] = (char)v[i];
    }
    out[o] = '\0';
}

static int number_of(const uint8_t *v, size_t n)
{
    int64_t x = -1;

    return slice_to_int64((Slice){(const char *)v, n}, &x) ? (int)x : -1;
}

static int on_header(nghttp2_session *s UNUSED, const nghttp2_frame *f UNUSED, const uint8_t *name,
                     size_t name_len, const uint8_t *v, size_t n, uint8_t flags UNUSED, void *data)
{
    GrpcCall *call = ((GrpcConn *)data)->call;
    Slice h = {(const char *)name, name_len};

    if (!call)
        return 0;
    call->was_answered = true;
    if (slice_is(h, ":status"))
        call->http_status = number_of(v, n);
    else if (slice_is(h, "grpc-status"))
        call->grpc_status = number_of(v, n);
    else if (slice_is(h, "grpc-message"))
        percent_decode(v, n, call->message, sizeof(call->message));
    return 0;
}

static int on_data(nghttp2_session *s UNUSED, uint8_t flags UNUSED, int32_t id UNUSED,
                   const uint8_t *p, size_t n, void *data)
{
    GrpcCall *call = ((GrpcConn *)data)->call;

    if (!call || call->is_too_large)
        return 0;
    if (call->on_piece) {
        call->on_piece((Slice){(const char *)p, n}, call->data);
        return 0;
    }
    if (call->answer.len + n > call->max_answer)
        call->is_too_large = true;
    else
        buf_add(&call->answer, p, n);
    return 0;
}

static int on_stream_close(nghttp2_session *s UNUSED, int32_t id UNUSED, uint32_t code UNUSED,
                           void *data)
{
    GrpcCall *call = ((GrpcConn *)data)->call;

    if (call)
        call->is_closed = true;
    return 0;
}

static ssize_t read_request(nghttp2_session *s UNUSED, int32_t id UNUSED, uint8_t *out, size_t cap,
                            uint32_t *flags, nghttp2_data_source *src, void *data UNUSED)
{
    GrpcCall *call = src->ptr;
    size_t n = MIN(cap, call->request.len - call->sent);

    memcpy(out, call->request.ptr + call->sent, n);
    call->sent += n;
    if (call->sent == call->request.len)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)n;
}

/* Requests and answers may be keys (keys/kms.c): what the session lets go of is wiped. */
static void wiping_free(void *p, void *data UNUSED)
{
    if (p)
        explicit_bzero(p, malloc_usable_size(p));
    free(p);
}

static void *plain_malloc(size_t n, void *data UNUSED)
{
    return malloc(n);
}

static void *plain_calloc(size_t n, size_t size, void *data UNUSED)
{
    return calloc(n, size);
}

static void *wiping_realloc(void *p, size_t n, void *data)
{
    void *q = malloc(n);

    if (q && p)
        memcpy(q, p, MIN(n, malloc_usable_size(p)));
    if (q)
        wiping_free(p, data);
    return q;
}

void grpc_conn_free(GrpcConn *c)
{
    if (!c)
        return;
    nghttp2_session_del(c->h2);
    if (c->fd >= 0)
        close(c->fd);
    free(c);
}

GrpcConn *grpc_conn_new(int fd)
{
    GrpcConn *c = xcalloc(1, sizeof(*c));
    nghttp2_session_callbacks *cb;
    nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
                                         {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 4 << 20}};

    static nghttp2_mem mem = {NULL, plain_malloc, wiping_free, plain_calloc, wiping_realloc};

    c->fd = fd;
    BUG_ON(nghttp2_session_callbacks_new(&cb) != 0);
    nghttp2_session_callbacks_set_on_header_callback(cb, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(cb, on_stream_close);
    BUG_ON(nghttp2_session_client_new3(&c->h2, cb, c, NULL, &mem) != 0);
    nghttp2_session_callbacks_del(cb);
    nghttp2_submit_settings(c->h2, NGHTTP2_FLAG_NONE, settings, ARRAY_LEN(settings));
    nghttp2_session_set_local_window_size(c->h2, NGHTTP2_FLAG_NONE, 0, 16 << 20);
    return c;
}

int grpc_conn_unix(const char *path, GrpcConn **ret, Err *err)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd, r;

    if (str_starts(path, "unix://"))
        path += strlen("unix://");
    if (strlen(path) >= sizeof(addr.sun_path))
        return err_set(err, ERR_INVALID, "the socket's path is too long: %s", path);
    memcpy(addr.sun_path, path, strlen(path) + 1);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return err_set(err, ERR_INTERNAL, "socket: %s", strerror(errno));
    if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
        r = err_set(err, ERR_UNAVAILABLE, "connecting to %s: %s", path, strerror(errno));
        close(fd);
        return r;
    }
    *ret = grpc_conn_new(fd);
    return 0;
}

/* A stream: either socket is readable. 1: it is the connection, 0: the call is to end. */
static int wait_for_piece(int fd, int stop_fd)
{
    struct pollfd p[] = {{.fd = fd, .events = POLLIN}, {.fd = stop_fd, .events = POLLIN}};

    while (poll(p, ARRAY_LEN(p), -1) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return p[1].revents ? 0 : 1;
}

/* Waits until the socket is ready for `events`; 0 at the deadline, -1 on failure. */
static int wait_for(int fd, short events, int64_t deadline_us)
{
    struct pollfd p = {.fd = fd, .events = events};
    int64_t left_ms = (deadline_us - clock_mono_us()) / 1000;
    int r;

    if (left_ms <= 0)
        return 0;
    r = poll(&p, 1, (int)MIN(left_ms, 3600000));
    return r < 0 && errno == EINTR ? 1 : r;
}

static int send_all(GrpcConn *c, int64_t deadline_us)
{
    const uint8_t *p;
    ssize_t n;

    while ((n = nghttp2_session_mem_send(c->h2, &p)) > 0) {
        for (ssize_t done = 0; done < n;) {
            ssize_t w = send(c->fd, p + done, (size_t)(n - done), MSG_NOSIGNAL);

            if (w >= 0) {
                done += w;
            } else if (errno == EAGAIN) {
                if (wait_for(c->fd, POLLOUT, deadline_us) <= 0)
                    return -1;
            } else if (errno != EINTR) {
                return -1;
            }
        }
    }
    return n < 0 ? -1 : 0;
}

/* Runs the connection until the call's stream is closed. 0 done, 1 deadline, -1 broken. */
static int pump(GrpcConn *c, GrpcCall *call, uint8_t *in, size_t cap, int64_t deadline_us)
{

    for (;;) {
        if (send_all(c, deadline_us) < 0)
            return -1;
        if (call->is_closed)
            return 0;
        int r = call->on_piece ? wait_for_piece(c->fd, call->stop_fd)
                               : wait_for(c->fd, POLLIN, deadline_us);
        if (r <= 0)
            return r == 0 ? 1 : -1;
        ssize_t n = recv(c->fd, in, cap, 0);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n <= 0 || nghttp2_session_mem_recv(c->h2, in, (size_t)n) < 0)
            return -1;
    }
}

#define NV(n, v)                                                                                   \
    {                                                                                              \
        (uint8_t *)(uintptr_t)(n), (uint8_t *)(uintptr_t)(v), strlen(n), strlen(v),                \
            NGHTTP2_NV_FLAG_NONE                                                                   \
    }

int grpc_conn_call(GrpcConn *c, GrpcCall *call, int64_t timeout_ms)
{
    char timeout[32];
    uint8_t in[16384];
    nghttp2_data_provider body = {.source.ptr = call, .read_callback = read_request};
    int r;

    snprintf(timeout, sizeof(timeout), "%lldm", (long long)timeout_ms);
    nghttp2_nv headers[] = {NV(":method", "POST"),
                            NV(":scheme", "http"),
                            NV(":path", call->path),
                            NV(":authority", call->authority),
                            NV("content-type", "application/grpc"),
                            NV("te", "trailers"),
                            NV("user-agent", call->user_agent),
                            NV("grpc-timeout", timeout)};
    size_t n = ARRAY_LEN(headers) - (call->on_piece != NULL); /* a stream has no end */

    call->grpc_status = -1;
    c->call = call;
    if (nghttp2_submit_request(c->h2, NULL, headers, n, &body, NULL) < 0)
        r = -1;
    else
        r = pump(c, call, in, sizeof(in), clock_mono_us() + timeout_ms * 1000);
    explicit_bzero(in, sizeof(in));
    c->call = NULL;
    return r;
}

void grpc_call_done(GrpcCall *c)
{
    buf_wipe(&c->answer);
}

ErrCode grpc_code(int grpc_status)
{
    static const ErrCode codes[] = {
        [1] = ERR_UNAVAILABLE,   [2] = ERR_INTERNAL,     [3] = ERR_INVALID,
        [4] = ERR_TIMEOUT,       [5] = ERR_NOT_FOUND,    [6] = ERR_ALREADY_EXISTS,
        [7] = ERR_FORBIDDEN,     [8] = ERR_TOO_LARGE,    [9] = ERR_CONFLICT,
        [10] = ERR_CONFLICT,     [11] = ERR_INVALID,     [12] = ERR_METHOD_NOT_ALLOWED,
        [13] = ERR_INTERNAL,     [14] = ERR_UNAVAILABLE, [15] = ERR_INTERNAL,
        [16] = ERR_UNAUTHORIZED,
    };

    if (grpc_status < 1 || grpc_status >= (int)ARRAY_LEN(codes))
        return ERR_INTERNAL;
    return codes[grpc_status];
}

/* ---- framing ---- */

void grpc_frame_open(Buf *b)
{
    buf_add(b, "\0\0\0\0\0", 5);
}

void grpc_frame_close(Buf *b)
{
    size_t n = b->len - 5;

    for (int i = 0; i < 4; i++)
        b->ptr[1 + i] = (char)(n >> (24 - 8 * i));
}

bool grpc_cut(Slice *stream, Slice *ret, bool *ret_bad)
{
    const uint8_t *p = (const uint8_t *)stream->ptr;
    size_t n;

    *ret_bad = false;
    if (stream->len < 5)
        return false;
    n = (size_t)p[1] << 24 | (size_t)p[2] << 16 | (size_t)p[3] << 8 | p[4];
    *ret_bad = p[0] != 0; /* compressed, which was not asked for */
    if (*ret_bad || stream->len - 5 < n)
        return false;
    *ret = (Slice){stream->ptr + 5, n};
    *stream = (Slice){stream->ptr + 5 + n, stream->len - 5 - n};
    return true;
}

bool grpc_message(const GrpcCall *call, Slice *ret)
{
    Slice all = buf_slice(&call->answer);
    bool bad;

    return grpc_cut(&all, ret, &bad) && all.len == 0;
}
