"""Things: any network stands in the city, with marks, limits and owners, and says where from."""

from dataclasses import replace
from typing import get_args

import pytest
from water_pond import network

from mindu.apps.water.kinds import KINDS, Gate, Junction, Machine, Node, Outfall, Pump, Storage
from mindu.apps.water.names import names_of
from mindu.apps.water.readings import channels
from mindu.apps.water.things import things_of

MARKS = """
waters = "town"
zh = "小镇"
source = "dispatch rule 2021"
[node.river]
zh = "磨河"
warn = 2.1
bank = 2.9
[machine.sluice]
flush = true
[machine.pump]
ours = false
"""


def named(marks: str = "") -> dict[str, object]:
    return {thing.id: thing for thing in things_of(network(), marks)}


def test_a_network_becomes_things_of_every_kind_it_has() -> None:
    found = named()
    assert isinstance(found["lake"], Storage)
    assert isinstance(found["sea"], Outfall)
    assert found["sea"].tidal
    assert isinstance(found["gate"], Gate)
    assert isinstance(found["pump"], Pump)
    assert {type(thing) for thing in found.values()} <= set(KINDS)
    assert set(get_args(Machine)) == {Gate, Pump}


def test_marks_are_taken_from_the_toml_and_the_rest_is_derived_and_says_so() -> None:
    found = named(MARKS)
    river, lake = found["river"], found["lake"]
    assert isinstance(river, Storage)
    assert isinstance(lake, Storage)
    assert (river.warn_mark, river.bank_mark, river.name_zh) == (2.1, 2.9, "磨河")
    assert river.origin == "dispatch rule 2021"
    assert lake.warn_mark == pytest.approx(0.8 * lake.bank_mark)
    assert "bank mark = full depth" in lake.origin
    assert "warning mark = 0.8 of the bank's" in lake.origin


def test_a_machine_that_is_not_ours_is_marked_and_a_flushing_gate_has_limits() -> None:
    found = named(MARKS)
    pump, sluice = found["pump"], found["sluice"]
    assert isinstance(pump, Pump)
    assert isinstance(sluice, Gate)
    assert not pump.ours
    assert sluice.flush
    assert 0.0 < sluice.flush_low < sluice.flush_high


def test_a_lake_knows_its_gates_its_land_and_what_it_must_keep() -> None:
    lake = named()["lake"]
    assert isinstance(lake, Storage)
    assert lake.gates == ("gate",)
    assert lake.lands == 200_000.0
    assert lake.least == pytest.approx(0.3 * 1.5)


def test_a_node_without_a_gauge_is_a_place_that_only_the_twin_knows() -> None:
    found = named('gauged = ["river"]')
    assert isinstance(found["lake"], Node)
    assert not [c for c in channels(network(), tuple(things_of(network(), 'gauged = ["river"]')))
                if c.about == "lake"]  # fmt: skip


@pytest.mark.parametrize(
    "wrong", ["[node.moon]\nwarn = 1.0", "[machine.moon]", 'gauged = ["moon"]']
)
def test_marks_about_what_is_not_there_are_refused_by_name(wrong: str) -> None:
    with pytest.raises(ValueError, match="moon"):
        things_of(network(), wrong)


def test_a_word_that_the_toml_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="wran"):
        things_of(network(), "[node.river]\nwran = 2.0")


def test_an_id_that_names_two_things_gets_its_kind_in_front() -> None:
    twice = replace(network(), subcatchments=("lake", "town"))
    names = names_of(twice)
    assert names.lands == ("land:lake", "town")
    assert names.nodes[0] == "lake"
    assert Junction(id="x").level is None
