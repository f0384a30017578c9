#!/usr/bin/env python3
"""How soon a new definition is published: from the request that creates a CustomResourceDefinition until its resource
is served, in aggregated discovery, in /openapi/v3 and in /openapi/v2.

  bench/publish.py --server URL (--token T | --cert F --key F) [--rounds N] [--others N]

URL may have a path (https://host:6443/clusters/acme); a kube-apiserver is measured by the same command. --others makes
that many definitions first, which are in the documents too. What was made is deleted. Each place is asked over and over
on a connection of its own, so a figure is up to one answer too long. Prints one line of JSON, milliseconds.
"""
import argparse
import http.client
import json
import secrets
import ssl
import statistics
import sys
import threading
import time
import urllib.parse

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
GIVE_UP = 60


class Server:
    def __init__(self, a):
        url = urllib.parse.urlsplit(a.server)
        self.host, self.prefix, self.token = url.netloc, url.path.rstrip("/"), a.token
        self.tls = ssl._create_unverified_context()
        if a.cert:
            self.tls.load_cert_chain(a.cert, a.key)

    def connect(self):
        return http.client.HTTPSConnection(self.host, context=self.tls, timeout=GIVE_UP)

    def ask(self, connection, method, path, body=None, **headers):
        headers = {k.replace("_", "-"): v for k, v in headers.items()}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, self.prefix + path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("ETag"), answer.read()


def definition(group, plural):
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {
        name: {"type": "string"} for name in ("version", "size", "region")}}}}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.{group}"},
            "spec": {"group": group, "scope": "Namespaced",
                     "names": {"plural": plural, "singular": plural[:-1], "kind": plural[:-1].title(),
                               "listKind": plural[:-1].title() + "List"},
                     "versions": [{"name": "v1", "served": True, "storage": True,
                                   "schema": {"openAPIV3Schema": schema}}]}}


def places(group, plural):
    """Name: path, headers, and what is in the answer when it is there."""
    return {"served": (f"/apis/{group}/v1/{plural}", {}, f'"{group}/v1"'),
            "discovery": ("/apis", {"Accept": AGGREGATED}, f'"{group}"'),
            "openapi_v3": ("/openapi/v3", {}, f'"apis/{group}/v1"'),
            "openapi_v2": ("/openapi/v2", {"Accept": "application/json"}, f"/apis/{group}/v1/")}


def look(server, place, began, refused, out, name):
    """Asks until it is there; what has not changed is not sent again."""
    path, headers, wanted = place
    connection, tag = server.connect(), None
    while time.monotonic() < began[0] + GIVE_UP and not refused.is_set():
        more = dict(headers, If_None_Match=tag) if tag else headers
        status, tag, body = server.ask(connection, "GET", path, **more)
        if status == 200 and wanted.encode() in body:
            out[name] = (time.monotonic() - began[0]) * 1000
            return
    out[name] = None


def one_round(server, connection, number, suffix):
    group, plural = f"{suffix}{number}.example.com", "publishes"
    began, refused, out, threads = [time.monotonic()], threading.Event(), {}, []
    for name, place in places(group, plural).items():
        t = threading.Thread(target=look, args=(server, place, began, refused, out, name))
        threads.append(t)
        t.start()
    began[0] = time.monotonic()
    status, _, body = server.ask(connection, "POST", DEFINITIONS, definition(group, plural))
    if status != 201:
        refused.set()
    for t in threads:
        t.join()
    if status == 201:
        server.ask(connection, "DELETE", f"{DEFINITIONS}/{plural}.{group}")
    if status != 201 or None in out.values():
        sys.exit(f"{group}: {status} {body[:300]!r} {out}")
    return out


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--server", required=True)
    p.add_argument("--token")
    p.add_argument("--cert")
    p.add_argument("--key")
    p.add_argument("--rounds", type=int, default=20)
    p.add_argument("--others", type=int, default=0)
    a = p.parse_args()
    server, suffix, rounds = Server(a), "b" + secrets.token_hex(3), []
    connection = server.connect()
    others = [f"others.{suffix}o{i}.example.com" for i in range(a.others)]
    try:
        for name in others:
            status, _, body = server.ask(connection, "POST", DEFINITIONS, definition(*reversed(name.split(".", 1))))
            if status != 201:
                sys.exit(f"{name}: {status} {body[:300]!r}")
        for i in range(a.rounds):
            rounds.append(one_round(server, connection, i, suffix))
    finally:
        for name in others:
            server.ask(connection, "DELETE", f"{DEFINITIONS}/{name}")
    print(json.dumps({"bench": "publish", "rounds": a.rounds, "others": a.others} | {
        f"{name}_ms": {"median": round(statistics.median(r[name] for r in rounds), 1),
                       "max": round(max(r[name] for r in rounds), 1)} for name in rounds[0]}))


if __name__ == "__main__":
    main()
