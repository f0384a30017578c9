"""Images that one tenant pulls with credentials, and who may use them then."""
import base64
import hashlib
import http.server
import json
import os
import tarfile
import threading
import unittest

from harness import wait_until
from test_agent import can_run
from test_node_pods import PODS, NodeCase, container, pod


class Registry:
    """A registry with one image, lib/box:1, for user u with password p."""

    def __init__(self, archive):
        with tarfile.open(archive) as t:
            config = json.load(t.extractfile("config.json"))
            config = json.dumps({**config, "author": "nobody"}).encode()  # an id of its own
            layer = t.extractfile("layer.tar").read()
        self.blobs = {self.digest(b): b for b in (config, layer)}
        self.pulls = []
        self.manifest = json.dumps({
            "schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "config": {"mediaType": "application/vnd.docker.container.image.v1+json",
                       "size": len(config), "digest": self.digest(config)},
            "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar",
                        "size": len(layer), "digest": self.digest(layer)}]}).encode()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self)

            do_HEAD = do_GET

            def log_message(self, *args):
                pass
        self.server = http.server.ThreadingHTTPServer(("172.30.0.1", 0), Handler)
        self.host = f"172.30.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @staticmethod
    def digest(b):
        return "sha256:" + hashlib.sha256(b).hexdigest()

    def answer(self, h):
        if h.headers.get("Authorization") != "Basic " + base64.b64encode(b"u:p").decode():
            h.send_response(401)
            h.send_header("WWW-Authenticate", 'Basic realm="r"')
            h.end_headers()
            return
        kind, body = "application/octet-stream", b"{}"
        if "/manifests/" in h.path:
            self.pulls.append(h.path)
            kind, body = "application/vnd.docker.distribution.manifest.v2+json", self.manifest
        elif "/blobs/" in h.path:
            body = self.blobs[h.path.rsplit("/", 1)[1]]
        h.send_response(200)
        h.send_header("Content-Type", kind)
        h.send_header("Docker-Content-Digest", self.digest(body))
        h.send_header("Content-Length", str(len(body)))
        h.end_headers()
        if h.command == "GET":
            h.wfile.write(body)


@unittest.skipUnless(can_run(), "needs root, containerd and the agent")
class Images(NodeCase):
    def registry(self):
        registry = Registry(os.path.join(self.agent.dir, "images/busybox.tar"))
        certs = os.path.join(self.agent.dir, "certs.d", registry.host)
        os.makedirs(certs)
        with open(os.path.join(certs, "hosts.toml"), "w") as f:
            f.write(f'[host."http://{registry.host}"]\n  capabilities = ["pull", "resolve"]\n')
        return registry

    def secret(self, registry, client, password, name="pull"):
        auths = {"auths": {registry.host: {"auth": base64.b64encode(b"u:" + password).decode()}}}
        a = client.post("/api/v1/namespaces/default/secrets", {
            "metadata": {"name": name}, "type": "kubernetes.io/dockerconfigjson",
            "stringData": {".dockerconfigjson": json.dumps(auths)}})
        self.assertEqual(a.status, 201, a)

    def test_an_image_that_is_always_pulled_as_a_volume(self):
        registry = self.registry()
        self.secret(registry, self.acme, b"p", "volumes")
        for i in (1, 2):
            pulls = len(registry.pulls)
            self.create(pod(f"volume-{i}", container(
                "[ -x /volume/bin/busybox ] && cat /volume/bin/busybox | cmp - /bin/busybox && echo same; sleep 1d",
                volumeMounts=[{"name": "volume", "mountPath": "/volume"}]),
                volumes=[{"name": "volume", "image": {"reference": registry.host + "/lib/box:1",
                                                      "pullPolicy": "Always"}}],
                imagePullSecrets=[{"name": "volumes"}]))
            self.wait_log(f"volume-{i}", "same\n")
            self.assertGreater(len(registry.pulls), pulls)
            self.assertEqual(self.get(f"volume-{i}")["status"]["phase"], "Running")

    def test_what_was_pulled_with_credentials_is_not_for_others(self):
        registry = self.registry()
        globex = self.plane.tenant("globex")
        image = registry.host + "/lib/box:1"

        def secret(client, password):
            self.secret(registry, client, password)

        def run(client, name, **spec):
            body = pod(name, {**container("sleep 1000"), "image": image}, **spec)
            self.assertEqual(client.post(PODS, body).status, 201)

        def state(client, name):
            s = client.get(f"{PODS}/{name}").json.get("status", {}).get("containerStatuses")
            return (s or [{}])[0].get("state", {})

        secret(self.acme, b"p")
        run(self.acme, "owner", imagePullSecrets=[{"name": "pull"}])
        wait_until(lambda: "running" in state(self.acme, "owner"), 40)
        pulls = len(registry.pulls)
        run(self.acme, "again", imagePullSecrets=[{"name": "pull"}])
        wait_until(lambda: "running" in state(self.acme, "again"), 40)
        self.assertEqual(len(registry.pulls), pulls, "who has shown it need not ask again")
        run(self.acme, "without")
        run(globex, "thief")
        secret(globex, b"wrong")
        run(globex, "wrong", imagePullSecrets=[{"name": "pull"}])
        for client, name in ((self.acme, "without"), (globex, "thief"), (globex, "wrong")):
            wait_until(lambda: state(client, name).get("waiting", {}).get("reason") in (
                "ErrImagePull", "ImagePullBackOff"), 40)
        globex.delete("/api/v1/namespaces/default/secrets/pull")
        secret(globex, b"p")
        run(globex, "honest", imagePullSecrets=[{"name": "pull"}])
        wait_until(lambda: "running" in state(globex, "honest"), 40)
        wait_until(lambda: state(globex, "thief").get("waiting", {}).get("reason")
                   == "ImagePullBackOff", 40)
        self.agent.process.stop()
        self.agent.start()
        run(globex, "later")
        wait_until(lambda: "waiting" in state(globex, "later")
                   and state(globex, "later")["waiting"]["reason"] != "ContainerCreating", 40)
        self.assertIn("ErrImagePull", json.dumps(state(globex, "later")))
