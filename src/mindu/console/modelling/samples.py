"""Samples: a model tried with every case that was kept with it, as an untiring office would."""

from datetime import datetime

import msgspec

from mindu.base.records import Words
from mindu.brain.folds.models import Models
from mindu.console.ask import Bad
from mindu.console.contract.models.modelling import Flaw, Sample
from mindu.console.contract.models.trying import SampleCame, SamplesCame
from mindu.console.modelling.checking import decides
from mindu.console.modelling.deciding import decided, model_of
from mindu.console.modelling.reading import drawing
from mindu.console.modelling.trial import HERE, Sandbox
from mindu.engines.process import Engine, Stuck
from mindu.engines.process.happenings import Start
from mindu.engines.process.walk import walk
from mindu.engines.rules import Model

LOST = Words("The published model that it asks for is not there.", "所引用的已发布模型不存在。")


def came(models: Models, text: str, samples: tuple[Sample, ...], now: datetime) -> SamplesCame:
    """Return what comes of every sample.

    Raises:
        Bad: the text cannot be read.
    """
    if decides(text):
        model = model_of(text)
        found = tuple(_decision(model, one, now) for one in samples)
    else:
        found = tuple(_process(models, text, one, now) for one in samples)
    return SamplesCame(items=found, fit=sum(one.fits for one in found))


def _decision(model: Model, sample: Sample, now: datetime) -> SampleCame:
    try:
        told = decided(model, sample.of, sample.given, now)
    except Bad as no:
        return _failed(sample, no.error)
    rules = tuple(row.rule or f"#{row.number}" for step in told.steps for row in step.rows)
    value = msgspec.json.encode(told.value).decode()
    return SampleCame(name=sample.name, came=value, fits=_same(sample.expects, told.value),
                      passed=rules)  # fmt: skip


def _same(expects: str, value: object) -> bool:
    """Say whether a value is the one expected, which is JSON or a plain text."""
    if not expects.strip():
        return True
    try:
        wanted = msgspec.json.decode(expects)
    except msgspec.DecodeError:
        wanted = expects.strip()
    return bool(wanted == value)


def _process(models: Models, text: str, sample: Sample, now: datetime) -> SampleCame:
    drawn = drawing(text)
    engine = Engine(Sandbox(models, drawn, {}))
    try:
        moved, passed = walk(engine, HERE, Start(process=sample.of, vars=sample.given), now)
    except Stuck as why:
        where = f"{why.where}: " if why.where else ""
        return _failed(sample, Words(f"{where}{why.en}", f"{where}{why.zh}"))
    except KeyError:
        return _failed(sample, LOST)
    state = moved.state
    ended = f"{state.status} {state.outcome}".strip()
    fits = sample.expects.strip() in {"", *passed, ended}
    return SampleCame(name=sample.name, came=ended, fits=fits, passed=tuple(passed))


def _failed(sample: Sample, says: Words) -> SampleCame:
    return SampleCame(name=sample.name, came="", fits=False, passed=(),
                      flaw=Flaw(element="", where="", says=says))  # fmt: skip
