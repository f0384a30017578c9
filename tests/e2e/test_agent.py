"""Real containers: two tenants on one node, and what survives which death."""
import json
import os
import shutil
import time
import unittest

import test_node
from harness import BUILD, ROOT, Agent, Kubectl, Plane, wait_until


def can_run():
    return (os.geteuid() == 0 and all(map(shutil.which, ("containerd", "ctr", "nsenter", "nft")))
            and os.path.exists(os.path.join(BUILD, "hostplane-agent")))


@unittest.skipUnless(can_run(), "needs root, containerd and the agent")
class Containers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane(bridge=True)
        cls.agent = None
        try:
            cls.plane.start()
            cls.agent = Agent(cls.plane)
            cls.agent.start()
            cls.acme, cls.globex = Kubectl(cls.plane, "acme"), Kubectl(cls.plane, "globex")
            with open(os.path.join(ROOT, "deploy/demo-app/app.yaml")) as f:
                app = f.read()
            for name, k in (("acme", cls.acme), ("globex", cls.globex)):
                k("apply", "-f", "-", stdin=app.replace("@MESSAGE@", "Welcome to " + name)
                  .replace("@PASSWORD@", "secret-of-" + name))
            for k in (cls.acme, cls.globex):
                k("-n", "shop", "rollout", "status", "deployment/web", "--timeout=90s", timeout=100)
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def tearDownClass(cls):
        if cls.agent:
            cls.agent.close()
        cls.plane.close()

    def pods(self, k):
        """name -> (container id, restarts, ip) of the running pods of shop."""
        items = json.loads(k("-n", "shop", "get", "pods", "-o", "json"))["items"]
        return {p["metadata"]["name"]: (p["status"]["containerStatuses"][0]["containerID"],
                                        p["status"]["containerStatuses"][0]["restartCount"],
                                        p["status"]["podIP"])
                for p in items if p["status"]["phase"] == "Running"
                and not p["metadata"].get("deletionTimestamp")}

    def fetch(self, k, pod, url):
        return k.run("-n", "shop", "exec", pod, "--", "timeout", "4", "wget",
                     "-qO-", url)

    def test_each_tenant_reaches_its_own_service_only(self):
        mine, theirs = self.pods(self.acme), self.pods(self.globex)
        self.assertEqual((len(mine), len(theirs)), (3, 3))
        pod = sorted(mine)[0]
        for k, name, pod in ((self.acme, "acme", pod), (self.globex, "globex", sorted(theirs)[0])):
            ip = k("-n", "shop", "get", "service", "web", "-o", "jsonpath={.spec.clusterIP}")
            out = k("-n", "shop", "exec", pod, "--", "nslookup",
                    "kubernetes.default.svc.cluster.local")
            self.assertIn("10.96.0.1", out)
            for host in (ip, "web", "web.shop.svc.cluster.local"):
                code, out, err = self.fetch(k, pod, f"http://{host}/cgi-bin/index.cgi")
                self.assertEqual(code, 0, err)
                self.assertIn("Welcome to " + name, out)
        pod = sorted(mine)[0]
        for _, _, ip in theirs.values():
            code, out, _ = self.fetch(self.acme, pod, f"http://{ip}:8080/cgi-bin/index.cgi")
            self.assertNotEqual(code, 0)
            self.assertNotIn("globex", out)

    @unittest.skipIf(test_node.why_not(), test_node.why_not())
    def test_logs_and_exec_of_the_javascript_client(self):
        pod = sorted(self.pods(self.acme))[0]
        got = test_node.run_client("logs", "shop", pod, "web", config=self.acme.config)
        self.assertEqual((got["is_prefix"], got["out"], got["status"]), (True, "hello\n", "Success"))

    def test_exec_logs_and_environment(self):
        pod = sorted(self.pods(self.acme))[0]
        out = self.acme("-n", "shop", "exec", pod, "--", "sh", "-c", "echo $PASSWORD; hostname")
        self.assertEqual(out.split(), ["secret-of-acme", pod])
        out = self.acme("-n", "shop", "exec", "-i", pod, "--", "cat", stdin="through standard input")
        self.assertEqual(out, "through standard input")
        code, _, _ = self.acme.run("-n", "shop", "exec", pod, "--", "sh", "-c", "exit 7")
        self.assertEqual(code, 7)
        self.assertEqual(self.acme.run("-n", "shop", "logs", pod)[0], 0)

    def test_scale_update_and_roll_back(self):
        k = self.globex
        k("-n", "shop", "scale", "deployment/web", "--replicas=4")
        k("-n", "shop", "rollout", "status", "deployment/web", "--timeout=60s")
        self.assertEqual(len(self.pods(k)), 4)
        k("-n", "shop", "set", "image", "deployment/web", "web=localhost/demo-web:2")
        k("-n", "shop", "rollout", "status", "deployment/web", "--timeout=90s", timeout=100)
        images = k("-n", "shop", "get", "pods", "--field-selector=status.phase=Running", "-o",
                   "jsonpath={.items[*].spec.containers[0].image}").split()
        self.assertIn("localhost/demo-web:2", images)
        k("-n", "shop", "rollout", "undo", "deployment/web")
        k("-n", "shop", "rollout", "status", "deployment/web", "--timeout=90s", timeout=100)
        k("-n", "shop", "scale", "deployment/web", "--replicas=3")
        wait_until(lambda: len(self.pods(k)) == 3, 30)

    def test_a_killed_agent_adopts_what_runs(self):
        before, running = self.pods(self.acme), self.agent.containers()
        with open(f"/proc/{self.agent.process.pid}/limits") as f:  # the pods' Secrets are in its memory
            self.assertRegex(f.read(), r"Max core file size +0 +0 ")
        with open(f"/proc/{self.agent.process.pid}/coredump_filter") as f:  # nor is it in an image that is made all the same
            self.assertEqual(int(f.read(), 16), 0x10)
        self.agent.kill9()
        time.sleep(1)
        self.assertEqual(self.agent.containers(), running, "containers live on without the agent")
        self.agent.start()
        time.sleep(5)
        self.assertEqual(self.pods(self.acme), before, "same containers, no restart")
        self.assertEqual(self.agent.containers(), running)
        victim = sorted(before)[0]
        self.acme("-n", "shop", "delete", "pod", victim, "--wait=true")
        wait_until(lambda: len(self.pods(self.acme)) == 3, 40)
        self.assertNotIn(victim, self.pods(self.acme))

    def test_pods_run_on_while_the_server_is_down(self):
        before, running = self.pods(self.acme), self.agent.containers()
        self.plane.kill9()
        time.sleep(3)
        self.assertEqual(self.agent.containers(), running)
        self.plane.start()
        wait_until(self.agent.is_ready, 60)
        time.sleep(3)
        self.assertEqual(self.pods(self.acme), before)

    def test_a_crashing_container_is_started_again(self):
        k = self.acme
        k("-n", "shop", "run", "crash", "--image=localhost/busybox:1.35", "--restart=Always",
          "--image-pull-policy=IfNotPresent", "--command", "--", "sh", "-c", "sleep 1; exit 3")
        wait_until(lambda: k.run("-n", "shop", "get", "pod", "crash", "-o", "jsonpath="
                                 "{.status.containerStatuses[0].restartCount}")[1] not in ("", "0"),
                   60)
        code = k("-n", "shop", "get", "pod", "crash", "-o", "jsonpath={.status.containerStatuses[0]"
                 ".lastState.terminated.exitCode}")
        self.assertEqual(code, "3")
        k("-n", "shop", "delete", "pod", "crash", "--grace-period=1")
