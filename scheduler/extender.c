#include "scheduler/extender.h"

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/http.h"
#include "client/meta.h"

typedef struct Extender {
    const ExtenderConf *conf;
    Client *http;
} Extender;

struct Extenders {
    Lister *lister;
    Extender *items;
    uint32_t n;
};

static const LogCtx log_ctx = {.component = "scheduler"};

int extenders_open(const SchedConfig *c, Lister *l, Extenders **ret, Err *err)
{
    CLEANUP(extenders_close) Extenders *x = NULL;

    *ret = NULL;
    if (c->n_extenders == 0)
        return 0;
    x = xcalloc(1, sizeof(*x));
    x->lister = l;
    x->items = xcalloc(c->n_extenders, sizeof(*x->items));
    for (uint32_t i = 0; i < c->n_extenders; i++) {
        const ExtenderConf *e = &c->extenders[i];
        HttpOptions o = {.server = e->url,
                         .ca_pem = e->ca_pem,
                         .cert_pem = e->cert_pem,
                         .key_pem = e->key_pem,
                         .tls_server_name = e->server_name,
                         .is_insecure = e->is_insecure,
                         .connect_timeout_ms = e->timeout_ms,
                         .user_agent = "hostplane-scheduler"};
        int r = http_client_open(&o, &x->items[i].http, err);

        if (r < 0)
            return err_wrap(err, r, "extender %s", e->url);
        x->items[i].conf = e;
        x->n++;
    }
    *ret = TAKE(x);
    return 0;
}

void extenders_close(Extenders *x)
{
    if (!x)
        return;
    for (uint32_t i = 0; i < x->n; i++)
        client_close(x->items[i].http);
    free(x->items);
    free(x);
}

/* ---- whose business is a pod ---- */

static bool names_any(const Value *amounts, const Value *managed)
{
    const Value *r;

    value_each_item(managed, i, r)
    {
        if (value_get(amounts, value_get_str(r, "name")))
            return true;
    }
    return false;
}

static bool any_container_has(const Value *containers, const Value *managed)
{
    const Value *c;

    value_each_item(containers, i, c)
    {
        if (names_any(value_at(c, "resources.requests"), managed) ||
            names_any(value_at(c, "resources.limits"), managed))
            return true;
    }
    return false;
}

static bool cares(const Extender *e, const Value *pod)
{
    const Value *managed = e->conf->managed;

    return value_len(managed) == 0 ||
           any_container_has(value_at(pod, "spec.containers"), managed) ||
           any_container_has(value_at(pod, "spec.initContainers"), managed);
}

#define any_cares(x, pod, test)                                                                    \
    ({                                                                                             \
        bool found_ = false;                                                                       \
        for (uint32_t i_ = 0; (x) && i_ < (x)->n && !found_; i_++) {                               \
            const ExtenderConf *conf = (x)->items[i_].conf;                                        \
            found_ = (test) && cares(&(x)->items[i_], (pod));                                      \
        }                                                                                          \
        found_;                                                                                    \
    })

bool extenders_choose(const Extenders *x, const Value *pod)
{
    return any_cares(x, pod, conf->filter || conf->prioritize);
}

bool extenders_preempt(const Extenders *x, const Value *pod)
{
    return any_cares(x, pod, conf->preempt != NULL);
}

bool extenders_bind(const Extenders *x, const Value *pod)
{
    return any_cares(x, pod, conf->bind != NULL);
}

/* ---- calls ---- */

static int send(const Extender *e, Arena *a, const char *verb, const Value *args, Slice *ret,
                Err *err)
{
    AUTO_BUF body = BUF_INIT;
    ClientReply reply;
    ClientRequest req = {.method = "POST", .timeout_ms = e->conf->timeout_ms};
    int r;

    value_print(args, &body);
    req.path = arena_printf(a, "/%s", verb);
    req.body = buf_slice(&body);
    r = client_call(e->http, a, &req, &reply, err);
    if (r < 0)
        return r;
    if (reply.status != 200)
        return err_set(err, ERR_BAD_REQUEST, "failed %s with extender at URL %s/%s, code %d", verb,
                       e->conf->url, verb, reply.status);
    *ret = reply.body;
    return 0;
}

/* 0 when the extender's failure does not count. */
static int forgive(const Extender *e, const char *verb, int r, Err *err)
{
    if (!e->conf->is_ignorable)
        return err_wrap(err, r, "extender %s", e->conf->url);
    log_warning(&log_ctx, "an extender failed and is gone on without", LOG_STR("verb", verb),
                LOG_STR("extender", e->conf->url), LOG_STR("error", err->msg));
    return 0;
}

static void on_free_map(void *data)
{
    map_done(data);
}

static Map *arena_map(Arena *a)
{
    Map *m = arena_new0(a, Map);

    arena_on_free(a, on_free_map, m);
    return m;
}

/* Node objects for those that do not know nodes themselves. */
static const Map *load_nodes(Extenders *x, Arena *a, const AskedNodes *nodes)
{
    Map *m = arena_map(a);

    for (uint32_t i = 0; i < nodes->n; i++) {
        CLEANUP(obj_unref) Obj *o = NULL;

        if (!nodes->items[i].is_refused &&
            x->lister->get(x->lister, "host", "nodes", "", nodes->items[i].name, &o, NULL) == 0 &&
            o)
            map_set(m, nodes->items[i].name, obj_to_value(a, o, "Node", "v1"));
    }
    return m;
}

static int ask_filter(Extenders *x, const Extender *e, Arena *a, const Value *pod,
                      AskedNodes *nodes, Err *err)
{
    const Map *objects = e->conf->knows_nodes ? NULL : load_nodes(x, a, nodes);
    Slice answer;
    int r = send(e, a, e->conf->filter, extender_args(a, pod, nodes, objects), &answer, err);

    return r < 0 ? r : extender_read_filter(a, answer, e->conf->knows_nodes, nodes, err);
}

static int ask_scores(Extenders *x, const Extender *e, Arena *a, const Value *pod,
                      AskedNodes *nodes, Err *err)
{
    const Map *objects = e->conf->knows_nodes ? NULL : load_nodes(x, a, nodes);
    Slice answer;
    int r = send(e, a, e->conf->prioritize, extender_args(a, pod, nodes, objects), &answer, err);

    return r < 0 ? r : extender_read_scores(a, answer, e->conf->weight, nodes, err);
}

int extenders_ask_nodes(Extenders *x, Arena *a, const Value *pod, AskedNodes *nodes, Err *err)
{
    for (uint32_t i = 0; i < x->n && asked_nodes_left(nodes) > 0; i++) {
        const Extender *e = &x->items[i];
        int r = e->conf->filter && cares(e, pod) ? ask_filter(x, e, a, pod, nodes, err) : 0;

        r = r < 0 ? forgive(e, e->conf->filter, r, err) : 0;
        if (r < 0)
            return r;
    }
    for (uint32_t i = 0; i < x->n && asked_nodes_left(nodes) > 1; i++) {
        const Extender *e = &x->items[i];
        Err why;

        /* Who does not answer has no opinion. */
        if (e->conf->prioritize && cares(e, pod) && ask_scores(x, e, a, pod, nodes, &why) < 0)
            log_warning(&log_ctx, "an extender gave no scores", LOG_STR("extender", e->conf->url),
                        LOG_STR("error", why.msg));
    }
    return 0;
}

static const Map *load_victims(Extenders *x, Arena *a, const char *cluster, const Candidate *list,
                               uint32_t n)
{
    Map *m = arena_map(a);

    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < list[i].n; k++) {
            CLEANUP(obj_unref) Obj *o = NULL;
            const Victim *v = &list[i].victims[k];

            if (x->lister->get(x->lister, cluster, "pods", v->ns, v->name, &o, NULL) == 0 && o)
                map_set(m, v->uid, obj_to_value(a, o, "Pod", "v1"));
        }
    return m;
}

int extenders_ask_victims(Extenders *x, Arena *a, const char *cluster, const Value *pod,
                          Candidate **inout, uint32_t *inout_n, Err *err)
{
    for (uint32_t i = 0; i<x->n && * inout_n> 0; i++) {
        const Extender *e = &x->items[i];
        const Map *pods;
        Slice answer;
        int r;

        if (!e->conf->preempt || !cares(e, pod))
            continue;
        pods = e->conf->knows_nodes ? NULL : load_victims(x, a, cluster, *inout, *inout_n);
        r = send(e, a, e->conf->preempt, extender_preempt_args(a, pod, *inout, *inout_n, pods),
                 &answer, err);
        r = r < 0 ? r : extender_read_preempt(a, answer, *inout, *inout_n, inout, inout_n, err);
        r = r < 0 ? forgive(e, e->conf->preempt, r, err) : 0;
        if (r < 0)
            return r;
    }
    return 0;
}

int extenders_ask_bind(Extenders *x, const Value *pod, const char *node, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Slice answer;
    int r;

    for (uint32_t i = 0; i < x->n; i++) {
        const Extender *e = &x->items[i];

        if (!e->conf->bind || !cares(e, pod))
            continue;
        r = send(e, a, e->conf->bind, extender_bind_args(a, pod, node), &answer, err);
        r = r < 0 ? r : extender_read_bind(a, answer, err);
        return r < 0 ? err_wrap(err, r, "extender %s", e->conf->url) : 0;
    }
    return err_set(err, ERR_INTERNAL, "no extender binds this pod");
}
