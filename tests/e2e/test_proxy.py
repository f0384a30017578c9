"""pods/proxy and services/proxy: HTTP with servers in pods, every method, TLS, links, upgrades."""
import http.client
import socket
import subprocess
import tempfile
import threading
import unittest

from harness import wait_until
from test_agent import can_run
from test_node_pods import NodeCase, container, pod

NS = "/api/v1/namespaces/default"
PAGE = ('<html><head><script src="/js/a.js">if (a<b) { "<a href=/x>" }</script></head>'
        '<a href="/rewriteme">test</a><A HREF=\'relative\'><img src=/i.png/ alt="/x">'
        '<a href="http://elsewhere.example/x"><a href="//{host}/own?q=/x#/y"><!-- <a href="/c"> -->')

SERVER = """
import gzip, http.server, json, ssl, sys, threading, time
PAGE = {page!r}
class H(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def answer(self, status, body, **headers):
        self.send_response(status)
        for k, v in headers.items():
            self.send_header(k.replace("_", "-"), v)
        if "Transfer_Encoding" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
    def any(self):
        n = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(n)
        path = self.path.partition("?")[0]
        if path == "/page":
            self.answer(200, PAGE.replace("{{host}}", self.headers["Host"]).encode(),
                        Content_Type="text/html; charset=utf-8")
        elif path == "/zipped":
            self.answer(200, gzip.compress(PAGE.encode()), Content_Type="text/html",
                        Content_Encoding="gzip")
        elif path == "/redirect":
            self.answer(302, b"", Location="/there/?a=b")
        elif path == "/chunks":
            self.answer(200, b"3\\r\\nabc\\r\\n5;x=y\\r\\ndefgh\\r\\n0\\r\\nT: x\\r\\n\\r\\n",
                        Content_Type="text/plain", Transfer_Encoding="chunked")
        elif path == "/large":
            self.answer(200, b"0123456789abcdef" * 262144, Content_Type="application/octet-stream")
        elif path == "/short":
            self.send_response(200); self.send_header("Content-Length", "100"); self.end_headers()
            self.wfile.write(b"only this"); self.close_connection = True
        elif path == "/none":
            self.send_response(204); self.end_headers()
        elif path == "/garbage":
            self.wfile.write(b"what?\\r\\n\\r\\n"); self.close_connection = True
        elif path == "/teapot":
            self.answer(418, b"short and stout", Access_Control_Allow_Origin="*",
                        Cache_Control="max-age=1", X_Own="yes", Keep_Alive="1")
        elif path == "/echo" and self.headers.get("Upgrade"):
            self.send_response_only(101); self.send_header("Upgrade", self.headers["Upgrade"])
            self.send_header("Connection", "Upgrade"); self.end_headers(); self.wfile.flush()
            while True:
                b = self.rfile.read1(65536)
                if not b or b == b"bye":
                    break
                self.wfile.write(b.upper()); self.wfile.flush()
            self.close_connection = True
        else:
            self.answer(200, json.dumps({{"method": self.command, "path": self.path,
                "body": body.decode(), "headers": dict(self.headers)}}).encode(),
                Content_Type="application/json")
    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = any
    def log_message(self, *a): pass
for port, tls in {ports!r}:
    s = http.server.ThreadingHTTPServer(("", port), H)
    s.daemon_threads = True
    if tls:
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain(tls + "/crt", tls + "/key")
        s.socket = c.wrap_socket(s.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=s.serve_forever, daemon=True).start()
print("ready", flush=True)
time.sleep(1e6)
"""


@unittest.skipUnless(can_run(), "needs root, containerd and the agent")
class Proxy(NodeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = None
        try:
            cls.set_up_pod()
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def set_up_pod(cls):
        body = pod("web", container("sleep 100000", ports=[{"name": "http", "containerPort": 8080}]))
        body["metadata"]["labels"] = {"app": "web"}
        cls.acme.post(f"{NS}/pods", body)
        cls.acme.post(f"{NS}/services", {"metadata": {"name": "web"}, "spec": {
            "selector": {"app": "web"}, "ports": [
                {"name": "plain", "port": 80, "targetPort": "http"},
                {"name": "tls", "port": 443, "targetPort": 8443}]}})
        wait_until(lambda: (cls.acme.get(f"{NS}/pods/web").json["status"].get("containerStatuses")
                            or [{}])[0].get("ready"))
        cls.ip = cls.acme.get(f"{NS}/pods/web").json["status"]["podIP"]
        d = tempfile.mkdtemp(dir=cls.plane.dir)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                        d + "/key", "-out", d + "/crt", "-subj", "/CN=x", "-days", "1"],
                       check=True, stderr=subprocess.DEVNULL)
        cid = cls.acme.get(f"{NS}/pods/web").json["status"]["containerStatuses"][0]["containerID"]
        cls.server = subprocess.Popen(
            ["nsenter", "-t", cls.agent.pid_of(cid), "-n", "python3", "-c",
             SERVER.format(page=PAGE, ports=[(8080, None), (80, None), (8443, d)])],
            stdout=subprocess.PIPE, text=True)
        if cls.server.stdout.readline() != "ready\n":
            raise AssertionError("the server in the pod does not start")
        wait_until(lambda: cls.acme.get(f"{NS}/endpoints/web").json.get("subsets"))

    @classmethod
    def tearDownClass(cls):
        if cls.server:
            cls.server.kill()
            cls.server.wait()
            cls.server.stdout.close()
        super().tearDownClass()

    def test_every_method_arrives_as_it_was_sent(self):
        for name in ("pods/web", "pods/web:8080", "pods/http:web:80", "pods/https:web:8443",
                     "services/web:plain", "services/web:80", "services/https:web:tls",
                     "services/https:web:443"):
            a = self.acme.get(f"{NS}/{name}/proxy/some/path?a=b&c")
            self.assertEqual((a.status, a.json["method"], a.json["path"]),
                             (200, "GET", "/some/path?a=b&c"), (name, a))
        for method in ("DELETE", "OPTIONS", "PATCH", "POST", "PUT"):
            for name in ("pods/web", "services/web:plain"):
                a = self.acme.request(method, f"{NS}/{name}/proxy/p/", f"body of {method}",
                                      content_type="text/x-own", headers={"Accept": "text/html"})
                self.assertEqual(a.status, 200, a)
                self.assertEqual((a.json["method"], a.json["path"], a.json["body"],
                                  a.json["headers"]["Content-Type"]),
                                 (method, "/p/", f"body of {method}", "text/x-own"))
                a = self.acme.request(method, f"{NS}/{name}/proxy?method={method}")
                self.assertEqual((a.status, a.json["path"]), (200, f"/?method={method}"), a)
        a = self.acme.request("HEAD", f"{NS}/pods/web/proxy/page")
        self.assertEqual((a.status, a.body), (200, b""))
        self.assertGreater(int(a.headers["Content-Length"]), 100)
        for method in ("GET", "HEAD"):
            for name in ("pods/web", "services/web:plain"):
                a = self.acme.request(method, f"{NS}/{name}/proxy?x=y")
                self.assertEqual((a.status, a.headers["Location"]),
                                 (301, f"{self.acme.prefix}{NS}/{name}/proxy/?x=y"))

    def test_paths_of_every_kind(self):
        for given, want in (("/results/udp@kubernetes.default", "/results/udp@kubernetes.default"),
                            ("//a/./b/../c//", "/a/c/"), ("/a%2Fb%3Fc%25", "/a/b%3Fc%25"),
                            ("/../../x", "/x"), ("/a%20b!*'", "/a%20b%21%2A%27")):
            a = self.acme.get(f"{NS}/pods/web/proxy{given}")
            self.assertEqual((a.status, a.json["path"]), (200, want), given)

    def test_who_asks_stays_with_the_server(self):
        a = self.acme.get(f"{NS}/pods/web/proxy/x%20y", headers={
            "X-Own": "1", "Authorization": "Basic eDp5", "Connection": "X-Hop", "X-Hop": "1",
            "X-Forwarded-For": "1.2.3.4", "Cookie": "a=b"})
        h = a.json["headers"]
        self.assertEqual(h["X-Forwarded-Uri"], f"{NS}/pods/web/proxy/x%20y")
        self.assertEqual(h["X-Forwarded-For"], "1.2.3.4, 127.0.0.1")
        self.assertEqual((h["X-Own"], h["Cookie"]), ("1", "a=b"))
        self.assertEqual(h["Host"], f"{self.acme.host}:{self.acme.port}")
        for name in ("Authorization", "X-Hop", "Impersonate-User"):
            self.assertNotIn(name, h)
        a = self.acme.get(f"{NS}/pods/web/proxy/teapot")
        self.assertEqual((a.status, a.body, a.headers["X-Own"]), (418, b"short and stout", "yes"))
        self.assertEqual(a.headers.get_all("Cache-Control"), ["no-cache, private", "max-age=1"])
        self.assertIsNone(a.headers["Access-Control-Allow-Origin"])

    def test_links_lead_back_through_the_proxy(self):
        at = f"{NS}/pods/web:8080/proxy"
        expected = (PAGE.replace('"/js/a.js', f'"{at}/js/a.js').replace('"/rewriteme', f'"{at}/rewriteme')
                    .replace("src=/i.png/", f"src={at}/i.png/")
                    .replace("//{host}/own", f"{at}/own"))
        a = self.acme.get(f"{at}/page")
        self.assertEqual(a.body.decode(), expected)
        a = self.acme.get(f"{at}/zipped", headers={"Accept-Encoding": "gzip"})
        self.assertIsNone(a.headers["Content-Encoding"])
        self.assertIn(f'"{at}/rewriteme"', a.body.decode())
        a = self.acme.get(f"{at}/redirect")
        self.assertEqual((a.status, a.headers["Location"]),
                         (302, f"{self.acme.prefix}{at}/there/?a=b"))

    def test_bodies_of_every_framing(self):
        a = self.acme.get(f"{NS}/pods/web/proxy/chunks")
        self.assertEqual(a.body, b"abcdefgh")
        a = self.acme.get(f"{NS}/pods/web/proxy/large")
        self.assertEqual((len(a.body), a.headers["Content-Length"]), (4 << 20, str(4 << 20)))
        self.assertEqual(a.body, b"0123456789abcdef" * 262144)
        self.assertEqual(self.acme.get(f"{NS}/pods/web/proxy/none").status, 204)
        with self.assertRaises((http.client.IncompleteRead, OSError)):
            self.acme.get(f"{NS}/pods/web/proxy/short")
        a = self.acme.get(f"{NS}/pods/web/proxy/garbage")
        self.assertEqual((a.status, a.json["reason"]), (503, "ServiceUnavailable"))
        self.assertIn("error trying to reach service: net/http: HTTP/1.x transport connection "
                      "broken: malformed HTTP response", a.message)
        body = "x" * 2000000
        a = self.acme.post(f"{NS}/services/web:plain/proxy/up", body, content_type="text/plain")
        self.assertEqual(len(a.json["body"]), len(body))

    def test_many_at_once(self):
        failures = []

        def ask(i):
            for name in ("pods/web", "services/https:web:tls"):
                a = self.acme.get(f"{NS}/{name}/proxy/{i}")
                if a.status != 200 or a.json["path"] != f"/{i}":
                    failures.append(a)
        threads = [threading.Thread(target=ask, args=(i,)) for i in range(40)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(failures, [])

    def upgrade(self, path, **more):
        s = self.acme.ssl.wrap_socket(socket.create_connection((self.acme.host, self.acme.port), 30),
                                      server_hostname=self.acme.host)
        self.addCleanup(s.close)
        lines = [f"GET {self.acme.prefix}{path} HTTP/1.1", f"Host: {self.acme.host}",
                 "Connection: Upgrade", "Upgrade: websocket"]
        s.sendall("\r\n".join(lines + [f"{k}: {v}" for k, v in more.items()] + ["", ""]).encode())
        head = b""
        while b"\r\n\r\n" not in head:
            got = s.recv(1)
            self.assertTrue(got, head)
            head += got
        return s, head.decode()

    def test_an_upgrade_becomes_bytes_both_ways(self):
        for name in ("pods/web", "services/https:web:tls"):
            s, head = self.upgrade(f"{NS}/{name}/proxy/echo")
            self.assertTrue(head.startswith("HTTP/1.1 101 "), head)
            self.assertIn("upgrade: websocket", head.lower())
            sent = b"hello" * 50000
            got = b""
            for at in range(0, len(sent), 20000):  # one thread: two may not share a TLS socket
                s.sendall(sent[at:at + 20000])
                while len(got) < min(at + 20000, len(sent)):
                    piece = s.recv(65536)
                    self.assertTrue(piece, len(got))
                    got += piece
            self.assertEqual(got, sent.upper())
            s.sendall(b"bye")
            self.assertEqual(s.recv(10), b"")
        s, head = self.upgrade(f"{NS}/pods/web/proxy/teapot")
        self.assertTrue(head.startswith("HTTP/1.1 418 "), head)

    def test_what_cannot_be_reached(self):
        self.create(pod("waits", container("true"), schedulerName="none"))
        cases = [
            ("pods/none", 404, 'pods "none" not found'),
            ("pods/waits", 400, "address not allowed"),
            ("pods/ftp:web:80", 400, 'invalid pod request "ftp:web:80"'),
            ("pods/web:81", 503, f"error trying to reach service: dial tcp {self.ip}:81: connect: "
                                 "connection refused"),
            ("pods/https:web:8080", 503, "error trying to reach service: remote error: tls: "
                                         "handshake failure"),
            ("services/web", 503, 'no endpoints available for service "web"'),
            ("services/web:other", 503, 'no endpoints available for service "web:other"'),
            ("services/web:81", 503, 'no service port 81 found for service "web"'),
        ]
        for name, status, message in cases:
            a = self.acme.get(f"{NS}/{name}/proxy/")
            self.assertEqual((a.status, a.message), (status, message), name)

    def test_an_address_of_another_kind_is_not_asked(self):
        """What a tenant writes into Endpoints chooses a pod of its own and nothing else."""
        self.acme.post(f"{NS}/services", {"metadata": {"name": "odd"}, "spec": {
            "ports": [{"port": 80}]}})
        for address in ({"ip": "10.1.1.1"}, {"ip": "10.1.1.1", "targetRef": {
                "kind": "Pod", "namespace": "default", "name": "web"}}):
            body = {"metadata": {"name": "odd"}, "subsets": [
                {"addresses": [address], "ports": [{"port": 8080}]}]}
            a = self.acme.post(f"{NS}/endpoints", body)
            if a.status == 409:
                a = self.acme.put(f"{NS}/endpoints/odd", body)
            self.assertIn(a.status, (200, 201), a)
            a = self.acme.get(f"{NS}/services/odd/proxy/")
            self.assertEqual((a.status, a.message),
                             (503, 'no endpoints available for service "odd"'))
        body["subsets"][0]["addresses"][0]["ip"] = self.ip
        self.assertEqual(self.acme.put(f"{NS}/endpoints/odd", body).status, 200)
        self.assertEqual(self.acme.get(f"{NS}/services/odd/proxy/").status, 200)
