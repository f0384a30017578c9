/*
 * table_int.h - what the files with table rows share: a row under construction and its cells.
 *
 * Threads: any. Frees: everything lives in the arena of the row.
 */
#ifndef API_TABLE_INT_H
#define API_TABLE_INT_H

#include "api/table.h"

typedef struct TableRow {
    Arena *arena;
    const Resource *resource;
    const Value *object;
    int64_t now_us;
    Value *cells;
} TableRow;

typedef void (*TableFn)(TableRow *row);

typedef struct TableKind { /* how a kind fills its row; the name has been added before */
    const char *storage;
    TableFn fill;
} TableKind;

extern const TableKind table__workloads[], table__cluster[], table__network[], table__policy[];

/* Add a cell. */
void table__str(TableRow *row, const char *s); /* NULL is "" */
void table__strf(TableRow *row, const char *fmt, ...) PRINTF(2, 3);
void table__text(TableRow *row, const char *path, const char *otherwise); /* "" counts as absent */
void table__int(TableRow *row, int64_t i);
void table__int_at(TableRow *row, const char *path); /* 0 when absent */
void table__bool(TableRow *row, bool b);
void table__age(TableRow *row); /* of the object */
void table__selector(TableRow *row, const Value *label_selector);
void table__labels(TableRow *row, const Value *labels);
void table__containers(TableRow *row, const char *pod_spec_path); /* names, then images */

/* Parts of cells. */
const Value *table__at(const TableRow *row, const char *path);
const char *table__str_at(const TableRow *row, const char *path); /* never NULL */
/* "5m ago" without the " ago"; "<unknown>" when absent. */
const char *table__since(const TableRow *row, const Value *time);
/* A string or a number as text; `otherwise` when absent. */
const char *table__scalar(Arena *a, const Value *v, const char *otherwise);
/* "a,b,c + 2 more...": `max` of the texts; `otherwise` when there are none. */
const char *table__join_some(Arena *a, const Value *texts, uint32_t max, const char *separator,
                             const char *otherwise);
const Value *table__condition(const Value *conditions, const char *type); /* NULL when absent */
bool table__condition_is(const Value *conditions, const char *type, const char *status);
/* A copy in lower case. */
const char *table__lower(const TableRow *row, const char *s);
/* Sorts an array of strings in place. */
void table__sort(Value *texts);

#endif
