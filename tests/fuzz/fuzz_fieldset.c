#include "tests/fuzz/fuzz.h"
#include "vcluster/typed.h"

/* Input: a JSON array of a live object, a configuration and fieldsV1. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Typed pod = {.a = a, .type = type_find("io.k8s.api.core.v1.Pod")};
    Typed custom = {.a = a, .type = pod.type, .is_custom = true, .is_open = true};
    const Typed *types[] = {&pod, &custom};
    const Value *live, *config;
    FieldSet *given = NULL;
    Value *v;

    if (size > 65536 || value_parse(a, (Slice){(const char *)data, size}, &v, NULL) < 0)
        return 0;
    live = value_item(v, 0);
    config = value_item(v, 1);
    if (!value_is(live, VALUE_OBJECT) || !value_is(config, VALUE_OBJECT))
        return 0;
    if (fieldset_parse(a, value_item(v, 2), &given)) {
        FieldSet *again = NULL;

        BUG_ON(!fieldset_parse(a, fieldset_print(a, given), &again));
        BUG_ON(!fieldset_equal(given, again));
    }
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        const Typed *t = types[i];
        FieldSet *said = typed_paths(t, config);
        FieldDiff d = typed_compare(t, live, config), none = typed_compare(t, live, live);

        BUG_ON(!fieldset_is_empty(none.changed) || !fieldset_is_empty(none.removed));
        BUG_ON(!fieldset_is_empty(fieldset_minus(a, said, typed_with_fields(t, said))));
        (void)typed_remove(t, typed_merge(t, live, config), fieldset_union(a, given, d.removed));
        (void)typed_check(t, config);
    }
    return 0;
}
