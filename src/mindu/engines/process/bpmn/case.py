"""Checking what a drawing says of the case that an instance is: its terms and its stages."""

import re
from collections.abc import Iterator

from mindu.engines.process.model import Definition, Node
from mindu.engines.rules import Problem

TERM = re.compile(r"[1-9]\d{0,2}(h|wd)")
MOST = 400  # hours or working days, as the clocks of cases allow
STAGES = ("accept", "deliver")


def in_case(definition: Definition) -> Iterator[Problem]:
    """Yield what keeps a drawing from being a case: a term beside one, or one that cannot be."""
    for body in definition.bodies.values():
        if body.term and not _term(body.term):
            yield _bad(body.id, body.id, *_no_term(body.term))
        elif (body.term or body.unit) and not body.case:
            yield _bad(body.id, body.id, *NO_CASE)
    for node in definition.nodes.values():
        told = _task(definition, node) if node.work.term or node.work.stage else None
        if told is not None:
            yield _bad(node.called(), node.id, *told)


def _task(definition: Definition, node: Node) -> tuple[str, str] | None:
    """Return what is wrong with the term or the stage of a node, in both languages."""
    work = node.work
    if node.kind != "user":
        return NO_TASK
    if not _case(definition, node):
        return NO_CASE
    if work.term and not _term(work.term):
        return _no_term(work.term)
    return None if work.stage in {"", *STAGES} else _no_stage(work.stage)


NO_TASK = ("only a user task has a term or a stage: take it out",
           "只有用户任务可设时限或环节:请删除")  # fmt: skip
NO_CASE = (
    "a term belongs to a case: give its process the property `case` with the kind of case",
    "时限属于办件:请为流程设置属性 case(办件类型)",
)


def _no_term(text: str) -> tuple[str, str]:
    return (
        f"{text[:20]!r} is no term: write hours or working days, 24h or 5wd, up to {MOST}",
        f"“{text[:20]}”不是时限:请填写小时或工作日,如 24h、5wd,至多 {MOST}",
    )


def _no_stage(text: str) -> tuple[str, str]:
    return (
        f"its stage {text[:20]!r} is none: write accept or deliver, or leave it out",
        f"环节“{text[:20]}”无效:请填写 accept 或 deliver,或删除",
    )


def _term(text: str) -> bool:
    return TERM.fullmatch(text) is not None and int(text.rstrip("hwd")) <= MOST


def _case(definition: Definition, node: Node) -> str:
    body = definition.bodies[node.body]
    while body.parent:
        body = definition.bodies[body.parent]
    return body.case


def _bad(named: str, element: str, en: str, zh: str) -> Problem:
    return Problem(named, en, zh, element)
