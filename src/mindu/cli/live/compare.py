"""`mindu night compare`: one storm night lived twice, with the brain and by the stations alone."""

import argparse
from contextlib import ExitStack
from datetime import datetime, timedelta
from math import isfinite

import msgspec
from rich.cells import cell_len

from mindu.base.records import Action, Decision, Outcome, Sending, Words
from mindu.cli.live.alone import Came, Says, afterwards, balance, left_alone
from mindu.cli.live.built import STEP, Wanted
from mindu.cli.live.night import MOST_H, Night, wire
from mindu.cli.say import GOOD, Trouble, Voice
from mindu.cli.water_report import Progress
from mindu.console.words import number, pick
from mindu.data.log import Log

WIDE = 16  # characters of a column
NAMES = {"brain": Words("with the brain", "有大脑"), "alone": Words("stations alone", "仅泵闸站")}
ROWS: tuple[tuple[str, Words], ...] = (
    ("flood_m3", Words("flood, m3", "内涝水量 m3")),
    ("energy_kwh", Words("pumping energy, kWh", "抽排电耗 kWh")),
    ("pumped_m3", Words("pumped, m3", "抽排水量 m3")),
    ("outflow_m3", Words("left the city, m3", "外排水量 m3")),
    ("proposed", Words("actions proposed", "提议行动")),
    ("confirmed", Words("confirmed", "批准")),
    ("sent", Words("commands sent", "下达指令")),
    ("refused", Words("refused by stations", "泵闸站拒绝")),
    ("withheld", Words("withheld at the last look", "下达前撤下")),
    ("infeasible", Words("infeasible settings", "不可行设置")),
    ("kept", Words("promises kept", "承诺兑现")),
    ("broken", Words("promises broken", "承诺未兑现")),
)


def night(asked: argparse.Namespace, voice: Voice) -> int:
    """Live the night twice and show both side by side; everything proposed gets a yes.

    The log stays in memory unless --data names a folder for it.
    """
    _possible(asked.hours)
    wanted = Wanted(
        city=asked.city,
        storm=asked.storm,
        seed=asked.seed,
        data=asked.data,
        hours=asked.hours,
        mode="replay",
        yes="" if asked.nobody else "standing authority",
    )
    says = Progress()
    by_rule = left_alone(wanted, says)
    came, head = _with_brain(wanted, says)
    named = {name: getattr(asked, name) for name in ("city", "storm", "seed", "hours")}
    name = f"{asked.city}, {asked.storm}, seed {asked.seed}, {asked.hours:g} h"
    table = shown(came, next(iter(by_rule.values())), which=Words(name, name), lang=voice.lang)
    floods = {rule: one.flood_m3 for rule, one in by_rule.items()}
    said = afterwards(came.flood_m3, floods, voice.lang)
    voice.data({**named, **_held(came, by_rule), "head": head}, f"{table}\n{said}")
    return GOOD


def _held(came: Came, by_rule: dict[str, Came]) -> dict[str, object]:
    """Hold the night with the brain against the stations alone, and against the best rule."""
    left = next(iter(by_rule.values()))
    best = min(by_rule, key=lambda name: by_rule[name].flood_m3)
    return {
        "nights": {"brain": came, "alone": left},
        "rules": by_rule,
        "saved_m3": left.flood_m3 - came.flood_m3,
        "flood_ratio": came.flood_m3 / left.flood_m3 if left.flood_m3 > 0.0 else None,
        "best_rule": best,
        "regret_m3": max(came.flood_m3 - by_rule[best].flood_m3, 0.0),
    }


def _possible(hours: float) -> None:
    if not (isfinite(hours) and STEP / timedelta(hours=1) <= hours <= MOST_H):
        raise Trouble(
            Words(f"A night of {hours:g} h cannot be lived.", f"无法推演 {hours:g} 小时。"),
            Words(f"Give --hours from 0.1 to {MOST_H:g}.", f"--hours 请给 0.1 至 {MOST_H:g}。"),
        )


def _with_brain(wanted: Wanted, says: Says) -> tuple[Came, str]:
    lived = wire(wanted)
    with ExitStack() as held:
        held.callback(lived.close)
        _live(lived, says)
        return _counted(lived.brain.log, balance(lived.world)), lived.brain.log.head


def _live(lived: Night, says: Says) -> None:
    length = lived.end - lived.start

    def seen(now: datetime) -> None:
        lived.after(now)
        says("brain", min((now - lived.start) / length, 1.0))

    lived.house.live(until=lived.end, step=STEP, move=lived.world.step, seen=seen)


def _counted(log: Log, came: Came) -> Came:
    """Add what became of the commands, counted from the log alone."""
    records = [entry.record for entry in log]
    sent = [r for r in records if isinstance(r, Sending)]
    came_of = [r.kept for r in records if isinstance(r, Outcome) and r.sent]
    return msgspec.structs.replace(
        came,
        proposed=sum(isinstance(r, Action) for r in records),
        confirmed=sum(r.confirmed for r in records if isinstance(r, Decision)),
        sent=sum(r.ok for r in sent),
        refused=sum(r.note.startswith("refused") for r in sent),
        withheld=sum(r.note.startswith("withheld") for r in sent),
        kept=sum(came_of),
        broken=len(came_of) - sum(came_of),
    )


def shown(came: Came, left: Came, *, which: Words, lang: str) -> str:
    """Return both nights as a table, and what the brain saved."""
    wide = 2 + max(cell_len(pick(words, lang)) for _, words in ROWS)
    rows = [(pick(words, lang), [_cell(one, name) for one in (came, left)]) for name, words in ROWS]
    heads = [pick(NAMES[name], lang) for name in ("brain", "alone")]
    lines = [
        first + " " * (wide - cell_len(first)) + "".join(map(_right, cells))
        for first, cells in [("", heads), *rows]
    ]
    saved = left.flood_m3 - came.flood_m3
    share = f"{saved / left.flood_m3:.1%}" if left.flood_m3 > 0.0 else "–"
    end = Words(
        f"{which.en}: the brain saved {number(saved)} m3 ({share}).",
        f"{which.zh}:大脑减少内涝 {number(saved)} m3({share})。",
    )
    return "\n".join([*lines, pick(end, lang)])


def _cell(one: Came, name: str) -> str:
    value = getattr(one, name)
    return str(value) if isinstance(value, int) else number(value)


def _right(text: str) -> str:
    return " " * (WIDE - cell_len(text)) + text
