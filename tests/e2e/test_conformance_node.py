"""What the conformance suite asks of nodes, on real containers: volumes, environment, security, names,
services. docs/conformance-node.md says which of its tests this stands for."""
import base64
import hashlib
import io
import json
import os
import socket
import subprocess
import tarfile
import time
import unittest

from harness import ROOT, wait_until
from test_agent import can_run
from test_node_pods import IMAGE, PODS, NodeCase, container, pod

NS = "/api/v1/namespaces/default"
NETEXEC = "localhost/netexec:1"


def netexec_image(busybox_tar, out):
    """A docker archive: busybox and, in a layer of its own, netexec.c made static."""
    program = out + ".bin"
    subprocess.run([os.environ.get("CC", "cc"), "-O1", "-static", "-s", "-o", program,
                    os.path.join(ROOT, "tests/e2e/netexec.c")], check=True)
    with tarfile.open(busybox_tar) as t:
        layers = [t.extractfile("layer.tar").read()]
        config = json.load(t.extractfile("config.json"))
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as t:
        info = t.gettarinfo(program, "bin/netexec")
        info.mode, info.uid, info.gid = 0o755, 0, 0
        with open(program, "rb") as f:
            t.addfile(info, f)
    layers.append(layer.getvalue())
    config["rootfs"]["diff_ids"].append("sha256:" + hashlib.sha256(layers[1]).hexdigest())
    config["history"].append({"created": "1970-01-01T00:00:00Z"})
    names = [f"layer{i}.tar" for i in range(len(layers))]
    manifest = [{"Config": "config.json", "RepoTags": [NETEXEC], "Layers": names}]
    with tarfile.open(out, "w") as t:
        for name, data in [("manifest.json", json.dumps(manifest).encode()),
                           ("config.json", json.dumps(config).encode()), *zip(names, layers)]:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))


def load_netexec(case):
    out = os.path.join(case.plane.dir, "netexec.tar")
    netexec_image(os.path.join(case.agent.dir, "images/busybox.tar"), out)
    subprocess.run(["ctr", "-a", case.agent.env["SOCK"], "-n", "k8s.io", "images", "import", out],
                   check=True, stdout=subprocess.DEVNULL)


def netexec(*args, **more):
    return {"name": "a", "image": NETEXEC, "imagePullPolicy": "IfNotPresent",
            "command": ["netexec", *args], **more}


def b64(text):
    return base64.b64encode(text.encode()).decode()


def mount(where="/v", name="v", **more):
    return {"name": name, "mountPath": where, **more}


def volume(source, name="v"):
    return [{"name": name, **source}]


def once(script, source=None, security=None, of_pod=None, meta=None, mounts=None, **more):
    """A pod that runs `script` to its end, with a volume at /v when there is a source."""
    c = container(script, **more)
    spec = {"restartPolicy": "Never"}
    if source:
        spec["volumes"] = volume(source)
        c["volumeMounts"] = mounts or [mount()]
    if security:
        c["securityContext"] = security
    body = pod("", c, **spec, **(of_pod or {}))
    body["metadata"].update(meta or {})
    return body


def field(path, name="f", **more):
    return {"path": name, "fieldRef": {"fieldPath": path}, **more}


def resource(what, divisor=None):
    ref = {"containerName": "a", "resource": what}
    return {"path": "f", "resourceFieldRef": {**ref, **({"divisor": divisor} if divisor else {})}}


def env_field(name, path):
    return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}


def env_resource(name, what):
    return {"name": name, "valueFrom": {"resourceFieldRef": {"resource": what}}}


RESOURCES = {"requests": {"cpu": "250m", "memory": "32Mi"},
             "limits": {"cpu": "1250m", "memory": "64Mi"}}
STAT = "stat -L -c '%a %u %g'"


def volume_rows():
    for is_projected in (False, True):
        for kind, at in (("configMap", "name"), ("secret", "secretName")):
            def source(**more):
                mode = more.pop("defaultMode", None)
                if not is_projected:
                    inner = {at: "data", **more}
                    return {kind: inner if mode is None else {**inner, "defaultMode": mode}}
                v = {"sources": [{kind: {"name": "data", **more}}]}
                return {"projected": v if mode is None else {**v, "defaultMode": mode}}

            p = ("projected " if is_projected else "") + kind
            item = {"key": "data-2", "path": "path/to/data-2"}
            yield f"{p}: plain", once(f"{STAT} /v/data-1; cat /v/data-1", source()), "644 0 0\nvalue-1"
            yield f"{p}: as a user", once("cat /v/data-1", source(), {"runAsUser": 1000}), "value-1"
            yield (f"{p}: mode", once(f"{STAT} /v/data-1", source(defaultMode=0o400)), "400 0 0")
            yield (f"{p}: user, mode, group",
                   once(f"{STAT} /v/data-1; cat /v/data-1", source(defaultMode=0o440),
                        {"runAsUser": 1000}, {"securityContext": {"fsGroup": 1001}}),
                   "440 0 1001\nvalue-1")
            yield (f"{p}: mappings", once("cat /v/path/to/data-2; ls /v", source(items=[item]),
                                          {"runAsUser": 1000}), "value-2path")
            yield (f"{p}: mode of an item",
                   once(f"{STAT} /v/path/to/data-2", source(items=[{**item, "mode": 0o400}])),
                   "400 0 0")
            yield f"{p}: optional", once("ls /v; echo end", source(optional=True, items=[
                {"key": "none", "path": "x"}])), "end"
        name = {"downward": "downwardAPI"}

        def downward(*items, **more):
            if is_projected:
                return {"projected": {"sources": [{name["downward"]: {"items": list(items)}}], **more}}
            return {name["downward"]: {"items": list(items), **more}}

        p = ("projected " if is_projected else "") + "downwardAPI"
        yield f"{p}: name", once("cat /v/f", downward(field("metadata.name"))), "@NAME"
        yield (f"{p}: mode", once(f"{STAT} /v/f", downward(field("metadata.name"),
                                                         defaultMode=0o400)), "400 0 0")
        yield (f"{p}: mode of an item",
               once(f"{STAT} /v/f", downward(field("metadata.name", mode=0o440)), {"runAsUser": 1001},
                    {"securityContext": {"fsGroup": 1234}}), "440 0 1234")
        for what, divisor, want in (("limits.cpu", None, "2"), ("limits.memory", None, "67108864"),
                                    ("requests.cpu", "1m", "250"),
                                    ("requests.memory", None, "33554432")):
            yield (f"{p}: {what}", once("cat /v/f", downward(resource(what, divisor)),
                                        resources=RESOURCES), want)
        for what in ("limits.cpu", "limits.memory"):
            yield (f"{p}: {what} of the node",
                   once("test $(cat /v/f) -ge 1 && echo yes", downward(resource(what))), "yes")
    yield ("all sources together",
           once("cat /v/f /v/s/data-1 /v/c/data-1", {"projected": {"sources": [
               {"downwardAPI": {"items": [field("metadata.name")]}},
               {"secret": {"name": "data", "items": [{"key": "data-1", "path": "s/data-1"}]}},
               {"configMap": {"name": "data", "items": [{"key": "data-1", "path": "c/data-1"}]}}]}}),
           "@NAMEvalue-1value-1")
    yield ("binary data", once("hexdump -C /v/dump.bin", {"configMap": {"name": "data"}}),
           "de ca fe ba d0 fe ff")


def empty_dir_rows():
    for medium in ("", "Memory"):
        source = {"emptyDir": {"medium": medium} if medium else {}}
        for user in (0, 1001):
            for mode in ("644", "666", "777"):
                yield (f"emptyDir {medium} {user} {mode}",
                       once(f"echo x > /v/f; chmod {mode} /v/f; stat -c '%a %u' /v/f; "
                            "mount | grep -c 'tmpfs on /v '; true", source, {"runAsUser": user}),
                       f"{mode} {user}\n{1 if medium else 0}")
        yield (f"emptyDir {medium} itself", once("stat -c %a /v; touch /v/x", source,
                                                 {"runAsUser": 1001}), "777")
        yield (f"emptyDir {medium} group",
               once("touch /v/f; stat -c '%a %g' /v; stat -c %g /v/f", source, {"runAsUser": 1001},
                    {"securityContext": {"fsGroup": 123}}), "2777 123\n123")


    limits = {"requests": {"memory": "16Mi"}, "limits": {"memory": "32Mi"}}
    for more, want in (({}, "32"), ({"sizeLimit": "8Mi"}, "8"), ({"sizeLimit": "64Mi"}, "32")):
        yield (f"emptyDir Memory {more} of a pod that may have 32 MiB",
               once("df -m /v | awk 'END { print $2 }'", {"emptyDir": {"medium": "Memory", **more}}, resources=limits),
               f"{want}\n")


def sub_path_rows():
    for kind, source in (("configMap", {"configMap": {"name": "data"}}),
                         ("secret", {"secret": {"secretName": "data"}}),
                         ("projected", {"projected": {"sources": [{"secret": {"name": "data"}}]}})):
        yield (f"subPath of {kind}", once("cat /x", source, mounts=[mount("/x", subPath="data-1")]),
               "value-1")
    yield ("subPath of downwardAPI",
           once("cat /x", {"downwardAPI": {"items": [field("metadata.name", "d/f")]}},
                mounts=[mount("/x", subPath="d/f")]), "@NAME")
    yield ("subPath over a file", once("cat /etc/passwd", {"configMap": {"name": "data"}},
                                       mounts=[mount("/etc/passwd", subPath="data-1")]), "value-1")
    yield ("subPathExpr", once("ls /v; touch /sub/x; ls /v/$NAME", {"emptyDir": {}},
                               env=[env_field("NAME", "metadata.name")],
                               mounts=[mount("/sub", subPathExpr="$(NAME)"), mount()]), "@NAME\nx")
    yield ("subPathExpr, dots in a name", once("ls -a /v", {"emptyDir": {}},
                                               env=[{"name": "X", "value": "..x"}],
                                               mounts=[mount("/sub", subPathExpr="$(X)"), mount()]),
           "..x")


def environment_rows():
    plain = {"env": [{"name": "DATA", "valueFrom": {"configMapKeyRef": {"name": "data",
                                                                      "key": "data-1"}}},
                     {"name": "SECRET", "valueFrom": {"secretKeyRef": {"name": "data",
                                                                       "key": "data-1"}}}]}
    yield "keys as variables", once("echo $DATA $SECRET", **plain), "value-1 value-1"
    yield ("all keys as variables, with prefixes",
           once("", command=["env"], envFrom=[{"configMapRef": {"name": "data"}},
                                              {"prefix": "p-", "configMapRef": {"name": "data"}},
                                              {"prefix": "s_", "secretRef": {"name": "data"}}]),
           "data-1=value-1", "p-data-1=value-1", "s_data-1=value-1")
    yield ("fields as variables",
           once("echo $N,$NS,$UID_,$SA; test $IP = $(hostname -i) && echo $HOST = $HOSTS",
                env=[env_field("N", "metadata.name"), env_field("NS", "metadata.namespace"),
                     env_field("UID_", "metadata.uid"), env_field("SA", "spec.serviceAccountName"),
                     env_field("IP", "status.podIP"), env_field("HOST", "status.hostIP"),
                     env_field("HOSTS", "status.hostIPs")]),
           "@NAME,default,@UID,default\n@HOST = @HOST")
    names = [("C", "limits.cpu"), ("M", "limits.memory"), ("RC", "requests.cpu"),
             ("RM", "requests.memory")]
    yield ("resources as variables", once("echo $C $M $RC $RM", resources=RESOURCES,
                                          env=[env_resource(*n) for n in names]),
           "2 67108864 1 33554432")
    yield ("resources of the node", once("test $C -ge 1 -a $M -ge 1 && echo yes",
                                         env=[env_resource(*n) for n in names[:2]]), "yes")
    yield ("variables of variables, in words of a command",
           once("", command=["echo"], args=["$(AB)", "$$(AB)", "$(NONE)"],
                env=[{"name": "A", "value": "a"}, {"name": "B", "value": "b"},
                     {"name": "AB", "value": "$(A);;$(B)"}]), "a;;b $(AB) $(NONE)")
    left = [container("printf \"# left\\n A='one\\ntwo' # end\\n\" > /v/f", "i", volumeMounts=[mount()])]

    def of_file(name, key, **more):
        return {"name": name, "valueFrom": {"fileKeyRef": {"volumeName": "v", "path": "f", "key": key, **more}}}
    yield ("variables of a file", once("echo $A; env", env=[of_file("A", "A"), of_file("B", "B", optional=True)],
                                       of_pod={"initContainers": left, "volumes": volume({"emptyDir": {}})}),
           "one two\n")
    yield ("a service as variables", once("env | grep ^FOOSERVICE_ | sort"),
           "FOOSERVICE_PORT=tcp://@FOO:8765", "FOOSERVICE_PORT_8765_TCP_ADDR=@FOO",
           "FOOSERVICE_PORT_8765_TCP_PROTO=tcp", "FOOSERVICE_SERVICE_HOST=@FOO",
           "FOOSERVICE_SERVICE_PORT=8765")


def security_rows():
    yield "user", once("id -u", security={"runAsUser": 65534}), "65534"
    yield ("user and group", once("id -u; id -g", security={"runAsUser": 1001, "runAsGroup": 2002},
                                  of_pod={"securityContext": {"runAsUser": 999}}), "1001\n2002")
    yield ("user and group of the pod", once("id -u; id -g", of_pod={"securityContext": {
        "runAsUser": 1001, "runAsGroup": 2002}}), "1001\n2002")
    yield ("not privileged", once("ip link add d0 type dummy 2>&1; true",
                                  security={"privileged": False}), "not permitted")
    yield ("a root that cannot be written", once("echo x > /file 2>&1; true", security={
        "readOnlyRootFilesystem": True}), "Read-only file system")
    yield ("no escalation", once("grep NoNewPrivs /proc/self/status", security={
        "allowPrivilegeEscalation": False, "runAsUser": 1000}), "NoNewPrivs:\t1")
    yield ("a safe sysctl", once("sysctl kernel.shm_rmid_forced", of_pod={"securityContext": {
        "sysctls": [{"name": "kernel.shm_rmid_forced", "value": "1"}]}}),
        "kernel.shm_rmid_forced = 1")
    yield ("aliases of hosts", once("cat /etc/hosts", of_pod={"hostAliases": [
        {"ip": "123.45.67.89", "hostnames": ["foo", "bar"]}]}),
        "# Kubernetes-managed hosts file.", "123.45.67.89\tfoo\tbar")
    yield ("own name servers", once("cat /etc/resolv.conf", of_pod={
        "dnsPolicy": "None", "dnsConfig": {"nameservers": ["1.1.1.1"], "searches": ["x.local"],
                                           "options": [{"name": "ndots", "value": "2"}]}}),
        "nameserver 1.1.1.1", "search x.local", "options ndots:2")
    yield ("own host name", once("hostname; hostname -f", of_pod={
        "hostname": "querier", "subdomain": "sub"}), "querier\nquerier.sub.default.svc.cluster.local")


class Asking(NodeCase):
    def ended(self, name):
        p = self.get(name)
        return p if p.get("status", {}).get("phase") in ("Succeeded", "Failed") else None

    def ask(self, *commands, **spec):
        """What a pod hears, one line a command."""
        name = f"asks-{time.monotonic_ns()}"
        script = "; ".join(f"for i in 1 2 3 4 5 6; do {c} && break; sleep 0.5; done" for c in commands)
        c = {**netexec(), "command": ["sh", "-c", script]}
        self.create(pod(name, c, restartPolicy="Never", **spec))
        wait_until(lambda: self.ended(name), 60, 0.2)
        return self.log(name).splitlines()


@unittest.skipUnless(can_run(), "needs root, containerd and the agent")
class Conformance(Asking):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            cls.set_up_objects()
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def set_up_objects(cls):
        load_netexec(cls)
        values = {f"data-{i}": f"value-{i}" for i in (1, 2, 3)}
        binary = base64.b64encode(b"\xde\xca\xfe\xba\xd0\xfe\xff").decode()
        for path, body in (("configmaps", {"data": values, "binaryData": {"dump.bin": binary}}),
                           ("secrets", {"data": {k: b64(v) for k, v in values.items()}})):
            cls.acme.post(f"{NS}/{path}", {"metadata": {"name": "data"}, **body})
        a = cls.acme.post(f"{NS}/services", {"metadata": {"name": "fooservice"}, "spec": {
            "ports": [{"port": 8765, "targetPort": 8080}], "selector": {"x": "y"}}})
        cls.foo = a.json["spec"]["clusterIP"]

    def run_rows(self, rows):
        """All pods at once; then what each has said."""
        rows = [(r[0], r[1], r[2:]) for r in rows]
        for i, (_, body, _) in enumerate(rows):
            body["metadata"]["name"] = f"once-{i}"
            self.create(body)
        for i, (what, _, wants) in enumerate(rows):
            with self.subTest(what):
                p = wait_until(lambda: self.ended(f"once-{i}"), 60, 0.2)
                text = self.log(f"once-{i}")
                for want in wants:
                    for key, value in (("@NAME", f"once-{i}"), ("@UID", p["metadata"]["uid"]),
                                       ("@HOST", p["status"]["hostIP"]), ("@FOO", self.foo)):
                        want = want.replace(key, value)
                    self.assertIn(want, text)
                self.assertEqual(p["status"]["phase"], "Succeeded", p["status"])

    def test_volumes(self):
        self.run_rows(volume_rows())

    def test_empty_dirs_and_sub_paths(self):
        self.run_rows([*empty_dir_rows(), *sub_path_rows()])

    def test_environment_and_security(self):
        self.run_rows([*environment_rows(), *security_rows()])

    def test_volumes_follow_their_objects(self):
        """Gone, changed and new objects show in every kind of volume, and so do a pod's own labels."""
        mounts, volumes, names = [mount("/w", "w")], volume({"downwardAPI": {"items": [
            field("metadata.labels")]}}, "w"), []
        for kind, path, at in (("configMap", "configmaps", "name"), ("secret", "secrets", "secretName")):
            value = "one" if kind == "configMap" else b64("one")
            for what in ("gone", "changed", "new"):
                if what != "new":
                    self.assertEqual(self.acme.post(f"{NS}/{path}", {
                        "metadata": {"name": what}, "data": {"key": value}}).status, 201)
                for v, source in ((f"{kind.lower()}-{what}", {kind: {at: what, "optional": True}}),
                                  (f"p-{kind.lower()}-{what}", {"projected": {"sources": [
                                      {kind: {"name": what, "optional": True}}]}})):
                    mounts.append(mount(f"/m/{v}", v))
                    volumes += volume(source, v)
                    names.append(v)
        script = "while :; do echo $(cat /w/f) $(cd /m; for v in *; do echo $v=$(cat $v/*); done); " \
                 "sleep 0.3; done 2>/dev/null"
        body = pod("follows", container(script, volumeMounts=mounts), volumes=volumes)
        body["metadata"]["labels"] = {"l": "before"}
        self.create(body)
        self.wait_log("follows", 'l="before"')
        for path, two in (("configmaps", "two"), ("secrets", b64("two"))):
            self.acme.delete(f"{NS}/{path}/gone")
            self.acme.patch(f"{NS}/{path}/changed", {"data": {"key": two}})
            self.acme.post(f"{NS}/{path}", {"metadata": {"name": "new"}, "data": {"key": two}})
        self.acme.patch(f"{PODS}/follows", {"metadata": {"labels": {"l": "after"}}})
        want = 'l="after" ' + " ".join(sorted(
            v + "=" + ("" if v.endswith("gone") else "two") for v in names))
        self.wait_log("follows", want, timeout=90)

    def test_what_keeps_a_container_from_being_made(self):
        def of_file(path, key):
            return [{"name": "X", "valueFrom": {"fileKeyRef": {"volumeName": "v", "path": path, "key": key}}}]

        left = [container("echo \"A='1'\" > /v/f; echo A=1 > /v/bad; ln -s /etc/hostname /v/link; mkfifo /v/pipe", "i",
                          volumeMounts=[mount()])]
        rows = [(f"file-{i}", {"env": of_file(path, key)}, message) for i, (path, key, message) in enumerate((
            ("f", "B", 'environment variable key "B" not found in file "f"'), ("bad", "A", "couldn't parse env file"),
            ("none", "A", "couldn't parse env file"), ("link", "A", "couldn't parse env file"),
            ("pipe", "A", "couldn't parse env file")))]
        rows.append(("recursive", {"volumeMounts": [mount(readOnly=True, recursiveReadOnly="Enabled")]},
                     'failed to resolve recursive read-only mode: volume "v" requested recursive read-only mode, but '
                     "it is not supported by the runtime"))
        for name, more, _ in rows:
            self.create(pod(name, container("sleep 1d", **more), initContainers=left,
                            volumes=volume({"emptyDir": {}})))
        for name, _, message in rows:
            s = self.wait_state(name, "state.waiting.reason", "CreateContainerConfigError")
            self.assertEqual(s["state"]["waiting"]["message"], message)

    def test_a_sub_path_without_a_value_waits_for_one(self):
        body = pod("waits", container("touch /sub/x; ls /v/mypath; sleep 1000",
                                      env=[env_field("X", "metadata.annotations['path']")],
                                      volumeMounts=[mount("/sub", subPathExpr="$(X)"), mount()]),
                   volumes=volume({"emptyDir": {}}))
        self.create(body)
        s = self.wait_state("waits", "state.waiting.reason", "CreateContainerConfigError")
        self.assertIn("missing value for X", s["state"]["waiting"]["message"])
        self.acme.patch(f"{PODS}/waits", {"metadata": {"annotations": {"path": "mypath"}}})
        self.wait_log("waits", "x")
        for name, value, words in (("absolute", "/tmp", "must not be an absolute path"),
                                   ("back", "..", "must not contain '..'")):
            self.create(pod(name, container("true", env=[{"name": "X", "value": value}],
                                            volumeMounts=[mount("/sub", subPathExpr="$(X)")]),
                            volumes=volume({"emptyDir": {}})))
            s = self.wait_state(name, "state.waiting.reason", "CreateContainerConfigError")
            self.assertIn(words, s["state"]["waiting"]["message"])

    # ---- network ----

    def serve(self, name, labels):
        body = pod(name, netexec("serve", "8080", "8081"))
        body["metadata"]["labels"] = labels
        self.create(body)
        return self.wait_ready(name)["status"]["podIP"]

    def test_services_by_every_way(self):
        ip = self.serve("server", {"app": "net"})
        a = self.acme.post(f"{NS}/services", {"metadata": {"name": "net"}, "spec": {
            "type": "NodePort", "selector": {"app": "net"}, "ports": [
                {"name": "http", "port": 80, "targetPort": 8080},
                {"name": "dns", "port": 80, "targetPort": 8081, "protocol": "UDP"}]}})
        self.assertEqual(a.status, 201, a)
        cluster_ip, ports = a.json["spec"]["clusterIP"], a.json["spec"]["ports"]
        node = self.acme.get(f"/api/v1/nodes/{self.agent.name}").json
        shown = next(x["address"] for x in node["status"]["addresses"] if x["type"] == "InternalIP")
        wait_until(lambda: (self.acme.get(f"{NS}/endpoints/net").json.get("subsets") or [{}])[0]
                   .get("addresses"))
        asked = [("http", ip, 8080), ("udp", ip, 8081), ("http", cluster_ip, 80),
                 ("udp", cluster_ip, 80), ("http", shown, ports[0]["nodePort"]),
                 ("udp", shown, ports[1]["nodePort"])]
        heard = self.ask(*(f"netexec {how} {host} {port} {'/' if how == 'http' else ''}hostname"
                           for how, host, port in asked))
        self.assertEqual(heard, ["server"] * len(asked))

    def test_an_external_name_leads_to_what_it_names(self):
        self.serve("named", {"app": "named"})
        self.acme.post(f"{NS}/services", {"metadata": {"name": "target"}, "spec": {
            "selector": {"app": "named"}, "ports": [{"port": 80, "targetPort": 8080}]}})
        a = self.acme.post(f"{NS}/services", {"metadata": {"name": "alias"}, "spec": {
            "type": "ExternalName", "externalName": "target.default.svc.cluster.local"}})
        self.assertEqual(a.status, 201, a)
        self.assertEqual(self.ask("wget -qO- http://alias/hostname; echo"), ["named"])
        a = self.acme.patch(f"{NS}/services/alias", {"spec": {
            "type": "ClusterIP", "externalName": None, "selector": {"app": "named"},
            "ports": [{"port": 81, "targetPort": 8080}]}})
        self.assertTrue(a.json["spec"]["clusterIP"], a)
        self.assertEqual(self.ask("wget -qO- http://alias:81/hostname; echo"), ["named"])

    def test_services_whose_slices_their_owner_makes(self):
        """Several slices of one service: each has an address of its own, or a port of its own."""
        ips = []
        for i in (0, 1):
            self.create(pod(f"sliced-{i}", netexec("serve", "8090", "8091"),
                            {**netexec("serve", "9090", "9091"), "name": "b"}))
            ips.append(self.wait_ready(f"sliced-{i}")["status"]["podIP"])
        slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
        first, second = ({"name": n, "port": p, "protocol": "TCP"} for n, p in (("port80", 8090), ("port81", 9090)))
        at = {}
        for name, of_slices in (("addresses", [(ips[0], [first, second]), (ips[1], [first, second])]),
                                ("ports", [(ips[0], [first]), (ips[0], [second])])):
            a = self.acme.post(f"{NS}/services", {"metadata": {"name": name}, "spec": {"ports": [
                {"name": "port80", "port": 80}, {"name": "port81", "port": 81}]}})
            self.assertEqual(a.status, 201, a)
            at[name] = a.json["spec"]["clusterIP"]
            for i, (ip, ports) in enumerate(of_slices):
                a = self.acme.post(slices, {
                    "metadata": {"generateName": name, "labels": {"kubernetes.io/service-name": name}},
                    "addressType": "IPv4", "endpoints": [{"addresses": [ip]}], "ports": ports})
                self.assertEqual(a.status, 201, a)
        time.sleep(1)  # the node hears of them
        heard = self.ask(*[f"netexec http {at['addresses']} {port} /hostname" for port in (80, 81)] * 8)
        self.assertEqual((set(heard[::2]), set(heard[1::2])), ({"sliced-0", "sliced-1"},) * 2)
        self.assertEqual(self.ask(*(f"netexec http {at['ports']} {port} /hostname" for port in (80, 81))),
                         ["sliced-0"] * 2)

    # ---- resources of what runs ----

    def cgroup(self, p, name):
        """Shares, quota and memory limit of a container, as the kernel has them."""
        status = next(c for c in p["status"]["containerStatuses"] if c["name"] == name)
        of = f"hp-{self.agent.name}/pod{p['metadata']['uid']}/{status['containerID'].split('//')[1]}"
        values = []
        for path in ("cpu/{}/cpu.shares", "cpu/{}/cpu.cfs_quota_us", "memory/{}/memory.limit_in_bytes"):
            with open("/sys/fs/cgroup/" + path.format(of)) as f:
                values.append(int(f.read()))
        return tuple(values)

    def check_resources(self, name, wanted):
        """As the suite's WaitForPodResizeActuation() and ExpectPodResized()."""
        def is_done():
            p = self.get(name)
            of = [c.get("resources") for c in p["status"].get("containerStatuses", [])]
            conditions = {c["type"]: c["status"] for c in p["status"].get("conditions", [])}
            return p if of == wanted and conditions.get("Ready") == "True" and not any(
                "Resize" in c for c in conditions) else None
        try:
            p = wait_until(is_done, 40)
        except AssertionError:
            self.fail(f"{name}: not {wanted}: {self.get(name)['status']}")
        self.assertEqual([c.get("resources", {}) for c in p["spec"]["containers"]], wanted)
        for c, want in zip(p["status"]["containerStatuses"], wanted):
            requests, limits = want.get("requests", {}), want.get("limits", {})
            self.assertEqual((c["restartCount"], c.get("allocatedResources", {})), (0, requests))
            shares, quota, memory = self.cgroup(p, c["name"])
            cpu = requests.get("cpu", limits.get("cpu", "0m"))
            self.assertEqual(shares, max(2, int(cpu[:-1]) * 1024 // 1000))
            self.assertEqual(quota, max(1000, int(limits["cpu"][:-1]) * 100) if "cpu" in limits else -1)
            if "memory" in limits:
                self.assertEqual(memory, int(limits["memory"][:-2]) << 20)
            else:
                self.assertGreater(memory, 1 << 50)
        return p

    def sized(self, name, wanted):
        secure = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True,
                  "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}
        self.create(pod(name, *(container("grep Cpus_allowed_list /proc/self/status | cut -f2 && sleep 1d",
                                          f"c{i}", resources=r, securityContext=secure)
                                for i, r in enumerate(wanted)),
                        restartPolicy="OnFailure", os={"name": "linux"}, terminationGracePeriodSeconds=0))
        return self.check_resources(name, wanted)

    def resize(self, name, wanted):
        a = self.acme.patch(f"{PODS}/{name}/resize", {"spec": {"containers": [
            {"name": f"c{i}", "resources": r} for i, r in enumerate(wanted)]}},
            "application/strategic-merge-patch+json")
        self.assertEqual(a.status, 200, a)
        self.assertEqual([c["resources"] for c in a.json["spec"]["containers"]], wanted)

    def test_resizing_and_back(self):
        def guaranteed(*pairs):  # (cpu, memory) of containers, each a little more than the one before
            return [{k: {"cpu": f"{cpu + 2 * i}m", "memory": f"{memory + 2 * i}Mi"} for k in ("limits", "requests")}
                    for i, (cpu, memory) in enumerate(pairs)]

        def burstable(**of):
            keys = {"c": ("requests", "cpu"), "m": ("requests", "memory"),
                    "C": ("limits", "cpu"), "M": ("limits", "memory")}
            out = {}
            for k, v in of.items():
                out.setdefault(keys[k][0], {})[keys[k][1]] = v
            return out

        plain = guaranteed(*[(20, 35)] * 3)
        rows = [
            ("up", plain, guaranteed((25, 40), (25, 40), (15, 30)), True),
            ("down", plain, guaranteed((25, 40), (15, 30), (15, 30)), True),
            ("both", plain, guaranteed((25, 35), (15, 40), (25, 40)), True),
            ("various", [burstable(c="20m"), burstable(m="35Mi"), burstable(c="20m", m="35Mi"), burstable(c="20m"),
                         burstable(m="35Mi")],
             [burstable(c="25m", C="35m"), burstable(m="30Mi", M="50Mi"), burstable(c="20m", m="30Mi"),
              burstable(c="15m", m="35Mi"), burstable(c="20m", m="40Mi")], False),
            ("equal", [burstable(c="2m", C="10m")], [burstable(c="1m", C="5m")], True)]
        for name, before, after, goes_back in rows:
            with self.subTest(name):
                self.sized(name, before)
                self.resize(name, after)
                self.check_resources(name, after)
                if goes_back:
                    self.resize(name, before)
                    self.check_resources(name, before)

    def test_resizing_by_replacing(self):
        before, after = ([{"requests": {"cpu": c, "memory": m}}] for c, m in (("20m", "35Mi"), ("25m", "40Mi")))
        p = self.sized("replaced", before)
        self.assertEqual(p["metadata"]["generation"], 1)
        p["spec"]["containers"][0]["resources"] = after[0]
        a = self.acme.put(f"{PODS}/replaced/resize", p)
        self.assertEqual(a.status, 200, a)
        p = self.get("replaced")
        self.assertEqual((p["spec"]["containers"][0]["resources"], p["metadata"]["generation"]), (after[0], 2))
        self.check_resources("replaced", after)
        wait_until(lambda: self.get("replaced") == self.acme.get(f"{PODS}/replaced/resize").json, 20)

    def test_memory_that_is_in_use_is_not_taken_away(self):
        of = [[{k: {"memory": m} for k in ("limits", "requests")}] for m in ("50Mi", "40Mi", "10Ki")]
        self.sized("keeps", of[0])
        self.resize("keeps", of[1])
        self.check_resources("keeps", of[1])
        self.resize("keeps", of[2])

        def refused():
            conditions = self.get("keeps")["status"]["conditions"]
            c = next((c for c in conditions if c["type"] == "PodResizeInProgress"), {})
            return c.get("reason") == "Error" and c["message"]
        self.assertRegex(wait_until(refused, 30), r"memory limit \(10240\) below current usage \(\d+\)$")
        self.assertEqual(self.status("keeps")["resources"], of[1][0])
        self.resize("keeps", of[0])
        self.check_resources("keeps", of[0])

    def test_what_a_pod_as_a_whole_may_have(self):
        limits = {"cpu": "200m", "memory": "64Mi"}
        self.create(pod("whole", container("sleep 1d"), container("sleep 1d", "b"), resources={
            "requests": {"cpu": "100m", "memory": "32Mi"}, "limits": limits}))
        p = self.wait_ready("whole")
        self.assertEqual(p["status"]["qosClass"], "Burstable")
        for c in ("a", "b"):
            self.assertEqual(self.cgroup(p, c)[1:], (20000, 64 << 20))
        of = f"hp-{self.agent.name}/pod{p['metadata']['uid']}"
        for path, want in (("cpu/{}/cpu.shares", 102), ("cpu/{}/cpu.cfs_quota_us", 20000),
                           ("memory/{}/memory.limit_in_bytes", 64 << 20)):
            with open("/sys/fs/cgroup/" + path.format(of)) as f:
                self.assertEqual(int(f.read()), want)

    def test_a_runtime_class_has_its_overhead(self):
        classes, overhead = "/apis/node.k8s.io/v1/runtimeclasses", {"cpu": "10m", "memory": "1Mi"}
        a = self.acme.post(classes, {"metadata": {"name": "heavy"}, "handler": "runc",
                                     "overhead": {"podFixed": overhead}})
        self.assertEqual(a.status, 201, a)
        self.addCleanup(self.acme.delete, classes + "/heavy")
        self.create(pod("heavy", container("sleep 1d"), runtimeClassName="heavy"))
        self.assertEqual(self.wait_ready("heavy")["spec"]["overhead"], overhead)

    # ---- the rest ----

    def test_ephemeral_containers_of_a_pod_that_runs(self):
        self.create(pod("patient", container("sleep 1d")))
        self.assertEqual(self.wait_ready("patient")["metadata"]["generation"], 1)
        path = f"{PODS}/patient/ephemeralcontainers"
        a = self.acme.patch(path, {"spec": {"ephemeralContainers": [
            {"name": "debugger", "image": IMAGE, "stdin": True, "tty": True,
             "command": ["sh", "-c", "while true; do echo polo; sleep 2; done"]}]}},
            "application/strategic-merge-patch+json")
        self.assertEqual(a.status, 200, a)
        wait_until(lambda: "running" in self.status("patient", 0, "ephemeralContainerStatuses").get("state", {}), 30)
        self.assertEqual(self.get("patient")["metadata"]["generation"], 2)
        heard = self.over_websocket("patient/exec?container=debugger&stdout=1&command=/bin/echo&command=marco",
                                    "channel.k8s.io")
        self.assertEqual(heard, b"\x82\x07\x01marco\n")
        self.wait_log("patient", "polo", "debugger")
        self.assertEqual(len(self.acme.get(path).json["spec"]["ephemeralContainers"]), 1)
        body = self.get("patient")
        body["spec"]["ephemeralContainers"].append({
            "name": "debugger2", "image": NETEXEC, "imagePullPolicy": "IfNotPresent",
            "terminationMessagePolicy": "File"})
        a = self.acme.put(path, body)
        self.assertEqual(a.status, 200, a)
        self.assertEqual(len(self.acme.get(path).json["spec"]["ephemeralContainers"]), 2)

    def test_the_generation_of_a_pod(self):
        body = pod("counted", container("trap '' TERM; while :; do sleep 0.1; done"), terminationGracePeriodSeconds=30)
        body["metadata"]["generation"] = 100
        self.create(body)
        p = self.wait_ready("counted")
        self.assertEqual((p["metadata"]["generation"], p["status"]["observedGeneration"]), (1, 1))
        self.assertEqual(self.acme.delete(f"{PODS}/counted?gracePeriodSeconds=30").status, 200)
        self.assertEqual(self.get("counted")["metadata"]["generation"], 2)

    def over_websocket(self, path, protocol):
        """The frames that the server sends before it closes."""
        end = b"\x88\x02\x03\xe8"
        s = self.acme.ssl.wrap_socket(
            socket.create_connection((self.acme.host, self.acme.port), 30),
            server_hostname=self.acme.host)
        self.addCleanup(s.close)
        s.sendall((f"GET {self.acme.prefix}{PODS}/{path} HTTP/1.1\r\nHost: x\r\n"
                   "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                   f"Sec-WebSocket-Protocol: {protocol}\r\n\r\n").encode())
        got = b""
        while not got.endswith(end):
            piece = s.recv(65536)
            self.assertTrue(piece, got)
            got += piece
        head, _, rest = got.partition(b"\r\n\r\n")
        self.assertIn(b" 101 ", head)
        self.assertIn(f"Sec-WebSocket-Protocol: {protocol}".encode(), head)
        return rest[:-len(end)]

    def test_a_log_over_a_websocket(self):
        self.create(pod("speaks", container("echo container is alive; sleep 600")))
        self.wait_log("speaks", "alive")
        for protocol, frames in (("binary.k8s.io", b"\x82\x00\x82\x13container is alive\n"),
                                 ("base64.binary.k8s.io", b"\x81\x00\x81\x1cY29udGFpbmVyIGlzIGFsaXZlCg==")):
            self.assertEqual(self.over_websocket("speaks/log", protocol), frames)

    def test_a_command_over_a_websocket(self):
        self.create(pod("obeys", container("sleep 600")))
        self.wait_ready("obeys")
        run = "obeys/exec?stdout=1&stderr=1&command="
        well = '{"metadata":{},"status":"Success"}'
        self.assertEqual(self.over_websocket(run + "echo&command=a+b", "channel.k8s.io"), b"\x82\x05\x01a b\n")
        self.assertEqual(self.over_websocket(run + "echo&command=a+b", "v4.channel.k8s.io"),
                         b"\x82\x05\x01a b\n\x82" + bytes([len(well) + 1]) + b"\x03" + well.encode())
        ill = "command terminated with non-zero exit code: error executing command [false], exit code 1"
        self.assertEqual(self.over_websocket(run + "false", "channel.k8s.io"),
                         b"\x82" + bytes([len(ill) + 1]) + b"\x03" + ill.encode())

    def test_a_port_over_a_websocket(self):
        self.create(pod("greets", container("nc -ll -p 7000 -e echo hello")))
        self.wait_ready("greets")
        port = (7000).to_bytes(2, "little")
        frames = b"\x82\x03\x00" + port + b"\x82\x03\x01" + port + b"\x82\x07\x00hello\n"
        wait_until(lambda: self.over_websocket("greets/portforward?ports=7000", "v4.channel.k8s.io") == frames, 10, 0.5)
        closed = self.over_websocket("greets/portforward?ports=7000,7001", "v4.channel.k8s.io")
        self.assertIn(b"\x03error forwarding port 7001", closed)

    def test_a_container_with_another_image_is_ready_all_the_time(self):
        script = "trap 'exit 0' TERM; while :; do sleep 0.05; done"
        self.create(pod("changes", container(script)))
        version = self.wait_ready("changes")["metadata"]["resourceVersion"]
        a = self.acme.patch(f"{PODS}/changes", {"spec": {"containers": [
            {"name": "a", "image": "localhost/demo-web:1"}]}}, "application/strategic-merge-patch+json")
        self.assertEqual(a.status, 200, a)
        for e in self.acme.watch(f"{PODS}?resourceVersion={version}&fieldSelector=metadata.name%3Dchanges"):
            status = e["object"]["status"]
            ready = {c["type"]: c["status"] for c in status["conditions"]}["Ready"]
            self.assertEqual(ready, "True", status)
            if status["containerStatuses"][0]["restartCount"] == 1:
                break
        self.assertIn("running", status["containerStatuses"][0]["state"])
        self.assertEqual(status["containerStatuses"][0]["lastState"]["terminated"]["exitCode"], 0)

    def test_a_taint_that_is_borne_for_a_while(self):
        taint = {"key": "example.com/evict", "value": "v", "effect": "NoExecute"}
        for name, seconds in (("soon", 2), ("late", 600)):
            self.create(pod(name, container("sleep 1000"), tolerations=[
                {**taint, "tolerationSeconds": seconds}]))
            self.wait_ready(name)
        node = f"/api/v1/nodes/{self.agent.name}"
        self.addCleanup(self.acme.patch, node, {"spec": {"taints": None}})
        self.assertEqual(self.acme.patch(node, {"spec": {"taints": [taint]}}).status, 200)
        wait_until(lambda: self.acme.get(f"{PODS}/soon").status == 404, 60)
        self.assertNotIn("deletionTimestamp", self.get("late")["metadata"])

    def test_many_changes_are_seen(self):
        self.create(pod("counts", container("sleep 1000"), activeDeadlineSeconds=5000))
        p = self.wait_ready("counts")
        for i in range(2, 501):
            while True:
                p["spec"]["activeDeadlineSeconds"] -= 1
                a = self.acme.put(f"{PODS}/counts", p)
                if a.status != 409:  # the node writes, too
                    break
                p = self.get("counts")
            self.assertEqual((a.status, a.json["metadata"]["generation"]), (200, i))
            p = a.json
        wait_until(lambda: self.get("counts")["status"].get("observedGeneration") == 500, 30)


@unittest.skipUnless(can_run(), "needs root, containerd and the agent")
class OpenNode(Asking):
    """What only a node gives that its provider has opened to the tenants on it."""

    agent_args = ("--allow-privileged",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            load_netexec(cls)
        except BaseException:
            cls.tearDownClass()
            raise

    def test_the_network_of_the_node(self):
        self.create(pod("inside", netexec("serve", "8080", "8081")))
        inside = self.wait_ready("inside")["status"]["podIP"]
        ip = self.agent.env["ADDR"]
        for name, host, protocol in (("p1", "127.0.0.1", "TCP"), ("p2", ip, "TCP"),
                                     ("p3", ip, "UDP")):
            self.create(pod(name, netexec("serve", "8080", "8080", ports=[
                {"containerPort": 8080, "hostPort": 54323, "hostIP": host, "protocol": protocol}])))
        for name in ("p1", "p2", "p3"):
            self.wait_ready(name)
        heard = self.ask(f"netexec http {inside} 8080 /hostname", f"netexec udp {inside} 8081 hostname",
                         "netexec http 127.0.0.1 54323 /hostname", f"netexec http {ip} 54323 /hostname",
                         f"netexec udp {ip} 54323 hostname", hostNetwork=True)
        self.assertEqual(heard, ["inside", "inside", "p1", "p2", "p3"])

    def test_whose_hosts_file_it_is(self):
        for name, is_host, first in (("own", False, "# Kubernetes-managed hosts file."),
                                     ("shared", True, "# Kubernetes-managed hosts file (host network).")):
            self.create(pod(name, container("head -1 /etc/hosts"),
                            container("cat /etc/hosts", "b", volumeMounts=[mount("/etc/hosts", "h")]),
                            hostNetwork=is_host, restartPolicy="Never",
                            volumes=volume({"hostPath": {"path": "/etc/hosts", "type": "File"}}, "h")))
            wait_until(lambda: self.ended(name), 40, 0.2)
            self.assertEqual(self.log(name), first + "\n")
            with open("/etc/hosts") as f:
                self.assertEqual(self.log(name, "b"), f.read())
