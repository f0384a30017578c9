/*
 * subresources.c - scale and finalize: other shapes of an object that is stored as a whole.
 */
#include "api/crd.h"
#include "base/err.h"
#include "vcluster/apply.h"
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

/* A Scale as a kind, for answers as tables. */
static const Resource *scale_table_kind(Request *req)
{
    static const char *const none[] = {NULL};
    static const Column columns[] = {
        {"Name", "string", "name", NULL, 0, NULL},
        {"Desired", "integer", "", NULL, 0, NULL},
        {"Available", "integer", "", NULL, 0, NULL},
        {"Age", "string", "", NULL, 0, NULL},
    };
    Resource *r = arena_new0(req->arena, Resource);

    *r = (Resource){.group = "autoscaling",
                    .version = "v1",
                    .kind = "Scale",
                    .plural = "scales",
                    .singular = "scale",
                    .short_names = none,
                    .categories = none,
                    .type = type_find("io.k8s.api.autoscaling.v1.Scale"),
                    .storage = "autoscaling/scales",
                    .columns = columns,
                    .n_columns = ARRAY_LEN(columns)};
    return r;
}

static int reply_scale(Request *req, const Resource *r, Value *scale)
{
    return reply_value(req, 200, r->crd ? NULL : scale_table_kind(req), scale);
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
    return reply_scale(req, f->r, scale_of(req, f->r, v));
}

/* Scale as a kind of its own, with the rules of the kind that is scaled for patches. */
static const Resource *scale_kind(Arena *a, const Resource *r)
{
    Resource *k = arena_new0(a, Resource);

    k->group = "autoscaling";
    k->version = "v1";
    k->kind = "Scale";
    k->plural = r->plural;
    k->is_namespaced = r->is_namespaced;
    k->type = type_find("io.k8s.api.autoscaling.v1.Scale");
    return k;
}

static const char *replicas_path(const Resource *r)
{
    return r->crd ? r->crd->scale_spec : "spec.replicas";
}

/* Where an object of that version has its replicas: NULL: nowhere. False: there is no such version.
 * Upstream: ReplicasPathMappings() of registry/apps, and the definition's versions. */
static bool replicas_path_in(const Resource *r, const char *api_version, const char **ret)
{
    static const char *const old[][2] = {
        {"apps/deployments", "apps/v1beta1"},  {"apps/deployments", "apps/v1beta2"},
        {"apps/statefulsets", "apps/v1beta1"}, {"apps/statefulsets", "apps/v1beta2"},
        {"apps/replicasets", "apps/v1beta2"},
    };
    char version[256];
    const char *slash = strchr(api_version, '/');

    *ret = replicas_path(r);
    if (str_eq(api_version, resource_api_version(r, version)))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(old); i++)
        if (str_eq(r->storage, old[i][0]) && str_eq(api_version, old[i][1]))
            return true;
    return r->crd && slash && strlen(r->group) == (size_t)(slash - api_version) &&
           str_starts(api_version, r->group) && crd_scale_path(r->crd, slash + 1, ret);
}

/* The managers of the scaled object that hold its replicas, as managers of a Scale. */
static void to_scale(Request *req, const Resource *r, const Managers *parent, Value *scale)
{
    Arena *a = req->arena;
    Managers out = {0};
    Value *list;

    for (uint32_t i = 0; i < parent->n; i++) {
        const Manager *m = &parent->items[i];
        const char *path;
        Manager as;

        if (!replicas_path_in(r, m->api_version, &path) || !path ||
            !fieldset_has_path(m->set, path))
            continue;
        as = manager_with(a, m, "autoscaling/v1", fieldset_of_path(a, "spec.replicas"));
        managers_put(a, &out, &as);
    }
    list = managers_encode(a, &out);
    if (list)
        value_set_at(a, scale, "metadata.managedFields", list);
}

/* Does the manager of a Scale hold the replicas in another version of the object? */
static bool holds_elsewhere(Arena *a, const Resource *r, const Managers *list, const Manager *held)
{
    for (uint32_t i = 0; i < list->n; i++) {
        const Manager as = manager_with(a, &list->items[i], "autoscaling/v1", list->items[i].set);
        const char *path;

        if (strcmp(as.id, held->id) == 0 &&
            replicas_path_in(r, list->items[i].api_version, &path) && path &&
            fieldset_has_path(list->items[i].set, path))
            return true;
    }
    return false;
}

/* ... and back: whoever holds them no more in the Scale loses them, who holds them anew gets them.
 * Entries are told apart by what makes them one in either list, as upstream's ScaleHandler does. */
static Value *to_parent(Request *req, const Resource *r, const Managers *parent, const Value *scale)
{
    Arena *a = req->arena;
    FieldSet *replicas = fieldset_of_path(a, replicas_path(r));
    Managers held, out = {0};
    char version[256];

    if (!managers_decode(a, value_at(scale, "metadata.managedFields"), &held))
        held = (Managers){0};
    resource_api_version(r, version);
    for (uint32_t i = 0; i < parent->n; i++) {
        Manager m = parent->items[i];
        const Manager as = manager_with(a, &m, "autoscaling/v1", m.set);
        const char *path;

        if (!replicas_path_in(r, m.api_version, &path))
            continue;
        if (path && fieldset_has_path(m.set, path) && !managers_find(&held, as.id))
            m.set = fieldset_minus(a, m.set, fieldset_of_path(a, path));
        if (!fieldset_is_empty(m.set))
            managers_put(a, &out, &m);
    }
    for (uint32_t i = 0; i < held.n; i++) {
        const Manager *one = &held.items[i];
        Manager m = manager_with(a, one, arena_strdup(a, version), replicas);

        if (!fieldset_has_path(one->set, "spec.replicas") || managers_find(&out, m.id) ||
            holds_elsewhere(a, r, &out, one))
            continue;
        m.time = NULL; /* upstream has none for who is new here */
        managers_put(a, &out, &m);
    }
    return managers_encode(a, &out);
}

static int scale_patched(Request *req, const Resource *r, const FieldWriter *w, const Value *now,
                         Value **ret)
{
    PatchJob job = {.kind = PATCH_JSON};
    Value *v = NULL, *patched = NULL, *config = NULL;
    int s = patch_kind(req, r, &job.kind);

    if (s)
        return s;
    if (job.kind == PATCH_APPLY) {
        s = apply_body(req, &config);
        if (!s)
            s = apply_merge(req, w, now, config, ret);
        return s ? s : apply_check_strict(req);
    }
    s = patch_apply(req, w->r, &job, now, &patched);
    if (!s)
        s = patch_decode(req, w->r, &job, patched, &v);
    if (s)
        return s;
    *ret = v;
    managed_update(w, now, v);
    return STEP_OK;
}

static int scale_body(Request *req, const Resource *r, const FieldWriter *w, const Value *now,
                      Value **ret)
{
    int s = STEP_OK;

    if (str_eq(req->method, "PUT")) {
        s = body_decode_type(req, w->r->type, "Scale", "autoscaling/v1", ret);
        if (!s)
            s = check_namespace(req, r, *ret);
        if (!s)
            managed_update(w, now, *ret);
    } else
        s = scale_patched(req, r, w, now, ret);
    return s ? s : check_url_name(req, *ret);
}

/* What is scaled checks its own number, where it is a custom resource. */
static int check_scale(Request *req, const Op *op, const Value *scale)
{
    FieldErrs e = {.arena = req->arena};
    const char *uid = value_at_str(scale, "metadata.uid");
    const char *rv = value_at_str(scale, "metadata.resourceVersion");

    if (!op->r->crd && value_at_int(scale, "spec.replicas", 0) < 0) {
        field_err(&e, FIELD_ERR_INVALID, "spec.replicas", value_at(scale, "spec.replicas"),
                  "must be greater than or equal to 0");
        return fail_invalid(req, "autoscaling", "Scale", op->name, &e);
    }
    if (uid && uid[0] && !str_eq(uid, op->was.obj->uid))
        return fail_conflict(req, op->r, op->name,
                             "Precondition failed: UID in precondition: %s, UID in object meta: %s",
                             uid, op->was.obj->uid);
    if (rv && rv[0] && !str_eq(rv, value_at_str(op->old, "metadata.resourceVersion")))
        return fail_conflict(req, op->r, op->name,
                             "the object has been modified; please apply your changes to the "
                             "latest version and try again");
    return STEP_OK;
}

/* Policies look at the Scale, not at what is scaled. */
static int admit_scale(Request *req, const Op *op, Value *now, Value **scale)
{
    Op of = *op;
    int s;

    of.verb = "UPDATE";
    of.is_patch = !str_eq(req->method, "PUT");
    of.old = now;
    of.obj = *scale;
    value_set_str(req->arena, of.obj, "kind", "Scale");
    value_set_str(req->arena, of.obj, "apiVersion", "autoscaling/v1");
    s = admit_mutate(req, &of);
    *scale = of.obj;
    return s;
}

/* The scaled object with what the Scale says. */
static void take_scale(Request *req, Op *op, const Managers *parent, const Value *scale)
{
    Value *managers = to_parent(req, op->r, parent, scale);

    op->obj = value_copy(req->arena, op->old);
    value_set_at(req->arena, op->obj, replicas_path(op->r),
                 value_int(req->arena, value_at_int(scale, "spec.replicas", 0)));
    if (managers)
        value_set_at(req->arena, op->obj, "metadata.managedFields", managers);
    else
        value_del_at(op->obj, "metadata.managedFields");
    op->is_apply = true; /* its managers are settled */
}

static int fail_no_replicas(Request *req, const Resource *r)
{
    return fail_internal_error(req, arena_printf(req->arena,
                                                 "the spec replicas field \".%s\" does not exist",
                                                 r->crd->scale_spec));
}

int sub_scale(Request *req, const Resource *r, const Subresource *sub)
{
    Arena *a = req->arena;
    Op op = {.sub = sub};
    ScaleFinish *f = arena_new0(a, ScaleFinish);
    Value *now, *scale = NULL;
    Managers parent;
    FieldWriter w;
    int s = fetch_target(req, r, &op);

    if (s)
        return s;
    op.sub = sub;
    if (r->crd && str_eq(req->method, "GET") && !value_at(op.old, r->crd->scale_spec))
        return fail_no_replicas(req, r);
    now = scale_of(req, r, op.old);
    if (str_eq(req->method, "GET"))
        return reply_scale(req, r, now);
    if (!managers_decode(a, value_at(op.old, "metadata.managedFields"), &parent))
        parent = (Managers){0};
    to_scale(req, r, &parent, now);
    w = managed_writer(req, &op);
    w.r = scale_kind(a, r);
    s = scale_body(req, r, &w, now, &scale);
    if (!s)
        s = admit_scale(req, &op, now, &scale);
    if (!s)
        s = check_scale(req, &op, scale);
    if (s)
        return s;
    op.seen = scale;
    op.seen_old = now;
    take_scale(req, &op, &parent, scale);
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
        req->reply.n_headers = 0; /* warnings, which the Scale brings again */
        return reply_scale(req, r, scale_of(req, r, op.obj));
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
