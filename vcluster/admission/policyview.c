#include "vcluster/policies.h"

#include "api/crd.h"
#include "vcluster/convert.h"

/* ---- versions ---- */

/* Is it the kind of the resource itself, not one of a subresource's own? */
static bool is_own_kind(const Op *op, const Value *v)
{
    return str_eq(value_get_str(v, "kind"), op->r->kind);
}

static Value *converted(Request *req, const Resource *from, const Resource *to, Value *v)
{
    Arena *a = req->arena;
    char text[256];

    v = value_copy(a, v);
    convert_to_storage(a, from, v);
    convert_from_storage(a, to, v);
    value_set_str(a, v, "kind", to->kind);
    value_set_str(a, v, "apiVersion", resource_api_version(to, text));
    return v;
}

Value *policyview(Request *req, const Op *op, const Resource *as, Value *v)
{
    return !v || as == op->r || !is_own_kind(op, v) ? v : converted(req, op->r, as, v);
}

Value *policyview_back(Request *req, const Op *op, const Resource *as, Value *v)
{
    return as == op->r || !str_eq(value_get_str(v, "kind"), as->kind)
               ? v
               : converted(req, as, op->r, v);
}

/* ---- what expressions see ---- */

/* The kind of an object: its own, which is not its resource's in subresources. */
static Value *gvk(Arena *a, const Value *obj, const Resource *r)
{
    const char *api = value_get_str(obj, "apiVersion"), *kind = value_get_str(obj, "kind");
    GroupVersion gv = api ? api_version_split(a, api) : (GroupVersion){r->group, r->version};
    Value *v = value_object(a);

    value_set_str(a, v, "group", gv.group);
    value_set_str(a, v, "version", gv.version);
    value_set_str(a, v, "kind", kind ? kind : r->kind);
    return v;
}

static Value *user_info(Arena *a, const User *u)
{
    Value *v = value_object(a), *groups = value_array(a), *extra = value_object(a), *list;

    value_set_str(a, v, "username", u->name);
    value_set_str(a, v, "uid", u->uid ? u->uid : "");
    for (const char *const *g = u->groups; *g; g++)
        value_append(a, groups, value_str(a, *g));
    value_set(a, v, "groups", groups);
    for (uint32_t i = 0; i < u->n_extra; i++) {
        list = value_array(a);
        for (const char *const *x = u->extra[i].values; *x; x++)
            value_append(a, list, value_str(a, *x));
        value_set(a, extra, u->extra[i].key, list);
    }
    value_set(a, v, "extra", extra);
    return v;
}

static Value *gvr(Arena *a, const Resource *r)
{
    Value *v = value_object(a);

    value_set_str(a, v, "group", r->group);
    value_set_str(a, v, "version", r->version);
    value_set_str(a, v, "resource", r->plural);
    return v;
}

/* Nobody gives options to what is connected. */
static Value *options_of(Arena *a, Request *req, const Op *op)
{
    const char *kind = str_eq(op->verb, "DELETE")     ? "DeleteOptions"
                       : str_eq(op->verb, "CREATE")   ? "CreateOptions"
                       : op->is_apply || op->is_patch ? "PatchOptions"
                                                      : "UpdateOptions";
    const Options *o = &req->state->opts;
    Value *v = value_object(a);

    if (str_eq(op->verb, "CONNECT"))
        return v;
    value_set_str(a, v, "kind", kind);
    value_set_str(a, v, "apiVersion", "meta.k8s.io/v1");
    if (str_eq(kind, "DeleteOptions"))
        return v;
    if (o->is_dry_run)
        value_set(a, v, "dryRun", value_literal(a, "['All']"));
    if (op->is_apply && o->force)
        value_set_bool(a, v, "force", true);
    if (o->field_manager && o->field_manager[0])
        value_set_str(a, v, "fieldManager", o->field_manager);
    return v;
}

Value *policyview_request(Arena *a, Request *req, const Op *op, const Resource *as)
{
    Value *v = value_object(a);
    const char *sub = op->sub ? op->sub->name : "";
    const Value *obj = op->seen ? op->seen : op->obj;

    value_set(a, v, "kind", gvk(a, as == op->r ? obj : NULL, as));
    value_set(a, v, "resource", gvr(a, as));
    value_set_str(a, v, "subResource", sub);
    value_set(a, v, "requestKind", gvk(a, obj, op->r));
    value_set(a, v, "requestResource", gvr(a, op->r));
    value_set_str(a, v, "requestSubResource", sub);
    value_set_str(a, v, "name", op->name);
    value_set_str(a, v, "namespace", op->ns);
    value_set_str(a, v, "operation", op->verb);
    value_set(a, v, "userInfo", user_info(a, &req->user));
    value_set_bool(a, v, "dryRun", req->state->opts.is_dry_run);
    value_set(a, v, "options", options_of(a, req, op));
    return v;
}

/* The namespace as expressions see it: "UID" is spelt so. */
int policyview_namespace(Request *req, const Op *op, Arena *a, Value **ret)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("namespaces"));
    Value *ns = NULL, *meta;
    int s = op->r->is_namespaced ? read_tree(req, r, "", op->ns, &ns) : STEP_OK;

    *ret = value_null(a);
    if (s || !ns)
        return s;
    *ret = value_copy(a, ns);
    meta = value_get(*ret, "metadata");
    if (value_get(meta, "uid"))
        value_set(a, meta, "UID", value_get(meta, "uid"));
    return STEP_OK;
}
