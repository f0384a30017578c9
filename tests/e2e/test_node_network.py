"""Two nodes, two tenants: who reaches whom, services, node ports, policies."""
import http.client
import json
import os
import socket
import subprocess
import threading
import unittest
import urllib.parse
import urllib.request

from harness import Agent, Kubectl, start_nodes, wait_for_value, wait_until
from test_agent import can_run

IMAGE = "localhost/busybox:1.35"
# prints from whom packets come to port 5454
LISTEN = ("import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
          "s.bind(('', 5454)); print('up', flush=True)\n"
          "while True: print(s.recvfrom(99)[1][0], flush=True)")


def server(name, node, **labels):
    script = f"mkdir /w; echo -n {name} > /w/who; httpd -p 8080 -h /w; sleep 100000"
    return {"kind": "Pod", "apiVersion": "v1",
            "metadata": {"name": name, "labels": {"app": "web", **labels}},
            "spec": {"nodeName": node, "terminationGracePeriodSeconds": 0, "containers": [
                {"name": "a", "image": IMAGE, "imagePullPolicy": "IfNotPresent",
                 "command": ["sh", "-c", script], "ports": [{"name": "http", "containerPort": 8080}],
                 "readinessProbe": {"httpGet": {"path": "/who", "port": "http"},
                                    "periodSeconds": 1}}]}}


def service(name, **spec):
    return {"kind": "Service", "apiVersion": "v1", "metadata": {"name": name},
            "spec": {"selector": {"app": "web"},
                     "ports": [{"name": "http", "port": 80, "targetPort": "http"}], **spec}}


@unittest.skipUnless(can_run(), "needs root, containerd and the agent")
class TwoTenants(unittest.TestCase):
    """Two nodes; on each a pod of tenant acme (a0, a1) and one of globex (g0, g1), which says its name."""

    make_agent, plane_args, n_nodes = Agent, (), 2
    container = {}  # more of what each runs
    settles = staticmethod(wait_for_value)

    @classmethod
    def setUpClass(cls):
        start_nodes(cls, cls.n_nodes, cls.make_agent, cls.plane_args)
        cls.nodes = [a.name for a in cls.agents]
        cls.acme, cls.globex = Kubectl(cls.plane, "acme"), Kubectl(cls.plane, "globex")
        cls.ips = {}
        for k, letter in ((cls.acme, "a"), (cls.globex, "g")):
            for i, node in enumerate(cls.nodes):
                pod = server(f"{letter}{i}", node, n=str(i))
                pod["spec"]["containers"][0].update(cls.container)
                k("apply", "-f", "-", stdin=json.dumps(pod))
        for k, letter in ((cls.acme, "a"), (cls.globex, "g")):
            k("wait", "--for=condition=Ready", "pod", "--all", "--timeout=60s", timeout=70)
            for i in range(cls.n_nodes):
                cls.ips[f"{letter}{i}"] = k("get", "pod", f"{letter}{i}", "-o",
                                            "jsonpath={.status.podIPs[*].ip}").split()

    def tenant_of(self, pod):
        return self.acme if pod[0] == "a" else self.globex

    def apply(self, k, obj):
        k("apply", "-f", "-", stdin=json.dumps(obj))
        self.addCleanup(k.run, "delete", obj["kind"], obj["metadata"]["name"], "--wait=false")

    def exec(self, pod, *command):
        return self.tenant_of(pod).run("exec", pod, "--", *command)[1]

    def who(self, pod, host, port=8080):
        """Who answers a pod; "" when nobody does."""
        at = f"[{host}]" if ":" in host else host
        return self.exec(pod, "timeout", "2", "wget", "-qO-", f"http://{at}:{port}/who")

    def inside(self, pod, script, *args):
        """A Python program in the network of a pod."""
        k = self.tenant_of(pod)
        name = k("get", "pod", pod, "-o", "jsonpath={.status.containerStatuses[0].containerID}")
        node = self.agents[self.nodes.index(k("get", "pod", pod, "-o", "jsonpath={.spec.nodeName}"))]
        p = node.inside(name, script, *args)

        def end():
            p.kill()
            p.wait()
            p.stdin.close()
            p.stdout.close()
        self.addCleanup(end)
        return p


class Network(TwoTenants):
    make_agent = staticmethod(lambda plane: Agent(plane, ["--closed-cidr", "198.51.100.0/30"]))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ip = {pod: ip for pod, (ip,) in cls.ips.items()}

    def outside(self, node, port):
        try:
            with urllib.request.urlopen(f"http://{self.agents[node].env['ADDR']}:{port}/who",
                                        timeout=2) as r:
                return r.read().decode()
        except OSError:
            return ""

    def test_pods_reach_their_own_tenant_on_every_node_and_nobody_else(self):
        for src in self.ip:
            for dst in self.ip:
                self.assertEqual(self.who(src, self.ip[dst]), dst if src[0] == dst[0] else "",
                                 f"{src} -> {dst}")
        for node in self.agents:
            self.assertEqual(self.who("a0", node.env["ADDR"], 10250), "")

    def test_what_clouds_tell_and_what_the_provider_has_closed_is_not_for_pods(self):
        here, there = self.agents
        closed, is_open = ("169.254.169.254", "100.100.100.200", "198.51.100.1"), "198.51.100.9"
        where = os.path.join(self.plane.dir, "cloud")
        os.makedirs(where)
        with open(os.path.join(where, "who"), "w") as f:
            f.write("cloud")

        def inside(node, *command):
            return ["nsenter", "-t", node.env["PID"], "-n", *command]
        for ip in (*closed, is_open):
            subprocess.run(inside(there, "ip", "address", "add", ip + "/32", "dev", "lo"), check=True)
            subprocess.run(inside(here, "ip", "route", "add", ip, "via", there.env["ADDR"]), check=True)
            self.addCleanup(subprocess.run, inside(there, "ip", "address", "del", ip + "/32", "dev", "lo"))
            self.addCleanup(subprocess.run, inside(here, "ip", "route", "del", ip))
        p = subprocess.Popen(inside(there, "python3", "-m", "http.server", "-d", where, "5858"),
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(p.wait)
        self.addCleanup(p.kill)
        wait_until(lambda: self.who("a0", is_open, 5858) == "cloud", 20)
        for ip in closed:
            self.assertEqual(self.who("a0", ip, 5858), "", ip)
            out = subprocess.run(inside(here, "curl", "-s", "-m", "5", f"http://{ip}:5858/who"), stdout=subprocess.PIPE)
            self.assertEqual(out.stdout, b"cloud", f"the node itself reaches {ip}")

    def test_services_and_node_ports(self):
        self.apply(self.acme, service("web", type="NodePort", ports=[
            {"name": "http", "port": 80, "targetPort": "http", "nodePort": 30123}]))
        self.apply(self.globex, service("web", type="NodePort", ports=[
            {"name": "http", "port": 80, "targetPort": "http", "nodePort": 30123}]))
        ip = {k: k("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}")
              for k in (self.acme, self.globex)}
        for pod in ("a0", "a1", "g0", "g1"):
            address = ip[self.tenant_of(pod)]
            both = {pod[0] + "0", pod[0] + "1"}
            self.settles(lambda: {self.who(pod, address, 80) for _ in range(12)}, both, 60)
            for node in (0, 1): # by the tenant's own service, on whichever node
                at = self.agents[node].env["ADDR"]
                self.settles(lambda: {self.who(pod, at, 30123) for _ in range(12)}, both, 60)
            # the address that nodes have in a tenant's view of them
            self.settles(lambda: {self.who(pod, "10.96.0.1", 30123) for _ in range(12)}, both, 60)
        for node in (0, 1): # from elsewhere: of the one that came first
            self.settles(lambda: {self.outside(node, 30123) for _ in range(12)}, {"a0", "a1"}, 60)
        self.acme("patch", "service", "web", "-p", '{"spec":{"externalTrafficPolicy":"Local"}}')
        for node in (0, 1):
            self.settles(lambda: {self.outside(node, 30123) for _ in range(8)}, {f"a{node}"}, 60)
        self.acme("patch", "service", "web", "-p",
                  '{"spec":{"internalTrafficPolicy":"Local"}}')
        self.settles(lambda: {self.who("a1", ip[self.acme], 80) for _ in range(6)}, {"a1"}, 60)
        self.acme("delete", "service", "web")
        self.settles(lambda: self.outside(1, 30123), "")
        self.globex("annotate", "service", "web", "now=free")
        self.settles(lambda: self.outside(1, 30123)[:1], "g")
        for a in self.agents: # decided by the server, not by who comes first on the node
            a.kill9()
            a.start()
        self.acme("apply", "-f", "-", stdin=json.dumps(service("web", type="NodePort", ports=[
            {"name": "http", "port": 80, "targetPort": "http", "nodePort": 30123}])))
        self.settles(lambda: self.who("a0", self.agents[1].env["ADDR"], 30123)[:1], "a")
        self.settles(lambda: self.outside(1, 30123)[:1], "g")

    def test_a_node_without_pods_serves_node_ports(self):
        k = Kubectl(self.plane, "initech")
        k("apply", "-f", "-", stdin=json.dumps(server("i0", self.nodes[0])))
        k("apply", "-f", "-", stdin=json.dumps(service("web", type="NodePort", ports=[
            {"name": "http", "port": 80, "targetPort": "http", "nodePort": 30124}])))
        for node in (0, 1):
            self.settles(lambda: self.outside(node, 30124), "i0", 60)
        k("patch", "service", "web", "-p", '{"spec":{"externalTrafficPolicy":"Local"}}')
        self.settles(lambda: self.outside(1, 30124), "")
        self.assertEqual(self.outside(0, 30124), "i0")
        k("patch", "service", "web", "-p", '{"spec":{"externalTrafficPolicy":"Cluster"}}')
        self.settles(lambda: self.outside(1, 30124), "i0")
        k("delete", "service/web", "pod/i0", "--wait=false")
        self.settles(lambda: self.outside(1, 30124), "")

    def grant(self, tenant, *ranges):
        a = self.plane.admin.patch("/apis/tenancy.hostplane.io/v1/tenants/" + tenant, {
            "spec": {"overrides": {"externalAddresses": list(ranges)}}})
        self.assertEqual(a.status, 200, a)

    def routed(self, node, ip, port=80, path="/who"):
        """Who answers at an address that this machine sends to a node; "" when nobody does."""
        subprocess.run(["ip", "route", "replace", ip + "/32", "via", self.agents[node].env["ADDR"]], check=True)
        self.addCleanup(subprocess.run, ["ip", "route", "del", ip + "/32"], stderr=subprocess.DEVNULL)
        try:
            with urllib.request.urlopen(f"http://{ip}:{port}{path}", timeout=2) as r:
                return r.read().decode()
        except OSError:
            return ""

    def on_node(self, node, url):
        return subprocess.run(["nsenter", "-t", self.agents[node].env["PID"], "-n", "curl", "-sm", "2", url],
                              stdout=subprocess.PIPE, text=True).stdout

    def test_external_addresses(self):
        ip, not_granted, both = "203.0.113.7", "198.51.100.7", {"a0", "a1"}
        node_ip = self.agents[1].env["ADDR"]
        api = urllib.parse.urlsplit(self.plane.bridge_url)
        self.grant("acme", "203.0.113.0/24", node_ip, api.hostname)
        self.grant("globex", "203.0.113.0/24")
        self.apply(self.acme, service("ext", externalIPs=[ip, not_granted, node_ip]))
        self.apply(self.globex, service("ext", externalIPs=[ip]))
        for node in (0, 1):
            self.settles(lambda: {self.routed(node, ip) for _ in range(12)}, both, 60)
            self.settles(lambda: {self.on_node(node, f"http://{ip}/who") for _ in range(12)}, both, 60)
            self.assertEqual(self.routed(node, not_granted), "")
            self.assertEqual(self.on_node(node, f"http://{not_granted}/who"), "")
        self.assertEqual(self.outside(1, 80), "", "that of a node is nobody's")
        self.apply(self.acme, service("api", externalIPs=[api.hostname], ports=[
            {"port": api.port, "targetPort": "http"}]))
        self.settles(lambda: self.who("a0", api.hostname, api.port) in both, True)
        for node in (0, 1):
            out = subprocess.run(["nsenter", "-t", self.agents[node].env["PID"], "-n", "curl", "-skm", "5",
                                  self.plane.bridge_url + "/version"], stdout=subprocess.PIPE, text=True).stdout
            self.assertIn('"major"', out, "nor that of the API server")
        # its own pods by any address; those of others by what is theirs
        self.settles(lambda: {self.who("a0", not_granted, 80) for _ in range(12)}, both)
        self.settles(lambda: {self.who("g0", ip, 80) for _ in range(12)}, {"g0", "g1"})
        self.assertEqual(self.who("g0", not_granted, 80), "")
        self.globex("delete", "service", "ext")
        self.settles(lambda: {self.who("g0", ip, 80) for _ in range(12)}, both)
        self.settles(lambda: {self.who("g1", ip, 80) for _ in range(12)}, both)
        # a Local policy: by the nodes that have pods
        self.acme("patch", "service", "ext", "--type=merge", "-p", '{"spec":{"type":"NodePort",'
                  '"externalTrafficPolicy":"Local","selector":{"n":"0"}}}')
        self.settles(lambda: {self.routed(0, ip) for _ in range(6)}, {"a0"}, 60)
        self.settles(lambda: self.routed(1, ip), "", 60)
        # what the provider takes back
        self.grant("acme", "203.0.113.200")
        self.settles(lambda: self.routed(0, ip), "", 60)
        self.settles(lambda: self.who("a1", ip, 80), "a0")

    def test_load_balancers(self):
        ip = "203.0.113.9"
        self.grant("acme", ip)
        self.apply(self.acme, service("lb", type="LoadBalancer", externalTrafficPolicy="Local", selector={"n": "0"}))
        path = "/api/v1/namespaces/default/services/lb"
        acme = self.plane.tenant("acme")

        def balance(**more):
            a = acme.patch(path + "/status", {"status": {"loadBalancer": {"ingress": [{"ip": ip, **more}]}}})
            self.assertEqual(a.status, 200, a)

        balance()
        self.settles(lambda: {self.routed(0, ip) for _ in range(6)}, {"a0"}, 60)
        self.settles(lambda: self.routed(1, ip), "", 60)
        health = acme.get(path).json["spec"]["healthCheckNodePort"]
        said = [self.agents[node].env["ADDR"] for node in (0, 1)]

        def ask(node):
            out = subprocess.run(["curl", "-sm", "2", "-w", "%{http_code}", f"http://{said[node]}:{health}/"],
                                 stdout=subprocess.PIPE, text=True).stdout
            return int(out[-3:] or 0), json.loads(out[:-3] or "{}").get("localEndpoints")

        self.settles(lambda: ask(0), (200, 1))
        self.settles(lambda: ask(1), (503, 0))
        # only from these
        acme.patch(path, {"spec": {"loadBalancerSourceRanges": ["192.0.2.0/24"]}})
        self.settles(lambda: self.routed(0, ip), "")
        self.settles(lambda: self.who("a1", ip, 80), "")
        acme.patch(path, {"spec": {"loadBalancerSourceRanges": ["172.30.0.0/24", self.ip["a1"] + "/32"]}})
        self.settles(lambda: self.routed(0, ip), "a0")
        self.settles(lambda: self.who("a1", ip, 80), "a0")
        # a balancer that speaks to the service by itself
        balance(ipMode="Proxy")
        self.settles(lambda: self.routed(0, ip), "")
        self.acme("delete", "service", "lb")
        self.settles(lambda: ask(0), (0, None))

    def test_affinity_and_its_end(self):
        self.apply(self.acme, service("sticky", sessionAffinity="ClientIP"))
        ip = self.acme("get", "service", "sticky", "-o", "jsonpath={.spec.clusterIP}")
        first = wait_until(lambda: self.who("a0", ip, 80), 15)
        self.assertEqual({self.who("a0", ip, 80) for _ in range(10)}, {first})
        self.acme("patch", "service", "sticky", "-p", '{"spec":{"sessionAffinity":"None"}}')
        self.settles(lambda: {self.who("a0", ip, 80) for _ in range(10)}, {"a0", "a1"})

    def test_policies_hold_across_nodes(self):
        def policy(**spec):
            return {"kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1",
                    "metadata": {"name": "p"}, "spec": spec}
        self.assertEqual(self.who("a0", self.ip["a1"]), "a1")
        self.apply(self.acme, policy(podSelector={"matchLabels": {"n": "1"}}))
        self.settles(lambda: self.who("a0", self.ip["a1"]), "")
        self.assertEqual(self.who("a1", self.ip["a0"]), "a0")
        self.assertEqual(self.who("g0", self.ip["g1"]), "g1", "of the other tenant nothing changes")
        self.apply(self.acme, policy(podSelector={"matchLabels": {"n": "1"}}, ingress=[
            {"from": [{"podSelector": {"matchLabels": {"n": "0"}}}], "ports": [{"port": "http"}]}]))
        self.settles(lambda: self.who("a0", self.ip["a1"]), "a1")
        self.apply(self.acme, policy(podSelector={"matchLabels": {"n": "1"}}, ingress=[
            {"from": [{"namespaceSelector": {"matchLabels": {"none": "x"}}}]}]))
        self.settles(lambda: self.who("a0", self.ip["a1"]), "")
        self.acme("label", "namespace", "default", "none=x")
        self.settles(lambda: self.who("a0", self.ip["a1"]), "a1")
        self.acme("label", "namespace", "default", "none-")
        self.settles(lambda: self.who("a0", self.ip["a1"]), "")
        self.apply(self.acme, policy(
            podSelector={"matchLabels": {"n": "0"}}, policyTypes=["Egress"], egress=[
                {"to": [{"ipBlock": {"cidr": "10.88.0.0/16",
                                     "except": [self.ip["a1"] + "/32"]}}]}]))
        self.settles(lambda: self.who("a0", self.ip["a0"]), "a0")
        self.settles(lambda: self.who("a0", self.ip["a1"]), "")
        self.assertEqual(self.who("a1", self.ip["a0"]), "a0")
        self.acme("delete", "networkpolicy", "p")
        self.settles(lambda: self.who("a0", self.ip["a1"]), "a1")

    def test_policies_hold_for_the_dns(self):
        def egress(*rules):
            return {"kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1",
                    "metadata": {"name": "dns"},
                    "spec": {"podSelector": {"matchLabels": {"n": "0"}}, "policyTypes": ["Egress"],
                             "egress": list(rules)}}

        def knows(pod, server="10.96.0.10"):
            return "10.96.0.1" in self.exec(pod, "timeout", "2", "nslookup",
                                            "kubernetes.default.svc.cluster.local", server).split()
        self.assertTrue(knows("a0"))
        self.apply(self.acme, egress())
        self.settles(lambda: knows("a0"), False)
        self.assertTrue(knows("a1") and knows("g0"))
        system = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
                  "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}
        self.apply(self.acme, egress({"to": [system], "ports": [{"port": 53, "protocol": "UDP"}]}))
        self.settles(lambda: knows("a0"), True)
        self.assertEqual(self.who("a0", self.ip["a1"]), "", "nothing else is opened")
        self.acme("delete", "networkpolicy", "dns")
        self.settles(lambda: self.who("a0", self.ip["a1"]), "a1")

    def test_a_pod_that_ends_leaves_nothing(self):
        pod = server("late", self.nodes[1], n="9")
        self.apply(self.acme, pod)
        self.acme("wait", "--for=condition=Ready", "pod/late", "--timeout=30s")
        ip = self.acme("get", "pod", "late", "-o", "jsonpath={.status.podIP}")
        self.settles(lambda: self.who("a0", ip), "late")
        self.acme("delete", "pod", "late")
        for a in self.agents:
            self.settles(lambda: ip in a.nft().replace(",", " ").split(), False)

    def test_udp_clients_follow_the_endpoints(self):
        echo = ("import socket, sys; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
                "s.bind(('', 5353)); print('up', flush=True)\n"
                "while True: s.sendto(sys.argv[1].encode(), s.recvfrom(99)[1])")
        ask = ("import socket, sys; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
               "s.settimeout(1)\n"
               "for line in sys.stdin:\n"
               "    try: s.sendto(b'?', (sys.argv[1], 53)); print(s.recv(99).decode(), flush=True)\n"
               "    except OSError: print('-', flush=True)")
        for pod in ("a0", "a1"):
            self.assertEqual(self.inside(pod, echo, pod).stdout.readline(), "up\n")
        self.apply(self.acme, service("udp", ports=[
            {"name": "dns", "port": 53, "targetPort": 5353, "protocol": "UDP"}]))
        ip = self.acme("get", "service", "udp", "-o", "jsonpath={.spec.clusterIP}")
        client = self.inside("a0", ask, ip) # one socket: to the kernel one flow

        def answer():
            client.stdin.write("\n")
            client.stdin.flush()
            return client.stdout.readline().strip()
        first = wait_until(lambda: answer().strip("-"), 20, 0.2)
        self.assertEqual({answer() for _ in range(5)}, {first})
        self.addCleanup(self.acme, "label", "pod", first, "app=web", "--overwrite")
        self.acme("label", "pod", first, "app-")
        self.settles(answer, "a1" if first == "a0" else "a0")

    def test_udp_clients_of_a_node_port_come_before_anybody_serves_it(self):
        echo = ("import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', 5355)); print('up', flush=True)\n"
                "while True: s.sendto(b'a0', s.recvfrom(99)[1])")
        self.assertEqual(self.inside("a0", echo).stdout.readline(), "up\n")
        self.apply(self.acme, service("early", type="NodePort", selector={"app": "late"}, ports=[
            {"name": "u", "port": 53, "targetPort": 5355, "protocol": "UDP", "nodePort": 30153}]))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s: # one socket: to the node one flow
            s.settimeout(0.5)

            def ask():
                try:
                    s.sendto(b"?", (self.agents[1].env["ADDR"], 30153))
                    return s.recv(99).decode()
                except OSError:
                    return ""
            self.assertEqual({ask() for _ in range(4)}, {""})
            self.addCleanup(self.acme, "label", "pod", "a0", "app=web", "--overwrite")
            self.acme("label", "pod", "a0", "app=late", "--overwrite")
            self.settles(ask, "a0")

    def test_who_is_refused_and_who_hears_nothing(self):
        connect = ("import socket, sys\n"
                   "s = socket.socket(); s.settimeout(2)\n"
                   "try: s.connect((sys.argv[1], 80)); print('open')\n"
                   "except ConnectionRefusedError: print('refused')\n"
                   "except OSError: print('silent')\n")

        def says(pod, ip):
            return self.inside(pod, connect, ip).communicate(timeout=10)[0].strip()
        self.apply(self.acme, service("none", selector={"app": "none"}))
        self.apply(self.acme, service("here", selector={"n": "1"}, internalTrafficPolicy="Local"))
        self.apply(self.acme, service("never", selector={"app": "none"}, internalTrafficPolicy="Local"))
        none, here, never = (self.acme("get", "service", name, "-o", "jsonpath={.spec.clusterIP}")
                             for name in ("none", "here", "never"))
        self.settles(lambda: says("a1", here), "open")
        self.settles(lambda: says("a0", here), "silent")
        self.assertEqual([says("a0", none), says("a0", never)], ["refused", "refused"])
        # and the node's own processes, which are of the provider's cluster
        services = "/api/v1/namespaces/default/services"
        ip = self.plane.admin.post(services, service("none", selector={"app": "none"})).json["spec"]["clusterIP"]
        self.addCleanup(self.plane.admin.delete, services + "/none")
        p = subprocess.run(["nsenter", "-t", self.agents[0].env["PID"], "-n", "curl", "-sm", "5", f"http://{ip}/"])
        self.assertEqual(p.returncode, 7, "refused")

    def test_no_policy_keeps_a_pod_from_itself(self):
        self.apply(self.acme, service("self", selector={"n": "0"}))
        ip = self.acme("get", "service", "self", "-o", "jsonpath={.spec.clusterIP}")
        self.settles(lambda: (self.who("a0", ip, 80), self.who("a1", ip, 80)), ("a0", "a0"))
        self.apply(self.acme, {"kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1", "metadata": {"name": "deny"},
                               "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}})
        self.settles(lambda: self.who("a1", self.ip["a0"]), "")
        self.assertEqual(self.who("a0", ip, 80), "a0")
        self.acme("delete", "networkpolicy", "deny")
        self.settles(lambda: self.who("a1", self.ip["a0"]), "a0")

    def test_a_tenant_with_too_many_streams_is_told_so(self):
        """A node takes 1000 at once, of which one tenant alone gets half."""
        acme, globex = self.plane.tenant("acme"), self.plane.tenant("globex")
        log = "/api/v1/namespaces/default/pods/%s/log"
        held = []
        self.addCleanup(lambda: [c.close() for c in held])
        for _ in range(520):
            c = http.client.HTTPSConnection(acme.host, acme.port, context=acme.ssl, timeout=20)
            held.append(c)
            c.request("GET", acme.prefix + log % "a0" + "?follow=true", headers=acme.headers(None))
            r = c.getresponse()
            if r.status != 200:
                break
        said = json.loads(r.read())
        self.assertEqual((r.status, said["reason"]), (429, "TooManyRequests"), said)
        self.assertIn("its agent has too many streams at once", said["message"])
        self.assertIsNotNone(r.getheader("Retry-After"))
        self.assertGreater(len(held), 490)
        self.assertEqual(globex.get(log % "g0").status, 200, "of another tenant nothing changes")
        for c in held:
            c.close()
        self.settles(lambda: acme.get(log % "a0").status, 200)

    def test_an_address_is_believed_where_the_way_back_leads(self):
        self.apply(self.acme, server("a9", self.nodes[0], n="9"))
        self.acme("wait", "--for=condition=Ready", "pod/a9", "--timeout=30s")
        near = self.acme("get", "pod", "a9", "-o", "jsonpath={.status.podIP}")
        ears = self.inside("a0", LISTEN)
        self.assertEqual(ears.stdout.readline(), "up\n")
        for source in (near, self.ip["a1"]): # of a pod on a0's own node; of one on the sender's
            self.agents[1].send_as(source, self.ip["a0"], 5454)
        self.assertEqual(ears.stdout.readline().strip(), self.ip["a1"], "the first one was dropped")

    def test_the_node_s_own_processes_reach_the_api_server(self):
        for node in self.agents:
            out = subprocess.run(["nsenter", "-t", node.env["PID"], "-n", "curl", "-sk", "-m", "5",
                                  "https://10.96.0.1/version"], stdout=subprocess.PIPE, text=True)
            self.assertIn('"major"', out.stdout)


# Knows *.example.org and who has 192.0.2.7; slow.example.org it never answers, big.example.org has many addresses, of
# which a datagram has none. Says what it is asked.
UPSTREAM = """
import socket, socketserver, threading
def answer(m, whole):
    at, labels = 12, []
    while m[at]:
        labels.append(m[at + 1:at + 1 + m[at]].decode())
        at += 1 + m[at]
    name, kind = ".".join(labels).lower(), int.from_bytes(m[at + 1:at + 3], "big")
    print(name, kind, "tcp" if whole else "udp", flush=True)
    if name == "slow.example.org":
        return None
    data = b"\\xc0\\0\\2\\7" if kind == 1 else b"\\4host\\7example\\3org\\0"
    n = 60 if name == "big.example.org" else 1
    if n > 1 and not whole:
        return m[:2] + b"\\x87\\x80\\0\\1\\0\\0\\0\\0\\0\\0" + m[12:at + 5]
    record = b"\\xc0\\x0c" + m[at + 1:at + 5] + b"\\0\\0\\0\\x19" + len(data).to_bytes(2, "big") + data
    return m[:2] + b"\\x85\\x80\\0\\1" + n.to_bytes(2, "big") + b"\\0\\0\\0\\0" + m[12:at + 5] + record * n
class Tcp(socketserver.StreamRequestHandler):
    def handle(self):
        a = answer(self.rfile.read(int.from_bytes(self.rfile.read(2), "big")), True)
        self.wfile.write(len(a).to_bytes(2, "big") + a)
class Udp(socketserver.BaseRequestHandler):
    def handle(self):
        a = answer(self.request[0], False)
        if a:
            self.request[1].sendto(a, self.client_address)
udp = socketserver.ThreadingUDPServer(("127.0.0.1", 53), Udp)
tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 53), Tcp)
threading.Thread(target=udp.serve_forever, daemon=True).start()
print("up", flush=True)
tcp.serve_forever()
"""
# asks the DNS what it is told: a line "NAME TYPE udp|tcp", and says how many answers there are, or nothing
ASK = """
import os, socket, sys
def ask(name, kind, how):
    m = os.urandom(2) + b"\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0"
    m += b"".join(len(p).to_bytes(1, "big") + p.encode() for p in name.split(".")) + b"\\0"
    m += int(kind).to_bytes(2, "big") + b"\\0\\1"
    s = socket.socket(type=socket.SOCK_STREAM if how == "tcp" else socket.SOCK_DGRAM)
    s.settimeout(4)
    s.connect(("10.96.0.10", 53))
    if how == "tcp":
        s.sendall(len(m).to_bytes(2, "big") + m)
        f = s.makefile("rb")
        a = f.read(int.from_bytes(f.read(2), "big"))
    else:
        s.send(m)
        a = s.recv(4096)
    assert a[:2] == m[:2]
    return int.from_bytes(a[6:8], "big")
for line in sys.stdin:
    try:
        print(ask(*line.split()), flush=True)
    except (OSError, AssertionError):
        print("none", flush=True)
"""
# goes on asking what is never answered, and holds as many connections as it gets
FLOOD = """
import socket, time
held = []
q = b"\\0\\1\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\4slow\\7example\\3org\\0\\0\\1\\0\\1"
u = socket.socket(type=socket.SOCK_DGRAM)
u.connect(("10.96.0.10", 53))
for i in range(100000):
    u.send(q)
    if i % 10 == 0:
        s = socket.socket()
        s.settimeout(1)
        try:
            s.connect(("10.96.0.10", 53))
            held = held[-300:] + [s]
        except OSError:
            pass
    if i == 500:
        print("up", flush=True)
    time.sleep(0.002)
"""


class NamesOutside(TwoTenants):
    """Names that are not the cluster's, asked of somebody else."""

    make_agent = staticmethod(lambda plane: Agent(plane, ["--upstream-dns", "127.0.0.1"]))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.upstream = subprocess.Popen(["nsenter", "-t", cls.agents[0].env["PID"], "-n", "python3", "-c", UPSTREAM],
                                        stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.upstream.stdout.close)
        cls.addClassCleanup(cls.upstream.wait)
        cls.addClassCleanup(cls.upstream.kill)
        assert cls.upstream.stdout.readline() == "up\n"
        cls.asked = []
        threading.Thread(target=lambda: cls.asked.extend(iter(cls.upstream.stdout.readline, "")), daemon=True).start()

    def asker(self, pod):
        p = self.inside(pod, ASK)

        def ask(question):
            p.stdin.write(question + "\n")
            p.stdin.flush()
            return p.stdout.readline().strip()
        return ask

    def test_answers_are_whole_and_kept_for_the_tenant(self):
        acme, globex = self.asker("a0"), self.asker("g0")
        self.assertEqual([acme("www.example.org 1 udp") for _ in range(3)], ["1"] * 3)
        self.assertEqual(acme("WWW.example.org 1 udp"), "1")
        self.assertEqual(self.asked.count("www.example.org 1 udp\n"), 1, self.asked)
        self.assertEqual(globex("www.example.org 1 udp"), "1")
        self.assertEqual(self.asked.count("www.example.org 1 udp\n"), 2, "what acme has asked is not told")
        self.assertEqual(acme("big.example.org 1 udp"), "0")
        self.assertEqual(acme("big.example.org 1 tcp"), "60")
        self.assertEqual(acme("7.2.0.192.in-addr.arpa 12 udp"), "1")
        self.assertEqual(acme("nowhere.default.svc.cluster.local 1 udp"), "0")
        self.assertFalse([q for q in self.asked if "cluster.local" in q])

    def test_a_tenant_that_asks_too_much_keeps_nobody_from_asking(self):
        self.assertEqual(self.inside("g0", FLOOD).stdout.readline(), "up\n")
        acme = self.asker("a0")
        for i in range(20):
            self.assertEqual(acme(f"n{i}.example.org 1 {'tcp' if i % 2 else 'udp'}"), "1", i)
