"""The public asks for data, votes once each, and reads the holder's answer before its day."""

from datetime import timedelta

import pytest
from opening_house import HEALTH, LIN, NOON, WATER, WEI, House

from mindu.brain.casework.refusals import Denied, Refusal
from mindu.brain.opening.check import Proposal
from mindu.brain.opening.requests import AT_ONCE


@pytest.fixture
def house() -> House:
    return House()


def test_a_request_is_laid_before_whom_the_catalogue_says_holds_such_data(house: House) -> None:
    number = house.requests.ask("泵站水位数据", "希望开放各泵站的水位和时间", voter="v1", now=NOON)
    told = house.requests.get(number, NOON)
    assert told is not None
    assert (told.holder, told.alike, told.votes) == (WATER, "pumps", 1)
    assert "水位" in told.words
    assert told.colour == "green"
    assert told.due is not None
    assert timedelta(days=14) < told.due - NOON < timedelta(days=45)


def test_what_nobody_seems_to_hold_goes_to_the_data_office_and_on_from_there(
    house: House,
) -> None:
    number = house.requests.ask("机场航班动态", "", voter="v1", now=NOON)
    told = house.requests.get(number, NOON)
    assert told is not None
    assert told.holder == "data-office"
    house.requests.send_on(number, HEALTH, LIN, now=NOON)
    told = house.requests.get(number, NOON)
    assert told is not None
    assert told.holder == HEALTH


def test_one_voter_votes_once(house: House) -> None:
    number = house.requests.ask("公园座椅", "", voter="v1", now=NOON)
    assert not house.requests.vote(number, voter="v1", now=NOON)
    assert house.requests.vote(number, voter="v2", now=NOON)
    assert not house.requests.vote(number, voter="v2", now=NOON)
    told = house.requests.get(number, NOON)
    assert told is not None
    assert told.votes == 2


def test_who_asks_for_the_same_votes_for_the_first(house: House) -> None:
    first = house.requests.ask("公园 座椅", "", voter="v1", now=NOON)
    assert house.requests.ask("公园座椅", "again", voter="v2", now=NOON) == first
    assert house.requests.numbers() == [first]


def test_one_browser_floods_nobody(house: House) -> None:
    for i in range(AT_ONCE):
        house.requests.ask(f"数据 {i} 号", "", voter="v1", now=NOON)
    with pytest.raises(Refusal, match="of yours wait"):
        house.requests.ask("another one", "", voter="v1", now=NOON)
    with pytest.raises(Refusal, match="a title of 2 to"):
        house.requests.ask("x", "", voter="v2", now=NOON)


def test_what_is_wanted_most_stands_first(house: House) -> None:
    little = house.requests.ask("路灯", "", voter="v1", now=NOON)
    much = house.requests.ask("公交", "", voter="v1", now=NOON)
    house.requests.vote(much, voter="v2", now=NOON)
    assert house.requests.numbers() == [much, little]


def test_the_holder_answers_in_public_with_the_table_that_was_opened(house: House) -> None:
    number = house.requests.ask("泵站水位", "", voter="v1", now=NOON)
    with pytest.raises(Denied):
        house.requests.answer(number, "no", WEI, now=NOON)
    with pytest.raises(Refusal, match="open it first"):
        house.requests.answer(number, "见数据集", LIN, now=NOON, opened="pumps")
    house.openings.open("pumps", Proposal(), LIN, now=NOON)
    later = NOON + timedelta(days=2)
    house.requests.answer(number, "已开放", LIN, now=later, opened="pumps")
    told = house.requests.get(number, later)
    assert told is not None
    assert (told.done, told.answer, told.opened) == (True, "已开放", "pumps")
    assert told.answered == later
    with pytest.raises(Refusal, match="answered"):
        house.requests.vote(number, voter="v3", now=later)


def test_a_clock_that_runs_out_turns_red(house: House) -> None:
    number = house.requests.ask("泵站水位", "", voter="v1", now=NOON)
    colours = []
    for days in (0, 60):
        told = house.requests.get(number, NOON + timedelta(days=days))
        assert told is not None
        colours.append(told.colour)
    assert colours == ["green", "red"]


def test_a_request_that_harms_somebody_is_shown_no_more_and_kept_in_the_log(house: House) -> None:
    number = house.requests.ask("某人住址", "", voter="v1", now=NOON)
    with pytest.raises(Refusal, match="say why"):
        house.requests.hide(number, "", LIN, now=NOON)
    house.requests.hide(number, "about a person", LIN, now=NOON)
    assert house.requests.get(number, NOON) is None
    assert house.requests.numbers() == []
    assert number in house.office.cases
