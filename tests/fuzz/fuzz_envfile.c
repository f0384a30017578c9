/* fuzz_envfile.c - files of variables, which containers write. */
#include "agent/envfile.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_BUF out = BUF_INIT;
    int r = envfile_find((Slice){(const char *)data, size}, "A", &out, NULL);

    BUG_ON(r < 0 && out.len > 0);
    BUG_ON(out.len > size);
    BUG_ON(out.len > 0 && memchr(out.ptr, '\'', out.len));
    return 0;
}
