"""The kept state: register, last values and account at one place of the journal."""

import os
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
KEPT = 2  # states kept; the older one serves when the newest is damaged


class _State(msgspec.Struct):
    version: int
    position: int
    arrival: int
    registry: Held
    now: dict[str, bytes]
    account: list[Any]
    folds: dict[int, bytes] = {}


Parts = tuple[Registry, Now, Account, Folds]


def keep(folder: Path, position: int, arrival: int, parts: Parts) -> None:
    """Keep the state that stands at a position of the journal."""
    registry, now, account, folds = parts
    kept = {kind: fold.dump() for kind, fold in folds.items()}
    columns, counts = now.columns.dump(), account.dump()
    told = _State(VERSION, position, arrival, registry.dump(), columns, counts, kept)
    body = msgspec.msgpack.encode(told)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / ".draft"
    with draft.open("wb") as file:
        file.write(sha256(body).digest())
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / f"{position:020d}.state")
    sync_folder(folder)
    for old in sorted(folder.glob("*.state"))[:-KEPT]:
        old.unlink()


def take_up(folder: Path, end: int, parts: Parts) -> tuple[int, int]:
    """Take up the newest whole state not beyond `end`; return (position, last arrival)."""
    registry, now, account, folds = parts
    for path in sorted(folder.glob("*.state"), reverse=True):
        told = path.read_bytes()
        if int(path.stem) > end or sha256(told[32:]).digest() != told[:32]:
            continue
        state = msgspec.msgpack.decode(told[32:], type=_State)
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
