"""The plugin of our tests: the places where a log may lie."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import on_server


@pytest.fixture(params=["file", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the place of a new log: a file, and then a schema on a real PostgreSQL."""
    if request.param == "file":
        yield str(tmp_path / "city.mindu")
        return
    with on_server() as where:
        yield where
