/*
 * The benchmarks of watches: how soon every watcher has an event, whether all of them have all
 * events once and in order, and what a watch that waits costs in memory.
 */
#include "bench/hpbench.h"

#include "base/clock.h"
#include "base/mem.h"
#include "bench/cpu.h"
#include "bench/sort.h"
#include "bench/stream.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS_MAX = 512, STALL_MS = 20000 };

/* Opens the watches; those that are readable come from the epoll descriptor. */
static Conn **open_watches(const Options *o, const char *path, int *ret_epoll)
{
    Conn **w = xcalloc((size_t)o->watchers, sizeof(Conn *));

    *ret_epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int64_t i = 0; i < o->watchers; i++) {
        struct epoll_event e = {.events = EPOLLIN, .data.u64 = (uint64_t)i};

        w[i] = conn_open(target_of(o, (int)i));
        conn_send(w[i], "GET", path, SLICE(""));
        conn_set_nonblocking(w[i]);
        epoll_ctl(*ret_epoll, EPOLL_CTL_ADD, conn_fd(w[i]), &e);
    }
    return w;
}

static void close_watches(const Options *o, Conn **w, int epoll)
{
    for (int64_t i = 0; i < o->watchers; i++)
        conn_close(w[i]);
    close(epoll);
    free(w);
}

/* ---- fan-out ---- */

/* One event to all watchers; when each of them had it, after it was sent. */
static void fan_out(const Options *o, Conn *writer, Conn **watchers, int ep, int64_t round,
                    int64_t *us)
{
    AUTO_BUF object = BUF_INIT, path = BUF_INIT;
    struct epoll_event events[EVENTS_MAX];
    char name[64], chunk[16384];
    int64_t seen = 0, sent;
    size_t name_len;
    Slice body;
    int status;

    snprintf(name, sizeof(name), "w-%d-%lld", (int)getpid(), (long long)round);
    name_len = strlen(name);
    configmap_text(&object, name, -1);
    buf_addf(&path, "/api/v1/namespaces/%s/configmaps", o->ns);
    sent = clock_mono_us();
    status = conn_request(writer, "POST", buf_str(&path), buf_slice(&object), &body);
    if (status != 201)
        bench_fail("creating an object", status, body);
    while (seen < o->watchers) {
        int n = epoll_wait(ep, events, EVENTS_MAX, STALL_MS);

        if (n <= 0) {
            fprintf(stderr, "only %lld of %lld watchers saw the event\n", (long long)seen,
                    (long long)o->watchers);
            exit(1);
        }
        for (int k = 0; k < n; k++) {
            Conn *c = watchers[events[k].data.u64];
            int got;

            do { /* what the socket still has makes it readable again */
                got = conn_read(c, chunk, sizeof(chunk));
                if (got > 0 && memmem(chunk, (size_t)got, name, name_len))
                    us[seen++] = clock_mono_us() - sent;
            } while (got > 0 && conn_has_more(c));
        }
    }
}

void bench_watch(const Options *o)
{
    Conn *writer = conn_open(&o->target), **watchers;
    int64_t rounds = o->seconds * 5, start = clock_mono_us(), opened, server, client;
    size_t each = (size_t)o->watchers;
    int64_t *us = xcalloc((size_t)rounds * each, sizeof(*us)),
            *last = xcalloc((size_t)rounds, sizeof(*last));
    char path[256];
    int ep;

    snprintf(path, sizeof(path),
             "/api/v1/namespaces/%s/configmaps?watch=true&labelSelector="
             "bench%%3Dhp",
             o->ns);
    watchers = open_watches(o, path, &ep);
    opened = clock_mono_us() - start;
    usleep(500000);
    server = bench_process_us(o->pid);
    client = bench_cpu_ns();
    for (int64_t r = 0; r < rounds; r++) {
        fan_out(o, writer, watchers, ep, r, us + (size_t)r * each);
        last[r] = us[(size_t)r * each + each - 1];
        usleep(200000); /* each event meets a server at rest */
    }
    server = bench_process_us(o->pid) - server;
    client = bench_cpu_ns() - client;
    bench_sort(us, (size_t)rounds * each);
    bench_sort(last, (size_t)rounds);
    printf("{\"bench\":\"watch\",\"watchers\":%lld,\"events\":%lld,\"opened_per_second\":%.0f,"
           "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"last_p50_ms\":%.3f,\"last_p99_ms\":%.3f,"
           "\"requests\":%lld,\"server_us_each\":%.2f,\"client_us_each\":%.2f,"
           "\"deliveries_per_second\":%.0f}\n",
           (long long)o->watchers, (long long)rounds, (double)o->watchers / ((double)opened / 1e6),
           (double)percentile(us, (size_t)rounds * each, 0.5) / 1000,
           (double)percentile(us, (size_t)rounds * each, 0.99) / 1000,
           (double)percentile(last, (size_t)rounds, 0.5) / 1000,
           (double)percentile(last, (size_t)rounds, 0.99) / 1000, (long long)(rounds * o->watchers),
           (double)server / (double)(rounds * o->watchers),
           (double)client / 1000 / (double)(rounds * o->watchers),
           (double)o->watchers / ((double)percentile(last, (size_t)rounds, 0.5) / 1e6));
    close_watches(o, watchers, ep);
    conn_close(writer);
    free(us);
    free(last);
}

/* ---- delivery: all of them, once, in order ---- */

/* What an event of epoll is for: the first member of each. */
typedef struct Party {
    void (*on_readable)(struct Party *p);
} Party;

/* Serves every `step`-th follower and writer. */
typedef struct Driver {
    pthread_t thread;
    const Options *o;
    struct Follower *followers; /* NULL: none */
    struct Writer *writers;     /* the same */
    int64_t first, step, n_open;
    int epoll;
} Driver;

typedef struct Follower {
    Party party;
    Driver *driver;
    Conn *conn;
    StreamReader reader;
    const char *path;
    int8_t *next; /* of each object: the change that has to come */
    int64_t n_got, revision, finished_us;
} Follower;

typedef struct Writer {
    Party party;
    Driver *driver;
    Conn *conn;
    int64_t index, change, object;
    int64_t finished_us;
} Writer;

static int64_t number_behind(Slice line, const char *what)
{
    const char *p = memmem(line.ptr, line.len, what, strlen(what));

    return p ? strtoll(p + strlen(what), NULL, 10) : -1;
}

NORETURN static void wrong(const char *why, Slice line)
{
    fprintf(stderr, "%s: %.*s\n", why, (int)MIN(line.len, 400), line.ptr);
    exit(1);
}

static void on_event(Slice line, void *data)
{
    Follower *f = data;
    const Options *o = f->driver->o;
    int64_t object = number_behind(line, "\"name\":\"d-"), change, revision;

    if (object < 0 || object >= o->objects)
        wrong("not one of the objects", line);
    change = number_behind(line, "\"change\":\"");
    revision = number_behind(line, "\"resourceVersion\":\"");
    if (change != f->next[object])
        wrong(change < f->next[object] ? "delivered twice" : "not delivered", line);
    if (revision <= f->revision)
        wrong("out of order", line);
    f->next[object]++;
    f->revision = revision;
    if (++f->n_got == o->objects * o->changes)
        f->finished_us = clock_mono_us();
}

static void follower_read(Party *p)
{
    Follower *f = (Follower *)p;

    if (f->finished_us)
        return;
    do {
        if (stream_read(&f->reader, f->conn, on_event, f) < 0) {
            fprintf(stderr, "the watch has ended\n");
            exit(1);
        }
    } while (!f->finished_us && conn_has_more(f->conn));
    if (f->finished_us)
        f->driver->n_open--;
}

/* Each writer has objects of its own, so that the changes of each come in order. */
static void write_one(Writer *w)
{
    const Options *o = w->driver->o;
    AUTO_BUF path = BUF_INIT, body = BUF_INIT;
    bool is_new = w->change == 0;
    char name[32];

    snprintf(name, sizeof(name), "d-%lld", (long long)w->object);
    configmap_text(&body, name, w->change);
    buf_addf(&path, "/api/v1/namespaces/%s/configmaps%s%s", o->ns, is_new ? "" : "/",
             is_new ? "" : name);
    conn_send(w->conn, is_new ? "POST" : "PUT", buf_str(&path), buf_slice(&body));
}

static void writer_read(Party *p)
{
    Writer *w = (Writer *)p;
    const Options *o = w->driver->o;
    Slice answer;
    int status;

    if (!conn_answer(w->conn, &status, &answer))
        return;
    if (status != 200 && status != 201)
        bench_fail("writing", status, answer);
    w->object += o->workers;
    if (w->object >= o->objects) {
        w->object = w->index;
        w->change++;
    }
    if (w->change < o->changes) {
        write_one(w);
        return;
    }
    w->finished_us = clock_mono_us();
    w->driver->n_open--;
}

static void join(Driver *d, Party *p, Conn *c)
{
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = p};

    conn_set_nonblocking(c);
    BUG_ON(epoll_ctl(d->epoll, EPOLL_CTL_ADD, conn_fd(c), &e) < 0);
    d->n_open++;
}

static void *drive(void *data)
{
    Driver *d = data;
    struct epoll_event events[EVENTS_MAX];

    d->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int64_t i = d->first; d->followers && i < d->o->watchers; i += d->step) {
        Follower *f = &d->followers[i];

        f->driver = d;
        f->party.on_readable = follower_read;
        f->conn = conn_open(&d->o->target);
        conn_send(f->conn, "GET", f->path, SLICE(""));
        join(d, &f->party, f->conn);
    }
    for (int64_t i = d->first; d->writers && i < MIN(d->o->workers, d->o->objects); i += d->step) {
        Writer *w = &d->writers[i];

        w->driver = d;
        w->party.on_readable = writer_read;
        w->index = w->object = i;
        w->conn = conn_open(&d->o->target);
        join(d, &w->party, w->conn);
        write_one(w);
    }
    while (d->n_open > 0) {
        int n = epoll_wait(d->epoll, events, EVENTS_MAX, -1);

        for (int k = 0; k < n; k++) {
            Party *p = events[k].data.ptr;

            p->on_readable(p);
        }
    }
    for (int64_t i = d->first; d->followers && i < d->o->watchers; i += d->step) {
        stream_done(&d->followers[i].reader);
        conn_close(d->followers[i].conn);
    }
    for (int64_t i = d->first; d->writers && i < MIN(d->o->workers, d->o->objects); i += d->step)
        conn_close(d->writers[i].conn);
    close(d->epoll);
    return NULL;
}

/* Either may be NULL; a thread a processor. */
static void drive_all(const Options *o, Follower *f, Writer *w)
{
    int64_t n = MAX(sysconf(_SC_NPROCESSORS_ONLN), 1);
    Driver *d = xcalloc((size_t)n, sizeof(*d));

    for (int64_t i = 0; i < n; i++) {
        d[i] = (Driver){.o = o, .followers = f, .writers = w, .first = i, .step = n};
        BUG_ON(pthread_create(&d[i].thread, NULL, drive, &d[i]) != 0);
    }
    for (int64_t i = 0; i < n; i++)
        pthread_join(d[i].thread, NULL);
    free(d);
}

static int64_t revision_now(const Options *o)
{
    Conn *c = conn_open(&o->target);
    AUTO_BUF path = BUF_INIT;
    int64_t revision;
    Slice body;
    int status;

    buf_addf(&path, "/api/v1/namespaces/%s/configmaps?labelSelector=bench%%3Dhp", o->ns);
    status = conn_request(c, "GET", buf_str(&path), SLICE(""), &body);
    if (status != 200)
        bench_fail("listing", status, body);
    if (memmem(body.ptr, body.len, "\"d-", 3)) {
        fprintf(stderr, "namespace %s is not empty\n", o->ns);
        exit(1);
    }
    revision = number_behind(body, "\"resourceVersion\":\"");
    conn_close(c);
    return revision;
}

void bench_delivery(const Options *o)
{
    Follower *f = xcalloc((size_t)o->watchers, sizeof(*f));
    Writer *w = xcalloc((size_t)o->workers, sizeof(*w));
    int64_t revision = revision_now(o), start, wrote = 0, last = 0;
    int64_t total = o->watchers * o->objects * o->changes;
    BenchSpent before, spent;
    char path[256];

    snprintf(path, sizeof(path),
             "/api/v1/namespaces/%s/configmaps?watch=true&labelSelector=bench%%3Dhp&"
             "resourceVersion=%lld",
             o->ns, (long long)revision);
    for (int64_t i = 0; i < o->watchers; i++) {
        f[i] = (Follower){.path = path};
        f[i].next = xcalloc((size_t)o->objects, 1);
    }
    if (o->replay)
        drive_all(o, NULL, w);
    before = bench_spent_now(o->pid);
    start = clock_mono_us();
    drive_all(o, f, o->replay ? NULL : w);
    spent = bench_spent_since(o->pid, &before);
    for (int64_t i = 0; i < o->workers && !o->replay; i++)
        wrote = MAX(wrote, w[i].finished_us - start);
    for (int64_t i = 0; i < o->watchers; i++) {
        last = MAX(last, f[i].finished_us);
        free(f[i].next);
    }
    printf("{\"bench\":\"delivery\",\"watchers\":%lld,\"requests\":%lld,\"wrote_s\":%.2f,"
           "\"all_s\":%.2f,\"server_us_each\":%.2f,\"postgres_us_each\":%.2f,"
           "\"client_us_each\":%.2f,\"deliveries_per_second\":%.0f}\n",
           (long long)o->watchers, (long long)total, (double)wrote / 1e6,
           (double)(last - start) / 1e6, (double)spent.server / (double)total,
           (double)spent.postgres / (double)total, (double)spent.client / (double)total,
           (double)total / ((double)(last - start) / 1e6));
    free(f);
    free(w);
}

/* ---- memory ---- */

static int64_t memory_kb(int64_t pid)
{
    char path[64], line[256];
    long long kb = -1;
    FILE *f;

    snprintf(path, sizeof(path), "/proc/%lld/status", (long long)pid);
    f = fopen(path, "re");
    while (f && fgets(line, sizeof(line), f))
        if (sscanf(line, "RssAnon: %lld", &kb) == 1)
            break;
    if (f)
        fclose(f);
    if (kb < 0) {
        fprintf(stderr, "no memory of process %lld\n", (long long)pid);
        exit(1);
    }
    return kb;
}

void bench_idle(const Options *o)
{
    const Options first = {.target = o->target, .watchers = 100};
    char path[256];
    int64_t before;
    Conn **w;
    int ep;

    snprintf(path, sizeof(path), "/api/v1/namespaces/%s/configmaps?watch=true", o->ns);
    w = open_watches(&first, path, &ep); /* what is made once does not count */
    close_watches(&first, w, ep);
    sleep(2);
    before = memory_kb(o->pid);
    w = open_watches(o, path, &ep);
    sleep(3);
    printf("{\"bench\":\"idle\",\"watchers\":%lld,\"kb_each\":%.1f}\n", (long long)o->watchers,
           (double)(memory_kb(o->pid) - before) / (double)o->watchers);
    close_watches(o, w, ep);
}
