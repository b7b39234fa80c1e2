"""`mindu data policy`: lay down a text of Cedar policies whole, or list what holds."""

import argparse
from pathlib import Path

from mindu.brain.sharing import rules
from mindu.cli.data.use.lake import opened
from mindu.cli.say import GOOD, Voice


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("name", nargs="?", help="of the text")
    add.add_argument("file", type=Path, nargs="?", help="Cedar; an empty file takes it away")
    add.add_argument("--by", default="data office", help="who lays it down")
    add.add_argument("--regroup", default="", metavar="DATASET",
                     help="let a department be given other groups of it")  # fmt: skip
    add.add_argument("--department", default="", help="whom to")
    add.add_argument("--why", default="", help="the reason")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Lay the text down, or list; a text that is not sound is refused with the reason."""
    with opened(asked) as lake:
        if asked.regroup:
            entry = rules.free(
                lake.memory, asked.regroup, asked.department, asked.why, by=asked.by,
                now=lake.clock.now(),
            )  # fmt: skip
            lake.memory.log.commit()
            voice.data({"entry": entry.seq}, f"#{entry.seq}")
            return GOOD
        allowed = lake.memory.allowed
        if asked.file is not None:
            text = asked.file.read_text(encoding="utf-8")
            rules.lay(lake.memory, asked.name, text, by=asked.by, now=lake.clock.now())
            lake.memory.log.commit()
        told = {"version": allowed.policies.version, "policies": len(allowed.policies),
                "texts": allowed.texts()}  # fmt: skip
    texts = "\n".join(f"-- {name}\n{text}" for name, text in allowed.texts().items())
    voice.data(told, f"{told['version']}: {told['policies']}\n{texts}")
    return GOOD
