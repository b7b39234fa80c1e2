"""The register over HTTP: kinds, devices in bulk, stages of life, keys, accounts."""

from collections.abc import Callable
from typing import Any

import msgspec

from mindu.data.senses.beside.words import told_as
from mindu.data.senses.senses import Senses
from mindu.edge.http.bodies import Unfit
from mindu.edge.keys import Keys
from mindu.perceive.declare import Device, Model, Stage

MOST = 100_000  # devices in one request
_MODELS = msgspec.json.Decoder(list[Model] | Model)
_DEVICES = msgspec.json.Decoder(list[Device])
_LINES = msgspec.json.Decoder(Device)


class _Move(msgspec.Struct, forbid_unknown_fields=True):
    devices: list[str]
    stage: Stage


_MOVE = msgspec.json.Decoder(_Move)


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Facts that are laid over those of devices; null takes one away."""

    devices: list[str]
    facts: dict[str, str | float | bool | None]


_FACTS = msgspec.json.Decoder(Facts)


class Register:
    """What may be done to the register, from the bytes of a body to plain data."""

    def __init__(self, senses: Senses, keys: Keys, clock: Callable[[], int]) -> None:
        """Change this store; `clock` says the epoch ms."""
        self._senses, self._keys, self._clock = senses, keys, clock

    def kinds(self, body: bytes) -> dict[str, Any]:
        """Declare kinds."""
        models = read(_MODELS, body)
        for model in models if isinstance(models, list) else [models]:
            fit(lambda it=model: self._senses.declare(it))
        return {"kinds": list(self._senses.registry.kinds)}

    def enrol(self, body: bytes) -> dict[str, Any]:
        """Take in devices: one, a list, or one a line."""
        devices = read(_DEVICES, body) if body.lstrip().startswith(b"[") else lines(body)
        if len(devices) > MOST:
            raise Unfit(413, f"a request has at most {MOST} devices: send them in several")
        new: list[int] = []
        fit(lambda: new.append(self._senses.enrol(devices, now=self._clock())))
        return {"received": len(devices), "new": new[0], "devices": len(self._senses.registry)}

    def move(self, body: bytes) -> dict[str, Any]:
        """Move devices to another stage of their life."""
        told = read(_MOVE, body)
        fit(lambda: self._senses.stage(told.devices, told.stage, now=self._clock()))
        return {"moved": len(told.devices), "stage": told.stage}

    def note(self, body: bytes) -> dict[str, Any]:
        """Lay facts over those of devices, which stay else as they are."""
        told = read(_FACTS, body)
        if len(told.devices) > MOST:
            raise Unfit(413, f"a request has at most {MOST} devices: send them in several")
        fit(lambda: self._note(told))
        return {"noted": len(told.devices)}

    def _note(self, told: Facts) -> None:
        new: list[Device] = []
        with self._senses.lock:
            for name in told.devices:
                held = self._senses.registry.device(name)
                laid = {**held.facts, **told.facts}
                facts = {key: it for key, it in laid.items() if it is not None}
                new.append(msgspec.structs.replace(held, facts=facts))
            self._senses.enrol(new, now=self._clock())

    def device(self, name: str) -> dict[str, Any]:
        """Return all that is known of a device."""
        registry, now = self._senses.registry, self._senses.now.columns
        try:
            device = registry.device(name)
        except KeyError as wrong:
            raise Unfit(404, str(wrong.args[0])) from wrong
        series = [s for s in registry.of(name) if s < len(now)]
        latest = {
            registry.prop(s).name: {
                "at": int(now["at"][s]),
                "value": told_as(self._senses, s, float(now["value"][s])),
            }
            for s in series
            if now["at"][s] > 0
        }
        account = self._senses.account.device(registry.numbers[name])
        return {"device": device, "latest": latest, "account": account}

    def key(self, name: str) -> dict[str, Any]:
        """Return the key of a device."""
        try:
            return {"device": name, "key": self._keys.device(name)}
        except KeyError as wrong:
            raise Unfit(404, f"no device is called {name!r}") from wrong

    def rekey(self, name: str) -> dict[str, Any]:
        """Void the key of a device, and return the new one."""
        fit(lambda: self._senses.rekey(name))
        return self.key(name)

    def account(self) -> dict[str, Any]:
        """Return what became of everything received, in all and by source."""
        account = self._senses.account
        sources = {name: account.total(name) for name in account.sources()}
        return {"total": account.total(), "sources": sources}


def lines(body: bytes) -> list[Device]:
    """Return one device a line."""
    try:
        return _LINES.decode_lines(body)
    except (msgspec.MsgspecError, RecursionError) as wrong:
        raise Unfit(422, str(wrong)) from wrong
    except UnicodeDecodeError as wrong:
        raise Unfit(422, "the body is not UTF-8") from wrong


def read(decoder: Any, body: bytes) -> Any:  # noqa: ANN401 - a decoder of any type
    """Return what a body says."""
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, RecursionError) as wrong:
        raise Unfit(422, str(wrong)) from wrong
    except UnicodeDecodeError as wrong:
        raise Unfit(422, "the body is not UTF-8") from wrong


def fit(do: Any) -> None:  # noqa: ANN401 - a call without arguments
    """Do it, and turn what does not fit into an answer."""
    try:
        do()
    except (ValueError, KeyError, OverflowError) as wrong:
        raise Unfit(422, str(wrong.args[0])) from wrong
    except OSError as wrong:
        raise Unfit(503, f"the disk refuses: {wrong}", **{"Retry-After": "5"}) from wrong
