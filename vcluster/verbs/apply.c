/*
 * apply.c - server-side apply as a verb: the body, the answer to conflicts, and kubectl's way over
 * from client-side apply. managed.h has the merge.
 */
#include "vcluster/apply.h"

#include "base/err.h"
#include "base/yaml.h"
#include "vcluster/crconvert.h"

#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

enum { ANNOTATIONS_MAX = 256 * 1024 };

/* ---- conflicts ---- */

typedef struct Clash {
    const Manager *manager;
    const char *path;
} Clash;

typedef struct Clashes {
    Arena *a;
    const Manager *manager; /* of the set that is walked */
    Clash *items;
    uint32_t n, cap;
} Clashes;

static void add_clash(const char *path, void *data)
{
    Clashes *c = data;

    ARENA_GROW(c->a, c->items, c->n, c->cap, 8);
    c->items[c->n++] = (Clash){c->manager, path};
}

static const char *manager_text(Arena *a, const Manager *m)
{
    AUTO_BUF out = BUF_INIT;

    value_print(value_str(a, m->name), &out);
    if (m->subresource[0])
        buf_addf(&out, " with subresource \"%s\"", m->subresource);
    if (str_eq(m->operation, "Update"))
        buf_addf(&out, " using %s", m->api_version);
    return arena_strdup(a, buf_str(&out));
}

static int by_id(const void *x, const void *y)
{
    return strcmp(((const Conflict *)x)->manager->id, ((const Conflict *)y)->manager->id);
}

static int refuse(Request *req, Conflict *items, uint32_t n)
{
    Arena *a = req->arena;
    Value *d = value_object(a);
    AUTO_BUF msg = BUF_INIT;
    Clashes c = {.a = a};
    const Manager *last = NULL;

    qsort(items, n, sizeof(*items), by_id);
    for (uint32_t i = 0; i < n; i++) {
        c.manager = items[i].manager;
        fieldset_each(a, items[i].set, add_clash, &c);
    }
    buf_addf(&msg, "Apply failed with %u conflict%s: ", c.n, c.n == 1 ? "" : "s");
    if (c.n == 1)
        buf_addf(&msg, "conflict with %s: %s", manager_text(a, c.items[0].manager),
                 c.items[0].path);
    for (uint32_t i = 0; i < c.n; i++) {
        const char *who = manager_text(a, c.items[i].manager);

        details_cause(a, d, "FieldManagerConflict", arena_printf(a, "conflict with %s", who),
                      c.items[i].path);
        if (c.n == 1)
            break;
        if (last != c.items[i].manager)
            buf_addf(&msg, "%sconflicts with %s:", last ? "\n" : "", who);
        last = c.items[i].manager;
        buf_addf(&msg, "\n- %s", c.items[i].path);
    }
    return fail_status(req, 409, "Conflict", d, buf_str(&msg));
}

/* ---- kubectl ---- */

static const char *last_applied(const Value *v)
{
    const char *s = value_get_str(value_at(v, "metadata.annotations"), LAST_APPLIED);

    return s && s[0] ? s : NULL;
}

/* What client-side apply put there and nobody has changed since: kubectl may take it over. */
static FieldSet *allowed_by_last_applied(const FieldWriter *w, const Value *live)
{
    const char *text = last_applied(live);
    Typed t = typed_of(w->a, w->r);
    char version[256];
    FieldDiff d;
    Value *v;

    if (!text || value_parse(w->a, slice_of(text), &v, NULL) < 0 ||
        !str_eq(value_get_str(v, "apiVersion"), resource_api_version(w->r, version)) ||
        typed_check(&t, v))
        return NULL;
    d = typed_compare(&t, v, live);
    return fieldset_minus(w->a, fieldset_minus(w->a, typed_paths(&t, v), d.changed), d.removed);
}

/* The conflicts that are left; 0 means that kubectl may force this apply. */
static uint32_t take_over_client_side(const FieldWriter *w, const Value *live, Applied *out)
{
    FieldSet *allowed = allowed_by_last_applied(w, live), *all = NULL;
    uint32_t n = 0;

    if (!allowed)
        return out->n;
    for (uint32_t i = 0; i < out->n; i++)
        all = fieldset_union(w->a, all, out->items[i].set);
    if (fieldset_is_empty(fieldset_minus(w->a, all, allowed)))
        return 0;
    for (uint32_t i = 0; i < out->n; i++) {
        FieldSet *left = fieldset_minus(w->a, out->items[i].set, allowed);

        if (!fieldset_is_empty(left))
            out->items[n++] = (Conflict){out->items[i].manager, left};
    }
    return n;
}

static int by_name(const void *x, const void *y)
{
    return strcmp(((const Member *)x)->name, ((const Member *)y)->name);
}

static void sort_members(Value *v)
{
    Value *item;

    if (value_is(v, VALUE_OBJECT)) {
        qsort(v->members, v->n, sizeof(Member), by_name);
        value_each_member(v, m) sort_members(m->value);
    }
    value_each_item(v, i, item) sort_members(item);
}

/* The annotation of client-side apply follows what kubectl applies, so that it can go back. */
static void sync_last_applied(Arena *a, const Value *config, Value *obj)
{
    Value *copy = value_copy(a, config), *notes = value_at(obj, "metadata.annotations");
    const char *text;
    size_t size = 0;

    value_del(value_at(copy, "metadata.annotations"), LAST_APPLIED);
    sort_members(copy);
    text = arena_printf(a, "%s\n", value_to_str(a, copy));
    value_set_str(a, notes, LAST_APPLIED, text);
    value_each_member(notes, m) size +=
        strlen(m->name) + (m->value->type == VALUE_STRING ? m->value->n : 0);
    if (size > ANNOTATIONS_MAX)
        value_set_str(a, notes, LAST_APPLIED, "");
}

/* ---- the body ---- */

static void on_dup(const char *text, void *data)
{
    Request *req = data;

    warnings_add(req->arena, &req->state->dups, "%s", text);
}

int apply_body(Request *req, Value **ret)
{
    Value *v = NULL;
    Err err;

    req->state->dups = (Warnings){0};
    if (value_parse_yaml_lax(req->arena, req->body, on_dup, req, &v, &err) < 0)
        return fail(req, ERR_BAD_REQUEST, "error decoding YAML: %s",
                    arena_printf(req->arena, "error converting YAML to JSON: %s", err.msg));
    if (value_is(v, VALUE_NULL))
        v = value_object(req->arena);
    if (!value_is(v, VALUE_OBJECT))
        return fail(req, ERR_BAD_REQUEST,
                    "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: "
                    "cannot unmarshal %s into Go value of type map[string]interface {}",
                    value_json_name(v));
    *ret = v;
    return STEP_OK;
}

int apply_check_strict(Request *req)
{
    RequestState *st = req->state;
    AUTO_BUF text = BUF_INIT;

    if (st->dups.n == 0 || st->opts.field_validation == FIELDS_IGNORE)
        return STEP_OK;
    buf_adds(&text, "error converting YAML to JSON: yaml: unmarshal errors:");
    for (uint32_t i = 0; i < st->dups.n; i++)
        buf_addf(&text, "\n  %s", st->dups.items[i]);
    if (st->opts.field_validation == FIELDS_STRICT)
        return fail(req, ERR_BAD_REQUEST, "error strict decoding YAML: %s", buf_str(&text));
    warnings_add_all(req->arena, &st->warnings, &st->dups);
    return STEP_OK;
}

/* ---- the merge ---- */

/* As Go prints a kind: group/version, Kind=kind. */
static const char *kind_text(Arena *a, const Value *v)
{
    const char *api = value_get_str(v, "apiVersion"), *kind = value_get_str(v, "kind");

    api = api ? api : "";
    if (strchr(api, '/') && strchr(strchr(api, '/') + 1, '/')) /* not read at all */
        api = kind = "";
    return arena_printf(a, "%s%s, Kind=%s", strchr(api, '/') ? "" : "/", api, kind ? kind : "");
}

static const char *object_text(Arena *a, const Value *v)
{
    const char *ns = value_at_str(v, "metadata.namespace"),
               *name = value_at_str(v, "metadata.name");

    return arena_printf(a, "%s/%s; %s", ns ? ns : "", name ? name : "", kind_text(a, v));
}

int apply_merge(Request *req, const FieldWriter *w, const Value *live, const Value *config,
                Value **ret)
{
    Arena *a = req->arena;
    Typed t = typed_of(a, w->r);
    bool is_kubectl = str_eq(w->manager, "kubectl");
    Value *managed = value_at(config, "metadata.managedFields");
    const char *why;
    char version[256];
    Applied out;

    if (!str_eq(value_get_str(config, "kind"), w->r->kind) ||
        !str_eq(value_get_str(config, "apiVersion"), resource_api_version(w->r, version)))
        return fail(req, ERR_BAD_REQUEST, "invalid object type: %s", kind_text(a, config));
    if (value_is(managed, VALUE_ARRAY))
        return fail(req, ERR_BAD_REQUEST, "metadata.managedFields must be nil");
    why = typed_check(&t, config);
    if (why)
        return fail_internal(req, arena_printf(a, "failed to create typed patch object (%s): %s",
                                               object_text(a, config), why));
    managed_apply(w, live, config, req->state->opts.force, &out);
    if (out.n > 0 && is_kubectl) {
        out.n = take_over_client_side(w, live, &out);
        if (out.n == 0)
            managed_apply(w, live, config, true, &out);
    }
    if (out.n > 0)
        return refuse(req, out.items, out.n);
    if (is_kubectl && last_applied(out.obj))
        sync_last_applied(a, config, out.obj);
    *ret = out.obj;
    return STEP_OK;
}

/* ---- the verb ---- */

static int decode_applied(Request *req, const Resource *r, const Value *config, Value *v)
{
    Value *managers = value_at(v, "metadata.managedFields");
    char version[256];
    Err err;

    value_set_str(req->arena, v, "kind", r->kind);
    value_set_str(req->arena, v, "apiVersion", resource_api_version(r, version));
    if (decode_object(req->arena, r, v, FIELDS_IGNORE, NULL, &req->state->warnings, &err) < 0) {
        const char *why = strstr(err.msg, "cannot be handled as a ");

        why = why ? strstr(why, ": ") : NULL;
        return fail_internal(
            req, arena_printf(req->arena,
                              "failed to convert new object (%s) to proper version: unable to "
                              "convert unstructured object to %s: %s",
                              object_text(req->arena, config), kind_text(req->arena, config),
                              why ? why + 2 : err.msg));
    }
    value_set_str(req->arena, v, "kind", r->kind);
    value_set_str(req->arena, v, "apiVersion", resource_api_version(r, version));
    if (managers)
        value_set_at(req->arena, v, "metadata.managedFields", managers);
    default_object(req->arena, r, v);
    return STEP_OK;
}

static int may_create(Request *req)
{
    const Route *t = &req->state->route;
    RbacAttrs at = {.verb = "create",
                    .is_resource = true,
                    .group = t->group,
                    .resource = t->resource,
                    .subresource = "",
                    .ns = t->ns,
                    .name = t->name,
                    .path = ""};
    const char *reason;
    bool allowed;
    int s = authorize(req, &at, &allowed, &reason);

    if (s || allowed)
        return s;
    return fail_forbidden(req, t->group, t->resource, t->name,
                          "User \"%s\" cannot create resource \"%s\" in API group \"%s\" %s",
                          req->user.name, t->resource, t->group,
                          t->ns[0] ? arena_printf(req->arena, "in the namespace \"%s\"", t->ns)
                                   : "at the cluster scope");
}

static int create_applied(Request *req, Op *op)
{
    const char *uid = value_at_str(op->obj, "metadata.uid");
    int s;

    if (uid && uid[0])
        return fail_conflict(req, op->r, op->name,
                             "uid mismatch: the provided object specified uid %s, and no existing "
                             "object was found",
                             uid);
    s = check_namespace(req, op->r, op->obj);
    if (!s)
        s = check_url_name(req, op->obj);
    if (!s)
        s = may_create(req);
    return s ? s : op_create(req, op);
}

int verb_apply(Request *req, const Resource *r, const Subresource *sub)
{
    Arena *a = req->arena;
    const Route *t = &req->state->route;
    Op op = {.r = r, .sub = sub, .manager = manager_of(req), .is_apply = true, .is_patch = true};
    Value *config = NULL;
    FieldWriter w;
    int s;

    op.ns = r->is_namespaced ? t->ns : "";
    op.name = t->name;
    s = read_get(req, req->cluster, r->storage, op.ns, op.name, &op.was);
    if (s)
        return s;
    if (!op.was.obj && sub)
        return fail_not_found(req, r, op.name);
    s = apply_body(req, &config);
    if (s)
        return s;
    if (op.was.obj)
        s = crconvert_tree(req, r, op.was.obj, &op.old);
    if (s)
        return s;
    w = managed_writer(req, &op);
    s = apply_merge(req, &w, op.old ? op.old : managed_empty(a, r), config, &op.obj);
    if (!s)
        s = apply_check_strict(req);
    if (!s)
        s = decode_applied(req, r, config, op.obj);
    if (s)
        return s;
    if (!op.old)
        return create_applied(req, &op);
    s = check_namespace(req, r, op.obj);
    if (!s)
        s = check_url_name(req, op.obj);
    return s ? s : op_update(req, &op);
}
