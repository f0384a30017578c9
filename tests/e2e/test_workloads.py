"""Deployments, ReplicaSets, StatefulSets and DaemonSets on a real server and played nodes, as the
conformance suite describes them."""
import threading
import time
import unittest

from harness import Plane, wait_until
from played import PlayedNode

APPS, CORE = "/apis/apps/v1/namespaces/default", "/api/v1/namespaces/default"
SMP = "application/strategic-merge-patch+json"


def template(app, image="run", **spec):
    return {"metadata": {"labels": {"app": app}},
            "spec": {"containers": [{"name": "c", "image": image}], **spec}}


class Workloads(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = Plane()
        cls.plane.__enter__()
        cls.t = cls.plane.tenant("acme")
        cls.nodes = [PlayedNode(cls.plane, cls.t, "n1", {"disk": "ssd"}),
                     PlayedNode(cls.plane, cls.t, "n2")]

    @classmethod
    def tearDownClass(cls):
        for n in cls.nodes:
            n.stop()
        cls.plane.__exit__(None, None, None)

    def make(self, plural, name, image="run", **spec):
        a = self.t.post(f"{APPS}/{plural}", {"metadata": {"name": name}, "spec": {
            "selector": {"matchLabels": {"app": name}}, "template": template(name, image), **spec}})
        self.assertEqual(a.status, 201, a)
        return a.json

    def get(self, plural, name):
        return self.t.get(f"{APPS}/{plural}/{name}").json

    def status(self, plural, name, **want):
        """Wait until the status says so about the present generation."""
        def says():
            o = self.get(plural, name)
            s = o.get("status", {})
            return (s.get("observedGeneration") == o["metadata"]["generation"]
                    and all(s.get(k, 0) == v for k, v in want.items()) and o)
        return wait_until(says)

    def set_image(self, plural, name, image):
        a = self.t.patch(f"{APPS}/{plural}/{name}", {"spec": {"template": {"spec": {
            "containers": [{"name": "c", "image": image}]}}}}, SMP)
        self.assertEqual(a.status, 200, a)

    def pods(self, app):
        items = self.t.get(f"{CORE}/pods?labelSelector=app%3D{app}").json["items"]
        return {p["metadata"]["name"]: p for p in items}

    def images(self, app):
        return {n: p["spec"]["containers"][0]["image"] for n, p in self.pods(app).items()
                if "deletionTimestamp" not in p["metadata"]}

    # ---- StatefulSet ----

    def test_statefulset_canary_and_phased_update(self):
        self.make("statefulsets", "can", replicas=3, serviceName="can",
                  updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"partition": 3}})
        first = self.status("statefulsets", "can", readyReplicas=3, currentReplicas=3)["status"]
        self.set_image("statefulsets", "can", "run-2")
        s = self.status("statefulsets", "can", currentReplicas=3, updatedReplicas=0)["status"]
        self.assertEqual(s["currentRevision"], first["currentRevision"])
        self.assertNotEqual(s["updateRevision"], s["currentRevision"])

        def move(partition):
            self.t.patch(f"{APPS}/statefulsets/can", {"spec": {"updateStrategy": {
                "rollingUpdate": {"partition": partition}}}})

        move(2)
        self.status("statefulsets", "can", readyReplicas=3, updatedReplicas=1)
        self.assertEqual(self.images("can"), {"can-0": "run", "can-1": "run", "can-2": "run-2"})
        self.t.delete(f"{CORE}/pods/can-0")  # comes back as it was
        self.t.delete(f"{CORE}/pods/can-2")
        wait_until(lambda: len(self.images("can")) == 3)
        self.status("statefulsets", "can", readyReplicas=3, updatedReplicas=1)
        self.assertEqual(self.images("can"), {"can-0": "run", "can-1": "run", "can-2": "run-2"})
        move(0)
        s = self.status("statefulsets", "can", readyReplicas=3, updatedReplicas=3,
                        currentReplicas=3)["status"]
        self.assertEqual(s["currentRevision"], s["updateRevision"])

    def test_statefulset_rolls_back_to_the_revision_it_had(self):
        self.make("statefulsets", "back", replicas=2, serviceName="back")
        one = self.status("statefulsets", "back", readyReplicas=2)["status"]["updateRevision"]
        self.set_image("statefulsets", "back", "run-2")
        self.status("statefulsets", "back", readyReplicas=2, updatedReplicas=2, currentReplicas=2)
        self.set_image("statefulsets", "back", "run")
        s = self.status("statefulsets", "back", readyReplicas=2, updatedReplicas=2,
                        currentReplicas=2)["status"]
        self.assertEqual(s["currentRevision"], one)
        revisions = self.t.get(f"{APPS}/controllerrevisions?labelSelector=app%3Dback").json["items"]
        self.assertEqual(sorted(r["revision"] for r in revisions), [2, 3])
        self.assertEqual({r["metadata"]["name"]: r["revision"] for r in revisions}[one], 3)

    def test_statefulset_halts_at_a_sick_pod(self):
        self.make("statefulsets", "sick", image="sick", replicas=2, serviceName="sick")
        wait_until(lambda: self.pods("sick").get("sick-0", {}).get("status", {}).get("phase")
                   == "Running")
        self.assertEqual(list(self.pods("sick")), ["sick-0"])
        self.t.patch(f"{APPS}/statefulsets/sick", {"spec": {"replicas": 0}})
        wait_until(lambda: not self.pods("sick"))

    def order(self, app, kind):
        """Names in the order of a kind of events, as a watch of these pods tells of them."""
        return [e["object"]["metadata"]["name"] for e in self.events[app] if e["type"] == kind]

    def follow(self, app):
        self.events = {app: []}

        def run():
            for e in self.t.watch(f"{CORE}/pods?labelSelector=app%3D{app}"):
                self.events[app].append(e)
        threading.Thread(target=run, daemon=True).start()

    def test_statefulset_goes_one_by_one_and_waits_for_what_is_not_ready(self):
        path, names = f"{APPS}/statefulsets/seq", [f"seq-{i}" for i in range(3)]
        unready = [n.unready for n in self.nodes]

        def scale(replicas):
            o = self.get("statefulsets", "seq")
            o["spec"]["replicas"] = replicas
            self.assertEqual(self.t.put(path, o).status, 200)

        self.follow("seq")
        self.make("statefulsets", "seq", replicas=1, serviceName="seq")
        self.status("statefulsets", "seq", readyReplicas=1)
        for u in unready:
            u.update(names)
        self.status("statefulsets", "seq", readyReplicas=0)
        scale(3)
        self.status("statefulsets", "seq", replicas=1, readyReplicas=0)  # seen, and waited
        self.assertEqual(list(self.pods("seq")), ["seq-0"])
        for u in unready:
            u.clear()
        self.status("statefulsets", "seq", replicas=3, readyReplicas=3)
        wait_until(lambda: self.order("seq", "ADDED") == names)
        for u in unready:
            u.update(names)
        self.status("statefulsets", "seq", readyReplicas=0)
        scale(0)
        self.status("statefulsets", "seq", replicas=3, readyReplicas=0)
        self.assertEqual(sorted(self.images("seq")), names)
        for u in unready:
            u.clear()
        self.status("statefulsets", "seq", replicas=0)
        wait_until(lambda: self.order("seq", "DELETED") == names[::-1])

    def test_scales_are_read_written_and_patched(self):
        """With what a Go client makes of a Scale: nothing is left out."""
        for plural in ("deployments", "replicasets", "statefulsets"):
            name = "sc-" + plural
            more = {"serviceName": name} if plural == "statefulsets" else {}
            self.make(plural, name, replicas=1, **more)
            path = f"{APPS}/{plural}/{name}"
            s = wait_until(lambda: (lambda a: a if a["status"]["replicas"] == 1 else None)(
                self.t.get(path + "/scale").json))
            self.assertEqual((s["kind"], s["apiVersion"]), ("Scale", "autoscaling/v1"))
            self.assertEqual(s["status"]["selector"], f"app={name}")
            s["metadata"]["resourceVersion"], s["spec"]["replicas"] = "", 2
            self.assertEqual(self.t.put(path + "/scale", s).json["spec"], {"replicas": 2})
            for n, meta in ((4, {}), (3, {"creationTimestamp": None})):
                a = self.t.patch(path + "/scale", {"metadata": meta, "spec": {"replicas": n},
                                                   "status": {"replicas": 0}}, SMP)
                self.assertEqual((a.status, a.json["spec"]), (200, {"replicas": n}))
                self.assertEqual(self.get(plural, name)["spec"]["replicas"], n)
            self.t.delete(path, {"propagationPolicy": "Background"})

    def test_statefulset_parallel_and_ordinals(self):
        self.make("statefulsets", "par", image="sick", replicas=3, serviceName="par",
                  podManagementPolicy="Parallel", ordinals={"start": 5})
        wait_until(lambda: sorted(self.pods("par")) == ["par-5", "par-6", "par-7"])
        self.t.patch(f"{APPS}/statefulsets/par", {"spec": {"ordinals": {"start": 6}}})
        wait_until(lambda: sorted(self.images("par")) == ["par-6", "par-7", "par-8"])
        p = self.pods("par")["par-6"]
        self.assertEqual(p["metadata"]["labels"]["apps.kubernetes.io/pod-index"], "6")
        self.assertEqual(p["spec"]["hostname"], "par-6")

    def test_statefulset_claims_go_when_scaled_away(self):
        self.make("statefulsets", "vol", image="sick", replicas=2, serviceName="vol",
                  podManagementPolicy="Parallel",
                  persistentVolumeClaimRetentionPolicy={"whenDeleted": "Retain",
                                                        "whenScaled": "Delete"},
                  volumeClaimTemplates=[{"metadata": {"name": "data"}, "spec": {
                      "accessModes": ["ReadWriteOnce"], "storageClassName": "none",
                      "resources": {"requests": {"storage": "1Gi"}}}}])

        def claims():
            return sorted(c["metadata"]["name"] for c in
                          self.t.get(f"{CORE}/persistentvolumeclaims").json["items"]
                          if c["metadata"]["name"].startswith("data-vol"))

        wait_until(lambda: claims() == ["data-vol-0", "data-vol-1"])
        wait_until(lambda: len(self.pods("vol")) == 2)
        self.assertEqual(self.pods("vol")["vol-0"]["spec"]["volumes"][0],
                         {"name": "data", "persistentVolumeClaim": {"claimName": "data-vol-0"}})
        self.t.patch(f"{APPS}/statefulsets/vol", {"spec": {"replicas": 1}})
        wait_until(lambda: claims() == ["data-vol-0"])
        self.t.delete(f"{APPS}/statefulsets/vol")
        wait_until(lambda: not self.pods("vol"))
        self.assertEqual(claims(), ["data-vol-0"])

    # ---- DaemonSet ----

    def test_daemonset_runs_where_labels_say(self):
        self.make("daemonsets", "cx")
        self.status("daemonsets", "cx", desiredNumberScheduled=2, numberReady=2, numberAvailable=2)
        self.t.patch(f"{APPS}/daemonsets/cx", {"spec": {"template": {"spec": {
            "nodeSelector": {"disk": "ssd"}}}}})
        self.status("daemonsets", "cx", desiredNumberScheduled=1, numberReady=1,
                    updatedNumberScheduled=1, numberMisscheduled=0)
        self.plane.admin.patch("/api/v1/nodes/n2", {"metadata": {"labels": {"disk": "ssd"}}})
        self.status("daemonsets", "cx", desiredNumberScheduled=2, numberReady=2)
        self.plane.admin.patch("/api/v1/nodes/n2", {"metadata": {"labels": {"disk": None}}})
        self.status("daemonsets", "cx", desiredNumberScheduled=1, currentNumberScheduled=1,
                    numberMisscheduled=0)
        wait_until(lambda: len(self.pods("cx")) == 1)

    def test_daemonset_revives_failed_pods(self):
        self.make("daemonsets", "rev")
        self.status("daemonsets", "rev", numberReady=2)
        name = sorted(self.pods("rev"))[0]
        self.t.patch(f"{CORE}/pods/{name}/status", {"status": {"phase": "Failed"}})
        wait_until(lambda: name not in self.pods("rev"))
        self.status("daemonsets", "rev", numberReady=2)

    def test_daemonset_rolls_back_without_restarts(self):
        self.make("daemonsets", "rb")
        self.status("daemonsets", "rb", numberReady=2)
        before = self.pods("rb")
        self.set_image("daemonsets", "rb", "sick")
        wait_until(lambda: "sick" in self.images("rb").values())
        kept = [n for n in self.images("rb") if n in before]
        self.assertEqual(len(kept), 1)
        self.set_image("daemonsets", "rb", "run")
        self.status("daemonsets", "rb", numberReady=2, updatedNumberScheduled=2)
        self.assertIn(kept[0], self.pods("rb"))
        revisions = self.t.get(f"{APPS}/controllerrevisions?labelSelector=app%3Drb").json["items"]
        self.assertEqual(sorted(r["revision"] for r in revisions), [2, 3])

    def test_daemonset_surges(self):
        self.make("daemonsets", "su", updateStrategy={"type": "RollingUpdate", "rollingUpdate": {
            "maxSurge": 1, "maxUnavailable": 0}})
        self.status("daemonsets", "su", numberReady=2)
        old = set(self.pods("su"))
        self.set_image("daemonsets", "su", "sick")
        wait_until(lambda: len(self.pods("su")) == 3)
        self.assertLess(old, set(self.pods("su")))
        self.set_image("daemonsets", "su", "run-2")
        self.status("daemonsets", "su", numberReady=2, updatedNumberScheduled=2)
        wait_until(lambda: len(self.pods("su")) == 2)
        self.assertEqual(set(self.images("su").values()), {"run-2"})

    # ---- kubectl ----

    def test_rollout_undo(self):
        self.make("deployments", "undo", replicas=2)
        self.status("deployments", "undo", availableReplicas=2, updatedReplicas=2)
        self.set_image("deployments", "undo", "run-2")
        self.status("deployments", "undo", availableReplicas=2, updatedReplicas=2, replicas=2)
        sets = self.t.get(f"{APPS}/replicasets?labelSelector=app%3Dundo").json["items"]
        old = [r for r in sets if r["metadata"]["annotations"]
               ["deployment.kubernetes.io/revision"] == "1"][0]
        labels = old["spec"]["template"]["metadata"]["labels"]
        labels.pop("pod-template-hash")
        a = self.t.patch(f"{APPS}/deployments/undo", [
            {"op": "replace", "path": "/spec/template", "value": old["spec"]["template"]}],
            "application/json-patch+json")
        self.assertEqual(a.status, 200, a)
        self.status("deployments", "undo", availableReplicas=2, updatedReplicas=2, replicas=2)
        self.assertEqual(set(self.images("undo").values()), {"run"})
        r = self.t.get(f"{APPS}/replicasets/{old['metadata']['name']}").json
        self.assertEqual(r["metadata"]["annotations"]["deployment.kubernetes.io/revision"], "3")
        self.assertEqual(r["metadata"]["annotations"]
                         ["deployment.kubernetes.io/revision-history"], "1")

    def test_rollback_annotation(self):
        self.make("deployments", "ann", replicas=1)
        self.status("deployments", "ann", availableReplicas=1, updatedReplicas=1)
        self.set_image("deployments", "ann", "run-2")
        self.status("deployments", "ann", availableReplicas=1, updatedReplicas=1, replicas=1)
        self.t.patch(f"{APPS}/deployments/ann", {"metadata": {"annotations": {
            "deprecated.deployment.rollback.to": "1"}}})
        wait_until(lambda: set(self.images("ann").values()) == {"run"})
        d = self.get("deployments", "ann")
        self.assertNotIn("deprecated.deployment.rollback.to", d["metadata"]["annotations"])

    def test_replicaset_adopts_on_creation_and_releases(self):
        a = self.t.post(f"{CORE}/pods", {"metadata": {"name": "lone", "labels": {"app": "ado"}},
                                         "spec": template("ado")["spec"]})
        self.assertEqual(a.status, 201, a)
        rs = self.make("replicasets", "ado", replicas=1)

        def owners(pod="lone"):
            m = self.t.get(f"{CORE}/pods/{pod}").json["metadata"]
            return [o["uid"] for o in m.get("ownerReferences", [])]

        wait_until(lambda: owners() == [rs["metadata"]["uid"]])
        self.assertEqual(list(self.pods("ado")), ["lone"])
        self.t.patch(f"{CORE}/pods/lone", {"metadata": {"labels": {"app": "no"}}})
        wait_until(lambda: owners() == [])
        wait_until(lambda: len(self.pods("ado")) == 1)
        self.t.patch(f"{CORE}/pods/lone", {"metadata": {"labels": {"app": "ado"}}})
        wait_until(lambda: len(self.images("ado")) == 1)  # one of the two goes
        s = self.status("replicasets", "ado", replicas=1, readyReplicas=1)["status"]
        self.assertIn("terminatingReplicas", s)

    # ---- disruption ----

    def budget(self, name, **spec):
        a = self.t.post("/apis/policy/v1/namespaces/default/poddisruptionbudgets", {
            "metadata": {"name": name},
            "spec": {"selector": {"matchLabels": {"app": name}}, **spec}})
        self.assertEqual(a.status, 201, a)

    def budget_status(self, name):
        return self.t.get("/apis/policy/v1/namespaces/default/poddisruptionbudgets/"
                          + name).json.get("status", {})

    def evict(self, pod):
        return self.t.post(f"{CORE}/pods/{pod}/eviction", {
            "apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod}})

    def test_evictions_wait_for_the_budget(self):
        self.make("deployments", "ev", replicas=3)
        self.status("deployments", "ev", availableReplicas=3)
        self.budget("ev", minAvailable=3)
        wait_until(lambda: self.budget_status("ev").get("currentHealthy") == 3)
        pod = sorted(self.pods("ev"))[0]
        a = self.evict(pod)
        self.assertEqual(a.status, 429, a)
        self.assertEqual(a.json["details"]["causes"], [{
            "reason": "DisruptionBudget",
            "message": "The disruption budget ev needs 3 healthy pods and has 3 currently"}])
        self.t.patch("/apis/policy/v1/namespaces/default/poddisruptionbudgets/ev",
                     {"spec": {"minAvailable": 2}})
        wait_until(lambda: self.budget_status("ev").get("disruptionsAllowed") == 1)
        a = self.evict(pod)
        self.assertEqual(a.status, 201, a)
        self.status("deployments", "ev", availableReplicas=3)

    def test_a_share_counts_the_deployment_once(self):
        self.make("deployments", "share", replicas=4)
        self.status("deployments", "share", availableReplicas=4)
        self.budget("share", maxUnavailable="50%")
        wait_until(lambda: self.budget_status("share").get("disruptionsAllowed") == 2)
        self.assertEqual(self.budget_status("share")["expectedPods"], 4)

    def test_a_budget_lets_sick_pods_go_as_it_says(self):
        self.make("deployments", "uh", replicas=2)
        self.status("deployments", "uh", availableReplicas=2)
        path = "/apis/policy/v1/namespaces/default/poddisruptionbudgets/uh"
        # healthy pods, what the budget says, what becomes of an eviction of the third one, which is sick
        for least, policy, code in ((2, None, 201), (3, None, 429), (3, "IfHealthyBudget", 429), (3, "AlwaysAllow", 201)):
            self.t.post(f"{CORE}/pods", {"metadata": {"name": "uh-sick", "labels": {"app": "uh"}},
                                         "spec": {"containers": [{"name": "c", "image": "sick"}]}})
            wait_until(lambda: self.t.get(f"{CORE}/pods/uh-sick").json["status"]["phase"] == "Running")
            self.budget("uh", minAvailable=least, **({"unhealthyPodEvictionPolicy": policy} if policy else {}))
            wait_until(lambda: (self.budget_status("uh").get("expectedPods"), self.budget_status("uh").get(
                "currentHealthy"), self.budget_status("uh").get("desiredHealthy")) == (3, 2, least))
            self.assertEqual(self.evict("uh-sick").status, code, (least, policy))
            self.t.delete(path)
            self.t.delete(f"{CORE}/pods/uh-sick", {"gracePeriodSeconds": 0})
            wait_until(lambda: self.t.get(f"{CORE}/pods/uh-sick").status == 404)

    # ---- Deployment ----

    def progress(self, name):
        return next((c for c in self.get("deployments", name).get("status", {}).get("conditions", [])
                     if c["type"] == "Progressing"), {})

    def test_a_deployment_without_progress_says_so(self):
        self.make("deployments", "slow", image="sick", progressDeadlineSeconds=1, replicas=1)
        wait_until(lambda: self.progress("slow").get("reason") == "ProgressDeadlineExceeded")
        self.assertEqual(self.progress("slow")["status"], "False")
        self.set_image("deployments", "slow", "run")
        self.status("deployments", "slow", availableReplicas=1, updatedReplicas=1, replicas=1)
        wait_until(lambda: self.progress("slow").get("reason") == "NewReplicaSetAvailable")
        self.assertEqual(self.progress("slow")["status"], "True")

    def test_a_paused_deployment_scales_and_does_not_roll(self):
        self.make("deployments", "pause", replicas=2)
        self.status("deployments", "pause", availableReplicas=2)
        path = f"{APPS}/deployments/pause"
        self.t.patch(path, {"spec": {"paused": True}})
        wait_until(lambda: self.progress("pause").get("reason") == "DeploymentPaused")
        self.assertEqual(self.progress("pause")["status"], "Unknown")
        self.set_image("deployments", "pause", "run2")
        self.t.patch(path, {"spec": {"replicas": 3}})
        self.status("deployments", "pause", availableReplicas=3)
        self.assertEqual(set(self.images("pause").values()), {"run"})
        self.t.patch(path, {"spec": {"paused": False}})
        self.status("deployments", "pause", availableReplicas=3, updatedReplicas=3, replicas=3)
        self.assertEqual(set(self.images("pause").values()), {"run2"})

    def test_old_revisions_go(self):
        self.make("deployments", "past", replicas=1, revisionHistoryLimit=1)
        for i in range(4):
            self.set_image("deployments", "past", f"run{i}")
            self.status("deployments", "past", availableReplicas=1, updatedReplicas=1, replicas=1)

        def left():
            return sorted(r["spec"]["template"]["spec"]["containers"][0]["image"] for r in self.t.get(
                f"{APPS}/replicasets?labelSelector=app%3Dpast").json["items"])
        wait_until(lambda: left() == ["run2", "run3"])

    def test_a_replicaset_says_why_it_cannot_make_pods(self):
        self.t.post("/api/v1/namespaces", {"metadata": {"name": "tight"}})
        quota = "/api/v1/namespaces/tight/resourcequotas"
        self.t.post(quota, {"metadata": {"name": "q"}, "spec": {"hard": {"pods": "1"}}})
        wait_until(lambda: self.t.get(f"{quota}/q").json.get("status", {}).get("hard"))
        path = "/apis/apps/v1/namespaces/tight/replicasets"
        self.t.post(path, {"metadata": {"name": "rs"}, "spec": {
            "replicas": 3, "selector": {"matchLabels": {"app": "rs"}}, "template": template("rs")}})

        def status():
            return self.t.get(f"{path}/rs").json.get("status", {})

        def failure():
            return next((c for c in status().get("conditions", []) if c["type"] == "ReplicaFailure"), None)
        wait_until(lambda: status().get("replicas") == 1 and failure())
        self.assertEqual((failure()["status"], failure()["reason"]), ("True", "FailedCreate"))
        self.assertIn("exceeded quota: q", failure()["message"])
        self.t.patch(f"{quota}/q", {"spec": {"hard": {"pods": "5"}}})
        wait_until(lambda: status().get("readyReplicas") == 3 and not failure(), timeout=90)
        wait_until(lambda: self.t.get(f"{quota}/q").json["status"]["used"] == {"pods": "3"})
        self.t.patch(f"{path}/rs", {"spec": {"replicas": 0}})
        wait_until(lambda: self.t.get(f"{quota}/q").json["status"]["used"] == {"pods": "0"})

    # ---- nodes ----

    def test_a_pod_that_may_stay_after_all_is_told_of(self):
        node = PlayedNode(self.plane, self.t, "n4", {"only": "n4"})
        self.addCleanup(self.plane.admin.delete, node.path)
        self.addCleanup(node.stop)
        a = self.t.post(f"{CORE}/pods", {"metadata": {"name": "stays"}, "spec": {
            "nodeSelector": {"only": "n4"}, "containers": [{"name": "c", "image": "run"}],
            "tolerations": [{"key": "leave", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 3600}]}})
        self.assertEqual(a.status, 201, a)
        wait_until(lambda: self.t.get(f"{CORE}/pods/stays").json["status"]["phase"] == "Running")

        def is_told():
            for taints in ([{"key": "leave", "effect": "NoExecute"}], []):
                self.plane.admin.patch(node.path, {"spec": {"taints": taints}})
                time.sleep(0.2)  # what comes of a taint cannot be seen before it goes
            return [e for e in self.t.get(f"{CORE}/events").json["items"]
                    if e["message"] == "Cancelling deletion of Pod default/stays"]
        event = wait_until(is_told)[0]
        self.assertEqual((event["reason"], event["type"]), ("TaintManagerEviction", "Normal"))
        self.t.delete(f"{CORE}/pods/stays")

    def test_pods_of_a_node_out_of_service_go_and_its_lease_goes_with_it(self):
        node = PlayedNode(self.plane, self.t, "n3", {"only": "n3"})
        self.addCleanup(self.plane.admin.delete, node.path)
        self.addCleanup(node.stop)
        leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
        uid = self.plane.admin.get(node.path).json["metadata"]["uid"]
        self.plane.admin.post(leases, {"metadata": {"name": "n3", "ownerReferences": [
            {"apiVersion": "v1", "kind": "Node", "name": "n3", "uid": uid}]}, "spec": {"holderIdentity": "n3"}})
        self.t.post(f"{CORE}/pods", {"metadata": {"name": "out"}, "spec": {
            "nodeSelector": {"only": "n3"}, "containers": [{"name": "c", "image": "run"}]}})
        wait_until(lambda: self.t.get(f"{CORE}/pods/out").json["status"]["phase"] == "Running")
        node.is_silent = True
        self.plane.admin.patch(node.path + "/status", {"status": {"conditions": [
            {"type": "Ready", "status": "False", "reason": "KubeletNotReady"}]}})
        self.t.delete(f"{CORE}/pods/out")
        self.assertIn("deletionTimestamp", self.t.get(f"{CORE}/pods/out").json["metadata"])
        self.plane.admin.patch(node.path, {"spec": {"taints": [
            {"key": "node.kubernetes.io/out-of-service", "value": "off", "effect": "NoExecute"}]}})
        wait_until(lambda: self.t.get(f"{CORE}/pods/out").status == 404)
        self.assertEqual(self.plane.admin.get(f"{leases}/n3").status, 200)
        self.plane.admin.delete(node.path)
        wait_until(lambda: self.plane.admin.get(f"{leases}/n3").status == 404)


if __name__ == "__main__":
    unittest.main()
