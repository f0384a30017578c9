/* made by tools/gen-baselayer from vcluster/baselayer/objects.yaml, do not edit */
#include "vcluster/baselayer/baselayer.h"

const BaseRow base_rows[] = {
    {"", "v1.",
     "{\"metadata\":{\"name\":\"v1.\",\"labels\":{\"kube-aggregator.kubernetes.io/automanaged\":\"onstart\"}},\"spe"
        "c\":{\"version\":\"v1\",\"groupPriorityMinimum\":18000,\"versionPriority\":1},\"status\":{\"conditions\":[{\"t"
        "ype\":\"Available\",\"status\":\"True\",\"lastTransitionTime\":\"@TIME@\",\"reason\":\"Local\",\"message\":\"Local"
        " APIServices are always available\"}]}}"},
    {"", "v1.admissionregistration.k8s.io",
     "{\"metadata\":{\"name\":\"v1.admissionregistration.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/a"
        "utomanaged\":\"onstart\"}},\"spec\":{\"group\":\"admissionregistration.k8s.io\",\"version\":\"v1\",\"groupPrio"
        "rityMinimum\":16700,\"versionPriority\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"T"
        "rue\",\"lastTransitionTime\":\"@TIME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always avai"
        "lable\"}]}}"},
    {"", "v1.apiextensions.k8s.io",
     "{\"metadata\":{\"name\":\"v1.apiextensions.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/automanag"
        "ed\":\"onstart\"}},\"spec\":{\"group\":\"apiextensions.k8s.io\",\"version\":\"v1\",\"groupPriorityMinimum\":167"
        "00,\"versionPriority\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransi"
        "tionTime\":\"@TIME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.apps",
     "{\"metadata\":{\"name\":\"v1.apps\",\"labels\":{\"kube-aggregator.kubernetes.io/automanaged\":\"onstart\"}},"
        "\"spec\":{\"group\":\"apps\",\"version\":\"v1\",\"groupPriorityMinimum\":17800,\"versionPriority\":15},\"status"
        "\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransitionTime\":\"@TIME@\",\"reason\":\"Loc"
        "al\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.authentication.k8s.io",
     "{\"metadata\":{\"name\":\"v1.authentication.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/automana"
        "ged\":\"onstart\"}},\"spec\":{\"group\":\"authentication.k8s.io\",\"version\":\"v1\",\"groupPriorityMinimum\":1"
        "7700,\"versionPriority\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTran"
        "sitionTime\":\"@TIME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.authorization.k8s.io",
     "{\"metadata\":{\"name\":\"v1.authorization.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/automanag"
        "ed\":\"onstart\"}},\"spec\":{\"group\":\"authorization.k8s.io\",\"version\":\"v1\",\"groupPriorityMinimum\":176"
        "00,\"versionPriority\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransi"
        "tionTime\":\"@TIME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.autoscaling",
     "{\"metadata\":{\"name\":\"v1.autoscaling\",\"labels\":{\"kube-aggregator.kubernetes.io/automanaged\":\"onst"
        "art\"}},\"spec\":{\"group\":\"autoscaling\",\"version\":\"v1\",\"groupPriorityMinimum\":17500,\"versionPriorit"
        "y\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransitionTime\":\"@TIME@\""
        ",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.batch",
     "{\"metadata\":{\"name\":\"v1.batch\",\"labels\":{\"kube-aggregator.kubernetes.io/automanaged\":\"onstart\"}}"
        ",\"spec\":{\"group\":\"batch\",\"version\":\"v1\",\"groupPriorityMinimum\":17400,\"versionPriority\":15},\"stat"
        "us\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransitionTime\":\"@TIME@\",\"reason\":\"L"
        "ocal\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.certificates.k8s.io",
     "{\"metadata\":{\"name\":\"v1.certificates.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/automanage"
        "d\":\"onstart\"}},\"spec\":{\"group\":\"certificates.k8s.io\",\"version\":\"v1\",\"groupPriorityMinimum\":17300"
        ",\"versionPriority\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransiti"
        "onTime\":\"@TIME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.coordination.k8s.io",
     "{\"metadata\":{\"name\":\"v1.coordination.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/automanage"
        "d\":\"onstart\"}},\"spec\":{\"group\":\"coordination.k8s.io\",\"version\":\"v1\",\"groupPriorityMinimum\":16500"
        ",\"versionPriority\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransiti"
        "onTime\":\"@TIME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.discovery.k8s.io",
     "{\"metadata\":{\"name\":\"v1.discovery.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/automanaged\":"
        "\"onstart\"}},\"spec\":{\"group\":\"discovery.k8s.io\",\"version\":\"v1\",\"groupPriorityMinimum\":16200,\"vers"
        "ionPriority\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransitionTime"
        "\":\"@TIME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.events.k8s.io",
     "{\"metadata\":{\"name\":\"v1.events.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/automanaged\":\"on"
        "start\"}},\"spec\":{\"group\":\"events.k8s.io\",\"version\":\"v1\",\"groupPriorityMinimum\":17750,\"versionPri"
        "ority\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransitionTime\":\"@TI"
        "ME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.flowcontrol.apiserver.k8s.io",
     "{\"metadata\":{\"name\":\"v1.flowcontrol.apiserver.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/a"
        "utomanaged\":\"onstart\"}},\"spec\":{\"group\":\"flowcontrol.apiserver.k8s.io\",\"version\":\"v1\",\"groupPrio"
        "rityMinimum\":16100,\"versionPriority\":21},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"T"
        "rue\",\"lastTransitionTime\":\"@TIME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always avai"
        "lable\"}]}}"},
    {"", "v1.networking.k8s.io",
     "{\"metadata\":{\"name\":\"v1.networking.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/automanaged\""
        ":\"onstart\"}},\"spec\":{\"group\":\"networking.k8s.io\",\"version\":\"v1\",\"groupPriorityMinimum\":17200,\"ve"
        "rsionPriority\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransitionTi"
        "me\":\"@TIME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.node.k8s.io",
     "{\"metadata\":{\"name\":\"v1.node.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/automanaged\":\"onst"
        "art\"}},\"spec\":{\"group\":\"node.k8s.io\",\"version\":\"v1\",\"groupPriorityMinimum\":16300,\"versionPriorit"
        "y\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransitionTime\":\"@TIME@\""
        ",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.policy",
     "{\"metadata\":{\"name\":\"v1.policy\",\"labels\":{\"kube-aggregator.kubernetes.io/automanaged\":\"onstart\"}"
        "},\"spec\":{\"group\":\"policy\",\"version\":\"v1\",\"groupPriorityMinimum\":17100,\"versionPriority\":15},\"st"
        "atus\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransitionTime\":\"@TIME@\",\"reason\":"
        "\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.rbac.authorization.k8s.io",
     "{\"metadata\":{\"name\":\"v1.rbac.authorization.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/auto"
        "managed\":\"onstart\"}},\"spec\":{\"group\":\"rbac.authorization.k8s.io\",\"version\":\"v1\",\"groupPriorityMi"
        "nimum\":17000,\"versionPriority\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\""
        "lastTransitionTime\":\"@TIME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\""
        "}]}}"},
    {"", "v1.resource.k8s.io",
     "{\"metadata\":{\"name\":\"v1.resource.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/automanaged\":\""
        "onstart\"}},\"spec\":{\"group\":\"resource.k8s.io\",\"version\":\"v1\",\"groupPriorityMinimum\":16200,\"versio"
        "nPriority\":20},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransitionTime\":"
        "\"@TIME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.scheduling.k8s.io",
     "{\"metadata\":{\"name\":\"v1.scheduling.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/automanaged\""
        ":\"onstart\"}},\"spec\":{\"group\":\"scheduling.k8s.io\",\"version\":\"v1\",\"groupPriorityMinimum\":16600,\"ve"
        "rsionPriority\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransitionTi"
        "me\":\"@TIME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v1.storage.k8s.io",
     "{\"metadata\":{\"name\":\"v1.storage.k8s.io\",\"labels\":{\"kube-aggregator.kubernetes.io/automanaged\":\"o"
        "nstart\"}},\"spec\":{\"group\":\"storage.k8s.io\",\"version\":\"v1\",\"groupPriorityMinimum\":16800,\"versionP"
        "riority\":15},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransitionTime\":\"@"
        "TIME@\",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"", "v2.autoscaling",
     "{\"metadata\":{\"name\":\"v2.autoscaling\",\"labels\":{\"kube-aggregator.kubernetes.io/automanaged\":\"onst"
        "art\"}},\"spec\":{\"group\":\"autoscaling\",\"version\":\"v2\",\"groupPriorityMinimum\":17500,\"versionPriorit"
        "y\":30},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\",\"lastTransitionTime\":\"@TIME@\""
        ",\"reason\":\"Local\",\"message\":\"Local APIServices are always available\"}]}}"},
    {"default", "kube-root-ca.crt",
     "{\"metadata\":{\"name\":\"kube-root-ca.crt\",\"namespace\":\"default\"},\"data\":{\"ca.crt\":\"@CA@\"}}"},
    {"kube-node-lease", "kube-root-ca.crt",
     "{\"metadata\":{\"name\":\"kube-root-ca.crt\",\"namespace\":\"kube-node-lease\"},\"data\":{\"ca.crt\":\"@CA@\"}}"},
    {"kube-public", "kube-root-ca.crt",
     "{\"metadata\":{\"name\":\"kube-root-ca.crt\",\"namespace\":\"kube-public\"},\"data\":{\"ca.crt\":\"@CA@\"}}"},
    {"kube-system", "extension-apiserver-authentication",
     "{\"metadata\":{\"name\":\"extension-apiserver-authentication\",\"namespace\":\"kube-system\"},\"data\":{\"cli"
        "ent-ca-file\":\"@CLIENT_CA@\",\"requestheader-allowed-names\":\"[\\\"front-proxy-client\\\"]\",\"requesthead"
        "er-client-ca-file\":\"@FRONT_CA@\",\"requestheader-extra-headers-prefix\":\"[\\\"X-Remote-Extra-\\\"]\",\"re"
        "questheader-group-headers\":\"[\\\"X-Remote-Group\\\"]\",\"requestheader-uid-headers\":\"[\\\"X-Remote-Uid\\\""
        "]\",\"requestheader-username-headers\":\"[\\\"X-Remote-User\\\"]\"}}"},
    {"kube-system", "kube-root-ca.crt",
     "{\"metadata\":{\"name\":\"kube-root-ca.crt\",\"namespace\":\"kube-system\"},\"data\":{\"ca.crt\":\"@CA@\"}}"},
    {"default", "kubernetes",
     "{\"metadata\":{\"name\":\"kubernetes\",\"namespace\":\"default\",\"generation\":1,\"labels\":{\"kubernetes.io/s"
        "ervice-name\":\"kubernetes\"}},\"addressType\":\"@API_FAMILY@\",\"endpoints\":[{\"addresses\":[\"@API_IP@\"],"
        "\"conditions\":{\"ready\":true}}],\"ports\":[{\"name\":\"https\",\"protocol\":\"TCP\",\"port\":443}]}"},
    {"default", "kubernetes",
     "{\"metadata\":{\"name\":\"kubernetes\",\"namespace\":\"default\",\"labels\":{\"endpointslice.kubernetes.io/sk"
        "ip-mirror\":\"true\"}},\"subsets\":[{\"addresses\":[{\"ip\":\"@API_IP@\"}],\"ports\":[{\"name\":\"https\",\"port\":"
        "443,\"protocol\":\"TCP\"}]}]}"},
    {"", "catch-all",
     "{\"metadata\":{\"name\":\"catch-all\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"},\"gene"
        "ration\":1},\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"catch-all\"},\"matchingPrecedence\":10000,"
        "\"distinguisherMethod\":{\"type\":\"ByUser\"},\"rules\":[{\"subjects\":[{\"kind\":\"Group\",\"group\":{\"name\":\"s"
        "ystem:unauthenticated\"}},{\"kind\":\"Group\",\"group\":{\"name\":\"system:authenticated\"}}],\"resourceRule"
        "s\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"*\"],\"resources\":[\"*\"],\"clusterScope\":true,\"namespaces\":[\"*\"]}],"
        "\"nonResourceRules\":[{\"verbs\":[\"*\"],\"nonResourceURLs\":[\"*\"]}]}]},\"status\":{\"conditions\":[{\"type\":"
        "\"Dangling\",\"status\":\"False\",\"lastTransitionTime\":\"@TIME@\",\"reason\":\"Found\",\"message\":\"This FlowS"
        "chema references the PriorityLevelConfiguration object named \\\"catch-all\\\" and it exists\"}]}}"},
    {"", "exempt",
     "{\"metadata\":{\"name\":\"exempt\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"},\"generat"
        "ion\":1},\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"exempt\"},\"matchingPrecedence\":1,\"rules\":[{"
        "\"subjects\":[{\"kind\":\"Group\",\"group\":{\"name\":\"system:masters\"}}],\"resourceRules\":[{\"verbs\":[\"*\"],"
        "\"apiGroups\":[\"*\"],\"resources\":[\"*\"],\"clusterScope\":true,\"namespaces\":[\"*\"]}],\"nonResourceRules\":"
        "[{\"verbs\":[\"*\"],\"nonResourceURLs\":[\"*\"]}]}]},\"status\":{\"conditions\":[{\"type\":\"Dangling\",\"status\""
        ":\"False\",\"lastTransitionTime\":\"@TIME@\",\"reason\":\"Found\",\"message\":\"This FlowSchema references th"
        "e PriorityLevelConfiguration object named \\\"exempt\\\" and it exists\"}]}}"},
    {"", "global-default",
     "{\"metadata\":{\"name\":\"global-default\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"},"
        "\"generation\":1},\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"global-default\"},\"matchingPreceden"
        "ce\":9900,\"distinguisherMethod\":{\"type\":\"ByUser\"},\"rules\":[{\"subjects\":[{\"kind\":\"Group\",\"group\":{"
        "\"name\":\"system:unauthenticated\"}},{\"kind\":\"Group\",\"group\":{\"name\":\"system:authenticated\"}}],\"res"
        "ourceRules\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"*\"],\"resources\":[\"*\"],\"clusterScope\":true,\"namespaces\""
        ":[\"*\"]}],\"nonResourceRules\":[{\"verbs\":[\"*\"],\"nonResourceURLs\":[\"*\"]}]}]},\"status\":{\"conditions\":"
        "[{\"type\":\"Dangling\",\"status\":\"False\",\"lastTransitionTime\":\"@TIME@\",\"reason\":\"Found\",\"message\":\"T"
        "his FlowSchema references the PriorityLevelConfiguration object named \\\"global-default\\\" and it "
        "exists\"}]}}"},
    {"", "kube-controller-manager",
     "{\"metadata\":{\"name\":\"kube-controller-manager\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\""
        ":\"true\"},\"generation\":1},\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"workload-high\"},\"matching"
        "Precedence\":800,\"distinguisherMethod\":{\"type\":\"ByNamespace\"},\"rules\":[{\"subjects\":[{\"kind\":\"User"
        "\",\"user\":{\"name\":\"system:kube-controller-manager\"}}],\"resourceRules\":[{\"verbs\":[\"*\"],\"apiGroups\""
        ":[\"*\"],\"resources\":[\"*\"],\"clusterScope\":true,\"namespaces\":[\"*\"]}],\"nonResourceRules\":[{\"verbs\":["
        "\"*\"],\"nonResourceURLs\":[\"*\"]}]}]},\"status\":{\"conditions\":[{\"type\":\"Dangling\",\"status\":\"False\",\"l"
        "astTransitionTime\":\"@TIME@\",\"reason\":\"Found\",\"message\":\"This FlowSchema references the PriorityL"
        "evelConfiguration object named \\\"workload-high\\\" and it exists\"}]}}"},
    {"", "kube-scheduler",
     "{\"metadata\":{\"name\":\"kube-scheduler\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"},"
        "\"generation\":1},\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"workload-high\"},\"matchingPrecedenc"
        "e\":800,\"distinguisherMethod\":{\"type\":\"ByNamespace\"},\"rules\":[{\"subjects\":[{\"kind\":\"User\",\"user\":"
        "{\"name\":\"system:kube-scheduler\"}}],\"resourceRules\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"*\"],\"resources\""
        ":[\"*\"],\"clusterScope\":true,\"namespaces\":[\"*\"]}],\"nonResourceRules\":[{\"verbs\":[\"*\"],\"nonResourceU"
        "RLs\":[\"*\"]}]}]},\"status\":{\"conditions\":[{\"type\":\"Dangling\",\"status\":\"False\",\"lastTransitionTime\""
        ":\"@TIME@\",\"reason\":\"Found\",\"message\":\"This FlowSchema references the PriorityLevelConfiguration "
        "object named \\\"workload-high\\\" and it exists\"}]}}"},
    {"", "kube-system-service-accounts",
     "{\"metadata\":{\"name\":\"kube-system-service-accounts\",\"annotations\":{\"apf.kubernetes.io/autoupdate-"
        "spec\":\"true\"},\"generation\":1},\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"workload-high\"},\"mat"
        "chingPrecedence\":900,\"distinguisherMethod\":{\"type\":\"ByNamespace\"},\"rules\":[{\"subjects\":[{\"kind\":"
        "\"ServiceAccount\",\"serviceAccount\":{\"namespace\":\"kube-system\",\"name\":\"*\"}}],\"resourceRules\":[{\"ve"
        "rbs\":[\"*\"],\"apiGroups\":[\"*\"],\"resources\":[\"*\"],\"clusterScope\":true,\"namespaces\":[\"*\"]}],\"nonReso"
        "urceRules\":[{\"verbs\":[\"*\"],\"nonResourceURLs\":[\"*\"]}]}]},\"status\":{\"conditions\":[{\"type\":\"Danglin"
        "g\",\"status\":\"False\",\"lastTransitionTime\":\"@TIME@\",\"reason\":\"Found\",\"message\":\"This FlowSchema re"
        "ferences the PriorityLevelConfiguration object named \\\"workload-high\\\" and it exists\"}]}}"},
    {"", "probes",
     "{\"metadata\":{\"name\":\"probes\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"},\"generat"
        "ion\":1},\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"exempt\"},\"matchingPrecedence\":2,\"rules\":[{"
        "\"subjects\":[{\"kind\":\"Group\",\"group\":{\"name\":\"system:unauthenticated\"}},{\"kind\":\"Group\",\"group\":{"
        "\"name\":\"system:authenticated\"}}],\"nonResourceRules\":[{\"verbs\":[\"get\"],\"nonResourceURLs\":[\"/healt"
        "hz\",\"/readyz\",\"/livez\"]}]}]},\"status\":{\"conditions\":[{\"type\":\"Dangling\",\"status\":\"False\",\"lastTr"
        "ansitionTime\":\"@TIME@\",\"reason\":\"Found\",\"message\":\"This FlowSchema references the PriorityLevelC"
        "onfiguration object named \\\"exempt\\\" and it exists\"}]}}"},
    {"", "service-accounts",
     "{\"metadata\":{\"name\":\"service-accounts\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\""
        "},\"generation\":1},\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"workload-low\"},\"matchingPreceden"
        "ce\":9000,\"distinguisherMethod\":{\"type\":\"ByUser\"},\"rules\":[{\"subjects\":[{\"kind\":\"Group\",\"group\":{"
        "\"name\":\"system:serviceaccounts\"}}],\"resourceRules\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"*\"],\"resources\""
        ":[\"*\"],\"clusterScope\":true,\"namespaces\":[\"*\"]}],\"nonResourceRules\":[{\"verbs\":[\"*\"],\"nonResourceU"
        "RLs\":[\"*\"]}]}]},\"status\":{\"conditions\":[{\"type\":\"Dangling\",\"status\":\"False\",\"lastTransitionTime\""
        ":\"@TIME@\",\"reason\":\"Found\",\"message\":\"This FlowSchema references the PriorityLevelConfiguration "
        "object named \\\"workload-low\\\" and it exists\"}]}}"},
    {"", "system-leader-election",
     "{\"metadata\":{\"name\":\"system-leader-election\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":"
        "\"true\"},\"generation\":1},\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"leader-election\"},\"matchin"
        "gPrecedence\":100,\"distinguisherMethod\":{\"type\":\"ByUser\"},\"rules\":[{\"subjects\":[{\"kind\":\"User\",\"u"
        "ser\":{\"name\":\"system:kube-controller-manager\"}},{\"kind\":\"User\",\"user\":{\"name\":\"system:kube-sched"
        "uler\"}},{\"kind\":\"ServiceAccount\",\"serviceAccount\":{\"namespace\":\"kube-system\",\"name\":\"*\"}}],\"reso"
        "urceRules\":[{\"verbs\":[\"get\",\"create\",\"update\"],\"apiGroups\":[\"coordination.k8s.io\"],\"resources\":["
        "\"leases\"],\"namespaces\":[\"*\"]}]}]},\"status\":{\"conditions\":[{\"type\":\"Dangling\",\"status\":\"False\",\"l"
        "astTransitionTime\":\"@TIME@\",\"reason\":\"Found\",\"message\":\"This FlowSchema references the PriorityL"
        "evelConfiguration object named \\\"leader-election\\\" and it exists\"}]}}"},
    {"", "system-node-high",
     "{\"metadata\":{\"name\":\"system-node-high\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\""
        "},\"generation\":1},\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"node-high\"},\"matchingPrecedence\""
        ":400,\"distinguisherMethod\":{\"type\":\"ByUser\"},\"rules\":[{\"subjects\":[{\"kind\":\"Group\",\"group\":{\"nam"
        "e\":\"system:nodes\"}}],\"resourceRules\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\",\"node"
        "s/status\"],\"clusterScope\":true,\"namespaces\":[\"*\"]},{\"verbs\":[\"*\"],\"apiGroups\":[\"coordination.k8s"
        ".io\"],\"resources\":[\"leases\"],\"namespaces\":[\"*\"]}]}]},\"status\":{\"conditions\":[{\"type\":\"Dangling\","
        "\"status\":\"False\",\"lastTransitionTime\":\"@TIME@\",\"reason\":\"Found\",\"message\":\"This FlowSchema refer"
        "ences the PriorityLevelConfiguration object named \\\"node-high\\\" and it exists\"}]}}"},
    {"", "system-nodes",
     "{\"metadata\":{\"name\":\"system-nodes\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"},\"g"
        "eneration\":1},\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"system\"},\"matchingPrecedence\":500,\"d"
        "istinguisherMethod\":{\"type\":\"ByUser\"},\"rules\":[{\"subjects\":[{\"kind\":\"Group\",\"group\":{\"name\":\"sys"
        "tem:nodes\"}}],\"resourceRules\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"*\"],\"resources\":[\"*\"],\"clusterScope\""
        ":true,\"namespaces\":[\"*\"]}],\"nonResourceRules\":[{\"verbs\":[\"*\"],\"nonResourceURLs\":[\"*\"]}]}]},\"stat"
        "us\":{\"conditions\":[{\"type\":\"Dangling\",\"status\":\"False\",\"lastTransitionTime\":\"@TIME@\",\"reason\":\"F"
        "ound\",\"message\":\"This FlowSchema references the PriorityLevelConfiguration object named \\\"system"
        "\\\" and it exists\"}]}}"},
    {"", "catch-all",
     "{\"metadata\":{\"name\":\"catch-all\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"},\"gene"
        "ration\":1},\"spec\":{\"type\":\"Limited\",\"limited\":{\"nominalConcurrencyShares\":5,\"limitResponse\":{\"ty"
        "pe\":\"Reject\"},\"lendablePercent\":0}}}"},
    {"", "exempt",
     "{\"metadata\":{\"name\":\"exempt\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"},\"generat"
        "ion\":1},\"spec\":{\"type\":\"Exempt\",\"exempt\":{\"nominalConcurrencyShares\":0,\"lendablePercent\":0}}}"},
    {"", "global-default",
     "{\"metadata\":{\"name\":\"global-default\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"},"
        "\"generation\":1},\"spec\":{\"type\":\"Limited\",\"limited\":{\"nominalConcurrencyShares\":20,\"limitResponse"
        "\":{\"type\":\"Queue\",\"queuing\":{\"queues\":128,\"handSize\":6,\"queueLengthLimit\":50}},\"lendablePercent\""
        ":50}}}"},
    {"", "leader-election",
     "{\"metadata\":{\"name\":\"leader-election\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"}"
        ",\"generation\":1},\"spec\":{\"type\":\"Limited\",\"limited\":{\"nominalConcurrencyShares\":10,\"limitRespons"
        "e\":{\"type\":\"Queue\",\"queuing\":{\"queues\":16,\"handSize\":4,\"queueLengthLimit\":50}},\"lendablePercent\""
        ":0}}}"},
    {"", "node-high",
     "{\"metadata\":{\"name\":\"node-high\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"},\"gene"
        "ration\":1},\"spec\":{\"type\":\"Limited\",\"limited\":{\"nominalConcurrencyShares\":40,\"limitResponse\":{\"t"
        "ype\":\"Queue\",\"queuing\":{\"queues\":64,\"handSize\":6,\"queueLengthLimit\":50}},\"lendablePercent\":25}}}"},
    {"", "system",
     "{\"metadata\":{\"name\":\"system\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"},\"generat"
        "ion\":1},\"spec\":{\"type\":\"Limited\",\"limited\":{\"nominalConcurrencyShares\":30,\"limitResponse\":{\"type"
        "\":\"Queue\",\"queuing\":{\"queues\":64,\"handSize\":6,\"queueLengthLimit\":50}},\"lendablePercent\":33}}}"},
    {"", "workload-high",
     "{\"metadata\":{\"name\":\"workload-high\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"},\""
        "generation\":1},\"spec\":{\"type\":\"Limited\",\"limited\":{\"nominalConcurrencyShares\":40,\"limitResponse\""
        ":{\"type\":\"Queue\",\"queuing\":{\"queues\":128,\"handSize\":6,\"queueLengthLimit\":50}},\"lendablePercent\":"
        "50}}}"},
    {"", "workload-low",
     "{\"metadata\":{\"name\":\"workload-low\",\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"true\"},\"g"
        "eneration\":1},\"spec\":{\"type\":\"Limited\",\"limited\":{\"nominalConcurrencyShares\":100,\"limitResponse\""
        ":{\"type\":\"Queue\",\"queuing\":{\"queues\":128,\"handSize\":6,\"queueLengthLimit\":50}},\"lendablePercent\":"
        "90}}}"},
    {"", "default",
     "{\"metadata\":{\"name\":\"default\",\"labels\":{\"kubernetes.io/metadata.name\":\"default\"}},\"spec\":{\"final"
        "izers\":[\"kubernetes\"]},\"status\":{\"phase\":\"Active\"}}"},
    {"", "kube-node-lease",
     "{\"metadata\":{\"name\":\"kube-node-lease\",\"labels\":{\"kubernetes.io/metadata.name\":\"kube-node-lease\"}"
        "},\"spec\":{\"finalizers\":[\"kubernetes\"]},\"status\":{\"phase\":\"Active\"}}"},
    {"", "kube-public",
     "{\"metadata\":{\"name\":\"kube-public\",\"labels\":{\"kubernetes.io/metadata.name\":\"kube-public\"}},\"spec\""
        ":{\"finalizers\":[\"kubernetes\"]},\"status\":{\"phase\":\"Active\"}}"},
    {"", "kube-system",
     "{\"metadata\":{\"name\":\"kube-system\",\"labels\":{\"kubernetes.io/metadata.name\":\"kube-system\"}},\"spec\""
        ":{\"finalizers\":[\"kubernetes\"]},\"status\":{\"phase\":\"Active\"}}"},
    {"", "kubernetes",
     "{\"metadata\":{\"name\":\"kubernetes\",\"finalizers\":[\"networking.k8s.io/service-cidr-finalizer\"]},\"spe"
        "c\":{\"cidrs\":\"@SERVICE_CIDRS@\"},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"lastTran"
        "sitionTime\":\"@TIME@\",\"reason\":\"\",\"message\":\"Kubernetes Service CIDR is ready\"}]}}"},
    {"", "cluster-admin",
     "{\"metadata\":{\"name\":\"cluster-admin\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"an"
        "notations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjects\":[{\"kind\":\"Group\",\""
        "apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"system:masters\"}],\"roleRef\":{\"apiGroup\":\"rbac.auth"
        "orization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"cluster-admin\"}}"},
    {"", "system:basic-user",
     "{\"metadata\":{\"name\":\"system:basic-user\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"}"
        ",\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjects\":[{\"kind\":\"Grou"
        "p\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"system:authenticated\"}],\"roleRef\":{\"apiGroup\":"
        "\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:basic-user\"}}"},
    {"", "system:controller:attachdetach-controller",
     "{\"metadata\":{\"name\":\"system:controller:attachdetach-controller\",\"labels\":{\"kubernetes.io/bootstr"
        "apping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\""
        "subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"attachdetach-controller\",\"namespace\":\"kube-system\"}]"
        ",\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controlle"
        "r:attachdetach-controller\"}}"},
    {"", "system:controller:certificate-controller",
     "{\"metadata\":{\"name\":\"system:controller:certificate-controller\",\"labels\":{\"kubernetes.io/bootstra"
        "pping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"s"
        "ubjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"certificate-controller\",\"namespace\":\"kube-system\"}],\""
        "roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:"
        "certificate-controller\"}}"},
    {"", "system:controller:clusterrole-aggregation-controller",
     "{\"metadata\":{\"name\":\"system:controller:clusterrole-aggregation-controller\",\"labels\":{\"kubernetes"
        ".io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\""
        ":\"true\"}},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"clusterrole-aggregation-controller\",\"name"
        "space\":\"kube-system\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"n"
        "ame\":\"system:controller:clusterrole-aggregation-controller\"}}"},
    {"", "system:controller:cronjob-controller",
     "{\"metadata\":{\"name\":\"system:controller:cronjob-controller\",\"labels\":{\"kubernetes.io/bootstrappin"
        "g\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subje"
        "cts\":[{\"kind\":\"ServiceAccount\",\"name\":\"cronjob-controller\",\"namespace\":\"kube-system\"}],\"roleRef\""
        ":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:cronjob-"
        "controller\"}}"},
    {"", "system:controller:daemon-set-controller",
     "{\"metadata\":{\"name\":\"system:controller:daemon-set-controller\",\"labels\":{\"kubernetes.io/bootstrap"
        "ping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"su"
        "bjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"daemon-set-controller\",\"namespace\":\"kube-system\"}],\"ro"
        "leRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:da"
        "emon-set-controller\"}}"},
    {"", "system:controller:deployment-controller",
     "{\"metadata\":{\"name\":\"system:controller:deployment-controller\",\"labels\":{\"kubernetes.io/bootstrap"
        "ping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"su"
        "bjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"deployment-controller\",\"namespace\":\"kube-system\"}],\"ro"
        "leRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:de"
        "ployment-controller\"}}"},
    {"", "system:controller:device-taint-eviction-controller",
     "{\"metadata\":{\"name\":\"system:controller:device-taint-eviction-controller\",\"labels\":{\"kubernetes.i"
        "o/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\""
        "true\"}},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"device-taint-eviction-controller\",\"namespac"
        "e\":\"kube-system\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\""
        ":\"system:controller:device-taint-eviction-controller\"}}"},
    {"", "system:controller:disruption-controller",
     "{\"metadata\":{\"name\":\"system:controller:disruption-controller\",\"labels\":{\"kubernetes.io/bootstrap"
        "ping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"su"
        "bjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"disruption-controller\",\"namespace\":\"kube-system\"}],\"ro"
        "leRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:di"
        "sruption-controller\"}}"},
    {"", "system:controller:endpoint-controller",
     "{\"metadata\":{\"name\":\"system:controller:endpoint-controller\",\"labels\":{\"kubernetes.io/bootstrappi"
        "ng\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subj"
        "ects\":[{\"kind\":\"ServiceAccount\",\"name\":\"endpoint-controller\",\"namespace\":\"kube-system\"}],\"roleRe"
        "f\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:endpoi"
        "nt-controller\"}}"},
    {"", "system:controller:endpointslice-controller",
     "{\"metadata\":{\"name\":\"system:controller:endpointslice-controller\",\"labels\":{\"kubernetes.io/bootst"
        "rapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},"
        "\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"endpointslice-controller\",\"namespace\":\"kube-system\""
        "}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:control"
        "ler:endpointslice-controller\"}}"},
    {"", "system:controller:endpointslicemirroring-controller",
     "{\"metadata\":{\"name\":\"system:controller:endpointslicemirroring-controller\",\"labels\":{\"kubernetes."
        "io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":"
        "\"true\"}},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"endpointslicemirroring-controller\",\"namesp"
        "ace\":\"kube-system\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"nam"
        "e\":\"system:controller:endpointslicemirroring-controller\"}}"},
    {"", "system:controller:ephemeral-volume-controller",
     "{\"metadata\":{\"name\":\"system:controller:ephemeral-volume-controller\",\"labels\":{\"kubernetes.io/boo"
        "tstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\""
        "}},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"ephemeral-volume-controller\",\"namespace\":\"kube-s"
        "ystem\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:c"
        "ontroller:ephemeral-volume-controller\"}}"},
    {"", "system:controller:expand-controller",
     "{\"metadata\":{\"name\":\"system:controller:expand-controller\",\"labels\":{\"kubernetes.io/bootstrapping"
        "\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjec"
        "ts\":[{\"kind\":\"ServiceAccount\",\"name\":\"expand-controller\",\"namespace\":\"kube-system\"}],\"roleRef\":{"
        "\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:expand-con"
        "troller\"}}"},
    {"", "system:controller:generic-garbage-collector",
     "{\"metadata\":{\"name\":\"system:controller:generic-garbage-collector\",\"labels\":{\"kubernetes.io/boots"
        "trapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}}"
        ",\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"generic-garbage-collector\",\"namespace\":\"kube-syste"
        "m\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:contr"
        "oller:generic-garbage-collector\"}}"},
    {"", "system:controller:horizontal-pod-autoscaler",
     "{\"metadata\":{\"name\":\"system:controller:horizontal-pod-autoscaler\",\"labels\":{\"kubernetes.io/boots"
        "trapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}}"
        ",\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"horizontal-pod-autoscaler\",\"namespace\":\"kube-syste"
        "m\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:contr"
        "oller:horizontal-pod-autoscaler\"}}"},
    {"", "system:controller:job-controller",
     "{\"metadata\":{\"name\":\"system:controller:job-controller\",\"labels\":{\"kubernetes.io/bootstrapping\":\""
        "rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjects\""
        ":[{\"kind\":\"ServiceAccount\",\"name\":\"job-controller\",\"namespace\":\"kube-system\"}],\"roleRef\":{\"apiGr"
        "oup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:job-controller\"}"
        "}"},
    {"", "system:controller:legacy-service-account-token-cleaner",
     "{\"metadata\":{\"name\":\"system:controller:legacy-service-account-token-cleaner\",\"labels\":{\"kubernet"
        "es.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdat"
        "e\":\"true\"}},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"legacy-service-account-token-cleaner\",\""
        "namespace\":\"kube-system\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole"
        "\",\"name\":\"system:controller:legacy-service-account-token-cleaner\"}}"},
    {"", "system:controller:namespace-controller",
     "{\"metadata\":{\"name\":\"system:controller:namespace-controller\",\"labels\":{\"kubernetes.io/bootstrapp"
        "ing\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"sub"
        "jects\":[{\"kind\":\"ServiceAccount\",\"name\":\"namespace-controller\",\"namespace\":\"kube-system\"}],\"role"
        "Ref\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:name"
        "space-controller\"}}"},
    {"", "system:controller:node-controller",
     "{\"metadata\":{\"name\":\"system:controller:node-controller\",\"labels\":{\"kubernetes.io/bootstrapping\":"
        "\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjects"
        "\":[{\"kind\":\"ServiceAccount\",\"name\":\"node-controller\",\"namespace\":\"kube-system\"}],\"roleRef\":{\"api"
        "Group\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:node-controlle"
        "r\"}}"},
    {"", "system:controller:persistent-volume-binder",
     "{\"metadata\":{\"name\":\"system:controller:persistent-volume-binder\",\"labels\":{\"kubernetes.io/bootst"
        "rapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},"
        "\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"persistent-volume-binder\",\"namespace\":\"kube-system\""
        "}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:control"
        "ler:persistent-volume-binder\"}}"},
    {"", "system:controller:pod-garbage-collector",
     "{\"metadata\":{\"name\":\"system:controller:pod-garbage-collector\",\"labels\":{\"kubernetes.io/bootstrap"
        "ping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"su"
        "bjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"pod-garbage-collector\",\"namespace\":\"kube-system\"}],\"ro"
        "leRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:po"
        "d-garbage-collector\"}}"},
    {"", "system:controller:pv-protection-controller",
     "{\"metadata\":{\"name\":\"system:controller:pv-protection-controller\",\"labels\":{\"kubernetes.io/bootst"
        "rapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},"
        "\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"pv-protection-controller\",\"namespace\":\"kube-system\""
        "}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:control"
        "ler:pv-protection-controller\"}}"},
    {"", "system:controller:pvc-protection-controller",
     "{\"metadata\":{\"name\":\"system:controller:pvc-protection-controller\",\"labels\":{\"kubernetes.io/boots"
        "trapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}}"
        ",\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"pvc-protection-controller\",\"namespace\":\"kube-syste"
        "m\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:contr"
        "oller:pvc-protection-controller\"}}"},
    {"", "system:controller:replicaset-controller",
     "{\"metadata\":{\"name\":\"system:controller:replicaset-controller\",\"labels\":{\"kubernetes.io/bootstrap"
        "ping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"su"
        "bjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"replicaset-controller\",\"namespace\":\"kube-system\"}],\"ro"
        "leRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:re"
        "plicaset-controller\"}}"},
    {"", "system:controller:replication-controller",
     "{\"metadata\":{\"name\":\"system:controller:replication-controller\",\"labels\":{\"kubernetes.io/bootstra"
        "pping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"s"
        "ubjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"replication-controller\",\"namespace\":\"kube-system\"}],\""
        "roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:"
        "replication-controller\"}}"},
    {"", "system:controller:resource-claim-controller",
     "{\"metadata\":{\"name\":\"system:controller:resource-claim-controller\",\"labels\":{\"kubernetes.io/boots"
        "trapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}}"
        ",\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"resource-claim-controller\",\"namespace\":\"kube-syste"
        "m\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:contr"
        "oller:resource-claim-controller\"}}"},
    {"", "system:controller:resourcequota-controller",
     "{\"metadata\":{\"name\":\"system:controller:resourcequota-controller\",\"labels\":{\"kubernetes.io/bootst"
        "rapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},"
        "\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"resourcequota-controller\",\"namespace\":\"kube-system\""
        "}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:control"
        "ler:resourcequota-controller\"}}"},
    {"", "system:controller:root-ca-cert-publisher",
     "{\"metadata\":{\"name\":\"system:controller:root-ca-cert-publisher\",\"labels\":{\"kubernetes.io/bootstra"
        "pping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"s"
        "ubjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"root-ca-cert-publisher\",\"namespace\":\"kube-system\"}],\""
        "roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:"
        "root-ca-cert-publisher\"}}"},
    {"", "system:controller:route-controller",
     "{\"metadata\":{\"name\":\"system:controller:route-controller\",\"labels\":{\"kubernetes.io/bootstrapping\""
        ":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subject"
        "s\":[{\"kind\":\"ServiceAccount\",\"name\":\"route-controller\",\"namespace\":\"kube-system\"}],\"roleRef\":{\"a"
        "piGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:route-contro"
        "ller\"}}"},
    {"", "system:controller:selinux-warning-controller",
     "{\"metadata\":{\"name\":\"system:controller:selinux-warning-controller\",\"labels\":{\"kubernetes.io/boot"
        "strapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}"
        "},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"selinux-warning-controller\",\"namespace\":\"kube-sys"
        "tem\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:con"
        "troller:selinux-warning-controller\"}}"},
    {"", "system:controller:service-account-controller",
     "{\"metadata\":{\"name\":\"system:controller:service-account-controller\",\"labels\":{\"kubernetes.io/boot"
        "strapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}"
        "},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"service-account-controller\",\"namespace\":\"kube-sys"
        "tem\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:con"
        "troller:service-account-controller\"}}"},
    {"", "system:controller:service-cidrs-controller",
     "{\"metadata\":{\"name\":\"system:controller:service-cidrs-controller\",\"labels\":{\"kubernetes.io/bootst"
        "rapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},"
        "\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"service-cidrs-controller\",\"namespace\":\"kube-system\""
        "}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:control"
        "ler:service-cidrs-controller\"}}"},
    {"", "system:controller:service-controller",
     "{\"metadata\":{\"name\":\"system:controller:service-controller\",\"labels\":{\"kubernetes.io/bootstrappin"
        "g\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subje"
        "cts\":[{\"kind\":\"ServiceAccount\",\"name\":\"service-controller\",\"namespace\":\"kube-system\"}],\"roleRef\""
        ":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:service-"
        "controller\"}}"},
    {"", "system:controller:statefulset-controller",
     "{\"metadata\":{\"name\":\"system:controller:statefulset-controller\",\"labels\":{\"kubernetes.io/bootstra"
        "pping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"s"
        "ubjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"statefulset-controller\",\"namespace\":\"kube-system\"}],\""
        "roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:"
        "statefulset-controller\"}}"},
    {"", "system:controller:ttl-after-finished-controller",
     "{\"metadata\":{\"name\":\"system:controller:ttl-after-finished-controller\",\"labels\":{\"kubernetes.io/b"
        "ootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"tru"
        "e\"}},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"ttl-after-finished-controller\",\"namespace\":\"ku"
        "be-system\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"syst"
        "em:controller:ttl-after-finished-controller\"}}"},
    {"", "system:controller:ttl-controller",
     "{\"metadata\":{\"name\":\"system:controller:ttl-controller\",\"labels\":{\"kubernetes.io/bootstrapping\":\""
        "rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjects\""
        ":[{\"kind\":\"ServiceAccount\",\"name\":\"ttl-controller\",\"namespace\":\"kube-system\"}],\"roleRef\":{\"apiGr"
        "oup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:controller:ttl-controller\"}"
        "}"},
    {"", "system:controller:validatingadmissionpolicy-status-controller",
     "{\"metadata\":{\"name\":\"system:controller:validatingadmissionpolicy-status-controller\",\"labels\":{\"k"
        "ubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/au"
        "toupdate\":\"true\"}},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"validatingadmissionpolicy-status"
        "-controller\",\"namespace\":\"kube-system\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind"
        "\":\"ClusterRole\",\"name\":\"system:controller:validatingadmissionpolicy-status-controller\"}}"},
    {"", "system:controller:volumeattributesclass-protection-controller",
     "{\"metadata\":{\"name\":\"system:controller:volumeattributesclass-protection-controller\",\"labels\":{\"k"
        "ubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/au"
        "toupdate\":\"true\"}},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"volumeattributesclass-protection"
        "-controller\",\"namespace\":\"kube-system\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind"
        "\":\"ClusterRole\",\"name\":\"system:controller:volumeattributesclass-protection-controller\"}}"},
    {"", "system:discovery",
     "{\"metadata\":{\"name\":\"system:discovery\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},"
        "\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjects\":[{\"kind\":\"Group"
        "\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"system:authenticated\"}],\"roleRef\":{\"apiGroup\":\""
        "rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:discovery\"}}"},
    {"", "system:kube-controller-manager",
     "{\"metadata\":{\"name\":\"system:kube-controller-manager\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rb"
        "ac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjects\":["
        "{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"system:kube-controller-manager\"}],"
        "\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:kube-contr"
        "oller-manager\"}}"},
    {"", "system:kube-dns",
     "{\"metadata\":{\"name\":\"system:kube-dns\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\""
        "annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjects\":[{\"kind\":\"Servic"
        "eAccount\",\"name\":\"kube-dns\",\"namespace\":\"kube-system\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorizatio"
        "n.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:kube-dns\"}}"},
    {"", "system:kube-scheduler",
     "{\"metadata\":{\"name\":\"system:kube-scheduler\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaul"
        "ts\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjects\":[{\"kind\":\""
        "User\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"system:kube-scheduler\"}],\"roleRef\":{\"apiGro"
        "up\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:kube-scheduler\"}}"},
    {"", "system:monitoring",
     "{\"metadata\":{\"name\":\"system:monitoring\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"}"
        ",\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjects\":[{\"kind\":\"Grou"
        "p\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"system:monitoring\"}],\"roleRef\":{\"apiGroup\":\"rb"
        "ac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:monitoring\"}}"},
    {"", "system:node",
     "{\"metadata\":{\"name\":\"system:node\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"anno"
        "tations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"roleRef\":{\"apiGroup\":\"rbac.aut"
        "horization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:node\"}}"},
    {"", "system:node-proxier",
     "{\"metadata\":{\"name\":\"system:node-proxier\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults"
        "\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjects\":[{\"kind\":\"Us"
        "er\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"system:kube-proxy\"}],\"roleRef\":{\"apiGroup\":\"r"
        "bac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:node-proxier\"}}"},
    {"", "system:public-info-viewer",
     "{\"metadata\":{\"name\":\"system:public-info-viewer\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-de"
        "faults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjects\":[{\"kin"
        "d\":\"Group\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"system:authenticated\"},{\"kind\":\"Group\""
        ",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"system:unauthenticated\"}],\"roleRef\":{\"apiGroup\":"
        "\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:public-info-viewer\"}}"},
    {"", "system:service-account-issuer-discovery",
     "{\"metadata\":{\"name\":\"system:service-account-issuer-discovery\",\"labels\":{\"kubernetes.io/bootstrap"
        "ping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"su"
        "bjects\":[{\"kind\":\"Group\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"system:serviceaccounts\"}"
        "],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:service-"
        "account-issuer-discovery\"}}"},
    {"", "system:volume-scheduler",
     "{\"metadata\":{\"name\":\"system:volume-scheduler\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defa"
        "ults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"subjects\":[{\"kind\""
        ":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"system:kube-scheduler\"}],\"roleRef\":{\"apiG"
        "roup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"system:volume-scheduler\"}}"},
    {"", "admin",
     "{\"metadata\":{\"name\":\"admin\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotation"
        "s\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"get\",\"list\",\"watc"
        "h\"],\"apiGroups\":[\"\"],\"resources\":[\"pods/attach\",\"pods/exec\",\"pods/portforward\",\"pods/proxy\",\"sec"
        "rets\",\"services/proxy\"]},{\"verbs\":[\"impersonate\"],\"apiGroups\":[\"\"],\"resources\":[\"serviceaccounts"
        "\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"\"],\"resources"
        "\":[\"pods\",\"pods/attach\",\"pods/exec\",\"pods/portforward\",\"pods/proxy\"]},{\"verbs\":[\"create\"],\"apiGr"
        "oups\":[\"\"],\"resources\":[\"pods/eviction\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\""
        ",\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"configmaps\",\"persistentvolumeclaims\",\"replicationcontr"
        "ollers\",\"replicationcontrollers/scale\",\"secrets\",\"serviceaccounts\",\"services\",\"services/proxy\"]}"
        ",{\"verbs\":[\"create\"],\"apiGroups\":[\"\"],\"resources\":[\"serviceaccounts/token\"]},{\"verbs\":[\"create\","
        "\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"eve"
        "nts\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"apps\"],\"re"
        "sources\":[\"daemonsets\",\"deployments\",\"deployments/rollback\",\"deployments/scale\",\"replicasets\",\"r"
        "eplicasets/scale\",\"statefulsets\",\"statefulsets/scale\"]},{\"verbs\":[\"create\",\"delete\",\"deletecolle"
        "ction\",\"patch\",\"update\"],\"apiGroups\":[\"autoscaling\"],\"resources\":[\"horizontalpodautoscalers\"]},{"
        "\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"batch\"],\"resources"
        "\":[\"cronjobs\",\"jobs\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGrou"
        "ps\":[\"extensions\"],\"resources\":[\"daemonsets\",\"deployments\",\"deployments/rollback\",\"deployments/s"
        "cale\",\"ingresses\",\"networkpolicies\",\"replicasets\",\"replicasets/scale\",\"replicationcontrollers/sc"
        "ale\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"policy\"],\""
        "resources\":[\"poddisruptionbudgets\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"upd"
        "ate\"],\"apiGroups\":[\"networking.k8s.io\"],\"resources\":[\"ingresses\",\"networkpolicies\"]},{\"verbs\":[\""
        "create\",\"delete\",\"deletecollection\",\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"coordin"
        "ation.k8s.io\"],\"resources\":[\"leases\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"u"
        "pdate\"],\"apiGroups\":[\"resource.k8s.io\"],\"resources\":[\"resourceclaims\",\"resourceclaimtemplates\"]}"
        ",{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"configmaps\",\"endpoints\",\"persist"
        "entvolumeclaims\",\"persistentvolumeclaims/status\",\"pods\",\"replicationcontrollers\",\"replicationcon"
        "trollers/scale\",\"serviceaccounts\",\"services\",\"services/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"]"
        ",\"apiGroups\":[\"\"],\"resources\":[\"bindings\",\"limitranges\",\"namespaces/status\",\"pods/log\",\"pods/sta"
        "tus\",\"replicationcontrollers/status\",\"resourcequotas\",\"resourcequotas/status\"]},{\"verbs\":[\"get\","
        "\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"namespaces\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"ap"
        "iGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups"
        "\":[\"discovery.k8s.io\"],\"resources\":[\"endpointslices\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroup"
        "s\":[\"apps\"],\"resources\":[\"controllerrevisions\",\"daemonsets\",\"daemonsets/status\",\"deployments\",\"d"
        "eployments/scale\",\"deployments/status\",\"replicasets\",\"replicasets/scale\",\"replicasets/status\",\"s"
        "tatefulsets\",\"statefulsets/scale\",\"statefulsets/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGr"
        "oups\":[\"autoscaling\"],\"resources\":[\"horizontalpodautoscalers\",\"horizontalpodautoscalers/status\"]"
        "},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"batch\"],\"resources\":[\"cronjobs\",\"cronjobs/status"
        "\",\"jobs\",\"jobs/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"extensions\"],\"resources\":"
        "[\"daemonsets\",\"daemonsets/status\",\"deployments\",\"deployments/scale\",\"deployments/status\",\"ingres"
        "ses\",\"ingresses/status\",\"networkpolicies\",\"replicasets\",\"replicasets/scale\",\"replicasets/status\""
        ",\"replicationcontrollers/scale\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"policy\"],\"resour"
        "ces\":[\"poddisruptionbudgets\",\"poddisruptionbudgets/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"ap"
        "iGroups\":[\"networking.k8s.io\"],\"resources\":[\"ingresses\",\"ingresses/status\",\"networkpolicies\"]},{"
        "\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"resource.k8s.io\"],\"resources\":[\"resourceclaims\",\"re"
        "sourceclaims/status\",\"resourceclaimtemplates\"]},{\"verbs\":[\"create\"],\"apiGroups\":[\"authorization."
        "k8s.io\"],\"resources\":[\"localsubjectaccessreviews\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollectio"
        "n\",\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"rbac.authorization.k8s.io\"],\"resources\":"
        "[\"rolebindings\",\"roles\"]}],\"aggregationRule\":{\"clusterRoleSelectors\":[{\"matchLabels\":{\"rbac.auth"
        "orization.k8s.io/aggregate-to-admin\":\"true\"}}]}}"},
    {"", "cluster-admin",
     "{\"metadata\":{\"name\":\"cluster-admin\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"an"
        "notations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"*\"],\"apiG"
        "roups\":[\"*\"],\"resources\":[\"*\"]},{\"verbs\":[\"*\"],\"nonResourceURLs\":[\"*\"]}]}"},
    {"", "edit",
     "{\"metadata\":{\"name\":\"edit\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\",\"rbac.authori"
        "zation.k8s.io/aggregate-to-admin\":\"true\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autou"
        "pdate\":\"true\"}},\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods/att"
        "ach\",\"pods/exec\",\"pods/portforward\",\"pods/proxy\",\"secrets\",\"services/proxy\"]},{\"verbs\":[\"imperso"
        "nate\"],\"apiGroups\":[\"\"],\"resources\":[\"serviceaccounts\"]},{\"verbs\":[\"create\",\"delete\",\"deletecoll"
        "ection\",\"patch\",\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\",\"pods/attach\",\"pods/exec\",\"pods/p"
        "ortforward\",\"pods/proxy\"]},{\"verbs\":[\"create\"],\"apiGroups\":[\"\"],\"resources\":[\"pods/eviction\"]},{"
        "\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"c"
        "onfigmaps\",\"persistentvolumeclaims\",\"replicationcontrollers\",\"replicationcontrollers/scale\",\"sec"
        "rets\",\"serviceaccounts\",\"services\",\"services/proxy\"]},{\"verbs\":[\"create\"],\"apiGroups\":[\"\"],\"reso"
        "urces\":[\"serviceaccounts/token\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update"
        "\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]},{\"verbs\":[\"create\",\"delete\",\"deletec"
        "ollection\",\"patch\",\"update\"],\"apiGroups\":[\"apps\"],\"resources\":[\"daemonsets\",\"deployments\",\"deplo"
        "yments/rollback\",\"deployments/scale\",\"replicasets\",\"replicasets/scale\",\"statefulsets\",\"statefuls"
        "ets/scale\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"auto"
        "scaling\"],\"resources\":[\"horizontalpodautoscalers\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollectio"
        "n\",\"patch\",\"update\"],\"apiGroups\":[\"batch\"],\"resources\":[\"cronjobs\",\"jobs\"]},{\"verbs\":[\"create\",\""
        "delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"extensions\"],\"resources\":[\"daemonsets"
        "\",\"deployments\",\"deployments/rollback\",\"deployments/scale\",\"ingresses\",\"networkpolicies\",\"replic"
        "asets\",\"replicasets/scale\",\"replicationcontrollers/scale\"]},{\"verbs\":[\"create\",\"delete\",\"deletec"
        "ollection\",\"patch\",\"update\"],\"apiGroups\":[\"policy\"],\"resources\":[\"poddisruptionbudgets\"]},{\"verb"
        "s\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"networking.k8s.io\"],\"re"
        "sources\":[\"ingresses\",\"networkpolicies\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"get\",\""
        "list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"coordination.k8s.io\"],\"resources\":[\"leases\"]},{\"ve"
        "rbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"resource.k8s.io\"],\"re"
        "sources\":[\"resourceclaims\",\"resourceclaimtemplates\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups"
        "\":[\"\"],\"resources\":[\"configmaps\",\"endpoints\",\"persistentvolumeclaims\",\"persistentvolumeclaims/st"
        "atus\",\"pods\",\"replicationcontrollers\",\"replicationcontrollers/scale\",\"serviceaccounts\",\"services"
        "\",\"services/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"bindings\",\""
        "limitranges\",\"namespaces/status\",\"pods/log\",\"pods/status\",\"replicationcontrollers/status\",\"resou"
        "rcequotas\",\"resourcequotas/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources"
        "\":[\"namespaces\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":["
        "\"events\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"discovery.k8s.io\"],\"resources\":[\"endpoi"
        "ntslices\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"apps\"],\"resources\":[\"controllerrevisio"
        "ns\",\"daemonsets\",\"daemonsets/status\",\"deployments\",\"deployments/scale\",\"deployments/status\",\"rep"
        "licasets\",\"replicasets/scale\",\"replicasets/status\",\"statefulsets\",\"statefulsets/scale\",\"stateful"
        "sets/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"autoscaling\"],\"resources\":[\"horizon"
        "talpodautoscalers\",\"horizontalpodautoscalers/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroup"
        "s\":[\"batch\"],\"resources\":[\"cronjobs\",\"cronjobs/status\",\"jobs\",\"jobs/status\"]},{\"verbs\":[\"get\",\"l"
        "ist\",\"watch\"],\"apiGroups\":[\"extensions\"],\"resources\":[\"daemonsets\",\"daemonsets/status\",\"deployme"
        "nts\",\"deployments/scale\",\"deployments/status\",\"ingresses\",\"ingresses/status\",\"networkpolicies\",\""
        "replicasets\",\"replicasets/scale\",\"replicasets/status\",\"replicationcontrollers/scale\"]},{\"verbs\":"
        "[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"policy\"],\"resources\":[\"poddisruptionbudgets\",\"poddisruption"
        "budgets/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"networking.k8s.io\"],\"resources\":"
        "[\"ingresses\",\"ingresses/status\",\"networkpolicies\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":"
        "[\"resource.k8s.io\"],\"resources\":[\"resourceclaims\",\"resourceclaims/status\",\"resourceclaimtemplate"
        "s\"]}],\"aggregationRule\":{\"clusterRoleSelectors\":[{\"matchLabels\":{\"rbac.authorization.k8s.io/aggr"
        "egate-to-edit\":\"true\"}}]}}"},
    {"", "system:aggregate-to-admin",
     "{\"metadata\":{\"name\":\"system:aggregate-to-admin\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-de"
        "faults\",\"rbac.authorization.k8s.io/aggregate-to-admin\":\"true\"},\"annotations\":{\"rbac.authorizatio"
        "n.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"create\"],\"apiGroups\":[\"authorization.k8"
        "s.io\"],\"resources\":[\"localsubjectaccessreviews\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\""
        ",\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"rbac.authorization.k8s.io\"],\"resources\":[\""
        "rolebindings\",\"roles\"]}]}"},
    {"", "system:aggregate-to-edit",
     "{\"metadata\":{\"name\":\"system:aggregate-to-edit\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-def"
        "aults\",\"rbac.authorization.k8s.io/aggregate-to-edit\":\"true\"},\"annotations\":{\"rbac.authorization."
        "kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"re"
        "sources\":[\"pods/attach\",\"pods/exec\",\"pods/portforward\",\"pods/proxy\",\"secrets\",\"services/proxy\"]}"
        ",{\"verbs\":[\"impersonate\"],\"apiGroups\":[\"\"],\"resources\":[\"serviceaccounts\"]},{\"verbs\":[\"create\",\""
        "delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\",\"pods/attach\","
        "\"pods/exec\",\"pods/portforward\",\"pods/proxy\"]},{\"verbs\":[\"create\"],\"apiGroups\":[\"\"],\"resources\":["
        "\"pods/eviction\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":["
        "\"\"],\"resources\":[\"configmaps\",\"persistentvolumeclaims\",\"replicationcontrollers\",\"replicationcont"
        "rollers/scale\",\"secrets\",\"serviceaccounts\",\"services\",\"services/proxy\"]},{\"verbs\":[\"create\"],\"ap"
        "iGroups\":[\"\"],\"resources\":[\"serviceaccounts/token\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollecti"
        "on\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]},{\"verbs\":[\"create"
        "\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"apps\"],\"resources\":[\"daemonsets\",\""
        "deployments\",\"deployments/rollback\",\"deployments/scale\",\"replicasets\",\"replicasets/scale\",\"state"
        "fulsets\",\"statefulsets/scale\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"]"
        ",\"apiGroups\":[\"autoscaling\"],\"resources\":[\"horizontalpodautoscalers\"]},{\"verbs\":[\"create\",\"delet"
        "e\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"batch\"],\"resources\":[\"cronjobs\",\"jobs\"]},{"
        "\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"extensions\"],\"reso"
        "urces\":[\"daemonsets\",\"deployments\",\"deployments/rollback\",\"deployments/scale\",\"ingresses\",\"netwo"
        "rkpolicies\",\"replicasets\",\"replicasets/scale\",\"replicationcontrollers/scale\"]},{\"verbs\":[\"create"
        "\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"policy\"],\"resources\":[\"poddisrupti"
        "onbudgets\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"netw"
        "orking.k8s.io\"],\"resources\":[\"ingresses\",\"networkpolicies\"]},{\"verbs\":[\"create\",\"delete\",\"delete"
        "collection\",\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"coordination.k8s.io\"],\"resource"
        "s\":[\"leases\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"patch\",\"update\"],\"apiGroups\":[\"re"
        "source.k8s.io\"],\"resources\":[\"resourceclaims\",\"resourceclaimtemplates\"]}]}"},
    {"", "system:aggregate-to-view",
     "{\"metadata\":{\"name\":\"system:aggregate-to-view\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-def"
        "aults\",\"rbac.authorization.k8s.io/aggregate-to-view\":\"true\"},\"annotations\":{\"rbac.authorization."
        "kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"re"
        "sources\":[\"configmaps\",\"endpoints\",\"persistentvolumeclaims\",\"persistentvolumeclaims/status\",\"pod"
        "s\",\"replicationcontrollers\",\"replicationcontrollers/scale\",\"serviceaccounts\",\"services\",\"service"
        "s/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"bindings\",\"limitrange"
        "s\",\"namespaces/status\",\"pods/log\",\"pods/status\",\"replicationcontrollers/status\",\"resourcequotas\""
        ",\"resourcequotas/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"namesp"
        "aces\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}"
        ",{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"discovery.k8s.io\"],\"resources\":[\"endpointslices\"]"
        "},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"apps\"],\"resources\":[\"controllerrevisions\",\"daemo"
        "nsets\",\"daemonsets/status\",\"deployments\",\"deployments/scale\",\"deployments/status\",\"replicasets\","
        "\"replicasets/scale\",\"replicasets/status\",\"statefulsets\",\"statefulsets/scale\",\"statefulsets/statu"
        "s\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"autoscaling\"],\"resources\":[\"horizontalpodauto"
        "scalers\",\"horizontalpodautoscalers/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"batch"
        "\"],\"resources\":[\"cronjobs\",\"cronjobs/status\",\"jobs\",\"jobs/status\"]},{\"verbs\":[\"get\",\"list\",\"watc"
        "h\"],\"apiGroups\":[\"extensions\"],\"resources\":[\"daemonsets\",\"daemonsets/status\",\"deployments\",\"depl"
        "oyments/scale\",\"deployments/status\",\"ingresses\",\"ingresses/status\",\"networkpolicies\",\"replicaset"
        "s\",\"replicasets/scale\",\"replicasets/status\",\"replicationcontrollers/scale\"]},{\"verbs\":[\"get\",\"li"
        "st\",\"watch\"],\"apiGroups\":[\"policy\"],\"resources\":[\"poddisruptionbudgets\",\"poddisruptionbudgets/st"
        "atus\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"networking.k8s.io\"],\"resources\":[\"ingresse"
        "s\",\"ingresses/status\",\"networkpolicies\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"resource"
        ".k8s.io\"],\"resources\":[\"resourceclaims\",\"resourceclaims/status\",\"resourceclaimtemplates\"]}]}"},
    {"", "system:auth-delegator",
     "{\"metadata\":{\"name\":\"system:auth-delegator\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaul"
        "ts\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"c"
        "reate\"],\"apiGroups\":[\"authentication.k8s.io\"],\"resources\":[\"tokenreviews\"]},{\"verbs\":[\"create\"],"
        "\"apiGroups\":[\"authorization.k8s.io\"],\"resources\":[\"subjectaccessreviews\"]}]}"},
    {"", "system:basic-user",
     "{\"metadata\":{\"name\":\"system:basic-user\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"}"
        ",\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"creat"
        "e\"],\"apiGroups\":[\"authorization.k8s.io\"],\"resources\":[\"selfsubjectaccessreviews\",\"selfsubjectrul"
        "esreviews\"]},{\"verbs\":[\"create\"],\"apiGroups\":[\"authentication.k8s.io\"],\"resources\":[\"selfsubject"
        "reviews\"]}]}"},
    {"", "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
     "{\"metadata\":{\"name\":\"system:certificates.k8s.io:certificatesigningrequests:nodeclient\",\"labels\":"
        "{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io"
        "/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"create\"],\"apiGroups\":[\"certificates.k8s.io\"],\"resource"
        "s\":[\"certificatesigningrequests/nodeclient\"]}]}"},
    {"", "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
     "{\"metadata\":{\"name\":\"system:certificates.k8s.io:certificatesigningrequests:selfnodeclient\",\"labe"
        "ls\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernete"
        "s.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"create\"],\"apiGroups\":[\"certificates.k8s.io\"],\"reso"
        "urces\":[\"certificatesigningrequests/selfnodeclient\"]}]}"},
    {"", "system:certificates.k8s.io:kube-apiserver-client-approver",
     "{\"metadata\":{\"name\":\"system:certificates.k8s.io:kube-apiserver-client-approver\",\"labels\":{\"kuber"
        "netes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoup"
        "date\":\"true\"}},\"rules\":[{\"verbs\":[\"approve\"],\"apiGroups\":[\"certificates.k8s.io\"],\"resources\":[\"s"
        "igners\"],\"resourceNames\":[\"kubernetes.io/kube-apiserver-client\"]}]}"},
    {"", "system:certificates.k8s.io:kube-apiserver-client-kubelet-approver",
     "{\"metadata\":{\"name\":\"system:certificates.k8s.io:kube-apiserver-client-kubelet-approver\",\"labels\""
        ":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.i"
        "o/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"approve\"],\"apiGroups\":[\"certificates.k8s.io\"],\"resour"
        "ces\":[\"signers\"],\"resourceNames\":[\"kubernetes.io/kube-apiserver-client-kubelet\"]}]}"},
    {"", "system:certificates.k8s.io:kubelet-serving-approver",
     "{\"metadata\":{\"name\":\"system:certificates.k8s.io:kubelet-serving-approver\",\"labels\":{\"kubernetes."
        "io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":"
        "\"true\"}},\"rules\":[{\"verbs\":[\"approve\"],\"apiGroups\":[\"certificates.k8s.io\"],\"resources\":[\"signers"
        "\"],\"resourceNames\":[\"kubernetes.io/kubelet-serving\"]}]}"},
    {"", "system:certificates.k8s.io:legacy-unknown-approver",
     "{\"metadata\":{\"name\":\"system:certificates.k8s.io:legacy-unknown-approver\",\"labels\":{\"kubernetes.i"
        "o/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\""
        "true\"}},\"rules\":[{\"verbs\":[\"approve\"],\"apiGroups\":[\"certificates.k8s.io\"],\"resources\":[\"signers\""
        "],\"resourceNames\":[\"kubernetes.io/legacy-unknown\"]}]}"},
    {"", "system:controller:attachdetach-controller",
     "{\"metadata\":{\"name\":\"system:controller:attachdetach-controller\",\"labels\":{\"kubernetes.io/bootstr"
        "apping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\""
        "rules\":[{\"verbs\":[\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumeclaims\",\"persis"
        "tentvolumes\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\"]},{\"verbs\":"
        "[\"patch\",\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes/status\"]},{\"verbs\":[\"list\",\"watch\"],\"api"
        "Groups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events."
        "k8s.io\"],\"resources\":[\"events\"]},{\"verbs\":[\"create\",\"delete\",\"get\",\"list\",\"watch\"],\"apiGroups\":["
        "\"storage.k8s.io\"],\"resources\":[\"volumeattachments\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\""
        ":[\"storage.k8s.io\"],\"resources\":[\"csidrivers\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"st"
        "orage.k8s.io\"],\"resources\":[\"csinodes\"]}]}"},
    {"", "system:controller:certificate-controller",
     "{\"metadata\":{\"name\":\"system:controller:certificate-controller\",\"labels\":{\"kubernetes.io/bootstra"
        "pping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"r"
        "ules\":[{\"verbs\":[\"delete\",\"get\",\"list\",\"watch\"],\"apiGroups\":[\"certificates.k8s.io\"],\"resources\":"
        "[\"certificatesigningrequests\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"certificates.k8s.io\"],\"resourc"
        "es\":[\"certificatesigningrequests/approval\",\"certificatesigningrequests/status\"]},{\"verbs\":[\"appr"
        "ove\"],\"apiGroups\":[\"certificates.k8s.io\"],\"resources\":[\"signers\"],\"resourceNames\":[\"kubernetes.i"
        "o/kube-apiserver-client-kubelet\"]},{\"verbs\":[\"sign\"],\"apiGroups\":[\"certificates.k8s.io\"],\"resour"
        "ces\":[\"signers\"],\"resourceNames\":[\"kubernetes.io/kube-apiserver-client\",\"kubernetes.io/kube-apis"
        "erver-client-kubelet\",\"kubernetes.io/kubelet-serving\",\"kubernetes.io/legacy-unknown\"]},{\"verbs\":"
        "[\"create\"],\"apiGroups\":[\"authorization.k8s.io\"],\"resources\":[\"subjectaccessreviews\"]},{\"verbs\":["
        "\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:clusterrole-aggregation-controller",
     "{\"metadata\":{\"name\":\"system:controller:clusterrole-aggregation-controller\",\"labels\":{\"kubernetes"
        ".io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\""
        ":\"true\"}},\"rules\":[{\"verbs\":[\"escalate\",\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"rba"
        "c.authorization.k8s.io\"],\"resources\":[\"clusterroles\"]}]}"},
    {"", "system:controller:cronjob-controller",
     "{\"metadata\":{\"name\":\"system:controller:cronjob-controller\",\"labels\":{\"kubernetes.io/bootstrappin"
        "g\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules"
        "\":[{\"verbs\":[\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"batch\"],\"resources\":[\"cronjobs\"]},{\"ve"
        "rbs\":[\"create\",\"delete\",\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"batch\"],\"resources\""
        ":[\"jobs\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"batch\"],\"resources\":[\"cronjobs/status\"]},{\"verbs\":["
        "\"update\"],\"apiGroups\":[\"batch\"],\"resources\":[\"cronjobs/finalizers\"]},{\"verbs\":[\"delete\",\"list\",\""
        "watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":"
        "[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:daemon-set-controller",
     "{\"metadata\":{\"name\":\"system:controller:daemon-set-controller\",\"labels\":{\"kubernetes.io/bootstrap"
        "ping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"ru"
        "les\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"apps\",\"extensions\"],\"resources\":[\"daemonsets"
        "\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"apps\",\"extensions\"],\"resources\":[\"daemonsets/status\"]},{\"v"
        "erbs\":[\"update\"],\"apiGroups\":[\"apps\",\"extensions\"],\"resources\":[\"daemonsets/finalizers\"]},{\"verb"
        "s\":[\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\"]},{\"verbs\":[\"create\",\"delete\",\"list\",\""
        "patch\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"create\"],\"apiGroups\":[\"\"],\"res"
        "ources\":[\"pods/binding\"]},{\"verbs\":[\"create\",\"delete\",\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"ap"
        "iGroups\":[\"apps\"],\"resources\":[\"controllerrevisions\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"api"
        "Groups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:deployment-controller",
     "{\"metadata\":{\"name\":\"system:controller:deployment-controller\",\"labels\":{\"kubernetes.io/bootstrap"
        "ping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"ru"
        "les\":[{\"verbs\":[\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"apps\",\"extensions\"],\"resources\":[\"d"
        "eployments\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"apps\",\"extensions\"],\"resources\":[\"deployments/st"
        "atus\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"apps\",\"extensions\"],\"resources\":[\"deployments/finalize"
        "rs\"]},{\"verbs\":[\"create\",\"delete\",\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"apps\",\"ex"
        "tensions\"],\"resources\":[\"replicasets\"]},{\"verbs\":[\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"\""
        "],\"resources\":[\"pods\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"r"
        "esources\":[\"events\"]}]}"},
    {"", "system:controller:device-taint-eviction-controller",
     "{\"metadata\":{\"name\":\"system:controller:device-taint-eviction-controller\",\"labels\":{\"kubernetes.i"
        "o/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\""
        "true\"}},\"rules\":[{\"verbs\":[\"delete\",\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]}"
        ",{\"verbs\":[\"patch\",\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"pods/status\"]},{\"verbs\":[\"get\",\"list"
        "\",\"watch\"],\"apiGroups\":[\"resource.k8s.io\"],\"resources\":[\"resourceclaims\"]},{\"verbs\":[\"get\",\"list"
        "\",\"watch\"],\"apiGroups\":[\"resource.k8s.io\"],\"resources\":[\"resourceslices\"]},{\"verbs\":[\"get\",\"list"
        "\",\"watch\"],\"apiGroups\":[\"resource.k8s.io\"],\"resources\":[\"deviceclasses\"]},{\"verbs\":[\"create\",\"pa"
        "tch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:disruption-controller",
     "{\"metadata\":{\"name\":\"system:controller:disruption-controller\",\"labels\":{\"kubernetes.io/bootstrap"
        "ping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"ru"
        "les\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"apps\",\"extensions\"],\"resources\":[\"deployment"
        "s\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"apps\",\"extensions\"],\"resources\":[\"replicasets"
        "\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"replicationcontrollers\"]},{\"v"
        "erbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"policy\"],\"resources\":[\"poddisruptionbudgets\"]},{\"verb"
        "s\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"apps\"],\"resources\":[\"statefulsets\"]},{\"verbs\":[\"update\"]"
        ",\"apiGroups\":[\"policy\"],\"resources\":[\"poddisruptionbudgets/status\"]},{\"verbs\":[\"patch\",\"update\"]"
        ",\"apiGroups\":[\"\"],\"resources\":[\"pods/status\"]},{\"verbs\":[\"get\"],\"apiGroups\":[\"*\"],\"resources\":[\""
        "*/scale\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"e"
        "vents\"]}]}"},
    {"", "system:controller:endpoint-controller",
     "{\"metadata\":{\"name\":\"system:controller:endpoint-controller\",\"labels\":{\"kubernetes.io/bootstrappi"
        "ng\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rule"
        "s\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\",\"services\"]},{\"verbs\":["
        "\"create\",\"delete\",\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"endpoints\"]},{\"v"
        "erbs\":[\"create\"],\"apiGroups\":[\"\"],\"resources\":[\"endpoints/restricted\"]},{\"verbs\":[\"create\",\"patc"
        "h\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:endpointslice-controller",
     "{\"metadata\":{\"name\":\"system:controller:endpointslice-controller\",\"labels\":{\"kubernetes.io/bootst"
        "rapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},"
        "\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\",\"pods\",\"services\""
        "]},{\"verbs\":[\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"services/finalizers\"]},{\"verbs\":[\"create\","
        "\"delete\",\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"discovery.k8s.io\"],\"resources\":[\"endpoints"
        "lices\"]},{\"verbs\":[\"create\"],\"apiGroups\":[\"discovery.k8s.io\"],\"resources\":[\"endpointslices/restr"
        "icted\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"eve"
        "nts\"]}]}"},
    {"", "system:controller:endpointslicemirroring-controller",
     "{\"metadata\":{\"name\":\"system:controller:endpointslicemirroring-controller\",\"labels\":{\"kubernetes."
        "io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":"
        "\"true\"}},\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"endpoints\",\"ser"
        "vices\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"services/finalizers\"]},{\"verbs\":[\"up"
        "date\"],\"apiGroups\":[\"\"],\"resources\":[\"endpoints/finalizers\"]},{\"verbs\":[\"create\",\"delete\",\"get\","
        "\"list\",\"update\",\"watch\"],\"apiGroups\":[\"discovery.k8s.io\"],\"resources\":[\"endpointslices\"]},{\"verb"
        "s\":[\"create\"],\"apiGroups\":[\"discovery.k8s.io\"],\"resources\":[\"endpointslices/restricted\"]},{\"verb"
        "s\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:ephemeral-volume-controller",
     "{\"metadata\":{\"name\":\"system:controller:ephemeral-volume-controller\",\"labels\":{\"kubernetes.io/boo"
        "tstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\""
        "}},\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"up"
        "date\"],\"apiGroups\":[\"\"],\"resources\":[\"pods/finalizers\"]},{\"verbs\":[\"create\",\"get\",\"list\",\"watch\""
        "],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumeclaims\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],"
        "\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:expand-controller",
     "{\"metadata\":{\"name\":\"system:controller:expand-controller\",\"labels\":{\"kubernetes.io/bootstrapping"
        "\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\""
        ":[{\"verbs\":[\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolu"
        "mes\"]},{\"verbs\":[\"patch\",\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumeclaims/status\""
        "]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumeclaims\"]},{\"ve"
        "rbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:generic-garbage-collector",
     "{\"metadata\":{\"name\":\"system:controller:generic-garbage-collector\",\"labels\":{\"kubernetes.io/boots"
        "trapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}}"
        ",\"rules\":[{\"verbs\":[\"delete\",\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"*\"],\"resources"
        "\":[\"*\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"eve"
        "nts\"]}]}"},
    {"", "system:controller:horizontal-pod-autoscaler",
     "{\"metadata\":{\"name\":\"system:controller:horizontal-pod-autoscaler\",\"labels\":{\"kubernetes.io/boots"
        "trapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}}"
        ",\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"autoscaling\"],\"resources\":[\"horizontalpo"
        "dautoscalers\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"autoscaling\"],\"resources\":[\"horizontalpodautos"
        "calers/status\"]},{\"verbs\":[\"get\",\"update\"],\"apiGroups\":[\"*\"],\"resources\":[\"*/scale\"]},{\"verbs\":["
        "\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"list\",\"watch\"],\"apiGroups\":[\"m"
        "etrics.k8s.io\"],\"resources\":[\"pods\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"custom.metri"
        "cs.k8s.io\"],\"resources\":[\"*\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"external.metrics.k8"
        "s.io\"],\"resources\":[\"*\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],"
        "\"resources\":[\"events\"]}]}"},
    {"", "system:controller:job-controller",
     "{\"metadata\":{\"name\":\"system:controller:job-controller\",\"labels\":{\"kubernetes.io/bootstrapping\":\""
        "rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{"
        "\"verbs\":[\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"batch\"],\"resources\":[\"jobs\"]},{\"ve"
        "rbs\":[\"update\"],\"apiGroups\":[\"batch\"],\"resources\":[\"jobs/status\"]},{\"verbs\":[\"update\"],\"apiGroup"
        "s\":[\"batch\"],\"resources\":[\"jobs/finalizers\"]},{\"verbs\":[\"create\",\"delete\",\"list\",\"patch\",\"watch\""
        "],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"e"
        "vents.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:legacy-service-account-token-cleaner",
     "{\"metadata\":{\"name\":\"system:controller:legacy-service-account-token-cleaner\",\"labels\":{\"kubernet"
        "es.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdat"
        "e\":\"true\"}},\"rules\":[{\"verbs\":[\"get\"],\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"],\"resourceNames"
        "\":[\"kube-apiserver-legacy-service-account-token-tracking\"]},{\"verbs\":[\"delete\",\"patch\"],\"apiGrou"
        "ps\":[\"\"],\"resources\":[\"secrets\"]}]}"},
    {"", "system:controller:namespace-controller",
     "{\"metadata\":{\"name\":\"system:controller:namespace-controller\",\"labels\":{\"kubernetes.io/bootstrapp"
        "ing\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rul"
        "es\":[{\"verbs\":[\"delete\",\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"namespaces\"]},{\"ver"
        "bs\":[\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"namespaces/finalize\",\"namespaces/status\"]},{\"verbs"
        "\":[\"delete\",\"deletecollection\",\"get\",\"list\",\"watch\"],\"apiGroups\":[\"*\"],\"resources\":[\"*\"]}]}"},
    {"", "system:controller:node-controller",
     "{\"metadata\":{\"name\":\"system:controller:node-controller\",\"labels\":{\"kubernetes.io/bootstrapping\":"
        "\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":["
        "{\"verbs\":[\"delete\",\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\"]"
        "},{\"verbs\":[\"patch\",\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes/status\"]},{\"verbs\":[\"patch\",\""
        "update\"],\"apiGroups\":[\"\"],\"resources\":[\"pods/status\"]},{\"verbs\":[\"delete\",\"get\",\"list\",\"watch\"],"
        "\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"eve"
        "nts.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:persistent-volume-binder",
     "{\"metadata\":{\"name\":\"system:controller:persistent-volume-binder\",\"labels\":{\"kubernetes.io/bootst"
        "rapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},"
        "\"rules\":[{\"verbs\":[\"create\",\"delete\",\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"\"],\"resources\""
        ":[\"persistentvolumes\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumes/sta"
        "tus\"]},{\"verbs\":[\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumec"
        "laims\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumeclaims/status\"]},{\"v"
        "erbs\":[\"create\",\"delete\",\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":["
        "\"get\",\"list\",\"watch\"],\"apiGroups\":[\"storage.k8s.io\"],\"resources\":[\"storageclasses\"]},{\"verbs\":[\""
        "list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"api"
        "Groups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]},{\"verbs\":[\"watch\"],\"apiGroups\":[\"\"],\"resour"
        "ces\":[\"events\"]}]}"},
    {"", "system:controller:pod-garbage-collector",
     "{\"metadata\":{\"name\":\"system:controller:pod-garbage-collector\",\"labels\":{\"kubernetes.io/bootstrap"
        "ping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"ru"
        "les\":[{\"verbs\":[\"delete\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"get\","
        "\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\"]},{\"verbs\":[\"patch\"],\"apiGroups\":[\"\"],\"res"
        "ources\":[\"pods/status\"]}]}"},
    {"", "system:controller:pv-protection-controller",
     "{\"metadata\":{\"name\":\"system:controller:pv-protection-controller\",\"labels\":{\"kubernetes.io/bootst"
        "rapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},"
        "\"rules\":[{\"verbs\":[\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolum"
        "es\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events"
        "\"]}]}"},
    {"", "system:controller:pvc-protection-controller",
     "{\"metadata\":{\"name\":\"system:controller:pvc-protection-controller\",\"labels\":{\"kubernetes.io/boots"
        "trapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}}"
        ",\"rules\":[{\"verbs\":[\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolu"
        "meclaims\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumeclaims/status\"]},"
        "{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"create\",\"patch"
        "\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:replicaset-controller",
     "{\"metadata\":{\"name\":\"system:controller:replicaset-controller\",\"labels\":{\"kubernetes.io/bootstrap"
        "ping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"ru"
        "les\":[{\"verbs\":[\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"apps\",\"extensions\"],\"resources\":[\"r"
        "eplicasets\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"apps\",\"extensions\"],\"resources\":[\"replicasets/st"
        "atus\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"apps\",\"extensions\"],\"resources\":[\"replicasets/finalize"
        "rs\"]},{\"verbs\":[\"create\",\"delete\",\"list\",\"patch\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]}"
        ",{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:replication-controller",
     "{\"metadata\":{\"name\":\"system:controller:replication-controller\",\"labels\":{\"kubernetes.io/bootstra"
        "pping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"r"
        "ules\":[{\"verbs\":[\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"replicationcontro"
        "llers\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"replicationcontrollers/status\"]},{\"v"
        "erbs\":[\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"replicationcontrollers/finalizers\"]},{\"verbs\":[\""
        "create\",\"delete\",\"list\",\"patch\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"creat"
        "e\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:resource-claim-controller",
     "{\"metadata\":{\"name\":\"system:controller:resource-claim-controller\",\"labels\":{\"kubernetes.io/boots"
        "trapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}}"
        ",\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"upda"
        "te\"],\"apiGroups\":[\"\"],\"resources\":[\"pods/finalizers\"]},{\"verbs\":[\"create\",\"delete\",\"get\",\"list\","
        "\"watch\"],\"apiGroups\":[\"resource.k8s.io\"],\"resources\":[\"resourceclaims\"]},{\"verbs\":[\"patch\",\"upda"
        "te\"],\"apiGroups\":[\"resource.k8s.io\"],\"resources\":[\"resourceclaims\",\"resourceclaims/status\"]},{\"v"
        "erbs\":[\"patch\",\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"pods/status\"]},{\"verbs\":[\"create\",\"patch"
        "\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]},{\"verbs\":[\"patch\",\"update\"]"
        ",\"apiGroups\":[\"resource.k8s.io\"],\"resources\":[\"resourceclaims/binding\"]}]}"},
    {"", "system:controller:resourcequota-controller",
     "{\"metadata\":{\"name\":\"system:controller:resourcequota-controller\",\"labels\":{\"kubernetes.io/bootst"
        "rapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},"
        "\"rules\":[{\"verbs\":[\"list\",\"watch\"],\"apiGroups\":[\"*\"],\"resources\":[\"*\"]},{\"verbs\":[\"update\"],\"api"
        "Groups\":[\"\"],\"resources\":[\"resourcequotas/status\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGro"
        "ups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:root-ca-cert-publisher",
     "{\"metadata\":{\"name\":\"system:controller:root-ca-cert-publisher\",\"labels\":{\"kubernetes.io/bootstra"
        "pping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"r"
        "ules\":[{\"verbs\":[\"create\",\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"]},{\"verbs\":[\"crea"
        "te\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:route-controller",
     "{\"metadata\":{\"name\":\"system:controller:route-controller\",\"labels\":{\"kubernetes.io/bootstrapping\""
        ":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":"
        "[{\"verbs\":[\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\"]},{\"verbs\":[\"patch\"],\"apiGroups"
        "\":[\"\"],\"resources\":[\"nodes/status\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"event"
        "s.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:selinux-warning-controller",
     "{\"metadata\":{\"name\":\"system:controller:selinux-warning-controller\",\"labels\":{\"kubernetes.io/boot"
        "strapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}"
        "},\"rules\":[{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"e"
        "vents\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumes\"]},{\"v"
        "erbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumeclaims\"]},{\"verbs\":["
        "\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"ap"
        "iGroups\":[\"storage.k8s.io\"],\"resources\":[\"csidrivers\"]}]}"},
    {"", "system:controller:service-account-controller",
     "{\"metadata\":{\"name\":\"system:controller:service-account-controller\",\"labels\":{\"kubernetes.io/boot"
        "strapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}"
        "},\"rules\":[{\"verbs\":[\"create\"],\"apiGroups\":[\"\"],\"resources\":[\"serviceaccounts\"]},{\"verbs\":[\"crea"
        "te\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:service-cidrs-controller",
     "{\"metadata\":{\"name\":\"system:controller:service-cidrs-controller\",\"labels\":{\"kubernetes.io/bootst"
        "rapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},"
        "\"rules\":[{\"verbs\":[\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"networking.k8s.io\"],\"res"
        "ources\":[\"servicecidrs\"]},{\"verbs\":[\"patch\",\"update\"],\"apiGroups\":[\"networking.k8s.io\"],\"resourc"
        "es\":[\"servicecidrs/finalizers\"]},{\"verbs\":[\"patch\",\"update\"],\"apiGroups\":[\"networking.k8s.io\"],\""
        "resources\":[\"servicecidrs/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"networking.k8s"
        ".io\"],\"resources\":[\"ipaddresses\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events."
        "k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:service-controller",
     "{\"metadata\":{\"name\":\"system:controller:service-controller\",\"labels\":{\"kubernetes.io/bootstrappin"
        "g\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules"
        "\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"services\"]},{\"verbs\":[\"patch\","
        "\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"services/status\"]},{\"verbs\":[\"list\",\"watch\"],\"apiGroups"
        "\":[\"\"],\"resources\":[\"nodes\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.i"
        "o\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:statefulset-controller",
     "{\"metadata\":{\"name\":\"system:controller:statefulset-controller\",\"labels\":{\"kubernetes.io/bootstra"
        "pping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"r"
        "ules\":[{\"verbs\":[\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"get\",\"list\",\""
        "watch\"],\"apiGroups\":[\"apps\"],\"resources\":[\"statefulsets\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"app"
        "s\"],\"resources\":[\"statefulsets/status\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"apps\"],\"resources\":[\""
        "statefulsets/finalizers\"]},{\"verbs\":[\"create\",\"delete\",\"get\",\"patch\",\"update\"],\"apiGroups\":[\"\"],"
        "\"resources\":[\"pods\"]},{\"verbs\":[\"create\",\"delete\",\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGro"
        "ups\":[\"apps\"],\"resources\":[\"controllerrevisions\"]},{\"verbs\":[\"create\",\"get\",\"list\",\"watch\"],\"api"
        "Groups\":[\"\"],\"resources\":[\"persistentvolumeclaims\"]},{\"verbs\":[\"delete\",\"update\"],\"apiGroups\":[\""
        "\"],\"resources\":[\"persistentvolumeclaims\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"po"
        "ds/finalizers\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resource"
        "s\":[\"events\"]}]}"},
    {"", "system:controller:ttl-after-finished-controller",
     "{\"metadata\":{\"name\":\"system:controller:ttl-after-finished-controller\",\"labels\":{\"kubernetes.io/b"
        "ootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"tru"
        "e\"}},\"rules\":[{\"verbs\":[\"delete\",\"get\",\"list\",\"watch\"],\"apiGroups\":[\"batch\"],\"resources\":[\"jobs\""
        "]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}"
        "]}"},
    {"", "system:controller:ttl-controller",
     "{\"metadata\":{\"name\":\"system:controller:ttl-controller\",\"labels\":{\"kubernetes.io/bootstrapping\":\""
        "rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{"
        "\"verbs\":[\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\"]},{\"verbs\":[\"cre"
        "ate\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:validatingadmissionpolicy-status-controller",
     "{\"metadata\":{\"name\":\"system:controller:validatingadmissionpolicy-status-controller\",\"labels\":{\"k"
        "ubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/au"
        "toupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"admissionregistration."
        "k8s.io\"],\"resources\":[\"validatingadmissionpolicies\"]},{\"verbs\":[\"get\",\"patch\",\"update\"],\"apiGrou"
        "ps\":[\"admissionregistration.k8s.io\"],\"resources\":[\"validatingadmissionpolicies/status\"]},{\"verbs"
        "\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:controller:volumeattributesclass-protection-controller",
     "{\"metadata\":{\"name\":\"system:controller:volumeattributesclass-protection-controller\",\"labels\":{\"k"
        "ubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/au"
        "toupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persi"
        "stentvolumeclaims\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvo"
        "lumes\"]},{\"verbs\":[\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"storage.k8s.io\"],\"resources\":[\"v"
        "olumeattributesclasses\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],"
        "\"resources\":[\"events\"]}]}"},
    {"", "system:discovery",
     "{\"metadata\":{\"name\":\"system:discovery\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},"
        "\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"get\"],"
        "\"nonResourceURLs\":[\"/api\",\"/api/*\",\"/apis\",\"/apis/*\",\"/healthz\",\"/livez\",\"/openapi\",\"/openapi/*\""
        ",\"/readyz\",\"/version\",\"/version/\"]}]}"},
    {"", "system:heapster",
     "{\"metadata\":{\"name\":\"system:heapster\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\""
        "annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"get\",\"l"
        "ist\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"events\",\"namespaces\",\"nodes\",\"pods\"]},{\"verbs\":[\"ge"
        "t\",\"list\",\"watch\"],\"apiGroups\":[\"extensions\"],\"resources\":[\"deployments\"]}]}"},
    {"", "system:kube-aggregator",
     "{\"metadata\":{\"name\":\"system:kube-aggregator\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defau"
        "lts\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\""
        "get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"endpoints\",\"services\"]}]}"},
    {"", "system:kube-controller-manager",
     "{\"metadata\":{\"name\":\"system:kube-controller-manager\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rb"
        "ac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"v"
        "erbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]},{\"ver"
        "bs\":[\"create\"],\"apiGroups\":[\"coordination.k8s.io\"],\"resources\":[\"leases\"]},{\"verbs\":[\"get\",\"upda"
        "te\"],\"apiGroups\":[\"coordination.k8s.io\"],\"resources\":[\"leases\"],\"resourceNames\":[\"kube-controlle"
        "r-manager\"]},{\"verbs\":[\"create\"],\"apiGroups\":[\"\"],\"resources\":[\"secrets\",\"serviceaccounts\"]},{\"v"
        "erbs\":[\"delete\"],\"apiGroups\":[\"\"],\"resources\":[\"secrets\"]},{\"verbs\":[\"get\"],\"apiGroups\":[\"\"],\"re"
        "sources\":[\"configmaps\",\"namespaces\",\"secrets\",\"serviceaccounts\"]},{\"verbs\":[\"update\"],\"apiGroups"
        "\":[\"\"],\"resources\":[\"secrets\",\"serviceaccounts\"]},{\"verbs\":[\"create\"],\"apiGroups\":[\"authenticati"
        "on.k8s.io\"],\"resources\":[\"tokenreviews\"]},{\"verbs\":[\"create\"],\"apiGroups\":[\"authorization.k8s.io"
        "\"],\"resources\":[\"subjectaccessreviews\"]},{\"verbs\":[\"list\",\"watch\"],\"apiGroups\":[\"*\"],\"resources\""
        ":[\"*\"]},{\"verbs\":[\"create\"],\"apiGroups\":[\"\"],\"resources\":[\"serviceaccounts/token\"]}]}"},
    {"", "system:kube-dns",
     "{\"metadata\":{\"name\":\"system:kube-dns\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\""
        "annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"list\",\""
        "watch\"],\"apiGroups\":[\"\"],\"resources\":[\"endpoints\",\"services\"]}]}"},
    {"", "system:kube-scheduler",
     "{\"metadata\":{\"name\":\"system:kube-scheduler\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaul"
        "ts\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"c"
        "reate\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]},{\"verbs\":[\"cre"
        "ate\"],\"apiGroups\":[\"coordination.k8s.io\"],\"resources\":[\"leases\"]},{\"verbs\":[\"get\",\"list\",\"update"
        "\",\"watch\"],\"apiGroups\":[\"coordination.k8s.io\"],\"resources\":[\"leases\"],\"resourceNames\":[\"kube-sch"
        "eduler\"]},{\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"get\",\"list\",\"patch\",\"update\",\"watch\"],"
        "\"apiGroups\":[\"coordination.k8s.io\"],\"resources\":[\"leasecandidates\"]},{\"verbs\":[\"get\",\"list\",\"wat"
        "ch\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\"]},{\"verbs\":[\"delete\",\"get\",\"list\",\"watch\"],\"apiGroups"
        "\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"create\"],\"apiGroups\":[\"\"],\"resources\":[\"bindings\",\"pods/"
        "binding\"]},{\"verbs\":[\"patch\",\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"pods/status\"]},{\"verbs\":[\""
        "get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"replicationcontrollers\",\"services\"]},{\"verbs"
        "\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"apps\",\"extensions\"],\"resources\":[\"replicasets\"]},{\"verbs\""
        ":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"apps\"],\"resources\":[\"statefulsets\"]},{\"verbs\":[\"get\",\"list"
        "\",\"watch\"],\"apiGroups\":[\"policy\"],\"resources\":[\"poddisruptionbudgets\"]},{\"verbs\":[\"get\",\"list\",\""
        "watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumeclaims\",\"persistentvolumes\"]},{\"verbs\":[\""
        "create\"],\"apiGroups\":[\"authentication.k8s.io\"],\"resources\":[\"tokenreviews\"]},{\"verbs\":[\"create\"]"
        ",\"apiGroups\":[\"authorization.k8s.io\"],\"resources\":[\"subjectaccessreviews\"]},{\"verbs\":[\"get\",\"lis"
        "t\",\"watch\"],\"apiGroups\":[\"storage.k8s.io\"],\"resources\":[\"csinodes\"]},{\"verbs\":[\"get\",\"list\",\"wat"
        "ch\"],\"apiGroups\":[\"storage.k8s.io\"],\"resources\":[\"volumeattachments\"]},{\"verbs\":[\"get\",\"list\",\"w"
        "atch\"],\"apiGroups\":[\"\"],\"resources\":[\"namespaces\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":"
        "[\"storage.k8s.io\"],\"resources\":[\"csidrivers\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"sto"
        "rage.k8s.io\"],\"resources\":[\"csistoragecapacities\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":"
        "[\"resource.k8s.io\"],\"resources\":[\"deviceclasses\"]},{\"verbs\":[\"get\",\"list\",\"patch\",\"update\",\"watc"
        "h\"],\"apiGroups\":[\"resource.k8s.io\"],\"resources\":[\"resourceclaims\"]},{\"verbs\":[\"get\",\"list\",\"patc"
        "h\",\"update\",\"watch\"],\"apiGroups\":[\"resource.k8s.io\"],\"resources\":[\"resourceclaims/status\"]},{\"ve"
        "rbs\":[\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"pods/finalizers\"]},{\"verbs\":[\"get\",\"list\",\"watch\""
        "],\"apiGroups\":[\"resource.k8s.io\"],\"resources\":[\"resourceslices\"]},{\"verbs\":[\"create\",\"delete\"],\""
        "apiGroups\":[\"resource.k8s.io\"],\"resources\":[\"resourceclaims\"]},{\"verbs\":[\"patch\",\"update\"],\"apiG"
        "roups\":[\"resource.k8s.io\"],\"resources\":[\"resourceclaims/binding\"]}]}"},
    {"", "system:kubelet-api-admin",
     "{\"metadata\":{\"name\":\"system:kubelet-api-admin\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-def"
        "aults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":"
        "[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\"]},{\"verbs\":[\"proxy\"],\"apiGroups\":[\""
        "\"],\"resources\":[\"nodes\"]},{\"verbs\":[\"*\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes/log\",\"nodes/metric"
        "s\",\"nodes/proxy\",\"nodes/stats\"]},{\"verbs\":[\"*\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes/configz\",\"n"
        "odes/healthz\",\"nodes/pods\"]}]}"},
    {"", "system:monitoring",
     "{\"metadata\":{\"name\":\"system:monitoring\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"}"
        ",\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"get\"]"
        ",\"nonResourceURLs\":[\"/flagz\",\"/healthz\",\"/healthz/*\",\"/livez\",\"/livez/*\",\"/metrics\",\"/metrics/sl"
        "is\",\"/readyz\",\"/readyz/*\",\"/statusz\"]},{\"verbs\":[\"get\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes/met"
        "rics\"]}]}"},
    {"", "system:node",
     "{\"metadata\":{\"name\":\"system:node\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"anno"
        "tations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"create\"],\"a"
        "piGroups\":[\"authentication.k8s.io\"],\"resources\":[\"tokenreviews\"]},{\"verbs\":[\"create\"],\"apiGroups"
        "\":[\"authorization.k8s.io\"],\"resources\":[\"localsubjectaccessreviews\",\"subjectaccessreviews\"]},{\"v"
        "erbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"services\"]},{\"verbs\":[\"create\",\"get\""
        ",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\"]},{\"verbs\":[\"patch\",\"update\"],\"apiGroups\""
        ":[\"\"],\"resources\":[\"nodes/status\"]},{\"verbs\":[\"patch\",\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"n"
        "odes\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"even"
        "ts\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"create\","
        "\"delete\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]},{\"verbs\":[\"patch\",\"update\"],\"apiGroups\":[\"\"],\"r"
        "esources\":[\"pods/status\"]},{\"verbs\":[\"create\"],\"apiGroups\":[\"\"],\"resources\":[\"pods/eviction\"]},{"
        "\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"configmaps\",\"secrets\"]},{\"verbs\":["
        "\"get\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumeclaims\",\"persistentvolumes\"]},{\"verbs\":[\"g"
        "et\"],\"apiGroups\":[\"\"],\"resources\":[\"endpoints\"]},{\"verbs\":[\"create\",\"get\",\"list\",\"watch\"],\"apiGr"
        "oups\":[\"certificates.k8s.io\"],\"resources\":[\"certificatesigningrequests\"]},{\"verbs\":[\"create\",\"de"
        "lete\",\"get\",\"patch\",\"update\"],\"apiGroups\":[\"coordination.k8s.io\"],\"resources\":[\"leases\"]},{\"verb"
        "s\":[\"get\"],\"apiGroups\":[\"storage.k8s.io\"],\"resources\":[\"volumeattachments\"]},{\"verbs\":[\"create\"]"
        ",\"apiGroups\":[\"\"],\"resources\":[\"serviceaccounts/token\"]},{\"verbs\":[\"get\",\"patch\",\"update\"],\"apiG"
        "roups\":[\"\"],\"resources\":[\"persistentvolumeclaims/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiG"
        "roups\":[\"storage.k8s.io\"],\"resources\":[\"csidrivers\"]},{\"verbs\":[\"create\",\"delete\",\"get\",\"patch\","
        "\"update\"],\"apiGroups\":[\"storage.k8s.io\"],\"resources\":[\"csinodes\"]},{\"verbs\":[\"get\",\"list\",\"watch"
        "\"],\"apiGroups\":[\"node.k8s.io\"],\"resources\":[\"runtimeclasses\"]},{\"verbs\":[\"get\"],\"apiGroups\":[\"re"
        "source.k8s.io\"],\"resources\":[\"resourceclaims\"]},{\"verbs\":[\"deletecollection\"],\"apiGroups\":[\"reso"
        "urce.k8s.io\"],\"resources\":[\"resourceslices\"]},{\"verbs\":[\"get\"],\"apiGroups\":[\"\"],\"resources\":[\"se"
        "rviceaccounts\"]}]}"},
    {"", "system:node-bootstrapper",
     "{\"metadata\":{\"name\":\"system:node-bootstrapper\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-def"
        "aults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":"
        "[\"create\",\"get\",\"list\",\"watch\"],\"apiGroups\":[\"certificates.k8s.io\"],\"resources\":[\"certificatesig"
        "ningrequests\"]}]}"},
    {"", "system:node-problem-detector",
     "{\"metadata\":{\"name\":\"system:node-problem-detector\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac"
        "-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"ver"
        "bs\":[\"get\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\"]},{\"verbs\":[\"patch\"],\"apiGroups\":[\"\"],\"resourc"
        "es\":[\"nodes/status\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"res"
        "ources\":[\"events\"]}]}"},
    {"", "system:node-proxier",
     "{\"metadata\":{\"name\":\"system:node-proxier\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults"
        "\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"lis"
        "t\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"endpoints\",\"services\"]},{\"verbs\":[\"get\",\"list\",\"watch"
        "\"],\"apiGroups\":[\"\"],\"resources\":[\"nodes\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\","
        "\"events.k8s.io\"],\"resources\":[\"events\"]},{\"verbs\":[\"list\",\"watch\"],\"apiGroups\":[\"networking.k8s."
        "io\"],\"resources\":[\"servicecidrs\"]},{\"verbs\":[\"list\",\"watch\"],\"apiGroups\":[\"discovery.k8s.io\"],\"r"
        "esources\":[\"endpointslices\"]}]}"},
    {"", "system:persistent-volume-provisioner",
     "{\"metadata\":{\"name\":\"system:persistent-volume-provisioner\",\"labels\":{\"kubernetes.io/bootstrappin"
        "g\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules"
        "\":[{\"verbs\":[\"create\",\"delete\",\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvo"
        "lumes\"]},{\"verbs\":[\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolum"
        "eclaims\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"storage.k8s.io\"],\"resources\":[\"storagec"
        "lasses\"]},{\"verbs\":[\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"events\"]},{\"verbs\":[\"create\",\"patch\""
        ",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]}]}"},
    {"", "system:public-info-viewer",
     "{\"metadata\":{\"name\":\"system:public-info-viewer\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-de"
        "faults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\""
        ":[\"get\"],\"nonResourceURLs\":[\"/healthz\",\"/livez\",\"/readyz\",\"/version\",\"/version/\"]}]}"},
    {"", "system:service-account-issuer-discovery",
     "{\"metadata\":{\"name\":\"system:service-account-issuer-discovery\",\"labels\":{\"kubernetes.io/bootstrap"
        "ping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"ru"
        "les\":[{\"verbs\":[\"get\"],\"nonResourceURLs\":[\"/.well-known/openid-configuration\",\"/.well-known/open"
        "id-configuration/\",\"/openid/v1/jwks\",\"/openid/v1/jwks/\"]}]}"},
    {"", "system:volume-scheduler",
     "{\"metadata\":{\"name\":\"system:volume-scheduler\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defa"
        "ults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":["
        "\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumes\"]},{\"ver"
        "bs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"storage.k8s.io\"],\"resources\":[\"storageclasses\"]},{\"verb"
        "s\":[\"get\",\"list\",\"patch\",\"update\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"persistentvolumeclaims"
        "\"]}]}"},
    {"", "view",
     "{\"metadata\":{\"name\":\"view\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\",\"rbac.authori"
        "zation.k8s.io/aggregate-to-edit\":\"true\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoup"
        "date\":\"true\"}},\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"configmap"
        "s\",\"endpoints\",\"persistentvolumeclaims\",\"persistentvolumeclaims/status\",\"pods\",\"replicationcontr"
        "ollers\",\"replicationcontrollers/scale\",\"serviceaccounts\",\"services\",\"services/status\"]},{\"verbs\""
        ":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"bindings\",\"limitranges\",\"namespaces/statu"
        "s\",\"pods/log\",\"pods/status\",\"replicationcontrollers/status\",\"resourcequotas\",\"resourcequotas/sta"
        "tus\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"namespaces\"]},{\"verbs\":[\"g"
        "et\",\"list\",\"watch\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"events\"]},{\"verbs\":[\"get\",\"li"
        "st\",\"watch\"],\"apiGroups\":[\"discovery.k8s.io\"],\"resources\":[\"endpointslices\"]},{\"verbs\":[\"get\",\"l"
        "ist\",\"watch\"],\"apiGroups\":[\"apps\"],\"resources\":[\"controllerrevisions\",\"daemonsets\",\"daemonsets/s"
        "tatus\",\"deployments\",\"deployments/scale\",\"deployments/status\",\"replicasets\",\"replicasets/scale\","
        "\"replicasets/status\",\"statefulsets\",\"statefulsets/scale\",\"statefulsets/status\"]},{\"verbs\":[\"get\""
        ",\"list\",\"watch\"],\"apiGroups\":[\"autoscaling\"],\"resources\":[\"horizontalpodautoscalers\",\"horizontal"
        "podautoscalers/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"batch\"],\"resources\":[\"cro"
        "njobs\",\"cronjobs/status\",\"jobs\",\"jobs/status\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"ex"
        "tensions\"],\"resources\":[\"daemonsets\",\"daemonsets/status\",\"deployments\",\"deployments/scale\",\"depl"
        "oyments/status\",\"ingresses\",\"ingresses/status\",\"networkpolicies\",\"replicasets\",\"replicasets/scal"
        "e\",\"replicasets/status\",\"replicationcontrollers/scale\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGro"
        "ups\":[\"policy\"],\"resources\":[\"poddisruptionbudgets\",\"poddisruptionbudgets/status\"]},{\"verbs\":[\"g"
        "et\",\"list\",\"watch\"],\"apiGroups\":[\"networking.k8s.io\"],\"resources\":[\"ingresses\",\"ingresses/status"
        "\",\"networkpolicies\"]},{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"resource.k8s.io\"],\"resources"
        "\":[\"resourceclaims\",\"resourceclaims/status\",\"resourceclaimtemplates\"]}],\"aggregationRule\":{\"clus"
        "terRoleSelectors\":[{\"matchLabels\":{\"rbac.authorization.k8s.io/aggregate-to-view\":\"true\"}}]}}"},
    {"kube-public", "system:controller:bootstrap-signer",
     "{\"metadata\":{\"name\":\"system:controller:bootstrap-signer\",\"namespace\":\"kube-public\",\"labels\":{\"ku"
        "bernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/aut"
        "oupdate\":\"true\"}},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"bootstrap-signer\",\"namespace\":\"ku"
        "be-system\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"system:cont"
        "roller:bootstrap-signer\"}}"},
    {"kube-system", "system::extension-apiserver-authentication-reader",
     "{\"metadata\":{\"name\":\"system::extension-apiserver-authentication-reader\",\"namespace\":\"kube-system"
        "\",\"labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.ku"
        "bernetes.io/autoupdate\":\"true\"}},\"subjects\":[{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.i"
        "o\",\"name\":\"system:kube-controller-manager\"},{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io"
        "\",\"name\":\"system:kube-scheduler\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Rol"
        "e\",\"name\":\"extension-apiserver-authentication-reader\"}}"},
    {"kube-system", "system::leader-locking-kube-controller-manager",
     "{\"metadata\":{\"name\":\"system::leader-locking-kube-controller-manager\",\"namespace\":\"kube-system\",\""
        "labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kuber"
        "netes.io/autoupdate\":\"true\"}},\"subjects\":[{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io\","
        "\"name\":\"system:kube-controller-manager\"},{\"kind\":\"ServiceAccount\",\"name\":\"kube-controller-manage"
        "r\",\"namespace\":\"kube-system\"},{\"kind\":\"ServiceAccount\",\"name\":\"leader-election-controller\",\"name"
        "space\":\"kube-system\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"s"
        "ystem::leader-locking-kube-controller-manager\"}}"},
    {"kube-system", "system::leader-locking-kube-scheduler",
     "{\"metadata\":{\"name\":\"system::leader-locking-kube-scheduler\",\"namespace\":\"kube-system\",\"labels\":{"
        "\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/"
        "autoupdate\":\"true\"}},\"subjects\":[{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"s"
        "ystem:kube-scheduler\"},{\"kind\":\"ServiceAccount\",\"name\":\"kube-scheduler\",\"namespace\":\"kube-system"
        "\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"system::leader-locki"
        "ng-kube-scheduler\"}}"},
    {"kube-system", "system:controller:bootstrap-signer",
     "{\"metadata\":{\"name\":\"system:controller:bootstrap-signer\",\"namespace\":\"kube-system\",\"labels\":{\"ku"
        "bernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/aut"
        "oupdate\":\"true\"}},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"bootstrap-signer\",\"namespace\":\"ku"
        "be-system\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"system:cont"
        "roller:bootstrap-signer\"}}"},
    {"kube-system", "system:controller:cloud-provider",
     "{\"metadata\":{\"name\":\"system:controller:cloud-provider\",\"namespace\":\"kube-system\",\"labels\":{\"kube"
        "rnetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autou"
        "pdate\":\"true\"}},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"cloud-provider\",\"namespace\":\"kube-s"
        "ystem\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"system:controll"
        "er:cloud-provider\"}}"},
    {"kube-system", "system:controller:token-cleaner",
     "{\"metadata\":{\"name\":\"system:controller:token-cleaner\",\"namespace\":\"kube-system\",\"labels\":{\"kuber"
        "netes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoup"
        "date\":\"true\"}},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"token-cleaner\",\"namespace\":\"kube-sys"
        "tem\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"system:controller"
        ":token-cleaner\"}}"},
    {"kube-public", "system:controller:bootstrap-signer",
     "{\"metadata\":{\"name\":\"system:controller:bootstrap-signer\",\"namespace\":\"kube-public\",\"labels\":{\"ku"
        "bernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/aut"
        "oupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"config"
        "maps\"]},{\"verbs\":[\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"],\"resourceNames\":[\"cluste"
        "r-info\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"ev"
        "ents\"]}]}"},
    {"kube-system", "extension-apiserver-authentication-reader",
     "{\"metadata\":{\"name\":\"extension-apiserver-authentication-reader\",\"namespace\":\"kube-system\",\"label"
        "s\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes"
        ".io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":["
        "\"configmaps\"],\"resourceNames\":[\"extension-apiserver-authentication\"]}]}"},
    {"kube-system", "system::leader-locking-kube-controller-manager",
     "{\"metadata\":{\"name\":\"system::leader-locking-kube-controller-manager\",\"namespace\":\"kube-system\",\""
        "labels\":{\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kuber"
        "netes.io/autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"create\",\"get\",\"list\",\"update\",\"watch\"],\"apiGro"
        "ups\":[\"coordination.k8s.io\"],\"resources\":[\"leases\"]},{\"verbs\":[\"create\",\"get\",\"list\",\"update\",\"w"
        "atch\"],\"apiGroups\":[\"coordination.k8s.io\"],\"resources\":[\"leasecandidates\"]}]}"},
    {"kube-system", "system::leader-locking-kube-scheduler",
     "{\"metadata\":{\"name\":\"system::leader-locking-kube-scheduler\",\"namespace\":\"kube-system\",\"labels\":{"
        "\"kubernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/"
        "autoupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"create\",\"get\",\"list\",\"update\",\"watch\"],\"apiGroups\":[\"co"
        "ordination.k8s.io\"],\"resources\":[\"leases\"]},{\"verbs\":[\"create\",\"get\",\"list\",\"update\",\"watch\"],\"a"
        "piGroups\":[\"coordination.k8s.io\"],\"resources\":[\"leasecandidates\"]}]}"},
    {"kube-system", "system:controller:bootstrap-signer",
     "{\"metadata\":{\"name\":\"system:controller:bootstrap-signer\",\"namespace\":\"kube-system\",\"labels\":{\"ku"
        "bernetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/aut"
        "oupdate\":\"true\"}},\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"secret"
        "s\"]}]}"},
    {"kube-system", "system:controller:cloud-provider",
     "{\"metadata\":{\"name\":\"system:controller:cloud-provider\",\"namespace\":\"kube-system\",\"labels\":{\"kube"
        "rnetes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autou"
        "pdate\":\"true\"}},\"rules\":[{\"verbs\":[\"create\",\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":["
        "\"configmaps\"]}]}"},
    {"kube-system", "system:controller:token-cleaner",
     "{\"metadata\":{\"name\":\"system:controller:token-cleaner\",\"namespace\":\"kube-system\",\"labels\":{\"kuber"
        "netes.io/bootstrapping\":\"rbac-defaults\"},\"annotations\":{\"rbac.authorization.kubernetes.io/autoup"
        "date\":\"true\"}},\"rules\":[{\"verbs\":[\"delete\",\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\""
        "secrets\"]},{\"verbs\":[\"create\",\"patch\",\"update\"],\"apiGroups\":[\"\",\"events.k8s.io\"],\"resources\":[\"e"
        "vents\"]}]}"},
    {"", "system-cluster-critical",
     "{\"metadata\":{\"name\":\"system-cluster-critical\",\"generation\":1},\"value\":2000000000,\"description\":\""
        "Used for system critical pods that must run in the cluster, but can be moved to another node if "
        "necessary.\",\"preemptionPolicy\":\"PreemptLowerPriority\"}"},
    {"", "system-node-critical",
     "{\"metadata\":{\"name\":\"system-node-critical\",\"generation\":1},\"value\":2000001000,\"description\":\"Use"
        "d for system critical pods that must not be moved from their current node.\",\"preemptionPolicy\":\""
        "PreemptLowerPriority\"}"},
    {"default", "default",
     "{\"metadata\":{\"name\":\"default\",\"namespace\":\"default\"}}"},
    {"kube-node-lease", "default",
     "{\"metadata\":{\"name\":\"default\",\"namespace\":\"kube-node-lease\"}}"},
    {"kube-public", "default",
     "{\"metadata\":{\"name\":\"default\",\"namespace\":\"kube-public\"}}"},
    {"kube-system", "default",
     "{\"metadata\":{\"name\":\"default\",\"namespace\":\"kube-system\"}}"},
    {"default", "kubernetes",
     "{\"metadata\":{\"name\":\"kubernetes\",\"namespace\":\"default\",\"labels\":{\"component\":\"apiserver\",\"provid"
        "er\":\"kubernetes\"}},\"spec\":{\"ports\":[{\"name\":\"https\",\"protocol\":\"TCP\",\"port\":443,\"targetPort\":644"
        "3}],\"clusterIP\":\"@API_IP@\",\"clusterIPs\":[\"@API_IP@\"],\"type\":\"ClusterIP\",\"sessionAffinity\":\"None\""
        ",\"ipFamilies\":[\"@API_FAMILY@\"],\"ipFamilyPolicy\":\"SingleStack\",\"internalTrafficPolicy\":\"Cluster\"}"
        ",\"status\":{\"loadBalancer\":{}}}"},
};

const BaseStorage base_storages[] = { /* sorted */
    {"apiregistration/apiservices", 0, 21},
    {"configmaps", 21, 5},
    {"discovery/endpointslices", 26, 1},
    {"endpoints", 27, 1},
    {"flowcontrol/flowschemas", 28, 11},
    {"flowcontrol/prioritylevelconfigurations", 39, 8},
    {"namespaces", 47, 4},
    {"networking/servicecidrs", 51, 1},
    {"rbac/clusterrolebindings", 52, 50},
    {"rbac/clusterroles", 102, 69},
    {"rbac/rolebindings", 171, 7},
    {"rbac/roles", 178, 7},
    {"scheduling/priorityclasses", 185, 2},
    {"serviceaccounts", 187, 4},
    {"services", 191, 1},
};
const size_t base_n_storages = 15;
