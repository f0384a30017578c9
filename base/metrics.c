#include "base/metrics.h"

#include "base/map.h"
#include "base/mem.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

/*
 * A metric joins the list of all metrics when it is first touched. Its series form a chained hash
 * table under one lock a metric list; values are changed under the read lock by atomics, so that
 * the common path (the series exists) never waits for another thread's common path.
 */

enum { N_CHAINS = 64 };

struct MetricSeries {
    /* One of these tables hangs at Metric.series_; see SeriesTable. */
    MetricSeries *next;
    uint64_t hash;
    char *values[METRIC_MAX_LABELS];
    _Atomic double value; /* or the sum of a histogram */
    _Atomic uint64_t count;
    _Atomic uint64_t buckets[METRIC_MAX_BUCKETS];
};

typedef struct SeriesTable {
    MetricSeries head; /* first member: Metric.series_ points at the table */
    MetricSeries *chains[N_CHAINS];
    uint32_t n;
} SeriesTable;

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER; /* guards the list and all tables */
static Metric *first_metric;

const double metric_latency_buckets[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                         0.25,   0.5,   1,      2.5,   5,    10,    30,   60};
const uint32_t metric_n_latency_buckets = ARRAY_LEN(metric_latency_buckets);

static uint32_t n_labels(const Metric *m)
{
    uint32_t n = 0;

    while (m->labels[n])
        n++;
    return n;
}

static uint64_t hash_values(const char *const *values, uint32_t n)
{
    uint64_t h = n;

    for (uint32_t i = 0; i < n; i++)
        h = h * 31 + hash_bytes(values[i] ? values[i] : "", values[i] ? strlen(values[i]) : 0);
    return h;
}

static MetricSeries *find(const Metric *m, const char *const *values, uint32_t n, uint64_t hash)
{
    SeriesTable *t = (SeriesTable *)m->series_;

    if (!t)
        return NULL;
    for (MetricSeries *s = t->chains[hash % N_CHAINS]; s; s = s->next) {
        uint32_t i = 0;

        if (s->hash != hash)
            continue;
        while (i < n && strcmp(s->values[i], values[i] ? values[i] : "") == 0)
            i++;
        if (i == n)
            return s;
    }
    return NULL;
}

/* Under the write lock. */
static MetricSeries *make(Metric *m, const char *const *values, uint32_t n, uint64_t hash)
{
    static const char *const other[METRIC_MAX_LABELS] = {"other", "other", "other",
                                                         "other", "other", "other"};
    SeriesTable *t = (SeriesTable *)m->series_;
    MetricSeries *s = find(m, values, n, hash);

    if (s)
        return s;
    if (!t) {
        t = xcalloc(1, sizeof(*t));
        m->series_ = &t->head;
        m->next_ = first_metric;
        first_metric = m;
    }
    if (t->n >= METRIC_MAX_SERIES && values != other) {
        hash = hash_values(other, n);
        return make(m, other, n, hash);
    }
    s = xcalloc(1, sizeof(*s));
    s->hash = hash;
    for (uint32_t i = 0; i < n; i++)
        s->values[i] = xstrdup(values[i] ? values[i] : "");
    s->next = t->chains[hash % N_CHAINS];
    t->chains[hash % N_CHAINS] = s;
    t->n++;
    return s;
}

static void add_double(_Atomic double *at, double delta)
{
    double old = *at;

    while (!atomic_compare_exchange_weak(at, &old, old + delta))
        ;
}

typedef void (*ChangeFn)(const Metric *m, MetricSeries *s, double v);

static void change(Metric *m, const char *const *values, ChangeFn fn, double v)
{
    uint32_t n = n_labels(m);
    uint64_t hash = hash_values(values, n);
    MetricSeries *s;

    pthread_rwlock_rdlock(&lock);
    s = find(m, values, n, hash);
    if (s)
        fn(m, s, v);
    pthread_rwlock_unlock(&lock);
    if (s)
        return;
    pthread_rwlock_wrlock(&lock);
    fn(m, make(m, values, n, hash), v);
    pthread_rwlock_unlock(&lock);
}

static void do_add(const Metric *m UNUSED, MetricSeries *s, double v)
{
    add_double(&s->value, v);
}

static void do_set(const Metric *m UNUSED, MetricSeries *s, double v)
{
    s->value = v;
}

static void do_observe(const Metric *m, MetricSeries *s, double v)
{
    for (uint32_t i = 0; i < m->n_buckets && i < METRIC_MAX_BUCKETS; i++) {
        if (v <= m->buckets[i]) {
            s->buckets[i]++;
            break;
        }
    }
    s->count++;
    add_double(&s->value, v);
}

void metric_add_(Metric *m, double delta, const char *const *values)
{
    change(m, values, do_add, delta);
}

void metric_set_(Metric *m, double value, const char *const *values)
{
    change(m, values, do_set, value);
}

void metric_observe_(Metric *m, double value, const char *const *values)
{
    change(m, values, do_observe, value);
}

static void write_number(double v, Buf *out)
{
    if (v == floor(v) && fabs(v) < 1e15)
        buf_add_int(out, (int64_t)v);
    else
        buf_addf(out, "%.9g", v);
}

/* name_suffix{a="x",le="0.1"} ; `le` NULL for none */
static void write_head(const Metric *m, const MetricSeries *s, const char *suffix, const char *le,
                       Buf *out)
{
    const char *sep = "{";

    buf_adds(out, m->name);
    buf_adds(out, suffix);
    for (uint32_t i = 0; m->labels[i]; i++, sep = ",") {
        buf_addf(out, "%s%s=\"", sep, m->labels[i]);
        for (const char *p = s->values[i]; *p; p++) {
            if (*p == '\n') {
                buf_adds(out, "\\n");
                continue;
            }
            if (*p == '"' || *p == '\\')
                buf_addc(out, '\\');
            buf_addc(out, *p);
        }
        buf_addc(out, '"');
    }
    if (le) {
        buf_addf(out, "%sle=\"%s\"", sep, le);
        sep = ",";
    }
    buf_adds(out, *sep == ',' ? "} " : " ");
}

static void write_series(const Metric *m, const MetricSeries *s, Buf *out)
{
    uint64_t below = 0;
    char le[32];

    if (m->type != METRIC_HISTOGRAM) {
        write_head(m, s, "", NULL, out);
        write_number(s->value, out);
        buf_addc(out, '\n');
        return;
    }
    for (uint32_t i = 0; i < m->n_buckets && i < METRIC_MAX_BUCKETS; i++) {
        below += s->buckets[i];
        snprintf(le, sizeof(le), "%.9g", m->buckets[i]);
        write_head(m, s, "_bucket", le, out);
        write_number((double)below, out);
        buf_addc(out, '\n');
    }
    write_head(m, s, "_bucket", "+Inf", out);
    write_number((double)s->count, out);
    buf_addc(out, '\n');
    write_head(m, s, "_sum", NULL, out);
    write_number(s->value, out);
    buf_addc(out, '\n');
    write_head(m, s, "_count", NULL, out);
    write_number((double)s->count, out);
    buf_addc(out, '\n');
}

void metrics_write(Buf *out)
{
    static const char *const types[] = {
        [METRIC_COUNTER] = "counter", [METRIC_GAUGE] = "gauge", [METRIC_HISTOGRAM] = "histogram"};

    pthread_rwlock_rdlock(&lock);
    for (const Metric *m = first_metric; m; m = m->next_) {
        const SeriesTable *t = (const SeriesTable *)m->series_;

        buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name, types[m->type]);
        for (uint32_t i = 0; i < N_CHAINS; i++)
            for (const MetricSeries *s = t->chains[i]; s; s = s->next)
                write_series(m, s, out);
    }
    pthread_rwlock_unlock(&lock);
}

void metrics_done(void)
{
    pthread_rwlock_wrlock(&lock);
    for (Metric *m = first_metric, *next; m; m = next) {
        SeriesTable *t = (SeriesTable *)m->series_;

        next = m->next_;
        for (uint32_t i = 0; i < N_CHAINS; i++) {
            for (MetricSeries *s = t->chains[i], *after; s; s = after) {
                after = s->next;
                for (uint32_t k = 0; k < METRIC_MAX_LABELS; k++)
                    free(s->values[k]);
                free(s);
            }
        }
        free(t);
        m->series_ = NULL;
        m->next_ = NULL;
    }
    first_metric = NULL;
    pthread_rwlock_unlock(&lock);
}
