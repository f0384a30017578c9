"""Objects that a cluster is born with come back when they are deleted or changed in a way that its server cannot
live with: the Service `kubernetes`, system namespaces, flow control; roles when the server starts."""
import unittest

from harness import Plane, shared_plane, wait_until

FLOW = "/apis/flowcontrol.apiserver.k8s.io/v1"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
AUTO = "apf.kubernetes.io/autoupdate-spec"
KEEP = "rbac.authorization.kubernetes.io/autoupdate"


class BaseObjects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.t = shared_plane().tenant("base-objects")

    def ok(self, a, status=200):
        self.assertEqual(a.status, status, a)
        return a.json

    def soon(self, path, holds):
        def look():
            a = self.t.get(path)
            return a.json if a.status == 200 and holds(a.json) else None
        return wait_until(look)

    def comes_back(self, path):
        """Another object of that name."""
        uid = self.ok(self.t.get(path))["metadata"]["uid"]
        self.ok(self.t.delete(path))
        return self.soon(path, lambda o: o["metadata"]["uid"] != uid)

    def test_the_service_kubernetes(self):
        service = self.comes_back("/api/v1/namespaces/default/services/kubernetes")
        self.assertEqual(service["spec"]["clusterIP"], "10.96.0.1")
        self.assertEqual(service["spec"]["ports"], [{"name": "https", "protocol": "TCP", "port": 443, "targetPort": 6443}])
        self.assertEqual(service["metadata"]["labels"], {"component": "apiserver", "provider": "kubernetes"})
        self.assertEqual(service["metadata"]["managedFields"][0]["manager"], "kube-apiserver")
        a = self.t.post("/api/v1/namespaces/default/services", {
            "metadata": {"name": "other"}, "spec": {"clusterIP": "10.96.0.1", "ports": [{"port": 1}]}})
        self.assertEqual(a.status, 422, a)

    def test_its_endpoints_and_slice(self):
        path = "/api/v1/namespaces/default/endpoints/kubernetes"
        want = self.ok(self.t.get(path))["subsets"]
        self.assertEqual(self.comes_back(path)["subsets"], want)
        self.ok(self.t.patch(path, {"subsets": None}))
        self.soon(path, lambda o: o.get("subsets") == want)
        path = f"{SLICES}/kubernetes"
        want = self.ok(self.t.get(path))["endpoints"]
        self.comes_back(path)
        self.ok(self.t.patch(path, {"endpoints": [{"addresses": ["10.1.1.1"]}]}))
        self.soon(path, lambda o: o["endpoints"] == want)

    def test_a_system_namespace_with_what_belongs_into_it(self):
        path = "/api/v1/namespaces/kube-node-lease"
        self.comes_back(path)
        self.soon(f"{path}/serviceaccounts/default", lambda o: True)
        self.soon(f"{path}/configmaps/kube-root-ca.crt", lambda o: "BEGIN CERT" in o["data"]["ca.crt"])

    def test_mandatory_flow_control(self):
        for path in (f"{FLOW}/flowschemas/catch-all", f"{FLOW}/prioritylevelconfigurations/catch-all"):
            want = self.ok(self.t.get(path))["spec"]
            self.assertEqual(self.comes_back(path)["spec"], want)
        path = f"{FLOW}/flowschemas/catch-all"
        self.ok(self.t.patch(path, {"metadata": {"annotations": {AUTO: "false"}}}))
        self.soon(path, lambda o: o["metadata"]["annotations"][AUTO] == "true")
        path = f"{FLOW}/prioritylevelconfigurations/exempt"
        self.ok(self.t.patch(path, {"spec": {"exempt": {"nominalConcurrencyShares": 9}}}))  # its owner's choice
        o = self.soon(path, lambda o: o["metadata"]["generation"] == 2)
        self.assertEqual(o["spec"]["exempt"]["nominalConcurrencyShares"], 9)

    def test_suggested_flow_control(self):
        path = f"{FLOW}/flowschemas/probes"
        self.ok(self.t.patch(path, {"spec": {"matchingPrecedence": 3}}))
        self.soon(path, lambda o: o["spec"]["matchingPrecedence"] == 2)
        path = f"{FLOW}/flowschemas/service-accounts"
        self.ok(self.t.patch(path, {"metadata": {"annotations": {AUTO: "false"}}, "spec": {"matchingPrecedence": 8999}}))
        self.comes_back(f"{FLOW}/flowschemas/global-default")  # by then it would have been set back
        self.assertEqual(self.ok(self.t.get(path))["spec"]["matchingPrecedence"], 8999)
        spec = {"priorityLevelConfiguration": {"name": "none-such"}, "matchingPrecedence": 77}
        self.ok(self.t.post(f"{FLOW}/flowschemas", {"metadata": {"name": "old", "annotations": {AUTO: "true"}}, "spec": spec}), 201)
        wait_until(lambda: self.t.get(f"{FLOW}/flowschemas/old").status == 404)

    def test_a_flow_schema_without_its_level_dangles(self):
        path = f"{FLOW}/flowschemas/mine"

        def says(o):
            return [(c["type"], c["status"], c["reason"]) for c in o.get("status", {}).get("conditions", [])]
        spec = {"priorityLevelConfiguration": {"name": "mine"}, "matchingPrecedence": 78}
        self.ok(self.t.post(f"{FLOW}/flowschemas", {"metadata": {"name": "mine"}, "spec": spec}), 201)
        self.soon(path, lambda o: says(o) == [("Dangling", "True", "NotFound")])
        level = {"type": "Limited", "limited": {"limitResponse": {"type": "Reject"}}}
        self.ok(self.t.post(f"{FLOW}/prioritylevelconfigurations", {"metadata": {"name": "mine"}, "spec": level}), 201)
        self.soon(path, lambda o: says(o) == [("Dangling", "False", "Found")])
        self.ok(self.t.delete(f"{FLOW}/prioritylevelconfigurations/mine"))
        self.soon(path, lambda o: says(o) == [("Dangling", "True", "NotFound")])
        born = self.ok(self.t.get(f"{FLOW}/flowschemas/exempt"))
        self.assertEqual(says(born), [("Dangling", "False", "Found")])


class Start(unittest.TestCase):
    def test_roles_are_reconciled_when_the_server_starts(self):
        with Plane() as plane:
            t = plane.tenant("roles")

            def role(name):
                return f"{RBAC}/clusterroles/{name}"

            def rules(name):
                return t.get(role(name)).json.get("rules")
            want = {n: rules(n) for n in ("system:discovery", "system:node-proxier", "system:basic-user")}
            t.patch(role("system:discovery"), {"rules": []})
            t.delete(role("system:node-proxier"))
            t.patch(role("system:basic-user"), {"metadata": {"annotations": {KEEP: "false"}}, "rules": []})
            binding = f"{RBAC}/clusterrolebindings/system:basic-user"
            t.patch(binding, {"subjects": [{"kind": "User", "name": "eve", "apiGroup": "rbac.authorization.k8s.io"}]})
            api = "/apis/apiregistration.k8s.io/v1/apiservices/v1.batch"
            t.delete(api)
            plane.stop()
            plane.start()
            t = plane.tenant("roles")
            wait_until(lambda: t.get(role("system:node-proxier")).status == 200)
            self.assertEqual(rules("system:node-proxier"), want["system:node-proxier"])
            wait_until(lambda: len(t.get(binding).json["subjects"]) == 2)
            wait_until(lambda: rules("system:discovery"))
            self.assertIn("/version", [r["nonResourceURLs"][0] for r in rules("system:discovery")])
            self.assertFalse(rules("system:basic-user"))
            wait_until(lambda: t.get(api).status == 200)


if __name__ == "__main__":
    unittest.main()
