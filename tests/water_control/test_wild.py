"""However wild a plan, however late the yes, whoever holds a machine: only safe commands go out."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from water_pond import Pond, network

from mindu.apps.water.control import roles, safety
from mindu.apps.water.control.candidates import LEAST, MOST, express, shifted
from mindu.apps.water.control.event.live import Scene, Still, live
from mindu.apps.water.control.rainfall import Rainfall
from mindu.apps.water.control.rules import hand
from mindu.engines.hydraulics.port import Array, Forcing, Plan, Seen

LAID = roles.layout(network())
BOUND = safety.limits(LAID)
DRY = Rainfall(t=np.zeros(1), rate=np.zeros((1, 1)))


class Wild:
    """Follows a plan of noise, which now and then asks for nothing or for the impossible."""

    name = "wild"

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        blocks = rng.uniform(-3.0, 4.0, (40, 3))
        blocks[rng.random((40, 3)) < 0.3] = np.nan
        blocks[rng.random((40, 3)) < 0.05] = np.inf
        genes = rng.uniform(LEAST - 1.0, MOST + 1.0, (3, len(MOST)))
        self.plan = Plan(
            name="wild", blocks=blocks, block_s=300.0, tail=express("noise", LAID.frame, genes)
        )

    def settings(self, seen: Seen) -> Array:
        block = int(seen.t // self.plan.block_s)
        tail = self.plan.tail.settings(seen)
        if block >= len(self.plan.blocks):
            return tail
        return np.where(np.isnan(self.plan.blocks[block]), tail, self.plan.blocks[block])

    def sent(self, settings: Array) -> None:
        assert np.isfinite(settings).all()


@given(
    seed=st.integers(0, 2**32 - 1),
    step=st.sampled_from([60.0, 300.0, 900.0]),
    noise=st.sampled_from([0.0, 0.05, 0.5]),
    faults=st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_no_plan_however_wild_sends_an_infeasible_command(
    seed: int, step: float, noise: float, *, faults: bool
) -> None:
    scene = Scene(
        hours=5.0,
        step_s=step,
        forcing=Forcing(t0=0.0, step_s=300.0),
        rain=DRY,
        noise_m=noise,
        faults=faults,
        seed=seed % 1000,
    )
    ran = live(Pond(wetter=1.5), LAID, scene, Wild(seed), progress=lambda _share: None)
    assert ran.infeasible == 0
    assert ran.bent > 0


@given(seed=st.integers(0, 2**32 - 1), late=st.floats(0.0, 6 * 3600.0))
@settings(max_examples=25, deadline=None)
def test_a_plan_approved_late_is_sent_only_as_far_as_it_still_fits(seed: int, late: float) -> None:
    town = Pond(wetter=2.0)
    town.advance(late, plan=_still(), forcing=Forcing(t0=0.0, step_s=300.0))
    seen = town.see()
    kept = replace(safety.first(seen), t=seen.t - 60.0)
    rest = shifted(Wild(seed).plan, late)
    wish = rest.blocks[0] if len(rest.blocks) else rest.tail.settings(seen)
    cleared = safety.clear(wish, LAID.frame, BOUND, kept, seen)
    assert safety.infeasible(cleared.settings, LAID.frame, BOUND, kept, seen) == 0


def _still() -> Plan:
    return Plan(name="still", blocks=np.full((0, 3), np.nan), block_s=900.0, tail=Still())


def test_a_plan_whose_hours_are_over_leaves_its_rule() -> None:
    plan = Plan(name="p", blocks=np.ones((4, 3)), block_s=900.0, tail=hand.prepared(LAID.frame))
    late = shifted(plan, 2 * 3600.0)
    assert len(late.blocks) == 0
    assert late.tail is plan.tail


def test_a_pump_is_not_started_late_on_a_sump_that_has_run_dry() -> None:
    seen = replace(Pond().see(), t=3600.0, depth=np.array([1.5, 0.01, 1.0]))
    kept = replace(safety.first(Pond().see()), t=3540.0)
    sent = safety.clear(np.array([np.nan, np.nan, 1.0]), LAID.frame, BOUND, kept, seen)
    assert sent.settings[2] == 0.0
    assert sent.bent == 1


@given(seed=st.integers(0, 2**32 - 1), machine=st.integers(0, 2), hand=st.sampled_from([0.0, 1.0]))
@settings(max_examples=25, deadline=None)
def test_a_hand_on_a_machine_outranks_every_plan_until_it_lets_go(
    seed: int, machine: int, hand: float
) -> None:
    town, wild = Pond(), Wild(seed)
    bound = safety.laid_down(BOUND, machine, hand)
    kept = safety.first(town.see())
    for minute in range(1, 20):
        seen = replace(town.see(), t=60.0 * minute)
        cleared = safety.clear(wild.settings(seen), LAID.frame, bound, kept, seen)
        assert safety.infeasible(cleared.settings, LAID.frame, bound, kept, seen) == 0
        kept = cleared.kept
    assert kept.setting[machine] == pytest.approx(hand)


def test_the_second_check_sees_a_command_against_a_hand() -> None:
    seen = replace(Pond().see(), t=60.0)
    kept = safety.first(Pond().see())
    bound = safety.laid_down(BOUND, 2, 0.0)
    assert safety.infeasible(np.array([1.0, 1.0, 1.0]), LAID.frame, bound, kept, seen) == 1


def test_the_second_check_sees_a_command_given_blindly() -> None:
    seen = replace(Pond().see(), t=60.0, depth=np.array([1.5, np.nan, 1.0]))
    kept = safety.first(Pond().see())
    assert safety.infeasible(np.array([1.0, 1.0, 1.0]), LAID.frame, BOUND, kept, seen) == 1
