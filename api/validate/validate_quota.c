/*
 * validate_quota.c - resource quotas and limit ranges.
 */
#include "api/validate_int.h"

/* ---- resource quotas ---- */

#define COMPUTE "pods|cpu|memory|requests.cpu|requests.memory|limits.cpu|limits.memory"

/* The scopes and the resources, of those that quotas know, that each may count. */
static const struct {
    const char *scope, *resources;
} scope_rows[] = {
    {"BestEffort", "pods"},
    {"NotBestEffort", COMPUTE},
    {"Terminating", COMPUTE},
    {"NotTerminating", COMPUTE},
    {"PriorityClass", COMPUTE},
    {"CrossNamespacePodAffinity", COMPUTE},
    {"VolumeAttributesClass", "persistentvolumeclaims|requests.storage"},
};

#define QUOTA_RESOURCES                                                                            \
    "cpu|memory|ephemeral-storage|requests.cpu|requests.memory|requests.storage|"                  \
    "requests.ephemeral-storage|limits.cpu|limits.memory|limits.ephemeral-storage|pods|"           \
    "resourcequotas|services|replicationcontrollers|secrets|persistentvolumeclaims|configmaps|"    \
    "services.nodeports|services.loadbalancers"

static bool is_quota_name(const char *name)
{
    return str_starts(name, "requests.hugepages-") || str_starts(name, "hugepages-") ||
           one_of(name, QUOTA_RESOURCES);
}

static const char *resources_of(const char *scope)
{
    for (size_t i = 0; i < ARRAY_LEN(scope_rows); i++)
        if (strcmp(scope_rows[i].scope, scope) == 0)
            return scope_rows[i].resources;
    return NULL;
}

static void check_quota_name(FieldErrs *e, const Path *p, const char *name)
{
    validate__resource_name(e, p, name);
    if (!strchr(name, '/') && !is_quota_name(name))
        bad_str(e, p, name, "must be a standard resource for quota");
}

/* One scope against what the quota counts. */
static void check_scope(FieldErrs *e, const Path *p, const Value *shown, const char *scope,
                        const Value *hard)
{
    const char *resources = resources_of(scope);

    if (!resources)
        bad(e, p, shown, "unsupported scope");
    value_each_member(hard, m)
    {
        if (is_quota_name(m->name) && !strchr(m->name, '/') && resources &&
            !one_of(m->name, resources))
            bad(e, p, shown, "unsupported scope applied to resource");
    }
}

static void check_conflicts(FieldErrs *e, const Path *p, const Value *shown, const Value *scopes)
{
    static const char *const pairs[][2] = {{"BestEffort", "NotBestEffort"},
                                           {"Terminating", "NotTerminating"}};

    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        if (value_has_str(scopes, pairs[i][0]) && value_has_str(scopes, pairs[i][1]))
            bad(e, p, shown, "conflicting scopes");
}

static void check_scopes(FieldErrs *e, const Path *p, const Value *scopes, const Value *hard)
{
    const Value *s;

    value_each_item(scopes, i, s)
        check_scope(e, p, scopes, value_to_cstr(s) ? value_to_cstr(s) : "", hard);
    check_conflicts(e, p, scopes, scopes);
}

static void check_scope_values(FieldErrs *e, const Path *at, const Value *x)
{
    const char *op = str_of(x, "operator");
    const Value *values = value_get(x, "values");

    if (one_of(op, "In|NotIn")) {
        if (value_len(values) == 0)
            missing(e, AT(at, "values"),
                    "must be at least one value when `operator` is 'In' or 'NotIn' for scope "
                    "selector");
    } else if (one_of(op, "Exists|DoesNotExist")) {
        if (value_len(values) > 0)
            bad(e, AT(at, "values"), values,
                "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope "
                "selector");
    } else {
        bad_str(e, AT(at, "operator"), op, "not a valid selector operator");
    }
}

static void check_scope_selector(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *selector = value_get(spec, "scopeSelector"), *hard = value_get(spec, "hard");
    const Path *at = AT(p, "matchExpressions");
    Value *shown = validate__go_shown(e, "io.k8s.api.core.v1.ScopeSelector", selector);
    Value *scopes = value_array(e->arena);
    const Value *x;

    value_each_item(value_get(selector, "matchExpressions"), i, x)
    {
        const char *op = str_of(x, "operator"), *scope = str_of(x, "scopeName");

        if (!resources_of(scope))
            bad_str(e, AT(at, "scopeName"), scope, "unsupported scope");
        value_each_member(hard, m)
        {
            const char *resources = resources_of(scope);

            if (is_quota_name(m->name) && resources && !one_of(m->name, resources))
                bad(e, at, shown, "unsupported scope applied to resource");
        }
        if (one_of(scope, "Terminating|NotTerminating|BestEffort|NotBestEffort|"
                          "CrossNamespacePodAffinity") &&
            strcmp(op, "Exists") != 0)
            bad_str(e, AT(at, "operator"), op,
                    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, "
                    "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, "
                    "ResourceQuotaScopeNotBestEffort or "
                    "ResourceQuotaScopeCrossNamespacePodAffinity");
        check_scope_values(e, at, x);
        value_append(e->arena, scopes, value_str(e->arena, scope));
    }
    /* what is shown is the list next to it */
    check_conflicts(e, at, has(spec, "scopes") ? value_get(spec, "scopes") : value_null(e->arena),
                    scopes);
}

static void check_amounts(FieldErrs *e, const Path *p, const Value *map)
{
    value_each_member(map, m)
    {
        const Path *at = AT_KEY(p, m->name);

        check_quota_name(e, at, m->name);
        validate__quantity(e, at, m->name, m->value);
    }
}

static void create_quota(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *hard = value_get(spec, "hard");

    check_amounts(e, AT(p, "hard"), hard);
    check_scopes(e, AT(p, "scopes"), value_get(spec, "scopes"), hard);
    if (has(spec, "scopeSelector"))
        check_scope_selector(e, AT(p, "scopeSelector"), spec);
}

/* Whether two lists of scopes have the same ones. */
static bool is_same_set(const Value *x, const Value *y)
{
    const Value *s;

    value_each_item(x, i, s) if (!value_has_str(y, value_to_cstr(s))) return false;
    value_each_item(y, i, s) if (!value_has_str(x, value_to_cstr(s))) return false;
    return true;
}

static void update_quota(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const Value *now = value_at(v, "spec.scopes"), *before = value_at(old, "spec.scopes");
    const Value *status = value_get(v, "status");

    if (sub[0]) {
        if (!has(v, "metadata"))
            return;
        check_amounts(e, AT(AT(NULL, "status"), "hard"), value_get(status, "hard"));
        check_amounts(e, AT(AT(NULL, "status"), "used"), value_get(status, "used"));
        return;
    }
    create_quota(e, v);
    if (!is_same_set(now, before))
        bad(e, AT(AT(NULL, "spec"), "scopes"), now ? now : value_null(e->arena),
            "field is immutable");
}

/* ---- limit ranges ---- */

typedef struct Limits { /* the five maps of one limit */
    const Value *min, *max, *deflt, *request, *ratio;
} Limits;

static const char *text_of(const Value *v)
{
    return value_to_cstr(v) ? value_to_cstr(v) : "";
}

static bool is_greater(const Value *a, const Value *b)
{
    Quantity x, y;

    return a && b && quantity_of_value(a, &x) && quantity_of_value(b, &y) && x.nano > y.nano;
}

static void check_ratio(FieldErrs *e, const Path *p, const char *name, const Limits *l)
{
    const Value *ratio = value_get(l->ratio, name);
    const Path *at = AT_KEY(AT(p, "maxLimitRequestRatio"), name);
    Quantity r, min, max;
    double most;

    if (!ratio || !quantity_of_value(ratio, &r))
        return;
    if (r.nano < 1000000000)
        bad(e, at, ratio, "ratio %s is less than 1", text_of(ratio));
    if (!quantity_of_value(value_get(l->min, name), &min) ||
        !quantity_of_value(value_get(l->max, name), &max) || min.nano == 0)
        return;
    most = (double)max.nano / (double)min.nano;
    if ((double)r.nano / 1e9 > most)
        bad(e, at, ratio, "ratio %s is greater than max/min = %f", text_of(ratio), most);
}

static void check_limit(FieldErrs *e, const Path *p, const char *name, const Limits *l)
{
    const Value *min = value_get(l->min, name), *max = value_get(l->max, name);
    const Value *d = value_get(l->deflt, name), *r = value_get(l->request, name);
    Quantity x, y;

    if (is_greater(min, max))
        bad(e, AT_KEY(AT(p, "min"), name), min, "min value %s is greater than max value %s",
            text_of(min), text_of(max));
    if (is_greater(min, r))
        bad(e, AT_KEY(AT(p, "defaultRequest"), name), r,
            "min value %s is greater than default request value %s", text_of(min), text_of(r));
    if (is_greater(r, max))
        bad(e, AT_KEY(AT(p, "defaultRequest"), name), r,
            "default request value %s is greater than max value %s", text_of(r), text_of(max));
    if (is_greater(r, d))
        bad(e, AT_KEY(AT(p, "defaultRequest"), name), r,
            "default request value %s is greater than default limit value %s", text_of(r),
            text_of(d));
    if (is_greater(min, d))
        bad(e, AT_KEY(AT(p, "default"), name), min, "min value %s is greater than default value %s",
            text_of(min), text_of(d));
    if (is_greater(d, max))
        bad(e, AT_KEY(AT(p, "default"), name), max, "default value %s is greater than max value %s",
            text_of(d), text_of(max));
    check_ratio(e, p, name, l);
    if (!validate__is_overcommit(name) && r && d && quantity_of_value(r, &x) &&
        quantity_of_value(d, &y) && x.nano != y.nano)
        bad(e, AT_KEY(AT(p, "defaultRequest"), name), r,
            "default value %s must equal to defaultRequest value %s in %s", text_of(d), text_of(r),
            name);
}

static void check_limit_names(FieldErrs *e, const Path *p, const Value *map, const char *type,
                              Value *all)
{
    value_each_member(map, m)
    {
        const Path *at = AT_KEY(p, m->name);

        if (one_of(type, "Pod|Container"))
            validate__container_resource(e, at, m->name);
        else
            validate__resource_name(e, at, m->name);
        value_set(e->arena, all, m->name, m->value);
    }
}

static void check_limit_item(FieldErrs *e, const Path *p, const Value *item)
{
    const char *type = str_of(item, "type");
    Limits l = {value_get(item, "min"), value_get(item, "max"), value_get(item, "default"),
                value_get(item, "defaultRequest"), value_get(item, "maxLimitRequestRatio")};
    Value *all = value_object(e->arena);

    check_limit_names(e, AT(p, "max"), l.max, type, all);
    check_limit_names(e, AT(p, "min"), l.min, type, all);
    if (strcmp(type, "Pod") == 0) {
        if (value_len(l.deflt) > 0)
            forbidden(e, AT(p, "default"), "may not be specified when `type` is 'Pod'");
        if (value_len(l.request) > 0)
            forbidden(e, AT(p, "defaultRequest"), "may not be specified when `type` is 'Pod'");
    } else {
        check_limit_names(e, AT(p, "default"), l.deflt, type, all);
        check_limit_names(e, AT(p, "defaultRequest"), l.request, type, all);
    }
    if (strcmp(type, "PersistentVolumeClaim") == 0 && !value_get(l.min, "storage") &&
        !value_get(l.max, "storage"))
        missing(e, AT(p, "limits"),
                "either minimum or maximum storage value is required, but neither was provided");
    check_limit_names(e, AT(p, "maxLimitRequestRatio"), l.ratio, type, all);
    value_each_member(all, m) check_limit(e, p, m->name, &l);
}

static void create_limit_range(FieldErrs *e, const Value *v)
{
    const Value *limits = value_at(v, "spec.limits"), *item;

    value_each_item(limits, i, item)
    {
        const Path *at = AT_ITEM(AT(AT(NULL, "spec"), "limits"), i);
        const char *type = str_of(item, "type");
        uint32_t before = e->n;
        bool twice = false;

        check_name(e, AT(at, "type"), type, names__qualified);
        if (e->n == before && !strchr(type, '/') &&
            !one_of(type, "Pod|Container|PersistentVolumeClaim"))
            bad_str(e, AT(at, "type"), type, "must be a standard limit type or fully qualified");
        for (uint32_t k = 0; k < i; k++)
            twice |= strcmp(str_of(value_item(limits, k), "type"), type) == 0;
        if (twice)
            duplicate(e, AT(at, "type"), type);
        check_limit_item(e, at, item);
    }
}

const KindRow validate__quotas[] = {
    {"", "ResourceQuota", names__dns1123_subdomain, create_quota, update_quota},
    {"", "LimitRange", names__dns1123_subdomain, create_limit_range, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
