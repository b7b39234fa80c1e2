"""What a register came to: builds that are seen whole or not at all, and what changed in each.

A build is a folder of Parquet files; `now.json` names the one that holds. Its digests stand in the
city's log, so that a file changed by another hand is noticed.
"""

import shutil
from collections.abc import Callable, Iterable
from hashlib import file_digest
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mindu.data.registers.verdicts import Verdict
from mindu.data.senses.journal import sync_folder
from mindu.data.senses.memory.delta import synced, whole

KEPT = 3  # builds whose files are kept; what changed is kept for good
TABLES = ("subjects", "records", "origins", "pairs", "review", "blocks", "ties", "often",
          "voids")  # fmt: skip


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """How far a source was read: up to which pull, under which declaration, how many rows."""

    pull: int
    shape: str  # of the source and its feed
    rows: int  # that the source holds
    empty: int  # of them, that hold nothing


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What a build made of the records: was + fresh - gone = records = same + changed + fresh."""

    was: int = 0
    fresh: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    compared: int = 0  # records that were held against others
    touched: int = 0  # records whose subject was settled anew


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """One build of a register, counted."""

    number: int
    at: int  # epoch ms
    records: int
    empty: int  # rows that hold nothing, erased ones among them
    subjects: int
    review: int  # pairs that wait for a person
    changed: int = 0  # values that differ from the build before
    digests: dict[str, str] = {}
    account: Account = Account()
    read: dict[str, Read] = {}
    scale: dict[str, Any] = {}
    feeds: str = ""  # digest of what feeds it
    upto: int = 0  # entries of the log that it knows of
    verdicts: tuple[Verdict, ...] = ()
    renamed: dict[str, str] = {}  # records with verdicts that their source calls otherwise now

    def adds_up(self) -> bool:
        """Say whether no record and no row was lost on the way."""
        a, rows = self.account, sum(one.rows for one in self.read.values())
        there = a.was + a.fresh - a.gone == self.records == a.same + a.changed + a.fresh
        return there and rows == self.records + self.empty


def current(folder: Path) -> Build | None:
    """Return the build that holds."""
    path = folder / "now.json"
    return msgspec.json.decode(path.read_bytes(), type=Build) if path.exists() else None


def path(folder: Path, build: Build, name: str) -> Path:
    """Return where a table of a build lies."""
    return folder / f"{build.number:06d}" / f"{name}.parquet"


def table(folder: Path, name: str, number: int = 0, *, subject: str = "") -> pa.Table:
    """Return a table of a build, of the one that holds if none is named; of one subject alone.

    Raises:
        KeyError: nothing was built yet.
    """
    held = current(folder)
    if held is None:
        raise KeyError(f"nothing was built yet: mindu register build {folder.name}")
    place = folder / f"{number or held.number:06d}" / f"{name}.parquet"
    return pq.read_table(place, filters=_of(subject))


def mine(folder: Path, who: str) -> pa.Table:
    """Return the subjects that lie under a name of the vault."""
    held = current(folder)
    assert held is not None, "nobody asks what was never built"
    return pq.read_table(path(folder, held, "subjects"), filters=[("_who", "=", who)])


def named(folder: Path, begins: str) -> list[str]:
    """Return the records whose names begin so."""
    held = current(folder)
    if held is None:
        raise KeyError(f"nothing was built yet: mindu register build {folder.name}")
    so = pc.starts_with(pc.field("record"), begins)
    told = pq.read_table(path(folder, held, "records"), columns=["record"], filters=so)
    found: list[str] = told["record"].to_pylist()
    return found


def some(folder: Path, records: Iterable[str]) -> pa.Table:
    """Return some records of the build that holds."""
    held = current(folder)
    assert held is not None, "nobody asks what was never built"
    return pq.read_table(path(folder, held, "records"), filters=[("record", "in", set(records))])


def _of(subject: str) -> list[tuple[str, str, str]] | None:
    return [("subject", "=", subject)] if subject else None


def keep(folder: Path, build: Build, write: Callable[[Path], None], changes: pa.Table) -> Build:
    """Make a build durable and let it hold; `write` writes its tables into a folder."""
    there = folder / f"{build.number:06d}"
    shutil.rmtree(there, ignore_errors=True)  # of a build that was cut off
    there.mkdir(parents=True)
    (folder / "history").mkdir(exist_ok=True)
    write(there)
    digests = {name: _sure(there / f"{name}.parquet") for name in TABLES}
    if changes.num_rows:
        path = folder / "history" / f"{build.number:06d}.parquet"
        pq.write_table(changes, path, compression="zstd", compression_level=1)
        digests["history"] = _sure(path)
    for one in (there, folder / "history", folder):
        sync_folder(one)
    done = msgspec.structs.replace(build, digests=digests, changed=changes.num_rows)
    held(folder, done)
    for old in folder.glob("[0-9]*"):
        if old.name.isdigit() and int(old.name) <= build.number - KEPT:
            shutil.rmtree(old)
    return done


def held(folder: Path, build: Build) -> None:
    """Let a build hold."""
    whole(folder / "now.json", msgspec.json.encode(build))


def broken(folder: Path, build: Build) -> list[str]:
    """Return the tables of a build that are not what they were."""
    found = []
    for name, digest in build.digests.items():
        place = "history" if name == "history" else f"{build.number:06d}"
        file = f"{build.number:06d}" if name == "history" else name
        path = folder / place / f"{file}.parquet"
        if not path.exists() or _digest(path) != digest:
            found.append(name)
    return found


def shown(folder: Path, build: Build, lake: Path, name: str) -> None:
    """Put the subjects where the gateway reads them, as a whole."""
    lake.mkdir(parents=True, exist_ok=True)
    draft = lake / f".{name}.parquet"
    shutil.copyfile(path(folder, build, "subjects"), draft)
    synced(draft)
    draft.replace(lake / f"{name}.parquet")
    sync_folder(lake)


def history(folder: Path, subject: str = "") -> pa.Table | None:
    """Return every change of a value since the first build, oldest first; of one subject alone."""
    paths = sorted((folder / "history").glob("*.parquet"))
    tables = [pq.read_table(path, filters=_of(subject)) for path in paths]
    return pa.concat_tables(tables) if tables else None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _sure(path: Path) -> str:
    synced(path)
    return _digest(path)
