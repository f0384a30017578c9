/*
 * fieldset.h - sets of field paths, as managedFields' FieldsV1 writes them.
 *
 * A path element is written "f:NAME" (a member of a struct or map), "k:{...}" (an item of a keyed
 * list) or "v:..." (an item of a set). A node says whether the path that leads to it is in the set
 * itself, and which paths below are. NULL is the empty set. Sets never change once they are made.
 *
 * Threads: any. Frees: results live in the arena and may share their inputs.
 * Tests:   tests/unit/vcluster/test_fieldset.c, tests/fuzz/fuzz_fieldset.c
 */
#ifndef VCLUSTER_FIELDSET_H
#define VCLUSTER_FIELDSET_H

#include "base/value.h"

typedef struct FieldSet FieldSet;

typedef struct FieldChild {
    const char *key; /* the path element */
    const FieldSet *set;
} FieldChild;

struct FieldSet {
    bool is_member;
    uint32_t n, cap;
    FieldChild *children; /* in the order of fieldset_order() */
};

/* FieldsV1 of a client: false when it is malformed. */
bool fieldset_parse(Arena *a, const Value *fields, FieldSet **ret);
Value *fieldset_print(Arena *a, const FieldSet *s);
/* A set of dotted names: "spec.replicas". */
FieldSet *fieldset_of_path(Arena *a, const char *path);

FieldSet *fieldset_union(Arena *a, const FieldSet *x, const FieldSet *y);
FieldSet *fieldset_common(Arena *a, const FieldSet *x, const FieldSet *y);
FieldSet *fieldset_minus(Arena *a, const FieldSet *x, const FieldSet *y);
/* Takes out the members of y with everything below them. */
FieldSet *fieldset_minus_below(Arena *a, const FieldSet *x, const FieldSet *y);
bool fieldset_is_empty(const FieldSet *s);
bool fieldset_equal(const FieldSet *x, const FieldSet *y);

const FieldSet *fieldset_child(const FieldSet *s, const char *key);
/* The child "f:NAME". */
const FieldSet *fieldset_field(const FieldSet *s, const char *name);
bool fieldset_has_path(const FieldSet *s, const char *path); /* dotted names */
/* How path elements are sorted: members, keyed items, values. */
int fieldset_order(const char *x, const char *y);

/* Making one by hand: children are added in order; a NULL or empty one is left out. */
void fieldset_add(Arena *a, FieldSet **node, const char *key, const FieldSet *child);
FieldSet *fieldset_leaf(Arena *a);
/* The node itself is a member too; makes it when it is NULL. */
FieldSet *fieldset_mark(Arena *a, FieldSet *node);

/* Every path of the set as .spec.ports[port=80].name, members before what is below them. */
typedef void (*FieldPathFn)(const char *path, void *data);
void fieldset_each(Arena *a, const FieldSet *s, FieldPathFn fn, void *data);
/* The text of one path element in such a path. */
void fieldset_write_element(Arena *a, const char *key, Buf *out);

#endif
