"""Kinds of a tenant's own: the life of a definition, and the example operator at work."""
import os
import subprocess
import sys
import tempfile
import unittest

import yaml
from harness import Plane, wait_until
from played import PlayedNode

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLE = os.path.join(HERE, "../../docs/examples/postgres-operator")
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
PGC = "/apis/db.example.com/v1/namespaces/default/postgresclusters"
MERGE = "application/merge-patch+json"
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def definition(group, plural="widgets", kind="Widget", schema=None, **names):
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.{group}"},
            "spec": {"group": group, "scope": "Namespaced", "names": {"plural": plural, "kind": kind, **names},
                     "versions": [{"name": "v1", "served": True, "storage": True, "schema": {
                         "openAPIV3Schema": schema or {"type": "object", "properties": {
                             "spec": {"type": "object", "properties": {"a": {"type": "string"}}}}}}}]}}


class Definitions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane()
        cls.plane.__enter__()
        cls.t = cls.plane.tenant("acme")

    @classmethod
    def tearDownClass(cls):
        cls.plane.__exit__(None, None, None)

    def define(self, crd):
        a = self.t.post(CRDS, crd)
        self.assertEqual(a.status, 201, a)
        self.wait_condition(crd["metadata"]["name"], "Established", "True")
        spec = crd["spec"]
        path = f"/apis/{spec['group']}/v1/namespaces/default/{spec['names']['plural']}"
        wait_until(lambda: self.t.get(path).status == 200)
        return path

    def condition(self, name, kind):
        conditions = self.t.get(f"{CRDS}/{name}").json.get("status", {}).get("conditions") or []
        return next((c for c in conditions if c["type"] == kind), {})

    def wait_condition(self, name, kind, status):
        wait_until(lambda: self.condition(name, kind).get("status") == status)

    def test_deleting_a_definition_waits_for_objects_with_finalizers(self):
        path = self.define(definition("hold.example.com"))
        for name, extra in (("free", {}), ("held", {"finalizers": ["example.com/hold"]})):
            a = self.t.post(path, {"apiVersion": "hold.example.com/v1", "kind": "Widget",
                                   "metadata": {"name": name, **extra}})
            self.assertEqual(a.status, 201, a)
        a = self.t.delete(f"{CRDS}/widgets.hold.example.com")
        self.assertEqual(a.status, 200, a)
        wait_until(lambda: self.t.get(f"{path}/free").status == 404)
        self.assertEqual(self.condition("widgets.hold.example.com", "Terminating")["status"], "True")
        a = self.t.post(path, {"apiVersion": "hold.example.com/v1", "kind": "Widget",
                               "metadata": {"name": "late"}})
        self.assertEqual(a.status, 405, a)
        self.assertIn("create not allowed while custom resource definition is terminating", a.message)
        a = self.t.patch(f"{path}/held", {"metadata": {"finalizers": None}}, MERGE)
        self.assertEqual(a.status, 200, a)
        wait_until(lambda: self.t.get(f"{CRDS}/widgets.hold.example.com").status == 404)
        wait_until(lambda: self.t.get(path).status == 404)
        # nothing of it comes back
        path = self.define(definition("hold.example.com"))
        self.assertEqual(self.t.get(path).json["items"], [])

    def depend(self, name, group, uid, kind="Widget", version="v1"):
        path = "/api/v1/namespaces/default/configmaps"
        a = self.t.post(path, {"metadata": {"name": name, "ownerReferences": [
            {"apiVersion": f"{group}/{version}", "kind": kind, "name": "w", "uid": uid}]}})
        self.assertEqual(a.status, 201, a)
        return f"{path}/{name}"

    def test_what_depends_on_objects_of_a_definition_goes_with_it(self):
        path = self.define(definition("gone.example.com"))
        a = self.t.post(path, {"apiVersion": "gone.example.com/v1", "kind": "Widget", "metadata": {"name": "w"}})
        self.assertEqual(a.status, 201, a)
        uid = a.json["metadata"]["uid"]
        mine = [self.depend(f"of-gone-{i}", "gone.example.com", uid) for i in range(5)]
        self.assertEqual(self.t.delete(f"{CRDS}/widgets.gone.example.com").status, 200)
        wait_until(lambda: [self.t.get(p).status for p in mine] == [404] * 5)

    def test_owners_of_kinds_that_come_later_are_judged_then(self):
        early = self.depend("early", "late.example.com", "0-0")
        other = self.depend("unserved", "late.example.com", "0-0", version="v9")
        # The collector is known to have met it when it has collected a later one.
        known = self.t.post("/api/v1/namespaces/default/configmaps", {"metadata": {"name": "later", "ownerReferences": [
            {"apiVersion": "v1", "kind": "ConfigMap", "name": "no", "uid": "0-0"}]}})
        self.assertEqual(known.status, 201, known)
        wait_until(lambda: self.t.get("/api/v1/namespaces/default/configmaps/later").status == 404)
        self.assertEqual(self.t.get(early).status, 200)
        self.define(definition("late.example.com"))
        wait_until(lambda: self.t.get(early).status == 404)
        self.assertEqual(self.t.get(other).status, 200)

    def test_objects_that_came_before_their_quota_count(self):
        path = self.define(definition("counted.example.com"))
        for name in ("one", "two"):
            a = self.t.post(path, {"apiVersion": "counted.example.com/v1", "kind": "Widget",
                                   "metadata": {"name": name}})
            self.assertEqual(a.status, 201, a)
        line = "count/widgets.counted.example.com"
        quota = "/api/v1/namespaces/default/resourcequotas"
        a = self.t.post(quota, {"metadata": {"name": "widgets"}, "spec": {"hard": {line: "2"}}})
        self.assertEqual(a.status, 201, a)
        wait_until(lambda: self.t.get(f"{quota}/widgets").json.get("status", {}).get("used") == {line: "2"})
        a = self.t.post(path, {"apiVersion": "counted.example.com/v1", "kind": "Widget", "metadata": {"name": "three"}})
        self.assertEqual(a.status, 403, a)

    def test_each_served_version_is_registered_as_an_api_service(self):
        services = "/apis/apiregistration.k8s.io/v1/apiservices"
        spec = {"group": "listed.example.com", "version": "v1", "groupPriorityMinimum": 1000, "versionPriority": 100}
        self.define(definition("listed.example.com"))
        at = f"{services}/v1.listed.example.com"
        wait_until(lambda: self.t.get(at).status == 200)
        self.assertEqual(self.t.get(at).json["spec"], spec)
        self.assertEqual(self.t.get(at).json["status"]["conditions"][0]["reason"], "Local")
        # what a user changes or deletes comes back
        a = self.t.patch(at, {"spec": {"versionPriority": 7}}, MERGE)
        self.assertEqual(a.status, 200, a)
        wait_until(lambda: self.t.get(at).json["spec"] == spec)
        uid = self.t.get(at).json["metadata"]["uid"]
        self.assertEqual(self.t.delete(at).status, 200)
        wait_until(lambda: self.t.get(at).json.get("metadata", {}).get("uid", uid) != uid)
        self.assertEqual(self.t.delete(f"{CRDS}/widgets.listed.example.com").status, 200)
        wait_until(lambda: self.t.get(at).status == 404)
        # those of the server itself are there from the start
        names = [s["metadata"]["name"] for s in self.t.get(services).json["items"]]
        self.assertIn("v1.", names)
        self.assertIn("v2.autoscaling", names)
        self.assertNotIn("v1.apiregistration.k8s.io", names)

    def published(self, group):
        """Of the group: in aggregated discovery, its document's address with its hash, and its schema of v2."""
        found = self.t.get("/apis", headers={"Accept": AGGREGATED}).json["items"]
        paths = self.t.get("/openapi/v3").json["paths"]
        v2 = self.t.get("/openapi/v2").json
        name = ".".join(reversed(group.split("."))) + ".v1.Widget"
        return (any(i["metadata"]["name"] == group for i in found),
                paths.get(f"apis/{group}/v1", {}).get("serverRelativeURL"),
                f"/apis/{group}/v1/namespaces/{{namespace}}/widgets" in v2["paths"],
                v2["definitions"].get(name, {}).get("properties", {}).get("spec", {}).get("properties"))

    def test_discovery_and_both_documents_tell_of_a_definition(self):
        group = "told.example.com"
        crd = definition(group)
        self.assertEqual(self.published(group), (False, None, False, None))
        self.define(crd)
        wait_until(lambda: all(self.published(group)))
        _, first, _, schema = self.published(group)
        self.assertEqual(list(schema), ["a"])

        schema = {"openAPIV3Schema": {"type": "object", "properties": {
            "spec": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}}}}
        a = self.t.patch(f"{CRDS}/{crd['metadata']['name']}",
                         {"spec": {"versions": [dict(crd["spec"]["versions"][0], schema=schema)]}}, MERGE)
        self.assertEqual(a.status, 200, a)
        wait_until(lambda: sorted(self.published(group)[3]) == ["a", "b"])
        wait_until(lambda: self.published(group)[1] != first)

        self.assertEqual(self.t.delete(f"{CRDS}/{crd['metadata']['name']}").status, 200)
        wait_until(lambda: self.published(group) == (False, None, False, None))

    def test_names_are_given_when_they_become_free(self):
        self.define(definition("names.example.com", shortNames=["wd"]))
        a = self.t.post(CRDS, definition("names.example.com", "gizmos", "Gizmo", shortNames=["wd"]))
        self.assertEqual(a.status, 201, a)
        self.wait_condition("gizmos.names.example.com", "NamesAccepted", "False")
        self.assertEqual(self.condition("gizmos.names.example.com", "Established")["status"], "False")
        self.assertEqual(self.t.delete(f"{CRDS}/widgets.names.example.com").status, 200)
        self.wait_condition("gizmos.names.example.com", "Established", "True")

    def test_objects_that_an_older_schema_stored_are_read_by_the_new_one(self):
        crd = definition("change.example.com")
        path = self.define(crd)
        self.t.post(path, {"apiVersion": "change.example.com/v1", "kind": "Widget",
                           "metadata": {"name": "w"}, "spec": {"a": "x"}})
        a = self.t.patch(f"{CRDS}/widgets.change.example.com", [
            {"op": "replace", "path": "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties",
             "value": {"b": {"type": "integer", "default": 7}}}], "application/json-patch+json")
        self.assertEqual(a.status, 200, a)
        wait_until(lambda: self.t.get(f"{path}/w").json["spec"] == {"b": 7})
        self.assertEqual(self.t.get(path).json["items"][0]["spec"], {"b": 7})

    def test_definitions_of_hundreds_of_kinds_change_quickly(self):
        path = self.define(definition("many.example.com"))
        for i in range(100):
            a = self.t.post(CRDS, definition("many.example.com", f"w{i}s", f"W{i}"))
            self.assertEqual(a.status, 201, a)
        wait_until(lambda: len(self.t.get("/apis/many.example.com/v1").json["resources"]) == 101)
        self.assertEqual(self.t.get(path).status, 200)


class Operator(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane()
        cls.plane.__enter__()
        cls.t = cls.plane.tenant("acme")
        cls.node = PlayedNode(cls.plane, cls.t, "n1")

    @classmethod
    def tearDownClass(cls):
        cls.node.stop()
        cls.plane.__exit__(None, None, None)

    def start_operator(self):
        f = tempfile.NamedTemporaryFile("w", dir=self.plane.dir, delete=False)
        f.write(self.plane.kubeconfig("acme"))
        f.close()
        log = open(os.path.join(self.plane.dir, "operator.log"), "w")
        p = subprocess.Popen([sys.executable, os.path.join(EXAMPLE, "pgoperator.py"), "--kubeconfig", f.name],
                             stdout=log, stderr=log)
        self.addCleanup(p.wait)
        self.addCleanup(p.terminate)

    def make(self, file):
        with open(os.path.join(EXAMPLE, file)) as f:
            for o in yaml.safe_load_all(f):
                root = "/api/v1" if o["apiVersion"] == "v1" else "/apis/" + o["apiVersion"]
                ns = o["metadata"].get("namespace") or ("default" if o["kind"] == "PostgresCluster" else None)
                plural = o["kind"].lower() + "s"
                a = self.t.post(f"{root}/{f'namespaces/{ns}/' if ns else ''}{plural}", o)
                self.assertEqual(a.status, 201, a)

    def refused(self, spec, text):
        a = self.t.patch(f"{PGC}/orders", {"spec": spec}, MERGE)
        self.assertEqual(a.status, 422, a)
        self.assertIn(text, a.message)

    def status(self):
        return self.t.get(f"{PGC}/orders").json.get("status", {})

    def test_the_example(self):
        core, apps = "/api/v1/namespaces/default", "/apis/apps/v1/namespaces/default"
        self.make("crd.yaml")
        wait_until(lambda: self.t.get(PGC).status == 200)
        wait_until(lambda: "apis/db.example.com/v1" in self.t.get("/openapi/v3").json["paths"])
        doc = self.t.get("/openapi/v3/apis/db.example.com/v1").json
        described = doc["components"]["schemas"]["com.example.db.v1.PostgresCluster"]["properties"]
        self.assertEqual(described["spec"]["properties"]["replicas"]["description"], "Number of servers.")
        self.make("rbac.yaml")
        self.start_operator()
        self.make("example.yaml")
        wait_until(lambda: self.t.get(f"{apps}/statefulsets/orders").status == 200)
        password = self.t.get(f"{core}/secrets/orders-password").json["data"]
        self.assertEqual(self.t.get(f"{core}/services/orders").json["spec"]["clusterIP"], "None")
        wait_until(lambda: self.status().get("conditions"))
        self.assertEqual(self.status()["observedGeneration"], 1)

        self.refused({"replicas": 2}, "replicas must be odd")
        self.refused({"version": "15"}, "a cluster cannot go back from 16 to 15")
        self.refused({"storage": "2Gi"}, "storage cannot be changed")
        self.refused({"storage": "much"}, "storage must be a quantity like 1Gi")

        a = self.t.patch(f"{PGC}/orders/scale", {"spec": {"replicas": 3}}, MERGE)
        self.assertEqual(a.status, 200, a)
        wait_until(lambda: self.t.get(f"{apps}/statefulsets/orders").json["spec"]["replicas"] == 3)
        wait_until(lambda: self.status()["observedGeneration"] == 2)
        self.assertEqual(self.t.get(f"{core}/secrets/orders-password").json["data"], password)
        found = self.t.get(f"{PGC}?fieldSelector=spec.version%3D16").json["items"]
        self.assertEqual([o["metadata"]["name"] for o in found], ["orders"])

        a = self.t.delete(f"{PGC}/orders")
        self.assertEqual(a.status, 200, a)
        wait_until(lambda: self.t.get(f"{PGC}/orders").status == 404)
        wait_until(lambda: self.t.get(f"{apps}/statefulsets/orders").status == 404, timeout=60)
        wait_until(lambda: self.t.get(f"{core}/services/orders").status == 404, timeout=60)


if __name__ == "__main__":
    unittest.main()
