"""Credentials of one tenant are worth nothing on another, on the host, or after they end."""
import base64
import hashlib
import hmac
import json
import unittest

from harness import TENANTS, Client, shared_plane

SECRET = "/api/v1/namespaces/default/secrets"
REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews"
OWN = "https://kubernetes.default.svc.cluster.local"


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Isolation(unittest.TestCase):
    def setUp(self):
        self.plane = shared_plane()
        self.acme, self.globex = self.plane.tenant("acme"), self.plane.tenant("globex")
        self.token = self.plane.client("acme", token=True)

    def assert_refused(self, client, path=SECRET):
        a = client.get(path)
        self.assertEqual(a.status, 401, a)
        self.assertEqual(a.json["reason"], "Unauthorized")
        self.assertEqual(a.message, "Unauthorized")

    def with_token(self, token, cluster="acme"):
        c = self.token.at(self.plane.url + "/clusters/" + cluster)
        c.token = token
        return c

    def test_own_credentials_work(self):
        self.assertEqual(self.acme.get(SECRET).status, 200)
        self.assertEqual(self.token.get(SECRET).status, 200)

    def test_who_one_is_stays_the_same_on_a_kept_connection(self):
        review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
        seen = [self.acme.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", review)
                .json["status"]["userInfo"] for _ in range(3)]
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(seen[1], seen[2])
        self.assertRegex(seen[0]["extra"]["authentication.kubernetes.io/credential-id"][0],
                         "^X509SHA256=[0-9a-f]{64}$")

    def test_a_certificate_on_another_tenant(self):
        self.assert_refused(self.acme.at(self.globex.server))

    def test_a_certificate_at_the_root_reaches_its_own_tenant_only(self):
        c = self.acme.at(self.plane.url)
        self.assertEqual(c.get(TENANTS).status, 404)
        self.assertEqual(c.get(SECRET).body, self.acme.get(SECRET).body)
        namespace = "/api/v1/namespaces/default"
        self.assertEqual(c.get(namespace).json["metadata"]["uid"],
                         self.acme.get(namespace).json["metadata"]["uid"])

    def test_a_token_on_another_tenant(self):
        self.assert_refused(self.with_token(self.token.token, "globex"))

    def test_a_tenants_token_at_the_root_reaches_that_tenant_only(self):
        c = self.token.at(self.plane.url)
        self.assertIn(c.get(TENANTS).status, (401, 403, 404))
        a = c.get("/api/v1/namespaces/default/configmaps")
        if a.status == 200:
            mine = self.acme.get("/api/v1/namespaces/default").json["metadata"]["uid"]
            self.assertEqual(c.get("/api/v1/namespaces/default").json["metadata"]["uid"], mine)

    def test_the_platform_administrator_on_a_tenant(self):
        self.assert_refused(self.plane.admin.at(self.acme.server))

    def test_nobody(self):
        c = Client(self.acme.server, None, workdir=self.plane.dir)
        c.ssl = self.token.ssl
        a = c.get(SECRET)
        self.assertIn(a.status, (401, 403), a)
        self.assertEqual(c.get("/version").status, 200)

    def test_forged_tokens(self):
        head, payload, sig = self.token.token.split(".")
        kid = json.loads(unb64url(head))["kid"]
        claims = json.loads(unb64url(payload))
        jwks = self.acme.get("/openid/v1/jwks")
        public = jwks.body if jwks.status == 200 else b"public"

        def forge(header, secret=None, claims_text=None):
            text = (b64url(json.dumps(header).encode()) + "." +
                    (b64url(json.dumps(claims_text).encode()) if claims_text else payload))
            mac = b"" if secret is None else hmac.new(secret, text.encode(),
                                                      hashlib.sha256).digest()
            return text + "." + b64url(mac)

        other = self.plane.client("globex", token=True).token.split(".")
        broken, no_key = "go-jose/go-jose: error in cryptographic primitive", "invalid signature, no keys found"
        bad = {
            "alg none": forge({"alg": "none", "kid": kid}),
            "alg none, old signature": forge({"alg": "none", "kid": kid}) + sig,
            "alg HS256 with the public key": forge({"alg": "HS256", "kid": kid}, public),
            "alg HS256 with nothing": forge({"alg": "HS256", "kid": kid}, b""),
            "no signature": f"{head}.{payload}.",
            "other claims": f"{head}.{b64url(json.dumps({**claims, 'sub': 'root'}).encode())}.{sig}",
            "globex's claims, acme's signature": f"{head}.{other[1]}.{sig}",
            "acme's key id on globex's token": f"{head}.{other[1]}.{other[2]}",
            "a changed byte": f"{head}.{payload}.{'A' if sig[0] != 'A' else 'B'}{sig[1:]}",
            "two parts": f"{head}.{payload}",
            "garbage": "garbage",
            "long": "a" * 10000,
        }
        why = {"no kid": broken, "globex's token": no_key, "two parts": "", "garbage": "", "long": ""}
        bad["no kid"] = forge({"alg": "none"})
        bad["globex's token"] = ".".join(other)
        for name, token in bad.items():
            with self.subTest(name):
                self.assert_refused(self.with_token(token))
                self.assertEqual(self.why(token), why.get(name, broken))

    def why(self, token, **spec):
        """What a review says besides that the token is none; None when it holds."""
        a = self.acme.post(REVIEWS, {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview",
                                     "spec": {"token": token, **spec}})
        self.assertEqual(a.status, 201, a)
        status = a.json["status"]
        if status.get("authenticated"):
            self.assertNotIn("error", status)
            return None
        self.assertEqual(status["user"], {})
        if status["error"] == "invalid bearer token":
            return ""
        self.assertRegex(status["error"], r"^\[invalid bearer token, .*\]$")
        return status["error"][len("[invalid bearer token, "):-1]

    def test_a_review_says_why_in_upstreams_words(self):
        ns = "/api/v1/namespaces/default"
        gone = "service account token has been invalidated"

        def account(name):
            return self.acme.post(ns + "/serviceaccounts", {"metadata": {"name": name}}).json["metadata"]["uid"]

        def token(name, **spec):
            a = self.acme.post(f"{ns}/serviceaccounts/{name}/token", {
                "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec})
            self.assertEqual(a.status, 201, a)
            return a.json["status"]["token"]

        uid = account("asked")
        self.assertIsNone(self.why(token("asked")))
        self.assertIsNone(self.why(token("asked"), audiences=[OWN, "x"]))
        self.assertEqual(self.why(token("asked"), audiences=["x", 'y"']),
                         f'token audiences ["{OWN}"] is invalid for the target audiences ["x" "y\\""]')
        self.assertEqual(self.why(token("asked", audiences=["a", "b"])),
                         f'token audiences ["a" "b"] is invalid for the target audiences ["{OWN}"]')
        self.assertEqual(self.why("abcdef.0123456789abcdef"), "")
        bound = {}
        for kind, path, body in (("Secret", "/secrets/bound", {}),
                                 ("Pod", "/pods/bound", {"spec": {"containers": [{"name": "c", "image": "i"}],
                                                                  "serviceAccountName": "asked", "nodeName": "none"}})):
            path, name = path.rsplit("/", 1)
            a = self.acme.post(ns + path, {"metadata": {"name": name}, **body})
            self.assertEqual(a.status, 201, a)
            bound[kind] = a.json["metadata"]["uid"], path
        tokens = {kind: token("asked", boundObjectRef={"kind": kind, "apiVersion": "v1", "name": "bound", "uid": was})
                  for kind, (was, _) in bound.items()}
        for kind, (was, path) in bound.items():
            self.assertIsNone(self.why(tokens[kind]))
            self.assertEqual(self.acme.delete(f"{ns}{path}/bound", {"gracePeriodSeconds": 0}).status, 200)
            self.assertEqual(self.why(tokens[kind]), gone)
        again = self.acme.post(ns + "/secrets", {"metadata": {"name": "bound"}}).json["metadata"]["uid"]
        self.assertEqual(self.why(tokens["Secret"]),
                         f"secret UID ({again}) does not match service account secret ref claim ({bound['Secret'][0]})")
        last = token("asked")
        self.acme.delete(ns + "/serviceaccounts/asked")
        self.assertEqual(self.why(last), 'serviceaccounts "asked" not found')
        again = account("asked")
        self.assertEqual(self.why(last), f"service account UID ({again}) does not match claim ({uid})")

    def test_a_service_accounts_token_dies_with_it(self):
        ns = "/api/v1/namespaces/default"
        self.acme.post(ns + "/serviceaccounts", {"metadata": {"name": "bot"}})
        a = self.acme.post(ns + "/serviceaccounts/bot/token", {
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}})
        self.assertEqual(a.status, 201, a)
        bot = self.with_token(a.json["status"]["token"])
        self.assertEqual(bot.get(ns + "/pods").status, 403)
        self.assertEqual(self.with_token(bot.token, "globex").get(ns + "/pods").status, 401)
        self.acme.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings", {
            "metadata": {"name": "bot"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
                        "name": "view"},
            "subjects": [{"kind": "ServiceAccount", "name": "bot", "namespace": "default"}]})
        self.assertEqual(bot.get(ns + "/pods").status, 200)
        self.assertEqual(bot.get(ns + "/secrets").status, 403)
        self.acme.delete(ns + "/serviceaccounts/bot")
        self.assertEqual(bot.get(ns + "/pods").status, 401)
        self.acme.post(ns + "/serviceaccounts", {"metadata": {"name": "bot"}})
        self.assertEqual(bot.get(ns + "/pods").status, 401)

    def test_nobody_grants_what_they_do_not_hold(self):
        rbac = "/apis/rbac.authorization.k8s.io/v1"
        self.acme.post(rbac + "/clusterroles", {
            "metadata": {"name": "role-maker"},
            "rules": [{"verbs": ["*"], "apiGroups": ["rbac.authorization.k8s.io"],
                       "resources": ["clusterroles", "clusterrolebindings"]}]})
        self.acme.post(rbac + "/clusterroles", {
            "metadata": {"name": "maker-only"},
            "rules": [{"verbs": ["create"], "apiGroups": ["rbac.authorization.k8s.io"],
                       "resources": ["clusterroles", "clusterrolebindings"]}]})
        self.acme.post(rbac + "/clusterrolebindings", {
            "metadata": {"name": "maker"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
                        "name": "maker-only"},
            "subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io",
                          "name": "maker"}]})
        maker = self.plane.client("acme", token=True, user="maker", groups=["g"])
        a = maker.post(rbac + "/clusterrolebindings", {
            "metadata": {"name": "take-over"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
                        "name": "cluster-admin"},
            "subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io",
                          "name": "maker"}]})
        self.assertEqual(a.status, 403, a)
        self.assertIn("is attempting to grant RBAC permissions not currently held", a.message)
        a = maker.post(rbac + "/clusterroles", {
            "metadata": {"name": "collector"},
            "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"any": "thing"}}]},
            "rules": []})
        self.assertEqual(a.status, 403, a)
        a = maker.post(rbac + "/clusterroles", {
            "metadata": {"name": "narrow"},
            "rules": [{"verbs": ["create"], "apiGroups": ["rbac.authorization.k8s.io"],
                       "resources": ["clusterroles"]}]})
        self.assertEqual(a.status, 201, a)

    def test_a_tenants_certificate_authority_makes_no_nodes(self):
        text = self.plane.kubeconfig("acme", user="system:node:n1", groups=["system:nodes"])
        node = Client.of_kubeconfig(text, self.plane.dir)
        self.assertIn(node.get("/api/v1/pods").status, (401, 403))
        self.assertIn(node.get(SECRET).status, (401, 403))
        self.assertIn(node.at(self.plane.url).get("/api/v1/pods").status, (401, 403))
        self.assertIn(node.at(self.plane.url).get("/apis/node.hostplane.io/v1/nodes/n1/feed").status,
                      (401, 403, 404))
        self.assert_refused(node.at(self.globex.server))
