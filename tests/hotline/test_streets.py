"""People call in every pretend city, by the streets it has, and go on calling in looks ahead."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import RLock
from typing import cast

import httpx
import numpy as np
from night import stormy

from house import NOON, PATIENCE
from mindu.apps.hotline import APP
from mindu.apps.hotline.storm.callers import Callers
from mindu.apps.hotline.things import roads
from mindu.base.records import Case
from mindu.base.time import VirtualClock
from mindu.brain.brain import Brain
from mindu.city import Random
from mindu.cli.counter.house import NoHand
from mindu.cli.line.manned import Manned
from mindu.cli.line.manning import line
from mindu.cli.line.shift import Shift
from mindu.cli.line.streets import MOST, near, streets
from mindu.cli.live.built import DEFAULT_STORM, STEP, Wanted, begun, city, rising
from mindu.cli.live.diary import begin
from mindu.cli.phone.doors import line_open
from mindu.cli.verbs import run as mindu
from mindu.cli.whatif import builder
from mindu.console.server import serving
from mindu.data.log import Log
from mindu.data.vault import Vault
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.photos import Photos
from mindu.engines.hydraulics.port import Network
from mindu.sim.fork import Changes, Setting, fork

SMALL = "fuzhou-small"


@dataclass
class Drawing:
    """As much of a network as streets are laid along."""

    nodes: tuple[str, ...] = tuple(f"J{n}" for n in range(60))
    node_kind: tuple[str, ...] = ("junction",) * 58 + ("outfall", "junction")
    full_depth: "np.ndarray[tuple[int], np.dtype[np.float64]]" = field(
        default_factory=lambda: np.array([2.0] * 59 + [np.inf])
    )
    xy: dict[str, tuple[float, float]] = field(default_factory=dict)


def drawn(**told: object) -> Network:
    return cast("Network", Drawing(**told))  # type: ignore[arg-type]


def test_a_city_whose_roads_nobody_named_has_streets_of_its_own_where_water_can_stand() -> None:
    laid = streets(drawn())
    assert near(roads(), drawn()) == []
    assert 0 < len(laid) <= MOST
    assert len({road.name_zh for road, _ in laid}) == len(laid)
    assert all(place < 58 for _, place in laid), "no street at an outfall or over an open lake"
    names = [road.name_zh for road, _ in laid]
    assert not any(a != b and a in b for a in names for b in names), "no name hides in another"


def test_a_drawing_in_metres_puts_no_street_on_the_globe() -> None:
    metres = {f"J{n}": (500.0 * n, 900.0) for n in range(60)}
    degrees = {f"J{n}": (119.3, 26.0) for n in range(60)}
    assert streets(drawn(xy=metres))[0][0].x is None
    assert streets(drawn(xy=degrees))[0][0].x == 119.3


def test_people_go_on_calling_in_both_futures_of_a_look_ahead() -> None:
    wanted = Wanted(city=SMALL, since=rising(SMALL, DEFAULT_STORM) + 1.0)
    world, things, engines = city(wanted)
    log, start = Log.open(":memory:"), begun(wanted, world)
    clock = VirtualClock(begin(log, wanted.title, world, start=start, step=STEP))
    brain = Brain(SMALL, log=log, clock=clock, apps=[APP], sources=[world], hand=world,
                  things=things, seed=1)  # fmt: skip
    manned = line(brain, world, things, clock=clock, data=None, seed=1)
    for _ in range(2):
        world.step(STEP)
        clock.advance(STEP)
        manned.tick()

    def built() -> Setting:
        return replace(builder(log)(), apps=(APP,), engines={})  # nobody weighs plans here

    found = fork(log, clock.now(), Changes(world={"rain": 1.5}), built, timedelta(minutes=40))
    for future in (found.was, found.changed):
        told = [e.record for e in future.entries if isinstance(e.record, Case)]
        assert told
        assert all(case.channel == "telephone" for case in told)
    found.close()
    manned.close()
    for held in (world, *engines.values()):
        getattr(held, "close", lambda: None)()


def test_the_line_of_a_demo_city_takes_a_matter_between_two_turns(tmp_path: Path) -> None:
    clock = VirtualClock(NOON)
    brain = Brain("demo", log=Log.open(":memory:"), clock=clock, apps=[APP], sources=[],
                  hand=NoHand(), things=[*roads()], seed=1)  # fmt: skip
    turn, turns = RLock(), list[str]()

    @contextmanager
    def held() -> Iterator[None]:
        with turn:
            turns.append("held")
            yield

    nobody = Callers(roads(), lambda: [0.0] * len(roads()), Random(1))
    inner = Counter(brain.office, Vault(None), Photos(tmp_path / "none"), clock)
    shift = Shift(brain, inner, nobody, kind="matter", seed=1)
    manned = Manned(brain, shift, clock, also=lambda: None)
    with (
        line_open(tmp_path, brain, manned, held) as room,
        serving(stormy(), beside=[room]) as desk,
        httpx.Client(base_url=desk.url, timeout=PATIENCE) as caller,
    ):
        page = caller.post("/line/report", data={"text": "五四路积水", "service": "flooding"})
        assert page.status_code == 201
        assert turns, "nobody writes while the brain takes its turn"
        assert mindu(["hotline", "officer", "anna", "--roles", "operator", "--data", str(tmp_path),
                      "--json"]) == 0  # fmt: skip
    assert len(brain.office.cases) == 1
    assert brain.office.officer("anna") is not None
    manned.close()
