"""The town as entities: what was told of a device, what it reads, and where it stands, in one."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, unquote

import numpy as np

from mindu.data.arrays import Ints, Truths
from mindu.data.senses.beside.entities import Instance, Numbers
from mindu.data.senses.beside.words import told_as
from mindu.data.senses.now import NEVER
from mindu.data.senses.registry import NOWHERE
from mindu.data.senses.senses import Senses
from mindu.edge.ngsild.model.facts import moment
from mindu.edge.ngsild.model.show import View, text
from mindu.edge.ngsild.model.terms import DEFAULT, NGSI
from mindu.perceive.declare import STAGES, Stage

URN = "urn:ngsi-ld:"
LOCATION = NGSI + "location"
_RETIRED = STAGES.index(Stage.RETIRED)


def iri(prop: str) -> str:
    """Return the address of a property's or kind's name."""
    return prop if ":" in prop else DEFAULT + prop


def name(iri: str) -> str:
    """Return the name that the register has for an address."""
    return iri.removeprefix(DEFAULT)


def whole(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a number as it is told: whole numbers without a point; what is none as it is."""
    if not isinstance(value, float):
        return value
    return int(value) if abs(value) < 1 << 53 and value == int(value) else float(value)


def when(it: Instance) -> float:
    """Return since when an instance is so, epoch ms."""
    return moment(it.observed, "observedAt") if it.observed else float(it.changed)


class Town:
    """Reads entities of one store."""

    def __init__(self, senses: Senses) -> None:
        """Look at this store."""
        self.senses, self.registry, self.entities = senses, senses.registry, senses.entities
        self._rows: dict[str, Ints] = {}  # attribute -> device of each place of its column

    # -- names -----------------------------------------------------------------------------

    def key(self, tenant: str, id_: str) -> str:
        """Return the key of an entity: its device in the register."""
        if tenant:
            return f"{tenant}::{id_}"
        if id_ in self.registry.numbers or id_ in self.entities.kept:
            return id_
        kind, mark, device = id_.removeprefix(URN).partition(":")
        if id_.startswith(URN) and mark:
            row = self.registry.numbers.get(unquote(device), -1)
            if row >= 0 and self.registry.devices["kind"][row] == self._kind(unquote(kind)):
                return unquote(device)
        return id_

    def _kind(self, kind: str) -> int:
        return self.registry.number(kind) if kind in self.registry.kinds else -1

    def id(self, row: int) -> str:
        """Return the id of a device as an entity."""
        device = self.registry.ids[row]
        if ":" in device:
            return device
        kind = list(self.registry.kinds)[self.registry.devices["kind"][row]]
        return f"{URN}{quote(kind, safe='')}:{quote(device, safe='')}"

    # -- reading ---------------------------------------------------------------------------

    def view(self, key: str, tenant: str) -> View | None:
        """Return an entity as it stands; None where there is none."""
        kept, row = self.entities.kept.get(key), self.registry.numbers.get(key, -1)
        if kept is not None:
            if kept.tenant != tenant:
                return None
            attrs = self._read(kept.attrs, key, kept.made) if row >= 0 else kept.attrs
            return View(key, kept.id, kept.types, kept.scope, kept.made, kept.changed, attrs)
        if row < 0 or tenant or "::" in key or self.registry.devices["stage"][row] == _RETIRED:
            return None
        return self._device(key, row)

    def _read(self, told: dict[str, list[Instance]], key: str, made: int) -> dict[str, Any]:
        """Return attributes with what was read since they were told."""
        now, attrs = self.senses.now.columns, told
        for series in self.registry.of(key):
            if series >= len(now) or (at := int(now["at"][series])) == NEVER:
                continue
            prop = self.registry.prop(series)
            attr = iri(prop.name)
            held = attrs.get(attr, [])
            first = next((it for it in held if not it.dataset), None)
            if first is not None and (first.kind != "Property" or self._told(series, at, first)):
                continue
            more = first.more if first else {"unitCode": prop.unit} if prop.unit != "1" else None
            value = whole(told_as(self.senses, series, float(now["value"][series])))
            arrived = int(now["arrived"][series]) * 1000
            begun = first.made if first else made or arrived
            new = Instance("Property", value, text(at), "", begun, arrived, more)
            attrs = {**attrs} if attrs is told else attrs
            attrs[attr] = [new, *(it for it in held if it.dataset)]
        return attrs

    def _told(self, series: int, at: int, first: Instance) -> bool:
        """Say whether what was told is as new as what was read, and was not corrected since."""
        told = when(first)
        return at <= told and round(told) not in self.senses.amended.told.get(series, {})

    def _device(self, key: str, row: int) -> View:
        """Return a device of which only the register and the series know."""
        device = self.registry.device(key)
        attrs: dict[str, list[Instance]] = {
            iri(fact.replace(" ", "_")): [Instance("Property", value)]
            for fact, value in device.facts.items()
        }
        if device.lon is not None:
            place = {"type": "Point", "coordinates": [device.lon, device.lat]}
            attrs[LOCATION] = [Instance("GeoProperty", place)]
        attrs = self._read(attrs, key, 0)
        changed = max((it.changed for many in attrs.values() for it in many), default=0)
        scope = ["/" + device.group.strip("/")] if device.group.strip("/") else []
        return View(key, self.id(row), [iri(device.kind)], scope, 0, changed, attrs)

    def keys(self, tenant: str, types: list[str] | None) -> Iterator[str]:
        """Yield the key of every entity of a tenant, of any of these types if some are named."""
        kept = self.entities.kept
        if types is None:
            yield from (key for key, it in list(kept.items()) if it.tenant == tenant)
        else:
            named = (key for t in types for key in list(self.entities.types.get(t, ())))
            yield from (key for key in named if key in kept and kept[key].tenant == tenant)
        if not tenant:
            yield from self._devices(types)

    def _devices(self, types: list[str] | None) -> Iterator[str]:
        chosen = self.registry.devices["stage"] != _RETIRED
        if types is not None:
            kinds = [self._kind(name(t)) for t in types]
            chosen &= np.isin(self.registry.devices["kind"], kinds)
        ids, kept = self.registry.ids, self.entities.kept
        for row in np.flatnonzero(chosen).tolist():
            if ids[row] not in kept and "::" not in ids[row]:
                yield ids[row]

    def matching(self, attr: str, test: Callable[[Any], Any]) -> Truths:
        """Say of every device whether its plain number of an attribute may pass."""
        found = np.zeros(len(self.registry), bool)
        told, prop = self.entities.numbers.get(attr), self.registry.props.get(name(attr), -1)
        with np.errstate(invalid="ignore"):
            if told is not None:
                rows = self._rows_of(attr, told)
                found[rows[test(told.values[: len(rows)])]] = True
            series, now = self.registry.series, self.senses.now.columns
            mine = np.flatnonzero(series["prop"][: len(now)] == prop)
            good = mine[test(now["value"][mine]) & (now["at"][mine] > NEVER)]
        found[series["device"][good]] = True
        return found

    def _rows_of(self, attr: str, told: Numbers) -> Ints:
        """Return the devices of a column, looking up only those that are new."""
        rows = self._rows.get(attr, np.zeros(0, np.int64))
        if len(rows) < len(told.keys):
            new = [self.registry.numbers.get(key, -1) for key in told.keys[len(rows) :]]
            known = next((i for i, row in enumerate(new) if row < 0), len(new))
            rows = self._rows[attr] = np.concatenate([rows, np.array(new[:known], np.int64)])
        return rows

    def near(self, low: tuple[float, float], high: tuple[float, float]) -> Truths:
        """Say of every device whether it may stand inside a box of (lon, lat)."""
        lons, lats = self.registry.places()
        with np.errstate(invalid="ignore"):
            inside: Truths = (lons >= low[0]) & (lats >= low[1])
            inside &= (lons <= high[0]) & (lats <= high[1])
        nowhere: Truths = self.registry.devices["lon"] == NOWHERE
        return inside | nowhere

    def named(self, key: str) -> str:
        """Return the id of the entity of a key."""
        kept = self.entities.kept.get(key)
        return kept.id if kept is not None else self.id(self.registry.numbers[key])
