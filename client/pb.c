#include "client/pb.h"

#include "base/err.h"

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

/* ---- writing ---- */

static void put_varint(Buf *out, uint64_t n)
{
    while (n >= 0x80) {
        buf_addc(out, (char)(n | 0x80));
        n >>= 7;
    }
    buf_addc(out, (char)n);
}

static void put_bytes(Buf *out, uint32_t number, const void *p, size_t n)
{
    put_varint(out, (uint64_t)number << 3 | WIRE_BYTES);
    put_varint(out, n);
    buf_add(out, p, n);
}

static void put_map(Buf *out, uint32_t number, const Value *v)
{
    value_each_member(v, m)
    {
        AUTO_BUF entry = BUF_INIT;
        const char *s = value_to_cstr(m->value);

        put_bytes(&entry, 1, m->name, strlen(m->name));
        put_bytes(&entry, 2, s ? s : "", s ? strlen(s) : 0);
        put_bytes(out, number, buf_str(&entry), entry.len);
    }
}

static void put_one(Buf *out, const PbField *f, const Value *v, bool keep_zero)
{
    int64_t n = 0;

    switch (f->kind) {
    case PB_STRING:
    case PB_BYTES:
        if (value_is(v, VALUE_STRING) && (v->n > 0 || keep_zero))
            put_bytes(out, f->number, v->str, v->n);
        break;
    case PB_BOOL:
    case PB_INT:
    case PB_UINT:
        if (value_is(v, VALUE_BOOL))
            n = value_is_true(v);
        else
            (void)value_to_int(v, &n); /* anything else counts as zero */
        if (n != 0 || keep_zero) {
            put_varint(out, (uint64_t)f->number << 3 | WIRE_VARINT);
            put_varint(out, (uint64_t)n);
        }
        break;
    case PB_MSG:
        if (value_is(v, VALUE_OBJECT)) {
            AUTO_BUF inner = BUF_INIT;

            pb_encode(f->msg, v, &inner);
            put_bytes(out, f->number, buf_str(&inner), inner.len);
        }
        break;
    case PB_MAP:
        put_map(out, f->number, v);
        break;
    }
}

void pb_encode(const PbMessage *m, const Value *v, Buf *out)
{
    value_each_member(v, member)
    {
        const PbField *f = NULL;

        for (uint32_t i = 0; i < m->n_fields && !f; i++) {
            if (strcmp(m->fields[i].name, member->name) == 0)
                f = &m->fields[i];
        }
        BUG_ON(!f);
        if (!f->is_repeated) {
            put_one(out, f, member->value, false);
            continue;
        }
        const Value *item;
        value_each_item(member->value, i, item)
        {
            put_one(out, f, item, true);
        }
    }
}

/* ---- reading ---- */

typedef struct Reader {
    const uint8_t *at, *end;
    bool is_bad;
} Reader;

static uint64_t get_varint(Reader *r)
{
    uint64_t n = 0;

    for (int shift = 0; shift < 64 && r->at < r->end; shift += 7) {
        uint8_t b = *r->at++;

        n |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80))
            return n;
    }
    r->is_bad = true;
    return 0;
}

static Slice get_bytes(Reader *r)
{
    uint64_t n = get_varint(r);
    Slice s = {(const char *)r->at, 0};

    if (r->is_bad || n > (uint64_t)(r->end - r->at)) {
        r->is_bad = true;
        return s;
    }
    s.len = n;
    r->at += n;
    return s;
}

static void skip(Reader *r, uint32_t wire)
{
    size_t n = wire == WIRE_64 ? 8 : 4;

    if (wire == WIRE_VARINT) {
        (void)get_varint(r); /* the value does not matter */
    } else if (wire == WIRE_BYTES) {
        (void)get_bytes(r);
    } else if ((wire == WIRE_64 || wire == WIRE_32) && (size_t)(r->end - r->at) >= n) {
        r->at += n;
    } else {
        r->is_bad = true;
    }
}

static int decode(Arena *a, const PbMessage *m, Slice bytes, int depth, Value **ret);

static void get_map_entry(Arena *a, Slice entry, Value *map)
{
    static const PbField fields[] = {{1, PB_STRING, false, "k", NULL},
                                     {2, PB_STRING, false, "v", NULL}};
    static const PbMessage message = {fields, 2};
    Value *e;
    const char *k, *v;

    if (decode(a, &message, entry, 0, &e) < 0)
        return;
    k = value_get_str(e, "k");
    v = value_get_str(e, "v");
    value_set_str(a, map, k ? k : "", v ? v : "");
}

static Value *get_number(Arena *a, const PbField *f, uint64_t n)
{
    if (f->kind == PB_BOOL)
        return value_bool(a, n != 0);
    if (f->kind == PB_UINT && n > INT64_MAX)
        n = INT64_MAX;
    return value_int(a, (int64_t)n);
}

static void add_value(Arena *a, const PbField *f, Value *object, Value *v)
{
    Value *list;

    if (!f->is_repeated) {
        value_set(a, object, f->name, v);
        return;
    }
    list = value_get(object, f->name);
    if (!list) {
        list = value_array(a);
        value_set(a, object, f->name, list);
    }
    value_append(a, list, v);
}

static void get_field(Arena *a, const PbField *f, uint32_t wire, Reader *r, int depth,
                      Value *object)
{
    Slice s;
    Value *v;

    if (wire == WIRE_VARINT && (f->kind == PB_BOOL || f->kind == PB_INT || f->kind == PB_UINT)) {
        add_value(a, f, object, get_number(a, f, get_varint(r)));
        return;
    }
    if (wire != WIRE_BYTES) {
        r->is_bad = true;
        return;
    }
    s = get_bytes(r);
    if (r->is_bad)
        return;
    if (f->kind == PB_STRING || f->kind == PB_BYTES) {
        add_value(a, f, object, value_strn(a, s.ptr, s.len));
    } else if (f->kind == PB_MSG) {
        if (decode(a, f->msg, s, depth + 1, &v) < 0)
            r->is_bad = true;
        else
            add_value(a, f, object, v);
    } else if (f->kind == PB_MAP) {
        get_map_entry(a, s, value_need(a, object, f->name));
    } else { /* packed numbers */
        Reader packed = {(const uint8_t *)s.ptr, (const uint8_t *)s.ptr + s.len, false};

        while (packed.at < packed.end && !packed.is_bad)
            add_value(a, f, object, get_number(a, f, get_varint(&packed)));
        r->is_bad |= packed.is_bad;
    }
}

static int decode(Arena *a, const PbMessage *m, Slice bytes, int depth, Value **ret)
{
    Reader r = {(const uint8_t *)bytes.ptr, (const uint8_t *)bytes.ptr + bytes.len, false};
    Value *object = value_object(a);

    if (depth > PB_MAX_DEPTH)
        return -ERR_INTERNAL;
    while (r.at < r.end && !r.is_bad) {
        uint64_t key = get_varint(&r);
        const PbField *f = NULL;

        if (r.is_bad)
            break;
        for (uint32_t i = 0; i < m->n_fields && !f; i++) {
            if (m->fields[i].number == key >> 3)
                f = &m->fields[i];
        }
        if (f)
            get_field(a, f, key & 7, &r, depth, object);
        else
            skip(&r, key & 7);
    }
    if (r.is_bad)
        return -ERR_INTERNAL;
    *ret = object;
    return 0;
}

int pb_decode(Arena *a, const PbMessage *m, Slice bytes, Value **ret, Err *err)
{
    if (decode(a, m, bytes, 0, ret) < 0)
        return err_set(err, ERR_INTERNAL, "not a protobuf message of the expected type");
    return 0;
}
