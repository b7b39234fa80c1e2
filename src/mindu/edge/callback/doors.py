"""The doors by which a message leaves: one protocol, a folder and an SMTP server as its hands."""

import os
import secrets
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Literal, Protocol

import msgspec

PATIENCE_S = 20.0  # that a server may take
Way = Literal["mail", "sms"]
Tls = Literal["starttls", "tls", "none"]


class Unsent(Exception):  # noqa: N818 - it says what became of a message
    """A message did not leave; says why, and may be tried again."""


class Unclear(Unsent):
    """A message may have left, and nobody knows; says why, and is not tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: by which way, to whom, what it says; a key of its own, however often tried."""

    way: Way
    key: str = ""
    to: str
    subject: str
    text: str


class Door(Protocol):
    """Carries messages of one way out of the house."""

    @property
    def name(self) -> str:
        """How it is called in the log."""
        ...

    def send(self, message: Message) -> None:
        """Hand a message over; it is the other side's when this returns.

        Raises:
            Unsent: it was not taken.
        """
        ...


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known of a text: the word of its answer, and whether it reached its telephone."""

    key: str
    state: str  # as the centre calls it
    reached: bool


class Post(Protocol):
    """Fetches receipts."""

    def fetch(self, take: Callable[[Settled], object]) -> None:
        """Hand over what has become known; each is let go when `take` returns.

        Raises:
            Unsent: nobody tells.
        """
        ...


@dataclass(frozen=True, slots=True)
class FileDoor:
    """Lays each message into a folder, where a gateway of the house fetches it."""

    folder: Path
    name: str = "file"

    def send(self, message: Message) -> None:
        """Write the message whole under a name of its own; durable when this returns."""
        ending = "eml" if message.way == "mail" else "json"
        told = (
            letter(message, "12345").as_bytes()
            if message.way == "mail"
            else msgspec.json.encode({"to": message.to, "text": message.text})
        )
        path = self.folder / f"{secrets.token_hex(16)}.{ending}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = path.with_suffix(".part")
            with open(part, "wb", opener=_private) as file:
                file.write(told)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as wrong:
            raise Unsent(f"the folder {self.folder.name} takes nothing: {wrong}") from wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpDoor:
    """Hands letters to a mail server."""

    host: str
    port: int
    sender: str
    tls: Tls = "starttls"
    user: str = ""
    password: str = ""
    name: str = "smtp"

    def send(self, message: Message) -> None:
        """Send one letter; the server's name and certificate are checked where it has one."""
        if message.way != "mail":
            raise Unsent("a mail server takes letters alone")
        try:
            with self._line() as line:
                if self.tls == "starttls":
                    line.starttls(context=ssl.create_default_context())
                if self.user:
                    line.login(self.user, self.password)
                line.send_message(letter(message, self.sender))
        except (OSError, smtplib.SMTPException, ValueError) as wrong:
            raise Unsent(f"{self.host} did not take it: {type(wrong).__name__}") from wrong

    def _line(self) -> smtplib.SMTP:
        if self.tls == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE_S, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=PATIENCE_S)


def letter(message: Message, sender: str) -> EmailMessage:
    """Return a message as a letter.

    Raises:
        ValueError: an address or the subject holds a line's end.
    """
    found = EmailMessage()
    found["From"], found["To"], found["Subject"] = sender, message.to, message.subject
    found.set_content(message.text)
    return found


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
