"""Deciding: a decision tried with one input, each row that fired named with the law it rests on."""

from datetime import datetime
from typing import Any

import msgspec

from mindu.base.records import Words
from mindu.console.ask import Bad, wrong
from mindu.console.contract.models.modelling import Flaw
from mindu.console.contract.models.trying import Decided, DecidedPart, Fired
from mindu.engines.rules import Limits, Model, ModelError, Step, load, plain

LIMITS = Limits(steps=200_000)  # a trial may cost so much and no more: some tenths of a second
ROWS = 500  # told of one decision
MEND = Words("Mend the model first: the check names each element.", "请先按检查结果修正模型。")


def model_of(text: str | bytes) -> Model:
    """Return a model to be tried.

    Raises:
        Bad: none of it can be used.
    """
    try:
        return load(text)
    except ModelError as no:
        one = no.problem
        says = Words(f"{one.where}: {one.en}", f"{one.where}:{one.zh}")
        raise Bad(422, says, MEND, field="text") from no


def decided(model: Model, name: str, inputs: dict[str, Any], now: datetime) -> Decided:
    """Decide, and return how it came about.

    Raises:
        Bad: there is no such decision.
    """
    told = (*model.names("decision"), *model.names("service"))
    wanted = name or (told[-1] if told else "")  # the last drawn is mostly the one asked for
    if wanted not in told:
        known = told[:20]
        raise wrong("decision", " | ".join(known), "、".join(known))
    result = model.decide(wanted, model.from_json(inputs), now=now, limits=LIMITS)
    ids = {part.name: part.id for part in model.parts.values()}
    return Decided(
        value=_plain(result.value),
        steps=tuple(_told(step, ids) for step in result.trace if step.kind != "input"),
        basis=result.basis,
        warnings=tuple(
            Flaw(element=ids.get(one.where, ""), where=one.where, says=Words(one.en, one.zh))
            for one in result.warnings
        ),
    )


def _told(step: Step, ids: dict[str, str]) -> DecidedPart:
    return DecidedPart(
        element=ids.get(step.name, ""),
        name=step.name,
        value=_plain(step.value),
        read=_plain(step.read),
        rows=tuple(
            Fired(number=row.number, rule=row.id, inputs=_plain(row.inputs),
                  outputs=_plain(row.outputs), basis=row.basis)
            for row in step.rows[:ROWS]
        ),
        basis=step.basis,
    )  # fmt: skip


def _plain(value: object) -> Any:  # noqa: ANN401 - any FEEL value
    """Return a value as JSON tells it; what JSON has no word for becomes a text."""
    return msgspec.to_builtins(plain(value), enc_hook=str)
