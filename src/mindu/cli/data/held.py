"""The sources of a city, as its folder holds them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from mindu.base.time import SystemClock
from mindu.brain.stewards.grading import Graded, Kept, looked
from mindu.data.collect.declare import Source
from mindu.data.collect.listed import listed
from mindu.data.collect.store import Pull, ends
from mindu.data.senses.memory.delta import whole
from mindu.data.vault import Vault

FOLDER = "collect"
SPREAD = 4  # files of a table that are looked into
Unseal = Callable[[Sequence[str | None]], list[str | None]]


def _shut(cells: Sequence[str | None]) -> list[str | None]:
    return [None] * len(cells)


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


def values(
    paths: Sequence[str], sealed: Sequence[str] = (), unseal: Unseal = _shut, most: int = 1_000
) -> dict[str, list[str]]:
    """Return some values of each column as words, from rows spread over all files."""
    found: dict[str, list[str]] = {}
    some = paths[:: max(1, -(-len(paths) // SPREAD))]
    for path in some:
        table = pq.read_table(path)
        step = max(1, -(-table.num_rows * len(some) // most))
        table = table.take(pa.array(range(0, table.num_rows, step)))
        for column in table.column_names:
            told = table.column(column).to_pylist()
            told = unseal(told) if column in sealed else told
            found.setdefault(column, []).extend(str(one) for one in told if one is not None)
    return found


def look(state: Path, source: Source, paths: Sequence[str], vault: Vault | None) -> Graded:
    """Grade a source by some of the rows in these files; what is found is kept."""
    unseal = _shut if vault is None else vault.unseal
    told = values(paths, source.sealed, unseal)
    found, now = looked(listed(source), told, grades(state, source.name))
    keep_grades(state, source.name, now)
    return found
