"""Datums of maps: GCJ-02 and BD-09 are read at the edge only, and brought to WGS-84.

The published approximation of the GCJ-02 offset on the Krasovsky 1940 ellipsoid; BD-09 is a turn of
GCJ-02. The browser's side (`web/src/map/datum.ts`) does the same for a spot that somebody types.
"""

from collections.abc import Callable

import numpy as np

from mindu.data.arrays import Floats

AXIS = 6378245.0  # m, semi-major
ECC2 = 0.00669342162296594323  # first eccentricity squared
SPIN = np.pi * 3000.0 / 180.0  # BD-09's own wave number
STEPS = 8  # of the fixed point: to less than a millimetre
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271  # degrees: only there it shifts


def to_gcj02(xy: Floats) -> Floats:
    """Shift WGS-84 spots, (n, 2) degrees east and north, into GCJ-02."""
    x, y = xy[:, 0] - 105.0, xy[:, 1] - 35.0
    root, near = 0.2 * np.sqrt(np.abs(x)), (20 * _wave(x, 6) + 20 * _wave(x, 2)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + root + near
    north = north + (20 * _wave(y, 1) + 40 * _wave(y, 1 / 3)) * 2 / 3
    north = north + (160 * _wave(y, 1 / 12) + 320 * _wave(y, 1 / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.5 * root + near
    east = east + (20 * _wave(x, 1) + 40 * _wave(x, 1 / 3)) * 2 / 3
    east = east + (150 * _wave(x, 1 / 12) + 300 * _wave(x, 1 / 30)) * 2 / 3
    phi = np.radians(xy[:, 1])
    bend = 1 - ECC2 * np.sin(phi) ** 2
    lon = east * 180 / ((AXIS / np.sqrt(bend)) * np.cos(phi) * np.pi)
    lat = north * 180 / ((AXIS * (1 - ECC2)) / (bend * np.sqrt(bend)) * np.pi)
    lies = (xy[:, 0] > WEST) & (xy[:, 0] < EAST) & (xy[:, 1] > SOUTH) & (xy[:, 1] < NORTH)
    return np.asarray(xy + np.column_stack([lon, lat]) * lies[:, None], np.float64)


def from_gcj02(xy: Floats) -> Floats:
    """Undo the shift by fixed-point steps."""
    here = xy
    for _ in range(STEPS):
        here = here + xy - to_gcj02(here)
    return here


def from_bd09(xy: Floats) -> Floats:
    """Bring BD-09 spots to WGS-84."""
    x, y = xy[:, 0] - 0.0065, xy[:, 1] - 0.006
    far = np.hypot(x, y) - 0.00002 * np.sin(y * SPIN)
    turn = np.arctan2(y, x) - 0.000003 * np.cos(x * SPIN)
    return from_gcj02(np.column_stack([far * np.cos(turn), far * np.sin(turn)]))


def same(xy: Floats) -> Floats:
    """Return WGS-84 as it stands; CGCS2000 differs from it by centimetres."""
    return xy


def _wave(values: Floats, times: float) -> Floats:
    return np.asarray(np.sin(values * times * np.pi), np.float64)


DATUMS: dict[str, Callable[[Floats], Floats]] = {
    "WGS-84": same,
    "CGCS2000": same,
    "GCJ-02": from_gcj02,
    "BD-09": from_bd09,
}
