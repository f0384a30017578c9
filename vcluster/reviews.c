/*
 * reviews.c - kinds that are questions: who am I, may I, what may I. Nothing is stored.
 */
#include "base/clock.h"
#include "vcluster/spaces.h"

static int invalid(Request *req, const Resource *r, const char *field, const Value *v,
                   const char *why)
{
    FieldErrs e = {.arena = req->arena};

    field_err(&e, FIELD_ERR_INVALID, field, v, "%s", why);
    return fail_invalid(req, r->group, "", "", &e);
}

static const char *const *list_of(Arena *a, const Value *list)
{
    const char **out = arena_array(a, const char *, value_len(list) + 1);
    const Value *v;

    value_each_item(list, i, v) out[i] = value_to_cstr(v) ? value_to_cstr(v) : "";
    return out;
}

/* As Go prints the internal struct. */
static Value *shown(Arena *a, const Value *non)
{
    Value *v = value_object(a);

    value_set_str(a, v, "Path", value_get_text(non, "path"));
    value_set_str(a, v, "Verb", value_get_text(non, "verb"));
    return v;
}

static RbacAttrs attrs_of(const Value *spec)
{
    const Value *res = value_get(spec, "resourceAttributes");
    const Value *non = value_get(spec, "nonResourceAttributes");

    if (value_is(res, VALUE_OBJECT))
        return (RbacAttrs){.is_resource = true,
                           .verb = value_get_text(res, "verb"),
                           .group = value_get_text(res, "group"),
                           .resource = value_get_text(res, "resource"),
                           .subresource = value_get_text(res, "subresource"),
                           .ns = value_get_text(res, "namespace"),
                           .name = value_get_text(res, "name"),
                           .path = ""};
    return (RbacAttrs){.verb = value_get_text(non, "verb"),
                       .path = value_get_text(non, "path"),
                       .group = "",
                       .resource = "",
                       .subresource = "",
                       .ns = "",
                       .name = ""};
}

static void check_selector(Request *req, const Value *attributes, const char *member, FieldErrs *e)
{
    const Value *sel = value_get(attributes, member), *raw = value_get(sel, "rawSelector"), *q;
    const Value *list = value_get(sel, "requirements");
    const char *path = arena_printf(req->arena, "spec.resourceAttributes.%s", member);

    if (value_to_cstr(raw) && value_to_cstr(raw)[0] && value_len(list) > 0)
        field_err(e, FIELD_ERR_INVALID, arena_printf(req->arena, "%s.rawSelector", path), raw,
                  "may not specified at the same time as requirements");
    value_each_item(list, i, q)
    {
        const char *op = value_get_str(q, "operator");
        const char *at = arena_printf(req->arena, "%s.requirements[%u].values", path, i);

        if ((str_eq(op, "In") || str_eq(op, "NotIn")) && value_len(value_get(q, "values")) == 0)
            field_err(e, FIELD_ERR_REQUIRED, at, NULL,
                      "must be specified when `operator` is 'In' or 'NotIn'");
        if ((str_eq(op, "Exists") || str_eq(op, "DoesNotExist")) &&
            value_len(value_get(q, "values")) > 0)
            field_err(e, FIELD_ERR_FORBIDDEN, at, NULL,
                      "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    }
}

static int check_attributes(Request *req, const Resource *r, const Value *spec)
{
    static const char both[] = "cannot be specified in combination with resourceAttributes";
    const Value *res = value_get(spec, "resourceAttributes");
    const Value *non = value_get(spec, "nonResourceAttributes");
    FieldErrs e = {.arena = req->arena};

    if (value_is(res, VALUE_OBJECT) && value_is(non, VALUE_OBJECT))
        return invalid(req, r, "spec.nonResourceAttributes", shown(req->arena, non), both);
    if (!value_is(res, VALUE_OBJECT) && !value_is(non, VALUE_OBJECT))
        return invalid(req, r, "spec.resourceAttributes", value_null(req->arena),
                       "exactly one of nonResourceAttributes or resourceAttributes must be "
                       "specified");
    check_selector(req, res, "fieldSelector", &e);
    check_selector(req, res, "labelSelector", &e);
    return e.n > 0 ? fail_invalid(req, r->group, "", "", &e) : STEP_OK;
}

static int review_access(Request *req, const Resource *r, Value *v)
{
    Arena *a = req->arena;
    Value *spec = value_get(v, "spec"), *status = value_object(a);
    RbacAttrs at = attrs_of(spec);
    User u = req->user;
    const char *reason = "";
    bool allowed;
    int s;

    if (!str_eq(r->kind, "SelfSubjectAccessReview")) {
        u = (User){.name = value_get_text(spec, "user"),
                   .groups = list_of(a, value_get(spec, "groups"))};
        if (!u.name[0] && !u.groups[0])
            return invalid(req, r, "spec.user", value_str(a, ""),
                           "at least one of user or group must be specified");
    }
    s = check_attributes(req, r, spec);
    if (s)
        return s;
    if (str_eq(r->kind, "LocalSubjectAccessReview")) {
        if (!at.is_resource)
            return invalid(req, r, "spec.nonResourceAttributes",
                           shown(a, value_get(spec, "nonResourceAttributes")),
                           "disallowed on this kind of request");
        if (!str_eq(at.ns, req->state->route.ns))
            return invalid(req, r, "spec.resourceAttributes.namespace", value_str(a, at.ns),
                           "must match metadata.namespace");
    }
    s = authorize_user(req, &u, &at, &allowed, &reason);
    if (s)
        return s;
    value_set_bool(a, status, "allowed", allowed);
    if (reason && reason[0])
        value_set_str(a, status, "reason", reason);
    value_set(a, v, "status", status);
    return STEP_OK;
}

static int review_rules(Request *req, Value *v)
{
    Arena *a = req->arena;
    const char *ns = value_get_text(value_get(v, "spec"), "namespace");
    RbacAttrs who = {.user = req->user.name, .groups = req->user.groups, .ns = ns};
    Value *status = value_object(a), *resources = NULL, *paths = NULL;
    const RbacIndex *base, *own;
    int s;

    if (!ns[0])
        return fail(req, ERR_BAD_REQUEST, "no namespace on request");
    /* With a view: what holds in all of the tenant's namespaces; a namespace may be a stranger's.
     */
    s = authz_indexes_of(req, req->state->view ? req->state->view->home : req->cluster, &base,
                         &own);
    if (s)
        return s;
    rbac_rules(base, own, &who, a, &resources, &paths);
    if (user_has_group(&req->user, "system:masters") || req->user.is_internal) {
        resources = value_literal(a, "[{'verbs':['*'],'apiGroups':['*'],'resources':['*']}]");
        paths = value_literal(a, "[{'verbs':['*'],'nonResourceURLs':['*']}]");
    }
    value_set(a, status, "resourceRules", resources ? resources : value_array(a));
    value_set(a, status, "nonResourceRules", paths ? paths : value_array(a));
    value_set_bool(a, status, "incomplete", false);
    value_set(a, v, "status", status);
    return STEP_OK;
}

static void review_self(Request *req, Value *v)
{
    Arena *a = req->arena;
    Value *info = value_object(a), *list = value_array(a), *status = value_object(a);
    const User *u = &req->user;
    char when[CLOCK_TEXT_MAX];

    value_set_str(a, info, "username", u->name);
    if (u->uid && u->uid[0])
        value_set_str(a, info, "uid", u->uid);
    for (const char *const *g = u->groups; *g; g++)
        value_append(a, list, value_str(a, *g));
    value_set(a, info, "groups", list);
    if (u->n_extra > 0) {
        Value *extra = value_object(a);

        for (uint32_t i = 0; i < u->n_extra; i++) {
            list = value_array(a);
            for (const char *const *x = u->extra[i].values; *x; x++)
                value_append(a, list, value_str(a, *x));
            value_set(a, extra, u->extra[i].key, list);
        }
        value_set(a, info, "extra", extra);
    }
    value_set(a, status, "userInfo", info);
    value_set(a, v, "status", status);
    value_set_str(a, value_need(a, v, "metadata"), "creationTimestamp",
                  clock_to_rfc3339(req->state->now_us, when));
}

int verb_review(Request *req, const Resource *r)
{
    Op op = {.r = r, .manager = manager_of(req)};
    const char *ns;
    int s = body_decode(req, r, &op.obj);

    if (s)
        return s;
    ns = value_at_str(op.obj, "metadata.namespace");
    if (r->is_namespaced && ns && ns[0] && !str_eq(ns, req->state->route.ns))
        return fail(req, ERR_BAD_REQUEST,
                    "the namespace of the provided object does not match the namespace sent on "
                    "the request");
    if (strstr(r->kind, "AccessReview") &&
        (value_at_str(op.obj, "metadata.name") || value_at(op.obj, "metadata.labels") ||
         value_at(op.obj, "metadata.annotations")))
        return invalid(req, r, "metadata", value_get(op.obj, "metadata"), "must be empty");
    default_object(req->arena, r, op.obj);
    value_del(op.obj, "status");
    if (r->is_namespaced)
        value_set_str(req->arena, value_need(req->arena, op.obj, "metadata"), "namespace",
                      req->state->route.ns);
    else
        value_del_at(op.obj, "metadata.namespace");
    managed_fields_update(req, &op);
    value_del_at(op.obj, "metadata.creationTimestamp");
    if (str_eq(r->kind, "SelfSubjectReview"))
        review_self(req, op.obj);
    else if (str_eq(r->kind, "TokenReview"))
        s = review_token(req, op.obj);
    else if (str_eq(r->kind, "SelfSubjectRulesReview"))
        s = review_rules(req, op.obj);
    else
        s = review_access(req, r, op.obj);
    if (s)
        return s;
    if (!value_get(op.obj, "metadata"))
        value_set(req->arena, op.obj, "metadata", value_object(req->arena));
    return reply_value(req, 201, NULL, op.obj);
}
