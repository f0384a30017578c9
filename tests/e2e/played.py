"""A node that is played: it says that it is ready, runs what is bound to it and ends what is deleted.

What becomes of a pod is in the image of its first container:
  run             it runs and is ready          (every pod that is of no Job)
  exit-N          it ends with code N           (pods of Jobs: exit-0)
  exit-N-on-I.J   so end the indexes I and J of an Indexed Job, others with 0
  sick            it runs and is never ready
A test may take the readiness of single pods away, and give it back: names in `unready`.
"""
import datetime
import threading
import time


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class PlayedNode:
    def __init__(self, plane, tenant, name="fake", labels=None, taints=None):
        self.plane, self.tenant, self.name = plane, tenant, name
        self.is_stopped, self.is_silent, self.n = False, False, 10
        self.unready = set()
        self.path = f"/api/v1/nodes/{name}"
        plane.admin.post("/api/v1/nodes", {"metadata": {"name": name, "labels": labels or {}},
                                           "spec": {"taints": taints or []}})
        self.beat({"cpu": "8", "memory": "16Gi", "pods": "110"})
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def beat(self, allocatable=None):
        status = {"conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady",
                                  "lastHeartbeatTime": now()}]}
        if allocatable:
            status["allocatable"] = status["capacity"] = allocatable
        a = self.plane.admin.patch(self.path + "/status", {"status": status})
        assert a.status == 200, a

    def exit_code(self, pod):
        """None for a pod that runs on."""
        meta = pod["metadata"]
        is_job = "job-name" in meta.get("labels", {})
        what = pod["spec"]["containers"][0]["image"].split("-")
        if what[0] != "exit":
            return 0 if is_job and what[0] not in ("run", "sick") else None
        index = meta.get("annotations", {}).get("batch.kubernetes.io/job-completion-index")
        if len(what) > 2 and index not in what[3].split("."):
            return 0
        return int(what[1])

    def status_of(self, pod):
        code = self.exit_code(pod)
        self.n += 1
        ready = code is None and pod["spec"]["containers"][0]["image"] != "sick"
        status = {"phase": "Running" if code is None else "Failed" if code else "Succeeded",
                  "podIP": f"10.99.{self.n // 250}.{self.n % 250}",
                  "conditions": [{"type": "Ready", "status": str(ready),
                                  "lastTransitionTime": now()}]}
        if code is not None:
            status["containerStatuses"] = [{
                "name": pod["spec"]["containers"][0]["name"], "ready": False, "restartCount": 0,
                "image": "x", "imageID": "x",
                "state": {"terminated": {"exitCode": code, "finishedAt": now(),
                                         "startedAt": now()}}}]
        return status

    def tend(self, pod):
        meta = pod["metadata"]
        path = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"
        if "deletionTimestamp" in meta:
            self.tenant.delete(path, {"gracePeriodSeconds": 0})
        elif pod["status"]["phase"] == "Pending":
            self.tenant.patch(path + "/status", {"status": self.status_of(pod)})
        elif pod["status"]["phase"] == "Running":
            self.set_ready(pod, path)

    def set_ready(self, pod, path):
        image = pod["spec"]["containers"][0]["image"]
        ready = str(image != "sick" and pod["metadata"]["name"] not in self.unready)
        had = [c["status"] for c in pod["status"].get("conditions", []) if c["type"] == "Ready"]
        if had not in ([], [ready]):
            self.tenant.patch(path + "/status", {"status": {"conditions": [
                {"type": "Ready", "status": ready, "lastTransitionTime": now()}]}},
                "application/strategic-merge-patch+json")

    def run(self):
        beat = time.monotonic()
        while not self.is_stopped:
            for pod in self.tenant.get("/api/v1/pods").json.get("items", []):
                if pod["spec"].get("nodeName") == self.name and not self.is_silent:
                    self.tend(pod)
            if time.monotonic() - beat > 5 and not self.is_silent:
                beat = time.monotonic()
                self.beat()
            time.sleep(0.05)

    def stop(self):
        self.is_stopped = True
        self.thread.join()
