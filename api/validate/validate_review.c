/*
 * validate_review.c - questions about access: pkg/apis/authorization/validation.
 */
#include "api/validate_int.h"

/* Operators nobody knows yet are let through: they only narrow what is asked. */
static void check_requirement(FieldErrs *e, const Path *p, const Value *q, bool is_label)
{
    const char *op = str_of(q, "operator"), *key = str_of(q, "key");
    const Value *values = value_get(q, "values"), *v;

    if (!is_label && key[0] == '\0')
        missing(e, AT(p, "key"), "must be specified");
    if (one_of(op, "In|NotIn|Exists|DoesNotExist"))
        validate__selector_values(e, p, op, value_len(values));
    if (!is_label)
        return;
    check_name(e, AT(p, "key"), key, names__qualified);
    value_each_item(values, i, v)
        check_name(e, AT_ITEM(AT(p, "values"), i), value_to_cstr(v) ? value_to_cstr(v) : "",
                   names__label_value);
}

static void check_selector(FieldErrs *e, const Path *p, const Value *selector, bool is_label)
{
    const Value *list = value_get(selector, "requirements"), *q;
    const char *raw = str_of(selector, "rawSelector");

    if (!value_is(selector, VALUE_OBJECT))
        return;
    if (raw[0] && value_len(list) > 0)
        bad_str(e, AT(p, "rawSelector"), raw, "may not specified at the same time as requirements");
    if (!raw[0] && value_len(list) == 0)
        missing(e, AT(p, "requirements"),
                arena_printf(e->arena,
                             "when %s is specified, requirements or rawSelector is required",
                             path_str(e, p)));
    value_each_item(list, i, q)
        check_requirement(e, AT_ITEM(AT(p, "requirements"), i), q, is_label);
}

static bool is_unset(const Value *v)
{
    return v->type == VALUE_NULL ||
           ((v->type == VALUE_STRING || v->type == VALUE_ARRAY || v->type == VALUE_OBJECT) &&
            v->n == 0);
}

static void check_metadata(FieldErrs *e, const Value *v, bool is_local)
{
    const Value *meta = value_get(v, "metadata");
    bool is_empty = true;

    value_each_member(meta, m)
    {
        if (strcmp(m->name, "managedFields") != 0 &&
            !(is_local && strcmp(m->name, "namespace") == 0))
            is_empty = is_empty && is_unset(m->value);
    }
    if (!is_empty)
        bad(e, AT(NULL, "metadata"), meta, "must be empty%s",
            is_local ? " except for namespace" : "");
}

void validate_access_review(const Resource *r, const Value *v, FieldErrs *e)
{
    static const char type[] = "io.k8s.api.authorization.v1.NonResourceAttributes";
    const Path *p = AT(NULL, "spec"), *res_at = AT(p, "resourceAttributes");
    const Value *spec = value_get(v, "spec"), *res = value_get(spec, "resourceAttributes");
    const Value *non = value_get(spec, "nonResourceAttributes");
    bool is_local = strcmp(r->kind, "LocalSubjectAccessReview") == 0;
    const char *ns = value_at_str(v, "metadata.namespace");

    if (value_is(res, VALUE_OBJECT) && value_is(non, VALUE_OBJECT))
        bad(e, AT(p, "nonResourceAttributes"), validate__go_shown(e, type, non),
            "cannot be specified in combination with resourceAttributes");
    if (!value_is(res, VALUE_OBJECT) && !value_is(non, VALUE_OBJECT))
        bad(e, res_at, value_null(e->arena),
            "exactly one of nonResourceAttributes or resourceAttributes must be specified");
    if (strcmp(r->kind, "SelfSubjectAccessReview") != 0 && str_of(spec, "user")[0] == '\0' &&
        value_len(value_get(spec, "groups")) == 0)
        bad_str(e, AT(p, "user"), "", "at least one of user or group must be specified");
    check_selector(e, AT(res_at, "fieldSelector"), value_get(res, "fieldSelector"), false);
    check_selector(e, AT(res_at, "labelSelector"), value_get(res, "labelSelector"), true);
    check_metadata(e, v, is_local);
    if (is_local && value_is(res, VALUE_OBJECT) &&
        strcmp(str_of(res, "namespace"), ns ? ns : "") != 0)
        bad_str(e, AT(res_at, "namespace"), str_of(res, "namespace"),
                "must match metadata.namespace");
    if (is_local && value_is(non, VALUE_OBJECT))
        bad(e, AT(p, "nonResourceAttributes"), validate__go_shown(e, type, non),
            "disallowed on this kind of request");
}
