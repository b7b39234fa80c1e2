"""The registers of a city as its folder holds them, and what feeds them."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from mindu.base.records import Words
from mindu.base.time import SystemClock
from mindu.base.wrong import said
from mindu.cli.data import held as sources
from mindu.cli.data.use.lake import REGISTERS
from mindu.cli.say import Trouble
from mindu.data.keeping.home import home
from mindu.data.log import Log
from mindu.data.registers.declare import FIVE, Feed, Register
from mindu.data.registers.feed import Fed
from mindu.data.senses.memory.delta import whole
from mindu.data.vault import Vault

FOLDER = REGISTERS


class City(NamedTuple):
    """What a verb works with."""

    folder: Path
    log: Log
    vault: Vault
    now: datetime
    writes: bool = True  # else another process writes the log, and will tell it of builds

    def place(self, name: str) -> Path:
        """Return where a register keeps its builds."""
        return self.folder / FOLDER / name


@contextmanager
def city(folder: Path) -> Iterator[City]:
    """Open the log and the vault of a city for writing.

    Raises:
        Trouble: another process writes the log.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        log = Log.open(home(folder).log())
    except (ValueError, OSError, RuntimeError) as wrong:
        raise Trouble(
            Words(f"The log cannot be written: {wrong}", f"日志无法写入:{said(wrong).zh}"),
            Words("Stop the other process, or give --data.", "请停止另一进程,或用 --data 指定。"),
        ) from wrong
    with log, closing(Vault(folder / "vault")) as vault:
        yield City(folder, log, vault, SystemClock().now())


@contextmanager
def beside(folder: Path) -> Iterator[City]:
    """Open a city for building: its log for writing, or for reading beside who writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    where = home(folder).log()
    try:
        log, writes = Log.open(where), True
    except RuntimeError:
        log, writes = Log.read(where), False
    with log, closing(Vault(folder / "vault")) as vault:
        yield City(folder, log, vault, SystemClock().now(), writes)


def feeds(folder: Path, name: str = "") -> list[Feed]:
    """Return what feeds a register, or all of them."""
    path = folder / FOLDER / "feeds.json"
    found = msgspec.json.decode(path.read_bytes(), type=list[Feed]) if path.exists() else []
    return [feed for feed in found if name in {"", feed.register}]


def keep_feeds(folder: Path, told: Sequence[Feed]) -> None:
    """Keep feeds; one takes the place of an older one of the same source and register."""
    fresh = {(feed.register, feed.source): feed for feed in [*feeds(folder), *told]}
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    whole(folder / FOLDER / "feeds.json", msgspec.json.encode([*fresh.values()]))


def fed(folder: Path, register: Register) -> list[Fed]:
    """Return the feeds of a register with their sources.

    Raises:
        Trouble: nothing feeds it.
    """
    found = feeds(folder, register.name)
    if not found:
        raise Trouble(
            Words(f"Nothing feeds the {register.name} register.", f"{register.title.zh}尚无供数。"),
            Words("mindu register feed FILE.toml", "mindu register feed 文件.toml"),
        )
    return [
        Fed(f, sources.source(folder, f.source), sources.folder(folder, f.source)) for f in found
    ]


def register(name: str) -> Register:
    """Return a register by its name.

    Raises:
        KeyError: there is none.
    """
    if name not in FIVE:
        raise KeyError(f"no register is called {name!r}; there are: {', '.join(FIVE)}")
    return FIVE[name]
