"""A register that follows its sources row by row comes to the same as one that is built whole."""

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from registers_town import feed, source

from mindu.cli.data.verbs import run as data
from mindu.cli.register import held
from mindu.cli.register.building import built
from mindu.cli.register.verbs import run as register
from mindu.data.registers import store, verdicts
from mindu.data.registers.declare import FIVE
from mindu.data.registers.sealing import opened, secret
from mindu.data.registers.store import Build
from mindu.data.registers.verdicts import Verdict
from mindu.sim.dirty import people

COLUMNS = ("row", "seen", "name", "id_number", "birth", "sex", "phone", "address")
PERSON = FIVE["person"]
Rows = dict[str, dict[str, dict[str, str]]]  # source -> key -> row
SOURCES = {"police": "full", "clinic": "incremental", "hotline": "keyless"}


def lists(seed: int) -> Rows:
    told = people.people(14, seed=seed)
    found: Rows = {}
    for name, office in zip(SOURCES, told, strict=False):
        rows = [{c: row.get(c, "") for c in COLUMNS} for row in told[office]]
        for place, row in enumerate(rows):
            row["row"], row["seen"] = f"{name}{place}", f"2026-01-{1 + place % 28:02d}"
        found[name] = {row["row"]: row for row in rows}
    return found


def write(folder: Path, rows: Rows) -> None:
    for name, told in rows.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            out = csv.DictWriter(file, list(COLUMNS))
            out.writeheader()
            out.writerows(told.values())


def declared(folder: Path, rows: Rows) -> list[str]:
    city, told = ["--data", str(folder / "city")], []
    for name, mode in SOURCES.items():
        one = source(folder, name, list(rows[name].values()), subject="id_number",
                     department="350100-x")  # fmt: skip
        if mode == "incremental":
            one = one.replace('key = "row"', 'key = "row"\nmode = "incremental"\nsince = "seen"')
        told.append(one.replace('key = "row"\n', "") if mode == "keyless" else one)
    (folder / "s.toml").write_text("\n".join(told), encoding="utf-8")
    feeds = [feed("person", n, COLUMNS[2:], rank) for rank, n in enumerate(SOURCES, 1)]
    (folder / "f.toml").write_text("\n".join(feeds), encoding="utf-8")
    assert data(["source", "add", str(folder / "s.toml"), *city]) == 0
    assert data(["pull", *city]) == 0
    assert register(["feed", str(folder / "f.toml"), *city]) == 0
    return city


def changed(rows: Rows, dice: Random, day: int) -> None:
    """Change some rows as offices do: another phone, a row more, a row less, another key."""
    for _ in range(dice.randint(1, 4)):
        name = dice.choice(list(SOURCES))
        told = rows[name]
        key = dice.choice(sorted(told))
        row = dict(told[key], seen=f"2026-02-{day:02d}")
        what = dice.choice(["phone", "more", "less", "key", "like", "empty"])
        if what == "phone":
            told[key] = row | {"phone": f"139{dice.randint(0, 99999999):08d}"}
        elif what == "more":
            told[f"{key}x{day}"] = row | {"row": f"{key}x{day}", "id_number": ""}
        elif what == "like":
            other = rows[dice.choice(list(SOURCES))]
            like = dict(other[dice.choice(sorted(other))], row=key, seen=row["seen"])
            told[key] = like
        elif what == "empty":
            told[key] = dict.fromkeys(COLUMNS, "") | {"row": key, "seen": row["seen"]}
        elif name != "clinic" and len(told) > 3:  # a source that grows takes no row back
            del told[key]
            if what == "key":
                told[f"{key}k{day}"] = row | {"row": f"{key}k{day}"}


def decide(town: held.City, dice: Random) -> None:
    """Say yes or no about two records, or take it back."""
    place = town.place("person")
    known = verdicts.known(town.log, "person", place).verdicts
    if known and dice.random() < 0.3:
        verdicts.undo(
            town.log, "person", dice.choice(known).entry, by="lin", note="x", now=town.now
        )
    told = store.table(place, "records")["record"].to_pylist()
    a, b = dice.sample(sorted(told), 2)
    says: verdicts.Says = dice.choice(["register_same", "register_apart"])
    verdicts.decide(town.log, "person", Verdict(0, says, a, (b,)), by="lin", note="x", now=town.now)


def build(folder: Path, *, everything: bool) -> Build:
    with held.city(folder) as town:
        return built(town, PERSON, lambda *_: None, everything=everything)


def told(folder: Path) -> Mapping[str, Any]:
    """Return all that a register holds, opened, in an order that does not matter."""
    place = folder / "registers" / "person"
    found: dict[str, Any] = {}
    with held.city(folder) as town:
        for name in store.TABLES:
            table = store.table(place, name)
            if name in {"records", "subjects"}:
                table = opened(table, town.vault, names=secret(PERSON))
            found[name] = sorted(map(repr, table.to_pylist()))
        history = store.history(place)
        if history is not None:
            shut = opened(history, town.vault, names=["was", "now"]).drop_columns(["at", "_who"])
            found["history"] = sorted(map(repr, shut.to_pylist()))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_following_comes_to_the_same_as_building_whole(tmp_path: Path, seed: int) -> None:
    dice, rows = Random(seed), lists(seed + 11)
    write(tmp_path, rows)
    city = declared(tmp_path, rows)
    folder, twin = tmp_path / "city", tmp_path / "twin"
    build(folder, everything=False)
    for day in range(1, 5):
        changed(rows, dice, day)
        write(tmp_path, rows)
        assert data(["pull", *city]) in {0, 1}
        with held.city(folder) as town:
            if dice.random() < 0.6:
                decide(town, dice)
        if day == 3:
            gone = store.table(folder / "registers" / "person", "subjects")["subject"][0].as_py()
            register(["erase", "person", gone, "--why", "x", *city])
        shutil.rmtree(twin, ignore_errors=True)
        shutil.copytree(folder, twin)
        some, whole = build(folder, everything=False), build(twin, everything=True)
        assert some.adds_up()
        assert whole.adds_up()
        assert some.account.touched <= whole.account.touched
        one, other = told(folder), told(twin)
        for name, lines in one.items():
            assert lines == other[name], (seed, day, name)
