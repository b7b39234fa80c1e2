"""The register of devices: kinds, devices, groups and series, in columns of a few bytes a device.

A series is one property of one device. The series of a device stand side by side, in the order of
its kind, so that a reading finds its series by two look-ups and one addition. A property that a
door adds to one device later stands apart.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mindu.data.arrays import Floats, Ints
from mindu.data.senses.columns import Columns, Facts, Held, move
from mindu.data.senses.directory import Directory
from mindu.perceive.declare import STAGES, Device, Form, Model, Prop, Stage
from mindu.perceive.quality import Limits

DEGREE = 1e-7  # a place is kept to 1 cm
NOWHERE = -(1 << 31)
EXACT = -1  # decimals of a series whose values are kept as floats
_DEVICES = {
    "kind": ("i2", 0), "first": ("i4", 0), "group": ("i4", 0), "moved": ("u1", 0),
    "lon": ("i4", NOWHERE), "lat": ("i4", NOWHERE), "zero": ("f4", 0.0), "stage": ("u1", 0),
    "epoch": ("u1", 0), "since": ("u4", 0),
}  # fmt: skip
_SERIES = {"device": ("i4", 0), "prop": ("i2", 0), "decl": ("i4", 0)}
MOST_KINDS = 30_000
MOST_APART = 1 << 24


class Registry:
    """Every kind, device, group and series that is known."""

    def __init__(self) -> None:
        """Start empty."""
        self.kinds: dict[str, Model] = {}
        self.props: dict[str, int] = {}
        self.decls: list[Prop] = []
        self.groups: dict[str, int] = {"": 0}
        self.ids: list[str] = []
        self.numbers: dict[str, int] = {}
        self.directory = Directory(self.numbers)
        self.properties = Directory(self.props)
        self.devices = Columns(_DEVICES)
        self.series = Columns(_SERIES)
        self.limits = Limits()
        self.texts: NDArray[np.bool_] = np.zeros(0, bool)  # declaration -> it tells words only
        self.facts = Facts()
        self.apart: dict[tuple[int, int], int] = {}  # (device, prop) -> series
        self._beside_of: dict[int, list[int]] = {}
        self._first: list[list[int]] = []  # kind -> declarations, in order
        self.slots: NDArray[np.int32] = np.zeros((0, 0), np.int32)  # kind, prop -> place, or -1

    def __len__(self) -> int:
        """Count the devices."""
        return len(self.ids)

    def declare(self, model: Model) -> None:
        """Take in a kind. Of a kind that stands, only bounds and cadence may change.

        Raises:
            ValueError: its properties, their units or decimals changed: use another name.
        """
        held = self.kinds.get(model.name)
        if held is not None:
            self._again(held, model)
            return
        if len(self.kinds) >= MOST_KINDS:
            raise ValueError(f"there are {MOST_KINDS} kinds already; name fewer, or split the city")
        self.kinds[model.name] = model
        self._first.append([self._decl(prop) for prop in model.props])
        self._reslot()

    def _again(self, held: Model, model: Model) -> None:
        shape = [(p.name, p.unit, p.decimals, p.datum, p.form) for p in model.props]
        if shape != [(p.name, p.unit, p.decimals, p.datum, p.form) for p in held.props]:
            raise ValueError(
                f"{model.name} stands with other properties, units, decimals or forms; "
                "give the changed kind another name"
            )
        self.kinds[model.name] = model
        for number, prop in zip(self._first[self.number(model.name)], model.props, strict=True):
            self.decls[number] = prop
        self.limits = Limits()
        self.limits.add([prop.bounds for prop in self.decls])

    def _decl(self, prop: Prop) -> int:
        self.props.setdefault(prop.name, len(self.props))
        self.decls.append(prop)
        self.texts = np.append(self.texts, prop.form is Form.WORDS)
        self.limits.add([prop.bounds])
        return len(self.decls) - 1

    def _reslot(self) -> None:
        slots = np.full((len(self.kinds), len(self.props) + 1), -1, np.int32)
        for row, decls in enumerate(self._first):
            for place, decl in enumerate(decls):
                slots[row, self.props[self.decls[decl].name]] = place
        self.slots = slots

    def number(self, kind: str) -> int:
        """Return the number of a kind.

        Raises:
            KeyError: it was never declared.
        """
        if kind not in self.kinds:
            raise KeyError(f"no kind is called {kind!r}; declare it first")
        return list(self.kinds).index(kind)

    # -- devices ---------------------------------------------------------------------------

    def enrol(self, devices: Sequence[Device], *, now: int = 0) -> int:
        """Take in devices, new or changed, told at `now` (epoch ms); return how many are new.

        Raises:
            ValueError: a kind is unknown, or a device would change its kind; none is taken in.
        """
        numbers = self.check(devices)
        new = list({d.id: d for d in devices if d.id not in self.numbers}.values())
        self._room(new, np.array([numbers[d.kind] for d in new], np.int64))
        self._write(devices, now)
        return len(new)

    def check(self, devices: Sequence[Device]) -> dict[str, int]:
        """Return the number of every kind, if these devices can be taken in.

        Raises:
            ValueError: a kind is unknown, or a device would change its kind.
        """
        numbers = {name: i for i, name in enumerate(self.kinds)}
        for it in devices:
            kind, held = numbers.get(it.kind, -1), self.numbers.get(it.id, -1)
            if kind < 0:
                raise ValueError(f"{it.id}: no kind is called {it.kind!r}; declare it first")
            if held >= 0 and self.devices["kind"][held] != kind:
                raise ValueError(f"{it.id} is of another kind; retire it and use another id")
        return numbers

    def _room(self, new: Sequence[Device], kinds: Ints) -> None:
        """Give new devices their rows and series."""
        start, names = len(self.ids), [d.id for d in new]
        self.ids.extend(names)
        self.numbers.update(zip(names, range(start, start + len(names)), strict=True))
        sizes = np.array([len(decls) for decls in self._first], np.int64)[kinds]
        first = len(self.series) + np.cumsum(sizes) - sizes
        where = self.devices.add(len(new))
        self.devices["kind"][where], self.devices["first"][where] = kinds, first
        rows = self.series.add(int(sizes.sum()))
        self.series["device"][rows] = np.repeat(np.arange(start, start + len(new)), sizes)
        for kind in np.unique(kinds).tolist():
            of, decls = first[kinds == kind], self._first[kind]
            for place, decl in enumerate(decls):
                self.series["decl"][of + place] = decl
                self.series["prop"][of + place] = self.props[self.decls[decl].name]

    def _write(self, devices: Sequence[Device], now: int) -> None:
        at = np.array([self.numbers[d.id] for d in devices], np.int64)
        groups = [self.groups.setdefault(d.group, len(self.groups)) for d in devices]
        columns = self.devices  # one that changed its group in service has `moved`
        columns["moved"][at] |= (columns["group"][at] != groups) & (columns["stage"][at] != 0)
        columns["group"][at] = groups
        columns["zero"][at] = [d.zero for d in devices]
        move(columns, at, [STAGES.index(d.stage) for d in devices], now)
        for name in _PLACE:
            told = [getattr(d, name) for d in devices]
            columns[name][at] = [NOWHERE if v is None else round(v / DEGREE) for v in told]
        for row, device in zip(at.tolist(), devices, strict=True):
            self.facts.put(row, device.facts)

    def device(self, name: str) -> Device:
        """Return what is known of a device.

        Raises:
            KeyError: there is none of that id.
        """
        row = self.numbers.get(name)
        if row is None:
            raise KeyError(f"no device is called {name!r}")
        col = self.devices
        place = [None if col[n][row] == NOWHERE else float(col[n][row]) * DEGREE for n in _PLACE]
        return Device(
            id=name,
            kind=list(self.kinds)[col["kind"][row]],
            lon=None if place[0] is None else round(place[0], 7),
            lat=None if place[1] is None else round(place[1], 7),
            group=list(self.groups)[col["group"][row]],
            zero=float(col["zero"][row]),
            stage=STAGES[col["stage"][row]],
            facts=self.facts.of(row),
        )

    def stage(self, rows: Ints, stage: Stage, *, now: int = 0) -> None:
        """Move devices to a stage of their life, at `now` (epoch ms)."""
        move(self.devices, rows, [STAGES.index(stage)] * len(rows), now)

    def places(self) -> tuple[Floats, Floats]:
        """Return (longitudes, latitudes) of every device, NaN where it is nowhere."""
        found = [self.devices[name].astype(float) for name in _PLACE]
        for column in found:
            column[column == NOWHERE] = np.nan
        return found[0] * DEGREE, found[1] * DEGREE

    # -- series ----------------------------------------------------------------------------

    def find(self, device: Ints, prop: Ints) -> Ints:
        """Return the series of each (device, property), -1 where there is none."""
        found = np.full(len(device), -1, np.int64)
        known = (device >= 0) & (prop >= 0)
        if not self.slots.size or not known.any():
            return self._beside(found, device, prop)
        rows, cols = device[known], prop[known]
        slot = self.slots[self.devices["kind"][rows], np.minimum(cols, self.slots.shape[1] - 1)]
        found[known] = np.where(slot >= 0, self.devices["first"][rows].astype(np.int64) + slot, -1)
        return self._beside(found, device, prop)

    def _beside(self, found: Ints, device: Ints, prop: Ints) -> Ints:
        """Look among the properties that were added to single devices."""
        if self.apart:
            for i in np.flatnonzero(found < 0).tolist():
                found[i] = self.apart.get((int(device[i]), int(prop[i])), -1)
        return found

    def one(self, device: str, prop: str) -> int:
        """Return the series of that property of that device, -1 if there is none."""
        place = np.array([[self.numbers.get(device, -1)], [self.props.get(prop, -1)]])
        return int(self.find(*place)[0])

    def attach(self, device: str, prop: Prop) -> int:
        """Give one device one more property; return its series.

        Raises:
            KeyError: there is no such device.
            ValueError: too many properties stand apart from their kinds.
        """
        found = self.one(device, prop.name)
        if found >= 0:
            return found
        if len(self.apart) >= MOST_APART:
            raise ValueError("too many properties stand apart from their kinds; declare kinds")
        row = self.numbers[device]
        decl = self.decls.index(prop) if prop in self.decls else self._decl(prop)
        where = self.series.add(1)
        self.series["device"][where], self.series["decl"][where] = row, decl
        self.series["prop"][where] = self.props[prop.name]
        self.apart[row, self.props[prop.name]] = where.start
        self._beside_of.setdefault(row, []).append(where.start)
        return int(where.start)

    def of(self, device: str) -> list[int]:
        """Return every series of a device."""
        row = self.numbers[device]
        first, kind = int(self.devices["first"][row]), int(self.devices["kind"][row])
        return [*range(first, first + len(self._first[kind])), *self._beside_of.get(row, ())]

    def prop(self, series: int) -> Prop:
        """Return the declaration of a series."""
        return self.decls[int(self.series["decl"][series])]

    def owner(self, series: int) -> str:
        """Return the device of a series."""
        return self.ids[int(self.series["device"][series])]

    def decimals(self) -> NDArray[np.int8]:
        """Return the decimals of every declaration, `EXACT` where none are declared."""
        told = [EXACT if d.decimals is None else d.decimals for d in self.decls]
        return np.array(told or [EXACT], np.int8)

    # -- snapshots -------------------------------------------------------------------------

    def dump(self) -> Held:
        """Return the state."""
        apart = [(device, prop, series) for (device, prop), series in self.apart.items()]
        return Held(
            list(self.kinds.values()), list(self.props), self.decls, self._first, list(self.groups),
            self.ids, self.devices.dump(), self.series.dump(), apart, {}, *self.facts.dump(),
        )  # fmt: skip

    def load(self, held: Held) -> None:
        """Take up a state that `dump` gave."""
        self.__init__()  # type: ignore[misc]
        self.kinds = {model.name: model for model in held.kinds}
        self.props.update(zip(held.props, range(len(held.props)), strict=True))
        self.decls, self._first, self.ids = held.decls, held.slots, held.ids
        self.facts.load(held.told, held.of, held.facts)
        self.groups = {name: i for i, name in enumerate(held.groups)}
        self.numbers.update(zip(held.ids, range(len(held.ids)), strict=True))
        self.devices.load(held.devices)
        self.series.load(held.series)
        self.apart = {(device, prop): series for device, prop, series in held.apart}
        for (device, _), series in self.apart.items():
            self._beside_of.setdefault(device, []).append(series)
        self.limits.add([prop.bounds for prop in self.decls])
        self.texts = np.array([prop.form is Form.WORDS for prop in self.decls], bool)
        self._reslot()


_PLACE = ("lon", "lat")
