"""What is likely to follow: the season repeated is the floor, trees may stand on it."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # of scikit-learn

from mindu.engines.outlook.grid import DAY, Floats

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingRegressor

LEVEL = 0.9  # chance that the interval holds
TAIL = (1 - LEVEL) / 2
LAGS = (0, 1, 2, 3, 5, 11, 23)  # steps back that trees look at
TREES, LEAVES = 40, 15
ROWS = 2000  # rows that trees learn of; the newest
CALIBRATED, FEW = 4, 40  # the newest of so many parts calibrates the interval; rows it takes


class Fan(NamedTuple):
    """What is likely, lead by lead: middle and the interval that holds nine times of ten."""

    lead: Floats  # s
    low: Floats
    mid: Floats
    high: Floats
    model: str


def naive(value: Floats, lag: int, steps: int) -> Floats:
    """Return the season repeated and lifted to the last value; the last value without a season."""
    last = float(value[-1])
    if not lag or len(value) <= lag:
        return np.full(steps, last)
    back = len(value) - lag + (np.arange(steps) % lag)
    lift = last - float(value[-1 - lag])
    fade = 0.9 ** np.arange(1, steps + 1)  # what is unusual now is less so later
    found: Floats = value[back] + lift * fade
    return found


def floor(value: Floats, step: float, lag: int, steps: int) -> Fan:
    """Return the naive forecast with the errors that it made of late as its interval."""
    mid = naive(value, lag, steps)
    errors = past_errors(value, lag, steps)
    low, high = np.quantile(errors, (TAIL, 1 - TAIL), axis=0)
    return Fan(
        step * np.arange(1, steps + 1, dtype=np.float64), mid + low, mid, mid + high, "season"
    )


def past_errors(value: Floats, lag: int, steps: int, most: int = 200) -> Floats:
    """Return the errors (origins x leads) that the naive forecast made at past origins."""
    first = max(lag + 1, 2)
    origins = np.unique(np.linspace(first, len(value) - steps, most).astype(int))
    origins = origins[(origins >= first) & (origins + steps <= len(value))]
    if not len(origins):
        return np.zeros((1, steps))
    return np.stack([value[o : o + steps] - naive(value[:o], lag, steps) for o in origins])


def _rows(value: Floats, step: float, lag: int, origins: "np.typing.NDArray[np.int64]") -> Floats:
    """Return what trees look at: the last values, the value a season before, the time of day."""
    columns = [value[origins - 1 - back] for back in LAGS]
    if lag:
        columns.append(value[origins - lag])
    day = 2 * np.pi * (origins * step % DAY) / DAY
    return np.stack([*columns, np.sin(day), np.cos(day)], axis=1)


def trees(value: Floats, step: float, lag: int, steps: int) -> Fan:
    """Return a forecast by gradient boosting: three leads are learned, the others lie between.

    The interval is conformal (conformalised quantile regression, Romano et al. 2019): it is widened
    by what it missed in the newest quarter when that was not learned of.
    """
    first = max(max(LAGS) + 1, lag + 1)
    anchors = np.unique([1, max(1, steps // 2), steps])
    found = []
    for lead in anchors.tolist():
        origins = np.arange(max(first, len(value) - lead - ROWS), len(value) - lead + 1)
        rows = _rows(value, step, lag, origins)
        now = _rows(value, step, lag, np.array([len(value)]))
        base = value[origins - 1]
        target = value[origins + lead - 1] - base
        with threadpool_limits(1):  # threads that wait for each other cost more than they bring
            told = [
                float(_tree(share).fit(rows, target).predict(now)[0])
                for share in (TAIL, 0.5, 1 - TAIL)
            ]
            wider = _missed(rows, target, lead)
        low, mid, high = sorted(told)
        found.append(value[-1] + np.array([min(low - wider, mid), mid, max(high + wider, mid)]))
    low, mid, high = np.array(found).T
    leads = np.arange(1, steps + 1, dtype=np.float64)
    return Fan(
        step * leads, np.interp(leads, anchors, low), np.interp(leads, anchors, mid),
        np.interp(leads, anchors, high), "trees",
    )  # fmt: skip


def _missed(rows: Floats, target: Floats, lead: int) -> float:
    """Return by how much an interval learned before the newest quarter must grow to hold in it."""
    cut = len(rows) - len(rows) // CALIBRATED
    before, calm = slice(0, cut - lead), slice(cut, None)
    if cut - lead < FEW or len(rows) - cut < FEW:
        return 0.0
    low, high = (
        _tree(share).fit(rows[before], target[before]).predict(rows[calm])
        for share in (TAIL, 1 - TAIL)
    )
    missed = np.maximum(low - target[calm], target[calm] - high)
    return float(np.quantile(missed, min(1.0, LEVEL * (1 + 1 / len(missed)))))


def _tree(share: float) -> "HistGradientBoostingRegressor":
    from sklearn.ensemble import (  # noqa: PLC0415 - a second of start for whoever grows no tree
        HistGradientBoostingRegressor,
    )

    return HistGradientBoostingRegressor(
        loss="quantile", quantile=share, max_iter=TREES, max_leaf_nodes=LEAVES,
        min_samples_leaf=20, early_stopping=False, random_state=0,
    )  # fmt: skip
