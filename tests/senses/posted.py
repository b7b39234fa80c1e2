"""A town that is asked over HTTP as any sender asks."""

from collections.abc import Iterator
from typing import Any

import pytest
from open_doors import Node, node

JSON = "application/json"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("http"), devices=8) as found:
        yield found


def ask(
    city: Node, path: str, body: bytes | None = None, *, form: str = JSON, key: str | None = None
) -> tuple[int, Any]:
    headers = {} if body is None else {"Content_Type": form}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    return city.asked(path, body, **headers)


def reading(device: str, at: int, value: float, prop: str = "level") -> dict[str, Any]:
    return {"device": device, "prop": prop, "at": at, "value": value}
