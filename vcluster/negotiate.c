/*
 * negotiate.c - which representation the client takes: media type, Table, PartialObjectMetadata.
 *
 * Protobuf is not spoken; where it is offered first, the next acceptable clause is taken, as the
 * client libraries expect.
 */
#include "vcluster/vcluster_int.h"

#include <strings.h>

static const char accepted[] = "application/json, application/yaml, "
                               "application/vnd.kubernetes.protobuf";

typedef struct Clause {
    Slice type, as, version, group;
    bool is_pretty;
} Clause;

static Clause parse_clause(Slice text)
{
    Clause c = {0};
    Slice part, key;

    slice_cut(&text, ';', &part);
    c.type = slice_trim(part);
    while (text.len > 0) {
        slice_cut(&text, ';', &part);
        part = slice_trim(part);
        if (!slice_cut(&part, '=', &key))
            continue;
        if (slice_is(key, "as"))
            c.as = part;
        else if (slice_is(key, "v"))
            c.version = part;
        else if (slice_is(key, "g"))
            c.group = part;
        else if (slice_is(key, "pretty"))
            c.is_pretty = slice_is(part, "1") || slice_is(part, "true");
    }
    return c;
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
static bool is_routed(const Route *route, const char *accept)
{
    static const char *const known[] = {"*/*", "application/json", "application/yaml",
                                        "application/vnd.kubernetes.protobuf"};
    Slice rest = slice_of(accept), text;

    if (!route->is_resource ||
        !resource_find(slice_of(route->group), slice_of(route->version), slice_of(route->resource)))
        return true;
    while (rest.len > 0) {
        Clause c;

        slice_cut(&rest, ',', &text);
        c = parse_clause(slice_trim(text));
        for (size_t i = 0; i < ARRAY_LEN(known); i++)
            if (slice_is(c.type, known[i]))
                return true;
    }
    return false;
}

int negotiate(Request *req, bool is_resource)
{
    Accept *ret = &req->state->accept;
    Slice rest = slice_of(req->accept && req->accept[0] ? req->accept : "*/*"), text;
    const char *pretty = query_get(&req->state->query, "pretty");
    bool has_media = false;

    *ret = (Accept){.as_version = "v1"};
    if (!is_routed(&req->state->route, rest.ptr))
        rest.len = 0;
    while (rest.len > 0) {
        Clause c;

        slice_cut(&rest, ',', &text);
        c = parse_clause(slice_trim(text));
        if (slice_is(c.type, "application/vnd.kubernetes.protobuf")) {
            has_media = true;
            continue;
        }
        if (slice_is(c.type, "application/yaml"))
            ret->kind = ACCEPT_YAML;
        else if (slice_is(c.type, "application/json") || slice_is(c.type, "*/*") ||
                 slice_is(c.type, "application/*"))
            ret->kind = ACCEPT_JSON;
        else
            continue;
        has_media = true;
        if (!is_resource && slice_is(c.group, "apidiscovery.k8s.io")) {
            if (!slice_is(c.version, "v2") && !slice_is(c.version, "v2beta1"))
                continue;
            ret->is_discovery_v2 = true;
            ret->discovery_version = arena_strndup(req->arena, c.version.ptr, c.version.len);
        } else if (!clause_as(req->arena, &c, ret))
            continue;
        ret->is_pretty =
            c.is_pretty || (pretty && !str_eq(pretty, "false") && !str_eq(pretty, "0"));
        return STEP_OK;
    }
    *ret = (Accept){.as_version = "v1"};
    if (!is_resource && (!str_starts(req->path, "/api") || has_media))
        return STEP_OK; /* texts of one form only: openapi, health */
    if (has_media || !is_resource)
        return fail_status(
            req, 406, "NotAcceptable", NULL,
            arena_printf(req->arena, "only the following media types are accepted: %s", accepted));
    return fail_status(
        req, 406, "NotAcceptable", value_object(req->arena),
        arena_printf(req->arena, "406: Not Acceptable\n\nAvailable representations: %s", accepted));
}
