/*
 * protobuf_int.h - writing protobuf: fields by number, for the files that make such messages.
 */
#ifndef API_PROTOBUF_INT_H
#define API_PROTOBUF_INT_H

#include "base/buf.h"

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
