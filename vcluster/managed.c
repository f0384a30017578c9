/*
 * managed.c - metadata.managedFields: who wrote which field last, by update or by apply.
 */
#include "vcluster/managed.h"
#include "base/clock.h"
#include "vcluster/fieldset.h"
#include "vcluster/vcluster_int.h"

enum { MAX_UPDATERS = 10 };

Value *managed_empty(Arena *a, const Resource *r)
{
    char version[256];
    Value *v = value_object(a), *out = value_object(a);

    value_set(a, v, "metadata", value_object(a));
    normalize_object(a, r, v);
    value_set_str(a, out, "kind", r->kind);
    value_set_str(a, out, "apiVersion", resource_api_version(r, version));
    value_each_member(v, m) if (!str_eq(m->name, "kind") && !str_eq(m->name, "apiVersion"))
        value_set(a, out, m->name, m->value);
    if (!value_get(out, "metadata"))
        value_set(a, out, "metadata", value_object(a));
    return out;
}

/* What nobody owns: identity, and the part that this write may not change. */
Value *managed_strip(Arena *a, const Op *op, Value *set)
{
    static const char *const system[] = {"f:name",
                                         "f:namespace",
                                         "f:creationTimestamp",
                                         "f:selfLink",
                                         "f:uid",
                                         "f:generation",
                                         "f:managedFields",
                                         "f:resourceVersion",
                                         "f:deletionTimestamp",
                                         "f:deletionGracePeriodSeconds",
                                         "."};
    Value *out, *meta, *kept;

    if (!set)
        return NULL;
    out = value_object(a);
    value_each_member(set, m)
    {
        bool is_status = str_eq(m->name, "f:status"), is_meta = str_eq(m->name, "f:metadata");

        if (str_eq(m->name, "f:spec") && str_eq(op->r->kind, "CertificateSigningRequest"))
            continue;
        if (str_eq(m->name, "f:kind") || str_eq(m->name, "f:apiVersion"))
            continue;
        if (op->sub && (str_eq(op->sub->name, "status") || str_eq(op->sub->name, "approval"))
                ? !is_status && !is_meta
                : is_status && op->r->has_status)
            continue;
        value_set(a, out, m->name, m->value);
    }
    meta = value_get(out, "f:metadata");
    if (!meta)
        return out;
    kept = value_object(a);
    value_each_member(meta, m)
    {
        bool drop = false;

        for (size_t i = 0; i < ARRAY_LEN(system); i++)
            drop = drop || str_eq(m->name, system[i]);
        if (!drop)
            value_set(a, kept, m->name, m->value);
    }
    if (value_len(kept) > 0)
        value_set(a, out, "f:metadata", kept);
    else
        value_del(out, "f:metadata");
    return out;
}

Value *managed_entry(Arena *a, const Op *op, const char *operation, int64_t now_us, Value *set)
{
    char version[256], when[CLOCK_TEXT_MAX];
    Value *e = value_object(a);

    value_set_str(a, e, "manager", op->manager);
    value_set_str(a, e, "operation", operation);
    value_set_str(a, e, "apiVersion", resource_api_version(op->r, version));
    value_set_str(a, e, "time", clock_to_rfc3339(now_us, when));
    value_set_str(a, e, "fieldsType", "FieldsV1");
    value_set(a, e, "fieldsV1", set);
    if (op->sub)
        value_set_str(a, e, "subresource", op->sub->name);
    return e;
}

bool managed_is_mine(const Op *op, const Value *e, const char *operation)
{
    char version[256];
    const char *sub = value_get_str(e, "subresource");

    return str_eq(value_get_str(e, "manager"), op->manager) &&
           str_eq(value_get_str(e, "operation"), operation) &&
           str_eq(value_get_str(e, "apiVersion"), resource_api_version(op->r, version)) &&
           str_eq(sub ? sub : "", op->sub ? op->sub->name : "");
}

static int order(const Value *x, const Value *y)
{
    static const char *const by[] = {"operation", "time", "manager", "apiVersion", "subresource"};

    for (size_t i = 0; i < ARRAY_LEN(by); i++) {
        const char *p = value_get_str(x, by[i]), *q = value_get_str(y, by[i]);
        int d = strcmp(p ? p : "", q ? q : "");

        if (d)
            return d;
    }
    return 0;
}

static int order_entries(const void *x, const void *y)
{
    return order(*(Value *const *)x, *(Value *const *)y);
}

void managed_store(Arena *a, Value *obj, Value *list)
{
    Value *meta = value_need(a, obj, "metadata");

    if (value_len(list) == 0) {
        value_del(meta, "managedFields");
        return;
    }
    qsort(list->items, list->n, sizeof(list->items[0]), order_entries);
    value_set(a, meta, "managedFields", list);
}

/* The entries a write starts from; false: the client asked to forget them all. */
static bool start(const Op *op, const Value **ret)
{
    const Value *given = value_at(op->obj, "metadata.managedFields"), *e;

    *ret = value_at(op->old, "metadata.managedFields");
    if (!op->old) {
        *ret = NULL;
        return true;
    }
    if (value_len(given) == 1 && value_len(value_item(given, 0)) == 0)
        return false;
    value_each_item(given, i, e)
    {
        const char *how = value_get_str(e, "operation");

        if (!str_eq(how, "Apply") && !str_eq(how, "Update"))
            return true; /* entries that make no sense are ignored */
    }
    if (value_len(given) > 0)
        *ret = given;
    return true;
}

void managed_fields_update(Request *req, Op *op)
{
    Arena *a = req->arena;
    const Value *before, *e;
    Value *list = value_array(a), *mine = NULL, *old_mine = NULL, *set;
    FieldDiff d;

    if (op->is_apply)
        return;
    if (!start(op, &before) || (op->old && value_len(before) == 0)) {
        /* an object that nobody tracked stays untracked until somebody applies */
        value_del_at(op->obj, "metadata.managedFields");
        return;
    }
    d = fieldset_compare(a, op->r->type, op->old ? op->old : managed_empty(a, op->r), op->obj);
    d.changed = managed_strip(a, op, d.changed);
    d.removed = managed_strip(a, op, d.removed);
    value_each_item(before, i, e)
    {
        Value *fields = value_get(e, "fieldsV1");

        if (managed_is_mine(op, e, "Update")) {
            old_mine = fields;
            mine = value_copy(a, e);
            continue;
        }
        set = fieldset_minus(a, fieldset_minus(a, fields, d.changed), d.removed);
        if (fieldset_is_empty(set))
            continue;
        {
            Value *kept = value_copy(a, e);

            value_set(a, kept, "fieldsV1", set);
            value_append(a, list, kept);
        }
    }
    set = fieldset_union(a, fieldset_minus(a, old_mine, d.removed), d.changed);
    if (!fieldset_is_empty(set)) {
        if (!mine || !value_equal(set, old_mine) || !fieldset_is_empty(d.changed))
            mine = managed_entry(a, op, "Update", req->state->now_us, set);
        value_append(a, list, mine);
    }
    managed_store(a, op->obj, list);
}
