/*
 * data.h - what an ExternalSecret makes of the provider's answers: spec.dataFrom and
 * spec.data become the members of a Secret. Pure; it asks through a table of functions and may be
 * called again and again until nothing it asks for is missing.
 *
 * Owns:    nothing; results live in the arena. Values are strings of bytes (with NULs), not base64.
 * Threads: any.
 * Fails:   ERR_NOT_FOUND when the provider has no such secret or property (unless the deletion
 *          policy lets it be left out), ERR_INVALID for what cannot be done, or as a source fails.
 * Tests:   tests/unit/controllers/test_extsecret_data.c
 */
#ifndef CONTROLLERS_EXTSECRETS_DATA_H
#define CONTROLLERS_EXTSECRETS_DATA_H

#include "base/value.h"

typedef struct Err Err;

enum {
    EXTSECRET_MAX_KEYS = 500,      /* that a find may bring */
    EXTSECRET_MAX_BYTES = 1 << 20, /* of all values */
};

/* 0: *ret is it. 1: the answer is not there yet. Less: failed. */
typedef struct ExtSource {
    /* The members of a secret; version NULL: the newest. */
    int (*read)(const char *key, const char *version, Value **ret, void *data, Err *err);
    /* Names in a folder ("" or "a/b/"), those of folders with a slash at their end. */
    int (*list)(const char *folder, Value **ret, void *data, Err *err);
    void *data;
} ExtSource;

/* 1: answers are missing, all of which have been asked for. */
int extsecret_collect(Arena *a, const Value *es, const ExtSource *src, Value **ret,
                      Err *err) MUST_CHECK;

#endif
