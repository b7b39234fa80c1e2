"""Killed at every step boundary, an office loses nothing and does nothing twice."""

import signal
from collections import Counter
from pathlib import Path

import pytest
from casework import by_the_table, one_life, processes
from dying_office import CASES, Dying, dies, work

from mindu.base.records import Stepped
from mindu.data.log import Log


def commits(folder: Path) -> int:
    """Return how many commits the whole work takes."""
    log = Dying.open(":memory:")
    work(log, folder / "whole.calls", folder / "told")
    assert isinstance(log, Dying)
    log.close()
    return log.count


def steps(log: Log) -> Counter[tuple[str, str]]:
    """Count each node begun in each instance."""
    return Counter(
        (entry.about, node)
        for entry in log
        if isinstance(entry.record, Stepped)
        for node in entry.record.passed
    )


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_office_killed_at_every_commit_goes_on_where_it_was(
    place: str, tmp_path: Path, when: str
) -> None:
    total = commits(tmp_path)
    assert total >= 10, "every step is durable by itself"
    for at in range(1, total):
        folder = tmp_path / f"{at}"
        folder.mkdir()
        here = place.replace("city", f"city{at}") if "#" not in place else f"{place}.{at}"
        assert dies(here, folder, at, before=when == "before") == signal.SIGKILL
        told = folder / "acknowledged"
        acknowledged = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
        with Log.open(here) as log:
            log.verify()
            kept = steps(log)
            for line in acknowledged:
                what, _, which = line.partition(" ")
                about = f"process:{which if what == 'started' else what}"
                assert any(key[0] == about for key in kept), f"{line} is lost at {at} {when}"
            for instance in processes(log).instances.last:
                one_life(processes(log), instance)
            office = work(log, folder / "calls", folder / "later")
            assert len(office.instances.last) == CASES
            once = {n for key, n in steps(log).items() if key[1] != "join"}
            assert once == {1}, "no step was taken twice"
            assert all(steps(log)[f"process:{i}", "join"] == 3 for i in office.instances.last)
            by_the_table(office)
            log.verify()
        calls = Counter((folder / "calls").read_text(encoding="utf-8").split())
        assert len(calls) == CASES, "no call is lost, and the same call has the same key"
        assert sum(calls.values()) <= CASES + 1, "only the call in flight may be made twice"
