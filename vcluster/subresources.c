/*
 * subresources.c - scale and finalize: other shapes of an object that is stored as a whole.
 */
#include "api/crd.h"
#include "api/patch.h"
#include "base/err.h"
#include "vcluster/vcluster_int.h"

/* ---- scale ---- */

static Value *scale_of(Request *req, const Resource *r, const Value *obj)
{
    static const char *const copied[] = {"name", "namespace", "uid", "resourceVersion",
                                         "creationTimestamp"};
    Arena *a = req->arena;
    Value *v = value_literal(a, "{'kind':'Scale','apiVersion':'autoscaling/v1'}");
    Value *meta = value_object(a), *spec = value_object(a), *status = value_object(a);
    const char *spec_at = r->crd ? r->crd->scale_spec : "spec.replicas";
    const char *status_at = r->crd ? r->crd->scale_status : "status.replicas";
    const Value *selector = value_at(obj, "spec.selector");
    int64_t replicas = value_at_int(obj, spec_at, 0);
    Selector *s = NULL;
    AUTO_BUF text = BUF_INIT;
    bool none = false;

    for (size_t i = 0; i < ARRAY_LEN(copied); i++)
        if (value_get(value_get(obj, "metadata"), copied[i]))
            value_set(a, meta, copied[i], value_get(value_get(obj, "metadata"), copied[i]));
    if (replicas)
        value_set_int(a, spec, "replicas", replicas);
    value_set_int(a, status, "replicas", value_at_int(obj, status_at, 0));
    if (r->crd) {
        const char *own = r->crd->scale_selector ? value_at_str(obj, r->crd->scale_selector) : NULL;

        buf_adds(&text, own ? own : "");
    } else if (str_eq(r->storage, "replicationcontrollers"))
        s = selector_from_map(a, selector);
    else if (selector_from_value(a, selector, &s, &none, NULL) < 0)
        s = NULL;
    if (s && !none)
        selector_print(s, &text);
    if (text.len > 0)
        value_set_str(a, status, "selector", buf_str(&text));
    value_set(a, v, "metadata", meta);
    value_set(a, v, "spec", spec);
    value_set(a, v, "status", status);
    return v;
}

typedef struct ScaleFinish {
    const Resource *r;
    Value *tree;
} ScaleFinish;

static int finish_scale(Request *req, void *data)
{
    ScaleFinish *f = data;
    const WriteSet *set = &req->state->set;
    Value *v = f->tree;

    if (!req->state->opts.is_dry_run && set->n > 0 && set->writes[0].result)
        v = object_tree(req->arena, f->r, set->writes[0].result);
    return reply_value(req, 200, NULL, scale_of(req, f->r, v));
}

static int scale_body(Request *req, const Value *now, Value **ret)
{
    const Type *t = type_find("io.k8s.api.autoscaling.v1.Scale");
    Value *patch = NULL, *v = NULL;
    Err err;
    int r;

    if (str_eq(req->method, "PUT"))
        return body_decode_type(req, t, "Scale", "autoscaling/v1", ret);
    if (value_parse(req->arena, req->body, &patch, &err) < 0)
        return fail(req, ERR_BAD_REQUEST, "error decoding patch: %s", err.msg);
    if (req->content_type && str_starts(req->content_type, "application/json-patch"))
        r = patch_json(req->arena, now, patch, &v, &err);
    else
        r = patch_merge(req->arena, now, patch, &v, &err);
    if (r >= 0) {
        v = value_copy(req->arena, v);
        r = decode_type(req->arena, t, "Scale", "autoscaling/v1", v,
                        req->state->opts.field_validation, NULL, &req->state->warnings, &err);
    }
    *ret = v;
    return r < 0 ? fail_err(req, &err) : STEP_OK;
}

int sub_scale(Request *req, const Resource *r, const Subresource *sub)
{
    Arena *a = req->arena;
    Op op = {.sub = sub};
    FieldErrs e = {.arena = a};
    ScaleFinish *f = arena_new0(a, ScaleFinish);
    Value *scale = NULL;
    const char *rv;
    int64_t replicas;
    int s = fetch_target(req, r, &op);

    if (s)
        return s;
    op.sub = sub;
    if (str_eq(req->method, "GET"))
        return reply_value(req, 200, NULL, scale_of(req, r, op.old));
    s = scale_body(req, scale_of(req, r, op.old), &scale);
    if (s)
        return s;
    replicas = value_at_int(scale, "spec.replicas", 0);
    if (replicas < 0) {
        field_err(&e, FIELD_ERR_INVALID, "spec.replicas", value_at(scale, "spec.replicas"),
                  "must be greater than or equal to 0");
        return fail_invalid(req, "autoscaling", "Scale", op.name, &e);
    }
    op.obj = value_copy(a, op.old);
    rv = value_at_str(scale, "metadata.resourceVersion");
    if (rv && rv[0] && !str_eq(rv, value_at_str(op.old, "metadata.resourceVersion")))
        return fail_conflict(req, r, op.name,
                             "the object has been modified; please apply your changes to the "
                             "latest version and try again");
    value_set_at(a, op.obj, r->crd ? r->crd->scale_spec : "spec.replicas", value_int(a, replicas));
    f->r = r;
    s = op_update(req, &op);
    if (s == STEP_SUBMIT) { /* the answer is a Scale */
        f->tree = op.obj;
        req->state->finish = finish_scale;
        req->state->finish_data = f;
        return s;
    }
    if (s == STEP_DONE && req->reply.status == 200) {
        if (!value_at(op.obj, "metadata.resourceVersion"))
            value_set_at(a, op.obj, "metadata.resourceVersion",
                         value_printf(a, "%lld", (long long)op.was.obj->revision));
        return reply_value(req, 200, NULL, scale_of(req, r, op.obj));
    }
    return s;
}

/* ---- namespaces/finalize ---- */

int sub_finalize(Request *req, const Resource *r, const Subresource *sub)
{
    if (!str_eq(req->method, "PUT"))
        return fail_method(req);
    return verb_update(req, r, sub);
}
