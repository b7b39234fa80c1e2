"""Drafts: drawings that are not published, each kept as it was saved, the last revisions too.

What was saved is durable when `save` returns, whatever is wrong with it; two who draw at once do
not overwrite each other.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from threading import RLock
from typing import Any

import apsw
import msgspec

from mindu.base.records import Words
from mindu.brain.folds.models import BIGGEST
from mindu.console.ask import Bad, missing, wrong
from mindu.console.contract.models.modelling import Draft, DraftLine, Sample, SaveDraft

FILE = "drafts.db"
LARGEST = BIGGEST  # bytes of a drawing: what may be published
DRAFTS = 500  # kept at once
REVISIONS = 20  # of one draft that are kept
NAME = 120  # characters
DRAFT = Words("draft", "草稿")
LISTED = Words("The page of models lists them.", "见建模页。")
FASTER = Words("Somebody saved this draft since you read it.", "他人已先保存此草稿。")
APART = Words(
    "Load it again, or save yours under another name: nothing is lost.",
    "请重新载入,或另存为新草稿,内容不会丢失。",
)
FULL = Words(f"There are {DRAFTS} drafts already.", f"草稿已达 {DRAFTS} 份。")
AWAY = Words("Put one away that nobody needs.", "请先删除不需要的草稿。")

_TABLES = """
CREATE TABLE IF NOT EXISTS draft(id TEXT, revision INTEGER, name TEXT, kind TEXT, text BLOB,
                                 who TEXT, at REAL, samples BLOB, PRIMARY KEY(id, revision));
CREATE TABLE IF NOT EXISTS proposal(id INTEGER PRIMARY KEY, told BLOB, text BLOB);
"""
_SAMPLES = msgspec.json.Decoder(tuple[Sample, ...])


class Drafts:
    """The file of drafts, or memory where there is none; threads share it."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open or make it."""
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / FILE).touch(mode=0o600)
        self.lock = RLock()
        self._db = apsw.Connection(":memory:" if folder is None else str(folder / FILE))
        self._db.execute(f"PRAGMA synchronous=FULL; {_TABLES}")

    def close(self) -> None:
        """Let the file go."""
        with self.lock:
            self._db.close()

    def save(self, told: SaveDraft, *, by: str, now: datetime) -> Draft:
        """Keep a draft as its next revision.

        Raises:
            Bad: it is too large or has no name, or somebody saved it since it was read.
        """
        _held(told)
        with self.lock:
            here = self._newest(told.id) if told.id else 0
            if told.id and not here:
                raise missing(DRAFT, LISTED)
            if here != told.revision:
                raise Bad(409, FASTER, APART, field="revision")
            if not here and self._count() >= DRAFTS:
                raise Bad(409, FULL, AWAY)
            named = told.id or token_hex(6)
            row = (named, here + 1, told.name.strip(), told.kind, told.text.encode(), by,
                   now.timestamp(), msgspec.json.encode(told.samples))  # fmt: skip
            self.run("INSERT INTO draft VALUES(?,?,?,?,?,?,?,?)", row)
            self.run("DELETE FROM draft WHERE id=? AND revision<=?", (named, here + 1 - REVISIONS))
        return self.get(named)

    def get(self, named: str, revision: int = 0) -> Draft:
        """Return a draft, the newest revision where none is named.

        Raises:
            Bad: there is none.
        """
        with self.lock:
            wanted = revision or self._newest(named)
            rows = self.run("SELECT * FROM draft WHERE id=? AND revision=?", (named, wanted))
        if not rows:
            raise missing(DRAFT, LISTED)
        one = rows[0]
        return Draft(
            id=one[0], revision=one[1], name=one[2], kind=one[3], text=bytes(one[4]).decode(),
            by=one[5], at=_at(one[6]), samples=_SAMPLES.decode(one[7]),
        )  # fmt: skip

    def listed(self) -> tuple[DraftLine, ...]:
        """Return every draft as it was saved last, the newest first."""
        with self.lock:
            rows = self.run(
                "SELECT id, max(revision), name, kind, who, at, length(text) FROM draft "
                "GROUP BY id ORDER BY at DESC"
            )
        return tuple(
            DraftLine(id=r[0], revision=r[1], name=r[2], kind=r[3], by=r[4], at=_at(r[5]),
                      size=r[6]) for r in rows
        )  # fmt: skip

    def drop(self, named: str) -> None:
        """Put a draft away with all its revisions.

        Raises:
            Bad: there is none.
        """
        with self.lock:
            if not self._newest(named):
                raise missing(DRAFT, LISTED)
            self.run("DELETE FROM draft WHERE id=?", (named,))

    def run(self, sql: str, told: Sequence[Any] = ()) -> list[Any]:
        """Run one statement, durable when it returns; return its rows."""
        with self.lock:
            return list(self._db.execute(sql, tuple(told)))

    def _newest(self, named: str) -> int:
        rows = self.run("SELECT max(revision) FROM draft WHERE id=?", (named,))
        return int(rows[0][0] or 0)

    def _count(self) -> int:
        return int(self.run("SELECT count(DISTINCT id) FROM draft")[0][0])


def line(draft: Draft) -> DraftLine:
    """Return a draft as the list shows it."""
    size = len(draft.text.encode())
    return DraftLine(id=draft.id, name=draft.name, kind=draft.kind, revision=draft.revision,
                     by=draft.by, at=draft.at, size=size)  # fmt: skip


def _held(told: SaveDraft) -> None:
    if not 1 <= len(told.name.strip()) <= NAME:
        raise wrong("name", f"a name of 1 to {NAME} characters", f"1 至 {NAME} 字的名称")
    if len(told.text.encode()) > LARGEST:
        raise wrong("text", f"at most {LARGEST} bytes", f"至多 {LARGEST} 字节的模型")
    if len(told.samples) > 100:
        raise wrong("samples", "at most 100 cases", "至多 100 个样例")


def _at(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
