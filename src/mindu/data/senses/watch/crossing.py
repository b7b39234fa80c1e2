"""Crossing: which fences a device is in by its places, and what that changes.

A place is a reading of `lon` and one of `lat` of the same device at the same time, in degrees, both
good. Fences are found by a grid over their bounds, so a place costs what is near it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mindu.data.arrays import Floats, Ints
from mindu.data.senses.beside.fences import Crossed, Did, Fence, Fences, Stay
from mindu.data.senses.frame import Frame
from mindu.data.senses.memory.places import within
from mindu.data.senses.memory.reads import Held, window
from mindu.data.senses.now import NEVER, Now
from mindu.data.senses.registry import Registry
from mindu.perceive.declare import Device
from mindu.perceive.quality import Quality

CELL = 0.01  # degrees
WIDE = 4096  # cells beyond which a fence is held against every place
GOOD = ~np.uint8(Quality.GAP)  # all other doubts, and what comes late, move nobody


class Who(NamedTuple):
    """Whose places are held against fences, by number: ids, kinds and groups."""

    id: Callable[[int], str]
    kind: Callable[[int], str]
    group: Callable[[int], str]


class Places(NamedTuple):
    """Where devices (by number, as of the register) were, oldest first. `at`: epoch ms."""

    device: Ints
    at: Ints
    lon: Floats
    lat: Floats


class Grid:
    """The fences that may hold a place, by where it is."""

    def __init__(self, fences: Mapping[str, Fence]) -> None:
        """Lay the bounds of fences over a grid."""
        self._near: dict[tuple[int, int], list[str]] = {}
        self._wide: list[str] = []
        for name, fence in fences.items():
            corners = np.array(fence.rings[0], float)
            (x0, y0), (x1, y1) = (np.floor(it / CELL).astype(int).tolist()
                                  for it in (corners.min(axis=0), corners.max(axis=0)))  # fmt: skip
            if (x1 - x0 + 1) * (y1 - y0 + 1) > WIDE:
                self._wide.append(name)
                continue
            for x in range(x0, x1 + 1):
                for y in range(y0, y1 + 1):
                    self._near.setdefault((x, y), []).append(name)

    def of(self, lon: Floats, lat: Floats) -> Iterator[tuple[str, Ints]]:
        """Yield each fence that may hold some of these places, and which."""
        cells = np.stack([np.floor(lon / CELL), np.floor(lat / CELL)], axis=1).astype(np.int64)
        found: dict[str, list[Ints]] = {}
        order = np.lexsort((cells[:, 1], cells[:, 0]))
        cells = cells[order]
        starts = np.flatnonzero(np.append(True, (cells[1:] != cells[:-1]).any(axis=1))[: len(lon)])
        for cell, rows in zip(cells[starts].tolist(), np.split(order, starts[1:]), strict=True):
            for name in self._near.get((cell[0], cell[1]), ()):
                found.setdefault(name, []).append(rows)
        yield from ((name, np.concatenate(rows)) for name, rows in found.items())
        yield from ((name, np.arange(len(lon))) for name in self._wide)


def places(registry: Registry, frame: Frame) -> Places | None:
    """Return the places in a frame, None where it has none."""
    props = [registry.props.get(name, -1) for name in ("lon", "lat")]
    if min(props) < 0:
        return None
    prop = registry.series["prop"][frame.series]
    rows = np.flatnonzero(((prop == props[0]) | (prop == props[1])) & ((frame.quality & GOOD) == 0))
    if not len(rows):
        return None
    device = registry.series["device"][frame.series[rows]].astype(np.int64)
    return _paired(device, frame.at[rows], prop[rows] == props[1], frame.value[rows])


def standing(registry: Registry, now: Now) -> Places | None:
    """Return the newest place of every device that told one."""
    props = [registry.props.get(name, -1) for name in ("lon", "lat")]
    count = min(len(now.columns), len(registry.series))
    prop = registry.series["prop"][:count]
    fit = ((prop == props[0]) | (prop == props[1])) & (now.columns["at"][:count] > NEVER)
    rows = np.flatnonzero(fit & ((now.columns["quality"][:count] & GOOD) == 0))
    if min(props) < 0 or not len(rows):
        return None
    at, value = now.columns["at"][rows], now.columns["value"][rows]
    device = registry.series["device"][rows].astype(np.int64)
    return _paired(device, at, prop[rows] == props[1], value)


def _paired(device: Ints, at: Ints, lat: "np.typing.NDArray[np.bool_]", value: Floats) -> Places:
    order = np.lexsort((lat, at, device))
    device, at, lat, value = device[order], at[order], lat[order], value[order]
    pair = (device[1:] == device[:-1]) & (at[1:] == at[:-1]) & (lat[1:] & ~lat[:-1])
    first = np.flatnonzero(pair)
    found = Places(device[first], at[first], value[first], value[first + 1])
    order = np.argsort(found.at, kind="stable")
    return Places(found.device[order], found.at[order], found.lon[order], found.lat[order])


def registered(registry: Registry) -> Who:
    """Return who devices are by their rows of the register."""
    kinds, groups, rows = list(registry.kinds), list(registry.groups), registry.devices
    return Who(lambda n: registry.ids[n], lambda n: kinds[rows["kind"][n]],
               lambda n: groups[rows["group"][n]])  # fmt: skip


def enrolled(devices: Sequence[Device]) -> Who:
    """Return who devices are by their place in a list."""
    return Who(lambda n: devices[n].id, lambda n: devices[n].kind, lambda n: devices[n].group)


def stood(devices: Sequence[Device], at: int) -> Places:
    """Return where devices stand from `at` (epoch ms) on, those that have a place."""
    here = [n for n, it in enumerate(devices) if it.lon is not None and it.lat is not None]
    lon = np.array([devices[n].lon for n in here], float)
    lat = np.array([devices[n].lat for n in here], float)
    return Places(np.array(here, np.int64), np.full(len(here), at, np.int64), lon, lat)


def crossings(fences: Fences, grid: Grid, who: Who, told: Places) -> list[Crossed]:
    """Return who entered, left or dwelt by these places, in their order."""
    inside: dict[int, set[str]] = {}
    for name, rows in grid.of(told.lon, told.lat):
        fence = fences.fences[name]
        for row in rows[within(fence.rings, told.lon[rows], told.lat[rows])].tolist():
            if _meant(fence, who, int(told.device[row])):
                inside.setdefault(row, set()).add(name)
    held: dict[str, dict[str, Stay]] = {}
    found: list[Crossed] = []
    for row, number in enumerate(told.device.tolist()):
        device = who.id(number)
        if row not in inside and device not in fences.of and device not in held:
            continue
        mine = held.get(device)
        if mine is None:
            mine = {n: fences.inside[n][device] for n in fences.of.get(device, ())}
            mine = held[device] = {n: Stay(s.since, s.dwelt) for n, s in mine.items()}
        at = int(told.at[row])
        for name, did in _moved(fences, mine, inside.get(row, set()), at):
            number_ = fences.last + len(found) + 1
            place = float(told.lon[row]), float(told.lat[row])
            found.append(Crossed(number_, name, device, did, at, *place))
    return found


def _moved(
    fences: Fences, mine: dict[str, Stay], here: set[str], at: int
) -> Iterator[tuple[str, Did]]:
    """Yield what one place of a device changes about its stays; they are changed with it."""
    for name in sorted(mine.keys() - here):
        del mine[name]
        yield name, Did.LEFT
    for name in sorted(here):
        stay = mine.get(name)
        if stay is None:
            stay = mine[name] = Stay(at)
            yield name, Did.ENTERED
        dwell = fences.fences[name].dwell
        if dwell and not stay.dwelt and at - stay.since >= dwell * 1000:
            stay.dwelt = True
            yield name, Did.DWELT


def _meant(fence: Fence, who: Who, number: int) -> bool:
    if fence.kind and who.kind(number) != fence.kind:
        return False
    return not fence.group or who.group(number) == fence.group


def past(
    held: Held, device: str, rings: Sequence[Sequence[tuple[float, float]]], span: tuple[int, int],
    *, dwell: float = 0.0,
) -> list[Crossed]:  # fmt: skip
    """Return how a device crossed an area in a span (epoch ms), late readings counted.

    Raises:
        KeyError: there is no such device, or it tells no places.
    """
    series = [held.registry.one(device, name) for name in ("lon", "lat")]
    if min(series) < 0:
        raise KeyError(f"no device {device!r} tells `lon` and `lat`")
    lon, lat = (window(held, it, *span) for it in series)
    lon, lat = (rows.take((rows.quality & GOOD & ~np.uint8(Quality.LATE)) == 0)
                for rows in (lon, lat))  # fmt: skip
    at, first, second = np.intersect1d(lon.at, lat.at, return_indices=True)
    x, y = lon.value[first], lat.value[second]
    area = Fences()
    area.fences["area"] = Fence("area", [list(ring) for ring in rings], "", 0, dwell)
    inside = within(rings, x, y) if len(at) else np.zeros(0, bool)
    mine: dict[str, Stay] = {}
    found: list[Crossed] = []
    for row in range(len(at)):
        here = {"area"} if inside[row] else set[str]()
        for _, did in _moved(area, mine, here, int(at[row])):
            place = float(x[row]), float(y[row])
            found.append(Crossed(len(found) + 1, "", device, did, int(at[row]), *place))
    return found
