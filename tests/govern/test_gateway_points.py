"""Pages, files and points of one gateway: whose rows they are, and what cannot be asked."""

import pytest
from gateway_house import asking, door, last
from govern_house import NOON
from msgspec.structs import replace

from mindu.base.records import Receipt
from mindu.brain.memory import Memory
from mindu.brain.sharing import rules
from mindu.data.gateway.allow import Refused
from mindu.data.gateway.answer import Answer
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.points import points
from mindu.data.gateway.want import Condition, Want, condition

__all__ = ["door"]


def test_a_page_of_a_table_names_whom_it_is_about(door: Gateway) -> None:
    want = Want(
        dataset="calls", fields=("topic", "minutes"), limit=5, order="-minutes",
        where=(Condition("topic", "eq", "t1"), condition("minutes.lt.50")),
    )  # fmt: skip
    answer = door.read(asking("", action="read"), want)
    assert answer.rows.column_names == ["topic", "minutes"]
    told = answer.rows.to_pylist()
    assert [r["minutes"] for r in told] == sorted([r["minutes"] for r in told], reverse=True)
    assert {r["topic"] for r in told} == {"t1"}
    receipt = last(door)
    assert receipt.subjects
    assert not receipt.bulk
    assert door.book.uses.named(receipt.subjects[0]) == [answer.receipt]
    assert not any("SECRET" in subject for subject in receipt.subjects)


def test_a_page_about_one_person_is_that_persons_rows(door: Gateway) -> None:
    want = Want(dataset="calls", subject="SECRET3-0", limit=100)
    answer = door.read(asking("", action="read"), want)
    assert 0 < answer.rows.num_rows < 20
    assert last(door).subjects == (door.cloak("SECRET3-0"),)
    none = door.read(asking("", action="read"), replace(want, subject="SECRET-nobody"))
    assert none.rows.num_rows == 0


@pytest.mark.parametrize(
    ("want", "said"),
    [
        (Want(dataset="ghosts"), "no such dataset"),
        (Want(dataset="calls", fields=("ghost",)), "no such field"),
        (Want(dataset="calls", limit=0), "limit is"),
        (Want(dataset="calls", limit=10**9), "limit is"),
        (Want(dataset="calls", offset=-1), "limit is"),
        (Want(dataset="calls", where=(Condition("minutes", "eq", "x"),)), "is a number"),
        (Want(dataset="calls", where=(Condition("topic", "eq", "x"),) * 51), "at most 50"),
        (Want(dataset="calls", order="ghost"), "no such field"),
        (Want(dataset="grouped"), "groups alone"),
    ],
)
def test_a_page_that_cannot_be_is_refused(door: Gateway, want: Want, said: str) -> None:
    with pytest.raises(Refused, match=said):
        door.read(asking("", action="read"), want)
    with pytest.raises(Refused, match="write a condition as field"):
        condition("topic.like.x")


def test_a_value_that_looks_like_sql_is_a_value(door: Gateway) -> None:
    want = Want(dataset="calls", where=(Condition("topic", "eq", "t1' OR '1'='1"),))
    assert door.read(asking("", action="read"), want).rows.num_rows == 0


def test_a_file_is_the_whole_table_and_counts_as_a_use_of_many(door: Gateway) -> None:
    answer = door.file(asking("", action="download"), "calls")
    assert answer.rows.num_rows == 1001
    assert "_subject" not in answer.rows.column_names
    assert len(last(door).subjects) == 151
    with pytest.raises(Refused, match="no policy allows it"):
        door.file(asking("", action="download", purpose="sale"), "calls")


def test_many_points_are_ruled_and_receipted_one_by_one(door: Gateway) -> None:
    asks = [(asking("", action="read"), f"SECRET{i}-0") for i in range(20)]
    asks.insert(7, (asking("", action="read", purpose="sale"), "SECRET1-0"))
    size = len(door.book.log)
    told = points(door, "calls", asks)
    assert len(door.book.log) == size + 21
    assert isinstance(told[7], Refused)
    for (_, who), answer in zip(asks, told, strict=True):
        if isinstance(answer, Answer):
            receipt = door.book.log[answer.receipt].record
            assert isinstance(receipt, Receipt)
            assert receipt.subjects == (door.cloak(who),)
            assert receipt.rows == answer.rows.num_rows
            alone = door.read(asking("", action="read"), Want(dataset="calls", subject=who))
            assert alone.rows.to_pylist() == answer.rows.to_pylist()


def test_a_batch_keeps_the_quota_and_looks_at_each_reference(door: Gateway) -> None:
    assert isinstance(door.book, Memory)
    given = next(g for g in door.book.allowed.every() if g.dataset == "calls")
    text = given.policy.replace("@says", '@quota("3/day")\n@says')
    text = text.replace(f"agreement-{given.seq}", "limited")
    rules.lay(door.book, "limited", text, by="office", now=NOON)
    asks = [(asking("", action="read"), f"SECRET{i}-0") for i in range(6)]
    asks[1] = (asking("", action="read", reference="case:99"), "SECRET1-0")
    told = points(door, "calls", asks)
    assert [isinstance(one, Answer) for one in told] == [True, False, True, True, False, False]
    assert "case:99" in str(told[1])
    assert "quota of 3" in str(told[4])
    again = points(door, "calls", asks[:1])
    assert "quota of 3" in str(again[0])


def test_a_name_that_looks_like_sql_is_a_name(door: Gateway) -> None:
    asks = [
        (asking("", action="read"), name) for name in ("x') OR ('1'='1", "O'Brien", "SECRET3-0")
    ]
    told = points(door, "calls", asks)
    assert [one.rows.num_rows > 0 for one in told if isinstance(one, Answer)] == [
        False,
        False,
        True,
    ]
