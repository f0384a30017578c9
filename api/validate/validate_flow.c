/*
 * validate_flow.c - flowcontrol.apiserver.k8s.io: flow schemas and priority levels.
 */
#include "api/validate_int.h"

#include <inttypes.h>
#include <math.h>

#define FLOWCONTROL "flowcontrol.apiserver.k8s.io"
#define VERBS       "create|delete|deletecollection|get|list|patch|proxy|update|watch"

enum {
    PRECEDENCE_MAX = 10000,
    QUEUES_MAX = 10 * 1000 * 1000,
    HASH_BITS_MAX = 60, /* of which a hand of queues is dealt */
};

static const char *text_of(const Value *v)
{
    return value_to_cstr(v) ? value_to_cstr(v) : "";
}

static bool has_star(const Value *list)
{
    const Value *v;

    value_each_item(list, i, v) if (strcmp(text_of(v), "*") == 0) return true;
    return false;
}

/* A star stands alone. */
static void check_star(FieldErrs *e, const Path *p, const Value *list, const char *what)
{
    if (value_len(list) > 1 && has_star(list))
        bad(e, p, list, "if '*' is present, must not specify other %s", what);
}

/* ---- subjects ---- */

static void check_account(FieldErrs *e, const Path *p, const Value *account)
{
    const char *name = str_of(account, "name"), *ns = str_of(account, "namespace");

    if (name[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    else if (strcmp(name, "*") != 0)
        check_name(e, AT(p, "name"), name, names__dns1123_subdomain);
    if (ns[0] == '\0')
        missing(e, AT(p, "namespace"), "must specify namespace for service account");
    else
        check_name(e, AT(p, "namespace"), ns, names__dns1123_label);
}

static void check_subject(FieldErrs *e, const Path *p, const Value *subject)
{
    static const struct {
        const char *kind, *field;
    } rows[] = {{"ServiceAccount", "serviceAccount"}, {"User", "user"}, {"Group", "group"}};
    const char *kind = str_of(subject, "kind");

    if (!one_of(kind, "Group|ServiceAccount|User")) {
        unsupported(e, AT(p, "kind"), kind, "Group|ServiceAccount|User");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const Value *v = value_get(subject, rows[i].field);

        if (strcmp(rows[i].kind, kind) != 0)
            continue;
        if (!value_is(v, VALUE_OBJECT))
            missing(e, AT(p, rows[i].field),
                    arena_printf(e->arena, "%s is required when subject kind is '%s'",
                                 rows[i].field, kind));
        else if (i == 0)
            check_account(e, AT(p, rows[i].field), v);
        else if (str_of(v, "name")[0] == '\0')
            missing(e, AT(AT(p, rows[i].field), "name"), NULL);
    }
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].kind, kind) != 0 && has(subject, rows[i].field))
            forbidden(e, AT(p, rows[i].field),
                      arena_printf(e->arena, "%s is forbidden when subject kind is not '%s'",
                                   rows[i].field, rows[i].kind));
}

/* ---- rules ---- */

static void check_verbs(FieldErrs *e, const Path *p, const Value *verbs)
{
    const Value *v;

    if (value_len(verbs) == 0)
        missing(e, p, "verbs must contain at least one value");
    check_star(e, p, verbs, "verbs");
    if (has_star(verbs))
        return;
    value_each_item(verbs, i, v) if (!one_of(text_of(v), VERBS))
    {
        unsupported_value(e, p, verbs, VERBS);
        break;
    }
}

static const char *url_mistake(const char *url)
{
    const char *star = strchr(url, '*');

    if (url[0] == '\0')
        return "must not be empty";
    if (strcmp(url, "/") == 0)
        return NULL;
    if (url[0] != '/')
        return "must start with slash";
    if (strchr(url, ' '))
        return "must not contain white-space";
    if (strstr(url, "//"))
        return "must not contain double slash";
    if (star && (strchr(star + 1, '*') || !str_ends(url, "/*")))
        return "wildcard can only do suffix matching";
    return NULL;
}

static void check_url_rule(FieldErrs *e, const Path *p, const Value *rule)
{
    const Value *urls = value_get(rule, "nonResourceURLs"), *u;
    const Path *at = AT(p, "nonResourceURLs");

    check_verbs(e, AT(p, "verbs"), value_get(rule, "verbs"));
    if (value_len(urls) == 0)
        missing(e, at, "nonResourceURLs must contain at least one value");
    check_star(e, at, urls, "non-resource URLs");
    if (has_star(urls))
        return;
    value_each_item(urls, i, u)
    {
        const char *why = url_mistake(text_of(u));

        if (why)
            bad_str(e, AT_ITEM(at, i), text_of(u), "%s", why);
    }
}

static void check_resource_rule(FieldErrs *e, const Path *p, const Value *rule)
{
    const Value *groups = value_get(rule, "apiGroups"), *kinds = value_get(rule, "resources");
    const Value *spaces = value_get(rule, "namespaces"), *s;
    const Path *at = AT(p, "namespaces");

    check_verbs(e, AT(p, "verbs"), value_get(rule, "verbs"));
    if (value_len(groups) == 0)
        missing(e, AT(p, "apiGroups"), "resource rules must supply at least one api group");
    check_star(e, AT(p, "apiGroups"), groups, "api groups");
    if (value_len(kinds) == 0)
        missing(e, AT(p, "resources"), "resource rules must supply at least one resource");
    check_star(e, AT(p, "resources"), kinds, "resources");
    if (value_len(spaces) == 0 && !value_is_true(value_get(rule, "clusterScope")))
        missing(e, at,
                "resource rules that are not cluster scoped must supply at least one namespace");
    check_star(e, at, spaces, "namespaces");
    if (has_star(spaces))
        return;
    value_each_item(spaces, i, s)
    {
        Msgs m = {.n = 0};

        names__dns1123_label(text_of(s), &m);
        for (uint32_t k = 0; k < m.n; k++)
            bad_str(e, AT_ITEM(at, i), text_of(s),
                    "each member of this list must be '*' or a DNS-1123 label; %s", m.items[k]);
    }
}

static void check_rules(FieldErrs *e, const Path *p, const Value *rules)
{
    const Value *rule, *x;

    value_each_item(rules, i, rule)
    {
        const Path *at = AT_ITEM(p, i);
        const Value *subjects = value_get(rule, "subjects");
        const Value *kinds = value_get(rule, "resourceRules");
        const Value *urls = value_get(rule, "nonResourceRules");

        if (value_len(subjects) == 0)
            missing(e, AT(at, "subjects"), "subjects must contain at least one value");
        value_each_item(subjects, k, x) check_subject(e, AT_ITEM(AT(at, "subjects"), k), x);
        if (value_len(kinds) == 0 && value_len(urls) == 0)
            missing(e, at,
                    "at least one of resourceRules and nonResourceRules has to be non-empty");
        value_each_item(kinds, k, x) check_resource_rule(e, AT_ITEM(AT(at, "resourceRules"), k), x);
        value_each_item(urls, k, x) check_url_rule(e, AT_ITEM(AT(at, "nonResourceRules"), k), x);
    }
}

static void check_conditions(FieldErrs *e, const Value *v)
{
    const Value *list = value_at(v, "status.conditions"), *c;

    value_each_item(list, i, c)
    {
        const Path *at = AT(AT_ITEM(AT(AT(NULL, "status"), "conditions"), i), "type");
        const char *type = str_of(c, "type");

        for (uint32_t k = 0; k < i; k++)
            if (strcmp(str_of(value_item(list, k), "type"), type) == 0) {
                duplicate(e, at, type);
                break;
            }
        if (type[0] == '\0')
            missing(e, at, "must not be empty");
    }
}

/* ---- objects that have to be as they are ---- */

#define RULES_FOR(subjects)                                                                        \
    "'rules':[{'subjects':[" subjects "],'resourceRules':[{'verbs':['*'],'apiGroups':['*'],"       \
    "'resources':['*'],'clusterScope':true,'namespaces':['*']}],'nonResourceRules':[{'verbs':"     \
    "['*'],'nonResourceURLs':['*']}]}]"
#define GROUP(name) "{'kind':'Group','group':{'name':'" name "'}}"

static const struct {
    const char *kind, *name, *spec;
} fixed[] = {
    {"FlowSchema", "exempt",
     "{'priorityLevelConfiguration':{'name':'exempt'},'matchingPrecedence':1," RULES_FOR(
         GROUP("system:masters")) "}"},
    {"FlowSchema", "catch-all",
     "{'priorityLevelConfiguration':{'name':'catch-all'},'matchingPrecedence':10000,"
     "'distinguisherMethod':{'type':'ByUser'}," RULES_FOR(
         GROUP("system:unauthenticated") "," GROUP("system:authenticated")) "}"},
    {"PriorityLevelConfiguration", "exempt", "{'type':'Exempt'}"},
    {"PriorityLevelConfiguration", "catch-all",
     "{'type':'Limited','limited':{'nominalConcurrencyShares':5,'limitResponse':{'type':'Reject'},"
     "'lendablePercent':0}}"},
};

/* The `exempt` part of the level of that name is free. */
static void check_fixed(FieldErrs *e, const char *kind, const Value *v)
{
    const char *name = str_of(value_get(v, "metadata"), "name");
    const char *type = arena_printf(e->arena, "io.k8s.api.flowcontrol.v1.%sSpec", kind);

    for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
        Value *spec;
        bool is_free;

        if (strcmp(fixed[i].kind, kind) != 0 || strcmp(fixed[i].name, name) != 0)
            continue;
        is_free = strcmp(fixed[i].spec, "{'type':'Exempt'}") == 0;
        spec = value_copy(e->arena, value_get(v, "spec"));
        if (is_free)
            value_del(spec, "exempt");
        if (!value_equal(spec, value_literal(e->arena, fixed[i].spec)))
            bad(e, AT(NULL, "spec"), validate__go_shown(e, type, value_get(v, "spec")),
                "spec of '%s'%s must equal the fixed value", name,
                is_free ? " except the 'spec.exempt' field" : "");
    }
}

static void create_flow_schema(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec"), *level = AT(AT(p, "priorityLevelConfiguration"), "name");
    const Value *spec = value_get(v, "spec"), *how = value_get(spec, "distinguisherMethod");
    const char *name = str_of(value_get(v, "metadata"), "name");
    const char *to = str_of(value_get(spec, "priorityLevelConfiguration"), "name");
    int64_t precedence = int_of(spec, "matchingPrecedence", 0);

    if (precedence <= 0)
        bad_int(e, AT(p, "matchingPrecedence"), precedence, "must be a positive value");
    if (precedence > PRECEDENCE_MAX)
        bad_int(e, AT(p, "matchingPrecedence"), precedence, "must not be greater than %d",
                PRECEDENCE_MAX);
    if (precedence == 1 && strcmp(name, "exempt") != 0)
        bad_int(e, AT(p, "matchingPrecedence"), precedence,
                "only the schema named 'exempt' may have matchingPrecedence 1");
    if (value_is(how, VALUE_OBJECT) && !one_of(str_of(how, "type"), "ByNamespace|ByUser")) {
        Value *shown = value_object(e->arena);

        value_set_str(e->arena, shown, "Type", str_of(how, "type"));
        unsupported_value(e, AT(AT(p, "distinguisherMethod"), "type"), shown, "ByNamespace|ByUser");
    }
    if (to[0] == '\0')
        missing(e, level, "must reference a priority level");
    else
        check_name(e, level, to, names__dns1123_subdomain);
    check_rules(e, AT(p, "rules"), value_get(spec, "rules"));
    check_fixed(e, "FlowSchema", v);
    check_conditions(e, v);
}

/* ---- priority levels ---- */

static void check_queuing(FieldErrs *e, const Path *p, const Value *queuing)
{
    int64_t hand = int_of(queuing, "handSize", 0), queues = int_of(queuing, "queues", 0);
    int64_t length = int_of(queuing, "queueLengthLimit", 0);

    if (length <= 0)
        bad_int(e, AT(p, "queueLengthLimit"), length, "must be positive");
    if (queues <= 0)
        bad_int(e, AT(p, "queues"), queues, "must be positive");
    else if (queues > QUEUES_MAX)
        bad_int(e, AT(p, "queues"), queues, "must not be greater than %d", QUEUES_MAX);
    if (hand <= 0)
        bad_int(e, AT(p, "handSize"), hand, "must be positive");
    else if (hand > queues)
        bad_int(e, AT(p, "handSize"), hand, "should not be greater than queues (%" PRId64 ")",
                queues);
    else if (ceil(log2((double)queues) * (double)hand) > HASH_BITS_MAX)
        bad_int(e, AT(p, "handSize"), hand,
                "required entropy bits of deckSize %" PRId64 " and handSize %" PRId64
                " should not be greater than %d",
                queues, hand, HASH_BITS_MAX);
}

static void check_response(FieldErrs *e, const Path *p, const Value *response)
{
    const Value *queuing = value_get(response, "queuing");
    const Path *at = AT(p, "queuing");
    const char *type = str_of(response, "type");

    if (strcmp(type, "Reject") == 0) {
        if (value_is(queuing, VALUE_OBJECT))
            forbidden(e, at, "must be nil if limited.limitResponse.type is not Limited");
    } else if (strcmp(type, "Queue") == 0) {
        if (value_is(queuing, VALUE_OBJECT))
            check_queuing(e, at, queuing);
        else
            missing(e, at, "must not be empty if limited.limitResponse.type is Limited");
    } else {
        unsupported(e, AT(p, "type"), type, "Queue|Reject");
    }
}

static void check_shares(FieldErrs *e, const Path *p, const Value *v)
{
    int64_t shares = int_of(v, "nominalConcurrencyShares", 0);

    if (shares < 0)
        bad_int(e, AT(p, "nominalConcurrencyShares"), shares, "must be a non-negative integer");
}

static void check_lending(FieldErrs *e, const Path *p, const Value *v)
{
    if (has(v, "lendablePercent"))
        check_range(e, AT(p, "lendablePercent"), int_of(v, "lendablePercent", 0), 0, 100);
}

static void check_limited(FieldErrs *e, const Path *p, const Value *limited)
{
    int64_t borrowed = int_of(limited, "borrowingLimitPercent", 0);

    check_shares(e, p, limited);
    check_response(e, AT(p, "limitResponse"), value_get(limited, "limitResponse"));
    check_lending(e, p, limited);
    if (borrowed < 0)
        bad_int(e, AT(p, "borrowingLimitPercent"), borrowed,
                "if specified, must be a non-negative integer");
}

static void create_priority_level(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *limited = value_get(spec, "limited");
    const Value *exempt = value_get(spec, "exempt");
    const char *type = str_of(spec, "type"), *name = str_of(value_get(v, "metadata"), "name");

    if ((strcmp(name, "exempt") == 0) != (strcmp(type, "Exempt") == 0))
        bad_str(e, AT(p, "type"), type, "must be 'Exempt' if and only if `name` is 'exempt'");
    if (strcmp(type, "Exempt") == 0) {
        if (value_is(limited, VALUE_OBJECT))
            forbidden(e, AT(p, "limited"), "must be nil if the type is not Limited");
        check_shares(e, AT(p, "exempt"), exempt);
        check_lending(e, AT(p, "exempt"), exempt);
    } else if (strcmp(type, "Limited") == 0) {
        if (value_is(exempt, VALUE_OBJECT))
            forbidden(e, AT(p, "exempt"), "must be nil if the type is Limited");
        if (value_is(limited, VALUE_OBJECT))
            check_limited(e, AT(p, "limited"), limited);
        else
            missing(e, AT(p, "limited"), "must not be empty when type is Limited");
    } else {
        unsupported(e, AT(p, "type"), type, "Exempt|Limited");
    }
    check_fixed(e, "PriorityLevelConfiguration", v);
    check_conditions(e, v);
}

static void update_priority_level(FieldErrs *e, const char *sub, const Value *v,
                                  const Value *old UNUSED)
{
    if (sub[0])
        check_conditions(e, v);
    else
        create_priority_level(e, v);
}

static void update_flow_schema(FieldErrs *e, const char *sub, const Value *v,
                               const Value *old UNUSED)
{
    if (sub[0])
        check_conditions(e, v);
    else
        create_flow_schema(e, v);
}

const KindRow validate__flow[] = {
    {FLOWCONTROL, "FlowSchema", names__dns1123_subdomain, create_flow_schema, update_flow_schema},
    {FLOWCONTROL, "PriorityLevelConfiguration", names__dns1123_subdomain, create_priority_level,
     update_priority_level},
    {NULL, NULL, NULL, NULL, NULL},
};
