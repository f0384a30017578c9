#include "vcluster/policies.h"

#include "base/err.h"
#include "base/mem.h"
#include "vcluster/admission.h"
#include "vcluster/crds.h"

#define POLICIES "admissionregistration/validatingadmissionpolicies"
#define BINDINGS "admissionregistration/validatingadmissionpolicybindings"

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

static Policy *policy_new(const Obj *o)
{
    Arena *a = arena_new();
    Policy *p = arena_new0(a, Policy);
    const Value *spec = value_get(obj_to_value(a, o, NULL, NULL), "spec");
    bool has_params = value_is(value_get(spec, "paramKind"), VALUE_OBJECT);
    unsigned flags = has_params ? POLICY_HAS_PARAMS : 0u;
    PolicyEnv *messages = policyexpr_env(a, flags);

    p->refs = 1;
    p->arena = a;
    p->revision = o->revision;
    p->name = arena_strdup(a, o->name);
    p->is_ignoring = str_eq(value_get_str(spec, "failurePolicy"), "Ignore");
    p->match = value_get(spec, "matchConstraints");
    p->param_kind = has_params ? value_get(spec, "paramKind") : NULL;
    p->conditions = compile_all(a, policyexpr_env(a, flags | POLICY_HAS_AUTHORIZER),
                                value_get(spec, "matchConditions"), "expression", POLICY_BOOL);
    p->env = policyexpr_env(a, flags | POLICY_HAS_AUTHORIZER);
    compile_variables(p, messages, value_get(spec, "variables"));
    compile_validations(p, messages, value_get(spec, "validations"));
    p->audits = compile_all(a, p->env, value_get(spec, "auditAnnotations"), "valueExpression",
                            POLICY_STRING_OR_NULL);
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

static PolicySet *build(const PolicySet *old, const ObjVec *policies, const ObjVec *bindings)
{
    Arena *a = arena_new();
    PolicySet *s = arena_new0(a, PolicySet);

    s->refs = 1;
    s->arena = a;
    s->items = arena_array(a, Policy *, policies->n + 1);
    for (size_t i = 0; i < policies->n; i++) {
        Policy *p = find_compiled(old, policies->items[i]);

        s->items[s->n++] = p ? p : policy_new(policies->items[i]);
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

/* The cluster's set as it is now; NULL when it has no policy. Kept by the request. */
static int need_set(Request *req, const PolicySet **ret)
{
    static const char *const storages[2] = {POLICIES, BINDINGS};
    ClusterExt *ext = cluster_ext(req->cluster);
    AUTO_OBJVEC policies = {0}, bindings = {0};
    ObjVec *lists[2] = {&policies, &bindings};
    PolicySet *now, *old, *made;
    CacheScan all = {0};
    int64_t stamps[2], revision;
    Cache *k[2] = {0};
    bool more;
    int s = STEP_OK;

    *ret = NULL;
    for (int i = 0; !s && i < 2; i++)
        s = engine_cache(req, req->cluster, storages[i], &k[i]);
    for (int i = 0; !s && i < 2; i++) {
        stamps[i] = cache_changed(k[i]);
        s = read_list(req, req->cluster, storages[i], &all, lists[i], &revision, &more);
        if (!s && lists[i]->n == 0)
            return STEP_OK;
    }
    if (s)
        return s;
    pthread_mutex_lock(&ext->lock);
    old = ext->policies;
    if (old)
        atomic_fetch_add(&old->refs, 1);
    pthread_mutex_unlock(&ext->lock);
    now = old;
    if (!old || memcmp(old->stamps, stamps, sizeof(stamps)) != 0) {
        made = build(old, &policies, &bindings);
        memcpy(made->stamps, stamps, sizeof(stamps));
        policies_unref(old);
        now = made;
        atomic_fetch_add(&now->refs, 1);
        pthread_mutex_lock(&ext->lock);
        old = ext->policies;
        ext->policies = made;
        pthread_mutex_unlock(&ext->lock);
        policies_unref(old);
    }
    arena_on_free(req->arena, policies_unref, now);
    *ret = now;
    return STEP_OK;
}

/* ---- parameters ---- */

/* apiVersion and kind to the resource; NULL when the cluster serves none. */
static int param_resource(Request *req, const Value *kind, const Resource **ret)
{
    const char *api = value_get_str(kind, "apiVersion"), *name = value_get_str(kind, "kind");
    const char *slash = api ? strchr(api, '/') : NULL;
    const char *group = slash ? arena_strndup(req->arena, api, (size_t)(slash - api)) : "";
    const char *version = slash ? slash + 1 : api ? api : "";
    ResourceSet all;
    int s;

    *ret = resource_find_kind(group, version, name ? name : "");
    if (*ret)
        return STEP_OK;
    s = crds_need(req);
    if (s)
        return s;
    all = vc_resources(req);
    for (size_t i = 0; i < all.n && !*ret; i++)
        if (str_eq(all.items[i]->group, group) && str_eq(all.items[i]->version, version) &&
            str_eq(all.items[i]->kind, name))
            *ret = all.items[i];
    return STEP_OK;
}

typedef struct Params {
    const Value **items;
    size_t n;
    const char *wrong; /* the binding cannot be used */
} Params;

static int list_params(Request *req, const Resource *r, const char *ns, const Value *selector,
                       Params *ret)
{
    CacheScan scan = {.ns = r->is_namespaced ? ns : NULL};
    AUTO_OBJVEC v = {0};
    Selector *sel = NULL;
    bool none = false, more;
    int64_t revision;
    int s;

    if (selector_from_value(req->arena, selector, &sel, &none, NULL) < 0 || none)
        return STEP_OK;
    s = read_list(req, req->cluster, r->storage, &scan, &v, &revision, &more);
    if (s)
        return s;
    ret->items = arena_array(req->arena, const Value *, v.n + 1);
    for (size_t i = 0; i < v.n; i++)
        if (selector_match_obj(sel, v.items[i]))
            ret->items[ret->n++] = object_tree(req->arena, r, v.items[i]);
    return STEP_OK;
}

static int find_params(Request *req, const Op *op, const Resource *r, const Value *ref, Params *ret)
{
    const char *ns = value_get_str(ref, "namespace"), *name = value_get_str(ref, "name");
    Value *v = NULL;
    int s;

    if (ns && ns[0] && !r->is_namespaced) {
        ret->wrong = "paramRef.namespace must not be provided for a cluster-scoped `paramKind`";
        return STEP_OK;
    }
    if (!ns || !ns[0])
        ns = op->r->is_namespaced ? op->ns : str_eq(op->r->storage, "namespaces") ? op->name : "";
    if (r->is_namespaced && !ns[0]) {
        ret->wrong = "cannot use namespaced paramRef in policy binding that matches cluster-scoped "
                     "resources";
        return STEP_OK;
    }
    if (!name || !name[0])
        return list_params(req, r, ns, value_get(ref, "selector"), ret);
    s = read_tree(req, r, r->is_namespaced ? ns : "", name, &v);
    if (!s && v) {
        ret->items = arena_array(req->arena, const Value *, 1);
        ret->items[ret->n++] = v;
    }
    return s;
}

/* With which parameters a binding runs its policy: one NULL when it takes none. */
static int collect_params(Request *req, const Op *op, const Policy *p, const PolicyBinding *b,
                          const Resource *r, Params *ret)
{
    const Value *ref = value_get(b->spec, "paramRef");
    int s;

    *ret = (Params){0};
    if (!p->param_kind || !value_is(ref, VALUE_OBJECT)) {
        ret->items = arena_array(req->arena, const Value *, 1);
        ret->items[ret->n++] = NULL;
        return STEP_OK;
    }
    s = find_params(req, op, r, ref, ret);
    if (!s && !ret->wrong && ret->n == 0 &&
        str_eq(value_get_str(ref, "parameterNotFoundAction"), "Deny"))
        ret->wrong = "no params found for policy binding with `Deny` parameterNotFoundAction";
    return s;
}

/* ---- the plug-in ---- */

typedef struct Verdict { /* the first refusal of a request is its answer */
    const char *message, *reason;
} Verdict;

static void deny(Request *req, Verdict *v, const Policy *p, const char *binding,
                 const PolicyDenial *d)
{
    if (v->message)
        return;
    v->message =
        binding ? arena_printf(req->arena,
                               "ValidatingAdmissionPolicy '%s' with binding '%s' denied request: "
                               "%s",
                               p->name, binding, d->message)
                : arena_printf(req->arena, "ValidatingAdmissionPolicy '%s' denied request: %s",
                               p->name, d->message);
    v->reason = d->reason ? arena_strdup(req->arena, d->reason) : "Invalid";
}

/* A policy or binding that cannot be used denies, unless failures are ignored. */
static void deny_setup(Request *req, Verdict *v, const Policy *p, const char *binding,
                       const char *why)
{
    PolicyDenial d = {.message = arena_printf(req->arena, "failed to configure %s: %s",
                                              binding ? "binding" : "policy", why)};

    if (!p->is_ignoring)
        deny(req, v, p, binding, &d);
}

static void act(Request *req, Verdict *v, const Policy *p, const PolicyBinding *b,
                const PolicyDenials *denials)
{
    const Value *actions = value_get(b->spec, "validationActions"), *a;

    for (uint32_t i = 0; i < denials->n; i++)
        value_each_item(actions, k, a)
        {
            if (str_eq(value_to_cstr(a), "Deny"))
                deny(req, v, p, b->name, &denials->items[i]);
            else if (str_eq(value_to_cstr(a), "Warn"))
                warnings_add(req->arena, &req->state->warnings,
                             "Validation failed for ValidatingAdmissionPolicy '%s' with binding "
                             "'%s': %s",
                             p->name, b->name, denials->items[i].message);
        }
}

static int apply_binding(Request *req, const Op *op, const Policy *p, const PolicyBinding *b,
                         const Resource *param, Verdict *v)
{
    PolicyDenials denials = {0}, always = {0};
    Params params;
    bool matches;
    int s = policymatch(req, op, value_get(b->spec, "matchResources"), &matches);

    if (s || !matches)
        return s;
    s = collect_params(req, op, p, b, param, &params);
    if (s)
        return s;
    if (params.wrong) {
        deny_setup(req, v, p, b->name, params.wrong);
        return STEP_OK;
    }
    for (size_t i = 0; !s && i < params.n; i++)
        s = policyeval(req, op, p, params.items[i], &denials, &always);
    if (s)
        return s;
    act(req, v, p, b, &denials);
    for (uint32_t i = 0; i < always.n; i++)
        deny(req, v, p, b->name, &always.items[i]);
    return STEP_OK;
}

static int apply_policy(Request *req, const Op *op, const PolicySet *set, const Policy *p,
                        Verdict *v)
{
    const Resource *param = NULL;
    bool matches;
    int s = policymatch(req, op, p->match, &matches);

    if (s || !matches)
        return s;
    if (p->param_kind) {
        s = param_resource(req, p->param_kind, &param);
        if (s)
            return s;
    }
    for (size_t i = 0; i < set->n_bindings; i++) {
        if (!str_eq(set->bindings[i].policy, p->name))
            continue;
        if (p->param_kind && !param) {
            const char *api = value_get_str(p->param_kind, "apiVersion");

            deny_setup(req, v, p, NULL,
                       arena_printf(req->arena,
                                    "failed to find resource referenced by paramKind: '%s%s, "
                                    "Kind=%s'",
                                    api && strchr(api, '/') ? "" : "/", api ? api : "",
                                    value_get_str(p->param_kind, "kind")));
            return STEP_OK;
        }
        s = apply_binding(req, op, p, &set->bindings[i], param, v);
        if (s)
            return s;
    }
    return STEP_OK;
}

static int refuse(Request *req, const Op *op, const Verdict *v)
{
    static const struct {
        const char *reason;
        int code;
    } codes[] = {{"Forbidden", 403}, {"Unauthorized", 401}, {"RequestEntityTooLarge", 413}};
    Arena *a = req->arena;
    const Resource *r = op->r;
    Value *d = status_details(a, r->group, r->plural, op->name);
    int code = 422;

    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (str_eq(v->reason, codes[i].reason))
            code = codes[i].code;
    details_cause(a, d, NULL, v->message, NULL);
    return fail_status(req, code, v->reason, d,
                       arena_printf(a, "%s%s%s \"%s\" is forbidden: %s", r->plural,
                                    r->group[0] ? "." : "", r->group, op->name, v->message));
}

/* Policies cannot lock themselves in. */
static bool is_exempt(const Op *op)
{
    static const char *const exempt[] = {POLICIES, BINDINGS,
                                         "admissionregistration/mutatingadmissionpolicies",
                                         "admissionregistration/mutatingadmissionpolicybindings"};

    for (size_t i = 0; i < ARRAY_LEN(exempt); i++)
        if (str_eq(op->r->storage, exempt[i]))
            return true;
    return false;
}

int policies_validate(Request *req, Op *op)
{
    const PolicySet *set;
    Verdict v = {0};
    int s;

    if (is_exempt(op))
        return STEP_OK;
    s = need_set(req, &set);
    for (size_t i = 0; !s && set && i < set->n; i++)
        s = apply_policy(req, op, set, set->items[i], &v);
    if (s || !v.message)
        return s;
    return refuse(req, op, &v);
}
