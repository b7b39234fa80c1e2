"""Both futures of one wish, lived in a process of its own: one line of JSON for each step."""

import sys
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from mindu.base.records import Action, Entry, Judgement, Words
from mindu.base.time import MINUTE
from mindu.cli.ahead.lookahead import Ask, Told
from mindu.cli.live.built import STEP
from mindu.cli.live.store import open_log
from mindu.cli.say import Trouble
from mindu.cli.whatif import builder
from mindu.console.contract.ahead import Futures, Said, Track, Wish
from mindu.console.tell import says
from mindu.data.log import Log
from mindu.sim.fork import Changes, Fork, Future, Later, fork

SHOWN = ("level", "stage", "rain", "setting")  # properties compared
TRACKS = 300
SAID = 200


def main() -> int:
    """Live the wish told on standard input; say how far it is on standard output."""
    ask = msgspec.json.decode(sys.stdin.buffer.read(), type=Ask)
    try:
        _say(Told(futures=live(ask)))
    except Trouble as no:
        _say(Told(error=Words(f"{no.wrong.en} {no.mend.en}", f"{no.wrong.zh} {no.mend.zh}")))
    except ValueError as no:
        _say(Told(error=Words(str(no), f"无法推演:{no}")))
    return 0


def live(ask: Ask) -> Futures:
    """Live both futures and return what they show.

    Raises:
        ValueError: the wish cannot be lived.
        Trouble: the log cannot be built again.
    """
    log = open_log(Path(ask.data))
    at = _moment(log, ask.wish.at)
    found = fork(
        log,
        at,
        _changes(ask.wish, log[0].about),
        builder(log),
        timedelta(hours=ask.wish.hours),
        seen=_seen,
    )
    try:
        return told(found)
    finally:
        found.close()


def told(found: Fork) -> Futures:
    """Return both futures as they go over the wire."""
    channels = _channels(found)
    return Futures(
        at=found.at,
        until=found.until,
        tracks=tuple(_track(found, about, prop, unit) for (about, prop), unit in channels.items()),
        was=_said(found.was),
        changed=_said(found.changed),
        totals=_totals(found),
    )


def _moment(log: Log, at: datetime | None) -> datetime:
    """Return the last turn at or before the moment wished."""
    first, last = log[0].at, log[-1].at
    wished = last if at is None else at
    if not first <= wished <= last:
        raise ValueError(f"the log runs from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC")
    return first + STEP * ((wished - first) // STEP)


def _changes(wish: Wish, about: str) -> Changes:
    later = [
        Later(one.minute * MINUTE, _action(about, {one.about: one.value}))
        for one in wish.settings
        if one.minute > 0
    ]
    at_once = {one.about: one.value for one in wish.settings if one.minute <= 0}
    return Changes(
        world=wish.levers,
        params=wish.params,
        actions=(_action(about, at_once),) if at_once else (),
        later=tuple(later),
        answers=wish.answers,
    )


def _action(about: str, args: Mapping[str, float]) -> Action:
    names = ", ".join(args)
    return Action("set", about, Words(f"what if: {names}", f"假如:{names}"), args=dict(args))


def _channels(found: Fork) -> dict[tuple[str, str], str]:
    """Return the channels heard in both futures, with their units."""
    heard: dict[tuple[str, str], str] = {}
    for entry in found.was.entries:
        block = found.was.brain.log.block(entry.seq)
        if block is not None:
            names = block.channels
            rows = zip(names.about, names.prop, names.unit, strict=True)
            heard |= {(about, prop): unit for about, prop, unit in rows if prop in SHOWN}
            break
    return dict(list(heard.items())[:TRACKS])


def _track(found: Fork, about: str, prop: str, unit: str) -> Track:
    past = found.until - found.at
    rows = []
    for future in (found.was, found.changed):
        at, value = future.level(about, prop, past)
        rows.append(tuple(zip(at.tolist(), value.tolist(), strict=True)))
    return Track(about=about, prop=prop, unit=unit, was=rows[0], changed=rows[1])


def _said(future: Future) -> tuple[Said, ...]:
    kept = [e for e in future.entries if isinstance(e.record, Judgement | Action)]
    return tuple(_one(entry) for entry in kept[:SAID])


def _one(entry: Entry) -> Said:
    return Said(
        at=entry.at,
        about=entry.about,
        by=entry.by,
        kind=type(entry.record).__name__,
        severity=int(getattr(entry.record, "severity", 0)),
        says=says(entry.record),
    )


def _totals(found: Fork) -> dict[str, tuple[float, float]]:
    """Return what both worlds really came to, where they know, and how much was judged."""
    both = [_world(future) for future in (found.was, found.changed)]
    counts = [float(len(future.judgements)) for future in (found.was, found.changed)]
    same = {name: (value, both[1][name]) for name, value in both[0].items() if name in both[1]}
    return same | {"judgements": (counts[0], counts[1])}


def _world(future: Future) -> dict[str, float]:
    totals = getattr(future.world, "totals", None)
    came = totals() if totals is not None else None
    if not is_dataclass(came) or isinstance(came, type):
        return {}
    return {k: float(v) for k, v in asdict(came).items() if isinstance(v, int | float)}


def _seen(share: float, step: Words) -> None:
    _say(Told(progress=round(share, 3), step=step))


def _say(told_: Told) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(told_) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
