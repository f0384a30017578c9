# bridge.sh - the bridge hp-br0 between the machine and its nodes, for whoever sources this.
#
# Who uses it holds a shared lock on BRIDGE_LOCK; it is taken away only under an exclusive one, so that
# it does not go between the moment in which somebody finds it there and the one in which a node is on it.

BRIDGE_LOCK=${BRIDGE_LOCK:-/run/hp-br0.lock}

# Make it, if need be. The caller holds the lock.
bridge_up() {
    ip link add hp-br0 type bridge 2>/dev/null || true # it may be there
    ip addr replace 172.30.0.1/24 dev hp-br0
    ip addr replace fd00:172:30::1/64 dev hp-br0 nodad 2>/dev/null || true # a machine without IPv6
    ip link set hp-br0 up
}

# Take it away when nobody uses it any more.
bridge_drop() {
    flock -n "$BRIDGE_LOCK" sh -c '[ -n "$(ip -o link show master hp-br0 2>/dev/null)" ] ||
        ip link del hp-br0 2>/dev/null' || true
}
