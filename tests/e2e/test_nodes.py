"""Joining as a node, and what a node may and may not do: without any container."""
import base64
import hashlib
import json
import os
import ssl
import subprocess
import tempfile
import time
import unittest

from harness import TENANTS, Client, Plane, shared_plane, wait_until

JOIN = "/apis/node.hostplane.io/v1/join"
NODE = "/apis/node.hostplane.io/v1/nodes/"


class Nodes(unittest.TestCase):
    def setUp(self):
        self.plane = shared_plane()
        self.dir = tempfile.mkdtemp(dir=self.plane.dir)
        self.acme = self.plane.tenant("nodes-acme")

    def ca(self):
        c = Client(self.plane.url, None, workdir=self.dir)
        c.ssl = ssl._create_unverified_context()
        a = c.get("/cacert")
        self.assertEqual(a.status, 200, a)
        return a.body.decode()

    def bootstrap_token(self, **more):
        tid, secret = os.urandom(3).hex(), os.urandom(8).hex()
        data = {"token-id": tid, "token-secret": secret, "usage-bootstrap-authentication": "true"}
        data.update(more)
        a = self.plane.admin.post("/api/v1/namespaces/kube-system/secrets", {
            "metadata": {"name": "bootstrap-token-" + tid}, "type": "bootstrap.kubernetes.io/token",
            "stringData": data})
        self.assertEqual(a.status, 201, a)
        return f"{tid}.{secret}"

    def csr(self, cn, *orgs):
        key, out = os.path.join(self.dir, cn + ".key"), os.path.join(self.dir, cn + ".csr")
        subject = "".join(f"/O={o}" for o in orgs) + "/CN=" + cn
        subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", out, "-subj",
                        subject], check=True, stderr=subprocess.DEVNULL)
        with open(out) as f, open(key) as k:
            return f.read(), k.read()

    def join(self, name, token=None, csr=None):
        c = Client(self.plane.url, self.ca(), token=token or self.bootstrap_token(),
                   workdir=self.dir)
        pem, key = csr or self.csr("system:node:" + name, "system:nodes")
        return c.post(JOIN, {"nodeName": name, "csr": pem}), key

    def node(self, name):
        a, key = self.join(name)
        self.assertEqual(a.status, 200, a)
        return Client(self.plane.url, a.json["ca"], cert=a.json["certificate"], key=key,
                      workdir=self.dir)

    def test_join(self):
        n = self.node("n-join")
        a = n.post("/api/v1/nodes", {"metadata": {"name": "n-join"}})
        self.assertEqual(a.status, 201, a)
        a = n.patch("/api/v1/nodes/n-join/status", {"status": {"conditions": []}})
        self.assertEqual(a.status, 200, a)
        a = n.post("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases",
                   {"metadata": {"name": "n-join"}, "spec": {"holderIdentity": "n-join"}})
        self.assertEqual(a.status, 201, a)

    def test_join_is_refused(self):
        a, _ = self.join("n-x", token="aaaaaa.0000000000000000")
        self.assertEqual(a.status, 401, a)
        expired = self.bootstrap_token(expiration="2020-01-01T00:00:00Z")
        self.assertEqual(self.join("n-x", token=expired)[0].status, 401)
        for cn, orgs in (("system:node:other", ["system:nodes"]), ("admin", ["system:masters"]),
                         ("system:node:n-x", ["system:nodes", "system:masters"]),
                         ("system:node:n-x", ["system:masters"]), ("system:node:n-x", [])):
            with self.subTest(f"{cn} {orgs}"):
                a, _ = self.join("n-x", csr=self.csr(cn, *orgs))
                self.assertIn(a.status, (400, 403, 422), a)
        for name in ("", "../x", "A", "a" * 300):
            a, _ = self.join(name, csr=self.csr("system:node:n-x", "system:nodes"))
            self.assertIn(a.status, (400, 403, 422), (name, a))
        bob = self.plane.client("nodes-acme", token=True)
        a = bob.at(self.plane.url).post(JOIN, {"nodeName": "n-x", "csr": "x"})
        self.assertIn(a.status, (401, 403, 404))

    def test_a_bootstrap_token_is_good_for_nothing_else(self):
        c = Client(self.plane.url, self.ca(), token=self.bootstrap_token(), workdir=self.dir)
        for path in ("/api/v1/nodes", "/api/v1/secrets", NODE + "n-join/feed",
                     "/apis/tenancy.hostplane.io/v1/tenants"):
            self.assertEqual(c.get(path).status, 403, path)
        self.assertEqual(c.at(self.acme.server).get("/api/v1/pods").status, 401)

    def test_an_address_of_the_pod_network_is_a_node_s_to_say(self):
        node = self.node("n-ip")
        node.post("/api/v1/nodes", {"metadata": {"name": "n-ip"}})
        for _ in range(100):
            cidr = self.plane.admin.get("/api/v1/nodes/n-ip").json["spec"].get("podCIDR")
            if cidr:
                break
            time.sleep(0.1)
        inside = cidr.rsplit(".", 1)[0] + ".7"
        path = "/api/v1/namespaces/default/pods"
        self.acme.post(path, {"metadata": {"name": "ip"}, "spec": {
            "nodeName": "n-ip", "containers": [{"name": "c", "image": "i"}]}})
        path += "/ip/status"

        def said(client, ip):
            a = client.patch(path, {"status": {"podIP": ip, "podIPs": [{"ip": ip}]}})
            self.assertEqual(a.status, 200, a)
            status = a.json["status"]
            return status.get("podIP"), [x["ip"] for x in status.get("podIPs", [])]

        self.assertEqual(said(self.acme, inside), (None, []))
        self.assertEqual(said(self.acme, "192.0.2.7"), ("192.0.2.7", ["192.0.2.7"]))
        self.assertEqual(said(self.acme, inside), ("192.0.2.7", ["192.0.2.7"]))
        self.assertEqual(said(node.at(self.acme.server), inside), (inside, [inside]))

    def test_a_node_sees_what_its_pods_need_and_nothing_else(self):
        one, two = self.node("n-one"), self.node("n-two")
        for name, n in (("n-one", one), ("n-two", two)):
            n.post("/api/v1/nodes", {"metadata": {"name": name}})
        ns = "/api/v1/namespaces/default"
        for s in ("mine", "theirs"):
            self.acme.post(ns + "/secrets", {"metadata": {"name": s}, "stringData": {"k": s}})
        a = self.acme.post(ns + "/pods", {
            "metadata": {"name": "p"}, "spec": {"nodeName": "n-one", "containers": [
                {"name": "c", "image": "i", "envFrom": [{"secretRef": {"name": "mine"}}]}]}})
        self.assertEqual(a.status, 201, a)
        on_acme = one.at(self.acme.server)
        other = two.at(self.acme.server)
        status = {"status": {"phase": "Running"}}
        self.assertEqual(on_acme.patch(ns + "/pods/p/status", status).status, 200)
        self.assertEqual(other.patch(ns + "/pods/p/status", status).status, 403)
        for c in (on_acme, other):
            self.assertEqual(c.get(ns + "/secrets").status, 403)
            self.assertEqual(c.get(ns + "/secrets/theirs").status, 403)
            self.assertEqual(c.get("/api/v1/secrets").status, 403)
            self.assertEqual(c.patch(ns + "/pods/p", {"metadata": {"labels": {"a": "b"}}}).status,
                             403)
            self.assertEqual(c.delete(ns + "/configmaps/kube-root-ca.crt").status, 403)
            self.assertEqual(c.post(ns + "/pods", {"metadata": {"name": "q"}, "spec": {
                "containers": [{"name": "c", "image": "i"}]}}).status, 403)
        token = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {
            "boundObjectRef": {"kind": "Pod", "apiVersion": "v1", "name": "p",
                               "uid": a.json["metadata"]["uid"]}}}
        path = ns + "/serviceaccounts/default/token"
        self.assertEqual(on_acme.post(path, token).status, 201)
        self.assertEqual(other.post(path, token).status, 403)
        self.assertEqual(on_acme.post(path, {**token, "spec": {}}).status, 403)
        self.assertEqual(one.get(NODE + "n-two/feed").status, 403)
        self.assertEqual(one.delete("/api/v1/nodes/n-two").status, 403)
        self.assertEqual(one.patch("/api/v1/nodes/n-two/status", {"status": {}}).status, 403)
        self.assertEqual(one.get("/apis/tenancy.hostplane.io/v1/tenants").status, 403)
        seen = self.feed(one, "n-one")
        secrets = {(e["cluster"], e["object"]["metadata"]["name"]) for e in seen
                   if e.get("resource") == "secrets"}
        self.assertEqual(secrets, {("nodes-acme", "mine")})
        pods = {e["object"]["metadata"]["name"] for e in seen if e.get("resource") == "pods"}
        self.assertEqual(pods, {"p"})
        text = json.dumps(self.feed(two, "n-two"))
        self.assertNotIn(base64.b64encode(b"mine").decode(), text)
        self.assertNotIn(base64.b64encode(b"theirs").decode(), text)

    def test_nodes_with_pods_hear_of_each_change_once(self):
        """What two feeds tell by and by is what a feed that is opened anew tells."""
        admin, ns = self.plane.admin, "/api/v1/namespaces/default"
        t = self.plane.tenant("nodes-shared")
        names, nodes, streams, known = ("n-share1", "n-share2"), {}, {}, {}
        for name in names:
            nodes[name] = self.node(name)
            nodes[name].post("/api/v1/nodes", {"metadata": {"name": name}})
            wait_until(lambda n=name: admin.get(f"/api/v1/nodes/{n}").json["spec"].get("podCIDR"))
            streams[name], known[name] = nodes[name].watch(f"{NODE}{name}/feed", timeout=60), {}

        def take(e, what):
            if e.get("cluster") != "nodes-shared" or "resource" not in e:
                return
            meta = e["object"]["metadata"]
            key = (e["resource"], meta.get("namespace"), meta["name"])
            self.assertEqual(key in what, e["type"] != "ADDED", e)
            if e["type"] == "DELETED":
                had = what.pop(key)["metadata"].get("uid")  # views of nodes have none
                self.assertIn(had, (meta["uid"], None))
            else:
                what[key] = e["object"]

        def fresh(name):
            what = {}
            for e in self.feed(nodes[name], name):
                take(e, what)
            return what

        def agree(check):
            for name in names:
                want = wait_until(lambda n=name: (lambda w: check(n, w) and [w])(fresh(n)))[0]
                for e in streams[name]:
                    take(e, known[name])
                    if known[name] == want:
                        break

        def has(what, resource):
            return {k[2] for k in what if k[0] == resource}

        def pod(name, on, last):
            cidr = admin.get(f"/api/v1/nodes/{on}").json["spec"]["podCIDR"]
            ip = cidr.rsplit(".", 1)[0] + f".{last}"
            a = t.post(ns + "/pods", {"metadata": {"name": name}, "spec": {
                "nodeName": on, "containers": [{"name": "c", "image": "i"}]}})
            self.assertEqual(a.status, 201, a)
            a = nodes[on].at(t.server).patch(f"{ns}/pods/{name}/status", {"status": {
                "phase": "Running", "podIP": ip, "podIPs": [{"ip": ip}]}})
            self.assertEqual(a.status, 200, a)

        t.post("/api/v1/namespaces", {"metadata": {"name": "aside"}})
        pod("a", names[0], 30)
        agree(lambda n, w: has(w, "pods") == ({"a"} if n == names[0] else set()))
        pod("b", names[1], 30)
        agree(lambda n, w: has(w, "peers") == ({"b"} if n == names[0] else {"a"}))
        policy = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies"
        self.assertEqual(t.post(policy, {"metadata": {"name": "p"}, "spec": {
            "podSelector": {}}}).status, 201)
        agree(lambda n, w: "aside" in has(w, "namespaces"))
        t.patch("/api/v1/namespaces/default", {"metadata": {"labels": {"seen": "yes"}}})
        agree(lambda n, w: "seen" in w["namespaces", None, "default"]["metadata"]["labels"])
        t.delete(policy + "/p")
        agree(lambda n, w: has(w, "namespaces") == {"default"})
        # The next pod of a name is on the other node.
        t.delete(ns + "/pods/b", {"gracePeriodSeconds": 0})
        pod("b", names[0], 31)
        agree(lambda n, w: has(w, "pods") == ({"a", "b"} if n == names[0] else set()))
        self.assertEqual(known[names[1]], {})
        pod("c", names[1], 31)
        agree(lambda n, w: has(w, "peers") == ({"c"} if n == names[0] else {"a", "b"}))
        # A node without pods that serves a node port knows less; and then more again.
        t.post(ns + "/services", {"metadata": {"name": "out"}, "spec": {
            "type": "NodePort", "ports": [{"port": 80}]}})
        agree(lambda n, w: "out" in has(w, "services"))
        t.delete(ns + "/pods/c", {"gracePeriodSeconds": 0})
        agree(lambda n, w: not has(w, "peers") and "out" in has(w, "services"))
        pod("c", names[1], 32)
        agree(lambda n, w: has(w, "peers") == ({"c"} if n == names[0] else {"a", "b"}))

    def test_a_node_without_pods_hears_what_node_ports_need(self):
        admin, ns = self.plane.admin, "/api/v1/namespaces/default"
        one, two = self.node("n-port1"), self.node("n-port2")
        for name, n in (("n-port1", one), ("n-port2", two)):
            n.post("/api/v1/nodes", {"metadata": {"name": name}})
        cidr = wait_until(lambda: admin.get("/api/v1/nodes/n-port1").json["spec"].get("podCIDR"))
        t = self.plane.tenant("nodes-ports")
        on_t = one.at(t.server)
        for i, name in enumerate(("served", "hidden")):
            a = t.post(ns + "/pods", {"metadata": {"name": name}, "spec": {
                "nodeName": "n-port1", "containers": [{"name": "c", "image": "i"}]}})
            self.assertEqual(a.status, 201, a)
            ip = cidr.rsplit(".", 1)[0] + f".{20 + i}"
            a = on_t.patch(f"{ns}/pods/{name}/status", {"status": {
                "phase": "Running", "podIP": ip, "podIPs": [{"ip": ip}]}})
            self.assertEqual(a.status, 200, a)
            a = t.post("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", {
                "metadata": {"name": name, "labels": {"kubernetes.io/service-name": name}},
                "addressType": "IPv4", "ports": [{"port": 80}], "endpoints": [
                    {"addresses": [ip], "targetRef": {"kind": "Pod", "name": name}}]})
            self.assertEqual(a.status, 201, a)
        for name, kind in (("served", "NodePort"), ("hidden", "ClusterIP")):
            a = t.post(ns + "/services", {"metadata": {"name": name}, "spec": {
                "type": kind, "ports": [{"port": 80}]}})
            self.assertEqual(a.status, 201, a)
        port = t.get(ns + "/services/served").json["spec"]["ports"][0]["nodePort"]
        stream, seen = two.watch(NODE + "n-port2/feed", timeout=30), set()

        def follow(until):
            for e in stream:
                if e.get("cluster") == "nodes-ports" and "resource" in e:
                    what = (e["resource"], e["object"]["metadata"]["name"])
                    (seen.discard if e["type"] == "DELETED" else seen.add)(what)
                if until(e):
                    return
        needed = {("services", "served"), ("discovery.k8s.io/endpointslices", "served"),
                  ("peers", "served"), ("nodeports", f"tcp-{port}")}
        follow(lambda e: seen == needed)
        # a node of somebody else's pool does not serve it
        pool = {"metadata": {"name": "ports"}, "spec": {"nodeSelector": {"pool": "ports"},
                                                        "mode": "dedicated"}}
        a = admin.post("/apis/tenancy.hostplane.io/v1/nodepools", pool)
        self.assertEqual(a.status, 201, a)
        self.addCleanup(admin.delete, "/apis/tenancy.hostplane.io/v1/nodepools/ports")
        label = {"metadata": {"labels": {"pool": "ports"}}}
        self.assertEqual(admin.patch("/api/v1/nodes/n-port2", label).status, 200)
        follow(lambda e: not seen)
        label["metadata"]["labels"]["pool"] = None
        self.assertEqual(admin.patch("/api/v1/nodes/n-port2", label).status, 200)
        follow(lambda e: seen == needed)
        self.assertEqual(t.delete(ns + "/services/served").status, 200)
        follow(lambda e: not seen)

    def test_a_node_hears_which_namespaces_stand_still(self):
        admin, node = self.plane.admin, self.node("n-still")
        node.post("/api/v1/nodes", {"metadata": {"name": "n-still"}})
        self.plane.tenant("still-hub", shared=True)
        a = admin.post("/apis/tenancy.hostplane.io/v1/plans", {
            "metadata": {"name": "still"}, "spec": {"isolation": "namespace", "cluster": "still-hub"}})
        self.assertIn(a.status, (201, 409), a)

        def run_in(t, space, **meta):
            path = f"/api/v1/namespaces/{space}"
            a = t.post("/api/v1/namespaces", {"metadata": {"name": space, **meta}})
            self.assertEqual(a.status, 201, a)
            wait_until(lambda: t.get(path + "/serviceaccounts/default").status == 200)
            a = t.post(path + "/pods", {"metadata": {"name": "p"}, "spec": {
                "nodeName": "n-still", "containers": [{"name": "c", "image": "i"}]}})
            self.assertEqual(a.status, 201, a)
        owners = {name: self.plane.tenant(name, plan="still") for name in ("still-a", "still-b")}
        for name, t in owners.items():
            run_in(t, name)
        # labels that claim another tenant's namespaces in one's own cluster tell nothing of it
        labels = owners["still-a"].get("/api/v1/namespaces/still-a").json["metadata"]["labels"]
        run_in(self.plane.tenant("still-claim", shared=True), "claimed", labels=labels)
        stream, state = node.watch(NODE + "n-still/feed", timeout=30), {}

        def follow(**wanted):
            for e in stream:
                if e["type"] == "CLUSTER":
                    state[e["cluster"]] = e["object"]
                if all(state.get(c, {}).get("suspendedNamespaces") == v
                       for c, v in wanted.items()):
                    return
            self.fail(f"the feed ended at {state!r}")
        follow(**{"still-hub": [], "still-claim": []})
        self.assertEqual(admin.post(f"{TENANTS}/still-a/suspend").status, 200)
        follow(**{"still-hub": ["still-a"], "still-claim": []})
        self.assertFalse(state["still-hub"]["suspended"])
        self.assertEqual(admin.post(f"{TENANTS}/still-a/resume").status, 200)
        follow(**{"still-hub": []})
        self.assertEqual(admin.post(f"{TENANTS}/still-hub/suspend").status, 200)
        for e in stream:
            if e["type"] == "CLUSTER" and e["object"]["suspended"]:
                break
        self.assertEqual(e["cluster"], "still-hub")

    def feed(self, client, name):
        """Everything up to SYNCED."""
        events = []
        for e in client.watch(NODE + name + "/feed", timeout=20):
            if e["type"] == "SYNCED":
                return events
            events.append(e)
        raise AssertionError(f"the feed ended without SYNCED after {events!r}")

    def test_the_ca_is_what_the_token_file_promises(self):
        der = ssl.PEM_cert_to_DER_cert(self.ca())
        self.assertEqual(len(hashlib.sha256(der).hexdigest()), 64)
        self.plane.admin.ssl.get_ca_certs()
        self.assertIn(der, self.plane.admin.ssl.get_ca_certs(binary_form=True))


class Families(unittest.TestCase):
    """Nodes with ranges of both families: whose an address of IPv6 is."""
    ca, bootstrap_token, csr, join, node, feed = (
        Nodes.ca, Nodes.bootstrap_token, Nodes.csr, Nodes.join, Nodes.node, Nodes.feed)

    @classmethod
    def setUpClass(cls):
        cls.plane = cls.enterClassContext(Plane(args=[
            "--pod-cidr", "10.88.0.0/16,fd00:88::/56", "--service-cidr", "10.96.0.0/16,fd00:96::/112"]))

    def setUp(self):
        self.dir = tempfile.mkdtemp(dir=self.plane.dir)

    def test_an_address_is_that_of_a_pod_on_the_node_that_has_it_in_its_range(self):
        admin, pods = self.plane.admin, "/api/v1/namespaces/default/pods"
        t, ranges, nodes = self.plane.tenant("families"), {}, {}
        for name in ("n-f1", "n-f2"):
            nodes[name] = self.node(name)
            a = nodes[name].post("/api/v1/nodes", {"metadata": {"name": name}})
            self.assertEqual(a.status, 201, a)
            ranges[name] = wait_until(
                lambda n=name: admin.get(f"/api/v1/nodes/{n}").json["spec"].get("podCIDRs"))
        self.assertEqual([r[1] for r in ranges.values()], ["fd00:88::/64", "fd00:88:0:1::/64"])

        def ips(four, six, last):
            return [ranges[four][0].rsplit(".", 1)[0] + f".{last}",
                    ranges[six][1].split("::")[0] + f"::{last}"]

        def say(client, name, addresses):
            return client.patch(f"{pods}/{name}/status", {"status": {
                "podIP": addresses[0], "podIPs": [{"ip": ip} for ip in addresses]}})

        for name, on in (("here", "n-f1"), ("good", "n-f2"), ("bad", "n-f2"), ("far", "n-f2"),
                         ("none", None)):
            a = t.post(pods, {"metadata": {"name": name}, "spec": {
                "nodeName": on, "schedulerName": "nobody", "containers": [{"name": "c", "image": "i"}]}})
            self.assertEqual(a.status, 201, a)
        two = nodes["n-f2"].at(t.server)
        self.assertEqual(say(nodes["n-f1"].at(t.server), "here", ips("n-f1", "n-f1", 5)).status, 200)
        self.assertEqual(say(two, "good", ips("n-f2", "n-f2", 5)).status, 200)
        self.assertEqual(say(two, "bad", ips("n-f2", "n-f1", 6)).status, 200)
        # of an address that is in no node's range a tenant may speak, but no node hears it
        self.assertEqual(say(t, "far", ["169.254.169.254"]).json["status"]["podIP"],
                         "169.254.169.254")

        def peers():
            return {e["object"]["metadata"]["name"]: e["object"]["status"]
                    for e in self.feed(nodes["n-f1"], "n-f1") if e.get("resource") == "peers"}
        told = wait_until(peers)
        self.assertEqual(set(told), {"good"})
        self.assertEqual([i["ip"] for i in told["good"]["podIPs"]], ips("n-f2", "n-f2", 5))
        # nor does a tenant say that a pod has such an address
        for addresses in (["192.0.2.1", ips("n-f1", "n-f1", 5)[1]], ips("n-f1", "n-f1", 5)):
            a = say(t, "none", addresses)
            self.assertEqual((a.status, a.json["status"].get("podIPs")), (200, None), addresses)
        self.assertEqual(say(t, "none", ["192.0.2.1", "2001:db8::1"]).json["status"]["podIP"],
                         "192.0.2.1")
