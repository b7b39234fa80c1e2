"""Where tests find a real MariaDB: the one that runs here, or one of our own."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

import pymysql

USUAL = 3306
WAIT = 60.0  # s for a server to answer
FIRST = "CREATE DATABASE IF NOT EXISTS test;\nALTER USER root@localhost IDENTIFIED BY '';\n"


@cache
def port() -> int:
    """Return the port of a MariaDB whose root has no password and whose database is `test`."""
    return USUAL if answers(USUAL) else _own()


def answers(at: int) -> bool:
    try:
        _linked(at).close()
    except pymysql.MySQLError:
        return False
    return True


@contextmanager
def asking() -> Iterator[Any]:
    """Give a cursor of a session that lives in Fuzhou's time."""
    with closing(_linked(port())) as link, link.cursor() as cursor:
        cursor.execute("SET time_zone = '+08:00'")
        yield cursor


def _linked(at: int) -> Any:  # noqa: ANN401 - a library without types
    return pymysql.connect(
        host="127.0.0.1", port=at, user="root", database="test", autocommit=True, connect_timeout=3
    )


def _own() -> int:
    """Start a server that ends with these tests."""
    folder = Path(tempfile.mkdtemp(prefix="mindu-maria-"))
    user = ["--user=mysql"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "mysql")
    with socket.create_server(("127.0.0.1", 0)) as found:
        free = int(found.getsockname()[1])
    data, first = folder / "data", folder / "first.sql"
    first.write_text(FIRST, encoding="utf-8")
    first.chmod(0o644)
    made = [program("mariadb-install-db"), "--no-defaults", *user, f"--datadir={data}"]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    process = subprocess.Popen(
        [program("mariadbd"), "--no-defaults", *user, f"--datadir={data}", f"--port={free}",
         "--bind-address=127.0.0.1", f"--socket={folder}/own.sock", f"--init-file={first}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(process.wait)
    atexit.register(process.terminate)  # the last that is registered goes first
    end = monotonic() + WAIT
    while not answers(free):
        assert process.poll() is None, "our MariaDB ended by itself"
        assert monotonic() < end, "our MariaDB does not answer"
    return free


def program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
    assert found, f"{name} is not installed: install mariadb-server"
    return found
