#include "controllers/namespace_sync.h"

#include "client/meta.h"

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* In the order of the texts, so that they stay as they are. */
static const char *list_of(Arena *a, const char **texts, uint32_t n)
{
    AUTO_BUF out = BUF_INIT;

    if (n > 1)
        qsort(texts, n, sizeof(*texts), by_text);
    for (uint32_t i = 0; i < n; i++)
        buf_addf(&out, "%s%s", i > 0 ? ", " : "", texts[i]);
    return arena_strdup(a, buf_str(&out));
}

static const char *why_unknown(Arena *a, const NamespaceContent *c)
{
    const char **away = arena_array(a, const char *, c->n_away);

    for (uint32_t i = 0; i < c->n_away; i++)
        away[i] = arena_printf(a, "%s: stale GroupVersion discovery: %s", c->away[i], c->away[i]);
    return arena_printf(a,
                        "Discovery failed for some groups, %u failing: unable to retrieve the "
                        "complete list of server APIs: %s",
                        c->n_away, list_of(a, away, c->n_away));
}

static const char *why_undeleted(Arena *a, const NamespaceContent *c)
{
    const char **errors = arena_array(a, const char *, c->n_errors);

    memcpy(errors, c->errors, c->n_errors * sizeof(*errors));
    return arena_printf(a, "Failed to delete all resource types, %u remaining: %s", c->n_errors,
                        list_of(a, errors, c->n_errors));
}

bool namespace_set_conditions(Arena *a, Value *ns, const NamespaceContent *c, int64_t now_us)
{
    const char **rest = arena_array(a, const char *, c->n_rest + 1);
    const char **finalizers = arena_array(a, const char *, c->n_finalizers + 1);
    bool changed = false;

    for (uint32_t i = 0; i < c->n_rest; i++)
        rest[i] =
            arena_printf(a, "%s has %u resource instances", c->rest[i].resource, c->rest[i].n);
    for (uint32_t i = 0; i < c->n_finalizers; i++)
        finalizers[i] = arena_printf(a, "%s in %u resource instances", c->finalizers[i].finalizer,
                                     c->finalizers[i].n);

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

    if (c->n_away > 0) {
        conditions[0].status = "True";
        conditions[0].reason = "DiscoveryFailed";
        conditions[0].message = why_unknown(a, c);
    }
    if (c->n_errors > 0) {
        conditions[2].status = "True";
        conditions[2].reason = "ContentDeletionFailed";
        conditions[2].message = why_undeleted(a, c);
    }
    if (c->n_rest > 0) {
        conditions[3].status = "True";
        conditions[3].reason = "SomeResourcesRemain";
        conditions[3].message =
            arena_printf(a, "Some resources are remaining: %s", list_of(a, rest, c->n_rest));
    }
    if (c->n_finalizers > 0) {
        conditions[4].status = "True";
        conditions[4].reason = "SomeFinalizersRemain";
        conditions[4].message =
            arena_printf(a, "Some content in the namespace has finalizers remaining: %s",
                         list_of(a, finalizers, c->n_finalizers));
    }
    for (size_t i = 0; i < ARRAY_LEN(conditions); i++)
        changed = condition_set(a, ns, &conditions[i], now_us) || changed;
    return changed;
}
