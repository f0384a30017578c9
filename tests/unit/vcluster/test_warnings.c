#include "vcluster/warnings.h"
/* cmocka has a fail() of its own */
#include "tests/unit/test.h"

static const char *all_of(Arena *a, const char *group, const char *plural, const char *object)
{
    const Resource *r = resource_find(slice_of(group), SLICE("v1"), slice_of(plural));
    Warnings w = {0};
    AUTO_BUF out = BUF_INIT;

    assert_non_null(r);
    warnings_of(a, r, value_literal(a, object), NULL, &w);
    for (uint32_t i = 0; i < w.n; i++)
        buf_addf(&out, "%s%s", i > 0 ? "\n" : "", w.items[i]);
    return arena_strdup(a, buf_str(&out));
}

TEST(warnings_have_upstream_words)
{
    static const struct {
        const char *group, *plural, *object, *want;
    } cases[] = {
        {"", "pods", "{'metadata':{'name':'a.b'},'spec':{'containers':[{'name':'c'}]}}",
         "metadata.name: this is used in the Pod's hostname, which can result in surprising "
         "behavior; a DNS label is recommended: [must not contain dots]"},
        {"", "pods", "{'spec':{'nodeSelector':{'beta.kubernetes.io/os':'linux'}}}",
         "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "
         "\"kubernetes.io/os\" instead"},
        {"", "pods",
         "{'spec':{'containers':[{'name':'c','env':[{'name':'A','value':'1'},{'name':'A','value':"
         "'2'},{'name':'A','value':'$(A)3'}]}]}}",
         "spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when "
         "using apply"},
        {"", "pods",
         "{'spec':{'containers':[{'name':'c','ports':[{'containerPort':80,'protocol':'TCP'},{"
         "'containerPort':80,'protocol':'TCP'},{'containerPort':80,'protocol':'TCP','hostPort':8}]"
         "}]}}",
         "spec.containers[0].ports[1]: duplicate port definition with "
         "spec.containers[0].ports[0]\nspec.containers[0].ports[2]: overlapping port definition "
         "with spec.containers[0].ports[0]\nspec.containers[0].ports[2]: overlapping port "
         "definition with spec.containers[0].ports[1]"},
        {"", "pods",
         "{'spec':{'volumes':[{'name':'v','configMap':{'name':'m','items':[{'key':'a','path':'x'},{"
         "'key':'b','path':'x/y/'}]}},{'name':'w','secret':{'secretName':'s','items':[{'key':'a',"
         "'path':'x'},{'key':'b','path':'y'},{'key':'c','path':'y'}]}},{'name':'p','projected':{'"
         "sources':[{'configMap':{'name':'m','items':[{'key':'a','path':'x'}]}},{},{"
         "'serviceAccountToken':{'path':'x'}}]}},{'name':'q','projected':{'sources':[{"
         "'serviceAccountToken':{'path':'token'}},{'downwardAPI':{'items':[{'path':'ns'}]}}]}}]}}",
         "volume \"v\" (ConfigMap \"m\"): overlapping paths: \"x/y\" with \"x\"\nvolume \"w\" "
         "(Secret \"s\"): overlapping paths: \"y\" with \"y\"\nvolume \"p\" (Projected) has no "
         "sources provided\nvolume \"p\" (Projected): overlapping paths: \"x\" "
         "(ServiceAccountToken) with \"x\" (ConfigMap \"m\")"},
        {"", "pods",
         "{'spec':{'volumes':[{'name':'v','secret':{'secretName':'s','items':[{'path':'x'},{'path':"
         "'xy'},{'path':'x/y'},{'path':'x/'}]}},{'name':'p','projected':{'sources':[{"
         "'clusterTrustBundle':{'signerName':'a.b/c','path':'t'}},{'podCertificate':{'keyPath':'t/"
         "k',"
         "'certificateChainPath':'c'}}]}}]}}",
         "volume \"v\" (Secret \"s\"): overlapping paths: \"x/y\" with \"x\"\nvolume \"v\" "
         "(Secret \"s\"): overlapping paths: \"x\" with \"x\"\nvolume \"v\" (Secret \"s\"): "
         "overlapping paths: \"x\" with \"x/y\"\nvolume \"p\" (Projected): overlapping paths: "
         "\"t/k\" (PodCertificate key) with \"t\" (ClusterTrustBundle \"a.b/c\")"},
        {"", "pods",
         "{'spec':{'initContainers':[{'name':'i','ports':[{'containerPort':1,'name':'p'}]}],"
         "'containers':[{'name':'c','ports':[{'containerPort':2,'name':'p'},{'containerPort':3,"
         "'name':'q'},{'containerPort':4}]}]}}",
         "spec.containers[0].ports[0]: duplicate port name \"p\" with "
         "spec.initContainers[0].ports[0], services and probes that select ports by name will use "
         "spec.initContainers[0].ports[0]"},
        {"apps", "daemonsets",
         "{'spec':{'template':{'spec':{'dnsConfig':{'nameservers':['2001:DB8::1']},'hostAliases':[{"
         "'ip':'010.0.0.1'}],'affinity':{'nodeAffinity':{"
         "'preferredDuringSchedulingIgnoredDuringExecution':[{'preference':{'matchExpressions':[{"
         "'key':'beta.kubernetes.io/os','values':['a','-']}]}}]}}}}}}",
         "spec.template.spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution"
         "[0].preference.matchExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; "
         "use \"kubernetes.io/os\" instead\n"
         "spec.template.spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution"
         "[0].preference.matchExpressions[0].values[1]: - is invalid, a valid label must be an "
         "empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
         "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex "
         "used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')\n"
         "spec.template.spec.dnsConfig.nameservers[0]: IPv6 address \"2001:DB8::1\" should be in "
         "RFC 5952 canonical format (\"2001:db8::1\")\n"
         "spec.template.spec.hostAliases[0].ip: non-standard IP address \"010.0.0.1\" will be "
         "considered invalid in a future Kubernetes release: use \"10.0.0.1\""},
        {"apps", "deployments",
         "{'spec':{'template':{'spec':{'volumes':[{'name':'v','gitRepo':{}}],'topologySpread"
         "Constraints':[{'topologyKey':'x'}],'terminationGracePeriodSeconds':-1}}}}",
         "spec.template.spec.topologySpreadConstraints[0].labelSelector: a null labelSelector "
         "results in matching no pod\nspec.template.spec.volumes[0].gitRepo: deprecated in v1.11\n"
         "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are "
         "invalid and will be treated as 1"},
        {"batch", "cronjobs",
         "{'spec':{'jobTemplate':{'spec':{'template':{'spec':{'imagePullSecrets':[{'name':''},{"
         "'name':''}]}}}}}}",
         "spec.jobTemplate.spec.template.spec.imagePullSecrets[1].name: duplicate name \"\"\n"
         "spec.jobTemplate.spec.template.spec.imagePullSecrets[0].name: invalid empty name \"\"\n"
         "spec.jobTemplate.spec.template.spec.imagePullSecrets[1].name: invalid empty name \"\""},
        {"", "services",
         "{'spec':{'type':'ClusterIP','clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1'],"
         "'externalIPs':['010.0.0.1','2001:DB8::1'],'sessionAffinity':'None',"
         "'loadBalancerSourceRanges':['10.0.0.1/8']}}",
         "spec.externalIPs[0]: non-standard IP address \"010.0.0.1\" will be considered invalid in "
         "a future Kubernetes release: use \"10.0.0.1\"\nspec.externalIPs[1]: IPv6 address "
         "\"2001:DB8::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")\n"
         "spec.externalIPs is deprecated and may no longer be implemented in some clusters\n"
         "spec.loadBalancerSourceRanges[0]: CIDR value \"10.0.0.1/8\" is ambiguous in this context "
         "(should be \"10.0.0.0/8\" or \"10.0.0.1/32\"?)"},
        {"", "persistentvolumeclaims",
         "{'metadata':{'annotations':{'volume.beta.kubernetes.io/storage-class':'x'}},'spec':{"
         "'resources':{'requests':{'storage':'1m'}}}}",
         "metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; "
         "use \"storageClassName\" attribute instead\nspec.resources.requests[storage]: "
         "fractional byte value \"1m\" is invalid, must be an integer"},
        {"", "persistentvolumes",
         "{'metadata':{'annotations':{'volume.beta.kubernetes.io/storage-class':'x'}},'spec':{"
         "'persistentVolumeReclaimPolicy':'Recycle','cephfs':{},'nodeAffinity':{'required':{"
         "'nodeSelectorTerms':[{'matchExpressions':[{'key':'beta.kubernetes.io/os'}]}]}}}}",
         "metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; "
         "use \"storageClassName\" attribute instead\nspec.persistentVolumeReclaimPolicy: The "
         "Recycle reclaim policy is deprecated. Instead, the recommended approach is to use "
         "dynamic provisioning.\nspec.nodeAffinity.required.nodeSelectorTerms[0]."
         "matchExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; use "
         "\"kubernetes.io/os\" instead\nspec.cephfs: deprecated in v1.28, non-functional in "
         "v1.31+"},
        {"storage.k8s.io", "storageclasses",
         "{'allowedTopologies':[{'matchLabelExpressions':[{'key':'a'},{'key':"
         "'beta.kubernetes.io/os'}]}]}",
         "allowedTopologies[0].matchLabelExpressions[1].key: deprecated since v1.14; use "
         "\"kubernetes.io/os\" instead"},
        {"storage.k8s.io", "csistoragecapacities",
         "{'nodeTopology':{'matchLabels':{'a':'','beta.kubernetes.io/arch':'x'},"
         "'matchExpressions':[{'key':'beta.kubernetes.io/os'}]}}",
         "nodeTopology.matchExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; "
         "use \"kubernetes.io/os\" instead\nnodeTopology.matchLabels.beta.kubernetes.io/arch: "
         "deprecated since v1.14; use \"kubernetes.io/arch\" instead"},
        {"networking.k8s.io", "ingresses",
         "{'metadata':{'annotations':{'kubernetes.io/ingress.class':'x'}}}",
         "annotation \"kubernetes.io/ingress.class\" is deprecated, please use "
         "'spec.ingressClassName' instead"},
        {"apps", "statefulsets",
         "{'spec':{'volumeClaimTemplates':[{'spec':{'resources':{'requests':{'storage':'1m'}}}}]}}",
         "spec.volumeClaimTemplates[0].resources.requests[storage]: fractional byte value \"1m\" "
         "is invalid, must be an integer"},
        {"", "serviceaccounts",
         "{'metadata':{'annotations':{'kubernetes.io/enforce-mountable-secrets':'true'}}}",
         "metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; "
         "prefer separate namespaces to isolate access to mounted secrets"},
        {"", "secrets", "{'type':'kubernetes.io/tls','data':{'tls.crt':'eA==','tls.key':''}}",
         "tls: failed to find any PEM data in certificate input"},
        {"", "secrets", "{'type':'Opaque','data':{'tls.crt':'eA=='}}", ""},
        {"", "configmaps", "{'data':{'a':'b'}}", ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();

        assert_string_equal(all_of(a, cases[i].group, cases[i].plural, cases[i].object),
                            cases[i].want);
    }
}

/* Of an object and the one that it replaces. */
TEST(updates_warn_of_less)
{
    static const struct {
        const char *group, *plural, *object, *old, *want;
    } cases[] = {
        {"", "pods",
         "{'metadata':{'generation':2},'spec':{'nodeSelector':{'beta.kubernetes.io/os':"
         "'linux'}}}",
         "{'metadata':{'generation':1}}", ""},
        {"apps", "deployments",
         "{'metadata':{'generation':1},'spec':{'template':{'spec':{'nodeSelector':{"
         "'beta.kubernetes.io/os':'linux'}}}}}",
         "{'metadata':{'generation':1}}", ""},
        {"", "serviceaccounts",
         "{'metadata':{'annotations':{'kubernetes.io/enforce-mountable-secrets':'true'}}}",
         "{'metadata':{'annotations':{'kubernetes.io/enforce-mountable-secrets':'false'}}}", ""},
        {"networking.k8s.io", "ingresses",
         "{'metadata':{'annotations':{'kubernetes.io/ingress.class':'x'}}}", "{'metadata':{}}", ""},
        {"apps", "statefulsets",
         "{'metadata':{'generation':1},'spec':{'volumeClaimTemplates':[{'spec':{'resources':{"
         "'limits':{'storage':'1m'}}}}]}}",
         "{'metadata':{'generation':1}}",
         "spec.volumeClaimTemplates[0].Spec.resources.limits[storage]: fractional byte value "
         "\"1m\" is invalid, must be an integer"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Resource *r =
            resource_find(slice_of(cases[i].group), SLICE("v1"), slice_of(cases[i].plural));
        Warnings w = {0};

        warnings_of(a, r, value_literal(a, cases[i].object), value_literal(a, cases[i].old), &w);
        assert_int_equal(w.n, cases[i].want[0] != '\0');
        if (w.n > 0)
            assert_string_equal(w.items[0], cases[i].want);
    }
}

TEST(a_status_warns_of_its_addresses)
{
    static const struct {
        const char *storage, *status, *want;
    } rows[] = {
        {"pods", "{'podIPs':[{'ip':'2001:DB8::1'}],'hostIPs':[{'ip':'192.0.2.1'}]}",
         "status.podIPs[0].ip: IPv6 address \"2001:DB8::1\" should be in RFC 5952 canonical format "
         "(\"2001:db8::1\")"},
        {"pods", "{'hostIPs':[{'ip':'192.0.2.1'},{'ip':'::FFFF'}]}",
         "status.hostIPs[1].ip: IPv6 address \"::FFFF\" should be in RFC 5952 canonical format "
         "(\"::ffff\")"},
        {"networking/ingresses", "{'loadBalancer':{'ingress':[{'hostname':'h'},{'ip':'::FFFF'}]}}",
         "status.loadBalancer.ingress[1]: IPv6 address \"::FFFF\" should be in RFC 5952 canonical "
         "format (\"::ffff\")"},
        {"services", "{'loadBalancer':{'ingress':[{'ip':'::FFFF'}]}}",
         "status.loadBalancer.ingress[0]: IPv6 address \"::FFFF\" should be in RFC 5952 canonical "
         "format (\"::ffff\")"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *v = value_object(a);
        Warnings w = {0};

        value_set(a, v, "status", value_literal(a, rows[i].status));
        warnings_of_status(a, resource_find_storage(rows[i].storage), v, &w);
        assert_int_equal(w.n, 1);
        assert_string_equal(w.items[0], rows[i].want);
    }
}

TEST(deprecated_kinds_say_so)
{
    assert_string_equal(
        warning_of_kind(resource_find(SLICE(""), SLICE("v1"), SLICE("endpoints"))),
        "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
    assert_null(warning_of_kind(resource_find(SLICE(""), SLICE("v1"), SLICE("pods"))));
}
