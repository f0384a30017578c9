#include "tests/unit/test.h"

#include "api/decode.h"
#include "base/err.h"

/* Rows of (kind, body, path, value that stands there after decoding and defaulting). */
static const struct {
    const char *group, *version, *kind, *body, *path, *want;
} rows[] = {
    {"", "v1", "Pod", "{'spec':{'containers':[{'image':'a'}]}}",
     "spec.containers.0.imagePullPolicy", "\"Always\""},
    {"", "v1", "Pod", "{'spec':{'containers':[{'image':'h:5000/a'}]}}",
     "spec.containers.0.imagePullPolicy", "\"Always\""},
    {"", "v1", "Pod", "{'spec':{'containers':[{'image':'a@sha256:00'}]}}",
     "spec.containers.0.imagePullPolicy", "\"IfNotPresent\""},
    {"", "v1", "Pod", "{'spec':{'containers':[{'image':'a:1'}]}}",
     "spec.containers.0.imagePullPolicy", "\"IfNotPresent\""},
    {"", "v1", "Pod", "{'spec':{'containers':[{'resources':{'limits':{'cpu':'1000m'}}}]}}",
     "spec.containers.0.resources.requests", "{\"cpu\":\"1\"}"},
    {"", "v1", "Pod",
     "{'spec':{'containers':[{'env':[{'name':'e','valueFrom':{'fileKeyRef':{'volumeName':'v',"
     "'path':'p','key':'k'}}}]}]}}",
     "spec.containers.0.env.0.valueFrom.fileKeyRef.optional", "false"},
    /* pod-level requests: of all containers, sidecars and init containers; else the limits */
    {"", "v1", "Pod",
     "{'spec':{'resources':{'limits':{'cpu':'9','memory':'1Gi'}},'initContainers':[{'restartPolicy"
     "':'Always','resources':{'requests':{'cpu':'1'}}},{'resources':{'requests':{'cpu':'4'}}}],"
     "'containers':[{'resources':{'requests':{'cpu':'2'}}}]}}",
     "spec.resources.requests", "{\"cpu\":\"5\",\"memory\":\"1Gi\"}"},
    {"", "v1", "Pod",
     "{'spec':{'resources':{'limits':{'cpu':'9'}},'initContainers':[{'restartPolicy':'Always',"
     "'resources':{'requests':{'cpu':'1'}}}],'containers':[{'resources':{'requests':{'cpu':'2'}}"
     "}]}}",
     "spec.resources.requests", "{\"cpu\":\"3\"}"},
    {"", "v1", "Pod",
     "{'spec':{'resources':{'requests':{'cpu':'9'}},'containers':[{'resources':{'requests':{"
     "'memory':'1Gi'}}}]}}",
     "spec.resources.requests", "{\"cpu\":\"9\"}"},
    {"", "v1", "Service",
     "{'spec':{'type':'LoadBalancer'},'status':{'loadBalancer':{'ingress':[{'ip':'192.0.2.1'},{"
     "'hostname':'h'},{'ip':'192.0.2.2','ipMode':'Proxy'}]}}}",
     "status.loadBalancer.ingress",
     "[{\"ip\":\"192.0.2.1\",\"ipMode\":\"VIP\"},{\"hostname\":\"h\"},{\"ip\":\"192.0.2.2\","
     "\"ipMode\":\"Proxy\"}]"},
    {"resource.k8s.io", "v1", "ResourceSlice",
     "{'spec':{'devices':[{'name':'d','taints':[{'key':'k','effect':'NoExecute','timeAdded':"
     "'2026-01-02T03:04:05Z'}]}]}}",
     "spec.devices.0.taints.0.timeAdded", "\"2026-01-02T03:04:05Z\""},
    {"", "v1", "Pod", "{'spec':{'enableServiceLinks':false}}", "spec.enableServiceLinks", "false"},
    {"", "v1", "Pod", "{'spec':{'terminationGracePeriodSeconds':0}}",
     "spec.terminationGracePeriodSeconds", "0"},
    {"", "v1", "Pod", "{'spec':{'volumes':[{'name':'v'}]}}", "spec.volumes.0",
     "{\"name\":\"v\",\"emptyDir\":{}}"},
    {"", "v1", "Pod", "{'spec':{'containers':[{'livenessProbe':{'grpc':{'port':1}}}]}}",
     "spec.containers.0.livenessProbe.grpc", "{\"port\":1,\"service\":\"\"}"},
    {"", "v1", "Secret", "{'stringData':{'a':'xy'},'data':{'a':'AA=='}}", "data.a", "\"eHk=\""},
    {"", "v1", "Service", "{'spec':{'ports':[{'port':80}]}}", "spec.ports.0",
     "{\"protocol\":\"TCP\",\"port\":80,\"targetPort\":80}"},
    {"", "v1", "LimitRange",
     "{'spec':{'limits':[{'type':'Container','min':{'cpu':1},'max':{'memory':2}}]}}",
     "spec.limits.0.defaultRequest", "{\"memory\":\"2\",\"cpu\":\"1\"}"},
    {"", "v1", "Pod",
     "{'metadata':{'annotations':{'pod.beta.kubernetes.io/init-containers':'[]','a':'b'}}}",
     "metadata.annotations", "{\"a\":\"b\"}"},
    {"apps", "v1", "Deployment",
     "{'spec':{'template':{'metadata':{'annotations':{'pod.alpha.kubernetes.io/init-containers':"
     "'[]'}}}}}",
     "spec.template.metadata.annotations", NULL},
    /* one address of old, and all of them */
    {"", "v1", "Pod", "{'status':{'podIP':'192.0.2.1'}}", "status.podIPs",
     "[{\"ip\":\"192.0.2.1\"}]"},
    {"", "v1", "Pod", "{'status':{'podIPs':[{'ip':'192.0.2.1'}]}}", "status.podIP",
     "\"192.0.2.1\""},
    {"", "v1", "Pod", "{'status':{'podIP':'192.0.2.2','podIPs':[{'ip':'192.0.2.1'},{'ip':'::1'}]}}",
     "status.podIPs", "[{\"ip\":\"192.0.2.2\"}]"},
    {"", "v1", "Pod", "{'status':{'podIP':'192.0.2.1','podIPs':[{'ip':'192.0.2.1'},{'ip':'::1'}]}}",
     "status.podIPs", "[{\"ip\":\"192.0.2.1\"},{\"ip\":\"::1\"}]"},
    {"", "v1", "Node", "{'spec':{'podCIDRs':['10.0.0.0/24']}}", "spec.podCIDR", "\"10.0.0.0/24\""},
    {"", "v1", "Node", "{'spec':{'podCIDR':'10.1.0.0/24','podCIDRs':['10.0.0.0/24']}}",
     "spec.podCIDRs", "[\"10.1.0.0/24\"]"},
    {"apps", "v1", "Deployment", "{}", "spec.strategy",
     "{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":\"25%\",\"maxSurge\":\"25%"
     "\"}}"},
    {"apps", "v1", "Deployment", "{'spec':{'strategy':{'type':'Recreate'}}}", "spec.strategy",
     "{\"type\":\"Recreate\"}"},
    {"apps", "v1", "Deployment", "{'spec':{'replicas':0}}", "spec.replicas", "0"},
    {"batch", "v1", "Job", "{'spec':{'parallelism':3}}", "spec.completions", NULL},
    {"batch", "v1", "Job", "{}", "spec.completions", "1"},
    {"rbac.authorization.k8s.io", "v1", "RoleBinding", "{'roleRef':{'kind':'Role','name':'r'}}",
     "roleRef.apiGroup", "\"rbac.authorization.k8s.io\""},
    {"networking.k8s.io", "v1", "NetworkPolicy", "{'spec':{'egress':[{}]}}", "spec.policyTypes",
     "[\"Ingress\",\"Egress\"]"},
    {"tenancy.hostplane.io", "v1", "Plan", "{}", "spec.isolation", "\"virtual\""},
};

TEST(defaults_stand_where_nothing_was_said)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Resource *r = resource_find_kind(rows[i].group, rows[i].version, rows[i].kind);
        Value *v = value_literal(a, rows[i].body), *at;
        Warnings w = {0};
        Err err;

        assert_ok(decode_object(a, r, v, FIELDS_STRICT, NULL, &w, &err));
        default_object(a, r, v);
        at = value_at(v, rows[i].path);
        if (rows[i].want)
            assert_string_equal(value_to_str(a, at), rows[i].want);
        else
            assert_null(at);
    }
}

TEST(defaulting_twice_changes_nothing)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Resource *r = resource_find_kind(rows[i].group, rows[i].version, rows[i].kind);
        Value *v = value_literal(a, rows[i].body);
        const char *once;

        normalize_object(a, r, v);
        default_object(a, r, v);
        normalize_object(a, r, v);
        once = value_to_str(a, v);
        default_object(a, r, v);
        normalize_object(a, r, v);
        assert_string_equal(value_to_str(a, v), once);
    }
}
