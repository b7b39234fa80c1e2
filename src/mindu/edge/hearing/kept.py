"""What detectors know, as it is kept on disk with its place in the journal."""

import os
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from mindu.edge.hearing.shaped import Told


class Found(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was odd. `at`: epoch ms; `score`: above 1 is odd; `props`: those that do not fit.

    `shape`: by the shape of the newest readings, not by value or level.
    """

    device: str
    props: tuple[str, ...]
    at: int
    score: float
    value: float | None = None
    expected: float | None = None
    moved: bool = False
    shape: bool = False


class Place(NamedTuple):
    """Where in the journal, and the digest there."""

    position: int = 0
    digest: bytes = bytes(32)


class Kept(msgspec.Struct, array_like=True):
    """The state of all detectors: columns as bytes, and what they found."""

    place: Place
    slot: bytes
    series: bytes
    surprise: bytes
    count: bytes
    online: dict[str, bytes]
    together: list[tuple[str, tuple[str, ...], dict[str, bytes]]]
    found: list[Found]
    heard: int
    passed: int
    shapes: list[Told] = []


def write(path: Path, told: Kept) -> None:
    """Put a state in the place of the one before, whole or not at all.

    Raises:
        OSError: the disk refuses.
    """
    body = msgspec.msgpack.encode(told)
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(sha256(body).digest())
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def taken_up(path: Path) -> Kept:
    """Return the state that was written.

    Raises:
        FileNotFoundError: none was.
        ValueError: it is damaged.
    """
    told = path.read_bytes()
    if sha256(told[32:]).digest() != told[:32]:
        raise ValueError(f"{path} is damaged")
    try:
        return msgspec.msgpack.decode(told[32:], type=Kept)
    except msgspec.MsgspecError as wrong:
        raise ValueError(f"{path} is of another version: {wrong}") from wrong
