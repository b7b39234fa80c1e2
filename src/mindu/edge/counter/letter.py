"""A letter: what came in at a door as it was typed, and the receipt that the caller gets."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from mindu.base.records import Value, Words
from mindu.brain.casework.kinds import CaseKind, HandOver
from mindu.brain.casework.office import Told
from mindu.brain.casework.refusals import Refusal
from mindu.edge.counter.plain import plain

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 1 I O: read over the telephone
LETTERS = 12  # 60 bits: nobody finds a case by trying


class Flood(Refusal):
    """Too much from one place; come again later."""

    def __init__(self, wait: float) -> None:
        """Say how long to wait; `wait` is in seconds."""
        minutes = int(wait // 60) + 1
        super().__init__(
            Words(
                f"that was a lot at once; try again in {minutes} min, or call 12345",
                f"提交过于频繁,请 {minutes} 分钟后再试,或拨打 12345",
            )
        )
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What came in at a door, as it was typed."""

    kind: str
    text: str
    channel: str
    address: str = ""  # of the machine it came from; never written down
    title: str = ""
    phone: str = ""
    name: str = ""
    email: str = ""
    service: str = ""
    area: str = ""
    place: str = ""
    where: tuple[float, float] | None = None  # longitude, latitude
    facts: Mapping[str, Value] = field(default_factory=dict)
    photos: tuple[bytes, ...] = ()
    media: tuple[str, ...] = ()  # digests of pictures kept before


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the caller gets: the code that opens the case, and words of another line."""

    number: int
    code: str
    hand_over: HandOver | None
    again: bool = False  # told before: counted as an urging


def new_code() -> str:
    """Return a new code for a caller."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))


def tidy(code: str) -> str:
    """Return a code as it was given out, however it was typed."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def digest(code: str) -> str:
    """Return what the log holds of a code."""
    return sha256(code.encode()).hexdigest()[:32] if code else ""


def masked(told: Mapping[str, Value], kind: CaseKind) -> dict[str, Value]:
    """Return facts or arguments with people taken out of every text."""
    return {
        name: kind.mask(plain(value, 500)) if isinstance(value, str) else value
        for name, value in told.items()
    }


def whole_city(kind: CaseKind) -> str:
    """Return the code of the widest jurisdiction, for a matter that names none."""
    return min((j.code for j in kind.jurisdictions), key=len, default="")


def told_of(
    letter: Letter, kind: CaseKind, said: tuple[str, str], *, code: str, caller: str,
    media: tuple[str, ...],
) -> Told:  # fmt: skip
    """Return a letter as the office takes it: (title, text) masked, the code as its digest."""
    title, text = said
    return Told(
        kind=kind.name, text=kind.mask(text), title=kind.mask(title), code=digest(code),
        channel=letter.channel, caller=caller, service=letter.service,
        area=letter.area or whole_city(kind),
        place=kind.mask(plain(letter.place, 200)), where=letter.where, media=media,
        facts=masked(letter.facts, kind),
    )  # fmt: skip
