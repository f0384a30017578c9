/*
 * validate_crd.c - definitions of custom resources: names, versions, columns, conversion, approval.
 * Their schemas: crd_structural.c.
 */
#include "api/crd.h"
#include "api/crd_internal.h"
#include "api/crd_rules.h"
#include "base/regex.h"

#include <ctype.h>
#include <pthread.h>

enum { SELECTABLE_MAX = 8, SELECTABLE_SEEN_MAX = 100, WARNING_MAX = 256 };

static const char *cstr(const Value *v)
{
    const char *s = value_to_cstr(v);

    return s ? s : "";
}

/* Members that every version has alike belong to the definition itself, as in upstream's internal
 * form: errors name them without the version. */
static const Path *member_path(const Path *spec, const Path *version, const Value *versions,
                               const char *name)
{
    return crd_versions_share(versions, name) ? spec : version;
}

/* "" or a path like ".spec.replicas". */
static bool check_simple_path(FieldErrs *e, const Path *p, const char *path)
{
    if (path[0] == '.')
        return true;
    bad_str(e, p, path, "must be a simple json path starting with .");
    return false;
}

static void check_columns(FieldErrs *e, const Path *p, const Value *columns)
{
    const Value *c;

    value_each_item(columns, i, c)
    {
        const Path *at = AT_ITEM(AT(p, "additionalPrinterColumns"), i);
        const char *type = str_of(c, "type"), *format = str_of(c, "format");

        if (str_of(c, "name")[0] == '\0')
            missing(e, AT(at, "name"), NULL);
        if (type[0] == '\0')
            missing(e, AT(at, "type"), "must be one of boolean,date,integer,number,string");
        else if (!one_of(type, "boolean|date|integer|number|string"))
            bad_str(e, AT(at, "type"), type, "must be one of boolean,date,integer,number,string");
        if (format[0] && !one_of(format, "byte|date|date-time|double|float|int32|int64|password"))
            bad_str(e, AT(at, "format"), format,
                    "must be one of byte,date,date-time,double,float,int32,int64,password");
        if (str_of(c, "jsonPath")[0] == '\0')
            missing(e, AT(at, "JSONPath"), NULL);
        else
            (void)check_simple_path(e, AT(at, "JSONPath"), str_of(c, "jsonPath"));
    }
}

static void check_scale(FieldErrs *e, const Path *p, const Value *subresources)
{
    const Value *scale = value_get(subresources, "scale");
    const Path *at = AT(AT(p, "subresources"), "scale");
    const char *spec = str_of(scale, "specReplicasPath");
    const char *status = str_of(scale, "statusReplicasPath");
    const char *selector = str_of(scale, "labelSelectorPath");

    if (!value_is(scale, VALUE_OBJECT))
        return;
    if (spec[0] == '\0')
        missing(e, AT(at, "specReplicasPath"), NULL);
    else if (check_simple_path(e, AT(at, "specReplicasPath"), spec) && !str_starts(spec, ".spec."))
        bad_str(e, AT(at, "specReplicasPath"), spec, "should be a json path under .spec");
    if (status[0] == '\0')
        missing(e, AT(at, "statusReplicasPath"), NULL);
    else if (check_simple_path(e, AT(at, "statusReplicasPath"), status) &&
             !str_starts(status, ".status."))
        bad_str(e, AT(at, "statusReplicasPath"), status, "should be a json path under .status");
    if (selector[0] && check_simple_path(e, AT(at, "labelSelectorPath"), selector) &&
        !str_starts(selector, ".spec.") && !str_starts(selector, ".status."))
        bad_str(e, AT(at, "labelSelectorPath"), selector,
                "should be a json path under either .spec or .status");
}

static void check_selectable(FieldErrs *e, const Path *p, const Value *version, bool is_shared)
{
    const Value *list = value_get(version, "selectableFields"), *f;
    const Value *schema = value_at(version, "schema.openAPIV3Schema");
    const Path *at = AT(p, "selectableFields");
    const char *seen[SELECTABLE_SEEN_MAX], *text;
    uint32_t n = 0;

    if (value_len(list) > 0 && !schema) {
        bad_str(e, at, "",
                is_shared
                    ? "may only be set when validations.schema is included"
                    : "may only be set when `version.schema.openAPIV3Schema` is not included");
        return;
    }
    value_each_item(list, i, f)
    {
        const char *path = str_of(f, "jsonPath"), *wrong;
        const Path *item = AT(AT_ITEM(at, i), "jsonPath");
        const Value *target = NULL;
        uint32_t k = 0;

        if (path[0] == '\0') {
            missing(e, item, NULL);
            continue;
        }
        wrong = rules_field_path(e->arena, path, schema, false, &target, &text);
        if (wrong) {
            bad_str(e, item, path, "is an invalid path: %s", wrong);
            continue;
        }
        if (strcmp(text, "metadata") == 0 || str_starts(text, "metadata."))
            bad_str(e, item, path, "must not point to fields in metadata");
        if (!one_of(str_of(target, "type"), "string|boolean|integer"))
            bad_str(e, item, path,
                    "must point to a field of type string, boolean or integer. Enum string fields "
                    "and strings with formats are allowed.");
        while (k < n && strcmp(seen[k], text) != 0)
            k++;
        if (k < n)
            duplicate(e, item, path);
        else if (n < SELECTABLE_SEEN_MAX)
            seen[n++] = text;
    }
    if (n > SELECTABLE_MAX)
        field_err(e, FIELD_ERR_TOO_MANY, path_str(e, at), value_int(e->arena, n),
                  "must have at most %d items", SELECTABLE_MAX);
}

static Regex *unprintable;

static void make_unprintable(void)
{
    static const char pattern[] = "[^\\pL\\pM\\pN\\pP\\pS ]";

    BUG_ON(regex_compile(pattern, sizeof(pattern) - 1, &unprintable, NULL) < 0);
}

static void check_warning(FieldErrs *e, const Path *p, const Value *version)
{
    const char *text = str_of(version, "deprecationWarning");
    const Path *at = AT(p, "deprecationWarning");
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    size_t from, to;

    if (!has(version, "deprecationWarning"))
        return;
    if (!value_is_true(value_get(version, "deprecated")))
        bad_str(e, at, text, "can only be set for deprecated versions");
    if (strlen(text) > WARNING_MAX)
        bad_str(e, at, text, "must be <= %d characters long", WARNING_MAX);
    if (text[0] == '\0')
        bad_str(e, at, text, "must not be an empty string");
    pthread_once(&once, make_unprintable);
    if (regex_find(unprintable, text, strlen(text), 0, &from, &to))
        bad_str(e, at, text,
                "must only contain printable UTF-8 characters; non-printable character found at "
                "index %zu",
                from);
}

/* What a version may have of its own; what all versions have alike belongs to the definition. */
static void check_version_parts(FieldErrs *e, const Path *spec_at, const Path *at,
                                const Value *spec, const Value *version, const Value *old_spec)
{
    const Value *versions = value_get(spec, "versions");
    const Value *schema = value_get(version, "schema"), *old;
    bool is_shared = at == spec_at;
    SchemaRules opts = {.has_status =
                            value_is(value_at(version, "subresources.status"), VALUE_OBJECT)};

    value_each_item(value_get(old_spec, "versions"), i, old)
    {
        if (strcmp(str_of(old, "name"), str_of(version, "name")) == 0)
            opts.is_unchanged =
                schema && value_get(old, "schema") && value_equal(schema, value_get(old, "schema"));
    }
    if (member_path(spec_at, at, versions, "schema") == at)
        validate__schema(e, AT(at, is_shared ? "validation" : "schema"),
                         value_get(schema, "openAPIV3Schema"), &opts);
    if (member_path(spec_at, at, versions, "subresources") == at)
        check_scale(e, at, value_get(version, "subresources"));
    if (member_path(spec_at, at, versions, "additionalPrinterColumns") == at)
        check_columns(e, at, value_get(version, "additionalPrinterColumns"));
    if (member_path(spec_at, at, versions, "selectableFields") == at)
        check_selectable(e, at, version, is_shared);
}

static void check_versions(FieldErrs *e, const Path *p, const Value *spec, const Value *old_spec)
{
    const Value *versions = value_get(spec, "versions"), *v;
    bool unique = true;
    int n_storage = 0;

    value_each_item(versions, n, v)
    {
        if (!value_at(v, "schema.openAPIV3Schema"))
            missing(e, AT(AT(AT_ITEM(AT(p, "versions"), n), "schema"), "openAPIV3Schema"), NULL);
    }
    value_each_item(versions, i, v)
    {
        const Path *at = AT_ITEM(AT(p, "versions"), i);

        n_storage += value_is_true(value_get(v, "storage"));
        check_name(e, AT(at, "name"), str_of(v, "name"), names__dns1035_label);
        for (uint32_t k = 0; k < i && unique; k++)
            unique = strcmp(str_of(value_item(versions, k), "name"), str_of(v, "name")) != 0;
        check_warning(e, at, v);
        check_version_parts(e, p, at, spec, v, old_spec);
    }
    if (!unique)
        bad(e, AT(p, "versions"), crd_internal_versions(e->arena, versions),
            "must contain unique version names");
    if (n_storage != 1)
        bad(e, AT(p, "versions"), crd_internal_versions(e->arena, versions),
            "must have exactly one version marked as storage version");
    v = value_item(versions, 0); /* which is spec.version, too */
    if (v && str_of(v, "name")[0])
        check_name(e, AT(p, "version"), str_of(v, "name"), names__dns1035_label);
}

/* ---- names ---- */

void validate__kind_name(FieldErrs *e, const Path *p, const char *name)
{
    char *lower = arena_strdup(e->arena, name);
    Msgs m;

    for (char *c = lower; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    m.n = 0;
    names__dns1035_label(lower, &m);
    for (uint32_t i = 0; i < m.n; i++)
        bad_str(e, p, name, "may have mixed case, but should otherwise match: %s", m.items[i]);
}

static void check_names(FieldErrs *e, const Path *p, const Value *names, bool are_required)
{
    static const char *const all[] = {"plural", "singular", "kind", "listKind"};
    static const char *const lists[] = {"shortNames", "categories"};
    const Value *v;

    for (size_t i = 0; i < ARRAY_LEN(all) && are_required; i++)
        if (str_of(names, all[i])[0] == '\0')
            missing(e, AT(p, all[i]), NULL);
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (str_of(names, all[i])[0] == '\0')
            continue;
        if (i < 2)
            check_name(e, AT(p, all[i]), str_of(names, all[i]), names__dns1035_label);
        else
            validate__kind_name(e, AT(p, all[i]), str_of(names, all[i]));
    }
    value_each_item(value_get(names, lists[0]), i, v)
        check_name(e, AT_ITEM(AT(p, lists[0]), i), cstr(v), names__dns1035_label);
    if (str_of(names, "kind")[0] && strcmp(str_of(names, "kind"), str_of(names, "listKind")) == 0)
        bad_str(e, AT(p, "listKind"), str_of(names, "listKind"),
                "kind and listKind may not be the same");
    value_each_item(value_get(names, lists[1]), i, v)
        check_name(e, AT_ITEM(AT(p, lists[1]), i), cstr(v), names__dns1035_label);
}

/* ---- conversion ---- */

static void check_review_versions(FieldErrs *e, const Path *p, const Value *versions)
{
    const Value *v;
    bool knows_one = false;

    if (value_len(versions) == 0)
        missing(e, p, NULL);
    value_each_item(versions, i, v)
    {
        bool twice = false;

        for (uint32_t k = 0; k < i && !twice; k++)
            twice = value_equal(value_item(versions, k), v);
        if (twice) {
            bad_str(e, AT_ITEM(p, i), cstr(v), "duplicate version");
            continue;
        }
        check_name(e, AT_ITEM(p, i), cstr(v), names__dns1035_label);
        knows_one = knows_one || one_of(cstr(v), "v1|v1beta1");
    }
    if (value_len(versions) > 0 && !knows_one)
        bad(e, p, versions, "must include at least one of v1, v1beta1");
}

/* Of a definition that is served: a bundle that could be read must be so after the change. */
static void check_bundle(FieldErrs *e, const Path *p, const Value *v, const Value *old)
{
    const char *why = crd_bundle_mistake(v);

    if (why && crd_has_condition(old, "Established") && !crd_bundle_mistake(old))
        bad(e, AT(p, "caBundle"), value_at(v, "spec.conversion.webhook.clientConfig.caBundle"),
            "unable to load root certificates: %s", why);
}

/* `v`: the definition, `old`: as it was, NULL when it is new. */
static void check_conversion(FieldErrs *e, const Path *p, const Value *conversion, const Value *v,
                             const Value *old)
{
    const char *strategy = str_of(conversion, "strategy");
    const Value *webhook = value_get(conversion, "webhook");
    const Value *client = value_get(webhook, "clientConfig");
    const Value *versions = value_get(webhook, "conversionReviewVersions");
    const Path *client_at = AT(p, "webhookClientConfig");
    const Path *versions_at = AT(p, "conversionReviewVersions");

    if (strategy[0] == '\0')
        missing(e, AT(p, "strategy"), NULL);
    else
        check_enum(e, AT(p, "strategy"), strategy, "None|Webhook");
    if (strcmp(strategy, "Webhook") == 0) {
        if (!value_is(client, VALUE_OBJECT))
            missing(e, client_at, "required when strategy is set to Webhook");
        else
            validate__webhook_client(e, client_at, client);
        if (old)
            check_bundle(e, client_at, v, old);
        check_review_versions(e, versions_at, versions);
        return;
    }
    if (value_is(client, VALUE_OBJECT))
        forbidden(e, client_at, "should not be set when strategy is not set to Webhook");
    if (value_len(versions) > 0)
        forbidden(e, versions_at, "should not be set when strategy is not set to Webhook");
}

/* ---- approval of groups that belong to the community ---- */

static const char approved[] = "api-approved.kubernetes.io";

typedef enum Approval { APPROVAL_MISSING, APPROVAL_INVALID, APPROVAL_BYPASSED, APPROVED } Approval;

static Approval approval_of(const Value *v)
{
    const char *s = str_of(value_at(v, "metadata.annotations"), approved);
    const char *host = strstr(s, "://");

    if (!s[0])
        return APPROVAL_MISSING;
    if (str_starts(s, "unapproved"))
        return APPROVAL_BYPASSED;
    return format_find("uri")(slice_of(s)) && host && host > s && !strchr("/?#", host[3])
               ? APPROVED
               : APPROVAL_INVALID;
}

static void check_approval(FieldErrs *e, const Value *v, const Value *old)
{
    const char *group = value_at_str(v, "spec.group");
    const Path *at = AT_KEY(AT(AT(NULL, "metadata"), "annotations"), approved);
    Approval now = approval_of(v);

    if (!group || !(one_of(group, "k8s.io|kubernetes.io") || str_ends(group, ".k8s.io") ||
                    str_ends(group, ".kubernetes.io")))
        return;
    if (old && approval_of(old) == now)
        return;
    if (now == APPROVAL_MISSING)
        missing(e, at,
                "protected groups must have approval annotation \"api-approved.kubernetes.io\", "
                "see https://github.com/kubernetes/enhancements/pull/1111");
    if (now == APPROVAL_INVALID)
        bad_str(e, at, str_of(value_at(v, "metadata.annotations"), approved),
                "protected groups must have approval annotation \"api-approved.kubernetes.io\" "
                "with either a URL or a reason starting with \"unapproved\", see "
                "https://github.com/kubernetes/enhancements/pull/1111");
}

/* ---- definitions ---- */

static void check_spec(FieldErrs *e, const Value *v, const Value *old)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *old_spec = value_get(old, "spec");
    const char *group = str_of(spec, "group"), *scope = str_of(spec, "scope");
    const Value *first = value_item(value_get(spec, "versions"), 0);

    if (group[0] == '\0')
        missing(e, AT(p, "group"), NULL);
    else if (validate_dns1123_subdomain(group))
        check_name(e, AT(p, "group"), group, names__dns1123_subdomain);
    else if (!strchr(group, '.'))
        bad_str(e, AT(p, "group"), group, "should be a domain with at least one dot");
    if (scope[0] == '\0')
        missing(e, AT(p, "scope"), NULL);
    else
        check_enum(e, AT(p, "scope"), scope, "Cluster|Namespaced");
    check_versions(e, p, spec, old_spec);
    check_names(e, AT(p, "names"), value_get(spec, "names"), true);
    if (first)
        check_version_parts(e, p, p, spec, first, old_spec);
    check_conversion(e, AT(p, "conversion"), value_get(spec, "conversion"), v, old);
}

static void check_status(FieldErrs *e, const Value *v)
{
    const Value *status = value_get(v, "status"), *stored = value_get(status, "storedVersions");
    const Path *at = AT(AT(NULL, "status"), "storedVersions");
    const Value *versions = value_at(v, "spec.versions"), *s, *version;

    check_names(e, AT(AT(NULL, "status"), "acceptedNames"), value_get(status, "acceptedNames"),
                false);
    if (value_len(stored) == 0) {
        bad(e, at, value_null(e->arena), "must have at least one stored version");
        return;
    }
    value_each_item(versions, i, version)
    {
        bool is_stored = false;

        value_each_item(stored, k, s) is_stored |= value_equal(s, value_get(version, "name"));
        for (uint32_t k = 0; k < i; k++) /* of two by one name the first has it */
            is_stored &= !value_equal(value_get(value_item(versions, k), "name"),
                                      value_get(version, "name"));
        if (value_is_true(value_get(version, "storage")) && !is_stored)
            bad(e, at, stored, "must have the storage version %s", str_of(version, "name"));
    }
    value_each_item(stored, n, s)
    {
        bool is_there = false;

        value_each_item(versions, k, version) is_there |=
            value_equal(s, value_get(version, "name"));
        if (!is_there)
            bad(e, AT_ITEM(at, n), s,
                "missing from spec.versions; %s was previously a storage version, and must remain "
                "in spec.versions until a storage migration ensures no data remains persisted in "
                "%s and removes %s from status.storedVersions",
                cstr(s), cstr(s), cstr(s));
    }
}

static void check_preserving(FieldErrs *e, const Value *spec)
{
    if (value_is_true(value_get(spec, "preserveUnknownFields")))
        bad(e, AT(AT(NULL, "spec"), "preserveUnknownFields"),
            value_get(spec, "preserveUnknownFields"),
            "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in "
            "spec.versions[*].schema instead");
}

static void check_full_name(FieldErrs *e, const Value *meta, const char *member, const char *wanted)
{
    const char *name = str_of(meta, member);

    if ((name[0] || strcmp(member, "name") == 0) && strcmp(name, wanted) != 0)
        bad_str(e, AT(AT(NULL, "metadata"), member), name,
                "must be spec.names.plural+\".\"+spec.group");
}

static void create_definition(FieldErrs *e, const Value *v)
{
    const Value *spec = value_get(v, "spec"), *meta = value_get(v, "metadata");
    const char *wanted = arena_printf(e->arena, "%s.%s", str_of(value_get(spec, "names"), "plural"),
                                      str_of(spec, "group"));

    check_full_name(e, meta, "generateName", wanted);
    check_full_name(e, meta, "name", wanted);
    check_spec(e, v, NULL);
    check_status(e, v);
    check_approval(e, v, NULL);
    check_preserving(e, spec);
}

/* Once the names are served they may not change; group and plural never. */
static void update_definition(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *was = value_get(old, "spec");
    const Value *names = value_get(spec, "names"), *old_names = value_get(was, "names");

    if (sub[0]) {
        check_names(e, AT(AT(NULL, "status"), "acceptedNames"), value_at(v, "status.acceptedNames"),
                    false);
        return;
    }
    check_spec(e, v, old);
    if (crd_has_condition(old, "Established")) {
        check_immutable(e, AT(p, "scope"), value_get(spec, "scope"), value_get(was, "scope"));
        check_immutable(e, AT(AT(p, "names"), "kind"), value_get(names, "kind"),
                        value_get(old_names, "kind"));
    }
    check_immutable(e, AT(p, "group"), value_get(spec, "group"), value_get(was, "group"));
    check_immutable(e, AT(AT(p, "names"), "plural"), value_get(names, "plural"),
                    value_get(old_names, "plural"));
    check_status(e, v);
    check_approval(e, v, old);
    if (!value_is_true(value_get(was, "preserveUnknownFields")))
        check_preserving(e, spec);
}

const KindRow validate__definitions[] = {
    {"apiextensions.k8s.io", "CustomResourceDefinition", names__dns1123_subdomain,
     create_definition, update_definition},
    {NULL, NULL, NULL, NULL, NULL},
};
