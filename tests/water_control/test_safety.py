"""Whatever a plan asks for, only possible and safe commands come out."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from water_pond import Pond, machine, network

from mindu.apps.water.control import roles, safety
from mindu.engines.hydraulics.port import Array, Forcing, Plan, Seen

LAID = roles.layout(network())
FRAME = LAID.frame
BOUND = safety.limits(LAID)
PIPED = ("storage", "junction", "outfall")


class Given:
    """Asks for what it was given."""

    name = "given"

    def __init__(self, wanted: Array) -> None:
        self.wanted = wanted

    def settings(self, seen: Seen) -> Array:
        return np.full(len(seen.setting), np.nan)


@given(seed=st.integers(0, 2**32 - 1), step=st.sampled_from([60.0, 300.0]))
@settings(max_examples=40, deadline=None)
def test_random_wishes_become_feasible_commands(seed: int, step: float) -> None:
    rng = np.random.default_rng(seed)
    town = Pond(wetter=float(rng.uniform(0.0, 3.0)))
    kept = safety.first(town.see())
    for _ in range(60):
        wish = rng.uniform(-0.5, 1.5, 3)
        wish[rng.random(3) < 0.2] = np.nan
        seen = town.see()
        if rng.random() < 0.1:
            seen = replace(seen, depth=np.where(rng.random(3) < 0.5, np.nan, seen.depth))
        cleared = safety.clear(wish, FRAME, BOUND, kept, seen)
        assert safety.infeasible(cleared.settings, FRAME, BOUND, kept, seen) == 0
        plan = Plan(name="sent", blocks=cleared.settings[None], block_s=1e9, tail=Given(wish))
        town.advance(town.t + step, plan=plan, forcing=Forcing(t0=0.0, step_s=300.0))
        kept = cleared.kept


def test_a_gate_moves_no_faster_than_it_can() -> None:
    town = Pond()
    kept = safety.first(town.see())
    seen = replace(town.see(), t=60.0)
    sent = safety.clear(np.array([0.0, 0.0, 0.0]), FRAME, BOUND, kept, seen).settings
    assert sent[:2] == pytest.approx([0.8, 0.8])


def test_a_pump_that_has_just_started_runs_on() -> None:
    town = Pond()
    kept = replace(safety.first(town.see()), setting=np.array([1.0, 1.0, 1.0]))
    kept = replace(kept, turned_s=np.zeros(3))
    off = np.array([np.nan, np.nan, 0.0])
    soon, late = replace(town.see(), t=60.0), replace(town.see(), t=600.0)
    assert safety.clear(off, FRAME, BOUND, kept, soon).settings[2] == 1.0
    assert safety.clear(off, FRAME, BOUND, kept, late).settings[2] == 0.0


def test_a_pump_never_runs_dry_even_within_its_least_run() -> None:
    town = Pond()
    kept = replace(safety.first(town.see()), setting=np.ones(3), turned_s=np.zeros(3))
    dry = replace(town.see(), t=60.0, depth=np.array([1.0, 0.01, 1.0]))
    assert safety.clear(np.ones(3), FRAME, BOUND, kept, dry).settings[2] == 0.0


def test_a_gate_does_not_drown_those_below() -> None:
    town = Pond()
    kept = replace(safety.first(town.see()), setting=np.zeros(3))
    bound = replace(BOUND, bank=np.array([2.5, np.inf, np.inf]))
    high = replace(town.see(), t=600.0, depth=np.array([2.5, 2.9, 1.0]))
    low = replace(town.see(), t=600.0, depth=np.array([2.5, 1.0, 1.0]))
    assert safety.clear(np.ones(3), FRAME, bound, kept, high).settings[0] == 0.0
    assert safety.clear(np.ones(3), FRAME, bound, kept, low).settings[0] == 1.0


def test_a_pump_into_a_pressed_pipe_is_not_stopped() -> None:
    bound = safety.limits(roles.layout(network((machine("main", "pump", "lake", "river", 1.0),))))
    assert bound.bank[0] == 3.0
    pipe = replace(network((machine("main", "pump", "lake", "river", 1.0),)), node_kind=PIPED)
    assert safety.limits(roles.layout(pipe)).bank[0] == np.inf


def test_a_hand_on_the_machine_comes_first() -> None:
    town = Pond()
    kept = safety.first(town.see())
    bound = safety.laid_down(BOUND, 2, 1.0)
    later = replace(town.see(), t=600.0)
    assert safety.clear(np.zeros(3), FRAME, bound, kept, later).settings[2] == 1.0
    back = safety.laid_down(bound, 2, None)
    assert safety.clear(np.zeros(3), FRAME, back, kept, later).settings[2] == 0.0


def test_on_doubt_nothing_moves() -> None:
    town = Pond()
    kept = safety.first(town.see())
    blind = replace(town.see(), t=600.0, depth=np.full(3, np.nan))
    sent = safety.clear(np.array([0.0, 0.0, 1.0]), FRAME, BOUND, kept, blind).settings
    assert np.array_equal(sent, kept.setting)


@pytest.mark.parametrize(
    ("sent", "what"),
    [
        ([1.2, 1.0, 0.0], "out of range"),
        ([0.0, 1.0, 0.0], "too fast"),
        ([1.0, 1.0, 0.5], "half a pump"),
        ([float("nan"), 1.0, 0.0], "no number"),
    ],
)
def test_the_second_check_finds_what_must_not_be_sent(sent: list[float], what: str) -> None:
    town = Pond()
    kept = safety.first(town.see())
    seen = replace(town.see(), t=60.0)
    assert safety.infeasible(np.array(sent), FRAME, BOUND, kept, seen) == 1, what


def test_a_pump_stopped_for_its_own_good_goes_back_to_what_was_asked() -> None:
    town = Pond()
    kept = replace(safety.first(town.see()), setting=np.ones(3), asked=np.ones(3))
    dry = replace(town.see(), t=600.0, depth=np.array([1.0, 0.01, 1.0]))
    stopped = safety.clear(np.full(3, np.nan), FRAME, BOUND, kept, dry)
    assert stopped.settings[2] == 0.0
    wet = replace(town.see(), t=1200.0)
    again = safety.clear(np.full(3, np.nan), FRAME, BOUND, stopped.kept, wet)
    assert again.settings[2] == 1.0
