"""The audit log: what is recorded, that it is never lost when promised, that nobody can change it unseen."""
import base64
import http.server
import itertools
import json
import os
import subprocess
import tempfile
import threading
import unittest

from harness import BUILD, TENANTS, Client, Plane, wait_until
from tlsserver import certificates, serve

EVENTS = "/apis/audit.hostplane.io/v1/auditevents"
POLICIES = "/apis/audit.hostplane.io/v1/auditpolicies"
CONFIGMAPS = "/api/v1/namespaces/default/configmaps"
SECRETS = "/api/v1/namespaces/default/secrets"


def policy(*rules, **more):
    return {"apiVersion": "audit.hostplane.io/v1", "kind": "AuditPolicy",
            "metadata": {"name": "own"}, "spec": {"rules": list(rules), **more}}


def configmap(name, **data):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def events(client, **params):
    """All records, page by page."""
    found, more = [], "0"
    while more:
        query = "&".join(f"{k}={v}" for k, v in {"limit": 50, "continue": more, **params}.items())
        a = client.get(f"{EVENTS}?{query}")
        assert a.status == 200, a
        found += a.json["items"]
        more = a.json["metadata"].get("continue")
    return found


def of(items, verb, resource, name=None, stage="ResponseComplete"):
    return [e for e in items if e["verb"] == verb and e["stage"] == stage
            and e.get("objectRef", {}).get("resource") == resource
            and (name is None or e["objectRef"].get("name") == name)]


class Audit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = tempfile.mkdtemp(prefix="hp-audit-")
        cls.file = os.path.join(cls.dir, "audit.log")
        rules = os.path.join(cls.dir, "policy.yaml")
        with open(rules, "w") as f:
            f.write("apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n"
                    "- {level: None, users: [system:kube-scheduler]}\n"
                    "- {level: None, userGroups: [system:serviceaccounts]}\n"
                    "- {level: Metadata, verbs: [create, update, patch, delete]}\n"
                    "- {level: Metadata, resources: [{group: '', resources: [secrets]}]}\n")
        cls.plane = Plane(external=True, args=("--audit-policy", rules, "--audit-file", cls.file))
        cls.plane.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.plane.__exit__(None, None, None)
        subprocess.run(["rm", "-rf", cls.dir], check=True)

    def hpctl(self, *args, kubeconfig=None):
        path = kubeconfig or os.path.join(self.plane.data, "admin.kubeconfig")
        return subprocess.run([os.path.join(BUILD, "hpctl"), "--kubeconfig", path, "audit", *args],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)

    def kubeconfig_of(self, tenant):
        path = os.path.join(self.dir, f"{tenant}.kubeconfig")
        with open(path, "w") as f:
            f.write(self.plane.kubeconfig(tenant))
        return path

    def record(self, client, verb, resource, name=None, **kw):
        """The one record of it, once it is there."""
        def look():
            found = of(events(client), verb, resource, name, **kw)
            return found[-1] if found else None
        return wait_until(look)

    def test_a_write_is_recorded_with_who_and_what(self):
        t = self.plane.tenant("who")
        a = t.post(CONFIGMAPS, configmap("one", a="b"), headers={"Audit-ID": "my-request-1", "User-Agent": "tester/1",
                                                                  "X-Forwarded-For": "203.0.113.7, 10.0.0.9"})
        self.assertEqual((a.status, a.headers.get("Audit-Id")), (201, "my-request-1"))
        e = of(events(t), "create", "configmaps", "one")[0]  # with the write: no waiting
        self.assertEqual((e["kind"], e["apiVersion"], e["level"]), ("Event", "audit.k8s.io/v1", "Metadata"))
        self.assertEqual((e["auditID"], e["userAgent"]), ("my-request-1", "tester/1"))
        self.assertEqual(e["sourceIPs"], ["203.0.113.7", "10.0.0.9", "127.0.0.1"])
        self.assertEqual(e["requestURI"], CONFIGMAPS)
        self.assertEqual(e["objectRef"], {"resource": "configmaps", "namespace": "default", "name": "one",
                                          "apiVersion": "v1"})
        self.assertEqual(e["responseStatus"], {"metadata": {}, "code": 201})
        self.assertEqual(e["annotations"]["authorization.k8s.io/decision"], "allow")
        self.assertIn("username", e["user"])
        self.assertNotIn("requestObject", e)
        self.assertLessEqual(e["requestReceivedTimestamp"], e["stageTimestamp"])

    def test_levels_of_the_tenants_own_policy(self):
        t = self.plane.tenant("levels")
        rules = [{"level": "RequestResponse", "resources": [{"resources": ["configmaps"]}]},
                 {"level": "None", "resources": [{"group": "apps"}]}]
        self.assertEqual(t.post(POLICIES, policy(*rules, omitManagedFields=True)).status, 201)
        made = t.post(CONFIGMAPS, configmap("two", a="b")).json
        e = of(events(t), "create", "configmaps", "two")[0]
        self.assertEqual(e["level"], "RequestResponse")
        self.assertEqual(e["requestObject"]["data"], {"a": "b"})
        self.assertEqual(e["responseObject"]["metadata"]["resourceVersion"], made["metadata"]["resourceVersion"])
        self.assertEqual(e["responseObject"]["metadata"]["uid"], made["metadata"]["uid"])
        self.assertNotIn("managedFields", e["responseObject"]["metadata"])
        patched = t.patch(f"{CONFIGMAPS}/two", {"data": {"c": "d"}}).json
        e = of(events(t), "patch", "configmaps", "two")[0]
        self.assertEqual(e["requestObject"], {"data": {"c": "d"}})
        self.assertEqual(e["responseObject"]["data"], {"a": "b", "c": "d"})
        self.assertEqual(e["responseObject"]["metadata"]["resourceVersion"], patched["metadata"]["resourceVersion"])
        t.get(f"{CONFIGMAPS}/two")
        e = self.record(t, "get", "configmaps", "two", stage="ResponseComplete")
        self.assertEqual(e["responseObject"]["data"], {"a": "b", "c": "d"})
        # What the platform wants recorded, the tenant cannot switch off.
        t.post("/apis/apps/v1/namespaces/default/deployments", {
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"},
            "spec": {"replicas": 0, "selector": {"matchLabels": {"a": "b"}}, "template": {
                "metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}})
        self.assertEqual(of(events(t), "create", "deployments", "d")[0]["level"], "Metadata")
        self.assertEqual(t.delete(f"{CONFIGMAPS}/two").status, 200)
        e = of(events(t), "delete", "configmaps", "two")[0]
        self.assertEqual((e["responseStatus"]["status"], e["responseStatus"]["code"]), ("Success", 200))

    def test_a_plan_is_a_floor(self):
        self.plane.admin.post("/apis/tenancy.hostplane.io/v1/plans", {
            "apiVersion": "tenancy.hostplane.io/v1", "kind": "Plan", "metadata": {"name": "watched"},
            "spec": {"audit": {"rules": [{"level": "Request", "resources": [{"resources": ["configmaps"]}]}]}}})
        t = self.plane.tenant("floor", plan="watched")
        t.post(CONFIGMAPS, configmap("three", a="b"))
        e = of(events(t), "create", "configmaps", "three")[0]
        self.assertEqual((e["level"], e["requestObject"]["data"]), ("Request", {"a": "b"}))
        self.assertNotIn("responseObject", e)

    def test_bodies_with_secrets_are_never_recorded(self):
        t = self.plane.tenant("hidden")
        t.post(POLICIES, policy({"level": "RequestResponse"}))
        t.post(SECRETS, {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"},
                         "stringData": {"p": "pAsSw0rd"}})
        t.get(f"{SECRETS}/s")
        t.get(SECRETS)
        t.patch(f"{SECRETS}/s", {"stringData": {"p": "pAsSw0rd2"}})
        a = t.post("/api/v1/namespaces/default/serviceaccounts/default/token",
                   {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}})
        token = a.json["status"]["token"]
        t.post("/apis/authentication.k8s.io/v1/tokenreviews", {
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": token}})
        self.record(t, "create", "tokenreviews")
        for verb in ("create", "get", "list", "patch"):
            self.assertEqual(self.record(t, verb, "secrets")["level"], "Metadata")
        self.assertEqual(len(of(events(t), "create", "serviceaccounts")), 1)
        rows = self.plane.pg.sql("SELECT encode(event, 'escape') || coalesce(encode(bodies, 'escape'), '') FROM audit")
        self.assertNotIn("pAsSw0rd", rows)
        self.assertNotIn("cEFzU3cwcmQ", rows)  # in base64
        self.assertNotIn(token, rows)
        self.assertGreater(len(rows), 1000)

    def test_bodies_stand_encrypted(self):
        t = self.plane.tenant("sealed")
        t.post(POLICIES, policy({"level": "RequestResponse", "resources": [{"resources": ["configmaps"]}]}))
        t.post(CONFIGMAPS, configmap("canary", a="body-canary-8811"))
        e = of(events(t), "create", "configmaps", "canary")[0]
        self.assertEqual(e["responseObject"]["data"], {"a": "body-canary-8811"})
        rows = self.plane.pg.sql("SELECT encode(event, 'escape') || encode(bodies, 'escape') FROM audit WHERE bodies IS NOT NULL")
        self.assertIn("configmaps", rows)
        self.assertNotIn("body-canary-8811", rows)
        self.assertEqual(self.hpctl("verify", kubeconfig=self.kubeconfig_of("sealed")).returncode, 0)
        self.assertEqual(self.hpctl("verify", "--tenant", "sealed").returncode, 0)

        def copied():
            with open(self.file) as f:
                return next((x for x in f if '"name":"canary"' in x), None)
        line = wait_until(copied)
        self.assertNotIn("body-canary-8811", line)
        self.assertIn("audit.hostplane.io/bodies-hash", line)
        # A row of before: in plain. It is read and verified as the others.
        seq = e["annotations"]["audit.hostplane.io/sequence"]
        salt = e["annotations"]["audit.hostplane.io/bodies-salt"]
        plain = json.dumps({"requestObject": e["requestObject"], "responseObject": e["responseObject"], "salt": salt},
                           separators=(",", ":")).replace("'", "''")
        cluster = "(SELECT id FROM cluster WHERE name = 'sealed' AND state = 0)"
        self.plane.pg.sql(f"UPDATE audit SET bodies = convert_to('{plain}', 'UTF8') WHERE cluster = {cluster} AND seq = {seq}")
        self.assertEqual(self.hpctl("verify", kubeconfig=self.kubeconfig_of("sealed")).returncode, 0)
        # One that is damaged is not served, and found.
        self.plane.pg.sql(f"UPDATE audit SET bodies = '\\x0100' WHERE cluster = {cluster} AND seq = {seq}")
        e = next(x for x in events(t) if x["annotations"]["audit.hostplane.io/sequence"] == seq)
        self.assertNotIn("requestObject", e)
        r = self.hpctl("verify", kubeconfig=self.kubeconfig_of("sealed"))
        self.assertEqual(r.returncode, 1, r)
        self.assertIn(f"record {seq} was changed", r.stderr)

    def test_a_log_that_is_full_keeps_what_the_platform_wants(self):
        t = self.plane.tenant("full", overrides={"auditBytes": "60Ki"})
        path = "/apis/audit.hostplane.io/v1/auditcheckpoints/current"
        t.post(POLICIES, policy({"level": "RequestResponse", "resources": [{"resources": ["configmaps"]}]}))
        for i in range(20):
            self.assertEqual(t.post(CONFIGMAPS, configmap(f"c{i}", text="x" * 4000)).status, 201)
        levels = [e["level"] for e in of(events(t), "create", "configmaps")]
        self.assertEqual(len(levels), 20)  # of each write there is a record
        full = levels.index("Metadata")
        self.assertGreater(full, 2)
        self.assertEqual(set(levels[full:]), {"Metadata"})
        status = t.get(path).json["status"]
        self.assertEqual(status["limitBytes"], 60 << 10)
        self.assertGreaterEqual(status["bytes"], 60 << 10)
        self.assertLess(status["bytes"], 100 << 10)
        self.assertEqual(t.get(f"{CONFIGMAPS}/c1").status, 200)  # which the tenant alone wants recorded
        e = wait_until(lambda: next((x for x in events(t) if x["verb"] == "drop"), None))
        self.assertEqual(e["annotations"]["audit.hostplane.io/drop-reason"], "LimitReached")
        self.assertGreaterEqual(int(e["annotations"]["audit.hostplane.io/dropped"]), 1)
        self.assertFalse(of(events(t), "get", "configmaps"))
        self.assertIn('hostplane_audit_left_out_total{cluster="full"}', self.plane.admin.get("/metrics").body.decode())
        # With more room it goes on.
        self.plane.admin.patch(f"{TENANTS}/full", {"spec": {"overrides": {"auditBytes": "1Mi"}}})
        self.assertEqual(t.get(f"{CONFIGMAPS}/c1").status, 200)
        self.assertEqual(self.record(t, "get", "configmaps")["level"], "RequestResponse")
        self.assertEqual(self.hpctl("verify", kubeconfig=self.kubeconfig_of("full")).returncode, 0)

    def test_refusals_and_impersonation(self):
        t = self.plane.tenant("refused")
        weak = self.plane.client("refused", user="weak", groups=["nobodies"])
        self.assertEqual(weak.delete(f"{CONFIGMAPS}/x").status, 403)
        e = self.record(t, "delete", "configmaps", "x")
        self.assertEqual(e["user"]["username"], "weak")
        self.assertEqual(e["annotations"]["authorization.k8s.io/decision"], "forbid")
        self.assertEqual((e["responseStatus"]["code"], e["responseStatus"]["reason"]), (403, "Forbidden"))
        self.assertIn("cannot delete", e["responseStatus"]["message"])
        a = t.post(CONFIGMAPS, configmap("asked"), headers={"Impersonate-User": "weak"})
        self.assertEqual(a.status, 403)
        e = self.record(t, "create", "configmaps")
        self.assertEqual(e["impersonatedUser"]["username"], "weak")
        self.assertIn("system:authenticated", e["impersonatedUser"]["groups"])
        self.assertNotEqual(e["user"]["username"], "weak")

    def test_credentials_that_are_refused(self):
        t = self.plane.tenant("door")
        stranger = Client.of_kubeconfig(self.plane.kubeconfig("door"), self.dir, cert=None, key=None, token="no.such.token")
        a = stranger.post(CONFIGMAPS, configmap("one"))
        self.assertEqual(a.status, 401)
        e = self.record(t, "create", "configmaps", stage="ResponseStarted")
        self.assertEqual(e["responseStatus"]["code"], 401)
        self.assertEqual(e["responseStatus"]["message"], "Authentication failed, attempted: bearer")
        self.assertEqual(e["user"], {})
        # What the platform does not ask for, the tenant may.
        a = t.post("/apis/audit.hostplane.io/v1/auditpolicies", {"metadata": {"name": "door"}, "spec": {"rules": [
            {"level": "Metadata", "verbs": ["list"], "resources": [{"group": "", "resources": ["configmaps"]}]}]}})
        self.assertEqual(a.status, 201, a)
        self.assertEqual(stranger.get(CONFIGMAPS).status, 401)
        e = self.record(t, "list", "configmaps", stage="ResponseStarted")
        self.assertEqual((e["responseStatus"]["code"], e["user"]), (401, {}))

    def test_admission_adds_its_notes(self):
        t = self.plane.tenant("noted")
        t.patch("/api/v1/namespaces/default", {"metadata": {"labels": {
            "pod-security.kubernetes.io/audit": "restricted", "pod-security.kubernetes.io/enforce": "baseline"}}})
        group = "/apis/admissionregistration.k8s.io/v1"
        a = t.post(f"{group}/validatingadmissionpolicies", {
            "metadata": {"name": "named.example.com"}, "spec": {
                "matchConstraints": {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"],
                                                        "resources": ["pods", "configmaps"]}]},
                "validations": [{"expression": "true"}, {"expression": "false", "message": "never"}],
                "auditAnnotations": [{"key": "who", "valueExpression": "'it is ' + object.metadata.name"}]}})
        self.assertEqual(a.status, 201, a)
        t.post(f"{group}/validatingadmissionpolicybindings", {
            "metadata": {"name": "bound"}, "spec": {"policyName": "named.example.com", "validationActions": ["Audit"]}})
        a = t.post("/api/v1/namespaces/default/pods", {
            "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i"}]}})
        self.assertEqual(a.status, 201, a)
        notes = of(events(t), "create", "pods", "p")[0]["annotations"]
        self.assertEqual(notes["pod-security.kubernetes.io/enforce-policy"], "baseline:latest")
        self.assertIn('would violate PodSecurity "restricted:latest"', notes["pod-security.kubernetes.io/audit-violations"])
        self.assertEqual(notes["named.example.com/who"], "it is p")
        failure = json.loads(notes["validation.policy.admission.k8s.io/validation_failure"])
        self.assertEqual(failure, [{"message": "never", "policy": "named.example.com", "binding": "bound",
                                    "expressionIndex": 1, "validationActions": ["Audit"]}])

    def test_a_watch_has_a_beginning_and_an_end(self):
        t = self.plane.tenant("watched")
        t.post(POLICIES, policy({"level": "Metadata", "verbs": ["watch"]}))
        t.get(f"{CONFIGMAPS}?watch=true&timeoutSeconds=1")
        self.assertEqual(self.record(t, "watch", "configmaps", stage="ResponseStarted")["responseStatus"]["code"], 200)
        done = self.record(t, "watch", "configmaps", stage="ResponseComplete")
        self.assertEqual(len(of(events(t), "watch", "configmaps", stage="RequestReceived")), 1)
        self.assertGreater(done["stageTimestamp"], done["requestReceivedTimestamp"])

    def test_the_tenant_sees_what_the_provider_does(self):
        t = self.plane.tenant("glass")
        a = self.plane.admin.post(f"{TENANTS}/glass/access", {
            "apiVersion": "tenancy.hostplane.io/v1", "kind": "TenantAccess",
            "spec": {"reason": "ticket 4711", "lifetimeSeconds": 600}})
        self.assertEqual(a.status, 201, a)
        seen = [e for e in events(t) if e["objectRef"].get("subresource") == "access"]
        self.assertEqual(len(seen), 1)
        self.assertEqual(seen[0]["annotations"]["audit.hostplane.io/access-reason"], "ticket 4711")
        self.assertEqual(seen[0]["annotations"]["audit.hostplane.io/by"], "provider")
        self.assertNotIn("sourceIPs", seen[0])
        issued = [e for e in events(t) if e["objectRef"].get("subresource") == "kubeconfig"]
        self.assertEqual(len(issued), 1)  # that of this test
        glass = Client.of_kubeconfig(a.json["status"]["kubeconfig"], self.dir)
        self.assertEqual(glass.get(CONFIGMAPS).status, 200)  # a read, which no policy here records
        e = self.record(t, "list", "configmaps")
        self.assertTrue(e["user"]["username"].startswith("hostplane:access:"), e["user"])

    def test_each_reads_its_own(self):
        a, b = self.plane.tenant("mine"), self.plane.tenant("yours")
        a.post(CONFIGMAPS, configmap("of-mine"))
        b.post(CONFIGMAPS, configmap("of-yours"))
        self.assertTrue(of(events(a), "create", "configmaps", "of-mine"))
        self.assertFalse(of(events(a), "create", "configmaps", "of-yours"))
        self.assertEqual(a.at(b.server).get(EVENTS).status, 401)
        weak = self.plane.client("mine", user="weak", groups=["nobodies"])
        self.assertEqual(weak.get(EVENTS).status, 403)
        # The provider sees what happened, not what was said.
        a.post(POLICIES, policy({"level": "RequestResponse"}))
        a.post(CONFIGMAPS, configmap("body", a="b"))
        items = self.plane.admin.get(f"{TENANTS}/mine/audit?fieldSelector=resource=configmaps").json["items"]
        e = of(items, "create", "configmaps", "body")[0]
        self.assertEqual(e["level"], "RequestResponse")
        self.assertNotIn("requestObject", e)
        self.assertIn("audit.hostplane.io/bodies-hash", e["annotations"])
        as_olga = {"Impersonate-User": "olga"}
        self.assertEqual(self.plane.admin.get(f"{TENANTS}/mine/audit", headers=as_olga).status, 403)
        self.plane.admin.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
            "metadata": {"name": "auditors"}, "subjects": [{"kind": "User", "name": "olga"}],
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "hostplane:auditor"}})
        self.assertEqual(self.plane.admin.get(f"{TENANTS}/mine/audit", headers=as_olga).status, 200)
        self.assertEqual(self.plane.admin.get(f"{TENANTS}/mine", headers=as_olga).status, 403)
        r = self.hpctl("verify", "--tenant", "mine")
        self.assertEqual(r.returncode, 0, r)

    def test_selection(self):
        t = self.plane.tenant("selected")
        for i in range(5):
            t.post(CONFIGMAPS, configmap(f"c{i}"))
        self.assertEqual(len(events(t, fieldSelector="resource=configmaps,verb=create", limit=2)), 5)
        self.assertEqual(events(t, fieldSelector="user=nobody"), [])
        self.assertEqual(events(t, since="2999-01-01T00:00:00Z"), [])
        self.assertEqual(events(t, until="2001-01-01T00:00:00Z"), [])
        self.assertEqual(t.get(f"{EVENTS}?fieldSelector=level=None").status, 400)
        self.assertEqual(t.get(f"{EVENTS}?since=now").status, 400)
        self.assertEqual(t.get(f"{EVENTS}/one").status, 404)
        self.assertEqual(t.delete(EVENTS).status, 405)

    def test_policies_are_validated(self):
        t = self.plane.tenant("strict")
        a = t.post(POLICIES, policy({"level": "All"}, {"level": "None", "nonResourceURLs": ["x"], "namespaces": ["y"]}))
        self.assertEqual(a.status, 422)
        for text in ('spec.rules[0].level: Unsupported value: "All"', "must begin with a '/'",
                     "cannot apply to both regular resources and non-resource URLs"):
            self.assertIn(text, a.message)

    def test_policies_say_whether_they_are_looked_at(self):
        t = self.plane.tenant("many")
        path = "/apis/audit.hostplane.io/v1/auditpolicies"
        for i in range(17):
            a = t.post(path, {"metadata": {"name": f"p{i:02}"}, "spec": {"rules": [{"level": "None"}]}})
            self.assertEqual(a.status, 201, a)

        def said():
            items = t.get(path).json["items"]
            return [(x["metadata"]["name"], c["status"], c["reason"]) for x in items
                    for c in (x.get("status") or {}).get("conditions", ())]
        good = [(f"p{i:02}", "True", "Observed") for i in range(16)]
        wait_until(lambda: said() == [*good, ("p16", "False", "TooManyPolicies")], 20)
        self.assertEqual(t.get(f"{path}/p03").json["status"]["observedGeneration"], 1)
        self.assertEqual(t.delete(f"{path}/p00").status, 200)
        wait_until(lambda: said() == [*good[1:], ("p16", "True", "Observed")], 20)

    def test_verify_finds_what_was_changed(self):
        t = self.plane.tenant("proof")
        path = self.kubeconfig_of("proof")
        own = t.post(POLICIES, policy({"level": "RequestResponse", "verbs": ["create"]})).json["metadata"]["name"]
        wait_until(lambda: t.get(f"{POLICIES}/{own}").json.get("status"))  # then nothing is recorded but what is done here
        for i in range(6):
            t.post(CONFIGMAPS, configmap(f"c{i}", text="<&> \u00e9 \u2028"))
        r = self.hpctl("verify", kubeconfig=path)
        self.assertEqual(r.returncode, 0, r)
        exported = os.path.join(self.dir, "proof.jsonl")
        with open(exported, "w") as f:
            f.write(self.hpctl("export", kubeconfig=path).stdout)
        r = self.hpctl("verify", exported)
        self.assertEqual(r.returncode, 0, r)
        self.assertIn("records hold, 1 to", r.stdout)
        with open(exported) as f:
            lines = f.read().splitlines()
        self.assertEqual(json.loads(lines[-1])["kind"], "AuditCheckpoint")

        def check(changed, why):
            with open(exported, "w") as f:
                f.write("\n".join(changed) + "\n")
            r = self.hpctl("verify", exported)
            self.assertEqual(r.returncode, 1, r)
            self.assertIn(why, r.stderr)

        n = next(i for i, line in enumerate(lines) if '"text"' in line)
        check(lines[:n] + [lines[n].replace('"c0"', '"cX"', 1)] + lines[n + 1:], f"record {n + 1} was changed")
        check(lines[:n] + [lines[n].replace('\\u003c', 'x', 1)] + lines[n + 1:], f"record {n + 1} was changed")
        check(lines[:n] + lines[n + 1:], f"record {n + 1} is missing")
        check(lines[:n] + [lines[n + 1], lines[n]] + lines[n + 2:], "missing")
        check(lines[:-2] + lines[-1:], "and must go on to")
        # In the database.
        pg, kept = self.plane.pg, os.path.join(self.dir, "kept.json")
        with open(kept, "w") as f:
            f.write(json.dumps(t.get("/apis/audit.hostplane.io/v1/auditcheckpoints/current").json) + "\n")
        cluster = "(SELECT id FROM cluster WHERE name = 'proof' AND state = 0)"
        pg.sql("UPDATE audit SET event = convert_to(replace(convert_from(event, 'UTF8'), '\"verb\"', '\"verB\"'), 'UTF8')"
               f" WHERE cluster = {cluster} AND seq = 4")
        r = self.hpctl("verify", kubeconfig=path)
        self.assertEqual(r.returncode, 1, r)
        self.assertIn("record 4 was changed", r.stderr)
        pg.sql(f"DELETE FROM audit WHERE cluster = {cluster} AND seq >= 4")
        self.assertIn("and must go on to", self.hpctl("verify", kubeconfig=path).stderr)
        # Who cuts the tail and mends the head contradicts what was signed.
        pg.sql(f"UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit WHERE cluster = {cluster} AND seq = 3)"
               f" WHERE cluster = {cluster}")
        self.assertEqual(self.hpctl("verify", kubeconfig=path).returncode, 0)
        r = self.hpctl("verify", "--checkpoint", kept, kubeconfig=path)
        self.assertEqual(r.returncode, 1, r)
        self.assertIn("and must go on to", r.stderr)

    def test_an_export_of_a_chain_that_grows_ends_at_its_checkpoint(self):
        t = self.plane.tenant("grows")
        path, done = self.kubeconfig_of("grows"), threading.Event()

        def write():
            for i in itertools.count():
                if done.is_set():
                    return
                t.post(CONFIGMAPS, configmap(f"c{i}"))

        writer = threading.Thread(target=write)
        writer.start()
        try:
            exports = [self.hpctl("export", kubeconfig=path).stdout for _ in range(5)]
        finally:
            done.set()
            writer.join()
        for text in exports:
            exported = os.path.join(self.dir, "grows.jsonl")
            with open(exported, "w") as f:
                f.write(text)
            r = self.hpctl("verify", exported)
            self.assertEqual(r.returncode, 0, r)
            *records, end = [json.loads(x) for x in text.splitlines()]
            self.assertEqual(end["kind"], "AuditCheckpoint")
            self.assertEqual(records[-1]["annotations"]["audit.hostplane.io/sequence"],
                             str(end["status"]["head"]["sequence"]))
        self.assertGreater(len(exports[-1].splitlines()), len(exports[0].splitlines()))

    def test_an_export_that_was_cut_at_its_end_is_told_from_a_whole_one(self):
        t = self.plane.tenant("cut")
        path = self.kubeconfig_of("cut")
        exported, keys, n = os.path.join(self.dir, "cut.jsonl"), os.path.join(self.dir, "cut.jwks"), itertools.count()
        with open(keys, "w") as f:
            f.write(t.get("/openid/v1/jwks").body.decode())

        def export(*args, kubeconfig=path):
            for _ in range(2):
                self.assertEqual(t.post(CONFIGMAPS, configmap(f"c{next(n)}")).status, 201)
            r = self.hpctl("export", *args, kubeconfig=kubeconfig)
            self.assertEqual(r.returncode, 0, r)
            return r.stdout.splitlines()

        first = export()
        lines = export()
        self.assertGreater(len(lines), len(first))
        whole = "a checkpoint of 20[0-9TZ:-]+ says that this is the end as of then"
        unknown = "no checkpoint names one of them: whether more were there cannot be told"
        part = (f"a checkpoint of 20[0-9TZ:-]+ vouches for the records up to {len(first) - 1}, nothing for the "
                f"{len(lines) - len(first)} after it, nor for that these are all")
        provider = export("--tenant", "cut", kubeconfig=None)
        rows = [
            (lines, 0, whole),
            (first, 0, whole),  # it is whole, as of then; that it is not of now its time says
            (provider, 0, whole),
            (lines[:-1], 3, unknown),
            (lines[:-2], 3, unknown),
            (lines[:1], 3, unknown),
            (provider[:-1], 3, unknown),
            (lines[:-1] + first[-1:], 3, part),
            (first[:-1] + lines[len(first) - 1:-1] + first[-1:], 3, part),
            ([], 3, "there are no records, and no checkpoint says that there should be none"),
            (lines[:-2] + lines[-1:], 1, None),
            (lines[-1:], 1, None),
            (lines[:-1] + [lines[-1][:-20]], 1, None),
        ]
        for k, (content, code, told) in enumerate(rows):
            text = "".join(line + "\n" for line in content)
            with open(exported, "w") as f:
                f.write(text)
            for args in ([exported], ["--jwks", keys, exported], ["--jwks", keys, "-"]):
                with self.subTest(row=k, args=args):
                    r = subprocess.run([os.path.join(BUILD, "hpctl"), "audit", "verify", *args], input=text,
                                       capture_output=True, text=True, timeout=60)
                    self.assertEqual(r.returncode, code, r)
                    if told:
                        self.assertRegex(r.stdout, told)
                    r = subprocess.run([os.path.join(BUILD, "hpctl"), "audit", "verify", "--open-end", *args], input=text,
                                       capture_output=True, text=True, timeout=60)
                    self.assertEqual(r.returncode, 0 if code == 3 else code, r)
        for args, kubeconfig in ([], path), (["--tenant", "cut"], None):
            r = self.hpctl("verify", *args, kubeconfig=kubeconfig)
            self.assertEqual(r.returncode, 0, r)
            self.assertRegex(r.stdout, whole)
        a = self.plane.admin.get(f"{TENANTS}/cut/audit?checkpoint=other")
        self.assertEqual(a.status, 400, a)

    def test_checkpoints_must_be_signed_with_the_clusters_key(self):
        t, other = self.plane.tenant("signs"), self.plane.tenant("forges")
        path = self.kubeconfig_of("signs")

        def write(name, text):
            with open(os.path.join(self.dir, name), "w") as f:
                f.write(text)
            return f.name

        for c in (t, other):
            c.post(CONFIGMAPS, configmap("one"))
        r = self.hpctl("verify", kubeconfig=path)
        self.assertEqual(r.returncode, 0, r)
        self.assertRegex(r.stdout, "[1-9][0-9]* checkpoints agree, signed with the cluster's key")
        keys = [write(f"{c.prefix.rsplit('/', 1)[1]}.jwks", c.get("/openid/v1/jwks").body.decode()) for c in (t, other)]
        lines = self.hpctl("export", kubeconfig=path).stdout.splitlines()
        exported = write("signs.jsonl", "\n".join(lines) + "\n")
        self.assertIn("whose signatures were not checked", self.hpctl("verify", exported).stdout)
        r = self.hpctl("verify", "--jwks", keys[0], exported)
        self.assertEqual(r.returncode, 0, r)
        self.assertIn("signed with the cluster's key", r.stdout)
        r = self.hpctl("verify", "--jwks", keys[1], exported)
        self.assertEqual(r.returncode, 1, r)
        self.assertIn("names a key that is not known", r.stderr)
        # The tail is cut and a checkpoint made that agrees: nobody but the cluster can sign it.
        end = json.loads(lines[-1])
        head, claims, signature = end["status"]["token"].split(".")
        claims = json.loads(base64.urlsafe_b64decode(claims + "=="))
        last = json.loads(lines[-3])["annotations"]
        claims.update(sequence=int(last["audit.hostplane.io/sequence"]), hash=last["audit.hostplane.io/hash"])
        forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        end["status"]["token"] = ".".join((head, forged, signature))
        exported = write("signs.jsonl", "\n".join(lines[:-2] + [json.dumps(end)]) + "\n")
        self.assertEqual(self.hpctl("verify", exported).returncode, 0)  # without keys it cannot be told
        r = self.hpctl("verify", "--jwks", keys[0], exported)
        self.assertEqual(r.returncode, 1, r)
        self.assertIn("was not signed with the cluster's key", r.stderr)
        # So it is with what stands in the database.
        self.plane.pg.sql("INSERT INTO audit_checkpoint SELECT id, 1, 1, 'x.y.z' FROM cluster WHERE name = 'signs' AND state = 0"
                          " ON CONFLICT (cluster, seq) DO UPDATE SET token = excluded.token")
        r = self.hpctl("verify", kubeconfig=path)
        self.assertEqual(r.returncode, 1, r)
        self.assertIn("a checkpoint cannot be read", r.stderr)

    def test_list_and_csv(self):
        t = self.plane.tenant("listed")
        path = self.kubeconfig_of("listed")
        t.post(CONFIGMAPS, configmap("one"))
        r = self.hpctl("list", "--since", "1h", "--resource", "configmaps", "--verb", "create", kubeconfig=path)
        self.assertEqual(r.returncode, 0, r)
        self.assertIn("default/configmaps/one", r.stdout)
        self.assertEqual(len(r.stdout.splitlines()), 2)
        r = self.hpctl("export", "-o", "csv", kubeconfig=path)
        self.assertIn("record,time,auditID", r.stdout.splitlines()[0])
        self.assertIn(",configmaps,,default,one,201,allow,", r.stdout)
        r = self.hpctl("list", "--tenant", "listed", "-o", "json")
        self.assertEqual(json.loads(r.stdout)["kind"], "EventList")

    def test_the_file_has_the_same_records(self):
        t = self.plane.tenant("filed")
        t.post(CONFIGMAPS, configmap("in-the-file"))

        def lines():
            with open(self.file) as f:
                return [json.loads(x) for x in f.read().splitlines()]

        e = wait_until(lambda: next((e for e in lines() if e.get("objectRef", {}).get("name") == "in-the-file"), None))
        self.assertEqual(e["annotations"]["audit.hostplane.io/cluster"], "filed")
        r = self.hpctl("verify", "--open-end", self.file)
        self.assertEqual(r.returncode, 0, r)
        self.assertIn("filed: ", r.stdout)
        # The server goes on writing there, so nobody has signed where it ends.
        r = self.hpctl("verify", self.file)
        self.assertEqual(r.returncode, 3, r)
        self.assertIn("filed: no checkpoint names one of them: whether more were there cannot be told", r.stdout)


class Collector(http.server.BaseHTTPRequestHandler):
    """Takes lists of events, but for the first two."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append(body)
        self.send_response(500 if len(self.server.seen) <= 2 else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


class Sinks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hp-sinks-")
        self.addCleanup(folder.cleanup)
        self.dir = folder.name

    def plane(self, rules, *args):
        path = os.path.join(self.dir, "policy.yaml")
        with open(path, "w") as f:
            f.write("apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n" + rules)
        plane = Plane(external=True, args=("--audit-policy", path, *args))
        self.addCleanup(plane.close)
        return plane.start()

    def verify(self, plane, *files):
        path = os.path.join(self.dir, "kubeconfig")
        with open(path, "w") as f:
            f.write(plane.kubeconfig("t"))
        return subprocess.run([os.path.join(BUILD, "hpctl"), "--kubeconfig", path, "audit", "verify", *files],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)

    def test_a_webhook_gets_all_records_and_is_asked_again_when_it_fails(self):
        certificates(self.dir, ["IP:127.0.0.1"])
        server = serve(self.dir, Collector)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        plane = self.plane("- {level: Request, verbs: [create]}\n", "--audit-webhook",
                           f"https://127.0.0.1:{server.server_port}/audit", "--audit-webhook-ca",
                           os.path.join(self.dir, "ca.crt"))
        t = plane.tenant("t")
        for i in range(10):
            t.post(CONFIGMAPS, configmap(f"c{i}", text="webhook-canary"))

        def of_t():
            return [e for x in server.seen[2:] for e in x["items"]
                    if e["annotations"]["audit.hostplane.io/cluster"] == "t"]
        wait_until(lambda: len(of(of_t(), "create", "configmaps")) == 10, 30)
        for x in server.seen:
            self.assertEqual((x["kind"], x["apiVersion"]), ("EventList", "audit.k8s.io/v1"))
            self.assertTrue(0 < len(x["items"]) <= 400)
        self.assertEqual(server.seen[0]["items"], server.seen[1]["items"])  # the same again
        numbers = [int(e["annotations"]["audit.hostplane.io/sequence"]) for e in of_t()]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        self.assertNotIn("webhook-canary", json.dumps(server.seen))
        lines = os.path.join(self.dir, "lines")
        with open(lines, "w") as f:
            f.write("".join(json.dumps(e, ensure_ascii=False, separators=(",", ":")) + "\n" for e in of_t()))
        r = self.verify(plane, "--open-end", lines)
        self.assertEqual(r.returncode, 0, r)

    def test_what_finds_the_queue_full_is_counted_and_told(self):
        plane = self.plane("- {level: RequestResponse, verbs: [get], resources: [{group: '', resources: [configmaps]}]}\n")
        t = plane.tenant("t")
        self.assertEqual(t.post(CONFIGMAPS, configmap("big", text="x" * 700000)).status, 201)
        self.assertEqual(t.get(f"{CONFIGMAPS}/big").status, 200)

        def dropped():
            text = plane.admin.get("/metrics").body.decode()
            return sum(float(x.split()[1]) for x in text.splitlines() if x.startswith("hostplane_audit_dropped_total"))
        self.assertEqual(dropped(), 0)
        plane.pg.stop()

        def ask():
            for _ in range(5):
                self.assertEqual(t.get(f"{CONFIGMAPS}/big").status, 200)  # from memory
            return dropped() > 0
        wait_until(ask, 60)
        plane.pg.start()
        e = wait_until(lambda: next((x for x in events(t) if x["verb"] == "drop"), None), 60)
        self.assertEqual(e["annotations"]["audit.hostplane.io/drop-reason"], "QueueFull")
        self.assertGreaterEqual(int(e["annotations"]["audit.hostplane.io/dropped"]), 1)
        self.assertEqual(e["user"], {"username": "system:hostplane:audit"})
        r = self.verify(plane)
        self.assertEqual(r.returncode, 0, r)


class Crash(unittest.TestCase):
    def test_what_was_answered_is_recorded(self):
        with tempfile.TemporaryDirectory() as d:
            rules = os.path.join(d, "policy.yaml")
            with open(rules, "w") as f:
                f.write("apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\n"
                        "rules: [{level: RequestResponse, verbs: [create]}]\n")
            with Plane(external=True, args=("--audit-policy", rules)) as plane:
                t = plane.tenant("crash")
                names = []
                for round_ in range(3):
                    for i in range(20):
                        names.append(f"c-{round_}-{i}")
                        self.assertEqual(t.post(CONFIGMAPS, configmap(names[-1])).status, 201)
                    a = t.post("/api/v1/namespaces/default/serviceaccounts/default/token", {
                        "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}})
                    self.assertEqual(a.status, 201)
                    plane.kill9()
                    plane.start()
                    found = events(t)
                    have = {e["objectRef"].get("name") for e in of(found, "create", "configmaps")}
                    self.assertEqual([n for n in names if n not in have], [])
                    self.assertEqual(len(of(found, "create", "serviceaccounts", "default")), round_ + 1)
                path = os.path.join(d, "kubeconfig")
                with open(path, "w") as f:
                    f.write(plane.kubeconfig("crash"))
                r = subprocess.run([os.path.join(BUILD, "hpctl"), "--kubeconfig", path, "audit", "verify"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
                self.assertEqual(r.returncode, 0, r)

    def test_a_policy_file_with_a_mistake_is_refused(self):
        with tempfile.TemporaryDirectory() as d:
            path = os.path.join(d, "p.yaml")
            for text, why in (("kind: Policy", "is no Policy of audit.k8s.io/v1"),
                              ("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: []", "without rules"),
                              ("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: All}]", "Unsupported value"),
                              ("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{levl: None}]", "unknown field")):
                with open(path, "w") as f:
                    f.write(text)
                r = subprocess.run([os.path.join(BUILD, "hostplane"), "serve", "--data-dir", os.path.join(d, "data"),
                                    "--audit-policy", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   timeout=60)
                self.assertNotEqual(r.returncode, 0)
                self.assertIn(why, r.stdout)
