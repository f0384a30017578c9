#include "base/value.h"
#include "tests/fuzz/fuzz.h"

static void on_dup(const char *path, void *data)
{
    *(size_t *)data += strlen(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF pretty = BUF_INIT;
    size_t n_dups = 0;
    char *text, *own = arena_strndup(a, (const char *)data, size);
    Value *v, *again;
    int r = value_parse_own(a, own, size, &again, NULL);

    BUG_ON(r !=
           value_parse_strict(a, (Slice){(const char *)data, size}, on_dup, &n_dups, &v, NULL));
    if (r < 0)
        return 0;
    BUG_ON(!value_equal(v, again));
    text = value_to_str(a, v);
    BUG_ON(value_parse(a, slice_of(text), &again, NULL) < 0);
    BUG_ON(strcmp(text, value_to_str(a, again)) != 0);
    value_print_pretty(v, 4, &pretty);
    BUG_ON(value_parse(a, buf_slice(&pretty), &again, NULL) < 0);
    BUG_ON(!value_equal(v, again));
    BUG_ON(!value_equal(v, value_copy(a, v)));
    return 0;
}
