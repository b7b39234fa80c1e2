"""`mindu data object`: a subject objects to a use or a value; the source answers as a case."""

import argparse

from mindu.brain.sharing import objections
from mindu.cli.data.use.lake import opened
from mindu.cli.say import GOOD, Voice
from mindu.engines.text import mask


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("subject", help="the person or firm, as the datasets write them")
    add.add_argument("dataset")
    add.add_argument("text", help="what is wrong, or what it should say")
    add.add_argument("--receipt", type=int, default=-1, help="the use objected to")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Open the case."""
    with opened(asked) as lake:
        dataset = lake.gateway.dataset(asked.dataset)
        entry = objections.put(
            lake.office, dataset, lake.vault.subject(asked.subject), mask(asked.text).text,
            receipt=asked.receipt, now=lake.clock.now(),
        )  # fmt: skip
        lake.memory.log.commit()
    voice.data({"case": entry.seq, "owner": dataset.department}, f"case {entry.seq}")
    return GOOD
