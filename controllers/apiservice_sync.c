#include "controllers/apiservice_sync.h"

#include "client/meta.h"

#define MANAGED "kube-aggregator.kubernetes.io/automanaged"

/* Groups of definitions stand behind all built-in ones. */
enum { GROUP_PRIORITY = 1000, VERSION_PRIORITY = 100 };

static Value *spec_of(Arena *a, const char *group, const char *version)
{
    Value *spec = value_object(a);

    value_set_str(a, spec, "group", group);
    value_set_str(a, spec, "version", version);
    value_set_int(a, spec, "groupPriorityMinimum", GROUP_PRIORITY);
    value_set_int(a, spec, "versionPriority", VERSION_PRIORITY);
    return spec;
}

static Value *named(Value *const *have, uint32_t n, const char *name)
{
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(meta_name(have[i]), name))
            return have[i];
    return NULL;
}

static const char *how_managed(const Value *service)
{
    return value_get_str(value_at(service, "metadata.labels"), MANAGED);
}

typedef struct Plan {
    Arena *arena;
    const char *group;
    Value *wanted; /* keys: names of APIServices */
    ApiServiceAction *actions;
    uint32_t n;
} Plan;

static void act(Plan *p, ApiServiceDo what, Value *object)
{
    p->actions[p->n++] = (ApiServiceAction){what, object};
}

static void want(Plan *p, const char *version, Value *const *have, uint32_t n_have)
{
    Arena *a = p->arena;
    const char *name = arena_printf(a, "%s.%s", version, p->group);
    Value *spec, *v = named(have, n_have, name);

    if (value_get(p->wanted, name))
        return;
    value_set(a, p->wanted, name, value_null(a));
    spec = spec_of(a, p->group, version);
    if (!v) {
        v = value_literal(a, "{'apiVersion':'apiregistration.k8s.io/v1','kind':'APIService',"
                             "'metadata':{'labels':{'" MANAGED "':'true'}}}");
        value_set_str(a, value_get(v, "metadata"), "name", name);
        value_set(a, v, "spec", spec);
        act(p, APISERVICE_CREATE, v);
    } else if (how_managed(v) && !value_equal(value_get(v, "spec"), spec)) {
        value_set(a, v, "spec", spec);
        act(p, APISERVICE_UPDATE, v);
    }
}

uint32_t apiservice_plan(Arena *a, const char *group, Value *const *crds, uint32_t n_crds,
                         Value *const *have, uint32_t n_have, ApiServiceAction **ret)
{
    Plan p = {.arena = a, .group = group, .wanted = value_object(a)};
    const Value *version;
    uint32_t most = n_have;

    for (uint32_t i = 0; i < n_crds; i++) {
        const Value *versions = value_at(crds[i], "spec.versions");

        most += versions ? versions->n : 0;
    }
    p.actions = arena_alloc(a, sizeof(*p.actions) * (most + 1));
    for (uint32_t i = 0; i < n_crds; i++)
        value_each_item(value_at(crds[i], "spec.versions"), k, version)
        {
            if (value_at_bool(version, "served"))
                want(&p, value_get_str(version, "name"), have, n_have);
        }
    /* Those of the program itself ("onstart") are not ours to delete. */
    for (uint32_t i = 0; i < n_have; i++)
        if (str_eq(how_managed(have[i]), "true") && !value_get(p.wanted, meta_name(have[i])))
            act(&p, APISERVICE_DELETE, have[i]);
    *ret = p.actions;
    return p.n;
}
