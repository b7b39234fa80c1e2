"""`mindu data catalog`: what data there is, what changed, who owes what; in and out as DCAT."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from mindu.base.records import Words
from mindu.cli.data import held
from mindu.cli.data.book import name_of, opened
from mindu.cli.data.known import known
from mindu.cli.say import FOUND, GOOD, Voice, state
from mindu.data.catalog.book import Catalogue
from mindu.data.catalog.changes import changes
from mindu.data.catalog.dataset import Dataset
from mindu.data.catalog.dcat import described
from mindu.data.catalog.duties import duties
from mindu.data.catalog.graph import jsonld, turtle
from mindu.data.catalog.harvest import harvested
from mindu.data.catalog.written import rdfxml
from mindu.data.quality.facts import Facts
from mindu.edge.collect.portals import fetched, read
from mindu.edge.collect.web import MOST_PAGE

TITLE = Words("Data of the city", "城市数据目录")
WRITERS = {".ttl": lambda nodes: turtle(nodes).encode(), ".jsonld": jsonld, ".rdf": rdfxml}


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("name", nargs="?", default="", help="one dataset; else all")
    add.add_argument("--versions", action="store_true", help="what changed, and by whom")
    add.add_argument("--duties", action="store_true", help="who owes what; 1 if any is overdue")
    add.add_argument("--harvest", metavar="FILE|URL", help="DCAT in any writing, or CKAN's search")
    add.add_argument("--portal", default="portal", help="what to call whom we harvest")
    add.add_argument("--export", type=Path, metavar="FILE.ttl|jsonld|rdf", help="as DCAT-AP 3")
    add.add_argument("--base", default="urn:mindu:", help="begins the names of an export")


def run(asked_: argparse.Namespace, voice: Voice) -> int:
    """Do what was asked."""
    verbs = {"harvest": _harvest, "export": _export, "duties": _duties, "versions": _versions}
    verb = next((do for name, do in verbs.items() if getattr(asked_, name)), _list)
    with opened(state(asked_.data)) as book:
        return verb(book, asked_, voice)


class Entry(NamedTuple):
    """One dataset with what is known of it."""

    dataset: Dataset
    facts: Facts

    def told(self) -> dict[str, Any]:
        """Return both as one object."""
        return {**msgspec.to_builtins(self.dataset), "facts": msgspec.to_builtins(self.facts)}


def _list(book: Catalogue, told: argparse.Namespace, voice: Voice) -> int:
    if told.name:
        one = book.get(name_of(book, told.name))
        entry = None if one is None else Entry(one, known(state(told.data), one)).told()
        voice.data(entry, msgspec.json.format(msgspec.json.encode(entry)).decode())
        return GOOD
    every = [Entry(one, known(state(told.data), one)) for one in book]
    voice.data([one.told() for one in every], "\n".join(_line(one) for one in every))
    return GOOD


def _line(told: Entry) -> str:
    of, facts = told.dataset, told.facts
    score = "–" if facts.score is None else f"{facts.score:.1f}"
    came = ", ".join(facts.made_from)
    return f"{of.name}  {of.title.zh}  {of.grade.name}  {score}  ← {came}  {_day(facts.delivered)}"


def _harvest(book: Catalogue, told: argparse.Namespace, voice: Voice) -> int:
    if told.harvest.startswith(("http://", "https://")):
        document = fetched(told.harvest)
    else:
        document = read(Path(told.harvest).read_bytes()[: MOST_PAGE + 1], told.harvest)
    found = harvested(document, told.portal)
    changed = book.settle(f"portal:{told.portal}", found, now=held.now_ms(), by=told.portal)
    voice.data({"datasets": len(found), "changed": changed}, f"{len(found)}  Δ {len(changed)}")
    return GOOD


def _export(book: Catalogue, told: argparse.Namespace, voice: Voice) -> int:
    if told.export.suffix not in WRITERS:
        raise ValueError(f"{told.export.name}: give FILE.ttl, FILE.jsonld or FILE.rdf")
    nodes = described(book, base=told.base, title=TITLE, publisher=TITLE.zh, now=held.now_ms())
    told.export.write_bytes(WRITERS[told.export.suffix](nodes))
    voice.data({"written": str(told.export), "datasets": len(book)}, str(told.export))
    return GOOD


def _duties(book: Catalogue, asked_: argparse.Namespace, voice: Voice) -> int:
    folder = state(asked_.data)
    last = {s.name: held.last(folder, s.name) for s in held.sources(folder)}
    delivered = {name: done.ended for name, done in last.items() if done is not None}
    told = duties((d for d in book if d.origin.startswith("source:")), delivered, held.now_ms())
    lines = [f"{d.colour}  {d.dataset}  {d.owner}  {d.cycle}  {_day(d.due)}" for d in told]
    voice.data([duty._asdict() for duty in told], "\n".join(lines))
    return FOUND if any(duty.colour == "red" for duty in told) else GOOD


def _versions(book: Catalogue, asked_: argparse.Namespace, voice: Voice) -> int:
    told, lines, was = [], [], None
    for version in book.versions(name_of(book, asked_.name)):
        found = changes(was, version.dataset)
        lines.append(f"#{version.number}  {_day(version.at)}  {version.by}")
        lines += [f"  {c.where}: {c.was} → {c.now}" for c in found]
        told.append({"number": version.number, "at": version.at, "by": version.by,
                     "changes": [change._asdict() for change in found]})  # fmt: skip
        was = version.dataset
    voice.data(told, "\n".join(lines))
    return GOOD


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M") if at else "—"
