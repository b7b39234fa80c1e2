"""A city's size: a day of millions of devices on county brains, before any of it is built.

Devices report at random moments, some of them more often in a storm; a county loses its line and
what its edge nodes stored comes after; a brain takes in what its cores can, and holds the rest back
at the senders. What that comes to in rates, bytes, memory and cores is reckoned from slopes that
our own benchmark measured (`make bench ONLY=senses_slopes`, and the doors in `docs/senses.md`).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mindu.data.arrays import Floats

MINUTES = 1440
FIVE = 5  # minutes
LEVELS = 1 + 1 / 12 + 1 / 288  # rolls of three levels, for each one of five minutes


@dataclass(frozen=True, slots=True)
class Slopes:
    """What one more costs, measured on 2 shared cores of an EPYC, 2026-11-26."""

    door: float = 2.3e-6  # processor s a reading, HTTP with 100 in a request: 430 k a second
    store: float = 0.66e-6  # processor s a reading: tables and rollups
    journal: float = 16.0  # B a reading, until the tables hold it
    table: float = 3.15  # B a reading, hundredths with noise
    roll: float = 231.0  # B a roll of one property in one group
    memory: float = 220.0  # B a device of one property
    base: float = 150e6  # B of memory of a node without devices


@dataclass(frozen=True, slots=True)
class City:
    """What is to be carried. `every`: s between reports of a device in quiet times."""

    devices: int = 20_000_000
    brains: int = 13
    every: float = 300.0
    props: int = 1  # readings in a report
    groups: int = 100  # groups of a brain, each with its own rollups
    cores: float = 2.0  # that a brain may use for the senses
    storm: float = 0.2  # share of devices that report `often` times as much in a storm
    often: float = 5.0
    storm_hours: tuple[int, int] = (18, 21)
    cut_hours: tuple[int, int] = (19, 20)  # in which one county has no line
    days: int = 400  # that readings are kept

    def __post_init__(self) -> None:
        """Refuse a city that cannot be."""
        if min(self.devices, self.brains, self.props, self.groups, self.days) < 1:
            raise ValueError("devices, brains, properties, groups and days are 1 or more")
        if min(self.every, self.cores, self.often) <= 0 or not 0 <= self.storm <= 1:
            raise ValueError("seconds, cores and rates are above 0, and a share is from 0 to 1")


class Brain(NamedTuple):
    """One brain's day. Rates in readings a second, delays in minutes."""

    devices: int
    sent: int
    stored: int
    waiting: int  # at the end of the day, here and at the senders
    mean: float
    peak: float
    busy: float  # cores, mean
    delay: int  # the longest
    memory: float  # B
    disk: float  # B a day: tables and rollups
    journal: float  # B a day, let go when the tables have it


def day(city: City, slopes: Slopes, seed: int) -> list[Brain]:
    """Live one day; return what each brain came to. The first county loses its line."""
    draws = np.random.default_rng(seed)
    shares = draws.dirichlet(np.full(city.brains, 8.0))  # counties differ by half or so
    counts = np.floor(shares * city.devices).astype(int)
    counts[0] += city.devices - counts.sum()
    return [_brain(city, slopes, int(n), draws, i) for i, n in enumerate(counts.tolist())]


def _brain(
    city: City, slopes: Slopes, devices: int, draws: np.random.Generator, place: int
) -> Brain:
    offered = _offered(city, devices, draws)
    arriving = _cut(offered, city.cut_hours) if place == 0 else offered
    each = slopes.door + slopes.store
    most = city.cores / each * 60  # readings that a minute of its cores takes in
    stored, waiting, delay = 0.0, 0.0, 0
    held = np.zeros(MINUTES)
    for minute, more in enumerate(arriving.tolist()):
        waiting += more
        taken = min(waiting, most)
        waiting, stored = waiting - taken, stored + taken
        held[minute] = taken
        delay = max(delay, int(waiting // most))
    if place == 0 and city.cut_hours[1] > city.cut_hours[0]:
        delay = max(delay, (city.cut_hours[1] - city.cut_hours[0]) * 60)
    rolls = city.groups * city.props * MINUTES / FIVE * LEVELS
    return Brain(
        devices, int(offered.sum()), round(stored), round(waiting),
        float(held.mean() / 60), float(held.max() / 60), float(held.mean() / 60 * each),
        delay, slopes.base + devices * slopes.memory,
        stored * slopes.table + rolls * slopes.roll, stored * slopes.journal,
    )  # fmt: skip


def _offered(city: City, devices: int, draws: np.random.Generator) -> Floats:
    """Return how many readings the devices of a brain have in each minute."""
    usual = devices / city.every * 60
    rate = np.full(MINUTES, usual)
    storm = slice(city.storm_hours[0] * 60, city.storm_hours[1] * 60)
    rate[storm] = usual * (1 - city.storm + city.storm * city.often)
    return draws.poisson(rate).astype(np.float64) * city.props


def _cut(offered: Floats, hours: tuple[int, int]) -> Floats:
    """Return what arrives where the line was cut: nothing, then everything that was stored."""
    found = offered.copy()
    gone = slice(hours[0] * 60, hours[1] * 60)
    stored = float(found[gone].sum())
    found[gone] = 0.0
    if hours[1] * 60 < MINUTES:
        found[hours[1] * 60] += stored
    return found


class Total(NamedTuple):
    """What the city comes to."""

    sent: int
    stored: int
    waiting: int
    mean: float  # readings/s
    peak: float  # readings/s, of all brains at their worst
    busy: float  # cores, mean
    delay: int  # minutes, the longest
    memory: float  # B
    disk: float  # B a day
    kept: float  # B after all the days that are kept
    journal: float  # B a day


def total(city: City, brains: list[Brain]) -> Total:
    """Add the brains up."""
    columns = dict(zip(Brain._fields, zip(*brains, strict=True), strict=True))
    disk = float(sum(columns["disk"]))
    return Total(
        sum(columns["sent"]), sum(columns["stored"]), sum(columns["waiting"]),
        sum(columns["mean"]), sum(columns["peak"]), sum(columns["busy"]), max(columns["delay"]),
        sum(columns["memory"]), disk, disk * city.days, sum(columns["journal"]),
    )  # fmt: skip
