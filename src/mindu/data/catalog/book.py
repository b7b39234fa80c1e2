"""The catalogue's book: every dataset, each version of it, and a search in Chinese and English.

One SQLite file. What did not change makes no version, so that it may be told anew at any time.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import apsw
import msgspec

from mindu.data.catalog.dataset import Dataset
from mindu.data.catalog.grams import asked, begun, kept, telling

COMMON = 500  # matches beyond which rank tells nothing: the first ones are shown as they lie
MOST_FOUND = 200
LOOKED_AT = 40  # datasets by rank, of which the likest are told
_TABLES = """
CREATE TABLE IF NOT EXISTS dataset(
  id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL,
  origin TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS by_origin ON dataset(origin);
CREATE TABLE IF NOT EXISTS version(
  name TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,
  body BLOB, PRIMARY KEY(name, version)) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS found USING fts5(
  title, rest, content='', contentless_delete=1, prefix='1', tokenize='unicode61');
"""


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
    """The book, opened. One process writes at a time; SQLite sees to it."""

    def __init__(self, path: Path | None) -> None:
        """Open the file, or a book in memory."""
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = apsw.Connection(":memory:" if path is None else str(path))
        self._db.set_busy_timeout(10_000)
        if path is not None:
            self._db.pragma("journal_mode", "wal")
            self._db.pragma("synchronous", "FULL")
        self._db.execute(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def put(self, told: Iterable[Dataset], *, now: int, by: str) -> list[str]:
        """Write datasets down; return the names of those that are new or changed (epoch ms)."""
        changed: list[str] = []
        with self._db:
            changed += [dataset.name for dataset in told if self._put(dataset, now, by)]
        return changed

    def settle(self, origin: str, told: Iterable[Dataset], *, now: int, by: str) -> list[str]:
        """Let exactly these datasets have that origin; return the names of what changed."""
        there = list(told)
        assert all(dataset.origin == origin for dataset in there), "an origin speaks for itself"
        changed: list[str] = []
        with self._db:
            rows = self._db.execute("SELECT name FROM dataset WHERE origin=?", (origin,)).fetchall()
            gone = {str(name) for (name,) in rows} - {dataset.name for dataset in there}
            for name in sorted(gone):
                self._strike(name, now, by)
            changed += sorted(gone) + self.put(there, now=now, by=by)
        return changed

    def _put(self, dataset: Dataset, now: int, by: str) -> bool:
        body = msgspec.json.encode(dataset)
        row = self._db.execute(
            "SELECT id, version, body FROM dataset WHERE name=?", (dataset.name,)
        ).fetchone()
        if row is not None and bytes(row[2]) == body:
            return False
        number = self._next(dataset.name)
        if row is None:
            self._db.execute(
                "INSERT INTO dataset(name, version, body, origin) VALUES(?,?,?,?)",
                (dataset.name, number, body, dataset.origin),
            )
            row = (self._db.last_insert_rowid(),)
        else:
            self._db.execute(
                "UPDATE dataset SET version=?, body=?, origin=? WHERE id=?",
                (number, body, dataset.origin, row[0]),
            )
            self._db.execute("DELETE FROM found WHERE rowid=?", (row[0],))
        words = [kept(text) for text in _words(dataset)]
        self._db.execute("INSERT INTO found(rowid, title, rest) VALUES(?,?,?)", (row[0], *words))
        self._note(dataset.name, number, now, by, body)
        return True

    def _strike(self, name: str, now: int, by: str) -> None:
        row = self._number("SELECT id FROM dataset WHERE name=?", name)
        self._db.execute("DELETE FROM found WHERE rowid=?", (row,))
        self._db.execute("DELETE FROM dataset WHERE id=?", (row,))
        self._note(name, self._next(name), now, by, None)

    def _next(self, name: str) -> int:
        return self._number("SELECT max(version) FROM version WHERE name=?", name) + 1

    def _number(self, query: str, *values: str | int) -> int:
        row = self._db.execute(query, values).fetchone()
        found = row[0] if row is not None else 0
        return found if isinstance(found, int) else 0

    def _note(self, name: str, number: int, now: int, by: str, body: bytes | None) -> None:
        self._db.execute("INSERT INTO version VALUES(?,?,?,?,?)", (name, number, now, by, body))

    # -- asking ------------------------------------------------------------------------------

    def __len__(self) -> int:
        """Count the datasets."""
        return self._number("SELECT count(*) FROM dataset")

    def __iter__(self) -> Iterator[Dataset]:
        """Yield the datasets by name."""
        for (body,) in self._db.execute("SELECT body FROM dataset ORDER BY name").fetchall():
            yield _dataset(body)

    def get(self, name: str) -> Dataset | None:
        """Return one dataset."""
        row = self._db.execute("SELECT body FROM dataset WHERE name=?", (name,)).fetchone()
        return None if row is None else _dataset(row[0])

    def versions(self, name: str) -> list[Version]:
        """Return every version of a dataset, oldest first."""
        rows = self._db.execute(
            "SELECT version, at, by, body FROM version WHERE name=? ORDER BY version", (name,)
        ).fetchall()
        return [
            Version(_whole(number), _whole(at), str(by), None if body is None else _dataset(body))
            for number, at, by, body in rows
        ]

    def search(self, words: str, most: int = 20) -> Found:
        """Return the datasets that hold all the words, in names, titles, fields or owners."""
        most = min(most, MOST_FOUND)
        found = self._search(asked(words), most)
        return found if found.datasets else self._search(begun(words), most)

    def alike(self, text: str, most: int = 5) -> list[Like]:
        """Return the datasets that share most words with a text, best first; any word counts."""
        grams = telling(text)
        if not grams:
            return []
        rows = self._db.execute(
            "SELECT body FROM (SELECT rowid AS id FROM found WHERE found MATCH ? "
            "ORDER BY bm25(found, 8.0, 1.0) LIMIT ?) JOIN dataset USING(id)",
            (" OR ".join(f'"{gram}"' for gram in grams), LOOKED_AT),
        ).fetchall()
        found = []
        for (body,) in rows:
            one = _dataset(body)
            held = set(" ".join(kept(words) for words in _words(one)).split())
            shared = tuple(gram for gram in grams if gram in held)
            found.append(Like(one, len(shared) / len(grams), shared))
        return sorted(found, key=lambda like: -like.share)[: min(most, LOOKED_AT)]

    def _search(self, question: str, most: int) -> Found:
        if not question:
            return Found([], more=False)
        count = self._number(
            "SELECT count(*) FROM (SELECT rowid FROM found WHERE found MATCH ? LIMIT ?)",
            question,
            COMMON + 1,
        )
        order = "ORDER BY bm25(found, 8.0, 1.0)" if count <= COMMON else ""
        rows = self._db.execute(
            "SELECT body FROM (SELECT rowid AS id FROM found WHERE found MATCH ? "  # noqa: S608
            f"{order} LIMIT ?) JOIN dataset USING(id)",
            (question, most),
        ).fetchall()
        return Found([_dataset(body) for (body,) in rows], more=count > most)


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
