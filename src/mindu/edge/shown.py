"""Which device a certificate names that was shown on a line."""

from asyncio import BaseTransport
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

URI = "urn:mindu:device:"


def on_line(pipe: BaseTransport | None) -> tuple[str, int] | None:
    """Return the device and epoch whose certificate was shown on a line; None if none was."""
    line = pipe.get_extra_info("ssl_object") if pipe is not None else None
    return shown(line.getpeercert()) if line is not None else None


def shown(peer: Mapping[str, Any] | None) -> tuple[str, int] | None:
    """Return the device and epoch that a verified certificate names; None where there is none."""
    for kind, told in (peer or {}).get("subjectAltName", ()):
        name, _, epoch = str(told).removeprefix(URI).rpartition(":")
        if kind == "URI" and str(told).startswith(URI) and epoch.isdecimal():
            return unquote(name), int(epoch)
    return None
