"""One child runs many futures: each begins where all do, and none leaves a trace in the next."""

import ctypes
import os
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from towns import CALM, ByLevel, Leave, american, filed, job, plan, tidal

from mindu.engines.hydraulics.branch import Limits
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import Array, Forcing, Future, Job, Seen, Twin
from mindu.engines.hydraulics.twin import Client, Opened

HOUR = 3600.0
BOXES = hasattr(ctypes.CDLL(None), "dlmopen") and hasattr(ctypes.CDLL(None), "mallinfo2")


def eventful(folder: Path) -> Path:
    """Write the tidal town with routing only between one and four o'clock."""
    return tidal(folder, extra="[EVENTS]\n07/27/2023 01:00 07/27/2023 04:00\n")


@dataclass
class Counting:
    """Remembers, as no policy should, how often it was asked; opens machine 1 the more."""

    name: str = "counting"
    asked: int = 0

    def settings(self, seen: Seen) -> Array:  # noqa: ARG002 - it counts only
        self.asked += 1
        return np.array([np.nan, min(self.asked / 40, 1.0), np.nan])


@dataclass(frozen=True, slots=True)
class Signing:
    """Leaves the number of its process in a folder."""

    folder: str
    name: str = "signing"

    def settings(self, seen: Seen) -> Array:
        (Path(self.folder) / str(os.getpid())).touch()
        return np.full(len(seen.setting), np.nan)


def opened(path: Path) -> Client:
    """Open a twin that counts as hung after half a minute, and stand in mid-storm."""
    twin = Client(Opened(str(path), Changes(), own_rules=False, limits=Limits(request_s=30.0)))
    machines = len(twin.network.machines)
    twin.advance(0.75 * HOUR, plan=plan(machines, tail=ByLevel()), forcing=CALM)
    return twin


def of_all_kinds(twin: Twin) -> list[Job]:
    """Return futures that change all that a future can."""
    machines, net = len(twin.network.machines), twin.network
    rain = 90.0 * np.ones((4, len(net.gauges))) * np.arange(4.0)[:, None]
    stage = np.full((2, len(net.outfalls)), 2.2)
    inflow = np.zeros((1, len(net.nodes)))
    inflow[0, 0] = 0.7
    wet = Forcing(t0=0.5 * HOUR, step_s=700.0, rain=rain if net.gauges else None)
    plans = (plan(machines, m0=0.0), plan(machines, m0=1.0), plan(machines, tail=ByLevel()))
    forcings = (CALM, wet, replace(CALM, stage=stage), replace(CALM, inflow=inflow))
    return [job(p, forcing=f, hours=0.5) for f in forcings for p in plans]


def ran(twin: Twin, jobs: list[Job], workers: int) -> list[Future]:
    found = dict(twin.futures(jobs, deadline_s=120.0, workers=workers))
    assert [found[k].error for k in range(len(jobs))] == [""] * len(jobs)
    return [found[k] for k in range(len(jobs))]


def same(one: Future, other: Future) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(astuple(one), astuple(other), strict=True))


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[Client]:
    made = opened(tidal(tmp_path))
    yield made
    made.close()


@pytest.mark.parametrize("make", [tidal, filed, american, eventful])
def test_futures_in_one_child_equal_those_of_children_of_their_own(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    twin = opened(make(tmp_path))
    try:
        jobs = of_all_kinds(twin)
        own = ran(twin, jobs, workers=len(jobs))
        shared = ran(twin, jobs[::-1], workers=1)[::-1]
        assert all(same(a, b) for a, b in zip(own, shared, strict=True))
        assert len({future.final.tobytes() for future in own}) >= 6, "futures differ"
        straight = twin.advance(1.25 * HOUR, plan=jobs[2].plan, forcing=CALM)
        assert np.array_equal(straight.depth, shared[2].final)
    finally:
        twin.close()


def test_one_child_runs_all_futures_of_its_place(twin: Client, tmp_path: Path) -> None:
    for workers, wanted in ((1, 1 if BOXES else 6), (6, 6)):
        folder = tmp_path / str(workers)
        folder.mkdir()
        ran(twin, [job(plan(3, tail=Signing(str(folder))), hours=0.1)] * 6, workers=workers)
        assert len(list(folder.iterdir())) == wanted


def test_what_a_policy_remembers_ends_with_its_future(twin: Client) -> None:
    jobs = [job(plan(3, tail=Counting()), hours=0.3)] * 3
    first, *others = ran(twin, jobs, workers=1)
    assert all(same(first, other) for other in others)


def test_looks_and_reports_leave_the_water_as_it_would_be_unread(twin: Client) -> None:
    still = replace(job(plan(3, m0=1.0)), report_s=HOUR, policy_s=HOUR)
    often = replace(still, report_s=7.0, policy_s=11.0)
    unread, read = ran(twin, [still, often], workers=1)
    assert np.array_equal(unread.final, read.final)
    assert np.array_equal(unread.peak, read.peak)
    assert unread.pumped_m3 == read.pumped_m3
    assert len(read.t) == 515
    assert np.array_equal(read.depth[-1], read.final)


def test_a_report_between_two_steps_is_the_water_of_that_time(twin: Client) -> None:
    run = plan(3, tail=Leave())
    read = ran(twin, [replace(job(run, hours=0.25), report_s=123.0)], workers=1)[0]
    for t, depth in zip(read.t, read.depth, strict=True):
        assert np.allclose(twin.advance(float(t), plan=run, forcing=CALM).depth, depth, atol=2e-3)


def test_time_cut_anywhere_is_landed_on_and_never_waited_for(twin: Client, tmp_path: Path) -> None:
    whole = opened(tidal(tmp_path))
    try:
        run, t = plan(3, tail=Leave()), twin.now()
        for k in range(1, 160):
            t += (0.0007, 0.3333, 0.5, 1.9996, 4.9999, 5.0001, 17.25, 61.1)[k % 8]
            assert twin.advance(t, plan=run, forcing=CALM).t == pytest.approx(t, abs=1e-3)
        straight = whole.advance(t, plan=run, forcing=CALM)
        assert np.allclose(twin.see().depth, straight.depth, atol=0.01)
    finally:
        whole.close()


def test_each_future_is_run_once_however_many_share_them_out(twin: Client) -> None:
    jobs = [job(plan(3), hours=0.0)] * 400
    answered = [index for index, _ in twin.futures(jobs, deadline_s=60.0, workers=8)]
    assert sorted(answered) == list(range(400))


def test_who_has_heard_enough_leaves_the_twin_as_it_was(twin: Client) -> None:
    first = twin.pid
    for heard in (1, 2, 3):
        running = twin.futures([job(plan(3), hours=0.0)] * 3, deadline_s=60.0, workers=2)
        for _ in range(heard):
            next(running)
        running.close()
        assert twin.see().t == twin.now()
    assert twin.pid == first
