#include "hostplane/health.h"
#include "base/err.h"
#include "base/metrics.h"
#include "hostplane/authn.h"
#include "hostplane/front.h"

#include <dirent.h>
#include <sys/resource.h>

/*
 * DESIGN: answers of the process itself, without any cluster: health checks, figures, and the
 * platform's CA certificate for nodes that join. Health checks and /cacert are for anybody, as a
 * load balancer and a new node have no credentials; /metrics names tenants and is for the
 * platform's administrators and monitors, so it is answered by request.c once the user is known.
 */

typedef struct Check {
    const char *name;
    bool is_ready_only; /* not part of /livez */
    bool (*is_ok)(Server *s);
} Check;

static bool always(Server *s UNUSED)
{
    return true;
}

static bool store_is_ok(Server *s)
{
    return store_is_healthy(server_options(s)->store);
}

static bool is_not_draining(Server *s)
{
    return !server_is_draining(s);
}

static const Check checks[] = {
    {"ping", false, always},
    {"log", false, always},
    {"store", true, store_is_ok},
    {"shutdown", true, is_not_draining},
};

static void answer_check(HttpReq *q, const char *kind, const char *only)
{
    bool is_ready = strcmp(kind, "readyz") == 0,
         is_verbose = strstr(q->rq.query, "verbose") != NULL;
    bool is_ok = true, found = !only;
    AUTO_BUF out = BUF_INIT;

    for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
        const Check *c = &checks[i];
        bool good;

        if ((only && strcmp(only, c->name) != 0) || (c->is_ready_only && !is_ready && !only))
            continue;
        found = true;
        good = c->is_ok(q->front->server);
        is_ok &= good;
        buf_addf(&out, "[%c]%s %s\n", good ? '+' : '-', c->name,
                 good ? "ok" : "failed: reason withheld");
    }
    if (!found) {
        req_reply_text(q, 404, "text/plain; charset=utf-8", SLICE("404 page not found\n"));
        return;
    }
    if (is_ok && !is_verbose) {
        buf_reset(&out);
        buf_adds(&out, "ok");
    } else if (!only) {
        buf_addf(&out, "%s check %s\n", kind, is_ok ? "passed" : "failed");
    }
    req_reply_text(q, is_ok ? 200 : 500, "text/plain; charset=utf-8", buf_slice(&out));
    reply_header(&q->rq, "X-Content-Type-Options", "nosniff");
}

bool health_answer(HttpReq *q, const char *path)
{
    static const char *const kinds[] = {"livez", "readyz", "healthz"};
    const char *ca = server_options(q->front->server)->ca_pem;

    if (strcmp(q->rq.method, "GET") != 0 && strcmp(q->rq.method, "HEAD") != 0)
        return false;
    if (ca && strcmp(path, "/cacert") == 0) {
        req_reply_text(q, 200, "application/x-pem-file", slice_of(ca));
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        size_t n = strlen(kinds[i]);

        if (strncmp(path + 1, kinds[i], n) != 0)
            continue;
        if (path[n + 1] == 0 || (path[n + 1] == '/' && path[n + 2] == 0)) {
            answer_check(q, kinds[i], NULL);
            return true;
        }
        if (path[n + 1] == '/') {
            answer_check(q, kinds[i], path + n + 2);
            return true;
        }
    }
    return false;
}

bool health_answer_metrics(HttpReq *q)
{
    AUTO_BUF out = BUF_INIT;
    bool may = false;

    if (strcmp(q->rq.path, "/metrics") != 0 || strcmp(q->rq.method, "GET") != 0 ||
        strcmp(q->rq.cluster->name, "host") != 0)
        return false;
    for (uint32_t i = 0; q->rq.user.groups[i]; i++)
        may |= strcmp(q->rq.user.groups[i], "system:masters") == 0 ||
               strcmp(q->rq.user.groups[i], "system:monitoring") == 0;
    if (!may || q->rq.impersonate_user) {
        reply_status(&q->rq, ERR_FORBIDDEN, "forbidden: User \"%s\" cannot get path \"/metrics\"",
                     q->rq.user.name);
        q->is_ready = true;
        return true;
    }
    health_collect(q->front->server);
    metrics_write(&out);
    req_reply_text(q, 200, "text/plain; version=0.0.4; charset=utf-8", buf_slice(&out));
    return true;
}

/* ---- the store's figures, taken when somebody asks ---- */

typedef struct StoreFigure {
    Metric metric;
    size_t at; /* of an int64_t in StoreStats */
} StoreFigure;

#define FIGURE(field, kind, text)                                                                  \
    {                                                                                              \
        .metric = {.name = "hostplane_store_" #field, .help = text, .type = kind},                 \
        .at = offsetof(StoreStats, field)                                                          \
    }

static StoreFigure figures[] = {
    FIGURE(commits, METRIC_COUNTER, "Transactions committed."),
    FIGURE(writes, METRIC_COUNTER, "Objects written."),
    FIGURE(conflicts, METRIC_COUNTER, "Writes that lost a race."),
    FIGURE(events, METRIC_COUNTER, "Events passed on."),
    FIGURE(caches, METRIC_GAUGE, "Caches in memory."),
    FIGURE(cached_objects, METRIC_GAUGE, "Objects in memory."),
    FIGURE(history_reads, METRIC_COUNTER, "Pieces of history read for watches."),
    FIGURE(packed_objects, METRIC_GAUGE, "Of them, those whose texts are kept short."),
    FIGURE(watches, METRIC_GAUGE, "Open watches."),
    FIGURE(reconnects, METRIC_COUNTER, "Times PostgreSQL was connected to anew."),
    FIGURE(commit_us_sum, METRIC_COUNTER, "Microseconds spent in commits."),
    FIGURE(n_clusters, METRIC_GAUGE, "Clusters."),
    FIGURE(reclaimed, METRIC_COUNTER, "Deleted clusters of which no row is left."),
};

/* The process itself, by the names that all exporters use. */
static Metric rss = {
    .name = "process_resident_memory_bytes", .help = "Resident memory.", .type = METRIC_GAUGE};
static Metric fds = {
    .name = "process_open_fds", .help = "Open file descriptors.", .type = METRIC_GAUGE};
static Metric threads = {.name = "process_threads", .help = "Threads.", .type = METRIC_GAUGE};
static Metric cpu = {.name = "process_cpu_seconds_total",
                     .help = "Processor time, user and system.",
                     .type = METRIC_COUNTER};

static double entries_of(const char *dir)
{
    DIR *d = opendir(dir);
    double n = -2; /* . and .. */

    if (!d)
        return 0;
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

static void collect_process(void)
{
    struct rusage used;
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (f) {
        if (fscanf(f, "%*d %ld", &pages) == 1)
            metric_set(&rss, (double)pages * (double)sysconf(_SC_PAGESIZE));
        fclose(f);
    }
    metric_set(&fds, entries_of("/proc/self/fd") - 1); /* the folder's own */
    metric_set(&threads, entries_of("/proc/self/task"));
    if (getrusage(RUSAGE_SELF, &used) == 0)
        metric_set(&cpu, (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                             (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
}

void health_collect(Server *s)
{
    StoreStats stats = {0};

    store_stats(server_options(s)->store, &stats);
    for (size_t i = 0; i < ARRAY_LEN(figures); i++)
        metric_set(&figures[i].metric, (double)*(int64_t *)((char *)&stats + figures[i].at));
    collect_process();
}
