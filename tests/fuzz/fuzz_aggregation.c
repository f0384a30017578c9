/* What an extension API server says that it serves: a list of resources, an index of OpenAPI. */
#include "base/err.h"
#include "base/mem.h"
#include "vcluster/aggregation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char path[] = "/apis/wardle.example.com/v1alpha1";
    CLEANUP(arena_free) Arena *a = arena_new();
    Slice in = {(const char *)data, size};
    AUTO_FREE char *url = agg_read_openapi(in, path);
    AUTO_BUF list = BUF_INIT;
    Value *v, *of;
    Err err;

    BUG_ON(url && (!str_starts(url, "/openapi/v3/apis/wardle.example.com/v1alpha1") ||
                   strpbrk(url, " \r\n\"")));
    if (!agg_read_resources(in, path, &list))
        return 0;
    BUG_ON(value_parse(a, buf_slice(&list), &v, &err) < 0);
    of = agg_version_of(a, "v1alpha1", v, false);
    BUG_ON(!value_is(value_get(of, "resources"), VALUE_ARRAY));
    return 0;
}
