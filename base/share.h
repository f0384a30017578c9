/*
 * share.h - room that many have in common, of which nobody gets all.
 *
 * Each may have as much as there is left: the first one half, the next a quarter, ... So whoever
 * comes later finds some, whatever the others do, and one alone has use of half.
 *
 * Owns:    copies of the names.
 * Threads: one at a time.
 * Frees:   share_done().
 * Fails:   never; share_begin() may say no.
 * Tests:   tests/unit/base/test_share.c
 */
#ifndef BASE_SHARE_H
#define BASE_SHARE_H

#include "base/map.h"

typedef struct Share {
    int max; /* public, set before the first use */
    /* read-only */
    int n; /* in all */
    Map own;
} Share;

void share_done(Share *s);
int share_of(const Share *s, const char *name); /* how much it has */
bool share_has_room(const Share *s, const char *name);
/* One more; false: there is no room. */
bool share_begin(Share *s, const char *name);
/* One less than share_begin() has given. */
void share_end(Share *s, const char *name);

#endif
