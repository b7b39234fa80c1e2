"""The keys of a city: a secret in a file of its own, its public half in the log."""

import os
from datetime import datetime
from pathlib import Path

import msgspec

from mindu.base.records import Event
from mindu.base.seal import SUITES, Signer, signer
from mindu.data.log import Log
from mindu.data.proof.notary import Key

RECEIPTS, NOTES = "receipt_key", "notary_key"
ABOUT = "gateway"


def opened(path: Path, suite: str) -> Signer:
    """Return the signer of a file of one secret, making it when there is none.

    Raises:
        ValueError: the file holds no secret of that suite.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "wb") as out:
            out.write(SUITES[suite].secret())
            out.flush()
            os.fsync(out.fileno())
    return signer(suite, path.read_bytes())


def announced(log: Log, name: str) -> list[Key]:
    """Return the public keys that a log names for receipts or for notes, oldest first."""
    found = []
    for entry in log:
        record = entry.record
        if isinstance(record, Event) and record.name == name and entry.about == ABOUT:
            found.append(msgspec.convert(record.args, Key))
    return found


def announcement(name: str, key: Signer) -> Event:
    """Return the entry by which a log names a public key."""
    return Event(name, {"suite": key.suite, "public": key.public.hex()})


def announce(log: Log, name: str, key: Signer, now: datetime) -> None:
    """Name a public key in the log, if it is not named yet."""
    if Key(key.suite, key.public.hex()) not in announced(log, name):
        log.append(announcement(name, key), at=now, about=ABOUT, by=ABOUT)
