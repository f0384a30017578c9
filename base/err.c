#include "base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int http;
    const char *reason;
} err_table[ERR_CODE_MAX_] = {[ERR_NONE] = {200, ""},
#define X(name, http, reason) [ERR_##name] = {http, reason},
                              ERR_TABLE(X)
#undef X
};

/* A text that was cut ends with a whole character. */
static void trim_cut(char *s, size_t cap, int n)
{
    size_t len = cap - 1;

    if (n < 0 || (size_t)n < cap)
        return;
    while (len > 0 && (s[len - 1] & 0xc0) == 0x80)
        len--;
    if (len > 0 && (s[len - 1] & 0x80))
        len--;
    s[len] = '\0';
}

int err_set_at(Err *err, ErrCode code, const char *site, const char *fmt, ...)
{
    va_list ap;

    assert(code > ERR_NONE && code < ERR_CODE_MAX_);
    if (err) {
        err->code = code;
        err->site = site;
        va_start(ap, fmt);
        trim_cut(err->msg, sizeof(err->msg), vsnprintf(err->msg, sizeof(err->msg), fmt, ap));
        va_end(ap);
    }
    return -(int)code;
}

int err_wrap(Err *err, int r, const char *fmt, ...)
{
    char inner[sizeof(err->msg)];
    va_list ap;
    int n;

    assert(r < 0);
    if (!err)
        return r;

    memcpy(inner, err->msg, sizeof(inner));
    va_start(ap, fmt);
    n = vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < sizeof(err->msg) - 2)
        snprintf(err->msg + n, sizeof(err->msg) - (size_t)n, ": %.*s",
                 (int)(sizeof(err->msg) - (size_t)n - 3), inner);
    return r;
}

int err_http_status(ErrCode code)
{
    return err_table[code].http;
}

const char *err_reason(ErrCode code)
{
    return err_table[code].reason;
}
