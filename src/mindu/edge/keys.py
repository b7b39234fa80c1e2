"""Keys: who may send and for which devices. Denied unless a key says otherwise.

A key is `kind.name.mac`: the mac is HMAC-SHA-256 over kind, name and epoch with the folder's own
secret, so a million devices have keys and none of them is stored. Raising the epoch voids a key.
"""

import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np

from mindu.data.arrays import Ints, Truths
from mindu.data.senses.registry import Registry

DEVICE, SENDER = "d", "s"
CACHED = 100_000
MAC = 18  # bytes kept of the mac: 144 bits


class Sender(msgspec.Struct, frozen=True):
    """A gateway or person with a key. `groups`: for whose devices it may speak; None is all."""

    epoch: int = 0
    groups: tuple[str, ...] | None = None
    reads: bool = True
    keeps: bool = False  # may change the register
    orders: bool = False  # may give commands to devices


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a key says is calling."""

    source: str
    allowed: Callable[[Ints], Truths] | None
    reads: bool
    keeps: bool
    orders: bool = False
    groups: tuple[str, ...] | None = None  # for whose devices it speaks; None is all


_Found = tuple[Caller, str, str, int]  # who, the kind and name its key tells, and of which epoch


class Keys:
    """The secret, the senders, and what was found of keys seen before."""

    def __init__(self, folder: Path, registry: Registry) -> None:
        """Take up the secret of a folder, making one when there is none."""
        self._registry, self._file = registry, folder / "senders.json"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "secret"
        if not path.exists():
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(fd, "wb") as file:
                file.write(secrets.token_bytes(32))
                os.fsync(file.fileno())
        self._secret = path.read_bytes()
        self._senders: dict[str, Sender] = {}
        self._read = 0  # when the file was written that was read last, ns
        self._found: dict[str, _Found] = {}
        self.refresh()

    def refresh(self) -> bool:
        """Take up what another process changed about the senders; say whether it changed."""
        try:
            written = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return False
        if written == self._read:
            return False
        told = self._file.read_bytes()
        self._senders, self._read = msgspec.json.decode(told, type=dict[str, Sender]), written
        self._found.clear()
        return True

    def grant(self, name: str, sender: Sender | None = None) -> str:
        """Give a sender its key, with what it may do; what it had before is void if it changed."""
        if not name or len(name) > 200:
            raise ValueError("a sender needs a name of 1 to 200 characters")
        self.refresh()
        held = self._senders.get(name)
        epoch = held.epoch if held else 0
        wanted = msgspec.structs.replace(sender or held or Sender(), epoch=epoch)
        if held != wanted:
            epoch += 1 if held else 0
            self._senders[name] = msgspec.structs.replace(wanted, epoch=epoch)
            self._save()
        return self._key(SENDER, name, self._senders[name].epoch)

    def revoke(self, name: str) -> None:
        """Void the key of a sender.

        Raises:
            KeyError: there is none of that name.
        """
        self.refresh()
        held = self._senders.get(name)
        if held is None:
            raise KeyError(f"no sender is called {name!r}")
        self._senders[name] = msgspec.structs.replace(held, epoch=held.epoch + 1)
        self._save()

    def device(self, name: str) -> str:
        """Return the key of a device, which holds until its epoch is raised.

        Raises:
            KeyError: there is no such device.
        """
        row = self._registry.numbers.get(name)
        if row is None:
            raise KeyError(f"no device is called {name!r}")
        return self._key(DEVICE, name, int(self._registry.devices["epoch"][row]))

    def caller(self, key: str) -> Caller | None:
        """Return who a key stands for; None if it is void.

        A key that is not known may be one of those that were granted just now.
        """
        found = self._who(key)
        return self._who(key) if found is None and self.refresh() else found

    def _who(self, key: str) -> Caller | None:
        found = self._found.get(key)
        if found is not None and found[3] == self._epoch(found[1], found[2]):
            return found[0]
        kind, _, rest = key.partition(".")
        name = rest.rpartition(".")[0]
        epoch = self._epoch(kind, name)
        if epoch is None or not hmac.compare_digest(
            key.encode(), self._key(kind, name, epoch).encode()
        ):
            return None
        caller = self._caller(kind, name)
        if len(self._found) >= CACHED:
            self._found.clear()
        self._found[key] = (caller, kind, name, epoch)
        return caller

    def certified(self, device: str, epoch: int) -> Caller | None:
        """Return which device a certificate of that epoch stands for; None if it is void."""
        held = self._epoch(DEVICE, device)
        return self._caller(DEVICE, device) if held is not None and held == epoch else None

    def _epoch(self, kind: str, name: str) -> int | None:
        if kind == SENDER and name in self._senders:
            return self._senders[name].epoch
        row = self._registry.numbers.get(name) if kind == DEVICE else None
        return None if row is None else int(self._registry.devices["epoch"][row])

    def _caller(self, kind: str, name: str) -> Caller:
        registry = self._registry
        if kind == DEVICE:
            row = registry.numbers[name]
            return Caller(f"device:{name}"[:64], lambda d: d == row, reads=False, keeps=False)
        sender = self._senders[name]
        if sender.groups is None:
            return Caller(name, None, sender.reads, sender.keeps, sender.orders)
        groups = sender.groups

        def allowed(device: Ints) -> Truths:
            mine = [registry.groups[g] for g in groups if g in registry.groups]
            return np.isin(registry.devices["group"][device], mine)

        return Caller(name, allowed, sender.reads, sender.keeps, sender.orders, groups)

    def _key(self, kind: str, name: str, epoch: int) -> str:
        told = f"{kind}\0{name}\0{epoch}".encode()
        mac = hmac.digest(self._secret, told, sha256)[:MAC]
        return f"{kind}.{name}.{urlsafe_b64encode(mac).decode()}"

    def _save(self) -> None:
        draft = self._file.with_suffix(".draft")
        draft.write_bytes(msgspec.json.encode(self._senders))
        draft.chmod(0o600)
        draft.rename(self._file)
        self._read = self._file.stat().st_mtime_ns
        self._found.clear()
