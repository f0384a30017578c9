/*
 * err.h - the one error type.
 *
 * Owns:    nothing on the heap; an Err is a plain value, usually a stack variable of whoever
 *          handles the error (a request handler, a controller's worker, main()).
 * Threads: any; an Err is never shared.
 *
 * A function that can fail for a reason the caller may report takes `Err *err` last and returns
 * 0 (or a count >= 0) on success, -ErrCode on failure. *err is written only on failure. Passing
 * NULL means "I will look at the code only".
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/base.h"

/* code, HTTP status, Kubernetes reason. The only place these three meet. */
#define ERR_TABLE(X)                                                                               \
    X(INTERNAL, 500, "InternalError")                                                              \
    X(INVALID, 422, "Invalid")                                                                     \
    X(BAD_REQUEST, 400, "BadRequest")                                                              \
    X(NOT_FOUND, 404, "NotFound")                                                                  \
    X(ALREADY_EXISTS, 409, "AlreadyExists")                                                        \
    X(CONFLICT, 409, "Conflict")                                                                   \
    X(FORBIDDEN, 403, "Forbidden")                                                                 \
    X(UNAUTHORIZED, 401, "Unauthorized")                                                           \
    X(METHOD_NOT_ALLOWED, 405, "MethodNotAllowed")                                                 \
    X(NOT_ACCEPTABLE, 406, "NotAcceptable")                                                        \
    X(EXPIRED, 410, "Expired")                                                                     \
    X(TOO_LARGE, 413, "RequestEntityTooLarge")                                                     \
    X(UNSUPPORTED_MEDIA_TYPE, 415, "UnsupportedMediaType")                                         \
    X(TOO_MANY, 429, "TooManyRequests")                                                            \
    X(UNAVAILABLE, 503, "ServiceUnavailable")                                                      \
    X(TIMEOUT, 504, "Timeout")

typedef enum ErrCode {
    ERR_NONE = 0,
#define X(name, http, reason) ERR_##name,
    ERR_TABLE(X) ERR_CODE_MAX_
#undef X
} ErrCode;

typedef struct Err {
    ErrCode code;
    const char *site; /* "store/txn.c:118", where it was first raised */
    char msg[1000];   /* outermost context first: "a: b: root cause" */
} Err;

/* Raise: fills *err and returns -code, so that callers write `return err_set(...)`. */
#define err_set(err, code, ...) err_set_at((err), (code), ERR_SITE, __VA_ARGS__)
int err_set_at(Err *err, ErrCode code, const char *site, const char *fmt, ...) PRINTF(4, 5);

/* Add context in front of the message; returns the same negative code. */
int err_wrap(Err *err, int r, const char *fmt, ...) PRINTF(3, 4);

int err_http_status(ErrCode code);
const char *err_reason(ErrCode code);

#define ERR_STR_(x) #x
#define ERR_STR(x)  ERR_STR_(x)
#define ERR_SITE    __FILE__ ":" ERR_STR(__LINE__)

#endif
