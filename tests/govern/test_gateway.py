"""The gateway: what is allowed comes out as the duties say; its receipt is on disk first."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from gateway_house import KEY, SMALL, asking, gateway, rows
from govern_house import CALLS, LIN, NOON, ask
from msgspec.structs import replace

from mindu.base.records import Receipt
from mindu.base.time import VirtualClock
from mindu.brain.casework.office import Office
from mindu.brain.memory import Memory
from mindu.brain.sharing import rules
from mindu.brain.sharing.kinds import KINDS
from mindu.brain.sharing.sharing import Sharing
from mindu.data.book import chain
from mindu.data.catalog.dataset import Dataset
from mindu.data.fold import rebuilt
from mindu.data.gateway import pool as pools
from mindu.data.gateway.allow import Refused
from mindu.data.gateway.gateway import Answer, Gateway
from mindu.data.gateway.points import points
from mindu.data.gateway.want import Condition, Want, condition
from mindu.data.grants import receipts
from mindu.data.grants.ask import User
from mindu.data.grants.uses import Uses
from mindu.data.log import Log


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Gateway]:
    made = gateway(tmp_path)
    yield made
    made.pool.close()


def last(door: Gateway) -> Receipt:
    record = door.book.log[-1].record
    assert isinstance(record, Receipt)
    return record


def test_a_query_gives_masked_rows_of_the_own_district_and_a_signed_receipt(door: Gateway) -> None:
    answer = door.query(asking("SELECT district, phone, caller FROM calls LIMIT 3"))
    for row in answer.rows.to_pylist():
        assert row["district"] == "350102"
        assert row["phone"].startswith("138****")
        assert len(row["caller"]) == 16
    receipt = last(door)
    assert receipts.sound(receipt, KEY.public)
    assert (receipt.allowed, receipt.rows, receipt.bulk) == (True, 3, True)
    assert receipt.policies[0].startswith("agreement-")
    assert "mask phone:middle" in receipt.duties
    assert door.book.log[answer.receipt].record == receipt
    assert door.book.uses.bulk("calls") == [answer.receipt]


def test_what_it_counts_is_what_the_rows_hold(door: Gateway) -> None:
    """Against the same sums worked out beside the gateway."""
    table = rows()
    mine = table.filter(pc.equal(table["district"], "350102"))
    sql = "SELECT topic, count(*) AS n, sum(minutes) AS s FROM calls GROUP BY topic"
    told = {r["topic"]: (r["n"], r["s"]) for r in door.query(asking(sql)).rows.to_pylist()}
    for topic in set(mine["topic"].to_pylist()):
        of = mine.filter(pc.equal(mine["topic"], topic))
        assert told[topic] == (of.num_rows, pc.sum(of["minutes"]).as_py())
    sql = "SELECT count(*) AS n, sum(minutes) AS s, avg(minutes) AS a FROM grouped"
    (told_all,) = door.query(asking(sql)).rows.to_pylist()
    large = table.filter(pc.not_equal(table["topic"], "rare"))
    assert told_all["n"] == large.num_rows
    assert told_all["s"] == pytest.approx(pc.sum(large["minutes"]).as_py())
    assert told_all["a"] == pytest.approx(pc.mean(large["minutes"]).as_py())


def test_a_group_of_which_one_person_makes_up_most_keeps_its_total(door: Gateway) -> None:
    """Twenty callers, one of whom spoke for longer than all others: the total would tell it."""
    table = pa.table(
        {
            "caller": [f"c{i}" for i in range(20)], "phone": ["1"] * 20, "district": ["d"] * 20,
            "topic": ["t"] * 20, "minutes": [1000.0] + [1.0] * 19,
            "opened": [NOON.replace(tzinfo=None)] * 20,
        }
    )  # fmt: skip
    pq.write_table(table, door.pool.folder / "calls.parquet")
    (row,) = door.query(asking("SELECT * FROM grouped")).rows.to_pylist()
    assert row["people"] == 20
    assert row["minutes_sum"] is None
    assert row["minutes_count"] == 20


def test_a_denial_says_why_is_receipted_and_gives_nothing(door: Gateway) -> None:
    for change, said in (
        ({"purpose": "marketing"}, "no policy allows it"),
        ({"reference": "case:77"}, "case:77 is not known"),
        ({"basis": ""}, "which law"),
        ({"who": User("x", "350100-gaj")}, "no policy allows it"),
    ):
        with pytest.raises(Refused, match=said):
            door.query(replace(asking("SELECT * FROM calls"), **change))
        receipt = last(door)
        assert not receipt.allowed
        assert said in receipt.reason
        assert receipts.sound(receipt, KEY.public)
    assert door.book.uses.asked("calls")[1] == 4


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "13912345678" FROM calls',
        'SELECT * FROM "SECRET3-0"',
        "SELECT SECRET3('13912345678') FROM calls",
        "SELECT count(*) AS n FROM calls WHERE caller = 'SECRET3-0' AND phone = 1::SECRET3",
        "SELECT 'SECRET3-0', * FROM ghosts WHERE phone = '13912345678'",
        "SELECT count(*) AS n FROM calls WHERE caller = 'SECRET3-0'",
    ],
)
def test_nothing_that_was_typed_stands_in_the_log(door: Gateway, sql: str) -> None:
    try:
        door.query(asking(sql))
    except Refused:
        assert not last(door).allowed
    written = chain.encode(door.book.log[-1])
    assert b"SECRET" not in written
    assert b"1391" not in written


def test_revocation_bites_on_the_next_request(door: Gateway) -> None:
    sql = asking("SELECT count(*) FROM calls")
    assert door.query(sql).rows.num_rows == 1
    (given,) = [g for g in door.book.allowed.every() if g.dataset == "calls"]
    assert isinstance(door.book, Memory)
    desk = Sharing(Office(door.book, KINDS), door.book.allowed, door.catalogue)
    desk.revoke(given.seq, "over", LIN, now=NOON)
    with pytest.raises(Refused, match="no policy allows it"):
        door.query(sql)


def test_a_quota_is_a_day_long(tmp_path: Path) -> None:
    door = gateway(tmp_path)
    given = next(g for g in door.book.allowed.every() if g.dataset == "calls")
    text = given.policy.replace("@says", '@quota("2/day")\n@says').replace(
        f"agreement-{given.seq}", "limited"
    )
    assert isinstance(door.book, Memory)
    rules.lay(door.book, "limited", text, by="office", now=NOON)
    sql = asking("SELECT count(*) FROM calls")
    for _ in range(2):
        door.query(sql)
    with pytest.raises(Refused, match="quota of 2 is up"):
        door.query(sql)
    clock = door.clock
    assert isinstance(clock, VirtualClock)
    clock.advance(timedelta(days=1))
    assert door.query(sql).rows.num_rows == 1
    door.pool.close()


def test_open_data_needs_no_reference_but_leaves_a_receipt(door: Gateway) -> None:
    public = ask(who=User("anybody"), purpose="", basis="", reference="", says="FROM stations")
    assert door.query(public).rows.num_rows == 2
    assert last(door).policies == ("grade-open",)


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


def test_uses_are_the_same_when_they_are_folded_anew(door: Gateway) -> None:
    for _ in range(3):
        door.query(asking("SELECT count(*) FROM calls"))
    again = rebuilt(door.book.log, Uses)
    assert again.dump() == door.book.uses.dump()


def test_a_dataset_whose_file_lies_elsewhere_has_no_rows(door: Gateway, tmp_path: Path) -> None:
    (tmp_path.parent / "outside.parquet").write_bytes(b"x")
    (tmp_path / "link.parquet").symlink_to(tmp_path.parent / "outside.parquet")
    for stored in (
        "file:../outside.parquet",
        "file:link.parquet",
        "file:none",
        "http:x",
        "collect:x",
        "collect:..",
    ):
        away: Dataset = replace(CALLS, stored=stored)
        with pytest.raises(Refused, match="no rows here"):
            door.where(away)


def test_many_ask_at_once_and_each_gets_its_own_answer(tmp_path: Path) -> None:
    with Log.open(str(tmp_path / "city.mindu")) as log:
        door = gateway(tmp_path, log=log, limits=replace(SMALL, children=2, seconds=30.0))
        got: dict[int, float] = {}

        def one(number: int) -> None:
            sql = f"SELECT sum(minutes) + {number} AS s FROM calls WHERE minutes < 90"
            got[number] = door.query(asking(sql, f"u{number}")).rows.to_pylist()[0]["s"]

        lines = [Thread(target=one, args=(number,)) for number in range(12)]
        for line in lines:
            line.start()
        for line in lines:
            line.join()
        assert {value - number for number, value in got.items()} == {got[0]}
        assert log.durable == len(log)
        log.verify()
        door.pool.close()


def test_a_child_that_died_is_made_anew(door: Gateway) -> None:
    assert door.query(asking("FROM stations")).rows.num_rows == 2
    held = door.pool._free.get()
    held._process.kill()
    door.pool._free.put(held)
    with pytest.raises(Refused, match="memory"):
        door.query(asking("FROM stations"))
    assert door.query(asking("FROM stations")).rows.num_rows == 2
    assert pools.GRACE > 0
