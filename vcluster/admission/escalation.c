#include "vcluster/escalation.h"

/* Nothing but what the garbage collector needs: such updates pass, or nothing could be deleted. */
static bool is_only_gc(Request *req, const Op *op)
{
    static const char *const members[] = {"ownerReferences", "finalizers", "managedFields"};
    Value *old, *obj;

    if (!op->old)
        return false;
    old = value_copy(req->arena, op->old);
    obj = value_copy(req->arena, op->obj);
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        value_del(value_get(old, "metadata"), members[i]);
        value_del(value_get(obj, "metadata"), members[i]);
    }
    return value_equal(old, obj);
}

/* Who writes an aggregationRule could collect any right there is, now or later. */
static const Value *full_authority(Arena *a)
{
    return value_literal(a, "[{'verbs':['*'],'apiGroups':['*'],'resources':['*']},"
                            "{'verbs':['*'],'nonResourceURLs':['*']}]");
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
    const Value *wanted;
    Value *missing;
    const char *kind = value_at_str(op->obj, "roleRef.kind");
    const char *role = value_at_str(op->obj, "roleRef.name");
    bool allowed = false;
    int s;

    if ((!is_role && !is_binding) || str_eq(op->verb, "DELETE") || req->user.is_internal ||
        user_has_group(&req->user, "system:masters") || is_only_gc(req, op))
        return STEP_OK;
    if (is_role) {
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
    wanted = is_role && value_get(op->obj, "aggregationRule") ? full_authority(req->arena)
             : is_role
                 ? value_get(op->obj, "rules")
                 : rbac_rules_of(base, own, req->arena, kind ? kind : "", op->ns, role ? role : "");
    if (is_binding && !wanted)
        return fail_not_found(req, r, role ? role : "");
    missing = rbac_missing_rules(base, own, &who, op->ns, wanted, req->arena);
    if (!missing)
        return STEP_OK;
    return fail_forbidden(req, r->group, r->plural, op->name, "%s",
                          rbac_escalation_message(req->arena, &who, missing));
}
