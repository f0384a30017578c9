/*
 * decode.h - from a client's body to a clean tree of a kind: strict field checks, Go's zero-value
 * rules, defaulting, pruning. All by walking kind tables.
 *
 * Threads: any. Frees: everything lives in the arena.
 * Fails:   ERR_BAD_REQUEST with the message of the real server: "Pod in version "v1" cannot be
 *          handled as a Pod: json: cannot unmarshal ...", "...: strict decoding error: unknown
 *          field "spec.foo"". Messages longer than an Err are cut.
 * Tests:   tests/unit/api/test_decode.c, tests/fuzz/fuzz_decode.c
 */
#ifndef API_DECODE_H
#define API_DECODE_H

#include "api/kind.h"

typedef enum FieldValidation { FIELDS_IGNORE, FIELDS_WARN, FIELDS_STRICT } FieldValidation;

typedef struct Warnings { /* texts for Warning: 299 headers */
    const char **items;
    uint32_t n, cap;
} Warnings;
void warnings_add(Arena *a, Warnings *w, const char *fmt, ...) PRINTF(3, 4);
void warnings_add_all(Arena *a, Warnings *w, const Warnings *more);

/* Checks and normalises `v` (parsed from the body) in place as Go's decoder into the type would:
 * wrong JSON types are errors, unknown fields are dropped (reported according to `fv`; duplicate
 * keys that value_parse_strict() found are passed in `dups`, as paths), null and zero values of
 * fields with omitempty vanish, fields without omitempty appear, field name case is as declared.
 * Empty lists of the latter stay until normalize_object(): who wrote one owns the field.
 * Members come out in the type's order and maps sorted, so that equal objects have equal texts.
 * Custom resources (r->crd) are pruned by their type instead and only their metadata is checked. */
int decode_object(Arena *a, const Resource *r, Value *v, FieldValidation fv, const Warnings *dups,
                  Warnings *w, Err *err) MUST_CHECK;
/* The same for a type that is not a resource's own: DeleteOptions, Scale, Eviction, Binding ...
 * With a NULL kind the message has no "... cannot be handled as a" in front. */
int decode_type(Arena *a, const Type *t, const char *kind, const char *api_version, Value *v,
                FieldValidation fv, const Warnings *dups, Warnings *w, Err *err) MUST_CHECK;

/* Fill in every default: table defaults first, then the computed ones of the kind
 * (api/defaults/defaults.c).
 */
void default_object(Arena *a, const Resource *r, Value *v);

/* Members by name and numbers as Go writes them, all the way down: what it makes of a map. */
void decode_sort(Arena *a, Value *v);

/* Zero-value rules only, for trees that our own code built or patched. */
void normalize_object(Arena *a, const Resource *r, Value *v);
/* The same for one that is not stored yet: empty maps stay, since messages show them. */
void normalize_request(Arena *a, const Resource *r, Value *v);

#endif
