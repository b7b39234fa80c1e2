"""Delivery of one notification, over HTTP or MQTT; whatever goes wrong is an OSError."""

import http.client
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

PATIENCE = 10.0  # s for one answer
VERSIONS = {"mqtt3.1.1": MQTTProtocolVersion.MQTTv311, "mqtt5.0": MQTTProtocolVersion.MQTTv5}


def send(endpoint: Mapping[str, Any], headers: Mapping[str, str], body: bytes) -> None:
    """Deliver a notification.

    Raises:
        OSError: it was not taken.
    """
    address = str(endpoint["uri"])
    told = {**headers, **pairs(endpoint.get("receiverInfo"))}
    try:
        if address.startswith("mqtt"):
            _by_mqtt(address, pairs(endpoint.get("notifierInfo")), told, body)
        else:
            _by_http(address, told, body)
    except (http.client.HTTPException, ValueError) as wrong:
        raise OSError(f"{type(wrong).__name__}: {wrong}") from wrong


def pairs(told: Any) -> dict[str, str]:  # noqa: ANN401 - a list of key and value
    """Return what `receiverInfo` or `notifierInfo` says."""
    return {str(it.get("key")): str(it.get("value")) for it in told or ()}


def _by_http(address: str, headers: Mapping[str, str], body: bytes) -> None:
    parts = urlsplit(address)
    assert parts.hostname is not None
    line: http.client.HTTPConnection
    if parts.scheme == "https":
        line = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=PATIENCE, context=ssl.create_default_context()
        )
    else:
        line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", path, body, dict(headers))
        answer = line.getresponse()
        answer.read(65_536)
        if not 200 <= answer.status < 300:
            raise OSError(f"the endpoint answers {answer.status}")
    finally:
        line.close()


def _by_mqtt(
    address: str, notifier: Mapping[str, str], headers: Mapping[str, str], body: bytes
) -> None:
    parts = urlsplit(address)
    told = msgspec.json.encode({"metadata": headers, "body": msgspec.Raw(body)})
    version = VERSIONS.get(notifier.get("MQTT-Version", "mqtt5.0"), MQTTProtocolVersion.MQTTv5)
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=version)
    if parts.username:
        client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
    if parts.scheme == "mqtts":
        client.tls_set()
    client.connect(parts.hostname or "", parts.port or 1883)
    client.loop_start()
    try:
        qos = int(notifier.get("MQTT-QoS", "0"))
        sent = client.publish(unquote(parts.path.strip("/")), told, qos if qos in {0, 1, 2} else 0)
        sent.wait_for_publish(PATIENCE)
        if not sent.is_published():
            raise OSError("the broker did not take it in time")
    except RuntimeError as wrong:
        raise OSError(str(wrong)) from wrong
    finally:
        client.disconnect()
        client.loop_stop()
