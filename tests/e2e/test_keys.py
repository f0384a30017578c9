"""Key providers: a tenant's own KMS that is withdrawn and comes back, rotation, and where keys never show up."""
import base64
import ctypes
import glob
import json
import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from harness import BUILD, ROOT, TENANTS, Client, Plane, Process, wait_until
from test_secrets import forms

PROVIDERS = "/apis/tenancy.hostplane.io/v1/keyproviders"
SECRETS = "/api/v1/namespaces/default/secrets"
CANARY = "key-canary-51c0ffee"
BODY = "body-canary-3350"


def open_gcm(key, sealed, aad):
    """nonce (12) | ciphertext | tag (16) of AES-256-GCM, by the same library that the server uses."""
    c = ctypes.CDLL("libcrypto.so.3")
    c.EVP_CIPHER_CTX_new.restype = c.EVP_aes_256_gcm.restype = ctypes.c_void_p
    ctx, n = ctypes.c_void_p(c.EVP_CIPHER_CTX_new()), ctypes.c_int()
    nonce, text, tag = sealed[:12], sealed[12:-16], sealed[-16:]
    out = ctypes.create_string_buffer(len(text) + 16)
    ok = (c.EVP_DecryptInit_ex(ctx, ctypes.c_void_p(c.EVP_aes_256_gcm()), None, key, nonce) == 1
          and c.EVP_DecryptUpdate(ctx, None, ctypes.byref(n), aad, len(aad)) == 1
          and c.EVP_DecryptUpdate(ctx, out, ctypes.byref(n), text, len(text)) == 1
          and c.EVP_CIPHER_CTX_ctrl(ctx, 0x11, len(tag), ctypes.create_string_buffer(tag, len(tag))) == 1
          and c.EVP_DecryptFinal_ex(ctx, None, ctypes.byref(n)) == 1)
    c.EVP_CIPHER_CTX_free(ctx)
    if not ok:
        raise ValueError("it does not open")
    return out.raw[:len(text)]


def is_in_memory(pid, texts):
    """Does a process have one of them anywhere in its memory? Root reads it as it runs."""
    with open(f"/proc/{pid}/maps") as f:
        maps = [line.split() for line in f]
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as mem:
        for m in maps:
            first, last = (int(x, 16) for x in m[0].split("-"))
            if not m[1].startswith("rw") or m[-1] in ("[vvar]", "[vsyscall]"):
                continue
            before = b""
            while first < last:
                mem.seek(first)
                try:
                    piece = mem.read(min(last - first, 64 << 20))
                except OSError:  # it went meanwhile, or is a device's
                    break
                if not piece:
                    break
                first += len(piece)
                piece, before = before + piece, piece[-256:]
                if any(t in piece for t in texts):
                    return True
    return False


class Plugin:
    """The KMS plug-in of tests/lib, as a process."""

    def __init__(self, folder):
        self.program = os.path.join(folder, "kms_plugin")
        self.socket = os.path.join(folder, "kms.sock")
        self.control = os.path.join(folder, "kms.control")
        self.log = os.path.join(folder, "kms.log")
        subprocess.run(["gcc", "-O1", "-D_GNU_SOURCE", "-pthread", "-I", ROOT, "-o", self.program,
                        os.path.join(ROOT, "tests/e2e/kms_plugin.c"), "-lnghttp2"], check=True)
        self.process = None
        self.be("well", key=1)
        self.start()

    def be(self, mood, key=None, first=1):
        """Without `key` the current one stays."""
        self.key = key or self.key
        with open(self.control + ".new", "w") as f:
            f.write(f"{mood} {self.key} {first}\n")
        os.rename(self.control + ".new", self.control)

    def start(self):
        self.process = Process([self.program, self.socket, self.control], self.log)
        wait_until(lambda: os.path.exists(self.socket), 10)

    def stop(self):
        if self.process:
            self.process.stop(signal.SIGKILL)
            os.unlink(self.socket)
        self.process = None


class OwnKms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="hp-kms-", dir="/tmp")
        cls.plugin = Plugin(cls.folder.name)
        cls.plane = Plane(args=["--key-provider", f"acme-kms=kms:unix://{cls.plugin.socket}",
                                "--key-check", "1", "--key-ttl", "3"])
        try:
            cls.plane.start()
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def tearDownClass(cls):
        cls.plane.close()
        cls.plugin.stop()
        cls.folder.cleanup()

    def setUp(self):
        self.addCleanup(self.plugin.be, "well")

    def provider(self, name="acme-kms"):
        return self.plane.admin.get(f"{PROVIDERS}/{name}").json

    def test_a_tenant_whose_key_is_withdrawn_is_away_and_comes_back(self):
        own = self.plane.tenant("own", keyProvider="acme-kms")
        other = self.plane.tenant("other")
        for t in (own, other):
            self.assertEqual(t.post(SECRETS, {"metadata": {"name": "s"}, "stringData": {"k": CANARY}}).status, 201)
        self.assertEqual(self.plane.admin.get(f"{TENANTS}/own").json["status"]["keyProvider"], "acme-kms")

        self.plugin.be("denies")
        a = wait_until(lambda: (lambda x: x.status == 503 and x)(own.get(SECRETS)), 20)
        self.assertEqual(a.json["kind"], "Status")
        self.assertEqual(a.json["reason"], "ServiceUnavailable")
        self.assertEqual(a.message, 'the encryption key of cluster "own" is withheld: its key provider refuses to '
                                    'unwrap it')
        for path in ("/api", "/version", "/api/v1/namespaces", "/api/v1/namespaces/default/configmaps"):
            self.assertEqual(own.get(path).status, 503, path)
        self.assertEqual(own.post(SECRETS, {"metadata": {"name": "t"}}).status, 503)
        self.assert_hidden("own")
        self.assertEqual(other.get(f"{SECRETS}/s").status, 200)
        self.assertEqual(other.post(SECRETS, {"metadata": {"name": "during"}}).status, 201)
        # What happened there the provider goes on seeing; what was said was never for it.
        self.assertEqual(self.plane.admin.get(f"{TENANTS}/own/audit").status, 200)
        metrics = self.plane.admin.get("/metrics").body.decode()
        self.assertRegex(metrics, r'hostplane_keys_withheld\{provider="acme-kms"\} [1-9]')
        wait_until(lambda: 'hostplane_key_provider_healthy{provider="acme-kms"} 0' in
                   self.plane.admin.get("/metrics").body.decode(), 10)  # asked at a time of its own

        # The Tenant says so, and what to do.
        c = wait_until(lambda: (lambda x: x and x["status"] == "False" and x)(self.condition("own")), 10)
        self.assertEqual(c["reason"], "KeyRefused")
        self.assertIn('the key provider "acme-kms" refuses', c["message"])
        self.assertIn("hpctl keys status acme-kms", c["message"])
        self.assertEqual(self.condition("own", "Ready")["reason"], "KeyWithheld")
        self.assertEqual(self.shown("own")["Phase"], "KeyWithheld")
        self.assertEqual(self.shown("own")["Key-Provider"], "acme-kms")
        self.assertEqual(self.shown("other")["Phase"], "Ready")
        self.assertIsNone(self.condition("other"))
        wait_until(lambda: [e for e in self.plane.admin.get("/api/v1/namespaces/default/events").json["items"]
                            if e["involvedObject"]["name"] == "own" and e["reason"] == "KeyRefused"], 10)
        # So it stays when the Tenant is written.
        for state in ("Suspended", "Active"):
            a = self.plane.admin.patch(f"{TENANTS}/own", {"spec": {"displayName": "Own", "state": state}})
            self.assertEqual(a.status, 200, a)
            self.assertEqual(self.shown("own")["Phase"], "KeyWithheld")
        self.assertEqual(self.condition("own", "Ready")["reason"], "KeyWithheld")

        # A server that starts meanwhile knows no more than this one.
        self.plane.kill9()
        self.plane.start()
        self.assertEqual(own.get(SECRETS).status, 503)
        self.assertEqual(self.plane.client("other", token=True).at(own.server).get(SECRETS).status, 401)
        self.assert_hidden("own")
        self.assertEqual(other.get(f"{SECRETS}/s").status, 200)

        self.assertEqual(self.condition("own")["status"], "False")

        self.plugin.be("well")
        wait_until(lambda: own.get(SECRETS).status == 200, 20)
        wait_until(lambda: self.condition("own")["status"] == "True", 10)
        self.assertEqual(self.condition("own", "Ready")["status"], "True")
        self.assertEqual(self.shown("own")["Phase"], "Ready")
        got = own.get(f"{SECRETS}/s").json["data"]["k"]
        self.assertEqual(base64.b64decode(got).decode(), CANARY)

    def assert_hidden(self, tenant):
        """To strangers it is as if it were not there; its own are told."""
        token = self.plane.client("other", token=True).token
        with open(os.path.join(self.plane.data, "admin.kubeconfig")) as f:
            config = f.read()
        certs = {name: self.made_up_certificate(name) for name in (tenant, "nobody")}
        for path in ("/api", "/version", "/livez", SECRETS, "/none"):
            for bearer in (None, "garbage", token, "abcdef.0123456789abcdef", self.made_up_token, "certificate"):
                seen = []
                for name in (tenant, "nobody"):
                    cert = key = None
                    headers = {"Authorization": f"Bearer {bearer(name) if callable(bearer) else bearer}"} if bearer else {}
                    if bearer == "certificate":
                        headers, (cert, key) = {}, certs[name]
                    stranger = Client.of_kubeconfig(config, self.folder.name, server=f"{self.plane.url}/clusters/{name}",
                                                    cert=cert, key=key)
                    a = stranger.get(path, headers=headers)
                    seen.append((a.status, a.body.replace(name.encode(), b"NAME")))
                self.assertEqual(seen[0], seen[1], (path, bearer))
                self.assertNotEqual(seen[0][0], 503)

    @staticmethod
    def made_up_token(tenant):
        """It says that it is of the tenant's key, and nobody signed it."""
        def part(x):
            return base64.urlsafe_b64encode(x if isinstance(x, bytes) else json.dumps(x).encode()).decode().rstrip("=")
        now = int(time.time())
        claims = {"iss": "https://kubernetes.default.svc.cluster.local", "aud": ["https://kubernetes.default.svc.cluster.local"],
                  "sub": "admin", "hostplane.io": {"groups": ["system:masters"]}, "iat": now, "nbf": now, "exp": now + 600}
        return ".".join([part({"alg": "ES256", "kid": f"{tenant}/0123456789abcdef"}), part(claims), part(os.urandom(64))])

    def made_up_certificate(self, tenant):
        """From an authority with the name of the tenant's, made just now."""
        at = os.path.join(self.folder.name, f"made-up-{tenant}")
        for args in (["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                      "-subj", f"/CN=hostplane tenant {tenant}", "-keyout", at + "-ca.key", "-out", at + "-ca.crt"],
                     ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/O=system:masters/CN=admin",
                      "-keyout", at + ".key", "-out", at + ".csr"],
                     ["x509", "-req", "-days", "1", "-in", at + ".csr", "-CA", at + "-ca.crt", "-CAkey", at + "-ca.key",
                      "-CAcreateserial", "-out", at + ".crt"]):
            subprocess.run(["openssl", *args], check=True, capture_output=True)
        chain = ""
        for name in (".crt", "-ca.crt"):
            with open(at + name) as f:
                chain += f.read()
        with open(at + ".key") as f:
            return chain, f.read()

    def shown(self, tenant):
        """What `kubectl get tenant -o wide` has in its columns."""
        t = self.plane.admin.get(f"{TENANTS}/{tenant}", headers={"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"}).json
        return dict(zip([c["name"] for c in t["columnDefinitions"]], t["rows"][0]["cells"]))

    def condition(self, tenant, kind="DataKeyAvailable"):
        conditions = self.plane.admin.get(f"{TENANTS}/{tenant}").json["status"]["conditions"]
        return next((c for c in conditions if c["type"] == kind), None)

    def test_what_was_read_of_a_withheld_tenant_is_overwritten(self):
        """Whatever its objects passed through: when its key goes, nothing of them is in the server's memory."""
        self.plane.admin.post("/apis/tenancy.hostplane.io/v1/plans", {
            "metadata": {"name": "wiped"}, "spec": {"encryptedResources": ["configmaps"]}})
        own = self.plane.tenant("wiped", plan="wiped", keyProvider="acme-kms")
        texts = [f.encode() for f in forms("wiped-canary-6604")]
        maps = SECRETS.replace("secrets", "configmaps")
        token = self.plane.client("wiped", token=True)
        for client, path, field in ((own, SECRETS, "stringData"), (token, maps, "data")):
            for i in range(20):
                a = client.post(path, {"metadata": {"name": f"s{i}"}, field: {"k": "wiped-canary-6604" * (1 + 40 * i)}})
                self.assertEqual(a.status, 201, a)
            a = client.post(path, {"metadata": {"name": "Not A Name"}, field: {"k": "wiped-canary-6604"}})
            self.assertEqual(a.status, 422, a)
            for i in range(20):
                self.assertEqual(client.get(f"{path}/s{i}").status, 200)
                self.assertEqual(client.patch(f"{path}/s{i}", {field: {"l": "wiped-canary-6604"}}).status, 200)
            for query in ("", "?limit=3", "?labelSelector=a", "?resourceVersion=0", "?watch=true&timeoutSeconds=1",
                          "?watch=true&timeoutSeconds=1&resourceVersion=5"):
                self.assertEqual(client.get(path + query).status, 200, query)
            self.assertEqual(client.get(path, headers={"Accept": "application/yaml"}).status, 200)
            self.assertEqual(client.get(path, headers={"Accept-Encoding": "gzip"}).status, 200)
            self.assertEqual(client.put(f"{path}/s1", {"metadata": {"name": "s1"}, field: {"k": "wiped-canary-6604"}}).status, 200)
            self.assertEqual(client.delete(f"{path}/s2").status, 200)
        pid = self.plane.process.pid
        self.assertTrue(is_in_memory(pid, texts))
        self.plugin.be("denies")
        wait_until(lambda: own.get(SECRETS).status == 503, 20)
        wait_until(lambda: not is_in_memory(pid, texts), 30)
        self.plugin.be("well")
        wait_until(lambda: own.get(SECRETS).status == 200, 20)
        self.assertTrue(is_in_memory(pid, texts))

    def test_a_plug_in_that_is_away_is_waited_for(self):
        own = self.plane.tenant("waits", keyProvider="acme-kms")
        self.plugin.stop()
        self.assertEqual(own.get(SECRETS).status, 200)  # the key is good for a while
        a = wait_until(lambda: (lambda x: x.status == 503 and x)(own.get(SECRETS)), 20)
        self.assertIn("cannot be reached", a.message)
        wait_until(lambda: (self.condition("waits") or {}).get("reason") == "KeyProviderUnreachable", 10)
        a = self.plane.create_tenant("later", keyProvider="acme-kms")
        self.assertEqual(a.status, 503, a)
        self.plugin.start()
        wait_until(lambda: own.get(SECRETS).status == 200, 20)
        self.assertEqual(self.plane.create_tenant("later", keyProvider="acme-kms").status, 201)

    def test_another_key_of_the_plug_in_is_taken_up(self):
        own = self.plane.tenant("rotates", keyProvider="acme-kms")
        own.post(SECRETS, {"metadata": {"name": "s"}, "stringData": {"k": CANARY}})
        new = self.plugin.key + 1
        self.plugin.be("well", key=new)
        wait_until(lambda: (lambda s: s["currentKey"] == f"key-{new}" and s["clustersToRewrap"] == 0)(
            self.provider()["status"]), 30)
        self.plugin.be("well", first=new)  # the old ones are destroyed
        self.plane.kill9()
        self.plane.start()
        wait_until(lambda: own.get(f"{SECRETS}/s").status == 200, 20)

    def test_a_tenant_moves_between_providers(self):
        t = self.plane.tenant("moves")
        t.post(SECRETS, {"metadata": {"name": "s"}, "stringData": {"k": CANARY}})
        path = f"{TENANTS}/moves"
        a = self.plane.admin.patch(path, {"spec": {"keyProvider": "none"}})
        self.assertEqual(a.status, 422, a)
        self.assertIn('spec.keyProvider: Not found: "none"', a.message)
        before = self.provider()["status"]["clusters"]
        self.assertEqual(self.plane.admin.patch(path, {"spec": {"keyProvider": "acme-kms"}}).status, 200)
        wait_until(lambda: (lambda s: s["clusters"] == before + 1 and s["clustersToRewrap"] == 0)(
            self.provider()["status"]), 30)
        self.assertEqual(t.get(f"{SECRETS}/s").status, 200)
        self.assertEqual(self.plane.admin.patch(path, {"spec": {"keyProvider": None}}).status, 200)
        wait_until(lambda: self.provider()["status"]["clusters"] == before, 30)
        self.assertEqual(self.plane.admin.delete(path).status, 200)
        self.assertIn("the data key of a deleted cluster was destroyed cluster=moves", self.plane.log())

    def test_only_the_platforms_administrators_see_and_rotate(self):
        t = self.plane.tenant("curious")
        self.assertIn(t.get(PROVIDERS).status, (403, 404))
        self.assertIn(t.post(f"{PROVIDERS}/file/rotate", {}).status, (403, 404))
        self.assertEqual(self.plane.admin.get(f"{PROVIDERS}/none").status, 404)
        a = self.plane.admin.post(f"{PROVIDERS}/acme-kms/rotate", {})
        self.assertEqual(a.status, 403, a)
        self.assertIn("made and dropped where they are kept", a.message)


class FileKeys(unittest.TestCase):
    def setUp(self):
        self.plane = Plane(external=True)
        self.addCleanup(self.plane.close)
        self.plane.pg.sql("alter system set log_statement = 'all'")
        self.plane.pg.sql("select pg_reload_conf()")
        self.plane.args += ["--log-level", "debug", "--log-format", "json", "--log-requests"]
        self.plane.start()

    def hpctl(self, *args):
        p = subprocess.run([os.path.join(BUILD, "hpctl"), "--kubeconfig",
                            os.path.join(self.plane.data, "admin.kubeconfig"), *args],
                           capture_output=True, text=True, timeout=60)
        return p.returncode, p.stdout + p.stderr

    def kek(self):
        with open(os.path.join(self.plane.data, "keys/kek")) as f:
            return [line.split() for line in f if not line.startswith("#")]

    def test_hpctl_rotates_and_drops(self):
        for i in range(5):
            t = self.plane.tenant(f"t{i}")
            t.post(SECRETS, {"metadata": {"name": "s"}, "stringData": {"k": CANARY}})
        [[first, _]] = self.kek()
        code, out = self.hpctl("keys", "list")
        self.assertEqual(code, 0, out)
        self.assertRegex(out, rf"file +file +true +true +{first} +7 +0")
        code, out = self.hpctl("keys", "drop", "file", first)
        self.assertEqual(code, 1)
        self.assertIn("is the current one", out)
        code, out = self.hpctl("keys", "rotate", "file", "--wait")
        self.assertEqual(code, 0, out)
        second = self.kek()[1][0]
        self.assertRegex(out, rf"{second} +true +7")
        self.assertRegex(wait_until(lambda: (lambda o: first in o and o)(self.hpctl("keys", "status", "file")[1]), 10),
                         rf"{first} +false +0")
        wait_until(lambda: self.hpctl("keys", "drop", "file", first)[0] == 0, 10)
        self.assertEqual([k for k, _ in self.kek()], [second])
        self.plane.kill9()
        self.plane.start()
        for i in range(5):
            self.assertEqual(self.plane.tenants[f"t{i}"].get(f"{SECRETS}/s").status, 200)

    def test_data_keys_are_rotated_while_everybody_writes(self):
        """Every row has a new key in the end, and no request ever fails for it; a server killed in the middle goes on."""
        tenants = [self.plane.tenant(f"w{i}") for i in range(2)]
        for t in tenants:
            for i in range(150):
                self.assertEqual(t.post(SECRETS, {"metadata": {"name": f"s{i}"}, "stringData": {"k": CANARY}}).status, 201)
        self.assertEqual(self.hpctl("keys", "rotate-data")[0], 1)
        code, out = self.hpctl("keys", "rotate-data", "nobody")
        self.assertEqual(code, 1)
        self.assertIn('datakeys.tenancy.hostplane.io "nobody" not found', out)
        over, failures, writes = threading.Event(), [], [0, 0]

        def write(n):
            t, i = tenants[n], 0
            while not over.is_set():
                a = t.patch(f"{SECRETS}/s{i % 150}", {"stringData": {"k": CANARY, "n": str(i)}})
                b = t.get(f"{SECRETS}/s{(i + 75) % 150}")
                if a.status != 200 or b.status != 200:
                    failures.append((a, b))
                writes[n] += 1
                i += 1

        threads = [threading.Thread(target=write, args=(n,)) for n in range(2)]
        for x in threads:
            x.start()
        code, out = self.hpctl("keys", "rotate-data", "w0", "--wait")
        self.assertEqual(code, 0, out)
        self.assertRegex(out, r"w0 +file +2 +false +Done")
        code, out = self.hpctl("keys", "rotate-data", "--all", "--wait")
        over.set()
        for x in threads:
            x.join()
        self.assertEqual(code, 0, out)
        self.assertEqual(failures, [])
        self.assertGreater(min(writes), 20)
        self.assertRegex(self.hpctl("keys", "data", "w0", "w1", "host")[1],
                         r"(?s)w0 +file +3 +false +Done.*w1 +file +2 +false +Done.*host +file +2 +false +Done")
        pg = self.plane.pg
        self.assertEqual(pg.sql("select count(*) from reseal"), "0")
        old = ("select count(*) from %s x join cluster c on c.id = x.cluster where x.flags & 2 <> 0 and"
               " substring(x.body, 1, 9) <> '\\x02'::bytea || int8send(c.key_version)")
        self.assertEqual([pg.sql(old % table) for table in ("object", "history")], ["0", "0"])
        self.assertGreater(int(pg.sql("select count(*) from history where flags & 2 <> 0")), 300)
        self.assertIn('hostplane_rows_resealed_total{table="object"}', self.plane.admin.get("/metrics").body.decode())
        # Killed in the middle of the next one: whoever comes after it goes on.
        self.assertEqual(self.hpctl("keys", "rotate-data", "w1")[0], 0)
        self.plane.kill9()
        self.plane.start()
        wait_until(lambda: pg.sql("select count(*) from reseal") == "0", 30)
        self.assertEqual(pg.sql("select key_version from cluster where name = 'w1'"), "3")
        for t in tenants:
            got = t.get(f"{SECRETS}/s7").json["data"]["k"]
            self.assertEqual(base64.b64decode(got).decode(), CANARY)
            self.assertEqual(len(t.get(SECRETS).json["items"]), 150)

    def test_a_plan_chooses_what_is_encrypted(self):
        """Changing it changes its tenants: rows are sealed and opened, history too, and nobody notices."""
        admin, pg, text = self.plane.admin, self.plane.pg, "kinds-canary-94"
        plans = "/apis/tenancy.hostplane.io/v1/plans"
        a = admin.post(plans, {"metadata": {"name": "sealed"}, "spec": {"encryptedResources": ["Config Maps", "a.b"]}})
        self.assertEqual(a.status, 422, a)
        self.assertIn("spec.encryptedResources[0]: Invalid value", a.message)
        self.assertEqual(admin.post(plans, {"metadata": {"name": "sealed"}}).status, 201)
        t = self.plane.tenant("kinds", plan="sealed")
        other = self.plane.tenant("other")
        crd = {"metadata": {"name": "widgets.example.com"}, "spec": {
            "group": "example.com", "scope": "Namespaced", "names": {"plural": "widgets", "kind": "Widget"},
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {
                "type": "object", "x-kubernetes-preserve-unknown-fields": True}}}]}}
        widgets = "/apis/example.com/v1/namespaces/default/widgets"
        self.assertEqual(t.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd).status, 201)
        wait_until(lambda: t.get(widgets).status == 200, 20)
        maps = "/api/v1/namespaces/default/configmaps"
        for c in (t, other):
            self.assertEqual(c.post(maps, {"metadata": {"name": "m"}, "data": {"k": text}}).status, 201)
        w = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": {"k": text}}
        self.assertEqual(t.post(widgets, w).status, 201)

        def readable(tenant, resource):
            return int(pg.sql(
                "select (select count(*) from object o where cluster = c.id and resource = '%s' and"
                " position('%s'::bytea in body) > 0) + (select count(*) from history h where cluster = c.id and"
                " resource = '%s' and position('%s'::bytea in body) > 0) from cluster c where name = '%s'"
                % (resource, text, resource, text, tenant)))

        def chosen(*kinds):
            self.assertEqual(admin.patch(f"{plans}/sealed", {"spec": {"encryptedResources": list(kinds) or None}}).status, 200)
            wait_until(lambda: (admin.get(f"{TENANTS}/kinds").json["status"].get("encryptedResources") or []) ==
                       list(kinds), 20)
            wait_until(lambda: pg.sql("select count(*) from reseal") == "0", 20)

        self.assertEqual([readable("kinds", "configmaps"), readable("kinds", "example.com/widgets")], [2, 2])
        chosen("configmaps", "*.example.com")
        self.assertEqual([readable("kinds", "configmaps"), readable("kinds", "example.com/widgets")], [0, 0])
        self.assertEqual(readable("other", "configmaps"), 2)
        before = t.get(f"{maps}/m").json["metadata"]["resourceVersion"]
        self.assertRegex(self.hpctl("keys", "data", "kinds")[1], r"secrets,configmaps,\*\.example\.com")
        self.plane.kill9()
        self.plane.start()
        self.assertEqual(t.get(f"{maps}/m").json["data"]["k"], text)
        self.assertEqual(t.get(f"{maps}/m").json["metadata"]["resourceVersion"], before)
        self.assertEqual(t.get(f"{widgets}/w").json["spec"]["k"], text)
        self.assertEqual([x["metadata"]["name"] for x in t.get(f"{maps}?labelSelector=!nothing").json["items"]
                          if x["metadata"]["name"] == "m"], ["m"])
        # Records of the audit log leave out the bodies of what is encrypted, as they do for Secrets.
        chosen("*")
        self.assertEqual(int(pg.sql("select count(*) from object o join cluster c on c.id = o.cluster where c.name = 'kinds'"
                                    " and body is not null and flags & 2 = 0")), 0)
        self.assertEqual(t.patch(f"{maps}/m", {"data": {"l": text}}).status, 200)
        self.assertEqual(readable("kinds", "configmaps"), 0)
        new = self.plane.tenant("later", plan="sealed")
        self.assertEqual(new.post(maps, {"metadata": {"name": "m"}, "data": {"k": text}}).status, 201)
        self.assertEqual(readable("later", "configmaps"), 0)
        chosen()
        self.assertGreater(readable("kinds", "configmaps"), 2)
        self.assertEqual(t.get(f"{maps}/m").json["data"], {"k": text, "l": text})

    def test_what_the_providers_own_cluster_encrypts(self):
        """By an option, as it has no plan; a start with another one seals and opens what is there."""
        admin, pg, text = self.plane.admin, self.plane.pg, "host-canary-37"
        maps = "/api/v1/namespaces/default/configmaps"
        self.assertEqual(admin.post(maps, {"metadata": {"name": "m"}, "data": {"k": text}}).status, 201)

        def readable():
            return int(pg.sql(
                f"select (select count(*) from object where cluster = 1 and position('{text}'::bytea in body) > 0) +"
                f" (select count(*) from history where cluster = 1 and position('{text}'::bytea in body) > 0)"))

        def start(*args):
            self.plane.stop()
            before, self.plane.args = self.plane.args, self.plane.args + list(args)
            try:
                self.plane.start()
            finally:
                self.plane.args = before
            wait_until(lambda: pg.sql("select count(*) from reseal") == "0", 20)
            self.assertEqual(admin.get(f"{maps}/m").json["data"], {"k": text})

        self.assertEqual(readable(), 2)
        start("--encrypted-resource", "configmaps", "--encrypted-resource", "*.apps")
        self.assertEqual(readable(), 0)
        self.assertRegex(self.hpctl("keys", "data", "host")[1], r"secrets,configmaps,\*\.apps")
        start()
        self.assertEqual(readable(), 2)

    def test_a_changed_row_is_noticed_and_not_served(self):
        t = self.plane.tenant("tampered")
        t.post(SECRETS, {"metadata": {"name": "s"}, "stringData": {"k": CANARY}})
        t.post(SECRETS, {"metadata": {"name": "other"}, "stringData": {"k": "x"}})
        self.plane.stop()
        self.plane.pg.sql("update object set body = set_byte(body, length(body) - 20, get_byte(body, length(body) - 20)"
                          " # 1) where resource = 'secrets' and name = 's' and cluster > 1")
        self.plane.start()
        self.assertEqual(t.get(f"{SECRETS}/s").status, 500)
        self.assertIn('hostplane_rows_not_decrypted_total{resource="secrets"}',
                      self.plane.admin.get("/metrics").body.decode())
        self.assertIn("a row does not decrypt", self.plane.log())

    def test_rows_do_not_decrypt_under_another_name_or_namespace(self):
        t = self.plane.tenant("names")
        self.assertEqual(t.post("/api/v1/namespaces", {"metadata": {"name": "far"}}).status, 201)
        for name in ("a", "b"):
            t.post(SECRETS, {"metadata": {"name": name}, "stringData": {"k": CANARY + name}})
        self.plane.stop()
        self.plane.pg.sql("delete from object where resource = 'secrets' and name = 'b' and cluster > 1;"
                          " update object set name = 'b' where resource = 'secrets' and name = 'a' and cluster > 1")
        self.plane.start()
        self.assertEqual(t.get(f"{SECRETS}/b").status, 500)
        self.plane.stop()
        self.plane.pg.sql("update object set name = 'a', ns = 'far' where resource = 'secrets' and name = 'b' and"
                          " cluster > 1")
        self.plane.start()
        self.assertEqual(t.get("/api/v1/namespaces/far/secrets/a").status, 500)

    def data_keys(self):
        """The data keys as the server has them, unwrapped here with the file of keys."""
        keks = {k: base64.b64decode(v) for k, v in self.kek()}
        for row in self.plane.pg.sql("select kek, encode(wrapped, 'hex') from cluster_key").split("\n"):
            kek, wrapped = row.split("|")
            sealed = bytes.fromhex(wrapped)
            yield open_gcm(keks[kek], sealed, b"hostplane data key")

    def signing_keys(self):
        """Of all clusters the private keys of their authorities and tokens, as the forms in which they might lie in memory."""
        keks = {k: base64.b64decode(v) for k, v in self.kek()}
        for row in self.plane.pg.sql("select c.uid, k.kek, encode(k.wrapped, 'hex'), encode(k.identity, 'hex')"
                                     " from cluster_key k join cluster c on c.id = k.cluster").split("\n"):
            uid, kek, wrapped, identity = row.split("|")
            key = open_gcm(keks[kek], bytes.fromhex(wrapped), b"hostplane data key")
            sealed = bytes.fromhex(identity)
            self.assertEqual(sealed[:8], b"\0public\1")
            sealed = sealed[16 + int.from_bytes(sealed[8:16], "big"):]
            identity = json.loads(open_gcm(key, sealed, b"identity\0" + uid.encode()))
            for pem in (identity["ca"]["key"], identity["tokens"]["key"]):
                lines = pem.splitlines()[1:-1]
                der = base64.b64decode("".join(lines))
                at = der.index(b"\x02\x01\x01\x04\x20") + 5
                yield der[at:at + 32], der[at:at + 32][::-1], lines[1].encode()

    def assert_nowhere(self, places, texts, keys):
        for what, where in places.items():
            for text in texts:
                for form in forms(text):
                    at = where.find(form.encode())
                    self.assertTrue(at < 0, f"plaintext is in {what}: {where[max(at - 300, 0):at + 20]!r}")
            for k in keys:
                for form in (k, k.hex().encode(), base64.b64encode(k)):
                    self.assertTrue(where.find(form) < 0, f"a key is in {what}")

    def test_values_and_keys_never_reach_what_is_written_down(self):
        """Logs of server and PostgreSQL, events, metrics, the audit log with its exports and copies, tables, pg_dump, a
        copy of the database's files, and an image of the running process."""
        pg, maps = self.plane.pg, "/api/v1/namespaces/default/configmaps"
        audit_file = os.path.join(self.plane.dir, "audit.jsonl")
        self.plane.stop()
        self.plane.args += ["--audit-file", audit_file]
        self.plane.start()
        self.assertEqual(self.plane.admin.post("/apis/tenancy.hostplane.io/v1/plans", {
            "metadata": {"name": "sealed"}, "spec": {
                "encryptedResources": ["configmaps"],
                "audit": {"rules": [{"level": "RequestResponse"}]}}}).status, 201)
        t = self.plane.tenant("canary", plan="sealed")
        t.post(SECRETS, {"metadata": {"name": "s"}, "stringData": {"k": CANARY}})
        t.patch(f"{SECRETS}/s", {"stringData": {"l": CANARY}})
        t.put(f"{SECRETS}/s", {"metadata": {"name": "s"}, "stringData": {"k": CANARY}, "type": "wrong"})
        t.post(SECRETS, {"metadata": {"name": "Not A Name"}, "stringData": {"k": CANARY}})
        t.get(f"{SECRETS}/s")
        t.post(maps, {"metadata": {"name": "m"}, "data": {"k": CANARY + "-map"}})
        t.patch(f"{maps}/m", {"data": {"l": CANARY + "-map"}})
        t.patch(f"{maps}/m", {"data": {"l": [CANARY + "-map"]}})
        # Of what is not encrypted itself, but stands nowhere else: the body in the audit log alone.
        a = t.post("/api/v1/namespaces/default/services?dryRun=All", {"metadata": {"name": "dry", "annotations": {"a": BODY}},
                                                                      "spec": {"ports": [{"port": 80}]}})
        self.assertEqual(a.status, 201, a)
        open_maps = self.plane.admin.post("/api/v1/namespaces/default/configmaps",
                                          {"metadata": {"name": "c"}, "data": {"k": "open-canary-77"}})
        self.assertEqual(open_maps.status, 201)
        self.assertEqual(self.hpctl("keys", "rotate", "file", "--wait")[0], 0)
        before = list(self.data_keys())
        self.assertEqual(self.hpctl("keys", "rotate-data", "--all", "--wait")[0], 0)
        keks = [base64.b64decode(k) for _, k in self.kek()]
        keys = before + list(self.data_keys()) + keks
        self.assertEqual(len(keks), 2)
        self.assertEqual(len(set(keys)), 2 + 2 * len(before))
        signing = list(self.signing_keys())
        self.assertGreaterEqual(len(signing), 6)  # of the platform, of the tenant, of the stand-in for those that are not there
        core = os.path.join(self.plane.dir, "core")
        made = subprocess.run(["gcore", "-o", core, str(self.plane.process.pid)], capture_output=True, text=True)  # of gdb
        self.assertEqual(made.returncode, 0, made.stderr)
        [core] = glob.glob(core + "*")
        # The process does have it all in memory; so an image without it shows something.
        self.assertTrue(is_in_memory(self.plane.process.pid, [f.encode() for f in forms(CANARY)]))
        self.assertTrue(is_in_memory(self.plane.process.pid, [b"open-canary-77"]))
        places = {
            "metrics": self.plane.admin.get("/metrics").body,
            "events": self.plane.admin.get("/api/v1/events").body + t.get("/api/v1/events").body,
            "keys, data keys": "".join(self.hpctl("keys", *x, "-o", "json")[1] for x in (["list"], ["data"])).encode(),
        }
        for form in ("json", "csv"):
            code, own = self.hpctl("audit", "export", "-o", form)
            self.assertEqual(code, 0, own)
            code, out = self.hpctl("audit", "export", "--tenant", "canary", "-o", form)
            self.assertEqual(code, 0, out)
            self.assertIn("configmaps", out)
            places[f"the audit log's export as {form}"] = (own + out).encode()
        records = t.get("/apis/audit.hostplane.io/v1/auditevents")
        self.assertEqual(records.status, 200, records)
        self.assertIn(b"configmaps", records.body)
        self.assertIn(BODY.encode(), records.body)
        places["the tenant's own audit records"] = records.body
        t.delete(f"{SECRETS}/s")
        self.plane.stop()  # and what is queued is written
        tables = pg.sql("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in"
                        " ('pg_catalog', 'information_schema')").split("\n")
        self.assertIn("public.audit", tables)
        places["the tables"] = "\n".join(pg.sql(f"select t::text from {x} t") for x in tables).encode()
        places["pg_dump"] = pg.run("pg_dump", "-h", pg.sock, "-U", "e2e", "postgres")
        places["a copy of the database's files"] = pg.files()
        places["the server's log"] = self.plane.log().encode()
        places["PostgreSQL's log"] = open(pg.log, "rb").read()
        places["the audit log's copy"] = open(audit_file, "rb").read()
        # Each place does have what is no secret.
        self.assertIn(b"INSERT INTO object", places["PostgreSQL's log"])
        self.assertIn(b"configmaps", places["the audit log's copy"])
        for what in ("the tables", "pg_dump", "a copy of the database's files"):
            self.assertTrue(any(places[what].find(f.encode()) >= 0 for f in forms("open-canary-77")), what)
        self.assert_nowhere(places, [CANARY], keys + [form for k in signing for form in k])
        del places["the tenant's own audit records"]
        self.assert_nowhere(places, [BODY], [])
        self.assert_no_secret_in(core, keys, signing)
        with open(core, "rb") as f:
            image = f.read()
        self.assertTrue(image.startswith(b"\x7fELF") and b"hostplane" in image)  # it is an image of the server

    def assert_no_secret_in(self, core, keys=(), signing=()):
        with open(core, "rb") as f:
            image = f.read()
        for text in (CANARY, BODY, "open-canary-77"):
            for form in forms(text):
                self.assertNotIn(form.encode(), image, "plaintext is in the image")
        for k in keys:
            for form in (k[:16], k[16:], base64.b64encode(k)):
                self.assertFalse(form in image, "a key is in the image")
        for k in signing:
            for form in k:
                self.assertFalse(form in image, "a key that signs is in the image")

    def test_a_killed_server_leaves_no_image_of_its_memory(self):
        """Whatever the limits say; and one that a debugger makes of it as it dies has no memory in it."""
        with open("/proc/sys/kernel/core_pattern") as f:
            if f.read().strip() not in ("core", "core.%p"):
                self.skipTest("core dumps go elsewhere here")
        limits = resource.getrlimit(resource.RLIMIT_CORE)
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_CORE, limits)
        resource.setrlimit(resource.RLIMIT_CORE, (limits[1], limits[1]))
        if limits[1] == 0:
            self.skipTest("core dumps are not possible here")
        self.plane.stop()
        for n, sig in enumerate((signal.SIGABRT, signal.SIGSEGV)):
            folder = os.path.join(self.plane.dir, f"cores-{n}")
            os.mkdir(folder)
            os.chdir(folder)
            self.plane.start()
            t = self.plane.tenant("killed")
            t.post(SECRETS, {"metadata": {"name": "s"}, "stringData": {"k": CANARY}})
            self.assertEqual(t.get(f"{SECRETS}/s").status, 200)
            pid = self.plane.process.pid
            with open(f"/proc/{pid}/coredump_filter") as f:
                self.assertEqual(int(f.read(), 16), 0x10)
            self.assertEqual(resource.prlimit(pid, resource.RLIMIT_CORE), (0, 0))
            self.assertTrue(is_in_memory(pid, [f.encode() for f in forms(CANARY)]))
            keys = list(self.data_keys()) + [base64.b64decode(k) for _, k in self.kek()]
            signing = list(self.signing_keys())
            image = os.path.join(self.plane.dir, f"image-{n}")
            with subprocess.Popen(["gdb", "-p", str(pid), "-batch", "-ex", "shell echo attached", "-ex", "continue", "-ex",
                                   f"generate-core-file {image}", "-ex", "detach"], stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True) as gdb:
                said = ""
                while "attached\n" not in said:
                    line = gdb.stdout.readline()
                    self.assertTrue(line, said)
                    said += line
                time.sleep(1)
                os.kill(pid, sig)
                said += gdb.communicate(timeout=60)[0]
            self.assertIn(f"received signal {sig.name}", said)
            self.assert_no_secret_in(image, keys, signing)
            self.plane.process.stop(sig)
            self.assertEqual(glob.glob(os.path.join(folder, "core*")), [])
            # What it was good for stands in the log.
            said = self.plane.log()
            self.assertIn(f"hostplane: dies of {sig.name}, sent by process ", said)
            self.assertRegex(said, r"(?m)^  #\d+ \S*hostplane\+0x[0-9a-f]+$")
            self.assertNotIn(CANARY, said)
        os.chdir(here)
        self.plane.start()
