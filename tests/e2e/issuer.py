"""An OpenID Connect issuer for tests: plain TLS on loopback, keys by openssl, tokens right and wrong.

    with Issuer() as i:
        token = i.token("jane", groups=["dev"])
"""
import base64
import hashlib
import http.server
import json
import os
import secrets
import subprocess
import time
import urllib.parse

from tlsserver import Service


def b64url(data):
    if isinstance(data, (dict, list)):
        data = json.dumps(data)
    if isinstance(data, str):
        data = data.encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*args, data=None):
    return subprocess.run(["openssl", *args], input=data, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout


class Key:
    """A key pair: RSA for RS256, P-256 for ES256."""

    def __init__(self, folder, kid, alg="RS256"):
        self.kid, self.alg = kid, alg
        self.path = os.path.join(folder, f"{secrets.token_hex(4)}.key")
        if alg == "RS256":
            openssl("genrsa", "-out", self.path, "2048")
        else:
            openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", self.path)

    def jwk(self):
        if self.alg == "RS256":
            n = openssl("rsa", "-in", self.path, "-noout", "-modulus").decode().strip().split("=")[1]
            return {"kty": "RSA", "kid": self.kid, "alg": "RS256", "use": "sig", "e": "AQAB", "n": b64url(bytes.fromhex(n))}
        point = openssl("ec", "-in", self.path, "-pubout", "-outform", "DER")[-64:]
        return {"kty": "EC", "crv": "P-256", "kid": self.kid, "alg": "ES256", "use": "sig", "x": b64url(point[:32]),
                "y": b64url(point[32:])}

    def sign(self, data):
        sig = openssl("dgst", "-sha256", "-sign", self.path, data=data)
        if self.alg == "RS256":
            return sig
        r_len = sig[3]
        r, s = sig[4:4 + r_len], sig[6 + r_len:]
        return b"".join(int.from_bytes(x, "big").to_bytes(32, "big") for x in (r, s))

    def jws(self, claims, **header):
        h = {"alg": self.alg, "kid": self.kid, "typ": "JWT", **header}
        text = b64url({k: v for k, v in h.items() if v is not None}) + "." + b64url(claims)
        return text + "." + b64url(self.sign(text.encode()))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body, **headers):
        if not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        self.send_response(status)
        for k, v in {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close", **headers}.items():
            self.send_header(k, v)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.close_connection = True
        i, url = self.server.service, urllib.parse.urlsplit(self.path)
        i.asked.append(url.path)
        if i.is_down:
            self.answer(503, "down")
        elif url.path == "/.well-known/openid-configuration":
            self.answer(200, i.discovery())
        elif url.path == "/keys":
            self.answer(200, {"keys": [k.jwk() for k in i.served]})
        elif url.path == "/moved":
            self.answer(302, "", Location="/.well-known/openid-configuration")
        elif url.path == "/authorize":
            i.authorize(self, dict(urllib.parse.parse_qsl(url.query)))
        else:
            self.answer(404, {})

    def do_POST(self):
        self.close_connection = True
        i, path = self.server.service, urllib.parse.urlsplit(self.path).path
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = dict(urllib.parse.parse_qsl(body))
        i.asked.append(path)
        if path == "/device":
            i.device(self, form)
        elif path == "/token":
            i.exchange(self, form)
        else:
            self.answer(404, {})


class Issuer(Service):
    def __init__(self, audience="kube"):
        super().__init__(Handler)
        self.audience = audience
        self.key = Key(self.dir, "k1")
        self.served = [self.key]
        self.is_down = False
        self.asked = []
        self.codes, self.refresh_tokens, self.devices = {}, {}, {}
        self.user, self.lifetime = "jane", 300

    def discovery(self):
        return {"issuer": self.url, "jwks_uri": self.url + "/keys", "authorization_endpoint": self.url + "/authorize",
                "token_endpoint": self.url + "/token", "device_authorization_endpoint": self.url + "/device"}

    def new_key(self, kid, alg="RS256"):
        return Key(self.dir, kid, alg)

    def claims(self, sub, **more):
        now = int(time.time())
        c = {"iss": self.url, "aud": self.audience, "sub": sub, "iat": now, "exp": now + self.lifetime, **more}
        return {k: v for k, v in c.items() if v is not None}

    def token(self, sub, key=None, header=None, **claims):
        return (key or self.key).jws(self.claims(sub, **claims), **(header or {}))

    def entry(self, **more):
        """An entry of `jwt` that trusts this issuer."""
        e = {"issuer": {"url": self.url, "audiences": [self.audience], "certificateAuthority": self.ca},
             "claimMappings": {"username": {"claim": "sub", "prefix": "oidc:"}, "groups": {"claim": "groups", "prefix": "oidc:"}}}
        e.update(more)
        return e

    # ---- grants ----

    def tokens(self, handler, user):
        refresh = secrets.token_urlsafe(16)
        self.refresh_tokens[refresh] = user
        handler.answer(200, {"id_token": self.token(user, groups=["dev"]), "access_token": "opaque", "token_type": "Bearer",
                             "expires_in": self.lifetime, "refresh_token": refresh})

    def authorize(self, handler, q):
        assert q["response_type"] == "code" and q["code_challenge_method"] == "S256", q
        assert "openid" in q["scope"].split(), q
        redirect = urllib.parse.urlsplit(q["redirect_uri"])
        assert redirect.hostname in ("127.0.0.1", "localhost"), q
        code = secrets.token_urlsafe(16)
        self.codes[code] = (q["code_challenge"], q["redirect_uri"], q["client_id"])
        handler.answer(302, "", Location=q["redirect_uri"] + "?" + urllib.parse.urlencode({"code": code, "state": q["state"]}))

    def device(self, handler, form):
        code = secrets.token_urlsafe(16)
        self.devices[code] = False
        handler.answer(200, {"device_code": code, "user_code": "WDJB-MJHT", "verification_uri": self.url + "/activate",
                             "expires_in": 60, "interval": 1})

    def exchange(self, handler, form):
        kind = form.get("grant_type")
        if kind == "authorization_code":
            challenge, redirect, client = self.codes.pop(form.get("code"), (None, None, None))
            made = b64url(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
            if challenge != made or redirect != form.get("redirect_uri") or client != form.get("client_id"):
                handler.answer(400, {"error": "invalid_grant"})
                return
            self.tokens(handler, self.user)
        elif kind == "refresh_token":
            user = self.refresh_tokens.pop(form.get("refresh_token"), None)
            if user is None:
                handler.answer(400, {"error": "invalid_grant", "error_description": "the refresh token is not known"})
            else:
                self.tokens(handler, user)
        elif kind == "urn:ietf:params:oauth:grant-type:device_code":
            if form.get("device_code") not in self.devices:
                handler.answer(400, {"error": "expired_token"})
            elif not self.devices[form["device_code"]]:
                handler.answer(400, {"error": "authorization_pending"})
            else:
                self.tokens(handler, self.user)
        else:
            handler.answer(400, {"error": "unsupported_grant_type"})
