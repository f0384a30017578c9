#include "agent/cri.h"

#include "base/err.h"
#include "base/mem.h"
#include "client/grpc.h"

#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    CRI_MAX_IDLE = 8,
    CRI_MAX_ANSWER = 32 << 20,
    CRI_MAX_OUTPUT = 1 << 20, /* of a command that a tenant has chosen; many may run at once */
    CRI_DEFAULT_TIMEOUT_MS = 120000,
    EVENT_MAX = 1 << 20,
};

struct Cri {
    char *path;
    pthread_mutex_t lock; /* guards idle and n_idle */
    GrpcConn *idle[CRI_MAX_IDLE];
    int n_idle;
};

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
        grpc_conn_free(c->idle[i]);
    pthread_mutex_destroy(&c->lock);
    free(c->path);
    free(c);
}

static GrpcConn *take_idle(Cri *c)
{
    GrpcConn *conn = NULL;

    pthread_mutex_lock(&c->lock);
    if (c->n_idle > 0)
        conn = c->idle[--c->n_idle];
    pthread_mutex_unlock(&c->lock);
    return conn;
}

static void put_idle(Cri *c, GrpcConn *conn)
{
    pthread_mutex_lock(&c->lock);
    if (c->n_idle < CRI_MAX_IDLE) {
        c->idle[c->n_idle++] = conn;
        conn = NULL;
    }
    pthread_mutex_unlock(&c->lock);
    grpc_conn_free(conn);
}

static int read_answer(Arena *a, const CriMethodInfo *info, const GrpcCall *call, Value **ret,
                       Err *err)
{
    Slice message;

    if (call->is_too_large)
        return err_set(err, ERR_TOO_LARGE, "the runtime's answer is too large");
    if (call->grpc_status != 0 && call->message[0])
        return err_set(err, grpc_code(call->grpc_status), "%s", call->message);
    if (call->http_status != 200 || call->grpc_status != 0)
        return err_set(err, grpc_code(call->grpc_status),
                       "%s failed: HTTP status %d, gRPC status %d", info->path, call->http_status,
                       call->grpc_status);
    if (!grpc_message(call, &message))
        return err_set(err, ERR_INTERNAL, "%s: not a gRPC message", info->path);
    return ret ? pb_decode(a, info->response, message, ret, err) : 0;
}

int cri_call(Cri *c, Arena *a, CriMethod m, const Value *request, int64_t timeout_ms, Value **ret,
             Err *err)
{
    const CriMethodInfo *info = &cri_methods[m];
    AUTO_BUF framed = BUF_INIT;
    int r;

    if (timeout_ms <= 0)
        timeout_ms = CRI_DEFAULT_TIMEOUT_MS;
    grpc_frame_open(&framed);
    pb_encode(info->request, request, &framed);
    grpc_frame_close(&framed);
    for (;;) {
        CLEANUP(grpc_conn_free) GrpcConn *conn = take_idle(c);
        GrpcCall call = {.path = info->path,
                         .authority = "localhost",
                         .user_agent = "hostplane-agent",
                         .request = buf_slice(&framed),
                         .max_answer = m == CRI_EXEC_SYNC ? CRI_MAX_OUTPUT : CRI_MAX_ANSWER};
        bool was_used = conn != NULL;

        if (!conn) {
            r = grpc_conn_unix(c->path, &conn, err);
            if (r < 0)
                return r;
        }
        r = grpc_conn_call(conn, &call, timeout_ms);
        if (r == 0) {
            r = read_answer(a, info, &call, ret, err);
            put_idle(c, TAKE(conn));
        } else if (r < 0 && was_used && !call.was_answered) {
            grpc_call_done(&call);
            continue; /* an idle connection that the runtime had closed: once more on a new one */
        } else {
            r = r > 0 ? err_set(err, ERR_TIMEOUT, "%s: no answer within %lld ms", info->path,
                                (long long)timeout_ms)
                      : err_set(err, ERR_UNAVAILABLE, "%s: connection to the runtime lost",
                                info->path);
        }
        grpc_call_done(&call);
        return r;
    }
}

/* ---- events ---- */

static const PbField any_fields[] = {{2, PB_BYTES, false, "value", NULL}};
static const PbMessage any_message = {any_fields, ARRAY_LEN(any_fields)};
static const PbField envelope_fields[] = {{3, PB_STRING, false, "topic", NULL},
                                          {4, PB_MSG, false, "event", &any_message}};
static const PbMessage envelope_message = {envelope_fields, ARRAY_LEN(envelope_fields)};
static const PbField time_fields[] = {{1, PB_INT, false, "seconds", NULL},
                                      {2, PB_INT, false, "nanos", NULL}};
static const PbMessage time_message = {time_fields, ARRAY_LEN(time_fields)};
static const PbField exit_fields[] = {{1, PB_STRING, false, "container", NULL},
                                      {2, PB_STRING, false, "id", NULL}};
static const PbMessage exit_message = {exit_fields, ARRAY_LEN(exit_fields)};
static const PbField delete_fields[] = {{1, PB_STRING, false, "container", NULL},
                                        {3, PB_UINT, false, "code", NULL},
                                        {4, PB_MSG, false, "at", &time_message},
                                        {5, PB_STRING, false, "id", NULL}};
static const PbMessage delete_message = {delete_fields, ARRAY_LEN(delete_fields)};

static void keep_id(char to[CRI_ID_MAX], const Value *v)
{
    const char *id = value_get_str(v, "container");

    snprintf(to, CRI_ID_MAX, "%s", id ? id : "");
}

/* Of a command beside the container's own there is another id. */
static bool is_of_command(const Value *v)
{
    const char *id = value_get_str(v, "id");

    return id && id[0] && !str_eq(value_get_str(v, "container"), id);
}

static bool on_exit_event(const Value *v, CriEvent *ret)
{
    if (is_of_command(v))
        return false;
    keep_id(ret->ended, v);
    return true;
}

static bool on_delete_event(const Value *v, CriEvent *ret)
{
    if (is_of_command(v))
        return false;
    keep_id(ret->ended, v);
    ret->exit_code = (int)value_at_int(v, "code", 0);
    ret->finished_us =
        value_at_int(v, "at.seconds", 0) * 1000000 + value_at_int(v, "at.nanos", 0) / 1000;
    ret->is_final = ret->finished_us > 0;
    return true;
}

static bool on_memory_event(const Value *v, CriEvent *ret)
{
    keep_id(ret->no_memory, v);
    return true;
}

static const struct {
    const char *topic;
    const PbMessage *message;
    bool (*read)(const Value *v, CriEvent *ret);
} topics[] = {
    {"/tasks/exit", &exit_message, on_exit_event},
    {"/tasks/delete", &delete_message, on_delete_event},
    {"/tasks/oom", &exit_message, on_memory_event},
};

bool cri_event_matters(Slice envelope, CriEvent *ret)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *topic;
    const Value *bytes;
    Value *v, *x;

    *ret = (CriEvent){.ended = ""};
    if (pb_decode(a, &envelope_message, envelope, &v, NULL) < 0)
        return true;
    topic = value_get_str(v, "topic");
    if (!topic || !str_starts(topic, "/tasks/") || str_starts(topic, "/tasks/exec-"))
        return false;
    bytes = value_at(v, "event.value");
    for (size_t i = 0; i < ARRAY_LEN(topics); i++) {
        if (strcmp(topic, topics[i].topic) != 0)
            continue;
        if (!value_is(bytes, VALUE_STRING) ||
            pb_decode(a, topics[i].message, (Slice){bytes->str, bytes->n}, &x, NULL) < 0)
            return true;
        return topics[i].read(x, ret);
    }
    return false; /* a start: whoever started it looks by itself */
}

typedef struct Listening {
    Buf bytes;
    CriEventFn on_event;
    void *data;
} Listening;

static void on_piece(Slice piece, void *data)
{
    Listening *l = data;
    Slice rest, message;
    CriEvent event;
    bool bad = false;
    size_t done;

    buf_add_slice(&l->bytes, piece);
    rest = buf_slice(&l->bytes);
    while (grpc_cut(&rest, &message, &bad)) {
        if (cri_event_matters(message, &event))
            l->on_event(&event, l->data);
    }
    if (bad || rest.len > EVENT_MAX) {
        buf_reset(&l->bytes); /* the next one that makes sense is looked at again */
        return;
    }
    done = l->bytes.len - rest.len;
    if (done > 0)
        memmove(l->bytes.ptr, l->bytes.ptr + done, rest.len);
    buf_truncate(&l->bytes, rest.len);
}

int cri_events(Cri *c, CriEventFn on_event, void *data, int stop_fd, Err *err)
{
    CLEANUP(grpc_conn_free) GrpcConn *conn = NULL;
    Listening l = {.on_event = on_event, .data = data};
    AUTO_BUF framed = BUF_INIT;
    GrpcCall call = {.path = "/containerd.services.events.v1.Events/Subscribe",
                     .authority = "localhost",
                     .user_agent = "hostplane-agent",
                     .on_piece = on_piece,
                     .data = &l,
                     .stop_fd = stop_fd};
    int r = grpc_conn_unix(c->path, &conn, err);

    if (r < 0)
        return r;
    grpc_frame_open(&framed);
    grpc_frame_close(&framed);
    call.request = buf_slice(&framed);
    r = grpc_conn_call(conn, &call, 0);
    grpc_call_done(&call);
    buf_done(&l.bytes);
    if (r == 0 && call.grpc_status != 0)
        return err_set(err, grpc_code(call.grpc_status), "%s", call.message);
    return r < 0 ? err_set(err, ERR_UNAVAILABLE, "connection to the runtime lost") : 0;
}
