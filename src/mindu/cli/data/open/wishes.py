"""`mindu data wishes`: what the public asks to be opened; answered, sent on, or hidden."""

import argparse
from datetime import datetime

import msgspec

from mindu.base.records import Words
from mindu.brain.casework.refusals import Refusal
from mindu.brain.opening.requests import Request
from mindu.cli.counter.beside import Done
from mindu.cli.data.open.house import Held
from mindu.cli.data.open.orders import give
from mindu.cli.data.use.lake import officer
from mindu.cli.say import GOOD, Voice


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("request", type=int, nargs="?", default=-1, help="none: list them")
    add.add_argument("--answer", default="", help="what everybody will read")
    add.add_argument("--opened", default="", metavar="DATASET", help="that was opened for it")
    add.add_argument("--to", default="", metavar="DEPARTMENT", help="send it on to this holder")
    add.add_argument("--hide", default="", metavar="WHY", help="show it no more")
    add.add_argument("--by", default="", help="who signs")
    add.add_argument("--department", default="", help="code of their department")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """List, or do what is asked with one."""
    give(asked, voice, "wishes")
    return GOOD


def do(held: Held, asked: argparse.Namespace, now: datetime) -> Done:
    """Answer, send on or hide one, or list them."""
    requests = held.portal.requests
    if asked.request < 0:
        found = [one for n in requests.numbers() if (one := requests.get(n, now)) is not None]
        return Done({"requests": msgspec.to_builtins(found)}, "\n".join(map(_line, found)))
    if not asked.by:
        raise Refusal(
            Words("who answers signs: --by and --department", "须署名:--by、--department")
        )
    who = officer(asked)
    if asked.to:
        entry = requests.send_on(asked.request, asked.to, who, now=now)
    elif asked.hide:
        entry = requests.hide(asked.request, asked.hide, who, now=now)
    else:
        note = held.portal.mask(asked.answer)
        entry = requests.answer(asked.request, note, who, now=now, opened=asked.opened)
    return Done({"request": asked.request, "entry": entry.seq}, f"#{entry.seq}")


def _line(told: Request) -> str:
    due = f"{told.due:%Y-%m-%d}" if told.due else "–"
    return f"{told.case}  {told.colour}  {due}  +{told.votes}  {told.holder}  {told.title}"
