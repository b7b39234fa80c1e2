"""Working days: what the State Council announced, and what holds beyond it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mindu.brain.casework.calendar import Calendar, Days, read, shipped
from mindu.brain.casework.terms import dial, parts

CALENDAR = Calendar(shipped())
# Working days of each year, counted day by day with an independent library.
COUNTED = {
    2004: 252,
    2005: 250,
    2006: 251,
    2007: 249,
    2008: 251,
    2009: 250,
    2010: 250,
    2011: 250,
    2012: 249,
    2013: 250,
    2014: 250,
    2015: 249,
    2016: 250,
    2017: 249,
    2018: 250,
    2019: 250,
    2020: 249,
    2021: 250,
    2022: 249,
    2023: 249,
    2024: 251,
    2025: 248,
    2026: 248,
}


def second(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+08:00").timestamp())


def told(instant: int) -> str:
    return CALENDAR.at(instant).strftime("%Y-%m-%d %H:%M")


def test_every_announced_year_has_as_many_working_days_as_were_announced() -> None:
    for year, count in COUNTED.items():
        days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
        assert sum(CALENDAR.works(d) for d in days if d.year == year) == count, year


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2024-02-04", True), ("2024-02-09", True), ("2024-02-10", False), ("2024-02-18", True),
        ("2025-01-26", True), ("2025-02-04", False), ("2025-10-08", False), ("2025-10-11", True),
        ("2026-01-02", False), ("2026-01-04", True), ("2026-02-14", True), ("2026-02-23", False),
        ("2026-05-09", True), ("2026-09-20", True), ("2026-10-07", False), ("2026-10-10", True),
    ],
)  # fmt: skip
def test_holidays_and_swap_days_are_those_of_the_notices(day: str, works: bool) -> None:  # noqa: FBT001
    assert CALENDAR.works(date.fromisoformat(day)) is works


def test_every_announced_day_names_its_notice() -> None:
    line = CALENDAR.line(date(2026, 2, 14))
    assert line is not None
    assert (line.what, line.name, line.source) == ("work", "春节", "国办发明电〔2025〕7号")


def test_a_year_that_no_notice_arranged_is_reckoned_and_says_so() -> None:
    assert CALENDAR.known(date(2026, 12, 31))
    assert not CALENDAR.known(date(2027, 1, 1))
    assert not CALENDAR.works(date(2027, 1, 1))
    assert not CALENDAR.works(date(2027, 10, 1))
    assert CALENDAR.works(date(2027, 1, 4))
    assert not CALENDAR.works(date(2055, 7, 3))  # a Saturday far beyond every table


def test_fifteen_working_days_from_december_2026_end_in_january_2027() -> None:
    due = dial("15wd", second("2026-12-16 10:00"), CALENDAR).due
    assert told(due) == "2027-01-07 17:30"


def test_a_term_counts_swap_saturdays_and_skips_the_golden_week() -> None:
    # After 2026-09-30: 1 to 7 October are off, 8 and 9 worked, Saturday the 10th worked.
    assert told(dial("3wd", second("2026-09-30 16:00"), CALENDAR).due) == "2026-10-10 17:30"


def test_what_comes_in_on_a_day_off_counts_from_the_next_working_day() -> None:
    assert told(dial("1wd", second("2026-10-03 09:00"), CALENDAR).due) == "2026-10-08 17:30"


def test_office_time_adds_up_and_runs_back() -> None:
    since = second("2026-09-30 16:30")
    assert CALENDAR.worked(since, second("2026-10-08 09:30")) == 2 * 3600
    for seconds in (0, 1, 3600, 3601, 9 * 3600, 100 * 3600):
        assert CALENDAR.worked(since, CALENDAR.after(since, seconds)) == seconds


def test_a_table_that_contradicts_itself_is_refused() -> None:
    days = [Days(date(2027, 1, 1), date(2027, 1, 3), what, "x", "y") for what in ("off", "work")]
    with pytest.raises(ValueError, match="both off and work"):
        Calendar(days)
    with pytest.raises(ValueError, match="line 1"):
        read([("2027-13-01", "2027-01-01", "off", "x", "y")])


def test_hours_and_working_days_are_not_mixed() -> None:
    assert parts("5wd+5wd") == {"h": 0, "wd": 10}
    for term in ("5", "2h+1wd", "0wd", "900wd", "-1wd", ""):
        with pytest.raises(ValueError, match="no term"):
            parts(term)


def test_a_city_with_summer_time_keeps_office_hours_on_its_own_clock() -> None:
    abroad = Calendar((), zone=ZoneInfo("Europe/Berlin"))
    friday = int(datetime(2026, 3, 27, 9, tzinfo=UTC).timestamp())
    monday = abroad.closing(friday, 1)  # the clock is put forward in between
    assert abroad.at(monday).strftime("%Y-%m-%d %H:%M") == "2026-03-30 17:30"
