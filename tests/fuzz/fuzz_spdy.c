/* fuzz_spdy.c - frames of a runtime's streaming server. */
#include "agent/spdy.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Slice rest = {(const char *)data, size};
    SpdyFrame f;
    int64_t n;

    while ((n = spdy_frame_parse(rest, &f, NULL)) > 0) {
        BUG_ON((size_t)n > rest.len || f.data.ptr + f.data.len > rest.ptr + n);
        rest = (Slice){rest.ptr + n, rest.len - (size_t)n};
    }
    return 0;
}
