/*
 * patch_int.h - what the files of the strategic merge patch share.
 *
 * Threads: any. Frees: everything lives in the arena.
 */
#ifndef API_PATCH_INT_H
#define API_PATCH_INT_H

#include "api/patch.h"

/* What is known about an object under the patch: the fields of a type, the one kind of value of a
 * map, the name of a Go struct that holds any JSON, or nothing. */
typedef struct PatchShape {
    const Type *type;
    const Field *elem;
    const char *opaque;
} PatchShape;

typedef struct PatchFacts { /* of one member */
    PatchShape shape;       /* of the value, or of the items when it is a list */
    bool is_merge, is_retain;
    const char *merge_key; /* "" for lists of scalars */
} PatchFacts;

PatchFacts patch__facts(const PatchShape *shape, const char *name);

#define PATCH_MARKER    "$patch"
#define PATCH_RETAIN    "$retainKeys"
#define PATCH_DELETIONS "$deleteFromPrimitiveList/"
#define PATCH_ORDER     "$setElementOrder/"

typedef struct PatchMode {
    bool is_final;   /* the target is an object, not another patch: directives take effect */
    bool keep_nulls; /* nulls that match nothing are kept, because they are deletions to send */
} PatchMode;

/* Merges `patch` into `target`; both are changed and the result shares them. */
int patch__merge_map(Arena *a, Value *target, Value *patch, const PatchShape *shape, PatchMode mode,
                     Value **ret, Err *err) MUST_CHECK;

/* Sorts items by where their key (or they themselves, when `key` is "") stand in `order`; items
 * that carry $patch: delete go last. */
int patch__sort_items(Arena *a, Value *items, const Value *order, const char *key,
                      Err *err) MUST_CHECK;
/* The member `key` of a map, or the item itself when `key` is "". */
const Value *patch__key_of(const Value *item, const char *key);
bool patch__is_deletion(const Value *item);
int patch__no_merge_key(Arena *a, const Value *item, const char *key, Err *err);
int patch__bad_type(ValueType wanted, const Value *v, Err *err);
/* All items of both lists (NULL is empty) must be of one type, no lists: *ret_type. */
int patch__item_type(Arena *a, const Value *x, const Value *y, ValueType *ret_type,
                     Err *err) MUST_CHECK;
/* As Go's %v prints it: map[image:x name:c], [a b]. */
void patch__print_go(const Value *v, Buf *out);

#endif
