/*
 * slice.h - a length-carrying view of bytes that somebody else owns.
 *
 * Used wherever outside bytes are parsed; NUL-terminated strings appear only at library borders.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include "base/base.h"

typedef struct Slice {
    const char *ptr;
    size_t len;
} Slice;

#define SLICE(lit) ((Slice){(lit), sizeof(lit) - 1}) /* of a string literal */

static inline Slice slice_of(const char *s)
{
    return (Slice){s, s ? strlen(s) : 0};
}

static inline bool slice_eq(Slice a, Slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool slice_is(Slice a, const char *s)
{
    return slice_eq(a, slice_of(s));
}

static inline bool slice_starts(Slice a, const char *prefix)
{
    size_t n = strlen(prefix);

    return a.len >= n && memcmp(a.ptr, prefix, n) == 0;
}

/* Cut `s` at the first `sep`: *ret_head is what stands before it, *s what follows. False, with the
 * whole of it in *ret_head and *s empty, when there is no `sep`. */
bool slice_cut(Slice *s, char sep, Slice *ret_head);
/* Where a character is first and last; SIZE_MAX: nowhere. */
size_t slice_find(Slice s, char c);
size_t slice_find_last(Slice s, char c);
/* Behind, and up to, the first n of its bytes; n is at most its length. */
static inline Slice slice_behind(Slice s, size_t n)
{
    return (Slice){s.ptr + n, s.len - n};
}
static inline Slice slice_until(Slice s, size_t n)
{
    return (Slice){s.ptr, n};
}
Slice slice_trim(Slice s); /* without ASCII white space at both ends */

/* Decimal, optional sign, whole slice, no white space; false on anything else or overflow. */
bool slice_to_int64(Slice s, int64_t *ret);

/* C string helpers of the same kind. NULL equals only NULL. */
static inline bool str_eq(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static inline bool str_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix);
/* Is it one of a list that ends with NULL? NULL is in none. */
bool str_among(const char *s, const char *const *list);

#endif
