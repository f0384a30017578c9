/*
 * managed.h - the pieces of managedFields that updates and applies share.
 *
 * Threads: any. Frees: everything lives in the arena.
 * Tests:   tests/unit/vcluster/test_fieldset.c, tests/golden
 */
#ifndef VCLUSTER_MANAGED_H
#define VCLUSTER_MANAGED_H

#include "vcluster/vcluster_int.h"

Value *managed_strip(Arena *a, const Op *op, Value *set);
Value *managed_entry(Arena *a, const Op *op, const char *operation, int64_t now_us, Value *set);
bool managed_is_mine(const Op *op, const Value *entry, const char *operation);
void managed_store(Arena *a, Value *obj, Value *list);

#endif
