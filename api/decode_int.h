/*
 * decode_int.h - what else reads values against their types as api/decode.c does.
 *
 * Threads: any. Frees: everything lives in the arena.
 */
#ifndef API_DECODE_INT_H
#define API_DECODE_INT_H

#include "api/decode.h"

typedef struct Frame { /* path to the value being read; costs nothing until somebody asks */
    const struct Frame *up;
    const char *name; /* member, or NULL for an item */
    uint32_t index;
    bool is_key; /* a key of a map: not part of Go's field path */
} Frame;

void decode__print_path(const Frame *f, Buf *out); /* spec.containers[0].image */
/* "[]string", "v1.PullPolicy" */
void decode__print_go_type(const Field *fd, Buf *out);
/* One value, as the UnmarshalJSON() of the field's type reads it: mistakes name no field. *ret is
 * NULL for a time that is zero. */
int decode__alone(Arena *a, const Field *fd, Value *v, Value **ret, Err *err) MUST_CHECK;

#endif
