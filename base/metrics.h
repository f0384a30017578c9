/*
 * metrics.h - figures of the process, declared in tables, printed as Prometheus text.
 *
 *     static Metric requests = {.name = "hostplane_requests_total", .type = METRIC_COUNTER, ...};
 *     metric_add(&requests, 1, "200");
 *
 * Owns:    the series of every metric; label values are copied.
 * Threads: any.
 * Frees:   metrics_done() at the end of the process.
 * Fails:   never. A metric keeps at most METRIC_MAX_SERIES label combinations; further ones are
 *          counted under the label value "other", so that no client can grow the table.
 * Tests:   tests/unit/base/test_metrics.c
 */
#ifndef BASE_METRICS_H
#define BASE_METRICS_H

#include "base/buf.h"

enum {
    METRIC_MAX_LABELS = 6,
    METRIC_MAX_SERIES = 5000,
    METRIC_MAX_BUCKETS = 16,
};

typedef enum MetricType { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM } MetricType;

typedef struct MetricSeries MetricSeries;

typedef struct Metric {
    const char *name, *help;
    MetricType type;
    const char *labels[METRIC_MAX_LABELS + 1]; /* names; ends with NULL */
    const double *buckets;                     /* METRIC_HISTOGRAM: upper bounds, ascending */
    uint32_t n_buckets;
    /* private */
    struct Metric *next_;
    MetricSeries *series_;
} Metric;

/* As many label values as the metric has label names; NULL counts as "". */
#define metric_add(m, delta, ...)                                                                  \
    metric_add_(m, delta, (const char *const[]){"", ##__VA_ARGS__} + 1)
#define metric_set(m, value, ...)                                                                  \
    metric_set_(m, value, (const char *const[]){"", ##__VA_ARGS__} + 1)
#define metric_observe(m, v, ...)                                                                  \
    metric_observe_(m, v, (const char *const[]){"", ##__VA_ARGS__} + 1)
void metric_add_(Metric *m, double delta, const char *const *values);
void metric_set_(Metric *m, double value, const char *const *values);
void metric_observe_(Metric *m, double value, const char *const *values);

/* Seconds from 0.5 ms to 60 s, for latencies. */
extern const double metric_latency_buckets[];
extern const uint32_t metric_n_latency_buckets;

/* All metrics that were touched, in Prometheus' text format, version 0.0.4. */
void metrics_write(Buf *out);
void metrics_done(void);

#endif
