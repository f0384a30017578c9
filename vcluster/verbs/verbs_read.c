/*
 * verbs_read.c - get and list.
 *
 * A page of a list is served from the cache while the cache still is what it was when the list
 * began, and from history after that. The continue token is that of the real server (base64 of
 * JSON with version, revision and start key), plus what is left to come.
 *
 * A state that the cluster has left some minutes ago is compacted, as in a real cluster (its etcd):
 * it is listed no more, though watches may still begin there. A real cluster is never without
 * writes, its compactor makes one itself; so does a page that is asked for when nothing has been
 * written since its list began that long ago, so that the list that goes on from now has a newer
 * revision.
 */
#include "base/b64.h"
#include "base/err.h"
#include "vcluster/crconvert.h"
#include "vcluster/nodeview.h"
#include "vcluster/spaces.h"

#include <ctype.h>

int fail_internal(Request *req, const char *message)
{
    return fail_status(req, 500, NULL, NULL, message);
}

/* What is wrong with it, or NULL. */
static const char *revision_mistake(Arena *a, const char *text, int64_t *ret)
{
    bool digits = text[0] != '\0';

    for (const char *p = text; *p; p++)
        digits = digits && isdigit((unsigned char)*p);
    if (digits && slice_to_int64(slice_of(text), ret))
        return NULL;
    return arena_printf(a, "resourceVersion: Invalid value: %s: strconv.ParseUint: parsing %s: %s",
                        value_to_str(a, value_str(a, text)), value_to_str(a, value_str(a, text)),
                        digits ? "value out of range" : "invalid syntax");
}

int parse_revision(Request *req, const char *text, int64_t *ret)
{
    const char *why = revision_mistake(req->arena, text, ret);

    return why ? fail_internal(req, why) : STEP_OK;
}

int fail_too_large(Request *req, int64_t wanted)
{
    Value *d = value_object(req->arena);

    details_cause(req->arena, d, "ResourceVersionTooLarge", "Too large resource version", NULL);
    value_set_int(req->arena, d, "retryAfterSeconds", 1);
    return fail_status(
        req, 504, "Timeout", d,
        arena_printf(req->arena, "Timeout: Too large resource version: %lld, current: %lld",
                     (long long)wanted, (long long)atomic_load(&req->cluster->revision)));
}

int verb_get(Request *req, const Resource *r)
{
    const Route *t = &req->state->route;
    const char *rv = query_get(&req->state->query, "resourceVersion");
    int64_t revision = 0;
    Stored was;
    int s;

    if (rv && rv[0]) {
        s = parse_revision(req, rv, &revision);
        if (s)
            return s;
    }
    s = read_get(req, req->cluster, r->storage, r->is_namespaced ? t->ns : "", t->name, &was);
    if (s)
        return s;
    if (revision > read_revision(req, r))
        return fail_too_large(req, revision);
    if (!was.obj && nodeview_has_lease(req->cluster, r, t->ns))
        s = nodeview_lease(req, t->name, &was.obj);
    if (s)
        return s;
    if (!was.obj)
        return fail_not_found(req, r, t->name);
    s = crconvert_objs(req, r, &was.obj, 1, false);
    return s ? s : reply_object(req, 200, r, NULL, was.obj);
}

/* ---- list ---- */

typedef struct Page {
    int64_t revision; /* 0: now */
    const char *after_ns, *after_name;
    int64_t remaining; /* behind the start of this page; -1 unknown */
} Page;

typedef struct Wanted {
    const Options *opts;
    size_t n_seen;       /* and left out */
    SpaceFilter *filter; /* NULL: all */
} Wanted;

static bool is_wanted(const Obj *o, void *data)
{
    Wanted *w = data;
    bool is_in = selector_match_obj(w->opts->labels, o) && selector_match_obj(w->opts->fields, o) &&
                 spaces_shows(w->filter, o);

    w->n_seen += !is_in;
    return is_in;
}

static char *token_write(Request *req, const Page *p)
{
    Arena *a = req->arena;
    Value *v = value_object(a);
    AUTO_BUF text = BUF_INIT;
    AUTO_BUF out = BUF_INIT;

    value_set_str(a, v, "v", "meta.k8s.io/v1");
    value_set_int(a, v, "rv", p->revision);
    value_set_str(a, v, "start",
                  p->after_ns[0] ? arena_printf(a, "%s/%s", p->after_ns, p->after_name)
                                 : p->after_name);
    if (p->remaining >= 0)
        value_set_int(a, v, "left", p->remaining);
    value_print(v, &text);
    b64url_encode(buf_slice(&text), &out);
    return arena_strdup(a, buf_str(&out));
}

static int bad_token(Request *req, const char *why)
{
    return fail(req, ERR_BAD_REQUEST, "invalid continue token: continue key is not valid: %s", why);
}

/* Where Go's decoder of unpadded base64 for URLs stops; -1 when it does not. */
static long base64_mistake(const char *s)
{
    size_t n = strlen(s);

    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)s[i]) && s[i] != '-' && s[i] != '_')
            return (long)i;
    return n % 4 == 1 ? (long)n - 1 : -1;
}

/* A start key may not leave the collection. */
static bool is_clean(const char *start)
{
    Slice rest = slice_of(start[0] == '/' ? start + 1 : start), part;

    while (rest.len > 0) {
        bool ends = memchr(rest.ptr, '/', rest.len) == NULL;

        slice_cut(&rest, '/', &part);
        if (part.len == 0 || slice_is(part, ".") || slice_is(part, "..") ||
            (!ends && rest.len == 0))
            return false;
    }
    return true;
}

static int token_read(Request *req, const Resource *r, const char *text, Page *ret)
{
    AUTO_BUF plain = BUF_INIT;
    Value *v = NULL;
    const char *start, *slash, *version;
    long at = base64_mistake(text);
    Err err;

    if (at >= 0 || !b64url_decode(slice_of(text), &plain))
        return bad_token(req, arena_printf(req->arena, "illegal base64 data at input byte %ld",
                                           at < 0 ? (long)strlen(text) - 1 : at));
    if (value_parse(req->arena, buf_slice(&plain), &v, &err) < 0)
        return bad_token(req, err.msg);
    start = value_get_str(v, "start");
    version = value_get_str(v, "v");
    if (!str_eq(version, "meta.k8s.io/v1"))
        return bad_token(req, arena_printf(req->arena,
                                           "server does not recognize this encoded version %s",
                                           version ? version : ""));
    ret->revision = value_at_int(v, "rv", 0);
    ret->remaining = value_at_int(v, "left", -1);
    if (ret->revision == 0)
        return bad_token(req, "incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
    if (!start || !start[0])
        return bad_token(req, "encoded start key empty (version meta.k8s.io/v1)");
    if (!is_clean(start))
        return bad_token(req, start);
    if (ret->revision < 0) { /* a list that was promised to be inconsistent goes on from now */
        ret->revision = 0;
        ret->remaining = -1;
    }
    start += start[0] == '/';
    slash = r->is_namespaced ? strchr(start, '/') : NULL;
    ret->after_ns = slash ? arena_strndup(req->arena, start, (size_t)(slash - start)) : "";
    ret->after_name = arena_strdup(req->arena, slash ? slash + 1 : start);
    return STEP_OK;
}

/* A tenant's nodes are listed as they are, whatever version is asked for. */
static bool is_compacted(Request *req, const Resource *r, int64_t revision)
{
    Cluster *c = req->cluster;

    return !nodeview_serves(c, r->storage) &&
           (revision < atomic_load(&c->compacted) || revision < atomic_load(&c->oldest) ||
            revision < spaces_since(req));
}

static int after_mark(Request *req, void *data UNUSED)
{
    return list_expired(req);
}

/* The page is old, and nothing was written since. */
static bool is_idle_since(Request *req, const Resource *r, int64_t revision)
{
    Cluster *c = req->cluster;

    return !nodeview_serves(c, r->storage) && str_eq(req->state->route.verb, "list") &&
           atomic_load(&c->state) == CLUSTER_ACTIVE && revision == atomic_load(&c->compacted) &&
           revision == atomic_load(&c->revision);
}

static int leave_mark(Request *req)
{
    static const Stored any = {.expect = EXPECT_ANY};
    Value *row = value_object(req->arena);
    Obj *o;

    value_set_at(req->arena, row, "metadata.name", value_str(req->arena, "revision"));
    o = engine_obj(req, row);
    if (!o)
        return fail_internal(req, "the compaction cannot be stored");
    engine_put(req, "internal/compaction", "", "revision", &any, o);
    return engine_commit(req, after_mark, NULL);
}

static int page_of(Request *req, const Resource *r, Page *ret)
{
    const Options *o = &req->state->opts;
    const char *why;
    int64_t rv = 0;
    int s;

    *ret = (Page){.remaining = -1};
    if (o->cont[0]) {
        s = token_read(req, r, o->cont, ret);
        if (s)
            return s;
        if (o->resource_version[0] && !str_eq(o->resource_version, "0"))
            return fail(req, ERR_BAD_REQUEST,
                        "specifying resource version is not allowed when using continue");
        if (ret->revision > 0 && is_compacted(req, r, ret->revision))
            return list_expired(req);
        return ret->revision > 0 && is_idle_since(req, r, ret->revision) ? leave_mark(req)
                                                                         : STEP_OK;
    }
    if (!o->resource_version[0])
        return STEP_OK;
    why = revision_mistake(req->arena, o->resource_version, &rv);
    if (why)
        return fail(req, ERR_BAD_REQUEST, "invalid resource version: %s", why);
    if (rv > read_revision(req, r)) /* of a place where it was before, perhaps */
        return spaces_since(req) > 0 ? fail_expired(req, NULL) : fail_too_large(req, rv);
    if (str_eq(o->match, "Exact") || (!o->match[0] && o->limit > 0 && rv > 0))
        ret->revision = rv;
    return ret->revision > 0 && is_compacted(req, r, ret->revision) ? fail_expired(req, NULL)
                                                                    : STEP_OK;
}

/* The objects as they were: from history, filtered here. */
static int list_past(Request *req, const Resource *r, const CacheScan *scan, const Page *page,
                     ObjVec *ret, bool *ret_more)
{
    ObjVec all;
    Cache *k = NULL;
    int s = engine_cache(req, req->cluster, r->storage, &k);

    if (!s)
        s = engine_list_at(req, r->storage, page->revision, &all);
    if (s)
        return s;
    *ret_more = false;
    for (size_t i = 0; i < all.n; i++) {
        const Obj *o = all.items[i];
        int d = scan->after_name ? strcmp(o->ns, scan->after_ns) : 1;

        if (d == 0)
            d = strcmp(o->name, scan->after_name);
        if (d <= 0 || (scan->ns && strcmp(scan->ns, o->ns) != 0) ||
            (scan->match && !scan->match(o, scan->data)))
            continue;
        if (scan->limit > 0 && ret->n == scan->limit) {
            *ret_more = true;
            break;
        }
        objvec_add(ret, obj_ref(all.items[i]));
    }
    read_merge_base(req->state->vc, req->cluster, k, r->storage, scan, ret, ret_more);
    return STEP_OK;
}

/* How many objects there are behind where the page begins, itself with them. */
static int count_behind(Request *req, const Resource *r, const CacheScan *scan, const Page *page,
                        bool is_past, int64_t *ret)
{
    CacheScan all = *scan;
    AUTO_OBJVEC v = {0};
    int64_t revision;
    bool more = false;
    Cache *k = NULL;
    int s;

    all.limit = 0;
    if (!is_past && !scan->after_name && !scan->match &&
        !nodeview_serves(req->cluster, r->storage)) {
        s = engine_cache(req, req->cluster, r->storage, &k);
        if (s)
            return s;
        read_merge_base(req->state->vc, req->cluster, k, r->storage, &all, &v, &more);
        *ret = (int64_t)(cache_count(k, scan->ns) + v.n);
        return STEP_OK;
    }
    s = is_past ? list_past(req, r, &all, page, &v, &more)
                : read_list(req, req->cluster, r->storage, &all, &v, &revision, &more);
    *ret = (int64_t)v.n;
    if (!s)
        tenant_owe(req, v.n);
    return s;
}

/* Selectors are for the objects as the version asked for has them: all are converted first. */
static int list_converted(Request *req, const Resource *r, const CacheScan *scan, Page *page,
                          bool is_past, ObjVec *ret, int64_t *ret_now, bool *ret_more)
{
    CacheScan all = *scan;
    AUTO_OBJVEC v = {0};
    int s;

    all.match = NULL;
    all.limit = 0;
    s = is_past ? list_past(req, r, &all, page, &v, ret_more)
                : read_list(req, req->cluster, r->storage, &all, &v, ret_now, ret_more);
    if (!s)
        s = crconvert_objs(req, r, v.items, v.n, true);
    if (s)
        return s;
    *ret_more = false;
    for (size_t i = 0; i < v.n; i++) {
        if (!scan->match(v.items[i], scan->data))
            continue;
        if (scan->limit > 0 && ret->n == scan->limit) {
            *ret_more = true;
            break;
        }
        objvec_add(ret, obj_ref(v.items[i]));
    }
    return STEP_OK;
}

/* Objects for the page, and what the next token says ("" when this is the last page). */
static int list_page(Request *req, const Resource *r, const CacheScan *scan, Page *page,
                     ObjVec *ret, const char **ret_token)
{
    Options *o = &req->state->opts;
    bool more = false, is_past = false;
    int64_t now = 0;
    Cache *k = NULL;
    int s;

    *ret_token = "";
    if (page->revision > 0 && !nodeview_serves(req->cluster, r->storage)) {
        s = engine_cache(req, req->cluster, r->storage, &k);
        if (s)
            return s;
        is_past = cache_changed(k) > page->revision;
    }
    if (crconvert_applies(r) && scan->match)
        s = list_converted(req, r, scan, page, is_past, ret, &now, &more);
    else if (is_past)
        s = list_past(req, r, scan, page, ret, &more);
    else
        s = read_list(req, req->cluster, r->storage, scan, ret, &now, &more);
    if (s)
        return s;
    if (page->revision == 0)
        page->revision = now;
    if (!more) {
        page->remaining = -1;
        return STEP_OK;
    }
    if (page->remaining < 0 && !o->labels && !o->fields) {
        s = count_behind(req, r, scan, page, is_past, &page->remaining);
        if (s)
            return s;
    }
    if (page->remaining >= 0)
        page->remaining -= (int64_t)ret->n;
    page->after_ns = ret->n > 0 ? ret->items[ret->n - 1]->ns : "";
    page->after_name = ret->n > 0 ? ret->items[ret->n - 1]->name : "";
    *ret_token = token_write(req, page);
    return STEP_OK;
}

/* The one namespace that a list can find objects in, NULL for all of them. */
static const char *list_namespace(const Request *req, const Resource *r)
{
    const char *named = selector_exact(req->state->opts.fields, "metadata.namespace");

    if (!r->is_namespaced)
        return "";
    if (req->state->route.ns[0])
        return req->state->route.ns;
    return named && named[0] ? named : NULL;
}

/* How many objects a list goes over, as far as that is known before: all of them where a page
 * further on does not say how many are left, which the first one after a token that was too old
 * does not. */
static size_t n_ahead(Request *req, const Resource *r, const Page *page)
{
    const Options *o = &req->state->opts;
    CLEANUP(cache_unref) Cache *k = store_cache(req->state->vc->store, req->cluster, r->storage);
    size_t n = k ? cache_count(k, list_namespace(req, r)) : 0;
    bool counts = page->after_name && page->remaining < 0;

    return o->limit > 0 && !o->labels && !o->fields && !counts ? MIN(n, (size_t)o->limit) : n;
}

int list_find(Request *req, const Resource *r, ObjVec *ret, Listed *ret_listed)
{
    Options *o = &req->state->opts;
    Wanted wanted = {.opts = o};
    SelectorTerm term;
    Page page;
    int s = page_of(req, r, &page);

    if (!s)
        s = engine_turn(req, n_ahead(req, r, &page));
    if (!s)
        s = spaces_filter(req, r, &wanted.filter);
    if (s)
        return s;
    {
        CacheScan scan = {
            .ns = list_namespace(req, r),
            .after_ns = page.after_ns,
            .after_name = page.after_name,
            .limit = o->limit > 0 ? (size_t)o->limit : 0,
            .match = o->labels || o->fields || wanted.filter ? is_wanted : NULL,
            .data = &wanted,
            .by_head = !o->fields,
        };

        if (selector_term(o->fields, &term) || selector_term(o->labels, &term))
            scan.term = &term;

        s = list_page(req, r, &scan, &page, ret, &ret_listed->token);
        spaces_filter_free(wanted.filter);
    }
    ret_listed->revision = page.revision;
    ret_listed->remaining = page.remaining;
    if (!s)
        tenant_owe(req, wanted.n_seen + ret->n);
    return s;
}

int verb_list(Request *req, const Resource *r)
{
    AUTO_OBJVEC v = {0};
    Listed l;
    int s = list_find(req, r, &v, &l);

    if (!s && !l.token[0] && nodeview_has_lease(req->cluster, r, req->state->route.ns))
        s = nodeview_leases(req, &v);
    if (!s)
        s = crconvert_objs(req, r, v.items, v.n, true);
    if (s)
        return s;
    return reply_list(req, r, &v, l.revision, l.token, l.remaining);
}

/* A page of a list that is too old says how to go on from the newest state. */
int list_expired(Request *req)
{
    const Options *o = &req->state->opts;
    const Resource *r = vc_resource(req, req->state->route.group, req->state->route.version,
                                    req->state->route.resource);
    Page page = {.remaining = -1};

    if (!o->cont || !o->cont[0] || !r)
        return fail_expired(req, NULL);
    if (token_read(req, r, o->cont, &page))
        return STEP_DONE;
    page.revision = -1;
    page.remaining = -1;
    return fail_expired(req, token_write(req, &page));
}
