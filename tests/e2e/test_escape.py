"""Attempts to get out of a tenant, and to learn from outside which tenants there are."""
import json
import socket
import ssl
import unittest

from harness import TENANTS, Client, Plane, wait_until

CMS, PODS, NODES = ("/api/v1/namespaces/default/configmaps", "/api/v1/namespaces/default/pods",
                    "/api/v1/nodes")
DOMAIN = "tenants.example"
# What differs between any two answers.
VARIES = {"date", "audit-id"}


def tls(plane, sni=None):
    context = ssl._create_unverified_context()
    s = socket.create_connection(("127.0.0.1", plane.port), timeout=30)
    return context.wrap_socket(s, server_hostname=sni)


def raw(plane, target, host="127.0.0.1", method="GET", token=None, sni=None):
    """(status, headers, body) of a request whose target and host nobody tidies up on the way."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close",
             "Accept: application/json"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    with tls(plane, sni) as s:
        s.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        data = b""
        while True:
            try:
                more = s.recv(65536)
            except (ConnectionError, ssl.SSLError):
                break
            if not more:
                break
            data += more
    if not data:
        return 0, {}, b""
    head, _, body = data.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in rest)
    return int(first.split()[1]), {k.lower(): v for k, v in headers.items()}, body


class Escape(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane(args=["--domain", DOMAIN])
        cls.plane.__enter__()
        cls.acme, cls.globex = cls.plane.tenant("acme"), cls.plane.tenant("globex")
        cls.plane.tenant("veiled", authentication={"anonymous": {"enabled": False}})
        cls.token = cls.plane.client("acme", token=True).token
        cls.globex.post(CMS, {"metadata": {"name": "treasure"}, "data": {"k": "globex-only"}})

    @classmethod
    def tearDownClass(cls):
        cls.plane.__exit__(None, None, None)

    # ---- which tenants are there? ----

    def assert_alike(self, target, hidden="globex", **kw):
        """`target` has NAME where the name goes: the answers are the same in everything."""
        seen = []
        for name in (hidden, "nobody"):
            status, headers, body = raw(self.plane, target.replace("NAME", name), **kw)
            seen.append((status, {k: v for k, v in headers.items() if k not in VARIES},
                         body.replace(name.encode(), b"NAME")))
        self.assertEqual(seen[0], seen[1])
        return seen[0][0]

    def test_strangers_get_the_same_answer_of_any_tenant(self):
        paths = ["", "/", "/version", "/livez", "/readyz?verbose", "/healthz/none", "/metrics",
                 "/api", "/apis", "/api/v1", "/api/v1/pods", "/api/v1/nodes?watch=1", CMS,
                 CMS + "/treasure", "/apis/none.example/v1/things", "/openapi/v2", "/openid/v1/jwks",
                 "/.well-known/openid-configuration", "/apis/tenancy.hostplane.io/v1/tenants",
                 "/apis/node.hostplane.io/v1/nodes/n1/feed", "/none", "/%20", "/api/v1/x%00y"]
        for hidden in ("globex", "veiled"):  # the second one refuses everybody without a credential
            for path in paths:
                for method in ("GET", "POST", "DELETE", "OPTIONS", "HEAD"):
                    with self.subTest(path, method=method, tenant=hidden):
                        self.assert_alike("/clusters/NAME" + path, method=method, hidden=hidden)

    def test_credentials_of_others_get_the_same_answer_of_any_tenant(self):
        tokens = {"of acme": self.token, "garbage": "garbage", "three parts": "a.b.c",
                  "bootstrap": "abcdef.0123456789abcdef"}
        for what, token in tokens.items():
            for path in ("/version", CMS, "/none"):
                for hidden in ("globex", "veiled"):
                    with self.subTest(what, path=path, tenant=hidden):
                        self.assertEqual(self.assert_alike("/clusters/NAME" + path, hidden=hidden, token=token), 401)

    def test_certificates_of_others_get_the_same_answer_of_any_tenant(self):
        for who in (self.acme, self.plane.admin):
            seen = [who.at(f"{self.plane.url}/clusters/{name}").get(CMS)
                    for name in ("globex", "nobody")]
            self.assertEqual([a.status for a in seen], [401, 401])
            self.assertEqual(seen[0].body, seen[1].body)

    def test_host_names_tell_no_more_than_paths(self):
        seen = []
        for name in ("globex", "nobody"):
            host = f"{name}.{DOMAIN}"
            seen.append([raw(self.plane, path, host=host, sni=host)[::2]
                         for path in ("/version", CMS, "/livez", "/cacert", "/metrics")])
        self.assertEqual(seen[0], seen[1])

    def test_a_deleted_tenant_is_like_one_that_never_was(self):
        self.plane.tenant("shortlived")
        token = self.plane.client("shortlived", token=True).token
        self.plane.admin.delete(f"{TENANTS}/shortlived")
        one, two = (raw(self.plane, f"/clusters/{name}{CMS}", token=token)
                    for name in ("shortlived", "never"))
        self.assertEqual((one[0], one[2]), (two[0], two[2]))
        self.assertEqual(one[0], 401)

    def test_the_stand_in_takes_nothing(self):
        for path in (CMS, "/api/v1/namespaces", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"):
            status, _, _ = raw(self.plane, "/clusters/nobody" + path, method="POST")
            self.assertIn(status, (400, 403, 415), path)
        self.assertEqual(raw(self.plane, f"/clusters/-{CMS}")[0], 400)

    # ---- paths ----

    def test_paths_that_climb(self):
        tricks = [f"/clusters/acme/../globex{CMS}", f"/clusters/acme/..%2fglobex{CMS}",
                  f"/clusters/acme/%2e%2e/globex{CMS}", f"/clusters/acme/.%2e/globex{CMS}",
                  f"/clusters/acme%2f..%2fglobex{CMS}", f"/clusters/acme//globex{CMS}",
                  f"/clusters//globex{CMS}", f"//clusters/globex{CMS}", f"/clusters/./globex{CMS}",
                  f"/clusters/acme\\..\\globex{CMS}", f"/clusters/acme%5c..%5cglobex{CMS}",
                  f"/clusters/acme/clusters/globex{CMS}", f"/clusters/acme;/../globex{CMS}",
                  f"/clusters/acme%00/../globex{CMS}", f"/clusters/acme?/../globex{CMS}",
                  f"/clusters/acme#/../globex{CMS}", f"/clusters/acme{CMS}/../../../../../../globex{CMS}",
                  f"/clusters/acme/api/v1/namespaces/..%2f..%2f..%2f..%2fglobex{CMS}",
                  f"/clusters/acme/api/v1/namespaces/default/configmaps/..%2f..%2ftreasure",
                  f"/CLUSTERS/globex{CMS}", f"/%63lusters/globex{CMS}", f"/clusters/GLOBEX{CMS}",
                  f"/clusters/globe%78{CMS}", f"/clusters/globex.{CMS}", f"/clusters/glo\tbex{CMS}",
                  f"/clusters/acme/\x7f/{CMS}", f"https://globex.{DOMAIN}{CMS}",
                  f"http://127.0.0.1/clusters/acme/../globex{CMS}", "*", "clusters/globex" + CMS]
        for target in tricks:
            with self.subTest(target):
                status, _, body = raw(self.plane, target + "/treasure", token=self.token)
                self.assertNotIn(b"globex-only", body)
                if not target.startswith("/clusters/acme?"):  # what follows is a query
                    self.assertIn(status, (0, 400, 401, 403, 404), body)

    def test_names_that_are_odd_or_huge(self):
        for name in ("a" * 64, "a" * 5000, "-a", "a-", "a_b", "a.b", "A", "%61cme", "\xe4", "a%20b",
                     "host%00", "..", "%2e", "a%0d%0aX:y"):
            with self.subTest(name[:20]):
                status, _, body = raw(self.plane, f"/clusters/{name}/version", token=self.token)
                self.assertIn(status, (0, 400, 414), body)

    def test_the_host_is_no_tenant(self):
        for target in ("/clusters/host/api/v1/nodes", f"/clusters/host{TENANTS}"):
            self.assertEqual(raw(self.plane, target, token=self.token)[0], 401)

    # ---- host names ----

    def test_host_name_and_path_must_agree(self):
        status, _, _ = raw(self.plane, f"/clusters/acme{CMS}", host=f"globex.{DOMAIN}",
                           token=self.token)
        self.assertEqual(status, 400)

    def test_tls_name_and_request_must_agree(self):
        names = {f"acme.{DOMAIN}": 200, f"globex.{DOMAIN}": 400, "other.example": 200}
        for sni, wanted in names.items():
            with self.subTest(sni):
                self.assertEqual(raw(self.plane, CMS, host=f"acme.{DOMAIN}", sni=sni,
                                     token=self.token)[0], wanted)
        self.assertEqual(raw(self.plane, "/api", host="127.0.0.1", sni=f"globex.{DOMAIN}",
                             token=self.token)[0], 400)

    def test_a_target_and_its_host_name_must_agree(self):
        target = f"https://acme.{DOMAIN}{CMS}"
        self.assertEqual(raw(self.plane, target, host=f"acme.{DOMAIN}", token=self.token)[0], 200)
        self.assertEqual(raw(self.plane, target, host=f"globex.{DOMAIN}", token=self.token)[0], 400)
        self.assertEqual(raw(self.plane, f"https://u@acme.{DOMAIN}{CMS}", host=f"acme.{DOMAIN}",
                             token=self.token)[0], 400)

    # ---- being somebody else ----

    def test_impersonation_stays_within_the_tenant(self):
        masks = [{"Impersonate-User": "system:node:n1", "Impersonate-Group": "system:nodes"},
                 {"Impersonate-User": "root", "Impersonate-Group": "system:masters"},
                 {"Impersonate-User": "system:serviceaccount:kube-system:default"}]
        for h in masks:
            with self.subTest(h["Impersonate-User"]):
                self.assertEqual(self.acme.at(self.globex.server).get(CMS, headers=h).status, 401)
                at_root = self.acme.at(self.plane.url).get(CMS, headers=h)
                at_home = self.acme.get(CMS, headers=h)
                self.assertEqual((at_root.status, at_root.body), (at_home.status, at_home.body))
        for path in ("/apis/node.hostplane.io/v1/nodes/n1/feed",
                     "/apis/node.hostplane.io/v1/nodes/n1/tunnel"):
            self.assertIn(self.acme.get(path, headers=masks[0]).status, (403, 404))
        a = self.acme.post("/apis/node.hostplane.io/v1/join", {"nodeName": "n1", "csr": "x"})
        self.assertIn(a.status, (403, 404), a)

    def test_a_certificate_request_makes_no_node_of_the_platform(self):
        text = self.plane.kubeconfig("acme", user="system:node:n1",
                                     groups=["system:nodes", "system:masters"])
        node = Client.of_kubeconfig(text, self.plane.dir)
        for path in (NODES, "/apis/node.hostplane.io/v1/nodes/n1/feed"):
            at_root, at_home = node.at(self.plane.url).get(path), node.get(path)
            self.assertEqual((at_root.status, at_root.body), (at_home.status, at_home.body))
            self.assertEqual(node.at(self.globex.server).get(path).status, 401)
        self.assertIn(at_home.status, (403, 404))

    # ---- objects ----

    def test_owners_of_another_tenant_are_nobody(self):
        owner = self.globex.post(CMS, {"metadata": {"name": "owner"}}).json["metadata"]
        ref = {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner["uid"],
               "blockOwnerDeletion": True}
        a = self.acme.post(CMS, {"metadata": {"name": "owned", "ownerReferences": [ref]}})
        self.assertEqual(a.status, 201, a)
        wait_until(lambda: self.acme.get(CMS + "/owned").status == 404)
        self.assertEqual(self.globex.get(CMS + "/owner").status, 200)
        self.acme.post(CMS, {"metadata": {"name": "owner", "uid": owner["uid"]}})
        self.acme.delete(CMS + "/owner", {"propagationPolicy": "Foreground"})
        self.assertEqual(self.globex.get(CMS + "/owner").json["metadata"]["uid"], owner["uid"])
        self.assertNotIn("deletionTimestamp", self.globex.get(CMS + "/owner").json["metadata"])

    def test_ephemeral_containers_are_held_against_the_standards(self):
        ns = "/api/v1/namespaces/strict"
        self.acme.post("/api/v1/namespaces", {"metadata": {"name": "strict", "labels": {
            "pod-security.kubernetes.io/enforce": "baseline"}}})
        wait_until(lambda: self.acme.get(ns + "/serviceaccounts/default").status == 200)
        a = self.acme.post(ns + "/pods", {"metadata": {"name": "p"},
                                          "spec": {"containers": [{"name": "c", "image": "i"}]}})
        self.assertEqual(a.status, 201, a)
        bad = {"name": "e", "image": "i", "securityContext": {"privileged": True}}
        for sub, body in (("/ephemeralcontainers", {"spec": {"ephemeralContainers": [bad]}}),
                          ("", {"spec": {"ephemeralContainers": [bad]}}),
                          ("/status", {"spec": {"ephemeralContainers": [bad]}})):
            with self.subTest(sub):
                a = self.acme.patch(f"{ns}/pods/p{sub}", body,
                                    content_type="application/strategic-merge-patch+json")
                self.assertNotIn("ephemeralContainers",
                                 self.acme.get(ns + "/pods/p").json["spec"], a)
                self.assertIn(a.status, (200, 403, 422))

    def test_a_status_moves_no_pod(self):
        self.plane.admin.post(NODES, {"metadata": {"name": "real"}})
        self.acme.post(PODS, {"metadata": {"name": "still"}, "spec": {
            "schedulerName": "none", "containers": [{"name": "c", "image": "i"}]}})
        a = self.acme.patch(PODS + "/still/status", {
            "spec": {"nodeName": "real", "hostNetwork": True}, "status": {"phase": "Running",
                                                                         "podIP": "127.0.0.1"}})
        self.assertEqual(a.status, 200, a)
        spec = self.acme.get(PODS + "/still").json["spec"]
        self.assertNotIn("nodeName", spec)
        self.assertNotIn("hostNetwork", spec)

    def test_node_and_pod_proxies_reach_nothing_of_others(self):
        self.plane.admin.post(NODES, {"metadata": {"name": "real"}})
        a = self.globex.post(PODS, {"metadata": {"name": "globex-pod"}, "spec": {
            "nodeName": "real", "containers": [{"name": "c", "image": "i"}]}})
        self.assertEqual(a.status, 201, a)
        self.acme.patch(f"{NODES}/real/status", {"status": {"addresses": [
            {"type": "InternalIP", "address": "127.0.0.1"}],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": self.plane.port}}}})
        self.acme.post(PODS, {"metadata": {"name": "door"}, "spec": {
            "schedulerName": "none", "containers": [{"name": "c", "image": "i"}]}})
        self.acme.patch(PODS + "/door/status", {"status": {
            "phase": "Running", "podIP": "127.0.0.1", "podIPs": [{"ip": "127.0.0.1"}]}})
        for path in (f"{NODES}/real/proxy/pods", f"{NODES}/real/proxy/runningpods/",
                     f"{NODES}/real:{self.plane.port}/proxy/clusters/globex{CMS}",
                     f"{NODES}/https:real:{self.plane.port}/proxy/cacert",
                     f"{PODS}/door:{self.plane.port}/proxy/cacert",
                     f"{PODS}/https:door:{self.plane.port}/proxy/cacert",
                     f"{PODS}/door/log", f"{PODS}/door/exec?command=id"):
            with self.subTest(path):
                a = self.acme.get(path)
                if "/real/proxy/" not in path:  # which has what is of the tenant itself
                    self.assertNotEqual(a.status, 200, a)
                self.assertNotIn(b"BEGIN CERTIFICATE", a.body)
                self.assertNotIn(b"globex", a.body)

    def test_a_tenants_writes_to_nodes_stay_its_own(self):
        self.plane.admin.post(NODES, {"metadata": {"name": "shared"}})
        before = self.plane.admin.get(f"{NODES}/shared").json
        for path, body in ((f"{NODES}/shared", {"spec": {"unschedulable": True, "taints": [
                {"key": "escape.example", "effect": "NoExecute"}]}}),
                (f"{NODES}/shared/status", {"status": {"allocatable": {"cpu": "1000"},
                                                       "capacity": {"cpu": "1000"}}})):
            self.acme.patch(path, body)
        self.assertEqual(self.acme.delete(f"{NODES}/shared").status, 403)
        self.acme.delete(NODES)
        after = self.plane.admin.get(f"{NODES}/shared").json
        self.assertNotIn("unschedulable", after["spec"])  # controllers write other parts of it meanwhile
        self.assertNotIn("escape.example", json.dumps(after["spec"]))
        self.assertEqual(after.get("status", {}).get("capacity"),
                         before.get("status", {}).get("capacity"))
        self.assertNotIn("escape.example", json.dumps(self.globex.get(f"{NODES}/shared").json["spec"]
                                         .get("taints", [])))

    def test_a_node_that_was_hidden_is_announced_again(self):
        self.acme.post(NODES, {"metadata": {"name": "twin", "labels": {"whose": "acme"}}})
        self.plane.admin.post(NODES, {"metadata": {"name": "twin", "labels": {"whose": "host"}}})
        self.assertEqual(self.acme.get(f"{NODES}/twin").json["metadata"]["labels"]["whose"], "acme")
        version = self.acme.get(NODES).json["metadata"]["resourceVersion"]
        self.assertEqual(self.acme.delete(f"{NODES}/twin").status, 200)
        seen = []
        for e in self.acme.watch(f"{NODES}?resourceVersion={version}&timeoutSeconds=20"):
            if e["object"]["metadata"]["name"] == "twin":
                seen.append((e["type"], e["object"]["metadata"]["labels"]["whose"]))
            if seen and seen[-1] == ("ADDED", "host"):
                break
        self.assertEqual(seen[-2:], [("DELETED", "acme"), ("ADDED", "host")])


if __name__ == "__main__":
    unittest.main()
