"""Settings of the outbox: `outbox.toml` beside the log: where links lead, who carries them."""

import os
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from mindu.edge.callback.doors import Door, FileDoor, SmtpDoor, Tls, Way
from mindu.edge.callback.gateway import HttpDoor
from mindu.edge.callback.once import OnceDoor
from mindu.edge.callback.receipts import Receipts
from mindu.edge.callback.smpp import Named, SmppDoor

FILE, MARKS, RECEIPTS = "outbox.toml", "outbox/marks", "outbox/receipts"
SAFE = ("https://", "http://127.0.0.1", "http://localhost")
PLAIN, SEALED = 2775, 3550  # ports of SMPP, as is usual


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part: a word that is not known is an error."""


class Carrier(_Part, frozen=True, kw_only=True):
    """Who carries one way; passwords and tokens stand in the environment."""

    door: Literal["file", "smtp", "http", "smpp"]
    folder: str = ""
    host: str = ""
    port: int = 0
    tls: Tls | None = None  # "starttls" for letters, "tls" for SMPP, unless something else is said
    sender: str = ""
    user: str = ""  # of SMPP its system id
    password_env: str = ""
    kind: str = ""  # system type of SMPP
    receipts: bool = True  # of SMPP: ask what became of each text
    country: str = "86"
    url: str = ""
    token_env: str = ""
    keyed: bool = False  # the gateway takes each Idempotency-Key once


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
    if not told.root.startswith(SAFE):
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
    if told.door == "smtp":
        return _letters(told, way)
    if way == "mail":
        raise ValueError(f"{FILE}: {told.door} carries [sms] alone")
    if told.door == "smpp":
        return _once(told, folder)
    if not told.url.startswith(SAFE):
        raise ValueError(f"{FILE}: http needs url, an https address")
    door = HttpDoor(url=told.url, token=_secret(told.token_env, "token_env"), keyed=told.keyed)
    return door if told.keyed else OnceDoor(door, folder / MARKS)


def _letters(told: Carrier, way: Way) -> Door:
    if way == "sms" or not told.host or not told.sender:
        raise ValueError(f"{FILE}: a mail server carries [mail] alone and needs host and sender")
    password = _secret(told.password_env, "password_env")
    if told.user and not password:
        raise ValueError(f"{FILE}: set the variable that password_env names")
    return SmtpDoor(
        host=told.host, port=told.port or 587, sender=told.sender, tls=told.tls or "starttls",
        user=told.user, password=password,
    )  # fmt: skip


def _once(told: Carrier, folder: Path) -> Door:
    """Return the door of a message centre, with its receipts unless they are not wanted."""
    if not told.receipts:
        return OnceDoor(_centre(told, None), folder / MARKS)
    receipts = Receipts(folder / RECEIPTS, folder / MARKS)
    centre = _centre(told, receipts.expect)
    return OnceDoor(centre, folder / MARKS, receipts.fetched(centre.fetch))


def _centre(told: Carrier, named: Named | None) -> SmppDoor:
    if not told.host or not told.user or not told.sender or told.tls == "starttls":
        raise ValueError(f"{FILE}: smpp needs host, user and sender; its tls is tls or none")
    tls = told.tls or "tls"
    return SmppDoor(
        host=told.host, port=told.port or (PLAIN if tls == "none" else SEALED), tls=tls,
        system=told.user, password=_secret(told.password_env, "password_env"), kind=told.kind,
        sender=told.sender, country=told.country, named=named,
    )  # fmt: skip


def _secret(variable: str, name: str) -> str:
    """Return what a variable of the environment holds; "" where none is named."""
    if variable and not os.environ.get(variable):
        raise ValueError(f"{FILE}: set the variable that {name} names")
    return os.environ.get(variable, "") if variable else ""
