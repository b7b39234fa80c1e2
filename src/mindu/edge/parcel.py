"""What doors hand to the porch: messages, read together where many of one sender wait.

Reading is cheap in bulk and dear one by one, so a message may come unread: the porch reads all
that wait at once, in its own thread, and each still gets its own receipt.
"""

import asyncio
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import NamedTuple, cast

import numpy as np

from mindu.data.arrays import Ints, Truths
from mindu.data.senses.account import CODES
from mindu.data.senses.intake import Offer, Settled, receipt
from mindu.perceive.said import Said
from mindu.perceive.wire.burst import Burst, read
from mindu.perceive.wire.forms import FORMS
from mindu.perceive.wire.sheaf import TOGETHER, sheaf

Allowed = Callable[[Ints], Truths] | None
Done = Callable[[Settled | Exception], None]
MQTT = "mqtt"  # the form of messages as MQTT has them: bursts of packets
MOST_ROWS = 100_000  # readings in one message
BIG = 1 << 20  # bytes; a smaller message cannot have so many readings, and may share a sheaf
ROW_BYTES = 64  # a guess of how long an unread reading is
_ONE = {
    code: Settled(receipt(1, [int(it == code) for it in CODES.values()], ()), np.array([code]))
    for code in CODES.values()
}  # what became of a message of one reading


class Full(Exception):  # noqa: N818 - it is an answer to a sender, not an error
    """The porch is full, or the disk refuses; try again after so many seconds."""

    def __init__(self, why: str, seconds: int) -> None:
        """Carry why, and how long to wait."""
        super().__init__(why)
        self.seconds = seconds


class TooMany(Exception):  # noqa: N818 - it is an answer to a sender
    """A message has more readings than one message may have; it was not taken in."""


class Parcel(NamedTuple):
    """One message of one sender, read (`said`) or not (`body`, in a form), and who waits for it."""

    source: str
    allowed: Allowed
    said: Said | None
    form: str
    body: bytes | Burst
    rows: int  # readings in it, a guess where it is not read yet
    done: Done


class Bundle(NamedTuple):
    """Parcels that became one offer: parcel i has the rows up to `ends[i]`."""

    offer: Offer
    parcels: Sequence[Parcel]
    ends: Sequence[int]


class Refusal(NamedTuple):
    """A parcel that is not taken in at all, and why."""

    parcel: Parcel
    why: Exception


_KIND, _SAID, _BODY = itemgetter(0, 1, 3), itemgetter(2), itemgetter(4)


def bundled(parcels: Sequence[Parcel]) -> Sequence[Bundle | Refusal]:
    """Return parcels as offers; those of one sender in one form are read together."""
    if _alike(parcels):
        return _several(list(parcels))
    found: list[Bundle | Refusal] = []
    alike: dict[tuple[str, Allowed, str], list[Parcel]] = {}
    for parcel in parcels:
        if _whole(parcel):
            found += _alone(parcel)
        else:
            alike.setdefault(_KIND(parcel), []).append(parcel)
    for several in alike.values():
        found += _several(several)
    return found


def _alike(parcels: Sequence[Parcel]) -> bool:
    """Say whether all are read together, as most groups are; no step of it is taken in Python."""
    unread = [*map(_SAID, parcels)].count(None) == len(parcels)
    alike = unread and len(set(map(_KIND, parcels))) == 1 and not _whole(parcels[0])
    return alike and max(map(len, map(_BODY, parcels))) <= BIG


def _whole(parcel: Parcel) -> bool:
    """Say whether a parcel is read by itself, not with its like."""
    alone = parcel.said is not None or len(parcel.body) > BIG
    return alone or (parcel.form not in TOGETHER and parcel.form != MQTT)


def _several(parcels: list[Parcel]) -> Sequence[Bundle | Refusal]:
    return _published(parcels) if parcels[0].form == MQTT else _together(parcels)


def _published(parcels: list[Parcel]) -> list[Bundle]:
    """Read messages of MQTT together: all that is told of them is that they are durable."""
    first = parcels[0]
    bursts = cast("list[Burst]", [parcel.body for parcel in parcels])
    offers = [Offer(first.source, it, first.allowed) for it in read(bursts)]
    return [Bundle(offer, () if i else parcels, ()) for i, offer in enumerate(offers)]


def _alone(parcel: Parcel) -> list[Bundle | Refusal]:
    told = parcel.said
    if told is None:
        told = FORMS[parcel.form](cast("bytes", parcel.body))
    if parcel.said is None and told.received > MOST_ROWS:
        return [Refusal(parcel, TooMany(f"a message has at most {MOST_ROWS} readings: cut it"))]
    return [Bundle(Offer(parcel.source, told, parcel.allowed), (parcel,), (len(told),))]


def _together(parcels: list[Parcel]) -> list[Bundle | Refusal]:
    """Read what can be read in one go; whatever is not plain is read by itself."""
    bodies = cast("list[bytes]", [parcel.body for parcel in parcels])
    told, ends, apart = sheaf(bodies, parcels[0].form)
    beside = [it for i in apart for it in _alone(parcels[i])]
    if told is None:
        return beside
    left = set(apart)
    plain = [parcel for i, parcel in enumerate(parcels) if i not in left] if left else parcels
    return [Bundle(Offer(parcels[0].source, told, parcels[0].allowed), plain, ends), *beside]


def delivered(bundle: Bundle, settled: Settled) -> list[tuple[Parcel, Settled]]:
    """Return for everybody who waits what became of their own message."""
    if not bundle.ends:
        return [(parcel, settled) for parcel in bundle.parcels]
    if len(bundle.parcels) == 1:
        return [(bundle.parcels[0], settled)]
    codes, start, found = settled.codes, 0, []
    if list(bundle.ends) == list(range(1, len(codes) + 1)):
        return [(it, _ONE[code]) for it, code in zip(bundle.parcels, codes.tolist(), strict=True)]
    for parcel, end in zip(bundle.parcels, bundle.ends, strict=True):
        mine = codes[start:end]
        counts = np.bincount(mine, minlength=len(CODES)).tolist()
        found.append((parcel, Settled(receipt(end - start, counts, ()), mine)))
        start = end
    return found


def awaited() -> "tuple[asyncio.Future[Settled], Done]":
    """Return what to wait for, and what brings it about."""
    told: asyncio.Future[Settled] = asyncio.get_running_loop().create_future()

    def done(outcome: Settled | Exception) -> None:
        if told.done():
            return
        if isinstance(outcome, Exception):
            told.set_exception(outcome)
        else:
            told.set_result(outcome)

    return told, done
