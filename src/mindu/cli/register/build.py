"""`mindu register build`: join what the sources hold into one record a subject."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import msgspec

from mindu.base.records import Words
from mindu.brain.stewards.comparing import See
from mindu.cli.data import held as sources
from mindu.cli.register import held
from mindu.cli.register.building import built
from mindu.cli.register.held import City
from mindu.cli.say import GOOD, Voice, state
from mindu.data.registers import store
from mindu.data.registers.declare import FIVE, HELD, Register
from mindu.data.registers.store import Build

STEPS = {"cleaned": "清洗", "learning": "学习", "compared": "比对", "settled": "归并"}


def words(add: argparse.ArgumentParser, _verb: str) -> None:
    """Add the words of this verb."""
    add.add_argument("names", nargs="*", help=f"{', '.join(FIVE)}; none: all that are fed")
    add.add_argument("--due", action="store_true", help="only those whose sources brought news")
    add.add_argument("--whole", action="store_true", help="compare everything anew")
    add.add_argument("--learn", action="store_true", help="learn anew how much a likeness weighs")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Build what was asked for; persons and firms come before the papers that they hold."""
    folder = state(asked.data)
    chosen = [held.register(name) for name in asked.names] or fed(folder)
    chosen = due(folder, chosen) if asked.due else chosen
    with held.beside(folder) as town:
        told = builds(town, chosen, voice, everything=asked.whole, learn=asked.learn)
    lines = [f"{name}  {told_of(build)}" for name, build in told]
    voice.data([{"register": n, "build": shown(b)} for n, b in told], "\n".join(lines))
    return GOOD


def builds(
    town: City,
    chosen: Sequence[Register],
    voice: Voice,
    *,
    everything: bool = False,
    learn: bool = False,
) -> list[tuple[str, Build]]:
    """Build registers one after the other, and tell how far each is."""
    told: list[tuple[str, Build]] = []
    for register in chosen:
        build = built(town, register, seen(register, voice), everything=everything, learn=learn)
        told.append((register.name, build))
        voice.note(line(register.name, build))
    return told


def seen(register: Register, voice: Voice) -> See:
    """Return what tells how far a build is: each step at its tenths."""
    last: dict[str, int] = {}

    def see(step: str, done: int, total: int) -> None:
        tenth = 10 * done // max(1, total)
        if last.get(step) != tenth:
            last[step] = tenth
            zh = STEPS.get(step, step)
            voice.note(Words(f"{register.name}: {step} {done} of {total}",
                             f"{register.title.zh}:{zh} {done}/{total}"))  # fmt: skip

    return see


def fed(folder: Path) -> list[Register]:
    """Return the registers that are fed, in the order in which they are built."""
    known = {feed.register for feed in held.feeds(folder)}
    return [one for one in FIVE.values() if one.name in known]


def due(folder: Path, chosen: Sequence[Register]) -> list[Register]:
    """Return the registers that do not know of a pull, and the papers of whose holders that is."""
    found: list[Register] = []
    for register in chosen:
        build = store.current(folder / held.FOLDER / register.name)
        behind = build is None or any(
            build.read.get(feed.source) is None
            or build.read[feed.source].pull != _pulled(folder, feed.source)
            for feed in held.feeds(folder, register.name)
        )
        holders = {one.name for one in found} & {"person", "enterprise"}
        if behind or (register.name in HELD and holders):
            found.append(register)
    return found


def _pulled(folder: Path, source: str) -> int:
    last = sources.last(folder, source)
    return 0 if last is None else last.number


def shown(build: Build) -> dict[str, object]:
    """Return a build as it is told: counted, without what it was learned from."""
    told: dict[str, object] = msgspec.to_builtins(build)
    return {name: value for name, value in told.items() if name not in {"scale", "verdicts"}}


def told_of(build: Build) -> str:
    """Return a build in one line."""
    a = build.account
    return (
        f"#{build.number}  {build.records} records 记录 = {a.same} same 不变 + {a.changed} changed "
        f"变更 + {a.fresh} new 新增, {a.gone} gone 消失 → {build.subjects} subjects 档案; "
        f"{a.compared} compared 比对, {a.touched} settled 归并, {build.review} to review 待核, "
        f"{build.changed} values changed 值变更, {build.empty} empty 空"
    )


def line(name: str, build: Build) -> Words:
    """Return what a build came to."""
    return Words(f"{name}: {build.subjects} subjects", f"{name}:{build.subjects} 份档案")
