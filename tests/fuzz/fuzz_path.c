/* fuzz_path.c - request paths and queries: any bytes give a route, none a crash. */
#include "vcluster/vcluster_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    char *text = arena_strndup(a, (const char *)data, size);
    char *query = strchr(text, '?');
    Query q;
    Route r;

    if (query)
        *query++ = '\0';
    query_parse(a, query ? query : "", &q);
    route_parse(a, "GET", text, &q, &r);
    BUG_ON(!r.ns || !r.name || !r.resource || !r.subresource || !r.verb || !r.path);
    return 0;
}
