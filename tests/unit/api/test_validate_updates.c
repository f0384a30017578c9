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
         CLAIM(",'volumeAttributesClassName':'b'}"), ""},
        {"PersistentVolumeClaim", "", CLAIM(",'volumeAttributesClassName':'a'}"),
         CLAIM(",'volumeAttributesClassName':''}"),
         "spec.volumeAttributesClassName: Forbidden: update from non-nil value to an empty "
         "string is forbidden"},
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
