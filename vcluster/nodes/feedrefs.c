#include "vcluster/feedrefs.h"

#include "api/podrefs.h"
#include "base/mem.h"

static const char configmaps[] = "configmaps";
static const char secrets[] = "secrets";
static const char claims[] = "persistentvolumeclaims";

static void add(FeedRefs *r, const char *storage, const char *name)
{
    if (!name || !name[0])
        return;
    for (size_t i = 0; i < r->n; i++)
        if (r->items[i].storage == storage && strcmp(r->items[i].name, name) == 0)
            return;
    GROW(r->items, r->cap, r->n + 1);
    r->items[r->n++] = (FeedRef){storage, xstrdup(name)};
}

static bool on_ref(const char *storage, const char *name, void *data)
{
    if (str_eq(storage, configmaps))
        add(data, configmaps, name);
    else if (str_eq(storage, secrets))
        add(data, secrets, name);
    else if (str_eq(storage, claims))
        add(data, claims, name);
    return false;
}

/* The claims that belong to the pod itself. */
static void add_ephemeral(FeedRefs *r, const Value *list, const char *pod)
{
    const Value *v;

    value_each_item(list, i, v)
    {
        AUTO_FREE char *claim = NULL;

        if (!value_get(v, "ephemeral") || !value_get_str(v, "name"))
            continue;
        claim = xasprintf("%s-%s", pod, value_get_str(v, "name"));
        add(r, claims, claim);
    }
}

static void add_pull_secrets(FeedRefs *r, const Value *list)
{
    const Value *v;

    value_each_item(list, i, v) add(r, secrets, value_get_str(v, "name"));
}

FeedRefs *feed_refs_of(const Obj *pod)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = obj_to_value(a, pod, NULL, NULL), *spec = value_get(v, "spec");
    const char *account = value_get_str(spec, "serviceAccountName");
    const char *class = value_get_str(spec, "runtimeClassName");
    FeedRefs *r = xcalloc(1, sizeof(*r));

    r->revision = pod->revision;
    r->account = xstrdup(account && account[0] ? account : "default");
    add(r, configmaps, "kube-root-ca.crt");
    if (class && class[0])
        r->runtime_class = xstrdup(class);
    (void)podrefs_visit(v, on_ref, r);
    add_ephemeral(r, value_get(spec, "volumes"), pod->name);
    return r;
}

FeedRefs *feed_refs_of_account(const Obj *service_account)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = obj_to_value(a, service_account, NULL, NULL);
    FeedRefs *r = xcalloc(1, sizeof(*r));

    r->account = xstrdup("");
    add_pull_secrets(r, value_get(v, "imagePullSecrets"));
    return r;
}

void feed_refs_free(void *refs)
{
    FeedRefs *r = refs;

    if (!r)
        return;
    for (size_t i = 0; i < r->n; i++)
        free(r->items[i].name);
    free(r->items);
    free(r->account);
    free(r->runtime_class);
    free(r);
}
