"""`mindu data settle`: the source's answer to an objection."""

import argparse

from mindu.brain.sharing import objections
from mindu.cli.data.use.lake import officer, opened, signs
from mindu.cli.say import GOOD, Voice
from mindu.engines.text import mask


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("case", type=int)
    add.add_argument("--answer", required=True, help="what was put right, or why nothing is")
    signs(add)


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Answer it; its subject sees the words at once."""
    with opened(asked) as lake:
        note, now = mask(asked.answer).text, lake.clock.now()
        entry = objections.answer(lake.office, asked.case, note, officer(asked), now=now)
        lake.memory.log.commit()
    voice.data({"answer": entry.seq}, f"#{entry.seq}")
    return GOOD
