"""`mindu data renew`: let an agreement run on, on the same terms."""

import argparse
from datetime import date

from mindu.cli.data.use.lake import officer, opened, signs
from mindu.cli.say import GOOD, Voice


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("agreement", type=int)
    add.add_argument("--until", required=True, metavar="YYYY-MM-DD", help="new last day")
    signs(add)


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Write the new agreement because of the old."""
    with opened(asked) as lake:
        until, now = date.fromisoformat(asked.until), lake.clock.now()
        entry = lake.sharing.renew(asked.agreement, until, officer(asked), now=now)
        lake.memory.log.commit()
    voice.data({"agreement": entry.seq}, f"agreement {entry.seq}")
    return GOOD
