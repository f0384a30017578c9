/*
 * yaml.h - YAML in and out, as kubectl understands and prints it.
 *
 * Reading resolves plain scalars by YAML 1.1 (yes and on are true, 0o17 and 017 octal, 1_000 a
 * number), expands anchors and merge keys, and makes keys strings. Writing gives block style with
 * sorted keys, lists at their key's own indentation, and quotes only where a plain scalar would
 * read as something else.
 *
 * Owns:    nothing; Values live in the given arena.
 * Threads: any.
 * Fails:   ERR_BAD_REQUEST with "yaml: line N: ...". Nesting beyond VALUE_MAX_DEPTH and aliases
 *          that would blow a document up are refused.
 * Tests:   tests/unit/base/test_yaml.c, tests/fuzz/fuzz_yaml.c
 */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/value.h"

/* The documents of a stream as an array; empty documents come as null. */
int value_parse_yaml_all(Arena *a, Slice text, Value **ret, Err *err) MUST_CHECK;
/* One document; the first when there are more, null when there is none. */
int value_parse_yaml(Arena *a, Slice text, Value **ret, Err *err) MUST_CHECK;
/* A key that comes twice is no mistake: the last one counts, and `on_dup` hears of it in the words
 * of Go's reader (line 6: key "k" already set in map). */
int value_parse_yaml_lax(Arena *a, Slice text, ValueDupFn on_dup, void *data, Value **ret,
                         Err *err) MUST_CHECK;
void value_print_yaml(const Value *v, Buf *out);

#endif
