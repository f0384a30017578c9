"""A watch over a WebSocket: text messages, pings, the ends of both sides."""
import http.client
import json
import struct
import unittest

from harness import shared_plane

CMS = "/api/v1/namespaces/default/configmaps"


def client_frame(opcode, payload):
    mask = b"abcd"
    return (bytes([0x80 | opcode, 0x80 | len(payload)]) + mask +
            bytes(c ^ mask[i % 4] for i, c in enumerate(payload)))


class Socket:
    """The upgraded connection; frames of the server come unmasked and whole."""

    def __init__(self, client, path):
        self.c = http.client.HTTPSConnection(client.host, client.port, context=client.ssl,
                                             timeout=20)
        self.c.connect()
        lines = [f"GET {client.prefix}{path} HTTP/1.1", "Host: x", "Connection: Upgrade",
                 "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: v1.test"]
        lines += [f"{k}: {v}" for k, v in client.headers({}).items()]
        self.c.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.bytes = b""
        while b"\r\n\r\n" not in self.bytes:
            self.more()
        head, self.bytes = self.bytes.split(b"\r\n\r\n", 1)
        self.head = head.decode()

    def more(self):
        got = self.c.sock.recv(65536)
        if not got:
            raise EOFError
        self.bytes += got

    def need(self, n):
        while len(self.bytes) < n:
            self.more()

    def frame(self):
        self.need(2)
        n, at = self.bytes[1] & 127, 2
        if n == 126:
            self.need(4)
            n, at = struct.unpack(">H", self.bytes[2:4])[0], 4
        elif n == 127:
            self.need(10)
            n, at = struct.unpack(">Q", self.bytes[2:10])[0], 10
        self.need(at + n)
        out = (self.bytes[0] & 15, self.bytes[at:at + n])
        self.bytes = self.bytes[at + n:]
        return out

    def send(self, opcode, payload):
        self.c.sock.sendall(client_frame(opcode, payload))


class WebSocketWatch(unittest.TestCase):
    def setUp(self):
        self.t = shared_plane().tenant("wswatch")

    def test_events_are_text_messages(self):
        s = Socket(self.t, CMS + "?watch=1&fieldSelector=metadata.name%3Dws&timeoutSeconds=5")
        self.assertIn("101", s.head)
        self.assertIn("Sec-WebSocket-Protocol: v1.test", s.head)
        self.t.post(CMS, {"metadata": {"name": "ws"}})
        opcode, text = s.frame()
        event = json.loads(text)
        self.assertEqual((opcode, event["type"], event["object"]["metadata"]["name"]),
                         (1, "ADDED", "ws"))
        s.send(9, b"hi")
        self.assertEqual(s.frame(), (10, b"hi"))
        self.assertEqual(s.frame(), (8, b"\x03\xe8"))  # its time is up

    def test_a_client_that_leaves_or_breaks_the_protocol(self):
        s = Socket(self.t, CMS + "?watch=1&fieldSelector=metadata.name%3Dnone")
        s.send(8, b"\x03\xe8")
        self.assertEqual(s.frame(), (8, b"\x03\xe8"))
        s = Socket(self.t, CMS + "?watch=1&fieldSelector=metadata.name%3Dnone")
        s.c.sock.sendall(b"\x01\x05hello")  # not masked
        self.assertEqual(s.frame(), (8, b"\x03\xea"))
        s = Socket(self.t, CMS + "?watch=1&fieldSelector=metadata.name%3Dnone")
        s.c.sock.close()
        self.assertEqual(self.t.get(CMS).status, 200)
