"""Tokens of workers: who may lease which topics and tell messages, until when; kept as digests."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe

import msgspec

from mindu.base.records import Words
from mindu.console.people.store import Store
from mindu.console.workers.contract import SCOPES, Scope

FILE, EVERY, LONGEST = "workers.db", "*", 60  # "*": every topic; characters of a name
MOST = 1_000
_TABLE = "CREATE TABLE IF NOT EXISTS worker(name TEXT PRIMARY KEY, digest BLOB, told BLOB)"


class NoWorker(ValueError):  # noqa: N818 - an answer, not a fault
    """A worker that cannot be admitted: why, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        """Keep both sentences."""
        super().__init__(en)
        self.says = Words(en, zh)


class Worker(msgspec.Struct, frozen=True, kw_only=True):
    """One worker: what its token is good for."""

    name: str
    scopes: tuple[Scope, ...]
    topics: tuple[str, ...]
    since: datetime
    until: datetime

    def may(self, scope: Scope, topic: str = "") -> bool:
        """Say whether its token reaches so far."""
        return scope in self.scopes and (not topic or topic in self.topics or EVERY in self.topics)


class Workers:
    """All workers of a hall; who is not among them is refused."""

    def __init__(self, folder: Path | None = None) -> None:
        """Keep them in a folder, or in memory."""
        self._store = Store(None if folder is None else folder / FILE)
        with self._store.lock:
            list(self._store.run(_TABLE))

    def close(self) -> None:
        """Let the file go."""
        self._store.close()

    def admit(
        self, name: str, scopes: Collection[str], topics: Collection[str], *, now: datetime,
        until: datetime,
    ) -> str:  # fmt: skip
        """Admit a worker, or give one a new token; return the token, which is told this once.

        Raises:
            NoWorker: it says what is wrong.
        """
        good = name.isprintable() and "/" not in name and 0 < len(name.strip()) <= LONGEST
        if not good:
            raise NoWorker(
                f"a name has 1 to {LONGEST} characters and no /", "名称须为1至60个字符,不含 /"
            )
        if not scopes or set(scopes) - set(SCOPES):
            known = ", ".join(SCOPES)
            raise NoWorker(f"scopes are {known}", f"权限范围为:{known}")
        if "jobs" in scopes and not topics:
            raise NoWorker("name the topics that it works on", "请指明作业主题")
        if len(self.every()) >= MOST:
            raise NoWorker("there are too many workers: drop one", "工作程序过多,请先删除")
        told = Worker(name=name, scopes=tuple(scopes), topics=tuple(topics), since=now, until=until)  # type: ignore[arg-type]
        token = token_urlsafe(32)
        with self._store.lock:
            row = (name, _digest(token), msgspec.json.encode(told))
            list(self._store.run("INSERT OR REPLACE INTO worker VALUES(?,?,?)", row))
        return token

    def every(self) -> list[Worker]:
        """Return all workers."""
        with self._store.lock:
            rows = list(self._store.run("SELECT told FROM worker ORDER BY name"))
        return [msgspec.json.decode(row[0], type=Worker) for row in rows]

    def drop(self, name: str) -> bool:
        """Take a worker out, at once; say whether there was one."""
        known = self._store.one("SELECT 1 FROM worker WHERE name=?", name) is not None
        with self._store.lock:
            list(self._store.run("DELETE FROM worker WHERE name=?", (name,)))
        return known

    def of(self, token: str, now: datetime) -> Worker | None:
        """Return whose token this is, while its days last."""
        row = self._store.one("SELECT told FROM worker WHERE digest=?", _digest(token))
        found = None if row is None else msgspec.json.decode(row[0], type=Worker)
        return found if found is not None and found.until > now else None


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
