"""Drawings for tests: a permit with two departments, an allowance with its law, and an office."""

from datetime import UTC, datetime

from mindu.brain.memory import Memory
from mindu.brain.processes.runs import Processes
from mindu.console.modelling.drafts import Drafts
from mindu.console.modelling.modelling import Modelling
from mindu.data.log import Log
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft
from mindu.engines.process.model import Timer, Trigger

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
PROPERTIES = (
    '<bpmn:extensionElements><zeebe:properties><zeebe:property name="approvers" value="2"/>'
    "</zeebe:properties></bpmn:extensionElements>"
)


def permit(*, last: str = "Hand it out 发证", extra: str = "") -> str:
    """Draw: accept → is the area large? → fire and health at once → hand out → end."""
    draft = Draft("permit", title="Permit 许可")
    draft.node("start", "start")
    draft.node("accept", "user", name="Accept 受理", groups="window")
    draft.node("large", "exclusive", name="Large? 面积大?")
    draft.node("split", "parallel")
    draft.node("fire", "user", name="Fire 消防", groups="fire")
    draft.node("health", "user", name="Health 卫生", groups="health")
    draft.node("join", "parallel")
    draft.node("out", "user", name=last, groups="window")
    draft.node("end", "end", name="Done 办结")
    draft.line("start", "accept", "large")
    draft.flow("large", "split", when="area > 100", name="large 大")
    draft.nodes["large"]["default"] = draft.flow("large", "out", name="small 小")
    for one in ("fire", "health"):
        draft.line("split", one, "join")
    draft.line("join", "out")
    if extra:
        draft.node(extra, "user", name="Archive 归档", groups="window")
        draft.line("out", extra, "end")
    else:
        draft.line("out", "end")
    due = Trigger(kind="timer", timer=Timer("duration", "P3D"))
    draft.event("late", "boundary", due, attached="fire", interrupting=False)
    draft.node("remind", "script", script="true", result="reminded")
    draft.line("late", "remind")
    return write(draft.definition()).decode()


def by_two(text: str) -> str:
    """Return a process that asks for two people's yes."""
    head, tail = text.split("<bpmn:startEvent", 1)
    return f"{head}{PROPERTIES}<bpmn:startEvent{tail}"


def allowance(*, yuan: int = 100) -> str:
    """Return a decision table with its law: who is 80 or older gets so much a month."""
    rows = (
        ("r1", "&gt;= 80", '"approve"', yuan, "Elderly law, article 33 老年人权益保障法第三十三条"),
        ("r2", "-", '"person"', 0, "A person decides 由人决定"),
    )
    told = "".join(
        f'<rule id="{name}"><inputEntry id="{name}_i"><text>{test}</text></inputEntry>'
        f'<outputEntry id="{name}_a"><text>{route}</text></outputEntry>'
        f'<outputEntry id="{name}_b"><text>{money}</text></outputEntry>'
        f"<annotationEntry><text>{law}</text></annotationEntry></rule>"
        for name, test, route, money, law in rows
    )
    return (
        f'<definitions xmlns="{MODEL}" id="rules" name="rules" namespace="urn:test:rules">'
        '<inputData id="i_age" name="age"><variable id="v_age" name="age" typeRef="number"/>'
        '</inputData><decision id="d_pay" name="pay"><variable id="v_pay" name="pay"/>'
        '<informationRequirement id="q"><requiredInput href="#i_age"/></informationRequirement>'
        '<decisionTable id="t_pay" hitPolicy="FIRST"><input id="c_age"><inputExpression '
        'id="x_age" typeRef="number"><text>age</text></inputExpression></input>'
        '<output id="o_route" name="route" typeRef="string"/>'
        '<output id="o_yuan" name="yuan" typeRef="number"/><annotation name="依据"/>'
        f"{told}</decisionTable></decision></definitions>"
    )


def office(**told: int) -> Modelling:
    """Return an office that models over a log in memory; `told` is whom it asks for by kind."""
    processes = Processes(Memory(Log.open(":memory:"), {}, seed=0))
    return Modelling(processes=processes, drafts=Drafts(), now=lambda: NOW, least=told)
