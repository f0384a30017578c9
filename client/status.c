#include "client/status.h"

static ErrCode code_of_reason(const char *reason)
{
    for (int code = ERR_NONE + 1; code < ERR_CODE_MAX_; code++)
        if (str_eq(err_reason((ErrCode)code), reason))
            return (ErrCode)code;
    return ERR_NONE;
}

static ErrCode code_of_status(int status)
{
    if (status == 409)
        return ERR_CONFLICT; /* the table has it twice */
    for (int code = ERR_NONE + 1; code < ERR_CODE_MAX_; code++)
        if (err_http_status((ErrCode)code) == status)
            return (ErrCode)code;
    if (status == 502)
        return ERR_UNAVAILABLE;
    return status >= 400 && status < 500 ? ERR_BAD_REQUEST : ERR_INTERNAL;
}

int client_status_error(Arena *a, int status, Slice body, Err *err)
{
    Value *v = NULL;
    const char *reason, *message;
    ErrCode code = ERR_NONE;

    if (body.len > 0 && value_parse(a, body, &v, NULL) < 0)
        v = NULL;
    reason = value_get_str(v, "reason");
    message = value_get_str(v, "message");
    if (!str_eq(value_get_str(v, "kind"), "Status"))
        reason = message = NULL;
    if (reason)
        code = code_of_reason(reason);
    if (code == ERR_NONE)
        code = code_of_status(status);
    if (message)
        return err_set(err, code, "%s", message);
    if (body.len > 0 && body.len < 300)
        return err_set(err, code, "the server answered %d: %.*s", status, (int)body.len, body.ptr);
    return err_set(err, code, "the server answered %d", status);
}
