/*
 * fieldset.c - see sigs.k8s.io/structured-merge-diff: typed/compare.go and fieldpath/set.go, which
 * this follows.
 */
#include "vcluster/fieldset.h"

static bool is_self(const Value *node)
{
    return node && (node->n == 0 || value_get(node, "."));
}

bool fieldset_is_empty(const Value *x)
{
    return value_len(x) == 0;
}

/* A node of the given children (may be NULL), that is itself in the set or not. NULL when empty. */
static Value *node_of(Arena *a, bool self, Value *children)
{
    Value *v;

    if (value_len(children) == 0)
        return self ? value_object(a) : NULL;
    if (!self)
        return children;
    v = value_object(a);
    value_set(a, v, ".", value_object(a));
    value_each_member(children, m) value_set(a, v, m->name, m->value);
    return v;
}

static void add_child(Arena *a, Value **children, const char *key, Value *node)
{
    if (!node)
        return;
    if (!*children)
        *children = value_object(a);
    value_set(a, *children, key, node);
}

/* ---- set operations ---- */

static Value *combine(Arena *a, const Value *x, const Value *y, bool (*keep)(bool in_x, bool in_y),
                      bool is_root)
{
    Value *children = NULL;

    value_each_member(x, m) if (strcmp(m->name, ".") != 0)
        add_child(a, &children, m->name, combine(a, m->value, value_get(y, m->name), keep, false));
    value_each_member(y, m) if (strcmp(m->name, ".") != 0 && !value_get(x, m->name))
        add_child(a, &children, m->name, combine(a, NULL, m->value, keep, false));
    return node_of(a, !is_root && keep(is_self(x), is_self(y)), children);
}

static bool keep_union(bool x, bool y)
{
    return x || y;
}

static bool keep_minus(bool x, bool y)
{
    return x && !y;
}

static bool keep_common(bool x, bool y)
{
    return x && y;
}

Value *fieldset_union(Arena *a, const Value *x, const Value *y)
{
    return combine(a, x, y, keep_union, true);
}

Value *fieldset_minus(Arena *a, const Value *x, const Value *y)
{
    return combine(a, x, y, keep_minus, true);
}

Value *fieldset_common(Arena *a, const Value *x, const Value *y)
{
    return combine(a, x, y, keep_common, true);
}

/* {} stays a leaf; every node above another one becomes a member too. */
Value *fieldset_with_parents(Arena *a, const Value *x)
{
    Value *out = value_object(a);

    value_each_member(x, m)
    {
        Value *node = fieldset_with_parents(a, m->value);

        if (node->n > 0)
            value_set(a, node, ".", value_object(a));
        value_set(a, out, m->name, node);
    }
    return out;
}

/* ---- comparison ---- */

static FieldDiff compare(Arena *a, const Field *f, const Value *from, const Value *to);

static bool is_atomic(const Field *f)
{
    switch (f->kind) {
    case FIELD_OBJECT:
        return !f->type || f->type->is_map_atomic || (f->flags & FIELD_MAP_ATOMIC) ||
               f->type->n_fields == 0;
    case FIELD_MAP:
        return (f->flags & FIELD_MAP_ATOMIC) != 0;
    case FIELD_LIST:
        return f->list_type == LIST_ATOMIC;
    default:
        return true;
    }
}

static FieldDiff compare_leaf(Arena *a, const Value *from, const Value *to)
{
    FieldDiff d = {0};

    if (!to)
        d.removed = value_object(a);
    else if (!from || !value_equal(from, to))
        d.changed = value_object(a);
    return d;
}

static void add_diff(Arena *a, FieldDiff *into, const char *key, FieldDiff d)
{
    add_child(a, &into->changed, key, d.changed);
    add_child(a, &into->removed, key, d.removed);
}

static void compare_fields(Arena *a, const Type *t, const Value *from, const Value *to,
                           FieldDiff *ret)
{
    for (uint32_t i = 0; i < t->n_fields; i++) {
        const Field *f = &t->fields[i];
        const Value *l = value_get(from, f->name), *r = value_get(to, f->name);

        if (l || r)
            add_diff(a, ret, arena_printf(a, "f:%s", f->name), compare(a, f, l, r));
    }
}

static void compare_members(Arena *a, const Field *elem, const Value *from, const Value *to,
                            FieldDiff *ret)
{
    value_each_member(to, m) add_diff(a, ret, arena_printf(a, "f:%s", m->name),
                                      compare(a, elem, value_get(from, m->name), m->value));
    value_each_member(from, m) if (!value_get(to, m->name))
        add_diff(a, ret, arena_printf(a, "f:%s", m->name), compare(a, elem, m->value, NULL));
}

static int by_name(const void *x, const void *y)
{
    return strcmp(((const Member *)x)->name, ((const Member *)y)->name);
}

const char *fieldset_key(Arena *a, const Field *f, const Value *item)
{
    Value *keys;

    if (f->list_type == LIST_SET)
        return arena_printf(a, "v:%s", value_to_str(a, item));
    keys = value_object(a);
    for (const char *const *k = f->list_map_keys; k && *k; k++) {
        Value *v = value_get(item, *k);
        const Field *key =
            f->elem && f->elem->type ? type_field(f->elem->type, slice_of(*k)) : NULL;

        if (!v && key && key->deflt)
            v = value_literal(a, key->deflt);
        if (v)
            value_set(a, keys, *k, v);
    }
    if (keys->n > 1)
        qsort(keys->members, keys->n, sizeof(Member), by_name);
    return arena_printf(a, "k:%s", value_to_str(a, keys));
}

static void compare_items(Arena *a, const Field *f, const Value *from, const Value *to,
                          FieldDiff *ret)
{
    Value *old = value_object(a), *now = value_object(a), *v;

    value_each_item(from, i, v) value_set(a, old, fieldset_key(a, f, v), v);
    value_each_item(to, k, v) value_set(a, now, fieldset_key(a, f, v), v);
    compare_members(a, f->elem, old, now, ret);
    /* the keys carry their own prefix */
    for (int side = 0; side < 2; side++) {
        Value *set = side ? ret->removed : ret->changed;

        for (uint32_t i = 0; set && i < set->n; i++)
            if (str_starts(set->members[i].name, "f:k:") ||
                str_starts(set->members[i].name, "f:v:"))
                set->members[i].name += 2;
    }
}

static FieldDiff compare(Arena *a, const Field *f, const Value *from, const Value *to)
{
    FieldDiff d = {0};

    if (is_atomic(f))
        return compare_leaf(a, from, to);
    if (f->kind == FIELD_OBJECT)
        compare_fields(a, f->type, from, to, &d);
    else if (f->kind == FIELD_MAP)
        compare_members(a, f->elem, from, to, &d);
    else
        compare_items(a, f, from, to, &d);
    d.changed = node_of(a, !from, d.changed);
    d.removed = node_of(a, !to, d.removed);
    return d;
}

FieldDiff fieldset_compare(Arena *a, const Type *t, const Value *from, const Value *to)
{
    FieldDiff d = {0};

    compare_fields(a, t, from, to, &d);
    return d;
}

/* ---- every path of a tree ---- */

static Value *paths(Arena *a, const Field *f, const Value *v, bool self)
{
    Value *children = NULL, *item;

    if (is_atomic(f))
        return value_object(a);
    if (f->kind == FIELD_OBJECT) {
        for (uint32_t i = 0; i < f->type->n_fields; i++) {
            const Value *m = value_get(v, f->type->fields[i].name);

            if (m)
                add_child(a, &children, arena_printf(a, "f:%s", f->type->fields[i].name),
                          paths(a, &f->type->fields[i], m,
                                m->type == VALUE_NULL || (m->type == VALUE_OBJECT && m->n == 0)));
        }
    } else if (f->kind == FIELD_MAP) {
        value_each_member(v, m) add_child(a, &children, arena_printf(a, "f:%s", m->name),
                                          paths(a, f->elem, m->value, true));
    } else
        value_each_item(v, i, item)
            add_child(a, &children, fieldset_key(a, f, item), paths(a, f->elem, item, true));
    return node_of(a, self, children);
}

Value *fieldset_of(Arena *a, const Type *t, const Value *v)
{
    Field root = {.kind = FIELD_OBJECT, .type = t};

    return paths(a, &root, v, false);
}
