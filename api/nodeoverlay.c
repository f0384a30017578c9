#include "api/nodeoverlay.h"

/* ---- maps: labels, annotations ---- */

static void apply_map(Arena *a, Value *node, const char *path, const Value *changes)
{
    Value *map;

    if (value_len(changes) == 0)
        return;
    map = value_need(a, node, path);
    value_each_member(changes, m)
    {
        if (value_is(m->value, VALUE_NULL))
            value_del(map, m->name);
        else
            value_set(a, map, m->name, value_copy(a, m->value));
    }
}

static void diff_map(Arena *a, const Value *from, const Value *to, Value *overlay, const char *name)
{
    Value *changes = value_object(a);

    value_each_member(to, m) if (!value_equal(value_get(from, m->name), m->value))
        value_set(a, changes, m->name, value_copy(a, m->value));
    value_each_member(from, m) if (!value_get(to, m->name))
        value_set(a, changes, m->name, value_null(a));
    if (value_len(changes) > 0)
        value_set(a, overlay, name, changes);
}

/* ---- taints ---- */

static bool is_same_taint(const Value *x, const Value *y)
{
    return str_eq(value_get_str(x, "key"), value_get_str(y, "key")) &&
           str_eq(value_get_str(x, "effect"), value_get_str(y, "effect"));
}

static bool has_taint(const Value *taints, const Value *taint)
{
    const Value *t;

    value_each_item(taints, i, t) if (is_same_taint(t, taint)) return true;
    return false;
}

static void apply_taints(Arena *a, Value *node, const Value *more)
{
    Value *spec, *taints;
    const Value *t;

    if (value_len(more) == 0)
        return;
    spec = value_need(a, node, "spec");
    taints = value_get(spec, "taints");
    if (!value_is(taints, VALUE_ARRAY)) {
        taints = value_array(a);
        value_set(a, spec, "taints", taints);
    }
    value_each_item(more, i, t) if (!has_taint(taints, t))
        value_append(a, taints, value_copy(a, t));
}

static void diff_taints(Arena *a, const Value *from, const Value *to, Value *overlay)
{
    Value *more = value_array(a);
    const Value *t;

    value_each_item(to, i, t) if (!has_taint(from, t)) value_append(a, more, value_copy(a, t));
    if (value_len(more) > 0)
        value_set(a, overlay, "taints", more);
}

/* ---- extended resources: names with a domain that the host does not have ---- */

static bool is_extended(const char *name)
{
    return strchr(name, '/') && !str_starts(name, "kubernetes.io/");
}

static void diff_resources(Arena *a, const Value *from, const Value *to, Value *overlay,
                           const char *name)
{
    Value *more = value_object(a);

    value_each_member(to, m) if (is_extended(m->name) && !value_get(from, m->name))
        value_set(a, more, m->name, value_copy(a, m->value));
    if (value_len(more) > 0)
        value_set(a, overlay, name, more);
}

/* ---- conditions ---- */

static bool has_condition(const Value *conditions, const Value *c)
{
    const Value *x;

    value_each_item(conditions, i,
                    x) if (str_eq(value_get_str(x, "type"), value_get_str(c, "type"))) return true;
    return false;
}

static void apply_conditions(Arena *a, Value *node, const Value *more)
{
    Value *status, *list;
    const Value *c;

    if (value_len(more) == 0)
        return;
    status = value_need(a, node, "status");
    list = value_get(status, "conditions");
    if (!value_is(list, VALUE_ARRAY)) {
        list = value_array(a);
        value_set(a, status, "conditions", list);
    }
    value_each_item(more, i, c) if (!has_condition(list, c))
        value_append(a, list, value_copy(a, c));
}

static void diff_conditions(Arena *a, const Value *from, const Value *to, Value *overlay)
{
    Value *more = value_array(a);
    const Value *c;

    value_each_item(to, i, c) if (!has_condition(from, c)) value_append(a, more, value_copy(a, c));
    if (value_len(more) > 0)
        value_set(a, overlay, "conditions", more);
}

void node_overlay_apply(Arena *a, Value *node, const Value *overlay)
{
    if (!overlay)
        return;
    apply_map(a, node, "metadata.labels", value_get(overlay, "labels"));
    apply_map(a, node, "metadata.annotations", value_get(overlay, "annotations"));
    apply_taints(a, node, value_get(overlay, "taints"));
    if (value_is_true(value_get(overlay, "unschedulable")))
        value_set_bool(a, value_need(a, node, "spec"), "unschedulable", true);
    apply_map(a, node, "status.capacity", value_get(overlay, "capacity"));
    apply_map(a, node, "status.allocatable", value_get(overlay, "allocatable"));
    apply_conditions(a, node, value_get(overlay, "conditions"));
}

Value *node_overlay_of(Arena *a, const Value *node, const Value *wanted)
{
    Value *o = value_object(a);

    diff_map(a, value_at(node, "metadata.labels"), value_at(wanted, "metadata.labels"), o,
             "labels");
    diff_map(a, value_at(node, "metadata.annotations"), value_at(wanted, "metadata.annotations"), o,
             "annotations");
    diff_taints(a, value_at(node, "spec.taints"), value_at(wanted, "spec.taints"), o);
    if (value_at_bool(wanted, "spec.unschedulable") && !value_at_bool(node, "spec.unschedulable"))
        value_set_bool(a, o, "unschedulable", true);
    diff_resources(a, value_at(node, "status.capacity"), value_at(wanted, "status.capacity"), o,
                   "capacity");
    diff_resources(a, value_at(node, "status.allocatable"), value_at(wanted, "status.allocatable"),
                   o, "allocatable");
    diff_conditions(a, value_at(node, "status.conditions"), value_at(wanted, "status.conditions"),
                    o);
    if (value_len(o) == 0)
        return NULL;
    value_set_str(a, value_need(a, o, "metadata"), "name", value_at_str(node, "metadata.name"));
    return o;
}
