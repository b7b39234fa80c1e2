"""Killing: the intake dies at any moment; what it acknowledged is there once, and counted."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import numpy as np
import pytest
from dying_intake import BAD, DEVICES, ROWS, STEP, batch, main, ordinary, quick, value
from town import T0, held, town

from mindu.data.senses.senses import Senses

KILLS = int(os.environ.get("MINDU_KILLS", "6"))  # of each seed; `make kills` asks for 10
FIRST, LAST = map(int, os.environ.get("MINDU_KILL_SEEDS", "0:2").split(":"))
WIDEST = 90  # acknowledgements between two kills
TOUCHES = 400  # touches of files between two kills
NEST = get_context("forkserver")  # one process that has imported all, and is forked to be killed
NEST.set_forkserver_preload(["dying_intake"])


def lived(folder: Path, first: int, dice: Random, way: Callable[[], None]) -> int:
    """Let the intake live for a while and kill it; return the last that it acknowledged.

    Every other one is killed from outside after some acknowledgements, the rest die
    where they open, rename or remove a file, be it while they come back or while days go cold.
    """
    touches = dice.randrange(1, TOUCHES) * dice.randrange(2)
    lines = 1 << 30 if touches else dice.randrange(1, WIDEST)
    ours, theirs = NEST.Pipe(duplex=False)
    intake = NEST.Process(target=main, args=(str(folder), first, theirs, touches, way))
    intake.start()
    theirs.close()
    last = first - 1
    for told, number in enumerate(heard(ours), 1):
        last = number
        if told >= lines:
            intake.kill()
    intake.join()
    assert intake.exitcode == -9, f"it died by itself with {intake.exitcode}"
    return last


def heard(ours: "Connection[bytes, bytes]") -> Iterator[int]:
    """Yield what is acknowledged until the intake is dead."""
    try:
        while True:
            yield int(ours.recv_bytes())
    except EOFError:
        return


@pytest.mark.parametrize("seed", range(FIRST, LAST))
def test_kill_9_at_any_moment_loses_no_acknowledged_reading_and_counts_exactly(
    seed: int, tmp_path: Path
) -> None:
    dice, acknowledged, way = Random(seed), -1, (ordinary, quick)[seed % 2]
    for kill in range(1, KILLS + 1):
        acknowledged = lived(tmp_path / "live", acknowledged + 1, dice, way)
        copy = tmp_path / "copy"  # the dead one is left as it lies, for the next to come back from
        shutil.copytree(tmp_path / "live", copy)
        told = counted(copy, acknowledged, kill)
        shutil.rmtree(copy)
        sys.stdout.write(
            f"seed {seed}, {way.__name__}, kill {kill}: {acknowledged + 1} acknowledged, {told}\n"
        )


def counted(folder: Path, acknowledged: int, kills: int) -> str:
    """Hold a dead intake's folder to the exact account; say what it holds."""
    senses = town(folder, DEVICES)
    total, good = senses.total(), senses.account.total("good")
    sent = senses.account.total("bad").received // BAD  # batches that were written, again ones too
    whole = good.stored // ROWS  # batches that were written once at least
    assert total.whole
    assert acknowledged + 1 <= whole <= acknowledged + 2, "lost, or more than was ever sent"
    assert whole <= sent <= whole + kills, "written again without a kill between"
    assert good.received == sent * ROWS
    assert (good.stored, good.duplicate) == (whole * ROWS, (sent - whole) * ROWS)
    assert total.refused == ({"no such device": sent, "no such property": sent} if sent else {})
    for k in range(ROWS):
        stands(senses, k, whole)
    if acknowledged >= 0:
        again = senses.take(batch(acknowledged), T0 + acknowledged * STEP)
        assert again[0].duplicate == ROWS
    senses.close()
    return f"{good.stored} stored, {good.duplicate} twice, {sent * BAD} refused"


def stands(senses: Senses, k: int, whole: int) -> None:
    """Hold one series to what was sent: every reading once, at its time, with its value."""
    rows = held(senses, f"g{k % DEVICES}", "rain" if k >= DEVICES else "level")
    numbers = np.arange(whole)
    assert np.array_equal(rows.at, T0 + numbers * STEP), "a reading stands twice, or is lost"
    assert rows.value.tolist() == [value(number, k) for number in range(whole)]
