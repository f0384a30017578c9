"""The official JavaScript client: node/client.mjs does it, and this says what must come of it."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

from harness import shared_plane

NODE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "node")


def why_not():
    """Why these tests are left out; None when they run. What is missing though it could be there is no reason."""
    if shutil.which("node") is None:
        return "node is not installed"
    if os.environ.get("E2E_WITHOUT_NPM") == "1" and not is_installed():
        return "@kubernetes/client-node is not installed, and E2E_WITHOUT_NPM says that it need not be"
    return None


def is_installed():
    return os.path.isdir(os.path.join(NODE, "node_modules/@kubernetes/client-node"))


def run_client(scenario, namespace, *more, config):
    """What node/client.mjs prints."""
    env = {**os.environ, "KUBECONFIG": config}
    r = subprocess.run(["node", os.path.join(NODE, "client.mjs"), scenario, namespace, *more], env=env, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    if r.returncode != 0:
        raise AssertionError(f"{scenario}: {r.returncode}\n{r.stdout}{r.stderr}")
    return json.loads(r.stdout)


@unittest.skipIf(why_not(), why_not())
class JavaScriptClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        plane = shared_plane()
        cls.admin = plane.tenant("node-client")
        f = tempfile.NamedTemporaryFile("w", dir=plane.dir, delete=False)
        f.write(plane.kubeconfig("node-client"))
        f.close()
        cls.config = f.name

    def setUp(self):
        self.assertTrue(is_installed(), "node is there and @kubernetes/client-node is not: npm ci in tests/e2e/node "
                        "(./bootstrap check does it), or E2E_WITHOUT_NPM=1 to leave these tests out")

    def scenario(self, name, *more):
        a = self.admin.post("/api/v1/namespaces", {"metadata": {"name": "js-" + name}})
        self.assertEqual(a.status, 201, a)
        return run_client(name, "js-" + name, *more, config=self.config)

    def test_informer(self):
        got = self.scenario("informer")
        self.assertEqual(got["seen"], [["add", "a", "1"], ["add", "b", "1"], ["update", "b", "2"],
                                       ["delete", "a", "1"]])
        self.assertEqual(got["listed"], ["b"])

    def test_watch_goes_on_where_it_stopped(self):
        got = self.scenario("watch")
        self.assertEqual(got["seen"], [["ADDED", "w1"], ["ADDED", "w2"], ["DELETED", "w1"]])

    def test_server_side_apply(self):
        got = self.scenario("apply")
        self.assertEqual((got["first"], got["forced"]), ({"k": "v"}, {"k": "w"}))
        self.assertEqual(got["conflict"][:2], [409, "Conflict"])
        self.assertIn('conflict with "one": .data.k', got["conflict"][2])
        self.assertEqual(got["managers"], [["two", "Apply"]])

    def test_patches(self):
        got = self.scenario("patch")
        self.assertEqual(got["out"], [{"j": "1", "k": "v"}, {"j": "1", "k": "v", "m": "2"}, {"j": "1", "m": "2"}])
        self.assertEqual(got["refused"][:2], [422, "Invalid"])

    def test_objects_of_any_kind(self):
        got = self.scenario("objects", "js.example.com")
        self.assertEqual((got["size"], got["replaced"], got["listed"]), (4, 4, ["w"]))
        self.assertEqual(got["wrong"], [422, "Invalid"])
        self.assertEqual(got["stale"], [409, "Conflict"])
        self.assertEqual(got["gone"], [404, "NotFound"])


if __name__ == "__main__":
    unittest.main()
