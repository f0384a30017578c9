"""A day with the real kubectl."""
import json
import os
import re
import shutil
import socket
import time
import unittest
import urllib.request

from harness import Kubectl, shared_plane

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: localhost/demo-web:1
        ports: [{containerPort: 80}]
"""
SERVICE = """apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: page}
data:
  index.html: |
    <h1>hello</h1>
"""


@unittest.skipIf(shutil.which("kubectl") is None, "kubectl is not installed")
class KubectlDay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.k = Kubectl(shared_plane(), "kubectl")
        cls.dir = os.path.join(cls.k.home, "app")
        os.mkdir(cls.dir)
        for name, text in (("web.yaml", DEPLOYMENT), ("more.yaml", SERVICE)):
            with open(os.path.join(cls.dir, name), "w") as f:
                f.write(text)

    def test_a_value_of_a_wrong_type_is_told_in_the_words_of_each_patch(self):
        k = self.k
        good = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"typed"},"data":{"k":"1"}}'
        bad = good.replace('"1"', "1")
        k("apply", "-f", "-", stdin=good)
        for args, stdin, words in (
                (("apply", "--validate=false", "-f", "-"), bad,
                 ('The request is invalid: patch: Invalid value: "map[data:map[k:1] metadata:map[annotations:',
                  "]]]\": cannot convert int64 to string")),
                (("patch", "configmap", "typed", "-p", '{"data":{"k":true}}'), None,
                 ('"map[data:map[k:true]]": unrecognized type: string',)),
                (("patch", "configmap", "typed", "--type", "merge", "-p", '{"data":{"k":true}}'), None,
                 ("json: cannot unmarshal bool into Go struct field ConfigMap.data of type string",)),
                (("apply", "--server-side", "--validate=false", "-f", "-"), bad,
                 (".data.k: expected string, got &value.valueUnstructured{Value:1}",)),
                (("create", "--validate=false", "-f", "-"), bad.replace("typed", "typed-2"),
                 ('ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go '
                  "struct field ConfigMap.data of type string",))):
            code, _, err = k.run(*args, stdin=stdin)
            self.assertNotEqual(code, 0, args)
            for part in words:
                self.assertIn(part, err)

    def test_apply_a_directory(self):
        k = self.k
        k("create", "namespace", "dir")
        out = k("-n", "dir", "apply", "-f", self.dir)
        for what in ("deployment.apps/web created", "service/web created", "configmap/page created"):
            self.assertIn(what, out)
        out = k("-n", "dir", "apply", "-f", self.dir)
        self.assertEqual(out.count("unchanged"), 3, out)
        with open(os.path.join(self.k.home, "two.yaml"), "w") as f:
            f.write(DEPLOYMENT.replace("replicas: 2", "replicas: 3"))
        out = k("-n", "dir", "apply", "-f", f.name)
        self.assertIn("deployment.apps/web configured", out)
        self.assertEqual(k("-n", "dir", "get", "deploy", "web", "-o", "jsonpath={.spec.replicas}"),
                         "3")
        out = k("-n", "dir", "diff", "-f", f.name)
        self.assertEqual(out, "")
        out = k("-n", "dir", "delete", "-f", self.dir)
        self.assertEqual(out.count("deleted"), 3, out)

    def test_server_side_apply(self):
        out = self.k("apply", "--server-side", "-f", "-", stdin="apiVersion: v1\nkind: ConfigMap\n"
                     "metadata: {name: ssa}\ndata: {a: b}\n")
        self.assertIn("configmap/ssa serverside-applied", out)
        self.assertEqual(self.k("get", "cm", "ssa", "-o", "jsonpath={.data.a}"), "b")

    def test_get_and_watch(self):
        k = self.k
        p = k.popen("get", "configmaps", "-w", "--no-headers", "--output-watch-events")
        try:
            time.sleep(1)
            k("create", "configmap", "watched", "--from-literal=a=b")
            k("delete", "configmap", "watched")
            lines, end = [], time.monotonic() + 10
            while time.monotonic() < end:
                line = p.stdout.readline()
                if "watched" in line:
                    lines.append(line.split()[:3])
                if lines and lines[-1][0] == "DELETED":
                    break
            self.assertEqual(lines, [["ADDED", "watched", "1"], ["DELETED", "watched", "1"]])
        finally:
            p.kill()
            p.communicate()

    def test_outputs(self):
        k = self.k
        k("create", "configmap", "out", "--from-literal=a=b")
        self.assertEqual(k("get", "cm", "out", "-o", "name"), "configmap/out\n")
        self.assertEqual(json.loads(k("get", "cm", "out", "-o", "json"))["data"], {"a": "b"})
        self.assertIn("data:\n  a: b\n", k("get", "cm", "out", "-o", "yaml"))
        self.assertRegex(k("get", "cm", "out"), r"NAME +DATA +AGE\nout +1 ")
        self.assertIn("a:\n----\nb", k("describe", "cm", "out"))
        self.assertRegex(k("get", "ns", "-o", "wide"), r"default +Active")
        k("label", "cm", "out", "x=y")
        self.assertEqual(k("get", "cm", "-l", "x=y", "-o", "name"), "configmap/out\n")
        k("annotate", "cm", "out", "n=1")
        k("patch", "cm", "out", "-p", '{"data":{"a":"c"}}')
        self.assertEqual(k("get", "cm", "out", "-o", "jsonpath={.data.a}"), "c")

    def test_rollout(self):
        k = self.k
        k("create", "namespace", "roll")
        k("-n", "roll", "apply", "-f", os.path.join(self.dir, "web.yaml"))
        k("-n", "roll", "set", "image", "deployment/web", "web=localhost/demo-web:2")
        k("-n", "roll", "scale", "deployment/web", "--replicas=0")
        out = k("-n", "roll", "rollout", "status", "deployment/web", "--timeout=60s")
        self.assertIn("successfully rolled out", out)
        out = k("-n", "roll", "rollout", "history", "deployment/web")
        self.assertRegex(out, r"(?m)^2 ")
        k("-n", "roll", "rollout", "undo", "deployment/web")
        self.assertEqual(k("-n", "roll", "get", "deploy", "web", "-o",
                           "jsonpath={.spec.template.spec.containers[0].image}"),
                         "localhost/demo-web:1")
        k("-n", "roll", "rollout", "restart", "deployment/web")
        k("delete", "namespace", "roll", "--timeout=60s")

    def test_explain_and_resources(self):
        k = self.k
        # the second word is that of kubectl before 1.27, which reads OpenAPI v2
        self.assertRegex(k("explain", "pod.spec.containers"), "(FIELD|RESOURCE): containers")
        self.assertIn("replicas", k("explain", "deployment.spec"))
        out = k("api-resources")
        for name in ("pods", "deployments", "customresourcedefinitions", "networkpolicies"):
            self.assertRegex(out, rf"(?m)^{name} ")
        self.assertIn("apps/v1\n", k("api-versions"))
        self.assertIn("v1.36.0", k("version"))

    def test_auth(self):
        k = self.k
        self.assertEqual(k("auth", "can-i", "create", "pods").strip(), "yes")
        code, out, _ = k.run("auth", "can-i", "create", "pods", "--as", "nobody")
        self.assertEqual((code, out.strip()), (1, "no"))
        self.assertIn("selfsubjectaccessreviews", k("auth", "can-i", "--list", "--as", "nobody"))
        k("create", "serviceaccount", "robot")
        if self.k.minor() >= 28:
            self.assertRegex(k("auth", "whoami"), r"Username +admin")
        if self.k.minor() >= 24:
            self.assertEqual(len(k("create", "token", "robot").strip().split(".")), 3)
        k("create", "rolebinding", "robot", "--clusterrole=view", "--serviceaccount=default:robot")
        self.assertEqual(k("auth", "can-i", "list", "pods", "--as",
                           "system:serviceaccount:default:robot").strip(), "yes")

    def test_raw(self):
        self.assertEqual(json.loads(self.k("get", "--raw", "/api/v1/namespaces"))
                         ["kind"], "NamespaceList")
        self.assertIn("gitVersion", self.k("get", "--raw", "/version"))
        self.assertEqual(self.k("get", "--raw", "/readyz"), "ok")

    def test_a_proxy_that_forgets_the_path_of_the_server(self):
        p = self.k.popen("proxy", "--port=0")
        self.addCleanup(p.wait)
        self.addCleanup(p.terminate)
        line = p.stdout.readline()
        at = re.match(r"Starting to serve on (127\.0\.0\.1:[0-9]+)", line)
        self.assertTrue(at, line)
        with urllib.request.urlopen(f"http://{at[1]}/api/", timeout=10) as r:
            self.assertEqual(json.load(r)["versions"], ["v1"])
        sock = os.path.join(self.k.home, "sock")
        p = self.k.popen("proxy", "--unix-socket=" + sock)
        self.addCleanup(p.wait)
        self.addCleanup(p.terminate)
        self.assertEqual(p.stdout.readline(), f"Starting to serve on {sock}\n")
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(sock)
            s.sendall(b"GET /api/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
            text = b""
            while piece := s.recv(65536):
                text += piece
        self.assertIn(b'"kind":"APIVersions"', text)

    def test_errors(self):
        code, _, err = self.k.run("get", "pod", "nope")
        self.assertEqual((code, err), (1, 'Error from server (NotFound): pods "nope" not found\n'))
        code, _, err = self.k.run("create", "-f", "-", stdin="apiVersion: v1\nkind: ConfigMap\n"
                                  "metadata: {name: x}\ndatas: {a: b}\n")
        self.assertEqual(code, 1)
        # before 1.27 kubectl checks by itself, with the server's OpenAPI v2
        self.assertIn('strict decoding error: unknown field "datas"' if self.k.minor() >= 27 else
                      'ValidationError(ConfigMap): unknown field "datas"', err)

    def test_a_quota_refuses(self):
        k = self.k
        k("create", "namespace", "quota")
        k("-n", "quota", "create", "quota", "q", "--hard=configmaps=2")
        k("-n", "quota", "create", "configmap", "a")
        end = time.monotonic() + 20
        while time.monotonic() < end:
            code, _, err = k.run("-n", "quota", "create", "configmap", f"b{time.monotonic_ns()}")
            if code:
                break
        self.assertEqual(code, 1)
        self.assertIn("exceeded quota: q, requested: configmaps=1, used: configmaps=2, limited: "
                      "configmaps=2", err)
