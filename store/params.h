/*
 * params.h - parameters of one SQL statement in PostgreSQL's binary format, arrays included, and
 * the reading of binary results.
 *
 * Owns:    the bytes of the parameters; params_done() releases them, params_reset() reuses them.
 * Threads: one at a time.
 * Fails:   never.
 * Tests:   tests/unit/store/test_store_pg.c
 */
#ifndef STORE_PARAMS_H
#define STORE_PARAMS_H

#include "base/buf.h"

#include <libpq-fe.h>

enum { PARAMS_MAX = 10 };

typedef struct Params {
    int n;
    Buf bufs[PARAMS_MAX];
    uint32_t items[PARAMS_MAX]; /* of arrays */
    bool is_null[PARAMS_MAX];
    const char *values[PARAMS_MAX];
    int lengths[PARAMS_MAX], formats[PARAMS_MAX];
} Params;

void params_done(Params *p);
void params_reset(Params *p);
#define AUTO_PARAMS __attribute__((cleanup(params_done))) Params

/* Scalars; each appends a parameter. */
void params_int8(Params *p, int64_t v);
void params_int2(Params *p, int16_t v);
void params_text(Params *p, const char *s);
void params_textn(Params *p, Slice s);

/* Arrays: append an empty one, get its number, then add items. */
typedef enum ParamType {
    PARAM_INT8 = 20,
    PARAM_INT2 = 21,
    PARAM_TEXT = 25,
    PARAM_BYTEA = 17
} ParamType;
int params_array(Params *p, ParamType of);
void params_add_int8(Params *p, int array, int64_t v);
void params_add_int2(Params *p, int array, int16_t v);
void params_add_bytes(Params *p, int array, Slice s); /* text and bytea */
static inline void params_add_text(Params *p, int array, const char *s)
{
    params_add_bytes(p, array, slice_of(s));
}
void params_add_null(Params *p, int array);

/* Fills values, lengths and formats for libpq. */
void params_finish(Params *p);

/* ---- binary results ---- */
int64_t result_int8(const PGresult *res, int row, int col);
int result_int2(const PGresult *res, int row, int col);
Slice result_bytes(const PGresult *res, int row, int col); /* NULL: {NULL, 0} */
/* Text is NUL-terminated by libpq. */
const char *result_text(const PGresult *res, int row, int col);

#endif
