/*
 * fieldset.h - sets of field paths, in the form of managedFields' FieldsV1, and the comparison of
 * two objects that yields them.
 *
 * A node of a set is a JSON object: "f:NAME" a member of a struct or map, "k:{...}" an item of a
 * keyed list, "v:..." an item of a set, "." the path itself. An empty node is a path without
 * anything below. NULL is the empty set.
 *
 * Threads: any. Frees: results live in the arena and may share their inputs.
 * Tests:   tests/unit/vcluster/test_fieldset.c
 */
#ifndef VCLUSTER_FIELDSET_H
#define VCLUSTER_FIELDSET_H

#include "api/kind.h"

typedef struct FieldDiff {
    Value *changed; /* added or modified */
    Value *removed;
} FieldDiff;

/* Both trees are normalised. */
FieldDiff fieldset_compare(Arena *a, const Type *t, const Value *from, const Value *to);
/* Every path of a tree: what an applied configuration says. */
Value *fieldset_of(Arena *a, const Type *t, const Value *v);
Value *fieldset_union(Arena *a, const Value *x, const Value *y);
Value *fieldset_minus(Arena *a, const Value *x, const Value *y);
Value *fieldset_common(Arena *a, const Value *x, const Value *y);
/* The set with everything above its members: who holds data.a also needs data to be there. */
Value *fieldset_with_parents(Arena *a, const Value *x);
/* The path element of an item of a keyed list or set. */
const char *fieldset_key(Arena *a, const Field *f, const Value *item);
bool fieldset_is_empty(const Value *x);

#endif
