/*
 * status.c - failures as Status objects, in the words of apimachinery's errors.go.
 */
#include "base/value.h"
#include "vcluster/audit.h"

#include <stdarg.h>

Value *status_details(Arena *a, const char *group, const char *kind, const char *name)
{
    Value *d = value_object(a);

    if (name && name[0])
        value_set_str(a, d, "name", name);
    if (group && group[0])
        value_set_str(a, d, "group", group);
    if (kind && kind[0])
        value_set_str(a, d, "kind", kind);
    return d;
}

void details_cause(Arena *a, Value *details, const char *reason, const char *message,
                   const char *field)
{
    Value *causes = value_get(details, "causes"), *c = value_object(a);

    if (!causes) {
        causes = value_array(a);
        value_set(a, details, "causes", causes);
    }
    if (reason && reason[0])
        value_set_str(a, c, "reason", reason);
    if (message && message[0])
        value_set_str(a, c, "message", message);
    if (field && field[0])
        value_set_str(a, c, "field", field);
    value_append(a, causes, c);
}

static Value *status_new(Arena *a, const char *status)
{
    Value *v = value_object(a);

    value_set_str(a, v, "kind", "Status");
    value_set_str(a, v, "apiVersion", "v1");
    value_set(a, v, "metadata", value_object(a));
    value_set_str(a, v, "status", status);
    return v;
}

static int fail_as(Request *req, Value *v, int http, const char *reason, Value *details,
                   const char *message)
{
    Arena *a = req->arena;
    int64_t retry = value_at_int(details, "retryAfterSeconds", 0);

    if (message && message[0])
        value_set_str(a, v, "message", message);
    if (reason)
        value_set_str(a, v, "reason", reason);
    if (details)
        value_set(a, v, "details", details);
    value_set_int(a, v, "code", http);
    audit_status(req, v);
    req->reply.n_headers = 0;
    if (req->state)
        reply_warnings(req);
    if (retry > 0)
        reply_header(req, "Retry-After", arena_printf(a, "%lld", (long long)retry));
    if (negotiate_fails_in_protobuf(req))
        return reply_protobuf(req, http, v);
    if (req->state && req->state->accept.kind == ACCEPT_PROTOBUF)
        req->state->accept.kind = ACCEPT_JSON;
    return reply_json(req, http, v);
}

int fail_status(Request *req, int http, const char *reason, Value *details, const char *message)
{
    return fail_as(req, status_new(req->arena, "Failure"), http, reason, details, message);
}

int fail_expired(Request *req, const char *cont)
{
    Value *v = status_new(req->arena, "Failure");

    if (!cont)
        return fail_as(req, v, 410, "Expired", NULL,
                       "The resourceVersion for the provided list is too old.");
    value_set_str(req->arena, value_get(v, "metadata"), "continue", cont);
    return fail_as(req, v, 410, "Expired", NULL,
                   "The provided continue parameter is too old to display a consistent list "
                   "result. You can start a new list without the continue parameter, or use the "
                   "continue token in this response to retrieve the remainder of the results. "
                   "Continuing with the provided token results in an inconsistent list - objects "
                   "that were created, modified, or deleted between the time the first chunk was "
                   "returned and now may show up in the list.");
}

int fail(Request *req, ErrCode code, const char *fmt, ...)
{
    Err err = {.code = code};
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(err.msg, sizeof(err.msg), fmt, ap);
    va_end(ap);
    return fail_err(req, &err);
}

int fail_err(Request *req, const Err *err)
{
    Value *details = NULL;

    if (err->code == ERR_UNAVAILABLE || err->code == ERR_TOO_MANY) {
        details = value_object(req->arena);
        value_set_int(req->arena, details, "retryAfterSeconds", 1);
    }
    return fail_status(req, err_http_status(err->code), err_reason(err->code), details, err->msg);
}

int fail_unavailable(Request *req, const char *message)
{
    return fail_status(req, 503, "ServiceUnavailable", NULL, message);
}

int fail_plain_404(Request *req)
{
    reply_header(req, "X-Content-Type-Options", "nosniff");
    return reply_text(req, 404, "text/plain; charset=utf-8", SLICE("404 page not found\n"));
}

int fail_unknown(Request *req)
{
    return fail_status(req, 404, "NotFound", value_object(req->arena),
                       "the server could not find the requested resource");
}

int fail_method(Request *req)
{
    return fail_status(req, 405, "MethodNotAllowed", value_object(req->arena),
                       "the server does not allow this method on the requested resource");
}

static const char *qualified(Arena *a, const char *resource, const char *group)
{
    return group && group[0] ? arena_printf(a, "%s.%s", resource, group) : resource;
}

int fail_verb(Request *req, const Resource *r, const char *verb)
{
    return fail_status(
        req, 405, "MethodNotAllowed", status_details(req->arena, r->group, r->plural, NULL),
        arena_printf(req->arena, "%s is not supported on resources of kind \"%s.%s\"", verb,
                     r->plural, r->group));
}

int fail_kind(Request *req, const Resource *r, const char *kind, const Value *v)
{
    FieldErrs e = {.arena = req->arena};
    const char *name = value_at_str(v, "metadata.name");

    field_err(&e, FIELD_ERR_INVALID, "kind", value_str(req->arena, kind), "must be %s", r->kind);
    return fail_invalid(req, r->group, kind, name ? name : "", &e);
}

int fail_internal_error(Request *req, const char *why)
{
    Arena *a = req->arena;
    Value *details = value_object(a);

    details_cause(a, details, NULL, why, NULL);
    return fail_status(req, 500, "InternalError", details,
                       arena_printf(a, "Internal error occurred: %s", why));
}

int fail_not_found(Request *req, const Resource *r, const char *name)
{
    Arena *a = req->arena;
    const char *plural = str_eq(r->plural, "componentstatuses") ? r->singular : r->plural;

    return fail_status(
        req, 404, "NotFound", status_details(a, r->group, plural, name),
        arena_printf(a, "%s \"%s\" not found", qualified(a, plural, r->group), name));
}

int fail_exists(Request *req, const Resource *r, const char *name)
{
    Arena *a = req->arena;

    return fail_status(
        req, 409, "AlreadyExists", status_details(a, r->group, r->plural, name),
        arena_printf(a, "%s \"%s\" already exists", qualified(a, r->plural, r->group), name));
}

int fail_conflict(Request *req, const Resource *r, const char *name, const char *fmt, ...)
{
    Arena *a = req->arena;
    char msg[800];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(msg, sizeof(msg), fmt, ap);
    va_end(ap);
    return fail_status(req, 409, "Conflict", status_details(a, r->group, r->plural, name),
                       arena_printf(a, "Operation cannot be fulfilled on %s \"%s\": %s",
                                    qualified(a, r->plural, r->group), name, msg));
}

int fail_forbidden(Request *req, const char *group, const char *resource, const char *name,
                   const char *fmt, ...)
{
    Arena *a = req->arena;
    AUTO_BUF msg = BUF_INIT;
    char text[4000];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    buf_adds(&msg, qualified(a, resource, group));
    if (name && name[0])
        buf_addf(&msg, " \"%s\"", name);
    buf_addf(&msg, " is forbidden: %s", text);
    return fail_status(req, 403, "Forbidden", status_details(a, group, resource, name),
                       buf_str(&msg));
}

/* An aggregate names each message once. */
static bool said_before(const FieldErrs *e, uint32_t i)
{
    for (uint32_t j = 0; j < i; j++)
        if (str_eq(e->items[j].field, e->items[i].field) &&
            str_eq(e->items[j].message, e->items[i].message))
            return true;
    return false;
}

int fail_invalid(Request *req, const char *group, const char *kind, const char *name,
                 const FieldErrs *e)
{
    Arena *a = req->arena;
    AUTO_BUF msg = BUF_INIT;
    Value *details = status_details(a, group, kind, name);
    uint32_t n = 0, at = 0;

    for (uint32_t i = 0; i < e->n; i++)
        n += said_before(e, i) ? 0 : 1;
    buf_addf(&msg, "%s \"%s\" is invalid: %s", qualified(a, kind, group), name ? name : "",
             n > 1 ? "[" : "");
    for (uint32_t i = 0; i < e->n; i++) {
        details_cause(a, details, field_err_reason(e->items[i].type), e->items[i].message,
                      e->items[i].field);
        if (!said_before(e, i))
            buf_addf(&msg, "%s%s: %s", at++ > 0 ? ", " : "", e->items[i].field,
                     e->items[i].message);
    }
    if (n > 1)
        buf_addc(&msg, ']');
    return fail_status(req, 422, "Invalid", details, buf_str(&msg));
}

int reply_success(Request *req, const Resource *r, const char *name, const char *uid)
{
    Arena *a = req->arena;
    Value *v = status_new(a, "Success"), *d = status_details(a, r->group, r->plural, name);

    if (uid && uid[0])
        value_set_str(a, d, "uid", uid);
    value_set(a, v, "details", d);
    audit_status(req, v);
    reply_warnings(req);
    return reply_json(req, 200, v);
}

void reply_status(Request *req, ErrCode code, const char *fmt, ...)
{
    Err err = {.code = code};
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(err.msg, sizeof(err.msg), fmt, ap);
    va_end(ap);
    (void)fail_err(req, &err);
}
