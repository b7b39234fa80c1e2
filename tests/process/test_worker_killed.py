"""Killed at every commit, leases and failures are where they were, and no job is done twice."""

import signal
from collections import Counter
from pathlib import Path

import dying_worker
import pytest
from dying_office import dies

from mindu.base.records import Stepped
from mindu.data.log import Log


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_killed_at_every_commit_finds_its_jobs_as_they_were(
    place: str, tmp_path: Path, when: str
) -> None:
    total = dying_worker.commits(tmp_path)
    assert total >= 10, "each lease, failure and result is durable by itself"
    for at in range(1, total):
        folder = tmp_path / f"{at}"
        folder.mkdir()
        here = place.replace("city", f"city{at}") if "#" not in place else f"{place}.{at}"
        does = dying_worker.work
        assert dies(here, folder, at, before=when == "before", does=does) == signal.SIGKILL
        with Log.open(here) as log:
            office = dying_worker.work(log, folder)
            assert not office.instances.states
            assert not office.instances.leases.of, "what is done is nobody's"
            done = Counter(e.about for e in log if isinstance(e.record, Stepped)
                           and e.record.what == "Done")  # fmt: skip
            assert list(done.values()) == [1, 1], "no job was done twice"
            log.verify()
        lines = (folder / "calls").read_text(encoding="utf-8").splitlines()
        assert len({line.split()[0] for line in lines}) == 2, "the same call has the same key"
        assert len(lines) <= 2 * 2 + 2, "only the calls in flight are made twice"
        told = (folder / "failed").read_text(encoding="utf-8").splitlines()
        assert sorted(told) == sorted(set(told)), "a failure that was told is not tried as new"
