"""A session at PostgreSQL: entered by one writer a log, with what makes a commit durable."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from itertools import count

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from mindu.base.wrong import Damaged, Taken, Unopened
from mindu.data.book.address import Address
from mindu.data.book.store import MOVING, half

DISK_FULL = "53100"  # the server's number for it
VERSION = 1
MARK = f"mindu log {VERSION}"  # stands as the comment of the schema
UNREAD = (
    "the address cannot be read: write postgresql://user@host:5432/database",
    "地址读不懂:请写成 postgresql://用户@主机:5432/库名",
)
WAIT_MS = 2_000  # for a writer that was killed to be noticed by the server
_KEEPALIVE = {
    "connect_timeout": 10, "keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}  # fmt: skip
_WATCHED = """SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 5;
SET tcp_keepalives_count = 3; SET tcp_user_timeout = 30000; SET idle_session_timeout = 0"""
_TABLES = """
CREATE TABLE entry(seq bigint PRIMARY KEY, body bytea NOT NULL);
CREATE TABLE because(cause bigint, seq bigint, PRIMARY KEY(cause, seq));
CREATE TABLE channel(number int PRIMARY KEY, about bytea NOT NULL, prop bytea NOT NULL,
  unit bytea NOT NULL);
CREATE TABLE block(seq bigint PRIMARY KEY, day int NOT NULL, body bytea NOT NULL);
ALTER TABLE block ALTER body SET STORAGE EXTERNAL;
CREATE INDEX block_day ON block(day);
CREATE TABLE day(file text PRIMARY KEY, day int NOT NULL, first bigint NOT NULL,
  last bigint NOT NULL);
CREATE TABLE tile(level int, place bigint, hashes bytea NOT NULL, root bytea NOT NULL,
  PRIMARY KEY(level, place));
CREATE TABLE head(one int PRIMARY KEY CHECK(one = 0), size bigint NOT NULL,
  digest bytea NOT NULL) WITH (fillfactor = 10);
INSERT INTO head VALUES(0, 0, decode(repeat('00', 32), 'hex'));
CREATE TABLE snapshot(fold text, seq bigint, digest bytea NOT NULL, state bytea NOT NULL,
  PRIMARY KEY(fold, seq));
"""
_COMMENT = "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname=%s"
_NAMES = "SELECT nspname FROM pg_namespace WHERE obj_description(oid, 'pg_namespace')=%s ORDER BY 1"
_STATE = """SELECT current_setting('server_version_num'), current_setting('fsync'),
  current_setting('full_page_writes'),
  has_database_privilege(current_database(), 'CREATE')::text, pg_is_in_recovery()::text"""
_RENAME = sql.SQL("ALTER SCHEMA {} RENAME TO {}")
_HOLDER = """SELECT application_name FROM pg_stat_activity JOIN pg_locks USING(pid)
  WHERE locktype='advisory' AND granted AND ((classid::bigint << 32) | objid::bigint)=%s
  AND database=(SELECT oid FROM pg_database WHERE datname=current_database())"""
Link = psycopg.Connection[TupleRow]
_SERIAL = count(1)


def entered(where: Address, name: str, *, writing: bool) -> Link:
    """Open a session at a log; the one that writes locks all others out, and makes what is missing.

    The session goes by `name`, so that others can be told who holds the log.

    Raises:
        RuntimeError: another process writes it.
        ValueError: the schema is no log of ours.
        OSError: the server does not answer or refuses.
    """
    try:
        link = _connected(where, name)
    except psycopg.ProgrammingError:  # its text repeats the address, and with it a password
        raise Damaged(*UNREAD) from None
    except psycopg.Error as wrong:
        raise told(wrong, where.shown()) from None
    try:
        if writing:
            _alone(link, where, name)
            _durable(link)
        _whole(link, where, writing=writing)
        path = sql.SQL("SET search_path TO {}").format(sql.Identifier(where.name))
        link.execute(path)
        if not writing:
            link.execute("SET default_transaction_read_only = on")
    except psycopg.Error as wrong:
        link.close()
        raise told(wrong, where.shown()) from None
    except BaseException:
        link.close()
        raise
    return link


def named() -> str:
    """Return a name for a session of this process that no other session has."""
    return f"mindu {os.getpid()} on {socket.gethostname()[:40]} #{next(_SERIAL)}"


def entered_plainly(where: Address, mark: str, tables: str) -> Link:
    """Open a session at a schema of another kind, which several may write; make it if missing.

    Raises:
        ValueError: the schema is of another kind.
        OSError: the server does not answer or refuses.
    """
    try:
        link = _connected(where, named())
        try:
            _durable(link)
            with link.transaction():
                link.execute("SELECT pg_advisory_xact_lock(%s)", (_key(where),))
                row = link.execute(_COMMENT, (where.name,)).fetchone()
                if row is None:
                    _made(link, where, mark, tables)
                else:
                    _ours(row[0], mark, where)
            link.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(where.name)))
        except BaseException:
            link.close()
            raise
    except psycopg.ProgrammingError:
        raise Damaged(*UNREAD) from None
    except psycopg.Error as wrong:
        raise told(wrong, where.shown()) from None
    return link


def _ours(told: object, mark: str, where: Address) -> None:
    if told != mark:
        kind = mark.removeprefix("mindu ").replace(" ", " of this house, version ")
        raise Damaged(
            f"{where.shown()} is no {kind}; give another name",
            f"{where.shown()} 不是本系统此版本的 {mark};请换一个名字",
        )


def _made(link: Link, where: Address, mark: str, tables: str) -> None:
    name = sql.Identifier(where.name)
    link.execute(sql.SQL("CREATE SCHEMA {}").format(name))
    link.execute(sql.SQL("SET LOCAL search_path TO {}").format(name))
    link.execute(tables)
    link.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(name, sql.Literal(mark)))


def _key(where: Address) -> int:
    """Return the number of the lock of a schema."""
    raw = int.from_bytes(sha256(f"mindu log {where.name}".encode()).digest()[:8], "big")
    return raw - (1 << 64) if raw >> 63 else raw


def _connected(where: Address, name: str) -> Link:
    more = {"target_session_attrs": "read-write"} if where.several() else {}
    link = psycopg.connect(
        where.server,
        autocommit=True,
        application_name=name,
        **{**_KEEPALIVE, **more},  # type: ignore[arg-type]
    )
    link.prepare_threshold = 2
    link.execute(_WATCHED)
    return link


def _alone(link: Link, where: Address, name: str) -> None:
    """Take the lock that makes this the one writer.

    Raises:
        RuntimeError: another holds it.
    """
    key = _key(where)
    try:
        link.execute(f"SET lock_timeout = {WAIT_MS}")
        link.execute("SELECT pg_advisory_lock(%s)", (key,))
        link.execute("SET lock_timeout = 0")
    except psycopg.errors.LockNotAvailable:
        row = link.execute(_HOLDER, (key,)).fetchone()
        if row is not None and row[0] == name:
            raise ConnectionError(
                f"{where.shown()} is still held by a session of ours that broke; wait a minute"
            ) from None
        said = str(row[0]) if row is not None and row[0] else "unknown"
        holder = said.removeprefix("mindu ").partition(" #")[0]
        raise Taken(
            f"{where.shown()} is held by another writer (process {holder}); "
            "stop it, or open with Log.read",
            f"{where.shown()} 正被另一进程({holder})写入;请停止它,或只读打开",
        ) from None


def _durable(link: Link) -> None:
    """See to it that a commit returns only when it is on the server's disk."""
    (told,) = link.execute("SHOW synchronous_commit").fetchone() or ("",)
    if told in {"off", "local"}:
        link.execute("SET synchronous_commit = on")


def _whole(link: Link, where: Address, *, writing: bool) -> None:
    """Make the schema where there is none, and see that it is ours.

    Raises:
        ValueError: it is no log of ours.
        OSError: there is none, and it may not be made.
    """
    row = link.execute(_COMMENT, (where.name,)).fetchone()
    if row is not None:
        _ours(row[0], MARK, where)
    elif not writing:
        raise Unopened(
            f"{where.shown()} cannot be opened: no log of that name is there; is it there?",
            f"{where.shown()} 打不开:没有这个名字的日志",
        )
    elif link.execute(_COMMENT, (where.name + MOVING,)).fetchone() is not None:
        raise half(where.shown())
    else:
        with link.transaction():
            _made(link, where, MARK, _TABLES)


def told(wrong: psycopg.Error | ConnectionError, path: str) -> OSError | ValueError:
    """Return an error of the driver in our words; no value and no password is in it."""
    if isinstance(wrong, ConnectionError):
        return wrong
    said = (wrong.diag.message_primary or str(wrong) or "it is gone").strip().splitlines()[0]
    if isinstance(wrong, psycopg.errors.DataCorrupted | psycopg.errors.IndexCorrupted):
        return Damaged(
            f"{path} is damaged ({said}); take a copy back", f"{path} 已损坏({said});请取回副本"
        )
    if isinstance(wrong, psycopg.OperationalError) and wrong.sqlstate != DISK_FULL:
        return ConnectionError(
            f"{path} cannot be reached ({said}); start the server, check address and rights, "
            "and try again: nothing that was acknowledged is lost"
        )
    full = "its disk is full: make room" if wrong.sqlstate == DISK_FULL else "mend the server"
    mend = "其磁盘已满:请腾出空间" if wrong.sqlstate == DISK_FULL else "请修复服务器"
    return Unopened(
        f"{path} refuses ({said}); {full} and commit again: nothing is lost",
        f"{path} 拒绝({said});{mend}后重新提交:未丢失任何内容",
    )


def state(where: Address) -> dict[str, str]:
    """Return what the server says of itself, as far as a log depends on it.

    Raises:
        OSError: it does not answer.
    """
    with _asking(where) as link:
        row = link.execute(_STATE).fetchone()
    assert row is not None, "a server has settings"
    return dict(
        zip(("version", "fsync", "full_page_writes", "create", "standby"), row, strict=True)
    )


def names(server: Address, mark: str = MARK) -> list[str]:
    """Return the names of all logs of a database, or of what else bears that mark.

    Raises:
        OSError: the server does not answer.
    """
    with _asking(server) as link:
        return [str(name) for (name,) in link.execute(_NAMES, (mark,)).fetchall()]


def rename(where: Address, new: str) -> None:
    """Give a log that nobody writes another name."""
    with _asking(where) as link:
        _alone(link, where, named())
        link.execute(_RENAME.format(sql.Identifier(where.name), sql.Identifier(new)))


@contextmanager
def _asking(where: Address) -> Iterator[Link]:
    """Open a session that is no log's."""
    try:
        with closing(_connected(where, named())) as link:
            yield link
    except psycopg.ProgrammingError:
        raise Damaged(*UNREAD) from None
    except psycopg.Error as wrong:
        raise told(wrong, where.shown()) from None
