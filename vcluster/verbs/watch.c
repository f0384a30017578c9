/*
 * watch.c - a watch as a stream: the state at its beginning, then every change, in order.
 *
 * DESIGN. The stream owns an arena of its own with the parsed selectors and lives from the request
 * that made it to its close(). It goes through
 *
 *   INITIAL  objects of a list, as ADDED; then, for sendInitialEvents, the bookmark that ends them.
 *            Where there are many the list is walked while the client reads (cache_walk()), so that
 *            a watch holds but a place in it
 *   LIVE     events of the cache behind the list's revision
 *   ENDED    time is up, or the watcher fell behind (410 is the last frame)
 *
 * With a selector an object that begins to match comes as ADDED and one that ceases to match as
 * DELETED, with its last matching content and the revision of the change. A frame without such a
 * change of type is encoded once for all watchers of a representation (Event.frames).
 *
 * Threads: everything after start() runs on the loop given there.
 */
#include "api/protobuf.h"
#include "api/table.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/random.h"
#include "vcluster/convert.h"
#include "vcluster/crconvert.h"
#include "vcluster/crds.h"
#include "vcluster/managed.h"
#include "vcluster/nodeview.h"
#include "vcluster/spaces.h"
#include "vcluster/watchconvert.h"

#include <inttypes.h>

enum {
    BATCH_BYTES = 16 * 1024, /* made at a time: a client that does not read costs as much */
    FEW = 256,               /* objects that a watch begins with and holds; more are walked, */
    FEW_BYTES = 256 * 1024,  /* and so are larger ones: held by a client that does not read */
    WALK_STEP = 64,
    BOOKMARK_MS = 60 * 1000,
    LAST_BOOKMARK_MS = 2000,
    TIMEOUT_MAX_S = 1000000000
};

typedef struct WatchStream {
    Stream stream; /* first */
    Arena *arena;
    Cache *cache;
    Cluster *cluster;
    Selector *labels, *fields;
    const char *ns; /* NULL: all */
    Encoding enc;
    ObjVec initial;
    size_t next_initial;
    CacheWalk *walk; /* the objects behind `initial`; NULL: none */
    int64_t from;
    bool send_bookmark_first, allow_bookmarks, columns_sent;
    bool is_ended, is_bookmark_due;
    bool is_lost; /* nobody knows any more what came behind `from` */
    int64_t timeout_ms;
    Err *start_err; /* why it could not start, or NULL */
    Watch *watch;
    SpaceFilter *filter;    /* NULL: everything shows */
    Event *held;            /* of a namespace that it is not known yet whose it was */
    WatchConvert *convert;  /* NULL: no webhook converts */
    struct NodeRows *nodes; /* of a tenant's nodes: `cache` has the host's */
    LoopTimer *deadline, *bookmarks, *last_bookmark;
    LoopFn ready;
    void *ready_data;
    Vcluster *vc;
} WatchStream;

/* The tenant's part of its nodes (nodeview.h), watched beside the host's. */
typedef struct NodeRows {
    const Vcluster *vc;
    Cache *cache;
    Watch *watch;
    NodesPlace from; /* behind which events are told */
    ObjVec news;     /* rows that changed before, behind the version the client has */
    size_t next;
    int64_t version;          /* the last that was said */
    const TenantTerms *terms; /* when it began; the watch ends when they change */
} NodeRows;

static const char *const type_names[] = {
    [EVENT_ADDED] = "ADDED", [EVENT_MODIFIED] = "MODIFIED", [EVENT_DELETED] = "DELETED"};

static bool matches(const WatchStream *w, const Obj *o)
{
    return (!w->ns || strcmp(w->ns, o->ns) == 0) && selector_match_obj(w->labels, o) &&
           selector_match_obj(w->fields, o) && spaces_shows(w->filter, o);
}

/* A frame in JSON: a line of its own. In protobuf: its length, then an event that has the object's
 * whole body as bytes. */
static void open_frame(const char *type, Buf *out)
{
    buf_adds(out, "{\"type\":\"");
    buf_adds(out, type);
    buf_adds(out, "\",\"object\":");
}

static void write_frame(WatchStream *w, const char *type, const Obj *o, Buf *out)
{
    AUTO_BUF body = BUF_INIT;

    if (w->enc.wire) {
        encode_object(&w->enc, o, false, 0, &body);
        protobuf_write_event(type, buf_slice(&body), out);
        return;
    }
    open_frame(type, out);
    encode_object(&w->enc, o, !w->columns_sent, clock_now_us(), out);
    w->columns_sent = true;
    buf_adds(out, "}\n");
}

/* Of an object that the server makes for the watch, in the form it is to have. */
static void write_made(WatchStream *w, Arena *a, const char *type, const Value *v, Buf *out)
{
    AUTO_BUF body = BUF_INIT;

    if (w->enc.wire && protobuf_encode(a, v, &body)) {
        protobuf_write_event(type, buf_slice(&body), out);
        return;
    }
    open_frame(type, out);
    value_print(v, out);
    buf_adds(out, "}\n");
}

/* The slot of Event.frames for this representation; -1 when it is encoded for each watcher. */
static int frame_slot(const WatchStream *w)
{
    enum { OBJECT, PARTIAL, N_FORMS }; /* in JSON, and again in protobuf */
    int form = w->enc.wire ? N_FORMS : 0;

    _Static_assert(2 * N_FORMS <= EVENT_FRAMES, "an event has a frame for each representation");
    if (w->nodes || w->enc.r->crd || convert_is_needed(w->enc.r)) /* by version */
        return -1;
    if (w->enc.as == AS_OBJECT)
        return form + OBJECT;
    if (w->enc.as == AS_PARTIAL || w->enc.as == AS_PARTIAL_LIST)
        return str_eq(w->enc.as_version, "v1") ? form + PARTIAL : -1;
    return -1;
}

static void write_event(WatchStream *w, EventType type, Event *e, const Obj *o, Buf *out)
{
    int slot = type == e->type && o == e->obj ? frame_slot(w) : -1;
    Slice *cached, *expected = NULL;

    if (slot < 0) {
        write_frame(w, type_names[type], o, out);
        return;
    }
    cached = atomic_load_explicit(&e->frames[slot], memory_order_acquire);
    if (!cached) {
        AUTO_BUF text = BUF_INIT;
        Slice *made;

        write_frame(w, type_names[type], o, &text);
        made = xmalloc(sizeof(*made) + text.len); /* one block, as the event frees it */
        made->ptr = (char *)(made + 1);
        made->len = text.len;
        memcpy(made + 1, text.ptr, text.len);
        if (atomic_compare_exchange_strong(&e->frames[slot], &expected, made))
            cached = made;
        else {
            free(made);
            cached = expected;
        }
    }
    buf_add_slice(out, *cached);
}

/* Did the object belong to this watch before the change? Where nobody knows, it may have had any
 * labels: its watcher is rather told of the end of an object that it never had, which clients
 * ignore. */
static bool matched(const WatchStream *w, const Event *e, bool now)
{
    if (e->prev)
        return matches(w, e->prev);
    if (e->type != EVENT_MODIFIED)
        return e->type == EVENT_DELETED && now; /* `obj` is its last state */
    return now || (e->is_prev_lost && (!w->ns || strcmp(w->ns, e->obj->ns) == 0) &&
                   selector_match_obj(w->fields, e->obj) && spaces_shows(w->filter, e->obj));
}

static void pass_event(WatchStream *w, Event *e, Buf *out)
{
    bool now = matches(w, e->obj), before = matched(w, e, now);

    if (e->type == EVENT_DELETED) {
        if (now || before)
            write_event(w, EVENT_DELETED, e, e->obj, out);
    } else if (now)
        write_event(w, before ? e->type : EVENT_ADDED, e, e->obj, out);
    else if (before) {
        CLEANUP(obj_unref)
        Obj *last = obj_with_revision(e->prev ? e->prev : e->obj, e->revision);

        write_frame(w, "DELETED", last, out);
    }
}

static void write_bookmark(WatchStream *w, int64_t revision, bool is_initial_end, Buf *out)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v, *meta = value_object(a);

    v = managed_empty(a, w->enc.r);
    value_set_str(a, meta, "resourceVersion", arena_printf(a, "%lld", (long long)revision));
    if (is_initial_end)
        value_set_at(a, meta, "annotations",
                     value_literal(a, "{'k8s.io/initial-events-end':'true'}"));
    if (w->enc.as == AS_OBJECT) {
        value_set(a, v, "metadata", meta);
    } else {
        Value *part = value_object(a), *row = value_object(a), *rows = value_array(a);

        value_set_str(a, part, "kind", "PartialObjectMetadata");
        value_set_str(a, part, "apiVersion", arena_printf(a, "meta.k8s.io/%s", w->enc.as_version));
        value_set(a, part, "metadata", meta);
        if (w->enc.as == AS_TABLE) {
            Value *t = value_object(a), *tm = value_object(a);

            value_set_str(a, t, "kind", "Table");
            value_set_str(a, t, "apiVersion", arena_printf(a, "meta.k8s.io/%s", w->enc.as_version));
            value_set_str(a, tm, "resourceVersion", arena_printf(a, "%lld", (long long)revision));
            value_set(a, t, "metadata", tm);
            value_set(a, t, "columnDefinitions", value_null(a));
            value_set(a, row, "cells", table_cells(a, w->enc.r, v, 0));
            value_set(a, row, "object", part);
            value_append(a, rows, row);
            value_set(a, t, "rows", rows);
            part = t;
        }
        v = part;
    }
    write_made(w, a, "BOOKMARK", v, out);
}

static void write_gone(WatchStream *w, const Err *err, Buf *out)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v =
        value_literal(a, "{'kind':'Status','apiVersion':'v1','metadata':{},'status':'Failure'}");

    value_set_str(a, v, "message", err->msg);
    value_set_str(a, v, "reason", err_reason(err->code));
    value_set_int(a, v, "code", err_http_status(err->code));
    write_made(w, a, "ERROR", v, out);
}

/* The next of those that are walked over. */
static int walk_on(WatchStream *w, Err *err)
{
    int r = cache_walk_next(w->walk, WALK_STEP, &w->initial, err);
    size_t n = 0;

    for (size_t i = 0; i < w->initial.n; i++) {
        if (matches(w, w->initial.items[i]))
            w->initial.items[n++] = w->initial.items[i];
        else
            obj_unref(w->initial.items[i]);
    }
    w->initial.n = n;
    if (r == 0) {
        cache_walk_free(w->walk);
        w->walk = NULL;
    }
    return r;
}

static bool is_at_beginning(const WatchStream *w)
{
    return w->next_initial < w->initial.n || w->walk || w->send_bookmark_first;
}

/* As far as `full` bytes. */
static int read_initial(WatchStream *w, size_t full, Buf *out, Err *err)
{
    int r = 0;

    while (r >= 0 && out->len < full) {
        if (w->next_initial < w->initial.n) {
            write_frame(w, "ADDED", w->initial.items[w->next_initial++], out);
            continue;
        }
        objvec_done(&w->initial);
        w->next_initial = 0;
        if (!w->walk)
            break;
        r = walk_on(w, err);
    }
    if (r < 0 || w->next_initial < w->initial.n || w->walk)
        return r;
    if (w->send_bookmark_first)
        write_bookmark(w, w->from, true, out);
    w->send_bookmark_first = false;
    return 0;
}

/* ---- a tenant's nodes ---- */

static void pass_node(WatchStream *w, EventType type, Obj *now, Obj *before, Buf *out)
{
    Event seen = {.type = type, .obj = now ? now : before, .prev = before};

    if (!seen.obj)
        return;
    seen.revision = seen.obj->revision;
    w->nodes->version = MAX(w->nodes->version, seen.revision);
    pass_event(w, &seen, out);
}

static void pass_host_event(WatchStream *w, const Event *e, Buf *out)
{
    const TenantTerms *t = w->nodes->terms;
    bool shows = nodeview_shows(t, e->obj), showed = e->prev ? nodeview_shows(t, e->prev) : shows;
    EventType type = !shows ? EVENT_DELETED : !showed ? EVENT_ADDED : e->type;
    CLEANUP(obj_unref) Obj *row = cache_get(w->nodes->cache, "", e->obj->name);
    CLEANUP(obj_unref) Obj *now = nodeview_of(w->nodes->vc, t, e->obj, row);
    CLEANUP(obj_unref)
    Obj *before = e->prev && showed ? nodeview_of(w->nodes->vc, t, e->prev, row) : NULL;

    if ((shows || showed) &&
        str_eq(now->uid, e->obj->uid)) /* and no node of the tenant's hides it */
        pass_node(w, e->type == EVENT_DELETED ? EVENT_DELETED : type, now, before, out);
}

/* A row came, changed or went: of a node of the tenant's own, or over one of the host. */
static void pass_row_event(WatchStream *w, EventType type, const Obj *row, const Obj *prev,
                           Buf *out)
{
    const TenantTerms *t = w->nodes->terms;
    CLEANUP(obj_unref) Obj *any = cache_get(w->cache, "", row->name);
    const Obj *host = any && nodeview_shows(t, any) ? any : NULL;
    CLEANUP(obj_unref) Obj *now = nodeview_of(w->nodes->vc, t, host, row);
    CLEANUP(obj_unref) Obj *before = prev || host ? nodeview_of(w->nodes->vc, t, host, prev) : NULL;
    bool is_hosts = host && now && str_eq(now->uid, host->uid);

    pass_node(w, is_hosts ? EVENT_MODIFIED : type, now, before, out);
    if (type == EVENT_DELETED && host && !is_hosts) { /* it hid the host's, which is seen again */
        CLEANUP(obj_unref) Obj *again = nodeview_of(w->nodes->vc, t, host, NULL);

        pass_node(w, EVENT_ADDED, again, NULL, out);
    }
}

/* As watch_next(): 1 when a frame was looked at. */
static int next_row(WatchStream *w, Buf *out, Err *err)
{
    NodeRows *n = w->nodes;
    Event *e = NULL;
    int r;

    if (n->next < n->news.n) {
        const Obj *row = n->news.items[n->next++];

        pass_row_event(w, EVENT_MODIFIED, row, row, out);
        return 1;
    }
    r = watch_next(n->watch, &e, err);
    if (r > 0)
        pass_row_event(w, e->type, e->obj, e->prev, out);
    event_unref(e);
    return r;
}

/* Other pools, another view: what the client knows is to be listed anew. */
static bool terms_changed(const WatchStream *w, Err *err)
{
    CLEANUP(terms_unref) const TenantTerms *now = NULL;
    const TenantTerms *then = w->nodes ? w->nodes->terms : NULL;
    const char *need = NULL;

    if (!then || !w->vc->tenancy || tenancy_terms(w->vc->tenancy, w->cluster, &now, &need) < 0 ||
        terms_are_same(then, now))
        return false;
    (void)err_set(err, ERR_EXPIRED, "the nodes that may be seen have changed");
    return true;
}

static int64_t progress(WatchStream *w)
{
    if (!w->nodes)
        return watch_progress(w->watch);
    return nodeview_with_rows(MAX(w->from, w->nodes->version), watch_progress(w->nodes->watch));
}

/* As watch_next(); of a tenant's namespaces only when it is known which those were. */
static int next_event(WatchStream *w, Event **ret, Err *err)
{
    int64_t until = INT64_MAX;
    int r;

    *ret = NULL;
    if (spaces_is_over(w->filter))
        return err_set(err, ERR_EXPIRED, "the tenant is gone, or was moved");
    r = w->held ? 1 : watch_next(w->watch, &w->held, err);
    if (r > 0 && w->filter)
        r = spaces_catch_up(w->filter, &until, err) < 0 ? -ERR_EXPIRED : w->held->revision <= until;
    if (r > 0)
        *ret = TAKE(w->held);
    return r;
}

static int raw_event(void *data, Event **ret, Err *err)
{
    return next_event(data, ret, err);
}

/* 1 when an event was looked at. */
static int pass_next(WatchStream *w, Buf *out, Err *err)
{
    Event *raw = NULL, seen;
    int r = w->convert ? watchconvert_next(w->convert, raw_event, w, &seen, err)
                       : next_event(w, &raw, err);

    if (r > 0 && w->nodes)
        pass_host_event(w, raw, out);
    else if (r > 0)
        pass_event(w, w->convert ? &seen : raw, out);
    event_unref(raw);
    return r;
}

/* Everything that was taken from the cache's watch is told. */
static bool is_caught_up(const WatchStream *w)
{
    return !w->held && !(w->convert && watchconvert_is_busy(w->convert));
}

static int end_by(WatchStream *w, const Err *err, Buf *out)
{
    write_gone(w, err, out);
    w->is_ended = true;
    return -1;
}

static int watch_read(Stream *s, Buf *out)
{
    WatchStream *w = (WatchStream *)s;
    size_t full = out->len + BATCH_BYTES;
    Err err;
    int r;

    if (w->start_err)
        return w->is_ended ? -1 : end_by(w, w->start_err, out);
    if (is_at_beginning(w)) {
        if (read_initial(w, full, out, &err) < 0)
            return end_by(w, &err, out);
        if (is_at_beginning(w))
            return 1;
    }
    while (out->len < full) {
        r = terms_changed(w, &err) ? -ERR_EXPIRED : pass_next(w, out, &err);
        if (r == 0 && w->nodes) {
            r = next_row(w, out, &err);
            if (r > 0)
                continue;
        }
        if (r < 0)
            return end_by(w, &err, out);
        if (r == 0) {
            if (w->is_bookmark_due && w->allow_bookmarks && is_caught_up(w))
                write_bookmark(w, MAX(w->from, progress(w)), false, out);
            w->is_bookmark_due = false;
            return w->is_ended ? -1 : 0;
        }
    }
    return 1;
}

static void on_deadline(void *data)
{
    WatchStream *w = data;

    w->is_ended = true;
    w->ready(w->ready_data);
}

static void on_bookmark(void *data)
{
    WatchStream *w = data;

    w->is_bookmark_due = true;
    w->ready(w->ready_data);
}

/* From now on the caches tell when there is something to read. */
static int follow(WatchStream *w, Loop *loop, Err *err)
{
    LoopFn ready = w->ready;
    void *data = w->ready_data;
    int r;

    if (w->is_lost)
        return err_set(err, ERR_EXPIRED, "too old resource version: %" PRId64, w->from);
    r = cache_watch(w->cache, w->nodes ? w->nodes->from.host : w->from, loop, ready, data,
                    &w->watch, err);
    if (r == 0 && w->nodes)
        r = cache_watch(w->nodes->cache, w->nodes->from.rows, loop, ready, data, &w->nodes->watch,
                        err);
    if (r == 0 && w->filter)
        r = spaces_follow(w->filter, w->from, loop, ready, data, err);
    return r;
}

static void watch_start(Stream *s, Loop *loop, LoopFn ready, void *data)
{
    WatchStream *w = (WatchStream *)s;
    Err err;

    w->ready = ready;
    w->ready_data = data;
    if (follow(w, loop, &err) < 0) {
        w->start_err = arena_extend(w->arena, &err, sizeof(err), sizeof(err));
        return;
    }
    if (crconvert_applies(w->enc.r))
        w->convert = watchconvert_new(w->vc, w->cluster, w->enc.r,
                                      w->labels || w->fields || w->filter, loop, ready, data);
    w->deadline = loop_timer(loop, (uint64_t)w->timeout_ms, 0, on_deadline, w);
    if (!w->allow_bookmarks)
        return;
    w->bookmarks = loop_timer(loop, BOOKMARK_MS, BOOKMARK_MS, on_bookmark, w);
    /* and one shortly before the end, so that the next watch begins near to now */
    if (w->timeout_ms > LAST_BOOKMARK_MS)
        w->last_bookmark =
            loop_timer(loop, (uint64_t)w->timeout_ms - LAST_BOOKMARK_MS, 0, on_bookmark, w);
}

static void node_rows_done(NodeRows *n)
{
    if (n->watch)
        watch_close(n->watch);
    objvec_done(&n->news);
    cache_unref(n->cache);
    terms_unref(n->terms);
}

static void watch_stop(Stream *s)
{
    WatchStream *w = (WatchStream *)s;

    loop_timer_free(w->deadline);
    loop_timer_free(w->bookmarks);
    loop_timer_free(w->last_bookmark);
    watchconvert_free(w->convert);
    if (w->watch)
        watch_close(w->watch);
    objvec_done(&w->initial);
    cache_walk_free(w->walk);
    event_unref(w->held);
    spaces_filter_free(w->filter);
    if (w->nodes)
        node_rows_done(w->nodes);
    cache_unref(w->cache);
    cluster_unref(w->cluster);
    arena_free(w->arena);
}

static WatchStream *stream_new(Request *req, const Resource *r, Cache *k)
{
    Arena *a = arena_new_sized(sizeof(WatchStream) + 512); /* there may be ten thousand */
    WatchStream *w = arena_new0(a, WatchStream);
    const Options *o = &req->state->opts;
    const Route *t = &req->state->route;

    w->stream = (Stream){watch_read, watch_start, watch_stop};
    w->arena = a;
    w->vc = req->state->vc;
    if (r->crd)
        arena_on_free(a, crds_unref, crds_ref(req->state->crds));
    w->cache = cache_ref(k);
    w->cluster = cluster_ref(req->cluster);
    w->ns = r->is_namespaced && t->ns[0] ? arena_strdup(a, t->ns) : NULL;
    if (o->label_selector[0])
        (void)(selector_parse_labels(a, o->label_selector, &w->labels, NULL) < 0);
    if (o->field_selector[0])
        (void)(selector_parse_fields(a, r, o->field_selector, &w->fields, NULL) < 0);
    else if (t->is_watch_prefix && t->is_item)
        (void)(selector_parse_fields(a, r, arena_printf(a, "metadata.name=%s", t->name), &w->fields,
                                     NULL) < 0);
    w->allow_bookmarks = o->allow_bookmarks;
    w->timeout_ms = o->timeout_s > 0 ? MIN(o->timeout_s, (int64_t)TIMEOUT_MAX_S) * 1000
                                     : 1800 * 1000 + (int64_t)(random_u64() % (1800 * 1000));
    return w;
}

static bool match_stream(const Obj *o, void *data)
{
    return matches(data, o);
}

/* Selectors are for the objects as the version asked for has them. */
static int convert_initial(Request *req, const Resource *r, WatchStream *w)
{
    ObjVec *v = &w->initial;
    size_t n = 0;
    int s;

    if (!crconvert_applies(r))
        return STEP_OK;
    s = crconvert_objs(req, r, v->items, v->n, true);
    for (size_t i = 0; !s && i < v->n; i++) {
        if (matches(w, v->items[i]))
            v->items[n++] = v->items[i];
        else
            obj_unref(v->items[i]);
    }
    if (!s)
        v->n = n;
    return s;
}

/* From where the rows are told to who knows `version`: what it may not have seen. */
static void find_news(NodeRows *n, int64_t version)
{
    AUTO_OBJVEC all = {0};
    const CacheScan scan = {0};
    int64_t now = 0;

    (void)cache_list(n->cache, &scan, &all, &now);
    n->from.rows = nodeview_row_revision(version, now);
    if (n->from.rows > 0)
        return;
    n->from.rows = MAX(now, 1);
    for (size_t i = 0; i < all.n; i++)
        if (nodeview_is_news(all.items[i], version))
            objvec_add(&n->news, obj_ref(all.items[i]));
}

static NodeRows *node_rows_new(const Vcluster *vc, Arena *a, Cache *rows, const TenantTerms *terms)
{
    NodeRows *n = arena_new0(a, NodeRows);

    n->cache = cache_ref(rows);
    n->vc = vc;
    n->terms = terms_ref(terms);
    return n;
}

/* A watch of a tenant's nodes goes on from the client's version; 0: from now. */
static int nodes_go_on(Request *req, WatchStream *w)
{
    NodeRows *n = w->nodes;
    Cache *gone = NULL;
    int s;

    if (w->from == 0)
        return nodeview_now(req, &w->from, &n->from);
    s = engine_cache(req, vc_host(req->state->vc), NODES_GONE, &gone);
    if (s)
        return s;
    find_news(n, w->from);
    w->is_lost =
        nodeclock_place(w->cache, gone, n->terms, nodeview_stamp(w->from), &n->from.host) < 0;
    return STEP_OK;
}

static bool are_large(const ObjVec *v)
{
    size_t bytes = 0;

    for (size_t i = 0; i < v->n; i++)
        bytes += v->items[i]->text_len;
    return bytes > FEW_BYTES;
}

static int nodes_initial(Request *req, WatchStream *w, const CacheScan *scan)
{
    int s = nodeview_list_at(req, scan, &w->initial, &w->from, &w->nodes->from);

    tenant_owe(req, w->initial.n);
    return s;
}

/* What the watch begins with. */
static int collect_initial(Request *req, const Resource *r, WatchStream *w)
{
    bool is_whole = crconvert_applies(r), more = false;
    CacheScan scan = {.ns = w->ns, .data = w, .limit = is_whole ? 0 : FEW};
    Vcluster *vc = req->state->vc;
    int64_t revision = 0;
    SelectorTerm term;
    int s;

    if (!crconvert_applies(r) && (w->ns || w->labels || w->fields || w->filter))
        scan.match = match_stream;
    if (w->nodes)
        return nodes_initial(req, w, &scan);
    if (selector_term(w->fields, &term) || selector_term(w->labels, &term))
        scan.term = &term;
    s = read_list(req, req->cluster, r->storage, &scan, &w->initial, &revision, &more);
    more = more || (!is_whole && are_large(&w->initial));
    if (!s)
        s = convert_initial(req, r, w);
    if (s)
        return s;
    if (more) {
        objvec_done(&w->initial);
        w->walk = cache_walk(w->cache, w->ns, &revision);
        revision = MAX(CLUSTER_FIRST_REVISION, revision);
        scan.limit = 0;
        more = false;
        read_merge_base(vc, req->cluster, w->cache, r->storage, &scan, &w->initial, &more);
        spaces_hold(w->filter);
    }
    tenant_owe(req, w->walk ? cache_count(w->cache, w->ns) : w->initial.n);
    w->from = revision;
    w->is_lost = false;
    return STEP_OK;
}

int verb_watch(Request *req, const Resource *r)
{
    Options *o = &req->state->opts;
    bool is_node_view = nodeview_serves(req->cluster, r->storage);
    Cluster *c = is_node_view ? vc_host(req->state->vc) : req->cluster;
    int64_t rv = 0, current;
    WatchStream *w;
    SpaceFilter *filter = NULL;
    Encoding enc;
    Cache *k = NULL, *rows = NULL;
    const TenantTerms *terms = terms_none();
    int s = negotiate_watch(req);

    if (!s && o->resource_version[0])
        s = parse_revision(req, o->resource_version, &rv);
    if (!s)
        s = encoding_of(req, r, false, &enc);
    if (!s && !c)
        s = fail_unavailable(req, "the host cluster is not there yet");
    if (!s)
        s = engine_cache(req, c, r->storage, &k);
    if (!s && is_node_view)
        s = engine_cache(req, req->cluster, NODE_OVERLAYS, &rows);
    if (!s && is_node_view)
        s = tenant_terms_if_any(req, &terms);
    if (!s)
        s = spaces_filter(req, r, &filter);
    if (s)
        return s;
    current = read_revision(req, r);
    if (rv > current && spaces_since(req) == 0) {
        spaces_filter_free(filter);
        return fail_too_large(req, rv);
    }
    w = stream_new(req, r, k);
    w->filter = filter;
    w->enc = enc;
    w->enc.as_version = arena_strdup(w->arena, enc.as_version);
    w->from = rv == 0 && !is_node_view ? current : rv;
    w->is_lost = rv > current || (rv > 0 && rv < spaces_since(req));
    if (is_node_view)
        w->nodes = node_rows_new(req->state->vc, w->arena, rows, terms);
    if (rv == 0 ? !o->has_send_initial || o->send_initial : o->send_initial) {
        s = collect_initial(req, r, w);
        w->send_bookmark_first = o->send_initial && o->allow_bookmarks;
    } else if (is_node_view)
        s = nodes_go_on(req, w);
    if (s) {
        watch_stop(&w->stream);
        return s;
    }
    req->reply.kind = REPLY_STREAM;
    req->reply.status = 200;
    req->reply.content_type =
        enc.wire ? "application/vnd.kubernetes.protobuf;stream=watch" : "application/json";
    req->reply.stream = &w->stream;
    return STEP_DONE;
}
