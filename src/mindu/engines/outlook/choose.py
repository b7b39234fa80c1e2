"""Which model looks ahead: the one that came closer at past origins, the floor when in doubt."""

from typing import NamedTuple

import numpy as np

from mindu.engines.outlook.ahead import LAGS, LEVEL, Fan, floor, trees
from mindu.engines.outlook.grid import Floats, even, period

ORIGINS = 6  # past origins that models are held at, where the history has room for them
MARGIN = 0.9  # of the floor's error that a challenger must stay below
LEAST = 400  # steps before trees are tried


class Tested(NamedTuple):
    """The mean absolute error of a model, and the share of the truth inside its interval."""

    error: float
    covered: float


class Choice(NamedTuple):
    """What a backtest came to: the champion, and the mean absolute error of each model."""

    model: str
    error: float
    floor_error: float
    covered: float  # share of the truth inside the champion's interval


def choose(at: Floats, value: Floats, steps: int, *, step: float | None = None) -> Choice:
    """Hold the models against the past (epoch s, any unit) and return the one to use."""
    told = backtest(at, value, steps, step=step)
    if not told:
        return Choice("season", 0.0, 0.0, LEVEL)
    base = told["season"].error
    model = min(told, key=lambda name: told[name].error)
    if told[model].error > MARGIN * base:
        model = "season"
    return Choice(model, told[model].error, base, told[model].covered)


def backtest(
    at: Floats, value: Floats, steps: int, *, step: float | None = None
) -> dict[str, Tested]:
    """Return what each model came to at past origins (epoch s, any unit); nothing if too short."""
    _, values, every = even(at, value, step)
    lag = period(values, every)
    half, newest = len(values) // 2, len(values) - steps
    many = min(ORIGINS, 1 + max(newest - half, 0) // steps)  # each truth is held against once
    origins = np.linspace(half, newest, many).astype(int)
    first = max(*LAGS, lag) + steps + 2
    origins = np.unique(origins[origins > first])
    models = ("season", "trees") if len(values) >= LEAST else ("season",)
    return {it: _held(values, every, lag, steps, origins, it) for it in models if len(origins)}


def _held(
    values: Floats, step: float, lag: int, steps: int, origins: "np.typing.NDArray[np.int64]",
    model: str,
) -> Tested:  # fmt: skip
    """Return what a model came to over origins."""
    errors: list[float] = []
    inside: list[float] = []
    for o in origins.tolist():
        fan = _fan(values[:o], step, lag, steps, model)
        truth = values[o : o + steps]
        errors.append(float(np.mean(np.abs(truth - fan.mid))))
        inside.append(float(np.mean((truth >= fan.low) & (truth <= fan.high))))
    return Tested(float(np.mean(errors)), float(np.mean(inside)))


def _fan(values: Floats, step: float, lag: int, steps: int, model: str) -> Fan:
    if model == "trees" and len(values) > max(*LAGS, lag) + steps + 50:
        return trees(values, step, lag, steps)
    return floor(values, step, lag, steps)


def look_ahead(
    at: Floats, value: Floats, steps: int, *, model: str = "season", step: float | None = None
) -> Fan:
    """Return what is likely of a series (epoch s, any unit) in the next so many steps."""
    _, values, every = even(at, value, step)
    return _fan(values, every, period(values, every), steps, model)
