"""Where tests keep a log: in a file, or on a real PostgreSQL, the one that runs here or our own."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from time import monotonic
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from mindu.data.book.address import address

USUAL = "host=127.0.0.1 user=postgres dbname=test connect_timeout=3"
WAIT = 60.0  # s for a server to answer
_SERIAL = count()


class Server:
    """A PostgreSQL of our own, which may be stopped, killed and started again."""

    def __init__(self, beside: "Server | None" = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mindu-postgres-"))
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user)
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port = int(found.getsockname()[1])
        self.data = self.folder / "data"
        if beside is None:
            self._run("initdb", "-A", "trust", "-U", "postgres", "--no-sync", "-D", str(self.data))
        else:  # -R: it follows the other one as a standby
            self._run("pg_basebackup", "-R", "-D", str(self.data), "-d", beside.url, "-c", "fast")
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        end = monotonic() + WAIT
        self.process = self._begun()
        while not answers(self.url):
            assert monotonic() < end, "our PostgreSQL does not answer"
            if self.process.poll() is not None:  # memory of those who were killed is not free yet
                self.process = self._begun()

    def _begun(self) -> "subprocess.Popen[bytes]":
        command = [program("postgres"), "-D", str(self.data), "-p", str(self.port), "-k", ""]
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=30"]
        return subprocess.Popen(
            [*command, *options], user=self.user, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def restart(self, how: str) -> None:
        """Stop it as `pg_ctl -m` says, and start it again."""
        self.stop(how)
        self.start()

    def stop(self, how: str) -> None:
        assert self.process is not None
        self._run("pg_ctl", "stop", "-m", how, "-D", str(self.data))
        self.process.wait(WAIT)

    def promote(self) -> None:
        """Let a standby take over."""
        self._run("pg_ctl", "promote", "-w", "-D", str(self.data))

    def kill(self) -> None:
        """Kill every one of its processes, as the end of a machine would."""
        assert self.process is not None
        every = [self.process.pid, *children(self.process.pid)]
        for pid in every:  # the first goes first: it would begin anew when it misses another
            with suppress(ProcessLookupError):
                os.kill(pid, 9)
        self.process.wait(WAIT)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, name: str, *words: str) -> None:
        subprocess.run(
            [program(name), *words], user=self.user, cwd=self.folder, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip


def children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(word) for word in told.split()]


def program(name: str) -> str:
    places = [os.environ.get("PATH", ""), *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
    found = shutil.which(name, path=os.pathsep.join(places))
    assert found, f"{name} is not installed: install PostgreSQL"
    return found


def answers(conninfo: str) -> bool:
    try:
        psycopg.connect(conninfo, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


@cache
def server() -> str:
    """Return the address of a PostgreSQL; one of our own is started where none runs here."""
    told = os.environ.get("MINDU_TEST_POSTGRES", USUAL)
    if answers(told):
        return url(told)
    own = Server()
    atexit.register(own.close)
    return own.url


def url(conninfo: str) -> str:
    part = {k: quote(str(v), safe="") for k, v in conninfo_to_dict(conninfo).items()}
    secret = f":{part['password']}" if "password" in part else ""
    host = f"{part.get('host', '127.0.0.1')}:{part.get('port', 5432)}"
    return f"postgresql://{part.get('user', '')}{secret}@{host}/{part.get('dbname', 'postgres')}"


@contextmanager
def on_server(at: str = "") -> Iterator[str]:
    """Give an address for a log that nobody uses; what was made there is dropped in the end."""
    where = f"{at or server()}#t{os.getpid()}.{next(_SERIAL)}"
    try:
        yield where
    finally:
        drop(where)


def drop(where: str) -> None:
    """Drop every schema whose name begins so."""
    with psycopg.connect(address(where).server, autocommit=True) as db:
        rows = db.execute(
            "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)",
            (address(where).name,),
        ).fetchall()
        for (name,) in rows:
            db.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


@contextmanager
def changing(where: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """Open a log on a server behind its back, to tamper with it."""
    told = address(where)
    with psycopg.connect(told.server, autocommit=True) as db:
        db.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(told.name)))
        yield db
