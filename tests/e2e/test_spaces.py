"""Tenants that own namespaces of a shared cluster, with kubectl and the controllers behind them."""
import concurrent.futures
import unittest

from harness import TENANTS, Client, Kubectl, shared_plane, wait_until

API = "/apis/tenancy.hostplane.io/v1"
NS = "/api/v1/namespaces"


class Spaces(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = shared_plane()
        admin = cls.plane.admin
        spec = {"isolation": "namespace", "cluster": "hub", "limits": {"namespaces": "3", "pods": "2"}}
        answer = admin.post(f"{API}/plans", {"metadata": {"name": "spaces"}, "spec": spec})
        assert answer.status in (201, 409), answer
        cls.hub = cls.plane.tenant("hub", shared=True)
        cls.red = cls.plane.tenant("red", plan="spaces")
        cls.black = cls.plane.tenant("black", plan="spaces")
        cls.blue = cls.plane.tenant("blue", plan="spaces")
        assert cls.blue.post(NS, {"metadata": {"name": "blue"}}).status in (201, 409)

    def test_kubectl_finds_its_own(self):
        k = Kubectl(self.plane, "black")
        self.assertIn("created", k("create", "namespace", "black-web"))
        self.assertEqual(k("get", "ns", "-o", "name").split(), ["namespace/black-web"])
        k("-n", "black-web", "create", "configmap", "c", "--from-literal=a=b")
        listed = set(k("get", "cm", "-A", "-o", "name").split())
        self.assertLessEqual(listed, {"configmap/c", "configmap/kube-root-ca.crt"})
        self.assertEqual(k("auth", "can-i", "create", "pods", "-n", "black-web").strip(), "yes")
        self.assertIn("no", k.run("auth", "can-i", "list", "pods", "-n", "blue")[1])
        self.assertIn("no", k.run("auth", "can-i", "list", "nodes")[1])
        code, _, err = k.run("get", "nodes")
        self.assertNotEqual(code, 0)
        self.assertIn("cannot list resource \"nodes\"", err)

    def test_controllers_work_in_it_within_the_limits_of_its_owner(self):
        self.assertEqual(self.red.post(NS, {"metadata": {"name": "red-pods"}}).status, 201)
        labels = {"app": "x"}
        self.assertEqual(self.red.post("/apis/apps/v1/namespaces/red-pods/deployments", {
            "metadata": {"name": "d"},
            "spec": {"replicas": 5, "selector": {"matchLabels": labels},
                     "template": {"metadata": {"labels": labels},
                                  "spec": {"containers": [{"name": "c", "image": "i"}]}}}}).status, 201)
        path = "/api/v1/namespaces/red-pods/pods"
        wait_until(lambda: len(self.red.get(path).json["items"]) == 2)
        used = self.red.get("/apis/usage.hostplane.io/v1/tenantusages/current").json["status"]["used"]
        self.assertEqual(used["pods"], "2")
        self.assertEqual(self.red.get("/api/v1/pods").json["items"][0]["metadata"]["namespace"], "red-pods")
        self.assertEqual(len(self.blue.get("/api/v1/pods").json["items"]), 0)

    def test_a_service_account_has_its_owners_view(self):
        self.assertEqual(self.red.post(NS, {"metadata": {"name": "red"}}).status, 201)
        rbac = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
        self.assertEqual(self.red.post(rbac, {
            "metadata": {"name": "sa"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
            "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": "red"}]}).status, 201)
        account = f"{NS}/red/serviceaccounts/default"
        wait_until(lambda: self.red.get(account).status == 200)
        token = self.red.post(f"{account}/token", {"spec": {}}).json["status"]["token"]
        c = Client.of_kubeconfig(self.plane.kubeconfig("hub"), self.plane.dir, token=token, cert=None,
                                 key=None)
        names = [n["metadata"]["name"] for n in c.get(NS).json["items"]]
        self.assertTrue(names and all(n.startswith("red") for n in names), names)
        self.assertEqual(c.get(f"{NS}/blue/configmaps").status, 403)
        self.assertEqual(c.get("/api/v1/nodes").status, 403)

    def test_it_goes_with_its_namespaces_and_leaves_nothing_to_the_next(self):
        gone = self.plane.tenant("gone", plan="spaces")
        self.assertEqual(gone.post(NS, {"metadata": {"name": "gone-a"}}).status, 201)
        self.assertEqual(self.plane.admin.delete(f"{TENANTS}/gone").status, 200)
        wait_until(lambda: self.hub.get(f"{NS}/gone-a").status == 404)
        self.assertEqual(self.plane.create_tenant("gone", plan="spaces").status, 201)
        again = self.plane.client("gone")
        self.assertEqual(again.get(NS).json["items"], [])
        self.assertEqual(gone.get(NS).status, 401)

    def test_what_is_made_while_it_goes_goes_too(self):
        for i in range(4):
            plan = {"isolation": "namespace", "cluster": "hub"}
            self.plane.admin.post(f"{API}/plans", {"metadata": {"name": "roomy"}, "spec": plan})
            name = f"leaving{i}"
            leaving = self.plane.tenant(name, plan="roomy")
            uid = self.plane.admin.get(f"{TENANTS}/{name}").json["status"]["uid"]

            def create(worker):
                made = 0
                while leaving.post(NS, {"metadata": {"name": f"{name}-{worker}-{made}"}}).status == 201:
                    made += 1
                return made

            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                workers = [pool.submit(create, w) for w in range(4)]
                wait_until(lambda: leaving.get(f"{NS}/{name}-0-3").status == 200)
                gone = wait_until(lambda: next((a for a in [self.plane.admin.delete(f"{TENANTS}/{name}")]
                                                if a.status != 409), None))
                self.assertEqual(gone.status, 200, gone)
                self.assertGreater(sum(w.result() for w in workers), 4)
            label = f"tenancy.hostplane.io%2Ftenant-uid%3D{uid}"
            left = self.hub.get(f"{NS}?labelSelector={label}").json["items"]
            self.assertEqual([n["metadata"]["name"] for n in left if "deletionTimestamp" not in n["metadata"]], [])


if __name__ == "__main__":
    unittest.main()
