#include "api/patch_int.h"
#include "base/err.h"
#include "base/mem.h"

/*
 * DESIGN
 *
 * Strategic merge: objects are merged member by member; lists are replaced, except where the field
 * says "merge": then lists of scalars become unions and lists of objects are merged by their merge
 * key. Directives in the patch change that:
 *
 *   $patch: replace | delete         in an object or in an item of a merged list
 *   $retainKeys: [names]             the target keeps only these members
 *   $setElementOrder/FIELD: [...]    order of the merged list
 *   $deleteFromPrimitiveList/FIELD   scalars to take out of the list
 *
 * The same walk merges two patches into one (PatchMode.is_final is false): then directives are
 * carried over instead of being carried out. Order of a merged list: items of the patch in the
 * order of the patch (or of $setElementOrder), the others slipped in where the old list had them.
 */

enum { MERGED_ITEMS_MAX = 5000 }; /* merging takes quadratic time */

static const Field any_field = {.kind = FIELD_ANY};

PatchFacts patch__facts(const PatchShape *shape, const char *name)
{
    const Field *f = shape->type ? type_field(shape->type, slice_of(name)) : shape->elem;
    const Field *inner;

    if (!f)
        f = &any_field;
    inner = f->kind == FIELD_LIST && f->elem ? f->elem : f;
    return (PatchFacts){
        .shape = {inner->kind == FIELD_OBJECT ? inner->type : NULL,
                  inner->kind == FIELD_MAP ? inner->elem : NULL},
        .is_merge = (f->flags & FIELD_PATCH_MERGE) != 0,
        .is_retain = (f->flags & FIELD_PATCH_RETAIN) != 0,
        .merge_key = f->merge_key ? f->merge_key : "",
    };
}

/* ---- words of the real server ---- */

static int compare_names(const void *x, const void *y)
{
    return strcmp((*(const Member *const *)x)->name, (*(const Member *const *)y)->name);
}

static void print_go_map(const Value *v, Buf *out)
{
    const Member **sorted = xmalloc((v->n + 1) * sizeof(const Member *));

    for (uint32_t i = 0; i < v->n; i++)
        sorted[i] = &v->members[i];
    qsort(sorted, v->n, sizeof(const Member *), compare_names);
    buf_adds(out, "map[");
    for (uint32_t i = 0; i < v->n; i++) {
        buf_addf(out, "%s%s:", i > 0 ? " " : "", sorted[i]->name);
        patch__print_go(sorted[i]->value, out);
    }
    buf_addc(out, ']');
    free(sorted);
}

void patch__print_go(const Value *v, Buf *out)
{
    const Value *item;

    if (value_is(v, VALUE_OBJECT)) {
        print_go_map(v, out);
    } else if (value_is(v, VALUE_ARRAY)) {
        buf_addc(out, '[');
        value_each_item(v, i, item)
        {
            if (i > 0)
                buf_addc(out, ' ');
            patch__print_go(item, out);
        }
        buf_addc(out, ']');
    } else if (value_is(v, VALUE_STRING)) {
        buf_add(out, v->str, v->n);
    } else if (!v || v->type == VALUE_NULL) {
        buf_adds(out, "<nil>");
    } else {
        value_print(v, out);
    }
}

const char *patch_go_text(Arena *a, const Value *patch)
{
    AUTO_BUF out = BUF_INIT;

    patch__print_go(patch, &out);
    return arena_strdup(a, buf_str(&out));
}

static const char *go_type(const Value *v)
{
    switch (v ? v->type : VALUE_NULL) {
    case VALUE_BOOL:
        return "bool";
    case VALUE_NUMBER:
        return strpbrk(v->str, ".eE") ? "float64" : "int64";
    case VALUE_STRING:
        return "string";
    case VALUE_ARRAY:
        return "[]interface {}";
    case VALUE_OBJECT:
        return "map[string]interface {}";
    default:
        return "%!s(<nil>)";
    }
}

int patch__bad_type(ValueType wanted, const Value *v, Err *err)
{
    return err_set(err, ERR_INTERNAL, "expected a %s, but received a %s",
                   wanted == VALUE_OBJECT ? "map[string]interface {}" : "[]interface {}",
                   go_type(v));
}

int patch__no_merge_key(Arena *a UNUSED, const Value *item, const char *key, Err *err)
{
    AUTO_BUF b = BUF_INIT;

    patch__print_go(item, &b);
    return err_set(err, ERR_INTERNAL, "map: %s does not contain declared merge key: %s",
                   buf_str(&b), key);
}

static int unknown_directive(const Value *directive, const Value *map, Err *err)
{
    AUTO_BUF d = BUF_INIT;
    AUTO_BUF m = BUF_INIT;

    patch__print_go(directive, &d);
    patch__print_go(map, &m);
    return err_set(err, ERR_INTERNAL, "unknown patch type: %s in map: %s", buf_str(&d),
                   buf_str(&m));
}

static int bad_order_list(Err *err)
{
    return err_set(err, ERR_BAD_REQUEST, "invalid patch format of setElementOrder list");
}

static int bad_retain_keys(Err *err)
{
    return err_set(err, ERR_BAD_REQUEST, "invalid patch format of retainKeys");
}

/* ---- items and their keys ---- */

static bool directive_is(const Value *item, const char *word)
{
    return str_eq(value_get_str(item, PATCH_MARKER), word);
}

bool patch__is_deletion(const Value *item)
{
    return directive_is(item, "delete");
}

const Value *patch__key_of(const Value *item, const char *key)
{
    return key[0] ? value_get(item, key) : item;
}

static int index_of(const Value *list, const Value *item, const char *key)
{
    const Value *wanted = patch__key_of(item, key), *other;

    value_each_item(list, i, other)
    {
        const Value *have = patch__key_of(other, key);

        if (wanted && have ? value_equal(wanted, have) : !wanted && !have)
            return (int)i;
    }
    return -1;
}

static int check_keys(Arena *a, const Value *list, const char *key, Err *err)
{
    const Value *item;

    value_each_item(list, i, item)
    {
        if (!value_is(item, VALUE_OBJECT))
            return patch__bad_type(VALUE_OBJECT, item, err);
        if (!value_get(item, key))
            return patch__no_merge_key(a, item, key, err);
    }
    return 0;
}

int patch__item_type(Arena *a, const Value *x, const Value *y, ValueType *ret_type, Err *err)
{
    const Value *lists[] = {x, y}, *first = NULL, *item;
    AUTO_BUF b = BUF_INIT;

    (void)a;
    for (size_t k = 0; k < ARRAY_LEN(lists); k++) {
        value_each_item(lists[k], i, item)
        {
            if (item->type == VALUE_ARRAY)
                return err_set(err, ERR_INVALID, "lists of lists are not supported");
            if (!first)
                first = item;
            if (first->type == item->type)
                continue;
            buf_addc(&b, '[');
            patch__print_go(x, &b);
            buf_addc(&b, ' ');
            patch__print_go(y, &b);
            buf_addc(&b, ']');
            return err_set(err, ERR_INTERNAL, "list element types are not identical: %s",
                           buf_str(&b));
        }
    }
    *ret_type = first ? first->type : VALUE_NULL;
    return 0;
}

int patch__sort_items(Arena *a, Value *items, const Value *order, const char *key, Err *err)
{
    Value **deleted = arena_array(a, Value *, items->n + 1);
    int *places = arena_array(a, int, items->n + 1);
    uint32_t n = 0, n_deleted = 0;
    int r;

    if (key[0]) {
        r = check_keys(a, items, key, err);
        if (r == 0)
            r = check_keys(a, order, key, err);
        if (r < 0)
            return r;
    }
    for (uint32_t i = 0; i < items->n; i++) {
        Value *v = items->items[i];
        uint32_t at = n;
        int place;

        if (key[0] && patch__is_deletion(v)) {
            deleted[n_deleted++] = v;
            continue;
        }
        place = index_of(order, v, key);
        while (place >= 0 && at > 0 && places[at - 1] > place) {
            items->items[at] = items->items[at - 1];
            places[at] = places[at - 1];
            at--;
        }
        items->items[at] = v;
        places[at] = place;
        n++;
    }
    for (uint32_t i = 0; i < n_deleted; i++)
        items->items[n + i] = deleted[i];
    return 0;
}

/* ---- lists ---- */

/* Splits `list` into what `chosen` has and what it has not, sorts both and merges them. */
static int arrange(Arena *a, Value *list, const Value *chosen, const Value *old, const char *key,
                   Value **ret, Err *err)
{
    Value *patched = value_array(a), *others = value_array(a), *out = value_array(a), *item;
    uint32_t i = 0, k = 0;
    int r;

    if (key[0]) {
        r = check_keys(a, list, key, err);
        if (r < 0)
            return r;
    }
    value_each_item(list, at, item)
        value_append(a, index_of(chosen, item, key) >= 0 ? patched : others, item);
    r = patch__sort_items(a, patched, chosen, key, err);
    if (r == 0)
        r = patch__sort_items(a, others, old, key, err);
    if (r < 0)
        return r;
    while (i < others->n || k < patched->n) {
        bool takes_other = k == patched->n;

        if (i < others->n && k < patched->n) {
            int left = index_of(old, others->items[i], key);
            int right = index_of(old, patched->items[k], key);

            takes_other = left >= 0 && right >= 0 && left < right;
        }
        value_append(a, out, takes_other ? others->items[i++] : patched->items[k++]);
    }
    *ret = out;
    return 0;
}

static Value *shallow_copy(Arena *a, const Value *list)
{
    Value *out = value_array(a), *item;

    value_each_item(list, i, item) value_append(a, out, item);
    return out;
}

/* Carries out $patch directives among the items: *target loses items, *patch the directives. */
static int run_item_directives(Arena *a, Value **target, Value **patch, const char *key, Err *err)
{
    Value *plain = value_array(a), *left = shallow_copy(a, *target), *item;
    bool is_replace = false;
    int at;

    value_each_item(*patch, i, item)
    {
        if (!value_get(item, PATCH_MARKER)) {
            value_append(a, plain, item);
        } else if (directive_is(item, "delete")) {
            if (!value_get(item, key))
                return patch__no_merge_key(a, item, key, err);
            while ((at = index_of(left, item, key)) >= 0)
                value_remove(left, (uint32_t)at);
        } else if (directive_is(item, "replace")) {
            is_replace = true;
        } else if (directive_is(item, "merge")) {
            return err_set(err, ERR_INTERNAL, "merging lists cannot yet be specified in the patch");
        } else {
            return unknown_directive(value_get(item, PATCH_MARKER), item, err);
        }
    }
    *target = is_replace ? plain : left;
    *patch = is_replace ? value_array(a) : plain;
    return 0;
}

static int merge_objects(Arena *a, Value *target, const Value *patch, const PatchFacts *f,
                         PatchMode mode, Err *err)
{
    Value *item, *merged;
    int at, r;

    value_each_item(patch, i, item)
    {
        if (!value_get(item, f->merge_key))
            return patch__no_merge_key(a, item, f->merge_key, err);
        at = index_of(target, item, f->merge_key);
        if (at < 0) {
            value_append(a, target, item);
            continue;
        }
        r = patch__merge_map(a, target->items[at], item, &f->shape, mode, &merged, err);
        if (r < 0)
            return r;
        target->items[at] = merged;
    }
    return 0;
}

static int merge_list(Arena *a, Value *target, Value *patch, const PatchFacts *f, bool is_deletion,
                      PatchMode mode, Value **ret, Err *err)
{
    const char *key = f->merge_key;
    Value *old, *merged, *item;
    ValueType type;
    int r;

    if (!f->is_merge || (target->n == 0 && patch->n == 0)) {
        *ret = f->is_merge ? target : patch;
        return 0;
    }
    if (target->n > MERGED_ITEMS_MAX || patch->n > MERGED_ITEMS_MAX)
        return err_set(err, ERR_TOO_LARGE,
                       "Request entity is too large: lists of more than %d items cannot be merged",
                       MERGED_ITEMS_MAX);
    r = patch__item_type(a, target, patch, &type, err);
    if (r < 0)
        return r;
    if (type != VALUE_OBJECT) {
        merged = value_array(a);
        value_each_item(target, i, item)
        {
            if (is_deletion ? index_of(patch, item, "") < 0 : index_of(merged, item, "") < 0)
                value_append(a, merged, item);
        }
        *ret = merged;
        if (is_deletion)
            return 0;
        value_each_item(patch, i, item)
        {
            if (index_of(merged, item, "") < 0)
                value_append(a, merged, item);
        }
        return arrange(a, merged, patch, target, "", ret, err);
    }
    if (!key[0])
        return err_set(err, ERR_INTERNAL, "cannot merge lists without merge key for type struct");
    r = run_item_directives(a, &target, &patch, key, err);
    if (r < 0)
        return r;
    old = shallow_copy(a, target);
    merged = target;
    r = merge_objects(a, merged, patch, f, mode, err);
    return r < 0 ? r : arrange(a, merged, patch, old, key, ret, err);
}

/* ---- $setElementOrder ---- */

/* Every item of the patch must stand in the order list, in the same order. */
static int check_order(const Value *patch, const Value *order, const char *key, Err *err)
{
    AUTO_BUF p = BUF_INIT;
    AUTO_BUF o = BUF_INIT;
    bool is_found;
    uint32_t k = 0;
    const Value *item;

    if (value_len(patch) == 0 || value_len(order) == 0)
        return 0;
    value_each_item(patch, i, item)
    {
        if (key[0] && !value_is(item, VALUE_OBJECT))
            return patch__bad_type(VALUE_OBJECT, item, err);
        if (key[0] && value_get(item, PATCH_MARKER))
            continue;
        is_found = false;
        while (k < order->n && !is_found) {
            const Value *x = patch__key_of(item, key);
            const Value *y = patch__key_of(order->items[k++], key);

            is_found = x && y && value_equal(x, y);
        }
        if (is_found)
            continue;
        patch__print_go(patch, &p);
        patch__print_go(order, &o);
        return err_set(err, ERR_INTERNAL,
                       "The order in patch list:\n%s\n doesn't match $setElementOrder list:\n%s\n",
                       buf_str(&p), buf_str(&o));
    }
    return 0;
}

static int merge_ordered(Arena *a, Value *target, Value *patch, const char *name,
                         const PatchShape *shape, PatchMode mode, Err *err)
{
    const char *key_of_list = name + strlen(PATCH_ORDER);
    Value *order = value_get(patch, name);
    Value *old = value_get(target, key_of_list), *change = value_get(patch, key_of_list);
    PatchFacts f = patch__facts(shape, key_of_list);
    Value *merged, *out;
    int r;

    if (!mode.is_final) {
        const Value *other = value_get(target, name);

        if (other && !value_equal(other, order))
            return bad_order_list(err);
        value_set(a, target, name, order);
    }
    if (!value_is(order, VALUE_ARRAY))
        return patch__bad_type(VALUE_ARRAY, order, err);
    if ((old && old->type != VALUE_ARRAY) || (change && change->type != VALUE_ARRAY))
        return patch__bad_type(VALUE_ARRAY, old && old->type != VALUE_ARRAY ? old : change, err);
    if (order->n > MERGED_ITEMS_MAX)
        return bad_order_list(err);
    r = check_order(change, order, f.merge_key, err);
    if (r < 0 || (!old && !change))
        return r;
    merged = old ? shallow_copy(a, old) : change;
    if (old && change) {
        r = merge_list(a, merged, change, &f, false, mode, &merged, err);
        if (r < 0)
            return r;
    }
    r = arrange(a, merged, order, old, f.merge_key, &out, err);
    if (r < 0)
        return r;
    value_set(a, target, key_of_list, out);
    (void)value_del(patch, key_of_list); /* done with */
    return 0;
}

static int merge_ordered_lists(Arena *a, Value *target, Value *patch, const PatchShape *shape,
                               PatchMode mode, Err *err)
{
    uint32_t i = 0;
    int r;

    while (i < patch->n) {
        const char *name = patch->members[i].name;

        if (!str_starts(name, PATCH_ORDER)) {
            i++;
            continue;
        }
        r = merge_ordered(a, target, patch, name, shape, mode, err);
        if (r < 0)
            return r;
        (void)value_del(patch, name); /* it is there */
        i = 0;                        /* members moved */
    }
    return 0;
}

/* ---- $retainKeys ---- */

static int retain_keys(Arena *a, Value *target, Value *patch, PatchMode mode, Err *err)
{
    Value *keys = value_get(patch, PATCH_RETAIN);
    const Value *other = value_get(target, PATCH_RETAIN);

    if (!keys)
        return 0;
    (void)value_del(patch, PATCH_RETAIN); /* it is there */
    if (!mode.is_final) {
        if (other && !value_equal(other, keys))
            return bad_retain_keys(err);
        value_set(a, target, PATCH_RETAIN, keys);
        return 0;
    }
    if (keys->type != VALUE_ARRAY)
        return bad_retain_keys(err);
    value_each_member(patch, m)
    {
        if (m->value->type != VALUE_NULL && !str_starts(m->name, PATCH_DELETIONS) &&
            !str_starts(m->name, PATCH_ORDER) && !value_has_str(keys, m->name))
            return bad_retain_keys(err);
    }
    for (uint32_t i = target->n; i-- > 0;) {
        if (!value_has_str(keys, target->members[i].name))
            (void)value_del(target, target->members[i].name); /* it is there */
    }
    return 0;
}

/* ---- objects ---- */

static bool is_directive(const char *name)
{
    return strcmp(name, PATCH_MARKER) == 0 || strcmp(name, PATCH_RETAIN) == 0 ||
           str_starts(name, PATCH_DELETIONS) || str_starts(name, PATCH_ORDER);
}

/* A patch value that meets nothing becomes the value, without its nulls and directives. */
static Value *as_new(Arena *a, const Value *v)
{
    Value *out, *item;

    if (value_is(v, VALUE_OBJECT)) {
        out = value_object(a);
        value_each_member(v, m)
        {
            if (m->value->type != VALUE_NULL && !is_directive(m->name))
                value_set(a, out, m->name, as_new(a, m->value));
        }
        return out;
    }
    if (!value_is(v, VALUE_ARRAY))
        return value_copy(a, v);
    out = value_array(a);
    value_each_item(v, i, item)
    {
        if (!value_get(item, PATCH_MARKER))
            value_append(a, out, as_new(a, item));
    }
    return out;
}

static int merge_member(Arena *a, Value *target, const char *name, Value *patch,
                        const PatchShape *shape, PatchMode mode, Err *err)
{
    bool is_deletion = str_starts(name, PATCH_DELETIONS);
    Value *old, *merged;
    PatchFacts f;
    int r = 0;

    if (is_deletion && !mode.is_final) {
        value_set(a, target, name, patch);
        return 0;
    }
    if (is_deletion)
        name += strlen(PATCH_DELETIONS);
    if (patch->type == VALUE_NULL) {
        (void)value_del(target, name); /* may be absent already */
        if (mode.keep_nulls)
            value_set(a, target, name, patch);
        return 0;
    }
    old = value_get(target, name);
    if (!old || old->type != patch->type) {
        if (!is_deletion)
            value_set(a, target, name, mode.is_final ? as_new(a, patch) : patch);
        return 0;
    }
    f = patch__facts(shape, name);
    merged = patch;
    if (old->type == VALUE_OBJECT)
        r = patch__merge_map(a, old, patch, &f.shape, mode, &merged, err);
    else if (old->type == VALUE_ARRAY)
        r = merge_list(a, old, patch, &f, is_deletion, mode, &merged, err);
    if (r == 0)
        value_set(a, target, name, merged);
    return r;
}

int patch__merge_map(Arena *a, Value *target, Value *patch, const PatchShape *shape, PatchMode mode,
                     Value **ret, Err *err)
{
    const Value *directive = value_get(patch, PATCH_MARKER);
    int r;

    if (directive) {
        if (directive_is(patch, "replace")) {
            (void)value_del(patch, PATCH_MARKER); /* it is there */
            *ret = patch;
        } else if (directive_is(patch, "delete")) {
            *ret = value_object(a);
        } else {
            return unknown_directive(directive, patch, err);
        }
        return 0;
    }
    r = retain_keys(a, target, patch, mode, err);
    if (r == 0)
        r = merge_ordered_lists(a, target, patch, shape, mode, err);
    value_each_member(patch, m)
    {
        if (r == 0)
            r = merge_member(a, target, m->name, m->value, shape, mode, err);
    }
    *ret = target;
    return r;
}

int patch_strategic(Arena *a, const Type *t, const Value *object, const Value *patch, Value **ret,
                    Err *err)
{
    PatchShape shape = {t, NULL};

    if (!value_is(patch, VALUE_OBJECT) && !value_is(patch, VALUE_NULL))
        return err_set(err, ERR_BAD_REQUEST,
                       "json: cannot unmarshal %s into Go value of type map[string]interface {}",
                       value_type_name(patch->type));
    if (value_is(patch, VALUE_NULL)) {
        *ret = value_copy(a, object);
        return 0;
    }
    return patch__merge_map(a, value_copy(a, object), value_copy(a, patch), &shape,
                            (PatchMode){.is_final = true}, ret, err);
}
