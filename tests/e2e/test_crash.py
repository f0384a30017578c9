"""kill -9 of the server: what was acknowledged is there, watches go on where they were."""
import contextlib
import http.client
import os
import signal
import subprocess
import threading
import time
import unittest

from harness import Plane, wait_until

# As when all connections that PostgreSQL allows are taken: ours end and no new ones are let in.
ENDS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'"
CMS = "/api/v1/namespaces/default/configmaps"


def postgres_of(plane):
    """The processes of the embedded PostgreSQL that serve connections of the server."""
    out = subprocess.run(["pgrep", "-f", "postgres: hostplane postgres"], stdout=subprocess.PIPE,
                         check=False).stdout.decode()
    with open(os.path.join(plane.data, "postgres", "data", "postmaster.pid")) as f:
        postmaster = f.readline().strip()
    found = []
    for pid in out.split():
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as f:
            if f.read().rsplit(")", 1)[1].split()[1] == postmaster:
                found.append(int(pid))
    return found


def listed(client):
    """The objects, asking again after a 503 as clients do: name -> version."""
    a = wait_until(lambda: (lambda a: a if a.status != 503 else None)(client.get(CMS)), 30, 0.5)
    if a.status != 200:
        raise AssertionError(a)
    return {i["metadata"]["name"]: int(i["metadata"]["resourceVersion"]) for i in a.json["items"]}


class Writer(threading.Thread):
    """Creates objects one after the other and remembers what was acknowledged."""

    def __init__(self, client, tag):
        super().__init__(daemon=True)
        self.client, self.tag = client, tag
        self.acked, self.tried, self.halt = {}, 0, threading.Event()

    def run(self):
        while not self.halt.is_set():
            name = f"{self.tag}-{self.tried}"
            self.tried += 1
            try:
                a = self.client.post(CMS, {"metadata": {"name": name}, "data": {"n": name}})
                if a.status == 201:
                    self.acked[name] = int(a.json["metadata"]["resourceVersion"])
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)


class Watcher(threading.Thread):
    """Follows all changes, coming back with the last version it saw, as client-go does."""

    def __init__(self, client, version):
        super().__init__(daemon=True)
        self.client, self.version = client, version
        self.seen, self.gone, self.halt = [], 0, threading.Event()

    def run(self):
        while not self.halt.is_set():
            try:
                path = f"{CMS}?resourceVersion={self.version}&timeoutSeconds=30"
                for e in self.client.watch(path, timeout=5):
                    if e["type"] == "ERROR":
                        self.gone += 1
                        return
                    meta = e["object"]["metadata"]
                    self.version = int(meta["resourceVersion"])
                    if e["type"] != "BOOKMARK":
                        self.seen.append((self.version, e["type"], meta["name"]))
                    if self.halt.is_set():
                        return
            except (OSError, AssertionError):
                pass
            time.sleep(0.05)


class Crash(unittest.TestCase):
    def test_nothing_acknowledged_is_lost(self):
        with Plane(external=True) as plane:
            t = plane.tenant("crash")
            start = int(t.get(CMS).json["metadata"]["resourceVersion"])
            watcher = Watcher(plane.client("crash"), start)
            watcher.start()
            writers = [Writer(plane.client("crash"), f"w{i}") for i in range(4)]
            for w in writers:
                w.start()
            for _ in range(3):
                time.sleep(1.5)
                plane.kill9()
                time.sleep(0.3)
                plane.start()
            time.sleep(1)
            for w in writers:
                w.halt.set()
            for w in writers:
                w.join(30)
            acked = {k: v for w in writers for k, v in w.acked.items()}
            self.assertGreater(len(acked), 100, "the writers got something done")
            there = listed(t)
            lost = {k for k in acked if there.get(k) != acked[k]}
            self.assertFalse(lost, f"{len(lost)} of {len(acked)} acknowledged writes are lost")
            last = max(there.values())
            wait_until(lambda: watcher.seen and watcher.seen[-1][0] >= last, 30)
            watcher.halt.set()
            self.assertEqual(watcher.gone, 0)
            names = [n for _, kind, n in watcher.seen if kind == "ADDED"]
            self.assertEqual(len(names), len(set(names)), "an event came twice")
            made = {n for n, v in there.items() if v > start}
            self.assertEqual(set(names), made, "an event was lost")
            versions = [v for v, _, _ in watcher.seen]
            self.assertEqual(versions, sorted(versions), "events came out of order")

    def test_with_the_embedded_database(self):
        with Plane() as plane:
            t = plane.tenant("crash")
            w = Writer(plane.client("crash"), "e")
            w.start()
            time.sleep(1)
            plane.kill9()
            plane.start()
            w.halt.set()
            w.join(30)
            there = listed(t)
            self.assertFalse(set(w.acked) - set(there))
            self.assertGreater(len(w.acked), 10)
            self.assertEqual(plane.stop(), 0, "SIGTERM ends the server with 0")
            plane.start()
            self.assertEqual(listed(t), there)


class Outage(unittest.TestCase):
    """PostgreSQL is away for a while."""

    SECONDS = 20

    def test_503_with_retry_after_and_recovery(self):
        with Plane(external=True) as plane:
            t = plane.tenant("outage")
            self.assertEqual(t.post(CMS, {"metadata": {"name": "before"}}).status, 201)
            watcher = Watcher(plane.client("outage"),
                              int(t.get(CMS).json["metadata"]["resourceVersion"]))
            watcher.start()
            plane.pg.stop()
            end = time.monotonic() + self.SECONDS
            refused = 0
            while time.monotonic() < end:
                try:
                    a = t.post(CMS, {"metadata": {"name": f"during-{refused}"}})
                except (OSError, http.client.HTTPException):
                    continue
                self.assertEqual(a.status, 503, a)
                self.assertEqual(a.json["reason"], "ServiceUnavailable")
                self.assertTrue(int(a.headers["Retry-After"]) >= 1)
                refused += 1
                time.sleep(0.5)
            self.assertGreater(refused, 3)
            self.assertTrue(plane.process.is_alive())
            plane.pg.start()
            wait_until(lambda: t.post(CMS, {"metadata": {"name": "after"}}).status in (201, 409), 20)
            names = set(listed(t))
            self.assertTrue({"before", "after"} <= names)
            self.assertFalse([n for n in names if n.startswith("during-")])
            wait_until(lambda: "after" in [n for _, _, n in watcher.seen], 20)
            watcher.halt.set()


class Faults(unittest.TestCase):
    """What goes wrong with PostgreSQL ends without anybody starting the server again."""

    def write(self, t, name):
        a = t.post(CMS, {"metadata": {"name": name}})
        self.assertIn(a.status, (201, 409, 503), a)
        if a.status == 503:
            self.assertEqual(a.json["reason"], "ServiceUnavailable")
            self.assertTrue(int(a.headers["Retry-After"]) >= 1)
        return a.status

    def refused_then_well(self, t, name, mend=lambda: None, seconds=60):
        """Writes are refused, what is in memory is read; then both go on."""
        wait_until(lambda: self.write(t, name) == 503, 20, 0.2)
        self.assertEqual(t.get(f"{CMS}/before").status, 200, "a read from memory goes on")
        mend()
        wait_until(lambda: self.write(t, f"{name}-after") in (201, 409), seconds, 0.2)
        self.assertIn(f"{name}-after", listed(t))

    def test_an_external_database(self):
        with Plane(external=True) as plane:
            t, pg = plane.tenant("faults"), plane.pg
            self.assertEqual(self.write(t, "before"), 201)
            listed(t)
            with self.subTest("read-only"):
                pg.sql("ALTER SYSTEM SET default_transaction_read_only = on")
                pg.sql("SELECT pg_reload_conf()")

                def mend():
                    conf = os.path.join(pg.dir, "postgresql.auto.conf")
                    with open(conf, "w"):
                        pass
                    pg.sql("SELECT pg_reload_conf()")

                self.refused_then_well(t, "readonly", mend)
            with self.subTest("no connection is left"):
                def admin(text):
                    pg.run("psql", "-h", pg.sock, "-U", "e2e", "-d", "template1", "-c", text)

                admin("ALTER DATABASE postgres ALLOW_CONNECTIONS false")
                admin(ENDS)
                self.refused_then_well(
                    t, "full", lambda: admin("ALTER DATABASE postgres ALLOW_CONNECTIONS true"))

    def test_an_embedded_database_that_takes_no_connections(self):
        with Plane() as plane:
            t = plane.tenant("faults")
            self.assertEqual(self.write(t, "before"), 201)
            listed(t)
            sock = os.path.join(plane.data, "postgres", "sock")
            time.sleep(3)  # PostgreSQL was seen to be well
            os.unlink(os.path.join(sock, ".s.PGSQL.5432"))
            for pid in postgres_of(plane):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
            self.refused_then_well(t, "socket")
            self.assertIn("takes no connections and is stopped", plane.log())
            self.assertIn("PostgreSQL ended and is started again", plane.log())


class Drain(unittest.TestCase):
    def test_sigterm_lets_writes_finish(self):
        with Plane() as plane:
            t = plane.tenant("drain")
            w = Writer(plane.client("drain"), "d")
            w.start()
            time.sleep(0.7)
            self.assertEqual(plane.stop(), 0)
            w.halt.set()
            w.join(30)
            plane.start()
            there = listed(t)
            self.assertFalse(set(w.acked) - set(there))
