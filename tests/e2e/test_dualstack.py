"""Two nodes, two tenants, pods and services with addresses of both families."""
import unittest

from harness import Agent, wait_for_value
from test_node_network import TwoTenants, service

PODS, SERVICES = "10.88.0.0/16,fd00:10:88::/56", "10.96.0.0/16,fd00:10:96::/112"
NODE = "/api/v1/nodes/"


class DualAgent(Agent):
    """Its second address is not the one that it connects from, so that the provider lists it."""

    def start(self):
        both = f"{self.env['ADDR']},{self.env['ADDR6']}"
        self.plane.admin.post("/api/v1/nodes", {"metadata": {"name": self.name, "annotations": {
            "hostplane.io/addresses": both}}})
        self.args = ["--node-ip", both, "--cluster-cidr", PODS, "--service-cidr", SERVICES]
        return super().start()


class DualStack(TwoTenants):
    make_agent, plane_args = DualAgent, ("--pod-cidr", PODS, "--service-cidr", SERVICES)
    container = {"env": [{"name": "IPS", "valueFrom": {"fieldRef": {"fieldPath": "status.podIPs"}}}]}

    def test_pods_have_addresses_of_both_families(self):
        for i, name in enumerate(self.nodes):
            ranges = self.plane.admin.get(NODE + name).json["spec"]["podCIDRs"]
            self.assertEqual([r.split("/")[1] for r in ranges], ["24", "64"])
            for pod in (f"a{i}", f"g{i}"):
                four, six = self.ips[pod]
                self.assertTrue(four.startswith(ranges[0].rsplit(".", 1)[0] + "."))
                self.assertTrue(six.startswith(ranges[1].split("::")[0]))
                self.assertEqual(self.exec(pod, "sh", "-c", "echo -n $IPS"), f"{four},{six}")
                self.assertIn(f"{six}\t{pod}", self.exec(pod, "cat", "/etc/hosts"))

    def test_pods_reach_their_own_tenant_and_nobody_else(self):
        for src in self.ips:
            for dst in self.ips:
                self.assertEqual(self.who(src, self.ips[dst][1]), dst if src[0] == dst[0] else "",
                                 f"{src} -> {dst}")
        for node in self.agents:
            self.assertEqual(self.who("a0", node.env["ADDR6"], 10250), "")

    def test_services_of_both_families(self):
        spec = {"type": "NodePort", "ipFamilyPolicy": "RequireDualStack", "ports": [
            {"name": "http", "port": 80, "targetPort": "http", "nodePort": 30131}]}
        for k in (self.acme, self.globex):
            self.apply(k, service("both", **spec))
        types = lambda: sorted(self.acme("get", "endpointslices", "-l",
                                         "kubernetes.io/service-name=both", "-o",
                                         "jsonpath={.items[*].addressType}").split())
        wait_for_value(types, ["IPv4", "IPv6"])
        for pod in ("a0", "g1"):
            k, own = self.tenant_of(pod), {pod[0] + "0", pod[0] + "1"}
            ips = k("get", "service", "both", "-o", "jsonpath={.spec.clusterIPs[*]}").split()
            self.assertEqual([":" in ip for ip in ips], [False, True])
            for ip in ips:
                wait_for_value(lambda: {self.who(pod, ip, 80) for _ in range(12)}, own, 60)
            at = self.agents[1].env["ADDR6"]
            wait_for_value(lambda: {self.who(pod, at, 30131) for _ in range(12)}, own, 60)
        six = self.acme("get", "service", "both", "-o", "jsonpath={.spec.clusterIPs[1]}")
        self.assertIn(six, self.exec("a0", "nslookup", "-type=AAAA", "both.default.svc.cluster.local"))
        # one family less: its address and its slice go, and nothing answers there
        self.acme("patch", "service", "both", "-p", '{"spec":{"ipFamilyPolicy":"SingleStack"}}')
        wait_for_value(types, ["IPv4"])
        wait_for_value(lambda: self.who("a0", six, 80), "")

    def test_policies_hold_for_both_families(self):
        self.apply(self.acme, {
            "kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1",
            "metadata": {"name": "p"}, "spec": {
                "podSelector": {"matchLabels": {"n": "1"}}, "ingress": [
                    {"from": [{"ipBlock": {"cidr": self.ips["a0"][1] + "/128"}}]}]}})
        wait_for_value(lambda: self.who("a0", self.ips["a1"][0]), "")
        self.assertEqual(self.who("a0", self.ips["a1"][1]), "a1")
        self.acme("patch", "networkpolicy", "p", "-p", '{"spec":{"ingress":[]}}')
        wait_for_value(lambda: self.who("a0", self.ips["a1"][1]), "")

    def test_a_pod_is_nobody_but_itself(self):
        """Neither by the address it sends from, nor by what it says to its neighbours."""
        victim, agent = self.ips["a0"][1], self.agents[0]
        script = ("import socket, struct, sys, time\n"
                  "own, other, gate = (socket.inet_pton(socket.AF_INET6, x) for x in sys.argv[1:4])\n"
                  "mac = bytes.fromhex(open('/sys/class/net/eth0/address').read().strip().replace(':', ''))\n"
                  "s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('eth0', 0x86dd))\n"
                  "def send(src, dst, proto, body, to):\n"
                  "    ph = src + dst + struct.pack('!IHBB', len(body), 0, 0, proto)\n"
                  "    data = ph + body + b'\\0' * (len(body) % 2)\n"
                  "    sum_ = sum(struct.unpack('!%dH' % (len(data) // 2), data))\n"
                  "    while sum_ >> 16: sum_ = (sum_ & 0xffff) + (sum_ >> 16)\n"
                  "    at = 2 if proto == 58 else 6\n"
                  "    body = body[:at] + struct.pack('!H', ~sum_ & 0xffff) + body[at + 2:]\n"
                  "    s.send(to + mac + b'\\x86\\xdd' + struct.pack('!IHBB', 6 << 28, len(body), proto, 255)"
                  " + src + dst + body)\n"
                  "everybody = b'\\x33\\x33\\0\\0\\0\\1'\n"
                  "all_nodes = socket.inet_pton(socket.AF_INET6, 'ff02::1')\n"
                  "for src in (own, other):\n"
                  "    for target in (other, gate):\n"
                  "        send(src, all_nodes, 58, struct.pack('!BBHI', 136, 0, 0, 0x20000000) + target"
                  " + b'\\2\\1' + mac, everybody)\n"
                  "    send(src, all_nodes, 58, struct.pack('!BBHI', 135, 0, 0, 0) + other + b'\\1\\1' + mac,"
                  " everybody)\n"
                  "print(mac.hex(':'))\n")
        gate = self.plane.admin.get(NODE + agent.name).json["spec"]["podCIDRs"][1].split("/")[0] + "1"
        self.assertEqual(self.who("a1", victim), "a0")  # its neighbours know it
        p = self.inside("g0", script, self.ips["g0"][1], victim, gate)
        mac = p.communicate(timeout=20)[0].strip()
        self.assertEqual(p.returncode, 0)
        known = agent.neighbours()
        self.assertNotIn((victim, mac), known, known)
        self.assertNotIn((gate, mac), known, known)
        self.assertEqual(self.who("a1", victim), "a0")
        self.assertEqual(self.who("a0", self.ips["a1"][1]), "a1")

    def test_nothing_is_told_to_all_pods_of_a_node(self):
        """What goes to everybody on the bridge would go to other tenants."""
        listen = ("import select, socket\n"
                  "all = [socket.socket(f, socket.SOCK_DGRAM) for f in (socket.AF_INET, socket.AF_INET6)]\n"
                  "all[1].setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)\n"
                  "for s in all: s.bind(('', 5454))\n"
                  "print('up', flush=True)\n"
                  "while True:\n"
                  "    for s in select.select(all, [], [])[0]: print(s.recv(99).decode(), flush=True)\n")
        send = ("import socket, sys\n"
                "four, six = sys.argv[1:3]\n"
                "a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                "b = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)\n"
                "a.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)\n"
                "b.bind((six, 0))\n"
                "wide = four.rsplit('.', 1)[0] + '.255'\n"
                "for to in sys.argv[3:] or ('255.255.255.255', wide, '224.0.0.1', 'ff02::1'):\n"
                "    s = b if ':' in to else a\n"
                "    for _ in range(3): s.sendto((four + ' to ' + to).encode(), (to, 5454, 0,"
                " socket.if_nametoindex('eth0')) if s is b else (to, 5454))\n")
        p = self.inside("a0", listen)
        self.assertEqual(p.stdout.readline().strip(), "up")
        s = self.inside("g0", send, *self.ips["g0"])
        self.assertEqual(s.communicate(timeout=20) and s.returncode, 0)
        s = self.inside("a0", send, *self.ips["a0"], *self.ips["a0"])  # and the end of it
        self.assertEqual(s.communicate(timeout=20) and s.returncode, 0)
        heard = {p.stdout.readline().strip() for _ in range(4)}
        self.assertEqual(heard, {f"{self.ips['a0'][0]} to {ip}" for ip in self.ips["a0"]})


if __name__ == "__main__":
    unittest.main()
