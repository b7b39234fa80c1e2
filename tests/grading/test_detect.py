"""What names people and firms is found, and what only looks like it is left."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import BY_HAND, MAKERS, NOTHING, sentences

from mindu.engines.text.detect import KINDS, column, spans
from mindu.engines.text.detect.credit import is_credit


def scores(told: list[tuple[str, dict[str, str]]]) -> tuple[float, float]:
    """Return precision and recall over (kind, the words found)."""
    right = found = wanted = 0
    for text, secrets in told:
        had = {(span.kind, text[span.start : span.end]) for span in spans(text)}
        should = set(secrets.items())
        right, found, wanted = right + len(had & should), found + len(had), wanted + len(should)
    return right / found, right / wanted


def test_generated_sentences() -> None:
    told = [(text, {kind: secret} if kind else {}) for text, kind, secret in sentences(3_000, 7)]
    precision, recall = scores(told)
    assert precision >= 0.97, precision
    assert recall >= 0.97, recall


def test_sentences_by_hand() -> None:
    precision, recall = scores(list(BY_HAND))
    assert precision >= 0.93, precision
    assert recall >= 0.85, recall


@pytest.mark.parametrize("text", NOTHING)
def test_what_only_looks_like_it_is_left(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91350100154591587X"])
def test_a_credit_code_holds_its_check_sign(code: str) -> None:
    wrong = code[:-1] + ("1" if code[-1] != "1" else "2")
    assert not is_credit(wrong)
    assert not is_credit(code[:-1])


def test_columns_are_known_by_their_values_and_their_heading() -> None:
    dice = Random(3)
    for kind, make in MAKERS.items():
        heading = {"name": "联系人", "phone": "联系电话"}.get(kind, "c7")
        found = column(heading, [make(dice) for _ in range(200)])
        assert (found[0].kind, found[0].whole) == (kind, True), kind
        assert found[0].share > 0.9
    assert column("名称", ["陈志强", "林海燕"]) == []  # a name without a cue stays unknown
    assert column("水位", [f"{i / 7:.2f}" for i in range(500)]) == []
    words = ["路灯不亮"] * 95 + ["回电13800138000"] * 5
    (some,) = column("内容", words)
    assert (some.kind, some.whole, some.share) == ("phone", False, 0.05)


@given(st.text(st.sampled_from("0123456789X闽AB路号区陈先生，: 一二"), max_size=60))
def test_no_text_makes_it_stumble(text: str) -> None:
    found = spans(text)
    assert all(0 <= one.start < one.end <= len(text) and one.kind in KINDS for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
