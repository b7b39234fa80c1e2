"""The published models: every version of every process and decision, by the key that pins it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from mindu.base.records import Entry, Published
from mindu.data.block import Block
from mindu.engines.process import Program, Said, check, read
from mindu.engines.process.core.times import weekdays
from mindu.engines.rules import Model, ModelError, Problem, load, plain

CACHED = 200  # programs held ready
BPMN, DMN = b"/spec/BPMN/", b"/spec/DMN/"
BIGGEST = 6 << 20  # bytes of one model: 10,000 nodes with their shapes are 5 MB


class Unfit(ValueError):  # noqa: N818 - a refusal is an answer, not a fault
    """A model that may not be published: everything that is wrong with it, by its element."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = "; ".join(f"{one.where}: {one.en}" for one in problems[:5])
        super().__init__(first)
        self.problems = problems


class Put(msgspec.Struct, frozen=True, array_like=True):
    """By whom, when and in which entry a version was published last."""

    seq: int
    at: datetime
    by: str


class Models:
    """A fold of what was published, and a library for the engine."""

    name = "models"
    takes = (Published,)

    def __init__(self) -> None:
        """Begin empty."""
        self.published: dict[str, Published] = {}
        self.newest: dict[str, str] = {}  # "bpmn:" or "dmn:" and a name → key
        self.put: dict[str, Put] = {}  # by key
        self.days: Callable[[datetime, int], datetime] = (
            weekdays  # the house puts its calendar here
        )
        self._programs: dict[str, Program] = {}
        self._decisions: dict[str, Model] = {}

    def fold(self, entry: Entry, block: Block | None) -> None:  # noqa: ARG002 - as every fold
        """Take a published model in."""
        if isinstance(entry.record, Published) and entry.record.kind != "cedar":
            self._keep(entry.record)
            self.put[entry.record.key] = Put(entry.seq, entry.at, entry.by)

    def _keep(self, record: Published) -> None:
        self.published[record.key] = record
        for one in record.names:
            self.newest[f"{record.kind}:{one}"] = record.key

    def dump(self) -> bytes:
        """Return every model, in the order they were published last."""
        return msgspec.msgpack.encode([list(self.published.values()), self.newest, self.put])

    def load(self, state: bytes) -> None:
        """Take up what `dump` gave."""
        try:
            kept, newest, put = msgspec.msgpack.decode(
                state, type=tuple[list[Published], dict[str, str], dict[str, Put]]
            )
        except msgspec.MsgspecError as wrong:
            raise ValueError(str(wrong)) from wrong
        self.published = {record.key: record for record in kept}
        self.newest, self.put = newest, put
        self._programs.clear()
        self._decisions.clear()

    # a library for the engine

    def program(self, key: str) -> Program:
        """Return a definition, ready to run; KeyError where it is lost."""
        found = self._programs.get(key)
        if found is None:
            if len(self._programs) >= CACHED:
                self._programs.pop(next(iter(self._programs)))
            found = Program(read(self.published[key].text), key)
            self._programs[key] = found
        return found

    def called(self, process: str) -> str:
        """Return the key of the newest definition with that process."""
        return self._newest("bpmn", process)

    def decide(self, decision: str, inputs: Mapping[str, Any], now: datetime) -> Said:
        """Decide by the newest model with that decision."""
        model = self.decision(self._newest("dmn", decision))
        result = model.decide(decision, model.from_json(inputs), now=now)
        warned = tuple(one.en for one in result.warnings)
        return Said(plain(result.value), result.basis, warned)

    def workday(self, since: datetime, days: int) -> datetime:
        """Return when so many working days after a moment are over."""
        return self.days(since, days)

    def _newest(self, kind: str, name: str) -> str:
        key = self.newest.get(f"{kind}:{name}")
        if key is None:
            what = "process" if kind == "bpmn" else "decision"
            raise KeyError(f"there is no {what} {name!r}")
        return key

    def decision(self, key: str) -> Model:
        """Return a decision model, ready to decide; KeyError where it is lost."""
        found = self._decisions.get(key)
        if found is None:
            found = self._decisions[key] = load(self.published[key].text)
        return found


def fit(text: bytes) -> Published:
    """Return a model as it may be published.

    Raises:
        Unfit: it is no model, or cannot be run; each problem names its element, in zh and en.
    """
    if len(text) > BIGGEST:
        raise Unfit((Problem("", f"a model has at most {BIGGEST} bytes", "模型文件过大"),))
    try:
        head = text[:4096]
        return _dmn(text) if DMN in head and BPMN not in head else _bpmn(text)
    except ModelError as wrong:
        raise Unfit((wrong.problem,)) from None


def _bpmn(text: bytes) -> Published:
    definition = read(text)
    problems = check(definition)
    if problems:
        raise Unfit(problems)
    names = tuple(body.id for body in definition.processes())
    return Published("bpmn", _key(names[0], text), names, text)


def _dmn(text: bytes) -> Published:
    model = load(text)
    if model.problems:
        raise Unfit(model.problems)
    names = (*model.names("decision"), *model.names("service"))
    return Published("dmn", _key(model.name, text), names, text)


def _key(name: str, text: bytes) -> str:
    return f"{name}@{sha256(text).hexdigest()[:12]}"
