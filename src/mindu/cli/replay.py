"""Replaying a night as fast as it can, with its report, its plot and its numbers."""

import argparse
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from rich.cells import cell_len

from mindu.base.records import Words
from mindu.base.time import HOUR
from mindu.cli.line.morning import NAMES as LINE
from mindu.cli.live.alone import left_alone
from mindu.cli.live.built import Wanted
from mindu.cli.live.ending import stopping
from mindu.cli.live.night import Night, wire
from mindu.cli.run import live
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.cli.water_report import Progress, silent
from mindu.console.plots import Fan, fan
from mindu.console.report.measured import Measured
from mindu.console.report.report import report, summary
from mindu.console.words import number, pick

NAMES = {
    "from": Words("from", "自"),
    "to": Words("to", "至"),
    "entries": Words("entries", "条目"),
    "readings": Words("readings", "读数"),
    "judgements": Words("judgements", "判断"),
    "plans": Words("plans weighed", "比选方案"),
    "actions": Words("actions proposed", "提议行动"),
    "confirmed": Words("confirmed", "批准"),
    "sent": Words("sent", "下达"),
    "kept": Words("promises kept", "承诺兑现"),
    "broken": Words("promises broken", "承诺未兑现"),
    "hits": Words("hits", "命中"),
    "mean_lead_min": Words("mean lead, min", "平均提前(分)"),
    "flood_m3": Words("flood, m3", "内涝水量 m3"),
    **{f"line_{name}": words for name, words in LINE.items()},
}
WIDE = 18  # cells of a name


def replay(asked: argparse.Namespace, voice: Voice) -> int:
    """Run a recorded storm and write its report."""
    folder = state(asked.data)
    wanted = Wanted(
        city=asked.city,
        storm=asked.storm,
        seed=asked.seed,
        data=folder,
        hours=asked.hours,
        since=asked.since,
        mode="replay",
        yes="" if asked.nobody else "standing authority",
    )
    night = wire(wanted)
    night.house.speed = asked.speed
    with ExitStack() as held:
        held.callback(night.close)
        held.enter_context(stopping(night.house.stopped))
        live(night, voice, night.after)
        measured = _written(night, wanted, asked.report, voice) if asked.report else None
        if asked.plot:
            plot_night(night, asked.plot, voice.lang)
        line = {f"line_{name}": value for name, value in night.morning().items()}
        told: dict[str, object] = {**summary(night.house), **line}
        if measured is not None:
            told |= {"flood_m3": measured.flood_m3, "rules_flood_m3": measured.by_rule}
        voice.data({**told, "head": night.brain.log.head}, shown(told, voice.lang))
    return GOOD


def _written(night: Night, wanted: Wanted, file: Path, voice: Voice) -> Measured:
    """Write the report, held against the same hours lived without the brain."""
    lived = (night.house.pulse().now - night.start) / HOUR + wanted.since
    voice.note(Words("The same night without the brain …", "再过一遍没有大脑的同一夜 …"))
    says = silent if voice.json else Progress()
    by_rule = left_alone(replace(wanted, hours=lived), says)
    measured = Measured(
        night.world.totals().flood_m3, {rule: one.flood_m3 for rule, one in by_rule.items()}
    )
    file.write_text(report(night.house, voice.lang, measured), encoding="utf-8")
    voice.note(Words(f"Report: {file}", f"报告:{file}"))
    return measured


def plot_night(night: Night, path: Path, lang: str) -> None:
    """Write the fan of the gravest place as SVG.

    Raises:
        Trouble: nothing was heard, or the file is no SVG.
    """
    board = night.house.board
    if path.suffix != ".svg" or not board.readings:
        raise Trouble(
            Words(f"{path.name} cannot be drawn.", f"{path.name} 无法绘制。"),
            Words("Give --plot FILE.svg.", "请用 --plot FILE.svg。"),
        )
    grave = [e.about for e in board.alerts(night.house.pulse().now)]
    key = next((k for k in board.readings if k[0] in grave), next(iter(board.readings)))
    title = f"{board.places[key[0]].title(lang) if key[0] in board.places else key[0]} {key[1]}"
    show = Fan(
        title=title,
        unit="",
        now=night.house.pulse().now,
        zone=night.house.zone,
        seen=list(board.readings[key]),
    )
    style = (
        "<style>.seen{fill:none;stroke:#1b2327}.grid{stroke:#d3d8d5}.now{stroke:#4a555a}"
        "text{font:12px sans-serif}</style>"
    )
    drawn = fan(show).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    path.write_text(drawn.replace("</title>", f"</title>{style}", 1), encoding="utf-8")


def shown(told: Mapping[str, object], lang: str) -> str:
    """Return the night's numbers, one a line, in the reader's language."""
    lines = []
    for key, words in NAMES.items():
        if key in told:
            name, value = pick(words, lang), told[key]
            said = number(value) if isinstance(value, float) else "–" if value is None else value
            lines.append(" " * max(WIDE - cell_len(name), 0) + f"{name}: {said}")
    return "\n".join(lines)
