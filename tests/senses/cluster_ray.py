"""Two Ray nodes count the tables of one folder, one of them is killed meanwhile: `make cluster`.

Both are started from the packages that PyPI has. Beside `make test`, because starting takes long.
"""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from counting import marked
from open_doors import until
from town import DAY, FIVE, T0, levels, town

from mindu.data.senses.memory.across import Answer, Asked
from mindu.data.senses.senses import Senses
from mindu.data.senses.spread import beside as spreading
from mindu.data.senses.spread.beside import Beside
from mindu.data.senses.spread.workers import OnRay, Processes

DAYS = 8
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def senses(tmp_path_factory: pytest.TempPathFactory) -> Senses:
    """Eight days, a file each."""
    senses = town(tmp_path_factory.mktemp("cluster"))
    for day in range(DAYS):
        start = T0 + day * DAY
        values = [round(3 + day / 10 + i / 100, 2) for i in range(288)]
        senses.take([levels(f"g{k}", values, start=start) for k in range(4)], start + DAY - 1)
    senses.tidy(T0 + DAYS * DAY + 1)
    return senses


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Iterator[object]":
    """Two nodes of one core each."""
    monkeypatch.setenv("PYTHONPATH", f"{HERE}:{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.setenv("RAY_raylet_start_wait_time_s", "300")
    monkeypatch.setenv("MINDU_MARKS", str(tmp_path))
    import ray  # noqa: PLC0415 - it reads its settings when it is loaded
    from ray.cluster_utils import Cluster  # noqa: PLC0415

    head = {"num_cpus": 1, "include_dashboard": False, "object_store_memory": 100 << 20}
    nodes = Cluster(initialize_head=True, head_node_args=head)
    try:
        yield nodes
    finally:
        ray.shutdown()
        nodes.shutdown()  # type: ignore[no-untyped-call]


def this_node() -> str:
    import ray  # noqa: PLC0415

    return str(ray.get_runtime_context().get_node_id())


def test_a_node_killed_in_the_middle_of_a_question_changes_no_bit_of_the_answer(
    senses: Senses, cluster: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(spreading, "PART", 1)  # every file by itself
    prop = senses.registry.props["level"]
    asked = Asked(prop, None, T0, T0 + DAYS * DAY, 12 * FIVE, "mean")
    alone = Beside(senses.folder).means(asked, Processes(1)).means
    node = cluster.add_node(num_cpus=1, object_store_memory=100 << 20)  # type: ignore[attr-defined]
    workers = OnRay(cluster.address, marked)  # type: ignore[attr-defined]
    head = this_node()

    def second(path: Path) -> bool:
        return path.name.split("-")[1] != head

    found: list[Answer] = []
    ask = threading.Thread(target=lambda: found.append(Beside(senses.folder).means(asked, workers)))
    ask.start()
    until(lambda: any(second(path) for path in tmp_path.iterdir()), "the second node counts")
    cluster.remove_node(node, allow_graceful=False)  # type: ignore[attr-defined]
    ask.join(900)
    (answer,) = found
    begun = [path.name.split("-")[0] for path in tmp_path.iterdir()]
    assert len(begun) > len(set(begun)), "nothing was counted anew: the node died too late"
    assert len(set(begun)) == DAYS
    assert answer.means.value.tobytes() == alone.value.tobytes()
    assert answer.means.rows.tolist() == alone.rows.tolist()
