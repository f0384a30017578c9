/*
 * patch.h - the patch formats. Pure functions from (object, patch) to object.
 *
 * Threads: any. Frees: results live in the arena; inputs are not changed, results may share them.
 * Fails:   ERR_BAD_REQUEST or ERR_INVALID (422) with the real server's words.
 * Tests:   tests/unit/api/test_patch.c, tests/fuzz/fuzz_patch.c
 */
#ifndef API_PATCH_H
#define API_PATCH_H

#include "api/decode.h"

/* RFC 6902, with the limits and messages of the real server (at most 10,000 operations). */
int patch_json(Arena *a, const Value *object, const Value *patch, Value **ret, Err *err) MUST_CHECK;
/* The same for one that a policy made: *ret_why, of the arena, says which operation failed and why
 * (when it is ERR_INVALID). */
int patch_json_why(Arena *a, const Value *object, const Value *patch, Value **ret,
                   const char **ret_why, Err *err) MUST_CHECK;
bool patch_is_failed_test(const char *why); /* the reason is an operation "test" */
/* RFC 7386. */
int patch_merge(Arena *a, const Value *object, const Value *patch, Value **ret,
                Err *err) MUST_CHECK;
/* Strategic merge by the type's patch strategies and merge keys, with $patch,
 * $deleteFromPrimitiveList, $setElementOrder and $retainKeys. It uses the patch up: the result has
 * parts of it, and what is left of it is what upstream's messages show. ERR_INTERNAL (500, without
 * a reason) for what upstream has no code for. */
int patch_strategic(Arena *a, const Type *t, const Value *object, Value *patch, Value **ret,
                    Err *err) MUST_CHECK;
/* Whether `v`, what a strategic merge made, fits its type: in the words of upstream's converter of
 * maps into Go's structs, which stops at the first mistake and takes other numbers than a decoder
 * of JSON does. `v` is changed to what it makes of them; the kind's decoder takes it then. Members
 * that the type does not have are told of as warnings ("unknown field \"spec.x\""), by name, unless
 * `unknown` is NULL. Source: runtime/converter.go of apimachinery. */
int patch_convert(Arena *a, const Type *t, Value *v, Warnings *unknown, Err *err) MUST_CHECK;
/* As Go prints the maps of a decoded patch, "%v": names sorted, no quotes. */
const char *patch_go_text(Arena *a, const Value *patch);
/* The strategic merge patch that turns `from` into `to` while keeping what only the live object
 * has: kubectl apply's three-way patch (last applied, current, new). */
int patch_three_way(Arena *a, const Type *t, const Value *last_applied, const Value *live,
                    const Value *wanted, Value **ret, Err *err) MUST_CHECK;

#endif
