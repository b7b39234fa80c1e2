"""Commands go down through a broker that is not ours, and what became of them comes back by it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from brokers import mosquitto
from dying_post import GATE
from open_doors import Node, clock, node, until
from paho.mqtt.enums import CallbackAPIVersion

from mindu.data.senses.beside.commands import State
from mindu.edge.commands.post import Asked
from mindu.edge.settings import Broker, Settings

BROKER = ("127.0.0.1", mosquitto())


def listening(name: str, heard: list[dict[str, Any]]) -> paho.Client:
    """Return a device that does what it is told, and says so."""
    device = paho.Client(CallbackAPIVersion.VERSION2, f"{name}-device", protocol=paho.MQTTv5)

    def does(client: paho.Client, _: object, message: paho.MQTTMessage) -> None:
        order = json.loads(message.payload)
        heard.append({"topic": message.topic, **order})
        said = json.dumps({"key": order["key"], "state": "done", "note": "open"})
        for payload in (b"nonsense", said.encode()):
            client.publish(f"{name}/g1/did", payload, qos=1)

    ready: list[int] = []
    device.on_message = does
    device.on_subscribe = lambda *_: ready.append(1)
    device.connect(*BROKER)
    device.subscribe(f"{name}/+/do", 1)
    device.loop_start()
    until(lambda: bool(ready), "the device listens")
    return device


def give(city: Node, key: str, device: str) -> None:
    loop, asked = city.doors.porch.loop, Asked(key, "open", {"share": 0.5})
    assert loop is not None
    asyncio.run_coroutine_threadsafe(city.doors.post.give(device, asked, "brain"), loop).result()


def test_a_device_behind_a_broker_is_told_once_and_tells(tmp_path: Path) -> None:
    name = f"mindu-down-{clock()}"
    told = Broker(
        host=BROKER[0], port=BROKER[1], topics=(f"{name}/#",), client=name,
        commands=f"{name}/{{device}}/do", receipts=f"{name}/{{device}}/did",
        groups=("district-1",),
    )  # fmt: skip
    heard: list[dict[str, Any]] = []
    device = listening(name, heard)
    with node(tmp_path, Settings(brokers=(told,))) as city:
        city.senses.declare(GATE)
        until(city.doors.readers[0].ready.is_set, "the subscription")
        give(city, "k1", "g1")
        give(city, "k0", "g0")
        given = city.senses.commands.given
        until(lambda: given["k1"].state is State.DONE, "the device's receipt")
        assert given["k1"].steps[-1].note == "open"
        assert given["k0"].state is State.QUEUED  # of a group that the broker does not serve
        assert [it["topic"] for it in heard] == [f"{name}/g1/do"]
        assert heard[0]["args"] == {"share": 0.5}
        assert city.senses.total().received == 0  # a receipt is no reading
    device.disconnect()
    device.loop_stop()


def test_topics_that_name_no_device_are_refused() -> None:
    with pytest.raises(ValueError, match="device"):
        Broker(host="x", commands="city/do", receipts="city/did")
