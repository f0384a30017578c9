/*
 * crd_object.c - may this custom resource be stored? The order of apiextensions' strategies
 * (pkg/registry/customresource): schema, scale, embedded resources, lists, rules.
 */
#include "api/crd.h"
#include "api/crd_rules.h"

/* %T of a value in unstructured content */
static const char *go_type(const Value *v)
{
    static const char *const names[] = {"<nil>",  "bool",           "float64",
                                        "string", "[]interface {}", "map[string]interface {}"};
    int64_t i;

    return v->type == VALUE_NUMBER && value_to_int(v, &i) ? "int64" : names[v->type];
}

/* Field of a member path as unstructured.NestedInt64() walks it; NULL when nothing is there. */
static const Value *walk(FieldErrs *e, const Value *v, const char *path, const char **ret_wrong)
{
    Slice rest = slice_of(path), name;
    AUTO_BUF so_far = BUF_INIT;
    bool more;

    do {
        more = slice_cut(&rest, '.', &name);
        if (!v || v->type == VALUE_NULL)
            return NULL;
        buf_addf(&so_far, ".%.*s", (int)name.len, name.ptr);
        if (v->type != VALUE_OBJECT) {
            *ret_wrong = arena_printf(e->arena,
                                      "%s accessor error: %s is of the type %s, expected "
                                      "map[string]interface{}",
                                      buf_str(&so_far),
                                      v->type == VALUE_STRING ? v->str : value_to_str(e->arena, v),
                                      go_type(v));
            return NULL;
        }
        v = value_getn(v, name);
    } while (more);
    return v;
}

static void check_replicas(FieldErrs *e, const Value *v, const char *path)
{
    const char *shown = arena_printf(e->arena, ".%s", path), *wrong = NULL;
    const Value *n = walk(e, v, path, &wrong);
    int64_t i = 0;

    if (n && n->type != VALUE_NULL && (n->type != VALUE_NUMBER || !value_to_int(n, &i)))
        wrong =
            arena_printf(e->arena, "%s accessor error: %s is of the type %s, expected int64", shown,
                         n->type == VALUE_STRING ? n->str : value_to_str(e->arena, n), go_type(n));
    if (n && n->type == VALUE_NULL)
        wrong = arena_printf(
            e->arena, "%s accessor error: <nil> is of the type <nil>, expected int64", shown);
    if (wrong)
        bad_int(e, AT(NULL, shown), 0, "%s", wrong);
    else if (i < 0)
        bad_int(e, AT(NULL, shown), i, "should be a non-negative integer");
    else if (i > INT32_MAX)
        bad_int(e, AT(NULL, shown), i, "should be less than or equal to %d", INT32_MAX);
}

static void check_selector(FieldErrs *e, const Value *v, const char *path)
{
    const char *shown = arena_printf(e->arena, ".%s", path), *wrong = NULL;
    const Value *s = walk(e, v, path, &wrong);

    if (s && s->type != VALUE_STRING)
        wrong = arena_printf(e->arena, "%s accessor error: %s is of the type %s, expected string",
                             shown, s->type == VALUE_NULL ? "<nil>" : value_to_str(e->arena, s),
                             go_type(s));
    if (wrong)
        bad_str(e, AT(NULL, shown), "", "%s", wrong);
}

/* Errors after which rules are not evaluated. */
static bool has_blocking(const FieldErrs *e)
{
    for (uint32_t i = 0; i < e->n; i++)
        switch (e->items[i].type) {
        case FIELD_ERR_NOT_SUPPORTED:
        case FIELD_ERR_REQUIRED:
        case FIELD_ERR_TOO_LONG:
        case FIELD_ERR_TOO_MANY:
        case FIELD_ERR_TYPE_INVALID:
            return true;
        default:
            break;
        }
    return false;
}

static void check_rules(const Crd *crd, const Value *v, const Value *old, FieldErrs *e)
{
    FieldErrs forgiven = {.arena = e->arena};

    if (!crd->schema->rules)
        return;
    if (has_blocking(e)) {
        field_err(e, FIELD_ERR_INVALID, "<nil>", value_null(e->arena),
                  "some validation rules were not checked because the object was invalid; correct "
                  "the existing errors to complete validation");
        return;
    }
    rules_validate(crd->schema->rules, v, old, e, &forgiven);
    if (e->forgiven)
        field_errs_add(e->forgiven, &forgiven);
}

/* Whole objects have kind and version, whether the stored form does or not. */
static const Value *whole(Arena *a, const Resource *r, const Value *v)
{
    Value *out = value_object(a);
    char version[256];

    out->members = arena_array(a, Member, v->n + 2);
    out->cap = v->n + 2;
    value_set_str(a, out, "apiVersion", resource_api_version(r, version));
    value_set_str(a, out, "kind", r->kind);
    value_each_member(v, m)
    {
        if (!one_of(m->name, "apiVersion|kind"))
            out->members[out->n++] = *m;
    }
    return out;
}

void crd_validate(const Resource *r, const char *sub, const Value *v, const Value *old,
                  FieldErrs *e)
{
    const Crd *crd = r->crd;
    bool is_status = strcmp(sub, "status") == 0;
    FieldErrs own = {.arena = e->arena, .forgiven = e->forgiven}, lists = {.arena = e->arena};
    FieldErrs old_lists = {.arena = e->arena};

    if (!crd->schema->compiled || !value_is(v, VALUE_OBJECT))
        return;
    field_errs_add(&own, e);
    v = whole(e->arena, r, v);
    if (old)
        old = whole(e->arena, r, old);
    if (!is_status)
        schema_validate(crd->schema->compiled, "", v, old, &own);
    else if (value_get(v, "status"))
        schema_validate(schema_prop(crd->schema->compiled, "status"), "status",
                        value_get(v, "status"), value_get(old, "status"), &own);
    if (crd->scale_spec && !is_status)
        check_replicas(&own, v, crd->scale_spec);
    if (crd->scale_status)
        check_replicas(&own, v, crd->scale_status);
    if (crd->scale_selector)
        check_selector(&own, v, crd->scale_selector);
    if (!is_status)
        schema_check_embedded(crd->schema->compiled, "", v, false, &own);
    schema_check_lists(crd->schema->compiled, "", v, &lists);
    if (lists.n > 0 && old)
        schema_check_lists(crd->schema->compiled, "", old, &old_lists);
    if (old_lists.n == 0)
        field_errs_add(&own, &lists);
    check_rules(crd, v, old, &own);
    *e = own;
}
