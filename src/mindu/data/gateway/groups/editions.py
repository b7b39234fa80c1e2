"""Editions: the groups of a table as they went out, so that no two of them tell of a few people.

A group's figures change only when, against every edition of it before, either nobody or enough
people add something else to it. So the difference of any two answers is of enough people too. The
ledger keeps keyed numbers of who added what from which edition to which; it names nobody.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from threading import RLock

import duckdb
import msgspec

from mindu.data.gateway.allow import refused
from mindu.data.gateway.groups.grouping import Grouping, figures, people
from mindu.data.gateway.shelf import stamp
from mindu.data.senses.journal import locked, sync_folder
from mindu.data.senses.memory.delta import synced, whole

FOLDER = "editions"
KEPT = 200  # editions of one group that a new one is held against
LIMITS: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "1GB", "threads": 1}
TABLES = ("groups", "ledger", "told")


class Now(msgspec.Struct, frozen=True):
    """The edition that holds, and the files of which it was made."""

    number: int
    stamp: str


class Editions:
    """The editions below one folder of files; threads may share them, processes take turns."""

    def __init__(self, lake: Path, secret: bytes) -> None:
        """Keep them in the lake, where the engine reads them; `secret` keys the ledgers."""
        self._folder, self._secret, self._lock = lake / FOLDER, secret, RLock()

    def current(self, told: Grouping, files: Sequence[Path]) -> Path:
        """Return the file of the groups as they go out now.

        Raises:
            Refused: another process makes an edition just now.
        """
        home = self._folder / f"{told.dataset.name}-{told.view}"
        lies = stamp(files)
        with self._lock:
            now = _now(home)
            if now is None or now.stamp != lies:
                now = self._made(home, told, files, lies)
        return home / f"{now.number:06d}-groups.parquet"

    def _made(self, home: Path, told: Grouping, files: Sequence[Path], lies: str) -> Now:
        home.mkdir(parents=True, exist_ok=True)
        try:
            lock = locked(home / "lock")
        except RuntimeError as wrong:
            raise refused(
                "these groups are made just now; come again", "分组正在更新,请稍后再试"
            ) from wrong
        try:
            was = _now(home)
            edition = _Edition(home, told, 0 if was is None else was.number)
            number = _tried(edition, files, self._secret.hex())
            now = Now(number, lies)
            whole(home / "now.json", msgspec.json.encode(now))
            _swept(home, number)
        finally:
            os.close(lock)
        return now


class _Edition:
    """One edition in the making, beside the one that holds."""

    def __init__(self, home: Path, told: Grouping, before: int) -> None:
        self.home, self.told, self.before = home, told, before

    def make(self, files: Sequence[Path], salt: str) -> int:
        """Make it durable; return its number: of the one before, where no group may change."""
        with duckdb.connect(config=LIMITS | {"temp_directory": str(self.home / "spill")}) as db:
            db.execute(f"CREATE TABLE each AS {people(self.told, files)}", {"salt": salt})
            db.execute(f"CREATE TABLE fresh AS {figures(self.told)}")
            self._held(db)
            self._released(db)
            found = db.execute("SELECT count(*) FROM released").fetchone()
            if self.before and found == (0,):
                return self.before
            number = self.before + 1
            for name, query in _queries(number).items():
                path = self.home / f"{number:06d}-{name}.parquet"
                db.execute(f"COPY ({query}) TO '{_quoted(path)}' (FORMAT parquet)")
                synced(path)
        sync_folder(self.home)
        return number

    def _held(self, db: duckdb.DuckDBPyConnection) -> None:
        """Open what went out before; `groups`, `ledger` and `told` are empty at first."""
        empty = {
            "groups": "SELECT * FROM fresh WHERE false",
            "ledger": "SELECT _g, _h, 0 AS first, 0 AS last FROM each WHERE false",
            "told": "SELECT _g, 0 AS n FROM each WHERE false",
        }
        for name in TABLES:
            path = self.home / f"{self.before:06d}-{name}.parquet"
            query = f"FROM read_parquet('{_quoted(path)}')" if self.before else empty[name]
            db.execute(f"CREATE VIEW {name} AS {query}")

    def _released(self, db: duckdb.DuckDBPyConnection) -> None:
        """Name the groups whose figures may change, or go out for the first time."""
        db.execute(
            "CREATE TABLE spans AS SELECT l._g, first, last, count(*) AS c, count(e._h) AS still "
            "FROM ledger l LEFT JOIN each e ON e._g = l._g AND e._h = l._h GROUP BY ALL"
        )
        db.execute(
            "CREATE TABLE against AS SELECT t._g, t.n, coalesce(sum(c), 0) AS c, "
            "coalesce(sum(still), 0) AS still FROM told t LEFT JOIN spans s ON s._g = t._g AND "
            "s.first <= t.n AND (s.last = 0 OR s.last > t.n) GROUP BY ALL"
        )
        db.execute(
            "CREATE TABLE others AS SELECT a._g, a.n, greatest(a.c - a.still, "
            "coalesce(e.c, 0) - a.still) AS people FROM against a LEFT JOIN "
            "(SELECT _g, count(*) AS c FROM each GROUP BY _g) e ON e._g = a._g"
        )
        db.execute(
            "CREATE TABLE released AS SELECT _g FROM fresh WHERE _g NOT IN (SELECT _g FROM told) "
            "UNION ALL SELECT _g FROM others GROUP BY _g HAVING arg_max(people, n) > 0 AND "
            "bool_and(people = 0 OR people >= $least)", {"least": self.told.group},
        )  # fmt: skip


def _tried(edition: "_Edition", files: Sequence[Path], salt: str) -> int:
    """Make an edition; what the engine says of rows goes nowhere."""
    try:
        return edition.make(files, salt)
    except duckdb.IOException as wrong:
        raise OSError(f"{edition.home} cannot be written: make room on the disk") from wrong
    except duckdb.Error as wrong:
        raise refused("these groups cannot be made as they stand", "分组无法生成") from wrong


def _queries(number: int) -> dict[str, str]:
    """Return what the tables of an edition hold."""
    out = "_g IN (FROM released)"
    enough = "_g IN (SELECT _g FROM fresh)"
    still = f"(_g, _h) IN (SELECT (_g, _h) FROM each WHERE {enough})"  # noqa: S608 - ours
    return {
        "groups": f"SELECT * FROM groups WHERE NOT {out} UNION ALL BY NAME "  # noqa: S608 - ours
        f"SELECT * FROM fresh WHERE {out}",
        "ledger": f"SELECT _g, _h, first, CASE WHEN {out} AND last = 0 AND NOT {still} "  # noqa: S608
        f"THEN {number} ELSE last END AS last FROM ledger UNION ALL SELECT _g, _h, "
        f"{number} AS first, 0 AS last FROM each WHERE {out} AND {enough} AND (_g, _h) NOT IN "
        "(SELECT (_g, _h) FROM ledger WHERE last = 0)",
        "told": f"SELECT _g, n FROM (FROM told UNION ALL SELECT _g, {number} AS n FROM released) "  # noqa: S608
        f"QUALIFY row_number() OVER (PARTITION BY _g ORDER BY n DESC) <= {KEPT}",
    }


def _now(home: Path) -> Now | None:
    path = home / "now.json"
    return msgspec.json.decode(path.read_bytes(), type=Now) if path.exists() else None


def _swept(home: Path, number: int) -> None:
    """Drop what no query reads any more: one may still run on the edition before."""
    for path in home.glob("*.parquet"):
        begun = int(path.name.partition("-")[0])
        if begun > number or begun < number - 1:
            path.unlink()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
