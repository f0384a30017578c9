/* A token that says it is of a foreign issuer. */
#include "base/err.h"
#include "base/jws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Jws t;

    if (jws_parse(a, (Slice){(const char *)data, size}, &t, NULL) == 0)
        BUG_ON(!t.alg || !t.claims || !t.issuer || t.signature.len == 0);
    return 0;
}
