#!/usr/bin/env python3
"""An operator for PostgresCluster objects, small enough to read: it turns each into a StatefulSet with a
Service, a ConfigMap and a Secret, says in the status how far it is, and tidies up when the object goes.

  pgoperator.py [--kubeconfig FILE] [--namespace NAME]     (inside a cluster: its service account)

Everything it makes is applied (server-side apply) under the name "postgres-operator", so that what others
add to the same objects stays.
"""
import argparse
import base64
import datetime
import json
import secrets
import sys
import time

from kubernetes import client, config, watch
from kubernetes.client.exceptions import ApiException

GROUP, VERSION, PLURAL = "db.example.com", "v1", "postgresclusters"
FINALIZER = "db.example.com/volumes"
MANAGER = "postgres-operator"
APPLY = "application/apply-patch+yaml"
RESYNC_S = 60


def labels(cluster):
    return {"app.kubernetes.io/name": "postgres", "app.kubernetes.io/instance": cluster["metadata"]["name"],
            "app.kubernetes.io/managed-by": MANAGER}


def head(cluster, kind, api_version, suffix=""):
    meta = cluster["metadata"]
    return {"apiVersion": api_version, "kind": kind, "metadata": {
        "name": meta["name"] + suffix, "namespace": meta["namespace"], "labels": labels(cluster),
        "ownerReferences": [{"apiVersion": cluster["apiVersion"], "kind": cluster["kind"], "name": meta["name"],
                             "uid": meta["uid"], "controller": True, "blockOwnerDeletion": True}]}}


def service(cluster):
    return {**head(cluster, "Service", "v1"), "spec": {
        "clusterIP": "None", "selector": labels(cluster),
        "ports": [{"name": "postgres", "port": 5432, "protocol": "TCP"}]}}


def settings(cluster):
    lines = ["%s = '%s'" % kv for kv in sorted(cluster["spec"].get("parameters", {}).items())]
    return {**head(cluster, "ConfigMap", "v1", "-config"), "data": {"extra.conf": "\n".join(lines) + "\n"}}


def stateful_set(cluster):
    name, spec = cluster["metadata"]["name"], cluster["spec"]
    container = {
        "name": "postgres", "image": "postgres:" + spec["version"],
        "args": ["-c", "config_file=/etc/postgres/extra.conf"] if spec.get("parameters") else [],
        "ports": [{"name": "postgres", "containerPort": 5432, "protocol": "TCP"}],
        "env": [{"name": "PGDATA", "value": "/data/pg"},
                {"name": "POSTGRES_PASSWORD", "valueFrom": {"secretKeyRef": {
                    "name": name + "-password", "key": "password"}}}],
        "volumeMounts": [{"name": "data", "mountPath": "/data"},
                         {"name": "config", "mountPath": "/etc/postgres"}]}
    return {**head(cluster, "StatefulSet", "apps/v1"), "spec": {
        "serviceName": name, "replicas": spec["replicas"], "selector": {"matchLabels": labels(cluster)},
        "template": {"metadata": {"labels": labels(cluster)}, "spec": {
            "containers": [container],
            "volumes": [{"name": "config", "configMap": {"name": name + "-config"}}]}},
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {
            "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": spec["storage"]}}}}]}}


def condition(old, kind, is_true, reason, message):
    """A condition whose time moves only with its status."""
    status = "True" if is_true else "False"
    before = next((c for c in old if c["type"] == kind), {})
    now = datetime.datetime.utcnow().strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"type": kind, "status": status, "reason": reason, "message": message,
            "lastTransitionTime": before["lastTransitionTime"] if before.get("status") == status else now}


class Operator:
    def __init__(self, api, namespace=None):
        self.api, self.namespace = api, namespace
        self.core, self.apps = client.CoreV1Api(api), client.AppsV1Api(api)
        self.custom = client.CustomObjectsApi(api)

    def call(self, method, path, body=None, query=(), content_type="application/json"):
        if "json" not in content_type:
            body = json.dumps(body)  # which is YAML, too
        data = self.api.call_api(
            path, method, body=body, query_params=list(query), _preload_content=False,
            header_params={"Content-Type": content_type, "Accept": "application/json"},
            auth_settings=["BearerToken"])[0].data
        return json.loads(data)

    def apply(self, obj):
        meta = obj["metadata"]
        root = "/api/v1" if obj["apiVersion"] == "v1" else "/apis/" + obj["apiVersion"]
        path = f"{root}/namespaces/{meta['namespace']}/{obj['kind'].lower()}s/{meta['name']}"
        return self.call("PATCH", path, obj, [("fieldManager", MANAGER), ("force", "true")], APPLY)

    def path(self, cluster, sub=""):
        meta = cluster["metadata"]
        return f"/apis/{GROUP}/{VERSION}/namespaces/{meta['namespace']}/{PLURAL}/{meta['name']}{sub}"

    # ---- one object ----

    def ensure_password(self, cluster):
        """Made once; a password that is there is never changed."""
        secret = {**head(cluster, "Secret", "v1", "-password"), "type": "Opaque", "data": {
            "password": base64.b64encode(secrets.token_urlsafe(24).encode()).decode()}}
        try:
            self.core.create_namespaced_secret(cluster["metadata"]["namespace"], secret)
        except ApiException as e:
            if e.status != 409:
                raise

    def set_finalizers(self, cluster, names):
        self.call("PATCH", self.path(cluster), {"metadata": {
            "finalizers": names, "resourceVersion": cluster["metadata"]["resourceVersion"]}},
            content_type="application/merge-patch+json")

    def finalize(self, cluster):
        """The volumes of a StatefulSet outlive it: they go here, and then the object may."""
        names = cluster["metadata"].get("finalizers", [])
        if FINALIZER not in names:
            return
        selector = ",".join("%s=%s" % kv for kv in labels(cluster).items())
        self.core.delete_collection_namespaced_persistent_volume_claim(
            cluster["metadata"]["namespace"], label_selector=selector)
        self.set_finalizers(cluster, [n for n in names if n != FINALIZER])

    def reconcile(self, cluster):
        meta, old = cluster["metadata"], cluster.get("status", {})
        if "deletionTimestamp" in meta:
            return self.finalize(cluster)
        if FINALIZER not in meta.get("finalizers", []):
            return self.set_finalizers(cluster, meta.get("finalizers", []) + [FINALIZER])
        self.ensure_password(cluster)
        self.apply(service(cluster))
        self.apply(settings(cluster))
        running = self.apply(stateful_set(cluster)).get("status", {})
        ready, wanted = running.get("readyReplicas", 0), cluster["spec"]["replicas"]
        status = {
            "observedGeneration": meta["generation"], "readyReplicas": ready,
            "selector": ",".join("%s=%s" % kv for kv in labels(cluster).items()),
            "conditions": [condition(old.get("conditions", []), "Ready", ready == wanted,
                                     "AllReady" if ready == wanted else "Waiting",
                                     "%d of %d servers are ready" % (ready, wanted))]}
        if status != old:
            self.call("PATCH", self.path(cluster, "/status"), {"status": status},
                      content_type="application/merge-patch+json")

    # ---- all of them ----

    def list(self):
        if self.namespace:
            return self.custom.list_namespaced_custom_object(GROUP, VERSION, self.namespace, PLURAL)
        return self.custom.list_cluster_custom_object(GROUP, VERSION, PLURAL)

    def safely(self, cluster):
        where = "%(namespace)s/%(name)s" % cluster["metadata"]
        try:
            self.reconcile(cluster)
        except ApiException as e:
            if e.status not in (404, 409):  # it changed meanwhile: its next event comes
                print(f"{where}: {e.status} {e.body}", file=sys.stderr, flush=True)

    def owned(self, sts):
        """The cluster that a StatefulSet belongs to, as it is now."""
        for ref in sts.metadata.owner_references or []:
            if ref.kind == "PostgresCluster":
                try:
                    return self.custom.get_namespaced_custom_object(
                        GROUP, VERSION, sts.metadata.namespace, PLURAL, ref.name)
                except ApiException:
                    return None

    def follow(self, stop=lambda: False):
        """Objects first, then what changes: of them, and of the StatefulSets made for them."""
        while not stop():
            found = self.list()
            for cluster in found["items"]:
                self.safely(cluster)
            since = found["metadata"]["resourceVersion"]
            try:
                for event in watch.Watch().stream(
                        self.custom.list_cluster_custom_object, GROUP, VERSION, PLURAL,
                        resource_version=since, timeout_seconds=2):
                    if event["type"] in ("ADDED", "MODIFIED"):
                        self.safely(event["object"])
            except ApiException as e:
                if e.status != 410:  # too old: list again
                    raise
            for sts in self.apps.list_stateful_set_for_all_namespaces(
                    label_selector="app.kubernetes.io/managed-by=" + MANAGER).items:
                cluster = self.owned(sts)
                if cluster:
                    self.safely(cluster)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--kubeconfig")
    p.add_argument("--namespace")
    args = p.parse_args()
    if args.kubeconfig:
        api = config.new_client_from_config(args.kubeconfig)
    else:
        config.load_incluster_config()
        api = client.ApiClient()
    while True:
        try:
            Operator(api, args.namespace).follow()
        except ApiException as e:
            print(f"starting over: {e.status} {e.reason}", file=sys.stderr, flush=True)
            time.sleep(1)


if __name__ == "__main__":
    main()
