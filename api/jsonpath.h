/*
 * jsonpath.h - kubectl's JSONPath templates: {.items[*].metadata.name}, {range ...}{end}, filters.
 * Serves CRD printer columns, hpctl -o jsonpath and --sort-by.
 *
 * Threads: any once parsed. Frees: lives in the arena. Fails: ERR_BAD_REQUEST in kubectl's words.
 * Tests:   tests/unit/api/test_jsonpath.c, tests/fuzz/fuzz_jsonpath.c
 */
#ifndef API_JSONPATH_H
#define API_JSONPATH_H

#include "base/value.h"

typedef struct Err Err;
typedef struct JsonPath JsonPath;

int jsonpath_parse(Arena *a, const char *template, JsonPath **ret, Err *err) MUST_CHECK;
/* Print the template filled from v, as kubectl does. */
int jsonpath_print(const JsonPath *p, Arena *a, const Value *v, Buf *out, Err *err) MUST_CHECK;
/* The values of a template that is one path; an array, empty when nothing matches. */
int jsonpath_values(const JsonPath *p, Arena *a, const Value *v, Value **ret, Err *err) MUST_CHECK;

#endif
