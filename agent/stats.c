#include "agent/stats.h"

#include "agent/fs.h"
#include "agent/runtime.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/http.h"

#include <pthread.h>
#include <unistd.h>

enum {
    SAMPLE_MS = 15000,
    FIRST_MS = 2000, /* the first rate comes soon */
    PROC_MAX = 16 << 10,
    CALL_MS = 10000,
    NS_PER_S = 1000000000,
};

struct Stats {
    Agent *agent; /* borrowed */
    HttpCancel *cancel;
    pthread_t thread;

    /* the thread only */
    Map seen; /* container -> StatsSample */
    StatsSample node;
    int64_t last_us;
};

static const LogCtx ctx = {.component = "stats"};

int64_t stats_rate(const StatsSample *before, const StatsSample *now)
{
    int64_t ns = before ? now->at_ns - before->at_ns : 0;

    if (ns <= 0 || now->used_ns < before->used_ns)
        return -1;
    return (int64_t)((__int128)(now->used_ns - before->used_ns) * NS_PER_S / ns);
}

static Value *pod_of(Arena *a, Value *pods, const char *uid)
{
    Value *p;

    value_each_item(pods, i, p)
    {
        if (str_eq(value_get_str(p, "uid"), uid))
            return p;
    }
    p = value_object(a);
    value_set_str(a, p, "uid", uid);
    value_set(a, p, "containers", value_array(a));
    value_append(a, pods, p);
    return p;
}

Value *stats_of_pods(Arena *a, const Value *answer, Map *seen)
{
    Value *pods = value_array(a);
    Map fresh = {.free_value = free};
    const Value *stat;

    value_each_item(value_get(answer, "stats"), i, stat)
    {
        const char *id = value_at_str(stat, "attributes.id");
        const Value *labels = value_at(stat, "attributes.labels");
        const char *uid = value_get_str(labels, LABEL_POD_UID);
        const char *name = value_get_str(labels, LABEL_CONTAINER);
        StatsSample *now = xcalloc(1, sizeof(*now));
        int64_t rate;
        Value *c;

        now->at_ns = value_at_int(stat, "cpu.timestamp", 0);
        now->used_ns = value_at_int(stat, "cpu.usage_core_nano_seconds.value", 0);
        rate = id ? stats_rate(map_get(seen, id), now) : -1;
        if (rate >= 0 && uid && name) {
            c = value_object(a);
            value_set_str(a, c, "name", name);
            value_set_int(a, c, "cpuNano", rate);
            value_set_int(a, c, "memoryBytes",
                          value_at_int(stat, "memory.working_set_bytes.value", 0));
            value_set_int(a, c, "cpuTotalNano", now->used_ns);
            value_set_int(a, c, "atMs", now->at_ns / 1000000);
            value_append(a, value_get(pod_of(a, pods, uid), "containers"), c);
        }
        free(id ? map_set(&fresh, id, now) : now);
    }
    map_done(seen);
    *seen = fresh; /* containers that are gone are forgotten */
    return pods;
}

/* "cpu  user nice system idle iowait irq softirq steal ...": all but idle and iowait. */
int64_t stats_busy_ns(Slice proc_stat, int64_t ticks_a_second)
{
    enum { IDLE = 3, IOWAIT = 4, COLUMNS = 8 };
    Slice line, word;
    int64_t sum = 0, n;
    int i = 0;

    if (!slice_cut(&proc_stat, '\n', &line) || !slice_starts(line, "cpu ") || ticks_a_second <= 0)
        return -1;
    line.ptr += 4;
    line.len -= 4;
    while (line.len > 0 && i < COLUMNS) {
        (void)slice_cut(&line, ' ', &word); /* the last one has none behind it */
        if (word.len == 0)
            continue;
        if (!slice_to_int64(word, &n) || n < 0)
            return -1;
        if (i != IDLE && i != IOWAIT)
            sum += n;
        i++;
    }
    return i == COLUMNS ? (int64_t)((__int128)sum * NS_PER_S / ticks_a_second) : -1;
}

static int64_t memory_in_use(const Agent *agent)
{
    AUTO_BUF text = BUF_INIT;
    const char *at;

    if (fs_read("/proc/meminfo", PROC_MAX, &text, NULL) < 0)
        return 0;
    at = strstr(buf_str(&text), "MemAvailable:");
    return at ? MAX((int64_t)0,
                    agent->memory - strtoll(at + strlen("MemAvailable:"), NULL, 10) * 1024)
              : 0;
}

/* NULL: there is no rate yet. */
static Value *node_figures(Stats *s, Arena *a)
{
    AUTO_BUF text = BUF_INIT;
    StatsSample now = {.at_ns = clock_mono_us() * 1000}, before = s->node;
    Value *v = value_object(a);
    int64_t rate;

    if (fs_read("/proc/stat", PROC_MAX << 4, &text, NULL) < 0)
        return NULL;
    now.used_ns = stats_busy_ns(buf_slice(&text), sysconf(_SC_CLK_TCK));
    if (now.used_ns < 0)
        return NULL;
    s->node = now;
    rate = before.at_ns > 0 ? stats_rate(&before, &now) : -1;
    if (rate < 0)
        return NULL;
    value_set_int(a, v, "cpuNano", rate);
    value_set_int(a, v, "memoryBytes", memory_in_use(s->agent));
    value_set_int(a, v, "cpuTotalNano", now.used_ns);
    return v;
}

static void turn(Stats *s)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    int64_t now_us = clock_mono_us();
    Value *answer = NULL, *body = value_object(a), *node, *pods;
    AUTO_BUF text = BUF_INIT;
    ClientRequest req = {.method = "POST", .timeout_ms = CALL_MS};
    ClientReply reply;
    Err err;

    if (cri_call(s->agent->cri, a, CRI_LIST_CONTAINER_STATS, value_object(a), CALL_MS, &answer,
                 &err) < 0) {
        log_debug(&ctx, "no figures from the runtime", LOG_STR("error", err.msg));
        return;
    }
    pods = stats_of_pods(a, answer, &s->seen);
    node = node_figures(s, a);
    if (node) {
        value_set_int(a, body, "windowMs", (now_us - s->last_us) / 1000);
        value_set(a, body, "node", node);
        value_set(a, body, "pods", pods);
        value_print(body, &text);
        req.path =
            arena_printf(a, "/apis/node.hostplane.io/v1/nodes/%s/stats", s->agent->o.node_name);
        req.body = buf_slice(&text);
        if (client_call(s->agent->client, a, &req, &reply, &err) < 0)
            log_debug(&ctx, "figures not told", LOG_STR("error", err.msg));
        else if (reply.status != 200)
            log_warning(&ctx, "the server does not take figures", LOG_INT("status", reply.status));
    }
    s->last_us = now_us;
}

static void *stats_main(void *data)
{
    Stats *s = data;

    turn(s);
    if (http_cancel_sleep(s->cancel, FIRST_MS))
        return NULL;
    do {
        turn(s);
    } while (!http_cancel_sleep(s->cancel, SAMPLE_MS));
    return NULL;
}

int stats_start(Agent *agent, Stats **ret, Err *err)
{
    Stats *s = xcalloc(1, sizeof(*s));

    s->agent = agent;
    s->seen.free_value = free;
    s->cancel = http_cancel_new();
    if (pthread_create(&s->thread, NULL, stats_main, s) != 0) {
        http_cancel_free(s->cancel);
        free(s);
        return err_set(err, ERR_INTERNAL, "cannot start the thread of figures");
    }
    *ret = s;
    return 0;
}

void stats_stop(Stats *s)
{
    if (!s)
        return;
    http_cancel(s->cancel);
    pthread_join(s->thread, NULL);
    http_cancel_free(s->cancel);
    map_done(&s->seen);
    free(s);
}
