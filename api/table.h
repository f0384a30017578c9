/*
 * table.h - meta.k8s.io/v1 Table: the columns that kubectl get prints.
 *
 * Threads: any. Frees: cells live in the arena.
 * Tests:   tests/unit/api/test_table.c
 */
#ifndef API_TABLE_H
#define API_TABLE_H

#include "api/kind.h"

/* The cells of one object, an array of as many values as the resource has columns. `now_us` is for
 * ages ("5m3s", as duration.HumanDuration prints them). */
Value *table_cells(Arena *a, const Resource *r, const Value *object, int64_t now_us);
/* The conditions of a row, by which clients mark pods that have ended; NULL when there are none. */
Value *table_row_conditions(Arena *a, const Resource *r, const Value *object);
/* columnDefinitions as JSON text, appended. */
void table_write_columns(const Resource *r, Buf *out);
/* Has no columns of its own: the name and the time of creation only. */
bool table_is_plain(const Resource *r);
/* duration.HumanDuration */
const char *table_age(Arena *a, int64_t since_us, int64_t now_us);

#endif
