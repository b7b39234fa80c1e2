"""A small archive of vector tiles, written by hand: PMTiles 3 with one tile that shows one lake."""

import gzip
import json
import struct
from itertools import pairwise

WHOLE = 4096  # steps along one side of a tile
LAKE = ((2048, 512), (4000, 512), (4000, 2048), (2048, 2048))  # all of the north and east
MOVE, LINE, CLOSE = 1, 2, 7  # commands of a tile's geometry
POLYGON = 3
MVT, GZIP, PLAIN = 1, 2, 1  # kinds of tile and of compression, as PMTiles numbers them


def varint(value: int) -> bytes:
    """Return a number as protocol buffers and PMTiles write it."""
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def field(number: int, body: bytes | int) -> bytes:
    """Return one field of a message: a number, or bytes with their length."""
    if isinstance(body, int):
        return varint(number << 3) + varint(body)
    return varint(number << 3 | 2) + varint(len(body)) + body


def turned(step: int) -> int:
    """Return a signed step as an unsigned one."""
    return (step << 1) ^ (step >> 31)


def tile(layer: str) -> bytes:
    """Return one tile with one lake in one layer."""
    steps = [MOVE | 1 << 3, turned(LAKE[0][0]), turned(LAKE[0][1]), LINE | (len(LAKE) - 1) << 3]
    for (x0, y0), (x1, y1) in pairwise(LAKE):
        steps += [turned(x1 - x0), turned(y1 - y0)]
    steps.append(CLOSE | 1 << 3)
    shape = field(3, POLYGON) + field(4, b"".join(varint(step) for step in steps))
    told = field(15, 2) + field(1, layer.encode()) + field(2, shape) + field(5, WHOLE)
    return field(3, told)


def archive(layer: str = "water") -> bytes:
    """Return an archive whose one tile is the whole world."""
    body = gzip.compress(tile(layer), mtime=0)
    entries = (1, 0, 1, len(body), 1)  # count, tile, run, length, place + 1
    root = gzip.compress(b"".join(varint(n) for n in entries), mtime=0)
    said = {"vector_layers": [{"id": layer, "fields": {}, "minzoom": 0, "maxzoom": 0}]}
    paper = gzip.compress(json.dumps(said).encode(), mtime=0)
    first = 127
    places = (first, len(root), first + len(root), len(paper), first + len(root) + len(paper), 0,
              first + len(root) + len(paper), len(body))  # fmt: skip
    head = b"PMTiles\x03" + struct.pack("<8Q", *places) + struct.pack("<3Q", 1, 1, 1)
    head += struct.pack("<6B", 1, GZIP, GZIP, MVT, 0, 0)
    world = [round(v * 1e7) for v in (-180.0, -85.0, 180.0, 85.0)]
    head += struct.pack("<4i", *world) + struct.pack("<B2i", 0, 0, 0)
    assert len(head) == first, len(head)
    return head + root + paper + body
