"""`mindu data open`: open a table to the public, if nobody in it can be told apart."""

import argparse
from datetime import datetime

from mindu.brain.opening.check import Proposal
from mindu.cli.counter.beside import Done
from mindu.cli.data.open.house import Held
from mindu.cli.data.open.orders import give
from mindu.cli.data.use.lake import officer, signs
from mindu.cli.say import FOUND, GOOD, Voice
from mindu.data.opening.risk import K, L


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("name", help="of the dataset")
    add.add_argument("--fields", default="", help="the only ones that open; none: all that may")
    add.add_argument("--quasi", default="", help="columns that together may tell who somebody is")
    add.add_argument("--delicate", default="", help="columns that nobody may conclude of somebody")
    add.add_argument("--facilities", default="", help="addresses, phones of public places")
    add.add_argument("--licence", default="", help="e.g. CC-BY-4.0; none: the dataset's own")
    add.add_argument("--k", type=int, default=K, help=f"least people alike (at least {K})")
    add.add_argument("--l", type=int, default=L, help=f"least delicate values (at least {L})")
    add.add_argument("--answers", type=int, default=-1, metavar="REQUEST", help="and answer it")
    add.add_argument("--check", action="store_true", help="only say what is in the way")
    signs(add)


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Open it, or say which columns and how many rows are in the way."""
    done = give(asked, voice, "open")
    return FOUND if asked.check and done["flaws"] else GOOD


def do(held: Held, asked: argparse.Namespace, now: datetime) -> Done:
    """Check the table, and open it."""
    portal, who = held.portal, officer(asked)
    proposal = Proposal(
        fields=_names(asked.fields), quasi=_names(asked.quasi), delicate=_names(asked.delicate),
        facilities=_names(asked.facilities), licence=asked.licence, k=asked.k, l=asked.l,
    )  # fmt: skip
    if asked.check:
        found = portal.openings.check(asked.name, proposal)
        lines = [f"✗ {flaw.zh}\n  {flaw.en}" for flaw in found.flaws] or ["✓"]
        return Done({"flaws": found.flaws, "found": found.found._asdict()}, "\n".join(lines))
    entry = portal.openings.open(asked.name, proposal, who, now=now)
    if asked.answers >= 0:
        note = f"已开放 opened: {asked.name}"
        portal.requests.answer(asked.answers, note, who, now=now, opened=asked.name)
    opening = portal.memory.opened.get(asked.name)
    assert opening is not None, "it was opened just now"
    told = {"entry": entry.seq, "dataset": asked.name, "rows": opening.rows, "flaws": [],
            "people": opening.people, "kinds": opening.kinds}  # fmt: skip
    return Done(told, f"✓ {asked.name}  {opening.rows} rows 行  k={opening.people}")


def _names(told: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in told.split(","))))
