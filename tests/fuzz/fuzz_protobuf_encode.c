/* fuzz_protobuf_encode.c - any JSON as an object of a kind: its bytes are read back, and what comes
 * back stays as it is. The first byte picks the kind, the second whether it is a list. */
#include "api/protobuf.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Value *there_and_back(Arena *a, const Value *v)
{
    AUTO_BUF out = BUF_INIT;
    Value *back;

    BUG_ON(!protobuf_encode(a, v, &out));
    return protobuf_decode(a, buf_slice(&out), &back, NULL) == 0 ? back : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Resource *all;
    char version[256];
    Value *v, *once, *twice;
    size_t n;

    if (size < 2)
        return 0;
    all = resources_builtin(&n);
    all += data[0] % n;
    if (value_parse(a, (Slice){(const char *)data + 2, size - 2}, &v, NULL) < 0 ||
        v->type != VALUE_OBJECT)
        return 0;
    value_set_str(a, v, "kind", arena_printf(a, "%s%s", all->kind, data[1] & 1 ? "List" : ""));
    value_set_str(a, v, "apiVersion", resource_api_version(all, version));
    once = there_and_back(a, v);
    if (!once)
        return 0;
    twice = there_and_back(a, once);
    BUG_ON(!twice || !value_equal(once, twice));
    return 0;
}
