"""Is a recorded history one that a correct store can have? Pure: history in, violations out.

A history is what clients saw (operations, lists, watches) and the events of the resource from beginning to end
as history tells them (`truth`). Times are of one monotonic clock. See README.md for what is checked.
"""
import bisect
import collections
import dataclasses
import math
import typing

ABSENT = -1


@dataclasses.dataclass
class Op:
    """One request for one key. Writes put their `id` into the object they write."""
    id: str
    kind: str  # create, update, put (blind), patch, delete, get
    key: str
    t0: float
    t1: float = math.inf
    outcome: str = "unknown"  # ok, exists, conflict, absent (404), refused (did nothing), unknown
    expect: int = 0  # the revision that update and delete demand; 0: any
    color: str = ""  # the label a write gives
    revision: int = 0  # of what was written or read
    uid: str = ""
    saw: str = ""  # id of the write whose state was read


@dataclasses.dataclass
class Event:
    revision: int
    type: str  # ADDED, MODIFIED, DELETED
    key: str
    uid: str
    op: str  # id of the write that made the state; of a DELETED one, the last state


@dataclasses.dataclass
class Listing:
    t0: float
    t1: float
    revision: int
    objects: dict  # key -> (revision, op)
    color: str = ""  # selector
    is_consistent: bool = True  # false: may be of the past


@dataclasses.dataclass
class Watching:
    """One watch: everything after `start`, up to `end` (what it saw last)."""
    start: int
    events: list
    color: str = ""
    bookmarks: list = dataclasses.field(default_factory=list)  # (number of events before it, revision)
    end: int = 0


@dataclasses.dataclass
class History:
    ops: list
    truth: list
    lists: list
    watches: list


class State(typing.NamedTuple):
    """A key after its i-th event; before the first one it is absent."""
    revision: int
    is_there: bool
    uid: str
    op: str
    begin: float  # the write that made it was sent then
    done: float  # and known to be done then


class Checker:
    def __init__(self, history):
        self.h = history
        self.by_id = {o.id: o for o in history.ops}
        self.found = []
        self.states = collections.defaultdict(lambda: [State(0, False, "", "", -math.inf, -math.inf)])
        self.index = {}  # (key, revision) -> index of its state

    def bad(self, rule, text):
        self.found.append(f"{rule}: {text}")

    def run(self):
        self.read_truth()
        self.check_acknowledged()
        self.observe()
        for op in self.h.ops:
            self.check_op(op)
        self.check_revision_order()
        for x in self.h.lists:
            self.check_list(x)
        for w in self.h.watches:
            self.check_watch(w)
        return self.found

    # ---- the events of each key ----

    def read_truth(self):
        deletes = collections.defaultdict(list)  # key -> deletes that may have happened
        acked = {}
        for o in self.h.ops:
            if o.kind == "delete" and o.outcome == "unknown":
                deletes[o.key].append(o)
            elif o.kind == "delete" and o.outcome == "ok":
                if o.uid in acked:
                    self.bad("single delete", f"{o.key} {o.uid} was deleted twice, by {acked[o.uid].id} and {o.id}")
                acked[o.uid] = o
        last = 0
        written = {}
        for e in self.h.truth:
            if e.revision <= last:
                self.bad("history order", f"revision {e.revision} comes after {last}")
            last = max(last, e.revision)
            seq = self.states[e.key]
            if (e.type == "ADDED") == seq[-1].is_there:
                self.bad("history events", f"{e.type} {e.key} at {e.revision}, which was "
                         f"{'there' if seq[-1].is_there else 'absent'}")
            if e.type == "DELETED":
                begin, done = self.deleted_when(e, acked, deletes[e.key])
                self.same("history events", e, (seq[-1].uid, seq[-1].op))
            else:
                begin, done = self.written_when(e, written)
                if e.type == "MODIFIED" and e.uid != seq[-1].uid:
                    self.bad("history events", f"{e.key} at {e.revision} has another uid than before")
            self.index[e.key, e.revision] = len(seq)
            seq.append(State(e.revision, e.type != "DELETED", e.uid, e.op, begin, done))

    def same(self, rule, e, want):
        if (e.uid, e.op) != want:
            self.bad(rule, f"{e.type} {e.key} at {e.revision} shows {e.op}, want {want[1]}")

    def deleted_when(self, e, acked, candidates):
        if e.uid in acked:
            return acked[e.uid].t0, acked[e.uid].t1
        if not candidates:
            self.bad("history events", f"{e.key} was deleted at {e.revision} by nobody")
            return -math.inf, math.inf
        return min(o.t0 for o in candidates), math.inf

    def written_when(self, e, written):
        o = self.by_id.get(e.op)
        if o is None or o.key != e.key:
            self.bad("history events", f"{e.key} at {e.revision} was written by nobody ({e.op})")
            return -math.inf, math.inf
        if e.op in written:
            self.bad("once", f"{e.op} was done twice, at {written[e.op]} and {e.revision}")
        written[e.op] = e.revision
        if (o.kind == "create") != (e.type == "ADDED"):
            self.bad("history events", f"{o.kind} {e.op} shows as {e.type}")
        if o.outcome not in ("ok", "unknown"):
            self.bad("refused", f"{e.op} was answered with {o.outcome} and happened at {e.revision}")
        return o.t0, o.t1 if o.outcome == "ok" else math.inf

    def check_acknowledged(self):
        there = {e.op: e for e in self.h.truth if e.type != "DELETED"}
        gone = {e.uid: e for e in self.h.truth if e.type == "DELETED"}
        for o in self.h.ops:
            if o.outcome != "ok" or o.kind == "get":
                continue
            if o.kind == "delete":
                if o.uid not in gone:
                    self.bad("lost", f"acknowledged delete {o.id} of {o.key} {o.uid}")
            elif o.id not in there:
                self.bad("lost", f"acknowledged {o.kind} {o.id} of {o.key} at {o.revision}")
            elif there[o.id].revision != o.revision:
                self.bad("lost", f"{o.id} was acknowledged at {o.revision} and is at {there[o.id].revision}")

    # ---- linearizable operations ----

    def observe(self):
        """Per key: when some client first knew that the key had come to a state."""
        seen = collections.defaultdict(list)
        for key, seq in self.states.items():
            seen[key] += [(s.done, i) for i, s in enumerate(seq) if s.done < math.inf]
        for o in self.h.ops:
            i = self.index.get((o.key, o.revision))
            if o.kind == "get" and o.outcome == "ok" and i is not None:
                seen[o.key].append((o.t1, i))
        self.known = {}
        for key, points in seen.items():
            points.sort()
            times, best, highest = [], [], ABSENT
            for t, i in points:
                highest = max(highest, i)
                times.append(t)
                best.append(highest)
            self.known[key] = times, best

    def window(self, op):
        """Indices of the states that `op` may have met."""
        seq = self.states[op.key]
        times, best = self.known.get(op.key, ([], []))
        n = bisect.bisect_left(times, op.t0)
        low = best[n - 1] if n else 0
        high = 0
        while high + 1 < len(seq) and seq[high + 1].begin <= op.t1:
            high += 1
        return low, max(low, high)

    def check_op(self, op):
        if op.outcome in ("unknown", "refused"):
            i = next((i for i, s in enumerate(self.states[op.key]) if i and s.op == op.id and s.is_there), None)
            if i is not None:
                self.check_effect(op, i)
            return
        seq = self.states[op.key]
        low, high = self.window(op)
        met = seq[low:high + 1]
        if op.kind == "get" and op.outcome == "ok":
            i = self.index.get((op.key, op.revision))
            if i is None or seq[i].op != op.saw:
                self.bad("reads", f"{op.id} read {op.key} at {op.revision} from {op.saw}, which never was")
            elif not low <= i <= high:
                self.bad("linearizable", f"{op.id} read {op.key} at {op.revision}; possible were "
                         f"{[s.revision for s in met]}")
        elif op.outcome == "ok":
            i = self.effect_of(op)
            if i is not None:
                self.check_effect(op, i)
        elif op.outcome == "absent":
            if all(s.is_there for s in met):
                self.bad("linearizable", f"{op.id} {op.kind} {op.key}: not found, and it was there all the time")
        elif op.outcome == "exists":
            if not any(s.is_there for s in met):
                self.bad("linearizable", f"{op.id} create {op.key}: exists already, and it did not")
        elif op.outcome == "conflict" and op.expect:
            if all(s.is_there and s.revision == op.expect for s in met):
                self.bad("linearizable", f"{op.id} {op.kind} {op.key} at {op.expect}: conflict without reason")

    def effect_of(self, op):
        seq = self.states[op.key]
        if op.kind == "delete":
            return next((i for i, s in enumerate(seq) if i and not s.is_there and s.uid == op.uid), None)
        return self.index.get((op.key, op.revision))

    def check_effect(self, op, i):
        seq = self.states[op.key]
        low, _ = self.window(op)
        before = seq[i - 1]
        if low >= i and op.outcome == "ok" or low > i:
            self.bad("linearizable", f"{op.id} {op.kind} {op.key} took effect at {seq[i].revision}, "
                     f"before {seq[low].revision}, which was known when it began")
        if op.outcome == "ok" and before.begin > op.t1:
            self.bad("linearizable", f"{op.id} {op.kind} {op.key} took effect after what began later")
        if op.expect and before.revision != op.expect:
            self.bad("compare and swap", f"{op.id} {op.kind} {op.key} demanded {op.expect} and changed "
                     f"{before.revision}")

    def check_revision_order(self):
        """All keys: what was acknowledged before a write began has a lower revision."""
        done = sorted((o.t1, o.revision) for o in self.h.ops
                      if o.outcome == "ok" and o.kind not in ("get", "delete"))
        times, best, highest = [t for t, _ in done], [], 0
        for _, revision in done:
            highest = max(highest, revision)
            best.append(highest)
        self.acknowledged = times, best
        for o in self.h.ops:
            if o.outcome == "ok" and o.kind not in ("get", "delete"):
                least = self.least_revision(o.t0)
                if o.revision <= least:
                    self.bad("revision order", f"{o.id} got {o.revision}, and {least} was acknowledged before it began")

    def least_revision(self, t):
        times, best = self.acknowledged
        n = bisect.bisect_left(times, t)
        return best[n - 1] if n else 0

    # ---- lists and watches ----

    def color(self, op_id):
        return self.by_id[op_id].color if op_id in self.by_id else None

    def selects(self, state, color):
        return state.is_there and (not color or self.color(state.op) == color)

    def check_list(self, x):
        want = {}
        for key, seq in self.states.items():
            i = bisect.bisect_right([s.revision for s in seq], x.revision) - 1
            if self.selects(seq[i], x.color):
                want[key] = seq[i].revision, seq[i].op
        for key in sorted(set(want) | set(x.objects)):
            if want.get(key) != x.objects.get(key):
                self.bad("lists", f"at {x.revision}: {key} is {x.objects.get(key)}, want {want.get(key)}")
        if x.is_consistent and x.revision < self.least_revision(x.t0):
            self.bad("linearizable", f"a list at {x.revision}, and {self.least_revision(x.t0)} was acknowledged "
                     "before it began")

    def expected(self, color):
        """The events of a watch that sees one color only: (revision, type, key, op)."""
        now = {}
        for e in self.h.truth:
            before = now.get(e.key)
            now[e.key] = None if e.type == "DELETED" else e.op
            had = before is not None and (not color or self.color(before) == color)
            has = e.type != "DELETED" and (not color or self.color(e.op) == color)
            if had and has:
                yield e.revision, "MODIFIED", e.key, e.op
            elif has:
                yield e.revision, "ADDED", e.key, e.op
            elif had:
                yield e.revision, "DELETED", e.key, before

    def check_watch(self, w):
        want = [x for x in self.expected(w.color) if w.start < x[0] <= w.end]
        got = [(e.revision, e.type, e.key, e.op) for e in w.events]
        if got != want:
            at = next((i for i, (a, b) in enumerate(zip(got, want)) if a != b), min(len(got), len(want)))
            self.bad("watches", f"from {w.start} to {w.end}{' of ' + w.color if w.color else ''}: event {at} is "
                     f"{got[at] if at < len(got) else 'missing'}, want {want[at] if at < len(want) else 'no more'}")
        for n, revision in w.bookmarks:
            if any(e.revision <= revision for e in w.events[n:]):
                self.bad("bookmarks", f"{revision} was told before an event at or below it")
            if any(e.revision > revision for e in w.events[:n]):
                self.bad("bookmarks", f"{revision} was told after an event above it")


def check(history):
    """The violations, each "rule: what"."""
    return Checker(history).run()
