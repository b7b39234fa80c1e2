"""The notary: signs the newest head of a log when it can, and holds a log to all it ever signed.

Whoever writes never waits for it: a signer that stalls leaves nothing behind but a later note, for
one note over the newest head speaks for every entry before it.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock

import msgspec

from mindu.base.records import Words
from mindu.base.seal import Signer
from mindu.data.checkpoint import Checkpoint, opened, signed
from mindu.data.log import Log

FILE = "checkpoints.jsonl"
NAME = "mindu"  # under which a city signs, where it was given no other


class Key(msgspec.Struct, frozen=True):
    """A public key by which notes may be checked."""

    suite: str
    public: str  # hex


class Kept(msgspec.Struct, frozen=True):
    """One line of the file of notes."""

    note: str


class Notary:
    """Signs heads of one log into one file; keep a copy of the file with somebody else."""

    def __init__(self, log: Log, file: Path, name: str, keys: Sequence[Signer]) -> None:
        """Sign under a name, e.g. the city's."""
        self._log, self._file, self._name, self._keys = log, file, name, tuple(keys)
        self._lock = Lock()
        self.size = max((said.size for said in read(file, name, self.public())), default=0)

    def public(self) -> list[Key]:
        """Return the keys by which notes can be checked."""
        return [Key(key.suite, key.public.hex()) for key in self._keys]

    def sign(self) -> Checkpoint | None:
        """Sign the newest durable head and keep the note; None when the last one covers it."""
        with self._lock:
            size = self._log.durable
            if size <= self.size:
                return None
            said = Checkpoint(self._name, size, self._log.root(size))
            line = msgspec.json.encode(Kept(signed(said, self._name, *self._keys))) + b"\n"
            with self._file.open("ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            self.size = size
            return said


def notes(file: Path) -> Iterator[str]:
    """Yield every note that was kept whole; a line cut off by a crash is passed over."""
    if not file.exists():
        return
    with file.open("rb") as lines:
        for line in lines:
            try:
                yield msgspec.json.decode(line, type=Kept).note
            except msgspec.DecodeError:
                continue


def read(file: Path, name: str, keys: Sequence[Key]) -> Iterator[Checkpoint]:
    """Yield what every kept note says, each signature checked.

    Raises:
        ValueError: a note was not signed by that name with one of these keys.
    """
    for text in notes(file):
        wrong: ValueError | None = None
        for key in keys:
            try:
                said = opened(text, name, key.suite, bytes.fromhex(key.public))
            except ValueError as no:
                wrong = no
            else:
                yield said
                wrong = None
                break
        if wrong is not None:
            raise wrong


def held_against(log: Log, said: Checkpoint) -> Words | None:
    """Return how a log breaks with a note; None where it keeps to it."""
    if said.size > len(log):
        return Words(
            f"a signed note speaks of {said.size} entries, the log holds {len(log)}: "
            "it was rolled back; take a newer copy",
            f"签名检查点称有 {said.size} 条,日志只有 {len(log)} 条:日志被回退,请取较新的副本",
        )
    if log.root(said.size) != said.root:
        return Words(
            f"the first {said.size} entries are not those that were signed: the log was forked "
            "or changed; compare it with a copy",
            f"前 {said.size} 条与签名时不同:日志被分叉或改动,请与副本比对",
        )
    return None
