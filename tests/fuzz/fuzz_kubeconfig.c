/* A kubeconfig from a stranger, turned into options for every context it names. */
#include "base/err.h"
#include "client/kubeconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_new();
    Value *v, *entry;
    Err err;

    if (kubeconfig_parse(a, (Slice){(const char *)data, size}, &v, &err) == 0) {
        value_each_item(value_get(v, "contexts"), i, entry)
        {
            KubeconfigChoice choice = {.context = value_get_str(entry, "name")};
            HttpOptions o;
            const char *ns;

            /* Files that it names are not read here: a fuzzer must not open what it likes. */
            if (memmem(data, size, "certificate", 11) || memmem(data, size, "client-key", 10))
                continue;
            if (kubeconfig_options(a, v, &choice, &o, &ns, &err) == 0)
                BUG_ON(!o.server || !ns);
        }
    }
    arena_free(a);
    return 0;
}
