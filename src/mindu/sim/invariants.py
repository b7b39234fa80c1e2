"""What must hold at every seed, whatever goes wrong; each breach is one sentence."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from mindu.base.records import (
    Action,
    Decision,
    Entry,
    Event,
    Grant,
    Judgement,
    Lesson,
    Outcome,
    Segment,
    Sending,
)
from mindu.brain.folds.standing import BLIND, SEES
from mindu.brain.memory import every_fold
from mindu.sim.day import Day

Rule = Callable[[Day], Iterator[str]]


def the_chain_verifies(day: Day) -> Iterator[str]:
    """Nothing written was changed."""
    try:
        day.brain.log.verify()
    except ValueError as wrong:
        yield str(wrong)


def every_action_has_a_reading_among_its_causes(day: Day) -> Iterator[str]:
    """Nothing is done without a reason that was perceived, except what a person takes back."""
    for entry in _of(day, Action):
        why = day.brain.log.why(entry.seq)
        if not any(_perceived(e) for e in why):
            yield f"action #{entry.seq} rests on no reading"


def no_action_follows_blindness(day: Day) -> Iterator[str]:
    """Blind, the hands stay still: nothing is proposed, and nothing is sent."""
    blind: set[tuple[str, str]] = set()
    for entry in day.brain.log:
        record, key = entry.record, (entry.about, entry.by)
        if isinstance(record, Judgement) and record.finding == BLIND:
            blind.add(key)
        elif isinstance(record, Judgement) and record.finding == SEES:
            blind.discard(key)
        elif isinstance(record, Action) and key in blind:
            yield f"action #{entry.seq} was proposed while {entry.by} was blind to {entry.about}"
        elif isinstance(record, Sending) and record.ok and key in blind:
            yield f"#{entry.seq} was sent while {entry.by} was blind to {entry.about}"


def everything_is_decided_at_most_once(day: Day) -> Iterator[str]:
    """Of two decisions only the first is written; and an action is sent and measured once."""
    for kind in (Decision, Sending, Outcome):
        actions = {e.seq for e in _of(day, Action)}
        counted = Counter(c for e in _of(day, kind) for c in e.because if c in actions)
        for seq, count in counted.items():
            if count > 1:
                yield f"action #{seq} has {count} entries of {kind.__name__}"


def one_open_promise_for_each_thing_and_loop(day: Day) -> Iterator[str]:
    """A loop proposes nothing for a thing while an action of its own may still work on it."""
    live: dict[tuple[str, str], int] = {}
    ends: dict[int, tuple[str, str]] = {}
    promised: dict[int, bool] = {}
    for entry in day.brain.log:
        record, key = entry.record, (entry.about, entry.by)
        if isinstance(record, Action) and entry.by.startswith(f"{day.app.name}."):
            if key in live:
                yield f"action #{entry.seq} was proposed while #{live[key]} was open"
            live[key], ends[entry.seq] = entry.seq, key
            promised[entry.seq] = record.expects is not None
        elif not isinstance(record, Judgement):
            for cause in entry.because:
                if not _ends(record, promised=promised.get(cause, False)):
                    continue
                ended = ends.pop(cause, None)
                if ended is not None:
                    live.pop(ended, None)


def parameters_stay_in_range(day: Day) -> Iterator[str]:
    """What is learned stays inside what was declared."""
    ranges = {param.name: param.within for param in day.app.params}
    for entry in _of(day, Lesson):
        assert isinstance(entry.record, Lesson)
        low, high = ranges[entry.record.param]
        if not low <= entry.record.value <= high:
            yield f"lesson #{entry.seq} sets {entry.record.param} to {entry.record.value}"


def nothing_is_sent_without_a_yes(day: Day) -> Iterator[str]:
    """Every sending rests on a yes of a person, of a standing grant, or of a gold app's right."""
    yes: dict[int, Entry] = {}
    grants: dict[int, datetime] = {}
    for entry in day.brain.log:
        record = entry.record
        if isinstance(record, Grant):
            grants[entry.seq] = record.until
        elif isinstance(record, Decision) and record.confirmed:
            yes.update(dict.fromkeys(entry.because, entry))
        elif isinstance(record, Sending) and record.ok:
            said = next((yes[c] for c in entry.because if c in yes), None)
            if said is None or not _may(said, grants):
                yield f"#{entry.seq} was sent without a yes"


def folds_rebuild_bit_for_bit(day: Day) -> Iterator[str]:
    """What the brain goes by is what the log says, and nothing else."""
    live = {f.name: f.dump() for f in vars(day.brain.memory).values() if hasattr(f, "dump")}
    anew = every_fold(day.brain.memory.kinds)
    for entry in day.brain.log:
        block = day.brain.log.block(entry.seq) if isinstance(entry.record, Segment) else None
        for fold in anew:
            fold.fold(entry, block)
    for fold in anew:
        if fold.dump() != live[fold.name]:
            yield f"the fold {fold.name} is not what the log says"


def what_was_sent_in_is_stored_or_refused(day: Day) -> Iterator[str]:
    """Every reading that came in is either stored or refused with a reason."""
    segments = [e.record for e in _of(day, Segment)]
    kept = sum(r.count + sum(r.refused.values()) for r in segments if isinstance(r, Segment))
    if kept != day.faulty.yielded:
        yield f"{day.faulty.yielded} readings came in, {kept} were stored or refused"


def no_part_fails_unasked(day: Day) -> Iterator[str]:
    """Nothing fails but what the faults made fail."""
    for entry in _of(day, Event):
        assert isinstance(entry.record, Event)
        told = str(entry.record.args.get("error", entry.record.args.get("why", "")))
        if "failed" in entry.record.name and "engine" not in told:
            yield f"#{entry.seq} {entry.by}: {told}"


def blindness_clears_once_faults_cease(day: Day) -> Iterator[str]:
    """When the faults are over, everything is seen again."""
    for loop in day.app.loops:
        by = f"{day.app.name}.{loop.name}"
        for about in day.brain.memory.standing.blind(by):
            yield f"{by} is still blind to {about}"


RULES: tuple[Rule, ...] = (
    the_chain_verifies,
    every_action_has_a_reading_among_its_causes,
    no_action_follows_blindness,
    everything_is_decided_at_most_once,
    one_open_promise_for_each_thing_and_loop,
    parameters_stay_in_range,
    nothing_is_sent_without_a_yes,
    folds_rebuild_bit_for_bit,
    what_was_sent_in_is_stored_or_refused,
    no_part_fails_unasked,
    blindness_clears_once_faults_cease,
)


def breaches(day: Day) -> list[str]:
    """Return everything that does not hold after a day."""
    return [f"{rule.__name__}: {said}" for rule in RULES for said in rule(day)]


def _of(day: Day, kind: type) -> Iterator[Entry]:
    return (entry for entry in day.brain.log if isinstance(entry.record, kind))


def _perceived(entry: Entry) -> bool:
    record = entry.record
    return isinstance(record, Segment) or (isinstance(record, Judgement) and bool(record.evidence))


def _ends(record: object, *, promised: bool) -> bool:
    """Say whether an action is over with that entry: with a promise, only its outcome ends it."""
    if isinstance(record, Decision):
        return not record.confirmed
    if isinstance(record, Sending):
        return not (record.ok and promised)
    return isinstance(record, Outcome)


def _may(said: Entry, grants: dict[int, datetime]) -> bool:
    assert isinstance(said.record, Decision)
    if "standing grant" in said.record.note:
        return any(said.at < grants[c] for c in said.because if c in grants)
    return said.by == "officer" or "standing authority" in said.record.note
