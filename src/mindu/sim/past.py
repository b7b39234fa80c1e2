"""The past of a log: copied up to a moment, and lived again by a world of the same seed."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from mindu.base.records import Action, Decision, Entry, Segment, Sending
from mindu.brain.world import Refused, World
from mindu.data.log import Log
from mindu.perceive.source import Happening, Reading, Readings
from mindu.sim.replay import rows

WHAT_IF = "what if"
Answers = Literal["logged", "yes", "nobody"]
Answer = tuple[datetime, str, bool, str]  # when, by whom, yes or no, note


def copied(log: Log, at: datetime) -> Log:
    """Return a log in memory that holds every entry up to that moment, to the same head.

    Raises:
        ValueError: the moment lies before the first entry.
    """
    if not len(log) or log[0].at > at:
        raise ValueError(f"the log knows nothing of {at:%Y-%m-%d %H:%M} yet")
    child = Log.open(":memory:")
    for entry in log:
        if entry.at > at:
            break
        assert entry.prev == child.head, f"entry #{entry.seq} was not copied as it is"
        if isinstance(entry.record, Segment):
            block = log.block(entry.seq)
            assert block is not None, f"segment #{entry.seq} has lost its block"
            refused = entry.record.refused
            child.store(rows(block), now=entry.at, by=entry.by, refused=refused)
        else:
            child.append(
                entry.record, at=entry.at, about=entry.about, by=entry.by, because=entry.because
            )
    child.commit()
    return child


def relived(world: World, log: Log, at: datetime, *, start: datetime, step: timedelta) -> None:
    """Let a world of the same seed live up to that moment, with what was sent at its times.

    Raises:
        ValueError: what it shows is not what the log heard, so it is another world.
    """
    sent = _sent(log, at)
    heard = {(e.at, e.by): e.seq for e in log if isinstance(e.record, Segment) and e.at <= at}
    now = start
    _send(world, sent.pop(now, ()), now)
    while now < at:
        world.step(step)
        now += step
        shown = _values(world.read(now))
        seq = heard.get((now, world.name))
        if seq is not None:
            _same(log, seq, shown)
        _send(world, sent.pop(now, ()), now)


def _sent(log: Log, at: datetime) -> dict[datetime, list[Action]]:
    """Return every action that the hand was asked to carry out, by time."""
    told: dict[datetime, list[Action]] = {}
    for entry in log:
        record = entry.record
        if (
            entry.at <= at
            and isinstance(record, Sending)
            and not record.note.startswith("withheld")
        ):
            action = log[entry.because[0]].record
            assert isinstance(action, Action), f"#{entry.seq} sent no action"
            told.setdefault(entry.at, []).append(action)
    return told


def _send(world: World, actions: Sequence[Action], now: datetime) -> None:
    for action in actions:
        try:
            world.send(action, now)
        except Refused:
            continue  # it refused then as well


def _values(said: Iterable[Reading | Happening | Readings]) -> Counter[tuple[str, str, float]]:
    told: Counter[tuple[str, str, float]] = Counter()
    for it in said:
        if isinstance(it, Reading):
            told[it.about, it.prop, it.value] += 1
        elif isinstance(it, Readings):
            told.update(zip(it.about, it.prop, it.value.tolist(), strict=True))
    return told


def _same(log: Log, seq: int, shown: Counter[tuple[str, str, float]]) -> None:
    """Hold what the world shows against what was stored then; what was refused is not there."""
    block = log.block(seq)
    assert block is not None, f"segment #{seq} has lost its block"
    stored = rows(block)
    kept = Counter(zip(stored.about, stored.prop, stored.value.tolist(), strict=True))
    strange = kept - shown
    if strange:
        about, prop, value = next(iter(strange))
        raise ValueError(
            f"this is another world: at #{seq} the log heard {value:g} as {prop} of {about}, which"
            " it does not show; build it from the seed, storm and city of the log"
        )


def answering(log: Log, how: Answers) -> Callable[[Entry], Answer | None]:
    """Return who answers a proposal, and how."""
    if how == "nobody":
        return lambda _: None
    said: dict[tuple[str, str, datetime], Answer] = {}
    for entry in log if how == "logged" else ():
        if isinstance(entry.record, Decision) and not entry.record.note.startswith("standing"):
            for cause in entry.because:
                asked = log[cause]
                if isinstance(asked.record, Action) and entry.by != asked.by:
                    told = (entry.at, entry.by, entry.record.confirmed, entry.record.note)
                    said[asked.about, asked.by, asked.at] = told

    def answer(entry: Entry) -> Answer | None:
        told = said.get((entry.about, entry.by, entry.at))
        if told is not None and told[3] == "expired":
            return None
        return told or (entry.at, WHAT_IF, True, "what if")

    return answer
