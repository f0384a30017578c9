#!/usr/bin/python3
"""What a node costs over its runtime, on a node of this machine (deploy/node-up): run as root.

    bench/node_figures.py [PODS]        default: 100

One line of JSON each: the start of single pods, of which the runtime and CNI take a part by themselves; the start of
many; the agent's memory with them; how long it takes until the server tells that a container has ended; and how long an
agent that was killed needs until it has told of what happened meanwhile, in all of them.
"""
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from datetime import datetime

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests/e2e"))
from harness import Agent, Plane, wait_until  # noqa: E402

PODS = "/api/v1/namespaces/default/pods"
SINGLE = 20


def pod(name, node):
    return {"metadata": {"name": name}, "spec": {
        "nodeName": node, "restartPolicy": "Never", "terminationGracePeriodSeconds": 0,
        "automountServiceAccountToken": False, "containers": [
            {"name": "a", "image": "localhost/busybox:1.35", "imagePullPolicy": "IfNotPresent",
             "command": ["sh", "-c", "trap 'exit 3' TERM; sleep 1000000 & wait"]}]}}


class Seen:
    """When a watch first told of each pod's phase: {name: {phase: time}}."""

    def __init__(self, client):
        self.phases = {}
        threading.Thread(target=self.run, args=(client,), daemon=True).start()

    def run(self, client):
        for e in client.watch(PODS + "?watch=true", timeout=3600):
            now, o = time.time(), e["object"]
            phase = o.get("status", {}).get("phase")
            self.phases.setdefault(o["metadata"]["name"], {}).setdefault(phase, now)

    def when(self, name, phase):
        return self.phases.get(name, {}).get(phase)

    def wait(self, names, phase, timeout):
        wait_until(lambda: all(self.when(n, phase) for n in names), timeout, 0.01)
        return [self.when(n, phase) for n in names]


def runtime_calls(log):
    """What the runtime did for each pod, from its log: {pod: seconds of its calls until the container ran}."""
    def at(line):
        text = re.search(r'time="([^"]+)"', line).group(1)
        head, frac = re.match(r"([^.]+)\.(\d+)", text).groups()
        return datetime.fromisoformat(head + "+00:00").timestamp() + float("0." + frac)
    begun, sandbox, container, spent = {}, {}, {}, {}
    for line in open(log, errors="replace"):
        m = re.search(r"RunPodSandbox for &PodSandboxMetadata\{Name:([^,]+),", line)
        if m and "returns sandbox id" not in line:
            begun[m.group(1)] = at(line)
        elif m:
            spent[m.group(1)] = at(line) - begun[m.group(1)]
            sandbox[re.search(r'returns sandbox id \\"(\w+)', line).group(1)] = m.group(1)
        m = re.search(r'CreateContainer within sandbox \\"(\w+)\\" for (&?)', line)
        if m and m.group(1) in sandbox:
            name = sandbox[m.group(1)]
            if "returns container id" in line:
                spent[name] += at(line) - begun[name + "/create"]
                container[re.search(r'returns container id \\"(\w+)', line).group(1)] = name
            else:
                begun[name + "/create"] = at(line)
        m = re.search(r'StartContainer for \\"(\w+)\\"', line)
        if m and m.group(1) in container:
            name = container[m.group(1)]
            if "returns successfully" in line:
                spent[name] += at(line) - begun[name + "/start"]
            else:
                begun[name + "/start"] = at(line)
    return spent


class Cleared:
    """When the runtime told of the end of each container, complete: {container id: time}."""

    def __init__(self, agent):
        self.at = {}
        self.process = subprocess.Popen(["ctr", "-a", agent.env["SOCK"], "events"], stdout=subprocess.PIPE, text=True)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        for line in self.process.stdout:
            m = re.match(r"\S+ \S+ \S+ \S+ \S+ /tasks/delete (\{.*\})", line)
            if m:
                self.at.setdefault(json.loads(m.group(1)).get("container_id"), time.time())

    def close(self):
        self.process.kill()
        self.thread.join()
        self.process.wait()


def say(**figures):
    print(json.dumps({k: round(v, 3) if isinstance(v, float) else v for k, v in figures.items()}), flush=True)


def quantile(values, q):
    return sorted(values)[min(len(values) - 1, int(len(values) * q))]


def rss_mib(pid):
    with open(f"/proc/{pid}/status") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)) / 1024


def agent_pid(agent):
    """nsenter became the agent."""
    return agent.process.pid


def main_processes(agent):
    """{pod's container id: process}."""
    out = subprocess.run(["ctr", "-a", agent.env["SOCK"], "-n", "k8s.io", "tasks", "ls"],
                         stdout=subprocess.PIPE, text=True, check=True).stdout
    return {line.split()[0]: int(line.split()[1]) for line in out.splitlines() if "RUNNING" in line}


def container_ids(client, names):
    items = client.get(PODS).json["items"]
    return {p["metadata"]["name"]: p["status"]["containerStatuses"][0]["containerID"].split("//")[1]
            for p in items if p["metadata"]["name"] in names}


def main():
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    n_ended = min(40, many // 2)
    plane, agent = Plane(bridge=True), None
    try:
        plane.start()
        agent = Agent(plane, ["--max-pods", str(many + SINGLE + 10)]).start()
        client = plane.tenant("bench", overrides={"limits": {"pods": str(many + 100), "objects": "100000"}})
        seen = Seen(client)
        time.sleep(1)

        sent = {}
        for i in range(SINGLE):
            name = f"one-{i}"
            sent[name] = time.time()
            client.post(PODS, pod(name, agent.name))
            seen.wait([name], "Running", 60)
        spent = runtime_calls(os.path.join(agent.dir, "containerd.log"))
        whole = [seen.when(n, "Running") - sent[n] for n in sent]
        runtime = [spent[n] for n in sent]
        over = [w - r for w, r in zip(whole, runtime)]
        say(figure="pod start", pods=SINGLE, whole_ms=statistics.median(whole) * 1000,
            runtime_and_cni_ms=statistics.median(runtime) * 1000, over_ms=statistics.median(over) * 1000)

        names = [f"many-{i}" for i in range(many)]
        begin = time.time()
        for n in names:
            a = client.post(PODS, pod(n, agent.name))
            if a.status != 201:
                raise SystemExit(f"node_figures: {a}")
        end = max(seen.wait(names, "Running", 600))
        spent = runtime_calls(os.path.join(agent.dir, "containerd.log"))
        say(figure="many pods", pods=many, seconds=end - begin, pods_a_second=many / (end - begin),
            runtime_calls_s=sum(spent[n] for n in names))
        time.sleep(12)
        say(figure="agent's memory", pods=many + SINGLE, rss_mib=rss_mib(agent_pid(agent)))

        ids, tasks, late, ours = container_ids(client, names), main_processes(agent), [], []
        cleared = Cleared(agent)
        time.sleep(0.5)
        for n in names[:n_ended]:
            at = time.time()
            os.kill(tasks[ids[n]], signal.SIGTERM)
            seen.wait([n], "Failed", 30)
            late.append(seen.when(n, "Failed") - at)
            wait_until(lambda: ids[n] in cleared.at, 5, 0.01)
            ours.append(seen.when(n, "Failed") - cleared.at[ids[n]])
        cleared.close()
        say(figure="end of a container until the server tells", events=n_ended,
            median_ms=statistics.median(late) * 1000, p99_ms=quantile(late, 0.99) * 1000,
            after_the_runtime_told_median_ms=statistics.median(ours) * 1000,
            after_the_runtime_told_p99_ms=quantile(ours, 0.99) * 1000)

        agent.kill9()
        for n in names[n_ended:]:
            os.kill(tasks[ids[n]], signal.SIGTERM)
        gone = {ids[n] for n in names}
        wait_until(lambda: not gone & agent.containers(), 60)
        left, begin = agent.containers(), time.time()
        agent.start()
        end = max(seen.wait(names[n_ended:], "Failed", 120))
        say(figure="restarted agent has told of all pods", pods=many - n_ended, seconds=end - begin,
            others_untouched=len(left & set(container_ids(client, sent).values())) == SINGLE and
            set(container_ids(client, sent).values()) <= agent.containers())
    finally:
        if agent:
            agent.close()
        plane.close()


if __name__ == "__main__":
    main()
