"""External secrets: SecretStores and ExternalSecrets against a Vault of the test's own, with the real kubectl."""
import base64
import json
import os
import shutil
import time
import unittest

import yaml
from harness import TENANTS, Kubectl, Plane, wait_until
from test_secrets import forms
from vault import Vault

PLANS = "/apis/tenancy.hostplane.io/v1/plans"
GROUP = "/apis/external-secrets.io/v1"
DEFS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
NS = "/api/v1/namespaces/default"


def enter(cls, cm):
    value = cm.__enter__()
    cls.addClassCleanup(cm.__exit__, None, None, None)
    return value


def make_plan(plane):
    a = plane.admin.post(PLANS, {"apiVersion": "tenancy.hostplane.io/v1", "kind": "Plan", "metadata": {"name": "secrets"},
                                 "spec": {"externalSecrets": True}})
    assert a.status == 201, a


def has_kinds(client):
    a = client.get(GROUP)
    return a.status == 200 and {r["name"] for r in a.json["resources"]} >= {"externalsecrets", "secretstores"}


def ready(v):
    for c in v.get("status", {}).get("conditions", ()):
        if c["type"] == "Ready":
            return c
    return {}


@unittest.skipIf(shutil.which("kubectl") is None, "kubectl is not installed")
class ExternalSecrets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.vault = enter(cls, Vault())
        cls.plane = enter(cls, Plane(args=["--webhook-private-urls"]))
        make_plan(cls.plane)
        cls.acme = cls.plane.tenant("acme", plan="secrets")
        cls.k = Kubectl(cls.plane, "acme")
        wait_until(lambda: has_kinds(cls.acme))
        cls.vault.approles["role-1", "secret-1"] = {"ttl": 3600}
        cls.acme.post(f"{NS}/secrets", {"metadata": {"name": "approle"}, "stringData": {"secret-id": "secret-1"}})
        cls.store("vault")

    def setUp(self):
        self.vault.mode = None

    @classmethod
    def apply(cls, *docs):
        return cls.k("apply", "-f", "-", stdin=yaml.safe_dump_all(docs))

    @classmethod
    def store(cls, name, vault=None, auth=None, **more):
        v = vault or cls.vault
        auth = auth or {"appRole": {"path": "approle", "roleId": "role-1", "secretRef": {"name": "approle", "key": "secret-id"}}}
        spec = {"server": v.url, "path": "secret", "version": "v2", "caBundle": v.ca_bundle, "auth": auth, **more}
        spec = {k: x for k, x in spec.items() if x is not None}
        cls.apply({"apiVersion": "external-secrets.io/v1", "kind": "SecretStore", "metadata": {"name": name},
                   "spec": {"provider": {"vault": spec}}})

    @classmethod
    def es(cls, name, data=None, store="vault", interval="1h", **spec):
        if isinstance(data, list):
            spec["data"] = data
        elif data:
            spec["data"] = [{"secretKey": k, "remoteRef": {"key": r[0], "property": r[1]}} for k, r in data.items()]
        cls.apply({"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": {"name": name},
                   "spec": {"refreshInterval": interval, "secretStoreRef": {"name": store}, **spec}})

    def condition(self, kind, name):
        a = self.acme.get(f"{GROUP}/namespaces/default/{kind}/{name}")
        return ready(a.json) if a.status == 200 else {}

    def wait_reason(self, name, reason, kind="externalsecrets", text="", timeout=30):
        def look():
            c = self.condition(kind, name)
            return c if c.get("reason") == reason and text in c.get("message", "") else None
        try:
            return wait_until(look, timeout)
        except AssertionError:
            raise AssertionError(f"{self.condition(kind, name)}, expected {reason} {text!r}\n{self.plane.log()[-2000:]}") from None

    def secret(self, name):
        a = self.acme.get(f"{NS}/secrets/{name}")
        return {k: base64.b64decode(x).decode() for k, x in a.json.get("data", {}).items()} if a.status == 200 else None

    def wait_secret(self, name, data, timeout=30):
        try:
            wait_until(lambda: self.secret(name) == data, timeout)
        except AssertionError:
            raise AssertionError(f"{self.secret(name)}, expected {data}; {self.condition('externalsecrets', name)}") from None

    # ---- what users see ----

    def test_a_secret_comes_from_vault(self):
        self.vault.put("app/db", {"user": "bob", "pw": "s3cret", "port": 5432})
        self.es("db", {"username": ("app/db", "user"), "password": ("app/db", "pw"), "port": ("app/db", "port")})
        self.k("wait", "--for=condition=Ready", "externalsecret/db", "--timeout=20s")
        self.assertEqual(self.secret("db"), {"username": "bob", "password": "s3cret", "port": "5432"})
        out = self.k("get", "es,ss")
        for text in ("STORETYPE", "REFRESH INTERVAL", "LAST SYNC", "SecretSynced", "CAPABILITIES", "ReadOnly", "Valid"):
            self.assertIn(text, out)
        v = self.acme.get(f"{GROUP}/namespaces/default/externalsecrets/db").json["status"]
        self.assertEqual(v["binding"]["name"], "db")
        self.assertTrue(v["syncedResourceVersion"].startswith("1-"), v)
        events = wait_until(lambda: "secret created" in (o := self.k("describe", "externalsecret", "db")) and o)
        self.assertIn("external-secret-controller", events)
        self.k("explain", "externalsecret.spec.target.creationPolicy")
        # It goes with its owner.
        self.k("delete", "externalsecret", "db")
        wait_until(lambda: self.secret("db") is None)

    def test_changes_are_followed(self):
        self.vault.put("app/change", {"a": "1"})
        self.es("change", {"a": ("app/change", "a")}, interval="5s")
        self.wait_secret("change", {"a": "1"})
        self.vault.put("app/change", {"a": "2"})
        self.wait_secret("change", {"a": "2"}, timeout=12)

    def test_a_sync_can_be_forced(self):
        self.vault.put("app/force", {"a": "1"})
        self.es("force", {"a": ("app/force", "a")})
        self.wait_secret("force", {"a": "1"})
        self.vault.put("app/force", {"a": "2"})
        self.k("annotate", "externalsecret", "force", f"force-sync={time.time()}")
        self.wait_secret("force", {"a": "2"}, timeout=10)

    def test_what_somebody_changes_is_set_right(self):
        self.vault.put("app/drift", {"a": "1"})
        self.es("drift", {"a": ("app/drift", "a")})
        self.wait_secret("drift", {"a": "1"})
        self.acme.patch(f"{NS}/secrets/drift", {"stringData": {"a": "mine", "b": "more"}})
        self.wait_secret("drift", {"a": "1"})
        self.k("delete", "secret", "drift")
        self.wait_secret("drift", {"a": "1"})

    def test_once_is_once(self):
        self.vault.put("app/once", {"a": "1"})
        self.es("once", {"a": ("app/once", "a")}, refreshPolicy="CreatedOnce", interval="5s")
        self.wait_secret("once", {"a": "1"})
        n = self.vault.count("/v1/secret/data/app/once")
        self.k("annotate", "externalsecret", "once", "force-sync=1")
        time.sleep(7)
        self.assertEqual(self.vault.count("/v1/secret/data/app/once"), n)

    def test_all_of_a_secret_and_all_that_match(self):
        self.vault.put("many/one", {"k1": "v1", "k/2": "v2"})
        self.vault.put("many/sub/two", {"k3": base64.b64encode(b"\0bytes").decode()})
        self.es("extract", dataFrom=[{"extract": {"key": "many/one"}}, {"extract": {"key": "many/sub/two", "decodingStrategy": "Base64"}}])
        self.wait_secret("extract", {"k1": "v1", "k_2": "v2", "k3": "\0bytes"})
        self.es("find", dataFrom=[{"find": {"path": "many", "name": {"regexp": "."}},
                                   "rewrite": [{"regexp": {"source": "^many/", "target": "all/"}}]}])
        wait_until(lambda: self.secret("find"))
        self.assertEqual(json.loads(self.secret("find")["all_one"]), {"k1": "v1", "k/2": "v2"})
        self.assertEqual(set(self.secret("find")), {"all_one", "all_sub_two"})

    def test_versions(self):
        self.vault.put("app/v", {"a": "old"})
        self.vault.put("app/v", {"a": "new"})
        self.es("v", [{"secretKey": "a", "remoteRef": {"key": "app/v", "property": "a", "version": "1"}}])
        self.wait_secret("v", {"a": "old"})

    def test_templates(self):
        self.vault.put("app/t", {"user": "bob", "pw": 'q"x'})
        self.es("t", {"user": ("app/t", "user"), "pw": ("app/t", "pw")}, target={
            "name": "templated", "template": {"type": "example.com/t", "metadata": {"labels": {"who": "{{ .user }}"}},
                                              "data": {"conf": "user={{ .user | upper }} pw={{ .pw | quote }}\n"}}})
        self.wait_secret("templated", {"conf": 'user=BOB pw="q\\"x"\n'})
        v = self.acme.get(f"{NS}/secrets/templated").json
        self.assertEqual((v["type"], v["metadata"]["labels"]["who"]), ("example.com/t", "bob"))
        self.es("t", {"user": ("app/t", "user")}, target={"name": "templated", "template": {"data": {"c": "{{ range .user }}{{ end }}"}}})
        self.wait_reason("t", "SecretSyncedError", text='"range" is not available in templates')

    def test_merging_into_a_secret_of_ones_own(self):
        self.vault.put("app/m", {"a": "1", "b": "2"})
        self.es("m", {"a": ("app/m", "a"), "b": ("app/m", "b")}, target={"name": "mine", "creationPolicy": "Merge"}, interval="5s")
        self.wait_reason("m", "SecretMissing")
        self.acme.post(f"{NS}/secrets", {"metadata": {"name": "mine"}, "stringData": {"own": "x"}})
        self.wait_secret("mine", {"own": "x", "a": "1", "b": "2"}, timeout=15)
        self.es("m", {"a": ("app/m", "a")}, target={"name": "mine", "creationPolicy": "Merge"}, interval="5s")
        self.wait_secret("mine", {"own": "x", "a": "1"}, timeout=15)
        self.k("delete", "externalsecret", "m")
        self.assertEqual(self.secret("mine"), {"own": "x", "a": "1"})

    def test_what_the_provider_deletes(self):
        for name, policy in (("gone-delete", "Delete"), ("gone-retain", "Retain")):
            self.vault.put(f"app/{name}", {"a": "1"})
            self.es(name, dataFrom=[{"extract": {"key": f"app/{name}"}}], target={"deletionPolicy": policy}, interval="5s")
            self.wait_secret(name, {"a": "1"})
            self.vault.put(f"app/{name}", None)
        self.wait_reason("gone-delete", "SecretDeleted", timeout=15)
        wait_until(lambda: self.secret("gone-delete") is None)
        self.wait_reason("gone-retain", "SecretSyncedError", text="404", timeout=15)
        self.assertEqual(self.secret("gone-retain"), {"a": "1"})
        self.vault.put("app/gone-delete", {"a": "again"})
        self.wait_secret("gone-delete", {"a": "again"}, timeout=15)

    # ---- logging in ----

    def test_a_token_of_ones_own(self):
        token = self.vault.token(ttl=0)
        self.acme.post(f"{NS}/secrets", {"metadata": {"name": "static"}, "stringData": {"token": token + "\n"}})
        self.store("static", auth={"tokenSecretRef": {"name": "static", "key": "token"}})
        self.wait_reason("static", "Valid", "secretstores")
        # Another one is taken as soon as it is there.
        self.acme.patch(f"{NS}/secrets/static", {"stringData": {"token": "hvs.nonsense"}})
        self.wait_reason("static", "ValidationFailed", "secretstores", "403: permission denied")
        self.vault.put("app/static", {"a": "1"})
        self.es("static", {"a": ("app/static", "a")}, store="static")
        self.wait_reason("static", "SecretSyncedError", text='SecretStore "static" is not ready')
        self.acme.patch(f"{NS}/secrets/static", {"stringData": {"token": token}})
        self.wait_secret("static", {"a": "1"}, timeout=10)

    def test_a_service_account(self):
        seen = []

        def check(role, jwt):
            claims = json.loads(base64.urlsafe_b64decode(jwt.split(".")[1] + "=="))
            seen.append(claims)
            a = self.acme.post("/apis/authentication.k8s.io/v1/tokenreviews", {
                "apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": jwt, "audiences": ["vault"]}})
            return {"ttl": 60} if role == "r" and a.json["status"].get("authenticated") else None
        self.vault.kubernetes = check
        self.acme.post(f"{NS}/serviceaccounts", {"metadata": {"name": "reader"}})
        self.vault.put("app/sa", {"a": "1"})
        self.store("sa", auth={"kubernetes": {"role": "r", "mountPath": "kubernetes",
                                              "serviceAccountRef": {"name": "reader", "audiences": ["vault"]}}})
        self.es("sa", {"a": ("app/sa", "a")}, store="sa")
        self.wait_secret("sa", {"a": "1"})
        self.assertEqual(seen[0]["sub"], "system:serviceaccount:default:reader")
        self.assertLessEqual(seen[0]["exp"] - seen[0]["iat"], 600)

    def test_a_user_and_a_namespace_of_vault(self):
        self.vault.users["jane", "pw"] = {"ttl": 60}
        self.acme.post(f"{NS}/secrets", {"metadata": {"name": "jane"}, "stringData": {"password": "pw"}})
        self.vault.put("app/u", {"a": "1"})
        self.store("user", auth={"userPass": {"username": "jane", "secretRef": {"name": "jane", "key": "password"}}}, namespace="team/a")
        self.es("user", {"a": ("app/u", "a")}, store="user")
        self.wait_secret("user", {"a": "1"})
        self.assertIn("team/a", self.vault.namespaces)

    def test_tokens_are_renewed_and_made_anew(self):
        v = enter(type(self), Vault())
        v.approles["role-1", "secret-1"] = {"ttl": 12}
        v.put("app/r", {"a": "1"})
        self.store("renew", vault=v)
        self.es("renew", {"a": ("app/r", "a")}, store="renew", interval="5s")
        self.wait_secret("renew", {"a": "1"})
        wait_until(lambda: any(t["renewed"] >= 2 for t in v.tokens.values()), 30)
        self.assertEqual(v.logins, 1)
        # One that is not renewed any more ends; a new one is made before.
        v.refuses_renewal = True
        wait_until(lambda: v.logins >= 2, 20)
        # One that was revoked is found out about, too: by who gets a refusal at the next renewal.
        v.put("app/r", {"a": "2"})
        self.wait_secret("renew", {"a": "2"}, timeout=15)
        v.tokens.clear()
        v.put("app/r", {"a": "3"})
        self.wait_secret("renew", {"a": "3"}, timeout=30)

    def test_credentials_that_come_later(self):
        self.store("later", auth={"tokenSecretRef": {"name": "later"}})
        self.wait_reason("later", "InvalidProviderConfig", "secretstores", 'Secret "later" not found')
        self.acme.post(f"{NS}/secrets", {"metadata": {"name": "later"}, "stringData": {"token": self.vault.token()}})
        self.wait_reason("later", "Valid", "secretstores")

    # ---- what goes wrong ----

    def test_failures_are_told_and_got_over(self):
        v = enter(type(self), Vault())
        v.approles["role-1", "secret-1"] = {"ttl": 3600}
        v.put("app/f", {"a": "1"})
        self.store("f", vault=v)
        self.wait_reason("f", "Valid", "secretstores")
        rows = [("sealed", "503: Vault is sealed"), ("malformed", "the answer is not JSON"), ("huge", "the answer is too long"),
                ("echo", "403: permission denied")]
        for mode, text in rows:
            v.mode = mode
            self.es(f"f-{mode}", {"a": ("app/f", "a")}, store="f")
            c = self.wait_reason(f"f-{mode}", "SecretSyncedError", text=text)
            self.assertTrue(c["message"].startswith("could not get secret data from provider: spec.data[0]: "), c)
        v.mode = None
        for mode, _ in rows:
            self.wait_secret(f"f-{mode}", {"a": "1"}, timeout=40)
        for t in v.tokens:
            self.assertNotIn(t, self.plane.log())
            self.assertNotIn(t, self.k("get", "events,es,ss", "-o", "yaml"))

    def test_denied_and_missing(self):
        self.vault.put("app/denied", {"a": "1"})
        self.vault.denied.add("app/denied")
        self.es("denied", {"a": ("app/denied", "a")})
        self.wait_reason("denied", "SecretSyncedError", text="permission denied")
        self.es("missing", {"a": ("app/nothing", "a")})
        self.wait_reason("missing", "SecretSyncedError", text='key "app/nothing" property "a": 404: not found')
        self.vault.put("app/prop", {"b": "1"})
        self.es("prop", {"a": ("app/prop", "a")})
        self.wait_reason("prop", "SecretSyncedError", text="there is no such property")
        self.es("nostore", {"a": ("app/prop", "b")}, store="nope")
        self.wait_reason("nostore", "SecretSyncedError", text='SecretStore "nope" not found')
        events = self.k("get", "events", "--field-selector", "reason=UpdateFailed")
        self.assertIn("permission denied", events)

    def test_certificates_are_checked(self):
        with Vault() as other:
            self.store("wrongca", caBundle=other.ca_bundle)
            self.wait_reason("wrongca", "ValidationFailed", "secretstores", "certificate signed by unknown authority")
        self.store("noca", caBundle=None)
        self.wait_reason("noca", "ValidationFailed", "secretstores", "certificate signed by unknown authority")
        self.store("wrongname", server=self.vault.url.replace("127.0.0.1", "127.0.0.2"))
        self.wait_reason("wrongname", "ValidationFailed", "secretstores", timeout=15)
        self.acme.post(f"{NS}/configmaps", {"metadata": {"name": "vault-ca"}, "data": {"ca.crt": self.vault.ca}})
        self.store("noca", caBundle=None, caProvider={"type": "ConfigMap", "name": "vault-ca", "key": "ca.crt"})
        self.wait_reason("noca", "Valid", "secretstores")

    def test_what_is_not_served_is_refused(self):
        vault = {"server": "https://v", "auth": {"tokenSecretRef": {"name": "t"}}}
        rows = [
            ("SecretStore", {"provider": {"aws": {"service": "SecretsManager"}}}, "spec.provider.vault: Required value"),
            ("SecretStore", {"provider": {"vault": {**vault, "server": "http://v"}}}, "spec.provider.vault.server"),
            ("SecretStore", {"provider": {"vault": {**vault, "version": "v1"}}}, 'supported values: "v2"'),
            ("SecretStore", {"provider": {"vault": {**vault, "auth": {"ldap": {}}}}}, "other methods are not available"),
            ("SecretStore", {"provider": {"vault": {**vault, "auth": {"cert": {}, "jwt": {}}}}}, "must be exactly one of"),
            ("SecretStore", {"provider": {"vault": {**vault, "auth": {"tokenSecretRef": {"name": "t", "namespace": "kube-system"}}}}},
             "a SecretStore uses its own namespace"),
            ("SecretStore", {"provider": {"vault": {**vault, "tls": {"certSecretRef": {"name": "x"}}}}}, "client certificates are not available"),
            ("SecretStore", {"provider": {"vault": vault}, "controller": "mine"}, "no controller classes"),
            ("ExternalSecret", {"secretStoreRef": {"name": "s"}}, "must have data or dataFrom"),
            ("ExternalSecret", {"secretStoreRef": {"name": "s", "kind": "ClusterSecretStore"}, "data": []}, 'supported values: "SecretStore"'),
            ("ExternalSecret", {"secretStoreRef": {"name": "s"}, "dataFrom": [{"sourceRef": {"generatorRef": {}}}]},
             "other stores and generators are not available"),
            ("ExternalSecret", {"secretStoreRef": {"name": "s"}, "dataFrom": [{"find": {"tags": {"a": "b"}, "name": {"regexp": "x"}}}]},
             "secrets are found by name"),
            ("ExternalSecret", {"secretStoreRef": {"name": "s"}, "data": [], "target": {"template": {"templateFrom": [{}]}}},
             "templates of other objects are not available"),
            ("ExternalSecret", {"secretStoreRef": {"name": "s"}, "data": [], "target": {"template": {"engineVersion": "v1"}}},
             'supported values: "v2"'),
            ("ExternalSecret", {"secretStoreRef": {"name": "s"}, "data": [], "refreshInterval": "soon"}, "spec.refreshInterval"),
        ]
        for kind, spec, text in rows:
            plural = kind.lower() + "s"
            # also for clients that do not ask for strict decoding
            a = self.acme.post(f"{GROUP}/namespaces/default/{plural}?fieldValidation=Ignore",
                               {"apiVersion": "external-secrets.io/v1", "kind": kind, "metadata": {"name": "bad"}, "spec": spec})
            self.assertEqual(a.status, 422, (spec, a))
            self.assertIn(text, a.message)

    # ---- who may ----

    def test_roles(self):
        for user, role, creates, gets in (("ed", "edit", True, True), ("vi", "view", False, True), ("no", None, False, False)):
            if role:
                self.k("create", "rolebinding", user, f"--clusterrole={role}", f"--user={user}")
            for verb, expected in (("create", creates), ("get", gets)):
                wait_until(lambda: (self.k.run("auth", "can-i", verb, "externalsecrets.external-secrets.io", f"--as={user}")[0] == 0) == expected)

    def test_openapi_and_discovery(self):
        self.assertIn("external-secrets.io", self.k("api-resources", "--categories=external-secrets", "-o", "name"))
        doc = self.acme.get("/openapi/v3/apis/external-secrets.io/v1").json
        self.assertIn("io.external-secrets.v1.ExternalSecret", doc["components"]["schemas"])

    def test_values_and_tokens_are_written_down_nowhere(self):
        """Values from the Vault and the tokens they are fetched with: no file of the server or its PostgreSQL has them,
        no status, event, metric or audit record, also when something goes wrong."""
        value = "vault-canary-5917"
        self.acme.post("/apis/audit.hostplane.io/v1/auditpolicies", {"metadata": {"name": "all"}, "spec": {
            "rules": [{"level": "RequestResponse"}]}})
        self.vault.put("app/canary", {"a": value, value: "1"})
        self.es("canary", {"a": ("app/canary", "a")})
        self.wait_secret("canary", {"a": value})
        self.es("canary-template", {"a": ("app/canary", "a")}, target={"template": {"data": {"b": "{{ .a | nope }}"}}})
        self.es("canary-missing", {"a": ("app/canary", "b")})
        self.es("canary-names", dataFrom=[{"extract": {"key": "app/canary"}}, {"extract": {"key": "app/no"}}])
        for name in ("template", "missing", "names"):
            wait_until(lambda n=name: self.condition("externalsecrets", f"canary-{n}").get("status") == "False", 20)
        places = {
            "objects": self.acme.get(f"{GROUP}/externalsecrets").body + self.acme.get(f"{GROUP}/secretstores").body,
            "events": self.acme.get("/api/v1/events").body,
            "metrics": self.plane.admin.get("/metrics").body,
            "audit records": self.acme.get("/apis/audit.hostplane.io/v1/auditevents").body,
        }
        self.assertIn(b"canary-template", places["events"])
        self.assertIn(b"canary-template", places["audit records"])
        self.assertEqual(self.acme.delete("/apis/audit.hostplane.io/v1/auditpolicies/all").status, 200)
        self.plane.stop()
        try:
            for folder, _, files in os.walk(self.plane.dir):
                for name in files:
                    with open(os.path.join(folder, name), "rb") as f:
                        places[os.path.join(folder, name)] = f.read()
        finally:
            self.plane.start()
        self.assertTrue(any(b"canary-template" in where for name, where in places.items() if "/" in name))
        for what, where in places.items():
            for text in (value, *self.vault.tokens):
                for form in forms(text):
                    self.assertTrue(where.find(form.encode()) < 0, f"{text} is in {what}")
        self.wait_secret("canary", {"a": value})



class Tenants(unittest.TestCase):
    """What plans and the life of a tenant make of it."""

    @classmethod
    def setUpClass(cls):
        cls.plane = enter(cls, Plane(args=["--webhook-private-urls"]))
        make_plan(cls.plane)

    def setUp(self):
        self.vault = Vault()
        self.addCleanup(self.vault.__exit__)
        self.vault.put("app/x", {"a": "1"})

    def fill(self, tenant, interval="5s"):
        wait_until(lambda: has_kinds(tenant))
        token = self.vault.token()
        tenant.post(f"{NS}/secrets", {"metadata": {"name": "t"}, "stringData": {"token": token}})
        a = tenant.post(f"{GROUP}/namespaces/default/secretstores", {
            "apiVersion": "external-secrets.io/v1", "kind": "SecretStore", "metadata": {"name": "s"},
            "spec": {"provider": {"vault": {"server": self.vault.url, "path": "secret", "caBundle": self.vault.ca_bundle,
                                            "auth": {"tokenSecretRef": {"name": "t"}}}}}})
        self.assertEqual(a.status, 201, a)
        a = tenant.post(f"{GROUP}/namespaces/default/externalsecrets", {
            "apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": {"name": "x"},
            "spec": {"refreshInterval": interval, "secretStoreRef": {"name": "s"},
                     "data": [{"secretKey": "a", "remoteRef": {"key": "app/x", "property": "a"}}]}})
        self.assertEqual(a.status, 201, a)
        wait_until(lambda: tenant.get(f"{NS}/secrets/x").status == 200)

    def value(self, tenant):
        return base64.b64decode(tenant.get(f"{NS}/secrets/x").json["data"]["a"]).decode()

    def is_quiet(self, seconds=8):
        """Nothing is asked for so long, but for what is under way."""
        time.sleep(1)
        n = len(self.vault.asked)
        time.sleep(seconds)
        return len(self.vault.asked) == n

    def test_plans_say_who_has_the_kinds(self):
        plain = self.plane.tenant("plain")
        self.assertEqual(plain.get(GROUP).status, 404)
        self.assertEqual(plain.get(DEFS).json["items"], [])
        # A tenant's own say counts more than the plan's.
        self.plane.admin.patch(f"{TENANTS}/plain", {"spec": {"overrides": {"externalSecrets": True}}})
        self.fill(plain)
        self.plane.admin.patch(f"{TENANTS}/plain", {"spec": {"overrides": {"externalSecrets": False}}})
        self.assertTrue(self.is_quiet())
        self.assertEqual(plain.get(f"{NS}/secrets/x").status, 200)
        self.assertEqual(self.plane.admin.delete(f"{TENANTS}/plain").status, 200)

    def test_a_suspended_tenant_is_not_synced_and_a_deleted_one_neither(self):
        t = self.plane.tenant("sleepy", plan="secrets")
        self.fill(t)
        self.plane.admin.patch(f"{TENANTS}/sleepy", {"spec": {"state": "Suspended"}})
        self.assertTrue(self.is_quiet())
        self.vault.put("app/x", {"a": "2"})
        self.plane.admin.patch(f"{TENANTS}/sleepy", {"spec": {"state": "Active"}})
        wait_until(lambda: self.value(t) == "2", 15)
        self.assertEqual(self.plane.admin.delete(f"{TENANTS}/sleepy").status, 200)
        self.assertTrue(self.is_quiet())

    def test_definitions_of_the_tenants_own_are_left_alone(self):
        t = self.plane.tenant("own", plan="secrets")
        self.fill(t)
        for name in ("externalsecrets", "secretstores"):
            d = t.get(f"{DEFS}/{name}.external-secrets.io").json
            d["spec"]["names"]["categories"] = ["external-secrets"]
            self.assertEqual(t.put(f"{DEFS}/{name}.external-secrets.io", d).status, 200)
        self.assertTrue(self.is_quiet())
        self.assertEqual(t.get(f"{DEFS}/secretstores.external-secrets.io").json["spec"]["names"]["categories"], ["external-secrets"])
        self.assertEqual(t.get(f"{GROUP}/namespaces/default/externalsecrets/x").status, 200)
        # Without them the server's come again.
        for name in ("externalsecrets", "secretstores"):
            t.delete(f"{DEFS}/{name}.external-secrets.io")
        wait_until(lambda: "hostplane" in t.get(f"{DEFS}/externalsecrets.external-secrets.io").json.get("spec", {}).get("names", {}).get("categories", ()))
        self.plane.admin.delete(f"{TENANTS}/own")

    def test_one_that_is_slow_does_not_hold_up_another(self):
        with Vault() as slow:
            slow.mode = "hang"
            bad, good = self.plane.tenant("bad", plan="secrets"), self.plane.tenant("good", plan="secrets")
            wait_until(lambda: has_kinds(bad))
            bad.post(f"{NS}/secrets", {"metadata": {"name": "t"}, "stringData": {"token": "x"}})
            for i in range(30):
                bad.post(f"{GROUP}/namespaces/default/secretstores", {
                    "apiVersion": "external-secrets.io/v1", "kind": "SecretStore", "metadata": {"name": f"s{i}"},
                    "spec": {"provider": {"vault": {"server": slow.url, "path": "secret", "caBundle": slow.ca_bundle,
                                                    "auth": {"tokenSecretRef": {"name": "t"}}}}}})
            wait_until(lambda: slow.most_running > 0)
            began = time.monotonic()
            self.fill(good)
            self.assertLess(time.monotonic() - began, 5)
            self.assertLessEqual(slow.most_running, 4)
            self.plane.admin.delete(f"{TENANTS}/bad")

    def test_a_restart(self):
        t = self.plane.tenant("again", plan="secrets")
        self.fill(t, interval="1h")
        self.plane.stop()
        self.plane.start()
        t.post(f"{GROUP}/namespaces/default/externalsecrets", {
            "apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": {"name": "y"},
            "spec": {"secretStoreRef": {"name": "s"}, "data": [{"secretKey": "a", "remoteRef": {"key": "app/x", "property": "a"}}]}})
        wait_until(lambda: t.get(f"{NS}/secrets/y").status == 200)
        n = self.vault.count("/v1/secret/data/app/x")
        time.sleep(3)
        self.assertEqual(self.vault.count("/v1/secret/data/app/x"), n)
        text = self.plane.admin.get("/metrics").body.decode()
        self.assertIn('hostplane_external_secret_calls_total{result="answered"}', text)
        self.assertIn('hostplane_external_secret_syncs_total{result="synced"}', text)


class Wall(unittest.TestCase):
    def test_private_addresses_are_not_asked(self):
        with Vault() as v, Plane() as plane:
            make_plan(plane)
            t = plane.tenant("acme", plan="secrets")
            wait_until(lambda: has_kinds(t))
            t.post(f"{NS}/secrets", {"metadata": {"name": "t"}, "stringData": {"token": "x"}})
            for i, url in enumerate((v.url, "https://169.254.169.254", "https://[::1]:8200", "https://localhost:8200")):
                t.post(f"{GROUP}/namespaces/default/secretstores", {
                    "apiVersion": "external-secrets.io/v1", "kind": "SecretStore", "metadata": {"name": f"s{i}"},
                    "spec": {"provider": {"vault": {"server": url, "path": "secret", "caBundle": v.ca_bundle,
                                                    "auth": {"tokenSecretRef": {"name": "t"}}}}}})
                at = f"{GROUP}/namespaces/default/secretstores/s{i}"
                c = wait_until(lambda: (c := ready(t.get(at).json)).get("status") == "False" and c)
                self.assertIn("the address is not a public one", c["message"], url)
            self.assertEqual(v.asked, [])


if __name__ == "__main__":
    unittest.main()
