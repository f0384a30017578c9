/*
 * aggproxy.c - requests that an extension API server answers, as kube-aggregator's proxyHandler.
 */
#include "base/mem.h"
#include "vcluster/aggregation.h"

/* As net/http's http.Error(). */
static int plain(Request *req, int status, const char *text)
{
    reply_header(req, "X-Content-Type-Options", "nosniff");
    req->reply.is_final = true;
    return reply_text(req, status, "text/plain; charset=utf-8",
                      slice_of(arena_printf(req->arena, "%s\n", text)));
}

/* ---- whose request it is ---- */

/* A value of a header stays one. */
static const char *header_value(Arena *a, const char *s)
{
    char *out = arena_strdup(a, s ? s : "");

    for (char *p = out; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = ' ';
    return out;
}

/* client-go's headerKeyEscape(): what no name of a header has is percent-encoded. */
static const char *header_key(Arena *a, const char *key)
{
    return arena_printf(a, "X-Remote-Extra-%s", percent_encode(a, key, "!#$&'*+-.^_`|~"));
}

Header *agg_user_headers(Arena *a, const User *u, uint32_t *ret_n)
{
    uint32_t n = 2, i = 0;
    Header *all;

    for (const char *const *g = u->groups; *g; g++)
        n++;
    for (uint32_t k = 0; k < u->n_extra; k++)
        for (const char *const *v = u->extra[k].values; *v; v++)
            n++;
    all = arena_array(a, Header, n);
    all[i++] = (Header){"X-Remote-User", header_value(a, u->name)};
    if (u->uid && u->uid[0])
        all[i++] = (Header){"X-Remote-Uid", header_value(a, u->uid)};
    for (const char *const *g = u->groups; *g; g++)
        all[i++] = (Header){"X-Remote-Group", header_value(a, *g)};
    for (uint32_t k = 0; k < u->n_extra; k++)
        for (const char *const *v = u->extra[k].values; *v; v++)
            all[i++] = (Header){header_key(a, u->extra[k].key), header_value(a, *v)};
    *ret_n = i;
    return all;
}

const char *const *agg_user_lines(Arena *a, const User *u)
{
    uint32_t n;
    const Header *all = agg_user_headers(a, u, &n);
    const char **lines = arena_array(a, const char *, n + 1);

    for (uint32_t i = 0; i < n; i++)
        lines[i] = arena_printf(a, "%s: %s", all[i].name, all[i].value);
    return lines;
}

/* ---- where it goes ---- */

int agg_pass_on(Request *req, const AggService *s)
{
    Arena *a = req->arena;
    ProxyTls *tls = arena_array(a, ProxyTls, 1);
    ProxyTo *to = arena_array(a, ProxyTo, 1);
    const char *why = NULL, *cert, *key;
    const Route *t = &req->state->route;
    ServiceTarget at;
    int step;

    if (engine_is_frozen(req))
        return fail_forbidden(req, s->group, t->resource, t->name, "the tenant is suspended");
    if (!s->is_available)
        return plain(req, 503, "service unavailable");
    if (s->ca_pem && !s->ca_pem[0])
        return plain(req, 500, "unable to load root certificates: illegal base64 data");
    if (req->user.is_internal)
        return agg_call(req, s);
    if (req->upgrade)
        return plain(req, 501, "connections to extension API servers cannot be upgraded");
    step = service_target(req, s->ns, s->service, s->port, &at, &why);
    if (step)
        return step;
    if (why)
        return plain(req, 503, "service unavailable");
    step = agg_front(req, &cert, &key);
    if (step)
        return step;
    *tls = (ProxyTls){.server_name = arena_printf(a, "%s.%s.svc", s->service, s->ns),
                      .ca_pem = s->ca_pem,
                      .is_unverified = s->is_unverified,
                      .cert_pem = cert,
                      .key_pem = key};
    *to = (ProxyTo){.path =
                        arena_printf(a, "%s%s%s", req->path, req->query[0] ? "?" : "", req->query),
                    .host = arena_printf(a, "%s:%lld", tls->server_name, (long long)s->port),
                    .prepend = "",
                    .tls = tls,
                    .is_watch = str_eq(t->verb, "watch")};
    to->headers = agg_user_headers(a, &req->user, &to->n_headers);
    req->reply.proxy = to;
    return reply_node(req, at.node, at.node_path);
}

/* ---- which requests ---- */

/* "/apis/GROUP/VERSION" or below it. */
static bool version_of(Request *req, const char **ret_group, const char **ret_version)
{
    Slice rest = slice_of(req->path + (req->path[0] == '/')), part[3];

    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        if (rest.len == 0)
            return false;
        slice_cut(&rest, '/', &part[i]);
    }
    if (!slice_is(part[0], "apis") || part[1].len == 0 || part[2].len == 0)
        return false;
    *ret_group = arena_strndup(req->arena, part[1].ptr, part[1].len);
    *ret_version = arena_strndup(req->arena, part[2].ptr, part[2].len);
    return !vc_builtin_version(*ret_group, *ret_version);
}

bool agg_may_route(Request *req)
{
    const char *group, *version;

    return version_of(req, &group, &version);
}

/* Both sides must read a path alike, or what is allowed here is something else there: paths with
 * empty parts, dots and encoded slashes do not get to the engine (hostplane/target.h). */
int agg_route(Request *req)
{
    const AggService *found;
    const AggSet *set;
    const char *group, *version;
    int s;

    if (!version_of(req, &group, &version))
        return STEP_OK;
    s = aggset_need(req, &set);
    if (s)
        return s;
    found = aggset_find(set, group, version);
    if (!found)
        return STEP_OK;
    return agg_pass_on(req, found);
}
