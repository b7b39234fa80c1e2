"""What runs beside a line again and again: a brain that is busy is no fault, all else is told."""

from threading import Event

import pytest

from mindu.base.records import Words
from mindu.brain.casework.refusals import Busy
from mindu.cli.counter.behind.again import again


@pytest.mark.parametrize(("wrong", "told"), [(Busy(Words("busy", "忙")), 0), (ValueError("x"), 1)])
def test_only_what_is_a_fault_is_told(
    wrong: ValueError, told: int, capsys: pytest.CaptureFixture[str]
) -> None:
    looks, done = [0], Event()

    def look(_stop: Event) -> None:
        looks[0] += 1
        if looks[0] > 1:
            done.set()
            return
        raise wrong

    with again(look, every=0.0, ends=5.0):
        assert done.wait(5.0), "the next look is tried all the same"
    assert capsys.readouterr().err.count("Traceback") == told
