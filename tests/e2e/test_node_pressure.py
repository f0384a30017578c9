"""What a node gives up: pods over their own limits, under pressure, and when it goes down."""
import signal
import unittest

from harness import wait_until
from test_agent import can_run
from test_node_pods import NodeCase, container, pod


@unittest.skipUnless(can_run(), "needs root, containerd and the agent")
class Pressure(NodeCase):
    def restart(self, *args):
        self.agent.process.stop()
        self.agent.args = list(args)
        self.agent.start()

    def node_condition(self, kind):
        node = self.plane.admin.get("/api/v1/nodes/" + self.agent.name).json
        return next(c["status"] for c in node["status"]["conditions"] if c["type"] == kind)

    def wait_node_told(self, *events):
        """type, reason and message of events of the node, in the host cluster."""
        def look():
            items = self.plane.admin.get("/api/v1/namespaces/default/events").json["items"]
            seen = {(e["type"], e["reason"], e["message"]) for e in items
                    if (e["involvedObject"]["kind"], e["involvedObject"]["name"]) == ("Node", self.agent.name)}
            missing[:] = set(events) - seen
            return not missing
        missing = []
        try:
            wait_until(look, 30)
        except AssertionError:
            self.fail(f"the node has not told {missing}")

    def now(self, reason):
        return "Normal", reason, f"Node {self.agent.name} status is now: {reason}"

    def disruption(self, name):
        return [(c["status"], c["reason"]) for c in self.get(name)["status"]["conditions"]
                if c["type"] == "DisruptionTarget"]

    def test_a_pod_over_its_own_limits_is_evicted(self):
        fill = "dd if=/dev/zero of={0}/f bs=1M count=4 2>/dev/null; sleep 1000"
        self.create(pod("volume", container(fill.format("/v"), volumeMounts=[
            {"name": "v", "mountPath": "/v"}]),
            volumes=[{"name": "v", "emptyDir": {"sizeLimit": "1Mi"}}]))
        self.create(pod("layer", container(fill.format("/tmp"), resources={
            "limits": {"ephemeral-storage": "1Mi"}})))
        self.create(pod("fine", container(fill.format("/v"), volumeMounts=[
            {"name": "v", "mountPath": "/v"}]),
            volumes=[{"name": "v", "emptyDir": {"sizeLimit": "10Mi"}}]))
        for name, message in (
                ("volume", 'Usage of EmptyDir volume "v" exceeds the limit "1Mi". '),
                ("layer", 'Container a exceeded its local ephemeral storage limit "1Mi". ')):
            s = self.wait_phase(name, "Failed", 90)["status"]
            self.assertEqual((s["reason"], s["message"]), ("Evicted", message))
            self.assertEqual(self.disruption(name), [("True", "TerminationByKubelet")])
        self.assertEqual(self.get("fine")["status"]["phase"], "Running")

    def test_pressure_takes_the_least_deserving_pod(self):
        keep = {"requests": {"memory": "64Mi"}, "limits": {"memory": "64Mi"}}
        self.create(pod("within", container("sleep 1000", resources=keep)))
        self.create(pod("above", container("sleep 1000")))
        self.wait_ready("within")
        self.wait_ready("above")
        try:
            self.restart("--eviction-hard", "memory.available<99%")
            s = self.wait_phase("above", "Failed", 60)["status"]
            self.assertEqual(s["reason"], "Evicted")
            self.assertTrue(s["message"].startswith("The node was low on resource: memory."), s)
            wait_until(lambda: self.node_condition("MemoryPressure") == "True", 30)
            self.wait_node_told(("Warning", "EvictionThresholdMet", "Attempting to reclaim memory"),
                                self.now("NodeHasInsufficientMemory"))
            late = pod("late", container("sleep 1000"), nodeName=self.agent.name)
            self.create(late)
            s = self.wait_phase("late", "Failed")["status"]
            self.assertEqual(s["message"], "Pod was rejected: The node had condition: "
                                           "[MemoryPressure]. ")
        finally:
            self.restart()

    def test_a_node_that_goes_down_ends_its_pods_first(self):
        self.create(pod("down", container(
            "trap 'echo bye; exit 0' TERM; while :; do sleep 0.1; done"),
            terminationGracePeriodSeconds=10))
        slow = "trap 'sleep 2; exit 0' TERM; while :; do sleep 0.1; done"
        self.create(pod("first", container(slow), terminationGracePeriodSeconds=10))
        self.create(pod("last", container("trap 'exit 0' TERM; while :; do sleep 0.1; done"),
                        priorityClassName="system-node-critical", terminationGracePeriodSeconds=10))
        for name in ("down", "first", "last"):
            self.wait_ready(name)
        self.agent.process.stop(signal.SIGPWR)
        self.agent.process = None
        try:
            s = self.get("down")["status"]
            self.assertEqual((s["phase"], s["reason"]), ("Failed", "Terminated"), s)
            self.assertEqual(s["message"],
                             "Pod was terminated in response to imminent node shutdown.")
            self.assertEqual(self.disruption("down"), [("True", "TerminationByKubelet")])
            self.assertEqual(s["containerStatuses"][0]["state"]["terminated"]["exitCode"], 0)
            first, last = (self.get(n)["status"]["containerStatuses"][0]["state"]["terminated"]
                           for n in ("first", "last"))
            self.assertEqual((first["exitCode"], last["exitCode"]), (0, 0))
            self.assertGreaterEqual(last["finishedAt"], first["finishedAt"])
            self.wait_node_told(("Normal", "Shutdown", "Shutdown manager detected shutdown event"),
                                self.now("NodeNotReady"))
        finally:
            self.agent.start()

    def test_a_node_tells_of_itself(self):
        self.wait_node_told(("Normal", "Starting", "Starting kubelet."),
                            *map(self.now, ("NodeHasSufficientMemory", "NodeHasNoDiskPressure",
                                            "NodeHasSufficientPID")))
        node = "/api/v1/nodes/" + self.agent.name
        for on, reason in ((True, "NodeNotSchedulable"), (None, "NodeSchedulable")):
            a = self.plane.admin.patch(node, {"spec": {"unschedulable": on}})
            self.assertEqual(a.status, 200, a)
            self.wait_node_told(self.now(reason))
