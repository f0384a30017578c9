"""Claims and volumes on a real server: static binding, provisioning, reclaiming."""
import unittest

from harness import Plane, wait_until
from played import PlayedNode

CORE, PVS = "/api/v1/namespaces/default", "/api/v1/persistentvolumes"
CLASSES = "/apis/storage.k8s.io/v1/storageclasses"


class Volumes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane()
        cls.plane.__enter__()
        cls.t = cls.plane.tenant("acme")
        cls.node = PlayedNode(cls.plane, cls.t, "n1", {"kubernetes.io/hostname": "n1"})
        for name, mode in (("now", "Immediate"), ("later", "WaitForFirstConsumer")):
            cls.t.post(CLASSES, {"metadata": {"name": name}, "volumeBindingMode": mode,
                                 "provisioner": "hostplane.io/local-dir"})

    @classmethod
    def tearDownClass(cls):
        cls.node.stop()
        cls.plane.__exit__(None, None, None)

    def volume(self, name, size="5Gi", **spec):
        a = self.t.post(PVS, {"metadata": {"name": name}, "spec": {
            "capacity": {"storage": size}, "accessModes": ["ReadWriteOnce"],
            "hostPath": {"path": "/x"}, **spec}})
        self.assertEqual(a.status, 201, a)

    def claim(self, name, size="1Gi", **spec):
        a = self.t.post(f"{CORE}/persistentvolumeclaims", {"metadata": {"name": name}, "spec": {
            "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}},
            **spec}})
        self.assertEqual(a.status, 201, a)

    def get(self, name):
        return self.t.get(f"{CORE}/persistentvolumeclaims/{name}").json

    def phase(self, name):
        return self.get(name).get("status", {}).get("phase")

    def test_static_binding_takes_the_smallest_and_is_released(self):
        self.volume("big", "9Gi", storageClassName="st")
        self.volume("small", "2Gi", storageClassName="st")
        wait_until(lambda: self.t.get(f"{PVS}/small").json["status"]["phase"] == "Available")
        self.claim("s", storageClassName="st")
        wait_until(lambda: self.phase("s") == "Bound")
        c = self.get("s")
        self.assertEqual((c["spec"]["volumeName"], c["status"]["capacity"]),
                         ("small", {"storage": "2Gi"}))
        v = self.t.get(f"{PVS}/small").json
        self.assertEqual(v["spec"]["claimRef"]["uid"], c["metadata"]["uid"])
        self.assertEqual(v["status"]["phase"], "Bound")
        self.t.delete(f"{CORE}/persistentvolumeclaims/s")
        wait_until(lambda: self.t.get(f"{PVS}/small").json["status"]["phase"] == "Released")

    def test_a_claim_grows_when_its_class_allows_it(self):
        self.t.post(CLASSES, {"metadata": {"name": "grows"}, "volumeBindingMode": "Immediate",
                              "provisioner": "hostplane.io/local-dir",
                              "allowVolumeExpansion": True})
        self.claim("g", storageClassName="grows")
        wait_until(lambda: self.phase("g") == "Bound")
        a = self.t.patch(f"{CORE}/persistentvolumeclaims/g",
                         {"spec": {"resources": {"requests": {"storage": "3Gi"}}}})
        self.assertEqual(a.status, 200, a)
        wait_until(lambda: self.get("g")["status"]["capacity"] == {"storage": "3Gi"})
        v = self.t.get(f"{PVS}/{self.get('g')['spec']['volumeName']}").json
        self.assertEqual(v["spec"]["capacity"], {"storage": "3Gi"})

    def test_nobody_recycles(self):
        self.volume("r", persistentVolumeReclaimPolicy="Recycle", storageClassName="re")
        self.claim("r", storageClassName="re")
        wait_until(lambda: self.phase("r") == "Bound")
        self.t.delete(f"{CORE}/persistentvolumeclaims/r")
        wait_until(lambda: self.t.get(f"{PVS}/r").json["status"]["phase"] == "Failed")
        wait_until(lambda: [e for e in self.t.get("/api/v1/namespaces/default/events").json["items"]
                            if e["reason"] == "VolumeFailedRecycle"])

    def test_a_claim_waits_for_a_volume(self):
        self.claim("w", storageClassName="")
        wait_until(lambda: self.phase("w") == "Pending")
        self.volume("late", storageClassName="")
        wait_until(lambda: self.phase("w") == "Bound")
        self.t.delete(f"{PVS}/late")  # protected as long as it is bound
        self.assertIn("deletionTimestamp", self.t.get(f"{PVS}/late").json["metadata"])
        self.t.patch(f"{PVS}/late", {"metadata": {"finalizers": None}})
        wait_until(lambda: self.phase("w") == "Lost")

    def test_immediate_class_makes_a_volume_and_deletes_it(self):
        self.claim("im", storageClassName="now")
        wait_until(lambda: self.phase("im") == "Bound")
        name = self.get("im")["spec"]["volumeName"]
        self.assertEqual(name, "pvc-" + self.get("im")["metadata"]["uid"])
        v = self.t.get(f"{PVS}/{name}").json
        self.assertEqual(v["spec"]["local"]["path"], f"/var/lib/hostplane/volumes/acme/{name}")
        self.t.delete(f"{CORE}/persistentvolumeclaims/im")
        wait_until(lambda: self.t.get(f"{PVS}/{name}").status == 404)

    def test_the_first_consumer_decides_where(self):
        self.claim("wf", storageClassName="later")
        wait_until(lambda: self.phase("wf") == "Pending")
        a = self.t.post(f"{CORE}/pods", {"metadata": {"name": "user"}, "spec": {
            "containers": [{"name": "c", "image": "run"}],
            "volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "wf"}},
                        {"name": "e", "ephemeral": {"volumeClaimTemplate": {"spec": {
                            "accessModes": ["ReadWriteOnce"], "storageClassName": "later",
                            "resources": {"requests": {"storage": "1Gi"}}}}}}]}})
        self.assertEqual(a.status, 201, a)
        wait_until(lambda: self.t.get(f"{CORE}/pods/user").json["spec"].get("nodeName") == "n1")
        self.assertEqual(self.phase("wf"), "Bound")
        self.assertEqual(self.phase("user-e"), "Bound")
        self.t.delete(f"{CORE}/pods/user")
        wait_until(lambda: self.t.get(f"{CORE}/persistentvolumeclaims/user-e").status == 404)
        self.assertEqual(self.phase("wf"), "Bound")


if __name__ == "__main__":
    unittest.main()
