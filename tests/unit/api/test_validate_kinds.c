/*
 * Objects with mistakes, kind by kind, and what the real server says of them.
 */
#include "tests/unit/api/rows.h"

TEST(of_pods_containers)
{
    static const Row rows[] = {
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i','env':[{'name':'A','valueFrom':{'fieldRef'"
         ":{'fieldPath':'spec.x'}}},{'name':'B','valueFrom':{'fileKeyRef':{'key':'K','path':'/"
         "p','volumeName':'v'}}}]}],'volumes':[{'name':'v','hostPath':{'path':'/'}}]}}",
         "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"spec.x\": error "
         "converting fieldPath: field label not supported: spec.x; "
         "spec.containers[0].env[1].valueFrom.fileKeyRef.volumeName: Invalid value: \"v\": "
         "referenced volume must be of type emptyDir"},
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i','resources':{'limits':{'example.com/"
         "x':'1500m'},'requests':{'hugepages-2Mi':'3Mi'}}}]}}",
         "spec.containers[0].resources.limits[example.com/x]: Invalid value: \"1500m\": must be an "
         "integer; spec.containers[0].resources.limits: Required value: Limit must be set for non "
         "overcommitable resources; spec.containers[0].resources.requests[hugepages-2Mi]: Invalid "
         "value: \"3Mi\": 3Mi is not positive integer multiple of hugepages-2Mi; "
         "spec.containers[0].resources.requests[example.com/x]: Invalid value: \"1500m\": must be "
         "an integer; spec.containers[0].resources: Forbidden: HugePages require cpu or memory"},
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i','restartPolicyRules':[{'action':'Restart',"
         "'exitCodes':{'operator':'In','values':[1]}}]}]}}",
         "spec.containers[0].restartPolicy: Required value: must specify restartPolicy when "
         "restart rules are used"},
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i','lifecycle':{'preStop':{'exec':{'command':"
         "[]}},'postStart':{'httpGet':{'path':'','port':0},'sleep':{'seconds':1}}}}]}}",
         "spec.containers[0].lifecycle.postStart.httpGet.port: Invalid value: 0: must be between 1 "
         "and 65535, inclusive; spec.containers[0].lifecycle.postStart.sleep: Forbidden: may not "
         "specify more than 1 handler type; spec.containers[0].lifecycle.preStop.exec.command: "
         "Required value"},
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i','volumeMounts':[{'name':'v','mountPath':'/"
         "a:b','subPath':'../"
         "x'}],'volumeDevices':[{'name':'v','devicePath':''}]}],'volumes':[{'name':'v','emptyDir':{"
         "}}]}}",
         "spec.containers[0].volumeMounts[0].name: Invalid value: \"v\": must not already exist in "
         "volumeDevices; spec.containers[0].volumeMounts.subPath: Invalid value: \"../x\": must "
         "not contain '..'; spec.containers[0].volumeDevices[0].name: Invalid value: \"v\": can "
         "only use volume source type of PersistentVolumeClaim or Ephemeral for block mode; "
         "spec.containers[0].volumeDevices[0].devicePath: Required value; "
         "spec.containers[0].volumeDevices[0].name: Invalid value: \"v\": must not already exist "
         "in volumeMounts"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_pods_spec)
{
    static const Row rows[] = {
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i'}],'hostNetwork':true,'os':{'name':'"
         "windows'}}}",
         ""},
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i','securityContext':{'privileged':true,'"
         "allowPrivilegeEscalation':false,'procMount':'X'}}],'securityContext':{'sysctls':[{'name':"
         "'A','value':'1'}]}}}",
         "spec.containers[0].securityContext.procMount: Unsupported value: \"X\": supported "
         "values: \"Default\", \"Unmasked\"; spec.containers[0].securityContext: Invalid value: "
         "{\"Capabilities\":null,\"Privileged\":true,\"SELinuxOptions\":null,\"WindowsOptions\":"
         "null,\"RunAsUser\":null,\"RunAsGroup\":null,\"RunAsNonRoot\":null,"
         "\"ReadOnlyRootFilesystem\":null,\"AllowPrivilegeEscalation\":false,\"ProcMount\":\"X\","
         "\"SeccompProfile\":null,\"AppArmorProfile\":null}: cannot set `allowPrivilegeEscalation` "
         "to false and `privileged` to true; spec.securityContext.sysctls[0].name: Invalid value: "
         "\"A\": must have at most 253 characters and match regex "
         "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"},
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i'}],'schedulingGates':[{'name':'a/"
         "b'},{'name':'a/b'}],'nodeName':'n'}}",
         "spec.schedulingGates[1]: Duplicate value: \"a/b\"; spec.nodeName: Forbidden: cannot be "
         "set until all schedulingGates have been cleared"},
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i'}],'resources':{'requests':{'cpu':'-1'},'"
         "limits':{'pods':'1'}}}}",
         "spec.resources.limits[pods]: Unsupported value: \"pods\": supported values: \"cpu\", "
         "\"hugepages-\", \"memory\"; spec.resources.requests[cpu]: Invalid value: \"-1\": must be "
         "greater than or equal to 0"},
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i'}],'dnsPolicy':'None','hostAliases':[{'ip':"
         "'x'}],'tolerations':[{'operator':'Exists','value':'v'}]}}",
         "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None; "
         "spec.tolerations[0].operator: Invalid value: \"v\": value must be empty when `operator` "
         "is 'Exists'; spec.hostAliases[0].ip: Invalid value: \"x\": must be a valid IP address, "
         "(e.g. 10.9.8.7 or 2001:db8::ffff)"},
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i'}],'topologySpreadConstraints':[{'maxSkew':"
         "0,'topologyKey':'','whenUnsatisfiable':'X'}]}}",
         "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero; "
         "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty; "
         "spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: \"X\": supported "
         "values: \"DoNotSchedule\", \"ScheduleAnyway\""},
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i'}],'initContainers':[{'name':'c','image':'"
         "i','restartPolicy':'Never'}],'activeDeadlineSeconds':0}}",
         "spec.initContainers[0].name: Duplicate value: \"c\"; spec.activeDeadlineSeconds: Invalid "
         "value: 0: must be between 1 and 2147483647, inclusive"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_volumes)
{
    static const Row rows[] = {
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i'}],'volumes':[{'name':'a'},{'name':'a','"
         "emptyDir':{},'hostPath':{'path':'/'}}]}}",
         "spec.volumes[1].hostPath: Forbidden: may not specify more than 1 volume type; "
         "spec.volumes[1].name: Duplicate value: \"a\""},
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i'}],'volumes':[{'name':'a','nfs':{'server':'"
         "','path':'x'}},{'name':'b','csi':{'driver':''}},{'name':'c','image':{'reference':''}}]}}",
         "spec.volumes[0].nfs.server: Required value; spec.volumes[0].nfs.path: Invalid value: "
         "\"x\": must be an absolute path; spec.volumes[1].csi.driver: Required value; "
         "spec.volumes[2].image.reference: Required value"},
        {"Pod", "", NULL,
         "{'spec':{'containers':[{'name':'c','image':'i'}],'volumes':[{'name':'a','projected':{'"
         "sources':[{'serviceAccountToken':{'path':'','expirationSeconds':1}}]}}]}}",
         "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid "
         "value: 1: may not specify a duration less than 10 minutes; "
         "spec.volumes[0].projected.path: Required value; "
         "spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be "
         "specified when serviceAccountName is not set"},
        {"PersistentVolume", "", NULL,
         "{'spec':{'capacity':{'storage':'1'},'accessModes':['ReadWriteOnce'],'iscsi':{'"
         "targetPortal':'','iqn':'x','lun':300}}}",
         "spec.iscsi.targetPortal: Required value; spec.iscsi.iqn: Invalid value: \"x\": must be "
         "valid format; spec.iscsi.lun: Invalid value: 300: must be between 0 and 255, inclusive"},
        {"PersistentVolumeClaim", "", NULL,
         "{'spec':{'accessModes':['X'],'resources':{'requests':{'storage':'0'}},'dataSource':{'"
         "kind':'A','name':''},'dataSourceRef':{'kind':'B','name':'b'}}}",
         "spec.accessModes: Unsupported value: \"X\": supported values: \"ReadOnlyMany\", "
         "\"ReadWriteMany\", \"ReadWriteOnce\", \"ReadWriteOncePod\"; spec.resources[storage]: "
         "Invalid value: \"0\": must be greater than zero; spec.dataSource.name: Required value; "
         "spec.dataSource: Invalid value: \"A\": must be 'PersistentVolumeClaim' when referencing "
         "the default apiGroup; spec.dataSourceRef: Invalid value: \"B\": must be "
         "'PersistentVolumeClaim' when referencing the default apiGroup; spec: Invalid value: {}: "
         "must match dataSourceRef"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_core)
{
    static const Row rows[] = {
        {"ResourceQuota", "", NULL,
         "{'spec':{'hard':{'services':'1500m','foo':'1'},'scopes':['BestEffort','Odd']}}",
         "spec.hard[foo]: Invalid value: \"foo\": must be a standard resource type or fully "
         "qualified; spec.hard[foo]: Invalid value: \"foo\": must be a standard resource for "
         "quota; spec.hard[services]: Invalid value: \"1500m\": must be an integer; spec.scopes: "
         "Invalid value: [\"BestEffort\",\"Odd\"]: unsupported scope applied to resource; "
         "spec.scopes: Invalid value: [\"BestEffort\",\"Odd\"]: unsupported scope"},
        {"ResourceQuota", "", NULL,
         "{'spec':{'hard':{'cpu':'1'},'scopeSelector':{'matchExpressions':[{'scopeName':'"
         "BestEffort','operator':'In','values':['a']}]}}}",
         "spec.scopeSelector.matchExpressions: Invalid value: "
         "{\"MatchExpressions\":[{\"ScopeName\":\"BestEffort\",\"Operator\":\"In\",\"Values\":["
         "\"a\"]}]}: unsupported scope applied to resource; "
         "spec.scopeSelector.matchExpressions.operator: Invalid value: \"In\": must be 'Exists' "
         "when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
         "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or "
         "ResourceQuotaScopeCrossNamespacePodAffinity"},
        {"LimitRange", "", NULL,
         "{'spec':{'limits':[{'type':'Container','default':{'example.com/"
         "x':'2'},'defaultRequest':{'example.com/x':'1'}},{'type':'Odd'}]}}",
         "spec.limits[0].defaultRequest[example.com/x]: Invalid value: \"1\": default value 2 must "
         "equal to defaultRequest value 1 in example.com/x; spec.limits[1].type: Invalid value: "
         "\"Odd\": must be a standard limit type or fully qualified"},
        {"Node", "", NULL,
         "{'spec':{'podCIDRs':['10.0.0.0/24','10.0.1.0/"
         "24'],'taints':[{'key':'a','effect':'X'}]},'status':{'capacity':{'pods':'1500m'}}}",
         "metadata.taints[0].effect: Unsupported value: \"X\": supported values: \"NoSchedule\", "
         "\"PreferNoSchedule\", \"NoExecute\"; status.capacity.pods: Invalid value: \"1500m\": "
         "must be an integer; status.allocatable.pods: Invalid value: \"1500m\": must be an "
         "integer; spec.podCIDRs: Invalid value: [\"10.0.0.0/24\",\"10.0.1.0/24\"]: may specify no "
         "more than one CIDR for each IP family"},
        {"Secret", "", NULL,
         "{'type':'kubernetes.io/dockerconfigjson','data':{'.dockerconfigjson':'eA=='}}",
         "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": invalid "
         "character 'x' looking for beginning of value"},
        {"Secret", "", NULL, "{'type':'kubernetes.io/dockercfg','data':{'.dockercfg':'WzFd'}}",
         "data[.dockercfg]: Invalid value: \"<secret contents redacted>\": json: cannot unmarshal "
         "array into Go value of type map[string]interface {}"},
        {"ReplicationController", "", NULL,
         "{'spec':{'selector':{'a':'b'},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'"
         "restartPolicy':'Never','activeDeadlineSeconds':5,'containers':[{'name':'c','image':'i'}]}"
         "}}}",
         "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: "
         "\"Always\"; spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds "
         "in ReplicationController is not Supported"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_services)
{
    static const Row rows[] = {
        {"Service", "", NULL,
         "{'spec':{'clusterIP':'10.0.0.1','clusterIPs':['10.0.0.2','10.0.0.3'],'ports':[{'port':1}]"
         "}}",
         "spec.clusterIPs: Invalid value: [\"10.0.0.2\",\"10.0.0.3\"]: first value must match "
         "`clusterIP`; spec.clusterIPs: Invalid value: [\"10.0.0.2\",\"10.0.0.3\"]: may specify no "
         "more than one IP for each IP family"},
        {"Service", "", NULL,
         "{'spec':{'clusterIPs':['None','10.0.0.3'],'clusterIP':'None','ports':[{'port':0}]}}",
         "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive; "
         "spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive; "
         "spec.clusterIPs: Invalid value: [\"None\",\"10.0.0.3\"]: 'None' must be the first and "
         "only value"},
        {"Service", "", NULL,
         "{'spec':{'type':'LoadBalancer','ports':[{'name':'a','port':10250,'nodePort':30000},"
         "{'name':'b','port':10250,'nodePort':30000}]}}",
         "spec.ports[1].nodePort: Duplicate value: 30000; "
         "spec.ports[1]: Duplicate value: "
         "{\"Name\":\"\",\"Protocol\":\"TCP\",\"AppProtocol\":null,\"Port\":10250,"
         "\"TargetPort\":0,\"NodePort\":0}"},
        {"Service", "", NULL,
         "{'spec':{'type':'ExternalName','externalName':'a','ipFamilies':['IPv4'],"
         "'clusterIPs':['1.2.3.4']}}",
         "spec.clusterIPs: Forbidden: may not be set for ExternalName services; spec.ipFamilies: "
         "Forbidden: may not be set for ExternalName services"},
        {"Service", "", NULL,
         "{'metadata':{'annotations':{'service.beta.kubernetes.io/"
         "load-balancer-source-ranges':'x'}},'spec':{'ports':[{'port':1}]}}",
         "metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: Forbidden: "
         "may only be used when `type` is 'LoadBalancer'; "
         "metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: Invalid "
         "value: \"x\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"},
        {"Service", "", NULL, "{'spec':{'type':'ExternalName','externalName':'.'}}",
         "spec.externalName: Required value"},
        {"Service", "", NULL,
         "{'spec':{'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':"
         "70000,'ports':[{'port':1}],'loadBalancerClass':'a b'}}",
         "spec.loadBalancerClass: Invalid value: \"a b\": name part must consist of alphanumeric "
         "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. "
         "'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
         "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'); spec.healthCheckNodePort: Invalid value: "
         "70000: must be between 1 and 65535, inclusive"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_apps)
{
    static const Row rows[] = {
        {"Deployment", "", NULL,
         "{'spec':{'strategy':{'type':'Blue'},'selector':{'matchLabels':{'a':'b'}},'template':{'"
         "metadata':{'labels':{'a':'b'}},'spec':{'restartPolicy':'X','containers':[{'name':'c','"
         "image':'i'}]}}}}",
         "spec.template.spec.restartPolicy: Unsupported value: \"X\": supported values: "
         "\"Always\", \"OnFailure\", \"Never\"; spec.template.spec.restartPolicy: Unsupported "
         "value: \"X\": supported values: \"Always\"; spec.strategy: Unsupported value: "
         "{\"Type\":\"Blue\",\"RollingUpdate\":null}: supported values: \"Recreate\", "
         "\"RollingUpdate\""},
        {"StatefulSet", "", NULL,
         "{'spec':{'updateStrategy':{'type':'OnDelete','rollingUpdate':{'partition':1}},'selector':"
         "{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'"
         "containers':[{'name':'c','image':'i'}]}}}}",
         "spec.updateStrategy.rollingUpdate: Invalid value: "
         "{\"Partition\":1,\"MaxUnavailable\":null}: only allowed for updateStrategy "
         "'RollingUpdate'"},
        {"StatefulSet", "", NULL,
         "{'spec':{'updateStrategy':{'type':'RollingUpdate','rollingUpdate':{'maxUnavailable':0}},'"
         "selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'"
         "containers':[{'name':'c','image':'i'}]}}}}",
         "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0"},
        {"DaemonSet", "", NULL,
         "{'spec':{'selector':{},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':["
         "{'name':'c','image':'i'}]}}}}",
         "spec.selector: Invalid value: {}: empty selector is invalid for daemonset"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_batch)
{
    static const Row rows[] = {
        {"Job", "", NULL,
         "{'spec':{'completionMode':'Indexed','completions':3,'managedBy':'x','successPolicy':{'"
         "rules':[{},{'succeededIndexes':'1-5'},{'succeededIndexes':'0,1','succeededCount':3}]},'"
         "template':{'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}}}",
         "spec.managedBy: Invalid value: \"x\": must be a domain-prefixed path (such as "
         "\"acme.io/foo\"); spec.successPolicy.rules[0]: Required value: at least one of "
         "succeededCount or succeededIndexes must be specified; "
         "spec.successPolicy.rules[1].succeededIndexes: Invalid value: \"1-5\": error parsing "
         "succeededIndexes: too large index: \"5\"; spec.successPolicy.rules[2].succeededCount: "
         "Invalid value: 3: must be less than or equal to 2 (the number of indexes in the "
         "specified succeededIndexes field)"},
        {"Job", "", NULL,
         "{'spec':{'podFailurePolicy':{'rules':[{'onExitCodes':{'values':[2,2]}}]},'template':{'"
         "spec':{'restartPolicy':'Odd','containers':[{'name':'c','image':'i'}]}}}}",
         "spec.podFailurePolicy.rules[0].action: Required value: valid values: [\"Count\" "
         "\"FailIndex\" \"FailJob\" \"Ignore\"]; "
         "spec.podFailurePolicy.rules[0].onExitCodes.operator: Required value: valid values: "
         "[\"In\" \"NotIn\"]; spec.podFailurePolicy.rules[0].onExitCodes.values[1]: Duplicate "
         "value: 2; spec.template.spec.restartPolicy: Unsupported value: \"Odd\": supported "
         "values: \"Always\", \"OnFailure\", \"Never\"; spec.template.spec.restartPolicy: "
         "Unsupported value: \"Odd\": supported values: \"OnFailure\", \"Never\""},
        {"Job", "", NULL,
         "{'spec':{'completionMode':'Indexed','completions':200000,'parallelism':20000,'"
         "backoffLimitPerIndex':1,'template':{'spec':{'restartPolicy':'Never','containers':[{'name'"
         ":'c','image':'i'}]}}}}",
         "spec.maxFailedIndexes: Required value: must be specified when completions is above "
         "100000; spec.parallelism: Invalid value: 20000: must be less than or equal to 10000 when "
         "completions are above 100000 and used with backoff limit per index"},
        {"CronJob", "", NULL,
         "{'spec':{'schedule':'TZ=UTC * * * "
         "*','timeZone':'local','jobTemplate':{'spec':{'template':{'spec':{'restartPolicy':'Never',"
         "'containers':[{'name':'c','image':'i'}]}}}}}}",
         "spec.schedule: Invalid value: \"TZ=UTC * * * *\": expected exactly 5 fields, found 4: [* "
         "* * *]; spec.schedule: Invalid value: \"TZ=UTC * * * *\": cannot use TZ or CRON_TZ in "
         "schedule, "
         "use timeZone field instead; spec.timeZone: Invalid value: \"local\": timeZone must be an "
         "explicit time zone as defined in https://www.iana.org/time-zones"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_networking)
{
    static const Row rows[] = {
        {"NetworkPolicy", "", NULL,
         "{'spec':{'podSelector':{},'ingress':[{'ports':[{'port':5,'endPort':70000}],'from':[{'"
         "ipBlock':{'cidr':'10.0.0.0/8','except':['11.0.0.0/16','10.0.0.0/8','x']}}]}]}}",
         "spec.ingress[0].ports[0].endPort: Invalid value: 70000: must be between 1 and 65535, "
         "inclusive; spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: \"11.0.0.0/16\": "
         "must be a strict subset of `cidr`; spec.ingress[0].from[0].ipBlock.except[1]: Invalid "
         "value: \"10.0.0.0/8\": must be a strict subset of `cidr`; "
         "spec.ingress[0].from[0].ipBlock.except[2]: Invalid value: \"x\": must be a valid CIDR "
         "value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"},
        {"Ingress", "", NULL,
         "{'metadata':{'annotations':{'kubernetes.io/"
         "ingress.class':'a'}},'spec':{'ingressClassName':'b','defaultBackend':{'resource':{'kind':"
         "'a/b','name':''}}}}",
         "spec.defaultBackend.resource.kind: Invalid value: \"a/b\": may not contain '/'; "
         "spec.defaultBackend.resource.name: Required value; "
         "annotations.kubernetes.io/ingress.class: Invalid value: \"a\": must match "
         "`ingressClassName` when both are specified"},
        {"IPAddress", "", NULL,
         "{'metadata':{'name':'1.2.3'},'spec':{'parentRef':{'resource':'a/b'}}}",
         "metadata.name: Invalid value: \"1.2.3\": must be a valid IP address, (e.g. 10.9.8.7 or "
         "2001:db8::ffff); "
         "spec.parentRef.resource: Invalid value: \"a/b\": may not contain '/'; "
         "spec.parentRef.name: Required value"},
        {"ServiceCIDR", "", NULL, "{'spec':{'cidrs':['10.0.0.0/8','11.0.0.0/8']}}",
         "spec.cidrs: Invalid value: [\"10.0.0.0/8\",\"11.0.0.0/8\"]: may specify no more than one "
         "IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"},
        {"EndpointSlice", "", NULL,
         "{'addressType':'IPv4','endpoints':[{'addresses':['10.0.0.1'],'hints':{'forZones':[{'name'"
         ":'a'},{'name':'a'}]}}]}",
         "endpoints[0].hints.forZones[1].name: Duplicate value: \"a\""},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_storage)
{
    static const Row rows[] = {
        {"StorageClass", "", NULL,
         "{'provisioner':'P','volumeBindingMode':'X','allowedTopologies':[{'matchLabelExpressions':"
         "[{'key':'a','values':['x','x']}]},{'matchLabelExpressions':[{'key':'a','values':['x']}]}]"
         "}",
         "volumeBindingMode: Unsupported value: \"X\": supported values: \"Immediate\", "
         "\"WaitForFirstConsumer\"; allowedTopologies[0].matchLabelExpressions[0].values[1]: "
         "Duplicate value: \"x\"; allowedTopologies[1].matchLabelExpressions: Duplicate value: "
         "\"\""},
        {"CSIDriver", "", NULL,
         "{'spec':{'tokenRequests':[{'audience':'a','expirationSeconds':1},{'audience':'a'}],'"
         "nodeAllocatableUpdatePeriodSeconds':1}}",
         "spec.tokenRequests[0].expirationSeconds: Invalid value: 1: may not specify a duration "
         "less than 10 minutes; spec.tokenRequests[1].audience: Duplicate value: \"a\"; "
         "spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 1: must be greater than or equal "
         "to 10 seconds"},
        {"VolumeAttachment", "", NULL,
         "{'spec':{'attacher':'A_','nodeName':'n','source':{'persistentVolumeName':'p','"
         "inlineVolumeSpec':{}}}}",
         "spec.source: Forbidden: must specify exactly one of inlineVolumeSpec and "
         "persistentVolumeName; spec.attacher: Invalid value: \"A_\": a lowercase RFC 1123 "
         "subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
         "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
         "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_others)
{
    static const Row rows[] = {
        {"HorizontalPodAutoscaler", "", NULL,
         "{'spec':{'maxReplicas':1,'scaleTargetRef':{'apiVersion':'apps/"
         "v1','kind':'Deployment','name':'d'},'targetCPUUtilizationPercentage':0}}",
         "spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater "
         "than 0"},
        {"FlowSchema", "", NULL,
         "{'spec':{'matchingPrecedence':5,'priorityLevelConfiguration':{'name':'p'},'rules':[{'"
         "subjects':[{'kind':'User','group':{'name':'g'}}],'nonResourceRules':[{'verbs':['get','"
         "fly'],'nonResourceURLs':['x','/a*']}]}]}}",
         "spec.rules[0].subjects[0].user: Required value: user is required when subject kind is "
         "'User'; spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind "
         "is not 'Group'; spec.rules[0].nonResourceRules[0].verbs: Unsupported value: "
         "[\"get\",\"fly\"]: supported values: \"create\", \"delete\", \"deletecollection\", "
         "\"get\", \"list\", \"patch\", \"proxy\", \"update\", \"watch\"; "
         "spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: \"x\": must start "
         "with slash; spec.rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: "
         "\"/a*\": wildcard can only do suffix matching"},
        {"PriorityLevelConfiguration", "", NULL,
         "{'spec':{'type':'Limited','limited':{'nominalConcurrencyShares':-1,'"
         "borrowingLimitPercent':-1,'limitResponse':{'type':'Queue','queuing':{'queues':1000000,'"
         "handSize':8,'queueLengthLimit':0}}}}}",
         "spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative "
         "integer; spec.limited.limitResponse.queuing.handSize: Invalid value: 8: required entropy "
         "bits of deckSize 1000000 and handSize 8 should not be greater than 60; "
         "spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a "
         "non-negative integer"},
        {"APIService", "", NULL,
         "{'metadata':{'name':'v1.other'},'spec':{'group':'example.com','version':'v1','"
         "groupPriorityMinimum':0,'versionPriority':1,'insecureSkipTLSVerify':true}}",
         "metadata.name: Invalid value: \"v1.other\": must be `spec.version+\".\"+spec.group`: "
         "\"v1.example.com\"; spec.groupPriorityMinimum: Invalid value: 0: must be positive and "
         "less than 20000; spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may "
         "not have insecureSkipTLSVerify"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_updates_status)
{
    static const Row rows[] = {
        {"ReplicaSet", "status", "{}",
         "{'status':{'replicas':1,'readyReplicas':2,'availableReplicas':3}}",
         "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas; "
         "status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas; "
         "status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas"},
        {"StatefulSet", "status", "{'status':{'collisionCount':2}}",
         "{'status':{'replicas':1,'readyReplicas':1,'availableReplicas':2,'collisionCount':1}}",
         "status.availableReplicas: Invalid value: 2: cannot be greater than status.replicas; "
         "status.availableReplicas: Invalid value: 2: cannot be greater than status.readyReplicas; "
         "status.collisionCount: Invalid value: 1: cannot be decremented"},
        {"ReplicaSet", "status", "{}", "{'status':{'replicas':1,'terminatingReplicas':-1}}",
         "status.terminatingReplicas: Invalid value: -1: must be greater than or equal to 0"},
        {"Deployment", "status", "{}",
         "{'status':{'readyReplicas':2,'terminatingReplicas':-1,'collisionCount':-2}}",
         "status.terminatingReplicas: Invalid value: -1: must be greater than or equal to 0; "
         "status.collisionCount: Invalid value: -2: must be greater than or equal to 0; "
         "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas"},
        {"ReplicationController", "status", "{}",
         "{'status':{'replicas':1,'fullyLabeledReplicas':-1,'availableReplicas':1}}",
         "status.fullyLabeledReplicas: Invalid value: -1: must be greater than or equal to 0; "
         "status.availableReplicas: Invalid value: 1: cannot be greater than readyReplicas"},
        {"Job", "status",
         "{'spec':{'completionMode':'Indexed','completions':5},'status':{'startTime':'2026-01-"
         "01T00:00:00Z','conditions':[{'type':'Complete','status':'True'}]}}",
         "{'spec':{'completionMode':'Indexed','completions':5},'status':{'completedIndexes':'0-2,9'"
         ",'uncountedTerminatedPods':{'failed':['a','a']}}}",
         "status.uncountedTerminatedPods.failed[1]: Duplicate value: \"a\"; "
         "status.completedIndexes: Invalid value: \"0-2,9\": error parsing completedIndexes: too "
         "large index: \"9\"; status.conditions: Invalid value: cannot disable the terminal "
         "Complete=True condition; status.startTime: Invalid value: null: field is immutable for "
         "unsuspended job once set"},
        {"Job", "status", "{}",
         "{'spec':{'completionMode':'Indexed','completions':5,'backoffLimitPerIndex':1},'status':{'"
         "completedIndexes':'0-2','failedIndexes':'2,4'}}",
         "status.failedIndexes: Invalid value: \"2,4\": failedIndexes and completedIndexes overlap "
         "at index: 2"},
        {"Service", "status", "{}",
         "{'spec':{'type':'LoadBalancer'},'status':{'loadBalancer':{'ingress':[{'hostname':'1.2.3."
         "4','ipMode':'VIP'}]}}}",
         "status.loadBalancer.ingress[0].ipMode: Forbidden: may not be specified when `ip` is not "
         "set; status.loadBalancer.ingress[0].hostname: Invalid value: \"1.2.3.4\": must be a DNS "
         "name, not an IP address"},
        {"PersistentVolumeClaim", "status", "{}",
         "{'status':{'capacity':{'storage':'-1'},'allocatedResourceStatuses':{'cpu':'Odd'}}}",
         "status.capacity[storage]: Invalid value: -1: must be a valid resource quantity; "
         "status.allocatedResourceStatuses: Unsupported value: \"cpu\": supported values: "
         "\"storage\"; status.allocatedResourceStatuses: Unsupported value: \"cpu\": supported "
         "values: "
         "\"ControllerResizeInProgress\", \"ControllerResizeInfeasible\", "
         "\"NodeResizeInProgress\", \"NodeResizeInfeasible\", \"NodeResizePending\""},
        {"Node", "status", "{}",
         "{'status':{'addresses':[{'type':'Hostname','address':'a'},{'type':'Hostname','address':'"
         "a'}],'allocatable':{'cpu':'-1'}}}",
         "status.allocatable.cpu: Invalid value: \"-1\": must be greater than or equal to 0; "
         "status.addresses[1]: Duplicate value: {\"Type\":\"Hostname\",\"Address\":\"a\"}"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_updates_kept)
{
    static const Row rows[] = {
        {"Node", "", "{'spec':{'podCIDRs':['10.0.0.0/24'],'providerID':'a'}}", "{'spec':{}}",
         "spec.podCIDRs: Forbidden: node updates may not change podCIDR except from \"\" to valid; "
         "spec.providerID: Forbidden: node updates may not change providerID except from \"\" to "
         "valid"},
        {"StorageClass", "", "{'provisioner':'a','parameters':{'a':'b'}}", "{'provisioner':'b'}",
         "parameters: Invalid value: null: field is immutable; provisioner: Invalid value: \"b\": "
         "field is immutable"},
        {"CSINode", "", "{'spec':{'drivers':[{'name':'d','nodeID':'a'}]}}",
         "{'spec':{'drivers':[{'name':'d','nodeID':'b'}]}}",
         "spec.drivers: Invalid value: "
         "{\"Name\":\"d\",\"NodeID\":\"b\",\"TopologyKeys\":null,\"Allocatable\":null}: field is "
         "immutable"},
        {"CSIStorageCapacity", "", "{'storageClassName':'a'}", "{'storageClassName':'b'}",
         "storageClassName: Invalid value: \"b\": field is immutable"},
        {"ServiceCIDR", "", "{'spec':{'cidrs':['10.0.0.0/8']}}",
         "{'spec':{'cidrs':['11.0.0.0/8']}}",
         "spec.cidrs: Invalid value: [\"11.0.0.0/8\"]: field is immutable"},
        {"IPAddress", "",
         "{'metadata':{'name':'1.2.3.4'},'spec':{'parentRef':{'resource':'a','name':'b'}}}",
         "{'metadata':{'name':'1.2.3.4'},'spec':{'parentRef':{'resource':'a','name':'c'}}}",
         "spec.parentRef: Invalid value: "
         "{\"Group\":\"\",\"Resource\":\"a\",\"Namespace\":\"\",\"Name\":\"c\"}: field is "
         "immutable"},
        {"PersistentVolumeClaim", "",
         "{'spec':{'accessModes':['ReadWriteOnce'],'volumeAttributesClassName':'a','resources':{'"
         "requests':{'storage':'2'}}},'status':{'phase':'Bound','capacity':{'storage':'2'},'"
         "currentVolumeAttributesClassName':'a'}}",
         "{'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1'}}}}",
         "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity; "
         "spec.volumeAttributesClassName: Forbidden: update to nil is forbidden when "
         "status.currentVolumeAttributesClassName is not nil"},
        {"Service", "",
         "{'spec':{'type':'LoadBalancer','loadBalancerClass':'a','clusterIP':'10.0.0.1','"
         "clusterIPs':['10.0.0.1'],'ports':[{'port':1}]}}",
         "{'spec':{'type':'LoadBalancer','clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1'],'ports':["
         "{'port':1}]}}",
         "spec.loadBalancerClass: Invalid value: null: may not change once set"},
        {"ResourceSlice", "",
         "{'spec':{'driver':'d','nodeName':'n','pool':{'name':'a','resourceSliceCount':1}}}",
         "{'spec':{'driver':'e','nodeName':'n','pool':{'name':'b','resourceSliceCount':1}}}",
         "spec.pool.name: Invalid value: \"b\": field is immutable; spec.driver: Invalid value: "
         "\"e\": field is immutable"},
        {"ResourceClaimTemplate", "", "{'spec':{'spec':{}}}",
         "{'spec':{'metadata':{'labels':{'a':'b'}},'spec':{}}}",
         "spec: Invalid value: "
         "{\"labels\":{\"a\":\"b\"},\"Spec\":{\"Devices\":{\"Requests\":null,"
         "\"Constraints\":null,\"Config\":null}}}: field is immutable"},
        {"CertificateSigningRequest", "",
         "{'status':{'conditions':[{'type':'Approved','status':'True'}]}}",
         "{'status':{'conditions':[{'type':'Denied','status':''}],'certificate':'eA=='}}",
         "status.conditions[0].status: Required value; status.certificate: Invalid value: "
         "\"<certificate data>\": must contain at least one CERTIFICATE PEM block; "
         "status.conditions: Forbidden: updates may not remove a condition of type \"Approved\"; "
         "status.conditions: Forbidden: updates may not add a condition of type \"Denied\"; "
         "status.certificate: Forbidden: updates may not set certificate content"},
    };

    judge(rows, ARRAY_LEN(rows));
}

TEST(of_addresses_that_readers_disagree_about)
{
    static const Row rows[] = {
        {"Service", "", NULL,
         "{'spec':{'ports':[{'port':80}],'externalIPs':['010.0.0.1','::ffff:10.0.0.1','169.254.1.1'"
         "]}}",
         "spec.externalIPs[0]: Invalid value: \"010.0.0.1\": must not have leading 0s; "
         "spec.externalIPs[1]: Invalid value: \"::ffff:10.0.0.1\": must not be an IPv4-mapped IPv6 "
         "address; spec.externalIPs[2]: Invalid value: \"169.254.1.1\": may not be in the "
         "link-local range (169.254.0.0/16, fe80::/10)"},
        {"Service", "",
         "{'spec':{'ports':[{'port':80}],'clusterIP':'10.0.0.9','clusterIPs':['10.0.0.9'],"
         "'externalIPs':['010.0.0.1']}}",
         "{'spec':{'ports':[{'port':80}],'clusterIP':'10.0.0.9','clusterIPs':['10.0.0.9'],"
         "'externalIPs':['010.0.0.1','10.0.0.02']}}",
         "spec.externalIPs[1]: Invalid value: \"10.0.0.02\": must not have leading 0s"},
        {"Service", "", NULL,
         "{'spec':{'type':'LoadBalancer','ports':[{'port':80}],'loadBalancerSourceRanges':['10.0.0."
         "5/8','10.0.0.0/08','::ffff:1.2.3.0/120','x']}}",
         "spec.LoadBalancerSourceRanges[0]: Invalid value: \"10.0.0.5/8\": must not have bits set "
         "beyond the prefix length; spec.LoadBalancerSourceRanges[1]: Invalid value: "
         "\"10.0.0.0/08\": must not have leading 0s in IP or prefix length; "
         "spec.LoadBalancerSourceRanges[2]: Invalid value: \"::ffff:1.2.3.0/120\": must not have "
         "an IPv4-mapped IPv6 address; spec.LoadBalancerSourceRanges[3]: Invalid value: \"x\": "
         "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"},
        {"NetworkPolicy", "", NULL,
         "{'spec':{'podSelector':{},'ingress':[{'from':[{'ipBlock':{'cidr':'10.0.0.1/8','except':['"
         "11.0.0.0/16']}}]}]}}",
         "spec.ingress[0].from[0].ipBlock.cidr: Invalid value: \"10.0.0.1/8\": must not have bits "
         "set beyond the prefix length; spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "
         "\"11.0.0.0/16\": must be a strict subset of `cidr`"},
        {"NetworkPolicy", "",
         "{'spec':{'podSelector':{},'ingress':[{'from':[{'ipBlock':{'cidr':'10.0.0.1/8'}}]}]}}",
         "{'spec':{'podSelector':{'matchLabels':{'a':'b'}},'egress':[{'to':[{'ipBlock':{'cidr':'10."
         "0.0.1/8'}}]}]}}",
         ""},
        {"IPAddress", "", NULL,
         "{'metadata':{'name':'10.0.0.01'},'spec':{'parentRef':{'resource':'services','name':'a'}}"
         "}",
         "metadata.name: Invalid value: \"10.0.0.01\": must not have leading 0s"},
        {"IPAddress", "", NULL,
         "{'metadata':{'name':'2001:DB8::1'},'spec':{'parentRef':{'resource':'services','name':'a'}"
         "}"
         "}",
         "metadata.name: Invalid value: \"2001:DB8::1\": must be in canonical form "
         "(\"2001:db8::1\")"},
        {"IPAddress", "", NULL,
         "{'metadata':{'name':'x'},'spec':{'parentRef':{'resource':'services','name':'a'}}}",
         "metadata.name: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or "
         "2001:db8::ffff)"},
        {"ServiceCIDR", "", NULL, "{'spec':{'cidrs':['2001:DB8::/64']}}",
         "spec.cidrs[0]: Invalid value: \"2001:DB8::/64\": must be in canonical form "
         "(\"2001:db8::/64\")"},
        {"EndpointSlice", "", NULL,
         "{'addressType':'IPv4','endpoints':[{'addresses':['10.0.0.01','127.0.0.1']}],'ports':[]}",
         "endpoints[0].addresses[0]: Invalid value: \"10.0.0.01\": must not have leading 0s; "
         "endpoints[0].addresses[1]: Invalid value: \"127.0.0.1\": may not be in the loopback "
         "range "
         "(127.0.0.0/8, ::1/128)"},
        {"EndpointSlice", "",
         "{'addressType':'IPv4','endpoints':[{'addresses':['10.0.0.01']}],'ports':[]}",
         "{'metadata':{'labels':{'a':'b'}},'addressType':'IPv4','endpoints':[{'addresses':['10.0.0."
         "01']}],'ports':[]}",
         ""},
    };

    judge(rows, ARRAY_LEN(rows));
}

#define JOB(labels, pod, suspend, status)                                                          \
    "{'spec':{'manualSelector':true,'selector':{'matchLabels':{'a':'b'}},'suspend':" suspend       \
    ",'template':{'metadata':{'labels':{'a':'b'" labels "}},'spec':{'restartPolicy':'Never',"      \
    "'containers':[{'name':'c','image':'i'}]" pod "}}},'status':{" status "}}"
#define POD_AFFINITY                                                                               \
    "'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'k'}]}"
#define NODE_AFFINITY                                                                              \
    "'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{"     \
    "'matchFields':[{'key':'metadata.name','operator':'In','values':['n']}]}]}}"
#define RULES                                                                                      \
    "'rules':[{'subjects':[{'kind':'Group','group':{'name':'system:masters'}}],'resourceRules':[{" \
    "'verbs':['*'],'apiGroups':['*'],'resources':['*'],'clusterScope':true,'namespaces':['*']}]"

TEST(of_suspended_jobs_and_fixed_flows)
{
    static const Row rows[] = {
        {"Job", "", JOB("", "", "true", ""),
         JOB(",'x':'y'", ",'nodeSelector':{'a':'b'},'affinity':{" NODE_AFFINITY "}", "true", ""),
         ""},
        {"Job", "", JOB("", ",'affinity':{" NODE_AFFINITY "}", "true", ""), JOB("", "", "true", ""),
         ""},
        {"Job", "", JOB("", "", "true", "'startTime':'2026-01-01T00:00:00Z','active':1"),
         JOB(",'x':'y'", "", "true", ""), "spec.template"},
        {"Job", "", JOB("", "", "true", ""),
         JOB("", ",'affinity':{" POD_AFFINITY "," NODE_AFFINITY "}", "true", ""),
         "spec.template.spec"},
        {"Job", "", JOB("", "", "false", ""), JOB("", ",'nodeSelector':{'a':'b'}", "false", ""),
         "spec.template"},
        {"Job", "", NULL,
         "{'metadata':{'uid':'u'},'spec':{'selector':{'matchLabels':{'batch.kubernetes.io/"
         "controller-uid':'u'}},'template':{'metadata':{'labels':{'batch.kubernetes.io/"
         "controller-uid':'u','controller-uid':'v','job-name':'x'}},'spec':{'restartPolicy':'Never'"
         ",'containers':[{'name':'c','image':'i'}]}}}}",
         "spec.template.metadata.labels[controller-uid]"},
        {"FlowSchema", "", NULL,
         "{'metadata':{'name':'exempt'},'spec':{'priorityLevelConfiguration':{'name':'exempt'},"
         "'matchingPrecedence':1," RULES ",'nonResourceRules':[{'verbs':['*'],'nonResourceURLs':['*"
         "']}]}]}}",
         ""},
        {"FlowSchema", "", NULL,
         "{'metadata':{'name':'exempt'},'spec':{'priorityLevelConfiguration':{'name':'exempt'},"
         "'matchingPrecedence':1," RULES "}]}}",
         "spec"},
        {"PriorityLevelConfiguration", "", NULL,
         "{'metadata':{'name':'exempt'},'spec':{'type':'Exempt','exempt':{'lendablePercent':9}}}",
         ""},
        {"PriorityLevelConfiguration", "", NULL,
         "{'metadata':{'name':'catch-all'},'spec':{'type':'Limited','limited':{"
         "'nominalConcurrencyShares':6,'limitResponse':{'type':'Reject'}}}}",
         "spec"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Resource *r = resource(rows[i].kind);
        FieldErrs e = {.arena = a};

        if (rows[i].old)
            validate_update(r, "", object(a, r, rows[i].body), object(a, r, rows[i].old), &e);
        else
            validate_create(r, object(a, r, rows[i].body), &e);
        assert_string_equal(e.n > 0 ? e.items[0].field : "", rows[i].want);
    }
}

TEST(of_certificates)
{
    /* the first request is a boolean of no length */
    static const Row rows[] = {
        {"CertificateSigningRequest", "", NULL,
         "{'spec':{'usages':['any'],'signerName':'a.b/C','request':"
         "'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KQVFBPQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFV"
         "R"
         "VNULS0tLS0K'}}",
         "spec.request; spec.signerName"},
        {"CertificateSigningRequest", "status",
         "{'status':{'conditions':[{'type':'Approved','status':'True'}]}}",
         "{'status':{'conditions':[{'type':'Approved','status':'True','reason':'r'}]}}",
         "status.conditions"},
        {"CertificateSigningRequest", "approval",
         "{'status':{'conditions':[{'type':'Approved','status':'True'}]}}",
         "{'status':{'conditions':[{'type':'Approved','status':'True','reason':'r'}]}}", ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Resource *r = resource(rows[i].kind);
        FieldErrs e = {.arena = a};
        AUTO_BUF b = BUF_INIT;

        if (rows[i].old)
            validate_update(r, rows[i].sub, object(a, r, rows[i].body), object(a, r, rows[i].old),
                            &e);
        else
            validate_create(r, object(a, r, rows[i].body), &e);
        for (uint32_t k = 0; k < e.n; k++)
            buf_addf(&b, "%s%s", k > 0 ? "; " : "", e.items[k].field);
        assert_string_equal(buf_str(&b), rows[i].want);
        if (i == 0)
            assert_non_null(strstr(e.items[0].message,
                                   "tags don't match (16 vs {class:0 tag:1 length:0 "
                                   "isCompound:false})"));
    }
}
