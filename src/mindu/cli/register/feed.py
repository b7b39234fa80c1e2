"""`mindu register feed`: declare what sources bring to a register, or list it."""

import argparse
from pathlib import Path

from mindu.cli.data import held as sources
from mindu.cli.register import held
from mindu.cli.say import GOOD, Voice, state
from mindu.data.registers.declare import read


def words(add: argparse.ArgumentParser, _verb: str) -> None:
    """Add the words of this verb."""
    add.add_argument("file", type=Path, nargs="?", help="FILE.toml with [[feed]]; none: list them")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Keep the feeds of a file, or tell those that are kept."""
    folder = state(asked.data)
    if asked.file is not None:
        told = read(asked.file.read_bytes())
        for feed in told:
            sources.source(folder, feed.source)
        held.keep_feeds(folder, told)
    found = held.feeds(folder)
    lines = [f"{f.register}  ← {f.source}  ({f.authority})  {', '.join(f.fields)}" for f in found]
    voice.data(found, "\n".join(lines))
    return GOOD
