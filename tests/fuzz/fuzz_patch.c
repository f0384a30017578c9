#include "api/patch.h"
#include "base/err.h"
#include "tests/fuzz/fuzz.h"

/* A merge, and its result read against the type: what the converter lets pass, the decoder takes.
 */
static void merge(Arena *a, const Type *t, const Value *object, Value *patch)
{
    Warnings unknown = {0};
    Value *result;
    Err err;

    if (patch_strategic(a, t, object, patch, &result, NULL) < 0 || !t)
        return;
    BUG_ON(!patch_go_text(a, patch));
    if (patch_convert(a, t, result, &unknown, NULL) == 0)
        BUG_ON(decode_type(a, t, NULL, NULL, result, FIELDS_IGNORE, NULL, NULL, &err) < 0);
}

/* Input: a JSON array of object, patch and the configuration applied last. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Type *types[] = {type_find("io.k8s.api.core.v1.PodSpec"),
                           type_find("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"),
                           type_find("io.k8s.api.core.v1.Secret"), NULL};
    const Value *object, *patch, *last;
    Value *v, *result, *diff;
    char *before;
    int r; /* any answer is fine, as long as there is one */

    if (size > 65536 || value_parse(a, (Slice){(const char *)data, size}, &v, NULL) < 0)
        return 0;
    object = value_item(v, 0);
    patch = value_item(v, 1);
    last = value_item(v, 2);
    if (!value_is(object, VALUE_OBJECT) || !patch)
        return 0;
    before = value_to_str(a, v);
    r = patch_json(a, object, patch, &result, NULL);
    r = patch_merge(a, object, patch, &result, NULL);
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        merge(a, types[i], object, value_copy(a, patch));
        if (value_is(last, VALUE_OBJECT) && value_is(patch, VALUE_OBJECT) &&
            patch_three_way(a, types[i], last, object, patch, &diff, NULL) == 0)
            merge(a, types[i], object, diff);
    }
    BUG_ON(strcmp(before, value_to_str(a, v)) != 0); /* inputs stay as they are */
    return 0 * r;
}
