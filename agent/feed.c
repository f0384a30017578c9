#include "agent/feed.h"

#include "agent/fs.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <pthread.h>

enum {
    FEED_IDLE_MS = 35000, /* three missed bookmarks: the connection is dead */
    FEED_RETRY_MIN_MS = 500,
    FEED_RETRY_MAX_MS = 5000,
    FEED_SAVE_S = 5,
    FEED_CACHE_MAX = 256 << 20,
};

struct Feed {
    FeedOptions o;
    char *cache_dir;
    HttpCancel *cancel;
    pthread_t thread;
    _Atomic bool is_connected;
    bool was_synced; /* on this connection */
    bool is_unsaved;
    int64_t saved_us;
};

static const LogCtx ctx = {.component = "feed"};

int feed_line(Items *items, Slice line, bool *ret_synced, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *type, *cluster, *resource;
    const Value *object;
    Value *v;
    int r;

    *ret_synced = false;
    r = value_parse(a, line, &v, err);
    if (r < 0)
        return err_wrap(err, r, "feed line");
    type = value_get_str(v, "type");
    cluster = value_get_str(v, "cluster");
    resource = value_get_str(v, "resource");
    object = value_get(v, "object");
    if (!type)
        return err_set(err, ERR_BAD_REQUEST, "feed line without type");
    if (strcmp(type, "SYNCED") == 0) {
        *ret_synced = true;
        return 0;
    }
    if (strcmp(type, "BOOKMARK") == 0)
        return 0;
    if (!cluster || !value_is(object, VALUE_OBJECT))
        return err_set(err, ERR_BAD_REQUEST, "feed line %s without cluster or object", type);
    if (strcmp(type, "CLUSTER") == 0) {
        items_put(items, item_new(cluster, "clusters", object));
        return 0;
    }
    if (!resource)
        return err_set(err, ERR_BAD_REQUEST, "feed line %s without resource", type);
    if (strcmp(type, "DELETED") == 0) {
        const char *ns = value_at_str(object, "metadata.namespace");
        const char *name = value_at_str(object, "metadata.name");

        items_del(items, cluster, resource, ns ? ns : "", name ? name : "");
    } else {
        items_put(items, item_new(cluster, resource, object));
    }
    return 0;
}

/* ---- the cache ---- */

void feed_print(Items *items, Buf *out)
{
    AUTO_ITEM_LIST all = {0};

    items_all(items, &all);
    for (size_t i = 0; i < all.n; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *line = value_object(a);
        bool is_cluster = strcmp(all.items[i]->resource, "clusters") == 0;

        value_set_str(a, line, "type", is_cluster ? "CLUSTER" : "ADDED");
        value_set_str(a, line, "cluster", all.items[i]->cluster);
        if (!is_cluster)
            value_set_str(a, line, "resource", all.items[i]->resource);
        value_set(a, line, "object", value_copy(a, all.items[i]->v));
        value_print(line, out);
        buf_addc(out, '\n');
    }
}

static void save(Feed *f)
{
    AUTO_FREE char *path = xasprintf("%s/feed", f->cache_dir);
    AUTO_BUF text = BUF_INIT;
    int64_t now = clock_mono_us();
    Err err;

    if (!f->is_unsaved || now - f->saved_us < FEED_SAVE_S * 1000000LL)
        return;
    f->saved_us = now;
    feed_print(f->o.items, &text);
    if (fs_write(path, buf_slice(&text), 0600, &err) < 0)
        log_warning(&ctx, "the feed's cache is not written", LOG_STR("error", err.msg));
    else
        f->is_unsaved = false;
}

static void load(Feed *f)
{
    AUTO_FREE char *path = xasprintf("%s/feed", f->cache_dir);
    AUTO_BUF text = BUF_INIT;
    Slice rest, line;
    bool synced;
    Err err;

    if (fs_mkdirs(f->cache_dir, 0700, &err) < 0 ||
        fs_mount_memory(f->cache_dir, "mode=0700", &err) < 0) {
        log_warning(&ctx, "no place for the feed's cache", LOG_STR("error", err.msg));
        return;
    }
    if (fs_read(path, FEED_CACHE_MAX, &text, NULL) < 0)
        return;
    rest = buf_slice(&text);
    while (rest.len > 0) {
        (void)slice_cut(&rest, '\n', &line); /* every line has its end */
        if (feed_line(f->o.items, line, &synced, &err) < 0)
            log_debug(&ctx, "a line of the cache is passed over", LOG_STR("error", err.msg));
    }
}

/* ---- the stream ---- */

static int on_line(Slice line, void *data)
{
    Feed *f = data;
    bool synced;
    Err err;

    if (line.len == 0)
        return 0;
    if (feed_line(f->o.items, line, &synced, &err) < 0) {
        log_warning(&ctx, "bad feed line, reconnecting", LOG_STR("error", err.msg));
        return 1;
    }
    if (synced) {
        f->was_synced = true;
        f->is_connected = true;
        items_end_round(f->o.items);
        if (f->o.on_synced)
            f->o.on_synced(f->o.data);
    }
    f->is_unsaved |= !slice_starts(line, "{\"type\":\"BOOKMARK\"");
    if (f->was_synced)
        save(f);
    return 0;
}

static void *run(void *data)
{
    Feed *f = data;
    int64_t wait_ms = FEED_RETRY_MIN_MS;
    bool was_told = false;
    AUTO_FREE char *path = xasprintf("/apis/node.hostplane.io/v1/nodes/%s/feed", f->o.node);
    ClientRequest req = {.method = "GET", .path = path, .cluster = "host"};
    HttpSink sink = {
        .on_line = on_line, .data = f, .cancel = f->cancel, .idle_timeout_ms = FEED_IDLE_MS};

    do {
        Err err = {.msg = "stream ended"};

        f->was_synced = false;
        items_begin_round(f->o.items);
        int r = http_stream(f->o.client, &req, &sink, &err);
        if ((f->was_synced || !was_told) && !http_is_cancelled(f->cancel))
            log_warning(&ctx, "no feed from the server, pods keep running",
                        LOG_STR("reason", r < 0 ? err.msg : "the stream ended"));
        was_told = true;
        f->is_connected = false;
        wait_ms = f->was_synced ? FEED_RETRY_MIN_MS : MIN(wait_ms * 2, FEED_RETRY_MAX_MS);
    } while (!http_cancel_sleep(f->cancel, wait_ms));
    return NULL;
}

int feed_start(const FeedOptions *o, Feed **ret, Err *err)
{
    Feed *f = xcalloc(1, sizeof(*f));

    f->o = *o;
    f->cache_dir = xstrdup(o->cache_dir);
    f->cancel = http_cancel_new();
    load(f);
    if (pthread_create(&f->thread, NULL, run, f) != 0) {
        http_cancel_free(f->cancel);
        free(f->cache_dir);
        free(f);
        return err_set(err, ERR_INTERNAL, "cannot start the feed's thread");
    }
    *ret = f;
    return 0;
}

void feed_stop(Feed *f)
{
    if (!f)
        return;
    http_cancel(f->cancel);
    pthread_join(f->thread, NULL);
    http_cancel_free(f->cancel);
    free(f->cache_dir);
    free(f);
}

bool feed_is_connected(const Feed *f)
{
    return f->is_connected;
}
