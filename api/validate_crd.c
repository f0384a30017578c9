/*
 * validate_crd.c - definitions of custom resources: names, versions, columns, conversion. Whether
 * a schema is structural is judged where schemas are compiled.
 */
#include "api/validate_int.h"

#include <ctype.h>

enum { SELECTABLE_MAX = 8, WARNING_MAX = 256 };

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
    const Value *first = value_get(value_item(versions, 0), name), *v;

    value_each_item(versions, i, v)
    {
        if (!first || !value_get(v, name) || !value_equal(first, value_get(v, name)))
            return version;
    }
    return spec;
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
    else if (!str_starts(spec, ".spec."))
        bad_str(e, AT(at, "specReplicasPath"), spec, "should be a json path under .spec");
    if (status[0] == '\0')
        missing(e, AT(at, "statusReplicasPath"), NULL);
    else if (!str_starts(status, ".status."))
        bad_str(e, AT(at, "statusReplicasPath"), status, "should be a json path under .status");
    if (selector[0] && !str_starts(selector, ".spec.") && !str_starts(selector, ".status."))
        bad_str(e, AT(at, "labelSelectorPath"), selector,
                "should be a json path under either .spec or .status");
}

/* The schema at a simple path: ".spec.color". */
static const Value *schema_at(const Value *schema, const char *path)
{
    Slice rest = slice_of(path[0] == '.' ? path + 1 : path), name;
    bool more;

    do {
        more = slice_cut(&rest, '.', &name);
        schema = value_getn(value_get(schema, "properties"), name);
    } while (more && schema);
    return schema;
}

static void check_selectable(FieldErrs *e, const Path *p, const Value *version)
{
    const Value *list = value_get(version, "selectableFields"), *f;
    const Value *schema = value_at(version, "schema.openAPIV3Schema");
    const Path *at = AT(p, "selectableFields");

    value_each_item(list, i, f)
    {
        const char *path = str_of(f, "jsonPath");
        const Path *item = AT(AT_ITEM(at, i), "jsonPath");
        const Value *target = str_starts(path, ".metadata") ? NULL : schema_at(schema, path);

        if (path[0] == '\0') {
            missing(e, item, NULL);
            continue;
        }
        if (!target)
            bad_str(e, item, path, "is an invalid path: does not refer to a valid field");
        else if (!one_of(str_of(target, "type"), "string|boolean|integer"))
            bad_str(e, item, path,
                    "must point to a field of type string, boolean or integer. Enum string fields "
                    "and strings with formats are allowed.");
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(str_of(value_item(list, k), "jsonPath"), path) == 0) {
                duplicate(e, item, path);
                break;
            }
        }
    }
    if (value_len(list) > SELECTABLE_MAX)
        field_err(e, FIELD_ERR_TOO_MANY, path_str(e, at), value_int(e->arena, value_len(list)),
                  "must have at most %d items", SELECTABLE_MAX);
}

static void check_warning(FieldErrs *e, const Path *p, const Value *version)
{
    const char *text = str_of(version, "deprecationWarning");
    const Path *at = AT(p, "deprecationWarning");

    if (!has(version, "deprecationWarning"))
        return;
    if (!value_is_true(value_get(version, "deprecated")))
        bad_str(e, at, text, "can only be set for deprecated versions");
    if (strlen(text) > WARNING_MAX)
        bad_str(e, at, text, "must be <= %d characters long", WARNING_MAX);
    if (text[0] == '\0')
        bad_str(e, at, text, "must not be an empty string");
    for (size_t i = 0; text[i]; i++) {
        if ((unsigned char)text[i] >= 0x20 && text[i] != 0x7f)
            continue;
        bad_str(e, at, text,
                "must only contain printable UTF-8 characters; non-printable character found at "
                "index %zu",
                i);
        break;
    }
}

static void check_versions(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *versions = value_get(spec, "versions"), *v;
    bool unique = true;
    int n_storage = 0;

    value_each_item(versions, i, v)
    {
        const Path *at = AT_ITEM(AT(p, "versions"), i);

        n_storage += value_is_true(value_get(v, "storage"));
        check_warning(e, at, v);
        check_name(e, AT(at, "name"), str_of(v, "name"), names__dns1035_label);
        for (uint32_t k = 0; k < i; k++)
            unique &= strcmp(str_of(value_item(versions, k), "name"), str_of(v, "name")) != 0;
        if (i == 0 || member_path(p, at, versions, "additionalPrinterColumns") == at)
            check_columns(e, member_path(p, at, versions, "additionalPrinterColumns"),
                          value_get(v, "additionalPrinterColumns"));
        if (i == 0 || member_path(p, at, versions, "subresources") == at)
            check_scale(e, member_path(p, at, versions, "subresources"),
                        value_get(v, "subresources"));
        if (i == 0 || member_path(p, at, versions, "selectableFields") == at)
            check_selectable(e, member_path(p, at, versions, "selectableFields"), v);
    }
    if (!unique)
        bad(e, AT(p, "versions"), versions, "must contain unique version names");
    if (n_storage != 1)
        bad(e, AT(p, "versions"), value_len(versions) ? versions : value_array(e->arena),
            "must have exactly one version marked as storage version");
    v = value_item(versions, 0);
    if (v)
        check_name(e, AT(p, "version"), str_of(v, "name"), names__dns1035_label);
}

/* ---- names ---- */

static void check_kind_name(FieldErrs *e, const Path *p, const char *name)
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

static void check_names(FieldErrs *e, const Path *p, const Value *names)
{
    static const char *const all[] = {"plural", "singular", "kind", "listKind"};
    static const char *const lists[] = {"shortNames", "categories"};
    const Value *v;

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (str_of(names, all[i])[0] == '\0')
            missing(e, AT(p, all[i]), NULL);
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (str_of(names, all[i])[0] == '\0')
            continue;
        if (i < 2)
            check_name(e, AT(p, all[i]), str_of(names, all[i]), names__dns1035_label);
        else
            check_kind_name(e, AT(p, all[i]), str_of(names, all[i]));
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

static bool knows_review_version(const Value *versions)
{
    const Value *v;

    value_each_item(versions, i, v)
    {
        if (one_of(cstr(v), "v1|v1beta1"))
            return true;
    }
    return false;
}

static void check_conversion(FieldErrs *e, const Path *p, const Value *conversion)
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
        if (value_len(versions) == 0)
            missing(e, versions_at, NULL);
        else if (!knows_review_version(versions))
            bad(e, versions_at, versions, "must include at least one of v1, v1beta1");
        return;
    }
    if (value_is(client, VALUE_OBJECT))
        forbidden(e, client_at, "should not be set when strategy is not set to Webhook");
    if (value_len(versions) > 0)
        forbidden(e, versions_at, "should not be set when strategy is not set to Webhook");
}

/* ---- definitions ---- */

static void create_definition(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *meta = value_get(v, "metadata"), *version;
    const char *group = str_of(spec, "group"), *scope = str_of(spec, "scope");
    const char *wanted =
        arena_printf(e->arena, "%s.%s", str_of(value_get(spec, "names"), "plural"), group);
    bool has_storage = false;

    if (strcmp(str_of(meta, "name"), wanted) != 0)
        bad_str(e, AT(AT(NULL, "metadata"), "name"), str_of(meta, "name"),
                "must be spec.names.plural+\".\"+spec.group");
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
    if (value_is_true(value_get(spec, "preserveUnknownFields")))
        bad(e, AT(p, "preserveUnknownFields"), value_get(spec, "preserveUnknownFields"),
            "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in "
            "spec.versions[*].schema instead");
    check_versions(e, p, spec);
    check_names(e, AT(p, "names"), value_get(spec, "names"));
    check_conversion(e, AT(p, "conversion"), value_get(spec, "conversion"));
    value_each_item(value_get(spec, "versions"), i, version) has_storage |=
        value_is_true(value_get(version, "storage"));
    if (!has_storage)
        bad(e, AT(AT(NULL, "status"), "storedVersions"), value_null(e->arena),
            "must have at least one stored version");
}

/* Once the names are served they may not change. */
static void update_definition(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const Path *p = AT(NULL, "spec");
    const Value *c;
    bool established = false;

    if (sub[0])
        return;
    create_definition(e, v);
    value_each_item(value_at(old, "status.conditions"), i, c) established |=
        strcmp(str_of(c, "type"), "Established") == 0 && strcmp(str_of(c, "status"), "True") == 0;
    if (!established)
        return;
    check_immutable(e, AT(p, "scope"), value_at(v, "spec.scope"), value_at(old, "spec.scope"));
    check_immutable(e, AT(AT(p, "names"), "kind"), value_at(v, "spec.names.kind"),
                    value_at(old, "spec.names.kind"));
    check_immutable(e, AT(p, "group"), value_at(v, "spec.group"), value_at(old, "spec.group"));
    check_immutable(e, AT(AT(p, "names"), "plural"), value_at(v, "spec.names.plural"),
                    value_at(old, "spec.names.plural"));
}

const KindRow validate__definitions[] = {
    {"apiextensions.k8s.io", "CustomResourceDefinition", names__dns1123_subdomain,
     create_definition, update_definition},
    {NULL, NULL, NULL, NULL, NULL},
};
