"""API aggregation: an extension API server in a pod answers for a version of a group, as kube-aggregator has it."""
import base64
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from extension_server import API, GROUP, VERSION
from harness import Kubectl, wait_until
from test_agent import can_run
from test_conformance_api import Watch
from test_node_pods import NodeCase, container, pod
from tlsserver import certificates

HERE = os.path.dirname(os.path.abspath(__file__))
SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"
SERVICE = f"{SERVICES}/{VERSION}.{GROUP}"
NS = "/api/v1/namespaces/default"
FLUNDERS = f"{API}/namespaces/default/flunders"
RBAC = "/apis/rbac.authorization.k8s.io/v1"


def b64_file(*path):
    with open(os.path.join(*path), "rb") as f:
        return base64.b64encode(f.read()).decode()


@unittest.skipUnless(can_run(), "needs root, containerd and the agent")
class Aggregation(NodeCase):
    plane_args = ("--request-timeout", "4")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = None
        try:
            cls.set_up()
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def make(cls, path, body):
        a = cls.acme.post(path, body)
        assert a.status == 201, a
        return a.json

    @classmethod
    def set_up(cls):
        """As test/e2e/apimachinery/aggregator.go sets up the sample API server."""
        cls.folder = tempfile.mkdtemp(prefix="hp-e2e-aggr-", dir="/tmp")
        certificates(cls.folder, ["DNS:sample-api.default.svc"])
        cls.bundle = b64_file(cls.folder, "ca.crt") # then the file is the API server's authority
        cls.make(f"{NS}/serviceaccounts", {"metadata": {"name": "sample"}})
        cls.make(f"{RBAC}/clusterrolebindings", {"metadata": {"name": "sample:delegator"}, "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "system:auth-delegator"},
            "subjects": [{"kind": "ServiceAccount", "name": "sample", "namespace": "default"}]})
        cls.make(f"{RBAC}/namespaces/kube-system/rolebindings", {"metadata": {"name": "sample-auth-reader"}, "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "extension-apiserver-authentication-reader"},
            "subjects": [{"kind": "ServiceAccount", "name": "sample", "namespace": "default"}]})
        body = pod("sample", container("sleep 100000"), serviceAccountName="sample")
        body["metadata"]["labels"] = {"app": "sample"}
        cls.make(f"{NS}/pods", body)
        cls.make(f"{NS}/services", {"metadata": {"name": "sample-api"}, "spec": {
            "selector": {"app": "sample"}, "ports": [{"port": 7443, "targetPort": 8443}]}})
        wait_until(lambda: (cls.acme.get(f"{NS}/pods/sample").json["status"].get("containerStatuses")
                            or [{}])[0].get("ready"))
        cls.start_server()
        cls.register()
        cls.wait_condition("True", "Passed", "all checks passed")

    @classmethod
    def start_server(cls):
        a = cls.acme.post(f"{NS}/serviceaccounts/sample/token", {"spec": {"expirationSeconds": 3600}})
        ca = cls.acme.get(f"{NS}/configmaps/kube-root-ca.crt").json["data"]["ca.crt"]
        for name, text in (("token", a.json["status"]["token"]), ("ca.crt", ca)):
            with open(os.path.join(cls.folder, name), "w") as f:
                f.write(text)
        cid = cls.acme.get(f"{NS}/pods/sample").json["status"]["containerStatuses"][0]["containerID"]
        cls.server = subprocess.Popen(["nsenter", "-t", cls.agent.pid_of(cid), "-n", sys.executable,
                                       os.path.join(HERE, "extension_server.py"), cls.folder, "8443", "https://10.96.0.1"],
                                      stdout=subprocess.PIPE, text=True)
        if cls.server.stdout.readline() != "ready\n":
            raise AssertionError("the extension API server does not start")

    @classmethod
    def spec(cls, **more):
        return {"group": GROUP, "version": VERSION, "groupPriorityMinimum": 2000, "versionPriority": 200,
                "caBundle": cls.bundle, "service": {"namespace": "default", "name": "sample-api", "port": 7443}, **more}

    @classmethod
    def register(cls, **more):
        return cls.make(SERVICES, {"metadata": {"name": f"{VERSION}.{GROUP}"}, "spec": cls.spec(**more)})

    def change(self, **more):
        a = self.acme.patch(SERVICE, {"spec": {"insecureSkipTLSVerify": None, **self.spec(**more)}})
        self.assertEqual(a.status, 200, a)

    @classmethod
    def condition(cls):
        a = cls.acme.get(SERVICE)
        return ((a.json.get("status") or {}).get("conditions") or [{}])[0]

    @classmethod
    def wait_condition(cls, status, reason, message=None, timeout=40):
        try:
            wait_until(lambda: (cls.condition().get("status"), cls.condition().get("reason")) == (status, reason), timeout)
        except AssertionError:
            raise AssertionError(f"not {status} {reason} but {cls.condition()}") from None
        assert message in (None, cls.condition()["message"]), cls.condition()

    @classmethod
    def tearDownClass(cls):
        if cls.server:
            cls.server.kill()
            cls.server.wait()
            cls.server.stdout.close()
        shutil.rmtree(cls.folder, ignore_errors=True)
        super().tearDownClass()

    def tearDown(self):
        self.acme.delete(FLUNDERS)

    def create(self, name, client=None, **spec):
        return (client or self.acme).post(FLUNDERS, {"apiVersion": f"{GROUP}/{VERSION}", "kind": "Flunder", "metadata": {
            "name": name}, "spec": spec})

    def seen(self, client=None, **kw):
        """What arrives at the server."""
        a = (client or self.acme).get(f"{FLUNDERS}/echo?a=b&c", **kw)
        self.assertEqual(a.status, 200, a)
        headers = {}
        for k, v in a.json["headers"]:
            headers.setdefault(k, []).append(v)
        return a.json["path"], headers

    def test_objects_live_in_the_extension_server(self):
        watch = Watch(self.acme, f"{FLUNDERS}?watch=true")
        time.sleep(0.5)
        a = self.create("a", taste="sweet")
        self.assertEqual(a.status, 201, a)
        self.assertEqual(a.json["metadata"]["namespace"], "default")
        self.assertEqual(watch.until("ADDED")["metadata"]["name"], "a")
        self.assertEqual(self.create("a").status, 409)
        a = self.acme.patch(f"{FLUNDERS}/a", {"spec": {"taste": "sour"}})
        self.assertEqual((a.status, a.json["spec"]["taste"]), (200, "sour"), a)
        self.assertEqual(watch.until("MODIFIED")["spec"], {"taste": "sour"})
        o = self.acme.get(f"{FLUNDERS}/a").json
        a = self.acme.put(f"{FLUNDERS}/a", {**o, "spec": {"taste": "bitter"}})
        self.assertEqual((a.status, a.json["spec"]["taste"]), (200, "bitter"), a)
        self.assertEqual([x["metadata"]["name"] for x in self.acme.get(f"{API}/flunders").json["items"]], ["a"])
        self.assertEqual(self.acme.delete(f"{FLUNDERS}/a").status, 200)
        self.assertEqual(watch.until("DELETED")["metadata"]["name"], "a")
        a = self.acme.get(f"{FLUNDERS}/a")
        self.assertEqual((a.status, a.message), (404, f'flunders.{GROUP} "a" not found'))

    def test_the_server_is_told_who_asks_by_the_front_proxy_alone(self):
        path, h = self.seen(headers={"X-Remote-User": "root", "X-Remote-Group": "system:masters", "X-Own": "1",
                                     "X-Remote-Extra-Scopes": "all", "Authorization": "Basic eDp5",
                                     "X-Forwarded-For": "1.2.3.4"})
        self.assertEqual(path, f"{FLUNDERS}/echo?a=b&c")
        self.assertEqual(h["X-Own"], ["1"])
        self.assertEqual(len(h["X-Remote-User"]), 1)
        self.assertNotIn("root", h["X-Remote-User"])
        self.assertNotIn("X-Remote-Extra-Scopes", h)
        self.assertNotIn("Authorization", h)
        self.assertIn("system:authenticated", h["X-Remote-Group"])
        self.assertEqual(h["X-Forwarded-For"], ["1.2.3.4, 127.0.0.1"])
        self.assertEqual(h["X-Forwarded-Uri"], [f"{FLUNDERS}/echo"])
        self.assertEqual(h["Host"], ["sample-api.default.svc:7443"])
        _, h = self.seen(headers={"Impersonate-User": "ann", "Impersonate-Group": "system:masters",
                                  "Impersonate-Uid": "7", "Impersonate-Extra-a.com%2Fb": "c d"})
        self.assertEqual((h["X-Remote-User"], h["X-Remote-Uid"]), (["ann"], ["7"]))
        self.assertIn("system:masters", h["X-Remote-Group"])
        self.assertEqual({k.lower(): v for k, v in h.items() if "Extra" in k}, {"x-remote-extra-a.com%2fb": ["c d"]})
        self.assertFalse([k for k in h if k.startswith("Impersonate")])

    def test_both_servers_authorise(self):
        sa = "system:serviceaccount:default:default"
        as_sa = {"Impersonate-User": sa, "Impersonate-Group": "system:serviceaccounts"}
        a = self.acme.get(FLUNDERS, headers=as_sa)
        self.assertEqual((a.status, a.json["reason"]), (403, "Forbidden"), a)
        self.assertIn(f'flunders.{GROUP} is forbidden: User "{sa}" cannot list resource "flunders"', a.message)
        self.make(f"{RBAC}/namespaces/default/roles", {"metadata": {"name": "r"}, "rules": [
            {"apiGroups": [GROUP], "resources": ["flunders"], "verbs": ["list"]}]})
        self.make(f"{RBAC}/namespaces/default/rolebindings", {"metadata": {"name": "r"}, "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"}, "subjects": [
                {"kind": "ServiceAccount", "name": "default", "namespace": "default"}]})
        wait_until(lambda: self.acme.get(FLUNDERS, headers=as_sa).status == 200)
        self.assertEqual(self.acme.post(FLUNDERS, {}, headers=as_sa).status, 403)

    def test_paths_that_two_servers_may_read_apart_are_not_passed_on(self):
        for path in (f"{FLUNDERS}/a%2Fstatus", f"{API}/namespaces/default/../kube-system/flunders", f"{API}/./flunders",
                     f"{API}/namespaces/%2e%2e/flunders", f"{API}//flunders"):
            self.assertEqual(self.acme.get(path).status, 400, path)

    def test_what_a_backend_gets_wrong_harms_nobody(self):
        def of(name):
            return self.acme.get(f"{FLUNDERS}/{name}")
        a = of("redirect")
        self.assertEqual((a.status, a.body), (502, b"the backend attempted to redirect this request, which is not permitted"))
        self.assertIsNone(a.headers["Location"])
        for name in ("garbage", "nothing"):
            a = of(name)
            self.assertEqual(a.status, 503, a)
            self.assertTrue(a.body.startswith(b"error trying to reach service: "), a)
            self.assertIsNone(a.headers["Retry-After"])
        with self.assertRaises(http.client.IncompleteRead):
            of("short")
        started = time.monotonic()
        a = of("slow")
        self.assertEqual((a.status, a.json["reason"]), (504, "Timeout"), a)
        self.assertLess(time.monotonic() - started, 10)
        with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
            of("endless")
        self.assertLess(time.monotonic() - started, 20)
        a = of("huge")
        self.assertEqual((a.status, len(a.body)), (200, 64 << 20))

    def test_upgrades_are_refused_clearly(self):
        a = self.acme.get(FLUNDERS, headers={"Connection": "Upgrade", "Upgrade": "websocket"})
        self.assertEqual((a.status, a.body), (501, b"connections to extension API servers cannot be upgraded\n"))

    def test_discovery_has_what_is_served_elsewhere(self):
        wait_until(lambda: self.version_of()["freshness"] == "Current")
        groups = {g["name"]: g for g in self.acme.get("/apis").json["groups"]}
        gv = {"groupVersion": f"{GROUP}/{VERSION}", "version": VERSION}
        self.assertEqual(groups[GROUP], {"name": GROUP, "versions": [gv], "preferredVersion": gv})
        self.assertEqual(self.acme.get(f"/apis/{GROUP}").json, {
            "kind": "APIGroup", "apiVersion": "v1", "name": GROUP, "versions": [gv], "preferredVersion": gv})
        names = [r["name"] for r in self.acme.get(API).json["resources"]]
        self.assertEqual(names, ["flunders", "flunders/status"])
        r = self.version_of()["resources"][0]
        self.assertEqual((r["resource"], r["scope"], r["singularResource"], r["shortNames"]),
                         ("flunders", "Namespaced", "flunder", ["fl"]))
        self.assertEqual(r["subresources"][0]["subresource"], "status")
        self.assertIn(f"/apis/{GROUP}/{VERSION}", self.acme.get("/").json["paths"])
        url = self.acme.get("/openapi/v3").json["paths"][API[1:]]["serverRelativeURL"]
        self.assertEqual(url, f"/openapi/v3{API}?hash=1")
        self.assertIn("paths", self.acme.get(url).json)
        self.assertEqual(self.acme.get(f"/apis/{GROUP}/v9").status, 404)

    def version_of(self):
        v2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
        for g in self.acme.get("/apis", headers={"Accept": v2}).json["items"]:
            if g["metadata"]["name"] == GROUP:
                return g["versions"][0]
        return {"freshness": None}

    def test_kubectl_knows_the_kind(self):
        wait_until(lambda: self.version_of()["freshness"] == "Current")
        kubectl = Kubectl(self.plane, "acme")
        kubectl("create", "-f", "-", stdin=json.dumps({
            "apiVersion": f"{GROUP}/{VERSION}", "kind": "Flunder", "metadata": {"name": "k", "namespace": "default"},
            "spec": {"taste": "salty"}}))
        self.assertIn("flunder", kubectl("get", "fl", "k", "-o", "name"))
        kubectl("patch", "flunder", "k", "--type=merge", "-p", '{"spec":{"taste":"mild"}}')
        self.assertEqual(kubectl("get", "flunders", "k", "-o", "jsonpath={.spec.taste}"), "mild")
        self.assertIn("flunders", kubectl("api-resources", "--api-group", GROUP))
        self.assertIn("How it tastes.", kubectl("explain", "flunder.spec"))
        watch = kubectl.popen("get", "flunders", "--watch", "-o", "name")
        try:
            self.assertIn("/k", watch.stdout.readline())
        finally:
            watch.kill()
            watch.communicate()
        kubectl("delete", "flunder", "k", "--wait=false")
        self.assertIn("True", kubectl("get", "apiservice", f"{VERSION}.{GROUP}"))

    def test_the_status_of_an_api_service_is_patched(self):
        """As the conformance test does: status and metadata in turn, then list, patch and delete a collection."""
        a = self.acme.patch(f"{SERVICE}/status", {"status": {"conditions": [{
            "type": "StatusUpdated", "status": "True", "reason": "E2E", "message": "Set from e2e test"}]}})
        self.assertEqual(a.status, 200, a)
        self.wait_condition("True", "Passed") if self.condition()["type"] == "Available" else None
        wait_until(lambda: any(c["type"] == "Available" and c["status"] == "True"
                               for c in self.acme.get(SERVICE).json["status"]["conditions"]))
        self.acme.patch(f"{SERVICE}/status", {"status": {"conditions": []}})
        self.wait_condition("True", "Passed")
        a = self.acme.patch(SERVICE, {"metadata": {"labels": {"patched": "yes"}}})
        self.assertEqual(a.status, 200, a)
        self.assertEqual(len(self.acme.get(f"{SERVICES}?labelSelector=patched%3Dyes").json["items"]), 1)

    def test_availability_follows_what_is_there(self):
        try:
            self.change(service={"namespace": "default", "name": "none", "port": 7443})
            self.wait_condition("False", "ServiceNotFound", 'service/none in "default" is not present')
            a = self.acme.get(FLUNDERS)
            self.assertEqual((a.status, a.body), (503, b"service unavailable\n"))
            self.assertIsNone(a.headers["Retry-After"])
            self.assertEqual(self.version_of()["freshness"], "Stale")
            self.assertIn(GROUP, [g["name"] for g in self.acme.get("/apis").json["groups"]])
            self.change(service={"namespace": "default", "name": "sample-api", "port": 1})
            self.wait_condition("False", "ServicePortError", 'service/sample-api in "default" is not listening on port 1')
            self.make(f"{NS}/services", {"metadata": {"name": "bare"}, "spec": {"ports": [{"port": 1}]}})
            self.change(service={"namespace": "default", "name": "bare", "port": 1})
            self.wait_condition("False", "EndpointsNotFound",
                                'cannot find endpointslices for service/bare in "default"')
            self.make(f"{NS}/services", {"metadata": {"name": "nobody"}, "spec": {
                "selector": {"app": "nobody"}, "ports": [{"port": 1}]}})
            self.change(service={"namespace": "default", "name": "nobody", "port": 1})
            self.wait_condition("False", "MissingEndpoints", 'endpointslices for service/nobody in "default" have no '
                                'addresses with port name ""')
        finally:
            self.change()
        self.wait_condition("True", "Passed")
        wait_until(lambda: self.acme.get(FLUNDERS).status == 200)
        away = os.path.join(self.folder, "away")
        with open(away, "w"):
            pass
        try:
            self.acme.patch(SERVICE, {"metadata": {"annotations": {"look": "now"}}})
            self.wait_condition("False", "FailedDiscoveryCheck")
            self.assertRegex(self.condition()["message"], r"^failing or missing response from https://[0-9.]+:8443"
                             rf"{API}: bad status from https://[0-9.]+:8443{API}: 500$")
        finally:
            os.unlink(away)
        self.wait_condition("True", "Passed")

    def test_only_the_right_authority_is_believed(self):
        folder = tempfile.mkdtemp(prefix="hp-e2e-aggr-", dir="/tmp")
        self.addCleanup(shutil.rmtree, folder)
        certificates(folder, ["DNS:x"])
        try:
            self.change(caBundle=b64_file(folder, "ca.crt"))
            wait_until(lambda: self.acme.get(FLUNDERS).status == 503)
            a = self.acme.get(FLUNDERS)
            self.assertEqual(a.body, b"error trying to reach service: tls: failed to verify certificate: x509: certificate "
                             b"signed by unknown authority\n")
            self.change(caBundle=None)
            wait_until(lambda: b"unknown authority" in self.acme.get(FLUNDERS).body)
            self.change(caBundle=None, insecureSkipTLSVerify=True)
            wait_until(lambda: self.acme.get(FLUNDERS).status == 200)
        finally:
            self.change()
        wait_until(lambda: self.acme.get(FLUNDERS).status == 200)

    def test_who_is_not_the_front_proxy_gets_nothing(self):
        """The server's certificate alone opens the door; another tenant's front proxy is a stranger."""
        other = self.plane.tenant("other")
        maps = [t.get("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication").json["data"]
                for t in (self.acme, other)]
        self.assertNotEqual(maps[0]["requestheader-client-ca-file"], maps[1]["requestheader-client-ca-file"])
        self.assertNotEqual(maps[0]["client-ca-file"], maps[1]["client-ca-file"])
        self.assertEqual({k: v for k, v in maps[0].items() if not k.endswith("-file")}, {
            "requestheader-allowed-names": '["front-proxy-client"]',
            "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
            "requestheader-group-headers": '["X-Remote-Group"]',
            "requestheader-uid-headers": '["X-Remote-Uid"]',
            "requestheader-username-headers": '["X-Remote-User"]'})
        again = self.acme.get("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication").json["data"]
        self.assertEqual(again, maps[0])
        self.assertEqual(other.get(FLUNDERS).status, 404)

    def direct(self, token=None, **headers):
        """A request that goes to the extension server itself, from where its pod is: status and who it says one is."""
        script = ("import http.client, json, ssl, sys; h = json.load(sys.stdin); "
                  "c = http.client.HTTPSConnection('127.0.0.1', 8443, context=ssl._create_unverified_context()); "
                  "c.request('GET', sys.argv[1], headers=h); r = c.getresponse(); print(r.status, r.read().decode())")
        cid = self.acme.get(f"{NS}/pods/sample").json["status"]["containerStatuses"][0]["containerID"]
        headers = {k.replace("_", "-"): v for k, v in headers.items()}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        r = subprocess.run(["nsenter", "-t", self.agent.pid_of(cid), "-n", sys.executable, "-c", script, FLUNDERS],
                           input=json.dumps(headers), capture_output=True, text=True, timeout=30, check=True)
        status, body = r.stdout.split(" ", 1)
        return int(status), json.loads(body).get("message", "")

    def token(self, client, name, **spec):
        client.post(f"{NS}/serviceaccounts", {"metadata": {"name": name}})
        a = client.post(f"{NS}/serviceaccounts/{name}/token", {"spec": {"expirationSeconds": 3600, **spec}})
        self.assertEqual(a.status, 201, a)
        return a.json["status"]["token"]

    def test_tokens_are_reviewed_and_what_their_users_may(self):
        """Delegated authentication and authorization, as of who asks the extension server without the front proxy."""
        user = "system:serviceaccount:default:direct"
        token = self.token(self.acme, "direct")
        stranger = self.plane.tenant("other")
        self.assertEqual(self.direct()[0], 401)
        self.assertEqual(self.direct(X_Remote_User="admin", X_Remote_Group="system:masters")[0], 401)
        self.assertEqual(self.direct("no.such.token")[0], 401)
        self.assertEqual(self.direct(self.token(self.acme, "direct", audiences=["vault"]))[0], 401)
        self.assertEqual(self.direct(self.token(stranger, "direct"))[0], 401)  # of another tenant, of the same name
        self.assertEqual(self.direct(token), (403, f"{user} may not list flunders"))
        self.make(f"{RBAC}/namespaces/default/roles", {"metadata": {"name": "direct"}, "rules": [
            {"apiGroups": [GROUP], "resources": ["flunders"], "verbs": ["list"]}]})
        self.make(f"{RBAC}/namespaces/default/rolebindings", {"metadata": {"name": "direct"}, "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "direct"}, "subjects": [
                {"kind": "ServiceAccount", "name": "direct", "namespace": "default"}]})
        self.assertEqual(self.direct(token), (200, ""))
        self.assertEqual(self.direct(token, X_Remote_User="admin", X_Remote_Group="system:masters"), (200, ""))
        self.assertEqual(self.acme.delete(f"{NS}/serviceaccounts/direct").status, 200)
        self.assertEqual(self.direct(token)[0], 401)

    def test_requests_run_side_by_side(self):
        answers = []
        threads = [threading.Thread(target=lambda i=i: answers.append(self.create(f"n{i}").status)) for i in range(20)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(answers, [201] * 20)
        self.assertEqual(len(self.acme.get(FLUNDERS).json["items"]), 20)

    def test_a_namespace_goes_with_what_the_extension_server_has(self):
        self.make("/api/v1/namespaces", {"metadata": {"name": "gone"}})
        self.make(f"{API}/namespaces/gone/flunders", {"apiVersion": f"{GROUP}/{VERSION}", "kind": "Flunder",
                                                      "metadata": {"name": "a"}})
        self.assertEqual(self.acme.delete("/api/v1/namespaces/gone").status, 200)
        wait_until(lambda: self.acme.get("/api/v1/namespaces/gone").status == 404)
        self.assertEqual(self.acme.get(f"{API}/namespaces/gone/flunders").json["items"], [])
