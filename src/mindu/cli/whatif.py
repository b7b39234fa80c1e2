"""What if: a past moment of a stored night lived on twice, as it was and with something changed."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from typing import Any

from rich.console import Console

from mindu.base.records import Action, Segment, Words
from mindu.base.time import VirtualClock
from mindu.brain.brain import Brain
from mindu.cli.ask import write_plot
from mindu.cli.live.built import STEP, Wanted, apps, begun, city
from mindu.cli.live.diary import title_of
from mindu.cli.live.store import ZONE, open_log
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.console.words import moment, number
from mindu.data.log import Log
from mindu.sim.fork import Changes, Fork, Future, Setting, fork
from mindu.sim.future import Turns

LISTED = 12  # places listed, the most changed first


def lived_again(asked: argparse.Namespace, voice: Voice, *, rain: float, hours: float) -> int:
    """Live both futures of the stored night and show them side by side."""
    log = open_log(state(asked.data))
    build, at = builder(log), _moment(log, hours)
    changes = Changes(
        world=_weather(rain, asked.tide),
        params=_pairs(asked.param),
        actions=_settings(asked.set, log[0].about),
        answers="nobody" if asked.nobody else "logged",
    )
    said = {"en": "living on twice from", "zh": "自此刻起推演两遍:"}[voice.lang]
    with Console(stderr=True, quiet=voice.json).status(f"{said} {moment(at, ZONE)} …"):
        try:
            found = fork(log, at, changes, build, timedelta(hours=asked.hours))
        except ValueError as wrong:
            raise Trouble(
                Words(f"This fork cannot be lived: {wrong}", f"无法推演:{wrong}"),
                Words("See `mindu fork --help`.", "见 mindu fork --help。"),
            ) from wrong
    try:
        _show(asked, voice, found)
    finally:
        found.close()
    return GOOD


def builder(log: Log) -> Callable[[], Setting]:
    """Return what builds the stored night's city anew.

    Raises:
        Trouble: the log is of no such night.
    """
    title = title_of(log)
    if title is None:
        raise Trouble(
            Words("This log is of no night that can be built again.", "此日志无法重建。"),
            Words("Run `mindu replay storm` first.", "请先运行 mindu replay storm。"),
        )

    def build() -> Setting:
        wanted = Wanted(city=title.city, storm=title.storm, seed=title.seed, since=title.since)
        world, things, engines = city(wanted)
        return Setting(
            name=title.city,
            world=world,
            apps=apps(),
            things=things,
            people=partial(_people, things=things, seed=title.seed),
            start=begun(wanted, world),
            engines=engines,
            seed=title.seed,
            step=STEP,
        )

    return build


def _people(
    brain: Brain, world: Any, clock: VirtualClock, *, things: Sequence[Any], seed: int  # noqa: ANN401
) -> Turns:  # fmt: skip
    """Put people at the telephones of a look ahead; their dice fall as they did in the night."""
    from mindu.cli.line.manning import line  # noqa: PLC0415 - loads only when a city runs

    return line(brain, world, things, clock=clock, data=None, seed=seed)


def _moment(log: Log, hours: float) -> datetime:
    at = log[0].at + STEP * ceil(hours * 3600.0 / STEP.total_seconds() - 1e-9)
    if at > log[-1].at:
        last = (log[-1].at - log[0].at).total_seconds() / 3600.0
        raise Trouble(
            Words(f"The night is only {last:.2f} h long.", f"本夜仅长 {last:.2f} 小时。"),
            Words("Give an earlier --at.", "请给出更早的 --at。"),
        )
    return at


def _weather(rain: float, tide: float) -> Mapping[str, float]:
    asked = {"rain": (rain, 1.0), "tide_m": (tide, 0.0)}
    return {name: value for name, (value, as_it_was) in asked.items() if value != as_it_was}


def _pairs(told: list[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for pair in told:
        name, _, value = pair.partition("=")
        try:
            found[name] = float(value)
        except ValueError:
            raise Trouble(
                Words(f"{pair!r} is no NAME=NUMBER.", f"{pair!r} 不是 名称=数值。"),
                Words("Write e.g. PUMP3=1 or water.sure=0.6.", "例如 PUMP3=1。"),
            ) from None
    return found


def _settings(told: list[str], about: str) -> tuple[Action, ...]:
    wanted = _pairs(told)
    if not wanted:
        return ()
    says = Words(f"what if: {', '.join(told)}", f"假如:{'、'.join(told)}")
    return (Action("set", about, says, args=dict(wanted)),)


def _show(asked: argparse.Namespace, voice: Voice, found: Fork) -> None:
    peaks = found.peaks([(a, "level") for a in _gauged(found.was)])
    order = sorted(peaks, key=lambda key: -abs(peaks[key][1] - peaks[key][0]))[:LISTED]
    floods = [_flood(future) for future in (found.was, found.changed)]
    judged = [len(future.judgements) for future in (found.was, found.changed)]
    heads = {"en": ("as it was", "changed"), "zh": ("原样", "改变后")}[voice.lang]
    lines = [f"{moment(found.at, ZONE)} → {moment(found.until, ZONE)}"]
    lines.append(f"{'':26}{heads[0]:>14}{heads[1]:>14}")
    if None not in floods:
        lines.append(f"{'flood, m3':26}{number(floods[0] or 0):>14}{number(floods[1] or 0):>14}")
    lines.append(f"{'judgements':26}{judged[0]:>14}{judged[1]:>14}")
    lines += [f"{key[0][:25]:26}{peaks[key][0]:>13.2f}m{peaks[key][1]:>13.2f}m" for key in order]
    if asked.plot:
        write_plot(asked.plot, dict(zip(("as it was", "changed"), map(float, judged), strict=True)))
    told = {
        "at": found.at, "until": found.until, "flood_m3": floods, "judgements": judged,
        "peaks_m": {key[0]: peaks[key] for key in order},
    }  # fmt: skip
    voice.data(told, "\n".join(lines))


def _gauged(future: Future) -> list[str]:
    """Return the things whose level was heard in a future."""
    heard: dict[str, None] = {}
    for entry in future.entries:
        block = future.brain.log.block(entry.seq) if isinstance(entry.record, Segment) else None
        if block is not None:
            rows = zip(block.about, block.prop, strict=True)
            heard |= dict.fromkeys(about for about, prop in rows if prop == "level")
    return list(heard)


def _flood(future: Future) -> float | None:
    """Return what really ran onto the streets, where the world is a pretend one that knows."""
    totals = getattr(future.world, "totals", None)
    return float(totals().flood_m3) if totals is not None else None
