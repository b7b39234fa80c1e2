"""The file's own rules are read as they are meant, and what is not understood is named."""

from dataclasses import replace

import numpy as np
import pytest
from water_pond import MACHINES, machine, network

from mindu.apps.water.control import roles
from mindu.apps.water.control.rules import written
from mindu.engines.hydraulics.port import Seen

TEXT = """
[PUMPS]
;;name  from  to  curve status on off
pump river sea * ON 2.0 0.5
[CONTROLS]
RULE open ; a comment
IF NODE lake DEPTH > 2.0
OR NODE river HEAD <= 0.2
THEN ORIFICE gate SETTING = 0.5
ELSE ORIFICE gate SETTING = 0

RULE night
IF SIMULATION CLOCKTIME >= 22:00
AND PUMP pump STATUS = ON
THEN PUMP pump STATUS = OFF
PRIORITY 5

RULE strange
IF NODE lake QUALITY > 3
THEN ORIFICE gate SETTING = 1
[REPORT]
"""


def seen(t: float, lake: float, river: float, pump: float) -> Seen:
    setting = np.array([0.0, 0.0, pump])
    return Seen(t, np.array([lake, river, 1.0]), np.zeros(3), setting, np.zeros(1), np.zeros(1))


def own() -> written.Written:
    found = written.read(TEXT, network())
    assert found is not None
    return found


def test_rules_are_read_and_the_strange_one_is_named() -> None:
    assert [law.name for law in own().laws] == ["open", "night"]
    assert own().left_out == ("strange",)
    assert written.acted(own(), network()) == ("gate", "pump")


@pytest.mark.parametrize(
    ("lake", "river", "gate"), [(2.5, 1.0, 0.5), (1.0, 0.1, 0.5), (1.0, 1.0, 0.0)]
)
def test_a_rule_holds_by_either_condition(lake: float, river: float, gate: float) -> None:
    assert own().settings(seen(0.0, lake, river, 0.0))[0] == gate


def test_pump_depths_start_and_stop_and_between_them_it_stays() -> None:
    rule = own()
    assert rule.settings(seen(0.0, 1.0, 2.1, 0.0))[2] == 1.0
    assert rule.settings(seen(0.0, 1.0, 0.4, 1.0))[2] == 0.0
    assert np.isnan(rule.settings(seen(0.0, 1.0, 1.0, 1.0))[2])


def test_the_higher_priority_has_the_last_word() -> None:
    assert own().settings(seen(23 * 3600.0, 1.0, 2.5, 1.0))[2] == 0.0
    assert own().settings(seen(12 * 3600.0, 1.0, 2.5, 1.0))[2] == 1.0


def test_feet_become_metres() -> None:
    rule = written.read(TEXT, replace(network(), units="CFS"))
    assert rule is not None
    assert rule.on[2] == pytest.approx(0.6096)
    assert rule.settings(seen(0.0, 0.7, 1.0, 0.0))[0] == 0.5


def test_a_file_without_rules_has_none_and_a_weir_that_is_moved_may_be_set() -> None:
    assert written.read("[PUMPS]\npump river sea * ON\n", network()) is None
    town = network((*MACHINES, machine("crest", "weir", "lake", "river", 2.0)))
    text = "[CONTROLS]\nRULE a\nIF NODE lake DEPTH > 1\nTHEN WEIR crest SETTING = 0.5\n"
    moved = written.acted(written.read(text, town), town)
    assert roles.layout(town, moved=moved).parts[3].controllable
