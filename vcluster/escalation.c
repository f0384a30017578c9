#include "vcluster/escalation.h"

static const struct {
    const char *member, *label;
} rule_parts[] = {
    {"apiGroups", "APIGroups"},
    {"resources", "Resources"},
    {"resourceNames", "ResourceNames"},
    {"nonResourceURLs", "NonResourceURLs"},
    {"verbs", "Verbs"},
};

static void print_rule(const Value *rule, Buf *out)
{
    bool first = true;

    buf_addc(out, '{');
    for (size_t i = 0; i < ARRAY_LEN(rule_parts); i++) {
        const Value *list = value_get(rule, rule_parts[i].member), *v;

        if (value_len(list) == 0)
            continue;
        buf_addf(out, "%s%s:[", first ? "" : ", ", rule_parts[i].label);
        first = false;
        value_each_item(list, k, v)
        {
            if (k > 0)
                buf_adds(out, ", ");
            value_print(v, out);
        }
        buf_addc(out, ']');
    }
    buf_addc(out, '}');
}

static int refuse(Request *req, const Op *op, const Value *missing)
{
    AUTO_BUF text = BUF_INIT;
    const Value *v;
    bool first = true;

    buf_addf(&text, "user \"%s\" (groups=[", req->user.name);
    for (const char *const *g = req->user.groups; *g; g++) {
        buf_addf(&text, "%s\"%s\"", first ? "" : " ", *g);
        first = false;
    }
    buf_adds(&text, "]) is attempting to grant RBAC permissions not currently held:");
    value_each_item(missing, i, v)
    {
        buf_addc(&text, '\n');
        print_rule(v, &text);
    }
    return fail_forbidden(req, op->r->group, op->r->plural, op->name, "%s", buf_str(&text));
}

static int may(Request *req, const char *verb, const char *resource, const char *ns,
               const char *name, bool *ret)
{
    RbacAttrs at = {.verb = verb,
                    .is_resource = true,
                    .group = "rbac.authorization.k8s.io",
                    .resource = resource,
                    .subresource = "",
                    .ns = ns,
                    .name = name,
                    .path = ""};
    const char *reason;

    return authorize(req, &at, ret, &reason);
}

int escalation_validate(Request *req, Op *op)
{
    const Resource *r = op->r;
    bool is_role = str_eq(r->storage, "rbac/roles") || str_eq(r->storage, "rbac/clusterroles");
    bool is_binding =
        str_eq(r->storage, "rbac/rolebindings") || str_eq(r->storage, "rbac/clusterrolebindings");
    const RbacIndex *base, *own;
    RbacAttrs who = {.user = req->user.name, .groups = req->user.groups};
    Value *wanted, *missing;
    const char *kind = value_at_str(op->obj, "roleRef.kind");
    const char *role = value_at_str(op->obj, "roleRef.name");
    bool allowed = false;
    int s;

    if ((!is_role && !is_binding) || str_eq(op->verb, "DELETE") || req->user.is_internal ||
        user_has_group(&req->user, "system:masters"))
        return STEP_OK;
    if (is_role) {
        if (op->old && value_equal(value_get(op->old, "rules"), value_get(op->obj, "rules")) &&
            value_equal(value_get(op->old, "aggregationRule"),
                        value_get(op->obj, "aggregationRule")))
            return STEP_OK;
        s = may(req, "escalate", r->plural, op->ns, op->name, &allowed);
    } else {
        s = may(req, "bind", str_eq(kind, "Role") ? "roles" : "clusterroles", op->ns,
                role ? role : "", &allowed);
    }
    if (s || allowed)
        return s;
    s = authz_indexes(req, &base, &own);
    if (s)
        return s;
    wanted = is_role
                 ? value_get(op->obj, "rules")
                 : rbac_rules_of(base, own, req->arena, kind ? kind : "", op->ns, role ? role : "");
    if (is_binding && !wanted)
        return fail_not_found(req, r, role ? role : "");
    missing = rbac_missing_rules(base, own, &who, op->ns, wanted, req->arena);
    return missing ? refuse(req, op, missing) : STEP_OK;
}
