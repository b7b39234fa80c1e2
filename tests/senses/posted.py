"""A town that is asked over HTTP as any sender asks."""

import json
import urllib.error
import urllib.request
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
    headers = {"Authorization": f"Bearer {city.key if key is None else key}"}
    if body is not None:
        headers["Content-Type"] = form
    request = urllib.request.Request(city.url + path, body, headers)  # noqa: S310 - our own
    try:
        with urllib.request.urlopen(request, timeout=30) as told:  # noqa: S310
            return told.status, json.loads(told.read())
    except urllib.error.HTTPError as wrong:
        with wrong:
            return wrong.code, json.loads(wrong.read())


def reading(device: str, at: int, value: float, prop: str = "level") -> dict[str, Any]:
    return {"device": device, "prop": prop, "at": at, "value": value}
