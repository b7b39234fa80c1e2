"""The catalogue's book: every dataset, each version of it, and a search in Chinese and English.

What did not change makes no version, so that it may be told anew at any time.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from mindu.data.book.address import address
from mindu.data.catalog.dataset import Dataset
from mindu.data.catalog.grams import kept, telling
from mindu.data.catalog.shelf import File, Row, Shelf

COMMON = 500  # matches beyond which rank tells nothing: the first ones are shown as they lie
MOST_FOUND = 200
LOOKED_AT = 40  # datasets by rank, of which the likest are told


class Version(NamedTuple):
    """What a dataset was from then on; None: it was struck off."""

    number: int
    at: int  # epoch ms
    by: str
    dataset: Dataset | None


class Found(NamedTuple):
    """Some datasets that answer a question, best first; `more`: there are others."""

    datasets: list[Dataset]
    more: bool


class Like(NamedTuple):
    """A dataset that speaks of what a text asks for, the share of its words, and which."""

    dataset: Dataset
    share: float  # 0 to 1
    words: tuple[str, ...]


class Catalogue:
    """The book, opened. One process writes at a time; the shelf sees to it."""

    def __init__(self, where: Path | str | None) -> None:
        """Open a file, an address of PostgreSQL, or a book in memory."""
        self._shelf: Shelf
        if isinstance(where, str):
            from mindu.data.catalog.server import Server  # noqa: PLC0415 - most use files

            self._shelf = Server(address(where))
        else:
            self._shelf = File(where)

    def close(self) -> None:
        """Close it."""
        self._shelf.close()

    def put(self, told: Iterable[Dataset], *, now: int, by: str) -> list[str]:
        """Write datasets down; return the names of those that are new or changed (epoch ms)."""
        changed: list[str] = []
        with self._shelf.together():
            changed += [dataset.name for dataset in told if self._put(dataset, now, by)]
        return changed

    def settle(self, origin: str, told: Iterable[Dataset], *, now: int, by: str) -> list[str]:
        """Let exactly these datasets have that origin; return the names of what changed."""
        there = list(told)
        assert all(dataset.origin == origin for dataset in there), "an origin speaks for itself"
        changed: list[str] = []
        with self._shelf.together():
            rows = self._shelf.run("SELECT name FROM dataset WHERE origin=?", origin)
            gone = {str(name) for (name,) in rows} - {dataset.name for dataset in there}
            for name in sorted(gone):
                self._strike(name, now, by)
            changed += sorted(gone) + self.put(there, now=now, by=by)
        return changed

    def _put(self, dataset: Dataset, now: int, by: str) -> bool:
        body, run = msgspec.json.encode(dataset), self._shelf.run
        rows = run("SELECT id, version, body FROM dataset WHERE name=?", dataset.name)
        if rows and bytes(rows[0][2]) == body:
            return False
        number = self._next(dataset.name)
        if rows:
            run("UPDATE dataset SET version=?, body=?, origin=? WHERE id=?",
                number, body, dataset.origin, rows[0][0])  # fmt: skip
            self._shelf.strike(rows[0][0])
            self._index(rows[0][0], dataset)
        else:
            self._add(dataset, number, body)
        self._note(dataset.name, number, now, by, body)
        return True

    def _add(self, dataset: Dataset, number: int, body: bytes) -> None:
        ((row,),) = self._shelf.run(
            "INSERT INTO dataset(name, version, body, origin) VALUES(?,?,?,?) RETURNING id",
            dataset.name, number, body, dataset.origin,
        )  # fmt: skip
        self._index(row, dataset)

    def _index(self, row: int, dataset: Dataset) -> None:
        title, rest = (kept(text) for text in _words(dataset))
        self._shelf.index(row, title, rest)

    def _strike(self, name: str, now: int, by: str) -> None:
        row = self._number("SELECT id FROM dataset WHERE name=?", name)
        self._shelf.strike(row)
        self._shelf.run("DELETE FROM dataset WHERE id=?", row)
        self._note(name, self._next(name), now, by, None)

    def _next(self, name: str) -> int:
        return self._number("SELECT max(version) FROM version WHERE name=?", name) + 1

    def _number(self, query: str, *values: str | int) -> int:
        rows = self._shelf.run(query, *values)
        found = rows[0][0] if rows else 0
        return found if isinstance(found, int) else 0

    def _note(self, name: str, number: int, now: int, by: str, body: bytes | None) -> None:
        self._shelf.run("INSERT INTO version VALUES(?,?,?,?,?)", name, number, now, by, body)

    def rows(self) -> tuple[list[Row], list[Row]]:
        """Return everything as it is kept: every dataset, and every version there ever was."""
        now = "SELECT name, version, body, origin FROM dataset ORDER BY name"
        ever = "SELECT name, version, at, by, body FROM version ORDER BY name, version"
        datasets, versions = self._shelf.run(now), self._shelf.run(ever)
        return sorted(map(tuple, datasets)), sorted(map(tuple, versions), key=lambda it: it[:2])

    def take_over(self, other: "Catalogue") -> int:
        """Take everything of another book into this empty one, whole; return how many versions.

        Raises:
            ValueError: this one is not empty, or what came is not what was there.
        """
        datasets, versions = other.rows()
        with self._shelf.together():
            if self.rows() == (datasets, versions):
                return len(versions)
            if len(self) or self._number("SELECT count(*) FROM version"):
                raise ValueError("there is a catalogue already: it is taken over only into none")
            for _, number, body, _ in datasets:
                self._add(_dataset(body), number, body)
            for name, number, at, by, body in versions:
                self._note(name, number, at, by, body)
            if self.rows() != (datasets, versions):
                raise ValueError("the catalogue came out otherwise; try again")
        return len(versions)

    # -- asking ------------------------------------------------------------------------------

    def __len__(self) -> int:
        """Count the datasets."""
        return self._number("SELECT count(*) FROM dataset")

    def __iter__(self) -> Iterator[Dataset]:
        """Yield the datasets by name."""
        for (body,) in self._shelf.run("SELECT body FROM dataset ORDER BY name"):
            yield _dataset(body)

    def get(self, name: str) -> Dataset | None:
        """Return one dataset."""
        rows = self._shelf.run("SELECT body FROM dataset WHERE name=?", name)
        return _dataset(rows[0][0]) if rows else None

    def versions(self, name: str) -> list[Version]:
        """Return every version of a dataset, oldest first."""
        rows = self._shelf.run(
            "SELECT version, at, by, body FROM version WHERE name=? ORDER BY version", name
        )
        return [
            Version(_whole(number), _whole(at), str(by), None if body is None else _dataset(body))
            for number, at, by, body in rows
        ]

    def search(self, words: str, most: int = 20) -> Found:
        """Return the datasets that hold all the words, in names, titles, fields or owners."""
        most = min(most, MOST_FOUND)
        found = self._search(self._shelf.asked(words, begun=False), most)
        return found if found.datasets else self._search(self._shelf.asked(words, begun=True), most)

    def alike(self, text: str, most: int = 5) -> list[Like]:
        """Return the datasets that share most words with a text, best first; any word counts."""
        grams = telling(text)
        if not grams:
            return []
        found = []
        for body in self._shelf.best(self._shelf.any(grams), LOOKED_AT, ranked=True):
            one = _dataset(body)
            held = set(" ".join(kept(words) for words in _words(one)).split())
            shared = tuple(gram for gram in grams if gram in held)
            found.append(Like(one, len(shared) / len(grams), shared))
        return sorted(found, key=lambda like: -like.share)[: min(most, LOOKED_AT)]

    def _search(self, question: str, most: int) -> Found:
        if not question:
            return Found([], more=False)
        count = self._shelf.count(question, COMMON + 1)
        bodies = self._shelf.best(question, most, ranked=count <= COMMON)
        return Found([_dataset(body) for body in bodies], more=count > most)


def _whole(told: object) -> int:
    assert isinstance(told, int)
    return told


def _dataset(body: object) -> Dataset:
    assert isinstance(body, bytes | str)
    return msgspec.json.decode(body, type=Dataset)


def _words(told: Dataset) -> tuple[str, str]:
    title = f"{told.name} {told.title.zh} {told.title.en}"
    fields = " ".join(f"{f.name} {f.meaning.zh} {f.meaning.en}" for f in told.fields)
    rest = f"{told.about.zh} {told.about.en} {told.owner} {told.department} {told.theme} {fields}"
    return title, rest
