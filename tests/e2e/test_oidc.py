"""Tokens of foreign issuers: forgeries first, then what is good, rotation, and an issuer that is down."""
import base64
import hashlib
import hmac
import os
import unittest

import yaml
from harness import TENANTS, Client, Plane, wait_until
from issuer import Issuer, b64url

SELF = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews"
OWN = "https://kubernetes.default.svc.cluster.local"


class Oidc(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.issuer = Issuer()
        cls.addClassCleanup(cls.issuer.__exit__)
        with open(os.path.join(cls.issuer.dir, "config.yaml"), "w") as f:
            yaml.safe_dump({"apiVersion": "apiserver.config.k8s.io/v1", "kind": "AuthenticationConfiguration",
                            "jwt": [cls.issuer.entry()],
                            "anonymous": {"enabled": True, "conditions": [{"path": "/version"}]}}, f)
        cls.plane = cls.enterClassContext(Plane(args=["--webhook-private-urls", "--authentication-config", f.name]))
        cls.acme = cls.plane.tenant("acme", authentication={"jwt": [cls.issuer.entry()]})
        cls.globex = cls.plane.tenant("globex")

    def test_who_needs_no_credential(self):
        """As the provider says it for his own cluster (the file) and for each tenant; by default everybody."""
        def anonymous(tenant, path):
            server = self.plane.url + (f"/clusters/{tenant}" if tenant else "")
            return Client(server, self.ca()).get(path).status

        self.assertEqual([anonymous("", p) for p in ("/livez", "/version", "/version/", "/api")], [200, 200, 401, 401])
        self.assertEqual([anonymous("globex", p) for p in ("/version", "/api/v1/pods")], [200, 403])
        tenant = f"{TENANTS}/globex"
        change = {"spec": {"authentication": {"anonymous": {"enabled": False}}}}
        self.assertEqual(self.plane.admin.patch(tenant, change).status, 200)
        # Strangers get what there is of a tenant that does not exist, so they do not see that this one is there.
        for path in ("/version", "/api", "/api/v1/pods", "/none", "/livez"):
            answers = [Client(f"{self.plane.url}/clusters/{name}", self.ca()).get(path) for name in ("globex", "nobody")]
            self.assertEqual(answers[0].status, answers[1].status, path)
            self.assertEqual(answers[0].body.replace(b"globex", b"NAME"), answers[1].body.replace(b"nobody", b"NAME"))
        self.assertEqual([anonymous("globex", p) for p in ("/version", "/api/v1/pods")], [200, 403])
        self.assertEqual(self.bearer("garbage", self.globex).get("/version").status, 401)
        self.assertEqual(self.globex.get("/version").status, 200)
        rules = "/apis/rbac.authorization.k8s.io/v1"
        for kind, body in (("clusterroles", {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}]}),
                           ("clusterrolebindings", {"roleRef": {"kind": "ClusterRole", "name": "everybody",
                                                                "apiGroup": "rbac.authorization.k8s.io"},
                                                    "subjects": [{"kind": "Group", "name": "system:unauthenticated",
                                                                  "apiGroup": "rbac.authorization.k8s.io"}]})):
            a = self.globex.post(f"{rules}/{kind}", {"metadata": {"name": "everybody"}, **body})
            self.assertEqual(a.status, 201, a)
        self.assertEqual(anonymous("globex", "/api/v1/pods"), 403)  # who is not let in has no rights there
        change["spec"]["authentication"]["anonymous"] = {"enabled": False, "conditions": [{"path": "/version"}]}
        a = self.plane.admin.patch(tenant, change)
        self.assertEqual(a.status, 422, a)
        self.assertIn("spec.authentication.anonymous.conditions: Invalid value", a.message)
        self.assertIn("enabled should be set to true when conditions are defined", a.message)
        change["spec"]["authentication"]["anonymous"]["enabled"] = True
        self.assertEqual(self.plane.admin.patch(tenant, change).status, 200)
        self.assertEqual([anonymous("globex", p) for p in ("/version", "/api/v1/pods")], [200, 403])
        change["spec"]["authentication"]["anonymous"] = None
        self.assertEqual(self.plane.admin.patch(tenant, change).status, 200)
        self.assertEqual(anonymous("globex", "/api/v1/pods"), 200)

    def bearer(self, token, client=None):
        c = (client or self.acme)
        return Client(c.server, self.ca(), token=token)

    def ca(self):
        with open(os.path.join(self.plane.data, "admin.kubeconfig")) as f:
            c = yaml.safe_load(f)
        return base64.b64decode(c["clusters"][0]["cluster"]["certificate-authority-data"]).decode()

    def who(self, token, client=None):
        return self.bearer(token, client).post(SELF, {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"})

    def review(self, token, client=None, **spec):
        a = (client or self.acme).post(REVIEWS, {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview",
                                                 "spec": {"token": token, **spec}})
        self.assertEqual(a.status, 201, a)
        return a.json["status"]

    def assert_refused(self, token, why=None, client=None):
        a = self.who(token, client)
        self.assertEqual((a.status, a.message), (401, "Unauthorized"), a)
        s = self.review(token, client)
        self.assertFalse(s.get("authenticated", False), s)
        if why:
            self.assertIn(why, s["error"])

    def test_forgeries(self):
        i = self.issuer
        thief = i.new_key("k1")
        good = i.token("jane")
        head, body, sig = good.split(".")
        n = i.key.jwk()["n"].encode()
        hs = b64url({"alg": "HS256", "kid": "k1"}) + "." + body
        rows = [
            (b64url({"alg": "none", "kid": "k1"}) + "." + body + ".", ""),
            (b64url({"alg": "none", "kid": "k1"}) + "." + body + "." + sig, ""),
            (hs + "." + b64url(hmac.new(n, hs.encode(), hashlib.sha256).digest()), ""),
            (i.token("jane", key=thief), "failed to verify id token signature"),
            (i.token("jane", key=thief, header={"jwk": thief.jwk()}), ""),
            (i.token("jane", key=thief, header={"jku": i.url + "/keys"}), ""),
            (i.token("jane", key=thief, header={"x5u": i.url + "/keys"}), ""),
            (i.token("jane", key=thief, header={"kid": "../../../dev/null"}), "failed to verify id token signature"),
            (i.token("jane", header={"crit": ["exp"]}), ""),
            (i.token("jane", header={"alg": "RS512"}), "failed to verify id token signature"),
            (i.token("jane", header={"alg": "ES256"}), "failed to verify id token signature"),
            (head + "." + b64url(i.claims("root")) + "." + sig, "failed to verify id token signature"),
            (good[:-4] + "AAAA", ""),
            (good + ".x", ""),
            (head + "." + body + ".", ""),
            (i.token("jane", aud="somebody"), "expected audience"),
            (i.token("jane", exp=1), "token is expired"),
            (i.token("jane", exp=None), "token is expired"),
            (i.token("jane", nbf=9999999999), "before the nbf"),
            (i.token("jane", iat=9999999999), "from the future"),
            (i.token("jane", iss="https://127.0.0.1:1"), ""),
            (i.token("jane", iss=OWN, aud=OWN, **{"hostplane.io": {"groups": ["system:masters"]}}), ""),
            (i.token(""), "is empty"),
            (i.token(7), "json: cannot unmarshal number into Go value of type string"),
        ]
        for k, (token, why) in enumerate(rows):
            with self.subTest(row=k):
                self.assert_refused(token, why)

    def test_a_good_token(self):
        token = self.issuer.token("jane", groups=["dev"])
        for _ in range(2):
            info = self.who(token).json["status"]["userInfo"]
            self.assertEqual(info["username"], "oidc:jane")
            self.assertEqual(info["groups"], ["oidc:dev", "system:authenticated"])
        self.assertEqual(self.bearer(token).get("/api/v1/namespaces/default/secrets").status, 403)
        self.acme.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings", {
            "metadata": {"name": "dev"}, "subjects": [{"kind": "Group", "name": "oidc:dev", "apiGroup": "rbac.authorization.k8s.io"}],
            "roleRef": {"kind": "ClusterRole", "name": "view", "apiGroup": "rbac.authorization.k8s.io"}})
        wait_until(lambda: self.bearer(token).get("/api/v1/namespaces/default/configmaps").status == 200)
        s = self.review(token)
        self.assertTrue(s["authenticated"])
        self.assertEqual(s["audiences"], [OWN])
        self.assertEqual(self.review(token, audiences=[OWN, "x"])["audiences"], [OWN])
        self.assertFalse(self.review(token, audiences=["x"]).get("authenticated", False))

    def test_it_is_nothing_in_another_cluster(self):
        token = self.issuer.token("jane")
        self.assertEqual(self.who(token).status, 201)
        self.assert_refused(token, client=self.globex)
        # The provider's own cluster has a configuration of its own.
        a = self.who(token, self.plane.admin)
        self.assertEqual(a.json["status"]["userInfo"]["username"], "oidc:jane")

    def test_system_names_are_not_the_issuers_to_give(self):
        entry = self.issuer.entry(claimMappings={"username": {"claim": "sub", "prefix": ""}, "groups": {"claim": "groups", "prefix": ""}})
        t = self.plane.tenant("bare", authentication={"jwt": [entry]})
        self.assert_refused(self.issuer.token("system:admin"), "reserved prefix", client=t)
        self.assert_refused(self.issuer.token("jane", groups=["system:masters"]), "reserved prefix", client=t)
        self.assertEqual(self.who(self.issuer.token("jane"), t).json["status"]["userInfo"]["username"], "jane")

    def test_expressions_and_rules(self):
        entry = self.issuer.entry(
            claimMappings={"username": {"expression": "'x-' + claims.sub"}, "groups": {"expression": "claims.roles.split(',')"},
                           "uid": {"claim": "sid"}, "extra": [{"key": "example.com/team", "valueExpression": "claims.team"}]},
            claimValidationRules=[{"claim": "hd", "requiredValue": "example.com"},
                                  {"expression": "claims.exp - claims.iat <= 3600", "message": "too long"}],
            userValidationRules=[{"expression": "!user.username.startsWith('x-root')", "message": "no root"}])
        t = self.plane.tenant("rules", authentication={"jwt": [entry]})
        claims = {"roles": "a,b", "team": ["red"], "sid": "7", "hd": "example.com"}
        info = self.who(self.issuer.token("jo", **claims), t).json["status"]["userInfo"]
        self.assertEqual(info, {"username": "x-jo", "uid": "7", "groups": ["a", "b", "system:authenticated"],
                                "extra": {"example.com/team": ["red"]}})
        self.assert_refused(self.issuer.token("root", **claims), "failed: no root", client=t)
        self.assert_refused(self.issuer.token("jo", **{**claims, "hd": "x"}), "required claim hd", client=t)
        self.assert_refused(self.issuer.token("jo", exp=9999999999, **claims), "failed: too long", client=t)

    def test_what_is_stored_is_checked(self):
        bad = self.issuer.entry(claimMappings={"username": {"claim": "sub"}})
        bad["issuer"] = {"url": "http://x", "audiences": []}
        a = self.plane.create_tenant("wrong", authentication={"jwt": [bad]})
        self.assertEqual(a.status, 422, a)
        for text in ('spec.authentication.jwt[0].issuer.url: Invalid value: "http://x": URL scheme must be https',
                     "spec.authentication.jwt[0].issuer.audiences: Required value",
                     "spec.authentication.jwt[0].claimMappings.username.prefix: Required value: prefix is required when claim is set."):
            self.assertIn(text, a.message)

    def test_keys_are_rotated(self):
        with Issuer() as i:
            t = self.plane.tenant("rotating", authentication={"jwt": [i.entry()]})
            old, new = i.key, i.new_key("k2", "ES256")
            self.assertEqual(self.who(i.token("jane"), t).status, 201)
            i.served = [new]
            # It was asked just now: that an unknown key is not there is not asked again at once.
            for _ in range(5):
                self.assertEqual(self.who(i.token("a", key=new), t).status, 401)
            self.assertEqual(i.asked.count("/keys"), 1)
            wait_until(lambda: self.who(i.token("b", key=new), t).status == 201, timeout=20, interval=1)
            self.assertEqual(i.asked.count("/keys"), 2)
            self.assertEqual(self.who(i.token("c", key=old), t).status, 401)

    def test_an_issuer_that_is_down(self):
        with Issuer() as i:
            t = self.plane.tenant("down", authentication={"jwt": [i.entry()]})
            i.is_down = True
            self.assert_refused(i.token("jane"), "authenticator not initialized", client=t)
            self.assertEqual(t.get("/api/v1/namespaces").status, 200)
            i.is_down = False
            wait_until(lambda: self.who(i.token("jane"), t).status == 201, timeout=20, interval=1)
            i.is_down = True
            self.assertEqual(self.who(i.token("joe"), t).status, 201)

    def test_credentials_can_be_taken_back(self):
        t = self.plane.tenant("revoked", authentication={"jwt": [self.issuer.entry()]})
        token = self.issuer.token("jane")
        self.assertEqual(self.who(token, t).status, 201)
        a = self.plane.admin.post(f"{TENANTS}/revoked/revoke", {"apiVersion": "tenancy.hostplane.io/v1", "kind": "TenantRevoke",
                                                               "spec": {"user": "oidc:jane"}})
        self.assertIn(a.status, (200, 201), a)
        wait_until(lambda: self.who(token, t).status == 401)

    def test_a_tenant_that_trusts_nobody_any_more(self):
        t = self.plane.tenant("changing", authentication={"jwt": [self.issuer.entry()]})
        token = self.issuer.token("jane")
        self.assertEqual(self.who(token, t).status, 201)
        self.assertEqual(self.plane.admin.patch(f"{TENANTS}/changing", {"spec": {"authentication": None}}).status, 200)
        wait_until(lambda: self.who(token, t).status == 401)


class Wall(unittest.TestCase):
    """Without --webhook-private-urls a tenant cannot make the server ask private addresses."""

    def test_private_addresses(self):
        with Issuer() as i, Plane() as plane:
            t = plane.tenant("acme", authentication={"jwt": [i.entry()]})
            a = t.post(REVIEWS, {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": i.token("jane")}})
            self.assertIn("authenticator not initialized", a.json["status"]["error"])
            wait_until(lambda: "the address is not a public one" in plane.log(), timeout=5)
            self.assertEqual(i.asked, [])


if __name__ == "__main__":
    unittest.main()
