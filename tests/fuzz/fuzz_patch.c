#include "api/patch.h"
#include "tests/fuzz/fuzz.h"

/* Input: a JSON array of object, patch and the configuration applied last. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Type *types[] = {type_find("io.k8s.api.core.v1.PodSpec"),
                           type_find("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"), NULL};
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
        r = patch_strategic(a, types[i], object, patch, &result, NULL);
        if (value_is(last, VALUE_OBJECT) && value_is(patch, VALUE_OBJECT) &&
            patch_three_way(a, types[i], last, object, patch, &diff, NULL) == 0)
            r = patch_strategic(a, types[i], object, diff, &result, NULL);
    }
    BUG_ON(strcmp(before, value_to_str(a, v)) != 0); /* inputs stay as they are */
    return 0 * r;
}
