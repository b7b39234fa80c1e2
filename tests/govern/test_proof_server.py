"""The verifier without our imports reads a log on PostgreSQL as it reads a file."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import changing, on_server
from test_proof import KEY, NAME, begin, use

from mindu.data.log import Log
from mindu.data.proof import alone
from mindu.data.proof.notary import FILE, Notary


@pytest.fixture
def city(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Give a log on a server with 40 receipts, signed for at 41 entries."""
    with on_server() as where:
        with Log.open(where) as log:
            begin(log)
            use(log, 0, 40)
            Notary(log, tmp_path / FILE, NAME, [KEY]).sign()
        yield where, tmp_path / FILE


def checked(where: str, notes: Path) -> tuple[int, str]:
    words = (alone.__file__, "log", where, str(notes), NAME, KEY.public.hex())
    done = subprocess.run(
        [sys.executable, "-I", *words], capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


def test_a_sound_log_on_a_server_is_found_sound(city: tuple[str, Path]) -> None:
    code, said = checked(*city)
    assert (code, said[:40]) == (0, "sound: 41 entries, 40 receipts, 1 notes,"), said


TAMPERED = {
    "UPDATE entry SET body = overlay(body placing '\\x00' from 9) WHERE seq = 7": "was changed",
    "DELETE FROM entry WHERE seq = 7": "entry 7 is missing",
    "DELETE FROM entry WHERE seq > 30; UPDATE head SET size = 31": "the head does not vouch",
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_changed_behind_its_back_is_noticed(how: str, city: tuple[str, Path]) -> None:
    with changing(city[0]) as db:
        for statement in how.split("; "):
            db.execute(statement)
    code, said = checked(*city)
    assert code == 1
    assert TAMPERED[how] in said


def test_a_server_that_is_not_there_proves_nothing(city: tuple[str, Path]) -> None:
    code, said = checked("postgresql://postgres@127.0.0.1:1/test#t", city[1])
    assert (code, said.startswith("NOT SOUND: ")) == (1, True)
