#include "vcluster/policies.h"

#include "vcluster/crds.h"

/* ---- parameters ---- */

/* apiVersion and kind to the resource; NULL when the cluster serves none. */
int policies_param_resource(Request *req, const Value *kind, const Resource **ret)
{
    const char *api = value_get_str(kind, "apiVersion"), *name = value_get_str(kind, "kind");
    GroupVersion gv = api_version_split(req->arena, api);
    ResourceSet all;
    int s;

    *ret = resource_find_kind(gv.group, gv.version, name ? name : "");
    if (*ret)
        return STEP_OK;
    s = crds_need(req);
    if (s)
        return s;
    all = vc_resources(req);
    for (size_t i = 0; i < all.n && !*ret; i++)
        if (str_eq(all.items[i]->group, gv.group) && str_eq(all.items[i]->version, gv.version) &&
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

/* ---- calls ---- */

static void add_call(Request *req, PolicyCalls *out, const PolicyCall *call)
{
    if (call->wrong && call->policy->is_ignoring)
        return;
    if (out->n == out->cap) {
        PolicyCall *items = arena_array(req->arena, PolicyCall, out->cap + 8);

        if (out->n > 0)
            memcpy(items, out->items, out->n * sizeof(*items));
        out->items = items;
        out->cap += 8;
    }
    out->items[out->n++] = *call;
}

static int add_binding(Request *req, const Op *op, const PolicyCall *of, const Resource *param,
                       PolicyCalls *out)
{
    PolicyCall call = *of;
    const Resource *unused;
    Params params;
    bool matches;
    int s = policymatch(req, op, value_get(of->binding->spec, "matchResources"), &matches, &unused);

    if (s || !matches)
        return s;
    s = collect_params(req, op, of->policy, of->binding, param, &params);
    if (s)
        return s;
    if (params.wrong) {
        call.wrong = arena_printf(req->arena, "failed to configure binding: %s", params.wrong);
        add_call(req, out, &call);
        return STEP_OK;
    }
    for (size_t i = 0; i < params.n; i++) {
        call.params = params.items[i];
        add_call(req, out, &call);
    }
    return STEP_OK;
}

static const char *no_such_kind(Arena *a, const Value *kind)
{
    const char *api = value_get_str(kind, "apiVersion"), *name = value_get_str(kind, "kind");

    return arena_printf(a,
                        "failed to configure policy: failed to find resource referenced by "
                        "paramKind: '%s%s, Kind=%s'",
                        api && strchr(api, '/') ? "" : "/", api ? api : "", name ? name : "");
}

static int add_policy(Request *req, const Op *op, const PolicySet *set, const Policy *p,
                      PolicyCalls *out)
{
    PolicyCall call = {.policy = p};
    const Resource *param = NULL;
    const PolicyBinding *bindings;
    bool matches;
    size_t n;
    int s = policymatch(req, op, p->match, &matches, &call.as);

    if (s || !matches)
        return s;
    if (p->param_kind) {
        s = policies_param_resource(req, p->param_kind, &param);
        if (s)
            return s;
    }
    bindings = policies_bindings(set, &n);
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(bindings[i].policy, p->name))
            continue;
        if (p->param_kind && !param) {
            call.wrong = no_such_kind(req->arena, p->param_kind);
            add_call(req, out, &call);
            return STEP_OK;
        }
        call.binding = &bindings[i];
        s = add_binding(req, op, &call, param, out);
        if (s)
            return s;
    }
    return STEP_OK;
}

int policycalls(Request *req, const Op *op, PolicyFamily family, PolicyCalls *ret)
{
    const PolicySet *set;
    Policy *const *all;
    size_t n;
    int s = policies_need(req, family, &set);

    *ret = (PolicyCalls){0};
    all = policies_all(s ? NULL : set, &n);
    for (size_t i = 0; !s && i < n; i++)
        s = add_policy(req, op, set, all[i], ret);
    return s;
}
