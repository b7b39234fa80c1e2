"""The datasets of a folder as they are declared now: a gateway that runs sees what is new."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from mindu.brain.stewards.grading import Kept, regraded
from mindu.data.catalog.dataset import Dataset
from mindu.data.collect.declare import NAME, Source
from mindu.data.collect.listed import listed

Stamp = tuple[int, int, int] | None  # which file, how long, when written; None: it is not there


class Live(Mapping[str, Dataset]):
    """Every dataset of a folder by its name, read anew where a file of it changed.

    What cannot be read any more is not there: no rows go out under a declaration of before.
    """

    def __init__(self, lake: Path, collected: Path) -> None:
        """Look into the lake, and at the sources that were declared."""
        self._lake, self._collected = lake, collected
        self._held: dict[str, tuple[tuple[Stamp, ...], Dataset | None]] = {}
        self._names: dict[str, Path] = {}  # of the lake
        self._at: Stamp = None

    def __getitem__(self, name: str) -> Dataset:  # type: ignore[explicit-override]
        """Return a dataset as it is declared now."""
        found = self._found(name) if NAME.fullmatch(name) else None
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:  # type: ignore[explicit-override]
        """Name every dataset that can be read."""
        self._listed()
        sources = {path.parent.name for path in self._collected.glob("*/source.json")}
        return iter([name for name in sorted({*sources, *self._names}) if name in self])

    def __len__(self) -> int:  # type: ignore[explicit-override]
        """Count them."""
        return sum(1 for _ in self)

    def _found(self, name: str) -> Dataset | None:
        there = self._collected / name
        missing = name not in self._names and not (there / "source.json").exists()
        if missing or _stamp(self._lake) != self._at:
            self._listed()
        own = self._names.get(name)
        files = (own,) if own is not None else (there / "source.json", there / "grades.json")
        stamps = tuple(map(_stamp, files))
        held = self._held.get(name)
        if held is None or held[0] != stamps:
            held = self._held[name] = (stamps, _read(*files))
        return held[1]

    def _listed(self) -> None:
        """Look which datasets the lake declares; most are called as their files."""
        at, found = _stamp(self._lake), dict[str, Path]()
        for path in sorted(self._lake.glob("*.json")):
            told = _read(path)
            if told is not None:
                found[told.name] = path
        self._names, self._at = found, at


def _read(path: Path, grades: Path | None = None) -> Dataset | None:
    try:
        if grades is None:
            return msgspec.json.decode(path.read_bytes(), type=Dataset)
        told = listed(msgspec.json.decode(path.read_bytes(), type=Source))
        if not grades.exists():
            return told
        return regraded(told, msgspec.json.decode(grades.read_bytes(), type=Kept))
    except (OSError, ValueError, msgspec.MsgspecError):
        return None


def _stamp(path: Path) -> Stamp:
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_ino, told.st_size, told.st_mtime_ns
