/*
 * protobuf_encode.c - objects as protobuf, by the field numbers of the kind tables.
 *
 * DESIGN. The bytes are those of Go's generated code for the same object, which follow from the
 * declaration of a field alone:
 *
 *   1. Fields come in the order of their numbers, maps in the order of their keys.
 *   2. A field that is a pointer, a list, a map or bytes is written when it is there. Every other
 *      one always is, zero or not; so is a nested message, which is then empty.
 *   3. Quantities, times, durations, numbers-or-strings and raw JSON are messages of their own.
 *      The zero time is an empty one. A list is one where it is the value of a map.
 *
 * A message stands behind its length, so everything is written from its end to its beginning: what
 * is already there when a message begins is what follows it. A list is the exception: its items are
 * written one after the other, and its head goes into room that was left before them.
 */
#include "api/protobuf.h"
#include "api/protobuf_int.h"
#include "base/b64.h"
#include "base/clock.h"
#include "base/gotime.h"
#include "base/mem.h"

enum {
    WIRE_VARINT = 0,
    WIRE_64 = 1,
    WIRE_BYTES = 2,
    FIRST_CAP = 2048,
    LIST_ROOM = 1024, /* for the head of a list: its apiVersion and kind, and a length */
};

static const int64_t zero_time_s = INT64_C(-719162) * 86400; /* the year 1 */
static const char prefix[] = {'k', '8', 's', '\0'};

/* Bytes that grow towards their beginning. */
typedef struct Back {
    char *ptr;
    size_t at, cap; /* they are at ptr + at, up to cap */
} Back;

static void back_done(Back *b)
{
    free(b->ptr);
}
#define AUTO_BACK __attribute__((cleanup(back_done))) Back

static size_t back_len(const Back *b)
{
    return b->cap - b->at;
}

static Slice back_slice(const Back *b)
{
    return (Slice){b->ptr ? b->ptr + b->at : "", back_len(b)};
}

static char *back_room(Back *b, size_t n)
{
    if (b->at < n) {
        size_t used = back_len(b), cap = MAX(b->cap * 2, used + n + FIRST_CAP);
        char *bigger = xmalloc(cap);

        if (used > 0)
            memcpy(bigger + cap - used, b->ptr + b->at, used);
        free(b->ptr);
        *b = (Back){.ptr = bigger, .at = cap - used, .cap = cap};
    }
    b->at -= n;
    return b->ptr + b->at;
}

static void put(Back *b, const void *p, size_t n)
{
    if (n > 0)
        memcpy(back_room(b, n), p, n);
}

static void put_varint(Back *b, uint64_t v)
{
    char bytes[10];
    size_t n = 0;

    for (; v >= 0x80; v >>= 7)
        bytes[n++] = (char)(v | 0x80);
    bytes[n++] = (char)v;
    put(b, bytes, n);
}

static void put_number(Back *b, uint32_t number, uint64_t v)
{
    put_varint(b, v);
    put_varint(b, number << 3 | WIRE_VARINT);
}

/* What was written since there were `end` bytes becomes the message `number`. */
static void close_message(Back *b, uint32_t number, size_t end)
{
    put_varint(b, back_len(b) - end);
    put_varint(b, number << 3 | WIRE_BYTES);
}

static void put_bytes(Back *b, uint32_t number, Slice s)
{
    put(b, s.ptr, s.len);
    put_varint(b, s.len);
    put_varint(b, number << 3 | WIRE_BYTES);
}

static void put_message(Back *b, const Type *t, const Value *v);
static void put_one(Back *b, uint32_t number, const Field *f, const Value *v);

static bool is_set(const Value *v)
{
    return v && v->type != VALUE_NULL;
}

static Slice text_of(const Value *v)
{
    return value_is(v, VALUE_STRING) ? (Slice){v->str, v->n} : SLICE("");
}

static int64_t int_of(const Value *v)
{
    int64_t n = 0;

    return value_to_int(v, &n) ? n : 0;
}

static void put_double(Back *b, uint32_t number, const Value *v)
{
    double d = 0;
    uint64_t bits;
    char bytes[8];

    if (!value_to_double(v, &d))
        d = 0;
    memcpy(&bits, &d, sizeof(bits));
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)(bits >> (8 * i));
    put(b, bytes, sizeof(bytes));
    put_varint(b, number << 3 | WIRE_64);
}

/* Of a list: bytes that are not there are no bytes. */
static void put_base64(Back *b, uint32_t number, const Value *v)
{
    AUTO_BUF bytes = BUF_INIT;

    if (!b64_decode(text_of(v), &bytes))
        buf_reset(&bytes);
    put_bytes(b, number, buf_slice(&bytes));
}

/* Of a Time, Go writes whole seconds only. */
static void put_time(Back *b, const Field *f, const Value *v)
{
    int64_t us = 0, seconds;

    if (!clock_from_rfc3339(text_of(v), &us))
        return;
    seconds = (us - (us % 1000000 + 1000000) % 1000000) / 1000000;
    if (seconds == zero_time_s)
        return;
    put_number(b, 2, f->kind == FIELD_MICRO_TIME ? (uint64_t)(us - seconds * 1000000) * 1000 : 0);
    put_number(b, 1, (uint64_t)seconds);
}

static void put_duration(Back *b, const Value *v)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    int64_t ns = 0;

    if (value_is(v, VALUE_STRING) && goduration_parse(a, text_of(v), &ns))
        ns = 0;
    put_number(b, 1, (uint64_t)ns);
}

static void put_int_or_string(Back *b, const Value *v)
{
    put_bytes(b, 3, text_of(v));
    put_number(b, 2, (uint64_t)(int64_t)(int32_t)int_of(v));
    put_number(b, 1, value_is(v, VALUE_STRING) ? 1 : 0);
}

static void put_items(Back *b, uint32_t number, const Field *elem, const Value *list)
{
    for (uint32_t i = value_is(list, VALUE_ARRAY) ? list->n : 0; i > 0; i--)
        put_one(b, number, elem, list->items[i - 1]);
}

static void put_schema(Back *b, uint32_t number, const Type *t, const Value *v)
{
    size_t end = back_len(b);

    put_message(b, t, v);
    close_message(b, number, end);
}

/* JSONSchemaPropsOrBool: 1 allows, 2 schema. OrArray: 1 schema, 2 schemas. OrStringArray, as the
 * value of a map: 1 schema, 2 strings. */
static void put_schema_or(Back *b, const Field *f, const Value *v)
{
    static const Field text = {.kind = FIELD_STRING};
    bool is_schema = value_is(v, VALUE_OBJECT);

    if (f->go_type && str_eq(f->go_type, "v1.JSONSchemaPropsOrBool")) {
        if (is_schema)
            put_schema(b, 2, f->type, v);
        put_number(b, 1, is_schema || value_is_true(v));
        return;
    }
    if (is_schema) {
        put_schema(b, 1, f->type, v);
        return;
    }
    for (uint32_t i = value_is(v, VALUE_ARRAY) ? v->n : 0; i > 0; i--) {
        if (f->name)
            put_schema(b, 2, f->type, v->items[i - 1]);
        else
            put_one(b, 2, &text, v->items[i - 1]);
    }
}

/* RawExtension, FieldsV1, JSON: the text is the field 1 of a message. */
static void put_any(Back *b, const Field *f, const Value *v)
{
    AUTO_BUF json = BUF_INIT;

    if (!is_set(v))
        return;
    if (f->type) {
        put_schema_or(b, f, v);
        return;
    }
    value_print(v, &json);
    put_bytes(b, 1, buf_slice(&json));
}

/* A value with its field's number, zero when it is not there. */
static void put_one(Back *b, uint32_t number, const Field *f, const Value *v)
{
    size_t end = back_len(b);

    switch (f->kind) {
    case FIELD_STRING:
        put_bytes(b, number, text_of(v));
        return;
    case FIELD_BOOL:
        put_number(b, number, value_is_true(v));
        return;
    case FIELD_INT32:
        put_number(b, number, (uint64_t)(int64_t)(int32_t)int_of(v));
        return;
    case FIELD_INT64:
        put_number(b, number, (uint64_t)int_of(v));
        return;
    case FIELD_DOUBLE:
        put_double(b, number, v);
        return;
    case FIELD_BYTES:
        put_base64(b, number, v);
        return;
    case FIELD_TIME:
    case FIELD_MICRO_TIME:
        put_time(b, f, v);
        break;
    case FIELD_DURATION:
        put_duration(b, v);
        break;
    case FIELD_QUANTITY:
        put_bytes(b, 1, value_is(v, VALUE_STRING) ? text_of(v) : SLICE("0"));
        break;
    case FIELD_INT_OR_STRING:
        put_int_or_string(b, v);
        break;
    case FIELD_OBJECT:
        put_message(b, f->type, v);
        break;
    case FIELD_LIST:
        put_items(b, 1, f->elem, v);
        break;
    case FIELD_ANY:
        put_any(b, f, v);
        break;
    case FIELD_MAP: /* no field of a built-in type is a map of maps */
        break;
    }
    close_message(b, number, end);
}

static void put_entry(Back *b, uint32_t number, const Field *f, const Member *m)
{
    size_t end = back_len(b);

    if (f->elem->kind != FIELD_BYTES || is_set(m->value))
        put_one(b, 2, f->elem, m->value);
    put_bytes(b, 1, slice_of(m->name));
    close_message(b, number, end);
}

static int by_key(const void *x, const void *y)
{
    return strcmp(((const Member *)x)->name, ((const Member *)y)->name);
}

/* Maps of stored objects are sorted already. */
static void put_map(Back *b, uint32_t number, const Field *f, const Value *map)
{
    Member *sorted = NULL;
    const Member *members;
    bool is_sorted = true;

    if (!value_is(map, VALUE_OBJECT) || map->n == 0)
        return;
    members = map->members;
    for (uint32_t i = 1; is_sorted && i < map->n; i++)
        is_sorted = by_key(&members[i - 1], &members[i]) < 0;
    if (!is_sorted) {
        sorted = xmemdup(members, map->n * sizeof(*members));
        qsort(sorted, map->n, sizeof(*sorted), by_key);
        members = sorted;
    }
    for (uint32_t i = map->n; i > 0; i--)
        put_entry(b, number, f, &members[i - 1]);
    free(sorted);
}

static void put_field(Back *b, uint32_t number, const Field *f, const Value *v)
{
    if (f->kind == FIELD_MAP)
        put_map(b, number, f, v);
    else if (f->kind == FIELD_LIST && !protobuf__is_wrapped(f))
        put_items(b, number, f->elem, v);
    else if (is_set(v) ||
             !(f->flags & FIELD_PTR || f->kind == FIELD_BYTES || f->kind == FIELD_LIST))
        put_one(b, number, f, v);
}

/* The number of the message nested `depth` deep that the field is in, 0: not that deep. */
static uint32_t nested_in(const Field *f, int depth)
{
    return depth < 2 ? f->protobuf >> (16 + 8 * depth) & 0xff : 0;
}

/* The fields `from` to `to` of the order of numbers, which are all in the same message. */
static void put_fields(Back *b, const Type *t, uint32_t from, uint32_t to, int depth,
                       const Value *v)
{
    while (to > from) {
        const Field *f = &t->fields[t->by_wire[to - 1]];
        uint32_t nested = nested_in(f, depth), first = to - 1;
        size_t end = back_len(b);

        if (nested == 0) {
            put_field(b, f->protobuf & 0xffff, f, value_get(v, f->name));
            to--;
            continue;
        }
        while (first > from && nested_in(&t->fields[t->by_wire[first - 1]], depth) == nested)
            first--;
        put_fields(b, t, first, to, depth + 1, v);
        close_message(b, nested, end);
        to = first;
    }
}

static void put_message(Back *b, const Type *t, const Value *v)
{
    if (t)
        put_fields(b, t, 0, t->n_by_wire, 0, v);
}

/* What stands before an object's own `n` bytes, and what behind it. */
static void put_head(Back *b, const char *api_version, const char *kind, size_t n)
{
    size_t end;

    put_varint(b, n);
    put_varint(b, 2 << 3 | WIRE_BYTES);
    end = back_len(b);
    put_bytes(b, 2, slice_of(kind));
    put_bytes(b, 1, slice_of(api_version));
    close_message(b, 1, end);
    put(b, prefix, sizeof(prefix));
}

static void put_tail(Back *b)
{
    put_bytes(b, 4, SLICE("")); /* of raw JSON: content type and encoding */
    put_bytes(b, 3, SLICE(""));
}

void protobuf_write(const Type *t, const char *api_version, const char *kind, const Value *v,
                    Buf *out)
{
    AUTO_BACK b = {0};
    size_t end;

    put_tail(&b);
    end = back_len(&b);
    put_message(&b, t, v);
    put_head(&b, api_version, kind, back_len(&b) - end);
    buf_add_slice(out, back_slice(&b));
}

bool protobuf_encode(Arena *a, const Value *v, Buf *out)
{
    const char *api_version = value_get_text(v, "apiVersion"), *kind = value_get_text(v, "kind");
    const Type *t = protobuf__type(a, api_version, kind);

    if (t)
        protobuf_write(t, api_version, kind, v, out);
    return t != NULL;
}

void protobuf_list_open(const Value *meta, Buf *out)
{
    static const char room[LIST_ROOM];
    AUTO_BACK b = {0};

    put_message(&b, type_find("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"), meta);
    close_message(&b, 1, 0);
    buf_add(out, room, sizeof(room));
    buf_add_slice(out, back_slice(&b));
}

void protobuf_list_add(const Type *t, const Value *item, Buf *out)
{
    AUTO_BACK b = {0};

    put_message(&b, t, item);
    close_message(&b, 2, 0);
    buf_add_slice(out, back_slice(&b));
}

Slice protobuf_list_close(const char *api_version, const char *kind, Buf *out)
{
    AUTO_BACK head = {0}, tail = {0};
    size_t n;

    put_head(&head, api_version, kind, out->len - LIST_ROOM);
    put_tail(&tail);
    buf_add_slice(out, back_slice(&tail));
    n = back_len(&head);
    BUG_ON(n > LIST_ROOM);
    memcpy(out->ptr + LIST_ROOM - n, back_slice(&head).ptr, n);
    return (Slice){out->ptr + LIST_ROOM - n, out->len - LIST_ROOM + n};
}

void protobuf_write_event(const char *type, Slice object, Buf *out)
{
    AUTO_BACK b = {0};
    char frame[4];

    put_bytes(&b, 1, object);
    close_message(&b, 2, 0);
    put_bytes(&b, 1, slice_of(type));
    for (size_t i = 0; i < sizeof(frame); i++)
        frame[i] = (char)(back_len(&b) >> (8 * (sizeof(frame) - 1 - i)));
    put(&b, frame, sizeof(frame));
    buf_add_slice(out, back_slice(&b));
}
