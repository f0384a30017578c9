"""A tenant's nodes: what it changes of them is its own, and nobody else notices."""
import threading
import time
import unittest

from harness import Kubectl, Plane, wait_until
from test_scheduler import Nodes, pod

NODES, PODS = "/api/v1/nodes", "/api/v1/namespaces/default/pods"


def rv(o):
    return int(o["metadata"]["resourceVersion"])


class Watch(threading.Thread):
    """Collects the events of nodes from a version on."""

    def __init__(self, client, version):
        super().__init__(daemon=True)
        self.client, self.version, self.seen = client, version, []
        self.start()

    def run(self):
        try:
            for e in self.client.watch(f"{NODES}?resourceVersion={self.version}&timeoutSeconds=20",
                                       timeout=25):
                self.seen.append(e)
        except OSError:
            pass

    def got(self, kind, name, test=lambda o: True):
        return any(e["type"] == kind and e["object"]["metadata"]["name"] == name and test(e["object"])
                   for e in list(self.seen))


class NodeView(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane()
        cls.plane.__enter__()
        cls.acme, cls.globex = cls.plane.tenant("acme"), cls.plane.tenant("globex")
        cls.nodes = Nodes(cls.plane, [cls.acme, cls.globex], {"n1": {"zone": "a"}, "n2": {}})

    @classmethod
    def tearDownClass(cls):
        cls.nodes.stop()
        cls.plane.__exit__(None, None, None)

    def patch(self, path, body, **kw):
        a = self.acme.patch(path, body, **kw)
        self.assertEqual(a.status, 200, a)
        return a.json

    def test_labels_are_the_tenants_own(self):
        listed = self.acme.get(NODES).json
        w = Watch(self.acme, listed["metadata"]["resourceVersion"])
        before = self.acme.get(f"{NODES}/n1").json
        n = self.patch(f"{NODES}/n1", {"metadata": {"labels": {"mine": "yes", "zone": None}}})
        self.assertEqual(n["metadata"]["labels"].get("mine"), "yes")
        self.assertNotIn("zone", n["metadata"]["labels"])
        self.assertGreater(rv(n), rv(before))
        self.assertEqual(self.acme.get(f"{NODES}/n1").json["metadata"], n["metadata"])
        self.assertEqual([i["metadata"]["name"] for i in
                          self.acme.get(f"{NODES}?labelSelector=mine").json["items"]], ["n1"])
        for other in (self.globex, self.plane.admin):
            labels = other.get(f"{NODES}/n1").json["metadata"]["labels"]
            self.assertNotIn("mine", labels)
            self.assertEqual(labels["zone"], "a")
        wait_until(lambda: w.got("MODIFIED", "n1", lambda o: o["metadata"]["labels"].get("mine")))
        # the host's changes come through, with the tenant's over them
        self.plane.admin.patch(f"{NODES}/n1", {"metadata": {"labels": {"host": "new"}}})
        wait_until(lambda: w.got("MODIFIED", "n1", lambda o: o["metadata"]["labels"].get("host") and
                                 o["metadata"]["labels"].get("mine")))
        versions = [rv(e["object"]) for e in w.seen]
        self.assertEqual(versions, sorted(versions))
        with self.subTest("a pod goes by the tenant's labels"):
            for name, client in (("p", self.acme), ("q", self.globex)):
                client.post(PODS, pod(name, nodeSelector={"mine": "yes"}))
            wait_until(lambda: self.acme.get(f"{PODS}/p").json["spec"].get("nodeName") == "n1")
            self.assertNotIn("nodeName", self.globex.get(f"{PODS}/q").json["spec"])

    def test_versions_are_checked(self):
        n = self.acme.get(f"{NODES}/n2").json
        self.patch(f"{NODES}/n2", {"metadata": {"annotations": {"x": "1"}}})
        n["metadata"].setdefault("labels", {})["stale"] = "yes"
        a = self.acme.put(f"{NODES}/n2", n)
        self.assertEqual((a.status, a.json["reason"]), (409, "Conflict"), a)

    def test_a_watch_goes_on_where_it_was(self):
        start = self.acme.get(NODES).json["metadata"]["resourceVersion"]
        n = self.patch(f"{NODES}/n2", {"metadata": {"labels": {"step": "1"}}})
        w = Watch(self.acme, start)
        wait_until(lambda: w.got("MODIFIED", "n2", lambda o: o["metadata"]["labels"].get("step") == "1"))
        again = Watch(self.acme, rv(n))
        m = self.patch(f"{NODES}/n2", {"metadata": {"labels": {"step": "2"}}})
        wait_until(lambda: again.got("MODIFIED", "n2",
                                     lambda o: o["metadata"]["labels"].get("step") == "2"))
        self.assertFalse(again.got("MODIFIED", "n2", lambda o: rv(o) == rv(n)), "told twice")
        self.assertGreater(rv(m), rv(n))
        listed = self.acme.get(NODES).json["metadata"]["resourceVersion"]
        quiet = Watch(self.acme, listed)
        time.sleep(1)
        self.assertFalse([e for e in quiet.seen if rv(e["object"]) <= int(listed)])

    def test_cordon_taint_and_extended_resources(self):
        k = Kubectl(self.plane, "acme")
        k("cordon", "n1")
        self.assertIn("SchedulingDisabled", k("get", "node", "n1"))
        k("taint", "nodes", "n2", "own=x:NoSchedule")
        self.acme.post(PODS, pod("held"))

        def refused():
            for c in self.acme.get(f"{PODS}/held").json["status"].get("conditions", []):
                if "node(s) had untolerated taint(s)" in c.get("message", ""):
                    return "node(s) were unschedulable" in c["message"]
        wait_until(refused)
        self.globex.post(PODS, pod("free"))
        wait_until(lambda: self.globex.get(f"{PODS}/free").json["spec"].get("nodeName"))
        k("taint", "nodes", "n2", "own-")
        wait_until(lambda: self.acme.get(f"{PODS}/held").json["spec"].get("nodeName") == "n2")
        k("uncordon", "n1")
        self.patch(f"{NODES}/n1/status", {"status": {"capacity": {"example.com/x": "2"},
                                                    "allocatable": {"example.com/x": "2"}}})
        body = pod("fancy")
        body["spec"]["containers"][0]["resources"] = {"limits": {"example.com/x": "2"}}
        self.acme.post(PODS, body)
        wait_until(lambda: self.acme.get(f"{PODS}/fancy").json["spec"].get("nodeName") == "n1")
        self.assertNotIn("example.com/x", self.globex.get(f"{NODES}/n1").json["status"]["capacity"])

    def test_daemons_and_eviction_follow_the_tenants_view(self):
        path = "/apis/apps/v1/namespaces/default/daemonsets"
        a = self.acme.post(path, {"metadata": {"name": "d"}, "spec": {
            "selector": {"matchLabels": {"app": "d"}}, "template": {
                "metadata": {"labels": {"app": "d"}}, "spec": {
                    "nodeSelector": {"daemon": "yes"}, "terminationGracePeriodSeconds": 0,
                    "containers": [{"name": "c", "image": "x"}]}}}})
        self.assertEqual(a.status, 201, a)

        def where():
            return sorted(p["spec"].get("nodeName", "") for p in
                          self.acme.get(f"{PODS}?labelSelector=app%3Dd").json["items"])
        self.patch(f"{NODES}/n1", {"metadata": {"labels": {"daemon": "yes"}}})
        wait_until(lambda: where() == ["n1"])
        self.patch(f"{NODES}/n2", {"metadata": {"labels": {"daemon": "yes"}}})
        wait_until(lambda: where() == ["n1", "n2"])
        self.patch(f"{NODES}/n1", {"metadata": {"labels": {"daemon": None}}})
        wait_until(lambda: where() == ["n2"])
        self.acme.delete(f"{path}/d")
        for name, client in (("gone", self.acme), ("stays", self.globex)):
            held = pod(name, nodeSelector={"kubernetes.io/hostname": "n2"})
            held["metadata"]["finalizers"] = ["example.com/held"] if name == "gone" else []
            client.post(PODS, held)
            wait_until(lambda c=client, n=name: c.get(f"{PODS}/{n}").json["spec"].get("nodeName"))
        taint = [{"key": "away", "value": "x", "effect": "NoExecute"}]
        self.patch(f"{NODES}/n2", {"spec": {"taints": taint}})
        wait_until(lambda: "deletionTimestamp" in self.acme.get(f"{PODS}/gone").json["metadata"])
        why = [c for c in self.acme.get(f"{PODS}/gone").json["status"]["conditions"] if c["type"] == "DisruptionTarget"]
        self.assertEqual([c["reason"] for c in why], ["DeletionByTaintManager"])
        self.patch(f"{PODS}/gone", {"metadata": {"finalizers": None}})
        wait_until(lambda: self.acme.get(f"{PODS}/gone").status == 404)
        self.assertNotIn("deletionTimestamp", self.globex.get(f"{PODS}/stays").json["metadata"])
        self.patch(f"{NODES}/n2", {"spec": {"taints": None}})
        self.globex.delete(f"{PODS}/stays")

    def test_a_node_of_ones_own(self):
        w = Watch(self.acme, self.acme.get(NODES).json["metadata"]["resourceVersion"])
        a = self.acme.post(NODES, {"metadata": {"name": "own", "labels": {"k": "v"}}})
        self.assertEqual(a.status, 201, a)
        self.assertIn("own", [i["metadata"]["name"] for i in self.acme.get(NODES).json["items"]])
        self.assertEqual(self.globex.get(f"{NODES}/own").status, 404)
        self.patch(f"{NODES}/own", {"metadata": {"labels": {"k": "w"}}})
        self.assertEqual(self.acme.delete(f"{NODES}/own").status, 200)
        self.assertEqual(self.acme.get(f"{NODES}/own").status, 404)
        wait_until(lambda: w.got("DELETED", "own"))
        self.assertTrue(w.got("ADDED", "own") and w.got("MODIFIED", "own"))
        a = self.acme.delete(f"{NODES}/n1")
        self.assertEqual(a.status, 403, a)


if __name__ == "__main__":
    unittest.main()
