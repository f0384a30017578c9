/*
 * Updates: what upstream judges twice, and how often it says what is wrong with metadata.
 */
#include "tests/unit/api/rows.h"

#define CLAIM(more)                                                                                \
    "{'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'2'}}" more "}"

TEST(of_claims_for_volumes)
{
    static const Row rows[] = {
        {"PersistentVolumeClaim", "", CLAIM("}"), CLAIM(",'volumeMode':'Block'}"),
         "spec: Forbidden: spec is immutable after creation except resources.requests and "
         "volumeAttributesClassName for bound claims\n@@ spec @@\n; volumeMode: Invalid "
         "value: \"Block\": field is immutable"},
        {"PersistentVolumeClaim", "", CLAIM(",'volumeAttributesClassName':'a'}"),
         CLAIM(",'volumeAttributesClassName':'b'}"),
         "spec: Forbidden: spec is immutable after creation except resources.requests and "
         "volumeAttributesClassName for bound claims\n@@ spec @@\n"},
        {"PersistentVolumeClaim", "",
         CLAIM(",'volumeAttributesClassName':'a'},'status':{'phase':'Bound'}"),
         CLAIM(",'volumeAttributesClassName':'b'}"), ""},
        {"PersistentVolumeClaim", "",
         CLAIM(",'volumeAttributesClassName':'a'},'status':{'phase':'Bound','"
               "currentVolumeAttributesClassName':'a'}"),
         CLAIM(",'volumeAttributesClassName':''}"),
         "spec.volumeAttributesClassName: Forbidden: update to empty string is forbidden when "
         "status.currentVolumeAttributesClassName is not nil"},
        {"PersistentVolumeClaim", "",
         CLAIM("},'metadata':{'annotations':{'volume.beta.kubernetes.io/storage-class':'a'}}"),
         CLAIM(",'storageClassName':'a'}"), ""},
        {"PersistentVolumeClaim", "",
         CLAIM("},'metadata':{'annotations':{'volume.beta.kubernetes.io/storage-class':'a'}}"),
         CLAIM(",'storageClassName':'b'}"),
         "metadata.annotations.volume.beta.kubernetes.io/storage-class: Invalid value: \"\": "
         "field is immutable; spec: Forbidden: spec is immutable after creation except "
         "resources.requests and volumeAttributesClassName for bound claims\n@@ spec @@\n"},
        {"PersistentVolumeClaim", "", CLAIM("},'status':{'phase':'Bound'}"),
         "{'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1'}}},'"
         "status'"
         ":{'phase':'Bound'}}",
         ""},
    };

    judge(rows, ARRAY_LEN(rows));
}

#define SIZED(name, cpu, more)                                                                     \
    "{'name':'" name "','image':'i','terminationMessagePolicy':'File','imagePullPolicy':'Always'," \
    "'resources':{'requests':{'cpu':'" cpu "'}}" more "}"
#define SIZED_POD(spec)                                                                            \
    "{'spec':{" spec ",'restartPolicy':'Always','dnsPolicy':'ClusterFirst'},'status':{'qosClass'"  \
    ":'Burstable'}}"
#define TWO(a, b) SIZED_POD("'containers':[" a "," b "]")
#define INIT(cpu, more)                                                                            \
    SIZED_POD("'containers':[" SIZED("c", "1", "") "],'initContainers':[" SIZED("i", cpu, more) "]")
#define WHOLE(res) SIZED_POD("'containers':[" SIZED("c", "1", "") "]" res)

/* validation_test.go, TestValidatePodResize */
TEST(of_sizes_of_pods)
{
    static const Row rows[] = {
        {"Pod", "resize", TWO(SIZED("a", "1", ""), SIZED("b", "1", "")),
         TWO(SIZED("a", "2", ""), SIZED("b", "1", "")), ""},
        {"Pod", "resize", TWO(SIZED("a", "1", ""), SIZED("b", "1", "")),
         TWO(SIZED("b", "1", ""), SIZED("a", "1", "")),
         "spec.containers[0].name: Forbidden: containers may not be renamed or reordered on "
         "resize; spec.containers[1].name: Forbidden: containers may not be renamed or "
         "reordered on resize"},
        {"Pod", "resize", TWO(SIZED("a", "1", ""), SIZED("b", "1", "")),
         SIZED_POD("'containers':[" SIZED("a", "1", "") "]"),
         "spec.containers: Forbidden: containers may not be added or removed on resize"},
        {"Pod", "resize", INIT("1", ""), SIZED_POD("'containers':[" SIZED("c", "1", "") "]"),
         "spec.initContainers: Forbidden: initContainers may not be added or removed on resize"},
        {"Pod", "resize", INIT("1", ""), INIT("2", ""), ""},
        {"Pod", "resize", INIT("1", ""), INIT("1", ",'command':['x']"),
         "spec.initContainers[0]: Forbidden: only cpu and memory resources for init or sidecar "
         "containers are mutable"},
        {"Pod", "resize",
         INIT("1", ",'resizePolicy':[{'resourceName':'cpu','restartPolicy':'RestartContainer'}]"),
         INIT("2", ",'resizePolicy':[{'resourceName':'cpu','restartPolicy':'RestartContainer'}]"),
         "spec.initContainers[0]: Forbidden: non-sidecar init containers with a resize policy of "
         "RestartContainer cannot be resized"},
        {"Pod", "resize", WHOLE(""), WHOLE(",'resources':{'requests':{'cpu':'2'}}"), ""},
        {"Pod", "resize", WHOLE(",'resources':{'requests':{'cpu':'2'}}"), WHOLE(""),
         "spec.resources: Forbidden: pod-level resources cannot be removed"},
        {"Pod", "resize", WHOLE(",'resources':{'requests':{'cpu':'2','memory':'1'}}"),
         WHOLE(",'resources':{'requests':{'cpu':'3'}}"),
         "spec.resources.requests: Forbidden: pod-level resource requests cannot be removed"},
        {"Pod", "resize", WHOLE(",'resources':{'requests':{'cpu':'2'}}"),
         WHOLE(",'resources':{'requests':{'cpu':'2','hugepages-2Mi':'2Mi'},"
               "'limits':{'hugepages-2Mi':'2Mi'}}"),
         "spec: Forbidden: only cpu and memory resources are mutable at pod-level"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_what_is_judged_twice)
{
    static const Row rows[] = {
        {"NetworkPolicy", "", "{'spec':{'podSelector':{}}}",
         "{'spec':{'podSelector':{},'policyTypes':['X']}}",
         "spec.policyTypes[0]: Unsupported value: \"X\": supported values: \"Ingress\", "
         "\"Egress\"; spec.policyTypes[0]: Unsupported value: \"X\": supported values: "
         "\"Ingress\", \"Egress\""},
        {"Role", "", "{'rules':[]}", "{'rules':[{'verbs':[]}]}",
         "rules[0].verbs: Required value: verbs must contain at least one value; "
         "rules[0].apiGroups: Required value: resource rules must supply at least one api "
         "group; rules[0].resources: Required value: resource rules must supply at least one "
         "resource; rules[0].verbs: Required value: verbs must contain at least one value; "
         "rules[0].apiGroups: Required value: resource rules must supply at least one api "
         "group; rules[0].resources: Required value: resource rules must supply at least one "
         "resource"},
        {"CSINode", "", "{'spec':{'drivers':[]}}",
         "{'spec':{'drivers':[{'name':'D','nodeID':''}]}}",
         "spec.drivers[0].nodeID: Required value; spec.drivers[0].nodeID: Required value"},
        {"StorageClass", "", "{'provisioner':'a'}", "{'provisioner':'a b'}",
         "provisioner: Invalid value: \"a b\": name part must consist of alphanumeric "
         "characters, '-', '_' or '.', and must start and end with an alphanumeric character "
         "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
         "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'); provisioner: Invalid value: \"a b\": "
         "field is immutable"},
        {"Node", "", "{}", "{'spec':{'taints':[{'key':'a'}]}}",
         "metadata.taints[0].effect: Required value; metadata.taints[0].effect: Required value"},
        {"VolumeAttachment", "",
         "{'spec':{'attacher':'a','nodeName':'n','source':{'persistentVolumeName':'p'}}}",
         "{'spec':{'attacher':'','nodeName':'n','source':{'inlineVolumeSpec':{'csi':{'driver':'d',"
         "'volumeHandle':'h'},'accessModes':['ReadWriteOnce'],'storageClassName':'s','volumeMode':"
         "'Block','persistentVolumeReclaimPolicy':'Delete','nodeAffinity':{}}}}}",
         "spec.attacher: Required value; "
         "spec.source.inlineVolumeSpec.persistentVolumeReclaimPolicy: Forbidden: may only be "
         "Retain in the context of inline volumes; spec.source.inlineVolumeSpec.nodeAffinity: "
         "Forbidden: may not be specified in the context of inline volumes; "
         "spec.source.inlineVolumeSpec.storageClassName: Forbidden: may not be specified in "
         "the context of inline volumes; spec.source.inlineVolumeSpec.volumeMode: Forbidden: "
         "may not specify volumeMode other than Filesystem in the context of inline volumes; "
         "spec.attacher: Required value; "
         "spec.source.inlineVolumeSpec.persistentVolumeReclaimPolicy: Forbidden: may only be "
         "Retain in the context of inline volumes; spec.source.inlineVolumeSpec.nodeAffinity: "
         "Forbidden: may not be specified in the context of inline volumes; "
         "spec.source.inlineVolumeSpec.storageClassName: Forbidden: may not be specified in "
         "the context of inline volumes; spec.source.inlineVolumeSpec.volumeMode: Forbidden: "
         "may not specify volumeMode other than Filesystem in the context of inline volumes; "
         "spec: Invalid value: "
         "{\"Attacher\":\"\",\"Source\":{\"PersistentVolumeName\":null,\"InlineVolumeSpec\":{"
         "\"Capacity\":null,\"GCEPersistentDisk\":null,\"AWSElasticBlockStore\":null,\"HostPath\":"
         "null,\"Glusterfs\":null,\"NFS\":null,\"RBD\":null,\"ISCSI\":null,\"Cinder\":null,"
         "\"CephFS\":null,\"FC\":null,\"Flocker\":null,\"FlexVolume\":null,\"AzureFile\":null,"
         "\"VsphereVolume\":null,\"Quobyte\":null,\"AzureDisk\":null,\"PhotonPersistentDisk\":null,"
         "\"PortworxVolume\":null,\"ScaleIO\":null,\"Local\":null,\"StorageOS\":null,\"CSI\":{"
         "\"Driver\":\"d\",\"VolumeHandle\":\"h\",\"ReadOnly\":false,\"FSType\":\"\","
         "\"VolumeAttributes\":null,\"ControllerPublishSecretRef\":null,\"NodeStageSecretRef\":"
         "null,\"NodePublishSecretRef\":null,\"ControllerExpandSecretRef\":null,"
         "\"NodeExpandSecretRef\":null},\"AccessModes\":[\"ReadWriteOnce\"],\"ClaimRef\":null,"
         "\"PersistentVolumeReclaimPolicy\":\"Delete\",\"StorageClassName\":\"s\",\"MountOptions\":"
         "null,\"VolumeMode\":\"Block\",\"NodeAffinity\":{\"Required\":null},"
         "\"VolumeAttributesClassName\":null}},\"NodeName\":\"n\"}: "
         "field is immutable"},
    };

    judge(rows, ARRAY_LEN(rows));
}

#define SETS(more)                                                                                 \
    "{'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},"   \
    "'spec':{'containers':[{'name':'c','image':'i'}]}}" more "}}"
#define JOB(more)                                                                                  \
    "{'spec':{'manualSelector':true,'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{" \
    "'labels':{'a':'b'}},'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}" \
    "}" more "}}"

TEST(of_workloads_what_is_new_and_what_is_fixed)
{
    static const Row rows[] = {
        {"StatefulSet", "", NULL,
         SETS(",'serviceName':'A_','volumeClaimTemplates':[{'metadata':{'name':'v'},'spec':{}}]"),
         "spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access "
         "mode is required; spec.volumeClaimTemplates[0].spec.resources[storage]: Required "
         "value; spec.serviceName: Invalid value: \"A_\": a lowercase RFC 1123 label must "
         "consist of lower case alphanumeric characters or '-', and must start and end with "
         "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation "
         "is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"},
        {"StatefulSet", "", SETS(",'serviceName':'A_'"), SETS(",'serviceName':'A_','replicas':2"),
         ""},
        {"Job", "", NULL, JOB(",'successPolicy':{'rules':[]}"),
         "spec.successPolicy: Invalid value: {\"Rules\":[]}: requires indexed completion mode"},
        {"Job", "", JOB(""),
         JOB(",'podReplacementPolicy':'Failed','podFailurePolicy':{'rules':[{'action':'Ignore',"
             "'onPodConditions':[{'type':'X','status':'True'}]}]}"),
         "spec.podFailurePolicy: Invalid value: "
         "{\"Rules\":[{\"Action\":\"Ignore\",\"OnExitCodes\":null,\"OnPodConditions\":[{\"Type\":"
         "\"X\",\"Status\":\"True\"}]}]}: "
         "field is immutable"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(metadata_is_judged_in_every_layer)
{
    static const struct {
        const char *kind, *subresource, *field, *message;
        uint32_t want;
    } rows[] = {
        {"ConfigMap", "", "metadata.labels", "Invalid value: \"a b\"", 4},
        {"ConfigMap", "", "metadata.uid", "Invalid value: \"x\": field is immutable", 2},
        {"LimitRange", "", "metadata.labels", "Invalid value: \"a b\"", 3},
        {"Role", "", "metadata.labels", "Invalid value: \"a b\"", 5},
        {"PersistentVolume", "", "metadata.uid", "Invalid value: \"x\": field is immutable", 1},
        {"ConfigMap", "", "metadata.finalizers[0]", "Invalid value: \"a\"", 2},
        {"Deployment", "status", "metadata.labels", "Invalid value: \"a b\"", 3},
        {"APIService", "", "metadata.name", "Invalid value: \"v1.a\": must be \"v1.b\"", 1},
        {"ConfigMap", "", "metadata.name", "Invalid value: \"x\": field is immutable", 2},
        {"ConfigMap", "", "metadata.annotations[a]", "Forbidden", 1},
        {"ConfigMap", "", "data[a b]", "Invalid value", 1},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        FieldErrs e = {.arena = a};

        field_err(&e, FIELD_ERR_INVALID, rows[i].field, NULL, "%s", rows[i].message);
        validate_update_repeats(resource(rows[i].kind), rows[i].subresource, &e);
        assert_int_equal(e.n, rows[i].want);
    }
}

#define WEBHOOK(more)                                                                              \
    "{'webhooks':[{'name':'a.b.c','admissionReviewVersions':['v1'],'sideEffects':'None'," more "}" \
    "]"                                                                                            \
    "}"
#define SERVICE(more) WEBHOOK("'clientConfig':{'service':{" more "}}")

TEST(of_webhooks)
{
    static const Row rows[] = {
        {"ValidatingWebhookConfiguration", "", NULL,
         SERVICE("'name':'n','namespace':'','port':443"),
         "webhooks[0].clientConfig.service.name: Required value"},
        {"ValidatingWebhookConfiguration", "", NULL,
         SERVICE("'name':'','namespace':'n','port':443"),
         "webhooks[0].clientConfig.service.namespace: Required value"},
        {"ValidatingWebhookConfiguration", "", NULL,
         SERVICE("'name':'n','namespace':'n','port':443,'path':'/apis/foo.bar/--bad'"),
         "webhooks[0].clientConfig.service.path: Invalid value: \"/apis/foo.bar/--bad\": "
         "segment[2]: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
         "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. "
         "'example.com', regex used for validation is "
         "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"},
        {"ValidatingWebhookConfiguration", "", NULL,
         SERVICE("'name':'n','namespace':'n','port':443,'path':'/a/b//'"),
         "webhooks[0].clientConfig.service.path: Invalid value: \"/a/b//\": segment[2] may "
         "not be empty"},
        {"ValidatingWebhookConfiguration", "", NULL,
         SERVICE("'name':'n','namespace':'n','port':443,'path':'//'"),
         "webhooks[0].clientConfig.service.path: Invalid value: \"//\": segment[0] may not be "
         "empty"},
        {"ValidatingWebhookConfiguration", "", NULL,
         SERVICE("'name':'n','namespace':'n','port':443,'path':''"), ""},
        {"ValidatingWebhookConfiguration", "", NULL, "{'webhooks':[{'name':''},{'name':''}]}",
         "webhooks[0].name: Required value; webhooks[0].sideEffects: Required value: must "
         "specify one of None, NoneOnDryRun; webhooks[0].clientConfig: Required value: "
         "exactly one of url or service is required; webhooks[0].admissionReviewVersions: "
         "Required value: must specify one of v1, v1beta1; webhooks[1].name: Required value; "
         "webhooks[1].sideEffects: Required value: must specify one of None, NoneOnDryRun; "
         "webhooks[1].clientConfig: Required value: exactly one of url or service is "
         "required; webhooks[1].admissionReviewVersions: Required value: must specify one of "
         "v1, v1beta1"},
    };

    judge(rows, ARRAY_LEN(rows));
}

#define RULE(resources)                                                                            \
    "'rules':[{'operations':['CREATE'],'apiGroups':[''],'apiVersions':['v1','']," resources "}],"  \
    "'clientConfig':{'url':'https://a'}"

TEST(of_rules_of_webhooks)
{
    static const Row rows[] = {
        {"MutatingWebhookConfiguration", "", NULL,
         WEBHOOK(RULE("'resources':['pods/log','pods/*','','*/*']")),
         "webhooks[0].rules[0].apiVersions[1]: Required value; "
         "webhooks[0].rules[0].resources[2]: Required value; webhooks[0].rules[0].resources: "
         "Invalid value: [\"pods/log\",\"pods/*\",\"\",\"*/*\"]: if '*/*' is present, must "
         "not specify other resources"},
        {"MutatingWebhookConfiguration", "", NULL, WEBHOOK(RULE("'resources':['*','pods','*']")),
         "webhooks[0].rules[0].apiVersions[1]: Required value"},
        {"MutatingWebhookConfiguration", "", NULL,
         WEBHOOK(RULE("'resources':['pods/*','pods/*','*/log','pods/log','*','pods']")),
         "webhooks[0].rules[0].apiVersions[1]: Required value; "
         "webhooks[0].rules[0].resources[1]: Invalid value: \"pods/*\": if 'pods/*' is "
         "present, must not specify pods/*; webhooks[0].rules[0].resources[3]: Invalid value: "
         "\"pods/log\": if 'pods/*' is present, must not specify pods/log; "
         "webhooks[0].rules[0].resources[3]: Invalid value: \"pods/log\": if '*/log' is "
         "present, must not specify pods/log; webhooks[0].rules[0].resources: Invalid value: "
         "[\"pods/*\",\"pods/*\",\"*/log\",\"pods/log\",\"*\",\"pods\"]: if '*' is present, "
         "must not specify other resources without subresources"},
        {"MutatingWebhookConfiguration", "", NULL, WEBHOOK("'clientConfig':{'url':'https://a b'}"),
         "webhooks[0].clientConfig.url: Required value: url must be a valid URL: parse \"https://a "
         "b\": invalid character \" \" in host name; desired format: https://host[/path]"},
        {"MutatingWebhookConfiguration", "", NULL, WEBHOOK("'clientConfig':{'url':'1.2.3.4:80'}"),
         "webhooks[0].clientConfig.url: Required value: url must be a valid URL: parse "
         "\"1.2.3.4:80\": first path segment in URL cannot contain colon; desired format: "
         "https://host[/path]"},
        {"MutatingWebhookConfiguration", "", NULL,
         WEBHOOK("'clientConfig':{'url':'HTTP://u@a#%41'}"),
         "webhooks[0].clientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL "
         "scheme; desired format: https://host[/path]; webhooks[0].clientConfig.url: Invalid "
         "value: "
         "\"u\": user information is not permitted in the URL; webhooks[0].clientConfig.url: "
         "Invalid value: \"A\": fragments are not permitted in the URL"},
        {"MutatingWebhookConfiguration", "", NULL,
         WEBHOOK("'matchConditions':[{'name':'a','expression':' variables.x '}],'clientConfig':{'"
                 "url':'https://a'}"),
         "webhooks[0].matchConditions[0].expression: Invalid value: \"variables.x\": "
         "compilation failed: ERROR: <input>:1:1: undeclared reference to 'variables' (in "
         "container '')\n | variables.x\n | ^"},
    };

    judge(rows, ARRAY_LEN(rows));
}

#define POLICY(more)                                                                               \
    "{'metadata':{'name':'p'},'spec':{'failurePolicy':'Fail','matchConstraints':{'matchPolicy':'"  \
    "Exact','resourceRules':[{'operations':['CREATE'],"                                            \
    "'apiGroups':[''],'apiVersions':['v1'],'resources':['pods'],'resourceNames':['a','a/"          \
    "b','a']}]}," more "}}"

TEST(of_policies)
{
    static const Row rows[] = {
        {"ValidatingAdmissionPolicy", "", NULL,
         POLICY(
             "'paramKind':{'apiVersion':'A_b/1','kind':'a b'},'validations':[{'expression':' "
             "variables.x ','message':' a ',"
             "'messageExpression':''}],'matchConditions':[{'name':'','expression':'variables.x'}]"),
         "spec.paramKind.apiVersion: Invalid value: \"A_b\": a lowercase RFC 1123 subdomain "
         "must consist of lower case alphanumeric characters, '-' or '.', and must start and "
         "end with an alphanumeric character (e.g. 'example.com', regex used for validation "
         "is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'); "
         "spec.paramKind.apiVersion: Invalid value: \"1\": a DNS-1035 label must consist of "
         "lower case alphanumeric characters or '-', start with an alphabetic character, and "
         "end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for "
         "validation is '[a-z]([-a-z0-9]*[a-z0-9])?'); spec.paramKind.kind: Invalid value: "
         "\"a b\": may have mixed case, but should otherwise match: a DNS-1035 label must "
         "consist of lower case alphanumeric characters or '-', start with an alphabetic "
         "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', "
         "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?'); "
         "spec.matchConstraints.resourceRules[0].resourceNames[1]: Invalid value: \"a/b\": "
         "may not contain '/'; spec.matchConstraints.resourceRules[0].resourceNames[2]: "
         "Duplicate value: \"a\"; spec.matchConditions[0].expression: Invalid value: "
         "\"variables.x\": compilation failed: ERROR: <input>:1:1: undeclared reference to "
         "'variables' (in container '')\n | variables.x\n | ^; spec.matchConditions[0].name: "
         "Required value; spec.validations[0].expression: Invalid value: \" variables.x \": "
         "compilation failed: ERROR: <input>:1:2: undeclared reference to 'variables' (in "
         "container '')\n |  variables.x \n | .^"},
        {"ValidatingAdmissionPolicy", "", NULL,
         POLICY("'paramKind':{'apiVersion':'a/"
                "','kind':'A'},'variables':[{'name':'for','expression':'1'},{'name':' "
                "','expression':''}],'validations':[{'expression':' ','message':'a\\rb'}]"),
         "spec.paramKind.apiVersion: Invalid value: \"a/\": version must be specified; "
         "spec.matchConstraints.resourceRules[0].resourceNames[1]: Invalid value: \"a/b\": "
         "may not contain '/'; spec.matchConstraints.resourceRules[0].resourceNames[2]: "
         "Duplicate value: \"a\"; spec.variables[0].name: Invalid value: \"for\": must be a "
         "valid CEL identifier; spec.variables[1].name: Required value: name is not "
         "specified; spec.variables[1].expression: Required value: expression is not "
         "specified; spec.validations[0].expression: Required value: expression is not "
         "specified; spec.validations[0].message: Invalid value: \"a\\rb\": must not contain "
         "line breaks"},
        {"ValidatingAdmissionPolicy", "status", "{'spec':{}}",
         "{'spec':{},'status':{'typeChecking':{'expressionWarnings':["
         "{'fieldRef':'spec.validations[0].expression','warning':'w'},"
         "{'fieldRef':' spec.validations[0','warning':'w'},"
         "{'fieldRef':'spec[x]','warning':'w'}]}}}",
         "status.typeChecking.expressionWarnings[1].fieldRef: Invalid value: "
         "\"spec.validations[0\": invalid JSONPath: unterminated array; "
         "status.typeChecking.expressionWarnings[2].fieldRef: Invalid value: \"spec[x]\": "
         "invalid JSONPath: invalid array index x"},
        {"ValidatingAdmissionPolicy", "status", "{'spec':{}}",
         "{'spec':{},'status':{'typeChecking':{'expressionWarnings':[{'fieldRef':'','warning':''}]}"
         ","
         "'conditions':[{'type':'','status':'Maybe'}]}}",
         "status.typeChecking.expressionWarnings[0].warning: Required value; "
         "status.typeChecking.expressionWarnings[0].fieldRef: Required value; "
         "status.conditions[0].type: Invalid value: \"\": name part must be non-empty; "
         "status.conditions[0].type: Invalid value: \"\": name part must consist of "
         "alphanumeric characters, '-', '_' or '.', and must start and end with an "
         "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
         "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'); "
         "status.conditions[0].status: Unsupported value: \"Maybe\": supported values: "
         "\"False\", \"True\", \"Unknown\"; status.conditions[0].lastTransitionTime: Required "
         "value: must be set; status.conditions[0].reason: Required value: must be set"},
        {"ValidatingAdmissionPolicyBinding", "", NULL,
         "{'spec':{'policyName':'p','paramRef':{'name':'a/b','selector':{'matchLabels':{'a "
         "b':'c'}}},"
         "'matchResources':{'matchPolicy':'X','resourceRules':[{}]},'validationActions':['X','Deny'"
         ",'Warn','Deny']}}",
         "spec.paramRef.name: Invalid value: \"a/b\": may not contain '/'; "
         "spec.paramRef.name: Forbidden: name and selector are mutually exclusive; "
         "spec.paramRef.selector.matchLabels: Invalid value: \"a b\": name part must consist "
         "of alphanumeric characters, '-', '_' or '.', and must start and end with an "
         "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
         "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'); spec.paramRef.selector: "
         "Forbidden: name and selector are mutually exclusive; "
         "spec.paramRef.parameterNotFoundAction: Required value; "
         "spec.matchResources.matchPolicy: Unsupported value: \"X\": supported values: "
         "\"Equivalent\", \"Exact\"; spec.matchResources.resourceRules[0].operations: "
         "Required value; spec.matchResources.resourceRules[0].apiGroups: Required value; "
         "spec.matchResources.resourceRules[0].apiVersions: Required value; "
         "spec.matchResources.resourceRules[0].resources: Required value; "
         "spec.validationActions[0]: Unsupported value: \"X\": supported values: \"Audit\", "
         "\"Deny\", \"Warn\"; spec.validationActions[3]: Duplicate value: \"Deny\"; "
         "spec.validationActions: Invalid value: [\"X\",\"Deny\",\"Warn\",\"Deny\"]: must not "
         "contain both Deny and Warn (repeating the same validation failure information in "
         "the API response and headers serves no purpose)"},
        {"MutatingAdmissionPolicy", "", NULL,
         POLICY("'mutations':[{'patchType':''},{'patchType':'X','jsonPatch':{}},{'patchType':'"
                "JSONPatch','applyConfiguration':{'expression':''}}]"),
         "spec.matchConstraints.resourceRules[0].resourceNames[1]: Invalid value: \"a/b\": "
         "may not contain '/'; spec.matchConstraints.resourceRules[0].resourceNames[2]: "
         "Duplicate value: \"a\"; spec.mutations[0].patchType: Required value; "
         "spec.mutations[1].patchType: Unsupported value: \"X\": supported values: "
         "\"ApplyConfiguration\", \"JSONPatch\"; spec.mutations[2].jsonPatch: Required value: "
         "must be specified when patchType is JSONPatch; "
         "spec.mutations[2].applyConfiguration: Invalid value: \"{applyConfiguration}\": must "
         "not be specified when patchType is JSONPatch; spec.reinvocationPolicy: Required "
         "value"},
        {"MutatingAdmissionPolicy", "", NULL,
         "{'spec':{'failurePolicy':'Fail','matchConstraints':{'matchPolicy':'Exact',"
         "'resourceRules':[{'operations':['CREATE','DELETE'],'apiGroups':[''],'apiVersions':['v1'],"
         "'resources':['pods']},{'operations':['X'],'apiGroups':[''],'apiVersions':['v1'],"
         "'resources':['pods']}]},'reinvocationPolicy':'Never'}}",
         "spec.matchConstraints.resourceRules[1].operations[0]: Unsupported value: \"X\": "
         "supported values: \"*\", \"CONNECT\", \"CREATE\", \"DELETE\", \"UPDATE\"; "
         "spec.matchConstraints.resourceRules.operations: Unsupported value: \"DELETE\": "
         "supported values: \"*\", \"CONNECT\", \"CREATE\", \"UPDATE\"; "
         "spec.matchConstraints.resourceRules.operations: Unsupported value: \"X\": "
         "supported values: \"*\", \"CONNECT\", \"CREATE\", \"UPDATE\"; spec.mutations: "
         "Required value: mutations must contain at least one item"},
        {"MutatingAdmissionPolicyBinding", "", NULL,
         "{'spec':{'policyName':'p','matchResources':{'matchPolicy':'Exact','resourceRules':[{"
         "'operations':['DELETE'],'apiGroups':[''],'apiVersions':['v1'],'resources':['pods']}]}}}",
         "spec.matchResources.resourceRules.operations: Unsupported value: \"DELETE\": supported "
         "values: \"*\", \"CONNECT\", \"CREATE\", \"UPDATE\""},
    };

    judge(rows, ARRAY_LEN(rows));
}
