"""A small extension API server for test_aggregation.py: flunders of wardle.example.com/v1alpha1, in memory.

    extension_server.py FOLDER PORT API-URL

It believes headers about users only of whom the ConfigMap kube-system/extension-apiserver-authentication names, which it
reads itself; of whoever comes with a token it asks the API server who that is (TokenReview); and of both what they may
(SubjectAccessReview). FOLDER has tls.crt and tls.key, its service
account's token and the API server's ca.crt; a file `away` there makes it answer 500 to everything.
Names of flunders that make it misbehave: see Handler.misbehave().
"""
import copy
import http.server
import json
import os
import ssl
import sys
import threading
import time
import urllib.request

from tlsserver import serve

GROUP, VERSION = "wardle.example.com", "v1alpha1"
API = f"/apis/{GROUP}/{VERSION}"
KIND = {"apiVersion": f"{GROUP}/{VERSION}", "kind": "Flunder"}
RESOURCES = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": f"{GROUP}/{VERSION}", "resources": [
    {"name": "flunders", "singularName": "flunder", "namespaced": True, "kind": "Flunder", "shortNames": ["fl"],
     "verbs": ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]},
    {"name": "flunders/status", "singularName": "", "namespaced": True, "kind": "Flunder", "verbs": ["get", "update"]}]}
NAME = "com.example.wardle.v1alpha1.Flunder"
META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
SCHEMAS = {NAME: {"type": "object", "description": "Flunder is what a wardle eats.", "properties": {
    "apiVersion": {"type": "string"}, "kind": {"type": "string"},
    "metadata": {"allOf": [{"$ref": f"#/components/schemas/{META}"}], "default": {}},
    "spec": {"type": "object", "description": "How it tastes.", "properties": {"taste": {"type": "string"}}}},
    "x-kubernetes-group-version-kind": [{"group": GROUP, "version": VERSION, "kind": "Flunder"}]},
    META: {"type": "object", "description": "Metadata.", "properties": {"name": {"type": "string"}}}}


def action(verb):
    body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{NAME}"}}}
    op = {"operationId": f"{verb}Flunder", "x-kubernetes-action": verb, "responses": {
        "200": {"description": "OK", "content": body}},
        "x-kubernetes-group-version-kind": {"group": GROUP, "version": VERSION, "kind": "Flunder"}}
    if verb == "patch":
        op["parameters"] = [{"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}]
        op["requestBody"] = {"content": {"application/merge-patch+json": {"schema": {"type": "object"}}}}
    return op


OPENAPI = {"openapi": "3.0.0", "info": {"title": "wardle", "version": "v1"}, "components": {"schemas": SCHEMAS}, "paths": {
    f"{API}/namespaces/{{namespace}}/flunders/{{name}}": {"get": action("get"), "patch": action("patch")}}}


class Backend:
    def __init__(self, folder, api):
        self.folder, self.api, self.revision = folder, api, 1
        self.objects, self.events, self.changed = {}, [], threading.Condition()
        self.context = ssl.create_default_context(cafile=os.path.join(folder, "ca.crt"))
        self.context.check_hostname = False
        self.trust = self.call("GET", "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication")["data"]
        self.allowed = json.loads(self.trust["requestheader-allowed-names"])

    def call(self, method, path, body=None):
        with open(os.path.join(self.folder, "token")) as f:
            headers = {"Authorization": "Bearer " + f.read(), "Content-Type": "application/json"}
        r = urllib.request.Request(self.api + path, json.dumps(body).encode() if body else None, headers, method=method)
        with urllib.request.urlopen(r, context=self.context, timeout=10) as answer:
            return json.load(answer)

    def who_has(self, token):
        """User and groups, or None."""
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": token}}
        status = self.call("POST", "/apis/authentication.k8s.io/v1/tokenreviews", body)["status"]
        return (status["user"]["username"], status["user"]["groups"]) if status.get("authenticated") else None

    def review(self, user, groups, attributes):
        body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": {
            "user": user, "groups": groups, "resourceAttributes": {"group": GROUP, "version": VERSION, **attributes}}}
        return self.call("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", body)["status"]["allowed"]

    def put(self, kind, key, o):
        with self.changed:
            self.revision += 1
            o["metadata"]["resourceVersion"] = str(self.revision)
            if kind == "DELETED":
                self.objects.pop(key)
            else:
                self.objects[key] = o
            self.events.append((self.revision, kind, key, copy.deepcopy(o)))
            self.changed.notify_all()
        return o


def merge(into, patch):
    for k, v in patch.items():
        if v is None:
            into.pop(k, None)
        elif isinstance(v, dict) and isinstance(into.get(k), dict):
            merge(into[k], v)
        else:
            into[k] = v


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, v, **headers):
        body = v if isinstance(v, bytes) else json.dumps(v).encode()
        self.send_response(status)
        for k, x in {"Content-Type": "application/json", **headers}.items():
            self.send_header(k, x)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def fail(self, status, reason, message):
        self.answer(status, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": reason,
                             "message": message, "code": status})

    def chunk(self, body):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
        self.wfile.flush()

    def begin_chunks(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def misbehave(self, name):
        """False: it is an ordinary name."""
        if name == "redirect":
            self.answer(302, b"", Location="https://example.com/")
        elif name == "garbage":
            self.wfile.write(b"what?\r\n\r\n")
            self.close_connection = True
        elif name == "nothing":
            self.close_connection = True
        elif name == "short":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"only this")
            self.close_connection = True
        elif name == "huge":
            self.begin_chunks()
            for _ in range(1024):
                self.chunk(b"0123456789abcdef" * 4096)
            self.chunk(b"")
        elif name == "slow":
            time.sleep(30)
            self.answer(200, {})
        elif name == "endless":
            self.begin_chunks()
            while True:
                self.chunk(b" ")
                time.sleep(0.1)
        elif name == "echo":
            self.answer(200, {"path": self.path, "headers": [[k, v] for k, v in self.headers.items()]})
        else:
            return False
        return True

    def who(self):
        """Only the front proxy speaks for others; others show a token of their own."""
        peer = self.connection.getpeercert()
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not peer:
            return self.server.backend.who_has(token) if token else None
        names = [v for part in peer["subject"] for k, v in part if k == "commonName"]
        if names[0] not in self.server.backend.allowed or not self.headers.get("X-Remote-User"):
            return None
        return self.headers["X-Remote-User"], self.headers.get_all("X-Remote-Group") or []

    def is_allowed(self, user, groups, verb, ns, name):
        return "system:masters" in groups or self.server.backend.review(user, groups, {
            "verb": verb, "resource": "flunders", "namespace": ns, "name": name})

    def serve(self):
        try:
            self.route()
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    def route(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, query = self.path.partition("?")
        if os.path.exists(os.path.join(self.server.backend.folder, "away")):
            self.fail(500, "InternalError", "away")
        elif path == API:
            self.answer(200, RESOURCES)
        elif path == "/openapi/v3":
            self.answer(200, {"paths": {API[1:]: {"serverRelativeURL": f"/openapi/v3{API}?hash=1"}}})
        elif path == f"/openapi/v3{API}":
            self.answer(200, OPENAPI)
        elif path.startswith(API + "/"):
            self.flunders(path[len(API) + 1:].split("/"), query, body)
        else:
            self.fail(404, "NotFound", "the server could not find the requested resource")

    def flunders(self, parts, query, body):
        ns = parts[1] if parts[0] == "namespaces" else ""
        rest = parts[2:] if ns else parts
        if rest[0] != "flunders":
            self.fail(404, "NotFound", "the server could not find the requested resource")
            return
        name = rest[1] if len(rest) > 1 else ""
        verb = {"GET": "get" if name else "list", "POST": "create", "PUT": "update", "PATCH": "patch",
                "DELETE": "delete" if name else "deletecollection"}[self.command]
        if "watch=" in query:
            verb = "watch"
        who = self.who()
        if not who:
            self.fail(401, "Unauthorized", "Unauthorized")
        elif not self.is_allowed(*who, verb, ns, name):
            self.fail(403, "Forbidden", f"{who[0]} may not {verb} flunders")
        elif not self.misbehave(name):
            getattr(self, verb)(ns, name, body)

    def get(self, ns, name, _):
        o = self.server.backend.objects.get((ns, name))
        if o:
            self.answer(200, o)
        else:
            self.fail(404, "NotFound", f'flunders.{GROUP} "{name}" not found')

    def list(self, ns, _, __):
        b = self.server.backend
        with b.changed:
            items = [o for k, o in sorted(b.objects.items()) if ns in ("", k[0])]
            self.answer(200, {**KIND, "kind": "FlunderList", "metadata": {"resourceVersion": str(b.revision)},
                              "items": items})

    def create(self, ns, _, body):
        o = json.loads(body)
        key = (ns, o["metadata"]["name"])
        if key in self.server.backend.objects:
            self.fail(409, "AlreadyExists", f'flunders.{GROUP} "{key[1]}" already exists')
            return
        o["metadata"].update(namespace=ns, uid=f"uid-{self.server.backend.revision}",
                             creationTimestamp=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
        self.answer(201, self.server.backend.put("ADDED", key, o))

    def update(self, ns, name, body):
        self.answer(200, self.server.backend.put("MODIFIED", (ns, name), json.loads(body)))

    def patch(self, ns, name, body):
        o = copy.deepcopy(self.server.backend.objects.get((ns, name)))
        if not o:
            self.fail(404, "NotFound", f'flunders.{GROUP} "{name}" not found')
            return
        merge(o, json.loads(body))
        self.answer(200, self.server.backend.put("MODIFIED", (ns, name), o))

    def delete(self, ns, name, _):
        o = self.server.backend.objects.get((ns, name))
        if not o:
            self.fail(404, "NotFound", f'flunders.{GROUP} "{name}" not found')
            return
        self.server.backend.put("DELETED", (ns, name), o)
        self.answer(200, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"})

    def deletecollection(self, ns, _, __):
        b = self.server.backend
        for key in [k for k in b.objects if ns in ("", k[0])]:
            b.put("DELETED", key, b.objects[key])
        self.answer(200, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"})

    def watch(self, ns, name, _):
        b = self.server.backend
        self.begin_chunks()
        at = b.revision
        while True:
            with b.changed:
                b.changed.wait_for(lambda: b.events and b.events[-1][0] > at, timeout=60)
                events = [e for e in b.events if e[0] > at]
            for at, kind, key, o in events:
                if ns in ("", key[0]) and name in ("", key[1]):
                    self.chunk(json.dumps({"type": kind, "object": o}).encode() + b"\n")

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = serve

    def log_message(self, *args):
        pass


def main(folder, port, api):
    backend = Backend(folder, api)
    server = serve(folder, Handler, int(port), "", backend.trust["requestheader-client-ca-file"],
                   ssl.CERT_OPTIONAL)
    server.backend = backend
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
