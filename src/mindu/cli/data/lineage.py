"""`mindu data lineage`: declare derived tables, and go back and on from any field."""

import argparse
from pathlib import Path
from typing import Protocol

import msgspec

from mindu.base.records import Words
from mindu.cli.data import held
from mindu.cli.data.book import opened
from mindu.cli.data.known import DERIVED
from mindu.cli.data.known import derived as derived_tables
from mindu.cli.data.use.lake import LAKE
from mindu.cli.say import GOOD, Voice, state
from mindu.data.catalog.book import Catalogue
from mindu.data.catalog.dataset import Dataset, Field
from mindu.data.lineage.events import Event, of_derived, of_pull
from mindu.data.lineage.trace import Derived, back, derived, onward
from mindu.data.senses.memory.delta import whole

SPACE = "urn:mindu:city"


class Known(Protocol):
    """Knows datasets by name."""

    def get(self, name: str, /) -> Dataset | None:
        """Return a dataset."""
        ...


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("name", help="of a dataset")
    add.add_argument("--field", default="", help="one field of it")
    add.add_argument("--sql", type=Path, metavar="FILE.sql", help="declare it as derived so")
    add.add_argument("--onward", action="store_true", help="what was made from it")
    add.add_argument("--events", type=Path, metavar="FILE.ndjson", help="write OpenLineage events")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Do what was asked."""
    folder = state(asked.data)
    with opened(folder) as book:
        if asked.sql:
            _declare(folder, book, asked.name, asked.sql.read_text(encoding="utf-8"))
        told = derived_tables(folder)
        if asked.events:
            events = _events(folder, book, told)
            asked.events.write_bytes(b"".join(msgspec.json.encode(e) + b"\n" for e in events))
    edges = [edge for one in told for edge in one.edges]
    way = (onward if asked.onward else back)(edges, asked.name, asked.field)
    lines = [
        f"{'  ' * s.deep}{s.edge.table}.{s.edge.field} ← {s.edge.of_table}.{s.edge.of_field}"
        f" ({s.edge.how})"
        for s in way
    ]
    plain = [{"deep": s.deep, "edge": s.edge} for s in way]
    voice.data(plain, "\n".join(lines))
    return GOOD


def _declare(folder: Path, book: Catalogue, name: str, sql: str) -> None:
    tables = {one.name: [field.name for field in one.fields] for one in book if one.name != name}
    made = derived(name, sql, tables)
    book.put([listed(made, book)], now=held.now_ms(), by="steward")
    (folder / DERIVED).mkdir(parents=True, exist_ok=True)
    whole(folder / DERIVED / f"{name}.json", msgspec.json.encode(made))
    for ending in ("json", "parquet"):  # of what the query before it came to
        (folder / LAKE / f"{name}.{ending}").unlink(missing_ok=True)


def listed(told: Derived, book: Known) -> Dataset:
    """Return a derived table as the catalogue lists it: as delicate as what it is made from."""
    fields: dict[str, Field] = {}
    owner = department = ""
    for edge in told.edges:
        source = book.get(edge.of_table)
        field = source.field(edge.of_field) if source is not None else None
        if source is None or field is None or edge.how == "used":
            continue
        owner, department = source.owner, source.department
        was = fields.get(edge.field)
        grade = max(field.grade, was.grade) if was is not None else field.grade
        fields[edge.field] = Field(edge.field, field.type, field.meaning, field.unit, grade,
                                   field.kind if edge.how == "same" else "")  # fmt: skip
    if not fields:
        raise ValueError(f"{told.name} is made from no field that the catalogue knows")
    gravest = max(field.grade for field in fields.values())
    of = [one for edge in told.edges if (one := book.get(edge.of_table)) is not None]
    return Dataset(
        name=told.name, title=Words(told.name, told.name), owner=owner, department=department,
        theme=of[0].theme, fields=tuple(fields.values()), licence="", basis=of[0].basis,
        grade=max([gravest, *(one.grade for one in of)]), cycle=of[0].cycle,
        stored=f"derived:{told.name}", origin=f"derived:{told.name}",
    )  # fmt: skip


def _events(folder: Path, book: Catalogue, told: list[Derived]) -> list[Event]:
    tables = {one.name: one for one in book}
    found = []
    for source in held.sources(folder):
        done = held.last(folder, source.name)
        if done is not None and source.name in tables:
            place = f"{type(source.read).__name__.lower()}:{source.name}"
            found.append(of_pull(tables[source.name], done.number, done.ended, place, space=SPACE))
    found += [
        of_derived(one, tables[one.name], tables, held.now_ms(), space=SPACE)
        for one in told
        if one.name in tables
    ]
    return found
