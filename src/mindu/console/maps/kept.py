"""Maps kept: the map package of a city with what people brought in, each of which can be undone."""

import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from threading import Lock

import msgspec

from mindu.base.records import Value, Words
from mindu.console.ask import Bad, missing
from mindu.console.declared import Map
from mindu.console.maps.reading import geojson

FOLDER, PAPER, UNDONE = "maps", "brought.json", "undone"
MOST = 20  # maps that people may bring in
TILES = b"PMTiles\x03"  # how an archive of tiles begins
NO_TILES = Words("This is no archive of PMTiles, version 3.", "不是 PMTiles 第 3 版归档。")
AGAIN = Words("Make it again with a tool for PMTiles.", "请用 PMTiles 工具重新生成。")
MANY = Words(f"{MOST} maps were brought in already.", f"已导入 {MOST} 幅地图。")
UNDO = Words("Undo one of them first.", "请先撤销其中一幅。")
ONLY = Words("brought-in map", "导入的地图")
LISTED = Words("The data page lists them.", "见数据页。")

Say = Callable[[str, dict[str, Value], str], None]  # name, args, by: the log; else `Bad`


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """One map that somebody brought in."""

    file: str
    title: Words
    source: str
    datum: str  # as it was sent; what is kept is WGS-84
    review_no: str
    by: str
    digest: str  # SHA-256 of what was sent


class Maps:
    """The maps of one city: those of its package, and those that people brought in."""

    def __init__(self, data: Path, package: Sequence[Map], *, say: Say) -> None:
        """Read what was brought in before; `say` writes down what is done."""
        self._folder, self._package, self._say = data / FOLDER, package, say
        self._lock = Lock()
        paper = self._folder / PAPER
        told = paper.read_bytes() if paper.exists() else b"[]"
        self._brought = msgspec.json.decode(told, type=tuple[Brought, ...])

    def listed(self) -> tuple[Map, ...]:
        """Return all, those of the package first."""
        return (*self._package, *(self._map(one) for one in self._brought))

    def brought(self) -> tuple[Brought, ...]:
        """Return those that people brought in, and that can be undone."""
        return self._brought

    def bring(self, body: bytes, told: Brought) -> None:
        """Read, keep and write down one map; `told.file` is what it was called.

        Raises:
            Bad: it cannot be read, or there are too many.
        """
        tiles = told.file.endswith(".pmtiles")
        if tiles and not body.startswith(TILES):
            raise Bad(422, NO_TILES, AGAIN, field="map")
        kept = body if tiles else geojson(body, told.datum)
        digest = sha256(body).hexdigest()
        name = f"brought-{digest[:12]}{'.pmtiles' if tiles else '.geojson'}"
        one = msgspec.structs.replace(told, file=name, digest=digest)
        with self._lock:
            if len(self._brought) >= MOST:
                raise Bad(409, MANY, UNDO)
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(self._folder / name, kept)
            fresh = (*(b for b in self._brought if b.file != name), one)
            self._change(fresh, "map brought in", _args(one), told.by)

    def undo(self, name: str, *, by: str) -> None:
        """Take one back that was brought in; its file is put aside, not lost.

        Raises:
            Bad: nobody brought in a map of that name.
        """
        with self._lock:
            found = next((one for one in self._brought if one.file == name), None)
            if found is None:
                raise missing(ONLY, LISTED)
            aside = self._folder / UNDONE
            aside.mkdir(exist_ok=True)
            left = tuple(one for one in self._brought if one is not found)
            self._change(left, "map taken back", _args(found), by)
            (self._folder / name).rename(aside / name)

    def _change(
        self, fresh: tuple[Brought, ...], what: str, args: dict[str, Value], by: str
    ) -> None:
        """Keep the new list and write down who made it; what no log takes is no change."""
        before = self._brought
        self._note(fresh)
        try:
            self._say(what, args, by)
        except Bad:
            self._note(before)
            raise

    def _note(self, brought: tuple[Brought, ...]) -> None:
        _write(self._folder / PAPER, msgspec.json.format(msgspec.json.encode(brought), indent=1))
        self._brought = brought

    def _map(self, one: Brought) -> Map:
        return Map(name=one.file, title=one.title, source=one.source, datum="WGS-84",
                   review_no=one.review_no, path=self._folder / one.file)  # fmt: skip


def _args(one: Brought) -> dict[str, Value]:
    return {"file": one.file, "title": one.title.en or one.title.zh, "source": one.source,
            "digest": one.digest}  # fmt: skip


def _write(path: Path, body: bytes) -> None:
    """Write a file whole or not at all."""
    fresh = path.with_name(f".{path.name}.fresh")
    with fresh.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
