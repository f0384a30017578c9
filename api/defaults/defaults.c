/*
 * defaults.c - the walker for defaults that a table can say, and the dispatch to the rest.
 *
 * Objects come from decode.c, so their members stand in the order of their type: the walk compares
 * each member with the next field and inserts what is missing where it belongs. Objects in another
 * order (built by our own code) take the slow path, which looks members up.
 */
#include "api/decode.h"
#include "api/defaults_int.h"

static void default_field(Arena *a, const Field *f, Value *v);

static bool in_order(const Type *t, const Value *v)
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < t->n_fields && at < v->n; i++)
        if (v->members[at].name == t->fields[i].name ||
            strcmp(v->members[at].name, t->fields[i].name) == 0)
            at++;
    return at == v->n;
}

static void insert_member(Arena *a, Value *v, uint32_t at, const char *name, Value *m)
{
    ARENA_GROW(a, v->members, v->n, v->cap, 4);
    memmove(&v->members[at + 1], &v->members[at], (v->n - at) * sizeof(*v->members));
    v->members[at] = (Member){name, m};
    v->n++;
}

/* Go's zero value, for which a default stands in; a pointer to zero was said on purpose. */
static bool is_unset(const Field *f, const Value *v)
{
    if (v->type == VALUE_NULL)
        return !(f->flags & FIELD_NULLABLE);
    if (f->flags & FIELD_PTR)
        return false;
    return (v->type == VALUE_STRING && v->n == 0) ||
           (v->type == VALUE_NUMBER && v->n == 1 && v->str[0] == '0');
}

static void default_struct(Arena *a, const Type *t, Value *v)
{
    bool ordered;
    uint32_t at = 0;

    if (v->type != VALUE_OBJECT)
        return;
    ordered = in_order(t, v);
    for (uint32_t i = 0; i < t->n_fields; i++) {
        const Field *f = &t->fields[i];
        Value *m;

        if (ordered)
            m = at < v->n && strcmp(v->members[at].name, f->name) == 0 ? v->members[at].value
                                                                       : NULL;
        else
            m = value_get(v, f->name);
        if (!m && f->deflt) {
            m = value_literal(a, f->deflt);
            insert_member(a, v, ordered ? at : v->n, f->name, m);
        } else if (m && f->deflt && is_unset(f, m)) {
            m = value_literal(a, f->deflt);
            value_set(a, v, f->name, m);
        }
        if (m) {
            default_field(a, f, m);
            at++;
        }
    }
}

static void default_field(Arena *a, const Field *f, Value *v)
{
    switch (f->kind) {
    case FIELD_OBJECT:
        default_struct(a, f->type, v);
        break;
    case FIELD_LIST:
        if (f->elem->kind < FIELD_OBJECT || v->type != VALUE_ARRAY)
            break;
        for (uint32_t i = 0; i < v->n; i++)
            default_field(a, f->elem, v->items[i]);
        break;
    case FIELD_MAP:
        if (f->elem->kind < FIELD_OBJECT || v->type != VALUE_OBJECT)
            break;
        for (uint32_t i = 0; i < v->n; i++)
            default_field(a, f->elem, v->members[i].value);
        break;
    default:
        break;
    }
}

bool defaults__has(const Value *object, const char *name)
{
    const Value *m = value_get(object, name);

    return m && m->type != VALUE_NULL;
}

void defaults__set(Arena *a, Value *object, const char *name, const char *json)
{
    if (object && !defaults__has(object, name))
        value_set(a, object, name, value_literal(a, json));
}

void default_object(Arena *a, const Resource *r, Value *v)
{
    static const DefaultRow *const tables[] = {defaults__core, defaults__workloads,
                                               defaults__others};

    if (!r->type || v->type != VALUE_OBJECT)
        return;
    default_struct(a, r->type, v);
    for (size_t i = 0; i < ARRAY_LEN(tables) && !r->crd; i++)
        for (const DefaultRow *row = tables[i]; row->kind; row++)
            if (strcmp(row->kind, r->kind) == 0 && strcmp(row->group, r->group) == 0)
                row->fn(a, r, v);
}
