"""Delivery of one notification over MQTT."""

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import msgspec
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

VERSIONS = {"mqtt3.1.1": MQTTProtocolVersion.MQTTv311, "mqtt5.0": MQTTProtocolVersion.MQTTv5}


def by_mqtt(
    address: str, notifier: Mapping[str, str], headers: Mapping[str, str], body: bytes,
    patience: float,
) -> None:  # fmt: skip
    """Deliver a notification to the broker of an address, within `patience` s.

    Raises:
        OSError: it was not taken.
    """
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
        sent.wait_for_publish(patience)
        if not sent.is_published():
            raise OSError("the broker did not take it in time")
    except RuntimeError as wrong:
        raise OSError(str(wrong)) from wrong
    finally:
        client.disconnect()
        client.loop_stop()
