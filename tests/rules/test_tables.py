"""Decision tables give what their rows say, under every hit policy."""

from collections.abc import Callable

import pytest
from dmn_words import decision, definitions, feel, given, table
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from mindu.engines.rules import compile_tests, load, plain

Rows = list[tuple[tuple[int | None, int | None], str | None, int]]


def decided(xml: str, **inputs: object) -> object:
    return plain(load(xml).decide("Out", inputs).value)


def overlapping(policy: str, *, output: str = "") -> str:
    rows = [(["< 10"], ['"low"']), (["< 20"], ['"middle"']), (["< 20"], ['"low"'])]
    logic = table(["x"], rows, policy=policy, outputs=[output])
    return definitions(given("x", "number"), decision("Out", logic, "i x"))


ORDER = '|"middle","low"'
GIVES: dict[str, object] = {
    "FIRST": "low",
    "RULE ORDER": ["low", "middle", "low"],
    "COLLECT": ["low", "middle", "low"],
    "COLLECT+COUNT": 3,
    "UNIQUE": None,
    "ANY": None,
}


@pytest.mark.parametrize("policy", GIVES)
def test_overlapping_rows_give_what_the_hit_policy_says(policy: str) -> None:
    assert decided(overlapping(policy), x=5) == GIVES[policy]


def test_priority_and_output_order_follow_the_list_of_outputs() -> None:
    assert decided(overlapping("PRIORITY", output=ORDER), x=5) == "middle"
    ranked = decided(overlapping("OUTPUT ORDER", output=ORDER), x=5)
    assert ranked == ["middle", "low", "low"]


def test_a_unique_table_with_two_hits_says_so_in_both_languages() -> None:
    result = load(overlapping("UNIQUE")).decide("Out", {"x": 5})
    (warning,) = result.warnings
    assert warning.code == "several"
    assert "UNIQUE" in warning.en
    assert "命中" in warning.zh


def test_no_hit_is_the_default_or_null() -> None:
    rows = [(["> 100"], ["1"])]
    plainly = definitions(given("x"), decision("Out", table(["x"], rows), "i x"))
    fallback = table(["x"], rows, outputs=["n||7"])
    assert decided(plainly, x=1) is None
    assert decided(definitions(given("x"), decision("Out", fallback, "i x")), x=1) == 7


def test_several_outputs_are_a_context() -> None:
    rows = [(["true", "-"], ['"yes"', "x + 1"]), (["false", "> 3"], ['"no"', "0"])]
    logic = table(["x > 5", "x"], rows, outputs=["answer", "next"])
    xml = definitions(given("x", "number"), decision("Out", logic, "i x"))
    assert decided(xml, x=6) == {"answer": "yes", "next": 7}
    assert decided(xml, x=4) == {"answer": "no", "next": 0}


def test_an_input_outside_its_allowed_values_is_refused() -> None:
    logic = table(["x"], [(["-"], ["1"])]).replace(
        "</inputExpression>", '</inputExpression><inputValues><text>"a","b"</text></inputValues>'
    )
    model = load(definitions(given("x"), decision("Out", logic, "i x")))
    assert plain(model.decide("Out", {"x": "a"}).value) == 1
    refused = model.decide("Out", {"x": "c"})
    assert refused.value is None
    assert refused.warnings[0].code == "allowed"


bounds = st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9))
rows_ = st.lists(
    st.tuples(bounds, st.none() | st.sampled_from("abc"), st.integers(0, 4)), max_size=9
)


def cell(low: int | None, high: int | None) -> str:
    if low is None:
        return "-" if high is None else f"<= {high}"
    return f">= {low}" if high is None else f"[{low}..{high}]"


def matches(row: tuple[tuple[int | None, int | None], str | None, int], x: int, s: str) -> bool:
    (low, high), letter, _ = row
    inside = (low is None or low <= x) and (high is None or x <= high)
    return inside and letter in {None, s}


FOLDS: dict[str, Callable[[list[int]], object]] = {
    "COLLECT+SUM": sum,
    "COLLECT+MIN": min,
    "COLLECT+MAX": max,
    "PRIORITY": max,
    "FIRST": lambda hits: hits[0],
    "UNIQUE": lambda hits: hits[0] if len(hits) == 1 else None,
    "ANY": lambda hits: hits[0] if len(set(hits)) == 1 else None,
    "COLLECT+COUNT": len,
}


def naive(policy: str, hits: list[int]) -> object:
    if policy == "OUTPUT ORDER":
        return sorted(hits, reverse=True)
    if policy in {"RULE ORDER", "COLLECT"}:
        return hits
    return FOLDS[policy](hits) if hits else None


POLICIES = (
    *("UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER"),
    *("COLLECT", "COLLECT+SUM", "COLLECT+MIN", "COLLECT+MAX", "COLLECT+COUNT"),
)


@settings(max_examples=60, deadline=None)
@for_any(rows_, st.integers(0, 9), st.sampled_from("abc"), st.sampled_from(POLICIES))
def test_a_table_decides_as_a_naive_reader_of_it_does(
    rows: Rows, x: int, s: str, policy: str
) -> None:
    written = [
        ([cell(low, high), f'"{letter}"' if letter else "-"], [str(out)])
        for (low, high), letter, out in rows
    ]
    logic = table(["x", "s"], written, policy=policy, outputs=["n|4,3,2,1,0"])
    xml = definitions(given("x"), given("s"), decision("Out", logic, "i x", "i s"))
    hits = [row[2] for row in rows if matches(row, x, s)]
    assert decided(xml, x=x, s=s) == naive(policy, hits)


@settings(max_examples=30, deadline=None)
@for_any(
    st.lists(
        st.sampled_from(
            ["< 3", ">= 3", "[1..5)", "(1..5]", "3", "> 9, < 2", "not(3)", '"a"', "[5..1]"]
        ),
        min_size=1,
        max_size=8,
    ),
    st.one_of(st.integers(0, 10), st.sampled_from(["a", None, True, 2.5, [3], {"a": 3}])),
)
def test_a_column_sifts_as_each_of_its_cells_would_alone(cells: list[str], value: object) -> None:
    rows = [([one], [str(number)]) for number, one in enumerate(cells)]
    logic = table(["x"], rows, policy="RULE ORDER")
    together = decided(definitions(given("x"), decision("Out", logic, "i x")), x=value)
    alone = [compile_tests(one).eval({"?": value}).value is True for one in cells]
    assert together == [number for number, passes in enumerate(alone) if passes]


def test_a_table_of_a_thousand_rows_tells_the_one_that_matched() -> None:
    rows = [([f"[{n}..{n + 1})", "-"], [str(n * n)]) for n in range(1000)]
    xml = definitions(given("x"), decision("Out", table(["x", "1"], rows), "i x"), feel("1"))
    result = load(xml).decide("Out", {"x": 731.5})
    assert plain(result.value) == 731 * 731
    assert [row.number for row in result.trace[-1].rows] == [732]


def test_an_output_outside_its_allowed_values_is_null_and_said() -> None:
    logic = table(["x"], [(["1"], ['"a"']), (["2"], ['"z"'])], outputs=['grade|"a","b"'])
    model = load(definitions(given("x"), decision("Out", logic, "i x")))
    assert model.decide("Out", {"x": 1}).value == "a"
    refused = model.decide("Out", {"x": 2})
    assert refused.value is None
    assert [warning.code for warning in refused.warnings] == ["allowed"]
