# demo.sh - where the demo keeps its things, and how it starts and finds its processes.
# Sourced by deploy/demo and deploy/down.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=$ROOT/build
DEMO=${HOSTPLANE_DEMO_DIR:-/var/lib/hostplane-demo}
NODE=demo-node
NODE_DIR=$DEMO/node
SERVER_DIR=$DEMO/server
PORT=${HOSTPLANE_DEMO_PORT:-6443}
export KUBECONFIG=

# is_running NAME: the process of DEMO/NAME.pid lives and is ours.
is_running() {
    local pid
    pid=$(cat "$DEMO/$1.pid" 2>/dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null &&
        tr '\0' ' ' < "/proc/$pid/cmdline" | grep -q "$2"
}

# stop NAME PATTERN SECONDS: SIGTERM, then wait for the end.
stop() {
    local pid n=0
    is_running "$1" "$2" || { rm -f "$DEMO/$1.pid"; return 0; }
    pid=$(cat "$DEMO/$1.pid")
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null; do
        n=$((n + 1))
        if [ $n -gt $(($3 * 10)) ]; then
            echo "$1 (pid $pid) does not stop; its log is $DEMO/$1.log" >&2
            return 1
        fi
        sleep 0.1
    done
    rm -f "$DEMO/$1.pid"
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        if [ $SECONDS -ge $end ]; then
            echo "timed out waiting for $what" >&2
            return 1
        fi
        sleep 0.1
    done
}
