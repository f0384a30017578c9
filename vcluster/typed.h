/*
 * typed.h - objects taken by their types: what they say, how two differ, what they are together.
 *
 * These are the operations that server-side apply and managedFields are made of. A type says of
 * each list and map whether it is owned whole (atomic) or by its items. Duplicate items of keyed
 * lists, which only old objects can have, count as one.
 *
 * Threads: any. Frees: results live in the arena and may share their inputs, which stay unchanged.
 * Tests:   tests/unit/vcluster/test_typed.c
 */
#ifndef VCLUSTER_TYPED_H
#define VCLUSTER_TYPED_H

#include "api/kind.h"
#include "vcluster/fieldset.h"

typedef struct Typed {
    Arena *a;
    const Type *type;
    bool is_custom;   /* free-form JSON is owned member by member, as in custom resources */
    bool is_computed; /* by an expression: null is a value of its own there, which no type has */
    bool is_open; /* custom: members of the object itself that its schema does not name are kept */
} Typed;

Typed typed_of(Arena *a, const Resource *r);

typedef struct FieldDiff {
    FieldSet *changed; /* added or modified */
    FieldSet *removed;
} FieldDiff;

/* NULL when `v` fits its type, else the words of the real server: duplicate keys, unknown fields,
 * wrong types. */
const char *typed_check(const Typed *t, const Value *v);
/* Where `v` has lists, maps and structs that are owned whole: ".spec.args, .spec.selector"; NULL
 * when it has none. */
const char *typed_atomics(const Typed *t, const Value *v);
/* Every path of a tree: what an applied configuration says. */
FieldSet *typed_paths(const Typed *t, const Value *v);
FieldDiff typed_compare(const Typed *t, const Value *from, const Value *to);
/* The live object with the configuration on top. */
Value *typed_merge(const Typed *t, const Value *live, const Value *config);
/* Without the members of the set. */
Value *typed_remove(const Typed *t, const Value *v, const FieldSet *gone);
/* The set, where fields of structs that have something below them are members too. */
FieldSet *typed_with_fields(const Typed *t, const FieldSet *s);

#endif
