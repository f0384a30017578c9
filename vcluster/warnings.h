/*
 * warnings.h - what an object that is valid had better not say: deprecated fields, annotations and
 * node labels, values that have no effect, ambiguous lists.
 *
 * The texts are those of the real server's WarningsOnCreate and WarningsOnUpdate; they end up in
 * Warning headers.
 *
 * Threads: any. Frees: everything lives in the request's arena.
 * Tests:   tests/unit/vcluster/test_warnings.c
 */
#ifndef VCLUSTER_WARNINGS_H
#define VCLUSTER_WARNINGS_H

#include "vcluster/vcluster_int.h"

/* `old` is NULL on create. */
void warnings_of(Arena *a, const Resource *r, const Value *obj, const Value *old, Warnings *ret);
/* Of a write of the status. */
void warnings_of_status(Arena *a, const Resource *r, const Value *obj, Warnings *ret);
/* Of a kind that is deprecated itself; NULL when it is not. */
const char *warning_of_kind(const Resource *r);

#endif
