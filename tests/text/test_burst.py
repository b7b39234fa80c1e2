"""Bursts are more than the season explains; slow issues stay in sight."""

import random
from datetime import date, timedelta

from mindu.engines.text.burst import Call, Scan, Spots, scan, season, slow, spot

DAY = date(2026, 11, 20)
NEAR = Scan(neighbours={"鼓楼": ["台江"], "台江": ["鼓楼", "仓山"], "仓山": ["台江"]})


def year(rng: random.Random, *, rate: float = 0.6) -> list[Call]:
    """Return a quiet year; on Mondays twice as many call."""
    calls = []
    for back in range(365, 0, -1):
        day = DAY - timedelta(days=back - 1)
        for town in ("鼓楼", "台江", "仓山"):
            for topic in ("积水", "噪音"):
                chance = rate * (2 if day.weekday() == 0 else 1)
                for number in range(sum(rng.random() < chance / 4 for _ in range(4))):
                    name = f"{day}{town}{topic}{number}"
                    calls.append(Call(name, day, topic, town, name))
    return calls


def burst(count: int, *, callers: int, days: int = 2) -> list[Call]:
    return [
        Call(f"b{n}", DAY - timedelta(days=n % days), "积水", "台江", f"c{n % callers}")
        for n in range(count)
    ]


def test_a_flooded_road_is_seen_where_and_since_when() -> None:
    found = scan([*year(random.Random(1)), *burst(14, callers=12)], DAY, NEAR)
    assert [one.topic for one in found] == ["积水"]
    assert "台江" in found[0].towns
    assert (DAY - found[0].since).days <= 3
    assert found[0].chance <= 0.01


def test_a_quiet_year_seldom_alarms() -> None:
    calls = year(random.Random(2))
    alarms = sum(bool(scan(calls, DAY - timedelta(days=back), NEAR)) for back in range(60))
    assert alarms <= 2, "one day in a hundred is what the chance allows"


def test_one_angry_caller_is_no_burst() -> None:
    found = scan([*year(random.Random(1)), *burst(14, callers=1)], DAY, NEAR)
    assert all(one.topic != "积水" or one.people >= 3 for one in found)
    assert not scan(burst(14, callers=2), DAY, NEAR)


def test_the_season_knows_mondays_and_holidays() -> None:
    counts: dict[tuple[str, str], dict[date, int]] = {("积水", "台江"): {}}
    for back in range(1, 200):
        day = DAY - timedelta(days=back)
        counts["积水", "台江"][day] = 8 if day.weekday() == 0 else 2
    monday, friday = date(2026, 11, 23), DAY
    usual = {day: season(counts, day).of("积水", "台江") for day in (monday, friday)}
    assert usual[monday] > 2 * usual[friday]
    holiday = season(counts, monday, holidays=frozenset({monday})).of("积水", "台江")
    assert holiday < usual[monday] / 2


def test_an_issue_that_never_ends_is_found_though_it_never_bursts() -> None:
    told = [("断头路", DAY - timedelta(days=25 * n), f"c{n}") for n in range(8)]
    told += [("旧事", DAY - timedelta(days=200 + n), f"d{n}") for n in range(8)]
    assert [one.issue for one in slow(told, DAY)] == ["断头路"]


def test_a_road_that_is_loud_is_told_in_a_district_that_is_always_loud() -> None:
    rng = random.Random(4)
    roads = ["东路", "西路", "南路", "北路"]
    calls = [
        Call(
            f"{back}.{n}",
            DAY - timedelta(days=back),
            "路灯",
            spot("鼓楼", rng.choice(roads)),
            f"{back}.{n}",
        )
        for back in range(200)
        for n in range(6)
    ]
    assert scan(calls, DAY, Spots()) == []
    loud = [Call(f"b{n}", DAY, "路灯", spot("鼓楼", "杨桥路"), f"b{n}") for n in range(7)]
    (found,) = scan([*calls, *loud], DAY, Spots())
    assert (found.towns, found.place, found.people) == (("鼓楼",), "杨桥路", 7)
    assert not scan(loud[:2], DAY, Spots()), "two people are no burst anywhere"
