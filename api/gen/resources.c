/* made by tools/gen-api from api/schema/, do not edit */
#include "api/gen/gen.h"

static const char *const list_0[] = {NULL};
static const char *const list_1[] = {"cs", NULL};
static const char *const list_2[] = {"cm", NULL};
static const char *const list_3[] = {"ep", NULL};
static const char *const list_4[] = {"ev", NULL};
static const char *const list_5[] = {"limits", NULL};
static const char *const list_6[] = {"ns", NULL};
static const char *const list_7[] = {"no", NULL};
static const char *const list_8[] = {"pvc", NULL};
static const char *const list_9[] = {"pv", NULL};
static const char *const list_10[] = {"po", NULL};
static const char *const list_11[] = {"all", NULL};
static const char *const list_12[] = {"rc", NULL};
static const char *const list_13[] = {"quota", NULL};
static const char *const list_14[] = {"sa", NULL};
static const char *const list_15[] = {"svc", NULL};
static const char *const list_16[] = {"api-extensions", NULL};
static const char *const list_17[] = {"ds", NULL};
static const char *const list_18[] = {"deploy", NULL};
static const char *const list_19[] = {"rs", NULL};
static const char *const list_20[] = {"sts", NULL};
static const char *const list_21[] = {"hpa", NULL};
static const char *const list_22[] = {"cj", NULL};
static const char *const list_23[] = {"csr", NULL};
static const char *const list_24[] = {"ing", NULL};
static const char *const list_25[] = {"ip", NULL};
static const char *const list_26[] = {"netpol", NULL};
static const char *const list_27[] = {"pdb", NULL};
static const char *const list_28[] = {"sc", NULL};
static const char *const list_29[] = {"vac", NULL};
static const char *const list_30[] = {"crd", "crds", NULL};
static const char *const list_31[] = {"pc", NULL};
static const char *const list_32[] = {"np", NULL};
static const char *const list_33[] = {"tenancy", NULL};
static const char *const list_34[] = {"pl", NULL};
static const char *const list_35[] = {"tn", NULL};
static const char *const list_36[] = {"tg", NULL};

static const Column cols_1[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Status", "string", "", NULL, 0, NULL},
    {"Message", "string", "", NULL, 0, NULL},
    {"Error", "string", "", NULL, 0, NULL},
};
static const Column cols_2[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Data", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_3[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Endpoints", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_4[] = {
    {"Last Seen", "string", "", NULL, 0, NULL},
    {"Type", "string", "", NULL, 0, NULL},
    {"Reason", "string", "", NULL, 0, NULL},
    {"Object", "string", "", NULL, 0, NULL},
    {"Subobject", "string", "", NULL, 1, NULL},
    {"Source", "string", "", NULL, 1, NULL},
    {"Message", "string", "", NULL, 0, NULL},
    {"First Seen", "string", "", NULL, 1, NULL},
    {"Count", "string", "", NULL, 1, NULL},
    {"Name", "string", "name", NULL, 1, NULL},
};
static const Column cols_5[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Created At", "date", "", NULL, 0, NULL},
};
static const Subresource subs_6[] = {
    {"finalize", "Namespace", NULL, NULL, BIT(VERB_UPDATE)},
    {"status", "Namespace", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_6[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Status", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_7[] = {
    {"proxy", "NodeProxyOptions", NULL, NULL, BIT(VERB_CREATE) | BIT(VERB_DELETE) | BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
    {"status", "Node", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_7[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Status", "string", "", NULL, 0, NULL},
    {"Roles", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"Version", "string", "", NULL, 0, NULL},
    {"Internal-IP", "string", "", NULL, 1, NULL},
    {"External-IP", "string", "", NULL, 1, NULL},
    {"OS-Image", "string", "", NULL, 1, NULL},
    {"Kernel-Version", "string", "", NULL, 1, NULL},
    {"Container-Runtime", "string", "", NULL, 1, NULL},
};
static const Subresource subs_8[] = {
    {"status", "PersistentVolumeClaim", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_8[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Status", "string", "", NULL, 0, NULL},
    {"Volume", "string", "", NULL, 0, NULL},
    {"Capacity", "string", "", NULL, 0, NULL},
    {"Access Modes", "string", "", NULL, 0, NULL},
    {"StorageClass", "string", "", NULL, 0, NULL},
    {"VolumeAttributesClass", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"VolumeMode", "string", "", NULL, 1, NULL},
};
static const Subresource subs_9[] = {
    {"status", "PersistentVolume", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_9[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Capacity", "string", "", NULL, 0, NULL},
    {"Access Modes", "string", "", NULL, 0, NULL},
    {"Reclaim Policy", "string", "", NULL, 0, NULL},
    {"Status", "string", "", NULL, 0, NULL},
    {"Claim", "string", "", NULL, 0, NULL},
    {"StorageClass", "string", "", NULL, 0, NULL},
    {"VolumeAttributesClass", "string", "", NULL, 0, NULL},
    {"Reason", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"VolumeMode", "string", "", NULL, 1, NULL},
};
static const Subresource subs_10[] = {
    {"attach", "PodAttachOptions", NULL, NULL, BIT(VERB_CREATE) | BIT(VERB_GET)},
    {"binding", "Binding", NULL, NULL, BIT(VERB_CREATE)},
    {"ephemeralcontainers", "Pod", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
    {"eviction", "Eviction", "policy", "v1", BIT(VERB_CREATE)},
    {"exec", "PodExecOptions", NULL, NULL, BIT(VERB_CREATE) | BIT(VERB_GET)},
    {"log", "Pod", NULL, NULL, BIT(VERB_GET)},
    {"portforward", "PodPortForwardOptions", NULL, NULL, BIT(VERB_CREATE) | BIT(VERB_GET)},
    {"proxy", "PodProxyOptions", NULL, NULL, BIT(VERB_CREATE) | BIT(VERB_DELETE) | BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
    {"resize", "Pod", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
    {"status", "Pod", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_10[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Ready", "string", "", NULL, 0, NULL},
    {"Status", "string", "", NULL, 0, NULL},
    {"Restarts", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"IP", "string", "", NULL, 1, NULL},
    {"Node", "string", "", NULL, 1, NULL},
    {"Nominated Node", "string", "", NULL, 1, NULL},
    {"Readiness Gates", "string", "", NULL, 1, NULL},
};
static const Column cols_11[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Containers", "string", "", NULL, 0, NULL},
    {"Images", "string", "", NULL, 0, NULL},
    {"Pod Labels", "string", "", NULL, 0, NULL},
};
static const Subresource subs_12[] = {
    {"scale", "Scale", "autoscaling", "v1", BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
    {"status", "ReplicationController", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_12[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Desired", "integer", "", NULL, 0, NULL},
    {"Current", "integer", "", NULL, 0, NULL},
    {"Ready", "integer", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"Containers", "string", "", NULL, 1, NULL},
    {"Images", "string", "", NULL, 1, NULL},
    {"Selector", "string", "", NULL, 1, NULL},
};
static const Subresource subs_13[] = {
    {"status", "ResourceQuota", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_13[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Request", "string", "", NULL, 0, NULL},
    {"Limit", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_14[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Type", "string", "", NULL, 0, NULL},
    {"Data", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_15[] = {
    {"token", "TokenRequest", "authentication.k8s.io", "v1", BIT(VERB_CREATE)},
};
static const Column cols_15[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_16[] = {
    {"proxy", "ServiceProxyOptions", NULL, NULL, BIT(VERB_CREATE) | BIT(VERB_DELETE) | BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
    {"status", "Service", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_16[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Type", "string", "", NULL, 0, NULL},
    {"Cluster-IP", "string", "", NULL, 0, NULL},
    {"External-IP", "string", "", NULL, 0, NULL},
    {"Port(s)", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"Selector", "string", "", NULL, 1, NULL},
};
static const Subresource subs_17[] = {
    {"status", "APIService", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_17[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Service", "string", "", NULL, 0, NULL},
    {"Available", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_18[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Controller", "string", "", NULL, 0, NULL},
    {"Revision", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_19[] = {
    {"status", "DaemonSet", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_19[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Desired", "integer", "", NULL, 0, NULL},
    {"Current", "integer", "", NULL, 0, NULL},
    {"Ready", "integer", "", NULL, 0, NULL},
    {"Up-to-date", "integer", "", NULL, 0, NULL},
    {"Available", "integer", "", NULL, 0, NULL},
    {"Node Selector", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"Containers", "string", "", NULL, 1, NULL},
    {"Images", "string", "", NULL, 1, NULL},
    {"Selector", "string", "", NULL, 1, NULL},
};
static const Subresource subs_20[] = {
    {"scale", "Scale", "autoscaling", "v1", BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
    {"status", "Deployment", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_20[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Ready", "string", "", NULL, 0, NULL},
    {"Up-to-date", "string", "", NULL, 0, NULL},
    {"Available", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"Containers", "string", "", NULL, 1, NULL},
    {"Images", "string", "", NULL, 1, NULL},
    {"Selector", "string", "", NULL, 1, NULL},
};
static const Subresource subs_21[] = {
    {"scale", "Scale", "autoscaling", "v1", BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
    {"status", "ReplicaSet", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_21[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Desired", "integer", "", NULL, 0, NULL},
    {"Current", "integer", "", NULL, 0, NULL},
    {"Ready", "integer", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"Containers", "string", "", NULL, 1, NULL},
    {"Images", "string", "", NULL, 1, NULL},
    {"Selector", "string", "", NULL, 1, NULL},
};
static const Subresource subs_22[] = {
    {"scale", "Scale", "autoscaling", "v1", BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
    {"status", "StatefulSet", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_22[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Ready", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"Containers", "string", "", NULL, 1, NULL},
    {"Images", "string", "", NULL, 1, NULL},
};
static const Column cols_23[] = {
    {"Last Seen", "string", "", NULL, 0, NULL},
    {"Type", "string", "", NULL, 0, NULL},
    {"Reason", "string", "", NULL, 0, NULL},
    {"Object", "string", "", NULL, 0, NULL},
    {"Subobject", "string", "", NULL, 1, NULL},
    {"Source", "string", "", NULL, 1, NULL},
    {"Message", "string", "", NULL, 0, NULL},
    {"First Seen", "string", "", NULL, 1, NULL},
    {"Count", "string", "", NULL, 1, NULL},
    {"Name", "string", "name", NULL, 1, NULL},
};
static const Subresource subs_30[] = {
    {"status", "HorizontalPodAutoscaler", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_30[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Reference", "string", "", NULL, 0, NULL},
    {"Targets", "string", "", NULL, 0, NULL},
    {"MinPods", "string", "", NULL, 0, NULL},
    {"MaxPods", "string", "", NULL, 0, NULL},
    {"Replicas", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_31[] = {
    {"status", "HorizontalPodAutoscaler", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_31[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Reference", "string", "", NULL, 0, NULL},
    {"Targets", "string", "", NULL, 0, NULL},
    {"MinPods", "string", "", NULL, 0, NULL},
    {"MaxPods", "string", "", NULL, 0, NULL},
    {"Replicas", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_32[] = {
    {"status", "CronJob", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_32[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Schedule", "string", "", NULL, 0, NULL},
    {"Timezone", "string", "", NULL, 0, NULL},
    {"Suspend", "boolean", "", NULL, 0, NULL},
    {"Active", "integer", "", NULL, 0, NULL},
    {"Last Schedule", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"Containers", "string", "", NULL, 1, NULL},
    {"Images", "string", "", NULL, 1, NULL},
    {"Selector", "string", "", NULL, 1, NULL},
};
static const Subresource subs_33[] = {
    {"status", "Job", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_33[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Status", "string", "", NULL, 0, NULL},
    {"Completions", "string", "", NULL, 0, NULL},
    {"Duration", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"Containers", "string", "", NULL, 1, NULL},
    {"Images", "string", "", NULL, 1, NULL},
    {"Selector", "string", "", NULL, 1, NULL},
};
static const Subresource subs_34[] = {
    {"approval", "CertificateSigningRequest", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
    {"status", "CertificateSigningRequest", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_34[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"SignerName", "string", "", NULL, 0, NULL},
    {"Requestor", "string", "", NULL, 0, NULL},
    {"RequestedDuration", "string", "", NULL, 0, NULL},
    {"Condition", "string", "", NULL, 0, NULL},
};
static const Column cols_35[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Controller", "string", "", NULL, 0, NULL},
    {"Parameters", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_36[] = {
    {"status", "Ingress", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_36[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Class", "string", "", NULL, 0, NULL},
    {"Hosts", "string", "", NULL, 0, NULL},
    {"Address", "string", "", NULL, 0, NULL},
    {"Ports", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_37[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"ParentRef", "string", "", NULL, 0, NULL},
};
static const Column cols_38[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Pod-Selector", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_39[] = {
    {"status", "ServiceCIDR", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_39[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"CIDRs", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_40[] = {
    {"status", "PodDisruptionBudget", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_40[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Min Available", "string", "", NULL, 0, NULL},
    {"Max Unavailable", "string", "", NULL, 0, NULL},
    {"Allowed Disruptions", "integer", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_41[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Role", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"Users", "string", "", NULL, 1, NULL},
    {"Groups", "string", "", NULL, 1, NULL},
    {"ServiceAccounts", "string", "", NULL, 1, NULL},
};
static const Column cols_42[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Created At", "date", "", NULL, 0, NULL},
};
static const Column cols_43[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Role", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"Users", "string", "", NULL, 1, NULL},
    {"Groups", "string", "", NULL, 1, NULL},
    {"ServiceAccounts", "string", "", NULL, 1, NULL},
};
static const Column cols_44[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Created At", "date", "", NULL, 0, NULL},
};
static const Column cols_45[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"AttachRequired", "boolean", "", NULL, 0, NULL},
    {"PodInfoOnMount", "boolean", "", NULL, 0, NULL},
    {"StorageCapacity", "boolean", "", NULL, 0, NULL},
    {"TokenRequests", "string", "", NULL, 0, NULL},
    {"RequiresRepublish", "boolean", "", NULL, 0, NULL},
    {"Modes", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_46[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Drivers", "integer", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_47[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Created At", "date", "", NULL, 0, NULL},
};
static const Column cols_48[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Provisioner", "string", "", NULL, 0, NULL},
    {"ReclaimPolicy", "string", "", NULL, 0, NULL},
    {"VolumeBindingMode", "string", "", NULL, 0, NULL},
    {"AllowVolumeExpansion", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_49[] = {
    {"status", "VolumeAttachment", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_49[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Attacher", "string", "name", NULL, 0, NULL},
    {"PV", "string", "", NULL, 0, NULL},
    {"Node", "string", "", NULL, 0, NULL},
    {"Attached", "boolean", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_50[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"DriverName", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_51[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Mutations", "integer", "", NULL, 0, NULL},
    {"ParamKind", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_52[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"PolicyName", "string", "", NULL, 0, NULL},
    {"ParamRef", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_53[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Webhooks", "integer", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_54[] = {
    {"status", "ValidatingAdmissionPolicy", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_54[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Validations", "integer", "", NULL, 0, NULL},
    {"ParamKind", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_55[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"PolicyName", "string", "", NULL, 0, NULL},
    {"ParamRef", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_56[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Webhooks", "integer", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_57[] = {
    {"status", "CustomResourceDefinition", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_57[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Created At", "date", "", NULL, 0, NULL},
};
static const Column cols_58[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Value", "integer", "", NULL, 0, NULL},
    {"Global-Default", "boolean", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"PreemptionPolicy", "string", "", NULL, 0, NULL},
};
static const Column cols_59[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Holder", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_60[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Handler", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_61[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"AddressType", "string", "", NULL, 0, NULL},
    {"Ports", "string", "", NULL, 0, NULL},
    {"Endpoints", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_62[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_63[] = {
    {"status", "ResourceClaim", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_63[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"State", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_64[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Column cols_65[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Node", "string", "", NULL, 0, NULL},
    {"Driver", "string", "", NULL, 0, NULL},
    {"Pool", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_66[] = {
    {"status", "FlowSchema", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_66[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"PriorityLevel", "string", "", NULL, 0, NULL},
    {"MatchingPrecedence", "string", "", NULL, 0, NULL},
    {"DistinguisherMethod", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
    {"MissingPL", "string", "", NULL, 0, NULL},
};
static const Subresource subs_67[] = {
    {"status", "PriorityLevelConfiguration", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_67[] = {
    {"Name", "string", "name", NULL, 0, NULL},
    {"Type", "string", "", NULL, 0, NULL},
    {"NominalConcurrencyShares", "string", "", NULL, 0, NULL},
    {"Queues", "string", "", NULL, 0, NULL},
    {"HandSize", "string", "", NULL, 0, NULL},
    {"QueueLengthLimit", "string", "", NULL, 0, NULL},
    {"Age", "string", "", NULL, 0, NULL},
};
static const Subresource subs_68[] = {
    {"status", "NodePool", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_68[] = {
    {"Name", "string", "name", NULL, 0, ".metadata.name"},
    {"Mode", "string", "", NULL, 0, ".spec.mode"},
    {"Tenant", "string", "", NULL, 0, ".status.tenant"},
    {"Age", "date", "", NULL, 0, ".metadata.creationTimestamp"},
};
static const Subresource subs_69[] = {
    {"status", "Plan", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_69[] = {
    {"Name", "string", "name", NULL, 0, ".metadata.name"},
    {"Isolation", "string", "", NULL, 0, ".spec.isolation"},
    {"Pools", "string", "", NULL, 1, ".spec.nodePools"},
    {"Pods", "string", "", NULL, 0, ".spec.limits.pods"},
    {"CPU", "string", "", NULL, 0, ".spec.limits.cpu"},
    {"Memory", "string", "", NULL, 0, ".spec.limits.memory"},
    {"Weight", "integer", "", NULL, 1, ".spec.weight"},
    {"Age", "date", "", NULL, 0, ".metadata.creationTimestamp"},
};
static const Subresource subs_70[] = {
    {"access", "TenantAccess", NULL, NULL, BIT(VERB_CREATE)},
    {"audit", "TenantAudit", NULL, NULL, BIT(VERB_GET)},
    {"kubeconfig", "TenantKubeconfig", NULL, NULL, BIT(VERB_CREATE)},
    {"move", "TenantMove", NULL, NULL, BIT(VERB_CREATE)},
    {"resume", "Tenant", NULL, NULL, BIT(VERB_CREATE)},
    {"revoke", "TenantRevoke", NULL, NULL, BIT(VERB_CREATE)},
    {"status", "Tenant", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
    {"suspend", "Tenant", NULL, NULL, BIT(VERB_CREATE)},
    {"usage", "TenantUsage", NULL, NULL, BIT(VERB_GET)},
};
static const Column cols_70[] = {
    {"Name", "string", "name", NULL, 0, ".metadata.name"},
    {"Plan", "string", "", NULL, 0, ".spec.plan"},
    {"Isolation", "string", "", NULL, 0, ".spec.isolation"},
    {"Phase", "string", "", NULL, 0, ".status.phase"},
    {"Age", "date", "", NULL, 0, ".metadata.creationTimestamp"},
    {"Endpoint", "string", "", NULL, 1, ".status.endpoint"},
    {"Key-Provider", "string", "", NULL, 1, ".status.keyProvider"},
};
static const Subresource subs_71[] = {
    {"status", "TenantGroup", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
    {"usage", "TenantUsage", NULL, NULL, BIT(VERB_GET)},
};
static const Column cols_71[] = {
    {"Name", "string", "name", NULL, 0, ".metadata.name"},
    {"Parent", "string", "", NULL, 0, ".spec.parent"},
    {"Pods", "string", "", NULL, 0, ".spec.limits.pods"},
    {"Age", "date", "", NULL, 0, ".metadata.creationTimestamp"},
};
static const Subresource subs_72[] = {
    {"status", "AuditPolicy", NULL, NULL, BIT(VERB_GET) | BIT(VERB_PATCH) | BIT(VERB_UPDATE)},
};
static const Column cols_72[] = {
    {"Name", "string", "name", NULL, 0, ".metadata.name"},
    {"In force", "string", "", NULL, 0, ".status.conditions[?(@.type==\"InForce\")].status"},
    {"Age", "date", "", NULL, 0, ".metadata.creationTimestamp"},
};

const Resource gen_resources[] = { /* discovery order */
    {.group = "", .version = "v1", .kind = "Binding", .plural = "bindings", .singular = "binding", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_CREATE), .type = &gen_types[192], .storage = "bindings", .is_namespaced = true},
    {.group = "", .version = "v1", .kind = "ComponentStatus", .plural = "componentstatuses", .singular = "componentstatus", .short_names = list_1, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST), .type = &gen_types[203], .storage = "componentstatuses", .columns = cols_1, .n_columns = 4},
    {.group = "", .version = "v1", .kind = "ConfigMap", .plural = "configmaps", .singular = "configmap", .short_names = list_2, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[204], .storage = "configmaps", .is_namespaced = true, .columns = cols_2, .n_columns = 3},
    {.group = "", .version = "v1", .kind = "Endpoints", .plural = "endpoints", .singular = "endpoints", .short_names = list_3, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[231], .storage = "endpoints", .is_namespaced = true, .columns = cols_3, .n_columns = 3},
    {.group = "", .version = "v1", .kind = "Event", .plural = "events", .singular = "event", .short_names = list_4, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[237], .storage = "events", .is_namespaced = true, .columns = cols_4, .n_columns = 10},
    {.group = "", .version = "v1", .kind = "LimitRange", .plural = "limitranges", .singular = "limitrange", .short_names = list_5, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[263], .storage = "limitranges", .is_namespaced = true, .columns = cols_5, .n_columns = 2},
    {.group = "", .version = "v1", .kind = "Namespace", .plural = "namespaces", .singular = "namespace", .short_names = list_6, .categories = list_0, .verbs = BIT(VERB_CREATE) | BIT(VERB_DELETE) | BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_PATCH) | BIT(VERB_UPDATE) | BIT(VERB_WATCH), .type = &gen_types[273], .storage = "namespaces", .has_status = true, .subresources = subs_6, .n_subresources = 2, .columns = cols_6, .n_columns = 3},
    {.group = "", .version = "v1", .kind = "Node", .plural = "nodes", .singular = "node", .short_names = list_7, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[277], .storage = "nodes", .has_status = true, .subresources = subs_7, .n_subresources = 2, .columns = cols_7, .n_columns = 10},
    {.group = "", .version = "v1", .kind = "PersistentVolumeClaim", .plural = "persistentvolumeclaims", .singular = "persistentvolumeclaim", .short_names = list_8, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[298], .storage = "persistentvolumeclaims", .is_namespaced = true, .has_status = true, .subresources = subs_8, .n_subresources = 1, .columns = cols_8, .n_columns = 9},
    {.group = "", .version = "v1", .kind = "PersistentVolume", .plural = "persistentvolumes", .singular = "persistentvolume", .short_names = list_9, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[297], .storage = "persistentvolumes", .has_status = true, .subresources = subs_9, .n_subresources = 1, .columns = cols_9, .n_columns = 11},
    {.group = "", .version = "v1", .kind = "Pod", .plural = "pods", .singular = "pod", .short_names = list_10, .categories = list_11, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[307], .storage = "pods", .is_namespaced = true, .has_status = true, .has_generation = true, .subresources = subs_10, .n_subresources = 10, .columns = cols_10, .n_columns = 9},
    {.group = "", .version = "v1", .kind = "PodTemplate", .plural = "podtemplates", .singular = "podtemplate", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[326], .storage = "podtemplates", .is_namespaced = true, .has_generation = true, .columns = cols_11, .n_columns = 4},
    {.group = "", .version = "v1", .kind = "ReplicationController", .plural = "replicationcontrollers", .singular = "replicationcontroller", .short_names = list_12, .categories = list_11, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[336], .storage = "replicationcontrollers", .is_namespaced = true, .has_status = true, .has_generation = true, .subresources = subs_12, .n_subresources = 2, .columns = cols_12, .n_columns = 8},
    {.group = "", .version = "v1", .kind = "ResourceQuota", .plural = "resourcequotas", .singular = "resourcequota", .short_names = list_13, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[343], .storage = "resourcequotas", .is_namespaced = true, .has_status = true, .subresources = subs_13, .n_subresources = 1, .columns = cols_13, .n_columns = 4},
    {.group = "", .version = "v1", .kind = "Secret", .plural = "secrets", .singular = "secret", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[354], .storage = "secrets", .is_namespaced = true, .columns = cols_14, .n_columns = 4},
    {.group = "", .version = "v1", .kind = "ServiceAccount", .plural = "serviceaccounts", .singular = "serviceaccount", .short_names = list_14, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[362], .storage = "serviceaccounts", .is_namespaced = true, .subresources = subs_15, .n_subresources = 1, .columns = cols_15, .n_columns = 2},
    {.group = "", .version = "v1", .kind = "Service", .plural = "services", .singular = "service", .short_names = list_15, .categories = list_11, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[361], .storage = "services", .is_namespaced = true, .has_status = true, .subresources = subs_16, .n_subresources = 2, .columns = cols_16, .n_columns = 7},
    {.group = "apiregistration.k8s.io", .version = "v1", .kind = "APIService", .plural = "apiservices", .singular = "apiservice", .short_names = list_0, .categories = list_16, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[565], .storage = "apiregistration/apiservices", .has_status = true, .subresources = subs_17, .n_subresources = 1, .columns = cols_17, .n_columns = 4},
    {.group = "apps", .version = "v1", .kind = "ControllerRevision", .plural = "controllerrevisions", .singular = "controllerrevision", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[84], .storage = "apps/controllerrevisions", .is_namespaced = true, .columns = cols_18, .n_columns = 4},
    {.group = "apps", .version = "v1", .kind = "DaemonSet", .plural = "daemonsets", .singular = "daemonset", .short_names = list_17, .categories = list_11, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[85], .storage = "apps/daemonsets", .is_namespaced = true, .has_status = true, .has_generation = true, .subresources = subs_19, .n_subresources = 1, .columns = cols_19, .n_columns = 11},
    {.group = "apps", .version = "v1", .kind = "Deployment", .plural = "deployments", .singular = "deployment", .short_names = list_18, .categories = list_11, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[90], .storage = "apps/deployments", .is_namespaced = true, .has_status = true, .has_generation = true, .subresources = subs_20, .n_subresources = 2, .columns = cols_20, .n_columns = 8},
    {.group = "apps", .version = "v1", .kind = "ReplicaSet", .plural = "replicasets", .singular = "replicaset", .short_names = list_19, .categories = list_11, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[95], .storage = "apps/replicasets", .is_namespaced = true, .has_status = true, .has_generation = true, .subresources = subs_21, .n_subresources = 2, .columns = cols_21, .n_columns = 8},
    {.group = "apps", .version = "v1", .kind = "StatefulSet", .plural = "statefulsets", .singular = "statefulset", .short_names = list_20, .categories = list_11, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[102], .storage = "apps/statefulsets", .is_namespaced = true, .has_status = true, .has_generation = true, .subresources = subs_22, .n_subresources = 2, .columns = cols_22, .n_columns = 5},
    {.group = "events.k8s.io", .version = "v1", .kind = "Event", .plural = "events", .singular = "event", .short_names = list_4, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[398], .storage = "events", .is_namespaced = true, .columns = cols_23, .n_columns = 10},
    {.group = "authentication.k8s.io", .version = "v1", .kind = "SelfSubjectReview", .plural = "selfsubjectreviews", .singular = "selfsubjectreview", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_CREATE), .type = &gen_types[110], .storage = "authentication/selfsubjectreviews", .is_review = true},
    {.group = "authentication.k8s.io", .version = "v1", .kind = "TokenReview", .plural = "tokenreviews", .singular = "tokenreview", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_CREATE), .type = &gen_types[115], .storage = "authentication/tokenreviews", .is_review = true},
    {.group = "authorization.k8s.io", .version = "v1", .kind = "LocalSubjectAccessReview", .plural = "localsubjectaccessreviews", .singular = "localsubjectaccessreview", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_CREATE), .type = &gen_types[121], .storage = "authorization/localsubjectaccessreviews", .is_namespaced = true, .is_review = true},
    {.group = "authorization.k8s.io", .version = "v1", .kind = "SelfSubjectAccessReview", .plural = "selfsubjectaccessreviews", .singular = "selfsubjectaccessreview", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_CREATE), .type = &gen_types[126], .storage = "authorization/selfsubjectaccessreviews", .is_review = true},
    {.group = "authorization.k8s.io", .version = "v1", .kind = "SelfSubjectRulesReview", .plural = "selfsubjectrulesreviews", .singular = "selfsubjectrulesreview", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_CREATE), .type = &gen_types[128], .storage = "authorization/selfsubjectrulesreviews", .is_review = true},
    {.group = "authorization.k8s.io", .version = "v1", .kind = "SubjectAccessReview", .plural = "subjectaccessreviews", .singular = "subjectaccessreview", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_CREATE), .type = &gen_types[130], .storage = "authorization/subjectaccessreviews", .is_review = true},
    {.group = "autoscaling", .version = "v2", .kind = "HorizontalPodAutoscaler", .plural = "horizontalpodautoscalers", .singular = "horizontalpodautoscaler", .short_names = list_21, .categories = list_11, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[148], .storage = "autoscaling/horizontalpodautoscalers", .is_namespaced = true, .has_status = true, .subresources = subs_30, .n_subresources = 1, .columns = cols_30, .n_columns = 7},
    {.group = "autoscaling", .version = "v1", .kind = "HorizontalPodAutoscaler", .plural = "horizontalpodautoscalers", .singular = "horizontalpodautoscaler", .short_names = list_21, .categories = list_11, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[135], .storage = "autoscaling/horizontalpodautoscalers", .is_namespaced = true, .has_status = true, .subresources = subs_31, .n_subresources = 1, .columns = cols_31, .n_columns = 7},
    {.group = "batch", .version = "v1", .kind = "CronJob", .plural = "cronjobs", .singular = "cronjob", .short_names = list_22, .categories = list_11, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[164], .storage = "batch/cronjobs", .is_namespaced = true, .has_status = true, .has_generation = true, .subresources = subs_32, .n_subresources = 1, .columns = cols_32, .n_columns = 10},
    {.group = "batch", .version = "v1", .kind = "Job", .plural = "jobs", .singular = "job", .short_names = list_0, .categories = list_11, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[167], .storage = "batch/jobs", .is_namespaced = true, .has_status = true, .has_generation = true, .subresources = subs_33, .n_subresources = 1, .columns = cols_33, .n_columns = 8},
    {.group = "certificates.k8s.io", .version = "v1", .kind = "CertificateSigningRequest", .plural = "certificatesigningrequests", .singular = "certificatesigningrequest", .short_names = list_23, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[179], .storage = "certificates/certificatesigningrequests", .has_status = true, .subresources = subs_34, .n_subresources = 2, .columns = cols_34, .n_columns = 6},
    {.group = "networking.k8s.io", .version = "v1", .kind = "IngressClass", .plural = "ingressclasses", .singular = "ingressclass", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[428], .storage = "networking/ingressclasses", .has_generation = true, .columns = cols_35, .n_columns = 4},
    {.group = "networking.k8s.io", .version = "v1", .kind = "Ingress", .plural = "ingresses", .singular = "ingress", .short_names = list_24, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[426], .storage = "networking/ingresses", .is_namespaced = true, .has_status = true, .has_generation = true, .subresources = subs_36, .n_subresources = 1, .columns = cols_36, .n_columns = 6},
    {.group = "networking.k8s.io", .version = "v1", .kind = "IPAddress", .plural = "ipaddresses", .singular = "ipaddress", .short_names = list_25, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[423], .storage = "networking/ipaddresses", .columns = cols_37, .n_columns = 2},
    {.group = "networking.k8s.io", .version = "v1", .kind = "NetworkPolicy", .plural = "networkpolicies", .singular = "networkpolicy", .short_names = list_26, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[439], .storage = "networking/networkpolicies", .is_namespaced = true, .has_generation = true, .columns = cols_38, .n_columns = 3},
    {.group = "networking.k8s.io", .version = "v1", .kind = "ServiceCIDR", .plural = "servicecidrs", .singular = "servicecidr", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[447], .storage = "networking/servicecidrs", .has_status = true, .subresources = subs_39, .n_subresources = 1, .columns = cols_39, .n_columns = 3},
    {.group = "policy", .version = "v1", .kind = "PodDisruptionBudget", .plural = "poddisruptionbudgets", .singular = "poddisruptionbudget", .short_names = list_27, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[454], .storage = "policy/poddisruptionbudgets", .is_namespaced = true, .has_status = true, .has_generation = true, .subresources = subs_40, .n_subresources = 1, .columns = cols_40, .n_columns = 5},
    {.group = "rbac.authorization.k8s.io", .version = "v1", .kind = "ClusterRoleBinding", .plural = "clusterrolebindings", .singular = "clusterrolebinding", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[459], .storage = "rbac/clusterrolebindings", .columns = cols_41, .n_columns = 6},
    {.group = "rbac.authorization.k8s.io", .version = "v1", .kind = "ClusterRole", .plural = "clusterroles", .singular = "clusterrole", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[458], .storage = "rbac/clusterroles", .columns = cols_42, .n_columns = 2},
    {.group = "rbac.authorization.k8s.io", .version = "v1", .kind = "RoleBinding", .plural = "rolebindings", .singular = "rolebinding", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[462], .storage = "rbac/rolebindings", .is_namespaced = true, .columns = cols_43, .n_columns = 6},
    {.group = "rbac.authorization.k8s.io", .version = "v1", .kind = "Role", .plural = "roles", .singular = "role", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[461], .storage = "rbac/roles", .is_namespaced = true, .columns = cols_44, .n_columns = 2},
    {.group = "storage.k8s.io", .version = "v1", .kind = "CSIDriver", .plural = "csidrivers", .singular = "csidriver", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[505], .storage = "storage/csidrivers", .columns = cols_45, .n_columns = 8},
    {.group = "storage.k8s.io", .version = "v1", .kind = "CSINode", .plural = "csinodes", .singular = "csinode", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[507], .storage = "storage/csinodes", .columns = cols_46, .n_columns = 3},
    {.group = "storage.k8s.io", .version = "v1", .kind = "CSIStorageCapacity", .plural = "csistoragecapacities", .singular = "csistoragecapacity", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[510], .storage = "storage/csistoragecapacities", .is_namespaced = true, .columns = cols_47, .n_columns = 2},
    {.group = "storage.k8s.io", .version = "v1", .kind = "StorageClass", .plural = "storageclasses", .singular = "storageclass", .short_names = list_28, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[511], .storage = "storage/storageclasses", .columns = cols_48, .n_columns = 6},
    {.group = "storage.k8s.io", .version = "v1", .kind = "VolumeAttachment", .plural = "volumeattachments", .singular = "volumeattachment", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[513], .storage = "storage/volumeattachments", .has_status = true, .subresources = subs_49, .n_subresources = 1, .columns = cols_49, .n_columns = 6},
    {.group = "storage.k8s.io", .version = "v1", .kind = "VolumeAttributesClass", .plural = "volumeattributesclasses", .singular = "volumeattributesclass", .short_names = list_29, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[517], .storage = "storage/volumeattributesclasses", .columns = cols_50, .n_columns = 3},
    {.group = "admissionregistration.k8s.io", .version = "v1", .kind = "MutatingAdmissionPolicy", .plural = "mutatingadmissionpolicies", .singular = "mutatingadmissionpolicy", .short_names = list_0, .categories = list_16, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[57], .storage = "admissionregistration/mutatingadmissionpolicies", .has_generation = true, .columns = cols_51, .n_columns = 4},
    {.group = "admissionregistration.k8s.io", .version = "v1", .kind = "MutatingAdmissionPolicyBinding", .plural = "mutatingadmissionpolicybindings", .singular = "mutatingadmissionpolicybinding", .short_names = list_0, .categories = list_16, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[58], .storage = "admissionregistration/mutatingadmissionpolicybindings", .has_generation = true, .columns = cols_52, .n_columns = 4},
    {.group = "admissionregistration.k8s.io", .version = "v1", .kind = "MutatingWebhookConfiguration", .plural = "mutatingwebhookconfigurations", .singular = "mutatingwebhookconfiguration", .short_names = list_0, .categories = list_16, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[62], .storage = "admissionregistration/mutatingwebhookconfigurations", .has_generation = true, .columns = cols_53, .n_columns = 3},
    {.group = "admissionregistration.k8s.io", .version = "v1", .kind = "ValidatingAdmissionPolicy", .plural = "validatingadmissionpolicies", .singular = "validatingadmissionpolicy", .short_names = list_0, .categories = list_16, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[70], .storage = "admissionregistration/validatingadmissionpolicies", .has_status = true, .has_generation = true, .subresources = subs_54, .n_subresources = 1, .columns = cols_54, .n_columns = 4},
    {.group = "admissionregistration.k8s.io", .version = "v1", .kind = "ValidatingAdmissionPolicyBinding", .plural = "validatingadmissionpolicybindings", .singular = "validatingadmissionpolicybinding", .short_names = list_0, .categories = list_16, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[71], .storage = "admissionregistration/validatingadmissionpolicybindings", .has_generation = true, .columns = cols_55, .n_columns = 4},
    {.group = "admissionregistration.k8s.io", .version = "v1", .kind = "ValidatingWebhookConfiguration", .plural = "validatingwebhookconfigurations", .singular = "validatingwebhookconfiguration", .short_names = list_0, .categories = list_16, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[76], .storage = "admissionregistration/validatingwebhookconfigurations", .has_generation = true, .columns = cols_56, .n_columns = 3},
    {.group = "apiextensions.k8s.io", .version = "v1", .kind = "CustomResourceDefinition", .plural = "customresourcedefinitions", .singular = "customresourcedefinition", .short_names = list_30, .categories = list_16, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[522], .storage = "apiextensions/customresourcedefinitions", .has_status = true, .has_generation = true, .subresources = subs_57, .n_subresources = 1, .columns = cols_57, .n_columns = 2},
    {.group = "scheduling.k8s.io", .version = "v1", .kind = "PriorityClass", .plural = "priorityclasses", .singular = "priorityclass", .short_names = list_31, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[504], .storage = "scheduling/priorityclasses", .has_generation = true, .columns = cols_58, .n_columns = 5},
    {.group = "coordination.k8s.io", .version = "v1", .kind = "Lease", .plural = "leases", .singular = "lease", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[183], .storage = "coordination/leases", .is_namespaced = true, .columns = cols_59, .n_columns = 3},
    {.group = "node.k8s.io", .version = "v1", .kind = "RuntimeClass", .plural = "runtimeclasses", .singular = "runtimeclass", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[451], .storage = "node/runtimeclasses", .columns = cols_60, .n_columns = 3},
    {.group = "discovery.k8s.io", .version = "v1", .kind = "EndpointSlice", .plural = "endpointslices", .singular = "endpointslice", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[395], .storage = "discovery/endpointslices", .is_namespaced = true, .has_generation = true, .columns = cols_61, .n_columns = 5},
    {.group = "resource.k8s.io", .version = "v1", .kind = "DeviceClass", .plural = "deviceclasses", .singular = "deviceclass", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[480], .storage = "resource/deviceclasses", .has_generation = true, .columns = cols_62, .n_columns = 2},
    {.group = "resource.k8s.io", .version = "v1", .kind = "ResourceClaim", .plural = "resourceclaims", .singular = "resourceclaim", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[495], .storage = "resource/resourceclaims", .is_namespaced = true, .has_status = true, .subresources = subs_63, .n_subresources = 1, .columns = cols_63, .n_columns = 3},
    {.group = "resource.k8s.io", .version = "v1", .kind = "ResourceClaimTemplate", .plural = "resourceclaimtemplates", .singular = "resourceclaimtemplate", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[499], .storage = "resource/resourceclaimtemplates", .is_namespaced = true, .columns = cols_64, .n_columns = 2},
    {.group = "resource.k8s.io", .version = "v1", .kind = "ResourceSlice", .plural = "resourceslices", .singular = "resourceslice", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[502], .storage = "resource/resourceslices", .has_generation = true, .columns = cols_65, .n_columns = 5},
    {.group = "flowcontrol.apiserver.k8s.io", .version = "v1", .kind = "FlowSchema", .plural = "flowschemas", .singular = "flowschema", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[402], .storage = "flowcontrol/flowschemas", .has_status = true, .has_generation = true, .subresources = subs_66, .n_subresources = 1, .columns = cols_66, .n_columns = 6},
    {.group = "flowcontrol.apiserver.k8s.io", .version = "v1", .kind = "PriorityLevelConfiguration", .plural = "prioritylevelconfigurations", .singular = "prioritylevelconfiguration", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[411], .storage = "flowcontrol/prioritylevelconfigurations", .has_status = true, .has_generation = true, .subresources = subs_67, .n_subresources = 1, .columns = cols_67, .n_columns = 7},
    {.group = "tenancy.hostplane.io", .version = "v1", .kind = "NodePool", .plural = "nodepools", .singular = "nodepool", .short_names = list_32, .categories = list_33, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[17], .storage = "tenancy/nodepools", .has_status = true, .has_generation = true, .subresources = subs_68, .n_subresources = 1, .columns = cols_68, .n_columns = 4},
    {.group = "tenancy.hostplane.io", .version = "v1", .kind = "Plan", .plural = "plans", .singular = "plan", .short_names = list_34, .categories = list_33, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[20], .storage = "tenancy/plans", .has_status = true, .has_generation = true, .subresources = subs_69, .n_subresources = 1, .columns = cols_69, .n_columns = 8},
    {.group = "tenancy.hostplane.io", .version = "v1", .kind = "Tenant", .plural = "tenants", .singular = "tenant", .short_names = list_35, .categories = list_33, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[25], .storage = "tenancy/tenants", .has_status = true, .has_generation = true, .subresources = subs_70, .n_subresources = 9, .columns = cols_70, .n_columns = 7},
    {.group = "tenancy.hostplane.io", .version = "v1", .kind = "TenantGroup", .plural = "tenantgroups", .singular = "tenantgroup", .short_names = list_36, .categories = list_33, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[32], .storage = "tenancy/tenantgroups", .has_status = true, .has_generation = true, .subresources = subs_71, .n_subresources = 2, .columns = cols_71, .n_columns = 4},
    {.group = "audit.hostplane.io", .version = "v1", .kind = "AuditPolicy", .plural = "auditpolicies", .singular = "auditpolicy", .short_names = list_0, .categories = list_0, .verbs = BIT(VERB_GET) | BIT(VERB_LIST) | BIT(VERB_WATCH) | BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), .type = &gen_types[5], .storage = "audit/auditpolicies", .has_status = true, .has_generation = true, .subresources = subs_72, .n_subresources = 1, .columns = cols_72, .n_columns = 3},
};
const size_t gen_n_resources = 73;
const uint16_t gen_resources_by_plural[] = {17, 72, 0, 34, 41, 42, 1, 2, 18, 32, 45, 46, 47, 57, 19, 20, 62, 3, 61, 4, 23, 66, 31, 30, 35, 36, 37, 33, 59, 5, 26, 51, 52, 53, 6, 38, 68, 7, 8, 9, 69, 40, 10, 11, 58, 67, 21, 12, 63, 64, 13, 65, 43, 44, 60, 14, 27, 24, 28, 15, 39, 16, 22, 48, 29, 71, 70, 25, 54, 55, 56, 49, 50};
const uint16_t gen_resources_by_kind[] = {17, 72, 0, 45, 46, 47, 34, 42, 41, 1, 2, 18, 32, 57, 19, 20, 62, 61, 3, 4, 23, 66, 31, 30, 37, 36, 35, 33, 59, 5, 26, 51, 52, 53, 6, 38, 7, 68, 9, 8, 69, 10, 40, 11, 58, 67, 21, 12, 63, 64, 13, 65, 44, 43, 60, 14, 27, 24, 28, 16, 15, 39, 22, 48, 29, 70, 71, 25, 54, 55, 56, 49, 50};
