"""A day with hpctl: what it prints and how it exits, against a real server."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from harness import BUILD, Kubectl, shared_plane

APP = """apiVersion: v1
kind: ConfigMap
metadata: {name: page, labels: {app: web}}
data: {a: "1", b: "2"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "localhost/demo-web:1"}]}
"""

# arguments | exit status | output | what standard error starts with
SESSION = [
    ("apply -f APP --dry-run=client", 0,
     "configmap/page created (dry run)\ndeployment.apps/web created (dry run)\n", ""),
    ("diff -f APP", 1, None, ""),
    ("apply -f APP", 0, "configmap/page created\ndeployment.apps/web created\n", ""),
    ("apply -f APP", 0, "configmap/page unchanged\ndeployment.apps/web unchanged\n", ""),
    ("diff -f APP", 0, "", ""),
    ("create -f APP", 1, "", 'Error from server (AlreadyExists): error when creating "'),
    ("apply --server-side -f APP", 0,
     "configmap/page serverside-applied\ndeployment.apps/web serverside-applied\n", ""),
    ("get cm page -o jsonpath={.data}", 0, '{"a":"1","b":"2"}', ""),
    ("get deploy web -o custom-columns=N:.metadata.name,R:.spec.replicas", 0,
     "N     R\nweb   2\n", ""),
    ("get cm page -L app,a.example/none", 0, "NAME   DATA   AGE   APP   NONE\npage   2      AGE web   \n", ""),
    ("get cm,deploy -l app=web -o name --chunk-size=1", 0, "configmap/page\ndeployment.apps/web\n", ""),
    ("get cm,deploy -l app=web -o name", 0, "configmap/page\ndeployment.apps/web\n", ""),
    ("get deploy nope", 1, "", 'Error from server (NotFound): deployments.apps "nope" not found'),
    ("get deploy nope --ignore-not-found", 0, "", ""),
    ("get nosuch", 1, "", 'error: the server doesn\'t have a resource type "nosuch"'),
    ("get deploy --nosuch", 1, "", "error: unknown flag: --nosuch"),
    ("nosuch", 1, "", 'error: unknown command "nosuch" for "hpctl"'),
    ("label deploy web x=y", 0, "deployment.apps/web labeled\n", ""),
    ("label deploy web x=y", 0, "deployment.apps/web not labeled\n", ""),
    ("label deploy web x=z", 1, "", "error: 'x' already has a value (y), and --overwrite is false"),
    ("label deploy web x=z --overwrite", 0, "deployment.apps/web labeled\n", ""),
    ("label deploy web x-", 0, "deployment.apps/web unlabeled\n", ""),
    ("annotate deploy web a=b", 0, "deployment.apps/web annotated\n", ""),
    ("patch deploy web -p {spec:{replicas:x}} --type=foo", 1, "", "error: --type must be one of"),
    ('patch deploy web -p {"spec":{"replicas":3}}', 0, "deployment.apps/web patched\n", ""),
    ('patch deploy web -p {"spec":{"replicas":3}}', 0,
     "deployment.apps/web patched (no change)\n", ""),
    ('patch deploy web -p {"spec":{"replicas":-1}}', 1, "",
     'The Deployment "web" is invalid: spec.replicas: '),
    ("scale deploy web --replicas=1", 0, "deployment.apps/web scaled\n", ""),
    ("set image deploy/web nope=x", 1, "", 'error: unable to find container named "nope"'),
    ("set image deploy/web web=localhost/demo-web:2", 0, "deployment.apps/web image updated\n", ""),
    ("rollout pause deploy/web", 0, "deployment.apps/web paused\n", ""),
    ("rollout pause deploy/web", 1, "", 'error: deployments.apps "web" is already paused'),
    ("rollout resume deploy/web", 0, "deployment.apps/web resumed\n", ""),
    ("rollout restart deploy/web", 0, "deployment.apps/web restarted\n", ""),
    ("wait deploy/web --for=condition=Nope --timeout=1s", 1, "",
     "error: timed out waiting for the condition on deployments/web"),
    ("wait cm/nope --for=delete --timeout=1s", 0, "", ""),
    ("expose deploy web --port=80", 0, "service/web exposed\n", ""),
    ("auth can-i create pods", 0, "yes\n", ""),
    ("auth can-i create pods --as=bob", 1, "no\n", ""),
    ("cordon nope", 1, "", 'Error from server (NotFound): nodes "nope" not found'),
    ("delete cm page --dry-run=server", 0,
     'configmap "page" deleted (server dry run) from default namespace\n', ""),
    ("delete svc web", 0, 'service "web" deleted from default namespace\n', ""),
    ("delete -f APP", 0, None, ""),
    ("delete -f APP", 1, "", 'Error from server (NotFound): error when deleting "'),
    ("describe cm nope", 1, "", 'Error from server (NotFound): configmaps "nope" not found'),
]


ROLES = """apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader, labels: {a: b}}
rules:
- {verbs: [get, list], apiGroups: ["", apps], resources: [pods, deployments]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: made-for-it}
rules:
- {verbs: [get], apiGroups: [""], resources: [configmaps], resourceNames: [one]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: made-for-it}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects:
- {kind: User, apiGroup: rbac.authorization.k8s.io, name: ann}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: skipped}
"""

# What is done to ROLES before each reconciliation, and its flags.
RECONCILIATIONS = [
    (lambda t: t, ["--dry-run=client"]),
    (lambda t: t, []),
    (lambda t: t, []),
    (lambda t: t.replace("[get, list]", "[get, watch]").replace("ann", "bob"), ["--dry-run=client"]),
    (lambda t: t.replace("[get, list]", "[get, watch]").replace("ann", "bob"), []),
    (lambda t: t.replace("[one]", "[two]").replace("a: b", "a: c, d: e"),
     ["--remove-extra-permissions", "--remove-extra-subjects"]),
    (lambda t: t.replace("kind: Role, name: r}", "kind: Role, name: other}"), []),
    (lambda t: t, ["--dry-run=server"]),
    (lambda t: t.replace("k8s.io/v1", "k8s.io/v1beta1", 1), ["-o", "name"]),
]

CLUSTER_ROLES = [
    "a --verb=get,list,watch --resource=pods,deployments.apps,rs,pods/log",
    "b --verb=get --verb=post --non-resource-url=/logs/* --non-resource-url=/healthz,/logs/*",
    "c --verb=get --resource=pods --resource-name=x --resource-name=y --non-resource-url=/metrics",
    "d --aggregation-rule=rbac.example.com/aggregate-to-monitoring=true,x=y",
    "e --verb=*,get --resource=*",
    "f --verb=impersonate --resource=users,groups",
    "g --verb=fly --resource=pods",
    "h --verb=list --non-resource-url=/x",
    "i --verb=get --non-resource-url=x",
    "j --verb=get --non-resource-url=/a*b",
    "k --verb=get",
    "l --resource=pods",
    "m --verb=get --aggregation-rule=a=b",
    "n --verb=bind --resource=pods",
    "o --verb=get --resource=pods --dry-run=client -o name",
]


class Hpctl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        plane = shared_plane()
        plane.tenant("cli")
        cls.home = tempfile.mkdtemp(dir=plane.dir)
        cls.app = os.path.join(cls.home, "app.yaml")
        with open(cls.app, "w") as f:
            f.write(APP)
        config = os.path.join(cls.home, "config")
        with open(config, "w") as f:
            f.write(plane.kubeconfig("cli"))
        cls.env = {"PATH": os.environ["PATH"], "HOME": cls.home, "KUBECONFIG": config}
        cls.admin = {**cls.env, "KUBECONFIG": os.path.join(plane.data, "admin.kubeconfig")}

    def run_it(self, *args, env=None, stdin=None):
        r = subprocess.run([os.path.join(BUILD, "hpctl"), *args], input=stdin, text=True,
                           env=env or self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           timeout=60)
        return r.returncode, r.stdout, r.stderr

    def test_session(self):
        for line, status, out, err in SESSION:
            with self.subTest(line):
                got = self.run_it(*[self.app if w == "APP" else w for w in line.split()])
                self.assertEqual(got[0], status, got)
                if out is not None:
                    self.assertEqual(re.sub(r" \d+s +", " AGE ", got[1]), out, got)
                self.assertTrue(got[2].startswith(err) if err else got[2] == "", got)

    def test_json_is_sorted_and_whole(self):
        self.run_it("create", "cm", "j", "--from-literal=b=1", "--from-literal=a=2")
        code, out, _ = self.run_it("get", "cm", "j", "-o", "json")
        self.assertEqual(code, 0)
        self.assertEqual(out, json.dumps(json.loads(out), indent=4, sort_keys=True) + "\n")

    def test_edit(self):
        self.run_it("create", "cm", "e", "--from-literal=a=old")
        env = {**self.env, "EDITOR": "sed -i s/old/new/"}
        self.assertEqual(self.run_it("edit", "cm", "e", env=env), (0, "configmap/e edited\n", ""))
        self.assertEqual(self.run_it("edit", "cm", "e", env=env),
                         (0, "Edit cancelled, no changes made.\n", ""))

    def test_standard_input(self):
        code, out, err = self.run_it("apply", "-f", "-", stdin=APP.replace("page", "in")
                                     .split("---")[0])
        self.assertEqual((code, out), (0, "configmap/in created\n"), err)

    def test_tenant_life(self):
        def ok(*args):
            code, out, err = self.run_it(*args, env=self.admin)
            self.assertEqual(code, 0, (args, out, err))
            return out

        self.assertIn("created", ok("tenant", "create", "clilife", "--wait"))
        self.assertIn("unchanged", ok("tenant", "create", "clilife", "--plan", "standard", "--wait"))
        self.assertIn("clilife", ok("tenant", "list"))
        self.assertIn("server:", ok("tenant", "kubeconfig", "clilife", "--token"))
        everybody = ["system:authenticated"]
        for kind in ([], ["--token"]):  # only who names nobody is an administrator
            for flags, user, groups in (
                    ([], "admin", ["system:masters", *everybody]),
                    (["--user", "ann"], "ann", everybody),
                    (["--user", "admin"], "admin", everybody),
                    (["--group", "dev"], "admin", ["dev", *everybody]),
                    (["--user", "ann", "--group", "dev", "--group", "ops"], "ann", ["dev", "ops", *everybody]),
                    (["--role", "view"], "hostplane:role:view", ["hostplane:role:view", *everybody]),
                    (["--user", "ann", "--role", "view"], "ann", ["hostplane:role:view", *everybody])):
                path = os.path.join(self.home, "who.kubeconfig")
                with open(path, "w") as f:
                    f.write(ok("tenant", "kubeconfig", "clilife", *kind, *flags))
                code, out, err = self.run_it("auth", "whoami", "-o", "json", env={**self.env, "KUBECONFIG": path})
                self.assertEqual(code, 0, err)
                who = json.loads(out)["status"]["userInfo"]
                self.assertEqual((who["username"], sorted(who["groups"])), (user, sorted(groups)), flags)
                code, out, _ = self.run_it("auth", "can-i", "*", "*", env={**self.env, "KUBECONFIG": path})
                self.assertEqual(out.strip(), "yes" if "system:masters" in groups else "no", flags)
        ok("tenant", "suspend", "clilife")
        ok("tenant", "resume", "clilife")
        ok("tenant", "usage", "clilife")
        self.assertTrue(ok("node", "token").startswith("HP1."))
        ok("plan", "list")
        self.assertIn("deleted", ok("tenant", "delete", "clilife"))
        self.assertEqual(self.run_it("tenant", "get", "clilife", env=self.admin)[0], 1)

    @unittest.skipIf(shutil.which("kubectl") is None, "kubectl is not installed")
    def test_roles_become_what_kubectl_makes_of_them(self):
        """The same commands by kubectl in one tenant and by hpctl in another: they say and leave the same."""
        plane = shared_plane()
        theirs = Kubectl(plane, "roles-theirs")
        plane.tenant("roles-ours")
        config = os.path.join(self.home, "roles-ours")
        with open(config, "w") as f:
            f.write(plane.kubeconfig("roles-ours"))
        env = {**self.env, "KUBECONFIG": config}

        def both(*args, **kw):
            a, b = theirs.run(*args, **kw), self.run_it(*args, env=env, **kw)
            self.assertEqual(b, a, args)
            return a

        def same(path):
            def strip(v):
                v["metadata"] = {k: x for k, x in v["metadata"].items() if k in ("name", "namespace", "labels")}
                return v
            a, b = plane.tenant("roles-theirs").get(path), plane.tenant("roles-ours").get(path)
            self.assertEqual(b.status, a.status, path)
            if a.status == 200:
                self.assertEqual(strip(b.json), strip(a.json))

        rbac = "/apis/rbac.authorization.k8s.io/v1"
        for change, flags in RECONCILIATIONS:
            with self.subTest(flags=flags):
                both("auth", "reconcile", "-f", "-", *flags, stdin=change(ROLES))
                for path in ("/clusterroles/reader", "/namespaces/made-for-it/roles/r",
                             "/namespaces/made-for-it/rolebindings/b"):
                    same(rbac + path)
        self.assertEqual(plane.tenant("roles-ours").get("/api/v1/namespaces/default/configmaps/skipped").status, 404)
        for line in CLUSTER_ROLES:
            with self.subTest(line):
                both("create", "clusterrole", *line.split())
                same(f"{rbac}/clusterroles/{line[0]}")


if __name__ == "__main__":
    unittest.main()
