"""A table opens when nobody in it can be told apart, says why not where it does not, and closes."""

import msgspec
import pytest
from opening_house import LIN, NOON, PATIENTS, PUMPS, WEI, House, lay, patients

from mindu.base.records import Event
from mindu.brain.casework.refusals import Denied, Refusal
from mindu.brain.opening.check import Proposal
from mindu.data.catalog.dataset import Grade
from mindu.data.fold import rebuilt
from mindu.data.opening.opened import Opened
from mindu.data.opening.opening import PLAN_COLUMNS

FEW = Proposal(fields=("district", "age", "cause"))


@pytest.fixture
def house() -> House:
    return House()


def refused(house: House, name: str, told: Proposal) -> Refusal:
    with pytest.raises(Refusal) as no:
        house.openings.open(name, told, WEI, now=NOON)
    return no.value


def test_a_table_about_nobody_opens_with_all_its_fields(house: House) -> None:
    house.openings.open("pumps", Proposal(), LIN, now=NOON)
    held = house.memory.opened.get("pumps")
    assert held is not None
    assert held.dataset.grade == Grade.OPEN
    assert held.rows == 40
    assert [f.name for f in held.dataset.fields] == [f.name for f in PUMPS.fields]


def test_another_department_opens_nothing_of_ours(house: House) -> None:
    with pytest.raises(Denied, match="350100-slj's to open"):
        house.openings.open("pumps", Proposal(), WEI, now=NOON)


def test_rows_that_tell_who_somebody_is_keep_a_table_shut_and_are_counted(house: House) -> None:
    no = refused(house, "patients", FEW)
    assert "3 of 63 rows are of fewer than 5 people alike by district + age" in no.says.en
    assert "without district 3" in no.says.en
    assert "63 行中有 3 行按 district (区县)、age (年龄段) 组合后不足 5 人相同" in no.says.zh
    assert house.memory.opened.get("patients") is None
    assert house.memory.opened.refused("patients") == 1


def test_a_coarser_table_without_the_lonely_rows_opens(house: House) -> None:
    lay(house.pool.folder, "patients", patients(lonely=0))
    house.openings.open("patients", FEW, WEI, now=NOON)
    held = house.memory.opened.get("patients")
    assert held is not None
    assert (held.people, held.kinds) == (10, 3)
    assert held.dataset.field("patient") is None, "what names somebody never goes out"
    assert held.delicate == ("cause",)


def test_people_alike_who_all_have_one_cause_keep_a_table_shut(house: House) -> None:
    lay(house.pool.folder, "patients", patients(lonely=0, alike=7))
    no = refused(house, "patients", FEW)
    assert "7 of 67 rows stand among people alike" in no.says.en
    assert "of whom cause has fewer than 2 values" in no.says.en
    assert "67 行中有 7 行" in no.says.zh


def test_one_person_of_many_rows_is_one_person(house: House) -> None:
    table = patients(lonely=9)
    names = ["same" if i >= 60 else name for i, name in enumerate(table["patient"].to_pylist())]
    lay(house.pool.folder, "patients", table.set_column(0, "patient", [names]))
    assert "9 of 69 rows are of fewer than 5 people" in refused(house, "patients", FEW).says.en


def test_a_field_that_names_people_is_never_opened(house: House) -> None:
    no = refused(house, "patients", Proposal(fields=("patient", "district")))
    assert "column patient is graded SENSITIVE: leave it out" in no.says.en


def test_what_detectors_find_in_rows_keeps_a_table_shut_whatever_was_declared(
    house: House,
) -> None:
    with pytest.raises(Refusal) as no:
        house.openings.open("benches", Proposal(), LIN, now=NOON)
    assert "column call holds what names or touches people (phone 100%)" in no.value.says.en
    public = Proposal(facilities=("where", "call"))
    house.openings.open("benches", public, LIN, now=NOON)
    assert house.memory.opened.get("benches") is not None


def test_rows_about_people_need_a_word_on_what_tells_them_apart(house: House) -> None:
    bare = {"patients": msgspec.structs.replace(PATIENTS, quasi=())}
    house.openings.declared = bare
    no = refused(house, "patients", FEW)
    assert "say which columns together may tell who it is" in no.says.en


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (Proposal(fields=("ghost",)), "has no field ghost"),
        (Proposal(k=2), "k is 5 to"),
        (Proposal(quasi=tuple(f"q{i}" for i in range(13))), "together tell people apart"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_in_words(
    house: House, told: Proposal, says: str
) -> None:
    assert says in refused(house, "patients", told).says.en


def test_newer_rows_that_tell_somebody_apart_close_the_table(house: House) -> None:
    lay(house.pool.folder, "patients", patients(lonely=0))
    house.openings.open("patients", FEW, WEI, now=NOON)
    assert house.openings.renewed("patients", now=NOON).rows == 60
    lay(house.pool.folder, "patients", patients(lonely=2))
    with pytest.raises(Refusal, match="2 of 62 rows"):
        house.openings.renewed("patients", now=NOON)
    was = house.memory.opened.closed("patients")
    assert was is not None
    assert was.why.startswith("new rows: 2 of 62 rows")
    with pytest.raises(Refusal, match="was closed"):
        house.openings.renewed("patients", now=NOON)


def test_a_closed_table_says_why(house: House) -> None:
    entry = house.openings.open("pumps", Proposal(), LIN, now=NOON)
    with pytest.raises(Refusal, match="say why"):
        house.openings.close("pumps", " ", LIN, now=NOON)
    shut = house.openings.close("pumps", "the gauges are wrong", LIN, now=NOON)
    assert shut.because == (entry.seq,)
    with pytest.raises(Refusal, match="the gauges are wrong"):
        house.openings.renewed("pumps", now=NOON)


def test_a_plan_tells_what_is_open_late_and_to_come(house: House) -> None:
    rows = [
        ("pumps", "泵站", "Pumps", "350100-slj", "2026-06-30", ""),
        ("benches", "座椅", "Benches", "350100-slj", "2026-09-15", ""),
        ("patients", "就诊", "Patients", "350100-wjw", "2026-12-31", ""),
    ]
    house.openings.open("pumps", Proposal(), LIN, now=NOON)
    house.openings.plan(rows, LIN, now=NOON)
    states = [(one.dataset, one.state) for one in house.openings.planned(NOON)]
    assert states == [("pumps", "open"), ("benches", "late"), ("patients", "planned")]
    with pytest.raises(Refusal, match=r"line 1: give .* due as 2026-12-31"):
        house.openings.plan([(*rows[0][:4], "soon", "")], LIN, now=NOON)
    assert len(PLAN_COLUMNS) == 6


def test_what_is_open_comes_back_from_the_log_alone(house: House) -> None:
    house.openings.open("pumps", Proposal(), LIN, now=NOON)
    number = house.requests.ask("公交到站", "", voter="v1", now=NOON)
    house.requests.vote(number, voter="v2", now=NOON)
    again = rebuilt(house.memory.log, Opened)
    assert again.dump() == house.memory.opened.dump()
    kept = Opened()
    kept.load(again.dump())
    assert kept.votes(number) == 2
    with pytest.raises(ValueError, match="no state of opened"):
        kept.load(b"\x00")
    assert any(isinstance(entry.record, Event) for entry in house.memory.log)
