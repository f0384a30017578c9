"""hpctl login, get-token and exec credential plug-ins, with hpctl and with the real kubectl."""
import base64
import glob
import json
import os
import re
import ssl
import stat
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import yaml
from harness import BUILD, Plane
from issuer import Issuer

HPCTL = os.path.join(BUILD, "hpctl")


class Login(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.issuer = Issuer()
        cls.addClassCleanup(cls.issuer.__exit__)
        cls.plane = Plane(args=["--webhook-private-urls"])
        cls.plane.__enter__()
        cls.addClassCleanup(cls.plane.__exit__)
        entry = cls.issuer.entry()
        cls.acme = cls.plane.tenant("acme", authentication={"jwt": [entry]})
        cls.acme.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
            "metadata": {"name": "dev"}, "subjects": [{"kind": "Group", "name": "oidc:dev", "apiGroup": "rbac.authorization.k8s.io"}],
            "roleRef": {"kind": "ClusterRole", "name": "view", "apiGroup": "rbac.authorization.k8s.io"}})

    def setUp(self):
        self.home = tempfile.mkdtemp(dir=self.plane.dir)
        self.config = os.path.join(self.home, "config")
        self.env = {"PATH": os.environ["PATH"], "HOME": self.home, "KUBECONFIG": self.config}
        self.issuer.lifetime = 300

    def write(self, config):
        with open(self.config, "w") as f:
            f.write(config if isinstance(config, str) else yaml.safe_dump(config))

    def read(self):
        with open(self.config) as f:
            return yaml.safe_load(f)

    def run_(self, *argv, **env):
        r = subprocess.run(argv, env={**self.env, **env}, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, timeout=60)
        return r.returncode, r.stdout, r.stderr

    def hpctl(self, *args, **env):
        code, out, err = self.run_(HPCTL, *args, **env)
        self.assertEqual(code, 0, out + err)
        return out

    def provider(self):
        with open(os.path.join(self.plane.data, "admin.kubeconfig")) as f:
            self.write(f.read())

    def tenant_config(self, **user):
        """A kubeconfig of acme whose user is `user`."""
        c = yaml.safe_load(self.plane.kubeconfig("acme"))
        c["users"][0]["user"] = user
        self.write(c)

    def cache(self):
        return sorted(glob.glob(os.path.join(self.home, ".kube/cache/hpctl/*.yaml")))

    def plug_in(self, script, version="v1", **more):
        return {"exec": {"apiVersion": "client.authentication.k8s.io/" + version, "command": "/bin/sh", "args": ["-c", script],
                         "interactiveMode": "Never", **more}}

    # ---- plug-ins ----

    def test_plug_ins_that_do_not_work(self):
        rows = [
            (self.plug_in("exit 7"), "getting credentials: exec: executable /bin/sh failed with exit code 7"),
            (self.plug_in("echo nothing"), "getting credentials: decoding stdout"),
            ({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "hp-no-such", "interactiveMode": "Never",
                       "installHint": "install it"}}, "executable hp-no-such not found\n\ninstall it"),
            ({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "x"}}, "interactiveMode must be specified"),
            ({"exec": {"apiVersion": "example.com/v1", "command": "x"}}, "invalid apiVersion"),
        ]
        for user, why in rows:
            with self.subTest(why=why):
                self.tenant_config(**user)
                code, out, err = self.run_(HPCTL, "get", "namespaces")
                self.assertEqual((code, out), (1, ""))
                self.assertIn(why, err)

    def test_a_plug_in_gives_token_or_certificate(self):
        own = yaml.safe_load(self.plane.kubeconfig("acme", token=True))["users"][0]["user"]["token"]
        said = json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": own}})
        self.tenant_config(**self.plug_in("echo x >> $COUNT; printf %s \"$SAID\"",
                                          env=[{"name": "SAID", "value": said}, {"name": "COUNT", "value": self.home + "/count"}]))
        self.assertIn("default", self.hpctl("get", "namespaces"))
        with open(self.home + "/count") as f:
            self.assertEqual(f.read(), "x\n")
        cert = yaml.safe_load(self.plane.kubeconfig("acme"))["users"][0]["user"]
        said = json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {
            "clientCertificateData": base64.b64decode(cert["client-certificate-data"]).decode(),
            "clientKeyData": base64.b64decode(cert["client-key-data"]).decode()}})
        self.tenant_config(**self.plug_in("printf %s \"$SAID\"", env=[{"name": "SAID", "value": said}]))
        self.assertIn("default", self.hpctl("get", "namespaces"))

    def test_a_refused_token_is_renewed_once(self):
        own = yaml.safe_load(self.plane.kubeconfig("acme", token=True))["users"][0]["user"]["token"]
        script = ("echo x >> $COUNT; t=bad; [ $(wc -l < $COUNT) -ge 2 ] && t=$GOOD; printf "
                  "'{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"%s\"}}' $t")
        for good, code, calls in ((own, 0, 2), ("worse", 1, 2)):
            count = os.path.join(self.home, "count" + good[:5])
            self.tenant_config(**self.plug_in(script, env=[{"name": "GOOD", "value": good}, {"name": "COUNT", "value": count}]))
            r = self.run_(HPCTL, "get", "--raw", "/api/v1/namespaces/default")
            self.assertEqual(r[0], code, r)
            with open(count) as f:
                self.assertEqual(len(f.read().split()), calls)

    # ---- of a tenant ----

    def test_login_to_a_tenant(self):
        self.provider()
        code, _, err = self.run_(HPCTL, "login", "--tenant", "nobody")
        self.assertEqual(code, 1)
        self.assertIn("not found", err)
        code, _, err = self.run_(HPCTL, "login")
        self.assertEqual(code, 1)
        self.assertIn("one of --tenant and --issuer-url is needed", err)
        out = self.hpctl("login", "--tenant", "acme", "--lifetime", "10m", "--user", "jane", "--exec-api-version", "v1beta1")
        self.assertIn('switched to context "acme"', out)
        self.assertIn("jane", self.hpctl("auth", "whoami"))
        self.assertNotIn("system:masters", self.hpctl("auth", "whoami"))  # whoever is named is no administrator
        self.assertIn("forbidden", self.run_(HPCTL, "get", "namespace", "default")[2])
        self.acme.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
            "metadata": {"name": "jane"}, "subjects": [{"kind": "User", "name": "jane", "apiGroup": "rbac.authorization.k8s.io"}],
            "roleRef": {"kind": "ClusterRole", "name": "admin", "apiGroup": "rbac.authorization.k8s.io"}})
        self.assertEqual(self.run_("kubectl", "get", "namespace", "default", "-o", "name")[:2], (0, "namespace/default\n"))
        files = self.cache()
        self.assertEqual(len(files), 1, files)
        self.assertEqual(stat.S_IMODE(os.stat(files[0]).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(files[0])).st_mode), 0o700)
        with open(files[0]) as f:
            first = yaml.safe_load(f)
        # One that is about to end is renewed without anybody asking.
        with open(files[0], "w") as f:
            yaml.safe_dump({**first, "token": "stale", "expirationTimestamp": "2020-01-01T00:00:00Z"}, f)
        self.assertIn("jane", self.hpctl("auth", "whoami"))
        with open(files[0]) as f:
            self.assertNotEqual(yaml.safe_load(f)["token"], "stale")
        # The provider takes it back, and with it the way to a new one is still open: it is his own.
        said = json.loads(self.hpctl("login", "--exec-credential", "--tenant", "acme", "--context",
                                     self.read()["contexts"][0]["name"]))
        self.assertEqual((said["kind"], said["apiVersion"]), ("ExecCredential", "client.authentication.k8s.io/v1"))
        self.assertTrue(said["status"]["token"] and said["status"]["expirationTimestamp"])

    # ---- of an issuer ----

    def start(self, *args):
        p = subprocess.Popen([HPCTL, *args], env=self.env, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        self.addCleanup(p.kill)
        return p

    def flags(self, grant):
        return ["--issuer-url", self.issuer.url, "--issuer-ca", os.path.join(self.issuer.dir, "ca.crt"), "--client-id", "kube",
                "--scope", "offline_access", "--grant", grant, "--no-browser", "--exec-api-version", "v1beta1"]

    def read_url(self, p):
        """What is printed before the person acts."""
        text = ""
        while True:
            line = p.stderr.readline()
            self.assertTrue(line, text)
            text += line
            m = re.search(r"https://\S+", line)
            if m:
                return m.group(0)

    def test_a_browser_on_this_machine(self):
        self.tenant_config()
        p = self.start("login", *self.flags("code"))
        url = self.read_url(p)
        redirect = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["redirect_uri"][0]
        # Somebody who guesses gets nowhere, and does not disturb the login.
        for wrong in ("?code=x&state=y", ""):
            with self.assertRaises(urllib.error.HTTPError) as e:
                urllib.request.urlopen(redirect + wrong, timeout=10)
            self.assertEqual(e.exception.code, 404)
        ctx = ssl.create_default_context(cadata=self.issuer.ca)
        with urllib.request.build_opener(urllib.request.HTTPSHandler(context=ctx)).open(url, timeout=10) as r:
            self.assertIn(b"You are logged in", r.read())
        out, err = p.communicate(timeout=30)
        self.assertEqual(p.returncode, 0, out + err)
        self.assertIn("Logged in", out)
        self.assertIn("oidc:jane", self.hpctl("auth", "whoami"))
        self.assertEqual(self.run_("kubectl", "get", "namespace", "default", "-o", "name")[:2], (0, "namespace/default\n"))
        self.assertEqual(self.run_("kubectl", "get", "secrets")[0], 1)
        self.renewed_and_ended()

    def renewed_and_ended(self):
        """The refresh token carries on, each only once; when it is worth nothing any more that is said."""
        path = self.cache()[0]

        def expire():
            with open(path) as f:
                kept = yaml.safe_load(f)
            with open(path, "w") as f:
                yaml.safe_dump({**kept, "expirationTimestamp": "2020-01-01T00:00:00Z"}, f)
            return kept
        old = expire()
        self.assertIn("oidc:jane", self.hpctl("auth", "whoami"))
        with open(path) as f:
            self.assertNotEqual(yaml.safe_load(f)["refreshToken"], old["refreshToken"])
        expire()
        self.issuer.refresh_tokens.clear()
        code, out, err = self.run_(HPCTL, "get", "namespaces")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("the login has ended", err)
        self.assertIn("failed with exit code 1", err)
        code, _, err = self.run_("kubectl", "get", "namespaces")
        self.assertEqual(code, 1, err)
        self.assertIn("the login has ended", err)

    def test_another_device(self):
        self.tenant_config()
        p = self.start("login", *self.flags("device"))
        self.assertEqual(self.read_url(p), self.issuer.url + "/activate")
        self.assertIn("WDJB-MJHT", p.stderr.readline() + p.stderr.readline())

        def approve():
            time.sleep(1.5)
            for code in self.issuer.devices:
                self.issuer.devices[code] = True
        threading.Thread(target=approve).start()
        out, err = p.communicate(timeout=30)
        self.assertEqual(p.returncode, 0, out + err)
        self.assertIn("oidc:jane", self.hpctl("auth", "whoami"))

    def test_an_issuer_that_is_not_there(self):
        self.tenant_config()
        code, _, err = self.run_(HPCTL, "login", "--issuer-url", "https://127.0.0.1:1", "--client-id", "x")
        self.assertEqual(code, 1)
        self.assertIn("login failed", err)
        code, _, err = self.run_(HPCTL, "login", "--issuer-url", "http://127.0.0.1:1", "--client-id", "x")
        self.assertIn("must be reached by https", err)
        code, _, err = self.run_(HPCTL, "get-token", *self.flags("code"))
        self.assertEqual(code, 1)
        self.assertIn("nobody is logged in; run 'hpctl login'", err)


if __name__ == "__main__":
    unittest.main()
