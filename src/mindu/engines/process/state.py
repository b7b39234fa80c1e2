"""The state of one instance: who stands where, what is waited for, and what was visited.

Every token carries its threads: paths of splits, written "3.0/2" for branch 0 of the 2 that token 3
was split into. A join adds threads up; all branches of a split together are the thread before it.
So the threads in a frame always add up to the threads that were started there, whatever anybody
does to them, and a return to a node takes away just what came of the visit that it goes back to.
"""

from datetime import datetime
from typing import Any

import msgspec

WHOLE = ""  # the thread that no split has divided
Threads = tuple[str, ...]


class Vote(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What one signer said."""

    who: str
    yes: bool


class Round(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A round of signing: several people, one rule."""

    who: tuple[str, ...]  # an empty name is whoever the task is offered to
    rule: str = "all"  # "all", "veto" (one no ends it) or the number of yes that is enough
    order: bool = False  # one after the other
    votes: tuple[Vote, ...] = ()


class Repeat(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How far a loop has come."""

    kind: str
    items: tuple[Any, ...] | None  # what each turn takes, None for a mere count
    total: int
    begun: int = 0
    done: int = 0
    results: tuple[Any, ...] = ()


class Token(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A token at rest, or on its way inside a step."""

    id: int
    node: str
    frame: int
    threads: Threads = (WHOLE,)
    via: str = ""  # the flow by which it came to a join
    since: int = 0  # the step in which it came to rest
    inner: bool = False  # one turn of a loop, or a handler that takes something back
    then: str = ""  # where it goes when done, instead of along its flows
    rounds: tuple[Round, ...] = ()  # of a task: the first is open
    repeat: Repeat | None = None
    undo: tuple["Record", ...] = ()  # what a compensation has still to take back


class Record(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An activity that is done and can be taken back."""

    node: str
    handler: str
    seen: dict[str, Any] = {}  # variables of its own frame when it was done


class Visit(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """When a node was last begun and done, and by which threads."""

    threads: Threads
    step: int
    done: int = 0
    by: str = ""
    turn: int = 0  # among what was begun and written in its step; 0: before turns were counted


class Write(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What was there before an activity wrote its variables, so that they can be taken back."""

    step: int
    turn: int
    home: int  # the frame that holds them
    was: dict[str, tuple[Any, ...]]  # what each was before; empty: there was none
    path: tuple[tuple[int, str, Threads], ...] = ()  # who wrote, by frame, from the inmost out


class Join(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The last time a gateway joined: what became one, and what came from each side."""

    whole: Threads
    parts: dict[str, Threads]  # by flow


class Frame(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One running of a process, a sub-process, a turn of a loop or a handler."""

    id: int
    body: str
    parent: int = 0
    host: int = 0  # the token that waits for it; 0 for the root and for event sub-processes
    vars: dict[str, Any] = {}
    ended: Threads = ()  # branches that came to an end while others go on
    started: int = 1  # threads that were begun here
    visits: dict[str, Visit] = {}
    records: tuple[Record, ...] = ()
    definition: str = ""  # of a called process
    joins: dict[str, Join] = {}  # by gateway
    gone: tuple[str, ...] = ()  # complex gateways that went on and still take in stragglers


class Wait(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Something that an instance waits for: a row of the desk, the worker, the clock, the post."""

    id: int
    kind: str  # task, choose, job, timer, message, signal, conditional, error, escalation, …
    node: str
    token: int  # 0: an event sub-process waits in a frame
    frame: int
    name: str = ""  # topic, message or signal, code
    key: str = ""
    due: datetime | None = None
    who: str = ""  # the one person it is for; empty: whoever is in `groups`
    groups: str = ""
    owner: str = ""  # who delegated it
    again: int = 0  # further turns of a timer; -1: for ever
    every: str = ""  # between the turns of a timer
    form: str = ""


class Pause(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The clock stands still."""

    since: datetime
    why: str
    by: str
    kind: str = "correction"


class State(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All there is to know of a running instance; a person can read it."""

    definition: str
    status: str = "running"  # running, ended, failed, void, withdrawn
    step: int = 0
    next: int = 1
    frames: tuple[Frame, ...] = ()
    tokens: tuple[Token, ...] = ()
    waits: tuple[Wait, ...] = ()
    paused: Pause | None = None
    outcome: str = ""
    applicant: str = ""
    left: dict[str, Any] = {}  # the variables of the process when it ended
    writes: tuple[Write, ...] = ()  # oldest first; none where nobody can take it back
    undone: tuple[str, ...] = ()  # nodes that were done, were taken back and are not done again


def _unknown(value: object) -> object:
    raise TypeError(f"a variable cannot hold a {type(value).__name__}; use plain values")


_TO = msgspec.json.Encoder(enc_hook=_unknown)
_FROM = msgspec.json.Decoder(State)


def dump(state: State) -> bytes:
    """Return a state as JSON."""
    return _TO.encode(state)


def load(told: bytes) -> State:
    """Return the state that `dump` gave."""
    return _FROM.decode(told)
