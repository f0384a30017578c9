"""Zones: hints in EndpointSlices of Services with topology-mode Auto, labels of pods."""
import collections
import unittest

from harness import Plane, wait_until
from played import PlayedNode

CORE = "/api/v1/namespaces/default"
SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
ZONE = "topology.kubernetes.io/zone"
MODE = "service.kubernetes.io/topology-mode"


class Topology(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane()
        cls.plane.__enter__()
        cls.t = cls.plane.tenant("acme")
        cls.nodes = [PlayedNode(cls.plane, cls.t, name, {ZONE: zone})
                     for name, zone in (("one", "east"), ("two", "west"))]

    @classmethod
    def tearDownClass(cls):
        for node in cls.nodes:
            node.stop()
        cls.plane.__exit__(None, None, None)

    def hints(self):
        """How many endpoints each zone takes, and how many have no hint."""
        found = self.t.get(f"{SLICES}?labelSelector=kubernetes.io%2Fservice-name%3Dweb").json
        return collections.Counter(
            e.get("hints", {}).get("forZones", [{"name": None}])[0]["name"]
            for s in found["items"] for e in s["endpoints"] or [])

    def reasons(self):
        events = self.t.get(f"{CORE}/events").json["items"]
        return {e["reason"] for e in events if e["involvedObject"]["name"] == "web"}

    def test_zones_take_endpoints_by_their_cpus(self):
        for i, node in enumerate(("one", "one", "one", "two")):
            a = self.t.post(f"{CORE}/pods", {
                "metadata": {"name": f"p{i}", "labels": {"app": "web"}},
                "spec": {"nodeName": node, "containers": [{"name": "c", "image": "run"}]}})
            self.assertEqual(a.status, 201, a)
        self.t.post(f"{CORE}/services", {
            "metadata": {"name": "web", "annotations": {MODE: "Auto"}},
            "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}})
        wait_until(lambda: self.hints() == {"east": 2, "west": 2})
        wait_until(lambda: "TopologyAwareHintsEnabled" in self.reasons())
        # A node that does not say its zone: nobody is sent anywhere.
        self.plane.admin.patch("/api/v1/nodes/two", {"metadata": {"labels": {ZONE: None}}})
        wait_until(lambda: self.hints() == {None: 4})
        wait_until(lambda: "TopologyAwareHintsDisabled" in self.reasons())
        self.plane.admin.patch("/api/v1/nodes/two", {"metadata": {"labels": {ZONE: "west"}}})
        wait_until(lambda: self.hints() == {"east": 2, "west": 2})
        self.t.patch(f"{CORE}/services/web", {"metadata": {"annotations": {MODE: None}}})
        wait_until(lambda: self.hints() == {None: 4})

    def zone_of_new_pod(self, name):
        a = self.t.post(f"{CORE}/pods", {
            "metadata": {"name": name},
            "spec": {"nodeName": "one", "containers": [{"name": "c", "image": "run"}]}})
        self.assertEqual(a.status, 201, a)
        return a.json["metadata"].get("labels", {}).get(ZONE)

    def test_a_pod_gets_the_zone_that_its_tenant_sees(self):
        self.assertEqual(self.zone_of_new_pod("seen-1"), "east")
        for zone, pod in (("south", "seen-2"), (None, "seen-3"), ("east", "seen-4")):
            a = self.t.patch("/api/v1/nodes/one", {"metadata": {"labels": {ZONE: zone}}})
            self.assertEqual(a.status, 200, a)
            self.assertEqual(self.zone_of_new_pod(pod), zone)


if __name__ == "__main__":
    unittest.main()
