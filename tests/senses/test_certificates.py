"""Provisioning by certificates, and the health of devices as judgements."""

import http.client
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import paho.mqtt.client as paho
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from open_doors import Node, clock, node, until
from paho.mqtt.enums import CallbackAPIVersion
from town import DAY, FIVE, GAUGE, T0, gauges, held, levels, said, town

from mindu.base.records import Judgement
from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.data.senses.watch.health import Health
from mindu.edge.certificates import Authority
from mindu.edge.settings import Http, Mqtt, Settings
from mindu.edge.shown import shown
from mindu.perceive.declare import Device, Model, Prop, Stage

TLS = Settings(http=Http(port=0, tls=("127.0.0.1",)), mqtt=Mqtt(port=0, tls=("127.0.0.1",)))
PRIVATE = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("tls"), TLS) as found:
        yield found


def request(key: Any, name: str = "whoever") -> bytes:  # noqa: ANN401 - any private key
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    told = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return told.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def files(city: Node, folder: Path, device: str) -> tuple[Path, Path]:
    """Return the files with a device's certificate and key, and with the root."""
    key = ec.generate_private_key(ec.SECP256R1())
    told = ask(city, f"/v1/certificates/{device}", request(key), key=city.key)
    assert told[0] == 200, told
    own, root = folder / f"{device}.pem", folder / "root.pem"
    own.write_bytes(key.private_bytes(*PRIVATE) + told[1])
    root.write_bytes(city.doors.authority().root(clock()))
    return own, root


def ask(
    city: Node, path: str, body: bytes | None = None, *, key: str = "", own: Path | None = None
) -> tuple[int, bytes]:
    context = ssl.create_default_context(cadata=city.doors.authority().root(clock()).decode())
    if own is not None:
        context.load_cert_chain(own)
    line = http.client.HTTPSConnection("127.0.0.1", city.doors.http_port, context=context)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    line.request("POST" if body is not None else "GET", path, body, headers)
    answer = line.getresponse()
    told = answer.status, answer.read()
    line.close()
    return told


def test_a_device_is_known_by_its_certificate_at_both_doors(city: Node, tmp_path: Path) -> None:
    own, root = files(city, tmp_path, "g0")
    rows = json.dumps(
        [
            {"device": "g0", "prop": "level", "value": 3.5, "at": clock() - FIVE},
            {"device": "g1", "prop": "level", "value": 3.5, "at": clock()},
        ]
    ).encode()
    status, told = ask(city, "/v1/readings", rows, own=own)
    assert (status, json.loads(told)["stored"]) == (200, 1)
    assert json.loads(told)["refused"] == {"not this sender's device": 1}
    assert ask(city, "/v1/account", own=own)[0] == 403
    assert ask(city, "/v1/readings", rows)[0] == 401
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.tls_set(str(root), str(own))
    client.connect("127.0.0.1", city.doors.mqtt_port)
    client.loop_start()
    sent = client.publish("g0/level", json.dumps({"value": 3.6, "at": clock()}), qos=1)
    sent.wait_for_publish(60)
    client.disconnect()
    client.loop_stop()
    assert held(city.senses, "g0").value.tolist() == [3.5, 3.6]


def test_a_certificate_is_void_once_the_keys_are_of_another_epoch(
    city: Node, tmp_path: Path
) -> None:
    own, _ = files(city, tmp_path, "g2")
    assert ask(city, "/v1/commands?device=g2", own=own)[0] == 200
    city.senses.rekey("g2")
    assert ask(city, "/v1/commands?device=g2", own=own)[0] == 401
    codes: list[Any] = []
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.tls_set(str(tmp_path / "root.pem"), str(own))
    client.on_connect = lambda *it: codes.append(it[3])
    client.connect("127.0.0.1", city.doors.mqtt_port)
    client.loop_start()
    until(lambda: bool(codes), "an answer to CONNECT")
    client.loop_stop()
    assert codes[0].is_failure


def test_who_shows_a_certificate_of_another_authority_is_not_let_in(
    city: Node, tmp_path: Path
) -> None:
    strange = Authority(tmp_path / "strange", city.senses.registry)
    key = ec.generate_private_key(ec.SECP256R1())
    own = tmp_path / "strange.pem"
    own.write_bytes(key.private_bytes(*PRIVATE) + strange.device("g0", request(key), clock()))
    with pytest.raises((ssl.SSLError, ConnectionError)):
        ask(city, "/v1/commands?device=g0", own=own)


def test_a_request_that_does_not_fit_is_refused_and_says_why(city: Node) -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505 - that is the point
    good = request(ec.generate_private_key(ec.SECP256R1()))
    path = "/v1/certificates/"
    assert ask(city, path + "g0", b"no request", key=city.key)[0] == 422
    assert ask(city, path + "g0", request(weak), key=city.key)[0] == 422
    assert ask(city, path + "nobody", good, key=city.key)[0] == 404
    assert ask(city, path + "g0?days=9999", good, key=city.key)[0] == 422
    assert ask(city, path + "g0", good, key=city.doors.keys.device("g0"))[0] == 403
    assert shown({"subjectAltName": (("DNS", "urn:mindu:device:g0:0"),)}) is None


def test_devices_are_listed_by_group_stage_and_facts(tmp_path: Path) -> None:
    with node(tmp_path) as city:
        facts: dict[str, str | float | bool] = {"firmware": "1.2", "owner": "water"}
        city.senses.enrol(
            [
                Device(id="f1", kind="gauge", group="north", facts=facts),
                Device(id="f2", kind="gauge", group="north", facts={"firmware": "1.3"}),
            ]
        )
        line = http.client.HTTPConnection("127.0.0.1", city.doors.http_port)

        def found(query: str) -> list[str]:
            line.request(
                "GET", f"/v1/list?{query}", headers={"Authorization": f"Bearer {city.key}"}
            )
            return [it["id"] for it in json.loads(line.getresponse().read())["devices"]]

        assert found("fact.firmware=1.2") == ["f1"]
        assert found("group=north") == ["f1", "f2"]
        assert found("group=north&stage=active") == []
        assert found("stage=active&limit=2") == ["g0", "g1"]
        line.close()


def test_a_drifting_gauge_is_told_from_weather_that_moves_all(tmp_path: Path) -> None:
    senses = Senses(tmp_path)
    senses.declare(Model(name="pool", props=(Prop(name="level", unit="m", decimals=3),)))
    names = [f"p{i}" for i in range(8)]
    senses.enrol([Device(id=n, kind="pool", group="north", stage=Stage.ACTIVE) for n in names])
    rng = np.random.default_rng(1)
    hours = np.arange(12 * 24)
    weather = np.cumsum(rng.normal(0, 0.02, len(hours)))
    rows = [
        (name, "level", T0 + int(h) * 3_600_000,
         float(2 + 0.1 * i + weather[h] + rng.normal(0, 0.01) + (0.05 * h / 24 if i == 3 else 0)))
        for h in hours for i, name in enumerate(names)
    ]  # fmt: skip
    now = T0 + 12 * DAY
    senses.take([Offer("line", said(rows))], now)
    found = Health(senses.registry, senses.now).judged(now, senses)
    drifting = [(device, it) for device, it in found if it.finding == "drifting"]
    assert [device for device, _ in drifting] == ["p3"]
    judgement = drifting[0][1]
    assert isinstance(judgement, Judgement)
    assert judgement.evidence[0].about == "p3"
    assert "off its neighbours" in judgement.says.en
    senses.close()


def test_health_is_judged_with_evidence(tmp_path: Path) -> None:
    senses = town(tmp_path)
    senses.declare(GAUGE)
    senses.enrol(gauges(2))
    senses.take([levels("g0", [3.0])], T0)
    ((device, judgement),) = Health(senses.registry, senses.now).judged(T0 + DAY, senses)
    assert (device, judgement.finding) == ("g0", "silent")
    assert judgement.evidence[0].value == 3.0
    senses.close()
