#!/usr/bin/python3
"""The checker itself: a history that is right, and every way to make it wrong."""
import copy
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checker import Event, History, Listing, Op, Watching, check  # noqa: E402


def right():
    """create a, update it, read it, a blind put to b, delete a; two watches and lists."""
    ops = [
        Op("o1", "create", "a", 1, 2, "ok", color="red", revision=10, uid="u1"),
        Op("o2", "update", "a", 3, 4, "ok", expect=10, color="blue", revision=11, uid="u1"),
        Op("o3", "get", "a", 5, 6, "ok", revision=11, saw="o2"),
        Op("o4", "update", "a", 5, 6, "conflict", expect=10, color="red"),
        Op("o5", "create", "b", 6, 7, "ok", color="red", revision=12, uid="u2"),
        Op("o6", "create", "b", 8, 9, "exists", color="red"),
        Op("o7", "put", "b", 10, color="blue"),
        Op("o8", "delete", "a", 12, 13, "ok", expect=11, uid="u1"),
        Op("o9", "get", "a", 14, 15, "absent"),
        Op("o10", "create", "c", 14, 15, "refused", color="red"),
    ]
    truth = [
        Event(10, "ADDED", "a", "u1", "o1"),
        Event(11, "MODIFIED", "a", "u1", "o2"),
        Event(12, "ADDED", "b", "u2", "o5"),
        Event(13, "MODIFIED", "b", "u2", "o7"),
        Event(14, "DELETED", "a", "u1", "o2"),
    ]
    red = [Event(10, "ADDED", "a", "u1", "o1"), Event(11, "DELETED", "a", "u1", "o1"),
           Event(12, "ADDED", "b", "u2", "o5"), Event(13, "DELETED", "b", "u2", "o5")]
    return History(ops, truth, [
        Listing(7.5, 8, 12, {"a": (11, "o2"), "b": (12, "o5")}),
        Listing(7.5, 8, 12, {"b": (12, "o5")}, "red"),
        Listing(16, 17, 14, {"b": (13, "o7")}),
        Listing(16, 17, 10, {"a": (10, "o1")}, is_consistent=False),
    ], [
        Watching(9, copy.copy(truth), bookmarks=[(2, 11), (5, 20)], end=20),
        Watching(11, truth[2:4], end=13),
        Watching(9, red, "red", end=14),
    ])


# name, the rule that must speak, what is done to the history
WRONG = [
    ("an acknowledged write is not in history", "lost", lambda h: h.truth.pop(2)),
    ("an acknowledged delete is not in history", "lost", lambda h: h.truth.pop()),
    ("a write is at another revision than was said", "lost", lambda h: setattr(h.ops[0], "revision", 9)),
    ("a refused write happened", "refused", lambda h: h.truth.append(Event(15, "ADDED", "c", "u3", "o10"))),
    ("two updates of one revision", "compare and swap", lambda h: setattr(h.ops[1], "expect", 9)),
    ("a delete of another state", "compare and swap", lambda h: setattr(h.ops[7], "expect", 10)),
    ("history goes back", "history order", lambda h: setattr(h.truth[3], "revision", 12)),
    ("history made up", "history events", lambda h: setattr(h.truth[3], "op", "x")),
    ("deleted by nobody", "history events", lambda h: setattr(h.ops[7], "outcome", "refused")),
    ("a write twice", "once", lambda h: h.truth.append(Event(15, "MODIFIED", "b", "u2", "o7"))),
    ("an object deleted twice", "single delete",
     lambda h: h.ops.append(Op("o11", "delete", "a", 12, 13, "ok", uid="u1"))),
    ("a stale read", "linearizable", lambda h: (setattr(h.ops[2], "revision", 10), setattr(h.ops[2], "saw", "o1"))),
    ("a read of the future", "linearizable", lambda h: (setattr(h.ops[2], "t0", 1), setattr(h.ops[2], "t1", 2.5))),
    ("reads that go back", "linearizable", lambda h: (
        setattr(h.ops[4], "t0", 1), setattr(h.ops[4], "t1", 99),
        h.ops.append(Op("r1", "get", "b", 20, 21, "ok", revision=13, saw="o7")),
        h.ops.append(Op("r2", "get", "b", 22, 23, "ok", revision=12, saw="o5")))),
    ("a read of what never was", "reads", lambda h: setattr(h.ops[2], "revision", 12)),
    ("not found, but there", "linearizable", lambda h: h.ops.append(Op("o11", "get", "b", 9, 10, "absent"))),
    ("exists, but does not", "linearizable",
     lambda h: h.ops.append(Op("o11", "create", "d", 9, 10, "exists"))),
    ("a conflict without reason", "linearizable",
     lambda h: h.ops.append(Op("o11", "update", "a", 5, 6, "conflict", expect=11))),
    ("revisions against time", "revision order", lambda h: (setattr(h.ops[4], "t0", 0.1), setattr(h.ops[4], "t1", 0.2))),
    ("a list lacks an object", "lists", lambda h: h.lists[0].objects.pop("b")),
    ("a list has the state before", "lists", lambda h: h.lists[0].objects.update(a=(10, "o1"))),
    ("a list ignores its selector", "lists", lambda h: h.lists[1].objects.update(a=(11, "o2"))),
    ("a consistent list of the past", "linearizable", lambda h: setattr(h.lists[3], "is_consistent", True)),
    ("a watch lacks an event", "watches", lambda h: h.watches[0].events.pop(1)),
    ("a watch lacks the last event", "watches", lambda h: h.watches[1].events.pop()),
    ("a watch has an event twice", "watches", lambda h: h.watches[0].events.insert(1, h.truth[0])),
    ("a watch has two events reordered", "watches",
     lambda h: h.watches[0].events.insert(2, h.watches[0].events.pop(1))),
    ("a watch says MODIFIED when an object enters", "watches",
     lambda h: setattr(h.watches[2].events[2], "type", "MODIFIED")),
    ("a bookmark ahead of an event", "bookmarks", lambda h: h.watches[0].bookmarks.insert(0, (1, 11))),
    ("a bookmark behind an event", "bookmarks", lambda h: h.watches[0].bookmarks.insert(1, (3, 11))),
]


class Checks(unittest.TestCase):
    def test_a_right_history_is_right(self):
        self.assertEqual(check(right()), [])

    def test_every_wrong_history_is_found(self):
        for name, rule, spoil in WRONG:
            with self.subTest(name):
                h = copy.deepcopy(right())
                spoil(h)
                self.assertIn(rule, {v.split(":")[0] for v in check(h)}, check(h))


if __name__ == "__main__":
    unittest.main()
