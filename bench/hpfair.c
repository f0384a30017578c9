/*
 * hpfair - what greedy neighbours cost: ordinary tenants ask now and then, first alone, then beside
 * greedy ones that ask as fast as they can on many connections, whatever they are told, then alone
 * again; the ratio is to the better one of these.
 *
 * Each ordinary tenant has one connection and a rhythm; a request's time runs from when it was due,
 * so that one that had to wait for the one before it is counted as late. The tenants are made on
 * the way, under a plan of which a greedy tenant asks for about a hundred times its rate. One line
 * of JSON; the ratio is what matters, as clients and server share the machine.
 *
 * What is asked in the first seconds does not count: tenants are still being furnished then. With
 * --fresh 1 a greedy one opens a new connection for each request.
 *
 * With --list N the greedy ones list N ConfigMaps again and again, with --watchers N they watch on
 * N connections and one of them writes; the ordinary ones get one object then, and no plan bounds
 * the greedy.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "bench/sort.h"
#include "bench/tenant.h"

#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

typedef struct Options {
    Target target;
    int64_t seconds, ordinary, greedy, connections, rate, share, list, watchers, fresh;
} Options;

typedef enum Phase { PHASE_ALONE, PHASE_BESIDE, PHASE_AGAIN, PHASE_MAX_ } Phase;

typedef struct Tenant {
    const Options *o;
    BenchTenant made;
    int index;
    int64_t *us[PHASE_MAX_];
    size_t n[PHASE_MAX_], cap[PHASE_MAX_];
    int64_t refused, failed;
} Tenant;

typedef struct Asker { /* one connection of a greedy tenant */
    Tenant *tenant;
    pthread_t thread;
    int64_t answered, refused;
} Asker;

enum { SETTLE_S = 4 };

static volatile bool is_over, is_greed_over;
static volatile int phase;

/* ---- tenants ---- */

static void make_plan(const Options *o, Conn *c)
{
    AUTO_BUF body = BUF_INIT;
    Slice answer;
    int status;

    buf_addf(&body,
             "{\"metadata\":{\"name\":\"fair\"},\"spec\":{\"rateLimits\":{\"requestsPerSecond\":"
             "%lld,\"burst\":%lld,\"concurrentRequests\":4}}}",
             (long long)o->share, (long long)o->share);
    status =
        conn_request(c, "POST", "/apis/tenancy.hostplane.io/v1/plans", buf_slice(&body), &answer);
    if (status != 201 && status != 409)
        bench_fail("making the plan", status, answer);
}

/* ---- requests: one write for three reads ---- */

static const char maps[] = "/api/v1/namespaces/default/configmaps";

static bool is_about_reads(const Options *o)
{
    return o->list > 0 || o->watchers > 0;
}

static int add_map(Conn *c, const char *who, int64_t i, Slice *ret_answer)
{
    AUTO_BUF body = BUF_INIT;

    buf_addf(&body, "{\"metadata\":{\"name\":\"%s-%lld\"},\"data\":{\"k\":\"%0512d\"}}", who,
             (long long)i, 7);
    return conn_request(c, "POST", maps, buf_slice(&body), ret_answer);
}

static int ask(const Options *o, Conn *c, const char *who, int64_t i)
{
    Slice answer;

    switch (is_about_reads(o) ? 1 : i % 4) {
    case 0:
        return add_map(c, who, i, &answer);
    case 1:
        return conn_request(c, "GET", "/api/v1/namespaces/default", SLICE(""), &answer);
    case 2:
        return conn_request(c, "GET", "/api/v1/namespaces/default/serviceaccounts", SLICE(""),
                            &answer);
    default:
        return conn_request(c, "GET", "/api/v1/namespaces/default/configmaps?limit=50", SLICE(""),
                            &answer);
    }
}

static void sleep_until(int64_t us)
{
    struct timespec at = clock_timespec(us);

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) != 0)
        ;
}

static void *live_ordinary(void *data)
{
    Tenant *t = data;
    Conn *c = conn_open(&t->made.target);
    int64_t step = 1000000 / t->o->rate;
    int64_t due = clock_mono_us() + step * t->index / MAX(1, t->o->ordinary);

    for (int64_t i = 0; !is_over; i++, due += step) {
        int now = phase, status;

        sleep_until(due);
        status = ask(t->o, c, "o", i);
        t->refused += status == 429;
        t->failed += status >= 300 && status != 429;
        if (i < t->o->rate * SETTLE_S)
            continue;
        GROW(t->us[now], t->cap[now], t->n[now] + 1);
        t->us[now][t->n[now]++] = clock_mono_us() - due;
    }
    conn_close(c);
    return NULL;
}

/* What this program does for the greedy ones is not to keep it from looking after the others, where
 * it was started with a priority to give (chrt -r 5). */
static void stand_back(void)
{
    struct sched_param p;

    if (sched_getscheduler(0) != SCHED_RR || sched_getparam(0, &p) != 0 || p.sched_priority < 2)
        return;
    p.sched_priority--;
    (void)sched_setscheduler(0, SCHED_RR, &p);
}

static void *live_greedy(void *data)
{
    Asker *a = data;
    Conn *c = conn_open(&a->tenant->made.target);
    char who[32];

    stand_back();
    snprintf(who, sizeof(who), "g%x", (unsigned)(uintptr_t)a);
    for (int64_t i = 0; !is_greed_over; i++) {
        Slice answer;
        int status = a->tenant->o->list > 0 ? conn_request(c, "GET", maps, SLICE(""), &answer)
                                            : ask(a->tenant->o, c, who, i);

        a->refused += status == 429;
        a->answered += status != 429;
        if (a->tenant->o->fresh > 0) {
            conn_close(c);
            c = conn_open(&a->tenant->made.target);
        }
    }
    conn_close(c);
    return NULL;
}

/* ---- greedy readers ---- */

static void fill(const Tenant *t)
{
    Conn *c = conn_open(&t->made.target);

    for (int64_t i = 0; i < t->o->list; i++) {
        Slice answer;
        int status = add_map(c, "m", i, &answer);

        if (status != 201)
            bench_fail("making what is listed", status, answer);
    }
    conn_close(c);
}

typedef struct Watchers {
    Tenant *tenant;
    pthread_t reader, writer;
    Conn **conns;
    int64_t seen;
} Watchers;

/* One thread reads what comes on all connections. */
static void *live_watchers(void *data)
{
    Watchers *w = data;
    size_t n = (size_t)w->tenant->o->watchers;
    char buf[16384];

    while (!is_greed_over) {
        for (size_t i = 0; i < n && !is_greed_over; i++) {
            int got = conn_read(w->conns[i], buf, sizeof(buf));

            if (got < 0)
                bench_fail("watching", 0, SLICE("closed"));
            w->seen += got > 0;
        }
        sleep_until(clock_mono_us() + 20000);
    }
    return NULL;
}

static void *live_writer(void *data)
{
    Watchers *w = data;
    Conn *c = conn_open(&w->tenant->made.target);
    int64_t due = clock_mono_us();

    for (int64_t i = 0; !is_greed_over; i++, due += 250000) {
        AUTO_BUF body = BUF_INIT;
        Slice answer;

        sleep_until(due);
        buf_addf(&body, "{\"metadata\":{\"name\":\"w%lld\"}}", (long long)i);
        (void)conn_request(c, "POST", maps, buf_slice(&body), &answer);
    }
    conn_close(c);
    return NULL;
}

static void open_watchers(Watchers *w)
{
    size_t n = (size_t)w->tenant->o->watchers;

    w->conns = xcalloc(n, sizeof(*w->conns));
    for (size_t i = 0; i < n; i++) {
        w->conns[i] = conn_open(&w->tenant->made.target);
        conn_send(w->conns[i], "GET", "/api/v1/namespaces/default/configmaps?watch=true",
                  SLICE(""));
        conn_set_nonblocking(w->conns[i]);
    }
    BUG_ON(pthread_create(&w->reader, NULL, live_watchers, w) != 0);
}

static void close_watchers(Watchers *w)
{
    pthread_join(w->reader, NULL);
    pthread_join(w->writer, NULL);
    for (int64_t i = 0; i < w->tenant->o->watchers; i++)
        conn_close(w->conns[i]);
    free(w->conns);
}

/* ---- the run ---- */

static double at_ms(const int64_t *us, size_t n, size_t percent)
{
    return n > 0 ? (double)us[n * percent / 100] / 1000 : 0;
}

static size_t gather(const Tenant *tenants, int64_t n_tenants, Phase p, int64_t **ret)
{
    size_t n = 0;

    *ret = NULL;
    for (int64_t i = 0; i < n_tenants; i++) {
        *ret = xrealloc(*ret, (n + tenants[i].n[p] + 1) * sizeof(**ret));
        if (tenants[i].n[p] > 0)
            memcpy(*ret + n, tenants[i].us[p], tenants[i].n[p] * sizeof(**ret));
        n += tenants[i].n[p];
    }
    bench_sort(*ret, n);
    return n;
}

static void report(const Options *o, const Tenant *ordinary, const Asker *askers, double seconds)
{
    int64_t *us[PHASE_MAX_], answered = 0, refused = 0, of_ordinary = 0, failed = 0;
    size_t n[PHASE_MAX_];
    double p99[PHASE_MAX_], alone;

    for (int p = 0; p < PHASE_MAX_; p++) {
        n[p] = gather(ordinary, o->ordinary, (Phase)p, &us[p]);
        p99[p] = at_ms(us[p], n[p], 99);
    }
    alone = MIN(p99[PHASE_ALONE], p99[PHASE_AGAIN]);
    for (int64_t i = 0; i < o->greedy * o->connections; i++) {
        answered += askers[i].answered;
        refused += askers[i].refused;
    }
    for (int64_t i = 0; i < o->ordinary; i++) {
        of_ordinary += ordinary[i].refused;
        failed += ordinary[i].failed;
    }
    printf("{\"bench\":\"fair\",\"ordinary\":%lld,\"greedy\":%lld,\"alone_requests\":%zu,"
           "\"alone_p50_ms\":%.3f,\"alone_p99_ms\":%.3f,\"beside_requests\":%zu,\"beside_p50_ms\":"
           "%.3f,\"beside_p99_ms\":%.3f,\"again_requests\":%zu,\"again_p50_ms\":%.3f,"
           "\"again_p99_ms\":%.3f,\"ratio_p99\":%.2f,\"ordinary_refused\":%lld,"
           "\"ordinary_failed\":%lld,\"greedy_answered_per_second\":%.0f,"
           "\"greedy_refused_per_second\":%.0f}\n",
           (long long)o->ordinary, (long long)o->greedy, n[0], at_ms(us[0], n[0], 50), p99[0], n[1],
           at_ms(us[1], n[1], 50), p99[1], n[2], at_ms(us[2], n[2], 50), p99[2],
           alone > 0 ? p99[1] / alone : 0, (long long)of_ordinary, (long long)failed,
           (double)answered / seconds, (double)refused / seconds);
    for (int p = 0; p < PHASE_MAX_; p++)
        free(us[p]);
}

static void usage(void)
{
    fprintf(stderr,
            "usage: hpfair --server URL --cert FILE --key FILE [options]\n"
            "  --server URL     the host cluster's\n"
            "  --seconds N      of each of the three phases (10)\n"
            "  --ordinary N     tenants that ask now and then (40)\n"
            "  --rate N         requests a second of each of them (5)\n"
            "  --greedy N       tenants that ask as fast as they can (10)\n"
            "  --connections N  of each of these (10)\n"
            "  --share N        requests a second that the plan grants (20)\n"
            "  --list N         greedy ones list so many objects\n"
            "  --fresh 1        greedy ones open a connection for each request\n"
            "  --watchers N     the greedy one watches on so many connections (--greedy 1)\n");
    exit(2);
}

int main(int argc, char **argv)
{
    Options o = {
        .seconds = 10, .ordinary = 40, .greedy = 10, .connections = 10, .rate = 5, .share = 20};
    const BenchFlag flags[] = {
        {"--seconds", NULL, &o.seconds}, {"--ordinary", NULL, &o.ordinary},
        {"--greedy", NULL, &o.greedy},   {"--connections", NULL, &o.connections},
        {"--rate", NULL, &o.rate},       {"--share", NULL, &o.share},
        {"--list", NULL, &o.list},       {"--watchers", NULL, &o.watchers},
        {"--fresh", NULL, &o.fresh},     {NULL, NULL, NULL}};
    Tenant *tenants;
    pthread_t *threads;
    Asker *askers;
    Conn *c;
    char name[64];
    int64_t start;
    double took;
    Watchers watchers = {0};

    if (!target_flags(&o.target, flags, argc, argv, 1))
        usage();
    tenants = xcalloc((size_t)(o.ordinary + o.greedy), sizeof(*tenants));
    threads = xcalloc((size_t)o.ordinary, sizeof(*threads));
    askers = xcalloc((size_t)(o.greedy * o.connections), sizeof(*askers));
    c = conn_open(&o.target);
    make_plan(&o, c);
    for (int i = 0; i < o.ordinary + o.greedy; i++) {
        tenants[i].o = &o;
        tenants[i].index = i;
        snprintf(name, sizeof(name), "fair-%d-%d", (int)getpid(), i);
        bench_tenant_make(&tenants[i].made, name, c, &o.target,
                          is_about_reads(&o) ? "unlimited" : "fair");
        if (i >= o.ordinary && o.list > 0)
            fill(&tenants[i]);
    }
    if (o.watchers > 0) {
        o.connections = 0;
        watchers.tenant = &tenants[o.ordinary];
        open_watchers(&watchers);
    }
    conn_close(c);
    for (int64_t i = 0; i < o.ordinary; i++)
        BUG_ON(pthread_create(&threads[i], NULL, live_ordinary, &tenants[i]) != 0);
    sleep((unsigned)o.seconds + SETTLE_S);
    phase = PHASE_BESIDE;
    start = clock_mono_us();
    if (o.watchers > 0)
        BUG_ON(pthread_create(&watchers.writer, NULL, live_writer, &watchers) != 0);
    for (int64_t i = 0; i < o.greedy * o.connections; i++) {
        askers[i].tenant = &tenants[o.ordinary + i / o.connections];
        BUG_ON(pthread_create(&askers[i].thread, NULL, live_greedy, &askers[i]) != 0);
    }
    sleep((unsigned)o.seconds);
    is_greed_over = true;
    took = (double)(clock_mono_us() - start) / 1e6;
    for (int64_t i = 0; i < o.greedy * o.connections; i++)
        pthread_join(askers[i].thread, NULL);
    if (o.watchers > 0)
        close_watchers(&watchers);
    phase = PHASE_AGAIN;
    sleep((unsigned)o.seconds);
    is_over = true;
    for (int64_t i = 0; i < o.ordinary; i++)
        pthread_join(threads[i], NULL);
    report(&o, tenants, askers, took);
    for (int64_t i = 0; i < o.ordinary + o.greedy; i++) {
        for (int p = 0; p < PHASE_MAX_; p++)
            free(tenants[i].us[p]);
        bench_tenant_done(&tenants[i].made);
    }
    free(tenants);
    free(threads);
    free(askers);
    return 0;
}
