/*
 * grpc.h - one gRPC call after the other over a connected socket: HTTP/2 without TLS, blocking,
 * with a deadline.
 *
 * Owns:    a GrpcConn owns its socket.
 * Threads: one at a time for one connection.
 * Frees:   grpc_conn_free(); grpc_call_done().
 * Fails:   grpc_conn_call() tells what became of the connection, the call what the other side said.
 * Tests:   needs a server: tests/e2e/test_agent.py; tests/unit/keys/test_kms.c
 */
#ifndef CLIENT_GRPC_H
#define CLIENT_GRPC_H

#include "base/buf.h"
#include "base/err.h"

typedef struct GrpcConn GrpcConn;

/* Takes the socket, which must not block. */
GrpcConn *grpc_conn_new(int fd);
/* Connects to a unix socket; `path` with or without "unix://" in front. ERR_UNAVAILABLE when nobody
 * listens, ERR_INVALID for a path that is too long. */
int grpc_conn_unix(const char *path, GrpcConn **ret, Err *err) MUST_CHECK;
void grpc_conn_free(GrpcConn *c);
DEFINE_CLEANUP(GrpcConn, grpc_conn_free);

typedef struct GrpcCall {
    const char *path, *authority, *user_agent;
    Slice request; /* framed: grpc_frame() */
    size_t max_answer;
    /* A stream of answers: each piece as it comes, instead of the answer below; or NULL. */
    void (*on_piece)(Slice bytes, void *data);
    void *data;
    int stop_fd; /* with on_piece: becomes readable when the call is to end; -1: none */

    /* the answer */
    Buf answer;                   /* framed; grpc_message() */
    int http_status, grpc_status; /* grpc_status -1: none came */
    char message[600];
    bool is_too_large, was_answered;

    /* inside */
    size_t sent;
    bool is_closed;
} GrpcCall;
void grpc_call_done(GrpcCall *c); /* wipes the answer, which may be a key */
/* What a status number means for the caller; ERR_INTERNAL for those that say nothing. */
ErrCode grpc_code(int grpc_status);

/* 0: there is an answer, 1: not within the time, -1: the connection is broken. After anything but 0
 * the connection is of no further use. */
int grpc_conn_call(GrpcConn *c, GrpcCall *call, int64_t timeout_ms) MUST_CHECK;

/* The five bytes before a message, to be filled in when it stands behind them in `b`. */
void grpc_frame_open(Buf *b);
void grpc_frame_close(Buf *b);
/* Cuts the next whole message off the beginning of a stream's bytes; false: it is not complete, or
 * no message (*ret_bad). */
bool grpc_cut(Slice *stream, Slice *ret, bool *ret_bad);
/* The one message of an answer; false: there is none, or it is cut short. */
bool grpc_message(const GrpcCall *call, Slice *ret);

#endif
