"""How the lines of a node stand: told over HTTP, and said aloud where one goes down."""

from collections import deque
from pathlib import Path
from typing import Any

import pytest
from open_doors import Node, clock, node, until
from town import LEVEL, said, town

from mindu.data.senses.intake import Offer
from mindu.edge import settings
from mindu.edge.above.upstream import Upstream
from mindu.edge.clock import Clock
from mindu.edge.field.standing import Standing
from mindu.edge.settings import Drop, Http, Settings
from mindu.perceive.declare import Device

SKEW = 7_000  # ms


def line(city: Node, begin: str) -> dict[str, Any]:
    """Return what a node tells of one of its lines."""
    (found,) = [it for it in city.asked("/v1/lines")[1]["lines"] if it["line"].startswith(begin)]
    return dict(found)


def test_a_node_tells_how_the_line_upstream_stands_and_what_was_not_taken_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with node(tmp_path / "city") as city:
        monkeypatch.setenv("MINDU_KEY", city.key)
        told = Settings(http=Http(port=0), upstream=settings.Upstream(url=city.url, every=0.05))
        with node(tmp_path / "edge", told) as below:
            below.senses.enrol([Device(id="only-here", kind="gauge")])
            rows = [("g0", "level", clock(), 3.0), ("only-here", "level", clock(), 3.0)]
            offer = Offer("bus", said(rows, datum=[LEVEL.datum] * 2))
            below.senses.take([offer], clock())
            until(lambda: line(below, "upstream")["readings"] == 2, "the hand-over")
            up = line(below, "upstream")
            assert (up["trouble"], up["waiting_bytes"]) == ("", 0)
            assert up["refused"] == {"no such device": 1}
            assert up["clock_looks"] > 0
            assert abs(up["answered"] - clock()) < 60_000
            until(lambda: line(below, "commands")["trouble"] == "", "the fetching")


def test_a_wrong_key_is_told_where_people_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with node(tmp_path / "city") as city:
        monkeypatch.setenv("MINDU_KEY", "s.tester.void")
        told = Settings(http=Http(port=0), upstream=settings.Upstream(url=city.url, every=0.05))
        with node(tmp_path / "edge", told) as below:
            until(lambda: "refuses our key" in line(below, "commands")["trouble"], "the trouble")


def test_the_clock_upstream_is_looked_at_also_while_nothing_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with node(tmp_path / "city") as city:
        monkeypatch.setenv("MINDU_KEY", city.key)
        senses, own = town(tmp_path / "edge"), [clock() - SKEW]
        mine = Clock(lambda: own[0])
        idle = Upstream(senses, settings.Upstream(url=city.url), mine)
        idle.hand_over()
        assert abs(mine.off - SKEW) < 5_000
        assert mine.looks == 1
        idle.hand_over()
        assert mine.looks == 1, "not at every try"
        own[0] += 60_000
        idle.hand_over()
        assert mine.looks == 2
        own[0] -= 3_600_000
        idle.hand_over()
        assert mine.looks == 3, "a clock that jumped back is looked at once more"
        senses.close()


class Wire:
    """A line that is up or down as a test says."""

    def __init__(self) -> None:
        self.about, self.trouble = "wire", ""

    async def run(self) -> None:
        """Read nothing."""


def test_a_line_that_goes_down_is_said_once_and_so_is_its_return() -> None:
    wire, lines, heard = Wire(), Standing(deque), list[str]()
    lines.readers = [wire]
    for trouble in ("", "no answer", "still none", "", ""):
        wire.trouble = trouble
        lines.look(heard.append)
    assert heard == ["wire is down 线路不通: no answer", "wire is back 线路恢复"]


def test_what_breaks_a_reader_is_its_trouble_until_it_reads_again(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("no folder")
    told = Settings(http=Http(port=0), drops=(Drop(folder=str(tmp_path / "in"), every=0.01),))
    with node(tmp_path / "node", told) as city:
        city.doors.quiet = 0.01
        until(lambda: "Error" in line(city, "drop")["trouble"], "the trouble")
        assert city.asked("/v1/lines")[1]["faults"]
        (tmp_path / "in").unlink()
