"""`mindu hotline month YYYY-MM`: what people told most of, and the topic to be taken up whole."""

import argparse
from datetime import datetime, timedelta

import msgspec

from mindu.base.records import Words
from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.month import dossiers
from mindu.cli.counter.house import looked
from mindu.cli.say import GOOD, Trouble, Voice, state


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
        found = dossiers(office, since, until)
    lines = [
        f"{d.topic}: {d.people} people ({d.before} before), {d.weeks} weeks, {d.late} late,"
        f" {d.unsolved} unsolved, {d.reopened} reopened; {d.areas}; {d.units}; {list(d.named)}"
        for d in found
    ]
    voice.data({"month": asked.month, "topics": msgspec.to_builtins(found)}, "\n".join(lines))
    return GOOD
