"""`mindu data revoke`: end an agreement."""

import argparse

from mindu.cli.data.use.lake import officer, opened, signs
from mindu.cli.say import GOOD, Voice


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("agreement", type=int)
    add.add_argument("--why", required=True)
    signs(add)


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """End it; the next request is refused."""
    with opened(asked) as lake:
        now = lake.clock.now()
        entry = lake.sharing.revoke(asked.agreement, asked.why, officer(asked), now=now)
        lake.memory.log.commit()
    voice.data({"revoked": asked.agreement, "entry": entry.seq}, f"#{entry.seq}")
    return GOOD
