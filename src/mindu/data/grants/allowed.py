"""What is allowed now: policies, agreements and consents, folded from the log."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from mindu.base.records import Entry, Event, Grant, Published
from mindu.data.block import Block
from mindu.data.grants.ask import Ask
from mindu.data.grants.policies import GRADES, Policies, Policy, read

DATASET, POLICIES, SUBJECT = "dataset:", "policies:", "subject:"
KEYS = frozenset({"receipt_key", "notary_key"})
REVOKED, CONSENTED, WITHDRAWN = "grant_revoked", "consented", "consent_withdrawn"
GROUPED, FREED = "grouped", "groups_freed"

Matter = Callable[[int, Ask], bool]  # does this case stand for that ask?


class Given(msgspec.Struct, frozen=True):
    """An agreement that holds, or held until it ran out."""

    seq: int
    dataset: str
    to: str
    purpose: str
    basis: str
    until: datetime
    policy: str
    by: str


class Consent(msgspec.Struct, frozen=True):
    """A yes of one person or firm to one department, for one purpose."""

    subject: str
    department: str
    purpose: str


class Way(msgspec.Struct, frozen=True):
    """The one way in which a department is given the groups of a dataset."""

    view: str
    words: str
    at: datetime  # when it was used, to the month


class _State(msgspec.Struct):
    texts: dict[str, str] = {}
    given: dict[int, Given] = {}
    consents: dict[int, Consent] = {}
    keys: list[str] = []  # public keys that the log names, each after the use it is for
    ways: dict[str, Way] = {}  # by dataset and department


class Allowed:
    """The fold; what was revoked is gone from it with the entry that revoked it."""

    name = "allowed"
    takes = (Published, Grant, Event)

    def __init__(self) -> None:
        """Begin with the policies of the grades alone."""
        self._state = _State()
        self._policies: Policies | None = None
        self._read: dict[str, list[Policy]] = {}

    @property
    def policies(self) -> Policies:
        """Return every policy that holds now."""
        if self._policies is None:
            texts = [GRADES, *self._state.texts.values()]
            texts += [given.policy for given in self._state.given.values()]
            kept = {text: self._read.get(text) or read(text) for text in texts}
            self._read = kept
            self._policies = Policies(one for text in texts for one in kept[text])
        return self._policies

    def given(self, seq: int) -> Given | None:
        """Return the agreement of that number, if it was not revoked or renewed."""
        return self._state.given.get(seq)

    def every(self) -> list[Given]:
        """Return every agreement, oldest first."""
        return [self._state.given[seq] for seq in sorted(self._state.given)]

    def texts(self) -> dict[str, str]:
        """Return the texts of policies that were laid down, by name."""
        return dict(self._state.texts)

    def names(self, use: str, public: str) -> bool:
        """Say whether the log names a public key for a use already."""
        return f"{use} {public}" in self._state.keys

    def consent(self, seq: int) -> Consent | None:
        """Return the consent of that number, if it was not withdrawn."""
        return self._state.consents.get(seq)

    def way(self, dataset: str, department: str) -> Way | None:
        """Return in which way a department was given the groups of a dataset last."""
        return self._state.ways.get(f"{dataset}\n{department}")

    def vouch(self, reference: str, ask: Ask, now: datetime, case: Matter) -> bool:
        """Say whether a reference stands for this ask; `case` says it of cases."""
        kind, _, number = reference.partition(":")
        seq = int(number)
        if kind == "case":
            return case(seq, ask)
        if kind == "consent":
            yes = self.consent(seq)
            return yes == Consent(ask.subject, ask.who.department, ask.purpose)
        held = self.given(seq)
        return (
            held is not None
            and now < held.until
            and (held.to, held.purpose) == (ask.who.department, ask.purpose)
            and held.dataset in ask.datasets
        )

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record, state = entry.record, self._state
        if isinstance(record, Published) and record.kind == "cedar":
            name = entry.about.removeprefix(POLICIES)
            state.texts.pop(name, None)
            if record.text:
                state.texts[name] = record.text.decode()
        elif isinstance(record, Grant) and entry.about.startswith(DATASET):
            for older in entry.because:
                state.given.pop(older, None)
            state.given[entry.seq] = Given(
                entry.seq, entry.about.removeprefix(DATASET), record.who, record.purpose,
                record.basis, record.until, record.policy, entry.by,
            )  # fmt: skip
        elif not (isinstance(record, Event) and self._event(entry, record)):
            return
        self._policies = None

    def _event(self, entry: Entry, record: Event) -> bool:
        """Take an event into account; say whether a policy changed by it."""
        state = self._state
        if record.name == REVOKED:
            gone = [state.given.pop(seq, None) for seq in entry.because]
            return any(given is not None for given in gone)
        if record.name in KEYS:
            state.keys.append(f"{record.name} {record.args.get('public', '')}")
        elif record.name == CONSENTED:
            args = record.args
            subject = entry.about.removeprefix(SUBJECT)
            state.consents[entry.seq] = Consent(
                subject, str(args.get("department", "")), str(args.get("purpose", ""))
            )
        elif record.name == WITHDRAWN:
            for seq in entry.because:
                state.consents.pop(seq, None)
        elif record.name in {GROUPED, FREED} and entry.about.startswith(DATASET):
            place = f"{entry.about.removeprefix(DATASET)}\n{record.args.get('department', '')}"
            state.ways.pop(place, None)
            if record.name == GROUPED:
                view, words = str(record.args["view"]), str(record.args["words"])
                state.ways[place] = Way(view, words, entry.at)
        return False

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return msgspec.msgpack.encode(self._state)

    def load(self, told: bytes) -> None:
        """Take up a state that `dump` gave."""
        try:
            self._state = msgspec.msgpack.decode(told, type=_State)
        except msgspec.MsgspecError as wrong:
            raise ValueError(f"these bytes are no state of {self.name}: {wrong}") from wrong
        self._policies = None
