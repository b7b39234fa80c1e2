"""Killing: a writer dies at any moment, and nothing that it was promised is lost."""

from pathlib import Path
from random import Random

import pytest
from killing import until_killed

from mindu.base.records import Event
from mindu.data.log import Log

KILLS = 8
WRITER = Path(__file__).with_name("dying_writer.py")


def lived(path: str, lines: int) -> list[list[int]]:
    """Let a writer live for so many promises, kill it, and return what it was promised."""
    return [[int(word) for word in words] for words in until_killed(lines, str(WRITER), path)]


@pytest.mark.parametrize("seed", range(2))
def test_kill_9_at_any_moment_loses_nothing_acknowledged(seed: int, place: str) -> None:
    path, rng = place, Random(seed)
    before = 0
    for _ in range(KILLS // 2):
        promised = lived(path, rng.randrange(1, 120))
        with Log.open(path) as log:
            log.verify()
            assert len(log) >= before
            for seq, thread, i, durable in promised:
                record = log[seq].record
                assert isinstance(record, Event)
                assert (record.args["thread"], record.args["i"]) == (thread, i)
                assert seq < durable <= len(log)
            before = len(log)
    assert before > 20
