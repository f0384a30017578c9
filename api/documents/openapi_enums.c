/*
 * openapi_enums.c - the values of Go types that the real server publishes as enumerations.
 *
 * Validation does not read them: it has its own rules, with their own words.
 */
#include "api/discovery_int.h"

#define VALUES(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct {
    const char *type;
    const char *const *values;
} enums[] = {
    {"v1.AddressType", VALUES("FQDN", "IPv4", "IPv6")},
    {"v1.AppArmorProfileType", VALUES("Localhost", "RuntimeDefault", "Unconfined")},
    {"v1.AzureDataDiskCachingMode", VALUES("None", "ReadOnly", "ReadWrite")},
    {"v1.AzureDataDiskKind", VALUES("Dedicated", "Managed", "Shared")},
    {"v1.CompletionMode", VALUES("Indexed", "NonIndexed")},
    {"v1.ConcurrencyPolicy", VALUES("Allow", "Forbid", "Replace")},
    {"v1.DNSPolicy", VALUES("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")},
    {"v1.DaemonSetUpdateStrategyType", VALUES("OnDelete", "RollingUpdate")},
    {"v1.DeploymentStrategyType", VALUES("Recreate", "RollingUpdate")},
    {"v1.FailurePolicyType", VALUES("Fail", "Ignore")},
    {"v1.IPFamilyPolicy", VALUES("PreferDualStack", "RequireDualStack", "SingleStack")},
    {"v1.MatchPolicyType", VALUES("Equivalent", "Exact")},
    {"v1.MountPropagationMode", VALUES("Bidirectional", "HostToContainer", "None")},
    {"v1.NamespacePhase", VALUES("Active", "Terminating")},
    {"v1.NodeInclusionPolicy", VALUES("Honor", "Ignore")},
    {"v1.NodePhase", VALUES("Pending", "Running", "Terminated")},
    {"v1.NodeSelectorOperator", VALUES("DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn")},
    {"v1.PathType", VALUES("Exact", "ImplementationSpecific", "Prefix")},
    {"v1.PersistentVolumeAccessMode",
     VALUES("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")},
    {"v1.PersistentVolumeClaimModifyVolumeStatus", VALUES("InProgress", "Infeasible", "Pending")},
    {"v1.PersistentVolumeClaimPhase", VALUES("Bound", "Lost", "Pending")},
    {"v1.PersistentVolumeMode", VALUES("Block", "Filesystem")},
    {"v1.PersistentVolumePhase", VALUES("Available", "Bound", "Failed", "Pending", "Released")},
    {"v1.PersistentVolumeReclaimPolicy", VALUES("Delete", "Recycle", "Retain")},
    {"v1.PodFSGroupChangePolicy", VALUES("Always", "OnRootMismatch")},
    {"v1.PodFailurePolicyAction", VALUES("Count", "FailIndex", "FailJob", "Ignore")},
    {"v1.PodFailurePolicyOnExitCodesOperator", VALUES("In", "NotIn")},
    {"v1.PodManagementPolicyType", VALUES("OrderedReady", "Parallel")},
    {"v1.PodPhase", VALUES("Failed", "Pending", "Running", "Succeeded", "Unknown")},
    {"v1.PodQOSClass", VALUES("BestEffort", "Burstable", "Guaranteed")},
    {"v1.PodReplacementPolicy", VALUES("Failed", "TerminatingOrFailed")},
    {"v1.PolicyType", VALUES("Egress", "Ingress")},
    {"v1.PreemptionPolicy", VALUES("Never", "PreemptLowerPriority")},
    {"v1.ProcMountType", VALUES("Default", "Unmasked")},
    {"v1.Protocol", VALUES("SCTP", "TCP", "UDP")},
    {"v1.PullPolicy", VALUES("Always", "IfNotPresent", "Never")},
    {"v1.ReinvocationPolicyType", VALUES("IfNeeded", "Never")},
    {"v1.ResourceQuotaScope",
     VALUES("BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating",
            "PriorityClass", "Terminating", "VolumeAttributesClass")},
    {"v1.RestartPolicy", VALUES("Always", "Never", "OnFailure")},
    {"v1.ScopeSelectorOperator", VALUES("DoesNotExist", "Exists", "In", "NotIn")},
    {"v1.ScopeType", VALUES("*", "Cluster", "Namespaced")},
    {"v1.SeccompProfileType", VALUES("Localhost", "RuntimeDefault", "Unconfined")},
    {"v1.ServiceAffinity", VALUES("ClientIP", "None")},
    {"v1.ServiceExternalTrafficPolicy", VALUES("Cluster", "Local")},
    {"v1.ServiceInternalTrafficPolicy", VALUES("Cluster", "Local")},
    {"v1.ServiceType", VALUES("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")},
    {"v1.SideEffectClass", VALUES("None", "NoneOnDryRun", "Some", "Unknown")},
    {"v1.StatefulSetUpdateStrategyType", VALUES("OnDelete", "RollingUpdate")},
    {"v1.SupplementalGroupsPolicy", VALUES("Merge", "Strict")},
    {"v1.TaintEffect", VALUES("NoExecute", "NoSchedule", "PreferNoSchedule")},
    {"v1.TerminationMessagePolicy", VALUES("FallbackToLogsOnError", "File")},
    {"v1.TolerationOperator", VALUES("Equal", "Exists", "Gt", "Lt")},
    {"v1.URIScheme", VALUES("HTTP", "HTTPS")},
    {"v1.UnhealthyPodEvictionPolicyType", VALUES("AlwaysAllow", "IfHealthyBudget")},
    {"v1.UnsatisfiableConstraintAction", VALUES("DoNotSchedule", "ScheduleAnyway")},
    {"v1.VolumeBindingMode", VALUES("Immediate", "WaitForFirstConsumer")},
    {"v1.HostPathType", VALUES("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate",
                               "File", "FileOrCreate", "Socket")},
};

const char *const *openapi__enums(const Field *f)
{
    if (f->enums || f->kind != FIELD_STRING)
        return f->enums;
    for (size_t i = 0; f->go_type && i < ARRAY_LEN(enums); i++)
        if (strcmp(enums[i].type, f->go_type) == 0)
            return enums[i].values;
    return NULL;
}
