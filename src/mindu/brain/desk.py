"""The desk: where a person says yes or no, or takes back what was done."""

from collections.abc import Mapping
from datetime import datetime

from mindu.base.records import Action, Decision, Entry, Event, Sending, Value, Words
from mindu.brain.folds.promises import ADVICE, UNDONE
from mindu.brain.memory import Memory

FIRST_YES = "first_yes"  # one of several people whose yes is needed has said it
TOLD = 500  # characters of a remark's word


def answer(  # noqa: PLR0913 - who, what, why, when, and how many it takes
    memory: Memory, seq: int, *, by: str, confirmed: bool, note: str, now: datetime, needed: int = 1
) -> Entry:
    """Write a person's decision down; of two, the first stands.

    Where `needed` different people must say yes, each yes before the last is an event; one no
    is enough.

    Raises:
        ValueError: nobody signs, nothing waits under that number, it is too late, or the same
            person says yes twice.
    """
    if not by.strip():
        raise ValueError("a decision is signed by a person: give your name")
    promise = memory.promises.get(seq)
    if promise is None or not promise.undecided:
        raise ValueError(_why_not(memory, seq))
    if now > promise.until:
        raise ValueError(f"the time to decide #{seq} ran out at {promise.until:%Y-%m-%d %H:%M} UTC")
    given = _given(memory, seq) if needed > 1 and confirmed else []
    if by.strip().casefold() in {e.by.strip().casefold() for e in given}:
        raise ValueError(f"{by} has said yes already: #{seq} needs {needed} different people")
    because = (seq, *(e.seq for e in given))
    if confirmed and len(given) + 1 < needed:
        first = Event(FIRST_YES, {"note": note[:TOLD], "needed": float(needed)})
        return memory.write(first, at=now, about=promise.about, by=by, because=(seq,))
    decision = Decision(confirmed=confirmed, note=note)
    return memory.write(decision, at=now, about=promise.about, by=by, because=because)


def remark(
    memory: Memory, seq: int, name: str, args: Mapping[str, Value], *, by: str, now: datetime
) -> Entry:
    """Write down what a person did about an entry: acknowledged it, took it over, silenced it.

    Raises:
        ValueError: nobody signs, or there is no such entry.
    """
    if not by.strip():
        raise ValueError("a remark is signed by a person: give your name")
    about = _entry(memory, seq).about
    told = {k: v[:TOLD] if isinstance(v, str) else v for k, v in args.items()}
    return memory.write(Event(name, told), at=now, about=about, by=by, because=(seq,))


def take_action_back(memory: Memory, seq: int, *, by: str, note: str, now: datetime) -> Entry:
    """Write down, as decided by a person, the action that undoes another.

    Raises:
        ValueError: nobody signs, it was not sent, has no undo verb, or was undone before.
    """
    if not by.strip():
        raise ValueError("an undoing is signed by a person: give your name")
    entry = _entry(memory, seq)
    action = entry.record
    if not isinstance(action, Action) or not action.undo:
        raise ValueError(f"#{seq} has no verb that takes it back")
    after = memory.log.after(seq)
    if not any(isinstance(e.record, Sending) and e.record.ok for e in after):
        raise ValueError(f"#{seq} was never sent, so there is nothing to take back")
    if any(isinstance(e.record, Event) and e.record.name == UNDONE for e in after):
        raise ValueError(f"#{seq} was taken back before")
    says = Words(f"taken back by {by}: {note}", f"{by} 撤回:{note}")
    back = Action(action.undo, action.on, says, action.args)
    written = memory.write(back, at=now, about=entry.about, by=by, because=(seq,))
    memory.write(Event(UNDONE), at=now, about=entry.about, by=by, because=(seq, written.seq))
    yes = Decision(confirmed=True, note=note)
    memory.write(yes, at=now, about=entry.about, by=by, because=(written.seq,))
    return written


def command(memory: Memory, action: Action, *, by: str, note: str, now: datetime) -> Entry:
    """Write down, as decided by a person, an action of that person's own.

    Raises:
        ValueError: nobody signs.
    """
    if not by.strip():
        raise ValueError("a command is signed by a person: give your name")
    entry = memory.write(action, at=now, about=action.on, by=by)
    yes = Decision(confirmed=True, note=note)
    memory.write(yes, at=now, about=action.on, by=by, because=(entry.seq,))
    return entry


def suggest(memory: Memory, action: Action, why: Event, *, by: str, now: datetime) -> Entry:
    """Write down an action that somebody outside proposed, and why; it waits for a person."""
    said = memory.write(why, at=now, about=action.on, by=by)
    return memory.write(action, at=now, about=action.on, by=by, because=(said.seq,))


def _given(memory: Memory, seq: int) -> list[Entry]:
    """Return the yeses said so far to an action that needs several."""
    after = memory.log.after(seq)
    return [e for e in after if isinstance(e.record, Event) and e.record.name == FIRST_YES]


def _why_not(memory: Memory, seq: int) -> str:
    """Say why nothing waits under that number."""
    if not isinstance(_entry(memory, seq).record, Action):
        return f"#{seq} is no action; `waiting()` lists what waits"
    decided = [e for e in memory.log.after(seq) if isinstance(e.record, Decision)]
    if not decided:
        return f"#{seq} no longer waits"
    first, record = decided[0], decided[0].record
    assert isinstance(record, Decision)
    if record.note == ADVICE:
        return f"#{seq} is {ADVICE}"
    said = "yes" if record.confirmed else "no"
    return f"#{seq} was decided by {first.by} at {first.at:%Y-%m-%d %H:%M} UTC: {said}"


def _entry(memory: Memory, seq: int) -> Entry:
    if not 0 <= seq < len(memory.log):
        raise ValueError(f"there is no entry #{seq}; the log holds {len(memory.log)}")
    return memory.log[seq]
