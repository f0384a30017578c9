"""The scheduler as its configuration file makes it: profiles, an extender that is asked over HTTP, and the scoring
function of docs/examples/score-plugin."""
import http.server
import json
import os
import subprocess
import tempfile
import threading
import unittest

from harness import ROOT, Plane, wait_until
from test_scheduler import PODS, Nodes, pod

CONFIG = """
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
podInitialBackoffSeconds: 1
podMaxBackoffSeconds: 1
profiles:
- schedulerName: default-scheduler
- schedulerName: only-b
  pluginConfig:
  - name: NodeAffinity
    args:
      addedAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms:
          - matchExpressions: [{key: zone, operator: In, values: [b]}]
- schedulerName: by-rack
  plugins: {score: {enabled: [{name: Rack, weight: 100}]}}
  pluginConfig:
  - name: Rack
    args: {label: rack, tenants: {acme: r7}}
libraries:
- {name: Rack, path: %(rack)s}
extenders:
- urlPrefix: %(url)s/x
  filterVerb: filter
  prioritizeVerb: prioritize
  preemptVerb: preempt
  bindVerb: bind
  weight: 100
  httpTimeout: 5s
  managedResources: [{name: example.com/asked, ignoredByScheduler: true}]
- urlPrefix: http://127.0.0.1:1/nobody
  filterVerb: filter
  ignorable: true
  managedResources: [{name: example.com/asked}]
"""


class Extender(http.server.BaseHTTPRequestHandler):
    """Keeps the nodes whose name does not begin with the pod's annotation `not`, likes `likes`."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        args = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = getattr(self, self.path.rsplit("/", 1)[1])(args)
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

    def wish(self, args, what):
        return args["Pod"]["metadata"].get("annotations", {}).get(what, "none")

    def filter(self, args):
        items = args["Nodes"]["items"]
        assert all(n["status"]["allocatable"]["cpu"] for n in items)  # whole nodes are sent
        bad = [n for n in items if n["metadata"]["name"].startswith(self.wish(args, "not"))]
        return {"Nodes": {"items": [n for n in items if n not in bad]},
                "FailedNodes": {n["metadata"]["name"]: "node(s) are not liked" for n in bad}}

    def prioritize(self, args):
        likes = self.wish(args, "likes")
        return [{"Host": n["metadata"]["name"], "Score": 10 if n["metadata"]["name"] == likes else 0}
                for n in args["Nodes"]["items"]]

    def preempt(self, args):
        node = self.wish(args, "preempts-on")
        victims = args["NodeNameToVictims"][node]
        return {"NodeNameToMetaVictims": {node: {
            "Pods": [{"UID": p["metadata"]["uid"]} for p in victims["Pods"]]}}}

    def bind(self, args):
        a = self.server.tenant.post(f"{PODS}/{args['PodName']}/binding", {
            "metadata": {"name": args["PodName"], "uid": args["PodUID"]},
            "target": {"kind": "Node", "name": args["Node"]}})
        self.server.bound.append(args["PodName"])
        return {"Error": "" if a.status == 201 else a.message}


class SchedulerConfig(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.extender = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Extender)
        cls.extender.bound = []
        threading.Thread(target=cls.extender.serve_forever, daemon=True).start()
        cls.dir = tempfile.TemporaryDirectory()
        rack = os.path.join(cls.dir.name, "rack.so")
        subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
                        "-I", os.path.join(ROOT, "scheduler"), "-o", rack,
                        os.path.join(ROOT, "docs/examples/score-plugin/rack.c")], check=True)
        cls.file = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        cls.file.write(CONFIG % {"url": f"http://127.0.0.1:{cls.extender.server_port}",
                                 "rack": rack})
        cls.file.flush()
        cls.plane = Plane(args=["--scheduler-config", cls.file.name])
        cls.plane.__enter__()
        cls.acme = cls.extender.tenant = cls.plane.tenant("acme")
        cls.nodes = Nodes(cls.plane, [cls.acme], {"a1": {"zone": "a"}, "a2": {"zone": "a", "rack": "r7"},
                                                  "b1": {"zone": "b", "rack": "r8"}})

    @classmethod
    def tearDownClass(cls):
        cls.nodes.stop()
        cls.plane.__exit__(None, None, None)
        cls.extender.shutdown()
        cls.extender.server_close()
        cls.file.close()
        cls.dir.cleanup()

    def setUp(self):
        self.acme.delete(PODS)
        wait_until(lambda: not self.acme.get(PODS).json["items"])

    def create(self, body, **annotations):
        body["metadata"]["annotations"] = {k.replace("_", "-"): v for k, v in annotations.items()}
        a = self.acme.post(PODS, body)
        self.assertEqual(a.status, 201, a)

    def get(self, name):
        return self.acme.get(f"{PODS}/{name}").json

    def node_of(self, name):
        return wait_until(lambda: self.get(name)["spec"].get("nodeName"))

    def asked(self, name, cpu="100m", **spec):
        body = pod(name, cpu, **spec)
        body["spec"]["containers"][0]["resources"] = {
            "requests": {"cpu": cpu, "example.com/asked": "1"}, "limits": {"example.com/asked": "1"}}
        return body

    def test_a_pod_chooses_its_profile(self):
        for i in range(4):
            self.create(pod(f"p{i}", schedulerName="only-b"))
        self.assertEqual({self.node_of(f"p{i}") for i in range(4)}, {"b1"})

    def test_a_library_scores(self):
        for i in range(4):
            self.create(pod(f"r{i}", schedulerName="by-rack"))
        self.assertEqual({self.node_of(f"r{i}") for i in range(4)}, {"a2"})

    def member(self, name, group, n, cpu="900m"):
        body = pod(name, cpu, {"pod-group.scheduling.sigs.k8s.io/name": group,
                               "pod-group.scheduling.sigs.k8s.io/min-available": str(n)})
        self.create(body)

    def message_of(self, name):
        return next((c["message"] for c in self.get(name)["status"].get("conditions", [])
                     if c["type"] == "PodScheduled" and c["status"] == "False"), "")

    def test_a_group_goes_as_a_whole_or_not_at_all(self):
        # Three nodes of two CPUs: six such pods fit, seven do not.
        for i in range(2):
            self.member(f"g{i}", "g", 3)
        wait_until(lambda: self.message_of("g1") == 'pod group "g" has 2 of 3 pods')
        self.member("g2", "g", 3)
        for i in range(3):
            self.node_of(f"g{i}")
        for i in range(4):
            self.member(f"h{i}", "h", 4)
        wait_until(lambda: "0/3 nodes are available: 3 Insufficient cpu" in
                   " ".join(self.message_of(f"h{i}") for i in range(4)))
        self.create(pod("small", "1"))  # what the group took is free again
        self.node_of("small")
        self.assertFalse([i for i in range(4) if "nodeName" in self.get(f"h{i}")["spec"]])
        for name in ("small", "g0", "g1", "g2"):
            self.acme.delete(f"{PODS}/{name}")
        for i in range(4):
            self.node_of(f"h{i}")

    def test_pods_of_somebody_elses_scheduler_are_left_alone(self):
        self.create(pod("mine", schedulerName="my-scheduler"))
        self.create(pod("after"))
        self.node_of("after")
        self.assertNotIn("nodeName", self.get("mine")["spec"])
        self.assertNotIn("conditions", self.get("mine")["status"])
        a = self.acme.post(f"{PODS}/mine/binding", {"metadata": {"name": "mine"},
                                                   "target": {"kind": "Node", "name": "a1"}})
        self.assertEqual(a.status, 201, a)
        self.assertEqual(self.node_of("mine"), "a1")

    def test_an_extender_filters_scores_and_binds(self):
        for i in range(3):
            self.create(self.asked(f"e{i}"), likes="a2")
        self.assertEqual({self.node_of(f"e{i}") for i in range(3)}, {"a2"})
        self.create(self.asked("f"), likes="a1", **{"not": "a"})
        self.assertEqual(self.node_of("f"), "b1")
        self.assertIn("f", self.extender.bound)
        self.create(pod("unasked"))
        self.node_of("unasked")
        self.assertNotIn("unasked", self.extender.bound)

    def test_what_an_extender_refuses_is_said(self):
        self.create(self.asked("no", nodeSelector={"zone": "a"}), **{"not": "a"})
        c = wait_until(lambda: next((c for c in self.get("no")["status"].get("conditions", [])
                                     if c["type"] == "PodScheduled"), None))
        self.assertEqual((c["status"], c["reason"], c["observedGeneration"]),
                         ("False", "Unschedulable", 1))
        self.assertIn("0/3 nodes are available: 1 node(s) didn't match Pod's node "
                      "affinity/selector, 2 node(s) are not liked.", c["message"])

    def test_an_extender_chooses_the_victims(self):
        self.acme.post("/apis/scheduling.k8s.io/v1/priorityclasses",
                       {"metadata": {"name": "high"}, "value": 1000})
        for node in ("a1", "a2", "b1"):
            self.create(pod(f"low-{node}", "1500m",
                            nodeSelector={"kubernetes.io/hostname": node}))
            self.node_of(f"low-{node}")
        self.create(self.asked("vip", "1500m", priorityClassName="high"), preempts_on="b1")
        self.assertEqual(self.node_of("vip"), "b1")
        left = {p["metadata"]["name"] for p in self.acme.get(PODS).json["items"]}
        self.assertEqual(left, {"low-a1", "low-a2", "vip"})


if __name__ == "__main__":
    unittest.main()
