/*
 * policyaccess.c - may who writes an admission policy or a binding read its parameters? Else a
 * policy would read for him what he may not. Follows validatingadmissionpolicy/authz.go and its
 * three likes in upstream's registry.
 */
#include "vcluster/policies.h"

/* What parameters of a kind need; "*" where that cannot be said. */
typedef struct Needed {
    const char *group, *resource;
    bool is_bad_version, is_unknown;
} Needed;

static int needed_for(Request *req, const Value *kind, Needed *ret)
{
    const char *api = value_get_str(kind, "apiVersion");
    GroupVersion gv = api_version_split(req->arena, api);
    const Resource *r = NULL;
    int s;

    *ret = (Needed){.group = "*", .resource = "*"};
    if (strchr(gv.version, '/')) {
        ret->is_bad_version = true;
        return STEP_OK;
    }
    ret->group = gv.group;
    s = policies_param_resource(req, kind, &r);
    if (r)
        ret->resource = r->plural;
    ret->is_unknown = !r;
    return s;
}

/* As Go prints a user with %v. */
static const char *user_text(Arena *a, const User *u)
{
    AUTO_BUF out = BUF_INIT;

    buf_addf(&out, "&{%s %s [", u->name, u->uid ? u->uid : "");
    for (const char *const *g = u->groups; *g; g++)
        buf_addf(&out, "%s%s", g > u->groups ? " " : "", *g);
    buf_adds(&out, "] map[");
    for (uint32_t i = 0; i < u->n_extra; i++) {
        buf_addf(&out, "%s%s:[", i > 0 ? " " : "", u->extra[i].key);
        for (const char *const *v = u->extra[i].values; *v; v++)
            buf_addf(&out, "%s%s", v > u->extra[i].values ? " " : "", *v);
        buf_addc(&out, ']');
    }
    buf_adds(&out, "]}");
    return arena_strdup(a, buf_str(&out));
}

static int may(Request *req, const char *verb, const Needed *n, const char *ns, const char *name,
               bool *ret)
{
    RbacAttrs at = {.verb = verb,
                    .is_resource = true,
                    .group = n->group,
                    .resource = n->resource,
                    .subresource = "",
                    .ns = ns,
                    .name = name,
                    .path = ""};
    const char *reason;

    return authorize(req, &at, ret, &reason);
}

static bool is_same(const Op *op, const char *path)
{
    const Value *now = value_at(op->obj, path), *old = op->old ? value_at(op->old, path) : NULL;

    return now && old && value_equal(now, old);
}

static int check_policy(Request *req, const Op *op, FieldErrs *e)
{
    const Value *kind = value_at(op->obj, "spec.paramKind");
    const char *name = value_get_str(kind, "kind"), *api = value_get_str(kind, "apiVersion");
    bool allowed = false;
    Needed n;
    int s;

    if (!value_is(kind, VALUE_OBJECT) || is_same(op, "spec.paramKind"))
        return STEP_OK;
    s = needed_for(req, kind, &n);
    if (!s)
        s = may(req, "get", &n, "*", "*", &allowed);
    if (!s && !allowed)
        field_err(e, FIELD_ERR_FORBIDDEN, "spec.paramKind", NULL,
                  "user %s must have \"get\" permission on all objects of the referenced paramKind "
                  "(kind=%s, apiVersion=%s)",
                  user_text(req->arena, &req->user), name ? name : "", api ? api : "");
    return s;
}

static int check_binding(Request *req, const Op *op, FieldErrs *e)
{
    bool is_mutating = str_eq(op->r->kind, "MutatingAdmissionPolicyBinding");
    const Resource *policies =
        resource_find_storage(is_mutating ? "admissionregistration/mutatingadmissionpolicies"
                                          : "admissionregistration/validatingadmissionpolicies");
    const Value *ref = value_at(op->obj, "spec.paramRef");
    const char *name = value_get_str(ref, "name"), *ns = value_get_str(ref, "namespace");
    const char *policy_name = value_at_str(op->obj, "spec.policyName"), *why = NULL;
    const char *verb = name && name[0] ? "get" : "list", *who, *kind_text;
    Needed n = {.group = "*", .resource = "*"};
    const Value *kind = NULL;
    Value *policy = NULL;
    bool allowed = false;
    int s;

    if (!value_is(ref, VALUE_OBJECT) ||
        (is_same(op, "spec.paramRef") && is_same(op, "spec.policyName")))
        return STEP_OK;
    s = read_tree(req, policies, "", policy_name ? policy_name : "", &policy);
    kind = value_at(policy, "spec.paramKind");
    if (!s && value_is(kind, VALUE_OBJECT))
        s = needed_for(req, kind, &n);
    if (!s)
        s = may(req, verb, &n, ns ? ns : "", name ? name : "", &allowed);
    if (s || allowed)
        return s;
    who = user_text(req->arena, &req->user);
    kind_text =
        arena_printf(req->arena, "paramKind &{%s %s}", value_to_cstr(value_get(kind, "apiVersion")),
                     value_to_cstr(value_get(kind, "kind")));
    if (!policy)
        why = arena_printf(req->arena, "unable to get policy %s", policy_name ? policy_name : "");
    else if (n.is_bad_version)
        why = arena_printf(req->arena, "unable to parse %s", kind_text);
    else if (n.is_unknown)
        why = arena_printf(req->arena, "unable to resolve %s", kind_text);
    if (why)
        field_err(e, FIELD_ERR_FORBIDDEN, "spec.paramRef", NULL,
                  "%s to determine minimum required permissions and user %s does not have \"%s\" "
                  "permission for all groups, versions and resources",
                  why, who, verb);
    else
        field_err(e, FIELD_ERR_FORBIDDEN, "spec.paramRef", NULL,
                  "user %s does not have \"%s\" permission on the object referenced by paramRef",
                  who, verb);
    return STEP_OK;
}

int policies_check_access(Request *req, const Op *op, FieldErrs *e)
{
    static const struct {
        const char *storage;
        int (*check)(Request *req, const Op *op, FieldErrs *e);
    } rows[] = {
        {"admissionregistration/mutatingadmissionpolicies", check_policy},
        {"admissionregistration/mutatingadmissionpolicybindings", check_binding},
        {"admissionregistration/validatingadmissionpolicies", check_policy},
        {"admissionregistration/validatingadmissionpolicybindings", check_binding},
    };

    if (e->n > 0 || op->sub || req->user.is_internal ||
        user_has_group(&req->user, "system:masters"))
        return STEP_OK;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_eq(rows[i].storage, op->r->storage))
            return rows[i].check(req, op, e);
    return STEP_OK;
}
