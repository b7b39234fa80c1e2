"""What is done to the register, as it is written in the journal."""

from collections.abc import Sequence

import msgspec
import numpy as np

from mindu.data.senses.registry import Registry
from mindu.perceive.declare import Device, Model, Prop, Stage


class Deed(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """One change of the register."""


class Declared(Deed, frozen=True):
    """A kind was declared, or its bounds were changed."""

    model: Model


class Enrolled(Deed, frozen=True):
    """Devices were taken in or changed."""

    devices: list[Device]


class Staged(Deed, frozen=True):
    """Devices moved to another stage of their life."""

    devices: list[str]
    stage: Stage


class Attached(Deed, frozen=True):
    """One device got one more property."""

    device: str
    prop: Prop


class Rekeyed(Deed, frozen=True):
    """The keys that a device had are void; the next epoch's key holds."""

    device: str


AnyDeed = Declared | Enrolled | Staged | Attached | Rekeyed
_FROM = msgspec.msgpack.Decoder(list[AnyDeed])


def encode(deeds: Sequence[AnyDeed]) -> bytes:
    """Return deeds as the body of a frame."""
    return msgspec.msgpack.encode(list(deeds))


def decode(body: bytes) -> list[AnyDeed]:
    """Return the deeds of a frame."""
    return _FROM.decode(body)


def count(registry: Registry, done: Sequence[AnyDeed]) -> None:
    """Let durable deeds count."""
    for deed in done:
        match deed:
            case Declared(model):
                registry.declare(model)
            case Enrolled(devices):
                registry.enrol(devices)
            case Staged(names, stage):
                rows = np.array([registry.numbers[n] for n in names], np.int64)
                registry.stage(rows, stage)
            case Attached(device, prop):
                registry.attach(device, prop)
            case Rekeyed(device):
                registry.devices["epoch"][registry.numbers[device]] += 1


def one_kind(devices: Sequence[Device]) -> None:
    """Refuse a list that tells one device twice, as of two kinds."""
    kinds: dict[str, str] = {}
    for device in devices:
        if kinds.setdefault(device.id, device.kind) != device.kind:
            raise ValueError(f"{device.id} is told twice, as of two kinds; keep one")
