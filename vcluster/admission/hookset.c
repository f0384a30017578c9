#include "base/mem.h"
#include "vcluster/webhooks.h"

#define GROUP "admissionregistration/"

typedef struct HookConfig { /* one configuration, compiled once for each revision of it */
    _Atomic uint32_t refs;
    Arena *arena;
    int64_t revision;
    const char *name;
    Hook *hooks;
    size_t n;
} HookConfig;

struct HookSet {
    _Atomic uint32_t refs;
    int64_t stamp; /* of the cache it was made from */
    Arena *arena;
    HookConfig **configs; /* by name */
    size_t n_configs;
    Hook *hooks;
    size_t n;
};

static void config_unref(HookConfig *c)
{
    if (c && atomic_fetch_sub(&c->refs, 1) == 1)
        arena_free(c->arena); /* the configuration is in it */
}

void hookset_unref(void *x)
{
    HookSet *s = x;

    if (!s || atomic_fetch_sub(&s->refs, 1) != 1)
        return;
    for (size_t i = 0; i < s->n_configs; i++)
        config_unref(s->configs[i]);
    arena_free(s->arena);
}

const Hook *hookset_all(const HookSet *s, size_t *ret_n)
{
    *ret_n = s ? s->n : 0;
    return s ? s->hooks : NULL;
}

/* ---- compiling ---- */

/* What policymatch() reads. */
static const Value *constraints_of(Arena *a, const Value *hook)
{
    static const char *const kept[] = {"matchPolicy", "namespaceSelector", "objectSelector"};
    Value *v = value_object(a), *rules = value_get(hook, "rules");

    if (value_len(rules) == 0)
        return NULL; /* nothing is covered */
    value_set(a, v, "resourceRules", rules);
    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        if (value_get(hook, kept[i]))
            value_set(a, v, kept[i], value_get(hook, kept[i]));
    return v;
}

static const char *review_version(const Value *hook)
{
    const Value *v;

    value_each_item(value_get(hook, "admissionReviewVersions"), i, v)
    {
        if (str_eq(value_to_cstr(v), "v1") || str_eq(value_to_cstr(v), "v1beta1"))
            return value_to_cstr(v);
    }
    return "v1";
}

static void compile(Arena *a, const HookConfig *c, const Value *v, uint32_t index, Hook *ret)
{
    const char *effects = value_get_str(v, "sideEffects"), *name = value_get_str(v, "name");

    *ret = (Hook){
        .config = c->name,
        .name = name ? name : "",
        .id = arena_printf(a, "%s/%s/%u", c->name, name ? name : "", index),
        .client = value_get(v, "clientConfig"),
        .version = review_version(v),
        .timeout_s = value_at_int(v, "timeoutSeconds", 10),
        .allows_dry_run = str_eq(effects, "None") || str_eq(effects, "NoneOnDryRun"),
        .is_reinvoked = str_eq(value_get_str(v, "reinvocationPolicy"), "IfNeeded"),
    };
    ret->match.arena = a;
    ret->match.name = ret->name;
    ret->match.is_ignoring = str_eq(value_get_str(v, "failurePolicy"), "Ignore");
    ret->match.match = constraints_of(a, v);
    ret->match.env = policyexpr_env(a, POLICY_HAS_AUTHORIZER);
    ret->match.conditions = policies_conditions(a, ret->match.env, value_get(v, "matchConditions"));
}

static HookConfig *config_new(const Obj *o)
{
    Arena *a = arena_new();
    HookConfig *c = arena_new0(a, HookConfig);
    const Value *list = value_get(obj_to_value(a, o, NULL, NULL), "webhooks"), *v;

    c->refs = 1;
    c->arena = a;
    c->revision = o->revision;
    c->name = arena_strdup(a, o->name);
    c->hooks = arena_array(a, Hook, value_len(list) + 1);
    value_each_item(list, i, v) compile(a, c, v, (uint32_t)i, &c->hooks[c->n++]);
    return c;
}

/* ---- the set of a cluster ---- */

static HookConfig *find_compiled(const HookSet *old, const Obj *o)
{
    for (size_t i = 0; old && i < old->n_configs; i++)
        if (old->configs[i]->revision == o->revision && str_eq(old->configs[i]->name, o->name)) {
            atomic_fetch_add(&old->configs[i]->refs, 1);
            return old->configs[i];
        }
    return NULL;
}

static HookSet *build(const HookSet *old, const ObjVec *configs, int64_t stamp)
{
    Arena *a = arena_new();
    HookSet *s = arena_new0(a, HookSet);
    size_t n = 0;

    s->refs = 1;
    s->arena = a;
    s->stamp = stamp;
    s->configs = arena_array(a, HookConfig *, configs->n + 1);
    for (size_t i = 0; i < configs->n; i++) {
        HookConfig *c = find_compiled(old, configs->items[i]);

        s->configs[s->n_configs] = c ? c : config_new(configs->items[i]);
        n += s->configs[s->n_configs++]->n;
    }
    s->hooks = arena_array(a, Hook, n + 1);
    for (size_t i = 0; i < s->n_configs; i++)
        for (size_t k = 0; k < s->configs[i]->n; k++)
            s->hooks[s->n++] = s->configs[i]->hooks[k];
    return s;
}

static HookSet *current(ClusterExt *ext, HookFamily family)
{
    HookSet *s;

    pthread_mutex_lock(&ext->lock);
    s = ext->hooks[family];
    if (s)
        atomic_fetch_add(&s->refs, 1);
    pthread_mutex_unlock(&ext->lock);
    return s;
}

static void replace(ClusterExt *ext, HookFamily family, HookSet *made)
{
    HookSet *old;

    atomic_fetch_add(&made->refs, 1);
    pthread_mutex_lock(&ext->lock);
    old = ext->hooks[family];
    ext->hooks[family] = made;
    pthread_mutex_unlock(&ext->lock);
    hookset_unref(old);
}

int hookset_need(Request *req, HookFamily family, const HookSet **ret)
{
    static const char *const storages[HOOK_FAMILY_MAX_] = {
        [HOOKS_MUTATING] = GROUP "mutatingwebhookconfigurations",
        [HOOKS_VALIDATING] = GROUP "validatingwebhookconfigurations",
    };
    ClusterExt *ext = cluster_ext(req->cluster);
    AUTO_OBJVEC configs = {0};
    HookSet *now, *made;
    CacheScan all = {0};
    int64_t revision, stamp;
    Cache *k = NULL;
    bool more;
    int s = engine_cache(req, req->cluster, storages[family], &k);

    *ret = NULL;
    if (s)
        return s;
    stamp = cache_changed(k);
    s = read_list(req, req->cluster, storages[family], &all, &configs, &revision, &more);
    if (s || configs.n == 0)
        return s;
    now = current(ext, family);
    if (!now || now->stamp != stamp) {
        made = build(now, &configs, stamp);
        hookset_unref(now);
        replace(ext, family, made);
        now = made;
    }
    arena_on_free(req->arena, hookset_unref, now);
    *ret = now;
    return STEP_OK;
}
