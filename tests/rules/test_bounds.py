"""Nothing that is uploaded can hang, crash or read more than the model it is."""

from decimal import Decimal
from pathlib import Path

import pytest
from dmn_words import SPACE, decision, definitions, feel
from hypothesis import given, settings
from hypothesis import strategies as st

from mindu.base.time import monotonic
from mindu.engines.rules import Limits, ModelError, compile_feel, load, tck

ENDLESS = {
    "a loop of loops": "for i in 1..1000000, j in 1..1000000 return i",
    "a sum that never ends": "sum(for i in 1..100000000 return 1)",
    "a list that doubles": "{a: [1, 2], f: function(x, n, f) if n = 0 then x else "
    "f(concatenate(x, x), n - 1, f), r: f(a, 50, f)}.r",
    "a text that doubles": '{f: function(x, n, f) if n = 0 then x else f(x + x, n - 1, f), '
    'r: f("ab", 50, f)}.r',
    "a function of itself": "{f: function(f) f(f), r: f(f)}.r",
    "some among too many": "some i in 1..10000000 satisfies i < 0",
    "a bad pattern again and again": "some i in 1..1000000 satisfies "
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")',
    "a long text again and again": "for i in 1..1000000 return upper case(string join("
    'for j in 1..1000 return "aaaaaaaaaa"))',
    "logarithms again and again": "for i in 1..1000000 return log(exp(14000.123))",
    "a filter of too many": "(for i in 1..10000000 return i)[item < 0]",
    "a list of lists of lists": "string({"
    + "a0: [1, 1], " + ", ".join(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, 40)) + "})",
    "a list of lists, flat": "flatten({"
    + "a0: [1, 1], " + ", ".join(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, 40)) + "}.a39)",
}  # fmt: skip


@pytest.mark.parametrize("text", ENDLESS.values(), ids=list(ENDLESS))
def test_an_expression_that_never_ends_is_stopped_with_a_warning(text: str) -> None:
    began = monotonic()
    answer = compile_feel(text).eval(limits=Limits(steps=100_000))
    assert answer.value is None
    assert answer.warnings[-1].code in {"steps", "depth", "length"}
    assert monotonic() - began < 5


def test_a_pattern_that_backtracks_for_ever_is_stopped_and_the_rest_goes_on() -> None:
    text = 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$") = null and 1 = 1'
    answer = compile_feel(text).eval(limits=Limits(matching=20_000))
    assert answer.value is True
    assert answer.warnings[0].code == "steps"


def test_numbers_beyond_decimal128_are_null_and_inputs_too_deep_are_refused() -> None:
    echo = compile_feel("x", ["x"])
    for far in (10**7000, Decimal("1e9999"), float("inf"), float("nan"), Decimal("sNaN")):
        assert echo.eval({"x": far}).value is None
    assert echo.eval({"x": 10**6000}).value == Decimal(10) ** 6000
    deep: list[object] = []
    for _ in range(100):
        deep = [deep]
    with pytest.raises(ValueError, match="flatten"):
        echo.eval({"x": deep})
    with pytest.raises(ValueError, match="plain Python"):
        echo.eval({"x": object()})


def test_values_nested_a_thousand_deep_are_no_crash() -> None:
    text = "for i in 1..3000 return if i = 1 then [] else [partial[-1]]"
    assert compile_feel(f"string({text})").eval().value is None
    assert compile_feel(f"({text}) = ({text})").eval().value in {None, True}


ENTITY = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "{0}">]><definitions xmlns="' + SPACE + '">'
HOSTILE = {
    "an entity": ENTITY.format("x") + "&a;</definitions>",
    "a file of the machine": '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]><d>&a;</d>',
    "a document type": '<!DOCTYPE d SYSTEM "http://example.test/d.dtd"><d/>',
    "a bomb": '<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]><d>&c;</d>',
    "a deep well": "<a>" * 5000 + "</a>" * 5000,
    "half a file": f'<definitions xmlns="{SPACE}"><decision',
    "another thing": "<html/>",
    "nothing": "",
    "noughts": "\0\0\0",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_a_file_that_is_no_model_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(ModelError) as told:
        load(text)
    assert told.value.problem.en
    assert any("\u4e00" <= letter <= "\u9fff" for letter in told.value.problem.zh)


def test_a_model_of_too_many_bytes_is_refused_before_it_is_read() -> None:
    with pytest.raises(ModelError, match="16000000"):
        load(b" " * 16_000_001)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_model_or_are_refused(data: bytes) -> None:
    with pytest.raises(ModelError):
        load(data)


def test_models_that_import_each_other_are_refused() -> None:
    def importing(own: str, other: str) -> str:
        line = f'<import namespace="{other}" name="o" importType="{SPACE}"/>'
        return definitions(line, space=own)

    texts = {"urn:a": importing("urn:a", "urn:b"), "urn:b": importing("urn:b", "urn:a")}
    with pytest.raises(ModelError, match="circle"):
        load(texts["urn:a"], resolve=lambda space, _: texts[space])


CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>m.dmn</modelName>
 <testCase id="1"><resultNode name="two"><expected><value xsi:type="xsd:decimal">2</value>
 </expected></resultNode></testCase><testCase id="2"><resultNode name="two"><expected>
 <value xsi:type="xsd:decimal">3</value></expected></resultNode></testCase></testCases>"""


def test_the_judge_counts_what_passes_and_says_why_the_rest_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "compliance-level-2" / "0001-own"
    folder.mkdir(parents=True)
    (folder / "m.dmn").write_text(definitions(decision("two", feel("1 + 1"))), encoding="utf-8")
    (folder / "m-test-01.xml").write_text(CASES, encoding="utf-8")
    assert tck.main([str(tmp_path), "--level", "2", "--fails"]) == 1
    told = capsys.readouterr()
    assert '"passed": 1, "total": 2' in told.out
    assert "expected 3, got 2" in told.err
