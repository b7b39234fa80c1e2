"""Delivery of one notification, over HTTP or MQTT; whatever goes wrong is an OSError."""

import http.client
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 10.0  # s for one answer


def send(endpoint: Mapping[str, Any], headers: Mapping[str, str], body: bytes) -> None:
    """Deliver a notification.

    Raises:
        OSError: it was not taken.
    """
    address = str(endpoint["uri"])
    told = {**headers, **pairs(endpoint.get("receiverInfo"))}
    try:
        if address.startswith("mqtt"):
            from mindu.edge.ngsild.subs.mqtt import by_mqtt  # noqa: PLC0415 - loaded when needed

            by_mqtt(address, pairs(endpoint.get("notifierInfo")), told, body, PATIENCE)
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
