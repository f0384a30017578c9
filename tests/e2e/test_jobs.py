"""Jobs and CronJobs on a real server, as the conformance suite describes them."""
import time
import unittest

from harness import Plane, wait_until
from played import PlayedNode

BATCH, CORE = "/apis/batch/v1/namespaces/default", "/api/v1/namespaces/default"


class Jobs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane()
        cls.plane.__enter__()
        cls.t = cls.plane.tenant("acme")
        cls.node = PlayedNode(cls.plane, cls.t)

    @classmethod
    def tearDownClass(cls):
        cls.node.stop()
        cls.plane.__exit__(None, None, None)

    def job(self, name, image="exit-0", restart="Never", **spec):
        a = self.t.post(f"{BATCH}/jobs", {"metadata": {"name": name}, "spec": {
            "template": {"spec": {"restartPolicy": restart,
                                  "containers": [{"name": "c", "image": image}]}}, **spec}})
        self.assertEqual(a.status, 201, a)
        return a.json

    def get(self, name):
        return self.t.get(f"{BATCH}/jobs/{name}").json

    def conditions(self, name):
        return {c["type"]: c for c in self.get(name).get("status", {}).get("conditions", [])
                if c["status"] == "True"}

    def ended(self, name, condition):
        wait_until(lambda: condition in self.conditions(name))
        return self.get(name)["status"]

    def pods(self, name):
        return self.t.get(f"{CORE}/pods?labelSelector=job-name%3D{name}").json["items"]

    def test_indexes_have_names_and_end_once(self):
        self.job("ix", completions=4, parallelism=2, completionMode="Indexed")
        s = self.ended("ix", "Complete")
        self.assertEqual((s["succeeded"], s["completedIndexes"]), (4, "0-3"))
        self.assertEqual([c["type"] for c in s["conditions"]], ["SuccessCriteriaMet", "Complete"])
        self.assertEqual(s["uncountedTerminatedPods"], {})
        self.assertEqual(sorted(p["spec"]["hostname"] for p in self.pods("ix")),
                         [f"ix-{i}" for i in range(4)])
        for p in self.pods("ix"):
            self.assertNotIn("finalizers", p["metadata"])
            self.assertTrue(p["metadata"]["name"].startswith(p["spec"]["hostname"] + "-"))

    def test_exit_code_fails_the_job_early(self):
        self.job("early", image="exit-42", completions=3, parallelism=1, backoffLimit=100,
                 podFailurePolicy={"rules": [{"action": "FailJob", "onExitCodes": {
                     "containerName": "c", "operator": "In", "values": [42]}}]})
        s = self.ended("early", "Failed")
        self.assertEqual({c["type"]: c["reason"] for c in s["conditions"]},
                         {"FailureTarget": "PodFailurePolicy", "Failed": "PodFailurePolicy"})
        self.assertIn("failed with exit code 42 matching FailJob rule at index 0",
                      s["conditions"][0]["message"])

    def test_all_indexes_run_despite_failures(self):
        self.job("per", image="exit-1-on-0.2", completions=4, parallelism=2, backoffLimitPerIndex=0,
                 completionMode="Indexed")
        s = self.ended("per", "Failed")
        self.assertEqual((s["completedIndexes"], s["failedIndexes"], s["succeeded"], s["failed"]),
                         ("1,3", "0,2", 2, 2))
        self.assertEqual(self.conditions("per")["Failed"]["reason"], "FailedIndexes")

    def test_max_failed_indexes_ends_it(self):
        self.job("max", image="exit-1-on-0.1", completions=10, parallelism=1,
                 backoffLimitPerIndex=0, maxFailedIndexes=1, completionMode="Indexed")
        self.ended("max", "Failed")
        self.assertEqual(self.conditions("max")["Failed"]["reason"], "MaxFailedIndexesExceeded")

    def test_success_policy_leaves_the_rest(self):
        self.job("sp", image="exit-0", completions=5, parallelism=1, completionMode="Indexed",
                 successPolicy={"rules": [{"succeededIndexes": "0", "succeededCount": 1}]})
        s = self.ended("sp", "Complete")
        self.assertEqual(s["completedIndexes"], "0")
        self.assertNotIn("failed", s)
        self.assertEqual(self.conditions("sp")["Complete"]["reason"], "SuccessPolicy")
        self.assertEqual(self.conditions("sp")["Complete"]["message"], "Matched rules at index 0")

    def test_backoff_limit(self):
        self.job("bo", image="exit-1", backoffLimit=0)
        s = self.ended("bo", "Failed")
        self.assertEqual(s["failed"], 1)
        self.assertEqual(self.conditions("bo")["Failed"]["reason"], "BackoffLimitExceeded")

    def test_suspend_and_resume(self):
        self.job("su", image="run", parallelism=2, completions=2, suspend=True)
        wait_until(lambda: "Suspended" in self.conditions("su"))
        self.assertEqual(self.pods("su"), [])
        self.assertNotIn("startTime", self.get("su")["status"])
        self.t.patch(f"{BATCH}/jobs/su", {"spec": {"suspend": False}})
        wait_until(lambda: self.get("su")["status"].get("ready") == 2)
        self.t.patch(f"{BATCH}/jobs/su", {"spec": {"suspend": True}})
        wait_until(lambda: not self.pods("su"))
        wait_until(lambda: "active" not in self.get("su")["status"])
        self.assertNotIn("failed", self.get("su")["status"])

    def test_adopts_orphans_and_releases_strangers(self):
        self.job("ad", image="run", parallelism=2, completions=2)
        wait_until(lambda: len(self.pods("ad")) == 2)
        name = self.pods("ad")[0]["metadata"]["name"]
        path = f"{CORE}/pods/{name}"

        def owners():
            return self.t.get(path).json["metadata"].get("ownerReferences")

        self.t.patch(path, {"metadata": {"ownerReferences": None}})
        wait_until(lambda: owners())
        self.assertEqual(self.t.get(path).json["metadata"]["finalizers"],
                         ["batch.kubernetes.io/job-tracking"])
        labels = {k: None for k in self.t.get(path).json["metadata"]["labels"]}
        self.t.patch(path, {"metadata": {"labels": labels}})
        wait_until(lambda: owners() is None)
        self.t.delete(f"{BATCH}/jobs/ad", {"propagationPolicy": "Foreground"})
        wait_until(lambda: self.t.get(f"{BATCH}/jobs/ad").status == 404)
        self.assertEqual(self.pods("ad"), [])
        self.t.delete(path)

    def test_pods_of_a_job_whose_name_another_one_has_go(self):
        self.job("again", suspend=True)
        wait_until(lambda: "Suspended" in self.conditions("again"))
        self.t.post(f"{CORE}/pods", {
            "metadata": {"name": "earlier", "finalizers": ["batch.kubernetes.io/job-tracking"], "ownerReferences": [
                {"apiVersion": "batch/v1", "kind": "Job", "name": "again", "controller": True,
                 "uid": "6d1f4a1e-0000-4000-8000-000000000000"}]},
            "spec": {"containers": [{"name": "c", "image": "run"}]}})
        wait_until(lambda: self.t.get(f"{CORE}/pods/earlier").status == 404)

    def test_many_pods_end_and_are_counted_once(self):
        self.job("many", completions=150, parallelism=100)
        s = self.ended("many", "Complete")
        self.assertEqual((s["succeeded"], s.get("failed", 0)), (150, 0))
        self.assertEqual(len(self.pods("many")), 150)
        for p in self.pods("many"):
            self.assertNotIn("finalizers", p["metadata"])

    # ---- CronJobs: a time is missed on purpose, so that none is waited for ----

    def cron(self, name, image, **spec):
        a = self.t.post(f"{BATCH}/cronjobs", {"metadata": {"name": name}, "spec": {
            "schedule": "* * * * *", "suspend": True, "jobTemplate": {"spec": {"template": {"spec": {
                "restartPolicy": "Never", "containers": [{"name": "c", "image": image}]}}}}, **spec}})
        self.assertEqual(a.status, 201, a)

    def miss(self, name, schedule):
        """The last time of the schedule is to be served."""
        path = f"{BATCH}/cronjobs/{name}"
        past = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 1200))
        self.assertEqual(self.t.patch(path + "/status", {"status": {"lastScheduleTime": past}}).status, 200)
        self.assertEqual(self.t.patch(path, {"spec": {"schedule": schedule, "suspend": False}}).status, 200)
        wait_until(lambda: self.t.get(path).json["status"].get("lastScheduleTime") != past
                   or self.events(name, "JobAlreadyActive"))
        self.t.patch(path, {"spec": {"suspend": True}})

    def events(self, name, reason):
        return [e for e in self.t.get(f"{CORE}/events").json["items"]
                if e["involvedObject"]["name"] == name and e["reason"] == reason]

    def jobs_of(self, name):
        return {j["metadata"]["uid"]: j for j in self.t.get(f"{BATCH}/jobs").json["items"]
                if any(r["name"] == name for r in j["metadata"].get("ownerReferences", []))}

    def active(self, name):
        return {r["uid"] for r in self.t.get(f"{BATCH}/cronjobs/{name}").json["status"].get("active", [])}

    # Minutes that differ from each other whenever it is.
    ODD, EVEN = "1-59/2 * * * *", "*/2 * * * *"

    def test_jobs_of_a_cronjob_run_side_by_side_if_they_may(self):
        self.cron("side", "run", concurrencyPolicy="Allow")
        self.miss("side", self.ODD)
        first = self.active("side")
        self.assertTrue(first)
        self.miss("side", self.EVEN)
        wait_until(lambda: self.active("side") > first)
        self.assertGreaterEqual(set(self.jobs_of("side")), self.active("side"))

    def test_a_cronjob_waits_for_its_job_if_it_must(self):
        self.cron("wait", "run", concurrencyPolicy="Forbid")
        self.miss("wait", self.ODD)
        first = self.active("wait")
        self.assertEqual(len(first), 1)
        self.miss("wait", self.EVEN)
        self.assertTrue(self.events("wait", "JobAlreadyActive"))
        self.assertEqual((self.active("wait"), set(self.jobs_of("wait"))), (first, first))

    def test_a_cronjob_replaces_its_job_if_it_is_to(self):
        self.cron("new", "run", concurrencyPolicy="Replace")
        self.miss("new", self.ODD)
        first = self.active("new")
        self.assertEqual(len(first), 1)
        self.miss("new", self.EVEN)
        wait_until(lambda: len(self.active("new")) == 1 and not self.active("new") & first)
        wait_until(lambda: set(self.jobs_of("new")) == self.active("new"))

    def test_a_cronjob_keeps_some_of_its_jobs(self):
        self.cron("keep", "exit-0", successfulJobsHistoryLimit=1, failedJobsHistoryLimit=0)
        for schedule in (self.ODD, self.EVEN):
            self.miss("keep", schedule)
            wait_until(lambda: self.jobs_of("keep") and not self.active("keep"))
        wait_until(lambda: len(self.jobs_of("keep")) == 1)
        # Of two that began in one second either may be the one that stays: that there were two, events tell.
        wait_until(lambda: len({e["message"] for e in self.events("keep", "SuccessfulCreate")}) >= 2)
        self.assertTrue(self.t.get(f"{BATCH}/cronjobs/keep").json["status"]["lastSuccessfulTime"])
        self.t.patch(f"{BATCH}/cronjobs/keep", {"spec": {"successfulJobsHistoryLimit": 0}})
        wait_until(lambda: not self.jobs_of("keep"))

    def test_time_to_live(self):
        self.job("ttl", ttlSecondsAfterFinished=1)
        wait_until(lambda: self.t.get(f"{BATCH}/jobs/ttl").status == 404)
        wait_until(lambda: not self.pods("ttl"))

    def test_deadline(self):
        self.job("dl", image="run", activeDeadlineSeconds=1)
        s = self.ended("dl", "Failed")
        self.assertEqual(self.conditions("dl")["Failed"]["reason"], "DeadlineExceeded")
        self.assertEqual((s["failed"], s["terminating"]), (1, 0))

    def test_another_controller_s_job_is_left_alone(self):
        self.job("mine", managedBy="example.com/own")
        time.sleep(0.5)  # nothing to wait for: nothing must happen
        self.assertEqual(self.pods("mine"), [])


if __name__ == "__main__":
    unittest.main()
