/*
 * gourl.h - URLs as Go's net/url reads them, with its words for what it does not read.
 *
 * Threads: any. Frees: parts live in the arena.
 * Tests:   tests/unit/api/test_gourl.c, tests/fuzz/fuzz_gourl.c
 */
#ifndef API_GOURL_H
#define API_GOURL_H

#include "base/arena.h"

typedef struct GoUrl { /* "" for what is not there */
    const char *scheme, *user, *host, *query, *fragment;
    bool has_user;
} GoUrl;

/* NULL, or the text of the error. Source: net/url, Parse(). Escapes are checked, not resolved. */
const char *gourl_parse(Arena *a, const char *text, GoUrl *ret);

#endif
