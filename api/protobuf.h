/*
 * protobuf.h - Kubernetes' protobuf bodies, read and written by the kind tables.
 *
 * A body is the four bytes "k8s\0" and a runtime.Unknown message: apiVersion and kind, then the
 * object's own bytes. What comes out of one is the tree that the same object's JSON would have
 * given: zero values that Go's encoder always writes are left out again. What goes into one are the
 * bytes that Go's encoder writes.
 *
 * Owns:    nothing; the tree lives in the arena.
 * Threads: any.
 * Fails:   ERR_BAD_REQUEST for bytes that are not such a body, or of a kind that is not known.
 *          Writing cannot: a value that is not of its field's kind is written as zero.
 * Tests:   tests/unit/api/test_protobuf.c, test_protobuf_encode.c, tests/fuzz/fuzz_protobuf.c,
 *          fuzz_protobuf_encode.c
 */
#ifndef API_PROTOBUF_H
#define API_PROTOBUF_H

#include "api/kind.h"

typedef struct Err Err;

int protobuf_decode(Arena *a, Slice body, Value **ret, Err *err) MUST_CHECK;

/* A body with the object `v` of type `t`. */
void protobuf_write(const Type *t, const char *api_version, const char *kind, const Value *v,
                    Buf *out);
/* The type by the object's own apiVersion and kind; false, and nothing written, when it has none
 * that protobuf knows. */
bool protobuf_encode(Arena *a, const Value *v, Buf *out);

/* A list, item by item: open it in an empty Buf, add its items, and close it. The body that is then
 * in the Buf does not begin at its beginning. */
void protobuf_list_open(const Value *meta, Buf *out);
void protobuf_list_add(const Type *t, const Value *item, Buf *out);
Slice protobuf_list_close(const char *api_version, const char *kind, Buf *out);

/* A frame of a watch: its length in four bytes, then a WatchEvent without a head, whose object is a
 * whole body (of protobuf_write()). Rule: apimachinery's length-delimited framer and raw
 * serializer. */
void protobuf_write_event(const char *type, Slice object, Buf *out);

#endif
