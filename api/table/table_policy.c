#include "api/table_int.h"
#include "base/clock.h"

/* Rows of access control, admission, certificates, flow control and API services. */

static void fill_binding(TableRow *row)
{
    static const char *const kinds[] = {"User", "Group", "ServiceAccount"};
    const Value *subject;

    table__strf(row, "%s/%s", table__str_at(row, "roleRef.kind"),
                table__str_at(row, "roleRef.name"));
    table__age(row);
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        Value *texts = value_array(row->arena);

        value_each_item(table__at(row, "subjects"), i, subject)
        {
            const char *ns = value_get_str(subject, "namespace");
            const char *name = value_get_str(subject, "name");

            if (!str_eq(value_get_str(subject, "kind"), kinds[k]))
                continue;
            value_append(row->arena, texts,
                         k == 2 ? value_printf(row->arena, "%s/%s", ns ? ns : "", name ? name : "")
                                : value_str(row->arena, name ? name : ""));
        }
        table__str(row, table__join_some(row->arena, texts, UINT32_MAX, ", ", ""));
    }
}

static void fill_webhooks(TableRow *row)
{
    table__int(row, value_len(table__at(row, "webhooks")));
    table__age(row);
}

static void fill_admission_policy(TableRow *row)
{
    const char *list = strcmp(row->resource->plural, "mutatingadmissionpolicies") == 0
                           ? "spec.mutations"
                           : "spec.validations";

    table__int(row, value_len(table__at(row, list)));
    if (value_is(table__at(row, "spec.paramKind"), VALUE_OBJECT))
        table__strf(row, "%s/%s", table__str_at(row, "spec.paramKind.apiVersion"),
                    table__str_at(row, "spec.paramKind.kind"));
    else
        table__str(row, "<unset>");
    table__age(row);
}

/* A label selector as Go's generated String() writes it. */
static const char *go_selector(Arena *a, const Value *selector)
{
    AUTO_BUF out = BUF_INIT;
    Value *names = value_array(a), *name;
    const Value *labels = value_get(selector, "matchLabels"), *e, *v;

    value_each_member(labels, m) value_append(a, names, value_str(a, m->name));
    table__sort(names);
    buf_adds(&out, "&LabelSelector{MatchLabels:map[string]string{");
    value_each_item(names, i, name)
        buf_addf(&out, "%s: %s,", name->str, table__scalar(a, value_get(labels, name->str), ""));
    buf_adds(&out, "},MatchExpressions:[]LabelSelectorRequirement{");
    value_each_item(value_get(selector, "matchExpressions"), i, e)
    {
        buf_addf(&out, "LabelSelectorRequirement{Key:%s,Operator:%s,Values:[",
                 table__scalar(a, value_get(e, "key"), ""),
                 table__scalar(a, value_get(e, "operator"), ""));
        value_each_item(value_get(e, "values"), k, v)
            buf_addf(&out, "%s%s", k > 0 ? " " : "", table__scalar(a, v, ""));
        buf_adds(&out, "],},");
    }
    buf_adds(&out, "},}");
    return arena_strdup(a, buf_str(&out));
}

static void fill_policy_binding(TableRow *row)
{
    const char *name = table__str_at(row, "spec.paramRef.name");
    const char *ns = table__str_at(row, "spec.paramRef.namespace");

    table__text(row, "spec.policyName", "");
    if (name[0])
        table__strf(row, "%s/%s", ns[0] ? ns : "*", name);
    else if (value_is(table__at(row, "spec.paramRef.selector"), VALUE_OBJECT))
        table__str(row, go_selector(row->arena, table__at(row, "spec.paramRef.selector")));
    else
        table__str(row, "<unset>");
    table__age(row);
}

static void fill_signing_request(TableRow *row)
{
    const Value *conditions = table__at(row, "status.conditions");
    const Value *seconds = table__at(row, "spec.expirationSeconds");
    const char *certificate = table__str_at(row, "status.certificate");
    int64_t s;

    table__age(row);
    table__text(row, "spec.signerName", "<none>");
    table__text(row, "spec.username", "");
    table__str(row, value_to_int(seconds, &s) ? table_age(row->arena, 0, s * 1000000) : "<none>");
    table__strf(row, "%s%s%s",
                table__condition(conditions, "Denied")     ? "Denied"
                : table__condition(conditions, "Approved") ? "Approved"
                                                           : "Pending",
                table__condition(conditions, "Failed") ? ",Failed" : "",
                certificate[0] ? ",Issued" : "");
}

static void fill_flow_schema(TableRow *row)
{
    const Value *dangling = table__condition(table__at(row, "status.conditions"), "Dangling");

    table__text(row, "spec.priorityLevelConfiguration.name", "");
    table__int_at(row, "spec.matchingPrecedence");
    table__text(row, "spec.distinguisherMethod.type", "<none>");
    table__age(row);
    table__str(row, dangling ? value_get_str(dangling, "status") : "?");
}

static void number_cell(TableRow *row, const char *path)
{
    int64_t i;

    if (value_to_int(table__at(row, path), &i))
        table__int(row, i);
    else
        table__str(row, "<none>");
}

static void fill_priority_level(TableRow *row)
{
    table__text(row, "spec.type", "");
    number_cell(row, "spec.limited.nominalConcurrencyShares");
    number_cell(row, "spec.limited.limitResponse.queuing.queues");
    number_cell(row, "spec.limited.limitResponse.queuing.handSize");
    number_cell(row, "spec.limited.limitResponse.queuing.queueLengthLimit");
    table__age(row);
}

static void fill_api_service(TableRow *row)
{
    const Value *available = table__condition(table__at(row, "status.conditions"), "Available");
    const char *status = value_get_str(available, "status");

    if (value_is(table__at(row, "spec.service"), VALUE_OBJECT))
        table__strf(row, "%s/%s", table__str_at(row, "spec.service.namespace"),
                    table__str_at(row, "spec.service.name"));
    else
        table__str(row, "Local");
    if (!available || str_eq(status, "True"))
        table__str(row, available ? "True" : "Unknown");
    else
        table__strf(row, "%s (%s)", status ? status : "",
                    table__scalar(row->arena, value_get(available, "reason"), ""));
    table__age(row);
}

const TableKind table__policy[] = {
    {"rbac/rolebindings", fill_binding},
    {"rbac/clusterrolebindings", fill_binding},
    {"admissionregistration/mutatingwebhookconfigurations", fill_webhooks},
    {"admissionregistration/validatingwebhookconfigurations", fill_webhooks},
    {"admissionregistration/mutatingadmissionpolicies", fill_admission_policy},
    {"admissionregistration/validatingadmissionpolicies", fill_admission_policy},
    {"admissionregistration/mutatingadmissionpolicybindings", fill_policy_binding},
    {"admissionregistration/validatingadmissionpolicybindings", fill_policy_binding},
    {"certificates/certificatesigningrequests", fill_signing_request},
    {"flowcontrol/flowschemas", fill_flow_schema},
    {"flowcontrol/prioritylevelconfigurations", fill_priority_level},
    {"apiregistration/apiservices", fill_api_service},
    {NULL, NULL},
};
