"""What goes wrong is caught, told in words, and does not spread."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from towns import CALM, ByLevel, Leave, job, plan, tidal

from mindu.base.time import monotonic
from mindu.engines.hydraulics.branch import Limits
from mindu.engines.hydraulics.inp import Changes, InpError
from mindu.engines.hydraulics.port import Array, Forcing, Future, Plan, Seen
from mindu.engines.hydraulics.twin import Client, Opened, TwinError, open_twin


@dataclass(frozen=True, slots=True)
class Deadly:
    """Kills the process that asks it."""

    name: str = "deadly"

    def settings(self, seen: Seen) -> Array:
        os.kill(os.getpid(), signal.SIGKILL)
        return seen.setting


@dataclass(frozen=True, slots=True)
class Greedy:
    """Wants more memory than anybody has."""

    name: str = "greedy"

    def settings(self, seen: Seen) -> Array:
        return np.asarray(np.ones(2**31) * seen.setting[0])


@dataclass(frozen=True, slots=True)
class Slow:
    """Never answers."""

    name: str = "slow"

    def settings(self, seen: Seen) -> Array:
        while True:
            signal.pause()
        return seen.setting


@dataclass(frozen=True, slots=True)
class Misshapen:
    """Answers for machines that are not there."""

    name: str = "misshapen"

    def settings(self, seen: Seen) -> Array:
        return np.zeros(len(seen.setting) + 1)


GAP = np.full((3, 1), np.nan)


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[Client]:
    limits = Limits(memory_mb=256)
    opened = Client(Opened(str(tidal(tmp_path)), Changes(), own_rules=False, limits=limits))
    yield opened
    opened.close()


def ran(twin: Client, *plans: Plan, deadline_s: float = 60.0) -> dict[int, Future]:
    return dict(twin.futures([job(p) for p in plans], deadline_s=deadline_s))


def test_a_city_with_thousands_of_open_files_still_looks_ahead(tmp_path: Path) -> None:
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1_100)]  # `select` knows 1,024
    try:
        with closing(open_twin(tidal(tmp_path))) as twin:
            twin.advance(1800.0, plan=plan(3), forcing=CALM)
            jobs = [job(plan(3), hours=0.5, forcing=replace(CALM, t0=1800.0)) for _ in range(24)]
            found = dict(twin.futures(jobs, deadline_s=120.0, workers=2))
    finally:
        for file in held:
            os.close(file)
    assert [found[k].error for k in range(24)] == [""] * 24


def test_a_future_that_dies_is_told_and_the_others_go_on(twin: Client) -> None:
    bad = (Deadly(), Greedy(), Misshapen())
    found = ran(twin, *(plan(3, tail=policy) for policy in (*bad, Leave())))
    assert [found[k].ok for k in range(4)] == [False, False, False, True]
    assert "ended by SIGKILL" in found[0].error
    assert "256 MiB of memory" in found[1].error
    assert "'misshapen' gave settings of shape (4,); (3,) is wanted" in found[2].error
    assert twin.see().t == 0.0


def test_what_is_not_done_by_the_deadline_is_told(twin: Client) -> None:
    found = ran(twin, plan(3, tail=Slow()), plan(3), plan(3, tail=Slow()), deadline_s=1.5)
    assert found[1].ok
    assert "not done by the deadline of 1.5 s" in found[0].error
    assert "deadline" in found[2].error
    assert twin.see().t == 0.0


def test_a_twin_that_cannot_fork_says_so_once_and_answers_the_next_request(twin: Client) -> None:
    held = {int(fd.name) for fd in Path(f"/proc/{twin.pid}/fd").iterdir()}
    free = [fd for fd in range(1000) if fd not in held]
    was = resource.prlimit(twin.pid, resource.RLIMIT_NOFILE)
    # Room for the file of tickets and for the selector, none for the pipe of a child.
    resource.prlimit(twin.pid, resource.RLIMIT_NOFILE, (free[1] + 1, was[1]))
    found = ran(twin, plan(3), plan(3))
    resource.prlimit(twin.pid, resource.RLIMIT_NOFILE, was)
    assert [found[k].error.partition(":")[0] for k in range(2)] == ["OSError", "OSError"]
    assert twin.see().t == 0.0
    assert ran(twin, plan(3))[0].ok
    assert twin.see().t == 0.0


def test_futures_that_nobody_waits_for_are_cancelled(twin: Client) -> None:
    running = twin.futures(
        [job(plan(3)), *(job(plan(3, tail=Slow())) for _ in range(5))], deadline_s=60.0
    )
    index, future = next(running)
    assert (index, future.ok) == (0, True)
    with pytest.raises(TwinError, match="close their iterator first"):
        twin.see()
    assert len(children(twin.pid)) >= 1
    running.close()
    assert children(twin.pid) == []
    assert twin.see().t == 0.0


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()


def test_a_killed_twin_comes_back_bit_for_bit(twin: Client, tmp_path: Path) -> None:
    wet = Forcing(t0=300.0, step_s=60.0, rain=np.linspace(5.0, 80.0, 40)[:, None])
    alone = open_twin(tidal(tmp_path))
    try:
        for live in (twin, alone):
            live.advance(1200.0, plan=plan(3, m0=1.0), forcing=CALM)
            live.advance(3000.0, plan=plan(3, tail=ByLevel()), forcing=wet)
        first = twin.pid
        os.kill(first, signal.SIGKILL)
        back, other = twin.see(), alone.see()
        assert twin.pid != first
        for name in ("depth", "flow", "setting", "rain"):
            assert np.array_equal(getattr(back, name), getattr(other, name)), name
        os.kill(twin.pid, signal.SIGKILL)
        jobs = [job(plan(3, tail=ByLevel()), forcing=wet)]
        (mine,) = dict(twin.futures(jobs, deadline_s=60.0)).values()
        (theirs,) = dict(alone.futures(jobs, deadline_s=60.0)).values()
        assert mine.ok
        assert np.array_equal(mine.depth, theirs.depth)
        assert twin.totals() == alone.totals()
    finally:
        alone.close()


def test_a_request_that_kills_twice_is_given_up_and_the_twin_lives(twin: Client) -> None:
    twin.advance(600.0, plan=plan(3), forcing=CALM)
    with pytest.raises(TwinError, match="died twice at the same request"):
        twin.advance(1200.0, plan=plan(3, tail=Deadly()), forcing=CALM)
    assert twin.see().t == 600.0


def test_an_engine_that_hangs_is_ended_and_the_twin_stands_where_it_did(tmp_path: Path) -> None:
    limits = Limits(request_s=2.0)
    with closing(Client(Opened(str(tidal(tmp_path)), Changes(), False, limits))) as twin:  # noqa: FBT003
        twin.advance(600.0, plan=plan(3), forcing=CALM)
        first = twin.pid
        with pytest.raises(TwinError, match="longer than its limit: the engine hangs"):
            twin.advance(1200.0, plan=plan(3, tail=Slow()), forcing=CALM)
        assert twin.pid != first
        assert twin.see().t == 600.0


YEARS = """
import sys
from towns import CALM, plan
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.twin import open_twin
twin = open_twin(sys.argv[1], changes=Changes(hours=100_000.0))
print(twin.pid, flush=True)
twin.advance(3.6e8, plan=plan(3), forcing=CALM)
"""


def test_a_twin_at_work_ends_with_its_client_and_cleans_up(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", YEARS, str(tidal(tmp_path))]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout is not None
        server = int(client.stdout.readline())
        used = Path(f"/proc/{server}/schedstat")
        begun = int(used.read_text(encoding="ascii").split()[0])
        held(lambda: int(used.read_text(encoding="ascii").split()[0]) > begun + 10**8)
        client.kill()
    held(lambda: ended(server))
    assert not list(tmp_path.glob("twin-*")), "the folder of the model is left"


def held(true: Callable[[], bool], *, deadline_s: float = 60.0) -> None:
    """Poll until it is true."""
    end = monotonic() + deadline_s
    while not true():
        assert monotonic() < end, "it did not come to pass"


def ended(pid: int) -> bool:
    """Say whether a process is gone, or waits only to be buried."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_a_twin_never_goes_back_and_is_asked_only_what_fits(twin: Client) -> None:
    twin.advance(600.0, plan=plan(3), forcing=CALM)
    with pytest.raises(ValueError, match="never goes back"):
        twin.advance(0.0, plan=plan(3), forcing=CALM)
    with pytest.raises(ValueError, match="3 machines"):
        twin.advance(900.0, plan=plan(2), forcing=CALM)
    wide = Forcing(t0=0.0, step_s=60.0, rain=np.zeros((3, 2)))
    with pytest.raises(ValueError, match="1 gauges"):
        next(twin.futures([job(plan(3), forcing=wide)], deadline_s=1.0))
    with pytest.raises(ValueError, match="every rain must be a number"):
        twin.advance(900.0, plan=plan(3), forcing=Forcing(t0=0.0, step_s=60.0, rain=GAP))
    (late,) = dict(twin.futures([job(plan(3), hours=99.0)], deadline_s=9.0)).values()
    assert "open it with more hours" in late.error


def test_a_closed_twin_says_so_and_leaves_nothing_behind(twin: Client) -> None:
    pid = twin.pid
    twin.close()
    twin.close()
    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(TwinError, match="this twin is closed"):
        twin.see()


BROKEN = {
    "RG INTENSITY 0:10": ("RG INTENSITY often", "ERROR 213: invalid date/time often at line {n} "),
    "S0 60 6 4 7 0": ("S0 sixty 6 4 7 0", r"invalid number sixty at line {n} of \[INFIL\]"),
    "C TRAPEZOIDAL 3 8": ("C MAGIC 3 8", r"invalid keyword MAGIC at line {n} of \[XSECT\]"),
    "TIDE 0:00 ": ("OLD FILE gone.txt\nTIDE 0:00 ", r"\[TIMESERIES\] line {n}: file 'gone.txt'"),
}


@pytest.mark.parametrize("right", BROKEN)
def test_what_swmm_refuses_is_told_with_section_and_line_of_the_file(
    tmp_path: Path, right: str
) -> None:
    wrong, told = BROKEN[right]
    path = tidal(tmp_path, changes={right: wrong})
    number = path.read_text(encoding="utf-8").partition(wrong)[0].count("\n") + 1
    with pytest.raises(InpError, match=told.replace("{n}", str(number))):
        open_twin(path)
