"""Controllers and scheduler on a real server; nodes and the lives of their pods are played here."""
import base64
import hmac
import json
import time
import unittest

from harness import Plane, wait_until
from played import PlayedNode

APPS, BATCH = "/apis/apps/v1/namespaces/default", "/apis/batch/v1/namespaces/default"
CORE = "/api/v1/namespaces/default"
NODE = "/api/v1/nodes/fake"


def template(app, image="x", **spec):
    return {"metadata": {"labels": {"app": app}},
            "spec": {"containers": [{"name": "c", "image": image}], **spec}}


def workload(kind, name, version="apps/v1", **spec):
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name},
            "spec": {"selector": {"matchLabels": {"app": name}}, "template": template(name),
                     **spec}}


class Controllers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane()
        cls.plane.__enter__()
        cls.t = cls.plane.tenant("acme")
        cls.node = PlayedNode(cls.plane, cls.t, "fake", {"disk": "ssd"})

    @classmethod
    def tearDownClass(cls):
        cls.node.stop()
        cls.plane.__exit__(None, None, None)

    def post(self, path, body):
        a = self.t.post(path, body)
        self.assertEqual(a.status, 201, a)
        return a.json

    def items(self, path):
        return self.t.get(path).json["items"]

    def pods(self, app):
        return self.items(f"{CORE}/pods?labelSelector=app%3D{app}")

    def complete(self, name, image, replicas):
        d = self.t.get(f"{APPS}/deployments/{name}").json
        s = d.get("status", {})
        return (s.get("observedGeneration") == d["metadata"]["generation"]
                and s.get("updatedReplicas") == replicas == s.get("availableReplicas")
                and s.get("replicas") == replicas and len(self.pods(name)) == replicas
                and {p["spec"]["containers"][0]["image"] for p in self.pods(name)} == {image})

    def test_deployment_rolls_forward_and_back(self):
        path = f"{APPS}/deployments/web"
        self.post(f"{APPS}/deployments", workload("Deployment", "web", replicas=3))
        wait_until(lambda: self.complete("web", "x", 3))
        first = self.items(f"{APPS}/replicasets?labelSelector=app%3Dweb")[0]["metadata"]["name"]
        self.t.patch(path, {"spec": {"replicas": 5}})
        wait_until(lambda: self.complete("web", "x", 5))
        for image in ("y", "x"):
            patch = {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": image}]}}}}
            a = self.t.patch(path, patch, "application/strategic-merge-patch+json")
            self.assertEqual(a.status, 200, a)
            wait_until(lambda: self.complete("web", image, 5))
        sets = {r["metadata"]["name"]: r for r in
                self.items(f"{APPS}/replicasets?labelSelector=app%3Dweb")}
        self.assertEqual(len(sets), 2)
        self.assertEqual(sets[first]["spec"]["replicas"], 5)
        self.assertEqual(sets[first]["metadata"]["annotations"]
                         ["deployment.kubernetes.io/revision"], "3")
        d = self.t.get(path).json
        reasons = {c["type"]: c["reason"] for c in d["status"]["conditions"]}
        self.assertEqual(reasons, {"Available": "MinimumReplicasAvailable",
                                   "Progressing": "NewReplicaSetAvailable"})
        self.t.delete(path, {"propagationPolicy": "Background"})
        wait_until(lambda: not self.pods("web"))
        self.assertEqual(self.items(f"{APPS}/replicasets?labelSelector=app%3Dweb"), [])

    def test_orphans_stay_and_foreground_waits(self):
        for name in ("orphan", "front"):
            self.post(f"{APPS}/deployments", workload("Deployment", name, replicas=2))
        for name in ("orphan", "front"):
            wait_until(lambda: self.complete(name, "x", 2))
        self.t.delete(f"{APPS}/deployments/orphan", {"propagationPolicy": "Orphan"})
        wait_until(lambda: self.t.get(f"{APPS}/deployments/orphan").status == 404)
        rs = self.items(f"{APPS}/replicasets?labelSelector=app%3Dorphan")
        self.assertEqual([r["metadata"].get("ownerReferences") for r in rs], [None])
        self.assertEqual(len(self.pods("orphan")), 2)
        self.t.delete(f"{APPS}/deployments/front", {"propagationPolicy": "Foreground"})
        wait_until(lambda: self.t.get(f"{APPS}/deployments/front").status == 404)
        self.assertEqual(self.items(f"{APPS}/replicasets?labelSelector=app%3Dfront"), [])

    def test_an_object_whose_owner_never_was_goes(self):
        self.post(f"{CORE}/configmaps", {"metadata": {"name": "lost", "ownerReferences": [
            {"apiVersion": "v1", "kind": "ConfigMap", "name": "no", "uid": "0-0"}]}})
        wait_until(lambda: self.t.get(f"{CORE}/configmaps/lost").status == 404)

    def test_an_owner_in_another_namespace_is_none(self):
        self.t.post("/api/v1/namespaces", {"metadata": {"name": "afar"}})
        owner = self.t.post("/api/v1/namespaces/afar/configmaps", {"metadata": {"name": "owner"}})
        self.assertEqual(owner.status, 201, owner)
        uid = owner.json["metadata"]["uid"]
        self.post(f"{CORE}/configmaps", {"metadata": {"name": "astray", "ownerReferences": [
            {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": uid}]}})
        wait_until(lambda: self.t.get(f"{CORE}/configmaps/astray").status == 404)
        wait_until(lambda: [e["message"] for e in self.items(f"{CORE}/events")
                            if e["reason"] == "OwnerRefInvalidNamespace"] ==
                   [f'ownerRef [v1/ConfigMap, namespace: default, name: owner, uid: {uid}] does not exist in '
                    f'namespace "default"'])

    def test_claims_get_the_default_class_that_comes_later(self):
        claims, classes = f"{CORE}/persistentvolumeclaims", "/apis/storage.k8s.io/v1/storageclasses"
        for name, more in (("early", {}), ("none", {"storageClassName": ""})):
            self.post(claims, {"metadata": {"name": name}, "spec": {
                "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, **more}})
        wait_until(lambda: "FailedBinding" in [e["reason"] for e in self.items(f"{CORE}/events")
                                               if e["involvedObject"]["name"] == "early"])
        self.post(classes, {"metadata": {"name": "later", "annotations": {
            "storageclass.kubernetes.io/is-default-class": "true"}}, "provisioner": "example.com/p"})
        wait_until(lambda: self.t.get(f"{claims}/early").json["spec"].get("storageClassName") == "later")
        wait_until(lambda: self.t.get(f"{claims}/early").json["metadata"].get("annotations", {}).get(
            "volume.kubernetes.io/storage-provisioner") == "example.com/p")
        self.assertEqual(self.t.get(f"{claims}/none").json["spec"]["storageClassName"], "")
        self.t.delete(f"{classes}/later")

    def test_endpoints_follow_readiness(self):
        self.post(f"{APPS}/deployments", workload("Deployment", "ep", replicas=2))
        self.post(f"{CORE}/services", {"metadata": {"name": "ep"}, "spec": {
            "selector": {"app": "ep"}, "ports": [{"port": 80, "targetPort": 8080}]}})

        def addresses():
            subsets = self.t.get(f"{CORE}/endpoints/ep").json.get("subsets") or [{}]
            return {x["ip"] for x in subsets[0].get("addresses", [])}

        wait_until(lambda: len(addresses()) == 2)

        def slices():
            return self.items("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
                              "?labelSelector=kubernetes.io%2Fservice-name%3Dep")

        wait_until(lambda: {e["addresses"][0] for s in slices() for e in s["endpoints"] or []}
                   == addresses())
        self.assertEqual(len(slices()), 1)
        self.assertEqual(slices()[0]["ports"][0]["port"], 8080)

        # What they show since when: that the Service was made, or that a pod became ready.
        def changed(o):
            return o["metadata"].get("annotations", {}).get("endpoints.kubernetes.io/last-change-trigger-time")

        def times():
            return {c["lastTransitionTime"] for p in self.pods("ep") for c in p["status"]["conditions"]
                    if c["type"] == "Ready"} | {self.t.get(f"{CORE}/services/ep").json["metadata"]["creationTimestamp"]}

        self.assertIn(changed(self.t.get(f"{CORE}/endpoints/ep").json), times())
        self.assertIn(changed(slices()[0]), times())
        self.t.patch(f"{APPS}/deployments/ep", {"spec": {"replicas": 0}})
        wait_until(lambda: not addresses())
        # That pods go has no time of its own.
        self.assertIsNone(changed(self.t.get(f"{CORE}/endpoints/ep").json))

    def test_endpoints_that_a_user_keeps_without_a_service_stay(self):
        path = f"{CORE}/endpoints/kept"

        def address(ip):
            return {"subsets": [{"addresses": [{"ip": ip}], "ports": [{"port": 80}]}]}

        self.post(f"{CORE}/endpoints", {"metadata": {"name": "kept"}, **address("10.1.1.1")})
        self.assertEqual(self.t.patch(path, address("10.1.1.2")).status, 200)
        # The controller is known to have met the change when it has served a later one.
        self.post(f"{CORE}/services", {"metadata": {"name": "later"}, "spec": {
            "selector": {"app": "later"}, "ports": [{"port": 80}]}})
        wait_until(lambda: self.t.get(f"{CORE}/endpoints/later").status == 200)
        self.assertEqual(self.t.get(path).json["subsets"][0]["addresses"][0]["ip"], "10.1.1.2")
        # A Service of the name takes them over, and they go with it.
        self.post(f"{CORE}/services", {"metadata": {"name": "kept"}, "spec": {
            "selector": {"app": "kept"}, "ports": [{"port": 80}]}})
        wait_until(lambda: not self.t.get(path).json.get("subsets"))
        self.t.delete(f"{CORE}/services/kept")
        wait_until(lambda: self.t.get(path).status == 404)

    def test_a_circle_of_owners_does_not_block(self):
        names = ["cm-1", "cm-2", "cm-3"]
        uids = {}
        for n in names:
            uids[n] = self.post(f"{CORE}/configmaps", {"metadata": {"name": n}})["metadata"]["uid"]
        for n, owner in zip(names, names[2:] + names[:2]):
            a = self.t.patch(f"{CORE}/configmaps/{n}", {"metadata": {"ownerReferences": [
                {"apiVersion": "v1", "kind": "ConfigMap", "name": owner, "uid": uids[owner],
                 "controller": True, "blockOwnerDeletion": True}]}})
            self.assertEqual(a.status, 200, a)
        self.t.delete(f"{CORE}/configmaps/cm-1", {"propagationPolicy": "Foreground"})
        wait_until(lambda: all(self.t.get(f"{CORE}/configmaps/{n}").status == 404 for n in names))

    def test_a_dependent_with_two_owners_outlives_one(self):
        uid = {n: self.post(f"{CORE}/configmaps", {"metadata": {"name": n}})["metadata"]["uid"]
               for n in ("goes", "stays")}
        self.post(f"{CORE}/configmaps", {"metadata": {"name": "both", "ownerReferences": [
            {"apiVersion": "v1", "kind": "ConfigMap", "name": n, "uid": uid[n],
             "blockOwnerDeletion": True} for n in ("goes", "stays")]}})
        self.t.delete(f"{CORE}/configmaps/goes", {"propagationPolicy": "Foreground"})
        wait_until(lambda: self.t.get(f"{CORE}/configmaps/goes").status == 404)
        refs = self.t.get(f"{CORE}/configmaps/both").json["metadata"]["ownerReferences"]
        self.assertEqual([r["name"] for r in refs], ["stays"])

    def test_token_secrets_are_filled_and_go_with_their_account(self):
        self.post(f"{CORE}/serviceaccounts", {"metadata": {"name": "bot"}})
        self.post(f"{CORE}/secrets", {
            "metadata": {"name": "bot-token",
                         "annotations": {"kubernetes.io/service-account.name": "bot"}},
            "type": "kubernetes.io/service-account-token"})
        s = wait_until(lambda: (lambda s: s if "token" in s.get("data", {}) else None)(
            self.t.get(f"{CORE}/secrets/bot-token").json))
        token = base64.b64decode(s["data"]["token"]).decode()
        self.assertEqual(base64.b64decode(s["data"]["namespace"]), b"default")
        self.assertIn(b"CERTIFICATE", base64.b64decode(s["data"]["ca.crt"]))
        a = self.t.post("/apis/authentication.k8s.io/v1/tokenreviews", {"spec": {"token": token}})
        self.assertEqual(a.json["status"]["user"]["username"],
                         "system:serviceaccount:default:bot")

        # Its use is noted, and since when uses are.
        def today():
            return time.strftime("%Y-%m-%d", time.gmtime())

        path, labels = f"{CORE}/secrets/bot-token", "kubernetes.io/legacy-token-"
        wait_until(lambda: self.t.get(path).json["metadata"].get("labels", {}).get(labels + "last-used") == today())
        tracking = ("/api/v1/namespaces/kube-system/configmaps/"
                    "kube-apiserver-legacy-service-account-token-tracking")
        wait_until(lambda: self.t.get(tracking).json.get("data") == {"since": today()})
        self.t.delete(tracking)
        wait_until(lambda: self.t.get(tracking).json.get("data") == {"since": today()})

        # It is good until a label says that it is not, or the Secret has another one.
        def is_good():
            a = self.t.post("/apis/authentication.k8s.io/v1/tokenreviews", {"spec": {"token": token}})
            return a.json["status"].get("authenticated", False)

        for patch, good in (({"metadata": {"labels": {labels + "invalid-since": today()}}}, False),
                            ({"metadata": {"labels": {labels + "invalid-since": None}}}, True),
                            ({"data": {"token": base64.b64encode(b"another").decode()}}, False)):
            self.assertEqual(self.t.patch(path, patch).status, 200)
            self.assertEqual(is_good(), good)
        self.t.delete(f"{CORE}/serviceaccounts/bot")
        wait_until(lambda: self.t.get(f"{CORE}/secrets/bot-token").status == 404)

    def test_expired_bootstrap_tokens_go(self):
        def data(**d):
            return {k: base64.b64encode(v.encode()).decode() for k, v in d.items()}

        for name, when in (("bootstrap-token-aaaaaa", "2020-01-01T00:00:00Z"),
                           ("bootstrap-token-bbbbbb", "2120-01-01T00:00:00Z")):
            a = self.t.post("/api/v1/namespaces/kube-system/secrets", {
                "metadata": {"name": name}, "type": "bootstrap.kubernetes.io/token",
                "data": data(expiration=when)})
            self.assertEqual(a.status, 201, a)
        path = "/api/v1/namespaces/kube-system/secrets/bootstrap-token-"
        wait_until(lambda: self.t.get(path + "aaaaaa").status == 404)
        self.assertEqual(self.t.get(path + "bbbbbb").status, 200)

    def test_cluster_info_is_signed_for_bootstrap_tokens(self):
        def b64url(b):
            return base64.urlsafe_b64encode(b).rstrip(b"=").decode()

        def data(**d):
            return {k.replace("_", "-"): base64.b64encode(v.encode()).decode()
                    for k, v in d.items()}

        info = "/api/v1/namespaces/kube-public/configmaps/cluster-info"
        a = self.t.post("/api/v1/namespaces/kube-public/configmaps", {
            "metadata": {"name": "cluster-info"}, "data": {"kubeconfig": "kind: Config\n"}})
        self.assertEqual(a.status, 201, a)
        for token, signs in (("cccccc", "true"), ("dddddd", "false")):
            a = self.t.post("/api/v1/namespaces/kube-system/secrets", {
                "metadata": {"name": f"bootstrap-token-{token}"},
                "type": "bootstrap.kubernetes.io/token",
                "data": data(token_id=token, token_secret="0123456789abcdef",
                             usage_bootstrap_signing=signs)})
            self.assertEqual(a.status, 201, a)
        jws = wait_until(lambda: self.t.get(info).json["data"].get("jws-kubeconfig-cccccc"))
        head, payload, mac = jws.split(".")
        self.assertEqual(payload, "")
        self.assertEqual(json.loads(base64.urlsafe_b64decode(head + "==")),
                         {"alg": "HS256", "kid": "cccccc"})
        signed = f"{head}.{b64url(b'kind: Config' + bytes([10]))}".encode()
        self.assertEqual(mac, b64url(hmac.digest(b"0123456789abcdef", signed, "sha256")))
        self.assertNotIn("jws-kubeconfig-dddddd", self.t.get(info).json["data"])
        self.t.delete("/api/v1/namespaces/kube-system/secrets/bootstrap-token-cccccc")
        wait_until(lambda: "jws-kubeconfig-cccccc" not in self.t.get(info).json["data"])

    def test_a_group_of_pods_says_how_it_does(self):
        group = "scheduling.x-k8s.io"
        self.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
            "metadata": {"name": f"podgroups.{group}",
                         "annotations": {"api-approved.kubernetes.io": "https://example.com"}},
            "spec": {"group": group, "scope": "Namespaced", "names": {
                "kind": "PodGroup", "plural": "podgroups", "singular": "podgroup",
                "listKind": "PodGroupList"},
                "versions": [{"name": "v1alpha1", "served": True, "storage": True,
                              "subresources": {"status": {}}, "schema": {"openAPIV3Schema": {
                                  "type": "object",
                                  "x-kubernetes-preserve-unknown-fields": True}}}]}})
        path = f"/apis/{group}/v1alpha1/namespaces/default/podgroups"
        wait_until(lambda: self.t.get(path).status == 200)
        self.post(path, {"apiVersion": f"{group}/v1alpha1", "kind": "PodGroup",
                         "metadata": {"name": "g"}, "spec": {"minMember": 2}})

        def status():
            return self.t.get(path + "/g").json.get("status")

        wait_until(lambda: status() == {"phase": "Pending"})
        for name in ("g-0", "g-1"):
            self.post(f"{CORE}/pods", {"metadata": {"name": name, "labels": {
                f"{group}/pod-group": "g"}}, "spec": {"nodeName": "fake", "containers": [
                    {"name": "c", "image": "run"}]}})
        wait_until(lambda: status() == {"phase": "Running", "running": 2})
        for name in ("g-0", "g-1"):
            self.t.delete(f"{CORE}/pods/{name}")
        wait_until(lambda: status()["phase"] == "Pending")

    def test_custom_endpoints_are_mirrored(self):
        self.post(f"{CORE}/services", {"metadata": {"name": "mir"}, "spec": {
            "ports": [{"port": 80}]}})
        self.post(f"{CORE}/endpoints", {"metadata": {"name": "mir"}, "subsets": [
            {"addresses": [{"ip": "10.1.2.3"}], "ports": [{"port": 80}]}]})

        def mirrors():
            return self.items("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
                              "?labelSelector=kubernetes.io%2Fservice-name%3Dmir")

        def addresses():
            return [a for s in mirrors() for e in s["endpoints"] for a in e["addresses"]]

        wait_until(lambda: addresses() == ["10.1.2.3"])
        self.assertEqual(mirrors()[0]["metadata"]["labels"]
                         ["endpointslice.kubernetes.io/managed-by"],
                         "endpointslicemirroring-controller.k8s.io")
        self.t.patch(f"{CORE}/endpoints/mir", {"subsets": [
            {"addresses": [{"ip": "10.2.3.4"}], "ports": [{"port": 80}]}]})
        wait_until(lambda: addresses() == ["10.2.3.4"])
        self.t.delete(f"{CORE}/endpoints/mir")
        wait_until(lambda: not mirrors())

    def test_statefulset_goes_in_order(self):
        self.post(f"{APPS}/statefulsets",
                  workload("StatefulSet", "db", replicas=3, serviceName="db"))

        def ready():
            return self.t.get(f"{APPS}/statefulsets/db").json["status"].get("readyReplicas")

        wait_until(lambda: ready() == 3)
        made_events = [e["message"] for e in self.items(f"{CORE}/events")
                     if e["reason"] == "SuccessfulCreate" and e["involvedObject"]["name"] == "db"]
        self.assertEqual(sorted(made_events), [f"create Pod db-{i} in StatefulSet db successful" for i in range(3)])
        made = sorted((p["metadata"]["creationTimestamp"], p["metadata"]["name"])
                      for p in self.pods("db"))
        self.assertEqual([m[1] for m in made], ["db-0", "db-1", "db-2"])
        self.t.patch(f"{APPS}/statefulsets/db", {"spec": {"replicas": 1}})
        wait_until(lambda: [p["metadata"]["name"] for p in self.pods("db")] == ["db-0"])

    def test_job_completes_once(self):
        self.post(f"{BATCH}/jobs", {"metadata": {"name": "j"}, "spec": {
            "completions": 3, "parallelism": 2, "template": {"spec": {
                "restartPolicy": "Never", "containers": [{"name": "c", "image": "x"}]}}}})
        job = wait_until(lambda: (lambda j: j if j.get("status", {}).get("completionTime")
                                  else None)(self.t.get(f"{BATCH}/jobs/j").json))
        self.assertEqual(job["status"]["succeeded"], 3)
        pods = self.items(f"{CORE}/pods?labelSelector=job-name%3Dj")
        self.assertEqual(len(pods), 3)

    def test_a_namespace_goes_with_what_is_in_it(self):
        self.post("/api/v1/namespaces", {"metadata": {"name": "team"}})
        wait_until(lambda: self.t.get("/api/v1/namespaces/team/serviceaccounts/default").status
                   == 200)
        wait_until(lambda: self.t.get("/api/v1/namespaces/team/configmaps/kube-root-ca.crt").status
                   == 200)
        self.post("/apis/apps/v1/namespaces/team/deployments",
                  workload("Deployment", "a", replicas=2))
        self.post("/api/v1/namespaces/team/configmaps",
                  {"metadata": {"name": "held", "finalizers": ["example.com/x"]}})
        self.t.delete("/api/v1/namespaces/team")

        def remaining():
            ns = self.t.get("/api/v1/namespaces/team").json
            return {c["type"]: c["message"] for c in ns["status"].get("conditions", [])}.get(
                "NamespaceFinalizersRemaining")

        wait_until(lambda: remaining() == "Some content in the namespace has finalizers remaining: "
                   "example.com/x in 1 resource instances", 90)  # looked at again after half of the pods' grace
        self.t.patch("/api/v1/namespaces/team/configmaps/held", {"metadata": {"finalizers": []}})
        wait_until(lambda: self.t.get("/api/v1/namespaces/team").status == 404, 90)

    def test_a_pod_that_fits_nowhere_says_why_and_goes_when_it_can(self):
        self.post(f"{CORE}/pods", {"metadata": {"name": "big"}, "spec": {"containers": [
            {"name": "c", "image": "x", "resources": {"requests": {"cpu": "9"}}}]}})

        def message():
            for c in self.t.get(f"{CORE}/pods/big").json["status"].get("conditions", []):
                if c["type"] == "PodScheduled":
                    return c.get("message", "")

        wait_until(lambda: (message() or "").startswith(
            "0/1 nodes are available: 1 Insufficient cpu."))
        self.node.beat({"cpu": "10", "memory": "16Gi", "pods": "110"})
        wait_until(lambda: self.t.get(f"{CORE}/pods/big").json["spec"].get("nodeName") == "fake")
        self.t.delete(f"{CORE}/pods/big")

    def test_other_schedulers_pods_are_left_alone(self):
        self.post(f"{CORE}/pods", {"metadata": {"name": "mine"}, "spec": {
            "schedulerName": "my-own", "containers": [{"name": "c", "image": "x"}]}})
        self.post(f"{CORE}/pods", {"metadata": {"name": "theirs"}, "spec": {
            "containers": [{"name": "c", "image": "x"}]}})
        wait_until(lambda: self.t.get(f"{CORE}/pods/theirs").json["spec"].get("nodeName"))
        self.assertNotIn("nodeName", self.t.get(f"{CORE}/pods/mine").json["spec"])
        a = self.t.post(f"{CORE}/pods/mine/binding", {
            "apiVersion": "v1", "kind": "Binding", "metadata": {"name": "mine"},
            "target": {"kind": "Node", "name": "fake"}})
        self.assertEqual(a.status, 201, a)
        self.assertEqual(self.t.get(f"{CORE}/pods/mine").json["spec"]["nodeName"], "fake")

    def test_a_node_gets_a_range_of_its_own(self):
        cidr = wait_until(lambda: self.plane.admin.get(NODE).json["spec"].get("podCIDR"))
        self.assertEqual(cidr, "10.88.0.0/24")

    def test_a_node_is_told_how_long_it_may_keep_what_it_has_read(self):
        key = "node.alpha.kubernetes.io/ttl"

        def ttl():
            return self.plane.admin.get(NODE).json["metadata"].get("annotations", {}).get(key)
        wait_until(lambda: ttl() == "0")
        self.plane.admin.patch(NODE, {"metadata": {"annotations": {key: "7"}}})
        wait_until(lambda: ttl() == "0")

    def test_an_untouched_tenant_causes_no_writes(self):
        idle = self.plane.tenant("idle")
        time.sleep(1)  # nothing to wait for: nothing must happen
        self.assertEqual(idle.get("/api/v1/configmaps").json["metadata"]["resourceVersion"], "2")


class Start(unittest.TestCase):
    def test_endpoints_that_were_left_over_go_when_the_server_starts(self):
        leader = {"control-plane.alpha.kubernetes.io/leader": "{}"}
        with Plane() as plane:
            t = plane.tenant("acme")
            for name, annotations in (("left", {}), ("lock", leader)):
                self.assertEqual(t.post(f"{CORE}/endpoints", {"metadata": {"name": name, "annotations": annotations}})
                                 .status, 201)
            t.post(f"{CORE}/services", {"metadata": {"name": "own"}, "spec": {"ports": [{"port": 80}]}})
            t.post(f"{CORE}/endpoints", {"metadata": {"name": "own"}})
            plane.stop()
            plane.start()
            t = plane.tenant("acme")
            wait_until(lambda: t.get(f"{CORE}/endpoints/left").status == 404)
            self.assertEqual(t.get(f"{CORE}/endpoints/lock").status, 200)
            self.assertEqual(t.get(f"{CORE}/endpoints/own").status, 200)


if __name__ == "__main__":
    unittest.main()
