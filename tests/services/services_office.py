"""Staff at the desk of a hall: who there is, and what they do at a step."""

import re
from pathlib import Path
from typing import Any

import pytest
from services_desk import SHOP
from services_people import Hall, Person, digest

from mindu.apps.services.numbers import instance_of

STAFF = {"Lin": ("window", "市场监管"), "Wu": ("市场监管",), "Zhou": ("公安",)}


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = Hall(tmp_path)
    for name, offices in STAFF.items():
        officer(hall, name, "operator", *offices)
    return hall


def officer(hall: Hall, name: str, role: Any, *offices: str) -> None:  # noqa: ANN401
    hall.hall.people.accounts.add(name, role, now=hall.time)
    store = hall.hall.people._store
    list(store.run("UPDATE account SET digest=? WHERE name=?", (digest(), name)))
    hall.provider.citizens.place(name, offices)


def at_desk(hall: Hall, name: str) -> Person:
    person = Person(hall).get("/desk/")
    return person.post("/id/password", name=name, password="kelp-orbit-quartz",  # noqa: S106
                       kind="staff").agrees()  # fmt: skip


def applied(hall: Hall, package: str = "restaurant", told: dict[str, Any] = SHOP) -> int:
    return instance_of(hall.counter.hand_in("applicant", package, told, hall.time))


def opened(person: Person, hall: Hall, instance: int, node: str) -> str:
    waits = hall.counter.processes.state(instance).waits
    wait = next(w for w in waits if w.node == node and w.kind == "task")
    path = f"/desk/{instance}/{wait.id}"
    person.get(path)
    return path


def moves(person: Person, path: str, move: str, /, **told: Any) -> Person:  # noqa: ANN401
    step = re.search(r'name="step" value="(\d+)"', person.body)
    return person.post(path, step=step[1] if step else "", move=move, **told)


def decides(person: Person, hall: Hall, instance: int, node: str) -> Person:
    moves(person, opened(person, hall, instance, node), "claim")
    return moves(
        person, opened(person, hall, instance, node), "decide", approved="yes", result="ok"
    )
