"""Killing: the portal dies at any moment; what it said was done is there, in a file or a server."""

from pathlib import Path
from random import Random

import pytest
from killing import until_killed
from opening_house import NOON, House

from mindu.base.records import Case, Event, Receipt
from mindu.data.fold import rebuilt
from mindu.data.log import Log
from mindu.data.opening.opened import Opened

DYING = Path(__file__).with_name("dying_portal.py")
KINDS = {"read": Receipt, "asked": Case, "opened": Event}


@pytest.mark.parametrize("seed", range(2))
def test_kill_9_loses_nothing_that_the_portal_said_was_done(seed: int, place: str) -> None:
    lines = Random(seed).randrange(1, 8)
    for _ in range(2):  # the second one goes on where the first was killed
        told = until_killed(lines, str(DYING), place)
        assert len(told) >= lines
        with Log.open(place) as log:
            log.verify()
            house = House(log)
            for words in told:
                for what, number in zip(words[::2], words[1::2], strict=True):
                    assert isinstance(log[int(number)].record, KINDS[what])
                    one = house.requests.get(int(number), NOON) if what == "asked" else None
                    assert one is None or (one.done, one.votes, one.opened) == (True, 1, "pumps")
            assert rebuilt(log, Opened).dump() == house.memory.opened.dump()
