"""The gateway: what is allowed comes out as the duties say; its receipt is on disk first."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from gateway_house import KEY, asking, door, gateway, last, rows
from govern_house import LIN, NOON, ask
from msgspec.structs import replace

from mindu.base.time import VirtualClock
from mindu.brain.casework.office import Office
from mindu.brain.memory import Memory
from mindu.brain.sharing import rules
from mindu.brain.sharing.kinds import KINDS
from mindu.brain.sharing.sharing import Sharing
from mindu.data.book import chain
from mindu.data.gateway.allow import Refused
from mindu.data.gateway.gateway import Gateway
from mindu.data.grants import receipts
from mindu.data.grants.ask import User

__all__ = ["door"]


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


def test_a_quota_holds_among_asks_at_the_same_instant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each ask comes while the one before it runs: none of them is counted yet."""
    door = gateway(tmp_path)
    given = next(g for g in door.book.allowed.every() if g.dataset == "calls")
    text = given.policy.replace("@says", '@quota("3/day")\n@says').replace(
        f"agreement-{given.seq}", "limited"
    )
    assert isinstance(door.book, Memory)
    rules.lay(door.book, "limited", text, by="office", now=NOON)
    once, told, sql = door.pool.run, list[str](), asking("SELECT count(*) FROM calls")

    def ask_once() -> None:
        try:
            door.query(sql)
            told.append("answered")
        except Refused as no:
            told.append(no.reason)

    def meanwhile(query: str) -> pa.Table:
        if len(told) < 3:  # nobody is answered before all have asked
            ask_once()
        return once(query)

    monkeypatch.setattr(door.pool, "run", meanwhile)
    ask_once()
    assert told == ["the day's quota of 3 is up", "answered", "answered", "answered"]
    monkeypatch.setattr(door.pool, "run", once)
    assert not door._held._held, "what was held is counted now"
    clock = door.clock
    assert isinstance(clock, VirtualClock)
    clock.advance(timedelta(days=1))
    with pytest.raises(Refused, match="no such"):
        door.query(asking("SELECT * FROM nowhere"))
    for _ in range(3):
        door.query(asking("SELECT count(*) FROM calls"))
    door.pool.close()


def test_open_data_needs_no_reference_but_leaves_a_receipt(door: Gateway) -> None:
    public = ask(who=User("anybody"), purpose="", basis="", reference="", says="FROM stations")
    assert door.query(public).rows.num_rows == 2
    assert last(door).policies == ("grade-open",)
