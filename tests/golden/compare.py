"""How an answer is compared with the recorded one: what changes from run to run is masked, the rest is equal.

A mask is a number in the order of first appearance within one scenario, so that "the same version twice"
and "a new version" stay different answers.
"""
import json
import re

# Masked wherever they stand in a text: (what, pattern, numbered or a fixed word).
ID = r"[0-9a-f]"
IN_TEXT = [
    ("uid", re.compile(rf"\b{ID}{{8}}-{ID}{{4}}-{ID}{{4}}-{ID}{{4}}-{ID}{{12}}\b"), None),
    ("time", re.compile(r"\b20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"), "<time>"),
    # A diff of the server's own structures, which some messages end with, and a name of its own.
    ("diff", re.compile(r"\n@@ .*", re.S), "\n<diff>"),
    ("scheme", re.compile(r'in scheme "[^"]*"'), 'in scheme "<scheme>"'),
    ("rv", re.compile(r"(?<=ResourceVersion in object meta: )\d+|(?<=ResourceVersion in record \()\d+"
                      r"|(?<=, current: )\d+|(?<=resourceVersion: \")\d+"
                      r"|(?<=too old resource version: )\d+ \(\d+\)"), "<rv>"),
    ("savol", re.compile(r"\bkube-api-access-[a-z0-9]{5}\b"), None),
    ("vip", re.compile(r"\b10\.96\.\d{1,3}\.\d{1,3}\b"), None),
]
CELL_AGE = re.compile(r"(\d+[smhdy]){1,2}")
LIST_VERSION = "<listrv>"
SUFFIX = 5  # letters that the server adds to a generateName


class Masks:
    """The masks of one scenario."""

    def __init__(self, namespace):
        self.namespace = namespace
        self.labels = {}   # (what, value) -> "<uid1>"
        self.counts = {}   # what -> how many
        self.made_up = {}  # a generated name -> its label

    def number(self, what, value):
        if (what, value) not in self.labels:
            self.counts[what] = self.counts.get(what, 0) + 1
            self.labels[what, value] = f"<{what}{self.counts[what]}>"
        return self.labels[what, value]

    def learn_names(self, value):
        """Note the names in a tree that the server made from a generateName."""
        if isinstance(value, dict):
            prefix, name = value.get("generateName"), value.get("name")
            if prefix and isinstance(prefix, str) and isinstance(name, str) \
                    and name.startswith(prefix) and len(name) == len(prefix) + SUFFIX:
                self.made_up.setdefault(name, self.number("name", name))
            value = value.values()
        elif not isinstance(value, list):
            return
        for v in value:
            self.learn_names(v)

    def text(self, s):
        s = s.replace(self.namespace, "{ns}")
        for what, pattern, word in IN_TEXT:
            if word is None:
                s = pattern.sub(lambda m, what=what: self.number(what, m.group()), s)
            else:
                s = pattern.sub(lambda m, word=word: word, s)
        for name, label in self.made_up.items():
            s = s.replace(name, label)
        return s

    def tree(self, value, key=None):
        """The masked copy of a JSON value that stands under `key`."""
        if isinstance(value, dict):
            for o in whole_lists(value):
                forget_version(o)
            return {self.text(k): self.tree(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [self.tree(v, key) for v in value]
        if isinstance(value, str):
            return self.word(value, key)
        if key in ("nodePort", "healthCheckNodePort") and isinstance(value, int) and value:
            return self.number("nodeport", value)
        return value

    def word(self, s, key):
        if key in ("resourceVersion", "observedResourceVersion") and s not in ("", "0", LIST_VERSION):
            return self.number("rv", s)
        if key == "continue" and s:
            return "<continue>"
        if key in ("age", "Age") or (key == "cells" and CELL_AGE.fullmatch(s)):
            return "<age>"
        return self.text(s)


def whole_lists(value):
    """The parts of a tree whose version says where the whole list stands: it moves with anybody's write."""
    o = value.get("object")
    if value.get("type") == "BOOKMARK" and isinstance(o, dict):
        return [o] + [row.get("object") for row in o.get("rows") or []]
    return [value] if str(value.get("kind", "")).endswith(("List", "Table")) else []


def forget_version(o):
    meta = o.get("metadata") if isinstance(o, dict) else None
    if isinstance(meta, dict) and meta.get("resourceVersion") not in (None, "", "0"):
        meta["resourceVersion"] = LIST_VERSION


def dig(value, path):
    """What stands at a dotted path (~1 is a dot inside a key), None when nothing does."""
    for part in path.split("."):
        part = part.replace("~1", ".")
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def remove(value, parts):
    """Take the path `parts` out of a tree; * stands for every key or index."""
    head, rest = parts[0], parts[1:]
    if isinstance(value, dict):
        for key in [k for k in value if head in ("*", k)]:
            if rest:
                remove(value[key], rest)
            else:
                del value[key]
    elif isinstance(value, list) and rest:
        for i, v in enumerate(value):
            if head in ("*", str(i)):
                remove(v, rest)


def is_openapi(step):
    return step["do"].startswith("GET /openapi/")


def without_prose(value):
    """An OpenAPI document without its descriptions: everybody writes their own."""
    if isinstance(value, dict):
        return {k: without_prose(v) for k, v in value.items()
                if not (k == "description" and isinstance(v, str))}
    return [without_prose(v) for v in value] if isinstance(value, list) else value


def comparable(step, masks, data):
    """The masked form of one JSON text, reduced to what the step compares."""
    value = json.loads(data)
    if is_openapi(step):
        value = without_prose(value)
    masks.learn_names(value)
    for path in step.get("ignore", []):
        remove(value, path.split("."))
    if "only" in step:
        return {p: masks.tree(dig(value, p), p.split(".")[-1]) for p in step["only"]}
    return masks.tree(value)


def short(value, most=400):
    s = json.dumps(value, ensure_ascii=False)
    return s if len(s) <= most else s[:most] + "..."


def differences(want, got, path=""):
    """Lines that say where two masked answers differ; 1, 1.0 and true are three things."""
    if isinstance(want, dict) and isinstance(got, dict):
        for k in sorted(want.keys() | got.keys()):
            if k not in got:
                yield f"{path}.{k}: missing, want {short(want[k])}"
            elif k not in want:
                yield f"{path}.{k}: not wanted, got {short(got[k])}"
            else:
                yield from differences(want[k], got[k], f"{path}.{k}")
    elif isinstance(want, list) and isinstance(got, list):
        if len(want) != len(got):
            yield f"{path}: want {len(want)} items, got {len(got)}"
        for i, (a, b) in enumerate(zip(want, got)):
            yield from differences(a, b, f"{path}[{i}]")
    elif type(want) is not type(got) or want != got:
        yield f"{path or '.'}: want {short(want)}, got {short(got)}"
