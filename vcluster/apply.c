/*
 * apply.c - server-side apply: the applied configuration is merged into the live object, fields
 * that this manager applied before and leaves out now go, fields of others conflict unless forced.
 *
 * Merging follows the types (fieldset.h has the paths); atomic values are replaced whole.
 */
#include "base/err.h"
#include "base/yaml.h"
#include "vcluster/fieldset.h"
#include "vcluster/managed.h"
#include "vcluster/vcluster_int.h"

typedef struct Conflict {
    const char *manager; /* as it is printed */
    const char *path;
} Conflict;

typedef struct Conflicts {
    Conflict *items;
    uint32_t n, cap;
} Conflicts;

/* ---- merging ---- */

static Value *merge_value(Arena *a, const Field *f, Value *live, Value *config);

static Value *merge_object(Arena *a, const Type *t, Value *live, Value *config)
{
    Value *out = value_object(a);

    value_each_member(live, m) value_set(a, out, m->name, m->value);
    value_each_member(config, m)
    {
        const Field *f = type_field(t, slice_of(m->name));

        value_set(a, out, m->name,
                  f ? merge_value(a, f, value_get(live, m->name), m->value) : m->value);
    }
    return out;
}

static bool same_item(Arena *a, const Field *f, const Value *x, const Value *y)
{
    return strcmp(fieldset_key(a, f, x), fieldset_key(a, f, y)) == 0;
}

static Value *merge_list(Arena *a, const Field *f, Value *live, Value *config)
{
    Value *out = value_array(a), *x, *y;

    value_each_item(live, i, x)
    {
        Value *with = NULL;

        value_each_item(config, j, y) if (same_item(a, f, x, y)) with = y;
        value_append(a, out, with ? merge_value(a, f->elem, x, with) : x);
    }
    value_each_item(config, k, y)
    {
        bool there = false;

        value_each_item(live, i, x) there = there || same_item(a, f, x, y);
        if (!there)
            value_append(a, out, y);
    }
    return out;
}

static Value *merge_value(Arena *a, const Field *f, Value *live, Value *config)
{
    if (!live || live->type != config->type)
        return config;
    if (f->kind == FIELD_OBJECT && f->type && f->type->n_fields > 0 && !f->type->is_map_atomic &&
        !(f->flags & FIELD_MAP_ATOMIC) && config->type == VALUE_OBJECT)
        return merge_object(a, f->type, live, config);
    if (f->kind == FIELD_MAP && !(f->flags & FIELD_MAP_ATOMIC) && config->type == VALUE_OBJECT) {
        Value *out = value_object(a);

        value_each_member(live, m) value_set(a, out, m->name, m->value);
        value_each_member(config, m)
            value_set(a, out, m->name, merge_value(a, f->elem, value_get(live, m->name), m->value));
        return out;
    }
    if (f->kind == FIELD_LIST && f->list_type != LIST_ATOMIC && config->type == VALUE_ARRAY)
        return merge_list(a, f, live, config);
    return config;
}

/* ---- taking out what is no longer applied ---- */

static void prune(Arena *a, Value *v, const Value *paths);

static void prune_items(Arena *a, Value *list, const char *key, const Value *node)
{
    Value *item, *want = NULL;

    if (value_parse(a, slice_of(key + 2), &want, NULL) < 0)
        return;
    value_each_item(list, i, item)
    {
        bool same = true;

        if (key[0] == 'k') {
            value_each_member(want, m) same =
                same && value_equal(m->value, value_get(item, m->name));
        } else
            same = value_equal(item, want);
        if (!same)
            continue;
        if (node->n == 0 || value_get(node, "."))
            value_remove(list, i);
        else
            prune(a, item, node);
        return;
    }
}

static void prune(Arena *a, Value *v, const Value *paths)
{
    value_each_member(paths, m)
    {
        Value *child;

        if (str_starts(m->name, "k:") || str_starts(m->name, "v:")) {
            prune_items(a, v, m->name, m->value);
            continue;
        }
        if (!str_starts(m->name, "f:"))
            continue;
        child = value_get(v, m->name + 2);
        if (!child)
            continue;
        if (m->value->n == 0 || (value_get(m->value, ".") && child->type < VALUE_ARRAY))
            value_del(v, m->name + 2);
        else {
            prune(a, child, m->value);
            if (value_get(m->value, ".") && value_len(child) == 0)
                value_del(v, m->name + 2);
        }
    }
}

/* ---- conflicts ---- */

static void path_text(const char *key, Arena *a, Buf *out)
{
    Value *v = NULL;
    bool first = true;

    if (key[0] == 'f') {
        buf_addf(out, ".%s", key + 2);
        return;
    }
    if (value_parse(a, slice_of(key + 2), &v, NULL) < 0)
        return;
    buf_addc(out, '[');
    if (key[0] == 'k') {
        value_each_member(v, m)
        {
            buf_addf(out, "%s%s=", first ? "" : ",", m->name);
            value_print(m->value, out);
            first = false;
        }
    } else {
        buf_addc(out, '=');
        value_print(v, out);
    }
    buf_addc(out, ']');
}

static void collect(Arena *a, const char *manager, const char *prefix, const Value *node,
                    Conflicts *out)
{
    value_each_member(node, m)
    {
        AUTO_BUF text = BUF_INIT;
        const char *path;

        if (strcmp(m->name, ".") == 0)
            continue;
        buf_adds(&text, prefix);
        path_text(m->name, a, &text);
        path = arena_strdup(a, buf_str(&text));
        if (m->value->n == 0 || value_get(m->value, ".")) {
            if (out->n == out->cap) {
                uint32_t cap = out->cap ? out->cap * 2 : 8;
                Conflict *bigger = arena_array(a, Conflict, cap);

                if (out->n > 0)
                    memcpy(bigger, out->items, out->n * sizeof(*bigger));
                out->items = bigger;
                out->cap = cap;
            }
            out->items[out->n++] = (Conflict){manager, path};
        }
        collect(a, manager, path, m->value, out);
    }
}

static const char *manager_text(Arena *a, const Op *op, const Value *e)
{
    AUTO_BUF out = BUF_INIT;
    const char *sub = value_get_str(e, "subresource"), *op_name = value_get_str(e, "operation");

    (void)op;
    value_print(value_get(e, "manager"), &out);
    if (sub)
        buf_addf(&out, " with subresource \"%s\"", sub);
    if (str_eq(op_name, "Update"))
        buf_addf(&out, " using %s", value_get_str(e, "apiVersion"));
    return arena_strdup(a, buf_str(&out));
}

static int order_conflicts(const void *x, const void *y)
{
    const Conflict *p = x, *q = y;
    int d = strcmp(p->manager, q->manager);

    return d ? d : strcmp(p->path, q->path);
}

static int refuse(Request *req, Conflicts *c)
{
    Arena *a = req->arena;
    Value *d = value_object(a);
    AUTO_BUF msg = BUF_INIT;
    const char *last = NULL;

    qsort(c->items, c->n, sizeof(c->items[0]), order_conflicts);
    buf_addf(&msg, "Apply failed with %u conflict%s: ", c->n, c->n == 1 ? "" : "s");
    if (c->n == 1)
        buf_addf(&msg, "conflict with %s: %s", c->items[0].manager, c->items[0].path);
    for (uint32_t i = 0; i < c->n; i++) {
        details_cause(a, d, "FieldManagerConflict",
                      arena_printf(a, "conflict with %s", c->items[i].manager), c->items[i].path);
        if (c->n == 1)
            break;
        if (!last || strcmp(last, c->items[i].manager) != 0)
            buf_addf(&msg, "%sconflicts with %s:", last ? "\n" : "", c->items[i].manager);
        last = c->items[i].manager;
        buf_addf(&msg, "\n- %s", c->items[i].path);
    }
    return fail_status(req, 409, "Conflict", d, buf_str(&msg));
}

/* ---- the verb ---- */

/* Entries of the live object. One that nobody tracked belongs to "before-first-apply". */
static const Value *entries_of(Arena *a, const Op *op, const Value *live, int64_t now_us)
{
    const Value *list = value_at(live, "metadata.managedFields");
    Op other = *op;
    Value *out;

    if (!op->was.obj || value_len(list) > 0)
        return list;
    other.manager = "before-first-apply";
    out = value_array(a);
    value_append(
        a, out,
        managed_entry(
            a, &other, "Update", now_us,
            managed_strip(
                a, op, fieldset_compare(a, op->r->type, managed_empty(a, op->r), live).changed)));
    return out;
}

/* The managers after this apply, or a refusal. `mine` is what the configuration says. */
static int settle(Request *req, Op *op, const Value *live, Value *mine, FieldDiff d)
{
    Arena *a = req->arena;
    const Value *before = entries_of(a, op, live, req->state->now_us), *e;
    Value *list = value_array(a), *old_entry = NULL, *old_set = NULL;
    bool is_same = op->was.obj && fieldset_is_empty(d.changed) && fieldset_is_empty(d.removed);
    bool was_kubectl = str_eq(op->manager, "kubectl") &&
                       value_get(value_at(live, "metadata.annotations"),
                                 "kubectl.kubernetes.io/last-applied-configuration");
    Conflicts c = {0};

    value_each_item(before, i, e)
    {
        Value *set = value_get(e, "fieldsV1"), *clash, *kept;

        if (managed_is_mine(op, e, "Apply")) {
            old_entry = value_copy(a, e);
            old_set = set;
            continue;
        }
        clash = fieldset_common(a, set, d.changed);
        if (!was_kubectl || !str_eq(value_get_str(e, "manager"), "kubectl-client-side-apply"))
            collect(a, manager_text(a, op, e), "", clash, &c);
        set = fieldset_minus(a, fieldset_minus(a, set, clash), d.removed);
        if (fieldset_is_empty(set))
            continue;
        kept = value_copy(a, e);
        value_set(a, kept, "fieldsV1", set);
        value_append(a, list, kept);
    }
    if (c.n > 0 && !req->state->opts.force)
        return refuse(req, &c);
    if (!fieldset_is_empty(mine)) {
        if (!old_entry || !value_equal(mine, old_set) || !fieldset_is_empty(d.changed)) {
            Value *time = value_get(old_entry, "time");

            old_entry = managed_entry(a, op, "Apply", req->state->now_us, mine);
            if (is_same) { /* nothing was written: the time of the last write stays */
                value_del(old_entry, "time");
                if (time)
                    value_set(a, old_entry, "time", time);
            }
        }
        value_append(a, list, old_entry);
    }
    managed_store(a, op->obj, list);
    return STEP_OK;
}

static const Value *applied_before(const Op *op, const Value *live)
{
    const Value *e;

    value_each_item(value_at(live, "metadata.managedFields"), i, e)
    {
        if (managed_is_mine(op, e, "Apply"))
            return value_get(e, "fieldsV1");
    }
    return NULL;
}

/* What only others hold must stay although this manager lets go of it. */
static Value *held_by_others(Arena *a, const Op *op, const Value *live)
{
    const Value *e;
    Value *all = NULL;

    value_each_item(value_at(live, "metadata.managedFields"), i, e)
    {
        if (!managed_is_mine(op, e, "Apply"))
            all = fieldset_union(a, all, value_get(e, "fieldsV1"));
    }
    return all;
}

static int read_config(Request *req, const Resource *r, Value **ret)
{
    RequestState *st = req->state;
    const char *name, *ns;
    char api_version[256];
    Err err;
    Value *v = NULL;

    if (value_parse_yaml(req->arena, req->body, &v, &err) < 0)
        return fail(req, ERR_BAD_REQUEST, "error decoding YAML: %s", err.msg);
    if (!value_is(v, VALUE_OBJECT))
        return fail(req, ERR_BAD_REQUEST, "the applied configuration is not an object");
    if (value_is(value_at(v, "metadata.managedFields"), VALUE_ARRAY))
        return fail(req, ERR_BAD_REQUEST, "metadata.managedFields must be nil");
    name = value_at_str(v, "metadata.name");
    ns = value_at_str(v, "metadata.namespace");
    if (!name || !name[0])
        return fail(req, ERR_BAD_REQUEST,
                    "the name of the object (%s based on URL) was undeterminable: name must be "
                    "provided",
                    st->route.name);
    if (!str_eq(name, st->route.name))
        return fail(req, ERR_BAD_REQUEST,
                    "the name of the object (%s) does not match the name on the URL (%s)", name,
                    st->route.name);
    if (r->is_namespaced && ns && ns[0] && !str_eq(ns, st->route.ns))
        return fail(req, ERR_BAD_REQUEST,
                    "the namespace of the provided object does not match the namespace sent on "
                    "the request");
    resource_api_version(r, api_version);
    if (!str_eq(value_get_str(v, "kind"), r->kind) ||
        !str_eq(value_get_str(v, "apiVersion"), api_version))
        return fail(req, ERR_BAD_REQUEST, "incorrect type specified in patch: %s, Kind=%s",
                    value_get_str(v, "apiVersion") ? value_get_str(v, "apiVersion") : "",
                    value_get_str(v, "kind") ? value_get_str(v, "kind") : "");
    {
        Value *check = value_copy(req->arena, v);

        if (decode_object(req->arena, r, check, FIELDS_STRICT, NULL, &st->warnings, &err) < 0) {
            const char *why = strstr(err.msg, "cannot be handled as a ");

            why = why ? strstr(why, ": ") : NULL;
            if (st->opts.field_validation == FIELDS_STRICT || !strstr(err.msg, "strict decoding"))
                return fail(req, ERR_BAD_REQUEST, "%s", why ? why + 2 : err.msg);
        }
    }
    value_del_at(v, "metadata.creationTimestamp");
    *ret = v;
    return STEP_OK;
}

int verb_apply(Request *req, const Resource *r, const Subresource *sub)
{
    Arena *a = req->arena;
    const Route *t = &req->state->route;
    Op op = {.r = r, .sub = sub, .manager = manager_of(req)};
    Value *config = NULL, *live, *merged, *mine, *gone;
    FieldDiff d;
    int s = read_config(req, r, &config);

    if (s)
        return s;
    op.ns = r->is_namespaced ? t->ns : "";
    op.name = t->name;
    s = read_get(req, req->cluster, r->storage, op.ns, op.name, &op.was);
    if (s)
        return s;
    if (!op.was.obj && sub)
        return fail_not_found(req, r, op.name);
    if (!op.was.obj && value_at_str(config, "metadata.uid"))
        return fail_conflict(req, r, op.name,
                             "uid mismatch: the provided object specified uid %s, and no existing "
                             "object was found",
                             value_at_str(config, "metadata.uid"));
    live = op.was.obj ? object_tree(a, r, op.was.obj) : managed_empty(a, r);
    mine = managed_strip(a, &op, fieldset_of(a, r->type, config));
    gone = fieldset_minus(
        a, fieldset_minus(a, applied_before(&op, live), fieldset_with_parents(a, mine)),
        fieldset_with_parents(a, held_by_others(a, &op, live)));
    merged = merge_object(a, r->type, value_copy(a, live), value_copy(a, config));
    if (gone)
        prune(a, merged, gone);
    normalize_object(a, r, merged);
    d = fieldset_compare(a, r->type, live, merged);
    d.changed = fieldset_common(a, managed_strip(a, &op, d.changed), mine);
    d.removed = managed_strip(a, &op, d.removed);
    op.obj = value_copy(a, merged);
    default_object(a, r, op.obj);
    value_set(a, op.obj, "kind", value_get(config, "kind"));
    value_set(a, op.obj, "apiVersion", value_get(config, "apiVersion"));
    op.is_apply = op.is_patch = true;
    s = settle(req, &op, op.was.obj ? live : NULL, mine, d);
    if (s)
        return s;
    if (r->is_namespaced)
        value_set_str(a, value_need(a, op.obj, "metadata"), "namespace", op.ns);
    if (!op.was.obj) {
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

        s = authorize(req, &at, &allowed, &reason);
        if (s)
            return s;
        if (!allowed)
            return fail_forbidden(req, t->group, t->resource, t->name,
                                  "User \"%s\" cannot create resource \"%s\" in API group \"%s\" "
                                  "%s",
                                  req->user.name, t->resource, t->group,
                                  t->ns[0] ? arena_printf(a, "in the namespace \"%s\"", t->ns)
                                           : "at the cluster scope");
        return op_create(req, &op);
    }
    op.old = object_tree(a, r, op.was.obj);
    return op_update(req, &op);
}
