/* The encrypted body of a row. Nothing that we did not seal opens. */
#include "store/seal.h"

#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static DataKey key = {.bytes = {7}};
    static const SealPlace place = {"cluster", "secrets", "ns", "name"};
    AUTO_BUF plain = BUF_INIT;
    Slice sealed = {(const char *)data, size};
    Err err;

    key.version = seal_version(sealed); /* as a reader finds the key */
    BUG_ON(seal_open(&key, &place, sealed, &plain, &err) == 0);
    /* The older keys of a cluster, too. */
    BUG_ON(size > 0 && datakeys_open_older(&key, "uid", sealed, &err) == 0);
    return 0;
}
