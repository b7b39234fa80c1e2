"""Readings in JSON: one object, a list of objects, a list of short rows, columns, or lines.

An object is `{"device", "prop", "value", "at", "seq", "unit", "datum", "quality"}` or has
`"values": {prop: value}` instead of one `prop` and `value`. A short row is
`[device, prop, at, value, seq, unit]`. Columns are one object of lists. `at` is epoch
milliseconds or an RFC 3339 text with its zone; without it the time of arrival counts.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import chain, repeat
from math import nan
from typing import Any, cast

import msgspec
import numpy as np

from mindu.perceive.said import NOW, UNTOLD, WRONGS, Floats, Ints, Said, nothing

MOST = 1 << 62  # numbers beyond this are no times and no sequences
When = datetime | int | float | None
Number = float | bool | None | str | dict[str, Any] | list[Any]  # or a word, in any JSON
FIELDS = (b'"values"', b'"unit"', b'"datum"', b'"quality"', b'"seq"')
_ALL = b"".join(FIELDS)
WRONG = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)  # a text that is no JSON of ours
_COLUMNS = re.compile(rb'^\s*\{[^{}]*?"device"\s*:\s*\[')
_SHORT = re.compile(rb"^\s*\[\s*\[")


class Row(msgspec.Struct, gc=False):
    """One reading as an object."""

    device: str
    prop: str = ""
    value: Number = None
    at: When = None
    seq: int = UNTOLD
    unit: str = ""
    datum: str = ""
    quality: int = 0
    values: dict[str, Number] | None = None


class _Short(msgspec.Struct, array_like=True, gc=False):
    device: str
    prop: str
    at: When
    value: Number
    seq: int = UNTOLD
    unit: str = ""


class _Columns(msgspec.Struct):
    device: list[str]
    prop: list[str] | str
    value: list[Number]
    at: list[When] | When = None
    seq: list[int] | None = None
    unit: list[str] | str = ""


ONE = msgspec.json.Decoder(Row)
MANY = msgspec.json.Decoder(list[Row])
_SHORTS = msgspec.json.Decoder(list[_Short])
_ACROSS = msgspec.json.Decoder(_Columns)
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_SHORT_ONE = msgspec.json.Decoder(_Short)
Kept = Row | _Short
_WORD = (str, bool, dict, list)
_PLAIN = frozenset((float,))


def from_json(body: bytes) -> Said:
    """Return what a JSON text says; rows that cannot be read are counted, never thrown."""
    if _SHORT.match(body):
        return _each(body, _SHORTS, _SHORT_ONE)
    if body.lstrip().startswith(b"["):
        return _each(body, MANY, ONE)
    return _across(body) if _COLUMNS.match(body) else _alone(body)


def _alone(body: bytes) -> Said:
    try:
        return columns([ONE.decode(body)], text=body)
    except WRONG as wrong:
        return nothing(1, str(wrong))


def from_lines(body: bytes) -> Said:
    """Return what lines of JSON say, one object or short row a line."""
    try:
        return columns(ONE.decode_lines(body), text=body)
    except WRONG:
        lines = [line for line in body.splitlines() if line.strip()]
        return _one_by_one(lines)


def _each(body: bytes, many: Any, one: Any) -> Said:  # noqa: ANN401 - decoders of two row types
    try:
        return columns(many.decode(body), text=body)
    except WRONG:
        pass
    try:
        rows = _RAWS.decode(body)
    except WRONG as wrong:
        return nothing(1, str(wrong))
    return _one_by_one([bytes(row) for row in rows], one)


def _one_by_one(rows: Sequence[bytes], one: Any = None) -> Said:  # noqa: ANN401
    """Read every row by itself, so that a bad one costs only itself."""
    good: list[Row] = []
    wrongs: list[str] = []
    lost = 0
    for i, row in enumerate(rows):
        decode = one or (_SHORT_ONE if row.lstrip().startswith(b"[") else ONE)
        try:
            good.append(_long(decode.decode(row)))
        except WRONG as wrong:
            lost += 1
            if len(wrongs) < WRONGS:
                wrongs.append(f"row {i}: {wrong}")
    return columns(good, lost, wrongs)


def _long(row: Kept) -> Row:
    """Return a short row as a long one, so that lines of both forms stand together."""
    if isinstance(row, Row):
        return row
    return Row(row.device, row.prop, row.value, row.at, row.seq, row.unit)


def columns(
    rows: Sequence[Kept], lost: int = 0, wrongs: Sequence[str] = (), *, text: bytes = _ALL
) -> Said:
    """Return rows as columns; fields that their text does not even name are not looked for."""
    long = bool(rows) and isinstance(rows[0], Row)
    if long and FIELDS[0] in text:
        rows = _spread(cast("Sequence[Row]", rows))
    many = cast("Sequence[Row]", rows)
    told = [word in text for word in FIELDS]
    units = [r.unit for r in rows] if told[1] or not long else ()
    datums = [r.datum for r in many] if long and told[2] else ()
    doubted = [r.quality for r in many] if long and told[3] else ()
    seqs = [r.seq for r in rows] if told[4] or not long else ()
    value, words = valued([r.value for r in rows])
    return Said(
        device=[r.device for r in rows],
        prop=[r.prop for r in rows],
        at=times([r.at for r in rows]),
        value=value,
        words=words,
        seq=whole(seqs) if any(seq != UNTOLD for seq in seqs) else None,
        unit=units if any(units) else None,
        datum=datums if any(datums) else None,
        doubted=bits(doubted) if any(doubted) else None,
        lost=lost,
        wrongs=wrongs,
    )


def _spread(rows: Sequence[Row]) -> list[Row]:
    out: list[Row] = []
    for r in rows:
        if not r.values:
            out.append(r)
            continue
        out.extend(
            Row(r.device, prop, value, r.at, r.seq, r.unit, r.datum, r.quality)
            for prop, value in chain(r.values.items(), [(r.prop, r.value)] if r.prop else ())
        )
    return out


def _across(body: bytes) -> Said:
    try:
        told = _ACROSS.decode(body)
    except WRONG as wrong:
        return nothing(1, str(wrong))
    count = len(told.device)
    prop = list(repeat(told.prop, count)) if isinstance(told.prop, str) else told.prop
    unit = list(repeat(told.unit, count)) if isinstance(told.unit, str) else told.unit
    at = told.at if isinstance(told.at, list) else list(repeat(told.at, count))
    lengths = {count, len(prop), len(told.value), len(at), len(unit)}
    if len(lengths | ({len(told.seq)} if told.seq else set())) > 1:
        return nothing(max(count, 1), "the columns are not of one length")
    value, words = valued(told.value)
    return Said(
        device=told.device,
        prop=prop,
        at=times(at),
        value=value,
        words=words,
        seq=whole(told.seq) if told.seq else None,
        unit=unit if any(unit) else None,
    )


def times(told: Sequence[When]) -> Ints:
    """Return instants as epoch ms; `NOW` where none was told, one far ahead for what is no time."""
    try:
        found = np.array(told, np.int64) if not told or type(told[0]) is int else None
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is not None and abs(found).max(initial=0) < MOST:
        return found
    return np.fromiter((_ms(at) for at in told), np.int64, len(told))


def _ms(at: When) -> int:
    if at is None:
        return NOW
    if isinstance(at, datetime):
        return round(at.timestamp() * 1000) if at.tzinfo is not None else MOST
    return int(at) if abs(at) < MOST else MOST


def valued(told: Sequence[Number]) -> tuple[Floats, dict[int, str] | None]:
    """Return values as floats, NaN for null and words; and the rows of words, each as JSON.

    A truth is both: what it is told as depends on what the property tells.
    """
    if _PLAIN.issuperset(map(type, told)):
        return np.array(told, np.float64), None
    found = ((i, it) for i, it in enumerate(told) if isinstance(it, _WORD))
    words = {i: msgspec.json.encode(it, order="sorted").decode() for i, it in found}
    return np.array([_number(it) for it in told], np.float64), words or None


def _number(told: Number) -> float:
    return nan if told is None or isinstance(told, str | dict | list) else float(told)


def whole(told: Sequence[int]) -> Ints:
    """Return sequence numbers; what is out of any range counts as untold."""
    try:
        return np.maximum(np.array(told, np.int64), UNTOLD)
    except OverflowError:
        return np.array([s if 0 <= s < MOST else UNTOLD for s in told], np.int64)


def bits(told: Sequence[int]) -> "np.typing.NDArray[np.uint8]":
    """Return what the sender doubts, as `Quality` bits."""
    return np.array([q & 255 for q in told], np.uint8)
