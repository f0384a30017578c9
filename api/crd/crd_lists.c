/*
 * crd_lists.c - lists that are sets or have keys, embedded resources: what a schema says of whole
 * objects beyond kube-openapi's rules.
 */
#include "api/crd_schema.h"
#include "api/decode.h"
#include "api/validate_int.h"
#include "base/err.h"

enum { DOUBLES_MAX = 20 };

/* ---- identity of items ---- */

/* The text that tells an item of a list with keys from others; the item itself in a set. */
static const char *identity(Arena *a, const Schema *s, const Value *item)
{
    const Value *key;
    Value *out;

    if (!schema_is_list_of(s, "map") || item->type != VALUE_OBJECT)
        return value_to_str(a, item);
    out = value_array(a);
    value_each_item(s->list_keys, i, key)
    {
        Value *m = value_to_cstr(key) ? value_get(item, value_to_cstr(key)) : NULL;

        value_append(a, out, m ? m : value_null(a));
    }
    return value_to_str(a, out);
}

static Value *shown_identity(Arena *a, const Schema *s, Value *item)
{
    const Value *key;
    Value *out;

    if (!schema_is_list_of(s, "map") || item->type != VALUE_OBJECT)
        return item;
    out = value_object(a);
    value_each_item(s->list_keys, i, key)
    {
        Value *m = value_to_cstr(key) ? value_get(item, value_to_cstr(key)) : NULL;

        if (m)
            value_set(a, out, value_to_cstr(key), m);
    }
    return out;
}

typedef struct Item {
    const char *text;
    uint32_t index;
} Item;

static int order_items(const void *x, const void *y)
{
    const Item *a = x, *b = y;
    int d = strcmp(a->text, b->text);

    return d ? d : a->index < b->index ? -1 : 1;
}

static Item *sorted_items(Arena *a, const Schema *s, const Value *v)
{
    Item *items = arena_array(a, Item, v->n);

    for (uint32_t i = 0; i < v->n; i++)
        items[i] = (Item){identity(a, s, v->items[i]), i};
    if (v->n > 1)
        qsort(items, v->n, sizeof(*items), order_items);
    return items;
}

/* ---- what was there before ---- */

struct OldItems {
    Arena *arena;
    const Schema *list;
    const Value *old;
    const Item *items; /* in order */
};

const OldItems *old_items_new(Arena *a, const Schema *list, const Value *old)
{
    OldItems *o;

    if (!schema_is_list_of(list, "map") || !value_is(old, VALUE_ARRAY))
        return NULL;
    o = arena_new0(a, OldItems);
    *o = (OldItems){a, list, old, sorted_items(a, list, old)};
    return o;
}

const Value *old_items_get(const OldItems *o, const Value *item)
{
    uint32_t lo = 0, hi = o ? o->old->n : 0;
    const char *text;

    if (!o || !value_is(item, VALUE_OBJECT))
        return NULL;
    text = identity(o->arena, o->list, item);
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int d = strcmp(o->items[mid].text, text);

        if (d == 0)
            return o->old->items[o->items[mid].index];
        if (d < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

bool schema_same(Arena *a, const Schema *s, const Value *v, const Value *old)
{
    const OldItems *o;

    if (value_equal(v, old))
        return true;
    o = old_items_new(a, s, old);
    if (!o || v->type != VALUE_ARRAY || v->n != old->n)
        return false;
    for (uint32_t i = 0; i < v->n; i++) {
        const Value *was = old_items_get(o, v->items[i]);

        if (!was || !value_equal(v->items[i], was))
            return false;
    }
    return true;
}

/* ---- items that come twice ---- */

static int order_indexes(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return a < b ? -1 : a > b;
}

static void check_doubles(const Schema *s, const Path *p, const Value *v, FieldErrs *e)
{
    uint32_t twice[DOUBLES_MAX], n = 0;
    Item *items;

    if (v->n < 2 || (!schema_is_list_of(s, "set") && !schema_is_list_of(s, "map")))
        return;
    items = sorted_items(e->arena, s, v);
    for (uint32_t i = 1; i < v->n && n < DOUBLES_MAX; i++)
        if (strcmp(items[i - 1].text, items[i].text) == 0)
            twice[n++] = items[i].index;
    qsort(twice, n, sizeof(*twice), order_indexes);
    for (uint32_t i = 0; i < n; i++)
        field_err(e, FIELD_ERR_DUPLICATE, path_str(e, AT_ITEM(p, twice[i])),
                  shown_identity(e->arena, s, v->items[twice[i]]), "%s", "");
}

static void check_lists(const Schema *s, const Path *p, const Value *v, FieldErrs *e)
{
    if (!s || e->n > DOUBLES_MAX || v->type < VALUE_ARRAY)
        return;
    if (v->type == VALUE_ARRAY) {
        check_doubles(s, p, v, e);
        for (uint32_t i = 0; s->items && i < v->n; i++)
            check_lists(s->items, AT_ITEM(p, i), v->items[i], e);
        return;
    }
    value_each_member(v, m)
    {
        const Schema *prop = schema_prop(s, m->name);

        check_lists(prop ? prop : s->others, prop ? AT(p, m->name) : AT_KEY(p, m->name), m->value,
                    e);
    }
}

void schema_check_lists(const Schema *s, const char *prefix, const Value *v, FieldErrs *e)
{
    FieldErrs own = {.arena = e->arena};

    check_lists(s, prefix[0] ? AT(NULL, prefix) : NULL, v, &own);
    field_errs_add(e, &own);
}

/* ---- embedded resources ---- */

static void check_api_version(const Path *p, const Value *v, FieldErrs *e)
{
    const char *s = value_to_cstr(v), *slash = s ? strchr(s, '/') : NULL;

    if (!s || !s[0])
        missing(e, p, NULL);
    else if (slash && strchr(slash + 1, '/'))
        bad_str(e, p, s, "unexpected GroupVersion string: %s", s);
}

static void check_kind(const Path *p, const Value *v, FieldErrs *e)
{
    const char *s = value_to_cstr(v);

    if (!s || !s[0])
        missing(e, p, NULL);
    else
        validate__kind_name(e, p, s);
}

static Value *meta_of(Arena *a, const Value *v, Err *err)
{
    Value *meta = value_copy(a, v);
    int r = decode_type(a, type_find("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"), NULL, NULL,
                        meta, FIELDS_IGNORE, NULL, NULL, err);

    return r < 0 ? NULL : meta;
}

static void check_metadata(const Path *p, const Value *v, FieldErrs *e)
{
    Err err;
    Value *meta = meta_of(e->arena, v, &err);

    if (!meta)
        return; /* its type is an error already */
    if (!str_of(meta, "name")[0])
        value_set_str(e->arena, meta, "name", "fakename");
    validate__meta(e, p, meta, str_of(meta, "namespace")[0] != '\0', names__path_segment);
}

static void check_resource(const Path *p, const Value *v, FieldErrs *e)
{
    static const struct {
        const char *name;
        void (*check)(const Path *p, const Value *v, FieldErrs *e);
        bool is_required;
    } members[] = {{"apiVersion", check_api_version, true},
                   {"kind", check_kind, true},
                   {"metadata", check_metadata, false}};

    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        const Value *m = value_get(v, members[i].name);

        if (m)
            members[i].check(AT(p, members[i].name), m, e);
        else if (members[i].is_required)
            missing(e, AT(p, members[i].name), NULL);
    }
}

static void coerce_resource(const Path *p, const Value *v, FieldErrs *e)
{
    static const char *const texts[] = {"apiVersion", "kind"};
    const Value *meta = value_get(v, "metadata");
    Err err;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        const Value *m = value_get(v, texts[i]);

        if (m && m->type != VALUE_STRING)
            bad(e, AT(p, texts[i]), m, "must be a string");
    }
    if (meta && !meta_of(e->arena, meta, &err))
        bad(e, AT(p, "metadata"), meta, "%s", err.msg);
}

typedef void CheckResource(const Path *p, const Value *v, FieldErrs *e);

static void each_embedded(const Schema *s, const Path *p, const Value *v, bool is_root,
                          CheckResource *check, FieldErrs *e)
{
    if (!s || e->n > DOUBLES_MAX || v->type < VALUE_ARRAY || !(s->has_embedded || is_root))
        return;
    if (v->type == VALUE_OBJECT && (s->is_embedded || is_root))
        check(p, v, e);
    for (uint32_t i = 0; s->items && v->type == VALUE_ARRAY && i < v->n; i++)
        each_embedded(s->items, AT_ITEM(p, i), v->items[i], false, check, e);
    value_each_member(v, m)
    {
        const Schema *prop = schema_prop(s, m->name);

        each_embedded(prop ? prop : s->others, prop ? AT(p, m->name) : AT_KEY(p, m->name), m->value,
                      false, check, e);
    }
}

void schema_check_embedded(const Schema *s, const char *prefix, const Value *v, bool is_root,
                           FieldErrs *e)
{
    FieldErrs own = {.arena = e->arena};

    each_embedded(s, prefix[0] ? AT(NULL, prefix) : NULL, v, is_root, check_resource, &own);
    field_errs_add(e, &own);
}

const FieldErr *schema_coerce_embedded(const Schema *s, const char *prefix, const Value *v,
                                       bool is_root, Arena *a)
{
    FieldErrs own = {.arena = a};

    each_embedded(s, prefix[0] ? AT(NULL, prefix) : NULL, v, is_root, coerce_resource, &own);
    return own.n > 0 ? &own.items[0] : NULL;
}
