/*
 * validate_admission.c - webhook configurations, admission policies and their bindings.
 */
#include "api/jsonpath.h"
#include "api/policyexpr.h"
#include "api/validate_int.h"
#include "base/err.h"
#include "base/gourl.h"

#include <ctype.h>

#define ADMISSION "admissionregistration.k8s.io"

static const char *cstr(const Value *v)
{
    const char *s = value_to_cstr(v);

    return s ? s : "";
}

static bool list_has(const Value *list, const char *s)
{
    const Value *v;

    value_each_item(list, i, v) if (strcmp(cstr(v), s) == 0) return true;
    return false;
}

static void check_strings(FieldErrs *e, const Path *p, const Value *list, const char *what)
{
    if (value_len(list) == 0)
        missing(e, p, NULL);
    if (value_len(list) > 1 && list_has(list, "*"))
        bad(e, p, list, "if '*' is present, must not specify other %s", what);
}

/* ---- rules ---- */

static bool has_before(const Value *list, uint32_t n, const char *s)
{
    for (uint32_t k = 0; k < n; k++)
        if (strcmp(cstr(value_item(list, k)), s) == 0)
            return true;
    return false;
}

/* An item is held against those before it. Whether resources are named beside "*" is known from
 * the last one without a subresource. */
static void check_resources(FieldErrs *e, const Path *p, const Value *list)
{
    const Value *v;
    bool plain = false;

    if (value_len(list) == 0)
        missing(e, p, NULL);
    value_each_item(list, i, v)
    {
        const char *s = cstr(v), *slash = strchr(s, '/');
        char *all;

        if (s[0] == '\0') {
            missing(e, AT_ITEM(p, i), NULL);
            continue;
        }
        if (!slash) {
            plain = strcmp(s, "*") != 0;
            continue;
        }
        all = arena_printf(e->arena, "%.*s/*", (int)(slash - s), s);
        if (has_before(list, i, all))
            bad_str(e, AT_ITEM(p, i), s, "if '%s' is present, must not specify %s", all, s);
        all = arena_printf(e->arena, "*%s", slash);
        if (has_before(list, i, all))
            bad_str(e, AT_ITEM(p, i), s, "if '%s' is present, must not specify %s", all, s);
    }
    if (value_len(list) > 1 && list_has(list, "*/*"))
        bad(e, p, list, "if '*/*' is present, must not specify other resources");
    if (plain && list_has(list, "*"))
        bad(e, p, list, "if '*' is present, must not specify other resources without subresources");
}

static void check_resource_names(FieldErrs *e, const Path *p, const Value *names)
{
    const Value *v;

    value_each_item(names, i, v)
    {
        check_name(e, AT_ITEM(p, i), cstr(v), names__path_segment);
        if (has_before(names, i, cstr(v)))
            duplicate(e, AT_ITEM(p, i), cstr(v));
    }
}

static void check_rule(FieldErrs *e, const Path *p, const Value *rule)
{
    const Value *operations = value_get(rule, "operations"), *v;
    const Path *at = AT(p, "operations");

    check_resource_names(e, AT(p, "resourceNames"), value_get(rule, "resourceNames"));
    if (value_len(operations) == 0)
        missing(e, at, NULL);
    if (value_len(operations) > 1 && list_has(operations, "*"))
        bad(e, at, operations, "if '*' is present, must not specify other operations");
    value_each_item(operations, i, v)
        check_enum(e, AT_ITEM(at, i), cstr(v), "*|CONNECT|CREATE|DELETE|UPDATE");
    check_strings(e, AT(p, "apiGroups"), value_get(rule, "apiGroups"), "API groups");
    check_strings(e, AT(p, "apiVersions"), value_get(rule, "apiVersions"), "API versions");
    value_each_item(value_get(rule, "apiVersions"), i, v)
    {
        if (cstr(v)[0] == '\0')
            missing(e, AT_ITEM(AT(p, "apiVersions"), i), NULL);
    }
    check_resources(e, AT(p, "resources"), value_get(rule, "resources"));
    if (has(rule, "scope"))
        check_enum(e, AT(p, "scope"), str_of(rule, "scope"), "*|Cluster|Namespaced");
}

static void check_selectors(FieldErrs *e, const Path *p, const Value *v)
{
    static const char *const names[] = {"namespaceSelector", "objectSelector"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        validate__label_selector(e, AT(p, names[i]), value_get(v, names[i]));
}

static const char *trimmed(Arena *a, const char *text)
{
    Slice s = slice_trim(slice_of(text));

    return arena_strndup(a, s.ptr, s.len);
}

static bool check_expression(FieldErrs *e, const Path *p, const Value *v, const char *detail)
{
    Slice s = slice_trim(slice_of(str_of(v, "expression")));

    if (s.len == 0)
        missing(e, AT(p, "expression"), detail);
    return s.len > 0;
}

static void check_compiles(FieldErrs *e, const Path *p, PolicyEnv *env, const Value *v,
                           const char *field, PolicyAnswer answer)
{
    CelProgram *program;
    const char *text = str_of(v, field);
    const char *wrong = policyexpr_compile(env, text, answer, &program);

    if (wrong)
        bad_str(e, AT(p, field), text, "%s", wrong);
}

static bool is_named_before(const Value *list, uint32_t i, const char *member, const char *name)
{
    for (uint32_t k = 0; k < i; k++)
        if (strcmp(str_of(value_item(list, k), member), name) == 0)
            return true;
    return false;
}

enum { MATCH_CONDITIONS_MAX = 64 };

/* They have no variables, and white space around them is not seen. */
static void check_condition(FieldErrs *e, const Path *p, const Value *c, PolicyEnv *env)
{
    const char *name = str_of(c, "name"), *text, *wrong;
    CelProgram *program;

    if (check_expression(e, p, c, NULL)) {
        text = trimmed(e->arena, str_of(c, "expression"));
        wrong = policyexpr_compile(env, text, POLICY_BOOL, &program);
        if (wrong)
            bad_str(e, AT(p, "expression"), text, "%s", wrong);
    }
    if (name[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    else
        check_name(e, AT(p, "name"), name, names__qualified);
}

static void check_conditions(FieldErrs *e, const Path *p, const Value *conditions, bool has_params)
{
    PolicyEnv *env = value_len(conditions) > 0
                         ? policyexpr_env(e->arena, POLICY_HAS_AUTHORIZER | POLICY_NO_VARIABLES |
                                                        (has_params ? POLICY_HAS_PARAMS : 0u))
                         : NULL;
    const Value *c;

    if (value_len(conditions) > MATCH_CONDITIONS_MAX)
        too_many(e, p, value_len(conditions), MATCH_CONDITIONS_MAX);
    value_each_item(conditions, i, c)
    {
        const Path *at = AT_ITEM(p, i);
        const char *name = str_of(c, "name");

        check_condition(e, at, c, env);
        if (name[0] && is_named_before(conditions, i, "name", name))
            duplicate(e, AT(at, "name"), name);
    }
}

/* ---- where a webhook is called ---- */

/* A part of the URL that should not be there. */
static void check_absent(FieldErrs *e, const Path *p, const char *part, const char *why)
{
    if (part[0])
        bad_str(e, p, part, "%s", why);
}

static void check_url(FieldErrs *e, const Path *p, const char *url)
{
    static const char form[] = "desired format: https://host[/path]";
    AUTO_BUF text = BUF_INIT;
    Arena *a = e->arena;
    GoUrl u;
    char *scheme;

    if (!gourl_parse(slice_of(url), GOURL_ANY, &u, &text)) {
        missing(e, p, arena_printf(a, "url must be a valid URL: %s; %s", buf_str(&text), form));
        return;
    }
    scheme = arena_strndup(a, u.scheme.ptr, u.scheme.len);
    for (char *c = scheme; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    if (strcmp(scheme, "https") != 0)
        bad_str(e, p, scheme, "'https' is the only allowed URL scheme; %s", form);
    if (u.host.len == 0)
        bad_str(e, p, "", "host must be specified; %s", form);
    if (u.has_user) {
        gourl_print_user(&u, &text);
        bad_str(e, p, arena_strdup(a, buf_str(&text)),
                "user information is not permitted in the URL");
        buf_reset(&text);
    }
    (void)gourl_unescape(u.fragment, false, &text); /* was checked */
    check_absent(e, p, arena_strdup(a, buf_str(&text)), "fragments are not permitted in the URL");
    check_absent(e, p, arena_strndup(a, u.query.ptr, u.query.len),
                 "query parameters are not permitted in the URL");
}

/* The first byte is taken for the slash whatever it is: "x" has one empty segment. */
static void check_service_path(FieldErrs *e, const Path *p, const char *path)
{
    Slice rest, segment;
    bool more = true;

    if (path[0] == '\0' || strcmp(path, "/") == 0)
        return;
    if (strcmp(path, "//") == 0) {
        bad_str(e, p, path, "segment[0] may not be empty");
        return;
    }
    if (path[0] != '/')
        bad_str(e, p, path, "must start with a '/'");
    rest = slice_of(path + 1);
    if (str_ends(path + 1, "/"))
        rest.len--;
    for (uint32_t n = 0; more; n++) {
        Msgs m = {0};

        more = slice_cut(&rest, '/', &segment);
        if (segment.len == 0)
            bad_str(e, p, path, "segment[%u] may not be empty", n);
        else
            names__dns1123_subdomain(arena_strndup(e->arena, segment.ptr, segment.len), &m);
        for (uint32_t i = 0; i < m.n; i++)
            bad_str(e, p, path, "segment[%u]: %s", n, m.items[i]);
    }
}

void validate__webhook_client(FieldErrs *e, const Path *p, const Value *config)
{
    const Value *service = value_get(config, "service");
    const Path *at = AT(p, "service");
    bool has_url = has(config, "url"), has_service = value_is(service, VALUE_OBJECT);
    int64_t port = int_of(service, "port", 443);

    if (has_url == has_service)
        missing(e, p, "exactly one of url or service is required");
    else if (has_url)
        check_url(e, AT(p, "url"), str_of(config, "url"));
    else {
        /* Upstream's callers swap the two (kubernetes/kubernetes#141353): the one that is there
           is reported for the one that is not. */
        if (str_of(service, "namespace")[0] == '\0')
            missing(e, AT(at, "name"), NULL);
        if (str_of(service, "name")[0] == '\0')
            missing(e, AT(at, "namespace"), NULL);
        if (port < 1 || port > 65535)
            bad_int(e, AT(at, "port"), port,
                    "port is not valid: must be between 1 and 65535, inclusive");
        if (has(service, "path"))
            check_service_path(e, AT(at, "path"), str_of(service, "path"));
    }
}

/* ---- webhooks ---- */

static void check_webhook_name(FieldErrs *e, const Path *p, const char *name)
{
    uint32_t dots = 0;
    Msgs m;

    if (name[0] == '\0') {
        missing(e, p, NULL);
        return;
    }
    m.n = 0;
    names__dns1123_subdomain(name, &m);
    for (uint32_t i = 0; i < m.n; i++)
        bad_str(e, p, name, "%s", m.items[i]);
    for (const char *c = name; *c; c++)
        dots += *c == '.';
    if (m.n == 0 && dots < 2)
        bad_str(e, p, name, "should be a domain with at least three segments separated by dots");
}

static void check_review_versions(FieldErrs *e, const Path *p, const Value *versions)
{
    bool known = list_has(versions, "v1") || list_has(versions, "v1beta1");
    const Value *v;

    if (value_len(versions) == 0) {
        missing(e, p, "must specify one of v1, v1beta1");
        return;
    }
    value_each_item(versions, i, v)
    {
        bool twice = false;

        for (uint32_t k = 0; k < i; k++)
            twice |= value_equal(value_item(versions, k), v);
        if (twice)
            bad(e, AT_ITEM(p, i), v, "duplicate version");
        else
            check_name(e, AT_ITEM(p, i), cstr(v), names__dns1035_label);
    }
    if (!known)
        bad(e, p, versions, "must include at least one of v1, v1beta1");
}

static void check_webhook(FieldErrs *e, const Path *p, const Value *hooks, uint32_t i)
{
    const Value *h = value_item(hooks, i), *rule;
    const char *effects = str_of(h, "sideEffects");
    int64_t timeout = int_of(h, "timeoutSeconds", 10);

    check_webhook_name(e, AT(p, "name"), str_of(h, "name"));
    value_each_item(value_get(h, "rules"), k, rule) check_rule(e, AT_ITEM(AT(p, "rules"), k), rule);
    if (has(h, "failurePolicy"))
        check_enum(e, AT(p, "failurePolicy"), str_of(h, "failurePolicy"), "Fail|Ignore");
    if (has(h, "matchPolicy"))
        check_enum(e, AT(p, "matchPolicy"), str_of(h, "matchPolicy"), "Equivalent|Exact");
    if (!has(h, "sideEffects"))
        missing(e, AT(p, "sideEffects"), "must specify one of None, NoneOnDryRun");
    else
        check_enum(e, AT(p, "sideEffects"), effects, "None|NoneOnDryRun");
    if (timeout < 1 || timeout > 30)
        bad_int(e, AT(p, "timeoutSeconds"), timeout,
                "the timeout value must be between 1 and 30 seconds");
    check_selectors(e, p, h);
    if (has(h, "reinvocationPolicy"))
        check_enum(e, AT(p, "reinvocationPolicy"), str_of(h, "reinvocationPolicy"),
                   "IfNeeded|Never");
    validate__webhook_client(e, AT(p, "clientConfig"), value_get(h, "clientConfig"));
    check_conditions(e, AT(p, "matchConditions"), value_get(h, "matchConditions"), false);
}

static void create_webhooks(FieldErrs *e, const Value *v)
{
    const Value *hooks = value_get(v, "webhooks"), *h;

    value_each_item(hooks, i, h)
    {
        const Path *at = AT_ITEM(AT(NULL, "webhooks"), i);

        check_webhook(e, at, hooks, i);
        check_review_versions(e, AT(at, "admissionReviewVersions"),
                              value_get(h, "admissionReviewVersions"));
        if (str_of(h, "name")[0] && is_named_before(hooks, i, "name", str_of(h, "name")))
            duplicate(e, AT(at, "name"), str_of(h, "name"));
    }
}

/* ---- policies ---- */

static const char *all_of(Arena *a, const Msgs *m)
{
    AUTO_BUF b = BUF_INIT;

    for (uint32_t i = 0; i < m->n; i++)
        buf_addf(&b, "%s%s", i > 0 ? "," : "", m->items[i]);
    return arena_strdup(a, buf_str(&b));
}

static void check_param_version(FieldErrs *e, const Path *p, const char *api)
{
    GroupVersion gv = api_version_split(e->arena, api);
    Msgs m = {0};

    if (strchr(gv.version, '/')) {
        bad_str(e, p, api, "unexpected GroupVersion string: %s", api);
        return;
    }
    if (gv.group[0])
        names__dns1123_subdomain(gv.group, &m);
    if (m.n > 0)
        bad_str(e, p, gv.group, "%s", all_of(e->arena, &m));
    m.n = 0;
    if (gv.version[0] == '\0') {
        bad_str(e, p, api, "version must be specified");
        return;
    }
    names__dns1035_label(gv.version, &m);
    if (m.n > 0)
        bad_str(e, p, gv.version, "%s", all_of(e->arena, &m));
}

static void check_param_kind(FieldErrs *e, const Path *p, const Value *v)
{
    const char *api = str_of(v, "apiVersion"), *kind = str_of(v, "kind");
    char *lower = arena_strdup(e->arena, kind);
    Msgs m = {0};

    if (api[0] == '\0')
        missing(e, AT(p, "apiVersion"), NULL);
    else
        check_param_version(e, AT(p, "apiVersion"), api);
    if (kind[0] == '\0') {
        missing(e, AT(p, "kind"), NULL);
        return;
    }
    for (char *c = lower; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    names__dns1035_label(lower, &m);
    if (m.n > 0)
        bad_str(e, AT(p, "kind"), kind, "may have mixed case, but should otherwise match: %s",
                all_of(e->arena, &m));
}

static void check_match(FieldErrs *e, const Path *p, const Value *match)
{
    static const char *const lists[] = {"resourceRules", "excludeResourceRules"};
    const Value *rule;

    if (!has(match, "matchPolicy"))
        missing(e, AT(p, "matchPolicy"), NULL);
    else
        check_enum(e, AT(p, "matchPolicy"), str_of(match, "matchPolicy"), "Equivalent|Exact");
    check_selectors(e, p, match);
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        value_each_item(value_get(match, lists[i]), k, rule)
            check_rule(e, AT_ITEM(AT(p, lists[i]), k), rule);
}

static void check_constraints(FieldErrs *e, const Path *p, const Value *match)
{
    if (!value_is(match, VALUE_OBJECT)) {
        missing(e, p, NULL);
        return;
    }
    check_match(e, p, match);
    if (value_len(value_get(match, "resourceRules")) == 0) /* they give the types */
        missing(e, AT(p, "resourceRules"), NULL);
}

/* What is deleted cannot be mutated; the path has no indexes. */
static void check_mutated(FieldErrs *e, const Path *p, const Value *match)
{
    const Path *at = AT(AT(p, "resourceRules"), "operations");
    const Value *rule, *v;

    value_each_item(value_get(match, "resourceRules"), i, rule)
        value_each_item(value_get(rule, "operations"), k, v)
            check_enum(e, at, cstr(v), "*|CONNECT|CREATE|UPDATE");
}

static bool is_identifier(const char *s)
{
    static const char reserved[] =
        "true|false|null|in|as|break|const|continue|else|for|function|if|import|let|loop|package|"
        "namespace|return|var|void|while";
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    size_t n = strlen(s);

    return n > 0 && strchr(letters, s[0]) &&
           strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == n &&
           !one_of(s, reserved);
}

/* Variables may use those before them; `more` gets them too. */
static void check_variable(FieldErrs *e, const Path *p, const Value *v, PolicyEnv *env,
                           PolicyEnv *more)
{
    const char *name = str_of(v, "name"), *wrong;
    const char *text = str_of(v, "expression");
    CelProgram *program;

    if (slice_trim(slice_of(name)).len == 0)
        missing(e, AT(p, "name"), "name is not specified");
    else if (!is_identifier(name))
        bad_str(e, AT(p, "name"), name, "must be a valid CEL identifier");
    if (!check_expression(e, p, v, "expression is not specified"))
        return;
    wrong = policyexpr_variable(env, name, text, &program);
    if (wrong)
        bad_str(e, AT(p, "expression"), text, "%s", wrong);
    if (more)
        (void)policyexpr_variable(more, name, text, &program);
}

/* `env`: of validations; `more`: of messages, without authorizer; NULL: a policy that mutates. */
static void check_policy(FieldErrs *e, const Path *p, const Value *spec, PolicyEnv *env,
                         PolicyEnv *more)
{
    const Value *v;

    if (has(spec, "failurePolicy"))
        check_enum(e, AT(p, "failurePolicy"), str_of(spec, "failurePolicy"), "Fail|Ignore");
    if (has(spec, "paramKind"))
        check_param_kind(e, AT(p, "paramKind"), value_get(spec, "paramKind"));
    check_constraints(e, AT(p, "matchConstraints"), value_get(spec, "matchConstraints"));
    if (!more)
        check_mutated(e, AT(p, "matchConstraints"), value_get(spec, "matchConstraints"));
    check_conditions(e, AT(p, "matchConditions"), value_get(spec, "matchConditions"),
                     has(spec, "paramKind"));
    value_each_item(value_get(spec, "variables"), i, v)
        check_variable(e, AT_ITEM(AT(p, "variables"), i), v, env, more);
}

static void check_not_blank(FieldErrs *e, const Path *p, const Value *v, const char *name)
{
    const char *s = str_of(v, name);

    if (s[0] && slice_trim(slice_of(s)).len == 0)
        bad_str(e, AT(p, name), s, "must be non-empty if specified");
    else if (strcmp(name, "message") == 0 && strpbrk(trimmed(e->arena, s), "\r\n"))
        bad_str(e, AT(p, name), s, "must not contain line breaks");
}

static void check_validation(FieldErrs *e, const Path *p, const Value *v, PolicyEnv *env,
                             PolicyEnv *messages)
{
    if (check_expression(e, p, v, "expression is not specified"))
        check_compiles(e, p, env, v, "expression", POLICY_BOOL);
    check_not_blank(e, p, v, "messageExpression");
    if (slice_trim(slice_of(str_of(v, "messageExpression"))).len > 0)
        check_compiles(e, p, messages, v, "messageExpression", POLICY_STRING);
    check_not_blank(e, p, v, "message");
    if (has(v, "reason"))
        check_enum(e, AT(p, "reason"), str_of(v, "reason"),
                   "Forbidden|Invalid|RequestEntityTooLarge");
}

enum { MAX_AUDIT_ANNOTATIONS = 20, MAX_VALUE_EXPRESSION = 5 * 1024 };

/* White space around it is not compiled. */
static void check_value(FieldErrs *e, const Path *p, PolicyEnv *env, const Value *audit)
{
    const char *text = str_of(audit, "valueExpression"), *wrong;
    CelProgram *program;

    wrong = policyexpr_compile(env, trimmed(e->arena, text), POLICY_STRING_OR_NULL, &program);
    if (wrong)
        bad_str(e, p, text, "%s", wrong);
}

static const Value *shown_audits(FieldErrs *e, const Value *list)
{
    Value *out = value_array(e->arena);
    const Value *x;

    value_each_item(list, i, x) value_append(
        e->arena, out,
        validate__go_shown(e, "io.k8s.api.admissionregistration.v1.AuditAnnotation", x));
    return out;
}

static void check_audits(FieldErrs *e, const Path *p, const Value *v, PolicyEnv *env)
{
    const char *name = str_of(value_get(v, "metadata"), "name");
    const Value *list = value_at(v, "spec.auditAnnotations"), *x;

    if (value_len(list) > MAX_AUDIT_ANNOTATIONS)
        bad(e, p, shown_audits(e, list), "must not have more than %d auditAnnotations",
            MAX_AUDIT_ANNOTATIONS);
    value_each_item(list, i, x)
    {
        const Path *at = AT_ITEM(p, i);
        Slice text;

        check_name(e, AT(at, "key"), arena_printf(e->arena, "%s/%s", name, str_of(x, "key")),
                   names__qualified);
        text = slice_trim(slice_of(str_of(x, "valueExpression")));
        if (text.len == 0)
            missing(e, AT(at, "valueExpression"), "valueExpression is not specified");
        else if (text.len > MAX_VALUE_EXPRESSION)
            missing(
                e, AT(at, "valueExpression"),
                arena_printf(e->arena, "must not exceed %d bytes in length", MAX_VALUE_EXPRESSION));
        else
            check_value(e, AT(at, "valueExpression"), env, x);
        if (is_named_before(list, i, "key", str_of(x, "key")))
            duplicate(e, AT(at, "key"), str_of(x, "key"));
    }
}

static void create_policy(FieldErrs *e, const Value *v)
{
    static const char none[] = "validations or auditAnnotations must contain at least one item";
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *x;
    unsigned flags = (has(spec, "paramKind") ? POLICY_HAS_PARAMS : 0u) |
                     (value_len(value_get(spec, "variables")) == 0 ? POLICY_NO_VARIABLES : 0u);
    PolicyEnv *env = policyexpr_env(e->arena, flags | POLICY_HAS_AUTHORIZER);
    PolicyEnv *messages = policyexpr_env(e->arena, flags);

    check_policy(e, p, spec, env, messages);
    if (value_len(value_get(spec, "validations")) == 0 &&
        value_len(value_get(spec, "auditAnnotations")) == 0) {
        missing(e, AT(p, "validations"), none);
        missing(e, AT(p, "auditAnnotations"), none);
    }
    value_each_item(value_get(spec, "validations"), i, x)
        check_validation(e, AT_ITEM(AT(p, "validations"), i), x, env, messages);
    check_audits(e, AT(p, "auditAnnotations"), v, env);
}

static void check_mutation(FieldErrs *e, const Path *p, const Value *m, PolicyEnv *env)
{
    static const char *const kinds[][2] = {{"ApplyConfiguration", "applyConfiguration"},
                                           {"JSONPatch", "jsonPatch"}};
    const char *type = str_of(m, "patchType");

    if (type[0] == '\0')
        missing(e, AT(p, "patchType"), NULL);
    else if (!one_of(type, "ApplyConfiguration|JSONPatch"))
        unsupported(e, AT(p, "patchType"), type, "ApplyConfiguration|JSONPatch");
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        const char *own = kinds[i][1], *other = kinds[1 - i][1];
        const Value *x = value_get(m, own);

        if (strcmp(type, kinds[i][0]) != 0)
            continue;
        if (!value_is(x, VALUE_OBJECT))
            missing(e, AT(p, own),
                    arena_printf(e->arena, "must be specified when patchType is %s", type));
        else if (check_expression(e, AT(p, own), x, NULL))
            check_compiles(e, AT(p, own), env, x, "expression",
                           i == 0 ? POLICY_OBJECT_MADE : POLICY_JSON_PATCHES);
        if (value_is(value_get(m, other), VALUE_OBJECT))
            bad_str(e, AT(p, other), arena_printf(e->arena, "{%s}", other),
                    "must not be specified when patchType is %s", type);
    }
}

static void create_mutating_policy(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *m;
    PolicyEnv *env =
        policyexpr_env(e->arena, POLICY_HAS_AUTHORIZER | POLICY_MAKES_PATCHES |
                                     (has(spec, "paramKind") ? POLICY_HAS_PARAMS : 0u));

    check_policy(e, p, spec, env, NULL);
    if (value_len(value_get(spec, "mutations")) == 0)
        missing(e, AT(p, "mutations"), "mutations must contain at least one item");
    value_each_item(value_get(spec, "mutations"), i, m)
        check_mutation(e, AT_ITEM(AT(p, "mutations"), i), m, env);
    if (!has(spec, "reinvocationPolicy"))
        missing(e, AT(p, "reinvocationPolicy"), NULL);
    else
        check_enum(e, AT(p, "reinvocationPolicy"), str_of(spec, "reinvocationPolicy"),
                   "IfNeeded|Never");
}

/* ---- bindings of policies ---- */

static void check_param_ref(FieldErrs *e, const Path *p, const Value *ref)
{
    static const char one[] = "name and selector are mutually exclusive";
    const char *name = str_of(ref, "name");
    bool by_selector = has(ref, "selector");

    if (!value_is(ref, VALUE_OBJECT))
        return;
    if (name[0])
        check_name(e, AT(p, "name"), name, names__path_segment);
    if (name[0] && by_selector)
        forbidden(e, AT(p, "name"), one);
    validate__label_selector(e, AT(p, "selector"), value_get(ref, "selector"));
    if (name[0] && by_selector)
        forbidden(e, AT(p, "selector"), one);
    if (!name[0] && !by_selector)
        missing(e, p, "one of name or selector must be specified");
    if (str_of(ref, "parameterNotFoundAction")[0] == '\0')
        missing(e, AT(p, "parameterNotFoundAction"), NULL);
    else
        check_enum(e, AT(p, "parameterNotFoundAction"), str_of(ref, "parameterNotFoundAction"),
                   "Deny|Allow");
}

static void check_binding(FieldErrs *e, const Path *p, const Value *spec)
{
    if (str_of(spec, "policyName")[0] == '\0')
        missing(e, AT(p, "policyName"), NULL);
    else
        check_name(e, AT(p, "policyName"), str_of(spec, "policyName"), names__dns1123_subdomain);
    check_param_ref(e, AT(p, "paramRef"), value_get(spec, "paramRef"));
    if (has(spec, "matchResources"))
        check_match(e, AT(p, "matchResources"), value_get(spec, "matchResources"));
}

static void create_mutating_binding(FieldErrs *e, const Value *v)
{
    check_binding(e, AT(NULL, "spec"), value_get(v, "spec"));
    check_mutated(e, AT(AT(NULL, "spec"), "matchResources"), value_at(v, "spec.matchResources"));
}

static void create_policy_binding(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec"), *at = AT(p, "validationActions");
    const Value *actions = value_at(v, "spec.validationActions"), *a;

    check_binding(e, p, value_get(v, "spec"));
    value_each_item(actions, i, a)
    {
        check_enum(e, AT_ITEM(at, i), cstr(a), "Audit|Deny|Warn");
        if (has_before(actions, i, cstr(a)))
            duplicate(e, AT_ITEM(at, i), cstr(a));
    }
    if (list_has(actions, "Deny") && list_has(actions, "Warn"))
        bad(e, at, actions,
            "must not contain both Deny and Warn (repeating the same validation failure "
            "information in the API response and headers serves no purpose)");
    if (value_len(actions) == 0)
        missing(e, at, "at least one validation action is required");
}

static void check_field_ref(FieldErrs *e, const Path *p, const char *ref)
{
    const char *text = trimmed(e->arena, ref);
    JsonPath *path;
    Err err;

    if (text[0] == '\0')
        missing(e, p, NULL);
    else if (jsonpath_parse(e->arena, arena_printf(e->arena, "{%s}", text), &path, &err) < 0)
        bad_str(e, p, text, "invalid JSONPath: %s", err.msg);
}

static void check_status(FieldErrs *e, const Path *p, const Value *status)
{
    const Path *at = AT(AT(p, "typeChecking"), "expressionWarnings");
    const Value *w;

    value_each_item(value_at(status, "typeChecking.expressionWarnings"), i, w)
    {
        if (str_of(w, "warning")[0] == '\0')
            missing(e, AT(AT_ITEM(at, i), "warning"), NULL);
        check_field_ref(e, AT(AT_ITEM(at, i), "fieldRef"), str_of(w, "fieldRef"));
    }
    validate__conditions(e, AT(p, "conditions"), value_get(status, "conditions"));
}

static void update_policy(FieldErrs *e, const char *sub, const Value *v, const Value *old UNUSED)
{
    if (sub[0] == '\0')
        create_policy(e, v);
    else
        check_status(e, AT(NULL, "status"), value_get(v, "status"));
}

const KindRow validate__admission[] = {
    {ADMISSION, "ValidatingWebhookConfiguration", names__dns1123_subdomain, create_webhooks, NULL},
    {ADMISSION, "MutatingWebhookConfiguration", names__dns1123_subdomain, create_webhooks, NULL},
    {ADMISSION, "ValidatingAdmissionPolicy", names__dns1123_subdomain, create_policy,
     update_policy},
    {ADMISSION, "MutatingAdmissionPolicy", names__dns1123_subdomain, create_mutating_policy, NULL},
    {ADMISSION, "ValidatingAdmissionPolicyBinding", names__dns1123_subdomain, create_policy_binding,
     NULL},
    {ADMISSION, "MutatingAdmissionPolicyBinding", names__dns1123_subdomain, create_mutating_binding,
     NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
