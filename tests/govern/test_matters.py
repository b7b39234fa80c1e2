"""A case as the reason for an ask: open, the asker's own, about the data, and of the purpose."""

import pytest
from govern_house import CALLS, LIN, NOON, OTHER, OWNER, TERMS, House, ask

from mindu.base.records import Table
from mindu.brain.sharing import errand, matters, objections
from mindu.brain.sharing.kinds import PUT_RIGHT
from mindu.data.grants.ask import User

OWN = User("lin", OWNER)


@pytest.fixture
def house() -> House:
    return House()


def objected(house: House) -> int:
    return objections.put(house.office, CALLS, "s1", "wrong", receipt=-1, now=NOON).seq


def test_a_request_for_data_is_no_reason_for_its_own_asker(house: House) -> None:
    """It is open, but lies with the owner: else whoever asks would have it at once."""
    case = house.sharing.ask(TERMS, by="wei", now=NOON).seq
    assert not matters.stands(house.office, case, ask(who=User("wei", OTHER)))


def test_a_case_stands_for_whom_it_lies_with_and_for_the_data_that_it_names(house: House) -> None:
    case = objected(house)
    assert matters.stands(house.office, case, ask(who=OWN))
    assert not matters.stands(house.office, case, ask(who=OWN, datasets=("beds",)))
    assert not matters.stands(house.office, case, ask(who=User("x", "350100-gaj")))
    assert not matters.stands(house.office, case, ask(who=User("x")))
    assert not matters.stands(house.office, 999, ask(who=OWN))
    errand.answer(house.office, case, "put right", LIN, now=NOON)
    assert not matters.stands(house.office, case, ask(who=OWN))


@pytest.mark.parametrize(
    ("row", "stands"),
    [
        ((PUT_RIGHT, "*", "flood", "order"), True),
        (("*", "data", "*", "order"), True),
        ((PUT_RIGHT, "data.other", "flood", "order"), False),
        ((PUT_RIGHT, "*", "correction", "order"), False),
        (("hotline", "*", "flood", "order"), False),
    ],
)
def test_the_citys_table_says_for_which_purpose_a_case_is_a_reason(
    house: House, row: tuple[str, ...], *, stands: bool
) -> None:
    case = objected(house)
    house.office.lay(matters.TABLE, Table(matters.COLUMNS, (row,), "order"), by="lin", now=NOON)
    assert matters.stands(house.office, case, ask(who=OWN)) is stands


def test_a_line_of_the_table_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2"):
        matters.read([("hotline", "", "flood", "order")])
