"""A node's credential in wrong hands: it tries everything that it should not be able to do."""
import json
import unittest

import test_nodes
from harness import wait_until

NS = "/api/v1/namespaces/default"
LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"


def pod(name, node, **spec):
    return {"metadata": {"name": name, "labels": {"app": name}},
            "spec": {"nodeName": node, "containers": [{"name": "c", "image": "i"}], **spec}}


class Compromised(unittest.TestCase):
    """evil runs acme's pod "mine"; good runs acme's pod "far" and globex' pod "theirs"."""
    bootstrap_token, csr, ca = test_nodes.Nodes.bootstrap_token, test_nodes.Nodes.csr, test_nodes.Nodes.ca
    join, node, feed = test_nodes.Nodes.join, test_nodes.Nodes.node, test_nodes.Nodes.feed

    def setUp(self):
        test_nodes.Nodes.setUp(self)
        self.globex = self.plane.tenant("nodes-globex")
        self.evil, self.good = self.node("n-evil"), self.node("n-good")
        for name, n in (("n-evil", self.evil), ("n-good", self.good)):
            self.assertIn(n.post("/api/v1/nodes", {"metadata": {"name": name}}).status, (201, 409))
        self.pods = {}
        for t, p in ((self.acme, pod("mine", "n-evil", serviceAccountName="default")),
                     (self.acme, pod("far", "n-good")), (self.globex, pod("theirs", "n-good"))):
            t.post(NS + "/secrets", {"metadata": {"name": "s-" + p["metadata"]["name"]},
                                     "stringData": {"k": "v"}})
            a = t.post(NS + "/pods", p)
            self.assertIn(a.status, (201, 409), a)
            name = p["metadata"]["name"]
            self.pods[name] = t.get(f"{NS}/pods/{name}").json
        self.on_acme, self.on_globex = (self.evil.at(t.server) for t in (self.acme, self.globex))

    def refused(self, what, answer):
        self.assertIn(answer.status, (401, 403, 404, 405), f"{what}: {answer}")

    def test_other_pods_secrets_and_objects(self):
        for t, where in ((self.on_acme, "acme"), (self.on_globex, "globex")):
            for path in ("/secrets", "/secrets/s-far", "/secrets/s-mine", "/secrets/s-theirs",
                         "/configmaps", "/pods", "/serviceaccounts", "/services", "/endpoints"):
                self.refused(f"{where} {path}", t.get(NS + path))
            for path in ("/api/v1/secrets", "/api/v1/pods", "/api/v1/nodes", "/api/v1/namespaces",
                         "/apis/apps/v1/deployments", "/apis/rbac.authorization.k8s.io/v1/roles"):
                self.refused(f"{where} {path}", t.get(path))
                self.refused(f"{where} watch {path}", t.get(path + "?watch=true"))
            for path in ("/pods/far/exec?command=id&stdout=true", "/pods/theirs/exec?command=id",
                         "/pods/mine/exec?command=id&stdout=true", "/pods/far/portforward"):
                self.refused(f"{where} {path}", t.post(NS + path))
            self.refused(f"{where} far's log", t.get(NS + "/pods/far/log"))

    def test_writes_to_other_pods(self):
        status = {"status": {"phase": "Failed", "podIP": "10.0.0.1"}}
        for t, name in ((self.on_acme, "far"), (self.on_globex, "theirs")):
            path = f"{NS}/pods/{name}"
            self.refused(name, t.get(path))
            self.refused(name, t.patch(path + "/status", status))
            self.refused(name, t.put(path + "/status", {**self.pods[name], **status}))
            self.refused(name, t.patch(path, {"metadata": {"labels": {"a": "b"}}}))
            self.refused(name, t.delete(path))
            self.refused(name, t.delete(path + "?gracePeriodSeconds=0"))
            self.refused(name, t.post(path + "/eviction", {
                "apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}}))
            self.refused(name, t.post(path + "/binding", {
                "apiVersion": "v1", "kind": "Binding", "metadata": {"name": name},
                "target": {"kind": "Node", "name": "n-evil"}}))
        for t in (self.acme, self.globex):
            self.refused("pods of its own making",
                         self.evil.at(t.server).post(NS + "/pods", pod("new", "n-evil")))
        self.assertEqual(self.globex.get(NS + "/pods/theirs").json["status"]["phase"], "Pending")

    def test_its_own_pod_only_as_a_node_does(self):
        path = NS + "/pods/mine"
        self.assertEqual(self.on_acme.patch(path + "/status", {
            "status": {"phase": "Running"}}).status, 200)
        self.refused("labels by the status", self.on_acme.patch(path + "/status", {
            "metadata": {"labels": {"app": "far"}}, "status": {"phase": "Running"}}))
        self.refused("labels", self.on_acme.patch(path, {"metadata": {"labels": {"a": "b"}}}))
        a = self.on_acme.patch(path + "/status", {"spec": {"nodeName": "n-good"}})
        self.assertEqual(self.acme.get(path).json["spec"]["nodeName"], "n-evil", a)
        self.refused("another's address", self.on_globex.patch(path + "/status", {
            "status": {"phase": "Running"}}))

    def token(self, of, **ref):
        uid = self.pods[of]["metadata"]["uid"]
        return {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {
            "boundObjectRef": {"kind": "Pod", "apiVersion": "v1", "name": of, "uid": uid, **ref}}}

    def test_tokens_of_other_pods_and_accounts(self):
        path = NS + "/serviceaccounts/default/token"
        self.assertEqual(self.on_acme.post(path, self.token("mine")).status, 201)
        a = self.acme.post(NS + "/serviceaccounts", {"metadata": {"name": "chief"}})
        self.assertIn(a.status, (201, 409))
        self.acme.post("/api/v1/namespaces", {"metadata": {"name": "other"}})
        for what, t, p, body in (
                ("a pod elsewhere", self.on_acme, path, self.token("far")),
                ("another tenant's", self.on_globex, path, self.token("theirs")),
                ("its own pod in another tenant", self.on_globex, path, self.token("mine")),
                ("bound to nothing", self.on_acme, path, {**self.token("mine"), "spec": {}}),
                ("bound to a secret", self.on_acme, path,
                 self.token("mine", kind="Secret", name="s-mine")),
                ("bound to the node", self.on_acme, path,
                 self.token("mine", kind="Node", name="n-evil")),
                ("no uid", self.on_acme, path, self.token("mine", uid="")),
                ("a pod that is not there", self.on_acme, path, self.token("mine", name="none"))):
            self.refused(what, t.post(p, body))
        a = self.on_acme.post(NS + "/serviceaccounts/chief/token", self.token("mine"))
        self.assertIn(a.status, (400, 403, 422), f"another account: {a}")
        a = self.on_acme.post("/api/v1/namespaces/other/serviceaccounts/default/token",
                              self.token("mine"))
        self.assertIn(a.status, (403, 404), f"another namespace: {a}")
        a = self.on_acme.post(path, self.token("mine", uid="0" * 36))
        self.assertIn(a.status, (403, 409), f"another pod's uid: {a}")

    def test_nodes_and_leases(self):
        me, other = "/api/v1/nodes/n-evil", "/api/v1/nodes/n-good"
        for what, a in (
                ("the other's status", self.evil.patch(other + "/status", {"status": {}})),
                ("the other", self.evil.patch(other, {"metadata": {"labels": {"a": "b"}}})),
                ("the end of the other", self.evil.delete(other)),
                ("its own end", self.evil.delete(me)),
                ("all nodes", self.evil.get("/api/v1/nodes")),
                ("a new node", self.evil.post("/api/v1/nodes", {"metadata": {"name": "n-new"}})),
                ("another's addresses", self.evil.patch(me, {"spec": {
                    "podCIDR": "10.88.0.0/16", "podCIDRs": ["10.88.0.0/16"]}})),
                ("its taints", self.evil.patch(me, {"spec": {"taints": None, "unschedulable": False},
                                                    "metadata": {"labels": {
                                                        "node-role.kubernetes.io/x": ""}}})),
                ("a role", self.evil.patch(me, {"metadata": {"labels": {
                    "node-role.kubernetes.io/control-plane": ""}}})),
                ("a label of isolation", self.evil.patch(me, {"metadata": {"labels": {
                    "node-restriction.kubernetes.io/pool": "gold"}}})),
                ("a label by its status", self.evil.patch(me + "/status", {"metadata": {"labels": {
                    "node-restriction.kubernetes.io/pool": "gold"}}})),
                ("the other's lease", self.evil.put(LEASES + "/n-good", {
                    "metadata": {"name": "n-good"}, "spec": {"holderIdentity": "n-evil"}})),
                ("a lease for the other", self.evil.post(LEASES, {
                    "metadata": {"name": "n-good"}, "spec": {}})),
                ("a lease elsewhere", self.evil.post(LEASES.replace("kube-node-lease", "default"), {
                    "metadata": {"name": "n-evil"}, "spec": {}}))):
            self.refused(what, a)
        self.assertEqual(self.plane.admin.patch(me, {"spec": {"taints": [
            {"key": "k", "effect": "NoSchedule"}]}}).status, 200)
        self.refused("a taint that it is rid of", self.evil.patch(me, {"spec": {"taints": None}}))
        labels = self.plane.admin.get(me).json["metadata"].get("labels", {})
        self.assertFalse([k for k in labels if k.startswith("node-r")], labels)

    def test_an_address_is_the_provider_s_or_its_own(self):
        """What a node says to be its address other nodes keep their tenants from, and send its pods' packets to."""
        me, mine = "/api/v1/nodes/n-evil", "/api/v1/nodes/n-evil/status"

        def say(node, path, *ips):
            return node.patch(path, {"status": {"addresses": [
                {"type": "InternalIP", "address": ip} for ip in ips] + [{"type": "Hostname", "address": "h"}]}})

        # from the server's own machine the connection does not tell: the first word holds
        self.plane.admin.patch("/api/v1/nodes/n-good/status", {"status": {"addresses": [
            {"type": "InternalIP", "address": "192.0.2.20"}]}})
        for ip in ("192.0.2.20", "127.0.0.1", "169.254.169.254", "224.0.0.1", "0.0.0.0", "x"):
            self.refused(ip, say(self.evil, mine, ip))
        cidr = wait_until(lambda: self.plane.admin.get("/api/v1/nodes/n-good").json["spec"].get("podCIDR"))
        self.refused("an address of pods", say(self.evil, mine, cidr.split("/")[0]))
        self.assertEqual(say(self.evil, mine, "192.0.2.10").status, 200)
        self.assertEqual(say(self.evil, mine, "192.0.2.10").status, 200)
        for ips in (["198.51.100.1"], ["192.0.2.10", "198.51.100.1"], ["192.0.2.20"]):
            self.refused(ips, say(self.evil, mine, *ips))
        # the provider's list
        listed = {"metadata": {"annotations": {"hostplane.io/addresses": "198.51.100.1, 198.51.100.2"}}}
        self.refused("the list", self.evil.patch(me, listed))
        self.refused("the list by its status", self.evil.patch(mine, listed))
        self.assertEqual(self.plane.admin.patch(me, listed).status, 200)
        self.refused("without the list", self.evil.patch(me, {"metadata": {"annotations": None}}))
        self.assertEqual(say(self.evil, mine, "198.51.100.1", "198.51.100.2").status, 200)
        self.refused("another", say(self.evil, mine, "198.51.100.3"))

    def test_the_platform(self):
        for path in ("/apis/tenancy.hostplane.io/v1/tenants", "/api/v1/secrets", "/api/v1/pods",
                     "/api/v1/namespaces/kube-system/secrets", "/metrics",
                     "/apis/tenancy.hostplane.io/v1/plans"):
            self.refused(path, self.evil.get(path))
        tenants = "/apis/tenancy.hostplane.io/v1/tenants"
        self.refused("a kubeconfig", self.evil.post(tenants + "/nodes-acme/kubeconfig", {
            "apiVersion": "tenancy.hostplane.io/v1", "kind": "TenantKubeconfig", "spec": {}}))
        self.refused("a tenant", self.evil.post(tenants, {
            "apiVersion": "tenancy.hostplane.io/v1", "kind": "Tenant", "metadata": {"name": "x"}}))
        self.refused("suspension", self.evil.post(tenants + "/nodes-acme/suspend", {}))
        for what in ("feed", "tunnel"):
            self.refused(what, self.evil.get(test_nodes.NODE + "n-good/" + what))
        self.refused("figures", self.evil.post(test_nodes.NODE + "n-good/stats", {"node": {}}))
        pem, _ = self.csr("system:node:n-good", "system:nodes")
        self.refused("a certificate of the other", self.evil.post(test_nodes.JOIN, {
            "nodeName": "n-good", "csr": pem}))
        for headers in ({"Impersonate-User": "admin", "Impersonate-Group": "system:masters"},
                        {"Impersonate-User": "system:node:n-good",
                         "Impersonate-Group": "system:nodes"}):
            a = self.on_acme.request("GET", NS + "/secrets", headers=headers)
            self.refused(f"being {headers}", a)

    def test_events_only_where_it_has_pods(self):
        def event(name):
            return {"metadata": {"generateName": "e-"}, "reason": "R", "message": "m",
                    "type": "Normal", "involvedObject": {"kind": "Pod", "namespace": "default",
                                                         "name": name}}
        self.assertEqual(self.on_acme.post(NS + "/events", event("mine")).status, 201)
        self.refused("an event", self.on_globex.post(NS + "/events", event("theirs")))

    def test_the_feed_tells_of_its_own_pods(self):
        seen = self.feed(self.evil, "n-evil")
        of = {(e.get("cluster"), e.get("resource"), e["object"].get("metadata", {}).get("name"))
              for e in seen if "object" in e}
        self.assertIn(("nodes-acme", "pods", "mine"), of)
        self.assertNotIn(("nodes-acme", "pods", "far"), of)
        self.assertEqual({c for c, _, _ in of if c == "nodes-globex"}, set())
        self.assertEqual([o for o in of if o[1] == "secrets"], [])
        text = json.dumps(seen)
        self.assertNotIn("s-far", text)
        self.assertNotIn("theirs", text)
