#include "base/value.h"

#include "base/err.h"

#include <inttypes.h>
#include <stdarg.h>

static Value *make(Arena *a, ValueType t)
{
    Value *v = arena_new0(a, Value);

    v->type = t;
    return v;
}

Value *value_null(Arena *a)
{
    return make(a, VALUE_NULL);
}

Value *value_bool(Arena *a, bool b)
{
    Value *v = make(a, VALUE_BOOL);

    v->boolean = b;
    return v;
}

Value *value_number(Arena *a, const char *text)
{
    Value *v = make(a, VALUE_NUMBER);

    v->n = (uint32_t)strlen(text);
    v->str = arena_strndup(a, text, v->n);
    return v;
}

Value *value_int(Arena *a, int64_t i)
{
    char digits[24];

    snprintf(digits, sizeof(digits), "%" PRId64, i);
    return value_number(a, digits);
}

Value *value_strn(Arena *a, const char *s, size_t n)
{
    Value *v = make(a, VALUE_STRING);

    BUG_ON(n > UINT32_MAX);
    v->n = (uint32_t)n;
    v->str = arena_strndup(a, s, n);
    return v;
}

Value *value_str(Arena *a, const char *s)
{
    return s ? value_strn(a, s, strlen(s)) : value_null(a);
}

Value *value_printf(Arena *a, const char *fmt, ...)
{
    AUTO_BUF b = BUF_INIT;
    char text[512];
    va_list ap, again;
    int n;

    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    BUG_ON(n < 0);
    if ((size_t)n < sizeof(text)) {
        va_end(again);
        return value_strn(a, text, (size_t)n);
    }
    buf_reserve(&b, (size_t)n);
    vsnprintf(b.ptr, (size_t)n + 1, fmt, again);
    va_end(again);
    return value_strn(a, b.ptr, (size_t)n);
}

Value *value_array(Arena *a)
{
    return make(a, VALUE_ARRAY);
}

Value *value_object(Arena *a)
{
    return make(a, VALUE_OBJECT);
}

Value *value_copy(Arena *a, const Value *v)
{
    Value *c = make(a, v->type);

    *c = *v;
    switch (v->type) {
    case VALUE_NUMBER:
    case VALUE_STRING:
        c->str = arena_strndup(a, v->str, v->n);
        break;
    case VALUE_ARRAY:
        c->cap = v->n;
        c->items = arena_array(a, Value *, v->n);
        for (uint32_t i = 0; i < v->n; i++)
            c->items[i] = value_copy(a, v->items[i]);
        break;
    case VALUE_OBJECT:
        c->cap = v->n;
        c->members = arena_array(a, Member, v->n);
        for (uint32_t i = 0; i < v->n; i++) {
            c->members[i].name = arena_strdup(a, v->members[i].name);
            c->members[i].value = value_copy(a, v->members[i].value);
        }
        break;
    default:
        break;
    }
    return c;
}

Value *value_literal(Arena *a, const char *json)
{
    char *text = arena_strdup(a, json);
    Value *v;
    Err err;

    for (char *p = text; *p; p++)
        if (*p == '\'')
            *p = '"';
    BUG_ON(value_parse_own(a, text, strlen(text), &v, &err) < 0);
    return v;
}

/* ---- reading ---- */

/* Most names differ in their first letter: a call for each of them is what costs. */
static inline bool is_named(const Member *m, const char *name)
{
    return m->name[0] == name[0] && strcmp(m->name, name) == 0;
}

Value *value_getn(const Value *object, Slice name)
{
    char first = name.len > 0 ? name.ptr[0] : '\0';

    /* The slice may hold NULs, which no name does. */
    value_each_member(object, m)
    {
        if (m->name[0] == first && slice_eq((Slice){m->name, strnlen(m->name, name.len + 1)}, name))
            return m->value;
    }
    return NULL;
}

Value *value_get(const Value *object, const char *name)
{
    value_each_member(object, m) if (is_named(m, name)) return m->value;
    return NULL;
}

Value *value_at(const Value *v, const char *path)
{
    Slice rest = slice_of(path), step;

    while (v && rest.len > 0) {
        slice_cut(&rest, '.', &step);
        if (v->type == VALUE_ARRAY) {
            int64_t i;

            if (!slice_to_int64(step, &i) || i < 0 || i > UINT32_MAX)
                return NULL;
            v = value_item(v, (uint32_t)i);
        } else {
            v = value_getn(v, step);
        }
    }
    return (Value *)v;
}

const char *value_to_cstr(const Value *v)
{
    return value_is(v, VALUE_STRING) ? v->str : NULL;
}

const char *value_get_str(const Value *object, const char *name)
{
    return value_to_cstr(value_get(object, name));
}

bool value_has_str(const Value *array, const char *s)
{
    const Value *item;

    value_each_item(array, i, item)
    {
        if (str_eq(value_to_cstr(item), s))
            return true;
    }
    return false;
}

const char *value_at_str(const Value *v, const char *path)
{
    return value_to_cstr(value_at(v, path));
}

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

const char *value_get_text(const Value *object, const char *name)
{
    return or_empty(value_get_str(object, name));
}

const char *value_at_text(const Value *v, const char *path)
{
    return or_empty(value_at_str(v, path));
}

bool value_to_int(const Value *v, int64_t *ret)
{
    return value_is(v, VALUE_NUMBER) && slice_to_int64((Slice){v->str, v->n}, ret);
}

int64_t value_at_int(const Value *v, const char *path, int64_t otherwise)
{
    int64_t i;

    return value_to_int(value_at(v, path), &i) ? i : otherwise;
}

bool value_to_double(const Value *v, double *ret)
{
    if (!value_is(v, VALUE_NUMBER))
        return false;
    *ret = strtod(v->str, NULL);
    return true;
}

bool value_is_true(const Value *v)
{
    return value_is(v, VALUE_BOOL) && v->boolean;
}

bool value_at_bool(const Value *v, const char *path)
{
    return value_is_true(value_at(v, path));
}

static bool numbers_equal(const Value *a, const Value *b)
{
    int64_t i, j;

    if (value_to_int(a, &i) && value_to_int(b, &j))
        return i == j;
    return a->n == b->n && memcmp(a->str, b->str, a->n) == 0;
}

bool value_equal(const Value *a, const Value *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->type != b->type)
        return false;
    switch (a->type) {
    case VALUE_NULL:
        return true;
    case VALUE_BOOL:
        return a->boolean == b->boolean;
    case VALUE_NUMBER:
        return numbers_equal(a, b);
    case VALUE_STRING:
        return a->n == b->n && memcmp(a->str, b->str, a->n) == 0;
    case VALUE_ARRAY:
        if (a->n != b->n)
            return false;
        for (uint32_t i = 0; i < a->n; i++)
            if (!value_equal(a->items[i], b->items[i]))
                return false;
        return true;
    case VALUE_OBJECT:
        if (a->n != b->n)
            return false;
        for (uint32_t i = 0; i < a->n; i++) {
            /* mostly the order is the same; look elsewhere only when it is not */
            const Value *other = is_named(&a->members[i], b->members[i].name)
                                     ? b->members[i].value
                                     : value_get(b, a->members[i].name);

            if (!value_equal(a->members[i].value, other))
                return false;
        }
        return true;
    }
    return false;
}

const char *value_type_name(ValueType t)
{
    static const char *const names[] = {"null", "boolean", "number", "string", "array", "object"};

    return names[t];
}

const char *value_json_name(const Value *v)
{
    return value_is(v, VALUE_BOOL) ? "bool" : value_type_name(v ? v->type : VALUE_NULL);
}

/* ---- changing ---- */

static void *grow(Arena *a, void *old, uint32_t n, uint32_t *cap, size_t size)
{
    void *p;

    if (n < *cap)
        return old;
    *cap = *cap ? *cap * 2 : 4;
    p = arena_alloc(a, *cap * size);
    if (n > 0)
        memcpy(p, old, n * size);
    return p;
}

void value_set(Arena *a, Value *object, const char *name, Value *v)
{
    BUG_ON(!value_is(object, VALUE_OBJECT) || !v);
    for (uint32_t i = 0; i < object->n; i++) {
        if (is_named(&object->members[i], name)) {
            object->members[i].value = v;
            return;
        }
    }
    object->members = grow(a, object->members, object->n, &object->cap, sizeof(Member));
    object->members[object->n++] = (Member){arena_strdup(a, name), v};
}

void value_append_member(Arena *a, Value *object, const char *name, Value *v)
{
    BUG_ON(!value_is(object, VALUE_OBJECT) || !v);
    object->members = grow(a, object->members, object->n, &object->cap, sizeof(Member));
    object->members[object->n++] = (Member){name, v};
}

void value_set_str(Arena *a, Value *object, const char *name, const char *s)
{
    value_set(a, object, name, value_str(a, s));
}

void value_set_int(Arena *a, Value *object, const char *name, int64_t i)
{
    value_set(a, object, name, value_int(a, i));
}

void value_set_bool(Arena *a, Value *object, const char *name, bool b)
{
    value_set(a, object, name, value_bool(a, b));
}

Value *value_need(Arena *a, Value *object, const char *path)
{
    Slice rest = slice_of(path), step;

    while (rest.len > 0) {
        Value *next;

        slice_cut(&rest, '.', &step);
        next = value_getn(object, step);
        if (!value_is(next, VALUE_OBJECT)) {
            next = value_object(a);
            value_set(a, object, arena_strndup(a, step.ptr, step.len), next);
        }
        object = next;
    }
    return object;
}

void value_set_at(Arena *a, Value *object, const char *path, Value *v)
{
    const char *last = strrchr(path, '.');

    if (last) {
        object = value_need(a, object, arena_strndup(a, path, (size_t)(last - path)));
        path = last + 1;
    }
    value_set(a, object, path, v);
}

bool value_del(Value *object, const char *name)
{
    if (!value_is(object, VALUE_OBJECT))
        return false;
    for (uint32_t i = 0; i < object->n; i++) {
        if (!is_named(&object->members[i], name))
            continue;
        object->n--;
        memmove(object->members + i, object->members + i + 1, (object->n - i) * sizeof(Member));
        return true;
    }
    return false;
}

bool value_del_at(Value *object, const char *path)
{
    const char *last = strrchr(path, '.');
    char head[256];

    if (!last)
        return value_del(object, path);
    BUG_ON((size_t)(last - path) >= sizeof(head));
    memcpy(head, path, (size_t)(last - path));
    head[last - path] = '\0';
    return value_del(value_at(object, head), last + 1);
}

void value_append(Arena *a, Value *array, Value *v)
{
    value_insert(a, array, array->n, v);
}

void value_insert(Arena *a, Value *array, uint32_t at, Value *v)
{
    BUG_ON(!value_is(array, VALUE_ARRAY) || at > array->n || !v);
    array->items = grow(a, array->items, array->n, &array->cap, sizeof(Value *));
    memmove(array->items + at + 1, array->items + at, (array->n - at) * sizeof(Value *));
    array->items[at] = v;
    array->n++;
}

void value_remove(Value *array, uint32_t at)
{
    BUG_ON(!value_is(array, VALUE_ARRAY) || at >= array->n);
    array->n--;
    memmove(array->items + at, array->items + at + 1, (array->n - at) * sizeof(Value *));
}
