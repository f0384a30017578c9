/*
 * rows.h - tables of objects with mistakes, and what the real server says of them.
 */
#ifndef TESTS_API_ROWS_H
#define TESTS_API_ROWS_H

#include "tests/unit/api/judged.h"

typedef struct Row {
    const char *kind, *sub, *old, *body, *want; /* old: NULL when it is created */
} Row;

static void judge(const Row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Resource *r = resource(rows[i].kind);
        FieldErrs e = {.arena = a};

        if (rows[i].old)
            validate_update(r, rows[i].sub, object(a, r, rows[i].body), object(a, r, rows[i].old),
                            &e);
        else
            validate_create(r, object(a, r, rows[i].body), &e);
        if (strcmp(errors_text(a, &e), rows[i].want) != 0) /* cmocka cuts what is long */
            (void)fprintf(stderr, "row %zu of %s: %s\n", i, rows[i].kind, errors_text(a, &e));
        assert_string_equal(errors_text(a, &e), rows[i].want);
    }
}

#endif
