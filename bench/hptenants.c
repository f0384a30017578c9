/*
 * hptenants - what tenants cost: how fast they come, what they weigh warm and idle, how long the
 * first request takes after an idle time, how fast they go, and whether anything is left behind.
 *
 *   provision  N tenants; a time runs from the request for one until its first own answer
 *   idle       until the server has let go of what it keeps in memory of them
 *   cold       the first request to some of them after that
 *   delete     all of them; then until nothing of them is left in the database
 *   cycles     one after the other made, used and deleted; memory, descriptors and threads before
 *              and after
 *
 * One line of JSON a step. The server's figures are those of its /metrics.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "bench/sort.h"
#include "bench/tenant.h"

#include <pthread.h>
#include <unistd.h>

typedef struct Options {
    Target target;
    int64_t tenants, workers, idle, sample, cycles;
} Options;

typedef struct Tenant {
    BenchTenant made;
    char name[64];
    int64_t us; /* what was done last took */
} Tenant;

typedef struct Worker {
    const Options *o;
    Tenant *tenants;
    int64_t first, n, step;
    void (*work)(Conn *c, const Options *o, Tenant *t);
    pthread_t thread;
} Worker;

typedef struct Figures {
    double rss, fds, threads, caches, clusters, reclaimed;
} Figures;

/* ---- one tenant ---- */

static void use(Conn *c, const Options *o, Tenant *t)
{
    Slice answer;
    int status;

    conn_use(c, &t->made.target);
    status = conn_request(c, "GET", "/api/v1/namespaces", SLICE(""), &answer);
    conn_use(c, &o->target);
    if (status != 200 || !memmem(answer.ptr, answer.len, "kube-system", 11))
        bench_fail("a tenant's first request", status, answer);
}

static void provision(Conn *c, const Options *o, Tenant *t)
{
    int64_t start = clock_mono_us();

    bench_tenant_make(&t->made, t->name, c, &o->target, NULL);
    use(c, o, t);
    t->us = clock_mono_us() - start;
}

static void use_again(Conn *c, const Options *o, Tenant *t)
{
    int64_t start = clock_mono_us();

    use(c, o, t);
    t->us = clock_mono_us() - start;
}

static void forget(Conn *c, const Options *o, Tenant *t)
{
    int64_t start = clock_mono_us();
    AUTO_BUF path = BUF_INIT;
    Slice answer;
    int status;

    buf_addf(&path, BENCH_TENANTS "/%s", t->name);
    status = conn_request(c, "DELETE", buf_str(&path), SLICE(""), &answer);
    if (status != 200)
        bench_fail("deleting a tenant", status, answer);
    conn_use(c, &t->made.target);
    status = conn_request(c, "GET", "/api/v1/namespaces", SLICE(""), &answer);
    conn_use(c, &o->target);
    if (status != 401)
        bench_fail("a deleted tenant's token is still good", status, answer);
    bench_tenant_done(&t->made);
    t->us = clock_mono_us() - start;
}

static void cycle(Conn *c, const Options *o, Tenant *t)
{
    provision(c, o, t);
    forget(c, o, t);
}

/* ---- many ---- */

static void *worker_main(void *data)
{
    Worker *w = data;
    Conn *c = conn_open(&w->o->target);

    for (int64_t i = w->first; i < w->n; i += w->step)
        w->work(c, w->o, &w->tenants[i]);
    conn_close(c);
    return NULL;
}

/* The seconds that it took. */
static double on_each(const Options *o, Tenant *tenants, int64_t n,
                      void (*work)(Conn *c, const Options *o, Tenant *t))
{
    Worker *workers = xcalloc((size_t)o->workers, sizeof(*workers));
    int64_t start = clock_mono_us();

    for (int64_t i = 0; i < o->workers; i++) {
        workers[i] = (Worker){o, tenants, i, n, o->workers, work, 0};
        BUG_ON(pthread_create(&workers[i].thread, NULL, worker_main, &workers[i]) != 0);
    }
    for (int64_t i = 0; i < o->workers; i++)
        pthread_join(workers[i].thread, NULL);
    free(workers);
    return (double)(clock_mono_us() - start) / 1e6;
}

static Tenant *name_tenants(int64_t n, int64_t round)
{
    Tenant *v = xcalloc((size_t)MAX(n, 1), sizeof(*v));

    for (int64_t i = 0; i < n; i++) {
        snprintf(v[i].name, sizeof(v[i].name), "b-%d-%lld-%lld", (int)getpid(), (long long)round,
                 (long long)i);
    }
    return v;
}

static double at_ms(const Tenant *v, int64_t n, size_t percent)
{
    int64_t *us = xmalloc((size_t)MAX(n, 1) * sizeof(*us));
    double ms;

    for (int64_t i = 0; i < n; i++)
        us[i] = v[i].us;
    bench_sort(us, (size_t)n);
    ms = n > 0 ? (double)us[(size_t)n * percent / 100] / 1000 : 0;
    free(us);
    return ms;
}

/* ---- the server's figures ---- */

static double figure_in(Slice text, const char *name)
{
    size_t len = strlen(name);
    Slice line;

    while (slice_cut(&text, '\n', &line))
        if (line.len > len && memcmp(line.ptr, name, len) == 0 && line.ptr[len] == ' ')
            return strtod(line.ptr + len, NULL);
    return 0;
}

static Figures figures_of(Conn *c)
{
    Slice text;
    int status = conn_request(c, "GET", "/metrics", SLICE(""), &text);

    if (status != 200)
        bench_fail("reading /metrics", status, text);
    return (Figures){.rss = figure_in(text, "process_resident_memory_bytes"),
                     .fds = figure_in(text, "process_open_fds"),
                     .threads = figure_in(text, "process_threads"),
                     .caches = figure_in(text, "hostplane_store_caches"),
                     .clusters = figure_in(text, "hostplane_store_n_clusters"),
                     .reclaimed = figure_in(text, "hostplane_store_reclaimed")};
}

static double kib_each(Figures now, Figures before, int64_t n)
{
    return (now.rss - before.rss) / 1024 / (double)n;
}

/* ---- steps ---- */

static void step_idle(const Options *o, Conn *c, Tenant *v, Figures before)
{
    int64_t start = clock_mono_us(), n = MIN(o->sample, o->tenants);
    Figures now = figures_of(c);

    while (now.caches > before.caches + (double)o->tenants / 10 &&
           clock_mono_us() - start < o->idle * 1000000) {
        sleep(1);
        now = figures_of(c);
    }
    printf("{\"bench\":\"idle\",\"seconds\":%.0f,\"caches\":%.0f,\"rss_mib\":%.1f,"
           "\"kib_a_tenant\":%.2f}\n",
           (double)(clock_mono_us() - start) / 1e6, now.caches, now.rss / 1048576,
           kib_each(now, before, o->tenants));
    (void)on_each(o, v, n, use_again);
    printf("{\"bench\":\"cold\",\"requests\":%lld,\"p50_ms\":%.2f,\"p99_ms\":%.2f}\n", (long long)n,
           at_ms(v, n, 50), at_ms(v, n, 99));
}

static void step_delete(const Options *o, Conn *c, Tenant *v, Figures before)
{
    double seconds = on_each(o, v, o->tenants, forget), gone;
    int64_t start = clock_mono_us();
    Figures now;

    do {
        sleep(1);
        now = figures_of(c);
        gone = now.reclaimed - before.reclaimed;
    } while (gone < (double)o->tenants && clock_mono_us() - start < 1800LL * 1000000);
    printf("{\"bench\":\"delete\",\"tenants\":%lld,\"invisible_seconds\":%.2f,\"p99_ms\":%.2f,"
           "\"reclaimed\":%.0f,\"reclaimed_seconds\":%.1f,\"clusters_left\":%.0f,"
           "\"rss_mib\":%.1f}\n",
           (long long)o->tenants, seconds, at_ms(v, o->tenants, 99), gone,
           seconds + (double)(clock_mono_us() - start) / 1e6, now.clusters - before.clusters,
           now.rss / 1048576);
}

static void print_cycles(int64_t done, Figures f)
{
    printf("{\"bench\":\"cycles\",\"done\":%lld,\"rss_mib\":%.1f,\"fds\":%.0f,\"threads\":%.0f}\n",
           (long long)done, f.rss / 1048576, f.fds, f.threads);
    fflush(stdout);
}

static void step_cycles(const Options *o, Conn *c)
{
    int64_t part = MAX(o->cycles / 10, 1);

    print_cycles(0, figures_of(c));
    for (int64_t done = 0; done < o->cycles; done += part) {
        Tenant *v = name_tenants(part, done / part + 1);

        (void)on_each(o, v, part, cycle);
        free(v);
        print_cycles(MIN(done + part, o->cycles), figures_of(c));
    }
}

static void usage(void)
{
    fprintf(stderr,
            "usage: hptenants --server URL --cert FILE --key FILE [options]\n"
            "  --server URL   the host cluster's\n"
            "  --tenants N    how many (1000)\n"
            "  --workers N    connections at a time (8)\n"
            "  --idle N       wait at most N seconds until they are idle (600); the server's\n"
            "                 --cache-idle says when they are\n"
            "  --sample N     of them are asked after that (200)\n"
            "  --cycles N     then make, use and delete N more, one after the other (1)\n");
    exit(2);
}

int main(int argc, char **argv)
{
    Options o = {.tenants = 1000, .workers = 8, .idle = 600, .sample = 200, .cycles = 1};
    const BenchFlag flags[] = {{"--tenants", NULL, &o.tenants}, {"--workers", NULL, &o.workers},
                               {"--idle", NULL, &o.idle},       {"--sample", NULL, &o.sample},
                               {"--cycles", NULL, &o.cycles},   {NULL, NULL, NULL}};
    Figures before, now;
    double seconds;
    Tenant *v;
    Conn *c;

    if (!target_flags(&o.target, flags, argc, argv, 1))
        usage();
    c = conn_open(&o.target);
    v = name_tenants(o.tenants, 0);
    before = figures_of(c);
    seconds = on_each(&o, v, o.tenants, provision);
    now = figures_of(c);
    printf("{\"bench\":\"provision\",\"tenants\":%lld,\"per_second\":%.1f,\"p50_ms\":%.2f,"
           "\"p99_ms\":%.2f,\"rss_mib\":%.1f,\"kib_a_tenant\":%.2f}\n",
           (long long)o.tenants, (double)o.tenants / seconds, at_ms(v, o.tenants, 50),
           at_ms(v, o.tenants, 99), now.rss / 1048576, kib_each(now, before, o.tenants));
    fflush(stdout);
    step_idle(&o, c, v, before);
    fflush(stdout);
    step_delete(&o, c, v, before);
    fflush(stdout);
    step_cycles(&o, c);
    free(v);
    conn_close(c);
    return 0;
}
