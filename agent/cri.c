#include "agent/cri.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <nghttp2/nghttp2.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    CRI_MAX_IDLE = 8,
    CRI_MAX_ANSWER = 32 << 20,
    CRI_DEFAULT_TIMEOUT_MS = 120000,
};

typedef struct Conn {
    int fd;
    nghttp2_session *h2;
    struct Call *call; /* the one in flight; borrowed */
    bool was_used;     /* has carried a complete call before */
} Conn;

typedef struct Call {
    Slice request;
    size_t sent;
    Buf answer;
    int http_status, grpc_status;
    uint32_t reset_code;
    bool is_closed, is_too_large, was_answered;
    char message[600];
} Call;

struct Cri {
    char *path;
    pthread_mutex_t lock; /* guards idle and n_idle */
    Conn *idle[CRI_MAX_IDLE];
    int n_idle;
};

/* ---- the HTTP/2 side ---- */

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
    Call *call = ((Conn *)data)->call;
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
    Call *call = ((Conn *)data)->call;

    if (!call || call->is_too_large)
        return 0;
    if (call->answer.len + n > CRI_MAX_ANSWER)
        call->is_too_large = true;
    else
        buf_add(&call->answer, p, n);
    return 0;
}

static int on_stream_close(nghttp2_session *s UNUSED, int32_t id UNUSED, uint32_t code, void *data)
{
    Call *call = ((Conn *)data)->call;

    if (call) {
        call->is_closed = true;
        call->reset_code = code;
    }
    return 0;
}

static ssize_t read_request(nghttp2_session *s UNUSED, int32_t id UNUSED, uint8_t *out, size_t cap,
                            uint32_t *flags, nghttp2_data_source *src, void *data UNUSED)
{
    Call *call = src->ptr;
    size_t n = MIN(cap, call->request.len - call->sent);

    memcpy(out, call->request.ptr + call->sent, n);
    call->sent += n;
    if (call->sent == call->request.len)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)n;
}

static void conn_free(Conn *c)
{
    if (!c)
        return;
    nghttp2_session_del(c->h2);
    if (c->fd >= 0)
        close(c->fd);
    free(c);
}
DEFINE_CLEANUP(Conn, conn_free);

static int conn_open(const char *path, Conn **ret, Err *err)
{
    CLEANUP(conn_free) Conn *c = xcalloc(1, sizeof(*c));
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    nghttp2_session_callbacks *cb;
    nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
                                         {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 4 << 20}};

    c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (c->fd < 0)
        return err_set(err, ERR_INTERNAL, "socket: %s", strerror(errno));
    if (strlen(path) >= sizeof(addr.sun_path))
        return err_set(err, ERR_INVALID, "the socket's path is too long: %s", path);
    memcpy(addr.sun_path, path, strlen(path) + 1);
    if (connect(c->fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
        return err_set(err, ERR_UNAVAILABLE, "connecting to %s: %s", path, strerror(errno));

    BUG_ON(nghttp2_session_callbacks_new(&cb) != 0);
    nghttp2_session_callbacks_set_on_header_callback(cb, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(cb, on_stream_close);
    BUG_ON(nghttp2_session_client_new(&c->h2, cb, c) != 0);
    nghttp2_session_callbacks_del(cb);
    nghttp2_submit_settings(c->h2, NGHTTP2_FLAG_NONE, settings, ARRAY_LEN(settings));
    nghttp2_session_set_local_window_size(c->h2, NGHTTP2_FLAG_NONE, 0, 16 << 20);
    *ret = TAKE(c);
    return 0;
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

static int send_all(Conn *c, int64_t deadline_us)
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
static int pump(Conn *c, Call *call, int64_t deadline_us)
{
    uint8_t in[16384];

    for (;;) {
        if (send_all(c, deadline_us) < 0)
            return -1;
        if (call->is_closed)
            return 0;
        int r = wait_for(c->fd, POLLIN, deadline_us);
        if (r <= 0)
            return r == 0 ? 1 : -1;
        ssize_t n = recv(c->fd, in, sizeof(in), 0);
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

static int conn_call(Conn *c, const char *path, Call *call, int64_t timeout_ms)
{
    char timeout[32];
    nghttp2_data_provider body = {.source.ptr = call, .read_callback = read_request};
    int r;

    snprintf(timeout, sizeof(timeout), "%lldm", (long long)timeout_ms);
    nghttp2_nv headers[] = {NV(":method", "POST"),
                            NV(":scheme", "http"),
                            NV(":path", path),
                            NV(":authority", "localhost"),
                            NV("content-type", "application/grpc"),
                            NV("te", "trailers"),
                            NV("grpc-timeout", timeout),
                            NV("user-agent", "hostplane-agent")};
    c->call = call;
    if (nghttp2_submit_request(c->h2, NULL, headers, ARRAY_LEN(headers), &body, NULL) < 0)
        r = -1;
    else
        r = pump(c, call, clock_mono_us() + timeout_ms * 1000);
    c->call = NULL;
    return r;
}

/* ---- the pool ---- */

Cri *cri_new(const char *endpoint)
{
    Cri *c = xcalloc(1, sizeof(*c));

    if (str_starts(endpoint, "unix://"))
        endpoint += strlen("unix://");
    c->path = xstrdup(endpoint);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void cri_free(Cri *c)
{
    if (!c)
        return;
    for (int i = 0; i < c->n_idle; i++)
        conn_free(c->idle[i]);
    pthread_mutex_destroy(&c->lock);
    free(c->path);
    free(c);
}

static Conn *take_idle(Cri *c)
{
    Conn *conn = NULL;

    pthread_mutex_lock(&c->lock);
    if (c->n_idle > 0)
        conn = c->idle[--c->n_idle];
    pthread_mutex_unlock(&c->lock);
    return conn;
}

static void put_idle(Cri *c, Conn *conn)
{
    conn->was_used = true;
    pthread_mutex_lock(&c->lock);
    if (c->n_idle < CRI_MAX_IDLE) {
        c->idle[c->n_idle++] = conn;
        conn = NULL;
    }
    pthread_mutex_unlock(&c->lock);
    conn_free(conn);
}

/* gRPC status numbers to what the caller can do about them. */
static ErrCode code_of(int grpc_status)
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

static int read_answer(Arena *a, const CriMethodInfo *info, const Call *call, Value **ret, Err *err)
{
    const uint8_t *p = (const uint8_t *)call->answer.ptr;
    size_t n;

    if (call->is_too_large)
        return err_set(err, ERR_TOO_LARGE, "the runtime's answer is too large");
    if (call->grpc_status != 0 && call->message[0])
        return err_set(err, code_of(call->grpc_status), "%s", call->message);
    if (call->http_status != 200 || call->grpc_status != 0)
        return err_set(err, code_of(call->grpc_status), "%s failed: HTTP status %d, gRPC status %d",
                       info->path, call->http_status, call->grpc_status);
    if (call->answer.len < 5 || p[0] != 0)
        return err_set(err, ERR_INTERNAL, "%s: not a gRPC message", info->path);
    n = (size_t)p[1] << 24 | (size_t)p[2] << 16 | (size_t)p[3] << 8 | p[4];
    if (n + 5 != call->answer.len)
        return err_set(err, ERR_INTERNAL, "%s: truncated gRPC message", info->path);
    if (!ret)
        return 0;
    return pb_decode(a, info->response, (Slice){call->answer.ptr + 5, n}, ret, err);
}

static void frame_request(const CriMethodInfo *info, const Value *request, Buf *out)
{
    size_t n;

    buf_add(out, "\0\0\0\0\0", 5);
    pb_encode(info->request, request, out);
    n = out->len - 5;
    for (int i = 0; i < 4; i++)
        out->ptr[1 + i] = (char)(n >> (24 - 8 * i));
}

int cri_call(Cri *c, Arena *a, CriMethod m, const Value *request, int64_t timeout_ms, Value **ret,
             Err *err)
{
    const CriMethodInfo *info = &cri_methods[m];
    AUTO_BUF framed = BUF_INIT;
    int r;

    if (timeout_ms <= 0)
        timeout_ms = CRI_DEFAULT_TIMEOUT_MS;
    frame_request(info, request, &framed);
    for (;;) {
        CLEANUP(conn_free) Conn *conn = take_idle(c);
        Call call = {.request = buf_slice(&framed), .grpc_status = -1};
        bool was_used;

        if (!conn) {
            r = conn_open(c->path, &conn, err);
            if (r < 0)
                return r;
        }
        was_used = conn->was_used;
        r = conn_call(conn, info->path, &call, timeout_ms);
        if (r == 0) {
            r = read_answer(a, info, &call, ret, err);
            put_idle(c, TAKE(conn));
        } else if (r < 0 && was_used && !call.was_answered) {
            buf_done(&call.answer);
            continue; /* an idle connection that the runtime had closed: once more on a new one */
        } else {
            r = r > 0 ? err_set(err, ERR_TIMEOUT, "%s: no answer within %lld ms", info->path,
                                (long long)timeout_ms)
                      : err_set(err, ERR_UNAVAILABLE, "%s: connection to the runtime lost",
                                info->path);
        }
        buf_done(&call.answer);
        return r;
    }
}
