"""A brain that is stopped and started goes on as if nothing had happened."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ponds.life import STEP, Life, born, with_loop
from ponds.pond.world import Ponds

from mindu.base.records import Action, Decision, Segment, Sending
from mindu.base.time import DAY, VirtualClock
from mindu.brain.memory import every_fold
from mindu.data.fold import rebuilt
from mindu.data.log import Log
from mindu.sim.past import relived

TURNS = 200


def duty(life: Life) -> None:
    """Answer every third turn, sometimes with a no."""
    turn = (life.clock.now() - Ponds.start) // STEP
    for entry in life.brain.waiting() if turn % 3 == 0 else []:
        life.brain.decide(entry.seq, by="Lin", confirmed=turn % 4 != 0)


def straight(seed: int) -> Life:
    life = born(seed)
    life.brain.grant("pond.breath", who="Chen", purpose="night", until=life.clock.now() + DAY)
    return life.live(TURNS, duty)


STRAIGHT = {seed: straight(seed).log.head for seed in (1, 2, 3)}


@settings(max_examples=8, deadline=None)
@given(
    seed=st.sampled_from(sorted(STRAIGHT)),
    stops=st.sets(st.integers(1, TURNS - 1), min_size=1, max_size=5),
)
def test_a_restarted_brain_writes_what_an_unbroken_one_writes(seed: int, stops: set[int]) -> None:
    life = born(seed)
    life.brain.grant("pond.breath", who="Chen", purpose="night", until=life.clock.now() + DAY)
    done = 0
    for stop in (*sorted(stops), TURNS):
        life.live(stop - done, duty)
        done = stop
        # The old brain is let go without a word; the next one knows only the log.
        life = born(seed, log=life.log, world=life.world, clock=life.clock)
    assert life.log.head == STRAIGHT[seed]


def test_a_restart_from_what_was_kept_goes_on_from_its_snapshots(place: str) -> None:
    path = place
    life = born(2, log=Log.open(path))
    life.brain.grant("pond.breath", who="Chen", purpose="night", until=life.clock.now() + DAY)
    life.live(120, duty)
    life.brain.close()
    again = born(2, log=Log.open(path), world=life.world, clock=life.clock)
    assert again.brain.memory.folds.notes == []
    again.live(TURNS - 120, duty)
    head = again.log.head
    again.brain.close()
    assert head == STRAIGHT[2]


def test_every_fold_is_rebuilt_bit_for_bit() -> None:
    life = straight(1)
    live = {
        fold.name: fold.dump() for fold in vars(life.brain.memory).values() if hasattr(fold, "dump")
    }
    for fold in every_fold(life.brain.memory.kinds):
        made = rebuilt(life.log, lambda fold=fold: fold)  # type: ignore[misc]
        assert made.dump() == live.pop(fold.name), fold.name
    assert live == {}


def test_every_fold_takes_up_its_own_dump_and_refuses_other_bytes() -> None:
    life = straight(3)
    for fold in every_fold(life.brain.memory.kinds):
        made = rebuilt(life.log, lambda fold=fold: fold)  # type: ignore[misc]
        state = made.dump()
        fresh = next(f for f in every_fold(life.brain.memory.kinds) if f.name == fold.name)
        fresh.load(state)
        assert fresh.dump() == state, fold.name
        with pytest.raises(ValueError, match=r"."):
            fresh.load(b"\xc1 not ours")


class Cut:
    """A hand whose power goes in the middle of the sending."""

    def send(self, action: Action, now: object) -> None:
        raise KeyboardInterrupt(f"{action.verb} {now}")


def test_what_was_confirmed_before_a_crash_is_sent_after_it() -> None:
    app = with_loop("brim", check=None)
    life = born(3, app=app, hand=Cut())
    while not life.brain.waiting():
        life.live(1)
    seq = life.brain.waiting()[0].seq
    with pytest.raises(KeyboardInterrupt):
        life.brain.decide(seq, by="Lin", confirmed=True)
    assert not life.of(Sending)
    again = born(3, app=app, log=life.log, world=life.world, clock=life.clock).live(1)
    assert [e.because for e in again.of(Sending)] == [(seq,)]
    assert len([e for e in again.of(Decision) if seq in e.because]) == 1


SCRIPT = """
import sys
sys.path.insert(0, {here!r})
from test_restart import straight
print(straight(1).log.head)
"""


@pytest.mark.parametrize("hashseed", ["0", "4711"])
def test_another_process_with_other_hashes_writes_the_same_log(hashseed: str) -> None:
    script = SCRIPT.format(here=str(Path(__file__).parent))
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": hashseed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == STRAIGHT[1]


LIVING = """
import sys
sys.path.insert(0, {here!r})
from ponds.life import born
from mindu.data.log import Log
from mindu.sim.past import relived
from test_restart import duty
life = born(2, log=Log.open({path!r}))
while True:
    life.live(1, duty)
    print(len(life.log), flush=True)
"""


@pytest.mark.parametrize("lines", [2, 31])
def test_a_brain_killed_at_any_byte_goes_on_from_what_was_durable(lines: int, place: str) -> None:
    path = place
    script = LIVING.format(here=str(Path(__file__).parent), path=path)
    living = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert living.stdout is not None
    told = [int(living.stdout.readline()) for _ in range(lines)]
    living.kill()
    living.wait()
    living.stdout.close()
    log = Log.open(path)
    log.verify()
    assert len(log) >= told[-1], "what a turn had finished was durable"
    last = max(e.at for e in log if isinstance(e.record, Segment))
    world, clock = Ponds(Random(2)), VirtualClock(last)
    relived(world, log, last, start=Ponds.start, step=STEP)
    again = born(2, log=log, world=world, clock=clock)
    between = again.brain.memory.promises.outbox()  # killed after a yes and before its sending
    duty(again)  # killed after a turn and before the answers to it
    again.live(60 - (last - Ponds.start) // STEP, duty)
    again.log.verify()
    assert between or again.log.head == born(2).live(60, duty).log.head
    again.brain.close()
