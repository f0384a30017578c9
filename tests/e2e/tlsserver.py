"""Small HTTPS servers of tests: a CA, a certificate by it, and a server that shows it."""
import http.server
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading


def certificates(folder, names=("IP:127.0.0.1", "DNS:localhost"), cn="test"):
    """ca.crt and ca.key, and tls.crt and tls.key by it for these names; without names the common name is all there is."""
    def openssl(*args):
        subprocess.run(["openssl", *args], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "2",
            "-subj", "/CN=test-ca")
    openssl("req", *key, "-keyout", "tls.key", "-out", "tls.csr", "-subj", f"/CN={cn}")
    with open(os.path.join(folder, "ext"), "w") as f:
        f.write("subjectAltName=" + ",".join(names) if names else "basicConstraints=CA:FALSE")
    openssl("x509", "-req", "-in", "tls.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-out", "tls.crt",
            "-days", "2", "-extfile", "ext")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *args):
        super().__init__(*args)
        self.seen = []  # what handlers note

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):  # such is a caller whose patience or trust ended
            super().handle_error(request, client_address)


def serve(folder, handler, port=0, host="127.0.0.1", clients_ca=None, verify=ssl.CERT_REQUIRED):
    """Not started yet. clients_ca: PEM of who signs the certificates that clients must have, or (CERT_OPTIONAL) may."""
    server = Server((host, port), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, "tls.crt"), os.path.join(folder, "tls.key"))
    if clients_ca:
        context.load_verify_locations(cadata=clients_ca)
        context.verify_mode = verify
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return server


class Service:
    """Something played over TLS on loopback from when it is made until its `with` ends: a folder with its certificates, a
    server whose handlers find this object as self.server.service."""

    def __init__(self, handler):
        self.dir = tempfile.mkdtemp(prefix="hp-service-", dir="/tmp")
        certificates(self.dir)
        with open(os.path.join(self.dir, "ca.crt")) as f:
            self.ca = f.read()
        self.server = serve(self.dir, handler)
        self.server.service = self
        self.url = f"https://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.dir, ignore_errors=True)
