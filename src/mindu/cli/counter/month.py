"""`mindu hotline month YYYY-MM`: what people told most of, and the topic to be taken up whole."""

import argparse
from datetime import datetime, timedelta

import msgspec

from mindu.base.records import Words
from mindu.base.time import SystemClock
from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.month import Dossier, dossiers
from mindu.cli.counter.house import looked
from mindu.cli.say import GOOD, Trouble, Voice, state
from mindu.console.words import pick


def month(asked: argparse.Namespace, voice: Voice) -> int:
    """Tell the dossiers of a month."""
    try:
        since = datetime.strptime(asked.month, "%Y-%m").replace(tzinfo=CITY)
    except ValueError as wrong:
        raise Trouble(
            Words(f"{asked.month} is no month.", f"{asked.month} 不是月份。"),
            Words("Write it as 2026-09.", "请写作 2026-09。"),
        ) from wrong
    until = (since + timedelta(days=32)).replace(day=1)
    with looked(state(asked.data)) as office:
        found = dossiers(office, since, until, now=SystemClock().now())
    lines = [pick(_line(one), voice.lang) for one in found]
    voice.data({"month": asked.month, "topics": msgspec.to_builtins(found)}, "\n".join(lines))
    return GOOD


def _line(one: Dossier) -> Words:
    """Return one topic in a line."""
    areas, units = (
        " ".join(f"{k} {n}" for k, n in told.items()) for told in (one.areas, one.units)
    )
    where, named = f"{areas}; {units}", " ".join(map(str, one.named)) or "–"
    return Words(
        f"{one.topic}: {one.people} people ({one.before} before), {one.weeks} weeks, "
        f"{one.late} late, {one.unsolved} unsolved, {one.reopened} reopened; {where}; {named}",
        f"{one.topic}:{one.people} 人反映(上期 {one.before}),持续 {one.weeks} 周,超期 {one.late},"
        f"未解决 {one.unsolved},重开 {one.reopened};{where};涉及件 {named}",
    )
