#include "api/protobuf.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v;
    Err err;

    if (protobuf_decode(a, (Slice){(const char *)data, size}, &v, &err) == 0)
        (void)value_to_str(a, v);
    return 0;
}
