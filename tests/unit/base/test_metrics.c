#include "base/metrics.h"
#include "tests/unit/test.h"

static Metric requests = {.name = "t_requests_total",
                          .help = "Requests.",
                          .type = METRIC_COUNTER,
                          .labels = {"verb", "code"}};
static Metric open_now = {.name = "t_open", .help = "Open.", .type = METRIC_GAUGE};
static const double bounds[] = {0.1, 1};
static Metric took = {.name = "t_seconds",
                      .help = "Time.",
                      .type = METRIC_HISTOGRAM,
                      .labels = {"verb"},
                      .buckets = bounds,
                      .n_buckets = 2};

TEST(writes_what_was_counted)
{
    AUTO_BUF out = BUF_INIT;

    metric_add(&requests, 1, "GET", "200");
    metric_add(&requests, 2, "GET", "200");
    metric_add(&requests, 1, "a\"b", NULL);
    metric_set(&open_now, 2.5);
    metrics_write(&out);
    assert_non_null(strstr(buf_str(&out), "# TYPE t_requests_total counter\n"));
    assert_non_null(strstr(buf_str(&out), "t_requests_total{verb=\"GET\",code=\"200\"} 3\n"));
    assert_non_null(strstr(buf_str(&out), "t_requests_total{verb=\"a\\\"b\",code=\"\"} 1\n"));
    assert_non_null(strstr(buf_str(&out), "t_open 2.5\n"));
    metrics_done();
}

TEST(histogram_buckets_are_cumulative)
{
    AUTO_BUF out = BUF_INIT;

    metric_observe(&took, 0.05, "GET");
    metric_observe(&took, 0.5, "GET");
    metric_observe(&took, 5, "GET");
    metrics_write(&out);
    assert_non_null(strstr(buf_str(&out), "t_seconds_bucket{verb=\"GET\",le=\"0.1\"} 1\n"));
    assert_non_null(strstr(buf_str(&out), "t_seconds_bucket{verb=\"GET\",le=\"1\"} 2\n"));
    assert_non_null(strstr(buf_str(&out), "t_seconds_bucket{verb=\"GET\",le=\"+Inf\"} 3\n"));
    assert_non_null(strstr(buf_str(&out), "t_seconds_count{verb=\"GET\"} 3\n"));
    metrics_done();
}

TEST(series_are_bounded)
{
    AUTO_BUF out = BUF_INIT;
    char code[16];

    for (int i = 0; i < METRIC_MAX_SERIES + 10; i++) {
        snprintf(code, sizeof(code), "%d", i);
        metric_add(&requests, 1, "GET", code);
    }
    metrics_write(&out);
    assert_non_null(strstr(buf_str(&out), "{verb=\"other\",code=\"other\"} 10\n"));
    metrics_done();
}
