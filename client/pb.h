/*
 * pb.h - protobuf by table: a message description, a JSON tree, bytes.
 *
 * The container runtime interface is spoken as trees (base/value.h): a call site says what it
 * sends by the names of the fields, an answer is read with value_at(). The tables (cri_schema.c)
 * hold the field numbers; what a table does not name is skipped on reading.
 *
 * Bytes fields are VALUE_STRING with their raw bytes (value->n is the length). Enums are numbers.
 *
 * Threads: any; tables never change.
 * Fails:   pb_decode() with ERR_INTERNAL when the bytes are no message of that type.
 * Tests:   tests/unit/agent/test_pb.c, tests/fuzz/fuzz_pb.c
 */
#ifndef CLIENT_PB_H
#define CLIENT_PB_H

#include "base/value.h"

typedef struct Err Err;
typedef struct PbMessage PbMessage;

typedef enum PbKind {
    PB_STRING,
    PB_BYTES,
    PB_BOOL,
    PB_INT,  /* int32, int64, enums */
    PB_UINT, /* uint32, uint64 */
    PB_MSG,
    PB_MAP, /* map<string, string> */
} PbKind;

typedef struct PbField {
    uint32_t number;
    PbKind kind;
    bool is_repeated;
    const char *name;
    const PbMessage *msg; /* PB_MSG */
} PbField;

struct PbMessage {
    const PbField *fields;
    uint32_t n_fields;
};

enum { PB_MAX_DEPTH = 32 };

/* Members that the table does not name are a BUG: a misspelt field must not vanish. */
void pb_encode(const PbMessage *m, const Value *v, Buf *out);
int pb_decode(Arena *a, const PbMessage *m, Slice bytes, Value **ret, Err *err) MUST_CHECK;

#endif
