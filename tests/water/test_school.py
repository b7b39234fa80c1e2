"""Learning from storms: what is better on a storm kept apart is taken, what is not comes back."""

import numpy as np
import pytest
from water_pond import Pond, storm
from water_room import PondCity, Watch

from mindu.apps.water.ahead.calibrate import Lived, Numbers, Taught, error, fit, replay
from mindu.apps.water.ahead.past import Past
from mindu.apps.water.ahead.recalibrate import learned
from mindu.apps.water.ahead.storms import storms
from mindu.apps.water.control.candidates import ruled
from mindu.apps.water.control.event.live import Still
from mindu.base.records import Lesson, Trial
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import Forcing, Twin

SEALED = 1.3  # the town is sealed so much more than its file says
END_S = 16200.0


def reopen(changes: Changes) -> Twin:
    """Open a pond whose land sheds as much more rain as is sealed more."""
    return Pond(wetter=changes.imperviousness)


@pytest.fixture(scope="module")
def lived() -> Lived:
    """Return the pond's storm as its gauges showed it."""
    plant, rng = Pond(wetter=SEALED), np.random.default_rng(4)
    still = ruled(Still(), block_s=900.0, machines=3)
    instants = np.arange(300.0, END_S + 1.0, 300.0)
    levels = []
    for t in instants:
        seen = plant.advance(float(t), plan=still, forcing=Forcing(t0=0.0, step_s=60.0))
        levels.append(seen.depth[:2] + rng.normal(0.0, 0.01, 2))
    rain = np.array([[storm(t)] for t in np.arange(0.0, END_S, 60.0)])
    return Lived(
        begin=0.0,
        end=END_S,
        settings=np.tile([1.0, 1.0, 0.0], (len(instants), 1)),
        forcing=Forcing(t0=0.0, step_s=60.0, rain=rain),
        instants=instants,
        levels=np.array(levels),
        places=np.array([0, 1]),
    )


@pytest.fixture
def watch() -> Watch:
    return Watch(PondCity()).live(0.1)


def test_a_storm_tells_how_much_of_the_land_is_sealed(lived: Lived) -> None:
    taught, misses = Taught(land=1.1e6), [error(replay(reopen, Numbers(), lived), lived)]
    for _ in range(3):  # each time a little surer
        taught = fit(reopen, taught, lived)
        misses.append(error(replay(reopen, taught.numbers(), lived), lived))
    assert 1.1 < taught.numbers().imperviousness < SEALED + 0.1
    assert misses == sorted(misses, reverse=True)
    assert misses[-1] < 0.6 * misses[0]


def test_a_proposal_that_is_better_on_a_storm_it_never_saw_is_taken(
    lived: Lived, watch: Watch
) -> None:
    watch.room.schooling.proposed = Numbers(imperviousness=1.25)
    told = [p.record for p in learned(watch.room, reopen, lived, watch.brain.view())]
    trial = next(r for r in told if isinstance(r, Trial))
    assert trial.error < trial.champion_error
    assert [(r.param, r.value) for r in told if isinstance(r, Lesson)] == [
        ("water.imperviousness", 1.25)
    ]
    assert watch.room.schooling.before == Numbers()


def test_a_proposal_that_is_worse_is_tried_and_not_taken(lived: Lived, watch: Watch) -> None:
    watch.room.schooling.proposed = Numbers(imperviousness=0.7)
    told = [p.record for p in learned(watch.room, reopen, lived, watch.brain.view())]
    assert [type(r) for r in told] == [Trial]


def test_numbers_that_were_better_before_come_back(lived: Lived, watch: Watch) -> None:
    watch.room.schooling.before = Numbers(imperviousness=SEALED)
    told = [p.record for p in learned(watch.room, reopen, lived, watch.brain.view())]
    (lesson,) = [r for r in told if isinstance(r, Lesson)]
    assert (lesson.param, lesson.value, lesson.was) == ("water.imperviousness", SEALED, 1.0)


def test_a_storm_is_learned_from_once_it_has_run_off(lived: Lived) -> None:
    watch = Watch(PondCity(stands="still", silent="lake river")).live(0.1)
    assert watch.room.twin.now() < lived.end
    see = watch.brain.memory.view(watch.clock.now(), watch.clock.now() - watch.clock.now())
    assert storms(Past(watch.room.twin.network, watch.room.names, see), 0.0) == []
