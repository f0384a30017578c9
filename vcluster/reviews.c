/*
 * reviews.c - kinds that are questions: who am I, may I, what may I. Nothing is stored.
 */
#include "base/clock.h"
#include "vcluster/spaces.h"

static const char *const *list_of(Arena *a, const Value *list)
{
    const char **out = arena_array(a, const char *, value_len(list) + 1);
    const Value *v;

    value_each_item(list, i, v) out[i] = value_to_cstr(v) ? value_to_cstr(v) : "";
    return out;
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

static int review_access(Request *req, const Resource *r, Value *v)
{
    Arena *a = req->arena;
    Value *spec = value_get(v, "spec"), *status = value_object(a);
    RbacAttrs at = attrs_of(spec);
    FieldErrs e = {.arena = a};
    User u = req->user;
    const char *reason = "";
    bool allowed;
    int s;

    validate_access_review(r, v, &e);
    if (e.n > 0)
        return fail_invalid(req, r->group, "", "", &e);
    if (!str_eq(r->kind, "SelfSubjectAccessReview"))
        u = (User){.name = value_get_text(spec, "user"),
                   .groups = list_of(a, value_get(spec, "groups"))};
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
