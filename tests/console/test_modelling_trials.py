"""Trials: a process is stepped through, a decision names its rows and law, samples are held."""

from typing import Any

from drawings import allowance, office, permit
from night import Night
from visitor import Visitor

from mindu.console.server import Serving

pytest_plugins = ("served",)
MODELS = "/api/v1/models"


def drawer(night: Night, desk: Serving) -> Visitor:
    night.modelling = office()
    return Visitor(desk).as_("operator", "Lin")


def test_a_case_is_stepped_through_and_nothing_is_written(night: Night, desk: Serving) -> None:
    who = drawer(night, desk)
    assert night.modelling is not None
    before = len(night.modelling.processes.memory.log)
    told: dict[str, Any] = {"text": permit(), "vars": {"area": 420}, "steps": []}
    first = who.send(f"{MODELS}/try", told).json
    assert [w["node"] for w in first["waits"]] == ["accept"]
    told["steps"] = [{"wait": first["waits"][0]["id"], "by": "Wang", "yes": True}]
    second = who.send(f"{MODELS}/try", told).json
    assert {s["node"] for s in second["stands"]} == {"fire", "health"}
    assert second["passed"][1][:2] == ["large", "split"]
    late = next(w for w in second["waits"] if w["kind"] == "timer")
    assert late["node"] == "late"
    assert len(night.modelling.processes.memory.log) == before


def test_a_trial_goes_on_by_itself_to_its_end(night: Night, desk: Serving) -> None:
    who = drawer(night, desk)
    steps: list[dict[str, int]] = []
    came = who.send(f"{MODELS}/try", {"text": permit(), "vars": {"area": 9}, "steps": steps}).json
    while came["status"] == "running":
        steps.append({"wait": came["waits"][0]["id"]})
        told = {"text": permit(), "vars": {"area": 9}, "steps": steps}
        came = who.send(f"{MODELS}/try", told).json
    passed = [node for step in came["passed"] for node in step]
    assert "fire" not in passed
    assert passed[-1] == "end"
    assert came["vars"]["area"] == 9


def test_a_step_that_cannot_be_taken_says_where_and_keeps_the_others(
    night: Night, desk: Serving
) -> None:
    told = {"text": permit(), "vars": {"area": 9}, "steps": [{"wait": 99}]}
    came = drawer(night, desk).send(f"{MODELS}/try", told).json
    assert came["flaw"]["says"]["zh"]
    assert [s["node"] for s in came["stands"]] == ["accept"]
    gone = who_calls(permit())
    lost = drawer(night, desk).send(f"{MODELS}/try", {"text": gone, "vars": {}}).json
    assert "nowhere" in lost["flaw"]["says"]["en"]


def who_calls(text: str) -> str:
    """Turn the first task into a call of a process that nobody published."""
    call = (
        '<bpmn:callActivity id="accept"><bpmn:extensionElements><zeebe:calledElement '
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" processId="nowhere"/>'
        "</bpmn:extensionElements></bpmn:callActivity>"
    )
    head, _, rest = text.partition('<bpmn:userTask id="accept"')
    return head + call + rest.partition("</bpmn:userTask>")[2]


def test_a_decision_names_the_row_that_fired_and_its_law(night: Night, desk: Serving) -> None:
    told = {"text": allowance(), "inputs": {"age": 83}}
    came = drawer(night, desk).send(f"{MODELS}/decide", told).json
    assert came["value"] == {"route": "approve", "yuan": 100}
    rows = came["steps"][-1]["rows"]
    assert [(r["number"], r["rule"]) for r in rows] == [(1, "r1")]
    assert rows[0]["inputs"] == {"age": 83}
    assert "article 33" in came["basis"][0]


def test_a_decision_that_runs_for_ever_ends_with_a_warning(night: Night, desk: Serving) -> None:
    endless = allowance().replace(
        "<text>age</text>", "<text>count(for i in 1..100000000 return i)</text>"
    )
    came = drawer(night, desk).send(f"{MODELS}/decide", {"text": endless, "inputs": {}}).json
    assert came["warnings"]


def test_sample_cases_are_kept_with_the_draft_and_held(night: Night, desk: Serving) -> None:
    who = drawer(night, desk)
    samples = [
        {"name": "large", "given": {"area": 420}, "expects": "fire"},
        {"name": "small", "given": {"area": 9}, "expects": "fire"},
    ]
    told = {"name": "permit", "kind": "bpmn", "text": permit(), "samples": samples}
    draft = who.send(f"{MODELS}/draft", told).json["draft"]
    read = who.get(f"{MODELS}/draft?id={draft['id']}").json
    assert [s["name"] for s in read["samples"]] == ["large", "small"]
    came = who.send(f"{MODELS}/samples", {"text": permit(), "samples": samples}).json
    assert [(one["name"], one["fits"]) for one in came["items"]] == [
        ("large", True),
        ("small", False),
    ]
    ages = [
        {"name": "83", "given": {"age": 83}, "expects": '{"route":"approve","yuan":100}'},
        {"name": "70", "given": {"age": 70}, "expects": '{"route":"person","yuan":0}'},
    ]
    rules = who.send(f"{MODELS}/samples", {"text": allowance(), "samples": ages}).json
    assert rules["fit"] == 2
    assert rules["items"][1]["passed"] == ["r2"]
