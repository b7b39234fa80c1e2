"""The dense points: where many things are, what they say and how grave it is, as bytes."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from mindu.console.ask import Ask
from mindu.console.kept.heard import Heard
from mindu.console.look import Look
from mindu.console.place import Place
from mindu.data.arrays import Floats

MAGIC = b"MDP1"
DEGREE = 1e6  # steps a degree: 0.1 m
EAST, NORTH = "lon", "lat"  # properties of a thing that tells where it is


@dataclass(frozen=True, slots=True)
class Crowd:
    """The things on the map: where they stand, and which of them tell where they are."""

    ids: tuple[str, ...]
    tag: str
    xy: Floats  # (n, 2), degrees; where it was last placed
    moving: Sequence[tuple[int, Heard, Heard]]


def crowd(look: Look, ask: Ask) -> Crowd:
    """Return the things with a position, in the order of the dense points."""
    board, kind = look.board, ask.text("kind")
    stamp = (board.placings, len(board.readings))
    return board.ready.take(("crowd", kind), stamp, lambda: _crowd(look, kind))


def points(look: Look, ask: Ask) -> tuple[bytes, str]:
    """Return the dense points, and the tag of the list that names them.

    All who ask between two changes are given the same bytes.
    """
    board, prop = look.board, ask.text("prop")
    found = crowd(look, ask)
    stamp = (board.seq, board.placings, look.pulse.now, look.ahead)
    key = ("points", ask.text("kind"), prop)
    return board.ready.take(key, stamp, lambda: _dense(look, found, prop)), found.tag


def _crowd(look: Look, kind: str) -> Crowd:
    readings = look.board.readings
    places = [p for p in look.board.places.values() if kind in {"", p.kind}]
    places = [p for p in places if p.xy or _tells(look, p)]
    ids = tuple(p.id for p in places)
    return Crowd(
        ids=ids,
        tag=sha256("\n".join(ids).encode()).hexdigest()[:16],
        xy=np.array([p.xy or (0.0, 0.0) for p in places], np.float64).reshape(-1, 2),
        moving=[
            (i, readings[p.id, EAST], readings[p.id, NORTH])
            for i, p in enumerate(places)
            if _tells(look, p)
        ],
    )


def _tells(look: Look, place: Place) -> bool:
    readings = look.board.readings
    return (place.id, EAST) in readings and (place.id, NORTH) in readings


def _dense(look: Look, found: Crowd, prop: str) -> bytes:
    board, count = look.board, len(found.ids)
    xy = _now(found)
    lon, lat = (float(xy[:, 0].mean()), float(xy[:, 1].mean())) if count else (0.0, 0.0)
    step = np.rint((xy - (lon, lat)) * DEGREE).astype("<i4")
    value = np.full(count, np.nan, "<f4")
    if prop:
        heard = (board.readings.get((name, prop)) for name in found.ids)
        value[:] = [h.last[1] if h else np.nan for h in heard]
    grave = look.standing().grave
    severity = np.fromiter((grave.get(name, 0) for name in found.ids), np.uint8, count)
    now, seq = look.pulse.now.timestamp(), max(board.seq, 0)
    head = MAGIC + struct.pack("<IdddI", count, lon, lat, now, seq)
    columns = (step[:, 0], step[:, 1], value, severity)
    return head + b"".join(column.tobytes() for column in columns)


def _now(found: Crowd) -> Floats:
    """Return where everything is: where it was placed, or where it says it is."""
    if not found.moving:
        return found.xy
    xy = found.xy.copy()
    rows = [i for i, _, _ in found.moving]
    xy[rows, 0] = [east.last[1] for _, east, _ in found.moving]
    xy[rows, 1] = [north.last[1] for _, _, north in found.moving]
    return xy
