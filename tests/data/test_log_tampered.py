"""Tampering: whatever byte of a log is changed, the check names what is wrong."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import apsw
import psycopg
import pytest
from gauges import START, fresh, write
from servers import changing, on_server

from mindu.base.records import Event
from mindu.base.time import DAY
from mindu.data.log import Log

TABLES = {
    "entry": ("seq", "body"),
    "because": ("cause", "seq"),
    "channel": ("number", "about", "prop", "unit"),
    "block": ("seq", "day", "body"),
    "tile": ("level", "place", "hashes", "root"),
    "head": ("size", "digest"),
    "snapshot": ("fold", "seq", "digest", "state"),
    "day": ("file", "first", "last"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a log that has rows in every table, once."""
    folder = tmp_path_factory.mktemp("whole")
    with Log.open(fresh(folder)) as log:
        write(log, 520)
        log.keep("twins", 500, b"a state")
        log.carry(START + 2 * DAY)
    return folder


@pytest.fixture
def path(whole: Path, tmp_path: Path) -> str:
    """Return a copy of that log."""
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    return str(tmp_path / "city.mindu")


def changed(value: object, rng: Random) -> object:
    """Change one bit of a value."""
    if isinstance(value, int):
        return value ^ 1 << rng.randrange(4)
    raw = bytearray(value.encode() if isinstance(value, str) else bytes(value))  # type: ignore[call-overload]
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(3)
    return raw.decode("utf-8", "replace") if isinstance(value, str) else bytes(raw)


def tampered_on_server(where: str, table: str, rng: Random) -> str | None:
    """Change one column of one row on the server; say which, or None when it refuses."""
    column = rng.choice(TABLES[table])
    with changing(where) as db, db.cursor(binary=True) as cursor:
        rows: list[Any] = cursor.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
        names = [it.name for it in cursor.description or ()]
        row = rng.choice([r for r in rows if r[names.index(column)] not in {"", b""}])
        value = changed(row[names.index(column)], rng)
        where = " AND ".join(f"{name}=%s" for name in names)
        try:
            cursor.execute(f"UPDATE {table} SET {column}=%s WHERE {where}", (value, *row))  # noqa: S608
        except psycopg.IntegrityError:
            return None
        return f"{table}.{column}"


def tampered(path: str, table: str, rng: Random) -> str | None:
    """Change one column of one row; say which, or None when the file itself refuses."""
    db = apsw.Connection(path)
    try:
        column = rng.choice(TABLES[table])
        rows: list[Any] = db.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
        names = [name for name, _ in db.execute(f"SELECT * FROM {table}").get_description()]  # noqa: S608
        row = rng.choice([r for r in rows if r[names.index(column)] not in {"", b""}])
        value = changed(row[names.index(column)], rng)
        where = " AND ".join(f"{name} IS ?" for name in names)
        db.execute(f"UPDATE {table} SET {column}=? WHERE {where}", (value, *row))  # noqa: S608
    except apsw.ConstraintError:
        return None
    else:
        return f"{table}.{column}"
    finally:
        db.close()


@pytest.fixture(scope="module")
def at_server() -> Iterator[str]:
    """Make a log on the server that has rows in every table but that of carried days."""
    with on_server() as where, Log.open(where) as log:
        write(log, 520)
        log.keep("twins", 500, b"a state")
        log.commit()
        yield where


@pytest.mark.parametrize("table", [table for table in TABLES if table != "day"])
@pytest.mark.parametrize("seed", range(3))
def test_any_bit_of_any_row_on_a_server_that_was_changed_is_found(
    table: str, seed: int, at_server: str
) -> None:
    with Log.read(at_server) as log:
        log.verify()
    with restored(at_server, table):
        if tampered_on_server(at_server, table, Random(f"{table}{seed}")) is None:
            return
        with (
            Log.read(at_server) as log,
            pytest.raises(ValueError, match=r"changed|missing|belong|states|read|damaged|just"),
        ):
            log.verify()


@contextmanager
def restored(where: str, table: str) -> Iterator[None]:
    """Put a table back as it was when the block ends."""
    with changing(where) as db:
        db.execute(f"CREATE TABLE kept AS SELECT * FROM {table}")  # noqa: S608
        yield
        back = f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept"  # noqa: S608
        db.execute(back)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("seed", range(4))
def test_any_bit_of_any_row_that_was_changed_is_found(table: str, seed: int, path: str) -> None:
    if tampered(path, table, Random(f"{table}{seed}")) is None:
        return  # the file's own constraints refused it: there is no such log
    with (
        Log.open(path) as log,
        pytest.raises(ValueError, match=r"changed|missing|belong|states|read|damaged|just"),
    ):
        log.verify()


def test_the_first_entry_that_is_wrong_is_named(tmp_path: Path) -> None:
    path = fresh(tmp_path, 60)
    db = apsw.Connection(path)
    db.execute("UPDATE entry SET body=CAST(replace(body, 'jammed', 'opened') AS BLOB) WHERE seq=33")
    db.close()
    with Log.open(path) as log, pytest.raises(ValueError, match="entry 33 was changed"):
        log.verify()


@pytest.mark.parametrize("table", ["entry", "block", "tile", "because"])
def test_a_row_that_was_taken_out_is_missed(table: str, path: str) -> None:
    db = apsw.Connection(path)
    key = TABLES[table][0]
    db.execute(f"DELETE FROM {table} WHERE {key}=(SELECT max({key}) FROM {table})")  # noqa: S608
    db.close()
    with Log.open(path) as log, pytest.raises(ValueError, match=r"missing|changed|belong|states"):
        log.verify()


def test_nothing_is_added_to_a_log_whose_end_was_changed(tmp_path: Path) -> None:
    path = fresh(tmp_path, 60)
    db = apsw.Connection(path)
    db.execute("DELETE FROM entry WHERE seq=59")
    db.close()
    with Log.open(path) as log, pytest.raises(RuntimeError, match="the last is 58"):
        log.append(Event("a"), at=START, about="x", by="t")


def test_a_changed_day_in_parquet_is_found(path: str) -> None:
    day = min(Path(f"{path}.days").iterdir())
    raw = bytearray(day.read_bytes())
    raw[len(raw) // 3] ^= 1
    day.write_bytes(bytes(raw))
    with Log.open(path) as log, pytest.raises(ValueError, match=r"block of entry|day 2026"):
        log.verify()


def test_any_changed_byte_of_the_file_is_found_or_of_no_account(
    path: str,
) -> None:
    with Log.open(path) as log:
        told = [*log], log.head, log.root()
    whole = Path(path).read_bytes()
    rng = Random(5)
    found = 0
    for _ in range(40):
        raw = bytearray(whole)
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        Path(path).write_bytes(bytes(raw))
        try:
            with Log.open(path) as log:
                log.verify()
                assert ([*log], log.head, log.root()) == told
        except ValueError:
            found += 1
    assert found > 10
