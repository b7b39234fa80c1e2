"""The sources of a city, as its folder holds them."""

from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from mindu.base.time import SystemClock
from mindu.brain.stewards.grading import Kept
from mindu.data.collect.declare import Source
from mindu.data.collect.store import Pull, ends, files
from mindu.data.senses.memory.delta import whole

FOLDER = "collect"


def now_ms() -> int:
    """Return the epoch ms."""
    return round(SystemClock().now().timestamp() * 1000)


def folder(state: Path, name: str) -> Path:
    """Return where a source keeps its rows."""
    return state / FOLDER / name


def keep(state: Path, source: Source) -> None:
    """Write a declaration down."""
    there = folder(state, source.name)
    there.mkdir(parents=True, exist_ok=True)
    draft = there / ".source.json"
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(source)))
    draft.rename(there / "source.json")


def sources(state: Path) -> list[Source]:
    """Return every declared source, by name."""
    found = sorted((state / FOLDER).glob("*/source.json"))
    return [msgspec.json.decode(path.read_bytes(), type=Source) for path in found]


def source(state: Path, name: str) -> Source:
    """Return one declared source.

    Raises:
        KeyError: there is none of that name.
    """
    path = folder(state, name) / "source.json"
    if not path.exists():
        known = ", ".join(told.name for told in sources(state)) or "none"
        raise KeyError(f"no source is called {name!r}; there are: {known}")
    return msgspec.json.decode(path.read_bytes(), type=Source)


def running(state: Path, name: str) -> Pull | None:
    """Return the pull of a source that has not ended."""
    path = folder(state, name) / "pull.json"
    return msgspec.json.decode(path.read_bytes(), type=Pull) if path.exists() else None


def last(state: Path, name: str) -> Pull | None:
    """Return the last pull of a source that ended."""
    return next(iter(ends(folder(state, name), 1)), None)


def grades(state: Path, name: str) -> Kept | None:
    """Return the grades that are kept of a source."""
    path = folder(state, name) / "grades.json"
    return msgspec.json.decode(path.read_bytes(), type=Kept) if path.exists() else None


def keep_grades(state: Path, name: str, told: Kept) -> None:
    """Keep the grades of a source."""
    whole(folder(state, name) / "grades.json", msgspec.json.encode(told))


def values(state: Path, name: str, most: int = 1_000) -> dict[str, list[str]]:
    """Return some values of each column of a source, as words."""
    found: dict[str, list[str]] = {}
    for file in files(folder(state, name))[-1:]:
        for batch in pq.ParquetFile(file).iter_batches(most):
            for column in batch.schema.names:
                told = batch.column(column).to_pylist()
                found[column] = [str(value) for value in told if value is not None]
            break
    return found
