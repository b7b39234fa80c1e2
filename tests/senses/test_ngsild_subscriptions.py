"""Subscriptions of NGSI-LD: who asked is told, by HTTP and MQTT, also after a restart."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from brokers import mosquitto
from entities import OPEN, ask, city, vehicle
from open_doors import Node, clock, node, until
from paho.mqtt.enums import CallbackAPIVersion

__all__ = ["city"]


class Ear(HTTPServer):
    """An endpoint that refuses as often as it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hear)
        self.heard: list[dict[str, Any]] = []
        self.refuse = 0


class Hear(BaseHTTPRequestHandler):
    server: Ear

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.refuse -= 1
        self.send_response(500 if self.server.refuse >= 0 else 200)
        self.end_headers()
        if self.server.refuse < 0:
            self.server.heard.append(json.loads(body))

    def _quiet(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def ear() -> Iterator[Ear]:
    server = Ear()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def subscription(uri: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "type": "Subscription", "entities": [{"type": "Watched"}],
        "notification": {"format": "keyValues", "endpoint": {"uri": uri}}, **more,
    }  # fmt: skip


def test_a_subscriber_is_told_of_changes_by_every_door_also_after_a_restart(tmp_path: Path) -> None:
    with ear() as listening:
        uri = f"http://127.0.0.1:{listening.server_port}/told"
        with node(tmp_path, OPEN) as city:
            told = subscription(uri, watchedAttributes=["speed"], q="speed>50")
            assert ask(city, "/subscriptions", "POST", told)[0] == 201
            watched = {**vehicle("w", 60), "type": "Watched"}
            ask(city, "/entities", "POST", watched)
            until(lambda: len(listening.heard) == 1, "the first notification")
            listening.refuse = 1 << 30
            rows = [(watched["id"], "speed", clock(), 70.0)]
            from town import said  # noqa: PLC0415

            from mindu.data.senses.intake import Offer  # noqa: PLC0415

            city.senses.take([Offer("line", said(rows))], clock())
            (key,) = city.doors.notifier.kept()
            stats = city.doors.notifier.outbox.stats
            until(lambda: key in stats and stats[key].failed > 0, "a refusal")
            shown = ask(city, "/subscriptions")[1][0]["notification"]
            assert (shown["status"], shown["timesSent"] >= 1) == ("failed", True)
        listening.refuse = 0
        with node(tmp_path, OPEN) as city:
            until(lambda: len(listening.heard) == 2, "what was undelivered")
            ask(city, f"/entities/{watched['id']}/attrs/speed", "PATCH", {"value": 40})
            ask(city, f"/entities/{watched['id']}/attrs/speed", "PATCH", {"value": 80})
            until(lambda: len(listening.heard) == 3, "what is new")
    speeds = [it["data"][0]["speed"] for it in listening.heard]
    assert speeds == [60, 70, 80]


def test_a_subscriber_may_listen_on_mqtt(tmp_path: Path) -> None:
    heard: list[dict[str, Any]] = []
    ready = threading.Event()
    client = paho.Client(CallbackAPIVersion.VERSION2)
    topic = f"mindu-test-{clock()}"
    client.on_connect = lambda c, *_: c.subscribe(topic, 1)
    client.on_subscribe = lambda *_: ready.set()
    client.on_message = lambda _c, _u, m: heard.append(json.loads(m.payload))
    port = mosquitto()
    client.connect("127.0.0.1", port)
    client.loop_start()
    assert ready.wait(60)
    with node(tmp_path, OPEN) as city:
        told = subscription(f"mqtt://127.0.0.1:{port}/{topic}")
        told["notification"]["endpoint"]["notifierInfo"] = [{"key": "MQTT-QoS", "value": "1"}]
        assert ask(city, "/subscriptions", "POST", told)[0] == 201
        ask(city, "/entities", "POST", {**vehicle("m"), "type": "Watched"})
        until(lambda: bool(heard), "a message")
    client.disconnect()
    client.loop_stop()
    assert heard[0]["body"]["data"][0]["speed"] == 55
    assert heard[0]["metadata"]["Content-Type"] == "application/json"


def test_only_hosts_of_the_settings_are_told(city: Node) -> None:
    assert ask(city, "/subscriptions", "POST", subscription("http://10.0.0.1/"))[0] == 403
    with socket.create_server(("127.0.0.1", 0)) as listening:
        free = listening.getsockname()[1]
    status, _ = ask(city, "/subscriptions", "POST", subscription(f"http://127.0.0.1:{free}/x"))
    assert status == 201


def test_entities_and_subscriptions_come_back_after_a_restart(tmp_path: Path) -> None:
    with node(tmp_path, OPEN) as city:
        ask(city, "/entities", "POST", vehicle("kept"))
        ask(city, "/entities/urn:ngsi-ld:Vehicle:kept/attrs/speed", "PATCH", {"value": 61})
        before = ask(city, "/entities/urn:ngsi-ld:Vehicle:kept?options=sysAttrs")
        city.senses.keep()
        ask(city, "/entities", "POST", vehicle("later"))
    with node(tmp_path, OPEN) as city:
        assert ask(city, "/entities/urn:ngsi-ld:Vehicle:kept?options=sysAttrs") == before
        assert ask(city, "/entities/urn:ngsi-ld:Vehicle:later")[0] == 200
