"""A storm night, served; and whoever visits it."""

from collections.abc import Iterator

import pytest
from night import Night, stormy
from visitor import Visitor

from mindu.console.server import Serving, serving


@pytest.fixture
def night() -> Night:
    return stormy()


@pytest.fixture
def desk(night: Night) -> Iterator[Serving]:
    with serving(night) as desk:
        yield desk


@pytest.fixture
def guest(desk: Serving) -> Visitor:
    return Visitor(desk)


@pytest.fixture
def officer(desk: Serving) -> Visitor:
    """Somebody who may approve."""
    return Visitor(desk).as_("approver", "Chen")
