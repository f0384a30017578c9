/*
 * typed.c - see sigs.k8s.io/structured-merge-diff, typed/: compare.go, merge.go, remove.go,
 * tofieldset.go and validate.go, whose results these walks have.
 *
 * DESIGN. Members of objects and items of keyed lists are the same thing here: entries with a path
 * element. Sorted by it, two of them are compared in one pass, however many there are.
 */
#include "vcluster/typed.h"

#include "api/crd.h"
#include "api/patch_int.h"

enum { MISTAKES_MAX = 20 };

typedef enum Shape { SHAPE_LEAF, SHAPE_MAP, SHAPE_LIST } Shape;

typedef struct Entry {
    const char *key;    /* path element */
    const Field *field; /* NULL: the type does not know it */
    const Value *value; /* NULL: one of several of the same key */
    bool is_named;      /* a field of a struct, not a key of a map */
} Entry;

typedef struct Entries {
    Entry *items; /* in order of appearance */
    Entry **sorted;
    uint32_t n;
} Entries;

static const Field any_field = {.kind = FIELD_ANY};

static Shape shape_of_field(const Typed *t, const Field *f)
{
    switch (f->kind) {
    case FIELD_OBJECT:
        if (!f->type || f->type->is_map_atomic || (f->flags & FIELD_MAP_ATOMIC))
            return SHAPE_LEAF;
        return f->type->n_fields > 0 || t->is_custom ? SHAPE_MAP : SHAPE_LEAF;
    case FIELD_MAP:
        return f->flags & FIELD_MAP_ATOMIC ? SHAPE_LEAF : SHAPE_MAP;
    case FIELD_LIST:
        return f->list_type == LIST_ATOMIC ? SHAPE_LEAF : SHAPE_LIST;
    default:
        return SHAPE_LEAF;
    }
}

/* A value that is not of its type's form is a leaf; null takes the form of its type. */
static Shape shape_of(const Typed *t, const Field *f, const Value *v)
{
    Shape s = shape_of_field(t, f);

    if (f->kind == FIELD_ANY)
        return t->is_custom && value_is(v, VALUE_OBJECT) ? SHAPE_MAP : SHAPE_LEAF;
    if (!v || v->type == VALUE_NULL)
        return s;
    if ((s == SHAPE_MAP && v->type != VALUE_OBJECT) || (s == SHAPE_LIST && v->type != VALUE_ARRAY))
        return SHAPE_LEAF;
    return s;
}

Typed typed_of(Arena *a, const Resource *r)
{
    return (Typed){.a = a,
                   .type = r->type,
                   .is_custom = r->crd != NULL,
                   .is_open = r->crd && r->crd->preserves_root};
}

static Field root_of(const Typed *t)
{
    return (Field){.kind = FIELD_OBJECT, .type = t->type, .flags = t->is_open ? FIELD_OPEN : 0};
}

static const Field *member_field(const Typed *t, const Field *f, const char *name, bool *ret_named)
{
    const Field *m = f->kind == FIELD_OBJECT ? type_field(f->type, slice_of(name)) : NULL;

    *ret_named = m != NULL;
    if (m)
        return m;
    if (f->kind == FIELD_MAP)
        return f->elem;
    return f->kind == FIELD_ANY || (t->is_custom && f->flags & FIELD_OPEN) ? &any_field : NULL;
}

/* ---- entries ---- */

static int by_name(const void *x, const void *y)
{
    return strcmp(((const Member *)x)->name, ((const Member *)y)->name);
}

/* The path element of an item; NULL with the reason when it has none. */
static const char *item_key(const Typed *t, const Field *f, const Value *item, const char **ret_why)
{
    Value *keys;

    *ret_why = NULL;
    if (f->list_type == LIST_SET) {
        if (value_is(item, VALUE_OBJECT))
            *ret_why = "associative list without keys has an element that's a map type";
        else if (value_is(item, VALUE_ARRAY))
            *ret_why = "not supported: associative list with lists as elements";
        else if (value_is(item, VALUE_NULL))
            *ret_why = "associative list without keys has an element that's an explicit null";
        return *ret_why ? NULL : arena_join(t->a, "v:", value_to_str(t->a, item));
    }
    if (item->type != VALUE_OBJECT) {
        *ret_why = item->type == VALUE_NULL
                       ? "associative list with keys may not have a null element"
                       : "associative list with keys may not have non-map elements";
        return NULL;
    }
    keys = value_object(t->a);
    for (const char *const *k = f->list_map_keys; k && *k; k++) {
        Value *v = value_get(item, *k);
        const Field *key =
            f->elem && f->elem->type ? type_field(f->elem->type, slice_of(*k)) : NULL;

        if (!v && key && key->deflt)
            v = value_literal(t->a, key->deflt);
        if (!v) {
            *ret_why = arena_printf(t->a,
                                    "associative list with keys has an element that omits key "
                                    "field \"%s\" (and doesn't have default value)",
                                    *k);
            return NULL;
        }
        value_append_member(t->a, keys, *k, v);
    }
    qsort(keys->members, keys->n, sizeof(Member), by_name);
    return arena_join(t->a, "k:", value_to_str(t->a, keys));
}

static int by_key(const void *x, const void *y)
{
    const Entry *p = *(Entry *const *)x, *q = *(Entry *const *)y;
    int d = fieldset_order(p->key, q->key);

    return d ? d : p < q ? -1 : p > q;
}

static void sort_entries(Arena *a, Entries *e)
{
    bool sorted = true;

    e->sorted = arena_array(a, Entry *, e->n + 1);
    for (uint32_t i = 0; i < e->n; i++) {
        e->sorted[i] = &e->items[i];
        if (i > 0 && fieldset_order(e->items[i - 1].key, e->items[i].key) > 0)
            sorted = false;
    }
    if (!sorted)
        qsort(e->sorted, e->n, sizeof(Entry *), by_key);
}

/* Items without a key are left out: objects that are stored have none, and configurations with
 * one are refused. */
static void entries_of(const Typed *t, const Field *f, const Value *v, Entries *ret)
{
    Value *item;

    *ret = (Entries){0};
    ret->items = arena_array(t->a, Entry, value_len(v) + 1);
    if (value_is(v, VALUE_OBJECT)) {
        value_each_member(v, m)
        {
            Entry *e = &ret->items[ret->n++];

            *e = (Entry){.key = arena_join(t->a, "f:", m->name), .value = m->value};
            e->field = member_field(t, f, m->name, &e->is_named);
        }
    } else
        value_each_item(v, i, item)
        {
            const char *why, *key = item_key(t, f, item, &why);

            if (key)
                ret->items[ret->n++] = (Entry){.key = key, .field = f->elem, .value = item};
        }
    sort_entries(t->a, ret);
}

static uint32_t position_of(const Entries *e, const char *key)
{
    uint32_t lo = 0, hi = e->n;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;

        if (fieldset_order(e->sorted[mid]->key, key) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static const Entry *entries_find(const Entries *e, const char *key)
{
    uint32_t at = position_of(e, key);

    return at < e->n && strcmp(e->sorted[at]->key, key) == 0 ? e->sorted[at] : NULL;
}

/* How many entries from `at` on have the same key. */
static uint32_t run_of(const Entries *e, uint32_t at)
{
    uint32_t n = 1;

    while (at + n < e->n && strcmp(e->sorted[at]->key, e->sorted[at + n]->key) == 0)
        n++;
    return n;
}

/* ---- comparison ---- */

static FieldDiff compare(const Typed *t, const Field *f, const Value *from, const Value *to);

static FieldDiff compare_leaf(const Typed *t, const Value *from, const Value *to)
{
    FieldDiff d = {0};

    if (!to)
        d.removed = fieldset_leaf(t->a);
    else if (!from || !value_equal(from, to))
        d.changed = fieldset_leaf(t->a);
    return d;
}

/* What is there of an entry: an empty map is not, once Go has written the object. */
static const Value *written(const Typed *t, const Entry *e)
{
    bool is_omitted = e && !t->is_custom && e->field && e->field->kind == FIELD_MAP &&
                      !(e->field->flags & FIELD_ALWAYS) && value_len(e->value) == 0;

    return e && !is_omitted ? e->value : NULL;
}

static void add_diff(const Typed *t, FieldDiff *into, const Entry *l, const Entry *r)
{
    const Entry *e = r ? r : l;
    const Value *from = written(t, l), *to = written(t, r);
    FieldDiff d = {0};

    if (from || to)
        d = compare(t, e->field ? e->field : &any_field, from, to);

    fieldset_add(t->a, &into->changed, e->key, d.changed);
    fieldset_add(t->a, &into->removed, e->key, d.removed);
}

/* Items that come more than once on either side are compared as a whole. */
static void add_runs(const Typed *t, FieldDiff *into, Entry **l, uint32_t nl, Entry **r,
                     uint32_t nr)
{
    bool same = nl == nr;

    if (nl > 1 && nr > 1) {
        for (uint32_t i = 0; same && i < nl; i++)
            same = value_equal(l[i]->value, r[i]->value);
        if (!same)
            fieldset_add(t->a, &into->changed, r[0]->key, fieldset_leaf(t->a));
    } else if (nl > 1) {
        if (nr == 1)
            fieldset_add(t->a, &into->changed, r[0]->key,
                         compare(t, r[0]->field, NULL, r[0]->value).changed);
        fieldset_add(t->a, &into->removed, l[0]->key, fieldset_leaf(t->a));
    } else {
        if (nl == 1)
            fieldset_add(t->a, &into->removed, l[0]->key,
                         compare(t, l[0]->field, l[0]->value, NULL).removed);
        fieldset_add(t->a, &into->changed, r[0]->key, fieldset_leaf(t->a));
    }
}

static void compare_entries(const Typed *t, const Field *f, const Value *from, const Value *to,
                            FieldDiff *ret)
{
    Entries l, r;
    uint32_t i = 0, j = 0;

    entries_of(t, f, from, &l);
    entries_of(t, f, to, &r);
    while (i < l.n || j < r.n) {
        int d = i >= l.n ? 1 : j >= r.n ? -1 : fieldset_order(l.sorted[i]->key, r.sorted[j]->key);
        uint32_t nl = d <= 0 ? run_of(&l, i) : 0, nr = d >= 0 ? run_of(&r, j) : 0;

        if (nl <= 1 && nr <= 1)
            add_diff(t, ret, nl ? l.sorted[i] : NULL, nr ? r.sorted[j] : NULL);
        else
            add_runs(t, ret, l.sorted + i, nl, r.sorted + j, nr);
        i += nl;
        j += nr;
    }
}

static FieldDiff compare(const Typed *t, const Field *f, const Value *from, const Value *to)
{
    FieldDiff d = {0};
    const Value *form = value_len(to) > 0 ? to : value_len(from) > 0 ? from : to ? to : from;

    /* two empty ones are a leaf: none and [] differ */
    if (shape_of(t, f, form) == SHAPE_LEAF || (value_len(from) == 0 && value_len(to) == 0) ||
        (from && shape_of(t, f, from) == SHAPE_LEAF))
        return compare_leaf(t, from, to);
    compare_entries(t, f, from, to, &d);
    if (!from)
        d.changed = fieldset_mark(t->a, d.changed);
    if (!to)
        d.removed = fieldset_mark(t->a, d.removed);
    return d;
}

FieldDiff typed_compare(const Typed *t, const Value *from, const Value *to)
{
    Field root = root_of(t);
    FieldDiff d = {0};

    compare_entries(t, &root, from, to, &d);
    return d;
}

/* ---- every path of a tree ---- */

static FieldSet *paths(const Typed *t, const Field *f, const Value *v)
{
    FieldSet *out = NULL;
    Entries e;

    if (shape_of(t, f, v) == SHAPE_LEAF)
        return fieldset_leaf(t->a);
    if (value_is(v, VALUE_NULL))
        return NULL;
    entries_of(t, f, v, &e);
    for (uint32_t i = 0; i < e.n; i += run_of(&e, i)) {
        const Entry *x = e.sorted[i];
        FieldSet *child = NULL;

        if (run_of(&e, i) == 1)
            child = paths(t, x->field ? x->field : &any_field, x->value);
        if (!x->is_named || run_of(&e, i) > 1 || x->value->type == VALUE_NULL ||
            (x->value->type == VALUE_OBJECT && x->value->n == 0))
            child = fieldset_mark(t->a, child);
        fieldset_add(t->a, &out, x->key, child);
    }
    return out;
}

FieldSet *typed_paths(const Typed *t, const Value *v)
{
    Field root = root_of(t);

    return paths(t, &root, v);
}

/* ---- merging ---- */

static Value *merge(const Typed *t, const Field *f, const Value *live, const Value *config);

static Value *share(const Value *v)
{
    return (Value *)v; /* trees that are not changed any more may be shared */
}

static Value *merge_object(const Typed *t, const Field *f, const Value *live, const Value *config)
{
    Value *out = value_object(t->a);
    Entries l, r;

    entries_of(t, f, live, &l);
    entries_of(t, f, config, &r);
    for (uint32_t i = 0; i < l.n; i++) {
        const Entry *x = &l.items[i], *with = entries_find(&r, x->key);

        value_append_member(t->a, out, x->key + 2,
                            with ? merge(t, x->field ? x->field : &any_field, x->value, with->value)
                                 : share(x->value));
    }
    for (uint32_t i = 0; i < r.n; i++)
        if (!entries_find(&l, r.items[i].key))
            value_append_member(t->a, out, r.items[i].key + 2, share(r.items[i].value));
    return out;
}

typedef struct ListMerge {
    const Typed *t;
    const Field *f;
    Entries l, r;
    bool *taken;   /* of r: merged already */
    uint32_t next; /* of r: the first item not taken that the live list has too */
    Value *out;
} ListMerge;

static bool is_shared(const ListMerge *m, uint32_t rhs)
{
    return entries_find(&m->l, m->r.items[rhs].key) != NULL;
}

static void next_shared(ListMerge *m)
{
    while (m->next < m->r.n && (m->taken[m->next] || !is_shared(m, m->next)))
        m->next++;
}

/* Duplicates of the live list are replaced, not merged. */
static void take_rhs(ListMerge *m, uint32_t at)
{
    const Entry *x = &m->r.items[at], *with = entries_find(&m->l, x->key);

    if (with && run_of(&m->l, position_of(&m->l, x->key)) > 1)
        with = NULL;
    value_append(m->t->a, m->out,
                 with ? merge(m->t, m->f->elem, with->value, x->value) : share(x->value));
    m->taken[at] = true;
    next_shared(m);
}

/* Items of both come in the order of the configuration, between what stood around them. */
static Value *merge_list(const Typed *t, const Field *f, const Value *live, const Value *config)
{
    ListMerge m = {.t = t, .f = f, .out = value_array(t->a)};
    uint32_t i = 0, j = 0;

    entries_of(t, f, live, &m.l);
    entries_of(t, f, config, &m.r);
    m.taken = arena_array(t->a, bool, m.r.n + 1);
    memset(m.taken, 0, (m.r.n + 1) * sizeof(bool));
    next_shared(&m);
    while (i < m.l.n || j < m.r.n) {
        const Entry *x = i < m.l.n ? &m.l.items[i] : NULL;
        const Entry *same = x ? entries_find(&m.r, x->key) : NULL;

        if (x && j < m.r.n) {
            if (strcmp(x->key, m.r.items[j].key) == 0) {
                take_rhs(&m, j++);
                i++;
                continue;
            }
            if (same && m.next < m.r.n && strcmp(m.r.items[m.next].key, x->key) != 0) {
                i++; /* of both, but not next: its turn comes with the configuration's */
                continue;
            }
        }
        if (x && !same) {
            value_append(t->a, m.out, share(x->value));
            i++;
            continue;
        }
        if (x && m.taken[same - m.r.items])
            i++;
        if (j < m.r.n)
            take_rhs(&m, j++);
    }
    return m.out;
}

static Value *merge(const Typed *t, const Field *f, const Value *live, const Value *config)
{
    Shape s = shape_of(t, f, config);

    if (!live)
        return share(config);
    if (s == SHAPE_LEAF || (value_len(live) == 0 && value_len(config) == 0) ||
        shape_of(t, f, live) != s)
        return share(config);
    return s == SHAPE_MAP ? merge_object(t, f, live, config) : merge_list(t, f, live, config);
}

Value *typed_merge(const Typed *t, const Value *live, const Value *config)
{
    Field root = root_of(t);

    return merge_object(t, &root, live, config);
}

/* ---- removal ---- */

static Value *take_out(const Typed *t, const Field *f, const Value *v, const FieldSet *gone);

static Value *keep_entry(const Typed *t, const Field *f, const Value *v, const FieldSet *below)
{
    if (fieldset_is_empty(below))
        return share(v);
    return take_out(t, f ? f : &any_field, v, below);
}

/* What becomes empty becomes null, which is what Go has for it. */
static Value *take_out(const Typed *t, const Field *f, const Value *v, const FieldSet *gone)
{
    Shape s = shape_of(t, f, v);
    Value *out = s == SHAPE_LIST ? value_array(t->a) : value_object(t->a);
    Value *item;

    if (s == SHAPE_LEAF)
        return v->type < VALUE_ARRAY ? share(v) : value_null(t->a);
    if (s == SHAPE_MAP)
        value_each_member(v, m)
        {
            const FieldSet *at = fieldset_field(gone, m->name);
            bool named;

            if (!at || !at->is_member)
                value_append_member(
                    t->a, out, m->name,
                    keep_entry(t, member_field(t, f, m->name, &named), m->value, at));
        }
    else
        value_each_item(v, i, item)
        {
            const char *why, *key = item_key(t, f, item, &why);
            const FieldSet *at = key ? fieldset_child(gone, key) : NULL;

            if (!at || !at->is_member)
                value_append(t->a, out, keep_entry(t, f->elem, item, at));
        }
    return value_len(out) > 0 ? out : value_null(t->a);
}

Value *typed_remove(const Typed *t, const Value *v, const FieldSet *gone)
{
    Field root = root_of(t);
    Value *out = fieldset_is_empty(gone) ? share(v) : take_out(t, &root, v, gone);

    return value_is(out, VALUE_OBJECT) ? out : value_object(t->a);
}

/* ---- sets by types ---- */

static FieldSet *with_fields(const Typed *t, const Field *f, const FieldSet *s)
{
    FieldSet *out = NULL;

    for (uint32_t i = 0; s && i < s->n; i++) {
        const char *key = s->children[i].key;
        bool named = false;
        const Field *m = key[0] == 'f' ? (f ? member_field(t, f, key + 2, &named) : NULL)
                         : f           ? f->elem
                                       : NULL;
        FieldSet *child = with_fields(t, m, s->children[i].set);

        if (s->children[i].set->is_member || (named && s->children[i].set->n > 0))
            child = fieldset_mark(t->a, child);
        fieldset_add(t->a, &out, key, child);
    }
    return out;
}

FieldSet *typed_with_fields(const Typed *t, const FieldSet *s)
{
    Field root = root_of(t);

    return with_fields(t, &root, s);
}

/* ---- does it fit? ---- */

typedef struct Mistakes {
    const char *items[MISTAKES_MAX];
    uint32_t n;
} Mistakes;

typedef struct Place { /* path to the value at hand */
    const struct Place *up;
    const char *key;
} Place;

static void write_place(Arena *a, const Place *p, Buf *out)
{
    if (!p || !p->key)
        return;
    write_place(a, p->up, out);
    fieldset_write_element(a, p->key, out);
}

static void mistake(const Typed *t, Mistakes *out, const Place *p, const char *text)
{
    AUTO_BUF place = BUF_INIT;

    if (out->n == MISTAKES_MAX)
        return;
    write_place(t->a, p, &place);
    out->items[out->n++] =
        place.len > 0 ? arena_printf(t->a, "%s: %s", buf_str(&place), text) : text;
}

/* A value as Go prints it: %#v of a string, %T, or %v. */
static const char *go_text(const Typed *t, const Value *v)
{
    AUTO_BUF out = BUF_INIT;

    patch__print_go(v, &out);
    return arena_strdup(t->a, buf_str(&out));
}

static const char *go_type(const Value *v)
{
    static const char *const names[] = {"nil",    "bool",           "int64",
                                        "string", "[]interface {}", "map[string]interface {}"};

    if (v->type == VALUE_NUMBER && strpbrk(v->str, ".eE"))
        return "float64";
    return names[v->type];
}

static void print_go_literal(const Value *v, Buf *out)
{
    bool first = true;
    Value *item;

    if (v->type < VALUE_ARRAY) {
        if (v->type == VALUE_NULL)
            buf_adds(out, "interface {}(nil)");
        else
            value_print(v, out);
        return;
    }
    buf_addf(out, "%s{", go_type(v));
    value_each_item(v, i, item)
    {
        buf_adds(out, first ? "" : ", ");
        print_go_literal(item, out);
        first = false;
    }
    value_each_member(v, m)
    {
        buf_addf(out, "%s\"%s\":", first ? "" : ", ", m->name);
        print_go_literal(m->value, out);
        first = false;
    }
    buf_addc(out, '}');
}

static void check(const Typed *t, const Place *p, const Field *f, const Value *v, Mistakes *out);

static void check_scalar(const Typed *t, const Place *p, const Field *f, const Value *v,
                         Mistakes *out)
{
    AUTO_BUF text = BUF_INIT;

    switch (f->kind) {
    case FIELD_INT32:
    case FIELD_INT64:
    case FIELD_DOUBLE:
        if (v->type != VALUE_NUMBER)
            mistake(t, out, p,
                    arena_printf(t->a, "expected numeric (int or float), got %s", go_type(v)));
        break;
    case FIELD_BOOL:
        if (v->type != VALUE_BOOL)
            mistake(t, out, p, arena_printf(t->a, "expected boolean, got &{%s}", go_text(t, v)));
        break;
    case FIELD_INT_OR_STRING:
    case FIELD_QUANTITY:
        if (v->type >= VALUE_ARRAY)
            mistake(t, out, p, arena_printf(t->a, "expected any scalar, got &{%s}", go_text(t, v)));
        break;
    case FIELD_ANY:
        break;
    default:
        if (v->type == VALUE_STRING)
            break;
        print_go_literal(v, &text);
        mistake(t, out, p,
                arena_printf(t->a, "expected string, got &value.valueUnstructured{Value:%s}",
                             buf_str(&text)));
    }
}

static void check_list(const Typed *t, const Place *p, const Field *f, const Value *v,
                       Mistakes *out)
{
    Entries e;
    Value *item;

    value_each_item(v, i, item)
    {
        const char *why = NULL;
        Place at = {.up = p, .key = arena_printf(t->a, "i:%u", i)};

        if (f->list_type != LIST_ATOMIC)
            at.key = item_key(t, f, item, &why);
        if (why) {
            mistake(t, out, p, arena_printf(t->a, "element %u: %s", i, why));
            return;
        }
        check(t, &at, f->elem, item, out);
    }
    if (f->list_type == LIST_ATOMIC)
        return;
    entries_of(t, f, v, &e);
    for (uint32_t i = 1; i < e.n; i++)
        if (strcmp(e.sorted[i - 1]->key, e.sorted[i]->key) == 0) {
            AUTO_BUF text = BUF_INIT;

            fieldset_write_element(t->a, e.sorted[i]->key, &text);
            mistake(t, out, p, arena_printf(t->a, "duplicate entries for key %s", buf_str(&text)));
        }
}

static void check_object(const Typed *t, const Place *p, const Field *f, const Value *v,
                         Mistakes *out)
{
    value_each_member(v, m)
    {
        Place at = {.up = p, .key = arena_join(t->a, "f:", m->name)};
        bool named;
        const Field *mf = member_field(t, f, m->name, &named);

        if (!mf) {
            mistake(t, out, &at, "field not declared in schema");
            return;
        }
        check(t, &at, mf, m->value, out);
    }
}

/* The null of expressions is an enumeration's value to Go. */
static void check_computed_null(const Typed *t, const Place *p, const Field *f, Mistakes *out)
{
    static const char *const texts[] = {
        [FIELD_OBJECT] = "expected map, got &{NULL_VALUE}",
        [FIELD_MAP] = "expected map, got &{NULL_VALUE}",
        [FIELD_LIST] = "expected list, got &{NULL_VALUE}",
        [FIELD_BOOL] = "expected boolean, got &{NULL_VALUE}",
        [FIELD_INT32] = "expected numeric (int or float), got structpb.NullValue",
        [FIELD_INT64] = "expected numeric (int or float), got structpb.NullValue",
        [FIELD_DOUBLE] = "expected numeric (int or float), got structpb.NullValue",
        [FIELD_INT_OR_STRING] = "expected any scalar, got &{NULL_VALUE}",
        [FIELD_QUANTITY] = "expected any scalar, got &{NULL_VALUE}",
        [FIELD_ANY] = NULL,
    };
    const char *text = f->kind < ARRAY_LEN(texts) ? texts[f->kind] : NULL;

    if (f->kind != FIELD_ANY)
        mistake(t, out, p, text ? text : "expected string, got &value.valueUnstructured{Value:0}");
}

static void check(const Typed *t, const Place *p, const Field *f, const Value *v, Mistakes *out)
{
    bool is_list = f->kind == FIELD_LIST;

    if (v->type == VALUE_NULL) {
        if (t->is_computed)
            check_computed_null(t, p, f, out);
        return;
    }
    if (is_list || f->kind == FIELD_OBJECT || f->kind == FIELD_MAP) {
        if (v->type != (is_list ? VALUE_ARRAY : VALUE_OBJECT))
            mistake(t, out, p,
                    arena_printf(t->a, "expected %s, got &{%s}", is_list ? "list" : "map",
                                 go_text(t, v)));
        else if (is_list)
            check_list(t, p, f, v, out);
        else if (f->kind == FIELD_MAP || (f->type && f->type->n_fields > 0))
            check_object(t, p, f, v, out);
    } else
        check_scalar(t, p, f, v, out);
}

const char *typed_check(const Typed *t, const Value *v)
{
    Field root = root_of(t);
    Place top = {0};
    Mistakes all = {.n = 0};
    AUTO_BUF text = BUF_INIT;

    check(t, &top, &root, v, &all);
    if (all.n <= 1)
        return all.n == 1 ? all.items[0] : NULL;
    buf_adds(&text, "errors:");
    for (uint32_t i = 0; i < all.n; i++)
        buf_addf(&text, "\n  %s", all.items[i]);
    return arena_strdup(t->a, buf_str(&text));
}

/* ---- what is owned whole ---- */

static void add_atomics(const Typed *t, const Place *p, const Field *f, const Value *v, Buf *out)
{
    bool is_list = value_is(v, VALUE_ARRAY) && f->kind == FIELD_LIST;
    bool is_map = value_is(v, VALUE_OBJECT) &&
                  (f->kind == FIELD_OBJECT || f->kind == FIELD_MAP || f->kind == FIELD_ANY);
    Value *item;

    if (!is_list && !is_map)
        return;
    if (shape_of(t, f, v) == SHAPE_LEAF) {
        buf_adds(out, out->len > 0 ? ", " : "");
        write_place(t->a, p, out);
    }
    value_each_member(v, m)
    {
        Place at = {.up = p, .key = arena_join(t->a, "f:", m->name)};
        bool named;
        const Field *mf = member_field(t, f, m->name, &named);

        if (mf && named)
            add_atomics(t, &at, mf, m->value, out);
    }
    value_each_item(v, i, item)
    {
        Place at = {.up = p, .key = arena_printf(t->a, "i:%u", i)};

        add_atomics(t, &at, f->elem, item, out);
    }
}

const char *typed_atomics(const Typed *t, const Value *v)
{
    Field root = {.kind = FIELD_OBJECT, .type = t->type};
    Place top = {0};
    AUTO_BUF out = BUF_INIT;

    add_atomics(t, &top, &root, v, &out);
    return out.len > 0 ? arena_strdup(t->a, buf_str(&out)) : NULL;
}
