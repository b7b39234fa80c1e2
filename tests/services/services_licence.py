"""A hall where a restaurant's licences were just issued, and a reader of their codes."""

from pathlib import Path

import pytest
from services_desk import SHOP
from services_people import Hall, Person

from mindu.apps.services.numbers import instance_of
from mindu.console.identity.inside import Inside


@pytest.fixture
def shop(tmp_path: Path) -> tuple[Hall, Person, str]:
    """A hall where a restaurant's licences were just issued to somebody signed in."""
    hall = Hall(tmp_path)
    hall.person("son", "陈明")
    person = Person(hall).signs_in("son")
    son = hall.provider.citizens.named("son")
    assert son is not None
    way = hall.site.signs_in
    assert isinstance(way, Inside)
    sub = hall.provider.sub(son.id, way.client)
    number = hall.counter.hand_in(sub, "restaurant", SHOP, hall.time)
    hall.approve_all(instance_of(number))
    return hall, person, f"SP{instance_of(number):08d}"
