"""`mindu data quarantine`: which rows were set aside, by row, column, rule and shape."""

import argparse
from collections import Counter

from mindu.cli.data import held
from mindu.cli.say import FOUND, GOOD, Voice, state
from mindu.data.collect.store import quarantined


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("name", help="of the source")
    add.add_argument("--pull", type=int, default=0, help="its number (default: the last)")
    add.add_argument("--most", type=int, default=50, help="how many to show")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """List them; 1 where there are any."""
    folder = state(asked.data)
    held.source(folder, asked.name)
    done = held.last(folder, asked.name)
    number = asked.pull or (done.number if done is not None else 0)
    found = quarantined(held.folder(folder, asked.name), number, 1_000_000)
    counts = Counter((fault.column, fault.rule) for fault in found)
    lines = [f"{f.row}  {f.column}  {f.rule}  {f.shape}" for f in found[: asked.most]]
    lines += [f"= {column} {rule}: {count}" for (column, rule), count in counts.most_common()]
    told = {
        "pull": number, "rows": found[: asked.most],
        "counts": [{"column": c, "rule": r, "rows": n} for (c, r), n in counts.most_common()],
    }  # fmt: skip
    voice.data(told, "\n".join(lines))
    return FOUND if found else GOOD
