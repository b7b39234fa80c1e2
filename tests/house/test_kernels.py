"""Kernels raise nothing, so nobody hears of one that reaches beyond its columns: here it raises."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOMS = ("tests/senses/test_quick.py", "tests/text/test_quick_messages.py")
ROOT = Path(__file__).parents[2]
BEYOND = """
import numpy as np
from mindu.base.kernels import kernel

@kernel
def beyond(column, at):
    column[at] = 1

beyond(np.zeros(3, np.int64), 3)
"""


def checked(cache: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    told = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(cache)}
    run = (sys.executable, *command)
    return subprocess.run(
        run, cwd=ROOT, env={**os.environ, **told}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "room", ["tests/senses/test_quick.py", "tests/text/test_quick_messages.py"]
)
def test_no_kernel_reaches_beyond_its_columns(room: str, tmp_path: Path) -> None:
    done = checked(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", room)
    assert done.returncode == 0, done.stdout[-4000:]
    assert " failed" not in done.stdout


def test_one_that_did_would_be_seen(tmp_path: Path) -> None:
    room = tmp_path / "beyond.py"
    room.write_text(BEYOND)
    assert "IndexError" in checked(tmp_path, str(room)).stderr
