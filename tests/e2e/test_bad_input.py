"""Input that nobody should send: the right status, no leak, and the server goes on."""
import json
import socket
import ssl
import unittest

from harness import shared_plane

CMS = "/api/v1/namespaces/default/configmaps"


class BadInput(unittest.TestCase):
    def setUp(self):
        self.plane = shared_plane()
        self.t = self.plane.tenant("badinput")
        self.pid = self.plane.process.pid

    def tearDown(self):
        self.assertTrue(self.plane.process.is_alive(), "the server ended")
        self.assertEqual(self.plane.process.pid, self.pid)
        self.assertEqual(self.t.get("/api/v1/namespaces/default").status, 200)

    def raw(self, data, timeout=10):
        """Bytes over TLS as they are; what came back until the server closed or fell silent."""
        context = ssl._create_unverified_context()
        with socket.create_connection(("127.0.0.1", self.plane.port), timeout) as s:
            with context.wrap_socket(s) as tls:
                got = b""
                try:  # the server may close before it has read all
                    tls.sendall(data)
                    while b"\r\n\r\n" not in got or len(got) < 12:
                        more = tls.recv(65536)
                        if not more:
                            break
                        got += more
                except OSError:
                    pass
                return got

    def assert_status(self, a, code, reason=None):
        self.assertEqual(a.status, code, a)
        s = a.json
        self.assertEqual((s["kind"], s["status"], s["code"]), ("Status", "Failure", code))
        if reason:
            self.assertEqual(s["reason"], reason)

    def test_malformed_http(self):
        for data in (b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                     b"GET /api HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                     b"GET /api HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                     b"POST /api HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                     b"GET /" + b"a" * 200000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                     b"GET / HTTP/1.1\r\n" + b"X: " + b"y" * 200000 + b"\r\n\r\n"):
            with self.subTest(data[:40]):
                got = self.raw(data)
                if got:
                    self.assertRegex(got[:12].decode(errors="replace"), r"^HTTP/1\.[01] [45]")

    def test_plain_http_on_the_tls_port(self):
        with socket.create_connection(("127.0.0.1", self.plane.port), 10) as s:
            s.sendall(b"GET /api HTTP/1.1\r\nHost: x\r\n\r\n")
            s.settimeout(10)
            try:
                self.assertNotIn(b"200 OK", s.recv(4096))
            except OSError:
                pass

    def test_deep_json(self):
        for depth in (2000, 10000, 100000):
            body = '{"metadata":{"name":"deep"},"data":' + '{"a":' * depth + "1" + "}" * depth + "}"
            a = self.t.post(CMS, body)
            self.assertEqual(a.status, 400, (depth, a))
            a = self.t.post(CMS, "[" * depth)
            self.assertEqual(a.status, 400, (depth, a))

    def test_a_body_of_100_megabytes(self):
        body = b'{"metadata":{"name":"big"},"data":{"a":"' + b"x" * (100 << 20) + b'"}}'
        try:
            a = self.t.post(CMS, body)
            self.assert_status(a, 413, "RequestEntityTooLarge")
        except OSError:
            pass  # the server may close before all of it was sent
        self.t.connection(fresh=True)

    def test_what_is_not_json(self):
        for body in ("", "{", "nul", '{"a":}', "{'a':1}", '{"metadata":{"name":"x"}} x', "\x00"):
            with self.subTest(body):
                a = self.t.post(CMS, body)
                self.assertIn(a.status, (400, 422), a)
                self.assertEqual(a.json["kind"], "Status")

    def test_invalid_utf8(self):
        a = self.t.post(CMS, b'{"metadata":{"name":"\xff\xfe"}}')
        self.assertIn(a.status, (400, 422), a)
        a = self.t.post(CMS, b'{"metadata":{"name":"utf8"},"data":{"a":"\xff\xfe\x80"}}')
        self.assertIn(a.status, (201, 400), a)
        if a.status == 201:
            a.body.decode("utf-8")
            self.assertEqual(self.t.delete(CMS + "/utf8").status, 200)

    def test_wrong_types(self):
        for body in ({"metadata": "x"}, {"metadata": {"name": 5}}, [], 5, "x",
                     {"metadata": {"name": "a"}, "data": {"a": 1}},
                     {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "a"}},
                     {"metadata": {"name": "a", "labels": {"a": {"b": "c"}}}}):
            with self.subTest(json.dumps(body)):
                self.assertIn(self.t.post(CMS, json.dumps(body)).status, (400, 422))

    def test_names_that_are_no_names(self):
        for name in ("A", "a_b", "a/b", "..", "a" * 300, "-", "ä"):
            with self.subTest(name):
                self.assert_status(self.t.post(CMS, {"metadata": {"name": name}}), 422, "Invalid")

    def test_unknown_paths(self):
        for path in ("/api/v2/pods", "/apis/nope/v1/x", "/api/v1/nope", "/nope",
                     "/api/v1/namespaces/default/nope", "/apis/apps/v9/deployments"):
            with self.subTest(path):
                self.assertEqual(self.t.get(path).status, 404)

    def test_unknown_tenants(self):
        for name in ("nobody", "..", "%2e%2e", "host", "BADINPUT", "badinput%00", "a" * 300):
            with self.subTest(name):
                a = self.t.at(self.plane.url).request("GET", f"/clusters/{name}/api/v1/pods",
                                                      raw_path=True)
                self.assertIn(a.status, (400, 401, 404), a)

    def test_paths_do_not_climb_out(self):
        other = self.plane.tenant("badother")
        other.post(CMS, {"metadata": {"name": "private"}, "data": {"k": "do-not-leak"}})
        for path in ("/clusters/badinput/../badother", "/clusters/badinput/%2e%2e/badother",
                     "/clusters/badinput//../badother", "/clusters//badother",
                     "/clusters/badinput%2f..%2fbadother", "/clusters/badinput/clusters/badother",
                     "//clusters/badother", "/clusters/./badother",
                     "/clusters/badinput/api/v1/../../../badother"):
            with self.subTest(path):
                a = self.t.request("GET", path + CMS + "/private", raw_path=True)
                self.assertIn(a.status, (301, 400, 401, 403, 404), a)
                self.assertNotIn(b"do-not-leak", a.body)

    def test_odd_queries(self):
        for q in ("limit=abc", "limit=99999999999999999999", "resourceVersion=abc",
                  "labelSelector=%3D%3D%3D", "fieldSelector=nope%3D1", "continue=abc",
                  "timeoutSeconds=abc", "resourceVersionMatch=Nope", "dryRun=Some"):
            with self.subTest(q):
                a = self.t.get(CMS + "?" + q)
                # The real server answers 500 to a version that is no number.
                self.assertIn(a.status, (200, 400, 410, 422) + (500,) * ("Version=" in q), a)

    def test_wrong_methods_and_media_types(self):
        self.assertEqual(self.t.request("BREW", CMS).status, 405)
        self.assertEqual(self.t.put(CMS, {"metadata": {"name": "x"}}).status, 405)
        a = self.t.post(CMS, "x", content_type="application/x-nope")
        self.assert_status(a, 415, "UnsupportedMediaType")
        a = self.t.patch(CMS + "/kube-root-ca.crt", "{}", content_type="text/plain")
        self.assert_status(a, 415, "UnsupportedMediaType")
        a = self.t.get(CMS, headers={"Accept": "image/png"})
        self.assert_status(a, 406, "NotAcceptable")

    def test_patches_that_blow_up(self):
        self.t.post(CMS, {"metadata": {"name": "p"}, "data": {"a": "x" * 1000}})
        ops = [{"op": "add", "path": "/data/b", "value": "x"}] * 10001
        a = self.t.patch(CMS + "/p", ops, content_type="application/json-patch+json")
        self.assertIn(a.status, (400, 413, 422), a)
        ops = []
        for i in range(40):
            ops.append({"op": "copy", "from": "/data", "path": f"/data/k{i}"})
        a = self.t.patch(CMS + "/p", ops, content_type="application/json-patch+json")
        self.assertIn(a.status, (400, 413, 422), a)

    def test_yaml_that_blows_up(self):
        lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
        for i in range(1, 12):
            lines.append(f"a{i}: &a{i} [" + ",".join([f"*a{i - 1}"] * 10) + "]")
        a = self.t.post(CMS, "\n".join(lines), content_type="application/yaml")
        self.assertIn(a.status, (400, 413, 415, 422), a)

    def test_no_secrets_in_errors_or_logs(self):
        token = self.plane.client("badinput", token=True).token
        c = self.t.at(self.t.server)
        self.t.get(CMS, headers={"Authorization": "Bearer " + token + "x"})
        c.post("/api/v1/namespaces/default/secrets",
               {"metadata": {"name": "s"}, "stringData": {"k": "hunter2-in-the-clear"}})
        self.assertNotIn(token[:-5], self.plane.log())
        self.assertNotIn("hunter2-in-the-clear", self.plane.log())
