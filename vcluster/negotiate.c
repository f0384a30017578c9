/*
 * negotiate.c - which representation the client takes: media type, Table, PartialObjectMetadata.
 *
 * Protobuf is spoken for failures only; where it is offered first, the next acceptable clause is
 * taken, as the client libraries expect.
 */
#include "vcluster/vcluster_int.h"

#include <stdlib.h>

static const char accepted[] = "application/json, application/yaml, "
                               "application/vnd.kubernetes.protobuf";

enum { MAX_CLAUSES = 32 };

typedef struct Clause {
    Slice type, sub;
    Slice as, version, group, stream;
    double q;
    bool is_pretty;
} Clause;

static double atof_slice(Slice s)
{
    char text[32];

    (void)snprintf(text, sizeof(text), "%.*s", (int)s.len, s.ptr);
    return strtod(text, NULL);
}

/* False for what is no media range. */
static bool parse_clause(Slice text, Clause *ret)
{
    Slice part, key;

    *ret = (Clause){.q = 1};
    slice_cut(&text, ';', &part);
    ret->sub = slice_trim(part);
    slice_cut(&ret->sub, '/', &ret->type);
    if (slice_is(ret->type, "*") && !ret->sub.ptr)
        ret->sub = SLICE("*");
    if (ret->sub.len == 0 || memchr(ret->sub.ptr, '/', ret->sub.len))
        return false;
    while (text.len > 0) {
        slice_cut(&text, ';', &part);
        part = slice_trim(part);
        if (!slice_cut(&part, '=', &key))
            continue;
        if (slice_is(key, "q"))
            ret->q = atof_slice(part);
        else if (slice_is(key, "as"))
            ret->as = part;
        else if (slice_is(key, "v"))
            ret->version = part;
        else if (slice_is(key, "g"))
            ret->group = part;
        else if (slice_is(key, "stream"))
            ret->stream = part;
        else if (slice_is(key, "pretty"))
            ret->is_pretty = slice_is(part, "1");
    }
    return true;
}

/* Better ones first: by weight, then those that name a type, then a subtype. */
static bool is_better(const Clause *a, const Clause *b)
{
    if (a->q != b->q)
        return a->q > b->q;
    if (slice_is(b->type, "*") != slice_is(a->type, "*"))
        return slice_is(b->type, "*");
    return !slice_is(a->sub, "*") && slice_is(b->sub, "*");
}

static uint32_t parse_accept(Slice rest, Clause *out)
{
    uint32_t n = 0;
    Slice text;

    while (rest.len > 0 && n < MAX_CLAUSES) {
        Clause c;
        uint32_t at = n;

        slice_cut(&rest, ',', &text);
        if (!parse_clause(slice_trim(text), &c))
            continue;
        for (; at > 0 && is_better(&c, &out[at - 1]); at--)
            out[at] = out[at - 1];
        out[at] = c;
        n++;
    }
    return n;
}

static bool is_range(const Clause *c, const char *type, const char *sub)
{
    return (slice_is(c->type, type) || slice_is(c->type, "*")) &&
           (slice_is(c->sub, sub) || slice_is(c->sub, "*"));
}

static bool clause_as(Arena *a, const Clause *c, Accept *ret)
{
    static const struct {
        const char *as;
        AcceptAs value;
    } table[] = {
        {"Table", AS_TABLE},
        {"PartialObjectMetadata", AS_PARTIAL},
        {"PartialObjectMetadataList", AS_PARTIAL_LIST},
    };

    if (c->as.len == 0)
        return true;
    if (!slice_is(c->group, "meta.k8s.io") ||
        (!slice_is(c->version, "v1") && !slice_is(c->version, "v1beta1")))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (slice_is(c->as, table[i].as)) {
            ret->as = table[i].value;
            ret->as_version = arena_strndup(a, c->version.ptr, c->version.len);
            return true;
        }
    return false;
}

/* The router of the real server, which custom resources pass by, asks for one of the types by its
 * full name, or for any. */
static bool is_routed(const Route *route, const Clause *clauses, uint32_t n)
{
    static const char *const known[][2] = {{"*", "*"},
                                           {"application", "json"},
                                           {"application", "yaml"},
                                           {"application", "vnd.kubernetes.protobuf"}};

    if (!route->is_resource ||
        !resource_find(slice_of(route->group), slice_of(route->version), slice_of(route->resource)))
        return true;
    for (uint32_t i = 0; i < n; i++)
        for (size_t k = 0; k < ARRAY_LEN(known); k++)
            if (slice_is(clauses[i].type, known[k][0]) && slice_is(clauses[i].sub, known[k][1]))
                return true;
    return false;
}

static bool wants_pretty(const Request *req, const Clause *c)
{
    static const char *const browsers[] = {"curl", "Wget", "Mozilla/5.0"};
    static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True"};
    const char *given = query_get(&req->state->query, "pretty");

    if (c->is_pretty)
        return true;
    for (size_t i = 0; given && i < ARRAY_LEN(yes); i++)
        if (str_eq(given, yes[i]))
            return true;
    if (given && given[0])
        return false;
    for (size_t i = 0; i < ARRAY_LEN(browsers); i++)
        if (req->user_agent && str_starts(req->user_agent, browsers[i]))
            return true;
    return false;
}

/* What is asked and answered, not kept, has no columns. */
static bool has_columns(const Route *route)
{
    static const char *const groups[] = {"authentication.k8s.io", "authorization.k8s.io"};
    static const char *const subs[] = {"binding", "eviction", "token"};

    for (size_t i = 0; i < ARRAY_LEN(groups); i++)
        if (str_eq(route->group, groups[i]))
            return false;
    for (size_t i = 0; i < ARRAY_LEN(subs); i++)
        if (!route->group[0] && str_eq(route->subresource, subs[i]))
            return false;
    return route->group[0] || !str_eq(route->resource, "bindings");
}

/* Take this clause if it can be served. *ret_media: its media type is known at least. */
static bool take_clause(Request *req, const Clause *c, bool is_resource, Accept *ret,
                        bool *ret_media)
{
    bool is_json = is_range(c, "application", "json");
    bool is_yaml = is_range(c, "application", "yaml");

    if (!is_json && !is_yaml) {
        *ret_media = *ret_media || is_range(c, "application", "vnd.kubernetes.protobuf");
        return false;
    }
    *ret_media = true;
    if (c->stream.len > 0 && (!is_json || !slice_is(c->stream, "watch")))
        return false;
    *ret = (Accept){.as_version = "v1", .kind = is_json ? ACCEPT_JSON : ACCEPT_YAML};
    if (!is_resource && slice_is(c->group, "apidiscovery.k8s.io")) {
        if (!slice_is(c->version, "v2") && !slice_is(c->version, "v2beta1"))
            return false;
        ret->is_discovery_v2 = true;
        ret->discovery_version = arena_strndup(req->arena, c->version.ptr, c->version.len);
    } else if (!clause_as(req->arena, c, ret) ||
               (ret->as == AS_TABLE && is_resource && !has_columns(&req->state->route)))
        return false;
    ret->is_pretty = wants_pretty(req, c);
    return true;
}

/* What is connected to something else takes and gives anything; JSON serves for failures. */
static bool is_connected(const Route *route)
{
    static const char *const names[] = {"proxy", "exec", "attach", "portforward"};

    if (!route->is_resource || route->group[0])
        return false;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_eq(route->subresource, names[i]))
            return true;
    return false;
}

/* Upstream's router has no routes of custom resources, so that it cannot judge the media type. */
static bool is_custom(const Route *t)
{
    return !resource_find(slice_of(t->group), slice_of(t->version), slice_of(t->resource));
}

int negotiate(Request *req, bool is_resource)
{
    Accept *ret = &req->state->accept;
    Clause clauses[MAX_CLAUSES];
    bool has_media = false;
    uint32_t n =
        parse_accept(slice_of(req->accept && req->accept[0] ? req->accept : "*/*"), clauses);

    *ret = (Accept){.as_version = "v1"};
    if (!is_routed(&req->state->route, clauses, n))
        n = 0;
    for (uint32_t i = 0; i < n; i++)
        if (take_clause(req, &clauses[i], is_resource, ret, &has_media))
            return STEP_OK;
    *ret = (Accept){.as_version = "v1"};
    if (is_connected(&req->state->route))
        return STEP_OK;
    if (!is_resource && (!str_starts(req->path, "/api") || has_media))
        return STEP_OK; /* texts of one form only: openapi, health */
    if (has_media || !is_resource || is_custom(&req->state->route))
        return fail_status(
            req, 406, "NotAcceptable", NULL,
            arena_printf(req->arena, "only the following media types are accepted: %s", accepted));
    return fail_status(
        req, 406, "NotAcceptable", value_object(req->arena),
        arena_printf(req->arena, "406: Not Acceptable\n\nAvailable representations: %s", accepted));
}

bool negotiate_fails_in_protobuf(const Request *req)
{
    Clause clauses[MAX_CLAUSES];
    uint32_t n = parse_accept(slice_of(req->accept ? req->accept : ""), clauses);

    for (uint32_t i = 0; i < n; i++) {
        const Clause *c = &clauses[i];

        if (is_range(c, "application", "json") || is_range(c, "application", "yaml"))
            return false;
        if (is_range(c, "application", "vnd.kubernetes.protobuf"))
            return c->stream.len == 0 && c->as.len == 0;
    }
    return false;
}

int negotiate_watch(Request *req)
{
    if (req->state->accept.kind == ACCEPT_JSON)
        return STEP_OK;
    return fail_status(req, 406, "NotAcceptable", NULL,
                       "only the following media types are accepted: "
                       "application/json;stream=watch, "
                       "application/vnd.kubernetes.protobuf;stream=watch");
}
