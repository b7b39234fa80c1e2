"""The kept state: register, last values and account at one place of the journal."""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from mindu.data.senses.account import Account
from mindu.data.senses.beside.folds import Folds
from mindu.data.senses.columns import Held
from mindu.data.senses.journal import sync_folder
from mindu.data.senses.now import Now
from mindu.data.senses.registry import Registry

VERSION = 1
_MAP = 0x80  # MessagePack: a map of so many
KEPT = 2  # states kept; the older one serves when the newest is damaged


class _State(msgspec.Struct):
    version: int
    position: int
    arrival: int
    registry: Held
    now: dict[str, memoryview]
    account: list[Any]
    folds: dict[int, bytes] = {}


Parts = tuple[Registry, Now, Account, Folds]


def keep(folder: Path, position: int, arrival: int, parts: Parts) -> None:
    """Keep the state that stands at a position of the journal."""
    registry, now, account, folds = parts
    kept = {kind: fold.dump() for kind, fold in folds.items()}
    columns, counts = now.columns.dump(), account.dump()
    told = _State(VERSION, position, arrival, registry.dump(), columns, counts, kept)
    folder.mkdir(parents=True, exist_ok=True)
    draft, sum_ = folder / ".draft", sha256()
    with draft.open("wb") as file:
        file.write(sum_.digest())  # of nothing, until all is written
        for piece in _pieces(told):
            sum_.update(piece)
            file.write(piece)
        file.seek(0)
        file.write(sum_.digest())
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / f"{position:020d}.state")
    sync_folder(folder)
    for old in sorted(folder.glob("*.state"))[:-KEPT]:
        old.unlink()


def _pieces(told: _State) -> Iterator[bytes]:
    """Yield a state as MessagePack, field by field: whole it would take its size once more."""
    fields = told.__struct_fields__
    yield bytes((_MAP | len(fields),))
    for name in fields:
        yield msgspec.msgpack.encode(name)
        yield msgspec.msgpack.encode(getattr(told, name))


def take_up(folder: Path, end: int, parts: Parts) -> tuple[int, int]:
    """Take up the newest whole state not beyond `end`; return (position, last arrival)."""
    registry, now, account, folds = parts
    for path in sorted(folder.glob("*.state"), reverse=True):
        told = path.read_bytes()
        body = memoryview(told)[32:]  # not copied: it is as large as all that is known
        if int(path.stem) > end or sha256(body).digest() != told[:32]:
            continue
        state = msgspec.msgpack.decode(body, type=_State)
        if state.version != VERSION:
            continue
        registry.load(state.registry)
        now.columns.load(state.now)
        account.load(state.account)
        for kind, told_of in state.folds.items():
            folds[kind].load(told_of)
        return state.position, state.arrival
    return 0, 0


def oldest(folder: Path) -> int:
    """Return the position of the oldest state that is kept, 0 when fewer than two are."""
    names = sorted(folder.glob("*.state"))
    return int(names[0].stem) if len(names) >= KEPT else 0
