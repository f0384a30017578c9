/*
 * hpsched - pods that a scheduler binds a second, through the real API: makes simulated nodes, then
 * pods of one kind after the other, and watches until all are bound.
 *
 * It speaks plain Kubernetes and so measures ours (pods in a tenant, nodes in the host cluster) and
 * a real control plane with the same code. Nobody runs the pods; nodes are Ready because this
 * program says so once, so what takes silent nodes away must be off or slow (README.md).
 */
#include "base/clock.h"
#include "base/mem.h"
#include "bench/conn.h"
#include "bench/cpu.h"
#include "bench/threads.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum {
    POLL_US = 5000,
    SETTLE_S = 4,
    SETTLE_MAX_S = 60,
    IDLE_PERCENT = 5, /* of a processor, for a second */
    GIVE_UP_S = 600,
    WORKERS_MAX = 256,
    ZONES = 10,
    SPREAD_NAMESPACES = 100
};

typedef struct Kind {
    const char *name;
    const char *spec;     /* members of the pods' spec, beside containers and affinity */
    const char *affinity; /* members of spec.affinity, beside podAffinity */
    const char *together; /* required terms of podAffinity */
    const char *requests; /* of the one container */
    const char *app;      /* label */
    bool many_ns;         /* over SPREAD_NAMESPACES namespaces */
    const char *first;    /* a kind whose pods are there before */
    int64_t a_node;       /* of those: so many a node; 0: one in five */
    int64_t pods;         /* 0: --pods */
    bool is_never_held;
} Kind;

#define SMALL "\"cpu\":\"10m\",\"memory\":\"10Mi\""
#define TERMS "\"requiredDuringSchedulingIgnoredDuringExecution\":"
static const Kind kinds[] = {
    {.name = "basic", .requests = SMALL, .app = "basic"},
    {.name = "node-affinity",
     .affinity = "\"nodeAffinity\":{" TERMS "{\"nodeSelectorTerms\":[{\"matchExpressions\":[{"
                 "\"key\":\"topology.kubernetes.io/zone\",\"operator\":\"In\",\"values\":[\"z1\","
                 "\"z2\"]}]}]}}",
     .requests = SMALL,
     .app = "node-affinity"},
    {.name = "spread",
     .spec = ",\"topologySpreadConstraints\":[{\"maxSkew\":5,\"topologyKey\":"
             "\"topology.kubernetes.io/zone\",\"whenUnsatisfiable\":\"DoNotSchedule\","
             "\"labelSelector\":{\"matchLabels\":{\"app\":\"spread\"}}}]",
     .requests = SMALL,
     .app = "spread"},
    {.name = "affinity",
     .together = "{\"labelSelector\":{\"matchLabels\":{\"app\":\"affinity\"}},\"topologyKey\":"
                 "\"topology.kubernetes.io/zone\"}",
     .requests = SMALL,
     .app = "affinity"},
    {.name = "anti-affinity",
     .affinity = "\"podAntiAffinity\":{" TERMS "[{\"labelSelector\":{\"matchLabels\":{"
                 "\"app\":\"anti-affinity\"}},\"topologyKey\":\"kubernetes.io/hostname\","
                 "\"namespaceSelector\":{}}]}",
     .requests = SMALL,
     .app = "anti-affinity",
     .many_ns = true,
     .pods = 2000},
    {.name = "low",
     .spec = ",\"terminationGracePeriodSeconds\":0",
     .requests = "\"cpu\":\"3500m\"",
     .app = "low",
     .is_never_held = true},
    {.name = "preemption",
     .spec = ",\"priorityClassName\":\"hpsched-high\"",
     .requests = "\"cpu\":\"3\"",
     .app = "high",
     .first = "low",
     .a_node = 1,
     .pods = 1000,
     /* the lack of room is found first, and what then waits for room no leader wakes */
     .is_never_held = true},
    {.name = "hopeless", .requests = "\"cpu\":\"900\"", .app = "hopeless", .is_never_held = true},
};

/* With --held no node does for a pod until the leader of its kind has one. */
#define LEADER                                                                                     \
    "{\"labelSelector\":{\"matchLabels\":{\"leads\":\"yes\"}},\"namespaceSelector\":{},"           \
    "\"topologyKey\":\"hpsched.example.com/all\"}"

typedef struct Options {
    Target target, nodes_target;
    const char *nodes_server, *kinds;
    int64_t nodes, pods, workers, backlog, is_held, pid;
} Options;

typedef struct Job { /* a number of requests that workers share */
    const Options *o;
    const Target *target;
    const Kind *kind;
    void (*fn)(struct Job *j, Conn *c, int64_t i);
    int64_t n;
    atomic_int_fast64_t next;
} Job;

static atomic_int_fast64_t n_bound, last_bound_us;
static volatile bool is_over;

/* ---- requests ---- */

static void *work(void *data)
{
    Job *j = data;
    Conn *c = conn_open(j->target);
    int64_t i;

    while ((i = atomic_fetch_add(&j->next, 1)) < j->n)
        j->fn(j, c, i);
    conn_close(c);
    return NULL;
}

static void run_job(Job *j)
{
    pthread_t threads[WORKERS_MAX];

    for (int64_t i = 0; i < j->o->workers; i++)
        BUG_ON(pthread_create(&threads[i], NULL, work, j) != 0);
    for (int64_t i = 0; i < j->o->workers; i++)
        pthread_join(threads[i], NULL);
}

/* ---- nodes ---- */

static void make_node(Job *j, Conn *c, int64_t i)
{
    AUTO_BUF body = BUF_INIT;
    char path[100];
    long long n = (long long)i;

    (void)j;
    buf_addf(&body,
             "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"sim-%lld\","
             "\"labels\":{\"kubernetes.io/hostname\":\"sim-%lld\","
             "\"topology.kubernetes.io/zone\":\"z%lld\",\"hpsched.example.com/all\":\"yes\"}}}",
             n, n, n % ZONES);
    conn_must(c, "POST", "/api/v1/nodes", buf_str(&body));
    snprintf(path, sizeof(path), "/api/v1/nodes/sim-%lld/status", n);
    conn_must(
        c, "PATCH", path,
        "{\"status\":{\"capacity\":{\"cpu\":\"4\",\"memory\":\"32Gi\",\"pods\":\"110\"},"
        "\"allocatable\":{\"cpu\":\"4\",\"memory\":\"32Gi\",\"pods\":\"110\"},\"conditions\":[{"
        "\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"Simulated\"}]}}");
    snprintf(path, sizeof(path), "/api/v1/nodes/sim-%lld", n);
    conn_must(c, "PATCH", path, "{\"spec\":{\"taints\":null}}");
}

/* ---- pods ---- */

static void ns_of(const Kind *k, int64_t i, char *out, size_t n)
{
    if (k->many_ns)
        snprintf(out, n, "hpsched-%lld", (long long)(i % SPREAD_NAMESPACES));
    else
        snprintf(out, n, "hpsched");
}

static void make_namespace(Conn *c, const char *ns)
{
    AUTO_BUF body = BUF_INIT;
    char path[128];

    buf_addf(&body, "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}",
             ns);
    conn_must(c, "POST", "/api/v1/namespaces", buf_str(&body));
    snprintf(path, sizeof(path), "/api/v1/namespaces/%s/serviceaccounts", ns);
    conn_must(
        c, "POST", path,
        "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"default\"}}");
}

static void add_affinity(const Options *o, const Kind *k, bool is_leader, Buf *body)
{
    bool waits = o->is_held && !k->is_never_held, is_together = k->together || waits;

    if (is_leader || (!k->affinity && !is_together))
        return;
    buf_addf(body, ",\"affinity\":{%s", k->affinity ? k->affinity : "");
    if (is_together)
        buf_addf(body, "%s\"podAffinity\":{" TERMS "[%s%s%s]}", k->affinity ? "," : "",
                 k->together ? k->together : "", k->together && waits ? "," : "",
                 waits ? LEADER : "");
    buf_adds(body, "}");
}

static void post_pod(const Options *o, const Kind *k, Conn *c, const char *name, int64_t i,
                     bool is_leader)
{
    AUTO_BUF body = BUF_INIT;
    char ns[32], path[128];

    ns_of(k, i, ns, sizeof(ns));
    buf_addf(&body,
             "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"%s\","
             "\"labels\":{\"app\":\"%s\"%s}},\"spec\":{\"automountServiceAccountToken\":false,"
             "\"containers\":[{\"name\":\"c\",\"image\":\"pause\",\"resources\":{\"requests\":{%s}}"
             "}]%s",
             name, k->app, is_leader ? ",\"leads\":\"yes\"" : "", is_leader ? SMALL : k->requests,
             k->spec ? k->spec : "");
    add_affinity(o, k, is_leader, &body);
    buf_adds(&body, "}}");
    snprintf(path, sizeof(path), "/api/v1/namespaces/%s/pods", ns);
    conn_must(c, "POST", path, buf_str(&body));
}

static void name_of(const Kind *k, int64_t i, char *buf, size_t size)
{
    snprintf(buf, size, "%s-%lld", k->name, (long long)i);
}

static void make_pod(Job *j, Conn *c, int64_t i)
{
    char name[80];

    name_of(j->kind, i, name, sizeof(name));
    post_pod(j->o, j->kind, c, name, i, false);
}

static void delete_named(const Kind *k, Conn *c, const char *name, int64_t i)
{
    char ns[32], path[160];
    Slice answer;

    ns_of(k, i, ns, sizeof(ns));
    snprintf(path, sizeof(path), "/api/v1/namespaces/%s/pods/%s", ns, name);
    (void)conn_request(c, "DELETE", path, SLICE("{\"gracePeriodSeconds\":0}"), &answer);
}

static void delete_pod(Job *j, Conn *c, int64_t i)
{
    char name[80];

    name_of(j->kind, i, name, sizeof(name));
    delete_named(j->kind, c, name, i);
}

/* Each pod comes once: when it has got its node. */
static void on_line(Slice line, void *data UNUSED)
{
    int64_t now_us = clock_mono_us();

    if (!slice_starts(line, "{\"type\":\"ADDED\""))
        return;
    last_bound_us = now_us;
    n_bound++;
}

static void *watch(void *data)
{
    const Options *o = data;
    Conn *c = conn_open(&o->target);

    conn_watch(c, "/api/v1/pods?watch=true&fieldSelector=spec.nodeName!%3D&timeoutSeconds=3000",
               on_line, NULL, &is_over);
    conn_close(c);
    return NULL;
}

static void wait_until_bound(const char *name, int64_t n, int64_t start_us)
{
    while (n_bound < n) {
        if (clock_mono_us() - start_us > (int64_t)GIVE_UP_S * 1000000) {
            fprintf(stderr, "%s: %lld of %lld pods were bound within %d s\n", name,
                    (long long)n_bound, (long long)n, GIVE_UP_S);
            exit(1);
        }
        usleep(POLL_US);
    }
}

static void make_pods(const Options *o, const Kind *k, int64_t n)
{
    Job j = {.o = o, .target = &o->target, .kind = k, .fn = make_pod, .n = n};

    run_job(&j);
}

static void delete_pods(const Options *o, const Kind *k, int64_t n)
{
    Job j = {.o = o, .target = &o->target, .kind = k, .fn = delete_pod, .n = n};

    run_job(&j);
}

/* ---- a kind ---- */

static const Kind *kind_find(const char *name, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strlen(kinds[i].name) == len && memcmp(kinds[i].name, name, len) == 0)
            return &kinds[i];
    fprintf(stderr, "there is no kind '%.*s'\n", (int)len, name);
    exit(2);
}

static void post_leader(const Options *o, const Kind *k)
{
    Conn *c = conn_open(&o->target);

    post_pod(o, k, c, "leader", 0, true);
    conn_close(c);
}

static void delete_leader(const Options *o, const Kind *k)
{
    Conn *c = conn_open(&o->target);

    delete_named(k, c, "leader", 0);
    conn_close(c);
}

static void run_kind(const Options *o, const Kind *k)
{
    const Kind *first = k->first ? kind_find(k->first, strlen(k->first)) : NULL;
    int64_t n = k->pods ? k->pods : o->pods, n_first = first ? o->nodes * MAX(k->a_node, 1) : 0;
    int64_t start_us, made_us, begun_us, spent_us,
        n_leaders = o->is_held && !k->is_never_held ? 1 : 0;
    ThreadTimes before, after;

    n_bound = 0;
    if (first) {
        start_us = clock_mono_us();
        make_pods(o, first, n_first);
        wait_until_bound(first->name, n_first, start_us);
        n_bound = 0;
    }
    start_us = clock_mono_us();
    spent_us = bench_process_us(o->pid);
    before = thread_times_now(o->pid);
    make_pods(o, k, n);
    made_us = clock_mono_us();
    begun_us = start_us;
    if (n_leaders > 0) {
        sleep(SETTLE_S); /* it has looked at all of them, and their back-off is over */
        begun_us = clock_mono_us();
        spent_us = bench_process_us(o->pid);
        thread_times_done(&before);
        before = thread_times_now(o->pid);
        post_leader(o, k);
    }
    wait_until_bound(k->name, n + n_leaders, begun_us);
    spent_us = bench_process_us(o->pid) - spent_us;
    after = thread_times_now(o->pid);
    printf("{\"bench\":\"schedule\",\"kind\":\"%s\",\"nodes\":%lld,\"pods\":%lld,\"backlog\":%lld,"
           "\"created_per_second\":%.0f,\"bound_per_second\":%.0f,\"seconds\":%.2f,"
           "\"server_us_a_pod\":%.0f,",
           k->name, (long long)o->nodes, (long long)n, (long long)o->backlog,
           (double)n * 1e6 / (double)(made_us - start_us),
           (double)n * 1e6 / (double)(last_bound_us - begun_us),
           (double)(last_bound_us - begun_us) / 1e6, (double)spent_us / (double)n);
    thread_times_print(&before, &after, n);
    printf("}\n");
    fflush(stdout);
    thread_times_done(&before);
    thread_times_done(&after);
    delete_pods(o, k, n);
    if (n_leaders > 0)
        delete_leader(o, k);
    if (first)
        delete_pods(o, first, n_first);
}

/* ---- command line ---- */

static void usage(void)
{
    fprintf(
        stderr,
        "usage: hpsched --server URL [--token T | --cert FILE --key FILE] [options]\n"
        "  --server URL        where pods are made: https://127.0.0.1:6443/clusters/NAME, or a\n"
        "                      kube-apiserver\n"
        "  --nodes-server URL  where nodes are made (--server), with --nodes-token T or\n"
        "                      --nodes-cert FILE --nodes-key FILE\n"
        "  --nodes N (5000)    --pods N of each kind (10000)   --workers N connections (32)\n"
        "  --kinds LIST        basic,node-affinity,spread,affinity,anti-affinity,preemption\n"
        "  --backlog N         so many pods wait that no node can take\n"
        "  --held 1            the pods of a kind are all there before any may be bound; the\n"
        "                      clock runs from then on\n"
        "  --pid PID           of the server: processor time for each pod is told, by thread\n");
    exit(2);
}

static void parse(Options *o, int argc, char **argv)
{
    const BenchFlag flags[] = {
        {"--nodes-server", &o->nodes_server, NULL},
        {"--nodes-token", &o->nodes_target.token, NULL},
        {"--nodes-cert", &o->nodes_target.cert, NULL},
        {"--nodes-key", &o->nodes_target.key, NULL},
        {"--kinds", &o->kinds, NULL},
        {"--nodes", NULL, &o->nodes},
        {"--pods", NULL, &o->pods},
        {"--workers", NULL, &o->workers},
        {"--backlog", NULL, &o->backlog},
        {"--held", NULL, &o->is_held},
        {"--pid", NULL, &o->pid},
        {NULL, NULL, NULL},
    };

    if (!target_flags(&o->target, flags, argc, argv, 1) || o->workers > WORKERS_MAX)
        usage();
    if (o->nodes_server)
        target_parse(&o->nodes_target, o->nodes_server);
    else
        o->nodes_target = o->target;
}

/* What the backlog itself costs, a decision, a condition and an event each, is over. */
static void wait_until_idle(const Options *o)
{
    int64_t before_us, spent_us = INT64_MAX;

    sleep(SETTLE_S);
    for (int i = 0; o->pid > 0 && i < SETTLE_MAX_S && spent_us > 10000 * IDLE_PERCENT; i++) {
        before_us = bench_process_us(o->pid);
        sleep(1);
        spent_us = bench_process_us(o->pid) - before_us;
    }
}

static void prepare(const Options *o)
{
    Job nodes = {.o = o, .target = &o->nodes_target, .fn = make_node, .n = o->nodes};
    Conn *c;
    char ns[32];

    run_job(&nodes);
    c = conn_open(&o->target); /* not before: the server closes what is idle for long */
    make_namespace(c, "hpsched");
    for (int i = 0; i < SPREAD_NAMESPACES; i++) {
        snprintf(ns, sizeof(ns), "hpsched-%d", i);
        make_namespace(c, ns);
    }
    conn_must(c, "POST", "/apis/scheduling.k8s.io/v1/priorityclasses",
              "{\"apiVersion\":\"scheduling.k8s.io/v1\",\"kind\":\"PriorityClass\",\"metadata\":{"
              "\"name\":\"hpsched-high\"},\"value\":1000}");
    conn_close(c);
    if (o->backlog > 0) {
        make_pods(o, kind_find("hopeless", strlen("hopeless")), o->backlog);
        wait_until_idle(o);
    }
}

int main(int argc, char **argv)
{
    Options o = {.kinds = "basic,node-affinity,spread,affinity,anti-affinity,preemption",
                 .nodes = 5000,
                 .pods = 10000,
                 .workers = 32};
    pthread_t watcher;
    Slice list, name;

    parse(&o, argc, argv);
    prepare(&o);
    BUG_ON(pthread_create(&watcher, NULL, watch, &o) != 0);
    list = slice_of(o.kinds);
    while (list.len > 0) {
        (void)slice_cut(&list, ',', &name);
        run_kind(&o, kind_find(name.ptr, name.len));
    }
    is_over = true;
    pthread_join(watcher, NULL);
    return 0;
}
