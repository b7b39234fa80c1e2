"""What the public models leave open is refused at upload, by its element, in both languages."""

import re

import pytest

from mindu.engines.process import check, read
from mindu.engines.rules import Problem

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">'
    '<startEvent id="s"/><sequenceFlow id="f0" sourceRef="s" targetRef="x"/>{}'
    '<endEvent id="e"/></process></definitions>'
)
ON = '<sequenceFlow id="f1" sourceRef="x" targetRef="e"/>'
LOOP = '<task id="x" name="Print"><multiInstanceLoopCharacteristics/></task>'
TIMER = (
    '<intermediateCatchEvent id="x" name="Wait"><timerEventDefinition/></intermediateCatchEvent>'
)
CONDITION = (
    '<intermediateCatchEvent id="x" name="Wait"><conditionalEventDefinition/>'
    "</intermediateCatchEvent>"
)
TAKES_BACK = (
    '<subProcess id="x" triggeredByEvent="true" name="Undo"><startEvent id="u" name="Booking">'
    "<compensateEventDefinition/></startEvent></subProcess>"
)
CHOICE = (
    '<exclusiveGateway id="x" name="Level"/><sequenceFlow id="f2" sourceRef="x" targetRef="e">'
    "<conditionExpression>{}</conditionExpression></sequenceFlow>"
)


def refused(drawing: str) -> list[Problem]:
    return list(check(read(HEAD.format(drawing + ON))))


@pytest.mark.parametrize(("drawing", "element", "en", "zh"), [
    (TIMER, "'Wait' (x)", "says no time", "定时器没有时间"),
    (CONDITION, "'Wait' (x)", "condition is empty", "条件为空"),
    (LOOP, "'Print' (x)", "neither how many nor which", "多实例未说明次数"),
    (TAKES_BACK, "'Booking' (u)", "compensation event cannot stand here", "此处不能使用补偿事件"),
    (CHOICE.format("${approved}"), "f2", "is no FEEL", "不是 FEEL"),
    (CHOICE.format("Service Level == 'Premium'"), "f2", "is no FEEL", "不是 FEEL"),
    (CHOICE.format("approved by hand"), "f2", "is no FEEL", "不是 FEEL"),
    (CHOICE.format("count(bpmn:getDataObject('x')/line) > 2"), "f2", "is no FEEL", "不是 FEEL"),
])  # fmt: skip
def test_a_drawing_that_leaves_something_open_is_told_what_and_where(
    drawing: str, element: str, en: str, zh: str
) -> None:
    found = refused(drawing)
    assert any(one.where == element and en in one.en and zh in one.zh for one in found), found
    for one in found:
        assert one.where, "each names its element"
        assert re.search(r"[\u4e00-\u9fff]", one.zh)


@pytest.mark.parametrize(("drawing", "en", "zh"), [
    (TIMER, "write PT2H, P5D", "请写 PT2H、P5D"),
    (CONDITION, "write FEEL, such as", "请用 FEEL 填写,如"),
    (LOOP, "give loopCardinality or an input collection", "请填写循环次数"),
    (TAKES_BACK, "at the edge of what it takes back", "请画在要撤销的活动边缘"),
    (CHOICE.format("${approved}"), "write approved", "请改写为 approved"),
    (CHOICE.format("${!approved}"), "write not(approved)", "请改写为 not(approved)"),
    (CHOICE.format("#{a == 'x' &amp;&amp; b != 2}"), 'write a = "x" and b != 2', "a = \"x\" and"),
    (CHOICE.format("Service Level == 'Premium'"), "names without blanks", "名称中不含空格"),
    (CHOICE.format("${order.count() &gt;}"), "write a comparison such as", "请写成比较式"),
])  # fmt: skip
def test_what_is_refused_says_how_to_mend_it_in_both_languages(
    drawing: str, en: str, zh: str
) -> None:
    found = refused(drawing)
    assert any(en in one.en and zh in one.zh for one in found), found


def test_what_is_proposed_instead_runs_as_it_stands() -> None:
    found = refused(CHOICE.format("${level == 'high' || !checked}"))
    (said,) = (one.en for one in found if one.where == "f2")
    proposed = said.rpartition("; write ")[2]
    assert proposed == 'level = "high" or not(checked)'
    assert not [one for one in refused(CHOICE.format(proposed)) if one.where == "f2"]
