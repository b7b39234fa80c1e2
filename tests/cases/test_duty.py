"""Who answers is found by duty; alone goes only what was certified, audited and not stopped."""

import pytest
from street import ABOUT, ANNA, CHIEF, DAY, KIND, LIN, NOON, office, told, walk

from mindu.base.records import Move, Table
from mindu.brain.cases import State
from mindu.brain.casework import duty, forwarding
from mindu.brain.casework.board import behind, boards, pressing
from mindu.brain.casework.dispatch import (
    CERTIFICATES,
    Guess,
    dispatch,
    lay_duties,
    stands,
    suggest,
    to_audit,
)
from mindu.brain.casework.forwarding import holding, lower, sample, stopped, upper
from mindu.brain.casework.office import Office, Wish

LINES = (
    ("streets", "*", "*", "roads", "", "a rule"),
    ("streets.lamps", "*", "*", "lamps", "", "a rule"),
    ("streets", "350103", "*", "taijiang", "", "a rule"),
    ("streets", "*", "bridge", "bridges", "", "a rule"),
)
GUESS = Guess(topic="streets.lamps", sure=0.97, because=("路灯",))
ROW = ("streets", "0.9", "1", "500", "0.02", "0.98", "m1")


def laid(*, certificate: bool = True) -> Office:
    desk = office()
    lay_duties(desk, LINES, kind=KIND.name, source="the tests", by="su", now=NOON)
    if certificate:
        table = Table(forwarding.COLUMNS, (ROW,), "the tests")
        desk.lay(CERTIFICATES, table, by="su", now=NOON)
    return desk


def test_the_most_exact_line_of_the_duty_table_holds() -> None:
    table = duty.read(LINES)
    for topic, place, thing, unit in (
        ("streets.lamps", "350102", "", "lamps"),
        ("streets.holes", "350102", "", "roads"),
        ("streets.holes", "350103", "", "taijiang"),
        ("streets.lamps", "350103", "bridge", "bridges"),
    ):
        line = table.answers(topic, place, thing)
        assert line is not None
        assert line.unit == unit
    assert table.answers("water", "350102") is None


def test_holes_and_overlaps_are_found_and_an_overlap_is_not_laid_down() -> None:
    table = duty.read(LINES)
    assert table.holes(["streets.lamps", "water"], ["350102"]) == [("water", "350102")]
    twice = (*LINES, ("streets.lamps", "*", "*", "light", "", "another rule"))
    clash = duty.read(twice).overlaps(["streets.lamps"], ["350102"])
    assert [(a.number, b.number) for a, b in clash] == [(2, 5)]
    desk = office()
    with pytest.raises(ValueError, match="lines 2 and 5"):
        lay_duties(desk, twice, kind=KIND.name, source="x", by="su", now=NOON)
    with pytest.raises(ValueError, match="line 1"):
        duty.read([("a", "b")])


def test_what_is_certified_goes_alone_by_its_duty_line() -> None:
    desk = laid()
    number = told(desk)
    dispatch(desk, number, [GUESS], model="m1", now=NOON)
    assert desk.cases.state(number) is State.AUTO_FORWARDED
    assert desk.cases.said(number, "unit") == "lamps"
    desk.act(number, Wish(name="sign"), LIN, now=NOON)


@pytest.mark.parametrize(
    ("guess", "model", "certificate"),
    [
        (Guess(topic="streets.lamps", sure=0.89), "m1", True),  # below the threshold
        (Guess(topic="water.pipes", sure=0.99), "m1", True),  # another group
        (GUESS, "m2", True),  # another model than the certified one
        (GUESS, "m1", False),
    ],
)
def test_what_is_not_certified_waits_for_a_person_with_reasons(
    guess: Guess,
    model: str,
    certificate: bool,  # noqa: FBT001
) -> None:
    desk = laid(certificate=certificate)
    number = told(desk)
    written = dispatch(desk, number, [guess], model=model, now=NOON)
    assert desk.cases.state(number) is State.TRIAGE
    last = written[-1].record
    assert isinstance(last, Move)
    assert last.note


def test_without_a_model_intake_goes_on_and_people_classify() -> None:
    desk = laid()
    number = told(desk)
    dispatch(desk, number, [], model="", now=NOON)
    assert desk.cases.state(number) is State.ACCEPTED
    desk.act(number, Wish(name="classify", args=ABOUT), ANNA, now=NOON)


def test_suggestions_name_their_duty_line_and_words() -> None:
    desk = laid()
    found = suggest(desk, told(desk), [GUESS, Guess(topic="streets.holes", sure=0.02)])
    assert [s.unit for s in found] == ["lamps", "roads"]
    assert "路灯" in found[0].why.zh


def test_audits_that_find_errors_stop_a_group_by_themselves() -> None:
    desk = laid()
    numbers = [told(desk) for _ in range(12)]
    for number in numbers:
        dispatch(desk, number, [GUESS], model="m1", now=NOON)
    assert stands(desk, "streets") is not None
    for number in numbers:
        desk.act(number, Wish(name="audit", args={"right": False}), CHIEF, now=NOON)
    assert stands(desk, "streets") is None
    late = told(desk)
    dispatch(desk, late, [GUESS], model="m1", now=NOON)
    assert desk.cases.state(late) is State.TRIAGE
    desk.lay(CERTIFICATES, Table(forwarding.COLUMNS, (ROW,), "again"), by="su", now=NOON)
    assert stands(desk, "streets") is not None, "a new certificate starts anew"


def test_the_days_audit_is_drawn_by_dice_that_anybody_can_throw_again() -> None:
    desk = laid()
    for _ in range(40):
        dispatch(desk, told(desk), [GUESS], model="m1", now=NOON)
    drawn = to_audit(desk, NOON + DAY / 2)
    assert len(drawn) == 5
    assert drawn == to_audit(desk, NOON + DAY / 2)
    many = list(range(1000))
    assert len(sample(many, "2026-09-16", "head")) == 50
    assert sample(many, "2026-09-16", "head") != sample(many, "2026-09-17", "head")


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    # 0 of 194: (1 - 0.02)^194 = 0.0199; exact tables give 0.0200 for the 98 % bound.
    assert upper(0, 194, 0.98) == pytest.approx(1 - 0.02 ** (1 / 194), rel=1e-9)
    assert lower(194, 194, 0.98) == pytest.approx(0.02 ** (1 / 194), rel=1e-9)
    assert (upper(5, 5), lower(0, 5)) == (1.0, 0.0)


def test_each_group_stops_alone_and_the_whole_when_those_that_go_on_break_its_promise() -> None:
    rows = [("*", "0.9", "50", "4000", "0.02", "0.985", "m1"),
            ("a", "0.9", "20", "2000", "0.05", "0.99", "m1"),
            ("b+c", "0.9", "30", "2000", "0.05", "0.99", "m1")]  # fmt: skip
    told = forwarding.read(rows)
    quiet = {"a": [(n, True) for n in range(60)], "b+c": [(n, n % 20 != 0) for n in range(60, 100)]}
    assert set(holding(told, quiet.__getitem__)) == {"a", "b", "c"}
    drifted = quiet | {"b+c": [(n, n % 3 != 0) for n in range(60, 120)]}
    assert set(holding(told, drifted.__getitem__)) == {"a"}, "its errors are not those of a"
    lax = {"a": [(n, n % 20 != 0) for n in range(600)], "b+c": quiet["b+c"]}
    assert holding(told, lax.__getitem__) == {}, "within the limit of a group, above the whole's"


def test_a_certificate_whose_figures_do_not_bear_it_is_refused() -> None:
    assert forwarding.read([ROW])["streets"].threshold == 0.9
    with pytest.raises(ValueError, match="do not bear"):
        forwarding.read([("streets", "0.9", "40", "500", "0.02", "0.98", "m1")])


def test_a_drift_stops_a_group_however_old_and_big_its_sample_is() -> None:
    told = forwarding.read([("g", "0.9", "10", "5000", "0.02", "0.98", "m1")])["g"]
    assert not stopped(told, [True] * 60)
    assert stopped(told, [True] * 300 + [False] * 8)


def test_a_board_can_be_followed_down_to_its_cases() -> None:
    desk = office()
    good, bad = walk(desk, told(desk), "feed_back"), told(desk)
    walk(desk, bad, "forward")
    later = NOON + 20 * DAY
    board = next(b for b in boards(desk, later) if b.unit == "lamps")
    assert (board.good["on_time"], board.of["on_time"]) == (1, 2)
    assert behind(desk, later, unit="lamps", measure="on_time", good=True) == [good]
    assert behind(desk, later, unit="lamps", measure="on_time", good=False) == [bad]
    assert pressing(desk, later, unit="lamps")[0] == bad
    with pytest.raises(ValueError, match="no measure"):
        behind(desk, later, unit="lamps", measure="charm", good=True)
