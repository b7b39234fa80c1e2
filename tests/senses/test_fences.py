"""Fences: who enters, dwells and leaves is told once, also after a kill, and asked of any past."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from fleet import IN, OUT, TRACK, YARD, drive, fleet, put
from killing import until_killed
from open_doors import Node, clock, node
from town import FIVE, T0, said

from mindu.data.senses.beside.fences import Fence, Fences
from mindu.data.senses.intake import Offer
from mindu.data.senses.memory.places import within
from mindu.data.senses.senses import Senses
from mindu.data.senses.watch.crossing import Grid
from mindu.edge.hearing.fenced import Fenced
from mindu.perceive.declare import Device, Model, Stage

HERE = str(Path(__file__).parent)


def told(senses: Senses) -> list[tuple[str, str, int]]:
    return [(it.device, str(it.did), (it.at - T0) // FIVE) for it in senses.fences.told]


def test_who_enters_dwells_and_leaves_is_told_once(tmp_path: Path) -> None:
    senses = fleet(tmp_path)
    fenced = Fenced(senses, lambda: T0)
    put(senses, dwell=900)
    drive(senses, "t0", OUT, IN, IN + 0.01, IN, IN, IN, 119.2, IN)
    assert told(senses) == [
        ("t0", "entered", 1), ("t0", "dwelt", 4), ("t0", "left", 6), ("t0", "entered", 7),
    ]  # fmt: skip
    numbers = [it.number for it in senses.fences.told]
    assert numbers == [1, 2, 3, 4]
    fenced.close()
    senses.close()


def test_late_and_doubted_places_move_nobody_and_half_a_place_is_none(tmp_path: Path) -> None:
    senses = fleet(tmp_path)
    Fenced(senses, lambda: T0)
    put(senses)
    drive(senses, "t0", OUT, OUT, OUT)
    drive(senses, "t0", IN, start=T0 + 1)
    halves = [("t0", name, T0 + 3 * FIVE, at) for name, at in (("lon", IN), ("lat", 26.05))]
    doubted = replace(said(halves), doubted=np.array([1, 1], np.uint8))
    senses.take([Offer("line", doubted)], T0 + 3 * FIVE)
    senses.take([Offer("line", said([("t0", "lon", T0 + 4 * FIVE, IN)]))], T0 + 4 * FIVE)
    assert told(senses) == []
    senses.close()


def test_many_places_in_one_message_are_told_in_their_order(tmp_path: Path) -> None:
    senses = fleet(tmp_path)
    Fenced(senses, lambda: T0)
    put(senses)
    rows = [
        (device, name, T0 + i * FIVE, place)
        for device, lons in (("t0", (OUT, IN, OUT, IN)), ("t1", (IN, IN, OUT, OUT)))
        for i, lon in enumerate(lons)
        for name, place in (("lon", lon), ("lat", 26.05))
    ]
    senses.take([Offer("line", said(rows))], T0 + 3 * FIVE)
    assert told(senses) == [
        ("t1", "entered", 0), ("t0", "entered", 1), ("t0", "left", 2), ("t1", "left", 2),
        ("t0", "entered", 3),
    ]  # fmt: skip
    senses.close()


def test_a_fence_of_one_group_lets_others_pass(tmp_path: Path) -> None:
    senses = fleet(tmp_path)
    Fenced(senses, lambda: T0)
    put(senses, group="t1")
    for device in ("t0", "t1"):
        drive(senses, device, OUT, IN)
    assert told(senses) == [("t1", "entered", 1)]
    senses.close()


def test_who_is_inside_stands_after_a_restart_and_what_a_kill_cut_off_is_made_up(
    tmp_path: Path,
) -> None:
    senses = fleet(tmp_path)
    put(senses)
    drive(senses, "t0", OUT, IN)  # nobody heard: as if the kill came before the crossing
    senses.close()
    for _ in range(2):
        senses = fleet(tmp_path)
        fenced = Fenced(senses, lambda: T0)

        async def opened(fenced: Fenced = fenced) -> None:
            fenced.open()

        asyncio.run(opened())
        assert told(senses) == [("t0", "entered", 1)]
        assert senses.fences.inside["yard"]["t0"].since == T0 + FIVE
        senses.close()


DYING = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from fleet import IN, OUT, FIVE, drive, fleet, put
from mindu.edge.hearing.fenced import Fenced
async def live():
    senses = fleet(Path(sys.argv[1]))
    fenced = Fenced(senses, lambda: 0)
    if "yard" not in senses.fences.fences:
        put(senses)
    fenced.open()
    turn = int(sys.argv[3])
    while True:
        turn += 1
        drive(senses, "t0", IN if turn % 2 else OUT, start=1_790_000_000_000 + turn * FIVE)
        print(turn, senses.fences.last, flush=True)
asyncio.run(live())
"""


def test_killed_at_any_moment_no_crossing_is_lost_or_told_twice(tmp_path: Path) -> None:
    rng, turn = Random(4), 0
    for _ in range(4):
        said_ = until_killed(rng.randrange(3, 25), "-c", DYING, str(tmp_path), HERE, str(turn))
        turn = max(int(words[0]) for words in said_) + 2
    senses = fleet(tmp_path)
    fenced = Fenced(senses, lambda: T0)

    async def opened() -> None:
        fenced.open()

    asyncio.run(opened())
    deeds = [str(it.did) for it in senses.fences.told]
    assert deeds == ["entered" if i % 2 == 0 else "left" for i in range(len(deeds))]
    times = [it.at for it in senses.fences.told]
    assert times == sorted(set(times))
    senses.close()


def test_a_grid_finds_the_fences_that_a_look_at_all_of_them_finds() -> None:
    rng = np.random.default_rng(3)
    fences = Fences()
    for i in range(60):
        size = 10.0 if i == 0 else float(rng.uniform(0.001, 0.4))
        x, y = rng.uniform(118, 120), rng.uniform(25, 27)
        angle = np.sort(rng.uniform(0, 2 * np.pi, 7))
        ring = [(float(x + size * np.cos(a)), float(y + size * np.sin(a))) for a in angle]
        fences.fences[f"f{i}"] = Fence(f"f{i}", [ring], "", 0)
    lon, lat = rng.uniform(118, 120, 500), rng.uniform(25, 27, 500)
    near = {name: set(rows.tolist()) for name, rows in Grid(fences.fences).of(lon, lat)}
    for name, fence in fences.fences.items():
        inside = set(np.flatnonzero(within(fence.rings, lon, lat)).tolist())
        assert inside <= near.get(name, set())


# -- over HTTP ---------------------------------------------------------------------------------


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Node]:
    with node(tmp_path) as found:
        found.senses.declare(Model(name="truck", props=TRACK))
        found.senses.enrol([Device(id="t0", kind="truck", stage=Stage.ACTIVE)])
        yield found


def ask(city: Node, path: str, body: object = None, method: str | None = None) -> tuple[int, Any]:
    told = None if body is None else json.dumps(body).encode()
    return city.asked(path, told, method=method, Content_Type="application/json")


def test_fences_are_declared_listened_to_and_taken_down_over_http(city: Node) -> None:
    assert ask(city, "/v1/fences/yard", {"coordinates": [YARD], "dwell": 1})[0] == 200
    heard: list[Any] = []
    listening = threading.Thread(
        target=lambda: heard.append(ask(city, "/v1/crossings?after=0&wait=30"))
    )
    listening.start()
    start = clock() - 4000
    for i, lon in enumerate((OUT, IN, IN)):
        rows = [{"device": "t0", "at": start + i * 1500, "values": {"lon": lon, "lat": 26.05}}]
        assert ask(city, "/v1/readings", rows)[1]["stored"] == 2
    listening.join(30)
    assert heard[0][1]["crossings"][0]["did"] == "entered"
    found = ask(city, "/v1/crossings?fence=yard&device=t0")[1]
    assert [it["did"] for it in found["crossings"]] == ["entered", "dwelt"]
    assert ask(city, f"/v1/crossings?after={found['to']}")[1]["crossings"] == []
    (inside,) = ask(city, "/v1/fences/yard")[1]["inside"]
    assert (inside["device"], inside["since"], inside["dwelt"]) == ("t0", start + 1500, True)
    assert ask(city, "/v1/fences/yard", method="DELETE")[0] == 200
    assert ask(city, "/v1/fences/yard")[0] == 404
    wrongs: list[dict[str, Any]] = [
        {"coordinates": []}, {"coordinates": [YARD[:2]]}, {"coordinates": [YARD], "x": 1},
        {"coordinates": [[(500, 1), (1, 2), (3, 3)]]},
    ]  # fmt: skip
    for wrong in wrongs:
        assert ask(city, "/v1/fences/bad", wrong)[0] == 422


def test_a_past_is_held_against_an_area_that_nobody_had_fenced(city: Node) -> None:
    senses = city.senses
    lons = [OUT, IN, IN, IN, OUT, IN]
    drive(senses, "t0", *lons[:3], *lons[4:5], start=T0)  # the fourth place comes late, below
    rows = [("t0", "lon", T0 + 1, IN), ("t0", "lat", T0 + 1, 26.05)]
    senses.take([Offer("line", said(rows))], T0 + 10 * FIVE)
    senses.flush(T0 + 11 * FIVE)
    span = f"since={T0}&until={T0 + 20 * FIVE}"
    told_ = ask(city, f"/v1/crossings/t0?{span}", {"coordinates": [YARD], "dwell": 599})[1]
    assert [(it["did"], it["at"] - T0) for it in told_["crossings"]] == [
        ("entered", 1), ("dwelt", 2 * FIVE), ("left", 3 * FIVE),
    ]  # fmt: skip
    assert ask(city, f"/v1/crossings/g0?{span}", {"coordinates": [YARD]})[0] == 404
    assert ask(city, f"/v1/crossings/t0?{span}", {"fence": "none"})[0] == 404
    assert ask(city, "/v1/crossings/t0?since=0", {"coordinates": [YARD]})[0] == 422
