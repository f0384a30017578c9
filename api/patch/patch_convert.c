#include "api/decode_int.h"
#include "api/patch.h"
#include "base/err.h"

#include <math.h>

/*
 * DESIGN
 *
 * Upstream merges a strategic patch as maps and turns the result into a struct without going
 * through JSON. Its converter has rules of its own: whole float64s become integers, integers too
 * large for their field wrap around as Go's conversions do, fields are looked at in the order of
 * the type, and the first mistake ends it. Only types that read themselves (quantities, times) go
 * through JSON.
 *
 * So numbers are rewritten here and the rest is left to the decoder, which finds nothing more.
 */

typedef struct Convert {
    Arena *a;
    Warnings *unknown; /* NULL: nobody asks */
    Err *err;
} Convert;

static int convert(Convert *c, const Frame *f, const Field *fd, Value *v);

/* ---- what Go calls things ---- */

static bool is_int64(const Value *v)
{
    int64_t i;

    return value_to_int(v, &i);
}

/* reflect.Kind of a value of an unstructured map */
static const char *kind_of(const Value *v)
{
    switch (v->type) {
    case VALUE_BOOL:
        return "bool";
    case VALUE_NUMBER:
        return is_int64(v) ? "int64" : "float64";
    case VALUE_STRING:
        return "string";
    case VALUE_ARRAY:
        return "slice";
    default:
        return "map";
    }
}

/* reflect.Kind of a field of a simple type */
static const char *kind_of_field(const Field *fd)
{
    switch (fd->kind) {
    case FIELD_STRING:
        return "string";
    case FIELD_BOOL:
        return "bool";
    case FIELD_INT32:
        return "int32";
    case FIELD_INT64:
        return "int64";
    default:
        return "float64";
    }
}

static int unrecognized(Convert *c, const char *kind)
{
    return err_set(c->err, ERR_BAD_REQUEST, "unrecognized type: %s", kind);
}

static int cannot_convert(Convert *c, const Value *v, const Field *fd)
{
    AUTO_BUF to = BUF_INIT;

    decode__print_go_type(fd, &to);
    return err_set(c->err, ERR_BAD_REQUEST, "cannot convert %s to %s", kind_of(v), buf_str(&to));
}

static int cannot_restore(Convert *c, const char *what, const Value *v)
{
    return err_set(c->err, ERR_BAD_REQUEST, "cannot restore %s %s", what, kind_of(v));
}

/* ---- simple types ---- */

/* A float64 becomes what int64(d) is on amd64. */
static bool whole_number(const Value *v, int64_t *ret)
{
    double d;

    if (value_to_int(v, ret))
        return true;
    if (!value_to_double(v, &d) || d != trunc(d))
        return false;
    *ret = d >= -0x1p63 && d < 0x1p63 ? (int64_t)d : INT64_MIN;
    return true;
}

static int convert_int(Convert *c, const Field *fd, Value *v)
{
    int64_t i;

    if (v->type != VALUE_NUMBER)
        return unrecognized(c, kind_of_field(fd));
    if (!whole_number(v, &i))
        return cannot_convert(c, v, fd);
    *v = *value_int(c->a, fd->kind == FIELD_INT32 ? (int32_t)(uint32_t)i : i);
    return 0;
}

/* Go converts integers to strings, so that its converter has another word for them. */
static int convert_scalar(Convert *c, const Field *fd, Value *v)
{
    switch (fd->kind) {
    case FIELD_STRING:
        if (v->type == VALUE_STRING)
            return 0;
        return is_int64(v) ? cannot_convert(c, v, fd) : unrecognized(c, "string");
    case FIELD_BOOL:
        return v->type == VALUE_BOOL ? 0 : unrecognized(c, "bool");
    case FIELD_DOUBLE:
        return v->type == VALUE_NUMBER ? 0 : unrecognized(c, "float64");
    default:
        return convert_int(c, fd, v);
    }
}

/* ---- containers ---- */

static int convert_list(Convert *c, const Frame *up, const Field *elem, Value *v)
{
    Frame f = {.up = up};
    int r = 0;

    if (v->type != VALUE_ARRAY)
        return cannot_restore(c, "slice from", v);
    for (; r == 0 && f.index < v->n; f.index++)
        r = convert(c, &f, elem, v->items[f.index]);
    return r;
}

/* Text in base64, or a list of what Go makes bytes of. */
static int convert_bytes(Convert *c, const Field *fd, Value *v)
{
    Value *ignored, *item;
    int64_t i;
    int r;

    if (v->type == VALUE_STRING) {
        r = decode__alone(c->a, fd, v, &ignored, c->err);
        return r < 0 ? err_wrap(c->err, r, "error decoding from json") : 0;
    }
    if (v->type != VALUE_ARRAY)
        return cannot_restore(c, "slice from", v);
    value_each_item(v, at, item)
    {
        if (item->type == VALUE_NULL)
            i = 0;
        else if (item->type != VALUE_NUMBER)
            return unrecognized(c, "uint8");
        else if (!whole_number(item, &i))
            return err_set(c->err, ERR_BAD_REQUEST, "cannot convert float64 to uint8");
        *item = *value_int(c->a, (uint8_t)i);
    }
    return 0;
}

/* A key of a map is no part of the path. */
static int convert_map(Convert *c, const Frame *up, const Field *elem, Value *v)
{
    int r = 0;

    if (v->type != VALUE_OBJECT)
        return cannot_restore(c, "map from", v);
    for (uint32_t i = 0; r == 0 && i < v->n; i++)
        r = convert(c, up, elem, v->members[i].value);
    return r;
}

static int convert_struct(Convert *c, const Frame *up, const Type *t, Value *v)
{
    int r = 0;

    if (v->type != VALUE_OBJECT)
        return cannot_restore(c, "struct from:", v);
    for (uint32_t i = 0; r == 0 && i < t->n_fields; i++) {
        Frame f = {.up = up, .name = t->fields[i].name};
        Value *m = value_get(v, f.name);

        if (m)
            r = convert(c, &f, &t->fields[i], m);
    }
    for (uint32_t i = 0; r == 0 && c->unknown && i < v->n; i++) {
        Frame f = {.up = up, .name = v->members[i].name};
        AUTO_BUF path = BUF_INIT;

        if (type_field(t, slice_of(f.name)))
            continue;
        decode__print_path(&f, &path);
        warnings_add(c->a, c->unknown, "unknown field \"%s\"", buf_str(&path));
    }
    return r;
}

static int convert(Convert *c, const Frame *f, const Field *fd, Value *v)
{
    Value *ignored;

    if (v->type == VALUE_NULL)
        return 0;
    switch (fd->kind) {
    case FIELD_STRING:
    case FIELD_BOOL:
    case FIELD_INT32:
    case FIELD_INT64:
    case FIELD_DOUBLE:
        return convert_scalar(c, fd, v);
    case FIELD_BYTES:
        return convert_bytes(c, fd, v);
    case FIELD_OBJECT:
        return convert_struct(c, f, fd->type, v);
    case FIELD_LIST:
        return convert_list(c, f, fd->elem, v);
    case FIELD_MAP:
        return convert_map(c, f, fd->elem, v);
    case FIELD_TIME:
    case FIELD_MICRO_TIME:
    case FIELD_DURATION:
    case FIELD_QUANTITY:
    case FIELD_INT_OR_STRING:
    case FIELD_ANY:
        break;
    }
    decode_sort(c->a, v); /* they see the JSON that Go makes of it */
    return decode__alone(c->a, fd, fd->type ? value_copy(c->a, v) : v, &ignored, c->err);
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

int patch_convert(Arena *a, const Type *t, Value *v, Warnings *unknown, Err *err)
{
    Convert c = {a, unknown, err};
    int r = convert_struct(&c, NULL, t, v);

    if (r == 0 && unknown && unknown->n > 1)
        qsort(unknown->items, unknown->n, sizeof(*unknown->items), by_text);
    return r;
}
