"""The official Python client lists, watches and patches."""
import os
import tempfile
import threading
import unittest

from harness import shared_plane

try:
    from kubernetes import client, config, watch
except ImportError:
    client = None


@unittest.skipIf(client is None, "python3-kubernetes is not installed")
class PythonClient(unittest.TestCase):
    def setUp(self):
        plane = shared_plane()
        plane.tenant("pyclient")
        f = tempfile.NamedTemporaryFile("w", dir=plane.dir, delete=False)
        f.write(plane.kubeconfig("pyclient"))
        f.close()
        self.api = config.new_client_from_config(f.name)
        self.addCleanup(self.api.close)
        self.core, self.apps = client.CoreV1Api(self.api), client.AppsV1Api(self.api)

    def test_list_watch_patch(self):
        self.core.create_namespace({"metadata": {"name": "py"}})
        listed = self.core.list_namespaced_config_map("py")
        seen, ready = [], threading.Event()

        def follow():
            w = watch.Watch()
            for e in w.stream(self.core.list_namespaced_config_map, "py", timeout_seconds=20,
                              resource_version=listed.metadata.resource_version):
                if e["object"].metadata.name == "kube-root-ca.crt":
                    continue
                seen.append((e["type"], e["object"].metadata.name,
                             dict(e["object"].data or {})))
                if e["type"] == "DELETED":
                    w.stop()
            ready.set()

        threading.Thread(target=follow, daemon=True).start()
        self.core.create_namespaced_config_map(
            "py", client.V1ConfigMap(metadata=client.V1ObjectMeta(name="c"), data={"a": "1"}))
        self.core.patch_namespaced_config_map("c", "py", {"data": {"b": "2"}})
        self.core.patch_namespaced_config_map("c", "py", [
            {"op": "remove", "path": "/data/a"}])
        self.core.delete_namespaced_config_map("c", "py")
        self.assertTrue(ready.wait(30))
        self.assertEqual(seen, [("ADDED", "c", {"a": "1"}), ("MODIFIED", "c", {"a": "1", "b": "2"}),
                                ("MODIFIED", "c", {"b": "2"}), ("DELETED", "c", {"b": "2"})])

    def test_a_deployment(self):
        self.apps.create_namespaced_deployment("default", {
            "metadata": {"name": "d"},
            "spec": {"replicas": 0, "selector": {"matchLabels": {"a": "b"}},
                     "template": {"metadata": {"labels": {"a": "b"}},
                                  "spec": {"containers": [{"name": "c", "image": "i"}]}}}})
        d = self.apps.read_namespaced_deployment("d", "default")
        self.assertEqual(d.spec.strategy.type, "RollingUpdate")
        s = self.apps.patch_namespaced_deployment_scale("d", "default", {"spec": {"replicas": 0}})
        self.assertIn(s.spec.replicas, (0, None))  # 0 is left out

    def test_pages(self):
        for i in range(7):
            self.core.create_namespaced_config_map("default", {
                "metadata": {"name": f"page-{i}", "labels": {"t": "page"}}})
        got, cont = [], None
        while True:
            r = self.core.list_namespaced_config_map("default", label_selector="t=page", limit=3,
                                                     _continue=cont)
            got += [i.metadata.name for i in r.items]
            cont = r.metadata._continue
            if not cont:
                break
        self.assertEqual(got, [f"page-{i}" for i in range(7)])

    def test_errors_are_api_exceptions(self):
        with self.assertRaises(client.ApiException) as e:
            self.core.read_namespaced_pod("nope", "default")
        self.assertEqual((e.exception.status, e.exception.reason), (404, "Not Found"))
