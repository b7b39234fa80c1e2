"""Futures may run here or on far replicas: the answers are the same, bit for bit."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from towns import CALM, ByLevel, job, plan, tidal

from mindu.engines.hydraulics.pool import LocalPool, Pool, RayPool, Replica
from mindu.engines.hydraulics.port import Twin
from mindu.engines.hydraulics.twin import Client, open_twin


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[Twin]:
    opened = open_twin(tidal(tmp_path))
    opened.advance(1800.0, plan=plan(3, tail=ByLevel()), forcing=CALM)
    yield opened
    opened.close()


JOBS = [job(plan(3, m1=k / 4), hours=0.5) for k in range(4)]


def test_a_replica_follows_by_the_journal_and_answers_as_the_twin_does(twin: Twin) -> None:
    assert isinstance(twin, Client)
    replica = Replica(workers=2)
    try:
        for later in (1800.0, 2400.0):
            twin.advance(later, plan=plan(3), forcing=CALM)
            stood = (twin.opened, twin.journal)
            far = dict(replica.run(stood, list(enumerate(JOBS)), 60.0))
            here = dict(LocalPool().futures(twin, JOBS, deadline_s=60.0))
            for k in range(4):
                assert far[k].ok
                assert np.array_equal(far[k].depth, here[k].depth)
    finally:
        replica.close()


def test_a_twin_whose_past_is_another_is_not_followed(twin: Twin, tmp_path: Path) -> None:
    other = open_twin(tidal(tmp_path))
    try:
        assert isinstance(other, Client)
        assert isinstance(twin, Client)
        other.advance(1800.0, plan=plan(3), forcing=CALM)
        assert not other.follow(twin.journal)
        assert twin.follow(twin.journal)
    finally:
        other.close()


def test_ray_shares_the_futures_out_and_answers_the_same(twin: Twin) -> None:
    import ray  # noqa: PLC0415 - it takes seconds to come up

    ray.init(address="local", num_cpus=1, include_dashboard=False, log_to_driver=False)
    pool: Pool = RayPool(1, workers=1)
    try:
        far = dict(pool.futures(twin, JOBS, deadline_s=60.0))
        here = dict(LocalPool().futures(twin, JOBS, deadline_s=60.0))
        assert sorted(far) == sorted(here)
        for k, future in far.items():
            assert future.ok, future.error
            assert np.array_equal(future.final, here[k].final)
    finally:
        pool.close()
        ray.shutdown()
