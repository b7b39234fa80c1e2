"""Showing: a build is put where gateway, catalogue and lineage find it, and the log is told."""

from collections.abc import Sequence

import msgspec

from mindu.cli.data import held as sources
from mindu.cli.data.use.lake import LAKE
from mindu.cli.register.held import FOLDER, City, feeds
from mindu.data.lineage.trace import Derived, Edge
from mindu.data.registers import store, telling
from mindu.data.registers.declare import PREFIX, Feed, Register, dataset
from mindu.data.registers.store import Build
from mindu.data.senses.memory.delta import whole


def show(town: City, register: Register, build: Build) -> None:
    """Show a build to gateway, catalogue and lineage, and tell the log of it, if it is ours."""
    parts, place = feeds(town.folder, register.name), town.place(register.name)
    name, lake = f"{PREFIX}{register.name}", town.folder / LAKE
    first = sources.source(town.folder, min(parts, key=lambda feed: feed.authority).source)
    store.shown(place, build, lake, name)
    told = dataset(register, first.department, first.owner)
    whole(lake / f"{name}.json", msgspec.json.encode(told))
    _lines(town, name, parts)
    if town.writes:
        telling.tell(town.log, town.folder / FOLDER, town.now)


def _lines(town: City, name: str, parts: Sequence[Feed]) -> None:
    edges = [
        Edge(name, trait, feed.source, column, "made")
        for feed in parts for trait, column in feed.fields.items()
    ]  # fmt: skip
    (town.folder / "derived").mkdir(exist_ok=True)
    derived = Derived(name=name, sql="", edges=tuple(sorted(edges)))
    whole(town.folder / "derived" / f"{name}.json", msgspec.json.encode(derived))
