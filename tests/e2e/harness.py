"""What end-to-end tests are written with: a running plane, its tenants, and clients for them.

    with Plane() as plane:
        acme = plane.tenant("acme")
        answer = acme.post("/api/v1/namespaces", {"metadata": {"name": "dev"}})

Everything lives in a temporary directory and ends with the test. A test waits with wait_until() and
asserts the answer it expects, never "some error".
"""
import base64
import contextlib
import fcntl
import glob
import http.client
import json
import os
import pwd
import select
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("E2E_BUILD", "build"))
TENANTS = "/apis/tenancy.hostplane.io/v1/tenants"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until(what, timeout=30.0, interval=0.05):
    """Call what() until it returns something true, which is returned."""
    end = time.monotonic() + timeout
    last = None
    while time.monotonic() < end:
        try:
            last = what()
            if last:
                return last
        except (OSError, http.client.HTTPException) as e:
            last = e
        time.sleep(interval)
    raise AssertionError(f"not within {timeout} s; last: {last!r}")


def wait_for_value(what, expected, timeout=30.0, interval=0.2, more=lambda: ""):
    """Call what() until it returns `expected`; a failure shows what it returned last, and more()."""
    last = []

    def look():
        last[:] = [what()]
        return last[0] == expected
    try:
        wait_until(look, timeout, interval)
    except AssertionError:
        raise AssertionError(f"{last and last[0]!r}, expected {expected!r}; {more()}") from None


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def message(self):
        return self.json.get("message")

    def __repr__(self):
        return f"<{self.status} {self.body[:400]!r}>"


class Client:
    """One identity on one cluster, over HTTPS; connections are kept, one a thread."""

    def __init__(self, server, ca_pem, cert=None, key=None, token=None, workdir=None):
        url = urllib.parse.urlsplit(server)
        self.host, self.port, self.prefix = url.hostname, url.port, url.path.rstrip("/")
        self.server, self.token = server, token
        self.ssl = ssl.create_default_context(cadata=ca_pem)
        if cert:
            d = tempfile.mkdtemp(dir=workdir)
            for name, text in (("cert.pem", cert), ("key.pem", key)):
                with open(os.path.join(d, name), "w") as f:
                    f.write(text)
            self.ssl.load_cert_chain(os.path.join(d, "cert.pem"), os.path.join(d, "key.pem"))
        self.local = threading.local()

    @classmethod
    def of_kubeconfig(cls, text, workdir, **changes):
        c = yaml.safe_load(text)
        cluster, user = c["clusters"][0]["cluster"], c["users"][0]["user"]

        def pem(key):
            return base64.b64decode(user[key]).decode() if key in user else None

        args = dict(server=cluster["server"],
                    ca_pem=base64.b64decode(cluster["certificate-authority-data"]).decode(),
                    cert=pem("client-certificate-data"), key=pem("client-key-data"),
                    token=user.get("token"), workdir=workdir)
        args.update(changes)
        return cls(**args)

    def at(self, server):
        """The same identity on another URL."""
        other = object.__new__(Client)
        other.__dict__.update(self.__dict__)
        url = urllib.parse.urlsplit(server)
        other.server, other.prefix = server, url.path.rstrip("/")
        other.host, other.port = url.hostname, url.port
        other.local = threading.local()
        return other

    def connection(self, fresh=False, timeout=60):
        c = getattr(self.local, "conn", None)
        # What can be read before anything was asked is the server's good-bye to an idle connection.
        if c is not None and c.sock is not None:
            fresh = fresh or c.sock.fileno() < 0 or bool(select.select([c.sock], [], [], 0)[0])
        if c is None or fresh:
            if c is not None:
                c.close()
            c = http.client.HTTPSConnection(self.host, self.port, context=self.ssl,
                                            timeout=timeout)
            self.local.conn = c
        return c

    def headers(self, more):
        h = {"Accept": "application/json"}
        if self.token:
            h["Authorization"] = "Bearer " + self.token
        h.update(more or {})
        return h

    def request(self, method, path, body=None, content_type="application/json", headers=None,
                raw_path=False):
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        h = self.headers(headers)
        if body is not None:
            h["Content-Type"] = content_type
        target = path if raw_path else self.prefix + path
        for attempt in (0, 1):
            reused = getattr(self.local, "conn", None) is not None and attempt == 0
            c = self.connection(fresh=attempt > 0)
            try:
                c.request(method, target, body=body, headers=h)
                r = c.getresponse()
                return Answer(r.status, r.headers, r.read())
            except (OSError, http.client.HTTPException):
                self.connection(fresh=True)
                # A kept connection may have been closed meanwhile; only then try again.
                if not reused or method != "GET":
                    raise
        raise AssertionError("not reached")

    def get(self, path, **kw):
        return self.request("GET", path, **kw)

    def post(self, path, body=None, **kw):
        return self.request("POST", path, body, **kw)

    def put(self, path, body=None, **kw):
        return self.request("PUT", path, body, **kw)

    def delete(self, path, body=None, **kw):
        return self.request("DELETE", path, body, **kw)

    def patch(self, path, body, content_type="application/merge-patch+json", **kw):
        return self.request("PATCH", path, body, content_type=content_type, **kw)

    def watch(self, path, timeout=30):
        """Events of a watch, as they come, until the server ends it or nothing comes."""
        c = http.client.HTTPSConnection(self.host, self.port, context=self.ssl, timeout=timeout)
        try:
            sep = "&" if "?" in path else "?"
            c.request("GET", f"{self.prefix}{path}{sep}watch=1", headers=self.headers(None))
            r = c.getresponse()
            if r.status != 200:
                raise AssertionError(f"watch: {Answer(r.status, r.headers, r.read())}")
            while True:
                line = r.readline()
                if not line:
                    return
                yield json.loads(line)
        except (OSError, http.client.HTTPException):
            return
        finally:
            c.close()


class Process:
    """A program under test, its log in a file."""

    def __init__(self, argv, log, env=None, user=None):
        self.argv, self.log_path = argv, log
        self.log = open(log, "ab")

        def drop():
            if user:
                os.initgroups(user.pw_name, user.pw_gid)
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)

        self.p = subprocess.Popen(argv, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL,
                                  env=env, preexec_fn=drop)

    @property
    def pid(self):
        return self.p.pid

    def is_alive(self):
        return self.p.poll() is None

    def text(self):
        with open(self.log_path, errors="replace") as f:
            return f.read()

    def stop(self, sig=signal.SIGTERM, timeout=30):
        if self.is_alive():
            self.p.send_signal(sig)
        try:
            code = self.p.wait(timeout)
        except subprocess.TimeoutExpired:
            self.p.kill()
            self.p.wait()
            raise AssertionError(f"{self.argv[0]} did not end within {timeout} s")
        self.log.close()
        return code


class Postgres:
    """A PostgreSQL of the test's own, which can be stopped and started."""

    def __init__(self, workdir):
        self.bin = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.dir = os.path.join(workdir, "pg")
        self.sock = os.path.join(workdir, "s")
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        self.log = os.path.join(workdir, "postgres.log")
        self.process = None
        os.makedirs(self.dir, 0o700)
        os.makedirs(self.sock, 0o755)
        if self.user:
            os.chown(self.dir, self.user.pw_uid, self.user.pw_gid)
            os.chown(self.sock, self.user.pw_uid, self.user.pw_gid)
        self.run("initdb", "-D", self.dir, "-U", "e2e", "-A", "trust", "--no-locale", "-E", "UTF8",
                 "-N")
        self.url = f"postgres://e2e@/postgres?host={urllib.parse.quote(self.sock, safe='')}"

    def run(self, program, *args):
        argv = [os.path.join(self.bin, program), *args]
        if self.user:
            argv = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *argv]
        return subprocess.run(argv, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              cwd="/").stdout

    def start(self):
        self.process = Process([os.path.join(self.bin, "postgres"), "-D", self.dir, "-c",
                                "listen_addresses=", "-c", f"unix_socket_directories={self.sock}"],
                               self.log, user=self.user)
        wait_until(lambda: self.sql("select 1") == "1")
        return self

    def sql(self, text):
        r = subprocess.run([os.path.join(self.bin, "psql"), "-h", self.sock, "-U", "e2e", "-d",
                            "postgres", "-XAtc", text], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, cwd="/")
        if r.returncode != 0:
            raise OSError(r.stderr.decode())
        return r.stdout.decode(errors="replace").strip()

    def files(self):
        """What a copy of its files has, while it runs: tables, write-ahead log, everything."""
        self.sql("checkpoint")
        found = []
        for folder, _, names in os.walk(self.dir):
            for name in names:
                with open(os.path.join(folder, name), "rb") as f:
                    found.append(f.read())
        return b"\n".join(found)

    def stop(self):
        if self.process:
            self.process.stop(signal.SIGINT)
            self.process = None


def run_bridge(what):
    return subprocess.run(["sh", "-c", f". {ROOT}/deploy/lib/bridge.sh; {what}"], check=True,
                          stdout=subprocess.PIPE, text=True).stdout


def hold_bridge():
    """The bridge that nodes are on, there until the file that this returns is closed."""
    f = open(run_bridge('printf %s "$BRIDGE_LOCK"'), "a")
    fcntl.flock(f, fcntl.LOCK_SH)
    run_bridge("bridge_up")
    return f


class Plane:
    """The server. Plane(external=True) gives it a PostgreSQL of its own (self.pg)."""

    def __init__(self, external=False, bridge=False, args=()):
        self.dir = tempfile.mkdtemp(prefix="hp-e2e-", dir="/tmp")
        os.chmod(self.dir, 0o711)
        self.bridge = None
        self.data = os.path.join(self.dir, "data")
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.args = list(args)
        if bridge:
            self.bridge_url = f"https://172.30.0.1:{self.port}"
            self.args += ["--listen", f"172.30.0.1:{self.port}"]
            if os.path.exists("/proc/net/if_inet6"):
                self.bridge_url6 = f"https://[fd00:172:30::1]:{self.port}"
                self.args += ["--listen", f"[fd00:172:30::1]:{self.port}"]
            self.bridge = hold_bridge()
        self.process = self.pg = self.admin = None
        self.tenants = {}
        if external:
            self.pg = Postgres(self.dir).start()
            self.args += ["--database-url", self.pg.url]

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *exc):
        self.close()

    def start(self):
        self.process = Process([os.path.join(BUILD, "hostplane"), "serve", "--data-dir", self.data,
                                "--listen", f"127.0.0.1:{self.port}", *self.args],
                               os.path.join(self.dir, "server.log"))
        try:
            wait_until(self.is_ready, 60)
        except AssertionError as e:
            raise AssertionError(f"the server is not ready: {e}\n{self.process.text()[-3000:]}")
        if self.admin is None:
            with open(os.path.join(self.data, "admin.kubeconfig")) as f:
                self.admin = Client.of_kubeconfig(f.read(), self.dir)
        return self

    def is_ready(self):
        if not self.process.is_alive():
            raise AssertionError(f"the server ended\n{self.process.text()[-3000:]}")
        c = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=5,
                                        context=ssl._create_unverified_context())
        try:
            c.request("GET", "/readyz")
            return c.getresponse().status == 200
        finally:
            c.close()

    def stop(self):
        code = self.process.stop()
        self.process = None
        return code

    def kill9(self):
        self.process.stop(signal.SIGKILL)
        self.process = None

    def close(self):
        if self.process and not self.process.is_alive():
            print(f"the server had ended:\n{self.process.text()[-2000:]}", flush=True)
        with contextlib.suppress(AssertionError):
            if self.process:
                self.stop()
        if self.pg:
            self.pg.stop()
        if self.bridge:
            self.bridge.close()
            run_bridge("bridge_drop")
        if not os.environ.get("E2E_KEEP"):
            shutil.rmtree(self.dir, ignore_errors=True)

    def log(self):
        with open(os.path.join(self.dir, "server.log"), errors="replace") as f:
            return f.read()

    def create_tenant(self, name, **spec):
        return self.admin.post(TENANTS, {"apiVersion": "tenancy.hostplane.io/v1", "kind": "Tenant",
                                         "metadata": {"name": name}, "spec": spec})

    def kubeconfig(self, name, token=False, **spec):
        spec.update(token=token, credential="token" if token else "certificate")
        a = self.admin.post(f"{TENANTS}/{name}/kubeconfig",
                            {"apiVersion": "tenancy.hostplane.io/v1", "kind": "TenantKubeconfig",
                             "spec": spec})
        if a.status not in (200, 201):
            raise AssertionError(f"kubeconfig of {name}: {a}")
        return a.json["status"]["kubeconfig"]

    def client(self, name, **kw):
        return Client.of_kubeconfig(self.kubeconfig(name, **kw), self.dir)

    def tenant(self, name, **spec):
        """The administrator of a tenant, which is created when it is not there."""
        if name not in self.tenants:
            a = self.create_tenant(name, **spec)
            if a.status not in (201, 409):
                raise AssertionError(f"creating {name}: {a}")
            self.tenants[name] = self.client(name)
        return self.tenants[name]


def free_index():
    """A number for a node that no other test on this machine has: (number, file that holds it)."""
    for index in range(77, 200):
        f = open(f"/tmp/hp-e2e-node-{index}.lock", "w")
        try:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return index, f
        except OSError:
            f.close()
    raise AssertionError("all numbers of nodes are taken")


class Agent:
    """A node on this machine (deploy/node-up: its own network, containerd and mounts) and the agent
    on it. The plane must listen on the bridge: Plane(bridge=True). Its number, and with it its name and
    address, is its own, so that runs beside each other do not meet."""

    def __init__(self, plane, args=()):
        index, self.lock = free_index()
        name = f"e2e-node{index}"
        self.plane, self.name, self.args = plane, name, list(args)
        self.dir = os.path.join(plane.dir, name)
        self.process = None
        os.makedirs(os.path.join(self.dir, "images"))
        subprocess.run([os.path.join(ROOT, "deploy/images/build"), os.path.join(self.dir, "images")],
                       check=True, stdout=subprocess.DEVNULL)
        out = subprocess.run([os.path.join(ROOT, "deploy/node-up"), name, self.dir, str(index)],
                             check=True, stdout=subprocess.PIPE, text=True).stdout
        self.env = dict(line.split("=", 1) for line in out.split())
        self.token = os.path.join(plane.dir, "join-token-" + name)
        config = os.path.join(plane.data, "admin.kubeconfig")
        out = subprocess.run([os.path.join(BUILD, "hpctl"), "--kubeconfig", config, "node", "token"],
                             check=True, stdout=subprocess.PIPE, text=True).stdout
        with open(self.token, "w") as f:
            f.write(out)

    def start(self):
        self.process = Process(
            ["nsenter", "-t", self.env["PID"], "-n", "-u", "-m",
             os.path.join(BUILD, "hostplane-agent"), "--server", self.plane.bridge_url,
             "--token-file", self.token, "--node-name", self.name, "--node-ip", self.env["ADDR"],
             "--data-dir", os.path.join(self.plane.dir, "agent-" + self.name), "--cri",
             "unix://" + self.env["SOCK"], "--cni-conf-dir", self.env["CNI"], *self.args],
            os.path.join(self.plane.dir, f"agent-{self.name}.log"))
        try:
            wait_until(self.is_ready, 60)
        except AssertionError as e:
            raise AssertionError(f"the node is not ready: {e}\n{self.process.text()[-3000:]}")
        return self

    def is_ready(self):
        a = self.plane.admin.get("/api/v1/nodes/" + self.name)
        return a.status == 200 and any(
            c["type"] == "Ready" and c["status"] == "True"
            for c in a.json.get("status", {}).get("conditions", []))

    def tasks(self):
        """Rows of id, process and state, as the runtime has them."""
        out = subprocess.run(["ctr", "-a", self.env["SOCK"], "-n", "k8s.io", "tasks", "ls"],
                             stdout=subprocess.PIPE, text=True, check=True).stdout
        return [line.split()[:3] for line in out.splitlines()]

    def containers(self):
        """The ids of all running containers."""
        return {id for id, _, state in self.tasks() if state == "RUNNING"}

    def pid_of(self, container):
        """A process of a container (its id as in a pod's status), as the machine numbers it."""
        return next(pid for id, pid, _ in self.tasks() if id == container.split("//")[1])

    def inside(self, container, script, *args):
        """A Python program in the network of a container; the caller ends it."""
        return subprocess.Popen(["nsenter", "-t", self.pid_of(container), "-n", "python3", "-c", script, *args],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def send_as(self, source, target, port):
        """The node sends one byte by UDP with an address that need not be its own."""
        script = ("import socket, struct, sys\n"
                  "a, b = (socket.inet_aton(x) for x in sys.argv[1:3])\n"
                  "s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)\n"
                  "udp = struct.pack('!HHHH', 4000, int(sys.argv[3]), 9, 0) + b'x'\n"
                  "ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 29, 0, 0, 64, 17, 0, a, b)\n"
                  "s.sendto(ip + udp, (sys.argv[2], 0))")
        subprocess.run(["nsenter", "-t", self.env["PID"], "-n", "python3", "-c", script, source,
                        target, str(port)], check=True)

    def neighbours(self):
        """Pairs of address and MAC address that the node knows, IPv6."""
        out = subprocess.run(["nsenter", "-t", self.env["PID"], "-n", "ip", "-6", "-json", "neigh"],
                             stdout=subprocess.PIPE, text=True, check=True).stdout
        return {(n["dst"], n.get("lladdr")) for n in json.loads(out)}

    def nft(self):
        """The node's packet rules."""
        return subprocess.run(["nsenter", "-t", self.env["PID"], "-n", "nft", "list", "ruleset"],
                              stdout=subprocess.PIPE, text=True, check=True).stdout

    def kill9(self):
        self.process.stop(signal.SIGKILL)
        self.process = None

    def close(self):
        with contextlib.suppress(AssertionError):
            if self.process:
                self.process.stop()
        subprocess.run([os.path.join(ROOT, "deploy/node-down"), self.name, self.dir],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        self.lock.close()


def start_nodes(case, n, make=Agent, args=()):
    """A plane and n nodes (case.plane, case.agents) for all tests of a class."""
    case.plane = case.enterClassContext(Plane(bridge=True, args=args))
    case.agents = []
    for _ in range(n):
        case.agents.append(make(case.plane))
        case.addClassCleanup(case.agents[-1].close)
        case.agents[-1].start()


class Kubectl:
    """The real kubectl, as an administrator of one tenant."""

    def __init__(self, plane, name):
        plane.tenant(name)
        self.home = tempfile.mkdtemp(dir=plane.dir)
        self.config = os.path.join(self.home, "config")
        with open(self.config, "w") as f:
            f.write(plane.kubeconfig(name))
        self.env = {"PATH": os.environ["PATH"], "HOME": self.home, "KUBECONFIG": self.config}

    def run(self, *args, stdin=None, timeout=60):
        r = subprocess.run(["kubectl", *args], input=stdin, env=self.env, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout)
        return r.returncode, r.stdout, r.stderr

    def __call__(self, *args, **kw):
        code, out, err = self.run(*args, **kw)
        if code != 0:
            raise AssertionError(f"kubectl {' '.join(args)}: {code}\n{out}{err}")
        return out

    def minor(self):
        """Its own version: 20 of Debian 12's package, newer elsewhere."""
        version = json.loads(self("version", "--client", "-o", "json"))["clientVersion"]
        return int(version["minor"].rstrip("+"))

    def popen(self, *args):
        return subprocess.Popen(["kubectl", *args], env=self.env, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)


_shared = None


def shared_plane():
    """One plane for all tests that neither stop nor harm it."""
    global _shared
    if _shared is not None and not _shared.process.is_alive():
        close_shared()  # a test killed it, and failed for that; the others go on
    if _shared is None:
        _shared = Plane()
        try:
            _shared.start()
        except BaseException:
            close_shared()
            raise
    return _shared


def close_shared():
    global _shared
    if _shared is not None:
        _shared.close()
        _shared = None
