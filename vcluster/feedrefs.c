#include "vcluster/feedrefs.h"

#include "base/mem.h"

static const char configmaps[] = "configmaps";
static const char secrets[] = "secrets";

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

static void add_containers(FeedRefs *r, const Value *list)
{
    const Value *c, *e;

    value_each_item(list, i, c)
    {
        value_each_item(value_get(c, "envFrom"), j, e)
        {
            add(r, configmaps, value_at_str(e, "configMapRef.name"));
            add(r, secrets, value_at_str(e, "secretRef.name"));
        }
        value_each_item(value_get(c, "env"), k, e)
        {
            add(r, configmaps, value_at_str(e, "valueFrom.configMapKeyRef.name"));
            add(r, secrets, value_at_str(e, "valueFrom.secretKeyRef.name"));
        }
    }
}

static void add_volumes(FeedRefs *r, const Value *list)
{
    const Value *v, *s;

    value_each_item(list, i, v)
    {
        add(r, configmaps, value_at_str(v, "configMap.name"));
        add(r, secrets, value_at_str(v, "secret.secretName"));
        value_each_item(value_at(v, "projected.sources"), j, s)
        {
            add(r, configmaps, value_at_str(s, "configMap.name"));
            add(r, secrets, value_at_str(s, "secret.name"));
        }
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
    FeedRefs *r = xcalloc(1, sizeof(*r));

    r->revision = pod->revision;
    r->account = xstrdup(account && account[0] ? account : "default");
    add(r, configmaps, "kube-root-ca.crt");
    add_volumes(r, value_get(spec, "volumes"));
    add_containers(r, value_get(spec, "initContainers"));
    add_containers(r, value_get(spec, "containers"));
    add_containers(r, value_get(spec, "ephemeralContainers"));
    add_pull_secrets(r, value_get(spec, "imagePullSecrets"));
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
    free(r);
}
