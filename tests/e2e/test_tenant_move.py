"""Tenants that go from namespaces of a shared cluster to a cluster of their own and back, in use and through crashes."""
import base64
import http.client
import random
import threading
import time
import unittest

from harness import TENANTS, Client, Plane, wait_for_value, wait_until
from test_scheduler import Nodes

API = "/apis/tenancy.hostplane.io/v1"
NS = "/api/v1/namespaces"


def deployment(name, replicas):
    labels = {"app": name}
    return {"metadata": {"name": name}, "spec": {
        "replicas": replicas, "selector": {"matchLabels": labels}, "template": {
            "metadata": {"labels": labels}, "spec": {"terminationGracePeriodSeconds": 0, "containers": [
                {"name": "c", "image": "i", "resources": {"requests": {"cpu": "10m"}}}]}}}}


class Ready(threading.Thread):
    """Makes pods ready that have a node, and remembers the fewest that a deployment had, at both places together."""

    def __init__(self, clients, app):
        super().__init__(daemon=True)
        self.clients, self.app, self.least, self.is_over = clients, app, 0, False
        self.start()

    def look(self):
        ready = set()
        for c in self.clients:
            for p in c.get(f"/api/v1/pods?labelSelector=app%3D{self.app}").json.get("items", []):
                meta = p["metadata"]
                if "nodeName" not in p["spec"] or "deletionTimestamp" in meta:
                    continue
                if p["status"].get("phase") == "Running":
                    ready.add(meta["uid"])
                else:
                    c.patch(f"{NS}/{meta['namespace']}/pods/{meta['name']}/status", {"status": {
                        "phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}})
        return len(ready)

    def run(self):
        while not self.is_over:
            try:
                n = self.look()
            except OSError:
                continue
            self.least = min(self.least, n)
            time.sleep(0.02)

    def begin(self, n):
        """Count from now on; what was looked at before does not."""
        self.least = n
        time.sleep(0.3)
        self.least = n

    def stop(self):
        self.is_over = True
        self.join()


class Move(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = cls.enterClassContext(Plane(external=True))
        cls.hub = cls.plane.tenant("hub", plan="unlimited", shared=True)
        for name, limits in (("mixed", {}), ("tight", {"pods": "2"})):
            a = cls.plane.admin.post(f"{API}/plans", {"metadata": {"name": name}, "spec": {
                "isolation": "hybrid", "cluster": "hub", "limits": limits}})
            assert a.status == 201, a
        cls.nodes = Nodes(cls.plane, [], {"n1": {}})
        cls.addClassCleanup(cls.nodes.stop)

    def send(self, name, isolation):
        a = self.plane.admin.patch(f"{TENANTS}/{name}", {"spec": {"isolation": isolation}})
        self.assertEqual(a.status, 200, a)

    def status(self, name):
        return self.plane.admin.get(f"{TENANTS}/{name}").json["status"]

    def moved(self, name):
        return next((c for c in self.status(name).get("conditions", []) if c["type"] == "Moved"), {})

    def is_at(self, name, isolation):
        s = self.status(name)
        self.last = s
        return s["isolation"] == isolation and "move" not in s and self.moved(name).get("status") == "True"

    def wait_at(self, name, isolation):
        try:
            wait_until(lambda: self.is_at(name, isolation), 60)
        except AssertionError as e:
            raise AssertionError(f"{self.last}") from e

    def counted(self, name):
        used = self.plane.admin.get(f"{TENANTS}/{name}/usage").json["status"]["used"]
        return {k: v for k, v in used.items() if k.split("/")[-1].split(".")[0] in (
            "configmaps", "secrets", "services", "deployments", "replicasets", "pods", "namespaces")}

    def test_there_and_back_with_what_it_has(self):
        t = self.plane.tenant("roam", plan="mixed", isolation="namespace")
        token = Client.of_kubeconfig(self.plane.kubeconfig("roam", token=True), self.plane.dir)
        self.assertEqual(t.post(NS, {"metadata": {"name": "roam-a", "labels": {"x": "y"}}}).status, 201)
        at = f"{NS}/roam-a"
        self.assertEqual(self.hub.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
            "metadata": {"name": "tools.example.com"}, "spec": {
                "group": "example.com", "scope": "Namespaced", "names": {"plural": "tools", "kind": "Tool"},
                "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {
                    "type": "object", "x-kubernetes-preserve-unknown-fields": True}}}]}}).status, 201)
        tools = "/apis/example.com/v1/namespaces/roam-a/tools"
        tool = {"apiVersion": "example.com/v1", "kind": "Tool", "metadata": {"name": "t"}, "spec": {"a": 1}}
        wait_until(lambda: t.post(tools, tool).status in (201, 409))
        t.post(f"{at}/configmaps", {"metadata": {"name": "c"}, "data": {"k": "v"}})
        t.post(f"{at}/secrets", {"metadata": {"name": "s"}, "data": {"k": "c2VjcmV0"}})
        t.post(f"{at}/services", {"metadata": {"name": "web"}, "spec": {
            "type": "NodePort", "selector": {"app": "web"}, "ports": [{"port": 80, "nodePort": 30777}]}})
        t.post("/apis/rbac.authorization.k8s.io/v1/clusterroles", {"metadata": {"name": "mine"}, "rules": []})
        self.assertEqual(t.post("/apis/apps/v1/namespaces/roam-a/deployments", deployment("web", 3)).status, 201)
        play = Ready([self.hub, t], "web")
        self.addCleanup(play.stop)
        wait_until(lambda: play.look() == 3)
        paths = [f"{at}/configmaps/c", f"{at}/secrets/s", f"{at}/services/web", tools + "/t", at,
                 "/apis/apps/v1/namespaces/roam-a/deployments/web", f"{at}/serviceaccounts/default",
                 "/apis/rbac.authorization.k8s.io/v1/clusterroles/mine"]

        def seen():
            got = [t.get(p) for p in paths]
            self.assertEqual([a.status for a in got], [200] * len(got), got)
            for i in (0, 1, 2, 3):
                got[i].json["metadata"].pop("resourceVersion")
            return [(a.json["metadata"]["uid"], a.json.get("data"), a.json["spec"].get("clusterIP")
                     if "clusterIP" in a.json.get("spec", {}) else None) for a in got]

        before, counted = seen(), self.counted("roam")
        play.begin(3)
        ended = []
        watcher = threading.Thread(target=lambda: ended.extend(
            self.plane.client("roam").watch(f"{at}/configmaps?resourceVersion={self.version(t, at)}")))
        watcher.start()
        time.sleep(0.3)
        self.send("roam", "virtual")
        self.wait_at("roam", "virtual")
        self.assertEqual(seen(), before)
        self.assertEqual(token.get(f"{at}/configmaps/c").status, 200)
        self.assertEqual(self.hub.get(at).status, 404)
        self.assertEqual(self.hub.get(f"{at}/configmaps").json["items"], [])
        self.assertGreaterEqual(play.least, 3)
        wait_for_value(lambda: self.counted("roam"), counted)
        watcher.join(10)
        self.assertEqual([e["type"] for e in ended][-1:], ["ERROR"], ended)
        self.assertNotIn("DELETED", [e["type"] for e in ended])
        # it has cluster scope now; what has no place in namespaces keeps it there
        self.assertEqual(t.post(f"{NS}/default/configmaps", {"metadata": {"name": "extra"}}).status, 201)
        self.assertEqual(t.post("/apis/scheduling.k8s.io/v1/priorityclasses", {
            "metadata": {"name": "urgent"}, "value": 5}).status, 201)
        # so does what would mean something else there: roles of its own, accounts and definitions of others
        bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/roam-a/rolebindings"
        group = "rbac.authorization.k8s.io"
        self.assertEqual(t.post(bindings, {"metadata": {"name": "to-mine"}, "roleRef": {
            "apiGroup": group, "kind": "ClusterRole", "name": "mine"}}).status, 201)
        self.assertEqual(t.post(bindings, {"metadata": {"name": "to-other"}, "roleRef": {
            "apiGroup": group, "kind": "ClusterRole", "name": "view"}, "subjects": [
                {"kind": "ServiceAccount", "name": "default", "namespace": "kube-system"}]}).status, 201)
        own = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/tools.example.com"
        schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"a": {"type": "integer"}}}}}
        before_it = t.get(own).json["spec"]["versions"]
        changed = [{**before_it[0], "schema": {"openAPIV3Schema": schema}}]
        self.assertEqual(t.patch(own, {"spec": {"versions": changed}}).status, 200)
        self.send("roam", "namespace")
        wait_until(lambda: self.moved("roam").get("reason") == "Blocked")
        for what in ("configmap default/extra", "priorityclass urgent", "roam-a/to-mine names clusterrole mine",
                     "roam-a/to-other names a serviceaccount in namespace kube-system", "tools.example.com is not defined"):
            wait_until(lambda: what in self.moved("roam")["message"])
        self.assertEqual(t.patch(own, {"spec": {"versions": before_it}}).status, 200)
        for name in ("to-mine", "to-other"):
            self.assertEqual(t.delete(f"{bindings}/{name}").status, 200)
        # somebody takes the name in the shared cluster: nothing goes into what is not the tenant's
        self.assertEqual(self.hub.post(NS, {"metadata": {"name": "roam-a"}}).status, 201)
        self.assertEqual(t.delete(f"{NS}/default/configmaps/extra").status, 200)
        wait_until(lambda: "namespace roam-a is there already" in self.moved("roam")["message"])
        self.assertEqual(self.hub.get(f"{at}/secrets").json["items"], [])
        self.assertEqual(self.hub.delete(at).status, 200)
        self.assertEqual(t.delete("/apis/scheduling.k8s.io/v1/priorityclasses/urgent").status, 200)
        self.wait_at("roam", "namespace")
        self.assertEqual(seen(), before)
        self.assertEqual(self.hub.get(f"{at}/configmaps/c").json["metadata"]["uid"], before[0][0])
        self.assertEqual(t.get("/api/v1/nodes").status, 403)
        wait_for_value(lambda: self.counted("roam"), counted)

    def account(self, t, ns):
        """Tokens of an account of its own: one that was asked for, and one in a Secret."""
        self.assertEqual(t.post(f"{NS}/{ns}/serviceaccounts", {"metadata": {"name": "ci"}}).status, 201)
        self.assertEqual(t.post("/apis/rbac.authorization.k8s.io/v1/namespaces/" + ns + "/rolebindings", {
            "metadata": {"name": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
                                                    "name": "edit"},
            "subjects": [{"kind": "ServiceAccount", "name": "ci", "namespace": ns}]}).status, 201)
        self.assertEqual(t.post(f"{NS}/{ns}/secrets", {
            "metadata": {"name": "ci", "annotations": {"kubernetes.io/service-account.name": "ci"}},
            "type": "kubernetes.io/service-account-token"}).status, 201)
        kept = wait_until(lambda: t.get(f"{NS}/{ns}/secrets/ci").json.get("data", {}).get("token"))
        return [self.asked(t, ns), base64.b64decode(kept).decode()]

    def by(self, token, base):
        return Client.of_kubeconfig(self.plane.kubeconfig("hub", token=True), self.plane.dir, server=base, token=token)

    @staticmethod
    def asked(t, ns):
        return t.post(f"{NS}/{ns}/serviceaccounts/ci/token", {"spec": {"expirationSeconds": 3600}}).json["status"]["token"]

    def is_let_in(self, tokens, ns, bases, name):
        for i, token in enumerate(tokens):
            for base in bases:
                with self.subTest("token", number=i, base=base, name=name):
                    c = self.by(token, base)
                    a = c.post(f"{NS}/{ns}/configmaps", {"metadata": {"generateName": f"{name}-"}})
                    self.assertEqual(a.status, 201, a)
                    self.assertEqual(c.get(f"{NS}/{ns}/configmaps/{a.json['metadata']['name']}").status, 200)
                    self.assertEqual(c.get("/api/v1/namespaces/kube-system/secrets").status, 403)

    def test_tokens_of_service_accounts_stay_good(self):
        t = self.plane.tenant("wander", plan="mixed", isolation="namespace")
        ns = "wander-a"
        own, shared, root = f"{self.plane.url}/clusters/wander", f"{self.plane.url}/clusters/hub", self.plane.url
        self.assertEqual(t.post(NS, {"metadata": {"name": ns}}).status, 201)
        first = self.account(t, ns)
        self.is_let_in(first, ns, [own, shared, root], "before")
        other = self.plane.tenant("wanderer", plan="mixed", isolation="namespace")
        self.assertEqual(other.post(NS, {"metadata": {"name": "wanderer-a"}}).status, 201)
        second = self.account(other, "wanderer-a")
        for token in second:  # of the same shared cluster, and of another tenant
            self.assertEqual(self.by(token, own).get(f"{NS}/{ns}/configmaps").status, 401)
        self.send("wander", "virtual")
        self.wait_at("wander", "virtual")
        self.is_let_in(first, ns, [own, shared, root], "away")
        self.assertEqual(self.hub.get(f"{NS}/{ns}").status, 404)
        for token in second:
            self.assertEqual(self.by(token, own).get(f"{NS}/{ns}/configmaps").status, 401)
        # the shared cluster's own reviews do not take it for an account of theirs
        review = self.hub.post("/apis/authentication.k8s.io/v1/tokenreviews", {"spec": {"token": first[0]}})
        self.assertNotIn("authenticated", review.json["status"])
        review = t.post("/apis/authentication.k8s.io/v1/tokenreviews", {"spec": {"token": first[0]}})
        self.assertEqual(review.json["status"]["user"]["username"], f"system:serviceaccount:{ns}:ci")
        # a namespace of that name in the shared cluster is somebody else's
        self.assertEqual(self.hub.post(NS, {"metadata": {"name": ns}}).status, 201)
        self.is_let_in(first, ns, [own, shared], "namesake")
        self.assertEqual(self.hub.get(f"{NS}/{ns}/configmaps?fieldSelector=metadata.name!=kube-root-ca.crt").json["items"], [])
        self.assertEqual(self.hub.delete(f"{NS}/{ns}").status, 200)
        wait_until(lambda: self.hub.get(f"{NS}/{ns}").status == 404)
        third = [self.asked(t, ns)]
        self.is_let_in(third, ns, [own, root], "own")
        self.assertEqual(self.by(third[0], shared).get(f"{NS}/{ns}/configmaps").status, 401)
        self.send("wander", "namespace")
        self.wait_at("wander", "namespace")
        self.is_let_in(first, ns, [own, shared, root], "back")
        self.is_let_in(third, ns, [own, root], "back")
        # they die with their account, and with a revocation
        a = self.plane.admin.post(f"{TENANTS}/wander/revoke", {"spec": {"serviceAccounts": True}})
        self.assertLess(a.status, 300, a)
        for token in first + third:
            self.assertEqual(self.by(token, own).get(f"{NS}/{ns}/configmaps").status, 401)

    def test_versions_of_before_are_too_old_and_events_come_along(self):
        t = self.plane.tenant("moving", plan="mixed", isolation="namespace")
        ns = f"{NS}/moving-a"
        self.assertEqual(t.post(NS, {"metadata": {"name": "moving-a"}}).status, 201)
        self.assertEqual(t.post(f"{ns}/configmaps", {"metadata": {"name": "c"}}).status, 201)
        self.assertEqual(t.post(f"{ns}/events", {
            "metadata": {"name": "said"}, "reason": "Told", "message": "of before", "type": "Normal",
            "involvedObject": {"kind": "ConfigMap", "name": "c", "namespace": "moving-a"}}).status, 201)
        for there in ("virtual", "namespace", "virtual"):
            before = t.get(f"{ns}/configmaps").json["metadata"]["resourceVersion"]
            self.send("moving", there)
            self.wait_at("moving", there)
            seen = next(t.watch(f"{ns}/configmaps?resourceVersion={before}"))
            self.assertEqual((seen["type"], seen["object"].get("code")), ("ERROR", 410), (there, seen))
            a = t.get(f"{ns}/configmaps?resourceVersion={before}&resourceVersionMatch=Exact")
            self.assertEqual((a.status, a.json["reason"]), (410, "Expired"), a)
            now = t.get(f"{ns}/configmaps").json["metadata"]["resourceVersion"]
            if there == "virtual":
                self.assertGreater(int(now), int(before))
            watch = t.watch(f"{ns}/configmaps?resourceVersion={now}")
            self.assertEqual(t.patch(f"{ns}/configmaps/c", {"data": {"at": there}}).status, 200)
            self.assertEqual(next(watch)["object"]["data"], {"at": there})
            watch.close()
            self.assertEqual(t.get(f"{ns}/events/said").json.get("message"), "of before")

    def test_a_cluster_that_is_shared_stays_one(self):
        self.assertEqual(self.plane.tenant("guest", plan="mixed", isolation="namespace").post(
            NS, {"metadata": {"name": "guest-a"}}).status, 201)
        for spec in ({"isolation": "namespace", "shared": False, "cluster": "hub"},
                     {"isolation": "namespace", "shared": False, "cluster": "elsewhere"}):
            a = self.plane.admin.patch(f"{TENANTS}/hub", {"spec": spec})
            self.assertEqual(a.status, 422, a)

    @staticmethod
    def version(t, at):
        return t.get(f"{at}/configmaps").json["metadata"]["resourceVersion"]

    def test_a_limit_that_is_reached_is_gone_round(self):
        t = self.plane.tenant("full", plan="tight", isolation="namespace")
        self.assertEqual(t.post(NS, {"metadata": {"name": "full-a"}}).status, 201)
        self.assertEqual(t.post("/apis/apps/v1/namespaces/full-a/deployments", deployment("app", 2)).status, 201)
        play = Ready([self.hub, t], "app")
        self.addCleanup(play.stop)
        wait_until(lambda: play.look() == 2)
        play.begin(2)
        self.send("full", "virtual")
        self.wait_at("full", "virtual")
        wait_until(lambda: play.look() == 2, 90)  # a controller that was refused waits longer each time
        self.assertGreaterEqual(play.least, 1)

    def fill(self, name, isolation, n):
        """A tenant with a namespace of n ConfigMaps, whose move takes a while."""
        t = self.plane.tenant(name, plan="mixed", isolation=isolation)
        self.assertEqual(t.post(NS, {"metadata": {"name": f"{name}-a"}}).status, 201)
        for i in range(n):
            self.assertEqual(t.post(f"{NS}/{name}-a/configmaps", {"metadata": {"name": f"c{i}"}}).status, 201)
        return t

    def when_copying(self, name, begin, then):
        """Begins a move, and does something as soon as objects are copied."""
        seen = self.plane.admin.watch(f"{TENANTS}?fieldSelector=metadata.name%3D{name}")
        next(seen)
        begin()
        for event in seen:
            if event["object"].get("status", {}).get("move", {}).get("stage") == "Copying":
                break
        then()
        seen.close()

    def test_a_move_is_called_back(self):
        for name, here, there in (("back", "namespace", "virtual"), ("forth", "virtual", "namespace")):
            t = self.fill(name, here, 1500)
            counted = self.counted(name)
            self.when_copying(name, lambda: self.send(name, there), lambda: self.send(name, here))
            self.wait_at(name, here)
            self.assertEqual(self.counted(name), counted)
            self.assertEqual(len(t.get(f"{NS}/{name}-a/configmaps").json["items"]), 1501)
            self.assertEqual(t.post(f"{NS}/{name}-a/configmaps", {"metadata": {"name": "after"}}).status, 201)
            if here == "virtual":
                self.assertEqual(self.hub.get(f"{NS}/{name}-a").status, 404)
            self.send(name, there)
            self.wait_at(name, there)
            self.assertEqual(len(t.get(f"{NS}/{name}-a/configmaps").json["items"]), 1502)

    def room(self, n):
        self.plane.admin.patch(f"{API}/plans/narrow", {"spec": {"limits": {"configmaps": str(n)}}})

    def test_limits_of_the_cluster_that_it_goes_to_hold(self):
        limit = {"limits": {"configmaps": "100"}}
        self.assertEqual(self.plane.admin.post(f"{API}/plans", {"metadata": {"name": "narrow"}, "spec": limit}).status,
                         201)
        self.plane.tenant("small", plan="narrow", shared=True)
        t = self.fill("wide", "virtual", 1500)
        move = {"spec": {"isolation": "namespace", "cluster": "small"}}
        self.assertEqual(self.plane.admin.patch(f"{TENANTS}/wide", move).status, 200)
        wait_until(lambda: self.moved("wide").get("reason") == "Blocked")
        self.assertIn("cluster small has no room: exceeded quota: tenant, requested: configmaps=1501",
                      self.moved("wide")["message"])
        self.assertEqual(t.post(f"{NS}/wide-a/configmaps", {"metadata": {"name": "after"}}).status, 201)
        # There is room when it begins, and none any more when much is copied.
        self.when_copying("wide", lambda: self.room(5000), lambda: self.room(150))
        wait_until(lambda: self.moved("wide").get("reason") == "Blocked", 60)
        self.assertEqual(len(t.get(f"{NS}/wide-a/configmaps").json["items"]), 1502)
        self.assertEqual(self.plane.client("small").get(f"{NS}/wide-a").status, 404)
        self.room(5000)
        self.wait_at("wide", "namespace")
        self.assertEqual(len(t.get(f"{NS}/wide-a/configmaps").json["items"]), 1502)

    def test_what_is_acknowledged_meanwhile_is_there_whatever_dies(self):
        t = self.plane.tenant("busy", plan="mixed", isolation="namespace")
        self.assertEqual(t.post(NS, {"metadata": {"name": "busy-a"}}).status, 201)
        path, made, gone, is_over = f"{NS}/busy-a/configmaps", set(), set(), []

        def work(worker):
            i = 0
            while not is_over:
                name = f"w{worker}-{i}"
                i += 1
                try:
                    if t.post(path, {"metadata": {"name": name}}).status != 201:
                        continue
                    made.add(name)
                    if i % 3 == 0 and t.delete(f"{path}/{name}").status == 200:
                        gone.add(name)
                except (OSError, http.client.HTTPException):
                    time.sleep(0.05)  # what became of it is not known: nothing is said of it
                    made.discard(name)

        workers = [threading.Thread(target=work, args=(w,)) for w in range(3)]
        for w in workers:
            w.start()
        try:
            wait_until(lambda: len(made) > 300)
            for isolation in ("virtual", "namespace", "virtual"):
                self.send("busy", isolation)
                for _ in range(3):
                    time.sleep(random.uniform(0.02, 0.4))
                    self.plane.kill9()
                    self.plane.start()
                self.wait_at("busy", isolation)
        finally:
            is_over.append(True)
            for w in workers:
                w.join()
        names = {c["metadata"]["name"] for c in t.get(path).json["items"]}
        self.assertEqual((made - gone) - names, set())
        self.assertEqual(gone & names, set())
        self.assertEqual(self.hub.get(path).json["items"], [])
        n = sum(len(t.get(f"{NS}/{ns['metadata']['name']}/configmaps").json["items"])
                for ns in t.get(NS).json["items"])
        self.assertEqual(int(self.counted("busy").get("count/configmaps", n)), n)


if __name__ == "__main__":
    unittest.main()
