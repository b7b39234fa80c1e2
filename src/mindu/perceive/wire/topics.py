"""What a topic and a payload say together: the same readings as over HTTP.

`readings` (or any prefix and `readings`): the payload is JSON as over HTTP. Else the last two words
of the topic name device and property, as in `city/gauge-7/level`, and the payload is a number, or
`{"value", "at", "seq", "unit"}`; `gauge-7/values` has `{"values": {…}, "at", "seq"}`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import cast

import msgspec
import numpy as np

from mindu.perceive.said import UNTOLD, WRONGS, Said
from mindu.perceive.wire.rows import WRONG, Number, When, from_json, times, valued, whole


class _Told(msgspec.Struct, gc=False):
    value: Number = None
    values: dict[str, Number] | None = None
    at: When = None
    seq: int = UNTOLD
    unit: str = ""


_TOLD = msgspec.json.Decoder(_Told)
_ALONE = msgspec.json.Decoder(float | bool | str)
_OBJECT, _END, _VALUES = b"{", b"}", b'"values"'
_TOLDS = msgspec.json.Decoder(list[_Told])
Message = tuple[bytes | str, bytes]  # topic, payload
KNOWN = 200_000  # topics whose device and property are remembered


def said(messages: Iterable[Message]) -> list[Said]:
    """Return what (topic, payload) messages say: single readings as one, the others each."""
    told = list(messages)
    plain = _plain(told)
    if plain is not None:
        return [plain]
    one, several = _Rows(), []
    for name, payload in told:
        topic = name if isinstance(name, str) else name.decode("utf-8", "replace")
        parts = topic.rsplit("/", 2)
        if parts[-1] == "readings":
            several.append(from_json(payload))
        elif len(parts) < 2 or not parts[-2]:
            one.lose(f"topic {topic!r} names no device and property; see the paper on doors")
        else:
            try:
                one.add(parts[-2], parts[-1], payload)
            except WRONG as wrong:
                one.lose(f"{topic}: {wrong}")
    return [one.whole(), *several] if one.received or not several else several


def _plain(told: list[Message]) -> Said | None:
    """Read objects of one value each in one go; None if one of them is something else.

    Every payload begins with the only opening brace that it has and ends with the only closing
    one: so as many objects as payloads come out only if each payload is one.
    """
    text = b",".join([payload for _, payload in told])
    count = len(told)
    one_each = text.count(b"{") == count == text.count(b"}") and _VALUES not in text
    if not one_each or not all(p[:1] == _OBJECT and p[-1:] == _END for _, p in told):
        return None
    try:
        names = [_named(topic) for topic, _ in told]
        found = _TOLDS.decode(b"[%s]" % text)
    except WRONG:
        return None
    if len(found) != count or None in names:
        return None
    device, prop = zip(*cast("list[tuple[str, str]]", names), strict=True)
    return _columns(list(device), list(prop), found, [it.value for it in found])


@lru_cache(maxsize=KNOWN)
def _named(topic: bytes | str) -> tuple[str, str] | None:
    """Return device and property of a topic; None if it has another meaning, or none."""
    parts = (topic if isinstance(topic, str) else topic.decode()).rsplit("/", 2)
    if parts[-1] == "readings" or len(parts) < 2 or not parts[-2]:
        return None
    return parts[-2], parts[-1]


def _columns(
    device: list[str], prop: list[str], told: Sequence[_Told], value: list[Number]
) -> Said:
    units = [t.unit for t in told]
    seqs = [t.seq for t in told]
    found, words = valued(value)
    return Said(
        device=device,
        prop=prop,
        at=times([t.at for t in told]) if told else np.zeros(0, np.int64),
        value=found,
        words=words,
        seq=whole(seqs) if any(seq != UNTOLD for seq in seqs) else None,
        unit=units if any(units) else None,
    )


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
        told = _Told(value=_ALONE.decode(payload)) if plain else _TOLD.decode(payload)
        for name, value in (told.values or {prop: told.value}).items():
            self.device.append(device)
            self.prop.append(name)
            self.value.append(value)
            self.told.append(told)

    def whole(self) -> Said:
        found = _columns(self.device, self.prop, self.told, self.value)
        return replace(found, lost=self.lost, wrongs=self.wrongs)
