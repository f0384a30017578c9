/*
 * negotiate.c - which representation the client takes: media type, Table, PartialObjectMetadata.
 *
 * The first clause of the header, in the order of their weights, that fits one of the forms in
 * which the answer can be given; of a range, the first such form. Rule: apiserver's
 * NegotiateMediaTypeOptions().
 */
#include "vcluster/vcluster_int.h"

#include <stdlib.h>

static const char accepted[] = "application/json, application/yaml, "
                               "application/vnd.kubernetes.protobuf";

enum { MAX_CLAUSES = 32 };

static const char *const forms[] = {
    [ACCEPT_JSON] = "json",
    [ACCEPT_YAML] = "yaml",
    [ACCEPT_PROTOBUF] = "vnd.kubernetes.protobuf",
};

typedef struct Clause {
    Slice type, sub;
    Slice as, version, group, stream;
    double q;
    bool is_pretty, is_converted; /* as, version or group is given */
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
        if (slice_is(key, "as") || slice_is(key, "v") || slice_is(key, "g"))
            ret->is_converted = true;
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

static bool is_range(const Clause *c, const char *sub)
{
    if (slice_is(c->type, "*"))
        return slice_is(c->sub, "*");
    return slice_is(c->type, "application") && (slice_is(c->sub, sub) || slice_is(c->sub, "*"));
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

    if (!c->is_converted)
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

/* Discovery documents have a form of their own. */
static bool clause_discovery(Arena *a, const Clause *c, Accept *ret)
{
    if (!slice_is(c->group, "apidiscovery.k8s.io"))
        return !c->is_converted;
    if (!slice_is(c->as, "APIGroupDiscoveryList") ||
        (!slice_is(c->version, "v2") &&
         (!slice_is(c->version, "v2beta1") || ret->kind == ACCEPT_PROTOBUF)))
        return false;
    ret->is_discovery_v2 = true;
    ret->discovery_version = arena_strndup(a, c->version.ptr, c->version.len);
    return true;
}

/* The whole objects of kinds that are defined by a tenant, or are the platform's own, have no
 * protobuf, nor has a Table; what else these have does: failures, metadata, a Scale. */
static bool has_protobuf(const Route *t, const Accept *a)
{
    const Resource *r =
        resource_find(slice_of(t->group), slice_of(t->version), slice_of(t->resource));

    if (a->as == AS_TABLE)
        return false;
    return a->as != AS_OBJECT || (r ? !resource_is_host_only(r) : str_eq(t->subresource, "scale"));
}

/* Take this form for the clause if the answer can have it. */
static bool take_form(Request *req, const Clause *c, bool is_resource, AcceptKind kind, Accept *ret)
{
    const Route *route = &req->state->route;

    *ret = (Accept){.as_version = "v1", .kind = kind};
    if (c->stream.len > 0 && (kind == ACCEPT_YAML || !slice_is(c->stream, "watch")))
        return false;
    if (!is_resource) {
        if (!clause_discovery(req->arena, c, ret))
            return false;
    } else if (!clause_as(req->arena, c, ret) || (ret->as == AS_TABLE && !has_columns(route)) ||
               (kind == ACCEPT_PROTOBUF && !has_protobuf(route, ret)))
        return false;
    ret->is_pretty = wants_pretty(req, c);
    return true;
}

/* Take this clause if it can be served. *ret_media: its media type is known at least. */
static bool take_clause(Request *req, const Clause *c, bool is_resource, Accept *ret,
                        bool *ret_media)
{
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        if (!is_range(c, forms[i]))
            continue;
        *ret_media = true;
        if (take_form(req, c, is_resource, (AcceptKind)i, ret))
            return true;
    }
    return false;
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
        bool is_stream = slice_is(c->stream, "watch");

        if (c->is_converted || (c->stream.len > 0 && !is_stream))
            continue;
        if (is_range(c, forms[ACCEPT_JSON]) || (!is_stream && is_range(c, forms[ACCEPT_YAML])))
            return false;
        if (is_range(c, forms[ACCEPT_PROTOBUF]))
            return true;
    }
    return false;
}

int negotiate_watch(Request *req)
{
    if (req->state->accept.kind != ACCEPT_YAML)
        return STEP_OK;
    return fail_status(req, 406, "NotAcceptable", NULL,
                       "only the following media types are accepted: "
                       "application/json;stream=watch, "
                       "application/vnd.kubernetes.protobuf;stream=watch");
}
