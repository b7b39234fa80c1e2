"""`mindu data void`: void a key of the open doors by its name."""

import argparse
from datetime import datetime

from mindu.cli.counter.beside import Done
from mindu.cli.data.open.house import Held
from mindu.cli.data.open.orders import give
from mindu.cli.say import FOUND, GOOD, Voice
from mindu.edge.portal import keys


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("key", help="its name, as receipts have it after key-")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Void it; 1 if there was none."""
    return GOOD if give(asked, voice, "void")["void"] else FOUND


def do(held: Held, asked: argparse.Namespace, now: datetime) -> Done:
    """Write it down."""
    gone = keys.revoke(held.portal.memory, asked.key.removeprefix("key-"), now=now)
    return Done({"void": gone}, "✓" if gone else "✗")
