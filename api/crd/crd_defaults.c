/*
 * crd_defaults.c - defaults that a schema declares: nothing unknown in them, valid, and good by the
 * rules.
 */
#include "api/crd_rules.h"
#include "cel/cel.h"

typedef struct Place { /* from the resource around it down to a schema in its metadata */
    const struct Place *up;
    const char *name; /* NULL: an item */
} Place;

static bool has_unknown(const Schema *s, const Value *v, bool is_resource);

static bool is_own(const char *name)
{
    return one_of(name, "apiVersion|kind|metadata");
}

/* Would pruning take something away? */
static bool has_unknown(const Schema *s, const Value *v, bool is_resource)
{
    const Value *item;

    value_each_item(v, i, item)
    {
        if (has_unknown(s ? s->items : NULL, item, s && s->items && s->items->is_embedded))
            return true;
    }
    value_each_member(v, m)
    {
        const Schema *prop = schema_prop(s, m->name), *sub = prop ? prop : s ? s->others : NULL;

        if (is_resource && is_own(m->name))
            continue;
        if (!prop && !(s && (s->others || s->allows_others || s->preserves)))
            return true;
        if (!sub && s && s->preserves)
            continue;
        if (has_unknown(sub, m->value, sub && sub->is_embedded))
            return true;
    }
    return false;
}

/* The resource around a value inside of its metadata. */
static Value *surround(Arena *a, const Place *at, Value *v)
{
    for (; at; at = at->up) {
        Value *outer = at->name ? value_object(a) : value_array(a);

        if (at->name)
            value_set(a, outer, at->name, v);
        else
            value_append(a, outer, v);
        v = outer;
    }
    if (!value_get(v, "apiVersion"))
        value_set_str(a, v, "apiVersion", "validation/v1");
    if (!value_get(v, "kind"))
        value_set_str(a, v, "kind", "Validation");
    return v;
}

/* The checks return whether the default is valid, so that rules may look at it. */
static bool check_meta_default(FieldErrs *e, const Path *p, const Schema *s, const Schema *root,
                               const Place *at, const Value *deflt)
{
    FieldErrs own = {.arena = e->arena};
    AUTO_BUF text = BUF_INIT;
    const Value *resource = surround(e->arena, at, value_copy(e->arena, deflt));
    const FieldErr *wrong = schema_coerce_embedded(root, "", resource, true, e->arena);

    if (wrong) {
        bad(e, p, deflt, "must result in valid metadata: %s: %s", wrong->field, wrong->message);
        return false;
    }
    schema_check_embedded(root, "", resource, true, &own);
    if (own.n == 0) {
        uint32_t before = e->n;

        schema_validate(s, path_str(e, p), deflt, NULL, e);
        return e->n == before;
    }
    for (uint32_t i = 0; i < own.n; i++)
        buf_addf(&text, "%s%s: %s", i > 0 ? ", " : "", own.items[i].field, own.items[i].message);
    bad(e, p, deflt,
        own.n > 1 ? "must result in valid metadata: [%s]" : "must result in valid metadata: %s",
        buf_str(&text));
    return false;
}

static bool check_default(FieldErrs *e, const Path *p, const Schema *s, const Value *deflt)
{
    const char *prefix = path_str(e, p);
    const FieldErr *wrong;
    uint32_t before;

    if (has_unknown(s, deflt, s->is_embedded))
        bad(e, p, deflt, "must not have unknown fields");
    before = e->n;
    wrong = schema_coerce_embedded(s, prefix, deflt, false, e->arena);
    if (wrong)
        field_errs_add(e, &(FieldErrs){.arena = e->arena, .items = (FieldErr *)wrong, .n = 1});
    else
        schema_check_embedded(s, prefix, deflt, false, e);
    if (e->n == before)
        schema_validate(s, prefix, deflt, NULL, e);
    return e->n == before;
}

typedef struct Walk {
    FieldErrs *e;
    int64_t budget; /* what rules may still cost */
} Walk;

static void walk(Walk *w, const Path *p, const Schema *s, const RuleNode *rules, const Schema *root,
                 const Place *place, bool in_meta)
{
    const Value *deflt = value_get(s->json, "default");
    bool is_resource = s->is_embedded || s == root;

    if (is_resource) {
        root = s;
        place = NULL;
        in_meta = false;
    }
    if (deflt && deflt->type != VALUE_NULL) {
        const Path *at = AT(p, "default");

        if (in_meta ? check_meta_default(w->e, at, s, root, place, deflt)
                    : check_default(w->e, at, s, deflt))
            rules_check_default(rules, at, deflt, &w->budget, w->e);
    }
    if (s->items)
        walk(w, AT(p, "items"), s->items, rules_below(rules, NULL), root, &(Place){place, NULL},
             in_meta);
    for (uint32_t i = 0; i < s->n_props; i++) {
        const char *name = s->props[i].name;

        walk(w, AT_KEY(AT(p, "properties"), name), s->props[i].schema, rules_below(rules, name),
             root, &(Place){place, name}, in_meta || (is_resource && is_own(name)));
    }
}

static bool has_default(const Schema *s)
{
    if (value_get(s->json, "default") || (s->items && has_default(s->items)))
        return true;
    for (uint32_t i = 0; i < s->n_props; i++)
        if (has_default(s->props[i].schema))
            return true;
    return false;
}

void defaults_check(FieldErrs *e, const Path *p, const Value *schema)
{
    const Schema *s = schema_compile_for_defaults(e->arena, schema);
    Walk w = {.e = e, .budget = CEL_BUDGET};

    if (s && has_default(s))
        walk(&w, p, s, rules_compile(e->arena, s), s, NULL, false);
}
