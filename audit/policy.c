#include "audit/policy.h"

#include "api/decode.h"
#include "api/validate.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/yaml.h"

#include <stdatomic.h>

typedef const char *const *Strings; /* ends with NULL; NULL: not given */

typedef struct Resources {
    const char *group;
    Strings resources, names;
} Resources;

typedef struct Rule {
    AuditLevel level;
    Strings users, groups, verbs, namespaces, urls;
    const Resources *resources;
    uint32_t n_resources;
    uint32_t omitted; /* BIT(AuditStage), the policy's included */
    bool omits_managed;
} Rule;

struct AuditPolicy {
    _Atomic uint32_t refs;
    Arena *arena;
    const Rule *rules;
    uint32_t n_rules;
};

static const char *const levels[] = {"None", "Metadata", "Request", "RequestResponse"};
static const char *const stages[] = {"RequestReceived", "ResponseStarted", "ResponseComplete",
                                     "Panic"};

const char *audit_level_name(AuditLevel l)
{
    return levels[l];
}

const char *audit_stage_name(AuditStage s)
{
    return stages[s];
}

/* ---- compiling ---- */

static Strings strings_of(Arena *a, const Value *list)
{
    const char **out;
    const Value *v;
    uint32_t n = 0;

    if (value_len(list) == 0)
        return NULL;
    out = arena_array(a, const char *, value_len(list) + 1);
    value_each_item(list, i, v) if (value_to_cstr(v)) out[n++] = arena_strdup(a, v->str);
    return out;
}

static uint32_t stages_of(const Value *list)
{
    uint32_t bits = 0;
    const Value *v;

    value_each_item(list, i, v)
    {
        for (uint32_t k = 0; k < ARRAY_LEN(stages); k++)
            if (str_eq(value_to_cstr(v), stages[k]))
                bits |= 1u << k;
    }
    return bits;
}

static AuditLevel level_of(const char *name)
{
    for (uint32_t i = 0; i < ARRAY_LEN(levels); i++)
        if (str_eq(name, levels[i]))
            return (AuditLevel)i;
    return AUDIT_NONE;
}

static void compile_rule(Arena *a, const Value *policy, const Value *v, Rule *ret)
{
    const Value *list = value_get(v, "resources"), *item, *omits;
    Resources *all = arena_array(a, Resources, value_len(list) + 1);

    ret->level = level_of(value_get_str(v, "level"));
    ret->users = strings_of(a, value_get(v, "users"));
    ret->groups = strings_of(a, value_get(v, "userGroups"));
    ret->verbs = strings_of(a, value_get(v, "verbs"));
    ret->namespaces = strings_of(a, value_get(v, "namespaces"));
    ret->urls = strings_of(a, value_get(v, "nonResourceURLs"));
    value_each_item(list, i, item)
    {
        const char *group = value_get_str(item, "group");

        all[ret->n_resources++] = (Resources){arena_strdup(a, group ? group : ""),
                                              strings_of(a, value_get(item, "resources")),
                                              strings_of(a, value_get(item, "resourceNames"))};
    }
    ret->resources = all;
    ret->omitted =
        stages_of(value_get(policy, "omitStages")) | stages_of(value_get(v, "omitStages"));
    omits = value_get(v, "omitManagedFields");
    ret->omits_managed = value_is(omits, VALUE_BOOL) ? value_is_true(omits)
                                                     : value_at_bool(policy, "omitManagedFields");
}

AuditPolicy *audit_policy_new(const Value *policy)
{
    const Value *list = value_get(policy, "rules"), *v;
    Arena *a = arena_new_sized(1024);
    AuditPolicy *p = arena_new0(a, AuditPolicy);
    Rule *rules = arena_array(a, Rule, value_len(list) + 1);

    p->arena = a;
    p->refs = 1;
    p->rules = rules;
    value_each_item(list, i, v) compile_rule(a, policy, v, &rules[p->n_rules++]);
    return p;
}

AuditPolicy *audit_policy_ref(const AuditPolicy *p)
{
    AuditPolicy *mine = (AuditPolicy *)p;

    if (mine)
        atomic_fetch_add_explicit(&mine->refs, 1, memory_order_relaxed);
    return mine;
}

void audit_policy_unref(AuditPolicy *p)
{
    if (p && atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) == 1)
        arena_free(p->arena); /* with itself */
}

/* ---- the file ---- */

/* What is left when the file's own head is taken off is of the same fields as our spec. */
static int decode_file(Arena *a, Value *v, Err *err)
{
    const Type *type = type_find("io.hostplane.audit.v1.AuditPolicySpec");
    Warnings warnings = {0};

    if (!str_eq(value_get_str(v, "apiVersion"), "audit.k8s.io/v1") ||
        !str_eq(value_get_str(v, "kind"), "Policy"))
        return err_set(err, ERR_BAD_REQUEST, "is no Policy of audit.k8s.io/v1");
    (void)value_del(v, "apiVersion");
    (void)value_del(v, "kind");
    (void)value_del(v, "metadata");
    return decode_type(a, type, "Policy", "audit.k8s.io/v1", v, FIELDS_STRICT, NULL, &warnings,
                       err);
}

int audit_policy_parse(Slice text, const char *name, AuditPolicy **ret, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    FieldErrs e = {.arena = a};
    Value *v = NULL;
    int r = value_parse_yaml(a, text, &v, err);

    if (r == 0)
        r = decode_file(a, v, err);
    if (r < 0)
        return err_wrap(err, r, "%s", name);
    validate_audit_policy(v, &e);
    if (e.n > 0)
        return err_set(err, ERR_BAD_REQUEST, "%s: %s: %s", name, e.items[0].field,
                       e.items[0].message);
    if (value_len(value_get(v, "rules")) == 0)
        return err_set(err, ERR_BAD_REQUEST, "%s: a policy without rules", name);
    *ret = audit_policy_new(v);
    return 0;
}

/* ---- judging ---- */

static bool has(Strings list, const char *s)
{
    for (; *list; list++)
        if (strcmp(*list, s) == 0)
            return true;
    return false;
}

static bool has_any(Strings list, const char *const *of)
{
    for (; *of; of++)
        if (has(list, *of))
            return true;
    return false;
}

/* "pods", "pods/log", "pods/STAR", "STAR/scale", "STAR", where STAR is * */
static bool matches_resource(const char *spec, const AuditAttrs *at)
{
    const char *slash = strchr(spec, '/');
    size_t n = slash ? (size_t)(slash - spec) : strlen(spec);
    bool is_all = n == 1 && spec[0] == '*';
    bool is_named = strlen(at->resource) == n && strncmp(spec, at->resource, n) == 0;

    if (!slash)
        return is_all || (is_named && !at->subresource[0]);
    if (is_all && at->subresource[0] && strcmp(slash + 1, at->subresource) == 0)
        return true;
    if (!is_named)
        return false;
    return strcmp(slash + 1, "*") == 0 ||
           (at->subresource[0] && strcmp(slash + 1, at->subresource) == 0);
}

static bool matches_group(const Resources *r, const AuditAttrs *at)
{
    if (strcmp(r->group, at->group) != 0)
        return false;
    if (!r->resources)
        return true;
    if (r->names && !has(r->names, at->name))
        return false;
    for (Strings spec = r->resources; *spec; spec++)
        if (matches_resource(*spec, at))
            return true;
    return false;
}

static bool matches_object(const Rule *r, const AuditAttrs *at)
{
    if (!at->is_resource || (r->namespaces && !has(r->namespaces, at->ns)))
        return false;
    for (uint32_t i = 0; i < r->n_resources; i++)
        if (matches_group(&r->resources[i], at))
            return true;
    return r->n_resources == 0;
}

static bool matches_url(const Rule *r, const AuditAttrs *at)
{
    for (Strings spec = r->urls; !at->is_resource && *spec; spec++) {
        size_t n = strlen(*spec);

        if (strcmp(*spec, "*") == 0 || strcmp(*spec, at->path) == 0)
            return true;
        if (n > 0 && (*spec)[n - 1] == '*' && strncmp(*spec, at->path, n - 1) == 0)
            return true;
    }
    return false;
}

static bool matches(const Rule *r, const AuditAttrs *at)
{
    if ((r->users && !has(r->users, at->user)) || (r->groups && !has_any(r->groups, at->groups)) ||
        (r->verbs && !has(r->verbs, at->verb)))
        return false;
    if (r->namespaces || r->n_resources > 0)
        return matches_object(r, at);
    return !r->urls || matches_url(r, at);
}

void audit_policy_judge(const AuditPolicy *p, const AuditAttrs *at, AuditVerdict *v)
{
    const Rule *r = NULL;

    for (uint32_t i = 0; p && i < p->n_rules && !r; i++)
        r = matches(&p->rules[i], at) ? &p->rules[i] : NULL;
    for (uint32_t s = 0; r && s < AUDIT_STAGE_MAX_; s++)
        if (!(r->omitted & 1u << s))
            v->level[s] = MAX(v->level[s], r->level);
    if (r && r->level >= AUDIT_REQUEST && !r->omits_managed)
        v->keeps_managed = true;
}

void audit_verdict_raise(AuditVerdict *v, AuditLevel l)
{
    for (int s = AUDIT_RESPONSE_STARTED; s < AUDIT_STAGE_MAX_; s++)
        v->level[s] = MAX(v->level[s], l);
}

/* Requests whose bodies hold keys, passwords or tokens. NULL: any. */
static const struct {
    const char *group, *resource, *subresource;
} secret_bodies[] = {
    {"", "secrets", NULL},
    {"", "serviceaccounts", "token"},
    {"authentication.k8s.io", "tokenreviews", NULL},
    {"tenancy.hostplane.io", "tenants", "access"},
    {"tenancy.hostplane.io", "tenants", "kubeconfig"},
    {"node.hostplane.io", NULL, NULL},
};

void audit_verdict_cap(const AuditAttrs *at, AuditVerdict *v)
{
    for (size_t i = 0; i < ARRAY_LEN(secret_bodies); i++) {
        if (!at->is_resource || strcmp(secret_bodies[i].group, at->group) != 0 ||
            (secret_bodies[i].resource && strcmp(secret_bodies[i].resource, at->resource) != 0) ||
            (secret_bodies[i].subresource &&
             strcmp(secret_bodies[i].subresource, at->subresource) != 0))
            continue;
        for (int s = 0; s < AUDIT_STAGE_MAX_; s++)
            v->level[s] = MIN(v->level[s], AUDIT_METADATA);
    }
}
