"""Groups: of no two answers the difference tells of fewer people than a group may have."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gateway_house import asking, door, rows
from govern_house import CALLS, NOON, OTHER
from msgspec.structs import replace

from mindu.base.time import VirtualClock
from mindu.brain.memory import Memory
from mindu.brain.sharing import rules
from mindu.data.gateway.allow import Refused
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.groups.editions import Editions
from mindu.data.gateway.groups.grouping import grouping
from mindu.data.grants.ask import User
from mindu.data.grants.duties import Duties

__all__ = ["door"]
ALL = "SELECT * FROM grouped ORDER BY district, topic"
LEAST = 5  # people of a group, as the house's agreement has it


def calls(table: pa.Table, *more: tuple[str, str, str, float]) -> pa.Table:
    """Return a table with more calls: caller, district, topic, minutes."""
    at = NOON.replace(tzinfo=None)
    told = [dict(zip(table.column_names, (who, "1", d, t, m, at), strict=True))
            for who, d, t, m in more]  # fmt: skip
    return pa.concat_tables([table, pa.Table.from_pylist(told, schema=table.schema)])


def lay(door: Gateway, table: pa.Table) -> None:
    pq.write_table(table, door.pool.folder / "calls.parquet")


def of(door: Gateway, topic: str) -> dict[str, object]:
    sql = f"SELECT * FROM grouped WHERE district = '350102' AND topic = '{topic}'"
    (row,) = door.query(asking(sql)).rows.to_pylist()
    return dict(row)


def test_one_call_more_shows_nowhere_until_enough_people_called(door: Gateway) -> None:
    before = door.query(asking(ALL)).rows
    table = rows()
    for number in range(LEAST - 1):
        table = calls(table, (f"new{number}", "350102", "t0", 50.0))
        lay(door, table)
        assert door.query(asking(ALL)).rows == before
    lay(door, calls(table, ("new9", "350102", "t0", 50.0)))
    after = door.query(asking(ALL)).rows
    assert after.num_rows == before.num_rows
    changed = [a for a, b in zip(after.to_pylist(), before.to_pylist(), strict=True) if a != b]
    assert [(one["district"], one["topic"]) for one in changed] == [("350102", "t0")]


def test_who_goes_or_says_otherwise_is_told_no_sooner(door: Gateway) -> None:
    was, table = of(door, "t0"), rows()
    less = table.filter([who != "SECRET0-0" for who in table["caller"].to_pylist()])
    lay(door, less)
    assert of(door, "t0") == was
    callers, minutes = table["caller"].to_pylist(), table["minutes"].to_pylist()
    more = [m + (who == "SECRET0-0") for who, m in zip(callers, minutes, strict=True)]
    lay(door, table.set_column(4, "minutes", pa.array(more)))
    assert of(door, "t0") == was
    lay(door, table)
    assert of(door, "t0") == was


def test_a_way_back_by_many_and_forth_by_all_but_one_is_no_way_around(door: Gateway) -> None:
    """Five come, which shows; the five go and one stays: against the first only one differs."""
    new = [(f"new{i}", "350102", "t0", 10.0 + i) for i in range(LEAST)]
    first = of(door, "t0")
    lay(door, calls(rows(), *new))
    second = of(door, "t0")
    assert second != first
    lay(door, calls(rows(), new[0]))
    assert of(door, "t0") == second
    lay(door, rows())
    assert of(door, "t0") == first, "nobody differs from the first edition"


def test_no_two_editions_differ_by_a_few_people_whatever_happens(tmp_path: Path) -> None:
    """Against who adds what to which group, counted beside the ledger."""
    dice, table = Random(11), dict[tuple[str, str], float]()
    told = grouping(CALLS, Duties(group=3, keys=("topic",)), who={}, secret=b"s")
    editions = Editions(tmp_path, b"s")
    seen: dict[str, dict[object, frozenset[tuple[str, float]]]] = defaultdict(dict)
    file, shown = tmp_path / "calls.parquet", 0
    for turn in range(60):
        for _ in range(dice.choice([1, 2, 3, 6])):
            key = (f"c{dice.randrange(12)}", dice.choice(["a", "b"]))
            table.pop(key, None) if dice.random() < 0.4 else table.update({key: dice.randrange(4)})
        pq.write_table(_table(table, turn), file)
        path = editions.current(told, [file])
        now = {row["topic"]: row for row in pq.read_table(path).to_pylist()}
        for topic in ("a", "b"):
            row = now.get(topic)
            figures = row and (row["people"], row["minutes_sum"], row["minutes_count"])
            if figures not in seen[topic]:
                seen[topic][figures] = _adds(table, topic) if row else frozenset()
                shown += 1
    for held in seen.values():
        states = list(held.values())
        for at, one in enumerate(states):
            for other in states[at + 1 :]:
                assert max(len(one - other), len(other - one)) >= 3
    assert shown > 6, "editions do go out"


def _adds(table: Mapping[tuple[str, str], float], topic: str) -> frozenset[tuple[str, float]]:
    return frozenset((who, minutes) for (who, of), minutes in table.items() if of == topic)


def _table(table: Mapping[tuple[str, str], float], turn: int) -> pa.Table:
    names = [who for who, _ in table] + [f"pad{turn}-{i}" for i in range(turn % 7)]
    topics = [of for _, of in table] + ["pad"] * (turn % 7)
    minutes = [*map(float, table.values())] + [1.0] * (turn % 7)
    at = [NOON.replace(tzinfo=None)] * len(names)
    return pa.table({"caller": names, "topic": topics, "minutes": minutes, "phone": names,
                     "district": topics, "opened": at})  # fmt: skip


def laid(door: Gateway, name: str, aggregate: str, rows_: str = "") -> None:
    only = f'@rows("{rows_}") ' if rows_ else ""
    text = (
        f'@id("{name}") @purpose("{name}") @aggregate("{aggregate}") {only}'
        'permit (principal, action, resource == Dataset::"grouped");'
    )
    assert isinstance(door.book, Memory)
    rules.lay(door.book, name, text, by="data office", now=NOON)


@pytest.mark.parametrize(
    ("aggregate", "rows_"),
    [
        ("5 by district", ""),
        ("5 by topic, district", "minutes < 700"),
        ("6 by district, topic", ""),
        ("5 by topic", "district = '350102'"),
    ],
)
def test_a_department_has_one_way_to_group_whatever_policies_are_laid(
    door: Gateway, aggregate: str, rows_: str
) -> None:
    door.query(asking(ALL))
    laid(door, "other", aggregate, rows_)
    with pytest.raises(Refused, match=r"1 of 1 ways to group grouped is taken.* 5 by district"):
        door.query(asking("SELECT * FROM grouped", purpose="other", reference="case:0"))
    elsewhere = replace(
        asking("SELECT * FROM grouped", purpose="other", reference="case:0"),
        who=User("x", "350100-gaj"),
    )
    assert door.query(elsewhere).rows.num_rows > 0


def test_rows_by_asker_are_another_way_for_each_asker(door: Gateway) -> None:
    laid(door, "mine", "5 by topic", "district <> :user")
    ask = {"purpose": "mine", "reference": "case:0"}
    assert door.query(asking("SELECT * FROM grouped", "350103", **ask)).rows.num_rows > 0
    with pytest.raises(Refused, match="1 of 1 ways"):
        door.query(asking("SELECT * FROM grouped", "350104", **ask))


def test_the_owner_frees_it_for_a_reason_and_a_year_without_use_does(door: Gateway) -> None:
    door.query(asking(ALL))
    laid(door, "other", "5 by district")
    ask = asking("SELECT * FROM grouped", purpose="other", reference="case:0")
    assert isinstance(door.book, Memory)
    with pytest.raises(ValueError, match="say why"):
        rules.free(door.book, "grouped", OTHER, " ", by="lin", now=NOON)
    rules.free(door.book, "grouped", OTHER, "the districts were merged", by="lin", now=NOON)
    assert door.query(ask).rows.num_rows == 3
    laid(door, "third", "5 by topic")
    third = asking("SELECT * FROM grouped", purpose="third", reference="case:0")
    with pytest.raises(Refused, match="1 of 1 ways"):
        door.query(third)
    door.clock = VirtualClock(NOON + timedelta(days=366))
    assert door.query(third).rows.num_rows > 0


def test_an_edition_that_cannot_be_written_leaves_the_one_before(door: Gateway) -> None:
    """A folder stands where the next edition's file would: nothing half-written is read."""
    before = door.query(asking(ALL)).rows
    (home,) = (door.pool.folder / "editions").iterdir()
    wall = home / "000002-told.parquet"
    wall.mkdir()
    lay(door, calls(rows(), *[(f"new{i}", "350102", "t0", 5.0) for i in range(LEAST)]))
    with pytest.raises(OSError, match="make room on the disk"):
        door.query(asking(ALL))
    wall.rmdir()
    assert door.query(asking(ALL)).rows != before
    assert not [path for path in home.iterdir() if path.name.startswith("000001-x")]


def test_groups_are_not_made_by_tokens(door: Gateway) -> None:
    text = (
        '@id("tok") @purpose("tok") @mask("caller:token") @aggregate("5 by caller") '
        'permit (principal, action, resource == Dataset::"grouped");'
    )
    assert isinstance(door.book, Memory)
    rules.lay(door.book, "tok", text, by="data office", now=NOON)
    with pytest.raises(Refused, match="groups by tokens"):
        door.query(asking("SELECT * FROM grouped", purpose="tok", reference="case:0"))
