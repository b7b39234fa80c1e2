"""Looking ahead from the desk: a real fork of a short night, kept, cancelled and refused."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from mindu.base.time import monotonic
from mindu.cli.ahead.lookahead import WAITING, LookAhead
from mindu.cli.say import GOOD
from mindu.cli.verbs import run
from mindu.console.contract.ahead import Job, Wish

NIGHT = ["replay", "storm", "--city", "fuzhou-small", "--hours", "0.25", "--json"]
DEADLINE_S = 300.0  # of a look ahead on a slow machine
SHORT = Wish(hours=1 / 6, levers={"tide_m": 1.0}, title="a higher tide")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("night")
    assert run([*NIGHT, "--data", str(folder)]) == GOOD
    return folder


def until(done: Callable[[], bool], moved: Event) -> None:
    """Wait until something is so, woken whenever a look ahead moves."""
    began = monotonic()
    while not done():
        moved.wait(timeout=1.0)
        moved.clear()
        assert monotonic() - began < DEADLINE_S, "the look ahead took too long"


def state(ahead: LookAhead, job: Job) -> str:
    return next(j.state for j in ahead.jobs() if j.id == job.id)


def test_two_futures_are_lived_and_outlive_a_restart(stored: Path) -> None:
    moved, shares = Event(), list[float]()

    def note() -> None:
        shares.extend(job.progress for job in ahead.jobs()[:1])
        moved.set()

    ahead = LookAhead(stored)
    ahead._moved = note
    wrong = ahead.start(Wish(hours=1 / 6, levers={"snow": 1.0}), by="Lin")
    job = ahead.start(SHORT, by="Lin")
    until(lambda: state(ahead, job) in {"done", "failed"}, moved)
    assert state(ahead, wrong) == "failed"
    assert "snow" in next(j.error.en for j in ahead.jobs() if j.id == wrong.id)
    assert state(ahead, job) == "done", ahead.jobs()
    assert shares == sorted(shares) or max(shares) == 1.0
    ahead.close()
    again = LookAhead(stored)
    futures = again.futures(job.id)
    assert futures is not None
    assert (futures.until - futures.at).total_seconds() == 600.0
    tide = [t for t in futures.tracks if t.prop == "stage"]
    assert tide
    assert max(v for t in tide for _, v in t.changed) > max(v for t in tide for _, v in t.was)
    assert futures.totals["rain_m3"][1] == futures.totals["rain_m3"][0]
    again.close()


def test_a_look_ahead_can_be_ended_and_the_queue_is_bounded(stored: Path) -> None:
    moved = Event()
    ahead = LookAhead(stored, moved=moved.set)
    jobs = [ahead.start(Wish(hours=6.0), by="Lin")]
    until(lambda: state(ahead, jobs[0]) == "running", moved)
    jobs += [ahead.start(Wish(hours=6.0), by="Lin") for _ in range(WAITING)]
    with pytest.raises(ValueError, match="wait already"):
        ahead.start(SHORT, by="Lin")
    for job in jobs:
        ahead.cancel(job.id)
    assert {state(ahead, job) for job in jobs} == {"cancelled"}
    with pytest.raises(KeyError):
        ahead.cancel("none")
    assert ahead.futures("../../etc/passwd") is None
    ahead.close()
