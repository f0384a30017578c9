/*
 * openapi_marks.c - what published schemas say beyond the kind tables: which open fields have a
 * schema of their own, which defaults are told, unions, and the versions of every group that a type
 * belongs to.
 */
#include "api/discovery_int.h"

#define META       "io.k8s.apimachinery.pkg.apis.meta.v1."
#define CORE       "io.k8s.api.core.v1."
#define FLOW       "io.k8s.api.flowcontrol.v1."
#define DEFINITION "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1."
#define PROPS      DEFINITION "JSONSchemaProps"
#define RAW        "io.k8s.apimachinery.pkg.runtime.RawExtension"

typedef struct FieldMark {
    const char *type, *field, *text;
} FieldMark;

static const char *mark_of(const FieldMark *marks, size_t n, const Type *t, const char *field)
{
    for (size_t i = 0; t->name && i < n; i++)
        if (strcmp(marks[i].field, field) == 0 && strcmp(marks[i].type, t->name) == 0)
            return marks[i].text;
    return NULL;
}

const char *openapi__open_schema(const Type *t, const Field *f)
{
    static const FieldMark marks[] = {
        {META "ManagedFieldsEntry", "fieldsV1", META "FieldsV1"},
        {META "WatchEvent", "object", RAW},
        {"io.k8s.api.apps.v1.ControllerRevision", "data", RAW},
        {"io.k8s.api.resource.v1.AllocatedDeviceStatus", "data", RAW},
        {"io.k8s.api.resource.v1.OpaqueDeviceConfiguration", "parameters", RAW},
        {PROPS, "default", DEFINITION "JSON"},
        {PROPS, "example", DEFINITION "JSON"},
        {PROPS, "enum", DEFINITION "JSON"},
        {PROPS, "items", PROPS "OrArray"},
        {PROPS, "additionalItems", PROPS "OrBool"},
        {PROPS, "additionalProperties", PROPS "OrBool"},
        {PROPS, "dependencies", PROPS "OrStringArray"},
    };

    return mark_of(marks, ARRAY_LEN(marks), t, f->name);
}

void openapi__write_open_schemas(const SchemaSet *types, Buf *out)
{
    static const struct {
        const char *name, *of, *text;
    } schemas[] = {
        {META "FieldsV1", META "ManagedFieldsEntry",
         "\"description\":\"A set of fields as a tree: f:NAME is a field, k:{...} a list entry by "
         "its keys, v:VALUE an entry of a set, i:N a place in a list.\",\"type\":\"object\""},
        {RAW, META "WatchEvent", "\"description\":\"An object of any kind.\",\"type\":\"object\""},
        {DEFINITION "JSON", PROPS, "\"description\":\"A value of any form.\""},
        {PROPS "OrArray", PROPS, "\"description\":\"A schema, or a list of schemas.\""},
        {PROPS "OrBool", PROPS, "\"description\":\"A schema, or true or false.\""},
        {PROPS "OrStringArray", PROPS, "\"description\":\"A schema, or a list of names.\""},
    };

    for (size_t i = 0; i < ARRAY_LEN(schemas); i++)
        for (uint32_t k = 0; k < types->n; k++)
            if (str_eq(types->types[k]->name, schemas[i].of)) {
                buf_addf(out, ",\"%s\":{%s}", schemas[i].name, schemas[i].text);
                break;
            }
}

/* Most defaults are filled in without being told of. */
const char *openapi__told_default(const Type *t, const Field *f)
{
    static const FieldMark marks[] = {
        /* without a text: what the field itself has */
        {"io.k8s.api.autoscaling.v1.ScaleSpec", "replicas", "0"},
        {CORE "ConfigMapEnvSource", "name", "\"\""},
        {CORE "ConfigMapKeySelector", "name", "\"\""},
        {CORE "ConfigMapProjection", "name", "\"\""},
        {CORE "ConfigMapVolumeSource", "name", "\"\""},
        {CORE "LocalObjectReference", "name", "\"\""},
        {CORE "ReplicationControllerSpec", "minReadySeconds", "0"},
        {CORE "ReplicationControllerSpec", "replicas", ""},
        {CORE "SecretEnvSource", "name", "\"\""},
        {CORE "SecretKeySelector", "name", "\"\""},
        {CORE "SecretProjection", "name", "\"\""},
        {CORE "AzureDiskVolumeSource", "cachingMode", ""},
        {CORE "AzureDiskVolumeSource", "fsType", ""},
        {CORE "AzureDiskVolumeSource", "kind", ""},
        {CORE "AzureDiskVolumeSource", "readOnly", ""},
        {CORE "ContainerPort", "protocol", ""},
        {CORE "FileKeySelector", "optional", ""},
        {CORE "GRPCAction", "service", ""},
        {CORE "ISCSIPersistentVolumeSource", "iscsiInterface", ""},
        {CORE "ISCSIVolumeSource", "iscsiInterface", ""},
        {CORE "RBDPersistentVolumeSource", "keyring", ""},
        {CORE "RBDPersistentVolumeSource", "pool", ""},
        {CORE "RBDPersistentVolumeSource", "user", ""},
        {CORE "RBDVolumeSource", "keyring", ""},
        {CORE "RBDVolumeSource", "pool", ""},
        {CORE "RBDVolumeSource", "user", ""},
        {CORE "ScaleIOPersistentVolumeSource", "fsType", ""},
        {CORE "ScaleIOPersistentVolumeSource", "storageMode", ""},
        {CORE "ScaleIOVolumeSource", "fsType", ""},
        {CORE "ScaleIOVolumeSource", "storageMode", ""},
        {CORE "ServicePort", "protocol", ""},
        {"io.k8s.api.resource.v1.DeviceToleration", "operator", ""},
    };

    const char *text = mark_of(marks, ARRAY_LEN(marks), t, f->name);

    return text && !text[0] ? f->deflt : text;
}

bool openapi__is_bare(const Type *t, const Field *f)
{
    static const FieldMark marks[] = {
        {"io.k8s.api.networking.v1.IngressRule", "http", ""},
        {PROPS, "additionalItems", ""},
        {PROPS, "additionalProperties", ""},
        {PROPS, "example", ""},
        {PROPS, "externalDocs", ""},
        {PROPS, "items", ""},
        {PROPS, "not", ""},
    };

    return mark_of(marks, ARRAY_LEN(marks), t, f->name) != NULL;
}

bool openapi__has_list_type(const Type *t, const Field *f)
{
    static const FieldMark without[] = {{META "APIResource", "verbs", ""}};

    return f->kind == FIELD_LIST && !mark_of(without, ARRAY_LEN(without), t, f->name);
}

const char *openapi__extension(const Type *t, const Field *f)
{
    static const FieldMark marks[] = {
        {CORE "PersistentVolumeSpec", "claimRef", ",\"x-kubernetes-map-type\":\"granular\""},
        {CORE "PersistentVolumeClaimStatus", "allocatedResourceStatuses",
         ",\"x-kubernetes-map-type\":\"granular\""},
        {"io.k8s.api.policy.v1.PodDisruptionBudgetSpec", "selector",
         ",\"x-kubernetes-patch-strategy\":\"replace\""},
        {"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec", "caBundle",
         ",\"x-kubernetes-list-type\":\"atomic\""},
    };

    return mark_of(marks, ARRAY_LEN(marks), t, f->name);
}

void openapi__write_unions(const Type *t, Buf *out)
{
    static const struct {
        const char *type, *discriminator, *fields[4];
    } unions[] = {
        {CORE "AppArmorProfile", "type", {"localhostProfile"}},
        {CORE "PodSchedulingGroup", NULL, {"podGroupName"}},
        {CORE "SeccompProfile", "type", {"localhostProfile"}},
        {FLOW "LimitResponse", "type", {"queuing"}},
        {FLOW "PriorityLevelConfigurationSpec", "type", {"exempt", "limited"}},
        {FLOW "Subject", "kind", {"group", "serviceAccount", "user"}},
    };

    for (size_t i = 0; i < ARRAY_LEN(unions); i++) {
        if (!str_eq(unions[i].type, t->name))
            continue;
        buf_adds(out, ",\"x-kubernetes-unions\":[{");
        if (unions[i].discriminator)
            buf_addf(out, "\"discriminator\":\"%s\",", unions[i].discriminator);
        buf_adds(out, "\"fields-to-discriminateBy\":{");
        for (const char *const *f = unions[i].fields; *f; f++)
            buf_addf(out, "%s\"%s\":\"%c%s\"", f > unions[i].fields ? "," : "", *f, **f - 'a' + 'A',
                     *f + 1);
        buf_adds(out, "}}]");
    }
}

/* Types that upstream registers for every group version that it has, served or not. */
static const char *const group_versions[] = {
    "v1",
    "admission.k8s.io/v1",
    "admission.k8s.io/v1beta1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
    "apiextensions.k8s.io/v1beta1",
    "apiregistration.k8s.io/v1",
    "apiregistration.k8s.io/v1beta1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1alpha1",
    "certificates.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "imagepolicy.k8s.io/v1alpha1",
    "internal.apiserver.k8s.io/v1alpha1",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1alpha1",
    "rbac.authorization.k8s.io/v1beta1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1alpha3",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1beta2",
    "scheduling.k8s.io/v1",
    "scheduling.k8s.io/v1alpha2",
    "scheduling.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storage.k8s.io/v1beta1",
    "storagemigration.k8s.io/v1beta1",
};

const char *const *openapi__versions_of(const Type *t, size_t *ret_n)
{
    static const char *const core[] = {"v1"};
    static const char *const everywhere[] = {META "DeleteOptions", META "WatchEvent"};
    static const char *const once[] = {META "APIResourceList", META "Status"};

    for (size_t i = 0; i < ARRAY_LEN(everywhere); i++)
        if (str_eq(t->name, everywhere[i])) {
            *ret_n = ARRAY_LEN(group_versions);
            return group_versions;
        }
    for (size_t i = 0; i < ARRAY_LEN(once); i++)
        if (str_eq(t->name, once[i])) {
            *ret_n = ARRAY_LEN(core);
            return core;
        }
    *ret_n = 0;
    return NULL;
}
