"""Reading the details of one element: triggers, loops, and the work of an activity.

The working details that BPMN leaves open stand in extension elements under the names that the
open Camunda modeller writes for its FEEL engine (`taskDefinition`, `calledDecision`, …).
"""

from collections.abc import Callable, Mapping

import msgspec
from msgspec.structs import replace

from mindu.engines.process.model import Loop, Timer, Trigger, Work
from mindu.engines.rules import ModelError
from mindu.engines.rules.dmn.xml import Element

Shared = Mapping[str, Element]  # messages, signals, errors, escalations, resources by id

TRIGGERS = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "conditional",
    "linkEventDefinition": "link",
    "terminateEventDefinition": "terminate",
    "compensateEventDefinition": "compensation",
    "cancelEventDefinition": "cancel",
}


def local(name: str) -> str:
    """Return a qualified name without its prefix."""
    return name.strip().rpartition(":")[2]


def feel(text: str) -> str:
    """Return the expression of a text that may begin with an equals sign."""
    return text.strip().removeprefix("=").strip()


def triggers(element: Element, shared: Shared) -> tuple[Trigger, ...]:
    """Return what an event waits for or throws; definitions may stand apart and be named."""
    own = [child for child in element.children if child.tag in TRIGGERS]
    named = (local(ref.text) for ref in element.all("eventDefinitionRef"))
    own += [shared[one] for one in named if one in shared and shared[one].tag in TRIGGERS]
    topic, shown = _topic(element), " ".join(element.get("name").split())
    found = (_trigger(definition, shared, topic) for definition in own)
    return tuple(_shown(trigger, shown) for trigger in found)


def _shown(trigger: Trigger, shown: str) -> Trigger:
    """A message or signal that is drawn without a name is called as its event is."""
    bare = trigger.kind in {"message", "signal"} and not trigger.name
    return replace(trigger, name=shown) if bare else trigger


def _trigger(element: Element, shared: Shared, topic: str) -> Trigger:
    kind = TRIGGERS[element.tag]
    return MAKE.get(kind, _bare)(kind, element, shared, topic)


def _bare(kind: str, _element: Element, _shared: Shared, _topic: str) -> Trigger:
    return Trigger(kind=kind)


def _named(kind: str, element: Element, shared: Shared, topic: str) -> Trigger:
    reference = local(element.get(f"{kind}Ref"))
    target = shared.get(reference)
    topic = _topic(element) or topic
    if target is None:
        return Trigger(kind=kind, name=reference, topic=topic)
    return Trigger(kind=kind, name=target.get("name") or reference, key=_key(target), topic=topic)


def _coded(kind: str, element: Element, shared: Shared, _topic: str) -> Trigger:
    target = shared.get(local(element.get(f"{kind}Ref")))
    code = "" if target is None else target.get(f"{kind}Code") or target.get("name")
    return Trigger(kind=kind, name=code)


def _timed(kind: str, element: Element, _shared: Shared, _topic: str) -> Trigger:
    for tag, how in (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle")):
        found = element.first(tag)
        if found is not None:
            return Trigger(kind=kind, timer=Timer(how, found.text.strip()))
    return Trigger(kind=kind)


def _conditional(kind: str, element: Element, _shared: Shared, _topic: str) -> Trigger:
    return Trigger(kind=kind, condition=feel(element.text_of("condition")))


def _link(kind: str, element: Element, _shared: Shared, _topic: str) -> Trigger:
    return Trigger(kind=kind, name=element.get("name"))


def _compensation(kind: str, element: Element, _shared: Shared, _topic: str) -> Trigger:
    return Trigger(kind=kind, name=local(element.get("activityRef")))


MAKE: dict[str, Callable[[str, Element, Shared, str], Trigger]] = {
    "message": _named,
    "signal": _named,
    "error": _coded,
    "escalation": _coded,
    "timer": _timed,
    "conditional": _conditional,
    "link": _link,
    "compensation": _compensation,
}


def message(element: Element, shared: Shared) -> tuple[Trigger, ...]:
    """Return the message that a send or receive task names."""
    reference = local(element.get("messageRef"))
    if not reference:
        return ()
    return (_named("message", element, shared, _topic(element)),)


def loop(element: Element) -> Loop | None:
    """Return how often an activity runs."""
    multi = element.first("multiInstanceLoopCharacteristics")
    if multi is not None:
        return _multi(multi)
    standard = element.first("standardLoopCharacteristics")
    if standard is None:
        return None
    return Loop(
        kind="standard",
        until=feel(standard.text_of("loopCondition")),
        before=standard.get("testBefore") == "true",
        most=_most(element, standard.get("loopMaximum")),
    )


def _most(element: Element, text: str) -> int:
    """Return how often a loop runs at most; 0 where nothing is said."""
    told = text.strip() or "0"
    if not (told.isascii() and told.isdigit() and len(told) < 10):
        raise ModelError(
            element.get("name") or element.get("id"),
            f"its loopMaximum {told[:20]!r} is no whole number: write 3, or leave it out",
            f"loopMaximum“{told[:20]}”不是整数:请填写如 3 的数,或删除",
        )
    return int(told)


def _multi(element: Element) -> Loop:
    inside = extension(element, "loopCharacteristics")
    return Loop(
        kind="sequential" if element.get("isSequential") == "true" else "parallel",
        cardinality=feel(element.text_of("loopCardinality")),
        until=feel(element.text_of("completionCondition")),
        collection=feel(inside.get("inputCollection")) if inside is not None else "",
        element=inside.get("inputElement") if inside is not None else "",
        output=inside.get("outputCollection") if inside is not None else "",
        output_element=feel(inside.get("outputElement")) if inside is not None else "",
    )


def work(element: Element, shared: Shared) -> Work:
    """Return what an activity has to do."""
    decision = extension(element, "calledDecision")
    script = extension(element, "script")
    form = extension(element, "formDefinition")
    called = extension(element, "calledElement")
    result = next((e.get("resultVariable") for e in (decision, script) if e is not None), "")
    assignee, groups = _people(element, shared)
    told = properties(element)
    return Work(
        topic=_topic(element),
        decision=feel(decision.get("decisionId")) if decision is not None else "",
        called=_called(element, called),
        script=feel(script.get("expression") if script is not None else element.text_of("script")),
        result=result or element.get("resultVariable"),
        form="" if form is None else form.get("formId") or form.get("formKey"),
        assignee=assignee,
        groups=groups,
        inputs=_mapping(element, "input"),
        outputs=_mapping(element, "output"),
        term=told.get("term", ""),
        stage=told.get("stage", ""),
    )


def properties(element: Element) -> dict[str, str]:
    """Return what an element's properties say, by name."""
    box = extension(element, "properties")
    found = () if box is None else box.all("property")
    return {one.get("name"): one.get("value").strip() for one in found}


def _called(element: Element, called: Element | None) -> str:
    inside = called.get("processId") if called is not None else ""
    return inside or local(element.get("calledElement"))


def _people(element: Element, shared: Shared) -> tuple[str, str]:
    """Return who works, by extension, by attribute or by BPMN's own resource roles."""
    given = extension(element, "assignmentDefinition")
    if given is not None:
        return given.get("assignee"), given.get("candidateGroups") or given.get("candidateUsers")
    groups = element.get("candidateGroups")
    for role in element.all("potentialOwner", "performer", "humanPerformer"):
        reference = local(role.text_of("resourceRef"))
        target = shared.get(reference)
        groups = groups or (target.get("name") if target is not None else reference)
    return element.get("assignee"), groups


def _mapping(element: Element, tag: str) -> tuple[tuple[str, str], ...]:
    mapping = extension(element, "ioMapping")
    if mapping is None:
        return ()
    return tuple((_source(one.get("source")), one.get("target")) for one in mapping.all(tag))


def _source(text: str) -> str:
    """Return the FEEL of a source: what does not begin with an equals sign is plain text."""
    return feel(text) if text.startswith("=") else msgspec.json.encode(text).decode()


def _topic(element: Element) -> str:
    found = extension(element, "taskDefinition")
    return found.get("type") if found is not None else element.get("topic")


def _key(element: Element) -> str:
    found = extension(element, "subscription")
    return feel(found.get("correlationKey")) if found is not None else ""


def extension(element: Element, tag: str) -> Element | None:
    """Return an extension element by its local name."""
    for box in element.all("extensionElements"):
        found = box.first(tag)
        if found is not None:
            return found
    return None
