"""A full disk under the server: it is said in words, and what was acknowledged stays."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psycopg
import pytest
from gauges import START
from psycopg import sql
from servers import Server

from mindu.base.records import Event
from mindu.data.log import Log


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    """Start a server whose new tables lie on a disk of 32 MB, half of which is taken."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets us mount no small disk")
    for above in (disk, tmp_path, *tmp_path.parents[:2]):  # the two that pytest made
        above.chmod(0o755)
    (disk / "other").write_bytes(b"x" * (16 << 20))
    space = disk / "space"
    space.mkdir()
    running = Server()
    try:
        if running.user:
            shutil.chown(space, running.user)
        with psycopg.connect(running.url, autocommit=True) as link:
            link.execute(sql.SQL("CREATE TABLESPACE small LOCATION {}").format(str(space)))
            link.execute("ALTER DATABASE postgres SET default_tablespace = small")
        yield running, disk
    finally:
        running.close()
        subprocess.run(["/bin/umount", "-l", str(disk)], check=True)


def filled(log: Log) -> None:
    """Write until there is no room."""
    for i in range(20_000):
        words = "secret" + Random(i).randbytes(2_000).hex()
        log.append(Event(words, {"i": i}), at=START, about="x", by="t")
        if i % 20 == 19:
            log.commit()


def test_a_full_disk_of_the_server_is_said_and_writing_goes_on_when_there_is_room(
    small: tuple[Server, Path],
) -> None:
    running, disk = small
    with Log.open(f"{running.url}#city") as log:
        with pytest.raises(OSError, match="its disk is full: make room") as wrong:
            filled(log)
        told = log.durable
        assert "secret" not in str(wrong.value), "no value is told"
        assert told > 100
        with Log.read(f"{running.url}#city") as other:
            assert len(other) == told, "what was acknowledged is there, and nothing half-written"
        (disk / "other").unlink()
        log.commit()
        assert log.durable == len(log) > told
        log.verify()
    with Log.open(f"{running.url}#city") as log:
        assert [dict(e.record.args)["i"] for e in log if isinstance(e.record, Event)] == list(
            range(len(log))
        )
        log.verify()
