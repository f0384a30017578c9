/*
 * verbs.c - from method and path to the handler.
 */
#include "vcluster/audit.h"
#include "vcluster/nodestats.h"
#include "vcluster/usageview.h"

static bool has_verb(uint32_t verbs, Verb v)
{
    return (verbs & BIT(v)) != 0;
}

static bool is_connect(const char *sub)
{
    static const char *const names[] = {"exec", "attach", "portforward", "log"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_eq(names[i], sub))
            return true;
    return false;
}

static int main_item(Request *req, const Resource *r)
{
    const char *m = req->method;

    if (str_eq(m, "GET"))
        return has_verb(r->verbs, VERB_GET) ? verb_get(req, r) : fail_method(req);
    if (str_eq(m, "PUT"))
        return has_verb(r->verbs, VERB_UPDATE) ? verb_update(req, r, NULL) : fail_method(req);
    if (str_eq(m, "PATCH"))
        return has_verb(r->verbs, VERB_PATCH) ? verb_patch(req, r, NULL) : fail_method(req);
    if (str_eq(m, "DELETE"))
        return has_verb(r->verbs, VERB_DELETE) ? verb_delete(req, r) : fail_method(req);
    return fail_method(req);
}

static int main_collection(Request *req, const Resource *r)
{
    const char *m = req->method;
    bool is_all = r->is_namespaced && !req->state->route.ns[0];

    if (str_eq(m, "GET")) {
        if (req->state->opts.is_watch)
            return has_verb(r->verbs, VERB_WATCH) ? verb_watch(req, r) : fail_method(req);
        return has_verb(r->verbs, VERB_LIST) ? verb_list(req, r) : fail_method(req);
    }
    if (is_all && !(r->is_review || !has_verb(r->verbs, VERB_LIST)))
        return fail_method(req);
    if (str_eq(m, "POST")) {
        if (!has_verb(r->verbs, VERB_CREATE))
            return fail_method(req);
        if (r->is_review)
            return verb_review(req, r);
        if (str_eq(r->storage, "bindings"))
            return sub_binding(req, r);
        return verb_create(req, r);
    }
    if (str_eq(m, "DELETE"))
        return has_verb(r->verbs, VERB_DELETE_COLLECTION) ? verb_delete_collection(req, r)
                                                          : fail_method(req);
    return fail_method(req);
}

static int subresource(Request *req, const Resource *r, const Subresource *sub)
{
    const char *m = req->method, *n = sub->name;
    bool get = str_eq(m, "GET"), put = str_eq(m, "PUT"), patch = str_eq(m, "PATCH");
    bool post = str_eq(m, "POST");

    if (is_connect(n))
        return sub_connect(req, r, n);
    if (r->crd && !get && !put && !patch)
        return fail_verb(req, r, post ? "create" : "delete");
    if ((get && !has_verb(sub->verbs, VERB_GET)) || (put && !has_verb(sub->verbs, VERB_UPDATE)) ||
        (patch && !has_verb(sub->verbs, VERB_PATCH)) ||
        (post && !has_verb(sub->verbs, VERB_CREATE)) || (!get && !put && !patch && !post))
        return fail_method(req);
    if (str_eq(r->storage, "tenancy/tenants") && !str_eq(n, "status"))
        return str_eq(n, "access") ? host_tenant_access(req, r) : host_tenant_sub(req, r, n);
    if (str_eq(r->storage, "tenancy/tenantgroups") && str_eq(n, "usage"))
        return host_group_usage(req, r);
    if (str_eq(n, "scale"))
        return sub_scale(req, r, sub);
    if (str_eq(n, "binding"))
        return sub_binding(req, r);
    if (str_eq(n, "eviction"))
        return sub_eviction(req, r);
    if (str_eq(n, "token"))
        return sub_token(req, r);
    if (str_eq(n, "finalize"))
        return sub_finalize(req, r, sub);
    if (get)
        return verb_get(req, r);
    if (put)
        return verb_update(req, r, sub);
    if (patch)
        return verb_patch(req, r, sub);
    return fail_method(req);
}

/* Paths of custom resources are no routes of their own: where the namespace is missing or too much,
 * nobody serves them. Source: apiextensions' crdHandler.ServeHTTP(). */
static bool is_out_of_scope(const Request *req, const Resource *r)
{
    const Route *t = &req->state->route;

    if (!r->is_namespaced)
        return t->ns[0] != '\0';
    return !t->ns[0] && (t->is_item || !str_eq(req->method, "GET"));
}

int verb_subresource(Request *req, const Resource *r, const Subresource *sub)
{
    const Route *t = &req->state->route;
    int s;

    if (r->crd && is_out_of_scope(req, r))
        return fail_plain_404(req);
    if (t->rest[0] && !(sub && str_eq(sub->name, "proxy")))
        return fail_unknown(req);
    if (t->ns[0] && !r->is_namespaced && !str_eq(r->storage, "namespaces") && !r->is_review)
        return fail_unknown(req);
    if (t->is_item && r->is_namespaced && !t->ns[0])
        return fail_unknown(req);
    if (r->is_review && t->is_item)
        return fail_unknown(req);
    if (sub && str_eq(sub->name, "proxy"))
        return sub_proxy(req, r);
    if (str_eq(req->method, "HEAD")) {
        (void)fail_method(req);
        req->reply.body = SLICE("");
        return STEP_DONE;
    }
    if (t->is_watch_prefix && !str_eq(req->method, "GET"))
        return fail_method(req);
    if (t->is_watch_prefix) {
        req->state->route.verb = "watch";
        s = options_parse(req, r, sub);
        return s ? s : has_verb(r->verbs, VERB_WATCH) ? verb_watch(req, r) : fail_method(req);
    }
    if (r->crd && !sub && t->is_item && str_eq(req->method, "POST")) {
        s = options_parse(req, r, sub);
        return s ? s : verb_create(req, r);
    }
    if (r->crd && !sub && !t->is_item &&
        (str_eq(req->method, "PUT") || str_eq(req->method, "PATCH")))
        return fail(req, ERR_BAD_REQUEST, "name must be provided");
    if (!sub && t->is_item) {
        static const char *const known[] = {"GET", "PUT", "PATCH", "DELETE"};
        bool ok = false;

        for (size_t i = 0; i < ARRAY_LEN(known); i++)
            ok = ok || str_eq(known[i], req->method);
        if (!ok)
            return fail_method(req);
    }
    if (audit_view_serves(r))
        return verb_audit(req, r);
    s = options_parse(req, r, sub);
    if (s)
        return s;
    if (nodestats_serves(r))
        return verb_metrics(req, r);
    if (usageview_serves(r))
        return verb_usage(req, r);
    if (sub)
        return subresource(req, r, sub);
    return t->is_item ? main_item(req, r) : main_collection(req, r);
}
