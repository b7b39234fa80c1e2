"""Laws that FEEL keeps for any text, number, date and pattern."""

import re
from datetime import date
from decimal import Decimal, localcontext

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mindu.engines.rules import FeelError, Limits, compile_feel, compile_tests
from mindu.engines.rules.library.catalogue import builtins
from mindu.engines.rules.value.calendar import (
    Date,
    Moment,
    Months,
    Time,
    a_date,
    add_months,
    from_ordinal,
    ordinal,
    weekday,
)
from mindu.engines.rules.value.numbers import CONTEXT
from mindu.engines.rules.value.texts import (
    read_date,
    read_duration,
    read_moment,
    read_time,
    write_date,
    write_days,
    write_moment,
    write_months,
    write_time,
)

LIMITS = Limits(steps=20_000, matching=5_000)
WORDS = (
    *("1", "2.5", "x", "y z", "?", "@", '"a"', '@"P1D"', '@"2024-05-01"', "1e6000", "[1..3]"),
    *("[", "]", "(", ")", "{", "}", ",", ".", "..", ":", "a:", "+", "-", "*", "/", "**"),
    *("=", "!=", "<", "<=", ">", ">=", "and", "or", "not(", "in", "between", "instance of"),
    *("if", "then", "else", "for", "return", "some", "every", "satisfies", "function("),
    *("list<number>", "external", "null", "true", "partial", "item"),
)
GIVEN = {"x": 3, "y z": [1, {"a": 2}]}
VALUES = (
    *("1", "-3", "2.5", "1e6000", "null", "true", "[]", "{}", "[1,2,3]", "{a: 1}", "x", "y z"),
    *('"a"', '"P1D"', '"(a+)+$"', '"aaaaaaaaaaaaaaaaaaaaaaaa!"', '"[1..3]"', '"2024-05-01"'),
    *('@"2024-05-01"', '@"P1M"', '@"P1D"', '@"10:00:00@Europe/Paris"', "[1..3]", "(< 5)"),
    *("function(a) a", "function(a, b) a < b", "[[1], [2]]", '@"2024-05-01T10:00:00Z"'),
)

exact = st.decimals(
    allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9
)
days = st.builds(from_ordinal, st.integers(-(10**7), 10**7))
nanos = st.integers(0, 86_400 * 10**9 - 1)
zones = st.one_of(
    st.none(), st.integers(-14 * 60, 14 * 60).map(lambda m: m * 60), st.just("Asia/Shanghai")
)


def said(text: str, /, **values: object) -> object:
    return compile_feel(text, values).eval(values).value


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
@example("[1..[1..[1..[1..[1..[1..[")
@example("(" * 200)
@example("1" + "+1" * 3000)
@example('"\\uD83D"')
def test_any_text_is_an_expression_or_a_clear_mistake(text: str) -> None:
    for reads in (compile_feel, compile_tests):
        found: FeelError | None = None
        try:
            reads(text).eval({"?": 1}, limits=LIMITS)
        except FeelError as mistake:
            found = mistake
        assert found is None or (0 <= found.at <= len(text) and found.expected)


@settings(max_examples=250, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=16).map(" ".join))
def test_any_string_of_feel_words_is_answered(text: str) -> None:
    try:
        expression = compile_feel(text, GIVEN)
    except FeelError:
        return
    answer = expression.eval(GIVEN, limits=LIMITS)
    assert len(answer.warnings) <= LIMITS.warnings + 1


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(builtins())), st.lists(st.sampled_from(VALUES), max_size=4))
def test_every_built_in_function_answers_any_arguments(name: str, values: list[str]) -> None:
    answer = compile_feel(f"{name}({', '.join(values)})", GIVEN).eval(GIVEN, limits=LIMITS)
    assert answer.value is not None or isinstance(answer.warnings, tuple)


@given(exact, exact)
def test_sums_and_differences_of_decimals_are_exact(a: Decimal, b: Decimal) -> None:
    with localcontext(CONTEXT):
        assert said("a + b - b", a=a, b=b) == a
        assert said("a - b", a=a, b=b) == a - b
        assert said("a * b = b * a", a=a, b=b) is True
        assert said("(a < b) = (b > a)", a=a, b=b) is True


@given(exact, exact.filter(bool))
def test_floor_division_and_modulo_make_the_whole(a: Decimal, b: Decimal) -> None:
    assert said("floor(a / b) * b + modulo(a, b)", a=a, b=b) == a
    rest = said("modulo(a, b)", a=a, b=b)
    assert isinstance(rest, Decimal)
    assert rest == 0 or (rest < 0) == (b < 0)


@given(st.integers(1, 9999), st.integers(1, 12), st.integers(1, 28), st.integers(-90_000, 90_000))
def test_days_are_counted_as_the_calendar_counts_them(y: int, m: int, d: int, more: int) -> None:
    ours, theirs = Date(y, m, d), date(y, m, d)
    assert ordinal(ours) == theirs.toordinal() - date(1970, 1, 1).toordinal()
    assert weekday(ours) == theirs.isoweekday()
    assert said("week of year(d)", d=theirs) == theirs.isocalendar().week
    text = 'd + duration("P1D") * n - duration("P1D") * n'
    assert said(text, d=theirs, n=more) == ours
    assert from_ordinal(ordinal(ours)) == ours


@given(days, st.integers(-5000, 5000))
def test_months_go_forth_and_back_but_for_the_clamped_day(day: Date, months: int) -> None:
    there = add_months(day, months)
    assert a_date(there.year, there.month, there.day) == there
    back = add_months(there, -months)
    assert (back.year, back.month) == (day.year, day.month)
    assert back.day <= day.day
    assert back.day == day.day or there.day >= 28


@given(days, nanos, zones)
def test_dates_and_times_are_read_as_they_are_written(
    day: Date, clock: int, zone: int | str | None
) -> None:
    assert read_date(write_date(day)) == day
    assert read_time(write_time(Time(clock, zone))) == Time(clock, zone)
    moment = Moment(day, clock, zone)
    assert read_moment(write_moment(moment)) == moment


@given(st.integers(-(10**6), 10**6), st.integers(-(10**18), 10**18))
def test_durations_are_read_as_they_are_written(months: int, nanos_: int) -> None:
    assert read_duration(write_months(Months(months))) == Months(months)
    found = said("d", d=read_duration("P1D"))
    assert found is not None
    days_ = type(found)(nanos_)  # type: ignore[call-arg]
    assert read_duration(write_days(days_)) == days_  # type: ignore[arg-type]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "(a|b)", "(?:ab)", "a*", "b+?", "a{1,2}"]),
        min_size=1,
        max_size=5,
    ).map("".join),
    st.text("abc", max_size=8),
)
def test_patterns_find_what_other_engines_find(pattern: str, text: str) -> None:
    theirs = re.search(pattern, text) is not None
    assert said("matches(text, pattern)", text=text, pattern=pattern) is theirs
    if re.search(pattern, "") is None:
        replaced = said('replace(text, pattern, "-")', text=text, pattern=pattern)
        assert replaced == re.sub(pattern, "-", text)


@given(st.lists(st.integers(-50, 50), max_size=12))
def test_lists_are_sorted_and_counted(items: list[int]) -> None:
    assert said("sort(items, function(a, b) a < b)", items=items) == sorted(items)
    assert said("count(distinct values(items))", items=items) == len(set(items))
    assert said("sum(items)", items=items) == (sum(items) if items else None)
    assert said("items[item > 0]", items=items) == [item for item in items if item > 0]
    assert said("reverse(reverse(items)) = items", items=items) is True
