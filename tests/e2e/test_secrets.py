"""What lies in the database: Secrets and keys are not there in the clear."""
import base64
import unittest

from harness import TENANTS, Plane

PLAIN = "plaintext-canary-7f3a9c"


def forms(text):
    """Each form in which a text could show up in a dump of all rows."""
    raw = text.encode()
    for shift in range(3):
        b64 = base64.b64encode(b"x" * shift + raw).decode()
        yield b64[4 if shift else 0:len(b64) - 4]
    yield text
    yield raw.hex()
    yield base64.b64encode(raw).hex()


class Secrets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = cls.enterClassContext(Plane(external=True))

    def dump(self):
        pg = self.plane.pg
        tables = pg.sql("select format('%I.%I', schemaname, tablename) from pg_tables where "
                        "schemaname not in ('pg_catalog', 'information_schema')").split("\n")
        self.assertGreaterEqual(len(tables), 3)
        return "\n".join(pg.sql(f"select t::text from {t} t") for t in tables)

    def assert_absent(self, dump, text):
        for form in forms(text):
            self.assertNotIn(form, dump)

    def test_no_plaintext_in_any_row(self):
        ns = "/api/v1/namespaces/default"
        for name in ("one", "two"):
            t = self.plane.tenant(name)
            a = t.post(ns + "/secrets", {"metadata": {"name": "s"}, "stringData": {"k": PLAIN}})
            self.assertEqual(a.status, 201, a)
            a = t.patch(ns + "/secrets/s", {"stringData": {"l": PLAIN + "-again"}})
            self.assertEqual(a.status, 200, a)
            # The dump does find what is not encrypted: otherwise this test would prove nothing.
            t.post(ns + "/configmaps", {"metadata": {"name": "c"}, "data": {"k": "open-canary-55"}})
        dump = self.dump()
        self.assertTrue(any(f in dump for f in ("open-canary-55", b"open-canary-55".hex())))
        self.assert_absent(dump, PLAIN)
        self.assertNotIn("PRIVATE KEY", dump)
        self.assertNotIn(b"PRIVATE KEY".hex(), dump)
        got = self.plane.tenant("one").get(ns + "/secrets/s").json["data"]
        self.assertEqual(base64.b64decode(got["l"]).decode(), PLAIN + "-again")

    def test_rows_do_not_decrypt_elsewhere(self):
        """Another tenant's ciphertext in the place of one's own is noticed, not served."""
        ns = "/api/v1/namespaces/default"
        for name in ("from", "into"):
            self.plane.tenant(name).post(ns + "/secrets", {
                "metadata": {"name": "moved"}, "stringData": {"k": f"of-{name}"}})
        pg = self.plane.pg
        col = pg.sql("select column_name from information_schema.columns where table_name = "
                     "'object' and data_type = 'bytea' limit 1")
        self.assertTrue(col)
        ids = {n: pg.sql(f"select id from cluster where name = '{n}'") for n in ("from", "into")}
        key = [c for c in ("cluster_id", "cluster") if pg.sql(
            f"select 1 from information_schema.columns where table_name='object' and "
            f"column_name='{c}'")][0]
        self.plane.stop()
        pg.sql(f"update object t set {col} = f.{col} from object f where t.{key} = {ids['into']} "
               f"and f.{key} = {ids['from']} and t.name = 'moved' and f.name = 'moved'")
        self.plane.start()
        a = self.plane.tenant("into").get(ns + "/secrets/moved")
        self.assertNotIn(base64.b64encode(b"of-from"), a.body)
        self.assertNotEqual(a.status, 200)

    def test_a_deleted_tenants_key_is_gone(self):
        t = self.plane.tenant("doomed")
        t.post("/api/v1/namespaces/default/secrets",
               {"metadata": {"name": "s"}, "stringData": {"k": PLAIN}})
        wrapped = self.plane.pg.sql("select count(*) from cluster where name = 'doomed'")
        self.assertEqual(wrapped, "1")
        self.assertEqual(self.plane.admin.delete(f"{TENANTS}/doomed").status, 200)
        left = self.plane.pg.sql("select to_jsonb(c)::text from cluster c where name = 'doomed'")
        self.assertNotIn("\\\\x", left.replace('"\\\\x"', ""))
