"""Local loops of an edge node: trusted only so far, blind without readings, each step on disk."""

import asyncio
import json
import os
import urllib.request
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from killing import until_killed
from loops import S, Yard
from open_doors import clock, node

from mindu.data.senses.beside.commands import State
from mindu.edge import settings
from mindu.edge.above.upstream import Upstream
from mindu.edge.commands.post import Asked
from mindu.edge.file import Misfit, read
from mindu.edge.loops.declared import Gauge, Tier

GOOD = """name = "pump-house"
[[loops]]
name = "open-gate"
device = "g0"
prop = "level"
target = "g1"
command = "open"
above = 4.0
clear = 3.5
stale = 60
"""
ALSO = '[[loops.also]]\ndevice = "g2"\nprop = "level"\nabove = 1.0\nclear = 2.0\n'


def live(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def test_a_loop_acts_once_for_each_time_beyond_and_is_calm_only_when_well_back(
    tmp_path: Path,
) -> None:
    async def day() -> None:
        yard = Yard(tmp_path)
        yard.read(45)
        await yard.runner.look()
        assert yard.told == [], "it must stand beyond for ten seconds"
        await yard.over()
        assert (yard.told, yard.waiting) == ([("passed", "acted")], ["edge:open-gate"])
        yard.read(38)
        await yard.runner.look()
        assert len(yard.told) == 1, "between the thresholds nothing changes"
        yard.read(34)
        await yard.runner.look()
        assert yard.told[1:] == [("calm", "nothing")]
        (order,) = yard.senses.commands.of("g1")
        assert order.order.args == {"share": 0.5}
        yard.senses.close()

    live(day())


def test_a_proposal_is_never_sent(tmp_path: Path) -> None:
    async def day() -> None:
        yard = Yard(tmp_path, tier=Tier.PROPOSE)
        await yard.over()
        assert (yard.told, yard.senses.commands.given) == ([("passed", "proposed")], {})
        yard.senses.close()

    live(day())


def test_a_command_that_needs_a_yes_is_only_proposed(tmp_path: Path) -> None:
    async def day() -> None:
        yard = Yard(tmp_path, command="close", args={})
        await yard.over()
        assert (yard.told, yard.waiting) == ([("passed", "proposed")], [])
        yard.senses.close()

    live(day())


def test_a_silent_gauge_makes_the_loop_blind_and_its_hands_stay_still(tmp_path: Path) -> None:
    async def day() -> None:
        yard = Yard(tmp_path)
        yard.read(45)
        await yard.wait(61)
        assert (yard.told, yard.waiting) == ([("blind", "nothing")], [])
        yard.read(45, after=1)
        await yard.runner.look()
        assert yard.waiting == [], "after a silence the time beyond begins anew"
        await yard.over()
        assert yard.told[-1] == ("passed", "acted")
        yard.senses.close()

    live(day())


def test_a_loop_over_two_gauges_acts_when_both_are_beyond_and_is_blind_without_one(
    tmp_path: Path,
) -> None:
    async def day() -> None:
        also = (Gauge(device="g2", prop="rain", above=20.0, clear=15.0),)
        yard = Yard(tmp_path, also=also)
        await yard.over()
        assert yard.told == [], "the other was not heard yet, and the node just started"
        for value in (10, 25):
            yard.read(value, device="g2")
            await yard.over()
        assert (yard.told, yard.waiting) == ([("passed", "acted")], ["edge:open-gate"])
        (seen,) = yard.senses.loops.nodes[""].values()
        assert "g2 rain = 25 (> 20" in seen.judged.why.en
        yard.read(12, device="g2")
        await yard.runner.look()
        assert yard.told[1:] == [("calm", "nothing")], "one that is back is enough"
        for _ in range(13):
            yard.read(45)
        await yard.runner.look()
        assert yard.told[2:] == [("blind", "nothing")]
        yard.senses.close()

    live(day())


def test_the_time_beyond_goes_on_over_a_restart(tmp_path: Path) -> None:
    async def day() -> None:
        yard = Yard(tmp_path)
        yard.read(45)
        yard.read(45)
        await yard.runner.look()
        assert yard.told == []
        yard.senses.close()
        again = Yard(tmp_path, yard.now)
        again.read(45)
        await again.runner.look()
        assert (again.told, again.waiting) == ([("passed", "acted")], ["edge:open-gate"])
        again.senses.close()
        third = Yard(tmp_path, again.now)
        await third.runner.look()
        assert len(third.told) == 1, "what was done for this time beyond is not done again"
        third.senses.close()

    live(day())


def test_an_impossible_reading_moves_no_gate(tmp_path: Path) -> None:
    async def day() -> None:
        yard = Yard(tmp_path)
        await yard.over(500.0)
        assert yard.waiting == []
        yard.senses.close()

    live(day())


def test_a_loop_gives_no_more_commands_an_hour_than_it_may(tmp_path: Path) -> None:
    async def day() -> None:
        yard = Yard(tmp_path)
        for _ in range(3):
            await yard.over()
            yard.read(30)
            await yard.runner.look()
        done = [did for finds, did in yard.told if finds == "passed"]
        assert done == ["acted", "acted", "limited"]
        assert len(yard.senses.commands.given) == 2
        yard.senses.close()

    live(day())


def test_a_command_from_upstream_wins_while_it_holds(tmp_path: Path) -> None:
    async def day() -> None:
        yard = Yard(tmp_path)
        await yard.over()
        await yard.post.give("g1", Asked("c1", "open", {"share": 0.1}, within=30), "city")
        await yard.runner.look()
        assert yard.waiting == ["city"], "what the loop ordered and nobody fetched is taken back"
        (it, *_) = await yard.post.take(["g1"], "line")
        await yard.post.say(it.order.key, State.DONE, "line")
        yard.read(30)
        await yard.runner.look()
        await yard.over()
        assert yard.told[-1] == ("passed", "yielded")
        yard.read(45, after=20)
        await yard.runner.look()
        assert (yard.told[-1], yard.waiting) == (("passed", "acted"), ["edge:open-gate"])
        yard.senses.close()

    live(day())


DYING = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from loops import Yard
async def live():
    yard = Yard(Path(sys.argv[1]), int(sys.argv[3]), hold=0, most=60)
    while True:
        for value in (45, 30):
            yard.read(value, after=1)
            await yard.runner.look()
            for it in await yard.post.take(["g1"], "line"):
                print("sent", it.order.key, flush=True)
asyncio.run(live())
"""


def dies(folder: Path, start: int, lines: int) -> list[str]:
    """Let an edge node live until it said so much, kill it, and return which commands it sent."""
    command = ("-c", DYING, str(folder), str(Path(__file__).parent), str(start))
    return [words[1] for words in until_killed(lines, *command)]


def ask(url: str, key: str) -> Any:  # noqa: ANN401
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as told:  # noqa: S310
        return json.loads(told.read())


def test_killed_and_cut_off_for_hours_what_it_did_stands_upstream_once(tmp_path: Path) -> None:
    start, sent = clock() - 6 * 3600 * S, list[str]()
    for turn, lines in enumerate((3, 7)):
        sent += dies(tmp_path / "edge", start + turn * 3600 * S, lines)
    assert len(set(sent)) == len(sent), "a command went out twice"
    yard = Yard(tmp_path / "edge", start + 3 * 3600 * S)
    own = yard.senses.loops.nodes[""]
    ordered = {s.judged.order.key for s in own.values() if s.judged.order is not None}
    assert set(sent) <= ordered == set(yard.senses.commands.given)
    with node(tmp_path / "city") as city:
        os.environ["MINDU_KEY"] = city.key
        told = settings.Upstream(url=city.url, batch=50)
        place = yard.senses.folder / "upstream.place"
        for _ in range(2):  # the second time as if the node had died before it noted the answers
            place.unlink(missing_ok=True)
            line = Upstream(yard.senses, told, clock, "pump-house")
            while line.hand_over():
                pass
            assert list(line.refused) == []
        seen = ask(f"{city.url}/v1/loops", city.key)["loops"]
        readings = city.senses.total()
    assert sorted(it["at"] for it in seen) == [s.judged.at for s in own.values()]
    acted = [it for it in seen if it["command"]["key"] is not None]
    assert {it["command"]["key"] for it in acted} == ordered
    assert {it["node"] for it in seen} == {"tester/pump-house"}
    assert acted[0]["decided"] == "edge"
    assert (acted[0]["reading"]["device"], acted[0]["reading"]["value"]) == ("g0", 45)
    assert [s["state"] for it in acted for s in it["steps"]].count("sent") >= len(sent)
    assert readings.stored == yard.senses.total().stored
    assert city.senses.commands.given == {}, "upstream orders nothing anew"
    yard.senses.close()


@pytest.mark.parametrize(
    ("broken", "line", "mend"),
    [
        (GOOD.replace("stale = 60", "stale = 0"), 10, "Take 1 to 86400 s."),
        (GOOD.replace("clear = 3.5", "clear = 4.5"), 9, "at or under `above`"),
        (GOOD.replace("above = 4.0", "above = 4.0\nbelow = 1.0"), 8, "not both"),
        (GOOD + 'tier = "force"\n', 11, "docs"),
        (GOOD + "twice = 1\n", 11, "docs"),
        (GOOD + ALSO, 15, "at or under `above`"),
        (GOOD + ALSO.replace("above", "height"), 14, "docs"),
        (GOOD + GOOD[GOOD.index("[[") :], 3, "Take another"),
    ],
)
def test_settings_that_cannot_be_say_in_which_line_and_how_to_mend_it(
    tmp_path: Path, broken: str, line: int, mend: str
) -> None:
    path = tmp_path / "node.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert read(path).loops[0].tier is Tier.PROPOSE, "trust is given, never assumed"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(Misfit) as told:
        read(path)
    assert f"line {line}" in told.value.says.en
    assert f"第 {line} 行" in told.value.says.zh
    assert mend in told.value.mend.en or mend == "docs"


def test_a_proposal_that_is_over_cannot_be_answered(tmp_path: Path) -> None:
    async def day() -> None:
        yard = Yard(tmp_path / "city", clock(), tier=Tier.PROPOSE)
        await yard.over()
        ((name, number),) = yard.senses.loops.proposed.items()
        assert name == ("", "open-gate")
        yard.read(30)
        await yard.runner.look()
        assert yard.senses.loops.proposed == {}
        yard.senses.keep()
        yard.senses.close()
        again = Yard(tmp_path / "city", clock())
        assert again.senses.loops.proposed == {}
        assert number in again.senses.loops.nodes[""]
        again.senses.close()

    asyncio.run(day())
