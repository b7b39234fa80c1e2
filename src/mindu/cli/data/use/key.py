"""`mindu data key`: give somebody a key to the data doors, or take it back."""

import argparse

from mindu.cli.data.use.lake import opened
from mindu.cli.say import FOUND, GOOD, Voice
from mindu.edge.data import keys


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("name", help="whose key it is")
    add.add_argument("--department", default="", help="code of their department")
    add.add_argument("--roles", default="", help="parted by blanks")
    add.add_argument("--subject", default="", help="makes it this person's or firm's own key")
    add.add_argument("--until", default="", metavar="YYYY-MM-DD", help="last day")
    add.add_argument("--revoke", action="store_true", help="take it back")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Make a key, which is shown once, or void one."""
    with opened(asked) as lake:
        now = lake.clock.now()
        if asked.revoke:
            gone = keys.take_back(lake.office, asked.name, now)
            lake.memory.log.commit()
            voice.data({"revoked": gone}, "✓" if gone else "✗")
            return GOOD if gone else FOUND
        subject = lake.vault.subject(asked.subject)
        if subject:
            lake.vault.put(subject, "subject", asked.subject)
        secret = keys.give(
            lake.office, asked.name, department=asked.department, roles=asked.roles,
            subject=subject, until=asked.until, now=now,
        )  # fmt: skip
        lake.memory.log.commit()
    voice.data({"name": asked.name, "key": secret}, secret)
    return GOOD
