/*
 * verbs_write.c - create and update, in the order of the real server: decode, managed
 * fields, mutating admission, strategy, validation, validating admission, quota, store.
 */
#include "api/crd.h"
#include "base/err.h"
#include "base/random.h"
#include "vcluster/convert.h"
#include "vcluster/crconvert.h"
#include "vcluster/crds.h"
#include "vcluster/policies.h"
#include "vcluster/vcluster_int.h"
#include "vcluster/warnings.h"

enum { NAME_MAX_PREFIX = 58, SUFFIX_LEN = 5, MANAGER_MAX = 128 };

/* What stands before the first slash, without what cannot be printed, in 128 bytes of whole runes.
 */
static const char *manager_of_agent(Arena *a, const char *agent)
{
    size_t n = strcspn(agent, "/"), out = 0;
    char *text = arena_alloc(a, MANAGER_MAX + 1);

    for (size_t i = 0; i < n;) {
        size_t len = 1;

        while (i + len < n && ((unsigned char)agent[i + len] & 0xc0) == 0x80)
            len++;
        if (out + len > MANAGER_MAX)
            break;
        if ((unsigned char)agent[i] >= 0x20 && agent[i] != 0x7f) {
            memcpy(text + out, agent + i, len);
            out += len;
        }
        i += len;
    }
    text[out] = '\0';
    return text;
}

const char *manager_of(Request *req)
{
    const char *m = req->state->opts.field_manager, *agent = req->user_agent;

    if (!m || !m[0])
        m = agent ? manager_of_agent(req->arena, agent) : "";
    return m[0] ? m : "unknown";
}

/* ---- the end of a write ---- */

static int64_t revision_of(const Value *tree)
{
    const char *text = value_at_str(tree, "metadata.resourceVersion");
    int64_t n = 0;

    if (text)
        (void)slice_to_int64(slice_of(text), &n);
    return n;
}

int finish_object(Request *req, void *data)
{
    Finish *f = data;
    const WriteSet *set = &req->state->set;

    bool is_stored = !req->state->opts.is_dry_run && f->write < set->n &&
                     set->writes[f->write].result && !f->is_unchanged;

    if (crconvert_applies(f->r) && is_stored) /* what is stored may be of another version */
        f->revision = set->writes[f->write].result->revision;
    else if (f->is_unchanged && !crconvert_applies(f->r))
        return reply_object(req, f->status, f->r, f->sub, f->unchanged);
    else if (is_stored)
        return reply_object(req, f->status, f->r, f->sub, set->writes[f->write].result);
    {
        CLEANUP(obj_unref) Obj *o = NULL;
        Err err;

        if (obj_from_value(f->tree, f->revision, &o, &err) < 0)
            return fail_internal(req, err.msg);
        return reply_object(req, f->status, f->r, f->sub, o);
    }
}

/* ---- create ---- */

/* Mutating admission sees no generated name. */
static void take_name(Request *req, Op *op)
{
    const char *name = value_at_str(op->obj, "metadata.name");

    op->name = req->name = name ? name : "";
}

static void put_name(Request *req, Op *op)
{
    RequestState *st = req->state;
    Value *meta = value_need(req->arena, op->obj, "metadata");
    const char *name = value_get_str(meta, "name"), *gen = value_get_str(meta, "generateName");

    if ((!name || !name[0]) && gen && gen[0]) {
        if (!st->suffix[0] || st->suffix_tries != st->attempts)
            (void)random_suffix(st->suffix, SUFFIX_LEN);
        st->suffix_tries = st->attempts;
        name = arena_printf(req->arena, "%.*s%s", NAME_MAX_PREFIX, gen, st->suffix);
        value_set_str(req->arena, meta, "name", name);
    }
    op->name = req->name = name ? name : "";
}

static void put_system_fields(Request *req, Op *op)
{
    Value *meta = value_need(req->arena, op->obj, "metadata");

    engine_put_birth(req, meta);
    value_del(meta, "resourceVersion");
    value_del(meta, "selfLink");
    value_del(meta, "deletionTimestamp");
    value_del(meta, "deletionGracePeriodSeconds");
    value_del(meta, "generation");
    if (op->r->is_namespaced)
        value_set_str(req->arena, meta, "namespace", op->ns);
    else
        value_del(meta, "namespace");
}

static int check_valid(Request *req, const Op *op, const FieldErrs *e)
{
    const Resource *r = convert_is_needed(op->r) ? resource_find_storage(op->r->storage) : op->r;

    if (e->n == 0)
        return STEP_OK;
    return fail_invalid(req, r->group, r->kind, op->name, e);
}

/* Storage text of the tree; the tree itself keeps kind and version of the request. */
static Obj *stored_form(Request *req, const Op *op)
{
    Value *v = op->obj;

    if (crconvert_applies(op->r))
        return crconvert_obj(req, op);
    if (convert_is_needed(op->r)) {
        v = value_copy(req->arena, v);
        convert_to_storage(req->arena, op->r, v);
    }
    return engine_obj(req, v);
}

static int check_stored_twice(Request *req, Op *op)
{
    int s = read_get(req, req->cluster, op->r->storage, op->ns, op->name, &op->was);

    if (s || !op->was.obj)
        return s;
    if (value_at(op->obj, "metadata.generateName") && req->state->suffix[0] &&
        req->state->attempts < 8) {
        req->state->attempts++; /* another suffix */
        value_del(value_get(op->obj, "metadata"), "name");
        put_name(req, op);
        return check_stored_twice(req, op);
    }
    if (op->was.obj->deleted_us > 0) {
        const Resource *r = op->r;

        return fail_status(
            req, 409, "AlreadyExists", status_details(req->arena, r->group, r->plural, op->name),
            arena_printf(req->arena, "object is being deleted: %s%s%s \"%s\" already exists",
                         r->plural, r->group[0] ? "." : "", r->group, op->name));
    }
    return fail_exists(req, op->r, op->name);
}

int op_create(Request *req, Op *op)
{
    Arena *a = req->arena;
    FieldErrs e = {.arena = a};
    Finish *f = arena_new0(a, Finish);
    Obj *o;
    int s;

    op->verb = "CREATE";
    strategy_early(req, op);
    managed_fields_update(req, op);
    take_name(req, op);
    s = admit_mutate(req, op);
    if (s)
        return s;
    put_name(req, op);
    put_system_fields(req, op);
    s = strategy_create(req, op);
    if (s)
        return s;
    s = devices_validate(req, op, &e);
    if (s)
        return s;
    validate_create(op->r, op->obj, &e);
    s = policies_check_access(req, op, &e);
    if (!s)
        s = check_valid(req, op, &e);
    if (!s)
        warnings_of(a, op->r, op->obj, NULL, &req->state->warnings);
    if (!s)
        s = admit_validate(req, op);
    if (!s && op->posted_revision != 0 && !req->state->opts.is_dry_run)
        s = fail_internal(req, "resourceVersion should not be set on objects to be created");
    if (!s && op->name[0])
        s = check_stored_twice(req, op);
    if (!s)
        s = admit_charges(req, op);
    if (s)
        return s;
    strategy_stored(req, op);
    normalize_object(a, op->r, op->obj);
    s = crconvert_to_storage(req, op);
    if (s)
        return s;
    o = stored_form(req, op);
    if (!o)
        return fail_internal(req, "the object cannot be stored");
    *f = (Finish){.r = op->r,
                  .status = 201,
                  .tree = op->obj,
                  .write = req->state->set.n,
                  .revision = op->posted_revision}; /* which only a dry run tells again */
    engine_put(req, op->r->storage, op->ns, op->name, &op->was, o);
    if (str_eq(op->r->storage, "tenancy/tenants")) {
        s = host_tenant_create(req, op);
        if (s)
            return s;
        req->state->set.writes[f->write].obj = engine_obj(req, op->obj);
        f->tree = op->obj;
    }
    return engine_commit(req, finish_object, f);
}

int check_namespace(Request *req, const Resource *r, Value *v)
{
    const char *ns = value_at_str(v, "metadata.namespace");

    if (!r->is_namespaced) {
        value_del_at(v, "metadata.namespace");
        return STEP_OK;
    }
    if (ns && ns[0] && !str_eq(ns, req->state->route.ns))
        return fail(req, ERR_BAD_REQUEST,
                    "the namespace of the provided object does not match the namespace sent on "
                    "the request");
    value_set_str(req->arena, value_need(req->arena, v, "metadata"), "namespace",
                  req->state->route.ns);
    return STEP_OK;
}

/* What is the server's own is not even shown to admission. Source: apiserver's
 * rest.WipeObjectMetaSystemFields(), which its create handler calls. */
static void wipe_system_fields(Value *v)
{
    static const char *const own[] = {"creationTimestamp", "uid", "deletionTimestamp",
                                      "deletionGracePeriodSeconds", "selfLink"};
    Value *meta = value_get(v, "metadata");

    for (size_t i = 0; i < ARRAY_LEN(own); i++)
        value_del(meta, own[i]);
}

int verb_create(Request *req, const Resource *r)
{
    Op op = {.r = r, .manager = manager_of(req)};
    int s = STEP_OK;

    if (r->crd && r->crd->is_terminating)
        return fail_status(req, 405, "MethodNotAllowed",
                           status_details(req->arena, r->group, r->plural, NULL),
                           "create not allowed while custom resource definition is terminating");
    s = body_decode(req, r, &op.obj);
    if (s)
        return s;
    default_object(req->arena, r, op.obj);
    s = check_namespace(req, r, op.obj);
    if (s)
        return s;
    wipe_system_fields(op.obj);
    op.posted_revision = revision_of(op.obj);
    op.ns = r->is_namespaced ? req->state->route.ns : "";
    return op_create(req, &op);
}

/* ---- update ---- */

static int check_uid(Request *req, const Op *op)
{
    const char *uid = value_at_str(op->obj, "metadata.uid");
    const char *now = op->was.obj ? op->was.obj->uid : "";

    if (!uid || !uid[0] || str_eq(uid, now))
        return STEP_OK;
    if (!op->was.obj)
        return fail_conflict(
            req, op->r, op->name,
            "StorageError: invalid object, Code: 4, Key: /registry/%s/%s/%s, ResourceVersion: 0, "
            "AdditionalErrorMsg: Precondition failed: UID in precondition: %s, UID in object "
            "meta: ",
            op->r->plural, op->ns, op->name, uid);
    if (op->r->crd)
        return fail_conflict(req, op->r, op->name,
                             "StorageError: invalid object, Code: 4, Key: /registry/%s/%s%s%s/%s, "
                             "ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in "
                             "precondition: %s, UID in object meta: %s",
                             op->r->group, op->r->plural, op->ns[0] ? "/" : "", op->ns, op->name,
                             uid, now);
    return fail_conflict(req, op->r, op->name,
                         "Precondition failed: UID in precondition: %s, UID in object meta: %s",
                         uid, now);
}

/* What is not a number is found out late in the real server, and told as its own mistake. */
static int check_revision_text(Request *req, const Value *v)
{
    const char *text = value_at_str(v, "metadata.resourceVersion"), *p = text;
    int64_t n;

    if (!text || !text[0] || slice_to_int64(slice_of(text), &n))
        return STEP_OK;
    while (*p >= '0' && *p <= '9')
        p++;
    return fail_internal(req, arena_printf(req->arena, "strconv.ParseUint: parsing %s: %s",
                                           value_to_str(req->arena, value_str(req->arena, text)),
                                           *p ? "invalid syntax" : "value out of range"));
}

static int check_revision(Request *req, const Op *op)
{
    int64_t rv = revision_of(op->obj);
    int s = check_revision_text(req, op->obj);

    if (s)
        return s;
    if (rv == 0 && !strategy_allows_unconditional(op->r)) {
        FieldErrs e = {.arena = req->arena};

        field_err(&e, FIELD_ERR_INVALID, "metadata.resourceVersion", value_int(req->arena, 0),
                  "must be specified for an update");
        return fail_invalid(req, op->r->group, op->r->plural, op->name, &e);
    }
    if (rv != 0 && rv != op->was.obj->revision)
        return fail_conflict(req, op->r, op->name,
                             "the object has been modified; please apply your changes to the "
                             "latest version and try again");
    return STEP_OK;
}

static void keep_system_fields(Request *req, Op *op)
{
    static const char *const kept[] = {"uid", "creationTimestamp", "generation", "name",
                                       "generateName"};
    Value *meta = value_need(req->arena, op->obj, "metadata");
    const Value *old = value_get(op->old, "metadata");

    for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
        Value *v = value_get(old, kept[i]);

        if ((str_eq(kept[i], "generateName") || (op->is_patch && str_eq(kept[i], "uid"))) &&
            value_get(meta, kept[i]))
            continue;
        if (v)
            value_set(req->arena, meta, kept[i], v);
        else if (!str_eq(kept[i], "generateName"))
            value_del(meta, kept[i]);
    }
    value_del(meta, "selfLink");
    if (op->r->is_namespaced)
        value_set_str(req->arena, meta, "namespace", op->ns);
    /* a deletion under way cannot be taken back or moved */
    if (value_get(old, "deletionTimestamp"))
        value_set(req->arena, meta, "deletionTimestamp", value_get(old, "deletionTimestamp"));
    if (!value_get(meta, "deletionGracePeriodSeconds") &&
        value_get(old, "deletionGracePeriodSeconds"))
        value_set(req->arena, meta, "deletionGracePeriodSeconds",
                  value_get(old, "deletionGracePeriodSeconds"));
}

/* The last finalizer of an object that waits for it is gone: it goes too. */
static bool is_deletion(const Op *op)
{
    const Value *meta = value_get(op->obj, "metadata");
    const Value *old = value_get(op->old, "metadata");
    int64_t grace = value_at_int(meta, "deletionGracePeriodSeconds", 0);

    if (!value_get(old, "deletionTimestamp") || value_len(value_get(meta, "finalizers")) > 0)
        return false;
    if (str_eq(op->r->storage, "namespaces"))
        return value_len(value_at(op->obj, "spec.finalizers")) == 0;
    return grace == 0;
}

/* Two lists of managers that tell nothing else apart than when they wrote. */
static bool same_but_times(const Value *x, const Value *y)
{
    const Value *e;

    if (value_len(x) != value_len(y) || value_len(x) == 0)
        return false;
    value_each_item(x, i, e)
    {
        const Value *other = value_item(y, i);

        value_each_member(e, m) if (strcmp(m->name, "time") != 0 &&
                                    !value_equal(m->value, value_get(other, m->name))) return false;
        value_each_member(other, m) if (strcmp(m->name, "time") != 0 &&
                                        !value_get(e, m->name)) return false;
    }
    return true;
}

/* What is stored. A write after which nothing is new but the times of managers is none. */
static Obj *settled_form(Request *req, Op *op)
{
    Value *meta = value_get(op->obj, "metadata"), *now = value_get(meta, "managedFields");
    Value *before = value_at(op->old, "metadata.managedFields");
    Obj *o;

    if (!same_but_times(now, before) || value_equal(now, before))
        return stored_form(req, op);
    value_set(req->arena, meta, "managedFields", before);
    o = stored_form(req, op);
    if (o && o->text_len == op->was.obj->text_len &&
        memcmp(o->text, op->was.obj->text, o->text_len) == 0)
        return o;
    value_set(req->arena, meta, "managedFields", now);
    return stored_form(req, op);
}

int op_write(Request *req, Op *op, int http_status)
{
    Finish *f = arena_new0(req->arena, Finish);
    Obj *o;
    int s;

    if (!op->sub && str_eq(op->r->storage, "tenancy/tenants")) {
        s = is_deletion(op) ? host_tenant_delete(req, op) : host_tenant_update(req, op);
        if (s)
            return s;
    }
    if (op->r->crd)
        crds_store(req, op);
    normalize_object(req->arena, op->r, op->obj);
    s = crconvert_to_storage(req, op);
    if (s)
        return s;
    o = settled_form(req, op);
    if (!o)
        return fail_internal(req, "the object cannot be stored");
    *f = (Finish){.r = op->r,
                  .sub = op->sub,
                  .status = http_status,
                  .tree = op->obj,
                  .revision = op->was.obj->revision,
                  .write = req->state->set.n};
    if (is_deletion(op)) {
        Stored last = op->was;

        s = strategy_delete(req, op);
        if (!s) {
            op->verb = "DELETE";
            s = admit_charges(req, op);
        }
        if (s)
            return s;
        f->write = req->state->set.n;
        engine_delete(req, op->r->storage, &last);
        req->state->set.writes[f->write].obj = o;
        f->write = UINT32_MAX; /* answered with the revision it had */
        return engine_commit(req, finish_object, f);
    }
    /* With what hangs on it (a tenant's pools) it is written even so: its revision then tells
     * others that write both that they have read what is no more. */
    if (req->state->set.n == 0 && o->text_len == op->was.obj->text_len &&
        memcmp(o->text, op->was.obj->text, o->text_len) == 0) {
        f->is_unchanged = true;
        f->unchanged = op->was.obj;
        return finish_object(req, f);
    }
    s = admit_charges(req, op);
    if (s)
        return s;
    f->write = req->state->set.n;
    engine_put(req, op->r->storage, op->ns, op->name, &op->was, o);
    return engine_commit(req, finish_object, f);
}

int op_update(Request *req, Op *op)
{
    FieldErrs forgiven = {.arena = req->arena};
    FieldErrs e = {.arena = req->arena, .forgiven = &forgiven};
    int s;

    op->verb = "UPDATE";
    s = op->is_patch ? STEP_OK : check_uid(req, op);
    if (!s)
        s = check_revision(req, op);
    if (s)
        return s;
    keep_system_fields(req, op);
    value_del_at(op->obj, "metadata.resourceVersion");
    value_del_at(op->old, "metadata.resourceVersion");
    managed_fields_update(req, op);
    s = admit_mutate(req, op);
    if (!s)
        s = strategy_update(req, op);
    if (s)
        return s;
    s = devices_validate(req, op, &e);
    if (s)
        return s;
    validate_update(op->r, op->sub ? op->sub->name : "", op->obj, op->old, &e);
    validate_update_repeats(op->r, op->sub ? op->sub->name : "", &e);
    s = policies_check_access(req, op, &e);
    if (!s)
        s = check_valid(req, op, &e);
    if (!s && !op->sub)
        warnings_of(req->arena, op->r, op->obj, op->old, &req->state->warnings);
    else if (!s && str_eq(op->sub->name, "status"))
        warnings_of_status(req->arena, op->r, op->obj, &req->state->warnings);
    for (uint32_t i = 0; !s && i < forgiven.n; i++)
        warnings_add(req->arena, &req->state->warnings, "%s: %s", forgiven.items[i].field,
                     forgiven.items[i].message);
    if (!s)
        s = admit_validate(req, op);
    return s ? s : op_write(req, op, 200);
}

int fetch_target(Request *req, const Resource *r, Op *ret)
{
    const Route *t = &req->state->route;
    int s;

    ret->r = r;
    ret->ns = r->is_namespaced ? t->ns : "";
    ret->name = t->name;
    ret->manager = manager_of(req);
    s = read_get(req, req->cluster, r->storage, ret->ns, ret->name, &ret->was);
    if (s)
        return s;
    if (!ret->was.obj)
        return fail_not_found(req, r, ret->name);
    return crconvert_tree(req, r, ret->was.obj, &ret->old);
}

int check_url_name(Request *req, const Value *v)
{
    const char *name = value_at_str(v, "metadata.name"), *want = req->state->route.name;

    if (!name || !name[0])
        return fail(req, ERR_BAD_REQUEST,
                    "the name of the object (%s based on URL) was undeterminable: name must be "
                    "provided",
                    want);
    if (!str_eq(name, want))
        return fail(req, ERR_BAD_REQUEST,
                    "the name of the object (%s) does not match the name on the URL (%s)", name,
                    want);
    return STEP_OK;
}

int verb_update(Request *req, const Resource *r, const Subresource *sub)
{
    const Route *t = &req->state->route;
    Op op = {.r = r, .sub = sub, .manager = manager_of(req)};
    Value *v;
    int s = body_decode(req, r, &v);

    if (!s)
        s = check_namespace(req, r, v);
    if (!s)
        s = check_url_name(req, v);
    if (s)
        return s;
    default_object(req->arena, r, v);
    op.ns = r->is_namespaced ? t->ns : "";
    op.name = t->name;
    s = read_get(req, req->cluster, r->storage, op.ns, op.name, &op.was);
    if (s)
        return s;
    op.obj = v;
    if (!op.was.obj) {
        if (sub || !strategy_allows_create_on_update(r))
            return fail_not_found(req, r, t->name);
        s = check_uid(req, &op);
        if (s)
            return s;
        return op_create(req, &op);
    }
    s = crconvert_tree(req, r, op.was.obj, &op.old);
    return s ? s : op_update(req, &op);
}
