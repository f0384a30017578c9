/*
 * value.h - a JSON value: the tree every part of the program computes on.
 *
 * Unlike jansson it keeps the text of numbers (0.1 stays 0.1, 1e400 survives), costs one arena
 * instead of an allocation a node, knows where a key came twice, and keeps members in order.
 *
 * Owns:    nothing; every Value lives in the arena it was made in, with its strings. A value may be
 *          put under another only when both live in the same arena (or the parent's dies first).
 * Threads: one at a time; a tree that nobody changes any more may be read by any.
 * Fails:   value_parse() with ERR_BAD_REQUEST and a message in the words of Go's encoding/json.
 * Tests:   tests/unit/base/test_value.c, tests/fuzz/fuzz_value.c
 */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include "base/arena.h"
#include "base/buf.h"

typedef struct Err Err;

typedef enum ValueType {
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_NUMBER,
    VALUE_STRING,
    VALUE_ARRAY,
    VALUE_OBJECT,
} ValueType;

typedef struct Value Value;

typedef struct Member {
    const char *name; /* NUL-terminated, in the arena */
    Value *value;     /* never NULL */
} Member;

/* Read freely; change through the functions below. */
struct Value {
    ValueType type;
    bool boolean;      /* VALUE_BOOL */
    bool has_dup_keys; /* VALUE_OBJECT: a key came twice in the text; the last value won */
    uint32_t n;        /* members, items, or bytes of str */
    uint32_t cap;      /* room in members or items */
    union {
        const char
            *str;      /* VALUE_STRING (may hold NUL bytes, hence n) and VALUE_NUMBER (its text) */
        Value **items; /* VALUE_ARRAY */
        Member *members; /* VALUE_OBJECT, in order of appearance */
    };
};

enum {
    VALUE_MAX_DEPTH = 1000, /* nesting beyond it is refused */
};

/* Called for a key that comes twice; `path` as Kubernetes prints it: spec.containers[0].name. */
typedef void (*ValueDupFn)(const char *path, void *data);

/* The whole of `text` must be one JSON value in UTF-8. Invalid UTF-8 is replaced as Go does.
 * `on_dup` may be NULL. */
int value_parse(Arena *a, Slice text, Value **ret, Err *err) MUST_CHECK;
int value_parse_strict(Arena *a, Slice text, ValueDupFn on_dup, void *data, Value **ret,
                       Err *err) MUST_CHECK;
/* Of a text that is the caller's and lives as long as the arena: it is changed, and strings stay
 * where they stand in it instead of being copied. */
int value_parse_own(Arena *a, char *text, size_t len, Value **ret, Err *err) MUST_CHECK;
/* As value_parse_strict(), but two objects under one key are put together, as Go's decoder into a
 * struct does. */
int value_parse_typed(Arena *a, Slice text, ValueDupFn on_dup, void *data, Value **ret,
                      Err *err) MUST_CHECK;

/* Compact JSON. <, > and & come as \u003c and so on, as Go's encoder writes them. */
void value_print(const Value *v, Buf *out);
void value_print_pretty(const Value *v, int indent, Buf *out); /* `indent` spaces a level */
char *value_to_str(Arena *a, const Value *v);

/* ---- making ---- */
Value *value_null(Arena *a);
Value *value_bool(Arena *a, bool b);
Value *value_int(Arena *a, int64_t i);
Value *value_number(Arena *a, const char *text); /* text is JSON number syntax */
Value *value_str(Arena *a, const char *s);       /* copies; NULL makes null */
Value *value_strn(Arena *a, const char *s, size_t n);
Value *value_printf(Arena *a, const char *fmt, ...) PRINTF(2, 3);
Value *value_array(Arena *a);
Value *value_object(Arena *a);
Value *value_copy(Arena *a, const Value *v); /* deep */
/* Parse a literal of the program's own: BUG when it is not JSON. ' may stand for ". */
Value *value_literal(Arena *a, const char *json);

/* ---- reading; every function takes NULL and wrong types and then answers NULL, 0 or false ---- */
Value *value_get(const Value *object, const char *name);
Value *value_getn(const Value *object, Slice name);
/* Dotted path of member names and item numbers: "spec.containers.0.image". For keys with dots
 * (labels) use value_get(). */
Value *value_at(const Value *v, const char *path);
const char *value_to_cstr(const Value *v); /* NULL unless a string */
const char *value_get_str(const Value *object, const char *name);
bool value_has_str(const Value *array, const char *s);      /* one of its items is this string */
const char *value_at_str(const Value *v, const char *path); /* NULL unless a string */
const char *value_get_text(const Value *object, const char *name); /* "" unless a string */
const char *value_at_text(const Value *v, const char *path);       /* "" unless a string */
bool value_to_int(const Value *v, int64_t *ret);                   /* only whole numbers in range */
int64_t value_at_int(const Value *v, const char *path, int64_t otherwise);
bool value_to_double(const Value *v, double *ret);
bool value_is_true(const Value *v);
bool value_at_bool(const Value *v, const char *path);
static inline bool value_is(const Value *v, ValueType t)
{
    return v && v->type == t;
}
static inline uint32_t value_len(const Value *v) /* items or members */
{
    return v && v->type >= VALUE_ARRAY ? v->n : 0;
}
static inline Value *value_item(const Value *array, uint32_t i)
{
    return value_is(array, VALUE_ARRAY) && i < array->n ? array->items[i] : NULL;
}
/* Deep; numbers by value when both are integers, else by text; member order does not matter. */
bool value_equal(const Value *a, const Value *b);
const char *value_type_name(ValueType t); /* "null", "boolean", "number", "string", ... */
/* The same as Go's encoding/json says it in its messages: "bool". NULL is null. */
const char *value_json_name(const Value *v);

/* for (uint32_t i = 0; ...) over members or items, NULL-safe */
#define value_each_item(array, i, v)                                                               \
    for (uint32_t i = 0; ((v) = value_item((array), i)) != NULL; i++)
#define value_each_member(object, m)                                                               \
    for (const Member *m = value_is((object), VALUE_OBJECT) ? (object)->members : NULL,            \
                      *m##_end = m ? m + (object)->n : NULL;                                       \
         m < m##_end; m++)

/* ---- changing ---- */
void value_set(Arena *a, Value *object, const char *name, Value *v); /* name is copied */
/* Without looking whether `name` is there already, which it must not be; `name` is not copied. */
void value_append_member(Arena *a, Value *object, const char *name, Value *v);
void value_set_str(Arena *a, Value *object, const char *name, const char *s);
void value_set_int(Arena *a, Value *object, const char *name, int64_t i);
void value_set_bool(Arena *a, Value *object, const char *name, bool b);
/* Put `v` at a dotted path of member names, making the objects on the way. */
void value_set_at(Arena *a, Value *object, const char *path, Value *v);
/* The object at a dotted path, made when it is missing or null. */
Value *value_need(Arena *a, Value *object, const char *path);
bool value_del(Value *object, const char *name); /* true when it was there; order is kept */
bool value_del_at(Value *object, const char *path);
void value_append(Arena *a, Value *array, Value *v);
void value_insert(Arena *a, Value *array, uint32_t at, Value *v); /* at <= n */
void value_remove(Value *array, uint32_t at);

#endif
