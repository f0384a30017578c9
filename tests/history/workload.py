"""Clients that record what they do: writers and readers of a few keys, listers, watchers."""
import http.client
import itertools
import json
import random
import threading
import time

from checker import Event, Listing, Op, Watching

PATH = "/api/v1/namespaces/default/configmaps"
COLORS = ("red", "green", "blue")
NAMES = [f"k{i}" for i in range(12)]
BROKEN = (OSError, http.client.HTTPException, ValueError)

# What a client does next: kind, weight.
MIX = (("get", 28), ("update", 26), ("put", 6), ("patch", 10), ("create", 16), ("delete", 9), ("list", 5))


def state_of(obj):
    """(key, revision, uid, id of the write) of an object of ours; None for others."""
    meta = obj["metadata"]
    op = (obj.get("data") or {}).get("op")
    return (meta["name"], int(meta["resourceVersion"]), meta["uid"], op) if op else None


class Worker(threading.Thread):
    """Runs step() until told to stop. `halt` is an Event that all workers share."""

    def __init__(self, client, halt, name, seed):
        super().__init__(daemon=True, name=name)
        self.client, self.halt, self.random = client, halt, random.Random(seed)
        self.failure = None

    def run(self):
        try:
            while not self.halt.is_set():
                self.step()
        except Exception as e:  # a defect of the tester must not look like a quiet client
            self.failure = e
            raise

    def ask(self, method, path, body=None, **kw):
        """The answer, or None when it is not known whether the request was done."""
        try:
            a = self.client.request(method, path, body, **kw)
            return None if a.status >= 500 else a
        except BROKEN:
            self.client.connection(fresh=True)
            self.halt.wait(0.05)
            return None


class Caller(Worker):
    """One request after the other for random keys."""

    def __init__(self, *args):
        super().__init__(*args)
        self.ops, self.lists, self.numbers = [], [], itertools.count()
        self.known = {}  # key -> (revision, uid) as last seen

    def step(self):
        kind = self.random.choices([k for k, _ in MIX], [w for _, w in MIX])[0]
        if kind == "list":
            self.list()
        else:
            self.single(kind)

    def single(self, kind):
        key = self.random.choice(NAMES)
        op = Op(f"{self.name}-{next(self.numbers)}", kind, key, 0, color=self.random.choice(COLORS))
        self.ops.append(op)
        revision, uid = self.known.get(key, (0, ""))
        if kind == "update" or kind == "delete" and self.random.random() < 0.5:
            op.expect = revision
        op.t0 = time.monotonic()
        a = self.send(op)
        t1 = time.monotonic()
        if a is None:
            return
        op.t1 = t1
        self.take(op, a)

    def send(self, op):
        path = f"{PATH}/{op.key}"
        body = {"metadata": {"name": op.key, "labels": {"color": op.color}}, "data": {"op": op.id}}
        if op.kind == "get":
            return self.ask("GET", path)
        if op.kind == "create":
            return self.ask("POST", PATH, body)
        if op.kind == "patch":
            return self.ask("PATCH", path, body, content_type="application/merge-patch+json")
        if op.kind == "delete":
            return self.ask("DELETE", path, {"kind": "DeleteOptions", "apiVersion": "v1", "preconditions":
                                             {"resourceVersion": str(op.expect)}} if op.expect else None)
        if op.expect:
            body["metadata"]["resourceVersion"] = str(op.expect)
        return self.ask("PUT", path, body)

    def take(self, op, a):
        if a.status in (200, 201):
            op.outcome = "ok"
            self.take_object(op, a.json)
        elif a.status == 404:
            op.outcome = "absent"
            self.known.pop(op.key, None)
        elif a.status == 409:
            op.outcome = {"AlreadyExists": "exists", "Conflict": "conflict"}[a.json["reason"]]
            if op.outcome == "conflict" and not op.expect:
                op.outcome = "refused"  # a patch or blind write that lost too many races
        elif a.status == 429:
            op.outcome = "refused"
        else:
            raise AssertionError(f"{op}: {a}")

    def take_object(self, op, obj):
        if op.kind == "delete":
            op.uid = obj["details"]["uid"]
            self.known.pop(op.key, None)
            return
        key, op.revision, op.uid, saw = state_of(obj)
        if op.kind == "get":
            op.saw = saw
        elif saw != op.id:
            raise AssertionError(f"{op} was answered with the state of {saw}")
        self.known[key] = op.revision, op.uid

    def list(self):
        color = self.random.choice(("", "") + COLORS)
        cached, limit = self.random.random() < 0.3, self.random.choice((0, 0, 5))
        query = f"labelSelector=color%3D{color}&" if color else ""
        query += "resourceVersion=0" if cached else f"limit={limit}"
        x = Listing(time.monotonic(), 0, 0, {}, color, not cached)
        token = ""
        while token is not None:
            a = self.ask("GET", f"{PATH}?{query}" + (f"&continue={token}" if token else ""))
            if a is None or a.status == 410:
                return
            if a.status != 200:
                raise AssertionError(f"list: {a}")
            found = a.json
            revision = int(found["metadata"]["resourceVersion"])
            if x.revision not in (0, revision):
                raise AssertionError(f"a page at {revision} of a list at {x.revision}")
            x.revision = revision
            for key, at, _, op in filter(None, map(state_of, found["items"])):
                if key in x.objects:
                    raise AssertionError(f"{key} is twice in a list at {revision}")
                x.objects[key] = at, op
            token = found["metadata"].get("continue")
        x.t1 = time.monotonic()
        self.lists.append(x)


class Watcher(Worker):
    """Follows the events, of one color or all, from `start` until one is of the key `until`; comes back with the
    revision it saw last when it is cut off."""

    def __init__(self, client, halt, name, seed, start, color="", until="end"):
        super().__init__(client, halt, name, seed)
        self.watching = Watching(start, [], color, end=start)
        self.until, self.is_done, self.n_cuts = until, threading.Event(), 0

    def step(self):
        w = self.watching
        path = f"{PATH}?allowWatchBookmarks=true&resourceVersion={w.end}&timeoutSeconds={self.random.randint(3, 30)}"
        if w.color:
            path += f"&labelSelector=color%3D{w.color}"
        try:
            for e in self.client.watch(path, timeout=40):
                self.take(e)
                if self.halt.is_set() or self.is_done.is_set():
                    return
        except (*BROKEN, AssertionError):
            pass  # the server is away: AssertionError is watch()'s word for an answer other than 200
        self.n_cuts += 1
        self.halt.wait(0.1)

    def run(self):
        while not self.halt.is_set() and not self.is_done.is_set():
            try:
                self.step()
            except Expired as e:
                self.failure = e
                return

    def take(self, e):
        w = self.watching
        if e["type"] == "ERROR":
            if e["object"].get("code") == 410:
                raise Expired(f"a watch from {w.end} was told 410: {e['object'].get('message')}")
            raise OSError(json.dumps(e))
        if e["type"] == "BOOKMARK":
            revision = int(e["object"]["metadata"]["resourceVersion"])
            w.bookmarks.append((len(w.events), revision))
            w.end = max(w.end, revision)
            return
        found = state_of(e["object"])
        if found is None:
            return
        key, revision, uid, op = found
        w.events.append(Event(revision, e["type"], key, uid, op))
        w.end = max(w.end, revision)
        if key == self.until:
            self.is_done.set()


class Expired(Exception):
    pass
