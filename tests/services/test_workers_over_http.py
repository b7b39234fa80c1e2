"""Killed between any two requests, the hall that people start loses no job and does none twice."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served_hall import Served

from mindu.base.records import Stepped

DOCS = Path(__file__).parents[2] / "docs" / "processes.md"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    hall = Served(tmp_path, slips=3)
    yield hall
    if hall.child is not None:
        hall.dies()


def steps(served: Served) -> Counter[str]:
    """Return how often each case was finished, as the log tells."""
    processes = served.written()
    with processes.memory.log as log:
        log.verify()
        return Counter(
            entry.about for entry in log
            if isinstance(entry.record, Stepped) and entry.record.what == "Done"
        )  # fmt: skip


def test_a_hall_killed_after_each_request_goes_on_where_it_was(served: Served) -> None:
    served.starts()
    status, told = served.asks("jobs/lease", topic="print", seconds=3_600, most=1)
    assert status == 200
    (job,) = told["jobs"]
    served.dies()  # the lease was taken and nothing done
    served.starts()
    _, again = served.asks("jobs/lease", topic="print", seconds=3_600, most=1, part="other")
    assert [one["id"] for one in again["jobs"]] != [job["id"]], "it is held"
    _, mine = served.asks("jobs/lease", topic="print", seconds=3_600, most=1)
    assert [one["id"] for one in mine["jobs"]] == [job["id"]], "who crashed goes on with it"
    told = {"vars": {"pages": 2}}
    first = served.asks(f"jobs/{job['id']}/finish", once=job["id"], **told)
    served.dies()  # the answer was heard, and perhaps lost on the way
    served.starts()
    assert served.asks(f"jobs/{job['id']}/finish", once=job["id"], **told) == first
    assert first == (200, {"instance": job["instance"], "status": "running"})
    served.dies()
    assert steps(served) == {f"process:{job['instance']}": 1}


def test_a_hall_killed_in_the_middle_of_an_answer_did_the_job_once_or_not_at_all(
    served: Served,
) -> None:
    served.starts()
    _, told = served.asks("jobs/lease", topic="print", seconds=3_600)
    jobs = told["jobs"]
    assert len(jobs) == 3
    for job in jobs:
        served.sends(f"jobs/{job['id']}/finish", once=job["id"])  # nobody waits for the answers
    served.dies()
    served.starts()
    for job in jobs:
        status, answer = served.asks(f"jobs/{job['id']}/finish", once=job["id"])
        assert (status, answer["instance"]) == (200, job["instance"])
    served.dies()
    assert steps(served) == {f"process:{case}": 1 for case in served.cases}


def test_the_worker_of_the_page_works(served: Served) -> None:
    (code,) = re.findall(r"```python\n(import time\n.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert "127.0.0.1:8024" in code
    served.starts()
    assert served.asks("jobs/lease", topic="none")[0] == 403, "the hall stands"
    seen: list[str] = []

    class Enough(Exception):  # noqa: N818
        """Ends the loop of the page."""

    def printed(told: dict[str, Any], *, key: str) -> int:
        seen.append(key)
        if told["slip"] == "1":
            raise OSError("no paper")
        if told["slip"] == "2":
            raise Enough
        return 2

    names: dict[str, Any] = {"token": served.token, "printed": printed}
    with pytest.raises(Enough):
        exec(code.replace(":8024", f":{served.port}"), names)  # noqa: S102 - our own page
    names["door"].close()
    served.dies()
    assert len(set(seen)) == 3
    processes = served.written()
    first, second, third = served.cases
    assert processes.variables(first)["pages"] == 2
    assert "pages" not in processes.variables(second)
    assert processes.instances.leases.of[second, processes.instances.of(second)[0].id].fails == 1
    assert processes.instances.leases.of[third, processes.instances.of(third)[0].id].worker
