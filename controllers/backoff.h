/*
 * backoff.h - what is tried again and again waits longer and longer: the times of many things, by
 * name. Upstream's flowcontrol.Backoff without jitter.
 *
 * Owns:    its entries; at most BACKOFFS_MAX, those not used for longest are forgotten.
 * Threads: any.
 * Frees:   backoffs_free().
 * Fails:   never.
 * Tests:   tests/unit/controllers/test_backoff.c
 */
#ifndef CONTROLLERS_BACKOFF_H
#define CONTROLLERS_BACKOFF_H

#include "base/base.h"

enum { BACKOFFS_MAX = 100000 };

typedef struct Backoffs Backoffs;

Backoffs *backoffs_new(int64_t first_us, int64_t max_us);
void backoffs_free(Backoffs *b);
DEFINE_CLEANUP(Backoffs, backoffs_free);

/* How long the thing has to wait yet; 0: it may be tried. */
int64_t backoff_left_us(Backoffs *b, const char *name, int64_t now_us);
/* It is tried now: the next time comes after twice the time, or after the first again when it was
 * not tried for twice the longest. */
void backoff_tried(Backoffs *b, const char *name, int64_t now_us);

#endif
