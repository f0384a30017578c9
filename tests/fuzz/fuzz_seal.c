/* The encrypted body of a row. Nothing that we did not seal opens. */
#include "store/seal.h"

#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t key[32] = {7};
    static const SealPlace place = {"cluster", "secrets", "ns", "name"};
    AUTO_BUF plain = BUF_INIT;
    Err err;

    BUG_ON(seal_open(key, &place, (Slice){(const char *)data, size}, &plain, &err) == 0);
    return 0;
}
