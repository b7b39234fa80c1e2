"""FEEL says what its text says: values, names, functions, and null where there is no answer."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from mindu.engines.rules import FeelError, compile_feel, compile_tests, plain

SAYS: dict[str, object] = {
    "0.1 + 0.2": 0.3,
    "string(1 / 3)": "0." + "3" * 34,
    "2 ** 10": 1024,
    "-2 ** 2": 4,
    "10 - 2 - 3": 5,
    '"闽" + "都"': "闽都",
    'string length("🌊潮")': 2,
    "if 3 > 2 then 1 else 2": 1,
    "for i in 1..3, j in [10, 20] return i * j": [10, 20, 20, 40, 30, 60],
    "for i in 3..1 return i": [3, 2, 1],
    "for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2]": [1, 1, 2, 3, 5],
    "some x in [1, 5] satisfies x > 4": True,
    "every x in [1, 5] satisfies x > 4": False,
    "5 in (1..5]": True,
    "5 in [1..5)": False,
    "5 in (< 3, 5)": True,
    "7 between 1 and 7": True,
    "[5, 6, 7][2]": 6,
    "[5, 6, 7][-1]": 7,
    "[5, 6, 7][item > 5]": [6, 7],
    "[{age: 6, name: 1}, {age: 9, name: 2}][age > 7].name": [2],
    "{rate: 2, total: rate * 3}.total": 6,
    "{add: function(a: number, b) a + b, sum: add(b: 1, a: 2)}.sum": 3,
    "sort([3, 1, 2], function(a, b) a > b)": [3, 2, 1],
    'date("2024-02-29") + duration("P1Y")': "2025-02-28",
    'date("2024-03-31") - duration("P1M")': "2024-02-29",
    'string(date("2024-01-01") - date("2023-12-25"))': "P7D",
    '@"2024-05-01T08:00:00@Asia/Shanghai" = @"2024-05-01T00:00:00Z"': True,
    'years and months duration(date("2020-05-06"), date("2024-05-05"))': "P3Y11M",
    '@"2024-05-01".weekday': 3,
    'week of year(date("2021-01-03"))': 53,
    '[1..10] = range("[1..10]")': True,
    "overlaps([1..5], [5..9])": True,
    "before([1..5), [5..9])": True,
    "3 instance of number": True,
    '["a"] instance of list<number>': False,
    'replace("2024年5月", "([0-9]+)年([0-9]+)月", "$2/$1")': "5/2024",
    'split("甲、乙、丙", "、")': ["甲", "乙", "丙"],
    'number("1 234,5", " ", ",")': 1234.5,
    "decimal(2.5, 0)": 2,
    "round half up(-2.5, 0)": -3,
    "modulo(-7, 3)": 2,
    "median([1, 2, 3, 10])": 2.5,
    'get value({a: {b: "c"}}, ["a", "b"])': "c",
    "distinct values([1, 1.0, null, null])": [1, None],
    "true and null": None,
    "false and null": False,
    "null = 1": False,
    "// a remark\n1 /* and one more */ + 1": 2,
}


@pytest.mark.parametrize("text", SAYS)
def test_an_expression_says_what_it_says(text: str) -> None:
    assert plain(compile_feel(text).eval().value) == SAYS[text]


NULLS = {
    '"3" + 4': "operator",
    "1 / 0": "number",
    "10 ** 6000 * 10 ** 6000": "number",
    '1 < "a"': "compare",
    "no such name": "unknown",
    "{a: 1}.b": "member",
    "[1, 2][5]": "index",
    'date("2024-02-30")': "literal",
    '@"25:00:00"': "literal",
    "sqrt(-1)": "number",
    'number("１２")': "literal",
    "{a: 1, a: 2}": "twice",
    'if "yes" then 1 else 2': "condition",
    "now()": "clock",
    "random number()": "dice",
    'matches("a", "(")': "literal",
    "(3)(4)": "call",
}


@pytest.mark.parametrize("text", NULLS)
def test_what_has_no_answer_is_null_with_a_warning_in_both_languages(text: str) -> None:
    answer = compile_feel(text).eval()
    assert answer.value is None
    (warning, *_) = answer.warnings
    assert warning.code == NULLS[text]
    assert 0 <= warning.position < len(text)
    assert warning.en
    assert any("\u4e00" <= letter <= "\u9fff" for letter in warning.zh)


def test_an_external_function_is_refused_and_says_so() -> None:
    text = '{f: function(a) external {java: {class: "x", method signature: "y()"}}, r: f(1)}.r'
    answer = compile_feel(text).eval()
    assert answer.value is None
    assert answer.warnings[0].code == "external"


def test_names_with_blanks_and_signs_are_found_in_scope_longest_first() -> None:
    scope = {"rain": 1, "rain last hour": 20, "a-b": 7, "a": 5, "b": 3}
    assert compile_feel("rain last hour + rain", scope).eval(scope).value == 21
    assert compile_feel("a-b", scope).eval(scope).value == 7
    assert compile_feel("a-b", ["a", "b"]).eval(scope).value == 2


def test_a_filter_sees_the_members_of_its_items_before_what_is_outside() -> None:
    rows = {"rows": [{"age": 80}, {"age": 60}], "age": 70}
    kept = compile_feel("rows[age >= 70]", rows).eval(rows).value
    assert kept == [{"age": Decimal(80)}]


def test_python_values_come_in_as_their_own_kind() -> None:
    scope = {
        "born": date(1944, 3, 1),
        "at": datetime(2024, 5, 1, 8, tzinfo=UTC),
        "long": timedelta(hours=36),
        "half": 0.5,
    }
    text = "[born.year, string(at), string(long), half + half]"
    assert plain(compile_feel(text, scope).eval(scope).value) == [
        1944,
        "2024-05-01T08:00:00Z",
        "P1DT12H",
        1,
    ]


def test_a_lambda_keeps_what_it_saw_when_it_was_made() -> None:
    text = "for f in (for i in 1..3 return function() i) return f()"
    assert plain(compile_feel(text).eval().value) == [1, 2, 3]


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("-", None, True),
        ('"老人","儿童"', "儿童", True),
        ("not(1, 2)", 2, False),
        ("[60..80)", 80, False),
        ("? * 2 > 10", 6, True),
        ("< 5, > 9", 7, False),
        ("null", None, True),
    ],
)
def test_a_cell_tests_the_value_beside_it(cell: str, value: object, *, passes: bool) -> None:
    assert compile_tests(cell).eval({"?": value}).value is passes


@pytest.mark.parametrize(
    ("text", "at"), [("1 +", 3), ("if true then 1", 14), ('"open', 0), ("[1, 2", 5), ("a b c §", 6)]
)
def test_a_text_that_cannot_be_read_says_where(text: str, at: int) -> None:
    with pytest.raises(FeelError) as told:
        compile_feel(text, ["a b c"])
    assert told.value.at == at
    assert any("\u4e00" <= letter <= "\u9fff" for letter in told.value.chinese)


@pytest.mark.parametrize("text", ['contains(a\uff0c"b")', "a \u2265 3", "max\uff081, 2)"])
def test_a_full_width_mark_is_told_what_to_write_instead(text: str) -> None:
    with pytest.raises(FeelError, match="write") as told:
        compile_feel(text, ["a"])
    assert "半角" in told.value.chinese


def test_a_name_that_hides_a_full_width_mark_is_told_so() -> None:
    (warning, *_) = compile_feel("a\uff1d3", ["a"]).eval({"a": 3}).warnings
    assert "半角" in warning.zh
