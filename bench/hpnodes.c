/*
 * hpnodes - simulated nodes: thousands of agents in one process, over the protocol of the real one.
 * Each registers its Node, holds its feed, renews its lease, says that the pods it is given run,
 * and ends those that are deleted. There is no runtime behind it.
 *
 *     build/hpnodes --server https://127.0.0.1:6443 --cert admin.crt --key admin.key --nodes 1000
 *
 * A node joins with the administrator's word; its feed and what it says of pods go with the
 * certificate that it gets. It runs until it is interrupted, and then deletes its
 * nodes. Once all feeds are synced it says so in a line of JSON.
 */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/pki.h"
#include "base/value.h"
#include "bench/conn.h"
#include "bench/stream.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

enum { THREADS_MAX = 64, LEASE_S = 40, RENEW_S = 10, IDLE_S = 10 };

#define LEASES "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"

typedef struct Options {
    Target target;
    const char *name, *cpu, *memory;
    int64_t nodes, pods, threads, zones;
} Options;

typedef struct Node {
    char name[80];
    Conn *feed, *calls; /* of its own; calls NULL: it has made none yet */
    char *cert_pem;
    StreamReader in;
    int64_t renewed_us, called_us;
    bool is_synced;
} Node;

typedef struct Player { /* of some of the nodes */
    const Options *o;
    Conn *c; /* the administrator's */
    Node *nodes;
    int64_t first, n;
    pthread_t thread;
} Player;

static volatile sig_atomic_t is_over;
static _Atomic int64_t n_synced, n_started, n_ended;

/* As conn_must(), where the pod may be gone. */
static void tell(Conn *c, const char *method, const char *path, const char *body)
{
    Slice answer;
    int status = conn_request(c, method, path, slice_of(body), &answer);

    if (status >= 300 && status != 409 && status != 404 && status != 403)
        bench_fail(path, status, answer);
}

static const char *now_text(char text[CLOCK_TEXT_MAX])
{
    return clock_to_rfc3339(clock_now_us(), text);
}

/* ---- the life of a node ---- */

static void register_node(const Options *o, Conn *c, const char *name, int64_t i)
{
    AUTO_BUF body = BUF_INIT, status = BUF_INIT;
    char path[200], when[CLOCK_TEXT_MAX];

    buf_addf(&body,
             "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"%s\",\"labels\":{"
             "\"kubernetes.io/hostname\":\"%s\",\"kubernetes.io/os\":\"linux\","
             "\"topology.kubernetes.io/zone\":\"zone-%lld\"}}}",
             name, name, (long long)(i % o->zones));
    tell(c, "POST", "/api/v1/nodes", buf_str(&body));
    buf_addf(&status,
             "{\"status\":{\"allocatable\":{\"cpu\":\"%s\",\"memory\":\"%s\",\"pods\":\"%lld\"},"
             "\"capacity\":{\"cpu\":\"%s\",\"memory\":\"%s\",\"pods\":\"%lld\"},\"conditions\":[{"
             "\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"KubeletReady\","
             "\"lastHeartbeatTime\":\"%s\",\"lastTransitionTime\":\"%s\"}]}}",
             o->cpu, o->memory, (long long)o->pods, o->cpu, o->memory, (long long)o->pods,
             now_text(when), when);
    snprintf(path, sizeof(path), "/api/v1/nodes/%s/status", name);
    tell(c, "PATCH", path, buf_str(&status));
}

static void renew_lease(Conn *c, const char *name, bool is_first)
{
    AUTO_BUF body = BUF_INIT;
    char path[240], when[CLOCK_TEXT_MAX];

    buf_addf(&body,
             "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":"
             "\"%s\"},\"spec\":{\"holderIdentity\":\"%s\",\"leaseDurationSeconds\":%d,"
             "\"renewTime\":\"%s\"}}",
             name, name, LEASE_S, clock_to_rfc3339_micro(clock_now_us(), when));
    snprintf(path, sizeof(path), LEASES "%s%s", is_first ? "" : "/", is_first ? "" : name);
    tell(c, is_first ? "POST" : "PATCH", path, buf_str(&body));
}

/* All nodes have one key: making one for each would be most of their start. */
static PkiKey *key;
static const char *key_pem;

static void make_key(void)
{
    static Buf text;
    Err err;

    BUG_ON(pki_key_new(&key, &err) < 0);
    pki_key_write_pem(key, &text);
    key_pem = buf_str(&text);
}

static const char *join(Conn *c, Arena *a, const char *name)
{
    const char *orgs[] = {"system:nodes", NULL};
    PkiSubject subject = {.cn = arena_printf(a, "system:node:%s", name), .orgs = orgs};
    AUTO_BUF csr = BUF_INIT, body = BUF_INIT;
    Value *v = value_object(a), *answer = NULL;
    Slice text;
    Err err;

    BUG_ON(pki_csr_write(&subject, key, &csr, &err) < 0);
    value_set_str(a, v, "nodeName", name);
    value_set_str(a, v, "csr", buf_str(&csr));
    value_print(v, &body);
    if (conn_request(c, "POST", "/apis/node.hostplane.io/v1/join", buf_slice(&body), &text) !=
            200 ||
        value_parse(a, text, &answer, &err) < 0) {
        fprintf(stderr, "%s cannot join: %.*s\n", name, (int)MIN(text.len, 300), text.ptr);
        exit(1);
    }
    return value_get_str(answer, "certificate");
}

static void open_feed(const Options *o, Conn *c, Node *n)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    char path[200];

    snprintf(path, sizeof(path), "/apis/node.hostplane.io/v1/nodes/%s/feed", n->name);
    n->cert_pem = xstrdup(join(c, a, n->name));
    n->feed = conn_open_as(&o->target, n->cert_pem, key_pem);
    conn_send(n->feed, "GET", path, SLICE(""));
    conn_set_nonblocking(n->feed);
}

/* ---- the life of pods ---- */

/* As the node: nobody else may write what its pods are. */
static void call(Player *p, Node *n, const char *method, const char *path, const char *body)
{
    int64_t now_us = clock_mono_us();

    if (n->calls && now_us - n->called_us > (int64_t)IDLE_S * 1000000) {
        conn_close(n->calls); /* the server has, or soon will */
        n->calls = NULL;
    }
    if (!n->calls)
        n->calls = conn_open_as(&p->o->target, n->cert_pem, key_pem);
    n->called_us = now_us;
    tell(n->calls, method, path, body);
}

static void start_pod(Player *p, Node *node, const char *path)
{
    static _Atomic uint32_t address;
    uint32_t n = atomic_fetch_add(&address, 1) % 0xffff;
    AUTO_BUF body = BUF_INIT;
    char when[CLOCK_TEXT_MAX], status[600];

    buf_addf(&body,
             "{\"status\":{\"phase\":\"Running\",\"podIP\":\"10.88.%u.%u\",\"startTime\":\"%s\","
             "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"lastTransitionTime\":\"%s\""
             "}]}}",
             n >> 8, n & 255, now_text(when), when);
    snprintf(status, sizeof(status), "%s/status", path);
    call(p, node, "PATCH", status, buf_str(&body));
    atomic_fetch_add(&n_started, 1);
}

static void take_pod(Player *p, Node *node, const char *cluster, const Value *pod)
{
    const Value *meta = value_get(pod, "metadata");
    const char *phase = value_at_str(pod, "status.phase");
    char path[500];

    snprintf(path, sizeof(path), "/clusters/%s/api/v1/namespaces/%s/pods/%s", cluster,
             value_get_str(meta, "namespace"), value_get_str(meta, "name"));
    if (value_get(meta, "deletionTimestamp")) {
        call(p, node, "DELETE", path, "{\"gracePeriodSeconds\":0}");
        atomic_fetch_add(&n_ended, 1);
    } else if (!phase || str_eq(phase, "Pending")) {
        start_pod(p, node, path);
    }
}

typedef struct Line { /* whose line it is */
    Player *player;
    Node *node;
} Line;

static void on_line(Slice text, void *data)
{
    const Line *at = data;
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = NULL;
    const char *type;

    if (value_parse(a, text, &v, NULL) < 0)
        return;
    type = value_get_str(v, "type");
    if (str_eq(type, "SYNCED") && !at->node->is_synced) {
        at->node->is_synced = true;
        atomic_fetch_add(&n_synced, 1);
    }
    if ((str_eq(type, "ADDED") || str_eq(type, "MODIFIED")) &&
        str_eq(value_get_str(v, "resource"), "pods"))
        take_pod(at->player, at->node, value_get_str(v, "cluster"), value_get(v, "object"));
}

static void read_feed(Player *p, Node *n)
{
    Line line = {p, n};

    if (stream_read(&n->in, n->feed, on_line, &line) >= 0)
        return;
    fprintf(stderr, "the feed of %s has ended\n", n->name);
    exit(1);
}

/* ---- threads ---- */

static void *play(void *data)
{
    Player *p = data;
    struct pollfd *fds = xcalloc((size_t)p->n, sizeof(*fds));

    for (int64_t i = 0; i < p->n; i++) {
        Node *n = &p->nodes[i];

        snprintf(n->name, sizeof(n->name), "%s-%lld", p->o->name, (long long)(p->first + i));
        register_node(p->o, p->c, n->name, p->first + i);
        renew_lease(p->c, n->name, true);
        n->renewed_us = clock_mono_us();
        open_feed(p->o, p->c, n);
        fds[i] = (struct pollfd){conn_fd(n->feed), POLLIN, 0};
    }
    while (!is_over) {
        int64_t now_us = clock_mono_us();

        (void)poll(fds, (nfds_t)p->n, 200);
        for (int64_t i = 0; i < p->n; i++) {
            if (fds[i].revents)
                read_feed(p, &p->nodes[i]);
            if (now_us - p->nodes[i].renewed_us > (int64_t)RENEW_S * 1000000) {
                renew_lease(p->c, p->nodes[i].name, false);
                p->nodes[i].renewed_us = now_us;
            }
        }
    }
    free(fds);
    return NULL;
}

static void *clean_up(void *data)
{
    Player *p = data;

    for (int64_t i = 0; i < p->n; i++) {
        char path[200];

        snprintf(path, sizeof(path), "/api/v1/nodes/%s", p->nodes[i].name);
        tell(p->c, "DELETE", path, "");
        conn_close(p->nodes[i].feed);
        conn_close(p->nodes[i].calls);
        free(p->nodes[i].cert_pem);
        stream_done(&p->nodes[i].in);
    }
    conn_close(p->c);
    return NULL;
}

static void on_signal(int sig UNUSED)
{
    is_over = 1;
}

static void run_all(Player *players, int64_t n, void *(*fn)(void *))
{
    for (int64_t i = 0; i < n; i++)
        BUG_ON(pthread_create(&players[i].thread, NULL, fn, &players[i]) != 0);
}

static void join_all(Player *players, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        pthread_join(players[i].thread, NULL);
}

/* ---- command line ---- */

static void usage(void)
{
    fprintf(stderr, "usage: hpnodes --server URL --cert FILE --key FILE [options]\n"
                    "  --nodes N (100)     --name PREFIX of their names (sim)\n"
                    "  --cpu Q (32)        --memory Q (64Gi)      --pods N (110) of each\n"
                    "  --zones N (3)       labels topology.kubernetes.io/zone\n"
                    "  --threads N (4)     that play them\n");
    exit(2);
}

static void parse(Options *o, int argc, char **argv)
{
    const BenchFlag flags[] = {
        {"--name", &o->name, NULL},   {"--cpu", &o->cpu, NULL},   {"--memory", &o->memory, NULL},
        {"--nodes", NULL, &o->nodes}, {"--pods", NULL, &o->pods}, {"--threads", NULL, &o->threads},
        {"--zones", NULL, &o->zones}, {NULL, NULL, NULL},
    };

    if (!target_flags(&o->target, flags, argc, argv, 1) || o->threads > THREADS_MAX ||
        strlen(o->name) > 40)
        usage();
}

int main(int argc, char **argv)
{
    Options o = {.name = "sim",
                 .cpu = "32",
                 .memory = "64Gi",
                 .nodes = 100,
                 .pods = 110,
                 .threads = 4,
                 .zones = 3};
    Player players[THREADS_MAX];
    int64_t began_us = clock_mono_us();
    bool is_told = false;
    Node *nodes;

    parse(&o, argc, argv);
    make_key();
    nodes = xcalloc((size_t)o.nodes, sizeof(*nodes));
    for (int64_t i = 0; i < o.threads; i++) {
        int64_t first = o.nodes * i / o.threads, end = o.nodes * (i + 1) / o.threads;

        players[i] = (Player){&o, conn_open(&o.target), nodes + first, first, end - first, 0};
    }
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    signal(SIGPIPE, SIG_IGN);
    run_all(players, o.threads, play);
    while (!is_over) {
        usleep(100000);
        if (!is_told && atomic_load(&n_synced) == o.nodes) {
            is_told = true;
            printf("{\"bench\":\"nodes\",\"nodes\":%lld,\"synced_s\":%.2f}\n", (long long)o.nodes,
                   (double)(clock_mono_us() - began_us) / 1e6);
            fflush(stdout);
        }
    }
    join_all(players, o.threads);
    run_all(players, o.threads, clean_up);
    join_all(players, o.threads);
    printf("{\"bench\":\"nodes\",\"nodes\":%lld,\"pods_started\":%lld,\"pods_ended\":%lld}\n",
           (long long)o.nodes, (long long)atomic_load(&n_started),
           (long long)atomic_load(&n_ended));
    free(nodes);
    return 0;
}
