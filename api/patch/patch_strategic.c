#include "api/patch_int.h"
#include "base/err.h"
#include "base/gofloat.h"
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

PatchFacts patch__facts(const PatchShape *shape, const char *name)
{
    const Field *f = shape->type ? type_field(shape->type, slice_of(name)) : shape->elem;
    const Field *inner;

    if (!f)
        return (PatchFacts){.merge_key = ""};
    inner = f->kind == FIELD_LIST && f->elem ? f->elem : f;
    return (PatchFacts){
        .shape = {inner->kind == FIELD_OBJECT ? inner->type : NULL,
                  inner->kind == FIELD_MAP ? inner->elem : NULL,
                  inner->kind != FIELD_ANY ? NULL
                  : inner->go_type         ? inner->go_type
                                           : "runtime.RawExtension"},
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

static bool is_float(const Value *v)
{
    int64_t i;

    return v->type == VALUE_NUMBER && !value_to_int(v, &i);
}

static void print_go_scalar(const Value *v, Buf *out)
{
    char text[GOFLOAT_TEXT_MAX];
    double d;

    if (is_float(v) && value_to_double(v, &d))
        buf_adds(out, gofloat_text(text, d));
    else
        value_print(v, out);
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
        print_go_scalar(v, out);
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
        return is_float(v) ? "float64" : "int64";
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

/* As Go prints "%s" of it. */
static void print_directive(const Value *v, Buf *out)
{
    if (v->type == VALUE_NULL) {
        buf_adds(out, go_type(v));
    } else if (v->type == VALUE_BOOL || v->type == VALUE_NUMBER) {
        buf_addf(out, "%%!s(%s=", go_type(v));
        patch__print_go(v, out);
        buf_addc(out, ')');
    } else {
        patch__print_go(v, out);
    }
}

static int unknown_directive(const Value *directive, const Value *map, Err *err)
{
    AUTO_BUF d = BUF_INIT;
    AUTO_BUF m = BUF_INIT;

    print_directive(directive, &d);
    patch__print_go(map, &m);
    return err_set(err, ERR_INTERNAL, "unknown patch type: %s in map: %s", buf_str(&d),
                   buf_str(&m));
}

static int bad_order_list(Err *err)
{
    return err_set(err, ERR_BAD_REQUEST, "invalid patch format of setElementOrder list");
}

static int bad_deletion_list(Err *err)
{
    return err_set(err, ERR_BAD_REQUEST, "invalid patch format of primitive list");
}

static int bad_retain_keys(Err *err)
{
    return err_set(err, ERR_BAD_REQUEST, "invalid patch format of retainKeys");
}

/* Upstream looks up how a member is merged in a struct, and says so where there is none. */
static int check_struct(const PatchShape *shape, const char *name, Err *err)
{
    const char *type = shape->type ? shape->type->name : shape->opaque, *dot;

    if (shape->elem)
        return err_set(err, ERR_INTERNAL,
                       "merging an object in json but data type is not struct, instead is: map");
    if (!type || (shape->type && type_field(shape->type, slice_of(name))))
        return 0;
    dot = strrchr(type, '.');
    return err_set(err, ERR_INTERNAL,
                   "unable to find api field in struct %s for the json field \"%s\"",
                   dot ? dot + 1 : type, name);
}

static int check_is_list(const PatchShape *shape, const char *name, Err *err)
{
    const Field *f = shape->type ? type_field(shape->type, slice_of(name)) : NULL;
    int r = check_struct(shape, name, err);

    if (r < 0 || !f || f->kind == FIELD_LIST || f->kind == FIELD_BYTES || f->flags & FIELD_PTR)
        return r;
    return err_set(err, ERR_INTERNAL, "expected slice or array type, but got: struct");
}

/* ---- items and their keys ---- */

/* Of a list beside this one: its name, up to where the field's begins. */
static bool is_directive(const char *name, const char *directive)
{
    return strncmp(name, directive, strlen(directive) - 1) == 0; /* the slash may be missing */
}

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
            if (!first)
                first = item;
            if (first->type == VALUE_ARRAY)
                return err_set(err, ERR_INVALID, "lists of lists are not supported");
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

/* Upstream's order: what is not in the list goes before all that is there already, and is passed.
 */
static bool stands_before(int place, int other)
{
    return place < 0 || other < 0 || place < other;
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
        while (at > 0 && stands_before(place, places[at - 1])) {
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

/* ---- what is new ---- */

static void discard_nulls(Value *v)
{
    Value *item;

    if (v->type == VALUE_OBJECT) {
        uint32_t n = 0;

        for (uint32_t i = 0; i < v->n; i++) {
            if (v->members[i].value->type == VALUE_NULL)
                continue;
            discard_nulls(v->members[i].value);
            v->members[n++] = v->members[i];
        }
        v->n = n;
    }
    value_each_item(v, i, item) discard_nulls(item);
}

/* Without the objects that $patch stands in; other directives stay, as upstream has it, and are
 * unknown fields then. NULL when nothing is left. The patch's own objects change, its lists do not.
 */
static Value *remove_directives(Arena *a, Value *v)
{
    Value *out, *item;

    if (v->type == VALUE_OBJECT) {
        uint32_t n = 0;

        if (value_get(v, PATCH_MARKER))
            return NULL;
        for (uint32_t i = 0; i < v->n; i++) {
            Member m = {v->members[i].name, remove_directives(a, v->members[i].value)};

            if (m.value)
                v->members[n++] = m;
        }
        v->n = n;
        return v;
    }
    if (v->type != VALUE_ARRAY)
        return v;
    out = value_array(a);
    value_each_item(v, i, item)
    {
        item = remove_directives(a, item);
        if (item)
            value_append(a, out, item);
    }
    return out;
}

/* ---- lists ---- */

/* As index_of(), but what is no object on the way is a mistake where there is a key. */
static int find(const Value *list, const Value *item, const char *key, bool *ret, Err *err)
{
    const Value *other;

    *ret = false;
    value_each_item(list, i, other)
    {
        if (key[0] && other->type != VALUE_OBJECT)
            return err_set(err, ERR_INTERNAL, "value for key %u is not a map", i);
        if (value_equal(patch__key_of(other, key), patch__key_of(item, key))) {
            *ret = true;
            break;
        }
    }
    return 0;
}

/* Splits `list` into what `chosen` has and what it has not, sorts both and merges them. */
static int arrange(Arena *a, Value *list, const Value *chosen, const Value *old, const char *key,
                   Value **ret, Err *err)
{
    Value *patched = value_array(a), *others = value_array(a), *out = value_array(a), *item;
    uint32_t i = 0, k = 0;
    bool is_chosen;
    int r;

    if (key[0]) {
        r = check_keys(a, list, key, err);
        if (r < 0)
            return r;
    }
    value_each_item(list, at, item)
    {
        r = find(chosen, item, key, &is_chosen, err);
        if (r < 0)
            return r;
        value_append(a, is_chosen ? patched : others, item);
    }
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

    if (!f->is_merge && !is_deletion) {
        *ret = patch;
        return 0;
    }
    *ret = target;
    if (target->n == 0 && patch->n == 0)
        return 0;
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
        return err_set(err, ERR_INTERNAL, "cannot merge lists without merge key for %s",
                       f->shape.type ? "struct" : "string");
    r = run_item_directives(a, &target, &patch, key, err);
    if (r < 0)
        return r;
    old = shallow_copy(a, target);
    merged = target;
    r = merge_objects(a, merged, patch, f, mode, err);
    return r < 0 ? r : arrange(a, merged, patch, old, key, ret, err);
}

/* ---- $setElementOrder ---- */

/* Whether two items have one key, or are equal when `key` is "". */
static int same_key(Arena *a, const Value *x, const Value *y, const char *key, bool *ret, Err *err)
{
    const Value *items[] = {x, y};

    for (size_t i = 0; key[0] && i < ARRAY_LEN(items); i++)
        if (items[i]->type != VALUE_OBJECT)
            return patch__bad_type(VALUE_OBJECT, items[i], err);
    for (size_t i = 0; key[0] && i < ARRAY_LEN(items); i++)
        if (!value_get(items[i], key))
            return patch__no_merge_key(a, items[i], key, err);
    *ret = value_equal(patch__key_of(x, key), patch__key_of(y, key));
    return 0;
}

/* The items of the patch but its deletions. */
static int without_deletions(Arena *a, const Value *patch, const char *key, Value **ret, Err *err)
{
    Value *item;

    *ret = value_array(a);
    value_each_item(patch, i, item)
    {
        if (key[0] && item->type != VALUE_OBJECT)
            return patch__bad_type(VALUE_OBJECT, item, err);
        if (!key[0] || !patch__is_deletion(item))
            value_append(a, *ret, item);
    }
    return 0;
}

/* Every item of the patch must stand in the order list, in the same order. */
static int check_order(Arena *a, const Value *patch, const Value *order, const char *key, Err *err)
{
    AUTO_BUF p = BUF_INIT;
    AUTO_BUF o = BUF_INIT;
    uint32_t i = 0, k = 0;
    bool same = false;
    Value *items;
    int r;

    if (value_len(patch) == 0 || order->n == 0)
        return 0;
    r = without_deletions(a, patch, key, &items, err);
    while (r == 0 && i < items->n && k < order->n) {
        if (value_get(items->items[i], PATCH_MARKER)) {
            i++;
            continue;
        }
        r = same_key(a, items->items[i], order->items[k++], key, &same, err);
        i += r == 0 && same;
    }
    if (r < 0 || i == items->n)
        return r;
    patch__print_go(patch, &p);
    patch__print_go(order, &o);
    return err_set(err, ERR_INTERNAL,
                   "The order in patch list:\n%s\n doesn't match $setElementOrder list:\n%s\n",
                   buf_str(&p), buf_str(&o));
}

static int check_lists(const Value *order, const Value *old, const Value *change, Err *err)
{
    const Value *lists[] = {order, old, change};

    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if (lists[i] && lists[i]->type != VALUE_ARRAY)
            return patch__bad_type(VALUE_ARRAY, lists[i], err);
    return 0;
}

/* Objects can only be put in order by a key. */
static int check_has_key(Arena *a, const PatchFacts *f, const Value *merged, const Value *order,
                         const Value *old, Err *err)
{
    const Value *lists[] = {merged, order, old};

    for (size_t i = 0; !f->merge_key[0] && i < ARRAY_LEN(lists); i++) {
        const Value *first = value_item(lists[i], 0);

        if (first)
            return first->type == VALUE_OBJECT ? patch__no_merge_key(a, first, "", err)
                                               : patch__bad_type(VALUE_OBJECT, first, err);
    }
    return 0;
}

/* The list that `order` is about, with the patch's items in it. */
static int merge_for_order(Arena *a, Value *old, Value *change, const Value *order,
                           const PatchFacts *f, PatchMode mode, Value **ret, Err *err)
{
    ValueType type = VALUE_NULL;
    int r;

    if (old && change)
        r = merge_list(a, shallow_copy(a, old), change, f, false, mode, ret, err);
    else
        r = 0, *ret = old ? shallow_copy(a, old) : remove_directives(a, change);
    if (r == 0)
        r = patch__item_type(a, old, change, &type, err);
    if (r == 0 && value_len(old) == 0 && value_len(change) == 0)
        return err_set(err, ERR_INTERNAL, "no elements in any of the given slices");
    return r < 0 || type != VALUE_OBJECT ? r : check_has_key(a, f, *ret, order, old, err);
}

static int merge_ordered(Arena *a, Value *target, Value *patch, const char *name,
                         const PatchShape *shape, PatchMode mode, Err *err)
{
    const char *field = str_starts(name, PATCH_ORDER) ? name + strlen(PATCH_ORDER) : NULL;
    Value *order = value_get(patch, name), *other, *old, *change, *merged, *out;
    PatchFacts f;
    int r;

    if (!mode.is_final) {
        other = value_get(target, name);
        if (other && !value_equal(other, order))
            return bad_order_list(err);
        value_set(a, target, name, order);
    }
    r = check_lists(order, NULL, NULL, err);
    if (r == 0 && (!field || order->n > MERGED_ITEMS_MAX))
        r = bad_order_list(err);
    if (r < 0)
        return r;
    old = value_get(target, field);
    change = value_get(patch, field);
    f = patch__facts(shape, field);
    r = check_lists(order, old, change, err);
    if (r == 0)
        r = check_is_list(shape, field, err);
    if (r == 0)
        r = check_order(a, change, order, f.merge_key, err);
    if (r < 0 || (!old && !change))
        return r;
    r = merge_for_order(a, old, change, order, &f, mode, &merged, err);
    if (r == 0)
        r = arrange(a, merged, order, old, f.merge_key, &out, err);
    if (r < 0)
        return r;
    value_set(a, target, field, out);
    (void)value_del(patch, field); /* done with */
    return 0;
}

static int merge_ordered_lists(Arena *a, Value *target, Value *patch, const PatchShape *shape,
                               PatchMode mode, Err *err)
{
    uint32_t i = 0;
    int r;

    while (i < patch->n) {
        const char *name = patch->members[i].name;

        if (!is_directive(name, PATCH_ORDER)) {
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
        if (m->value->type != VALUE_NULL && !is_directive(m->name, PATCH_DELETIONS) &&
            !is_directive(m->name, PATCH_ORDER) && !value_has_str(keys, m->name))
            return bad_retain_keys(err);
    }
    for (uint32_t i = target->n; i-- > 0;) {
        if (!value_has_str(keys, target->members[i].name))
            (void)value_del(target, target->members[i].name); /* it is there */
    }
    return 0;
}

/* ---- objects ---- */

/* A value that meets nothing to be merged with. */
static void set_new(Arena *a, Value *target, const char *name, Value *patch, PatchMode mode)
{
    if (mode.is_final) {
        discard_nulls(patch);
        patch = remove_directives(a, patch);
    }
    if (patch)
        value_set(a, target, name, patch);
    else
        (void)value_del(target, name); /* may be absent already */
}

static int merge_member(Arena *a, Value *target, const char *name, Value *patch,
                        const PatchShape *shape, PatchMode mode, Err *err)
{
    bool is_deletion = is_directive(name, PATCH_DELETIONS);
    Value *old, *merged;
    PatchFacts f;
    int r = 0;

    if (is_deletion && !mode.is_final) {
        value_set(a, target, name, patch);
        return 0;
    }
    if (is_deletion && !str_starts(name, PATCH_DELETIONS))
        return bad_deletion_list(err);
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
            set_new(a, target, name, patch, mode);
        return 0;
    }
    if (old->type >= VALUE_ARRAY && mode.is_final)
        r = old->type == VALUE_ARRAY ? check_is_list(shape, name, err)
                                     : check_struct(shape, name, err);
    if (r < 0)
        return r;
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

int patch_strategic(Arena *a, const Type *t, const Value *object, Value *patch, Value **ret,
                    Err *err)
{
    PatchShape shape = {.type = t};

    if (!value_is(patch, VALUE_OBJECT) && !value_is(patch, VALUE_NULL))
        return err_set(err, ERR_BAD_REQUEST,
                       "json: cannot unmarshal %s into Go value of type map[string]interface {}",
                       value_type_name(patch->type));
    if (value_is(patch, VALUE_NULL)) {
        *ret = value_copy(a, object);
        return 0;
    }
    return patch__merge_map(a, value_copy(a, object), patch, &shape, (PatchMode){.is_final = true},
                            ret, err);
}
