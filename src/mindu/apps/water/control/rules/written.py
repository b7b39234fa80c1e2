"""Read a model's own rules, [CONTROLS] and pump depths, as a policy like any other.

Understood are conditions on nodes (depth, head), machines (status, setting, flow), and simulation
time or clock; a rule with anything else is left out and named. Units follow the file.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mindu.engines.hydraulics.port import Array, Network, Seen

FOOT = 0.3048
FLOW = {"CFS": 0.028316846592, "GPM": 6.30901964e-5, "MGD": 0.0438126364, "CMS": 1.0}
FLOW |= {"LPS": 1e-3, "MLD": 1.0 / 86.4}
TESTS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
    "=": lambda a, b: abs(a - b) < NEAR, "<>": lambda a, b: abs(a - b) >= NEAR,
}  # fmt: skip
KINDS = {"PUMP", "ORIFICE", "WEIR", "OUTLET", "LINK", "CONDUIT"}
NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition: a thing read from what is seen, compared with a number in SI."""

    joins: str  # "IF" | "AND" | "OR"
    what: str  # "depth" | "head" | "flow" | "setting" | "time" | "clock"
    index: int
    test: str
    value: float


@dataclass(frozen=True, slots=True)
class Law:
    """IF clauses THEN settings ELSE settings, by machine index."""

    name: str
    clauses: tuple[Clause, ...]
    then: tuple[tuple[int, float], ...]
    other: tuple[tuple[int, float], ...]
    priority: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The model's own rules; pump depths first, then laws in rising priority."""

    laws: tuple[Law, ...]
    left_out: tuple[str, ...]
    up: tuple[int, ...]  # node drawn from, per machine
    on: Array  # m, nan where the file gives none
    off: Array
    invert: Array
    clock: float  # s after midnight at the start
    name: str = "own_rules"

    def settings(self, seen: Seen) -> Array:
        """Apply what is written."""
        depth = seen.depth[list(self.up)]
        want = np.full(len(self.up), np.nan)
        want = np.where(depth > self.on, 1.0, np.where(depth < self.off, 0.0, want))
        for law in sorted(self.laws, key=lambda law: law.priority):
            for machine, value in law.then if self._holds(law, seen) else law.other:
                want[machine] = value
        return want

    def _holds(self, law: Law, seen: Seen) -> bool:
        result = True
        for clause in law.clauses:
            this = self._true(clause, seen)
            result = result or this if clause.joins == "OR" else result and this
        return result

    def _value(self, what: str, index: int, seen: Seen) -> float:
        if what in {"time", "clock"}:
            return seen.t if what == "time" else (seen.t + self.clock) % 86400.0
        if what in {"depth", "head"}:
            return float(seen.depth[index] + (self.invert[index] if what == "head" else 0.0))
        return float(seen.flow[index] if what == "flow" else seen.setting[index])

    def _true(self, clause: Clause, seen: Seen) -> bool:
        return TESTS[clause.test](self._value(clause.what, clause.index, seen), clause.value)


def _seconds(text: str) -> float:
    parts = [float(p) for p in text.split(":")]
    return sum(p * s for p, s in zip(parts, (3600.0, 60.0, 1.0), strict=False))


def _setting(text: str) -> float:
    words = {"ON": 1.0, "OFF": 0.0, "OPEN": 1.0, "CLOSED": 0.0}
    return words[text.upper()] if text.upper() in words else float(text)


def _clause(words: Sequence[str], network: Network) -> Clause:
    joins, kind = words[0].upper(), words[1].upper()
    us = network.units in {"CFS", "GPM", "MGD"}
    if kind == "SIMULATION":
        what = {"TIME": "time", "CLOCKTIME": "clock"}.get(words[2].upper(), "")
        if what:
            return Clause(joins, what, 0, words[3], _seconds(words[4]))
    elif kind == "NODE" and words[3].upper() in {"DEPTH", "HEAD"}:
        place = network.nodes.index(words[2])
        value = float(words[5]) * (FOOT if us else 1.0)
        return Clause(joins, words[3].lower(), place, words[4], value)
    elif kind in KINDS and words[3].upper() in {"STATUS", "SETTING"}:
        machine = [m.id for m in network.machines].index(words[2])
        return Clause(joins, "setting", machine, words[4], _setting(words[5]))
    elif kind in KINDS and words[3].upper() == "FLOW":
        value = float(words[5]) * FLOW[network.units]
        return Clause(joins, "flow", network.links.index(words[2]), words[4], value)
    raise ValueError(" ".join(words))


def _law(lines: Sequence[Sequence[str]], network: Network) -> Law:
    ids = [m.id for m in network.machines]
    clauses: list[Clause] = []
    acts: dict[str, list[tuple[int, float]]] = {"THEN": [], "ELSE": []}
    part, priority = "IF", 0.0
    for words in lines[1:]:
        head = words[0].upper()
        part = head if head in {"IF", "THEN", "ELSE"} else part
        if head == "PRIORITY":
            priority = float(words[1])
        elif part == "IF":
            clauses.append(_clause(words, network))
        elif words[3].upper() in {"STATUS", "SETTING"} and len(words) == 6:
            acts[part].append((ids.index(words[2]), _setting(words[5])))
        else:
            raise ValueError(" ".join(words))
    return Law(lines[0][1], tuple(clauses), tuple(acts["THEN"]), tuple(acts["ELSE"]), priority)


def _rows(text: str, section: str) -> list[list[str]]:
    found, inside = [], False
    for line in text.splitlines():
        words = line.split(";")[0].split()
        if words and words[0].startswith("["):
            inside = words[0].upper().strip("[]") == section
        elif words and inside:
            found.append(words)
    return found


def _groups(rows: Sequence[list[str]]) -> list[list[list[str]]]:
    groups: list[list[list[str]]] = []
    for words in rows:
        if words[0].upper() == "RULE":
            groups.append([])
        if groups:
            groups[-1].append(words)
    return groups


def _depths(text: str, network: Network) -> tuple[Array, Array]:
    ids = [m.id for m in network.machines]
    scale = FOOT if network.units in {"CFS", "GPM", "MGD"} else 1.0
    on, off = np.full(len(ids), np.nan), np.full(len(ids), np.nan)
    for words in _rows(text, "PUMPS"):
        depths = [float(w) * scale for w in words[5:7]]
        if words[0] in ids and any(depths):
            on[ids.index(words[0])], off[ids.index(words[0])] = (*depths, 0.0)[:2]
    return on, off


def acted(written: Written | None, network: Network) -> tuple[str, ...]:
    """Return the machines that the file's own rules move: these may be set, whatever their kind."""
    if written is None:
        return ()
    moved = {m for law in written.laws for m, _ in (*law.then, *law.other)}
    return tuple(network.machines[m].id for m in sorted(moved))


def read(text: str, network: Network) -> Written | None:
    """Return the rules written in an .inp text; None where it has none that can be read."""
    laws, left_out = [], []
    for group in _groups(_rows(text, "CONTROLS")):
        try:
            laws.append(_law(group, network))
        except (ValueError, IndexError, KeyError):
            left_out.append(group[0][1] if len(group[0]) > 1 else "?")
    on, off = _depths(text, network)
    if not laws and np.isnan(on).all():
        return None
    place = {name: i for i, name in enumerate(network.nodes)}
    up = tuple(place[m.up] for m in network.machines)
    midnight = network.start % 86400.0
    return Written(
        laws=tuple(laws),
        left_out=tuple(left_out),
        up=up,
        on=on,
        off=off,
        invert=network.invert,
        clock=midnight,
    )
