"""A Vault for tests: KV version 2, tokens with leases, AppRole, Kubernetes and user/password logins, over TLS on loopback.

    with Vault() as v:
        v.put("app/db", {"user": "bob"})
        token = v.token(ttl=60)

What it is asked is in v.asked. v.mode makes it fail: "sealed", "slow", "huge", "malformed", "echo" (a refusal that
repeats the token), "hang".
"""
import base64
import http.server
import json
import secrets
import threading
import time
import urllib.parse

from tlsserver import Service


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body=None):
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for k, v in {"Content-Type": "application/json", "Content-Length": str(len(data)), "Connection": "close"}.items():
            self.send_header(k, v)
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            pass

    def refuse(self, status, *errors):
        self.answer(status, {"errors": list(errors)})

    def fail(self, mode):
        """True: the mode has answered."""
        if mode == "sealed":
            self.refuse(503, "Vault is sealed")
        elif mode == "malformed":
            self.answer(200, b'{"data": {"data": ')
        elif mode == "huge":
            self.answer(200, {"data": {"data": {"x": "y" * (4 << 20)}, "metadata": {}}})
        elif mode == "echo":
            self.refuse(403, "no entry for " + (self.headers.get("X-Vault-Token") or ""))
        elif mode == "hang":
            time.sleep(15)
        else:
            if mode == "slow":
                time.sleep(2)
            return False
        return True

    def do(self):
        v = self.server.service
        url = urllib.parse.urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urllib.parse.unquote(url.path)
        with v.lock:
            v.n_running += 1
            v.most_running = max(v.most_running, v.n_running)
            v.asked.append(f"{self.command} {path}" + (f"?{url.query}" if url.query else ""))
            v.namespaces.append(self.headers.get("X-Vault-Namespace"))
        try:
            if not self.fail(v.mode):
                self.route(v, path.removeprefix("/v1/"), dict(urllib.parse.parse_qsl(url.query)), json.loads(body or b"{}"))
        finally:
            with v.lock:
                v.n_running -= 1

    do_GET = do_POST = do

    def route(self, v, path, query, body):
        if path.startswith("auth/token/"):
            return self.own_token(v, path.removeprefix("auth/token/"))
        if path.startswith("auth/"):
            return self.log_in(v, path, body)
        if not v.is_good(self.headers.get("X-Vault-Token")):
            return self.refuse(403, "permission denied")
        mount, _, rest = path.partition("/")
        part, _, key = rest.partition("/")
        if mount != "secret":
            return self.refuse(403, "preflight capability check returned 403, please ensure client's policies grant access to path")
        if key in v.denied:
            return self.refuse(403, "1 error occurred:\n\t* permission denied\n\n")
        if part == "metadata" and query.get("list") == "true":
            return self.list(v, key)
        return self.read(v, key, query.get("version"))

    def read(self, v, key, version):
        versions = v.secrets.get(key)
        n = int(version) if version and version != "0" else len(versions or ())
        if not versions or n > len(versions):
            return self.refuse(404)
        data = versions[n - 1]
        meta = {"version": n, "created_time": "2026-01-01T00:00:00Z", "deletion_time": "" if data is not None else "2026-01-02T00:00:00Z",
                "destroyed": False, "custom_metadata": None}
        self.answer(200 if data is not None else 404, {"data": {"data": data, "metadata": meta}})

    def list(self, v, folder):
        folder = folder.rstrip("/") + "/" if folder.strip("/") else ""
        names = sorted({k[len(folder):].split("/")[0] + ("/" if "/" in k[len(folder):] else "")
                        for k in v.secrets if k.startswith(folder)})
        return self.answer(200, {"data": {"keys": names}}) if names else self.refuse(404)

    def own_token(self, v, what):
        token = self.headers.get("X-Vault-Token")
        if not v.is_good(token):
            return self.refuse(403, "permission denied")
        t = v.tokens[token]
        if what == "lookup-self":
            ttl = max(int(t["ends"] - time.time()), 1) if t["ends"] else 0
            return self.answer(200, {"data": {"ttl": ttl, "renewable": t["renewable"], "id": token}})
        if what != "renew-self":
            return self.refuse(404)
        if not t["renewable"] or v.refuses_renewal:
            return self.refuse(400, "lease is not renewable")
        t["ends"] = time.time() + t["ttl"]
        t["renewed"] += 1
        self.answer(200, {"auth": {"client_token": token, "lease_duration": t["ttl"], "renewable": True}})

    def log_in(self, v, path, body):
        how = None
        if path == "auth/approle/login":
            how = v.approles.get((body.get("role_id"), body.get("secret_id")))
        elif path == "auth/kubernetes/login":
            how = v.kubernetes and v.kubernetes(body.get("role"), body.get("jwt"))
        elif path.startswith("auth/userpass/login/"):
            how = v.users.get((path.rpartition("/")[2], body.get("password")))
        if not how:
            return self.refuse(400, "invalid role or secret ID")
        with v.lock:
            v.logins += 1
        token = v.token(**how)
        self.answer(200, {"auth": {"client_token": token, "lease_duration": how.get("ttl", 3600), "renewable": how.get("renewable", True)}})


class Vault(Service):
    def __init__(self):
        super().__init__(Handler)
        self.lock = threading.Lock()
        self.mode = None
        self.secrets, self.tokens, self.approles, self.users = {}, {}, {}, {}
        self.denied, self.asked, self.namespaces = set(), [], []
        self.kubernetes = None
        self.refuses_renewal = False
        self.logins = self.n_running = self.most_running = 0

    @property
    def ca_bundle(self):
        return base64.b64encode(self.ca.encode()).decode()

    def put(self, key, data):
        """A new version; None: it is deleted."""
        self.secrets.setdefault(key, []).append(data)

    def token(self, ttl=3600, renewable=True):
        t = "hvs." + secrets.token_urlsafe(60)
        self.tokens[t] = {"ttl": ttl, "ends": time.time() + ttl if ttl else 0, "renewable": renewable, "renewed": 0}
        return t

    def is_good(self, token):
        t = self.tokens.get(token)
        return bool(t) and (not t["ends"] or t["ends"] > time.time())

    def count(self, path):
        with self.lock:
            return sum(a.partition(" ")[2].partition("?")[0] == path for a in self.asked)
