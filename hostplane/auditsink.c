#include "hostplane/auditsink.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "hostplane/hooks.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    QUEUE_BYTES = 64 << 20,
    BATCH_BYTES = 1 << 20,
    BATCH_ITEMS = 400,
    CLOSE_MS = 5000,
    PAUSE_FIRST_MS = 250,
    PAUSE_MAX_MS = 30000,
    MAX_TRIES = 12,
    HOOK_MS = 10000,
};

static Metric written = {.name = "hostplane_audit_copied_total",
                         .help = "Audit records that a file or webhook has taken.",
                         .type = METRIC_COUNTER,
                         .labels = {"backend"}};
static Metric dropped = {.name = "hostplane_audit_copies_dropped_total",
                         .help = "Audit records that a file or webhook did not get.",
                         .type = METRIC_COUNTER,
                         .labels = {"backend"}};

typedef struct Item {
    struct Item *next;
    size_t size;
    AuditPlace place; /* seq 0: event is a line as it is */
    const char *cluster;
    Slice event, bodies;
} Item;

struct AuditSink {
    AuditWriter w;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t cond;
    Item *first, **last;
    size_t bytes;
    bool is_closing;
    int64_t close_by_us;
};

/* ---- the queue ---- */

static Slice put(char **at, Slice s)
{
    Slice copy = {*at, s.len};

    if (s.len > 0)
        memcpy(*at, s.ptr, s.len);
    (*at)[s.len] = '\0';
    *at += s.len + 1;
    return copy;
}

static void add(AuditSink *s, const AuditPlace *place, const char *cluster, Slice event,
                Slice bodies)
{
    size_t size = sizeof(Item) + strlen(cluster) + event.len + bodies.len + 3;
    Item *item = xcalloc(1, size);
    char *at = (char *)(item + 1);
    bool is_full;

    item->size = size;
    item->place = *place;
    item->cluster = put(&at, slice_of(cluster)).ptr;
    item->event = put(&at, event);
    item->bodies = put(&at, bodies);
    pthread_mutex_lock(&s->lock);
    is_full = s->bytes + size > QUEUE_BYTES;
    if (!is_full) {
        *s->last = item;
        s->last = &item->next;
        s->bytes += size;
        pthread_cond_signal(&s->cond);
    }
    pthread_mutex_unlock(&s->lock);
    if (is_full) {
        metric_add(&dropped, 1, s->w.name);
        free(item);
    }
}

void audit_sink_add(AuditSink *s, const AuditRecord *r, Slice bodies)
{
    add(s, &r->place, r->cluster->name, r->event, bodies);
}

void audit_sink_add_line(AuditSink *s, Slice line)
{
    add(s, &(AuditPlace){0}, "", line, (Slice){NULL, 0});
}

/* ---- the thread ---- */

static void print_line(const Item *item, Buf *out)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    bool shows_bodies = str_eq(item->cluster, "host"), has_bodies = item->bodies.len > 0;
    unsigned char hash[SHA256_LEN];
    Value *v;

    if (has_bodies)
        sha256(item->bodies, hash);
    if (item->place.seq == 0) {
        buf_add_slice(out, item->event);
    } else if (audit_compose(a, &item->place, item->event,
                             shows_bodies ? item->bodies : (Slice){NULL, 0},
                             has_bodies ? hash : NULL, &v, NULL) == 0) {
        value_set_str(a, value_get(v, "annotations"), AUDIT_CLUSTER, item->cluster);
        value_print(v, out);
    }
    buf_addc(out, '\n');
}

/* Waits for something to do; 0: nothing will come any more. */
static size_t take_batch(AuditSink *s, Buf *out)
{
    Item *item, *list = NULL, **last = &list;
    size_t n = 0, bytes = 0;

    pthread_mutex_lock(&s->lock);
    while (!s->first && !s->is_closing)
        pthread_cond_wait(&s->cond, &s->lock);
    while ((item = s->first) && n < BATCH_ITEMS && bytes < BATCH_BYTES) {
        s->first = item->next;
        s->bytes -= item->size;
        bytes += item->size;
        n++;
        *last = item;
        last = &item->next;
    }
    *last = NULL;
    if (!s->first)
        s->last = &s->first;
    pthread_mutex_unlock(&s->lock);
    while ((item = list)) {
        list = item->next;
        print_line(item, out);
        free(item);
    }
    return n;
}

/* False when the sink must end. */
static bool pause_for(AuditSink *s, int64_t ms)
{
    int64_t end = clock_mono_us() + ms * 1000;
    struct timespec until;
    bool goes_on;

    pthread_mutex_lock(&s->lock);
    while (clock_mono_us() < end && (!s->is_closing || clock_mono_us() < s->close_by_us)) {
        int64_t at = s->is_closing ? MIN(end, s->close_by_us) : end;

        until = clock_timespec(at);
        (void)pthread_cond_clockwait(&s->cond, &s->lock, CLOCK_MONOTONIC, &until);
    }
    goes_on = !s->is_closing || clock_mono_us() < s->close_by_us;
    pthread_mutex_unlock(&s->lock);
    return goes_on;
}

static void write_batch(AuditSink *s, Slice lines, size_t n)
{
    int64_t ms = PAUSE_FIRST_MS;

    for (int i = 0; i < MAX_TRIES; i++) {
        if (s->w.write(s->w.data, lines, n)) {
            metric_add(&written, (double)n, s->w.name);
            return;
        }
        if (!pause_for(s, ms))
            break;
        ms = MIN(ms * 2, PAUSE_MAX_MS);
    }
    log_error(NULL, "audit records were given up", LOG_STR("backend", s->w.name),
              LOG_INT("records", (int64_t)n));
    metric_add(&dropped, (double)n, s->w.name);
}

static void *run(void *data)
{
    AuditSink *s = data;
    AUTO_BUF lines = BUF_INIT;
    size_t n;

    while ((n = take_batch(s, &lines)) > 0) {
        write_batch(s, buf_slice(&lines), n);
        buf_reset(&lines);
    }
    return NULL;
}

int audit_sink_open(const AuditWriter *w, AuditSink **ret, Err *err)
{
    AuditSink *s = xcalloc(1, sizeof(*s));

    s->w = *w;
    s->last = &s->first;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->cond, NULL);
    if (pthread_create(&s->thread, NULL, run, s) != 0) {
        free(s);
        return err_set(err, ERR_INTERNAL, "no thread for the audit log's %s", w->name);
    }
    *ret = s;
    return 0;
}

void audit_sink_close(AuditSink *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->is_closing = true;
    s->close_by_us = clock_mono_us() + (int64_t)CLOSE_MS * 1000;
    pthread_cond_broadcast(&s->cond);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    s->w.close(s->w.data);
    pthread_cond_destroy(&s->cond);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* ---- a file ---- */

typedef struct File {
    char *path;
    int fd;
    int64_t size, max, backups;
} File;

static int file_begin(File *f)
{
    struct stat st;

    f->fd = open(f->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (f->fd < 0)
        return -errno;
    f->size = fstat(f->fd, &st) == 0 ? st.st_size : 0;
    return 0;
}

/* PATH.1 becomes PATH.2 and so on, PATH becomes PATH.1. */
static void file_turn(File *f)
{
    close(f->fd);
    for (int64_t i = f->backups; i > 0; i--) {
        AUTO_FREE char *to = xasprintf("%s.%" PRId64, f->path, i);
        AUTO_FREE char *from = i > 1 ? xasprintf("%s.%" PRId64, f->path, i - 1) : xstrdup(f->path);

        (void)rename(from, to);
    }
    if (f->backups == 0)
        (void)unlink(f->path);
    (void)file_begin(f);
}

static bool file_put(void *data, Slice lines, size_t n UNUSED)
{
    File *f = data;
    int64_t before;

    if (f->fd >= 0 && f->size > 0 && f->size + (int64_t)lines.len > f->max)
        file_turn(f);
    if (f->fd < 0 && file_begin(f) < 0)
        return false;
    before = f->size;
    while (lines.len > 0) {
        ssize_t r = write(f->fd, lines.ptr, lines.len);

        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0) { /* a full disk: what is there of the batch is taken back */
            (void)!ftruncate(f->fd, before);
            f->size = before;
            return false;
        }
        f->size += r;
        lines = (Slice){lines.ptr + r, lines.len - (size_t)r};
    }
    return true;
}

static void file_end(void *data)
{
    File *f = data;

    if (f->fd >= 0)
        close(f->fd);
    free(f->path);
    free(f);
}

int audit_file_open(const char *path, int64_t max_bytes, int64_t backups, AuditWriter *ret,
                    Err *err)
{
    File *f = xcalloc(1, sizeof(*f));
    int r;

    *f = (File){.path = xstrdup(path), .fd = -1, .max = max_bytes, .backups = backups};
    r = file_begin(f);
    if (r < 0) {
        file_end(f);
        return err_set(err, ERR_INTERNAL, "%s: %s", path, strerror(-r));
    }
    *ret = (AuditWriter){"file", file_put, file_end, f};
    return 0;
}

/* ---- a webhook ---- */

typedef struct Webhook {
    Hooks *hooks;
    char *url, *ca_pem;
    pthread_mutex_t lock; /* guards is_done */
    pthread_cond_t cond;
    bool is_done;
} Webhook;

static void on_called(HookCall *c)
{
    Webhook *w = c->data;

    pthread_mutex_lock(&w->lock);
    w->is_done = true;
    pthread_cond_signal(&w->cond);
    pthread_mutex_unlock(&w->lock);
}

/* Lines as the items of a list; those that are no Event are for files. False when all are such. */
static bool print_list(Slice lines, Buf *out)
{
    Slice line;
    bool has_one = false;

    buf_adds(out, "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},"
                  "\"items\":[");
    while (lines.len > 0) {
        (void)slice_cut(&lines, '\n', &line);
        if (!slice_starts(line, "{\"kind\":\"Event\""))
            continue;
        if (has_one)
            buf_addc(out, ',');
        has_one = true;
        buf_add_slice(out, line);
    }
    buf_adds(out, "]}");
    return has_one;
}

static bool webhook_put(void *data, Slice lines, size_t n UNUSED)
{
    Webhook *w = data;
    AUTO_BUF body = BUF_INIT;
    HookCall c = {.cluster = "",
                  .url = w->url,
                  .ca_pem = w->ca_pem,
                  .timeout_ms = HOOK_MS,
                  .done = on_called,
                  .data = w};

    if (!print_list(lines, &body))
        return true;
    c.body = buf_slice(&body);
    w->is_done = false;
    hooks_start(&c, w->hooks);
    pthread_mutex_lock(&w->lock);
    while (!w->is_done)
        pthread_cond_wait(&w->cond, &w->lock);
    pthread_mutex_unlock(&w->lock);
    buf_done(&c.reply);
    if (c.status < 200 || c.status > 299)
        log_warning(NULL, "the audit webhook fails", LOG_INT("status", c.status),
                    LOG_STR("error", c.error));
    return c.status >= 200 && c.status <= 299;
}

static void webhook_end(void *data)
{
    Webhook *w = data;

    hooks_stop(w->hooks);
    hooks_free(w->hooks);
    pthread_cond_destroy(&w->cond);
    pthread_mutex_destroy(&w->lock);
    free(w->url);
    free(w->ca_pem);
    free(w);
}

/* The provider names the place itself: it may be a private one. */
int audit_webhook_open(const char *url, const char *ca_pem, AuditWriter *ret, Err *err)
{
    Webhook *w = xcalloc(1, sizeof(*w));
    int r = hooks_open(true, &w->hooks, err);

    if (r < 0) {
        free(w);
        return r;
    }
    w->url = xstrdup(url);
    w->ca_pem = ca_pem ? xstrdup(ca_pem) : NULL;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->cond, NULL);
    *ret = (AuditWriter){"webhook", webhook_put, webhook_end, w};
    return 0;
}
