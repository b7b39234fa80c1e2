"""Settings of the outbox: `outbox.toml` beside the log: where links lead, who carries them."""

import os
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from mindu.edge.callback.doors import Door, FileDoor, SmtpDoor, Tls, Way

FILE = "outbox.toml"


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part: a word that is not known is an error."""


class Carrier(_Part, frozen=True, kw_only=True):
    """Who carries one way: a folder, or a mail server; the password stands in the environment."""

    door: Literal["file", "smtp"]
    folder: str = ""
    host: str = ""
    port: int = 587
    tls: Tls = "starttls"
    sender: str = ""
    user: str = ""
    password_env: str = ""


class Settings(_Part, frozen=True, kw_only=True):
    """Where links lead, and the carriers of letters and of text messages."""

    root: str  # address of the line as callers reach it, e.g. "https://12345.example"
    mail: Carrier | None = None
    sms: Carrier | None = None


def settings(folder: Path) -> tuple[str, dict[Way, Door]]:
    """Return where links lead and the doors; ("", {}) where no file stands.

    Raises:
        ValueError: the file cannot be read, or a carrier lacks something.
    """
    path = folder / FILE
    if not path.exists():
        return "", {}
    try:
        told = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Settings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as wrong:
        raise ValueError(f"{FILE}: {wrong}") from wrong
    if not told.root.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise ValueError(f"{FILE}: root is an https address that callers reach")
    doors: dict[Way, Door] = {}
    if told.mail is not None:
        doors["mail"] = _door(told.mail, folder, "mail")
    if told.sms is not None:
        doors["sms"] = _door(told.sms, folder, "sms")
    return told.root.rstrip("/"), doors


def _door(told: Carrier, folder: Path, way: Way) -> Door:
    if told.door == "file":
        return FileDoor(folder / (told.folder or f"outbox/{way}"))
    if way == "sms" or not told.host or not told.sender:
        raise ValueError(f"{FILE}: a mail server carries [mail] alone and needs host and sender")
    password = os.environ.get(told.password_env, "") if told.password_env else ""
    if told.user and not password:
        raise ValueError(f"{FILE}: set the variable that password_env names")
    return SmtpDoor(
        host=told.host, port=told.port, sender=told.sender, tls=told.tls, user=told.user,
        password=password,
    )  # fmt: skip
