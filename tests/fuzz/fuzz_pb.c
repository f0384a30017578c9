/* fuzz_pb.c - messages of the container runtime: what is read can be written and read again. */
#include "agent/cri_schema.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const PbMessage *m;
    AUTO_BUF bytes = BUF_INIT;
    Value *v, *again;

    if (size == 0)
        return 0;
    m = cri_methods[data[0] % CRI_METHOD_MAX_].response;
    if (pb_decode(a, m, (Slice){(const char *)data + 1, size - 1}, &v, NULL) < 0)
        return 0;
    pb_encode(m, v, &bytes);
    BUG_ON(pb_decode(a, m, buf_slice(&bytes), &again, NULL) < 0);
    return 0;
}
