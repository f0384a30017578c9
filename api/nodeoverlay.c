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

/* ---- lists whose items have a key: what one has and the other does not ---- */

typedef struct KeyedList {
    const char *parent, *name; /* of the node; the overlay has it under `name` */
    const char *keys[2];
} KeyedList;

static const KeyedList taints = {"spec", "taints", {"key", "effect"}};
static const KeyedList conditions = {"status", "conditions", {"type", NULL}};

static bool has_item(const KeyedList *l, const Value *list, const Value *item)
{
    const Value *x;

    value_each_item(list, i, x)
    {
        bool is_same = true;

        for (size_t k = 0; k < ARRAY_LEN(l->keys) && l->keys[k]; k++)
            is_same =
                is_same && str_eq(value_get_str(x, l->keys[k]), value_get_str(item, l->keys[k]));
        if (is_same)
            return true;
    }
    return false;
}

static void apply_list(Arena *a, const KeyedList *l, Value *node, const Value *overlay)
{
    const Value *more = value_get(overlay, l->name), *item;
    Value *parent, *list;

    if (value_len(more) == 0)
        return;
    parent = value_need(a, node, l->parent);
    list = value_get(parent, l->name);
    if (!value_is(list, VALUE_ARRAY)) {
        list = value_array(a);
        value_set(a, parent, l->name, list);
    }
    value_each_item(more, i, item) if (!has_item(l, list, item))
        value_append(a, list, value_copy(a, item));
}

static void diff_list(Arena *a, const KeyedList *l, const Value *from, const Value *to,
                      Value *overlay)
{
    const Value *had = value_get(value_get(from, l->parent), l->name), *item;
    Value *more = value_array(a);

    value_each_item(value_get(value_get(to, l->parent), l->name), i,
                    item) if (!has_item(l, had, item)) value_append(a, more, value_copy(a, item));
    if (value_len(more) > 0)
        value_set(a, overlay, l->name, more);
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

/* As a kubelet has it: what a node holds of something can be given away, unless it is said how
 * much. */
static void derive_allocatable(Arena *a, Value *node, const Value *overlay)
{
    Value *allocatable = value_need(a, node, "status.allocatable");

    value_each_member(value_get(overlay, "capacity"), m)
    {
        if (!value_is(m->value, VALUE_NULL) && !value_get(allocatable, m->name))
            value_set(a, allocatable, m->name, value_copy(a, m->value));
    }
}

/* What of `allocatable` follows from `capacity`, and what nothing is held of. */
static void drop_derived(Value *overlay)
{
    Value *allocatable = value_get(overlay, "allocatable");
    const Value *capacity = value_get(overlay, "capacity");

    for (uint32_t i = value_len(allocatable); i-- > 0;) {
        const Member *m = &allocatable->members[i];
        const Value *held = value_get(capacity, m->name);

        if (!held || value_equal(held, m->value))
            value_del(allocatable, m->name);
    }
    if (allocatable && value_len(allocatable) == 0)
        value_del(overlay, "allocatable");
}

void node_overlay_apply(Arena *a, Value *node, const Value *overlay)
{
    if (!overlay)
        return;
    apply_map(a, node, "metadata.labels", value_get(overlay, "labels"));
    apply_map(a, node, "metadata.annotations", value_get(overlay, "annotations"));
    apply_list(a, &taints, node, overlay);
    if (value_is_true(value_get(overlay, "unschedulable")))
        value_set_bool(a, value_need(a, node, "spec"), "unschedulable", true);
    apply_map(a, node, "status.capacity", value_get(overlay, "capacity"));
    apply_map(a, node, "status.allocatable", value_get(overlay, "allocatable"));
    if (value_get(overlay, "capacity"))
        derive_allocatable(a, node, overlay);
    apply_list(a, &conditions, node, overlay);
}

Value *node_overlay_of(Arena *a, const Value *node, const Value *wanted)
{
    Value *o = value_object(a);

    diff_map(a, value_at(node, "metadata.labels"), value_at(wanted, "metadata.labels"), o,
             "labels");
    diff_map(a, value_at(node, "metadata.annotations"), value_at(wanted, "metadata.annotations"), o,
             "annotations");
    diff_list(a, &taints, node, wanted, o);
    if (value_at_bool(wanted, "spec.unschedulable") && !value_at_bool(node, "spec.unschedulable"))
        value_set_bool(a, o, "unschedulable", true);
    diff_resources(a, value_at(node, "status.capacity"), value_at(wanted, "status.capacity"), o,
                   "capacity");
    diff_resources(a, value_at(node, "status.allocatable"), value_at(wanted, "status.allocatable"),
                   o, "allocatable");
    drop_derived(o);
    diff_list(a, &conditions, node, wanted, o);
    if (value_len(o) == 0)
        return NULL;
    value_set_str(a, value_need(a, o, "metadata"), "name", value_at_str(node, "metadata.name"));
    return o;
}
