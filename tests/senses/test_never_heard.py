"""A device that is put in service and never heard is missed, as one that fell silent is."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import msgspec
import numpy as np
import pytest
from entities import ask as ld
from entities import vehicle
from open_doors import clock, node
from test_sensorthings import ask
from town import DAY, FIVE, GAUGE, T0, gauges, said

from mindu.cli.senses.store import opened
from mindu.cli.verbs import run as mindu
from mindu.data.senses import deeds
from mindu.data.senses.columns import ACTIVE, UNTOLD, Columns, move, untold
from mindu.data.senses.intake import Offer
from mindu.data.senses.journal import DEED
from mindu.data.senses.quick.begin import away, put
from mindu.data.senses.senses import Senses
from mindu.data.senses.watch.health import Health
from mindu.perceive.declare import HEARD, Device, Stage

SILENCE = 1_800_000  # ms, as the level of a gauge declares it
MINUTE = 60_000


def begun(folder: Path, *, now: int = T0, count: int = 2) -> Senses:
    senses = Senses(folder)
    senses.declare(GAUGE)
    senses.enrol(gauges(count), now=now)
    return senses


def silent(senses: Senses, at: int) -> set[str]:
    found = Health(senses.registry, senses.now).look(at)
    return {it.device for it in found if it.finding == "silent"}


def level(name: str, at: int) -> Offer:
    return Offer("line", said([(name, "level", at, 3.0)]))


def test_a_device_in_service_that_never_spoke_is_silent_and_told_so_in_words(
    tmp_path: Path,
) -> None:
    senses = begun(tmp_path)
    assert silent(senses, T0 + SILENCE) == set(), "it may still speak"
    senses.take([Offer("line", said([("g1", "rain", T0 + MINUTE, 0.0)]))], T0 + MINUTE)
    at = T0 + SILENCE + MINUTE
    ((device, told),) = Health(senses.registry, senses.now).judged(at, senses)
    assert (device, told.finding, told.evidence) == ("g0", "silent", ())
    assert "Never heard in 31 minutes" in told.says.en
    assert "从未上报" in told.says.zh
    assert b"NaN" not in msgspec.json.encode(told)
    senses.take([level("g0", at)], at)
    assert silent(senses, at) == set(), "now it was heard"
    assert silent(senses, at + SILENCE + 1) == {"g0"}, "and fell silent"
    senses.close()


def test_only_who_is_in_service_is_missed_and_who_comes_back_counts_anew(tmp_path: Path) -> None:
    senses = begun(tmp_path, count=1)
    senses.enrol([Device(id="planned", kind="gauge")], now=T0)
    late = T0 + DAY
    assert silent(senses, late) == {"g0"}
    senses.stage(["g0"], Stage.SUSPENDED, now=late)
    assert silent(senses, late + DAY) == set()
    senses.stage(["g0", "planned"], Stage.ACTIVE, now=late + DAY)
    assert silent(senses, late + DAY + SILENCE) == set()
    assert silent(senses, late + DAY + SILENCE + 1) == {"g0", "planned"}
    senses.enrol(gauges(1), now=late + 2 * DAY)
    assert silent(senses, late + 2 * DAY) == {"g0", "planned"}, "told again, it stands as before"
    senses.stage(["g0"], Stage.RETIRED, now=late + 2 * DAY)
    assert silent(senses, late + 3 * DAY) == {"planned"}
    senses.close()


@pytest.mark.parametrize("way", [away, put])
def test_a_planned_device_is_in_service_since_it_was_heard(
    tmp_path: Path, way: Callable[[], None]
) -> None:
    senses = begun(tmp_path, count=1)
    senses.enrol([Device(id="planned", kind="gauge")], now=T0)
    way()
    try:
        senses.take([level("planned", T0 + FIVE)], T0 + FIVE)
    finally:
        away()
    assert senses.registry.devices["since"].tolist() == [T0 // 1000, (T0 + FIVE) // 1000]
    senses.close()


@pytest.mark.parametrize("killed", [False, True])
def test_since_when_a_device_stands_in_service_outlives_the_process(
    tmp_path: Path, killed: bool,  # noqa: FBT001 - how it ended
) -> None:  # fmt: skip
    senses = begun(tmp_path)
    senses.stage(["g1"], Stage.SUSPENDED, now=T0 + MINUTE)
    senses.stage(["g1"], Stage.ACTIVE, now=T0 + DAY)
    if killed:
        senses.journal.close()  # nothing is kept but the journal
    else:
        senses.close()
    again = Senses(tmp_path)
    assert again.registry.devices["since"].tolist() == [T0 // 1000, (T0 + DAY) // 1000]
    assert silent(again, T0 + DAY + SILENCE) == {"g0"}
    again.close()


def old(senses: Senses, *done: list[object]) -> None:
    """Write deeds as they were written before they told a time."""
    body = msgspec.msgpack.encode(list(done))
    senses.journal.write([(DEED, body)])
    senses._count(deeds.decode(body))


@pytest.mark.parametrize("killed", [False, True])
def test_devices_of_before_count_from_the_start_that_first_knows_them(
    tmp_path: Path, killed: bool,  # noqa: FBT001 - how it ended
) -> None:  # fmt: skip
    senses = Senses(tmp_path)
    senses.declare(GAUGE)
    old(senses, ["Enrolled", gauges(1)], ["Enrolled", [Device(id="p", kind="gauge")]])
    old(senses, ["Staged", ["p"], "active"])
    assert silent(senses, T0 + DAY) == set(), "nobody knows since when they are in service"
    for start in (T0, T0 + DAY):
        if done := deeds.begun(senses.registry, start):
            senses.commit([(DEED, deeds.encode(done))])
        if killed:
            senses.journal.close()
        else:
            senses.close()
        senses = Senses(tmp_path)
    assert senses.registry.devices["since"].tolist() == [T0 // 1000] * 2, "the first start counts"
    assert silent(senses, T0 + SILENCE + 1) == {"g0", "p"}
    senses.close()


def test_a_kept_state_of_before_knows_no_time_and_every_run_of_a_node_gives_it_one(
    tmp_path: Path,
) -> None:
    senses = begun(tmp_path)
    held = senses.registry.dump()
    del held.devices["since"]
    senses.registry.load(msgspec.msgpack.decode(msgspec.msgpack.encode(held), type=type(held)))
    assert untold(senses.registry.devices).all()
    senses.close()
    before = clock() // 1000
    with opened(tmp_path) as store:
        since = store.registry.devices["since"].copy()
        assert ((since >= before) & (since <= clock() // 1000)).all()
    with opened(tmp_path) as store:
        assert (store.registry.devices["since"] == since).all()


def test_a_time_before_or_beyond_all_seconds_that_are_kept_is_the_nearest_of_them() -> None:
    devices = Columns({"stage": ("u1", 0), "since": ("u4", 0)})
    devices.add(2)
    for now, kept in ((-5, 0), (1 << 60, (1 << 32) - 1)):
        devices["stage"][:] = 0
        move(devices, np.arange(2), [ACTIVE] * 2, now)
        assert devices["since"].tolist() == [kept] * 2


def test_a_table_of_devices_tells_facts_and_a_row_too_long_is_refused_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "d.csv"
    begun(tmp_path / "senses").close()
    head = "id,kind,lon,lat,zero,firmware,indoor\n"
    table.write_text(
        f"{head}a,gauge,119.5,26,,1.20,true\nb,gauge,,,1.5,1.20,true\nc,gauge\n", "utf-8"
    )
    assert mindu(["senses", "devices", "--data", str(tmp_path), str(table)]) == 0
    with opened(tmp_path / "senses") as store:
        a, b, c = map(store.registry.device, "abc")
    assert a.facts == b.facts == {"firmware": "1.20", "indoor": "true"}
    assert (a.lon, b.zero, c.facts, c.lon) == (119.5, 1.5, {}, None)
    table.write_text(f"{head}d,gauge\ne,gauge,1,2,,,,more\n", "utf-8")
    assert mindu(["senses", "devices", "--data", str(tmp_path), str(table)]) != 0
    assert "more cells" in capsys.readouterr().err
    with opened(tmp_path / "senses") as store:
        assert "d" not in store.registry.numbers


def test_every_door_tells_when_it_puts_a_device_in_service(tmp_path: Path) -> None:
    with node(tmp_path / "node", devices=1) as city:
        before = clock() // 1000
        body = [{"id": "h0", "kind": "gauge", "stage": "active"}, {"id": "h1", "kind": "gauge"}]
        assert city.asked("/v1/devices", json.dumps(body).encode())[0] == 200
        told = {"devices": ["h1"], "stage": "active"}
        assert city.asked("/v1/stages", json.dumps(told).encode())[0] == 200
        assert ask(city, "/Things", "POST", {"name": "t0", "description": ""})[0] == 201
        assert ld(city, "/entities", "POST", vehicle("v0", 40))[0] == 201
        registry = city.senses.registry
        names = ["h0", "h1", "t0", registry.ids[-1]]
        since = registry.devices["since"][[registry.numbers[it] for it in names]]
        assert len(set(names)) == 4
        assert ((since >= before) & (since <= clock() // 1000)).all()
    table = tmp_path / "more.csv"
    table.write_text("id,kind,stage,group\nc0,gauge,active,闽江\nc1,gauge,,闽江\n", "utf-8-sig")
    assert mindu(["senses", "devices", "--data", str(tmp_path / "node"), str(table)]) == 0
    with opened(tmp_path / "node" / "senses") as store:
        registry = store.registry
        assert registry.devices["since"][registry.numbers["c0"]] >= before
        assert registry.devices["since"][registry.numbers["c1"]] == UNTOLD
        assert registry.device("c1").group == "闽江"


class Days:
    """A town over simulated days, and beside it what is plainly so of each device."""

    def __init__(self, folder: Path, dice: Random) -> None:
        self.folder, self.dice, self.now = folder, dice, T0
        self.stage: dict[str, Stage] = {}
        self.since: dict[str, int] = {}
        self.heard: dict[str, int] = {}
        self.senses = Senses(folder)
        self.senses.declare(GAUGE)

    def stands(self, name: str, stage: Stage) -> None:
        if stage is Stage.ACTIVE and self.stage.get(name) is not stage:
            self.since[name] = self.now // 1000 * 1000
        self.stage[name] = stage

    def enrol(self, name: str) -> None:
        new = self.stage.get(name) or self.dice.choice([Stage.PLANNED, Stage.ACTIVE])
        self.senses.enrol([Device(id=name, kind="gauge", stage=new)], now=self.now)
        self.stands(name, new)

    def move(self, name: str) -> None:
        if name in self.stage:
            new = self.dice.choice([Stage.SUSPENDED, Stage.ACTIVE])
            self.senses.stage([name], new, now=self.now)
            self.stands(name, new)

    def speak(self, name: str) -> None:
        if name < "d4" and self.stage.get(name) in HEARD:  # the others never speak
            self.senses.take([level(name, self.now)], self.now)
            self.heard[name] = self.now
            self.stands(name, Stage.ACTIVE)

    def restart(self, _: str) -> None:
        self.dice.choice([self.senses.close, self.senses.journal.close])()  # or it is killed
        self.senses = Senses(self.folder)

    def missed(self) -> set[str]:
        last = {it: self.heard.get(it, since) for it, since in self.since.items()}
        return {it for it, stage in self.stage.items()
                if stage is Stage.ACTIVE and self.now - last[it] > SILENCE}  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_over_days_with_restarts_and_kills_who_is_missed_is_who_should_be(
    tmp_path: Path, seed: int
) -> None:
    days = Days(tmp_path, Random(seed))
    deeds_of = (days.enrol, days.enrol, days.move, days.speak, days.speak, days.restart)
    for _ in range(120):
        days.now += days.dice.randrange(1000, 40 * MINUTE)
        days.dice.choice(deeds_of)(days.dice.choice([f"d{i}" for i in range(8)]))
        assert silent(days.senses, days.now) == days.missed()
    assert days.now > T0 + DAY
    assert set(days.since) - set(days.heard), "some were never heard"
    days.senses.close()
