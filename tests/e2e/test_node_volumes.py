"""What containers find in their volumes, and what becomes of it."""
import os
import time
import unittest

import yaml

from harness import ROOT, wait_until
from test_agent import can_run
from test_node_pods import PODS, NodeCase, container, pod

V1 = "/api/v1/namespaces/default/"


@unittest.skipUnless(can_run(), "needs root, containerd and the agent")
class Volumes(NodeCase):
    def make(self, resource, body, base=V1):
        a = self.acme.post(base + resource, body)
        self.assertEqual(a.status, 201, a)
        self.addCleanup(self.acme.delete, f"{base}{resource}/{body['metadata']['name']}")

    def test_updates_come_all_at_once_and_optional_ones_come_late(self):
        self.make("configmaps", {"metadata": {"name": "cm"}, "data": {"a": "1", "b": "1"}})
        self.create(pod("mounted", container(
            "while :; do for f in /cm/a /cm/b /late/k; do cat $f 2>/dev/null && echo; done | xargs echo "
            "$(stat -c %a /cm/..data/a); sleep 0.3; done",
            volumeMounts=[{"name": "cm", "mountPath": "/cm"}, {"name": "late", "mountPath": "/late"}]),
            volumes=[{"name": "cm", "configMap": {"name": "cm", "defaultMode": 0o440}},
                     {"name": "late", "secret": {"secretName": "late", "optional": True}}]))
        self.wait_log("mounted", "440 1 1", timeout=30)
        self.acme.patch(V1 + "configmaps/cm", {"data": {"a": "2", "b": None, "c": "x"}})
        self.wait_log("mounted", "\n440 2\n", timeout=20)
        self.make("secrets", {"metadata": {"name": "late"}, "stringData": {"k": "came"}})
        self.wait_log("mounted", "440 2 came", timeout=20)

    def test_downward_and_projected_volumes(self):
        p = pod("down", container(
            "while :; do cat /p/labels; echo; cat /p/cpu /p/mem; echo; stat -c '%a %u %g' /p/..data/token; sleep 0.5; done",
            resources={"limits": {"cpu": "250m", "memory": "64Mi"}},
            volumeMounts=[{"name": "p", "mountPath": "/p"}]),
            securityContext={"runAsUser": 1000, "fsGroup": 2000},
            volumes=[{"name": "p", "projected": {"sources": [
                {"downwardAPI": {"items": [
                    {"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}},
                    {"path": "cpu", "resourceFieldRef": {
                        "containerName": "a", "resource": "limits.cpu", "divisor": "1m"}},
                    {"path": "mem", "resourceFieldRef": {
                        "containerName": "a", "resource": "limits.memory", "divisor": "1Mi"}}]}},
                {"serviceAccountToken": {"path": "token", "expirationSeconds": 3600}}]}}])
        p["metadata"]["labels"] = {"x": "1"}
        self.create(p)
        for line in ('x="1"', "25064", "640 1000 2000"):  # three programs print them, one after the other
            self.wait_log("down", line)
        self.acme.patch(f"{PODS}/down", {"metadata": {"labels": {"x": "2"}}})
        self.wait_log("down", 'x="2"', timeout=20)

    def test_sub_paths_and_what_is_refused(self):
        mount = {"name": "v", "mountPath": "/v"}
        self.create(pod(
            "sub", container("echo -n hi > /v/f; echo done; sleep 100", volumeMounts=[
                {**mount, "subPathExpr": "$(NAME)"}, {"name": "v", "mountPath": "/all"}],
                env=[{"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]),
            container("sleep 1; cat /all/sub/f; echo; sleep 100", "b",
                      volumeMounts=[{"name": "v", "mountPath": "/all"}]),
            volumes=[{"name": "v", "emptyDir": {}}]))
        self.create(pod("bad", container("x", env=[{"name": "P", "value": "/tmp"}],
                                         volumeMounts=[{**mount, "subPathExpr": "$(P)"}]),
                        volumes=[{"name": "v", "emptyDir": {}}]))
        self.create(pod("host", container("x", volumeMounts=[mount]),
                        volumes=[{"name": "v", "hostPath": {"path": "/etc"}}]))
        self.create(pod("sysctl", container("x"), securityContext={
            "sysctls": [{"name": "kernel.msgmax", "value": "1"}]}))
        self.wait_log("sub", "hi", "b")
        self.wait_state("bad", "state.waiting.reason", "CreateContainerConfigError")
        self.assertEqual(self.wait_phase("host", "Failed")["status"]["reason"],
                         "HostAccessForbidden")
        s = self.wait_phase("sysctl", "Failed")["status"]
        self.assertEqual((s["reason"], s["message"]), (
            "SysctlForbidden", 'Pod was rejected: forbidden sysctl: "kernel.msgmax" not allowlisted'))

    def test_memory_and_modes_of_empty_dirs(self):
        self.create(pod("empty", container(
            "stat -c '%a %g' /d /m; grep ' /m ' /proc/mounts; df -k /m | tail -1; sleep 100",
            volumeMounts=[{"name": "d", "mountPath": "/d"}, {"name": "m", "mountPath": "/m"}]),
            securityContext={"fsGroup": 77},
            volumes=[{"name": "d", "emptyDir": {}},
                     {"name": "m", "emptyDir": {"medium": "Memory", "sizeLimit": "8Mi"}}]))
        out = wait_until(lambda: self.log("empty") if "tmpfs" in self.log("empty") else "", 30)
        self.assertIn("2777 77\n2777 77", out)
        self.assertIn("8192", out)

    def test_a_claim_keeps_its_data_until_it_is_deleted(self):
        node = self.agent.name
        path = "/var/lib/hostplane/volumes/acme/pvc-e2e"
        pv = {"metadata": {"name": "pvc-e2e",
                           "annotations": {"pv.kubernetes.io/provisioned-by": "hostplane.io/local-dir"}},
              "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"],
                       "persistentVolumeReclaimPolicy": "Retain", "storageClassName": "x",
                       "claimRef": {"namespace": "default", "name": "data"},
                       "local": {"path": path},
                       "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [
                           {"key": "kubernetes.io/hostname", "operator": "In", "values": [node]}]}]}}}}
        pvc = {"metadata": {"name": "data"},
               "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "x",
                        "volumeName": "pvc-e2e", "resources": {"requests": {"storage": "1Gi"}}}}
        self.make("persistentvolumes", pv, "/api/v1/")
        self.make("persistentvolumeclaims", pvc)
        self.bind("data", "pvc-e2e")
        script = "cat /v/f 2>/dev/null; echo -n more >> /v/f; echo .; sleep 100"
        for i, expected in enumerate((".", "more.", "moremore.")):
            self.create(pod(f"user{i}", container(script, volumeMounts=[
                {"name": "v", "mountPath": "/v"}]), volumes=[
                    {"name": "v", "persistentVolumeClaim": {"claimName": "data"}}]))
            self.assertEqual(self.wait_log(f"user{i}", "."), expected + "\n")
            self.acme.delete(f"{PODS}/user{i}?gracePeriodSeconds=0")
        folder = os.path.join(self.plane.dir, f"agent-{node}/local/acme/pvc-e2e")
        self.assertTrue(os.path.isdir(folder))
        for p in ("/api/v1/persistentvolumes/pvc-e2e", V1 + "persistentvolumeclaims/data"):
            self.acme.delete(p)
            self.acme.patch(p, {"metadata": {"finalizers": None}})
        wait_until(lambda: not os.path.exists(folder), 100)

    def test_a_claim_is_provisioned_on_the_node(self):
        with open(os.path.join(ROOT, "deploy/local-dir.yaml")) as f:
            self.make("storageclasses", yaml.safe_load(f), "/apis/storage.k8s.io/v1/")
        self.make("persistentvolumeclaims", {"metadata": {"name": "made"}, "spec": {
            "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}})
        self.create(pod("maker", container("echo -n kept > /v/f; sleep 1000", volumeMounts=[
            {"name": "v", "mountPath": "/v"}]), volumes=[
                {"name": "v", "persistentVolumeClaim": {"claimName": "made"}}]))
        self.wait_ready("maker")
        self.acme.delete(f"{PODS}/maker?gracePeriodSeconds=0")
        self.create(pod("reader", container("cat /v/f; echo; sleep 1000", volumeMounts=[
            {"name": "v", "mountPath": "/v", "readOnly": True}]), volumes=[
                {"name": "v", "persistentVolumeClaim": {"claimName": "made"}}]))
        self.wait_log("reader", "kept")
        volume = self.acme.get(V1 + "persistentvolumeclaims/made").json["spec"]["volumeName"]
        folder = os.path.join(self.plane.dir, f"agent-{self.agent.name}/local/acme/{volume}")
        self.assertTrue(os.path.exists(folder + "/f"))
        self.acme.delete(f"{PODS}/reader?gracePeriodSeconds=0")
        self.acme.delete(V1 + "persistentvolumeclaims/made")
        wait_until(lambda: not os.path.exists(folder), 120)

    def test_an_image_as_a_volume(self):
        self.create(pod("imaged", container(
            "ls /i/bin/busybox; cat /s/sh >/dev/null && echo sub; touch /i/x 2>/dev/null || echo ro; sleep 1000",
            volumeMounts=[{"name": "i", "mountPath": "/i"},
                          {"name": "i", "mountPath": "/s", "subPath": "bin"}]),
            volumes=[{"name": "i", "image": {"reference": "localhost/busybox:1.35",
                                             "pullPolicy": "IfNotPresent"}}]))
        out = self.wait_log("imaged", "ro\n")
        self.assertIn("/i/bin/busybox\nsub\n", out)
        uid = self.get("imaged")["metadata"]["uid"]
        self.acme.delete(f"{PODS}/imaged?gracePeriodSeconds=0")
        folder = os.path.join(self.plane.dir, f"agent-{self.agent.name}/pods/{uid}")
        wait_until(lambda: not os.path.exists(folder), 30)

    def bind(self, claim, volume):
        """What the binder does, should there be none."""
        time.sleep(1)
        c = self.acme.get(V1 + "persistentvolumeclaims/" + claim).json
        if c["status"].get("phase") != "Bound":
            uid = c["metadata"]["uid"]
            self.acme.patch(f"/api/v1/persistentvolumes/{volume}", {"spec": {"claimRef": {
                "uid": uid}}})
            self.acme.patch(f"{V1}persistentvolumeclaims/{claim}", {"metadata": {"annotations": {
                "pv.kubernetes.io/bind-completed": "yes"}}})
            self.acme.patch(f"{V1}persistentvolumeclaims/{claim}/status",
                            {"status": {"phase": "Bound"}})
