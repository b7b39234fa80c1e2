"""`mindu register status`: how each register stands, and whether its files are what they were."""

import argparse

from mindu.cli.register import held
from mindu.cli.register.build import due, shown, told_of
from mindu.cli.say import FOUND, GOOD, Voice, state
from mindu.data.registers import store
from mindu.data.registers.declare import FIVE


def words(add: argparse.ArgumentParser, _verb: str) -> None:
    """Add the words of this verb."""


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Tell every register that was built; 1 if another hand changed a file."""
    told, lines = [], []
    for name, register in FIVE.items():
        place = state(asked.data) / held.FOLDER / name
        build = store.current(place)
        if build is not None:
            wrong, late = store.broken(place, build), bool(due(state(asked.data), [register]))
            told.append({"register": name, "build": shown(build), "broken": wrong, "due": late})
            marks = f"{'  ✗ ' if wrong else ''}{', '.join(wrong)}{'  due 待建' if late else ''}"
            lines.append(f"{name}  {told_of(build)}{marks}")
    voice.data(told, "\n".join(lines))
    return FOUND if any(one["broken"] for one in told) else GOOD
