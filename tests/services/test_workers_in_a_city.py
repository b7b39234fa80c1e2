"""In a city that runs, programs work at the console's own door, each request one turn of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from services_desk import NOW
from test_workers import drawn

from mindu.base.records import Event
from mindu.brain.memory import Memory
from mindu.brain.processes.runs import Processes
from mindu.cli.live.house import House
from mindu.cli.services.staff import NAME, ZONE, Turns, Wall
from mindu.cli.services.working import at_work
from mindu.cli.verbs import run
from mindu.console.server import Serving, serving
from mindu.data.log import Log
from mindu.engines.process.happenings import Start


@pytest.fixture
def city(tmp_path: Path) -> Iterator[tuple[Serving, Processes]]:
    processes = Processes(Memory(Log.open(":memory:"), {}, seed=0))
    house = House(name=NAME, zone=ZONE, clock=Wall(lambda: NOW), mode="pretend")
    house.move_in(Turns(processes, lambda: NOW))
    processes.publish(drawn(), by="modeller", now=NOW)
    processes.start("paper", Start(vars={"slip": "7"}), by="desk", now=NOW)
    with at_work(tmp_path, processes, house) as work, serving(house, beside=[work]) as served:
        yield served, processes


def asks(served: Serving, token: str, path: str, **told: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.post(f"{served.url}worker/v1/{path}", json=told, headers=headers)


def test_a_worker_is_admitted_leases_and_finishes_at_the_console_door(
    city: tuple[Serving, Processes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served, processes = city
    order = ["worker", "add", "printer", "--scope", "jobs", "--topic", "print"]
    assert run([*order, "--data", str(tmp_path), "--json"]) == 0
    token = json.loads(capsys.readouterr().out)["token"]
    assert not (tmp_path / "services").exists(), "no hall was opened for it"
    (job,) = asks(served, token, "jobs/lease", topic="print", seconds=60).json()["jobs"]
    assert job["until"].startswith(NOW.date().isoformat()), "leases run by the city's clock"
    answer = asks(served, token, f"jobs/{job['id']}/finish", vars={"pages": 2})
    assert (answer.status_code, answer.json()["status"]) == (200, "running")
    assert processes.variables(job["instance"])["pages"] == 2
    assert asks(served, token, f"jobs/{job['id']}/finish").status_code == 404
    assert asks(served, "nobody's", "jobs/lease", topic="print").status_code == 401
    assert run(["worker", "drop", "printer", "--data", str(tmp_path), "--json"]) == 0
    assert asks(served, token, "jobs/lease", topic="print").status_code == 401
    told = [e.record for e in processes.memory.log if e.about == "worker:printer"]
    names = [one.name for one in told if isinstance(one, Event)]
    assert names == ["worker_admitted", "worker_dismissed"]


def test_the_door_says_what_it_takes_and_has_no_page_of_its_own(
    city: tuple[Serving, Processes],
) -> None:
    served, _ = city
    told = httpx.get(f"{served.url}worker/v1/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    page = httpx.get(f"{served.url}models?lang=en").text
    assert 'href="?lang=en"' not in page
