"""Three nodes: one is killed, one cut off, one drained; then all come back."""
import json
import subprocess
import unittest

from harness import Kubectl, start_nodes, wait_for_value
from test_agent import can_run
from test_node_network import LISTEN, server, service

LOSS_S = 150 # until a lost node's pods are elsewhere: 50 s of silence, and what the machine takes


def workload(name, replicas):
    pod = server(name, None)
    del pod["spec"]["nodeName"]
    soon = [{"key": "node.kubernetes.io/" + k, "operator": "Exists", "effect": "NoExecute",
             "tolerationSeconds": 2} for k in ("not-ready", "unreachable")]
    spec = {**pod["spec"], "tolerations": soon, "topologySpreadConstraints": [
        {"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable":
         "ScheduleAnyway", "labelSelector": {"matchLabels": {"app": "web"}}}]}
    return {"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": name},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": "web"}},
                     "template": {"metadata": {"labels": {"app": "web"}}, "spec": spec}}}


@unittest.skipUnless(can_run(), "needs root, containerd and the agent")
class Matrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        start_nodes(cls, 3)
        cls.k = Kubectl(cls.plane, "acme")

    @classmethod
    def tearDownClass(cls):
        for a in cls.agents:
            cls.link(a, "up")

    @staticmethod
    def link(agent, state):
        """The node's wire to everybody else."""
        index = int(agent.env["ADDR"].rsplit(".", 1)[1]) - 10
        subprocess.run(["ip", "link", "set", f"hpv{index}", state], check=False)

    def pods(self):
        """{name: (node, ready, is leaving)} of what the server has."""
        items = json.loads(self.k("get", "pods", "-l", "app=web", "-o", "json"))["items"]
        return {p["metadata"]["name"]: (
            p["spec"].get("nodeName"),
            any(c["type"] == "Ready" and c["status"] == "True"
                for c in p.get("status", {}).get("conditions", [])),
            "deletionTimestamp" in p["metadata"]) for p in items}

    def spread(self):
        """Nodes of the pods that serve, sorted."""
        return sorted(node for node, ready, leaving in self.pods().values()
                      if ready and not leaving)

    def settles(self, what, expected, timeout):
        wait_for_value(what, expected, timeout, 0.5, self.pods)

    def answers(self, pod):
        """Does the service answer a pod, ten times of ten?"""
        ip = self.k("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}")
        script = f"for i in 0 1 2 3 4 5 6 7 8 9; do timeout 2 wget -qO- http://{ip}/who || echo -; echo; done"
        out = self.k.run("exec", pod, "--", "sh", "-c", script, timeout=60)[1].split()
        return [x for x in out if x != "web"] == [] and len(out) == 10

    def running_here(self, agent):
        """How many pods of the workload the node's runtime has running."""
        out = subprocess.run(["ctr", "-a", agent.env["SOCK"], "-n", "k8s.io", "containers", "ls",
                              "-q", "labels.\"io.kubernetes.container.name\"==a"],
                             stdout=subprocess.PIPE, text=True, check=True).stdout.split()
        return len(set(out) & agent.containers())

    def test_a_node_does_not_speak_for_the_pods_of_another(self):
        ip = {}
        for i, agent in enumerate(self.agents):
            self.k("apply", "-f", "-", stdin=json.dumps(server(f"p{i}", agent.name)))
            self.addCleanup(self.k.run, "delete", "pod", f"p{i}", "--wait=false")
        self.k("wait", "--for=condition=Ready", "pod/p0", "pod/p1", "pod/p2", "--timeout=60s",
               timeout=70)
        for name in ("p0", "p1", "p2"):
            ip[name] = self.k("get", "pod", name, "-o", "jsonpath={.status.podIP}")
        for name in ("p1", "p2"): # each node knows the others
            self.settles(lambda: self.k.run("exec", name, "--", "timeout", "2", "wget", "-qO-",
                                            f"http://{ip['p0']}:8080/who")[1], "p0", 30)
        ears = self.agents[0].inside(self.k(
            "get", "pod", "p0", "-o", "jsonpath={.status.containerStatuses[0].containerID}"), LISTEN)
        self.addCleanup(lambda: (ears.kill(), ears.wait(), ears.stdin.close(), ears.stdout.close()))
        self.assertEqual(ears.stdout.readline(), "up\n")
        # the third one with the addresses of a pod on the second and of none there, then with its own
        nobody = ip["p1"].rsplit(".", 1)[0] + ".250"
        for source in (ip["p1"], nobody, ip["p0"], ip["p2"]):
            self.agents[2].send_as(source, ip["p0"], 5454)
        self.assertEqual(ears.stdout.readline().strip(), ip["p2"], "all but the last were dropped")
        self.agents[1].send_as(ip["p1"], ip["p0"], 5454)
        self.assertEqual(ears.stdout.readline().strip(), ip["p1"])

    def test_lost_nodes_and_their_return(self):
        a, b, c = self.agents
        names = sorted(x.name for x in self.agents)
        self.k("apply", "-f", "-", stdin=json.dumps(workload("web", 3)))
        self.k("apply", "-f", "-", stdin=json.dumps(service("web")))
        self.settles(self.spread, names, 60)
        at = {node: name for name, (node, _, _) in self.pods().items()}

        # one at a time: when most of a zone is lost the controller holds its hand, as upstream's
        for agent, lose, back in ((a, a.kill9, a.start),
                                  (b, lambda: self.link(b, "down"), lambda: self.link(b, "up"))):
            kept, ours = agent.containers(), self.running_here(agent)
            lose()
            self.settles(lambda: agent.name not in self.spread() and len(self.spread()), 3, LOSS_S)
            # the service answers by what is left, and by nothing else
            self.settles(lambda: self.answers(at[c.name]), True, 30)
            self.assertEqual(agent.containers(), kept, "what is there runs on")
            self.assertEqual(self.running_here(agent), ours)
            back() # what it had is not wanted any more
            self.settles(lambda: self.running_here(agent), 0, 90)
            self.settles(lambda: len(self.pods()), 3, 60)
            self.settles(lambda: self.answers(at[c.name]), True, 30)

        # drained, one after the other: each pod goes elsewhere, and new ones do not come back
        self.k("drain", c.name, "--ignore-daemonsets", "--force", "--timeout=90s", timeout=100)
        self.settles(lambda: c.name in self.spread(), False, 60)
        self.settles(lambda: len(self.spread()), 3, 60)
        self.settles(lambda: self.running_here(c), 0, 60) # they may end at once: no grace period
        self.k("uncordon", c.name)
        again = server("again", None)
        again["spec"]["nodeSelector"] = {"kubernetes.io/hostname": c.name}
        del again["spec"]["nodeName"]
        self.k("apply", "-f", "-", stdin=json.dumps(again))
        self.k("wait", "--for=condition=Ready", "pod/again", "--timeout=60s", timeout=70)
