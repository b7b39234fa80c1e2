"""What asks for itself again: told at its shape where it is drawn, stopped where it is called."""

import sys

import pytest
from dmn_words import arrow, decision, definitions, feel

from mindu.engines.rules import Limits, load


def knows(name: str, logic: str, need: str) -> str:
    """Write a business knowledge model of `n` that needs another, or itself."""
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"/>'
        f'<encapsulatedLogic><formalParameter name="n"/>{feel(logic)}</encapsulatedLogic>'
        f"{arrow(need)}</businessKnowledgeModel>"
    )


def serves(logic: str) -> str:
    """Write a decision service whose one decision is asked for again by what it decides."""
    return (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#d x"/>'
        "</decisionService>" + decision("x", feel(logic), "s")
    )


ASKS = decision("x", feel("f(1)"), "f")
ROUND = {
    "knowledge that calls itself": knows("f", "f(n + 1)", "f") + ASKS,
    "two that call each other": knows("f", "g(n)", "g") + knows("g", "f(n)", "f") + ASKS,
    "one that calls itself twice": knows("f", "if n > 50 then 1 else f(n + 1) + f(n + 1)", "f")
    + ASKS,
    "one that calls itself in a filter": knows("f", "[1, 2, 3][f(item) > 0]", "f") + ASKS,
    "a service of itself": serves("s() + 1"),
}


@pytest.mark.parametrize("inside", ROUND.values(), ids=list(ROUND))
def test_knowledge_that_calls_itself_for_ever_is_stopped_and_said_in_both_languages(
    inside: str,
) -> None:
    result = load(definitions(inside)).decide("x", {}, limits=Limits(steps=100_000))
    assert result.value is None
    last = result.warnings[-1]
    assert last.code in {"depth", "steps"}
    assert "stopped" in last.en
    assert "停止" in last.zh


def rings(count: int) -> str:
    every = (
        decision(f"n{n}", feel(f"n{(n + 1) % count}"), f"d n{(n + 1) % count}")
        for n in range(count)
    )
    return definitions(*every)


@pytest.mark.parametrize("count", [1, 2, 300])
def test_decisions_that_require_each_other_are_told_each_at_its_own_shape(count: int) -> None:
    model = load(rings(count))
    assert [one.element for one in model.problems] == [f"d n{n}" for n in range(count)]
    assert all("循环" in one.zh and "circle" in one.en for one in model.problems)
    result = model.decide("n0", {})
    assert result.value is None
    assert "circle" in {one.code for one in result.warnings}


def calls(text: str, faults: int) -> int:
    """Count the calls that reading a model takes: they grow as the work does, and are no time."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1

    sys.setprofile(count)
    try:
        found = load(text).problems
    finally:
        sys.setprofile(None)
    assert len(found) == faults
    return seen


def test_a_circle_of_ten_thousand_decisions_is_told_with_hardly_more_work_than_a_chain() -> None:
    chain = definitions(
        decision("n0", feel("1")),
        *(decision(f"n{n}", feel(f"n{n - 1}"), f"d n{n - 1}") for n in range(1, 10_000)),
    )
    assert calls(rings(10_000), 10_000) < 4 * calls(chain, 0), "it took eleven times as long"
