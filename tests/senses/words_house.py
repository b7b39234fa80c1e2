"""Doors that tell words, truths and counts, and how tests speak to their node."""

import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest
from open_doors import Node, node

from mindu.data.senses.senses import Senses
from mindu.perceive.declare import Device, Form, Model, Prop

DOOR = Model(
    name="door",
    props=(
        Prop(name="state", form=Form.WORDS), Prop(name="open", form=Form.TRUTH),
        Prop(name="steps", form=Form.COUNT), Prop(name="seen", form=Form.ANY),
        Prop(name="level", unit="m"),
    ),
)  # fmt: skip


def doors(senses: Senses, *names: str) -> None:
    senses.declare(DOOR)
    senses.enrol([Device(id=name, kind="door") for name in names])


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("words")) as found:
        doors(found.senses, "d0", "d1", "d2", "d3", "d4", "闸二", "c0", "c1", "n0", "n1", "n2")
        yield found


def send(city: Node, body: str | bytes, form: str = "application/json") -> dict[str, Any]:
    told = body.encode() if isinstance(body, str) else body
    found: dict[str, Any] = city.asked("/v1/readings", told, Content_Type=form)[1]
    return found


def window(city: Node, device: str, prop: str) -> list[Any]:
    path = f"/v1/window/{urllib.parse.quote(device)}/{prop}?last=100"
    found: list[Any] = city.asked(path)[1]["value"]
    return found


def one(prop: str, value: object, at: int, device: str = "d0") -> dict[str, object]:
    return {"device": device, "prop": prop, "value": value, "at": at}
