#!/usr/bin/env python3
"""startup.py: how soon a server answers after exec, with many tenants and objects in its database.

    bench/startup.py DIR [--build build] [--tenants 10000] [--objects 1000000] [--runs 5]

DIR keeps the server's data between runs. Tenants are made through the API (hpbench provision), the objects, ConfigMaps of
256 bytes spread over the tenants, by SQL; needs the embedded PostgreSQL. Each run: start, time until /readyz is 200 and until
a ConfigMap of a tenant was read, stop. One line of JSON; cpu_s is the server's processor time until it was ready.
"""
import argparse
import base64
import http.client
import json
import os
import pwd
import shutil
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import time

import yaml

FILL = """
INSERT INTO object (cluster, resource, ns, name, revision, flags, body)
SELECT c.id, 'configmaps', 'default', 'fill-' || i, 2, 0, convert_to(
    '{"metadata":{"name":"fill-' || i || '","namespace":"default","uid":"' || gen_random_uuid()
    || '","creationTimestamp":"2026-01-01T00:00:00Z"},"data":{"text":"' || repeat('x', 256) || '"}}', 'UTF8')
FROM (SELECT id FROM cluster WHERE id > 2 AND state = 0 ORDER BY id LIMIT %(tenants)d) c,
     generate_series(1, %(each)d) i
ON CONFLICT DO NOTHING"""


class Server:
    def __init__(self, args):
        self.args, self.data = args, os.path.join(args.dir, "data")
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [os.path.join(args.build, "hostplane"), "serve", "--data-dir", self.data, "--listen",
             f"127.0.0.1:{self.port}"],
            stdout=open(os.path.join(args.dir, "log"), "a"), stderr=subprocess.STDOUT)
        while self.ask("/readyz") != 200:
            if self.process.poll() is not None:
                sys.exit(f"the server ended; see {args.dir}/log")
            time.sleep(0.002)
        self.ready_s = time.monotonic() - self.began
        with open(f"/proc/{self.process.pid}/stat") as f:
            ticks = f.read().rsplit(")", 1)[1].split()
        self.cpu_s = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, path, **tls):
        context = ssl._create_unverified_context()
        if tls:
            context.load_cert_chain(**tls)
        c = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)
        try:
            c.request("GET", path)
            return c.getresponse().status
        except OSError:
            return 0
        finally:
            c.close()

    def admin(self):
        with open(os.path.join(self.data, "admin.kubeconfig")) as f:
            user = yaml.safe_load(f)["users"][0]["user"]
        files = {}
        for what, key in (("certificate", "certfile"), ("key", "keyfile")):
            files[key] = os.path.join(self.args.dir, f"admin.{what}")
            with open(files[key], "wb") as f:
                f.write(base64.b64decode(user[f"client-{what}-data"]))
        return files

    def sql(self, text):
        argv = ["psql", "-h", os.path.join(self.data, "postgres", "sock"), "-U", "hostplane", "-d",
                "postgres", "-XAtc", text]
        if os.geteuid() == 0:
            user = next(u for u in ("postgres", "nobody") if any(p.pw_name == u for p in pwd.getpwall()))
            argv = ["setpriv", f"--reuid={user}", "--clear-groups", *argv]
        return subprocess.run(argv, check=True, stdout=subprocess.PIPE, cwd="/").stdout.decode().strip()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def fill(args):
    s = Server(args)
    admin = s.admin()
    while int(s.sql("SELECT count(*) FROM cluster WHERE id > 2 AND state = 0")) < args.tenants:
        subprocess.run([os.path.join(args.build, "hpbench"), "provision", "--server",
                        f"https://127.0.0.1:{s.port}", "--cert", admin["certfile"], "--key", admin["keyfile"],
                        "--workers", "32", "--seconds", "5"], check=True, stdout=subprocess.DEVNULL)
    s.sql(FILL % {"tenants": args.tenants, "each": args.objects // args.tenants})
    print("filled:", s.sql("SELECT count(*) FROM object"), "rows,",
          s.sql("SELECT pg_size_pretty(pg_database_size('postgres'))"), file=sys.stderr)
    s.stop()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("dir")
    p.add_argument("--build", default="build")
    p.add_argument("--tenants", type=int, default=10000)
    p.add_argument("--objects", type=int, default=1000000)
    p.add_argument("--runs", type=int, default=5)
    args = p.parse_args()
    args.dir = os.path.abspath(args.dir)
    os.makedirs(args.dir, 0o711, exist_ok=True)
    if not shutil.which("psql"):
        sys.exit("psql is needed")
    fill(args)
    ready, read, cpu = [], [], []
    for _ in range(args.runs):
        s = Server(args)
        ready.append(s.ready_s)
        cpu.append(s.cpu_s)
        name = s.sql("SELECT name FROM cluster WHERE id > 2 AND state = 0 ORDER BY id LIMIT 1")
        at = time.monotonic()
        status = s.ask(f"/clusters/{name}/api/v1/namespaces/default/configmaps/fill-1", **s.admin())
        read.append(time.monotonic() - at)
        if status not in (200, 401, 403):
            sys.exit(f"reading answers {status}")
        s.stop()
    print(json.dumps({"bench": "startup", "tenants": args.tenants, "objects": args.objects,
                      "ready_s": round(statistics.median(ready), 3), "worst_s": round(max(ready), 3),
                      "cpu_s": round(statistics.median(cpu), 3),
                      "first_read_ms": round(statistics.median(read) * 1000, 1)}))


if __name__ == "__main__":
    main()
