/*
 * hpbench - what an API server does a second: create, get, update, patch, apply, lists, lists by
 * selectors, watches, tenant provisioning.
 *
 * It speaks plain Kubernetes over HTTPS and so measures our server (URL with /clusters/NAME) and a
 * kube-apiserver (URL without) with the same code. One line of JSON for each run. Each worker is a
 * connection that sends its next request when the answer is there; a thread a processor serves
 * them all, as the client's part of the machine is to be small.
 */
#include "bench/hpbench.h"

#include "base/clock.h"
#include "base/mem.h"
#include "bench/cpu.h"
#include "bench/sort.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>

typedef struct Worker {
    const Options *o;
    Conn *conn;
    int index;
    int64_t i, sent_us; /* the request that runs */
    int64_t *us;        /* latencies */
    size_t n, cap;
    int64_t bytes, failed;
    void (*request)(struct Worker *w, Conn *c, int64_t i);
} Worker;

/* Serves every `step`-th worker. */
typedef struct Driver {
    pthread_t thread;
    pthread_barrier_t *ready; /* all are connected */
    Worker *workers;
    int64_t first, step, n;
    const char *patch_type; /* NULL: as it is */
} Driver;

static volatile bool is_over;
static char *text; /* o->size bytes */
static size_t text_len;

const char *padding(void)
{
    return text;
}

const Target *target_of(const Options *o, int i)
{
    size_t n = 0;

    while (o->targets && o->targets[n].host)
        n++;
    return n > 0 ? &o->targets[(size_t)i % n] : &o->target;
}

int64_t percentile(int64_t *us, size_t n, double part)
{
    return n > 0 ? us[MIN((size_t)((double)n * part), n - 1)] : 0;
}

static void report(const char *name, int64_t *us, size_t n, double seconds, int64_t bytes,
                   int64_t failed, const BenchSpent *spent)
{
    bench_sort(us, n);
    printf("{\"bench\":\"%s\",\"requests\":%zu,\"failed\":%lld,\"per_second\":%.0f,\"p50_ms\":%.3f,"
           "\"p99_ms\":%.3f,\"max_ms\":%.3f,\"mb_per_second\":%.1f,\"server_us_each\":%.1f,"
           "\"postgres_us_each\":%.1f,\"client_us_each\":%.1f}\n",
           name, n, (long long)failed, (double)n / seconds, n ? (double)us[n / 2] / 1000 : 0,
           n ? (double)us[n * 99 / 100] / 1000 : 0, n ? (double)us[n - 1] / 1000 : 0,
           (double)bytes / 1e6 / seconds, (double)spent->server / (double)MAX(n, 1u),
           (double)spent->postgres / (double)MAX(n, 1u),
           (double)spent->client / (double)MAX(n, 1u));
    fflush(stdout);
}

static void ask(Worker *w)
{
    w->sent_us = clock_mono_us();
    w->request(w, w->conn, w->i++);
}

/* What has come on a worker's connection; when that is all, the next request. */
static void hear(Worker *w, int64_t *n_open)
{
    Slice body;
    int status;

    if (!conn_answer(w->conn, &status, &body))
        return;
    if (status >= 300 && w->failed++ == 0 && w->index == 0)
        fprintf(stderr, "status %d: %.*s\n", status, (int)MIN(body.len, 300), body.ptr);
    GROW(w->us, w->cap, w->n + 1);
    w->us[w->n++] = clock_mono_us() - w->sent_us;
    w->bytes += (int64_t)body.len;
    if (is_over)
        --*n_open;
    else
        ask(w);
}

static void *drive(void *data)
{
    enum { EVENTS = 64 };
    Driver *s = data;
    struct epoll_event events[EVENTS];
    int ep = epoll_create1(EPOLL_CLOEXEC);
    int64_t n_open = 0;

    for (int64_t i = s->first; i < s->n; i += s->step) {
        Worker *w = &s->workers[i];
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = w};

        w->conn = conn_open(target_of(w->o, w->index));
        if (s->patch_type)
            conn_set_patch_type(w->conn, s->patch_type);
        conn_set_nonblocking(w->conn);
        BUG_ON(epoll_ctl(ep, EPOLL_CTL_ADD, conn_fd(w->conn), &e) < 0);
    }
    pthread_barrier_wait(s->ready);
    pthread_barrier_wait(s->ready); /* the clock runs */
    for (int64_t i = s->first; i < s->n; i += s->step, n_open++)
        ask(&s->workers[i]);
    while (n_open > 0) {
        int n = epoll_wait(ep, events, EVENTS, -1);

        for (int k = 0; k < n; k++)
            hear(events[k].data.ptr, &n_open);
    }
    for (int64_t i = s->first; i < s->n; i += s->step)
        conn_close(s->workers[i].conn);
    close(ep);
    return NULL;
}

typedef void (*RequestFn)(Worker *w, Conn *c, int64_t i);

static void run(const char *name, const Options *o, RequestFn request, const char *patch_type)
{
    int64_t n_drivers = MIN(MAX(sysconf(_SC_NPROCESSORS_ONLN), 1), o->workers);
    Worker *workers = xcalloc((size_t)o->workers, sizeof(*workers));
    Driver *drivers = xcalloc((size_t)n_drivers, sizeof(*drivers));
    int64_t *all = NULL, bytes = 0, failed = 0, start;
    pthread_barrier_t ready;
    BenchSpent before, spent;
    size_t n = 0;
    double seconds;

    is_over = false;
    pthread_barrier_init(&ready, NULL, (unsigned)n_drivers + 1);
    for (int i = 0; i < o->workers; i++)
        workers[i] = (Worker){.o = o, .index = i, .request = request};
    for (int64_t i = 0; i < n_drivers; i++) {
        drivers[i] = (Driver){.ready = &ready,
                              .workers = workers,
                              .first = i,
                              .step = n_drivers,
                              .n = o->workers,
                              .patch_type = patch_type};
        BUG_ON(pthread_create(&drivers[i].thread, NULL, drive, &drivers[i]) != 0);
    }
    pthread_barrier_wait(&ready);
    before = bench_spent_now(o->pid);
    pthread_barrier_wait(&ready);
    start = clock_mono_us();
    sleep((unsigned)o->seconds);
    is_over = true;
    for (int64_t i = 0; i < n_drivers; i++)
        pthread_join(drivers[i].thread, NULL);
    seconds = (double)(clock_mono_us() - start) / 1e6;
    spent = bench_spent_since(o->pid, &before);
    for (int64_t i = 0; i < o->workers; i++) {
        all = xrealloc(all, (n + workers[i].n + 1) * sizeof(*all));
        memcpy(all + n, workers[i].us, workers[i].n * sizeof(*all));
        n += workers[i].n;
        bytes += workers[i].bytes;
        failed += workers[i].failed;
        free(workers[i].us);
    }
    report(name, all, n, seconds, bytes, failed, &spent);
    pthread_barrier_destroy(&ready);
    free(all);
    free(workers);
    free(drivers);
}

/* ---- the requests ---- */

void configmap_text(Buf *out, const char *name, int64_t change)
{
    buf_adds(out, "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"");
    buf_adds(out, name);
    buf_adds(out, "\",\"labels\":{\"bench\":\"hp\"}},\"data\":{\"text\":\"");
    buf_add(out, text, text_len);
    buf_adds(out, "\"");
    if (change >= 0)
        buf_addf(out, ",\"change\":\"%lld\"", (long long)change);
    buf_adds(out, "}}");
}

static void post_configmap(const Options *o, Conn *c, const char *name)
{
    AUTO_BUF body = BUF_INIT, path = BUF_INIT;

    configmap_text(&body, name, -1);
    buf_addf(&path, "/api/v1/namespaces/%s/configmaps", o->ns);
    conn_send(c, "POST", buf_str(&path), buf_slice(&body));
}

static void do_create(Worker *w, Conn *c, int64_t i)
{
    char name[64];

    snprintf(name, sizeof(name), "c-%d-%d-%lld", (int)getpid(), w->index, (long long)i);
    post_configmap(w->o, c, name);
}

static void do_get(Worker *w, Conn *c, int64_t i)
{
    char path[256];

    snprintf(path, sizeof(path), "/api/v1/namespaces/%s/configmaps/seed-%lld", w->o->ns,
             (long long)((i * 7 + w->index) % w->o->objects));
    conn_send(c, "GET", path, SLICE(""));
}

/* No two workers change the same object. */
static void own_object(const Worker *w, int64_t i, char *name, size_t n)
{
    int64_t each = MAX(w->o->objects / w->o->workers, 1);

    snprintf(name, n, "seed-%lld",
             (long long)((w->index * each + i % each) % MAX(w->o->objects, 1)));
}

static void change(Worker *w, Conn *c, int64_t i, const char *method, const char *query)
{
    AUTO_BUF body = BUF_INIT, path = BUF_INIT;
    char name[64];

    own_object(w, i, name, sizeof(name));
    buf_addf(&path, "/api/v1/namespaces/%s/configmaps/%s%s", w->o->ns, name, query);
    configmap_text(&body, name, clock_mono_us());
    conn_send(c, method, buf_str(&path), buf_slice(&body));
}

static void do_update(Worker *w, Conn *c, int64_t i)
{
    change(w, c, i, "PUT", "");
}

static void do_patch(Worker *w, Conn *c, int64_t i)
{
    AUTO_BUF body = BUF_INIT, path = BUF_INIT;
    char name[64];

    own_object(w, i, name, sizeof(name));
    buf_addf(&path, "/api/v1/namespaces/%s/configmaps/%s", w->o->ns, name);
    buf_addf(&body, "{\"data\":{\"change\":\"%lld\"}}", (long long)clock_mono_us());
    conn_send(c, "PATCH", buf_str(&path), buf_slice(&body));
}

static void do_apply(Worker *w, Conn *c, int64_t i)
{
    change(w, c, i, "PATCH", "?fieldManager=hpbench&force=true");
}

/* One of the groups of --found Secrets each. */
static int64_t group_of(const Worker *w, int64_t i)
{
    return (i * 7 + w->index) % MAX(w->o->objects / w->o->found, 1);
}

static void do_list_label(Worker *w, Conn *c, int64_t i)
{
    char path[256];

    snprintf(path, sizeof(path), "/api/v1/namespaces/%s/secrets?labelSelector=group%%3Dg%lld",
             w->o->ns, (long long)group_of(w, i));
    conn_send(c, "GET", path, SLICE(""));
}

static void do_list_field(Worker *w, Conn *c, int64_t i)
{
    char path[256];

    snprintf(path, sizeof(path),
             "/api/v1/namespaces/%s/secrets?fieldSelector=type%%3Dexample.com%%2Fg%lld", w->o->ns,
             (long long)group_of(w, i));
    conn_send(c, "GET", path, SLICE(""));
}

static void do_list(Worker *w, Conn *c, int64_t i UNUSED)
{
    char path[256];

    snprintf(path, sizeof(path), "/api/v1/namespaces/%s/configmaps?labelSelector=bench%%3Dhp",
             w->o->ns);
    conn_send(c, "GET", path, SLICE(""));
}

static void do_provision(Worker *w, Conn *c, int64_t i)
{
    AUTO_BUF body = BUF_INIT;

    buf_addf(
        &body,
        "{\"apiVersion\":\"tenancy.hostplane.io/v1\",\"kind\":\"Tenant\",\"metadata\":{\"name\":"
        "\"b-%d-%d-%lld\"}}",
        (int)getpid(), w->index, (long long)i);
    conn_send(c, "POST", "/apis/tenancy.hostplane.io/v1/tenants", buf_slice(&body));
}

/* ---- preparation ---- */

static void make_namespace(const Options *o, const Target *t)
{
    Conn *c = conn_open(t);
    AUTO_BUF body = BUF_INIT;
    Slice answer;
    int status;

    buf_addf(&body, "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}",
             o->ns);
    status = conn_request(c, "POST", "/api/v1/namespaces", buf_slice(&body), &answer);
    if (status != 201 && status != 409)
        bench_fail("creating the namespace", status, answer);
    conn_close(c);
}

static void post_seed(const Options *o, Conn *c, int64_t i)
{
    char name[64];

    snprintf(name, sizeof(name), "seed-%lld", (long long)i);
    post_configmap(o, c, name);
}

static void post_grouped(const Options *o, Conn *c, int64_t i)
{
    AUTO_BUF body = BUF_INIT, path = BUF_INIT;
    long long group = (long long)(i / o->found);

    buf_addf(&body,
             "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"type\":\"example.com/g%lld\","
             "\"metadata\":{\"name\":\"seed-%lld\",\"labels\":{\"group\":\"g%lld\"}},"
             "\"stringData\":{\"text\":\"%s\"}}",
             group, (long long)i, group, text);
    buf_addf(&path, "/api/v1/namespaces/%s/secrets", o->ns);
    conn_send(c, "POST", buf_str(&path), buf_slice(&body));
}

typedef struct Seeder {
    const Options *o;
    pthread_t thread;
    int64_t first, step;
    void (*post)(const Options *o, Conn *c, int64_t i);
    const Target *target;
} Seeder;

static void *seed(void *data)
{
    const Seeder *s = data;
    Conn *c = conn_open(s->target);
    Slice body;

    for (int64_t i = s->first; i < s->o->objects; i += s->step) {
        int status;

        s->post(s->o, c, i);
        if (!conn_answer(c, &status, &body) || (status != 201 && status != 409))
            bench_fail("creating an object", status, body);
    }
    conn_close(c);
    return NULL;
}

/* Is the last one there? Then the others are, from an earlier run. */
static bool is_seeded(const Options *o, const char *plural, const Target *t)
{
    Conn *c = conn_open(t);
    AUTO_BUF path = BUF_INIT;
    int status;

    buf_addf(&path, "/api/v1/namespaces/%s/%s/seed-%lld", o->ns, plural,
             (long long)(o->objects - 1));
    status = conn_request(c, "GET", buf_str(&path), SLICE(""), NULL);
    conn_close(c);
    return status == 200;
}

static void seed_target(const Options *o, const Target *t, const char *plural,
                        void (*post)(const Options *o, Conn *c, int64_t i))
{
    enum { SEEDERS = 16 };
    Seeder s[SEEDERS];

    if (is_seeded(o, plural, t))
        return;
    for (int i = 0; i < SEEDERS; i++) {
        s[i] = (Seeder){.o = o, .first = i, .step = SEEDERS, .post = post, .target = t};
        BUG_ON(pthread_create(&s[i].thread, NULL, seed, &s[i]) != 0);
    }
    for (int i = 0; i < SEEDERS; i++)
        pthread_join(s[i].thread, NULL);
}

static void make_seed(const Options *o, const char *plural,
                      void (*post)(const Options *o, Conn *c, int64_t i))
{
    seed_target(o, &o->target, plural, post);
    for (const Target *t = o->targets; t && t->host; t++)
        seed_target(o, t, plural, post);
}

/* ---- command line ---- */

static const struct {
    const char *name, *help;
    RequestFn request;
    void (*bench)(const Options *o);                    /* what is no series of requests */
    void (*post)(const Options *o, Conn *c, int64_t i); /* makes --objects first */
    const char *plural, *patch_type;
} benches[] = {
    {"create", "ConfigMaps of --size bytes", do_create, NULL, NULL, NULL, NULL},
    {"get", "one of --objects", do_get, NULL, post_seed, "configmaps", NULL},
    {"list", "all --objects, by a label they all have", do_list, NULL, post_seed, "configmaps",
     NULL},
    {"update", "PUT of one of --objects", do_update, NULL, post_seed, "configmaps", NULL},
    {"patch", "merge patch of one of --objects", do_patch, NULL, post_seed, "configmaps",
     "application/merge-patch+json"},
    {"apply", "server-side apply of one of --objects", do_apply, NULL, post_seed, "configmaps",
     "application/apply-patch+yaml"},
    {"list-label", "--found of --objects Secrets by a label", do_list_label, NULL, post_grouped,
     "secrets", NULL},
    {"list-field", "--found of --objects Secrets by a field", do_list_field, NULL, post_grouped,
     "secrets", NULL},
    {"watch", "time until each of --watchers has an event", NULL, bench_watch, NULL, NULL, NULL},
    {"delivery", "--changes of --objects to --watchers: all, once, in order", NULL, bench_delivery,
     NULL, NULL, NULL},
    {"idle", "memory of --watchers watches; --pid is the server", NULL, bench_idle, NULL, NULL,
     NULL},
    {"provision", "tenants; needs the host cluster's URL", do_provision, NULL, NULL, NULL, NULL},
};

static void usage(void)
{
    fprintf(stderr, "usage: hpbench BENCH --server URL [--token T | --cert FILE --key FILE] "
                    "[options]\nBENCH:\n");
    for (size_t i = 0; i < ARRAY_LEN(benches); i++)
        fprintf(stderr, "  %-12s %s\n", benches[i].name, benches[i].help);
    fprintf(stderr, "options:\n"
                    "  --server     https://127.0.0.1:6443/clusters/NAME, or of a kube-apiserver\n"
                    "  --tenants F  workers are spread over these: lines of URL and token\n"
                    "  --ns NS      namespace to work in (bench)\n"
                    "  --seconds N  how long (5)         --workers N   connections at a time (16)\n"
                    "  --objects N  objects there (500)  --size N      bytes of each (2048)\n"
                    "  --found N    of each list (100)   --watchers N  (1000)\n"
                    "  --changes N  of each object (4)   --replay 1    watch when all is written\n"
                    "  --pid N      of the server, for its memory or processor time\n");
    exit(2);
}

static void read_tenants(Options *o)
{
    FILE *f = fopen(o->tenants, "re");
    char url[1024], token[8192];
    size_t n = 0;

    if (!f) {
        perror(o->tenants);
        exit(1);
    }
    while (fscanf(f, "%1023s %8191s", url, token) == 2) {
        o->targets = xrealloc(o->targets, (n + 2) * sizeof(*o->targets));
        o->targets[n] = (Target){.token = xstrdup(token)};
        target_parse(&o->targets[n++], url);
        o->targets[n] = (Target){.host = NULL};
    }
    fclose(f);
}

static void parse(Options *o, int argc, char **argv)
{
    const BenchFlag flags[] = {
        {"--ns", &o->ns, NULL},
        {"--tenants", &o->tenants, NULL},
        {"--seconds", NULL, &o->seconds},
        {"--workers", NULL, &o->workers},
        {"--objects", NULL, &o->objects},
        {"--size", NULL, &o->size},
        {"--watchers", NULL, &o->watchers},
        {"--found", NULL, &o->found},
        {"--changes", NULL, &o->changes},
        {"--replay", NULL, &o->replay},
        {"--pid", NULL, &o->pid},
        {NULL, NULL, NULL},
    };

    if (!target_flags(&o->target, flags, argc, argv, 2))
        usage();
    if (o->tenants)
        read_tenants(o);
}

int main(int argc, char **argv)
{
    Options o = {.ns = "bench",
                 .seconds = 5,
                 .workers = 16,
                 .objects = 500,
                 .size = 2048,
                 .watchers = 1000,
                 .found = 100,
                 .changes = 4};
    size_t at = 0;

    while (argc >= 2 && at < ARRAY_LEN(benches) && strcmp(benches[at].name, argv[1]) != 0)
        at++;
    if (argc < 2 || at == ARRAY_LEN(benches))
        usage();
    parse(&o, argc, argv);
    text = xmalloc((size_t)o.size + 1);
    memset(text, 'x', (size_t)o.size);
    text[o.size] = '\0';
    text_len = (size_t)o.size;
    if (benches[at].request != do_provision) {
        make_namespace(&o, &o.target);
        for (const Target *t = o.targets; t && t->host; t++)
            make_namespace(&o, t);
    }
    if (benches[at].post)
        make_seed(&o, benches[at].plural, benches[at].post);
    if (benches[at].bench)
        benches[at].bench(&o);
    else
        run(benches[at].name, &o, benches[at].request, benches[at].patch_type);
    free(text);
    return 0;
}
