#include "vcluster/policies.h"

#include "base/err.h"
#include "base/mem.h"

#define GROUP "admissionregistration/"

struct PolicySet {
    _Atomic uint32_t refs;
    int64_t stamps[2]; /* of the caches it was made from */
    Arena *arena;      /* of the bindings */
    Policy **items;    /* by name */
    size_t n;
    PolicyBinding *bindings; /* by name */
    size_t n_bindings;
};

static void policy_unref(Policy *p)
{
    if (p && atomic_fetch_sub(&p->refs, 1) == 1)
        arena_free(p->arena); /* the policy is in it */
}

void policies_unref(void *x)
{
    PolicySet *s = x;

    if (!s || atomic_fetch_sub(&s->refs, 1) != 1)
        return;
    for (size_t i = 0; i < s->n; i++)
        policy_unref(s->items[i]);
    arena_free(s->arena);
}

/* ---- compiling ---- */

static const char *trimmed(Arena *a, const char *text)
{
    Slice s = slice_trim(slice_of(text ? text : ""));

    return arena_strndup(a, s.ptr, s.len);
}

static PolicyRules rules_new(Arena *a, const Value *list)
{
    uint32_t n = value_len(list);
    PolicyRule *items = arena_array(a, PolicyRule, n + 1);

    memset(items, 0, (n + 1) * sizeof(*items));
    return (PolicyRules){items, n};
}

static PolicyRules compile_all(Arena *a, PolicyEnv *env, const Value *list, const char *field,
                               PolicyAnswer answer)
{
    PolicyRules rules = rules_new(a, list);
    const Value *v;

    value_each_item(list, i, v)
    {
        PolicyRule *r = &rules.items[i];
        CelProgram *program = NULL;

        r->text = trimmed(a, value_get_str(v, field));
        r->name = value_get_str(v, "name");
        r->wrong = policyexpr_compile(env, r->text, answer, &program);
        r->program = r->wrong ? NULL : program;
    }
    return rules;
}

PolicyRules policies_conditions(Arena *a, PolicyEnv *env, const Value *match_conditions)
{
    return compile_all(a, env, match_conditions, "expression", POLICY_BOOL);
}

static void compile_variables(Policy *p, PolicyEnv *messages, const Value *list)
{
    const Value *v;

    p->variables = rules_new(p->arena, list);
    value_each_item(list, i, v)
    {
        PolicyRule *r = &p->variables.items[i];
        CelProgram *program;

        r->name = value_get_str(v, "name") ? value_get_str(v, "name") : "";
        r->text = trimmed(p->arena, value_get_str(v, "expression"));
        r->wrong = policyexpr_variable(p->env, r->name, r->text, &r->program);
        (void)policyexpr_variable(messages, r->name, r->text, &program);
    }
}

static void compile_validations(Policy *p, PolicyEnv *messages, const Value *list)
{
    const Value *v;

    p->validations = compile_all(p->arena, p->env, list, "expression", POLICY_BOOL);
    value_each_item(list, i, v)
    {
        PolicyRule *r = &p->validations.items[i];
        const char *text = trimmed(p->arena, value_get_str(v, "messageExpression"));

        r->message =
            value_get_str(v, "message") ? trimmed(p->arena, value_get_str(v, "message")) : NULL;
        r->reason = value_get_str(v, "reason");
        if (text[0] &&
            policyexpr_compile(messages, text, POLICY_STRING, &r->message_program) != NULL)
            r->message_program = NULL;
    }
}

static void compile_mutations(Policy *p, const Value *list)
{
    const Value *v;

    p->mutations = rules_new(p->arena, list);
    value_each_item(list, i, v)
    {
        PolicyRule *r = &p->mutations.items[i];
        CelProgram *program = NULL;

        r->is_json_patch = str_eq(value_get_str(v, "patchType"), "JSONPatch");
        r->text = value_at_str(v, r->is_json_patch ? "jsonPatch.expression"
                                                   : "applyConfiguration.expression");
        r->text = r->text ? r->text : "";
        r->wrong = policyexpr_compile(
            p->env, r->text, r->is_json_patch ? POLICY_JSON_PATCHES : POLICY_OBJECT_MADE, &program);
        r->program = r->wrong ? NULL : program;
    }
}

static Policy *policy_new(const Obj *o, PolicyFamily family)
{
    Arena *a = arena_new();
    Policy *p = arena_new0(a, Policy);
    const Value *spec = value_get(obj_to_value(a, o, NULL, NULL), "spec");
    bool has_params = value_is(value_get(spec, "paramKind"), VALUE_OBJECT);
    unsigned flags = has_params ? POLICY_HAS_PARAMS : 0u;
    PolicyEnv *messages = policyexpr_env(a, flags);

    flags |= POLICY_HAS_AUTHORIZER | (family == POLICIES_MUTATING ? POLICY_MAKES_PATCHES : 0u);
    p->refs = 1;
    p->arena = a;
    p->revision = o->revision;
    p->name = arena_strdup(a, o->name);
    p->is_ignoring = str_eq(value_get_str(spec, "failurePolicy"), "Ignore");
    p->is_reinvoked = str_eq(value_get_str(spec, "reinvocationPolicy"), "IfNeeded");
    p->match = value_get(spec, "matchConstraints");
    p->param_kind = has_params ? value_get(spec, "paramKind") : NULL;
    p->env = policyexpr_env(a, flags);
    compile_variables(p, messages, value_get(spec, "variables"));
    p->conditions = policies_conditions(a, p->env, value_get(spec, "matchConditions"));
    if (family == POLICIES_MUTATING) {
        compile_mutations(p, value_get(spec, "mutations"));
        return p;
    }
    compile_validations(p, messages, value_get(spec, "validations"));
    p->audits = compile_all(a, p->env, value_get(spec, "auditAnnotations"), "valueExpression",
                            POLICY_STRING_OR_NULL);
    for (uint32_t i = 0; i < p->audits.n; i++)
        p->audits.items[i].name =
            value_get_str(value_item(value_get(spec, "auditAnnotations"), i), "key");
    return p;
}

/* ---- the set of a cluster ---- */

static Policy *find_compiled(const PolicySet *old, const Obj *o)
{
    for (size_t i = 0; old && i < old->n; i++)
        if (old->items[i]->revision == o->revision && str_eq(old->items[i]->name, o->name)) {
            atomic_fetch_add(&old->items[i]->refs, 1);
            return old->items[i];
        }
    return NULL;
}

static PolicySet *build(const PolicySet *old, PolicyFamily family, const ObjVec *policies,
                        const ObjVec *bindings)
{
    Arena *a = arena_new();
    PolicySet *s = arena_new0(a, PolicySet);

    s->refs = 1;
    s->arena = a;
    s->items = arena_array(a, Policy *, policies->n + 1);
    for (size_t i = 0; i < policies->n; i++) {
        Policy *p = find_compiled(old, policies->items[i]);

        s->items[s->n++] = p ? p : policy_new(policies->items[i], family);
    }
    s->bindings = arena_array(a, PolicyBinding, bindings->n + 1);
    for (size_t i = 0; i < bindings->n; i++) {
        const Value *v = obj_to_value(a, bindings->items[i], NULL, NULL);
        const char *policy = value_at_str(v, "spec.policyName");

        s->bindings[s->n_bindings++] = (PolicyBinding){arena_strdup(a, bindings->items[i]->name),
                                                       policy ? policy : "", value_get(v, "spec")};
    }
    return s;
}

/* Bindings are not even loaded while there is no policy. */
static int read_both(Request *req, const char *const storages[2], ObjVec *const lists[2],
                     int64_t *stamps)
{
    CacheScan all = {0};
    int64_t revision;
    bool more;
    int s = STEP_OK;

    for (int i = 0; !s && i < 2 && (i == 0 || lists[0]->n > 0); i++) {
        Cache *k = NULL;

        s = engine_cache(req, req->cluster, storages[i], &k);
        if (s)
            return s;
        stamps[i] = cache_changed(k);
        s = read_list(req, req->cluster, storages[i], &all, lists[i], &revision, &more);
    }
    return s;
}

int policies_need(Request *req, PolicyFamily family, const PolicySet **ret)
{
    static const char *const storages[POLICY_FAMILY_MAX_][2] = {
        [POLICIES_VALIDATING] = {GROUP "validatingadmissionpolicies",
                                 GROUP "validatingadmissionpolicybindings"},
        [POLICIES_MUTATING] = {GROUP "mutatingadmissionpolicies",
                               GROUP "mutatingadmissionpolicybindings"},
    };
    ClusterExt *ext = cluster_ext(req->cluster);
    AUTO_OBJVEC policies = {0}, bindings = {0};
    ObjVec *lists[2] = {&policies, &bindings};
    PolicySet *now, *old, *made;
    int64_t stamps[2];
    int s = read_both(req, storages[family], lists, stamps);

    *ret = NULL;
    if (s || policies.n == 0 || bindings.n == 0)
        return s;
    pthread_mutex_lock(&ext->lock);
    old = ext->policies[family];
    if (old)
        atomic_fetch_add(&old->refs, 1);
    pthread_mutex_unlock(&ext->lock);
    now = old;
    if (!old || memcmp(old->stamps, stamps, sizeof(stamps)) != 0) {
        made = build(old, family, &policies, &bindings);
        memcpy(made->stamps, stamps, sizeof(stamps));
        policies_unref(old);
        now = made;
        atomic_fetch_add(&now->refs, 1);
        pthread_mutex_lock(&ext->lock);
        old = ext->policies[family];
        ext->policies[family] = made;
        pthread_mutex_unlock(&ext->lock);
        policies_unref(old);
    }
    arena_on_free(req->arena, policies_unref, now);
    *ret = now;
    return STEP_OK;
}

Policy *const *policies_all(const PolicySet *s, size_t *ret_n)
{
    *ret_n = s ? s->n : 0;
    return s ? s->items : NULL;
}

const PolicyBinding *policies_bindings(const PolicySet *s, size_t *ret_n)
{
    *ret_n = s ? s->n_bindings : 0;
    return s ? s->bindings : NULL;
}
