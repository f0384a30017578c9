#include "vcluster/nodestats.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "vcluster/spaces.h"

#define GROUP   "metrics.k8s.io"
#define VERSION "v1beta1"
#define TYPES   "io.k8s.metrics.pkg.apis.metrics.v1beta1."

enum { FRESH_S = 90, MAX_WINDOW_MS = 600000 };

/* What a node said last. Immutable and counted. */
typedef struct Said {
    _Atomic int refs;
    Arena *arena;
    int64_t at_us; /* when it came */
    const Value *v;
    Map pods; /* uid -> Value, borrowed */
} Said;

struct NodeStats {
    pthread_rwlock_t lock; /* guards `nodes` */
    Map nodes;             /* name -> Said */
    _Atomic int64_t last_us;
    Resource resources[2];
    const Resource *served[2];
};

static void said_unref(Said *s)
{
    if (!s || atomic_fetch_sub(&s->refs, 1) > 1)
        return;
    map_done(&s->pods);
    arena_free(s->arena);
    free(s);
}
DEFINE_CLEANUP(Said, said_unref);

static void free_said(void *p)
{
    said_unref(p);
}

static Resource resource_of(const char *plural, const char *kind, const char *type,
                            bool is_namespaced, const char *storage)
{
    static const char *const none[] = {NULL};

    return (Resource){.group = GROUP,
                      .version = VERSION,
                      .kind = kind,
                      .plural = plural,
                      .singular = "",
                      .short_names = none,
                      .categories = none,
                      .verbs = BIT(VERB_GET) | BIT(VERB_LIST),
                      .is_namespaced = is_namespaced,
                      .type = type_find(type),
                      .storage = storage};
}

NodeStats *nodestats_new(void)
{
    NodeStats *s = xcalloc(1, sizeof(*s));

    pthread_rwlock_init(&s->lock, NULL);
    s->nodes.free_value = free_said;
    s->resources[0] =
        resource_of("nodes", "NodeMetrics", TYPES "NodeMetrics", false, "metrics/nodes");
    s->resources[1] = resource_of("pods", "PodMetrics", TYPES "PodMetrics", true, "metrics/pods");
    for (size_t i = 0; i < ARRAY_LEN(s->served); i++)
        s->served[i] = &s->resources[i];
    return s;
}

void nodestats_free(NodeStats *s)
{
    if (!s)
        return;
    map_done(&s->nodes);
    pthread_rwlock_destroy(&s->lock);
    free(s);
}

int nodestats_put(NodeStats *s, const char *node, Slice body, int64_t now_us, Err *err)
{
    Said *said = xcalloc(1, sizeof(*said));
    Value *v = NULL, *pod;
    int r;

    said->refs = 1;
    said->arena = arena_new();
    said->at_us = now_us;
    r = value_parse(said->arena, body, &v, err);
    if (r == 0 && (!value_is(v, VALUE_OBJECT) || !value_is(value_get(v, "node"), VALUE_OBJECT)))
        r = err_set(err, ERR_BAD_REQUEST, "these are no figures of a node");
    if (r < 0) {
        said_unref(said);
        return r;
    }
    said->v = v;
    value_each_item(value_get(v, "pods"), i, pod)
    {
        const char *uid = value_get_str(pod, "uid");

        if (uid)
            (void)map_set(&said->pods, uid, pod); /* the later of two */
    }
    pthread_rwlock_wrlock(&s->lock);
    said_unref(map_set(&s->nodes, node, said));
    pthread_rwlock_unlock(&s->lock);
    atomic_store(&s->last_us, now_us);
    return 0;
}

/* A reference; NULL when the node has been silent for long. */
static Said *said_by(NodeStats *s, const char *node, int64_t now_us)
{
    Said *said;

    pthread_rwlock_rdlock(&s->lock);
    said = map_get(&s->nodes, node);
    if (said && now_us - said->at_us > FRESH_S * 1000000LL)
        said = NULL;
    if (said)
        atomic_fetch_add(&said->refs, 1);
    pthread_rwlock_unlock(&s->lock);
    return said;
}

/* ---- what is served ---- */

static bool is_served(const NodeStats *s)
{
    return clock_now_us() - atomic_load(&s->last_us) <= FRESH_S * 1000000LL;
}

ResourceSet nodestats_resources(const NodeStats *s)
{
    return (ResourceSet){(const Resource **)(uintptr_t)s->served,
                         is_served(s) ? ARRAY_LEN(s->served) : 0};
}

const Resource *nodestats_find(const NodeStats *s, const char *group, const char *version,
                               const char *plural)
{
    if (!is_served(s) || !str_eq(group, GROUP) || (version && !str_eq(version, VERSION)))
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(s->resources); i++)
        if (!plural || str_eq(s->resources[i].plural, plural))
            return &s->resources[i];
    return NULL;
}

bool nodestats_serves(const Resource *r)
{
    return str_eq(r->group, GROUP) && str_starts(r->storage, "metrics/");
}

/* ---- answers ---- */

typedef struct Figures {
    int64_t cpu_nano, memory;
} Figures;

/* Of two that are not negative; a node says what it likes. */
static int64_t plus(int64_t x, int64_t y)
{
    return x > INT64_MAX - y ? INT64_MAX : x + y;
}

static Figures figures_of(const Value *v)
{
    return (Figures){MAX((int64_t)0, value_at_int(v, "cpuNano", 0)),
                     MAX((int64_t)0, value_at_int(v, "memoryBytes", 0))};
}

static Value *usage(Arena *a, Figures f)
{
    Quantity cpu = {.nano = f.cpu_nano, .format = QUANTITY_DECIMAL_SI};
    Quantity memory = quantity_of(f.memory, QUANTITY_BINARY_SI);
    char text[QUANTITY_TEXT_MAX];
    Value *v = value_object(a);

    value_set_str(a, v, "cpu", quantity_print(&cpu, text));
    value_set_str(a, v, "memory", quantity_print(&memory, text));
    return v;
}

/* As Go prints a duration: "1m15.25s". */
static const char *duration(Arena *a, int64_t ms)
{
    AUTO_BUF text = BUF_INIT;
    int64_t s = ms / 1000, part = ms % 1000;

    if (ms > 0 && s == 0)
        return arena_printf(a, "%lldms", (long long)ms);
    if (s >= 3600)
        buf_addf(&text, "%lldh", (long long)s / 3600);
    if (s >= 60)
        buf_addf(&text, "%lldm", (long long)s / 60 % 60);
    buf_addf(&text, "%lld", (long long)s % 60);
    if (part > 0) {
        buf_addf(&text, ".%03lld", (long long)part);
        while (text.ptr[text.len - 1] == '0')
            buf_truncate(&text, text.len - 1);
    }
    buf_addc(&text, 's');
    return arena_strdup(a, buf_str(&text));
}

/* What all metrics have: metadata of the object, the moment, the time that they are about. */
static Value *metrics(Request *req, const Obj *o, const Said *said)
{
    Arena *a = req->arena;
    Value *tree = obj_to_value(a, o, NULL, NULL), *labels = value_at(tree, "metadata.labels");
    int64_t window_ms = value_at_int(said->v, "windowMs", 0);
    Value *v = value_object(a), *meta = value_object(a);
    char text[CLOCK_TEXT_MAX];

    value_set_str(a, meta, "name", o->name);
    if (o->ns[0])
        value_set_str(a, meta, "namespace", o->ns);
    value_set_str(a, meta, "creationTimestamp", clock_to_rfc3339(req->state->now_us, text));
    if (labels)
        value_set(a, meta, "labels", labels);
    value_set(a, v, "metadata", meta);
    value_set_str(a, v, "timestamp", clock_to_rfc3339(said->at_us, text));
    window_ms = MAX((int64_t)0, MIN(window_ms, (int64_t)MAX_WINDOW_MS));
    value_set_str(a, v, "window", duration(a, window_ms));
    return v;
}

static const Value *pod_figures(const Said *said, const Obj *pod)
{
    return said ? map_get(&said->pods, pod->uid) : NULL;
}

/* The node of a pod: "" when it is not bound yet. */
static const char *node_of(Request *req, const Obj *pod)
{
    const char *node;

    return obj_scan_str(pod, "spec.nodeName", req->arena, &node) ? node : "";
}

/* NULL: nothing is known of it. */
static Value *pod_metrics(Request *req, const Obj *pod)
{
    CLEANUP(said_unref)
    Said *said = said_by(req->state->vc->stats, node_of(req, pod), req->state->now_us);
    const Value *figures = pod_figures(said, pod), *c;
    Arena *a = req->arena;
    Value *v, *list = value_array(a);

    if (!figures)
        return NULL;
    value_each_item(value_get(figures, "containers"), i, c)
    {
        const char *name = value_get_str(c, "name");
        Value *one = value_object(a);

        value_set_str(a, one, "name", name ? arena_strdup(a, name) : "");
        value_set(a, one, "usage", usage(a, figures_of(c)));
        value_append(a, list, one);
    }
    if (value_len(list) == 0)
        return NULL;
    v = metrics(req, pod, said);
    value_set(a, v, "containers", list);
    return v;
}

/* Of a tenant: the sum of its own pods there. */
static Figures own_figures(Request *req, const Said *said, const char *node, const ObjVec *pods)
{
    Figures sum = {0};

    for (size_t i = 0; i < pods->n; i++) {
        const Value *figures = pod_figures(said, pods->items[i]), *c;

        if (!figures || strcmp(node_of(req, pods->items[i]), node) != 0)
            continue;
        value_each_item(value_get(figures, "containers"), k, c)
        {
            sum.cpu_nano = plus(sum.cpu_nano, figures_of(c).cpu_nano);
            sum.memory = plus(sum.memory, figures_of(c).memory);
        }
    }
    return sum;
}

static Value *node_metrics(Request *req, const Obj *node, const ObjVec *pods)
{
    CLEANUP(said_unref)
    Said *said = said_by(req->state->vc->stats, node->name, req->state->now_us);
    Figures f;
    Value *v;

    if (!said)
        return NULL;
    f = is_host(req->cluster) ? figures_of(value_get(said->v, "node"))
                              : own_figures(req, said, node->name, pods);
    v = metrics(req, node, said);
    value_set(req->arena, v, "usage", usage(req->arena, f));
    return v;
}

static void set_kind(Request *req, Value *v, const char *kind)
{
    value_set_str(req->arena, v, "kind", kind);
    value_set_str(req->arena, v, "apiVersion", GROUP "/" VERSION);
}

/* ---- as a kubelet tells it ---- */

static void set_figures(Arena *a, Value *to, const char *at, Figures f)
{
    Value *cpu = value_object(a), *memory = value_object(a);

    value_set_str(a, cpu, "time", at);
    value_set_int(a, cpu, "usageNanoCores", f.cpu_nano);
    value_set_str(a, memory, "time", at);
    value_set_int(a, memory, "workingSetBytes", f.memory);
    value_set(a, to, "cpu", cpu);
    value_set(a, to, "memory", memory);
}

static Value *pod_summary(Arena *a, const Obj *pod, const Value *figures, const char *at,
                          Figures *sum)
{
    Value *v = value_object(a), *list = value_array(a);
    Figures whole = {0};
    const Value *c;
    const char *since;

    value_set_at(a, v, "podRef.name", value_str(a, pod->name));
    value_set_at(a, v, "podRef.namespace", value_str(a, pod->ns));
    value_set_at(a, v, "podRef.uid", value_str(a, pod->uid));
    if (obj_scan_str(pod, "status.startTime", a, &since))
        value_set_str(a, v, "startTime", since);
    value_each_item(value_get(figures, "containers"), i, c)
    {
        const char *name = value_get_str(c, "name");
        Value *one = value_object(a);
        Figures f = figures_of(c);

        value_set_str(a, one, "name", name ? arena_strdup(a, name) : "");
        set_figures(a, one, at, f);
        value_append(a, list, one);
        whole.cpu_nano = plus(whole.cpu_nano, f.cpu_nano);
        whole.memory = plus(whole.memory, f.memory);
    }
    value_set(a, v, "containers", list);
    set_figures(a, v, at, whole);
    sum->cpu_nano = plus(sum->cpu_nano, whole.cpu_nano);
    sum->memory = plus(sum->memory, whole.memory);
    return v;
}

int nodestats_summary(Request *req, const char *node, const ObjVec *pods)
{
    CLEANUP(said_unref)
    Said *said = said_by(req->state->vc->stats, node, req->state->now_us);
    Arena *a = req->arena;
    Value *v = value_object(a), *list = value_array(a);
    char at[CLOCK_TEXT_MAX];
    Figures sum = {0};

    clock_to_rfc3339(said ? said->at_us : req->state->now_us, at);
    value_set_at(a, v, "node.nodeName", value_str(a, node));
    for (size_t i = 0; said && i < pods->n; i++) {
        const Value *figures = pod_figures(said, pods->items[i]);

        if (figures)
            value_append(a, list, pod_summary(a, pods->items[i], figures, at, &sum));
    }
    if (said && is_host(req->cluster))
        sum = figures_of(value_get(said->v, "node"));
    set_figures(a, value_get(v, "node"), at, sum);
    value_set(a, v, "pods", list);
    return reply_json(req, 200, v);
}

/* ---- as Prometheus reads it ---- */

/* One line of each metric of its kind. */
typedef struct Sample {
    const char *container, *ns, *pod; /* NULL: of the pod; of the node */
    int64_t cpu_nano, memory, at_ms;
    int64_t started_us; /* 0: not known */
} Sample;

typedef struct Samples {
    Sample *items;
    uint32_t n, cap;
} Samples;

typedef enum SampleKind { OF_CONTAINER, OF_POD, OF_NODE } SampleKind;

static SampleKind kind_of(const Sample *s)
{
    return s->container ? OF_CONTAINER : s->pod ? OF_POD : OF_NODE;
}

static void add_sample(Arena *a, Samples *all, Sample s)
{
    ARENA_GROW(a, all->items, all->n, all->cap, 16);
    all->items[all->n++] = s;
}

static int64_t started_us(const Value *pod, const char *container)
{
    const Value *c;
    const char *at;
    int64_t us = 0;

    value_each_item(value_at(pod, "status.containerStatuses"), i, c)
    {
        at = value_at_str(c, "state.running.startedAt");
        if (str_eq(value_get_str(c, "name"), container) && at &&
            clock_from_rfc3339(slice_of(at), &us))
            return us;
    }
    return 0;
}

/* Its containers, and their sum as the pod. */
static void add_pod_samples(Arena *a, Samples *all, const Obj *o, const Value *figures, Sample *sum)
{
    const Value *pod = obj_to_value(a, o, NULL, NULL), *c;
    Sample whole = {.ns = o->ns, .pod = o->name};

    value_each_item(value_get(figures, "containers"), i, c)
    {
        const char *name = value_get_str(c, "name");
        Sample s = {.container = name ? arena_strdup(a, name) : "",
                    .ns = o->ns,
                    .pod = o->name,
                    .cpu_nano = MAX((int64_t)0, value_at_int(c, "cpuTotalNano", 0)),
                    .memory = figures_of(c).memory,
                    .at_ms = value_at_int(c, "atMs", 0),
                    .started_us = started_us(pod, name)};

        add_sample(a, all, s);
        whole.cpu_nano = plus(whole.cpu_nano, s.cpu_nano);
        whole.memory = plus(whole.memory, s.memory);
        whole.at_ms = MAX(whole.at_ms, s.at_ms);
    }
    add_sample(a, all, whole);
    sum->cpu_nano = plus(sum->cpu_nano, whole.cpu_nano);
    sum->memory = plus(sum->memory, whole.memory);
}

static void put_label(Buf *out, const char *sep, const char *name, const char *value)
{
    buf_addf(out, "%s%s=\"", sep, name);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            buf_addc(out, '\\');
        if (*value == '\n')
            buf_adds(out, "\\n");
        else
            buf_addc(out, *value);
    }
    buf_addc(out, '"');
}

/* `part`: so many digits behind the point. */
static void put_seconds(Buf *out, int64_t whole, int digits, int64_t part)
{
    buf_addf(out, "%lld", (long long)whole);
    if (part == 0)
        return;
    buf_addf(out, ".%0*lld", digits, (long long)part);
    while (out->ptr[out->len - 1] == '0')
        buf_truncate(out, out->len - 1);
}

typedef enum SampleField { CPU_SECONDS, WORKING_SET, START_TIME } SampleField;

static void put_sample(Buf *out, const char *metric, const Sample *s, SampleField field)
{
    if (field == START_TIME && s->started_us <= 0)
        return;
    buf_adds(out, metric);
    if (s->pod) {
        if (s->container)
            put_label(out, "{", "container", s->container);
        put_label(out, s->container ? "," : "{", "namespace", s->ns);
        put_label(out, ",", "pod", s->pod);
        buf_addc(out, '}');
    }
    buf_addc(out, ' ');
    if (field == START_TIME) {
        put_seconds(out, s->started_us / 1000000, 6, s->started_us % 1000000);
        buf_addc(out, '\n');
        return;
    }
    if (field == CPU_SECONDS)
        put_seconds(out, s->cpu_nano / 1000000000, 9, s->cpu_nano % 1000000000);
    else
        buf_addf(out, "%lld", (long long)s->memory);
    buf_addf(out, " %lld\n", (long long)s->at_ms);
}

static void put_metrics(Buf *out, const Samples *all)
{
    static const struct {
        const char *name, *type, *help;
        SampleKind kind;
        SampleField field;
    } rows[] = {
        {"container_cpu_usage_seconds_total", "counter",
         "Cumulative cpu time consumed by the container in core-seconds", OF_CONTAINER,
         CPU_SECONDS},
        {"container_memory_working_set_bytes", "gauge",
         "Current working set of the container in bytes", OF_CONTAINER, WORKING_SET},
        {"container_start_time_seconds", "gauge",
         "Start time of the container since unix epoch in seconds", OF_CONTAINER, START_TIME},
        {"node_cpu_usage_seconds_total", "counter",
         "Cumulative cpu time consumed by the node in core-seconds", OF_NODE, CPU_SECONDS},
        {"node_memory_working_set_bytes", "gauge", "Current working set of the node in bytes",
         OF_NODE, WORKING_SET},
        {"pod_cpu_usage_seconds_total", "counter",
         "Cumulative cpu time consumed by the pod in core-seconds", OF_POD, CPU_SECONDS},
        {"pod_memory_working_set_bytes", "gauge", "Current working set of the pod in bytes", OF_POD,
         WORKING_SET},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t begin = out->len, head;

        buf_addf(out, "# HELP %s [STABLE] %s\n# TYPE %s %s\n", rows[i].name, rows[i].help,
                 rows[i].name, rows[i].type);
        head = out->len;
        for (uint32_t k = 0; k < all->n; k++)
            if (kind_of(&all->items[k]) == rows[i].kind)
                put_sample(out, rows[i].name, &all->items[k], rows[i].field);
        if (out->len == head) /* what has no value is not mentioned */
            buf_truncate(out, begin);
    }
}

int nodestats_exposition(Request *req, const char *node, const ObjVec *pods)
{
    CLEANUP(said_unref)
    Said *said = said_by(req->state->vc->stats, node, req->state->now_us);
    Arena *a = req->arena;
    Samples all = {0};
    Sample sum = {0};
    AUTO_BUF out = BUF_INIT;

    for (size_t i = 0; said && i < pods->n; i++) {
        const Value *figures = pod_figures(said, pods->items[i]);

        if (figures)
            add_pod_samples(a, &all, pods->items[i], figures, &sum);
    }
    if (said && is_host(req->cluster)) {
        sum.cpu_nano = MAX((int64_t)0, value_at_int(value_get(said->v, "node"), "cpuTotalNano", 0));
        sum.memory = figures_of(value_get(said->v, "node")).memory;
    }
    if (said) {
        sum.at_ms = said->at_us / 1000;
        add_sample(a, &all, sum);
    }
    put_metrics(&out, &all);
    buf_addf(&out,
             "# HELP resource_scrape_error [STABLE] 1 if there was an error while getting "
             "container metrics, 0 otherwise\n# TYPE resource_scrape_error gauge\n"
             "resource_scrape_error %d\n",
             said ? 0 : 1);
    return reply_text(req, 200, "text/plain; version=0.0.4; charset=utf-8",
                      slice_of(arena_strdup(a, buf_str(&out))));
}

/* ---- tables ---- */

/* What the containers of a pod use together, or the node. */
static Value *cell_of(Arena *a, const Value *metrics, const char *name, QuantityFormat format)
{
    Quantity sum = quantity_of(0, format), q;
    char text[QUANTITY_TEXT_MAX];
    const Value *c, *of_node = value_get(value_get(metrics, "usage"), name);

    if (of_node)
        return value_copy(a, of_node);
    value_each_item(value_get(metrics, "containers"), i, c)
    {
        const char *usage = value_get_str(value_get(c, "usage"), name);

        if (usage && quantity_parse(slice_of(usage), &q, NULL) == 0)
            sum = quantity_add(sum, q);
    }
    return value_str(a, quantity_print(&sum, text));
}

static Value *row_of(Request *req, const Encoding *e, const Value *metrics)
{
    Arena *a = req->arena;
    Value *row = value_object(a), *cells = value_array(a), *object = NULL;

    value_append(a, cells, value_copy(a, value_at(metrics, "metadata.name")));
    value_append(a, cells, cell_of(a, metrics, "cpu", QUANTITY_DECIMAL_SI));
    value_append(a, cells, cell_of(a, metrics, "memory", QUANTITY_BINARY_SI));
    value_append(a, cells, value_copy(a, value_get(metrics, "window")));
    value_set(a, row, "cells", cells);
    if (e->include_object) {
        object = value_copy(a, metrics);
        value_set_str(a, object, "kind", e->r->kind);
        value_set_str(a, object, "apiVersion", GROUP "/" VERSION);
    } else if (!e->include_none) {
        object = value_object(a);
        value_set_str(a, object, "kind", "PartialObjectMetadata");
        value_set_str(a, object, "apiVersion", arena_printf(a, "meta.k8s.io/%s", e->as_version));
        value_set(a, object, "metadata", value_copy(a, value_get(metrics, "metadata")));
    }
    value_set(a, row, "object", object ? object : value_null(a));
    return row;
}

/* As metrics-server makes it (pkg/api/table.go): no columns when there is nothing. */
static int reply_table(Request *req, const Encoding *e, const Value *items)
{
    static const char columns[] =
        "[{'name':'Name','type':'string','format':'name','description':'Name of the resource',"
        "'priority':0},"
        "{'name':'cpu','type':'string','format':'quantity','description':'','priority':0},"
        "{'name':'memory','type':'string','format':'quantity','description':'','priority':0},"
        "{'name':'Window','type':'string','format':'duration','description':'','priority':0}]";
    Arena *a = req->arena;
    Value *t = value_object(a), *rows = value_array(a), *item;

    value_set_str(a, t, "kind", "Table");
    value_set_str(a, t, "apiVersion", arena_printf(a, "meta.k8s.io/%s", e->as_version));
    value_set(a, t, "metadata", value_object(a));
    value_each_item(items, i, item) value_append(a, rows, row_of(req, e, item));
    value_set(a, t, "columnDefinitions",
              value_len(rows) > 0 ? value_literal(a, columns) : value_null(a));
    value_set(a, t, "rows", value_len(rows) > 0 ? rows : value_null(a));
    return reply_json(req, 200, t);
}

/* One, or a list of them. */
static int reply_metrics(Request *req, const Resource *r, Value *v, bool is_list)
{
    Arena *a = req->arena;
    Encoding e;
    Value *items = v;
    int s;

    if (req->state->accept.as != AS_TABLE) {
        set_kind(req, v, is_list ? arena_printf(a, "%sList", r->kind) : r->kind);
        return reply_json(req, 200, v);
    }
    s = encoding_of(req, r, is_list, &e);
    if (s)
        return s;
    if (is_list)
        items = value_get(v, "items");
    else
        value_append(a, items = value_array(a), v);
    return reply_table(req, &e, items);
}

static bool match(const Obj *o, void *data)
{
    const Options *opts = data;

    return selector_match_obj(opts->labels, o) && selector_match_obj(opts->fields, o);
}

/* All pods of the cluster, for the sums of its nodes. */
static int own_pods(Request *req, ObjVec *ret)
{
    CacheScan scan = {0};
    int64_t revision;
    bool more;

    return is_host(req->cluster)
               ? STEP_OK
               : read_list(req, req->cluster, "pods", &scan, ret, &revision, &more);
}

static int metrics_get(Request *req, const Resource *r)
{
    const char *ns = req->state->route.ns, *name = req->state->route.name;
    AUTO_OBJVEC pods = {0};
    Stored was;
    Value *v = NULL;
    int s = read_get(req, req->cluster, r->plural, r->is_namespaced ? ns : "", name, &was);

    if (!s && !r->is_namespaced)
        s = own_pods(req, &pods);
    if (s)
        return s;
    if (was.obj)
        v = r->is_namespaced ? pod_metrics(req, was.obj) : node_metrics(req, was.obj, &pods);
    if (!v) {
        Resource words = *r; /* metrics-server calls them by other names here */

        words.plural = r->is_namespaced ? "podmetrics" : "nodemetrics";
        return fail_not_found(
            req, &words, r->is_namespaced ? arena_printf(req->arena, "%s/%s", ns, name) : name);
    }
    return reply_metrics(req, r, v, false);
}

static int metrics_list(Request *req, const Resource *r)
{
    Options *o = &req->state->opts;
    CacheScan scan = {.ns =
                          r->is_namespaced && req->state->route.ns[0] ? req->state->route.ns : NULL,
                      .match = o->labels || o->fields ? match : NULL,
                      .data = o};
    Arena *a = req->arena;
    AUTO_OBJVEC all = {0};
    AUTO_OBJVEC pods = {0};
    Value *v = value_object(a), *list = value_array(a);
    int64_t revision;
    bool more;
    SpaceFilter *filter = NULL;
    int s = spaces_filter(req, r, &filter);

    if (!s)
        s = read_list(req, req->cluster, r->plural, &scan, &all, &revision, &more);
    if (!s && !r->is_namespaced)
        s = own_pods(req, &pods);
    if (s) {
        spaces_filter_free(filter);
        return s;
    }
    value_set(a, v, "metadata", value_object(a));
    for (size_t i = 0; i < all.n; i++) {
        Value *one = !spaces_shows(filter, all.items[i]) ? NULL
                     : r->is_namespaced                  ? pod_metrics(req, all.items[i])
                                                         : node_metrics(req, all.items[i], &pods);

        if (one)
            value_append(a, list, one);
    }
    spaces_filter_free(filter);
    value_set(a, v, "items", list);
    return reply_metrics(req, r, v, true);
}

int verb_metrics(Request *req, const Resource *r)
{
    if (!str_eq(req->method, "GET") || req->state->opts.is_watch)
        return fail_method(req);
    return req->state->route.is_item ? metrics_get(req, r) : metrics_list(req, r);
}
