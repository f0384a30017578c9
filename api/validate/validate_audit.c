/*
 * validate_audit.c - audit policies: objects of ours, a plan's floor, and the server's file.
 */
#include "api/validate_int.h"

#define LEVELS "None|Metadata|Request|RequestResponse"

static const char *const stages[] = {"RequestReceived", "ResponseStarted", "ResponseComplete",
                                     "Panic"};

static void check_stages(FieldErrs *e, const Path *p, const Value *list)
{
    const Value *v;

    value_each_item(list, i, v)
    {
        bool is_known = false;

        for (size_t k = 0; k < ARRAY_LEN(stages); k++)
            is_known = is_known || str_eq(value_to_cstr(v), stages[k]);
        if (!is_known)
            bad(e, AT_ITEM(p, i), v,
                "allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic");
    }
}

static void check_urls(FieldErrs *e, const Path *p, const Value *list)
{
    const Value *v;

    value_each_item(list, i, v)
    {
        const char *url = value_to_cstr(v), *star = url ? strchr(url, '*') : NULL;

        if (!url || strcmp(url, "*") == 0)
            continue;
        if (url[0] != '/')
            bad(e, AT_ITEM(p, i), v, "non-resource URL rules must begin with a '/' character");
        if (star && star[1])
            bad(e, AT_ITEM(p, i), v,
                "non-resource URL wildcards '*' must be the final character of the rule");
    }
}

/* Upstream names no item in these paths. */
static void check_resources(FieldErrs *e, const Path *p, const Value *list)
{
    const Value *v;

    value_each_item(list, i, v)
    {
        const char *group = str_of(v, "group");

        if (group[0])
            check_name_joined(e, AT(p, "group"), group, names__dns1123_subdomain);
        if (value_len(value_get(v, "resourceNames")) > 0 &&
            value_len(value_get(v, "resources")) == 0)
            bad(e, AT(p, "resourceNames"), value_get(v, "resourceNames"),
                "using resourceNames requires at least one resource");
    }
}

static void check_rule(FieldErrs *e, const Path *p, const Value *rule)
{
    const char *level = str_of(rule, "level");
    const Value *urls = value_get(rule, "nonResourceURLs");

    if (!level[0])
        missing(e, AT(p, "level"), NULL);
    else
        check_enum(e, AT(p, "level"), level, LEVELS);
    check_urls(e, AT(p, "nonResourceURLs"), urls);
    check_resources(e, AT(p, "resources"), value_get(rule, "resources"));
    check_stages(e, AT(p, "omitStages"), value_get(rule, "omitStages"));
    if (value_len(urls) > 0 && (value_len(value_get(rule, "resources")) > 0 ||
                                value_len(value_get(rule, "namespaces")) > 0))
        bad(e, AT(p, "nonResourceURLs"), urls,
            "rules cannot apply to both regular resources and non-resource URLs");
}

void validate__audit_policy(FieldErrs *e, const Path *p, const Value *policy)
{
    const Value *rules = value_get(policy, "rules"), *v;

    if (value_len(rules) > AUDIT_MAX_RULES)
        too_many(e, AT(p, "rules"), value_len(rules), AUDIT_MAX_RULES);
    value_each_item(rules, i, v) check_rule(e, AT_ITEM(AT(p, "rules"), i), v);
    check_stages(e, AT(p, "omitStages"), value_get(policy, "omitStages"));
}

void validate_audit_policy(const Value *policy, FieldErrs *e)
{
    validate__audit_policy(e, NULL, policy);
}

static void create_policy(FieldErrs *e, const Value *v)
{
    validate__audit_policy(e, AT(NULL, "spec"), value_get(v, "spec"));
}

const KindRow validate__audit[] = {
    {"audit.hostplane.io", "AuditPolicy", names__dns1123_subdomain, create_policy, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
