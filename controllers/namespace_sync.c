#include "controllers/namespace_sync.h"

#include "client/meta.h"

bool namespace_set_conditions(Arena *a, Value *ns, const NamespaceContent *c, int64_t now_us)
{
    AUTO_BUF rest = BUF_INIT, finalizers = BUF_INIT;
    bool changed = false;

    for (uint32_t i = 0; i < c->n_rest; i++)
        buf_addf(&rest, "%s%s has %u resource instances", i > 0 ? ", " : "", c->rest[i].resource,
                 c->rest[i].n);
    for (uint32_t i = 0; i < c->n_finalizers; i++)
        buf_addf(&finalizers, "%s%s in %u resource instances", i > 0 ? ", " : "",
                 c->finalizers[i].finalizer, c->finalizers[i].n);

    Condition conditions[] = {
        {"NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered",
         "All resources successfully discovered", false},
        {"NamespaceDeletionGroupVersionParsingFailure", "False", "ParsedGroupVersions",
         "All legacy kube types successfully parsed", false},
        {"NamespaceDeletionContentFailure", "False", "ContentDeleted",
         "All content successfully deleted, may be waiting on finalization", false},
        {"NamespaceContentRemaining", "False", "ContentRemoved", "All content successfully removed",
         false},
        {"NamespaceFinalizersRemaining", "False", "ContentHasNoFinalizers",
         "All content-preserving finalizers finished", false},
    };

    if (c->delete_error) {
        conditions[2].status = "True";
        conditions[2].reason = "ContentDeletionFailed";
        conditions[2].message = arena_printf(
            a, "Failed to delete all resource types, 1 remaining: %s", c->delete_error);
    }
    if (c->n_rest > 0) {
        conditions[3].status = "True";
        conditions[3].reason = "SomeResourcesRemain";
        conditions[3].message = arena_printf(a, "Some resources are remaining: %s", buf_str(&rest));
    }
    if (c->n_finalizers > 0) {
        conditions[4].status = "True";
        conditions[4].reason = "SomeFinalizersRemain";
        conditions[4].message = arena_printf(
            a, "Some content in the namespace has finalizers remaining: %s", buf_str(&finalizers));
    }
    for (size_t i = 0; i < ARRAY_LEN(conditions); i++)
        changed = condition_set(a, ns, &conditions[i], now_us) || changed;
    return changed;
}
