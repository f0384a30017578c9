#include "tests/unit/api/judged.h"

#define POD(more) "{'spec':{'containers':[{'name':'c','image':'i'" more "}]}}"
#define LABEL                                                                                      \
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "   \
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "     \
    "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

TEST(creates_are_judged_as_upstream_does)
{
    static const struct {
        const char *kind, *body, *want;
    } rows[] = {
        {"Pod", POD(""), ""},
        {"Pod", "{'spec':{}}", "spec.containers: Required value"},
        {"Pod", "{'spec':{'containers':[{'name':'C','image':''}],'restartPolicy':'X'}}",
         "spec.containers[0].name: Invalid value: \"C\": " LABEL
         "; spec.containers[0].image: Required value; spec.restartPolicy: Unsupported value: "
         "\"X\": "
         "supported values: \"Always\", \"OnFailure\", \"Never\""},
        {"Pod", POD(",'ports':[{'containerPort':70000}]"),
         "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and "
         "65535, inclusive"},
        {"Pod", POD(",'volumeMounts':[{'name':'v','mountPath':'/v'}]"),
         "spec.containers[0].volumeMounts[0].name: Not found: \"v\""},
        {"Pod", POD(",'resources':{'limits':{'cpu':'1'},'requests':{'cpu':'2'}}"),
         "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal "
         "to "
         "cpu limit of 1"},
        {"Pod",
         POD(",'securityContext':{'seccompProfile':{'type':'RuntimeDefault',"
             "'localhostProfile':'x'}}"),
         "spec.containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: "
         "{\"Type\":\"RuntimeDefault\",\"LocalhostProfile\":\"x\"}: can only be set when seccomp "
         "type "
         "is Localhost"},
        {"ConfigMap", "{'data':{'a b':''}}",
         "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric "
         "characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used "
         "for validation is '[-._a-zA-Z0-9]+')"},
        {"Secret", "{'type':'kubernetes.io/tls'}",
         "data[tls.crt]: Required value; data[tls.key]: Required value"},
        {"StatefulSet",
         "{'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}}"
         ","
         "'spec':{'containers':[{'name':'c','image':'i','volumeMounts':[{'name':'d','mountPath':'/"
         "d'}"
         ",{'name':'v','mountPath':'/v'},{'name':'w','mountPath':'/w'}]}],'volumes':[{'name':'v',"
         "'emptyDir':{}},{'name':'d','hostPath':{'path':''}}]}},'volumeClaimTemplates':[{'metadata'"
         ":"
         "{'name':'d'},'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':"
         "'1Gi'}}}}]}}",
         "spec.template.spec.containers[0].volumeMounts[2].name: Not found: \"w\""},
        {"Deployment",
         "{'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'c'}}"
         ","
         "'spec':{'containers':[{'name':'c','image':'i'}]}}}}",
         "spec.template.metadata.labels: Invalid value: {\"a\":\"c\"}: `selector` does not match "
         "template `labels`"},
        {"Service", "{'spec':{'ports':[{'port':80,'targetPort':'8080'}]}}",
         "spec.ports[0].targetPort: Invalid value: \"8080\": must contain at least one letter "
         "(a-z)"},
        {"Namespace", "{'metadata':{'name':'a.b'}}",
         "metadata.name: Invalid value: \"a.b\": must not contain dots"},
        {"Role", "{'rules':[{'verbs':[],'apiGroups':[''],'resources':['pods']}]}",
         "rules[0].verbs: Required value: verbs must contain at least one value"},
        {"CronJob",
         "{'spec':{'schedule':'* * * *','jobTemplate':{'spec':{'template':{'spec':{'restartPolicy':"
         "'Never','containers':[{'name':'c','image':'i'}]}}}}}}",
         "spec.schedule: Invalid value: \"* * * *\": expected exactly 5 fields, found 4: [* * * "
         "*]"},
        {"Tenant", "{'metadata':{'name':'host'}}",
         "metadata.name: Forbidden: is the name of the provider's own cluster"},
        {"Plan", "{'spec':{'isolation':'odd','limits':{'cpu':'-1'}}}",
         "spec.isolation: Unsupported value: \"odd\": supported values: \"namespace\", "
         "\"virtual\", "
         "\"dedicated\", \"hybrid\"; spec.limits[cpu]: Invalid value: \"-1\": must be greater than "
         "or "
         "equal to 0"},
        {"Plan", "{'spec':{'retention':'59s'}}",
         "spec.retention: Invalid value: \"59s\": must be between 1m0s and 10000h0m0s"},
        {"Plan", "{'spec':{'retention':'10001h'}}",
         "spec.retention: Invalid value: \"10001h0m0s\": must be between 1m0s and 10000h0m0s"},
        {"Plan", "{'spec':{'retention':'1m'}}", ""},
        {"Plan", "{'spec':{'auditBytes':'-1'}}",
         "spec.auditBytes: Invalid value: \"-1\": must be greater than or equal to 0"},
        {"Plan",
         "{'spec':{'auditBytes':'0','externalAddresses':['203.0.113.0/28','198.51.100.7',"
         "'2001:db8::/64']}}",
         ""},
        {"Plan",
         "{'spec':{'externalAddresses':['203.0.113.7/28','300.1.1.1','all','10.0.0.0/33']}}",
         "spec.externalAddresses[0]: Invalid value: \"203.0.113.7/28\": must not have bits set "
         "beyond the prefix length; spec.externalAddresses[1]: Invalid value: \"300.1.1.1\": must "
         "be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff); spec.externalAddresses[2]: "
         "Invalid value: \"all\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff); "
         "spec.externalAddresses[3]: Invalid value: \"10.0.0.0/33\": must be a valid CIDR value, "
         "(e.g. 10.9.8.0/24 or 2001:db8::/64)"},
        {"Tenant",
         "{'metadata':{'name':'t'},'spec':{'overrides':{'auditBytes':'-1Gi','externalAddresses':["
         "'010.1.1.1']}}}",
         "spec.overrides.auditBytes: Invalid value: \"-1Gi\": must be greater than or equal to 0; "
         "spec.overrides.externalAddresses[0]: Invalid value: \"010.1.1.1\": must not have leading "
         "0s"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Resource *r = resource(rows[i].kind);
        FieldErrs e = {.arena = a};

        validate_create(r, object(a, r, rows[i].body), &e);
        assert_string_equal(errors_text(a, &e), rows[i].want);
    }
}

TEST(updates_may_not_change_everything)
{
    static const struct {
        const char *kind, *old, *body, *want;
    } rows[] = {
        {"Pod", POD(""), "{'spec':{'containers':[{'name':'c','image':'other'}]}}", ""},
        {"Pod", POD(""), POD(",'command':['x']"), "spec: Forbidden: pod updates may not change"},
        {"ConfigMap", "{'immutable':true,'data':{'a':'1'}}", "{'immutable':true,'data':{'a':'2'}}",
         "data: Forbidden: field is immutable when `immutable` is set"},
        {"Secret", "{'type':'a'}", "{'type':'b'}",
         "type: Invalid value: \"b\": field is immutable"},
        {"Service",
         "{'spec':{'clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1'],'ports':[{'port':1}]}}",
         "{'spec':{'clusterIP':'10.0.0.2','clusterIPs':['10.0.0.2'],'ports':[{'port':1}]}}",
         "spec.clusterIPs[0]: Invalid value: [\"10.0.0.2\"]: may not change once set"},
        {"RoleBinding", "{'roleRef':{'kind':'Role','name':'a'}}",
         "{'roleRef':{'kind':'Role','name':'b'}}",
         "roleRef: Invalid value: "
         "{\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":\"Role\",\"Name\":\"b\"}: cannot "
         "change "
         "roleRef"},
        {"ConfigMap", "{'metadata':{'uid':'a'}}", "{'metadata':{'uid':'b'}}",
         "metadata.uid: Invalid value: \"b\": field is immutable"},
        {"ConfigMap", "{'metadata':{'uid':'a'}}", "{}", ""},
        {"ConfigMap", "{'metadata':{'deletionTimestamp':'2026-01-01T00:00:00Z'}}",
         "{'metadata':{'finalizers':['a/b']}}",
         "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being "
         "deleted, found new finalizers []string{\"a/b\"}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Resource *r = resource(rows[i].kind);
        FieldErrs e = {.arena = a};
        const char *got;

        validate_update(r, "", object(a, r, rows[i].body), object(a, r, rows[i].old), &e);
        got = errors_text(a, &e);
        if (rows[i].want[0] == '\0' || !str_starts(got, rows[i].want))
            assert_string_equal(got, rows[i].want);
    }
}

TEST(names_are_judged_alone)
{
    assert_null(validate_dns1123_label("a-1"));
    assert_non_null(validate_dns1123_label("a.b"));
    assert_non_null(validate_dns1123_label(""));
    assert_null(validate_dns1123_subdomain("a.b-c.d"));
    assert_non_null(validate_dns1123_subdomain("a..b"));
    assert_null(validate_dns1035_label("a1"));
    assert_non_null(validate_dns1035_label("1a"));
    assert_null(validate_qualified_name("example.com/My_name.x"));
    assert_non_null(validate_qualified_name("/x"));
    assert_null(validate_label_value(""));
    assert_non_null(validate_label_value("-"));
    assert_null(validate_path_segment("system:node"));
    assert_non_null(validate_path_segment("a/b"));
}
