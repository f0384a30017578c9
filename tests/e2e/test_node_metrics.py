"""What a tenant sees of its nodes by kubectl: top, describe, the lease, nodes/proxy."""
import json
import os
import subprocess
import unittest

from harness import BUILD, Agent, Kubectl, Plane, wait_until
from test_agent import can_run

IMAGE = "localhost/busybox:1.35"
METRICS = "/apis/metrics.k8s.io/v1beta1"


def burner(name, node):
    return {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": name},
            "spec": {"nodeName": node, "terminationGracePeriodSeconds": 0, "containers": [
                {"name": "a", "image": IMAGE, "imagePullPolicy": "IfNotPresent",
                 "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}},
                 "command": ["sh", "-c", "while :; do :; done"]}]}}


@unittest.skipUnless(can_run(), "needs root, containerd and the agent")
class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane, cls.agent = Plane(bridge=True), None
        try:
            cls.plane.start()
            cls.agent = Agent(cls.plane).start()
            cls.node = cls.agent.name
            cls.acme, cls.globex = Kubectl(cls.plane, "acme"), Kubectl(cls.plane, "globex")
            cls.api = cls.plane.client("acme")
            cls.acme("apply", "-f", "-", stdin=json.dumps(burner("mine", cls.node)))
            cls.acme("wait", "--for=condition=Ready", "pod/mine", "--timeout=60s", timeout=70)
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def tearDownClass(cls):
        if cls.agent:
            cls.agent.close()
        cls.plane.close()

    def test_top_tells_of_the_tenant_s_own(self):
        def figures():
            code, out = self.acme.run("top", "pod", "mine", "--no-headers")[:2]
            return out.split() if code == 0 and out.split()[1:2] != ["0m"] else None
        name, cpu, memory = wait_until(figures, 60, 0.5)
        self.assertEqual(name, "mine")
        self.assertLessEqual(int(cpu.rstrip("m")), 200, "it may use a tenth of a core")
        self.assertTrue(memory.endswith("Mi"))
        out = self.acme("top", "node", "--no-headers").split()
        self.assertEqual(out[0], self.node)
        self.assertLessEqual(int(out[1].rstrip("m")), 200, "of the tenant's own pods")
        self.assertEqual(self.globex("top", "node", "--no-headers").split()[1], "0m")
        self.assertEqual(self.globex.run("top", "pod", "mine")[0], 1)
        head, row = self.acme("get", "pods.metrics.k8s.io").split("\n")[:2]
        self.assertEqual(head.split(), ["NAME", "CPU", "MEMORY", "WINDOW"])
        self.assertRegex(row, r"^mine +[0-9]+n +[0-9]+Ki +[0-9.]+s$")
        self.assertEqual(self.acme("get", "nodes.metrics.k8s.io").split()[4], self.node)
        whole = self.plane.admin.get(METRICS + "/nodes/" + self.node).json["usage"]["memory"]
        self.assertGreater(int(whole.rstrip("Ki")), 64 * 1024, "the platform sees the whole node")

    def test_hpctl_shows_it_in_the_same_columns(self):
        def top(*args):
            return subprocess.run([os.path.join(BUILD, "hpctl"), "--kubeconfig", self.acme.config, "top", *args],
                                  stdout=subprocess.PIPE, text=True, check=True).stdout.split("\n")
        wait_until(lambda: self.acme.run("top", "pod", "mine")[0] == 0, 60, 0.5)
        self.assertEqual(top("pod", "mine")[0].split(), ["NAME", "CPU(cores)", "MEMORY(bytes)"])
        head, row = top("pod", "-A", "--containers", "--sort-by=memory")[:2]
        self.assertEqual(head.split()[:3], ["NAMESPACE", "POD", "NAME"])
        self.assertEqual(row.split()[:3], ["default", "mine", "a"])
        name, cpu, part, memory, _ = top("node", "--no-headers")[0].split()
        self.assertEqual((name, cpu[-1], part[-1], memory[-2:]), (self.node, "m", "%", "Mi"))

    def test_describe_finds_the_lease(self):
        out = self.acme("describe", "node", self.node)
        self.assertNotIn("Failed to get lease", out)
        self.assertIn("RenewTime:", out)
        a = self.api.get("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/" +
                         self.node)
        self.assertEqual((a.status, a.json["spec"]["holderIdentity"]), (200, self.node))
        a = self.api.get("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases")
        self.assertEqual([i["metadata"]["name"] for i in a.json["items"]], [self.node])

    def test_the_node_s_own_api_shows_own_pods(self):
        path = f"/api/v1/nodes/{self.node}/proxy/"
        a = self.api.get(path + "pods")
        self.assertEqual([i["metadata"]["name"] for i in a.json["items"]], ["mine"])
        other = self.plane.client("globex")
        self.assertEqual(other.get(path + "pods").json["items"], [])
        self.assertEqual(self.api.get(path + "containerLogs/default/mine/a").status, 200)
        self.assertEqual(other.get(path + "containerLogs/default/mine/a").status, 404)
        def summary():
            s = self.api.get(path + "stats/summary").json
            return s if s["pods"] and s["pods"][0]["cpu"]["usageNanoCores"] > 0 else None
        s = wait_until(summary, 60, 0.5)
        self.assertEqual([(p["podRef"]["name"], [c["name"] for c in p["containers"]]) for p in s["pods"]],
                         [("mine", ["a"])])
        self.assertEqual(s["node"]["memory"]["workingSetBytes"], s["pods"][0]["memory"]["workingSetBytes"])
        nothing = other.get(path + "stats/summary").json
        self.assertEqual((nothing["pods"], nothing["node"]["cpu"]["usageNanoCores"]), ([], 0))
        text = self.api.get(path + "metrics/resource").body.decode()
        self.assertRegex(text, r'\ncontainer_cpu_usage_seconds_total\{container="a",namespace="default",'
                               r'pod="mine"\} [0-9.]+ \d{13}\n')
        self.assertRegex(text, r'\ncontainer_start_time_seconds\{container="a",namespace="default",'
                               r'pod="mine"\} \d+\n')
        self.assertNotIn("pod=", other.get(path + "metrics/resource").body.decode())
        for what in ("metrics", "configz", "containerLogs/default/mine", ""):
            self.assertEqual(self.api.get(path + what).status, 403, what)
        self.assertEqual(self.api.post(path + "run/default/mine/a?cmd=id").status, 403)
        self.assertEqual(self.api.get("/api/v1/nodes/none/proxy/pods").status, 404)
