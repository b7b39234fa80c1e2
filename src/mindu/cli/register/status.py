"""`mindu register status`: how each register stands, and whether its files are what they were."""

import argparse

from mindu.cli.register import held
from mindu.cli.register.build import told_of
from mindu.cli.say import FOUND, GOOD, Voice, state
from mindu.data.registers import store
from mindu.data.registers.declare import FIVE


def words(add: argparse.ArgumentParser, _verb: str) -> None:
    """Add the words of this verb."""


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Tell every register that was built; 1 if another hand changed a file."""
    told, lines = [], []
    for name in FIVE:
        place = state(asked.data) / held.FOLDER / name
        build = store.current(place)
        if build is not None:
            wrong = store.broken(place, build)
            told.append({"register": name, "build": build, "broken": wrong})
            lines.append(f"{name}  {told_of(build)}{'  ✗ ' if wrong else ''}{', '.join(wrong)}")
    voice.data(told, "\n".join(lines))
    return FOUND if any(one["broken"] for one in told) else GOOD
