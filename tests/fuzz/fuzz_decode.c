/* fuzz_decode.c - any JSON for a few kinds: decoding, defaulting and validation give an answer. The
 * first byte picks the kind. */
#include "api/decode.h"
#include "api/validate.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    FieldErrs errs = {.arena = a};
    Warnings w = {0};
    const Resource *all;
    Value *v, *again;
    size_t n;

    if (size < 1)
        return 0;
    all = resources_builtin(&n);
    all += data[0] % n;
    if (value_parse(a, (Slice){(const char *)data + 1, size - 1}, &v, NULL) < 0)
        return 0;
    if (decode_object(a, all, v, FIELDS_WARN, NULL, &w, NULL) < 0)
        return 0;
    default_object(a, all, v);
    normalize_object(a, all, v);
    again = value_copy(a, v);
    normalize_object(a, all, again);
    BUG_ON(strcmp(value_to_str(a, v), value_to_str(a, again)) != 0);
    validate_create(all, v, &errs);
    validate_update(all, "", v, again, &errs);
    return 0;
}
