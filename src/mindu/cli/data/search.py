"""`mindu data search`: which datasets hold these words, in Chinese or English."""

import argparse

from mindu.cli.data.book import opened
from mindu.cli.say import FOUND, GOOD, Voice, state


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("words", nargs="+", help="all of them must be there")
    add.add_argument("--most", type=int, default=20, help="how many to show")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Search; 1 where nothing is found."""
    with opened(state(asked.data)) as book:
        found = book.search(" ".join(asked.words), asked.most)
    lines = [f"{d.name}  {d.title.zh}  {d.title.en}  {d.owner}" for d in found.datasets]
    lines += ["…"] if found.more else []
    voice.data({"datasets": found.datasets, "more": found.more}, "\n".join(lines))
    return GOOD if found.datasets else FOUND
