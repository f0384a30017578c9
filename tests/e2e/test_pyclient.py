"""The official Python client: lists, watches, patches, applies, and finds kinds by discovery."""
import json
import os
import tempfile
import threading
import unittest

from harness import shared_plane, wait_until

try:
    from kubernetes import client, config, dynamic, watch
    from kubernetes.dynamic.exceptions import ConflictError, NotFoundError, ResourceNotFoundError
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

    def test_a_watch_goes_on_where_it_stopped(self):
        self.core.create_namespace({"metadata": {"name": "py-resume"}})

        def follow(version, until):
            seen = []
            w = watch.Watch()
            for e in w.stream(self.core.list_namespaced_config_map, "py-resume", timeout_seconds=20,
                              resource_version=version, field_selector="metadata.name!=kube-root-ca.crt"):
                seen.append((e["type"], e["object"].metadata.name))
                version = e["object"].metadata.resource_version
                if seen[-1] == until:
                    break
            return seen, version

        version = self.core.list_namespaced_config_map("py-resume").metadata.resource_version
        self.core.create_namespaced_config_map("py-resume", {"metadata": {"name": "a"}})
        seen, version = follow(version, ("ADDED", "a"))
        self.assertEqual(seen, [("ADDED", "a")])
        self.core.create_namespaced_config_map("py-resume", {"metadata": {"name": "b"}})
        self.core.delete_namespaced_config_map("a", "py-resume")
        seen, _ = follow(version, ("DELETED", "a"))
        self.assertEqual(seen, [("ADDED", "b"), ("DELETED", "a")])

    def test_a_loop_like_an_informers(self):
        """List, then watch with a short timeout again and again: the copy stays equal, nothing comes twice."""
        self.core.create_namespace({"metadata": {"name": "py-loop"}})
        copy, stop, changes = {}, threading.Event(), []

        def loop():
            listed = self.core.list_namespaced_config_map("py-loop", label_selector="app=x")
            copy.update({i.metadata.name: i.metadata.resource_version for i in listed.items})
            version = listed.metadata.resource_version
            while not stop.is_set():
                for e in watch.Watch().stream(self.core.list_namespaced_config_map, "py-loop", timeout_seconds=1,
                                              label_selector="app=x", resource_version=version,
                                              allow_watch_bookmarks=True):
                    o = e["object"]
                    meta = o["metadata"] if isinstance(o, dict) else o.metadata.to_dict()
                    version = meta.get("resourceVersion") or meta["resource_version"]
                    if e["type"] == "BOOKMARK":
                        continue
                    changes.append((e["type"], meta["name"], version))
                    if e["type"] == "DELETED":
                        copy.pop(meta["name"])
                    else:
                        copy[meta["name"]] = version

        thread = threading.Thread(target=loop, daemon=True)
        thread.start()
        for i in range(20):
            self.core.create_namespaced_config_map("py-loop", {"metadata": {"name": f"m{i}", "labels": {"app": "x"}}})
            if i % 2:
                self.core.patch_namespaced_config_map(f"m{i}", "py-loop", {"data": {"k": str(i)}})
            if i % 5 == 0:
                self.core.delete_namespaced_config_map(f"m{i}", "py-loop")
        want = {i.metadata.name: i.metadata.resource_version for i in
                self.core.list_namespaced_config_map("py-loop", label_selector="app=x").items}
        wait_until(lambda: copy == want)
        stop.set()
        thread.join(10)
        self.assertEqual(len(want), 16)
        self.assertEqual(len(changes), len(set(changes)))

    def test_dynamic_client(self):
        d = dynamic.DynamicClient(self.api)
        maps = d.resources.get(api_version="v1", kind="ConfigMap")
        self.assertEqual((maps.namespaced, maps.short_names), (True, ["cm"]))
        with self.assertRaises(ResourceNotFoundError):
            d.resources.get(api_version="v1", kind="Nonsense")
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "dyn"}, "data": {"k": "v"}}
        made = d.server_side_apply(maps, body=json.dumps(body), name="dyn", namespace="default", field_manager="one")
        self.assertEqual(made.data.k, "v")
        body["data"]["k"] = "w"
        with self.assertRaises(ConflictError) as e:
            d.server_side_apply(maps, body=json.dumps(body), name="dyn", namespace="default", field_manager="two")
        self.assertIn(b'conflict with \\"one\\": .data.k', e.exception.body)
        d.server_side_apply(maps, body=json.dumps(body), name="dyn", namespace="default", field_manager="two",
                            force_conflicts=True)
        for content_type, patch, want in (
                ("application/json-patch+json", [{"op": "add", "path": "/data/j", "value": "1"}], {"j": "1", "k": "w"}),
                ("application/merge-patch+json", {"data": {"k": None}}, {"j": "1"}),
                ("application/strategic-merge-patch+json", {"data": {"m": "2"}}, {"j": "1", "m": "2"})):
            got = d.patch(maps, body=patch, name="dyn", namespace="default", content_type=content_type)
            self.assertEqual(got.to_dict()["data"], want)
        d.delete(maps, name="dyn", namespace="default")
        with self.assertRaises(NotFoundError):
            d.get(maps, name="dyn", namespace="default")

    def test_dynamic_client_and_a_custom_resource(self):
        d = dynamic.DynamicClient(self.api)
        crds = d.resources.get(api_version="apiextensions.k8s.io/v1", kind="CustomResourceDefinition")
        crds.create(body={
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "gadgets.py.example.com"},
            "spec": {"group": "py.example.com", "scope": "Namespaced",
                     "names": {"plural": "gadgets", "singular": "gadget", "kind": "Gadget", "shortNames": ["gg"]},
                     "versions": [{"name": "v1", "served": True, "storage": True,
                                   "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.replicas",
                                                                            "statusReplicasPath": ".status.replicas"}},
                                   "schema": {"openAPIV3Schema": {
                                       "type": "object", "x-kubernetes-preserve-unknown-fields": True}}}]}})
        wait_until(lambda: any(c.type == "Established" and c.status == "True"
                               for c in crds.get(name="gadgets.py.example.com").status.conditions or []))
        d.resources.invalidate_cache()
        gadgets = d.resources.get(api_version="py.example.com/v1", kind="Gadget")
        self.assertEqual(gadgets.short_names, ["gg"])
        gadgets.create(namespace="default", body={"apiVersion": "py.example.com/v1", "kind": "Gadget",
                                                  "metadata": {"name": "g"}, "spec": {"replicas": 2}})
        self.assertEqual(gadgets.scale.get(name="g", namespace="default").spec.replicas, 2)
        gadgets.status.patch(name="g", namespace="default", body={"status": {"replicas": 1}},
                             content_type="application/merge-patch+json")
        seen = []
        for e in gadgets.watch(namespace="default", timeout=5):
            seen.append((e["type"], e["object"].status.replicas))
            break
        self.assertEqual(seen, [("ADDED", 1)])
        crds.delete(name="gadgets.py.example.com")
        wait_until(lambda: "py.example.com" not in
                   [g.name for g in client.ApisApi(self.api).get_api_versions().groups])
