/*
 * bench_store CONNINFO - commits a second and their latency, straight into the store: updates of 2
 * KB objects with so many outstanding, in one cluster and in a thousand; then cluster creations.
 */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "bench/sort.h"
#include "keys/ring.h"
#include "store/store.h"

#include <pthread.h>

typedef struct Op {
    Txn txn;
    Write write;
    char name[32], uid[40];
    int64_t since;
    struct Run *run;
} Op;

typedef struct Run {
    Store *s;
    Cluster **clusters;
    int n_clusters, window;
    int64_t n, started, ended;
    int64_t *took;
    bool is_create;
    int base;
    pthread_mutex_t lock;
    pthread_cond_t cond;
    bool is_over;
} Run;

static Obj *body;
static int creates;

static void submit(Run *run, Op *op)
{
    int64_t i = run->started++;

    op->run = run;
    op->since = clock_mono_us();
    if (run->is_create) {
        int number = creates++;

        snprintf(op->name, sizeof(op->name), "tenant-%d", number);
        snprintf(op->uid, sizeof(op->uid), "00000000-0000-4000-8000-%012d", number);
        op->txn.change = (ClusterChange){
            .op = CLUSTER_CREATE, .name = op->name, .uid = op->uid, .identity = {body->text, 1800}};
    } else {
        snprintf(op->name, sizeof(op->name), "o%d", (int)(i % 1000));
        op->write = (Write){.cluster = run->clusters[i % run->n_clusters],
                            .storage = "pods",
                            .ns = "default",
                            .name = op->name,
                            .expect = EXPECT_ANY,
                            .obj = body};
        op->txn.writes = &op->write;
        op->txn.n_writes = 1;
    }
    store_submit(run->s, &op->txn);
}

static void on_done(int r, const Err *err, void *data)
{
    Op *op = data;
    Run *run = op->run;

    if (r < 0) {
        fprintf(stderr, "%s\n", err->msg);
        exit(1);
    }
    obj_unref(TAKE(op->write.result));
    run->took[run->ended++] = clock_mono_us() - op->since;
    if (run->started < run->n) {
        submit(run, op);
    } else if (run->ended == run->n) {
        pthread_mutex_lock(&run->lock);
        run->is_over = true;
        pthread_cond_signal(&run->cond);
        pthread_mutex_unlock(&run->lock);
    }
}

static void measure(const char *what, Run *run)
{
    Op *ops = xcalloc((size_t)run->window, sizeof(*ops));
    int64_t since = clock_mono_us(), took;

    run->took = xcalloc((size_t)run->n, sizeof(*run->took));
    pthread_mutex_init(&run->lock, NULL);
    pthread_cond_init(&run->cond, NULL);
    run->started = run->window; /* the store thread goes on from here */
    for (int i = 0; i < run->window; i++) {
        ops[i].txn.done = on_done;
        ops[i].txn.data = &ops[i];
    }
    run->started = 0;
    {
        /* All first ones under one roof: on_done() may run before the loop ends. */
        int64_t n = run->n;

        run->n = run->window;
        for (int i = 0; i < run->window; i++)
            submit(run, &ops[i]);
        run->n = n;
    }
    pthread_mutex_lock(&run->lock);
    while (!run->is_over)
        pthread_cond_wait(&run->cond, &run->lock);
    pthread_mutex_unlock(&run->lock);
    took = clock_mono_us() - since;
    bench_sort(run->took, (size_t)run->n);
    printf("%-36s window %4d: %8.0f/s  p50 %6.2f ms  p99 %6.2f ms\n", what, run->window,
           (double)run->n * 1e6 / (double)took, (double)run->took[run->n / 2] / 1e3,
           (double)run->took[run->n * 99 / 100] / 1e3);
    free(run->took);
    free(ops);
}

int main(int argc, char **argv)
{
    StoreOptions o = {.history_hours = 1, .server_id = "bench"};
    AUTO_BUF text = BUF_INIT;
    Cluster *clusters[1000];
    Store *s;
    Err err;

    if (argc < 2)
        return 2;
    o.conninfo = argv[1];
    buf_adds(&text, "{\"metadata\":{\"name\":\"x\",\"namespace\":\"default\"},\"data\":\"");
    while (text.len < 2040)
        buf_addf(&text, "%08lx", random());
    buf_adds(&text, "\"}");
    if (keyring_open(&(KeyRingItem){.name = "file", .spec = "file:/tmp/bench-kek"}, 1, "file",
                     &o.keys, &err) < 0 ||
        obj_new(buf_slice(&text), 0, &body, &err) < 0 || store_open(&o, &s, &err) < 0) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    measure("create cluster", &(Run){.s = s, .n = 200, .window = 1, .is_create = true});
    measure("create cluster", &(Run){.s = s, .n = 2000, .window = 50, .is_create = true});
    for (int i = 0; i < 1000; i++) {
        char name[32];

        snprintf(name, sizeof(name), "tenant-%d", i);
        clusters[i] = store_cluster(s, slice_of(name));
    }
    for (int many = 0; many < 2; many++) {
        int windows[] = {1, 10, 100, 400};

        for (size_t i = 0; i < ARRAY_LEN(windows); i++)
            measure(many ? "put 2 KB, 1000 clusters" : "put 2 KB, one cluster",
                    &(Run){.s = s,
                           .n = windows[i] == 1 ? 3000 : 40000,
                           .window = windows[i],
                           .clusters = clusters,
                           .n_clusters = many ? 1000 : 1});
    }
    for (int i = 0; i < 1000; i++)
        cluster_unref(clusters[i]);
    store_close(s);
    obj_unref(body);
    return 0;
}
