#include "api/protobuf.h"
#include "api/protobuf_int.h"

#include "base/b64.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/gotime.h"

enum {
    MAX_DEPTH = 100,
    WIRE_VARINT = 0,
    WIRE_64 = 1,
    WIRE_BYTES = 2,
    WIRE_32 = 5,
};

typedef struct Reader {
    Arena *a;
    Err *err;
    int depth;
} Reader;

typedef struct Item { /* one field of a message */
    uint32_t number;
    int wire;
    uint64_t num; /* WIRE_VARINT, WIRE_64, WIRE_32 */
    Slice bytes;  /* WIRE_BYTES */
} Item;

static int broken(Reader *r)
{
    return err_set(r->err, ERR_BAD_REQUEST, "proto: the body is not well-formed");
}

static bool get_varint(Slice *in, uint64_t *ret)
{
    uint64_t v = 0;

    for (int shift = 0; shift < 64 && in->len > 0; shift += 7) {
        unsigned char c = (unsigned char)*in->ptr++;

        in->len--;
        v |= (uint64_t)(c & 0x7f) << shift;
        if (!(c & 0x80)) {
            *ret = v;
            return true;
        }
    }
    return false;
}

static uint64_t get_fixed(Slice *in, size_t n)
{
    uint64_t v = 0;

    for (size_t i = 0; i < n; i++)
        v |= (uint64_t)(unsigned char)in->ptr[i] << (8 * i);
    in->ptr += n;
    in->len -= n;
    return v;
}

/* 1 an item, 0 the end, or an error. */
static int next(Reader *r, Slice *in, Item *ret)
{
    uint64_t key, n;

    if (in->len == 0)
        return 0;
    if (!get_varint(in, &key) || key >> 3 == 0 || key >> 3 > 0x1fffffff)
        return broken(r);
    *ret = (Item){.number = (uint32_t)(key >> 3), .wire = (int)(key & 7)};
    switch (ret->wire) {
    case WIRE_VARINT:
        return get_varint(in, &ret->num) ? 1 : broken(r);
    case WIRE_64:
    case WIRE_32:
        n = ret->wire == WIRE_64 ? 8 : 4;
        if (in->len < n)
            return broken(r);
        ret->num = get_fixed(in, n);
        return 1;
    case WIRE_BYTES:
        if (!get_varint(in, &n) || n > in->len)
            return broken(r);
        ret->bytes = (Slice){in->ptr, n};
        in->ptr += n;
        in->len -= n;
        return 1;
    default:
        return broken(r);
    }
}

/* A small message by heart: numbers and byte strings of its fields 1 to 4. */
typedef struct Small {
    uint64_t num[5];
    Slice bytes[5];
    bool has[5];
} Small;

static int read_small(Reader *r, Slice in, Small *ret)
{
    Item it;
    int more;

    *ret = (Small){0};
    while ((more = next(r, &in, &it)) > 0) {
        if (it.number > 4)
            continue;
        ret->has[it.number] = true;
        ret->num[it.number] = it.num;
        ret->bytes[it.number] = it.bytes;
    }
    return more;
}

static int read_message(Reader *r, const Type *t, Slice in, uint32_t at, Value *to);

static Value *string_value(Reader *r, Slice s)
{
    return value_strn(r->a, s.len > 0 ? s.ptr : "", s.len);
}

static int read_time(Reader *r, const Field *f, Slice in, Value **ret)
{
    char text[CLOCK_TEXT_MAX];
    Small m;
    int64_t us;

    if (in.len == 0) /* Go's zero time */
        return 0;
    if (read_small(r, in, &m) < 0)
        return -ERR_BAD_REQUEST;
    if ((int64_t)m.num[1] > 253402300799 || (int64_t)m.num[1] < -62135596800)
        return broken(r);
    us = (int64_t)m.num[1] * 1000000 + (int32_t)m.num[2] / 1000;
    *ret = value_str(r->a, f->kind == FIELD_TIME ? clock_to_rfc3339(us, text)
                                                 : clock_to_rfc3339_micro(us, text));
    return 0;
}

static int read_int_or_string(Reader *r, Slice in, Value **ret)
{
    Small m;

    if (read_small(r, in, &m) < 0)
        return -ERR_BAD_REQUEST;
    *ret = m.num[1] == 0 ? value_int(r->a, (int32_t)m.num[2]) : string_value(r, m.bytes[3]);
    return 0;
}

/* JSONSchemaPropsOrBool (field 1 the bool, 2 a schema), OrArray (1 a schema, 2 schemas) and, as the
 * value of a map, OrStringArray (1 a schema, 2 strings). */
static int read_any_typed(Reader *r, const Field *f, Slice in, Value **ret)
{
    bool is_or_bool = false;
    Item it;
    int more;

    while ((more = next(r, &in, &it)) > 0) {
        Value *v;

        if (it.number == 1 && it.wire == WIRE_VARINT) {
            is_or_bool = true;
            *ret = value_bool(r->a, it.num != 0);
            continue;
        }
        if (it.number > 2)
            continue;
        if (it.wire != WIRE_BYTES)
            return broken(r);
        if (it.number == 2 && !f->name) {
            v = string_value(r, it.bytes);
        } else {
            v = value_object(r->a);
            if (read_message(r, f->type, it.bytes, 0, v) < 0)
                return -ERR_BAD_REQUEST;
        }
        if (it.number == 1 || is_or_bool) {
            *ret = v;
            continue;
        }
        if (!*ret)
            *ret = value_array(r->a);
        if ((*ret)->type != VALUE_ARRAY)
            return broken(r);
        value_append(r->a, *ret, v);
    }
    return more;
}

/* RawExtension, FieldsV1, JSON: their field 1 holds JSON text. */
static int read_any(Reader *r, const Field *f, Slice in, Value **ret)
{
    Small m;

    if (f->type)
        return read_any_typed(r, f, in, ret);
    if (read_small(r, in, &m) < 0)
        return -ERR_BAD_REQUEST;
    if (m.bytes[1].len == 0)
        return 0;
    return value_parse(r->a, m.bytes[1], ret, r->err);
}

static bool is_wire_ok(const Field *f, const Item *it)
{
    switch (f->kind) {
    case FIELD_BOOL:
    case FIELD_INT32:
    case FIELD_INT64:
        return it->wire == WIRE_VARINT;
    case FIELD_DOUBLE:
        return it->wire == WIRE_64 || it->wire == WIRE_32;
    default:
        return it->wire == WIRE_BYTES;
    }
}

static int read_wrapped_list(Reader *r, const Field *f, Slice in, Value **ret);

/* *ret stays NULL for what JSON would leave out. */
static int read_value(Reader *r, const Field *f, const Item *it, Value **ret)
{
    Small m;
    double d;

    if (!is_wire_ok(f, it))
        return broken(r);
    switch (f->kind) {
    case FIELD_STRING:
        *ret = string_value(r, it->bytes);
        return 0;
    case FIELD_BOOL:
        *ret = value_bool(r->a, it->num != 0);
        return 0;
    case FIELD_INT32:
        *ret = value_int(r->a, (int32_t)it->num);
        return 0;
    case FIELD_INT64:
        *ret = value_int(r->a, (int64_t)it->num);
        return 0;
    case FIELD_DOUBLE:
        memcpy(&d, &it->num, sizeof(d));
        *ret = value_number(r->a, arena_printf(r->a, "%.17g", d));
        return 0;
    case FIELD_BYTES: {
        AUTO_BUF text = BUF_INIT;

        b64_encode(it->bytes, &text);
        *ret = value_str(r->a, buf_str(&text));
        return 0;
    }
    case FIELD_TIME:
    case FIELD_MICRO_TIME:
        return read_time(r, f, it->bytes, ret);
    case FIELD_DURATION:
        if (read_small(r, it->bytes, &m) < 0)
            return -ERR_BAD_REQUEST;
        *ret = value_str(r->a, goduration_print(r->a, (int64_t)m.num[1]));
        return 0;
    case FIELD_QUANTITY:
        if (read_small(r, it->bytes, &m) < 0)
            return -ERR_BAD_REQUEST;
        *ret = m.bytes[1].len > 0 ? string_value(r, m.bytes[1]) : value_str(r->a, "0");
        return 0;
    case FIELD_INT_OR_STRING:
        return read_int_or_string(r, it->bytes, ret);
    case FIELD_OBJECT:
        *ret = value_object(r->a);
        return read_message(r, f->type, it->bytes, 0, *ret);
    case FIELD_LIST: /* as the value of a map */
        return read_wrapped_list(r, f, it->bytes, ret);
    case FIELD_ANY:
        return read_any(r, f, it->bytes, ret);
    case FIELD_MAP:
        break;
    }
    return broken(r);
}

/* A list that is a map's value is a message of its own with the items as field 1. */
static int read_wrapped_list(Reader *r, const Field *f, Slice in, Value **ret)
{
    Item it;
    int more;

    *ret = value_array(r->a);
    while ((more = next(r, &in, &it)) > 0) {
        Value *v = NULL;

        if (it.number != 1)
            continue;
        if (read_value(r, f->elem, &it, &v) < 0)
            return -ERR_BAD_REQUEST;
        value_append(r->a, *ret, v ? v : value_null(r->a));
    }
    return more;
}

static int read_map_entry(Reader *r, const Field *f, const Item *it, Value *map)
{
    Slice in = it->bytes;
    const char *key = "";
    Value *v = NULL;
    Item part;
    int more;

    if (it->wire != WIRE_BYTES)
        return broken(r);
    while ((more = next(r, &in, &part)) > 0) {
        if (part.number == 1 && part.wire == WIRE_BYTES)
            key = arena_strndup(r->a, part.bytes.ptr, part.bytes.len);
        else if (part.number == 2 && read_value(r, f->elem, &part, &v) < 0)
            return -ERR_BAD_REQUEST;
    }
    if (more < 0)
        return more;
    if (!v && f->elem->kind == FIELD_STRING)
        v = value_str(r->a, "");
    value_set(r->a, map, key, v ? v : value_null(r->a));
    return 0;
}

/* Repeated numbers may come packed. */
static int append(Reader *r, const Field *elem, Item *it, Value *list)
{
    bool is_packed =
        it->wire == WIRE_BYTES &&
        (elem->kind == FIELD_INT32 || elem->kind == FIELD_INT64 || elem->kind == FIELD_BOOL);
    Slice in = it->bytes;
    Value *v = NULL;

    if (!is_packed) {
        if (read_value(r, elem, it, &v) < 0)
            return -ERR_BAD_REQUEST;
        value_append(r->a, list, v ? v : value_null(r->a));
        return 0;
    }
    while (in.len > 0) {
        Item one = {.number = it->number, .wire = WIRE_VARINT};

        if (!get_varint(&in, &one.num) || read_value(r, elem, &one, &v) < 0)
            return broken(r);
        value_append(r->a, list, v);
    }
    return 0;
}

/* Go writes fields that are no pointers even when they are zero; JSON leaves those out. */
static bool is_left_out(const Field *f, const Item *it)
{
    if (f->flags & (FIELD_PTR | FIELD_ALWAYS))
        return false;
    switch (f->kind) {
    case FIELD_STRING:
    case FIELD_BYTES:
        return it->bytes.len == 0;
    case FIELD_BOOL:
    case FIELD_INT32:
    case FIELD_INT64:
    case FIELD_DOUBLE:
        return it->num == 0;
    default:
        return false;
    }
}

static int read_field(Reader *r, const Field *f, Item *it, Value *to)
{
    Value *v = value_get(to, f->name);
    int e;

    if (f->kind == FIELD_LIST || f->kind == FIELD_MAP) {
        if (!v) {
            v = f->kind == FIELD_LIST ? value_array(r->a) : value_object(r->a);
            value_set(r->a, to, f->name, v);
        }
        if (protobuf__is_wrapped(f)) {
            e = read_value(r, f, it, &v);
            if (e == 0)
                value_set(r->a, to, f->name, v);
            return e;
        }
        return f->kind == FIELD_LIST ? append(r, f->elem, it, v) : read_map_entry(r, f, it, v);
    }
    if (is_left_out(f, it))
        return 0;
    v = NULL;
    e = read_value(r, f, it, &v);
    if (e == 0 && v)
        value_set(r->a, to, f->name, v);
    return e;
}

/* The path of a nested message within the one at `at`. */
static uint32_t path_below(uint32_t at, uint32_t number)
{
    return at == 0 ? number : at | number << 8;
}

static bool is_below(uint32_t path, uint32_t at)
{
    return path != at && (at == 0 || (at < 0x100 && (path & 0xff) == at));
}

/* `at` != 0: the nested message of that path, whose fields JSON shows in the parent. */
static int read_message(Reader *r, const Type *t, Slice in, uint32_t at, Value *to)
{
    Item it;
    int more;

    if (!t || ++r->depth > MAX_DEPTH)
        return broken(r);
    while ((more = next(r, &in, &it)) > 0) {
        for (uint32_t i = 0; i < t->n_fields; i++) {
            const Field *f = &t->fields[i];
            uint32_t number = f->protobuf & 0xffff, path = f->protobuf >> 16;
            uint32_t below = it.number <= 0xff ? path_below(at, it.number) : 0;
            int e = 0;

            if (f->protobuf == 0)
                continue;
            if (path == at && number == it.number) {
                e = read_field(r, f, &it, to);
            } else if (below != 0 && is_below(path, at) &&
                       (path == below || is_below(path, below))) {
                if (it.wire != WIRE_BYTES)
                    return broken(r);
                e = read_message(r, t, it.bytes, below, to);
            } else {
                continue;
            }
            if (e < 0)
                return e;
            break;
        }
    }
    r->depth--;
    return more;
}

static const Type *find_type(Arena *a, const char *api_version, const char *kind)
{
    GroupVersion gv = api_version_split(a, api_version);
    const Resource *res = resource_find_kind(gv.group, gv.version, kind);
    const Type *t = res ? res->type : NULL;

    if (!t)
        t = type_of_kind(a, gv, kind);
    if (!t)
        t = type_find(arena_printf(a, "io.k8s.apimachinery.pkg.apis.meta.v1.%s", kind));
    return t;
}

static const Type *list_type(Arena *a, const Type *item)
{
    static const uint16_t order[] = {0, 1};
    Field *fields = arena_array(a, Field, ARRAY_LEN(order)), *elem = arena_new0(a, Field);
    Type *t = arena_new0(a, Type);

    *elem = (Field){.kind = FIELD_OBJECT, .type = item};
    fields[0] = (Field){.name = "metadata",
                        .kind = FIELD_OBJECT,
                        .type = type_find("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"),
                        .flags = FIELD_ALWAYS,
                        .protobuf = 1};
    fields[1] = (Field){
        .name = "items", .kind = FIELD_LIST, .elem = elem, .flags = FIELD_ALWAYS, .protobuf = 2};
    *t = (Type){.name = "List",
                .fields = fields,
                .n_fields = ARRAY_LEN(order),
                .by_wire = order,
                .n_by_wire = ARRAY_LEN(order)};
    return t;
}

const Type *protobuf__type(Arena *a, const char *api_version, const char *kind)
{
    static const char suffix[] = "List";
    const Type *t = find_type(a, api_version, kind);
    size_t n = strlen(kind);

    if (t || n < sizeof(suffix) || strcmp(kind + n - strlen(suffix), suffix) != 0)
        return t;
    t = find_type(a, api_version, arena_strndup(a, kind, n - strlen(suffix)));
    return t ? list_type(a, t) : NULL;
}

int protobuf_decode(Arena *a, Slice body, Value **ret, Err *err)
{
    Reader r = {.a = a, .err = err};
    const char *api_version, *kind;
    Small unknown, meta;
    const Type *t;
    Value *v;

    if (body.len < 4 || memcmp(body.ptr, "k8s", 4) != 0)
        return err_set(err, ERR_BAD_REQUEST,
                       "provided data does not appear to be a protobuf message, expected prefix "
                       "[107 56 115 0]");
    if (read_small(&r, (Slice){body.ptr + 4, body.len - 4}, &unknown) < 0 ||
        read_small(&r, unknown.bytes[1], &meta) < 0)
        return -ERR_BAD_REQUEST;
    api_version = arena_strndup(a, meta.bytes[1].ptr ? meta.bytes[1].ptr : "", meta.bytes[1].len);
    kind = arena_strndup(a, meta.bytes[2].ptr ? meta.bytes[2].ptr : "", meta.bytes[2].len);
    t = protobuf__type(a, api_version, kind);
    if (!t)
        return err_set(err, ERR_BAD_REQUEST, "no kind \"%s\" is registered for version \"%s\"",
                       kind, api_version);
    v = value_object(a);
    value_set_str(a, v, "kind", kind);
    value_set_str(a, v, "apiVersion", api_version);
    if (read_message(&r, t, unknown.bytes[2], 0, v) < 0)
        return -ERR_BAD_REQUEST;
    *ret = v;
    return 0;
}
