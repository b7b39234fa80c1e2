"""A change in the making: what is told, what of it is a reading, and what the register needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from mindu.data.senses import deeds
from mindu.data.senses.beside import entities
from mindu.data.senses.beside.entities import Gone, Instance, Kept, Put, Said
from mindu.data.senses.beside.folds import ENTITIES
from mindu.data.senses.beside.words import LONGEST as LONGEST_WORD
from mindu.data.senses.beside.words import plain as encoded
from mindu.data.senses.deeds import MOST_PROPS
from mindu.data.senses.journal import DEED
from mindu.data.senses.now import AHEAD
from mindu.data.senses.sift import OLDEST
from mindu.edge.group import Frames
from mindu.edge.ngsild.model.problems import bad
from mindu.edge.ngsild.model.show import View
from mindu.edge.ngsild.model.town import LOCATION, Town, name, when
from mindu.perceive.declare import Device, Form, Model, Prop, Stage
from mindu.perceive.said import Said as Readings
from mindu.perceive.wire.rows import valued

KIND = "entity"  # of things whose type is no name that a kind may have
LONGEST = 200  # characters of the name of a property


@dataclass(slots=True)
class Draft:
    """One change. `rows`: (device, property, epoch ms, number or word)."""

    town: Town
    now: int
    told: list[entities.Told] = field(default_factory=list)
    done: list[deeds.AnyDeed] = field(default_factory=list)
    rows: list[tuple[str, str, int, Any]] = field(default_factory=list)

    def frames(self) -> Frames:
        """Return the frames that make it durable."""
        found: Frames = [(DEED, deeds.encode(self.done))] if self.done else []
        return [*found, *([(ENTITIES, entities.encode(self.told))] if self.told else [])]

    def readings(self) -> Readings | None:
        """Return what the change says as readings."""
        if not self.rows:
            return None
        device, prop, at, told = zip(*self.rows, strict=True)
        value, words = valued(told)
        return Readings(
            device=device, prop=prop, at=np.array(at, np.int64), value=value, words=words,
        )  # fmt: skip

    # -- what is told ----------------------------------------------------------------------

    def new(self, key: str, tenant: str, told: Kept) -> None:
        """Let a thing come to be, with the device that its readings are of."""
        self.told.append(Put(key, told.id, tenant, told.types, told.scope, self.now))
        numbers = [self._prop(attr, it) for attr, many in told.attrs.items() for it in many
                   if _plain(it) and not it.dataset]  # fmt: skip
        kind = self._kind(name(told.types[0])[:LONGEST], numbers)
        row = self.town.registry.numbers.get(key)
        if row is not None and self.town.registry.device(key).kind != kind:
            raise bad(f"{told.id} was of another type before: take another id")
        group = tenant or (told.scope[0].strip("/") if told.scope else "")
        place = told.attrs.get(LOCATION, [])
        lon, lat = _point(place)
        self.done.append(deeds.Enrolled([
            Device(id=key, kind=kind, lon=lon, lat=lat, group=group, stage=Stage.ACTIVE)
        ], self.now))  # fmt: skip
        for attr, many in told.attrs.items():
            self.say(key, attr, many, many)

    def _kind(self, kind: str, props: Sequence[Prop]) -> str:
        senses = self.town.senses
        if kind not in senses.registry.kinds:
            try:
                senses.declare(Model(name=kind, props=tuple({p.name: p for p in props}.values())))
            except ValueError as wrong:
                raise bad(str(wrong)) from wrong
        return kind

    def lasting(self, key: str, view: View) -> None:
        """Let a device that only the register knew be told of from now on."""
        if key in self.town.entities.kept:
            return
        self.told.append(Put(key, view.id, "", view.types, view.scope, self.now))
        for attr, many in view.attrs.items():
            if name(attr) not in self.town.registry.props:
                self.told.append(Said(key, attr, self.now, list(many)))

    def say(self, key: str, attr: str, whole: list[Instance], fresh: Sequence[Instance]) -> None:
        """Say what an attribute is from now on; of it, `fresh` is new."""
        aside = [it for it in fresh if not self._read(key, attr, it)]
        self.told.append(Said(key, attr, self.now, whole, aside))
        moved = attr == LOCATION and key in self.town.registry.numbers
        if moved and not any(isinstance(it, deeds.Enrolled) for it in self.done):
            lon, lat = _point(whole)
            device = self.town.registry.device(key)
            there = msgspec.structs.replace(device, lon=lon, lat=lat)
            self.done.append(deeds.Enrolled([there], self.now))

    def _read(self, key: str, attr: str, it: Instance) -> bool:
        """Take an instance in as a reading; say whether the series can hold it."""
        if not (_plain(it) or self._worded(key, attr, it)) or it.dataset or self._is_full(attr):
            return False
        at = round(when(it))
        if not self.now - OLDEST < at <= self.now + AHEAD:
            return False
        prop, held = self._prop(attr, it), self.town.registry.one(key, name(attr))
        if held >= 0 and _plain(it) and self.town.registry.prop(held).form is Form.WORDS:
            raise bad(f"not a word: {attr} tells texts, not {it.value}")
        if held >= 0 and "unitCode" in (it.more or {}) and not self._same_unit(held, prop):
            return False
        if held < 0:
            self.done.append(deeds.Attached(key, prop))
        self.rows.append((key, prop.name, at, float(it.value) if _plain(it) else it.value))
        return True

    def _worded(self, key: str, attr: str, it: Instance) -> bool:
        """Say whether there is a series that holds such a word or truth."""
        held = self.town.registry.one(key, name(attr))
        if held < 0 or it.kind != "Property" or not isinstance(it.value, str | bool):
            return False
        if len(encoded(it.value)) > LONGEST_WORD:
            return False
        form = self.town.registry.prop(held).form
        truth = isinstance(it.value, bool)
        return form is Form.ANY or form is (Form.TRUTH if truth else Form.WORDS)

    def _is_full(self, attr: str) -> bool:
        props = self.town.registry.props
        return len(name(attr)) > LONGEST or (name(attr) not in props and len(props) >= MOST_PROPS)

    def _same_unit(self, series: int, prop: Prop) -> bool:
        return self.town.registry.prop(series).unit == prop.unit

    @staticmethod
    def _prop(attr: str, it: Instance) -> Prop:
        return Prop(name=name(attr)[:LONGEST], unit=str((it.more or {}).get("unitCode", "1")))

    def gone(self, key: str, view: View, tenant: str) -> None:
        """Let a thing be no more; what was read of it stays in the tables."""
        self.told.append(Gone(key, view.id, tenant, view.types))
        if key in self.town.registry.numbers:
            self.done.append(deeds.Staged([key], Stage.RETIRED, self.now))


def _plain(it: Instance) -> bool:
    number = isinstance(it.value, int | float) and not isinstance(it.value, bool)
    return it.kind == "Property" and number and abs(it.value) < 1e300


def _point(many: Sequence[Instance]) -> tuple[float | None, float | None]:
    first = next((it for it in many if not it.dataset), None)
    if first is None or first.kind != "GeoProperty" or first.value["type"] != "Point":
        return None, None
    lon, lat = first.value["coordinates"][:2]
    return float(lon), float(lat)


def put(old: Sequence[Instance], new: Instance) -> list[Instance]:
    """Return instances with one more, or one of its data set replaced; that keeps its beginning."""
    before = next((it for it in old if it.dataset == new.dataset), None)
    if before is None:
        return [*old, new]
    new = msgspec.structs.replace(new, made=before.made or new.made)
    return [new if it.dataset == new.dataset else it for it in old]


def merged(old: Instance, new: Instance) -> Instance:
    """Return an instance with what another tells of it laid over."""
    more = {**(old.more or {}), **(new.more or {})} or None
    if more is not None:
        more = {k: v for k, v in more.items() if not _is_null(v)} or None
    value = new.value
    if isinstance(old.value, Mapping) and isinstance(value, Mapping) and new.kind in DEEP:
        value = {k: v for k, v in {**old.value, **value}.items() if v != "urn:ngsi-ld:null"}
    return msgspec.structs.replace(
        new, value=value, more=more, made=old.made, observed=new.observed or old.observed
    )


DEEP = {"Property", "LanguageProperty", "JsonProperty"}


def _is_null(told: object) -> bool:
    if isinstance(told, Mapping):
        return any(told.get(key) == "urn:ngsi-ld:null" for key in ("value", "object", "json"))
    return told == "urn:ngsi-ld:null"
