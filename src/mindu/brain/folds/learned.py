"""What was learned: parameters, outcomes that wait for a lesson, and the model that is champion."""

from collections.abc import Mapping

import msgspec

from mindu.base.records import Entry, Event, Lesson, Outcome, Trial
from mindu.brain.folds.packed import pack, unpack
from mindu.data.fold import Block

WAITING = 500  # outcomes kept for a loop that never learns
REFUSED = "lesson refused"


class Match(msgspec.Struct):
    """One challenger against the champion of a projection, over cases settled so far."""

    cases: int = 0
    error: float = 0.0
    champion_error: float = 0.0


class _Heard(msgspec.Struct):
    seq: int
    outcome: Outcome


class _State(msgspec.Struct):
    params: dict[str, float] = {}
    outcomes: dict[str, list[_Heard]] = {}
    champions: dict[str, str] = {}
    matches: dict[str, dict[str, Match]] = {}


class Learned:
    """Parameters, waiting outcomes and champions."""

    name = "learned"
    takes = (Outcome, Lesson, Event, Trial)

    def __init__(self) -> None:
        """Start having learned nothing."""
        self._state = _State()

    @property
    def params(self) -> Mapping[str, float]:
        """Return the parameters that a lesson has changed."""
        return self._state.params

    @property
    def champions(self) -> Mapping[str, str]:
        """Return the champion model of each projection that has held a trial."""
        return self._state.champions

    def outcomes(self, by: str) -> tuple[Outcome, ...]:
        """Return the outcomes that wait for that loop's next lesson, oldest first."""
        return tuple(heard.outcome for heard in self._state.outcomes.get(by, ()))

    def causes(self, by: str) -> tuple[int, ...]:
        """Return the entries of the outcomes that wait, newest last."""
        return tuple(heard.seq for heard in self._state.outcomes.get(by, ()))

    def match(self, by: str, model: str) -> Match:
        """Return how the challenger stands against the champion."""
        return self._state.matches.get(by, {}).get(model, Match())

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record = entry.record
        if isinstance(record, Outcome):
            heard = self._state.outcomes.setdefault(entry.by, [])
            heard.append(_Heard(entry.seq, record))
            del heard[:-WAITING]
        elif isinstance(record, Lesson):
            self._state.params[record.param] = record.value
            self._state.outcomes.pop(entry.by, None)
        elif isinstance(record, Event):
            if record.name == REFUSED:
                self._state.outcomes.pop(entry.by, None)
        elif isinstance(record, Trial):
            self._tried(entry.by, record)

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return pack(self._state)

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave."""
        self._state = unpack(state, _State)

    def _tried(self, by: str, trial: Trial) -> None:
        champion = self._state.champions.setdefault(by, trial.champion)
        if trial.taken:
            self._state.champions[by] = trial.model
            self._state.matches[by] = {}
        elif trial.champion == champion:
            match = self._state.matches.setdefault(by, {}).setdefault(trial.model, Match())
            match.cases += 1
            match.error += trial.error
            match.champion_error += trial.champion_error
