/*
 * protobuf.h - Kubernetes' protobuf bodies, read by the kind tables.
 *
 * A body is the four bytes "k8s\0" and a runtime.Unknown message: apiVersion and kind, then the
 * object's own bytes. What comes out is the tree that the same object's JSON would have given:
 * zero values that Go's encoder always writes are left out again.
 *
 * Owns:    nothing; the tree lives in the arena.
 * Threads: any.
 * Fails:   ERR_BAD_REQUEST for bytes that are not such a body, or of a kind that is not known.
 * Tests:   tests/unit/api/test_protobuf.c, tests/fuzz/fuzz_protobuf.c
 */
#ifndef API_PROTOBUF_H
#define API_PROTOBUF_H

#include "api/kind.h"

typedef struct Err Err;

int protobuf_decode(Arena *a, Slice body, Value **ret, Err *err) MUST_CHECK;
/* A Status, the only kind that is answered so. */
void protobuf_write_status(const Value *status, Buf *out);

#endif
