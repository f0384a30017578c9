#include "agent/probes.h"
#include "base/err.h"
#include "tests/unit/test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <unistd.h>

/* How many probes of one tenant hang at once. */
enum { N_HANGING = 40 };

typedef struct Told {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    unsigned passed; /* a bit a kind of probe of the container "c" */
    int n_unknown;   /* tries that could not be made */
    int n_slow;      /* of those, of the container "slow" */
    bool has_changed;
} Told;

#define TOLD_INIT                                                                                  \
    {                                                                                              \
        .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER                        \
    }

static void on_verdict(const ProbeVerdict *v, void *data)
{
    Told *t = data;

    pthread_mutex_lock(&t->lock);
    t->n_unknown += strstr(v->message, " probe errored and resulted in unknown state: ") != NULL;
    t->n_slow += strcmp(v->container, "slow") == 0;
    t->has_changed |= v->is_change;
    if (v->is_change && v->is_success && strcmp(v->container, "c") == 0)
        t->passed |= 1u << v->kind;
    pthread_cond_broadcast(&t->wake);
    pthread_mutex_unlock(&t->lock);
}

static void wait_for(Told *t, ProbeKind kind)
{
    pthread_mutex_lock(&t->lock);
    while (!(t->passed & 1u << kind))
        pthread_cond_wait(&t->wake, &t->lock);
    pthread_mutex_unlock(&t->lock);
}

/* A port that takes connections and never answers; closing it ends them all. */
static int hanging_port(int *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(fd, 256), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    *ret_port = ntohs(at.sin_port);
    return fd;
}

static Item *pod_item(Arena *a, const char *cluster, const char *uid)
{
    Value *v = value_literal(a, "{'metadata':{'name':'p','namespace':'d'}}");

    value_set_str(a, value_get(v, "metadata"), "uid", uid);
    return item_new(cluster, "pods", v);
}

static const char sleeping_probe[] = "{'sleep':{'seconds':0},'periodSeconds':3600}";

TEST(probes_of_one_tenant_that_hang_hold_up_no_other)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Agent agent = {0};
    Told told = TOLD_INIT;
    Probes *p;
    Item *items[N_HANGING + 1];
    Value *quick = value_object(a);
    int port, fd = hanging_port(&port);

    assert_int_equal(probes_start(&agent, on_verdict, &told, &p, NULL), 0);
    for (int i = 0; i < N_HANGING; i++) {
        Value *c = value_literal(a, "{'name':'slow','livenessProbe':{'httpGet':{},"
                                    "'timeoutSeconds':3600}}");

        value_set_int(a, value_at(c, "livenessProbe.httpGet"), "port", port);
        items[i] = pod_item(a, "noisy", arena_printf(a, "u%d", i));
        probes_add(p, items[i], c, arena_printf(a, "c%d", i), "127.0.0.1", 0, false);
    }
    value_set_str(a, quick, "name", "c");
    value_set(a, quick, "readinessProbe", value_literal(a, sleeping_probe));
    items[N_HANGING] = pod_item(a, "quiet", "v");
    probes_add(p, items[N_HANGING], quick, "v", "127.0.0.1", 0, false);
    wait_for(&told, PROBE_READINESS);

    close(fd); /* the tries that hang end with it */
    for (int i = 0; i < N_HANGING; i++)
        probes_forget(p, items[i]->uid, NULL);
    probes_stop(p);
    for (int i = 0; i <= N_HANGING; i++)
        item_unref(items[i]);
}

TEST(a_first_delay_counts_from_the_start_of_the_container_also_behind_a_startup_probe)
{
    static const struct {
        const char *liveness; /* beside two other probes that pass at once */
        int64_t age_us;
        bool is_due;
    } rows[] = {
        {"{'sleep':{'seconds':0},'periodSeconds':3600,'initialDelaySeconds':3000}", 0, false},
        {"{'sleep':{'seconds':0},'periodSeconds':3600,'initialDelaySeconds':3000}", 3000000000LL,
         true},
        {"{'sleep':{'seconds':0},'periodSeconds':3600}", 0, true},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CLEANUP(item_unref) Item *item = pod_item(a, "t", "u");
        Told told = TOLD_INIT;
        Agent agent = {0};
        Value *c = value_literal(a, "{'name':'c'}");
        Probes *p;

        value_set(a, c, "startupProbe", value_literal(a, sleeping_probe));
        value_set(a, c, "readinessProbe", value_literal(a, sleeping_probe));
        value_set(a, c, "livenessProbe", value_literal(a, rows[i].liveness));
        assert_int_equal(probes_start(&agent, on_verdict, &told, &p, NULL), 0);
        probes_add(p, item, c, "id", "127.0.0.1", rows[i].age_us, false);
        wait_for(&told, PROBE_READINESS);
        if (rows[i].is_due)
            wait_for(&told, PROBE_LIVENESS);
        probes_stop(p);
        assert_int_equal(told.passed, 1u << PROBE_STARTUP | 1u << PROBE_READINESS |
                                          (unsigned)rows[i].is_due << PROBE_LIVENESS);
    }
}

TEST(what_cannot_be_tried_counts_for_nothing)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(item_unref) Item *item = pod_item(a, "t", "u");
    Told told = TOLD_INIT;
    Agent agent = {0};
    Value *c = value_literal(a, "{'name':'c','livenessProbe':{'httpGet':{'port':'none'},"
                                "'failureThreshold':1,'periodSeconds':1}}");
    Probes *p;

    assert_int_equal(probes_start(&agent, on_verdict, &told, &p, NULL), 0);
    probes_add(p, item, c, "id", "127.0.0.1", 0, false);
    pthread_mutex_lock(&told.lock);
    while (told.n_unknown < 2)
        pthread_cond_wait(&told.wake, &told.lock);
    pthread_mutex_unlock(&told.lock);
    probes_stop(p);
    assert_false(told.has_changed);
}

TEST(each_is_tried_in_its_own_time)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(item_unref) Item *item = pod_item(a, "t", "u");
    Told told = TOLD_INIT;
    Agent agent = {0};
    Value *c = value_literal(a, "{'name':'c','readinessProbe':{'httpGet':{'port':'none'},"
                                "'periodSeconds':1}}");
    Value *slow = value_literal(a, "{'name':'slow','readinessProbe':{'httpGet':{'port':'none'},"
                                   "'periodSeconds':6}}");
    Probes *p;

    assert_int_equal(probes_start(&agent, on_verdict, &told, &p, NULL), 0);
    probes_add(p, item, slow, "id2", "127.0.0.1", 0, false);
    probes_add(p, item, c, "id", "127.0.0.1", 0, false);
    pthread_mutex_lock(&told.lock);
    while (told.n_slow < 2)
        pthread_cond_wait(&told.wake, &told.lock);
    assert_true(told.n_unknown - told.n_slow >= 4);
    pthread_mutex_unlock(&told.lock);
    probes_stop(p);
}
