"""A town of a few people and firms, kept by several offices, fed to its registers by the verbs."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from mindu.cli.data.verbs import run as data
from mindu.cli.register.verbs import run as register

PERSONAL = {"name", "sex", "birth", "id_number", "phone", "address", "holder", "holder_code"}
ANNA, BEN = "350102199003070020", "35010219850612003X"
Row = Mapping[str, str]
COLUMNS = ("row", "seen", "name", "id_number", "birth", "sex", "phone", "address")
HOME = "鼓楼区五四路1号2栋301室"
# Anna is known to three offices, under an old name's sign, an old address, and without a number.
POLICE = (
    (
        "p1",
        "2024-01-01",
        "陈英燕",
        ANNA,
        "1990-03-07",
        "女",
        "13800000001",
        "鼓楼区五四路1号2栋301室",
    ),
    ("p2", "2024-01-01", "林本", BEN, "1985-06-12", "男", "13800000002", "台江区工业路9号1栋101室"),
)
CLINIC = (
    (
        "c1",
        "2026-02-01",
        "陈瑛燕",
        "",
        "1990-03-07",
        "",
        "138-0000-0001",
        "福建省福州市鼓楼区五四路1号2幢301",
    ),
    ("c2", "2026-02-01", "林本", "", "1985-06-12", "", "", ""),
)
HOTLINE = (("h1", "2026-03-01", "陈英燕", ANNA.lower(), "", "", "13911111111", "晋安区福新路8号"),)


def source(folder: Path, name: str, rows: Sequence[Row], *, subject: str, department: str) -> str:
    """Write a list and return its declaration."""
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    columns = "".join(
        f'[[source.columns]]\nname = "{one}"\n'
        + ("personal = true\n" if one in PERSONAL else "")
        + ('of = "day"\n' if one == "seen" else "")
        for one in rows[0]
    )
    return (
        f'[[source]]\nname = "{name}"\nkey = "row"\nsubject = "{subject}"\n'
        f'department = "{department}"\n[source.read]\nis = "csv"\npath = "{name}.csv"\n{columns}'
    )


def feed(register_: str, name: str, traits: Sequence[str], authority: int) -> str:
    told = "".join(f'{trait} = "{trait}"\n' for trait in traits)
    return (
        f'[[feed]]\nregister = "{register_}"\nsource = "{name}"\nauthority = {authority}\n'
        f'changed = "seen"\n[feed.fields]\n{told}'
    )


def people(rows: Sequence[Sequence[str]]) -> list[Row]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def town(folder: Path) -> list[str]:
    """Declare, pull and feed; return the words that name the city's folder."""
    city = ["--data", str(folder / "city")]
    offices = {"police": (POLICE, 1), "clinic": (CLINIC, 3), "hotline": (HOTLINE, 4)}
    told = [
        source(folder, name, people(rows), subject="id_number", department=f"350100-{name}")
        for name, (rows, _) in offices.items()
    ]
    (folder / "sources.toml").write_text("\n".join(told), encoding="utf-8")
    feeds = [feed("person", name, COLUMNS[2:], rank) for name, (_, rank) in offices.items()]
    (folder / "feeds.toml").write_text("\n".join(feeds), encoding="utf-8")
    assert data(["source", "add", str(folder / "sources.toml"), *city]) == 0
    assert data(["pull", *city]) == 0
    assert register(["feed", str(folder / "feeds.toml"), *city]) == 0
    return city


def said(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, object]:
    """Run a verb and return its code and what it said."""
    capsys.readouterr()
    code = register([*map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])
