"""kubectl's commands one after the other, with what they print and how they exit."""
import json
import os
import re
import shutil
import subprocess
import unittest

from harness import Kubectl, shared_plane

FILES = {
    "a.yaml": """apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {set: x}}
data: {k: v}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b, labels: {set: x}}
data: {k: v}
""",
    "b.yaml": """apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {set: x}}
data: {k: w}
""",
    "rec.yaml": """apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: rec, namespace: NS}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: rec, namespace: NS}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: rec}
subjects: [{kind: User, name: x, apiGroup: rbac.authorization.k8s.io}]
""",
    "kz/kustomization.yaml": """namePrefix: kz-
configMapGenerator: [{name: gen, literals: [a=b]}]
resources: [cm.yaml]
patches: [{target: {kind: ConfigMap, name: c}, patch: '[{"op":"add","path":"/data/z","value":"1"}]'}]
""",
    "kz/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {k: v}\n",
    "all.yaml": """apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ss}
spec:
  serviceName: ss
  selector: {matchLabels: {a: ss}}
  template:
    metadata: {labels: {a: ss}}
    spec:
      containers:
      - name: c
        image: i
        livenessProbe: {httpGet: {port: 80}}
        volumeMounts: [{name: d, mountPath: /d}]
  volumeClaimTemplates:
  - metadata: {name: d}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ds}
spec:
  selector: {matchLabels: {a: ds}}
  template:
    metadata: {labels: {a: ds}}
    spec:
      containers:
      - name: c
        image: i
        envFrom: [{configMapRef: {name: x, optional: true}}]
        env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: session-pv}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /x}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: lr}
spec: {limits: [{type: Container, max: {cpu: "4"}, default: {cpu: 100m}}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np}
spec:
  podSelector: {}
  ingress: [{from: [{podSelector: {matchLabels: {a: b}}}], ports: [{port: 80}]}]
  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: session-sc}
provisioner: x.example/y
---
apiVersion: v1
kind: ReplicationController
metadata: {name: rc}
spec:
  selector: {a: rc}
  template:
    metadata: {labels: {a: rc}}
    spec: {containers: [{name: c, image: i}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: es}
addressType: IPv4
endpoints: [{addresses: [10.0.0.9]}]
ports: [{port: 80}]
---
apiVersion: v1
kind: Endpoints
metadata: {name: ep}
subsets: [{addresses: [{ip: 10.0.0.9}], ports: [{port: 80}]}]
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: session-ic}
spec: {controller: x.example/y}
---
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: le}
spec: {holderIdentity: x}
""",
}
GONE = r'"?{}"? (force )?deleted'

# least minor version of kubectl | arguments | exit status | pattern of the output and errors together
GENERATORS = [
    (0, "create deployment web --image=nginx:1 --replicas=2 --port=80", 0, "deployment.apps/web created"),
    (0, "create job j --image=busybox -- sh -c true", 0, "job.batch/j created"),
    (21, "create cronjob cj --image=busybox --schedule=@hourly -- date", 0, "cronjob.batch/cj created"),
    (21, "create job j2 --from=cronjob/cj", 0, "job.batch/j2 created"),
    (0, "create configmap cm --from-literal=a=b --from-file=a.yaml", 0, "configmap/cm created"),
    (0, "create secret generic s --from-literal=p=q", 0, "secret/s created"),
    (0, "create secret tls st --cert=c.pem --key=k.pem", 0, "secret/st created"),
    (0, "create secret docker-registry sr --docker-username=u --docker-password=p --docker-server=r.example", 0,
     "secret/sr created"),
    (0, "create service clusterip sc --tcp=80:8080", 0, "service/sc created"),
    (0, "create service nodeport sn --tcp=80", 0, "service/sn created"),
    (0, "create service loadbalancer sl --tcp=80", 0, "service/sl created"),
    (0, "create service externalname se --external-name=a.example", 0, "service/se created"),
    (0, "create role r --verb=get,list --resource=pods,deployments.apps", 0, "/r created"),
    (0, "create clusterrole session-cr --verb=get --non-resource-url=/x", 0, "session-cr created"),
    (0, "create clusterrole session-cra --aggregation-rule=rbac.example.com/x=true", 0, "cra created"),
    (0, "create rolebinding rb --role=r --user=bob", 0, "/rb created"),
    (0, "create clusterrolebinding session-crb --clusterrole=session-cr --group=g", 0, "crb created"),
    (0, "create quota q --hard=pods=100,requests.cpu=40 --scopes=NotTerminating", 0, "resourcequota/q created"),
    (22, "create poddisruptionbudget p --selector=app=web --min-available=50%", 0, "policy/p created"),
    (0, "create priorityclass session-pc --value=5 --description=x", 0, "/session-pc created"),
    (20, "create ingress i --rule=a.example/path*=sc:80,tls=st", 0, "networking.k8s.io/i created"),
    (0, "create serviceaccount sa", 0, "serviceaccount/sa created"),
    (24, "create token sa --duration=20m --audience=x", 0, r"^[\w-]+\.[\w-]+\.[\w-]+$"),
    (24, "create token sa --bound-object-kind=Secret --bound-object-name=s", 0, r"^[\w-]+\.[\w-]+\.[\w-]+$"),
    (0, "run p1 --image=busybox --restart=Never --labels=a=b --env=X=1 --dry-run=server -o name", 1,
     "forbidden: failed quota: q: must specify requests.cpu"),
    (0, "delete quota q", 0, GONE.format("q")),
    (0, "run p1 --image=busybox --restart=Never --labels=a=b --env=X=1 -- sleep 9", 0, "pod/p1 created"),
    (0, "expose deployment web --port=80 --target-port=8080", 0, "service/web exposed"),
    (23, "autoscale deployment web --min=1 --max=3 --cpu-percent=50", 0, "/web autoscaled"),
    (0, "create deployment web --image=x", 1, r'deployments.apps "web" already exists'),
    (0, "create role bad --verb=get --resource=nonsense", 1, "the server doesn't have a resource type"),
]
CHANGES = [
    (0, "create deployment web --image=nginx:1", 0, "created"),
    (0, "create configmap cm --from-literal=a=b", 0, "created"),
    (0, "create role r --verb=get --resource=pods", 0, "created"),
    (0, "create rolebinding rb --role=r --user=bob", 0, "created"),
    (0, "create serviceaccount sa", 0, "created"),
    (0, "create service clusterip sc --tcp=80", 0, "created"),
    (0, "set image deployment/web nginx=nginx:2", 0, "image updated"),
    (0, "set env deployment/web A=B --from=configmap/cm", 0, "env updated"),
    (0, "set env deployment/web --list", 0, r"(?m)^A=B$"),
    (0, "set resources deployment/web --limits=cpu=1,memory=1Gi --requests=cpu=100m", 0, "requirements updated"),
    (0, "set serviceaccount deployment web sa", 0, "serviceaccount updated"),
    (0, "set selector svc sc app=x", 0, "selector updated"),
    (0, "set subject rolebinding rb --user=alice --serviceaccount=NS:sa", 0, "subjects updated"),
    (0, "get rolebinding rb -o jsonpath={.subjects[*].name}", 0, "^bob alice sa$"),
    (0, "rollout history deployment/web", 0, r"(?m)^4 +<none>$"),
    (0, "rollout history deployment/web --revision=2", 0, r"Image:\s+nginx:2"),
    (0, "rollout pause deployment/web", 0, "paused"),
    (0, "rollout pause deployment/web", 1, "already paused"),
    (0, "rollout undo deployment/web", 1, "cannot rollback a paused deployment"),
    (0, "rollout resume deployment/web", 0, "resumed"),
    (0, "rollout restart deployment/web", 0, "restarted"),
    (0, "rollout undo deployment/web --to-revision=1", 0, "rolled back"),
    (0, "rollout undo deployment/web --to-revision=77", 1, "unable to find specified revision 77"),
    (0, "scale deployment/web --replicas=3 --current-replicas=1", 0, "scaled"),
    (0, "scale deployment/web --replicas=1 --current-replicas=2", 1, "Expected replicas to be 2, was 3"),
    (0, "scale deployment/web --replicas=0", 0, "scaled"),
    (0, "rollout status deployment/web --timeout=60s", 0, "successfully rolled out"),
    (0, "wait deployment/web --for=condition=Available --timeout=30s", 0, "condition met"),
    (0, "delete deployment web --cascade=orphan", 0, GONE.format("web")),
    (0, "get rs -o name", 0, "replicaset.apps/web-"),
    (0, "delete rs --all --cascade=foreground --timeout=60s", 0, GONE.format("web-[a-z0-9]+")),
    (0, "get rs", 0, "No resources found"),
]
APPLY = [
    (0, "apply -f a.yaml", 0, "configmap/a created\nconfigmap/b created"),
    (0, "apply -f a.yaml", 0, "configmap/a unchanged\nconfigmap/b unchanged"),
    # an older one looks for CronJobs of batch/v1beta1
    (25, "apply -f b.yaml --prune -l set=x", 0, "configmap/a configured\n(.*\n)?configmap/b pruned"),
    (25, "apply -f a.yaml", 0, "configmap/a configured\nconfigmap/b created"),
    (0, "apply view-last-applied cm a", 0, "(?s)data:\n +k: v\n.*name: a"),
    (0, "delete cm a b", 0, GONE.format("b")),
    (18, "apply --server-side -f a.yaml", 0, "configmap/a serverside-applied\nconfigmap/b serverside-applied"),
    (18, "apply --server-side -f b.yaml --field-manager=other", 1,
     r"(?s)conflict with \"kubectl\"( using v1)?: \.data\.k.*--force-conflicts"),
    (18, "apply --server-side -f b.yaml --field-manager=other --force-conflicts", 0, "serverside-applied"),
    (18, "diff --server-side --force-conflicts -f a.yaml", 1, r"(?m)^-  k: w\n\+  k: v$"),
    (0, "diff -f a.yaml", 1, r"(?m)^-  k: w\n\+  k: v$"),
    (0, "apply -f a.yaml", 0, "(?s)configmap/a configured.*configmap/b configured"),
    (0, "diff -f a.yaml", 0, "^$"),
    (0, "apply set-last-applied -f b.yaml --create-annotation", 0, "configmap/a configured"),
    (22, "apply -k kz", 0, r"(?m)^configmap/kz-c created\nconfigmap/kz-gen-[a-z0-9]+ created$"),
    (22, "apply -k kz", 0, r"(?m)^configmap/kz-c unchanged\nconfigmap/kz-gen-[a-z0-9]+ unchanged$"),
    (22, "delete -k kz", 0, GONE.format("kz-c")),
    (0, "patch cm a --type=json -p=[{\"op\":\"replace\",\"path\":\"/data/k\",\"value\":\"j\"}]", 0, "a patched"),
    (0, "patch cm a --type=merge -p={\"data\":{\"m\":\"1\"}}", 0, "a patched"),
    (0, "patch cm a --type=strategic -p={\"data\":{\"m\":null}}", 0, "a patched"),
    (0, "patch cm a --type=merge -p={\"data\":{\"k\":\"j\"}}", 0, r"a patched \(no change\)"),
    (0, "get cm a -o jsonpath={.data}", 0, r'^\{"k":"j"\}$'),
    (0, "label cm a x=y", 0, "labeled"),
    (0, "label cm a x=z", 1, "'x' already has a value"),
    (0, "label cm a x=z --overwrite", 0, "labeled"),
    (0, "label cm a x-", 0, "labeled"),
    (0, "annotate cm a n=1 --resource-version=1", 1, "Conflict.*the object has been modified"),
    (0, "annotate cm a n=1", 0, "annotated"),
    (0, "replace --force -f a.yaml", 0, "(?s)deleted.*configmap/a replaced\nconfigmap/b replaced"),
    (0, "replace -f b.yaml", 0, "configmap/a replaced"),
    (23, "wait --for=jsonpath={.data.k}=w cm/a --timeout=10s", 0, "condition met"),
    (0, "wait --for=condition=Ready cm/a --timeout=1s", 1, "timed out waiting"),
    (0, "wait --for=condition=Ready pod/none", 1, 'pods "none" not found'),
    (24, "patch deployment web --subresource=scale --type=merge -p={}", 1, "not found"),
    (0, "auth reconcile -f rec.yaml", 0, "(?s)role.rbac.authorization.k8s.io/rec reconciled.*rolebinding"),
    (0, "auth reconcile -f rec.yaml", 0, "rec reconciled"),
]
LOOKING = [
    (0, "create configmap c1 --from-literal=a=1", 0, "created"),
    (0, "create configmap c2 --from-literal=a=1 --from-literal=b=2", 0, "created"),
    (0, "label cm c2 team=blue", 0, "labeled"),
    (0, "create deployment web --image=nginx:1 --replicas=0", 0, "created"),
    (0, "get cm -L team", 0, r"(?m)^NAME +DATA +AGE +TEAM$"),
    (0, "get cm --show-labels", 0, r"(?m)^c2 +2 +\S+ +team=blue$"),
    (0, "get cm --sort-by=.metadata.name --no-headers", 0, r"(?s)^c1.*c2.*kube-root"),
    (0, "get cm --field-selector=metadata.name=c2 -o name", 0, "^configmap/c2$"),
    (0, "get cm -l team!=blue -o name", 0, "(?s)configmap/c1(?!.*c2)"),
    (0, "get cm --chunk-size=1 -o name", 0, "configmap/c1\nconfigmap/c2\nconfigmap/kube-root-ca.crt"),
    (0, "get cm c1 -o go-template={{.metadata.name}}:{{.data.a}}", 0, "^c1:1$"),
    (0, "get cm c1 -o custom-columns=N:.metadata.name,D:.data.a", 0, r"^N +D\nc1 +1$"),
    (0, "get cm -o jsonpath={range.items[*]}{.metadata.name},{end}", 0, "^c1,c2,kube-root-ca.crt,$"),
    (21, "get cm c1 -o yaml --show-managed-fields", 0, "(?s)managedFields:.*f:data"),
    (0, "get cm,deploy", 0, r"(?s)configmap/c1 .*deployment.apps/web +0/0"),
    (0, "get deploy web -o wide", 0, r"web +0/0 +0 +0 +\S+ +nginx +nginx:1 +app=web"),
    (24, "get deploy web --subresource=scale", 0, r"^NAME +DESIRED +AVAILABLE +AGE\nweb +0 +0 +\d+s$"),
    (0, "get all", 0, "deployment.apps/web"),
    (0, "get cm nope", 1, r'Error from server \(NotFound\): configmaps "nope" not found'),
    (0, "get nonsense", 1, "the server doesn't have a resource type \"nonsense\""),
    (0, "get cm nope --ignore-not-found", 0, "^$"),
    (0, "get deploy/web cm/c1 -o name", 0, "deployment.apps/web\nconfigmap/c1"),
    (0, "api-resources -o wide", 0, r"(?m)^pods +po +v1 +true +Pod +\[?create[, ]delete"),
    (0, "api-resources --namespaced=false --verbs=list -o name", 0, "(?m)^persistentvolumes$"),
    (0, "api-resources --api-group=apps -o name", 0, "(?m)^statefulsets.apps$"),
    (24, "api-resources --categories=all -o name", 0, "(?m)^cronjobs.batch$"),
    (0, "api-versions", 0, "(?m)^autoscaling/v2$"),
    (0, "cluster-info", 0, "is running at .*https://127.0.0.1"),
    (0, "auth can-i --list", 0, r"(?m)^\*\.\* +\[\] +\[\] +\[\*\]"),
    (0, "auth can-i get pods --subresource=log", 0, "^yes$"),
    (0, "auth can-i get /healthz", 0, "yes$"),
    (0, "auth can-i delete nodes --as=bob", 1, "no$"),
    (0, "explain pod.spec.containers", 0, r"(?s)image\s+<string>\n\s+The image to run"),
    (0, "explain deployment --recursive", 0, r"(?s)maxSurge\s+<"),
    (0, "explain cronjob.spec.concurrencyPolicy", 0, "Forbid"),
    (0, "explain pod.spec.nonsense", 1, 'field "nonsense" does not exist'),
    (23, "events", 0, "ScalingReplicaSet|No events found"),
    (0, "version", 0, r"v1\.36\."),
    (0, "get --raw /readyz", 0, "^ok$"),
]


@unittest.skipIf(shutil.which("kubectl") is None, "kubectl is not installed")
class Sessions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.k = Kubectl(shared_plane(), "session")
        cls.minor = cls.k.minor()
        for name, text in FILES.items():
            path = os.path.join(cls.k.home, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.write(text)
        cls.sh("openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -subj /CN=x -days 3")
        cls.sh("openssl req -new -key k.pem -subj /CN=u/O=g -out csr.pem")

    @classmethod
    def sh(cls, line):
        subprocess.run(line, shell=True, check=True, cwd=cls.k.home, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def use(self, ns):
        self.k("create", "namespace", ns)
        self.k("config", "set-context", "--current", "--namespace=" + ns)
        for name in ("rec.yaml",):
            with open(os.path.join(self.k.home, name), "w") as f:
                f.write(FILES[name].replace("NS", ns))
        self.ns = ns

    def line(self, text, env=None):
        words = [w.replace("NAME", "session").replace("NS", self.ns) for w in text.split(" ")]
        r = subprocess.run(["kubectl", *words], env={**self.k.env, **(env or {})}, cwd=self.k.home, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        return r.returncode, r.stdout.strip()

    def session(self, ns, rows):
        self.use(ns)
        for least, line, status, pattern in rows:
            if self.minor < least:
                continue
            with self.subTest(line):
                code, out = self.line(line)
                self.assertEqual(code, status, out)
                self.assertRegex(out, pattern)

    def test_generators(self):
        self.session("gen", GENERATORS)

    def test_changes_of_a_workload(self):
        self.session("changes", CHANGES)

    def test_apply_diff_patch_replace(self):
        self.session("apply", APPLY)

    def test_looking(self):
        self.session("looking", LOOKING)

    def test_applyset(self):
        if self.minor < 27:
            self.skipTest("kubectl before 1.27 has no ApplySets")
        self.use("applyset")
        env = {"KUBECTL_APPLYSET": "true"}
        for parent in ("secrets/set1", "configmaps/set2"):  # kubectl makes them
            for file, want in (("a.yaml", "configmap/a created\nconfigmap/b created"),
                               ("b.yaml", "(?s)configmap/a configured.*configmap/b pruned")):
                code, out = self.line(f"apply -n NS -f {file} --prune --applyset={parent}", env)
                self.assertEqual(code, 0, out)
                self.assertRegex(out, want)
            self.assertRegex(self.line(f"get {parent} -o yaml")[1], "applyset.kubernetes.io/id: applyset-")
            self.line("delete cm a")

    def test_edit(self):
        self.use("edit")
        self.line("create configmap e --from-literal=k=old")
        self.assertEqual(self.line("edit cm e", {"KUBE_EDITOR": "sed -i s/old/new/"}), (0, "configmap/e edited"))
        self.assertEqual(self.line("edit cm e", {"KUBE_EDITOR": "true"}), (0, "Edit cancelled, no changes made."))
        code, out = self.line("edit cm e", {"KUBE_EDITOR": "sed -i s/name:.e/name:\\ f/"})
        self.assertEqual(code, 1)
        self.assertIn("At least one of apiVersion, kind and name was changed", out)
        self.assertEqual(self.line("get cm e -o jsonpath={.data.k}"), (0, "new"))

    def test_waiting(self):
        self.use("waiting")
        if self.minor >= 23:  # what is not there is deleted
            self.assertEqual(self.line("wait --for=delete cm/late --timeout=30s"), (0, ""))
        self.line("create configmap late")
        p = self.k.popen("wait", "--for=delete", "cm/late", "--timeout=30s")
        self.line("delete cm late")
        out, _ = p.communicate(timeout=40)  # says nothing when it came too late to see the object
        self.assertEqual((out in ("", "configmap/late condition met\n"), p.returncode), (True, 0), out)
        if self.minor >= 31:
            p = self.k.popen("wait", "--for=create", "cm/later", "--timeout=30s")
            self.line("create configmap later")
            self.assertEqual((p.communicate(timeout=40)[0], p.returncode), ("configmap/later condition met\n", 0))

    def test_watch_prints_rows_as_asked(self):
        self.use("watching")
        self.line("create configmap w --from-literal=a=1")
        p = self.k.popen("get", "cm", "w", "-w", "-o", "jsonpath={.data.a}{'\\n'}")
        try:
            self.assertEqual(p.stdout.readline(), "1\n")
            self.line('patch cm w --type=merge -p={"data":{"a":"2"}}')
            self.assertEqual(p.stdout.readline(), "2\n")
        finally:
            p.kill()
            p.communicate()

    def test_certificates(self):
        with open(os.path.join(self.k.home, "csr.pem"), "rb") as f:
            import base64
            request = base64.b64encode(f.read()).decode()
        self.use("certs")
        self.k("apply", "-f", "-", stdin=json.dumps({
            "apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest", "metadata": {"name": "csr"},
            "spec": {"request": request, "signerName": "example.com/mine", "usages": ["client auth"]}}))
        self.assertRegex(self.line("get csr csr")[1], r"csr +\S+ +example.com/mine +admin +.*Pending")
        self.assertEqual(self.line("certificate approve csr")[0], 0)
        self.assertRegex(self.line("get csr csr")[1], "Approved$")
        self.assertRegex(self.line("describe csr csr")[1], r"Common Name: +u")

    def test_describe_every_kind(self):
        self.use("describe")
        self.k("apply", "-n", "describe", "-f", os.path.join(self.k.home, "all.yaml"))
        for least, line, _, _ in GENERATORS:
            if self.minor >= least and line.startswith(("create", "run", "expose", "autoscale")) \
                    and "session-" not in line and " quota " not in line:
                self.line(line)
        self.line("create quota q --hard=pods=100")
        kinds = ("pods deploy rs sts ds svc ep ingressclass cm secret sa role rolebinding "
                 "clusterrole/view clusterrolebinding/cluster-admin quota limitrange hpa networkpolicy pvc pv "
                 "storageclass priorityclass/system-node-critical lease namespace/describe rc events")
        for kind in kinds.split() + (["job", "cronjob", "pdb", "ingress", "endpointslices"] if self.minor >= 25 else []):
            with self.subTest(kind):
                code, out = self.line("describe " + kind)
                self.assertEqual(code, 0, out)
                self.assertRegex(out, r"Name: |No resources found|Status:")

    def test_delete_modes(self):
        self.use("deleting")
        self.line("create deployment d --image=x")
        self.line("create configmap one")
        code, out = self.line("delete cm one --dry-run=server")
        self.assertRegex(out, "deleted.*server dry run")
        self.assertEqual(self.line("get cm one -o name"), (0, "configmap/one"))
        code, out = self.line("delete cm one --wait=false")
        self.assertEqual(code, 0, out)
        code, out = self.line("delete cm one")
        self.assertEqual(code, 1)
        self.assertRegex(out, r'Error from server \(NotFound\): configmaps "one" not found')
        self.assertRegex(self.line("delete pods --all --grace-period=0 --force")[1], "force deleted|No resources")
        code, out = self.line("delete deployment d --cascade=foreground --timeout=60s")
        self.assertEqual(code, 0, out)
        self.assertRegex(self.line("get rs")[1], "No resources found")
        code, out = self.line("delete namespace deleting --timeout=60s")
        self.assertEqual(code, 0, out)
        self.assertEqual(self.line("get ns deleting")[0], 1)


if __name__ == "__main__":
    unittest.main()
