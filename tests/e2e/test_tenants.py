"""The life of a tenant over HTTPS."""
import time
import unittest

from harness import TENANTS, Client, shared_plane, wait_until


class Tenants(unittest.TestCase):
    def setUp(self):
        self.plane = shared_plane()

    def test_created_ready_used_and_deleted(self):
        a = self.plane.create_tenant("life")
        self.assertEqual(a.status, 201, a)
        t = a.json
        self.assertEqual(t["status"]["phase"], "Ready")
        self.assertEqual(t["status"]["endpoint"], self.plane.url + "/clusters/life")
        self.assertEqual(t["spec"]["plan"], "standard")
        self.assertEqual([c["status"] for c in t["status"]["conditions"]], ["True"])
        life = self.plane.client("life")
        self.assertEqual(life.get("/api/v1/namespaces/default").status, 200)
        self.assertEqual(life.post("/api/v1/namespaces/default/configmaps",
                                   {"metadata": {"name": "c"}}).status, 201)
        a = self.plane.admin.delete(f"{TENANTS}/life")
        self.assertEqual(a.status, 200, a)
        self.assertIn(life.get("/api/v1/namespaces/default").status, (401, 404))
        self.assertEqual(self.plane.admin.get(f"{TENANTS}/life").status, 404)
        # The same name anew is another cluster: old credentials and objects are gone.
        self.assertEqual(self.plane.create_tenant("life").status, 201)
        self.assertEqual(life.get("/api/v1/namespaces/default").status, 401)
        again = self.plane.client("life")
        self.assertEqual(again.get("/api/v1/namespaces/default/configmaps/c").status, 404)
        self.assertEqual(self.plane.admin.delete(f"{TENANTS}/life").status, 200)

    def test_born_with_what_every_cluster_has(self):
        t = self.plane.tenant("born")
        names = {n["metadata"]["name"] for n in t.get("/api/v1/namespaces").json["items"]}
        self.assertEqual(names, {"default", "kube-node-lease", "kube-public", "kube-system"})
        self.assertEqual(
            t.get("/api/v1/namespaces/default/serviceaccounts/default").status, 200)
        cm = t.get("/api/v1/namespaces/default/configmaps/kube-root-ca.crt")
        self.assertIn("BEGIN CERTIFICATE", cm.json["data"]["ca.crt"])
        svc = t.get("/api/v1/namespaces/default/services/kubernetes").json
        self.assertEqual(svc["spec"]["clusterIP"], "10.96.0.1")
        roles = t.get("/apis/rbac.authorization.k8s.io/v1/clusterroles").json["items"]
        self.assertIn("cluster-admin", {r["metadata"]["name"] for r in roles})

    def test_same_names_in_two_tenants_are_two_objects(self):
        uids = set()
        for name in ("twin-a", "twin-b"):
            t = self.plane.tenant(name)
            a = t.post("/api/v1/namespaces", {"metadata": {"name": "same"}})
            self.assertEqual(a.status, 201, a)
            a = t.post("/api/v1/namespaces/same/configmaps",
                       {"metadata": {"name": "c"}, "data": {"who": name}})
            self.assertEqual(a.status, 201, a)
            uids.add(a.json["metadata"]["uid"])
        self.assertEqual(len(uids), 2)
        for name in ("twin-a", "twin-b"):
            c = self.plane.tenant(name).get("/api/v1/namespaces/same/configmaps/c").json
            self.assertEqual(c["data"]["who"], name)

    def test_names_that_cannot_be(self):
        for name in ("host", "UPPER", "a.b", "-a", "a" * 64):
            a = self.plane.create_tenant(name)
            self.assertEqual(a.status, 422, (name, a))
            self.assertEqual(a.json["reason"], "Invalid")

    def test_an_unknown_plan(self):
        a = self.plane.create_tenant("planless", plan="nope")
        self.assertEqual(a.status, 422, a)
        self.assertIn('"nope"', a.message)

    def test_twice_is_a_conflict(self):
        self.plane.tenant("once")
        a = self.plane.create_tenant("once")
        self.assertEqual((a.status, a.json["reason"]), (409, "AlreadyExists"))

    def test_deletion_protection(self):
        self.assertEqual(self.plane.create_tenant("safe", deletionProtection=True).status, 201)
        a = self.plane.admin.delete(f"{TENANTS}/safe")
        self.assertEqual((a.status, a.json["reason"]), (403, "Forbidden"))
        a = self.plane.admin.patch(f"{TENANTS}/safe", {"spec": {"deletionProtection": False}})
        self.assertEqual(a.status, 200, a)
        self.assertEqual(self.plane.admin.delete(f"{TENANTS}/safe").status, 200)

    def test_suspended_and_resumed(self):
        t = self.plane.tenant("pausing")
        a = self.plane.admin.post(f"{TENANTS}/pausing/suspend")
        self.assertIn(a.status, (200, 201), a)
        self.assertEqual(self.plane.admin.get(f"{TENANTS}/pausing").json["status"]["phase"],
                         "Suspended")
        cms = "/api/v1/namespaces/default/configmaps"
        self.assertEqual(t.get(cms).status, 200)
        a = t.post(cms, {"metadata": {"name": "x"}})
        self.assertEqual(a.status, 403, a)
        self.assertIn("the tenant is suspended", a.message)
        self.assertEqual(t.delete(cms + "/kube-root-ca.crt").status, 403)
        a = self.plane.admin.post(f"{TENANTS}/pausing/resume")
        self.assertIn(a.status, (200, 201), a)
        self.assertEqual(self.plane.admin.get(f"{TENANTS}/pausing").json["status"]["phase"],
                         "Ready")
        self.assertEqual(t.post(cms, {"metadata": {"name": "x"}}).status, 201)

    def test_a_plans_quota_is_exact(self):
        t = self.plane.tenant("small", overrides={"limits": {"configmaps": "3"}})
        codes = [t.post("/api/v1/namespaces/default/configmaps",
                        {"metadata": {"name": f"c{i}"}}).status for i in range(5)]
        self.assertEqual(codes, [201, 201, 201, 403, 403])
        a = t.post("/api/v1/namespaces/default/configmaps", {"metadata": {"name": "x"}})
        self.assertIn("exceeded quota: tenant, requested: configmaps=1, used: configmaps=3, "
                      "limited: configmaps=3", a.message)
        self.assertEqual(t.delete("/api/v1/namespaces/default/configmaps/c0").status, 200)
        self.assertEqual(t.post("/api/v1/namespaces/default/configmaps",
                                {"metadata": {"name": "y"}}).status, 201)
        u = self.plane.admin.get(f"{TENANTS}/small/usage").json["status"]
        self.assertEqual((u["used"]["configmaps"], u["limits"]["configmaps"]), ("3", "3"))

    def test_provisioning_is_quick(self):
        times = []
        for i in range(30):
            began = time.monotonic()
            self.assertEqual(self.plane.create_tenant(f"quick-{i}").status, 201)
            times.append(time.monotonic() - began)
        times.sort()
        self.assertLess(times[-2], 0.25, "creating a tenant takes milliseconds")
        for i in range(30):
            self.plane.admin.delete(f"{TENANTS}/quick-{i}")

    def test_the_platform_group_is_not_in_tenants(self):
        t = self.plane.tenant("plain")
        self.assertEqual(t.get(TENANTS).status, 404)
        groups = {g["name"] for g in t.get("/apis").json["groups"]}
        self.assertNotIn("tenancy.hostplane.io", groups)

    def test_a_kubeconfig_of_a_named_role(self):
        admin = self.plane.tenant("roles")
        for token in (False, True):
            viewer = self.plane.client("roles", token=token, role="view")
            self.assertEqual(viewer.get("/api/v1/namespaces/default/configmaps").status, 200)
            self.assertEqual(viewer.get("/api/v1/namespaces/default/secrets").status, 403)
            self.assertEqual(viewer.post("/api/v1/namespaces", {"metadata": {"name": "x"}}).status, 403)
        bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
        self.assertEqual(admin.get(f"{bindings}/hostplane:role:view").json["roleRef"]["name"], "view")
        self.assertEqual(admin.delete(f"{bindings}/hostplane:role:view").status, 200)
        self.assertEqual(viewer.get("/api/v1/namespaces/default/configmaps").status, 403)
        a = self.plane.admin.post(f"{TENANTS}/roles/kubeconfig", {"spec": {"role": "nobodys"}})
        self.assertEqual((a.status, a.json["details"]["causes"][0]["field"]), (422, "spec.role"))

    def test_kubeconfig_lifetimes(self):
        self.plane.tenant("timely")
        a = self.plane.admin.post(f"{TENANTS}/timely/kubeconfig", {"spec": {"lifetimeSeconds": 1}})
        self.assertEqual(a.status, 422, a)
        text = self.plane.kubeconfig("timely", token=True, lifetimeSeconds=60, user="bob",
                                     groups=["dev"])
        bob = Client.of_kubeconfig(text, self.plane.dir)
        a = bob.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {
            "apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"})
        self.assertEqual(a.status, 201, a)
        who = a.json["status"]["userInfo"]
        self.assertEqual(who["username"], "bob")
        self.assertEqual(who["groups"], ["dev", "system:authenticated"])
        self.assertEqual(bob.get("/api/v1/namespaces").status, 403)
