"""What goes wrong while clients work: one fault after the other, chosen by a seed."""
import contextlib
import os
import random
import selectors
import signal
import socket
import subprocess
import threading
import time

TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'hostplane%'"
# Where the server kills itself (base/fault.h), on the how-manieth pass.
POINTS = ("store.commit.before", "store.commit.sent", "store.commit.confirmed", "store.commit.applied")


class Proxy(threading.Thread):
    """A TCP proxy in front of the server whose connections can be cut."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.target = ("127.0.0.1", port)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.wants_cut = False
        self.peers = {}

    def run(self):
        while True:
            for key, _ in self.selector.select(0.05):
                if key.fileobj is self.listener:
                    self.accept()
                elif key.fileobj in self.peers:
                    self.move(key.fileobj)
            if self.wants_cut:
                for s in list(self.peers):
                    self.drop(s)
                self.wants_cut = False

    def accept(self):
        a, _ = self.listener.accept()
        try:
            b = socket.create_connection(self.target)
        except OSError:
            a.close()
            return
        self.peers[a], self.peers[b] = b, a
        for s in (a, b):
            self.selector.register(s, selectors.EVENT_READ)

    def move(self, s):
        try:
            data = s.recv(65536)
            if data:
                self.peers[s].sendall(data)
                return
        except OSError:
            pass
        self.drop(s)

    def drop(self, s):
        for x in (s, self.peers.get(s)):
            if self.peers.pop(x, None) is not None:
                self.selector.unregister(x)
                x.close()

    def cut(self):
        self.wants_cut = True


class Faults:
    """`plane` is a harness.Plane with a PostgreSQL of its own on a small_disk()."""

    KINDS = ("cut", "terminate", "kill", "point", "postgres", "disk_full")

    def __init__(self, plane, proxy, seed):
        self.plane, self.proxy, self.random = plane, proxy, random.Random(seed)
        self.counts = dict.fromkeys(self.KINDS, 0)

    def one(self):
        kind = min(self.counts, key=lambda k: (self.counts[k], self.random.random()))
        getattr(self, kind)()
        self.counts[kind] += 1

    def cut(self):
        self.proxy.cut()

    def terminate(self):
        self.plane.pg.sql(TERMINATE)

    def kill(self):
        self.plane.kill9()
        self.plane.start()

    def point(self):
        """The server is killed at one step of a commit: by itself, once it is told so by its environment."""
        point = self.random.choice(POINTS)
        os.environ["HOSTPLANE_FAULTS"] = f"{point}=kill@{self.random.randint(30, 120)}"
        try:
            self.plane.stop()
            self.plane.start()
        finally:
            del os.environ["HOSTPLANE_FAULTS"]
        self.plane.process.p.wait(60)
        self.plane.process = None
        self.plane.start()

    def postgres(self):
        self.plane.pg.process.stop(signal.SIGQUIT)
        time.sleep(self.random.choice((0, 0.5, 3)))  # shorter and longer than writes wait
        self.plane.pg.start()

    def disk_full(self):
        """PostgreSQL can write nothing for a while; it may give up, or come back by itself."""
        filler = os.path.join(self.plane.pg.dir, "filler")
        with open(filler, "wb", buffering=0) as f:
            try:
                while True:
                    f.write(bytes(1 << 16))
            except OSError:
                pass
        time.sleep(self.random.choice((0.5, 3)))
        os.unlink(filler)
        time.sleep(0.5)
        if not self.plane.pg.process.is_alive():
            self.plane.pg.start()


@contextlib.contextmanager
def small_disk(pg, megabytes=300):
    """The data of a running harness.Postgres on a file system of their own, which can be filled."""
    pg.stop()
    subprocess.run(["mv", pg.dir, pg.dir + ".disk"], check=True)
    os.mkdir(pg.dir)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", pg.dir], check=True)
    try:
        subprocess.run(["cp", "-a", pg.dir + ".disk/.", pg.dir], check=True)
        subprocess.run(["chown", "--reference", pg.dir + ".disk", pg.dir], check=True)
        with open(os.path.join(pg.dir, "postgresql.auto.conf"), "a") as f:
            f.write("max_wal_size = 64MB\n")
        yield pg.start()
    finally:
        pg.stop()
        subprocess.run(["umount", pg.dir], check=True)
