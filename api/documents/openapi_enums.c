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
    {"AllocationConfigSource", VALUES("FromClaim", "FromClass")},
    {"ClaimResourceStatus",
     VALUES("ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress",
            "NodeResizeInfeasible", "NodeResizePending")},
    {"DeviceAllocationMode", VALUES("All", "ExactCount")},
    {"DeviceTaintEffect", VALUES("NoExecute", "NoSchedule", "None")},
    {"DeviceTolerationOperator", VALUES("Equal", "Exists")},
    {"FieldValueErrorReason", VALUES("FieldValueDuplicate", "FieldValueForbidden",
                                     "FieldValueInvalid", "FieldValueRequired")},
    {"IPFamily", VALUES("", "IPv4", "IPv6")},
    {"KeyUsage",
     VALUES("any", "cert sign", "client auth", "code signing", "content commitment", "crl sign",
            "data encipherment", "decipher only", "digital signature", "email protection",
            "encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement",
            "key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime",
            "server auth", "signing", "timestamping")},
    {"OperationType", VALUES("*", "CONNECT", "CREATE", "DELETE", "UPDATE")},
    {"PatchType", VALUES("ApplyConfiguration", "JSONPatch")},
    {"Signal",
     VALUES("SIGABRT", "SIGALRM", "SIGBUS", "SIGCHLD", "SIGCLD", "SIGCONT", "SIGFPE", "SIGHUP",
            "SIGILL", "SIGINT", "SIGIO", "SIGIOT", "SIGKILL", "SIGPIPE", "SIGPOLL", "SIGPROF",
            "SIGPWR", "SIGQUIT", "SIGRTMAX", "SIGRTMAX-1", "SIGRTMAX-10", "SIGRTMAX-11",
            "SIGRTMAX-12", "SIGRTMAX-13", "SIGRTMAX-14", "SIGRTMAX-2", "SIGRTMAX-3", "SIGRTMAX-4",
            "SIGRTMAX-5", "SIGRTMAX-6", "SIGRTMAX-7", "SIGRTMAX-8", "SIGRTMAX-9", "SIGRTMIN",
            "SIGRTMIN+1", "SIGRTMIN+10", "SIGRTMIN+11", "SIGRTMIN+12", "SIGRTMIN+13", "SIGRTMIN+14",
            "SIGRTMIN+15", "SIGRTMIN+2", "SIGRTMIN+3", "SIGRTMIN+4", "SIGRTMIN+5", "SIGRTMIN+6",
            "SIGRTMIN+7", "SIGRTMIN+8", "SIGRTMIN+9", "SIGSEGV", "SIGSTKFLT", "SIGSTOP", "SIGSYS",
            "SIGTERM", "SIGTRAP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGUSR1", "SIGUSR2",
            "SIGVTALRM", "SIGWINCH", "SIGXCPU", "SIGXFSZ")},
    {"ValidationAction", VALUES("Audit", "Deny", "Warn")},
    {"AddressType", VALUES("FQDN", "IPv4", "IPv6")},
    {"AppArmorProfileType", VALUES("Localhost", "RuntimeDefault", "Unconfined")},
    {"AzureDataDiskCachingMode", VALUES("None", "ReadOnly", "ReadWrite")},
    {"AzureDataDiskKind", VALUES("Dedicated", "Managed", "Shared")},
    {"CompletionMode", VALUES("Indexed", "NonIndexed")},
    {"ConcurrencyPolicy", VALUES("Allow", "Forbid", "Replace")},
    {"DNSPolicy", VALUES("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")},
    {"DaemonSetUpdateStrategyType", VALUES("OnDelete", "RollingUpdate")},
    {"DeploymentStrategyType", VALUES("Recreate", "RollingUpdate")},
    {"FailurePolicyType", VALUES("Fail", "Ignore")},
    {"IPFamilyPolicy", VALUES("PreferDualStack", "RequireDualStack", "SingleStack")},
    {"MatchPolicyType", VALUES("Equivalent", "Exact")},
    {"MountPropagationMode", VALUES("Bidirectional", "HostToContainer", "None")},
    {"NamespacePhase", VALUES("Active", "Terminating")},
    {"NodeInclusionPolicy", VALUES("Honor", "Ignore")},
    {"NodePhase", VALUES("Pending", "Running", "Terminated")},
    {"NodeSelectorOperator", VALUES("DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn")},
    {"PathType", VALUES("Exact", "ImplementationSpecific", "Prefix")},
    {"PersistentVolumeAccessMode",
     VALUES("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")},
    {"PersistentVolumeClaimModifyVolumeStatus", VALUES("InProgress", "Infeasible", "Pending")},
    {"PersistentVolumeClaimPhase", VALUES("Bound", "Lost", "Pending")},
    {"PersistentVolumeMode", VALUES("Block", "Filesystem")},
    {"PersistentVolumePhase", VALUES("Available", "Bound", "Failed", "Pending", "Released")},
    {"PersistentVolumeReclaimPolicy", VALUES("Delete", "Recycle", "Retain")},
    {"PodFSGroupChangePolicy", VALUES("Always", "OnRootMismatch")},
    {"PodFailurePolicyAction", VALUES("Count", "FailIndex", "FailJob", "Ignore")},
    {"PodFailurePolicyOnExitCodesOperator", VALUES("In", "NotIn")},
    {"PodManagementPolicyType", VALUES("OrderedReady", "Parallel")},
    {"PodPhase", VALUES("Failed", "Pending", "Running", "Succeeded", "Unknown")},
    {"PodQOSClass", VALUES("BestEffort", "Burstable", "Guaranteed")},
    {"PodReplacementPolicy", VALUES("Failed", "TerminatingOrFailed")},
    {"PolicyType", VALUES("Egress", "Ingress")},
    {"PreemptionPolicy", VALUES("Never", "PreemptLowerPriority")},
    {"ProcMountType", VALUES("Default", "Unmasked")},
    {"Protocol", VALUES("SCTP", "TCP", "UDP")},
    {"PullPolicy", VALUES("Always", "IfNotPresent", "Never")},
    {"ReinvocationPolicyType", VALUES("IfNeeded", "Never")},
    {"ResourceQuotaScope",
     VALUES("BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating",
            "PriorityClass", "Terminating", "VolumeAttributesClass")},
    {"RestartPolicy", VALUES("Always", "Never", "OnFailure")},
    {"ScopeSelectorOperator", VALUES("DoesNotExist", "Exists", "In", "NotIn")},
    {"ScopeType", VALUES("*", "Cluster", "Namespaced")},
    {"SeccompProfileType", VALUES("Localhost", "RuntimeDefault", "Unconfined")},
    {"ServiceAffinity", VALUES("ClientIP", "None")},
    {"ServiceExternalTrafficPolicy", VALUES("Cluster", "Local")},
    {"ServiceInternalTrafficPolicy", VALUES("Cluster", "Local")},
    {"ServiceType", VALUES("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")},
    {"SideEffectClass", VALUES("None", "NoneOnDryRun", "Some", "Unknown")},
    {"StatefulSetUpdateStrategyType", VALUES("OnDelete", "RollingUpdate")},
    {"SupplementalGroupsPolicy", VALUES("Merge", "Strict")},
    {"TaintEffect", VALUES("NoExecute", "NoSchedule", "PreferNoSchedule")},
    {"TerminationMessagePolicy", VALUES("FallbackToLogsOnError", "File")},
    {"TolerationOperator", VALUES("Equal", "Exists", "Gt", "Lt")},
    {"URIScheme", VALUES("HTTP", "HTTPS")},
    {"UnhealthyPodEvictionPolicyType", VALUES("AlwaysAllow", "IfHealthyBudget")},
    {"UnsatisfiableConstraintAction", VALUES("DoNotSchedule", "ScheduleAnyway")},
    {"VolumeBindingMode", VALUES("Immediate", "WaitForFirstConsumer")},
    {"HostPathType", VALUES("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate",
                            "File", "FileOrCreate", "Socket")},
};

static const char *const *values_of(const char *go_type)
{
    const char *dot = go_type ? strrchr(go_type, '.') : NULL; /* versions share a type */

    for (size_t i = 0; dot && i < ARRAY_LEN(enums); i++)
        if (strcmp(enums[i].type, dot + 1) == 0)
            return enums[i].values;
    return NULL;
}

const char *const *openapi__enums(const Field *f)
{
    return f->enums ? f->enums : f->kind == FIELD_STRING ? values_of(f->go_type) : NULL;
}

const char *const *openapi__elem_enums(const Field *f)
{
    if ((f->kind != FIELD_LIST && f->kind != FIELD_MAP) || !f->elem ||
        f->elem->kind != FIELD_STRING)
        return NULL;
    return f->elem->enums ? f->elem->enums : values_of(f->go_type);
}
