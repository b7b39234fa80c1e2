"""Kill a program in the middle of its work, and keep what it had said was done."""

import os
import subprocess
import sys


def until_killed(lines: int, *command: str) -> list[list[str]]:
    """Let a Python program live until it said so many lines; kill -9; return whole lines' words."""
    found = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}  # as tests do
    with subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, text=True, env=found
    ) as living:
        assert living.stdout is not None
        heard = [living.stdout.readline() for _ in range(lines)]
        living.kill()
        heard += living.stdout.readlines()
    return [line.split() for line in heard if line.endswith("\n")]
