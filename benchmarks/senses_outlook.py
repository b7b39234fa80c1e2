"""Skill of the outlook on public anomaly data, which stays where it is: nothing of it is kept here.

`DATA=folder` in the layout of the Numenta benchmark (`labels/combined_windows.json` and
`data/*/*.csv`), or with CSV files anywhere that have a column `is_anomaly`, as inside the wheel of
aeon (`pip download --no-deps aeon`, unpacked): each column of numbers is a series of its own, and
rows that follow each other are taken to be a minute apart, for theirs are faster than any season.
"""

import csv
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from mindu.data.arrays import Floats, Truths
from mindu.engines.outlook import choose, cycle, oddness, shape_scores
from mindu.engines.outlook.grid import even

BEGUN = 0.15  # of each series, in which nothing counts as a false alarm
SIGMAS = 4.0  # of the peer
Spans = list[tuple[float, float]]


def series(folder: Path) -> Iterator[tuple[str, Floats, Floats, Spans]]:
    """Yield (name, times in epoch s, values, labelled windows)."""
    if not (folder / "labels").is_dir():
        yield from _marked(folder)
        return
    windows = json.loads((folder / "labels" / "combined_windows.json").read_text())
    for name, told in sorted(windows.items()):
        rows = list(csv.reader((folder / "data" / name).read_text().splitlines()))[1:]
        at = np.array([_epoch(row[0]) for row in rows])
        order = np.argsort(at, kind="stable")
        value = np.array([float(row[1]) for row in rows])
        yield name, at[order], value[order], [(_epoch(a), _epoch(b)) for a, b in told]


def _marked(folder: Path) -> Iterator[tuple[str, Floats, Floats, Spans]]:
    for path in sorted(folder.rglob("*.csv")):
        heading, *rows = csv.reader(path.read_text(errors="replace").splitlines())
        if "is_anomaly" not in heading or not any(row[-1] == "1" for row in rows):
            continue
        at: Floats = np.arange(len(rows), dtype=np.float64) * 60
        marked = np.array([row[-1] == "1" for row in rows])
        edges = np.flatnonzero(np.diff(np.concatenate(([False], marked, [False]))))
        pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        windows = [(60.0 * a, 60.0 * (b - 1)) for a, b in pairs]
        for i, name in enumerate(heading[1:-1], 1):
            yield f"{path.name} {name}", at, np.array([float(row[i]) for row in rows]), windows


def _epoch(told: str) -> float:
    return datetime.fromisoformat(told).replace(tzinfo=UTC).timestamp()


def sigmas(value: Floats) -> Truths:
    """Return what lies more than so many standard deviations off the mean of all before."""
    count = np.arange(1, len(value) + 1)
    mean = np.cumsum(value) / count
    spread = np.sqrt(np.maximum(np.cumsum(value**2) / count - mean**2, 1e-12))
    found = np.zeros(len(value), bool)
    found[100:] = np.abs(value[100:] - mean[99:-1]) > SIGMAS * spread[99:-1]
    return found


def held(at: Floats, odd: Truths, windows: Spans) -> tuple[int, int, int]:
    """Return (windows hit, windows, false alarms); alarms close together are one."""
    inside, hit = np.zeros(len(at), bool), 0
    for since, until in windows:
        mine = (at >= since) & (at <= until)
        inside |= mine
        hit += bool(odd[mine].any())
    wrong = np.flatnonzero(odd & ~inside & (np.arange(len(at)) > BEGUN * len(at)))
    apart = int((np.diff(wrong) > len(at) // 50).sum()) + 1 if len(wrong) else 0
    return hit, len(windows), apart


def figures() -> list[Figure]:
    """Measure the detector against a peer, and the forecasts against their floor."""
    if not os.environ.get("DATA"):
        return []
    ours, both, peer, steps = np.zeros(3), np.zeros(3), np.zeros(3), 0
    gains, covered = [], []
    for _, at, value, windows in series(Path(os.environ["DATA"])):
        found = oddness(at, value)
        ours += held(found.at, found.score > 1, windows)
        odd = (found.score > 1) | (_shapes(found.value) > 1)
        both += held(found.at, odd, windows)
        peer += held(found.at, sigmas(found.value), windows)
        steps += len(found.at)
        _, whole, step = even(at, value)
        choice = choose(np.arange(len(whole), dtype=np.float64) * step, whole, 12)
        if choice.floor_error:
            gains.append(choice.error / choice.floor_error)
            covered.append(choice.covered)
    said = f"{SIGMAS:g} sigma of all before: {int(peer[0])} of {int(peer[1])}"
    return [
        _figure("windows hit", ours[0] / ours[1], "share", said, ours[0] > peer[0]),
        _figure("false alarms a thousand steps", ours[2] / steps * 1000, "1/1000",
                f"{peer[2] / steps * 1000:.2f}", ours[2] <= peer[2]),
        _figure("windows hit, shapes too", both[0] / both[1], "share", said, both[0] > peer[0]),
        _figure("false alarms a thousand steps, shapes too", both[2] / steps * 1000, "1/1000",
                f"{peer[2] / steps * 1000:.2f}", both[2] <= peer[2]),
        _figure("error of the chosen forecast over the season's", float(np.mean(gains)), "ratio",
                "season", float(np.mean(gains)) <= 1),
        _figure("truth inside the interval of 0.9", float(np.mean(covered)), "share", None, None),
    ]  # fmt: skip


def _shapes(value: Floats) -> Floats:
    """Return how odd shapes are: windows as long as the first part of the series repeats by."""
    window = cycle(value[: int(BEGUN * len(value))])
    return shape_scores(value, window) if window else np.zeros(len(value))


def _figure(name: str, value: float, unit: str, peer: str | None, holds: bool | None) -> Figure:  # noqa: FBT001
    return Figure(
        name=f"outlook, {name}", value=round(value, 3), unit=unit, peer=peer,
        goal="as the peer or better" if peer else "", holds=None if holds is None else bool(holds),
    )  # fmt: skip
