/*
 * template.h - the templates of an ExternalSecret's target: text with {{ .key }} and
 * pipelines of a few functions. Pure.
 *
 * What Go's templates have beyond that (if, range, variables, most of Sprig) is refused by name.
 *
 * Owns:    nothing. Threads: any.
 * Fails:   ERR_INVALID with the reason, which repeats the template, never a value.
 * Tests:   tests/unit/controllers/test_extsecret_template.c, tests/fuzz/fuzz_extsecret_template.c
 */
#ifndef CONTROLLERS_EXTSECRETS_TEMPLATE_H
#define CONTROLLERS_EXTSECRETS_TEMPLATE_H

#include "base/value.h"

typedef struct Err Err;

/* `values`: strings of bytes by key. Appends what the template comes to. */
int extsecret_template(Slice text, const Value *values, Buf *out, Err *err) MUST_CHECK;

#endif
