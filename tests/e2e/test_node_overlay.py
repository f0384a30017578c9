"""Three nodes, each on a network of its own behind a router that knows nothing of pods: VXLAN."""
import socket
import struct
import subprocess
import unittest
import urllib.request

from harness import wait_for_value
from test_dualstack import NODE, PODS, SERVICES, DualAgent
from test_node_network import TwoTenants, service

ROUTER, UPLINK = "hp-e2e-router", "172.30.0.250"
VXLAN_PORT, VXLAN_ID = 4789, 18512
UDP_PORT = 5454
LISTEN = ("import select, socket\n"
          "all = [socket.socket(f, socket.SOCK_DGRAM) for f in (socket.AF_INET, socket.AF_INET6)]\n"
          "all[1].setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)\n"
          f"for s in all: s.bind(('', {UDP_PORT}))\n"
          "print('up', flush=True)\n"
          "while True:\n"
          "    for s in select.select(all, [], [])[0]: print(s.recv(99).decode(), flush=True)\n")
# frames as they are in VXLAN, in hexadecimal, to an address
SEND = ("import socket, sys\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        f"for frame in sys.argv[2:]: s.sendto(bytes.fromhex(frame), (sys.argv[1], {VXLAN_PORT}))\n")


def run(*command):
    subprocess.run(command, check=True)


class Router:
    """It drops whatever has the address of a pod: nobody but nodes knows them."""

    def __init__(self):
        run("ip", "netns", "add", ROUTER)
        run("ip", "link", "add", "hpe2er", "type", "veth", "peer", "name", "uplink", "netns", ROUTER)
        run("ip", "link", "set", "hpe2er", "master", "hp-br0", "up")
        run("ip", "route", "replace", "172.31.0.0/16", "via", UPLINK)
        self("ip", "link", "set", "lo", "up")
        self("ip", "address", "add", UPLINK + "/24", "dev", "uplink")
        self("ip", "link", "set", "uplink", "up")
        self("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        four, six = PODS.split(",")
        self("nft", f"add table inet e2e; add chain inet e2e forward {{ type filter hook forward priority 0; }};"
             f"add rule inet e2e forward ip saddr {four} drop; add rule inet e2e forward ip daddr {four} drop;"
             f"add rule inet e2e forward ip6 saddr {six} drop; add rule inet e2e forward ip6 daddr {six} drop")

    def __call__(self, *command):
        run("nsenter", f"--net=/run/netns/{ROUTER}", *command)

    @staticmethod
    def close():
        subprocess.run(["ip", "route", "del", "172.31.0.0/16", "via", UPLINK], stderr=subprocess.DEVNULL)
        subprocess.run(["ip", "link", "del", "hpe2er"], stderr=subprocess.DEVNULL)
        subprocess.run(["ip", "netns", "del", ROUTER], stderr=subprocess.DEVNULL)


class RoutedAgent(DualAgent):
    def __init__(self, plane):
        super().__init__(plane)
        index = self.name.removeprefix("e2e-node")
        four, six = f"172.31.{index}.", f"fd00:172:31:{index}::"
        link = "hpv" + index
        run("ip", "link", "set", link, "netns", ROUTER)
        for command in (("address", "add", four + "1/24", "dev", link), ("address", "add", six + "1/64", "dev", link, "nodad"),
                        ("link", "set", link, "up")):
            run("ip", "-n", ROUTER, *command)
        for command in (("address", "flush", "dev", "eth0"), ("address", "add", four + "10/24", "dev", "eth0"),
                        ("address", "add", six + "10/64", "dev", "eth0", "nodad"),
                        ("route", "replace", "default", "via", four + "1"),
                        ("-6", "route", "replace", "default", "via", six + "1")):
            run("ip", "-n", "hp-" + self.name, *command)
        self.env["ADDR"], self.env["ADDR6"] = four + "10", six + "10"

    def ip(self, *command):
        return subprocess.run(["ip", "-n", "hp-" + self.name, *command], stdout=subprocess.PIPE, text=True,
                              check=True).stdout


def mac_of(pod_range):
    return bytes((2, 0x48)) + socket.inet_aton(pod_range.split("/")[0])


def frame(to_mac, from_mac, source, target, text):
    """UDP from one address to another, in a frame, in VXLAN."""
    ours, theirs = socket.inet_aton(source), socket.inet_aton(target)
    udp = struct.pack("!HHHH", 4000, UDP_PORT, 8 + len(text), 0) + text.encode()
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, ours, theirs)
    total = sum(struct.unpack("!10H", ip))
    total = (total & 0xffff) + (total >> 16)
    ip = ip[:10] + struct.pack("!H", ~(total + (total >> 16)) & 0xffff) + ip[12:]
    return (struct.pack("!II", 0x08000000, VXLAN_ID << 8) + to_mac + from_mac + b"\x08\0" + ip + udp).hex()


class Overlay(TwoTenants):
    make_agent, plane_args, n_nodes = RoutedAgent, ("--pod-cidr", PODS, "--service-cidr", SERVICES), 3

    @classmethod
    def setUpClass(cls):
        cls.router = None

        def make(plane):
            if not cls.router: # hp-br0 is there as soon as the plane is
                cls.addClassCleanup(Router.close)
                cls.router = Router()
            return RoutedAgent(plane)
        cls.make_agent = staticmethod(make)
        super().setUpClass()

    def ranges(self, i):
        return self.plane.admin.get(NODE + self.nodes[i]).json["spec"]["podCIDRs"]

    def test_pods_reach_their_own_tenant_on_every_node_and_nobody_else(self):
        for src in self.ips:
            for dst in self.ips:
                for ip in self.ips[dst]:
                    self.assertEqual(self.who(src, ip), dst if src[0] == dst[0] else "", f"{src} -> {dst} {ip}")

    def test_services_and_node_ports(self):
        spec = {"type": "NodePort", "ipFamilyPolicy": "RequireDualStack", "ports": [
            {"name": "http", "port": 80, "targetPort": "http", "nodePort": 30141}]}
        self.apply(self.acme, service("far", **spec))
        everybody = {"a0", "a1", "a2"}
        for ip in self.acme("get", "service", "far", "-o", "jsonpath={.spec.clusterIPs[*]}").split():
            wait_for_value(lambda: {self.who("a0", ip, 80) for _ in range(20)}, everybody, 60)

        def outside():
            with urllib.request.urlopen(f"http://{self.agents[0].env['ADDR']}:30141/who", timeout=5) as r:
                return r.read().decode()
        wait_for_value(lambda: {outside() for _ in range(20)}, everybody, 60)
        for ip in self.ips["a1"]:  # a node's own processes, and a pod's answer to them
            at = f"[{ip}]" if ":" in ip else ip
            out = subprocess.run(["nsenter", "-t", self.agents[0].env["PID"], "-n", "curl", "-s", "-m", "5",
                                  f"http://{at}:8080/who"], stdout=subprocess.PIPE, text=True).stdout
            self.assertEqual(out, "a1")
        gate = self.ranges(0)[0].split("/")[0]
        self.assertEqual(self.who("a1", gate, 10250), "")

    def test_what_is_large_comes_through(self):
        self.exec("a1", "sh", "-c", "head -c 3000000 /dev/zero > /w/large")
        for ip in self.ips["a1"]:
            at = f"[{ip}]" if ":" in ip else ip
            size = self.exec("a0", "sh", "-c", f"timeout 20 wget -qO- http://{at}:8080/large | wc -c")
            self.assertEqual(size.strip(), "3000000")

    def test_a_node_speaks_for_its_own_pods_only(self):
        a0, a1, a2 = (self.ips[pod][0] for pod in ("a0", "a1", "a2"))
        m0, m1, m2 = (mac_of(self.ranges(i)[0]) for i in range(3))
        everybody = b"\xff" * 6
        stranger = self.agents[2].env["ADDR"]
        p = self.inside("a1", LISTEN)
        self.assertEqual(p.stdout.readline().strip(), "up")
        frames = [frame(m1, m0, a2, a1, "a pod elsewhere"), frame(m1, m2, a2, a1, "and its node's MAC"),
                  frame(m1, m0, a1, a1, "itself"), frame(m1, m0, stranger, a1, "another node"),
                  frame(m1, m0, "198.51.100.7", a1, "the world"),
                  frame(everybody, m0, a0, a1, "to every MAC"),
                  frame(m1, m0, a0, a1.rsplit(".", 1)[0] + ".255", "to the pods' network"),
                  frame(m1, m0, a0, "224.0.0.1", "to many"),
                  frame(m1, m0, self.ips["g0"][0], a1, "another tenant"),
                  frame(m1, m0, a0, a1, "the pod itself")]
        to = self.agents[1].env["ADDR"]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:  # who is no node
            s.sendto(bytes.fromhex(frame(m1, m0, a0, a1, "no node")), (to, VXLAN_PORT))
        run("nsenter", "-t", self.agents[0].env["PID"], "-n", "python3", "-c", SEND, to, *frames)
        self.assertEqual(p.stdout.readline().strip(), "the pod itself")

    def test_pods_send_no_frames(self):
        a0, a1 = (self.ips[pod][0] for pod in ("a0", "a1"))
        m0, m1 = (mac_of(self.ranges(i)[0]) for i in range(2))
        to = self.agents[1].env["ADDR"]
        second = to.rsplit(".", 1)[0] + ".20"
        self.agents[1].ip("address", "add", second + "/24", "dev", "eth0")
        self.addCleanup(self.agents[1].ip, "address", "del", second + "/24", "dev", "eth0")
        p = self.inside("a1", LISTEN)
        self.assertEqual(p.stdout.readline().strip(), "up")
        for address in (to, second):
            s = self.inside("a0", SEND, address, frame(m1, m0, a0, a1, "a pod's"))
            s.communicate(timeout=20)  # it may be told that it must not
        for address, text in ((second, "not to the node's own address"), (to, "the node's")):
            run("nsenter", "-t", self.agents[0].env["PID"], "-n", "python3", "-c", SEND, address,
                frame(m1, m0, a0, a1, text))
        self.assertEqual(p.stdout.readline().strip(), "the node's")

    def test_what_pods_tell_everybody_reaches_no_other_node(self):
        p = self.inside("a1", LISTEN)
        self.assertEqual(p.stdout.readline().strip(), "up")
        script = ("import socket, sys\n"
                  "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                  "s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)\n"
                  f"for to in sys.argv[1:]: s.sendto(to.encode(), (to, {UDP_PORT}))\n")
        wide = self.ips["a1"][0].rsplit(".", 1)[0] + ".255"
        s = self.inside("a0", script, "255.255.255.255", wide, "224.0.0.1", self.ips["a1"][0])
        self.assertEqual(s.communicate(timeout=20) and s.returncode, 0)
        self.assertEqual(p.stdout.readline().strip(), self.ips["a1"][0])

    def test_ways_to_nodes_that_are_gone_go(self):
        node, name = self.agents[0], "e2e-gone"
        self.plane.admin.post("/api/v1/nodes", {"metadata": {"name": name}})
        self.addCleanup(self.plane.admin.delete, NODE + name)
        self.plane.admin.patch(NODE + name + "/status", {"status": {"addresses": [
            {"type": "InternalIP", "address": "172.31.250.10"}]}})
        given = lambda: self.plane.admin.get(NODE + name).json["spec"].get("podCIDRs", [])
        wait_for_value(lambda: len(given()), 2)
        ranges = given()

        def known():
            routes = node.ip("route") + node.ip("-6", "route")
            bridge = subprocess.run(["nsenter", "-t", node.env["PID"], "-n", "bridge", "fdb", "show", "dev", "hp-vxlan"],
                                    stdout=subprocess.PIPE, text=True).stdout
            neighbours = node.ip("neigh", "show", "dev", "hp-vxlan", "nud", "permanent")
            return (all(r in routes for r in ranges), "172.31.250.10" in bridge, ranges[0].split("/")[0] in neighbours)
        wait_for_value(known, (True, True, True), 20)
        self.plane.admin.delete(NODE + name)
        wait_for_value(lambda: (any(r in node.ip("route") + node.ip("-6", "route") for r in ranges), *known()[1:]),
                       (False, False, False), 20)


if __name__ == "__main__":
    unittest.main()
