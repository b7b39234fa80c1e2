"""Backtest (回测): models of the outlook compete on the past; `see.likely` uses the winner."""

from collections.abc import Iterator
from datetime import timedelta

from mindu.base.records import Trial, Words
from mindu.base.time import DAY, HOUR
from mindu.brain.app import Projected, Projection
from mindu.brain.view import LEAST, View, likely_of
from mindu.data.twin import Entity
from mindu.engines.outlook import backtest

STEPS = 12  # steps ahead that models are held at
THINGS = 3  # whose past is looked at in one turn: trees take seconds of processor each


def backtested(
    of: type[Entity],
    prop: str,
    *,
    steps: int = STEPS,
    past: timedelta = 2 * DAY,
    every: timedelta = DAY,
    things: int = THINGS,
) -> Projection:
    """Return a projection that holds the models of `see.likely` against the past of a property.

    Each turn looks at the next few things of the kind, one trial a thing and challenger; the kernel
    names a new champion of the property once one was better often enough.
    """
    if prop not in of.__struct_fields__:
        raise ValueError(f"{of.__name__} has no {prop!r}")

    def project(_engine: object, see: View) -> list[Projected]:
        turn = round(see.now.timestamp() / every.total_seconds())
        every_one = see.all(of)
        some = {(turn * things + k) % len(every_one) for k in range(things)} if every_one else ()
        return [it for place in sorted(some) for it in _trials(every_one[place].id, see)]

    def _trials(about: str, see: View) -> Iterator[Projected]:
        at, values = see.window(about, prop, past)
        told = backtest(at, values, steps) if len(at) > LEAST else {}
        champion = see.champion(prop)
        if champion not in told:
            return
        for model in sorted(told.keys() - {champion}):
            mine, theirs = told[model].error, told[champion].error
            says = Words(
                f"On the past of {about} {model} misses {prop} by {mine:.3g}, {champion} by "
                f"{theirs:.3g}",
                f"以 {about} 的历史检验 {prop}:{model} 误差 {mine:.3g},{champion} 误差 "
                f"{theirs:.3g}",
            )
            trial = Trial(model, champion, mine, theirs, taken=False, says=says)
            yield Projected(about=about, record=trial)

    title = Words(f"Backtest of {prop}", f"{prop} 回测")
    return Projection(
        name=likely_of(prop), engine="", project=project, every=every, horizon=HOUR, title=title
    )
