"""`mindu data close`: close a table that is open; the next request is refused, and says why."""

import argparse
from datetime import datetime

from mindu.cli.counter.beside import Done
from mindu.cli.data.open.house import Held
from mindu.cli.data.open.orders import give
from mindu.cli.data.use.lake import officer, signs
from mindu.cli.say import GOOD, Voice


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("name", help="of the dataset")
    add.add_argument("--why", required=True, help="what everybody will read there")
    signs(add)


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Close it."""
    give(asked, voice, "close")
    return GOOD


def do(held: Held, asked: argparse.Namespace, now: datetime) -> Done:
    """Write it down."""
    entry = held.portal.openings.close(asked.name, asked.why, officer(asked), now=now)
    return Done({"closed": asked.name, "entry": entry.seq}, f"#{entry.seq}")
