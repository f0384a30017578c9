"""What the conformance suite does to each kind of object: discovery, watch, create, read, patch, update, the status
subresource and deletion of one and of a collection. docs/conformance.md says which of its tests these stand for."""
import json
import queue
import threading
import unittest

from harness import shared_plane, wait_until

STRATEGIC, MERGE = "application/strategic-merge-patch+json", "application/merge-patch+json"
POD = {"containers": [{"name": "c", "image": "registry.k8s.io/pause:3.10"}]}
TEMPLATE = {"metadata": {"labels": {"app": "x"}}, "spec": POD}
SELECTOR = {"matchLabels": {"app": "x"}}
ADMIT = {"matchConstraints": {"resourceRules": [{"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"],
                                                 "resources": ["deployments"]}]}}
HOOK = {"name": "hook.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"],
        "clientConfig": {"url": "https://127.0.0.1:1/"},
        "rules": [{"operations": ["CREATE"], "apiGroups": ["example.com"], "apiVersions": ["v1"],
                   "resources": ["nothings"]}]}
CSR = """-----BEGIN CERTIFICATE REQUEST-----
"""


def condition(kind="StatusPatched", **more):
    return {"type": kind, "status": "True", "reason": "E2E", "message": "Set by an e2e test", **more}


class Kind:
    """One kind and how the suite treats it. `status` is merged into the status subresource, and read back;
    a write of it changes metadata, too, unless the kind's strategy keeps it (`keeps`)."""

    def __init__(self, group, version, plural, kind, body, ns=True, status=None, changed=None, keeps=False):
        self.group, self.version, self.plural, self.kind = group, version, plural, kind
        self.body, self.ns, self.status, self.changed, self.keeps = body, ns, status, changed, keeps

    @property
    def api_version(self):
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def root(self):
        return f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"

    def path(self, ns, name=None, sub=None):
        parts = [self.root] + (["namespaces", ns] if self.ns else []) + [self.plural]
        return "/".join(parts + [x for x in (name, sub) if x])


KINDS = [
    Kind("flowcontrol.apiserver.k8s.io", "v1", "flowschemas", "FlowSchema",
         {"spec": {"matchingPrecedence": 10000, "priorityLevelConfiguration": {"name": "global-default"},
                   "distinguisherMethod": {"type": "ByUser"},
                   "rules": [{"subjects": [{"kind": "User", "user": {"name": "example-e2e-non-existent-user"}}],
                              "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}]}]}},
         ns=False, keeps=True, status={"conditions": [condition("PatchStatusFailed", lastTransitionTime="2026-01-01T00:00:00Z")]}),
    Kind("flowcontrol.apiserver.k8s.io", "v1", "prioritylevelconfigurations", "PriorityLevelConfiguration",
         {"spec": {"type": "Limited", "limited": {"nominalConcurrencyShares": 2, "limitResponse": {"type": "Reject"}}}},
         ns=False, keeps=True, status={"conditions": [condition("PatchStatusFailed", lastTransitionTime="2026-01-01T00:00:00Z")]}),
    Kind("admissionregistration.k8s.io", "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy",
         {"spec": {**ADMIT, "validations": [{"expression": "object.spec.replicas <= 100"}]}}, ns=False, keeps=True,
         status={"conditions": [condition(lastTransitionTime="2026-01-01T00:00:00Z")]}),
    Kind("admissionregistration.k8s.io", "v1", "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding",
         {"spec": {"policyName": "nobody", "validationActions": ["Deny"]}}, ns=False),
    Kind("admissionregistration.k8s.io", "v1", "mutatingadmissionpolicies", "MutatingAdmissionPolicy",
         {"spec": {**ADMIT, "failurePolicy": "Fail", "reinvocationPolicy": "Never",
                   "mutations": [{"patchType": "ApplyConfiguration", "applyConfiguration": {
                       "expression": "Object{spec: Object.spec{replicas: 2}}"}}]}}, ns=False),
    Kind("admissionregistration.k8s.io", "v1", "mutatingadmissionpolicybindings", "MutatingAdmissionPolicyBinding",
         {"spec": {"policyName": "nobody"}}, ns=False),
    Kind("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration",
         {"webhooks": [HOOK]}, ns=False),
    Kind("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration",
         {"webhooks": [HOOK]}, ns=False),
    Kind("apps", "v1", "controllerrevisions", "ControllerRevision", {"revision": 1, "data": {"x": {"y": 1}}}),
    Kind("apps", "v1", "deployments", "Deployment", {"spec": {"replicas": 0, "selector": SELECTOR, "template": TEMPLATE}},
         status={"conditions": [condition("StatusUpdate")]}),
    Kind("apps", "v1", "replicasets", "ReplicaSet", {"spec": {"replicas": 0, "selector": SELECTOR, "template": TEMPLATE}},
         status={"conditions": [condition("StatusUpdate")]}),
    Kind("apps", "v1", "statefulsets", "StatefulSet",
         {"spec": {"replicas": 0, "selector": SELECTOR, "template": TEMPLATE, "serviceName": "x"}},
         status={"conditions": [condition("StatusUpdate")]}),
    Kind("apps", "v1", "daemonsets", "DaemonSet",
         {"spec": {"selector": SELECTOR, "template": {**TEMPLATE, "spec": {**POD, "nodeSelector": {"no": "such"}}}}},
         status={"conditions": [condition("StatusUpdate")]}),
    Kind("", "v1", "replicationcontrollers", "ReplicationController",
         {"spec": {"replicas": 0, "selector": {"app": "x"}, "template": TEMPLATE}},
         status={"conditions": [condition("StatusUpdate")]}),
    Kind("batch", "v1", "jobs", "Job",
         {"spec": {"suspend": True, "template": {"spec": {**POD, "restartPolicy": "Never"}}}},
         status={"conditions": [condition("CustomConditionType", lastTransitionTime="2026-01-01T00:00:00Z")]}),
    Kind("batch", "v1", "cronjobs", "CronJob",
         {"spec": {"schedule": "* */1 * * ?", "suspend": True, "concurrencyPolicy": "Allow",
                   "jobTemplate": {"spec": {"template": {"spec": {**POD, "restartPolicy": "OnFailure"}}}}}},
         status={"lastScheduleTime": "2026-01-01T00:00:00Z"}),
    Kind("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget",
         {"spec": {"minAvailable": "1%", "selector": SELECTOR}}, status={"disruptedPods": {"test": "2026-01-01T00:00:00Z"}}),
    Kind("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", {"value": 1, "description": "d"}, ns=False),
    Kind("", "v1", "resourcequotas", "ResourceQuota", {"spec": {"hard": {"cpu": "500m", "memory": "500Mi"}}},
         status={"hard": {"cpu": "1", "memory": "1Gi"}}),
    Kind("", "v1", "limitranges", "LimitRange",
         {"spec": {"limits": [{"type": "Container", "default": {"cpu": "500m"}, "defaultRequest": {"cpu": "100m"}}]}}),
    Kind("", "v1", "serviceaccounts", "ServiceAccount", {"automountServiceAccountToken": False}),
    Kind("", "v1", "configmaps", "ConfigMap", {"data": {"a": "b"}}),
    Kind("", "v1", "secrets", "Secret", {"data": {"a": "Yg=="}, "type": "Opaque"}),
    Kind("", "v1", "podtemplates", "PodTemplate", {"template": TEMPLATE}),
    Kind("", "v1", "pods", "Pod", {"spec": {**POD, "nodeSelector": {"no": "such"}, "terminationGracePeriodSeconds": 0}},
         status={"conditions": [condition("StatusUpdate")]}),
    Kind("events.k8s.io", "v1", "events", "Event",
         {"regarding": {"namespace": "@NS"}, "action": "Do", "reason": "Test", "type": "Normal", "note": "This is @NAME",
          "reportingController": "test-controller", "reportingInstance": "test-node",
          "eventTime": "2017-09-19T13:49:16.000000Z", "series": None}),
    Kind("", "v1", "events", "Event",
         {"involvedObject": {"namespace": "@NS"}, "message": "This is @NAME", "reason": "Test", "type": "Normal"}),
    Kind("coordination.k8s.io", "v1", "leases", "Lease", {"spec": {"holderIdentity": "h", "leaseDurationSeconds": 30}}),
    Kind("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", {"handler": "runc"}, ns=False),
    Kind("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice",
         {"addressType": "IPv4", "endpoints": [{"addresses": ["10.1.2.3"]}], "ports": [{"name": "a", "port": 80}]}),
    Kind("networking.k8s.io", "v1", "ingresses", "Ingress",
         {"spec": {"defaultBackend": {"service": {"name": "d", "port": {"number": 80}}}}},
         status={"loadBalancer": {"ingress": [{"ip": "169.1.1.1"}]}}),
    Kind("networking.k8s.io", "v1", "ingressclasses", "IngressClass", {"spec": {"controller": "example.com/controller"}}, ns=False),
    Kind("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", {"spec": {"podSelector": {}}}),
    Kind("networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", {"spec": {"cidrs": ["10.123.@N.0/24"]}}, ns=False, keeps=True,
         status={"conditions": [condition("StatusUpdate", lastTransitionTime="2026-01-01T00:00:00Z")]}),
    Kind("storage.k8s.io", "v1", "storageclasses", "StorageClass", {"provisioner": "e2e-fake-provisioner"}, ns=False),
    Kind("storage.k8s.io", "v1", "csidrivers", "CSIDriver", {"spec": {"attachRequired": False}}, ns=False),
    Kind("storage.k8s.io", "v1", "csinodes", "CSINode", {"spec": {"drivers": []}}, ns=False),
    Kind("storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment",
         {"spec": {"attacher": "e2e", "nodeName": "n", "source": {"persistentVolumeName": "pv"}}}, ns=False, keeps=True,
         status={"attached": True}),
    Kind("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim",
         {"spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "none",
                   "resources": {"requests": {"storage": "1Gi"}}}},
         status={"conditions": [condition("StatusUpdate")]}),
    Kind("", "v1", "persistentvolumes", "PersistentVolume",
         {"spec": {"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "hostPath": {"path": "/tmp"},
                   "storageClassName": "none", "persistentVolumeReclaimPolicy": "Retain"}}, ns=False,
         status={"message": "StatusPatched", "reason": "E2E patchedStatus"}),
    Kind("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler",
         {"spec": {"maxReplicas": 2, "scaleTargetRef": {"kind": "Deployment", "name": "x", "apiVersion": "apps/v1"}}},
         status={"conditions": [condition("StatusUpdate")], "currentMetrics": None, "desiredReplicas": 1}),
]


class Watch:
    """The events of a watch, read as they come."""

    def __init__(self, client, path):
        self.events = queue.Queue()
        threading.Thread(target=self.run, args=(client, path), daemon=True).start()

    def run(self, client, path):
        try:
            for e in client.watch(path, timeout=60):
                self.events.put(e)
            self.events.put({"type": "ERROR", "object": "the watch has ended"})
        except Exception as e:
            self.events.put({"type": "ERROR", "object": repr(e)})

    def until(self, kind, accept=lambda o: True):
        while True:
            e = self.events.get(timeout=30)
            if e["type"] == "ERROR":
                raise AssertionError(e)
            if e["type"] == kind and accept(e["object"]):
                return e["object"]

    def until_each(self, kind, names):
        """In whatever order they come: finalizers go one by one."""
        left = set(names)
        while left:
            left.remove(self.until(kind, lambda o: o["metadata"]["name"] in left)["metadata"]["name"])


def covers(have, want):
    if isinstance(want, dict):
        return isinstance(have, dict) and all(covers(have.get(k), v) for k, v in want.items() if v is not None)
    if isinstance(want, list):
        return isinstance(have, list) and all(any(covers(h, w) for h in have) for w in want)
    return have == want


class Objects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.t = shared_plane().tenant("conformance")
        a = cls.t.post("/api/v1/namespaces", {"metadata": {"generateName": "e2e-api-"}})
        assert a.status == 201, a
        cls.ns = a.json["metadata"]["name"]

    def ok(self, a, status=200):
        self.assertEqual(a.status, status, a)
        return a.json

    def fill(self, body, name, n):
        text = json.dumps(body).replace("@NS", self.ns if True else "").replace("@NAME", name).replace("@N", str(n))
        return json.loads(text)

    def make(self, k, n, label):
        name = f"e2e-{k.kind.lower()}-{n}"
        body = {"apiVersion": k.api_version, "kind": k.kind,
                "metadata": {"name": name, "labels": {"e2e": label}}, **self.fill(k.body, name, n)}
        return self.ok(self.t.post(k.path(self.ns), body), 201)

    def in_discovery(self, k):
        if k.group:
            groups = {g["name"]: g for g in self.ok(self.t.get("/apis"))["groups"]}
            self.assertIn(k.version, [v["version"] for v in groups[k.group]["versions"]])
            self.ok(self.t.get("/apis/" + k.group))
        names = {r["name"]: r for r in self.ok(self.t.get(k.root))["resources"]}
        self.assertIn(k.plural, names)
        if k.status:
            self.assertIn(k.plural + "/status", names)
        for verb in ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"):
            self.assertIn(verb, names[k.plural]["verbs"])

    def status_of(self, k, name, watch):
        path = k.path(self.ns, name, "status")
        self.assertEqual(self.ok(self.t.get(path))["kind"], k.kind)
        patch = {"metadata": {"annotations": {"patchedstatus": "true"}}, "status": k.status}
        o = self.ok(self.t.patch(path, patch, MERGE))
        self.assertTrue(covers(o["status"], k.status), o["status"])
        self.assertEqual(o["metadata"].get("annotations", {}).get("patchedstatus"), None if k.keeps else "true", o)
        watch.until("MODIFIED", lambda x: covers(x["status"], k.status))

        def update():
            live = self.ok(self.t.get(path))
            live["metadata"].setdefault("annotations", {})["updatedstatus"] = "true"
            a = self.t.put(path, live)
            return a.status != 409 and self.ok(a)
        o = wait_until(update)
        self.assertEqual(o["metadata"].get("annotations", {}).get("updatedstatus"), None if k.keeps else "true", o)

    def run_kind(self, k):
        label = f"{k.group or 'core'}.{k.plural}"
        select = f"?labelSelector=e2e%3D{label}"
        self.in_discovery(k)
        rv = self.ok(self.t.get(k.path(self.ns) + select))["metadata"]["resourceVersion"]
        watch = Watch(self.t, f"{k.path(self.ns)}{select}&resourceVersion={rv}")
        names = [self.make(k, n, label)["metadata"]["name"] for n in range(3)]
        watch.until_each("ADDED", names)
        path = k.path(self.ns, names[0])
        self.assertEqual(self.ok(self.t.get(path))["kind"], k.kind)
        self.assertEqual(len(self.ok(self.t.get(k.path(self.ns) + select))["items"]), 3)
        if k.ns:
            self.assertEqual(len(self.ok(self.t.get(f"{k.root}/{k.plural}{select}"))["items"]), 3)
        for i, form in enumerate((MERGE, STRATEGIC)):
            patched = self.ok(self.t.patch(path, {"metadata": {"annotations": {"patched": str(i)}}}, form))
            self.assertEqual(patched["metadata"]["annotations"]["patched"], str(i))

        def update():
            live = self.ok(self.t.get(path))
            live["metadata"]["annotations"]["updated"] = "true"
            a = self.t.put(path, live)
            return a.status != 409 and self.ok(a)
        wait_until(update)
        watch.until("MODIFIED", lambda o: o["metadata"].get("annotations", {}).get("updated"))
        if k.status:
            self.status_of(k, names[0], watch)
        self.ok(self.t.delete(path))
        watch.until("DELETED", lambda o: o["metadata"]["name"] == names[0])
        self.assertEqual(self.t.get(path).status, 404)
        self.ok(self.t.delete(k.path(self.ns) + select, {"kind": "DeleteOptions", "apiVersion": "v1"}))
        watch.until_each("DELETED", names[1:])
        self.assertEqual(self.ok(self.t.get(k.path(self.ns) + select))["items"], [])

    def test_each_kind(self):
        for k in KINDS:
            with self.subTest(k.plural, group=k.group):
                self.run_kind(k)
