/*
 * hpbench - what an API server does a second: create, get, list, watch fan-out, tenant
 * provisioning.
 *
 * It speaks plain Kubernetes over HTTPS and so measures our server (URL with /clusters/NAME) and a
 * kube-apiserver (URL without) with the same code. One line of JSON for each run. Each worker is a
 * thread with a connection of its own that sends its next request when the answer is there.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "bench/conn.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>

typedef struct Options {
    Target target;
    const char *ns;
    int64_t seconds, workers, objects, size, watchers;
} Options;

typedef struct Worker {
    const Options *o;
    pthread_t thread;
    int index;
    int64_t *us; /* latencies */
    size_t n, cap;
    int64_t bytes, failed;
    int (*request)(struct Worker *w, Conn *c, int64_t i, Slice *ret_body);
} Worker;

static volatile bool is_over;
static char *padding; /* o->size bytes of text */

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void report(const char *name, int64_t *us, size_t n, double seconds, int64_t bytes,
                   int64_t failed)
{
    qsort(us, n, sizeof(*us), by_value);
    printf("{\"bench\":\"%s\",\"requests\":%zu,\"failed\":%lld,\"per_second\":%.0f,\"p50_ms\":%.3f,"
           "\"p99_ms\":%.3f,\"max_ms\":%.3f,\"mb_per_second\":%.1f}\n",
           name, n, (long long)failed, (double)n / seconds, n ? (double)us[n / 2] / 1000 : 0,
           n ? (double)us[n * 99 / 100] / 1000 : 0, n ? (double)us[n - 1] / 1000 : 0,
           (double)bytes / 1e6 / seconds);
    fflush(stdout);
}

static void *work(void *data)
{
    Worker *w = data;
    Conn *c = conn_open(&w->o->target);

    for (int64_t i = 0; !is_over; i++) {
        int64_t start = clock_mono_us();
        Slice body;
        int status = w->request(w, c, i, &body);

        if (status >= 300 && w->failed++ == 0 && w->index == 0)
            fprintf(stderr, "status %d: %.*s\n", status, (int)MIN(body.len, 300), body.ptr);
        GROW(w->us, w->cap, w->n + 1);
        w->us[w->n++] = clock_mono_us() - start;
        w->bytes += (int64_t)body.len;
    }
    conn_close(c);
    return NULL;
}

static void run(const char *name, const Options *o,
                int (*request)(Worker *w, Conn *c, int64_t i, Slice *ret_body))
{
    Worker *workers = xcalloc((size_t)o->workers, sizeof(*workers));
    int64_t *all = NULL, bytes = 0, failed = 0, start = clock_mono_us();
    size_t n = 0;
    double seconds;

    is_over = false;
    for (int i = 0; i < o->workers; i++) {
        workers[i] = (Worker){.o = o, .index = i, .request = request};
        BUG_ON(pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0);
    }
    sleep((unsigned)o->seconds);
    is_over = true;
    for (int i = 0; i < o->workers; i++) {
        pthread_join(workers[i].thread, NULL);
        all = xrealloc(all, (n + workers[i].n + 1) * sizeof(*all));
        memcpy(all + n, workers[i].us, workers[i].n * sizeof(*all));
        n += workers[i].n;
        bytes += workers[i].bytes;
        failed += workers[i].failed;
        free(workers[i].us);
    }
    seconds = (double)(clock_mono_us() - start) / 1e6;
    report(name, all, n, seconds, bytes, failed);
    free(all);
    free(workers);
}

/* ---- the requests ---- */

static int post_configmap(const Options *o, Conn *c, const char *name, Slice *ret_body)
{
    AUTO_BUF body = BUF_INIT, path = BUF_INIT;

    buf_addf(
        &body,
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"labels\":{"
        "\"bench\":\"hp\"}},\"data\":{\"text\":\"%s\"}}",
        name, padding);
    buf_addf(&path, "/api/v1/namespaces/%s/configmaps", o->ns);
    return conn_request(c, "POST", buf_str(&path), buf_slice(&body), ret_body);
}

static int do_create(Worker *w, Conn *c, int64_t i, Slice *ret_body)
{
    char name[64];

    snprintf(name, sizeof(name), "c-%d-%d-%lld", (int)getpid(), w->index, (long long)i);
    return post_configmap(w->o, c, name, ret_body);
}

static int do_get(Worker *w, Conn *c, int64_t i, Slice *ret_body)
{
    char path[256];

    snprintf(path, sizeof(path), "/api/v1/namespaces/%s/configmaps/seed-%lld", w->o->ns,
             (long long)((i * 7 + w->index) % w->o->objects));
    return conn_request(c, "GET", path, SLICE(""), ret_body);
}

static int do_list(Worker *w, Conn *c, int64_t i UNUSED, Slice *ret_body)
{
    char path[256];

    snprintf(path, sizeof(path), "/api/v1/namespaces/%s/configmaps?labelSelector=bench%%3Dhp",
             w->o->ns);
    return conn_request(c, "GET", path, SLICE(""), ret_body);
}

static int do_provision(Worker *w, Conn *c, int64_t i, Slice *ret_body)
{
    AUTO_BUF body = BUF_INIT;

    buf_addf(
        &body,
        "{\"apiVersion\":\"tenancy.hostplane.io/v1\",\"kind\":\"Tenant\",\"metadata\":{\"name\":"
        "\"b-%d-%d-%lld\"}}",
        (int)getpid(), w->index, (long long)i);
    return conn_request(c, "POST", "/apis/tenancy.hostplane.io/v1/tenants", buf_slice(&body),
                        ret_body);
}

/* ---- preparation ---- */

static void make_namespace(const Options *o)
{
    Conn *c = conn_open(&o->target);
    AUTO_BUF body = BUF_INIT;
    Slice answer;
    int status;

    buf_addf(&body, "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}",
             o->ns);
    status = conn_request(c, "POST", "/api/v1/namespaces", buf_slice(&body), &answer);
    if (status != 201 && status != 409) {
        fprintf(stderr, "creating namespace %s: %d %.*s\n", o->ns, status,
                (int)MIN(answer.len, 300), answer.ptr);
        exit(1);
    }
    conn_close(c);
}

static void make_seed(const Options *o)
{
    Conn *c = conn_open(&o->target);
    char name[64];
    Slice body;

    for (int64_t i = 0; i < o->objects; i++) {
        int status;

        snprintf(name, sizeof(name), "seed-%lld", (long long)i);
        status = post_configmap(o, c, name, &body);
        if (status != 201 && status != 409) {
            fprintf(stderr, "creating %s: %d\n", name, status);
            exit(1);
        }
    }
    conn_close(c);
}

/* ---- watch fan-out: every watcher must see every event; the last one counts ---- */

static void bench_watch(const Options *o)
{
    Conn **watchers = xcalloc((size_t)o->watchers, sizeof(*watchers)),
         *writer = conn_open(&o->target);
    int64_t rounds = o->seconds * 5, *last = xcalloc((size_t)rounds, sizeof(*last)), start, opened;
    int ep = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event events[512];
    char path[256], chunk[16384], name[64];
    Slice body;

    snprintf(path, sizeof(path), "/api/v1/namespaces/%s/secrets?watch=true", o->ns);
    start = clock_mono_us();
    for (int64_t i = 0; i < o->watchers; i++) {
        struct epoll_event e = {.events = EPOLLIN, .data.u64 = (uint64_t)i};

        watchers[i] = conn_open(&o->target);
        conn_send(watchers[i], "GET", path, SLICE(""));
        conn_set_nonblocking(watchers[i]);
        epoll_ctl(ep, EPOLL_CTL_ADD, conn_fd(watchers[i]), &e);
    }
    opened = clock_mono_us() - start;
    usleep(500000);
    for (int64_t r = 0; r < rounds; r++) {
        int64_t seen = 0, sent;
        AUTO_BUF object = BUF_INIT;

        snprintf(name, sizeof(name), "w-%d-%lld", (int)getpid(), (long long)r);
        buf_addf(&object,
                 "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"%s\"},"
                 "\"stringData\":{"
                 "\"text\":\"%s\"}}",
                 name, padding);
        snprintf(path, sizeof(path), "/api/v1/namespaces/%s/secrets", o->ns);
        sent = clock_mono_us();
        BUG_ON(conn_request(writer, "POST", path, buf_slice(&object), &body) != 201);
        while (seen < o->watchers) {
            int n = epoll_wait(ep, events, 512, 10000);

            if (n <= 0) {
                fprintf(stderr, "only %lld of %lld watchers saw the event\n", (long long)seen,
                        (long long)o->watchers);
                exit(1);
            }
            for (int k = 0; k < n; k++) {
                int got;

                while ((got = conn_read(watchers[events[k].data.u64], chunk, sizeof(chunk))) > 0)
                    seen += memmem(chunk, (size_t)got, name, strlen(name)) != NULL;
            }
        }
        last[r] = clock_mono_us() - sent;
    }
    qsort(last, (size_t)rounds, sizeof(*last), by_value);
    printf("{\"bench\":\"watch\",\"watchers\":%lld,\"events\":%lld,\"opened_per_second\":%.0f,"
           "\"last_p50_ms\":%.3f,\"last_p99_ms\":%.3f,\"deliveries_per_second\":%.0f}\n",
           (long long)o->watchers, (long long)rounds, (double)o->watchers / ((double)opened / 1e6),
           (double)last[rounds / 2] / 1000, (double)last[rounds * 99 / 100] / 1000,
           (double)o->watchers / ((double)last[rounds / 2] / 1e6));
    for (int64_t i = 0; i < o->watchers; i++)
        conn_close(watchers[i]);
    conn_close(writer);
    close(ep);
    free(watchers);
    free(last);
}

/* ---- command line ---- */

static void usage(void)
{
    fprintf(stderr,
            "usage: hpbench BENCH --server URL [--token T | --cert FILE --key FILE] [options]\n"
            "  BENCH        create | get | list | watch | provision\n"
            "  --server     https://127.0.0.1:6443/clusters/NAME, or of a kube-apiserver\n"
            "  --ns NS      namespace to work in (bench)\n"
            "  --seconds N  how long (5)         --workers N   connections at a time (16)\n"
            "  --objects N  objects there (500)  --size N      bytes of each (2048)\n"
            "  --watchers N for watch (1000)\n"
            "provision needs the host cluster's URL.\n");
    exit(2);
}

static void parse(Options *o, int argc, char **argv)
{
    const BenchFlag flags[] = {
        {"--ns", &o->ns, NULL},
        {"--seconds", NULL, &o->seconds},
        {"--workers", NULL, &o->workers},
        {"--objects", NULL, &o->objects},
        {"--size", NULL, &o->size},
        {"--watchers", NULL, &o->watchers},
        {NULL, NULL, NULL},
    };

    if (!target_flags(&o->target, flags, argc, argv, 2))
        usage();
}

int main(int argc, char **argv)
{
    Options o = {
        .ns = "bench", .seconds = 5, .workers = 16, .objects = 500, .size = 2048, .watchers = 1000};

    if (argc < 2)
        usage();
    parse(&o, argc, argv);
    padding = xmalloc((size_t)o.size + 1);
    memset(padding, 'x', (size_t)o.size);
    padding[o.size] = '\0';
    if (strcmp(argv[1], "provision") == 0) {
        run("provision", &o, do_provision);
        return 0;
    }
    make_namespace(&o);
    if (strcmp(argv[1], "create") == 0) {
        run("create", &o, do_create);
    } else if (strcmp(argv[1], "watch") == 0) {
        bench_watch(&o);
    } else if (strcmp(argv[1], "get") == 0 || strcmp(argv[1], "list") == 0) {
        make_seed(&o);
        run(argv[1], &o, argv[1][0] == 'g' ? do_get : do_list);
    } else {
        usage();
    }
    free(padding);
    return 0;
}
