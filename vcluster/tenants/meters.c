/*
 * meters.c - what tenants are billed by, hour by hour, as JSON, CSV or for Prometheus:
 *
 *     GET /apis/tenancy.hostplane.io/v1/meters?from=TIME&to=TIME[&tenant=NAME][&format=csv]
 *
 * Times are whole hours; without them it is the last day. The figures are read from the database,
 * not from memory; the formats for machines that scrape have sums over the whole time.
 */
#include "base/clock.h"
#include "base/err.h"
#include "vcluster/host.h"

enum { HOURS_MAX = 24 * 400 };
static const int64_t hour_us = (int64_t)3600 * 1000000;

static const struct {
    const char *counter, *field, *metric;
} columns[] = {
    {"cpu", "cpuSeconds", "hostplane_tenant_cpu_seconds_total"},
    {"memory", "memoryByteSeconds", "hostplane_tenant_memory_byte_seconds_total"},
    {"storage", "storageByteSeconds", "hostplane_tenant_storage_byte_seconds_total"},
    {"pods", "podSeconds", "hostplane_tenant_pod_seconds_total"},
    {"requests", "requests", "hostplane_tenant_requests_total"},
    {"bytesReceived", "bytesReceived", "hostplane_tenant_received_bytes_total"},
    {"bytesSent", "bytesSent", "hostplane_tenant_sent_bytes_total"},
};

typedef struct Question {
    int64_t first, last; /* hours */
    const char *tenant, *format;
} Question;

static int read_hour(Request *req, const char *name, int64_t otherwise_us, int64_t *ret)
{
    const char *text = query_get(&req->state->query, name);
    int64_t us = otherwise_us;

    if (text && text[0] && !clock_from_rfc3339(slice_of(text), &us))
        return fail(req, ERR_BAD_REQUEST, "%s: \"%s\" is not a time like 2006-01-02T15:00:00Z",
                    name, text);
    *ret = us / hour_us;
    return STEP_OK;
}

static int read_question(Request *req, Question *q)
{
    int64_t now = req->state->now_us, end = 0;
    int s = read_hour(req, "from", now - 23 * hour_us, &q->first);

    if (!s)
        s = read_hour(req, "to", now + hour_us, &end);
    if (s)
        return s;
    q->last = end - 1;
    if (q->last < q->first || q->last - q->first >= HOURS_MAX)
        return fail(req, ERR_BAD_REQUEST, "from and to must be 1 to %d hours apart", HOURS_MAX);
    q->tenant = query_get(&req->state->query, "tenant");
    q->format = query_get(&req->state->query, "format");
    if (!q->format || !q->format[0])
        q->format = "json";
    return STEP_OK;
}

/* Rows of one tenant and hour follow each other. */
static bool begins(const MeterRows *m, size_t i)
{
    const MeterRow *a = &m->items[i], *b = i > 0 ? &m->items[i - 1] : NULL;

    return !b || a->hour != b->hour || !str_eq(a->uid, b->uid);
}

static const char *amount_of(const MeterRows *m, size_t at, const char *counter)
{
    for (size_t i = at; i < m->n && (i == at || !begins(m, i)); i++)
        if (str_eq(m->items[i].counter, counter))
            return m->items[i].amount;
    return "0";
}

static const char *time_of(Arena *a, int64_t hour)
{
    char text[CLOCK_TEXT_MAX];

    return arena_strdup(a, clock_to_rfc3339(hour * hour_us, text));
}

static int reply_list_of(Request *req, const MeterRows *m)
{
    Arena *a = req->arena;
    Value *items = value_array(a);

    for (size_t i = 0; i < m->n; i++) {
        Value *v;

        if (!begins(m, i))
            continue;
        v = value_object(a);
        value_set_str(a, v, "hour", time_of(a, m->items[i].hour));
        value_set_str(a, v, "tenant", m->items[i].tenant);
        value_set_str(a, v, "uid", m->items[i].uid);
        for (size_t k = 0; k < ARRAY_LEN(columns); k++)
            value_set_str(a, v, columns[k].field, amount_of(m, i, columns[k].counter));
        value_append(a, items, v);
    }
    return host_reply_list(req, "MeterList", items);
}

static Slice kept(Request *req, const Buf *b)
{
    return (Slice){arena_strndup(req->arena, b->ptr, b->len), b->len};
}

static int reply_csv(Request *req, const MeterRows *m)
{
    AUTO_BUF b = BUF_INIT;

    buf_adds(&b, "hour,tenant,uid");
    for (size_t k = 0; k < ARRAY_LEN(columns); k++)
        buf_addf(&b, ",%s", columns[k].field);
    buf_addc(&b, '\n');
    for (size_t i = 0; i < m->n; i++) {
        if (!begins(m, i))
            continue;
        buf_addf(&b, "%s,%s,%s", time_of(req->arena, m->items[i].hour), m->items[i].tenant,
                 m->items[i].uid);
        for (size_t k = 0; k < ARRAY_LEN(columns); k++)
            buf_addf(&b, ",%s", amount_of(m, i, columns[k].counter));
        buf_addc(&b, '\n');
    }
    return reply_text(req, 200, "text/csv; charset=utf-8", kept(req, &b));
}

static int reply_metrics(Request *req, const MeterRows *m)
{
    AUTO_BUF b = BUF_INIT;

    for (size_t k = 0; k < ARRAY_LEN(columns); k++) {
        buf_addf(&b, "# TYPE %s counter\n", columns[k].metric);
        for (size_t i = 0; i < m->n; i++)
            if (begins(m, i))
                buf_addf(&b, "%s{tenant=\"%s\",uid=\"%s\"} %s\n", columns[k].metric,
                         m->items[i].tenant, m->items[i].uid, amount_of(m, i, columns[k].counter));
    }
    return reply_text(req, 200, "text/plain; version=0.0.4; charset=utf-8", kept(req, &b));
}

static const struct {
    const char *name;
    bool sums;
    int (*reply)(Request *req, const MeterRows *m);
} formats[] = {
    {"json", false, reply_list_of}, {"csv", false, reply_csv}, {"prometheus", true, reply_metrics}};

int host_meters(Request *req)
{
    Question q = {0};
    const MeterRows *rows;
    int s;

    if (!str_eq(req->method, "GET"))
        return fail_method(req);
    s = read_question(req, &q);
    for (size_t i = 0; !s && i < ARRAY_LEN(formats); i++) {
        if (!str_eq(formats[i].name, q.format))
            continue;
        s = engine_meter(req, q.first, q.last, q.tenant, formats[i].sums, &rows);
        return s ? s : formats[i].reply(req, rows);
    }
    return s ? s
             : fail(req, ERR_BAD_REQUEST, "format: \"%s\" is not json, csv or prometheus",
                    q.format);
}
