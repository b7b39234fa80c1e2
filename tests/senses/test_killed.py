"""Killing: the intake dies at any moment; what it acknowledged is there once, and counted."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from dying_intake import BAD, DEVICES, ROWS, STEP, batch, value
from town import T0, held, town

from mindu.data.senses.senses import Senses

WRITER = Path(__file__).with_name("dying_intake.py")
KILLS = int(os.environ.get("MINDU_KILLS", "6"))  # of each seed; `make kills` asks for 100


def lived(folder: Path, first: int, lines: int) -> int:
    """Let the intake live for so many acknowledgements, kill it; return the last it gave."""
    command = [sys.executable, str(WRITER), str(folder), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        heard = [writer.stdout.readline() for _ in range(lines)]
        writer.kill()
        heard += writer.stdout.readlines()
    whole = [int(line) for line in heard if line.endswith("\n")]
    return whole[-1] if whole else first - 1


@pytest.mark.parametrize("seed", range(2))
def test_kill_9_at_any_moment_loses_no_acknowledged_reading_and_counts_exactly(
    seed: int, tmp_path: Path
) -> None:
    rng, acknowledged = Random(seed), -1
    for _ in range(KILLS):
        acknowledged = lived(tmp_path, acknowledged + 1, rng.randrange(1, 90))
    senses = town(tmp_path, DEVICES)
    batches = senses.account.total("bad").received // BAD
    total, good = senses.total(), senses.account.total("good")
    assert total.whole
    assert good.received == batches * ROWS
    assert total.refused == {"no such device": batches, "no such property": batches}
    there = {
        (row[0], row[1]): row[2]
        for device in range(DEVICES)
        for prop in ("level", "rain")
        for row in stood(senses, f"g{device}", prop)
    }
    assert len(there) == good.stored, "a reading stands twice, or was counted and lost"
    for number in range(acknowledged + 1):
        for k in range(ROWS):
            prop = "rain" if k >= DEVICES else "level"
            series = senses.registry.one(f"g{k % DEVICES}", prop)
            assert there[series, T0 + number * STEP] == value(number, k)
    again = senses.take(batch(acknowledged), T0 + acknowledged * STEP)
    assert again[0].duplicate == ROWS
    senses.close()


def stood(senses: Senses, device: str, prop: str) -> list[tuple[int, int, float]]:
    series, rows = senses.registry.one(device, prop), held(senses, device, prop)
    return [(series, at, n) for at, n in zip(rows.at.tolist(), rows.value.tolist(), strict=True)]
