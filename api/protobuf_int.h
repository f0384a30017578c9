/*
 * protobuf_int.h - what the files that read and write protobuf share: types, fields by number.
 */
#ifndef API_PROTOBUF_INT_H
#define API_PROTOBUF_INT_H

#include "api/kind.h"
#include "base/buf.h"

/* The type of a body: a resource's kind, an option of meta/v1, a subresource's kind, or a list of
 * one of these (made in the arena). NULL: not known. */
const Type *protobuf__type(Arena *a, const char *api_version, const char *kind);

/* A list that has a Go type of its own, declared nullable, is a message with the items as field 1,
 * as it is where it is a map's value. */
static inline bool protobuf__is_wrapped(const Field *f)
{
    return f->kind == FIELD_LIST && f->go_type && strcmp(f->go_type, "v1.Verbs") == 0;
}

static inline void protobuf__varint(Buf *out, uint64_t v)
{
    while (v >= 0x80) {
        buf_addc(out, (char)(v | 0x80));
        v >>= 7;
    }
    buf_addc(out, (char)v);
}

static inline void protobuf__bytes(Buf *out, uint32_t field, Slice bytes)
{
    protobuf__varint(out, field << 3 | 2);
    protobuf__varint(out, bytes.len);
    buf_add_slice(out, bytes);
}

static inline void protobuf__number(Buf *out, uint32_t field, uint64_t v)
{
    protobuf__varint(out, field << 3);
    protobuf__varint(out, v);
}

#endif
