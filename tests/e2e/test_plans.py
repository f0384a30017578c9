"""What a plan promises and bounds: limits to the last object, rates, pools, standards, credentials."""
import concurrent.futures
import json
import threading
import time
import unittest

from harness import TENANTS, Kubectl, Plane, wait_until
from test_scheduler import Nodes, pod

API = "/apis/tenancy.hostplane.io/v1"
CMS, PODS, NODES = ("/api/v1/namespaces/default/configmaps", "/api/v1/namespaces/default/pods",
                    "/api/v1/nodes")


class Plans(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane(external=True)
        cls.plane.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.plane.__exit__(None, None, None)

    def plan(self, name, **spec):
        a = self.plane.admin.post(f"{API}/plans", {"metadata": {"name": name}, "spec": spec})
        self.assertIn(a.status, (201, 409), a)

    def usage(self, tenant):
        return self.plane.admin.get(f"{TENANTS}/{tenant}/usage").json["status"]["used"]

    def test_a_limit_holds_to_the_last_object_under_concurrency(self):
        t = self.plane.tenant("crowd", overrides={"limits": {"count/configmaps": "100"}})

        def create(i):
            return t.post(CMS, {"metadata": {"name": f"c{i}"}}).status

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            codes = list(pool.map(create, range(1000)))
        self.assertEqual((codes.count(201), codes.count(403)), (100, 900))
        self.assertEqual(len([c for c in t.get(CMS).json["items"]
                              if c["metadata"]["name"] != "kube-root-ca.crt"]), 100)

    def test_a_group_counts_exactly_while_a_tenant_moves(self):
        for group in ("ebb", "flow"):
            self.plane.admin.post(f"{API}/tenantgroups", {"metadata": {"name": group}, "spec": {}})
        t = self.plane.tenant("tide", group="ebb")
        self.assertEqual(t.post(CMS, {"metadata": {"name": "always"}}).status, 201)
        is_over = False

        def work(worker):
            i = 0
            while not is_over:
                self.assertEqual(t.post(CMS, {"metadata": {"name": f"w{worker}-{i}"}}).status, 201)
                if i % 3 == 0:
                    self.assertEqual(t.delete(f"{CMS}/w{worker}-{i}").status, 200)
                i += 1

        def used(path):
            return self.plane.admin.get(f"{API}/{path}/usage").json["status"]["used"]

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            workers = [pool.submit(work, w) for w in range(4)]
            try:
                for i in range(30):
                    a = self.plane.admin.patch(f"{TENANTS}/tide", {"spec": {"group": ("flow", "ebb")[i % 2]}})
                    self.assertIn(a.status, (200, 409), a)
                    time.sleep(0.05)
            finally:
                is_over = True
            for w in workers:
                w.result()
        a = wait_until(lambda: next((a for a in [self.plane.admin.patch(
            f"{TENANTS}/tide", {"spec": {"group": "flow"}})] if a.status == 200), None))
        counters = ("count/configmaps", "objects", "bytes")
        wait_until(lambda: [used("tenants/tide").get(c) for c in counters]
                   == [used("tenantgroups/flow").get(c) for c in counters])
        self.assertFalse(set(counters) & set(used("tenantgroups/ebb")))

    def test_a_clone_goes_on_after_a_crash(self):
        with Plane() as plane:
            source = plane.tenant("source", plan="unlimited")
            for i in range(400):
                self.assertEqual(source.post(CMS, {"metadata": {"name": f"c{i}"}, "data": {"n": str(i)}}).status, 201)
            self.assertEqual(plane.create_tenant("half", plan="unlimited", cloneFrom="source").status, 201)
            half = plane.tenant("half")
            wait_until(lambda: len(half.get(CMS).json["items"]) > 20, interval=0.005)
            plane.kill9()
            plane.start()
            half = plane.client("half")
            before = len(half.get(CMS).json["items"])
            self.assertEqual(half.put(f"{CMS}/c0", {"metadata": {"name": "c0"}, "data": {"n": "own"}}).status, 200)

            def is_done():
                conditions = plane.admin.get(f"{TENANTS}/half").json["status"]["conditions"]
                return any(c["type"] == "Cloned" and c["status"] == "True" for c in conditions)

            wait_until(is_done)
            made = {c["metadata"]["name"]: c["data"]["n"] for c in half.get(CMS).json["items"] if "n" in c["data"]}
            self.assertEqual(made, {"c0": "own", **{f"c{i}": str(i) for i in range(1, 400)}})
            self.assertLess(before, 401, "it was complete before the crash")

    def test_history_is_kept_as_the_plan_says(self):
        for bad, status in (("59s", 422), ("soon", 400)):
            a = self.plane.admin.post(f"{API}/plans", {"metadata": {"name": "bad"}, "spec": {"retention": bad}})
            self.assertEqual(a.status, status, a)
        self.plan("brief", retention="10m")
        self.plan("long", retention="6h")
        a = self.plane.admin.patch(f"{API}/plans/brief", {"spec": {"retention": "1s"}})
        self.assertEqual(a.status, 422, a)
        old, token = {}, {}
        for name in ("brief", "long"):
            t = self.plane.tenant(name, plan=name)
            old[name] = t.post(CMS, {"metadata": {"name": "first"}}).json["metadata"]["resourceVersion"]
            token[name] = t.get(f"{CMS}?limit=1").json["metadata"]["continue"]
            self.assertEqual(t.post(CMS, {"metadata": {"name": "second"}}).status, 201)
        self.plane.pg.sql("UPDATE history h SET at = at - 3600 FROM cluster c WHERE c.id = h.cluster"
                          " AND c.name IN ('brief', 'long')")
        for name in old:
            self.assertEqual(self.plane.tenant(name).post(CMS, {"metadata": {"name": "third"}}).status, 201)

        def history(name):
            return self.plane.admin.get(f"{TENANTS}/{name}/usage").json["status"]["history"]

        wait_until(lambda: history("brief").get("oldestRevision", 0) >= int(old["brief"]) + 1)
        self.assertEqual(history("brief")["retention"], "10m0s")
        self.assertEqual(history("long"), {"retention": "6h0m0s"})
        t = self.plane.tenant("brief")
        for query in (f"resourceVersion={old['brief']}&resourceVersionMatch=Exact", f"limit=1&continue={token['brief']}",
                      f"watch=true&resourceVersion={old['brief']}&timeoutSeconds=2"):
            a = t.get(f"{CMS}?{query}")
            self.assertTrue(a.status == 410 or (a.status == 200 and '"code":410' in a.body.decode()), (query, a))
        self.assertEqual(self.plane.pg.sql("SELECT count(*) FROM history h JOIN cluster c ON c.id = h.cluster AND"
                                           " c.name = 'brief' WHERE h.at < extract(epoch FROM now()) - 600").strip(), "0")
        since = history("brief")["oldestRevision"]
        self.assertIn("third", t.get(f"{CMS}?watch=true&resourceVersion={since}&timeoutSeconds=2").body.decode())
        self.plane.stop()  # what is in memory is not what is kept
        self.plane.start()
        found = self.plane.tenant("long").get(
            f"{CMS}?watch=true&resourceVersion={old['long']}&timeoutSeconds=2").body.decode()
        self.assertIn("second", found)
        self.assertIn("third", found)
        self.plane.admin.patch(f"{API}/plans/long", {"spec": {"retention": "100h"}})
        wait_until(lambda: history("long")["retention"] == "24h0m0s")  # the platform's maximum

    def test_what_plans_and_tenants_grant_is_validated(self):
        a = self.plane.admin.post(f"{API}/plans", {"metadata": {"name": "odd"}, "spec": {
            "externalAddresses": ["203.0.113.0/28", "203.0.113.7/28", "all"], "auditBytes": "-1"}})
        self.assertEqual(a.status, 422, a)
        for text in ('spec.externalAddresses[1]: Invalid value: "203.0.113.7/28": must not have bits set beyond',
                     'spec.externalAddresses[2]: Invalid value: "all": must be a valid IP address',
                     'spec.auditBytes: Invalid value: "-1": must be greater than or equal to 0'):
            self.assertIn(text, a.message)
        self.assertNotIn("externalAddresses[0]", a.message)
        for kind, spec in (("plans", {"limits": {"podz": "1", "pods": "1"}}), ("tenantgroups", {"limits": {"podz": "1"}}),
                           ("tenants", {"overrides": {"limits": {"count/podz": "1"}}})):
            a = self.plane.admin.post(f"{API}/{kind}", {"metadata": {"name": "odd"}, "spec": spec})
            self.assertEqual(a.status, 422, (kind, a))
            self.assertIn("must be a name that a ResourceQuota knows", a.message)
            self.assertNotIn("[pods]", a.message)
        a = self.plane.create_tenant("odd", overrides={"externalAddresses": ["010.0.0.1"]})
        self.assertEqual(a.status, 422, a)
        self.assertIn('spec.overrides.externalAddresses[0]: Invalid value: "010.0.0.1": must not have leading 0s', a.message)

    def counted(self, tenant):
        """What the rows themselves say."""
        rows = self.plane.pg.sql(
            "SELECT '#' || o.resource, count(*) FROM object o JOIN cluster c ON c.id = o.cluster"
            f" AND c.name = '{tenant}' AND c.state <> 2 WHERE o.flags & 1 = 0 AND (o.resource NOT LIKE"
            " 'internal/%' OR o.resource = 'internal/nodeoverlays') GROUP BY 1"
            " UNION ALL SELECT 'bytes', sum((octet_length(o.body) - CASE WHEN o.flags & 2 = 2 THEN 30 +"
            " get_byte(o.body, 1) ELSE 0 END + 511) / 512 * 512) FROM object o JOIN cluster c ON"
            f" c.id = o.cluster AND c.name = '{tenant}' AND c.state <> 2 WHERE o.flags & 1 = 0")
        found = dict(line.split("|") for line in rows.splitlines())
        found["objects"] = str(sum(int(n) for k, n in found.items() if k.startswith("#")))
        return found

    def kept(self, tenant):
        rows = self.plane.pg.sql("SELECT u.counter, u.used FROM usage u JOIN cluster c ON c.id ="
                                 f" u.cluster AND c.name = '{tenant}' AND c.state <> 2 WHERE u.used <> 0"
                                 " AND (u.counter LIKE '#%' OR u.counter IN ('objects', 'bytes'))")
        return dict(line.split("|") for line in rows.splitlines())

    def test_counters_are_what_a_count_of_the_rows_gives(self):
        t = self.plane.tenant("counted")
        ns = "/api/v1/namespaces"
        t.post(ns, {"metadata": {"name": "doomed"}})
        wait_until(lambda: t.get(f"{ns}/doomed/serviceaccounts/default").status == 200)
        for i in range(3):
            self.assertEqual(t.post(f"{ns}/doomed/configmaps", {
                "metadata": {"name": f"c{i}"}, "data": {"k": "v" * 700 * i}}).status, 201)
        t.post(f"{ns}/default/secrets", {"metadata": {"name": "s"}, "stringData": {"k": "v" * 600}})
        t.patch(f"{ns}/doomed/configmaps/c0", {"data": {"more": "x" * 5000}})
        t.patch(f"{ns}/default", {"metadata": {"labels": {"changed": "yes"}}})
        self.assertEqual(t.delete(f"{ns}/default/configmaps/kube-root-ca.crt").status, 200)
        t.post(f"{ns}/default/services", {"metadata": {"name": "web"}, "spec": {
            "type": "NodePort", "ports": [{"port": 80}]}})
        self.plane.admin.post(NODES, {"metadata": {"name": "counted-node"}})
        t.patch(f"{NODES}/counted-node", {"metadata": {"labels": {"mine": "yes"}}})
        t.post("/apis/apps/v1/namespaces/default/deployments", {
            "metadata": {"name": "d"}, "spec": {
                "replicas": 2, "selector": {"matchLabels": {"a": "d"}},
                "template": {"metadata": {"labels": {"a": "d"}}, "spec": {
                    "containers": [{"name": "c", "image": "i"}]}}}})
        t.post(f"{ns}/default/resourcequotas", {"metadata": {"name": "q"},
                                                "spec": {"hard": {"pods": "10"}}})
        wait_until(lambda: len(t.get(PODS).json["items"]) == 2)
        wait_until(lambda: self.counted("counted") == self.kept("counted"))
        self.assertEqual(self.usage("counted")["count/deployments.apps"], "1")
        self.assertEqual(self.usage("counted")["services.nodeports"], "1")
        self.assertEqual(t.delete(f"{ns}/doomed").status, 200)
        t.delete("/apis/apps/v1/namespaces/default/deployments/d")
        wait_until(lambda: t.get(f"{ns}/doomed").status == 404)
        wait_until(lambda: not t.get(PODS).json["items"])
        wait_until(lambda: self.counted("counted") == self.kept("counted"))
        self.assertEqual(self.usage("counted").get("pods", "0"), "0")

    def test_every_kind_of_limit(self):
        limits = {"requests.cpu": "2", "limits.memory": "1Gi", "requests.example.com/gpu": "1",
                  "services.nodeports": "1", "namespaces": "1", "bytes": "40Ki",
                  "customresourcedefinitions": "0", "count/deployments.apps": "0",
                  "gold.storageclass.storage.k8s.io/requests.storage": "5Gi"}
        t = self.plane.tenant("bounded", overrides={"limits": limits})
        self.assertEqual(self.plane.admin.get(f"{TENANTS}/bounded/usage").json["status"]["limits"]
                         ["limits.memory"], "1Gi")

        def with_resources(name, **kinds):
            return pod(name, containers=[{"name": "c", "image": "i", "resources": kinds}])

        def claim(name, size):
            return {"metadata": {"name": name}, "spec": {
                "accessModes": ["ReadWriteOnce"], "storageClassName": "gold",
                "resources": {"requests": {"storage": size}}}}

        def service(name, kind):
            return {"metadata": {"name": name}, "spec": {"type": kind, "ports": [{"port": 1}]}}

        svcs = "/api/v1/namespaces/default/services"
        claims = "/api/v1/namespaces/default/persistentvolumeclaims"
        steps = [
            (PODS, with_resources("a", requests={"cpu": "1500m"}), 201, ""),
            (PODS, with_resources("b", requests={"cpu": "501m"}), 403,
             "requested: cpu=501m, used: cpu=1500m, limited: cpu=2"),
            (PODS, with_resources("c", limits={"memory": "2Gi"}), 403, "limited: limits.memory=1Gi"),
            (PODS, with_resources("d", limits={"example.com/gpu": "2"}), 403,
             "limited: requests.example.com/gpu=1"),
            (svcs, service("a", "NodePort"), 201, ""),
            (svcs, service("b", "NodePort"), 403, "limited: services.nodeports=1"),
            (svcs, service("c", "ClusterIP"), 201, ""),
            ("/api/v1/namespaces", {"metadata": {"name": "one"}}, 201, ""),
            ("/api/v1/namespaces", {"metadata": {"name": "two"}}, 403, "limited: namespaces=1"),
            (claims, claim("a", "5Gi"), 201, ""),
            (claims, claim("b", "1Gi"), 403,
             "limited: gold.storageclass.storage.k8s.io/requests.storage=5Gi"),
            ("/apis/apps/v1/namespaces/default/deployments", {
                "metadata": {"name": "d"}, "spec": {
                    "selector": {"matchLabels": {"a": "d"}},
                    "template": {"metadata": {"labels": {"a": "d"}}, "spec": {
                        "containers": [{"name": "c", "image": "i"}]}}}}, 403,
             "limited: count/deployments.apps=0"),
            (CMS, {"metadata": {"name": "big"}, "data": {"k": "x" * 40000}}, 403,
             "limited: bytes=40Ki"),
        ]
        for path, body, status, text in steps:
            with self.subTest(path, name=body["metadata"]["name"]):
                a = t.post(path, body)
                self.assertEqual(a.status, status, a)
                self.assertIn(text, a.message or "")

    def test_a_tenant_sees_what_it_has_in_use(self):
        t = self.plane.tenant("seeing", overrides={"limits": {"configmaps": "7"}})
        t.post(CMS, {"metadata": {"name": "c"}})
        path = "/apis/usage.hostplane.io/v1/tenantusages"
        u = t.get(path + "/current").json
        self.assertEqual((u["kind"], u["status"]["used"]["configmaps"],
                          u["status"]["limits"]["configmaps"]), ("TenantUsage", "1", "7"))
        self.assertEqual([i["metadata"]["name"] for i in t.get(path).json["items"]], ["current"])
        self.assertEqual([t.get(path + "/other").status, t.delete(path + "/current").status,
                          t.post(path, {"metadata": {"name": "x"}}).status], [404, 405, 405])
        self.assertEqual(self.plane.admin.get(path).status, 404)
        nobody = self.plane.client("seeing", user="nobody", groups=["none"])
        self.assertEqual(nobody.get(path + "/current").status, 403)
        self.assertIn("usage.hostplane.io", {g["name"] for g in t.get("/apis").json["groups"]})
        self.assertIn("configmaps: \"7\"", Kubectl(self.plane, "seeing")("get", "tenantusages", "-o",
                                                                         "yaml"))

    def test_a_change_of_a_plan_changes_its_tenants(self):
        self.plan("tight", limits={"configmaps": "1"})
        t = self.plane.tenant("tight", plan="tight")
        codes = [t.post(CMS, {"metadata": {"name": f"c{i}"}}).status for i in range(2)]
        self.assertEqual(codes, [201, 403])
        self.plane.admin.patch(f"{API}/plans/tight", {"spec": {"limits": {"configmaps": "2"}}})
        codes = [t.post(CMS, {"metadata": {"name": f"d{i}"}}).status for i in range(2)]
        self.assertEqual(codes, [201, 403])

    def test_only_who_exceeds_the_rate_is_told_to_wait(self):
        self.plan("slow", rateLimits={"requestsPerSecond": 1, "burst": 5, "watches": 1})
        slow, quick = self.plane.tenant("slow", plan="slow"), self.plane.tenant("quick")
        answers = [slow.get(CMS) for _ in range(12)]
        refused = [a for a in answers if a.status == 429]
        # The first came on a new connection, which counts as two more.
        self.assertTrue(6 <= len(refused) <= 9, [a.status for a in answers])
        self.assertGreaterEqual(int(refused[0].headers["Retry-After"]), 1)
        self.assertEqual(refused[0].body, b"Too many requests, please try again later.\n")
        self.assertEqual({quick.get(CMS).status for _ in range(30)}, {200})
        self.plane.admin.patch(f"{API}/plans/slow", {"spec": {"rateLimits": None}})
        self.assertEqual({slow.get(CMS).status for _ in range(30)}, {200})

    def test_watches_are_bounded_and_given_back(self):
        t = self.plane.tenant("watcher", overrides={"rateLimits": {"watches": 1}})
        path = CMS + "?watch=1&timeoutSeconds=20"
        open_one = t.watch(CMS + "?timeoutSeconds=20")
        next(open_one)
        self.assertEqual(t.get(path).status, 429)
        self.assertEqual(t.get(CMS).status, 200)
        open_one.close()
        wait_until(lambda: t.get(CMS + "?watch=1&timeoutSeconds=1").status == 200)

    def test_plans_that_are_there_from_the_start_let_nobody_out_of_a_pod(self):
        for plan, status in (("free", 403), ("standard", 403), ("unlimited", 201)):
            t = self.plane.tenant(f"wall-{plan}", plan=plan)
            t.patch("/api/v1/namespaces/default", {"metadata": {"labels": {
                "pod-security.kubernetes.io/enforce": "privileged"}}})
            c = {"name": "c", "image": "i"}
            for name, spec in (("net", {"hostNetwork": True}), ("pid", {"hostPID": True}), ("ipc", {"hostIPC": True}),
                               ("path", {"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}),
                               ("dev", {"volumes": [{"name": "v", "hostPath": {"path": "/dev/kmsg", "type": "CharDevice"}}]}),
                               ("all", {"containers": [{**c, "securityContext": {"privileged": True}}]}),
                               ("cap", {"containers": [{**c, "securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}}]}),
                               ("port", {"containers": [{**c, "ports": [{"containerPort": 1, "hostPort": 1}]}]}),
                               ("sysctl", {"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}})):
                with self.subTest(plan=plan, pod=name):
                    a = t.post(PODS, pod(name, **spec))
                    self.assertEqual(a.status, status, a)
                    if status == 403:
                        self.assertIn('violates PodSecurity "baseline:latest"', a.message)

    def test_the_floor_of_pod_security(self):
        self.plan("floored", podSecurityFloor="baseline")
        t = self.plane.tenant("floored", plan="floored")
        bad = pod("bad", hostNetwork=True)
        t.patch("/api/v1/namespaces/default", {"metadata": {"labels": {
            "pod-security.kubernetes.io/enforce": "privileged"}}})
        a = t.post(PODS, bad)
        self.assertEqual((a.status, a.json["reason"]), (403, "Forbidden"))
        self.assertIn('violates PodSecurity "baseline:latest"', a.message)
        self.assertEqual(t.post(PODS, pod("good")).status, 201)
        ephemeral = {"name": "e", "image": "i", "securityContext": {"privileged": True}}
        a = t.patch(PODS + "/good/ephemeralcontainers",
                    {"spec": {"ephemeralContainers": [ephemeral]}},
                    content_type="application/strategic-merge-patch+json")
        self.assertEqual(a.status, 403, a)

    def test_storage_and_runtime_classes(self):
        self.plan("choosy", storageClasses=["fast"], runtimeHandlers=["box"])
        t = self.plane.tenant("choosy", plan="choosy")

        def claim(name, storage_class):
            return t.post("/api/v1/namespaces/default/persistentvolumeclaims", {
                "metadata": {"name": name}, "spec": {
                    "accessModes": ["ReadWriteOnce"], "storageClassName": storage_class,
                    "resources": {"requests": {"storage": "1Gi"}}}})

        self.assertEqual(claim("a", "fast").status, 201)
        self.assertEqual(claim("b", "slow").status, 403)
        self.assertEqual(claim("c", "").status, 403)
        classes = "/apis/node.k8s.io/v1/runtimeclasses"
        self.assertEqual(t.post(classes, {"metadata": {"name": "bad"}, "handler": "runc"}).status, 403)
        self.assertEqual(t.post(classes, {"metadata": {"name": "ok"}, "handler": "box"}).status, 201)
        self.assertEqual(t.post(PODS, pod("bare")).status, 403)
        self.assertEqual(t.post(PODS, pod("boxed", runtimeClassName="ok")).status, 201)

    def test_revoked_credentials_are_dead_at_once(self):
        t = self.plane.tenant("revoked")
        token = self.plane.client("revoked", token=True)
        bob = self.plane.client("revoked", token=True, user="bob", groups=["system:masters"])
        a = t.post("/api/v1/namespaces/default/serviceaccounts/default/token", {
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}})
        account = token.at(token.server)
        account.token = a.json["status"]["token"]
        who = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
        review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
        everybody = {"cert": t, "token": token, "bob": bob, "account": account}

        def alive():
            return {k for k, c in everybody.items() if c.post(who, review).status == 201}

        self.assertEqual(alive(), set(everybody))
        secrets = "/api/v1/namespaces/default/secrets"
        at = t.get(secrets).json["metadata"]["resourceVersion"]
        watches = {k: everybody[k].watch(f"{secrets}?watch=true&resourceVersion={at}", timeout=10) for k in ("bob", "token")}
        told = {k: [] for k in watches}
        threads = [threading.Thread(target=lambda k=k: told[k].extend(e["object"]["metadata"]["name"] for e in watches[k]), daemon=True)
                   for k in watches]
        for x in threads:
            x.start()
        self.assertEqual(t.post(secrets, {"metadata": {"name": "before"}}).status, 201)
        wait_until(lambda: set(map(tuple, told.values())) == {("before",)})
        a = self.plane.admin.post(f"{TENANTS}/revoked/revoke", {"spec": {"user": "bob"}})
        self.assertEqual(a.status, 200, a)
        self.assertEqual(alive(), {"cert", "token", "account"})
        # A watch that is open ends with what it would have told next; another's goes on.
        self.assertEqual(t.post(secrets, {"metadata": {"name": "after"}}).status, 201)
        threads[0].join(8)
        self.assertFalse(threads[0].is_alive())
        wait_until(lambda: told == {"bob": ["before"], "token": ["before", "after"]})
        self.assertEqual(self.plane.admin.post(f"{TENANTS}/revoked/revoke").status, 200)
        self.assertEqual(alive(), {"account"})
        a = self.plane.admin.post(f"{TENANTS}/revoked/revoke", {"spec": {"serviceAccounts": True}})
        self.assertEqual(a.status, 200, a)
        self.assertEqual(alive(), set())
        for kind in (True, False):  # what is issued later is good
            wait_until(lambda: self.plane.client("revoked", token=kind).post(who, review).status == 201)

    def test_admins_that_the_tenant_names(self):
        self.plane.create_tenant("manned", admins=[{"kind": "User", "name": "ann"},
                                                   {"kind": "Group", "name": "ops"}])
        ann = self.plane.client("manned", user="ann", groups=["any"])
        op = self.plane.client("manned", user="oscar", groups=["ops"])
        eve = self.plane.client("manned", user="eve", groups=["any"])
        self.assertEqual([c.get("/api/v1/secrets").status for c in (ann, op, eve)], [200, 200, 403])
        a = ann.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
            "metadata": {"name": "eve"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io",
                                                     "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "eve"}]})
        self.assertEqual(a.status, 201, a)
        self.assertEqual(eve.get("/api/v1/secrets").status, 200)

    def test_an_operator_makes_tenants_and_cannot_look_into_them(self):
        self.plane.admin.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
            "metadata": {"name": "operators"}, "roleRef": {
                "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
                "name": "hostplane:tenant-operator"},
            "subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "olga"}]})
        admin = self.plane.admin  # impersonation is how the host's administrator tries a role out
        h = {"Impersonate-User": "olga"}
        tenant = {"metadata": {"name": "olgas"}, "spec": {}}
        self.assertEqual(admin.post(TENANTS, tenant, headers=h).status, 201)
        self.assertEqual(admin.get(f"{TENANTS}/olgas/usage", headers=h).status, 200)
        for what in ("suspend", "resume", "revoke"):
            self.assertEqual(admin.post(f"{TENANTS}/olgas/{what}", headers=h).status, 200, what)
        self.assertEqual(admin.get(f"{API}/plans", headers=h).status, 200)
        self.assertEqual(admin.post(f"{TENANTS}/olgas/kubeconfig", {"spec": {}}, headers=h).status,
                         403)
        for path in ("/api/v1/secrets", "/api/v1/nodes", "/api/v1/pods"):
            self.assertEqual(admin.get(path, headers=h).status, 403, path)
        # nor does she let herself in, by name, by an issuer of her own, or through a cluster that it shares
        self.plan("olgas", isolation="hybrid", cluster="olgas-hub")
        self.assertEqual(admin.post(TENANTS, {"metadata": {"name": "olgas-hub"}, "spec": {"shared": True}}, headers=h).status, 201)
        self.assertEqual(admin.patch(f"{TENANTS}/olgas", {"spec": {"plan": "olgas", "displayName": "x"}}, headers=h).status, 200)
        issuer = {"issuer": {"url": "https://evil.example", "audiences": ["x"]},
                  "claimMappings": {"username": {"claim": "sub", "prefix": ""}}}
        for spec in ({"admins": [{"kind": "User", "name": "olga"}]}, {"authentication": {"jwt": [issuer]}},
                     {"isolation": "namespace"}):
            a = admin.patch(f"{TENANTS}/olgas", {"spec": spec}, headers=h)
            self.assertEqual(a.status, 403, (spec, a))
            self.assertIn("cannot say who gets into the tenant", a.message)
            if "isolation" not in spec:
                a = admin.post(TENANTS, {"metadata": {"name": "olgas-2"}, "spec": spec}, headers=h)
                self.assertEqual(a.status, 403, (spec, a))
        self.assertEqual(admin.patch(f"{TENANTS}/olgas", {"spec": {"admins": [{"kind": "User", "name": "ann"}]}}).status, 200)
        self.assertEqual(admin.patch(f"{TENANTS}/olgas", {"spec": {"displayName": "y"}}, headers=h).status, 200)
        self.assertEqual(admin.patch(f"{TENANTS}/olgas", {"spec": {"admins": None}}, headers=h).status, 403)
        for name in ("olgas", "olgas-hub"):
            self.assertEqual(admin.delete(f"{TENANTS}/{name}", headers=h).status, 200)

    def test_a_clone_has_the_objects_and_nothing_else_of_its_source(self):
        src = self.plane.tenant("origin")
        cms = "/api/v1/namespaces/shop/configmaps"
        crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        labels = {"app": "web"}
        for path, body in (
                ("/api/v1/namespaces", {"metadata": {"name": "shop"}}),
                (crds, {"metadata": {"name": "toys.example.com"}, "spec": {
                    "group": "example.com", "scope": "Namespaced",
                    "names": {"plural": "toys", "singular": "toy", "kind": "Toy"},
                    "versions": [{"name": "v1", "served": True, "storage": True, "schema": {
                        "openAPIV3Schema": {"type": "object",
                                            "x-kubernetes-preserve-unknown-fields": True}}}]}}),
                (cms, {"metadata": {"name": "c"}, "data": {"k": "v"}}),
                ("/api/v1/namespaces/shop/secrets", {"metadata": {"name": "s"}, "stringData": {"p": "q"}}),
                ("/api/v1/namespaces/shop/services", {"metadata": {"name": "web"}, "spec": {
                    "ports": [{"port": 80}], "selector": labels}}),
                ("/apis/apps/v1/namespaces/shop/deployments", {"metadata": {"name": "web"}, "spec": {
                    "replicas": 2, "selector": {"matchLabels": labels}, "template": {
                        "metadata": {"labels": labels},
                        "spec": {"containers": [{"name": "c", "image": "i"}]}}}})):
            self.assertEqual(src.post(path, body).status, 201, path)
        toys = "/apis/example.com/v1/namespaces/shop/toys"
        wait_until(lambda: src.post(toys, {"apiVersion": "example.com/v1", "kind": "Toy", "metadata": {
            "name": "t"}, "spec": {"n": 1}}).status in (201, 409))
        wait_until(lambda: len(src.get("/api/v1/namespaces/shop/pods").json["items"]) == 2)
        copy = self.plane.tenant("copy", cloneFrom="origin")
        wait_until(lambda: [c["status"] for c in self.plane.admin.get(f"{TENANTS}/copy").json["status"][
            "conditions"] if c["type"] == "Cloned"] == ["True"])
        theirs, ours = src.get(cms + "/c").json, copy.get(cms + "/c").json
        self.assertEqual(ours["data"], {"k": "v"})
        self.assertNotEqual(ours["metadata"]["uid"], theirs["metadata"]["uid"])
        self.assertEqual(copy.get("/api/v1/namespaces/shop/secrets/s").json["data"], {"p": "cQ=="})
        self.assertEqual(copy.get(toys + "/t").json["spec"], {"n": 1})
        wait_until(lambda: len(copy.get("/api/v1/namespaces/shop/pods").json["items"]) == 2)
        self.assertEqual(len(copy.get("/apis/apps/v1/namespaces/shop/replicasets").json["items"]), 1)
        self.assertEqual(src.at(copy.server).get(cms).status, 401)
        self.assertEqual(self.plane.create_tenant("copy2", cloneFrom="nobody").status, 422)
        a = self.plane.admin.patch(f"{TENANTS}/copy", {"spec": {"cloneFrom": "flood"}})
        self.assertEqual(a.status, 422, a)


class Pools(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane()
        cls.plane.__enter__()
        admin = cls.plane.admin
        for name, mode in (("blue", "shared"), ("gold", "dedicated"), ("bronze", "dedicated"), ("rust", "dedicated")):
            admin.post(f"{API}/nodepools", {"metadata": {"name": name}, "spec": {
                "nodeSelector": {"pool": name}, "mode": mode}})
        admin.post(f"{API}/plans", {"metadata": {"name": "blue"}, "spec": {"nodePools": ["blue"]}})
        admin.post(f"{API}/plans", {"metadata": {"name": "gold"}, "spec": {
            "isolation": "dedicated", "nodePools": ["gold"]}})
        cls.any = cls.plane.tenant("any")
        cls.blue = cls.plane.tenant("blue", plan="blue")
        cls.gold = cls.plane.tenant("gold", plan="gold")
        admin.post(f"{API}/plans", {"metadata": {"name": "later"}, "spec": {"isolation": "hybrid"}})
        cls.later = cls.plane.tenant("later", plan="later")
        cls.shift = cls.plane.tenant("shift", overrides={"nodePools": ["rust"]})
        cls.nodes = Nodes(cls.plane, [cls.any, cls.blue, cls.gold, cls.later, cls.shift],
                          {"free": {}, "blue": {"pool": "blue"}, "gold": {"pool": "gold"},
                           "bronze": {"pool": "bronze"}, "rust1": {"pool": "rust"}, "rust2": {"pool": "rust"}})

    @classmethod
    def tearDownClass(cls):
        cls.nodes.stop()
        cls.plane.__exit__(None, None, None)

    def seen(self, t):
        return {n["metadata"]["name"] for n in t.get(NODES).json["items"]}

    def test_nodes_and_pods(self):
        wanted = {"any": (self.any, {"free", "blue"}), "blue": (self.blue, {"blue"}),
                  "gold": (self.gold, {"gold"})}
        for name, (t, nodes) in wanted.items():
            with self.subTest(name):
                self.assertEqual(self.seen(t), nodes)
                for node in ("free", "blue", "gold"):
                    self.assertEqual(t.get(f"{NODES}/{node}").status, 200 if node in nodes else 404)
                    a = t.post(PODS, pod(f"direct-{node}", nodeName=node))
                    self.assertEqual(a.status, 201 if node in nodes else 403, a)
                    t.post(PODS, pod(f"bound-{node}", schedulerName="none"))
                    a = t.post(f"{PODS}/bound-{node}/binding", {
                        "metadata": {"name": f"bound-{node}"},
                        "target": {"kind": "Node", "name": node}})
                    self.assertEqual(a.status, 201 if node in nodes else 403, a)
                for i in range(6):
                    t.post(PODS, pod(f"p{i}"))
                placed = wait_until(lambda: (lambda on: on if all(on) else None)(
                    [t.get(f"{PODS}/p{i}").json["spec"].get("nodeName") for i in range(6)]))
                self.assertLessEqual(set(placed), nodes)
                t.post(PODS, pod("stuck", nodeSelector={"none": "such"}))
                told = wait_until(lambda: [c["message"] for c in t.get(PODS + "/stuck").json["status"]
                                           .get("conditions", []) if c.get("message")])
                self.assertIn(f"0/{len(nodes)} nodes are available", told[0])

    def test_a_dedicated_pool_is_one_tenants(self):
        a = self.plane.create_tenant("second", plan="gold")
        self.assertEqual(a.status, 422, a)
        self.assertEqual(self.plane.admin.get(f"{API}/nodepools/gold").json["status"]["tenant"], "gold")
        self.assertEqual(self.plane.create_tenant("poolless", overrides={"nodePools": ["none"]}).status,
                         422)

    def ready_on(self, t):
        """Where pods are that are ready; others become it."""
        on = []
        for p in t.get(PODS + "?labelSelector=app%3Dweb").json["items"]:
            if "deletionTimestamp" in p["metadata"] or "nodeName" not in p["spec"]:
                continue
            if any(c["type"] == "Ready" and c["status"] == "True"
                   for c in p["status"].get("conditions", [])):
                on.append(p["spec"]["nodeName"])
                continue
            t.patch(f"{PODS}/{p['metadata']['name']}/status", {"status": {
                "phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}})
        return on

    def test_a_plan_that_changes_moves_the_pods_of_its_tenants(self):
        admin, t, labels = self.plane.admin, self.later, {"app": "web"}
        a = t.post("/apis/policy/v1/namespaces/default/poddisruptionbudgets", {
            "metadata": {"name": "web"},
            "spec": {"minAvailable": 2, "selector": {"matchLabels": labels}}})
        self.assertEqual(a.status, 201, a)
        template = pod("x", labels=labels)
        template["metadata"].pop("name")
        a = t.post("/apis/apps/v1/namespaces/default/deployments", {
            "metadata": {"name": "web"}, "spec": {
                "replicas": 3, "selector": {"matchLabels": labels}, "template": template}})
        self.assertEqual(a.status, 201, a)
        wait_until(lambda: len(self.ready_on(t)) == 3)
        a = admin.patch(f"{API}/plans/later", {"spec": {"nodePools": ["bronze"]}})
        self.assertEqual(a.status, 200, a)
        least = [3]

        def is_moved():
            on = self.ready_on(t)
            least[0] = min(least[0], len(on))
            return on == ["bronze"] * 3

        wait_until(is_moved)
        self.assertGreaterEqual(least[0], 2)
        self.assertEqual(admin.get(f"{API}/nodepools/bronze").json["status"]["tenant"], "later")
        wait_until(lambda: [c["status"] for c in admin.get(f"{TENANTS}/later").json["status"][
            "conditions"] if c["type"] == "PodsInPlace"] == ["True"])
        self.assertEqual(self.seen(t), {"bronze"})
        a = admin.patch(f"{TENANTS}/later", {"spec": {"isolation": "dedicated"}})
        self.assertEqual(a.status, 200, a)
        self.assertEqual(len(t.get(PODS + "?labelSelector=app%3Dweb").json["items"]), 3)

    def test_a_node_that_leaves_a_pool_loses_its_pods(self):
        admin, t, labels = self.plane.admin, self.shift, {"app": "web"}
        template = pod("x", labels=labels)
        template["metadata"].pop("name")
        a = t.post("/apis/apps/v1/namespaces/default/deployments", {
            "metadata": {"name": "web"}, "spec": {
                "replicas": 4, "selector": {"matchLabels": labels}, "template": template}})
        self.assertEqual(a.status, 201, a)
        wait_until(lambda: sorted(self.ready_on(t)) == ["rust1"] * 2 + ["rust2"] * 2)
        admin.patch(f"{NODES}/rust1", {"metadata": {"labels": {"pool": "scrap"}}})
        wait_until(lambda: self.ready_on(t) == ["rust2"] * 4)
        admin.patch(f"{NODES}/rust1", {"metadata": {"labels": {"pool": "rust"}}})

    def test_a_tenant_moves_to_another_pool(self):
        admin = self.plane.admin
        admin.post(f"{API}/nodepools", {"metadata": {"name": "silver"}, "spec": {
            "nodeSelector": {"pool": "silver"}, "mode": "dedicated"}})
        t = self.plane.tenant("mover")
        self.assertEqual(self.seen(t), {"free", "blue"})
        watch = t.watch(NODES + "?timeoutSeconds=20")
        self.assertEqual(next(watch)["type"], "ADDED")
        a = admin.patch(f"{TENANTS}/mover", {"spec": {"overrides": {"nodePools": ["silver"]}}})
        self.assertEqual(a.status, 200, a)
        self.assertEqual(admin.get(f"{API}/nodepools/silver").json["status"]["tenant"], "mover")
        self.assertEqual(self.seen(t), set())
        admin.patch(f"{NODES}/free", {"metadata": {"annotations": {"touched": str(time.time())}}})
        self.assertEqual(next(e for e in watch if e["type"] == "ERROR")["object"]["code"], 410)
        a = admin.patch(f"{TENANTS}/mover", {"spec": {"overrides": None}})
        self.assertEqual(a.status, 200, a)
        self.assertEqual(admin.get(f"{API}/nodepools/silver").json["status"].get("tenant", ""), "")
        self.assertEqual(self.seen(t), {"free", "blue"})
        a = admin.patch(f"{TENANTS}/mover", {"spec": {"overrides": {"nodePools": ["silver"]}}})
        self.assertEqual(a.status, 200, a)
        a = admin.delete(f"{TENANTS}/mover")
        self.assertEqual(a.status, 200, a)
        self.assertEqual(admin.get(f"{API}/nodepools/silver").json["status"].get("tenant", ""), "")

    def test_views(self):
        for view, names in (("full", {"free", "blue"}), ("none", set())):
            self.plane.admin.post(f"{API}/plans", {"metadata": {"name": view}, "spec": {
                "nodeView": view}})
            t = self.plane.tenant(f"view-{view}", plan=view)
            with self.subTest(view):
                self.assertEqual(self.seen(t), names)
                t.post(PODS, pod("p"))
                wait_until(lambda: t.get(PODS + "/p").json["spec"].get("nodeName"))
                sets = "/apis/apps/v1/namespaces/default/daemonsets"
                t.post(sets, {"metadata": {"name": "d"}, "spec": {
                    "selector": {"matchLabels": {"a": "d"}},
                    "template": {"metadata": {"labels": {"a": "d"}}, "spec": {
                        "containers": [{"name": "c", "image": "i"}]}}}})
                wait_until(lambda: t.get(sets + "/d").json.get("status", {}).get(
                    "desiredNumberScheduled") == 2)
        real = self.plane.admin.get(f"{NODES}/free").json["status"].get("nodeInfo")
        full = self.plane.tenant("view-full").get(f"{NODES}/free").json["status"].get("nodeInfo")
        self.assertEqual(json.dumps(full), json.dumps(real))


if __name__ == "__main__":
    unittest.main()
