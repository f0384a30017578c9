/*
 * hpreconcile - objects that controllers reconcile a second: Deployments are created, rolled,
 * scaled down and deleted with all they own; each step ends when the server says that it is so.
 *
 * It speaks plain Kubernetes and so measures ours (URL with /clusters/NAME) and a real control
 * plane with the same code. No node is needed: the pods name a scheduler that nobody plays, and
 * threads of this program set them Running and ready, as a kubelet would.
 */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/value.h"
#include "bench/conn.h"

#include <pthread.h>
#include <unistd.h>

enum { POLL_US = 250000, GIVE_UP_S = 600, PLAYERS_MAX = 64 };

typedef struct Options {
    Target target;
    const char *ns, *scheduler;
    int64_t deployments, replicas, players;
} Options;

typedef struct Player {
    const Options *o;
    pthread_t thread;
} Player;

static volatile bool is_over;

/* ---- asking ---- */

static int ask(Conn *c, const char *method, const char *path, const char *body, Arena *a,
               Value **ret)
{
    Slice answer;
    int status = conn_request(c, method, path, slice_of(body), &answer);
    Err err;

    if (ret && value_parse(a, answer, ret, &err) < 0)
        *ret = NULL;
    return status;
}

/* ---- the life of pods ---- */

static void play_pod(const Options *o, Conn *c, const char *name)
{
    char path[400];
    Slice answer;

    snprintf(path, sizeof(path), "/api/v1/namespaces/%s/pods/%s/status", o->ns, name);
    (void)conn_request(c, "PATCH", path,
                       SLICE("{\"status\":{\"phase\":\"Running\",\"podIP\":\"10.0.0.1\","
                             "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\","
                             "\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}]}}"),
                       &answer); /* one that is gone by now is no matter */
}

/* Names of pods that are to come to life: the watch puts them in, players take them out. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t more;
    char **names;
    size_t n, cap, at;
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};

static void put(const char *name)
{
    pthread_mutex_lock(&queue.lock);
    GROW(queue.names, queue.cap, queue.n + 1);
    queue.names[queue.n++] = xstrdup(name);
    pthread_cond_signal(&queue.more);
    pthread_mutex_unlock(&queue.lock);
}

/* The caller frees; NULL at the end. */
static char *take(void)
{
    char *name = NULL;

    pthread_mutex_lock(&queue.lock);
    while (queue.at == queue.n && !is_over)
        pthread_cond_wait(&queue.more, &queue.lock);
    if (queue.at < queue.n)
        name = queue.names[queue.at++];
    pthread_mutex_unlock(&queue.lock);
    return name;
}

static void *play(void *data)
{
    const Player *p = data;
    Conn *c = conn_open(&p->o->target);
    char *name;

    while ((name = take())) {
        play_pod(p->o, c, name);
        free(name);
    }
    conn_close(c);
    return NULL;
}

static void on_line(Slice line, void *data UNUSED)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *event = NULL;
    const char *name;

    if (value_parse(a, line, &event, NULL) < 0 || !str_eq(value_get_str(event, "type"), "ADDED"))
        return;
    name = value_at_str(event, "object.metadata.name");
    if (name)
        put(name);
}

static void *watch(void *data)
{
    const Options *o = data;
    Conn *c = conn_open(&o->target);
    char path[200];

    snprintf(path, sizeof(path), "/api/v1/namespaces/%s/pods?watch=true&timeoutSeconds=3000",
             o->ns);
    conn_watch(c, path, on_line, NULL, &is_over);
    conn_close(c);
    return NULL;
}

/* ---- is it so ---- */

typedef bool (*DoneFn)(const Options *o, Conn *c, int64_t want);

/* Every Deployment has `want` pods, all of the newest template and available. */
static bool all_have(const Options *o, Conn *c, int64_t want)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    char path[200];
    Value *list = NULL, *d;
    int64_t n = 0;

    snprintf(path, sizeof(path), "/apis/apps/v1/namespaces/%s/deployments", o->ns);
    ask(c, "GET", path, "", a, &list);
    value_each_item(value_get(list, "items"), i, d)
    {
        const Value *s = value_get(d, "status");

        n += value_at_int(s, "observedGeneration", 0) ==
                 value_at_int(d, "metadata.generation", -1) &&
             value_at_int(s, "replicas", 0) == want &&
             value_at_int(s, "updatedReplicas", 0) == want &&
             value_at_int(s, "availableReplicas", 0) == want;
    }
    return n == o->deployments;
}

static bool all_gone(const Options *o, Conn *c, int64_t want UNUSED)
{
    static const char *const kinds[][2] = {
        {"/api/v1", "pods"}, {"/apis/apps/v1", "replicasets"}, {"/apis/apps/v1", "deployments"}};

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        char path[200];
        Value *list = NULL;

        snprintf(path, sizeof(path), "%s/namespaces/%s/%s?limit=1", kinds[i][0], o->ns,
                 kinds[i][1]);
        if (ask(c, "GET", path, "", a, &list) != 200 || value_len(value_get(list, "items")) > 0)
            return false;
    }
    return true;
}

/* ---- the steps ---- */

static void each(const Options *o, Conn *c, const char *method, const char *body)
{
    char path[300];

    for (int64_t i = 0; i < o->deployments; i++) {
        snprintf(path, sizeof(path), "/apis/apps/v1/namespaces/%s/deployments/d-%lld", o->ns,
                 (long long)i);
        conn_must(c, method, path, body);
    }
}

static void create_all(const Options *o, Conn *c)
{
    char path[200];

    snprintf(path, sizeof(path), "/apis/apps/v1/namespaces/%s/deployments", o->ns);
    for (int64_t i = 0; i < o->deployments; i++) {
        AUTO_BUF body = BUF_INIT;

        buf_addf(&body,
                 "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":"
                 "\"d-%lld\"},\"spec\":{\"replicas\":%lld,\"selector\":{\"matchLabels\":{\"app\":"
                 "\"d-%lld\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"d-%lld\"}},"
                 "\"spec\":{\"schedulerName\":\"%s\",\"containers\":[{\"name\":\"c\","
                 "\"image\":\"one\"}]}}}}",
                 (long long)i, (long long)o->replicas, (long long)i, (long long)i, o->scheduler);
        conn_must(c, "POST", path, buf_str(&body));
    }
}

/* `objects`: that controllers have made and deleted when it is done. */
static void finish(const char *name, const Options *o, Conn *c, DoneFn is_done, int64_t want,
                   int64_t objects, int64_t start_us)
{
    double seconds;

    while (!is_done(o, c, want)) {
        if (clock_mono_us() - start_us > (int64_t)GIVE_UP_S * 1000000) {
            fprintf(stderr, "%s did not end within %d s\n", name, GIVE_UP_S);
            exit(1);
        }
        usleep(POLL_US);
    }
    seconds = (double)(clock_mono_us() - start_us) / 1e6;
    printf("{\"bench\":\"%s\",\"deployments\":%lld,\"replicas\":%lld,\"objects\":%lld,"
           "\"seconds\":%.2f,\"objects_per_second\":%.0f}\n",
           name, (long long)o->deployments, (long long)o->replicas, (long long)objects, seconds,
           (double)objects / seconds);
    fflush(stdout);
}

static void run_all(const Options *o, Conn *c)
{
    int64_t n = o->deployments, pods = o->deployments * o->replicas, start;

    start = clock_mono_us();
    create_all(o, c);
    finish("create", o, c, all_have, o->replicas, n + pods, start);
    start = clock_mono_us();
    each(o, c, "PATCH",
         "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"two\"}]}}}"
         "}");
    finish("rolling-update", o, c, all_have, o->replicas, n + 2 * pods, start);
    start = clock_mono_us();
    each(o, c, "PATCH", "{\"spec\":{\"replicas\":1}}");
    finish("scale-down", o, c, all_have, 1, pods - n, start);
    start = clock_mono_us();
    each(o, c, "DELETE", "{\"propagationPolicy\":\"Background\"}");
    finish("cascade-delete", o, c, all_gone, 0, 3 * n, start);
}

/* ---- command line ---- */

static void usage(void)
{
    fprintf(stderr,
            "usage: hpreconcile --server URL [--token T | --cert FILE --key FILE] [options]\n"
            "  --server        https://127.0.0.1:6443/clusters/NAME, or of a kube-apiserver\n"
            "  --ns NS         namespace to work in (reconcile); should be empty\n"
            "  --deployments N (100)      --replicas N of each (10)\n"
            "  --players N     threads that play the pods' lives (4)\n"
            "  --scheduler S   that places the pods; with any but nobody (the default), nodes\n"
            "                  must be there that run them, as those of hpnodes\n");
    exit(2);
}

static void parse(Options *o, int argc, char **argv)
{
    const BenchFlag flags[] = {
        {"--ns", &o->ns, NULL},
        {"--deployments", NULL, &o->deployments},
        {"--replicas", NULL, &o->replicas},
        {"--players", NULL, &o->players},
        {"--scheduler", &o->scheduler, NULL},
        {NULL, NULL, NULL},
    };

    if (!target_flags(&o->target, flags, argc, argv, 1) || o->players > PLAYERS_MAX ||
        strlen(o->ns) > 63)
        usage();
}

int main(int argc, char **argv)
{
    Options o = {
        .ns = "reconcile", .scheduler = "nobody", .deployments = 100, .replicas = 10, .players = 4};
    Player players[PLAYERS_MAX];
    AUTO_BUF body = BUF_INIT;
    pthread_t watcher;
    Conn *c;

    parse(&o, argc, argv);
    if (strcmp(o.scheduler, "nobody") != 0)
        o.players = 0;
    c = conn_open(&o.target);
    buf_addf(&body, "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}",
             o.ns);
    conn_must(c, "POST", "/api/v1/namespaces", buf_str(&body));
    BUG_ON(pthread_create(&watcher, NULL, watch, &o) != 0);
    for (int i = 0; i < o.players; i++) {
        players[i] = (Player){.o = &o};
        BUG_ON(pthread_create(&players[i].thread, NULL, play, &players[i]) != 0);
    }
    run_all(&o, c);
    pthread_mutex_lock(&queue.lock);
    is_over = true;
    pthread_cond_broadcast(&queue.more);
    pthread_mutex_unlock(&queue.lock);
    pthread_join(watcher, NULL);
    for (int i = 0; i < o.players; i++)
        pthread_join(players[i].thread, NULL);
    free(queue.names);
    conn_close(c);
    return 0;
}
