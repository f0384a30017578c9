/*
 * expect.h - what a controller has done and not yet seen in the cache, so that a stale cache never
 * makes it create or delete twice.
 *
 * Owns:    its entries.
 * Threads: any.
 * Frees:   expect_free().
 * Fails:   never. An expectation that is not met for five minutes is given up.
 * Tests:   tests/unit/controllers/test_expect.c
 */
#ifndef CONTROLLERS_EXPECT_H
#define CONTROLLERS_EXPECT_H

#include "client/workqueue.h"

typedef struct Expectations Expectations;

Expectations *expect_new(void);
void expect_free(Expectations *e);
DEFINE_CLEANUP(Expectations, expect_free);

bool expect_is_met(Expectations *e, const WorkKey *key, int64_t now_us);
/* Before doing it. */
void expect_creations(Expectations *e, const WorkKey *key, int n, int64_t now_us);
void expect_deletion(Expectations *e, const WorkKey *key, const char *uid, int64_t now_us);
/* It was seen, or it failed and will not be seen. */
void expect_saw_creation(Expectations *e, const WorkKey *key);
void expect_saw_deletion(Expectations *e, const WorkKey *key, const char *uid);
void expect_forget(Expectations *e, const WorkKey *key); /* the owner is gone */
void expect_drop_cluster(Expectations *e, const char *cluster);

#endif
