/*
 * gofloat.h - float64 as Go writes it: the shortest digits that read back the same.
 *
 * Threads: any. Owns: nothing; the text is in the caller's buffer.
 * Tests:   tests/unit/base/test_gofloat.c
 */
#ifndef BASE_GOFLOAT_H
#define BASE_GOFLOAT_H

enum { GOFLOAT_TEXT_MAX = 32 };

/* FormatFloat(d, 'g', -1, 64), which is also what "%v" prints: with an exponent below 1e-4 and from
 * 1e+06 on; NaN, +Inf, -Inf. */
char *gofloat_text(char out[GOFLOAT_TEXT_MAX], double d);
/* As encoding/json does: with an exponent below 1e-6 and from 1e+21 on. `d` is finite. */
char *gofloat_json(char out[GOFLOAT_TEXT_MAX], double d);

#endif
