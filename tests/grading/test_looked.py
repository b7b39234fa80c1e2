"""What nobody declared: a pull looks for what names people, and withholds it until one decides."""

import json
from pathlib import Path
from random import Random

import msgspec
import pytest
from people import MAKERS

from mindu.cli.data import held
from mindu.cli.data.use.live import Live
from mindu.cli.data.verbs import run
from mindu.data.catalog.dataset import Dataset, Grade
from mindu.data.collect.declare import Column, Csv, Source
from mindu.data.log import Log

LAW, OTHER, OWNER = "防洪法", "350100-slj", "350100-061"


class Office:
    """A source whose column `note` nobody declared to be personal."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys, self.data = folder, capsys, ["--data", str(folder)]
        self.read = Csv(path=str(folder / "pumps.csv"))

    def declare(self, **change: object) -> None:
        columns = (Column(name="station"), Column(name="note"))
        told = {"name": "pumps", "read": self.read, "columns": columns, "department": OWNER}
        held.keep(self.folder, Source(**{**told, **change}))  # type: ignore[arg-type]

    def rows(self, notes: list[str]) -> None:
        lines = [f"s{i},{note}" for i, note in enumerate(notes)]
        text = "\n".join(["station,note", *lines]) + "\n"
        (self.folder / "pumps.csv").write_text(text, encoding="utf-8")

    def says(self, *words: str, code: int = 0) -> tuple[dict[str, object], str]:
        self.capsys.readouterr()
        assert run([*words, *self.data, "--json", "--lang", "en"]) == code
        told = self.capsys.readouterr()
        return json.loads(told.out.splitlines()[-1]), told.err

    @property
    def dataset(self) -> Dataset:
        return Live(self.folder / "lake", self.folder / "collect")["pumps"]

    def grade(self) -> Grade:
        return self.dataset.grade


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    made = Office(tmp_path, capsys)
    made.declare()
    return made


def phones(count: int = 60) -> list[str]:
    dice = Random(3)
    return [MAKERS["phone"](dice) for _ in range(count)]


def test_a_column_that_nobody_declared_is_withheld_with_the_pull_that_brings_it(
    office: Office,
) -> None:
    office.rows(["ok"] * 60)
    assert "withheld" not in office.says("pull", "pumps")[1]
    assert office.grade() == Grade.INTERNAL
    office.rows(phones())
    assert "pumps: note (phone) may name people and is withheld" in office.says("pull", "pumps")[1]
    note = office.dataset.field("note")
    assert note is not None
    assert (note.grade, note.kind, office.dataset.grade) == (Grade.SENSITIVE, "phone", 3)
    asked = ("--by", "wei", "--department", OTHER, "--purpose", "flood", "--basis", LAW)
    signed = ("--by", "lin", "--department", OWNER)
    case = office.says("ask", "pumps", *asked, "--until", "2027-12-31")[0]["case"]
    given = office.says("grant", str(case), *signed)[0]["agreement"]
    sql = ("sql", "SELECT note FROM pumps LIMIT 3", *asked, "--reference", f"agreement:{given}")
    assert office.says(*sql)[0]["rows"] == [{"note": None}] * 3


def test_what_was_found_once_is_not_forgotten_by_rows_that_hold_nothing(office: Office) -> None:
    office.rows(phones())
    office.says("pull", "pumps")
    office.rows(["ok"] * 60)
    office.says("pull", "pumps")
    office.says("grade", "pumps")
    assert office.grade() == Grade.SENSITIVE


def test_values_are_found_wherever_they_lie_in_the_rows(office: Office) -> None:
    office.rows([*["ok"] * 20_000, *phones(2_000)])
    office.says("pull", "pumps")
    assert office.grade() == Grade.SENSITIVE


def test_a_steward_decides_with_a_reason_and_what_else_turns_up_counts_anew(
    office: Office,
) -> None:
    office.rows(phones())
    office.says("pull", "pumps")
    decide = ("grade", "pumps", "--decide", "note=2")
    assert "its reason" in str(office.says(*decide, code=2)[0]["error"])
    told, _ = office.says(*decide, "--why", "numbers of public halls", "--by", "lin")
    with Log.open(str(office.folder / "city.mindu")) as log:
        entry = log[int(str(told["entry"]))]
        assert (entry.by, entry.about) == ("lin", "dataset:pumps")
        assert entry.record.args["found"] == "phone"  # type: ignore[union-attr]
    assert office.grade() == Grade.INTERNAL
    office.says("pull", "pumps")
    assert office.grade() == Grade.INTERNAL
    office.rows([MAKERS["id"](Random(4)) for _ in range(60)])
    office.says("pull", "pumps")
    assert office.grade() == Grade.SENSITIVE


def test_nobody_decides_below_what_is_declared(office: Office) -> None:
    office.declare(
        columns=(Column(name="station"), Column(name="note", personal=True)), subject="note"
    )
    no, _ = office.says("grade", "pumps", "--decide", "note=1", "--why", "x", "--by", "lin", code=2)
    assert "change its declaration" in str(no["error"])


def test_a_gateway_that_runs_sees_new_declarations_and_no_broken_one(office: Office) -> None:
    lake = office.folder / "lake"
    lake.mkdir()
    live = Live(lake, office.folder / "collect")
    assert list(live) == ["pumps"]
    told = office.dataset
    office.declare(zh="泵站")
    assert live["pumps"].title.zh == "泵站"
    other = msgspec.structs.replace(told, name="register_person")
    (lake / "register_person.json").write_bytes(msgspec.json.encode(other))
    assert live["register_person"] == other
    (lake / "register_person.json").write_bytes(b"{}")
    assert "register_person" not in live
    assert "../pumps" not in live
    assert list(live) == ["pumps"]
