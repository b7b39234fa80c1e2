"""Orders beside a line that serves: officers, keys, duties and models without closing it.

A socket of the data folder, open to the folder's owner alone; one line of JSON in, one line out.
"""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple, Self

import msgspec

from mindu.base.records import Words
from mindu.cli.say import Trouble
from mindu.edge.counter.papers import Plan

NAME = "line.sock"
MOST = 8 << 20  # bytes of one order
LONGEST_PATH = 100  # bytes: beyond it no system opens a socket by name
PATIENCE_S = 60.0
READ_S = 5.0  # s that whoever connects may take to say what he wants


class Put(msgspec.Struct, frozen=True, tag="put"):
    """A row of a table: it takes the place of the one with the same first cell."""

    table: str
    columns: tuple[str, ...]
    row: tuple[str, ...]
    by: str


class Duty(msgspec.Struct, frozen=True, tag="duty"):
    """A whole duty table."""

    rows: tuple[tuple[str, ...], ...]
    source: str
    by: str


class Lay(msgspec.Struct, frozen=True, tag="lay"):
    """A whole table by its name."""

    table: str
    rows: tuple[tuple[str, ...], ...]
    source: str
    by: str


class Dissolve(msgspec.Struct, frozen=True, tag="dissolve"):
    """A unit that is no more, and who takes its open cases; "" sends them back to dispatch."""

    unit: str
    successor: str
    by: str


class Bring(msgspec.Struct, frozen=True, tag="bring"):
    """Some old tickets, as columns, and which column is what (None: by the usual names)."""

    rows: tuple[dict[str, str], ...]
    how: Plan | None


class Renew(msgspec.Struct, frozen=True, tag="renew"):
    """A model was trained: read by it from now on, and lay down what was proved of it."""

    certificates: tuple[tuple[str, ...], ...]
    card: tuple[str, ...]
    by: str


class Spoken(msgspec.Struct, frozen=True):
    """An order of any other house: its verb, and the words that it was given."""

    verb: str
    said: dict[str, Any]


class Done(NamedTuple):
    """What came of a spoken order, as data and as a text."""

    data: Any
    text: str

    def told(self) -> dict[str, str]:
        """Write it down as what an answer tells."""
        return {"done": msgspec.json.encode(self._asdict()).decode()}

    @classmethod
    def heard(cls, told: Mapping[str, str]) -> Self:
        """Read what an answer tells."""
        return cls(**msgspec.json.decode(told["done"]))


class Answer(msgspec.Struct, frozen=True):
    """What became of an order; empty words: done."""

    en: str = ""
    zh: str = ""
    told: dict[str, str] = {}  # what there is to tell of it, by name; JSON where it is more
    code: int = 2  # with which a command ends that was refused


Order = Put | Duty | Lay | Dissolve | Bring | Renew
Do = Callable[[Any], Mapping[str, str]]


def ask(folder: Path, order: msgspec.Struct, name: str = NAME) -> dict[str, str] | None:
    """Hand an order to whoever serves a folder; return what it tells, None where none does.

    Raises:
        Trouble: it was refused, and says why.
    """
    path = folder / name
    if len(bytes(path)) > LONGEST_PATH or not path.exists():
        return None
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as wire:
        wire.settimeout(PATIENCE_S)
        try:
            wire.connect(str(path))
        except OSError:  # left behind by a line that was killed
            return None
        wire.sendall(msgspec.json.encode(order) + b"\n")
        told = msgspec.json.decode(_line(wire), type=Answer)
    if told.en:
        mend = Words("Mend it and try again.", "请修正后重试。")
        raise Trouble(Words(told.en, told.zh), mend, code=told.code)
    return told.told


@contextmanager
def taking(
    folder: Path, do: Do, of: Any = Order,  # noqa: ANN401 - a type of msgspec
    name: str = NAME,
) -> Iterator[None]:  # fmt: skip
    """Take orders for a folder until the block ends; a path too long for a socket takes none."""
    path = folder / name
    if len(bytes(path)) > LONGEST_PATH:
        yield
        return
    path.unlink(missing_ok=True)
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as door:
        door.bind(str(path))
        path.chmod(0o600)
        door.listen(8)
        thread = Thread(target=_serve, args=(door, do, of), daemon=True)
        thread.start()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
            with suppress(OSError):  # wakes whoever waits at the door
                door.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE_S)


def _serve(door: socket.socket, do: Do, of: Any) -> None:  # noqa: ANN401
    while True:
        try:
            wire, _ = door.accept()
        except OSError:
            return
        with closing(wire), suppress(OSError):
            wire.settimeout(READ_S)
            wire.sendall(msgspec.json.encode(_done(wire, do, of)) + b"\n")


def _done(wire: socket.socket, do: Do, of: Any) -> Answer:  # noqa: ANN401
    try:
        return Answer(told=dict(do(msgspec.json.decode(_line(wire), type=of))))
    except Trouble as no:
        return Answer(no.wrong.en, no.wrong.zh, code=no.code)
    except (ValueError, msgspec.MsgspecError) as wrong:
        return Answer(str(wrong), f"未能执行:{wrong}")


def _line(wire: socket.socket) -> bytes:
    held = bytearray()
    while not held.endswith(b"\n"):
        part = wire.recv(1 << 16)
        held += part
        if not part or len(held) > MOST:
            raise ValueError("an order is one line of at most 8 MB")
    return bytes(held)
