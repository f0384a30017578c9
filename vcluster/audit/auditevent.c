/*
 * auditevent.c - a request as an audit.k8s.io/v1 Event
 * (k8s.io/apiserver/pkg/apis/audit/v1/types.go).
 */
#include "api/protobuf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/yaml.h"
#include "vcluster/audit.h"

#include <arpa/inet.h>

enum {
    AGENT_MAX = 1024,   /* of User-Agent */
    BODY_MAX = 1 << 20, /* a larger body is left out */
    MAX_SOURCES = 16,   /* addresses of X-Forwarded-For */
    REVISION_MARK = 24, /* characters of what stands in for a revision while a body is printed */
};

/* ---- who ---- */

static void set_if(Arena *a, Value *v, const char *name, const char *s)
{
    if (s && s[0])
        value_set_str(a, v, name, s);
}

static Value *strings(Arena *a, const char *const *list)
{
    Value *v = value_array(a);

    for (; list && *list; list++)
        value_append(a, v, value_str(a, *list));
    return v;
}

static Value *user_value(Arena *a, const User *u)
{
    Value *v = value_object(a), *extra = value_object(a);

    set_if(a, v, "username", u->name);
    set_if(a, v, "uid", u->uid);
    if (u->groups && u->groups[0])
        value_set(a, v, "groups", strings(a, u->groups));
    for (uint32_t i = 0; i < u->n_extra; i++)
        value_set(a, extra, u->extra[i].key, strings(a, u->extra[i].values));
    if (extra->n > 0)
        value_set(a, v, "extra", extra);
    return v;
}

static const char *address_of(Arena *a, Slice text)
{
    char buf[INET6_ADDRSTRLEN], plain[INET6_ADDRSTRLEN];
    unsigned char bytes[16];

    text = slice_trim(text);
    if (text.len == 0 || text.len >= sizeof(plain))
        return NULL;
    memcpy(plain, text.ptr, text.len);
    plain[text.len] = '\0';
    for (int i = 0; i < 2; i++) {
        int family = i == 0 ? AF_INET : AF_INET6;

        if (inet_pton(family, plain, bytes) == 1)
            return arena_strdup(a, inet_ntop(family, bytes, buf, sizeof(buf)));
    }
    return NULL;
}

/* As apimachinery's net.SourceIPs(): those that proxies tell of, then the connection's own. */
static Value *sources(Request *req)
{
    Arena *a = req->arena;
    Value *list = value_array(a);
    Slice rest = slice_of(req->forwarded_for ? req->forwarded_for : ""), part;
    const char *ip;

    for (bool more = rest.len > 0; more && list->n < MAX_SOURCES;) {
        more = slice_cut(&rest, ',', &part);
        ip = address_of(a, part);
        if (ip)
            value_append(a, list, value_str(a, ip));
    }
    ip = req->real_ip ? address_of(a, slice_of(req->real_ip)) : NULL;
    if (ip && !value_has_str(list, ip))
        value_append(a, list, value_str(a, ip));
    ip = req->remote_ip;
    if (ip && ip[0] && !str_eq(value_to_cstr(value_item(list, list->n - 1)), ip))
        value_append(a, list, value_str(a, ip));
    return list;
}

/* ---- what ---- */

static Value *object_ref(Request *req)
{
    const Route *t = &req->state->route;
    Arena *a = req->arena;
    Value *v = value_object(a);

    set_if(a, v, "resource", t->resource);
    set_if(a, v, "namespace", t->ns);
    set_if(a, v, "name", t->name[0] ? t->name : req->name); /* of a create it is in the body */
    set_if(a, v, "apiGroup", t->group);
    set_if(a, v, "apiVersion", t->version);
    set_if(a, v, "subresource", t->subresource);
    return v;
}

/* What these say is made of names; other messages quote values, some of them the whole object. */
static bool is_about_names(const Value *status)
{
    static const char *const reasons[] = {"NotFound", "AlreadyExists", "Conflict", "Expired",
                                          "MethodNotAllowed"};
    const char *reason = value_get_str(status, "reason");

    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        if (str_eq(reason, reasons[i]))
            return true;
    return false;
}

static Value *response_status(Request *req, const Outcome *o)
{
    static const char *const fields[] = {"status", "message", "reason", "details"};
    const Value *said = req->state->audit->status;
    Arena *a = req->arena;
    Value *v = value_object(a);
    bool hides = said && !is_about_names(said) && audit_is_encrypted_kind(req);

    value_set(a, v, "metadata", value_object(a));
    for (size_t i = 0; said && i < ARRAY_LEN(fields); i++)
        if (value_get(said, fields[i]) && !(hides && str_eq(fields[i], "message")))
            value_set(a, v, fields[i], value_copy(a, value_get(said, fields[i])));
    if (hides)
        value_del(value_get(v, "details"), "causes");
    value_set_int(a, v, "code", o->code);
    return v;
}

static Value *notes(Request *req)
{
    const AuditState *st = req->state->audit;
    Value *v = value_object(req->arena);

    for (uint32_t i = 0; i < st->n_notes; i++)
        value_set_str(req->arena, v, st->notes[i].key, st->notes[i].value);
    return v;
}

static const char *micro_time(Arena *a, int64_t us)
{
    char text[CLOCK_TEXT_MAX];

    return arena_strdup(a, clock_to_rfc3339_micro(us, text));
}

static const char *user_agent(Request *req)
{
    const char *s = req->user_agent;

    return s && strlen(s) > AGENT_MAX ? arena_printf(req->arena, "%.*s...TRUNCATED", AGENT_MAX, s)
                                      : s;
}

static Value *event_of(Request *req, AuditStage stage, AuditLevel level, bool says_from_where)
{
    RequestState *st = req->state;
    Arena *a = req->arena;
    Value *v = value_object(a);
    bool has_query = req->query && req->query[0];

    value_set_str(a, v, "kind", "Event");
    value_set_str(a, v, "apiVersion", "audit.k8s.io/v1");
    value_set_str(a, v, "level", audit_level_name(level));
    value_set_str(a, v, "auditID", req->audit_id);
    value_set_str(a, v, "stage", audit_stage_name(stage));
    value_set(
        a, v, "requestURI",
        value_printf(a, "%s%s%s", req->path, has_query ? "?" : "", has_query ? req->query : ""));
    value_set_str(a, v, "verb", st->route.verb);
    value_set(a, v, "user", user_value(a, engine_real_user(req)));
    if (st->is_impersonated)
        value_set(a, v, "impersonatedUser", user_value(a, &req->user));
    if (says_from_where) {
        Value *from = sources(req);

        if (from->n > 0)
            value_set(a, v, "sourceIPs", from);
        set_if(a, v, "userAgent", user_agent(req));
    }
    if (st->route.is_resource)
        value_set(a, v, "objectRef", object_ref(req));
    return v;
}

static void set_end(Request *req, Value *v, const Outcome *o, Value *annotations)
{
    RequestState *st = req->state;
    Arena *a = req->arena;

    if (o->code > 0)
        value_set(a, v, "responseStatus", response_status(req, o));
    value_set_str(a, v, "requestReceivedTimestamp", micro_time(a, st->now_us));
    value_set_str(a, v, "stageTimestamp", micro_time(a, clock_now_us()));
    if (annotations->n > 0)
        value_set(a, v, "annotations", annotations);
}

/* ---- bodies ---- */

static void drop_managed(Value *object)
{
    (void)value_del(value_get(object, "metadata"), "managedFields");
}

/* Of an object, a list or a table. */
static void drop_all_managed(Value *v)
{
    const Value *item;

    drop_managed(v);
    value_each_item(value_get(v, "items"), i, item) drop_managed((Value *)item);
    value_each_item(value_get(v, "rows"), i, item) drop_managed(value_get(item, "object"));
}

/* NULL when it is none or cannot be read. */
static Value *parse_body(Request *req, Slice body, const char *content_type, bool *ret_too_large)
{
    Value *v = NULL;
    int r;

    if (body.len == 0)
        return NULL;
    if (body.len > BODY_MAX) {
        *ret_too_large = true;
        return NULL;
    }
    if (content_type && strstr(content_type, "protobuf"))
        r = protobuf_decode(req->arena, body, &v, NULL);
    else if (content_type && strstr(content_type, "yaml"))
        r = value_parse_yaml(req->arena, body, &v, NULL);
    else
        r = value_parse(req->arena, body, &v, NULL);
    return r < 0 ? NULL : v;
}

/* The revision of an answer foreseen is put in by the store: what stands in its place is something
 * that nobody can have written. */
static void mark_revision(Request *req, Value *v, char mark[REVISION_MARK + 1], AuditRecord *r)
{
    const char *text = value_at_str(v, "metadata.resourceVersion");
    int64_t revision;

    if (!text || !slice_to_int64(slice_of(text), &revision))
        return;
    for (uint32_t i = 0; i < req->state->set.n; i++) {
        if (revision != audit_mark(i))
            continue;
        (void)random_alnum(mark, REVISION_MARK);
        value_set_at(req->arena, v, "metadata.resourceVersion", value_str(req->arena, mark));
        r->revision_of = i;
        return;
    }
}

static Slice keep(Arena *a, const Buf *b)
{
    return (Slice){arena_strndup(a, buf_str(b), b->len), b->len};
}

static void print_bodies(Request *req, const Value *bodies, const char *mark, AuditRecord *r)
{
    AUTO_BUF text = BUF_INIT;
    char *at;

    value_print(bodies, &text);
    at = mark[0] ? memmem(text.ptr, text.len, mark, REVISION_MARK) : NULL;
    if (at) {
        r->revision_at = (size_t)(at - text.ptr);
        memmove(at, at + REVISION_MARK, text.len - r->revision_at - REVISION_MARK);
        buf_truncate(&text, text.len - REVISION_MARK);
    }
    r->bodies = keep(req->arena, &text);
}

static void add_bodies(Request *req, AuditLevel level, const Outcome *o, AuditRecord *r,
                       Value *annotations)
{
    Arena *a = req->arena;
    Value *bodies = value_object(a), *v;
    char mark[REVISION_MARK + 1] = "";
    bool is_too_large = false;

    if (level < AUDIT_REQUEST || !req->state->route.is_resource)
        return;
    v = parse_body(req, req->body, req->content_type, &is_too_large);
    if (v)
        value_set(a, bodies, "requestObject", v);
    if (level >= AUDIT_REQUEST_RESPONSE) {
        v = parse_body(req, o->body, o->content_type, &is_too_large);
        if (v && o->has_marks)
            mark_revision(req, v, mark, r);
        if (v)
            value_set(a, bodies, "responseObject", v);
    }
    for (uint32_t i = 0; !req->state->audit->verdict.keeps_managed && i < bodies->n; i++)
        drop_all_managed(bodies->members[i].value);
    if (is_too_large)
        value_set_str(a, annotations, "audit.k8s.io/truncated", "true");
    if (bodies->n > 0) {
        audit_add_salt(a, bodies);
        print_bodies(req, bodies, mark, r);
    }
}

/* ---- records ---- */

/* What clients send need not be UTF-8. Reading it makes it so, which whoever verifies does as well.
 */
static Slice canonical(Arena *a, const Value *v)
{
    AUTO_BUF text = BUF_INIT;
    Value *again;
    bool is_plain = true;

    value_print(v, &text);
    for (size_t i = 0; is_plain && i < text.len; i++)
        is_plain = (unsigned char)text.ptr[i] < 0x80;
    if (!is_plain && value_parse(a, buf_slice(&text), &again, NULL) == 0) {
        buf_reset(&text);
        value_print(again, &text);
    }
    return keep(a, &text);
}

static AuditRecord record_of(Request *req, Cluster *c)
{
    const RequestState *st = req->state;

    return (AuditRecord){.cluster = c,
                         .user = engine_real_user(req)->name,
                         .verb = st->route.verb,
                         .resource = st->route.is_resource ? st->route.resource : "",
                         .ns = st->route.ns,
                         .revision_at = SIZE_MAX};
}

void audit_record(Request *req, AuditStage stage, const Outcome *o, AuditRecord *ret)
{
    AuditLevel level = req->state->audit->verdict.level[stage];
    Value *v = event_of(req, stage, level, true), *annotations = notes(req);

    *ret = record_of(req, req->state->entry);
    if (stage != AUDIT_REQUEST_RECEIVED)
        add_bodies(req, level, o, ret, annotations);
    set_end(req, v, o, annotations);
    ret->event = canonical(req->arena, v);
}

void audit_record_copy(Request *req, const Outcome *o, Cluster *tenant, AuditRecord *ret)
{
    Value *v = event_of(req, AUDIT_RESPONSE_COMPLETE, AUDIT_METADATA, false);
    Value *annotations = notes(req);

    *ret = record_of(req, tenant);
    value_set_str(req->arena, annotations, AUDIT_PREFIX "by", "provider");
    set_end(req, v, o, annotations);
    ret->event = canonical(req->arena, v);
}
