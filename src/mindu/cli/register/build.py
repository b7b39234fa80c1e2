"""`mindu register build`: join what the sources hold into one record a subject."""

import argparse

from mindu.base.records import Words
from mindu.brain.stewards.registers import compared
from mindu.cli.register import held
from mindu.cli.say import GOOD, Voice, state
from mindu.data.registers.declare import FIVE
from mindu.data.registers.feed import taken
from mindu.data.registers.store import Build


def words(add: argparse.ArgumentParser, _verb: str) -> None:
    """Add the words of this verb."""
    add.add_argument("names", nargs="*", help=f"{', '.join(FIVE)}; none: all that are fed")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Build what was asked for; persons and firms come before the papers that they hold."""
    folder = state(asked.data)
    known = {feed.register for feed in held.feeds(folder)}
    wanted = [held.register(name) for name in asked.names]
    chosen = wanted or [one for one in FIVE.values() if one.name in known]
    told = []
    with held.city(folder) as town:
        for register in chosen:

            def see(source: str, rows: int) -> None:
                voice.note(Words(f"{source}: {rows} rows", f"{source}:{rows} 行"))

            found = taken(register, held.fed(folder, register), town.vault, see)
            voice.note(Words(f"{register.name}: comparing", f"{register.title.zh}:比对中"))
            records, linked = compared(register, found)
            build = held.finished(town, register, records, linked, empty=found.empty)
            told.append({"register": register.name, "build": build})
            voice.note(line(register.name, build))
    lines = [f"{one['register']}  {told_of(one['build'])}" for one in told]
    voice.data(told, "\n".join(lines))
    return GOOD


def told_of(build: object) -> str:
    """Return a build in one line."""
    assert isinstance(build, Build)
    return (
        f"#{build.number}  {build.records} records 记录 → {build.subjects} subjects 档案; "
        f"{build.review} to review 待核, {build.changed} changed 变更, {build.empty} empty 空"
    )


def line(name: str, build: Build) -> Words:
    """Return what a build came to."""
    return Words(f"{name}: {build.subjects} subjects", f"{name}:{build.subjects} 份档案")
