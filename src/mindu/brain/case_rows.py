"""The row of a case: its columns, the codes of its states, and the colours of its clocks."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from mindu.brain.cases import DONE, STATES, State

DIAL = (("began", "u4"), ("yellow", "u4"), ("orange", "u4"), ("due", "u4"), ("purple", "u4"),
        ("paused", "u4"), ("term", "u4"))  # fmt: skip
ROW = np.dtype([
    ("seq", "u4"), ("last", "u4"), ("moves", "u4"), ("state", "u1"), ("before", "u1"),
    ("kind", "u4"), ("unit", "u4"), ("area", "u4"), ("topic", "u4"), ("place", "u4"),
    ("nature", "u4"), ("urgency", "u4"), ("group", "u4"), ("channel", "u4"), ("service", "u4"),
    ("opened", "u4"), ("changed", "u4"), ("answer", "u4"), ("signed", "u4"), ("fed", "u4"),
    ("closed", "u4"), ("wait", "u4"),
    ("paused", "u4"), ("callers", "u4"), ("master", "i4"), ("parent", "i4"), ("step", list(DIAL)),
    ("whole", list(DIAL)), ("told_step", "u1"), ("told_whole", "u1"), ("overdue", "u1"),
    ("sign_late", "u1"), ("late", "u1"), ("returns", "u1"), ("extended", "u1"),
    ("reopened", "u1"), ("urged", "u1"), ("solved", "u1"), ("satisfied", "u1"), ("auto", "u1"),
    ("asked", "u1"), ("x", "f8"), ("y", "f8"),
])  # fmt: skip
BLANK = dict(zip(ROW.names or (), np.zeros(1, ROW)[0].item(), strict=True))  # a row of nothing
CODES = {state: code for code, state in enumerate(STATES)}
LEVELS = ("green", "yellow", "orange", "red", "purple")
RED = LEVELS.index("red")
IS_DONE = np.array([state in DONE for state in STATES])
NONE = -1
# Nothing that a caller would see.
SILENT = frozenset({"warn", "note", "audit", "retime", "keep_apart", "redraw"})
ANSWERS = frozenset({"feed_back", "answered", "reject", "external", "conclude"})
ASIDE = frozenset({State.RETURN_ASKED, State.MERGED, State.DIVIDED})
MEANT = [*map(str, STATES), *sorted(map(str, ASIDE))]  # what the codes of a kept state stand for
COUNTED = {"grant_return": "returns", "urge": "urged"}
EFFECTS = {  # what a move does beyond its state, unit and clocks, by the verb of the fold
    "unmerge": "_unmerge", "keep_apart": "_keep_apart", "classify": "_classify",
    "contribute": "_contribute", "reopen": "_reopen", "route": "_reopen", "rate": "_rate",
    "warn": "_warn", "audit": "_audit",
    "forward": "_forward", "auto_forward": "_forward", "reassign": "_forward",
} | dict.fromkeys(
    ("wait", "resume", "suspend", "go_on", "close", "reject", "external", "drop", "conclude",
     "void", "withdraw", "ask_extension", "deny_extension", "grant_extension", "extend",
     "grant_return", "urge"), "_count"
)  # fmt: skip
Rows = NDArray[Any]


class Link(msgspec.Struct):
    """What only some cases have: parts of a split, merged cases, co-handlers, their words."""

    children: list[int] = []
    merged: list[int] = []
    helpers: list[str] = []
    contributed: list[str] = []
    apart: list[int] = []  # cases that somebody said to be another matter
