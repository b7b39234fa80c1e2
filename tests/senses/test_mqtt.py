"""The MQTT doors, held against paho's client and Mosquitto, which we did not write."""

import asyncio
import contextlib
import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import paho.mqtt.client as paho
import pytest
from brokers import mosquitto, secret
from hypothesis import given, settings
from hypothesis import strategies as st
from open_doors import Node, clock, node, until
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from town import held

from mindu.edge.mqtt import wire
from mindu.edge.mqtt.broker import MOST, FromBroker
from mindu.edge.mqtt.listener import Listener
from mindu.edge.mqtt.reader import Reader
from mindu.edge.settings import Broker, Settings, Tls

BROKER = ("127.0.0.1", mosquitto())


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("mqtt")) as found:
        yield found


def client(version: int, key: str = "", name: str = "") -> paho.Client:
    made = paho.Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion(version))
    if key:
        made.username_pw_set("any", key)
    return made


@pytest.mark.parametrize("version", [paho.MQTTv311, paho.MQTTv5])
def test_a_message_is_acknowledged_once_it_is_durable(city: Node, version: int) -> None:
    sender, device = client(version, city.key), f"g{version - 4}"
    sender.connect("127.0.0.1", city.doors.mqtt_port)
    sender.loop_start()
    sent = [sender.publish(f"city/{device}/level", str(3 + i / 10), qos=1) for i in range(3)]
    told = {"at": clock() + 5000, "seq": 9, "unit": "cm", "value": 444}
    sent.append(sender.publish(f"{device}/level", json.dumps(told), qos=1))
    many = [{"device": device, "prop": "rain", "at": clock(), "value": 1.5}]
    sent.append(sender.publish("readings", json.dumps(many), qos=1))
    for it in sent:
        it.wait_for_publish(60)
        assert it.is_published()
    sender.disconnect()
    sender.loop_stop()
    assert held(city.senses, device).value[-1] == pytest.approx(4.44)
    assert held(city.senses, device, "rain").value.tolist() == [1.5]


def test_a_wrong_key_is_sent_away(city: Node) -> None:
    for version in (paho.MQTTv311, paho.MQTTv5):
        codes: list[Any] = []
        sender = client(version, "s.nobody.AAAA")
        sender.on_connect = lambda *it: codes.append(it[3])  # noqa: B023 - used within the turn
        sender.connect("127.0.0.1", city.doors.mqtt_port)
        sender.loop_start()
        until(lambda: bool(codes), "an answer to CONNECT")  # noqa: B023
        sender.loop_stop()
        assert codes[0].is_failure


def test_many_clients_at_once_lose_nothing(city: Node) -> None:
    before = city.senses.total().received
    senders = [client(paho.MQTTv5, city.key) for _ in range(8)]
    for i, sender in enumerate(senders):
        sender.connect("127.0.0.1", city.doors.mqtt_port)
        sender.loop_start()
        for k in range(50):
            sender.publish(
                f"g{i % 4}/rain", json.dumps({"value": k, "at": clock() - 1000 * k - i}), qos=1
            )
    until(lambda: city.senses.total().received - before == 400, "all messages counted")
    for sender in senders:
        sender.disconnect()
        sender.loop_stop()
    assert city.senses.total().whole


def test_a_subscription_is_refused_in_words_the_protocol_has(city: Node) -> None:
    codes: list[Any] = []
    asker = client(paho.MQTTv5, city.key)
    asker.on_subscribe = lambda *it: codes.extend(it[3])
    asker.on_connect = lambda c, *_: c.subscribe("#")
    asker.connect("127.0.0.1", city.doors.mqtt_port)
    asker.loop_start()
    until(lambda: bool(codes), "an answer to SUBSCRIBE")
    asker.loop_stop()
    assert codes[0].is_failure


def test_who_does_not_say_who_it_is_has_its_first_seconds_only(city: Node) -> None:
    async def dribble() -> bytes:
        listener = Listener(city.doors.porch, city.doors.keys, patience=0.2)
        port = await listener.start("127.0.0.1", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x10\xff\xff\x03")  # a long CONNECT that never ends
        closed = asyncio.ensure_future(reader.read())
        async with asyncio.timeout(60):
            while not closed.done():
                writer.write(b"\0")
                await asyncio.wait({closed}, timeout=0.02)
        writer.close()
        await listener.stop()
        with contextlib.suppress(ConnectionError):
            return await closed
        return b""

    assert asyncio.run(dribble()) == b""


def test_messages_of_qos_0_do_not_fill_the_memory(city: Node) -> None:
    reading = FromBroker(city.doors.porch, Broker(host="127.0.0.1"))
    for qos, count in ((0, MOST + 5), (1, 2)):
        for _ in range(count):
            message = paho.MQTTMessage(topic=b"g0/rain")
            message.qos = qos
            reading.hear(message)
    assert reading.lost == 5
    assert reading.waiting == MOST + 2


def test_garbage_closes_the_line_and_harms_nobody(city: Node) -> None:
    rng = Random(4)
    hello = b"\x10\x10\x00\x04MQTT\x04\x02\x00\x0a\x00\x04abcd"
    for _ in range(60):
        junk = bytearray(hello + rng.randbytes(rng.randrange(1, 200)))
        junk[rng.randrange(len(junk))] = rng.randrange(256)
        with socket.create_connection(("127.0.0.1", city.doors.mqtt_port)) as line:
            line.sendall(bytes(junk))
            line.shutdown(socket.SHUT_WR)
            while line.recv(4096):
                pass
    until(lambda: not city.doors.troubles, "no trouble")
    sender = client(paho.MQTTv5, city.key)
    sender.connect("127.0.0.1", city.doors.mqtt_port)
    sender.loop_start()
    sent = sender.publish("g3/level", "3.3", qos=1)
    sent.wait_for_publish(60)
    sender.disconnect()
    sender.loop_stop()
    assert sent.is_published()


def test_packets_without_a_topic_are_counted_and_acknowledged_like_all_others(city: Node) -> None:
    before = city.senses.total()
    texts = (b"MQTT", b"x", b"any", city.key.encode())
    name, ident, user, key = (len(it).to_bytes(2) + it for it in texts)
    hello = wire.packet(wire.CONNECT, name + b"\x04\xc2\x00\x3c" + ident + user + key)
    empty = b"".join(b"\x32\x04\x00\x00" + number.to_bytes(2) for number in range(1, 301))
    with socket.create_connection(("127.0.0.1", city.doors.mqtt_port)) as line:
        line.sendall(hello)
        assert line.recv(4, socket.MSG_WAITALL)[3] == 0
        line.sendall(empty)
        told = line.recv(4 * 300, socket.MSG_WAITALL)
    assert told == b"".join(wire.puback(number) for number in range(1, 301))
    after = city.senses.total()
    lost = after.refused["malformed"] - before.refused.get("malformed", 0)
    assert (after.received - before.received, lost) == (300, 300)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 14), st.binary(max_size=400)), max_size=5), st.integers(1, 50)
)
def test_packets_come_whole_however_they_are_cut(
    packets: list[tuple[int, bytes]], cut: int
) -> None:
    stream = b"".join(wire.packet(kind, body) for kind, body in packets)
    reader = Reader()
    found = [it for i in range(0, len(stream), cut) for it in reader.feed(stream[i : i + cut])]
    assert [(kind, body) for kind, _, body in found] == packets


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=120), st.sampled_from([4, 5]))
def test_no_body_breaks_a_parser(body: bytes, version: int) -> None:
    for parse in (lambda: wire.connect(body), lambda: wire.publish(body, 2, version)):
        with contextlib.suppress(wire.Wrong):
            parse()


def test_what_a_broker_kept_while_we_were_away_comes_and_is_acknowledged(tmp_path: Path) -> None:
    name = f"mindu-test-{clock()}"
    told = Broker(host=BROKER[0], port=BROKER[1], topics=(f"{name}/#",), client=name)
    sender = client(paho.MQTTv5, name=f"{name}-sender")
    sender.connect(*BROKER)
    sender.loop_start()

    start = clock() - 10_000

    def publish(device: str, value: float) -> None:
        body = json.dumps({"value": value, "at": start + round(value * 1000)})
        sender.publish(f"{name}/{device}/level", body, qos=1).wait_for_publish(60)

    with node(tmp_path, Settings(brokers=(told,))) as city:
        until(city.doors.readers[0].ready.is_set, "the subscription")
        publish("g0", 3.0)
        until(lambda: city.senses.total().stored == 1, "the first reading")
    for i in range(5):
        publish("g1", 3.0 + i / 10)
    with node(tmp_path, Settings(brokers=(told,))) as city:
        until(lambda: city.senses.total().stored == 6, "what the broker kept")
        assert held(city.senses, "g1").value.tolist() == [3.0, 3.1, 3.2, 3.3, 3.4]
        assert city.senses.total().duplicate == 0
    sender.disconnect()
    sender.loop_stop()


def test_two_nodes_share_one_subscription(tmp_path: Path) -> None:
    name = f"mindu-share-{clock()}"
    told = [
        Broker(
            host=BROKER[0], port=BROKER[1], topics=(f"{name}/#",), client=f"{name}-{i}", share="s"
        )
        for i in range(2)
    ]
    sender = client(paho.MQTTv5, name=f"{name}-sender")
    sender.connect(*BROKER)
    sender.loop_start()
    with (
        node(tmp_path / "a", Settings(brokers=(told[0],))) as a,
        node(tmp_path / "b", Settings(brokers=(told[1],))) as b,
    ):
        for it in (a, b):
            until(it.doors.readers[0].ready.is_set, "the subscription")
        for i in range(20):
            sender.publish(f"{name}/g0/level", json.dumps({"value": 3, "at": clock() + i}), qos=1)
        until(lambda: a.senses.total().received + b.senses.total().received == 20, "all twenty")
        assert min(a.senses.total().stored, b.senses.total().stored) > 0
    sender.disconnect()
    sender.loop_stop()


def test_a_broker_is_read_over_tls_once_its_certificate_is_vouched_for(tmp_path: Path) -> None:
    port, authority = secret("mosquitto", tmp_path)
    tls = Tls(authority=str(authority))
    broker = Broker(host="127.0.0.1", port=port, client="mindu-tls", tls=tls)
    with node(tmp_path, Settings(brokers=(broker,))) as city:
        until(city.doors.readers[0].ready.is_set, "the subscription")
        sender = client(paho.MQTTv5)
        sender.tls_set(str(authority))
        sender.connect("127.0.0.1", port)
        sender.loop_start()
        sender.publish("city/g0/level", "3.25", qos=1).wait_for_publish(60)
        until(lambda: city.senses.total().stored == 1, "the reading")
        sender.disconnect()
        sender.loop_stop()
    for stranger in (Tls(), Tls(authority=str(authority))):
        name = "127.0.0.1" if not stranger.authority else "localhost"
        with (
            socket.create_connection(("127.0.0.1", port), 30) as line,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            stranger.context().wrap_socket(line, server_hostname=name)
