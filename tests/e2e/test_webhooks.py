"""Admission webhooks: what the conformance suite asks of them, with a webhook of the test's own."""
import base64
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from harness import Plane, wait_until
from test_conformance_api import Watch
from test_agent import can_run
from test_node_pods import PODS, NodeCase, container, pod
from tlsserver import certificates, serve

CONFIG = "/apis/admissionregistration.k8s.io/v1/"
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def patch(*ops):
    return {"patchType": "JSONPatch", "patch": base64.b64encode(json.dumps(list(ops)).encode()).decode()}


def deny(message, **status):
    return {"allowed": False, "status": {"message": message, **status}}


def answer(path, r):
    """What the webhook says; r is the AdmissionRequest."""
    o = r.get("object") or {}
    data = o.get("data") or {}
    if path == "/always-deny":
        return deny("this webhook denies all requests")
    if path == "/configmaps":
        if r["operation"] == "DELETE":
            data = r["oldObject"].get("data") or {}
        return deny("the configmap contains unwanted key and value") if data.get("webhook-e2e-test") == "webhook-disallow" \
            else {"allowed": True, "warnings": ["looked at " + r["operation"]]}
    if path == "/pods":
        names = [c["name"] for c in o["spec"]["containers"]]
        return deny("the pod contains unwanted container name", reason="Forbidden", code=403) \
            if "webhook-disallow" in names else {"allowed": True}
    if path == "/pods/attach":
        assert r["operation"] == "CONNECT" and o["kind"] == "PodAttachOptions", r
        return deny("attaching to pod 'to-be-attached-pod' is not allowed") if r["name"] == "to-be-attached-pod" \
            else {"allowed": True}
    if path == "/mutating-configmaps":
        ops = []
        if data.get("mutation-start") == "yes":
            ops.append({"op": "add", "path": "/data/mutation-stage-1", "value": "yes"})
        if data.get("mutation-stage-1") == "yes":
            ops.append({"op": "add", "path": "/data/mutation-stage-2", "value": "yes"})
        return {"allowed": True, **(patch(*ops) if ops else {})}
    if path == "/mutating-pods":
        return {"allowed": True, **patch({"op": "add", "path": "/spec/initContainers", "value": [
            {"name": "webhook-added-init-container", "image": "x", "resources": {}}]})}
    if path == "/crd":
        labels = o["metadata"].get("labels") or {}
        return deny("the crd contains unwanted label") if labels.get("webhook-e2e-test") == "webhook-disallow" \
            else {"allowed": True}
    if path == "/wrong-uid":
        return {"allowed": True, "uid": "no"}
    if path == "/patch-of-nothing":
        return {"allowed": True, **patch({"op": "add", "path": "/metadata/labels", "value": {"a": "b"}})}
    return {"allowed": True}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = self.path.split("?")[0]
        self.server.seen.append((self.path, review))
        if path == "/slow":
            time.sleep(3)
        if path == "/convert":
            out = {"uid": review["request"]["uid"], "result": {"status": "Success"},
                   "convertedObjects": [convert(o, review["request"]["desiredAPIVersion"])
                                        for o in review["request"]["objects"]]}
        else:
            out = {"uid": review["request"]["uid"], **answer(path, review["request"])}
        body = json.dumps({"kind": review["kind"], "apiVersion": review["apiVersion"], "response": out}).encode()
        self.send_response(500 if path == "/broken" else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def convert(o, to):
    o = {**o, "apiVersion": to}
    if to.endswith("/v2"):
        host = o.pop("hostPort", ":").split(":")
        o["host"], o["port"] = host[0], host[1]
    elif "host" in o:
        o["hostPort"] = f"{o.pop('host')}:{o.pop('port')}"
    return o


def rule(resources, groups=("",), operations=("CREATE", "UPDATE"), versions=("v1",)):
    return {"apiGroups": list(groups), "apiVersions": list(versions), "operations": list(operations),
            "resources": list(resources)}


class Hooks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane(args=["--webhook-private-urls"])
        cls.folder = tempfile.mkdtemp(prefix="hp-e2e-hooks-", dir="/tmp")
        cls.server = None
        try:
            certificates(cls.folder, ["IP:127.0.0.1"])
            cls.server = serve(cls.folder, Handler)
            threading.Thread(target=cls.server.serve_forever, daemon=True).start()
            cls.plane.start()
            cls.t = cls.plane.tenant("acme")
            with open(os.path.join(cls.folder, "ca.crt"), "rb") as f:
                cls.ca = base64.b64encode(f.read()).decode()
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def tearDownClass(cls):
        if cls.server:
            cls.server.shutdown()
            cls.server.server_close()
        cls.plane.close()
        subprocess.run(["rm", "-rf", cls.folder], check=False)

    def setUp(self):
        self.ns = self.ok(self.t.post("/api/v1/namespaces", {"metadata": {"generateName": "hooks-"}}), 201)["metadata"]["name"]
        self.ok(self.t.patch(f"/api/v1/namespaces/{self.ns}", {"metadata": {"labels": {"hooks": self.ns}}}))
        self.path = f"/api/v1/namespaces/{self.ns}"
        self.addCleanup(self.t.delete, self.path)

    def ok(self, a, status=200):
        self.assertEqual(a.status, status, a)
        return a.json

    def hook(self, path, *rules, name="hook.example.com", ca=True, **more):
        client = {"url": f"https://127.0.0.1:{self.server.server_address[1]}{path}"}
        if ca:
            client["caBundle"] = self.ca
        return {"name": name, "sideEffects": "None", "admissionReviewVersions": ["v1"], "clientConfig": client,
                "rules": list(rules), "namespaceSelector": {"matchLabels": {"hooks": self.ns}}, **more}

    def register(self, kind, *hooks):
        """A configuration; it is in force when the call returns."""
        plural = kind + "webhookconfigurations"
        name = f"{self.ns}-{kind}"
        self.ok(self.t.post(CONFIG + plural, {"metadata": {"name": name}, "webhooks": list(hooks)}), 201)
        self.addCleanup(self.t.delete, f"{CONFIG}{plural}/{name}")
        return f"{CONFIG}{plural}/{name}"

    def config_map(self, name, query="", **data):
        return self.t.post(f"{self.path}/configmaps{query}", {"metadata": {"name": name}, "data": data})

    def test_denied_pods_and_config_maps(self):
        self.register("validating",
                      self.hook("/pods", rule(["pods"], operations=["CREATE"]), name="pods.example.com"),
                      self.hook("/configmaps", rule(["configmaps"], operations=["CREATE", "UPDATE", "DELETE"]),
                                name="maps.example.com"))
        a = self.t.post(f"{self.path}/pods", {"metadata": {"name": "p"}, "spec": {
            "containers": [{"name": "webhook-disallow", "image": "x"}]}})
        self.assertEqual((a.status, a.json["reason"]), (403, "Forbidden"), a)
        self.assertEqual(a.message, 'admission webhook "pods.example.com" denied the request: the pod contains unwanted '
                         'container name')
        a = self.config_map("c", **{"webhook-e2e-test": "webhook-disallow"})
        self.assertEqual((a.status, a.message), (400, 'admission webhook "maps.example.com" denied the request: the '
                                                 'configmap contains unwanted key and value'))
        a = self.config_map("c", x="1")
        self.ok(a, 201)
        self.assertIn("looked at CREATE", a.headers["Warning"])
        for body, form in (({"data": {"webhook-e2e-test": "webhook-disallow"}}, "application/merge-patch+json"),
                           ([{"op": "add", "path": "/data/webhook-e2e-test", "value": "webhook-disallow"}],
                            "application/json-patch+json")):
            self.assertEqual(self.t.patch(f"{self.path}/configmaps/c", body, form).status, 400)
        path, review = self.server.seen[-1]
        self.assertEqual(path, "/configmaps?timeout=10s")
        r = review["request"]
        self.assertEqual((r["operation"], r["name"], r["namespace"], r["resource"], r["kind"]["kind"], r["dryRun"]),
                         ("UPDATE", "c", self.ns, {"group": "", "version": "v1", "resource": "configmaps"}, "ConfigMap", False))
        self.assertEqual((r["oldObject"]["data"], r["object"]["data"]["webhook-e2e-test"]), ({"x": "1"}, "webhook-disallow"))
        self.assertRegex(r["uid"], "^[0-9a-f-]{36}$")
        self.assertTrue(r["userInfo"]["username"])
        # namespaces that the selector leaves out
        self.ok(self.t.patch(f"/api/v1/namespaces/{self.ns}", {"metadata": {"labels": {"hooks": None}}}))
        self.ok(self.config_map("free", **{"webhook-e2e-test": "webhook-disallow"}), 201)
        self.ok(self.t.patch(f"/api/v1/namespaces/{self.ns}", {"metadata": {"labels": {"hooks": self.ns}}}))
        self.assertEqual(self.t.delete(f"{self.path}/configmaps/free").status, 400)
        self.assertEqual(self.t.delete(f"{self.path}/configmaps").status, 400)  # the collection
        self.ok(self.t.delete(f"{self.path}/configmaps/c"))

    def test_mutations_come_in_order_and_defaults_after(self):
        self.register("mutating", *(self.hook("/mutating-configmaps", rule(["configmaps"]), name=f"{n}.example.com")
                                    for n in ("one", "two")),
                      self.hook("/mutating-pods", rule(["pods"], operations=["CREATE"]), name="pods.example.com"))
        made = self.ok(self.config_map("c", **{"mutation-start": "yes"}), 201)
        self.assertEqual(made["data"], {"mutation-start": "yes", "mutation-stage-1": "yes", "mutation-stage-2": "yes"})
        pod = self.ok(self.t.post(f"{self.path}/pods", {"metadata": {"name": "p"}, "spec": {
            "containers": [{"name": "c", "image": "x"}]}}), 201)
        init = pod["spec"]["initContainers"]
        self.assertEqual([(c["name"], c["terminationMessagePolicy"], c["imagePullPolicy"]) for c in init],
                         [("webhook-added-init-container", "File", "Always")])

    def test_reinvocation(self):
        """The second finds what only the third adds, as it asks to be asked again."""
        hooks = [self.hook("/mutating-configmaps", rule(["configmaps"]), name="first.example.com",
                           reinvocationPolicy="IfNeeded",
                           matchConditions=[{"name": "c", "expression": "'mutation-stage-1' in object.data"}]),
                 self.hook("/mutating-configmaps", rule(["configmaps"]), name="second.example.com",
                           matchConditions=[{"name": "c", "expression": "!('mutation-stage-1' in object.data)"}])]
        self.register("mutating", *hooks)
        made = self.ok(self.config_map("c", **{"mutation-start": "yes"}), 201)
        self.assertEqual(made["data"], {"mutation-start": "yes", "mutation-stage-1": "yes"})
        made = self.ok(self.config_map("d", **{"mutation-start": "yes", "mutation-stage-1": "yes"}), 201)
        self.assertIn("mutation-stage-2", made["data"])

    def test_failures(self):
        maps = rule(["configmaps"])
        url = f"https://127.0.0.1:{self.server.server_address[1]}"
        rows = [
            (self.hook("/x", maps, ca=False), 500, 'failed calling webhook "hook.example.com": failed to call webhook: Post '
             f'"{url}/x?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority'),
            (self.hook("/slow", maps, timeoutSeconds=1), 500, f'Post "{url}/slow?timeout=1s": context deadline exceeded'),
            (self.hook("/broken", maps), 500, "an error on the server"),
            (self.hook("/wrong-uid", maps), 500, 'received invalid webhook response: expected response.uid="'),
            (self.hook("/slow", maps, timeoutSeconds=1, failurePolicy="Ignore"), 201, None),
            (self.hook("/always-deny", maps, matchConditions=[{"name": "c", "expression": "object.metadata.name == 'x'"}]), 201, None),
            (self.hook("/always-deny", maps, objectSelector={"matchLabels": {"a": "b"}}), 201, None),
            (self.hook("/always-deny", rule(["secrets"])), 201, None),
        ]
        for hook, status, words in rows:
            with self.subTest(hook["clientConfig"]["url"], status=status):
                path = self.register("validating", hook)
                a = self.config_map("c", query="?dryRun=All")
                self.ok(self.t.delete(path))
                self.assertEqual(a.status, status, a)
                if words:
                    self.assertEqual(a.json["reason"], "InternalError")
                    self.assertTrue(a.message.startswith("Internal error occurred: failed calling webhook"), a)
                    self.assertIn(words, a.message)

    def test_a_common_name_is_no_name(self):
        """As Go's clients have it; libcurl alone would take the name of the subject."""
        folder = tempfile.mkdtemp(prefix="hp-e2e-hooks-", dir="/tmp")
        self.addCleanup(subprocess.run, ["rm", "-rf", folder], check=False)
        for names, status in (((), 500), (("email:a@localhost",), 500), (("DNS:localhost",), 201)):
            with self.subTest(names):
                certificates(folder, names, cn="localhost")
                server = serve(folder, Handler)
                threading.Thread(target=server.serve_forever, daemon=True).start()
                hook = self.hook("/configmaps", rule(["configmaps"]))
                with open(os.path.join(folder, "ca.crt"), "rb") as f:
                    hook["clientConfig"] = {"url": f"https://localhost:{server.server_address[1]}/configmaps",
                                            "caBundle": base64.b64encode(f.read()).decode()}
                path = self.register("validating", hook)
                a = self.config_map("c", query="?dryRun=All")
                self.ok(self.t.delete(path))
                server.shutdown()
                server.server_close()
                self.assertEqual(a.status, status, a)
                if status == 500:
                    self.assertIn("x509: certificate relies on legacy Common Name field, use SANs instead", a.message)

    def test_dry_run_needs_webhooks_without_side_effects(self):
        self.register("validating", self.hook("/x", rule(["configmaps"]), sideEffects="NoneOnDryRun"))
        self.ok(self.config_map("c", query="?dryRun=All"), 201)
        self.assertTrue(self.server.seen[-1][1]["request"]["dryRun"])

    def test_configurations_are_beyond_webhooks(self):
        everything = {"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": ["*/*"]}
        hook = self.hook("/always-deny", everything)
        del hook["namespaceSelector"]
        hook["matchConditions"] = [{"name": "mine", "expression": f"request.name.startsWith('{self.ns}-')"}]
        validating, mutating = self.register("validating", hook), self.register("mutating", self.hook("/x", everything))
        self.assertEqual(self.config_map(f"{self.ns}-c").status, 400)
        for path in (validating, mutating):
            self.ok(self.t.patch(path, {"metadata": {"labels": {"a": "b"}}}))
            self.ok(self.t.delete(path))
        self.ok(self.config_map(f"{self.ns}-c"), 201)

    def test_definitions_and_their_objects(self):
        group = f"{self.ns}.example.com"
        crd = {"metadata": {"name": f"tests.{group}"}, "spec": {
            "group": group, "scope": "Namespaced", "names": {"plural": "tests", "kind": "Test"},
            "versions": [{"name": v, "served": True, "storage": v == "v1", "schema": {"openAPIV3Schema": {
                "type": "object", "properties": {"data": {"type": "object", "properties": {
                    k: {"type": "string"} for k in ("mutation-start", "mutation-stage-1", "webhook-e2e-test")}}}}}}
                for v in ("v1", "v2")]}}
        deny_crd = self.hook("/crd", rule(["customresourcedefinitions"], ["apiextensions.k8s.io"], ["CREATE"]))
        del deny_crd["namespaceSelector"]
        path = self.register("validating", deny_crd)
        a = self.t.post(CRDS, {**crd, "metadata": {**crd["metadata"], "labels": {"webhook-e2e-test": "webhook-disallow"}}})
        self.assertIn("the crd contains unwanted label", a.message)
        self.ok(self.t.delete(path))
        self.ok(self.t.post(CRDS, crd), 201)
        self.addCleanup(self.t.delete, f"{CRDS}/tests.{group}")
        root = f"/apis/{group}/v1/namespaces/{self.ns}/tests"
        wait_until(lambda: self.t.get(root).status == 200)
        self.register("mutating", *(self.hook("/mutating-configmaps", rule(["tests"], [group], versions=["v1"]), name=n)
                                    for n in ("one.example.com", "two.example.com")))
        self.register("validating", self.hook("/configmaps", rule(["tests"], [group], ["CREATE", "UPDATE", "DELETE"])))
        body = {"apiVersion": f"{group}/v1", "kind": "Test", "metadata": {"name": "a"}, "data": {"mutation-start": "yes"}}
        made = self.ok(self.t.post(root, body), 201)
        # what the schema does not name is pruned, whoever adds it
        self.assertEqual(made["data"], {"mutation-start": "yes", "mutation-stage-1": "yes"})
        # another version of the same object
        body = {**body, "apiVersion": f"{group}/v2", "metadata": {"name": "b"}}
        made = self.ok(self.t.post(root.replace("/v1/", "/v2/"), body), 201)
        self.assertEqual((made["apiVersion"], made["data"]["mutation-stage-1"]), (f"{group}/v2", "yes"))
        bad = {"data": {"webhook-e2e-test": "webhook-disallow"}}
        self.assertEqual(self.t.patch(f"{root}/a", bad).status, 400)
        self.ok(self.t.delete(f"{root}/a"))

    def test_versions_are_converted(self):
        group = f"{self.ns}.conv.example.com"
        text = {"type": "string"}
        schemas = {"v1": {"hostPort": text}, "v2": {"host": text, "port": text}}
        crd = {"metadata": {"name": f"ends.{group}"}, "spec": {
            "group": group, "scope": "Namespaced", "names": {"plural": "ends", "kind": "End"},
            "conversion": {"strategy": "Webhook", "webhook": {"conversionReviewVersions": ["v1"], "clientConfig": {
                "url": f"https://127.0.0.1:{self.server.server_address[1]}/convert", "caBundle": self.ca}}},
            "versions": [{"name": v, "served": True, "storage": v == "v1", "schema": {"openAPIV3Schema": {
                "type": "object", "properties": p}}} for v, p in schemas.items()]}}
        self.ok(self.t.post(CRDS, crd), 201)
        self.addCleanup(self.t.delete, f"{CRDS}/ends.{group}")
        v1, v2 = (f"/apis/{group}/{v}/namespaces/{self.ns}/ends" for v in ("v1", "v2"))
        wait_until(lambda: self.t.get(v1).status == 200)

        def body(version, name, **more):
            return {"apiVersion": f"{group}/{version}", "kind": "End", "metadata": {"name": name}, **more}

        def parts(o):
            return {k: v for k, v in o.items() if k not in ("metadata", "kind")}
        one = {"apiVersion": f"{group}/v1", "hostPort": "localhost:8080"}, \
            {"apiVersion": f"{group}/v2", "host": "localhost", "port": "8080"}
        self.assertEqual(parts(self.ok(self.t.post(v1, body("v1", "a", hostPort="localhost:8080")), 201)), one[0])
        got = self.ok(self.t.get(f"{v2}/a"))
        self.assertEqual(parts(got), one[1])
        self.assertEqual(got["metadata"]["uid"], self.ok(self.t.get(f"{v1}/a"))["metadata"]["uid"])
        # written in the other version, stored in the first
        made = self.ok(self.t.post(v2, body("v2", "b", host="localhost", port="8080")), 201)
        self.assertEqual(parts(made), one[1])
        self.assertEqual(parts(self.ok(self.t.get(f"{v1}/b"))), one[0])
        self.ok(self.t.patch(f"{CRDS}/ends.{group}", [{"op": "replace", "path": "/spec/versions/0/storage", "value": False},
                                                      {"op": "replace", "path": "/spec/versions/1/storage", "value": True}],
                             "application/json-patch+json"))
        wait_until(lambda: self.t.post(v2, body("v2", "c", host="localhost", port="8080")).status in (201, 409))
        for path, want in ((v1, one[0]), (v2, one[1])):
            items = self.ok(self.t.get(path))["items"]
            self.assertEqual([i["metadata"]["name"] for i in items], ["a", "b", "c"])
            for i in items:
                self.assertEqual(parts(i), want)
        # watches and lists in the version that is not stored
        w = Watch(self.t, v1)
        self.assertEqual([parts(w.until("ADDED")) for _ in range(3)], [one[0]] * 3)
        self.ok(self.t.patch(f"{v2}/c", {"metadata": {"labels": {"x": "y"}}}))
        self.assertEqual(parts(w.until("MODIFIED")), one[0])
        self.assertEqual(len(self.ok(self.t.get(f"{v1}?labelSelector=x%3Dy"))["items"]), 1)
        # a write by way of the other version, and one that changes nothing
        got = self.ok(self.t.patch(f"{v1}/a", {"hostPort": "other:1"}))
        self.assertEqual(parts(got), {**one[0], "hostPort": "other:1"})
        self.assertEqual(self.ok(self.t.patch(f"{v1}/a", {"hostPort": "other:1"}))["metadata"]["resourceVersion"],
                         got["metadata"]["resourceVersion"])
        self.assertEqual(parts(self.ok(self.t.get(f"{v2}/a"))), {**one[1], "host": "other", "port": "1"})
        apply = json.dumps(body("v1", "b", hostPort="applied:2"))
        self.ok(self.t.patch(f"{v1}/b?fieldManager=m&force=true", apply, "application/apply-patch+yaml"))
        self.assertEqual(self.ok(self.t.get(f"{v2}/b"))["host"], "applied")
        # an object that waits for its end stays what it was
        self.ok(self.t.patch(f"{v2}/c", {"metadata": {"finalizers": ["example.com/f"]}}))
        self.assertEqual(parts(self.ok(self.t.delete(f"{v1}/c"))), one[0])
        self.assertEqual(parts(self.ok(self.t.get(f"{v2}/c"))), one[1])
        self.assertEqual(parts(self.ok(self.t.get(f"{v1}/c"))), one[0])
        self.ok(self.t.patch(f"{v2}/c", {"metadata": {"finalizers": None}}))
        self.ok(self.t.delete(v1))
        self.assertEqual(self.ok(self.t.get(v2))["items"], [])
        self.ok(self.t.post(v2, body("v2", "d", host="h", port="1")), 201)
        self.ok(self.t.patch(f"{CRDS}/ends.{group}", {"spec": {"conversion": {"webhook": {"clientConfig": {
            "url": f"https://127.0.0.1:{self.server.server_address[1]}/broken"}}}}}))
        wait_until(lambda: self.t.get(f"{v1}/d").status == 500)
        self.assertIn(f"conversion webhook for {group}/v2, Kind=End failed: ", self.t.get(f"{v1}/d").message)
        self.ok(self.t.get(f"{v2}/d"))

    def test_deleting_cannot_be_mutated(self):
        self.ok(self.config_map("c"), 201)
        path = self.register("mutating", self.hook("/patch-of-nothing", rule(["configmaps"], operations=["DELETE"])))
        a = self.t.delete(f"{self.path}/configmaps/c")
        self.assertEqual((a.status, a.message), (500, 'Internal error occurred: admission webhook "hook.example.com" attempted '
                                                 'to modify the object, which is not supported for this operation'))
        self.ok(self.t.delete(path))
        self.ok(self.t.delete(f"{self.path}/configmaps/c"))

    def test_controllers_pods_are_asked_about_too(self):
        self.register("validating", self.hook("/pods", rule(["pods"], operations=["CREATE"])))
        self.ok(self.t.post(f"/apis/apps/v1/namespaces/{self.ns}/replicasets", {"metadata": {"name": "r"}, "spec": {
            "replicas": 1, "selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}}, "spec": {
                "containers": [{"name": "webhook-disallow", "image": "x"}]}}}}), 201)

        def told():
            events = self.t.get(f"{self.path}/events").json["items"]
            return [e for e in events if e["reason"] == "FailedCreate" and "unwanted container name" in e["message"]]
        wait_until(told)
        self.assertEqual(self.t.get(f"{self.path}/pods").json["items"], [])

    def test_a_collection_asks_for_each(self):
        for i in range(60):
            self.ok(self.config_map(f"c{i}"), 201)
        self.register("validating", self.hook("/configmaps", rule(["configmaps"], operations=["DELETE"])))
        before = len(self.server.seen)
        self.ok(self.t.delete(f"{self.path}/configmaps"))
        names = {r["request"]["name"] for _, r in self.server.seen[before:]}
        self.assertLessEqual({f"c{i}" for i in range(60)}, names)


class Private(unittest.TestCase):
    def test_urls_do_not_lead_into_the_platform(self):
        with Plane() as plane:
            t = plane.tenant("acme")
            self.assertEqual(t.post(CONFIG + "validatingwebhookconfigurations", {"metadata": {"name": "x"}, "webhooks": [{
                "name": "hook.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"],
                "clientConfig": {"url": plane.url}, "rules": [rule(["configmaps"])]}]}).status, 201)
            a = t.post("/api/v1/namespaces/default/configmaps", {"metadata": {"name": "c"}})
            self.assertEqual(a.status, 500)
            self.assertIn("the address is not one that webhooks may be at", a.message)


@unittest.skipUnless(can_run(), "needs root, containerd and the agent")
class InPods(NodeCase):
    """The webhook is in a pod, behind a service, as the suite has it."""

    def start(self, port):
        """The server of this file in the network of the pod "hooks"; the folder of its certificates."""
        folder = tempfile.mkdtemp(prefix="hp-e2e-hooks-", dir="/tmp")
        self.addCleanup(subprocess.run, ["rm", "-rf", folder], check=False)
        certificates(folder, ["DNS:hooks.default.svc"])
        server = subprocess.Popen(["nsenter", "-t", self.pid_of("hooks"), "-n", sys.executable, os.path.abspath(__file__),
                                   folder, str(port)], stdout=subprocess.PIPE)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        self.assertEqual(server.stdout.readline(), b"ready\n")
        self.addCleanup(server.stdout.close)
        with open(os.path.join(folder, "ca.crt"), "rb") as f:
            return base64.b64encode(f.read()).decode()

    def test_services_are_reached_through_their_node(self):
        body = pod("hooks", container("sleep 1000"))
        body["metadata"]["labels"] = {"app": "hooks"}
        self.create(body)
        self.wait_ready("hooks")
        ca = self.start(8444)
        self.assertEqual(self.acme.post("/api/v1/namespaces/default/services", {
            "metadata": {"name": "hooks"}, "spec": {"selector": {"app": "hooks"}, "ports": [
                {"port": 8443, "targetPort": 8444}]}}).status, 201)
        wait_until(lambda: self.acme.get("/api/v1/namespaces/default/endpoints/hooks").json.get("subsets"))

        def hook(path, *rules, bundle=ca, **more):
            return {"name": path.strip("/").replace("/", "-") + ".example.com", "sideEffects": "None",
                    "admissionReviewVersions": ["v1"], "rules": list(rules), "clientConfig": {"caBundle": bundle, "service": {
                        "namespace": "default", "name": "hooks", "path": path, "port": 8443}}, **more}
        maps = rule(["configmaps"], operations=["CREATE"])
        named = {"matchConditions": [{"name": "mine", "expression": "object.metadata.name == 'c'"}]}
        config = CONFIG + "mutatingwebhookconfigurations"
        self.assertEqual(self.acme.post(config, {"metadata": {"name": "m"}, "webhooks": [
            hook("/mutating-configmaps", maps, **named)]}).status, 201)
        path = "/api/v1/namespaces/default/configmaps"
        a = self.acme.post(path, {"metadata": {"name": "c"}, "data": {"mutation-start": "yes"}})
        self.assertEqual((a.status, a.json.get("data")), (201, {"mutation-start": "yes", "mutation-stage-1": "yes"}), a)
        self.assertEqual(self.acme.delete(config + "/m").status, 200)
        config = CONFIG + "validatingwebhookconfigurations"
        other = tempfile.mkdtemp(prefix="hp-e2e-hooks-", dir="/tmp")
        self.addCleanup(subprocess.run, ["rm", "-rf", other], check=False)
        certificates(other, ["DNS:x"])
        with open(os.path.join(other, "ca.crt"), "rb") as f:
            wrong = base64.b64encode(f.read()).decode()
        self.assertEqual(self.acme.post(config, {"metadata": {"name": "v"}, "webhooks": [
            hook("/slow", maps, timeoutSeconds=1, **named), hook("/x", rule(["secrets"]), bundle=wrong),
            hook("/pods/attach", rule(["pods/attach"], operations=["CONNECT"]))]}).status, 201)
        self.assertEqual(self.acme.delete(path + "/c").status, 200)
        a = self.acme.post(path, {"metadata": {"name": "c"}})
        self.assertEqual(a.status, 500, a)
        self.assertIn('Post "https://hooks.default.svc:8443/slow?timeout=1s": context deadline exceeded', a.message)
        a = self.acme.post("/api/v1/namespaces/default/secrets", {"metadata": {"name": "s"}})
        self.assertIn("x509: certificate signed by unknown authority", a.message)
        self.create(pod("to-be-attached-pod", container("sleep 1000", stdin=True)))
        self.wait_ready("to-be-attached-pod")
        a = self.acme.post(f"{PODS}/to-be-attached-pod/attach?stdin=true")
        self.assertEqual((a.status, a.message), (400, 'admission webhook "pods-attach.example.com" denied the request: '
                                                 "attaching to pod 'to-be-attached-pod' is not allowed"))
        self.assertEqual(self.acme.delete(config + "/v").status, 200)


if __name__ == "__main__":  # test_webhooks.py FOLDER PORT: the server alone, for a pod's network
    alone = serve(sys.argv[1], Handler, int(sys.argv[2]), "0.0.0.0")
    print("ready", flush=True)
    alone.serve_forever()
