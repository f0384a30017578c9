/*
 * unwrap.h - a key that tests wrap with each provider, and the try to get it back.
 */
#ifndef TESTS_UNIT_KEYS_UNWRAP_H
#define TESTS_UNIT_KEYS_UNWRAP_H

#include "base/secret.h"
#include "keys/provider.h"
#include "tests/unit/test.h"

static const uint8_t sample[KEY_BYTES] = "0123456789abcdef0123456789abcde";

/* What the provider says to it; where that is 0, it gave the sample. */
static int try_unwrap(KeyProvider *k, const char *id, const Buf *wrapped)
{
    AUTO_SECRET *got = secret_new();
    Err err;
    int r = k->type->unwrap(k, id, buf_slice(wrapped), got, &err);

    if (r == 0)
        assert_memory_equal(got, sample, KEY_BYTES);
    return r;
}

#endif
