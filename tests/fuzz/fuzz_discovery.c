/* A discovery document as a foreign issuer serves it. */
#include "base/err.h"
#include "tenancy/oidc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *uri = NULL;

    if (tenancy__oidc_discovery(a, (Slice){(const char *)data, size}, "https://i", &uri, NULL) == 0)
        BUG_ON(!str_starts(uri, "https://") || strchr(uri, '\n') || strchr(uri, ' '));
    return 0;
}
