/*
 * b64.h - base64: the standard alphabet with padding, and the URL alphabet without.
 *
 * Threads: any.
 * Fails:   decoding answers false for anything that an encoder would not have written: foreign
 *          characters, wrong padding, bits left over. Nothing is appended then.
 * Tests:   tests/unit/base/test_b64.c
 */
#ifndef BASE_B64_H
#define BASE_B64_H

#include "base/buf.h"

void b64_encode(Slice in, Buf *out);
bool b64_decode(Slice in, Buf *out) MUST_CHECK; /* line breaks are skipped, as Go does */
void b64url_encode(Slice in, Buf *out);
bool b64url_decode(Slice in, Buf *out) MUST_CHECK;

#endif
