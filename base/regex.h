/*
 * regex.h - regular expressions in Go's syntax (RE2), with its error messages.
 *
 * Owns:    a Regex owns its program; regex_free() it.
 * Threads: any; a Regex never changes, so any number of threads may match with one.
 * Fails:   regex_compile() with ERR_INVALID and Go's words: "error parsing regexp: missing closing
 *          ): `(a`". Programs are bounded (REGEX_MAX_INSTRUCTIONS): x{1000} of something large is
 *          refused as "expression too large".
 * Tests:   tests/unit/base/test_regex.c, tests/fuzz/fuzz_regex.c
 *
 * Matching keeps all states in lock-step over the text: its time is at most the length of the text
 * times the length of the program, whatever either says, and its memory that of the program.
 */
#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include "base/base.h"

typedef struct Err Err;
typedef struct Regex Regex;

enum { REGEX_MAX_INSTRUCTIONS = 50000 };

int regex_compile(const char *pattern, size_t len, Regex **ret, Err *err) MUST_CHECK;
void regex_free(Regex *re);
DEFINE_CLEANUP(Regex, regex_free);

/* Does it match anywhere in the text? */
bool regex_matches(const Regex *re, const char *s, size_t n);
/* Leftmost match at or after `from`, of those the one Perl would take; bytes [*ret_start,
 * *ret_end).
 */
bool regex_find(const Regex *re, const char *s, size_t n, size_t from, size_t *ret_start,
                size_t *ret_end);

/* Instructions of the program: an upper bound of the steps that one character of text costs. */
size_t regex_size(const Regex *re);
/* Bytes of memory that it holds. */
size_t regex_bytes(const Regex *re);

#endif
