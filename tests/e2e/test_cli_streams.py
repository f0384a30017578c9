"""hpctl exec, attach, cp and port-forward against a server of the test's own, whose container is this machine."""
import base64
import hashlib
import http.server
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import unittest
import urllib.parse
import zlib

from harness import BUILD, wait_until

DISCOVERY = {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2"}
PODS = {"resource": "pods", "singularResource": "pod", "scope": "Namespaced", "verbs": ["get"],
        "responseKind": {"group": "", "version": "v1", "kind": "Pod"}}
POD = {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "p", "namespace": "default"},
       "spec": {"containers": [{"name": "one"}, {"name": "two"}]}, "status": {"phase": "Running"}}
ANSWERS = {"/api": {**DISCOVERY, "items": [{"metadata": {"name": ""}, "versions": [
               {"version": "v1", "resources": [PODS]}]}]},
           "/apis": {**DISCOVERY, "items": []},
           "/api/v1/namespaces/default/pods/p": POD,
           "/api/v1/namespaces/default/pods/over": {**POD, "status": {"phase": "Failed"}}}


class Server(http.server.BaseHTTPRequestHandler):
    """Enough of an API server; exec and attach run their command right here."""
    protocol_version = "HTTP/1.1"
    attached = ["sh", "-c", "cat; echo bye >&2"]

    def log_message(self, *args):
        pass

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        sub = url.path.rsplit("/", 1)[1]
        if sub in ("exec", "attach"):
            return self.stream(sub, urllib.parse.parse_qs(url.query))
        if sub == "portforward":
            return self.forward()
        answer = ANSWERS.get(url.path)
        body = json.dumps(answer or {"kind": "Status", "status": "Failure", "code": 404,
                                     "reason": "NotFound", "message": "no " + url.path}).encode()
        self.send_response(200 if answer else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    # ---- the stream ----

    def upgrade(self, protocol):
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        self.wfile.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                          f"Connection: Upgrade\r\nSec-WebSocket-Protocol: {protocol}\r\n"
                          f"Sec-WebSocket-Accept: {accept}\r\n\r\n").encode())
        self.lock = threading.Lock()
        self.close_connection = True

    def stream(self, sub, query):
        self.upgrade("v5.channel.k8s.io")
        self.server.seen.append((sub, query))
        command = query["command"] if sub == "exec" else self.attached
        has_input = query["stdin"] == ["true"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE if has_input else
                                 subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        pumps = [threading.Thread(target=self.pump, args=(child.stdout, 1)),
                 threading.Thread(target=self.pump, args=(child.stderr, 2))]
        for t in pumps:
            t.start()
        if has_input:
            threading.Thread(target=self.feed, args=(child,), daemon=True).start()
        for t in pumps:
            t.join()
        code = child.wait()
        status = {"status": "Success"} if code == 0 else {
            "status": "Failure", "reason": "NonZeroExitCode", "message": "command terminated",
            "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]}}
        self.put(2, b"\3" + json.dumps(status).encode())
        self.put(8, struct.pack(">H", 1000))
        child.stdout.close()
        child.stderr.close()

    def put(self, opcode, payload):
        n = len(payload)
        head = bytes([0x80 | opcode]) + (bytes([n]) if n < 126 else
                                         b"\x7e" + struct.pack(">H", n) if n < 65536 else
                                         b"\x7f" + struct.pack(">Q", n))
        with self.lock:
            self.wfile.write(head + payload)

    def pump(self, pipe, channel):
        while data := pipe.read1(65536):
            self.put(2, bytes([channel]) + data)

    def feed(self, child):
        try:
            self.feed_frames(child)
            child.stdin.close()
        except (OSError, ValueError):
            pass  # the child has gone, or the connection

    def messages(self):
        while True:
            head = self.rfile.read(2)
            if len(head) < 2 or head[0] & 15 == 8:
                return
            n = head[1] & 127
            if n >= 126:
                n = int.from_bytes(self.rfile.read(2 if n == 126 else 8), "big")
            mask = self.rfile.read(4)
            data = bytearray(self.rfile.read(n))
            for i in range(4):
                data[i::4] = bytes(b ^ mask[i] for b in data[i::4])
            yield bytes(data)

    def feed_frames(self, child):
        for data in self.messages():
            if data[:1] == b"\0":
                child.stdin.write(data[1:])
                child.stdin.flush()
            elif data == b"\xff\0":
                break


    # ---- SPDY, as a runtime behind a tunnel speaks it ----

    def frames(self):
        data = b""
        for message in self.messages():
            data += message
            while len(data) >= 8:
                n = int.from_bytes(data[5:8], "big")
                if len(data) < 8 + n:
                    break
                yield data[:5], data[8:8 + n]
                data = data[8 + n:]

    def forward(self):
        """Port 7 answers in capitals until its client has said all; there is no other."""
        self.upgrade("SPDY/3.1+portforward.k8s.io")
        inflate, streams = zlib.decompressobj(), {}
        for head, body in self.frames():
            stream = int.from_bytes((body if head[0] & 0x80 else head)[:4], "big")
            if head[:4] == b"\x80\3\0\1":
                streams[stream] = self.pairs(inflate.decompress(body[10:]))
                self.put(2, b"\x80\3\0\2\0\0\0\4" + body[:4])
                self.put(2, b"\x80\3\0\6\0\0\0\4\0\0\0\2")
                error = next((s for s in streams if streams[s]["streamtype"] == "error"), 0)
                if streams[stream]["streamtype"] == "data" and streams[stream]["port"] != "7":
                    self.put(2, struct.pack(">IBxH", stream, 1, 0))
                    self.put(2, struct.pack(">IBxH", error, 1, 7) + b"refused")
            elif not head[0] & 0x80 and streams[stream]["streamtype"] == "data":
                answer = body.upper() + (b"." if head[4] & 1 else b"")
                self.put(2, struct.pack(">IBxH", stream, head[4] & 1, len(answer)) + answer)
                if head[4] & 1:
                    self.put(2, struct.pack(">IBxH", error, 1, 0))
            elif head[:4] == b"\x80\3\0\6":
                self.server.seen.append(("pong", body))

    @staticmethod
    def pairs(block):
        texts, at = [], 4
        for _ in range(2 * int.from_bytes(block[:4], "big")):
            n = int.from_bytes(block[at:at + 4], "big")
            texts.append(block[at + 4:at + 4 + n].decode())
            at += 4 + n
        return dict(zip(texts[::2], texts[1::2]))


class StreamTest(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.home)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
        self.server.daemon_threads = True
        self.server.seen = []
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        port = self.server.server_address[1]
        config = self.path("config")
        with open(config, "w") as f:
            json.dump({"apiVersion": "v1", "kind": "Config", "current-context": "c",
                       "clusters": [{"name": "c", "cluster": {
                           "server": f"http://127.0.0.1:{port}"}}],
                       "users": [{"name": "c", "user": {"token": "t"}}],
                       "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}]}, f)
        self.env = {"PATH": os.environ["PATH"], "HOME": self.home, "KUBECONFIG": config}

    def path(self, *parts):
        return os.path.join(self.home, *parts)

    def write(self, data, *parts):
        os.makedirs(os.path.dirname(self.path(*parts)), exist_ok=True)
        with open(self.path(*parts), "wb") as f:
            f.write(data)

    def read(self, *parts):
        with open(self.path(*parts), "rb") as f:
            return f.read()

    def run_it(self, *args, stdin=b""):
        r = subprocess.run([os.path.join(BUILD, "hpctl"), *args], input=stdin, env=self.env,
                           cwd=self.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           timeout=60)
        return r.returncode, r.stdout.decode(), r.stderr.decode()

    def test_exec(self):
        self.assertEqual(self.run_it("exec", "p", "--", "sh", "-c", "echo out; echo err >&2; exit 3"),
                         (3, "out\n", "err\ncommand terminated with exit code 3\n"))
        self.assertEqual(self.run_it("exec", "-i", "p", "--", "rev", stdin=b"abc\n"),
                         (0, "cba\n", ""))

    def test_attach(self):
        code, out, err = self.run_it("attach", "p", "-i", stdin=b"hello\n")
        self.assertEqual((code, out), (0, "hello\n"), err)
        self.assertEqual(err, 'Defaulted container "one" out of: one, two\nbye\n')
        self.assertEqual(self.run_it("attach", "p", "-c", "two")[0], 0)
        self.assertEqual(self.server.seen[-1][1]["container"], ["two"])
        self.assertEqual(self.run_it("attach", "p", "-c", "three"),
                         (1, "", "error: container three not found in pod p\n"))
        self.assertEqual(self.run_it("attach", "over"),
                         (1, "", "error: cannot attach a container in a completed pod; current "
                                 "phase is Failed\n"))

    def test_cp_there_and_back(self):
        big = os.urandom(1 << 20)
        self.write(big, "a.[b]*", "x y")
        self.write(b"2", "a.[b]*", "sub", "z")
        os.mkdir(self.path("pod"))
        # a folder into a folder, a folder under a new name, a file under a new name
        for source, target in (("a.[b]*", self.path("pod")), ("a.[b]*", self.path("pod", "n&/1")),
                               ("a.[b]*/x y", self.path("pod", "-file"))):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            self.assertEqual(self.run_it("cp", source, "p:" + target, "-c", "two"), (0, "", ""))
        self.assertEqual(self.read("pod", "a.[b]*", "x y"), big)
        self.assertEqual(self.read("pod", "n&/1", "x y"), big)
        self.assertEqual(self.read("pod", "n&/1", "sub", "z"), b"2")
        self.assertEqual(self.read("pod", "-file"), big)
        self.assertEqual(self.server.seen[-1][1]["container"], ["two"])
        # and back: into a folder, under a new name, all of a folder
        os.mkdir(self.path("back"))
        self.assertEqual(self.run_it("cp", "default/p:" + self.path("pod", "-file"), "back"),
                         (0, "", ""))
        self.assertEqual(self.run_it("cp", "p:" + self.path("pod", "n&"), "new"), (0, "", ""))
        self.assertEqual(self.run_it("cp", "p:" + self.path("pod", "n&", "."), "whole"), (0, "", ""))
        self.assertEqual(self.read("back", "-file"), big)
        self.assertEqual(self.read("new", "1", "x y"), big)
        self.assertEqual(self.read("whole", "1", "sub", "z"), b"2")
        self.assertEqual([n for n in os.listdir(self.home) if n.startswith(".hpctl")], [])

    def test_port_forward(self):
        child = subprocess.Popen([os.path.join(BUILD, "hpctl"), "port-forward", "p", ":7", ":8"],
                                 env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 text=True)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        ports = {}
        while len(ports) < 2:
            line = child.stdout.readline()
            if found := re.match(r"Forwarding from 127\.0\.0\.1:(\d+) -> (\d)$", line):
                ports[found[2]] = int(found[1])
            self.assertTrue(line, "it ended")
        for text in (b"one", b"two" * 100):  # each has a connection of its own
            with socket.create_connection(("127.0.0.1", ports["7"]), timeout=30) as s:
                s.sendall(text)
                s.shutdown(socket.SHUT_WR)
                got = b""
                while more := s.recv(4096):
                    got += more
            self.assertEqual(got, text.upper() + b".")
        wait_until(lambda: ("pong", b"\0\0\0\2") in self.server.seen)
        with socket.create_connection(("127.0.0.1", ports["8"]), timeout=30) as s:
            self.assertEqual(s.recv(1), b"")
        child.kill()
        self.assertIn(f"an error occurred forwarding {ports['8']} -> 8: refused",
                      child.communicate(timeout=30)[1])
        self.assertEqual(self.run_it("port-forward", "over", "80"),
                         (1, "", "error: unable to forward port because pod is not running. "
                                 "Current status=Failed\n"))
        self.assertEqual(self.run_it("port-forward", "p", "x:80"),
                         (1, "", "error: error parsing local port x\n"))

    def test_cp_that_cannot_be(self):
        for args, says in ((("a", "b"), "one of src or dest must be a remote file specification"),
                           (("p:a", "p:b"), "one of src or dest must be a local file specification"),
                           (("a/b/c:d", "x"), "filespec must match the canonical format"),
                           (("p:", "x"), "filepath can not be empty"),
                           (("nothing", "p:/tmp"), "nothing doesn't exist in local filesystem")):
            code, out, err = self.run_it("cp", *args)
            self.assertEqual((code, out), (1, ""))
            self.assertIn(says, err)
        code, _, err = self.run_it("cp", "p:" + self.path("none"), "x")
        self.assertEqual(code, 1)
        self.assertIn("none", err)
        self.assertFalse(os.path.exists(self.path("x")))


if __name__ == "__main__":
    unittest.main()
