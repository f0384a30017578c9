"""Flows of the conformance suite that are more than the life of one object: watches, pages, quotas, namespaces,
reviews, and what the suite's framework itself asks of a cluster. docs/conformance.md names the tests."""
import base64
import json
import unittest

from harness import Kubectl, Plane, shared_plane, wait_until
from test_conformance_api import MERGE, Watch

APPLY = "application/apply-patch+yaml"
IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.56"
CORE_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"


def pod(name, requests=None, limits=None, **spec):
    resources = {k: v for k, v in (("requests", requests), ("limits", limits)) if v}
    return {"metadata": {"name": name},
            "spec": {"containers": [{"name": "pause", "image": IMAGE, "resources": resources}],
                     "nodeSelector": {"no": "such"}, **spec}}


class Flow(unittest.TestCase):
    """Each test in a namespace of its own, made and waited for as the framework does."""

    @classmethod
    def setUpClass(cls):
        cls.t = shared_plane().tenant("conformance-flows")

    def setUp(self):
        a = self.ok(self.t.post("/api/v1/namespaces", {"metadata": {
            "generateName": "e2e-flow-", "labels": {"e2e-framework": "flow", "e2e-run": "1",
                                                    "pod-security.kubernetes.io/enforce": "baseline"}}}), 201)
        self.ns = a["metadata"]["name"]
        self.path = f"/api/v1/namespaces/{self.ns}"
        wait_until(lambda: self.t.get(f"{self.path}/serviceaccounts/default").status == 200)
        ca = wait_until(lambda: self.t.get(f"{self.path}/configmaps/kube-root-ca.crt").json.get("data"))
        self.assertIn("BEGIN CERTIFICATE", ca["ca.crt"])
        self.addCleanup(self.t.delete, self.path)

    def ok(self, a, status=200):
        self.assertEqual(a.status, status, a)
        return a.json

    def config_map(self, name, label, **data):
        return self.ok(self.t.post(f"{self.path}/configmaps", {
            "metadata": {"name": name, "labels": {"watch-this-configmap": label}}, "data": data}), 201)


class Watchers(Flow):
    def test_selectors_see_what_begins_and_ends_to_match(self):
        maps = f"{self.path}/configmaps"
        w = Watch(self.t, f"{maps}?labelSelector=watch-this-configmap%3Da")
        made = self.config_map("c", "a", x="1")
        w.until("ADDED")
        self.ok(self.t.patch(f"{maps}/c", {"metadata": {"labels": {"watch-this-configmap": "b"}}}))
        gone = w.until("DELETED")
        self.assertEqual(gone["data"], {"x": "1"})
        self.assertNotEqual(gone["metadata"]["resourceVersion"], made["metadata"]["resourceVersion"])
        self.ok(self.t.patch(f"{maps}/c", {"data": {"x": "2"}}))
        self.ok(self.t.patch(f"{maps}/c", {"metadata": {"labels": {"watch-this-configmap": "a"}}}))
        self.assertEqual(w.until("ADDED")["data"], {"x": "2"})
        self.ok(self.t.delete(f"{maps}/c"))
        w.until("DELETED")

    def test_a_watch_restarts_where_another_ended_and_all_see_one_order(self):
        maps = f"{self.path}/configmaps"
        versions = [self.config_map("first", "a", n="0")["metadata"]["resourceVersion"]]
        for i in range(1, 6):
            o = self.ok(self.t.patch(f"{maps}/first", {"data": {"n": str(i)}}))
            versions.append(o["metadata"]["resourceVersion"])
        seen = []
        for rv in versions[:3]:
            w = Watch(self.t, f"{maps}?fieldSelector=metadata.name%3Dfirst&resourceVersion={rv}")
            got = [w.until("MODIFIED")["metadata"]["resourceVersion"] for _ in versions[versions.index(rv) + 1:]]
            seen.append(got)
        for rv, got in zip(versions, seen):
            self.assertEqual(got, versions[versions.index(rv) + 1:])


    def test_a_custom_resource_by_its_name(self):
        group, versions = "watched.example.com", "v1beta1"
        self.ok(self.t.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
            "metadata": {"name": f"noxus.{group}"}, "spec": {
                "group": group, "scope": "Cluster", "names": {
                    "plural": "noxus", "singular": "nonenglishnoxu", "kind": "WishIHadChosenNoxu",
                    "shortNames": ["foo", "bar", "abc", "def"], "listKind": "NoxuItemList",
                    "categories": ["all"]},
                "versions": [{"name": versions, "served": True, "storage": True, "schema": {"openAPIV3Schema": {
                    "type": "object", "x-kubernetes-preserve-unknown-fields": True}}}]},
            "status": {"conditions": None, "acceptedNames": {"plural": "", "kind": ""}, "storedVersions": None}}), 201)
        path = f"/apis/{group}/{versions}/noxus"
        wait_until(lambda: self.t.get(path).status == 200)
        names = ("name1", "name2")
        watches = [Watch(self.t, f"{path}?fieldSelector=metadata.name%3D{n}&timeoutSeconds=600") for n in names]
        for name, w in zip(names, watches):
            made = self.ok(self.t.post(path, {
                "apiVersion": f"{group}/{versions}", "kind": "WishIHadChosenNoxu", "metadata": {"name": name},
                "content": {"key": "value"}, "num": {"num1": 9223372036854775807, "num2": 1000000}}), 201)
            self.assertEqual(w.until("ADDED"), made)
        for name, w in zip(names, watches):
            changed = self.ok(self.t.patch(f"{path}/{name}", [{"op": "add", "path": "/dummy", "value": "test"}],
                                           "application/json-patch+json"))
            self.assertEqual(w.until("MODIFIED"), changed)
        for name, w in zip(names, watches):
            self.ok(self.t.delete(f"{path}/{name}", {"kind": "DeleteOptions", "apiVersion": f"{group}/{versions}"}))
            self.assertEqual(w.until("DELETED")["metadata"]["name"], name)


class Pages(Flow):
    def test_pages_of_one_version_and_the_rest_counted(self):
        path = f"{self.path}/podtemplates"
        for i in range(40):
            self.ok(self.t.post(path, {"metadata": {"name": f"template-{i:04d}"}, "template": {
                "spec": {"containers": [{"name": "test", "image": "test2"}]}}}), 201)
        for limit in (1, 7, 17, 40):
            found, cont, version = 0, "", None
            while True:
                page = self.ok(self.t.get(f"{path}?limit={limit}" + (f"&continue={cont}" if cont else "")))
                version = version or page["metadata"]["resourceVersion"]
                self.assertEqual(page["metadata"]["resourceVersion"], version)
                self.assertLessEqual(len(page["items"]), limit)
                for item in page["items"]:
                    self.assertEqual(item["metadata"]["name"], f"template-{found:04d}")
                    found += 1
                cont = page["metadata"].get("continue", "")
                if not cont:
                    self.assertNotIn("remainingItemCount", page["metadata"])
                    break
                self.assertEqual(page["metadata"]["remainingItemCount"] + found, 40)
            self.assertEqual(found, 40)
        gone = self.ok(self.t.delete(f"{path}?limit=15"))  # a page of them, and how to go on
        self.assertEqual((len(gone["items"]), gone["metadata"]["remainingItemCount"]), (15, 25))
        gone = self.ok(self.t.delete(f"{path}?limit=15&continue={gone['metadata']['continue']}"))
        self.assertEqual((len(gone["items"]), gone["metadata"]["remainingItemCount"]), (15, 10))
        self.assertEqual(len(self.ok(self.t.get(path))["items"]), 10)

    def test_an_old_token_goes_on_from_now(self):
        """In a cluster where nothing else is written, so that the revision moves by itself."""
        with Plane(args=("--compaction-interval", "2")) as plane:
            t, path = plane.tenant("pages"), "/api/v1/namespaces/default/podtemplates"
            for i in range(20):
                self.ok(t.post(path, {"metadata": {"name": f"template-{i:04d}"}, "template": {
                    "spec": {"containers": [{"name": "test", "image": "test2"}]}}}), 201)
            first = self.ok(t.get(f"{path}?limit=2"))["metadata"]
            used = self.bytes_used(plane, "pages")
            gone = wait_until(lambda: next((a for a in [t.get(f"{path}?limit=2&continue={first['continue']}")]
                                            if a.status == 410), None), 30)
            self.assertEqual((gone.json["reason"], gone.json["code"]), ("Expired", 410))
            found, cont, versions = 2, gone.json["metadata"]["continue"], set()
            while cont:
                page = self.ok(t.get(f"{path}?limit=2&continue={cont}"))
                self.assertEqual([i["metadata"]["name"] for i in page["items"]],
                                 [f"template-{found + i:04d}" for i in range(2)])
                found += 2
                versions.add(page["metadata"]["resourceVersion"])
                cont = page["metadata"].get("continue")
                self.assertEqual(page["metadata"].get("remainingItemCount"), 20 - found if cont else None)
            self.assertEqual(found, 20)
            self.assertEqual(len(versions), 1)
            self.assertNotIn(first["resourceVersion"], versions)
            self.assertEqual(self.bytes_used(plane, "pages"), used)  # what the server notes for it is nobody's

    def bytes_used(self, plane, tenant):
        path = f"/apis/tenancy.hostplane.io/v1/tenants/{tenant}/usage"
        return self.ok(plane.admin.get(path))["status"]["used"]["bytes"]

    def test_a_review_is_no_table(self):
        body = {"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1",
                "spec": {"nonResourceAttributes": {"path": "/", "verb": "get"}}}
        path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        self.assertEqual(self.t.post(path, body, headers={"Accept": CORE_TABLE}).status, 406)
        a = self.t.post(path, body, headers={"Accept": CORE_TABLE + ",application/json"})
        self.assertEqual(self.ok(a, 201)["kind"], "SelfSubjectAccessReview")
        self.assertEqual(self.ok(self.t.get("/api/v1/nodes", headers={"Accept": CORE_TABLE}))["kind"], "Table")


class Fields(Flow):
    """FieldValidation."""

    def deployment(self, meta="", spec=""):
        return f"""{{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {{"name": "my-dep", {meta}
            "labels": {{"app": "nginx"}}}}, "spec": {{{spec} "selector": {{"matchLabels": {{"app": "nginx"}}}},
            "template": {{"metadata": {{"labels": {{"app": "nginx"}}}}, "spec": {{"containers": [{{
            "name": "nginx", "image": "nginx:latest"}}]}}}}}}}}"""

    def test_typed_objects(self):
        path = f"/apis/apps/v1/namespaces/{self.ns}/deployments?fieldManager=m&fieldValidation=Strict"
        for body, words in (
                (self.deployment(spec='"unknownField": "foo", "replicas": 2, "replicas": 3,'),
                 'strict decoding error: unknown field "spec.unknownField", duplicate field "spec.replicas"'),
                (self.deployment(meta='"unknownMeta": "foo",'),
                 'strict decoding error: unknown field "metadata.unknownMeta"')):
            self.assertIn(words, self.t.post(path, body).message)

    def test_custom_resources(self):
        inner = {"type": "object", "properties": {"foo": {"type": "string"}, "cronSpec": {
            "type": "string", "pattern": r"^(\d+|\*)(/\d+)?(\s+(\d+|\*)(/\d+)?){4}$"}}}
        embedded = {"type": "object", "x-kubernetes-embedded-resource": True, "properties": {
            "metadata": {"type": "object", "properties": {"name": {"type": "string"}}}, "spec": {"type": "object"}}}
        open_ = {**inner, "x-kubernetes-preserve-unknown-fields": True,
                 "properties": {**inner["properties"], "template": embedded}}
        rows = (
            ("any", {"type": "object", "x-kubernetes-preserve-unknown-fields": True}, "", "  unknown: uk1\n", None),
            ("exact", {"type": "object", "properties": {"spec": inner}}, "", "", None),
            ("extra", {"type": "object", "properties": {"spec": inner}}, "unknownField: unknown\n", "",
             ".unknownField: field not declared in schema"),
            ("metas", {"type": "object", "properties": {"spec": open_}}, "", "  template:\n    apiversion: foo/v1\n"
             "    kind: Sub\n    metadata:\n        unknownSubMeta: unknown\n        name: subobject\n",
             "errors:\n  .metadata.unknownMeta: field not declared in schema\n"
             "  .spec.template.metadata.unknownSubMeta: field not declared in schema"),
            ("twice", {"type": "object", "properties": {"spec": open_}}, "", "  unknown: uk1\n  foo: foo1\n",
             'line 11: key "foo" already set in map'))
        for name, schema, root, spec, words in rows:
            with self.subTest(name):
                self.apply(name, schema, root, spec, words)

    def apply(self, name, schema, root, spec, words):
        group = f"{name}.fields.example.com"
        self.ok(self.t.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
            "metadata": {"name": f"noxus.{group}"},
            "spec": {"group": group, "scope": "Cluster", "names": {"plural": "noxus", "kind": "Noxu"},
                     "versions": [{"name": v, "served": True, "storage": v == "v1beta1",
                                   "schema": {"openAPIV3Schema": schema}} for v in ("v1beta1", "v1beta2")]}}), 201)
        path = f"/apis/{group}/v1beta1/noxus"
        wait_until(lambda: self.t.get(path).status == 200)
        meta = "  unknownMeta: unknown\n" if name == "metas" else ""
        body = (f"\napiVersion: {group}/v1beta1\nkind: Noxu\nmetadata:\n  name: mytest\n{meta}  finalizers:\n"
                f"  - test-finalizer\n{root}spec:\n{spec}  foo: foo1\n  cronSpec: \"* * * * */5\"\n")
        a = self.t.patch(f"{path}/mytest?fieldManager=m&fieldValidation=Strict", body, APPLY)
        if words:
            self.assertIn(words, a.message)
            return
        self.ok(a, 201)
        self.ok(self.t.patch(f"{path}/mytest", {"metadata": {"finalizers": None}}, MERGE))


class Quotas(Flow):
    def quota(self, name, scopes=None, **hard):
        spec = {"hard": hard}
        if scopes:
            spec["scopes"] = scopes
        self.ok(self.t.post(f"{self.path}/resourcequotas", {"metadata": {"name": name}, "spec": spec}), 201)

    def wait_used(self, name, **used):
        def look():
            status = self.t.get(f"{self.path}/resourcequotas/{name}").json.get("status", {})
            return all(status.get("used", {}).get(k) == v for k, v in used.items()) and status
        return wait_until(look)

    def test_life_of_a_pod(self):
        self.quota("test-quota", **{"services": "10", "pods": "5", "cpu": "1", "memory": "500Mi",
                                    "ephemeral-storage": "50Gi", "requests.example.com/dongle": "3"})
        self.wait_used("test-quota", pods="0", cpu="0")
        first = pod("test-pod", {"cpu": "500m", "memory": "252Mi", "ephemeral-storage": "30Gi", "example.com/dongle": "2"},
                    {"example.com/dongle": "2"})
        self.ok(self.t.post(f"{self.path}/pods", first), 201)
        self.wait_used("test-quota", pods="1", cpu="500m", memory="252Mi",
                       **{"ephemeral-storage": "30Gi", "requests.example.com/dongle": "2"})
        for name, requests in (("fail-pod", {"cpu": "600m", "memory": "100Mi"}),
                               ("fail-pod-2", {"cpu": "500m", "memory": "100Mi", "ephemeral-storage": "30Gi",
                                               "example.com/dongle": "2"})):
            limits = {k: v for k, v in requests.items() if "/" in k}
            a = self.t.post(f"{self.path}/pods", pod(name, requests, limits))
            self.assertEqual(a.status, 403, a)
        a = self.t.patch(f"{self.path}/pods/test-pod", {"spec": {"containers": [{"name": "pause", "image": IMAGE,
                         "resources": {"requests": {"cpu": "100m"}}}]}}, "application/strategic-merge-patch+json")
        self.assertEqual(a.status, 422, a)
        self.ok(self.t.delete(f"{self.path}/pods/test-pod?gracePeriodSeconds=0"))
        self.wait_used("test-quota", pods="0", cpu="0", memory="0")

    def test_counts_of_objects(self):
        self.quota("counts", **{"services": "10", "services.nodeports": "1", "services.loadbalancers": "1",
                                "configmaps": "10", "secrets": "10", "count/replicasets.apps": "5",
                                "replicationcontrollers": "5", "persistentvolumeclaims": "2"})
        before = self.wait_used("counts", services="0")["used"]
        make = [("services", {"spec": {"type": "NodePort", "ports": [{"port": 80}]}},
                 {"services": "1", "services.nodeports": "1"}),
                ("configmaps", {"data": {}}, {"configmaps": str(int(before["configmaps"]) + 1)}),
                ("secrets", {"data": {}}, {"secrets": str(int(before["secrets"]) + 1)}),
                ("replicationcontrollers", {"spec": {"replicas": 0, "selector": {"a": "b"}, "template": {
                    "metadata": {"labels": {"a": "b"}}, "spec": pod("x")["spec"]}}}, {"replicationcontrollers": "1"}),
                ("persistentvolumeclaims", {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {
                    "requests": {"storage": "1Gi"}}}}, {"persistentvolumeclaims": "1"})]
        for plural, body, used in make:
            self.ok(self.t.post(f"{self.path}/{plural}", {"metadata": {"name": "test"}, **body}), 201)
            self.wait_used("counts", **used)
        for kind, code in (("NodePort", 403), ("LoadBalancer", 403), ("ClusterIP", 201)):
            a = self.t.post(f"{self.path}/services", {"metadata": {"name": kind.lower()}, "spec": {
                "type": kind, "ports": [{"port": 80}]}})
            self.assertEqual(a.status, code, a)
        for plural, _, used in make:
            self.ok(self.t.delete(f"{self.path}/{plural}/test"))
        self.wait_used("counts", services="1", configmaps=before["configmaps"], secrets=before["secrets"],
                       replicationcontrollers="0", **{"services.nodeports": "0"})

    def test_scopes(self):
        self.quota("best", ["BestEffort"], pods="5")
        self.quota("not-best", ["NotBestEffort"], pods="5")
        self.quota("terminating", ["Terminating"], pods="5")
        self.quota("not-terminating", ["NotTerminating"], pods="5")
        for name, p, one, none in (
                ("a", pod("a"), ("best", "not-terminating"), ("not-best", "terminating")),
                ("b", pod("b", {"cpu": "500m"}, {"cpu": "500m"}, activeDeadlineSeconds=3600),
                 ("not-best", "terminating"), ("best", "not-terminating"))):
            self.ok(self.t.post(f"{self.path}/pods", p), 201)
            for q in one:
                self.wait_used(q, pods="1")
            for q in none:
                self.wait_used(q, pods="0")
            self.ok(self.t.delete(f"{self.path}/pods/{name}?gracePeriodSeconds=0"))
            for q in one:
                self.wait_used(q, pods="0")


class Namespaces(Flow):
    def test_status_finalizers_and_the_end(self):
        path = self.path
        now = self.ok(self.t.get(f"{path}/status"))
        self.assertEqual(now["status"]["phase"], "Active")
        cond = {"type": "StatusPatch", "status": "True", "reason": "E2E", "message": "Patched by an e2e test"}
        o = self.ok(self.t.patch(f"{path}/status", {"metadata": {"annotations": {"e2e-patched-ns-status": self.ns}},
                                                    "status": {"conditions": [cond]}}, MERGE))
        self.assertEqual(o["metadata"]["annotations"]["e2e-patched-ns-status"], self.ns)
        self.assertEqual([c["type"] for c in o["status"]["conditions"]], ["StatusPatch"])
        o["status"]["conditions"].append({**cond, "type": "StatusUpdate"})
        self.assertEqual(len(self.ok(self.t.put(f"{path}/status", o))["status"]["conditions"]), 2)
        live = self.ok(self.t.get(path))
        live["spec"]["finalizers"].append("e2e.example.com/fakeFinalizer")
        o = self.ok(self.t.put(f"{path}/finalize", live))
        self.assertEqual(o["spec"]["finalizers"], ["kubernetes", "e2e.example.com/fakeFinalizer"])
        o["spec"]["finalizers"].remove("e2e.example.com/fakeFinalizer")
        self.ok(self.t.put(f"{path}/finalize", o))
        self.ok(self.t.post(f"{path}/services", {"metadata": {"name": "test-service"}, "spec": {
            "ports": [{"port": 80, "targetPort": 8080}]}}), 201)
        self.ok(self.t.delete(path))
        wait_until(lambda: self.t.get(path).status == 404)
        self.ok(self.t.post("/api/v1/namespaces", {"metadata": {"name": self.ns}}), 201)
        self.assertEqual(self.t.get(f"{path}/services/test-service").status, 404)

    def test_pods_go_first(self):
        path = self.path
        body = pod("test-pod")
        body["metadata"]["finalizers"] = ["e2e.example.com/finalizer"]
        self.ok(self.t.post(f"{path}/pods", body), 201)
        self.ok(self.t.post(f"{path}/configmaps", {"metadata": {"name": "test-configmap"}}), 201)
        self.ok(self.t.delete(path))
        wait_until(lambda: self.t.get(f"{path}/pods/test-pod").json["metadata"].get("deletionTimestamp"))

        def reasons():
            status = self.t.get(path).json["status"]
            return {c["type"]: c["status"] for c in status.get("conditions", [])}.get("NamespaceFinalizersRemaining") == "True"
        wait_until(reasons)
        self.assertEqual(self.t.get(f"{path}/configmaps/test-configmap").status, 200)
        self.ok(self.t.patch(f"{path}/pods/test-pod", {"metadata": {"finalizers": None}}, MERGE))
        wait_until(lambda: self.t.get(path).status == 404)


def described(text, **more):
    return {"description": text, "type": "object", **more}


FOO = described("Foo CRD for Testing", properties={
    "spec": described("Specification of Foo", properties={"bars": {
        "description": "List of Bars and their specs.", "type": "array", "items": {
            "type": "object", "required": ["name"], "properties": {
                "name": {"description": "Name of Bar.", "type": "string"},
                "feeling": {"description": "Whether Bar is feeling great.", "type": "string", "enum": ["Great", "Down"]},
                "bazs": {"description": "List of Bazs.", "type": "array", "items": {"type": "string"}}}}}}),
    "status": described("Status of Foo", properties={"quxType": {"pattern": "in-tree|out-of-tree", "type": "string"}})})
ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


class PublishOpenAPI(Flow):
    def definitions(self):
        return self.ok(self.t.get("/openapi/v2"))["definitions"]

    def define(self, group, kind, schema, *versions):
        plural = kind.lower() + "s"
        self.ok(self.t.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
            "metadata": {"name": f"{plural}.{group}"}, "spec": {
                "group": group, "scope": "Namespaced", "names": {"plural": plural, "kind": kind}, "versions": [
                    {"name": v, "served": True, "storage": v == versions[0], "schema": {"openAPIV3Schema": schema}}
                    for v in versions]}}), 201)
        return [".".join([*reversed(group.split(".")), v, kind]) for v in versions]

    def shown(self, name):
        d = wait_until(lambda: self.definitions().get(name))
        d.pop("x-kubernetes-group-version-kind")
        for own in ("apiVersion", "kind", "metadata"):
            d.get("properties", {}).pop(own, None)
        return d

    def test_what_is_published(self):
        group = f"{self.ns}.example.com"
        names = self.define(group, "Foo", FOO, "v2", "v3")
        for name in names:
            self.assertEqual(self.shown(name), FOO)
        self.assertEqual(self.shown(self.define(group, "Empty", ANYTHING, "v1")[0]), {"type": "object"})
        path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/foos.{group}"
        self.ok(self.t.patch(path, [{"op": "replace", "path": "/spec/versions/1/name", "value": "v4"}],
                             "application/json-patch+json"))
        self.assertEqual(self.shown(names[1].replace(".v3.", ".v4.")), FOO)
        self.assertNotIn(names[1], self.definitions())
        self.assertEqual(self.shown(names[0]), FOO)
        self.ok(self.t.patch(path, [{"op": "replace", "path": "/spec/versions/1/served", "value": False}],
                             "application/json-patch+json"))
        wait_until(lambda: names[1].replace(".v3.", ".v4.") not in self.definitions())

    def test_what_kubectl_makes_of_it(self):
        group = f"{self.ns}.example.com"
        k = Kubectl(shared_plane(), "conformance-flows")
        for kind, schema in (("Foo", FOO), ("Empty", ANYTHING), ("Root", {**FOO, **ANYTHING})):
            self.shown(self.define(group, kind, schema, "v1")[0])
        ns = f"--namespace={self.ns}"
        for kind, more in (("Foo", {"spec": {"bars": [{"name": "test-bar"}]}}), ("Empty", {"a": {"b": [{"c": "d"}]}}),
                           ("Root", {"a": {"b": [{"c": "d"}]}})):
            body = json.dumps({"kind": kind, "apiVersion": f"{group}/v1", "metadata": {"name": "test-cr"}, **more})
            for verb in ("create", "apply"):
                k(ns, verb, "-f", "-", stdin=body)
                k(ns, "delete", f"{kind.lower()}s.{group}", "test-cr")
        if k.minor() < 27:
            return
        for what, pattern in (
                ("", r"(?s)DESCRIPTION:.*Foo CRD for Testing.*FIELDS:.*apiVersion.*<string>.*APIVersion defines.*spec.*"
                     r"<Object>.*Specification of Foo"),
                ("metadata", r"(?s)DESCRIPTION:.*Standard object's metadata.*FIELDS:.*creationTimestamp.*<string>.*"
                             r"CreationTimestamp is a timestamp"),
                ("spec.bars", r"(?s)bars.*<\[\]Object>.*DESCRIPTION:.*List of Bars and their specs.*FIELDS:.*bazs.*"
                              r"<\[\]string>.*List of Bazs.*name.*<string>.*Name of Bar")):
            out = k("explain", f"foos{'.' + what if what else ''}", f"--api-version={group}/v1")
            self.assertRegex(out, pattern)
        self.assertRegex(k("explain", "emptys", f"--api-version={group}/v1"), r"(?s)DESCRIPTION:.*<empty>")
        code, out, err = k.run("explain", "foos.spec.bars2", f"--api-version={group}/v1")
        self.assertNotEqual(code, 0)
        self.assertIn('field "bars2" does not exist', out + err)


class Framework(Flow):
    def test_what_the_framework_asks(self):
        version = self.ok(self.t.get("/version"))
        self.assertEqual((version["major"], version["minor"]), ("1", "36"))
        self.assertRegex(version["gitVersion"], r"^v1\.36\.\d+")
        for path in ("/healthz", "/readyz", "/livez"):
            self.assertEqual(self.t.get(path).body, b"ok")
        a = self.t.get("/apis", headers={"Accept": "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"})
        self.assertIn("as=APIGroupDiscoveryList", a.headers["Content-Type"])
        found = {(g["metadata"]["name"], v["version"], r["resource"]) for g in self.ok(a)["items"] for v in g["versions"]
                 for r in v["resources"]}
        for row in (("apps", "v1", "deployments"), ("autoscaling", "v1", "horizontalpodautoscalers"),
                    ("apiregistration.k8s.io", "v1", "apiservices"), ("storage.k8s.io", "v1", "csinodes"),
                    ("authorization.k8s.io", "v1", "selfsubjectaccessreviews")):
            self.assertIn(row, found)
        groups = self.ok(self.t.get("/apis"))["groups"]
        for g in groups:
            one = self.ok(self.t.get("/apis/" + g["name"]))
            self.assertEqual(one["preferredVersion"], g["preferredVersion"])
            self.assertIn(g["preferredVersion"], g["versions"])

    def test_tokens_and_reviews(self):
        sa = f"{self.path}/serviceaccounts"
        self.ok(self.t.post(sa, {"metadata": {"name": "e2e-sa"}}), 201)
        token = self.ok(self.t.post(f"{sa}/e2e-sa/token", {"kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1",
                                                           "spec": {"expirationSeconds": 3600}}), 201)["status"]["token"]
        review = self.ok(self.t.post("/apis/authentication.k8s.io/v1/tokenreviews", {
            "kind": "TokenReview", "apiVersion": "authentication.k8s.io/v1", "spec": {"token": token}}), 201)
        self.assertTrue(review["status"]["authenticated"])
        self.assertEqual(review["status"]["user"]["username"], f"system:serviceaccount:{self.ns}:e2e-sa")
        self.assertNotIn("error", review["status"])
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        keys = self.ok(self.t.get("/.well-known/openid-configuration"))
        self.assertEqual(keys["issuer"], claims["iss"])
        for kind, path, spec in (
                ("SubjectAccessReview", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {"user": "e2e"}),
                ("LocalSubjectAccessReview",
                 f"/apis/authorization.k8s.io/v1/namespaces/{self.ns}/localsubjectaccessreviews",
                 {"user": "e2e"})):
            spec = {**spec, "resourceAttributes": {"verb": "list", "resource": "configmaps", "namespace": self.ns,
                                                   "version": "v1"}}
            a = self.ok(self.t.post(path, {"kind": kind, "apiVersion": "authorization.k8s.io/v1", "spec": spec}), 201)
            self.assertFalse(a["status"]["allowed"])
