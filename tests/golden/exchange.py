"""Runs one recorded scenario against a cluster and says how the answers differ. README.md has the format."""
import http.client
import json
import re
import secrets
import time
import urllib.parse

from compare import Masks, comparable, differences, dig

PATIENCE = 30.0  # seconds that a `wait` has at least: a loaded machine may be slower than the recorded one
REPEATED = re.compile(r"\{x\*(\d+)\}")


class Cluster:
    """One connection to a cluster; used by one thread."""

    def __init__(self, server, context, token):
        url = urllib.parse.urlsplit(server)
        self.host, self.prefix = url.netloc, url.path.rstrip("/")
        self.context, self.token, self.conn = context, token, None

    def connect(self, timeout=60):
        return http.client.HTTPSConnection(self.host, context=self.context, timeout=timeout)

    def send(self, conn, method, path, body, headers, is_anonymous=False):
        conn.putrequest(method, self.prefix + path, skip_accept_encoding=True)
        if self.token and not is_anonymous:
            conn.putheader("Authorization", "Bearer " + self.token)
        for name, value in headers.items():
            for v in value if isinstance(value, list) else [value]:
                conn.putheader(name, v)
        if body is not None or method in ("POST", "PUT", "PATCH"):
            conn.putheader("Content-Length", str(len(body or b"")))
        conn.endheaders(body)
        return conn.getresponse()

    def call(self, method, path, body=None, headers=None, is_anonymous=False):
        """(response, its bytes)"""
        headers = headers or {}
        if is_anonymous:
            conn = self.connect()
            try:
                r = self.send(conn, method, path, body, headers, True)
                return r, r.read()
            finally:
                conn.close()
        for attempt in (0, 1):
            is_kept = self.conn is not None
            try:
                self.conn = self.conn or self.connect()
                r = self.send(self.conn, method, path, body, headers)
                return r, r.read()
            except (http.client.HTTPException, OSError):
                self.conn = None
                if attempt or not is_kept:
                    raise
        raise AssertionError("not reached")

    def follow(self, method, path, headers, seconds, wants, patience, is_anonymous=False):
        """(response, lines) of a stream read for so long, and up to `patience` more while fewer lines
        came than wanted."""
        conn = self.connect(seconds + patience)
        try:
            r = self.send(conn, method, path, None, headers, is_anonymous)
            if r.status != 200:
                return r, r.read()
            sock, data, begin = conn.sock, b"", time.monotonic()
            while True:
                spent = time.monotonic() - begin
                limit = seconds if len(events_of(data)) >= wants else seconds + patience
                if spent >= limit:
                    break
                try:
                    sock.settimeout(max(0.01, limit - spent))
                    chunk = r.read1(65536)
                except TimeoutError:
                    break  # a response that timed out once cannot be read on
                if not chunk:
                    break
                data += chunk
            return r, data
        finally:
            conn.close()


def events_of(data):
    """The lines of a stream that are compared: bookmarks come when they come, but for the one that ends
    the initial events."""
    lines = []
    for line in data.decode("utf-8", "replace").split("\n"):
        if not line.strip():
            continue
        is_bookmark = re.search(r'"type"\s*:\s*"BOOKMARK"', line)
        if not is_bookmark or "k8s.io/initial-events-end" in line:
            try:
                json.loads(line)
                lines.append(line)
            except ValueError:
                pass
    return lines


def fill(value, words):
    """Put saved values and repetitions into a path or body."""
    if isinstance(value, dict):
        return {fill(k, words): fill(v, words) for k, v in value.items()}
    if isinstance(value, list):
        return [fill(v, words) for v in value]
    if isinstance(value, str):
        for k, v in words.items():
            value = value.replace("{" + k + "}", str(v))
        return REPEATED.sub(lambda m: "x" * int(m.group(1)), value)
    return value


def request_of(step, words):
    """(method, path, body, headers) of a step."""
    method, path = step["do"].split(" ", 1)
    headers = {"Accept": step.get("accept", "application/json")}
    body = None
    if "raw" in step:
        body = fill(step["raw"], words).encode()
    elif "send" in step:
        body = json.dumps(fill(step["send"], words)).encode()
    if body is not None:
        headers["Content-Type"] = step.get("type", "application/json")
    if "as" in step:
        headers["Impersonate-User"] = fill(step["as"], words)
    if "groups" in step:
        headers["Impersonate-Group"] = [fill(g, words) for g in step["groups"]]
    headers.update(fill(step.get("headers", {}), words))
    return method, fill(path, words), body, headers


def json_or_none(data):
    try:
        return json.loads(data)
    except ValueError:
        return None


def holds(wait, data):
    v = dig(json_or_none(data), wait["path"])
    return v == wait["is"] if "is" in wait else v is not None


def perform(cluster, step, words, patience):
    method, path, body, headers = request_of(step, words)
    is_anonymous = step.get("anonymous", False)
    if "stream" in step:
        return cluster.follow(method, path, headers, step["stream"], len(step.get("events", [])),
                              patience, is_anonymous)
    wait = step.get("wait")
    end = time.monotonic() + max(wait.get("for", 10), patience) if wait else 0
    while True:
        r, data = cluster.call(method, path, body, headers, is_anonymous)
        if not wait or holds(wait, data) or time.monotonic() > end:
            return r, data
        time.sleep(0.1)


def answer_of(step, masks, response, data):
    """The masked answer, under the same keys as a recorded step has."""
    out = {"code": response.status}
    is_json = "json" in (response.getheader("Content-Type") or "")
    if "stream" in step and response.status == 200:
        out["events"] = [comparable(step, masks, line) for line in events_of(data)]
    elif is_json and json_or_none(data) is not None:
        out["paths" if "only" in step else "answer"] = comparable(step, masks, data)
    elif "only" in step and not is_json:
        out["paths"] = {p: None for p in step["only"]}
    elif data or is_json:
        out["text"] = masks.text(data.decode("utf-8", "replace"))
    if step.get("warnings") is not None:
        out["warnings"] = [masks.text(w) for w in response.msg.get_all("Warning") or []]
    return out


def with_paths(step):
    """A recorded step with its list of compared paths, which an answer of paths implies."""
    return {**step, "only": list(step["paths"])} if "paths" in step else step


def run(cluster, scenario, patience=PATIENCE):
    """Lines that say how the cluster's answers differ from the recorded ones."""
    ns = "g-" + secrets.token_hex(4)
    words, masks, found = {"ns": ns}, Masks(ns), []
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ns}}
    cluster.call("POST", "/api/v1/namespaces", json.dumps(namespace).encode(),
                 {"Content-Type": "application/json"})
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        r, _ = cluster.call("GET", f"/api/v1/namespaces/{ns}/serviceaccounts/default")
        if r.status == 200:
            break
        time.sleep(0.05)
    try:
        for i, step in enumerate(map(with_paths, scenario["steps"])):
            r, data = perform(cluster, step, words, patience)
            for name, path in step.get("save", {}).items():
                words[name] = dig(json_or_none(data), path)
            got = answer_of(step, masks, r, data)
            want = {k: step[k] for k in ("code", "answer", "paths", "events", "text", "warnings") if k in step}
            found += [f"step {i + 1} ({step['do']}){d}" for d in differences(want, got)]
    finally:
        for path in scenario.get("cleanup", []):
            cluster.call("DELETE", fill(path, words))
        cluster.call("DELETE", "/api/v1/namespaces/" + ns)
    return found
