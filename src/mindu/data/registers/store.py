"""What a register came to: builds that are seen whole or not at all, and what changed in each.

A build is a folder of Parquet files; `now.json` names the one that holds. Its digests stand in the
city's log, so that a file changed by another hand is noticed.
"""

import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from mindu.data.senses.journal import sync_folder
from mindu.data.senses.memory.delta import synced, whole

KEPT = 3  # builds whose files are kept; what changed is kept for good
TABLES = ("subjects", "records", "origins", "pairs", "review")


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


def current(folder: Path) -> Build | None:
    """Return the build that holds."""
    path = folder / "now.json"
    return msgspec.json.decode(path.read_bytes(), type=Build) if path.exists() else None


def table(folder: Path, name: str, number: int = 0) -> pa.Table:
    """Return a table of a build, of the one that holds if none is named.

    Raises:
        KeyError: nothing was built yet.
    """
    held = current(folder)
    if held is None:
        raise KeyError(f"nothing was built yet: mindu register build {folder.name}")
    return pq.read_table(folder / f"{number or held.number:06d}" / f"{name}.parquet")


def keep(folder: Path, build: Build, tables: Mapping[str, pa.Table], changes: pa.Table) -> Build:
    """Make a build durable and let it hold; return it with its digests."""
    assert set(tables) == set(TABLES), "a build is whole"
    there = folder / f"{build.number:06d}"
    shutil.rmtree(there, ignore_errors=True)  # of a build that was cut off
    there.mkdir(parents=True)
    (folder / "history").mkdir(exist_ok=True)
    digests = {name: _written(there / f"{name}.parquet", told) for name, told in tables.items()}
    if changes.num_rows:
        path = folder / "history" / f"{build.number:06d}.parquet"
        digests["history"] = _written(path, changes)
    for one in (there, folder / "history", folder):
        sync_folder(one)
    done = msgspec.structs.replace(build, digests=digests, changed=changes.num_rows)
    whole(folder / "now.json", msgspec.json.encode(done))
    for old in folder.glob("[0-9]*"):
        if old.name.isdigit() and int(old.name) <= build.number - KEPT:
            shutil.rmtree(old)
    return done


def broken(folder: Path, build: Build) -> list[str]:
    """Return the tables of a build that are not what they were."""
    found = []
    for name, digest in build.digests.items():
        place = "history" if name == "history" else f"{build.number:06d}"
        file = f"{build.number:06d}" if name == "history" else name
        path = folder / place / f"{file}.parquet"
        if not path.exists() or sha256(path.read_bytes()).hexdigest() != digest:
            found.append(name)
    return found


def shown(folder: Path, build: Build, lake: Path, name: str) -> None:
    """Put the subjects where the gateway reads them, as a whole."""
    lake.mkdir(parents=True, exist_ok=True)
    body = (folder / f"{build.number:06d}" / "subjects.parquet").read_bytes()
    whole(lake / f"{name}.parquet", body)


def history(folder: Path) -> pa.Table | None:
    """Return every change of a value since the first build, oldest first."""
    paths = sorted((folder / "history").glob("*.parquet"))
    return pa.concat_tables([pq.read_table(path) for path in paths]) if paths else None


def _written(path: Path, told: pa.Table) -> str:
    pq.write_table(told, path, compression="zstd", compression_level=1)
    synced(path)
    return sha256(path.read_bytes()).hexdigest()
