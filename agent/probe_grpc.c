#include "agent/probe_try.h"
#include "base/clock.h"
#include "base/err.h"
#include "client/grpc.h"
#include "client/pb.h"

/*
 * grpc.health.v1.Health/Check: a service's name goes out, its state comes back.
 */

enum { SERVING = 1, UNIMPLEMENTED = 12, ANSWER_MAX = 4096 };

static const PbField request_fields[] = {{1, PB_STRING, false, "service", NULL}};
static const PbMessage request_message = {request_fields, ARRAY_LEN(request_fields)};
static const PbField response_fields[] = {{1, PB_INT, false, "status", NULL}};
static const PbMessage response_message = {response_fields, ARRAY_LEN(response_fields)};

static bool judge(Arena *a, const GrpcCall *call, char *why, size_t cap)
{
    static const char *const states[] = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};
    Slice bytes;
    Value *answer;
    int64_t state;

    if (call->grpc_status == UNIMPLEMENTED) {
        snprintf(why, cap,
                 "error: this server does not implement the grpc health protocol "
                 "(grpc.health.v1.Health): %s",
                 call->message);
        return false;
    }
    if (call->grpc_status != 0 || !grpc_message(call, &bytes) ||
        pb_decode(a, &response_message, bytes, &answer, NULL) < 0) {
        snprintf(why, cap, "error: health rpc probe failed: %s", call->message);
        return false;
    }
    state = value_at_int(answer, "status", 0);
    if (state == SERVING)
        return true;
    snprintf(why, cap, "service unhealthy (responded with \"%s\")",
             state >= 0 && state < (int64_t)ARRAY_LEN(states) ? states[state] : "UNKNOWN");
    return false;
}

bool probe__grpc(const ProbeTarget *t, const Value *grpc, char *why, size_t cap)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(grpc_conn_free) GrpcConn *conn = NULL;
    AUTO_BUF framed = BUF_INIT;
    Value *request = value_object(a);
    int64_t deadline = clock_mono_us() + t->timeout_ms * 1000;
    const char *service = value_get_str(grpc, "service");
    const char *address = arena_printf(a, "%s:%d", t->pod_ip, (int)value_at_int(grpc, "port", 0));
    GrpcCall call = {.path = "/grpc.health.v1.Health/Check",
                     .authority = address,
                     .user_agent = "kube-probe/1.36",
                     .max_answer = ANSWER_MAX};
    int fd = probe__connect(t->pod_ip, (int)value_at_int(grpc, "port", 0), deadline, why, cap), r;
    bool ok;

    if (fd < 0) {
        snprintf(
            why, cap,
            "timeout: failed to connect service \"%s\" within %llds: context deadline exceeded",
            address, (long long)t->timeout_ms / 1000);
        return false;
    }
    conn = grpc_conn_new(fd);
    value_set_str(a, request, "service", service ? service : "");
    grpc_frame_open(&framed);
    pb_encode(&request_message, request, &framed);
    grpc_frame_close(&framed);
    call.request = buf_slice(&framed);
    r = grpc_conn_call(conn, &call, MAX(1, (deadline - clock_mono_us()) / 1000));
    if (r == 0) {
        ok = judge(a, &call, why, cap);
    } else {
        if (r > 0)
            snprintf(why, cap, "timeout: health rpc did not complete within %llds",
                     (long long)t->timeout_ms / 1000);
        else
            snprintf(why, cap, "error: health rpc probe failed: connection to \"%s\" lost",
                     address);
        ok = false;
    }
    grpc_call_done(&call);
    return ok;
}
