"""Topics: what a reader's labels, things and places are called in the duty table."""

from functools import cache

from mindu.apps.hotline.tables import JURISDICTIONS, services, table
from mindu.engines.text.topics.codes import Codes, Topic, shipped

__all__ = ["area_of", "finer", "service_of", "thing_of", "topic_of", "topics"]


def topic_of(label: str) -> str:
    """Return the duty table's topic of a label: its own word, a code of ours, or a name in use.

    A label that nobody knows stays as it is: no line will answer, and a person decides.
    """
    if label in topics():
        return label
    found = shipped().find(label)
    return _coded(found.code) if found is not None else label


def finer(label: str, said: tuple[str, ...]) -> str:
    """Return the topic below a label that a message's words speak for; the label's own if none."""
    known: Codes = shipped()
    above = known.find(label)
    below: Topic | None = known.finer(above.code, said) if above is not None else None
    return topic_of(label) if below is None else _coded(below.code)


def thing_of(cue: str | None) -> str:
    """Return the object of the duty table that a thing in a message is; "" for none."""
    return _objects().get(cue or "", "")


def area_of(district: str) -> str:
    """Return the jurisdiction of a district's name; "" where none has it."""
    return next((j.code for j in JURISDICTIONS if district and j.name.zh == district), "")


def service_of(topic: str) -> str:
    """Return the service that is asked for most nearly by a topic; "" for none."""
    exact = next((s.code for s in services() if s.topic == topic), "")
    return exact or next((s.code for s in services() if s.topic.startswith(f"{topic}.")), "")


def _coded(code: str) -> str:
    """Return the topic of a code, or of the nearest above it that has one."""
    while code and code not in _codes():
        code = code[:-2]
    return _codes().get(code, "")


@cache
def _codes() -> dict[str, str]:
    return {code: topic for code, topic, _ in table("topics")}


@cache
def _objects() -> dict[str, str]:
    return {cue: thing for cue, thing, _ in table("objects")}


@cache
def topics() -> frozenset[str]:
    """Return every topic that the shipped tables speak of."""
    told = {row[0] for row in table("duty")} | {row[1] for row in table("topics")}
    return frozenset((told | {service.topic for service in services()}) - {""})
