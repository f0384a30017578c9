"""Rollouts while the server is killed with -9 and agents go away and come back: everything converges, and of a
StatefulSet no pod ever runs twice."""
import http.client
import threading
import time
import unittest

from harness import Plane, wait_until
from played import PlayedNode

APPS, BATCH = "/apis/apps/v1/namespaces/default", "/apis/batch/v1/namespaces/default"
CORE = "/api/v1/namespaces/default"
GONE = (OSError, http.client.HTTPException, AssertionError, ValueError, KeyError)


class Ledger:
    """What runs where, as the nodes know it: a container outlives its agent and the server."""

    def __init__(self):
        self.lock, self.running, self.node_of, self.wrong = threading.Lock(), {}, {}, []

    def starts(self, node, pod):
        name, uid = pod["metadata"]["name"], pod["metadata"]["uid"]
        with self.lock:
            if self.node_of.setdefault(uid, node) != node:
                self.wrong.append(f"{name} is on {node} and on {self.node_of[uid]}")
            others = [u for n, u in self.running if n == name and u != uid]
            if others:
                self.wrong.append(f"{name} runs as {others} and as {uid}")
            self.running[(name, uid)] = node

    def ends(self, pod):
        with self.lock:
            self.running.pop((pod["metadata"]["name"], pod["metadata"]["uid"]), None)


class SturdyNode(PlayedNode):
    """Goes on when the server does not answer; what it has started is in the ledger."""

    def __init__(self, ledger, *args):
        self.ledger = ledger
        super().__init__(*args)

    def tend(self, pod):
        if "deletionTimestamp" in pod["metadata"]:
            self.ledger.ends(pod)
        elif pod["status"]["phase"] == "Pending":
            self.ledger.starts(self.name, pod)
        super().tend(pod)

    def run(self):
        beat = time.monotonic()
        while not self.is_stopped:
            try:
                for pod in self.tenant.get("/api/v1/pods").json["items"]:
                    if pod["spec"].get("nodeName") == self.name and not self.is_silent:
                        self.tend(pod)
                if time.monotonic() - beat > 5 and not self.is_silent:
                    beat = time.monotonic()
                    self.beat()
            except GONE:
                pass
            time.sleep(0.05)


def workload(kind, name, image, replicas, **spec):
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": {
        "replicas": replicas, "selector": {"matchLabels": {"app": name}},
        "template": {"metadata": {"labels": {"app": name}}, "spec": {
            "terminationGracePeriodSeconds": 1, "containers": [{"name": "c", "image": image}]}},
        **spec}}


class Chaos(unittest.TestCase):
    def test_rollouts_survive_killed_servers_and_agents(self):
        ledger = Ledger()
        with Plane(external=True) as plane:
            self.t = plane.tenant("acme")
            nodes = [SturdyNode(ledger, plane, self.t, f"chaos-{i}") for i in range(3)]
            try:
                self.begin()
                for i in range(3):
                    self.change(i)
                    nodes[i].is_silent = True
                    time.sleep(0.7)  # the rollout is under way; when exactly is what varies
                    plane.kill9()
                    plane.start()
                    nodes[i].is_silent = False
                self.check()
            finally:
                for n in nodes:
                    n.stop()
        self.assertEqual(ledger.wrong, [])

    def begin(self):
        for path, body in (
                (f"{APPS}/deployments", workload("Deployment", "web", "run-0", 8)),
                (f"{APPS}/statefulsets", workload("StatefulSet", "db", "run-0", 3,
                                                  serviceName="db")),
                (f"{BATCH}/jobs", {"metadata": {"name": "work"}, "spec": {
                    "completions": 6, "parallelism": 2, "template": {"spec": {
                        "restartPolicy": "Never",
                        "containers": [{"name": "c", "image": "exit-0"}]}}}})):
            a = self.t.post(path, body)
            self.assertEqual(a.status, 201, a)

    def change(self, i):
        image = {"spec": {"template": {"spec": {"containers": [
            {"name": "c", "image": f"run-{i + 1}"}]}}}}
        for path in (f"{APPS}/deployments/web", f"{APPS}/statefulsets/db"):
            wait_until(lambda p=path: self.t.patch(p, image).status == 200)

    def pods(self, app):
        return self.t.get(f"{CORE}/pods?labelSelector=app%3D{app}").json["items"]

    def is_rolled(self, path, replicas):
        o = self.t.get(path).json
        s = o["status"]
        return (s.get("observedGeneration") == o["metadata"]["generation"] and
                s.get("replicas") == s.get("updatedReplicas") == s.get("availableReplicas")
                == replicas)

    def check(self):
        wait_until(lambda: self.is_rolled(f"{APPS}/deployments/web", 8), 60)
        wait_until(lambda: self.is_rolled(f"{APPS}/statefulsets/db", 3), 60)
        for app, n in (("web", 8), ("db", 3)):
            wait_until(lambda a=app, k=n: len(self.pods(a)) == k)
            self.assertEqual({p["spec"]["containers"][0]["image"] for p in self.pods(app)},
                             {"run-3"})
        self.assertEqual({p["metadata"]["name"] for p in self.pods("db")},
                         {"db-0", "db-1", "db-2"})
        job = wait_until(lambda: (lambda j: j if j["status"].get("completionTime") else None)(
            self.t.get(f"{BATCH}/jobs/work").json), 60)
        self.assertEqual((job["status"]["succeeded"], job["status"].get("failed", 0)), (6, 0))
        live = [r for r in self.t.get(f"{APPS}/replicasets").json["items"]
                if r["spec"]["replicas"] > 0]
        self.assertEqual(len(live), 1)


if __name__ == "__main__":
    unittest.main()
