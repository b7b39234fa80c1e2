"""Expressions spelled as other houses spell them run where they can mean only one thing."""

from datetime import UTC, datetime

import pytest

from mindu.engines.process import Engine, check, read
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.happenings import Done, Start
from mindu.engines.process.walk import Shelf

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CHOICE = (
    f'<definitions xmlns="{BPMN}" id="d"><process id="p" isExecutable="true">'
    '<dataObject id="o" name="approved"/><dataObject id="c" name="clarified"/>'
    '<startEvent id="s"/><sequenceFlow id="f0" sourceRef="s" targetRef="x"/>'
    '<exclusiveGateway id="x" default="no"/>'
    '<sequenceFlow id="yes" sourceRef="x" targetRef="granted">'
    "<conditionExpression>{}</conditionExpression></sequenceFlow>"
    '<sequenceFlow id="no" sourceRef="x" targetRef="refused"/>'
    '<endEvent id="granted" name="granted"/><endEvent id="refused" name="refused"/>'
    "</process></definitions>"
)
RULE = (
    f'<definitions xmlns="{BPMN}" xmlns:zeebe="{ZEEBE}" id="d"><process id="p">'
    '<startEvent id="s"/><sequenceFlow id="f0" sourceRef="s" targetRef="x"/>'
    '<businessRuleTask id="x" name="Vacation"><extensionElements><zeebe:ioMapping>'
    '<zeebe:output source="= {}" target="answer"/>'
    "</zeebe:ioMapping></extensionElements></businessRuleTask>"
    '<sequenceFlow id="f1" sourceRef="x" targetRef="e"/><endEvent id="e"/></process></definitions>'
)


@pytest.mark.parametrize(("condition", "facts", "outcome"), [
    ("bpmn:getDataObject('approved')", {"approved": True}, "granted"),
    ("bpmn:getDataObject('approved')", {"approved": False}, "refused"),
    ("not(bpmn:getDataObject('approved'))", {"approved": False}, "granted"),
    ("bpmn:getDataObject('clarified') = 'yes'", {"clarified": "yes"}, "granted"),
    ("bpmn:getDataObject('clarified') = 'yes'", {"clarified": "no"}, "refused"),
])  # fmt: skip
def test_a_condition_in_the_language_that_bpmn_begins_with_decides_as_it_says(
    condition: str, facts: dict[str, object], outcome: str
) -> None:
    definition = read(CHOICE.replace("{}", condition))
    assert not check(definition)
    shelf = Shelf()
    moved = Engine(shelf).start(shelf.add(definition), Start(vars=facts), NOW)
    assert moved.state.outcome == outcome
    assert read(write(definition)).flows == definition.flows


def test_what_a_decision_gives_back_may_have_blanks_in_its_name() -> None:
    definition = read(RULE.replace("{}", "Vacation Approval Status.Days left"))
    assert not check(definition)
    shelf = Shelf()
    engine = Engine(shelf)
    begun = engine.start(shelf.add(definition), Start(), NOW).state
    given = {"Vacation Approval Status": {"Days left": 7}}
    ended = engine.step(begun, Done(wait=begun.waits[0].id, vars=given), NOW).state
    assert ended.left["answer"] == 7


@pytest.mark.parametrize("source", ["Status Approval then yes", "Status Approval + 1 2"])
def test_what_could_mean_something_else_is_still_refused(source: str) -> None:
    assert any(one.element == "x" for one in check(read(RULE.replace("{}", source))))
