#include "base/base.h"
#include "hostplane/hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A name lies within the bytes; what is whole stays so, and means the same, whatever follows. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *p = (const char *)data;
    Slice name, less;

    for (size_t n = 0; n < size; n += 1 + n / 8) {
        if (!hello_read((Slice){p, n}, &less))
            BUG_ON(less.len > 0);
        else
            BUG_ON(!hello_read((Slice){p, size}, &name) || !slice_eq(name, less));
    }
    if (hello_read((Slice){p, size}, &name) && name.len > 0)
        BUG_ON(name.ptr < p || name.ptr + name.len > p + size);
    return 0;
}
