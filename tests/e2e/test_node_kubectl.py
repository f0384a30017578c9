"""The real kubectl and real containers: exec, attach, cp, logs, port-forward, debug, drain."""
import fcntl
import hashlib
import os
import pty
import select
import shutil
import signal
import socket
import struct
import subprocess
import termios
import threading
import time
import unittest

from harness import Kubectl, wait_until
from test_agent import can_run
from test_node_pods import IMAGE, PODS, NodeCase, container, pod

CP_MB = int(os.environ.get("E2E_CP_MB", "48"))


class Terminal:
    """A command whose terminal has a size."""

    def __init__(self, args, env, rows, columns):
        self.master, slave = pty.openpty()
        self.resize(rows, columns)
        self.process = subprocess.Popen(args, env=env, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        self.seen = ""

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if hasattr(self, "process"):
            self.process.send_signal(signal.SIGWINCH)

    def read(self):
        try:
            while select.select([self.master], [], [], 0.05)[0]:
                self.seen += os.read(self.master, 4096).decode(errors="replace")
        except OSError:
            pass  # the other side has gone
        return self.seen

    def say(self, text):
        os.write(self.master, text.encode())

    def wait(self, text, timeout=20):
        try:
            wait_until(lambda: text in self.read(), timeout)
        except AssertionError:
            raise AssertionError(f"no {text!r} in {self.seen!r}") from None

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.master)


@unittest.skipUnless(can_run() and shutil.which("kubectl"), "needs root, containerd, the agent and kubectl")
class RealClient(NodeCase):
    agent_args = ("--allow-privileged", "--container-log-max-size", "64Ki", "--container-log-max-files", "3")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kubectl = Kubectl(cls.plane, "acme")

    def setUp(self):
        if self.kubectl.minor() < 25:
            self.skipTest("kubectl of 1.25 or newer")

    def terminal(self, *args):
        t = Terminal(["kubectl", *args], self.kubectl.env, 40, 100)
        self.addCleanup(t.close)
        return t

    def test_commands(self):
        self.create(pod("obeys", container("sleep 1d")))
        self.wait_ready("obeys")
        code, out, err = self.kubectl.run("exec", "obeys", "--", "sh", "-c", "echo out; echo err >&2; exit 7")
        self.assertEqual((code, out), (7, "out\n"), err)
        self.assertTrue(err.startswith("err\n"), err)
        data = os.urandom(8 << 20)  # the command ends when its input does
        r = subprocess.run(["kubectl", "exec", "-i", "obeys", "--", "sha256sum"], input=data, env=self.kubectl.env,
                           stdout=subprocess.PIPE, timeout=120)
        self.assertEqual(r.stdout.split()[0].decode(), hashlib.sha256(data).hexdigest())
        got = [None] * 12

        def one(i):
            got[i] = self.kubectl.run("exec", "obeys", "--", "sh", "-c", f"sleep 1; echo {i}; exit {i}",
                                      timeout=120)[:2]
        threads = [threading.Thread(target=one, args=(i,)) for i in range(len(got))]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(got, [(i, f"{i}\n") for i in range(len(got))])

    def test_terminals(self):
        self.create(pod("shell", container("exec sh", stdin=True, tty=True)))
        self.wait_ready("shell")
        for args in (("exec", "-it", "shell", "--", "sh"), ("attach", "-it", "shell")):
            with self.subTest(args[0]):
                t = self.terminal(*args)
                t.say("\n")
                t.wait("# ")
                wait_until(lambda: t.say("stty size\n") or time.sleep(0.3) or "40 100" in t.read(), 20)
                t.resize(50, 120)
                wait_until(lambda: t.say("stty size\n") or time.sleep(0.3) or "50 120" in t.read(), 20)
                if args[0] == "exec":
                    t.say("exit 3\n")
                    self.assertEqual(t.process.wait(20), 3)

    def test_files_there_and_back(self):
        self.create(pod("stores", container("sleep 1d", volumeMounts=[{"name": "v", "mountPath": "/v"}]),
                        volumes=[{"name": "v", "emptyDir": {}}]))
        self.wait_ready("stores")
        there, back = (os.path.join(self.plane.dir, n) for n in ("there", "back"))
        want = hashlib.sha256()
        with open(there, "wb") as f:
            for _ in range(CP_MB):
                piece = os.urandom(1 << 20)
                want.update(piece)
                f.write(piece)
        self.kubectl("cp", there, "stores:/v/file", timeout=900)
        self.assertEqual(self.kubectl("exec", "stores", "--", "sha256sum", "/v/file", timeout=300).split()[0],
                         want.hexdigest())
        self.kubectl("cp", "stores:/v/file", back, timeout=900)
        got = hashlib.sha256()
        with open(back, "rb") as f:
            while piece := f.read(1 << 20):
                got.update(piece)
        self.assertEqual(got.hexdigest(), want.hexdigest())
        os.unlink(there)
        os.unlink(back)

    def test_logs(self):
        self.create(pod("talks", container(
            "n=$(cat /v/n 2>/dev/null || echo 0); echo $((n + 1)) > /v/n; "
            "for i in 1 2 3 4; do echo run $n line $i; done; "
            "[ $n = 1 ] && { sleep 4; echo last; exec sleep 1d; }", volumeMounts=[{"name": "v", "mountPath": "/v"}]),
            volumes=[{"name": "v", "emptyDir": {}}]))
        wait_until(lambda: self.status("talks").get("restartCount") == 1 and self.status("talks")["ready"], 60)
        lines = [f"run 1 line {i}\n" for i in (1, 2, 3, 4)]
        follow = self.kubectl.popen("logs", "-f", "--since=1h", "talks")
        self.addCleanup(follow.communicate)
        self.addCleanup(follow.kill)
        self.assertEqual([follow.stdout.readline() for _ in range(5)], [*lines, "last\n"])
        self.assertEqual(self.kubectl("logs", "talks", "--tail=2"), lines[3] + "last\n")
        self.assertEqual(self.kubectl("logs", "talks", "--limit-bytes=10"), lines[0][:10])
        self.assertEqual(self.kubectl("logs", "-p", "talks"), "".join(lines).replace("run 1", "run 0"))
        time.sleep(2)  # until the last line is older than what is asked for
        self.assertEqual(self.kubectl("logs", "talks", "--since=1s", "--tail=-1"), "")
        self.assertRegex(self.kubectl("logs", "talks", "--timestamps", "--tail=1"),
                         r"^\d{4}-\d\d-\d\dT[\d:.]+Z last\n$")

    def test_a_log_that_is_put_aside_is_followed(self):
        self.create(pod("chatters", container(
            "i=0; while [ $i -lt 5000 ]; do echo line $i of a log that grows until it is put aside; i=$((i + 1)); "
            "[ $((i % 100)) = 0 ] && sleep 0.5; done; sleep 1d")))
        uid = self.wait_ready("chatters")["metadata"]["uid"]
        follow = self.kubectl.popen("logs", "-f", "chatters")
        self.addCleanup(follow.communicate)
        self.addCleanup(follow.kill)
        for i in range(5000):
            self.assertEqual(follow.stdout.readline().split()[:2], ["line", str(i)])
        logs = os.path.join(self.plane.dir, f"agent-{self.agent.name}/logs")
        folder = os.path.join(logs, next(n for n in os.listdir(logs) if n.endswith(uid)), "a")
        self.assertIn(len(os.listdir(folder)), (2, 3), os.listdir(folder))
        self.assertEqual(self.kubectl("logs", "chatters", "--tail=1").split()[:2], ["line", "4999"])

    def test_ports(self):
        self.create(pod("serves", container("nc -ll -p 7000 -e cat")))
        self.wait_ready("serves")
        forward = self.kubectl.popen("port-forward", "serves", ":7000")
        self.addCleanup(forward.communicate)
        self.addCleanup(forward.kill)
        port = int(forward.stdout.readline().split(" -> ")[0].rsplit(":", 1)[1])
        data = os.urandom(4 << 20)
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", port), 30) as s:
                sender = threading.Thread(target=s.sendall, args=(data,))
                sender.start()
                got = b""
                while len(got) < len(data) and (piece := s.recv(1 << 16)):
                    got += piece
                sender.join()
            self.assertEqual(hashlib.sha256(got).hexdigest(), hashlib.sha256(data).hexdigest())

    def test_debugging(self):
        self.create(pod("patient", container("sleep 1d")))
        self.wait_ready("patient")
        rows = (("general", {"capabilities": {"add": ["SYS_PTRACE"]}}),
                ("netadmin", {"capabilities": {"add": ["NET_ADMIN", "NET_RAW"]}}),
                ("restricted", None), ("sysadmin", {"privileged": True}))
        for profile, want in rows:
            self.kubectl("debug", "patient", "--image", IMAGE, "--image-pull-policy", "IfNotPresent",
                         "--profile", profile, "-c", profile,
                         *(("--target", "a") if profile == "general" else ()), "--", "sleep", "1000")
            if want:
                of = next(c for c in self.get("patient")["spec"]["ephemeralContainers"] if c["name"] == profile)
                self.assertEqual(of["securityContext"], want)

        def states():
            return {c["name"]: next(iter(c["state"].items()))
                    for c in self.get("patient")["status"].get("ephemeralContainerStatuses", [])}
        runs = {"general", "netadmin", "sysadmin"}
        try:
            wait_until(lambda: {n for n, s in states().items() if s[0] == "running"} >= runs, 60)
        except AssertionError:
            self.fail(states())
        # the image's own user is root, which this profile does not allow
        self.assertEqual(states()["restricted"][1]["reason"], "CreateContainerConfigError")
        self.assertIn("sleep 1d", self.kubectl("exec", "patient", "-c", "general", "--", "ps"))

    def test_debugging_a_copy(self):
        self.create(pod("original", container("exit 1")))
        self.addCleanup(self.acme.delete, f"{PODS}/copy?gracePeriodSeconds=0")
        self.kubectl("debug", "original", "--copy-to", "copy", "--container", "a", "--image", IMAGE,
                     "--share-processes", "--", "sleep", "1000")
        p = self.wait_ready("copy")
        self.assertTrue(p["spec"]["shareProcessNamespace"])
        self.assertIn("pause", self.kubectl("exec", "copy", "--", "ps"))

    def test_debugging_the_node(self):
        for profile in ("general", "sysadmin"):
            out = self.kubectl("debug", f"node/{self.agent.name}", "--image", IMAGE, "--image-pull-policy",
                               "IfNotPresent", "--profile", profile, "--", "sleep", "1000")
            name = out.split("Creating debugging pod ")[1].split()[0]
            self.addCleanup(self.acme.delete, f"{PODS}/{name}?gracePeriodSeconds=0")
            p = self.wait_ready(name)
            self.assertTrue(p["spec"]["hostPID"] and p["spec"]["hostNetwork"])
            with open("/proc/sys/kernel/random/boot_id") as f:
                self.assertEqual(self.kubectl("exec", name, "--", "cat", "/host" + f.name), f.read())

    def test_draining(self):
        body = pod("leaves", container("sleep 1d"), terminationGracePeriodSeconds=1)
        self.create(body)
        self.wait_ready("leaves")
        self.addCleanup(self.kubectl, "uncordon", self.agent.name)
        self.kubectl("drain", self.agent.name, "--force", "--ignore-daemonsets", "--delete-emptydir-data",
                     "--grace-period=1", timeout=120)
        self.assertEqual(self.acme.get(f"{PODS}/leaves").status, 404)
        self.assertIn("SchedulingDisabled", self.kubectl("get", "nodes"))
