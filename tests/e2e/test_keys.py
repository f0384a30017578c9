"""Key providers: a tenant's own KMS that is withdrawn and comes back, rotation, and where keys never show up."""
import base64
import glob
import mmap
import os
import signal
import subprocess
import tempfile
import unittest

from harness import BUILD, ROOT, TENANTS, Plane, Process, wait_until
from test_secrets import forms

PROVIDERS = "/apis/tenancy.hostplane.io/v1/keyproviders"
SECRETS = "/api/v1/namespaces/default/secrets"
CANARY = "key-canary-51c0ffee"


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
        self.assertEqual(other.get(f"{SECRETS}/s").status, 200)
        self.assertEqual(other.post(SECRETS, {"metadata": {"name": "during"}}).status, 201)
        # What happened there the provider goes on seeing; what was said was never for it.
        self.assertEqual(self.plane.admin.get(f"{TENANTS}/own/audit").status, 200)
        metrics = self.plane.admin.get("/metrics").body.decode()
        self.assertRegex(metrics, r'hostplane_keys_withheld\{provider="acme-kms"\} [1-9]')
        wait_until(lambda: 'hostplane_key_provider_healthy{provider="acme-kms"} 0' in
                   self.plane.admin.get("/metrics").body.decode(), 10)  # asked at a time of its own

        # A server that starts meanwhile knows no more than this one.
        self.plane.kill9()
        self.plane.start()
        self.assertEqual(own.get(SECRETS).status, 503)
        self.assertEqual(other.get(f"{SECRETS}/s").status, 200)

        self.plugin.be("well")
        wait_until(lambda: own.get(SECRETS).status == 200, 20)
        got = own.get(f"{SECRETS}/s").json["data"]["k"]
        self.assertEqual(base64.b64decode(got).decode(), CANARY)

    def test_a_plug_in_that_is_away_is_waited_for(self):
        own = self.plane.tenant("waits", keyProvider="acme-kms")
        self.plugin.stop()
        self.assertEqual(own.get(SECRETS).status, 200)  # the key is good for a while
        a = wait_until(lambda: (lambda x: x.status == 503 and x)(own.get(SECRETS)), 20)
        self.assertIn("cannot be reached", a.message)
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

    def test_values_and_keys_never_reach_what_is_written_down(self):
        """Logs of server and PostgreSQL, dumps, events, metrics; of keys also a core dump."""
        t = self.plane.tenant("canary")
        t.post(SECRETS, {"metadata": {"name": "s"}, "stringData": {"k": CANARY}})
        t.patch(f"{SECRETS}/s", {"stringData": {"l": CANARY}})
        t.put(f"{SECRETS}/s", {"metadata": {"name": "s"}, "stringData": {"k": CANARY}, "type": "wrong"})
        t.get(f"{SECRETS}/s")
        t.post("/api/v1/namespaces/default/configmaps", {"metadata": {"name": "c"}, "data": {"k": "open-canary-77"}})
        self.assertEqual(self.hpctl("keys", "rotate", "file", "--wait")[0], 0)
        pid = self.plane.process.pid
        core = os.path.join(self.plane.dir, "core")
        has_gcore = subprocess.run(["sh", "-c", f"command -v gcore && gcore -o {core} {pid}"],
                                   capture_output=True).returncode == 0
        metrics = self.plane.admin.get("/metrics").body
        events = self.plane.admin.get("/api/v1/events").body + t.get("/api/v1/events").body
        t.delete(f"{SECRETS}/s")
        pg = self.plane.pg
        tables = pg.sql("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in"
                        " ('pg_catalog', 'information_schema')").split("\n")
        dump = "\n".join(pg.sql(f"select t::text from {x} t") for x in tables).encode()
        log = self.plane.log().encode()
        pg_log = b"".join(open(f, "rb").read() for f in glob.glob(os.path.join(self.plane.dir, "**/*.log"),
                                                                recursive=True))
        self.assertIn(b"INSERT INTO object", pg_log)  # it does log statements
        self.assertTrue(any(f.encode() in dump for f in forms("open-canary-77")))
        keks = [base64.b64decode(k) for _, k in self.kek()]
        self.assertEqual(len(keks), 2)
        for what, where in (("metrics", metrics), ("events", events), ("dump", dump), ("log", log), ("pg", pg_log)):
            for form in forms(CANARY):
                self.assertTrue(form.encode() not in where, what)
            for k in keks:
                for form in (k, k.hex().encode(), base64.b64encode(k)):
                    self.assertTrue(form not in where, what)
        if not has_gcore:
            self.skipTest("no gcore here: the core dump was not looked at")
        with open(glob.glob(core + "*")[0], "rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as image:
            self.assertTrue(image.find(b"open-canary-77") >= 0)  # it does have what the process has in memory
            for k in keks:
                for form in (k, k[:16], k[16:], base64.b64encode(k)):
                    self.assertTrue(image.find(form) < 0, "a key-encryption key is in the core dump")
