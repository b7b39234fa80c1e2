"""JSON rows that all have the shape of the first one, read as columns of bytes.

Devices send the same few fields again and again. Where every row is the first one with other names
and numbers in the same places, and only then, all of them are read at once, several times faster
than as objects. Anything else (other fields, escapes, exponents, blanks elsewhere) is not read
here at all, but by the ordinary decoders.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mindu.perceive.digits import PAD, decimal, whole
from mindu.perceive.names import Words, cut
from mindu.perceive.said import NOW, Ints, Said
from mindu.perceive.wire.rows import ONE, WRONG

_FIELD = re.compile(rb'"(device|prop|at|value|seq)"(\s*:\s*)("[^"]*"|-?[0-9.]+)')
_TEXTS = (b"device", b"prop")
_NEEDED = (*_TEXTS, b"value")
_BLANK = b" \t\r\n"
_AT, _SEQ, _ESCAPE = b"at", b"seq", b"\\"


@dataclass(frozen=True, slots=True)
class Shape:
    """The first row, cut: what stands before each field, and what the fields are called."""

    names: tuple[bytes, ...]
    before: tuple[bytes, ...]  # literal text before each field's own text
    after: bytes  # from the last field to the end of the row
    between: bytes  # from one row to the next
    opening: bytes
    closing: bytes

    @property
    def quotes(self) -> int:
        """How many quotes a row has."""
        return sum(text.count(b'"') for text in self.before) + self.after.count(b'"')


def shaped(bodies: Sequence[bytes]) -> tuple[Said, list[int]] | None:
    """Return the rows of all bodies, and up to which row each goes; None if one is of no shape."""
    shape = first(bodies[0])
    text = b"\n".join(bodies)
    if shape is None or _ESCAPE in text or not text.isascii():
        return None
    padded = bytes(PAD) + text + bytes(PAD)
    octets = np.frombuffer(padded, np.uint8)
    words: Words = np.ndarray((len(padded) - 7,), "<u8", padded, strides=(1,))
    quotes = np.flatnonzero(octets == 34)
    if len(quotes) % shape.quotes:
        return None
    grid = quotes.reshape(-1, shape.quotes)
    cuts = _cuts(shape, grid, words, _edges(bodies))
    return None if cuts is None else _said(shape, cuts, words, octets)


def first(body: bytes) -> Shape | None:
    """Return the shape of the first row of a body."""
    start, end = body.find(b"{"), body.find(b"}") + 1
    alone = start == 0 and end == len(body)
    row = body[start:end]
    found = list(_FIELD.finditer(row)) if body.startswith(b"[") or alone else []
    names = tuple(it[1] for it in found)
    twice = len(set(names)) < len(names)
    if twice or not set(_NEEDED) <= set(names) or not _reads(row):
        return None
    if any((it[1] in _TEXTS) != it[3].startswith(b'"') for it in found):
        return None
    before, at = [], 0
    for it in found:
        quoted = int(it[1] in _TEXTS)
        before.append(row[at : it.start(3) + quoted])
        at = it.end(3) - quoted
    after = row[at:]
    return _plain(Shape(names, tuple(before), after, *_around(body, end)))


def _reads(row: bytes) -> bool:
    try:
        ONE.decode(row)
    except WRONG:
        return False
    return True


def _around(body: bytes, end: int) -> tuple[bytes, bytes, bytes]:
    """Return what stands between rows, before the first and after the last one."""
    if not body.startswith(b"["):
        return b"", b"", b""
    following, last = body.find(b"{", end), body.rfind(b"}") + 1
    between = body[end:following] if following > 0 else b","
    return between, body[: body.find(b"{")], body[last:]


def _plain(shape: Shape) -> Shape | None:
    """Return the shape if its literals are what JSON allows there, and nothing else."""
    marks = [text.translate(None, _BLANK) for text in shape.before]
    wanted = []
    for i, name in enumerate(shape.names):
        lead = b"{" if not i else b'",' if shape.names[i - 1] in _TEXTS else b","
        wanted.append(lead + b'"' + name + b'":' + (b'"' if name in _TEXTS else b""))
    closed = b'"}' if shape.names[-1] in _TEXTS else b"}"
    around = [it.strip(_BLANK) for it in (shape.between, shape.opening, shape.closing)]
    listed = around in ([b",", b"[", b"]"], [b"", b"", b""])
    whole_ = marks == wanted and shape.after.translate(None, _BLANK) == closed and listed
    return shape if whole_ and max(map(len, shape.before)) <= PAD else None


def _edges(bodies: Sequence[bytes]) -> tuple[Ints, Ints]:
    """Return where each body begins and ends in the padded text."""
    lengths = np.fromiter(map(len, bodies), np.int64, len(bodies))
    ends = PAD + np.cumsum(lengths + 1) - 1
    return ends - lengths, ends


@dataclass(frozen=True, slots=True, eq=False)
class _Cuts:
    """Where every field of every row begins and ends, and after which row each body ends."""

    start: list[Ints]
    end: list[Ints]
    ends: list[int]


def _cuts(shape: Shape, grid: Ints, words: Words, edges: tuple[Ints, Ints]) -> _Cuts | None:
    """Find every field by the quotes around it, and see that all else is as in the first row."""
    rows = grid[:, 0] - shape.before[0].index(b'"')
    tops = edges[0] + len(shape.opening)
    heads = np.searchsorted(rows, tops)
    in_turn = heads[0] == 0 and heads[-1] < len(rows) and (np.diff(heads) > 0).all()
    if not in_turn or (rows[heads] != tops).any():
        return None
    lasts = np.append(heads[1:], len(rows)) - 1
    finish = np.append(rows[1:] - len(shape.between), 0)
    finish[lasts] = edges[1] - len(shape.closing)
    tail = finish - len(shape.after)
    inner = np.delete(finish, lasts)
    fits = (shape.between or not len(inner)) and all(
        _stands(words, at, text)
        for at, text in (
            (inner, shape.between), (edges[0], shape.opening), (tail, shape.after),
            (edges[1] - len(shape.closing), shape.closing),
        )
    )  # fmt: skip
    return _fields(shape, grid, words, rows, tail, (lasts + 1).tolist()) if fits else None


def _fields(
    shape: Shape, grid: Ints, words: Words, rows: Ints, tail: Ints, ends: list[int]
) -> _Cuts | None:
    start: list[Ints] = []
    end: list[Ints] = []
    seen, at = 0, rows
    for i, literal in enumerate(shape.before):
        if i:
            at = grid[:, seen] - literal.index(b'"')
            end.append(at)
        if not _stands(words, at, literal):
            return None
        seen += literal.count(b'"')
        start.append(at + len(literal))
    end.append(tail)
    return _Cuts(start, end, ends)


def _stands(words: Words, at: Ints, literal: bytes) -> bool:
    """Say whether a text stands at all these places."""
    for k in range(0, len(literal), 8):
        part = literal[k : k + 8]
        mask = np.uint64((1 << 8 * len(part)) - 1)
        wanted = np.uint64(int.from_bytes(part, "little"))
        if ((words[at + k] & mask) != wanted).any():
            return False
    return True


def _said(
    shape: Shape, cuts: _Cuts, words: Words, octets: NDArray[np.uint8]
) -> tuple[Said, list[int]] | None:
    fields = dict(zip(shape.names, zip(cuts.start, cuts.end, strict=True), strict=True))
    device, prop = cut(words, *fields[b"device"]), cut(words, *fields[b"prop"])
    value = decimal(words, octets, *fields[b"value"])
    count = len(cuts.start[0])
    told = np.full(count, NOW, np.int64)
    at = whole(words, *fields[_AT]) if _AT in fields else told
    seq = whole(words, *fields[_SEQ]) if _SEQ in fields else None
    lost = any(it is None for it in (device, prop, value, at)) or (_SEQ in fields and seq is None)
    if lost or device is None or prop is None or value is None or at is None:
        return None
    return Said(device=device, prop=prop, at=at, value=value, seq=seq), cuts.ends
