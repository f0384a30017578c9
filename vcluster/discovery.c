/*
 * discovery.c - everything that is not a resource: discovery, version, OpenAPI, the issuer's keys.
 */
#include "api/discovery.h"
#include "api/protobuf.h"
#include "base/err.h"
#include "base/random.h"
#include "tenancy/authn.h"
#include "vcluster/aggregation.h"
#include "vcluster/crds.h"
#include "vcluster/health.h"
#include "vcluster/nodestats.h"
#include "vcluster/texts.h"
#include "vcluster/vcluster_int.h"

#include <time.h>

#ifndef GIT_COMMIT
#define GIT_COMMIT "0000000000000000000000000000000000000000"
#endif

#define YEAR_US (INT64_C(365) * 24 * 3600 * 1000000)

static const char *http_date(Request *req, int64_t us)
{
    time_t seconds = (time_t)(us / 1000000);
    struct tm tm;
    char text[64];

    gmtime_r(&seconds, &tm);
    strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &tm);
    return arena_strdup(req->arena, text);
}

#define GIT_VERSION "v1.36.0+hostplane.0.1.0"

typedef struct Paths {
    Arena *a;
    const char **items;
    uint32_t n, cap;
} Paths;

static void paths_add(Paths *p, const char *path)
{
    ARENA_GROW(p->a, p->items, p->n, p->cap, 64);
    p->items[p->n++] = path;
}

static void add_path(const char *path, void *data)
{
    paths_add(data, path);
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static int reply_owned(Request *req, const char *type, Buf *b)
{
    Slice s = {.len = b->len};
    char *p = buf_take(b);

    arena_on_free(req->arena, free, p);
    s.ptr = p;
    return reply_text(req, 200, type, s);
}

/* A document that clients keep: they are told when theirs is the same still. */
static int serve_cached(Request *req, Slice body, const char *etag, const char *type)
{
    reply_header(req, "ETag", etag);
    reply_header(req, "Vary", "Accept");
    if (req->if_none_match && str_eq(req->if_none_match, etag)) {
        req->reply.kind = REPLY_BODY;
        req->reply.status = 304;
        req->reply.body = SLICE("");
        return STEP_DONE;
    }
    return reply_text(req, 200, type, body);
}

static int serve_text(Request *req, const Text *t, const char *type)
{
    if (!t)
        return fail_plain_404(req);
    reply_header(req, "Cache-Control", "public");
    return serve_cached(req, t->body, t->etag, type);
}

static void add_elsewhere(Paths *p, const AggSet *set)
{
    size_t n;
    const AggService *all = aggset_all(set, &n);

    for (size_t i = 0; i < n; i++) {
        paths_add(p, arena_printf(p->a, "/apis/%s", all[i].group));
        paths_add(p, arena_printf(p->a, "/apis/%s/%s", all[i].group, all[i].version));
    }
}

/* The paths that are served, sorted, as the real server's root answers. */
static int serve_index(Request *req)
{
    static const char *const fixed[] = {"/.well-known/openid-configuration",
                                        "/api",
                                        "/api/v1",
                                        "/apis",
                                        "/apis/",
                                        "/metrics",
                                        "/openapi/v2",
                                        "/openapi/v3",
                                        "/openapi/v3/",
                                        "/openid/v1/jwks",
                                        "/version"};
    ResourceSet set = vc_resources(req);
    Paths p = {.a = req->arena};
    Value *v = value_object(req->arena), *list = value_array(req->arena);
    const AggSet *elsewhere;
    AUTO_BUF out = BUF_INIT;
    int s = aggset_need(req, &elsewhere);

    if (s)
        return s;
    add_elsewhere(&p, elsewhere);
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        paths_add(&p, fixed[i]);
    for (size_t i = 0; i < set.n; i++)
        if (set.items[i]->group[0]) {
            paths_add(&p, arena_printf(req->arena, "/apis/%s", set.items[i]->group));
            paths_add(&p, arena_printf(req->arena, "/apis/%s/%s", set.items[i]->group,
                                       set.items[i]->version));
        }
    health_each_path(add_path, &p, req->arena);
    qsort(p.items, p.n, sizeof(*p.items), by_text);
    for (uint32_t i = 0; i < p.n; i++)
        if (i == 0 || strcmp(p.items[i - 1], p.items[i]) != 0)
            value_append(req->arena, list, value_str(req->arena, p.items[i]));
    value_set(req->arena, v, "paths", list);
    value_print_pretty(v, 2, &out);
    return reply_owned(req, "application/json", &out);
}

/* What can be said of one cluster without naming another. */
static int serve_metrics(Request *req)
{
    AUTO_BUF out = BUF_INIT;

    buf_addf(&out,
             "# HELP kubernetes_build_info [STABLE] Version of this API server.\n"
             "# TYPE kubernetes_build_info gauge\n"
             "kubernetes_build_info{git_version=\"%s\",major=\"1\",minor=\"36\","
             "platform=\"linux/amd64\"} 1\n",
             GIT_VERSION);
    return reply_owned(req, "text/plain; version=0.0.4; charset=utf-8", &out);
}

/* A text of the cache, made by `make` when it is not there. */
typedef bool (*MakeFn)(const ResourceSet *set, Slice group, Slice version, Buf *out);

static const Text *text_of(Request *req, const char *what, const char *group, const char *version,
                           MakeFn make)
{
    Vcluster *vc = req->state->vc;
    const char *key =
        arena_printf(req->arena, "%s %s %s %d %d", what, group, version,
                     is_host(req->cluster) ? 1 : 0, nodestats_resources(vc->stats).n > 0 ? 1 : 0);
    CrdSet *own = req->state->crds;
    bool is_of_group =
        str_eq(what, "openapi-v3") || str_eq(what, "resources") || str_eq(what, "group");
    /* What the cluster's own kinds do not touch is the same for all clusters. */
    bool is_own = own && own->n > 0 && (!is_of_group || crds_have(req, group, NULL));
    struct TextCache *texts = is_own ? own->texts : vc->texts;
    const Text *t = texts_get(texts, key);
    ResourceSet set;
    AUTO_BUF out = BUF_INIT;

    if (t)
        return t;
    set = vc_resources(req);
    if (!make(&set, slice_of(group), slice_of(version), &out))
        return NULL;
    return texts_put(texts, key, &out);
}

static bool make_aggregated(const ResourceSet *set, Slice group, Slice version, Buf *out)
{
    char v[16];

    (void)snprintf(v, sizeof(v), "%.*s", (int)version.len, version.ptr);
    discovery_write_aggregated(set, slice_is(group, "core"), v, out);
    return true;
}

static bool make_groups(const ResourceSet *set, Slice group, Slice version, Buf *out)
{
    (void)group;
    (void)version;
    discovery_write_groups(set, out);
    return true;
}

static bool make_group(const ResourceSet *set, Slice group, Slice version, Buf *out)
{
    (void)version;
    return discovery_write_group(set, group, out);
}

static bool make_openapi_index(const ResourceSet *set, Slice group, Slice version, Buf *out)
{
    (void)group;
    (void)version;
    openapi_write_index(set, out);
    return true;
}

static bool make_openapi_v2(const ResourceSet *set, Slice group, Slice version, Buf *out)
{
    (void)group;
    (void)version;
    openapi_write_v2(set, out);
    return true;
}

static bool make_openapi_v2_protobuf(const ResourceSet *set, Slice group, Slice version, Buf *out)
{
    (void)group;
    (void)version;
    openapi_write_v2_protobuf(set, out);
    return true;
}

/* client-go asks for v2 in protobuf only; kubectl needs it to say that it does not know a kind. */
static int serve_openapi_v2(Request *req)
{
    if (req->accept && strstr(req->accept, "application/com.github.proto-openapi.spec.v2"))
        return serve_text(req, text_of(req, "openapi-v2-pb", "", "", make_openapi_v2_protobuf),
                          "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
    return serve_text(req, text_of(req, "openapi-v2", "", "", make_openapi_v2), "application/json");
}

/* Discovery as JSON, YAML or protobuf, as the client prefers. */
static int serve_discovery(Request *req, const Text *t, bool is_known)
{
    Value *v;

    if (!t)
        return is_known ? fail_unknown(req) : fail_plain_404(req);
    if (req->state->accept.kind == ACCEPT_JSON && !req->state->accept.is_pretty)
        return reply_text(req, 200, "application/json", t->body);
    if (value_parse(req->arena, t->body, &v, NULL) < 0)
        return fail_internal(req, "discovery is not JSON");
    return reply_json(req, 200, v);
}

/* A document with what extension API servers serve in it: a text of this request alone. */
static int merged(Request *req, const Text *t, const AggSet *s,
                  void (*merge)(Arena *a, const AggSet *s, Value *doc), const Text **ret)
{
    Arena *a = req->arena;
    Text *made;
    AUTO_BUF out = BUF_INIT;
    char hex[2 * SHA256_LEN + 1];
    Value *v;

    *ret = t;
    if (!s || !t)
        return STEP_OK;
    if (value_parse(a, t->body, &v, NULL) < 0)
        return fail_internal(req, "discovery is not JSON");
    merge(a, s, v);
    value_print(v, &out);
    buf_addc(&out, '\n');
    made = arena_new0(a, Text);
    made->body = (Slice){arena_strndup(a, out.ptr, out.len), out.len};
    (void)snprintf(made->etag, sizeof(made->etag), "\"%s\"", sha256_hex(made->body, hex));
    *ret = made;
    return STEP_OK;
}

static int serve_aggregated(Request *req, const Text *t)
{
    const Accept *acc = &req->state->accept;
    bool is_protobuf = acc->kind == ACCEPT_PROTOBUF;
    const char *type = arena_printf(
        req->arena, "application/%s;g=apidiscovery.k8s.io;v=%s;as=APIGroupDiscoveryList",
        is_protobuf ? "vnd.kubernetes.protobuf" : "json", acc->discovery_version);
    AUTO_BUF out = BUF_INIT;
    Slice body;
    Value *v;

    if (!is_protobuf || !t)
        return serve_text(req, t, type);
    if (value_parse(req->arena, t->body, &v, NULL) < 0 || !protobuf_encode(req->arena, v, &out))
        return fail_internal(req, "discovery is not what it should be");
    body = buf_slice(&out);
    arena_on_free(req->arena, free, buf_take(&out));
    return serve_cached(req, body, t->etag, type);
}

static int serve_roots(Request *req, bool is_core)
{
    const Accept *acc = &req->state->accept;
    const AggSet *elsewhere = NULL;
    AUTO_BUF out = BUF_INIT;
    const Text *t;
    Value *v;
    int s = is_core ? STEP_OK : aggset_need(req, &elsewhere);

    if (s)
        return s;
    if (acc->is_discovery_v2) {
        t = text_of(req, "aggregated", is_core ? "core" : "groups", acc->discovery_version,
                    make_aggregated);
        s = merged(req, t, elsewhere, agg_merge_discovery, &t);
        return s ? s : serve_aggregated(req, t);
    }
    if (!is_core) {
        t = text_of(req, "groups", "", "", make_groups);
        s = merged(req, t, elsewhere, agg_merge_groups, &t);
        return s ? s : serve_discovery(req, t, true);
    }
    discovery_write_versions(req->server ? req->server : "", &out);
    if (acc->kind != ACCEPT_JSON && value_parse(req->arena, buf_slice(&out), &v, NULL) == 0)
        return reply_json(req, 200, v);
    return reply_owned(req, "application/json", &out);
}

static int serve_version(Request *req)
{
    Value *v = value_object(req->arena);
    Arena *a = req->arena;

    value_set_str(a, v, "major", "1");
    value_set_str(a, v, "minor", "36");
    value_set_str(a, v, "emulationMajor", "1");
    value_set_str(a, v, "emulationMinor", "36");
    value_set_str(a, v, "minCompatibilityMajor", "1");
    value_set_str(a, v, "minCompatibilityMinor", "35");
    value_set_str(a, v, "gitVersion", GIT_VERSION);
    value_set_str(a, v, "gitCommit", GIT_COMMIT);
    value_set_str(a, v, "gitTreeState", "clean");
    value_set_str(a, v, "buildDate", "1970-01-01T00:00:00Z");
    value_set_str(a, v, "goVersion", "none");
    value_set_str(a, v, "compiler", "gcc");
    value_set_str(a, v, "platform", "linux/amd64");
    {
        AUTO_BUF out = BUF_INIT;

        value_print_pretty(v, 2, &out);
        return reply_owned(req, "application/json", &out);
    }
}

static int serve_issuer(Request *req, bool is_keys)
{
    CLEANUP(identity_close) Identity *id = NULL;
    AUTO_BUF out = BUF_INIT;
    Err err;

    if (!is_keys) {
        buf_addf(&out,
                 "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/openid/v1/jwks\","
                 "\"response_types_supported\":[\"id_token\"],\"subject_types_supported\":"
                 "[\"public\"],\"id_token_signing_alg_values_supported\":[\"ES256\"]}",
                 identity_issuer(), identity_issuer());
        return reply_owned(req, "application/json", &out);
    }
    if (!req->state->vc->tenancy)
        return fail_plain_404(req);
    if (tenancy_identity(req->state->vc->tenancy, req->cluster, &id, &err) < 0)
        return fail_err(req, &err);
    identity_write_jwks(id, &out);
    return reply_owned(req, "application/jwk-set+json", &out);
}

/* Cut "/a/b/c" behind a prefix into at most three parts. */
static uint32_t parts_of(Arena *a, const char *path, const char *parts[4])
{
    Slice rest = slice_of(path), part;
    uint32_t n = 0;

    while (rest.len > 0 && n < 4) {
        slice_cut(&rest, '/', &part);
        if (part.len > 0)
            parts[n++] = arena_strndup(a, part.ptr, part.len);
    }
    return n;
}

/* With the hash of the index a document never changes; with another one the client is sent on. */
static int serve_own_openapi_v3(Request *req, const char *group, const char *version)
{
    const char *given = query_get(&req->state->query, "hash");
    const Text *t = text_of(req, "openapi-v3", group, version, openapi_write_v3);
    ResourceSet set = vc_resources(req);
    char hash[17];

    if (!t || !openapi_hash(&set, slice_of(group), slice_of(version), hash))
        return fail_plain_404(req);
    if (given && given[0] && !str_eq(given, hash)) {
        reply_header(req, "Location", arena_printf(req->arena, "?hash=%s", hash));
        return reply_text(
            req, 301, "text/html; charset=utf-8",
            slice_of(
                arena_printf(req->arena, "<a href=\"?hash=%s\">Moved Permanently</a>.\n\n", hash)));
    }
    if (given && given[0]) {
        reply_header(req, "Cache-Control", "public, immutable");
        reply_header(req, "Expires", http_date(req, req->state->now_us + YEAR_US));
    }
    return serve_cached(req, t->body, arena_printf(req->arena, "\"%s\"", hash), "application/json");
}

static int serve_openapi_v3(Request *req, const char *group, const char *version)
{
    const AggSet *elsewhere = NULL;
    const AggService *found;
    int s = vc_builtin_version(group, version) ? STEP_OK : aggset_need(req, &elsewhere);

    if (s)
        return s;
    found = aggset_find(elsewhere, group, version);
    return found ? agg_pass_on(req, found) : serve_own_openapi_v3(req, group, version);
}

static int serve_openapi_index(Request *req)
{
    const Text *t = text_of(req, "openapi-index", "", "", make_openapi_index);
    const AggSet *elsewhere;
    int s = aggset_need(req, &elsewhere);

    if (!s)
        s = merged(req, t, elsewhere, agg_merge_openapi, &t);
    if (s)
        return s;
    reply_header(req, "Vary", "Accept");
    return t ? reply_text(req, 200, "application/json", t->body) : fail_plain_404(req);
}

static int serve_openapi(Request *req, const char *path)
{
    const char *parts[4];
    uint32_t n = parts_of(req->arena, path, parts);

    if (n == 1 && str_eq(parts[0], "v2"))
        return serve_openapi_v2(req);
    if (n == 0 || !str_eq(parts[0], "v3"))
        return fail_plain_404(req);
    if (n == 1)
        return serve_openapi_index(req);
    if (n == 3 && str_eq(parts[1], "api"))
        return serve_openapi_v3(req, "", parts[2]);
    if (n == 4 && str_eq(parts[1], "apis"))
        return serve_openapi_v3(req, parts[2], parts[3]);
    return fail_plain_404(req);
}

/* Documents that the aggregator of the real server answers whatever the method is. */
static bool takes_any_method(Request *req, const char *const parts[4], uint32_t n)
{
    const char *first = n > 0 ? parts[0] : "";

    if (str_eq(first, "apis"))
        return n <= 2 || (n == 3 && !vc_builtin_version(parts[1], parts[2]) &&
                          crds_have(req, parts[1], parts[2]));
    return n == 0 || str_eq(first, "openapi") || health_serves(first) || str_eq(first, "metrics");
}

static bool is_known_document(Request *req, const char *const parts[4], uint32_t n)
{
    if (n == 1)
        return str_eq(parts[0], "api") || str_eq(parts[0], "version");
    if (n == 2)
        return str_eq(parts[0], "api") && str_eq(parts[1], "v1");
    return n == 3 && str_eq(parts[0], "apis") && vc_has_version(req, parts[1], parts[2]);
}

static int serve_group(Request *req, const char *group)
{
    const Text *t = text_of(req, "group", group, "", make_group);
    const AggSet *elsewhere;
    Value *own = NULL;
    int s = aggset_need(req, &elsewhere);

    if (s)
        return s;
    if (!agg_has_group(elsewhere, group))
        return serve_discovery(req, t, false);
    if (t && value_parse(req->arena, t->body, &own, NULL) < 0)
        return fail_internal(req, "discovery is not JSON");
    return reply_json(req, 200, agg_group(req->arena, elsewhere, group, own));
}

static int serve_apis(Request *req, const char *const parts[4], uint32_t n)
{
    bool is_core = str_eq(parts[0], "api");

    if (n == 1)
        return serve_roots(req, is_core);
    if (n == 2 && is_core)
        return serve_discovery(
            req, text_of(req, "resources", "", parts[1], discovery_write_resources), true);
    if (n == 2)
        return serve_group(req, parts[1]);
    if (n == 3 && !is_core)
        return serve_discovery(
            req, text_of(req, "resources", parts[1], parts[2], discovery_write_resources),
            !crds_have(req, parts[1], NULL) &&
                text_of(req, "group", parts[1], "", make_group) != NULL);
    return fail_plain_404(req);
}

int serve_other(Request *req)
{
    const char *path = req->state->route.path, *parts[4];
    uint32_t n = parts_of(req->arena, path, parts);
    const char *first = n > 0 ? parts[0] : "";

    if (n == 0 || str_eq(first, "api") || str_eq(first, "apis") || str_eq(first, "openapi")) {
        int s = crds_need(req);

        if (s)
            return s;
    }
    if (!str_eq(req->method, "GET") && !takes_any_method(req, parts, n))
        return is_known_document(req, parts, n) ? fail_method(req) : fail_plain_404(req);
    if (n == 0)
        return serve_index(req);
    if (health_serves(first))
        return health_serve(req, first, n > 1 ? strchr(path + 1, '/') + 1 : "");
    if (str_eq(first, "api") || str_eq(first, "apis"))
        return serve_apis(req, parts, n);
    if (n == 1 && str_eq(first, "version"))
        return serve_version(req);
    if (n == 1 && str_eq(first, "metrics"))
        return serve_metrics(req);
    if (str_eq(first, "openapi"))
        return serve_openapi(req, path + strlen("/openapi"));
    if (str_eq(path, "/.well-known/openid-configuration"))
        return serve_issuer(req, false);
    if (str_eq(path, "/openid/v1/jwks"))
        return serve_issuer(req, true);
    return fail_plain_404(req);
}
