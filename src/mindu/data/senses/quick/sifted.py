"""The sift by kernels: the same outcome as `sift` gives, in a few passes over rows.

Left to `sift`: units, datums and words that are told, properties beside a kind, and groups in
which the sequence numbers of one series do not grow.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mindu.data.arrays import Bytes, Ints
from mindu.data.senses.account import CODES
from mindu.data.senses.beside.words import wordless
from mindu.data.senses.frame import Frame, booked
from mindu.data.senses.normal import scaled, timed
from mindu.data.senses.now import AHEAD, Now
from mindu.data.senses.quick.counted import heard_of
from mindu.data.senses.quick.judged import (
    LIFTED,
    UNTIMED,
    Known,
    Limits,
    Stored,
    Told,
    count_out,
    judge,
    place,
    screen,
    weigh,
)  # fmt: skip
from mindu.data.senses.quick.order import ordered
from mindu.data.senses.registry import Registry
from mindu.data.senses.sift import (
    LATE,
    OLDEST,
    STORED,
    TWICE,
    Before,
    Clocks,
    Offer,
    Origins,
    Sifted,
    joined,
    keep_out,
    numbers,
    origins,
    tell_lost,
)  # fmt: skip
from mindu.perceive.said import NOW, Said

Column = Any  # one of numbers, of any kind
_FREE = np.zeros((6, 0))
_NO_INTS, _NO_BYTES = np.zeros(0, np.int64), np.zeros(0, np.uint8)


def sift(
    offers: Sequence[Offer], registry: Registry, now: Now, before: Before, clocks: Clocks
) -> Sifted | None:
    """Return what becomes of all these offers; None if it is left to the ordinary sift."""
    said = [offer.said for offer in offers]
    odd = any(it.unit is not None or it.datum is not None or it.words for it in said)
    if odd or registry.apart or not registry.slots.size or not any(map(len, said)):
        return None
    device = numbers([it.device for it in said], registry.directory)
    prop = numbers([it.prop for it in said], registry.properties)
    code, origin = np.empty(len(device), np.int64), origins(offers)
    told = _told(said, (device, prop), code, registry, now, (clocks[0], origin[1]))
    good = _good(told, device, code, offers, before, clocks)
    kept = _kept(told, good, code, (registry, now), before, clocks[1])
    return None if kept is None else _sifted(kept, (device, code), offers, origin, clocks[1])


def _told(
    said: list[Said], names: tuple[Ints, Ints], code: Ints, registry: Registry, now: Now,
    more: tuple[int, Ints],
) -> Told:  # fmt: skip
    """Return all rows as columns of one make, and refuse those that belong to no series."""
    clock, source = more
    at, untimed = _column([it.at for it in said], np.int64), _NO_BYTES
    value, series = _column([it.value for it in said], np.float64), np.empty(len(at), np.int64)
    held = registry.devices
    known = Known(held["kind"], held["first"], held["stage"], held["zero"], registry.slots)
    found = place(names, at, known, series, code)
    if found & LIFTED:
        value = scaled(said, series, value, code, registry)
    if found & UNTIMED:
        untimed = (at == NOW).astype(np.uint8)
        at = timed(at, np.flatnonzero(untimed), series, now, clock)
    code[wordless(said, series, registry) & (code == STORED)] = CODES["not a word"]
    seq, doubted = _NO_INTS, _NO_BYTES
    if any(it.seq is not None for it in said):
        seq = _column([joined([it.seq for it in said], said, -1)], np.int64)
    if any(it.doubted is not None for it in said):
        doubted = joined([it.doubted for it in said], said, 0).astype(np.uint8)
    rows = np.repeat(source, list(map(len, said))) if source.any() else _NO_INTS
    return Told(series, at, value, seq, untimed, doubted, rows)


def _column(parts: Sequence[Column], kind: type) -> Column:
    """Return parts as one column that kernels take: in one piece, and open to writing."""
    whole = parts[0] if len(parts) == 1 else np.concatenate(parts)
    fits = whole.dtype == kind and whole.flags.c_contiguous and whole.flags.writeable
    return whole if fits else np.array(whole, kind)


def _good(
    told: Told, device: Ints, code: Ints, offers: Sequence[Offer], before: Before, clocks: Clocks
) -> Ints:
    """Return the rows that nothing speaks against, in the order of (series, at)."""
    clock, arrived = clocks
    good = np.empty(len(code), np.int64)
    times = (arrived + AHEAD, clock - OLDEST)
    good = good[: screen(told, code, _barred(device, offers), times, good)]
    if len(good):
        gone = before.gone(told.series[good], told.at[good])
        if gone.any():
            code[good[gone]] = CODES["too old"]
            good = good[~gone]
    return ordered(told.series, told.at, good)


def _barred(device: Ints, offers: Sequence[Offer]) -> Bytes:
    """Say which rows are of devices that their sender may not speak for."""
    if all(offer.allowed is None for offer in offers):
        return _NO_BYTES
    found, start = np.zeros(len(device), np.int64), 0
    for offer in offers:
        mine = slice(start, start + len(offer.said))
        start = mine.stop
        if offer.allowed is not None:
            keep_out(device[mine], found[mine], offer.allowed)
    return np.asarray(found != 0, np.uint8)


def _kept(
    told: Told, good: Ints, code: Ints, known: tuple[Registry, Now], before: Before, arrived: int
) -> Stored | None:
    """Return the rows to be stored, each marked; None where numbers of one series do not grow."""
    registry, now = known
    heard = heard_of(now.columns)
    late = judge(told, good, heard, arrived, code)
    if late < 0:
        return None
    if late:
        ask = good[code[good] == LATE]
        code[ask[before.holds(told.series[ask], told.at[ask])]] = TWICE
    count, numbered = len(good), len(told.seq) > 0
    whole = np.empty((4, count), np.int64)
    stored = Stored(
        whole[0], whole[1], np.empty(count), np.empty(count, np.uint8),
        whole[2] if numbered else _NO_INTS, whole[3],
    )  # fmt: skip
    bounds = registry.limits.columns if registry.limits.any else _FREE
    limits = Limits(_column([bounds], np.float64), registry.series["decl"])
    count = weigh(told, good, (heard, limits), stored, code, arrived)
    columns: list[Column] = [column[:count] for column in stored]
    return Stored(*columns)


def _sifted(
    kept: Stored, rows: tuple[Ints, Ints], offers: Sequence[Offer], origin: Origins, arrived: int
) -> Sifted:
    """Return the frame and the outcome of each offer."""
    (device, code), (names, source, lost) = rows, origin
    lengths = [len(offer.said) for offer in offers]
    outcomes = np.zeros((len(offers), len(CODES)), np.int64)
    count_out(np.cumsum(lengths), code, outcomes)
    gone = _NO_INTS
    if len(kept.series) < len(code):
        gone = np.flatnonzero((code != STORED) & (code != LATE))
    frame = Frame(
        arrived=arrived, series=kept.series, at=kept.at, value=kept.value, quality=kept.quality,
        seq=kept.seq if any(it.said.seq is not None for it in offers) else None,
        sources=names, source=kept.source,
        booked=booked(np.repeat(source, lengths)[gone], device[gone], code[gone], lost),
    )  # fmt: skip
    tell_lost(offers, outcomes)
    return Sifted(frame, list(outcomes), device, code)
