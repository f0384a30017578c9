/* Metering against a real PostgreSQL. */
#include "base/clock.h"
#include "tests/unit/store/pg.h"

#include <stdarg.h>

static int charge(Store *s, Cluster *c, const char *counter, int64_t delta)
{
    Charge ch = {.cluster = c, .counter = counter, .delta = delta, .limit = INT64_MAX};
    Txn t = {.charges = &ch, .n_charges = 1};

    return run(s, &t);
}

static void read_meters(Store *s, const char *tenant, bool sums, int64_t hour, MeterRows *ret)
{
    Wait w;

    wait_init(&w);
    store_meter_read(s, hour, hour, tenant, sums, ret, on_done, &w);
    assert_int_equal(wait_for(&w), 0);
}

TEST(what_is_billed_is_noted_with_its_change)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");

    assert_ok(charge(s, c, "cpu", 500));
    assert_ok(charge(s, c, "objects", 1)); /* not billed */
    assert_ok(charge(s, c, "storage", 7));
    assert_int_equal(db_number("SELECT count(*) FROM meter_change"), 2);
    assert_int_equal(db_number("SELECT sum(used) FROM meter_change"), 507);
    { /* suspended: storage stays */
        Txn t = {.change = {.op = CLUSTER_SET_STATE, .name = "t1", .state = CLUSTER_SUSPENDED}};

        assert_ok(run(s, &t));
    }
    assert_int_equal(db_number("SELECT count(*) FROM meter_change"), 4);
    assert_int_equal(db_number("SELECT used FROM meter_change WHERE counter = 'cpu'"
                               " ORDER BY seq DESC LIMIT 1"),
                     0);
    assert_int_equal(db_number("SELECT used FROM meter_change WHERE counter = 'storage'"
                               " ORDER BY seq DESC LIMIT 1"),
                     7);
    assert_ok(charge(s, c, "cpu", 100)); /* a pod of a suspended tenant does not run */
    assert_int_equal(db_number("SELECT used FROM meter_change WHERE counter = 'cpu'"
                               " ORDER BY seq DESC LIMIT 1"),
                     0);
    assert_ok(change(s, CLUSTER_DELETE, "t1"));
    assert_int_equal(db_number("SELECT used FROM meter_change WHERE counter = 'storage'"
                               " ORDER BY seq DESC LIMIT 1"),
                     0);
    assert_int_equal(db_number("SELECT count(*) FROM meter_tenant WHERE name = 't1'"), 1);
    cluster_unref(c);
    store_close(s);
}

static int64_t number(const char *fmt, ...) PRINTF(1, 2);
static int64_t number(const char *fmt, ...)
{
    char sql[1024];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(sql, sizeof(sql), fmt, ap);
    va_end(ap);
    return db_number(sql);
}

TEST(hours_that_are_over_are_derived_once)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    long long past = (long long)(clock_now_s() / 3600) - 100;
    MeterRows m = {0};

    cluster_unref(c);
    store_close(s);
    /* two cpus from the middle of an hour to the end of the 30th */
    (void)number(
        "INSERT INTO meter_closed VALUES (%lld - 1);"
        "INSERT INTO meter_change (cluster, counter, at_us, used)"
        " SELECT id, 'cpu', %lld * 3600000000 + 1800000000, 2000 FROM cluster;"
        "INSERT INTO meter_change (cluster, counter, at_us, used)"
        " SELECT id, 'cpu', (%lld + 30) * 3600000000, 0 FROM cluster;"
        "INSERT INTO meter_traffic SELECT %lld + 1, id, 'requests', 5 FROM cluster;SELECT 1",
        past, past, past, past);
    for (int i = 1; i <= 2; i++) { /* a day at a time, and the next goes on where it was */
        s = open_store("one");
        for (int k = 0; k < 1000 && number("SELECT count(*) FROM meter_closed") < 1 + 24 * i; k++)
            usleep(10000);
        store_close(s);
    }
    assert_int_equal(number("SELECT count(*) FROM meter_closed"), 49);
    assert_int_equal(number("SELECT count(*) FROM meter_hour"), 30);
    assert_int_equal(
        number("SELECT (amount / 1000000000)::bigint FROM meter_hour WHERE hour = %lld", past),
        2 * 1800);
    assert_int_equal(number("SELECT count(*) FROM meter_hour WHERE hour > %lld"
                            " AND amount = 2000 * 3600000000",
                            past),
                     29);
    assert_int_equal(number("SELECT count(*) FROM meter_hour h FULL JOIN meter_derive(%lld,"
                            " %lld + 29, (%lld + 30) * 3600000000) d USING (hour, cluster, counter)"
                            " WHERE h.amount IS DISTINCT FROM d.amount",
                            past, past, past),
                     0);
    s = open_store("one");
    read_meters(s, "t1", false, past + 1, &m);
    assert_int_equal(m.n, 2);
    assert_string_equal(m.items[0].counter, "cpu");
    assert_string_equal(m.items[0].amount, "7200.000");
    assert_string_equal(m.items[1].counter, "requests");
    assert_string_equal(m.items[1].amount, "5");
    assert_int_equal(m.items[1].hour, past + 1);
    meter_rows_done(&m);
    read_meters(s, "other", true, past + 1, &m);
    assert_int_equal(m.n, 0);
    meter_rows_done(&m);
    store_close(s);
}

enum { PAST = 400000 };

TEST(requests_are_added_up)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    MeterAdd add = {c->id, "requests", 3};
    MeterRows m = {0};

    for (int i = 0; i < 2; i++) {
        Wait w;

        wait_init(&w);
        store_meter_add(s, PAST, &add, 1, on_done, &w);
        assert_int_equal(wait_for(&w), 0);
    }
    read_meters(s, NULL, true, PAST, &m);
    assert_int_equal(m.n, 1);
    assert_string_equal(m.items[0].tenant, "t1");
    assert_string_equal(m.items[0].amount, "6");
    assert_int_equal(m.items[0].hour, 0);
    meter_rows_done(&m);
    cluster_unref(c);
    store_close(s);
}
