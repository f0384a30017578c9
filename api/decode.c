/*
 * decode.c - one recursive walk over the type tables that checks, normalises and orders.
 *
 * DESIGN. Go's decoder goes on after a wrong type and reports the first mistake of the document in
 * the end; unknown fields count only when there was no such mistake. So does this walk: decoding a
 * member never stops it, `failed` is set once and the strict errors are collected beside it.
 *
 * A struct's members are put into the order of its type and maps are sorted, as Go's encoder would
 * write them. Hence equal objects have equal texts, and an update that changes nothing is found by
 * comparing bytes.
 *
 * Zero values follow what an object looks like after the real server stored it (in protobuf) and
 * read it back: an empty list is the same as none; a pointer to zero is not.
 */
#include "api/decode_int.h"

#include "api/crd.h"
#include "base/b64.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/gofloat.h"
#include "base/gotime.h"
#include "base/quantity.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>

enum { STRICT_MAX = 100 }; /* so many strict errors are kept */

typedef struct Walk {
    Arena *a;
    const Warnings *dups;
    Warnings strict;
    bool wants_strict;
    bool failed;
    bool
        keeps_empty; /* a request's {} is not nil to Go; its [] owns the field until it is stored */
    bool rounds;     /* inside a ResourceList: quantities have at most three decimals */
    Err *err;        /* may be NULL */
} Walk;

static Value *decode_value(Walk *w, const Frame *f, const Type *owner, const Field *fd, Value *v);
static Value *decode_struct(Walk *w, const Frame *f, const Type *owner, const Type *t, Value *v);

void warnings_add(Arena *a, Warnings *w, const char *fmt, ...)
{
    char text[1000];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    ARENA_GROW(a, w->items, w->n, w->cap, 4);
    w->items[w->n++] = arena_strdup(a, text);
}

void warnings_add_all(Arena *a, Warnings *w, const Warnings *more)
{
    for (uint32_t i = 0; i < more->n; i++)
        warnings_add(a, w, "%s", more->items[i]);
}

/* ---- mistakes ---- */

void decode__print_path(const Frame *f, Buf *out)
{
    if (!f)
        return;
    decode__print_path(f->up, out);
    if (!f->name)
        buf_addf(out, "[%u]", f->index);
    else
        buf_addf(out, "%s%s", out->len > 0 ? "." : "", f->name);
}

static void print_go_path(const Frame *f, Buf *out)
{
    if (!f)
        return;
    print_go_path(f->up, out);
    if (f->name && !f->is_key)
        buf_addf(out, "%s%s", out->len > 0 ? "." : "", f->name);
}

/* "v1.PodSpec" of io.k8s.api.core.v1.PodSpec, or "PodSpec" alone */
static const char *go_type_name(const Type *t, bool with_package)
{
    const char *last = t->name, *before = t->name;

    for (const char *p = t->name; *p; p++) {
        if (*p != '.')
            continue;
        before = last;
        last = p + 1;
    }
    return with_package ? before : last;
}

void decode__print_go_type(const Field *fd, Buf *out)
{
    static const char *const names[] = {
        [FIELD_STRING] = "string",
        [FIELD_BOOL] = "bool",
        [FIELD_INT32] = "int32",
        [FIELD_INT64] = "int64",
        [FIELD_DOUBLE] = "float64",
        [FIELD_BYTES] = "[]uint8",
        [FIELD_TIME] = "v1.Time",
        [FIELD_MICRO_TIME] = "v1.MicroTime",
        [FIELD_DURATION] = "v1.Duration",
        [FIELD_QUANTITY] = "resource.Quantity",
        [FIELD_INT_OR_STRING] = "intstr.IntOrString",
        [FIELD_ANY] = "runtime.RawExtension",
    };

    if (fd->go_type) {
        buf_adds(out, fd->go_type);
    } else if (fd->kind == FIELD_OBJECT) {
        buf_adds(out, go_type_name(fd->type, true));
    } else if (fd->kind == FIELD_LIST || fd->kind == FIELD_MAP) {
        buf_adds(out, fd->kind == FIELD_LIST ? "[]" : "map[string]");
        decode__print_go_type(fd->elem, out);
    } else {
        buf_adds(out, names[fd->kind]);
    }
}

static void fail(Walk *w, const char *message)
{
    if (!w->failed)
        (void)err_set(w->err, ERR_BAD_REQUEST, "%s",
                      message); /* the result is read from `failed` */
    w->failed = true;
}

static void fail_type(Walk *w, const Frame *f, const Type *owner, const char *what,
                      const char *go_type)
{
    AUTO_BUF path = BUF_INIT, text = BUF_INIT;

    if (w->failed)
        return;
    print_go_path(f, &path);
    buf_addf(&text, "json: cannot unmarshal %s into Go ", what);
    if (path.len > 0 && owner)
        buf_addf(&text, "struct field %s.%s", go_type_name(owner, false), buf_str(&path));
    else
        buf_adds(&text, "value");
    buf_addf(&text, " of type %s", go_type);
    fail(w, buf_str(&text));
}

static Value *wrong_type(Walk *w, const Frame *f, const Type *owner, const Field *fd,
                         const Value *v)
{
    AUTO_BUF go = BUF_INIT;

    if (!w->failed) {
        decode__print_go_type(fd, &go);
        fail_type(w, f, owner, value_json_name(v), buf_str(&go));
    }
    return NULL;
}

static Value *wrong_number(Walk *w, const Frame *f, const Type *owner, const Value *v,
                           const char *go_type)
{
    fail_type(w, f, owner, arena_printf(w->a, "number %s", v->str), go_type);
    return NULL;
}

static void strict(Walk *w, const char *what, const Frame *f)
{
    AUTO_BUF path = BUF_INIT;

    if (!w->wants_strict || w->strict.n >= STRICT_MAX)
        return;
    decode__print_path(f, &path);
    warnings_add(w->a, &w->strict, "%s field \"%s\"", what, buf_str(&path));
}

/* Only called for objects in which a key came twice. */
static void report_dup(Walk *w, const Frame *f)
{
    AUTO_BUF path = BUF_INIT;

    if (!w->wants_strict || !w->dups)
        return;
    decode__print_path(f, &path);
    for (uint32_t i = 0; i < w->dups->n; i++) {
        if (strcmp(w->dups->items[i], buf_str(&path)) != 0)
            continue;
        strict(w, "duplicate", f);
        return;
    }
}

/* ---- scalars ---- */

static Value *decode_int(Walk *w, const Frame *f, const Type *owner, const Field *fd, Value *v)
{
    AUTO_BUF go = BUF_INIT;
    int64_t i;

    if (v->type != VALUE_NUMBER)
        return wrong_type(w, f, owner, fd, v);
    if (!slice_to_int64((Slice){v->str, v->n}, &i) ||
        (fd->kind == FIELD_INT32 && (i < INT32_MIN || i > INT32_MAX))) {
        decode__print_go_type(fd, &go);
        return wrong_number(w, f, owner, v, buf_str(&go));
    }
    return i == 0 && v->n > 1 ? value_int(w->a, 0) : v;
}

static int base64_digit(unsigned char c)
{
    if (isupper(c))
        return c - 'A';
    if (islower(c))
        return c - 'a' + 26;
    if (isdigit(c))
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static size_t skip_newlines(const Value *v, size_t i)
{
    while (i < v->n && (v->str[i] == '\n' || v->str[i] == '\r'))
        i++;
    return i;
}

/* encoding/base64, StdEncoding.decodeQuantum(): the offset of the mistake, SIZE_MAX when there is
 * none. Without line breaks and spare bits *ret_canonical stays true. */
static size_t base64_check(const Value *v, bool *ret_canonical)
{
    size_t i = 0, j = 0, from = 0;
    int digit = 0, last = 0;

    while (i < v->n) {
        unsigned char c = (unsigned char)v->str[i++];

        digit = base64_digit(c);
        if (digit >= 0) {
            last = digit;
            j = (j + 1) % 4;
            continue;
        }
        if (c == '\n' || c == '\r') {
            *ret_canonical = false;
            continue;
        }
        if (c != '=' || j < 2)
            return i - 1;
        if (j == 2) {
            from = skip_newlines(v, i);
            if (from == v->n)
                return v->n;
            if (v->str[from] != '=')
                return from - 1;
            i = from + 1;
        }
        if (last & (j == 2 ? 15 : 3))
            *ret_canonical = false;
        from = skip_newlines(v, i);
        if (from != i)
            *ret_canonical = false;
        return from < v->n ? from : SIZE_MAX;
    }
    return j == 0 ? SIZE_MAX : i - j;
}

static const char base64_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static Value *base64_canonical(Walk *w, const Value *v)
{
    char *out = arena_alloc(w->a, (size_t)v->n + 4);
    size_t n = 0;

    for (uint32_t i = 0; i < v->n; i++)
        if (base64_digit((unsigned char)v->str[i]) >= 0)
            out[n++] = v->str[i];
    if (n % 4 != 0) {
        int spare = n % 4 == 2 ? 15 : 3;

        out[n - 1] = base64_alphabet[base64_digit((unsigned char)out[n - 1]) & ~spare];
        while (n % 4 != 0)
            out[n++] = '=';
    }
    return value_strn(w->a, out, n);
}

/* Go also takes a list of numbers for bytes. NULL when one of them is not a byte. */
static Value *bytes_of_list(Walk *w, const Value *v)
{
    AUTO_BUF bytes = BUF_INIT, b64 = BUF_INIT;
    int64_t c;

    for (uint32_t i = 0; i < v->n; i++) {
        if (!value_to_int(v->items[i], &c) || c < 0 || c > 255)
            return NULL;
        buf_addc(&bytes, (char)c);
    }
    b64_encode(buf_slice(&bytes), &b64);
    return value_str(w->a, buf_str(&b64));
}

static Value *decode_bytes(Walk *w, const Frame *f, const Type *owner, const Field *fd, Value *v)
{
    bool canonical = true;
    Value *list;
    size_t at;

    list = v->type == VALUE_ARRAY ? bytes_of_list(w, v) : NULL;
    if (list)
        return list;
    if (v->type != VALUE_STRING)
        return wrong_type(w, f, owner, fd, v);
    at = base64_check(v, &canonical);
    if (at != SIZE_MAX) {
        fail(w, arena_printf(w->a, "illegal base64 data at input byte %zu", at));
        return NULL;
    }
    return canonical ? v : base64_canonical(w, v);
}

static Value *decode_time(Walk *w, const Frame *f, const Type *owner, const Field *fd, Value *v)
{
    bool is_micro = fd->kind == FIELD_MICRO_TIME, is_zero = false;
    char text[CLOCK_TEXT_MAX];
    const char *msg;
    int64_t us = 0;

    if (v->type != VALUE_STRING) {
        fail_type(w, f, owner, value_json_name(v), "string");
        return NULL;
    }
    msg = gotime_parse(w->a, (Slice){v->str, v->n}, is_micro, &us, &is_zero);
    if (msg) {
        fail(w, msg);
        return NULL;
    }
    if (is_zero)
        return NULL;
    if (is_micro)
        clock_to_rfc3339_micro(us, text);
    else
        clock_to_rfc3339(us, text);
    return strcmp(text, v->str) == 0 ? v : value_str(w->a, text);
}

static Value *decode_duration(Walk *w, const Frame *f, const Type *owner, Value *v)
{
    const char *msg;
    int64_t ns;

    if (v->type != VALUE_STRING) {
        fail_type(w, f, owner, value_json_name(v), "string");
        return NULL;
    }
    msg = goduration_parse(w->a, (Slice){v->str, v->n}, &ns);
    if (msg) {
        fail(w, msg);
        return NULL;
    }
    return value_str(w->a, goduration_print(w->a, ns));
}

static Value *decode_quantity(Walk *w, Value *v)
{
    char out[QUANTITY_TEXT_MAX];
    bool is_scalar = v->type == VALUE_STRING || v->type == VALUE_NUMBER;
    Slice text = is_scalar ? slice_trim((Slice){v->str, v->n}) : SLICE("true");
    Err err;
    int r;

    r = quantity_canonical(text, w->rounds, out, &err);
    if (r < 0) {
        fail(w, err.msg);
        return NULL;
    }
    return v->type == VALUE_STRING && strcmp(out, v->str) == 0 ? v : value_str(w->a, out);
}

static Value *decode_int_or_string(Walk *w, const Frame *f, const Type *owner, Value *v)
{
    int64_t i;

    if (v->type == VALUE_STRING)
        return v;
    if (v->type != VALUE_NUMBER) {
        fail_type(w, f, owner, value_json_name(v), "int32");
        return NULL;
    }
    if (!slice_to_int64((Slice){v->str, v->n}, &i) || i < INT32_MIN || i > INT32_MAX)
        return wrong_number(w, f, owner, v, "int32");
    return v;
}

/* ---- containers ---- */

/* What Go's zero value of the field is written as. */
static Value *zero_of(Walk *w, const Field *fd)
{
    if (fd->flags & FIELD_PTR)
        return value_null(w->a);
    switch (fd->kind) {
    case FIELD_STRING:
        return value_str(w->a, "");
    case FIELD_BOOL:
        return value_bool(w->a, false);
    case FIELD_INT32:
    case FIELD_INT64:
    case FIELD_DOUBLE:
    case FIELD_INT_OR_STRING:
        return value_int(w->a, 0);
    case FIELD_QUANTITY:
        return value_str(w->a, "0");
    case FIELD_DURATION:
        return value_str(w->a, "0s");
    case FIELD_OBJECT:
        return decode_struct(w, NULL, NULL, fd->type, value_object(w->a));
    default:
        return value_null(w->a);
    }
}

static bool is_zero(const Field *fd, const Value *v)
{
    if (fd->kind == FIELD_LIST || fd->kind == FIELD_MAP)
        return value_len(v) == 0;
    if (fd->flags & FIELD_PTR)
        return false;
    switch (v->type) {
    case VALUE_STRING:
        return v->n == 0 && fd->kind != FIELD_ANY && fd->kind != FIELD_INT_OR_STRING;
    case VALUE_BOOL:
        return !v->boolean && fd->kind == FIELD_BOOL;
    case VALUE_NUMBER:
        return v->n == 1 && v->str[0] == '0' && fd->kind != FIELD_ANY &&
               fd->kind != FIELD_INT_OR_STRING;
    default:
        return false;
    }
}

static Value *decode_list(Walk *w, const Frame *up, const Type *owner, const Field *fd, Value *v)
{
    Frame f = {.up = up};

    if (v->type != VALUE_ARRAY)
        return wrong_type(w, up, owner, fd, v);
    for (; f.index < v->n; f.index++) {
        Value *item = v->items[f.index];

        item = item->type == VALUE_NULL ? NULL : decode_value(w, &f, owner, fd->elem, item);
        v->items[f.index] = item ? item : zero_of(w, fd->elem);
    }
    return v;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const Member *)a)->name, ((const Member *)b)->name);
}

static Value *decode_map(Walk *w, const Frame *up, const Type *owner, const Field *fd, Value *v)
{
    bool sorted = true;

    if (v->type != VALUE_OBJECT)
        return wrong_type(w, up, owner, fd, v);
    w->rounds = fd->go_type && strcmp(fd->go_type, "v1.ResourceList") == 0;
    for (uint32_t i = 0; i < v->n; i++) {
        Frame f = {.up = up, .name = v->members[i].name, .is_key = true};
        Value *item = v->members[i].value;

        if (v->has_dup_keys)
            report_dup(w, &f);
        item = item->type == VALUE_NULL ? NULL : decode_value(w, &f, owner, fd->elem, item);
        if (!item && fd->elem->kind == FIELD_BYTES)
            item = value_str(w->a, "");
        v->members[i].value = item ? item : zero_of(w, fd->elem);
        if (i > 0 && strcmp(v->members[i - 1].name, f.name) > 0)
            sorted = false;
    }
    w->rounds = false;
    if (!sorted)
        qsort(v->members, v->n, sizeof(*v->members), by_name);
    return v;
}

/* Objects of the field's type at the top or in a list at the top. */
static Value *decode_any(Walk *w, const Frame *up, const Type *owner, const Field *fd, Value *v)
{
    Frame f = {.up = up};

    if (!fd->type)
        return v;
    if (v->type == VALUE_OBJECT)
        return decode_struct(w, up, owner, fd->type, v);
    for (; v->type == VALUE_ARRAY && f.index < v->n; f.index++)
        if (v->items[f.index]->type == VALUE_OBJECT)
            (void)decode_struct(w, &f, owner, fd->type,
                                v->items[f.index]); /* changes it in place */
    return v;
}

/* Whether an empty value of a request is not the same as none. */
static bool is_kept(const Field *fd, const Value *m)
{
    return fd->kind == FIELD_MAP || (fd->flags & FIELD_ALWAYS && m->type >= VALUE_ARRAY);
}

/* Put the members that the slots hold in front, with zero values for fields that are always
 * written. */
static void pack(Walk *w, const Type *t, Value *v, Member *slots)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < t->n_fields; i++) {
        const Field *fd = &t->fields[i];
        Value *m = slots[i].value;

        if (m && is_zero(fd, m) && !(w->keeps_empty && is_kept(fd, m)))
            m = NULL;
        if (!m && !(fd->flags & FIELD_ALWAYS))
            continue;
        slots[n++] = (Member){fd->name, m ? m : zero_of(w, fd)};
    }
    v->members = slots;
    v->n = n;
    v->cap = t->n_fields;
    v->has_dup_keys = false;
}

static Value *decode_struct(Walk *w, const Frame *up, const Type *owner, const Type *t, Value *v)
{
    Member *slots;

    if (v->type != VALUE_OBJECT) {
        fail_type(w, up, owner, value_json_name(v), go_type_name(t, true));
        return NULL;
    }
    slots = t->n_fields > 0 ? arena_array(w->a, Member, t->n_fields) : NULL;
    for (uint32_t i = 0; i < v->n; i++) {
        Frame f = {.up = up, .name = v->members[i].name};
        const Field *fd = type_field(t, slice_of(f.name));
        Value *m = v->members[i].value;

        if (!fd) {
            strict(w, "unknown", &f);
            continue;
        }
        if (v->has_dup_keys)
            report_dup(w, &f);
        if (m->type != VALUE_NULL)
            slots[fd - t->fields].value = decode_value(w, &f, t, fd, m);
    }
    pack(w, t, v, slots);
    return v;
}

/* NULL: nothing to keep (a mistake, or a zero time). `owner` is the innermost struct. */
static Value *decode_value(Walk *w, const Frame *f, const Type *owner, const Field *fd, Value *v)
{
    switch (fd->kind) {
    case FIELD_STRING:
        return v->type == VALUE_STRING ? v : wrong_type(w, f, owner, fd, v);
    case FIELD_BOOL:
        return v->type == VALUE_BOOL ? v : wrong_type(w, f, owner, fd, v);
    case FIELD_INT32:
    case FIELD_INT64:
        return decode_int(w, f, owner, fd, v);
    case FIELD_DOUBLE:
        return v->type == VALUE_NUMBER ? v : wrong_type(w, f, owner, fd, v);
    case FIELD_BYTES:
        return decode_bytes(w, f, owner, fd, v);
    case FIELD_TIME:
    case FIELD_MICRO_TIME:
        return decode_time(w, f, owner, fd, v);
    case FIELD_DURATION:
        return decode_duration(w, f, owner, v);
    case FIELD_QUANTITY:
        return decode_quantity(w, v);
    case FIELD_INT_OR_STRING:
        return decode_int_or_string(w, f, owner, v);
    case FIELD_OBJECT:
        return decode_struct(w, f, owner, fd->type, v);
    case FIELD_LIST:
        return decode_list(w, f, owner, fd, v);
    case FIELD_MAP:
        return decode_map(w, f, owner, fd, v);
    case FIELD_ANY:
        return decode_any(w, f, owner, fd, v);
    }
    return NULL;
}

/* ---- custom resources: metadata is Go's, the rest is pruned by the schema ---- */

static void prune_value(Walk *w, const Frame *up, const Field *fd, Value *v);

/* null where it is no value and nothing stands in for it is the same as absence. */
static bool is_absent(const Field *fd, const Value *v)
{
    return fd && v->type == VALUE_NULL && fd->kind != FIELD_ANY && !fd->deflt &&
           !(fd->flags & FIELD_NULLABLE);
}

static void prune_struct(Walk *w, const Frame *up, const Type *t, bool preserve, Value *v)
{
    uint32_t n = 0;

    if (!t || v->type != VALUE_OBJECT)
        return;
    for (uint32_t i = 0; i < v->n; i++) {
        Frame f = {.up = up, .name = v->members[i].name};
        const Field *fd = type_field(t, slice_of(f.name));

        if (v->has_dup_keys)
            report_dup(w, &f);
        if (!fd && !preserve) {
            strict(w, "unknown", &f);
            continue;
        }
        if (is_absent(fd, v->members[i].value))
            continue;
        if (fd)
            prune_value(w, &f, fd, v->members[i].value);
        v->members[n++] = v->members[i];
    }
    v->n = n;
    v->has_dup_keys = false;
}

static void prune_value(Walk *w, const Frame *up, const Field *fd, Value *v)
{
    if (fd->kind == FIELD_OBJECT) {
        prune_struct(w, up, fd->type, fd->flags & FIELD_PRESERVE, v);
    } else if (fd->kind == FIELD_LIST && v->type == VALUE_ARRAY) {
        for (uint32_t i = 0; i < v->n; i++)
            prune_value(w, &(Frame){.up = up, .index = i}, fd->elem, v->items[i]);
    } else if (fd->kind == FIELD_MAP && v->type == VALUE_OBJECT) {
        for (uint32_t i = 0; i < v->n; i++) {
            Frame f = {.up = up, .name = v->members[i].name, .is_key = true};

            if (v->has_dup_keys)
                report_dup(w, &f);
            prune_value(w, &f, fd->elem, v->members[i].value);
        }
    }
}

/* Unstructured content has int64 and float64. */
static void canonical_number(Arena *a, Value *v)
{
    char text[GOFLOAT_TEXT_MAX];
    int64_t i;
    double d;

    if (v->n < 19 && !strpbrk(v->str, ".eE-"))
        return;
    if (value_to_int(v, &i))
        *v = *value_int(a, i);
    else if (value_to_double(v, &d) && isfinite(d))
        *v = *value_number(a, gofloat_json(text, d));
}

void decode_sort(Arena *a, Value *v)
{
    bool sorted = true;

    if (v->type == VALUE_NUMBER)
        canonical_number(a, v);
    for (uint32_t i = 0; v->type == VALUE_ARRAY && i < v->n; i++)
        decode_sort(a, v->items[i]);
    if (v->type != VALUE_OBJECT)
        return;
    for (uint32_t i = 0; i < v->n; i++) {
        sorted = sorted && (i == 0 || strcmp(v->members[i - 1].name, v->members[i].name) <= 0);
        decode_sort(a, v->members[i].value);
    }
    if (!sorted)
        qsort(v->members, v->n, sizeof(*v->members), by_name);
}

static void decode_custom(Walk *w, const Resource *r, Value *v)
{
    static const char *const own[] = {"kind", "apiVersion", "metadata"};
    const Type *meta = type_find("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    bool preserve = !r->type || r->crd->preserves_root;
    uint32_t n = 0;

    for (uint32_t i = 0; i < v->n; i++) {
        Frame f = {.name = v->members[i].name};
        const Field *fd = r->type ? type_field(r->type, slice_of(f.name)) : NULL;
        Value *m = v->members[i].value;
        bool is_own = false;

        for (size_t k = 0; k < ARRAY_LEN(own); k++)
            is_own |= strcmp(f.name, own[k]) == 0;
        if (v->has_dup_keys)
            report_dup(w, &f);
        if (!is_own && !fd && !preserve) {
            strict(w, "unknown", &f);
            continue;
        }
        if (!is_own && is_absent(fd, m))
            continue;
        /* Go decodes the metadata of a custom resource on its own: no "metadata." in the path of
         * a wrong type, but in that of an unknown field. */
        if (strcmp(f.name, "metadata") == 0 && m->type != VALUE_NULL) {
            f.is_key = true;
            (void)decode_struct(w, &f, NULL, meta, m); /* changes it in place */
        } else if (!is_own) {
            if (fd)
                prune_value(w, &f, fd, m);
            decode_sort(w->a, m);
        }
        v->members[n++] = v->members[i];
    }
    v->n = n;
    v->has_dup_keys = false;
}

/* So is the metadata of resources in it. */
static void coerce_embedded(Walk *w, const Resource *r, const Value *v)
{
    const FieldErr *wrong = schema_coerce_embedded(r->crd->schema->compiled, "", v, false, w->a);

    if (wrong)
        fail(w, arena_printf(w->a, "%s: %s", wrong->field, wrong->message));
}

/* ---- entry points ---- */

/* To Go's decoder null is an object without members. */
static void accept_null(Value *v)
{
    if (v->type == VALUE_NULL)
        *v = (Value){.type = VALUE_OBJECT};
}

/* What the reader of YAML said about keys that came twice stands before all else, as it is. */
static void yaml_first(Walk *w)
{
    Warnings all = {0};

    if (!w->wants_strict || !w->dups || w->dups->n == 0 ||
        strncmp(w->dups->items[0], "yaml: ", 6) != 0)
        return;
    warnings_add(w->a, &all, "%s", w->dups->items[0]);
    warnings_add_all(w->a, &all, &w->strict);
    w->strict = all;
}

static int finish(Walk *w, FieldValidation fv, Warnings *warnings)
{
    AUTO_BUF text = BUF_INIT;

    if (w->failed)
        return -ERR_BAD_REQUEST;
    yaml_first(w);
    if (w->strict.n == 0)
        return 0;
    if (fv == FIELDS_WARN) {
        if (warnings)
            warnings_add_all(w->a, warnings, &w->strict);
        return 0;
    }
    for (uint32_t i = 0; i < w->strict.n; i++)
        buf_addf(&text, "%s%s", i > 0 ? ", " : "", w->strict.items[i]);
    return err_set(w->err, ERR_BAD_REQUEST, "strict decoding error: %s", buf_str(&text));
}

static int wrap(int r, const char *kind, const char *version, Err *err)
{
    if (r == -ERR_BAD_REQUEST && kind)
        return err_wrap(err, r, "%s in version \"%s\" cannot be handled as a %s", kind, version,
                        kind);
    return r;
}

int decode_type(Arena *a, const Type *t, const char *kind, const char *api_version, Value *v,
                FieldValidation fv, const Warnings *dups, Warnings *warnings, Err *err)
{
    Walk w = {
        .a = a, .dups = dups, .wants_strict = fv != FIELDS_IGNORE, .keeps_empty = true, .err = err};
    const char *slash = api_version ? strrchr(api_version, '/') : NULL;

    accept_null(v);
    (void)decode_struct(&w, NULL, NULL, t, v); /* changes it in place */
    return wrap(finish(&w, fv, warnings), kind, slash ? slash + 1 : api_version, err);
}

int decode__alone(Arena *a, const Field *fd, Value *v, Value **ret, Err *err)
{
    Walk w = {.a = a, .err = err};

    *ret = decode_value(&w, NULL, NULL, fd, v);
    return finish(&w, FIELDS_IGNORE, NULL);
}

int decode_object(Arena *a, const Resource *r, Value *v, FieldValidation fv, const Warnings *dups,
                  Warnings *warnings, Err *err)
{
    Walk w = {.a = a,
              .dups = dups,
              .wants_strict = fv != FIELDS_IGNORE,
              .keeps_empty = !r->is_review,
              .err = err};

    accept_null(v);
    if (r->crd && v->type == VALUE_OBJECT) {
        decode_custom(&w, r, v);
        coerce_embedded(&w, r, v);
    } else {
        (void)decode_struct(&w, NULL, NULL, r->type, v); /* changes it in place */
    }
    return wrap(finish(&w, fv, warnings), r->kind, r->version, err);
}

static void normalize(Arena *a, const Resource *r, Value *v, bool keeps_empty)
{
    Walk w = {.a = a, .keeps_empty = keeps_empty};

    if (r->crd && v->type == VALUE_OBJECT)
        decode_custom(&w, r, v);
    else
        (void)decode_struct(&w, NULL, NULL, r->type, v); /* wrong types vanish */
}

void normalize_object(Arena *a, const Resource *r, Value *v)
{
    normalize(a, r, v, false);
}

void normalize_request(Arena *a, const Resource *r, Value *v)
{
    normalize(a, r, v, true);
}
