#include "vcluster/policies.h"

static bool list_has(const Value *list, const char *one)
{
    const Value *v;

    value_each_item(list, i, v)
    {
        if (str_eq(value_to_cstr(v), "*") || str_eq(value_to_cstr(v), one))
            return true;
    }
    return false;
}

/* "pods", "pods/status", "pods/ *", "* /scale", "*", "* / *" */
static bool resource_matches(const Value *list, const char *plural, const char *sub)
{
    const Value *v;

    value_each_item(list, i, v)
    {
        Slice res, rest = slice_of(value_to_cstr(v) ? value_to_cstr(v) : "");

        (void)slice_cut(&rest, '/', &res);
        if ((slice_is(res, "*") || slice_is(res, plural)) &&
            (slice_is(rest, "*") || slice_is(rest, sub)))
            return true;
    }
    return false;
}

static bool scope_matches(const Value *rule, const Op *op)
{
    const char *scope = value_get_str(rule, "scope");
    bool in_namespace = op->r->is_namespaced; /* a namespace itself is none */

    if (str_eq(scope, "Namespaced"))
        return in_namespace;
    return !str_eq(scope, "Cluster") || !in_namespace;
}

static bool rule_names(const Value *rule, const Resource *r)
{
    return list_has(value_get(rule, "apiGroups"), r->group) &&
           list_has(value_get(rule, "apiVersions"), r->version);
}

/* Another version or group of the same objects. */
static const Resource *equivalent_of(Request *req, const Value *rule, const Op *op, const char *sub)
{
    ResourceSet all = vc_resources(req);

    for (size_t i = 0; i < all.n; i++)
        if (all.items[i] != op->r && str_eq(all.items[i]->storage, op->r->storage) &&
            rule_names(rule, all.items[i]) &&
            resource_matches(value_get(rule, "resources"), all.items[i]->plural, sub))
            return all.items[i];
    return NULL;
}

/* As what the rule takes the object; NULL: it does not cover it. */
static const Resource *rule_matches(Request *req, const Value *rule, const Op *op,
                                    bool by_equivalents)
{
    const char *sub = op->sub ? op->sub->name : "";
    const Value *names = value_get(rule, "resourceNames"), *v;
    bool named = value_len(names) == 0;

    value_each_item(names, i, v) named = named || str_eq(value_to_cstr(v), op->name);
    if (!named || !list_has(value_get(rule, "operations"), op->verb) || !scope_matches(rule, op))
        return NULL;
    if (by_equivalents)
        return equivalent_of(req, rule, op, sub);
    return rule_names(rule, op->r) &&
                   resource_matches(value_get(rule, "resources"), op->r->plural, sub)
               ? op->r
               : NULL;
}

/* Any rule that names the resource itself goes before one that names another version of it. */
static const Resource *any_rule(Request *req, const Value *rules, const Op *op, bool is_exact)
{
    const Value *rule;

    for (int round = 0; round < (is_exact ? 1 : 2); round++)
        value_each_item(rules, i, rule)
        {
            const Resource *as = rule_matches(req, rule, op, round == 1);

            if (as)
                return as;
        }
    return NULL;
}

static bool is_everything(const Value *selector)
{
    return value_len(value_get(selector, "matchLabels")) +
               value_len(value_get(selector, "matchExpressions")) ==
           0;
}

static bool labels_match(Request *req, const Value *selector, const Value *object)
{
    Selector *sel = NULL;
    bool none = false;

    return selector_from_value(req->arena, selector, &sel, &none, NULL) == 0 && !none &&
           selector_match_labels(sel, value_at(object, "metadata.labels"));
}

static int namespace_matches(Request *req, const Op *op, const Value *selector, bool *ret)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("namespaces"));
    bool is_namespace = str_eq(op->r->storage, "namespaces");
    Value *ns = NULL;
    int s;

    *ret = true;
    if (is_everything(selector) || (!op->r->is_namespaced && !is_namespace))
        return STEP_OK;
    if (is_namespace) {
        *ret = labels_match(req, selector, str_eq(op->verb, "DELETE") ? op->old : op->obj);
        return STEP_OK;
    }
    s = read_tree(req, r, "", op->ns, &ns);
    if (!s)
        *ret = ns && labels_match(req, selector, ns);
    return s;
}

static bool object_matches(Request *req, const Op *op, const Value *selector)
{
    const Value *obj = op->seen ? op->seen : op->obj;
    const Value *old = op->seen_old ? op->seen_old : op->old;
    bool is_delete = str_eq(op->verb, "DELETE");

    return is_everything(selector) || (!is_delete && labels_match(req, selector, obj)) ||
           (old && labels_match(req, selector, old));
}

int policymatch(Request *req, const Op *op, const Value *constraints, bool *ret,
                const Resource **ret_as)
{
    const Value *rules = value_get(constraints, "resourceRules");
    bool is_exact = str_eq(value_get_str(constraints, "matchPolicy"), "Exact");
    const Resource *as = op->r;

    *ret = false;
    *ret_as = op->r;
    if (value_len(rules) > 0)
        as = any_rule(req, rules, op, is_exact);
    if (!as || any_rule(req, value_get(constraints, "excludeResourceRules"), op, is_exact) ||
        !object_matches(req, op, value_get(constraints, "objectSelector")))
        return STEP_OK;
    *ret_as = as;
    return namespace_matches(req, op, value_get(constraints, "namespaceSelector"), ret);
}
