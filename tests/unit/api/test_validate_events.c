/*
 * Events in both forms, and the classes and budgets that are judged next to them.
 */
#include "tests/unit/api/rows.h"

static const Resource *new_events(void)
{
    const Resource *r = resource_find_kind("events.k8s.io", "v1", "Event");

    assert_non_null(r);
    return r;
}

#define EVENT(more)                                                                                \
    "{'regarding':{'kind':'Pod','namespace':'ns','name':'p'},'reportingController':'a.b/c',"       \
    "'reportingInstance':'i','action':'A','reason':'R','type':'Normal','eventTime':"               \
    "'2024-01-02T03:04:05.000006Z'" more "}"

typedef struct EventRow {
    const char *old, *body, *want;
} EventRow;

TEST(events_of_the_new_group)
{
    static const EventRow rows[] = {
        {NULL, EVENT(""), ""},
        {NULL, EVENT(",'series':{'count':1,'lastObservedTime':null}"),
         "series.count: Invalid value: \"\": should be at least 2; series.lastObservedTime: "
         "Required value"},
        {NULL,
         EVENT(",'deprecatedFirstTimestamp':'2024-01-02T03:04:05Z','deprecatedCount':1,"
               "'deprecatedSource':{'component':'x'}"),
         "firstTimestamp: Invalid value: \"\": needs to be unset; count: Invalid value: \"\": "
         "needs "
         "to be unset; source: Invalid value: \"\": needs to be unset"},
        {NULL, "{'regarding':{'namespace':'other'},'type':'X'}",
         "involvedObject.namespace: Invalid value: \"other\": does not match event.namespace; "
         "eventTime: Required value; type: Invalid value: \"\": has invalid value: X"},
        {EVENT(""), EVENT(",'series':{'count':2,'lastObservedTime':'2024-01-02T03:04:05.000006Z'}"),
         ""},
        {EVENT(""), EVENT(",'note':'x','deprecatedCount':3,'related':{'kind':'x'}"),
         "message: Invalid value: \"x\": field is immutable; count: Invalid value: 3: field is "
         "immutable; related: Invalid value: {\"Kind\":\"x\",\"Namespace\":\"\",\"Name\":\"\","
         "\"UID\":\"\",\"APIVersion\":\"\",\"ResourceVersion\":\"\",\"FieldPath\":\"\"}: field is "
         "immutable"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Resource *r = new_events();
        FieldErrs e = {.arena = a};

        if (rows[i].old)
            validate_update(r, "", object(a, r, rows[i].body), object(a, r, rows[i].old), &e);
        else
            validate_create(r, object(a, r, rows[i].body), &e);
        assert_string_equal(errors_text(a, &e), rows[i].want);
    }
}

TEST(events_of_the_old_group_and_neighbours)
{
    static const Row rows[] = {
        {"Event", "", NULL,
         "{'involvedObject':{'namespace':'ns'},'eventTime':'2024-01-02T03:04:05.000006Z',"
         "'reportingComponent':'a b','reportingInstance':'i','reason':'r'}",
         "reportingComponent: Invalid value: \"a b\": name part must consist of alphanumeric "
         "characters, '-', '_' or '.', and must start and end with an alphanumeric character "
         "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
         "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'); action: Required value"},
        {"Event", "", NULL, "{'involvedObject':{'namespace':'other'}}",
         "involvedObject.namespace: Invalid value: \"other\": does not match event.namespace"},
        {"PodDisruptionBudget", "", NULL,
         "{'metadata':{'name':'Any_Name'},'spec':{'minAvailable':1}}", ""},
        {"PodDisruptionBudget", "status", "{}",
         "{'status':{'disruptionsAllowed':-1,'conditions':[{'type':'A','status':'True','reason':'-'"
         ","
         "'lastTransitionTime':'2024-01-02T03:04:05Z'},{'type':'A','status':'True','reason':'R',"
         "'observedGeneration':-1}]}}",
         "status.conditions[0].reason: Invalid value: \"-\": a condition reason must start "
         "with alphabetic character, optionally followed by a string of alphanumeric "
         "characters or '_,:', and must end with an alphanumeric character or '_' (e.g. "
         "'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or "
         "'ReasonA:ReasonB', regex used for validation is "
         "'[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?'); status.conditions[1].type: Duplicate "
         "value: \"A\"; status.conditions[1].observedGeneration: Invalid value: -1: must be "
         "greater than or equal to zero; status.conditions[1].lastTransitionTime: Required "
         "value: must be set; status.disruptionsAllowed: Invalid value: -1: must be greater "
         "than or equal to 0"},
        {"HorizontalPodAutoscaler", "status", "{}",
         "{'status':{'currentReplicas':-1,'desiredReplicas':-1}}",
         "status.currentReplicas: Invalid value: -1: must be greater than or equal to 0; "
         "status.desiredReplicasa: Invalid value: -1: must be greater than or equal to 0"},
        {"EndpointSlice", "", NULL,
         "{'addressType':'FQDN','endpoints':[{'addresses':['a','a.b.','a_.b','']}],'ports':[]}",
         "endpoints[0].addresses[0]: Invalid value: \"a\": should be a domain with at least "
         "two segments separated by dots; endpoints[0].addresses[2]: Invalid value: \"a_.b\": "
         "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
         "'-' or '.', and must start and end with an alphanumeric character (e.g. "
         "'example.com', regex used for validation is "
         "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'); "
         "endpoints[0].addresses[3]: Required value"},
        {"EndpointSlice", "", NULL, "{'addressType':'X','endpoints':[],'ports':[]}",
         "addressType: Unsupported value: \"X\": supported values: \"FQDN\", \"IPv4\", "
         "\"IPv6\""},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(runtime_classes)
{
    static const char body[] = "{'handler':'h','overhead':{'podFixed':{'foo':'1'}},'scheduling':"
                               "{'nodeSelector':{'a':'c d'},'tolerations':[{'operator':'X'}]}}";
    CLEANUP(arena_free) Arena *a = arena_new();
    const Resource *r = resource_find_kind("node.k8s.io", "v1", "RuntimeClass");
    FieldErrs e = {.arena = a};

    validate_create(r, object(a, r, body), &e);
    assert_int_equal(e.n, 5);
    assert_string_equal(e.items[0].field, "overhead.limits[foo]");
    assert_string_equal(e.items[2].field, "scheduling.nodeSelector");
    assert_string_equal(e.items[4].field, "scheduling.tolerations[0].operator");
}
