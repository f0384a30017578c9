/*
 * auditview.c - reading the audit log through the API.
 *
 *     GET
 * /apis/audit.hostplane.io/v1/auditevents[?limit=N][&continue=TOKEN][&since=TIME][&until=TIME]
 *             [&fieldSelector=user=NAME,verb=VERB,resource=PLURAL,namespace=NAME]
 *     GET /apis/audit.hostplane.io/v1/auditcheckpoints/current
 *     GET /apis/tenancy.hostplane.io/v1/tenants/NAME/audit       the provider's, without bodies
 *     GET /apis/tenancy.hostplane.io/v1/tenants/NAME/audit?checkpoint=current
 *
 * The first answers an audit.k8s.io/v1 EventList in the order of the chain, in which every Event
 * carries its place (audit/chain.h). Records are read from the database, never from memory.
 */
#include "base/clock.h"
#include "base/err.h"
#include "tenancy/tenancy.h"
#include "vcluster/audit.h"

#include <inttypes.h>

#define GROUP   "audit.hostplane.io"
#define VERSION "v1"
#define CURRENT "current"

enum { LIMIT_DEFAULT = 500, LIMIT_MAX = 1000, VIEW_EVENTS = 0, VIEW_CHECKPOINTS, VIEWS };

static const char *const storages[VIEWS] = {"virtual/auditevents", "virtual/auditcheckpoints"};

void audit_view_resources(Resource ret[2])
{
    static const char *const none[] = {NULL};
    static const struct {
        const char *kind, *plural, *singular, *type;
    } rows[VIEWS] = {
        {"AuditEvent", "auditevents", "auditevent", "io.hostplane.audit.v1.AuditEvent"},
        {"AuditCheckpoint", "auditcheckpoints", "auditcheckpoint",
         "io.hostplane.audit.v1.AuditCheckpoint"},
    };

    for (int i = 0; i < VIEWS; i++)
        ret[i] =
            (Resource){.group = GROUP,
                       .version = VERSION,
                       .kind = rows[i].kind,
                       .plural = rows[i].plural,
                       .singular = rows[i].singular,
                       .short_names = none,
                       .categories = none,
                       .verbs = i == VIEW_EVENTS ? BIT(VERB_LIST) : BIT(VERB_GET) | BIT(VERB_LIST),
                       .type = type_find(rows[i].type),
                       .storage = storages[i]};
}

const Resource *audit_view_find(const Request *req, const char *group, const char *version,
                                const char *plural)
{
    Vcluster *vc = req->state->vc;

    for (int i = 0; i < VIEWS && vc->audit.queue && str_eq(group, GROUP); i++)
        if (str_eq(version, VERSION) && str_eq(plural, vc->audits[i].plural))
            return &vc->audits[i];
    return NULL;
}

bool audit_view_serves(const Resource *r)
{
    return r->storage == storages[VIEW_EVENTS] || r->storage == storages[VIEW_CHECKPOINTS];
}

/* ---- the question ---- */

static int read_time(Request *req, const char *name, int64_t otherwise_s, int64_t *ret)
{
    const char *text = query_get(&req->state->query, name);
    int64_t us;

    *ret = otherwise_s;
    if (!text || !text[0])
        return STEP_OK;
    if (!clock_from_rfc3339(slice_of(text), &us))
        return fail(req, ERR_BAD_REQUEST, "%s: \"%s\" is not a time like 2006-01-02T15:00:00Z",
                    name, text);
    *ret = us / 1000000;
    return STEP_OK;
}

static int read_number(Request *req, const char *name, int64_t max, int64_t otherwise, int64_t *ret)
{
    const char *text = query_get(&req->state->query, name);

    *ret = otherwise;
    if (!text || !text[0])
        return STEP_OK;
    if (!slice_to_int64(slice_of(text), ret) || *ret < 0)
        return fail(req, ERR_BAD_REQUEST, "%s: \"%s\" is not a number", name, text);
    if (*ret == 0)
        *ret = otherwise;
    *ret = MIN(*ret, max);
    return STEP_OK;
}

static int read_selector(Request *req, AuditQuery *q)
{
    const struct {
        const char *name, *path;
        const char **to;
    } fields[] = {{"user", "user.username", &q->user},
                  {"verb", "verb", &q->verb},
                  {"resource", "objectRef.resource", &q->resource},
                  {"namespace", "objectRef.namespace", &q->ns}};
    const char *text = query_get(&req->state->query, "fieldSelector");
    Slice rest = slice_of(text ? text : ""), part, key;

    for (bool more = rest.len > 0; more;) {
        size_t i = 0;

        more = slice_cut(&rest, ',', &part);
        (void)slice_cut(&part, '=', &key);
        if (part.len > 0 && part.ptr[0] == '=') /* == */
            part = (Slice){part.ptr + 1, part.len - 1};
        while (i < ARRAY_LEN(fields) && !slice_is(key, fields[i].name) &&
               !slice_is(key, fields[i].path))
            i++;
        if (i == ARRAY_LEN(fields))
            return fail(req, ERR_BAD_REQUEST,
                        "fieldSelector: only user, verb, resource and namespace select audit "
                        "events, by equality");
        *fields[i].to = arena_strndup(req->arena, part.ptr, part.len);
    }
    return STEP_OK;
}

static int read_question(Request *req, AuditQuery *q)
{
    int s = read_number(req, "limit", LIMIT_MAX, LIMIT_DEFAULT, &q->limit);

    if (!s)
        s = read_number(req, "continue", INT64_MAX, 0, &q->after);
    if (!s)
        s = read_time(req, "since", 0, &q->since_s);
    if (!s)
        s = read_time(req, "until", INT64_MAX, &q->until_s);
    return s ? s : read_selector(req, q);
}

/* ---- the answers ---- */

static int reply_events(Request *req, const AuditRows *rows)
{
    Arena *a = req->arena;
    Value *list = value_object(a), *meta = value_object(a), *items = value_array(a), *v;
    Err err;

    for (size_t i = 0; i < rows->n; i++) {
        const AuditRow *row = &rows->items[i];

        if (audit_compose(a, &row->place, row->event, row->bodies,
                          row->has_bodies ? row->bodies_hash : NULL, &v, &err) < 0)
            return fail_err(req, &err);
        value_append(a, items, v);
    }
    if (rows->has_more)
        value_set(a, meta, "continue",
                  value_printf(a, "%" PRId64, rows->items[rows->n - 1].place.seq));
    value_set_str(a, list, "kind", "EventList");
    value_set_str(a, list, "apiVersion", "audit.k8s.io/v1");
    value_set(a, list, "metadata", meta);
    value_set(a, list, "items", items);
    return reply_json(req, 200, list);
}

static int list_events(Request *req, Cluster *c, bool shows_bodies)
{
    AuditQuery q = {.with_bodies = shows_bodies};
    const AuditRows *rows;
    int s = read_question(req, &q);

    if (!s)
        s = engine_audit_rows(req, c, &q, &rows);
    return s ? s : reply_events(req, rows);
}

static Value *place_value(Arena *a, const AuditPlace *at)
{
    char hex[2 * SHA256_LEN + 1];
    Value *v = value_object(a);

    audit_hash_to_hex(at->hash, hex);
    value_set_int(a, v, "sequence", at->seq);
    value_set_str(a, v, "hash", hex);
    return v;
}

static int reply_checkpoint(Request *req, Cluster *c, bool is_item)
{
    RequestState *st = req->state;
    Arena *a = req->arena;
    Value *v = value_object(a), *list, *items, *earlier = value_array(a);
    const AuditEnds *ends;
    const TenantTerms *terms;
    const char *token;
    Err err;
    int s = engine_audit_ends(req, c, &ends);

    if (!s)
        s = tenant_terms_of(req, c, &terms);
    if (s)
        return s;
    if (tenancy_sign_audit(st->vc->tenancy, c, &ends->head, st->now_us, a, &token, &err) < 0)
        return fail_err(req, &err);
    for (uint32_t i = 0; i < ends->n_checkpoints; i++)
        value_append(a, earlier, value_str(a, ends->checkpoints[i]));
    value_set_str(a, v, "kind", "AuditCheckpoint");
    value_set_str(a, v, "apiVersion", GROUP "/" VERSION);
    value_set_at(a, v, "metadata.name", value_str(a, CURRENT));
    value_set_at(a, v, "status.start", place_value(a, &ends->start));
    value_set_at(a, v, "status.head", place_value(a, &ends->head));
    value_set_at(a, v, "status.token", value_str(a, token));
    value_set_at(a, v, "status.earlier", earlier);
    value_set_at(a, v, "status.bytes", value_int(a, ends->bytes));
    if (terms->audit_bytes < INT64_MAX)
        value_set_at(a, v, "status.limitBytes", value_int(a, terms->audit_bytes));
    if (is_item)
        return reply_json(req, 200, v);
    list = value_object(a);
    items = value_array(a);
    value_append(a, items, v);
    value_set_str(a, list, "kind", "AuditCheckpointList");
    value_set_str(a, list, "apiVersion", GROUP "/" VERSION);
    value_set(a, list, "metadata", value_object(a));
    value_set(a, list, "items", items);
    return reply_json(req, 200, list);
}

int verb_audit(Request *req, const Resource *r)
{
    const Route *t = &req->state->route;
    bool is_events = r->storage == storages[VIEW_EVENTS];

    if (!str_eq(req->method, "GET") || str_eq(t->verb, "watch"))
        return fail_method(req);
    if (t->is_item && (is_events || !str_eq(t->name, CURRENT)))
        return fail_not_found(req, r, t->name);
    return is_events ? list_events(req, req->cluster, true)
                     : reply_checkpoint(req, req->cluster, t->is_item);
}

int host_tenant_audit(Request *req, Cluster *tenant)
{
    const char *which = query_get(&req->state->query, "checkpoint");

    if (!req->state->vc->audit.queue)
        return fail_method(req);
    if (!which || !which[0])
        return list_events(req, tenant, false);
    if (!str_eq(which, CURRENT))
        return fail(req, ERR_BAD_REQUEST, "checkpoint: \"%s\" is not " CURRENT, which);
    return reply_checkpoint(req, tenant, true);
}
