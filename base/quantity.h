/*
 * quantity.h - resource.Quantity: exact decimal numbers with SI and binary suffixes.
 *
 * Threads: any. Values are plain; nothing is allocated.
 * Fails:   with ERR_BAD_REQUEST and the real server's message ("quantities must match the regular
 *          expression ...").
 * Tests:   tests/unit/base/test_quantity.c, tests/fuzz/fuzz_quantity.c
 */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include "base/slice.h"

typedef struct Err Err;

typedef enum QuantityFormat {
    QUANTITY_DECIMAL_SI,
    QUANTITY_BINARY_SI,
    QUANTITY_DECIMAL_EXPONENT,
} QuantityFormat;

typedef struct Quantity {
    __int128 nano; /* the value in units of 1e-9, rounded away from zero as upstream does;
                    * saturates at about 1.7e29 units */
    QuantityFormat format;
} Quantity;

enum { QUANTITY_TEXT_MAX = 64 };

int quantity_parse(Slice text, Quantity *ret, Err *err) MUST_CHECK;
/* The text as it is stored: canonical, except that a text that upstream takes for canonical at
 * first sight stays as it is ("5.", "00100m"). With `round_milli` finer values are rounded up to
 * 1/1000, as the defaulting of resource lists does. */
int quantity_canonical(Slice text, bool round_milli, char out[QUANTITY_TEXT_MAX],
                       Err *err) MUST_CHECK;
/* Canonical text as Kubernetes writes it: 0.5 -> 500m, 1024Mi -> 1Gi. Returns `out`. */
char *quantity_print(const Quantity *q, char out[QUANTITY_TEXT_MAX]);
int quantity_cmp(const Quantity *a, const Quantity *b);
Quantity quantity_add(Quantity a, Quantity b);
Quantity quantity_sub(Quantity a, Quantity b);
int64_t quantity_value(const Quantity *q); /* rounded up to whole units, saturating */
int64_t quantity_milli(const Quantity *q); /* rounded up to 1/1000, saturating */
Quantity quantity_of(int64_t units, QuantityFormat f);
Quantity quantity_of_milli(int64_t milli, QuantityFormat f);

#endif
