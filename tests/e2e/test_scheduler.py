"""The scheduler on a real server, with played nodes: where pods go, who has to go for them, and what
one tenant never does to another."""
import threading
import time
import unittest

from harness import Plane, wait_until
from played import now

PODS = "/api/v1/namespaces/default/pods"


class Nodes:
    """Nodes that say that they are ready, and end what is deleted from them."""

    def __init__(self, plane, tenants, nodes):
        self.plane, self.tenants, self.names, self.is_stopped = plane, tenants, list(nodes), False
        for name, labels in nodes.items():
            plane.admin.post("/api/v1/nodes", {"metadata": {"name": name, "labels": {
                "kubernetes.io/hostname": name, **labels}}})
            self.beat(name, {"cpu": "2", "memory": "4Gi", "pods": "20"})
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def beat(self, name, resources=None):
        status = {"conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady",
                                  "lastHeartbeatTime": now()}]}
        if resources:
            status["allocatable"] = status["capacity"] = resources
        a = self.plane.admin.patch(f"/api/v1/nodes/{name}/status", {"status": status})
        assert a.status == 200, a

    def run(self):
        beat = time.monotonic()
        while not self.is_stopped:
            for t in self.tenants:
                for pod in t.get("/api/v1/pods").json.get("items", []):
                    meta = pod["metadata"]
                    if "deletionTimestamp" in meta:
                        t.delete(f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}",
                                 {"gracePeriodSeconds": 0})
            if time.monotonic() - beat > 5:
                beat = time.monotonic()
                for name in self.names:
                    self.beat(name)
            time.sleep(0.05)

    def stop(self):
        self.is_stopped = True
        self.thread.join()


def pod(name, cpu="100m", labels=None, **spec):
    return {"metadata": {"name": name, "labels": labels or {}}, "spec": {
        "terminationGracePeriodSeconds": 1,
        "containers": [{"name": "c", "image": "x", "resources": {"requests": {"cpu": cpu}}}],
        **spec}}


def anti(app, key, **term):
    return {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
        {"labelSelector": {"matchLabels": {"app": app}}, "topologyKey": key, **term}]}}


class Scheduler(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane()
        cls.plane.__enter__()
        cls.acme, cls.globex = cls.plane.tenant("acme"), cls.plane.tenant("globex")
        cls.nodes = Nodes(cls.plane, [cls.acme, cls.globex], {
            "a1": {"zone": "a"}, "a2": {"zone": "a"}, "b1": {"zone": "b"}})

    @classmethod
    def tearDownClass(cls):
        cls.nodes.stop()
        cls.plane.__exit__(None, None, None)

    def setUp(self):
        for t in (self.acme, self.globex):
            t.delete(PODS)
            wait_until(lambda t=t: not t.get(PODS).json["items"])

    def make(self, body, t=None):
        a = (t or self.acme).post(PODS, body)
        self.assertEqual(a.status, 201, a)

    def node_of(self, name, t=None):
        """The node the pod has got, once it has one."""
        return wait_until(lambda: (t or self.acme).get(f"{PODS}/{name}").json["spec"].get("nodeName"))

    def refusal(self, name, text):
        def message():
            for c in self.acme.get(f"{PODS}/{name}").json["status"].get("conditions", []):
                if c["type"] == "PodScheduled" and c["status"] == "False":
                    return text in c["message"]
            return False
        wait_until(message)

    def test_pods_that_refuse_each_other_spread_and_the_fourth_waits(self):
        for i in range(3):
            self.make(pod(f"p{i}", labels={"app": "x"}, affinity=anti("x", "kubernetes.io/hostname")))
        self.assertEqual({self.node_of(f"p{i}") for i in range(3)}, {"a1", "a2", "b1"})
        self.make(pod("p3", labels={"app": "x"}, affinity=anti("x", "kubernetes.io/hostname")))
        self.refusal("p3", "3 node(s) didn't match pod anti-affinity rules")
        freed = self.node_of("p1")
        self.acme.delete(f"{PODS}/p1", {"gracePeriodSeconds": 0})
        self.assertEqual(self.node_of("p3"), freed)

    def test_affinity_waits_for_its_pod(self):
        self.make(pod("web", affinity={"podAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [
                {"labelSelector": {"matchLabels": {"app": "db"}}, "topologyKey": "zone"}]}}))
        self.refusal("web", "3 node(s) didn't match pod affinity rules")
        self.make(pod("db", labels={"app": "db"}, nodeSelector={"zone": "b"}))
        self.assertEqual(self.node_of("web"), "b1")

    def test_spread_over_zones(self):
        spread = [{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule",
                   "labelSelector": {"matchLabels": {"app": "s"}}}]
        zones = {"a1": "a", "a2": "a", "b1": "b"}
        for i in range(4):
            self.make(pod(f"s{i}", labels={"app": "s"}, topologySpreadConstraints=spread))
            self.node_of(f"s{i}")
        got = sorted(zones[self.node_of(f"s{i}")] for i in range(4))
        self.assertEqual(got, ["a", "a", "b", "b"])

    def test_the_less_important_make_room(self):
        for name, value in (("low", 1), ("high", 100)):
            self.acme.post("/apis/scheduling.k8s.io/v1/priorityclasses", {
                "metadata": {"name": name}, "value": value})
        self.make(pod("victim", "1500m", priorityClassName="low", nodeSelector={"zone": "b"}))
        self.node_of("victim")
        self.make(pod("neighbour", "400m", priorityClassName="low", nodeSelector={"zone": "b"}))
        self.node_of("neighbour")
        with self.subTest("a policy of never waits"):
            self.acme.post("/apis/scheduling.k8s.io/v1/priorityclasses", {
                "metadata": {"name": "polite"}, "value": 100, "preemptionPolicy": "Never"})
            self.make(pod("polite", "1500m", priorityClassName="polite", nodeSelector={"zone": "b"}))
            self.refusal("polite", "preemption: not eligible due to preemptionPolicy=Never.")
            self.acme.delete(f"{PODS}/polite", {"gracePeriodSeconds": 0})
        uid = self.acme.get(f"{PODS}/victim").json["metadata"]["uid"]
        self.make(pod("vip", "1500m", priorityClassName="high", nodeSelector={"zone": "b"}))
        self.assertEqual(self.node_of("vip"), "b1")
        self.assertEqual(self.acme.get(f"{PODS}/victim").status, 404)
        self.assertEqual(self.acme.get(f"{PODS}/neighbour").status, 200, "one victim is enough")

        def preempted():
            events = self.acme.get("/api/v1/namespaces/default/events").json["items"]
            return [e for e in events if e["reason"] == "Preempted"
                    and e["involvedObject"]["uid"] == uid]
        self.assertRegex(wait_until(preempted)[0]["message"], r"^Preempted by pod \S+ on node b1$")
        event = [e for e in self.acme.get("/apis/events.k8s.io/v1/namespaces/default/events").json["items"]
                 if e["reason"] == "Preempted" and e["regarding"]["uid"] == uid][0]
        self.assertEqual((event["action"], event["reportingController"], event["related"]["name"]),
                         ("Preempting", "default-scheduler", "vip"))
        self.assertRegex(event["eventTime"], r"\.\d{6}Z$")
        self.assertIsNone(event.get("deprecatedCount"))

    def test_other_tenants_neither_repel_nor_make_room(self):
        self.acme.post("/apis/scheduling.k8s.io/v1/priorityclasses", {
            "metadata": {"name": "top"}, "value": 100000})
        for node in ("a1", "a2", "b1"):
            self.make(pod(node, "1500m", labels={"app": "x"},
                          affinity=anti("x", "kubernetes.io/hostname"),
                          nodeSelector={"kubernetes.io/hostname": node}), self.globex)
            self.node_of(node, self.globex)
        self.make(pod("small", labels={"app": "x"}))
        self.node_of("small")
        self.make(pod("big", "1500m", priorityClassName="top"))
        self.refusal("big", "preemption: 0/3 nodes are available")
        for node in ("a1", "a2", "b1"):
            self.assertNotIn("deletionTimestamp",
                             self.globex.get(f"{PODS}/{node}").json["metadata"])


if __name__ == "__main__":
    unittest.main()
