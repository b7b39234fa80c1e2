"""What the brain holds to be so of each thing: what it said, where it is blind, what passed."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from mindu.base.records import (
    Action,
    Decision,
    Entry,
    Event,
    Expect,
    Judgement,
    Sending,
    Settlement,
)
from mindu.base.time import HOUR, MINUTE
from mindu.brain.folds.packed import pack, unpack
from mindu.data.fold import Block

BLIND, SEES = "blind", "sees"
PASSED, RECEDED = "passed", "receded"
SAID_FOR = 15 * MINUTE  # a judgement without a proof is said again after this long
REMEMBERED = 6 * HOUR  # how long a silent judgement is kept beyond its window


class Said(msgspec.Struct):
    """What a loop last said of a thing, and until when that need not be said again."""

    seq: int
    at: datetime
    until: datetime
    finding: str
    severity: int


class Proof(msgspec.Struct):
    """A judgement that waits to be settled."""

    seq: int
    about: str
    by: str
    at: datetime
    confidence: float
    proof: Expect
    acted: bool = False

    def names(self, mark: Expect) -> bool:
        """Say whether it foretells this mark, or one that is harder to pass."""
        proof = self.proof
        above = mark.above is None or (proof.above is not None and proof.above >= mark.above)
        below = mark.below is None or (proof.below is not None and proof.below <= mark.below)
        return proof.prop == mark.prop and above and below


class _State(msgspec.Struct):
    said: dict[str, dict[str, Said]] = {}
    blind: dict[str, dict[str, int]] = {}
    beyond: dict[str, dict[str, int]] = {}
    proofs: dict[int, Proof] = {}
    called: dict[int, int] = {}  # action -> the judgement that called for it


class Standing:
    """The standing judgements by loop and thing."""

    name = "standing"
    takes = (Judgement, Settlement, Event, Action, Sending, Decision)

    def __init__(self) -> None:
        """Start holding nothing."""
        self._state = _State()

    def said(self, by: str) -> Mapping[str, Said]:
        """Return what that loop last said, by thing."""
        return self._state.said.get(by, {})

    def blind(self, by: str) -> Mapping[str, int]:
        """Return the things that loop is blind to, with the entry that said so."""
        return self._state.blind.get(by, {})

    def beyond(self, by: str) -> Mapping[str, int]:
        """Return the things that are beyond the loop's mark, with the entry that said so."""
        return self._state.beyond.get(by, {})

    def holding(self, finding: str, now: datetime) -> list[tuple[str, Said]]:
        """Return (thing, what was said) wherever a loop still holds that finding, oldest first."""
        found = [
            (about, said)
            for by in self._state.said.values()
            for about, said in by.items()
            if said.finding == finding and now < said.until
        ]
        return sorted(found, key=lambda told: told[1].seq)

    def foretold(self, by: str, about: str, mark: Expect) -> bool:
        """Say whether a judgement that is still open named this mark for the thing."""
        return any(
            (proof.by, proof.about) == (by, about) and proof.names(mark)
            for proof in self._state.proofs.values()
        )

    def due(self, now: datetime) -> list[Proof]:
        """Return the judgements whose window is over."""
        return [p for p in self._state.proofs.values() if now >= p.at + p.proof.within]

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record = entry.record
        if isinstance(record, Judgement):
            self._judged(entry, record)
        elif isinstance(record, Settlement):
            for cause in entry.because:
                self._state.proofs.pop(cause, None)
        elif isinstance(record, Event):
            self._happened(entry, record)
        else:
            self._acted(entry)

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return pack(self._state)

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave."""
        self._state = unpack(state, _State)

    def _judged(self, entry: Entry, record: Judgement) -> None:
        said = self._state.said.setdefault(entry.by, {})
        blind = self._state.blind.setdefault(entry.by, {})
        if record.finding == BLIND:
            blind[entry.about] = entry.seq
            said.pop(entry.about, None)
        elif record.finding == SEES:
            blind.pop(entry.about, None)
        else:
            proof = record.proof
            until = entry.at + (proof.within if proof else SAID_FOR)
            said.pop(entry.about, None)  # the newest stands last
            said[entry.about] = Said(entry.seq, entry.at, until, record.finding, record.severity)
            _forget(said, entry.at)
            if proof:
                self._state.proofs[entry.seq] = Proof(
                    entry.seq, entry.about, entry.by, entry.at, record.confidence, proof
                )

    def _happened(self, entry: Entry, record: Event) -> None:
        if record.name == PASSED:
            self._state.beyond.setdefault(entry.by, {})[entry.about] = entry.seq
        elif record.name == RECEDED:
            self._state.beyond.setdefault(entry.by, {}).pop(entry.about, None)

    def _acted(self, entry: Entry) -> None:
        record, state = entry.record, self._state
        if isinstance(record, Action):
            for cause in entry.because:
                if cause in state.proofs:
                    state.called[entry.seq] = cause
        elif isinstance(record, Sending) or (isinstance(record, Decision) and not record.confirmed):
            sent = isinstance(record, Sending) and record.ok
            for cause in entry.because:
                if proof := state.proofs.get(state.called.pop(cause, -1)):
                    proof.acted = proof.acted or sent


def _forget(said: dict[str, Said], now: datetime) -> None:
    oldest = next(iter(said))
    while said[oldest].until + REMEMBERED < now:
        del said[oldest]
        oldest = next(iter(said))
