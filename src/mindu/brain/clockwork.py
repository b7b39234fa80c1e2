"""What the brain makes of its own clock: one that ran back is waited out, a gap is said."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from mindu.base.records import Event, Value
from mindu.brain.folds.turns import STOPPED
from mindu.brain.memory import Memory

GAP = "no turns"
BEATS = 3  # beats without a turn are a gap: the brain stood still, or the clock leapt


def ran_back(memory: Memory, now: datetime, by: str) -> bool:
    """Say whether the clock ran back: that is written once, and waited out."""
    turns = memory.turns
    if turns.last is None or now >= turns.last:
        return False
    if not turns.stopped:
        told: dict[str, Value] = {"error": f"the clock ran back from {turns.last} to {now}"}
        memory.write(Event(STOPPED, told), at=turns.last, about=by, by=by)
        memory.log.commit()
    return True


def note_gap(memory: Memory, beats: Iterable[timedelta], now: datetime, by: str) -> None:
    """Write down that no turn was taken for long: what lay in between was judged by nobody."""
    last, beat = memory.turns.last, min(beats, default=None)
    if last is None or beat is None or now - last <= BEATS * beat:
        return
    minutes = (now - last).total_seconds() / 60.0
    told: dict[str, Value] = {"since": last.isoformat(), "minutes": minutes}
    memory.write(Event(GAP, told), at=now, about=by, by=by)
