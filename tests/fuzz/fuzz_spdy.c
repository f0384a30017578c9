/* Frames of a forwarded port as a server that means harm sends them. */
#include "base/err.h"
#include "cli/spdy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Slice in = {(const char *)data, size};
    SpdyFrame f;
    Err err;
    int n;

    while ((n = spdy_parse(in, &f, &err)) > 0) {
        BUG_ON((size_t)n > in.len || f.payload.ptr + f.payload.len != in.ptr + n);
        in.ptr += n;
        in.len -= (size_t)n;
    }
    return 0;
}
