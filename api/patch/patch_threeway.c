#include "api/patch_int.h"
#include "base/err.h"

/*
 * DESIGN
 *
 * kubectl apply's patch: what the new configuration adds or changes against the live object, and
 * what it removes against the configuration that was applied last. Both are diffs of the same walk
 * with one half switched off; the second is merged into the first's result as patch into patch.
 *
 * Without a type (custom resources) the same is done in terms of JSON merge patch.
 */

typedef struct DiffMode {
    bool no_changes, no_deletions;
    bool makes_retain_keys; /* the member's strategy asks for $retainKeys */
} DiffMode;

static int diff_maps(Arena *a, const Value *from, const Value *to, const PatchShape *shape,
                     DiffMode mode, Value **ret, Err *err);

/* Text by which items are put side by side, as Go prints the merge key. */
static const char *sort_text(Arena *a, const Value *item, const char *key)
{
    AUTO_BUF b = BUF_INIT;

    patch__print_go(patch__key_of(item, key), &b);
    return arena_strdup(a, buf_str(&b));
}

typedef struct Keyed {
    const char *text;
    Value *item;
} Keyed;

static int compare_keyed(const void *x, const void *y)
{
    return strcmp(((const Keyed *)x)->text, ((const Keyed *)y)->text);
}

static Keyed *sorted_items(Arena *a, const Value *list, const char *key)
{
    Keyed *out = arena_array(a, Keyed, list->n + 1);

    for (uint32_t i = 0; i < list->n; i++)
        out[i] = (Keyed){sort_text(a, list->items[i], key), list->items[i]};
    if (list->n > 1)
        qsort(out, list->n, sizeof(*out), compare_keyed);
    return out;
}

typedef struct ListDiff {
    Value *changes, *deletions; /* deletions of objects stand in `changes`, at the end */
} ListDiff;

static void note_deletion(Arena *a, ListDiff *d, const Value *item, const char *key)
{
    Value *v;

    if (!key[0]) {
        value_append(a, d->deletions, value_copy(a, item));
        return;
    }
    v = value_object(a);
    value_set(a, v, key, value_copy(a, value_get(item, key)));
    value_set_str(a, v, PATCH_MARKER, "delete");
    value_append(a, d->deletions, v);
}

/* Both lists hold objects with merge keys (`key` not empty) or scalars. */
static int diff_items(Arena *a, const Value *from, const Value *to, const PatchFacts *f,
                      const char *key, DiffMode mode, ListDiff *d, Err *err)
{
    Keyed *old = sorted_items(a, from, key), *new = sorted_items(a, to, key);
    uint32_t i = 0, k = 0;
    Value *change;
    int order, r;

    while (i < from->n || k < to->n) {
        if (i == from->n)
            order = 1;
        else if (k == to->n)
            order = -1;
        else
            order = strcmp(old[i].text, new[k].text);
        if (order < 0 && !mode.no_deletions)
            note_deletion(a, d, old[i].item, key);
        if (order > 0 && !mode.no_changes)
            value_append(a, d->changes, value_copy(a, new[k].item));
        if (order == 0 && key[0]) {
            r = diff_maps(a, old[i].item, new[k].item, &f->shape, mode, &change, err);
            if (r < 0)
                return r;
            if (change->n > 0) {
                value_set(a, change, key, value_copy(a, value_get(new[k].item, key)));
                value_append(a, d->changes, change);
            }
        }
        i += order <= 0;
        k += order >= 0;
    }
    return 0;
}

static bool is_same_order(const Value *from, const Value *to, const char *key)
{
    if (from->n != to->n)
        return false;
    for (uint32_t i = 0; i < from->n; i++) {
        if (!value_equal(patch__key_of(from->items[i], key), patch__key_of(to->items[i], key)))
            return false;
    }
    return true;
}

static Value *order_list(Arena *a, const Value *to, const char *key)
{
    Value *out = value_array(a), *item, *v;

    value_each_item(to, i, item)
    {
        v = value_copy(a, patch__key_of(item, key));
        if (key[0]) {
            Value *map = value_object(a);

            value_set(a, map, key, v);
            v = map;
        }
        value_append(a, out, v);
    }
    return out;
}

static int check_items(Arena *a, const Value *list, const char *key, Err *err)
{
    const Value *item;

    value_each_item(list, i, item)
    {
        if (!value_get(item, key))
            return patch__no_merge_key(a, item, key, err);
    }
    return 0;
}

/* A list that is merged: its diff goes into up to three members of `patch`. */
static int diff_lists(Arena *a, const char *name, const Value *from, const Value *to,
                      const PatchFacts *f, DiffMode mode, Value *patch, Err *err)
{
    ListDiff d = {value_array(a), value_array(a)};
    bool has_changes;
    const char *key;
    ValueType type;
    Value *item;
    int r;

    if (from->n == 0) {
        if (to->n > 0 && !mode.no_changes)
            value_set(a, patch, name, value_copy(a, to));
        return 0;
    }
    r = patch__item_type(a, from, to, &type, err);
    if (r < 0)
        return r;
    key = type == VALUE_OBJECT ? f->merge_key : "";
    if (key[0]) {
        r = check_items(a, from, key, err);
        if (r == 0)
            r = check_items(a, to, key, err);
        if (r < 0)
            return r;
    }
    mode.makes_retain_keys = f->is_retain;
    r = diff_items(a, from, to, f, key, mode, &d, err);
    if (r == 0)
        r = patch__sort_items(a, d.changes, to, key, err);
    if (r < 0)
        return r;
    if (key[0]) {
        value_each_item(d.deletions, i, item) value_append(a, d.changes, item);
        d.deletions = value_array(a);
        has_changes = (!mode.no_changes && (d.changes->n > 0 || !is_same_order(from, to, key))) ||
                      (!mode.no_deletions && d.changes->n > 0);
    } else {
        has_changes = (!mode.no_deletions && d.deletions->n > 0) ||
                      (!mode.no_changes && !value_equal(from, to));
    }
    if (d.changes->n > 0)
        value_set(a, patch, name, d.changes);
    if (d.deletions->n > 0)
        value_set(a, patch, arena_printf(a, PATCH_DELETIONS "%s", name), d.deletions);
    if (has_changes && to->n > 0)
        value_set(a, patch, arena_printf(a, PATCH_ORDER "%s", name), order_list(a, to, key));
    return 0;
}

static int diff_member(Arena *a, const char *name, const Value *from, const Value *to,
                       const PatchShape *shape, DiffMode mode, Value *patch, Err *err)
{
    PatchFacts f = patch__facts(shape, name);
    Value *inner;
    int r;

    if (from->type == VALUE_OBJECT && to->type == VALUE_OBJECT) {
        mode.makes_retain_keys = f.is_retain;
        r = diff_maps(a, from, to, &f.shape, mode, &inner, err);
        if (r == 0 && inner->n > 0)
            value_set(a, patch, name, inner);
        return r;
    }
    if (from->type == VALUE_ARRAY && to->type == VALUE_ARRAY && f.is_merge)
        return diff_lists(a, name, from, to, &f, mode, patch, err);
    if (!mode.no_changes && !value_equal(from, to))
        value_set(a, patch, name, value_copy(a, to));
    return 0;
}

static int compare_texts(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static Value *names_of(Arena *a, const Value *map)
{
    const char **names = arena_array(a, const char *, map->n + 1);
    Value *out = value_array(a);
    uint32_t n = 0;

    value_each_member(map, m)
    {
        if (m->value->type != VALUE_NULL)
            names[n++] = m->name;
    }
    if (n > 1)
        qsort(names, n, sizeof(*names), compare_texts);
    for (uint32_t i = 0; i < n; i++)
        value_append(a, out, value_str(a, names[i]));
    return out;
}

static bool has_more(const Value *from, const Value *to)
{
    value_each_member(from, m)
    {
        if (!value_get(to, m->name))
            return true;
    }
    return false;
}

static int diff_maps(Arena *a, const Value *from, const Value *to, const PatchShape *shape,
                     DiffMode mode, Value **ret, Err *err)
{
    bool makes_retain_keys = mode.makes_retain_keys;
    Value *patch = value_object(a);
    int r;

    mode.makes_retain_keys = false;
    value_each_member(to, m)
    {
        const Value *old = value_get(from, m->name);

        if (old) {
            r = diff_member(a, m->name, old, m->value, shape, mode, patch, err);
            if (r < 0)
                return r;
        } else if (!mode.no_changes) {
            value_set(a, patch, m->name, value_copy(a, m->value));
        }
    }
    if (!mode.no_deletions) {
        value_each_member(from, m)
        {
            if (!value_get(to, m->name))
                value_set(a, patch, m->name, value_null(a));
        }
    }
    if (makes_retain_keys && (patch->n > 0 || has_more(from, to))) {
        Value *names = names_of(a, to);

        if (names->n > 0)
            value_set(a, patch, PATCH_RETAIN, names);
    }
    *ret = patch;
    return 0;
}

/* ---- in terms of JSON merge patch ---- */

/* What must change or come (`keeps_nulls` false), or go (true), so that `from` becomes `to`. */
static Value *diff_plain(Arena *a, const Value *from, const Value *to, bool keeps_nulls)
{
    Value *patch = value_object(a);

    value_each_member(to, m)
    {
        const Value *old = value_get(from, m->name);
        Value *inner;

        if (value_is(old, VALUE_OBJECT) && m->value->type == VALUE_OBJECT) {
            inner = diff_plain(a, old, m->value, keeps_nulls);
            if (inner->n > 0)
                value_set(a, patch, m->name, inner);
        } else if (!keeps_nulls && (!old || !value_equal(old, m->value))) {
            value_set(a, patch, m->name, value_copy(a, m->value));
        }
    }
    value_each_member(from, m)
    {
        if (keeps_nulls && !value_get(to, m->name))
            value_set(a, patch, m->name, value_null(a));
    }
    return patch;
}

static void merge_plain(Arena *a, Value *target, Value *patch)
{
    value_each_member(patch, m)
    {
        Value *old = value_get(target, m->name);

        if (value_is(old, VALUE_OBJECT) && m->value->type == VALUE_OBJECT)
            merge_plain(a, old, m->value);
        else
            value_set(a, target, m->name, m->value);
    }
}

int patch_three_way(Arena *a, const Type *t, const Value *last_applied, const Value *live,
                    const Value *wanted, Value **ret, Err *err)
{
    PatchShape shape = {.type = t};
    Value *changes, *deletions;
    int r;

    if (!t) {
        deletions = diff_plain(a, last_applied, wanted, true);
        merge_plain(a, deletions, diff_plain(a, live, wanted, false));
        *ret = deletions;
        return 0;
    }
    r = diff_maps(a, live, wanted, &shape, (DiffMode){.no_deletions = true}, &changes, err);
    if (r == 0)
        r = diff_maps(a, last_applied, wanted, &shape, (DiffMode){.no_changes = true}, &deletions,
                      err);
    if (r < 0)
        return r;
    return patch__merge_map(a, deletions, changes, &shape, (PatchMode){.keep_nulls = true}, ret,
                            err);
}
