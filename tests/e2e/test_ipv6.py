"""Two nodes, two tenants, clusters of IPv6 alone; and of both families with IPv6 first."""
import json
import subprocess
import unittest
import urllib.request

from harness import Agent, wait_for_value
from test_dualstack import NODE
from test_node_network import TwoTenants, server, service

PODS, SERVICES = "fd00:10:88::/56", "fd00:10:96::/112"
API, DNS = "fd00:10:96::1", "fd00:10:96::a"
ALL = ("10.88.0.0/16", "10.96.0.0/16")


class SixAgent(Agent):
    def start(self):
        self.args = ["--server", self.plane.bridge_url6, "--node-ip", self.env["ADDR6"], "--cluster-cidr", PODS,
                     "--service-cidr", SERVICES]
        return super().start()


class IPv6(TwoTenants):
    make_agent, plane_args = SixAgent, ("--pod-cidr", PODS, "--service-cidr", SERVICES)

    def outside(self, node, port):
        try:
            with urllib.request.urlopen(f"http://[{self.agents[node].env['ADDR6']}]:{port}/who", timeout=2) as r:
                return r.read().decode()
        except OSError:
            return ""

    def test_the_cluster_is_of_ipv6(self):
        k = self.acme
        spec = json.loads(k("get", "service", "kubernetes", "-o", "json"))["spec"]
        self.assertEqual((spec["clusterIP"], spec["clusterIPs"], spec["ipFamilies"], spec["ipFamilyPolicy"]),
                         (API, [API], ["IPv6"], "SingleStack"))
        slices = json.loads(k("get", "endpointslice", "kubernetes", "-o", "json"))
        self.assertEqual(slices["addressType"], "IPv6")
        self.assertEqual(k("get", "servicecidr", "kubernetes", "-o", "jsonpath={.spec.cidrs[*]}"), SERVICES)
        seen = json.loads(k("get", "node", self.nodes[0], "-o", "json"))["status"]["addresses"]
        self.assertEqual([a["address"] for a in seen if a["type"] == "InternalIP"], [API])
        for i, name in enumerate(self.nodes):
            ranges = self.plane.admin.get(NODE + name).json["spec"]["podCIDRs"]
            self.assertEqual([r.split("/")[1] for r in ranges], ["64"])
            for pod in (f"a{i}", f"g{i}"):
                self.assertEqual(len(self.ips[pod]), 1)
                self.assertTrue(self.ips[pod][0].startswith(ranges[0].split("::")[0]))
        code, _, err = k.run("apply", "-f", "-", stdin=json.dumps(service("four", ipFamilies=["IPv4"])))
        self.assertIn("not configured on this cluster", err)
        code, _, err = k.run("apply", "-f", "-", stdin=json.dumps(service("both", ipFamilyPolicy="RequireDualStack")))
        self.assertIn("not configured for dual-stack", err)

    def test_pods_reach_their_own_tenant_and_nobody_else(self):
        for src in self.ips:
            for dst in self.ips:
                self.assertEqual(self.who(src, self.ips[dst][0]), dst if src[0] == dst[0] else "", f"{src} -> {dst}")
        for node in self.agents:
            self.assertEqual(self.who("a0", node.env["ADDR6"], 10250), "")

    def test_the_api_server_and_the_dns(self):
        env = self.exec("a0", "sh", "-c", "echo -n $KUBERNETES_SERVICE_HOST; cat /etc/resolv.conf")
        self.assertTrue(env.startswith(API), env)
        self.assertIn("nameserver " + DNS, env)
        names = self.exec("a0", "nslookup", "-type=AAAA", "kubernetes.default.svc.cluster.local")
        self.assertIn(API, names)
        answer = self.exec("a0", "nslookup", API)
        self.assertIn("kubernetes.default.svc.cluster.local", answer)
        for node in self.agents:
            out = subprocess.run(["nsenter", "-t", node.env["PID"], "-n", "curl", "-sk", "-m", "5", f"https://[{API}]/version"],
                                 stdout=subprocess.PIPE, text=True)
            self.assertIn('"major"', out.stdout)
        talk = ("import json, ssl, sys, urllib.request\n"
                "c = ssl.create_default_context(cadata=sys.argv[1])\n"
                f"r = urllib.request.Request('https://[{API}]/api/v1/namespaces/default/pods', "
                "headers={'Authorization': 'Bearer ' + sys.argv[2]})\n"
                "try: print(urllib.request.urlopen(r, context=c, timeout=5).status)\n"
                "except urllib.error.HTTPError as e: print(e.code, e.read().decode())\n")
        where = "/var/run/secrets/kubernetes.io/serviceaccount/"
        ca, token = (self.exec("a0", "cat", where + name) for name in ("ca.crt", "token"))
        p = self.inside("a0", talk, ca, token)
        said = p.communicate(timeout=20)[0]
        self.assertIn("403", said)
        self.assertIn("system:serviceaccount:default:default", said)

    def test_services_node_ports_and_affinity(self):
        for k in (self.acme, self.globex):
            self.apply(k, service("web", type="NodePort", ports=[
                {"name": "http", "port": 80, "targetPort": "http", "nodePort": 30151}]))
        for pod in ("a0", "g1"):
            k, own = self.tenant_of(pod), {pod[0] + "0", pod[0] + "1"}
            ip = k("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}")
            self.assertTrue(ip.startswith("fd00:10:96::"))
            wait_for_value(lambda: {self.who(pod, ip, 80) for _ in range(12)}, own, 60)
            for at in (self.agents[1].env["ADDR6"], API):
                wait_for_value(lambda: {self.who(pod, at, 30151) for _ in range(12)}, own, 60)
            self.assertIn(ip, self.exec(pod, "nslookup", "-type=AAAA", "web.default.svc.cluster.local"))
            self.assertEqual(self.who(pod, "web.default", 80)[:1], pod[0])
        for node in (0, 1):
            wait_for_value(lambda: {self.outside(node, 30151) for _ in range(12)}, {"a0", "a1"}, 60)
        self.acme("patch", "service", "web", "-p", '{"spec":{"externalTrafficPolicy":"Local"}}')
        wait_for_value(lambda: {self.outside(1, 30151) for _ in range(8)}, {"a1"}, 60)
        self.acme("patch", "service", "web", "-p", '{"spec":{"sessionAffinity":"ClientIP"}}')
        ip = self.acme("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}")
        wait_for_value(lambda: len({self.who("a0", ip, 80) for _ in range(10)}), 1, 60)

    def test_policies(self):
        policy = {"kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1", "metadata": {"name": "p"}}
        guard = lambda **spec: self.apply(self.acme, {**policy, "spec": {"podSelector": {"matchLabels": {"n": "1"}}, **spec}})
        at = self.ips["a1"][0]
        self.assertEqual(self.who("a0", at), "a1")
        guard()
        wait_for_value(lambda: self.who("a0", at), "")
        guard(ingress=[{"from": [{"podSelector": {"matchLabels": {"n": "0"}}}], "ports": [{"port": "http"}]}])
        wait_for_value(lambda: self.who("a0", at), "a1")
        guard(ingress=[{"from": [{"ipBlock": {"cidr": PODS, "except": [self.ips["a0"][0] + "/128"]}}]}])
        wait_for_value(lambda: self.who("a0", at), "")
        guard(ingress=[{"from": [{"ipBlock": {"cidr": PODS}}], "ports": [{"port": 8000, "endPort": 8100}]}])
        wait_for_value(lambda: self.who("a0", at), "a1")
        lookup = lambda: API in self.exec("a1", "timeout", "2", "nslookup", "-type=AAAA", "kubernetes.default.svc.cluster.local")
        self.assertTrue(lookup())
        guard(policyTypes=["Egress"], egress=[])
        wait_for_value(lookup, False)
        guard(policyTypes=["Egress"], egress=[{"to": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {
            "k8s-app": "kube-dns"}}}], "ports": [{"port": 53, "protocol": "UDP"}]}])
        wait_for_value(lookup, True)
        self.assertEqual(self.who("a1", self.ips["a0"][0]), "")
        self.acme("delete", "networkpolicy", "p")
        wait_for_value(lambda: self.who("a1", self.ips["a0"][0]), "a0")

    def test_host_ports(self):
        """Of the provider's own cluster: no tenant has them."""
        pod = server("hostport", self.nodes[0])
        pod["spec"]["containers"][0]["ports"][0]["hostPort"] = 8090
        where = "/api/v1/namespaces/default/pods"
        self.assertEqual(self.plane.admin.post(where, pod).status, 201)
        self.addCleanup(self.plane.admin.delete, where + "/hostport?gracePeriodSeconds=0")
        wait_for_value(lambda: self.outside(0, 8090), "hostport", 60)

    def test_logs_exec_and_port_forward(self):
        self.assertEqual(self.exec("a0", "echo", "hello").strip(), "hello")
        out = self.acme("get", "--raw", "/api/v1/namespaces/default/pods/a0:8080/proxy/who")
        self.assertEqual(out, "a0")


class SixFirst(Agent):
    def start(self):
        both = f"{self.env['ADDR6']},{self.env['ADDR']}"
        self.plane.admin.post("/api/v1/nodes", {"metadata": {"name": self.name, "annotations": {
            "hostplane.io/addresses": both}}})
        self.args = ["--server", self.plane.bridge_url6, "--node-ip", both, "--cluster-cidr", f"{PODS},{ALL[0]}", "--service-cidr", f"{SERVICES},{ALL[1]}"]
        return super().start()


class IPv6First(TwoTenants):
    make_agent, n_nodes = SixFirst, 1
    plane_args = ("--pod-cidr", f"{PODS},{ALL[0]}", "--service-cidr", f"{SERVICES},{ALL[1]}")

    def test_the_first_of_everything_is_of_ipv6(self):
        spec = json.loads(self.acme("get", "service", "kubernetes", "-o", "json"))["spec"]
        self.assertEqual((spec["clusterIP"], spec["ipFamilies"]), (API, ["IPv6"]))
        seen = json.loads(self.acme("get", "node", self.nodes[0], "-o", "json"))["status"]["addresses"]
        self.assertEqual([a["address"] for a in seen if a["type"] == "InternalIP"], [API, "10.96.0.1"])
        six, four = self.ips["a0"]
        self.assertEqual((":" in six, ":" in four), (True, False))
        self.assertEqual(self.acme("get", "pod", "a0", "-o", "jsonpath={.status.podIP}"), six)
        hosts = self.acme("get", "pod", "a0", "-o", "jsonpath={.status.hostIPs[*].ip}").split()
        self.assertEqual(hosts, [API, "10.96.0.1"])
        self.assertIn("nameserver " + DNS, self.exec("a0", "cat", "/etc/resolv.conf"))
        self.apply(self.acme, service("one"))
        self.assertIn(":", self.acme("get", "service", "one", "-o", "jsonpath={.spec.clusterIP}"))
        for server_ip, kind, known in ((DNS, "AAAA", API), ("10.96.0.10", "AAAA", API)):
            self.assertIn(known, self.exec("a0", "nslookup", "-type=" + kind, "kubernetes.default.svc.cluster.local", server_ip))
        out = subprocess.run(["nsenter", "-t", self.agents[0].env["PID"], "-n", "curl", "-sk", "-m", "5", f"https://[{API}]/version"],
                             stdout=subprocess.PIPE, text=True).stdout
        self.assertIn('"major"', out)


if __name__ == "__main__":
    unittest.main()
