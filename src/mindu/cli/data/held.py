"""The sources of a city, as its folder holds them."""

from pathlib import Path

import msgspec

from mindu.base.time import SystemClock
from mindu.data.collect.declare import Source
from mindu.data.collect.store import Pull, ends

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
