"""Drawings of any shape, and moves that somebody might try in them."""

from itertools import pairwise

from hypothesis import strategies as st
from process_office import Office

from mindu.engines.process import Definition, Round, Wait
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import (
    AddSigners,
    AnyHappening,
    Choose,
    Complete,
    Countersign,
    Delegate,
    Done,
    HandOver,
    Rang,
    Resume,
    Return,
    Suspend,
    Withdraw,
)
from mindu.engines.process.model import Loop, Timer, Trigger

Block = tuple[str, list["Block"]]
LEAF = st.sampled_from(["user", "user", "service", "reminded", "many", "in_turn"])
BLOCKS: st.SearchStrategy[Block] = st.recursive(
    LEAF.map(lambda kind: (kind, [])),
    lambda inner: st.tuples(
        st.sampled_from(["seq", "and", "or", "xor", "sub", "and"]),
        st.lists(inner, min_size=2, max_size=3),
    ),
    max_leaves=7,
)
MOVES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 30), st.integers(0, 30)), max_size=20)


class Drawing:
    """A block drawn out as a process, with a task before and after it."""

    def __init__(self, block: Block) -> None:
        self.draft = Draft("any")
        self.count = 0
        self.around: list[tuple[str, int]] = []  # the blocks under way, and which part of each
        self.within: dict[str, tuple[tuple[str, int], ...]] = {}  # the same, by node
        first, last = self.blocks([("user", []), block, ("user", [])], "any")
        self.draft.node("start", "start")
        self.draft.node("end", "end")
        self.draft.line("start", first)
        self.draft.line(last, "end")

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def blocks(self, blocks: list[Block], body: str) -> tuple[str, str]:
        ends = self.each("seq", blocks, body)
        for (_, out), (into, _) in pairwise(ends):
            self.draft.line(out, into)
        return ends[0][0], ends[-1][1]

    def block(self, block: Block, body: str) -> tuple[str, str]:
        kind, inner = block
        if not inner:
            return self.leaf(kind, body)
        if kind == "seq":
            return self.blocks(inner, body)
        if kind == "sub":
            return self.sub(inner, body)
        gateway = {"and": "parallel", "or": "inclusive", "xor": "exclusive"}[kind]
        split = self.draft.node(self.name("split"), gateway, body=body)
        join = self.draft.node(self.name("join"), gateway, body=body)
        for into, out in self.each(kind, inner, body):
            self.draft.line(split, into)
            self.draft.line(out, join)
        return split, join

    def each(self, kind: str, inner: list[Block], body: str) -> list[tuple[str, str]]:
        name, ends = self.name(kind), []
        for part, one in enumerate(inner):
            self.around.append((name, part))
            ends.append(self.block(one, body))
            self.around.pop()
        return ends

    def leaf(self, kind: str, body: str) -> tuple[str, str]:
        loop = None
        if kind in {"many", "in_turn"}:
            how = "parallel" if kind == "many" else "sequential"
            loop = Loop(kind=how, cardinality="2")
        real = "service" if kind == "service" else "user"
        name = self.name(kind)
        outputs = (("value", f"of_{name}"), ("value", "last"))
        self.draft.node(name, real, body=body, loop=loop, outputs=outputs)
        self.within[name] = tuple(self.around)
        if kind == "reminded":
            trigger = Trigger(kind="timer", timer=Timer("duration", "P1D"))
            edge, to = self.name("edge"), self.name("reminder")
            self.draft.event(
                edge, "boundary", trigger, body=body, attached=name, interrupting=False
            )
            self.draft.node(to, "user", body=body)
            self.draft.line(edge, to)
        return name, name

    def sub(self, inner: list[Block], body: str) -> tuple[str, str]:
        name = self.draft.node(self.name("sub"), "sub", body=body)
        self.draft.body(name, parent=body)
        self.within[name] = tuple(self.around)
        self.around.append((name, 0))
        start = self.draft.node(self.name("in"), "start", body=name)
        end = self.draft.node(self.name("out"), "end", body=name)
        first, last = self.blocks(inner, name)
        self.around.pop()
        self.draft.line(start, first)
        self.draft.line(last, end)
        return name, name

    def rests_on(self, node: str, to: str) -> bool:
        """Say whether what is done at a node falls when one goes back to another."""
        around, there = self.within[node], self.within[to]
        if self.is_in(node, to):
            return True
        for one, other in zip(around, there, strict=False):
            if one[0] != other[0]:
                return False
            if one[1] != other[1]:
                return one[0].startswith("seq") and one[1] > other[1]
        return False

    def is_in(self, node: str, of: str) -> bool:
        """Say whether a node is another, or lies inside of it."""
        return node == of or (of, 0) in self.within[node]

    def definition(self) -> Definition:
        return self.draft.definition()


def move(office: Office, kind: int, which: int, where: int) -> AnyHappening | None:
    """Return a move that somebody might try."""
    visits = [name for frame in office.state.frames for name in frame.visits]
    tasks = [w for w in office.state.waits if w.kind == "task"]
    found: AnyHappening | None = going_on(office, which, where)
    if office.state.paused is not None:
        found = Resume(by="clerk", why="it came")
    elif kind == 11:
        found = Suspend(by="clerk", why="papers are missing")
    elif kind == 10:
        found = rings(office, which) or found
    elif kind == 9 and visits:
        found = Withdraw(by="clerk", why="a slip", node=visits[where % len(visits)])
    elif 4 <= kind <= 8 and tasks:
        found = about(tasks[which % len(tasks)], kind, where, visits)
    return found


def rings(office: Office, which: int) -> AnyHappening | None:
    timers = [w for w in office.state.waits if w.kind == "timer"]
    if not timers:
        return None
    wait = timers[which % len(timers)]
    office.now = max(office.now, wait.due or office.now)
    return Rang(wait=wait.id)


def about(wait: Wait, kind: int, where: int, visits: list[str]) -> AnyHappening:
    who = f"person{where}"
    to = ["", *visits][where % (len(visits) + 1)]
    several = Round((who, "second", "third"), ["all", "veto", "2"][where % 3], bool(where % 2))
    moves: dict[int, AnyHappening] = {
        4: Return(by="clerk", why="mend", wait=wait.id, to=to, direct=where % 5 == 0),
        5: AddSigners(by="clerk", why="ask", wait=wait.id, round=several, after=where % 2 == 1),
        6: Countersign(by="clerk", why="many", wait=wait.id, round=several),
        7: HandOver(by="clerk", why="leave", wait=wait.id, to=who),
        8: Delegate(by="clerk", why="away", wait=wait.id, to=who),
    }
    return moves[kind]


def going_on(office: Office, which: int, how: int) -> AnyHappening | None:
    """Return the next ordinary thing to do."""
    waits = [w for w in office.state.waits if w.kind != "timer"]
    wait = waits[which % len(waits)]
    if wait.kind == "task":
        return Complete(wait=wait.id, by=wait.who or "clerk", yes=True)
    if wait.kind == "job":
        return Done(wait=wait.id)
    node = next(iter(office.shelf.programs.values())).nodes[wait.node]
    most = 1 if node.kind == "exclusive" else 1 + how % len(node.out)
    return Choose(wait=wait.id, by="clerk", flows=node.out[:most])
