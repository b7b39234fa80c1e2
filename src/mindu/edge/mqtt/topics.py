"""What a topic and a payload say together: the same readings as over HTTP.

`readings` (or any prefix and `readings`): the payload is JSON as over HTTP. Else the last two words
of the topic name device and property, as in `city/gauge-7/level`, and the payload is a number, or
`{"value", "at", "seq", "unit"}`; `gauge-7/values` has `{"values": {…}, "at", "seq"}`.
"""

from collections.abc import Iterable

import msgspec
import numpy as np

from mindu.perceive.said import UNTOLD, WRONGS, Said
from mindu.perceive.wire.rows import WRONG, Number, When, from_json, numbers, times, whole


class _Told(msgspec.Struct, gc=False):
    value: Number = None
    values: dict[str, Number] | None = None
    at: When = None
    seq: int = UNTOLD
    unit: str = ""


_TOLD = msgspec.json.Decoder(_Told)
_NUMBER = msgspec.json.Decoder(float | bool)
_OBJECT = b"{"


def said(messages: Iterable[tuple[str, bytes]]) -> list[Said]:
    """Return what (topic, payload) messages say: single readings as one, the others each."""
    one, several = _Rows(), []
    for topic, payload in messages:
        words = topic.rsplit("/", 2)
        if words[-1] == "readings":
            several.append(from_json(payload))
        elif len(words) < 2 or not words[-2]:
            one.lose(f"topic {topic!r} names no device and property; see the paper on doors")
        else:
            try:
                one.add(words[-2], words[-1], payload)
            except WRONG as wrong:
                one.lose(f"{topic}: {wrong}")
    return [one.whole(), *several] if one.received else several


class _Rows:
    """Single readings, gathered."""

    def __init__(self) -> None:
        self.device: list[str] = []
        self.prop: list[str] = []
        self.told: list[_Told] = []
        self.value: list[Number] = []
        self.lost, self.wrongs = 0, list[str]()

    @property
    def received(self) -> int:
        return len(self.device) + self.lost

    def lose(self, wrong: str) -> None:
        self.lost += 1
        if len(self.wrongs) < WRONGS:
            self.wrongs.append(wrong)

    def add(self, device: str, prop: str, payload: bytes) -> None:
        plain = not payload.startswith(_OBJECT)
        told = _Told(value=_NUMBER.decode(payload)) if plain else _TOLD.decode(payload)
        for name, value in (told.values or {prop: told.value}).items():
            self.device.append(device)
            self.prop.append(name)
            self.value.append(value)
            self.told.append(told)

    def whole(self) -> Said:
        units = [t.unit for t in self.told]
        seqs = [t.seq for t in self.told]
        return Said(
            device=self.device,
            prop=self.prop,
            at=times([t.at for t in self.told]) if self.told else np.zeros(0, np.int64),
            value=numbers(self.value),
            seq=whole(seqs) if any(seq != UNTOLD for seq in seqs) else None,
            unit=units if any(units) else None,
            lost=self.lost,
            wrongs=self.wrongs,
        )
