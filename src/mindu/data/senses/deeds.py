"""What is done to the register, as it is written in the journal."""

from collections.abc import Sequence

import msgspec
import numpy as np

from mindu.data.senses.columns import begin, untold
from mindu.data.senses.registry import Registry
from mindu.perceive.declare import STAGES, Device, Model, Prop, Stage

MOST_PROPS = 32_000  # names of properties: a series keeps the number of its own in two bytes


class Deed(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """One change of the register."""


class Declared(Deed, frozen=True):
    """A kind was declared, or its bounds were changed."""

    model: Model


class Enrolled(Deed, frozen=True):
    """Devices were taken in or changed. `at`: epoch ms, 0 where nobody said."""

    devices: list[Device]
    at: int = 0


class Staged(Deed, frozen=True):
    """Devices moved to another stage of their life. `at`: epoch ms, 0 where nobody said."""

    devices: list[str]
    stage: Stage
    at: int = 0


class Attached(Deed, frozen=True):
    """One device got one more property."""

    device: str
    prop: Prop


class Rekeyed(Deed, frozen=True):
    """The keys that a device had are void; the next epoch's key holds."""

    device: str


class Begun(Deed, frozen=True):
    """Devices in service since nobody knows when count from here. `at`: epoch ms."""

    at: int


AnyDeed = Declared | Enrolled | Staged | Attached | Rekeyed | Begun
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
            case Enrolled(devices, at):
                registry.enrol(devices, now=at)
            case Staged(names, stage, at):
                rows = np.array([registry.numbers[n] for n in names], np.int64)
                registry.stage(rows, stage, now=at)
            case Begun(at):
                begin(registry.devices, at)
            case Attached(device, prop):
                registry.attach(device, prop)
            case Rekeyed(device):
                registry.devices["epoch"][registry.numbers[device]] += 1


def names_fit(registry: Registry, names: set[str]) -> None:
    """Refuse before the journal hears of it what the register could not hold."""
    held = registry.props
    if len(held) + len(names - held.keys()) > MOST_PROPS:
        raise ValueError(f"a city has at most {MOST_PROPS} names of properties; use those")


def begun(registry: Registry, now: int) -> list[AnyDeed]:
    """Return what lets devices of before count from `now` (epoch ms), if there are any."""
    return [Begun(now)] if untold(registry.devices).any() else []


def living(registry: Registry, devices: Sequence[Device]) -> list[Device]:
    """Return devices as they shall stand: what is told again without a stage keeps its own.

    Raises:
        ValueError: one is told twice, as of two kinds, or is retired and would come back.
    """
    kinds: dict[str, str] = {}
    stages, found = registry.devices["stage"], list(devices)
    for i, device in enumerate(found):
        if kinds.setdefault(device.id, device.kind) != device.kind:
            raise ValueError(f"{device.id} is told twice, as of two kinds; keep one")
        row = registry.numbers.get(device.id)
        if row is None or stages[row] == _FIRST:
            continue
        held, told = STAGES[stages[row]], device.stage
        may_move(device.id, held, held if told is Stage.PLANNED else told)
        if told is Stage.PLANNED:
            found[i] = msgspec.structs.replace(device, stage=held)
    return found


def movable(registry: Registry, names: Sequence[str], stage: Stage) -> None:
    """Refuse to move devices to a stage that they cannot come to.

    Raises:
        KeyError: one of them is not known.
        ValueError: one is retired, or was heard and shall be planned.
    """
    for name in names:
        if name not in registry.numbers:
            raise KeyError(f"no device is called {name!r}")
        may_move(name, STAGES[registry.devices["stage"][registry.numbers[name]]], stage)


def may_move(name: str, held: Stage, stage: Stage) -> None:
    """Refuse a step that no life has: a retired device stays so, a heard one is not planned."""
    if held is Stage.RETIRED and stage is not held:
        raise ValueError(f"{name} is retired for good; take another id")
    if stage is Stage.PLANNED and held is not stage:
        raise ValueError(f"{name} is {held}: it is not planned any more")


_FIRST = STAGES.index(Stage.PLANNED)
