/*
 * crd_schema.h - a structural schema in the form that validation reads: looked up once, patterns
 * compiled, properties sorted.
 *
 * Owns:    nodes live in the arena, which also frees what they hold (patterns, rules); they refer
 *          to the JSON of the definition, which must live as long.
 * Threads: made by one, then read-only and shared.
 * Fails:   never: what schema_compile() cannot read (a definition is checked before it is stored)
 *          does not constrain. A definition has limits: SCHEMA_NODES_MAX, SCHEMA_PATTERNS_MAX.
 * Tests:   tests/unit/api/test_crd.c, tests/fuzz/fuzz_crd.c
 */
#ifndef API_CRD_SCHEMA_H
#define API_CRD_SCHEMA_H

#include "api/formats.h"
#include "api/validate.h"
#include "base/regex.h"

typedef struct Schema Schema;

enum {
    SCHEMA_NODES_MAX = 60000,                          /* objects in the JSON of one version */
    SCHEMA_PATTERNS_MAX = 20 * REGEX_MAX_INSTRUCTIONS, /* instructions of all its patterns */
    SCHEMA_PATTERN_BYTES_MAX = 200000,                 /* their text */
};

typedef enum JsonTypes { /* what kube-openapi calls a value */
                         JSON_STRING = 1,
                         JSON_INTEGER = 2,
                         JSON_NUMBER = 4,
                         JSON_BOOLEAN = 8,
                         JSON_ARRAY = 16,
                         JSON_OBJECT = 32,
                         JSON_OTHER = 64, /* a schema's only: a name that is none */
} JsonTypes;

typedef struct SchemaProp {
    const char *name;
    const Schema *schema;
} SchemaProp;

typedef struct Schemas {
    const Schema **items;
    uint32_t n;
} Schemas;

struct Schema {
    const Value *json;
    unsigned types;         /* JsonTypes; 0: any */
    const char *type_names; /* as messages have it: "integer,string" */
    const char *format;     /* NULL: none, or not known */
    FormatFn format_fn;     /* of strings; NULL: none */
    bool is_nullable, is_embedded, preserves, is_int_or_string;
    bool has_embedded;                  /* it is, or something in it */
    bool forbids_others, allows_others; /* additionalProperties: false, true */
    bool has_max, has_min, has_multiple, excludes_max, excludes_min;
    double max, min, multiple;
    int64_t max_length, min_length, max_items, min_items, max_props, min_props; /* -1: none */
    const char *pattern;                                                        /* NULL: none */
    const Regex *regex; /* NULL: none, or not usable */
    const Value *enums; /* NULL: none */
    const Value *required;
    const char *list_type, *map_type; /* NULL: not given */
    const Value *list_keys;
    const SchemaProp *props; /* by name */
    uint32_t n_props;
    const Schema *others; /* of members that are no property */
    const Schema *items, *not_;
    Schemas all_of, any_of, one_of;
    const struct RuleNode *rules; /* of the root only: api/crd/crd_rules.c */
};

/* NULL for no schema. */
const Schema *schema_compile(Arena *a, const Value *json);
/* As defaults are judged, where what may be an integer or a string may be anything (upstream:
 * Structural.ToKubeOpenAPI()). */
const Schema *schema_compile_for_defaults(Arena *a, const Value *json);
const Schema *schema_prop(const Schema *s, const char *name);
/* How a member of that name is described: its property, or what holds for others; or NULL. */
const Schema *schema_member(const Schema *s, const char *name);
bool schema_is_list_of(const Schema *s, const char *list_type);

/* ---- checks of values; errors in upstream's words ---- */

/* As apiextensions validates: `prefix` comes in front of fields ("" for whole objects), `old` (may
 * be NULL) is what was there: mistakes in parts that did not change are forgiven. */
void schema_validate(const Schema *s, const char *prefix, const Value *v, const Value *old,
                     FieldErrs *e);
/* apiVersion, kind and metadata of embedded resources; `is_root`: those of `v` itself, too. */
void schema_check_embedded(const Schema *s, const char *prefix, const Value *v, bool is_root,
                           FieldErrs *e);
/* The first member of those that is not even of the right type, or NULL; in the arena. Upstream:
 * objectmeta.Coerce(), which the decoder calls. */
const FieldErr *schema_coerce_embedded(const Schema *s, const char *prefix, const Value *v,
                                       bool is_root, Arena *a);
/* Items of sets and of lists with keys that come twice. */
void schema_check_lists(const Schema *s, const char *prefix, const Value *v, FieldErrs *e);

/* ---- what was there before ---- */

typedef struct OldItems OldItems;
/* NULL unless `list` has keys and `old` is an array. */
const OldItems *old_items_new(Arena *a, const Schema *list, const Value *old);
/* The item with the keys of `item`; NULL when there is none. */
const Value *old_items_get(const OldItems *o, const Value *item);
/* Equal; lists with keys in any order. */
bool schema_same(Arena *a, const Schema *s, const Value *v, const Value *old);

#endif
