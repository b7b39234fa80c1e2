"""The parts that records are made of: words, severities, promises, evidence."""

from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

import msgspec

Value = float | str | bool


class Severity(IntEnum):
    """How much a judgement matters, on the four-colour scale."""

    BLUE = 1
    YELLOW = 2
    ORANGE = 3
    RED = 4


class Authority(StrEnum):
    """Who must say yes before an action is sent."""

    ADVISE = "advise"  # shown, never sent
    CONFIRM = "confirm"  # sent once a person confirms
    AUTO = "auto"  # sent at once; a person may undo


class Words(msgspec.Struct, frozen=True):
    """One sentence in both languages of the house."""

    en: str
    zh: str


class Option(msgspec.Struct, frozen=True):
    """One course of action that was weighed: its cost terms and what they come to."""

    name: str
    terms: dict[str, float]  # named cost terms, each in the unit its name ends with
    mean: float  # total cost over the ensemble
    tail: float  # CVaR of the total cost
    veto: Words | str = ""  # why it may not be taken, if it may not; older logs have one tongue
    title: Words | None = None  # what people call it; older logs have the name alone


class Expect(msgspec.Struct, frozen=True):
    """A measurable promise: the property will be below or above a mark within a time."""

    prop: str
    within: timedelta
    below: float | None = None
    above: float | None = None
    about: str = ""  # the entity measured; empty means the record's own
    ever: bool = False  # True: kept once at any time within; False: kept at the end

    def kept_by(self, value: float) -> bool:
        """Say whether `value` keeps the promise."""
        return (self.below is None or value < self.below) and (
            self.above is None or value > self.above
        )


class Evidence(msgspec.Struct, frozen=True):
    """One reading that a judgement rests on."""

    about: str
    prop: str
    at: datetime
    value: float
