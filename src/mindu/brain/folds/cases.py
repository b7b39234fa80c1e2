"""Every case as a row of columns: what lies where, until when, and who is tied to it.

A million open cases stand in one structured array, so that a board or a sweep of deadlines is a
handful of array operations; words stand once in a list of names. History is read from the log.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from mindu.base.dial import Dial
from mindu.base.records import Case, Entry, Move
from mindu.brain import case_rows
from mindu.brain.case_rows import BLANK, CODES, LEVELS, MEANT, NONE, RED, ROW, SILENT, Link, Rows
from mindu.brain.cases import SENT, STATES, State
from mindu.brain.folds.packed import pack, unpack
from mindu.data.block import Block

WORDS = ("kind", "area", "place", "channel", "service", "unit")  # of a case, as it is opened
AUDITS = 2_000  # kept of each group


class _State(msgspec.Struct):
    names: list[str]
    rows: bytes
    codes: dict[str, int]
    links: dict[int, Link]
    states: list[str]
    audits: dict[str, list[tuple[int, bool]]] = {}


class Cases:
    """The cases of the city."""

    name = "cases"
    takes = (Case, Move)

    def __init__(self) -> None:
        """Start with nothing told."""
        self.names: list[str] = [""]
        self._code: dict[str, int] = {"": 0}
        self._hold(np.zeros(64, ROW))
        self._used = 0
        self._row: dict[int, int] = {}  # number of a case -> its row
        self._codes: dict[str, int] = {}  # digest of a caller's code -> number of the case
        self._links: dict[int, Link] = {}
        self._audits: dict[str, list[tuple[int, bool]]] = {}  # group -> (entry, right), old first

    def __len__(self) -> int:
        """Count the cases."""
        return self._used

    def __contains__(self, number: object) -> bool:
        """Say whether there is a case of that number."""
        return number in self._row

    def __iter__(self) -> Iterator[int]:
        """Walk the numbers of the cases, oldest first."""
        return iter(self._row)

    @property
    def rows(self) -> Rows:
        """Every case as a row; to be read, never written."""
        return self._rows[: self._used]

    def row(self, number: int) -> Any:  # noqa: ANN401 - one row of the array
        """Return the row of a case; KeyError where there is no such case."""
        return self._rows[self._row[number]]

    def state(self, number: int) -> State:
        """Return where a case stands."""
        return STATES[int(self._states[self._row[number]])]

    def said(self, number: int, name: str) -> str:
        """Return a word of a case: its unit, area, topic, place, nature, urgency, kind."""
        return self.names[int(self.row(number)[name])]

    def dial(self, number: int, which: str) -> Dial:
        """Return one of the two clocks of a case."""
        began, yellow, orange, due, purple, paused, term = self.row(number)[which].item()
        return Dial(self.names[term], began, yellow, orange, due, purple, paused)

    def link(self, number: int) -> Link:
        """Return what a case is tied to."""
        return self._links.get(number) or Link()

    def by_code(self, digest: str) -> int | None:
        """Return the case whose caller holds the code of that digest."""
        return self._codes.get(digest)

    def audits(self, group: str, since: int) -> list[tuple[int, bool]]:
        """Return what audits of a group found after an entry: by which, and whether right."""
        held = self._audits.get(group, [])
        return held[bisect_right(held, (since, True)) :]

    def code(self, name: str) -> int:
        """Return the number under which a word stands in the columns; 0 if in none."""
        return self._code.get(name, 0)

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record = entry.record
        if isinstance(record, Case):
            self._open(entry, record)
        elif isinstance(record, Move):
            self._move(entry, record)

    def dump(self) -> bytes:
        """Return the state as bytes."""
        told = (self.names, self.rows.tobytes(), self._codes, self._links, MEANT, self._audits)
        return pack(_State(*told))

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave.

        Raises:
            ValueError: the bytes are no such state, or the states have changed since.
        """
        held = unpack(state, _State)
        if held.states != MEANT or len(held.rows) % ROW.itemsize:
            raise ValueError("the states of cases have changed since it was kept")
        self.names = held.names
        self._code = {name: code for code, name in enumerate(held.names)}
        rows = np.frombuffer(held.rows, ROW)
        self._used = len(rows)
        self._hold(np.zeros(max(64, 2 * len(rows)), ROW))
        self._rows[: self._used] = rows
        self._row = {number: at for at, number in enumerate(rows["seq"].tolist())}
        self._codes, self._links, self._audits = held.codes, held.links, held.audits

    def _hold(self, rows: Rows) -> None:
        self._rows = rows
        self._states = rows["state"]  # the column that is asked for most, itself

    def _named(self, name: str) -> int:
        code = self._code.get(name)
        if code is None:
            code = self._code[name] = len(self.names)
            self.names.append(name)
        return code

    def _open(self, entry: Entry, record: Case) -> None:
        if self._used == len(self._rows):
            self._hold(np.concatenate([self._rows, np.zeros(self._used, ROW)]))
        at, self._used = self._used, self._used + 1
        self._row[entry.seq] = at
        words = {field: self._named(getattr(record, field)) for field in WORDS}
        opened, (x, y) = int(entry.at.timestamp()), record.where or (np.nan, np.nan)
        told = BLANK | words | {
            "seq": entry.seq, "last": entry.seq, "opened": opened, "changed": opened, "x": x,
            "y": y, "state": CODES[State(record.state)], "callers": 1, "master": NONE,
            "parent": record.parent, "step": self._shown(record.step),
            "whole": self._shown(record.whole)}  # fmt: skip
        self._rows[at] = tuple(told.values())
        if record.code:
            self._codes[record.code] = entry.seq
        if record.parent >= 0:
            self._tied(record.parent).children.append(entry.seq)

    def _move(self, entry: Entry, record: Move) -> None:
        number = int(entry.about.rpartition(":")[2])
        row = self._rows[self._row[number]]
        now, to = int(entry.at.timestamp()), CODES[State(record.to)]
        held = STATES[int(row["state"])]
        if record.name == "suspend" or (
            record.to in case_rows.ASIDE and held not in case_rows.ASIDE
        ):
            # Who comes back from aside waits no more; what was objected to before stays known.
            row["before"] = CODES[State.HANDLING] if held is State.WAITING else row["state"]
        if held is State.WAITING and record.to != held:
            row["wait"], row["paused"] = 0, row["paused"] if record.name == "merge" else 0
        self._told(row, record.name, entry.seq, now, held)
        row["state"], row["last"] = to, entry.seq
        row["moves"] += 1
        if record.unit:
            row["unit"] = self._named(record.unit)
        if record.name == "merge":
            self._merge(number, row, record)
        else:
            for which, told in (("step", record.step), ("whole", record.whole)):
                if told is not None:
                    self._set(row, which, told)
        effect = case_rows.EFFECTS.get(record.name)
        if effect is not None:
            getattr(self, effect)(number, row, record, now)

    def _told(self, row: Any, name: str, seq: int, now: int, held: State) -> None:  # noqa: ANN401
        """Note what a caller would see, and what was late, while the old clocks still stand."""
        if name == "sign" or (name == "conclude" and held in SENT):  # who is done has read it
            row["sign_late"], row["signed"] = now > row["step"]["due"] > 0, now
        if name in {"feed_back", "conclude"}:
            row["late"], row["fed"] = now > row["whole"]["due"] > 0, now
        if name not in SILENT:
            row["changed"] = now
        if name in case_rows.ANSWERS:
            row["answer"] = seq

    def _set(self, row: Any, which: str, told: Dial) -> None:  # noqa: ANN401 - a row
        if row[f"told_{which}"] and row[which].item()[0] != told.began:
            row[f"told_{which}"] = 0
        row[which] = self._shown(told)

    def _shown(self, told: Dial) -> tuple[int, ...]:
        marks = (told.began, told.yellow, told.orange, told.due, told.purple, told.paused)
        return (*marks, self._named(told.term))

    def _tied(self, number: int) -> Link:
        return self._links.setdefault(number, Link())

    def _merge(self, number: int, row: Any, record: Move) -> None:  # noqa: ANN401 - a row
        master = self._rows[self._row[into := int(record.args["into"])]]
        master["callers"] += row["callers"]
        if record.whole is not None:
            told = max(master["told_whole"], row["told_whole"])  # who was told need not be again
            self._set(master, "whole", record.whole)
            master["told_whole"] = told
        row["master"] = into
        row["step"] = (int(row["step"]["began"]), 0, 0, 0, 0, 0, 0)  # it keeps its whole clock
        self._tied(into).merged.append(number)

    def _unmerge(self, number: int, row: Any, _record: Move, _now: int) -> None:  # noqa: ANN401
        into = int(row["master"])
        self._links[into].merged.remove(number)
        self._part(number, into)
        while into != NONE:
            master = self._rows[self._row[into]]
            master["callers"], into = master["callers"] - row["callers"], int(master["master"])
        row["master"], row["paused"] = NONE, 0

    def _keep_apart(self, number: int, _row: Any, record: Move, _now: int) -> None:  # noqa: ANN401
        self._part(number, int(record.args["from"]))

    def _part(self, one: int, other: int) -> None:
        self._tied(one).apart.append(other)
        self._tied(other).apart.append(one)

    def _classify(self, _number: int, row: Any, record: Move, _now: int) -> None:  # noqa: ANN401
        for field in ("topic", "nature", "urgency", "place", "area"):
            if told := str(record.args.get(field, "")):
                row[field] = self._named(told)

    def _forward(self, number: int, row: Any, record: Move, _now: int) -> None:  # noqa: ANN401
        row["auto"] = record.name == "auto_forward"
        if row["auto"]:
            row["group"] = self._named(str(record.args.get("group", "")))
        helpers = str(record.args.get("helpers", ""))
        if helpers:
            self._tied(number).helpers = helpers.split(",")

    def _contribute(self, number: int, _row: Any, record: Move, _now: int) -> None:  # noqa: ANN401
        self._tied(number).contributed.append(str(record.args.get("by_unit", "")))

    def _audit(self, _number: int, row: Any, record: Move, _now: int) -> None:  # noqa: ANN401
        held = self._audits.setdefault(self.names[int(row["group"])], [])
        held.append((int(row["last"]), bool(record.args["right"])))
        del held[:-AUDITS]

    def _count(self, _number: int, row: Any, record: Move, now: int) -> None:  # noqa: ANN401
        """Take in the moves that only set a number or two."""
        name = record.name
        if name == "wait":
            row["wait"], row["paused"] = int(record.args["until"]), now
        elif name == "suspend":
            row["paused"] = now
        elif name in {"resume", "go_on"}:
            row["wait"] = row["paused"] = 0
        elif name in {"close", "reject", "external", "drop"}:
            row["closed"] = now
        elif name in {"conclude", "void", "withdraw"}:  # its whole clock stands until it is needed
            row["closed"] = row["paused"] = now
        elif name in {"ask_extension", "deny_extension"}:
            row["asked"] = int(record.args["days"]) if name == "ask_extension" else 0
        elif name in {"grant_extension", "extend"}:
            row["extended"] += row["extended"] < 255 and "part" not in record.args
            row["asked"] = 0
        else:
            row[case_rows.COUNTED[name]] += row[case_rows.COUNTED[name]] < 255

    def _reopen(self, _number: int, row: Any, record: Move, _now: int) -> None:  # noqa: ANN401
        row["reopened"] += record.name == "reopen" and row["reopened"] < 255
        row["paused"] = 0
        row["closed"] = row["fed"] = row["signed"] = row["late"] = row["sign_late"] = 0
        row["solved"] = row["satisfied"] = 0

    def _rate(self, _number: int, row: Any, record: Move, _now: int) -> None:  # noqa: ANN401
        root = row
        while int(root["master"]) != NONE:  # whose case was merged rates who answered it
            root = self._rows[self._row[int(root["master"])]]
        row["unit"] = root["unit"]
        satisfied = min(max(int(record.args["satisfied"]), 1), 5)
        row["solved"], row["satisfied"] = 1 + bool(record.args["solved"]), satisfied

    def _warn(self, _number: int, row: Any, record: Move, _now: int) -> None:  # noqa: ANN401
        level = LEVELS.index(str(record.args["level"]))
        row[f"told_{record.args['dial']}"] = level
        row["overdue"] += level >= RED and row["overdue"] < 255
