"""Pods to the letter on a real node: states, probes, hooks, resize, ephemeral containers."""
import os
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request

from harness import BUILD, Agent, Plane, wait_until
from test_agent import can_run

IMAGE = "localhost/busybox:1.35"
PODS = "/api/v1/namespaces/default/pods"


def container(script, name="a", **more):
    return {"name": name, "image": IMAGE, "imagePullPolicy": "IfNotPresent",
            "command": ["sh", "-c", script], **more}


def pod(name, *containers, **spec):
    return {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": name},
            "spec": {"containers": list(containers), "terminationGracePeriodSeconds": 2, **spec}}


class NodeCase(unittest.TestCase):
    """A plane, one node, the tenant acme."""

    agent_args = ()
    plane_args = ()

    @classmethod
    def setUpClass(cls):
        cls.plane = Plane(bridge=True, args=cls.plane_args)
        cls.agent = None
        try:
            cls.plane.start()
            cls.agent = Agent(cls.plane, cls.agent_args)
            cls.agent.start()
            cls.acme = cls.plane.tenant("acme", plan="unlimited")  # nothing but the node itself refuses
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def tearDownClass(cls):
        if cls.agent:
            cls.agent.close()
        cls.plane.close()

    def create(self, body):
        a = self.acme.post(PODS, body)
        self.assertEqual(a.status, 201, a)
        self.addCleanup(self.acme.delete, f"{PODS}/{body['metadata']['name']}?gracePeriodSeconds=0")
        return body["metadata"]["name"]

    def get(self, name):
        return self.acme.get(f"{PODS}/{name}").json

    def status(self, name, n=0, kind="containerStatuses"):
        return (self.get(name).get("status", {}).get(kind) or [{}] * (n + 1))[n]

    def wait_state(self, name, path, value, timeout=40):
        """path: "state.waiting.reason" of the first container."""
        def look():
            v = self.status(name)
            for part in path.split("."):
                v = (v or {}).get(part)
            return v == value
        try:
            wait_until(look, timeout)
        except AssertionError:
            self.fail(f"{name}: {path} is not {value}: {self.get(name).get('status')}")
        return self.status(name)

    def wait_phase(self, name, phase, timeout=40):
        try:
            wait_until(lambda: self.get(name).get("status", {}).get("phase") == phase, timeout)
        except AssertionError:
            self.fail(f"{name} is not {phase}: {self.get(name).get('status')}")
        return self.get(name)

    def told(self, name):
        return self.acme.get("/api/v1/namespaces/default/events?fieldSelector=involvedObject.name=" + name).json["items"]

    def wait_told(self, name, event, timeout=20):
        """event: type, reason and message."""
        try:
            wait_until(lambda: event in [(e["type"], e["reason"], e["message"]) for e in self.told(name)], timeout)
        except AssertionError:
            self.fail(f"{name}: no {event} in {self.told(name)}")

    def wait_ready(self, name, timeout=40):
        wait_until(lambda: self.status(name).get("ready"), timeout)
        return self.get(name)

    def log(self, name, c="a", query=""):
        return self.acme.get(f"{PODS}/{name}/log?container={c}{query}").body.decode()

    def wait_log(self, name, text, c="a", timeout=30):
        try:
            wait_until(lambda: text in self.log(name, c), timeout)
        except AssertionError:
            self.fail(f"{name}: no {text!r} in {self.log(name, c)[-500:]!r}; {self.get(name).get('status')}")
        return self.log(name, c)

    def pid_of(self, name):
        """A process of the pod's first container, as the machine numbers it."""
        return self.agent.pid_of(self.status(name)["containerID"])


@unittest.skipUnless(can_run(), "needs root, containerd and the agent")
class Pods(NodeCase):
    def test_reasons_and_messages_of_containers(self):
        self.create(pod("done", container("exit 0"), restartPolicy="Never"))
        self.create(pod("words", container("echo -n DONE; exit 3",
                                           terminationMessagePolicy="FallbackToLogsOnError"),
                        restartPolicy="Never"))
        self.create(pod("file", container("echo -n why > /dev/termination-log; exit 1"),
                        restartPolicy="Never"))
        self.create(pod("nope", {**container(""), "command": ["/nope"]}))
        self.create(pod("ref", container("sleep 1", env=[{"name": "X", "valueFrom": {
            "configMapKeyRef": {"name": "missing", "key": "k"}}}])))
        self.create(pod("never", {**container("x"), "image": "localhost/none:1",
                                  "imagePullPolicy": "Never"}))
        self.create(pod("root", container("x", securityContext={"runAsNonRoot": True})))
        self.create(pod("deadline", container("sleep 100"), activeDeadlineSeconds=2))
        self.wait_phase("done", "Succeeded")
        self.assertEqual(self.status("done")["state"]["terminated"]["reason"], "Completed")
        self.wait_phase("words", "Failed")
        t = self.status("words")["state"]["terminated"]
        self.assertEqual((t["reason"], t["exitCode"], t["message"]), ("Error", 3, "DONE"))
        self.wait_phase("file", "Failed")
        self.assertEqual(self.status("file")["state"]["terminated"]["message"], "why")
        s = self.wait_state("nope", "state.waiting.reason", "CrashLoopBackOff")
        self.assertEqual(s["lastState"]["terminated"]["reason"], "StartError")
        self.assertEqual(s["lastState"]["terminated"]["exitCode"], 128)
        s = self.wait_state("ref", "state.waiting.reason", "CreateContainerConfigError")
        self.assertEqual(s["state"]["waiting"]["message"], 'configmap "missing" not found')
        self.wait_state("never", "state.waiting.reason", "ErrImageNeverPull")
        self.assertIn('container "a" in pod "never" is waiting to start: ErrImageNeverPull'
                      .replace('"', '\\"'), self.log("never"))
        s = self.wait_state("root", "state.waiting.reason", "CreateContainerConfigError")
        self.assertIn("image will run as root", s["state"]["waiting"]["message"])
        p = self.wait_phase("deadline", "Failed")
        self.assertEqual(p["status"]["reason"], "DeadlineExceeded")
        self.wait_told("deadline", ("Normal", "DeadlineExceeded",
                                    "Pod was active on the node longer than the specified deadline"))

    def test_what_is_told_of_images_that_are_not_there(self):
        def image(name, policy="Always"):
            return {**container("x"), "image": name, "imagePullPolicy": policy}

        self.create(pod("away", image("127.0.0.1:1/none:1")))
        self.create(pod("misnamed", image("busybox::1")))
        self.create(pod("never", image("localhost/none:1", "Never")))
        wrong = ('Failed to apply default image tag "busybox::1": couldn\'t parse image name "busybox::1": '
                 "invalid reference format")
        s = self.wait_state("misnamed", "state.waiting.reason", "InvalidImageName")
        self.assertEqual(s["state"]["waiting"]["message"], wrong)
        self.wait_told("misnamed", ("Warning", "InspectFailed", wrong))
        self.wait_told("misnamed", ("Warning", "Failed", "Error: InvalidImageName"))
        self.wait_told("never", ("Warning", "ErrImageNeverPull",
                                 'Container image "localhost/none:1" is not present with pull policy of Never'))
        self.wait_told("never", ("Warning", "Failed", "Error: ErrImageNeverPull"))
        self.wait_state("away", "state.waiting.reason", "ErrImagePull")
        s = self.wait_state("away", "state.waiting.reason", "ImagePullBackOff")
        self.assertIn('Back-off pulling image "127.0.0.1:1/none:1": ErrImagePull: ', s["state"]["waiting"]["message"])
        for kind, reason, message in (("Normal", "Pulling", 'Pulling image "127.0.0.1:1/none:1"'),
                                      ("Warning", "Failed", "Error: ErrImagePull"),
                                      ("Normal", "BackOff", 'Back-off pulling image "127.0.0.1:1/none:1"'),
                                      ("Warning", "Failed", "Error: ImagePullBackOff")):
            self.wait_told("away", (kind, reason, message))
        # the next try and its failure are the same events, once more
        wait_until(lambda: any(e["message"] == "Error: ErrImagePull" and e["count"] == 2
                               for e in self.told("away")), 30)
        self.assertEqual(len([e for e in self.told("away") if e["message"] == "Error: ErrImagePull"]), 1)

    def test_an_ephemeral_container_sees_its_target(self):
        self.create(pod("debugged", container("sleep 1000")))
        self.wait_ready("debugged")
        a = self.acme.patch(f"{PODS}/debugged/ephemeralcontainers", {"spec": {
            "ephemeralContainers": [{**container("ps; echo seen; sleep 2", name="dbg"),
                                     "targetContainerName": "a"}]}},
            content_type="application/strategic-merge-patch+json")
        self.assertEqual(a.status, 200, a)
        wait_until(lambda: self.status("debugged", 0, "ephemeralContainerStatuses")
                   .get("state", {}).get("terminated"), 30)
        self.assertIn("sleep 1000", self.log("debugged", "dbg"))
        time.sleep(1)
        p = self.get("debugged")
        self.assertEqual(p["status"]["ephemeralContainerStatuses"][0]["restartCount"], 0)
        self.assertEqual(p["status"]["phase"], "Running")

    def test_resize_without_restart_and_with(self):
        small = {"requests": {"cpu": "100m", "memory": "20Mi"},
                 "limits": {"cpu": "200m", "memory": "40Mi"}}
        self.create(pod("sized", container("sleep 1000", resources=small, resizePolicy=[
            {"resourceName": "cpu", "restartPolicy": "NotRequired"},
            {"resourceName": "memory", "restartPolicy": "RestartContainer"}])))
        uid = self.wait_ready("sized")["metadata"]["uid"]

        def resize(**changes):
            want = {k: {**small[k], **changes} for k in small}
            a = self.acme.patch(f"{PODS}/sized/resize", {"spec": {"containers": [
                {"name": "a", "resources": want}]}},
                content_type="application/strategic-merge-patch+json")
            self.assertEqual(a.status, 200, a)
            return want

        want = resize(cpu="300m")
        wait_until(lambda: self.status("sized")["resources"] == want, 20)
        self.assertEqual(self.status("sized")["restartCount"], 0)
        cid = self.status("sized")["containerID"].removeprefix("containerd://")
        with open(f"/sys/fs/cgroup/cpu/hp-{self.agent.name}/pod{uid}/{cid}/cpu.cfs_quota_us") as f:
            self.assertEqual(f.read().strip(), "30000")
        want = resize(memory="60Mi")
        wait_until(lambda: self.status("sized")["resources"] == want
                   and self.status("sized")["restartCount"] == 1, 30)
        resize(cpu="3")
        wait_until(lambda: any(c["type"] == "PodResizePending" and c["reason"] == "Infeasible"
                               for c in self.get("sized")["status"]["conditions"]), 20)
        resize()
        wait_until(lambda: not any("Resize" in c["type"]
                                   for c in self.get("sized")["status"]["conditions"]), 20)
        reasons = {"ResizeStarted", "ResizeCompleted", "ResizeInfeasible"}
        wait_until(lambda: reasons <= {e["reason"] for e in self.told("sized")}, 10)

    def test_grpc_and_https_probes(self):
        # SETTINGS; HEADERS (status 200); DATA {status: SERVING}; HEADERS (grpc-status: 0)
        answer = ("\\000\\000\\000\\004\\000\\000\\000\\000\\000"
                  "\\000\\000\\001\\001\\004\\000\\000\\000\\001\\210"
                  "\\000\\000\\007\\000\\000\\000\\000\\000\\001\\000\\000\\000\\000\\002\\010\\001"
                  "\\000\\000\\017\\001\\005\\000\\000\\000\\001\\000\\013grpc-status\\0010")
        self.create(pod("grpc", container(
            f"while :; do printf '{answer}' | nc -l -p 5000; done",
            readinessProbe={"grpc": {"port": 5000}, "periodSeconds": 1})))
        self.create(pod("grpc-down", container(
            "sleep 1000", livenessProbe={"grpc": {"port": 5000}, "periodSeconds": 1,
                                         "failureThreshold": 1, "terminationGracePeriodSeconds": 1})))
        self.create(pod("https", container(
            "sleep 1000", readinessProbe={"httpGet": {"port": 8443, "scheme": "HTTPS", "path": "/x",
                                                      "httpHeaders": [{"name": "X-It", "value": "y"}]},
                                          "periodSeconds": 1})))
        self.wait_ready("grpc")
        wait_until(lambda: self.status("grpc-down").get("restartCount", 0) > 0, 30)
        wait_until(lambda: "running" in self.status("https").get("state", {}), 30)
        time.sleep(1.5)
        self.assertFalse(self.status("https")["ready"])
        server = self.https_in(self.pid_of("https"))
        self.wait_ready("https")
        server.kill()
        server.wait()
        wait_until(lambda: not self.status("https")["ready"], 30)

    def https_in(self, pid):
        """A server with a certificate that nobody knows, in the network of a pod."""
        d = tempfile.mkdtemp(dir=self.plane.dir)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                        d + "/key", "-out", d + "/crt", "-subj", "/CN=x", "-days", "1"],
                       check=True, stderr=subprocess.DEVNULL)
        code = f"""
import http.server, ssl
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        ok = self.path == "/x" and self.headers.get("X-It") == "y"
        self.send_response(200 if ok else 500); self.end_headers()
    def log_message(self, *a): pass
s = http.server.HTTPServer(("", 8443), H)
c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain({d + "/crt"!r}, {d + "/key"!r})
s.socket = c.wrap_socket(s.socket, server_side=True)
s.serve_forever()"""
        p = subprocess.Popen(["nsenter", "-t", pid, "-n", "python3", "-c", code])
        self.addCleanup(p.kill)
        return p

    def test_a_probe_that_is_sent_elsewhere_passes_with_a_warning(self):
        answer = r"HTTP/1.1 302 Found\r\nLocation: http://0.0.0.0/\r\n\r\ngone away"
        script = "while read l && [ ${#l} -gt 1 ]; do :; done; cat /answer"
        self.create(pod("sends-away", container(
            f"printf '{answer}' > /answer; echo '{script}' > /script; nc -ll -p 8080 -e sh /script",
            readinessProbe={"httpGet": {"port": 8080}, "periodSeconds": 1})))
        self.wait_ready("sends-away")
        self.wait_told("sends-away", ("Warning", "ProbeWarning", "Readiness probe warning: Probe terminated redirects, "
                                      "Response body: gone away"))

    def test_hooks_and_the_order_of_the_end(self):
        self.create(pod("target", container("mkdir /w; httpd -h /w; echo -n x > /w/hook; "
                                            "while :; do sleep 1; done")))
        ip = self.wait_ready("target")["status"]["podIP"]
        self.create(pod("hooked", container(
            "trap 'echo ended; exit 0' TERM; while :; do sleep 0.1; done", lifecycle={
                "postStart": {"exec": {"command": ["sh", "-c", "echo post > /proc/1/fd/1"]}},
                "preStop": {"httpGet": {"host": ip, "port": 80, "path": "/hook"}}})))
        self.create(pod("unhooked", container("sleep 1000", lifecycle={
            "postStart": {"exec": {"command": ["sh", "-c", "exit 4"]}}})))
        self.wait_ready("hooked")
        wait_until(lambda: "post" in self.log("hooked"), 10)
        wait_until(lambda: self.status("unhooked").get("restartCount", 0) > 0, 30)
        self.wait_told("unhooked", ("Warning", "FailedPostStartHook", "PostStartHook failed"))
        self.wait_told("unhooked", ("Normal", "Killing", "FailedPostStartHook"))
        self.acme.delete(f"{PODS}/hooked?gracePeriodSeconds=10")
        wait_until(lambda: self.acme.get(f"{PODS}/hooked").status == 404, 20)
        self.assertNotIn("FailedPreStopHook", [e["reason"] for e in self.told("hooked")])

    def test_of_a_pod_on_its_way_out_is_told_what_becomes_of_it(self):
        mount = {"volumeMounts": [{"name": "w", "mountPath": "/w"}]}
        self.create(pod(
            "leaving", container("touch /w/ok; trap 'rm /w/ok' TERM; while :; do sleep 0.1; done", **mount,
                                 readinessProbe={"exec": {"command": ["test", "-e", "/w/ok"]}, "periodSeconds": 1}),
            container("trap 'exit 7' TERM; while :; do sleep 0.1; done", "b"),
            volumes=[{"name": "w", "emptyDir": {}}], terminationGracePeriodSeconds=60))
        wait_until(lambda: all(c["ready"] for c in self.get("leaving").get("status", {}).get("containerStatuses", [{
            "ready": False}])), 40)
        self.acme.delete(f"{PODS}/leaving")

        def told():
            a, b = self.get("leaving")["status"]["containerStatuses"]
            return ("running" in a["state"], a["ready"], b["state"].get("terminated", {}).get("exitCode"))
        wait_until(lambda: told() == (True, False, 7), 30)
        ready = next(c for c in self.get("leaving")["status"]["conditions"] if c["type"] == "Ready")
        self.assertEqual((ready["status"], ready["reason"]), ("False", "ContainersNotReady"))

    def test_a_probe_that_cannot_be_tried_kills_nothing(self):
        self.create(pod("untried", container("sleep 1000", livenessProbe={
            "exec": {"command": ["/nowhere"]}, "periodSeconds": 1, "failureThreshold": 1})))
        self.wait_ready("untried")
        wait_until(lambda: any(e["message"].startswith("Liveness probe errored and resulted in unknown state: ")
                               for e in self.told("untried")), 20)
        time.sleep(3)  # nothing to wait for: nothing must happen
        self.assertEqual(self.status("untried")["restartCount"], 0)

    def test_sidecars_start_before_and_end_after_the_rest(self):
        trap = "trap 'echo {0} >> /w/log; exit 0' TERM; while :; do sleep 0.1; done"
        mount = {"volumeMounts": [{"name": "w", "mountPath": "/w"}]}
        self.create(pod(
            "ordered", container("test -e /w/up && " + trap.format("main"), **mount,
                                 lifecycle={"preStop": {"sleep": {"seconds": 3}}}),
            initContainers=[
                {**container("touch /w/up; " + trap.format("first"), "s1", **mount),
                 "restartPolicy": "Always",
                 "lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", "echo hook >> /w/log"]}}},
                 "startupProbe": {"exec": {"command": ["test", "-e", "/w/up"]}, "periodSeconds": 1}},
                {**container(trap.format("second"), "s2", **mount), "restartPolicy": "Always"},
                container("test -e /w/up", "init", **mount)],
            volumes=[{"name": "w", "emptyDir": {}}], terminationGracePeriodSeconds=15))
        p = self.wait_ready("ordered")
        uid = p["metadata"]["uid"]
        self.assertEqual(self.status("ordered")["restartCount"], 0)
        log = os.path.join(self.plane.dir, f"agent-{self.agent.name}/pods/{uid}/volumes/w/log")
        seen = []

        def watch():
            while self.acme.get(f"{PODS}/ordered").status == 200:
                try:
                    with open(log) as f:
                        seen[:] = f.read().split()
                except OSError:
                    pass
        t = threading.Thread(target=watch)
        t.start()
        self.acme.delete(f"{PODS}/ordered")
        t.join(30)
        self.assertEqual(seen, ["hook", "main", "second", "first"])  # hooks do not wait, as upstream's

    def get_id(self, name):
        return self.status(name)["containerID"].split("//")[1]

    def test_what_is_not_counted_any_more_does_not_run_on(self):
        stubborn = "trap '' TERM; while :; do sleep 1; done"
        names = ["ended", "forced", "hooked"]
        long = {"terminationGracePeriodSeconds": 3600}
        hook = {"preStop": {"exec": {"command": ["sleep", "3600"]}}}
        self.create(pod("ended", container(stubborn), **long))
        self.create(pod("forced", container(stubborn), **long))
        self.create(pod("hooked", container("sleep 3600", lifecycle=hook), **long))
        ids = {}
        for n in names:
            self.wait_ready(n)
            ids[n] = self.get_id(n)
            self.assertIn(ids[n], self.agent.containers())
        # its tenant says that it has ended, and then that it has not
        a = self.acme.patch(PODS + "/ended/status", {"status": {"phase": "Succeeded"}})
        self.assertEqual((a.status, a.json["status"]["phase"]), (200, "Succeeded"), a)
        a = self.acme.patch(PODS + "/ended/status", {"status": {"phase": "Running"}})
        self.assertEqual((a.status, a.json["status"]["phase"]), (200, "Succeeded"), a)
        # the grace period begins, an hour of it, and is cut short
        for n in ("forced", "hooked"):
            self.assertEqual(self.acme.delete(f"{PODS}/{n}").status, 200)
        wait_until(lambda: self.get("forced")["metadata"].get("deletionTimestamp"))
        for n in ("forced", "hooked"):
            self.assertEqual(self.acme.delete(f"{PODS}/{n}?gracePeriodSeconds=0").status, 200)
            self.assertEqual(self.acme.get(f"{PODS}/{n}").status, 404)
        wait_until(lambda: not set(ids.values()) & self.agent.containers(), 30)
        self.assertEqual(self.get("ended")["status"]["phase"], "Succeeded")


    def test_a_pod_without_room_is_refused(self):
        node = self.agent.name
        cpu = int(self.plane.admin.get("/api/v1/nodes/" + node).json["status"]["allocatable"]["cpu"])
        big = container("sleep 1", resources={"requests": {"cpu": str(cpu + 1)}})
        plan = self.acme.post(PODS, pod("big", big, nodeName=node))
        if plan.status == 403:
            self.skipTest("the tenant's plan is smaller than this machine")
        self.addCleanup(self.acme.delete, PODS + "/big?gracePeriodSeconds=0")
        p = self.wait_phase("big", "Failed")
        self.assertEqual(p["status"]["reason"], "OutOfcpu")
        self.assertTrue(p["status"]["message"].startswith(
            f"Pod was rejected: Node didn't have enough resource: cpu, requested: {cpu + 1}000, used: "),
            p["status"]["message"])

    def test_a_node_is_not_what_the_pod_asks_for(self):
        """Pods that name their node are judged as kubelet does, by the labels and taints that their tenant sees."""
        node, sleep = self.agent.name, container("sleep 1000")
        path, what = "/api/v1/nodes/" + node, "Pod was rejected: Predicate "
        affinity = what + "NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
        globex = self.plane.tenant("globex")

        def refused(name, reason, message, **spec):
            self.create(pod(name, sleep, nodeName=node, **spec))
            s = self.wait_phase(name, "Failed")["status"]
            self.assertEqual((s["reason"], s["message"]), (reason, message))
            self.assertEqual([c["state"] for c in s["containerStatuses"]],
                             [{"waiting": {"reason": "ContainerCreating"}}])

        refused("other", "NodeAffinity", affinity, nodeSelector={"disk": "ssd"})
        refused("windows", "PodOSNotSupported",
                "Pod was rejected: Failed to admit pod as the OS field doesn't match node OS", os={"name": "windows"})
        self.assertEqual(self.acme.patch(path, {"metadata": {"labels": {"disk": "ssd"}}}).status, 200)
        self.create(pod("this", sleep, nodeName=node, nodeSelector={"disk": "ssd"}))
        self.wait_ready("this")
        self.addCleanup(globex.delete, PODS + "/not-theirs?gracePeriodSeconds=0")
        a = globex.post(PODS, pod("not-theirs", sleep, nodeName=node, nodeSelector={"disk": "ssd"}))
        self.assertEqual(a.status, 201, a)
        wait_until(lambda: globex.get(PODS + "/not-theirs").json["status"].get("reason") == "NodeAffinity")
        # a label of the provider's
        self.assertEqual(self.plane.admin.patch(path, {"metadata": {"labels": {"rack": "r1"}}}).status, 200)
        self.addCleanup(self.plane.admin.patch, path, {"metadata": {"labels": {"rack": None}}})
        self.create(pod("racked", sleep, nodeName=node, nodeSelector={"rack": "r1"}))
        self.wait_ready("racked")
        # of the tenant's own taint others see nothing; a pod that runs is not for kubelet to end
        taint = {"key": "mine", "value": "v", "effect": "NoExecute"}
        self.create(pod("tolerant", sleep, nodeName=node, tolerations=[{"key": "mine", "operator": "Exists"}]))
        self.assertEqual(self.acme.patch(path, {"spec": {"taints": [taint]}}).status, 200)
        self.addCleanup(self.acme.patch, path, {"spec": {"taints": None}, "metadata": {"labels": {"disk": None}}})
        # upstream's controller would evict it at once: whichever comes first
        self.create(pod("tainted", sleep, nodeName=node))
        seen = []

        def ended():
            a = self.acme.get(PODS + "/tainted")
            seen[:] = [a.json["status"]] if a.status == 200 else []
            return a.status == 404 or seen[0].get("phase") == "Failed"
        wait_until(ended)
        for s in seen:
            self.assertEqual((s["reason"], s["message"]), ("TaintToleration", what + "TaintToleration failed: "
                                                           "node(s) had taints that the pod didn't tolerate"))
        self.create(pod("tolerant2", sleep, nodeName=node, tolerations=[{"key": "mine", "operator": "Exists"}]))
        self.wait_ready("tolerant2")
        self.wait_ready("tolerant")
        self.addCleanup(globex.delete, PODS + "/free?gracePeriodSeconds=0")
        self.assertEqual(globex.post(PODS, pod("free", sleep, nodeName=node)).status, 201)
        wait_until(lambda: globex.get(PODS + "/free").json["status"].get("phase") == "Running")

    def test_the_node_s_address_is_the_one_that_the_tenant_sees(self):
        env = [{"name": "HOST", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}}]
        self.create(pod("where", container("echo at $HOST.; sleep 1000", env=env)))
        self.wait_log("where", "at 10.96.0.1.")
        status = self.get("where")["status"]
        self.assertEqual((status["hostIP"], status["hostIPs"]), ("10.96.0.1", [{"ip": "10.96.0.1"}]))
        self.assertNotIn(self.agent.env["ADDR"], str(self.get("where")))
        admin, plans = self.plane.admin, "/apis/tenancy.hostplane.io/v1/plans"
        self.assertIn(admin.post(plans, {"metadata": {"name": "sees"}, "spec": {"nodeView": "full"}}).status, (201, 409))
        full = self.plane.tenant("seer", plan="sees")
        self.addCleanup(full.delete, PODS + "/where?gracePeriodSeconds=0")
        self.assertEqual(full.post(PODS, pod("where", container("sleep 1000"))).status, 201)
        wait_until(lambda: full.get(PODS + "/where").json["status"].get("hostIP") == self.agent.env["ADDR"])

    def test_user_namespaces_wait_for_a_runtime_that_has_them(self):
        self.create(pod("userns", container("sleep 1000"), hostUsers=False))
        want = ("Failed to create pod sandbox: can't set `spec.hostUsers: false`, runtime does not support user "
                "namespaces")
        self.wait_told("userns", ("Warning", "FailedCreatePodSandBox", want))
        self.assertEqual(self.get("userns")["status"]["phase"], "Pending")
        self.wait_state("userns", "state.waiting.reason", "ContainerCreating")

    def test_a_rule_may_restart_all_containers(self):
        mount = {"volumeMounts": [{"name": "v", "mountPath": "/v"}]}
        rule = {"restartPolicy": "Never", "restartPolicyRules": [
            {"action": "RestartAllContainers",
             "exitCodes": {"operator": "In", "values": [42]}}]}
        self.create(pod(
            "anew",
            container("[ -f /v/once ] && exec sleep 1000; sleep 1; touch /v/once; exit 42",
                      **mount, **rule),
            container("exec sleep 1000", name="b"), restartPolicy="Never",
            initContainers=[container("echo x >> /v/inits", name="i", **mount)],
            volumes=[{"name": "v", "emptyDir": {}}]))
        wait_until(lambda: [self.status("anew", n).get("restartCount") for n in (0, 1)] == [1, 1],
                   60)
        self.wait_ready("anew")
        status = self.get("anew")["status"]
        self.assertEqual(status["phase"], "Running")
        self.assertEqual(status["initContainerStatuses"][0]["restartCount"], 1)
        self.assertEqual(status["containerStatuses"][0]["lastState"]["terminated"]["exitCode"], 42)

    def test_streams_of_hpctl(self):
        """exec, attach, cp and port-forward, against the runtime itself (test_cli_streams.py has the rest)."""
        home = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, home)
        config = os.path.join(home, "config")
        with open(config, "w") as f:
            f.write(self.plane.kubeconfig("acme"))
        env = {"PATH": os.environ["PATH"], "HOME": home, "KUBECONFIG": config}
        hpctl = [os.path.join(BUILD, "hpctl")]

        def run(*args, stdin=None):
            r = subprocess.run(hpctl + list(args), env=env, cwd=home, input=stdin, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
            return r.returncode, r.stdout, r.stderr

        self.create(pod("streams", container("mkdir /www; httpd -p 8080 -h /www; while read l; do "
                                             "echo got $l; done; sleep 3600", stdin=True)))
        self.wait_ready("streams")
        self.assertEqual(run("exec", "streams", "--", "sh", "-c", "echo out; exit 4"),
                         (4, "out\n", "command terminated with exit code 4\n"))
        with open(os.path.join(home, "page"), "w") as f:
            f.write("served " * 5000)
        self.assertEqual(run("cp", "page", "streams:/www/index.html"), (0, "", ""))
        self.assertEqual(run("cp", "streams:/www", "site"), (0, "", ""))
        with open(os.path.join(home, "site", "index.html")) as f:
            self.assertEqual(f.read(), "served " * 5000)
        attached = subprocess.Popen(hpctl + ["attach", "-i", "streams"], env=env, text=True,
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(attached.communicate)
        self.addCleanup(attached.kill)
        attached.stdin.write("hello\n")
        attached.stdin.flush()
        self.assertEqual(attached.stdout.readline(), "got hello\n")
        forward = subprocess.Popen(hpctl + ["port-forward", "streams", ":8080"], env=env, text=True,
                                   stdout=subprocess.PIPE)
        self.addCleanup(forward.communicate)
        self.addCleanup(forward.kill)
        port = int(forward.stdout.readline().split(" -> ")[0].rsplit(":", 1)[1])
        for _ in range(2):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
                self.assertEqual(answer.read().decode(), "served " * 5000)
