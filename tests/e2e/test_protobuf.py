"""Clients that take nothing but protobuf: objects, lists, watches, metadata, failures."""
import http.client
import json
import struct
import unittest

from harness import shared_plane, wait_until

PB = "application/vnd.kubernetes.protobuf"
PARTIAL = PB + ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
PARTIALS = PB + ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
CMS = "/api/v1/namespaces/default/configmaps"
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
WIDGETS = "/apis/pb.example.com/v1/namespaces/default/widgets"


def varint(b, at):
    n = shift = 0
    while True:
        c = b[at]
        at += 1
        n |= (c & 127) << shift
        shift += 7
        if c < 128:
            return n, at


def fields(b):
    """The fields of a message: number -> values, numbers and bytes as they come."""
    out, at = {}, 0
    while at < len(b):
        key, at = varint(b, at)
        if key & 7 == 0:
            v, at = varint(b, at)
        elif key & 7 == 2:
            n, at = varint(b, at)
            v, at = b[at:at + n], at + n
            if len(v) != n:
                raise ValueError("cut short")
        else:
            raise ValueError(f"wire type {key & 7}")
        out.setdefault(key >> 3, []).append(v)
    return out


def body(b):
    """apiVersion, kind and the fields of the object in a whole body."""
    if b[:4] != b"k8s\0":
        raise ValueError(b[:20])
    unknown = fields(b[4:])
    meta = fields(unknown[1][0])
    return meta[1][0].decode(), meta[2][0].decode(), fields(unknown[2][0])


def metadata(obj):
    return fields(obj[1][0])


def name_of(obj):
    return metadata(obj)[1][0].decode()


def data_of(obj):
    pairs = [fields(e) for e in obj.get(2, [])]
    return {p[1][0].decode(): p[2][0].decode() for p in pairs}


class Protobuf(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.t = shared_plane().tenant("protobuf")
        a = cls.t.post(CRDS, {
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "widgets.pb.example.com"},
            "spec": {"group": "pb.example.com", "scope": "Namespaced",
                     "names": {"plural": "widgets", "kind": "Widget"},
                     "versions": [{"name": "v1", "served": True, "storage": True,
                                   "subresources": {"scale": {"specReplicasPath": ".spec.n",
                                                              "statusReplicasPath": ".status.n"}},
                                   "schema": {"openAPIV3Schema": {
                                       "type": "object", "x-kubernetes-preserve-unknown-fields": True}}}]}})
        if a.status != 201:
            raise AssertionError(a)
        wait_until(lambda: cls.t.get(WIDGETS).status == 200)

    @classmethod
    def tearDownClass(cls):
        cls.t.delete(f"{CRDS}/widgets.pb.example.com")
        wait_until(lambda: cls.t.get(f"{CRDS}/widgets.pb.example.com").status == 404)

    def make(self, name, **more):
        a = self.t.post(CMS, {"metadata": {"name": name, **more}, "data": {"k": name}})
        self.assertEqual(a.status, 201, a)
        self.addCleanup(self.t.delete, f"{CMS}/{name}")
        return a.json

    def ask(self, method, path, status=200, accept=PB, **kw):
        a = self.t.request(method, path, headers={"Accept": accept}, **kw)
        self.assertEqual(a.status, status, a)
        self.assertEqual(a.headers["Content-Type"], PB)
        return body(a.body)

    def test_objects(self):
        made = self.make("one", labels={"b": "2", "a": "1"})
        version, kind, obj = self.ask("GET", f"{CMS}/one")
        self.assertEqual((version, kind, name_of(obj), data_of(obj)), ("v1", "ConfigMap", "one", {"k": "one"}))
        meta = metadata(obj)
        self.assertEqual(meta[6][0].decode(), made["metadata"]["resourceVersion"])
        self.assertEqual(meta[5][0].decode(), made["metadata"]["uid"])
        self.assertEqual(meta[2], [b""])  # generateName: written although it is empty
        self.assertEqual([fields(e)[1][0] for e in meta[11]], [b"a", b"b"])

    def test_what_is_read_can_be_written(self):
        self.make("back")
        raw = self.t.get(f"{CMS}/back", headers={"Accept": PB}).body
        self.assertIn(b"\x12\x09\x0a\x01k\x12\x04back", raw)
        changed = raw.replace(b"\x12\x04back", b"\x12\x04BACK")
        _, kind, obj = self.ask("PUT", f"{CMS}/back", body=changed, content_type=PB)
        self.assertEqual((kind, data_of(obj)), ("ConfigMap", {"k": "BACK"}))

    def test_writes(self):
        _, kind, obj = self.ask("POST", CMS, 201, body={"metadata": {"name": "w"}, "data": {"a": "b"}})
        self.assertEqual((kind, data_of(obj)), ("ConfigMap", {"a": "b"}))
        _, kind, obj = self.ask("PATCH", f"{CMS}/w", body={"data": {"c": "d"}},
                                content_type="application/merge-patch+json")
        self.assertEqual(data_of(obj), {"a": "b", "c": "d"})
        version, kind, status = self.ask("DELETE", f"{CMS}/w")
        self.assertEqual((version, kind, status[2], status[6]), ("v1", "Status", [b"Success"], [0]))

    def test_lists(self):
        names = [f"list-{i:03}" for i in range(40)]
        for n in names:
            self.make(n, labels={"of": "list"})
        version, kind, obj = self.ask("GET", CMS + "?labelSelector=of%3Dlist")
        self.assertEqual((version, kind), ("v1", "ConfigMapList"))
        items = [fields(i) for i in obj[2]]
        self.assertEqual([name_of(i) for i in items], names)
        self.assertEqual([data_of(i) for i in items], [{"k": n} for n in names])
        as_json = self.t.get(CMS + "?labelSelector=of%3Dlist").json
        self.assertGreaterEqual(int(fields(obj[1][0])[2][0]), int(as_json["items"][-1]["metadata"]["resourceVersion"]))
        _, _, page = self.ask("GET", CMS + "?labelSelector=of%3Dlist&limit=15")
        meta = fields(page[1][0])
        self.assertEqual(len(page[2]), 15)
        token = meta[3][0].decode()
        _, _, rest = self.ask("GET", f"{CMS}?labelSelector=of%3Dlist&continue={token}")
        self.assertEqual(name_of(fields(rest[2][0])), names[15])
        _, kind, none = self.ask("GET", CMS + "?labelSelector=of%3Dnothing")
        self.assertEqual((kind, none.get(2)), ("ConfigMapList", None))

    def test_every_kind_lists(self):
        for group in self.t.get("/apis").json["groups"]:
            if group["name"].endswith(("example.com", "hostplane.io")):
                continue
            for v in group["versions"]:
                self.list_all(f"/apis/{v['groupVersion']}", v["groupVersion"])
        self.list_all("/api/v1", "v1")

    def list_all(self, path, version):
        for r in self.t.get(path).json["resources"]:
            if "list" not in r["verbs"] or "/" in r["name"]:
                continue
            with self.subTest(r["name"]):
                a = self.t.get(f"{path}/{r['name']}")
                got_version, kind, obj = self.ask("GET", f"{path}/{r['name']}")
                self.assertEqual((got_version, kind), (version, r["kind"] + "List"))
                self.assertEqual([name_of(fields(i)) for i in obj.get(2, [])],
                                 [i["metadata"]["name"] for i in a.json["items"]])

    def test_metadata_only(self):
        self.make("meta")
        version, kind, obj = self.ask("GET", f"{CMS}/meta", accept=PARTIAL)
        self.assertEqual((version, kind, list(obj), name_of(obj)),
                         ("meta.k8s.io/v1", "PartialObjectMetadata", [1], "meta"))
        version, kind, obj = self.ask("GET", CMS, accept=PARTIALS)
        self.assertEqual((version, kind), ("meta.k8s.io/v1", "PartialObjectMetadataList"))
        self.assertIn("meta", [name_of(fields(i)) for i in obj[2]])

    def test_custom_resources(self):
        a = self.t.post(WIDGETS, {"apiVersion": "pb.example.com/v1", "kind": "Widget",
                                  "metadata": {"name": "w"}, "spec": {"n": 3}})
        self.assertEqual(a.status, 201, a)
        self.addCleanup(self.t.delete, f"{WIDGETS}/w")
        _, kind, status = self.ask("GET", f"{WIDGETS}/w", 406)
        self.assertEqual((kind, status[4]), ("Status", [b"NotAcceptable"]))
        a = self.t.get(f"{WIDGETS}/w", headers={"Accept": PB + ", application/json"})
        self.assertEqual((a.status, a.json["kind"]), (200, "Widget"))
        _, kind, obj = self.ask("GET", f"{WIDGETS}/w", accept=PARTIAL)
        self.assertEqual((kind, name_of(obj)), ("PartialObjectMetadata", "w"))
        _, kind, obj = self.ask("GET", WIDGETS, accept=PARTIALS)
        self.assertEqual([name_of(fields(i)) for i in obj[2]], ["w"])
        _, kind, scale = self.ask("GET", f"{WIDGETS}/w/scale")
        self.assertEqual((kind, fields(scale[2][0])), ("Scale", {1: [3]}))
        _, kind, status = self.ask("GET", f"{WIDGETS}/none", 404, accept=PB + ", application/json")
        self.assertEqual((kind, status[6]), ("Status", [404]))

    def test_answers_that_are_no_objects_of_the_store(self):
        _, kind, review = self.ask("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", 201, body={
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {"verb": "get", "resource": "pods"}}})
        self.assertEqual((kind, fields(review[3][0])[1]), ("SelfSubjectAccessReview", [1]))
        _, kind, groups = self.ask("GET", "/apis")
        self.assertEqual(kind, "APIGroupList")
        self.assertIn(b"apps", [fields(g)[1][0] for g in groups[1]])
        _, kind, resources = self.ask("GET", "/api/v1")
        pods = next(f for f in map(fields, resources[2]) if f[1] == [b"pods"])
        self.assertIn(b"watch", fields(pods[4][0])[1])

    def test_no_tables(self):
        table = ";as=Table;g=meta.k8s.io;v=v1"
        a = self.t.get(CMS, headers={"Accept": PB + table})
        self.assertEqual((a.status, a.headers["Content-Type"]), (406, "application/json"))
        a = self.t.get(CMS, headers={"Accept": f"{PB}{table},application/json{table}"})
        self.assertEqual(a.json["kind"], "Table")

    def events(self, path, accept=PB):
        """Frames of a watch until it ends: type, and the object's body."""
        c = http.client.HTTPSConnection(self.t.host, self.t.port, context=self.t.ssl, timeout=30)
        self.addCleanup(c.close)
        c.request("GET", f"{self.t.prefix}{path}", headers=self.t.headers({"Accept": accept}))
        r = c.getresponse()
        self.assertEqual((r.status, r.headers["Content-Type"]), (200, PB + ";stream=watch"))
        while True:
            head = r.read(4)
            if not head:
                return
            event = fields(r.read(struct.unpack(">I", head)[0]))
            yield event[1][0].decode(), body(fields(event[2][0])[1][0])

    def test_watches(self):
        rv = self.make("w-1", labels={"of": "watch"})["metadata"]["resourceVersion"]
        self.t.patch(f"{CMS}/w-1", {"data": {"k": "2"}})
        self.t.delete(f"{CMS}/w-1")
        path = f"{CMS}?watch=1&labelSelector=of%3Dwatch&resourceVersion={rv}&timeoutSeconds=2"
        got = [(t, k, name_of(o), data_of(o)) for t, (_, k, o) in self.events(path)]
        self.assertEqual(got, [("MODIFIED", "ConfigMap", "w-1", {"k": "2"}),
                               ("DELETED", "ConfigMap", "w-1", {"k": "2"})])
        # the same again: frames that were made for the first watch
        self.assertEqual([(t, k, name_of(o), data_of(o)) for t, (_, k, o) in self.events(path)], got)
        got = [(t, k, name_of(o), list(o)) for t, (_, k, o) in self.events(path, PARTIAL)]
        self.assertEqual(got[0], ("MODIFIED", "PartialObjectMetadata", "w-1", [1]))

    def test_a_watch_that_begins_with_a_list(self):
        self.make("first", labels={"of": "begin"})
        got = list(self.events(f"{CMS}?watch=1&labelSelector=of%3Dbegin&sendInitialEvents=true&timeoutSeconds=1"
                               "&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan"))
        self.assertEqual([(t, k) for t, (_, k, _) in got[:2]], [("ADDED", "ConfigMap"), ("BOOKMARK", "ConfigMap")])
        notes = {fields(e)[1][0]: fields(e)[2][0] for e in metadata(got[1][1][2])[12]}
        self.assertEqual(notes, {b"k8s.io/initial-events-end": b"true"})

    def test_watches_of_custom_resources_are_refused(self):
        a = self.t.get(WIDGETS + "?watch=1", headers={"Accept": PB})
        self.assertEqual(a.status, 406)
        self.assertEqual(body(a.body)[1], "Status")

    def test_json_where_it_comes_first(self):
        a = self.t.get(CMS, headers={"Accept": "application/json," + PB})
        self.assertEqual(json.loads(a.body)["kind"], "ConfigMapList")
