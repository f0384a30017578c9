/*
 * rows.h - tests as tables of requests. Each row is one request in one cluster, in order; objects
 * made by a row are there for those behind it.
 */
#ifndef TESTS_UNIT_VCLUSTER_ROWS_H
#define TESTS_UNIT_VCLUSTER_ROWS_H

#include "tests/unit/vcluster/loopback.h"

typedef struct Row {
    const User *user;
    const char *method, *path, *query, *body; /* body with single quotes */
    int status;
    const char *message;  /* a part of it; NULL: not looked at */
    const char *at, *has; /* a path of the answer and its text or JSON; NULL */
} Row;

static const char *quotes(Arena *a, const char *text)
{
    char *out = arena_strdup(a, text ? text : "");

    for (char *p = out; *p; p++)
        if (*p == '\'')
            *p = '"';
    return out;
}

static void check_answer(Arena *a, const Row *row, const Answer *r)
{
    const Value *v;

    if (r->status != row->status ||
        (row->message && !strstr(quotes(a, message(r)), quotes(a, row->message))))
        fail_msg("%s %s: %d %s", row->method, row->path, r->status, message(r));
    if (!row->at)
        return;
    v = value_at(r->v, row->at);
    assert_string_equal(v ? value_is(v, VALUE_STRING) ? value_to_cstr(v) : value_to_str(a, v) : "",
                        quotes(a, row->has));
}

static void run_rows(const char *cluster, const Row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        bool patch = str_eq(rows[i].method, "PATCH");
        Answer r;

        need_tenant(a, cluster);
        r = call_as(a, rows[i].user, cluster, rows[i].method, rows[i].path, rows[i].query,
                    patch ? "application/merge-patch+json" : "application/json",
                    quotes(a, rows[i].body));
        check_answer(a, &rows[i], &r);
    }
}

#endif
