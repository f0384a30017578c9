"""What tenants are billed by: derived from what was committed, and the same each time."""
import csv
import io
import os
import subprocess
import time
import unittest

from harness import BUILD, TENANTS, Plane, wait_until
from test_scheduler import pod

METERS = "/apis/tenancy.hostplane.io/v1/meters"
PODS = "/api/v1/namespaces/default/pods"
HOUR_US = 3600 * 1000000


class Metering(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane(external=True)
        cls.plane.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.plane.__exit__(None, None, None)

    def meter(self, tenant, **params):
        """Sums over what was asked for."""
        query = "&".join(f"{k}={v}" for k, v in {"tenant": tenant, **params}.items())
        a = self.plane.admin.get(f"{METERS}?{query}")
        self.assertEqual(a.status, 200, a)
        sums = {}
        for item in a.json["items"]:
            self.assertEqual(item["tenant"], tenant)
            for k, v in item.items():
                if k not in ("hour", "tenant", "uid"):
                    sums[k] = sums.get(k, 0) + float(v)
        return sums

    def sized(self, name, cpu):
        return pod(name, schedulerName="none", containers=[{
            "name": "c", "image": "i", "resources": {"requests": {"cpu": cpu, "memory": "1Mi"}}}])

    def changes(self, tenant):
        rows = self.plane.pg.sql("SELECT m.counter, m.at_us, m.used FROM meter_change m LEFT JOIN cluster c"
                                 " ON c.id = m.cluster LEFT JOIN meter_tenant t ON t.cluster = m.cluster"
                                 f" WHERE coalesce(t.name, c.name) = '{tenant}' ORDER BY m.at_us, m.seq")
        return [(c, int(at), int(used)) for c, at, used in (r.split("|") for r in rows.splitlines())]

    def integral(self, changes, counter, until_us):
        """Worked out another way than the server's."""
        total, last, used = 0, None, 0
        for c, at, now in changes:
            if c != counter:
                continue
            if last is not None:
                total += used * (at - last)
            last, used = at, now
        return total + used * (max(until_us, last) - last) if last is not None else 0

    def test_amounts_are_what_was_committed_times_how_long(self):
        t = self.plane.tenant("billed")
        self.assertEqual(t.post(PODS, self.sized("a", "500m")).status, 201)
        self.assertEqual(t.post(PODS, self.sized("b", "1500m")).status, 201)
        time.sleep(1)
        self.assertEqual(t.delete(PODS + "/b?gracePeriodSeconds=0").status, 200)
        time.sleep(1)
        self.assertEqual(t.delete(PODS + "/a?gracePeriodSeconds=0").status, 200)
        found = self.meter("billed")
        changes = self.changes("billed")
        self.assertEqual([used for c, _, used in changes if c == "cpu"], [500, 2000, 500, 0])
        self.assertAlmostEqual(found["cpuSeconds"], self.integral(changes, "cpu", 0) / 1e9, delta=0.01)
        self.assertAlmostEqual(found["podSeconds"], self.integral(changes, "pods", 0) / 1e6, delta=0.01)
        self.assertGreater(found["cpuSeconds"], 2.49)  # 2 cpu for a second, half of one for another
        self.assertEqual(self.meter("billed"), found, "nothing runs: it does not grow")

    def test_what_is_suspended_or_gone_does_not_run(self):
        t = self.plane.tenant("paused")
        self.assertEqual(t.post(PODS, self.sized("a", "1")).status, 201)
        self.plane.admin.post(f"{TENANTS}/paused/suspend")
        still = self.meter("paused")["cpuSeconds"]
        time.sleep(0.5)
        self.assertEqual(self.meter("paused")["cpuSeconds"], still)
        self.plane.admin.post(f"{TENANTS}/paused/resume")
        wait_until(lambda: self.meter("paused")["cpuSeconds"] > still)
        self.plane.admin.delete(f"{TENANTS}/paused")
        last = self.meter("paused")["cpuSeconds"]  # and it is still told of
        self.assertEqual([used for c, _, used in self.changes("paused") if c == "cpu"],
                         [1000, 0, 1000, 0])
        time.sleep(0.5)
        self.assertEqual(self.meter("paused")["cpuSeconds"], last)
        wait_until(lambda: self.plane.pg.sql("SELECT count(*) FROM cluster WHERE state = 2") == "0")
        self.assertEqual(self.meter("paused")["cpuSeconds"], last)

    def test_requests_and_bytes_are_added_up(self):
        t = self.plane.tenant("chatty")
        for _ in range(25):
            self.assertEqual(t.get("/api/v1/namespaces").status, 200)
        found = wait_until(lambda: (lambda m: m if m.get("requests", 0) >= 25 else None)(
            self.meter("chatty")))
        self.assertEqual(found["requests"], 25)
        self.assertGreater(found["bytesSent"], 25 * 500)

    def test_hours_are_closed_once_and_derived_alike_again(self):
        """Changes of hours ago, as a server would have left them."""
        self.plane.tenant("old")
        sql = self.plane.pg.sql
        cluster = sql("SELECT id FROM cluster WHERE name = 'old'")
        hour = int(time.time()) // 3600 - 5
        for at, used in ((hour * HOUR_US + 1000000, 2000), ((hour + 1) * HOUR_US, 1000),
                         ((hour + 3) * HOUR_US + 1800 * 1000000, 0)):
            sql("INSERT INTO meter_change (cluster, counter, at_us, used)"
                f" VALUES ({cluster}, 'cpu', {at}, {used})")
        wanted = {hour: 2 * 3599.0, hour + 1: 3600.0, hour + 2: 3600.0, hour + 3: 1800.0}

        def told():
            items = self.plane.admin.get(f"{METERS}?tenant=old").json["items"]
            return {int(time.mktime(time.strptime(i["hour"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone)
                    // 3600: float(i["cpuSeconds"]) for i in items if float(i["cpuSeconds"])}

        self.assertEqual(told(), wanted)
        # Close them by hand, as the server does once a minute, and compare.
        sql(f"INSERT INTO meter_hour SELECT * FROM meter_derive({hour}, {hour + 3},"
            f" {(hour + 4) * HOUR_US}) WHERE cluster = {cluster} ON CONFLICT DO NOTHING;"
            f"INSERT INTO meter_closed SELECT generate_series({hour}, {hour + 3}) ON CONFLICT DO NOTHING")
        self.assertEqual(told(), wanted)
        self.assertEqual(sql(f"SELECT count(*) FROM meter_hour h FULL JOIN meter_derive({hour}, {hour + 3},"
                             f" {(hour + 4) * HOUR_US}) d USING (hour, cluster, counter) WHERE cluster ="
                             f" {cluster} AND h.amount IS DISTINCT FROM d.amount"), "0")

    def test_formats(self):
        t = self.plane.tenant("formatted")
        t.post(PODS, self.sized("a", "1"))
        a = self.plane.admin.get(f"{METERS}?tenant=formatted&format=csv")
        self.assertTrue(a.headers["Content-Type"].startswith("text/csv"))
        rows = list(csv.DictReader(io.StringIO(a.body.decode())))
        self.assertEqual([r["tenant"] for r in rows], ["formatted"])
        self.assertIn("cpuSeconds", rows[0])
        a = self.plane.admin.get(f"{METERS}?tenant=formatted&format=prometheus")
        self.assertIn('hostplane_tenant_cpu_seconds_total{tenant="formatted",uid="', a.body.decode())
        for query in ("format=xml", "from=yesterday", "from=2026-01-01T00:00:00Z&to=2025-01-01T00:00:00Z",
                      "from=1999-01-01T00:00:00Z"):
            self.assertEqual(self.plane.admin.get(f"{METERS}?{query}").status, 400, query)
        self.assertEqual(self.plane.admin.post(METERS, {}).status, 405)
        self.assertEqual(t.get(METERS).status, 404)
        h = {"Impersonate-User": "nobody"}
        self.assertEqual(self.plane.admin.get(METERS, headers=h).status, 403)
        hpctl = [os.path.join(BUILD, "hpctl"), "--kubeconfig",
                 os.path.join(self.plane.data, "admin.kubeconfig"), "usage", "formatted"]
        out = subprocess.run(hpctl, check=True, stdout=subprocess.PIPE).stdout.decode()
        self.assertIn("CPU-S", out)
        self.assertIn("formatted", out)
        out = subprocess.run(hpctl + ["-o", "csv"], check=True, stdout=subprocess.PIPE).stdout.decode()
        self.assertTrue(out.startswith("hour,tenant,uid,cpuSeconds"))


if __name__ == "__main__":
    unittest.main()
